//! What `kind.yaml` says of a kind, beside its templates.

use crate::document::Layout;
use crate::fault::Faults;
use crate::kind::ask::{self, Ask};
use crate::kind::bilingual::{Bilingual, bilingual};
use crate::model::key::Key;
use crate::model::period::Length;
use crate::ooxml::clean::Keep;
use crate::place::SourceId;
use crate::project::mapping::{MappingReader, items};
use crate::project::selection_reader::selections;
use crate::project::{Project, Selection};
use crate::source::yaml::{Node, read_all};
use crate::words::punctuation::Punctuation;
use crate::write::Format;

/// The keys of `kind.yaml`.
pub const KEYS: [&str; 19] = [
    "title",
    "description",
    "per",
    "select",
    "series",
    "layout",
    "word_template",
    "formats",
    "file_name",
    "reply_workdays",
    "identities",
    "asks",
    "once",
    "period",
    "covers",
    "outline",
    "charts",
    "punctuation",
    "keep",
];

/// Keys of earlier versions, and what they are called now.
const ALIASES: [(&str, &str); 1] = [("frame", "word_template")];

/// What a kind is, beside its templates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked by itself")]
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
    /// The office's own Word template, a file beside `kind.yaml`; empty if the pages are laid out by duban.
    pub word_template: Bilingual,
    /// What it is written as if nothing is asked for.
    pub formats: Vec<Format>,
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
    /// What it speaks of where no period is given.
    pub covers: Coverage,
    /// By what its text is divided: `unit` or `category`.
    pub outline: &'static str,
    /// Whether the built-in text has its charts.
    pub charts: bool,
    /// Which punctuation the texts of the logs have in it.
    pub punctuation: Punctuation,
    /// What the writer must give.
    pub asks: Vec<Ask>,
    /// What finished files keep of the Word template that would be taken out.
    pub keep: Keep,
}

/// What a document speaks of where no period is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// Everything in the logs.
    #[default]
    All,
    /// The issues that no document of its series has listed.
    Unreported,
    /// What was wrong in another document (`--of`).
    Correction,
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
            word_template: Bilingual::default(),
            formats: vec![Format::Docx],
            file_name: None,
            reply_workdays: None,
            identities: true,
            once: false,
            period: None,
            covers: Coverage::All,
            outline: "unit",
            charts: true,
            punctuation: Punctuation::ByScript,
            asks: Vec::new(),
            keep: Keep::default(),
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
    let mut reader = MappingReader::new(faults);
    for (key, node) in reader.canonical(&node, &KEYS, &ALIASES) {
        match key {
            "title" => config.title = bilingual(node, &mut reader),
            "description" => config.description = bilingual(node, &mut reader),
            "per" => {
                config.per_unit = reader.one_of(key, node, &[("one", false), ("unit", true)]).unwrap_or(false);
            }
            "select" => {
                config.select = items(node).iter().flat_map(|item| select(key, item, project, &mut reader)).collect();
            }
            "series" => config.series = reader.text(node),
            "layout" => {
                let layouts =
                    [("document", Layout::Document), ("letter", Layout::Letter), ("bulletin", Layout::Bulletin)];
                config.layout = reader.one_of(key, node, &layouts).unwrap_or_default();
            }
            "word_template" => {
                config.word_template = bilingual(node, &mut reader);
                for name in [&config.word_template.zh, &config.word_template.en] {
                    let is_word = name.to_lowercase().ends_with(".docx");
                    if !name.is_empty() && (!is_word || name.contains(['/', '\\'])) {
                        reader.expected("name of a .docx file in the same folder", node);
                    }
                }
            }
            "formats" => {
                let formats = Format::ALL.map(|format| (format.extension(), format));
                config.formats = items(node).iter().filter_map(|item| reader.one_of(key, item, &formats)).collect();
            }
            "keep" => {
                let things = [("comments", 0), ("changes", 1), ("hidden", 2), ("properties", 3)];
                for thing in items(node).iter().filter_map(|item| reader.one_of(key, item, &things)) {
                    let Keep { comments, changes, hidden, properties } = &mut config.keep;
                    *[comments, changes, hidden, properties][thing] = true;
                }
            }
            "file_name" => config.file_name = reader.text(node),
            "reply_workdays" => config.reply_workdays = reader.number(node),
            "period" => {
                let lengths = [
                    ("day", Length::Day),
                    ("week", Length::Week),
                    ("month", Length::Month),
                    ("quarter", Length::Quarter),
                    ("year", Length::Year),
                ];
                config.period = reader.one_of(key, node, &lengths);
            }
            "covers" => {
                let which = [
                    ("all", Coverage::All),
                    ("unreported", Coverage::Unreported),
                    ("correction", Coverage::Correction),
                ];
                config.covers = reader.one_of(key, node, &which).unwrap_or_default();
            }
            "outline" => {
                let keys = [("unit", "unit"), ("category", "category")];
                config.outline = reader.one_of(key, node, &keys).unwrap_or("unit");
            }
            "charts" => config.charts = reader.truth(node).unwrap_or(true),
            "punctuation" => {
                let which = [("by_script", Punctuation::ByScript), ("as_written", Punctuation::AsWritten)];
                config.punctuation = reader.one_of(key, node, &which).unwrap_or_default();
            }
            "once" => config.once = reader.truth(node).unwrap_or(false),
            "asks" => config.asks = ask::read(node, &mut reader),
            _ => config.identities = reader.truth(node).unwrap_or(true),
        }
    }
    config
}

/// A selection: a standing such as `overdue`, or conditions that hold together, in the words of `--where`.
fn select(key: &str, node: &Node, project: &Project, reader: &mut MappingReader<'_>) -> Vec<Selection> {
    if node.scalar().is_none() {
        return selections(node, project, reader);
    }
    let words: Vec<(&str, Key)> = Key::all().filter(|(_, key)| matches!(key, Key::Is(_))).collect();
    let standing = reader.one_of(key, node, &words);
    standing.map(|standing| vec![(standing, vec!["yes".to_owned()])]).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::lang::Lang;

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
