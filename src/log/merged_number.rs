//! L126: a running number (序号) merged over the rows of several issues: whoever counts by it counts fewer.

use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::model::{Field, Issue};
use crate::source::Source;
use crate::source::line_runs::LineRuns;
use crate::words::lang::Lang;

/// The merged cells of a sheet.
#[derive(Debug, Default)]
pub(super) struct MergedNumbers {
    of: LineRuns,
}

impl MergedNumbers {
    /// Begins a file.
    pub(super) fn begin(&mut self, source: &Source) {
        self.of = LineRuns::new(source.sheet.iter().flat_map(|sheet| &sheet.merged));
    }

    /// Tells an issue whose running number is that of a row above it.
    #[inline]
    pub(super) fn tell(&self, issue: &Issue<'_>, faults: &mut Faults) {
        if !self.of.is_empty() {
            self.look(issue, faults);
        }
    }

    fn look(&self, issue: &Issue<'_>, faults: &mut Faults) {
        let Some(cell) = issue.row.columns.get(Field::RowNumber) else { return };
        let line = issue.row.line.get();
        if let Some((first, _)) = self.of.at(line, cell)
            && first < line
        {
            let text = issue.row.text(Field::RowNumber).into_owned();
            faults.add_at(issue.row.field_place(Field::RowNumber), Field::RowNumber, MergedNumber { text, first });
        }
    }
}

/// A row whose running number is that of another.
#[derive(Debug)]
struct MergedNumber {
    text: String,
    first: u32,
}

impl Finding for MergedNumber {
    fn code(&self) -> Code {
        const { Code::known("L126") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(String::new())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { text, first } = self;
        match lang {
            Lang::Zh => (
                format!("序号“{text}”与第 {first} 行合并，这一行按另一个问题计"),
                "是另一个问题的，拆分单元格，各写序号；是同一个问题的，写在一行里".into(),
            ),
            Lang::En => (
                format!("the number {text} is merged with row {first}, and this row counts as an issue of its own"),
                "if it is another issue, split the cell and number both; if it is the same, write it in one row".into(),
            ),
        }
    }
}
