//! Texts in both languages.

use crate::project::mapping::MappingReader;
use crate::source::yaml::Node;
use crate::words::lang::Lang;

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    pub(super) zh: String,
    pub(super) en: String,
}

impl Bilingual {
    /// The text in a language, else in the other one.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &str {
        let (first, second) = lang.pick((&self.zh, &self.en), (&self.en, &self.zh));
        if first.is_empty() { second } else { first }
    }
}

/// A text in both languages: one text for both, or `zh:` and `en:`.
pub(super) fn bilingual(node: &Node, reader: &mut MappingReader<'_>) -> Bilingual {
    if let Some(text) = node.scalar() {
        return Bilingual { zh: text.trim().to_owned(), en: String::new() };
    }
    let mut both = Bilingual::default();
    for (key, node) in reader.canonical(node, &["zh", "en"], &[]) {
        let text = reader.text(node).unwrap_or_default();
        if key == "zh" {
            both.zh = text;
        } else {
            both.en = text;
        }
    }
    both
}
