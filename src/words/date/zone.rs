//! Reads times that name their distance from UTC.

use chrono::{DateTime, FixedOffset, NaiveDateTime};

/// Reads a time with `Z` or an offset after it, and returns what the clocks of `zone` showed then:
/// `2021-07-31T16:00:00.000Z` is midnight of 1 August at +08:00.
///
/// `None` if the text is no such time; a time without an offset is that of the office and is read as it is written.
#[must_use]
pub fn zoned(text: &str, zone: FixedOffset) -> Option<NaiveDateTime> {
    let text = text.trim();
    let bytes = text.as_bytes();
    // 2021-07-31T16:00Z is the shortest.
    if bytes.len() < 17 || bytes[4] != b'-' || !matches!(bytes[10], b'T' | b't' | b' ') || bytes[13] != b':' {
        return None;
    }
    let (day, clock) = (text.get(..10)?, text.get(11..)?);
    let end = clock.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ','))?;
    let (time, offset) = clock.split_at(end);
    let has_seconds = time.matches(':').count() == 2;
    let offset = match offset.trim_start() {
        "Z" | "z" | "UTC" | "GMT" => "+00:00".to_owned(),
        offset => {
            let sign = offset.chars().next().filter(|sign| matches!(sign, '+' | '-' | '−'))?;
            // As written by people, `16:00-18:00` is a span of hours.
            if sign != '+' && bytes[10] == b' ' && !has_seconds {
                return None;
            }
            let digits: String = offset[sign.len_utf8()..].chars().filter(|c| *c != ':').collect();
            if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            let (hours, minutes) = match digits.len() {
                2 => (digits.as_str(), "00"),
                4 => digits.split_at(2),
                _ => return None,
            };
            format!("{}{hours}:{minutes}", if sign == '+' { '+' } else { '-' })
        }
    };
    let seconds = if has_seconds { "" } else { ":00" };
    let written = format!("{day}T{}{seconds}{offset}", time.replace(',', "."));
    Some(DateTime::parse_from_rfc3339(&written).ok()?.with_timezone(&zone).naive_local())
}

/// Reads an offset from UTC as a config writes it: `+08:00`.
#[must_use]
pub fn offset(text: &str) -> Option<FixedOffset> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_with_an_offset_belongs_to_a_day_of_the_zone() {
        let zone = offset("+08:00").unwrap();
        for (text, expected) in [
            ("2021-07-31T16:00:00.000Z", Some("2021-08-01 00:00:00")),
            ("2021-07-31T16:00Z", Some("2021-08-01 00:00:00")),
            ("2021-07-31 16:00:00Z", Some("2021-08-01 00:00:00")),
            ("2021-07-31 16:00:00 +0000", Some("2021-08-01 00:00:00")),
            ("2021-07-31T16:00:00+00:00", Some("2021-08-01 00:00:00")),
            ("2021-07-31 16:00:00 UTC", Some("2021-08-01 00:00:00")),
            ("2021-08-01T00:00:00+08:00", Some("2021-08-01 00:00:00")),
            ("2021-08-01T00:00:00+08", Some("2021-08-01 00:00:00")),
            ("2021-07-31T15:59:59Z", Some("2021-07-31 23:59:59")),
            ("2021-07-31T18:00:00-02:30", Some("2021-08-01 04:30:00")),
            ("2021-07-31T16:00:00", None),
            ("2021-07-31", None),
            ("2021-07-31 上午", None),
            ("2021-07-31 16:00-18:00", None),
            ("2021-02-31T16:00:00Z", None),
        ] {
            assert_eq!(zoned(text, zone).map(|time| time.to_string()).as_deref(), expected, "{text}");
        }
    }
}
