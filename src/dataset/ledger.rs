//! The issues of a document as a ledger: a table with every column that the logs have, under heads by which it is read
//! as a log again, and gives the same issues.
//!
//! A cell says what was read, in the words of the project: the unit by its name, a day as a day, with its hour if the log
//! has one. What was not understood stands as it was written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::album::{IssuePhoto, named_pictures};
use crate::dataset::issues::ListedIssue;
use crate::dataset::records::Records;
use crate::document::markdown::TableCell;
use crate::document::{Align, Photo, Shown, markdown};
use crate::log;
use crate::model::Issue;
use crate::model::field::{Field, FieldKind, PHOTOS};
use crate::model::key::Key;
use crate::model::record::unstated;
use crate::model::row::{Columns, Row};
use crate::model::stage::Stage;
use crate::model::state::{AsOf, State};
use crate::project::Project;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// How a ledger is to be written.
pub(crate) struct Ledger<'l> {
    pub(crate) records: &'l Records,
    /// The project that the records are counted with.
    pub(crate) project: &'l Project,
    pub(crate) as_of: &'l AsOf,
    pub(crate) lang: Lang,
    /// The keys of the columns that paper shows, in their order; all if there is none. A workbook shows all in any case.
    pub(crate) on_paper: Option<Vec<String>>,
    /// What is said of the photo of an issue.
    pub(crate) caption: &'l dyn Fn(ListedIssue<'_>, Stage) -> String,
}

/// An issue as it is counted, and what else is known of it.
type LedgerRow<'r> = (&'r Issue<'static>, ListedIssue<'r>);

/// A column in the making: its head, where it is shown, and a cell for each row.
struct Column {
    head: String,
    shown: Shown,
    cells: Vec<String>,
    /// The photos in each cell; none at all in most columns.
    photos: Vec<Vec<Photo>>,
}

impl Column {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty) && self.photos.is_empty()
    }

    fn cell(&self, row: usize) -> TableCell<'_> {
        let text = self.cells.get(row).map_or("", String::as_str);
        TableCell { text, photos: self.photos.get(row).map_or(&[], Vec::as_slice) }
    }
}

/// The columns of a log that tell of the status and are no field of an issue. They are kept among those that serve no
/// field, and are read again by their heads.
const BESIDE_STATUS: [Field; 2] = [Field::Review, Field::SignedOff];

/// A ledger has these even if no row fills them; the status is filled in there.
const ALWAYS: [Field; 4] = [Field::FoundOn, Field::Unit, Field::Description, Field::Status];

/// A column that serves no field: its head, and how many columns of the log before it have the same.
type OtherName = (Symbol, usize);

