//! A cell of a sheet as it is written: as text, a number, a day or blank.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

use crate::mend::fault::What;
use crate::source::workbook::{CellFormat, WrittenSheet};

/// The most characters of a cell, counted as UTF-16.
const MAX_TEXT: usize = 32_767;
/// The most digits of a number that the general format shows as they are.
const MAX_DIGITS: usize = 11;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Blank,
    Text(String),
    /// A number as it is written.
    Number(String),
    Truth(bool),
}

/// What a cell held before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Nothing,
    Number,
    Truth,
    /// Text, an error, or a formula that gives one.
    Text,
}

/// Returns what a cell with a style holds for a value.
///
/// A day stays a day and a number a number only where the cell then shows just the value; else it is text, which shows as
/// it is. So an id such as 007 keeps its zeros.
pub(super) fn content(value: &str, held: Held, style: Option<usize>, sheet: &WrittenSheet) -> Content {
    let general = CellFormat::Number(None);
    // A cell without a style is a number even if the first style is that of days.
    let format = style.and_then(|style| sheet.formats.get(style)).unwrap_or(&general);
    if value.is_empty() {
        return Content::Blank;
    }
    // A time that the format does not show is kept as text.
    let serial = serial(value, sheet.is_1904).filter(|serial| match format {
        CellFormat::Day => !serial.contains('.'),
        CellFormat::DayAndTime => true,
        CellFormat::PartOfTime | CellFormat::Text | CellFormat::Number(_) => false,
    });
    if let Some(serial) = serial {
        return Content::Number(serial);
    }
    if held == Held::Truth && matches!(value, "TRUE" | "FALSE") {
        return Content::Truth(value == "TRUE");
    }
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if let Some(number) = number.filter(|_| held != Held::Text && digits <= MAX_DIGITS)
        && format.shows(number).is_some_and(|shows| shows == value)
    {
        return Content::Number(number.to_string());
    }
    Content::Text(value.to_owned())
}

/// The number of a day as a workbook keeps it: `2021-08-05`, perhaps with ` 14:30`.
fn serial(value: &str, is_1904: bool) -> Option<String> {
    let moment = NaiveDate::parse_from_str(value, "%Y-%m-%d")
        .map(|day| day.and_time(NaiveTime::MIN))
        .or_else(|_| NaiveDateTime::parse_from_str(value, "%Y-%m-%d %H:%M"))
        .ok()?;
    // Only as it is shown: 2021-8-5 would show as 2021-08-05.
    let shows = if moment.time() == NaiveTime::MIN {
        moment.date().to_string()
    } else {
        moment.format("%Y-%m-%d %H:%M").to_string()
    };
    let first = if is_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) }?;
    let days = moment.date().signed_duration_since(first).num_days();
    // Before March 1900 the days of workbooks are one off; 1900 was no leap year.
    let is_known = if is_1904 { days >= 0 } else { days >= 61 };
    if shows != value || !is_known || days > 2_958_465 {
        return None;
    }
    let minutes = f64::from(moment.time().num_seconds_from_midnight() / 60);
    Some(if minutes == 0.0 {
        days.to_string()
    } else {
        format!("{}", f64::from(i32::try_from(days).ok()?) + minutes / 1440.0)
    })
}

/// What keeps a value out of any cell of a workbook.
pub(super) fn unfit(value: &str) -> Option<What> {
    let bad = |c: &char| matches!(c, '\u{fffe}' | '\u{ffff}') || c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    let too_long = value.encode_utf16().count() > MAX_TEXT;
    value.chars().find(bad).map(What::Control).or(too_long.then_some(What::TooLong))
}

/// Writes a cell. `attributes` are those that it keeps, `prefix` stands before the names of elements.
pub(super) fn written(content: &Content, attributes: &str, prefix: &str) -> String {
    let cell = |kind: &str, inner: &str| format!("<{prefix}c{attributes}{kind}>{inner}</{prefix}c>");
    let value = |text: &str| format!("<{prefix}v>{text}</{prefix}v>");
    match content {
        Content::Blank => format!("<{prefix}c{attributes}/>"),
        Content::Number(number) => cell("", &value(number)),
        Content::Truth(truth) => cell(" t=\"b\"", &value(if *truth { "1" } else { "0" })),
        Content::Text(text) => {
            let text = escaped(text);
            let inner = format!("<{prefix}is><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}is>");
            cell(" t=\"inlineStr\"", &inner)
        }
    }
}

