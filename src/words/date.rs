//! Reads a day, or a range of days, in any usual spelling.

use chrono::{Datelike as _, Days, NaiveDate};

use partial::PartialDate;
use spelling::RangeEnd;

pub use order::{DateOrder, UnknownDateOrder};
pub use partial::nearest_year;
pub use period::{StatedPeriod, middle_of_year, stated_period};
pub use result::{DateFault, DateRead};
pub use zone::{offset, zoned};

mod noise;
mod order;
mod partial;
mod period;
mod result;
mod spelling;
mod token;
mod zone;

/// Reads a day.
///
/// Accepts 2021年8月3日, `2021-08-03`, `2021.8.3`,
/// `2021/8/3`, `20210803`, `21.8.3`, 8月3日, 8月3号, `8.3`, 二〇二一年八月三日,
/// full-width digits, spaces anywhere between; `3 August 2021`, `Aug 3rd, 2021`,
/// `03/08/2021`; and the serial numbers of [`excel_serial`].
///
/// A time or a bracketed note after the day is ignored (`2021-08-03T01:00:00+01:00`, `2021年8月3日上午`), and so is a weekday beside
/// it, which must be that of the day (`2021-08-03（周二）`). The day is the one written; [`zoned`] moves a time with an offset to
/// a zone. Brackets that may say more about the time (a number, 前, 至 …) are not a note, and the text is then not a date.
///
/// # Years
///
/// The year of a day without one is taken from `context`, the approximate day on which the text was written: of the
/// year of the context, the previous and the next one, it is the one in which the day is nearest to the context. So on
/// 20 December, 1月5日 is in the next year, and on 5 January, 12月20日 is in the previous one. On a tie it is the later
/// year, since a day written without a year is usually in the future.
///
/// Years of two digits are 2000 to 2099.
///
/// # Orders
///
/// - Three short numbers are read in the given order. Without one, they are read in the only order that yields a day;
///   if there are several, as year, month and day if the first number cannot be a month (`21.8.3`, but not `21/8/23`).
/// - In `a/b/2021` without an order (or with [`DateOrder::Ymd`], which does not apply), a number above 12 is the day.
/// - Two numbers (`8/3`) are month and day, unless the order is [`DateOrder::Dmy`] or, with a slash and without an
///   order, the first number is above 12 (`25/8`).
///
/// # Errors
///
/// See [`DateFault`].
pub fn parse(text: &str, context: Option<NaiveDate>, order: Option<DateOrder>) -> Result<DateRead, DateFault> {
    let text = text.trim();
    if let Some((year, month, day)) = common_spelling(text.as_bytes()) {
        return with_year(year, month, day);
    }
    if let Some(date) = excel_serial(text) {
        return Ok(DateRead { date, assumed: false });
    }
    let text = super::number::narrow(text);
    let tokens = token::tokens(&text).ok_or(DateFault::NotADate)?;
    let (written, rest) = spelling::lead(&tokens, order)?;
    if spelling::is_noise(rest) {
        let read = written.day(context)?;
        let is_other = noise::weekday(&tokens).is_some_and(|weekday| weekday != read.date.weekday());
        if is_other { Err(DateFault::OtherWeekday) } else { Ok(read) }
    } else if spelling::range(&tokens, order).is_ok() {
        Err(DateFault::Range)
    } else {
        Err(DateFault::NotADate)
    }
}

/// Reads a range of days, both ends included: 8月3日—5日, 3月24-25日,
/// 8月30日至9月2日, `2021.8.3-2021.8.5`.
///
/// An end without a month has that of the start; an end with a month but without a year is the first such day not
/// before the start. A start without a year, before an end with one, is the last such day not after the end. A single
/// day is not a range.
///
/// # Errors
///
/// See [`DateFault`]; a range that ends before it starts is [`DateFault::Impossible`].
pub fn parse_range(
    text: &str,
    context: Option<NaiveDate>,
    order: Option<DateOrder>,
) -> Result<(NaiveDate, NaiveDate), DateFault> {
    let text = super::number::narrow(text);
    let tokens = token::tokens(&text).ok_or(DateFault::NotADate)?;
    let (first, end) = spelling::range(&tokens, order)?;
    let (first, last) = match end {
        RangeEnd::Day(day) => {
            let first = first.day(context)?.date;
            (first, first.with_day(day))
        }
        RangeEnd::PartialDate(last) if last.year().is_some() && first.year().is_none() => {
            let last = last.day(context)?.date;
            let in_year = |year| Some(first.in_year(year).day(None).ok()?.date);
            let first = in_year(last.year()).filter(|first| *first <= last).or_else(|| in_year(last.year() - 1));
            (first.ok_or(DateFault::Impossible)?, Some(last))
        }
        RangeEnd::PartialDate(last) if last.year().is_none() => {
            let first = first.day(context)?.date;
            let in_year = |year| Some(last.in_year(year).day(None).ok()?.date);
            let last = in_year(first.year()).filter(|last| first <= *last).or_else(|| in_year(first.year() + 1));
            (first, last)
        }
        RangeEnd::PartialDate(last) => (first.day(context)?.date, Some(last.day(context)?.date)),
    };
    match last {
        Some(last) if first <= last => Ok((first, last)),
        _ => Err(DateFault::Impossible),
    }
}

