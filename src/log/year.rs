//! The year of a date that has none.
//!
//! It is never taken from the day on which a log is read, so that the same log means the same tomorrow. It comes from
//! the row's other days, else from the title, the name of the sheet or the file, or the project, else from the row
//! before.

use chrono::NaiveDate;

use crate::model::Field;
use crate::project::Project;
use crate::source::Source;
use crate::words::date;

/// What tells the year of a date, apart from the row's other days.
#[derive(Clone, Debug, Default)]
pub(super) struct YearContext {
    title: Option<NaiveDate>,
    name: Option<NaiveDate>,
    project: Option<NaiveDate>,
    /// The day of the row before.
    before: Option<NaiveDate>,
    /// Whether there should have been a row before, and was none.
    lacked: bool,
}

impl YearContext {
    /// Returns what the project says: `dates: {year: 2021}`, or the default day of finding.
    pub(super) fn new(project: &Project) -> Self {
        let default = project.defaults.iter().rev().find(|(field, _)| *field == Field::FoundOn);
        let default = default.and_then(|(_, text)| date::parse(text, None, project.date_order).ok());
        let year = project.year.and_then(date::middle_of_year);
        Self { project: year.or(default.map(|read| read.date)), ..Self::default() }
    }

    /// Begins a file.
    pub(super) fn begin(&mut self, source: &Source) {
        let file = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
        let sheet = source.sheet.as_ref().and_then(|sheet| date::stated_period(&sheet.name, true));
        self.name = sheet.or_else(|| date::stated_period(stem, true)).map(|period| period.day);
        self.begin_table(None);
    }

    /// Begins a table, or a block of one, under a title.
    pub(super) fn begin_table(&mut self, title: Option<NaiveDate>) {
        (self.title, self.before, self.lacked) = (title, None, false);
    }

    /// Sets the day that the file's defaults state, for the records that they apply to.
    pub(super) fn set_title(&mut self, title: Option<NaiveDate>) {
        self.title = title;
    }

    /// Notes the day of a row, for the rows after it.
    #[inline]
    pub(super) fn see(&mut self, day: Option<NaiveDate>) {
        self.before = day.or(self.before);
    }

    /// Returns the day to which a day without a year is nearest.
    pub(super) fn near(&mut self) -> Option<NaiveDate> {
        self.title.or(self.name).or(self.project).or_else(|| {
            self.lacked |= self.before.is_none();
            self.before
        })
    }

    /// Notes that something depends on a row before that was not read.
    pub(super) fn lack_row_before(&mut self) {
        self.lacked = true;
    }

    /// Whether a date had no year because no row before it was read.
    pub(super) fn lacked_row_before(&self) -> bool {
        self.lacked
    }
}
