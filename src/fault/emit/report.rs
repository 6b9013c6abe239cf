//! What every format shows: the faults with their places looked up and their words found.

use crate::fault::{Code, Fault, FaultKind, Faults, Severity, Words, words};
use crate::model::Field;
use crate::place::{Place, Spot};
use crate::source::excerpt::{Excerpt, harmless, locate};
use crate::source::{Sources, workbook};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// A fault with everything a reader is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The fault.
    pub fault: Fault,
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
        let mut list = faults.sorted();
        let all: usize =
            [Severity::Error, Severity::Warning, Severity::Info].map(|severity| faults.count(severity)).iter().sum();
        let by_file = by_file(&list, sources);
        let unread = unread(&list);
        list.truncate(max.unwrap_or(usize::MAX));
        let places: Vec<Place> =
            list.iter().flat_map(|fault| std::iter::once(fault.place).chain(fault.related)).collect();
        let mut excerpts = locate(sources, &places).into_iter();
        let mut shown = Vec::with_capacity(list.len());
        for fault in list {
            let Some(mut excerpt) = excerpts.next() else { break };
            if matches!(&fault.what, FaultKind::Rule(finding) if finding.is_personal_number()) {
                excerpt.text = masked(&excerpt.text);
            }
            let related =
                fault.related.and_then(|place| Some((sources.get(place.source).name.clone(), excerpts.next()?)));
            let mut words = words(&fault.what, fault.field, lang);
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
            shown.push(Shown { fault, file, excerpt, cell, related, words });
        }
        Self {
            files,
            issues,
            errors: faults.count(Severity::Error),
            warnings: faults.count(Severity::Warning),
            hidden: all - shown.len(),
            faults: shown,
            by_file,
            by_code: faults.by_code(),
            unread,
            kept: Vec::new(),
            lang,
        }
    }
}

/// Counts sorted faults file by file; the sheets of a workbook are one file.
fn by_file(list: &[Fault], sources: &Sources) -> Vec<OfFile> {
    let mut files: Vec<OfFile> = Vec::new();
    for fault in list {
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
fn unread(list: &[Fault]) -> Vec<String> {
    let mut headers: Vec<String> = Vec::new();
    for fault in list {
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
