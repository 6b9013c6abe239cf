//! The project configuration, `duban.yaml`.
//!
//! - [`config`]: parses YAML to a [`Project`], and reports every fault at its place
//! - [`edit`]: adds one item to the text of a config
//! - [`privacy`]: what a public edition shows; [`photos`]: where photos lie, and how they are made ready
//! - [`vocabulary`]: maps spellings to canonical values
//! - [`keys`]: the keys and words of the config in both languages
//! - `mapping`: reads mappings with a fixed set of keys
//! - `named`: reads entries with a name and aliases
//! - `remedy`: the line that mends a fault of the config
//! - `rungs`: reads the ladder
//! - `selection`: a selection of issues; `selection_reader`: reads it
//! - [`allowance`]: faults that are let pass until a day; `allowance_reader`: reads them
//! - `rules`: reads the severities of codes and the rules of the office's own; [`own_rule`]: one of these
//! - [`calendar`]: `calendar:` and calendar files
//! - `sites`: reads the sites, from the config or a table
//!
//! A [`Project`] is valid by construction; no other module validates it again.

pub mod allowance;
mod allowance_reader;
pub mod calendar;
pub mod config;
pub mod digest;
pub mod edit;
pub mod keys;
pub(crate) mod mapping;
mod named;
pub mod own_rule;
pub mod photos;
pub mod privacy;
pub mod rankings;
mod remedy;
mod rules;
mod rungs;
mod selection;
pub(crate) mod selection_reader;
mod sites;
pub mod vocabulary;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::FixedOffset;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::document::layout::Look;
use crate::fault::Severities;
use crate::ladder::{Ladder, Span};
use crate::model::Field;
use crate::model::field::{FieldKind, MAY_BE_UNSTATED};
use crate::model::key::{Key, KeyValue};

use crate::model::state::AsOf;
use crate::model::value::UNSTATED;
use crate::project::allowance::Allowance;
use crate::project::own_rule::OwnRule;
use crate::project::photos::PhotoSettings;
use crate::project::privacy::Privacy;
use crate::project::rankings::Rankings;
use crate::register::{NumberKey, Pattern, PatternError, Reset, Series};
use crate::source::find::LogPattern;
use crate::words::calendar::Calendar;
use crate::words::date::{self, DateOrder};
use crate::words::lang::{Lang, Region};
use crate::words::look_alike::one_spelling;
use crate::words::near::nearest;
use crate::words::symbol::Symbol;
pub use selection::Selection;
use vocabulary::Vocabularies;

/// The file name of the config.
pub const FILE_NAME: &str = "duban.yaml";

