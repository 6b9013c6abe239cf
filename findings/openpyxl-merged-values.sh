#!/usr/bin/env bash
# openpyxl: loading and saving a workbook deletes the values that lie under merged cells, and its two modes disagree.
#
# Expected: reading gives what is in the file; `read_only=True` is the same, only faster; saving an unchanged workbook
#   changes no value.
# What happens: cells under a merge may hold values: a merge copied onto filled cells as a format keeps them, and people
#   do that so that filters and sums still work. openpyxl empties all but the top left one while it loads, so the same
#   sheet gives None in normal mode and the value in read-only mode, and `load_workbook(f).save(f)` writes the loss to
#   the file.
# Why it matters: a tool that stamps a status or a colour into a clerk's table loses data that nobody sees on screen,
#   and two tools that both use openpyxl report different totals for one file.
# Instead: read with `read_only=True` (or calamine); before writing, compare what lies under `ws.merged_cells` in both
#   modes and refuse or warn when values are there; write results to a new file.
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

path, merged, saved = (f"{sys.argv[1]}/{name}.xlsx" for name in ("plain", "merged", "saved"))
book = openpyxl.Workbook()
for row in [("East", 10), ("East", 20), ("West", 30)]:
    book.active.append(row)
book.save(path)
merges = b'</sheetData><mergeCells count="2"><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/></mergeCells>'
with zipfile.ZipFile(path) as source, zipfile.ZipFile(merged, "w") as target:
    for name in source.namelist():
        data = source.read(name)
        target.writestr(name, data.replace(b"</sheetData>", merges) if name.endswith("/sheet1.xml") else data)


def show(name, rows):
    print(f"{name}: {[list(row) for row in rows]}, total {sum(row[1] or 0 for row in rows):g}")


show("openpyxl", list(openpyxl.load_workbook(merged).active.values))
show("openpyxl, read_only", list(openpyxl.load_workbook(merged, read_only=True).active.values))
show("calamine", CalamineWorkbook.from_path(merged).get_sheet_by_index(0).to_python())
openpyxl.load_workbook(merged).save(saved)
show("openpyxl, read_only, once loaded and saved", list(openpyxl.load_workbook(saved, read_only=True).active.values))
PYTHON
seen=$("$work/venv/bin/python" "$work/finding.py" "$work")
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
openpyxl: [['East', 10], [None, None], ['West', 30]], total 40
openpyxl, read_only: [['East', 10], ['East', 20], ['West', 30]], total 60
calamine: [['East', 10.0], ['East', 20.0], ['West', 30.0]], total 60
openpyxl, read_only, once loaded and saved: [['East', 10], [None, None], ['West', 30]], total 40
TEXT
