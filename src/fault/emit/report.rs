//! What every format shows: the faults with their places looked up and their words found.

use crate::fault::group::{FaultGroup, groups, repeats};
use crate::fault::{Code, Fault, FaultKind, Faults, Severity, Words, config_line, words};
use crate::model::Field;
use crate::place::{Place, Spot};
use crate::source::excerpt::{Excerpt, harmless, locate};
use crate::source::{Sources, workbook};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// How many ranges of rows a message names.
const NAMED_ROWS: usize = 8;

/// A fault with everything a reader is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The fault; of several with the same word, the first.
    pub fault: Fault,
    /// How many rows it is in.
    pub count: usize,
    /// Which rows, those that are kept; several where one word in many rows is one finding.
    pub rows: Vec<ShownRow>,
    /// The name of the file.
    pub file: String,
    /// Where exactly, and the text there.
    pub excerpt: Excerpt,
    /// Sheet and cell, for a workbook.
    pub cell: Option<(String, String)>,
    /// The other place, where there is one.
    pub related: Option<(String, Excerpt)>,
    /// In words.
    pub words: Words,
}

/// A row that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRow {
    /// The line in the file, or the row of the sheet; from 1.
    pub line: u32,
    /// The sheet, for a workbook.
    pub sheet: Option<String>,
}

/// How much is wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfFile {
    /// Its name.
    pub name: String,
    /// Errors in it.
    pub errors: usize,
    /// Warnings in it.
    pub warnings: usize,
}

/// The values of a field that no list of the office knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptValues {
    /// The field.
    pub field: Field,
    /// Each value with the number of issues that have it, the most frequent first.
    pub values: Vec<(Symbol, u64)>,
}

/// A finished report.
#[derive(Clone, Debug)]
pub struct CheckReport {
    /// Files read.
    pub files: usize,
    /// Issues read.
    pub issues: u64,
    /// Errors, shown or not.
    pub errors: usize,
    /// Warnings, shown or not.
    pub warnings: usize,
    /// The faults shown, in order.
    pub faults: Vec<Shown>,
    /// How many more there are.
    pub hidden: usize,
    /// The files that have faults, in order, shown or not.
    pub by_file: Vec<OfFile>,
    /// How often each code occurs, shown or not; the most frequent first.
    pub by_code: Vec<(Code, usize)>,
    /// The columns that nobody reads, each once.
    pub unread: Vec<String>,
    /// The values that no list knows. The reader of the logs sets them.
    pub kept: Vec<KeptValues>,
    /// The language of the words.
    pub lang: Lang,
}

impl CheckReport {
    /// Looks up the places of the first `max` faults and finds words for them.
    #[must_use]
    pub fn new(faults: &Faults, sources: &Sources, files: usize, issues: u64, max: Option<usize>, lang: Lang) -> Self {
        let mut list = groups(faults, |source| &sources.get(source).name);
        let findings = |severity| faults.count(severity).saturating_sub(repeats(&list, severity));
        let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Info].map(findings);
        let all = errors + warnings + notes;
        let by_code = by_code(faults, &list);
        let by_file = by_file(&list, sources);
        let unread = unread(&list);
        list.truncate(max.unwrap_or(usize::MAX));
        let first = |group: &FaultGroup| std::iter::once(group.fault.place).chain(group.fault.related);
        let places: Vec<Place> = list.iter().flat_map(first).collect();
        let mut excerpts = locate(sources, &places).into_iter();
        let mut shown = Vec::with_capacity(list.len());
        for FaultGroup { fault, places, count } in list {
            let Some(mut excerpt) = excerpts.next() else { break };
            if matches!(&fault.what, FaultKind::Rule(finding) if finding.is_personal_number()) {
                excerpt.text = masked(&excerpt.text);
            }
            let related =
                fault.related.and_then(|place| Some((sources.get(place.source).name.clone(), excerpts.next()?)));
            let mut words = words(&fault.what, fault.field, lang);
            let rows: Vec<ShownRow> = places.iter().map(|place| row_of(*place, sources)).collect();
            if count > 1 {
                words = in_rows(words, &fault.what, count, &rows, lang);
            }
            let sheet = sources.get(fault.place.source).sheet.clone();
            let cell = sheet.map(|sheet| {
                let cell = match fault.place.spot {
                    Spot::Cell(cell) => cell,
                    _ => 0,
                };
                (sheet.name, workbook::address(fault.place.line.get(), cell))
            });
            // Who opens the workbook looks for the cell.
            if let Some((sheet, cell)) = &cell {
                words.message = format!("{}!{cell} {}", harmless(sheet), words.message);
            }
            let file = sources.get(fault.place.source).name.clone();
            shown.push(Shown { fault, count, rows, file, excerpt, cell, related, words });
        }
        Self {
            files,
            issues,
            errors,
            warnings,
            hidden: all.saturating_sub(shown.len()),
            faults: shown,
            by_file,
            by_code,
            unread,
            kept: Vec::new(),
            lang,
        }
    }
}

