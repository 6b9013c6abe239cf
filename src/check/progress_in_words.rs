//! R214: what became of issues is told in sentences only, so that they count as open.

use crate::check::first_places::FirstPlaces;
use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::model::{Field, Issue};
use crate::words::lang::{Lang, counted};

/// For each log, the first issue whose progress is told in a sentence alone, and how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct ProgressInWords {
    rows: FirstPlaces,
}

impl ProgressInWords {
    #[inline]
    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        if issue.row.columns.has(Field::Progress) {
            self.look(issue);
        }
    }

    fn look(&mut self, issue: &Issue<'_>) {
        let has_state = issue.status.is_some()
            || issue.not_closed
            || issue.flags().on_site()
            || issue.rectified_on.or(issue.verified_on).or(issue.closed_on).is_some();
        if !has_state && !issue.text(Field::Progress).trim().is_empty() {
            self.rows.add(issue.row.source, issue.row.field_place(Field::Progress));
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.rows.merge(later.rows);
    }

    /// Adds one fault for each log.
    pub(super) fn finish(self, faults: &mut Faults) {
        for (place, rows) in self.rows.into_values() {
            faults.add_at(place, Field::Progress, OnlyInWords { rows });
        }
    }
}

/// Issues whose progress is told in a sentence alone.
#[derive(Debug)]
struct OnlyInWords {
    rows: usize,
}

impl Finding for OnlyInWords {
    fn code(&self) -> Code {
        const { Code::known("R214") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(String::new())
    }

    fn field(&self) -> Option<Field> {
        Some(Field::Progress)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let rows = self.rows;
        match lang {
            Lang::Zh => (
                format!("整改情况写成了句子，又没有状态和整改完成日期：{rows} 个问题按未整改计"),
                "加一列“状态”或“整改完成日期”；句子开头都一样的，在 duban.yaml 写 values: {status: {rectified: ['已整改*']}}"
                    .into(),
            ),
            Lang::En => (
                format!(
                    "the progress is a sentence, and there is no status or date of rectification: {} as open",
                    if rows == 1 { "1 issue counts".to_owned() } else { format!("{} count", counted(rows, "issue")) }
                ),
                "add a column for the status or the date of rectification; if the sentences begin alike, write \
                 `values: {status: {rectified: ['Rectified*']}}` in duban.yaml"
                    .into(),
            ),
        }
    }
}
