//! What adds up in a draft must add up in what was made of it: sums and shares within a line, totals of tables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex_lite::Regex;

use super::align::ReadLine;
use super::numbers::{Amount, NumberClass, NumberValue, Unit};
use crate::words::lang::Lang;
use crate::words::number::{narrow, parse, percent};

/// What a total is called.
const TOTALS: [&str; 6] = ["合计", "总计", "共计", "Total", "total", "Sum"];
/// A sum has at most this many parts.
const MOST_PARTS: usize = 12;

/// A relation of the numbers of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Relation {
    Sum {
        whole: usize,
        parts: Vec<usize>,
    },
    /// The share is that of any of these pairs of part and whole.
    Share {
        share: usize,
        of: Vec<(usize, usize)>,
    },
}

fn count(line: &ReadLine, index: usize) -> Option<u64> {
    let number = line.numbers.get(index).filter(|number| number.class == NumberClass::Figure)?;
    number.exact_count()
}

fn share(line: &ReadLine, index: usize) -> Option<(i128, usize)> {
    match line.numbers.get(index)?.value {
        NumberValue::Amount(Amount { millionths, unit: Unit::Percent, step, .. }) => {
            let decimals = (0..=6).find(|decimals| step * 10_i128.pow(*decimals) == 1_000_000)?;
            Some((millionths, usize::try_from(decimals).ok()?))
        }
        _ => None,
    }
}

fn is_share_of(value: (i128, usize), part: u64, whole: u64) -> bool {
    let written =
        percent(part, whole, value.1).and_then(|text| text.trim_end_matches('%').replace('.', "").parse::<i128>().ok());
    let factor = 10_i128.pow(u32::try_from(6 - value.1.min(6)).unwrap_or(0));
    written.is_some_and(|units| units * factor == value.0)
}

/// The relations that hold in a line.
fn relations(line: &ReadLine) -> Vec<Relation> {
    let counts: Vec<(usize, u64)> = (0..line.numbers.len()).filter_map(|at| Some((at, count(line, at)?))).collect();
    let mut found = Vec::new();
    for (position, (whole, total)) in counts.iter().enumerate().filter(|(_, (_, total))| *total > 2) {
        let mut sum = 0_u64;
        for (offset, (_, value)) in counts.iter().skip(position + 1).take(MOST_PARTS).enumerate() {
            sum = sum.saturating_add(*value);
            if sum == *total && offset > 0 {
                let parts = counts.iter().skip(position + 1).take(offset + 1).map(|(at, _)| *at).collect();
                found.push(Relation::Sum { whole: *whole, parts });
                break;
            }
        }
    }
    for at in 0..line.numbers.len() {
        let Some(value) = share(line, at) else { continue };
        let mut of = Vec::new();
        for (part, small) in &counts {
            for (whole, large) in &counts {
                if part != whole && large >= small && *large > 0 && is_share_of(value, *small, *large) {
                    of.push((*part, *whole));
                }
            }
        }
        if !of.is_empty() {
            found.push(Relation::Share { share: at, of });
        }
    }
    found
}

/// What held in a line of the draft and does not in what it became. `became` gives the number that a number became.
/// Each message has the byte it belongs to.
pub(crate) fn broken(
    draft: &ReadLine,
    edited: &ReadLine,
    became: &BTreeMap<usize, usize>,
    lang: Lang,
) -> Vec<(usize, String)> {
    let written = |index: usize| edited.text.get(edited.numbers[index].range.clone()).unwrap_or_default().to_owned();
    let mut told = Vec::new();
    for relation in relations(draft) {
        match relation {
            Relation::Sum { whole, parts } => {
                let now: Option<Vec<usize>> = parts.iter().map(|part| became.get(part).copied()).collect();
                let (Some(whole), Some(now)) = (became.get(&whole).copied(), now) else { continue };
                let values: Option<Vec<u64>> = now.iter().map(|part| count(edited, *part)).collect();
                let (Some(total), Some(values)) = (count(edited, whole), values) else { continue };
                let sum: u64 = values.iter().fold(0, |sum, value| sum.saturating_add(*value));
                if sum != total {
                    let list: Vec<String> = values.iter().map(u64::to_string).collect();
                    let list = list.join(" + ");
                    told.push((
                        edited.numbers[whole].range.start,
                        lang.pick(
                            format!("{total} 与 {list} 不符（和为 {sum}）"),
                            format!("{total} is not {list} (which is {sum})"),
                        ),
                    ));
                }
            }
            Relation::Share { share: at, of } => {
                let Some(now) = became.get(&at).copied() else { continue };
                let Some(value) = share(edited, now) else { continue };
                let pairs: Vec<(u64, u64)> = of
                    .iter()
                    .filter_map(|(part, whole)| {
                        Some((count(edited, *became.get(part)?)?, count(edited, *became.get(whole)?)?))
                    })
                    .collect();
                if pairs.is_empty() || pairs.iter().any(|(part, whole)| is_share_of(value, *part, *whole)) {
                    continue;
                }
                let (part, whole) = pairs[0];
                let right = percent(part, whole, value.1).unwrap_or_default();
                told.push((
                    edited.numbers[now].range.start,
                    lang.pick(
                        format!("{} 与 {part} ÷ {whole} 不符（应为 {right}）", written(now)),
                        format!("{} is not {part} ÷ {whole} (which is {right})", written(now)),
                    ),
                ));
            }
        }
    }
    told
}

