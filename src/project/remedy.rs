//! The line of `duban.yaml` that mends a fault of it: what is wrong there, put right in the words of the file.

use crate::fault::{Code, ConfigProblem};
use crate::place::Place;
use crate::project::keys::{self, Below, CONFIG, ConfigKey};
use crate::source::scalar::scalar;
use crate::source::yaml::{Node, Value};
use crate::words::lang::Lang;

/// The most characters of a line in a message.
const LONGEST: usize = 160;

/// Where a fault is: the keys that lead there, and what stands there.
#[derive(Clone, Copy)]
struct Found<'n> {
    /// The last fixed key of the way, if there is one.
    key: Option<&'static ConfigKey>,
    /// The last key of the way as it is written.
    written: &'n str,
    /// What the last key stands in.
    inside: Below,
    /// The value of the key, or the item of a list that the fault is in.
    node: &'n Node,
}

/// Returns the line that mends a problem at a place of a config whose keys are in a language; `None` if it is not known.
#[must_use]
pub(super) fn line(root: &Node, place: Place, problem: &ConfigProblem, lang: Lang) -> Option<String> {
    let is_key = matches!(problem, ConfigProblem::UnknownKey { .. } | ConfigProblem::Doubled { what: "key", .. });
    if root.place == place && !is_key {
        return at_root(root, lang);
    }
    let start = Found { key: None, written: "", inside: Below::Value, node: root };
    let found = find(root, Below::Keys(CONFIG), place, is_key, start)?;
    let pair = |name: &str, value: &str| Some(shortened(format!("{name}: {value}")));
    match problem {
        ConfigProblem::UnknownKey { near, .. } => pair(near.as_deref()?, &inline(found.node)),
        ConfigProblem::Doubled { what: "key", name, first } => {
            // Both say something: what one of them says is for the office to choose.
            pair(first.as_ref().map_or(name.as_str(), |(first, _)| first), &inline(found.node))
        }
        // The places of these tell more than the tree does.
        ConfigProblem::Syntax(_) | ConfigProblem::Doubled { .. } | ConfigProblem::File { .. } => None,
        ConfigProblem::Expected { what, .. } => match missing(what, item_at(found.node, place), lang) {
            Some(whole) => Some(shortened(format!("- {whole}"))),
            None => pair(found.written, &example(&found, lang)),
        },
        ConfigProblem::BadValue { key, near, .. } => match near {
            Some(near) => pair(found.written, &quoted(near)),
            // A file that can't be used: another one is to be named.
            None if key.contains('.') => None,
            None => pair(found.written, &example(&found, lang)),
        },
        ConfigProblem::Condition(fault) => match &fault.mended {
            Some(mended) => pair(found.written, &scalar(mended.trim())),
            None => None,
        },
        ConfigProblem::SharedPattern { pattern, .. } => {
            let own = if pattern.is_ascii() { "Notice {n}/{year}" } else { "{code}通报〔{year}〕{n}号" };
            pair(found.written, &quoted(own))
        }
    }
}

/// The first item of a list that begins where the list does, as in lines; else the node itself.
fn item_at(node: &Node, place: Place) -> &Node {
    match &node.value {
        Value::List(items) => items.first().filter(|item| item.place == place).unwrap_or(node),
        _ => node,
    }
}

/// Returns the key that a value at a place belongs to, as it is written.
#[must_use]
pub(super) fn key_at(root: &Node, place: Place) -> Option<&str> {
    let start = Found { key: None, written: "", inside: Below::Value, node: root };
    let found = find(root, Below::Keys(CONFIG), place, false, start)?;
    Some(found.written).filter(|written| !written.is_empty())
}

/// The line for a config that is no mapping: as it is, if only the colon is the wide one.
fn at_root(root: &Node, lang: Lang) -> Option<String> {
    let first = CONFIG.first()?;
    let narrow = root.scalar().and_then(|text| text.lines().next()).and_then(|text| text.split_once('：'));
    Some(match narrow {
        Some((key, value)) => shortened(format!("{}: {}", key.trim(), value.trim())),
        None => format!("{}: {}", first.label(lang), lang.pick(first.example.0, first.example.1)),
    })
}

