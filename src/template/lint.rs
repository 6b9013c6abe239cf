//! Checks of a template that need no data: figures typed by hand, and names that do not exist.
//!
//! Tera silently takes a misspelt name in `{% if issue.overdu %}` as false, so names are looked up here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::dataset::Record;
use crate::query::RecordList;
use crate::tags::{Occurrence, TagSpan, found, spans, tokens};

/// The variables of a template.
pub(crate) const ROOTS: [&str; 25] = [
    "kind",
    "lang",
    "as_of",
    "due_soon",
    "period",
    "office",
    "number",
    "n",
    "year",
    "draft",
    "unit",
    "previous",
    "against",
    "compared",
    "corrected",
    "reply_by",
    "set",
    "called",
    "you",
    "edition",
    "small_counts",
    "outline",
    "charts",
    "unreported",
    "region",
];

/// The names that may follow a dot, beside the keys of records.
const PARTS: [&str; 81] = [
    "from",
    "to",
    "name",
    "mark",
    "code",
    "signature",
    "contact",
    "group",
    "head",
    "number",
    "date",
    "title",
    "issues",
    "key",
    "found",
    "disposition",
    "source",
    "rectified",
    "open",
    "closed",
    "overdue",
    "due_soon",
    "late",
    "repeat",
    "units",
    "sites",
    "inspections",
    "rectified_rate",
    "index",
    "index0",
    "first",
    "last",
    "length",
    "extra",
    "days_overdue",
    "days",
    "measures",
    "type",
    "people",
    "category",
    "as_of",
    "unit",
    "file",
    "sheet",
    "line",
    "id",
    "month",
    "week",
    "letters",
    "limit",
    "kind",
    "address",
    "value",
    "before",
    "difference",
    "growth",
    "points",
    "digits",
    "part",
    "whole",
    "before_part",
    "before_whole",
    "is_small",
    "than",
    "when",
    "place",
    "tied",
    "list",
    "before_place",
    "moved",
    "rectified_within",
    "open_at_end",
    "overdue_at_end",
    "photos",
    "photo",
    "stage",
    "caption",
    "row",
    "was",
    "now",
    "after",
];

/// Any name may follow these: they hold the user's own keys, or values of vocabularies.
const FREE: [&str; 5] = ["set", "extra", "disposition", "source", "key"];