/// Everything an office has declared. `Project::default()` applies without a config.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder of `duban.yaml`.
    pub root: PathBuf,
    /// Whether there is a `duban.yaml`.
    pub configured: bool,
    /// The language in which the config writes its keys.
    pub keys: Lang,
    /// The language of messages and documents.
    pub lang: Option<Lang>,
    /// Which English its documents are written in.
    pub region: Region,
    /// The office that writes the documents.
    pub office: Office,
    /// Files, folders and patterns of the logs, relative to the root.
    pub logs: Vec<LogPattern>,
    /// The sheets of workbooks to read: names, numbers from 1, or patterns. If empty, the sheet that looks like a log.
    pub sheets: Vec<String>,
    /// The file of the faults accepted for now (`check --write-baseline`), relative to the root.
    pub baseline: Option<PathBuf>,
    /// The units, in the order declared.
    pub units: Vec<Unit>,
    /// The inspection teams, in the order declared.
    pub teams: Vec<Team>,
    /// The sites, in the order declared.
    pub sites: Vec<Site>,
    /// The delimiter of the table of sites, if the config names one.
    pub sites_delimiter: u8,
    /// The categories, in the order declared.
    pub categories: Vec<Named>,
    /// The spellings of the values of every field.
    pub vocabularies: Vocabularies,
    /// Additional header spellings.
    pub columns: Vec<(Field, String)>,
    /// Headers of columns to ignore without a message.
    pub ignore: Vec<String>,
    /// The values of empty cells and missing columns.
    pub defaults: Vec<(Field, String)>,
    /// Selections of rows that are not issues.
    pub not_issues: Vec<Vec<(Field, Vec<String>)>>,
    /// How to read ambiguous dates such as `03/04/2021`.
    pub date_order: Option<DateOrder>,
    /// The year of dates without one, where nothing nearer tells it.
    pub year: Option<i32>,
    /// The zone of the office: the day of a time that states its distance from UTC is that of this zone.
    pub zone: FixedOffset,
    /// The calendar of working days.
    pub calendar: Calendar,
    /// The calendar file that the config names, if there is one.
    pub calendar_file: Option<String>,
    /// The number of days ahead that count as due soon, and whether they are working days.
    pub due_soon: (u32, bool),
    /// The ladder, if declared; [`Project::ladder`] falls back to the default one.
    pub ladder: Option<Ladder>,
    /// Which units stand on the red list and which on the black one.
    pub rankings: Rankings,
    /// The series of document numbers, by name.
    pub series: IndexMap<String, Series>,
    /// The dimensions declared as a partition (`false`) or as multi-valued (`true`).
    pub dimensions: Vec<(Field, bool)>,
    /// The codes with the severity of each.
    pub severities: Severities,
    /// The faults that are let pass for a reason, until a day.
    pub allowances: Vec<Allowance>,
    /// The rules of the office's own, by code.
    pub rules: Vec<Arc<OwnRule>>,
    /// What a public edition shows.
    pub privacy: Privacy,
    /// Where photos lie, and how they are made ready.
    pub photos: PhotoSettings,
    /// The fonts and the paper of documents.
    pub look: Look,
    /// The LibreOffice that makes PDF, if the config names it: on this machine, and by the name of LibreOffice.
    pub pdf_with: Option<PathBuf>,
    /// Sums that must be equal before a document is written.
    pub identities: Vec<Identity>,
    /// Default values for `--set`, such as the place of interviews or the subject of inspections.
    pub set: IndexMap<String, String>,
}

/// China standard time, UTC+8.
const CHINA: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(zone) => zone,
    None => panic!("eight hours are less than a day"),
};

/// The number patterns (Chinese, English) of the built-in series that a project does not declare.
///
/// They differ, so that documents of different kinds are never confused. Practice; the standard leaves the numbers of
/// working papers open.
const NUMBERS: [(&str, &str, &str); 9] = [
    ("bulletin", "第{n}期", "Bulletin {n}/{year}"),
    ("briefing", "{year}年第{n}期", "Briefing {n}/{year}"),
    ("summary", "{code}综述〔{year}〕{n}号", "Summary {n}/{year}"),
    ("assignment", "{code}交办〔{year}〕{n}号", "Assignment {n}/{year}"),
    ("rectification", "{code}整改〔{year}〕{n}号", "Rectification {n}/{year}"),
    ("reminder", "{code}提醒〔{year}〕{n}号", "Reminder {n}/{year}"),
    ("supervision", "{code}督办〔{year}〕{n}号", "Supervision {n}/{year}"),
    ("correction", "{code}更正〔{year}〕{n}号", "Correction {n}/{year}"),
    ("interview", "{code}约谈〔{year}〕{n}号", "Interview {n}/{year}"),
];

/// The patterns that series had before each had a mark of its own: the issues of bulletins, and numbers.
const EARLIER_NUMBERS: [&str; 3] = ["第{n}期", "〔{year}〕{n}号", "No. {n}/{year}"];

/// The office that supervises.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Office {
    /// Its full name.
    pub name: String,
    /// The red masthead of its bulletin.
    pub mark: String,
    /// 机关代字: `{code}` in numbers.
    pub code: String,
    /// The name that documents are signed with.
    pub signature: String,
    /// The contact person and telephone number.
    pub contact: String,
    /// How it addresses the units it writes to.
    pub address: Address,
}

