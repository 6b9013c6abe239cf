#!/usr/bin/env python3
"""pyxform takes the XLSForms, and what ODK Central and Kobo export of them is read without a fault.

Usage: survey.py DUBAN

The exports are made here from the form itself: an answer to each question, with the columns that the tools add. Central
writes names; Kobo writes names or labels, as CSV with semicolons or as a workbook. Needs pyxform and openpyxl.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import openpyxl
from pyxform.xls2xform import convert

ROOT = pathlib.Path(__file__).parents[2]
PROJECTS = [("examples/zhengdong-2021", "2021-08-20", "三专班"), ("examples/city-food-2024", "2024-06-14", None)]
CENTRAL = "KEY SubmitterID SubmitterName AttachmentsPresent AttachmentsExpected Status ReviewState DeviceID Edits FormVersion"
TEXTS = ["答复{}；有分号，有“引号”\n第二行", "Answer {}; with a semicolon, and \"quotes\"\nin a second line"]
KOBO = "_id _uuid _submission_time _validation_status _notes _status _submitted_by __version__ _tags _index"


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def rows(book, sheet):
    head, *rest = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row)) for row in rest]


def answers(form, day, team):
    """Two submissions, each as names and as labels, by question."""
    book = openpyxl.load_workbook(form)
    choices = {}
    for row in rows(book, "choices"):
        choices.setdefault(row["list_name"], []).append((row["name"], row["label"]))
    questions = rows(book, "survey")
    taken = []
    for n in range(2):
        names, labels = {}, {}
        for question in questions:
            name, kind = question["name"], question["type"]
            if kind.startswith("select_one"):
                listed = choices[kind.split()[1]]
                value, label = listed[min(n, len(listed) - 1)]
                if name in ("status", "disposition"):
                    value, label = next(each for each in listed if each[0] in ("in_progress", "deadline"))
            elif kind == "calculate" and name == "id":
                value = label = f"TZD4M4H-0f3a9c1{n}-8b1e"
            elif kind == "calculate":
                value = label = question["calculation"].strip("'")
            elif kind == "date":
                # Found before, open still.
                value = {"found_on": f"{day[:8]}0{n + 1}", "deadline": f"{day[:8]}28"}.get(name, "")
                label = value
            else:
                value = label = {"description": TEXTS[team is None].format(n)}.get(name, "")
            names[name], labels[question["label"]] = value, label
        taken.append((names, labels))
    return taken


def central(path, taken):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = list(taken[0][0])
        writer.writerow(["SubmissionDate", *names, "meta-instanceID", "meta-instanceName", *CENTRAL.split()])
        for n, (answer, _) in enumerate(taken):
            key = f"uuid:0f3a9c1{n}-8b1e-4c55-9a51-6d8f4a3f2b1c"
            own = [key, "5", "Alice", "0", "0", "", "", "collect:x", "0", "2021082001"]
            writer.writerow(["2021-08-20T03:12:45.123Z", *answer.values(), key, answer["id"], *own])


def kobo(path, taken, labels):
    answers = [answer[labels] for answer in taken]
    head = ["start", "end", *answers[0], *KOBO.split(), "meta/rootUuid"]
    body = []
    for n, answer in enumerate(answers):
        uuid = f"0f3a9c1{n}-8b1e-4c55-9a51-6d8f4a3f2b1c"
        own = [61 + n, uuid, "2021-08-20T09:41:19", "", "", "submitted_via_web", "", "vA1", "", n + 1]
        body.append(["2021-08-20T05:40:39.000+08:00", "2021-08-20T05:41:13.000+08:00", *answer.values(), *own, f"uuid:{uuid}"])
    if path.suffix == ".csv":
        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows([head, *body])
        return
    book = openpyxl.Workbook()
    for row in [head, *body]:
        book.active.append(row)
    book.save(path)


def main():
    duban = pathlib.Path(sys.argv[1]).resolve()
    for project, day, team in PROJECTS:
        with tempfile.TemporaryDirectory() as work:
            work = pathlib.Path(work)
            form = work / "form.xlsx"
            of_team = ["--team", team] if team else []
            run(duban, "form", "-C", ROOT / project, "--format", "xlsform", "--as-of", day, *of_team, "-o", form)
            made = convert(form, validate=False)
            assert "<h:html" in made.xform and not made.warnings, made.warnings
            listed = rows(openpyxl.load_workbook(form), "choices")
            units = {row["name"] for row in listed if row["list_name"] == "unit"}
            assert all(row["unit"] in units | {"-"} for row in listed if row["list_name"] == "site"), listed
            taken = answers(form, day, team)
            exports = [work / name for name in ("central.csv", "names.csv", "labels.csv", "names.xlsx", "labels.xlsx")]
            central(exports[0], taken)
            for path in exports[1:]:
                kobo(path, taken, "labels" in path.name)
            for path in exports:
                common = ["-C", ROOT / project, path, "--as-of", day, "--format", "json"]
                report = json.loads(run(duban, "check", *common))
                assert (report["issues"], report["diagnostics"]) == (2, []), (path.name, report)
                counts = json.loads(run(duban, "tally", *common))["total"]
                assert counts["found"] == counts["open"] == counts["disposition"]["deadline"] == 2, (path.name, counts)
                units = json.loads(run(duban, "due", "--all", *common))["units"]
                issues = [issue["id"] for unit in units for issue in unit["issues"]]
                assert sorted(issues) == [answer["id"] for answer, _ in taken], issues
    print("pyxform takes the XLSForms, and their exports are read without a fault")


if __name__ == "__main__":
    main()
