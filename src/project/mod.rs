//! `duban.yaml`: what an office tells duban about itself.
//!
//! - [`config`]: from located YAML to a [`Project`], with every fault at its place
//! - [`vocabulary`]: spellings to canonical values
//! - `keys`: walking a mapping whose keys are known
//! - `rungs`: the ladder
//!
//! A [`Project`] is valid by construction; nothing behind this door checks it again.

pub mod config;
pub(crate) mod mapping;
mod named;
pub mod privacy;
mod rungs;
mod sites;
pub mod vocabulary;

use std::path::PathBuf;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::document::layout::Look;
use crate::fault::Severities;
use crate::ladder::{Ladder, Span};
use crate::model::Field;
use crate::model::field::{FieldKind, MAY_BE_UNSTATED};
use crate::model::key::Key;
use crate::model::period::{Period, month_of, week_of};
use crate::model::state::AsOf;
use crate::model::value::UNSTATED;
use crate::project::privacy::Privacy;
use crate::register::{PatternError, Reset, Series};
use crate::words::calendar::Calendar;
use crate::words::date::{self, DateOrder};
use crate::words::lang::Lang;
use crate::words::near::nearest;
use crate::words::symbol::Symbol;
use vocabulary::Vocabularies;

/// The name of the config.
pub const FILE_NAME: &str = "duban.yaml";

/// Everything an office has declared; `Project::default()` is what holds without a config.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder of `duban.yaml`.
    pub root: PathBuf,
    /// Whether there is a `duban.yaml`.
    pub configured: bool,
    /// The language of messages and documents.
    pub lang: Option<Lang>,
    /// Who writes.
    pub office: Office,
    /// Where logs are, relative to the root.
    pub logs: Vec<String>,
    /// Which sheets of workbooks are read: names, numbers from 1, patterns; none for the one that looks like a log.
    pub sheets: Vec<String>,
    /// Units in the order declared.
    pub units: Vec<Unit>,
    /// Teams in the order declared.
    pub teams: Vec<Team>,
    /// Sites in the order declared.
    pub sites: Vec<Site>,
    /// By what the cells of the table of sites are parted, where the config names one.
    pub sites_delimiter: u8,
    /// Categories in the order declared.
    pub categories: Vec<Named>,
    /// Spellings of the values of every field.
    pub vocabularies: Vocabularies,
    /// Extra header spellings.
    pub columns: Vec<(Field, String)>,
    /// Headers that nobody reads, and nobody need be told of.
    pub ignore: Vec<String>,
    /// What an empty cell or a missing column means.
    pub defaults: Vec<(Field, String)>,
    /// Rows that are no issues.
    pub not_issues: Vec<Vec<(Field, Vec<String>)>>,
    /// What `03/04/2021` means.
    pub date_order: Option<DateOrder>,
    /// Working days.
    pub calendar: Calendar,
    /// How many days ahead count as due soon, and whether they are working days.
    pub due_soon: (u32, bool),
    /// The ladder declared; [`Project::ladder`] knows the usual one.
    pub ladder: Option<Ladder>,
    /// The running numbers.
    pub series: IndexMap<String, Series>,
    /// Dimensions declared a partition (`false`) or multi-valued (`true`).
    pub dimensions: Vec<(Field, bool)>,
    /// How grave each code is.
    pub severities: Severities,
    /// What a public edition shows.
    pub privacy: Privacy,
    /// How its documents look.
    pub look: Look,
    /// Sums that must agree before a document is written.
    pub identities: Vec<Identity>,
    /// What `--set` need not give: the place of interviews, say, or the subject of inspections.
    pub set: IndexMap<String, String>,
}

/// The numbers of the built-in series where the project declares none: two papers of different kinds never look alike.
/// Practice; the standard leaves the numbers of working papers open.
const NUMBERS: [(&str, &str, &str); 7] = [
    ("bulletin", "第{n}期", "No. {n}/{year}"),
    ("briefing", "第{n}期", "No. {n}/{year}"),
    ("assignment", "{code}交办〔{year}〕{n}号", "Assignment {n}/{year}"),
    ("rectification", "{code}整改〔{year}〕{n}号", "Rectification {n}/{year}"),
    ("reminder", "{code}提醒〔{year}〕{n}号", "Reminder {n}/{year}"),
    ("supervision", "{code}督办〔{year}〕{n}号", "Supervision {n}/{year}"),
    ("interview", "{code}约谈〔{year}〕{n}号", "Interview {n}/{year}"),
];

