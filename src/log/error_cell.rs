//! Cells that hold something other than a value: an error of a spreadsheet, a formula that was never calculated, a
//! picture. Such a cell is reported and then read as blank, so that no unit is called `#N/A`. And marks that stand for
//! the cell above, which look as little like a value.

use crate::fault::{Code, Faults, Finding, KnownBy, field_name};
use crate::model::field::FIELDS;
use crate::model::{Field, Row};
use crate::source::workbook::{PICTURE, UNCALCULATED};
use crate::words::lang::Lang;

/// The error values of Excel and WPS, and what each says, in Chinese and English.
///
/// ECMA-376 part 1, section 18.17.3, and the values that Excel has added since for dynamic arrays and linked data. The
/// text `#DATA!` is what some programs write for `#GETTING_DATA`.
const ERRORS: [(&str, &str, &str); 17] = [
    ("#N/A", "查找没有结果", "a look-up that found nothing"),
    ("#REF!", "引用的单元格已不存在", "a reference to a cell that is gone"),
    ("#VALUE!", "公式的参数类型不对", "a formula with an argument of the wrong type"),
    ("#NAME?", "公式里有不认识的名称", "a formula with an unknown name"),
    ("#NULL!", "两个区域没有交集", "ranges that do not intersect"),
    ("#NUM!", "数值超出范围", "a number out of range"),
    ("#DIV/0!", "除数为零", "a division by zero"),
    ("#SPILL!", "公式的结果没有地方放", "a result without room to spill into"),
    ("#CALC!", "公式没有算出结果", "a calculation without a result"),
    ("#GETTING_DATA", "数据还没有取到", "data that had not arrived"),
    ("#DATA!", "数据还没有取到", "data that had not arrived"),
    ("#BUSY!", "数据还没有取到", "data that had not arrived"),
    ("#CONNECT!", "连接不上数据源", "a data source that could not be reached"),
    ("#BLOCKED!", "数据源被禁止访问", "a data source that is blocked"),
    ("#UNKNOWN!", "不认识的数据类型", "a data type that the program did not know"),
    ("#FIELD!", "没有这个数据项", "a field that does not exist"),
    ("#PYTHON!", "公式里的代码出错", "code in a formula that failed"),
];

/// What a cell holds instead of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ErrorCell {
    /// An error value of a spreadsheet, as it shows.
    Error(String),
    /// A formula whose result is not in the file.
    Uncalculated,
    /// A picture, which a program that knows no pictures in cells shows as a formula.
    Picture,
}

/// Whether a cell may hold an error or a picture, or stand for the one above it, by its first bytes. White space before
/// an error makes it ordinary text.
///
/// This is asked of every cell of a log, so it must be fast; [`ErrorCell::of`] and [`is_ditto`] give the answer.
#[inline]
pub(super) fn may_be_error(cell: &[u8]) -> bool {
    match cell {
        [b'#' | b'=', ..] => true,
        [b'E', rest @ ..] => rest.starts_with(b"rr:"),
        _ => is_ditto(cell),
    }
}

/// Cells that stand for the cell above them, in lower case and without blanks. A spreadsheet's autocorrection makes a
/// curved or a full-width quote of the mark.
pub(crate) const DITTO: [&str; 14] =
    ["同上", "同前", "如上", "上同", "〃", "″", "\"", "“", "”", "＂", "ditto", "do.", "asabove", "sameasabove"];

/// Maximum length in bytes of a cell that stands for the one above it, with blanks in it.
const MAX_DITTO_BYTES: usize = 24;

/// Whether a cell may stand for the one above it, by its first bytes.
#[inline]
fn may_be_ditto(cell: &[u8]) -> bool {
    matches!(
        cell,
        [b' ' | b'\t' | b'"', ..]
            // 同 and 如, 上, 〃 and a wide blank or ″ and curved quotes, the full-width quote.
            | [0xe5, 0x90 | 0xa6, 0x8c | 0x82, ..]
            | [0xe4, 0xb8, 0x8a, ..]
            | [0xe2 | 0xe3, 0x80, ..]
            | [0xef, 0xbc, 0x82, ..]
            | [b'd' | b'D', b'i' | b'I' | b'o' | b'O', ..]
            | [b'a' | b'A', b's' | b'S', ..]
            | [b's' | b'S', b'a' | b'A', ..]
    )
}

/// Whether a cell stands for the cell above it.
#[inline]
pub(super) fn is_ditto(cell: &[u8]) -> bool {
    cell.len() <= MAX_DITTO_BYTES && may_be_ditto(cell) && says_ditto(cell)
}

fn says_ditto(cell: &[u8]) -> bool {
    let text = std::str::from_utf8(cell).unwrap_or_default().trim();
    let is = |text: &str, word: &str| {
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).eq(word.chars())
    };
    let ended = text.trim_end_matches(['。', '.']);
    DITTO.iter().any(|word| is(text, word) || is(ended, word))
}

impl ErrorCell {
    /// Whether it is what some program shows of a picture: one that knows no pictures in cells, an error.
    fn may_be_picture(&self) -> bool {
        match self {
            // A formula of WPS that another program has saved.
            Self::Picture | Self::Uncalculated => true,
            Self::Error(text) => matches!(text.as_str(), "#VALUE!" | "#NAME?" | "#UNKNOWN!"),
        }
    }

