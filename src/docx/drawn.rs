//! The drawings of a Word file: charts and photos, with numbers of one sequence.

use super::charted::ChartParts;
use super::long::Settled;
use super::photographed::PhotoParts;
use crate::charts::ChartBook;
use crate::document::Photos;
use crate::document::chart::Chart;
use crate::document::photo::PhotoSource;
use crate::words::lang::Lang;

/// What makes and gives what is drawn.
#[derive(Clone, Copy)]
pub(crate) struct DrawingSources<'d> {
    /// Makes the workbooks behind charts.
    pub(crate) book: ChartBook,
    /// Gives the photos.
    pub(crate) photos: &'d dyn PhotoSource,
}

/// The drawings that a file shows so far.
pub(super) struct Drawings<'p> {
    pub(super) charts: ChartParts,
    pub(super) photos: PhotoParts<'p>,
    /// The number of the last drawing. No other drawing of the file has one of the next numbers.
    number: usize,
}

impl<'p> Drawings<'p> {
    /// None so far. The names of the parts and relationships of charts and of photos begin with `prefixes`, as nothing else in
    /// the file does; `number` comes before that of the first drawing.
    pub(super) fn new((charts, photos): (&str, &str), number: usize, source: &'p dyn PhotoSource) -> Self {
        Self { charts: ChartParts::new(charts), photos: PhotoParts::new(photos, source), number }
    }

    /// None so far, of a file that has nothing else.
    pub(super) fn of_new_file(source: &'p dyn PhotoSource) -> Self {
        Self::new(("chart", "photo"), 0, source)
    }

    /// Adds a chart and returns its paragraphs; nothing if it can't be drawn.
    pub(super) fn chart(&mut self, chart: &Chart, lang: Lang) -> Option<String> {
        self.charts.add(chart, lang, &mut self.number)
    }

    /// Adds photos and writes their table.
    pub(super) fn photos(&mut self, xml: (&mut String, Option<&mut Settled>), lang: Lang, photos: &Photos) {
        self.photos.table(xml, lang, photos, &mut self.number);
    }
}