static EQUATIONS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?P<a>\d+(?: ?\+ ?\d+)*) ?= ?(?P<b>\d+(?: ?\+ ?\d+)*)").ok());

/// What a line itself says and what can't be: equations, and parts (`其中`, `of which`) that are more than the whole.
pub(crate) fn contradictions(line: &ReadLine, lang: Lang) -> Vec<(usize, String)> {
    let mut told = Vec::new();
    let text = narrow(&line.text);
    for groups in EQUATIONS.iter().flat_map(|pattern| pattern.captures_iter(&text)) {
        let sum = |name: &str| {
            let side = groups.name(name)?.as_str();
            side.split('+').map(|part| part.trim().parse::<u64>().ok()).sum::<Option<u64>>()
        };
        let whole = groups.get(0).map_or("", |group| group.as_str());
        if let (Some(left), Some(right)) = (sum("a"), sum("b"))
            && left != right
        {
            told.push((
                0,
                lang.pick(
                    format!("{whole} 不成立（{left} 与 {right}）"),
                    format!("{whole} does not hold: {left} and {right}"),
                ),
            ));
        }
    }
    for word in ["其中", "of which", "including"] {
        let Some(at) = line.text.find(word) else { continue };
        let counts: Vec<(usize, u64)> = (0..line.numbers.len())
            .filter_map(|index| Some((line.numbers[index].range.start, count(line, index)?)))
            .collect();
        let end = line
            .text
            .get(at..)
            .and_then(|rest| rest.find(['。', '；', ';', '）', ')']))
            .map_or(line.text.len(), |end| at + end);
        let Some((start, whole)) = counts.iter().rev().find(|(start, _)| *start < at) else { continue };
        let parts: Vec<u64> =
            counts.iter().filter(|(start, _)| *start > at && *start < end).map(|(_, value)| *value).collect();
        let sum: u64 = parts.iter().fold(0, |sum, part| sum.saturating_add(*part));
        if parts.len() > 1 && sum > *whole {
            let list: Vec<String> = parts.iter().map(u64::to_string).collect();
            let list = list.join(" + ");
            told.push((
                *start,
                lang.pick(
                    format!("{whole} 少于其中的 {list}（和为 {sum}）"),
                    format!("{whole} is less than {list} of it (which is {sum})"),
                ),
            ));
        }
    }
    told
}

/// A total of a table that is not the sum above it or beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrongTotal {
    /// The row, among those given.
    pub(crate) row: usize,
    /// The column.
    pub(crate) column: usize,
    /// What it is the total of: head and label.
    pub(crate) key: (String, String),
    total: u64,
    sum: u64,
}

impl WrongTotal {
    pub(crate) fn text(&self, lang: Lang) -> String {
        let Self { key: (head, label), total, sum, .. } = self;
        lang.pick(
            format!("“{label}·{head}”写的是 {total}，各项之和为 {sum}"),
            format!("{label}, {head}: {total} is written, the sum is {sum}"),
        )
    }
}

fn is_total(cell: &str) -> bool {
    TOTALS.contains(&cell.trim().replace(' ', "").as_str())
}

/// The value of a cell; a blank or a dash is nothing.
fn cell(text: &str) -> Option<u64> {
    match text.trim() {
        "" | "—" | "-" | "－" | "/" => Some(0),
        text => parse(text),
    }
}

