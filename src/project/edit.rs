//! Adds one item to the text of a config, and leaves everything else as it is: comments, order, line ends.
//!
//! The text is changed as text; then it is read again, and must say what it said before and the new item, and nothing
//! else. Otherwise nothing is changed, and the line to write is told.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::fault::{Faults, PLACEHOLDERS, Severity, Words, words};
use crate::model::Field;
use crate::place::SourceId;
use crate::project::config;
use crate::project::keys::{self, Below, CONFIG};
use crate::source::scalar::scalar;
use crate::source::yaml::{self, Node, Value};
use crate::words::lang::Lang;

/// Why an item can't be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The config is no YAML that can be changed.
    Unreadable,
    /// No item can be added under this key: the key, and those under which one can.
    NotAKey(String, Vec<String>),
    /// It is there already.
    IsThere,
    /// It is blank.
    Blank,
    /// This part of the key stands for one that is to be chosen.
    Placeholder(String),
    /// The word means another value already: its key.
    MeansAnother(String),
    /// There is a value already, and there can be only one: it is.
    HasValue(String),
    /// The config would be wrong with it.
    Wrong(Words),
    /// The text can't be changed safely: the lines to write.
    ByHand(String),
}

/// How items stand under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A list of texts.
    Texts,
    /// One text, or a list of texts.
    Headers,
    /// One value.
    One,
    /// A list of mappings, each with one entry.
    Mappings,
    /// A list of rules, each with its code and its severity.
    Rules,
}

/// The keys that hold a list of texts.
const LISTS: [&str; 8] = ["logs", "sheets", "units", "teams", "sites", "categories", "sources", "ignore"];
/// The keys that hold one value.
const ONES: [&str; 4] = ["lang", "baseline", "due_soon_days", "paper"];
/// The keys over a mapping of single values.
const MAPPINGS: [&str; 7] = ["office", "defaults", "dates", "dimensions", "rules", "privacy", "set"];

/// Adds a value under a key such as `columns.deadline` or `取值.状态.已整改` to the text of a config.
///
/// # Errors
/// See [`EditError`]; the text stays as it is.
pub fn add(text: &str, key: &str, value: &str, lang: Lang) -> Result<String, EditError> {
    let node = yaml::read_all(SourceId(0), text).map_err(|_| EditError::Unreadable)?;
    let is_empty = node.is_null();
    if !is_empty && !matches!(node.value, Value::Map(_)) {
        return Err(EditError::Unreadable);
    }
    if value.trim().is_empty() {
        return Err(EditError::Blank);
    }
    if let Some(part) = key.split('.').find(|part| PLACEHOLDERS.contains(part)) {
        return Err(EditError::Placeholder(part.to_owned()));
    }
    let (path, mut form) = parts(key, lang)?;
    let lang = if is_empty { lang } else { language(&node, lang) };
    let names = named(&node, &path, lang);
    let rules = rules(&node).filter(|_| path[0] == "rules");
    if rules.is_some() {
        form = Form::Rules;
    }
    let shown = match form {
        Form::Mappings | Form::Rules => vec![names[0].clone()],
        _ => names.clone(),
    };
    let before = leaves(&node);
    let held = match rules {
        Some(rules) => rules
            .iter()
            .filter(|(code, _)| code.eq_ignore_ascii_case(&names[1]))
            .map(|(_, held)| held.clone())
            .collect(),
        None => before.get(&names).cloned().unwrap_or_default(),
    };
    if held.iter().any(|held| held == value.trim()) {
        return Err(EditError::IsThere);
    }
    if let ("values", Some(other)) = (path[0].as_str(), meant(value, &names, &before)) {
        return Err(EditError::MeansAnother(other));
    }
    if let (Form::One | Form::Rules, Some(held)) = (form, held.first()) {
        return Err(EditError::HasValue(held.clone()));
    }
    let [code, severity] = ["code", "severity"].map(|key| keys::label(&["rules", key], lang));
    let item = match form {
        Form::Mappings => format!("{{{}: {}}}", scalar(&names[1]), scalar(value)),
        Form::Rules => format!("{{{code}: {}, {severity}: {}}}", scalar(&names[1]), scalar(value)),
        _ => scalar(value),
    };
    let by_hand = || EditError::ByHand(nested(&shown, &item, form, "\n"));
    let changed = put(text, &shown, &item, form).ok_or_else(by_hand)?;
    // What the text says now is what it said, and the item.
    let node = yaml::read_all(SourceId(0), &changed).map_err(|_| by_hand())?;
    let mut wanted = before;
    let mut add = |names: Vec<String>, text: &str| wanted.entry(names).or_default().push(text.trim().to_owned());
    if form == Form::Rules {
        add(vec![names[0].clone(), code.to_owned()], &names[1]);
        add(vec![names[0].clone(), severity.to_owned()], value);
    } else {
        add(names, value);
    }
    if leaves(&node) != wanted {
        return Err(by_hand());
    }
    let faults = |text: &str| {
        let mut faults = Faults::default();
        let _ = config::parse(SourceId(0), text, &mut faults);
        faults
    };
    let (old, new) = (faults(text), faults(&changed));
    if new.count(Severity::Error) > old.count(Severity::Error) {
        let known: Vec<String> = old.sorted().iter().map(|fault| format!("{:?}", fault.what)).collect();
        let list = new.sorted();
        let fault = list.iter().find(|fault| !known.contains(&format!("{:?}", fault.what))).or_else(|| list.first());
        if let Some(fault) = fault {
            return Err(EditError::Wrong(words(&fault.what, fault.field, lang)));
        }
    }
    Ok(changed)
}

