//! `check --format rdjson`: the Reviewdog Diagnostic Format, for review comments by reviewdog.

use std::io::{self, Write};

use serde::Serialize;

use crate::fault::Severity;
use crate::fault::emit::ci::message_and_help;
use crate::fault::emit::{CheckReport, Shown};
use crate::json_writer::{Streamed, pretty};
use crate::words::lang::Lang;

#[derive(Serialize)]
struct DiagnosticResult<D> {
    source: Tool,
    /// The highest that there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    diagnostics: D,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: RuleCode,
}

#[derive(Serialize)]
struct RuleCode {
    value: String,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

/// The end is the position behind the last character.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Both from 1; the column counts bytes of UTF-8.
#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

/// Writes the report as one `DiagnosticResult`. A fault in a workbook has no range: its message begins with sheet and
/// cell, and a line of a packed file would be a wrong one.
///
/// # Errors
/// Those of `out`.
pub fn rdjson(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let whole = DiagnosticResult {
        source: Tool { name: "duban" },
        severity: report.findings.iter().map(|finding| finding.fault.severity).max().map(name),
        diagnostics: Streamed::new(report.shown().map(|shown| diagnostic(&shown, report.lang))),
    };
    pretty(&whole, out)
}

fn diagnostic<'a>(shown: &Shown<'a>, lang: Lang) -> Diagnostic<'a> {
    let range = shown.cell.is_none().then(|| {
        let (line, start) = (shown.excerpt.line.get(), shown.excerpt.byte_column.get());
        let end = start.saturating_add(u32::try_from(shown.excerpt.range.len()).unwrap_or(u32::MAX));
        Range { start: Position { line, column: start }, end: Position { line, column: end } }
    });
    Diagnostic {
        message: message_and_help(shown, lang),
        location: Location { path: shown.file, range },
        severity: name(shown.fault.severity),
        code: RuleCode { value: shown.fault.what.code().to_string() },
    }
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    }
}
