//! L123: rules that can't be checked because the log has no column for what they ask.
//!
//! Many ledgers note that an issue is closed and keep no day of rectification. That is one thing to know about the log,
//! not a fault of each row. In YAML each record has keys of its own: if one record has the key, the others lack it.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::model::{Field, Issue};
use crate::place::{Place, SourceId};
use crate::words::lang::{Lang, counted};

/// What rules found in rows that have no cell for the field they ask for.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct Unchecked {
    found: BTreeMap<(SourceId, Field), Faults>,
    /// The fields that the rows of each log have, as bits.
    present: BTreeSet<(SourceId, u64)>,
    last: Option<(SourceId, u64)>,
}

impl Unchecked {
    /// Notes the fields that a row has.
    #[inline]
    pub(super) fn see(&mut self, issue: &Issue<'_>) {
        let fields = (issue.row.source, issue.row.columns.present());
        if self.last != Some(fields) {
            self.last = Some(fields);
            self.present.insert(fields);
        }
    }

    /// Keeps what a rule found in a row without the field it needs.
    pub(super) fn add(&mut self, issue: &Issue<'_>, field: Field, found: Faults) {
        if !found.is_empty() {
            let key = (issue.row.source, field);
            match self.found.get_mut(&key) {
                Some(faults) => faults.append(found),
                None => drop(self.found.insert(key, found)),
            }
        }
    }

    pub(in crate::check) fn merge(&mut self, later: Self) {
        for (key, found) in later.found {
            match self.found.get_mut(&key) {
                Some(faults) => faults.append(found),
                None => drop(self.found.insert(key, found)),
            }
        }
        self.present.extend(later.present);
    }

    /// Adds the faults of logs that have the field in other rows, and one for each log that has it nowhere.
    pub(in crate::check) fn finish(self, faults: &mut Faults) {
        for ((source, field), found) in self.found {
            let of_source = self.present.range((source, 0)..=(source, u64::MAX));
            if of_source.into_iter().any(|(_, fields)| fields & 1 << field as u32 != 0) {
                faults.append(found);
                continue;
            }
            for (code, rows) in found.by_code() {
                let titles = Lang::ALL.map(|lang| faults.codes().info(code).title(lang).to_owned());
                faults.add_full(Place::file(source), UncheckedRule { code, titles, field, rows }, Some(field), None);
            }
        }
    }
}

/// A rule that was not checked for want of a column.
#[derive(Debug)]
struct UncheckedRule {
    code: Code,
    /// What the rule is called, in each language.
    titles: [String; 2],
    field: Field,
    /// The number of rows that would have broken it.
    rows: usize,
}

impl Finding for UncheckedRule {
    fn code(&self) -> Code {
        const { Code::known("L123") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(self.code.to_string())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { code, titles: [zh, en], field, rows } = self;
        let (label, title) = (field.label(lang), lang.pick(zh, en));
        match lang {
            Lang::Zh => (
                format!("没有“{label}”列，{rows} 行无从核对：{title}（{code}）"),
                format!("若另有一列记着，在 duban.yaml 写 columns: {{{}: [表中的列名]}}", field.key()),
            ),
            Lang::En => (
                format!(
                    "no column for {}, so that {} can't be held against {code}: {title}",
                    field.key(),
                    counted(*rows, "row")
                ),
                format!(
                    "if a column has it by another name, write `columns: {{{}: [its name]}}` in duban.yaml",
                    field.key()
                ),
            ),
        }
    }
}
