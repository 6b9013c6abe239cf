//! The data shown by every format: the faults with their excerpts and messages.

use chrono::NaiveDate;

use crate::fault::emit::table::ReportedTable;
use crate::fault::group::{FaultGroup, groups, repeats, repeats_of};
use crate::fault::{Code, CodeTable, Fault, FaultKind, Faults, Severity, Words, config_line, words};
use crate::model::Field;
use crate::place::{Place, Spot};
use crate::receipt::Difference;
use crate::source::excerpt::{Excerpt, Excerpts, harmless, locate};
use crate::source::{Sources, workbook};
use crate::words::lang::Lang;
use crate::words::personal;
use crate::words::symbol::Symbol;

/// The maximum number of ranges of rows that a message lists.
const NAMED_ROWS: usize = 8;
/// The number of findings whose other places are looked up together.
const BATCH: usize = 16_384;

/// A fault with everything that is shown of it.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The fault; of several with the same word, the first.
    pub fault: &'a Fault,
    /// How many rows it is in.
    pub count: usize,
    /// Which rows, those that are kept; several where one word in many rows is one finding.
    pub rows: Vec<ShownRow<'a>>,
    /// The name of the file.
    pub file: &'a str,
    /// The line and column, and the text there.
    pub excerpt: Excerpt,
    /// The names of sheet and cell, in a workbook.
    pub cell: Option<(&'a str, String)>,
    /// The other place, if two places conflict: file name and excerpt.
    pub related: Option<(&'a str, Excerpt)>,
    /// Message and help.
    pub words: Words,
}

/// A row that a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownRow<'a> {
    /// The line in the file, or the row of the sheet; from 1.
    pub line: u32,
    /// The sheet, for a workbook.
    pub sheet: Option<&'a str>,
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

/// A receipt that was held against the logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedReceipt {
    /// The name of its file.
    pub file: String,
    /// The day as of which the logs were checked, then and now.
    pub as_of: NaiveDate,
    /// The version of duban that made it.
    pub version: String,
    /// The first digits of the digest of the config it was made with.
    pub config: String,
    /// Whether the files and the counts are the same.
    pub holds: bool,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// A photo of an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedPhoto {
    /// The name of the log.
    pub file: String,
    /// The sheet, for a workbook.
    pub sheet: Option<String>,
    /// The line of the issue, from 1.
    pub line: u32,
    /// The name of its stage in data: `before`, `during`, `after`; empty where the log does not tell.
    pub stage: &'static str,
    /// Where it stands: the file, or the file and the cell.
    pub place: String,
}

/// A finished report.
#[derive(Clone, Debug)]
pub struct CheckReport<'a> {
    /// Number of files read.
    pub files: usize,
    /// Number of issues read.
    pub issues: u64,
    /// Number of errors, shown or not.
    pub errors: usize,
    /// Number of warnings, shown or not.
    pub warnings: usize,
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
    /// The photos of issues, in the order of the logs. [`CheckReport::new`] leaves it empty for the caller to fill.
    pub photos: Vec<ReportedPhoto>,
    /// The receipt of `--receipt`, for the caller to fill.
    pub receipt: Option<ReportedReceipt>,
    /// The logs as they stand, if they are wanted. [`CheckReport::new`] leaves it empty for the caller to fill.
    pub tables: Option<Vec<ReportedTable>>,
    /// The codes of the run.
    pub codes: &'a CodeTable,
    /// The language of the messages.
    pub lang: Lang,
    /// The findings that are shown, in the order of files, lines and cells.
    pub(super) findings: Vec<FaultGroup<'a>>,
    pub(super) faults: &'a Faults,
    sources: &'a Sources,
}

