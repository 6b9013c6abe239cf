//! Calendar files as CSV and JSON.

use chrono::NaiveDate;

use crate::delimited::headed::{Column, Headed, HeadedRow};
use crate::fault::{ConfigProblem, FaultKind, Faults};
use crate::place::{Place, SourceId};
use crate::project::calendar::days::{CalendarDays, FileDay, bad};
use crate::project::calendar::ics;
use crate::source::yaml::{self, Node, Value, YamlError};
use crate::source::{SourceError, Sources};
use crate::words::date;

/// Reads a calendar file. Its format is told by its content: iCalendar, JSON, else a table. What can't be read is a fault
/// at its place.
///
/// # Errors
/// There is no such file, or it can't be read.
pub fn read(source: SourceId, sources: &mut Sources, faults: &mut Faults) -> Result<CalendarDays, SourceError> {
    if let Err(fault) = sources.get_mut(source).decide_encoding()? {
        faults.add(Place::file(source), FaultKind::Encoding(fault));
        return Ok(CalendarDays::default());
    }
    let text = sources.get(source).read_to_string()?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    Ok(if start.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        ics::read(&text, source, faults)
    } else if start.starts_with(['{', '[']) {
        json(&text, source, faults)
    } else {
        let (days, delimiter) = table(&text, source, faults);
        sources.get_mut(source).delimiter = delimiter;
        days
    })
}

/// The columns of a table.
const COLUMNS: [Column; 4] = [
    ("date", &["Date", "day", "日期"]),
    ("kind", &["Kind", "type", "类型", "安排", "休/班", "休班"]),
    ("isOffDay", &["is_off_day", "off", "是否休息", "是否放假"]),
    ("name", &["Name", "holiday", "名称", "节日", "节假日"]),
];

fn table(text: &str, source: SourceId, faults: &mut Faults) -> (CalendarDays, u8) {
    let mut found = CalendarDays::default();
    let table = match Headed::read(text, &COLUMNS) {
        Ok(table) => table,
        Err(unreadable) => {
            faults.add_unreadable(source, unreadable);
            return (found, b',');
        }
    };
    let [date_cell, kind_cell, off_cell, name_cell] = COLUMNS.map(|(key, _)| table.cell_of(key));
    if date_cell.is_none() || kind_cell.is_none() && off_cell.is_none() {
        let header: Vec<&str> = table.header.iter().map(|(cell, _)| cell.as_str()).collect();
        bad("header", &header.join(","), "date,kind,name | 日期,类型,名称", Place::line(source, table.line), faults);
        return (found, table.delimiter);
    }
    for row in &table.rows {
        let place = |cell: Option<usize>| {
            cell.map_or(Place::line(source, row.line), |cell| Place::cell(source, row.line, cell))
        };
        let text = |cell| HeadedRow::cell(row, cell).unwrap_or_default();
        let date = day(text(date_cell), place(date_cell), faults);
        let worked = match kind_cell {
            Some(_) => kind(text(kind_cell), place(kind_cell), faults),
            None => off(text(off_cell), place(off_cell), faults).map(|off| !off),
        };
        let Some((date, worked)) = date.zip(worked) else { continue };
        let day = FileDay { worked, name: text(name_cell).to_owned() };
        found.insert(date, day, place(date_cell), faults);
    }
    (found, table.delimiter)
}

/// A day with its year.
pub(super) fn day(text: &str, place: Place, faults: &mut Faults) -> Option<NaiveDate> {
    let read = date::parse(text, None, None).ok().filter(|read| !read.assumed);
    if read.is_none() {
        bad("date", text, "2027-02-05", place, faults);
    }
    read.map(|read| read.date)
}

/// Whether a kind of day is worked.
fn kind(text: &str, place: Place, faults: &mut Faults) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "off" | "holiday" | "休" | "休息" | "放假" | "假" | "节假日" => Some(false),
        "work" | "workday" | "班" | "上班" | "补班" | "调休上班" | "工作日" => Some(true),
        _ => {
            bad("kind", text, "off | work | 休 | 班", place, faults);
            None
        }
    }
}