/// Returns the wrong totals of a table, given with its head.
pub(crate) fn wrong_totals(rows: &[&str]) -> Vec<WrongTotal> {
    let table: Vec<Vec<&str>> = rows.iter().map(|row| row.split('\t').collect()).collect();
    let Some((head, body)) = table.split_first() else { return Vec::new() };
    let mut wrong = Vec::new();
    let name = |cells: &[&str], at: usize| cells.get(at).map_or("", |cell| cell.trim()).to_owned();
    if let Some(last) = body.iter().rposition(|row| row.first().is_some_and(|cell| is_total(cell))) {
        for column in 1..body[last].len() {
            let values: Option<Vec<u64>> =
                body[..last].iter().map(|row| cell(row.get(column).copied().unwrap_or_default())).collect();
            let (Some(values), Some(total)) = (values, cell(body[last][column])) else { continue };
            let sum: u64 = values.iter().fold(0, |sum, value| sum.saturating_add(*value));
            if sum != total && !values.is_empty() {
                let key = (name(head, column), name(&body[last], 0));
                wrong.push(WrongTotal { row: last + 1, column, key, total, sum });
            }
        }
    }
    if let Some(column) = head.iter().rposition(|cell| is_total(cell)).filter(|column| *column > 1) {
        for (index, row) in body.iter().enumerate() {
            let values: Option<Vec<u64>> =
                (1..column).map(|at| cell(row.get(at).copied().unwrap_or_default())).collect();
            let (Some(values), Some(total)) = (values, row.get(column).and_then(|text| cell(text))) else { continue };
            let sum: u64 = values.iter().fold(0, |sum, value| sum.saturating_add(*value));
            if sum != total {
                wrong.push(WrongTotal { row: index + 1, column, key: (name(head, column), name(row, 0)), total, sum });
            }
        }
    }
    wrong
}

/// The wrong totals of a draft's tables, which are rows with as many cells, one behind the other: those that were there
/// before the document was edited, such as where an issue has several categories.
pub(crate) fn known_wrong(draft: &[ReadLine]) -> BTreeSet<(String, String)> {
    let width = |line: &ReadLine| line.text.matches('\t').count();
    let tables =
        draft.chunk_by(|a, b| width(a) == width(b)).filter(|rows| rows.first().is_some_and(|row| width(row) > 0));
    let wrong = tables.flat_map(|rows| wrong_totals(&rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>()));
    wrong.map(|wrong| wrong.key).collect()
}

#[cfg(test)]
mod tests {
    use super::super::align::Names;
    use super::*;

    fn line(text: &str) -> ReadLine {
        ReadLine::new(text, &Names::new(&BTreeMap::new()))
    }

    fn told(draft: &str, edited: &str) -> Vec<String> {
        let (draft, edited) = (line(draft), line(edited));
        let became = (0..draft.numbers.len().min(edited.numbers.len())).map(|at| (at, at)).collect();
        broken(&draft, &edited, &became, Lang::En).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn what_held_must_hold() {
        let draft = "发现问题33个，其中现场整改17个、限期整改16个，整改率51.5%（17÷33）";
        assert_eq!(told(draft, draft), [""; 0]);
        assert_eq!(
            told(draft, "发现问题33个，其中现场整改17个、限期整改15个，整改率51.5%（17÷33）"),
            ["33 is not 17 + 15 (which is 32)"]
        );
        assert_eq!(
            told("已整改61个，共75个，整改率81.3%", "已整改61个，共75个，整改率83.1%"),
            ["83.1% is not 61 ÷ 75 (which is 81.3%)"]
        );
    }

    #[test]
    fn what_a_line_says_itself_is_added_up() {
        let told = |text: &str| contradictions(&line(text), Lang::En).len();
        assert_eq!(told("33=17+15"), 1);
        assert_eq!(told("33 = 17 + 16"), 0);
        assert_eq!(told("共20个，其中甲15个、乙10个。"), 1);
        assert_eq!(told("共20个，其中甲5个、乙10个。"), 0);
    }

    #[test]
    fn totals_of_tables_are_added_up() {
        let rows = ["单位\t甲类\t乙类\t合计", "甲\t1\t\t1", "乙\t2\t3\t5", "合计\t3\t3\t6"];
        assert_eq!(wrong_totals(&rows), []);
        let rows = ["单位\t甲类\t乙类\t合计", "甲\t1\t\t1", "乙\t2\t4\t5", "合计\t3\t3\t6"];
        let wrong: Vec<(usize, usize)> = wrong_totals(&rows).iter().map(|wrong| (wrong.row, wrong.column)).collect();
        assert_eq!(wrong, [(3, 2), (2, 3)]);
    }
}
