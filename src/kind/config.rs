//! `kind.yaml`, and the front matter of templates: mappings whose keys are known.

use chrono::{Datelike as _, NaiveDate};

use crate::document::Layout;
use crate::fault::{ConfigProblem, Faults, What};
use crate::model::key::Key;
use crate::model::period::{Period, month_of, week_of};
use crate::place::SourceId;
use crate::project::{NoValue, Project, Selection};
use crate::source::yaml::{Node, Value, read_all};
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// The keys of `kind.yaml`.
pub const KEYS: [&str; 12] = [
    "title",
    "description",
    "per",
    "period",
    "select",
    "asks",
    "series",
    "layout",
    "formats",
    "file_name",
    "reply_workdays",
    "identities",
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
    /// The period it speaks of if none is asked for; all days if nothing is said.
    pub period: Option<Span>,
    /// The issues that make a unit get one: of any of these selections; all if none is given.
    pub select: Vec<Selection>,
    /// What whoever writes it must say with `--set`.
    pub asks: Vec<Ask>,
    /// The running number it draws from; the kind's name if nothing is said.
    pub series: Option<String>,
    /// The arrangement of the first page.
    pub layout: Layout,
    /// What it is written as if nothing is asked for.
    pub formats: Vec<String>,
    /// What its files are called, with parts such as `{number}` in braces.
    pub file_name: Option<String>,
    /// In how many working days an answer is asked for.
    pub reply_workdays: Option<u32>,
    /// Whether sums must agree before it is written.
    pub identities: bool,
}

/// A value that a document needs and no log holds, such as when an interview is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The key of `--set` and of `set` in templates.
    pub key: String,
    /// What it is, for people.
    pub label: Bilingual,
}

impl Ask {
    /// What stands in a draft until it is said.
    #[must_use]
    pub fn blank(&self, lang: Lang) -> String {
        let label = self.label.of(lang);
        lang.pick(format!("〔待填：{label}〕"), format!("[to be filled in: {label}]"))
    }
}

/// A stretch of the calendar that holds the day of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The day itself.
    Day,
    /// Its week, from Monday.
    Week,
    /// Its month.
    Month,
    /// Its quarter.
    Quarter,
    /// Its year.
    Year,
}

impl Span {
    /// The stretch that holds a day.
    #[must_use]
    pub fn around(self, day: NaiveDate) -> Period {
        let text = match self {
            Self::Day => return Period { from: Some(day), to: Some(day) },
            Self::Week => week_of(day),
            Self::Month => month_of(day),
            Self::Quarter => format!("{}-Q{}", day.year(), day.month0() / 3 + 1),
            Self::Year => day.year().to_string(),
        };
        text.parse().unwrap_or_default()
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    zh: String,
    en: String,
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
            period: None,
            select: Vec::new(),
            asks: Vec::new(),
            series: None,
            layout: Layout::Document,
            formats: vec!["docx".to_owned()],
            file_name: None,
            reply_workdays: None,
            identities: true,
        }
    }
}

/// Reads `kind.yaml`; what is wrong with it goes to `faults`, the rest is still read.
pub(super) fn read(source: SourceId, yaml: &str, faults: &mut Faults) -> Config {
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
                config.select = items(node).iter().filter_map(|item| selection(item, faults)).collect();
            }
            "period" => {
                let spans = [
                    ("day", Span::Day),
                    ("week", Span::Week),
                    ("month", Span::Month),
                    ("quarter", Span::Quarter),
                    ("year", Span::Year),
                ];
                config.period = one_of(key, node, &spans, faults);
            }
            "asks" => {
                config.asks = items(node).iter().filter_map(|item| ask(item, faults)).collect();
            }
            "series" => config.series = text(node, faults),
            "layout" => {
                let layouts =
                    [("document", Layout::Document), ("letter", Layout::Letter), ("bulletin", Layout::Bulletin)];
                config.layout = one_of(key, node, &layouts, faults).unwrap_or_default();
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
            _ => {
                config.identities = one_of(key, node, &[("true", true), ("false", false)], faults).unwrap_or(true);
            }
        }
    }
    config
}

