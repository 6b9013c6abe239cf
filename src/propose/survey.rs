//! The logs as a whole: which sheets are read, which columns they have, and what no column says.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::fault::Faults;
use crate::log;
use crate::model::Field;
use crate::model::field::{FieldKind, MAY_BE_UNSTATED, REQUIRED};
use crate::place::SourceId;
use crate::project::Project;
use crate::propose::column::TableStats;
use crate::propose::decide;
use crate::propose::proposal::{About, Bilingual, Certainty, Choice, ConfigEntry, Item, Proposal, Question};
use crate::propose::tables::{self, TableAt};
use crate::source::{Form, SourceError, Sources};
use crate::words::date::DateOrder;

/// What was seen of the logs, before anything of them is decided.
#[derive(Debug)]
pub struct Survey {
    tables: Vec<TableAt>,
    stats: TableStats,
    /// Logs in YAML and JSON, whose keys are headers of their own.
    trees: Vec<SourceId>,
}

/// A column that is offered as an answer must not have more different texts.
const MAX_OFFERED: usize = 200;

/// Looks at logs: `ids` are the files, and all sheets of the workbooks.
///
/// # Errors
/// A file can't be read.
pub fn survey(sources: &mut Sources, ids: &[SourceId], base: &Project) -> Result<Survey, SourceError> {
    let mut tables = tables::find(sources, ids, base)?;
    tables.retain(TableAt::may_be_log);
    let lent = tables::lent(base, &tables);
    let read: Vec<SourceId> = tables.iter().map(|table| table.id).collect();
    // The faults of reading by borrowed spellings say nothing.
    let stats = log::fold(sources, &read, &lent, &mut Faults::default(), TableStats::default)?;
    let trees = ids.iter().copied().filter(|id| sources.get(*id).form == Form::Tree).collect();
    Ok(Survey { tables, stats, trees })
}

impl Survey {
    /// The sources that may be logs.
    #[must_use]
    pub fn logs(&self) -> Vec<SourceId> {
        let mut ids: Vec<SourceId> = self.tables.iter().map(|table| table.id).chain(self.trees.clone()).collect();
        ids.sort_unstable_by_key(|id| id.0);
        ids
    }

    /// Proposes which sheets are read, where a workbook has several that may be logs.
    #[must_use]
    pub fn sheets(&self, sources: &Sources) -> Proposal {
        let mut proposal = Proposal::default();
        let mut books: BTreeMap<&str, Vec<(SourceId, &str)>> = BTreeMap::new();
        for table in &self.tables {
            let source = sources.get(table.id);
            if let Some(sheet) = &source.sheet {
                books.entry(&source.name).or_default().push((table.id, &sheet.name));
            }
        }
        // `sheets:` is for all workbooks; of several with several sheets each, check tells what is not read.
        let [sheets] = books.values().collect::<Vec<_>>()[..] else { return proposal };
        if sheets.len() < 2 {
            return proposal;
        }
        let rows = |id: SourceId| self.stats.rows.get(&id.0).copied().unwrap_or_default();
        let shared = sheets
            .iter()
            .enumerate()
            .flat_map(|(at, (one, _))| sheets[at + 1..].iter().map(|(other, _)| self.stats.shared(*one, *other)));
        let shared: usize = shared.sum();
        let all: u64 = sheets.iter().map(|(id, _)| rows(*id)).sum();
        let mut options: Vec<Choice> = sheets
            .iter()
            .map(|(id, name)| Choice {
                label: Bilingual::new(*name, *name),
                note: Bilingual::new(format!("{} 行", rows(*id)), format!("{} rows", rows(*id))),
                entries: vec![ConfigEntry::Sheet((*name).to_owned())],
                count: rows(*id),
            })
            .collect();
        let together = Choice {
            label: Bilingual::new("全部", "all of them"),
            note: if shared == 0 {
                Bilingual::new(
                    format!("{all} 行，没有相同的行"),
                    format!("{all} rows, none of which is in two of them"),
                )
            } else {
                Bilingual::new(
                    format!("{all} 行，其中 {shared} 行在两张表里都有，会重复计数"),
                    format!("{all} rows, {shared} of which are in two of them and would count twice"),
                )
            },
            entries: sheets.iter().map(|(_, name)| ConfigEntry::Sheet((*name).to_owned())).collect(),
            count: all,
        };
        options.push(together);
        // Sheets without a common row, of which each says when something was found, are probably parts of one log.
        let is_dated = |id: SourceId| {
            let table = self.tables.iter().find(|table| table.id == id);
            let mut named = table.iter().flat_map(|table| table.headings.iter().enumerate());
            named.any(|(at, heading)| {
                heading.named.is_some_and(|named| named.field == Field::FoundOn)
                    && self.stats.columns.get(&(id.0, at)).is_some_and(|stats| stats.days * 2 >= rows(id))
            })
        };
        let likely = (shared == 0 && sheets.iter().all(|(id, _)| is_dated(*id))).then(|| options.len() - 1);
        proposal.questions.push(Question { about: About::Sheets, options, likely });
        proposal
    }

