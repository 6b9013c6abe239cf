//! A proposal as the text of `duban.yaml`: each entry with its count beside it, and what is not sure as comments.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::document::text::columns as width;
use crate::model::Field;
use crate::project::keys;
use crate::project::vocabulary::Vocabularies;
use crate::propose::proposal::{About, Bilingual, Certainty, ConfigEntry, Item, Proposal, Question};
use crate::source::scalar::{comment, scalar};
use crate::words::date::DateOrder;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// What the config says beside what is proposed.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    /// The language of its keys, and of the documents.
    pub lang: Lang,
    /// The office that writes them, if it is known.
    pub office: Option<&'a str>,
    /// The logs, relative to the folder of the config.
    pub logs: &'a [String],
    /// Whether guesses are taken; else they are written as comments.
    pub takes_guesses: bool,
}

/// A line of the config.
struct Line {
    /// Its level, in two blanks each.
    level: usize,
    text: String,
    note: String,
    /// Whether it is only a comment.
    is_comment: bool,
}

/// Returns the text of the config.
#[must_use]
pub fn config(head: &Head<'_>, proposal: &Proposal) -> String {
    let writer = Writer { lang: head.lang, takes_guesses: head.takes_guesses, values: Vocabularies::built_in() };
    let mut text = String::new();
    let lang = head.lang;
    text.push_str(lang.pick(
        "# 由 duban init --from 按台账写出；行尾是出现的次数，可以修改。duban schema config 列出全部的键。\n",
        "# Written from the logs by duban init --from; a number beside an entry is how often it occurs. Change what you like;\n# duban schema config lists all keys.\n",
    ));
    let _ = writeln!(text, "{}: {}", writer.key(&["lang"]), lang.pick("中文", "en"));
    let (office, name) = (writer.key(&["office"]), writer.key(&["office", "name"]));
    if let Some(written) = head.office {
        let _ = writeln!(text, "{office}:\n  {name}: {}", scalar(written));
    } else {
        let example = lang.pick("某某督查室", "City Inspection Office");
        let _ = writeln!(text, "# {office}:\n#   {name}: {example}");
    }
    let mut logs: Vec<Line> = vec![writer.head("logs")];
    logs.extend(head.logs.iter().map(|log| line(1, format!("- {}", scalar(log)), String::new(), false)));
    put(&mut text, &logs);
    for group in GROUPS {
        put(&mut text, &writer.group(group, proposal));
    }
    text
}

/// The keys that a proposal has entries for, in the order of the config.
const GROUPS: [&str; 12] = [
    "sheets",
    "units",
    "teams",
    "sites",
    "categories",
    "sources",
    "columns",
    "ignore",
    "values",
    "defaults",
    "not_issues",
    "dates",
];

/// The top-level key under which an entry stands.
fn group_of(entry: &ConfigEntry) -> &'static str {
    match entry {
        ConfigEntry::Sheet(_) => "sheets",
        ConfigEntry::Name(Field::Unit, _) => "units",
        ConfigEntry::Name(Field::Team, _) => "teams",
        ConfigEntry::Name(Field::Site, _) => "sites",
        ConfigEntry::Name(..) => "categories",
        ConfigEntry::Source(_) => "sources",
        ConfigEntry::Column(..) => "columns",
        ConfigEntry::Ignore(_) => "ignore",
        ConfigEntry::Value(..) => "values",
        ConfigEntry::Default(..) => "defaults",
        ConfigEntry::NotIssue(_) => "not_issues",
        ConfigEntry::DateOrder(_) | ConfigEntry::Year(_) => "dates",
    }
}

fn line(level: usize, text: String, note: String, is_comment: bool) -> Line {
    Line { level, text, note, is_comment }
}

struct Writer {
    lang: Lang,
    takes_guesses: bool,
    values: Vocabularies,
}

