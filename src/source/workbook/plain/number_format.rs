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
