//! Skips what may follow a day and adds nothing to it.

use chrono::Weekday;

use super::token::Token::{self, Mark, Number, Word};

/// Skips times, weekdays, parts of the day and notes.
pub(super) fn skip<'a, 't>(mut tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    while let Some(rest) = skip_time(tokens)
        .or_else(|| skip_weekday(tokens))
        .or_else(|| skip_part_of_day(tokens))
        .or_else(|| skip_note(tokens))
    {
        tokens = rest;
    }
    tokens
}

fn skip_time<'a, 't>(tokens: &'a [Token<'t>]) -> Option<&'a [Token<'t>]> {
    let (tokens, iso) = match tokens {
        [Word("T" | "t"), rest @ ..] => (rest, true),
        _ => (tokens, false),
    };
    let rest = match tokens {
        [Number(0..=24, 1..=2), Mark(':'), Number(0..=59, 2), rest @ ..] => match rest {
            [Mark(':'), Number(0..=60, 2), Mark('.' | ','), Number(..), rest @ ..]
            | [Mark(':'), Number(0..=60, 2), rest @ ..] => rest,
            _ => rest,
        },
        [Number(0..=24, 1..=2), Mark('时' | '点'), rest @ ..] => match rest {
            [Number(0..=59, _), Mark('分'), Number(0..=60, _), Mark('秒'), rest @ ..]
            | [Number(0..=59, _), Mark('分'), rest @ ..]
            | [Mark('半' | '整' | '许'), rest @ ..] => rest,
            _ => rest,
        },
        _ => return None,
    };
    Some(match rest {
        [Word("Z" | "z"), rest @ ..] => rest,
        // Without `T`, a hyphen separates the ends of a range.
        [Mark('+' | '-'), Number(_, 2), Mark(':'), Number(_, 2), rest @ ..]
        | [Mark('+' | '-'), Number(_, 4), rest @ ..]
            if iso =>
        {
            rest
        }
        _ => rest,
    })
}

pub(super) fn skip_weekday<'a, 't>(tokens: &'a [Token<'t>]) -> Option<&'a [Token<'t>]> {
    read_weekday(tokens).map(|(_, rest)| rest)
}

/// The first weekday that stands by itself beside a day, and not in a note (周日例会).
pub(super) fn weekday(tokens: &[Token<'_>]) -> Option<Weekday> {
    (0..tokens.len()).find_map(|at| {
        let (weekday, rest) = read_weekday(tokens.get(at..)?)?;
        let stands_alone = at == 0
            || matches!(rest, [] | [Mark(')' | ']' | '】' | '〕' | ',' | '.' | '。'), ..])
            || skip_time(rest).or_else(|| skip_part_of_day(rest)).or_else(|| skip_note(rest)).is_some();
        weekday.filter(|_| stands_alone)
    })
}

/// Reads a weekday; of a weekend it is not said which.
fn read_weekday<'a, 't>(tokens: &'a [Token<'t>]) -> Option<(Option<Weekday>, &'a [Token<'t>])> {
    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Mon),
        ("tuesday", Weekday::Tue),
        ("wednesday", Weekday::Wed),
        ("thursday", Weekday::Thu),
        ("friday", Weekday::Fri),
        ("saturday", Weekday::Sat),
        ("sunday", Weekday::Sun),
    ];
    match tokens {
        [Mark('周'), rest @ ..] | [Mark('星'), Mark('期'), rest @ ..] | [Mark('礼'), Mark('拜'), rest @ ..] => {
            match rest {
                [Number(number @ 1..=6, 1), rest @ ..] => {
                    let number = usize::try_from(*number).ok()?;
                    Some((NAMES.get(number - 1).map(|(_, weekday)| *weekday), rest))
                }
                [Mark('日' | '天'), rest @ ..] => Some((Some(Weekday::Sun), rest)),
                [Mark('末'), rest @ ..] => Some((None, rest)),
                _ => None,
            }
        }
        [Word(name), rest @ ..] if name.len() >= 3 => {
            let name = name.to_ascii_lowercase();
            let (_, weekday) = NAMES.iter().find(|(full, _)| full.starts_with(&name))?;
            Some((Some(*weekday), rest))
        }
        _ => None,
    }
}

fn skip_part_of_day<'a, 't>(tokens: &'a [Token<'t>]) -> Option<&'a [Token<'t>]> {
    match tokens {
        [Mark('上' | '下' | '中' | '正'), Mark('午'), rest @ ..]
        | [Mark('早' | '晚'), Mark('上' | '间'), rest @ ..]
        | [Mark('凌'), Mark('晨'), rest @ ..]
        | [Mark('傍'), Mark('晚'), rest @ ..]
        | [Mark('夜'), Mark('间'), rest @ ..]
        | [Mark('早' | '晚'), rest @ ..] => Some(rest),
        [Word(word), rest @ ..] => {
            let known = ["am", "pm", "noon"].iter().any(|w| w.eq_ignore_ascii_case(word));
            known.then_some(rest)
        }
        _ => None,
    }
}

/// Skips a bracketed note, or a comma before a weekday or a time.
fn skip_note<'a, 't>(tokens: &'a [Token<'t>]) -> Option<&'a [Token<'t>]> {
    let (opening, rest) = match tokens {
        [Mark(c), rest @ ..] => (*c, rest),
        _ => return None,
    };
    let closing = match opening {
        '(' => ')',
        '[' => ']',
        '【' => '】',
        '〔' => '〕',
        ',' => return skip_weekday(rest).or_else(|| skip_time(rest)),
        _ => return None,
    };
    let end = rest.iter().position(|token| *token == Mark(closing))?;
    let (note, after) = rest.split_at_checked(end)?;
    let may_matter = |token: &Token<'_>| match token {
        Number(..) => true,
        Mark(c) => "前后内起止至到底([【〔".contains(*c),
        Word(_) => false,
    };
    // Nested brackets may matter, so there is only one level.
    let is_note = !note.iter().any(may_matter) || {
        let note = skip_weekday(note).unwrap_or(note);
        let note = skip_part_of_day(note).unwrap_or(note);
        skip_time(note).unwrap_or(note).is_empty()
    };
    is_note.then(|| after.get(1..)).flatten()
}
