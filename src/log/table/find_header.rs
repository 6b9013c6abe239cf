//! Finds the header of a table: skips title rows, and merges a header of two or three rows into one.

use std::borrow::Cow;
use std::io::{self, Read};

use crate::delimited::headed::{TITLE_ROWS, choose_delimiter};
use crate::delimited::scanner::ReadOutcome;
use crate::fault::Faults;
use crate::log::header::{Headers, RecordKind};
use crate::log::table::records::Records;
use crate::log::table::title::TitleDays;
use crate::model::field::FIELDS;
use crate::model::{Field, Row};
use crate::place::{OneBased, SourceId};
use crate::project::Project;
use crate::project::vocabulary::normal;

/// Maximum number of rows of a header.
const HEADER_ROWS: usize = 3;
/// Maximum length of a cell in the second and third row of a header, in characters; descriptions are longer.
const MAX_CELL_CHARS: usize = 24;

/// The result of searching for the header of a table.
pub(in crate::log) enum HeaderSearch {
    /// The header as one row, and the outcome of reading the record after it, if that was read already. `title` is what
    /// the rows above it name.
    Header { header: Row, title: TitleDays, next: Option<ReadOutcome> },
    /// The header is that of a table that duban writes itself.
    OwnTable,
    /// There is no header. `seen` has the cells of the first row with the most cells.
    NotFound { seen: Vec<String> },
    /// A record before any header cannot be read.
    Unreadable(ReadOutcome),
}

/// Detects the delimiter: the one for which a row at the start of the text has the most header cells, then the most
/// cells.
pub(in crate::log) fn detect_delimiter(start: &[u8], headers: &Headers) -> u8 {
    let score = |delimiter: u8| {
        let Ok(mut records) = Records::new(start, SourceId(0), |_| delimiter) else { return (0, 0) };
        let mut best = (0, 0);
        for _ in 0..TITLE_ROWS {
            let read = records.read();
            // A record that is too long to be read counts too, since its cells show the delimiter.
            best = best.max((headers.score(records.row()), records.row().len()));
            if !matches!(read, Ok(ReadOutcome::Record)) {
                break;
            }
        }
        best
    };
    choose_delimiter(score)
}

/// Whether the first rows of a table look like a log: its header has a column for descriptions, or is that of
/// inspections.
pub(in crate::log) fn looks_like_log(head: &[u8], project: &Project) -> bool {
    let headers = Headers::new(project);
    let Ok(mut records) = Records::new(head, SourceId(0), |_| b',') else { return false };
    let Ok(HeaderSearch::Header { header, .. }) = find(&mut records, &headers) else { return false };
    let mut cells = (0..header.len()).map(|cell| header.cell(cell));
    headers.score(&header) >= 2
        && (headers.kind(&header) == RecordKind::Inspection
            || cells.any(|cell| headers.find(RecordKind::Issue, &cell).contains(&Field::Description)))
}

/// The line of the header, or of its last row, and the field of each of its columns; `None` if there is none.
pub(in crate::log) fn header_fields(
    text: &[u8],
    delimiter: u8,
    project: &Project,
) -> Option<(OneBased, Vec<Option<Field>>)> {
    let headers = Headers::new(project);
    let mut records = Records::new(text, SourceId(0), |_| delimiter).ok()?;
    let HeaderSearch::Header { header, .. } = find(&mut records, &headers).ok()? else { return None };
    let columns = headers.columns(headers.kind(&header), &header, &mut Faults::default());
    let mut fields = vec![None; header.len()];
    for info in FIELDS {
        if let Some(field) = columns.get(info.field).and_then(|cell| fields.get_mut(cell)) {
            field.get_or_insert(info.field);
        }
    }
    Some((header.line, fields))
}

/// The first rows of a table with a delimiter, as texts, at most `count`; without those that can't be read.
pub(in crate::log) fn first_rows(head: &[u8], count: usize, delimiter: u8) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let Ok(mut records) = Records::new(head, SourceId(0), |_| delimiter) else { return rows };
    while rows.len() < count && matches!(records.read(), Ok(ReadOutcome::Record)) {
        let row = records.row();
        rows.push((0..row.len()).map(|cell| row.cell(cell).into_owned()).collect());
    }
    rows
}

/// The header of a table as one row, as the reader merges it.
pub(in crate::log) fn header(head: &[u8], delimiter: Option<u8>, project: &Project) -> Option<Vec<String>> {
    let headers = Headers::new(project);
    let mut records =
        Records::new(head, SourceId(0), |start| delimiter.unwrap_or_else(|| detect_delimiter(start, &headers))).ok()?;
    match find(&mut records, &headers).ok()? {
        HeaderSearch::Header { header, .. } => {
            Some((0..header.len()).map(|cell| header.cell(cell).into_owned()).collect())
        }
        _ => None,
    }
}