    /// Proposes the columns of the logs among `ids`, the order of dates, and what no column says.
    #[must_use]
    pub fn columns(&self, ids: &[SourceId]) -> Proposal {
        let tables: Vec<&TableAt> = self.tables.iter().filter(|table| ids.contains(&table.id)).collect();
        let mut shapes: Vec<Vec<&TableAt>> = Vec::new();
        for table in tables {
            match shapes.iter_mut().find(|shape| shape[0].headings == table.headings) {
                Some(shape) => shape.push(table),
                None => shapes.push(vec![table]),
            }
        }
        let mut proposal = Proposal::default();
        for shape in &shapes {
            let mut of_shape = decide::columns(shape, &self.stats);
            of_shape.items.extend(self.blank_rows(shape));
            of_shape.questions.extend(self.missing(&of_shape, shape));
            let rows = proposal.rows + of_shape.rows;
            // Two tables with the same column ask for it once.
            of_shape.items.retain(|item| !proposal.items.iter().any(|known| known.entry == item.entry));
            of_shape.questions.retain(|question| !proposal.questions.iter().any(|known| known.about == question.about));
            of_shape.unnamed.retain(|(header, _)| !proposal.unnamed.iter().any(|(known, _)| known == header));
            proposal.append(of_shape);
            proposal.rows = rows;
        }
        // What one table has no use for may be a column of another.
        let used: Vec<String> = proposal.unnamed.iter().map(|(header, _)| header.clone()).collect();
        let is_used = |header: &String| {
            used.contains(header)
                || proposal.known.iter().any(|column| column.header == *header)
                || shapes
                    .iter()
                    .flat_map(|shape| &shape[0].headings)
                    .any(|heading| heading.text == *header && heading.named.is_some())
        };
        proposal.items.retain(|item| !matches!(&item.entry, ConfigEntry::Ignore(header) if is_used(header)));
        proposal.append(self.order(ids));
        proposal
    }

    /// Rows of a form of which nothing is filled in but when and where: inspections that found nothing.
    fn blank_rows(&self, shape: &[&TableAt]) -> Option<Item> {
        let counts = shape.iter().filter_map(|table| self.stats.empty.get(&table.id.0));
        let (blank, empty) = counts.fold((0, 0), |(blank, empty), counts| (blank + counts.0, empty + counts.1));
        let rows: u64 = shape.iter().filter_map(|table| self.stats.rows.get(&table.id.0)).sum();
        let has = |field: Field| {
            let mut named = shape.iter().flat_map(|table| &table.headings).filter_map(|heading| heading.named);
            named.any(|named| named.field == field)
        };
        // A few blank descriptions are faults, which check tells.
        if blank == 0 || empty * 100 < blank * 99 || empty * 20 < rows || !has(Field::Disposition) {
            return None;
        }
        let fields = [Field::Description, Field::Disposition].map(|field| (field, String::new()));
        let why = Bilingual::new(
            "没有问题描述，也没有整改方式、期限和情况，像是没有发现问题的检查",
            "without description, disposition, deadline or progress: probably inspections that found nothing",
        );
        Some(Item { entry: ConfigEntry::NotIssue(fields.to_vec()), count: empty, certainty: Certainty::Guess(why) })
    }