impl<'a> CheckReport<'a> {
    /// Counts the faults, of which the first `max` are to be shown, or all.
    #[must_use]
    pub fn new(
        faults: &'a Faults,
        sources: &'a Sources,
        files: usize,
        issues: u64,
        max: Option<usize>,
        lang: Lang,
    ) -> Self {
        let mut list = groups(faults, |source| &sources.get(source).name);
        let findings = |severity| faults.count(severity).saturating_sub(repeats(&list, severity));
        let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Info].map(findings);
        let by_code = by_code(faults, &list);
        let by_file = by_file(&list, sources);
        let unread = unread(&list);
        list.truncate(max.unwrap_or(usize::MAX));
        let hidden = (errors + warnings + notes).saturating_sub(list.len());
        let (kept, photos) = (Vec::new(), Vec::new());
        Self {
            files,
            issues,
            errors,
            warnings,
            hidden,
            by_file,
            by_code,
            unread,
            kept,
            photos,
            tables: None,
            receipt: None,
            codes: faults.codes(),
            lang,
            findings: list,
            faults,
            sources,
        }
    }

    /// The faults that are shown, in the order of files, lines and cells. Their excerpts are read and their messages made
    /// as they are asked for: memory does not grow with their number.
    pub fn shown(&self) -> impl Iterator<Item = Shown<'a>> + use<'a, '_> {
        self.shown_of(self.findings.iter())
    }

    /// Some of the [findings](Self::findings) with what is shown of them.
    pub(super) fn shown_of<'r>(
        &'r self,
        findings: impl Iterator<Item = &'r FaultGroup<'a>> + 'r,
    ) -> impl Iterator<Item = Shown<'a>> + 'r {
        let (mut findings, mut excerpts) = (findings.peekable(), Excerpts::new(self.sources));
        let batches = std::iter::from_fn(move || {
            findings.peek()?;
            let batch: Vec<&FaultGroup<'a>> = findings.by_ref().take(BATCH).collect();
            // The other places come in any order: those of a batch are looked up together.
            let related: Vec<Place> = batch.iter().filter_map(|finding| finding.fault.related).collect();
            Some((batch, locate(self.sources, &related)))
        });
        batches
            .flat_map(|(batch, related)| {
                let mut related = related.into_iter();
                batch.into_iter().map(move |finding| (finding, finding.fault.related.and_then(|_| related.next())))
            })
            .map(move |(finding, related)| self.show(finding, excerpts.of(finding.fault.place), related))
    }

    fn show(&self, finding: &FaultGroup<'a>, mut excerpt: Excerpt, related: Option<Excerpt>) -> Shown<'a> {
        let FaultGroup { fault, places, count } = finding;
        if matches!(&fault.what, FaultKind::Rule(finding) if finding.is_personal_number()) {
            excerpt.text = masked(&excerpt.text);
        }
        let source = self.sources.get(fault.place.source);
        let related = fault.related.zip(related);
        let related = related.map(|(place, excerpt)| (self.sources.get(place.source).name.as_str(), excerpt));
        let rows: Vec<ShownRow<'a>> = places.iter().map(|place| row_of(*place, self.sources)).collect();
        let mut words = words(&fault.what, fault.field, self.lang);
        if *count > 1 {
            words = in_rows(words, &fault.what, *count, &rows, self.lang);
        }
        let cell = source.sheet.as_ref().map(|sheet| {
            let cell = if let Spot::Cell(cell) = fault.place.spot { cell } else { 0 };
            (sheet.name.as_str(), workbook::address(fault.place.line.get(), cell))
        });
        // A line number is of no use in a workbook; the name of the cell is.
        if let Some((sheet, cell)) = &cell {
            words.message = format!("{}!{cell} {}", harmless(sheet), words.message);
        }
        Shown { fault, count: *count, rows, file: &source.name, excerpt, cell, related, words }
    }

    /// The name of the file of a finding.
    pub(super) fn file_of(&self, finding: &FaultGroup<'_>) -> &'a str {
        &self.sources.get(finding.fault.place.source).name
    }
}

/// How many findings of each code there are; the most frequent first.
fn by_code(faults: &Faults, list: &[FaultGroup<'_>]) -> Vec<(Code, usize)> {
    let counts = faults.by_code().into_iter();
    let counts = counts.map(|(code, count)| (code, count.saturating_sub(repeats_of(list, code))));
    let mut counts: Vec<(Code, usize)> = counts.collect();
    counts.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
    counts
}

fn row_of(place: Place, sources: &Sources) -> ShownRow<'_> {
    let sheet = sources.get(place.source).sheet.as_ref();
    ShownRow { line: place.line.get(), sheet: sheet.map(|sheet| sheet.name.as_str()) }
}

/// The words for a finding in several rows: how many, which, and the line of config that mends them all.
fn in_rows(words: Words, what: &FaultKind, count: usize, rows: &[ShownRow<'_>], lang: Lang) -> Words {
    let listed = listed(rows, lang);
    let message = match of_sheets(what, count, rows, lang) {
        Some(sheets) => lang.pick(
            format!("{}，共 {count} 张工作表：{sheets}", words.message),
            format!("{}, in {count} sheets: {sheets}", words.message),
        ),
        None => lang.pick(
            format!("{}，共 {count} 行：{listed}", words.message),
            format!("{}, in {count} rows: {listed}", words.message),
        ),
    };
    let config = config_line(what, lang);
    let help = match (words.help, config) {
        (Some(help), Some(config)) if !help.contains(&config) => {
            Some(lang.pick(format!("{help}{config}"), format!("{help} {config}")))
        }
        (help, config) => help.or(config),
    };
    Words { message, help }
}

/// The sheets that a fault of a header is in; nothing for one of rows.
fn of_sheets(what: &FaultKind, count: usize, rows: &[ShownRow<'_>], lang: Lang) -> Option<String> {
    if !matches!(what, FaultKind::MissingColumn { .. } | FaultKind::UnknownColumn { .. }) {
        return None;
    }
    let mut sheets: Vec<&str> = rows.iter().filter_map(|row| row.sheet).collect();
    sheets.dedup();
    let named = sheets.iter().take(NAMED_ROWS).map(|name| harmless(name)).collect::<Vec<_>>();
    let more = if sheets.len() > NAMED_ROWS { lang.pick("等", " and more") } else { "" };
    (sheets.len() == count).then(|| named.join(lang.pick("、", ", ")) + more)
}

/// Rows as ranges, sheet by sheet: `3、5–9`, `8月 3、5；9月 4`.
fn listed(rows: &[ShownRow<'_>], lang: Lang) -> String {
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
        if let Some(name) = sheet[0].sheet.filter(|_| is_one_of_several) {
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

/// Counts sorted faults by file; the sheets of a workbook are one file.
fn by_file(list: &[FaultGroup<'_>], sources: &Sources) -> Vec<OfFile> {
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

/// Returns the headers that match no field, without duplicates, in the order of the faults.
fn unread(list: &[FaultGroup<'_>]) -> Vec<String> {
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

/// Masks the middle of everything personal, since a report has more readers than the log. The text keeps its length in
/// bytes, so that ranges remain valid.
fn masked(text: &str) -> String {
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for found in personal::find(text) {
        out.push_str(text.get(from..found.range.start).unwrap_or_default());
        let count = text.get(found.range.clone()).unwrap_or_default().chars().count();
        let (head, tail) = if count >= 11 { (3, 4) } else { (1, 0) };
        for (at, c) in text.get(found.range.clone()).unwrap_or_default().chars().enumerate() {
            if at < head || at + tail >= count {
                out.push(c);
            } else {
                out.extend(std::iter::repeat_n('*', c.len_utf8()));
            }
        }
        from = found.range.end;
    }
    out + text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_long_numbers_is_hidden() {
        assert_eq!(masked("电话13800138000，2021-08-03"), "电话138****8000，2021-08-03");
        assert_eq!(masked("电话１３８ 0013 8000"), "电话１３８******8000");
        assert_eq!(masked("1234567890，豫A12345"), "1234567890，豫******");
    }
}
