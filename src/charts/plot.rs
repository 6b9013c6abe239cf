//! What goes on one drawing, how its series are told apart, and what it can't show.

use crate::document::chart::{Chart, ChartForm, ChartSeries};
use crate::document::text::columns;
use crate::document::{Table, said};
use crate::words::lang::Lang;

/// The most series that can be told apart without colours.
pub(crate) const MAX_SERIES: usize = 6;
/// The width of a name on one line beside the bars of a page, in half-width columns.
pub(super) const NAME_COLUMNS: usize = 24;
/// The height of the bars of one drawing on a page, in tenths of a millimetre.
const MOST_HEIGHT: usize = 1800;

/// How the bars of a series are filled. Beside each other they differ in brightness, and in a copy too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    /// Of one grey, as RGB.
    Grey(u32),
    /// Black lines on white, upwards or across.
    Lines {
        /// Whether they lie across; else they go up.
        across: bool,
    },
}

impl Fill {
    /// The fills of the series in their order.
    pub(crate) const ALL: [Self; MAX_SERIES] = [
        Self::Grey(0x40_4040),
        Self::Lines { across: false },
        Self::Grey(0xD9_D9D9),
        Self::Grey(0x8C_8C8C),
        Self::Grey(0xFF_FFFF),
        Self::Lines { across: true },
    ];

    /// Whether black text can't be read on it.
    pub(crate) fn is_dark(self) -> bool {
        self == Self::Grey(0x40_4040)
    }
}

/// The dashes of the lines of series in their order, by the names of DrawingML, with their lengths in widths of the line.
pub(crate) const DASHES: [(&str, &[u32]); MAX_SERIES] = [
    ("solid", &[]),
    ("sysDash", &[3, 1]),
    ("lgDash", &[8, 3]),
    ("sysDot", &[1, 1]),
    ("dashDot", &[4, 3, 1, 3]),
    ("lgDashDot", &[8, 3, 1, 3]),
];

/// The marker at each point of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    Plus,
}

/// The markers of series in their order, and whether they are filled. Their forms differ, for LibreOffice fills all of them.
pub(crate) const MARKERS: [(Marker, bool); MAX_SERIES] = [
    (Marker::Circle, true),
    (Marker::Square, false),
    (Marker::Triangle, true),
    (Marker::Diamond, false),
    (Marker::Cross, false),
    (Marker::Plus, false),
];

/// A count that a chart can't show, since its table has a text instead: 少于5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChartGap {
    /// The place of its category.
    pub(crate) category: usize,
    /// The place of its series.
    pub(crate) series: usize,
    /// What the table has.
    pub(crate) text: String,
}

/// What one drawing shows: a chart, or the rows of one that go on a page together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plot {
    pub(crate) form: ChartForm,
    /// What the categories are.
    pub(crate) axis: String,
    /// Their names, each on one line.
    pub(crate) categories: Vec<String>,
    pub(crate) series: Vec<ChartSeries>,
    pub(crate) gaps: Vec<ChartGap>,
    pub(crate) caption: String,
    /// Says what the drawing says.
    pub(crate) description: String,
    /// The longest bar or the highest point of the whole chart.
    pub(crate) greatest: u64,
    /// Whether other rows of the chart are on another drawing, which has the same scale.
    pub(crate) is_part: bool,
    /// The categories that are marked on the axis of a chart of lines.
    pub(crate) marks: Vec<usize>,
}

impl Plot {
    /// Whether the number at a point of one of two lines stands above it: that of the higher point does, and that of the lower
    /// one below, so that they don't run into each other. Down at the axis all stand above.
    pub(crate) fn is_labelled_above(&self, series: usize, category: usize) -> bool {
        let value =
            |series: usize| self.series.get(series).and_then(|series| series.values.get(category).copied().flatten());
        if value(series).unwrap_or(0) <= self.greatest / 10 {
            return true;
        }
        if series == 0 { value(0) >= value(1) } else { value(1) > value(0) }
    }
}

/// Returns the drawings of a chart, each with rows that go on a page; none if there is nothing to draw, or if its series
/// could not be told apart. Such a chart is written as its table.
pub(crate) fn plots(chart: &Chart, lang: Lang) -> Vec<Plot> {
    let whole = plot(chart, lang);
    let is_shown = whole.greatest > 0 || whole.series.iter().any(|series| series.values.contains(&Some(0)));
    if !is_shown || whole.series.len() > MAX_SERIES {
        return Vec::new();
    }
    let (rows, most) = (chart.table.rows.len(), (MOST_HEIGHT / row_height(&whole)).max(1));
    if chart.form == ChartForm::Lines || rows <= most {
        return vec![whole];
    }
    // Parts of about the same size.
    let size = rows.div_ceil(rows.div_ceil(most));
    let parts = chart.table.rows.chunks(size).map(|rows| {
        let table = Table { rows: rows.to_vec(), ..chart.table.clone() };
        let part = plot(&Chart { form: chart.form, table }, lang);
        Plot { greatest: whole.greatest, is_part: true, ..part }
    });
    parts.collect()
}

