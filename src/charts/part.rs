//! A chart as DrawingML (ECMA-376 Part 1, 21.2): the part of a Word file that Word and WPS draw, and edit with the workbook
//! embedded beside it, and the drawing in the text that shows it.
//!
//! What programs show is what the part holds (caches); the workbook is read when somebody edits the data.

use std::fmt::Write as _;
use std::io;

use quick_xml::escape::escape;

use super::plot::{DASHES, Fill, MARKERS, Marker, NAME_COLUMNS, Plot, row_height, ticks};
use crate::document::chart::{ChartForm, ChartSeries};
use crate::document::layout::Fonts;
use crate::document::text::{columns, permitted};
use crate::words::lang::Lang;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const INLINE: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The width of a chart on a page: 15.5 cm.
const WIDTH_MM: usize = 155;
/// The height of a chart of lines.
const LINES_MM: usize = 85;
/// The size of all text in hundredths of a point, and the width of half a character in it, in tenths of a millimetre.
const FONT: u32 = 1000;
const COLUMN: usize = 18;
/// The room for numbers on the right of bars, in tenths of a millimetre.
const BESIDE: usize = 80;
/// English Metric Units in a tenth of a millimetre.
const EMU: usize = 3600;

/// The height of a drawing in tenths of a millimetre.
fn height(plot: &Plot) -> usize {
    match plot.form {
        ChartForm::Lines => LINES_MM * 10,
        ChartForm::Bars | ChartForm::Stacked => 120 + row_height(plot) * plot.categories.len() + legend_height(plot),
    }
}

fn legend_height(plot: &Plot) -> usize {
    if plot.series.len() > 1 { 70 } else { 0 }
}

/// The width of the names beside bars in tenths of a millimetre.
fn names_width(plot: &Plot) -> usize {
    let longest = plot.categories.iter().map(|name| columns(name)).max().unwrap_or(0);
    longest.min(NAME_COLUMNS) * COLUMN + 40
}

/// Where the bars are. Programs that choose it themselves leave half of the width to long names.
fn layout(plot: &Plot) -> String {
    if plot.form == ChartForm::Lines {
        return "<c:layout/>".to_owned();
    }
    let share = |length: usize, whole: usize| format!("0.{:04}", length * 10_000 / whole.max(1));
    let (names, width, height) = (names_width(plot), WIDTH_MM * 10, height(plot));
    format!(
        "<c:layout><c:manualLayout><c:layoutTarget val=\"inner\"/><c:xMode val=\"edge\"/><c:yMode val=\"edge\"/><c:x val=\"{}\"/>\
         <c:y val=\"{}\"/><c:w val=\"{}\"/><c:h val=\"{}\"/></c:manualLayout></c:layout>",
        share(names, width),
        share(20, height),
        share(width - names - BESIDE, width),
        share(row_height(plot) * plot.categories.len(), height)
    )
}

/// Returns the run with the drawing of a chart, by a number that no other drawing of the file has and the id of the
/// relationship to its part.
pub(crate) fn drawing(plot: &Plot, number: usize, relation: &str) -> String {
    let (cx, cy, description) = (WIDTH_MM * 10 * EMU, height(plot) * EMU, text(&plot.description));
    format!(
        "<w:r><w:drawing><wp:inline xmlns:wp=\"{INLINE}\" distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
         <wp:extent cx=\"{cx}\" cy=\"{cy}\"/><wp:docPr id=\"{number}\" name=\"Chart {number}\" descr=\"{description}\"/>\
         <wp:cNvGraphicFramePr/><a:graphic xmlns:a=\"{DRAWING}\"><a:graphicData uri=\"{CHART}\">\
         <c:chart xmlns:c=\"{CHART}\" xmlns:r=\"{RELATIONS}\" r:id=\"{relation}\"/></a:graphicData></a:graphic></wp:inline>\
         </w:drawing></w:r>"
    )
}

/// Returns the workbook of a drawing as the bytes of an `.xlsx`: the names of the series in the first row of `Sheet1`, those
/// of the categories in its first column. Drawings know nothing of workbooks; whoever writes both hands this in.
pub(crate) type ChartBook = fn(&Plot, Lang) -> io::Result<Vec<u8>>;

