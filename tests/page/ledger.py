#!/usr/bin/env python3
"""Looks at a ledger as other programs see it.

Usage: ledger.py DUBAN

LibreOffice reckons every formula of the workbooks anew: each total must be duban's own figure. The first sheet, saved as
CSV, is a log again and must give the tally of the logs it was made from. The rules that colour its rows must hold of
the very issues that `duban due` lists. Needs soffice with Calc, and openpyxl.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import openpyxl
from openpyxl.formula.translate import Translator

ROOT = pathlib.Path(__file__).parents[2]
PROJECTS = [
    ("examples/zhengdong-2021", "2021-08-20"),
    ("examples/city-food-2024", "2024-06-14"),
    ("tests/page/standing", "2021-08-20"),
]
FIRST_ROW = 4
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def tally(duban, *arguments):
    counts = json.loads(run(duban, "tally", *arguments, "--by", "unit,category", "--format", "json"))
    for group in [counts["total"], *counts["groups"]]:
        # A ledger lists issues only.
        group.pop("inspections", None)
    return counts


def due(duban, project, day):
    """The ids of the issues that are overdue, and of those that are due soon."""
    units = json.loads(run(duban, "due", "-C", project, "--as-of", day, "--format", "json", "-q"))["units"]
    issues = [issue for unit in units for issue in unit["issues"]]
    return [sorted(issue["id"] for issue in issues if issue["state"] == state) for state in ("overdue", "due_soon")]


def rules_as_columns(sheet):
    """Writes the rules of the colours as formulas beside the rows, for LibreOffice to reckon; gives their columns."""
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    columns = range(sheet.max_column + 1, sheet.max_column + 1 + len(rules))
    bottom = sheet.max_row
    for column, rule in zip(columns, sorted(rules, key=lambda rule: rule.priority)):
        for row in range(FIRST_ROW, bottom + 1):
            moved = Translator("=" + rule.formula[0], f"A{FIRST_ROW}").translate_formula(f"A{row}")
            sheet.cell(row, column, f"=IF({moved[1:]},1,0)")
    return columns


def main(duban):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for example, day in PROJECTS:
            project = ROOT / example
            example = f"{project.name}-{day}"
            path = pathlib.Path(run(duban, "draft", "ledger", "-C", project, "--as-of", day, "-o", work, "-q").split("\n")[0])
            ours = {sheet.title: sheet for sheet in openpyxl.load_workbook(path, data_only=True)}
            # Saving drops the figures and keeps the formulas.
            bare = work / f"{example}.xlsx"
            openpyxl.load_workbook(path).save(bare)
            coloured = openpyxl.load_workbook(path)
            columns = rules_as_columns(coloured.worksheets[0])
            coloured.save(work / f"{example}-colours.xlsx")
            profile = f"-env:UserInstallation=file://{work}/office"
            run("soffice", profile, "--headless", "--convert-to", EVERY_SHEET, "--outdir", work, bare, work / f"{example}-colours.xlsx")
            formulas = 0
            for sheet in openpyxl.load_workbook(path):
                with open(work / f"{example}-{sheet.title}.csv", newline="") as file:
                    reckoned = list(csv.reader(file))
                for row in sheet.iter_rows():
                    for cell in row:
                        if cell.data_type == "f":
                            formulas += 1
                            theirs = reckoned[cell.row - 1][cell.column - 1]
                            mine = str(ours[sheet.title][cell.coordinate].value)
                            assert theirs == mine, f"{sheet.title}!{cell.coordinate}: {theirs}, not {mine}"
            assert formulas, "no formula"
            log = work / f"{example}-{openpyxl.load_workbook(path).sheetnames[0]}.csv"
            again = tally(duban, log, "-C", project, "--as-of", day)
            assert again == tally(duban, "-C", project, "--as-of", day), f"{log.name} gives another tally"
            with open(work / f"{example}-colours-{coloured.sheetnames[0]}.csv", newline="") as file:
                rows = list(csv.reader(file))[FIRST_ROW - 1 :]
            shown = [sorted(row[0] for row in rows if row[column - 1] == "1") for column in columns]
            expected = due(duban, project, day)
            assert shown == expected, f"{example}: coloured are {shown}, due are {expected}"
            overdue, soon = map(len, expected)
            print(f"{example}: {formulas} formulas agree, {overdue} overdue and {soon} due soon are coloured, log read back")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
