//! The keys of records that a template reads, so that a long list need not hold what nobody asks for.
//!
//! A record is read where it is the variable of a loop, `{% for i in issues() %}`, and its keys are what follows that
//! variable: `i.unit`. Where a template does anything else with a record or with a list of them, nothing is left out.

use std::collections::BTreeSet;

use crate::tags::lexer::{TagSpan, after_brackets, spans, tokens};

/// The functions that give records.
const RECORDS: [&str; 2] = ["issues", "records"];
/// A variable of Tera's that holds all others.
const ALL: &str = "__tera_context";

/// Returns the keys of records that a template reads; `None` if that does not show.
pub(crate) fn read_keys(template: &str) -> Option<BTreeSet<&str>> {
    let tags = spans(template).into_iter().filter(|(_, _, span)| matches!(span, TagSpan::Tag | TagSpan::Print));
    let tags: Vec<Vec<&str>> = tags.filter_map(|(start, end, _)| words(template.get(start..end)?)).collect();
    let mut reading = Reading::default();
    loop {
        let known = reading.clone();
        let mut keys = BTreeSet::new();
        for tag in &tags {
            for at in 0..tag.len() {
                reading.see(tag, at, &mut keys)?;
            }
        }
        if reading == known {
            return Some(keys);
        }
    }
}

/// The words of a tag without its delimiters.
fn words(tag: &str) -> Option<Vec<&str>> {
    let inner = tag.get(2..tag.len().checked_sub(2)?)?;
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let inner = inner.strip_suffix('-').unwrap_or(inner);
    Some(tokens(inner).into_iter().map(|(_, word)| word).collect())
}

/// The variables that hold lists of records, and records.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reading<'t> {
    lists: BTreeSet<&'t str>,
    records: BTreeSet<&'t str>,
}

impl<'t> Reading<'t> {
    /// Looks at a word of a tag; `None` if what it does with records does not show.
    fn see(&mut self, tag: &[&'t str], at: usize, keys: &mut BTreeSet<&'t str>) -> Option<()> {
        let (before, word) = (tag.get(..at)?, *tag.get(at)?);
        let after = tag.get(at + 1..)?;
        // A part of something else, or the name of an argument.
        let is_argument = matches!(before.last(), Some(&("(" | ","))) && after.first() == Some(&"=");
        if word == ALL {
            return None;
        }
        if before.last() == Some(&".") || is_argument && after.get(1) != Some(&"=") {
            return Some(());
        }
        if RECORDS.contains(&word) && after.first() == Some(&"(") {
            return self.list(before, after_brackets(after)?, keys);
        }
        if self.lists.contains(word) && !matches!((before, after), (["set" | "set_global"], ["=", ..])) {
            return self.list(before, after, keys);
        }
        if self.records.contains(word) && !matches!((before, after), (["for"], ["in", ..])) {
            let (key, rest) = match after {
                [".", key, rest @ ..] => (*key, rest),
                ["[", key, "]", rest @ ..] => (unquoted(key)?, rest),
                _ => return None,
            };
            // A call would be of something else.
            keys.insert(Some(key).filter(|_| rest.first() != Some(&"("))?);
        }
        Some(())
    }

    /// Looks at what is done with a list of records that stands between some words.
    fn list(&mut self, before: &[&'t str], mut after: &[&'t str], keys: &mut BTreeSet<&'t str>) -> Option<()> {
        while let ["|", "sort", "(", "attribute", "=", path, ")", rest @ ..] = after {
            keys.extend(unquoted(path)?.split('.').next());
            after = rest;
        }
        match (before, after) {
            (["for", name, "in"], []) => _ = self.records.insert(name),
            (["set" | "set_global", name, "="], []) => _ = self.lists.insert(name),
            // How many there are, or whether there are any.
            (_, ["|", "length", ..])
            | (["if" | "elif"] | ["if" | "elif", .., "and" | "or" | "not"], [] | ["and" | "or", ..]) => {}
            _ => return None,
        }
        Some(())
    }
}

/// The text of a literal.
fn unquoted(word: &str) -> Option<&str> {
    ['"', '\'', '`'].iter().find_map(|quote| word.strip_prefix(*quote)?.strip_suffix(*quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_what_follows_the_variable_of_a_loop() {
        for (template, expected) in [
            ("{{ count() }}{{ x.y }}", &[][..]),
            ("{% for i in issues() | sort(attribute=\"x.y\") %}{{ i.a }}{% endfor %}", &["a", "x"]),
            ("{%- for i in issues(unit=u, id=previous.issues) -%}{{ i.unit }}{% endfor %}", &["unit"]),
            ("{% for i in records(of=\"measures\") %}{{ i[\"people\"] or i.unit }}{% endfor %}", &["people", "unit"]),
            (
                "{% set a = issues() %}{% if a and not b %}{% for i in a %}{{ i.x.y | z }}{% endfor %}{% endif %}",
                &["x"],
            ),
            ("{% for i in a %}{{ i.site }}{% endfor %}{% set a = issues() %}", &["site"]),
            ("{% if issues() %}{{ issues(a=1) | length }}{% endif %}{{ count(i=1, issues=2) }}", &[]),
            ("{% for i in issues() %}{% for l in i.letters %}{{ l.number }}{% endfor %}{% endfor %}", &["letters"]),
            (
                "{% for i in issues() %}{% if i.a == i.b %}{% endif %}{% endfor %}{% raw %}{{ i }}{% endraw %}",
                &["a", "b"],
            ),
        ] {
            assert_eq!(read_keys(template), Some(expected.iter().copied().collect()), "{template}");
        }
    }

    #[test]
    fn where_a_record_goes_elsewhere_nothing_is_left_out() {
        for template in [
            "{% for i in issues() %}{{ i }}{% endfor %}",
            "{% for i in issues() %}{{ i | str }}{% endfor %}",
            "{% for i in issues() %}{{ i[key] }}{% endfor %}",
            "{% for i in issues() %}{% set j = i %}{% endfor %}",
            "{% for i in issues() %}{% for k, v in i %}{% endfor %}{% endfor %}",
            "{% for i in issues() %}{% if i == j %}{% endif %}{% endfor %}",
            "{% for i in issues() %}{% if x in i %}{% endif %}{% endfor %}",
            "{% for i in issues() | sort(attribute=key) %}{{ i.site }}{% endfor %}",
            "{% for i in issues() | sort %}{{ i.site }}{% endfor %}",
            "{% for k, i in issues() %}{{ i.site }}{% endfor %}",
            "{% set a = issues() | first %}{{ a.unit }}",
            "{% set a = issues() %}{{ a | join }}",
            "{% set a = issues() %}{% set b = a %}{{ b | first }}",
            "{% set a = issues() %}{% if a == b %}{% endif %}",
            "{% set a = [issues()] %}",
            "{% set a = issues() or b %}",
            "{{ issues() }}",
            "{% for i in issues() %}{{ i.unit }}{% endfor %}{{ __tera_context }}",
        ] {
            assert_eq!(read_keys(template), None, "{template}");
        }
    }
}