/// Returns the parts of a drawing, by the name of their files: the chart, its workbook, and what leads from one to the other.
///
/// # Errors
/// The workbook can't be made.
pub(crate) fn chart_parts(
    plot: &Plot,
    name: &str,
    (fonts, lang): (&Fonts, Lang),
    book: ChartBook,
) -> io::Result<[(String, Vec<u8>); 3]> {
    let related = format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}/package\" Target=\"../embeddings/{name}.xlsx\"/></Relationships>\n"
    );
    Ok([
        (format!("word/charts/{name}.xml"), chart_part(plot, fonts, lang).into_bytes()),
        (format!("word/charts/_rels/{name}.xml.rels"), related.into_bytes()),
        (format!("word/embeddings/{name}.xlsx"), book(plot, lang)?),
    ])
}

/// Returns the chart itself. The relationship `rId1` leads to its workbook.
fn chart_part(plot: &Plot, fonts: &Fonts, lang: Lang) -> String {
    let (plain, white) = (font(fonts, lang, "000000"), font(fonts, lang, "FFFFFF"));
    let mut xml = format!(
        "{DECLARATION}<c:chartSpace xmlns:c=\"{CHART}\" xmlns:a=\"{DRAWING}\" xmlns:r=\"{RELATIONS}\"><c:date1904 val=\"0\"/>\
         <c:roundedCorners val=\"0\"/><c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea>"
    );
    xml.push_str(&layout(plot));
    let (group, end) = match plot.form {
        ChartForm::Bars => {
            ("<c:barChart><c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/>", "<c:gapWidth val=\"50\"/>")
        }
        ChartForm::Stacked => (
            "<c:barChart><c:barDir val=\"bar\"/><c:grouping val=\"stacked\"/>",
            "<c:gapWidth val=\"50\"/><c:overlap val=\"100\"/>",
        ),
        ChartForm::Lines => ("<c:lineChart><c:grouping val=\"standard\"/>", "<c:marker val=\"1\"/>"),
    };
    xml.extend([group, "<c:varyColors val=\"0\"/>"]);
    for (place, series) in plot.series.iter().enumerate() {
        let column = char::from(b'B' + u8::try_from(place).unwrap_or(u8::MAX - b'B'));
        let _ = write!(xml, "<c:ser><c:idx val=\"{place}\"/><c:order val=\"{place}\"/><c:tx>");
        strings(&mut xml, &format!("Sheet1!${column}$1"), std::slice::from_ref(&series.name));
        xml.push_str("</c:tx>");
        if plot.form == ChartForm::Lines {
            line(&mut xml, place);
        } else {
            bars(&mut xml, place);
        }
        labels(
            &mut xml,
            plot,
            place,
            series,
            if Fill::ALL.get(place).is_some_and(|fill| fill.is_dark()) { &white } else { &plain },
            &plain,
        );
        let last = plot.categories.len() + 1;
        xml.push_str("<c:cat>");
        strings(&mut xml, &format!("Sheet1!$A$2:$A${last}"), &plot.categories);
        xml.push_str("</c:cat><c:val>");
        numbers(&mut xml, &format!("Sheet1!${column}$2:${column}${last}"), &series.values);
        xml.push_str("</c:val>");
        if plot.form == ChartForm::Lines {
            xml.push_str("<c:smooth val=\"0\"/>");
        }
        xml.push_str("</c:ser>");
    }
    xml.extend([end, "<c:axId val=\"1\"/><c:axId val=\"2\"/>"]);
    xml.push_str(if plot.form == ChartForm::Lines { "</c:lineChart>" } else { "</c:barChart>" });
    axes(&mut xml, plot);
    xml.push_str("</c:plotArea>");
    if plot.series.len() > 1 {
        xml.push_str("<c:legend><c:legendPos val=\"b\"/><c:overlay val=\"0\"/></c:legend>");
    }
    let _ = write!(
        xml,
        "<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart>\
         <c:spPr><a:solidFill><a:srgbClr val=\"FFFFFF\"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>{plain}\
         <c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>"
    );
    xml
}

fn text(text: &str) -> String {
    escape(permitted(text).as_ref()).into_owned()
}

/// The properties of text. Without a face for Chinese, programs take any; without its language, LibreOffice does not break long
/// names into lines, and squeezes the chart.
fn font(fonts: &Fonts, lang: Lang, colour: &str) -> String {
    let (latin, east) = (text(&fonts.latin), text(&fonts.fangsong));
    let (tag, other) = lang.pick(("zh-CN", "en-US"), ("en-US", "zh-CN"));
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr lang=\"{tag}\" altLang=\"{other}\" sz=\"{FONT}\"><a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill>\
         <a:latin typeface=\"{latin}\"/><a:ea typeface=\"{east}\"/><a:cs typeface=\"{latin}\"/></a:defRPr></a:pPr>\
         <a:endParaRPr lang=\"{tag}\"/></a:p></c:txPr>"
    )
}