/// Reads a month (1 to 12) and its year, if it has one: 2021年8月, 8月份, `2021-08`, `Aug 2021`.
#[must_use]
pub fn parse_month(text: &str) -> Option<(Option<i32>, u32)> {
    let text = super::number::narrow(text);
    let tokens = token::tokens(&text)?;
    match spelling::lead(&tokens, None) {
        Ok((PartialDate::Month { year, month }, [])) if (1..=12).contains(&month) => Some((year, month)),
        _ => None,
    }
}

/// Reads the serial number of a day in a spreadsheet: `44411` is 2021-08-03.
///
/// Logs have such a number where a date cell was pasted as text. Only 20000 to 80000 (1954 to 2119) are accepted, so
/// that a house number is not taken for a date. A time of day (`44411.5`) is dropped. The date system is Excel's
/// default, 1900, not the 1904 one of old Macintosh files.
#[must_use]
pub fn excel_serial(text: &str) -> Option<NaiveDate> {
    let text = super::number::narrow(text.trim());
    let (days, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    if days.len() != 5 || !are_digits(days) || !are_digits(fraction) {
        return None;
    }
    let days: u64 = days.parse().ok()?;
    if !(20_000..=80_000).contains(&days) {
        return None;
    }
    // Day 1 is 1900-01-01, but Excel counts a 29 February 1900, which did not exist.
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// Whether a text that [`parse`] reads as a day is nothing but that: no time, weekday or note stands beside it.
#[must_use]
pub fn stands_alone(text: &str, order: Option<DateOrder>) -> bool {
    let text = super::number::narrow(text);
    let Some(tokens) = token::tokens(&text) else { return false };
    let is_whole = matches!(spelling::lead(&tokens, order), Ok((_, [] | [token::Token::Mark('.' | '。')])));
    is_whole && noise::skip_weekday(&tokens).is_none()
}

/// Whether a text adds nothing to a day that precedes it: it is a time, a part of the day, a weekday, or blank.
pub(in crate::words) fn is_time(text: &str) -> bool {
    let text = super::number::narrow(text);
    token::tokens(&text).is_some_and(|tokens| spelling::is_noise(&tokens))
}

/// Reads a day in the most common spellings only, which are fast to read: `2021-08-03`, with or without a time, and
/// `20210803`.
///
/// The result is that of [`parse`]. `None` for any other spelling, and for a day that does not exist.
#[must_use]
#[inline]
pub fn parse_common(text: &[u8]) -> Option<NaiveDate> {
    let (year, month, day) = common_spelling(text)?;
    with_year(year, month, day).ok().map(|read| read.date)
}

/// Reads year, month and day in the most common spellings, without allocating: `2021-08-03`, alone or with a time after
/// it as spreadsheets and databases write it, and `20210803`.
fn common_spelling(text: &[u8]) -> Option<(i32, u32, u32)> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |n, digit| digit.is_ascii_digit().then(|| n * 10 + u32::from(digit - b'0')))
    };
    let (year, month, day) = match text {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => (y, [*m1, *m2], [*d1, *d2]),
        [y @ .., m1, m2, d1, d2] if text.len() == 8 => (y, [*m1, *m2], [*d1, *d2]),
        [date @ .., b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2] if date.len() == 10 => {
            let time = [(number(&[*h1, *h2])?, 24), (number(&[*m1, *m2])?, 59), (number(&[*s1, *s2])?, 60)];
            return if time.into_iter().all(|(part, most)| part <= most) { common_spelling(date) } else { None };
        }
        _ => return None,
    };
    let year = number(year)?;
    // Eight digits may be any number; with hyphens they are a date, even if an impossible one.
    if text.len() == 8 && !partial::YEARS.contains(&year) {
        return None;
    }
    Some((i32::try_from(year).ok()?, number(&month)?, number(&day)?))
}

/// Makes a day from a year of four digits; the day must exist, and its year be one of [`partial::YEARS`].
fn with_year(year: i32, month: u32, day: u32) -> Result<DateRead, DateFault> {
    u32::try_from(year)
        .ok()
        .filter(|year| partial::YEARS.contains(year))
        .and_then(|_| NaiveDate::from_ymd_opt(year, month, day))
        .map(|date| DateRead { date, assumed: false })
        .ok_or(DateFault::Impossible)
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
