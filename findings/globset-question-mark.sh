#!/usr/bin/env bash
# globset: `?` and `[…]` match one byte, so neither can ever match one Chinese character.
#
# Expected: `?` matches any single character and `[一二三]` one of three, as in a shell, in the `glob` crate and as the
#   documentation of globset says. Literal Chinese text, `*` and `{一,二}` work, which makes one trust the rest.
# What happens: a pattern is compiled to a regular expression over bytes. `第?期` does not match 第一期 but `第???期` does;
#   `[一二三]` matches none of its members; `[!一]*`, "all but those that start with 一", drops 二期 and 七期 as well,
#   because their first byte is the same. No pattern is refused.
# Why it matters: a pattern that finds no file is no error in most tools: a log that should be counted is left out
#   without a word, and `[!…]` leaves out some files and keeps others by chance.
# Instead: offer `*` and `{一,二}`, and refuse `?` and `[…]`; or match with the `glob` crate, which knows characters but
#   no braces.
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
glob = "=0.3.3"
globset = { version = "=0.4.21", default-features = false }
[profile.dev]
debug = false
TOML
cat >"$work/src/main.rs" <<'RUST'
fn main() {
    for (pattern, name) in [
        ("第?期", "第一期"),
        ("第???期", "第一期"),
        ("第[一二三]期", "第一期"),
        ("第*期", "第一期"),
        ("[!一]*", "二期"),
        ("[!一]*", "七期"),
        ("[!一]*", "第一期"),
    ] {
        let by_globset = globset::Glob::new(pattern).unwrap().compile_matcher().is_match(name);
        let by_glob = glob::Pattern::new(pattern).unwrap().matches(name);
        println!("{pattern} on {name}: globset {by_globset}, glob {by_glob}");
    }
}
RUST
cd "$work"
cargo build --quiet
cargo tree --quiet --depth 1 --prefix none | sed 1d
seen=$(target/debug/finding)
echo "$seen"
diff -u --label seen --label recorded <(echo "$seen") - <<'TEXT' || { echo "the behaviour has changed" >&2; exit 1; }
第?期 on 第一期: globset false, glob true
第???期 on 第一期: globset true, glob false
第[一二三]期 on 第一期: globset false, glob true
第*期 on 第一期: globset true, glob true
[!一]* on 二期: globset false, glob true
[!一]* on 七期: globset false, glob true
[!一]* on 第一期: globset true, glob true
TEXT
