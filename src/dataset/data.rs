//! What a template sees, and nothing more: plain data that is the same after a trip through JSON.
//!
//! Nothing here is a figure yet. Figures are counted over [`Records`] by the template's functions, so that a document
//! rendered from a saved `Data` says the same as one rendered from the logs.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::dataset::correction::Correction;
use crate::dataset::edition::Edition;
use crate::dataset::list_name::{ListName, RowList};
use crate::dataset::record::{Record, texts};
use crate::dataset::records::Records;
use crate::dataset::row_ref::RowRef;
use crate::dataset::series::Previous;
use crate::fault::FaultCount;
use crate::model::Field;
use crate::model::field::{FIELDS, FieldKind};
use crate::model::key::Key;
use crate::model::period::Period;
use crate::model::state::AsOf;
use crate::project::rankings::Rankings;
use crate::project::vocabulary::Vocabularies;
use crate::project::{Identity, Named, Office, Project, Selection};
use crate::tally::as_of_summary::LeftOut;
use crate::words::lang::{Lang, Region};
use crate::words::punctuation::Punctuation;

/// Everything one document is made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked by itself")]
pub struct Data {
    /// The kind's name.
    pub kind: String,
    /// The language of the document.
    #[serde(serialize_with = "lang_code", deserialize_with = "lang_of_code")]
    pub lang: Lang,
    /// Which English, if it is English.
    #[serde(default, skip_serializing_if = "Region::is_usual")]
    pub region: Region,
    /// The day the standings hold for, and the date of the document.
    pub as_of: NaiveDate,
    /// The last day that counts as due soon.
    pub due_soon: NaiveDate,
    /// What the logs have and the document has not.
    #[serde(default)]
    pub left_out: LeftOut,
    /// Issues of the run that count as closed or rectified by a status without a day, if the run looks back.
    #[serde(default)]
    pub by_undated_word: u64,
    /// The days of finding that the document speaks of.
    pub period: Period,
    /// Who writes.
    pub office: Office,
    /// The number as printed; nothing in a draft.
    pub number: Option<String>,
    /// The running number.
    pub n: Option<u32>,
    /// The year of the number.
    pub year: i32,
    /// Whether no number has been taken.
    pub draft: bool,
    /// For whom it is written.
    #[serde(default)]
    pub edition: Edition,
    /// Counts of issues and measures from 1 to below it are shown in words; nothing if all are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small_counts: Option<u64>,
    /// The unit a letter goes to.
    pub unit: Option<Addressee>,
    /// The series of its number.
    #[serde(default)]
    pub series: String,
    /// Whether it speaks of the issues that no document of its series has listed, where a call asks for no period; else of
    /// those of its period.
    #[serde(default)]
    pub unreported: bool,
    /// The last document of the same series, for letters the last one to the same unit.
    pub previous: Option<Previous>,
    /// What the issues are compared with, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// The day by which an answer is asked for.
    pub reply_by: Option<NaiveDate>,
    /// Whether the ladder called for it: its issues are those that called, whatever their standing.
    #[serde(default)]
    pub called: bool,
    /// The faults of the logs it was read from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<FaultCount>,
    /// What it puts right in an earlier document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// By what the text is divided: `unit` or `category`.
    #[serde(default)]
    pub outline: String,
    /// Whether the built-in texts have their charts.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub charts: bool,
    /// Which punctuation the texts of the logs have.
    #[serde(default, skip_serializing_if = "Punctuation::is_by_script")]
    pub punctuation: Punctuation,
    /// What was given by `--set key=value`.
    pub set: IndexMap<String, String>,
    /// Whether a dimension is a partition of the issues or may hold several values.
    pub dimensions: IndexMap<String, Dimension>,
    /// What the project declares must agree.
    pub identities: Vec<DeclaredIdentity>,
    /// Which units stand on the red list and which on the black one.
    #[serde(default, skip_serializing_if = "Rankings::is_empty")]
    pub rankings: Rankings,
    /// The order of the values of each vocabulary, the project's own included.
    pub values: IndexMap<String, Vec<String>>,
    /// The rows.
    #[serde(serialize_with = "shared", deserialize_with = "to_share")]
    pub records: Arc<Records>,
    /// The rows of the earlier submission, if it has other logs.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "shared_if_any",
        deserialize_with = "to_share_if_any"
    )]
    pub earlier: Option<Arc<Records>>,
}

