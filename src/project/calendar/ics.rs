//! Calendar files as iCalendar (RFC 5545), as public holiday calendars are published: an all-day event for each run of
//! days, whose summary says 休 or 班.

use chrono::{Days, NaiveDate};

use crate::fault::Faults;
use crate::place::{OneBased, Place, SourceId};
use crate::project::calendar::days::{CalendarDays, FileDay, bad};

/// No arrangement is longer; an event that is has a wrong end.
const LONGEST: u64 = 31;

/// A line, unfolded, with the number of the first line that it stands on.
struct Property<'t> {
    line: OneBased,
    /// The name in capitals, without parameters.
    name: String,
    parameters: &'t str,
    value: &'t str,
}

#[derive(Default)]
struct Event {
    line: Option<OneBased>,
    start: Option<(String, OneBased)>,
    end: Option<(String, OneBased)>,
    summary: String,
    /// `X-APPLE-SPECIAL-DAY`, in which several calendars say the same in a word that is not shown.
    special_day: String,
    repeats: Option<OneBased>,
}

pub(super) fn read(text: &str, source: SourceId, faults: &mut Faults) -> CalendarDays {
    let mut found = CalendarDays::default();
    let mut event: Option<Event> = None;
    let lines = unfold(text);
    let mut last = OneBased::FIRST;
    for (line, content) in &lines {
        last = *line;
        let Some(Property { line, name, parameters, value }) = property(*line, content) else { continue };
        match (name.as_str(), &mut event) {
            ("BEGIN", _) if value.eq_ignore_ascii_case("VEVENT") => {
                event = Some(Event { line: Some(line), ..Event::default() });
            }
            ("END", Some(_)) if value.eq_ignore_ascii_case("VEVENT") => {
                if let Some(event) = event.take() {
                    take(&event, source, &mut found, faults);
                }
            }
            ("DTSTART", Some(event)) => event.start = Some((whole_day(parameters, value), line)),
            ("DTEND", Some(event)) => event.end = Some((whole_day(parameters, value), line)),
            ("SUMMARY", Some(event)) => event.summary = unescape(value),
            ("X-APPLE-SPECIAL-DAY", Some(event)) => value.trim().clone_into(&mut event.special_day),
            ("RRULE" | "RDATE" | "DURATION", Some(event)) => event.repeats = Some(line),
            _ => {}
        }
    }
    if event.is_some() {
        bad("VEVENT", "", "END:VEVENT", Place::line(source, last), faults);
    }
    found
}

fn take(event: &Event, source: SourceId, found: &mut CalendarDays, faults: &mut Faults) {
    let place = |line: Option<OneBased>| Place::line(source, line.unwrap_or(OneBased::FIRST));
    let Some(worked) = worked(event) else {
        found.skipped.push(event.summary.clone());
        return;
    };
    if let Some(line) = event.repeats {
        bad("VEVENT", &event.summary, "DTSTART;VALUE=DATE, DTEND;VALUE=DATE", place(Some(line)), faults);
        return;
    }
    let mut day = |property: &Option<(String, OneBased)>, name: &str| {
        let (text, line) = property.as_ref()?;
        let read = NaiveDate::parse_from_str(text, "%Y%m%d").ok();
        if read.is_none() {
            bad(name, text, &format!("{name};VALUE=DATE:20270205"), place(Some(*line)), faults);
        }
        read
    };
    let Some(start) = day(&event.start, "DTSTART") else {
        if event.start.is_none() {
            bad("DTSTART", "", "DTSTART;VALUE=DATE:20270205", place(event.line), faults);
        }
        return;
    };
    // The end is the day after the last; without one, the event has one day.
    let end = match &event.end {
        None => start.succ_opt(),
        Some(_) => match day(&event.end, "DTEND") {
            None => return,
            end => end,
        },
    };
    // Some calendars give the day itself as the end of a single day.
    let end = end.map(|end| if end == start { end.succ_opt().unwrap_or(end) } else { end });
    let is_right = |end: NaiveDate| start < end && start.checked_add_days(Days::new(LONGEST)) >= Some(end);
    let Some(end) = end.filter(|end| is_right(*end)) else {
        let (text, line) = event.end.as_ref().map_or(("", None), |(text, line)| (text.as_str(), Some(*line)));
        bad("DTEND", text, &format!("> {start}, <= {LONGEST} days"), place(line), faults);
        return;
    };
    let name = name(&event.summary);
    for date in start.iter_days().take_while(|date| *date < end) {
        found.insert(date, FileDay { worked, name: name.clone() }, place(event.line), faults);
    }
}

/// Whether the days of an event are worked; nothing if it says neither.
fn worked(event: &Event) -> Option<bool> {
    match event.special_day.as_str() {
        "WORK-HOLIDAY" => return Some(false),
        "ALTERNATE-WORKDAY" => return Some(true),
        _ => {}
    }
    let summary = event.summary.to_lowercase();
    // 上班（补春节假期） is worked: 班 counts before 休 and 假.
    if ["班", "workday", "working day"].iter().any(|word| summary.contains(word)) {
        return Some(true);
    }
    // 调休 alone may mean either.
    let off = summary.replace("调休", "");
    let words = ["休", "放假", "假期", "假日", "(holiday)", "day off", "public holiday"];
    words.iter().any(|word| off.contains(word)).then_some(false)
}

