#!/usr/bin/env bash
# Tera 2: a filter behind an arithmetic expression takes the last operand only; in Tera 1 it took the whole expression.
#
# Expected: `{{ done / total * 100 | round }}` rounds the percentage. In Tera 1 it does, and Tera 2 takes the line
#   without an error, as it takes most expressions of Tera 1.
# What happens: in Tera 2 a filter binds more tightly than arithmetic, so only the literal 100 is rounded and the
#   percentage is printed with all its digits. `{{ paid - due | abs }}` prints -4 where Tera 1 printed 4.
# Why it matters: percentages and differences are what a report's template computes. After the upgrade templates load,
#   render and pass a check for unknown variables and filters; only the figures differ.
# Instead: parenthesise what a filter is meant for, `{{ (done / total * 100) | round }}`; both versions then agree, but
#   for the ".0" that Tera 2 prints. Look for operators before a `|` when upgrading, or compute outside the template.
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
tera1 = { package = "tera", version = "=1.20.1", default-features = false }
tera2 = { package = "tera", version = "=2.4.0" }
[profile.dev]
debug = false
TOML
cat >"$work/src/main.rs" <<'RUST'
fn main() {
    for template in [
        "{{ done / total * 100 | round }}",
        "{{ (done / total * 100) | round }}",
        "{{ paid - due | abs }}",
        "{{ (paid - due) | abs }}",
    ] {
        let mut one = tera1::Context::new();
        let mut two = tera2::Context::new();
        for (name, value) in [("done", 28), ("total", 30), ("paid", 3), ("due", 7)] {
            one.insert(name, &value);
            two.insert(name, &value);
        }
        let one = tera1::Tera::one_off(template, &one, false).unwrap();
        let mut engine = tera2::Tera::default();
        engine.add_raw_template("t", template).unwrap();
        let two = engine.render("t", &two).unwrap();
        println!("{template}: Tera 1 prints {one}, Tera 2 prints {two}");
    }
}
RUST
cd "$work"
cargo build --quiet
cargo tree --quiet --depth 1 --prefix none | sed 1d
seen=$(target/debug/finding)
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
{{ done / total * 100 | round }}: Tera 1 prints 93, Tera 2 prints 93.33333333333333
{{ (done / total * 100) | round }}: Tera 1 prints 93, Tera 2 prints 93.0
{{ paid - due | abs }}: Tera 1 prints 4, Tera 2 prints -4
{{ (paid - due) | abs }}: Tera 1 prints 4, Tera 2 prints 4
TEXT