    /// Reads a cell; `None` if it holds an ordinary value.
    pub(super) fn of(cell: &[u8]) -> Option<Self> {
        if !may_be_error(cell) {
            return None;
        }
        let text = std::str::from_utf8(cell).ok()?.trim_end();
        if text == UNCALCULATED {
            return Some(Self::Uncalculated);
        }
        // WPS stores a picture in a cell as a formula, whose stored result is the formula itself.
        let formula = text.trim_start_matches('=').trim_start_matches("_xlfn.");
        if text == PICTURE || text.starts_with('=') && formula.starts_with("DISPIMG(") {
            return Some(Self::Picture);
        }
        let is_error = match text.strip_prefix("Err:") {
            // LibreOffice: `Err:501` and so on.
            Some(number) => number.len() == 3 && number.bytes().all(|digit| digit.is_ascii_digit()),
            None => ERRORS.iter().any(|(error, ..)| *error == text),
        };
        is_error.then(|| Self::Error(text.to_owned()))
    }
}

/// Empties the cells of a row that hold no value, and reports each to `faults`.
///
/// Afterwards the row knows which cells were emptied, so that none of them is reported again as empty. A cell for photos
/// of a workbook (`is_sheet`) is not reported for holding one: whether the picture is there, the album knows.
pub(super) fn blank_error_cells(row: &mut Row, is_sheet: bool, faults: &mut Faults) {
    row.emptied.clear();
    row.pictured.clear();
    for cell in 0..row.len() {
        let Some(found) = ErrorCell::of(row.untrimmed(cell)) else { continue };
        if is_sheet && found.may_be_picture() && row.columns.photos.iter().any(|(photo, _)| usize::from(*photo) == cell)
        {
            row.blank_pictured(cell);
            continue;
        }
        let field = FIELDS.iter().map(|info| info.field).find(|field| row.columns.get(*field) == Some(cell));
        let place = row.cell_place(cell);
        match field {
            Some(field) => faults.add_at(place, field, found),
            None => faults.add(place, found),
        }
        row.blank_reported(cell);
    }
}

impl Finding for ErrorCell {
    fn code(&self) -> Code {
        match self {
            Self::Error(_) => const { Code::known("V112") },
            Self::Uncalculated => const { Code::known("V113") },
            Self::Picture => const { Code::known("V114") },
        }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(format!("{self:?}"))
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let name = field_name(field, lang);
        match (self, lang) {
            (Self::Error(text), Lang::Zh) => {
                let meaning = meaning(text, lang);
                (format!("{name}是错误值“{text}”（{meaning}），按空白读"), "在原表格里改好公式，或直接填写内容".into())
            }
            (Self::Error(text), Lang::En) => {
                let meaning = meaning(text, lang);
                (
                    format!("{name} is the error `{text}` ({meaning}); it is read as blank"),
                    "mend the formula in the workbook, or type the value".into(),
                )
            }
            (Self::Uncalculated, Lang::Zh) => (
                format!("{name}是公式，文件里没有它的结果，按空白读"),
                "用 Excel 或 WPS 打开，重新计算后保存，再交".into(),
            ),
            (Self::Uncalculated, Lang::En) => (
                format!("{name} is a formula whose result is not in the file; it is read as blank"),
                "open the workbook in Excel or WPS, let it calculate, and save it again".into(),
            ),
            (Self::Picture, Lang::Zh) => (
                format!("{name}是嵌在单元格里的图片，读不出文字，按空白读"),
                "需要的内容写成文字；图片另附，并在这里写文件名".into(),
            ),
            (Self::Picture, Lang::En) => (
                format!("{name} is a picture in the cell, which holds no text; it is read as blank"),
                "write what is needed as text; attach the picture as a file and name it here".into(),
            ),
        }
    }
}

/// Returns what an error value says.
fn meaning(text: &str, lang: Lang) -> &'static str {
    let known = ERRORS.iter().find(|(error, ..)| *error == text);
    known.map_or(lang.pick("公式出错", "a formula that failed"), |(_, zh, en)| lang.pick(*zh, *en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_for_the_cell_above_however_it_is_spaced() {
        for cell in [
            "同上",
            "同　上",
            "同 上。",
            " 同上",
            "\u{3000}同前",
            "如上",
            "上同",
            "〃",
            "″",
            "\"",
            "“",
            "”",
            "＂",
            "Ditto",
            "do.",
            "as above",
            "As above.",
            "same as above",
        ] {
            assert!(is_ditto(cell.as_bytes()) && may_be_error(cell.as_bytes()), "{cell}");
        }
        for cell in ["", " ", "同上楼层堆物", "同心社区", "上同村", "如上所述", "do", "“”", "“甲”", "5″", "as", "DO-1"]
        {
            assert!(!is_ditto(cell.as_bytes()) && !may_be_error(cell.as_bytes()), "{cell}");
        }
    }

    #[test]
    fn errors_are_whole_cells() {
        let error = |text: &str| Some(ErrorCell::Error(text.to_owned()));
        for (cell, expected) in [
            ("#N/A", error("#N/A")),
            ("#SPILL! ", error("#SPILL!")),
            ("Err:522", error("Err:522")),
            ("Err:52", None),
            ("Error at the door", None),
            ("#3 building", None),
            ("#N/A is what the label says", None),
            ("=DISPIMG(\"ID_1234\",1)", Some(ErrorCell::Picture)),
            ("=_xlfn.DISPIMG(\"ID_1234\",1)", Some(ErrorCell::Picture)),
            ("=SUM(A1:A3)", None),
            (UNCALCULATED, Some(ErrorCell::Uncalculated)),
            (PICTURE, Some(ErrorCell::Picture)),
            ("", None),
        ] {
            assert_eq!(ErrorCell::of(cell.as_bytes()), expected, "{cell}");
        }
    }
}
