//! Rewrites a template so that what it prints says which figure it is.
//!
//! A number that a function gave is printed through the filter [`TRACE`], which asks which call was the last:
//! `{{ count(open=true) | cn_number }}` becomes `{{ (count(open=true) | cn_number) | __figure(length=false) }}`. A variable
//! has a companion that holds the figure of its value, set in the same block as the variable itself:
//! `{% set n = count() %}{% set __figure_of_n = __figure(length=false) %}`. What is calculated or chosen from figures, and
//! what is printed into a variable (`{% set line %}…{% endset %}`), is printed as it was.
//!
//! Of a comparison, `{% set c = count(against="previous") %}`, `c.value` is the figure, and `c.before`, `c.difference` and
//! `c | change` are that of the earlier side.
//!
//! The numbers themselves stay numbers, so that conditions and sums are what they were.

use std::collections::BTreeSet;

use crate::tags::lexer::{TagSpan, after_brackets, spans, tokens};

/// The function and the filter that a traced template uses; no name of a template begins so.
pub(crate) const TRACE: &str = "__figure";
/// The functions that give a number.
const NUMBERS: [&str; 4] = ["count", "rate", "distinct", "sum"];
/// The functions that give a list; its length is a figure.
pub(crate) const LISTS: [&str; 7] = ["values", "issues", "records", "tally", "rank", "series", "repeats"];
/// The filters after which a number is still that number.
const KEPT: [&str; 9] = ["cn_number", "percent", "about", "default", "str", "int", "float", "round", LENGTH];
const LENGTH: &str = "length";
/// The filter that says how a comparison changed, and the parts of one that come from its earlier side.
const CHANGE: &str = "change";
const BEFORE: [&str; 4] = ["before", "difference", "growth", "points"];
const VALUE: &str = "value";

/// Where the value of an expression comes from.
#[derive(Debug, PartialEq, Eq)]
struct Traced<'t> {
    /// A variable; nothing for the last call of a function.
    variable: Option<&'t str>,
    /// Whether it is the length of a list.
    is_length: bool,
    /// Whether it is of the earlier side of a comparison.
    is_before: bool,
}

/// Returns a template with the same output, in which printed figures go through [`TRACE`].
pub(crate) fn traced(template: &str) -> String {
    let names = variables(template);
    let mut text = String::with_capacity(template.len() * 2);
    // The names of the blocks being captured; nothing for a filter.
    let mut captures: Vec<Option<&str>> = Vec::new();
    for (start, end, span) in spans(template) {
        let tag = template.get(start..end).unwrap_or_default();
        match span {
            TagSpan::Text | TagSpan::Quiet => text.push_str(tag),
            TagSpan::Print => {
                let (open, inner, close) = edges(tag);
                match expression(&words(inner), &names).filter(|_| captures.is_empty()) {
                    Some(of) => text.extend([open, " (", inner, ") | ", &of.call(), " ", close]),
                    None => text.push_str(tag),
                }
            }
            TagSpan::Tag => {
                let (open, inner, close) = edges(tag);
                text.extend([open, inner]);
                for (name, figure) in companions(inner, &names, &mut captures) {
                    text.extend([" %}{% ", &name, " = ", &figure, " "]);
                }
                text.push_str(close);
            }
        }
    }
    text
}

/// The variables that a template sets.
fn variables(template: &str) -> BTreeSet<&str> {
    let tags = spans(template).into_iter().filter(|(_, _, span)| matches!(span, TagSpan::Tag));
    let names = tags.filter_map(|(start, end, _)| {
        let words = words(edges(template.get(start..end)?).1);
        words.first().filter(|word| is_set(word))?;
        words.get(1).copied()
    });
    names.collect()
}

fn is_set(word: &str) -> bool {
    matches!(word, "set" | "set_global")
}

