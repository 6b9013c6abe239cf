//! What no format can show.

use serde_json::Value;

use crate::document::Document;
use crate::document::text::is_forbidden;

/// Returns what is lost of `document` in every format.
pub(super) fn losses(document: &Document) -> Vec<String> {
    let mut counts = Counts::default();
    // Every string of the model, those of later fields too, is seen through its serialised form.
    if let Ok(value) = serde_json::to_value(document) {
        counts.visit(&value);
    }
    let mut lost = Vec::new();
    if counts.characters > 0 {
        lost.push(format!("{} control characters were left out", counts.characters));
    }
    if counts.levels > 0 {
        lost.push(format!("{} headings of a level other than 1 to 4 were set as the nearest level", counts.levels));
    }
    lost
}

#[derive(Default)]
struct Counts {
    characters: usize,
    levels: usize,
}

impl Counts {
    fn visit(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.characters += text.chars().filter(|c| is_forbidden(*c)).count();
            }
            Value::Array(values) => values.iter().for_each(|value| self.visit(value)),
            Value::Object(fields) => {
                let level = fields.get("heading").and_then(|heading| heading.get("level"));
                if level.and_then(Value::as_u64).is_some_and(|level| !(1..=4).contains(&level)) {
                    self.levels += 1;
                }
                fields.values().for_each(|value| self.visit(value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}
