#!/usr/bin/env bash
# csv (Rust): `Position::line()` of a record is one too small in every file with CRLF line ends.
#
# Expected: `record.position().unwrap().line()` is the line on which the record starts, however its lines end.
# What happens: the position is where the reader stood before it looked for the record. After a CRLF it still stands
#   on the LF, so every record but the first is reported one line too early, and its byte offset points at that LF.
#   Blank lines are counted the same way, in LF files too: after two of them the line is two too small.
# Why it matters: spreadsheet programs export CRLF, so "line 3 has no date" sends the reader to line 2 of nearly every
#   real table, which holds another, correct record. Tests written with "\n" in string literals do not show it.
# Instead: take `position().byte()`, step over CR and LF bytes from there, and add the number of LFs stepped over.
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
csv = "=1.4.0"
csv-core = "=0.1.13"
[profile.dev]
debug = false
TOML
cat >"$work/src/main.rs" <<'RUST'
fn main() {
    let lf = "id,category\nA-1,fire\nA-2,food\n";
    let blank = "id,category\nA-1,fire\n\n\nA-2,food\n";
    let crlf = lf.replace('\n', "\r\n");
    for (name, text) in [("LF", lf), ("CRLF", &crlf), ("LF, two blank lines", blank)] {
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            let record = record.unwrap();
            let position = record.position().unwrap();
            let starts = text.find(&record[0]).unwrap();
            let line = text[..starts].matches('\n').count() + 1;
            let byte = position.byte() as usize;
            println!("{name}: {} is on line {line}, reported {}, byte {starts}, reported {byte} ({:?})",
                &record[0], position.line(), &text[byte..=byte]);
        }
    }
}
RUST
cd "$work"
cargo build --quiet
cargo tree --quiet --depth 1 --prefix none | sed 1d
seen=$(target/debug/finding)
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
LF: A-1 is on line 2, reported 2, byte 12, reported 12 ("A")
LF: A-2 is on line 3, reported 3, byte 21, reported 21 ("A")
CRLF: A-1 is on line 2, reported 1, byte 13, reported 12 ("\n")
CRLF: A-2 is on line 3, reported 2, byte 23, reported 22 ("\n")
LF, two blank lines: A-1 is on line 2, reported 2, byte 12, reported 12 ("A")
LF, two blank lines: A-2 is on line 5, reported 3, byte 23, reported 21 ("\n")
TEXT
