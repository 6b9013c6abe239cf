//! The words of conditions that are no fields: states, functions, and what joins them; each with its Chinese name.

use crate::model::Field;
use crate::model::key::StateKey;
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// A word that joins or turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    Or,
    Not,
    In,
}

const JOINTS: [(&str, &str, Joint); 4] =
    [("and", "且", Joint::And), ("or", "或", Joint::Or), ("not", "非", Joint::Not), ("in", "属于", Joint::In)];

/// A word that stands for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Constant {
    True,
    False,
    /// The day of the run.
    AsOf,
    State(StateKey),
}

const CONSTANTS: [(&str, &str, Constant); 9] = [
    ("true", "是", Constant::True),
    ("false", "否", Constant::False),
    ("as_of", "统计日", Constant::AsOf),
    ("rectified", "已整改", Constant::State(StateKey::Rectified)),
    ("open", "未整改", Constant::State(StateKey::Open)),
    ("closed", "已销号", Constant::State(StateKey::Closed)),
    ("overdue", "逾期", Constant::State(StateKey::Overdue)),
    ("due_soon", "临期", Constant::State(StateKey::DueSoon)),
    ("late", "逾期整改", Constant::State(StateKey::Late)),
];

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Workdays,
    Days,
    Len,
    Contains,
    StartsWith,
    Matches,
    Blank,
    Year,
    Month,
    Weekday,
}

const FUNCTIONS: [(&str, &str, Function); 10] = [
    ("workdays", "工作日", Function::Workdays),
    ("days", "天数", Function::Days),
    ("len", "字数", Function::Len),
    ("contains", "包含", Function::Contains),
    ("starts_with", "开头是", Function::StartsWith),
    ("matches", "匹配", Function::Matches),
    ("blank", "空", Function::Blank),
    ("year", "年", Function::Year),
    ("month", "月", Function::Month),
    ("weekday", "星期", Function::Weekday),
];

fn find<T: Copy>(table: &[(&'static str, &'static str, T)], name: &str) -> Option<T> {
    table.iter().find(|(en, zh, _)| *en == name || *zh == name).map(|(_, _, meaning)| *meaning)
}

fn name<T: PartialEq>(table: &[(&'static str, &'static str, T)], meaning: &T, lang: Lang) -> &'static str {
    table.iter().find(|(_, _, other)| other == meaning).map_or("", |(en, zh, _)| lang.pick(zh, en))
}

impl Joint {
    pub(super) fn of(text: &str) -> Option<Self> {
        find(&JOINTS, text)
    }

    pub(super) fn name(self, lang: Lang) -> &'static str {
        name(&JOINTS, &self, lang)
    }
}

impl Constant {
    pub(super) fn of(text: &str) -> Option<Self> {
        find(&CONSTANTS, text)
    }

    pub(super) fn name(self, lang: Lang) -> &'static str {
        name(&CONSTANTS, &self, lang)
    }
}

impl Function {
    pub(super) fn of(text: &str) -> Option<Self> {
        find(&FUNCTIONS, text)
    }

    pub(super) fn name(self, lang: Lang) -> &'static str {
        name(&FUNCTIONS, &self, lang)
    }

    /// How many values it takes.
    pub(super) fn takes(self) -> usize {
        match self {
            Self::Workdays | Self::Days | Self::Contains | Self::StartsWith | Self::Matches => 2,
            Self::Len | Self::Blank | Self::Year | Self::Month | Self::Weekday => 1,
        }
    }

    /// The function that was probably meant.
    pub(super) fn near(text: &str) -> Option<&'static str> {
        nearest(text, FUNCTIONS.iter().flat_map(|(en, zh, _)| [*en, *zh]))
    }

    /// The names of all in a language.
    pub(super) fn names(lang: Lang) -> String {
        FUNCTIONS.iter().map(|(en, zh, _)| lang.pick(*zh, *en)).collect::<Vec<_>>().join(" ")
    }
}

/// The word without a field behind it that was probably meant.
pub(super) fn near_constant(text: &str) -> Option<&'static str> {
    nearest(text, CONSTANTS.iter().flat_map(|(en, zh, _)| [*en, *zh]))
}

/// The field that a state is looked up in, and those without which it can't be told.
pub(super) fn fields_of(state: StateKey) -> (Field, &'static [Field]) {
    match state {
        StateKey::Rectified | StateKey::Open | StateKey::Closed => (Field::Status, &[]),
        StateKey::Overdue | StateKey::DueSoon => (Field::Deadline, &[Field::Deadline]),
        StateKey::Late => (Field::RectifiedOn, &[Field::RectifiedOn, Field::Deadline]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::FIELDS;

    /// A word would otherwise mean two things.
    #[test]
    fn no_word_is_a_header() {
        let joints = JOINTS.iter().flat_map(|(en, zh, _)| [*en, *zh]);
        let constants = CONSTANTS.iter().flat_map(|(en, zh, _)| [*en, *zh]);
        for word in joints.chain(constants) {
            for info in FIELDS.iter().filter(|info| info.of.issue) {
                let is_it = info.key == word || info.zh == word || info.synonyms.contains(&word);
                assert!(!is_it, "{word} {}", info.key);
            }
        }
    }
}
