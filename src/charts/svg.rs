//! A chart as SVG, to stand in a page: no script, nothing loaded, ink and paper in the colours of the page, which may be dark.
//!
//! It is drawn for the width of a phone, where its text is as small as can be read, and grows to that of a page. The classes
//! have their looks in the style sheet of the page.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::plot::{DASHES, Fill, MARKERS, Marker, Plot, ticks};
use crate::document::chart::ChartForm;
use crate::document::text::{columns, is_wide, permitted};

/// The width of the drawing. A unit is a tenth of a pixel on a phone, more or less.
const WIDTH: usize = 3800;
/// The size of the text, the width of half a character, and the height of a line of text.
const FONT: usize = 125;
const COLUMN: usize = 64;
const LINE: usize = 165;
/// The height of a bar.
const BAR: usize = 150;
/// Between rows of bars.
const GAP: usize = 100;
/// The most half-width columns of a name beside its bars; longer ones are wrapped.
const NAME_COLUMNS: usize = 18;
/// The height of the field of a chart of lines.
const FIELD: usize = 1900;

/// Returns a chart as an `<svg>`, with its caption as title and a description that says all it shows. `id` begins the ids
/// within.
pub(crate) fn svg(plot: &Plot, id: &str) -> String {
    let mut drawn = Svg { plot, id, xml: String::new(), y: 20 };
    drawn.legend();
    match plot.form {
        ChartForm::Bars | ChartForm::Stacked => drawn.bars(),
        ChartForm::Lines => drawn.lines(),
    }
    let title = if plot.caption.is_empty() {
        String::new()
    } else {
        format!("<title id=\"{id}-t\">{}</title>", text(&plot.caption))
    };
    let named = if title.is_empty() { format!("{id}-d") } else { format!("{id}-t {id}-d") };
    format!(
        "<svg role=\"img\" aria-labelledby=\"{named}\" viewBox=\"0 0 {WIDTH} {}\" font-size=\"{FONT}\">{title}\
         <desc id=\"{id}-d\">{}</desc>{}{}</svg>\n",
        drawn.y,
        text(&plot.description),
        drawn.patterns(),
        drawn.xml
    )
}

fn text(text: &str) -> String {
    escape(permitted(text).as_ref()).into_owned()
}

/// Cuts a text into lines of no more columns, as equal as they can be.
fn wrapped(name: &str, most: usize) -> Vec<String> {
    let width = columns(name);
    let least = width.div_ceil(most).max(1);
    let even = cut(name, (width.div_ceil(least) + 2).min(most));
    if even.len() <= least { even } else { cut(name, most) }
}

/// Cuts a text into lines of no more columns, between words where it has some.
fn cut(name: &str, most: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for c in name.chars() {
        if columns(&line) + columns(c.encode_utf8(&mut [0; 4])) > most {
            // A word goes to the next line as a whole, if it fits there.
            let word = line
                .rfind(|c: char| c == ' ' || is_wide(c))
                .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
            let rest = if word > 0 && !is_wide(c) && c != ' ' { line.split_off(word) } else { String::new() };
            lines.push(std::mem::replace(&mut line, rest).trim_end().to_owned());
        }
        if !(line.is_empty() && c == ' ') {
            line.push(c);
        }
    }
    lines.push(line);
    lines
}

struct Svg<'p> {
    plot: &'p Plot,
    id: &'p str,
    xml: String,
    /// Down to where it is drawn.
    y: usize,
}

