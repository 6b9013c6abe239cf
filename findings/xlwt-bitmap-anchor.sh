#!/usr/bin/env bash
# xlwt: a bitmap is anchored as if every row were 17 pixels high, whatever the height of the rows.
#
# Expected: `insert_bitmap(file, 2, 1)` on a sheet whose rows have heights of their own gives a picture of its size that
#   begins in row 3 and ends where its height ends.
# What happens: the anchor's end is computed with the default height of a row, since the heights set on row objects are not
#   asked. A picture of 100 pixels in rows of 80 pixels ends five rows further down instead of one, so it is drawn stretched
#   over 466 pixels, and covers the rows of other records. The picture itself is an old IMDATA record, not the drawing
#   of BIFF8, which many readers of .xls know only.
# Why it matters: in an .xls ledger made so, the photo of one issue lies over the next five. A reader that takes the cell
#   with the largest overlap finds another record than the program meant.
# Instead: leave the heights at the default, or write .xlsx with a library that asks them; when reading old ledgers,
#   look for IMDATA too, and doubt an anchor over several records.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check xlwt==1.3.0 olefile==0.47
"$work/venv/bin/pip" list --disable-pip-version-check | grep -i xlwt
cat >"$work/finding.py" <<'PYTHON'
import struct
import sys

import olefile
import xlwt

bitmap, path = f"{sys.argv[1]}/photo.bmp", f"{sys.argv[1]}/ledger.xls"
width, height = 100, 100
pixels = bytes(width * height * 3)
with open(bitmap, "wb") as file:
    file.write(b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54))
    file.write(struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(pixels), 0, 0, 0, 0) + pixels)
book = xlwt.Workbook()
sheet = book.add_sheet("ledger")
for number in range(12):
    sheet.row(number).height_mismatch = True
    sheet.row(number).height = 60 * 20  # 60 points = 80 pixels
sheet.insert_bitmap(bitmap, 2, 1)
book.save(path)
stream = olefile.OleFileIO(path).openstream("Workbook").read()
at, kinds = 0, []
while at < len(stream):
    kind, size = struct.unpack_from("<HH", stream, at)
    data = stream[at + 4 : at + 4 + size]
    if kind == 0x5D:  # OBJ
        # The anchor: column and row, with offsets, of both corners.
        _, _, top, top_offset, _, _, bottom, bottom_offset = struct.unpack_from("<8H", data, 10)
        rows = (bottom - top) + (bottom_offset - top_offset) / 256
        print(f"100 pixels high, in rows of 80 pixels: from row {top + 1} to row {bottom + 1}, drawn {rows * 80:.0f} pixels high")
    kinds.append(kind)
    at += 4 + size
print(f"IMDATA: {0x7F in kinds}, drawing of BIFF8: {0xEC in kinds or 0xEB in kinds}")
PYTHON
seen=$("$work/venv/bin/python" "$work/finding.py" "$work")
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
100 pixels high, in rows of 80 pixels: from row 3 to row 8, drawn 466 pixels high
IMDATA: True, drawing of BIFF8: False
TEXT