impl Writer {
    fn key(&self, path: &[&'static str]) -> &'static str {
        keys::label(path, self.lang)
    }

    fn field(&self, field: Field) -> &'static str {
        self.key(&["columns", field.key()])
    }

    fn value(&self, field: Field, value: &str) -> String {
        scalar(&self.values.of(field).label(Symbol::new(value), self.lang))
    }

    fn head(&self, key: &'static str) -> Line {
        line(0, format!("{}:", self.key(&[key])), String::new(), false)
    }

    /// The count beside an entry, and why it is only a guess.
    fn note(&self, item: &Item) -> String {
        let count = match &item.entry {
            ConfigEntry::Column(..) | ConfigEntry::Ignore(_) => {
                Bilingual::new(format!("{} 格有内容", item.count), format!("filled in {} rows", item.count))
            }
            ConfigEntry::DateOrder(_) => {
                Bilingual::new(format!("{} 格只能这样读", item.count), format!("{} cells can only be that", item.count))
            }
            ConfigEntry::Year(_) | ConfigEntry::Default(..) => Bilingual::default(),
            _ => Bilingual::new(format!("{} 行", item.count), format!("{} rows", item.count)),
        };
        let mut note = count.of(self.lang).to_owned();
        if let Certainty::Guess(why) = &item.certainty {
            let why = why.of(self.lang);
            let guess = self.lang.pick(format!("猜的：{why}"), format!("a guess: {why}"));
            note = if note.is_empty() {
                guess
            } else {
                self.lang.pick(format!("{note}；{guess}"), format!("{note}; {guess}"))
            };
        }
        note
    }

    /// The lines of a top-level key; none if nothing is proposed for it.
    fn group(&self, key: &'static str, proposal: &Proposal) -> Vec<Line> {
        let items: Vec<&Item> = proposal.items.iter().filter(|item| group_of(&item.entry) == key).collect();
        let mut lines = match key {
            "columns" => self.fields(&items, |entry| match entry {
                ConfigEntry::Column(field, header) => Some((*field, header)),
                _ => None,
            }),
            "values" => self.spellings(&items),
            "defaults" => self.fields(&items, |entry| match entry {
                ConfigEntry::Default(field, text) => Some((*field, text)),
                _ => None,
            }),
            _ => self.list(&items),
        };
        let open = proposal.questions.iter().filter(|question| match &question.about {
            About::Column(_) | About::Missing(_) | About::Ending(_) => key == "columns",
            About::Value(..) => key == "values",
            About::Blank(..) => key == "defaults",
            About::Sheets => key == "sheets",
            About::DateOrder | About::Year(_) => key == "dates",
        });
        lines.extend(open.flat_map(|question| self.open(question)));
        if lines.is_empty() {
            return lines;
        }
        // A key over nothing but comments would say that there is none of it.
        let is_comment = lines.iter().all(|line| line.is_comment);
        let head = Line { is_comment, ..self.head(key) };
        std::iter::once(head).chain(lines).collect()
    }

    fn is_comment(&self, item: &Item) -> bool {
        !self.takes_guesses && item.certainty != Certainty::Sure
    }

    /// Entries of a mapping from fields to texts; several texts of a field are a list.
    fn fields<'i>(&self, items: &[&'i Item], of: impl Fn(&'i ConfigEntry) -> Option<(Field, &'i String)>) -> Vec<Line> {
        let mut by_field: BTreeMap<Field, Vec<(&Item, &String)>> = BTreeMap::new();
        for item in items {
            if let Some((field, text)) = of(&item.entry) {
                by_field.entry(field).or_default().push((item, text));
            }
        }
        let mut lines = Vec::new();
        for (field, entries) in by_field {
            let name = self.field(field);
            if let [(item, text)] = entries[..] {
                lines.push(line(1, format!("{name}: {}", scalar(text)), self.note(item), self.is_comment(item)));
                continue;
            }
            let is_comment = entries.iter().all(|(item, _)| self.is_comment(item));
            lines.push(line(1, format!("{name}:"), String::new(), is_comment));
            lines.extend(
                entries
                    .into_iter()
                    .map(|(item, text)| line(2, format!("- {}", scalar(text)), self.note(item), self.is_comment(item))),
            );
        }
        lines
    }

    fn spellings(&self, items: &[&Item]) -> Vec<Line> {
        let mut by_value: BTreeMap<(Field, &String), Vec<(&Item, &String)>> = BTreeMap::new();
        for item in items {
            if let ConfigEntry::Value(field, value, spelling) = &item.entry {
                by_value.entry((*field, value)).or_default().push((item, spelling));
            }
        }
        let (mut lines, mut last) = (Vec::new(), None);
        for ((field, value), entries) in by_value {
            if last != Some(field) {
                lines.push(line(1, format!("{}:", self.field(field)), String::new(), false));
                last = Some(field);
            }
            lines.push(line(2, format!("{}:", self.value(field, value)), String::new(), false));
            lines.extend(entries.into_iter().map(|(item, spelling)| {
                line(3, format!("- {}", scalar(spelling)), self.note(item), self.is_comment(item))
            }));
        }
        lines
    }

    fn list(&self, items: &[&Item]) -> Vec<Line> {
        let mut lines = Vec::new();
        for item in items {
            let text = match &item.entry {
                ConfigEntry::Sheet(name)
                | ConfigEntry::Ignore(name)
                | ConfigEntry::Source(name)
                | ConfigEntry::Name(_, name) => format!("- {}", scalar(name)),
                ConfigEntry::NotIssue(fields) => {
                    let fields = fields.iter().map(|(field, text)| format!("{}: {}", self.field(*field), scalar(text)));
                    format!("- {{{}}}", fields.collect::<Vec<_>>().join(", "))
                }
                ConfigEntry::DateOrder(order) => {
                    let order = match order {
                        DateOrder::Ymd => self.lang.pick("年月日", "ymd"),
                        DateOrder::Dmy => self.lang.pick("日月年", "dmy"),
                        DateOrder::Mdy => self.lang.pick("月日年", "mdy"),
                    };
                    format!("{}: {order}", self.key(&["dates", "order"]))
                }
                ConfigEntry::Year(year) => format!("{}: {year}", self.key(&["dates", "year"])),
                _ => continue,
            };
            lines.push(line(1, text, self.note(item), self.is_comment(item)));
        }
        lines
    }

    /// What is asked and was not answered, as comments that need only lose their mark.
    fn open(&self, question: &Question) -> Vec<Line> {
        let lang = self.lang;
        let remark = |text: String| line(1, text, String::new(), true);
        let mut lines = Vec::new();
        match &question.about {
            About::Column(field) => {
                let label = field.label(lang);
                lines.push(remark(lang.pick(
                    format!("{label}可能是下面几列之一，去掉其中一行的 # 号："),
                    format!("the column of `{label}` may be one of these; take the mark off one:"),
                )));
            }
            About::Missing(field) => {
                let label = field.label(lang);
                lines.push(remark(lang.pick(
                    format!(
                        "没有看出哪一列是{label}；写上表头，或在 {} 里写一个值：",
                        keys::label(&["defaults"], lang)
                    ),
                    format!("no column was recognised as `{label}`; name one, or give a value under `defaults:`:"),
                )));
                if question.options.is_empty() {
                    lines.push(line(
                        1,
                        format!("{}: {}", self.field(*field), lang.pick("表头", "Header")),
                        String::new(),
                        true,
                    ));
                }
            }
            About::Value(field, text, count) => {
                let likely = question.likely.and_then(|at| question.options.get(at));
                let value = match likely.and_then(|choice| choice.entries.first()) {
                    Some(ConfigEntry::Value(_, value, _)) => self.value(*field, value),
                    _ => lang.pick("规范值", "VALUE").to_owned(),
                };
                let note = lang.pick(format!("{count} 行；说不准"), format!("{count} rows; not sure"));
                let text = format!("{}: {{{value}: [{}]}}", self.field(*field), scalar(text));
                lines.push(line(1, text, note, true));
                return lines;
            }
            About::Blank(field, count) => {
                let note = lang.pick(format!("{count} 行空白"), format!("blank in {count} rows"));
                if let Some(ConfigEntry::Default(_, text)) =
                    question.options.first().and_then(|choice| choice.entries.first())
                {
                    lines.push(line(1, format!("{}: {}", self.field(*field), scalar(text)), note, true));
                }
                return lines;
            }
            About::Ending(count) => {
                let disposition = Field::Disposition.label(lang);
                lines.push(remark(lang.pick(
                    format!("{count} 行的问题描述以{disposition}结尾；这一列同时作{disposition}，并在 {} 里写这些结尾：", self.key(&["values"])),
                    format!("{count} descriptions end in a disposition; take the column for it, too, and write the ends under `values:`:"),
                )));
                for entry in question.options.iter().flat_map(|choice| &choice.entries) {
                    let text = match entry {
                        ConfigEntry::Column(field, header) => format!("{}: {}", self.field(*field), scalar(header)),
                        ConfigEntry::Value(field, value, spelling) => {
                            format!("{}: {{{}: [{}]}}", self.field(*field), self.value(*field, value), scalar(spelling))
                        }
                        _ => continue,
                    };
                    lines.push(line(1, text, String::new(), true));
                }
                return lines;
            }
            About::Sheets => lines.push(remark(
                lang.pick("几张工作表都像台账，写要读的：", "several sheets look like logs; name those to be read:")
                    .to_owned(),
            )),
            About::DateOrder => lines.push(remark(
                lang.pick("日期的日和月分不清，写明顺序：", "day and month can't be told apart; say their order:")
                    .to_owned(),
            )),
            About::Year(count) => {
                let note = lang.pick(format!("{count} 格日期没有年份"), format!("{count} dates have no year"));
                let year = format!("{}: {}", self.key(&["dates", "year"]), lang.pick("年份", "YEAR"));
                lines.push(line(1, year, note, true));
            }
        }
        for choice in &question.options {
            let item =
                |entry: &ConfigEntry| Item { entry: entry.clone(), count: choice.count, certainty: Certainty::Sure };
            let items: Vec<Item> = choice.entries.iter().map(item).collect();
            let items: Vec<&Item> = items.iter().collect();
            let entries = match items.first().map(|item| &item.entry) {
                Some(ConfigEntry::Column(..)) => self.fields(&items, |entry| match entry {
                    ConfigEntry::Column(field, header) => Some((*field, header)),
                    _ => None,
                }),
                _ if items.len() > 1 => continue,
                _ => self.list(&items),
            };
            let note = comment(choice.note.of(lang));
            lines.extend(entries.into_iter().map(|line| Line { note: note.clone(), is_comment: true, ..line }));
        }
        lines
    }
}

