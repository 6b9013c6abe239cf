//! What is proposed for a config: entries, each with its count and how sure it is, and questions.

use crate::model::Field;
use crate::words::date::DateOrder;
use crate::words::lang::Lang;

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Bilingual {
    /// Makes a text of its two forms.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Returns it in a language.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// An entry of a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigEntry {
    /// A sheet of the workbooks, by its name.
    Sheet(String),
    /// The header of the column of a field.
    Column(Field, String),
    /// A header that is passed over.
    Ignore(String),
    /// A spelling of a value of a field: field, value, spelling.
    Value(Field, String, String),
    /// A source of issues that is in no list.
    Source(String),
    /// The value of empty cells and of a missing column.
    Default(Field, String),
    /// Rows that are no issues: those whose fields have these texts.
    NotIssue(Vec<(Field, String)>),
    /// How dates such as 03/04/2021 are read.
    DateOrder(DateOrder),
    /// The year of dates without one.
    Year(i32),
    /// A name in the list of a field: of a unit, a team, a category, a site.
    Name(Field, String),
}

/// How sure a proposal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It follows from what the log says.
    Sure,
    /// It probably does, for a reason.
    Guess(Bilingual),
}

/// A proposed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The entry.
    pub entry: ConfigEntry,
    /// The rows or cells it is about.
    pub count: u64,
    /// How sure it is.
    pub certainty: Certainty,
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Which column is that of a field.
    Column(Field),
    /// What a word means: field, word, and the number of rows.
    Value(Field, String, u64),
    /// The value of a field that no column has.
    Missing(Field),
    /// What blank cells of a field mean, and the number of rows.
    Blank(Field, u64),
    /// Whether the end of a description says how the issue was handled, in so many rows.
    Ending(u64),
    /// Which sheets of a workbook are read.
    Sheets,
    /// The order of day and month.
    DateOrder,
    /// The year of dates without one, and how many there are.
    Year(u64),
}

/// A question, and what may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it is about.
    pub about: About,
    /// The answers.
    pub options: Vec<Choice>,
    /// The option that is probably right, from 0.
    pub likely: Option<usize>,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen, as people call it.
    pub label: Bilingual,
    /// What is known of it: how many cells, some of them.
    pub note: Bilingual,
    /// The entries that it gives.
    pub entries: Vec<ConfigEntry>,
    /// The rows or cells of it.
    pub count: u64,
}

/// A column that the reader knows by its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownColumn {
    /// Its field.
    pub field: Field,
    /// Its header.
    pub header: String,
    /// Its cells that are not blank.
    pub count: u64,
}

/// Everything that is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The entries.
    pub items: Vec<Item>,
    /// What only people know.
    pub questions: Vec<Question>,
    /// The columns that need no entry.
    pub known: Vec<KnownColumn>,
    /// Headers that are no field's, with the number of their cells: their columns are kept for templates.
    pub unnamed: Vec<(String, u64)>,
    /// The rows that are issues.
    pub rows: u64,
}

impl Proposal {
    /// Adds what another proposal has.
    pub fn append(&mut self, other: Self) {
        self.items.extend(other.items);
        self.questions.extend(other.questions);
        self.known.extend(other.known);
        self.unnamed.extend(other.unnamed);
        self.rows = self.rows.max(other.rows);
    }

    /// Returns the header of the column of a field, if one was found.
    #[must_use]
    pub fn header(&self, field: Field) -> Option<&str> {
        let known = self.known.iter().find(|column| column.field == field).map(|column| column.header.as_str());
        let named = self.items.iter().find_map(|item| match &item.entry {
            ConfigEntry::Column(of, header) if *of == field => Some(header.as_str()),
            _ => None,
        });
        named.or(known)
    }

    /// Takes back the columns whose headers are passed over after all.
    pub fn drop_ignored_columns(&mut self) {
        let ignored = |item: &Item| match &item.entry {
            ConfigEntry::Ignore(header) => Some(header.clone()),
            _ => None,
        };
        let ignored: Vec<String> = self.items.iter().filter_map(ignored).collect();
        self.items.retain(|item| !matches!(&item.entry, ConfigEntry::Column(_, header) if ignored.contains(header)));
        self.known.retain(|column| !ignored.contains(&column.header));
    }

    /// The same with the first answer to each question for a column, so that the header is read whole; and the fields that
    /// were asked for.
    #[must_use]
    pub fn with_first_columns(&self) -> (Self, Vec<Field>) {
        let mut whole = self.clone();
        let mut asked = Vec::new();
        for question in &self.questions {
            let (About::Column(field), Some(first)) = (&question.about, question.options.first()) else { continue };
            asked.push(*field);
            let entries = question.options.iter().flat_map(|option| option.entries.clone());
            let (first, count) = (first.entries.clone(), first.count);
            let item = |entry| Item { entry, count, certainty: Certainty::Sure };
            whole.items.extend(entries.filter(|entry| first.contains(entry)).map(item));
        }
        (whole, asked)
    }

    /// The sheets that it names.
    #[must_use]
    pub fn sheets(&self) -> Vec<String> {
        let sheet = |item: &Item| match &item.entry {
            ConfigEntry::Sheet(name) => Some(name.clone()),
            _ => None,
        };
        self.items.iter().filter_map(sheet).collect()
    }

    /// Puts an answer in place of its question: the entries of an option, and how sure it is.
    pub fn answer(&mut self, question: usize, entries: Vec<ConfigEntry>, count: u64, certainty: &Certainty) {
        let mut of_own: Vec<(ConfigEntry, u64)> = Vec::new();
        if question < self.questions.len() {
            let asked = self.questions.remove(question);
            // Of several entries, each that is an option by itself has the count of that.
            of_own.extend(asked.options.iter().filter_map(|option| match option.entries.as_slice() {
                [one] => Some((one.clone(), option.count)),
                _ => None,
            }));
            if matches!(asked.about, About::Column(_)) {
                // The others were looked at, too: nobody need be told of them again.
                let others =
                    asked.options.into_iter().filter(|option| !entries.is_empty() && option.entries != entries);
                let ignored = others.filter_map(|option| match option.entries.into_iter().next() {
                    Some(ConfigEntry::Column(_, header)) => Some((ConfigEntry::Ignore(header), option.count)),
                    _ => None,
                });
                let sure = |(entry, count)| Item { entry, count, certainty: Certainty::Sure };
                self.items.extend(ignored.map(sure));
            }
        }
        self.items.extend(entries.into_iter().map(|entry| {
            let own = of_own.iter().find(|(one, _)| *one == entry).map(|(_, count)| *count);
            Item { entry, count: own.unwrap_or(count), certainty: certainty.clone() }
        }));
    }
}
