//! Which columns a form has, under which headers, and what they take.

use crate::form::choices;
use crate::form::open::OpenRow;
use crate::form::parts::{FormColumn, FormRequest, Need, NoHeader, Takes, is_day, is_required};
use crate::log;
use crate::model::Field;
use crate::project::Project;
use crate::words::symbol::Symbol;

/// The columns of every form: what a log must have, and what the figures, the deadlines and the letters of an office ask of
/// an issue beyond that.
const USUAL: [Field; 15] = [
    Field::Id,
    Field::FoundOn,
    Field::Team,
    Field::Unit,
    Field::Site,
    Field::Category,
    Field::Description,
    Field::Source,
    Field::Disposition,
    Field::Deadline,
    Field::Responsible,
    Field::Status,
    Field::Progress,
    Field::RectifiedOn,
    Field::Note,
];

/// What is filled in after an issue was found and assigned.
const FOLLOW_UP: [Field; 12] = [
    Field::Measures,
    Field::Progress,
    Field::Status,
    Field::RectifiedOn,
    Field::VerifiedBy,
    Field::VerifiedOn,
    Field::ClosedOn,
    Field::Accountability,
    Field::PhotoDuring,
    Field::PhotoAfter,
    Field::Evidence,
    Field::Note,
];

/// Returns the columns of a form: the usual ones, those for which the project declares headers, and those that an issue
/// which is still open fills.
pub(super) fn of(project: &Project, request: &FormRequest, open: &[OpenRow]) -> Result<Vec<FormColumn>, NoHeader> {
    let mut columns = Vec::new();
    for field in fields(project, open) {
        match header(field, project, request) {
            Some(header) => columns.push(column(field, header, project, request)),
            None if is_required(field, project) => return Err(NoHeader { field }),
            // The office ignores such a column.
            None => {}
        }
    }
    // A column may depend on one that is not there.
    let there: Vec<Field> = columns.iter().map(|column| column.field).collect();
    for column in &mut columns {
        if matches!(&column.need, Need::With(field, values) if values.is_empty() || !there.contains(field)) {
            column.need = Need::Never;
        }
        if let Takes::Day { after_found, .. } = &mut column.takes {
            *after_found &= there.contains(&Field::FoundOn);
        }
    }
    Ok(columns)
}

/// The fields in their order. One that is not usual follows the one that it follows in the order of the fields.
fn fields(project: &Project, open: &[OpenRow]) -> Vec<Field> {
    let mut fields = USUAL.to_vec();
    let is_declared = |field: Field| project.columns.iter().any(|(declared, _)| *declared == field);
    let is_filled = |field: Field| open.iter().any(|row| row.cells.contains_key(&field));
    let mut before = None;
    for field in Field::of_issue().filter(|field| field.info().of.issue) {
        if !fields.contains(&field) {
            if !is_declared(field) && !is_filled(field) {
                continue;
            }
            let at = before.and_then(|before| fields.iter().position(|known| *known == before));
            fields.insert(at.map_or(fields.len(), |at| at + 1), field);
        }
        before = Some(field);
    }
    fields
}

/// The header of a field: the first spelling that the project declares for it, else its label, if it is read back as the
/// field, with and without the mark of a required column.
fn header(field: Field, project: &Project, request: &FormRequest) -> Option<String> {
    let own = project.columns.iter().filter(|(declared, _)| *declared == field).map(|(_, header)| header.as_str());
    let info = field.info();
    let built_in = [field.label(request.lang), info.zh, info.en, info.key];
    let is_read = |header: &&str| {
        let marked = format!("{header}*");
        !header.contains(['\n', '*', '(', '（'])
            && [header, marked.as_str()]
                .into_iter()
                .all(|header| log::field_of_own_header(header, project) == Some(field))
    };
    own.chain(built_in).find(is_read).map(str::to_owned)
}

fn column(field: Field, header: String, project: &Project, request: &FormRequest) -> FormColumn {
    let choices = choices::of(field, project, request);
    let takes = match field {
        Field::Id => Takes::Id,
        Field::Team if request.team.is_some() && choices.len() == 1 => Takes::Given(choices[0].clone()),
        Field::Deadline => Takes::Day { after_found: true, is_past: false },
        Field::FoundOn => Takes::Day { after_found: false, is_past: true },
        _ if is_day(field) => Takes::Day { after_found: true, is_past: true },
        _ if choices.is_empty() => Takes::Text,
        _ => {
            let key = crate::model::key::Key::Field(field);
            let takes_others = project.may_have_several(key) || !project.vocabularies.of(field).closed;
            Takes::Value { choices, takes_others }
        }
    };
    let with = |other, value: &str| {
        Need::With(other, choices::of_value(other, Symbol::new(value), project, request).into_iter().collect())
    };
    let need = match field {
        _ if is_required(field, project) => Need::Always,
        // Rules R202 and R204.
        Field::Deadline => with(Field::Disposition, "deadline"),
        Field::RectifiedOn => with(Field::Status, "closed"),
        _ => Need::Never,
    };
    FormColumn { field, header, takes, need, is_follow_up: FOLLOW_UP.contains(&field) }
}
