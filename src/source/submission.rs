//! Which of several submissions of a ledger is the newest: by the day in its title rows (截至2021年8月20日), else by the
//! date in its name (台账2021-08.xlsx, 台账8月20日.csv).

use std::io::Read as _;

use chrono::NaiveDate;

use crate::source::{Form, Source};

/// The number of bytes of a table in which title rows are looked for.
const HEAD: u64 = 4096;
/// The number of lines that may be title rows.
const TITLE_LINES: usize = 10;
/// What stands before the day up to which a ledger is kept, lower-case.
const AS_OF: [&str; 4] = ["截至", "截止", "as of", "as at"];

/// A day, or a month as a whole, perhaps without its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SubmissionDay {
    pub(crate) year: Option<u32>,
    pub(crate) month: u32,
    /// `None`, the whole month, comes after its days.
    pub(crate) day: DayOfMonth,
}

/// A day of a month, or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DayOfMonth {
    Day(u32),
    Whole,
}

impl SubmissionDay {
    fn new(year: Option<u32>, month: u32, day: Option<u32>) -> Option<Self> {
        let is_year = |year: u32| (1990..2100).contains(&year);
        let is_valid =
            year.is_none_or(is_year) && (1..=12).contains(&month) && day.is_none_or(|day| (1..=31).contains(&day));
        is_valid.then_some(Self { year, month, day: day.map_or(DayOfMonth::Whole, DayOfMonth::Day) })
    }

    /// The day, or the last one of the month; `None` without a year.
    fn date(self) -> Option<NaiveDate> {
        let year = i32::try_from(self.year?).ok()?;
        match self.day {
            DayOfMonth::Day(day) => NaiveDate::from_ymd_opt(year, self.month, day),
            DayOfMonth::Whole => (28..=31).rev().find_map(|day| NaiveDate::from_ymd_opt(year, self.month, day)),
        }
    }
}

/// The day up to which a log was kept: that after 截至 in its title rows, else, with `by_name`, the date in its name.
#[must_use]
pub fn submitted_on(source: &Source, by_name: bool) -> Option<NaiveDate> {
    let of_name = || day_of_name(&source.name).filter(|_| by_name);
    day_of_title(source).and_then(SubmissionDay::date).or_else(|| of_name().and_then(SubmissionDay::date))
}

/// The day after 截至 in the title rows of a table.
pub(crate) fn day_of_title(source: &Source) -> Option<SubmissionDay> {
    if source.form == Form::Tree {
        return None;
    }
    let encoding = source.find_encoding().ok()?.ok()?;
    let mut head = Vec::new();
    source.open_as(encoding).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head).to_lowercase();
    head.lines().take(TITLE_LINES).find_map(|line| {
        let after = AS_OF.iter().find_map(|words| line.split_once(words))?.1;
        // The day follows at once; a column 截止日期 is followed by other headers.
        let after = after.trim_start_matches([' ', ':', '：', '(', '（', '"']);
        after.starts_with(|c: char| c.is_ascii_digit()).then(|| first_day(after)).flatten()
    })
}

/// The latest date in the name of a file, else in the path before it.
pub(crate) fn day_of_name(path: &str) -> Option<SubmissionDay> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    days(stem).into_iter().max().or_else(|| days(folder).into_iter().max())
}

fn first_day(text: &str) -> Option<SubmissionDay> {
    days(text).into_iter().next()
}

/// All dates in a text, in order.
fn days(text: &str) -> Vec<SubmissionDay> {
    let chars: Vec<char> = with_digits(text).chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        match day_at(&chars, at) {
            Some((day, end)) => {
                found.push(day);
                at = end;
            }
            None => at = number_at(&chars, at).1,
        }
    }
    found
}

/// A number and where it ends; longer ones than a date has are none.
fn number_at(chars: &[char], at: usize) -> (Option<u32>, usize) {
    let length = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
    let digits: String = chars[at..at + length].iter().collect();
    (digits.parse().ok().filter(|_| (1..=8).contains(&length)), at + length)
}

