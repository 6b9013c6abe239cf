"""The cells of a workbook, written with xlsxwriter: ledger_xlsxwriter.py CELLS.json OUT.xlsx. A day is a mapping with `day`."""

import datetime
import json
import sys

import xlsxwriter

cells, path = sys.argv[1:]
with open(cells, encoding="utf-8") as file:
    sheets = json.load(file)
book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False})
day = book.add_format({"num_format": "yyyy-mm-dd", "border": 1})
head = book.add_format({"bold": True, "border": 1, "align": "center"})
text = book.add_format({"border": 1, "text_wrap": True})
for name, rows in sheets:
    sheet = book.add_worksheet(name)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, dict):
                sheet.write_datetime(at, column, datetime.datetime.fromisoformat(cell["day"]), day)
            elif isinstance(cell, float):
                sheet.write_number(at, column, cell, text)
            elif cell != "":
                sheet.write_string(at, column, cell, head if at < 3 else text)
book.close()