/// Finds the header, among the first [`TITLE_ROWS`] rows.
///
/// # Errors
/// The input cannot be read.
pub(in crate::log) fn find<R: Read>(records: &mut Records<R>, headers: &Headers) -> io::Result<HeaderSearch> {
    let mut seen = Vec::new();
    let mut before: Option<Row> = None;
    let mut title = TitleDays::default();
    for _ in 0..TITLE_ROWS {
        match records.read()? {
            ReadOutcome::Record => {}
            ReadOutcome::End => break,
            outcome => return Ok(HeaderSearch::Unreadable(outcome)),
        }
        let row = records.row();
        let cells = (0..row.len()).map(|cell| row.cell(cell)).filter(|cell| !cell.is_empty());
        let cells: Vec<String> = cells.map(Cow::into_owned).collect();
        let known = headers.score(row);
        if is_own_table(&cells) {
            return Ok(HeaderSearch::OwnTable);
        }
        if known >= 2 || known == 1 && cells.len() == 1 && row.len() == 1 {
            return merge_rest(before, title, records, headers);
        }
        title.add(&cells);
        // The row above the header may name groups of columns; one with a single cell is a title.
        before = (cells.len() > 1).then(|| row.clone());
        if cells.len() > seen.len() {
            seen = cells;
        }
    }
    Ok(HeaderSearch::NotFound { seen })
}

/// Columns that stand together only in what duban prints: tallies in both languages and as CSV, `due`, the register.
const OWN_TABLES: [&[&str]; 6] = [
    &["发现", "已整改", "未整改", "整改率"],
    &["found", "rectified", "open", "rate"],
    &["found", "rectified", "open", "rectified_rate"],
    &["deadline", "days_overdue", "state", "stands", "rung"],
    &["number", "series", "kind", "year", "n"],
    &["文号", "文种", "日期", "标题", "问题数"],
];

/// Whether a header is that of a table that duban writes.
pub(in crate::log) fn is_own_table<T: AsRef<str>>(cells: &[T]) -> bool {
    OWN_TABLES.iter().any(|table| table.iter().all(|name| cells.iter().any(|cell| cell.as_ref() == *name)))
}

/// Merges the header's remaining rows.
///
/// The current row of `records` is the first that is certainly part of the header; `groups` is the row above it, if
/// that may name groups of columns.
fn merge_rest<R: Read>(
    groups: Option<Row>,
    title: TitleDays,
    records: &mut Records<R>,
    headers: &Headers,
) -> io::Result<HeaderSearch> {
    let mut header = records.row().clone();
    if let Some(groups) = groups {
        header = merge(&groups, &header, headers);
    }
    let mut rows = 1;
    // In a workbook, cells merged over four rows are four rows of a table, of which only two say something new.
    let mut repeats = 0;
    while rows < HEADER_ROWS && repeats <= HEADER_ROWS {
        let read = records.read()?;
        let row = records.row();
        if read == ReadOutcome::Record && is_repeat(&header, row) {
            repeats += 1;
            continue;
        }
        if read != ReadOutcome::Record || !is_continuation(&header, row, headers) {
            return Ok(HeaderSearch::Header { header, title, next: Some(read) });
        }
        header = merge(&header, row, headers);
        rows += 1;
    }
    Ok(HeaderSearch::Header { header, title, next: None })
}

/// Whether a row says the same as the header above it, cell by cell: no record does.
fn is_repeat(above: &Row, row: &Row) -> bool {
    let said = (0..row.len()).filter(|cell| !row.raw(*cell).is_empty());
    let mut said = said.map(|cell| normal(&row.cell(cell)) == normal(&above.cell(cell))).peekable();
    said.peek().is_some() && said.all(|is_same| is_same) && row.raw(0) == above.raw(0)
}

/// Whether a row continues the header above it.
///
/// It does if its cells are short and without digits, at least half of them are known headers, and at least one is a
/// header that the row above does not have in this place.
fn is_continuation(above: &Row, row: &Row, headers: &Headers) -> bool {
    let groups = groups_of(above);
    let (mut new, mut same, mut unknown) = (0, 0, 0);
    for cell in 0..row.len() {
        let text = row.cell(cell);
        if text.is_empty() {
            continue;
        }
        if text.chars().count() > MAX_CELL_CHARS || text.chars().any(|c| c.is_ascii_digit()) {
            return false;
        }
        let group = groups.get(cell).map_or("", |group| group);
        if normal(&text) == normal(&above.cell(cell)) {
            same += 1;
        } else if is_known(headers, &text) || is_known(headers, &format!("{group}{text}")) {
            new += 1;
        } else {
            unknown += 1;
        }
    }
    new > 0 && new + same >= unknown
}

