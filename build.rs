//! Lists the built-in kinds of documents: each folder of `report-templates` is one, and nothing else names them.
//!
//! A folder holds `kind.yaml`, `zh.md` and `en.md`, which are compiled in, and `built-in.json`, which is read here alone:
//! `order` is the place in lists of kinds, `label` what a summary calls documents of the kind, `also` what people call it for
//! short.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const FOLDER: &str = "report-templates";

/// The files of a kind that are compiled in.
const FILES: [&str; 3] = ["kind.yaml", "zh.md", "en.md"];

struct BuiltInKind {
    order: u64,
    name: String,
    zh: String,
    en: String,
    also: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={FOLDER}");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let mut kinds = Vec::new();
    for entry in fs::read_dir(FOLDER)? {
        let path = entry?.path();
        if path.is_dir() {
            kinds.push(read(&path)?);
        }
    }
    kinds.sort_by(|a, b| (a.order, &a.name).cmp(&(b.order, &b.name)));
    write(&out.join("built_in_kinds.rs"), &table(&kinds)?)?;
    write(&out.join("kind_labels.rs"), &labels(&kinds)?)?;
    write(&out.join("gate_module.rs"), &gate_module()?)
}

/// The module of `duban gate`, packed, that a release carries: the file that `DUBAN_GATE_MODULE` names.
fn gate_module() -> Result<String, Box<dyn Error>> {
    const VARIABLE: &str = "DUBAN_GATE_MODULE";
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    let value = match std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        Some(path) => {
            let path = fs::canonicalize(path)?;
            let path = path.to_str().ok_or("the path of the module is not UTF-8")?;
            println!("cargo::rerun-if-changed={path}");
            // Quoted as Rust quotes a string.
            format!("Some(include_bytes!({path:?}))")
        }
        None => "None".to_owned(),
    };
    Ok(format!("const MODULE: Option<&[u8]> = {value};\n"))
}

fn read(folder: &Path) -> Result<BuiltInKind, Box<dyn Error>> {
    for name in FILES {
        if !folder.join(name).is_file() {
            return Err(format!("{} has no {name}", folder.display()).into());
        }
    }
    let path = folder.join("built-in.json");
    let expected = r#"{ "order": 10, "label": { "zh": "简报", "en": "briefings" } }"#;
    let fault = |what: &dyn std::fmt::Display| format!("{}: {what}; expected {expected}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| fault(&error))?;
    let json: Value = serde_json::from_str(&text).map_err(|error| fault(&error))?;
    let label = |lang: &str| {
        let text = json["label"][lang].as_str().filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| fault(&format!("no label.{lang}")))
    };
    Ok(BuiltInKind {
        order: json["order"].as_u64().ok_or_else(|| fault(&"order is no whole number"))?,
        name: folder.file_name().and_then(|name| name.to_str()).ok_or("a folder's name is not UTF-8")?.to_owned(),
        zh: label("zh")?,
        en: label("en")?,
        also: json["also"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
    })
}

/// `NAMES` and `FILES` of `src/kind/built_in.rs`.
fn table(kinds: &[BuiltInKind]) -> Result<String, std::fmt::Error> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
    let mut text = format!("pub(super) const NAMES: [&str; {}] = {names:?};\n", names.len());
    text.push_str("const FILES: &[(&str, &str, &str)] = &[\n");
    for name in names {
        for file in FILES {
            let path = format!("/{FOLDER}/{name}/{file}");
            writeln!(text, "({name:?}, {file:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),")?;
        }
    }
    text.push_str("];\n");
    Ok(text)
}

/// The labels of `src/template/filters.rs`.
fn labels(kinds: &[BuiltInKind]) -> Result<String, std::fmt::Error> {
    let mut text = String::from("&[\n");
    for BuiltInKind { name, zh, en, also, .. } in kinds {
        writeln!(text, "ValueInfo {{ key: {name:?}, zh: {zh:?}, en: {en:?}, spellings: &{also:?} }},")?;
    }
    text.push_str("]\n");
    Ok(text)
}

#[expect(clippy::disallowed_methods, reason = "cargo gives this script a folder of its own")]
fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()).into())
}
