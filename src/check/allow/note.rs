//! The allowance in the note of a row.

use chrono::NaiveDate;

use crate::fault::{Code, CodeTable};
use crate::words::date;

/// The text that starts an allowance.
const MARKER: &str = "duban: allow";

/// What introduces the reason, which is the rest of the note.
const BECAUSE: [&str; 3] = ["because", "因为", "理由"];

/// What introduces the last day, before the reason.
const UNTIL: [&str; 4] = ["until", "截至", "至", "到"];

/// The codes, the last day and the reason.
pub(super) type NoteWords = (Vec<Code>, Option<NaiveDate>, String);

/// Reads `duban: allow R204, R206 because …` or `duban: allow R204 至2021-12-31 因为…`; `None` if a note allows nothing.
/// The error is the offending text: a code that is unknown, a day that is none; all if codes or reason are missing.
pub(super) fn read(note: &str, known: &CodeTable) -> Option<Result<NoteWords, String>> {
    note.split_once(MARKER).map(|(_, text)| parse(text, known))
}

fn parse(text: &str, known: &CodeTable) -> Result<NoteWords, String> {
    let first = |words: &[&str], text: &str| {
        let found = words.iter().filter_map(|word| text.find(word).map(|at| (at, word.len())));
        found.min_by_key(|(at, length)| (*at, usize::MAX - length))
    };
    let parts = first(&BECAUSE, text).and_then(|(at, length)| Some((text.get(..at)?, text.get(at + length..)?)));
    let Some((codes, why)) = parts
        .map(|(codes, why)| (codes, why.trim_matches([' ', ':', '：', '。', '.'])))
        .filter(|(_, why)| !why.is_empty())
    else {
        return Err(text.trim().to_owned());
    };
    let until = first(&UNTIL, codes).and_then(|(at, length)| Some((codes.get(..at)?, codes.get(at + length..)?)));
    let (codes, until) = match until {
        None => (codes, None),
        Some((codes, day)) => {
            let day = day.trim_matches([' ', ',', '，', '、', ';', '；']);
            let read = date::parse(day, None, None).ok().filter(|read| !read.assumed);
            (codes, Some(read.ok_or_else(|| day.to_owned())?.date))
        }
    };
    let words = codes.split([',', '，', '、', ' ']).map(str::trim).filter(|code| !code.is_empty());
    let codes: Vec<Code> =
        words.map(|code| known.find(code).map_err(|_| code.to_owned())).collect::<Result<_, String>>()?;
    if codes.is_empty() { Err(text.trim().to_owned()) } else { Ok((codes, until, why.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_names_codes_and_a_reason() {
        let codes = |text: &str| {
            parse(text, &CodeTable::default())
                .map(|(codes, ..)| codes.iter().map(Code::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(codes(" R204 because the paper is in the archive"), Ok("R204".to_owned()));
        assert_eq!(codes(" R204、R206 因为纸质已归档"), Ok("R204 R206".to_owned()));
        assert_eq!(codes(" duplicate-id, doubled-issue because x"), Ok("L108 R206".to_owned()));
        assert!(codes(" R204").is_err());
        assert!(codes(" R204 because").is_err());
        assert!(codes(" because I say so").is_err());
        assert_eq!(codes(" R999 because x"), Err("R999".to_owned()));
        assert!(read("整改期限延至 2021-09-01", &CodeTable::default()).is_none());
    }

    #[test]
    fn it_may_have_a_last_day_before_the_reason() {
        let until = |text: &str| {
            parse(text, &CodeTable::default()).map(|(_, until, why)| (until.map(|day| day.to_string()), why))
        };
        let ok = |day: Option<&str>, why: &str| Ok((day.map(str::to_owned), why.to_owned()));
        assert_eq!(until(" R204 until 2021-12-31 because x"), ok(Some("2021-12-31"), "x"));
        assert_eq!(until(" R204 至2021-12-31 因为归档"), ok(Some("2021-12-31"), "归档"));
        assert_eq!(until(" R204、R206 截至2021年12月31日，因为归档"), ok(Some("2021-12-31"), "归档"));
        assert_eq!(until(" R208 因为经批准延期至2021-12-31"), ok(None, "经批准延期至2021-12-31"));
        assert_eq!(until(" R204 because of it, 因为"), ok(None, "of it, 因为"));
        for wrong in ["soon", "12-31", "2021-13-01", "2021年12月", ""] {
            assert_eq!(until(&format!(" R204 until {wrong} because x")), Err(wrong.to_owned()), "{wrong}");
        }
    }
}
