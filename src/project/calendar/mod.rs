//! `calendar:` of the config, and the calendar files that offices keep or take in.
//!
//! - `days`: what such a file lists
//! - `ics`: reading iCalendar
//! - `read`: reading a file, whatever its format; CSV and JSON

mod days;
mod ics;
mod read;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::fault::{ConfigProblem, FaultKind, Faults, FileError};
use crate::place::Place;
use crate::project::Project;
use crate::project::keys::{self, CALENDAR};
use crate::project::mapping::{MappingReader, items};
use crate::source::yaml::Node;
use crate::source::{Form, Source, Sources};
use crate::words::calendar::{Calendar, DaySource, ListedDay};
use crate::words::date;
use crate::words::near::nearest;

pub use days::{CalendarDays, FileDay};
pub use read::read;

/// The calendars that a project may begin with.
const BASES: [&str; 2] = ["cn", "weekdays"];

/// The endings of calendar files.
const ENDINGS: [&str; 4] = [".csv", ".tsv", ".json", ".ics"];

/// What `calendar:` says, until the file that it names is read.
#[derive(Debug, Default)]
pub(super) struct CalendarSetting {
    base: Option<Calendar>,
    file: Option<String>,
    off: Vec<NaiveDate>,
    work: Vec<NaiveDate>,
}

impl CalendarSetting {
    /// Reads `cn`, `weekdays`, the name of a file, or a mapping of `base`, `file`, `off` and `work`. The project gets the
    /// calendar without the file: that is for [`CalendarSetting::load`].
    pub(super) fn read(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) -> Self {
        let setting = Self::parse(node, project, keys);
        project.calendar = setting.calendar(CalendarDays::default());
        project.calendar_file.clone_from(&setting.file);
        setting
    }

    fn parse(node: &Node, project: &Project, keys: &mut MappingReader<'_>) -> Self {
        let mut setting = Self::default();
        if let Some(name) = node.scalar() {
            match (named(name.trim()), is_file(name)) {
                (Some(calendar), _) => setting.base = Some(calendar),
                (None, true) => setting.file = Some(name.trim().to_owned()),
                (None, false) => {
                    let bases = keys::words_in(BASES, keys.keys());
                    let expected = format!("{} | FILE.csv | FILE.json | FILE.ics", bases.join(" | "));
                    keys.bad_value("calendar", node, &expected, nearest(name, bases));
                }
            }
            return setting;
        }
        for (key, node) in keys.known(node, CALENDAR) {
            match key {
                "base" => {
                    setting.base = node.scalar().and_then(|name| named(name.trim()));
                    if setting.base.is_none() {
                        let bases = keys::words_in(BASES, keys.keys());
                        keys.bad_value(key, node, &bases.join(" | "), None);
                    }
                }
                "file" => match keys.text(node) {
                    Some(name) if is_file(&name) => setting.file = Some(name),
                    Some(_) => keys.bad_value("file", node, "FILE.csv | FILE.json | FILE.ics", None),
                    None => {}
                },
                _ => {
                    for item in items(node) {
                        match item.scalar().and_then(|text| date::parse(text, None, project.date_order).ok()) {
                            Some(read) if key == "off" => setting.off.push(read.date),
                            Some(read) => setting.work.push(read.date),
                            None => keys.expected("date", item),
                        }
                    }
                }
            }
        }
        setting
    }

    /// Reads the file, if there is one, and gives the project its calendar.
    pub(super) fn load(&self, project: &mut Project, sources: &mut Sources, faults: &mut Faults) {
        let Some(file) = &self.file else { return };
        let source = sources.add(Source::file(project.root.join(file), file.clone(), Form::Table));
        match read(source, sources, faults) {
            Ok(days) => project.calendar = self.calendar(days),
            Err(error) => {
                let (key, error) = (keys::dotted(&["calendar", "file"], project.keys), FileError::from(&error.cause));
                let problem = ConfigProblem::File { key, file: file.clone(), error, is_calendar: true };
                faults.add(Place::file(source), FaultKind::Config { problem, line: None });
            }
        }
    }

    /// What the config lists wins over the file, and the file over the base.
    fn calendar(&self, days: CalendarDays) -> Calendar {
        let base = self.base.clone().unwrap_or_else(Calendar::cn);
        let listed = |(date, FileDay { worked, name })| (date, ListedDay { worked, name, source: DaySource::File });
        let (off, work) = (self.off.iter().copied(), self.work.iter().copied());
        base.with_days(days.days.into_iter().map(listed)).with(off, work)
    }
}

fn named(name: &str) -> Option<Calendar> {
    match BASES.into_iter().find(|word| *word == name || keys::word(word) == Some(name))? {
        "cn" => Some(Calendar::cn()),
        _ => Some(Calendar::weekdays()),
    }
}

fn is_file(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Writes days as a calendar file: CSV with the columns `date,kind,name`.
///
/// # Errors
/// Never in memory, as far as the CSV writer is concerned.
pub fn csv(days: &BTreeMap<NaiveDate, FileDay>) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["date", "kind", "name"])?;
    for (date, FileDay { worked, name }) in days {
        writer.write_record([date.to_string().as_str(), if *worked { "work" } else { "off" }, name])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