fn off(text: &str, place: Place, faults: &mut Faults) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "是" => Some(true),
        "false" | "0" | "否" => Some(false),
        _ => {
            bad("isOffDay", text, "true | false", place, faults);
            None
        }
    }
}

fn json(text: &str, source: SourceId, faults: &mut Faults) -> CalendarDays {
    let mut found = CalendarDays::default();
    match yaml::read_all(source, text) {
        Ok(node) => tree(&node, &mut found, faults),
        Err(YamlError::Syntax { place, detail }) => {
            faults.add(place, FaultKind::Config { problem: ConfigProblem::Syntax(detail), line: None });
        }
        Err(error) => faults.add_yaml_error(source, error),
    }
    found
}

/// The forms that public data sets use: `{days: [{date, isOffDay, name}]}` for a year, a list of days or of years, and
/// `{holidays: {DATE: name}, workdays: {DATE: name}}`, where lists of dates may stand for the mappings.
fn tree(node: &Node, found: &mut CalendarDays, faults: &mut Faults) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| tree(item, found, faults)),
        Value::Map(_) if entry(node, "days").is_some() => {
            if let Some(days) = entry(node, "days") {
                tree(days, found, faults);
            }
        }
        Value::Map(_) if entry(node, "date").is_some() => one_day(node, found, faults),
        Value::Map(_) if entry(node, "holidays").is_some() || entry(node, "workdays").is_some() => {
            for (key, worked) in [("holidays", false), ("workdays", true)] {
                if let Some(days) = entry(node, key) {
                    named_days(days, worked, found, faults);
                }
            }
        }
        _ => {
            let value = node.scalar().unwrap_or(node.shape());
            let expected = "{\"days\": [{\"date\", \"isOffDay\", \"name\"}]} | {\"holidays\", \"workdays\"}";
            bad("days", value, expected, node.place, faults);
        }
    }
}

fn one_day(node: &Node, found: &mut CalendarDays, faults: &mut Faults) {
    let text = |key| entry(node, key).and_then(|node| Some((node.scalar()?.trim(), node.place)));
    let date = text("date").and_then(|(text, place)| day(text, place, faults));
    let worked = match (text("isOffDay"), text("kind")) {
        (Some((text, place)), _) => off(text, place, faults).map(|off| !off),
        (None, Some((text, place))) => kind(text, place, faults),
        (None, None) => {
            bad("isOffDay", "", "true | false", node.place, faults);
            None
        }
    };
    if let Some((date, worked)) = date.zip(worked) {
        let name = text("name").map_or_else(String::new, |(name, _)| name.to_owned());
        found.insert(date, FileDay { worked, name }, node.place, faults);
    }
}

fn named_days(node: &Node, worked: bool, found: &mut CalendarDays, faults: &mut Faults) {
    let mut add = |date: &Node, name: &str| {
        let text = date.scalar().unwrap_or(date.shape());
        if let Some(on) = day(text.trim(), date.place, faults) {
            found.insert(on, FileDay { worked, name: chinese_part(name).to_owned() }, date.place, faults);
        }
    };
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|(date, name)| add(date, name.scalar().unwrap_or_default())),
        Value::List(dates) => dates.iter().for_each(|date| add(date, "")),
        Value::Scalar { .. } => {
            let value = node.scalar().unwrap_or_default();
            bad("holidays", value, "{\"2027-02-05\": \"春节\"}", node.place, faults);
        }
    }
}

/// The Chinese name in `Spring Festival,春节,4`; else the whole.
fn chinese_part(name: &str) -> &str {
    name.split(',').map(str::trim).find(|part| !part.is_ascii()).unwrap_or(name)
}

fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(name, _)| name.scalar() == Some(key)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Words, words};
    use crate::source::{Form, Source};
    use crate::words::lang::Lang;

    /// Days as `2027-02-05 off 春节`, and faults as `line: message; help`.
    pub(in crate::project::calendar) fn read_text(text: &str) -> (Vec<String>, Vec<String>) {
        let (mut sources, mut faults) = (Sources::default(), Faults::default());
        let source = sources.add(Source::text("calendar", text, Form::Table));
        let found = read(source, &mut sources, &mut faults).unwrap();
        let days = found.days.into_iter().map(|(date, day)| {
            let text = format!("{date} {} {}", if day.worked { "work" } else { "off" }, day.name);
            text.trim_end().to_owned()
        });
        let faults = faults.sorted().into_iter().map(|fault| {
            let Words { message, help } = words(&fault.what, fault.field, Lang::En);
            format!("{}: {message}; {}", fault.place.line, help.unwrap_or_default())
        });
        (days.collect(), faults.collect())
    }

    #[test]
    fn tables_are_read_whatever_their_columns_are_called() {
        let wanted = ["2027-02-05 off 春节", "2027-02-20 work 春节", "2027-10-01 off"];
        for text in [
            "date,kind,name\n2027-02-05,off,春节\n2027-02-20,work,春节\n2027-10-01,off,\n",
            "2027年放假安排\n日期;类型;名称\n2027年2月5日;休;春节\n2027.2.20;班;春节\n2027/10/1;放假;\n",
            "name\tdate\tisOffDay\n春节\t2027-02-05\ttrue\n春节\t2027-02-20\tfalse\n\t2027-10-01\tTRUE\n",
        ] {
            assert_eq!(read_text(text), (wanted.map(str::to_owned).to_vec(), vec![]), "{text}");
        }
    }

    #[test]
    fn json_is_read_in_the_forms_that_data_sets_have() {
        let wanted = ["2027-02-05 off 春节", "2027-02-20 work 春节"];
        for text in [
            r#"{"year": 2027, "papers": [], "days": [{"name": "春节", "date": "2027-02-05", "isOffDay": true},
                {"name": "春节", "date": "2027-02-20", "isOffDay": false}]}"#,
            r#"[{"date": "2027-02-05", "kind": "off", "name": "春节"}, {"date": "2027-02-20", "kind": "work", "name": "春节"}]"#,
            r#"{"holidays": {"2027-02-05": "Spring Festival,春节,4"}, "workdays": {"2027-02-20": "Spring Festival,春节,4"},
                "inLieuDays": {}}"#,
            r#"[{"days": [{"date": "2027-02-05", "isOffDay": true, "name": "春节"}]},
                {"days": [{"date": "2027-02-20", "isOffDay": false, "name": "春节"}]}]"#,
        ] {
            assert_eq!(read_text(text), (wanted.map(str::to_owned).to_vec(), vec![]), "{text}");
        }
        let lists = r#"{"holidays": ["2027-02-05"], "workdays": ["2027-02-20"]}"#;
        assert_eq!(read_text(lists).0, ["2027-02-05 off", "2027-02-20 work"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_place_and_the_rest_is_read() {
        for (text, days, fault) in [
            ("date,kind\n2027-13-01,off\n2027-10-01,off\n", 1, "2: date can't be `2027-13-01`; expected: 2027-02-05"),
            ("date,kind\n2027-02-05,rest\n", 0, "2: kind can't be `rest`; expected: off | work | 休 | 班"),
            ("date,kind\n2月5日,off\n", 0, "2: date can't be `2月5日`; expected: 2027-02-05"),
            ("holiday,when\n春节,2027-02-05\n", 0, "1: header can't be `holiday,when`; expected: date,kind,name"),
            ("date,kind\n2027-02-05,off\n2027-02-05,work\n", 1, "3: duplicate day `2027-02-05`"),
            ("date,kind\n\"2027-02-05,off\n", 0, "2: "),
            ("{\"days\": [{\"date\": \"2027-02-05\"}]}", 0, "1: isOffDay can't be ``; expected: true | false"),
            ("{\"days\": [\n{\"date\": \"2027-02-05\",\n\"isOffDay\": \"yes\"}]}", 0, "3: isOffDay can't be `yes`"),
            ("{\"2027\": []}", 0, "1: days can't be `mapping`"),
            ("{\"days\": [", 0, "1: syntax error"),
            ("{\"holidays\": 3}", 0, "1: holidays can't be `3`"),
        ] {
            let (read, faults) = read_text(text);
            assert_eq!(read.len(), days, "{text}");
            assert!(faults.len() == 1 && faults[0].starts_with(fault), "{text}: {faults:?}");
        }
    }
}