/// The figures typed by hand: digits outside of tags, but for list and heading numbers, addresses, comments and
/// `{% raw %}`.
pub(crate) fn digits(template: &str) -> Vec<Occurrence> {
    // Everything that may hold digits becomes as many blanks, so that places stay.
    let mut text: Vec<(usize, char)> = Vec::new();
    let mut faults = Vec::new();
    for (start, end, span) in spans(template) {
        let inner = template.get(start..end).unwrap_or_default();
        let is_text = matches!(span, TagSpan::Text);
        text.extend(inner.char_indices().map(|(at, c)| (start + at, if is_text || c == '\n' { c } else { '\0' })));
        if matches!(span, TagSpan::Print) {
            faults.extend(literals(inner).into_iter().map(|(at, text)| found(template, start + at, text)));
        }
    }
    blank(&mut text, "<!--", |rest| find(rest, "-->").map_or(rest.len(), |at| at + 3));
    for scheme in ["http://", "https://"] {
        blank(&mut text, scheme, |rest| rest.iter().position(|(_, c)| !c.is_ascii_graphic()).unwrap_or(rest.len()));
    }
    for line in text.split(|(_, c)| *c == '\n') {
        let numbered = numbering(line);
        let line = line.get(numbered..).unwrap_or_default();
        let mut at = 0;
        while at < line.len() {
            if !is_digit(line, at) {
                at += 1;
                continue;
            }
            let end = (at..line.len()).find(|next| !is_digit(line, *next)).unwrap_or(line.len());
            let around = line.get(at.saturating_sub(4)..line.len().min(end + 2)).unwrap_or_default();
            let around: String = around.iter().map(|(_, c)| *c).filter(|c| *c != '\0').collect();
            let digits = found(template, line.get(at).map_or(0, |(at, _)| *at), around.trim());
            faults.push(Occurrence { length: end - at, ..digits });
            at = end;
        }
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults
}

fn is_digit(line: &[(usize, char)], at: usize) -> bool {
    line.get(at).is_some_and(|(_, c)| c.is_ascii_digit() || ('０'..='９').contains(c))
}

/// Figures typed by hand inside `{{ … }}`: `{{ 33 }}`, `{{ "33个" }}`, `{{ count() + 3 }}`. What is an argument, an
/// index or one side of a comparison is none.
fn literals(tag: &str) -> Vec<(usize, &str)> {
    let tokens = tokens(tag);
    let mut depth = 0_usize;
    let mut found = Vec::new();
    // The outer braces of the tag itself are the first and last two.
    for (index, (at, token)) in tokens.iter().enumerate() {
        match *token {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            token => {
                let has_digit = token.contains(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
                let is_value = token.starts_with(['"', '\'', '`']) || token.starts_with(|c: char| c.is_ascii_digit());
                let near = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |(_, token)| *token);
                let (before, after) = (near(index.checked_sub(1)), near(Some(index + 1)));
                let compared = ["<", ">", "=", "!", "in"];
                if depth == 0
                    && has_digit
                    && is_value
                    && before != "."
                    && !compared.contains(&before)
                    && !compared.contains(&after)
                {
                    found.push((*at, token));
                }
            }
        }
    }
    found
}

/// How many characters the number of a list or heading takes at the beginning of a line.
fn numbering(line: &[(usize, char)]) -> usize {
    let skip = |from: usize, of: fn(char) -> bool| {
        line.iter().skip(from).position(|(_, c)| !of(*c)).map_or(line.len(), |length| from + length)
    };
    let start = skip(0, |c| matches!(c, ' ' | '\0' | '#'));
    let number = skip(start, |c| c.is_ascii_digit());
    let end = skip(number, |c| matches!(c, '.' | ')' | '、' | '．'));
    if number > start && end > number { end } else { start }
}

fn find(text: &[(usize, char)], wanted: &str) -> Option<usize> {
    let wanted: Vec<char> = wanted.chars().collect();
    text.windows(wanted.len()).position(|window| window.iter().map(|(_, c)| *c).eq(wanted.iter().copied()))
}

/// Blanks every stretch that begins with a text; `length` says how long it is.
fn blank(text: &mut [(usize, char)], start: &str, length: impl Fn(&[(usize, char)]) -> usize) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| find(rest, start)) {
        let begin = from + at;
        let end = begin + text.get(begin..).map_or(0, &length).max(1);
        for (_, c) in text.get_mut(begin..end).unwrap_or_default() {
            if *c != '\n' {
                *c = '\0';
            }
        }
        from = end;
    }
}

/// A name in a tag that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UnknownName {
    /// A field, after a dot.
    Part(Occurrence),
    /// The filter `safe`.
    Safe(Occurrence),
}

/// The names that may follow a dot.
pub(crate) fn parts() -> BTreeSet<&'static str> {
    let keys = RecordList::ALL.iter().flat_map(|(_, of)| of.keys());
    keys.chain(PARTS).chain(ROOTS).collect()
}

/// The names in tags that no record, group or object has, and uses of `safe`.
pub(crate) fn names(template: &str) -> Vec<UnknownName> {
    let known = parts();
    let mut own = BTreeSet::new();
    let mut wanted = Vec::new();
    for (start, end, span) in spans(template) {
        if !matches!(span, TagSpan::Print | TagSpan::Tag) {
            continue;
        }
        let tokens = tokens(template.get(start..end).unwrap_or_default());
        for (index, (at, token)) in tokens.iter().enumerate() {
            let before =
                |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at)).map_or("", |(_, token)| *token);
            let next = tokens.get(index + 1).map_or("", |(_, token)| *token);
            if token.starts_with(['"', '\'']) {
                if next == ":" {
                    own.insert(token.trim_matches(['"', '\'']).to_owned());
                }
            } else if token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                if before(1) == "|" && *token == "safe" {
                    wanted.push(UnknownName::Safe(found(template, start + at, token)));
                } else if before(1) == "." && !FREE.contains(&before(2)) && !known.contains(token) {
                    wanted.push(UnknownName::Part(found(template, start + at, token)));
                }
            }
        }
    }
    wanted.retain(|name| !matches!(name, UnknownName::Part(found) if own.contains(&found.text)));
    wanted
}

