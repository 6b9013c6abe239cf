//! How a sheet is printed: nothing smaller than 9 pt.
//!
//! A program that is told to fit a sheet to the width of its paper makes the text as small as that takes. So the columns
//! are made to fit first. An office has A4 in every printer and files A4, so that it is taken as long as the texts can be
//! wrapped into it, in landscape, in which a row of a ledger is read across. Then comes A3 in landscape, the paper of
//! wide ledgers; folded once it is filed with A4. What is too wide for that is printed on several pages side by side, the
//! first columns repeated on each, so that every part shows whose row it is.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::font::FONT_PT;

/// The scale in percent at which nothing is smaller than 9 pt.
const LEAST_SCALE: u32 = 90;
const _: () = assert!(LEAST_SCALE * FONT_PT >= 9 * 100, "9 pt or more");
/// How much of the width of a page is filled, in percent: programs round the widths of columns differently.
const FILLED: u32 = 97;
/// The margins on the left and right, in inches.
const SIDE_INCHES: f64 = 0.5;
/// The margins at the top and bottom, in inches; the page number stands in the lower one.
const END_INCHES: f64 = 0.6;
/// A column of text is not made narrower than this for a smaller paper: four Chinese characters on a line.
const READABLE: usize = 10;
/// The most lines that a text is wrapped into, so that a table goes on a paper.
const LINES_ON_A4: usize = 10;
const LINES_ON_A3: usize = 20;
/// The widest that a column grows for a text that is too high for a row otherwise.
const WIDEST: usize = 90;

/// How wide a column must be and would like to be, in half-width characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ColumnNeed {
    /// No word and no figure is broken.
    pub(super) least: usize,
    /// No text is wrapped, unless it is long.
    pub(super) natural: usize,
    /// The width of the longest text, or of the head, if all of it were on one line.
    pub(super) longest: usize,
}

impl ColumnNeed {
    /// The width in which no text takes more than about so many tenths of a line.
    fn for_lines(self, tenths: usize) -> usize {
        let needed = (self.longest * 10).div_ceil(tenths) + 2;
        needed.max(READABLE.min(self.longest)).min(self.natural).max(self.least).min(WIDEST)
    }
}

/// A size of paper and how it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    A4,
    A4Landscape,
    A3Landscape,
}

impl Paper {
    /// The number that workbooks have for the size.
    fn code(self) -> u8 {
        match self {
            Self::A4 | Self::A4Landscape => 9,
            Self::A3Landscape => 8,
        }
    }

    /// Width and height within the margins, in pixels at 96 to the inch, in which programs measure columns.
    pub(super) fn inside(self) -> (u32, u32) {
        match self {
            Self::A4 => (697, 1007),
            Self::A4Landscape => (1026, 678),
            Self::A3Landscape => (1491, 1007),
        }
    }

    /// Width and height of what goes on a page at the least scale.
    fn room(self) -> (u32, u32) {
        let (width, height) = self.inside();
        (width * FILLED / LEAST_SCALE, height * FILLED / LEAST_SCALE)
    }
}

/// How a sheet is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PrintPlan {
    /// The width of each column.
    pub(super) widths: Vec<usize>,
    pub(super) paper: Paper,
    /// The columns with which a page side by side with another begins; empty if all columns go on one page.
    breaks: Vec<u32>,
    /// The columns that are repeated on each of them, from the first.
    repeated: usize,
    /// The row with which a new page begins, if one is to.
    new_page: Option<u32>,
    /// Whether the whole sheet goes on one page.
    is_one_page: bool,
}

impl PrintPlan {
    /// Chooses widths and paper. `named_by` is the number of columns, from the first, by which a row is known.
    pub(super) fn new(needs: &[ColumnNeed], named_by: usize) -> Self {
        let widths = |tenths: usize| needs.iter().map(|need| need.for_lines(tenths)).collect::<Vec<_>>();
        let plan = |widths, paper| Self {
            widths,
            paper,
            breaks: Vec::new(),
            repeated: named_by,
            new_page: None,
            is_one_page: false,
        };
        // A table that needs no room is not laid across.
        if pixels(&widths(10)) <= Paper::A4.inside().0 * FILLED / 100 {
            return plan(widths(10), Paper::A4);
        }
        // What is said at length gets the room: the fewest lines that the longest texts can have.
        for (paper, most) in [(Paper::A4Landscape, LINES_ON_A4), (Paper::A3Landscape, LINES_ON_A3)] {
            let fits = |tenths: &usize| pixels(&widths(*tenths)) <= paper.room().0;
            if let Some(tenths) = (10..=10 * most).find(fits) {
                return plan(widths(tenths), paper);
            }
        }
        let widths = widths(10 * LINES_ON_A4 / 2);
        let breaks = breaks(&widths, named_by, Paper::A3Landscape.room().0);
        Self { breaks, ..plan(widths, Paper::A3Landscape) }
    }

    /// The same for a sheet with a chart below its rows: `rows` is the height down to the chart, `chart` that of the
    /// chart, in pixels, and `at` its row. Both go on one page where they can be read there; else the chart has its own.
    pub(super) fn with_chart(self, rows: u32, chart: u32, at: u32) -> Self {
        let width = pixels(&self.widths);
        for paper in [self.paper, Paper::A4Landscape, Paper::A4] {
            let (most_width, most_height) = paper.room();
            if self.breaks.is_empty() && width <= most_width && rows + chart <= most_height {
                return Self { paper, is_one_page: true, ..self };
            }
        }
        Self { new_page: Some(at), ..self }
    }