/// Goes down to a place.
fn find<'n>(node: &'n Node, below: Below, place: Place, is_key: bool, at: Found<'n>) -> Option<Found<'n>> {
    match &node.value {
        Value::Map(pairs) => pairs.iter().find_map(|(key, value)| {
            let written = key.scalar().unwrap_or_default();
            let here = Found { key: below.key(written), written, inside: below, node: value };
            if key.place == place && is_key || value.place == place && !is_key {
                return Some(here);
            }
            find(value, below.under(written), place, is_key, here)
        }),
        Value::List(items) => items.iter().find_map(|item| {
            let here = Found { node: item, ..at };
            if item.place == place && !is_key { Some(here) } else { find(item, below, place, is_key, here) }
        }),
        Value::Scalar { .. } => None,
    }
}

/// An example of what may stand after the key of a fault.
fn example(found: &Found<'_>, lang: Lang) -> String {
    if let Some(key) = found.key {
        return lang.pick(key.example.0, key.example.1).to_owned();
    }
    match found.inside {
        // A series, by its name.
        Below::Names(keys) => match keys.first() {
            Some(first) => {
                format!("{{{}: {}}}", first.label(lang), lang.pick(first.example.0, first.example.1))
            }
            None => lang.pick("文字", "text").to_owned(),
        },
        Below::NamesOrList(keys) if Code::own(found.written).is_some() => {
            let needed = ["when", "message"].into_iter().filter_map(|key| keys::find(keys, key));
            let pair = |key: &ConfigKey| format!("{}: {}", key.label(lang), lang.pick(key.example.0, key.example.1));
            format!("{{{}}}", needed.map(pair).collect::<Vec<_>>().join(", "))
        }
        Below::NamesOrList(_) => lang.pick("警告", "warning").to_owned(),
        _ => lang.pick("[写法]", "[spelling]").to_owned(),
    }
}

/// An item in which keys are missing, with examples of them; `None` if none is.
fn missing(what: &str, node: &Node, lang: Lang) -> Option<String> {
    let (table, required): (&[ConfigKey], &[&str]) = match what {
        "name" => (keys::NAMED, &["name"]),
        "rung, and one of due_within, overdue, unanswered" => (keys::RUNG, &["rung", "overdue"]),
        "code" => (keys::RULE, &["code"]),
        "code, when and message" => (keys::RULE, &["code", "when", "message"]),
        "name, left and right" => (keys::IDENTITY, &["name", "left", "right"]),
        "code, until, why, and where, file or id" => (keys::ALLOWANCE, &["code", "where", "until", "why"]),
        _ => return None,
    };
    let Value::Map(pairs) = &node.value else { return None };
    let has = |key: &ConfigKey| pairs.iter().any(|(name, _)| name.scalar().is_some_and(|name| key.is(name)));
    let triggers = ["due_within", "overdue", "unanswered"];
    let scopes = ["where", "file", "id"];
    let is_trigger = |key: &ConfigKey| triggers.contains(&key.key);
    let is_scope = |key: &ConfigKey| scopes.contains(&key.key);
    let mut parts = Vec::new();
    for name in required {
        let Some(key) = keys::find(table, name) else { continue };
        let is_there = has(key)
            || is_trigger(key) && table.iter().any(|key| is_trigger(key) && has(key))
            || is_scope(key) && table.iter().any(|key| is_scope(key) && has(key));
        if !is_there {
            parts.push(format!("{}: {}", key.label(lang), lang.pick(key.example.0, key.example.1)));
        }
    }
    let mut trigger_seen = false;
    for (name, value) in pairs {
        let written = name.scalar().unwrap_or_default();
        // One of several triggers is kept.
        let is_one = keys::find(table, written).is_some_and(is_trigger);
        if !(is_one && trigger_seen) {
            parts.push(format!("{written}: {}", inline(value)));
        }
        trigger_seen |= is_one;
    }
    Some(format!("{{{}}}", parts.join(", ")))
}