/// Merges two rows of a header into one.
///
/// The name of a cell is that of its group and its own if both together are a known header, otherwise its own,
/// otherwise that of the group. If a name that is no known header is repeated in the row, the group's name is prepended
/// to tell the cells apart. Every cell keeps its place in the file.
fn merge(above: &Row, below: &Row, headers: &Headers) -> Row {
    let groups = groups_of(above);
    let below_names: Vec<String> = (0..below.len()).map(|cell| normal(&below.cell(cell))).collect();
    let mut header = Row::new(below.source);
    header.line = below.line;
    for cell in 0..above.len().max(below.len()) {
        let (upper, own) = (above.cell(cell), below.cell(cell));
        let group = groups.get(cell).map_or("", |group| group);
        let both = format!("{group}{own}");
        let is_repeated = || below_names.iter().filter(|name| **name == normal(&own)).count() > 1;
        let is_same = normal(group) == normal(&own);
        let (name, place) = if own.is_empty() {
            (upper.as_ref(), above.cell_place(cell))
        } else if !is_same && (is_known(headers, &both) || !is_known(headers, &own) && is_repeated()) {
            (both.as_str(), below.cell_place(cell))
        } else {
            (own.as_ref(), below.cell_place(cell))
        };
        header.push_cell(name, Some(place));
    }
    header
}

/// Returns the group of each cell: in a row of group names, empty cells belong to the group before them.
fn groups_of(row: &Row) -> Vec<String> {
    let mut name = String::new();
    (0..row.len())
        .map(|cell| {
            let text = row.cell(cell);
            if !text.is_empty() {
                name = text.into_owned();
            }
            name.clone()
        })
        .collect()
}

fn is_known(headers: &Headers, name: &str) -> bool {
    [RecordKind::Issue, RecordKind::Inspection].into_iter().any(|kind| !headers.find(kind, name).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Vec<String> {
        let headers = Headers::new(&Project::default());
        let mut records = Records::new(text.as_bytes(), SourceId(0), |_| b',').unwrap();
        match find(&mut records, &headers).unwrap() {
            HeaderSearch::Header { header, .. } => {
                (0..header.len()).map(|cell| header.cell(cell).into_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_header_of_several_rows_becomes_one() {
        let data = "1,2021-08-03,甲,消防,楼道堆物,现场整改,\n";
        for head in [
            "序号,发现日期,责任单位,问题情况,,整改情况,\n,,,问题类别,问题描述,整改方式,整改期限\n",
            // As read from a workbook: cells merged downwards are repeated in every row.
            "序号,发现日期,责任单位,问题情况,,整改情况,\n序号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n",
            "某区问题台账,,,,,,\n基本情况,,,问题,,整改,\n序号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n",
            "序号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n",
        ] {
            let expected = ["序号", "发现日期", "责任单位", "问题类别", "问题描述", "整改方式", "整改期限"];
            assert_eq!(header(&format!("{head}{data}")), expected, "{head}");
        }
    }

    #[test]
    fn a_header_merged_over_more_rows_than_it_says_is_read_whole() {
        let data = "1,2021-08-03,甲,消防,楼道堆物,现场整改,\n";
        let first = "序号,发现日期,责任单位,问题情况,问题情况,整改方式,整改期限\n";
        let second = "序号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n";
        let expected = ["序号", "发现日期", "责任单位", "问题类别", "问题描述", "整改方式", "整改期限"];
        assert_eq!(header(&format!("{first}{first}{second}{second}{data}")), expected);
    }

    #[test]
    fn the_rows_after_a_header_are_no_header() {
        let head = "发现日期,责任单位,问题类别,问题描述,整改方式\n";
        let five = ["发现日期", "责任单位", "问题类别", "问题描述", "整改方式"];
        for after in ["2021-08-03,甲,消防,楼道堆物,现场整改\n", "八月三日,甲,消防,描述,现场整改\n", ",,,,\n", head]
        {
            assert_eq!(header(&format!("{head}{after}")), five, "{after}");
        }
    }

    #[test]
    fn a_name_that_stands_under_two_groups_keeps_both_apart() {
        let got = header("发现日期,责任单位,问题描述,甲方,,乙方,\n,,,意见,签名,意见,签名\n");
        assert_eq!(got[..3], ["发现日期", "责任单位", "问题描述"]);
        let got = header("发现日期,责任单位,问题描述,县级,,市级,\n,,,问题类别,意见,整改方式,意见\n");
        assert_eq!(got[3..], ["问题类别", "县级意见", "整改方式", "市级意见"]);
    }

    #[test]
    fn a_list_of_units_is_no_log() {
        let project = Project::default();
        for (head, expected) in [
            ("发现日期,责任单位,问题描述\n", true),
            ("检查日期,检查组,点位数,意见建议数\n", true),
            ("责任单位,问题类别,数量\n甲,消防,3\n", false),
            ("姓名,电话\n", false),
            ("", false),
        ] {
            assert_eq!(looks_like_log(head.as_bytes(), &project), expected, "{head}");
        }
    }
}
