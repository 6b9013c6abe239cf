"""Workbooks that are dropped, made with openpyxl, and how the page is held against the program over one."""

import csv
import datetime
import hashlib
import io
import json
import pathlib
import subprocess

import openpyxl
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from playwright.sync_api import expect

from logs import CELLS, FAULTY, HEAD, MENDED, MENDS
from logs import large as large_log
from steps import cell

# The project whose words a gate or a desk has that is tested.
PROJECT = pathlib.Path(__file__).parents[2] / "examples" / "zhengdong-2021"

# The sheet of the log, below a title over all its columns; the other holds what no log is.
SHEET, NOTES = "八月", "说明"
HEADER = 2
# Of a large one: columns, of which so many hold notes of 128 letters, and the rows that make a megabyte.
COLUMNS, NOTED, PER_MEGABYTE = 16, 6, 1900


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_workbook(text):
    """The rows of a CSV."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in csv.reader(io.StringIO(text)):
        sheet.append(row)
    return saved(book)


def value(text):
    """Days are days and no text, as in most workbooks, but for the one that is none."""
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return text or None


def faulty():
    """FAULTY as an office keeps it: with a title, days as days, colours and a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(["常态督查问题台账"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEAD.split(",")))
    for row in csv.reader(io.StringIO(FAULTY.decode())):
        sheet.append([value(text) for text in row])
    for row in sheet.iter_rows(min_row=HEADER + 1):
        for cell in row:
            if isinstance(cell.value, datetime.datetime):
                cell.number_format = "yyyy-mm-dd"
    sheet["A3"].fill = PatternFill("solid", fgColor="FFFF00")
    book.create_sheet(NOTES).append(["本表由各组填写"])
    return saved(book)


def large(megabytes):
    """A log of about so many MB, most of it notes that can't be packed small; every hundredth row has a fault."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    for number, row in enumerate(csv.reader(io.StringIO(large_log(megabytes * PER_MEGABYTE, COLUMNS).decode()))):
        notes = [hashlib.sha512(f"{number} {at}".encode()).hexdigest() for at in range(NOTED)] if number else [f"记录{at}" for at in range(NOTED)]
        sheet.append(row[: COLUMNS - NOTED] + notes)
    return saved(book)


def rows(content):
    """The log in a workbook as it would be in FAULTY, and the text of the other sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    text = lambda cell: "" if cell is None else f"{cell:%Y-%m-%d}" if isinstance(cell, datetime.datetime) else str(cell)
    return [[text(cell) for cell in row] for row in book[SHEET].iter_rows(min_row=HEADER, values_only=True)], book[NOTES]["A1"].value


def checked(duban, path):
    """The status of `duban check` over a workbook, and the cell and code of each fault."""
    ran = subprocess.run([duban, "-C", PROJECT, "check", path, "--format", "json"], capture_output=True)
    return ran.returncode, {(one["cell"], one["code"]) for one in json.loads(ran.stdout)["diagnostics"]}


def shown(page):
    """The cell and code of each fault that the page shows at a cell."""
    marked = page.locator("#grid :is(td.error, td.warning)")
    found = set()
    for place in range(marked.count()):
        marked.nth(place).click()
        letter = get_column_letter(int(page.locator("#cell").get_attribute("data-column")) + 1)
        line = "".join(filter(str.isdigit, page.locator(".detail h2").inner_text().split("行")[0]))
        # At a fault of another cell of the row stands that cell's name.
        codes = page.locator(".detail .fault .code:not(:has(button + button)) button")
        found |= {(f"{letter}{line}", code) for code in codes.all_inner_texts()}
    return found


def mended(page, path, duban):
    """A workbook is mended, and the program finds in the one that is downloaded what the page says: nothing."""
    expect(page.locator("#grid td.error")).to_have_count(len(CELLS))
    here = shown(page)
    if {code for _, code in here} != {code for _, _, code in CELLS}:
        yield f"the page shows {sorted(here)}"
    if duban:
        status, there = checked(duban, path)
        if status != 1 or here != there:
            yield f"the page shows {sorted(here)}, the program {sorted(there)} with status {status}"
    for _, text, _ in CELLS:
        cell(page, text).click()
        day = page.locator(".detail .day input[type=text]")
        if day.count():
            day.click()
            page.keyboard.press("Control+A")
            page.keyboard.type(MENDS[text])
            page.keyboard.press("Enter")
        else:
            page.locator(".suggestion", has_text=MENDS[text]).click()
    page.get_by_role("button", name=f"写入 {len(CELLS)} 处改动并再查").click()
    expect(page.locator(".files .state").first).to_contain_text("没有问题")
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载改好的文件").click()
    took = pathlib.Path(path).with_name(coming.value.suggested_filename)
    coming.value.save_as(took)
    log, notes = rows(took.read_bytes())
    if log != list(csv.reader(io.StringIO(MENDED.decode()))) or notes is None:
        yield f"the mended workbook holds {log} and {notes}"
    if duban:
        status, there = checked(duban, took)
        if status != 0 or there:
            yield f"of {took.name} the program says {sorted(there)} with status {status}"