/// A text as the content of an element. A line break is a line feed, and `_x0041_` would be read as an escape.
fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if is_escape(text.get(at..).unwrap_or_default()) => {
                let _ = write!(out, "_x005F_");
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether a text begins with an escape such as `_x000D_`.
fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.starts_with(b"_x")
        && bytes.get(2..6).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        && bytes.get(6) == Some(&b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(is_1904: bool) -> WrittenSheet {
        let formats = vec![
            CellFormat::Number(None),
            CellFormat::Day,
            CellFormat::Text,
            CellFormat::Number(Some("0.00".to_owned())),
            CellFormat::Number(Some("000".to_owned())),
            CellFormat::DayAndTime,
            CellFormat::PartOfTime,
            CellFormat::Number(Some("0%".to_owned())),
        ];
        WrittenSheet { part: String::new(), main: String::new(), is_1904, formats }
    }

    #[test]
    fn a_value_is_what_its_cell_shows() {
        let number = |text: &str| Content::Number(text.to_owned());
        let text = |text: &str| Content::Text(text.to_owned());
        for (value, held, style, expected) in [
            ("2021-08-05", Held::Number, Some(1), number("44413")),
            ("2021-08-05 14:30", Held::Number, Some(5), number("44413.604166666664")),
            ("2021-08-05 14:30", Held::Number, Some(1), text("2021-08-05 14:30")),
            ("2021-08-05", Held::Number, Some(6), text("2021-08-05")),
            ("80", Held::Number, Some(7), text("80")),
            ("2021-08-05", Held::Text, Some(1), number("44413")),
            ("2021-08-05", Held::Number, Some(0), text("2021-08-05")),
            ("2021-08-05", Held::Number, None, text("2021-08-05")),
            ("2021-8-5", Held::Number, Some(1), text("2021-8-5")),
            ("1900-02-28", Held::Number, Some(1), text("1900-02-28")),
            ("3个工作日内", Held::Number, Some(1), text("3个工作日内")),
            ("12", Held::Number, Some(0), number("12")),
            ("12", Held::Nothing, None, number("12")),
            ("12", Held::Text, None, text("12")),
            ("12", Held::Number, Some(2), text("12")),
            ("12", Held::Number, Some(1), text("12")),
            ("007", Held::Number, Some(0), text("007")),
            ("007", Held::Number, Some(4), number("7")),
            ("8.10", Held::Number, Some(0), text("8.10")),
            ("8.10", Held::Number, Some(3), number("8.1")),
            ("1e3", Held::Number, Some(0), text("1e3")),
            ("inf", Held::Number, Some(0), text("inf")),
            ("13800000000", Held::Number, Some(0), number("13800000000")),
            ("110101199001011234", Held::Number, Some(0), text("110101199001011234")),
            ("=1+1", Held::Number, Some(0), text("=1+1")),
            ("TRUE", Held::Truth, None, Content::Truth(true)),
            ("TRUE", Held::Text, None, text("TRUE")),
            ("", Held::Number, Some(1), Content::Blank),
        ] {
            assert_eq!(content(value, held, style, &sheet(false)), expected, "{value} {style:?}");
        }
        assert_eq!(content("2021-08-05", Held::Nothing, Some(1), &sheet(true)), number("42951"));
        assert_eq!(content("1903-12-31", Held::Nothing, Some(1), &sheet(true)), text("1903-12-31"));
    }

    #[test]
    fn a_text_is_escaped() {
        let text = Content::Text("a<b&\r\n_x000D_ _x 甲".to_owned());
        assert_eq!(
            written(&text, " r=\"A1\" s=\"3\"", "x:"),
            "<x:c r=\"A1\" s=\"3\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">a&lt;b&amp;\n_x005F_x000D_ _x 甲\
             </x:t></x:is></x:c>"
        );
        assert_eq!(written(&Content::Blank, " r=\"A1\"", ""), "<c r=\"A1\"/>");
        assert_eq!(written(&Content::Truth(false), "", ""), "<c t=\"b\"><v>0</v></c>");
    }

    #[test]
    fn what_no_cell_can_hold() {
        assert_eq!(unfit("a\u{1}"), Some(What::Control('\u{1}')));
        assert_eq!(unfit("a\u{ffff}"), Some(What::Control('\u{ffff}')));
        assert_eq!(unfit(&"甲".repeat(32_768)), Some(What::TooLong));
        assert_eq!(unfit("a\t\r\n甲"), None);
    }
}
