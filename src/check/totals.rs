//! R207: declared totals of a log against its rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::model::declared::{DeclaredOf, DeclaredTotal, TotalSpan, tallied_label};
use crate::model::state::{AsOf, State};
use crate::model::value::{DISPOSITIONS, SOURCES, STATUSES, ValueInfo};
use crate::model::{Field, Issue};
use crate::place::{Place, SourceId};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// The fields whose values may have declared counts.
const COUNTED: [Field; 8] = [
    Field::Disposition,
    Field::Unit,
    Field::Category,
    Field::Team,
    Field::Status,
    Field::Source,
    Field::Severity,
    Field::Site,
];

/// A declared count, without its row.
#[derive(Clone, Debug)]
struct DeclaredCount {
    place: Place,
    of: DeclaredOf,
    count: u64,
    span: TotalSpan,
}

/// Counts of some rows. Held by value, not by row.
#[derive(Clone, Debug, Default)]
struct Counts {
    found: u64,
    /// Those that the log says are rectified, by whatever word or day: 已整改 in a total row includes what is signed off.
    rectified: u64,
    values: FxHashMap<(Field, Symbol), u64>,
}

impl Counts {
    /// Counts an issue, unless it was withdrawn, as in a tally.
    fn count(&mut self, issue: &Issue<'_>) {
        if issue.is_withdrawn() {
            return;
        }
        self.found += 1;
        self.rectified += u64::from(State::of(issue, &AsOf::at_the_end()).rectified);
        for field in COUNTED {
            for value in issue.values(field) {
                *self.values.entry((field, value)).or_default() += 1;
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.found += other.found;
        self.rectified += other.rectified;
        #[expect(clippy::iter_over_hash_type, reason = "sums don't depend on the order")]
        for (key, count) in &other.values {
            *self.values.entry(*key).or_default() += count;
        }
    }

    /// The count of what a total is of. Where it may be read in two ways, the one that is declared, if it is one of them.
    fn of(&self, of: DeclaredOf, declared: u64) -> Option<u64> {
        match of {
            DeclaredOf::Found => Some(self.found),
            DeclaredOf::Value(field, value) => {
                let counted = self.values.get(&(field, value)).copied().unwrap_or(0);
                let of_state = match (field, value.as_str()) {
                    (Field::Status, "rectified") => Some(self.rectified),
                    // 未整改 in a total row is what is left, whether or not a row says so.
                    (Field::Status, "in_progress") => Some(self.found - self.rectified),
                    _ => None,
                };
                of_state.filter(|_| counted != declared).or(Some(counted))
            }
            DeclaredOf::Tallied(..) => None,
        }
    }
}

/// Rows of a file, and the total row below them.
#[derive(Clone, Debug, Default)]
struct Part {
    counts: Counts,
    /// The counts of the total row; none at the end of what has been read.
    declared: Vec<DeclaredCount>,
}

/// The counts of each file, between its total rows.
#[derive(Clone, Debug, Default)]
pub(super) struct FileCounts {
    files: BTreeMap<SourceId, Vec<Part>>,
}

impl FileCounts {
    /// Counts an issue.
    pub(super) fn count(&mut self, issue: &Issue<'_>) {
        let parts = self.files.entry(issue.row.source).or_default();
        if parts.last().is_none_or(|part| !part.declared.is_empty()) {
            parts.push(Part::default());
        }
        if let Some(part) = parts.last_mut() {
            part.counts.count(issue);
        }
    }

    /// Notes a declared count; those of one row follow each other.
    pub(super) fn declare(&mut self, declared: &DeclaredTotal<'_>) {
        let place = declared.row.cell_place(declared.cell);
        let parts = self.files.entry(place.source).or_default();
        let is_of_row = |part: &Part| part.declared.first().is_none_or(|first| first.place.line == place.line);
        if !parts.last().is_some_and(is_of_row) {
            parts.push(Part::default());
        }
        if let Some(part) = parts.last_mut() {
            let DeclaredTotal { of, count, ref span, .. } = *declared;
            part.declared.push(DeclaredCount { place, of, count, span: span.clone() });
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        for (source, mut parts) in later.files {
            let mine = self.files.entry(source).or_default();
            // The rows before a cut and those behind it are of one part.
            if let Some(open) = mine.pop_if(|part| part.declared.is_empty()) {
                match parts.first_mut() {
                    Some(first) => first.counts.add(&open.counts),
                    None => parts.push(open),
                }
            }
            mine.append(&mut parts);
        }
    }

    /// Reports each declared count that is not that of its rows.
    pub(super) fn finish(&self, faults: &mut Faults) {
        for parts in self.files.values() {
            let mut whole = Counts::default();
            for part in parts {
                whole.add(&part.counts);
            }
            let mut how_often: FxHashMap<Symbol, usize> = FxHashMap::default();
            for label in parts.iter().filter_map(labels) {
                *how_often.entry(label).or_default() += 1;
            }
            // The first part after the last total row of each label.
            let mut starts: FxHashMap<Symbol, usize> = FxHashMap::default();
            for (at, part) in parts.iter().enumerate() {
                let above = |label: &Symbol| {
                    let mut counts = Counts::default();
                    let start = starts.get(label).copied().unwrap_or(0);
                    for part in &parts[start..=at] {
                        counts.add(&part.counts);
                    }
                    counts
                };
                for declared in &part.declared {
                    let counted = match &declared.span {
                        TotalSpan::File => whole.of(declared.of, declared.count),
                        TotalSpan::Part(label) if how_often.get(label) == Some(&1) => {
                            whole.of(declared.of, declared.count)
                        }
                        TotalSpan::Part(label) => match above(label) {
                            nothing if nothing.found == 0 => whole.of(declared.of, declared.count),
                            counts => counts.of(declared.of, declared.count),
                        },
                        TotalSpan::Group { label, of } => count_of_group(&above(label), &whole, of, declared),
                    };
                    let DeclaredCount { place, of, count: declared, .. } = *declared;
                    if let Some(counted) = counted.filter(|counted| *counted != declared) {
                        faults.add(place, TotalsMismatch { of, declared, counted, as_of: None });
                    }
                }
                if let Some(label) = labels(part) {
                    starts.insert(label, at + 1);
                }
            }
        }
    }
}

/// The count of what a subtotal is of: of the rows `above`, that have the value which its label names.
///
/// Subtotals may stand together at the foot of the table; they count rows anywhere. A label that names no value of any row
/// counts all that are above.
fn count_of_group(above: &Counts, whole: &Counts, names: &[(Field, Symbol)], declared: &DeclaredCount) -> Option<u64> {
    let Some((field, value)) = names.iter().find(|name| whole.values.contains_key(name)) else {
        return above.of(declared.of, declared.count);
    };
    let of_group = |counts: &Counts| counts.of(DeclaredOf::Value(*field, *value), declared.count).unwrap_or(0);
    let (above_of_group, whole_of_group) = (of_group(above), of_group(whole));
    let has_others = above.found > above_of_group;
    match declared.of {
        DeclaredOf::Found if above_of_group == 0 || has_others && whole_of_group == declared.count => {
            Some(whole_of_group)
        }
        DeclaredOf::Found => Some(above_of_group),
        // Other counts of a group are known only where all rows above are of it.
        of => above.of(of, declared.count).filter(|_| !has_others),
    }
}

/// Returns the label of a part's total row.
fn labels(part: &Part) -> Option<Symbol> {
    part.declared.iter().find_map(|declared| match declared.span {
        TotalSpan::File => None,
        TotalSpan::Part(label) | TotalSpan::Group { label, .. } => Some(label),
    })
}

/// A declared total that differs from the count of the rows.
#[derive(Debug)]
pub(super) struct TotalsMismatch {
    pub(super) of: DeclaredOf,
    pub(super) declared: u64,
    pub(super) counted: u64,
    /// The day of the count, if it depends on one.
    pub(super) as_of: Option<NaiveDate>,
}

/// What people call a value of the built-in vocabulary; others are called as they are.
fn label(field: Field, value: Symbol, lang: Lang) -> String {
    let values: &[ValueInfo] = match field {
        Field::Status => STATUSES,
        Field::Disposition => DISPOSITIONS,
        Field::Source => SOURCES,
        _ => &[],
    };
    let known = values.iter().find(|known| known.key == value.as_str());
    known.map_or_else(|| value.to_string(), |known| known.label(lang).to_owned())
}

impl Finding for TotalsMismatch {
    fn code(&self) -> Code {
        const { Code::known("R207") }
    }

    fn known_by(&self) -> KnownBy {
        let Self { of, declared, counted, as_of } = self;
        // What is counted as of a day is another number on another day.
        let counted = if as_of.is_none() { counted.to_string() } else { String::new() };
        KnownBy::File(format!("{of:?} {declared} {counted}"))
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { of, declared, counted, as_of } = self;
        let (zh, en) = match of {
            DeclaredOf::Found => ("合计 ".to_owned(), String::new()),
            DeclaredOf::Value(field, value) => (
                format!("“{}” ", label(*field, *value, Lang::Zh)),
                format!(" for `{}`", label(*field, *value, Lang::En)),
            ),
            DeclaredOf::Tallied(at, _) => {
                (format!("“{}” ", tallied_label(*at, Lang::Zh)), format!(" for `{}`", tallied_label(*at, Lang::En)))
            }
        };
        let message = match (as_of, lang) {
            (None, Lang::Zh) => format!("申报{zh}{declared} 个，各行实有 {counted} 个"),
            (Some(day), Lang::Zh) => format!("申报{zh}{declared} 个，各行在 {day} 实有 {counted} 个"),
            (None, Lang::En) => format!("declared total{en} is {declared}, but the rows give {counted}"),
            (Some(day), Lang::En) => {
                format!("declared total{en} is {declared}, but the rows give {counted} as of {day}")
            }
        };
        let is_of_run = as_of.is_some() && matches!(of, DeclaredOf::Tallied(_, None));
        let help = match (is_of_run, lang) {
            (false, Lang::Zh) => "改合计，或补上漏报的行",
            (false, Lang::En) => "correct the total, or add the missing rows",
            (true, Lang::Zh) => "改合计，或补上漏报的行；合计是另一天的，在 totals: 里写明 as_of: 2021-08-20",
            (true, Lang::En) => {
                "correct the total, or add the missing rows; if it is of another day, write `as_of: 2021-08-20` under `totals:`"
            }
        };
        (message, help.to_owned())
    }
}
