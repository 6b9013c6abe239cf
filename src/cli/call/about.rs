//! What a page is to know of the project: its kinds of documents, and the words that its fields take.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::session::Session;
use crate::fault::Faults;
use crate::kind::config::Coverage;
use crate::kind::{self, Kind};
use crate::model::Field;
use crate::model::field::{FIELDS, FieldKind};
use crate::platform::locks::CAN_LOCK;
use crate::project::Project;
use crate::source::Sources;
use crate::source::find::{self, SubmissionChoice};
use crate::source::workbook::choice::Choice;
use crate::words::lang::Lang;
use crate::write::Format;

#[derive(Serialize)]
pub(super) struct About {
    version: &'static str,
    lang: &'static str,
    office: Option<String>,
    has_project: bool,
    /// Whether numbers can be taken here.
    may_dispatch: bool,
    /// The logs of the project.
    logs: Vec<String>,
    kinds: Vec<AboutKind>,
    fields: BTreeMap<&'static str, AboutField>,
    formats: Vec<&'static str>,
}

#[derive(Serialize)]
struct AboutKind {
    name: String,
    label: String,
    per_unit: bool,
}

#[derive(Serialize)]
struct AboutField {
    label: &'static str,
    #[serde(rename = "type")]
    form: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
}

/// What there is to know.
pub(super) fn about(session: &Session<'_>) -> About {
    let (project, lang) = (&session.project, session.lang);
    let office = Some(project.office.name.clone()).filter(|name| !name.is_empty());
    About {
        version: env!("CARGO_PKG_VERSION"),
        lang: lang.code(),
        office,
        has_project: project.configured,
        may_dispatch: project.configured && CAN_LOCK,
        logs: logs(project),
        kinds: kinds(project, lang),
        fields: FIELDS.iter().map(|info| (info.key, field(info.field, info.kind, project, lang))).collect(),
        formats: Format::ALL.into_iter().filter(|format| *format != Format::Pdf).map(Format::extension).collect(),
    }
}

/// The names of the logs; none if they can't be found, which `check` tells.
pub(in crate::cli) fn logs(project: &Project) -> Vec<String> {
    let choice = Choice { wanted: &project.sheets, is_log: &|_| true };
    find::names_by_patterns(&project.root, &project.logs, SubmissionChoice::Newest, &choice).unwrap_or_default()
}

/// The kinds that are made from logs alone.
fn kinds(project: &Project, lang: Lang) -> Vec<AboutKind> {
    let load = |name: &str| -> Option<Kind> {
        kind::load(project, name, &mut Sources::default(), &mut Faults::default()).ok()
    };
    let kinds = kind::kinds(project).into_iter().filter_map(|info| load(&info.name));
    kinds
        .filter(|kind| kind.config.covers != Coverage::Correction)
        .map(|kind| AboutKind {
            label: kind.config.title.of(lang).to_owned(),
            per_unit: kind.config.per_unit,
            name: kind.name,
        })
        .collect()
}

fn field(field: Field, kind: FieldKind, project: &Project, lang: Lang) -> AboutField {
    let vocabulary = project.vocabularies.of(field);
    let values = vocabulary.values().iter().map(|value| vocabulary.label(*value, lang)).collect();
    let (form, values) = match kind {
        FieldKind::Date | FieldKind::Deadline => ("date", Vec::new()),
        FieldKind::Number => ("number", Vec::new()),
        FieldKind::Text => ("text", Vec::new()),
        FieldKind::Value | FieldKind::Values => ("choice", values),
    };
    AboutField { label: field.label(lang), form, values }
}
