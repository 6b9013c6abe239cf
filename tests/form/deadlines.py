#!/usr/bin/env python3
"""The calendar of deadlines, as two libraries read it: all-day events of the right days, and updated in place.

Usage: deadlines.py DUBAN

Needs icalendar and vobject.
"""

import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

import icalendar
import vobject

ROOT = pathlib.Path(__file__).parents[2]
PROJECT = ROOT / "examples/zhengdong-2021"


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


def entries(path):
    """The entries of a file by UID: first and last day, number, stamp, status and summary. Both libraries agree."""
    bytes_ = path.read_bytes()
    assert bytes_.count(b"\n") == bytes_.count(b"\r\n") and all(len(line) <= 75 for line in bytes_.split(b"\r\n"))
    one = {}
    for event in icalendar.Calendar.from_ical(bytes_).walk("VEVENT"):
        start, end = event.decoded("DTSTART"), event.decoded("DTEND")
        assert type(start) is datetime.date and end - start == datetime.timedelta(days=1)
        assert not event.errors and event["TRANSP"] == "TRANSPARENT"
        stamp = event.decoded("DTSTAMP").date()
        one[str(event["UID"])] = (start, int(event["SEQUENCE"]), stamp, str(event["STATUS"]), str(event["SUMMARY"]))
    other = {}
    for event in vobject.readOne(bytes_.decode("utf-8")).vevent_list:
        start, stamp = event.dtstart.value, event.dtstamp.value.date()
        assert type(start) is datetime.date and event.dtend.value - start == datetime.timedelta(days=1)
        other[event.uid.value] = (start, int(event.sequence.value), stamp, event.status.value, event.summary.value)
    assert one == other, (one, other)
    return one


def due(duban, day):
    """The deadlines of the issues that `due` lists."""
    units = json.loads(run(duban, "due", "-C", PROJECT, "--all", "--as-of", day, "--format", "json"))["units"]
    return sorted(issue["deadline"] for unit in units for issue in unit["issues"] if issue["deadline"])


def main():
    duban = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work) / "deadlines.ics"

        def at(day):
            run(duban, "due", "-C", PROJECT, "--all", "--as-of", day, "--format", "ics", "-o", path)
            return entries(path)

        first = at("2021-08-12")
        assert sorted(str(entry[0]) for entry in first.values()) == due(duban, "2021-08-12") and len(first) == 13
        assert all(entry[1:4] == (0, datetime.date(2021, 8, 12), "CONFIRMED") for entry in first.values())
        before = path.read_bytes()
        assert at("2021-08-12") == first and path.read_bytes() == before
        later = at("2021-08-16")
        live = {uid: entry for uid, entry in later.items() if entry[3] == "CONFIRMED"}
        assert sorted(str(entry[0]) for entry in live.values()) == due(duban, "2021-08-16")
        assert set(first) <= set(later), "an entry that is gone is cancelled"
        changed = [uid for uid in first if later[uid] != first[uid]]
        assert changed and len(changed) < len(first)
        for uid in changed:
            assert later[uid][1:3] == (1, datetime.date(2021, 8, 16)), later[uid]
            assert later[uid][3] == "CANCELLED" or later[uid][4].endswith("已逾期"), later[uid]
    print("two libraries read the calendar alike, and find it updated in place")


if __name__ == "__main__":
    main()