/// The keys after `set.` in tags: what a template takes from `--set`.
pub(crate) fn set_keys(template: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for (start, end, span) in spans(template) {
        if matches!(span, TagSpan::Print | TagSpan::Tag) {
            let tokens = tokens(template.get(start..end).unwrap_or_default());
            keys.extend(tokens.windows(3).filter_map(|three| match three {
                [(_, "set"), (_, "."), (_, key)] => Some((*key).to_owned()),
                _ => None,
            }));
        }
    }
    keys
}

/// A call of a function whose arguments are literals.
pub(crate) struct FunctionCall {
    pub(crate) function: &'static str,
    pub(crate) arguments: Record,
    pub(crate) found: Occurrence,
}

/// The calls of functions in tags. The value of an argument that is no literal is null, which every key may be; a call
/// whose own arguments, such as `of`, are no literals is left out.
pub(crate) fn calls(template: &str, functions: &[&'static str]) -> Vec<FunctionCall> {
    let mut calls = Vec::new();
    for (start, end, span) in spans(template) {
        if !matches!(span, TagSpan::Print | TagSpan::Tag) {
            continue;
        }
        let tokens = tokens(template.get(start..end).unwrap_or_default());
        for (index, (at, token)) in tokens.iter().enumerate() {
            let Some(function) = functions.iter().find(|name| *name == token) else { continue };
            let before = index.checked_sub(1).and_then(|at| tokens.get(at)).map_or("", |(_, token)| *token);
            let Some(rest) = tokens.get(index + 1..).and_then(|rest| rest.split_first()) else { continue };
            if matches!(before, "." | "|") || rest.0.1 != "(" {
                continue;
            }
            let words: Vec<&str> = rest.1.iter().map(|(_, token)| *token).collect();
            if let Some(arguments) = arguments(&words) {
                calls.push(FunctionCall { function, arguments, found: found(template, start + at, token) });
            }
        }
    }
    calls
}

/// Arguments without whose values a call can't be tried.
const NEEDED: [&str; 9] = ["of", "by", "rows", "columns", "records", "period", "from", "to", "where"];

/// The arguments up to the closing bracket of a call.
fn arguments(tokens: &[&str]) -> Option<Record> {
    let mut arguments = Record::new();
    let mut rest = tokens;
    let is_name = |token: &str| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
    while let [name, "=", after @ ..] = rest
        && is_name(name)
    {
        let (value, after) = match literal(after) {
            Some((value, after @ [")" | ",", ..])) => (value, after),
            _ if NEEDED.contains(name) => return None,
            _ => (Value::Null, beyond(after)),
        };
        arguments.insert((*name).to_owned(), value);
        match after {
            [",", after @ ..] => rest = after,
            _ => break,
        }
    }
    Some(arguments)
}

/// A text, number, yes, no, list or map at the beginning of some tokens, and what follows it.
fn literal<'t, 's>(tokens: &'t [&'s str]) -> Option<(Value, &'t [&'s str])> {
    let (first, mut rest) = tokens.split_first()?;
    let value = match *first {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "[" => {
            let mut items = Vec::new();
            while let Some((value, after)) = literal(rest) {
                items.push(value);
                rest = after.strip_prefix(&[","]).unwrap_or(after);
            }
            rest = rest.strip_prefix(&["]"])?;
            Value::Array(items)
        }
        "{" => {
            let mut map = Record::new();
            while let [key, ":", after @ ..] = rest {
                let (value, after) = literal(after)?;
                map.insert(key.trim_matches(['"', '\'', '`']).to_owned(), value);
                rest = after.strip_prefix(&[","]).unwrap_or(after);
            }
            rest = rest.strip_prefix(&["}"])?;
            Value::Object(map)
        }
        text if text.starts_with(['"', '\'', '`']) => Value::String(text.trim_matches(['"', '\'', '`']).to_owned()),
        number => Value::from(number.parse::<u64>().ok()?),
    };
    Some((value, rest))
}

