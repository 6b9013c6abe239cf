//! `check --format sarif`: SARIF 2.1.0.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::fault::emit::ci::message_and_help;
use crate::fault::emit::fingerprint::Fingerprints;
use crate::fault::emit::{CheckReport, Shown};
use crate::fault::explain::as_read;
use crate::fault::{Code, CodeInfo, Severity};
use crate::json_writer::{Streamed, pretty};
use crate::source::excerpt::Excerpt;
use crate::words::lang::Lang;

#[derive(Serialize)]
struct Sarif<'a, R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a, R>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a, R> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: R,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: Code,
    name: &'a str,
    short_description: Text<&'a str>,
    full_description: Text<&'a str>,
    help: Help<'a>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Text<T> {
    text: T,
}

#[derive(Serialize)]
struct Help<'a> {
    text: Cow<'a, str>,
    markdown: &'a str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: Code,
    rule_index: usize,
    level: &'static str,
    message: Text<String>,
    occurrence_count: usize,
    locations: [Location; 1],
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprint,
}

#[derive(Serialize)]
struct Fingerprint {
    #[serde(rename = "row/v1")]
    row: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_column: u32,
}

/// Writes the report as SARIF 2.1.0.
///
/// # Errors
/// Those of `out`.
pub fn sarif(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut codes: Vec<Code> = report.findings.iter().map(|finding| finding.fault.what.code()).collect();
    codes.sort();
    codes.dedup();
    let rules = codes.iter().map(|code| rule(*code, report.codes.info(*code), report.lang)).collect();
    let mut fingerprints = Fingerprints::default();
    let results = report.shown().map(|shown| finding(&shown, &codes, fingerprints.of(&shown), report.lang));
    let whole = Sarif {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name: "duban", version: env!("CARGO_PKG_VERSION"), rules } },
            column_kind: "unicodeCodePoints",
            results: Streamed::new(results),
        }],
    };
    pretty(&whole, out)
}

fn rule(code: Code, info: &CodeInfo, lang: Lang) -> Rule<'_> {
    let (title, page) = (info.title(lang), info.page(lang));
    Rule {
        id: code,
        name: &info.name,
        short_description: Text { text: title },
        full_description: Text { text: title },
        help: Help { text: as_read(page), markdown: page },
        default_configuration: Configuration { level: level(info.severity) },
    }
}

fn finding(shown: &Shown<'_>, codes: &[Code], fingerprint: String, lang: Lang) -> Finding {
    let code = shown.fault.what.code();
    Finding {
        rule_id: code,
        rule_index: codes.binary_search(&code).unwrap_or(0),
        level: level(shown.fault.severity),
        message: Text { text: message_and_help(shown, lang) },
        occurrence_count: shown.count,
        locations: [location(shown.file, &shown.excerpt)],
        related_locations: shown.related.iter().map(|(file, excerpt)| location(file, excerpt)).collect(),
        partial_fingerprints: Fingerprint { row: fingerprint },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn location(file: &str, excerpt: &Excerpt) -> Location {
    let length = excerpt.text.get(excerpt.range.clone()).map_or(0, |text| text.chars().count());
    let column = excerpt.column.get();
    Location {
        physical_location: PhysicalLocation {
            artifact_location: Artifact { uri: uri(file) },
            region: Region {
                start_line: excerpt.line.get(),
                start_column: column,
                end_column: column + u32::try_from(length).unwrap_or(0),
            },
        },
    }
}

/// Returns a file name as a relative URI: all bytes but unreserved characters and `/` are percent-encoded.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn names_are_uris() {
        assert_eq!(uri("logs/第一组 a.csv"), "logs/%E7%AC%AC%E4%B8%80%E7%BB%84%20a.csv");
    }
}
