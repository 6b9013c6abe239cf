//! The keys to group and select by: fields, the day, week, month … it was found, the group of a unit, the state and the age of
//! an issue, and columns that match no field.

use std::fmt;
use std::str::FromStr;

use crate::model::field::{FIELDS, Field, FieldKind};
use crate::model::period::Length;
use crate::model::record::{Inspection, Issue, Profile, Values};
use crate::model::state::State;
use crate::model::value_ids::Slot;
use crate::words::lang::Lang;
use crate::words::near::nearest;
use crate::words::symbol::Symbol;

/// A key of `--by` and `--where`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A field of the issue.
    Field(Field),
    /// The day, week, month, quarter or year it was found in, in the notation of [`Length::of`].
    Found(Length),
    /// The group of its unit.
    Group,
    /// A part of its [`State`], as `yes` or `no`.
    Is(StateKey),
    /// Its state as one of [`STATES`], which are the parts of all issues.
    State,
    /// How long it is open, as one of [`AGES`].
    Age,
    /// A column that matches no field, written `extra.HEADER`.
    Extra(Symbol),
}

/// A part of the state of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "described in model::state::State")]
pub enum StateKey {
    Rectified,
    Open,
    Closed,
    Overdue,
    DueSoon,
    Late,
}

const OTHERS: [(&str, Key); 14] = [
    ("month", Key::Found(Length::Month)),
    ("week", Key::Found(Length::Week)),
    ("day", Key::Found(Length::Day)),
    ("quarter", Key::Found(Length::Quarter)),
    ("year", Key::Found(Length::Year)),
    ("group", Key::Group),
    ("rectified", Key::Is(StateKey::Rectified)),
    ("open", Key::Is(StateKey::Open)),
    ("closed", Key::Is(StateKey::Closed)),
    ("overdue", Key::Is(StateKey::Overdue)),
    ("due_soon", Key::Is(StateKey::DueSoon)),
    ("late", Key::Is(StateKey::Late)),
    ("state", Key::State),
    ("age", Key::Age),
];

/// A value of a computed key, with its labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyValue {
    /// The canonical value.
    pub key: &'static str,
    /// The label in Chinese.
    pub zh: &'static str,
    /// The label in English.
    pub en: &'static str,
}

const RECTIFIED: KeyValue = KeyValue { key: "rectified", zh: "已整改", en: "Rectified" };

/// The values of [`Key::State`] in their order: every issue has one.
pub const STATES: [KeyValue; 3] = [
    RECTIFIED,
    KeyValue { key: "not_overdue", zh: "未逾期", en: "Not overdue" },
    KeyValue { key: "overdue", zh: "逾期", en: "Overdue" },
];

/// The values of [`Key::Age`] in their order: days since an open issue was found, and an own value for those rectified. An
/// open issue without a day of finding has none.
pub const AGES: [KeyValue; 5] = [
    KeyValue { key: "0-3", zh: "0～3天", en: "0–3 days" },
    KeyValue { key: "4-7", zh: "4～7天", en: "4–7 days" },
    KeyValue { key: "8-14", zh: "8～14天", en: "8–14 days" },
    KeyValue { key: "15+", zh: "超过14天", en: "over 14 days" },
    RECTIFIED,
];

/// An unknown key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub struct UnknownKey {
    /// The text as written.
    pub written: String,
    /// The key that may have been meant.
    pub near: Option<String>,
}

impl UnknownKey {
    /// Returns the message for the user, with the known keys.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (written, near) = (&self.written, &self.near);
        let known = Key::all().map(|(name, _)| name).collect::<Vec<_>>().join(" ");
        let hint = match near {
            Some(near) => lang.pick(format!("是否指 `{near}`？"), format!("did you mean `{near}`? ")),
            None => String::new(),
        };
        lang.pick(
            format!("没有 `{written}` 这个键。{hint}可用：{known}，或 extra.列名"),
            format!("there is no key `{written}`; {hint}available: {known}, or extra.HEADER"),
        )
    }
}

