//! `kind.yaml`, and the front matter of templates: mappings whose keys are known.

use crate::document::Layout;
use crate::fault::{ConfigProblem, Faults, What};
use crate::kind::ask::{self, Ask};
use crate::model::key::Key;
use crate::model::period::Length;
use crate::place::SourceId;
use crate::project::config::read_selections;
use crate::project::{Project, Selection};
use crate::source::yaml::{Node, Value, read_all};
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// The keys of `kind.yaml`.
pub const KEYS: [&str; 14] = [
    "title",
    "description",
    "per",
    "select",
    "series",
    "layout",
    "frame",
    "formats",
    "file_name",
    "reply_workdays",
    "identities",
    "asks",
    "once",
    "period",
];

/// What a kind is, beside its templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// What it is called.
    pub title: Bilingual,
    /// What it is for.
    pub description: Bilingual,
    /// One document for each unit, instead of one.
    pub per_unit: bool,
    /// The issues that make a unit get one: those in any of these selections; all if none is given.
    pub select: Vec<Selection>,
    /// The running number it draws from; the kind's name if nothing is said.
    pub series: Option<String>,
    /// The arrangement of the first page.
    pub layout: Layout,
    /// The office's own paper, a Word file beside `kind.yaml`; empty if the pages are ours.
    pub frame: Bilingual,
    /// What it is written as if nothing is asked for.
    pub formats: Vec<String>,
    /// What its files are called, with parts such as `{number}` in braces.
    pub file_name: Option<String>,
    /// In how many working days an answer is asked for.
    pub reply_workdays: Option<u32>,
    /// Whether sums must agree before it is written.
    pub identities: bool,
    /// Whether an issue that one has named is not named again, as on a rung of the ladder.
    pub once: bool,
    /// The period it speaks of if none is asked for: the one of this length that holds the day of writing.
    pub period: Option<Length>,
    /// What the writer must give.
    pub asks: Vec<Ask>,
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    pub(super) zh: String,
    pub(super) en: String,
}

impl Bilingual {
    /// The text in a language, else in the other one.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &str {
        let (first, second) = lang.pick((&self.zh, &self.en), (&self.en, &self.zh));
        if first.is_empty() { second } else { first }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: Bilingual::default(),
            description: Bilingual::default(),
            per_unit: false,
            select: Vec::new(),
            series: None,
            layout: Layout::Document,
            frame: Bilingual::default(),
            formats: vec!["docx".to_owned()],
            file_name: None,
            reply_workdays: None,
            identities: true,
            once: false,
            period: None,
            asks: Vec::new(),
        }
    }
}

/// Reads `kind.yaml`; what is wrong with it goes to `faults`, the rest is still read.
pub(super) fn read(source: SourceId, yaml: &str, project: &Project, faults: &mut Faults) -> Config {
    let mut config = Config::default();
    let node = match read_all(source, yaml) {
        Ok(node) => node,
        Err(error) => {
            faults.add_yaml_error(source, error);
            return config;
        }
    };
    for (key, node) in known(&node, &KEYS, faults) {
        match key {
            "title" => config.title = bilingual(node, faults),
            "description" => config.description = bilingual(node, faults),
            "per" => {
                config.per_unit = one_of(key, node, &[("one", false), ("unit", true)], faults).unwrap_or(false);
            }
            "select" => {
                config.select = items(node).iter().flat_map(|item| select(key, item, project, faults)).collect();
            }
            "series" => config.series = text(node, faults),
            "layout" => {
                let layouts =
                    [("document", Layout::Document), ("letter", Layout::Letter), ("bulletin", Layout::Bulletin)];
                config.layout = one_of(key, node, &layouts, faults).unwrap_or_default();
            }
            "frame" => {
                config.frame = bilingual(node, faults);
                for name in [&config.frame.zh, &config.frame.en] {
                    let is_word = name.to_lowercase().ends_with(".docx");
                    if !name.is_empty() && (!is_word || name.contains(['/', '\\'])) {
                        expected("name of a .docx file in the same folder", node, faults);
                    }
                }
            }
            "formats" => {
                let formats = ["docx", "html", "md", "xlsx"].map(|format| (format, format));
                let read = items(node).iter().filter_map(|item| one_of(key, item, &formats, faults));
                config.formats = read.map(str::to_owned).collect();
            }
            "file_name" => config.file_name = text(node, faults),
            "reply_workdays" => {
                config.reply_workdays = node.scalar().and_then(|text| text.trim().parse().ok());
                if config.reply_workdays.is_none() {
                    expected("number", node, faults);
                }
            }
            "period" => {
                let lengths = [
                    ("day", Length::Day),
                    ("week", Length::Week),
                    ("month", Length::Month),
                    ("quarter", Length::Quarter),
                    ("year", Length::Year),
                ];
                config.period = one_of(key, node, &lengths, faults);
            }
            "once" => {
                config.once = one_of(key, node, &[("true", true), ("false", false)], faults).unwrap_or(false);
            }
            "asks" => config.asks = ask::read(node, faults),
            _ => {
                config.identities = one_of(key, node, &[("true", true), ("false", false)], faults).unwrap_or(true);
            }
        }
    }
    config
}

