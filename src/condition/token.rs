//! Text to words with their places. Chinese input methods type `（`, `“`, `≥` and `，`: they are read as what they stand for.

use std::ops::Range;

use chrono::NaiveDate;

use crate::condition::fault::{ConditionFault, ConditionProblem, MAX_LENGTH};

/// A word of a condition with its place, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name(String),
    Text(String),
    Number(i64),
    Day(NaiveDate),
    /// A mark in its ASCII form.
    Mark(&'static str),
    End,
}

/// The marks, the longer ones first: as they are typed, and what each stands for.
const MARKS: [(&str, &str); 31] = [
    ("==", "=="),
    ("＝＝", "=="),
    ("!=", "!="),
    ("！＝", "!="),
    ("<=", "<="),
    ("＜＝", "<="),
    (">=", ">="),
    ("＞＝", ">="),
    ("≠", "!="),
    ("≤", "<="),
    ("≥", ">="),
    ("<", "<"),
    ("＜", "<"),
    (">", ">"),
    ("＞", ">"),
    ("(", "("),
    ("（", "("),
    (")", ")"),
    ("）", ")"),
    ("[", "["),
    ("【", "["),
    ("]", "]"),
    ("】", "]"),
    (",", ","),
    ("，", ","),
    ("、", ","),
    ("+", "+"),
    ("-", "-"),
    ("−", "-"),
    ("＋", "+"),
    ("－", "-"),
];

/// What other languages write, and what it is here.
const FOREIGN: [(&str, &str); 7] =
    [("<>", "!="), ("&&", "and"), ("||", "or"), ("=", "=="), ("＝", "=="), ("!", "not "), ("！", "not ")];

/// Quotes, and what closes each.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('「', '」')];

/// The largest number that may be written: more days than there are.
const MAX_NUMBER: i64 = 1_000_000_000;

/// Splits a condition into words; the last one is the end.
///
/// # Errors
/// Returns the first place at which there is no word.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Box<ConditionFault>> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(ConditionFault::boxed(text, 0..0, ConditionProblem::TooLong { length }));
    }
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (kind, length) = word(text, at, c)?;
        tokens.push(Token { kind, span: at..at + length });
        at += length;
    }
    tokens.push(Token { kind: TokenKind::End, span: at..at });
    Ok(tokens)
}

/// The word at a place, which begins with `c`, and its length in bytes.
fn word(text: &str, at: usize, c: char) -> Result<(TokenKind, usize), Box<ConditionFault>> {
    let rest = &text[at..];
    if let Some((_, close)) = QUOTES.iter().find(|(open, _)| *open == c) {
        return quoted(text, at, c, *close);
    }
    if c == '`' {
        let inside = rest[1..].split('`').next().unwrap_or_default();
        if inside.len() + 1 == rest.len() || inside.is_empty() {
            return Err(ConditionFault::boxed(text, at..at + 1, ConditionProblem::Unclosed { quote: c }));
        }
        return Ok((TokenKind::Name(inside.trim().to_owned()), inside.len() + 2));
    }
    if c.is_ascii_digit() {
        return number(text, at);
    }
    if c.is_alphabetic() || c == '_' {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        return Ok((TokenKind::Name(rest[..end].to_owned()), end));
    }
    if let Some((typed, mark)) =
        MARKS.iter().find(|(typed, _)| rest.starts_with(typed)).filter(|_| !rest.starts_with("<>"))
    {
        return Ok((TokenKind::Mark(mark), typed.len()));
    }
    let foreign = FOREIGN.iter().find(|(typed, _)| rest.starts_with(typed));
    let length = foreign.map_or(c.len_utf8(), |(typed, _)| typed.len());
    let meant = foreign.map(|(_, here)| *here);
    Err(ConditionFault::boxed(text, at..at + length, ConditionProblem::NoWord { meant }))
}