/// Writes lines with their notes in one column.
fn put(text: &mut String, lines: &[Line]) {
    const WIDEST: usize = 44;
    let shown = |line: &Line| {
        let mark = if line.is_comment { "# " } else { "" };
        format!("{}{mark}{}", "  ".repeat(line.level), line.text)
    };
    let noted = lines.iter().filter(|line| !line.note.is_empty()).map(|line| width(&shown(line)));
    let column = noted.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    for line in lines {
        let shown = shown(line);
        text.push_str(&shown);
        if !line.note.is_empty() {
            text.push_str(&" ".repeat(column.saturating_sub(width(&shown))));
            text.push_str("  # ");
            text.push_str(&comment(&line.note));
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;
    use crate::place::SourceId;
    use crate::project::{Project, config};
    use crate::propose::proposal::Choice;
    use proptest::prelude::*;

    const CELL: &str = "[\\PC\n\r\t\u{85}\u{2028}:#\\-\\[\\]{}&!|>'\"%@`,?~ ]{1,12}";

    fn read(text: &str) -> (Project, Vec<String>) {
        let mut faults = Faults::default();
        let project = config::parse(SourceId(0), text, &mut faults);
        (project, faults.sorted().iter().map(|fault| format!("{:?}", fault.what)).collect())
    }

    fn written(proposal: &Proposal, lang: Lang, takes_guesses: bool) -> String {
        let logs = ["台账.xlsx".to_owned()];
        config(&Head { lang, office: Some("某\n办: #"), logs: &logs, takes_guesses }, proposal)
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_the_proposal(
            header in CELL, other in CELL, word in CELL, name in CELL, is_zh in any::<bool>(), takes in any::<bool>(),
        ) {
            let lang = if is_zh { Lang::Zh } else { Lang::En };
            let trimmed = |text: &str| text.trim().to_owned();
            prop_assume!([&header, &other, &word, &name].iter().all(|text| !text.trim().is_empty() && !text.contains('*')));
            let sure = |entry| Item { entry, count: 3, certainty: Certainty::Sure };
            let why = Certainty::Guess(Bilingual::new(&header, &word));
            let column = |field, text: &str| ConfigEntry::Column(field, trimmed(text));
            let proposal = Proposal {
                items: vec![
                    sure(column(Field::Unit, &header)),
                    Item { entry: column(Field::Deadline, &other), count: 1, certainty: why },
                    sure(ConfigEntry::Value(Field::Status, "rectified".to_owned(), trimmed(&word))),
                    sure(ConfigEntry::Name(Field::Team, trimmed(&name))),
                    sure(ConfigEntry::NotIssue(vec![(Field::Description, trimmed(&word))])),
                    sure(ConfigEntry::Default(Field::Unit, trimmed(&name))),
                ],
                questions: vec![Question {
                    about: About::Column(Field::Category),
                    options: vec![Choice {
                        label: Bilingual::new(&other, &other),
                        note: Bilingual::new(&word, &word),
                        entries: vec![column(Field::Category, &other)],
                        count: 2,
                    }],
                    likely: None,
                }],
                ..Proposal::default()
            };
            let text = written(&proposal, lang, takes);
            let (project, faults) = read(&text);
            prop_assert_eq!(faults, Vec::<String>::new(), "{}", text);
            let mut columns = vec![(Field::Unit, trimmed(&header))];
            if takes {
                columns.push((Field::Deadline, trimmed(&other)));
            }
            prop_assert_eq!(project.columns, columns, "{}", text);
            prop_assert_eq!(project.vocabularies.of(Field::Status).find(&word).map(|value| value.to_string()), Some("rectified".to_owned()));
            prop_assert_eq!(&project.teams[0].named.name, &trimmed(&name));
            prop_assert_eq!(project.not_issues, vec![vec![(Field::Description, vec![trimmed(&word)])]]);
            prop_assert_eq!(project.defaults, vec![(Field::Unit, trimmed(&name))]);
            prop_assert_eq!((project.lang, project.office.name.as_str()), (Some(lang), "某\n办: #"));
        }
    }
}
