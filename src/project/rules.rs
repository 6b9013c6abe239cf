//! `rules:`: the severity of each code, and the rules of the office's own.
//!
//! A mapping, `{R204: warning, X101: {when: …, message: …}}`, or a list, `[{code: R204, severity: warning}, {code: X101,
//! when: …, message: …}]`: both say the same.

use std::sync::Arc;

use crate::condition::{Condition, ConditionFault, Names, NoSuchValue};
use crate::fault::explain::{self, OwnRuleTexts};
use crate::fault::{Code, ConfigProblem, Faults, Severity};
use crate::model::Field;
use crate::model::field::FIELDS;
use crate::model::key::Key;
use crate::place::{OneBased, Place, Spot};
use crate::project::Project;
use crate::project::keys::{self, CONFIG, RULE, TEXTS};
use crate::project::mapping::{MappingReader, items};
use crate::project::own_rule::OwnRule;
use crate::source::yaml::{Node, Value};
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// The most characters of a text of a rule.
const MAX_TEXT: usize = 500;

/// The severities, as words; `None` switches a code off.
const SEVERITIES: [(&str, Option<Severity>); 4] = [
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("off", None),
];

/// Reads `rules:` of a whole config. Everything that the rules may name must have been read.
pub(super) fn read(root: &Node, project: &mut Project, faults: &mut Faults) {
    let Some(node) = section(root, "rules") else { return };
    let mut reader = Reader { keys: MappingReader::of_config(root, faults), project, seen: Vec::new() };
    match &node.value {
        Value::List(_) => items(node).iter().for_each(|item| reader.item(item)),
        _ => {
            for ((place, name), value) in reader.keys.entries(node) {
                reader.named((place, name), value);
            }
        }
    }
}

/// What a whole config says under a key.
pub(super) fn section<'n>(root: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(pairs) = &root.value else { return None };
    let is_meant = |name: &str| keys::find(CONFIG, name).is_some_and(|known| known.key == key);
    pairs.iter().find(|(key, _)| key.scalar().is_some_and(is_meant)).map(|(_, node)| node)
}

struct Reader<'a, 'f> {
    keys: MappingReader<'f>,
    project: &'a mut Project,
    /// The codes so far, as they are written, with their places.
    seen: Vec<(Code, String, Place)>,
}

impl Reader<'_, '_> {
    /// Reads an entry of a mapping: a severity, or an own rule.
    fn named(&mut self, (place, name): (Place, &str), value: &Node) {
        if let Some(code) = Code::own(name) {
            if !matches!(value.value, Value::Map(_)) {
                self.keys.expected("code, when and message", value);
            } else if self.is_first(code, name, place, "key") {
                let entries = self.keys.known(value, RULE);
                self.rule(code, value, &entries);
            }
            return;
        }
        match self.project.severities.codes().find(name) {
            Ok(code) => {
                if self.is_first(code, name, place, "key") {
                    self.severity(code, name, value);
                }
            }
            Err(error) => {
                let near = error.near;
                let known = self.project.severities.codes().all().map(|code| code.to_string());
                let known = known.chain(["X000 – X999".to_owned()]).collect::<Vec<_>>().join(" ");
                self.keys.fault(place, ConfigProblem::UnknownKey { key: name.to_owned(), near, known });
            }
        }
    }

    /// Reads an item of a list: the severity of a code, or an own rule.
    fn item(&mut self, item: &Node) {
        let entries = self.keys.known(item, RULE);
        let Some((_, node)) = entries.iter().find(|(key, _)| *key == "code") else {
            if item.scalar().is_none() {
                self.keys.expected("code", item);
            }
            return;
        };
        let Some(text) = self.keys.text(node) else { return };
        let is_severity = entries.iter().all(|(key, _)| matches!(*key, "code" | "severity"));
        if let Some(code) = Code::own(&text) {
            if self.is_first(code, &text, node.place, "code") {
                self.rule(code, item, &entries);
            }
        } else if is_severity {
            match self.project.severities.codes().find(&text) {
                Ok(code) => {
                    if !self.is_first(code, &text, node.place, "code") {
                        return;
                    }
                    match entries.iter().find(|(key, _)| *key == "severity") {
                        Some((key, node)) => self.severity(code, key, node),
                        None => self.keys.expected("severity", item),
                    }
                }
                Err(error) => self.keys.bad_value("code", node, "X000 – X999", error.near.as_deref()),
            }
        } else {
            // What duban checks stays as it is: only X is free.
            self.keys.bad_value("code", node, "X000 – X999", None);
        }
    }

