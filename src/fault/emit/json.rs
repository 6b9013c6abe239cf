//! `check --format json`.

use serde::Serialize;

use crate::fault::Severity;
use crate::fault::emit::CheckReport;

#[derive(Serialize)]
struct JsonReport<'a> {
    files: usize,
    issues: u64,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    code: &'static str,
    severity: Severity,
    file: &'a str,
    line: u32,
    column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    field: Option<&'static str>,
    message: &'a str,
    help: Option<&'a str>,
    /// How many rows it is found in, and which, where one word in many rows is one finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<Related<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
}

#[derive(Serialize)]
struct Related<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

/// Renders the report as one JSON object, followed by a line feed.
#[must_use]
pub fn json(report: &CheckReport) -> String {
    let diagnostics = report.faults.iter().map(|shown| Diagnostic {
        code: shown.fault.what.code().info().code,
        severity: shown.fault.severity,
        file: &shown.file,
        line: shown.excerpt.line.get(),
        column: shown.excerpt.column.get(),
        cell: shown.cell.as_ref().map(|(_, cell)| cell.as_str()),
        sheet: shown.cell.as_ref().map(|(sheet, _)| sheet.as_str()),
        field: shown.fault.field.map(crate::model::Field::key),
        message: &shown.words.message,
        help: shown.words.help.as_deref(),
        count: Some(shown.count).filter(|count| *count > 1),
        rows: match shown.rows.as_slice() {
            [_] => Vec::new(),
            rows => rows.iter().map(|row| Row { line: row.line, sheet: row.sheet.as_deref() }).collect(),
        },
        related: shown.related.as_ref().map(|(file, excerpt)| Related {
            file,
            line: excerpt.line.get(),
            column: excerpt.column.get(),
        }),
    });
    let whole = JsonReport {
        files: report.files,
        issues: report.issues,
        errors: report.errors,
        warnings: report.warnings,
        diagnostics: diagnostics.collect(),
    };
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}
