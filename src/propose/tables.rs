//! The tables of the logs: where the header of each is, and what its cells may name.
//!
//! The reader finds a header by spellings that it knows. Here it is found by words in its cells too, and the spellings
//! found are lent to the reader for the reading of the rows ([`lent`]).

use std::io::Read as _;

use crate::log;
use crate::model::Field;
use crate::place::SourceId;
use crate::project::Project;
use crate::project::vocabulary::normal;
use crate::propose::names::{Fit, Named, named};
use crate::source::{Form, SourceError, Sources};
use crate::words::date;

/// Bytes from which the header of a table is found.
const HEAD: u64 = 256 * 1024;
/// Rows among which it is looked for.
const ROWS: usize = 40;
/// Maximum length of a cell in the second row of a header, in characters; descriptions are longer.
const MAX_CELL_CHARS: usize = 24;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// Its header, as the reader merges its rows.
    pub(super) text: String,
    /// The header of the group of columns that it stands in: 整改责任单位 above 施工 and 监理.
    pub(super) group: Option<String>,
    /// What it may name.
    pub(super) named: Option<Named>,
}

/// A table with a header.
#[derive(Clone, Debug)]
pub(super) struct TableAt {
    pub(super) id: SourceId,
    pub(super) headings: Vec<Heading>,
}

impl TableAt {
    /// Whether its rows may be issues: a column says what was found, and another one when, where or what became of it.
    pub(super) fn may_be_log(&self) -> bool {
        let has = |fields: &[Field]| {
            self.headings.iter().filter_map(|heading| heading.named).any(|named| fields.contains(&named.field))
        };
        has(&[Field::Description])
            && has(&[
                Field::FoundOn,
                Field::Unit,
                Field::Disposition,
                Field::Deadline,
                Field::Status,
                Field::RectifiedOn,
                Field::Progress,
                Field::Category,
            ])
    }
}

/// Finds the header of each table among the sources; logs in YAML and JSON have none.
///
/// # Errors
/// A file can't be read.
pub(super) fn find(sources: &mut Sources, ids: &[SourceId], base: &Project) -> Result<Vec<TableAt>, SourceError> {
    let mut tables = Vec::new();
    for id in ids {
        if sources.get(*id).form != Form::Table || sources.get_mut(*id).decide_encoding()?.is_err() {
            continue;
        }
        let (source, mut head) = (sources.get(*id), Vec::new());
        source.open()?.take(HEAD).read_to_end(&mut head).map_err(|cause| source.error(cause))?;
        // A sheet has commas, whatever marks are in its cells.
        let delimiters: &[u8] = if source.sheet.is_some() { b"," } else { b",;\t" };
        let located = delimiters.iter().filter_map(|delimiter| locate(&log::first_rows(&head, ROWS, *delimiter)));
        // The first of equals: `max_by_key` would take the last.
        let Some((_, cells)) = located.reduce(|best, other| if other.0 > best.0 { other } else { best }) else {
            continue;
        };
        let mut table = TableAt { id: *id, headings: cells };
        // The reader's own words for the columns are what the config must say.
        if let Some(header) = log::header(&head, None, &lent(base, std::slice::from_ref(&table))) {
            for (heading, text) in table.headings.iter_mut().zip(header) {
                heading.text = text;
            }
        }
        tables.push(table);
    }
    Ok(tables)
}

/// The project with the spellings of the headers found, so that the reader finds the same header and its rows.
pub(super) fn lent(base: &Project, tables: &[TableAt]) -> Project {
    let mut project = base.clone();
    for heading in tables.iter().flat_map(|table| &table.headings) {
        let field = heading.named.map_or(Field::Note, |named| named.field);
        let is_known = log::field_of_header(&heading.text).is_some();
        let is_needed = heading.named.is_some() || heading.group.is_some();
        if is_needed && !is_known && !heading.text.trim().is_empty() {
            project.columns.push((field, heading.text.clone()));
        }
    }
    project
}

/// Finds the header in the first rows: the row with the most cells that name a field, and the rows that go on with it.
/// Returns how well its cells do.
fn locate(rows: &[Vec<String>]) -> Option<(usize, Vec<Heading>)> {
    let score = |row: &Vec<String>| -> usize {
        let mut seen: Vec<String> = Vec::new();
        let mut score = 0;
        for cell in row.iter().filter(|cell| !cell.is_empty() && cell.chars().count() <= 2 * MAX_CELL_CHARS) {
            if let Some(named) = named(cell).filter(|_| !seen.contains(&normal(cell))) {
                seen.push(normal(cell));
                score += 1 + named.fit as usize;
            }
        }
        score
    };
    let scores: Vec<usize> = rows.iter().map(score).collect();
    let best = *scores.iter().max()?;
    let at = scores.iter().position(|score| *score == best).filter(|_| best >= 4)?;
    let mut names = rows[at].clone();
    let mut groups: Vec<Option<String>> = vec![None; names.len()];
    if let Some(above) = at.checked_sub(1).map(|above| &rows[above]).filter(|above| is_row_of_groups(above, &names)) {
        names_below(above, &names.clone(), &mut names, &mut groups);
    }
    for below in rows.iter().skip(at + 1).take(5) {
        if below.iter().zip(&names).all(|(below, name)| normal(below) == normal(name)) {
            continue;
        }
        if !goes_on(&names, below) {
            break;
        }
        let above = names.clone();
        names_below(&above, below, &mut names, &mut groups);
    }
    let headings = names.into_iter().zip(groups).map(|(text, group)| {
        let of_group = || {
            let above = named(group.as_deref()?)?;
            Some(Named { fit: above.fit.min(Fit::Words), ..above })
        };
        let own = named(&text).filter(|own| own.fit > Fit::Vague || group.is_none()).or_else(of_group);
        Heading { named: own.or_else(|| named(&text)), text, group }
    });
    Some((best, headings.collect()))
}

