//! By what each fault of a run is known again in another run: its key in a baseline.
//!
//! A fault in the row of an issue is known by the unit, the day and the description of that, and by the value of the
//! faulty cell; status, notes and other columns may change. Where a row is no issue, it is known by all its cells.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;

use crate::baseline::key::{FaultKey, KeyedFault};
use crate::delimited::text;
use crate::digest::{self, Hasher};
use crate::fault::{Fault, Faults, KnownBy};
use crate::fold::Fold;
use crate::log;
use crate::model::field::{FIELDS, FieldKind};
use crate::model::identity::normalised;
use crate::model::row::RowClaim;
use crate::model::{Entry, Field, Issue, Row};
use crate::place::{Place, SourceId};
use crate::project::Project;
use crate::source::excerpt::Excerpts;
use crate::source::{Form, Source, SourceError, Sources};
use crate::words::date;
use crate::words::symbol::Symbol;

/// Digits of a hash in a key.
const DIGITS: usize = 8;

/// Returns the key of each fault in the order of [`Faults::sorted`]. `name_of` names files as baselines do. The logs with
/// faults in their rows are read again.
///
/// # Errors
/// A file can't be read.
pub fn recognise(
    faults: &Faults,
    sources: &mut Sources,
    project: &Project,
    name_of: impl Fn(&Source) -> String,
) -> Result<Vec<KeyedFault>, SourceError> {
    let sorted: Vec<(&Fault, KnownBy)> =
        faults.sorted().into_iter().map(|fault| (fault, fault.what.known_by())).collect();
    let in_rows = sorted.iter().filter(|(_, by)| matches!(by, KnownBy::Row(_)));
    let wanted: BTreeSet<Wanted> = in_rows.map(|(fault, _)| (fault.place, fault.field)).collect();
    let ids: Vec<SourceId> =
        wanted.iter().map(|(place, _)| place.source).collect::<BTreeSet<_>>().into_iter().collect();
    let wanted = Arc::new(wanted);
    let fresh = || FaultyRows { project, wanted: Arc::clone(&wanted), found: BTreeMap::new() };
    let rows = log::fold(sources, &ids, project, &mut faults.fresh(), fresh)?.found;
    let sources = &*sources;
    let mut names: BTreeMap<SourceId, String> = BTreeMap::new();
    let mut excerpts = Excerpts::new(sources);
    let keyed = sorted.into_iter().map(|(fault, by)| {
        let source = sources.get(fault.place.source);
        let (is_of_file, key, site) = match (&by, rows.get(&(fault.place, fault.field))) {
            (KnownBy::File(facts), _) => (true, hash(["file", facts]), None),
            (KnownBy::Facts(facts), _) => (false, hash(["facts", facts]), None),
            // A value that a file sets for all its records is in none of them.
            (KnownBy::Row(facts), Some(ClaimedRow { row: None, value, .. })) => {
                (true, hash(["value", value, facts]), None)
            }
            (KnownBy::Row(facts), Some(ClaimedRow { row: Some(row), value, .. })) => {
                (false, hash(["row", &row.says.concat(), value, facts]), row.site.clone())
            }
            (KnownBy::Row(facts), None) => {
                (false, hash(["line", &line(&excerpts.of(fault.place).text, source), facts]), None)
            }
        };
        let key = FaultKey {
            file: names.entry(fault.place.source).or_insert_with(|| name_of(source)).clone(),
            code: fault.what.code().to_string(),
            field: fault.field.map(|field| field.key().to_owned()),
            key,
            site,
        };
        KeyedFault { key, is_of_file }
    });
    Ok(keyed.collect())
}

/// A place in a row, and the field of its cell.
type Wanted = (Place, Option<Field>);

/// What a row says, as hashes, since there may be many.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RowWords {
    /// Of several rows on one line, those of each.
    says: Vec<String>,
    site: Option<String>,
}

/// The row that a place belongs to.
#[derive(Clone, Debug)]
struct ClaimedRow {
    claim: RowClaim,
    /// `None` if the value is that of several rows.
    row: Option<RowWords>,
    /// The value of the cell, as a hash.
    value: String,
}

