//! Deadlines as an iCalendar file (RFC 5545).

use chrono::{Days, NaiveDate};

use crate::due::{DueReport, Item};
use crate::words::lang::Lang;

/// One all-day event for each deadline. The same report gives the same bytes: the time stamp is the day of the report,
/// and the UID of an event is made from the id of its issue.
#[must_use]
pub fn calendar(report: &DueReport, lang: Lang) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| folded(&mut text, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//duban//due//EN");
    for unit in &report.units {
        for item in &unit.issues {
            let Some(deadline) = item.deadline else { continue };
            line("BEGIN", "VEVENT");
            line("UID", &uid(&item.handle));
            line("DTSTAMP", &format!("{}T000000Z", basic(report.as_of)));
            line("DTSTART;VALUE=DATE", &basic(deadline));
            line("DTEND;VALUE=DATE", &basic(deadline.checked_add_days(Days::new(1)).unwrap_or(deadline)));
            line("SUMMARY", &escaped(&summary(&unit.unit, item, lang)));
            line("END", "VEVENT");
        }
    }
    line("END", "VCALENDAR");
    text
}

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

/// A valid UID; different ids give different UIDs.
fn uid(id: &str) -> String {
    use std::fmt::Write as _;
    let mut name = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "_{byte:02x}");
        }
    }
    format!("{name}@duban")
}

/// Text as RFC 5545, 3.3.11, wants it.
fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// Lines of at most 75 octets, broken between characters (3.1).
fn folded(text: &mut String, line: &str) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > 75 {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(c);
        length += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::due::UnitDue;
    use crate::tally::as_of_summary::LeftOut;

    fn report(unit: &str, id: &str) -> DueReport {
        let item = Item {
            id: Some(id.to_owned()),
            key: String::new(),
            number: String::new(),
            handle: id.to_owned(),
            deadline: NaiveDate::from_ymd_opt(2021, 12, 31),
            days_overdue: 0,
            state: "due_soon",
            rung: None,
            from: None,
            stands: None,
            after: None,
        };
        let as_of = NaiveDate::from_ymd_opt(2021, 8, 20).unwrap();
        let unit = UnitDue { due_soon: 1, issues: vec![item], ..UnitDue::new(unit.to_owned()) };
        DueReport { as_of, left_out: LeftOut::default(), by_undated_word: 0, units: vec![unit], reused: Vec::new() }
    }

    #[test]
    fn a_deadline_is_an_event_of_its_day() {
        let text = calendar(&report("甲", "WT-1"), Lang::Zh);
        assert!(text.contains("DTSTART;VALUE=DATE:20211231\r\nDTEND;VALUE=DATE:20220101\r\n"), "{text}");
        assert!(text.contains("UID:WT-1@duban\r\n"), "{text}");
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_of_its_line(unit in any::<String>(), id in any::<String>()) {
            let text = calendar(&report(&unit, &id), Lang::Zh);
            let unfolded = text.replace("\r\n ", "");
            prop_assert_eq!(unfolded.matches("\r\n").count(), 11);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
            prop_assert!(!unfolded.replace("\r\n", "").contains(['\r', '\n']));
        }

        #[test]
        fn different_ids_have_different_names(a in any::<String>(), b in any::<String>()) {
            prop_assert_eq!(uid(&a) == uid(&b), a == b);
        }
    }
}
