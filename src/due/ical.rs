//! Deadlines as an iCalendar file (RFC 5545), to be looked at or subscribed to.
//!
//! Each deadline is an event of a whole day that blocks no time. A task (VTODO) would say the same, but the calendars of
//! Outlook, Google and Apple pass over the tasks of a file, and all of them show its events.
//!
//! A file that is updated in place keeps what its subscribers go by: the UID of an entry is made of the office and of what
//! the issue is called, its SEQUENCE rises when the entry has changed and not otherwise, and so does its DTSTAMP, which is
//! the day of the report and never that of the clock. An entry that is no longer due is CANCELLED for half a year, so that
//! a program that copied it takes it away.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::digest;
use crate::due::ical_text::{escaped, lines, put};
use crate::due::{DueReport, Item};
use crate::words::lang::Lang;

/// By which duban knows its own files.
const PRODUCT: &str = "-//duban//due//EN";
/// The days for which an entry is cancelled before it is left out.
const CANCELLED_DAYS: u64 = 183;
/// The digits of the hash of the office in a UID: ids such as WT-001 are those of several offices.
const OFFICE_DIGITS: usize = 8;

/// The entries of a file written before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    entries: BTreeMap<String, Entry>,
}

/// An entry of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// When it was last changed, as a time stamp of the file.
    stamp: String,
    sequence: u32,
    is_cancelled: bool,
    day: NaiveDate,
    /// As it stands in the file.
    summary: String,
}

impl Published {
    /// Reads a file; `None` if it is none of duban's, or if an entry of it can't be read.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let lines = lines(text);
        let is = |line: Option<&(String, String)>, name: &str, value: &str| {
            line.is_some_and(|(is_name, is_value)| is_name == name && is_value == value)
        };
        let is_own = lines.iter().any(|(name, value)| name == "PRODID" && value == PRODUCT);
        let last = lines.iter().rev().find(|(name, _)| !name.is_empty());
        if !is_own || !is(lines.first(), "BEGIN", "VCALENDAR") || !is(last, "END", "VCALENDAR") {
            return None;
        }
        let mut entries = BTreeMap::new();
        let mut open: Option<BTreeMap<&str, &str>> = None;
        for (name, value) in &lines {
            match (name.as_str(), value.as_str(), &mut open) {
                ("BEGIN", "VEVENT", _) => open = Some(BTreeMap::new()),
                ("END", "VEVENT", _) => {
                    let (uid, entry) = entry(&open.take()?)?;
                    entries.insert(uid, entry);
                }
                (_, _, Some(properties)) => drop(properties.insert(name, value)),
                _ => {}
            }
        }
        Some(Self { entries })
    }
}

/// Reads an entry from its properties. Those of the first versions had neither a number nor a status.
fn entry(properties: &BTreeMap<&str, &str>) -> Option<(String, Entry)> {
    let text = |name: &str| properties.get(name).map(|text| (*text).to_owned());
    let entry = Entry {
        stamp: text("DTSTAMP")?,
        sequence: text("SEQUENCE").map_or(Some(0), |number| number.parse().ok())?,
        is_cancelled: text("STATUS").is_some_and(|status| status == "CANCELLED"),
        day: NaiveDate::parse_from_str(&text("DTSTART")?, "%Y%m%d").ok()?,
        summary: text("SUMMARY")?,
    };
    Some((text("UID")?, entry))
}

/// Writes the deadlines of a report. The same report, of the same office and after the same file, gives the same bytes.
#[must_use]
pub fn calendar(report: &DueReport, office: &str, lang: Lang, before: &Published) -> String {
    let office_digits = digest::of(office.as_bytes());
    let office_digits = office_digits.get(..OFFICE_DIGITS).unwrap_or_default();
    let stamp = format!("{}T000000Z", basic(report.as_of));
    let mut text = String::new();
    put(&mut text, "BEGIN", "VCALENDAR");
    put(&mut text, "VERSION", "2.0");
    put(&mut text, "PRODID", PRODUCT);
    put(&mut text, "CALSCALE", "GREGORIAN");
    let name = escaped(&lang.pick(format!("{office}整改期限"), format!("{office} deadlines")));
    put(&mut text, "X-WR-CALNAME", name.trim_start());
    put(&mut text, "REFRESH-INTERVAL;VALUE=DURATION", "PT12H");
    let mut left = before.entries.clone();
    for unit in &report.units {
        for item in &unit.issues {
            let Some(day) = item.deadline else { continue };
            let uid = uid(&item.handle, office_digits);
            let summary = escaped(&summary(&unit.unit, item, lang));
            let entry = Entry { stamp: stamp.clone(), sequence: 0, is_cancelled: false, day, summary };
            let entry = after(entry, left.remove(&uid));
            write(&mut text, &uid, &entry);
        }
    }
    for (uid, gone) in left {
        let entry = after(Entry { stamp: stamp.clone(), is_cancelled: true, ..gone.clone() }, Some(gone));
        if is_kept(&entry, report.as_of) {
            write(&mut text, &uid, &entry);
        }
    }
    put(&mut text, "END", "VCALENDAR");
    text
}

