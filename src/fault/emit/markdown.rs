//! `check --format md`: the summary of a job, for `$GITHUB_STEP_SUMMARY`.

use std::cmp::Reverse;
use std::io::{self, Write};

use crate::document::markdown;
use crate::fault::Severity;
use crate::fault::emit::{CheckReport, Shown, summary};
use crate::fault::group::FaultGroup;
use crate::source::excerpt::harmless;

/// Bytes of rows that are written. GitHub drops the summary of a step above 1 MiB, to which other commands may add.
const MAX_ROWS: usize = 512 * 1024;

/// Writes counts, the codes with their counts, and the faults file by file, errors first in all of it. Behind the limit
/// it says how many more there are. Logs without faults are one line.
///
/// # Errors
/// Those of `out`.
pub fn markdown(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = report.lang;
    if report.by_code.is_empty() {
        return writeln!(out, "{}", summary::nothing_wrong(report));
    }
    writeln!(out, "## {}\n", escaped(&summary::total(report)))?;
    codes(report, out)?;
    let (files, written) = rows(report);
    for (file, rows) in files {
        let counts = report.by_file.iter().find(|counts| counts.name == file);
        let heading = counts.map_or_else(|| file.to_owned(), |counts| summary::heading(counts, lang));
        let head = lang.pick("| 位置 | 代码 | 问题 | 怎么改 |", "| Place | Code | What is wrong | Remedy |");
        writeln!(out, "\n### {}\n\n{head}\n|---|---|---|---|\n{rows}", escaped(&heading))?;
    }
    let left = report.findings.len() - written + report.hidden;
    if left > 0 {
        let more = lang.pick(
            format!("还有 {left} 处没有列出；全部见 duban check"),
            format!("{left} more are not shown; see duban check"),
        );
        writeln!(out, "{more}\n")?;
    }
    let unread = summary::unread(report);
    if unread.is_empty() { Ok(()) } else { writeln!(out, "{}", escaped(&unread)) }
}

/// Writes a table of the number of faults of each code: errors first, then the most frequent.
fn codes(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = report.lang;
    writeln!(out, "{}\n|---|---|--:|", lang.pick("| 代码 | 问题 | 处数 |", "| Code | What is wrong | Count |"))?;
    let severity = |code| report.faults.severity(code).unwrap_or(Severity::Info);
    let mut codes: Vec<_> = report.by_code.iter().map(|(code, count)| (severity(*code), *code, *count)).collect();
    // By count already.
    codes.sort_by_key(|(severity, ..)| Reverse(*severity));
    for (severity, code, count) in codes {
        writeln!(
            out,
            "| {} {code} | {} | {count} |",
            mark(severity),
            escaped(report.faults.codes().info(code).title(lang))
        )?;
    }
    Ok(())
}

/// The rows of each file, the files with the gravest faults first, and the number of rows: as many as there is room for.
fn rows<'a>(report: &CheckReport<'a>) -> (Vec<(&'a str, String)>, usize) {
    let mut findings: Vec<&FaultGroup<'a>> = report.findings.iter().collect();
    findings.sort_by_key(|finding| Reverse(finding.fault.severity));
    let mut files: Vec<(&'a str, String)> = Vec::new();
    let (mut bytes, mut written) = (0, 0);
    for shown in report.shown_of(findings.into_iter()) {
        let row = row(&shown);
        bytes += row.len();
        if bytes > MAX_ROWS {
            break;
        }
        written += 1;
        match files.iter_mut().find(|(file, _)| *file == shown.file) {
            Some((_, rows)) => rows.push_str(&row),
            None => files.push((shown.file, row)),
        }
    }
    (files, written)
}

fn row(shown: &Shown<'_>) -> String {
    let message = &shown.words.message;
    // The column before says where; the message of a workbook begins with it.
    let (place, message) = match &shown.cell {
        Some((sheet, cell)) => {
            let place = format!("{}!{cell}", harmless(sheet));
            let message = message.strip_prefix(&place).map_or(message.as_str(), str::trim_start).to_owned();
            (place, message)
        }
        None => (format!("{}:{}", shown.excerpt.line, shown.excerpt.column), message.clone()),
    };
    let help = shown.words.help.as_deref().unwrap_or_default();
    let (mark, code) = (mark(shown.fault.severity), shown.fault.what.code());
    format!("| {} | {mark} {code} | {} | {} |\n", escaped(&place), escaped(&message), escaped(help))
}

fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Info => "ℹ️",
    }
}

/// Text that is nothing but text: no table, tag, link or code can begin or end in it, and GitHub finds nobody's name
/// and no number of an issue, which it looks for in what is shown.
fn escaped(text: &str) -> String {
    markdown::escape(&harmless(text)).replace("&#64;", "&#64;\u{200b}").replace("&#35;", "&#35;\u{200b}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let text = escaped("a|b`c`<img src=x>[d](http://e) @office #12\n# f");
        assert!(!text.contains(['|', '`', '<', '[', '@', '\n', ':']), "{text}");
        assert!(text.contains("&#64;\u{200b}office") && text.contains("&#35;\u{200b}12"), "{text}");
    }
}
