//! The dimensions of GB/T 9704—2012, each with its clause.
//!
//! Lengths are in millimetres and font sizes in points; values for `.docx` are in twips (1/20 pt). "Practice" marks
//! values that the standard leaves open.

use crate::words::lang::Lang;

/// Width of the paper, A4 (5.1).
pub const PAGE_WIDTH_MM: f64 = 210.0;
/// Height of the paper, A4 (5.1).
pub const PAGE_HEIGHT_MM: f64 = 297.0;
/// 天头, the top margin (5.2.1).
pub const MARGIN_TOP_MM: f64 = 37.0;
/// 订口, the left margin (5.2.1).
pub const MARGIN_LEFT_MM: f64 = 28.0;
/// The bottom margin: the rest of the page below 225 mm of text (5.2.1).
pub const MARGIN_BOTTOM_MM: f64 = 35.0;
/// The right margin: the rest of the page beside 156 mm of text (5.2.1).
pub const MARGIN_RIGHT_MM: f64 = 26.0;
/// Width of the text block, 版心 (5.2.1).
pub const TEXT_WIDTH_MM: f64 = 156.0;
/// Height of the text block, 版心 (5.2.1).
pub const TEXT_HEIGHT_MM: f64 = 225.0;
/// Lines per page (5.2.3).
pub const LINES: u32 = 22;
/// Characters per line (5.2.3).
pub const CHARACTERS: u32 = 28;

/// 三号: the text (5.2.2).
pub const BODY_PT: f64 = 16.0;
/// 二号: the title (7.3.1).
pub const TITLE_PT: f64 = 22.0;
/// 四号: copies, printing details and page number (7.4.2, 7.4.3, 7.5).
pub const SMALL_PT: f64 = 14.0;
/// 小初: maximum size of a mark in 文件格式 (practice; 7.2.4 leaves it open).
pub const MARK_PT: f64 = 36.0;
/// 初号: maximum size of a bulletin's name (practice).
pub const BULLETIN_MARK_PT: f64 = 42.0;
/// 小四: a table with few columns (practice; the standard leaves tables open).
pub const TABLE_PT: f64 = 12.0;
/// 五号: a table with many columns (practice).
pub const TABLE_SMALL_PT: f64 = 10.5;
/// The same two sizes in an English document (practice).
pub const ENGLISH_TABLE_PT: f64 = 10.5;
/// See [`ENGLISH_TABLE_PT`].
pub const ENGLISH_TABLE_SMALL_PT: f64 = 9.0;
/// A table with more columns than this is set in the small size (practice).
pub const TABLE_SMALL_FROM: usize = 6;
/// An attachment's table with more columns than this is set in landscape (clause 8; the number is practice).
pub const LANDSCAPE_FROM: usize = 7;

/// Line pitch: 225 mm / 22, rounded down; at 580 twips only 21 lines would fit (5.2.3).
pub const LINE_TWIPS: u32 = 579;
/// Character spacing, negative so that 28 characters of 16 pt fit into 156 mm (5.2.3).
pub const CHARACTER_SPACING_TWIPS: i32 = -5;
/// Advance of one character of the text, with [`CHARACTER_SPACING_TWIPS`] (5.2.3).
pub const CHARACTER_TWIPS: u32 = 315;
/// Height of a line of the title in 二号 (practice).
pub const TITLE_LINE_TWIPS: u32 = 680;

/// Distance from the top of the text block to the mark in 文件格式 (7.2.4).
pub const MARK_TOP_MM: f64 = 35.0;
/// Distance from the top of the text block to a bulletin's name (practice).
pub const BULLETIN_MARK_TOP_MM: f64 = 20.0;
/// Distance from the top of the paper to the mark in 信函格式 (10.1).
pub const LETTER_MARK_TOP_MM: f64 = 30.0;
/// Distance from the number to the red line (7.2.7), and from a letter's mark to its double line (10.1).
pub const RED_LINE_GAP_MM: f64 = 4.0;
/// Length of a letter's double lines (10.1).
pub const LETTER_LINE_MM: f64 = 170.0;
/// Distance from a letter's lower double line to the bottom of the paper (10.1).
pub const LETTER_LINE_BOTTOM_MM: f64 = 20.0;
/// Distance from the text block to the page number (7.5).
pub const PAGE_NUMBER_GAP_MM: f64 = 7.0;
/// The red of mark and line, as RGB (6.2 specifies Y 80 %, M 80 % for printing).
pub const RED: &str = "E60012";

