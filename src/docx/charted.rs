//! The charts of a Word file: the paragraphs that show them, their parts, and the workbooks embedded in it, without which
//! Word and WPS can't edit their data.

use std::io;

use super::xml::{paragraph, run};
use crate::charts::{ChartBook, Plot, chart_parts, drawing, note, plots};
use crate::document::chart::Chart;
use crate::document::layout::Fonts;
use crate::ooxml::archive::{Deflater, Packed};
use crate::words::lang::Lang;

/// The charts that a file shows so far.
pub(super) struct ChartParts {
    /// What the names of their parts and relationships begin with, as nothing else in the file does.
    prefix: String,
    plots: Vec<(Plot, Lang)>,
}

impl ChartParts {
    /// None so far.
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), plots: Vec::new() }
    }

    /// Adds a chart and returns its paragraphs: the drawings, the caption, and what they don't show. Nothing if it can't be
    /// drawn. `last_drawing` is the number of the last drawing of the file.
    pub(super) fn add(&mut self, chart: &Chart, lang: Lang, last_drawing: &mut usize) -> Option<String> {
        let plots = plots(chart, lang);
        let below: Vec<(&str, &str, String)> = [
            ("ChartCaption", "", Some(chart.caption().to_owned())),
            ("TableText", "<w:jc w:val=\"center\"/>", note(&plots, lang)),
        ]
        .into_iter()
        .filter_map(|(style, more, text)| Some((style, more, text.filter(|text| !text.is_empty())?)))
        .collect();
        let last = plots.len().checked_sub(1)?;
        let mut xml = String::new();
        for (index, plot) in plots.into_iter().enumerate() {
            let number = self.plots.len() + 1;
            *last_drawing += 1;
            let run = drawing(&plot, *last_drawing, &format!("{}{number}", self.prefix));
            // What stands below is on the page of the last drawing.
            xml.push_str(&paragraph("Chart", if index == last && !below.is_empty() { KEEP_NEXT } else { "" }, &run));
            self.plots.push((plot, lang));
        }
        for (index, (style, more, text)) in below.iter().enumerate() {
            let kept = if index + 1 < below.len() { KEEP_NEXT } else { "" };
            xml.push_str(&paragraph(style, &format!("{kept}{more}"), &run(lang, text)));
        }
        Some(xml)
    }

    /// The relationships to their parts, each with its id and target, from the text.
    pub(super) fn relationships(&self) -> Vec<(String, String)> {
        (1..=self.plots.len())
            .map(|number| (format!("{}{number}", self.prefix), format!("charts/{}{number}.xml", self.prefix)))
            .collect()
    }

    /// Their parts, each with its name.
    ///
    /// # Errors
    /// A workbook can't be made, or a part is larger than 4 GB.
    pub(super) fn parts(
        &self,
        fonts: &Fonts,
        book: ChartBook,
        deflater: &mut Deflater,
    ) -> io::Result<Vec<(String, Packed<'static>)>> {
        let mut parts = Vec::new();
        for (number, (plot, lang)) in (1..).zip(&self.plots) {
            for (name, bytes) in chart_parts(plot, &format!("{}{number}", self.prefix), (fonts, *lang), book)? {
                parts.push((name, deflater.pack_bytes(&bytes)?));
            }
        }
        Ok(parts)
    }
}

/// Keeps a paragraph on the page of the next one.
const KEEP_NEXT: &str = "<w:keepNext/>";
