//! One day, or a range of days, in any of the field's date spellings.

use chrono::{Datelike as _, Days, NaiveDate};

use partial::PartialDate;
use spelling::RangeEnd;

pub use order::{DateOrder, UnknownDateOrder};
pub use partial::nearest_year;
pub use result::{DateFault, DateRead};

mod noise;
mod order;
mod partial;
mod result;
mod spelling;
mod token;

/// Reads a day.
///
/// Accepts the field's date spellings: 2021年8月3日, `2021-08-03`, `2021.8.3`,
/// `2021/8/3`, `20210803`, `21.8.3`, 8月3日, 8月3号, `8.3`, 二〇二一年八月三日,
/// full-width digits, spaces anywhere between; `3 August 2021`, `Aug 3rd, 2021`,
/// `03/08/2021`; and the serial numbers of [`excel_serial`].
///
/// A time, a weekday or a bracketed note behind the day is passed over
/// (`2021-08-03T01:00:00+01:00`, `2021年8月3日上午`, `2021-08-03（周二）`). The day
/// is the one written: a zone never moves it. A bracket that says more about
/// the time (a number, 前, 至 …) isn't a note, and makes it no date.
///
/// # Years
///
/// A day without a year gets it from `context`, the day the text was written
/// about: of the years before, of and after the context, the one that puts the
/// day nearest to it. So on 20 December, 1月5日 is in the coming year, and
/// on 5 January, 12月20日 in the past one. Equally near, it is the later, since
/// what is written without a year is mostly still to come.
///
/// Years of two digits are 2000–2099.
///
/// # Orders
///
/// Of three short numbers, the order decides; without one, the only order that
/// gives a day, and else the Chinese one if the first number can be no month
/// (`21.8.3`). Of `a/b/2021` without an order (or under [`DateOrder::Ymd`],
/// which says nothing of it), a number over 12 is the day. Two numbers (`8/3`)
/// are month and day, unless the order is [`DateOrder::Dmy`]; with a slash
/// `25/8` too is a day of August.
///
/// # Errors
///
/// See [`DateFault`].
pub fn parse(text: &str, context: Option<NaiveDate>, order: Option<DateOrder>) -> Result<DateRead, DateFault> {
    let text = text.trim();
    if let Some((year, month, day)) = plain(text.as_bytes()) {
        return certain(year, month, day);
    }
    if let Some(date) = excel_serial(text) {
        return Ok(DateRead { date, assumed: false });
    }
    let text = super::number::narrow(text);
    let tokens = token::tokens(&text).ok_or(DateFault::NotADate)?;
    let (written, rest) = spelling::lead(&tokens, order)?;
    if spelling::is_noise(rest) {
        written.day(context)
    } else if spelling::range(&tokens, order).is_ok() {
        Err(DateFault::Range)
    } else {
        Err(DateFault::NotADate)
    }
}

/// Reads a range of days, both ends included: 8月3日—5日, 3月24-25日,
/// 8月30日至9月2日, `2021.8.3-2021.8.5`.
///
/// What the end leaves out it takes from the beginning; if it names a month
/// but no year, it is the first such day not before the beginning. A year
/// named only at the end counts for the beginning in the same way. A single
/// day is no range.
///
/// # Errors
///
/// See [`DateFault`]; `Impossible` also if it ends before it begins.
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

/// Reads a month, with its year if that is written: 2021年8月, 8月份, `2021-08`,
/// `Aug 2021`.
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
/// Logs carry it where a date cell was pasted as text. Only 20000 to 80000
/// (1954 to 2119) count, so that a house number is none; the time of day, if
/// there is one (`44411.5`), is dropped. The count is Excel's of 1900, not the
/// one of 1904 that old Macintosh files have.
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
    // Day 1 is 1900-01-01, but Excel counts a 29 February 1900 that never was.
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// Returns whether a text is only what may stand behind a day: a time, a part of
/// the day, a weekday, or nothing.
pub(in crate::words) fn is_time(text: &str) -> bool {
    let text = super::number::narrow(text);
    token::tokens(&text).is_some_and(|tokens| spelling::is_noise(&tokens))
}

/// Reads a day in its commonest spellings, without a look at anything else: what [`parse`] gives for them. Nothing for
/// any other spelling, and for a day that does not exist.
#[must_use]
#[inline]
pub fn at_once(text: &[u8]) -> Option<NaiveDate> {
    let (year, month, day) = plain(text)?;
    certain(year, month, day).ok().map(|read| read.date)
}

/// Reads the commonest spellings without allocating: `2021-08-03`, the same
/// with a time behind it as spreadsheets and databases write it, and `20210803`.
fn plain(text: &[u8]) -> Option<(i32, u32, u32)> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |n, digit| digit.is_ascii_digit().then(|| n * 10 + u32::from(digit - b'0')))
    };
    let (year, month, day) = match text {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => (y, [*m1, *m2], [*d1, *d2]),
        [y @ .., m1, m2, d1, d2] if text.len() == 8 => (y, [*m1, *m2], [*d1, *d2]),
        [date @ .., b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2] if date.len() == 10 => {
            let time = [(number(&[*h1, *h2])?, 24), (number(&[*m1, *m2])?, 59), (number(&[*s1, *s2])?, 60)];
            return if time.into_iter().all(|(part, most)| part <= most) { plain(date) } else { None };
        }
        _ => return None,
    };
    let year = number(year)?;
    // Eight digits may be any number; with hyphens it is a date, if a bad one.
    if text.len() == 8 && !partial::YEARS.contains(&year) {
        return None;
    }
    Some((i32::try_from(year).ok()?, number(&month)?, number(&day)?))
}

fn certain(year: i32, month: u32, day: u32) -> Result<DateRead, DateFault> {
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