/// What to set behind a tag, and to which figure: the companions of the variables that the tag itself sets.
fn companions<'t>(
    inner: &'t str,
    names: &BTreeSet<&'t str>,
    captures: &mut Vec<Option<&'t str>>,
) -> Vec<(String, String)> {
    let words = words(inner);
    match words.as_slice() {
        [set, name, "=", value @ ..] if is_set(set) => {
            let figure = expression(value, names).map_or_else(|| "0".to_owned(), |of| of.call());
            vec![(format!("{set} {}", companion(name)), figure)]
        }
        [set, name, ..] if is_set(set) => {
            captures.push(Some(name));
            Vec::new()
        }
        ["filter", ..] => {
            captures.push(None);
            Vec::new()
        }
        ["endset" | "endfilter", ..] => {
            let name = captures.pop().flatten();
            name.map(|name| (format!("set {}", companion(name)), "0".to_owned())).into_iter().collect()
        }
        ["for", names_of_loop @ ..] => {
            let own = names_of_loop.iter().take_while(|word| **word != "in").filter(|word| names.contains(*word));
            own.map(|name| (format!("set {}", companion(name)), "0".to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

fn companion(name: &str) -> String {
    format!("{TRACE}_of_{name}")
}

impl Traced<'_> {
    /// The call that gives the figure.
    fn call(&self) -> String {
        let of = self.variable.map_or_else(String::new, |name| format!("of={} or 0, ", companion(name)));
        let before = if self.is_before { ", before=true" } else { "" };
        format!("{TRACE}({of}length={}{before})", self.is_length)
    }
}

/// The delimiters of a tag with their marks of trimming, and what is between.
fn edges(tag: &str) -> (&str, &str, &str) {
    let open = if tag.get(2..).is_some_and(|rest| rest.starts_with('-')) { 3 } else { 2 };
    let end = tag.len().saturating_sub(2);
    let close = if tag.get(..end).is_some_and(|tag| tag.ends_with('-')) { end.saturating_sub(1) } else { end };
    match (tag.get(..open), tag.get(open..close), tag.get(close..)) {
        (Some(open), Some(inner), Some(close)) => (open, inner, close),
        _ => (tag, "", ""),
    }
}

fn words(inner: &str) -> Vec<&str> {
    tokens(inner).into_iter().map(|(_, word)| word).collect()
}

/// Reads an expression: a call of a function, or else another; or a variable, or else a text.
fn expression<'t>(words: &[&'t str], names: &BTreeSet<&'t str>) -> Option<Traced<'t>> {
    let (first, mut rest) = term(words)?;
    if first.variable.is_some_and(|name| !names.contains(name)) {
        return None;
    }
    while let Some((word, after)) = rest.split_first() {
        if *word != "or" {
            return None;
        }
        rest = match after {
            [text, after @ ..] if text.starts_with(['"', '\'', '`']) => after,
            _ => term(after).filter(|(other, _)| first.variable.is_none() && *other == first)?.1,
        };
    }
    Some(first)
}

/// Reads a call or a variable with its filters, and returns what follows.
fn term<'t, 'w>(words: &'w [&'t str]) -> Option<(Traced<'t>, &'w [&'t str])> {
    let (first, rest) = words.split_first()?;
    let is_name = first.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_function = NUMBERS.contains(first) || LISTS.contains(first);
    let mut is_before = false;
    let (variable, mut rest) = match rest {
        ["(", ..] if is_function => (None, after_brackets(rest)?),
        [".", part, after @ ..] if is_name && (*part == VALUE || BEFORE.contains(part)) => {
            is_before = *part != VALUE;
            (Some(*first), after)
        }
        ["(" | "." | "[", ..] => return None,
        _ if is_name => (Some(*first), rest),
        _ => return None,
    };
    if rest.first() == Some(&".") {
        return None;
    }
    let mut is_length = false;
    while let ["|", filter, after @ ..] = rest {
        if !KEPT.contains(filter) && *filter != CHANGE {
            return None;
        }
        is_length |= *filter == LENGTH;
        is_before |= *filter == CHANGE;
        rest = after;
        if rest.first() == Some(&"(") {
            let behind = after_brackets(rest)?;
            let arguments = rest.get(..rest.len() - behind.len())?;
            if arguments.iter().any(|word| NUMBERS.contains(word) || LISTS.contains(word)) {
                return None;
            }
            rest = behind;
        }
    }
    Some((Traced { variable, is_length, is_before }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_figure_goes_through_the_trace() {
        for (template, expected) in [
            ("{{ count() }}", "{{ ( count() ) | __figure(length=false) }}"),
            ("{{- count(a=[1]) | about -}}", "{{- ( count(a=[1]) | about ) | __figure(length=false) -}}"),
            ("{{ issues() | length }}", "{{ ( issues() | length ) | __figure(length=true) }}"),
            ("{{ count() or \"无\" }}", "{{ ( count() or \"无\" ) | __figure(length=false) }}"),
            (
                "{%- set n = distinct(of=\"a\") or distinct(of=\"b\") -%}{{ n or '—' }}",
                "{%- set n = distinct(of=\"a\") or distinct(of=\"b\")  %}{% set __figure_of_n = __figure(length=false) -%}\
                 {{ ( n or '—' ) | __figure(of=__figure_of_n or 0, length=false) }}",
            ),
            (
                "{% set n = 1 %}{% for n in x %}{{ n }}{% endfor %}",
                "{% set n = 1  %}{% set __figure_of_n = 0 %}{% for n in x  %}{% set __figure_of_n = 0 %}\
                 {{ ( n ) | __figure(of=__figure_of_n or 0, length=false) }}{% endfor %}",
            ),
            (
                "{% set n %}{{ count() }}{% endset %}",
                "{% set n %}{{ count() }}{% endset  %}{% set __figure_of_n = 0 %}",
            ),
        ] {
            assert_eq!(traced(template), expected);
        }
    }

    #[test]
    fn what_is_no_figure_any_more_stays_as_it_was() {
        for template in [
            "{{ count() + 1 }}",
            "{{ count() ~ '个' }}",
            "{{ count() | pluralize }}",
            "{{ 'a' if count() else 'b' }}",
            "{{ count() if x else 1 }}",
            "{{ unit.name or count() }}",
            "{{ x }}{{ i.days }}{{ count }}{{ x.count() }}{{ x[0] }}",
            "{{ count() | default(value=sum(of='a')) }}",
            "{{ table(rows='unit') }}",
            "{# {{ count() }} #}{% raw %}{{ count() }}{% endraw %}",
            "{% filter upper %}{{ count() }}{% endfilter %}",
            "{% if count() %}{% endif %}{{",
        ] {
            assert_eq!(traced(template), template);
        }
    }
}
