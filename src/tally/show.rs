//! Renders a tally as a table, JSON, CSV or Markdown.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::json_writer::pretty;
use crate::model::key::Key;
use crate::model::moves::Move;
use crate::project::Project;
use crate::source::excerpt::harmless;
use crate::tally::counts::Counts;
use crate::tally::{Group, ReportLine, TallyReport};
use crate::words::lang::Lang;
use crate::words::number::percent;

/// A grid of texts with a header, from which tables are rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// The column headings.
    pub header: Vec<String>,
    /// The rows, each as long as the header.
    pub rows: Vec<Vec<String>>,
    /// Number of columns at the left that contain words; the others contain numbers.
    pub words: usize,
}

/// Returns the column heading of a count.
pub(super) fn head(name: &str, lang: Lang) -> &'static str {
    match name {
        "found" => lang.pick("发现", "found"),
        "rectified" => lang.pick("已整改", "rectified"),
        "open" => lang.pick("未整改", "open"),
        "closed" => lang.pick("已销号", "closed"),
        "overdue" => lang.pick("逾期", "overdue"),
        "due_soon" => lang.pick("临期", "due soon"),
        "late" => lang.pick("逾期整改", "late"),
        "repeat" => lang.pick("重复", "repeat"),
        "units" => lang.pick("单位", "units"),
        "sites" => lang.pick("点位", "sites"),
        _ => lang.pick("督查", "inspections"),
    }
}

/// Returns the column heading of a move.
pub(super) fn move_head(moved: Move, lang: Lang) -> &'static str {
    match moved {
        Move::New => lang.pick("新增", "new"),
        Move::CarriedOver => lang.pick("结转", "carried over"),
        Move::RectifiedSince => lang.pick("其后整改", "rectified since"),
        Move::OpenAgain => lang.pick("又未整改", "open again"),
    }
}

/// `+3`, `−2` or `0`.
fn difference(before: u64, now: u64) -> String {
    match now.cmp(&before) {
        Ordering::Greater => format!("+{}", now - before),
        Ordering::Less => format!("−{}", before - now),
        Ordering::Equal => "0".to_owned(),
    }
}

/// Returns the table for people: groups, dispositions that occur, counts, the rate, and the total. Columns without
/// information (0 or unknown in every row, or the number of units in a table by unit) are left out, so that the table
/// fits a screen.
#[must_use]
pub fn grid(report: &TallyReport, keys: &[Key], project: &Project, lang: Lang) -> Grid {
    let disposition = Key::Field(crate::model::Field::Disposition);
    let values: Vec<&String> = report.total.disposition.keys().collect();
    let mut header: Vec<String> = keys.iter().map(|key| key.label(lang)).collect();
    if keys.is_empty() {
        header.push(String::new());
    }
    let words = header.len();
    header.push(head("found", lang).to_owned());
    header.extend(values.iter().map(|value| project.value_label(disposition, value, lang)));
    header.extend(report.total.numbers()[1..].iter().map(|(name, _)| head(name, lang).to_owned()));
    header.push(lang.pick("整改率", "rate").to_owned());
    let plain = header.len();
    if report.against.is_some() {
        header.extend(Move::ALL.map(|moved| move_head(moved, lang).to_owned()));
        header.push(lang.pick("发现增减", "± found").to_owned());
        header.push(lang.pick("未整改增减", "± open").to_owned());
    }
    let cells = |counts: &Counts| {
        let mut cells = vec![counts.found.to_string()];
        cells.extend(values.iter().map(|value| counts.disposition.get(*value).copied().unwrap_or(0).to_string()));
        cells.extend(counts.numbers()[1..].iter().map(|(_, count)| count.map_or("-".to_owned(), |n| n.to_string())));
        cells.push(percent(counts.rectified, counts.found, 1).unwrap_or_else(|| "-".to_owned()));
        if let (Some(moves), Some(before)) = (&counts.moves, &counts.against) {
            cells.extend(moves.numbers().map(|count| count.to_string()));
            cells.push(difference(before.found, counts.found));
            cells.push(difference(before.open, counts.open));
        }
        cells
    };
    let names = |group: &Group| -> Vec<String> {
        let names = keys.iter().zip(group.key.values()).map(|(key, value)| match value.as_str() {
            "" => lang.pick("（未填）", "(blank)").to_owned(),
            value => project.value_label(*key, value, lang),
        });
        names.collect()
    };
    let mut rows: Vec<Vec<String>> = report
        .lines()
        .into_iter()
        .map(|line| match line {
            ReportLine::Group(group) => names(group).into_iter().chain(cells(&group.counts)).collect(),
            ReportLine::Subtotal(group) => {
                let mut row = names(group);
                row.push(lang.pick("小计", "subtotal").to_owned());
                row.resize(words, String::new());
                row.extend(cells(&group.counts));
                row
            }
        })
        .collect();
    let mut total = vec![lang.pick("合计", "total").to_owned()];
    total.resize(words, String::new());
    total.extend(cells(&report.total));
    rows.push(total);
    let always = words + 1 + values.len() + 2;
    let by_unit = keys.contains(&Key::Field(crate::model::Field::Unit));
    let kept: Vec<usize> = (0..header.len())
        .filter(|column| {
            let is_empty = || rows.iter().all(|row| matches!(row[*column].as_str(), "0" | "-"));
            let is_trivial = by_unit && header[*column] == head("units", lang);
            // That nothing moved is worth a column.
            *column < always || *column >= plain || !is_empty() && !is_trivial
        })
        .collect();
    let keep = |row: &Vec<String>| kept.iter().map(|column| row[*column].clone()).collect::<Vec<String>>();
    Grid { header: keep(&header), rows: rows.iter().map(keep).collect(), words }
}

