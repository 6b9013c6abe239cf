//! Maps spellings to canonical values, for every field that has a vocabulary.

use std::collections::BTreeMap;

use crate::model::field::{FIELD_COUNT, Field};
use crate::model::value::{DISPOSITIONS, MEASURE_TYPES, REVIEWS, SIGN_OFFS, SOURCES, STATUSES, ValueInfo};
use crate::words::lang::Lang;
use crate::words::look_alike::{closed_up, plain};
use crate::words::near::nearest;
use crate::words::number::narrow;
use crate::words::symbol::Symbol;

/// The values of one field and their spellings.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Whether an unknown value is a fault.
    pub closed: bool,
    values: Vec<Symbol>,
    spellings: BTreeMap<String, Symbol>,
    /// Spellings with `*`, split at it.
    patterns: Vec<(Vec<String>, Symbol)>,
    built_in: &'static [ValueInfo],
}

impl Vocabulary {
    fn built_in(values: &'static [ValueInfo], closed: bool) -> Self {
        let mut vocabulary = Self { closed, built_in: values, ..Self::default() };
        for value in values {
            vocabulary.add(value.key, [value.zh, value.en].into_iter().chain(value.spellings.iter().copied()));
        }
        vocabulary
    }

    /// Adds spellings of a value, and the value itself if it is new. A later spelling takes precedence over an earlier
    /// one.
    pub fn add<'a>(&mut self, value: &'a str, spellings: impl IntoIterator<Item = &'a str>) {
        let symbol = Symbol::new(value);
        if !self.values.contains(&symbol) {
            self.values.push(symbol);
        }
        for spelling in std::iter::once(value).chain(spellings) {
            let key = normal(spelling);
            if key.contains('*') && key != "*" {
                self.patterns.push((key.split('*').map(str::to_owned).collect(), symbol));
            } else {
                self.spellings.insert(key, symbol);
            }
        }
    }

    /// Returns the built-in value that a text is the key or a label of: what a config may call it.
    #[must_use]
    pub fn built_in_value(&self, text: &str) -> Option<&'static str> {
        let text = normal(text);
        let is_named = |info: &&ValueInfo| [info.key, info.zh, info.en].iter().any(|name| normal(name) == text);
        self.built_in.iter().find(is_named).map(|info| info.key)
    }

    /// Whether its values are keys that logs write otherwise.
    #[must_use]
    pub fn has_built_in(&self) -> bool {
        !self.built_in.is_empty()
    }

    /// Returns the value that `text` is a spelling of.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Symbol> {
        let key = normal(text);
        if let Some(value) = self.spellings.get(&key) {
            return Some(*value);
        }
        if let Some(value) = self.spellings.get(key.trim_end_matches(['。', '.', ';', ','])) {
            return Some(*value);
        }
        self.patterns.iter().rev().find(|(parts, _)| matches(&key, parts)).map(|(_, value)| *value)
    }

    /// Suggests a spelling for an unknown text: the nearest one, or the label of a value if its key is nearest.
    #[must_use]
    pub fn suggest(&self, text: &str, lang: Lang) -> Option<String> {
        let found = nearest(&normal(text), self.spellings.keys().map(String::as_str))?;
        let value = self.spellings.get(found)?;
        // A canonical key is no help to a clerk who writes Chinese.
        Some(if found == value.as_str() { self.label(*value, lang) } else { found.to_owned() })
    }

    /// Returns the values in order.
    #[must_use]
    pub fn values(&self) -> &[Symbol] {
        &self.values
    }

    /// Returns all spellings, in the form in which they are compared; `*` stands for any text.
    pub fn spellings(&self) -> impl Iterator<Item = String> {
        self.spellings.keys().cloned().chain(self.patterns.iter().map(|(parts, _)| parts.join("*")))
    }

    /// Returns the position of a value in the order, from 0.
    #[must_use]
    pub fn rank(&self, value: &str) -> Option<usize> {
        self.values.iter().position(|known| known.as_str() == value)
    }

    /// Returns the label of a value in a language; for a value the project has added, its name.
    #[must_use]
    pub fn label(&self, value: Symbol, lang: Lang) -> String {
        let info = self.built_in.iter().find(|info| info.key == value.as_str());
        info.map_or_else(|| value.to_string(), |info| info.label(lang).to_owned())
    }

    /// Whether it has no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// The vocabularies of all fields.
#[derive(Clone, Debug)]
pub struct Vocabularies {
    by_field: Vec<Vocabulary>,
}

