//! Charts: those of a workbook, and the workbook behind one in a Word file.

use std::io;

use chrono::NaiveDate;
use rust_xlsxwriter::{
    Chart as NativeChart, ChartAxisCrossing, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType as Dash, ChartMarker, ChartMarkerType, ChartPatternFill, ChartPatternFillType as Pattern,
    ChartSeries, ChartSolidFill, ChartType, Color, DocProperties, Format, ObjectMovement, Worksheet, XlsxError,
};

use super::cells::HEADER;
use super::font::FONT_PT;
use super::saved::saved;
use super::{column, font, text};
use crate::charts::{Fill, MARKERS, MAX_SERIES, Marker, Plot, plots};
use crate::document::chart::{Chart, ChartForm};
use crate::words::lang::Lang;

/// Inserts a chart at row `below`, under its table in the sheet `name`, no larger than a `page`. Returns its height in pixels;
/// nothing if it can't be drawn, or has lines with counts in words, which programs would draw as zeros.
pub(super) fn insert(
    (sheet, name): (&mut Worksheet, &str),
    chart: &Chart,
    lang: Lang,
    below: u32,
    page: (u32, u32),
) -> Result<Option<u32>, XlsxError> {
    let plots = plots(chart, lang);
    let is_line = chart.form == ChartForm::Lines;
    let Some(first) = plots.first().filter(|_| !is_line || plots.iter().all(|plot| plot.gaps.is_empty())) else {
        return Ok(None);
    };
    let mut native = NativeChart::new(match chart.form {
        ChartForm::Bars => ChartType::Bar,
        ChartForm::Stacked => ChartType::BarStacked,
        ChartForm::Lines => ChartType::Line,
    });
    let bottom = HEADER + u32::try_from(chart.table.rows.len()).unwrap_or(0);
    let thin = ChartLine::new().set_color(Color::Black).set_width(0.5).clone();
    let stacked = chart.form == ChartForm::Stacked;
    for (at, place) in (1_u16..).zip(0..first.series.len()) {
        let series = native.add_series();
        series.set_name((name, HEADER, at)).set_categories((name, HEADER + 1, 0, bottom, 0)).set_values((
            name,
            HEADER + 1,
            at,
            bottom,
            at,
        ));
        if is_line {
            line(series, place);
            continue;
        }
        let fill = Fill::ALL.get(place).copied().unwrap_or(Fill::Grey(0xFF_FFFF));
        let ink = if stacked && fill.is_dark() { Color::White } else { Color::Black };
        let mut label = ChartDataLabel::new();
        label.show_value().set_font(ChartFont::new().set_size(FONT_PT).set_color(ink));
        if stacked || plots.iter().any(|plot| !plot.gaps.is_empty()) {
            // Zeros would stand on the pieces beside them, and words count as zeros.
            label.set_num_format("0;-0;;");
        }
        let mut look = ChartFormat::new();
        match fill {
            Fill::Grey(grey) => _ = look.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(grey))),
            Fill::Lines { across } => {
                let pattern =
                    if across { Pattern::HorizontalStripesLight } else { Pattern::DiagonalStripesWideUpwards };
                let mut lines = ChartPatternFill::new();
                lines.set_pattern(pattern).set_foreground_color(Color::Black).set_background_color(Color::White);
                look.set_pattern_fill(&lines);
                if stacked {
                    label.set_format(ChartSolidFill::new().set_color(Color::White));
                }
            }
        }
        series.set_format(look.set_border(&thin)).set_gap(50).set_data_label(&label);
    }
    native.title().set_hidden();
    native.legend().set_position(ChartLegendPosition::Bottom);
    if first.series.len() == 1 {
        native.legend().set_hidden();
    }
    if !is_line {
        // The first row at the top, as in the table, and the values below.
        native.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max);
    }
    let values = if is_line { native.y_axis() } else { native.x_axis() };
    values.set_min(0);
    if first.greatest <= 10 {
        values.set_major_unit(1.0);
    }
    // The table above says the same.
    let description = chart.description(lang);
    let is_long = description.chars().count() > MAX_ALT;
    native.set_alt_text(if is_long {
        description.chars().take(MAX_ALT - 1).chain(['…']).collect()
    } else {
        description
    });
    place(sheet, native, chart.table.rows.len(), below, page).map(Some)
}