/// The office that supervises.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Office {
    /// Its full name.
    pub name: String,
    /// What stands in red at the head of its bulletin.
    pub mark: String,
    /// 机关代字: `{code}` in numbers.
    pub code: String,
    /// The name under a document.
    pub signature: String,
    /// Whom to call.
    pub contact: String,
    /// How it addresses the units it writes to.
    pub address: Address,
}

/// How letters address a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Address {
    /// 你单位, to those below.
    #[default]
    Subordinate,
    /// 贵单位, between organs of which neither is below the other (函, 条例 art. 8).
    Peer,
}

impl Address {
    /// What stands for the unit in a sentence. English has one word for both.
    #[must_use]
    pub fn you(self, lang: Lang) -> &'static str {
        match self {
            Self::Subordinate => lang.pick("你单位", "your unit"),
            Self::Peer => lang.pick("贵单位", "your unit"),
        }
    }
}

/// A name with other spellings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Other spellings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Where it is declared: what stands behind a figure that counts it.
    #[serde(flatten)]
    pub declared: Option<DeclaredAt>,
}

/// A line of the config, or of a table that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeclaredAt {
    /// The file, relative to the project's folder.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// A responsible unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Name and aliases.
    #[serde(flatten)]
    pub named: Named,
    /// What it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Who leads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// How to reach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// An inspection team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Name and aliases.
    #[serde(flatten)]
    pub named: Named,
    /// The units it watches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
}

/// A site of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Name and aliases.
    #[serde(flatten)]
    pub named: Named,
    /// What sort of place it is.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub site_type: Option<String>,
    /// Which team sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Which unit answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A value that its key can't have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}; {}", self.message(Lang::En), self.help(Lang::En))]
pub struct UnknownValue {
    /// The key.
    pub key: Key,
    /// As written.
    pub written: String,
    /// What may have been meant.
    pub near: Option<String>,
    /// What there is, or an example.
    pub known: Vec<String>,
}

impl UnknownValue {
    /// What is wrong, for people.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let (key, written) = (self.key, &self.written);
        lang.pick(format!("{key} 不能是 `{written}`"), format!("{key} can't be `{written}`"))
    }

    /// What would be right, for people.
    #[must_use]
    pub fn help(&self, lang: Lang) -> String {
        // A list of all units of a city helps nobody.
        let list = if self.known.len() > 20 { String::new() } else { self.known.join(" ") };
        match (&self.near, list.as_str()) {
            (Some(near), _) => lang.pick(format!("是否指 `{near}`？"), format!("did you mean `{near}`?")),
            (None, "") => lang.pick("可用的值见 duban.yaml", "the values are in duban.yaml").to_owned(),
            (None, list) => lang.pick(format!("可用：{list}"), format!("available: {list}")),
        }
    }
}

/// A selection: every key must hold, a key holds if one of its values does.
pub type Selection = Vec<(Key, Vec<String>)>;

/// Two sums that must be equal.
#[derive(Clone, Debug)]
pub struct Identity {
    /// What people call it.
    pub name: String,
    /// The counts added on one side.
    pub left: Vec<Selection>,
    /// The counts added on the other side.
    pub right: Vec<Selection>,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            root: PathBuf::from("."),
            configured: false,
            lang: None,
            office: Office::default(),
            logs: Vec::new(),
            sheets: Vec::new(),
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
            calendar: Calendar::cn(),
            due_soon: (3, false),
            ladder: None,
            series: IndexMap::new(),
            dimensions: Vec::new(),
            severities: Severities::default(),
            privacy: Privacy::default(),
            look: Look::default(),
            identities: Vec::new(),
            set: IndexMap::new(),
        }
    }
}

