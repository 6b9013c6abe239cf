//! `duban.yaml`: what an office tells duban about itself.
//!
//! - [`config`]: from located YAML to a [`Project`], with every fault at its place
//! - [`vocabulary`]: spellings to canonical values
//! - `keys`: walking a mapping whose keys are known
//!
//! A [`Project`] is valid by construction; nothing behind this door checks it again.

pub mod config;
mod keys;
pub mod vocabulary;

use std::path::PathBuf;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::fault::Severities;
use crate::model::Field;
use crate::model::field::FieldKind;
use crate::model::key::Key;
use crate::model::state::AsOf;
use crate::register::{PatternError, Reset, Series};
use crate::words::calendar::Calendar;
use crate::words::date::DateOrder;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;
use vocabulary::Vocabularies;

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
    /// Units in the order declared.
    pub units: Vec<Unit>,
    /// Teams in the order declared.
    pub teams: Vec<Team>,
    /// Sites in the order declared.
    pub sites: Vec<Site>,
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
    /// The running numbers.
    pub series: IndexMap<String, Series>,
    /// Dimensions declared a partition (`false`) or multi-valued (`true`).
    pub dimensions: Vec<(Field, bool)>,
    /// How grave each code is.
    pub severities: Severities,
    /// Sums that must agree before a document is written.
    pub identities: Vec<Identity>,
}

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
    pub declared: Option<Declared>,
}

/// A line of the config, or of a table that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Declared {
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
            units: Vec::new(),
            teams: Vec::new(),
            sites: Vec::new(),
            categories: Vec::new(),
            vocabularies: Vocabularies::built_in(),
            columns: Vec::new(),
            ignore: Vec::new(),
            defaults: Vec::new(),
            not_issues: Vec::new(),
            date_order: None,
            calendar: Calendar::cn(),
            due_soon: (3, false),
            series: IndexMap::new(),
            dimensions: Vec::new(),
            severities: Severities::default(),
            identities: Vec::new(),
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
        let pattern = lang.pick("〔{year}〕{n}号", "No. {n}/{year}").parse()?;
        Ok(Series { name: name.to_owned(), pattern, reset: Reset::Yearly, start: 1 })
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

    /// The canonical form of a value the user typed for a key: `金光路办事处` for its unit's name.
    #[must_use]
    pub fn canonical(&self, key: Key, text: &str) -> String {
        let field = match key {
            Key::Field(field) => field,
            Key::State(_) => return yes_or_no(text).to_owned(),
            _ => return text.trim().to_owned(),
        };
        match field.info().kind {
            FieldKind::Value | FieldKind::Values => {
                self.vocabularies.of(field).find(text).map_or_else(|| text.trim().to_owned(), |value| value.to_string())
            }
            FieldKind::Date | FieldKind::Deadline => {
                let date = crate::words::date::parse(text, None, self.date_order);
                date.map_or_else(|_| text.trim().to_owned(), |read| read.date.to_string())
            }
            _ => text.trim().to_owned(),
        }
    }

    /// The label of a value for people: `on_site` as 现场整改.
    #[must_use]
    pub fn value_label(&self, key: Key, value: &str, lang: Lang) -> String {
        match key {
            Key::Field(field) => self.vocabularies.of(field).label(Symbol::new(value), lang),
            Key::State(_) => lang.pick(if value == "yes" { "是" } else { "否" }, value).to_owned(),
            _ => value.to_owned(),
        }
    }
}

fn yes_or_no(text: &str) -> &'static str {
    match text.trim().to_lowercase().as_str() {
        "yes" | "true" | "y" | "1" | "是" | "√" => "yes",
        _ => "no",
    }
}
