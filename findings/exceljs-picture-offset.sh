#!/usr/bin/env bash
# ExcelJS: the fraction in a picture's position is no fraction of the row: in a tall row the picture begins too high.
#
# Expected: `addImage(id, {tl: {col: 0, row: 1.9}})` begins nine tenths down the second row, since the documentation shows
#   positions such as 1.5 and calls them coordinates of the sheet; rows with a height of their own included.
# What happens: the offset is the fraction of the height in points × 10,000 EMU. A point has 12,700 EMU, so it is always
#   10/12.7 of what was asked: 0.9 of the row becomes 0.71. Of columns the width in characters × 10,000 is taken, where
#   a character has about 66,700: 0.9 of the column becomes 0.13.
# Why it matters: a ledger made with it has its photos higher and further left than the program that made it believes. A
#   reader that takes the cell in which a picture begins is right by luck; one that computes with the fractions of another
#   library is wrong, and a photo that was placed near the end of a row covers less of the next than it says.
# Instead: place pictures by `nativeRowOff` and `nativeColOff` in EMU, or only at whole rows and columns; when reading,
#   take the cell that the picture covers most.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund exceljs@4.4.0 jszip@3.10.1 >/dev/null 2>&1
cat >run.cjs <<'JS'
const ExcelJS = require("exceljs");
const JSZip = require("jszip");
console.log(`exceljs ${require("exceljs/package.json").version}`);
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
(async () => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("photos");
  sheet.getRow(2).height = 60;
  sheet.getColumn(1).width = 20;
  const image = book.addImage({ buffer: png, extension: "png" });
  sheet.addImage(image, { tl: { col: 0.9, row: 1.9 }, ext: { width: 20, height: 20 } });
  const zip = await JSZip.loadAsync(await book.xlsx.writeBuffer());
  const xml = await zip.file("xl/drawings/drawing1.xml").async("string");
  const part = name => Number(xml.match(new RegExp(`<xdr:${name}>(\\d+)<`))[1]);
  // 60 points; 20 characters of 7 pixels and 5 pixels of padding.
  const row = 60 * 12700, column = (20 * 7 + 5) * 9525;
  console.log(`asked: 0.90 down row 2; written: row ${part("row")}, ${part("rowOff")} of ${row} EMU = ${(part("rowOff") / row).toFixed(2)}`);
  console.log(`asked: 0.90 across column A; written: column ${part("col")}, ${part("colOff")} of ${column} EMU = ${(part("colOff") / column).toFixed(2)}`);
})();
JS
seen=$(node run.cjs)
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
exceljs 4.4.0
asked: 0.90 down row 2; written: row 1, 540000 of 762000 EMU = 0.71
asked: 0.90 across column A; written: column 0, 180000 of 1381125 EMU = 0.13
TEXT
