//! Line breaks within the cells of sheets.
//!
//! While logs are read such a line break is U+2028, so that a row of a sheet stays a line. In a data set it is a line break:
//! what a template is shown is what it counts by.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::record::{Profile, Values};
use crate::model::row::{Row, SomeRow};
use crate::model::{Inspection, Issue};
use crate::words::symbol::Symbol;

const IN_A_CELL: char = '\u{2028}';

/// A text with line breaks in place of U+2028.
pub(super) fn with_line_breaks(text: &str) -> Cow<'_, str> {
    if text.contains(IN_A_CELL) { text.replace(IN_A_CELL, "\n").into() } else { text.into() }
}

/// An issue whose texts have line breaks; columns that serve no field stay as they are.
pub(super) fn issue(mut issue: Issue<'static>) -> Issue<'static> {
    if has_line_breaks(&issue) {
        *issue = profile(&issue);
    }
    Issue { row: row(issue.row), ..issue }
}

/// The same of an inspection.
pub(super) fn inspection(inspection: Inspection<'static>) -> Inspection<'static> {
    let Inspection {
        row: cells,
        date,
        to,
        team,
        unit,
        sites,
        site_names,
        opinions,
        issues_found,
        mode,
        scope,
        region,
        tags,
    } = inspection;
    Inspection {
        row: row(cells),
        date,
        to,
        team: team.map(symbol),
        unit: unit.map(symbol),
        sites,
        site_names: values(&site_names),
        opinions,
        issues_found,
        mode: mode.map(symbol),
        scope: scope.map(symbol),
        region: region.map(symbol),
        tags: values(&tags),
    }
}

fn profile(profile: &Profile) -> Profile {
    let Profile {
        unit,
        group,
        team,
        region,
        site,
        site_type,
        severity,
        disposition,
        status,
        not_closed,
        contradiction,
        source,
        categories,
        tags,
        co_units,
    } = profile;
    Profile {
        unit: unit.map(symbol),
        group: group.map(symbol),
        team: team.map(symbol),
        region: region.map(symbol),
        site: site.map(symbol),
        site_type: site_type.map(symbol),
        severity: severity.map(symbol),
        disposition: disposition.map(symbol),
        status: status.map(symbol),
        not_closed: *not_closed,
        contradiction: *contradiction,
        source: source.map(symbol),
        categories: values(categories),
        tags: values(tags),
        co_units: values(co_units),
    }
}

/// Whether a value has one.
fn has_line_breaks(profile: &Profile) -> bool {
    let Profile {
        unit,
        group,
        team,
        region,
        site,
        site_type,
        severity,
        disposition,
        status,
        not_closed: _,
        contradiction: _,
        source,
        categories,
        tags,
        co_units,
    } = profile;
    let single = [unit, group, team, region, site, site_type, severity, disposition, status, source];
    let several = [categories, tags, co_units];
    single.into_iter().flatten().chain(several.into_iter().flatten()).any(|value| has_one(value.as_str().as_bytes()))
}

/// Whether a text has U+2028.
fn has_one(text: &[u8]) -> bool {
    // Its first byte is rare in Chinese.
    memchr::memmem::find(text, IN_A_CELL.encode_utf8(&mut [0; 4]).as_bytes()).is_some()
}

fn symbol(symbol: Symbol) -> Symbol {
    if symbol.contains(IN_A_CELL) { Symbol::new(&with_line_breaks(&symbol)) } else { symbol }
}

fn values(values: &Values) -> Values {
    values.iter().copied().map(symbol).collect()
}

fn row(row: SomeRow<'static>) -> SomeRow<'static> {
    let is_extra = |cell: usize| row.columns.extra.iter().any(|(_, extra)| usize::from(*extra) == cell);
    if !(0..row.len()).any(|cell| has_one(row.untrimmed(cell)) && !is_extra(cell)) {
        return row;
    }
    let mut changed = Row::new(row.source);
    (changed.line, changed.before) = (row.line, row.before);
    changed.columns = Arc::clone(&row.columns);
    for cell in 0..row.len() {
        let text = row.as_written(cell);
        changed.push_cell(&if is_extra(cell) { text } else { with_line_breaks(&text) }, None);
    }
    changed.into()
}