/// How letters address a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Address {
    /// 你单位, to subordinate units.
    #[default]
    Subordinate,
    /// 贵单位, between organs neither of which is subordinate to the other (函, 条例 art. 8).
    Peer,
}

impl Address {
    /// Returns the form of address for use in a sentence. English has one for both.
    #[must_use]
    pub fn you(self, lang: Lang) -> &'static str {
        match self {
            Self::Subordinate => lang.pick("你单位", "your unit"),
            Self::Peer => lang.pick("贵单位", "your unit"),
        }
    }
}

/// A name and its aliases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Alternative spellings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Where it is declared: the source of a figure that counts it.
    #[serde(flatten)]
    pub declared: Option<DeclaredAt>,
}

/// A line of the config, or of a table that the config names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeclaredAt {
    /// The file, relative to the project's folder.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A responsible unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Name and aliases.
    #[serde(flatten)]
    pub named: Named,
    /// The group it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The head of the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Its postal address, for letters in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its contact details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// An inspection team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Name and aliases.
    #[serde(flatten)]
    pub named: Named,
    /// The units it inspects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
}

/// A site of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Name and aliases.
    #[serde(flatten)]
    pub named: Named,
    /// The type of site.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub site_type: Option<String>,
    /// The team that inspects it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The unit responsible for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A value that is invalid for its key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}; {}", self.message(Lang::En), self.help(Lang::En))]
pub struct UnknownValue {
    /// The key.
    pub key: Key,
    /// The value as written.
    pub written: String,
    /// The valid value that was probably meant.
    pub suggestion: Option<String>,
    /// The valid values, or an example.
    pub known: Vec<String>,
}

impl UnknownValue {
    /// Returns the error message.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let (key, written) = (self.key, &self.written);
        lang.pick(format!("{key} 不能是 `{written}`"), format!("{key} can't be `{written}`"))
    }

    /// Whether what is valid is a form and no list: of dates and periods.
    fn is_example(&self) -> bool {
        let is_of_days = |field: Field| matches!(field.info().kind, FieldKind::Date | FieldKind::Deadline);
        match self.key {
            Key::Found(_) => true,
            Key::Field(field) => is_of_days(field),
            _ => false,
        }
    }

    /// Returns a hint: a suggestion, the valid values, or an example.
    #[must_use]
    pub fn help(&self, lang: Lang) -> String {
        // A list of all units of a city is no help.
        let list = if self.known.len() > 20 { String::new() } else { self.known.join(" ") };
        match (&self.suggestion, list.as_str()) {
            (Some(value), _) => lang.pick(format!("是否指 `{value}`？"), format!("did you mean `{value}`?")),
            (None, "") => lang.pick("可用的值见 duban.yaml", "see duban.yaml for the valid values").to_owned(),
            (None, example) if self.is_example() => {
                lang.pick(format!("要写成 {example} 这样"), format!("write it like {example}"))
            }
            (None, list) => lang.pick(format!("可用：{list}"), format!("available: {list}")),
        }
    }
}

/// Two sums that must be equal.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The name shown to people.
    pub name: String,
    /// The counts added up on the left.
    pub left: Vec<Selection>,
    /// The counts added up on the right.
    pub right: Vec<Selection>,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            root: PathBuf::from("."),
            configured: false,
            keys: Lang::En,
            lang: None,
            region: Region::default(),
            office: Office::default(),
            logs: Vec::new(),
            sheets: Vec::new(),
            baseline: None,
            units: Vec::new(),
            teams: Vec::new(),
            sites: Vec::new(),
            sites_delimiter: b',',
            categories: Vec::new(),
            vocabularies: Vocabularies::built_in(),
            columns: Vec::new(),
            ignore: Vec::new(),
            defaults: Vec::new(),
            not_issues: Vec::new(),
            date_order: None,
            year: None,
            zone: CHINA,
            calendar: Calendar::cn(),
            calendar_file: None,
            due_soon: (3, false),
            ladder: None,
            rankings: Rankings::default(),
            series: IndexMap::new(),
            dimensions: Vec::new(),
            severities: Severities::default(),
            allowances: Vec::new(),
            rules: Vec::new(),
            privacy: Privacy::default(),
            photos: PhotoSettings::default(),
            look: Look::default(),
            pdf_with: None,
            identities: Vec::new(),
            set: IndexMap::new(),
        }
    }
}