/// How many findings of each code there are; the most frequent first.
fn by_code(faults: &Faults, list: &[FaultGroup]) -> Vec<(Code, usize)> {
    let repeats = |code| -> usize {
        list.iter().filter(|group| group.fault.what.code() == code).map(|group| group.count - 1).sum()
    };
    let counts = faults.by_code().into_iter().map(|(code, count)| (code, count.saturating_sub(repeats(code))));
    let mut counts: Vec<(Code, usize)> = counts.collect();
    counts.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
    counts
}

fn row_of(place: Place, sources: &Sources) -> ShownRow {
    let sheet = sources.get(place.source).sheet.as_ref();
    ShownRow { line: place.line.get(), sheet: sheet.map(|sheet| sheet.name.clone()) }
}

/// The words for a finding in several rows: how many, which, and the line of config that mends them all.
fn in_rows(words: Words, what: &FaultKind, count: usize, rows: &[ShownRow], lang: Lang) -> Words {
    let listed = listed(rows, lang);
    let message = lang.pick(
        format!("{}，共 {count} 行：{listed}", words.message),
        format!("{}, in {count} rows: {listed}", words.message),
    );
    let config = config_line(what, lang);
    let help = match (words.help, config) {
        (Some(help), Some(config)) if !help.contains(&config) => {
            Some(lang.pick(format!("{help}{config}"), format!("{help} {config}")))
        }
        (help, config) => help.or(config),
    };
    Words { message, help }
}

/// Rows as ranges, sheet by sheet: `3、5–9`, `8月 3、5；9月 4`.
fn listed(rows: &[ShownRow], lang: Lang) -> String {
    let mut named = 0;
    let mut out = String::new();
    for sheet in rows.chunk_by(|a, b| a.sheet == b.sheet) {
        let ranges: Vec<(u32, u32)> = sheet.iter().fold(Vec::new(), |mut ranges, row| {
            match ranges.last_mut() {
                Some((_, last)) if row.line <= *last + 1 => *last = row.line,
                _ => ranges.push((row.line, row.line)),
            }
            ranges
        });
        let room = NAMED_ROWS.saturating_sub(named);
        if room == 0 {
            break;
        }
        if !out.is_empty() {
            out.push_str(lang.pick("；", "; "));
        }
        let is_one_of_several = rows.first().zip(rows.last()).is_some_and(|(first, last)| first.sheet != last.sheet);
        if let Some(name) = sheet[0].sheet.as_ref().filter(|_| is_one_of_several) {
            out.push_str(&harmless(name));
            out.push(' ');
        }
        let texts = ranges.iter().take(room).map(|(from, to)| match to - from {
            0 => from.to_string(),
            _ => format!("{from}–{to}"),
        });
        out.push_str(&texts.collect::<Vec<_>>().join(lang.pick("、", ", ")));
        named += ranges.len();
    }
    if named > NAMED_ROWS {
        out.push_str(lang.pick("等", " and more"));
    }
    out
}

/// Counts sorted faults file by file; the sheets of a workbook are one file.
fn by_file(list: &[FaultGroup], sources: &Sources) -> Vec<OfFile> {
    let mut files: Vec<OfFile> = Vec::new();
    for FaultGroup { fault, .. } in list {
        let name = &sources.get(fault.place.source).name;
        if files.last().is_none_or(|file| file.name != *name) {
            files.push(OfFile { name: name.clone(), errors: 0, warnings: 0 });
        }
        let Some(file) = files.last_mut() else { continue };
        file.errors += usize::from(fault.severity == Severity::Error);
        file.warnings += usize::from(fault.severity == Severity::Warning);
    }
    files
}

/// The columns that nobody reads, in the order in which they are met.
fn unread(list: &[FaultGroup]) -> Vec<String> {
    let mut headers: Vec<String> = Vec::new();
    for FaultGroup { fault, .. } in list {
        if let FaultKind::UnknownColumn { header, .. } = &fault.what
            && !headers.contains(header)
        {
            headers.push(header.clone());
        }
    }
    headers
}

/// A row that holds a number of a person, with the middle of every such number hidden: a report goes
/// to more readers than the log. As long as before, so that ranges stay right.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    let digits = text.as_bytes();
    for (at, c) in text.char_indices() {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        let ahead = digits[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let long = run > 0 && run + ahead > 11;
        out.push(if long && run > 3 && ahead > 4 { '*' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_long_numbers_is_hidden() {
        assert_eq!(masked("电话13800138000，2021-08-03"), "电话138****8000，2021-08-03");
        assert_eq!(masked("1234567890"), "1234567890");
    }
}