/// The most characters that Excel takes for the description of a chart. A longer one is left out.
const MAX_ALT: usize = 255;

/// A line in the dashes and with the markers that its series has in every format.
fn line(series: &mut ChartSeries, place: usize) {
    const DASHES: [Dash; MAX_SERIES] =
        [Dash::Solid, Dash::SquareDot, Dash::LongDash, Dash::RoundDot, Dash::DashDot, Dash::LongDashDot];
    let mut line = ChartLine::new();
    line.set_color(Color::Black).set_width(1.5).set_dash_type(DASHES.get(place).copied().unwrap_or(Dash::Solid));
    let (marker, is_filled) = MARKERS.get(place).copied().unwrap_or((Marker::Circle, true));
    let kind = match marker {
        Marker::Circle => ChartMarkerType::Circle,
        Marker::Square => ChartMarkerType::Square,
        Marker::Triangle => ChartMarkerType::Triangle,
        Marker::Diamond => ChartMarkerType::Diamond,
        Marker::Cross => ChartMarkerType::X,
        Marker::Plus => ChartMarkerType::PlusSign,
    };
    let fill = ChartSolidFill::new().set_color(if is_filled { Color::Black } else { Color::White }).clone();
    let mut look = ChartFormat::new();
    look.set_solid_fill(&fill).set_border(ChartLine::new().set_color(Color::Black));
    series.set_format(&mut line).set_marker(ChartMarker::new().set_type(kind).set_size(7).set_format(&mut look));
}

/// Inserts a chart of so many bars and returns its height. Its text is as large as that of the cells.
pub(super) fn place(
    sheet: &mut Worksheet,
    mut chart: NativeChart,
    bars: usize,
    below: u32,
    page: (u32, u32),
) -> Result<u32, XlsxError> {
    let font = ChartFont::new().set_size(FONT_PT).clone();
    chart.x_axis().set_font(&font);
    chart.y_axis().set_font(&font);
    chart.legend().set_font(&font);
    // The page also has the repeated header.
    let height = 120 + 26 * u32::try_from(bars.min(60)).unwrap_or(60);
    let height = height.max(260).min(page.1.saturating_sub(80));
    chart.set_width(page.0.min(900)).set_height(height);
    chart.set_object_movement(ObjectMovement::MoveButDontSizeWithCells);
    sheet.insert_chart(below, 0, &chart)?;
    Ok(height)
}

/// Returns the workbook that is embedded with a chart: what Word and WPS show for its data to be edited. A count in words is
/// an empty cell, a gap in the chart.
///
/// # Errors
/// The workbook can't be made.
pub(crate) fn chart_book(plot: &Plot, lang: Lang) -> io::Result<Vec<u8>> {
    book(plot, lang).map_err(io::Error::other)
}

fn book(plot: &Plot, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = font::workbook(lang)?;
    // Never the clock: the same chart gives the same bytes.
    if let Some(created) = NaiveDate::from_ymd_opt(1980, 1, 1).and_then(column::excel_date) {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1")?;
    let (plain, mut at) = (font::plain(lang), 0_u16);
    put(sheet, (0, 0), &plot.axis, &plain)?;
    for (row, name) in (1..).zip(&plot.categories) {
        put(sheet, (row, 0), name, &plain)?;
    }
    for series in &plot.series {
        at += 1;
        put(sheet, (0, at), &series.name, &plain)?;
        for (row, value) in (1..).zip(&series.values) {
            if let Some(value) = value {
                #[expect(clippy::cast_precision_loss, reason = "counts of issues are small")]
                sheet.write_number_with_format(row, at, *value as f64, &plain)?;
            }
        }
    }
    sheet.set_column_width(0, 32)?;
    saved(&mut workbook)
}

fn put(sheet: &mut Worksheet, at: (u32, u16), said: &str, format: &Format) -> Result<(), XlsxError> {
    text::put(sheet, at, &text::fit(said), format)
}