/// The unit a letter goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// Its name.
    pub name: String,
    /// What it belongs to.
    pub group: Option<String>,
    /// Who leads it.
    pub head: Option<String>,
    /// Its postal address.
    #[serde(default)]
    pub address: Option<String>,
    /// How to reach it.
    pub contact: Option<String>,
}

/// What a dimension is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dimension {
    /// Every issue has one value: the counts by it add to the total.
    Partition,
    /// An issue may have several.
    Multi,
}

/// The earlier submission that issues are compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Against {
    /// What it is: files, a revision, or the number of a document.
    pub name: String,
    /// The day that its standings hold for.
    pub as_of: NaiveDate,
    /// The days of finding that are compared, if they are others than those of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Whether it has other logs than the document, and not the same ones as they stood on that day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_logs: bool,
}

/// An identity of the project, in keys and canonical values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredIdentity {
    /// What people call it.
    pub name: String,
    /// The selections whose counts are added on one side.
    pub left: Vec<IndexMap<String, Vec<String>>>,
    /// The selections whose counts are added on the other side.
    pub right: Vec<IndexMap<String, Vec<String>>>,
}

/// What the command asks for, beside the rows.
#[derive(Clone, Debug)]
pub struct Request {
    /// The language of the document.
    pub lang: Lang,
    /// The day, and how near a deadline must be.
    pub as_of: AsOf,
    /// The days of finding.
    pub period: Period,
    /// Whether issues that a document of the series has listed are listed again.
    pub again: bool,
    /// Only letters to these units; all that are selected if empty.
    pub units: Vec<String>,
    /// `--set key=value`.
    pub set: IndexMap<String, String>,
    /// What the logs have and the records have not.
    pub left_out: LeftOut,
    /// Issues that count as closed or rectified by a status without a day, if the run looks back.
    pub by_undated_word: u64,
    /// What the issues are compared with, if anything.
    pub against: Option<Against>,
    /// The rows of the earlier submission, if it has other logs.
    pub earlier: Option<Arc<Records>>,
}

impl Request {
    /// Asks for everything there is as of a day, with nothing left out.
    #[must_use]
    pub(crate) fn new(lang: Lang, as_of: AsOf) -> Self {
        Self {
            lang,
            as_of,
            period: Period::default(),
            again: false,
            units: Vec::new(),
            set: IndexMap::new(),
            left_out: LeftOut::default(),
            by_undated_word: 0,
            against: None,
            earlier: None,
        }
    }
}

impl Data {
    /// The data of a draft over some records: what the project says, and nothing yet of what a kind of document adds
    /// (its addressee, its predecessor, the day of reply).
    #[must_use]
    pub(crate) fn draft(kind: &str, project: &Project, records: Records, request: &Request) -> Self {
        let as_of = &request.as_of;
        Self {
            kind: kind.to_owned(),
            lang: request.lang,
            region: project.region,
            as_of: as_of.day,
            due_soon: as_of.soon,
            left_out: request.left_out,
            by_undated_word: request.by_undated_word,
            period: request.period,
            office: project.office.clone(),
            number: None,
            n: None,
            year: chrono::Datelike::year(&as_of.day),
            draft: true,
            edition: Edition::Internal,
            small_counts: None,
            unit: None,
            series: String::new(),
            unreported: false,
            previous: None,
            against: request.against.clone(),
            reply_by: None,
            called: false,
            faults: Vec::new(),
            correction: None,
            outline: String::new(),
            charts: true,
            punctuation: Punctuation::ByScript,
            set: request.set.clone(),
            dimensions: dimensions(project),
            identities: project.identities.iter().map(declared).collect(),
            rankings: project.rankings.clone(),
            values: values(project),
            records: Arc::new(records),
            earlier: request.earlier.clone(),
        }
    }