/// The number of series of a chart that has more of them than can be told apart, and so is its table.
pub(crate) fn too_many_series(chart: &Chart) -> Option<usize> {
    Some(chart.series().len()).filter(|count| *count > MAX_SERIES)
}

fn plot(chart: &Chart, lang: Lang) -> Plot {
    let one_line = |text: String| text.replace('\n', " ");
    let mut series = chart.series();
    for series in &mut series {
        series.name = one_line(std::mem::take(&mut series.name));
    }
    let gaps = series.iter().enumerate().flat_map(|(place, series)| {
        let missing = series.values.iter().enumerate().filter(|(_, value)| value.is_none());
        missing.map(move |(category, _)| {
            let cell = chart.table.rows.get(category).and_then(|row| row.get(place + 1));
            ChartGap {
                category,
                series: place,
                text: one_line(cell.map(|cell| said(&cell.0)).unwrap_or_default().trim().to_owned()),
            }
        })
    });
    let greatest = match chart.form {
        ChartForm::Stacked => (0..chart.table.rows.len())
            .map(|row| {
                series
                    .iter()
                    .filter_map(|series| series.values.get(row).copied().flatten())
                    .fold(0, u64::saturating_add)
            })
            .max(),
        ChartForm::Bars | ChartForm::Lines => {
            series.iter().flat_map(|series| series.values.iter().flatten()).max().copied()
        }
    };
    Plot {
        form: chart.form,
        axis: one_line(chart.axis()),
        categories: chart.categories().into_iter().map(one_line).collect(),
        gaps: gaps.collect(),
        series,
        caption: one_line(chart.caption().to_owned()),
        description: chart.description(lang),
        greatest: greatest.unwrap_or(0),
        is_part: false,
        marks: Vec::new(),
    }
}

/// The height of a row of bars on a page, in tenths of a millimetre: room for the name on one line or more, or for a bar of
/// each series.
pub(super) fn row_height(plot: &Plot) -> usize {
    let lines = plot.categories.iter().map(|name| columns(name).div_ceil(NAME_COLUMNS)).max().unwrap_or(1).max(1);
    let bars = if plot.form == ChartForm::Bars { plot.series.len().max(1) } else { 1 };
    (20 + 40 * lines).max(20 + 40 * bars)
}

/// The distance of the marks on the axis of values, and the last of them: at least four, and whole numbers.
pub(crate) fn ticks(greatest: u64) -> (u64, u64) {
    let rough = (greatest / 4).max(1);
    let power = 10_u64.saturating_pow(rough.ilog10());
    let unit = [1, 2, 5].into_iter().rfind(|first| first * power <= rough).map_or(power, |first| first * power);
    (unit, greatest.max(1).div_ceil(unit).saturating_mul(unit))
}

/// The most places that a note lists of one text.
const LISTED: usize = 8;