    /// Whether a code stands here for the first time; the second time is a fault.
    fn is_first(&mut self, code: Code, name: &str, place: Place, what: &'static str) -> bool {
        let Some((_, first, at)) = self.seen.iter().find(|(other, ..)| *other == code).cloned() else {
            self.seen.push((code, name.to_owned(), place));
            return true;
        };
        if what == "key" {
            self.keys.doubled(place, name, (&first, at));
        } else {
            let first = Some((first, at.line.get()));
            self.keys.fault(place, ConfigProblem::Doubled { what, name: name.to_owned(), first });
        }
        false
    }

    fn severity(&mut self, code: Code, key: &str, node: &Node) {
        if let Some(severity) = self.keys.one_of(key, node, &SEVERITIES) {
            self.project.severities.set(code, severity);
        }
    }

    /// Reads an own rule. One with faults is not kept.
    fn rule(&mut self, code: Code, item: &Node, entries: &[(&'static str, &Node)]) {
        let value = |wanted: &str| entries.iter().find(|(key, _)| *key == wanted).map(|(_, node)| *node);
        let mut texts = |key: &str| value(key).map(|node| self.texts(node));
        let (message, title, help, why) = (texts("message"), texts("title"), texts("help"), texts("why"));
        let severity = value("severity").map(|node| self.keys.one_of("severity", node, &SEVERITIES));
        let field = value("field").map(|node| self.field(node));
        let condition = value("when").map(|node| self.condition(node));
        let (Some(condition), Some(message)) = (condition, message) else {
            self.keys.expected("code, when and message", item);
            return;
        };
        let (Some((when, condition)), Some(message)) = (condition, message) else { return };
        let first = condition.fields().first().copied().unwrap_or(Field::Description);
        let field = field.map_or(Some(first), |field| field);
        let (Some(field), Some(severity)) = (field, severity.unwrap_or(Some(Some(Severity::Warning)))) else { return };
        let printed = Lang::ALL.map(|lang| condition.print(&*self.project, lang));
        let title = title.unwrap_or_else(|| Some(message.clone())).unwrap_or_default();
        let [help, why] = [help, why].map(|texts| texts.flatten().unwrap_or_default());
        let texts = OwnRuleTexts { title, when, printed, why, help: help.clone() };
        let usual = severity.unwrap_or(Severity::Warning);
        let severities = &mut self.project.severities;
        severities.codes_mut().add(code, explain::own(code, usual, &texts));
        if severity.is_none() {
            severities.set(code, None);
        }
        self.project.rules.push(Arc::new(OwnRule { code, condition, message, help, field }));
        self.project.rules.sort_by_key(|rule| rule.code);
    }

    /// Reads a text for both languages, or one for each; of only one it stands for both.
    fn texts(&mut self, node: &Node) -> Option<[String; 2]> {
        let [mut zh, mut en] = [None, None];
        if node.scalar().is_some() {
            zh = Some(self.line(node)?);
        } else if matches!(&node.value, Value::Map(pairs) if !pairs.is_empty()) {
            for (key, node) in self.keys.known(node, TEXTS) {
                let line = Some(self.line(node)?);
                *(if key == "zh" { &mut zh } else { &mut en }) = line;
            }
        } else {
            self.keys.expected("text", node);
        }
        let one = zh.clone().or_else(|| en.clone())?;
        Some([zh.unwrap_or_else(|| one.clone()), en.unwrap_or(one)])
    }

    /// Reads a text as one line.
    fn line(&mut self, node: &Node) -> Option<String> {
        let text = self.keys.text(node)?;
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            self.keys.expected("text", node);
            return None;
        }
        if line.chars().count() > MAX_TEXT {
            let found = format!("`{}…`", line.chars().take(20).collect::<String>());
            let what = "text of at most 500 characters";
            self.keys.fault(node.place, ConfigProblem::Expected { what, found });
            return None;
        }
        Some(line)
    }

    fn field(&mut self, node: &Node) -> Option<Field> {
        let text = self.keys.text(node)?;
        let field = Names::field(self.project, &text).filter(|field| !field.is_column_only());
        if field.is_none() {
            let near = self.project.near_field(&text);
            let known = Field::of_issue().map(|field| keys::label(&["columns", field.key()], self.keys.keys()));
            let known = known.collect::<Vec<_>>().join(" ");
            self.keys.bad_value("field", node, &known, near.as_deref());
        }
        field
    }

    /// Reads a condition, and tells all its faults. Returns it as written, and what it is.
    fn condition(&mut self, node: &Node) -> Option<(String, Condition)> {
        let Some(text) = node.scalar() else {
            self.keys.expected("text", node);
            return None;
        };
        match Condition::read(text, &*self.project) {
            Ok(condition) => Some((text.trim().to_owned(), condition)),
            Err(faults) => {
                for fault in faults {
                    let place = place_within(node, text, &fault);
                    self.keys.fault_within(node, place, ConfigProblem::Condition(Box::new(fault)));
                }
                None
            }
        }
    }
}

/// The place of a fault in the file, where the value stands there letter by letter; else the place of the value.
fn place_within(node: &Node, text: &str, fault: &ConditionFault) -> Place {
    let (Spot::Chars { column, length }, Value::Scalar { plain, .. }) = (node.place.spot, &node.value) else {
        return node.place;
    };
    let quote = usize::from(!plain);
    if usize::try_from(length) != Ok(text.chars().count() + 2 * quote) {
        return node.place;
    }
    let column = OneBased::from_zero(column.to_zero() + quote + fault.at - 1);
    let length = u32::try_from(fault.length.max(1)).unwrap_or(u32::MAX);
    Place { spot: Spot::Chars { column, length }, ..node.place }
}

impl Names for Project {
    fn field(&self, name: &str) -> Option<Field> {
        let own = || self.columns.iter().find(|(_, header)| header == name).map(|(field, _)| *field);
        let is_named = |info: &&crate::model::field::FieldInfo| {
            let is_label = info.key == name || info.zh == name || info.en.eq_ignore_ascii_case(name);
            is_label || info.synonyms.contains(&name)
        };
        let of_issue = FIELDS.iter().filter(|info| info.of.issue && info.field != Field::RowNumber);
        let found = of_issue.clone().find(is_named).map(|info| info.field).or_else(own);
        found.filter(|field| of_issue.clone().any(|info| info.field == *field))
    }

    fn near_field(&self, name: &str) -> Option<String> {
        let of_issue = FIELDS.iter().filter(|info| info.of.issue && !info.field.is_column_only());
        let names = of_issue.flat_map(|info| [info.key, info.zh]);
        nearest(name, names.chain(self.columns.iter().map(|(_, header)| header.as_str()))).map(str::to_owned)
    }

    fn value(&self, field: Field, text: &str) -> Result<String, NoSuchValue> {
        self.canonical(Key::Field(field), text).map_err(|unknown| NoSuchValue {
            near: unknown.suggestion,
            // A list of all units of a city is no help.
            known: if unknown.known.len() > 20 { Vec::new() } else { unknown.known },
        })
    }

    fn is_coded(&self, field: Field) -> bool {
        self.vocabularies.of(field).has_built_in()
    }

    fn label(&self, field: Field, value: &str, lang: Lang) -> String {
        self.value_label(Key::Field(field), value, lang)
    }
}