/// The key of the other value of a field that a word means.
fn meant(word: &str, names: &[String], before: &BTreeMap<Vec<String>, Vec<String>>) -> Option<String> {
    let (_, field) = names.split_last()?;
    let of_field = before.iter().filter(|(path, _)| path.as_slice() != names && path.starts_with(field));
    let mut others = of_field.filter(|(_, words)| words.iter().any(|other| other == word.trim()));
    others.next().map(|(path, _)| path.join("."))
}

/// The parts of a key, canonical where the table knows them, and how items stand there.
fn parts(key: &str, lang: Lang) -> Result<(Vec<String>, Form), EditError> {
    let unknown = || {
        let label = |key: &&'static str| keys::label(&[*key], lang).to_owned();
        let field = keys::label(&["columns", "deadline"], lang);
        let status = keys::label(&["values", "status"], lang);
        let mut known: Vec<String> = LISTS.iter().chain(&ONES).map(label).collect();
        known.push(format!("{}.{field}", label(&"columns")));
        known.push(format!("{}.{status}.{}", label(&"values"), lang.pick("已整改", "rectified")));
        known.push(format!("{}.{}", label(&"not_issues"), keys::label(&["columns", "description"], lang)));
        known.extend(MAPPINGS.iter().map(|key| format!("{}.…", label(key))));
        EditError::NotAKey(key.to_owned(), known)
    };
    // What stands behind the second point is a value, which may have points in its name: `values.unit.No. 3 Works`.
    let mut written = key.splitn(3, '.').map(str::trim);
    let first = written.next().and_then(|first| keys::find(CONFIG, first)).ok_or_else(unknown)?;
    let rest: Vec<&str> = written.collect();
    let second = || -> Option<String> {
        let name = *rest.first()?;
        match first.below {
            Below::Fields => keys::field(name).map(|field: Field| field.key().to_owned()),
            below => Some(below.key(name).map_or(name, |key| key.key).to_owned()),
        }
    };
    let top = first.key.to_owned();
    match (first.key, rest.len()) {
        (key, 0) if LISTS.contains(&key) => Ok((vec![top], Form::Texts)),
        (key, 0) if ONES.contains(&key) => Ok((vec![top], Form::One)),
        ("columns", 1) => Ok((vec![top, second().ok_or_else(unknown)?], Form::Headers)),
        ("not_issues", 1) => Ok((vec![top, second().ok_or_else(unknown)?], Form::Mappings)),
        // A value may have a point in its name: `with.a.deadline` is none of ours.
        ("values", 2) => Ok((vec![top, second().ok_or_else(unknown)?, rest[1].to_owned()], Form::Texts)),
        (key, 1) if MAPPINGS.contains(&key) => Ok((vec![top, second().ok_or_else(unknown)?], Form::One)),
        _ => Err(unknown()),
    }
}