    /// Whether counts can be compared with those of the earlier submission. A public edition shows nothing of other logs, which
    /// are not looked through for persons, and gives no difference away where it hides small counts.
    #[must_use]
    pub fn is_compared(&self) -> bool {
        self.against.as_ref().is_some_and(|against| {
            let is_shown = self.edition == Edition::Internal || !against.other_logs && self.small_counts.is_none();
            // What was unreported then is known of the last document, whose issues are listed.
            let covers_alike = !self.unreported || !against.other_logs;
            is_shown && covers_alike
        })
    }

    /// The rows that some figures count.
    fn records_of(&self, of: RowList) -> &Records {
        self.earlier.as_ref().filter(|_| of.is_earlier).unwrap_or(&self.records)
    }

    /// A row that a figure counts.
    pub(crate) fn record(&self, of: RowList, index: usize) -> Option<Cow<'_, Record>> {
        self.records_of(of).record(of.list, index)
    }

    /// Where such a row stands, and what it is called.
    pub(crate) fn row_ref(&self, of: RowList, index: usize) -> Option<RowRef> {
        let earlier = self.against.as_ref().filter(|_| of.is_earlier).map(|against| against.as_of);
        let as_of = AsOf { day: earlier.unwrap_or(self.as_of), soon: self.due_soon };
        self.records_of(of).row_ref(of.list, index, &as_of)
    }

    /// Whether such a row names a person, or did before that was masked.
    pub(super) fn is_of_person(&self, of: RowList, index: usize) -> bool {
        self.records_of(of).is_of_person(of.list, index)
    }

    /// The same document with its number.
    #[must_use]
    pub fn numbered(self, number: impl Into<String>, n: u32, year: i32) -> Self {
        Self { number: Some(number.into()), n: Some(n), year, draft: false, ..self }
    }

    /// Whether the data holds a text anywhere: in a cell, the config, or a value given by `--set`.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        fn within(value: &Value, text: &str) -> bool {
            match value {
                Value::String(string) => string.contains(text),
                Value::Array(values) => values.iter().any(|value| within(value, text)),
                Value::Object(fields) => fields.iter().any(|(key, value)| key.contains(text) || within(value, text)),
                Value::Null | Value::Bool(_) | Value::Number(_) => false,
            }
        }
        serde_json::to_value(self).is_ok_and(|value| within(&value, text))
    }

    /// Whether both are of the same logs, lists and settings, and differ in addressee and number at most.
    pub(crate) fn is_of_one_run_with(&self, other: &Self) -> bool {
        let settings = |data: &Self| {
            let told = (data.left_out, data.by_undated_word);
            let scope = (data.period, data.unreported, data.called, data.punctuation);
            (data.lang, data.region, data.as_of, data.due_soon, told, scope)
        };
        Arc::ptr_eq(&self.records, &other.records)
            && settings(self) == settings(other)
            && (&self.office, &self.set, &self.against) == (&other.office, &other.set, &other.against)
            && (&self.dimensions, &self.identities, &self.values)
                == (&other.dimensions, &other.identities, &other.values)
    }

    /// The day, and how near a deadline must be.
    #[must_use]
    pub fn as_of(&self) -> AsOf {
        AsOf { day: self.as_of, soon: self.due_soon }
    }

    /// What is known of the project, for counting: vocabularies, dimensions, identities.
    #[must_use]
    pub(crate) fn project(&self) -> Project {
        let mut project = Project { office: self.office.clone(), lang: Some(self.lang), ..Project::default() };
        for (key, values) in &self.values {
            if let Some(field) = Field::from_key(key) {
                for value in values {
                    project.vocabularies.of_mut(field).add(value, []);
                }
            }
        }
        let lists = [
            (Field::Unit, ListName::Units),
            (Field::Team, ListName::Teams),
            (Field::Site, ListName::Sites),
            (Field::Category, ListName::Categories),
        ];
        for (field, list) in lists {
            for record in self.records.others(list) {
                let aliases: Vec<String> = record.get("aliases").map(texts).unwrap_or_default();
                let name = record.get("name").and_then(Value::as_str).unwrap_or_default();
                project.vocabularies.of_mut(field).add(name, aliases.iter().map(String::as_str));
                if field == Field::Category {
                    project.categories.push(Named { name: name.to_owned(), aliases, declared: None });
                }
            }
        }
        *project.vocabularies.of_mut(Field::CoUnits) = project.vocabularies.of(Field::Unit).clone();
        project.dimensions = self
            .dimensions
            .iter()
            .filter_map(|(key, dimension)| Some((Field::from_key(key)?, *dimension == Dimension::Multi)))
            .collect();
        project.identities = self.identities.iter().filter_map(undeclared).collect();
        project.rankings = self.rankings.clone();
        project
    }
}