impl Ledger<'_> {
    /// The table of the issues at `rows`, as Markdown.
    pub(crate) fn table(&self, rows: &[usize]) -> String {
        let issues = &self.records.counted().issues;
        let rows: Vec<LedgerRow<'_>> =
            rows.iter().filter_map(|row| issues.get(*row).zip(self.records.issue(*row))).collect();
        let others = self.others(&rows);
        // A column of the log may have the name of a field that was read from another column. The column of the field comes
        // first, even if it is blank, so that it is read for the field again.
        let mut named: BTreeSet<Field> =
            others.iter().filter_map(|column| log::field_of_header(&column.head)).collect();
        // Read again, the first column for photos is evidence where nothing else is.
        let is_shown = |field: &Field| named.contains(field) || !self.is_blank(*field, &rows);
        let first = self.fields().into_iter().filter(|field| PHOTOS.contains(field)).find(is_shown);
        let differs = |first| rows.iter().any(|(issue, _)| issue.text(Field::Evidence) != issue.text(first));
        if first.is_some_and(differs) {
            named.insert(Field::Evidence);
        }
        let is_evidence_told = first.is_some() && !named.contains(&Field::Evidence);
        let mut columns = Vec::new();
        for field in self.fields() {
            // Most fields have a column in no log.
            let may_be_left_out = !ALWAYS.contains(&field) && !named.contains(&field) && !rows.is_empty();
            if may_be_left_out && self.is_blank(field, &rows) || field == Field::Evidence && is_evidence_told {
                continue;
            }
            let is_needed = |column: &Column| {
                !column.is_blank()
                    || ALWAYS.contains(&field)
                    || named.contains(&field)
                    // An empty form has the columns of paper.
                    || rows.is_empty() && column.shown != Shown::InWorkbooks
            };
            columns.extend(self.columns_of(field, &rows).into_iter().filter(is_needed));
        }
        columns.extend(others);
        let heads: Vec<_> = columns.iter().map(|column| (column.head.as_str(), Align::Left, column.shown)).collect();
        let cells = |row: usize| columns.iter().map(move |column| column.cell(row));
        markdown::table(&heads, (0..rows.len()).map(cells))
    }

    /// Whether no row fills the columns of a field.
    fn is_blank(&self, field: Field, rows: &[LedgerRow<'_>]) -> bool {
        match field {
            Field::Id => rows.iter().all(|(_, listed)| listed.number().is_empty() && listed.written_id().is_empty()),
            Field::Status => false,
            field
                if PHOTOS.contains(&field) && rows.iter().any(|(_, listed)| !photos_of(*listed, field).is_empty()) =>
            {
                false
            }
            field => rows.iter().all(|(issue, _)| self.cell(issue, field).is_empty()),
        }
    }

    /// The fields in the order of the ledger: those of paper as they are named, each other one after the field that it
    /// follows in the order of the fields.
    fn fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self
            .on_paper
            .iter()
            .flatten()
            .filter_map(|key| Field::from_key(key))
            .filter(|field| *field != Field::RowNumber)
            .collect();
        let mut before = None;
        for field in Field::of_issue() {
            if !fields.contains(&field) {
                let at = before.and_then(|before| fields.iter().position(|known| *known == before));
                fields.insert(at.map_or(0, |at| at + 1), field);
            }
            before = Some(field);
        }
        fields
    }

    fn shown(&self, key: &str) -> Shown {
        match &self.on_paper {
            Some(keys) if !keys.iter().any(|named| named == key) => Shown::InWorkbooks,
            _ => Shown::Everywhere,
        }
    }

    /// The column of a field. The running number of the log stands before the id, under its own head: as an id it would be
    /// taken for one. Where the status says less than paper is to show, each has its own column.
    fn columns_of(&self, field: Field, rows: &[LedgerRow<'_>]) -> Vec<Column> {
        let shown = self.shown(field.key());
        let column = |head: &str, shown, cells| Column { head: head.to_owned(), shown, cells, photos: Vec::new() };
        let label = field.label(self.lang);
        match field {
            Field::Id => {
                let numbers = rows.iter().map(|(_, listed)| listed.number().to_owned()).collect();
                let numbers = column(Field::RowNumber.label(self.lang), shown, numbers);
                let ids = rows.iter().map(|(_, listed)| listed.written_id().into_owned()).collect();
                let ids = column(self.lang.pick("编号", "ID"), shown, ids);
                // Of the two, an empty form has the id.
                if numbers.is_blank() { vec![ids] } else { vec![numbers, ids] }
            }
            Field::Status => {
                let written: Vec<String> = rows.iter().map(|(issue, _)| self.status(issue)).collect();
                let standing = |(issue, text): (&LedgerRow<'_>, &String)| self.standing(issue.0, text);
                let standings: Vec<String> = rows.iter().zip(&written).map(standing).collect();
                if standings == written || shown == Shown::InWorkbooks {
                    return vec![column(label, shown, written)];
                }
                vec![column(label, Shown::OnPaper, standings), column(label, Shown::InWorkbooks, written)]
            }
            field => {
                let cells = rows.iter().map(|(issue, _)| self.cell(issue, field)).collect();
                let mut columns = vec![column(label, shown, cells)];
                if PHOTOS.contains(&field) {
                    self.add_photos(field, rows, &mut columns);
                }
                columns
            }
        }
    }

    /// Adds the photos of a field to its column in workbooks. They take the place of the names of their files: a ledger that is
    /// read again has them from its own cells. Paper keeps the names, in a column of its own if it is to show them.
    fn add_photos(&self, field: Field, rows: &[LedgerRow<'_>], columns: &mut Vec<Column>) {
        let photos: Vec<Vec<Photo>> = rows.iter().map(|(_, listed)| self.photos(*listed, field)).collect();
        let Some(column) = columns.first().filter(|_| photos.iter().any(|photos| !photos.is_empty())) else { return };
        let named = |(text, photos): (&String, &Vec<Photo>)| {
            if named_pictures(text) > photos.len() || photos.is_empty() { text.clone() } else { String::new() }
        };
        let cells = column.cells.iter().zip(&photos).map(named).collect();
        let of_workbooks = Column { head: column.head.clone(), shown: Shown::InWorkbooks, cells, photos };
        match columns.first_mut().filter(|column| column.shown != Shown::InWorkbooks) {
            Some(column) => column.shown = Shown::OnPaper,
            None => columns.clear(),
        }
        columns.push(of_workbooks);
    }

    fn photos(&self, listed: ListedIssue<'_>, field: Field) -> Vec<Photo> {
        let caption =
            |photo: IssuePhoto| Photo { caption: (self.caption)(listed, photo.stage), id: photo.id, number: None };
        photos_of(listed, field).into_iter().map(caption).collect()
    }

    fn cell(&self, issue: &Issue<'_>, field: Field) -> String {
        cell(issue, field, self.project, self.lang)
    }

    /// The status as it is read again. Beside a column that says that an issue is not closed, or without it, another word than
    /// that of the status may be needed for the same to come out.
    fn status(&self, issue: &Issue<'_>) -> String {
        if !issue.not_closed {
            return self.cell(issue, Field::Status);
        }
        let [review, signed_off] = BESIDE_STATUS.map(|field| {
            let columns = &issue.row.columns.extra;
            let (_, cell) = columns.iter().find(|(head, _)| log::field_of_header(head) == Some(field))?;
            self.project.vocabularies.status_word(field, &issue.row.cell(usize::from(*cell)))
        });
        let words = [issue.status, Some(Symbol::new("not_closed")), Some(Symbol::new("closed"))];
        let is_read_so = |word: &Option<Symbol>| {
            log::status_together([*word, None, review, signed_off]) == (issue.status, issue.not_closed)
        };
        match words.into_iter().find(is_read_so).flatten() {
            Some(word) => self.project.value_label(Key::Field(Field::Status), &word, self.lang),
            None => self.cell(issue, Field::Status),
        }
    }

    /// The status as paper shows it: what it comes to on the day, where the log says nothing.
    fn standing(&self, issue: &Issue<'_>, written: &str) -> String {
        match written {
            "" if State::of(issue, self.as_of).rectified => self.lang.pick("已整改", "rectified").to_owned(),
            "" => self.lang.pick("整改中", "in progress").to_owned(),
            written => written.to_owned(),
        }
    }

    /// The columns that serve no field, in the order of the logs; those of which a row has a text.
    fn others(&self, rows: &[LedgerRow<'_>]) -> Vec<Column> {
        let beside = BesideStatus::of(rows);
        let mut columns: IndexMap<OtherName, Column> = IndexMap::new();
        let mut of_row: Vec<(OtherName, usize)> = Vec::new();
        let mut before: Option<&Arc<Columns>> = None;
        for (at, (issue, _)) in rows.iter().enumerate() {
            let row: &Row = &issue.row;
            // Most rows have the columns of the row before.
            if before.is_none_or(|before| !Arc::ptr_eq(before, &row.columns)) {
                of_row = names_of(&row.columns);
                for named in &mut of_row {
                    named.0 = beside.name_of(&row.columns, named.0, self.lang);
                }
                for (name, _) in &of_row {
                    let shown = self.shown(&format!("extra.{}", name.0));
                    let new = || {
                        let (head, cells) = (name.0.to_string(), vec![String::new(); rows.len()]);
                        Column { head, shown, cells, photos: Vec::new() }
                    };
                    columns.entry(*name).or_insert_with(new);
                }
                before = Some(&row.columns);
            }
            for (name, cell) in &of_row {
                if let Some(slot) = columns.get_mut(name).and_then(|column| column.cells.get_mut(at)) {
                    *slot = text_of_list(&row.cell(*cell));
                }
            }
        }
        // A column stays if another of its name comes after it: the first is the one that is counted by.
        let filled: BTreeMap<Symbol, usize> = columns
            .iter()
            .filter(|(_, column)| !column.is_blank())
            .map(|((head, before), _)| (*head, *before))
            .collect();
        columns.retain(|(head, before), _| filled.get(head).is_some_and(|last| before <= last));
        columns.into_values().collect()
    }
}

/// The photos of an issue that belong into the column of a field. Those that 佐证材料 names stay names there.
fn photos_of(listed: ListedIssue<'_>, field: Field) -> Vec<IssuePhoto> {
    let Some(stage) = field.stage().filter(|_| PHOTOS.contains(&field)) else { return Vec::new() };
    if stage == Stage::Other && named_pictures(&listed.field(Field::Evidence)) > 0 {
        return Vec::new();
    }
    listed.photos().into_iter().filter(|photo| photo.stage == stage).collect()
}

/// A cell of a field as it is read again: what was read, in the words of the project, else as it was written.
pub(crate) fn cell(issue: &Issue<'_>, field: Field, project: &Project, lang: Lang) -> String {
    let label = |value: Symbol| project.value_label(Key::Field(field), value.as_str(), lang);
    let as_written = || text_of_list(&issue.text(field));
    if let Some(values) = issue.several(field) {
        let stated = values.iter().copied().filter(|value| *value != unstated());
        let labels: Vec<String> = stated.map(label).collect();
        return if labels.is_empty() { as_written() } else { labels.join(lang.pick("、", ", ")) };
    }
    match field.info().kind {
        FieldKind::Text => as_written(),
        FieldKind::Date | FieldKind::Deadline => match issue.date(field) {
            Some(day) => {
                let hour = log::time_of_day(issue.row.bytes(field), project.zone);
                let hour = hour.map(|(hour, minute, second)| match second {
                    0 => format!(" {hour:02}:{minute:02}"),
                    second => format!(" {hour:02}:{minute:02}:{second:02}"),
                });
                format!("{day}{}", hour.unwrap_or_default())
            }
            None => as_written(),
        },
        FieldKind::Value | FieldKind::Values | FieldKind::Number => {
            issue.single(field).filter(|value| *value != unstated()).map_or_else(as_written, label)
        }
    }
}

/// The columns beside the status that logs have under different heads (复查结果 in one, 验收意见 in another). Only the first
/// of them would be read again, so that they become one, under the label of the field.
struct BesideStatus(Vec<Field>);

impl BesideStatus {
    fn of(rows: &[LedgerRow<'_>]) -> Self {
        let mut heads: IndexSet<(Field, Symbol)> = IndexSet::new();
        let mut before: Option<&Arc<Columns>> = None;
        for (issue, _) in rows {
            if before.is_none_or(|before| !Arc::ptr_eq(before, &issue.row.columns)) {
                let columns = &issue.row.columns;
                heads.extend(BESIDE_STATUS.into_iter().filter_map(|field| Some((field, Self::head(columns, field)?))));
                before = Some(columns);
            }
        }
        let several = |field: &Field| heads.iter().filter(|(of, _)| of == field).count() > 1;
        Self(BESIDE_STATUS.into_iter().filter(several).collect())
    }

    /// The head of the column of a log that tells what such a field says: the first that names it.
    fn head(columns: &Columns, field: Field) -> Option<Symbol> {
        columns.extra.iter().map(|(head, _)| *head).find(|head| log::field_of_header(head) == Some(field))
    }

    /// The name of a column of a log in the ledger.
    fn name_of(&self, columns: &Columns, name: OtherName, lang: Lang) -> OtherName {
        let is_of = |field: &&Field| name.1 == 0 && Self::head(columns, **field) == Some(name.0);
        self.0.iter().find(is_of).map_or(name, |field| (Symbol::new(field.label(lang)), 0))
    }
}

/// The columns of a log that serve no field, each with its cell.
fn names_of(columns: &Columns) -> Vec<(OtherName, usize)> {
    let heads = || columns.extra.iter().map(|(head, _)| *head);
    let names = columns.extra.iter().enumerate().map(|(at, (head, cell))| {
        let before = heads().take(at).filter(|other| other == head).count();
        ((*head, before), usize::from(*cell))
    });
    names.collect()
}

/// A text; the items of a list of YAML, which U+001F divides, one after the other.
fn text_of_list(text: &str) -> String {
    text.trim_end_matches('\u{1f}').replace('\u{1f}', "、")
}
