//! Finds tags that would print a whole record, `{"name": "…"}`, where its author means a field of it.

use crate::tags::lexer::{Occurrence, TagSpan, after_brackets, found, spans, tokens};

/// The variables that hold a record, each with the field that is most likely meant.
const RECORDS: [(&str, &str); 7] = [
    ("unit", "name"),
    ("office", "name"),
    ("period", "from"),
    ("previous", "number"),
    ("corrected", "number"),
    ("against", "as_of"),
    ("set", "KEY"),
];
/// The functions that give a list of records, each with the field that is most likely meant.
const LISTS: [(&str, &str); 7] = [
    ("issues", "description"),
    ("records", "id"),
    ("tally", "key"),
    ("rank", "name"),
    ("series", "name"),
    ("repeats", "unit"),
    ("corrections", "now"),
];
/// The functions that give a record of both sides where `against` is given, and the number in it.
const COMPARED: [&str; 4] = ["count", "rate", "distinct", "sum"];
const VALUE: &str = "value";

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
        if let Some(behind) = behind_comparison(words.get(index..)?) {
            return is_end(behind).then(|| format!("{{{{ {word}(…) | change }}}}"));
        }
        let (_, field) = LISTS.iter().find(|(name, _)| *name == word)?;
        return is_end(after_brackets(rest)?)
            .then(|| format!("{{% for i in {word}(…) %}}{{{{ i.{field} }}}}{{% endfor %}}"));
    }
    is_end(rest).then(|| scopes.field_of(word)).flatten().map(|field| format!("{{{{ {word}.{field} }}}}"))
}

/// What follows a call that compares, if some words begin with one.
fn behind_comparison<'t, 'w>(words: &'w [&'t str]) -> Option<&'w [&'t str]> {
    let (_, rest) = words.split_first().filter(|(function, _)| COMPARED.contains(function))?;
    let behind = after_brackets(rest)?;
    let arguments = rest.get(..rest.len() - behind.len())?;
    arguments.windows(2).any(|pair| pair == ["against", "="]).then_some(behind)
}

/// The names that blocks have given a meaning of their own.
#[derive(Default)]
struct Scopes {
    /// For each open loop its names, and the field meant if they hold a record.
    loops: Vec<(Vec<String>, Option<&'static str>)>,
    /// Names given by `set`, and the field meant if they hold both sides of a comparison; else what they hold is not known.
    set: Vec<(String, Option<&'static str>)>,
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
            ["set" | "set_global", name, "=", value @ ..] => {
                let is_end = |rest: &[&str]| matches!(rest.first(), None | Some(&("%" | "-")));
                let is_compared = behind_comparison(value).is_some_and(is_end);
                self.set.push(((*name).to_owned(), is_compared.then_some(VALUE)));
            }
            ["set", name, ..] => self.set.push(((*name).to_owned(), None)),
            _ => {}
        }
    }

    /// Returns the field that is meant where a name holds a record.
    fn field_of(&self, name: &str) -> Option<&'static str> {
        if let Some((_, field)) = self.loops.iter().rev().find(|(names, _)| names.iter().any(|own| own == name)) {
            return *field;
        }
        if let Some((_, field)) = self.set.iter().rev().find(|(own, _)| own == name) {
            return *field;
        }
        RECORDS.iter().find(|(record, _)| *record == name).map(|(_, field)| *field)
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
            ("{{ count(open=true, against='previous') }}", "{{ count(…) | change }}"),
            ("{% set c = rate(of={'open': true}, against='year') -%}{{ c }}", "{{ c.value }}"),
            ("{% for u in rank(by='unit') %}{{ u }}{% endfor %}", "{{ u.name }}"),
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
            "{{ count(against='previous') | change }}",
            "{% set c = count(against='previous') %}{{ c.value }}{{ c | change }}",
            "{% set c = count(against='previous') | change %}{{ c }}",
        ] {
            assert_eq!(told(template), [""; 0], "{template}");
        }
    }
}