/// A text in quotes. `\` stands before a quote or another `\`.
fn quoted(text: &str, at: usize, open: char, close: char) -> Result<(TokenKind, usize), Box<ConditionFault>> {
    let (mut inside, mut is_escaped) = (String::new(), false);
    for (offset, c) in text[at + open.len_utf8()..].char_indices() {
        match c {
            '\\' if !is_escaped => is_escaped = true,
            c if c == close && !is_escaped => {
                return Ok((TokenKind::Text(inside), open.len_utf8() + offset + close.len_utf8()));
            }
            c => {
                // A pattern has `\d`: only quotes and the mark itself are escaped.
                if is_escaped && c != close && c != '\\' {
                    inside.push('\\');
                }
                inside.push(c);
                is_escaped = false;
            }
        }
    }
    Err(ConditionFault::boxed(text, at..at + open.len_utf8(), ConditionProblem::Unclosed { quote: open }))
}

/// A number, or a day such as `2021-08-20`.
fn number(text: &str, at: usize) -> Result<(TokenKind, usize), Box<ConditionFault>> {
    let rest = &text[at..];
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    // Four digits, a dash and digits are no difference: nobody writes 2021 minus 8.
    let month = rest[whole..].strip_prefix('-').map_or(0, digits);
    let day = rest.get(whole + 1 + month..).and_then(|rest| rest.strip_prefix('-')).map_or(0, digits);
    if whole == 4 && (1..=2).contains(&month) && (1..=2).contains(&day) {
        let length = whole + month + day + 2;
        let date = NaiveDate::parse_from_str(&rest[..length], "%Y-%m-%d");
        return match date {
            Ok(date) => Ok((TokenKind::Day(date), length)),
            Err(_) => Err(ConditionFault::boxed(text, at..at + length, ConditionProblem::NoSuchDay)),
        };
    }
    let after = rest[whole..].chars().next();
    let number = rest[..whole].parse::<i64>().ok().filter(|number| *number <= MAX_NUMBER);
    match number {
        Some(number) if !after.is_some_and(|c| c == '.' || c == '_' || c.is_alphanumeric()) => {
            Ok((TokenKind::Number(number), whole))
        }
        _ => {
            let end = rest.find(|c: char| !(c == '.' || c == '_' || c.is_alphanumeric())).unwrap_or(rest.len());
            Err(ConditionFault::boxed(text, at..at + end, ConditionProblem::BadNumber))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).unwrap().into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn chinese_marks_are_those_of_ascii() {
        assert_eq!(kinds("年（发现日期）≥2021，“限期”"), kinds("年(发现日期)>=2021,\"限期\""));
        assert_eq!(kinds("a－1").len(), 4);
    }

    #[test]
    fn days_numbers_and_texts_are_told_apart() {
        let day = NaiveDate::from_ymd_opt(2021, 8, 3).unwrap();
        assert_eq!(kinds("2021-8-3"), [TokenKind::Day(day), TokenKind::End]);
        assert_eq!(
            kinds("2021-08"),
            [TokenKind::Number(2021), TokenKind::Mark("-"), TokenKind::Number(8), TokenKind::End]
        );
        assert_eq!(kinds(r#""a\"b\\c\d""#), [TokenKind::Text(r#"a"b\c\d"#.to_owned()), TokenKind::End]);
        assert_eq!(kinds("`完成/作废时间`"), [TokenKind::Name("完成/作废时间".to_owned()), TokenKind::End]);
    }

    #[test]
    fn what_is_no_word_is_told_at_its_place() {
        for (text, span) in [
            ("a = 1", 2..3),
            ("a && b", 2..4),
            ("a <> b", 2..4),
            ("x == 2021-02-30", 5..15),
            ("x > 1.5", 4..7),
            ("x > 30天", 4..9),
            ("x > 99999999999999999999", 4..24),
            ("x == \"abc", 5..6),
            ("`x", 0..1),
            ("a ? b", 2..3),
        ] {
            assert_eq!(tokens(text).map_err(|fault| fault.span).unwrap_err(), span, "{text}");
        }
    }
}