/// The name of the holiday in a summary: 春节（休）, 春节假期, 上班(补春节假期), Spring Festival(Holiday).
fn name(summary: &str) -> String {
    let mut name = summary.trim();
    let inner = name.strip_prefix("上班").map(|rest| rest.trim_matches(['(', ')', '（', '）', ' ']));
    if let Some(inner) = inner {
        name = inner.trim_start_matches('补');
    } else if let Some(at) = name.find(['(', '（', '[', '【']).filter(|at| *at > 0) {
        name = &name[..at];
    }
    for ending in ["假期", "放假", "补班", "上班", "调休"] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    name.trim().to_owned()
}

/// The date of an all-day event. A time at midnight on the wall stands for its day; any other, or one in UTC, is kept as
/// it is and not understood.
fn whole_day(parameters: &str, value: &str) -> String {
    let value = value.trim();
    let is_date = parameters.to_ascii_uppercase().contains("VALUE=DATE") && !value.contains('T');
    match value.strip_suffix("T000000") {
        Some(date) if !is_date => date.to_owned(),
        _ => value.to_owned(),
    }
}

/// Joins folded lines: one that begins with a blank goes on with the line before.
fn unfold(text: &str) -> Vec<(OneBased, String)> {
    let mut lines: Vec<(OneBased, String)> = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, before))) => before.push_str(rest),
            _ => lines.push((OneBased::from_zero(at), line.to_owned())),
        }
    }
    lines
}

fn property(line: OneBased, content: &str) -> Option<Property<'_>> {
    // A colon within quotes belongs to a parameter.
    let mut quoted = false;
    let colon = content.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    });
    let (head, value) = content.split_at(colon?.0);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    Some(Property { line, name: name.trim().to_ascii_uppercase(), parameters, value: &value[1..] })
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;

    /// Days as `2027-02-05 off 春节`, how many faults there were on which lines, and what was skipped.
    fn read_events(events: &str) -> (Vec<String>, Vec<u32>, Vec<String>) {
        let mut faults = Faults::default();
        let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.replace('\n', "\r\n"));
        let found = read(&text, SourceId(0), &mut faults);
        let days = found
            .days
            .into_iter()
            .map(|(date, day)| format!("{date} {} {}", if day.worked { "work" } else { "off" }, day.name));
        let lines = faults.sorted().into_iter().map(|fault| fault.place.line.get());
        (days.collect(), lines.collect(), found.skipped)
    }

    fn event(lines: &str) -> String {
        format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT\n")
    }

    #[test]
    fn public_calendars_are_read() {
        for (lines, wanted) in [
            (
                "DTSTART;VALUE=DATE:20270205\nDTEND;VALUE=DATE:20270207\nSUMMARY:春节(休)",
                "2027-02-05 off 春节,2027-02-06 off 春节",
            ),
            ("DTSTART;VALUE=DATE:20270220\nDTEND;VALUE=DATE:20270221\nSUMMARY:春节（班）", "2027-02-20 work 春节"),
            ("SUMMARY:元旦假期\nDTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270102", "2027-01-01 off 元旦"),
            ("SUMMARY:上班(补春节假期)\nDTSTART;VALUE=DATE:20270220", "2027-02-20 work 春节"),
            ("DTSTART:20270101\nDTEND:20270101\nSUMMARY:元旦 放假", "2027-01-01 off 元旦"),
            (
                "DTSTART;TZID=Asia/Shanghai:20270101T000000\nSUMMARY:元旦\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
                "2027-01-01 off 元旦",
            ),
            ("DTSTART;VALUE=DATE:20270220\nSUMMARY:Spring Festival(Workday)", "2027-02-20 work Spring Festival"),
            ("DTSTART;VALUE=DATE:20270205\nSUMMARY:Spring Festiv\n al(Holiday)", "2027-02-05 off Spring Festival"),
            ("DTSTART;X=\"a:b\";VALUE=DATE:20270205\nSUMMARY:春节\\, 休", "2027-02-05 off 春节, 休"),
        ] {
            let (days, faults, skipped) = read_events(&event(lines));
            assert_eq!((days.join(","), faults, skipped), (wanted.to_owned(), vec![], vec![]), "{lines}");
        }
    }

    #[test]
    fn events_that_say_neither_are_skipped_and_named() {
        for summary in ["立春", "调休", "母亲节"] {
            let lines = format!("DTSTART;VALUE=DATE:20270204\nSUMMARY:{summary}");
            assert_eq!(read_events(&event(&lines)), (vec![], vec![], vec![summary.to_owned()]));
        }
    }

    #[test]
    fn what_cannot_be_understood_is_told_at_its_line() {
        for (lines, line) in [
            ("SUMMARY:春节(休)", 3),
            ("SUMMARY:春节(休)\nDTSTART:20270204T160000Z", 5),
            ("SUMMARY:春节(休)\nDTSTART;VALUE=DATE:2027-02-05", 5),
            ("SUMMARY:春节(休)\nDTSTART;VALUE=DATE:20270205\nDTEND;VALUE=DATE:20270201", 6),
            ("SUMMARY:春节(休)\nDTSTART;VALUE=DATE:20270205\nDTEND;VALUE=DATE:20280205", 6),
            ("SUMMARY:元旦(休)\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=YEARLY", 6),
        ] {
            let (days, faults, _) = read_events(&event(lines));
            assert_eq!((days, faults), (vec![], vec![line]), "{lines}");
        }
        let both = format!(
            "{}{}",
            event("SUMMARY:春节(休)\nDTSTART;VALUE=DATE:20270205"),
            event("SUMMARY:春节(班)\nDTSTART;VALUE=DATE:20270205")
        );
        assert_eq!(read_events(&both).1, [7]);
        assert_eq!(read_events("BEGIN:VEVENT\nSUMMARY:春节(休)\nDTSTART:20270205\n").1, [6]);
    }
}
