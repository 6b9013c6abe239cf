//! The values that the writer gives (`--set`): those that a kind asks for and are missing, and those it takes.

use crate::dataset::Data;
use crate::kind::ask::Ask;
use crate::kind::definition::Kind;
use crate::template::lint;
use crate::template::word::WordFile;

impl Kind {
    /// The values that must be given and are not, in the order in which the kind asks for them.
    #[must_use]
    pub fn missing(&self, data: &Data) -> Vec<&Ask> {
        let is_given = |ask: &Ask| data.set.get(&ask.key).is_some_and(|value| !value.trim().is_empty());
        self.config.asks.iter().filter(|ask| ask.default.is_none() && !is_given(ask)).collect()
    }

    /// The keys that `--set` may give: those asked for, and those that the templates name beside them.
    #[must_use]
    pub fn set_keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.config.asks.iter().map(|ask| ask.key.clone()).collect();
        let texts = self.templates.iter().map(|template| template.text.clone());
        for text in texts.chain(self.word_files.iter().map(WordFile::tags)) {
            for key in lint::set_keys(&text) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }
}

/// The data with defaults, and in a draft with placeholders for missing values. A document that takes a number gets no
/// placeholders: a template that prints a missing value fails.
pub(super) fn filled(kind: &Kind, data: &Data) -> Data {
    let mut data = data.clone();
    let missing: Vec<String> = kind.missing(&data).iter().map(|ask| ask.key.clone()).collect();
    for ask in &kind.config.asks {
        if missing.contains(&ask.key) {
            data.set.shift_remove(&ask.key);
            if data.draft {
                data.set.insert(ask.key.clone(), ask.blank(data.lang));
            }
        } else if let Some(default) = &ask.default {
            data.set.entry(ask.key.clone()).or_insert_with(|| default.of(data.lang).to_owned());
        }
    }
    data
}
