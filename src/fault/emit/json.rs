//! `check --format json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;

use crate::fault::emit::{CheckReport, ReportedPhoto, ReportedReceipt, ReportedTable, Shown};
use crate::fault::{Code, Severity};
use crate::json_writer::{Streamed, pretty};
use crate::words::lang::Lang;

#[derive(Serialize)]
struct JsonReport<'a, D> {
    files: usize,
    issues: u64,
    errors: usize,
    warnings: usize,
    /// How many faults allowances let pass, by code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    allowed: BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    photos: Vec<Photo<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<Receipt<'a>>,
    diagnostics: D,
    /// The logs as they stand, if they are wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    tables: Option<&'a [ReportedTable]>,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    code: Code,
    severity: Severity,
    file: &'a str,
    line: u32,
    column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    field: Option<&'static str>,
    message: String,
    help: Option<String>,
    /// How many rows it is found in, and which, where one word in many rows is one finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<Related<'a>>,
}

#[derive(Serialize)]
struct Photo<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    line: u32,
    stage: Option<&'static str>,
    place: &'a str,
}

#[derive(Serialize)]
struct Receipt<'a> {
    file: &'a str,
    as_of: NaiveDate,
    version: &'a str,
    config: &'a str,
    holds: bool,
    differences: Vec<Difference>,
}

#[derive(Serialize)]
struct Difference {
    kind: &'static str,
    /// Whether it keeps the receipt from holding.
    grave: bool,
    message: String,
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

/// Writes the report as one JSON object, followed by a line feed.
///
/// # Errors
/// Those of `out`.
pub fn json(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let whole = JsonReport {
        files: report.files,
        issues: report.issues,
        errors: report.errors,
        warnings: report.warnings,
        allowed: report.faults.allowed().into_iter().map(|(code, count)| (code.to_string(), count)).collect(),
        photos: report.photos.iter().map(photo).collect(),
        receipt: report.receipt.as_ref().map(|held| receipt(held, report.lang)),
        diagnostics: Streamed::new(report.shown().map(diagnostic)),
        tables: report.tables.as_deref(),
    };
    pretty(&whole, out)
}

fn receipt(held: &ReportedReceipt, lang: Lang) -> Receipt<'_> {
    let ReportedReceipt { file, as_of, version, config, holds, differences } = held;
    let difference = |difference: &crate::receipt::Difference| Difference {
        kind: difference.kind(),
        grave: difference.is_grave(),
        message: difference.text(lang),
    };
    let differences = differences.iter().map(difference).collect();
    Receipt { file, as_of: *as_of, version, config, holds: *holds, differences }
}

fn photo(photo: &ReportedPhoto) -> Photo<'_> {
    let ReportedPhoto { file, sheet, line, stage, place } = photo;
    let stage = Some(*stage).filter(|stage| !stage.is_empty());
    Photo { file, sheet: sheet.as_deref(), line: *line, stage, place }
}

fn diagnostic(shown: Shown<'_>) -> Diagnostic<'_> {
    let (sheet, cell) = shown.cell.unzip();
    Diagnostic {
        code: shown.fault.what.code(),
        severity: shown.fault.severity,
        file: shown.file,
        line: shown.excerpt.line.get(),
        column: shown.excerpt.column.get(),
        cell,
        sheet,
        field: shown.fault.field.map(crate::model::Field::key),
        message: shown.words.message,
        help: shown.words.help,
        count: Some(shown.count).filter(|count| *count > 1),
        rows: match shown.rows.as_slice() {
            [_] => Vec::new(),
            rows => rows.iter().map(|row| Row { line: row.line, sheet: row.sheet }).collect(),
        },
        related: shown.related.map(|(file, excerpt)| Related {
            file,
            line: excerpt.line.get(),
            column: excerpt.column.get(),
        }),
    }
}