/// The language of the keys that a config has.
fn language(node: &Node, otherwise: Lang) -> Lang {
    let Value::Map(pairs) = &node.value else { return otherwise };
    let names: Vec<&str> = pairs.iter().filter_map(|(key, _)| key.scalar()).filter(|key| *key != "$schema").collect();
    let chinese = names.iter().filter(|key| !key.is_ascii()).count();
    match names.len() {
        0 => otherwise,
        all if chinese * 2 > all => Lang::Zh,
        _ => Lang::En,
    }
}

/// The codes of `rules:` with the severity of each, as written, where it is a list.
fn rules(node: &Node) -> Option<Vec<(String, String)>> {
    let Value::Map(pairs) = &node.value else { return None };
    let of = |node: &Node, key: &str| {
        let Value::Map(pairs) = &node.value else { return None };
        let is_it = |name: &str| keys::find(keys::RULE, name).is_some_and(|found| found.key == key);
        let found = pairs.iter().find(|(name, _)| name.scalar().is_some_and(is_it));
        found.and_then(|(_, value)| value.scalar()).map(|text| text.trim().to_owned())
    };
    let (_, rules) = pairs.iter().find(|(key, _)| {
        key.scalar().and_then(|name| keys::find(CONFIG, name)).is_some_and(|key| key.key == "rules")
    })?;
    let Value::List(items) = &rules.value else { return None };
    // One that says no severity is a warning.
    let rule = |item| Some((of(item, "code")?, of(item, "severity").unwrap_or_else(|| "warning".to_owned())));
    Some(items.iter().filter_map(rule).collect())
}

/// The names of a path as the config writes them, or would in its language.
fn named(node: &Node, path: &[String], lang: Lang) -> Vec<String> {
    let canonical: Vec<&str> = path.iter().map(String::as_str).collect();
    let (mut here, mut names) = (Some(node), Vec::new());
    for (at, part) in path.iter().enumerate() {
        let is_it = |name: &str| match at {
            0 => keys::find(CONFIG, name).is_some_and(|key| key.key == part),
            1 if keys::field(name).is_some() => keys::field(name) == keys::field(part),
            1 => name == part || keys::label(&canonical[..2], Lang::Zh) == name,
            _ => same_value(&path[1], name, part),
        };
        let found = here.and_then(|node| match &node.value {
            Value::Map(pairs) => pairs.iter().find(|(key, _)| key.scalar().is_some_and(is_it)),
            _ => None,
        });
        names.push(match found {
            Some((key, _)) => key.scalar().unwrap_or_default().to_owned(),
            None if at < 2 => keys::label(&canonical[..=at], lang).to_owned(),
            None => part.clone(),
        });
        here = found.map(|(_, value)| value);
    }
    names
}

/// Whether two names are the same value of a field.
fn same_value(field: &str, one: &str, other: &str) -> bool {
    let vocabularies = crate::project::vocabulary::Vocabularies::built_in();
    let Some(field) = Field::from_key(field) else { return one == other };
    let value = |name| vocabularies.of(field).built_in_value(name);
    one == other || value(one).is_some() && value(one) == value(other)
}

/// Every text of a tree by the keys that lead to it. A single text is a list of one.
fn leaves(node: &Node) -> BTreeMap<Vec<String>, Vec<String>> {
    fn walk(node: &Node, path: &mut Vec<String>, leaves: &mut BTreeMap<Vec<String>, Vec<String>>) {
        match &node.value {
            Value::Map(pairs) => {
                for (key, value) in pairs {
                    path.push(key.scalar().unwrap_or_default().to_owned());
                    walk(value, path, leaves);
                    path.pop();
                }
            }
            Value::List(items) => items.iter().for_each(|item| walk(item, path, leaves)),
            Value::Scalar { .. } if node.is_null() => {}
            Value::Scalar { text, .. } => leaves.entry(path.clone()).or_default().push(text.clone()),
        }
    }
    let mut found = BTreeMap::new();
    walk(node, &mut Vec::new(), &mut found);
    found
}

