//! The report for CI systems, which show it beside the submitted files: GitHub, GitLab, SARIF and JUnit.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::digest;
use crate::fault::emit::{CheckReport, Shown};
use crate::fault::{Code, Severity, explain};
use crate::source::excerpt::harmless;
use crate::words::lang::Lang;

/// Number of annotations that GitHub shows for a step; it silently drops the others.
const GITHUB_SHOWS: usize = 10;

/// Renders `check --format github`: workflow commands, errors first. The last one says how many more there are.
#[must_use]
pub fn github(report: &CheckReport) -> String {
    let mut text = String::new();
    let mut faults: Vec<&Shown> = report.faults.iter().collect();
    faults.sort_by_key(|shown| std::cmp::Reverse(shown.fault.severity));
    let more = faults.len().saturating_sub(GITHUB_SHOWS) + report.hidden;
    let shown = if more > 0 { GITHUB_SHOWS - 1 } else { GITHUB_SHOWS };
    for one in faults.iter().take(shown) {
        let level = match one.fault.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let code = one.fault.what.code();
        let property = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
        let _ = writeln!(
            text,
            "::{level} file={},line={},col={},title={}::{}",
            property(&harmless(&one.file)),
            one.excerpt.line,
            one.excerpt.column,
            property(&format!("{code} {}", code.title(report.lang))),
            escaped(&message_and_help(one, report.lang)),
        );
    }
    if faults.len() + report.hidden > shown {
        let left = faults.len() + report.hidden - shown;
        let note = report.lang.pick(
            format!("还有 {left} 处没有列出；全部见 duban check"),
            format!("{left} more are not shown; see duban check"),
        );
        let _ = writeln!(text, "::notice title=duban::{}", escaped(&note));
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Joins message and help on one line.
fn message_and_help(shown: &Shown, lang: Lang) -> String {
    let message = &shown.words.message;
    shown
        .words
        .help
        .as_ref()
        .map_or_else(|| message.clone(), |help| lang.pick(format!("{message}；{help}"), format!("{message}; {help}")))
}

/// Returns a fingerprint for each fault by which it is recognised in the next submission: a hash of its file, its code,
/// the text of its row, its message, and its number among equal ones. The line is left out, since it moves. A finding in
/// several rows is recognised by its word, since its rows change.
fn fingerprints(report: &CheckReport) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let of = |shown: &Shown| {
        let code = shown.fault.what.code();
        let known = match shown.fault.what.repeated() {
            Some(word) => format!("{}\0{code}\0{:?}\0{word}", shown.file, shown.fault.what.field()),
            None => format!("{}\0{code}\0{}\0{}", shown.file, shown.excerpt.text.trim(), shown.words.message),
        };
        let count = seen.entry(known.clone()).or_default();
        *count += 1;
        let mut print = digest::of(format!("{known}\0{count}").as_bytes());
        print.truncate(32);
        print
    };
    report.faults.iter().map(of).collect()
}

/// Renders `check --format gitlab`: a code quality report.
#[must_use]
pub fn gitlab(report: &CheckReport) -> String {
    let issues = report.faults.iter().zip(fingerprints(report)).map(|(shown, fingerprint)| {
        let code = shown.fault.what.code();
        json!({
            "description": message_and_help(shown, report.lang),
            "check_name": format!("{code} {}", code.info().name),
            "fingerprint": fingerprint,
            "severity": match shown.fault.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            "location": { "path": shown.file, "lines": { "begin": shown.excerpt.line.get() } },
        })
    });
    pretty(&issues.collect())
}

/// Renders `check --format sarif`: SARIF 2.1.0.
#[must_use]
pub fn sarif(report: &CheckReport) -> String {
    let level = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut codes: Vec<Code> = report.faults.iter().map(|shown| shown.fault.what.code()).collect();
    codes.sort();
    codes.dedup();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| {
            let (info, page) = (code.info(), explain::page(*code, report.lang));
            json!({
                "id": info.code,
                "name": info.name,
                "shortDescription": { "text": code.title(report.lang) },
                "fullDescription": { "text": code.title(report.lang) },
                "help": { "text": page, "markdown": page },
                "defaultConfiguration": { "level": level(info.severity) },
            })
        })
        .collect();
    let location = |file: &str, excerpt: &crate::source::excerpt::Excerpt| {
        let length = excerpt.text.get(excerpt.range.clone()).map_or(0, |text| text.chars().count());
        let column = excerpt.column.get();
        json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": {
                "startLine": excerpt.line.get(),
                "startColumn": column,
                "endColumn": column + u32::try_from(length).unwrap_or(0),
            },
        }})
    };
    let results: Vec<Value> = report
        .faults
        .iter()
        .zip(fingerprints(report))
        .map(|(shown, fingerprint)| {
            let code = shown.fault.what.code();
            let related: Vec<Value> = shown.related.iter().map(|(file, excerpt)| location(file, excerpt)).collect();
            json!({
                "ruleId": code.info().code,
                "ruleIndex": codes.iter().position(|known| *known == code).unwrap_or(0),
                "level": level(shown.fault.severity),
                "message": { "text": message_and_help(shown, report.lang) },
                "occurrenceCount": shown.count,
                "locations": [location(&shown.file, &shown.excerpt)],
                "relatedLocations": related,
                "partialFingerprints": { "row/v1": fingerprint },
            })
        })
        .collect();
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "duban",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
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

