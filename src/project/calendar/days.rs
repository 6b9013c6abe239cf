//! The days that a calendar file lists, whatever its format.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::fault::{ConfigProblem, FaultKind, Faults};
use crate::place::Place;

/// The days that a calendar file lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarDays {
    /// The days.
    pub days: BTreeMap<NaiveDate, FileDay>,
    /// Events of an iCalendar file that say neither that their days are off nor that they are worked.
    pub skipped: Vec<String>,
}

/// A day of a calendar file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDay {
    /// Whether it is worked.
    pub worked: bool,
    /// The holiday it belongs to; may be empty.
    pub name: String,
}

impl CalendarDays {
    /// Notes a day. One that is listed as off and as worked is a fault: neither can be chosen.
    pub(super) fn insert(&mut self, date: NaiveDate, day: FileDay, place: Place, faults: &mut Faults) {
        match self.days.get(&date) {
            Some(before) if before.worked != day.worked => {
                let problem = ConfigProblem::Doubled { what: "day", name: date.to_string(), first: None };
                faults.add(place, FaultKind::Config { problem, line: None });
            }
            Some(_) => {}
            None => {
                self.days.insert(date, day);
            }
        }
    }
}

/// Tells that a value of a calendar file can't be read.
pub(super) fn bad(key: &str, value: &str, expected: &str, place: Place, faults: &mut Faults) {
    let (key, value, expected) = (key.to_owned(), value.to_owned(), expected.to_owned());
    faults.add(
        place,
        FaultKind::Config { problem: ConfigProblem::BadValue { key, value, expected, near: None }, line: None },
    );
}