/// A standing such as `overdue`, or keys and values that must all hold, as `--where` has them.
fn selection(node: &Node, faults: &mut Faults) -> Option<Selection> {
    let Value::Map(pairs) = &node.value else {
        let words: Vec<(&str, Key)> = Key::all().filter(|(_, key)| matches!(key, Key::State(_))).collect();
        return one_of("select", node, &words, faults).map(|key| vec![(key, vec!["yes".to_owned()])]);
    };
    // Standings and the vocabularies that every project has; a kind knows no project's units.
    let words = Project::default();
    let mut selection = Selection::new();
    for (name, node) in pairs {
        let written = name.scalar().unwrap_or_default();
        let Ok(key) = written.parse::<Key>() else {
            let near = nearest(written, Key::all().map(|(name, _)| name)).map(str::to_owned);
            let known = Key::all().map(|(name, _)| name).collect::<Vec<_>>().join(" ");
            let problem = ConfigProblem::UnknownKey { key: written.to_owned(), near, known };
            faults.add(name.place, What::Config { problem });
            return None;
        };
        let mut values = Vec::new();
        for item in items(node) {
            match words.canonical(key, &text(item, faults)?) {
                Ok(value) => values.push(value),
                Err(NoValue { written: value, near, known, .. }) => {
                    let (key, expected) = (key.to_string(), known.join(" | "));
                    let problem = ConfigProblem::BadValue { key, value, expected, near };
                    faults.add(item.place, What::Config { problem });
                    return None;
                }
            }
        }
        selection.push((key, values));
    }
    Some(selection)
}

/// `{key: time, zh: 约谈时间, en: time}`
fn ask(node: &Node, faults: &mut Faults) -> Option<Ask> {
    let (mut key, mut label) = (None, Bilingual::default());
    for (name, node) in known(node, &["key", "zh", "en"], faults) {
        let text = text(node, faults)?;
        match name {
            "key" => key = Some(text),
            "zh" => label.zh = text,
            _ => label.en = text,
        }
    }
    if key.is_none() {
        expected("key", node, faults);
    }
    key.map(|key| Ask { key, label })
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

fn text(node: &Node, faults: &mut Faults) -> Option<String> {
    let text = node.scalar();
    if text.is_none() {
        expected("text", node, faults);
    }
    text.map(|text| text.trim().to_owned())
}

fn bilingual(node: &Node, faults: &mut Faults) -> Bilingual {
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
    fn selections_are_standings_or_keys_and_values() {
        let read = |text: &str| {
            let mut faults = Faults::default();
            let config = read(SourceId(0), text, &mut faults);
            (config.select.len(), faults.sorted().len())
        };
        assert_eq!(read("select: [{disposition: [限期整改, immediate], open: yes}, overdue]"), (2, 0));
        assert_eq!(read("select: [{dispositon: deadline}]"), (0, 1));
        assert_eq!(read("select: [{disposition: dedline}]"), (0, 1));
        assert_eq!(read("select: [{open: perhaps}]"), (0, 1));
    }

    #[test]
    fn a_span_holds_its_day() {
        let day = "2021-08-20".parse().unwrap();
        let around = |span: Span| span.around(day);
        assert_eq!(around(Span::Day), Period { from: Some(day), to: Some(day) });
        for (span, text) in
            [(Span::Week, "2021-W33"), (Span::Month, "2021-08"), (Span::Quarter, "2021-Q3"), (Span::Year, "2021")]
        {
            assert_eq!(around(span), text.parse().unwrap(), "{text}");
            assert!(around(span).contains(Some(day)));
        }
    }

    #[test]
    fn a_misspelt_key_is_told_at_its_place_and_the_rest_is_read() {
        let mut faults = Faults::default();
        let text =
            "title: {zh: 提醒函, en: Reminder}\nper: unit\nselect: [overdue, due_son]\nseris: x\nlayout: letter\n";
        let config = read(SourceId(0), text, &mut faults);
        assert_eq!(
            (config.per_unit, config.layout, config.select.as_slice()),
            (true, Layout::Letter, &[vec![("overdue".parse().unwrap(), vec!["yes".to_owned()])]][..])
        );
        assert_eq!(config.title.of(Lang::En), "Reminder");
        let found: Vec<_> =
            faults.sorted().iter().map(|fault| (fault.place.line.get(), fault.what.code().to_string())).collect();
        assert_eq!(found, [(3, "C403".to_owned()), (4, "C402".to_owned())]);
    }
}
