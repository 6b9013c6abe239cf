//! What is told of documents that were sent out, as JSON and as text.

use serde::Serialize;
use serde_json::Value;

use super::rows::{RowChange, RowDrift};
use crate::json_writer;
use crate::trace::brief;
use crate::words::lang::{Lang, counted};

/// Why a figure differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// By what the logs say now it was wrong on the day of the document.
    Wrong,
    /// It differs on the day of the document only by words of a status without a day, so it can't be told.
    Undated,
    /// It was wrong, and a correction says so.
    Corrected,
    /// It was right, and differs since.
    Later,
}

/// A figure that is not what it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureDrift {
    /// Its number in the document.
    pub figure: usize,
    /// The function.
    pub function: String,
    /// What was asked for, in a line.
    pub selection: String,
    /// What the document says.
    pub was: Value,
    /// What the logs of today give as of the day of the document; nothing if they do not call for it.
    pub own_day: Option<Value>,
    /// What they give today; nothing if the document would not be written.
    pub today: Option<Value>,
    /// The rows that it counts on that day and the document did not.
    pub gained: Vec<String>,
    /// The rows that the document counted.
    pub lost: Vec<String>,
    /// Why.
    pub cause: Cause,
}

/// What became of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DocumentDrift {
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its day.
    pub as_of: String,
    /// The file of its figures, from the project's folder.
    pub figures_file: Option<String>,
    /// Why nothing can be told of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_judged: Option<String>,
    /// Whether the logs of today would not call for it on its day.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_written: bool,
    /// How many errors the logs of today have: a row with one counts as far as it can be read.
    #[serde(skip_serializing_if = "json_writer::is_zero")]
    pub errors: usize,
    /// How many of its figures its template does not count any more.
    pub not_counted: usize,
    /// The figures that differ.
    pub figures: Vec<FigureDrift>,
    /// The rows that make the difference on its own day.
    pub rows: Vec<RowDrift>,
}

impl DocumentDrift {
    /// Whether it was wrong on its day, as far as can be told.
    #[must_use]
    pub fn was_wrong(&self) -> bool {
        self.of(Cause::Wrong).next().is_some()
    }

    /// The figures that differ for a reason.
    pub fn of(&self, cause: Cause) -> impl Iterator<Item = &FigureDrift> {
        self.figures.iter().filter(move |figure| figure.cause == cause)
    }
}

/// The report for people.
#[must_use]
pub fn text(documents: &[DocumentDrift], lang: Lang) -> String {
    let (told, silent): (Vec<_>, Vec<_>) = documents.iter().partition(|document| document.not_judged.is_none());
    let mut parts: Vec<String> = told.into_iter().map(|document| of_document(document, lang)).collect();
    // Documents of before duban, for one, have all the same reason.
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for document in silent {
        let why = document.not_judged.as_deref().unwrap_or_default();
        match reasons.iter_mut().find(|(reason, _)| *reason == why) {
            Some((_, numbers)) => numbers.push(&document.number),
            None => reasons.push((why, vec![&document.number])),
        }
    }
    for (why, numbers) in reasons {
        let list = numbers.join(lang.pick("、", ", "));
        parts.push(lang.pick(format!("无法核对：{why}（{list}）\n"), format!("can't be told: {why} ({list})\n")));
    }
    parts.join("\n")
}