impl Project {
    /// The unit with a name.
    #[must_use]
    pub fn unit(&self, name: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.named.name == name)
    }

    /// The series with a name; one that is not configured counts from 1 within each year.
    ///
    /// # Errors
    /// Never for the built-in pattern.
    pub fn series(&self, name: &str, lang: Lang) -> Result<Series, PatternError> {
        if let Some(series) = self.series.get(name) {
            return Ok(series.clone());
        }
        let usual = NUMBERS.iter().find(|(known, ..)| *known == name);
        let (zh, en) = usual.map_or(("〔{year}〕{n}号", "No. {n}/{year}"), |(_, zh, en)| (*zh, *en));
        let pattern = lang.pick(zh, en).parse()?;
        Ok(Series { name: name.to_owned(), pattern, reset: Reset::Yearly, start: 1 })
    }

    /// The ladder declared, else the usual one, whose first rung is called for when a deadline is soon.
    #[must_use]
    pub fn ladder(&self) -> Ladder {
        let (n, working) = self.due_soon;
        self.ladder.clone().unwrap_or_else(|| Ladder::usual(Span { n, working }))
    }

    /// Whether counts by a key may add to more than the total: as declared, else by the field's kind.
    #[must_use]
    pub fn may_have_several(&self, key: Key) -> bool {
        let declared = match key {
            Key::Field(field) => self.dimensions.iter().rev().find(|(declared, _)| *declared == field),
            _ => None,
        };
        declared.map_or(key.may_have_several(), |(_, several)| *several)
    }

    /// A day to look at issues from, with the project's idea of "soon".
    #[must_use]
    pub fn as_of(&self, day: chrono::NaiveDate) -> AsOf {
        AsOf::new(day, self.due_soon.0, self.due_soon.1, &self.calendar)
    }

    /// The canonical form of a value the user typed for a key: `金光路办事处` for its unit's name. A blank stays blank, but
    /// as a disposition or a category it is `unstated`.
    ///
    /// # Errors
    /// The key has a closed list of values, or takes days or yes and no, and this is none of them.
    pub fn canonical(&self, key: Key, text: &str) -> Result<String, UnknownValue> {
        let text = text.trim();
        let none =
            |near: Option<String>, known: Vec<String>| UnknownValue { key, written: text.to_owned(), near, known };
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
            Key::State(_) => {
                let known = || ["yes", "no"].map(str::to_owned).to_vec();
                return yes_or_no(text)
                    .map(str::to_owned)
                    .ok_or_else(|| none(nearest(text, YES.into_iter().chain(NO)).map(str::to_owned), known()));
            }
            Key::Month | Key::Week => {
                let read = text.parse::<Period>().ok().filter(|period| {
                    period.from.is_some_and(|day| text == if key == Key::Month { month_of(day) } else { week_of(day) })
                });
                let form = if key == Key::Month { "2021-08" } else { "2021-W32" };
                return read.map(|_| text.to_owned()).ok_or_else(|| none(None, vec![form.to_owned()]));
            }
            Key::Group | Key::Extra(_) => return Ok(text.to_owned()),
        };
        match field.info().kind {
            FieldKind::Value | FieldKind::Values => {
                let vocabulary = self.vocabularies.of(field);
                match vocabulary.find(text) {
                    Some(value) => Ok(value.to_string()),
                    None if !vocabulary.closed => Ok(text.to_owned()),
                    None => {
                        let near = vocabulary.near(text, self.lang.unwrap_or_default());
                        Err(none(near, vocabulary.values().iter().map(ToString::to_string).collect()))
                    }
                }
            }
            FieldKind::Date | FieldKind::Deadline => {
                let read = date::parse(text, None, self.date_order);
                read.map(|read| read.date.to_string()).map_err(|_| none(None, vec!["2021-08-20".to_owned()]))
            }
            _ => Ok(text.to_owned()),
        }
    }

    /// The label of a value for people: `on_site` as 现场整改.
    #[must_use]
    pub fn value_label(&self, key: Key, value: &str, lang: Lang) -> String {
        match key {
            Key::Field(field) if value == UNSTATED && MAY_BE_UNSTATED.contains(&field) => {
                lang.pick("未注明", UNSTATED).to_owned()
            }
            Key::Field(field) => self.vocabularies.of(field).label(Symbol::new(value), lang),
            Key::State(_) => lang.pick(if value == "yes" { "是" } else { "否" }, value).to_owned(),
            _ => value.to_owned(),
        }
    }
}

const YES: [&str; 6] = ["yes", "true", "y", "1", "是", "√"];
const NO: [&str; 6] = ["no", "false", "n", "0", "否", "×"];

fn yes_or_no(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let among = |words: [&str; 6]| words.contains(&text.as_str());
    if among(YES) { Some("yes") } else { among(NO).then_some("no") }
}
