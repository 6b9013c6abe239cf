//! V119: a day whose year does not show (8月5日), and is not the one that a reader takes it for.
//!
//! A cell keeps the year in which it was typed. In January, 12月28日 is typed for the last December and kept as the next.

use chrono::{Datelike as _, NaiveDate};

use crate::fault::{Code, Faults, Finding, KnownBy, field_name};
use crate::log::cache::row::DAYS;
use crate::model::{Field, Issue};
use crate::source::Source;
use crate::source::line_runs::LineRuns;
use crate::words::date::nearest_year;
use crate::words::deadline::{self, Deadline};
use crate::words::lang::Lang;

/// The cells of a sheet whose year does not show.
#[derive(Debug, Default)]
pub(super) struct HiddenYears {
    of: LineRuns,
}

impl HiddenYears {
    /// Begins a file.
    pub(super) fn begin(&mut self, source: &Source) {
        self.of = LineRuns::new(source.sheet.iter().flat_map(|sheet| &sheet.hidden_years));
    }

    /// Tells each day of an issue whose year does not show, and is not the nearest to another day of its row.
    #[inline]
    pub(super) fn tell(&self, issue: &Issue<'_>, faults: &mut Faults) {
        if !self.of.is_empty() {
            self.look(issue, faults);
        }
    }

    fn look(&self, issue: &Issue<'_>, faults: &mut Faults) {
        let days = || DAYS.into_iter().filter_map(|field| Some((field, issue.date(field)?)));
        // What the others are held against: a day that shows its year, or else the day of finding.
        let shows = |(field, _): &(Field, NaiveDate)| !self.has(issue, *field);
        let Some((known, base)) = days().find(shows).or_else(|| days().next()) else { return };
        for (field, kept) in days().filter(|(field, _)| *field != known && self.has(issue, *field)) {
            let near = match field {
                Field::Deadline if known == Field::FoundOn || known == Field::AssignedOn => due_after(base, kept),
                _ => nearest_year(kept.month(), kept.day(), base),
            };
            if let Some(near) = near.filter(|near| *near != kept) {
                faults.add_at(issue.row.field_place(field), field, HiddenYear { kept, near, known, base });
            }
        }
    }

    fn has(&self, issue: &Issue<'_>, field: Field) -> bool {
        let cell = issue.row.columns.get(field);
        cell.is_some_and(|cell| self.of.at(issue.row.line.get(), cell).is_some())
    }
}

/// The day that a deadline without a year is on.
fn due_after(from: NaiveDate, kept: NaiveDate) -> Option<NaiveDate> {
    match deadline::parse_from(&format!("{}月{}日", kept.month(), kept.day()), from, None) {
        Ok(Deadline::On(day)) => Some(day),
        _ => None,
    }
}

/// A day with a year that does not show.
#[derive(Debug)]
struct HiddenYear {
    kept: NaiveDate,
    near: NaiveDate,
    /// The day that it was held against.
    known: Field,
    base: NaiveDate,
}

impl Finding for HiddenYear {
    fn code(&self) -> Code {
        const { Code::known("V119") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(format!("{} {}", self.kept, self.near))
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let Self { kept, near, known, base } = self;
        let (name, known) = (field_name(field, lang), field_name(Some(*known), lang));
        let (month, day) = (kept.month(), kept.day());
        match lang {
            Lang::Zh => (
                format!(
                    "{name}显示“{month}月{day}日”，没有显示的年份使它成为 {kept}；按{known} {base}，读的人会当成 {near}"
                ),
                "改成对的年份，把单元格格式设为显示年份".into(),
            ),
            Lang::En => (
                format!(
                    "{name} shows {day} {month_name}, but is {kept} by a year that does not show; beside {known} {base} a reader takes it for {near}",
                    month_name = kept.format("%B")
                ),
                "correct the year, and give the cell a format that shows it".into(),
            ),
        }
    }
}
