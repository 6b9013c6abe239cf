//! Parses the tokens of a date.

use chrono::NaiveDate;

use super::noise;
use super::order::DateOrder;
use super::partial::{PartialDate, YEARS};
use super::result::DateFault;
use super::token::Token::{self, Mark, Number, Word};

/// The end of a range: a day of the month, or a date of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RangeEnd {
    Day(u32),
    PartialDate(PartialDate),
}

/// A date, and the tokens after it.
type Lead<'a, 't> = (PartialDate, &'a [Token<'t>]);

/// Reads the date at the start of `tokens`; returns it and the tokens after it.
pub(super) fn lead<'a, 't>(tokens: &'a [Token<'t>], order: Option<DateOrder>) -> Result<Lead<'a, 't>, DateFault> {
    let tokens = match noise::skip_weekday(tokens) {
        Some([Mark(','), rest @ ..] | rest) => rest,
        None => tokens,
    };
    chinese(tokens).or_else(|| separated(tokens, order)).or_else(|| english(tokens)).unwrap_or(Err(DateFault::NotADate))
}

/// Reads the two ends of a range.
pub(super) fn range(tokens: &[Token<'_>], order: Option<DateOrder>) -> Result<(PartialDate, RangeEnd), DateFault> {
    let (first, rest) = lead(tokens, order)?;
    let rest = match noise::skip(rest) {
        [Mark(c @ ('—' | '-')), Mark(again), rest @ ..] if c == again => rest,
        [Mark('-' | '—' | '~' | '〜' | '至' | '到'), rest @ ..] => rest,
        [Word(to), rest @ ..] if to.eq_ignore_ascii_case("to") => rest,
        _ => return Err(DateFault::NotADate),
    };
    match (lead(rest, order), rest) {
        (Ok((last, rest)), _) if is_noise(rest) => Ok((first, RangeEnd::PartialDate(last))),
        (_, [Number(day, 1..=2), rest @ ..]) if is_noise(skip_day(rest)) => Ok((first, RangeEnd::Day(*day))),
        (Err(fault), _) => Err(fault),
        _ => Err(DateFault::NotADate),
    }
}

/// Whether the tokens after a date add nothing to it.
pub(super) fn is_noise(tokens: &[Token<'_>]) -> bool {
    matches!(noise::skip(tokens), [] | [Mark('.' | '。')])
}

fn day(year: Option<i32>, month: u32, day: u32, short: bool) -> PartialDate {
    PartialDate::Day { year, month, day, short }
}

fn month(year: Option<i32>, month: u32) -> PartialDate {
    PartialDate::Month { year, month }
}

/// Returns a year, and whether it was written without its century.
fn year(value: u32, digits: usize) -> Result<(i32, bool), DateFault> {
    let value = match digits {
        2 => value + 2000,
        4 if YEARS.contains(&value) => value,
        4 => return Err(DateFault::Impossible),
        _ => return Err(DateFault::NotADate),
    };
    let year = i32::try_from(value).map_err(|_| DateFault::Impossible)?;
    Ok((year, digits == 2))
}

/// Reads 2021年8月3日, 2021年8月, 8月3日, 8月份.
fn chinese<'a, 't>(tokens: &'a [Token<'t>]) -> Option<Result<Lead<'a, 't>, DateFault>> {
    let (year, tokens) = match tokens {
        [Number(value, digits), Mark('年'), rest @ ..] => match year(*value, *digits) {
            Ok(year) => (Some(year), rest),
            Err(fault) => return Some(Err(fault)),
        },
        _ => (None, tokens),
    };
    let short = year.is_some_and(|(_, short)| short);
    let year = year.map(|(year, _)| year);
    match tokens {
        [Number(m, 1..=2), Mark('月'), Number(d, 1..=2), rest @ ..] => {
            Some(Ok((day(year, *m, *d, short), skip_day(rest))))
        }
        [Number(m, 1..=2), Mark('月'), rest @ ..] => Some(Ok((month(year, *m), skip_mark(rest, &['份'])))),
        _ => None,
    }
}

/// Reads `2021-8-3`, `3/8/2021`, `2021.8`, `8.3`, `20210803`.
fn separated<'a, 't>(tokens: &'a [Token<'t>], order: Option<DateOrder>) -> Option<Result<Lead<'a, 't>, DateFault>> {
    let (first, digits, tokens) = match tokens {
        [Number(n, 8), rest @ ..] if YEARS.contains(&(n / 10_000)) => {
            let written = |(year, short)| day(Some(year), n / 100 % 100, n % 100, short);
            return Some(year(n / 10_000, 4).map(|year| (written(year), rest)));
        }
        [Number(n, digits), rest @ ..] => (*n, *digits, rest),
        _ => return None,
    };
    let [Mark(separator @ ('-' | '.' | '/')), Number(second, second_digits), tokens @ ..] = tokens else {
        return None;
    };
    if let [Mark(again), Number(third, third_digits), rest @ ..] = tokens
        && again == separator
        && matches!((digits, second_digits, third_digits), (4, 1..=2, 1..=2) | (1..=2, 1..=2, 2 | 4) | (2, 1..=2, 1))
    {
        let third = (*third, *third_digits);
        let written = three((first, digits), *second, third, *separator, order);
        return Some(written.map(|written| (written, skip_day(rest))));
    }
    let written = match (digits, *second_digits) {
        (4, 1..=2) => year(first, 4).map(|(year, _)| month(Some(year), *second)),
        (1..=2, 4) => year(*second, 4).map(|(year, _)| month(Some(year), first)),
        (1..=2, 1..=2) => two(first, *second, *separator, order),
        _ => return None,
    };
    Some(written.map(|written| (written, tokens)))
}