/// The date that begins at a digit, and where it ends.
fn day_at(chars: &[char], at: usize) -> Option<(SubmissionDay, usize)> {
    let (number, end) = number_at(chars, at);
    let number = number?;
    let is_separator = |c: char| matches!(c, '-' | '.' | '/' | '_' | ' ');
    // A number of at most two digits after one of these.
    let part = |end: usize, words: &[char]| {
        let c = *chars.get(end)?;
        let is_next = words.contains(&c) || is_separator(c);
        let (number, after) = if is_next { number_at(chars, end + 1) } else { (None, end) };
        number.filter(|_| is_next && after - end <= 3).map(|number| (number, after))
    };
    match end - at {
        8 => Some((SubmissionDay::new(Some(number / 10_000), number / 100 % 100, Some(number % 100))?, end)),
        6 => Some((SubmissionDay::new(Some(number / 100), number % 100, None)?, end)),
        4 => {
            let (month, after) = part(end, &['年'])?;
            let day = part(after, &['月'])
                .and_then(|(day, end)| Some((SubmissionDay::new(Some(number), month, Some(day))?, end)));
            day.or_else(|| Some((SubmissionDay::new(Some(number), month, None)?, after)))
        }
        1 | 2 if chars.get(end) == Some(&'月') => {
            let (day, after) = number_at(chars, end + 1);
            let day = day.filter(|_| matches!(chars.get(after), Some('日' | '号')));
            Some((SubmissionDay::new(None, number, day)?, if day.is_some() { after } else { end }))
        }
        _ => None,
    }
}

/// The text with the months 一月 to 十二月 in digits.
fn with_digits(text: &str) -> String {
    const MONTHS: [&str; 12] =
        ["十二月", "十一月", "十月", "九月", "八月", "七月", "六月", "五月", "四月", "三月", "二月", "一月"];
    let mut text = text.to_owned();
    for (word, month) in MONTHS.iter().zip((1..=12).rev()) {
        text = text.replace(word, &format!("{month}月"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(day: Option<SubmissionDay>) -> String {
        day.map_or_else(String::new, |SubmissionDay { year, month, day }| {
            let day = if let DayOfMonth::Day(day) = day { format!("-{day}") } else { String::new() };
            year.map_or_else(String::new, |year| format!("{year}-")) + &month.to_string() + &day
        })
    }

    #[test]
    fn the_date_of_a_name() {
        for (name, expected) in [
            ("logs/台账2021-08-20.xlsx", "2021-8-20"),
            ("logs/台账20210820.csv", "2021-8-20"),
            ("logs/台账2021年8月20日.xlsx", "2021-8-20"),
            ("logs/台账2021年8月.xlsx", "2021-8"),
            ("logs/台账202108.xlsx", "2021-8"),
            ("logs/2021.8台账.xlsx", "2021-8"),
            ("logs/log_2021_08_20.csv", "2021-8-20"),
            ("logs/台账8月20日.xlsx", "8-20"),
            ("logs/八月台账.xlsx", "8"),
            ("logs/十二月台账.xlsx", "12"),
            ("logs/台账8月1日-8月20日.xlsx", "8-20"),
            ("logs/2021-08/台账.xlsx", "2021-8"),
            ("2021-08/台账9月.xlsx", "9"),
            ("logs/台账.xlsx", ""),
            ("logs/台账1.2.xlsx", ""),
            ("logs/台账13月.xlsx", ""),
            ("logs/13800138000.xlsx", ""),
            ("logs/台账20211340.xlsx", ""),
            ("logs/第3期.xlsx", ""),
        ] {
            assert_eq!(shown(day_of_name(name)), expected, "{name}");
        }
    }

    #[test]
    fn a_submission_is_of_its_title_or_else_of_its_name() {
        let titled = Source::text("logs/2021-07.csv", "台账（截至2021-8-20）,,\n", Form::Table);
        let named = Source::text("logs/2021年2月.csv", "台账,,\n", Form::Table);
        let day = |day: &str| day.parse().ok();
        assert_eq!((submitted_on(&titled, true), submitted_on(&titled, false)), (day("2021-08-20"), day("2021-08-20")));
        assert_eq!((submitted_on(&named, true), submitted_on(&named, false)), (day("2021-02-28"), None));
        assert_eq!(submitted_on(&Source::text("8月.csv", "", Form::Table), true), None);
    }

    #[test]
    fn the_day_of_a_title() {
        for (text, expected) in [
            ("某区问题台账,,\n截至2021年8月20日,,\n发现日期,责任单位,问题描述\n", "2021-8-20"),
            ("某区问题台账（截至2021-8-20）,,\n", "2021-8-20"),
            ("台账 截止：8月20日\n", "8-20"),
            ("Log as of 2021-08-20\n", "2021-8-20"),
            ("发现日期,截止日期,问题描述\n2021-08-03,2021-08-05,x\n", ""),
            ("截至目前,,\n", ""),
        ] {
            assert_eq!(shown(day_of_title(&Source::text("a.csv", text, Form::Table))), expected, "{text}");
        }
    }
}