/// The colour of marks and rules: red is for Chinese official documents (7.2.4), English letterheads are black.
#[must_use]
pub fn ink(lang: Lang) -> &'static str {
    lang.pick(RED, "000000")
}
/// Width of the first and last line of 版记: 0.35 mm, in eighths of a point (7.4.1).
pub const THICK_LINE_EIGHTHS: u32 = 8;
/// Width of the lines between the entries of 版记: 0.25 mm, in eighths of a point (7.4.1).
pub const THIN_LINE_EIGHTHS: u32 = 6;
/// Width of the red line, in eighths of a point (practice; 7.2.7 leaves it open).
pub const RED_LINE_EIGHTHS: u32 = 12;
/// Width of a bulletin's red line, in eighths of a point (practice).
pub const BULLETIN_LINE_EIGHTHS: u32 = 18;

/// Converts millimetres to twips.
#[must_use]
pub fn twips(mm: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "lengths on a page are small")]
    let twips = (mm * 1440.0 / 25.4).round() as i32;
    twips
}

/// The appearance of documents that an office may choose.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Look {
    /// The fonts.
    pub fonts: Fonts,
    /// The paper of English documents; Chinese ones are always A4 (5.1).
    pub paper: Paper,
}

/// A paper size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// 210 mm × 297 mm.
    #[default]
    A4,
    /// 8.5 in × 11 in.
    Letter,
}

impl Paper {
    /// Returns width and height in millimetres.
    #[must_use]
    pub const fn size_mm(self) -> (f64, f64) {
        match self {
            Self::A4 => (PAGE_WIDTH_MM, PAGE_HEIGHT_MM),
            Self::Letter => (215.9, 279.4),
        }
    }
}

/// The fonts of a document, by family name. GB/T 9704 prescribes typefaces only; the office chooses the fonts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fonts {
    /// 仿宋: the text (5.2.2).
    pub fangsong: String,
    /// 黑体: first-level headings, secrecy, urgency (7.2.2, 7.2.3, 7.3.3).
    pub heiti: String,
    /// 楷体: second-level headings, the signer (7.2.6, 7.3.3).
    pub kaiti: String,
    /// 小标宋: mark and title (7.2.4, 7.3.1).
    pub xiaobiaosong: String,
    /// 宋体: page numbers (7.5).
    pub songti: String,
    /// Latin letters and digits (practice).
    pub latin: String,
}

impl Fonts {
    /// Replaces the font that the config calls by a key: `fangsong`, `heiti`, `kaiti`, `xiaobiaosong`, `songti` or `latin`.
    #[must_use]
    pub fn with(mut self, key: &str, face: &str) -> Self {
        let slot = match key {
            "fangsong" => &mut self.fangsong,
            "heiti" => &mut self.heiti,
            "kaiti" => &mut self.kaiti,
            "xiaobiaosong" => &mut self.xiaobiaosong,
            "songti" => &mut self.songti,
            _ => &mut self.latin,
        };
        face.clone_into(slot);
        self
    }
}

impl Default for Fonts {
    fn default() -> Self {
        Self {
            fangsong: "仿宋_GB2312".to_owned(),
            heiti: "黑体".to_owned(),
            kaiti: "楷体_GB2312".to_owned(),
            xiaobiaosong: "方正小标宋简体".to_owned(),
            songti: "宋体".to_owned(),
            latin: "Times New Roman".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_and_text_fill_the_paper() {
        let across = MARGIN_LEFT_MM + TEXT_WIDTH_MM + MARGIN_RIGHT_MM;
        let down = MARGIN_TOP_MM + TEXT_HEIGHT_MM + MARGIN_BOTTOM_MM;
        assert_eq!((twips(across), twips(down)), (twips(PAGE_WIDTH_MM), twips(PAGE_HEIGHT_MM)));
    }

    #[test]
    fn the_grid_fits_the_text_block() {
        assert!(i64::from(LINES * LINE_TWIPS) <= i64::from(twips(TEXT_HEIGHT_MM)));
        assert!(i64::from(LINES * (LINE_TWIPS + 1)) > i64::from(twips(TEXT_HEIGHT_MM)));
        assert!(i64::from(CHARACTERS * CHARACTER_TWIPS) <= i64::from(twips(TEXT_WIDTH_MM)));
    }
}