fn strings(xml: &mut String, cells: &str, texts: &[String]) {
    let _ = write!(xml, "<c:strRef><c:f>{cells}</c:f><c:strCache><c:ptCount val=\"{}\"/>", texts.len());
    for (index, one) in texts.iter().enumerate() {
        let _ = write!(xml, "<c:pt idx=\"{index}\"><c:v>{}</c:v></c:pt>", text(one));
    }
    xml.push_str("</c:strCache></c:strRef>");
}

/// Numbers; one that is not there is a gap.
fn numbers(xml: &mut String, cells: &str, values: &[Option<u64>]) {
    let _ = write!(
        xml,
        "<c:numRef><c:f>{cells}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val=\"{}\"/>",
        values.len()
    );
    for (index, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let _ = write!(xml, "<c:pt idx=\"{index}\"><c:v>{value}</c:v></c:pt>");
        }
    }
    xml.push_str("</c:numCache></c:numRef>");
}

const BLACK: &str = "<a:solidFill><a:srgbClr val=\"000000\"/></a:solidFill>";
const WHITE: &str = "<a:solidFill><a:srgbClr val=\"FFFFFF\"/></a:solidFill>";

fn bars(xml: &mut String, place: usize) {
    let fill = match Fill::ALL.get(place) {
        Some(Fill::Grey(grey)) => format!("<a:solidFill><a:srgbClr val=\"{grey:06X}\"/></a:solidFill>"),
        Some(Fill::Lines { across }) => format!(
            "<a:pattFill prst=\"{}\"><a:fgClr><a:srgbClr val=\"000000\"/></a:fgClr><a:bgClr><a:srgbClr val=\"FFFFFF\"/></a:bgClr></a:pattFill>",
            if *across { "ltHorz" } else { "wdUpDiag" }
        ),
        None => String::new(),
    };
    let _ = write!(xml, "<c:spPr>{fill}<a:ln w=\"6350\">{BLACK}</a:ln></c:spPr><c:invertIfNegative val=\"0\"/>");
}

fn line(xml: &mut String, place: usize) {
    let (dash, _) = DASHES.get(place).copied().unwrap_or_default();
    let (marker, is_filled) = MARKERS.get(place).copied().unwrap_or((Marker::Circle, true));
    let symbol = match marker {
        Marker::Circle => "circle",
        Marker::Square => "square",
        Marker::Triangle => "triangle",
        Marker::Diamond => "diamond",
        Marker::Cross => "x",
        Marker::Plus => "plus",
    };
    let fill = if is_filled { BLACK } else { WHITE };
    let _ = write!(
        xml,
        "<c:spPr><a:ln w=\"19050\" cap=\"flat\">{BLACK}<a:prstDash val=\"{dash}\"/><a:round/></a:ln></c:spPr><c:marker>\
         <c:symbol val=\"{symbol}\"/><c:size val=\"7\"/><c:spPr>{fill}<a:ln w=\"9525\">{BLACK}</a:ln></c:spPr></c:marker>"
    );
}