fn of_document(drift: &DocumentDrift, lang: Lang) -> String {
    let DocumentDrift { number, title, as_of, .. } = drift;
    let title = title.replace('\n', "");
    let mut text = lang.pick(format!("{number}　{title}（{as_of}）"), format!("{number}  {title} ({as_of})"));
    let mut line = |indent: usize, line: &str| {
        text.push('\n');
        text.push_str(&" ".repeat(indent));
        text.push_str(line);
    };
    if drift.not_written {
        line(
            2,
            lang.pick(
                "按现在的台账，当日不会写这份文书",
                "by the logs of today it would not have been written on its day",
            ),
        );
    } else if drift.figures.is_empty() {
        line(2, lang.pick("各项数字与现在的台账一致", "its figures are what the logs say"));
    }
    for (cause, zh, en) in HEADINGS {
        let figures: Vec<&FigureDrift> = drift.of(cause).collect();
        if figures.is_empty() {
            continue;
        }
        line(2, &lang.pick(format!("{zh}（{}）", figures.len()), format!("{en} ({})", figures.len())));
        // A list as long as before has changed all the same; what is printed as a number tells more.
        let (numbers, lists): (Vec<_>, Vec<_>) = figures
            .into_iter()
            .partition(|figure| figure.own_day.as_ref() != Some(&figure.was) || cause == Cause::Later);
        for figure in numbers {
            line(4, &of_figure(figure, lang));
        }
        if !lists.is_empty() {
            let ids: Vec<String> = lists.iter().map(|figure| figure.figure.to_string()).collect();
            line(
                4,
                &lang.pick(
                    format!("数字 {} 的值没有变，所数的行变了", ids.join("、")),
                    format!("the same value counted of other rows: figures {}", ids.join(", ")),
                ),
            );
        }
    }
    if !drift.rows.is_empty() {
        let count = drift.rows.len();
        line(2, &lang.pick(format!("有关的行（{count}）"), format!("The rows ({count})")));
        for row in &drift.rows {
            line(4, &of_row(row, lang));
        }
    }
    if drift.errors > 0 {
        let count = drift.errors;
        line(
            2,
            &lang.pick(
                format!("现在的台账有 {count} 处错误，有错的行只按能读出的部分计算；请先用 duban check 查看"),
                format!(
                    "the logs of today have {}; such rows count as far as they can be read: see duban check first",
                    counted(count, "error")
                ),
            ),
        );
    }
    if drift.not_counted > 0 {
        let count = drift.not_counted;
        line(
            2,
            &lang.pick(
                format!("另有 {count} 个数字，现在的正文里没有，未核对"),
                format!("{} are not in its text of today, and were not compared", counted(count, "more figure")),
            ),
        );
    }
    text.push('\n');
    text
}

const HEADINGS: [(Cause, &str, &str); 4] = [
    (Cause::Wrong, "当时就不对", "Wrong on its day"),
    (Cause::Undated, "说不清：台账的状态没有日期", "Can't be told: the logs give no day"),
    (Cause::Corrected, "已更正", "Corrected"),
    (Cause::Later, "其后有变化", "Changed since"),
];

/// `figure 6, count open=true: 14, as of its day 13, today 9; lost WT-012`
fn of_figure(figure: &FigureDrift, lang: Lang) -> String {
    let FigureDrift { figure: id, function, selection, was, own_day, today, gained, lost, .. } = figure;
    let call = if selection.is_empty() { function.clone() } else { format!("{function} {selection}") };
    let mut text =
        lang.pick(format!("数字 {id}，{call}：写 {}", brief(was)), format!("figure {id}, {call}: {}", brief(was)));
    let value = |value: &Option<Value>| value.as_ref().map_or_else(|| "—".to_owned(), brief);
    text += &lang.pick(format!("，当日应为 {}", value(own_day)), format!(", as of its day {}", value(own_day)));
    if today.is_some() {
        text += &lang.pick(format!("，今天 {}", value(today)), format!(", today {}", value(today)));
    }
    for (rows, zh, en) in [(gained, "多", "gained"), (lost, "少", "lost")] {
        if !rows.is_empty() {
            let shown = shown(rows, lang);
            text += &lang.pick(format!("；{zh} {shown}"), format!("; {en} {shown}"));
        }
    }
    text
}

/// The first of some names.
fn shown(names: &[String], lang: Lang) -> String {
    const MOST: usize = 5;
    let mut list = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(lang.pick("、", ", "));
    if names.len() > MOST {
        list += &lang.pick(format!(" 等 {} 个", names.len()), format!(" and {} more", names.len() - MOST));
    }
    list
}

fn of_row(row: &RowDrift, lang: Lang) -> String {
    let RowDrift { id, key, file, line, change } = row;
    let what = match change {
        RowChange::Added => lang.pick("文书写时没有这一行", "no figure of the document had this row"),
        RowChange::Removed => lang.pick("台账里已没有这一行，或已撤销", "stands in no log any more, or is withdrawn"),
        RowChange::Edited => lang.pick("这一行改过", "was edited"),
        RowChange::Undated => lang.pick(
            "状态没有日期，说不清当日是否如此",
            "its status has no day, so its standing on that day can't be told",
        ),
        RowChange::Same => lang.pick("这一行没有改过", "was not edited"),
    };
    let name = id.as_ref().or(key.as_ref()).map_or("", String::as_str);
    let line = line.map_or_else(String::new, |line| format!(":{line}"));
    format!("{file}{line}  {name}  {what}")
}
