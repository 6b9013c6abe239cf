//! Who may import whom: a module imports from the lines above its own, never from those below.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms in the order in which the data goes through them.
const ORDER: [&[&str]; 15] = [
    &["place", "words", "fold", "digest"],
    &["atomic"],
    &["source", "document"],
    &["model", "frame"],
    &["fault"],
    &["register"],
    &["ladder"],
    &["project"],
    &["log"],
    &["check", "tally", "fix"],
    &["due"],
    &["kind", "write"],
    &["trace"],
    &["cli"],
    &["main"],
];

fn level(module: &str) -> Option<usize> {
    ORDER.iter().position(|line| line.contains(&module))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn modules_import_only_from_above() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = BTreeSet::new();
    for path in files(&root) {
        let inside = path.strip_prefix(&root).unwrap();
        let first = inside.iter().next().unwrap().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        let own = level(&module).unwrap_or_else(|| panic!("{module} has no place in the order"));
        let text = std::fs::read_to_string(&path).unwrap();
        // Tests may use what they like.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for part in code.split("crate::").skip(1) {
            let used: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(other) = level(&used) else { continue };
            let allowed = used == module || other < own;
            if !allowed {
                wrong.insert(format!("{} imports {used}", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The readers of logs alone know their parsers; Tera and comrak have one room each.
#[test]
fn a_dependency_has_one_room() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rooms = [
        ("tera::", "kind"),
        ("comrak::", "document"),
        ("granit_parser::", "source"),
        ("codespan_reporting::", "fault"),
        ("calamine::", "source"),
        ("rust_xlsxwriter::", "write"),
        ("anyhow::", "cli"),
    ];
    for path in files(&root) {
        let inside = path.strip_prefix(&root).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for (name, room) in rooms {
            let used = text.lines().any(|line| line.trim_start().starts_with(&format!("use {name}")));
            assert!(!used || inside.starts_with(room), "{} uses {name}", inside.display());
        }
    }
}
