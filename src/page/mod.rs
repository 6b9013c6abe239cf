//! The page for the leader: what the functions of templates count, put together as a [`Board`].
//!
//! Every figure on it comes from the same functions as those of documents, and is recorded as theirs are.

mod issues;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::dataset::Figure;
use crate::document::board::{Board, OverdueIssue, Tile, Trend};
use crate::document::chart::Chart;
use crate::document::markdown::blocks;
use crate::document::source::FigureId;
use crate::document::{Align, Block, Cell, Inline, Table, said};
use crate::kind::sources_of;
use crate::query::{self, CallError, Output, QueryContext};
use crate::template::change_in_words;
use crate::words::lang::Lang;

use issues::{IssueList, text};

/// What a page is made of beside the rows.
pub(crate) struct PageInput<'p> {
    /// What functions count in.
    pub(crate) context: &'p QueryContext,
    /// Its title.
    pub(crate) title: String,
    /// Office, day, period, logs, faults: labels and texts.
    pub(crate) facts: Vec<(String, String)>,
    /// The bulletins that went out: days and numbers.
    pub(crate) bulletins: Vec<(NaiveDate, String)>,
    /// The next letter to an issue, by what the run calls it and its deadline.
    pub(crate) next: &'p dyn Fn(&str, NaiveDate) -> Option<String>,
}

/// Returns the page, and the figures on it.
///
/// # Errors
/// What can't be counted.
pub(crate) fn board(input: &PageInput<'_>) -> Result<(Board, Vec<Figure>), CallError> {
    let page = Page { context: input.context, lang: input.context.data.lang };
    let list = IssueList::of(input.context)?;
    let (trend, ranking, heat) =
        (page.trend(&input.bulletins)?, page.ranking()?, page.table("table", heat_arguments())?);
    let ages = page.chart(json!({"rows": "age", "open": true}))?;
    let tiles = page.tiles()?;
    let overdue = page.overdue(&list, input.next)?;
    let figures = input.context.figures();
    // Whatever is counted stands on the page.
    let all: BTreeSet<FigureId> = figures
        .iter()
        .flat_map(|figure| (0..=figure.parts.len()).map(|part| FigureId { figure: figure.id, part }))
        .collect();
    let sources = sources_of(&figures, &all, input.context);
    let board = Board {
        lang: page.lang,
        title: input.title.clone(),
        facts: input.facts.iter().map(|(label, text)| (label.clone(), vec![Inline::Text(text.clone())])).collect(),
        tiles,
        trend,
        overdue,
        ranking,
        heat,
        ages,
        numbers: list.numbers(),
        issues: list.into_issues(),
        sources,
    };
    Ok((board, figures))
}

fn heat_arguments() -> Value {
    json!({"rows": "unit", "columns": "category"})
}

struct Page<'p> {
    context: &'p QueryContext,
    lang: Lang,
}