/// Returns the note under a chart that says what it does not show: counts that are not published, for example.
pub(crate) fn note(plots: &[Plot], lang: Lang) -> Option<String> {
    let mut by_text: Vec<(&str, Vec<String>)> = Vec::new();
    for plot in plots {
        for gap in &plot.gaps {
            let category = plot.categories.get(gap.category).map_or("", String::as_str);
            let series = plot.series.get(gap.series).filter(|_| plot.series.len() > 1);
            let place = match series {
                Some(series) => {
                    lang.pick(format!("{category}（{}）", series.name), format!("{category} ({})", series.name))
                }
                None => category.to_owned(),
            };
            match by_text.iter_mut().find(|(text, _)| *text == gap.text) {
                Some((_, places)) => places.push(place),
                None => by_text.push((&gap.text, vec![place])),
            }
        }
    }
    let sentences = by_text.iter().map(|(text, places)| {
        let more = match places.len().saturating_sub(LISTED) {
            0 => String::new(),
            _ if lang == Lang::Zh => format!("等{}项", places.len()),
            more => format!(" and {more} more"),
        };
        let listed: Vec<&str> = places.iter().take(LISTED).map(String::as_str).collect();
        let listed = listed.join(lang.pick("、", ", "));
        lang.pick(format!("{listed}{more}，{text}"), format!("{listed}{more}, {text}"))
    });
    let sentences: Vec<String> = sentences.collect();
    if sentences.is_empty() {
        return None;
    }
    let all = sentences.join(lang.pick("；", "; "));
    Some(lang.pick(format!("注：图中未画：{all}。"), format!("Note: not drawn: {all}.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Block;
    use crate::document::markdown::blocks;

    fn chart(markdown: &str) -> Chart {
        match blocks(markdown).unwrap().body.pop() {
            Some(Block::Chart(chart)) => chart,
            other => panic!("{other:?}"),
        }
    }

    fn of_rows(form: &str, heads: &[&str], rows: usize) -> Chart {
        let row = |text: String| format!("| {text} |{}\n", " 2 |".repeat(heads.len()));
        let rows: String = (0..rows).map(|at| row(format!("单位{at}"))).collect();
        chart(&format!(
            "<!-- chart: {form} -->\n\n| 单位 | {} |\n|---|{}\n{rows}",
            heads.join(" | "),
            "--:|".repeat(heads.len())
        ))
    }

    #[test]
    fn many_rows_go_on_several_drawings_of_one_scale() {
        let sizes = |chart: &Chart| {
            let plots = plots(chart, Lang::Zh);
            assert!(plots.iter().all(|plot| plot.greatest == plots[0].greatest && plot.is_part == (plots.len() > 1)));
            plots.iter().map(|plot| plot.categories.len()).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&of_rows("bars", &["数"], 30)), [30]);
        assert_eq!(sizes(&of_rows("bars", &["数"], 31)), [16, 15]);
        assert_eq!(sizes(&of_rows("stacked", &["a", "b", "c"], 61)), [21, 21, 19]);
        // A bar of each series needs more room, and a line does not.
        assert_eq!(sizes(&of_rows("bars", &["a", "b", "c"], 14)), [7, 7]);
        assert_eq!(sizes(&of_rows("lines", &["a"], 200)), [200]);
    }

    #[test]
    fn marks_are_whole_numbers_and_few() {
        for (greatest, expected) in [
            (0, (1, 1)),
            (1, (1, 1)),
            (3, (1, 3)),
            (7, (1, 7)),
            (8, (2, 8)),
            (9, (2, 10)),
            (41, (10, 50)),
            (999, (200, 1000)),
        ] {
            assert_eq!(ticks(greatest), expected, "{greatest}");
        }
        for greatest in (0..5000).chain([u64::MAX]) {
            let (unit, last) = ticks(greatest);
            assert!(last >= greatest && last / unit <= 10, "{greatest}: {unit}, {last}");
        }
    }

    #[test]
    fn what_can_not_be_drawn_is_not() {
        let heads = ["a", "b", "c", "d", "e", "f", "g"];
        let many = of_rows("stacked", &heads, 1);
        assert!(plots(&many, Lang::Zh).is_empty() && too_many_series(&many).is_some());
        let most = of_rows("stacked", &heads[..MAX_SERIES], 1);
        assert_eq!((plots(&most, Lang::Zh).len(), too_many_series(&most)), (1, None));
        assert!(plots(&of_rows("bars", &["a"], 0), Lang::Zh).is_empty());
        assert!(
            plots(&chart("<!-- chart: bars -->\n\n| 单位 | 数 |\n|---|--:|\n| 甲 | 少于5 |\n"), Lang::Zh).is_empty()
        );
        assert_eq!(plots(&chart("<!-- chart: bars -->\n\n| 单位 | 数 |\n|---|--:|\n| 甲 | |\n"), Lang::Zh).len(), 1);
    }

    #[test]
    fn what_is_not_drawn_is_told() {
        let rows = "| 单位 | 甲 | 乙 |\n|---|--:|--:|\n| A | 1 | 少于5 |\n| B | 少于5 | 不公布 |\n";
        let told = |lang| note(&plots(&chart(&format!("<!-- chart: bars -->\n\n{rows}")), lang), lang);
        assert_eq!(told(Lang::Zh).as_deref(), Some("注：图中未画：B（甲）、A（乙），少于5；B（乙），不公布。"));
        assert_eq!(told(Lang::En).as_deref(), Some("Note: not drawn: B (甲), A (乙), 少于5; B (乙), 不公布."));
        let many =
            format!("<!-- chart: bars -->\n\n| 单位 | 甲 |\n|---|--:|\n| A | 1 |\n{}", "| B | 少于5 |\n".repeat(10));
        let told = note(&plots(&chart(&many), Lang::Zh), Lang::Zh).unwrap();
        assert!(told.contains("等10项，少于5") && told.matches('B').count() == LISTED, "{told}");
        assert_eq!(note(&plots(&of_rows("bars", &["a"], 2), Lang::Zh), Lang::Zh), None);
    }
}