/// An entry after what it was: with the number and stamp of before if nothing else differs, else with the next number. A
/// stamp never goes back.
fn after(now: Entry, was: Option<Entry>) -> Entry {
    let Some(was) = was else { return now };
    let says = |entry: &Entry| (entry.is_cancelled, entry.day, entry.summary.clone());
    if says(&now) == says(&was) {
        return was;
    }
    Entry { sequence: was.sequence.saturating_add(1), stamp: now.stamp.clone().max(was.stamp), ..now }
}

/// Whether an entry that is cancelled is still to be told.
fn is_kept(entry: &Entry, as_of: NaiveDate) -> bool {
    let day = entry.stamp.get(..8).and_then(|day| NaiveDate::parse_from_str(day, "%Y%m%d").ok());
    day.and_then(|day| day.checked_add_days(Days::new(CANCELLED_DAYS))).is_none_or(|last| as_of <= last)
}

fn write(text: &mut String, uid: &str, entry: &Entry) {
    let Entry { stamp, sequence, is_cancelled, day, summary } = entry;
    put(text, "BEGIN", "VEVENT");
    put(text, "UID", uid);
    put(text, "DTSTAMP", stamp);
    put(text, "LAST-MODIFIED", stamp);
    put(text, "SEQUENCE", &sequence.to_string());
    put(text, "STATUS", if *is_cancelled { "CANCELLED" } else { "CONFIRMED" });
    put(text, "TRANSP", "TRANSPARENT");
    put(text, "DTSTART;VALUE=DATE", &basic(*day));
    // The end is not part of the event.
    put(text, "DTEND;VALUE=DATE", &basic(day.checked_add_days(Days::new(1)).unwrap_or(*day)));
    put(text, "SUMMARY", summary);
    put(text, "END", "VEVENT");
}

/// What an entry is called. It has nothing that changes from day to day.
fn summary(unit: &str, item: &Item, lang: Lang) -> String {
    let state = match item.state {
        "overdue" => lang.pick("，已逾期", ", overdue"),
        _ => "",
    };
    let id = item.id.as_ref().map_or_else(String::new, |id| format!(" {id}"));
    lang.pick(format!("{unit}{id} 整改期限{state}"), format!("{unit}{id} due{state}"))
}