/// A path of keys with an item below, as lines.
fn nested(names: &[String], item: &str, form: Form, end: &str) -> String {
    let Some((last, before)) = names.split_last() else { return String::new() };
    let mut text = String::new();
    for (level, name) in before.iter().enumerate() {
        let _ = write!(text, "{}{}:{end}", "  ".repeat(level), scalar(name));
    }
    let indent = "  ".repeat(before.len());
    match form {
        Form::One | Form::Headers => {
            let _ = write!(text, "{indent}{}: {item}{end}", scalar(last));
        }
        _ => {
            let _ = write!(text, "{indent}{}:{end}{indent}  - {item}{end}", scalar(last));
        }
    }
    text
}

/// A line with its place in the text.
struct Line<'t> {
    text: &'t str,
    start: usize,
}

impl Line<'_> {
    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    fn is_blank(&self) -> bool {
        let text = self.text.trim();
        text.is_empty() || text.starts_with('#')
    }

    /// What follows the key on its line, if the line has this key.
    fn after_key(&self, name: &str) -> Option<usize> {
        let text = self.text.trim_start_matches(' ');
        let quoted = [name.to_owned(), scalar(name), format!("'{}'", name.replace('\'', "''")), format!("\"{name}\"")];
        let rest = quoted.iter().find_map(|key| text.strip_prefix(key.as_str())?.strip_prefix(':'))?;
        (rest.is_empty() || rest.starts_with([' ', '\t', '\r'])).then(|| self.text.len() - rest.len())
    }
}

/// Puts an item under a path of keys; `None` if the text is of a shape that is not changed here.
fn put(text: &str, names: &[String], item: &str, form: Form) -> Option<String> {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Line { text: line.trim_end_matches(['\n', '\r']), start });
        start += line.len();
    }
    // The lines of the block in which the next key stands, and the indent of its keys.
    let (mut from, mut to, mut indent) = (0, lines.len(), 0);
    for (level, name) in names.iter().enumerate() {
        let mut at_level = (from..to).filter(|at| !lines[*at].is_blank() && lines[*at].indent() == indent);
        let Some(at) = at_level.find(|at| lines[*at].after_key(name).is_some()) else {
            let rest = nested(&names[level..], item, form, end);
            let rest = indented(&rest, indent);
            return Some(insert_after(text, &lines, last_of(&lines, from, to), &rest, end));
        };
        let after = lines[at].after_key(name)?;
        let value = lines[at].text.get(after..)?;
        let value = value.trim_start();
        let position = lines[at].start + lines[at].text.len() - value.len();
        let is_last = level + 1 == names.len();
        if !value.is_empty() && !value.starts_with('#') {
            // Something stands beside the key.
            return in_line(text, position, &names[level + 1..], item, form, is_last);
        }
        let next = (at + 1..to).find(|next| !lines[*next].is_blank());
        let first = next.filter(|next| {
            let is_item = lines[*next].text.trim_start().starts_with("- ");
            lines[*next].indent() > indent || is_last && is_item && lines[*next].indent() == indent
        });
        let Some(first) = first else {
            // The key stands alone.
            let inner = indent + 2;
            let rest = if is_last { format!("- {item}{end}") } else { nested(&names[level + 1..], item, form, end) };
            let rest = indented(&rest, inner);
            return Some(insert_after(text, &lines, at, &rest, end));
        };
        let inner = lines[first].indent();
        let ends = (first..to).find(|at| {
            let line = &lines[*at];
            !line.is_blank()
                && (line.indent() < inner
                    || line.indent() == inner && inner == indent && !line.text.trim_start().starts_with('-'))
        });
        (from, to) = (first, ends.unwrap_or(to));
        if is_last {
            let has_items = lines[first].text.trim_start().starts_with('-');
            let line = format!("{}- {item}{end}", " ".repeat(inner));
            return has_items.then(|| insert_after(text, &lines, last_of(&lines, from, to), &line, end));
        }
        indent = inner;
    }
    None
}

/// Lines, each after so many blanks.
fn indented(lines: &str, blanks: usize) -> String {
    let blanks = " ".repeat(blanks);
    lines.split_inclusive('\n').flat_map(|line| [blanks.as_str(), line]).collect()
}

