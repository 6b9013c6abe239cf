#!/usr/bin/env bash
# openpyxl: a date in one of the built-in East Asian number formats is read as a plain number.
#
# Expected: a cell that a Chinese spreadsheet shows as 2021年8月1日 comes back as a datetime, whatever its date format is.
# What happens: the standard gives the ids 27 to 36 and 50 to 58 to date and time formats of Chinese, Japanese and
#   Korean versions (31 is yyyy"年"m"月"d"日"). Such an id has no format text in the file. openpyxl does not know these
#   ids, takes the cell for "General" and returns the int 44409. The same format written out as a custom format is a
#   date.
# Why it matters: it depends on which entry of the format list a clerk picked, so within one column some days are
#   datetimes and others integers. A fallback such as `str(value)` or "numbers are amounts" makes 44409 of a deadline.
# Instead: read with calamine, which knows the ids, or treat an int in a column of dates as a serial day
#   (`openpyxl.utils.datetime.from_excel`) and say so; never take `cell.is_date` for an answer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 et_xmlfile==2.0.0 python-calamine==0.9.1
"$work/venv/bin/pip" list --disable-pip-version-check | grep -i -E 'openpyxl|calamine'
cat >"$work/finding.py" <<'PYTHON'
import sys
import zipfile

import openpyxl
from python_calamine import CalamineWorkbook

# Stand-ins, so that each cell gets a format of its own; their ids are then replaced by the built-in ones.
BUILT_IN = {'"a"0': 31, '"b"0': 58, '"c"0': 14}
CUSTOM = 'yyyy"年"m"月"d"日"'
path, final = sys.argv[1] + "/made.xlsx", sys.argv[1] + "/dates.xlsx"
book = openpyxl.Workbook()
for row, number_format in enumerate([*BUILT_IN, CUSTOM], 1):
    book.active.cell(row, 1, 44409).number_format = number_format
book.save(path)
with zipfile.ZipFile(path) as source, zipfile.ZipFile(final, "w") as target:
    for name in source.namelist():
        data = source.read(name)
        if name == "xl/styles.xml":
            root = openpyxl.xml.functions.fromstring(data)
            ns = "{" + openpyxl.xml.constants.SHEET_MAIN_NS + "}"
            formats, new_ids = root.find(ns + "numFmts"), {}
            for entry in list(formats):
                if entry.get("formatCode") in BUILT_IN:
                    new_ids[entry.get("numFmtId")] = str(BUILT_IN[entry.get("formatCode")])
                    formats.remove(entry)
            formats.set("count", str(len(formats)))
            for cell_format in root.find(ns + "cellXfs"):
                cell_format.set("numFmtId", new_ids.get(cell_format.get("numFmtId"), cell_format.get("numFmtId")))
            data = openpyxl.xml.functions.tostring(root)
        target.writestr(name, data)

by_calamine = CalamineWorkbook.from_path(final).get_sheet_by_index(0).to_python()
for row, name in enumerate([*(f"built-in format {n}" for n in BUILT_IN.values()), "custom format"], 1):
    cell = openpyxl.load_workbook(final).active.cell(row, 1)
    print(f"{name}: openpyxl {cell.value!r}, is_date {cell.is_date}; calamine {by_calamine[row - 1][0]!r}")
PYTHON
seen=$("$work/venv/bin/python" "$work/finding.py" "$work")
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
built-in format 31: openpyxl 44409, is_date False; calamine datetime.date(2021, 8, 1)
built-in format 58: openpyxl 44409, is_date False; calamine datetime.date(2021, 8, 1)
built-in format 14: openpyxl datetime.datetime(2021, 8, 1, 0, 0), is_date True; calamine datetime.date(2021, 8, 1)
custom format: openpyxl datetime.datetime(2021, 8, 1, 0, 0), is_date True; calamine datetime.date(2021, 8, 1)
TEXT
