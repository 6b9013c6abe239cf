//! Finds tags that would print a whole record, `{"name": "…"}`, where its author means a field of it.

use crate::tags::lexer::{Occurrence, TagSpan, after_brackets, found, spans, tokens};

/// The variables that hold a record, each with the field that is most likely meant.
const RECORDS: [(&str, &str); 6] = [
    ("unit", "name"),
    ("office", "name"),
    ("period", "from"),
    ("previous", "number"),
    ("against", "as_of"),
    ("set", "KEY"),
];
/// The functions that give a list of records, each with the field that is most likely meant.
const LISTS: [(&str, &str); 3] = [("issues", "description"), ("records", "id"), ("tally", "key")];

/// A tag that would print a record or a list of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PrintedRecord {
    pub(crate) found: Occurrence,
    /// What to write instead.
    pub(crate) instead: String,
}

/// Returns the records that tags of a template would print.
pub(crate) fn printed_records(template: &str) -> Vec<PrintedRecord> {
    let (mut printed, mut scopes) = (Vec::new(), Scopes::default());
    for (start, end, span) in spans(template) {
        let inner = template.get(start..end).unwrap_or_default();
        let tokens = tokens(inner);
        let words: Vec<&str> = tokens.iter().map(|(_, token)| *token).collect();
        match span {
            TagSpan::Tag => scopes.read(words.get(2..).unwrap_or_default()),
            TagSpan::Print => {
                for (index, (at, token)) in tokens.iter().enumerate().skip(2) {
                    if let Some(instead) = instead(&words, index, &scopes) {
                        printed.push(PrintedRecord { found: found(template, start + at, token), instead });
                    }
                }
            }
            TagSpan::Text | TagSpan::Quiet => {}
        }
    }
    printed
}

/// Returns what to write instead of a word of a tag, if the tag prints it as it is and it is a record.
fn instead(words: &[&str], index: usize, scopes: &Scopes) -> Option<String> {
    let (before, word) = (*words.get(index.checked_sub(1)?)?, *words.get(index)?);
    let rest = words.get(index + 1..)?;
    if !matches!(before, "{" | "-" | "~" | "or") {
        return None;
    }
    let is_end = |rest: &[&str]| matches!(rest.first(), Some(&("}" | "-" | "~" | "or")));
    if rest.first() == Some(&"(") {
        let (_, field) = LISTS.iter().find(|(name, _)| *name == word)?;
        return is_end(after_brackets(rest)?)
            .then(|| format!("{{% for i in {word}(…) %}}{{{{ i.{field} }}}}{{% endfor %}}"));
    }
    is_end(rest).then(|| scopes.field_of(word)).flatten().map(|field| format!("{{{{ {word}.{field} }}}}"))
}

/// The names that blocks have given a meaning of their own.
#[derive(Default)]
struct Scopes {
    /// For each open loop its names, and the field meant if they hold a record.
    loops: Vec<(Vec<String>, Option<&'static str>)>,
    /// Names given by `set`: what they hold is not known.
    set: Vec<String>,
}

impl Scopes {
    /// Takes the words of a block, without its braces.
    fn read(&mut self, words: &[&str]) {
        let words = words.strip_prefix(&["-"]).unwrap_or(words);
        match words {
            ["for", rest @ ..] => {
                let names = rest.iter().take_while(|word| **word != "in").copied().filter(|word| *word != ",");
                let names: Vec<String> = names.map(str::to_owned).collect();
                let over = rest.iter().skip_while(|word| **word != "in").nth(1);
                let list = LISTS.iter().find(|(list, _)| Some(list) == over).filter(|_| names.len() == 1);
                self.loops.push((names, list.map(|(_, field)| *field)));
            }
            ["endfor", ..] => {
                self.loops.pop();
            }
            ["set", name, ..] => self.set.push((*name).to_owned()),
            _ => {}
        }
    }

    /// Returns the field that is meant where a name holds a record.
    fn field_of(&self, name: &str) -> Option<&'static str> {
        if let Some((_, field)) = self.loops.iter().rev().find(|(names, _)| names.iter().any(|own| own == name)) {
            return *field;
        }
        let is_set = self.set.iter().any(|own| own == name);
        RECORDS.iter().find(|(record, _)| *record == name && !is_set).map(|(_, field)| *field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_told_and_a_field_of_it_is_not() {
        let told = |template: &str| -> Vec<String> {
            printed_records(template).into_iter().map(|printed| printed.instead).collect()
        };
        for (template, instead) in [
            ("{{ unit }}", "{{ unit.name }}"),
            ("甲{{- unit -}}乙", "{{ unit.name }}"),
            ("{{ unit or '各单位' }}", "{{ unit.name }}"),
            ("{{ 'a' ~ office }}", "{{ office.name }}"),
            ("{{ set }}", "{{ set.KEY }}"),
            ("{% for i in issues(open=true) %}{{ i }}{% endfor %}", "{{ i.description }}"),
            ("{% for g in tally(by='unit') %}{{ g }}{% endfor %}", "{{ g.key }}"),
            ("{{ issues(unit=[unit.name]) }}", "{% for i in issues(…) %}{{ i.description }}{% endfor %}"),
        ] {
            assert_eq!(told(template), [instead], "{template}");
        }
        for template in [
            "{{ unit.name }}",
            "{% if unit %}{{ '有' if unit else '无' }}{% endif %}",
            "{{ issues() | length }}",
            "{% for unit in values(of='unit') %}{{ unit }}{% endfor %}",
            "{% set period = as_of %}{{ period }}",
            "{% for k, i in issues() %}{{ i }}{% endfor %}",
            "{% for i in issues() %}{% for i in values(of='unit') %}{{ i }}{% endfor %}{{ i.id }}{% endfor %}",
            "{# {{ unit }} #}",
            "{{ count(unit=unit.name) }}",
        ] {
            assert_eq!(told(template), [""; 0], "{template}");
        }
    }
}