/// Renders a table for terminals, where Chinese characters take two columns. Words are aligned left, numbers right.
#[must_use]
pub fn table(grid: &Grid) -> String {
    let safe = |text: &String| harmless(text);
    let all: Vec<Vec<String>> =
        std::iter::once(&grid.header).chain(&grid.rows).map(|row| row.iter().map(safe).collect()).collect();
    let widths: Vec<usize> = (0..grid.header.len())
        .map(|column| all.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for (number, row) in all.iter().enumerate() {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[column] - cell.width());
            if column > 0 {
                line.push_str("  ");
            }
            if column < grid.words {
                line.push_str(cell);
                line.push_str(&gap);
            } else {
                line.push_str(&gap);
                line.push_str(cell);
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
        if number == 0 {
            let rule: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
            out.push_str(&"─".repeat(rule));
            out.push('\n');
        }
    }
    out
}

/// Renders a Markdown table. Cells are escaped, so that they can't break out of it.
#[must_use]
pub fn markdown(grid: &Grid) -> String {
    let line = |row: &[String]| {
        let cells: Vec<String> = row.iter().map(|cell| markdown_cell(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let marks: Vec<&str> =
        (0..grid.header.len()).map(|column| if column < grid.words { "---" } else { "---:" }).collect();
    let rule = format!("| {} |\n", marks.join(" | "));
    std::iter::once(line(&grid.header)).chain([rule]).chain(grid.rows.iter().map(|row| line(row))).collect()
}

fn markdown_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        if matches!(c, '|' | '\\' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '&' | '~' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Writes CSV with canonical names and one row for each group. Subtotals follow, with `*` for the keys that they have not;
/// the last row is the total, with `*` for each key. A blank key is the group of the issues without a value. Cells that look like formulas are escaped, see [`inert`].
///
/// # Errors
/// Those of `out`.
pub fn csv<G>(
    report: &TallyReport<G>,
    groups: impl Iterator<Item: Borrow<Group>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let values: Vec<&String> = report.total.disposition.keys().collect();
    let mut header = report.by.clone();
    header.extend(report.total.numbers().iter().map(|(name, _)| (*name).to_owned()));
    header.push("rectified_rate".to_owned());
    header.extend(values.iter().map(|value| format!("disposition.{value}")));
    if report.against.is_some() {
        header.extend(Move::ALL.map(|moved| format!("moves.{}", moved.key())));
        header.extend(report.total.numbers().map(|(name, _)| format!("against.{name}")));
    }
    writer.write_record(header.iter().map(|cell| inert(cell)))?;
    let mut write = |mut row: Vec<String>, counts: &Counts| {
        row.extend(counts.numbers().iter().map(|(_, count)| count.map_or_else(String::new, |n| n.to_string())));
        row.push(counts.rectified_rate.map_or_else(String::new, |rate| rate.to_string()));
        row.extend(values.iter().map(|value| counts.disposition.get(*value).copied().unwrap_or(0).to_string()));
        if let (Some(moves), Some(before)) = (&counts.moves, &counts.against) {
            row.extend(moves.numbers().map(|count| count.to_string()));
            row.extend(before.numbers().map(|(_, count)| count.map_or_else(String::new, |n| n.to_string())));
        }
        writer.write_record(row.iter().map(|cell| inert(cell)))
    };
    for group in groups {
        let Group { key, counts } = group.borrow();
        write(key.values().cloned().collect(), counts)?;
    }
    for Group { key, counts } in &report.subtotals {
        let mut names: Vec<String> = key.values().cloned().collect();
        names.resize(report.by.len(), "*".to_owned());
        write(names, counts)?;
    }
    write(vec!["*".to_owned(); report.by.len()], &report.total)?;
    writer.flush()
}

/// Escapes a cell that a spreadsheet program would take for a formula with an apostrophe.
#[must_use]
pub fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// Writes JSON that matches the schema of `duban schema tally`, followed by a line feed.
///
/// # Errors
/// Those of `out`.
pub fn json<G: Serialize>(report: &TallyReport<G>, out: &mut dyn Write) -> io::Result<()> {
    pretty(report, out)
}
