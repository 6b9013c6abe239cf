//! The data shown by every format: the faults with their excerpts and messages.

use crate::fault::{Code, Fault, FaultKind, Faults, Severity, Words, words};
use crate::model::Field;
use crate::place::{Place, Spot};
use crate::source::excerpt::{Excerpt, harmless, locate};
use crate::source::{Sources, workbook};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// A fault with everything that is shown of it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The fault.
    pub fault: Fault,
    /// The name of the file.
    pub file: String,
    /// The line and column, and the text there.
    pub excerpt: Excerpt,
    /// The names of sheet and cell, in a workbook.
    pub cell: Option<(String, String)>,
    /// The other place, if two places conflict: file name and excerpt.
    pub related: Option<(String, Excerpt)>,
    /// Message and help.
    pub words: Words,
}

/// The number of faults in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfFile {
    /// The name of the file.
    pub name: String,
    /// Number of errors.
    pub errors: usize,
    /// Number of warnings.
    pub warnings: usize,
}

/// The values of a field for which the project declares no list; they are counted as written.
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
    /// Number of files read.
    pub files: usize,
    /// Number of issues read.
    pub issues: u64,
    /// Number of errors, shown or not.
    pub errors: usize,
    /// Number of warnings, shown or not.
    pub warnings: usize,
    /// The faults shown, in the order of files, lines and cells.
    pub faults: Vec<Shown>,
    /// Number of faults that are not shown.
    pub hidden: usize,
    /// The files with faults, shown or not, in order.
    pub by_file: Vec<OfFile>,
    /// The number of faults of each code, shown or not, the most frequent first.
    pub by_code: Vec<(Code, usize)>,
    /// The headers that match no field, without duplicates.
    pub unread: Vec<String>,
    /// The values of fields without a list. [`CheckReport::new`] leaves it empty for the caller to fill.
    pub kept: Vec<KeptValues>,
    /// The language of the messages.
    pub lang: Lang,
}

impl CheckReport {
    /// Looks up the excerpts of the first `max` faults, or of all, and puts these faults into words.
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
            // A line number is of no use in a workbook; the name of the cell is.
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

/// Counts sorted faults by file; the sheets of a workbook are one file.
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

/// Returns the headers that match no field, without duplicates, in the order of the faults.
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

/// Masks the middle of every number of 11 digits or more, since a report has more readers than the log. The text keeps
/// its length in bytes, so that ranges remain valid.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    let digits = text.as_bytes();
    for (at, c) in text.char_indices() {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        let ahead = digits[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_personal = run > 0 && run + ahead > 11;
        out.push(if is_personal && run > 3 && ahead > 4 { '*' } else { c });
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
