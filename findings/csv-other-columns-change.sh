#!/usr/bin/env bash
# csv (Rust): a catch-all of `serde_json::Value` rewrites the cells that it should only carry along.
#
# Expected: a CSV file has no types, so "the other columns", kept as JSON values, are strings; at most a plain number
#   such as 12 might become one. Turning a row into JSON and back keeps its text.
# What happens: whatever has no declared type is guessed cell by cell. `0012` becomes 12, building `3E2` becomes 300.0,
#   `true` a boolean, and the texts `nan`, `inf` and `infinity` become null, with no error. A catch-all of String in a
#   flattened field is no way out: it refuses every row in which some cell looks like a number.
# Why it matters: `#[serde(flatten)]` is the usual way to keep columns that one does not know. Numbers of cases and
#   buildings lose digits, and one column holds strings, numbers and nulls by turns, so grouping by it goes wrong.
# Instead: read the whole row as a map of String to String (nothing is guessed there), or use StringRecord with headers.
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
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "=1.0.154"
[profile.dev]
debug = false
TOML
cat >"$work/src/main.rs" <<'RUST'
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct Row<T> {
    id: String,
    #[serde(flatten)]
    others: BTreeMap<String, T>,
}

fn main() {
    let table = "id,building,case,owner\n007,3E2,0012,nan\n008,3F2,00-12,Wang\n";
    for row in csv::Reader::from_reader(table.as_bytes()).deserialize::<Row<serde_json::Value>>() {
        let row = row.unwrap();
        println!("flattened Value: id {:?}, others {}", row.id, serde_json::to_string(&row.others).unwrap());
    }
    for row in csv::Reader::from_reader(table.as_bytes()).deserialize::<Row<String>>() {
        println!("flattened String: {}", row.map_or("error".into(), |row| format!("{:?}", row.others)));
    }
    for row in csv::Reader::from_reader(table.as_bytes()).deserialize::<BTreeMap<String, String>>() {
        println!("map of String: {:?}", row.unwrap());
    }
}
RUST
cd "$work"
cargo build --quiet
cargo tree --quiet --depth 1 --prefix none | sed 1d
seen=$(target/debug/finding)
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
flattened Value: id "007", others {"building":300.0,"case":12,"owner":null}
flattened Value: id "008", others {"building":"3F2","case":"00-12","owner":"Wang"}
flattened String: error
flattened String: {"building": "3F2", "case": "00-12", "owner": "Wang"}
map of String: {"building": "3E2", "case": "0012", "id": "007", "owner": "nan"}
map of String: {"building": "3F2", "case": "00-12", "id": "008", "owner": "Wang"}
TEXT
