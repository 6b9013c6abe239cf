#!/usr/bin/env python3
"""Looks at a ledger as other programs see it.

Usage: ledger.py DUBAN

LibreOffice reckons every formula of the workbooks anew: each total must be duban's own figure. The first sheet, saved as
CSV, is a log again and must give the tally of the logs it was made from. Needs soffice with Calc, and openpyxl.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import openpyxl

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLES = [("zhengdong-2021", "2021-08-20"), ("city-food-2024", "2024-06-14")]
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def tally(duban, *arguments):
    counts = json.loads(run(duban, "tally", *arguments, "--by", "unit,category", "--format", "json"))
    for group in [counts["total"], *counts["groups"]]:
        # A ledger lists issues only.
        group.pop("inspections", None)
    return counts


def main(duban):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for example, day in EXAMPLES:
            project = ROOT / "examples" / example
            path = pathlib.Path(run(duban, "draft", "ledger", "-C", project, "--as-of", day, "-o", work, "-q").split("\n")[0])
            ours = {sheet.title: sheet for sheet in openpyxl.load_workbook(path, data_only=True)}
            # Saving drops the figures and keeps the formulas.
            bare = work / f"{example}.xlsx"
            openpyxl.load_workbook(path).save(bare)
            profile = f"-env:UserInstallation=file://{work}/office"
            run("soffice", profile, "--headless", "--convert-to", EVERY_SHEET, "--outdir", work, bare)
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
            print(f"{example}: {formulas} formulas agree, and the ledger gives the tally of its logs")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
