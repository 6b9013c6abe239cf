//! A form as an XLSForm, which ODK and Kobo take.
//!
//! The questions have the canonical keys of their fields as names and the headers of the form as labels, and so have the
//! choices: an export is read back whether it holds names or labels. Each submission gets an id of its own when it is begun,
//! which no later change alters.

use chrono::Datelike as _;

use crate::form::{Choice, Form, FormColumn, Need, Takes, hints};
use crate::model::Field;
use crate::write::{PlainSheet, WriteError, plain_book};

/// The columns of the sheet `survey`.
const SURVEY: [&str; 11] = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "required_message",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
    "appearance",
];
const CHOICES: [&str; 4] = ["list_name", "name", "label", "unit"];
const SETTINGS: [&str; 4] = ["form_title", "form_id", "version", "instance_name"];

/// The unit of a site that belongs to none: what is not there at all equals no text in XPath, not even an empty one.
const OF_ANY_UNIT: &str = "-";

/// Writes a form as an XLSForm. The same form gives the same bytes.
///
/// # Errors
/// It has more choices than a worksheet can hold.
pub fn write(form: &Form) -> Result<Vec<u8>, WriteError> {
    plain_book(&sheets(form), form.day)
}

fn sheets(form: &Form) -> Vec<PlainSheet> {
    let texts = |row: &[&str]| row.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut survey = vec![texts(&SURVEY)];
    let mut choices = vec![texts(&CHOICES)];
    for column in &form.columns {
        survey.push(question(column, form));
        if let Takes::Value { choices: listed, .. } = &column.takes {
            let row = |choice: &Choice| {
                let unit = match (column.field, choice.unit) {
                    (_, Some(unit)) => plain(unit.as_str()),
                    (Field::Site, None) => OF_ANY_UNIT.to_owned(),
                    _ => String::new(),
                };
                vec![column.field.key().to_owned(), plain(choice.value.as_str()), plain(&choice.label), unit]
            };
            choices.extend(listed.iter().map(row));
        }
    }
    let day = form.day;
    let version = format!("{:04}{:02}{:02}{:02}", day.year(), day.month(), day.day(), form.serial % 100);
    let id = format!("duban_{}", form.code.as_str());
    let settings = vec![texts(&SETTINGS), vec![plain(&form.title()), id, version, "${id}".to_owned()]];
    vec![
        PlainSheet { name: "survey".into(), rows: survey },
        PlainSheet { name: "choices".into(), rows: choices },
        PlainSheet { name: "settings".into(), rows: settings },
    ]
}

fn question(column: &FormColumn, form: &Form) -> Vec<String> {
    let (key, lang) = (column.field.key(), form.lang);
    let mut cell = Cells::default();
    cell.set("name", key);
    cell.set("label", &plain(&column.header));
    cell.set("hint", &plain(&hint(column, form)));
    match &column.takes {
        // Reckoned once, when the submission is begun.
        Takes::Id => {
            cell.set("type", "calculate");
            cell.set("calculation", &format!("once(concat('{}-', substr(uuid(), 0, 13)))", form.code.as_str()));
        }
        Takes::Given(choice) => {
            cell.set("type", "calculate");
            cell.set("calculation", &literal(&plain(choice.value.as_str())));
        }
        Takes::Text if column.field.stage().is_some() && column.field != Field::Evidence => cell.set("type", "image"),
        Takes::Text => {
            cell.set("type", "text");
            if matches!(column.field, Field::Description | Field::Progress | Field::Measures) {
                cell.set("appearance", "multiline");
            }
        }
        Takes::Day { after_found, is_past } => {
            cell.set("type", "date");
            let mut rules = Vec::new();
            if *after_found {
                rules.push(format!(". >= ${{{}}}", Field::FoundOn.key()));
            }
            if *is_past {
                rules.push(". <= today()".to_owned());
            }
            cell.set("constraint", &rules.join(" and "));
            cell.set("constraint_message", &hints::refusal(column, lang));
        }
        Takes::Value { choices, .. } => {
            cell.set("type", &format!("select_one {key}"));
            let of_unit = column.field == Field::Site && choices.iter().any(|choice| choice.unit.is_some());
            let asks_unit = form
                .columns
                .iter()
                .any(|other| other.field == Field::Unit && matches!(other.takes, Takes::Value { .. }));
            if of_unit && asks_unit {
                cell.set("choice_filter", &format!("unit = ${{unit}} or unit = '{OF_ANY_UNIT}'"));
            }
            // A long list is looked through by typing.
            if choices.len() > 12 {
                cell.set("appearance", "minimal autocomplete");
            }
        }
    }
    match &column.need {
        _ if matches!(column.takes, Takes::Id | Takes::Given(_)) => {}
        Need::Always => cell.set("required", "yes"),
        Need::With(field, values) => {
            let each = values.iter().map(|choice| format!("${{{}}} = {}", field.key(), literal(choice.value.as_str())));
            cell.set("required", &each.collect::<Vec<_>>().join(" or "));
        }
        Need::Never => {}
    }
    cell.0
}

/// What is said below a question. A list is seen, and takes one value only.
fn hint(column: &FormColumn, form: &Form) -> String {
    match column.takes {
        Takes::Id | Takes::Given(_) => String::new(),
        Takes::Value { .. } => {
            let one = FormColumn { takes: Takes::Text, ..column.clone() };
            hints::of(&one, form.lang)
        }
        _ => hints::of(column, form.lang),
    }
}

/// A row of the sheet `survey`.
struct Cells(Vec<String>);

impl Default for Cells {
    fn default() -> Self {
        Self(vec![String::new(); SURVEY.len()])
    }
}

impl Cells {
    fn set(&mut self, column: &str, text: &str) {
        if let Some(cell) = SURVEY.iter().position(|name| *name == column).and_then(|at| self.0.get_mut(at)) {
            text.clone_into(cell);
        }
    }
}

/// A text that is no reference to a question: `${` becomes `＄{`, which is read back as the same.
fn plain(text: &str) -> String {
    text.replace("${", "＄{").replace(['\n', '\r'], " ")
}

/// A text within an XPath expression, which knows no escapes: a text with both kinds of quotes is put together.
fn literal(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    let parts: Vec<String> = text.split('\'').map(|part| format!("'{part}'")).collect();
    format!("concat({})", parts.join(", \"'\", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_breaks_out_of_an_expression() {
        assert_eq!(literal("第三工作专班"), "'第三工作专班'");
        assert_eq!(literal("O'Neil"), "\"O'Neil\"");
        assert_eq!(literal("a'b\"c"), "concat('a', \"'\", 'b\"c')");
        assert_eq!(plain("甲${id}"), "甲＄{id}");
    }
}
