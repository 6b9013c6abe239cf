//! The lines of a report that sum it up: counts, headers that match no field, and values without a list.

use std::fmt::Write as _;

use crate::fault::emit::{CheckReport, KeptValues, OfFile};
use crate::source::excerpt::harmless;
use crate::words::lang::{Lang, counted};

/// Number of values of a field, or of columns, that are listed by name.
const NAMED: usize = 5;
/// Number of characters shown of a value.
const VALUE_LENGTH: usize = 20;

/// Returns the counts as text: `4 errors, 1 warning`.
pub(super) fn amounts(errors: usize, warnings: usize, lang: Lang) -> String {
    lang.pick(
        format!("{errors} 处错误，{warnings} 处警告"),
        format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    )
}

/// Returns the heading above the faults of a file.
pub(super) fn heading(file: &OfFile, lang: Lang) -> String {
    let (name, amounts) = (harmless(&file.name), amounts(file.errors, file.warnings, lang));
    lang.pick(format!("{name}：{amounts}"), format!("{name}: {amounts}"))
}

/// Returns the number of files and issues read and of their faults, as a line.
pub(super) fn total(report: &CheckReport<'_>) -> String {
    let CheckReport { files, issues, errors, warnings, lang, .. } = report;
    let (amounts, s) = (amounts(*errors, *warnings, *lang), if *issues == 1 { "" } else { "s" });
    lang.pick(
        format!("共 {files} 个文件、{issues} 个问题：{amounts}"),
        format!("{}, {issues} issue{s}: {amounts}", counted(*files, "file")),
    )
}

/// Returns what is said of logs without faults, as a line.
#[must_use]
pub fn nothing_wrong(report: &CheckReport<'_>) -> String {
    let CheckReport { files, issues, lang, .. } = report;
    lang.pick(
        format!("{files} 个文件、{issues} 个问题，没有发现错误"),
        format!("{files} files, {issues} issues: nothing wrong"),
    )
}

/// Returns the number of faults not shown, as a line; empty if all are shown.
pub(super) fn hidden(report: &CheckReport<'_>) -> String {
    let hidden = report.hidden;
    if hidden == 0 {
        return String::new();
    }
    report.lang.pick(format!("另有 {hidden} 处未显示（--max）"), format!("{hidden} more not shown (--max)"))
}

/// Returns the headers that match no field, as a line; empty if there are none.
pub(super) fn unread(report: &CheckReport<'_>) -> String {
    let CheckReport { unread, lang, .. } = report;
    if unread.is_empty() {
        return String::new();
    }
    let names = unread.iter().map(|header| shortened(header));
    let list = listed(names.collect(), *lang);
    lang.pick(format!("没有读的列：{list}"), format!("columns not read: {list}"))
}

/// Returns the values of fields without a list, a line for each field; empty if there are none.
#[must_use]
pub fn kept_lines(kept: &[KeptValues], lang: Lang) -> String {
    if kept.is_empty() {
        return String::new();
    }
    let mut lines =
        lang.pick("没有词表、按原样计入的：\n", "counted as written, since no list is declared:\n").to_owned();
    for KeptValues { field, values } in kept {
        let values = values.iter().map(|(value, count)| format!("{} {count}", shortened(value.as_str())));
        let list = listed(values.collect(), lang);
        let _ = match lang {
            Lang::Zh => writeln!(lines, "  {}：{list}", field.label(lang)),
            Lang::En => writeln!(lines, "  {}: {list}", field.key()),
        };
    }
    lines
}

/// Joins the first names and the number of the others.
fn listed(mut names: Vec<String>, lang: Lang) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let list = names.join(lang.pick("、", ", "));
    if more == 0 {
        return list;
    }
    lang.pick(format!("{list}，另有 {more} 种"), format!("{list}, and {more} more"))
}

/// Returns the start of a text from a log, on one line and with control characters made visible.
fn shortened(text: &str) -> String {
    let mut start: String = text.chars().take(VALUE_LENGTH).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    harmless(&start)
}
