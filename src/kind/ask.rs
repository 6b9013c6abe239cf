//! What the writer must give: values that no log holds, such as the time and the place of an interview.

use crate::fault::ConfigProblem;
use crate::kind::bilingual::{Bilingual, bilingual};
use crate::project::mapping::MappingReader;
use crate::source::yaml::{Node, Value};
use crate::words::lang::Lang;

/// A value that a kind asks for: `set.KEY` in its templates, given by `--set KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its name in templates and on the command line.
    pub key: String,
    /// What people call it.
    pub label: Bilingual,
    /// The value if none is given; an empty one means that it is optional.
    pub default: Option<Bilingual>,
}

impl Ask {
    /// The placeholder of a missing value in a draft; it can't be mistaken for a value.
    pub(super) fn blank(&self, lang: Lang) -> String {
        let label = self.label.of(lang);
        lang.pick(format!("〔待填：{label}〕"), format!("[to fill in: {label}]"))
    }
}

/// Reads `asks:` of `kind.yaml`: a mapping from keys to what they are called, in both languages (`zh`, `en`) or
/// as one text, with a `default` or without.
pub(super) fn read(node: &Node, reader: &mut MappingReader<'_>) -> Vec<Ask> {
    let mut asks: Vec<Ask> = Vec::new();
    let Value::Map(pairs) = &node.value else {
        reader.expected("mapping", node);
        return asks;
    };
    for (name, node) in pairs {
        let key = name.scalar().unwrap_or_default().to_owned();
        if !is_name(&key) {
            reader.expected("name", name);
            continue;
        }
        if asks.iter().any(|ask| ask.key == key) {
            reader.fault(name.place, ConfigProblem::Doubled { what: "key", name: key, first: None });
            continue;
        }
        let mut ask = Ask { key, label: Bilingual::default(), default: None };
        if node.scalar().is_some() {
            ask.label = bilingual(node, reader);
        } else {
            for (part, node) in reader.canonical(node, &["zh", "en", "default"], &[]) {
                match part {
                    "zh" => ask.label.zh = reader.text(node).unwrap_or_default(),
                    "en" => ask.label.en = reader.text(node).unwrap_or_default(),
                    _ => ask.default = Some(bilingual(node, reader)),
                }
            }
        }
        asks.push(ask);
    }
    asks
}

/// Whether a template can name it after a dot.
fn is_name(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