    /// Asks for what every issue must have and no column says.
    fn missing(&self, proposal: &Proposal, shape: &[&TableAt]) -> Vec<Question> {
        let is_there = |field: Field| {
            proposal.known.iter().any(|column| column.field == field)
                || proposal.items.iter().any(|item| matches!(&item.entry, ConfigEntry::Column(of, _) if *of == field))
                || proposal.questions.iter().any(|question| question.about == About::Column(field))
        };
        let fields = REQUIRED.into_iter().filter(|field| !MAY_BE_UNSTATED.contains(field) && !is_there(*field));
        fields.map(|field| self.missing_field(field, shape)).collect()
    }

    /// Asks for a field that no column has, and offers the columns that may yet be it.
    fn missing_field(&self, field: Field, shape: &[&TableAt]) -> Question {
        let mut options = Vec::new();
        let Some(table) = shape.first() else {
            return Question { about: About::Missing(field), options, likely: None };
        };
        for (at, heading) in table.headings.iter().enumerate() {
            let Some(stats) = self.stats.columns.get(&(table.id.0, at)) else { continue };
            let is_taken = heading.named.is_some_and(|named| {
                let is_text = matches!(
                    named.field,
                    Field::Description | Field::RowNumber | Field::Id | Field::Phone | Field::Note | Field::Status
                );
                is_text
                    || named.field.stage().is_some()
                    || field != Field::FoundOn
                        && matches!(named.field.info().kind, FieldKind::Date | FieldKind::Deadline)
            });
            let may_be = match field.info().kind {
                FieldKind::Date => stats.are(stats.days, 80),
                FieldKind::Text => stats.are(stats.sentences, 20),
                _ => {
                    !stats.are(stats.days, 50)
                        && !stats.are(stats.numbers, 50)
                        && !stats.are(stats.sentences, 5)
                        && stats.words.as_ref().is_some_and(|words| {
                            let is_word = |word: &String| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
                            words.len() <= MAX_OFFERED && words.keys().any(is_word)
                        })
                }
            };
            if is_taken || !may_be {
                continue;
            }
            let mut words: Vec<(&String, &u64)> = stats.words.iter().flatten().collect();
            words.sort_by_key(|(word, count)| (Reverse(**count), word.len()));
            let words: Vec<&str> = words.iter().take(3).map(|(word, _)| word.as_str()).collect();
            options.push(Choice {
                label: Bilingual::new(&heading.text, &heading.text),
                note: Bilingual::new(format!("{}…", words.join("、")), format!("{}…", words.join(", "))),
                entries: vec![ConfigEntry::Column(field, heading.text.clone())],
                count: stats.filled,
            });
        }
        Question { about: About::Missing(field), options, likely: None }
    }

    /// Proposes how dates such as 03/04/2021 are read.
    fn order(&self, ids: &[SourceId]) -> Proposal {
        let mut proposal = Proposal::default();
        let columns = self
            .stats
            .columns
            .iter()
            .filter(|((id, _), stats)| ids.iter().any(|known| known.0 == *id) && stats.are(stats.days, 50));
        let [first, second, either] = columns.fold([0_u64; 3], |mut sum, (_, stats)| {
            for (sum, count) in sum.iter_mut().zip(stats.orders) {
                *sum += count;
            }
            sum
        });
        let sure = |order, count| Item { entry: ConfigEntry::DateOrder(order), count, certainty: Certainty::Sure };
        match (first, second, either) {
            (0, 0, 0) => {}
            (first, 0, _) if first > 0 => proposal.items.push(sure(DateOrder::Dmy, first)),
            (0, second, _) if second > 0 => proposal.items.push(sure(DateOrder::Mdy, second)),
            (first, second, either) => {
                let option = |order, zh: &str, en: &str, count| Choice {
                    label: Bilingual::new(zh, en),
                    note: Bilingual::new(format!("{count} 格只能这样读"), format!("{count} cells can only be that")),
                    entries: vec![ConfigEntry::DateOrder(order)],
                    count: first + second + either,
                };
                let options = vec![
                    option(
                        DateOrder::Dmy,
                        "03/04/2021 是 4 月 3 日（日在前）",
                        "03/04/2021 is 3 April (day first)",
                        first,
                    ),
                    option(
                        DateOrder::Mdy,
                        "03/04/2021 是 3 月 4 日（月在前）",
                        "03/04/2021 is 4 March (month first)",
                        second,
                    ),
                ];
                proposal.questions.push(Question { about: About::DateOrder, options, likely: None });
            }
        }
        proposal
    }
}
