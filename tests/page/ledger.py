#!/usr/bin/env python3
"""Looks at a ledger as other programs see it.

Usage: ledger.py DUBAN

LibreOffice reckons every formula of the workbooks anew: each total must be duban's own figure. The first sheet, saved as
CSV, is a log again and must give the tally of the logs it was made from. The rules that colour its rows must hold of
the very issues that `duban due` lists. Printed, no text is smaller than 9 pt, every page has the heads, a chart is whole
on its page, and the pages on which the columns of a wide log stand side by side repeat the first; so do those of the
copy that `check --annotate` writes. Needs soffice with Calc, openpyxl and pdfplumber.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import openpyxl
import pdfplumber
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


# A font with the widths of 宋体, which the workbooks name and a machine without Chinese Windows fonts has not.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include>/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>宋体</string></test>
<edit name="family" mode="assign" binding="same"><string>AR PL SungtiL GB</string></edit></match></fontconfig>"""


def printed(path, work):
    """The pages of a workbook in their order."""
    fonts = work / "fonts.conf"
    fonts.write_text(FONTS)
    os.environ["FONTCONFIG_FILE"] = str(fonts)
    run("soffice", f"-env:UserInstallation=file://{work}/office", "--headless", "--convert-to", "pdf", "--outdir", work, path)
    with pdfplumber.open(work / f"{path.stem}.pdf") as document:
        return [(page.chars, page.extract_text()) for page in document.pages]


def check_print(path, work, head_row, first_head):
    """Looks at the pages of the first sheet of a workbook, whose head is in a row, and at the size of all text."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [str(cell.value or "").replace("\n", "") for cell in sheet[head_row]]
    pages = printed(path, work)
    smallest = min(round(char["size"], 2) for chars, _ in pages for char in chars if char["text"].strip())
    assert smallest >= 9, f"{path.name}: text of {smallest} pt"
    # A head may be broken into lines: its characters stand on the page in any case.
    has = lambda text, head: set(head) - {" "} <= set(text)
    later = [str(sheet.cell(1, 1).value) for sheet in book.worksheets[1:]]
    texts = [text for _, text in pages]
    ends = [at for at, text in enumerate(texts) if text.split("\n")[0] in later]
    of_sheet = texts[: ends[0]] if ends else texts
    without = [at for at, text in enumerate(of_sheet, 1) if not has(text, first_head)]
    assert not without, f"{path.name}: {first_head} is not on pages {without}"
    for head in heads:
        assert any(has(text, head) for text in of_sheet), f"{path.name}: {head} is on no page"
    assert sheet.freeze_panes and sheet.auto_filter.ref, f"{path.name}: the head is not frozen or not filtered"
    return smallest, len(pages)


def wide_log(path):
    """A log with more columns than go on a page, and a title."""
    heads = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改措施".split(",") + [f"补充说明第{n}项" for n in range(1, 27)]
    rows = [["截至2021年8月20日台账"], heads]
    for n in range(1, 90):
        text = "现场查看疏散通道堆放杂物，未设置消防应急照明。" * (1 + n % 4)
        extra = [f"第{n}条补充内容，详见附件{k}" for k in range(26)]
        rows.append([f"W-{n:03}", "2021-08-01", "甲街道", "消防", text, "限期整改", "2021-08-30", "立即清除杂物", *extra])
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows(rows)


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
            size, pages = check_print(path, work, FIRST_ROW - 1, str(ours[openpyxl.load_workbook(path).sheetnames[0]].cell(3, 1).value))
            print(f"{example}: {pages} pages, no text below {size} pt")
            overdue, soon = map(len, expected)
            print(f"{example}: {formulas} formulas agree, {overdue} overdue and {soon} due soon are coloured, log read back")
        log = work / "wide.csv"
        wide_log(log)
        day = ["--as-of", "2021-08-20", "--lang", "zh", "-q"]
        path = pathlib.Path(run(duban, "draft", "ledger", log, *day, "-o", work / "wide").split("\n")[0])
        copy = work / "annotated.xlsx"
        subprocess.run([duban, "check", log, *day, "--annotate", copy], check=False, capture_output=True)
        for book, row in [(path, FIRST_ROW - 1), (copy, 2)]:
            size, pages = check_print(book, work, row, "编号")
            assert pages > 2, f"{book.name} is not printed side by side"
            print(f"{book.name}: {pages} pages, no text below {size} pt")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