/// The last line of a block that says something: comments after it belong to what follows.
fn last_of(lines: &[Line<'_>], from: usize, to: usize) -> usize {
    (from..to).rev().find(|at| !lines[*at].is_blank()).unwrap_or(to.saturating_sub(1))
}

fn insert_after(text: &str, lines: &[Line<'_>], at: usize, rest: &str, end: &str) -> String {
    let position = lines.get(at + 1).map_or(text.len(), |line| line.start);
    let (before, after) = text.split_at(position);
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { end };
    format!("{before}{gap}{rest}{after}")
}

/// Adds an item to what stands beside a key: `[a, b]`, `{a: b}` or a single text.
fn in_line(text: &str, position: usize, names: &[String], item: &str, form: Form, is_last: bool) -> Option<String> {
    let value = text.get(position..)?;
    let is_of = |open: char| value.starts_with(open);
    if is_of('[') && is_last {
        let close = position + closing(value)?;
        return Some(before_bracket(text, close, item));
    }
    if is_of('{') && !is_last {
        let close = position + closing(value)?;
        let [name] = names else { return None };
        if text.get(position..close)?.contains(&format!("{name}:")) {
            return None;
        }
        let item = if form == Form::Texts { format!("[{item}]") } else { item.to_owned() };
        return Some(before_bracket(text, close, &format!("{}: {item}", scalar(name))));
    }
    // A single text becomes a list of two; quotes, blocks and anchors are left to people.
    let line = value.lines().next()?;
    let plain = line.split(" #").next()?.trim_end();
    let is_simple = is_last
        && matches!(form, Form::Texts | Form::Headers)
        && !plain.starts_with(['[', '{', '|', '>', '&', '*', '!']);
    let is_whole = match plain.chars().next() {
        Some(quote @ ('"' | '\'')) => plain.len() > 1 && plain.ends_with(quote) && plain.matches(quote).count() == 2,
        _ => !plain.contains([',', '[', ']', '{', '}']),
    };
    (is_simple && is_whole).then(|| {
        let (before, after) =
            (text.get(..position).unwrap_or_default(), text.get(position + plain.len()..).unwrap_or_default());
        format!("{before}[{plain}, {item}]{after}")
    })
}

/// Writes an item before the bracket at a position.
fn before_bracket(text: &str, close: usize, item: &str) -> String {
    let (before, after) = text.split_at(close);
    let bare = before.trim_end();
    let gap = before.get(bare.len()..).unwrap_or_default();
    let comma = if bare.ends_with(['[', '{', ',']) { "" } else { "," };
    let blank = if bare.ends_with(['[', '{']) { "" } else { " " };
    format!("{bare}{comma}{blank}{item}{gap}{after}")
}

/// The position of the bracket that closes the one at the start.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut is_escaped, mut before) = (0_usize, None, false, ' ');
    for (at, c) in text.char_indices() {
        match quote {
            Some('"') if is_escaped => is_escaped = false,
            Some('"') if c == '\\' => is_escaped = true,
            Some(open) if c == open => quote = None,
            // A comment in the middle of a list is left to people.
            None if c == '#' && before.is_whitespace() => return None,
            None if matches!(c, '"' | '\'') && matches!(before, '[' | '{' | ',' | ':' | ' ' | '\n') => quote = Some(c),
            None if matches!(c, '[' | '{') => depth += 1,
            None if matches!(c, ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn added(text: &str, key: &str, value: &str) -> String {
        add(text, key, value, Lang::Zh).unwrap_or_else(|error| panic!("{text}{key}: {error:?}"))
    }

    #[test]
    fn one_line_is_added_and_the_rest_stays() {
        let config = "# 配置\nlang: zh\nunits:          # 单位\n  - 甲社区       # 3 行\n  - {name: 乙社区, aliases: [乙]}\n\n# 列\ncolumns:\n  unit: 属地      # 12\nignore: [经度, \"纬,度\"]\nvalues: {status: {rectified: [改好]}}\n";
        for (key, value, expected) in [
            ("units", "丙社区", "aliases: [乙]}\n  - 丙社区\n\n# 列"),
            ("columns.deadline", "整改时限", "  unit: 属地      # 12\n  deadline: 整改时限\nignore"),
            ("列.责任单位", "所属街道", "  unit: [属地, 所属街道]      # 12\n"),
            ("ignore", "打印时间", "ignore: [经度, \"纬,度\", 打印时间]\n"),
            ("teams", "第一组", "]}}\nteams:\n  - 第一组\n"),
            ("defaults.unit", "某镇", "]}}\ndefaults:\n  unit: 某镇\n"),
            ("not_issues.description", "合格", "]}}\nnot_issues:\n  - {description: 合格}\n"),
            ("dates.year", "2021", "]}}\ndates:\n  year: 2021\n"),
        ] {
            let value_written = added(config, key, value);
            assert!(
                value_written.contains(expected) || value_written.replace("\"2021\"", "2021").contains(expected),
                "{value_written}"
            );
            let crlf = config.replace('\n', "\r\n");
            assert_eq!(added(&crlf, key, value), value_written.replace('\n', "\r\n"), "{key}");
        }
        // In the language of the file.
        let chinese = "语言: 中文\n取值:\n  状态:\n    已整改:\n      - 改好\n";
        assert_eq!(added(chinese, "values.status.rectified", "弄好"), format!("{chinese}      - 弄好\n"));
        assert_eq!(added(chinese, "values.status.closed", "完"), format!("{chinese}    closed:\n      - 完\n"));
        assert_eq!(added("", "columns.unit", "属地"), "列:\n  责任单位: 属地\n");
        assert_eq!(added("lang: zh\nunits:\n", "units", "甲"), "lang: zh\nunits:\n  - 甲\n");
        assert_eq!(added("lang: zh", "ignore", "x"), "lang: zh\nignore:\n  - x\n");
        let rules = "rules:\n  - {code: X101, when: open, message: a}\nlang: zh\n";
        assert_eq!(added(rules, "rules.R204", "info"), rules.replace("lang", "  - {code: R204, severity: info}\nlang"));
        let rules = "规则: [{代码: R204, 级别: 警告}]\n";
        assert_eq!(added(rules, "规则.V101", "提示"), rules.replace(']', ", {代码: V101, 级别: 提示}]"));
        assert_eq!(added("units:\n- 甲\nlang: zh\n", "units", "乙"), "units:\n- 甲\n- 乙\nlang: zh\n");
    }

    #[test]
    fn what_cant_be_added_is_told_and_nothing_changes() {
        let add = |text, key, value| add(text, key, value, Lang::En);
        assert_eq!(add("units: [a]\n", "units", "a"), Err(EditError::IsThere));
        assert_eq!(add("dates: {year: 2021}\n", "dates.year", "2022"), Err(EditError::HasValue("2021".to_owned())));
        let rules = "rules: [{code: X101, when: open, message: a}]\n";
        assert_eq!(add(rules, "rules.X101", "off"), Err(EditError::HasValue("warning".to_owned())));
        assert!(matches!(add(rules, "rules.V1O1", "off"), Err(EditError::Wrong(_))));
        assert!(matches!(add("a: [\n", "units", "b"), Err(EditError::Unreadable)));
        assert!(matches!(add("units: [a]\n", "ladder", "b"), Err(EditError::NotAKey(..))));
        assert!(matches!(add("units: [a]\n", "columns.unti", "b"), Err(EditError::NotAKey(..))));
        assert!(matches!(add("lang: zh\n", "dates.year", "soon"), Err(EditError::Wrong(_))));
        assert!(matches!(add("columns:\n  unit: |\n    a\n", "columns.unit", "b"), Err(EditError::ByHand(_))));
        assert!(matches!(add("columns: {unit: [a]}\n", "columns.unit", "b"), Err(EditError::ByHand(_))));
    }

    proptest! {
        #[test]
        fn no_value_breaks_out(value in "[ -~\u{4e00}-\u{4e10}\n\r\t\u{2028}]{1,20}") {
            for config in ["lang: zh\n", "ignore: [a]  # b\nlang: zh\n", "ignore:\n  - a # b\n# c\nlang: zh\n"] {
                if let Ok(text) = add(config, "ignore", &value, Lang::En) {
                    let node = yaml::read_all(SourceId(0), &text).unwrap();
                    let mut said = leaves(&node);
                    let written = said.get_mut(&vec!["ignore".to_owned()]).and_then(Vec::pop);
                    prop_assert_eq!(written.as_deref(), Some(value.as_str()), "{}", text);
                }
            }
        }
    }
}