/// Which fields a document may count by, and what each is.
fn dimensions(project: &Project) -> IndexMap<String, Dimension> {
    let counted =
        FIELDS.iter().filter(|info| info.of.issue && matches!(info.kind, FieldKind::Value | FieldKind::Values));
    counted
        .map(|info| {
            let several = project.may_have_several(Key::Field(info.field));
            (info.key.to_owned(), if several { Dimension::Multi } else { Dimension::Partition })
        })
        .collect()
}

/// The vocabularies that are not lists of records, where the project has changed them.
fn values(project: &Project) -> IndexMap<String, Vec<String>> {
    let built_in = Vocabularies::built_in();
    let listed = [Field::Unit, Field::CoUnits, Field::Team, Field::Site, Field::Category];
    let own = FIELDS.iter().filter(|info| !listed.contains(&info.field)).filter(|info| {
        let values = project.vocabularies.of(info.field).values();
        values != built_in.of(info.field).values()
    });
    own.map(|info| {
        let values = project.vocabularies.of(info.field).values();
        (info.key.to_owned(), values.iter().map(ToString::to_string).collect())
    })
    .collect()
}

fn declared(identity: &Identity) -> DeclaredIdentity {
    let side = |selections: &[Selection]| {
        let maps = selections.iter().map(|selection| {
            selection.iter().map(|(key, values)| (key.to_string(), values.clone())).collect::<IndexMap<_, _>>()
        });
        maps.collect()
    };
    DeclaredIdentity { name: identity.name.clone(), left: side(&identity.left), right: side(&identity.right) }
}

/// An identity with unknown keys is dropped here; the reader of the config has reported it.
fn undeclared(declared: &DeclaredIdentity) -> Option<Identity> {
    let side = |maps: &[IndexMap<String, Vec<String>>]| -> Option<Vec<Selection>> {
        let selections = maps.iter().map(|map| {
            map.iter().map(|(key, values)| Some((key.parse::<Key>().ok()?, values.clone()))).collect::<Option<_>>()
        });
        selections.collect()
    };
    Some(Identity { name: declared.name.clone(), left: side(&declared.left)?, right: side(&declared.right)? })
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn lang_code<S: Serializer>(lang: &Lang, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(lang.code())
}

fn lang_of_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Lang, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde's skip_serializing_if requires")]
fn is_yes(value: &bool) -> bool {
    *value
}

fn shared<S: Serializer>(records: &Arc<Records>, serializer: S) -> Result<S::Ok, S::Error> {
    records.as_ref().serialize(serializer)
}

fn to_share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Records>, D::Error> {
    Records::deserialize(deserializer).map(Arc::new)
}

#[expect(clippy::ref_option, reason = "the signature that serde's serialize_with requires")]
fn shared_if_any<S: Serializer>(records: &Option<Arc<Records>>, serializer: S) -> Result<S::Ok, S::Error> {
    records.as_deref().serialize(serializer)
}

fn to_share_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Arc<Records>>, D::Error> {
    Ok(Option::<Records>::deserialize(deserializer)?.map(Arc::new))
}