/// Renders `check --format junit`: a suite for each file with faults and a case for each fault. Without faults, there
/// is one case, which passes.
#[must_use]
pub fn junit(report: &CheckReport) -> String {
    let mut by_file: BTreeMap<&str, Vec<&Shown>> = BTreeMap::new();
    for shown in &report.faults {
        by_file.entry(&shown.file).or_default().push(shown);
    }
    let failures = |list: &[&Shown]| list.iter().filter(|shown| shown.fault.severity == Severity::Error).count();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let all: Vec<&Shown> = report.faults.iter().collect();
    let tests = all.len().max(1);
    let _ = writeln!(out, "<testsuites name=\"duban check\" tests=\"{tests}\" failures=\"{}\">", failures(&all));
    if by_file.is_empty() {
        out.push_str("  <testsuite name=\"duban check\" tests=\"1\" failures=\"0\">\n");
        out.push_str("    <testcase classname=\"duban\" name=\"check\"/>\n  </testsuite>\n");
    }
    for (file, list) in by_file {
        let (tests, failed) = (list.len(), failures(&list));
        let _ = writeln!(out, "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failed}\">", xml(file));
        for shown in list {
            let code = shown.fault.what.code();
            let (line, column) = (shown.excerpt.line, shown.excerpt.column);
            let name = xml(&format!("{code} {}:{line}:{column}", shown.file));
            let (message, text) = (xml(&shown.words.message), xml(&message_and_help(shown, report.lang)));
            let _ = write!(out, "    <testcase classname=\"{code}\" name=\"{name}\">");
            // A warning is not a failure: its text goes to the output of a passing test.
            let _ = match shown.fault.severity {
                Severity::Error => write!(out, "<failure type=\"{code}\" message=\"{message}\">{text}</failure>"),
                _ => write!(out, "<system-out>{text}</system-out>"),
            };
            out.push_str("</testcase>\n");
        }
        out.push_str("  </testsuite>\n");
    }
    out + "</testsuites>\n"
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

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_uris_and_text_is_xml() {
        assert_eq!(uri("logs/第一组 a.csv"), "logs/%E7%AC%AC%E4%B8%80%E7%BB%84%20a.csv");
        assert_eq!(xml("a<b>&\"\u{1}"), "a&lt;b&gt;&amp;&quot;\u{fffd}");
        assert_eq!(escaped("a%b\r\nc"), "a%25b%0D%0Ac");
    }
}
