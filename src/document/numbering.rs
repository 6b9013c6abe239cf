//! The numbers of headings (结构层次序数, GB/T 9704—2012, 7.3.3).

use crate::words::lang::Lang;

/// Numbers the headings of one text.
///
/// A heading that already begins with a number of the right form keeps it, and counting continues from there, so that a
/// numbered text is not numbered again.
#[derive(Debug, Clone)]
pub struct Numbering {
    lang: Lang,
    counters: [usize; 4],
}

impl Numbering {
    /// Creates the numbering of a text in `lang`, before its first heading.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang, counters: [0; 4] }
    }

    /// Counts a heading and returns the number to put before `text`; empty if the text already has one.
    ///
    /// `level` is clamped to 1 to 4.
    pub fn next(&mut self, level: u8, text: &str) -> String {
        let index = usize::from(level.clamp(1, 4)) - 1;
        if let Some(counter) = self.counters.get_mut(index) {
            *counter += 1;
        }
        if let Some(below) = self.counters.get_mut(index + 1..) {
            below.fill(0);
        }
        if let Some(given) = given(self.lang, index, text) {
            if let (Some(number), Some(counter)) = (value(given), self.counters.get_mut(index)) {
                *counter = number;
            }
            return String::new();
        }
        let number = self.counters.get(index).copied().unwrap_or(0);
        match (self.lang, index) {
            (Lang::Zh, 0) => format!("{}、", chinese(number)),
            (Lang::Zh, 1) => format!("（{}）", chinese(number)),
            (Lang::Zh, 2) => format!("{number}."),
            (Lang::Zh, _) => format!("（{number}）"),
            (Lang::En, 0) => format!("{number}. "),
            (Lang::En, _) => {
                let parts: Vec<String> =
                    self.counters[..=index].iter().filter(|counter| **counter > 0).map(ToString::to_string).collect();
                format!("{} ", parts.join("."))
            }
        }
    }
}

/// Returns `number` in Chinese, such as 十五; in digits above 99, which no text reaches.
#[must_use]
pub fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10, number % 10);
    match (tens, ones) {
        (0, 0) => "零".to_owned(),
        (0, _) => DIGITS[ones].to_owned(),
        (1, _) => format!("十{}", DIGITS[ones]),
        (2..=9, _) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => number.to_string(),
    }
}

/// Returns the last part of the number that `text` begins with, if its form is that of level `index` (from 0).
fn given(lang: Lang, index: usize, text: &str) -> Option<&str> {
    let text = text.trim_start();
    match (lang, index) {
        (Lang::Zh, 0) => before(text, is_chinese_digit, &["、"]),
        (Lang::Zh, 1) => bracketed(text, is_chinese_digit),
        (Lang::Zh, 2) => {
            before(text, |c| c.is_ascii_digit(), &[".", "．", "、"]).filter(|number| {
                // 「1.5米」 does not begin with the heading number 1.
                let mut rest = text[number.len()..].chars();
                !rest.nth(1).is_some_and(|c| c.is_ascii_digit())
            })
        }
        (Lang::Zh, _) => bracketed(text, |c| c.is_ascii_digit()),
        (Lang::En, _) => {
            let number = text.split(' ').next()?;
            let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
            let is_number = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
            let is_complete = parts.len() == index + 1 && parts.iter().all(is_number);
            let is_dotted = index > 0 || number.ends_with('.');
            parts.last().copied().filter(|_| is_complete && is_dotted)
        }
    }
}

/// Returns the leading digits of `text`, if one of `ends` follows them.
fn before<'a>(text: &'a str, digit: impl Fn(char) -> bool, ends: &[&str]) -> Option<&'a str> {
    let rest = text.trim_start_matches(&digit);
    let number = &text[..text.len() - rest.len()];
    (!number.is_empty() && ends.iter().any(|end| rest.starts_with(end))).then_some(number)
}

/// Returns the digits in leading brackets.
fn bracketed(text: &str, digit: impl Fn(char) -> bool) -> Option<&str> {
    let inner = text.strip_prefix(['（', '('])?;
    before(inner, digit, &["）", ")"])
}

fn is_chinese_digit(c: char) -> bool {
    "一二三四五六七八九十百".contains(c)
}

fn value(number: &str) -> Option<usize> {
    number
        .parse()
        .ok()
        .filter(|number| *number < 10_000)
        .or_else(|| (1..100).find(|candidate| chinese(*candidate) == number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(lang: Lang, headings: &[(u8, &str)]) -> Vec<String> {
        let mut numbering = Numbering::new(lang);
        headings.iter().map(|(level, text)| format!("{}{text}", numbering.next(*level, text))).collect()
    }

    #[test]
    fn levels_restart_under_each_heading() {
        assert_eq!(
            number(Lang::Zh, &[(1, "甲"), (2, "乙"), (3, "丙"), (4, "丁"), (2, "戊"), (1, "己"), (2, "庚")]),
            ["一、甲", "（一）乙", "1.丙", "（1）丁", "（二）戊", "二、己", "（一）庚"]
        );
        assert_eq!(
            number(Lang::En, &[(1, "a"), (2, "b"), (2, "c"), (1, "d"), (3, "e")]),
            ["1. a", "1.1 b", "1.2 c", "2. d", "2.1 e"]
        );
    }

    #[test]
    fn a_number_that_is_there_is_kept_and_counted_from() {
        assert_eq!(
            number(Lang::Zh, &[(1, "三、甲"), (1, "乙"), (2, "(五)丙"), (2, "丁"), (3, "2.戊"), (3, "己")]),
            ["三、甲", "四、乙", "(五)丙", "（六）丁", "2.戊", "3.己"]
        );
        assert_eq!(number(Lang::En, &[(1, "4. a"), (2, "4.2 b"), (2, "c")]), ["4. a", "4.2 b", "4.3 c"]);
    }

    #[test]
    fn what_only_looks_like_a_number_is_numbered() {
        assert_eq!(
            number(Lang::Zh, &[(1, "一些问题"), (3, "1.5米线内"), (3, "2021年"), (4, "（一）甲")]),
            ["一、一些问题", "1.1.5米线内", "2.2021年", "（1）（一）甲"]
        );
        assert_eq!(number(Lang::En, &[(1, "3 units")]), ["1. 3 units"]);
    }

    #[test]
    fn tens_are_spelled_as_they_are_read() {
        assert_eq!([1, 10, 11, 20, 21, 99].map(chinese), ["一", "十", "十一", "二十", "二十一", "九十九"]);
    }
}
