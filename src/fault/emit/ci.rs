//! The report for CI systems, which show it beside the submitted files: GitHub, GitLab and JUnit.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::fault::Severity;
use crate::fault::emit::fingerprint::Fingerprints;
use crate::fault::emit::{CheckReport, Shown, summary};
use crate::fault::group::FaultGroup;
use crate::json_writer::{Streamed, pretty};
use crate::source::excerpt::harmless;
use crate::words::lang::Lang;

/// Number of annotations of a level that GitHub shows for a step; it silently drops the others.
const GITHUB_SHOWS: usize = 10;

/// Writes `check --format github`: workflow commands, errors first, of each level as many as are shown. The last one says
/// how many more there are.
///
/// # Errors
/// Those of `out`.
pub fn github(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let of = |severity| report.findings.iter().filter(move |finding| finding.fault.severity == severity);
    let room = |severity, room: usize| of(severity).count().min(room);
    let (errors, warnings) = (room(Severity::Error, GITHUB_SHOWS), room(Severity::Warning, GITHUB_SHOWS));
    let count = report.findings.len() + report.hidden;
    let all = errors + warnings + room(Severity::Info, GITHUB_SHOWS);
    // The last notice is the one that counts the others.
    let notes = room(Severity::Info, if count > all { GITHUB_SHOWS - 1 } else { GITHUB_SHOWS });
    let left = count - errors - warnings - notes;
    let first = |severity, room: usize| of(severity).take(room);
    let findings = first(Severity::Error, errors).chain(first(Severity::Warning, warnings));
    for one in report.shown_of(findings.chain(first(Severity::Info, notes))) {
        let level = match one.fault.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let code = one.fault.what.code();
        let property = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
        writeln!(
            out,
            "::{level} file={},line={},col={},title={}::{}",
            property(&harmless(one.file)),
            one.excerpt.line,
            one.excerpt.column,
            property(&format!("{code} {}", report.codes.info(code).title(report.lang))),
            escaped(&message_and_help(&one, report.lang)),
        )?;
    }
    if left > 0 {
        let note = report.lang.pick(
            format!("还有 {left} 处没有列出；全部见 duban check"),
            format!("{left} more are not shown; see duban check"),
        );
        writeln!(out, "::notice title=duban::{}", escaped(&note))?;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Joins message and help on one line.
pub(super) fn message_and_help(shown: &Shown<'_>, lang: Lang) -> String {
    let message = &shown.words.message;
    shown
        .words
        .help
        .as_ref()
        .map_or_else(|| message.clone(), |help| lang.pick(format!("{message}；{help}"), format!("{message}; {help}")))
}

/// Writes `check --format gitlab`: a code quality report.
///
/// # Errors
/// Those of `out`.
pub fn gitlab(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let issues = report.shown().map(|shown| {
        let code = shown.fault.what.code();
        QualityIssue {
            description: message_and_help(&shown, report.lang),
            check_name: format!("{code} {}", report.codes.info(code).name),
            fingerprint: fingerprints.of(&shown),
            severity: match shown.fault.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location { path: shown.file, lines: Lines { begin: shown.excerpt.line.get() } },
        }
    });
    pretty(&Streamed::new(issues), out)
}

#[derive(Serialize)]
struct QualityIssue<'a> {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// Writes `check --format junit`: a suite for each file with faults and a case for each fault. Without faults, there
/// is one case, which passes. Those that are not shown are one case of a suite that counts them.
///
/// # Errors
/// Those of `out`.
pub fn junit(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut by_file: BTreeMap<&str, Vec<&[FaultGroup<'_>]>> = BTreeMap::new();
    for part in report.findings.chunk_by(|a, b| report.file_of(a) == report.file_of(b)) {
        by_file.entry(report.file_of(&part[0])).or_default().push(part);
    }
    let is_failure = |finding: &&FaultGroup<'_>| finding.fault.severity == Severity::Error;
    let failures = |list: &[FaultGroup<'_>]| list.iter().filter(is_failure).count();
    let (tests, failed) = ((report.findings.len() + report.hidden).max(1), report.errors);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"duban check\" tests=\"{tests}\" failures=\"{failed}\">")?;
    if by_file.is_empty() && report.hidden == 0 {
        writeln!(out, "  <testsuite name=\"duban check\" tests=\"1\" failures=\"0\">")?;
        writeln!(out, "    <testcase classname=\"duban\" name=\"check\"/>\n  </testsuite>")?;
    }
    for (file, parts) in by_file {
        let tests: usize = parts.iter().map(|part| part.len()).sum();
        let failed: usize = parts.iter().map(|part| failures(part)).sum();
        writeln!(out, "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failed}\">", xml(file))?;
        for shown in report.shown_of(parts.into_iter().flatten()) {
            test_case(&shown, report.lang, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if report.hidden > 0 {
        let (tests, failed) = (report.hidden, failed.saturating_sub(failures(&report.findings)));
        let text = xml(&summary::hidden(report));
        writeln!(out, "  <testsuite name=\"duban check\" tests=\"{tests}\" failures=\"{failed}\">")?;
        write!(out, "    <testcase classname=\"duban\" name=\"{text}\">")?;
        if failed > 0 {
            write!(out, "<failure type=\"hidden\" message=\"{text}\"/>")?;
        }
        writeln!(out, "</testcase>\n  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn test_case(shown: &Shown<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let code = shown.fault.what.code();
    let (line, column) = (shown.excerpt.line, shown.excerpt.column);
    let name = xml(&format!("{code} {}:{line}:{column}", shown.file));
    let (message, text) = (xml(&shown.words.message), xml(&message_and_help(shown, lang)));
    write!(out, "    <testcase classname=\"{code}\" name=\"{name}\">")?;
    // A warning is not a failure: its text goes to the output of a passing test.
    match shown.fault.severity {
        Severity::Error => write!(out, "<failure type=\"{code}\" message=\"{message}\">{text}</failure>"),
        _ => write!(out, "<system-out>{text}</system-out>"),
    }?;
    writeln!(out, "</testcase>")
}

/// Escapes a text for XML; white space becomes a space, and characters that XML can't contain become U+FFFD.
fn xml(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_xml_or_one_line() {
        assert_eq!(xml("a<b>&\"\u{1}"), "a&lt;b&gt;&amp;&quot;\u{fffd}");
        assert_eq!(escaped("a%b\r\nc"), "a%25b%0D%0Ac");
    }
}