/// A node as YAML in one line.
fn inline(node: &Node) -> String {
    match &node.value {
        Value::Scalar { text, plain } => {
            let is_safe = *plain && !text.contains([',', '[', ']', '{', '}', '#', ':', '\n', '"', '\'']);
            if is_safe { text.clone() } else { serde_json::to_string(text).unwrap_or_else(|_| text.clone()) }
        }
        Value::List(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| format!("{}: {}", inline(key), inline(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text as a value: in quotes where it must be.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        return text.to_owned();
    }
    // A string of JSON is one of YAML.
    serde_json::to_string(text).unwrap_or_else(|_| text.to_owned())
}

/// A line in a message, which stays short.
fn shortened(line: String) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The line of a text that is no YAML, put right: the first of the usual slips whose repair lets the text be read further.
#[must_use]
pub(super) fn repaired(text: &str, line: u32, is_better: impl Fn(&str) -> bool) -> Option<String> {
    let at = usize::try_from(line).ok()?.checked_sub(1)?;
    let lines: Vec<&str> = text.lines().collect();
    // A quote or a bracket is missed on the line behind.
    for at in [Some(at), at.checked_sub(1)].into_iter().flatten() {
        let Some(old) = lines.get(at) else { continue };
        for new in repairs(old) {
            let mut changed = lines.clone();
            changed[at] = &new;
            if is_better(&changed.join("\n")) {
                return Some(shortened(new.trim().to_owned()));
            }
        }
    }
    None
}

/// What a line may have been meant to be.
fn repairs(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let body = line.trim_start_matches('\t');
    if body.len() < line.len() {
        found.push(format!("{}{body}", "  ".repeat(line.len() - body.len())));
    }
    if let Some((key, value)) = line.split_once('：') {
        found.push(format!("{key}: {}", value.trim_start()));
    }
    for (open, close) in [('[', ']'), ('{', '}')] {
        if line.matches(open).count() > line.matches(close).count() {
            found.push(format!("{}{close}", line.trim_end()));
        }
    }
    for quote in ['"', '\''] {
        if line.matches(quote).count() % 2 == 1 {
            found.push(format!("{}{quote}", line.trim_end()));
        }
    }
    if let Some((key, value)) = line.split_once(':') {
        let value = value.trim();
        if !value.is_empty() {
            found.push(format!("{key}: {value}"));
            found.push(format!("{key}: {}", serde_json::to_string(value).unwrap_or_default()));
        }
    }
    found.push(line.trim_start().to_owned());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{FaultKind, Faults, words};
    use crate::place::SourceId;
    use crate::project::config::parse;

    /// The variant of a problem; a new one does not compile before it has a case below.
    fn variant(problem: &ConfigProblem) -> &'static str {
        match problem {
            ConfigProblem::Syntax(_) => "syntax",
            ConfigProblem::UnknownKey { .. } => "unknown",
            ConfigProblem::Expected { .. } => "expected",
            ConfigProblem::BadValue { .. } => "value",
            ConfigProblem::Doubled { .. } => "doubled",
            ConfigProblem::Condition(_) => "condition",
            ConfigProblem::SharedPattern { .. } => "shared",
            // It arises when the file is read.
            ConfigProblem::File { .. } => "file",
        }
    }

    const CASES: [(&str, &str, &str); 39] = [
        ("syntax", "lang: zh\noffice: {name: 甲\n", "office: {name: 甲}"),
        ("syntax", "语言: 中文\n单位：[甲]\n", "单位: [甲]"),
        ("syntax", "office:\n\tname: 甲\n", "name: 甲"),
        ("syntax", "office:\n  name: *甲\n", "name: \"*甲\""),
        ("syntax", "office:\n  name: \"甲\n", "name: \"甲\""),
        ("unknown", "unist: [甲, 乙]\n", "units: [甲, 乙]"),
        ("unknown", "单立: [甲]\n", "单位: [甲]"),
        ("unknown", "office: {nmae: '甲: 乙'}\n", "name: \"甲: 乙\""),
        ("unknown", "units:\n- {name: 甲, gruop: 街道}\n", "group: 街道"),
        ("unknown", "columns: {unti: [a]}\n", "unit: [a]"),
        ("unknown", "rules: {V10: off}\n", "V101: off"),
        ("expected", "甲\n", "lang: zh"),
        ("expected", "单位：甲\n", "单位: 甲"),
        ("expected", "office: 郑东\n", "office: {name: City Inspection Office}"),
        ("expected", "发文机关: 郑东\n", "发文机关: {名称: 某区人民政府督查室}"),
        ("expected", "sheets: {a: b}\n", "sheets: [Log]"),
        ("expected", "units:\n- {aliases: [乙], group: 街道}\n", "- {name: Fire safety, aliases: [乙], group: 街道}"),
        ("expected", "ladder:\n- {rung: reminder}\n", "- {overdue: 1 day, rung: reminder}"),
        ("expected", "督办层级:\n- {逾期: 1天, 临期: 3天}\n", "- {文种: 督办函, 逾期: 1天}"),
        (
            "expected",
            "identities:\n- {name: a, left: {open: 'no'}}\n",
            "- {right: {open: 'no'}, name: a, left: {open: \"no\"}}",
        ),
        ("expected", "series: {bulletin: 3}\n", "bulletin: {number: 'No. {n}'}"),
        (
            "expected",
            "ladder: []\n",
            "ladder: [{rung: reminder, due_within: 3 days}, {rung: supervision, overdue: 1 day}]",
        ),
        ("expected", "due_soon_days: {days: soon}\n", "days: 3"),
        ("expected", "calendar: {off: [soon]}\n", "off: [2027-02-05]"),
        ("value", "lang: zhh\n", "lang: zh"),
        ("value", "语言: 中\n", "语言: 中文"),
        ("value", "lang: fr\n", "lang: zh"),
        ("value", "series: {bulletin: {number: '第期'}}\n", "number: 'No. {n}'"),
        ("value", "规则: {V101: 警示}\n", "V101: 警告"),
        ("value", "rules: {V101: fatal}\n", "V101: warning"),
        ("value", "ladder: [{rung: reminder, overdue: soon}]\n", "overdue: 1 day"),
        ("value", "photos: {quality: 300}\n", "quality: 80"),
        ("condition", "rules: [{code: X101, when: 'opn', message: a}]\n", "when: open"),
        (
            "condition",
            "规则: [{代码: X101, 条件: '整改方式 = “限期整改”', 提示: 甲}]\n",
            "条件: \"整改方式 == “限期整改”\"",
        ),
        ("doubled", "units: [甲]\n单位: [乙]\n", "units: [甲]"),
        ("doubled", "单位: [{名称: 甲, 别名: [丙]}, {名称: 乙, 别名: [丙, 丁]}]\n", "- {名称: 乙, 别名: [丁]}"),
        ("doubled", "units: [甲, {name: 甲, aliases: [乙]}]\n", "- {name: 甲, aliases: [乙]}"),
        (
            "shared",
            "series: {a: {number: '第{n}期'}, b: {number: '第{n}期'}}\n",
            "number: \"{code}通报〔{year}〕{n}号\"",
        ),
        ("shared", "series: {a: {number: 'N {n}'}, b: {number: 'N {n}'}}\n", "number: \"Notice {n}/{year}\""),
    ];

    #[test]
    fn every_kind_of_fault_says_the_line_to_write() {
        let (mut seen, mut wrong) = (Vec::new(), Vec::new());
        for (of, text, wanted) in CASES {
            let mut faults = Faults::default();
            let _ = parse(SourceId(0), text, &mut faults);
            let faults = faults.sorted();
            let Some(FaultKind::Config { problem, line }) = faults.first().map(|fault| &fault.what) else {
                panic!("{text}");
            };
            if (variant(problem), line.as_deref()) != (of, Some(wanted)) {
                wrong.push(format!("{text}{} {line:?}", variant(problem)));
                continue;
            }
            for lang in Lang::ALL {
                let help = words(&faults[0].what, None, lang).help.unwrap_or_default();
                assert!(help.ends_with(wanted), "{help}");
            }
            seen.push(of);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(
            ["syntax", "unknown", "expected", "value", "condition", "doubled", "shared"]
                .iter()
                .all(|of| seen.contains(of))
        );
    }

    /// A line that is put in its place mends the fault.
    #[test]
    fn a_line_at_the_top_level_mends_the_fault() {
        for (_, text, line) in CASES.into_iter().filter(|(_, text, _)| text.lines().count() == 1) {
            let key = line.split(": ").next().unwrap_or_default();
            if keys::find(CONFIG, key).is_none() || text.starts_with("series") {
                continue;
            }
            let mut faults = Faults::default();
            let _ = parse(SourceId(0), line, &mut faults);
            assert_eq!(faults.sorted().len(), 0, "{line}");
        }
    }
}