impl Svg<'_> {
    /// The patterns of fills that are lines.
    fn patterns(&self) -> String {
        if self.plot.form == ChartForm::Lines {
            return String::new();
        }
        let mut defs = String::new();
        for (place, fill) in Fill::ALL.iter().enumerate().take(self.plot.series.len()) {
            let Fill::Lines { across } = fill else { continue };
            let turned = if *across { "" } else { " patternTransform=\"rotate(45)\"" };
            let line = if *across { "M0 20h60" } else { "M20 0v60" };
            let _ = write!(
                defs,
                "<pattern id=\"{}-p{place}\" width=\"60\" height=\"60\" patternUnits=\"userSpaceOnUse\"{turned}>\
                 <path class=\"h\" d=\"{line}\"/></pattern>",
                self.id
            );
        }
        if defs.is_empty() { defs } else { format!("<defs>{defs}</defs>") }
    }

    /// A rectangle in the fill of a series.
    fn rectangle(&mut self, place: usize, [x, y, width, height]: [usize; 4]) {
        let fill = match Fill::ALL.get(place) {
            Some(Fill::Lines { .. }) => format!("fill=\"url(#{}-p{place})\"", self.id),
            _ => format!("class=\"f{place}\""),
        };
        // What is drawn through a pattern lets the page show.
        let _ = write!(self.xml, "<rect {fill} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>");
    }

    /// A text; `class` says how it is aligned.
    fn text(&mut self, class: &str, x: usize, y: usize, said: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = write!(self.xml, "<text{class} x=\"{x}\" y=\"{y}\">{}</text>", text(said));
    }

    /// The ground of a number that stands in the middle of a place, so that what is behind it does not run into it.
    fn ground(&mut self, x: usize, y: usize, said: &str) {
        let width = said.len() * COLUMN + 24;
        let (x, y) = (x.saturating_sub(width / 2), y.saturating_sub(104));
        let _ = write!(self.xml, "<rect class=\"b\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"118\" rx=\"20\"/>");
    }

    /// The names of the series with their fills or lines, in the order in which they are stacked.
    fn legend(&mut self) {
        let plot = self.plot;
        if plot.series.len() < 2 {
            return;
        }
        let sample = if plot.form == ChartForm::Lines { 420 } else { BAR };
        let mut x = 0;
        for (place, series) in plot.series.iter().enumerate() {
            for (at, name) in wrapped(&series.name, (WIDTH - sample) / COLUMN - 4).iter().enumerate() {
                let width = sample + 60 + columns(name) * COLUMN;
                if at > 0 || (x > 0 && x + width > WIDTH) {
                    (x, self.y) = (0, self.y + LINE + 20);
                }
                if at == 0 && plot.form == ChartForm::Lines {
                    self.path(place, &[vec![(x, self.y + BAR / 2), (x + sample, self.y + BAR / 2)]]);
                    self.marker(place, (x + sample / 2, self.y + BAR / 2));
                } else if at == 0 {
                    self.rectangle(place, [x, self.y, BAR, BAR]);
                }
                self.text("", x + sample + 60, self.y + 120, name);
                x += width + 180;
            }
        }
        self.y += LINE + 120;
    }

    fn bars(&mut self) {
        let plot = self.plot;
        let names: Vec<Vec<String>> = plot.categories.iter().map(|name| wrapped(name, NAME_COLUMNS)).collect();
        let widest = names.iter().flatten().map(|line| columns(line)).max().unwrap_or(0);
        let left = widest * COLUMN + 80;
        // A number stands behind its bar, a word in the place of one.
        let word = plot.gaps.iter().map(|gap| columns(&gap.text)).max().unwrap_or(0);
        let beside = if plot.form == ChartForm::Bars { plot.greatest.to_string().len() * COLUMN + 90 } else { 20 };
        let field = (WIDTH - left).saturating_sub(beside).max(400);
        let stacked = plot.form == ChartForm::Stacked;
        let bars = if stacked { 1 } else { plot.series.len().max(1) };
        let top = self.y;
        for (row, lines) in names.iter().enumerate() {
            let height = (bars * BAR).max(lines.len() * LINE);
            let mut baseline = self.y + (height - lines.len() * LINE) / 2 + 120;
            for line in lines {
                self.text("e", left - 80, baseline, line);
                baseline += LINE;
            }
            let (mut x, mut y) = (left, self.y + (height - bars * BAR) / 2);
            for (place, series) in plot.series.iter().enumerate() {
                let value = series.values.get(row).copied().flatten();
                let width = value.map_or(0, |value| length(value, plot.greatest, field));
                if width > 0 {
                    self.rectangle(place, [x, y, width, BAR]);
                }
                match value {
                    Some(value) if stacked => {
                        let said = value.to_string();
                        if value > 0 && width > said.len() * COLUMN + 30 {
                            // A ground on which it can be read, by day and in the dark.
                            if !matches!(Fill::ALL.get(place), Some(Fill::Grey(0xD9_D9D9 | 0xFF_FFFF))) {
                                self.ground(x + width / 2, y + 118, &said);
                            }
                            self.text("c", x + width / 2, y + 118, &said);
                        }
                        x += width;
                    }
                    Some(value) => self.text("", x + width + 40, y + 118, &value.to_string()),
                    None if !stacked && word * COLUMN < field + beside => {
                        let gap = plot.gaps.iter().find(|gap| (gap.category, gap.series) == (row, place));
                        self.text("", x + 40, y + 118, gap.map_or("", |gap| &gap.text));
                    }
                    None => {}
                }
                if !stacked {
                    y += BAR;
                }
            }
            self.y += height + GAP;
        }
        self.y -= GAP;
        let _ = write!(self.xml, "<path class=\"x\" d=\"M{left} {}V{}\"/>", top.saturating_sub(20), self.y + 20);
        self.y += 20;
    }

    fn lines(&mut self) {
        let plot = self.plot;
        let (unit, most) = ticks(plot.greatest);
        let left = most.to_string().len() * COLUMN + 60;
        let slot = (WIDTH - left) / plot.categories.len().max(1);
        let bottom = self.y + 120 + FIELD;
        for value in (0..=most).step_by(usize::try_from(unit).unwrap_or(1)) {
            let y = bottom - length(value, most, FIELD);
            let class = if value == 0 { "x" } else { "g" };
            let _ = write!(self.xml, "<path class=\"{class}\" d=\"M{left} {y}H{WIDTH}\"/>");
            self.text("e", left - 40, y + 45, &value.to_string());
        }
        let longest = plot.categories.iter().map(|name| columns(name)).max().unwrap_or(0) * COLUMN + 60;
        let step = longest.div_ceil(slot.max(1)).max(1);
        let across = |index: usize| left + slot * index + slot / 2;
        for (index, name) in plot.categories.iter().enumerate().step_by(step) {
            // The last one must not leave the drawing.
            let half = columns(name) * COLUMN / 2;
            let x = across(index).min(WIDTH.saturating_sub(half)).max(half);
            self.text("c", x, bottom + 170, name);
        }
        for index in &plot.marks {
            let (x, y) = (across(*index), bottom + 12);
            let _ = write!(self.xml, "<path class=\"k\" d=\"M{x} {y}l34 48h-68z\"/>");
        }
        let point = |index: usize, value: u64| (across(index), bottom - length(value, most, FIELD));
        for (place, series) in plot.series.iter().enumerate() {
            // A count that is not there breaks the line.
            let mut pieces = vec![Vec::new()];
            for (index, value) in series.values.iter().enumerate() {
                match value {
                    Some(value) => pieces.last_mut().into_iter().for_each(|piece| piece.push(point(index, *value))),
                    None => pieces.push(Vec::new()),
                }
            }
            self.path(place, &pieces);
        }
        let has_labels = plot.series.len() <= 2 && slot > plot.greatest.to_string().len() * COLUMN;
        let points = plot.series.iter().enumerate().flat_map(|(place, series)| {
            let values = series.values.iter().enumerate();
            values.filter_map(move |(index, value)| Some((place, index, (*value)?)))
        });
        for (place, index, value) in points.clone().filter(|_| has_labels) {
            let ((x, y), said) = (point(index, value), value.to_string());
            let y = if plot.is_labelled_above(place, index) { y.saturating_sub(70) } else { y + 160 };
            self.ground(x, y, &said);
            self.text("c", x, y, &said);
        }
        for (place, index, value) in points {
            self.marker(place, point(index, value));
        }
        self.y = bottom + 210;
    }

    /// A line in the dashes of a series, in pieces.
    fn path(&mut self, place: usize, pieces: &[Vec<(usize, usize)>]) {
        let mut path = String::new();
        for piece in pieces {
            for (index, (x, y)) in piece.iter().enumerate() {
                let _ = write!(path, "{}{x} {y}", if index == 0 { "M" } else { "L" });
            }
        }
        if path.is_empty() {
            return;
        }
        let (_, dashes) = DASHES.get(place).copied().unwrap_or_default();
        let dashes: Vec<String> = dashes.iter().map(|length| (length * 22).to_string()).collect();
        let dashes =
            if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{}\"", dashes.join(" ")) };
        let _ = write!(self.xml, "<path class=\"s\"{dashes} d=\"{path}\"/>");
    }

    fn marker(&mut self, place: usize, (x, y): (usize, usize)) {
        let (marker, is_filled) = MARKERS.get(place).copied().unwrap_or((Marker::Circle, true));
        let class = if is_filled { "k" } else { "o" };
        let (x, y) = (x.max(50), y.max(50));
        let _ = match marker {
            Marker::Circle => write!(self.xml, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"38\"/>"),
            Marker::Square => write!(self.xml, "<path class=\"{class}\" d=\"M{} {}h70v70h-70z\"/>", x - 35, y - 35),
            Marker::Triangle => write!(self.xml, "<path class=\"{class}\" d=\"M{x} {}l45 78h-90z\"/>", y - 48),
            Marker::Cross => {
                write!(self.xml, "<path class=\"{class}\" d=\"M{} {}l76 76m0 -76l-76 76\"/>", x - 38, y - 38)
            }
            Marker::Plus => write!(self.xml, "<path class=\"{class}\" d=\"M{} {y}h100m-50 -50v100\"/>", x - 50),
            Marker::Diamond => {
                write!(self.xml, "<path class=\"{class}\" d=\"M{x} {}l50 50l-50 50l-50 -50z\"/>", y - 50)
            }
        };
    }
}

