//! Photos as a sheet: each lies over a cell that says below it what it shows.
//!
//! They float over their cells and go with them when rows are sorted, filtered or made higher. Pictures within cells, which
//! Excel 365 has, are `#VALUE!` to older ones and to LibreOffice, and WPS has another kind of its own.

use rust_xlsxwriter::{Color, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::cells::{HEADER, LINE_PT, lines};
use super::font::{self, TITLE_PT};
use super::page::SheetPage;
use super::sheet::title_line;
use super::stand_in::{StandIns, pixels};
use super::text;
use crate::document::{Document, PhotoCell, Photos};

/// Between the edge of a cell and its photo, in pixels.
const EDGE_PX: u32 = 4;
/// The height of a row is at most this, in points.
const HIGHEST_PT: u32 = 409;

/// Writes photos with their title and notes into a sheet: a row for those that stand beside each other.
///
/// # Errors
/// There are more rows or columns than a worksheet can hold.
pub(super) fn write(
    sheet: &mut Worksheet,
    page: &SheetPage<'_>,
    photos: &Photos,
    document: &Document,
    photos_of_book: &mut StandIns<'_, '_>,
) -> Result<(), XlsxError> {
    let (room, plain) = (photos.room(), font::plain(document.lang));
    let title = title_line(&page.title, document);
    text::put(sheet, (0, 0), &title, &plain.clone().set_bold().set_font_size(TITLE_PT))?;
    let said = plain.clone().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Center);
    let head = said.clone().set_bold().set_background_color(Color::RGB(0x00E7_E6E6));
    let below = said.clone().set_align(FormatAlign::Bottom);
    let instead = said.set_align(FormatAlign::VerticalCenter);
    // A digit is 7 pixels wide.
    let (column_px, width) = (pixels(room.column), pixels(room.column).div_ceil(7));
    let columns = u16::try_from(photos.width()).unwrap_or(u16::MAX);
    for at in 0..columns {
        sheet.set_column_width_pixels(at, column_px)?;
        let name = photos.header.get(usize::from(at)).map_or("", String::as_str);
        text::put(sheet, (HEADER, at), &text::fit(name), &head)?;
    }
    for (row, cells) in (HEADER + 1..).zip(&photos.rows) {
        let mut high = 1;
        for at in 0..columns {
            let cell = cells.get(usize::from(at));
            let (label, format) = match cell {
                Some(PhotoCell::Photo(photo)) => {
                    let label = photo.label(document.lang);
                    match photos_of_book.of(photo, room, document.lang) {
                        Ok(stand_in) => {
                            let printed = room.printed(stand_in.size);
                            let image = stand_in.image(printed, photo, document)?;
                            let shown_px = pixels(printed.0);
                            let left = column_px.saturating_sub(shown_px) / 2;
                            sheet.insert_image_with_offset(row, at, &image, left, EDGE_PX)?;
                            (label, &below)
                        }
                        Err(why) => (format!("{why}\n{label}"), &instead),
                    }
                }
                Some(PhotoCell::Text(text)) => (text.clone(), &instead),
                None => (String::new(), &instead),
            };
            let label = text::fit(&label);
            high = high.max(lines(&label, usize::try_from(width).unwrap_or(usize::MAX)));
            if label.is_empty() {
                sheet.write_blank(row, at, format)?;
            } else {
                text::put(sheet, (row, at), &label, format)?;
            }
        }
        let above = (pixels(room.height) + 2 * EDGE_PX) * 3 / 4;
        sheet.set_row_height(row, (above + LINE_PT * high).min(HIGHEST_PT))?;
    }
    let rows = u32::try_from(photos.rows.len()).unwrap_or(u32::MAX);
    for (row, note) in (HEADER + rows.saturating_add(1)..).zip(&page.notes) {
        text::put(sheet, (row, 0), &text::fit(note), &plain)?;
    }
    sheet.set_freeze_panes(HEADER + 1, 0)?;
    // A4, as narrow as the page allows.
    sheet.set_paper_size(9).set_portrait().set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3).set_print_fit_to_pages(1, 0);
    sheet.set_footer(format!("&C&{}&P / &N", font::FONT_PT));
    sheet.set_repeat_rows(HEADER, HEADER)?;
    Ok(())
}
