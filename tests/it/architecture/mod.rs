//! Who may import whom: a room imports from the lines above its own, never from those below, and the files of a room
//! form no circle.

mod imports;
mod not_built;
mod systems;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use imports::{Module, Source};

/// The rooms in the order in which the data goes through them.
const ORDER: [&[&str]; 26] = [
    &["platform"],
    &["place", "fold", "digest", "progress", "json_writer", "compound", "placement", "spool"],
    &["delimited"],
    &["words"],
    &["atomic", "changes", "ooxml", "photo", "picture", "receipt", "serve", "small_counts"],
    &["source", "document"],
    &["charts", "model", "word_template"],
    &["condition"],
    &["fault", "docx", "html", "pdf"],
    &["register", "write"],
    &["ladder"],
    &["project"],
    &["log"],
    &["album"],
    &["tally", "mend"],
    &["baseline", "check", "fix", "schema"],
    &["due", "propose"],
    &["dataset"],
    &["form"],
    &["tags"],
    &["query"],
    &["template"],
    &["kind"],
    &["trace", "page", "proof", "desk"],
    &["drift"],
    &["cli"],
];

/// The crates that one room alone knows, so that another can take their place.
const DEPENDENCIES: [(&str, &str); 18] = [
    ("tera", "template"),
    ("comrak", "document"),
    ("granit_parser", "source"),
    ("codespan_reporting", "fault"),
    ("calamine", "source"),
    ("rust_xlsxwriter", "write"),
    ("anyhow", "cli"),
    ("microlp", "small_counts"),
    ("image", "picture"),
    ("lopdf", "pdf"),
    ("ttf_parser", "pdf"),
    ("terminal_size", "platform"),
    ("sys_locale", "cli"),
    ("ctrlc", "platform"),
    ("httparse", "serve"),
    ("qrcodegen", "receipt"),
    ("notify", "platform"),
    ("rustix", "platform"),
];

/// A room above this is too large to be known, unless DECISIONS.md says why.
const MAX_LINES: usize = 3500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn level(room: &str) -> Option<usize> {
    ORDER.iter().position(|line| line.contains(&room))
}

/// Imports from below, and from beside.
fn upward(source: &Source) -> BTreeSet<String> {
    let mut wrong = BTreeSet::new();
    for file in source.files.iter().filter(|file| !file.module.is_empty() && file.module != ["main"]) {
        let room = &file.module[0];
        let own = level(room).unwrap_or_else(|| panic!("{room} has no place in the order"));
        for other in file.paths.iter().filter_map(|path| path.first()) {
            if other != room && level(other).is_some_and(|other| other >= own) {
                wrong.insert(format!("{} imports {other}", file.inside.display()));
            }
        }
    }
    wrong
}

/// Circles of files within a room, each as its files.
fn circles(source: &Source) -> BTreeSet<Vec<String>> {
    let mut imports: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
    for file in &source.files {
        let homes = file.paths.iter().filter_map(|path| source.home(path)).map(|home| &home.module);
        let within = homes.filter(|home| **home != file.module && home.first() == file.module.first());
        imports.entry(&file.module).or_default().extend(within);
    }
    let reach = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = open.pop() {
            for next in imports.get(&module).into_iter().flatten() {
                if seen.insert((*next).clone()) {
                    open.push((*next).clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> = imports.keys().map(|module| (*module, reach(module))).collect();
    let mut found = BTreeSet::new();
    for (module, reach) in &reached {
        let circle: Vec<String> =
            reach.iter().filter(|other| reached[other].contains(*module)).map(|module| module.join("::")).collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found
}

#[test]
fn rooms_import_only_from_above() {
    let wrong = upward(&Source::read(&root()));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_files_of_a_room_form_no_circle() {
    let wrong = circles(&Source::read(&root()));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The readers of logs alone know their parsers; Tera and comrak have one room each.
#[test]
fn a_dependency_has_one_room() {
    for file in Source::read(&root()).files {
        for (name, room) in DEPENDENCIES {
            let is_used = file.outside.contains(name);
            assert!(!is_used || file.inside.starts_with(room), "{} uses {name}", file.inside.display());
        }
    }
}

#[test]
fn a_room_is_not_too_large_to_be_known() {
    let decisions = std::fs::read_to_string(root().join("../DECISIONS.md")).unwrap_or_default();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for file in Source::read(&root()).files {
        let text = std::fs::read_to_string(root().join(&file.inside)).unwrap();
        *lines.entry(file.module.first().cloned().unwrap_or_default()).or_default() += text.lines().count();
    }
    lines.retain(|room, lines| *lines > MAX_LINES && !decisions.contains(&format!("`src/{room}`")));
    assert!(lines.is_empty(), "more than {MAX_LINES} lines, and DECISIONS.md does not say why: {lines:?}");
}

/// Imports planted where a test module, a group or `super` might hide them.
#[test]
fn planted_imports_are_found() {
    let planted = [
        ("kind/mod.rs", "#[cfg(test)]\nmod tests;\nuse crate::cli::Status as _;"),
        ("log/record.rs", "use crate::{place::Place, tally::Tally};"),
        ("log/table/mod.rs", "use super::super::cli;"),
        ("fault/mod.rs", "fn f() -> crate::log::Row { todo!() }"),
        ("model/row.rs", "#[cfg(test)]\nmod tests { use crate::cli; }\nuse crate::{fold::Fold, write::{Format}};"),
        ("tally/mod.rs", "fn f() { println!(\"{}\", crate::kind::FOLDER) }"),
    ];
    for (inside, text) in planted {
        let wrong = upward(&Source::of(vec![(inside.into(), text.to_owned())]));
        assert_eq!(wrong.len(), 1, "{inside}: {wrong:?}");
    }
    let sound =
        ("kind/mod.rs".into(), "use crate::{place::Place, model::{Issue}};\n#[cfg(test)]\nuse crate::cli;".to_owned());
    assert_eq!(upward(&Source::of(vec![sound])), BTreeSet::new());
    let circle = vec![
        ("log/mod.rs".into(), "mod a;\nmod b;\npub(crate) use b::B;".to_owned()),
        ("log/a.rs".into(), "use crate::log::B;\npub struct A;".to_owned()),
        ("log/b.rs".into(), "use super::a::A;\npub struct B;".to_owned()),
    ];
    assert_eq!(circles(&Source::of(circle)), BTreeSet::from([vec!["log::a".to_owned(), "log::b".to_owned()]]));
}