    /// The scale in percent where the program is not to find one itself: it pays no heed to page breaks then.
    fn scale(&self) -> Option<u16> {
        if self.breaks.is_empty() && self.new_page.is_none() {
            return None;
        }
        let (inside, needed) = (self.paper.inside().0 * FILLED, pixels(&self.widths));
        let fitting = if self.breaks.is_empty() { inside.checked_div(needed).unwrap_or(100) } else { LEAST_SCALE };
        u16::try_from(fitting.clamp(LEAST_SCALE, 100)).ok()
    }

    /// Sets up the pages of a sheet whose head is the row `head`, and its widths.
    pub(super) fn set_up(&self, sheet: &mut Worksheet, head: u32) -> Result<(), XlsxError> {
        for (at, width) in (0_u16..).zip(&self.widths) {
            sheet.set_column_width(at, f64::from(u32::try_from(*width).unwrap_or(50)))?;
        }
        sheet.set_paper_size(self.paper.code());
        if self.paper == Paper::A4 {
            sheet.set_portrait();
        } else {
            sheet.set_landscape();
        }
        sheet.set_margins(SIDE_INCHES, SIDE_INCHES, END_INCHES, END_INCHES, 0.3, 0.3);
        // The size is stated, since a footer is printed at the scale of the sheet.
        sheet.set_footer(format!("&C&{FONT_PT}&P / &N"));
        match self.scale() {
            Some(scale) => sheet.set_print_scale(scale),
            None => sheet.set_print_fit_to_pages(1, u16::from(self.is_one_page)),
        };
        if !self.is_one_page {
            sheet.set_repeat_rows(head, head)?;
            sheet.set_repeat_columns(0, u16::try_from(self.repeated.saturating_sub(1)).unwrap_or(0))?;
        }
        sheet.set_vertical_page_breaks(&self.breaks)?;
        if let Some(row) = self.new_page {
            sheet.set_page_breaks(&[row])?;
        }
        Ok(())
    }
}

/// The width of columns in pixels. A digit is 7 wide, and 7.4 where a program does not round it (LibreOffice).
fn pixels(widths: &[usize]) -> u32 {
    widths.iter().map(|width| u32::try_from(*width).unwrap_or(u32::MAX / 100).saturating_mul(74) / 10 + 5).sum()
}

/// The columns with which pages begin, if those that don't go beside the first `repeated` come on further pages.
fn breaks(widths: &[usize], repeated: usize, room: u32) -> Vec<u32> {
    let (names, rest) = widths.split_at(repeated.min(widths.len()));
    let first = pixels(names);
    let (mut breaks, mut used) = (Vec::new(), first);
    for (at, width) in (repeated..).zip(rest) {
        let width = pixels(&[*width]);
        if used + width > room && used > first {
            breaks.extend(u32::try_from(at));
            used = first;
        }
        used += width;
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns by the narrowest they can be and the length of their longest text.
    fn plan(needs: &[(usize, usize)], named_by: usize) -> PrintPlan {
        let need = |(least, longest): &(usize, usize)| ColumnNeed {
            least: *least,
            natural: *longest.min(&44) + 2,
            longest: *longest,
        };
        PrintPlan::new(&needs.iter().map(need).collect::<Vec<_>>(), named_by)
    }

    #[test]
    fn the_smallest_paper_that_can_be_read_is_taken() {
        for (columns, paper) in [
            (2, Paper::A4),
            (3, Paper::A4Landscape),
            (13, Paper::A4Landscape),
            (14, Paper::A3Landscape),
            (20, Paper::A3Landscape),
        ] {
            let plan = plan(&vec![(8, 40); columns], 1);
            assert_eq!((plan.paper, plan.breaks.len()), (paper, 0), "{columns}");
            assert!(pixels(&plan.widths) <= paper.room().0 && plan.scale().is_none(), "{plan:?}");
        }
    }

    #[test]
    fn what_is_said_at_length_gets_the_room() {
        let plan = plan(&[(6, 4), (12, 10), (10, 160), (10, 40), (10, 40), (10, 12), (10, 12)], 1);
        assert_eq!((plan.paper, &plan.widths[..2]), (Paper::A4Landscape, &[6, 12][..]));
        assert!(plan.widths[2] > 30 && (10..30).contains(&plan.widths[3]), "{plan:?}");
    }

    #[test]
    fn what_is_too_wide_goes_on_pages_side_by_side() {
        let plan = plan(&[[(6, 4), (12, 10)].as_slice(), &[(14, 30); 30]].concat(), 2);
        assert_eq!((plan.paper, plan.repeated, plan.scale()), (Paper::A3Landscape, 2, Some(90)));
        let ends: Vec<usize> = plan.breaks.iter().map(|at| *at as usize).chain([plan.widths.len()]).collect();
        assert!(ends.len() > 1);
        for (at, end) in ends.iter().enumerate() {
            let begin = if at == 0 { 2 } else { ends[at - 1] };
            let page = pixels(&plan.widths[..2]) + pixels(&plan.widths[begin..*end]);
            assert!(page <= Paper::A3Landscape.room().0, "{plan:?}");
        }
    }

    #[test]
    fn a_chart_has_a_page_of_its_own_unless_there_is_room() {
        let narrow = || plan(&[(8, 12), (8, 12)], 1);
        let together = narrow().with_chart(300, 400, 10);
        assert_eq!((together.is_one_page, together.new_page), (true, None));
        let apart = narrow().with_chart(900, 400, 40);
        assert_eq!((apart.is_one_page, apart.new_page, apart.scale()), (false, Some(40), Some(100)));
    }
}