/// What follows a value that is no literal: the next comma or bracket of the call.
fn beyond<'t, 's>(tokens: &'t [&'s str]) -> &'t [&'s str] {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match *token {
            "(" | "[" | "{" => depth += 1,
            "," | ")" if depth == 0 => return tokens.get(index..).unwrap_or_default(),
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    &[]
}

/// The first place where a name is used as a variable in a tag.
pub(crate) fn place_of(template: &str, name: &str) -> Occurrence {
    for (start, end, span) in spans(template) {
        if matches!(span, TagSpan::Print | TagSpan::Tag) {
            let tokens = tokens(template.get(start..end).unwrap_or_default());
            let is_free = |index: usize| {
                index == 0 || tokens.get(index - 1).is_none_or(|(_, before)| !matches!(*before, "." | "|"))
            };
            if let Some((_, (at, _))) =
                tokens.iter().enumerate().find(|(index, (_, token))| *token == name && is_free(*index))
            {
                return found(template, start + at, name);
            }
        }
    }
    found(template, 0, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts_of(template: &str) -> Vec<String> {
        digits(template).into_iter().map(|found| found.text).collect()
    }

    #[test]
    fn a_figure_typed_by_hand_is_found_and_what_is_no_figure_is_left() {
        assert_eq!(texts_of("发现问题33个，整改{{ count() }}个"), ["发现问题33个，"]);
        assert_eq!(texts_of("接12345热线"), ["接12345热线"]);
        assert_eq!(texts_of("共３３个"), ["共３３个"]);
        assert_eq!(texts_of("{{ 33 }}{{ count() + 3 }}"), ["33", "3"]);
        assert_eq!(texts_of("{{ \"33个\" }}{{ x or \"7\" }}"), ["\"33个\"", "\"7\""]);
        for harmless in [
            "{% raw %}12345热线{% endraw %}",
            "{# 33 #}{{ issues(limit=3) }}{% if n > 3 %}{% endif %}",
            "1. 第一\n  2) 第二\n## 3. 标题\n{% if x %}\n4、第四\n{% endif %}",
            "<!-- 2021\n33 -->见 https://example.org/2021/08 。",
            "| --- | --: |",
            "{{ count(id=\"A-1\") }}{{ x[0] }}{{ \"多\" if n > 1 else \"少\" }}{{ r | percent(decimals=2) }}",
        ] {
            assert_eq!(texts_of(harmless), [""; 0], "{harmless}");
        }
        let places: Vec<_> = digits("一\n二{{ x }}7\n").into_iter().map(|found| (found.line, found.column)).collect();
        assert_eq!(places, [(2, 8)]);
    }

    #[test]
    fn a_call_is_read_as_far_as_it_is_literal() {
        let text = "{{ count(disposition=\"on_site\", unit=u.name | trim, overdue=true) }}\
                    {% for g in tally(by=[\"unit\", 'team'], where={\"extra.a\": 3}) %}{% endfor %}\
                    {% if count() == 0 %}{% endif %}{{ x.count(a=1) }}{{ distinct(of=key) }}{{ rate(of={\"open\": true}) + count() }}";
        let read: Vec<_> = calls(text, &["count", "tally", "distinct", "rate"])
            .into_iter()
            .map(|call| format!("{} {}", call.function, Value::Object(call.arguments)))
            .collect();
        assert_eq!(
            read,
            [
                r#"count {"disposition":"on_site","unit":null,"overdue":true}"#,
                r#"tally {"by":["unit","team"],"where":{"extra.a":3}}"#,
                "count {}",
                r#"rate {"of":{"open":true}}"#,
                "count {}",
            ]
        );
    }

    #[test]
    fn a_misspelt_part_is_found_where_tera_would_be_silent() {
        let text =
            "{% for i in issues() %}{% if i.overdu %}{{ i.site }}{{ set.x }}{{ i[\"extra\"] }}{% endif %}{% endfor %}";
        let found = names(text);
        let Some(UnknownName::Part(part)) = found.first() else { panic!() };
        assert_eq!((found.len(), part.text.as_str(), part.line, part.column), (1, "overdu", 1, 31));
        assert!(matches!(names("{{ i.site | safe }}")[..], [UnknownName::Safe(_)]));
        assert_eq!(names("{% set m = {\"own\": 1} %}{{ m.own }} i.nothing {{ \"i.nothing\" }}"), []);
    }
}