fn basic(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// A valid UID; different names of issues, and different offices, give different UIDs.
fn uid(id: &str, office: &str) -> String {
    use std::fmt::Write as _;
    let mut name = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "_{byte:02x}");
        }
    }
    format!("{name}.{office}@duban")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::due::UnitDue;
    use crate::tally::as_of_summary::LeftOut;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A report of a day on issues: id, deadline and state.
    fn report(as_of: &str, unit: &str, issues: &[(&str, &str, &'static str)]) -> DueReport {
        let item = |(id, deadline, state): &(&str, &str, &'static str)| Item {
            id: Some((*id).to_owned()),
            key: String::new(),
            number: String::new(),
            handle: (*id).to_owned(),
            deadline: Some(day(deadline)),
            days_overdue: 0,
            state,
            rung: None,
            from: None,
            stands: None,
            after: None,
        };
        let unit = UnitDue { issues: issues.iter().map(item).collect(), ..UnitDue::new(unit.to_owned()) };
        let (left_out, reused) = (LeftOut::default(), Vec::new());
        DueReport { as_of: day(as_of), left_out, by_undated_word: 0, units: vec![unit], reused }
    }

    fn first(as_of: &str, unit: &str, issues: &[(&str, &str, &'static str)]) -> String {
        calendar(&report(as_of, unit, issues), "督查室", Lang::Zh, &Published::default())
    }

    /// For each entry: its id, number, day of change and status.
    fn shown(text: &str) -> Vec<String> {
        let entries = Published::read(text).unwrap().entries.into_iter();
        let each = entries.map(|(uid, entry)| {
            let id = uid.split('.').next().unwrap_or_default().to_owned();
            let status = if entry.is_cancelled { "cancelled" } else { "confirmed" };
            format!("{id} {} {} {status}", entry.sequence, &entry.stamp[..8])
        });
        each.collect()
    }

    #[test]
    fn a_deadline_is_an_event_of_its_day() {
        let text = first("2021-08-20", "甲", &[("WT-1", "2021-12-31", "due_soon")]);
        assert!(text.contains("DTSTART;VALUE=DATE:20211231\r\nDTEND;VALUE=DATE:20220101\r\n"), "{text}");
        assert!(text.contains("TRANSP:TRANSPARENT\r\n") && text.contains("SEQUENCE:0\r\n"), "{text}");
        let other = calendar(
            &report("2021-08-20", "甲", &[("WT-1", "2021-12-31", "due_soon")]),
            "另一个督查室",
            Lang::Zh,
            &Published::default(),
        );
        let uid = |text: &str| lines(text).into_iter().find(|(name, _)| name == "UID").unwrap().1;
        assert_ne!(uid(&text), uid(&other), "WT-1 of another office is another issue");
    }

    #[test]
    fn only_what_has_changed_gets_the_next_number() {
        let issues =
            [("A", "2021-08-25", "due_soon"), ("B", "2021-08-22", "due_soon"), ("C", "2021-08-23", "due_soon")];
        let monday = first("2021-08-20", "甲", &issues);
        let next = |text: &str, as_of: &str, issues: &[(&str, &str, &'static str)]| {
            calendar(&report(as_of, "甲", issues), "督查室", Lang::Zh, &Published::read(text).unwrap())
        };
        assert_eq!(next(&monday, "2021-08-21", &issues), monday, "nothing has changed");
        // B is overdue, C was put right, D is new.
        let later = [("A", "2021-08-25", "due_soon"), ("B", "2021-08-22", "overdue"), ("D", "2021-08-26", "due_soon")];
        let tuesday = next(&monday, "2021-08-24", &later);
        assert_eq!(
            shown(&tuesday),
            ["A 0 20210820 confirmed", "B 1 20210824 confirmed", "C 1 20210824 cancelled", "D 0 20210824 confirmed"]
        );
        assert_eq!(next(&tuesday, "2021-08-25", &later), tuesday);
        // C is open again with another day; a run that looks back sets no stamp back.
        let again = [later[0], later[1], later[2], ("C", "2021-08-30", "due_soon")];
        let back = next(&tuesday, "2021-08-19", &again);
        assert_eq!(shown(&back)[2], "C 2 20210824 confirmed");
        // What was cancelled long ago is left out.
        let empty = next(&tuesday, "2021-08-25", &[]);
        assert_eq!(shown(&empty).len(), 4);
        assert_eq!(shown(&next(&empty, "2022-06-01", &[])), Vec::<String>::new());
    }

    #[test]
    fn a_file_of_another_program_is_none_of_ours() {
        let own = first("2021-08-20", "甲", &[("A", "2021-08-25", "due_soon")]);
        for text in [
            String::new(),
            own.replace("duban", "other"),
            own.replace("END:VCALENDAR", ""),
            own.replace("DTSTART;VALUE=DATE:20210825", "DTSTART:20210825T090000Z"),
            own.replace("SEQUENCE:0", "SEQUENCE:x"),
        ] {
            assert_eq!(Published::read(&text), None, "{text}");
        }
        // A program may have changed the ends of the lines; the first versions had neither numbers nor a status.
        let old = own.replace("\r\n", "\n").replace("SEQUENCE:0\n", "").replace("STATUS:CONFIRMED\n", "");
        assert_eq!(Published::read(&old), Published::read(&own));
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_of_its_line(unit in any::<String>(), id in any::<String>(), office in any::<String>()) {
            let report = report("2021-08-20", &unit, &[(&id, "2021-12-31", "overdue")]);
            let text = calendar(&report, &office, Lang::Zh, &Published::default());
            prop_assert_eq!(lines(&text).len(), 18, "{}", text);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
            prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
            let again = Published::read(&text).unwrap();
            prop_assert_eq!(calendar(&report, &office, Lang::Zh, &again), text);
        }

        #[test]
        fn different_ids_have_different_names(a in any::<String>(), b in any::<String>()) {
            prop_assert_eq!(uid(&a, "0") == uid(&b, "0"), a == b);
        }
    }
}
