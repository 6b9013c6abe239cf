#!/usr/bin/env bash
# calamine: reading a cell into an integer field cuts and clamps the number instead of failing.
#
# Expected: every number in an .xlsx file is a float, so a typed row with `points: u8` should fail on 3.7, -1 and 300,
#   as serde_json does, and as calamine itself does when the same cell holds the text "300".
# What happens: the float is converted with a plain cast. 3.7 becomes 3, -1 becomes 0, 300 becomes 255, each as `Ok`.
# Why it matters: a deduction of -1 point turns into 0 and a fine of 70000 into 65535. Validation that runs on the typed
#   rows can never see it, because the wrong value is already a valid one.
# Instead: read numbers as f64 (or as calamine::Data) and convert them yourself, checking `fract() == 0` and the range.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target"
mkdir "$work/src"
cat >"$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"
[dependencies]
calamine = "=0.38.0"
rust_xlsxwriter = { version = "=0.102.0", default-features = false }
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "=1.0.154"
[profile.dev]
debug = false
TOML
cat >"$work/src/main.rs" <<'RUST'
use calamine::{open_workbook, RangeDeserializerBuilder, Reader, Xlsx};

#[derive(serde::Deserialize)]
struct Row {
    points: u8,
}

fn main() {
    let path = std::env::args().nth(1).unwrap();
    let numbers = [3.0, 3.7, -1.0, 300.0];
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "points").unwrap();
    for (row, number) in (1..).zip(numbers) {
        sheet.write(row, 0, number).unwrap();
    }
    sheet.write(5, 0, "300").unwrap();
    book.save(&path).unwrap();

    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let range = book.worksheet_range("Sheet1").unwrap();
    let rows = RangeDeserializerBuilder::new().from_range::<_, Row>(&range).unwrap();
    let cells = numbers.map(|number| format!("number {number}")).into_iter().chain(["text 300".to_string()]);
    for (cell, row) in cells.zip(rows) {
        println!("calamine, {cell}: {}", row.map_or("error".into(), |row| row.points.to_string()));
    }
    for text in ["3.7", "-1", "300"] {
        let points = serde_json::from_str::<u8>(text);
        println!("serde_json, number {text}: {}", points.map_or("error".into(), |points| points.to_string()));
    }
}
RUST
cd "$work"
cargo build --quiet
cargo tree --quiet --depth 1 --prefix none | sed 1d
seen=$(target/debug/finding "$work/points.xlsx")
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
calamine, number 3: 3
calamine, number 3.7: 3
calamine, number -1: 0
calamine, number 300: 255
calamine, text 300: error
serde_json, number 3.7: error
serde_json, number -1: error
serde_json, number 300: error
TEXT