impl Project {
    /// Returns the unit with a name.
    #[must_use]
    pub fn unit(&self, name: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.named.name == name)
    }

    /// Returns another series that is declared with a pattern.
    fn series_with(&self, pattern: &Pattern, but: &str) -> Option<&str> {
        let mut declared = self.series.values().filter(|series| series.name != but);
        declared.find(|series| series.pattern == *pattern).map(|series| series.name.as_str())
    }

    /// Returns the series with a name. One that is not declared counts from 1 in each year; its mark is that of the built-in
    /// series, or `title`. One whose last number, as `printed`, was printed otherwise goes on as it was.
    ///
    /// # Errors
    /// A default pattern is invalid, which the tests rule out.
    pub fn series(
        &self,
        name: &str,
        title: &str,
        lang: Lang,
        printed: Option<(&NumberKey, &str)>,
    ) -> Result<Series, PatternError> {
        let declared = self.series.get(name);
        let own = if let Some(series) = declared {
            series.clone()
        } else {
            let title = title.replace(['{', '}'], "");
            let built_in = NUMBERS.iter().find(|(known, ..)| *known == name);
            let pattern = match built_in {
                Some((_, zh, en)) => lang.pick(*zh, *en).to_owned(),
                None => lang.pick(format!("{{code}}{title}〔{{year}}〕{{n}}号"), format!("{title} {{n}}/{{year}}")),
            };
            let pattern = pattern.parse()?;
            Series { name: name.to_owned(), pattern, reset: Reset::Yearly, start: 1, doubles: false }
        };
        let Some((key, number)) = printed else { return Ok(own) };
        let mut known = vec![own.clone(), Series { doubles: true, ..own.clone() }];
        if declared.is_none() {
            for pattern in EARLIER_NUMBERS {
                known.push(Series { pattern: pattern.parse()?, ..own.clone() });
            }
        }
        let goes_on = known.into_iter().find(|series| series.format(key.n, key.year, &self.office.code) == number);
        Ok(goes_on.unwrap_or(own))
    }

    /// Returns the declared ladder, or the default one, whose first rung is due when a deadline counts as soon.
    #[must_use]
    pub fn ladder(&self) -> Ladder {
        let (n, working) = self.due_soon;
        self.ladder.clone().unwrap_or_else(|| Ladder::usual(Span { n, working }))
    }

    /// Whether counts by a key may add up to more than the total, as declared or by the kind of field.
    #[must_use]
    pub fn may_have_several(&self, key: Key) -> bool {
        let declared = match key {
            Key::Field(field) => self.dimensions.iter().rev().find(|(declared, _)| *declared == field),
            _ => None,
        };
        declared.map_or(key.may_have_several(), |(_, several)| *several)
    }

    /// Returns the reference date `day`, with the project's definition of due soon.
    #[must_use]
    pub fn as_of(&self, day: chrono::NaiveDate) -> AsOf {
        AsOf::new(day, self.due_soon.0, self.due_soon.1, &self.calendar)
    }

    /// Returns the canonical form of a value that the user typed for a key, such as the name of a unit for its alias. A
    /// blank value stays blank. A blank disposition or category is
    /// `unstated`.
    ///
    /// # Errors
    /// The key has a closed list of values, or takes dates, periods or yes and no, and the value is not one of them.
    pub fn canonical(&self, key: Key, text: &str) -> Result<String, UnknownValue> {
        let text = text.trim();
        let unknown = |suggestion: Option<String>, known: Vec<String>| UnknownValue {
            key,
            written: text.to_owned(),
            suggestion,
            known,
        };
        let is_unstated = || {
            let labels = ["", UNSTATED, "未注明"];
            labels.contains(&text) && matches!(key, Key::Field(field) if MAY_BE_UNSTATED.contains(&field))
        };
        if is_unstated() {
            return Ok(UNSTATED.to_owned());
        }
        if text.is_empty() {
            return Ok(String::new());
        }
        let field = match key {
            Key::Field(field) => field,
            Key::Is(_) => {
                let known =
                    || self.lang.unwrap_or_default().pick(["是", "否"], ["yes", "no"]).map(str::to_owned).to_vec();
                return yes_or_no(text)
                    .map(str::to_owned)
                    .ok_or_else(|| unknown(nearest(text, YES.into_iter().chain(NO)).map(str::to_owned), known()));
            }
            Key::Found(length) => {
                let form = || length.of(chrono::NaiveDate::from_ymd_opt(2021, 8, 20).unwrap_or_default());
                return if length.is(text) { Ok(text.to_owned()) } else { Err(unknown(None, vec![form()])) };
            }
            Key::State | Key::Age => {
                let values = key.computed_values();
                let is_meant = |value: &&KeyValue| [value.key, value.zh, value.en].contains(&text);
                return values.iter().find(is_meant).map(|value| value.key.to_owned()).ok_or_else(|| {
                    let lang = self.lang.unwrap_or_default();
                    let known = || values.iter().map(|value| lang.pick(value.zh, value.key));
                    unknown(nearest(text, known()).map(str::to_owned), known().map(str::to_owned).collect())
                });
            }
            Key::Group | Key::Extra(_) => return Ok(text.to_owned()),
        };
        match field.info().kind {
            FieldKind::Value | FieldKind::Values => {
                let vocabulary = self.vocabularies.of(field);
                match vocabulary.find(text) {
                    Some(value) => Ok(value.to_string()),
                    None if !vocabulary.closed => Ok(one_spelling(text)),
                    None => {
                        let lang = self.lang.unwrap_or_default();
                        let typed = |value: &Symbol| lang.pick(vocabulary.label(*value, Lang::Zh), value.to_string());
                        Err(unknown(vocabulary.suggest(text, lang), vocabulary.values().iter().map(typed).collect()))
                    }
                }
            }
            FieldKind::Date | FieldKind::Deadline => {
                let read = date::parse(text, None, self.date_order);
                read.map(|read| read.date.to_string()).map_err(|_| unknown(None, vec!["2021-08-20".to_owned()]))
            }
            _ => Ok(text.to_owned()),
        }
    }

    /// Returns the display label of a value: 现场整改 for `on_site`.
    #[must_use]
    pub fn value_label(&self, key: Key, value: &str, lang: Lang) -> String {
        match key {
            Key::Field(field) if value == UNSTATED && MAY_BE_UNSTATED.contains(&field) => {
                lang.pick("未注明", UNSTATED).to_owned()
            }
            Key::Field(field) => self.vocabularies.of(field).label(Symbol::new(value), lang),
            Key::Is(_) => lang.pick(if value == "yes" { "是" } else { "否" }, value).to_owned(),
            Key::State | Key::Age => {
                let known = key.computed_values().iter().find(|known| known.key == value);
                known.map_or(value, |known| lang.pick(known.zh, known.en)).to_owned()
            }
            _ => value.to_owned(),
        }
    }
}

const YES: [&str; 6] = ["yes", "true", "y", "1", "是", "√"];
const NO: [&str; 6] = ["no", "false", "n", "0", "否", "×"];

fn yes_or_no(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let is_in = |words: [&str; 6]| words.contains(&text.as_str());
    if is_in(YES) { Some("yes") } else { is_in(NO).then_some("no") }
}