impl ClaimedRow {
    /// Takes the surer of two claims. Two rows that share a value leave it without one; rows on one line, as in JSON
    /// without line breaks, are taken together.
    fn merge(&mut self, other: Self) {
        if other.claim != self.claim {
            if other.claim > self.claim {
                *self = other;
            }
            return;
        }
        self.row = match (self.row.take(), other.row) {
            (Some(row), Some(more)) if self.claim != RowClaim::Value => {
                let mut says = [row.says, more.says].concat();
                says.sort_unstable();
                Some(RowWords { says, site: None })
            }
            _ => None,
        };
    }
}

/// Finds the rows of places.
struct FaultyRows<'p> {
    project: &'p Project,
    wanted: Arc<BTreeSet<Wanted>>,
    found: BTreeMap<Wanted, ClaimedRow>,
}

impl FaultyRows<'_> {
    fn add(&mut self, wanted: Wanted, claim: ClaimedRow) {
        match self.found.entry(wanted) {
            std::collections::btree_map::Entry::Occupied(mut known) => known.get_mut().merge(claim),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(claim);
            }
        }
    }

    fn push_row(&mut self, row: &Row, words: impl Fn(&Self) -> RowWords) {
        let (first, last) = row.lines();
        let wanted = Arc::clone(&self.wanted);
        let from = (Place::line(row.source, first), None);
        let here = wanted.range(from..).take_while(|(place, _)| place.source == row.source && place.line <= last);
        let mut said = None;
        for (place, field) in here {
            let Some(claim) = row.claim(*place) else { continue };
            let words = said.get_or_insert_with(|| words(self)).clone();
            let value = field.map_or_else(String::new, |field| self.value(row, field));
            self.add((*place, *field), ClaimedRow { claim, row: Some(words), value: hash([&value]) });
        }
    }

    /// What tells an issue from others. What can't be read counts as written.
    fn words_of_issue(&self, issue: &Issue<'_>) -> RowWords {
        let name = |value: Option<Symbol>, field| {
            value.map_or_else(|| self.value(&issue.row, field), |value| normalised(value.as_str()))
        };
        let day = issue.found_on.map_or_else(|| self.value(&issue.row, Field::FoundOn), |day| day.to_string());
        let description = normalised(&issue.text(Field::Description));
        let site = Some(name(issue.site, Field::Site)).filter(|site| !site.is_empty());
        let says = hash(["issue", &name(issue.unit, Field::Unit), &day, &description]);
        RowWords { says: vec![says], site: site.map(|site| hash([&site])) }
    }

    /// All that any other row says.
    fn words_of_row(&self, row: &Row) -> RowWords {
        let fields = FIELDS.iter().map(|info| info.field).filter(|field| row.says(*field));
        let values: Vec<String> = fields.map(|field| format!("{}={}", field.key(), self.value(row, field))).collect();
        RowWords { says: vec![hash(["record", &values.join("\0")])], site: None }
    }

    /// The value of a field, in the same spelling whatever the format of the file.
    fn value(&self, row: &Row, field: Field) -> String {
        let text = row.text(field);
        if matches!(field.info().kind, FieldKind::Date | FieldKind::Deadline)
            && let Ok(read) = date::parse(&text, None, self.project.date_order)
        {
            return read.date.to_string();
        }
        normalised(&text)
    }
}

impl Fold<Entry<'_>> for FaultyRows<'_> {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => self.push_row(&issue.row, |rows| rows.words_of_issue(issue)),
            Entry::Inspection(inspection) => self.push_row(&inspection.row, |rows| rows.words_of_row(&inspection.row)),
            Entry::Measure(measure) => self.push_row(&measure.row, |rows| rows.words_of_row(&measure.row)),
            Entry::Declared(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        for (wanted, claim) in later.found {
            self.add(wanted, claim);
        }
    }
}

/// What a line says, cell by cell: the quotes of a table come and go.
fn line(text: &str, source: &Source) -> String {
    let records = match source.form {
        Form::Table => text::records(text, source.delimiter).unwrap_or_default(),
        Form::Tree => Vec::new(),
    };
    let cells: Vec<String> =
        records.iter().flat_map(|record| record.values(text)).map(|cell| normalised(&cell)).collect();
    if cells.is_empty() {
        return normalised(text);
    }
    cells.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("\0")
}

/// A short hash of texts; none of them runs into the next.
fn hash<const N: usize>(texts: [&str; N]) -> String {
    let mut hasher = Hasher::default();
    for text in texts {
        // A hasher takes everything.
        let _ = write!(hasher, "{}:{text}", text.len());
    }
    digest::hex(hasher.so_far().get(..DIGITS).unwrap_or_default())
}