impl Vocabularies {
    /// Returns the built-in vocabularies: dispositions, statuses, sources, types of measures.
    #[must_use]
    pub fn built_in() -> Self {
        let mut by_field = vec![Vocabulary::default(); FIELD_COUNT];
        by_field[Field::Disposition as usize] = Vocabulary::built_in(DISPOSITIONS, true);
        by_field[Field::Status as usize] = Vocabulary::built_in(STATUSES, true);
        by_field[Field::Source as usize] = Vocabulary::built_in(SOURCES, true);
        by_field[Field::SignedOff as usize] = Vocabulary::built_in(SIGN_OFFS, true);
        by_field[Field::Review as usize] = Vocabulary::built_in(REVIEWS, false);
        by_field[Field::Kind as usize] = Vocabulary::built_in(MEASURE_TYPES, false);
        Self { by_field }
    }

    /// Returns the vocabulary of a field; for a field without one, it is empty and open.
    #[must_use]
    pub fn of(&self, field: Field) -> &Vocabulary {
        &self.by_field[field as usize]
    }

    /// The status that a word means in a column that tells of it: the column's own meaning of a word (是 under 是否销号)
    /// goes before that of the status.
    #[must_use]
    pub fn status_word(&self, field: Field, text: &str) -> Option<Symbol> {
        let own = (field != Field::Status).then(|| self.of(field).find(text)).flatten();
        own.or_else(|| self.of(Field::Status).find(text))
    }

    /// Returns the vocabulary of a field for updating.
    pub fn of_mut(&mut self, field: Field) -> &mut Vocabulary {
        &mut self.by_field[field as usize]
    }
}

/// Returns the form in which spellings are compared: half-width, lower case, with runs of white space collapsed, and
/// removed next to Chinese characters, as in 合　计. Characters that look alike are alike, and those without width are
/// removed, see [`plain`].
#[must_use]
pub fn normal(text: &str) -> String {
    let text = plain(text);
    let text = narrow(&text);
    closed_up(text.chars(), |c, out| match c {
        // Ideographs have no case, and are most of what is looked up.
        '\u{3400}'..='\u{9fff}' => out.push(c),
        c => out.extend(c.to_lowercase()),
    })
}

/// Whether a cell matches a spelling, in which `*` matches any text.
#[must_use]
pub fn spells(spelling: &str, cell: &str) -> bool {
    let (spelling, cell) = (normal(spelling), normal(cell));
    if !spelling.contains('*') {
        return spelling == cell;
    }
    let parts: Vec<String> = spelling.split('*').map(str::to_owned).collect();
    matches(&cell, &parts)
}

fn matches(text: &str, parts: &[String]) -> bool {
    let [first, middle @ .., last] = parts else { return false };
    let Some(mut rest) = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
        return false;
    };
    for part in middle {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_differ_in_width_case_and_space() {
        let all = Vocabularies::built_in();
        for (text, value) in [
            ("限期整改", "deadline"),
            (" 限 期 整 改 ", "deadline"),
            ("On  Site", "on_site"),
            ("现场指导整改。", "on_site"),
            ("现场整改\u{200b}", "on_site"),
            ("立\u{2f8f}立改", "immediate"),
            ("on_site", "on_site"),
        ] {
            assert_eq!(all.of(Field::Disposition).find(text), Some(Symbol::new(value)), "{text}");
        }
        assert_eq!(all.of(Field::Disposition).find("现场整该"), None);
        assert_eq!(all.of(Field::Disposition).suggest("现场整该", Lang::Zh).as_deref(), Some("现场整改"));
        // A tick means what its column asks.
        for (field, yes, no) in [
            (Field::Status, "rectified", "in_progress"),
            (Field::SignedOff, "closed", "not_closed"),
            (Field::Review, "verified", "returned"),
        ] {
            assert_eq!(all.status_word(field, "是").map(Symbol::as_str), Some(yes));
            assert_eq!(all.status_word(field, "×").map(Symbol::as_str), Some(no));
            assert_eq!(all.status_word(field, "整改中").map(Symbol::as_str), Some("in_progress"));
        }
        assert_eq!(all.status_word(Field::Progress, "已组织人员清运"), None);
    }

    #[test]
    fn a_star_stands_for_any_text() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.add("on_site", ["* - Corrected During Inspection", "*现场*改*"]);
        let found = |text| vocabulary.find(text).map(Symbol::as_str);
        assert_eq!(found("Dishes: dirty - Corrected during inspection"), Some("on_site"));
        assert_eq!(found("已在现场督促改正"), Some("on_site"));
        assert_eq!(found("Corrected later"), None);
    }
}
