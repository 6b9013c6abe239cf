//! R207: declared totals of a log against its rows.

use rustc_hash::FxHashMap;

use crate::fault::{Code, Faults, Finding};
use crate::model::record::DeclaredTotal;
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

/// A declared count: its place, what it counts (one value of a field, or all issues), and the count.
pub(super) type DeclaredCount = (Place, Option<(Field, Symbol)>, u64);

pub(super) fn declared_count(declared: &DeclaredTotal<'_>) -> DeclaredCount {
    (declared.row.cell_place(declared.cell), declared.of, declared.count)
}

/// The counts of each file: the number of issues, and the number of issues with each value.
#[derive(Clone, Debug, Default)]
pub(super) struct FileCounts {
    found: FxHashMap<SourceId, u64>,
    values: FxHashMap<(SourceId, Field, Symbol), u64>,
}

impl FileCounts {
    /// Counts an issue, unless it was withdrawn, as in a tally.
    pub(super) fn count(&mut self, issue: &Issue<'_>) {
        if issue.is_withdrawn() {
            return;
        }
        let source = issue.row.source;
        *self.found.entry(source).or_default() += 1;
        for field in COUNTED {
            for value in issue.values(field) {
                *self.values.entry((source, field, value)).or_default() += 1;
            }
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        #[expect(clippy::iter_over_hash_type, reason = "sums don't depend on the order")]
        for (source, count) in later.found {
            *self.found.entry(source).or_default() += count;
        }
        #[expect(clippy::iter_over_hash_type, reason = "sums don't depend on the order")]
        for (key, count) in later.values {
            *self.values.entry(key).or_default() += count;
        }
    }

    pub(super) fn finish(&self, declared: &[DeclaredCount], faults: &mut Faults) {
        for (place, of, declared) in declared {
            let counted = match of {
                None => self.found.get(&place.source),
                Some((field, value)) => self.values.get(&(place.source, *field, *value)),
            };
            let counted = counted.copied().unwrap_or(0);
            if counted != *declared {
                faults.add(*place, TotalsMismatch { of: *of, declared: *declared, counted });
            }
        }
    }
}

/// A declared total that differs from the count of the rows.
#[derive(Debug)]
struct TotalsMismatch {
    of: Option<(Field, Symbol)>,
    declared: u64,
    counted: u64,
}

impl Finding for TotalsMismatch {
    fn code(&self) -> Code {
        const { Code::known("R207") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { of, declared, counted } = self;
        match lang {
            Lang::Zh => (
                format!(
                    "申报{}{declared} 个，各行实有 {counted} 个",
                    of.map_or_else(|| "合计 ".into(), |(_, value)| format!("“{value}” "))
                ),
                "改合计，或补上漏报的行".into(),
            ),
            Lang::En => (
                format!(
                    "declared total{} is {declared}, but the rows give {counted}",
                    of.map_or_else(String::new, |(_, value)| format!(" for `{value}`"))
                ),
                "correct the total, or add the missing rows".into(),
            ),
        }
    }
}