impl Key {
    /// Returns all keys with a fixed name, which leaves out only [`Key::Extra`], in order.
    pub fn all() -> impl Iterator<Item = (&'static str, Self)> {
        Field::of_issue().map(|field| (field.key(), Self::Field(field))).chain(OTHERS)
    }

    /// Returns the slot whose number decides its values. 整改情况 has none: it goes into the status, but its own values are
    /// its text.
    pub(crate) fn slot(self) -> Option<Slot> {
        match self {
            Self::Field(field) if Profile::holds(field) => Slot::of(field),
            _ => None,
        }
    }

    /// Whether an issue may have several values, so that counts by this key may add up to more than the total.
    #[must_use]
    pub fn may_have_several(self) -> bool {
        matches!(self, Self::Field(field) if field.info().kind == FieldKind::Values)
    }

    /// Returns the values of an issue; empty if the log has none.
    #[must_use]
    pub fn values(self, issue: &Issue<'_>, state: State) -> Values {
        let one = match self {
            Self::Field(field) => return issue.values(field),
            Self::Found(length) => issue.found_on.map(|day| Symbol::new(&length.of(day))),
            Self::Group => issue.group,
            Self::Is(key) => Some(Symbol::new(if key.holds(state) { "yes" } else { "no" })),
            Self::State => Some(Symbol::new(state_of(state).key)),
            Self::Age => age_of(state).map(|age| Symbol::new(age.key)),
            Self::Extra(name) => {
                let cell = issue.row.columns.extra.iter().find(|(header, _)| *header == name);
                cell.map(|(_, cell)| issue.row.cell(usize::from(*cell)))
                    .filter(|text| !text.is_empty())
                    .map(|text| Symbol::new(&text))
            }
        };
        one.into_iter().collect()
    }

    /// Returns the only value of an issue, `blank` if it has no value, or `None` if it has several.
    #[must_use]
    #[inline]
    pub fn one(self, issue: &Issue<'_>, state: State, blank: Symbol) -> Option<Symbol> {
        let several = match self {
            Self::Field(field) => match issue.several(field) {
                Some(several) => several,
                None => return Some(issue.single(field).unwrap_or(blank)),
            },
            _ => &self.values(issue, state),
        };
        match several.as_slice() {
            [] => Some(blank),
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Returns the values of an inspection; `None` if inspections don't have this key.
    #[must_use]
    pub fn inspection_values(self, inspection: &Inspection<'_>) -> Option<Values> {
        let one = match self {
            Self::Field(Field::Team) => inspection.team,
            Self::Field(Field::Region) => inspection.region,
            Self::Field(Field::Tags) => return Some(inspection.tags.clone()),
            Self::Found(length) => inspection.date.map(|day| Symbol::new(&length.of(day))),
            _ => return None,
        };
        Some(one.into_iter().collect())
    }

    /// Whether inspections have this key.
    #[must_use]
    pub fn speaks_of_inspections(self) -> bool {
        matches!(self, Self::Found(_) | Self::Field(Field::Team | Field::Region | Field::Tags))
    }

    /// Returns the values of a key whose values are computed, in their order; of other keys none.
    #[must_use]
    pub fn computed_values(self) -> &'static [KeyValue] {
        match self {
            Self::State => &STATES,
            Self::Age => &AGES,
            _ => &[],
        }
    }

    /// Returns the label in a language.
    #[must_use]
    pub fn label(self, lang: Lang) -> String {
        match self {
            Self::Field(field) => field.label(lang).to_owned(),
            Self::Found(Length::Day) => lang.pick("日期", "Day").to_owned(),
            Self::Found(Length::Week) => lang.pick("周", "Week").to_owned(),
            Self::Found(Length::Month) => lang.pick("月份", "Month").to_owned(),
            Self::Found(Length::Quarter) => lang.pick("季度", "Quarter").to_owned(),
            Self::Found(Length::Year) => lang.pick("年份", "Year").to_owned(),
            Self::Group => lang.pick("单位分组", "Group").to_owned(),
            Self::Is(key) => key.label(lang).to_owned(),
            Self::State => lang.pick("整改状态", "State").to_owned(),
            Self::Age => lang.pick("未整改天数", "Days open").to_owned(),
            Self::Extra(name) => name.to_string(),
        }
    }
}

fn state_of(state: State) -> KeyValue {
    let [rectified, not_overdue, overdue] = STATES;
    match () {
        () if state.rectified => rectified,
        () if state.overdue => overdue,
        () => not_overdue,
    }
}

fn age_of(state: State) -> Option<KeyValue> {
    let [to_3, to_7, to_14, more, rectified] = AGES;
    if state.rectified {
        return Some(rectified);
    }
    Some(match state.open_days? {
        0..=3 => to_3,
        4..=7 => to_7,
        8..=14 => to_14,
        _ => more,
    })
}

impl StateKey {
    /// Whether it is true of a state.
    #[must_use]
    pub fn holds(self, state: State) -> bool {
        match self {
            Self::Rectified => state.rectified,
            Self::Open => !state.rectified,
            Self::Closed => state.closed,
            Self::Overdue => state.overdue,
            Self::DueSoon => state.due_soon,
            Self::Late => state.late,
        }
    }

    fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Rectified => lang.pick("已整改", "Rectified"),
            Self::Open => lang.pick("未整改", "Open"),
            Self::Closed => lang.pick("已销号", "Closed"),
            Self::Overdue => lang.pick("逾期", "Overdue"),
            Self::DueSoon => lang.pick("临期", "Due soon"),
            Self::Late => lang.pick("逾期整改", "Late"),
        }
    }
}

impl FromStr for Key {
    type Err = UnknownKey;

    /// Parses a canonical key, a label or header name of a field, or `extra.HEADER`.
    fn from_str(text: &str) -> Result<Self, UnknownKey> {
        let text = text.trim();
        if let Some(header) = text.strip_prefix("extra.") {
            return Ok(Self::Extra(Symbol::new(header)));
        }
        if let Some((_, key)) = Self::all().find(|(name, _)| *name == text) {
            return Ok(key);
        }
        for info in FIELDS.iter().filter(|info| info.of.issue && info.field != Field::RowNumber) {
            if info.zh == text || info.en.eq_ignore_ascii_case(text) || info.synonyms.contains(&text) {
                // What such a column says went into the status.
                return Ok(Self::Field(if info.field.is_column_only() { Field::Status } else { info.field }));
            }
        }
        // Behind the headers: 日期 is the day of finding, as in a log.
        if let Some((_, key)) =
            OTHERS.into_iter().find(|(_, key)| Lang::ALL.iter().any(|lang| key.label(*lang) == text))
        {
            return Ok(key);
        }
        let labels: Vec<String> = OTHERS.iter().map(|(_, key)| key.label(Lang::Zh)).collect();
        let names = Self::all().map(|(name, _)| name).chain(Field::of_issue().map(|field| field.info().zh));
        let near = nearest(text, names.chain(labels.iter().map(String::as_str))).map(str::to_owned);
        Err(UnknownKey { written: text.to_owned(), near })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extra(name) => write!(f, "extra.{name}"),
            key => f.write_str(Self::all().find(|(_, other)| other == key).map_or("", |(name, _)| name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_back_as_itself() {
        for (name, key) in Key::all() {
            assert_eq!(name.parse(), Ok(key));
            assert_eq!(key.to_string(), name);
        }
        assert_eq!("责任单位".parse(), Ok(Key::Field(Field::Unit)));
        for (label, key) in [("月份", "month"), ("单位分组", "group"), ("临期", "due_soon"), ("Days open", "age")]
        {
            assert_eq!(label.parse::<Key>().map(|key| key.to_string()), Ok(key.to_owned()), "{label}");
        }
        assert_eq!("extra.酒店".parse(), Ok(Key::Extra(Symbol::new("酒店"))));
    }

    #[test]
    fn a_misspelt_key_names_its_neighbour() {
        let fault = "categry".parse::<Key>().unwrap_err();
        assert_eq!(fault.near.as_deref(), Some("category"));
    }
}
