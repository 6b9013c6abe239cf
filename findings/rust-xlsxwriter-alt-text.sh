#!/usr/bin/env bash
# rust_xlsxwriter: an alternative text of more than 255 characters is left out; the calls say nothing, the terminal does.
#
# Expected: a text that Excel can't take is an error, as too long a name of a sheet is (`XlsxError`), or is cut.
# What happens: `Image::set_alt_text` and `Chart::set_alt_text` print a line to standard error, keep no text, and return as if
#   they had; `save` returns `Ok`. 255 characters are kept, 256 are lost, counted in characters and not in bytes.
# Why it matters: the description of a chart that names each of its values, or of a photo that quotes a finding, is soon
#   longer. Whoever can't see the picture then has nothing at all, no test of the result notices, and a library that is called
#   from a program with a screen or a protocol of its own writes into it.
# Instead: cut the text at 255 characters before it is set, at the end of a sentence, and keep the rest in a cell.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cargo init --quiet --name finding .
cargo add --quiet rust_xlsxwriter@=0.102.0 zip@=8.6.0
cat >src/main.rs <<'RUST'
use std::io::{Cursor, Read};

use rust_xlsxwriter::{Chart, ChartType, Workbook};

fn main() {
    for length in [255, 256] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, 1).unwrap();
        let mut chart = Chart::new(ChartType::Bar);
        chart.add_series().set_values("Sheet1!$A$1:$A$1");
        chart.set_alt_text("数".repeat(length));
        sheet.insert_chart(1, 1, &chart).unwrap();
        let bytes = book.save_to_buffer();
        let saved = bytes.is_ok();
        let mut package = zip::ZipArchive::new(Cursor::new(bytes.unwrap())).unwrap();
        let mut xml = String::new();
        package.by_name("xl/drawings/drawing1.xml").unwrap().read_to_string(&mut xml).unwrap();
        let kept = xml.split("descr=\"").nth(1).map_or(0, |rest| rest.split('"').next().unwrap().chars().count());
        println!("{length} characters: saved {saved}, {kept} kept");
    }
}
RUST
cargo build --quiet
grep -A1 'name = "rust_xlsxwriter"' Cargo.lock | grep version
seen=$(./target/debug/finding 2>&1 | sed 's/[[:space:]]*$//' | grep -v '^$')
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
255 characters: saved true, 255 kept
Alternative text is greater than Excel's limit of 255 characters.
256 characters: saved true, 0 kept
TEXT
