//! Charts: tables of counts that are drawn.
//!
//! A chart is a table whose first column names what is compared and whose other columns are series of counts, so that a
//! format without drawings has the same figures as one with them.

use crate::document::{Block, Document, PhotoCell, said};
pub use crate::document::{Chart, ChartForm};
use crate::words::lang::Lang;

/// One series of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSeries {
    /// Its name.
    pub name: String,
    /// A count for each category; nothing where the table has a text instead, such as a count that is not published.
    pub values: Vec<Option<u64>>,
}

impl ChartForm {
    /// All forms, with their names in Markdown.
    pub const ALL: [(&'static str, Self); 3] =
        [("bars", Self::Bars), ("stacked", Self::Stacked), ("lines", Self::Lines)];

    /// The form with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, form)| *form)
    }

    /// Its name in Markdown.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, form)| *form == self).map_or("", |(name, _)| name)
    }
}

impl Chart {
    /// What is compared, in the order of the rows.
    #[must_use]
    pub fn categories(&self) -> Vec<String> {
        self.table
            .rows
            .iter()
            .map(|row| row.first().map(|cell| said(&cell.0).into_owned()).unwrap_or_default())
            .collect()
    }

    /// What the categories are, such as 责任单位.
    #[must_use]
    pub fn axis(&self) -> String {
        self.table.header.first().map(|cell| said(&cell.0).into_owned()).unwrap_or_default()
    }

    /// The series, in the order of the columns. A blank cell is a zero.
    #[must_use]
    pub fn series(&self) -> Vec<ChartSeries> {
        let value = |row: &Vec<super::Cell>, column: usize| {
            let text = row.get(column).map(|cell| said(&cell.0)).unwrap_or_default();
            if text.trim().is_empty() { Some(0) } else { text.trim().parse().ok() }
        };
        let heads = self.table.header.iter().enumerate().skip(1);
        heads
            .map(|(column, head)| ChartSeries {
                name: said(&head.0).into_owned(),
                values: self.table.rows.iter().map(|row| value(row, column)).collect(),
            })
            .collect()
    }

    /// The caption; blank without one.
    #[must_use]
    pub fn caption(&self) -> &str {
        self.table.caption.as_deref().unwrap_or_default()
    }

    /// Says what the chart says, for readers who can't see it: its kind, its caption and every value.
    #[must_use]
    pub fn description(&self, lang: Lang) -> String {
        let form = match self.form {
            ChartForm::Bars => lang.pick("条形图", "Bar chart"),
            ChartForm::Stacked => lang.pick("堆积条形图", "Stacked bar chart"),
            ChartForm::Lines => lang.pick("折线图", "Line chart"),
        };
        let cell = |text: String| text.replace('\n', " ");
        let heads: Vec<String> =
            self.table.header.iter().skip(1).map(|cell| said(&cell.0).replace('\n', " ")).collect();
        let rows = self.table.rows.iter().map(|row| {
            let mut cells = row.iter().map(|one| cell(said(&one.0).into_owned()));
            let name = cells.next().unwrap_or_default();
            let values: Vec<String> = heads
                .iter()
                .zip(cells)
                .map(|(head, value)| format!("{head} {}", if value.trim().is_empty() { "0" } else { value.trim() }))
                .collect();
            format!("{name}{}{}", lang.pick("：", ": "), values.join(lang.pick("，", ", ")))
        });
        let rows: Vec<String> = rows.collect();
        let caption = self.caption();
        let head =
            if caption.is_empty() { form.to_owned() } else { format!("{form}{}{caption}", lang.pick("：", ": ")) };
        let (stop, between) = (lang.pick("。", ". "), lang.pick("；", "; "));
        format!("{head}{stop}{}{}", rows.join(between), stop.trim_end())
    }
}

