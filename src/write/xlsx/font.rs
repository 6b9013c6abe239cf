//! The font of workbooks. It is named, and not left to the program, since the widths of columns are reckoned in its digits.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::words::lang::Lang;

/// The size of all text but titles. Its digits are 7 pixels wide in both fonts, and a Chinese character two of them.
pub(super) const FONT_PT: u32 = 10;
/// The size of the title of a sheet.
pub(super) const TITLE_PT: u32 = 15;

/// The format that all others are made from: the font of Chinese ledgers, or one that every program has or has a
/// stand-in of the same widths for.
pub(super) fn plain(lang: Lang) -> Format {
    let format = Format::new().set_font_size(FONT_PT);
    match lang {
        // The number of the Chinese character set.
        Lang::Zh => format.set_font_name("宋体").set_font_charset(134),
        Lang::En => format.set_font_name("Arial"),
    }
}

/// Begins a workbook in the font.
pub(super) fn workbook(lang: Lang) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    // The height of a row and the width of a column in pixels, as Excel has them for a font with such digits.
    workbook.set_default_format(&plain(lang), 17, 64)?;
    Ok(workbook)
}
