//! `check --write-receipt` and `check --receipt`.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::check::FileIssues;
use crate::cli::Stop;
use crate::cli::args::InputArgs;
use crate::cli::logs::{FUTURE_DATE, Logs};
use crate::cli::output;
use crate::cli::session::Session;
use crate::fault::emit::ReportedReceipt;
use crate::fault::{Faults, Severity};
use crate::platform::paths::slashed;
use crate::project::digest;
use crate::receipt::{Receipt, ReceiptCounts, ReceiptError, ReceiptFile, svg};
use crate::words::lang::Lang;

/// Reads the receipt of `--receipt`, and lets the logs be checked as of its day.
///
/// # Errors
/// It can't be read, or is no whole receipt.
pub(super) fn given(
    path: Option<PathBuf>,
    input: &mut InputArgs,
    session: &mut Session<'_>,
) -> Result<Option<(Receipt, PathBuf)>, Stop> {
    let Some(path) = path else { return Ok(None) };
    let receipt = read(&path, session)?;
    input.as_of = Some(receipt.as_of.to_string());
    Ok(Some((receipt, path)))
}

/// Writes the receipts that are asked for, and holds the given one against the logs.
///
/// # Errors
/// A log can't be read any more, or a file can't be written.
pub(super) fn settled(
    (logs, issues, faults): (&Logs, &FileIssues, &Faults),
    paths: &[PathBuf],
    given: Option<&(Receipt, PathBuf)>,
    session: &mut Session<'_>,
) -> Result<Option<ReportedReceipt>, Stop> {
    if paths.is_empty() && given.is_none() {
        return Ok(None);
    }
    let now = made(logs, issues, faults, session)?;
    write(paths, &now, session)?;
    given.map(|(receipt, path)| held(path, receipt, &now, session)).transpose()
}

fn read(path: &Path, session: &mut Session<'_>) -> Result<Receipt, Stop> {
    let bytes = session.read_file(path)?;
    // What is no text is no receipt; the first line says so.
    let text = String::from_utf8_lossy(&bytes);
    Receipt::read(&text).map_err(|error| not_whole(path, &error, session.lang))
}

/// What is wrong with a receipt, with its line.
fn not_whole(path: &Path, error: &ReceiptError, lang: Lang) -> Stop {
    let (shown, text) = (slashed(&path), error.text(lang));
    Stop::wrong(lang.pick(format!("{shown}:{}：{text}", error.line), format!("{shown}:{}: {text}", error.line)))
}

/// Makes the receipt of a check.
///
/// # Errors
/// A log can't be read any more.
fn made(logs: &Logs, issues: &FileIssues, faults: &Faults, session: &Session<'_>) -> Result<Receipt, Stop> {
    // The sheets of a workbook are one file.
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut files: Vec<ReceiptFile> = Vec::new();
    for id in &logs.ids {
        let source = logs.sources.get(*id);
        let count = issues.of(*id);
        if let Some(file) = numbers.get(source.name.as_str()).and_then(|at| files.get_mut(*at)) {
            file.issues += count;
            continue;
        }
        let file = match source.on_disk() {
            Some(path) => ReceiptFile::read(&source.name, File::open(path)?, count)?,
            None => ReceiptFile::read(&source.name, source.bytes()?.as_slice(), count)?,
        };
        numbers.insert(&source.name, files.len());
        files.push(file);
    }
    // A day after that of the receipt counts as what it is on that day: `--as-of`, which a receipt that is held against the
    // logs has too, expects it and makes it a note.
    let own = session.project.severities.of(FUTURE_DATE);
    let expected = faults.severity(FUTURE_DATE).zip(own).filter(|(now, own)| logs.as_of_is_given && now != own);
    let moved = faults.by_code().into_iter().find(|(code, _)| *code == FUTURE_DATE).map_or(0, |(_, count)| count);
    let count = |severity| {
        let counted = faults.count(severity) as u64;
        match expected {
            Some((_, own)) if severity == own => counted + moved as u64,
            Some((now, _)) if severity == now => counted.saturating_sub(moved as u64),
            _ => counted,
        }
    };
    let counts = ReceiptCounts {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        infos: count(Severity::Info),
    };
    let project = &session.project;
    let config = project.configured.then(|| digest::of_project(&project.root)).transpose()?;
    Ok(Receipt::new(logs.day, env!("CARGO_PKG_VERSION"), config.as_deref(), files, counts))
}

/// Writes a receipt: its text, or its last line as a picture.
///
/// # Errors
/// A file can't be written.
fn write(paths: &[PathBuf], receipt: &Receipt, session: &mut Session<'_>) -> Result<(), Stop> {
    for path in paths {
        let is_picture = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
        let text = if is_picture {
            svg(&receipt.line).ok_or_else(|| Stop::unfinished(receipt.line.to_string()))?
        } else {
            receipt.text(session.lang)
        };
        output::write_file(path, text.as_bytes(), session)?;
        let shown = slashed(&path);
        session.note(&session.lang.pick(format!("回执写到 {shown}"), format!("receipt written to {shown}")))?;
    }
    Ok(())
}

/// Says what a receipt and the logs don't agree on.
///
/// # Errors
/// Standard error can't be written.
fn held(path: &Path, receipt: &Receipt, now: &Receipt, session: &mut Session<'_>) -> Result<ReportedReceipt, Stop> {
    let lang = session.lang;
    if let Some(error) = receipt.altered(now) {
        return Err(not_whole(path, &error, lang));
    }
    let differences = receipt.differences(now);
    let shown = slashed(&path);
    for difference in &differences {
        let text = difference.text(lang);
        let line = lang.pick(format!("回执 {shown}：{text}"), format!("receipt {shown}: {text}"));
        if difference.is_grave() { session.warn(&line)? } else { session.note(&line)? }
    }
    let holds = !differences.iter().any(crate::receipt::Difference::is_grave);
    if holds {
        session.note(&lang.pick(
            format!("回执 {shown}：文件与检查时相同，按 {} 检查的结果也相同", receipt.as_of),
            format!(
                "receipt {shown}: the files are those that were checked, and checked as of {} they give the same",
                receipt.as_of
            ),
        ))?;
    }
    Ok(ReportedReceipt {
        file: path.to_string_lossy().replace('\\', "/"),
        as_of: receipt.as_of,
        version: receipt.version.clone(),
        config: receipt.config.clone(),
        holds,
        differences,
    })
}