impl Document {
    /// Numbers the captions of the charts and photos in one sequence, 图1 in the order of the pages, and returns the last
    /// number.
    pub fn number_figures(&mut self) -> usize {
        let attachments = self.attachments.iter_mut().map(|part| &mut part.body);
        let mut last = 0;
        number_figures(self.lang, std::iter::once(&mut self.body).chain(attachments).flatten(), &mut last);
        last
    }
}

/// Numbers the captions of the charts and photos among blocks, after the `last` number before them. One that has a number
/// already keeps it, and counting continues from there.
pub fn number_figures<'b>(lang: Lang, blocks: impl Iterator<Item = &'b mut Block>, last: &mut usize) {
    for block in blocks {
        let chart = match block {
            Block::Chart(chart) => chart,
            Block::Photos(photos) => {
                for cell in photos.rows.iter_mut().flatten() {
                    if let PhotoCell::Photo(photo) = cell {
                        *last = *photo.number.get_or_insert(*last + 1);
                    }
                }
                continue;
            }
            _ => continue,
        };
        let caption = chart.caption().trim();
        if let Some(given) = number_of(lang, caption) {
            *last = given;
            continue;
        }
        *last += 1;
        let gap = if caption.is_empty() { "" } else { lang.pick("　", ". ") };
        chart.table.caption = Some(format!("{}{last}{gap}{caption}", lang.pick("图", "Figure ")));
    }
}

/// The number that a caption begins with.
fn number_of(lang: Lang, caption: &str) -> Option<usize> {
    let rest = caption.strip_prefix(lang.pick("图", "Figure "))?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(end);
    let ends = rest.is_empty() || rest.starts_with(['　', ' ', '.', '．', ':', '：']);
    digits.parse().ok().filter(|_| ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::markdown::blocks;

    const CHART: &str = "<!-- chart: stacked -->\n\n: 各单位问题\n\n| 责任单位 | 已整改 | 逾期 |\n|---|--:|--:|\n| 甲 | 12 | 3 |\n\
                         | 乙 |  | 少于5 |\n";

    fn chart(markdown: &str) -> Chart {
        match blocks(markdown).unwrap().body.as_slice() {
            [Block::Chart(chart)] => chart.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_table_marked_as_a_chart_is_one() {
        let chart = chart(CHART);
        assert_eq!((chart.form, chart.axis().as_str()), (ChartForm::Stacked, "责任单位"));
        assert_eq!(chart.categories(), ["甲", "乙"]);
        let series = chart.series();
        assert_eq!((series[0].name.as_str(), series[0].values.as_slice()), ("已整改", &[Some(12), Some(0)][..]));
        assert_eq!(series[1].values, [Some(3), None]);
        assert_eq!(
            chart.description(Lang::Zh),
            "堆积条形图：各单位问题。甲：已整改 12，逾期 3；乙：已整改 0，逾期 少于5。"
        );
    }

    #[test]
    fn captions_are_numbered_once() {
        let mut body = blocks(&format!("{CHART}\n段落\n\n{CHART}\n# 附件\n\n{CHART}")).unwrap();
        let mut document = Document {
            lang: Lang::Zh,
            kind: String::new(),
            layout: super::super::Layout::Document,
            head: super::super::Head::default(),
            body: std::mem::take(&mut body.body),
            attachments: body.attachments,
            foot: super::super::Foot::default(),
            reckoned: None,
            sources: super::super::FigureSources::default(),
        };
        if let Some(Block::Chart(chart)) = document.body.first_mut() {
            chart.table.caption = Some("图3　已有编号".to_owned());
        }
        document.number_figures();
        let numbered = document.clone();
        document.number_figures();
        assert_eq!(document, numbered);
        let blocks = document.body.iter().chain(document.attachments.iter().flat_map(|part| &part.body));
        let captions: Vec<&str> = blocks
            .filter_map(|block| if let Block::Chart(chart) = block { Some(chart.caption()) } else { None })
            .collect();
        assert_eq!(captions, ["图3　已有编号", "图4　各单位问题", "图5　各单位问题"]);
    }
}