/// Reads two numbers around a separator as month and day.
fn two(first: u32, second: u32, separator: char, order: Option<DateOrder>) -> Result<PartialDate, DateFault> {
    let (m, d) = match order {
        Some(DateOrder::Dmy) => (second, first),
        None if separator == '/' && first > 12 => (second, first),
        _ => (first, second),
    };
    if (1..=12).contains(&m) && (1..=31).contains(&d) {
        Ok(day(None, m, d, false))
    } else {
        // More likely a measure (13.5) than a misspelled day.
        Err(DateFault::NotADate)
    }
}

/// Reads three numbers around separators as year, month and day.
fn three(
    (a, a_digits): (u32, usize),
    b: u32,
    (c, c_digits): (u32, usize),
    separator: char,
    order: Option<DateOrder>,
) -> Result<PartialDate, DateFault> {
    let ymd = || year(a, a_digits).map(|(y, short)| day(Some(y), b, c, short));
    let dmy = || year(c, c_digits).map(|(y, short)| day(Some(y), b, a, short));
    let mdy = || year(c, c_digits).map(|(y, short)| day(Some(y), a, b, short));
    if a_digits == 4 {
        return ymd();
    }
    match order {
        Some(DateOrder::Dmy) => return dmy(),
        Some(DateOrder::Mdy) => return mdy(),
        Some(DateOrder::Ymd) if c_digits != 4 => return ymd(),
        _ => {}
    }
    let mut readings: Vec<(PartialDate, NaiveDate)> = Vec::new();
    for written in [ymd(), dmy(), mdy()].into_iter().flatten() {
        if let Ok(read) = written.day(None)
            && readings.iter().all(|(_, date)| *date != read.date)
        {
            readings.push((written, read.date));
        }
    }
    match readings.as_slice() {
        [] => Err(DateFault::Impossible),
        [(only, _)] => Ok(*only),
        // 21.8.3 is the usual Chinese abbreviation; 21/8/23 may be in any order.
        [(first, _), ..] if Ok(*first) == ymd() && a > 12 && (separator != '/' || c <= 12) => Ok(*first),
        _ => Err(DateFault::Ambiguous),
    }
}

/// Reads `3 August 2021`, `3rd of Aug`, `3-Aug-21`, `Aug. 3, 2021`, `August 2021`.
fn english<'a, 't>(tokens: &'a [Token<'t>]) -> Option<Result<Lead<'a, 't>, DateFault>> {
    let (name, d, rest, separators): (_, _, _, &[char]) = match tokens {
        [Number(d, 1..=2), rest @ ..] => {
            let rest = skip_word(skip_ordinal(rest), "of");
            let rest = skip_mark(rest, &['-', '/']);
            let [Word(name), rest @ ..] = rest else {
                return None;
            };
            (name, Some(*d), rest, &['-', '/', ','])
        }
        [Word(name), rest @ ..] => match skip_mark(rest, &['.']) {
            [Number(d, 1..=2), rest @ ..] if !matches!(rest, [Mark(':'), ..]) => {
                (name, Some(*d), skip_ordinal(rest), &[','])
            }
            _ => (name, None, rest, &[',']),
        },
        _ => return None,
    };
    let m = month_named(name)?;
    let before_year = skip_mark(skip_mark(rest, &['.']), separators);
    let (y, rest) = match before_year {
        [Number(y, n @ (2 | 4)), after @ ..] if !matches!(after, [Mark(':'), ..]) => match year(*y, *n) {
            Ok(year) => (Some(year), after),
            Err(fault) => return Some(Err(fault)),
        },
        _ => (None, rest),
    };
    let short = y.is_some_and(|(_, short)| short);
    let y = y.map(|(y, _)| y);
    let written = match d {
        Some(d) => day(y, m, d, short),
        None if short => return None,
        None => month(y, m),
    };
    Some(Ok((written, rest)))
}

/// Returns the number of a month from its English name, or from at least three letters of it.
pub(super) fn month_named(name: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_ascii_lowercase();
    let matches = |full: &&str| name.len() >= 3 && full.starts_with(&name);
    (1..).zip(NAMES).find(|(_, full)| matches(full)).map(|(n, _)| n)
}

fn skip_day<'a, 't>(tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    skip_mark(tokens, &['日', '号', '號'])
}

fn skip_ordinal<'a, 't>(tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    ["st", "nd", "rd", "th"].into_iter().fold(tokens, |rest, ordinal| skip_word(rest, ordinal))
}

fn skip_word<'a, 't>(tokens: &'a [Token<'t>], word: &str) -> &'a [Token<'t>] {
    match tokens {
        [Word(first), rest @ ..] if first.eq_ignore_ascii_case(word) => rest,
        _ => tokens,
    }
}

fn skip_mark<'a, 't>(tokens: &'a [Token<'t>], marks: &[char]) -> &'a [Token<'t>] {
    match tokens {
        [Mark(first), rest @ ..] if marks.contains(first) => rest,
        _ => tokens,
    }
}