/// A selection: a standing such as `overdue`, or conditions that hold together, in the words of `--where`.
fn select(key: &str, node: &Node, project: &Project, faults: &mut Faults) -> Vec<Selection> {
    if node.scalar().is_none() {
        return read_selections(node, project, faults);
    }
    let words: Vec<(&str, Key)> = Key::all().filter(|(_, key)| matches!(key, Key::State(_))).collect();
    let standing = one_of(key, node, &words, faults);
    standing.map(|standing| vec![(standing, vec!["yes".to_owned()])]).into_iter().collect()
}

/// The entries of a mapping with known keys, in the order written.
pub(super) fn known<'n>(node: &'n Node, known: &[&'static str], faults: &mut Faults) -> Vec<(&'static str, &'n Node)> {
    let Value::Map(pairs) = &node.value else {
        if !node.is_null() {
            expected("mapping", node, faults);
        }
        return Vec::new();
    };
    let mut found: Vec<(&'static str, &Node)> = Vec::new();
    for (key, value) in pairs {
        let name = key.scalar().unwrap_or_default();
        let problem = match known.iter().find(|known| **known == name) {
            Some(known) if found.iter().all(|(seen, _)| seen != known) => {
                found.push((known, value));
                continue;
            }
            Some(_) => ConfigProblem::Doubled { what: "key", name: name.to_owned() },
            None => ConfigProblem::UnknownKey {
                key: name.to_owned(),
                near: nearest(name, known.iter().copied()).map(str::to_owned),
                known: known.join(" "),
            },
        };
        faults.add(key.place, What::Config { problem });
    }
    found
}

/// The items of a list; a single value counts as a list of one.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ if node.is_null() => &[],
        _ => std::slice::from_ref(node),
    }
}

pub(super) fn expected(what: &'static str, node: &Node, faults: &mut Faults) {
    let found = node.scalar().map_or_else(|| node.shape().to_owned(), |text| format!("`{text}`"));
    faults.add(node.place, What::Config { problem: ConfigProblem::Expected { what, found } });
}

pub(super) fn text(node: &Node, faults: &mut Faults) -> Option<String> {
    let text = node.scalar();
    if text.is_none() {
        expected("text", node, faults);
    }
    text.map(|text| text.trim().to_owned())
}

pub(super) fn bilingual(node: &Node, faults: &mut Faults) -> Bilingual {
    if let Some(text) = node.scalar() {
        return Bilingual { zh: text.trim().to_owned(), en: String::new() };
    }
    let mut both = Bilingual::default();
    for (key, node) in known(node, &["zh", "en"], faults) {
        let text = text(node, faults).unwrap_or_default();
        if key == "zh" {
            both.zh = text;
        } else {
            both.en = text;
        }
    }
    both
}

fn one_of<T: Copy>(key: &str, node: &Node, words: &[(&str, T)], faults: &mut Faults) -> Option<T> {
    let text = text(node, faults)?;
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    if found.is_none() {
        let problem = ConfigProblem::BadValue {
            key: key.to_owned(),
            value: text.clone(),
            expected: words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" | "),
            near: nearest(&text, words.iter().map(|(word, _)| *word)).map(str::to_owned),
        };
        faults.add(node.place, What::Config { problem });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_told_at_its_place_and_the_rest_is_read() {
        let mut faults = Faults::default();
        let text =
            "title: {zh: 提醒函, en: Reminder}\nper: unit\nselect: [overdue, due_son]\nseris: x\nlayout: letter\n";
        let config = read(SourceId(0), text, &Project::default(), &mut faults);
        let overdue = vec![("overdue".parse::<Key>().unwrap(), vec!["yes".to_owned()])];
        assert_eq!((config.per_unit, config.layout, config.select), (true, Layout::Letter, vec![overdue]));
        assert_eq!(config.title.of(Lang::En), "Reminder");
        let found: Vec<_> =
            faults.sorted().iter().map(|fault| (fault.place.line.get(), fault.what.code().to_string())).collect();
        assert_eq!(found, [(3, "C403".to_owned()), (4, "C402".to_owned())]);
    }

    #[test]
    fn what_a_kind_asks_for_and_selects_is_read_and_its_faults_are_told() {
        let mut faults = Faults::default();
        let text = "select:\n- overdue\n- {open: true, disposition: [限期整改, deadlin]}\nasks:\n  time: 时间\n  \
                    bring: {zh: 材料, en: papers, default: 佐证}\n  约谈人: x\n  time: 又一次\n  by: {lable: x}\nperiod: dya\n";
        let config = read(SourceId(0), text, &Project::default(), &mut faults);
        let key = |text: &str| text.parse::<Key>().unwrap();
        let words = |word: &str| vec![word.to_owned()];
        let conditions = vec![(key("open"), words("yes")), (key("disposition"), words("deadline"))];
        assert_eq!(config.select, [vec![(key("overdue"), words("yes"))], conditions]);
        let asks: Vec<_> = config
            .asks
            .iter()
            .map(|ask| (ask.key.as_str(), ask.label.of(Lang::En), ask.default.as_ref().map(|text| text.of(Lang::En))))
            .collect();
        assert_eq!(asks, [("time", "时间", None), ("bring", "papers", Some("佐证")), ("by", "", None)]);
        assert_eq!(config.period, None);
        let lines: Vec<u32> = faults.sorted().iter().map(|fault| fault.place.line.get()).collect();
        assert_eq!(lines, [3, 7, 8, 9, 10]);
    }
}