/// Whether a row above a header names groups of its columns: it has several short cells, and not one for each column.
fn is_row_of_groups(above: &[String], names: &[String]) -> bool {
    let said: Vec<&String> = above.iter().filter(|cell| !cell.is_empty()).collect();
    let repeats = above.windows(2).any(|pair| !pair[0].is_empty() && (pair[1] == pair[0] || pair[1].is_empty()));
    let differs = said.iter().any(|cell| cell.as_str() != said[0].as_str());
    differs && repeats && said.iter().all(|cell| is_label(cell)) && above.len() >= names.len().saturating_sub(1)
}

/// Whether a row goes on with the header above it: its cells are labels, and each repeats the cell above or stands in a
/// group of columns.
fn goes_on(above: &[String], row: &[String]) -> bool {
    let mut new = 0;
    for (at, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let over = above.get(at).map_or("", String::as_str);
        if normal(over) == normal(cell) {
            continue;
        }
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| above.get(at));
        let in_group = over.is_empty() || beside.clone().any(|beside| beside == over || beside.is_empty());
        if !in_group || !is_label(cell) {
            return false;
        }
        new += 1;
    }
    // A row of which most is new is a record.
    new > 0 && (new * 2 <= row.iter().filter(|cell| !cell.is_empty()).count() || new < above.len() / 2)
}

/// Whether a cell may be part of a header: short, and neither a day nor a number.
fn is_label(cell: &str) -> bool {
    cell.chars().count() <= MAX_CELL_CHARS
        && !cell.chars().any(|c| c.is_ascii_digit())
        && date::parse(cell, None, None).is_err()
}

/// Puts the names of a lower row of a header in place of those above, which become their groups.
fn names_below(above: &[String], below: &[String], names: &mut Vec<String>, groups: &mut [Option<String>]) {
    let mut group = String::new();
    *names = (0..above.len().max(below.len()))
        .map(|at| {
            let over = above.get(at).map_or("", String::as_str);
            if !over.is_empty() {
                over.clone_into(&mut group);
            }
            match below.get(at).filter(|own| !own.is_empty()) {
                None => over.to_owned(),
                Some(own) => {
                    if normal(own) != normal(&group)
                        && !group.is_empty()
                        && let Some(slot) = groups.get_mut(at)
                    {
                        *slot = Some(group.clone());
                    }
                    own.clone()
                }
            }
        })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Option<Field>)> {
        let rows: Vec<Vec<String>> = text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        let headings = locate(&rows).map(|(_, headings)| headings).unwrap_or_default();
        headings.into_iter().map(|heading| (heading.text, heading.named.map(|named| named.field))).collect()
    }

    #[test]
    fn a_header_is_found_by_words_in_it() {
        let got = found("某市留言,,,\n留言编号,留言主题,留言时间,一级分类\n24,占道施工,2020/1/6,城乡建设\n");
        let fields: Vec<Option<Field>> = got.iter().map(|(_, field)| *field).collect();
        assert_eq!(fields[1..], [Some(Field::Description), Some(Field::FoundOn), Some(Field::Category)]);
        assert!(found("姓名,电话\n甲,1\n").is_empty());
        assert!(found("").is_empty());
    }

    #[test]
    fn a_group_of_columns_names_those_below_it() {
        let head = "序号,检查时间,隐患问题描述,整改责任单位,整改责任单位,销号情况\n";
        let below = "序号,检查时间,隐患问题描述,建设,施工,销号情况\n";
        for text in [format!("{head}{head}{below}{below}1,2024-06-22,无护栏,甲,乙,已整改\n"), format!("{head}{below}")]
        {
            let got = found(&text);
            assert_eq!(got[3], ("建设".to_owned(), Some(Field::Unit)), "{got:?}");
            assert_eq!(got[4], ("施工".to_owned(), Some(Field::Unit)));
            assert_eq!(got[5], ("销号情况".to_owned(), Some(Field::SignedOff)));
        }
    }

    #[test]
    fn a_record_does_not_go_on_with_a_header() {
        let got = found("检查日期,单位,问题,状态\n2021-08-03,甲,楼道堆物,未整改\n");
        assert_eq!(got[1].0, "单位");
        let got = found("检查日期,单位,单位,问题,状态\n八月三日,甲,乙,楼道堆物,未整改\n");
        assert_eq!(got[1].0, "单位");
    }
}
