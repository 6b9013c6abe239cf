//! The values that a column of a form takes, each with the words that are read back as it.

use crate::form::parts::{Choice, FormRequest};
use crate::model::Field;
use crate::model::field::FieldKind;
use crate::model::value::UNSTATED;
use crate::project::{Project, Site, Team};
use crate::words::symbol::Symbol;

/// What no one writes into a form: that a value is not stated, and the answer to another column's question.
const NOT_OFFERED: [(Field, &str); 2] = [(Field::Disposition, UNSTATED), (Field::Status, "not_closed")];

/// Returns the choices of a field; none if the project has no list for it.
pub(super) fn of(field: Field, project: &Project, request: &FormRequest) -> Vec<Choice> {
    if !matches!(field.info().kind, FieldKind::Value | FieldKind::Values) {
        return Vec::new();
    }
    let vocabulary = project.vocabularies.of(field);
    let team = request.team.and_then(|name| project.teams.iter().find(|team| team.named.name == name.as_str()));
    let values = vocabulary.values().iter().copied();
    let values = values.filter(|value| !NOT_OFFERED.contains(&(field, value.as_str())));
    let values: Vec<(Symbol, Option<Symbol>)> = match (field, team) {
        (Field::Site, _) => sites(project, team),
        (Field::Team, Some(_)) => request.team.into_iter().map(|name| (name, None)).collect(),
        (Field::Unit, Some(team)) if !team.units.is_empty() => {
            let own = units_of(team, project);
            values.filter(|value| own.contains(value)).map(|value| (value, None)).collect()
        }
        _ => values.map(|value| (value, None)).collect(),
    };
    values
        .into_iter()
        .filter_map(|(value, unit)| Some(Choice { unit, ..of_value(field, value, project, request)? }))
        .collect()
}

/// Returns the choice of a value: its label if that is read back as the value, else its name; `None` if the project's
/// spellings give both to another value.
pub(super) fn of_value(field: Field, value: Symbol, project: &Project, request: &FormRequest) -> Option<Choice> {
    let vocabulary = project.vocabularies.of(field);
    let words = [vocabulary.label(value, request.lang), value.to_string()];
    let label = words.into_iter().find(|word| vocabulary.find(word) == Some(value))?;
    Some(Choice { value, label, unit: None })
}

/// The units that a team inspects, by their names.
fn units_of(team: &Team, project: &Project) -> Vec<Symbol> {
    let vocabulary = project.vocabularies.of(Field::Unit);
    team.units.iter().filter_map(|name| vocabulary.find(name)).collect()
}

/// The sites of a team, each with its unit: those that name the team, and those that name none and belong to one of its
/// units or to no unit.
fn sites(project: &Project, team: Option<&Team>) -> Vec<(Symbol, Option<Symbol>)> {
    let find =
        |field, name: &Option<String>| name.as_deref().and_then(|name| project.vocabularies.of(field).find(name));
    let is_of = |site: &&Site| {
        let Some(team) = team else { return true };
        if let Some(named) = find(Field::Team, &site.team) {
            return named.as_str() == team.named.name;
        }
        let own = units_of(team, project);
        find(Field::Unit, &site.unit).is_none_or(|unit| own.is_empty() || own.contains(&unit))
    };
    let listed = project.sites.iter().filter(is_of);
    listed.map(|site| (Symbol::new(&site.named.name), find(Field::Unit, &site.unit))).collect()
}