/// The numbers at bars and points, where there is room for them.
fn labels(xml: &mut String, plot: &Plot, place: usize, series: &ChartSeries, inside: &str, beside: &str) {
    let shown = |shown: u8| {
        format!(
            "<c:showLegendKey val=\"0\"/><c:showVal val=\"{shown}\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/>\
             <c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/>"
        )
    };
    let none = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>";
    xml.push_str("<c:dLbls>");
    let inner = match plot.form {
        ChartForm::Lines if !has_line_labels(plot) => shown(0),
        ChartForm::Lines => {
            let at = |side: &str| {
                format!(
                    "<c:numFmt formatCode=\"0\" sourceLinked=\"0\"/>{none}{beside}<c:dLblPos val=\"{side}\"/>{}",
                    shown(1)
                )
            };
            let usual = place == 0;
            let values = series.values.iter().enumerate().filter(|(_, value)| value.is_some());
            for (index, _) in values.filter(|(index, _)| plot.is_labelled_above(place, *index) != usual) {
                let side = if usual { "b" } else { "t" };
                let _ = write!(xml, "<c:dLbl><c:idx val=\"{index}\"/>{}</c:dLbl>", at(side));
            }
            at(if usual { "t" } else { "b" })
        }
        ChartForm::Bars => format!("<c:numFmt formatCode=\"0\" sourceLinked=\"0\"/>{none}{beside}{}", shown(1)),
        ChartForm::Stacked => {
            for (index, value) in series.values.iter().enumerate() {
                // A piece narrower than its number: the number would stand on those beside it.
                if value.is_some_and(|value| value > 0 && is_narrow(value, plot)) {
                    let _ = write!(xml, "<c:dLbl><c:idx val=\"{index}\"/><c:delete val=\"1\"/></c:dLbl>");
                }
            }
            // Black lines are no ground for a black number.
            let ground = match Fill::ALL.get(place) {
                Some(Fill::Lines { .. }) => format!("<c:spPr>{WHITE}<a:ln><a:noFill/></a:ln></c:spPr>"),
                _ => none.to_owned(),
            };
            format!("<c:numFmt formatCode=\"0;-0;;\" sourceLinked=\"0\"/>{ground}{inside}{}", shown(1))
        }
    };
    xml.extend([&inner, "</c:dLbls>"]);
}

/// Whether the piece of a bar is narrower than its number.
fn is_narrow(value: u64, plot: &Plot) -> bool {
    // The axis may be longer than the longest bar, by a quarter at the most.
    let room = (WIDTH_MM * 10 - names_width(plot) - BESIDE) * 4 / 5;
    let width = u128::from(value) * room as u128 / u128::from(plot.greatest.max(1));
    width < (value.to_string().len() * COLUMN + 4) as u128
}

/// Whether the points of lines have their numbers: where they don't run into each other.
fn has_line_labels(plot: &Plot) -> bool {
    plot.series.len() <= 2
        && plot.categories.len() * (plot.greatest.to_string().len() * COLUMN + 10) <= WIDTH_MM * 10 - 150
}

/// The axis of the categories and that of the values.
fn axes(xml: &mut String, plot: &Plot) {
    let is_line = plot.form == ChartForm::Lines;
    let thin = format!("<c:spPr><a:ln w=\"6350\">{BLACK}</a:ln></c:spPr>");
    // Bars begin with the first category at the top, with the values at the bottom.
    let (order, side, crosses, across) =
        if is_line { ("minMax", "b", "autoZero", "l") } else { ("maxMin", "l", "max", "b") };
    let longest = plot.categories.iter().map(|name| columns(name)).max().unwrap_or(0) * COLUMN + 10;
    let room = (WIDTH_MM * 10 - 150) / plot.categories.len().max(1);
    let skip = if is_line { longest.div_ceil(room.max(1)).max(1) } else { 1 };
    let _ = write!(
        xml,
        "<c:catAx><c:axId val=\"1\"/><c:scaling><c:orientation val=\"{order}\"/></c:scaling><c:delete val=\"0\"/>\
         <c:axPos val=\"{side}\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/>\
         <c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/>{thin}<c:crossAx val=\"2\"/><c:crosses val=\"autoZero\"/>\
         <c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/><c:tickLblSkip val=\"{skip}\"/>\
         <c:noMultiLvlLbl val=\"1\"/></c:catAx>"
    );
    // Drawings of one chart have one scale. Any other grows with what somebody writes in its workbook.
    let (step, last) = ticks(plot.greatest);
    let most = if plot.is_part { format!("<c:max val=\"{last}\"/>") } else { String::new() };
    // Without this, a short axis would have marks at half issues.
    let has_unit = plot.is_part || plot.greatest <= 10;
    let unit = if has_unit { format!("<c:majorUnit val=\"{step}\"/>") } else { String::new() };
    let _ = write!(
        xml,
        "<c:valAx><c:axId val=\"2\"/><c:scaling><c:orientation val=\"minMax\"/>{most}<c:min val=\"0\"/></c:scaling>\
         <c:delete val=\"0\"/><c:axPos val=\"{across}\"/><c:majorGridlines><c:spPr><a:ln w=\"6350\"><a:solidFill>\
         <a:srgbClr val=\"BFBFBF\"/></a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode=\"0\" sourceLinked=\"0\"/>\
         <c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/>{thin}<c:crossAx val=\"1\"/>\
         <c:crosses val=\"{crosses}\"/><c:crossBetween val=\"between\"/>{unit}</c:valAx>"
    );
}
