//! Fields as properties of a schema, under their names.

use serde_json::{Map, Value};

use crate::model::field::FIELDS;
use crate::project::keys::names_of;

/// Returns the fields as properties with a value, by key and Chinese label, and the pattern of their other names, which are
/// right but not offered.
pub(super) fn field_properties(value: &Value) -> (Map<String, Value>, String) {
    let (mut properties, mut others) = (Map::new(), Vec::new());
    for info in FIELDS {
        let mut property = value.clone();
        if let Value::Object(property) = &mut property {
            property.insert("description".to_owned(), format!("{} · {}", info.zh, info.en).into());
        }
        for name in names_of(info) {
            if name == info.key || name == info.zh {
                properties.insert(name.to_owned(), property.clone());
            } else {
                others.push(name);
            }
        }
    }
    (properties, exactly(others))
}

/// A pattern that matches these names and nothing else.
pub(super) fn exactly<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    format!("^({})$", alternatives(names))
}

/// Names as the alternatives of a pattern, in any letter case.
pub(super) fn alternatives<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        let mut text = String::new();
        for c in name.chars() {
            match c {
                'a'..='z' | 'A'..='Z' => {
                    text.extend(['[', c.to_ascii_uppercase(), c.to_ascii_lowercase(), ']']);
                }
                '\\' | '^' | '$' | '.' | '|' | '?' | '*' | '+' | '(' | ')' | '[' | ']' | '{' | '}' => {
                    text.extend(['\\', c]);
                }
                _ => text.push(c),
            }
        }
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all.join("|")
}
