//! Which number formats show a day or a time.

use calamine::ExcelDateTimeType;

/// What a number shows in a number format; `None` if a number.
///
/// `id` is the number of the format. Those of East Asia have no text of their own and are days.
pub(in crate::source::workbook) fn moment_of(id: Option<u32>, format: &str) -> Option<ExcelDateTimeType> {
    if format == "General" && matches!(id, Some(27..=36 | 50..=58)) {
        return Some(ExcelDateTimeType::DateTime);
    }
    let mut chars = format.chars();
    // What stands in brackets, if it is a time: `[h]`, `[mm]`.
    let (mut bracket, mut is_am_pm) = (None::<String>, false);
    while let Some(c) = chars.next() {
        if let Some(inside) = &mut bracket {
            match c {
                ']' => {
                    let first = inside.chars().next().filter(|c| "hmsHMS".contains(*c));
                    if first.is_some_and(|first| inside.chars().all(|c| c.eq_ignore_ascii_case(&first))) {
                        return Some(ExcelDateTimeType::TimeDelta);
                    }
                    bracket = None;
                }
                c => inside.push(c),
            }
            continue;
        }
        match c {
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '_' | '\\' | '*' => {
                chars.next();
            }
            ';' => return None,
            '[' => bracket = Some(String::new()),
            'p' | 'P' | 'm' | 'M' | '/' if is_am_pm => return Some(ExcelDateTimeType::DateTime),
            'a' | 'A' => is_am_pm = true,
            'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' if !is_am_pm => {
                return Some(ExcelDateTimeType::DateTime);
            }
            _ => {}
        }
    }
    None
}

/// The text of a format; `None` for the general one.
///
/// The numbered formats of East Asia have no text in the file, and are shown as the language of the reader has it: here as in a
/// Chinese Excel (ECMA-376 part 1, 18.8.30).
pub(in crate::source::workbook) fn text_of(id: Option<u32>, format: &str) -> Option<&str> {
    if format != "General" {
        return Some(format);
    }
    Some(match id? {
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        _ => return None,
    })
}

/// Whether a format of days shows month and day, but no year.
pub(in crate::source::workbook) fn hides_year(format: &str) -> bool {
    let letters = letters(format);
    letters.contains(&'m') && letters.contains(&'d') && !letters.contains(&'y')
}

/// Whether a format of days shows year, month and day.
pub(in crate::source::workbook) fn shows_day(format: &str) -> bool {
    let letters = letters(format);
    let has_month = (0..letters.len()).any(|at| {
        // Behind hours and before seconds it is the minutes.
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        letters[at] == 'm' && before != Some(&'h') && letters.get(at + 1) != Some(&'s')
    });
    has_month && letters.contains(&'y') && letters.contains(&'d')
}

/// Whether a format of days shows year and month, and no more.
pub(in crate::source::workbook) fn shows_month(format: &str) -> bool {
    matches!(letters(format).as_slice(), ['y', 'm'] | ['m', 'y'])
}

/// Whether a format of days shows hours.
pub(in crate::source::workbook) fn shows_time(format: &str) -> bool {
    letters(format).contains(&'h')
}

/// The letters of the first section of a format that stand for parts of a day, each run of one letter once; the name of a
/// weekday (`ddd`) is none.
fn letters(format: &str) -> Vec<char> {
    let mut runs: Vec<(char, usize)> = Vec::new();
    let mut last = None;
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        let letter = c.to_ascii_lowercase();
        match c {
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '[' => {
                chars.by_ref().find(|c| *c == ']');
            }
            '_' | '\\' | '*' => {
                chars.next();
            }
            ';' => break,
            _ if matches!(letter, 'y' | 'm' | 'd' | 'h' | 's') => match runs.last_mut() {
                Some((_, length)) if last == Some(letter) => *length += 1,
                _ => runs.push((letter, 1)),
            },
            _ => {}
        }
        last = Some(letter);
    }
    runs.into_iter().filter(|(letter, length)| *letter != 'd' || *length < 3).map(|(letter, _)| letter).collect()
}
