"""How long the gate in Chromium takes, beside the native program in the same run: until it is ready, and for 10,000 rows.

    speed.py CHROMIUM MODULE DUBAN [--rows N] [--csv TIMES] [--xlsx TIMES] [--ready MS]

Needs openpyxl. The native program is asked in the same way (`duban call`), in a process of its own each time. Exit 1 if
the gate is ready later than that, or takes more than so many times as long for the first log of its kind. MODULE and
DUBAN are those of a release: without optimisation neither holds.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time

from playwright.sync_api import sync_playwright

from books import as_workbook
from logs import large
from look import ARGUMENTS
from worker import DAY, Project, Worker

COLUMNS = 12
ROUNDS = 5


def natively(project, request):
    began = time.monotonic()
    project.run("call", request=request).check_returncode()
    return (time.monotonic() - began) * 1000


def main():
    given = argparse.ArgumentParser()
    given.add_argument("chromium")
    given.add_argument("module", type=pathlib.Path)
    given.add_argument("duban", type=pathlib.Path)
    given.add_argument("--rows", type=int, default=10_000)
    given.add_argument("--csv", type=float, default=10)
    given.add_argument("--xlsx", type=float, default=4)
    given.add_argument("--ready", type=float, default=1000)
    given = given.parse_args()
    text = large(given.rows, COLUMNS).decode()
    files = {"a.csv": (text.encode(), given.csv), "b.xlsx": (as_workbook(text), given.xlsx)}
    project = Project(given.duban.resolve(), given.module.resolve())
    slow = []
    with sync_playwright() as playwright:
        for name, (content, most) in files.items():
            (project.folder / "in" / name).write_bytes(content)
            request = json.dumps({"call": "check", "files": [f"in/{name}"], "as_of": DAY, "today": DAY})
            native = statistics.median(natively(project, request) for _ in range(ROUNDS))
            # A browser that has seen nothing yet: it keeps what it compiled.
            browser = playwright.chromium.launch(executable_path=given.chromium, args=ARGUMENTS)
            worker = Worker(browser, project.gate)
            worker.put(name, content)
            times = [worker.ask({"do": "call", "request": request}) for _ in range(ROUNDS + 1)]
            faults = [time["ran"]["status"] for time in times]
            first, later = times[0]["ms"], statistics.median(time["ms"] for time in times[1:])
            print(
                f"{name}, {len(content) / 1e6:.1f} MB: ready after {worker.ready:.0f} ms; first {first:.0f} ms, then {later:.0f} ms; "
                f"natively {native:.0f} ms: {first / native:.1f} and {later / native:.1f} times; status {set(faults)}"
            )
            if worker.ready > given.ready:
                slow.append(f"it is ready after {worker.ready:.0f} ms, and may take {given.ready:.0f}")
            if first > most * native:
                slow.append(f"{name} takes {first / native:.1f} times as long as natively, and may take {most:g} times")
            browser.close()
    for line in slow:
        print(line)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