impl Page<'_> {
    /// Calls a function for data; also returns the number of its figure.
    fn ask(&self, function: &'static str, arguments: Value) -> Result<(Value, usize), CallError> {
        let Value::Object(arguments) = arguments else { return Ok((Value::Null, 0)) };
        match query::call(self.context, function, arguments)? {
            Output::Data(value) => Ok((value, self.context.figures.last())),
            Output::Records(_, rows) => Ok((json!(rows.len()), self.context.figures.last())),
            Output::Markup(_) => Ok((Value::Null, self.context.figures.last())),
        }
    }

    /// Calls a function for Markdown, and returns its first block.
    fn block(&self, function: &'static str, arguments: Value) -> Result<Option<Block>, CallError> {
        let Value::Object(arguments) = arguments else { return Ok(None) };
        let Output::Markup(text) = query::call(self.context, function, arguments)? else { return Ok(None) };
        Ok(blocks(&text).ok().and_then(|body| body.body.into_iter().next()))
    }

    fn chart(&self, arguments: Value) -> Result<Option<Chart>, CallError> {
        Ok(match self.block("chart", arguments)? {
            Some(Block::Chart(chart)) => Some(chart),
            _ => None,
        })
    }

    fn table(&self, function: &'static str, arguments: Value) -> Result<Option<Table>, CallError> {
        Ok(match self.block(function, arguments)? {
            Some(Block::Table(table)) => Some(table),
            _ => None,
        })
    }

    fn is_compared(&self) -> bool {
        self.context.data.is_compared()
    }

    /// The five figures at the top.
    fn tiles(&self) -> Result<Vec<Tile>, CallError> {
        let lang = self.lang;
        let mut tiles = Vec::new();
        for (label, arguments) in [
            (lang.pick("发现问题", "Found"), json!({})),
            (lang.pick("已整改", "Rectified"), json!({"rectified": true})),
            (lang.pick("未整改", "Open"), json!({"open": true})),
            (lang.pick("逾期", "Overdue"), json!({"overdue": true})),
        ] {
            tiles.push(self.tile(label, "count", arguments)?);
        }
        let (found, _) = self.ask("count", json!({}))?;
        if found != json!(0) {
            let arguments = json!({"of": {"rectified": true}});
            tiles.push(self.tile(lang.pick("整改率", "Share rectified"), "rate", arguments)?);
        }
        Ok(tiles)
    }

    fn tile(&self, label: &str, function: &'static str, arguments: Value) -> Result<Tile, CallError> {
        let (value, id) = self.ask(function, arguments.clone())?;
        let text = if function == "rate" { percent(&value) } else { value.to_string() };
        let value = vec![Inline::Figure { id: FigureId::whole(id), text }];
        let mut change = Vec::new();
        if self.is_compared() {
            let mut arguments = arguments;
            arguments["against"] = "previous".into();
            let (comparison, id) = self.ask(function, arguments)?;
            let words = comparison.as_object().map(|map| change_in_words(map, "个", self.lang)).unwrap_or_default();
            let before = self.context.figures.of(None, false, true).and_then(query::FigureOrigin::number);
            if !words.is_empty() {
                change.push(Inline::Figure { id: before.unwrap_or(FigureId::whole(id)), text: words });
            }
        }
        Ok(Tile { label: label.to_owned(), value, change })
    }

    /// How the issues came and went, by days, weeks or months, whichever gives a line that can be read.
    fn trend(&self, bulletins: &[(NaiveDate, String)]) -> Result<Option<Trend>, CallError> {
        let (weeks, _) = self.ask("distinct", json!({"of": "week"}))?;
        let unit = match weeks.as_u64().unwrap_or(0) {
            0..=3 => "day",
            4..=40 => "week",
            _ => "month",
        };
        let line = json!(["found", "rectified_within", "open_at_end"]);
        let Some(chart) = self.chart(json!({"rows": unit, "line": line}))? else { return Ok(None) };
        let (spans, _) = self.ask("series", json!({"by": unit}))?;
        let spans = spans.as_array().cloned().unwrap_or_default();
        let skipped = spans.len().saturating_sub(chart.table.rows.len());
        let day = |span: &Value, key: &str| span[key].as_str().and_then(|day| day.parse::<NaiveDate>().ok());
        let mut marks: Vec<(usize, String)> = Vec::new();
        for (at, span) in spans.iter().skip(skipped).enumerate() {
            let Some((from, to)) = day(span, "from").zip(day(span, "to")) else { continue };
            let numbers =
                bulletins.iter().filter(|(day, _)| (from..=to).contains(day)).map(|(_, number)| number.as_str());
            let numbers: Vec<&str> = numbers.collect();
            if !numbers.is_empty() {
                marks.push((at, numbers.join(self.lang.pick("、", ", "))));
            }
        }
        Ok(Some(Trend { chart, marks }))
    }

    /// The units by their share rectified, with their counts.
    fn ranking(&self) -> Result<Option<Table>, CallError> {
        let lang = self.lang;
        let bars = json!(["found", "rectified", "open", "overdue"]);
        let Some(counts) = self.chart(json!({"rows": "unit", "bars": bars}))? else { return Ok(None) };
        let mut arguments = json!({"by": "unit", "of": "rectified_rate"});
        if self.is_compared() {
            arguments["against"] = "previous".into();
        }
        let (ranked, id) = self.ask("rank", arguments)?;
        let ranked = ranked.as_array().cloned().unwrap_or_default();
        let mut header: Vec<Cell> =
            [lang.pick("名次", "Place"), lang.pick("责任单位", "Unit")].map(Cell::from).to_vec();
        header.extend(counts.table.header.iter().skip(1).cloned());
        header.push(lang.pick("整改率", "Rectified").into());
        if self.is_compared() {
            header.push(lang.pick("名次变化", "Change").into());
        }
        let has_lists = !self.context.project.rankings.is_empty();
        if has_lists {
            header.push(lang.pick("红黑榜", "List").into());
        }
        let mut rows = Vec::new();
        for (at, unit) in ranked.iter().enumerate() {
            let name = unit["name"].as_str().unwrap_or_default();
            let of_unit = counts.table.rows.iter().find(|row| row.first().is_some_and(|cell| said(&cell.0) == name));
            let number = |text: String| Cell(vec![Inline::Figure { id: FigureId { figure: id, part: at + 1 }, text }]);
            let place = unit["place"].as_u64();
            let mut row = vec![place.map_or_else(|| "—".into(), |place| number(place.to_string())), name.into()];
            row.extend(of_unit.into_iter().flat_map(|row| row.iter().skip(1).cloned()));
            // Of few issues there is no rate.
            row.push(if place.is_some() { number(percent(&unit["value"])) } else { "—".into() });
            if self.is_compared() {
                row.push(moved(unit, lang).as_str().into());
            }
            if has_lists {
                let list = match unit["list"].as_str() {
                    Some("red") => lang.pick("红榜", "red"),
                    Some("black") => lang.pick("黑榜", "black"),
                    _ => "",
                };
                row.push(list.into());
            }
            rows.push(row);
        }
        let mut columns = vec![Align::Center, Align::Left];
        columns.resize(header.len(), Align::Right);
        Ok(Some(Table { columns, header, rows, ..Table::default() }))
    }

    /// The overdue issues, the latest first.
    fn overdue(
        &self,
        list: &IssueList,
        next: &dyn Fn(&str, NaiveDate) -> Option<String>,
    ) -> Result<Vec<OverdueIssue>, CallError> {
        self.ask("issues", json!({"overdue": true}))?;
        let mut overdue: Vec<(i64, OverdueIssue)> = Vec::new();
        for (number, record) in list.records() {
            if record.get("overdue") != Some(&Value::Bool(true)) {
                continue;
            }
            let text = |key: &str| text(record, key);
            let days = record.get("days_overdue").and_then(Value::as_i64).unwrap_or(0);
            let day: Option<NaiveDate> = text("deadline").parse().ok();
            let letters = record.get("letters").and_then(Value::as_array).into_iter().flatten();
            let letters = letters.filter_map(|letter| letter["number"].as_str().map(str::to_owned)).collect();
            let handle = record.get("id").and_then(Value::as_str).unwrap_or_default();
            overdue.push((
                -days,
                OverdueIssue {
                    number,
                    unit: text("unit"),
                    text: text("description"),
                    deadline: text("deadline"),
                    late: self.lang.pick(
                        format!("{days}天"),
                        crate::words::lang::counted(usize::try_from(days).unwrap_or(0), "day"),
                    ),
                    letters,
                    next: day.and_then(|day| next(handle, day)).unwrap_or_default(),
                },
            ));
        }
        overdue.sort_by_key(|(late, issue)| (*late, issue.number));
        Ok(overdue.into_iter().map(|(_, issue)| issue).collect())
    }
}

/// How the place of a unit changed.
fn moved(unit: &Value, lang: Lang) -> String {
    match unit["moved"].as_i64() {
        Some(0) => lang.pick("持平", "same").to_owned(),
        Some(up) if up > 0 => lang.pick(format!("上升{up}位"), format!("up {up}")),
        Some(down) => lang.pick(format!("下降{}位", -down), format!("down {}", -down)),
        None => "—".to_owned(),
    }
}

fn percent(value: &Value) -> String {
    value.as_f64().map_or_else(|| "—".to_owned(), |rate| format!("{:.1}%", (rate * 1000.0).round() / 10.0))
}