/// The length of a value where the greatest has another.
fn length(value: u64, greatest: u64, whole: usize) -> usize {
    let length = u128::from(value) * whole as u128 / u128::from(greatest.max(1));
    let length = usize::try_from(length).unwrap_or(whole).min(whole);
    // What is not zero shows.
    if value > 0 { length.max(8) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::plot::plots;
    use crate::document::Block;
    use crate::document::markdown::blocks;
    use crate::words::lang::Lang;

    fn drawn(form: &str, table: &str) -> String {
        let markdown = format!("<!-- chart: {form} -->\n\n: 图题<甲> & \"乙\"\n\n{table}");
        let Some(Block::Chart(chart)) = blocks(&markdown).unwrap().body.pop() else { panic!("{markdown}") };
        svg(&plots(&chart, Lang::Zh)[0], "d1-c1")
    }

    /// The elements of a name with their attributes. Panics if the XML is not well-formed.
    fn elements(xml: &str, name: &str) -> Vec<std::collections::BTreeMap<String, String>> {
        let (mut reader, mut found) = (quick_xml::Reader::from_str(xml), Vec::new());
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(element) | quick_xml::events::Event::Empty(element)
                    if element.name().as_ref() == name =>
                {
                    let attributes = element.attributes().map(Result::unwrap);
                    found.push(attributes.map(|one| (one.key.as_ref().to_owned(), one.value.to_string())).collect());
                }
                quick_xml::events::Event::Eof => return found,
                _ => {}
            }
        }
    }

    #[test]
    fn bars_are_as_long_as_their_values() {
        let xml = drawn("stacked", "| 单位 | 甲 | 乙 |\n|---|--:|--:|\n| A | 10 | 30 |\n| B | 0 | 20 |\n");
        let bars: Vec<_> = elements(&xml, "rect")
            .into_iter()
            .filter(|rect| rect.get("class").is_none_or(|class| class != "b"))
            .map(|rect| ["x", "width"].map(|key| rect[key].parse::<usize>().unwrap()))
            .collect();
        // After those of the legend.
        let [[left, short], [middle, long], [start, half]] = bars[2..] else { panic!("{bars:?}") };
        assert_eq!((middle, start), (left + short, left), "{bars:?}");
        assert!(
            long.abs_diff(3 * short) < 4 && half.abs_diff(2 * short) < 4 && left + short + long <= WIDTH,
            "{bars:?}"
        );
    }

    #[test]
    fn a_drawing_has_a_name_and_its_ids_are_its_own() {
        let xml = drawn("stacked", "| 单位 | 甲 | <乙> |\n|---|--:|--:|\n| A&B | 10 | 30 |\n");
        assert!(xml.contains("<title id=\"d1-c1-t\">图题&lt;甲&gt; &amp; &quot;乙&quot;</title>"), "{xml}");
        assert!(xml.contains("A&amp;B：甲 10，&lt;乙&gt; 30。</desc>") && xml.contains(">A&amp;B</text>"), "{xml}");
        assert_eq!(elements(&xml, "pattern")[0]["id"], "d1-c1-p1");
        assert_eq!(elements(&xml, "svg")[0]["aria-labelledby"], "d1-c1-t d1-c1-d");
    }

    #[test]
    fn a_count_in_words_is_no_zero() {
        let lines = drawn("lines", "| 月 | 甲 |\n|---|--:|\n| 1 | 10 |\n| 2 | 少于5 |\n| 3 | 20 |\n| 4 | 0 |\n");
        let line =
            elements(&lines, "path").into_iter().find(|path| path.get("class").is_some_and(|class| class == "s"));
        let line = line.unwrap()["d"].clone();
        assert_eq!((line.matches('M').count(), line.matches('L').count()), (2, 1), "{line}");
        assert_eq!(elements(&lines, "circle").len(), 3);
        let bars = drawn("bars", "| 月 | 甲 |\n|---|--:|\n| 1 | 10 |\n| 2 | 少于5 |\n| 3 | 0 |\n");
        assert_eq!(elements(&bars, "rect").len(), 1);
        assert!(bars.contains(">少于5</text>") && bars.contains(">0</text>"), "{bars}");
    }

    #[test]
    fn names_are_cut_into_lines_of_one_length() {
        assert_eq!(wrapped("东街办事处", 18), ["东街办事处"]);
        assert_eq!(wrapped("黄河路街道办事处综合行政执法大队", 18), ["黄河路街道办事处综", "合行政执法大队"]);
        assert_eq!(
            wrapped("豫兴路办事处综合治理和应急管理服务中心", 18),
            ["豫兴路办事处综", "合治理和应急管", "理服务中心"]
        );
        assert_eq!(wrapped("Station Road Take-away", 18), ["Station Road", "Take-away"]);
        assert_eq!(wrapped(&"x".repeat(40), 18).concat(), "x".repeat(40));
        assert_eq!(wrapped("", 18), [""]);
    }
}
