//! The report for terminals: the row, a caret under the cell, and the help.

use std::io::{self, Write};
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic, Label};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Config, Styles, StylesWriter, termcolor};

use crate::document::text::columns;
use crate::fault::Severity;
use crate::fault::emit::wrap::wrapped;
use crate::fault::emit::{CheckReport, Shown, summary};
use crate::source::excerpt::{Excerpt, harmless};
use crate::words::lang::Lang;

/// The width of a report in columns, where a Chinese character takes two: the default width of a terminal.
const WIDTH: usize = 80;
/// The width of a row, in the same columns; a wider one is cut around the cell. Line number and border take the rest.
const ROW_WIDTH: usize = 68;

/// Writes the report file by file, with a summary at the end; `colour` adds ANSI colours. Nothing without faults.
///
/// # Errors
/// Those of `out`.
pub fn text(report: &CheckReport<'_>, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    if report.by_code.is_empty() {
        return Ok(());
    }
    let mut files = report.by_file.iter();
    let mut open = None;
    for shown in report.shown() {
        if open != Some(shown.file) {
            open = Some(shown.file);
            let heading = files.find(|file| file.name == shown.file).map(|file| summary::heading(file, report.lang));
            writeln!(out, "{}\n", bold(&heading.unwrap_or_default(), colour))?;
        }
        write_one(&shown, report.lang, colour, out)?;
    }
    writeln!(out, "{}", bold(&summary::total(report), colour))?;
    let digits = report.by_code.first().map_or(0, |(_, count)| count.to_string().len());
    for (code, count) in &report.by_code {
        let title = report.codes.info(*code).title(report.lang);
        writeln!(out, "{count:>width$}  {code}  {title}", width = digits + 2)?;
    }
    for line in [summary::hidden(report), summary::unread(report)] {
        if !line.is_empty() {
            writeln!(out, "{}", wrapped(&line, WIDTH, "  "))?;
        }
    }
    for line in summary::kept_lines(&report.kept, report.lang).lines() {
        writeln!(out, "{}", wrapped(line, WIDTH, "    "))?;
    }
    Ok(())
}

fn bold(text: &str, colour: bool) -> String {
    if colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Writes one fault: the row, a caret under the cell, and the help.
///
/// # Errors
/// Those of `out`.
pub fn write_one(shown: &Shown<'_>, lang: Lang, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let files = OneFault::new(shown);
    let diagnostic = files.diagnostic(lang);
    let (config, styles) = (Config::default(), Styles::default());
    let mut text = Vec::new();
    let result = if colour {
        let mut ansi = termcolor::Ansi::new(&mut text);
        term::emit_to_write_style(&mut StylesWriter::new(&mut ansi, &styles), &config, &files, &diagnostic)
    } else {
        term::emit_to_io_write(&mut text, &config, &files, &diagnostic)
    };
    match result {
        Ok(()) => out.write_all(&text),
        // The renderer fails only if a label is outside the text; the fault is then shown on one line.
        Err(_) => writeln!(out, "{}", one_line(shown)),
    }
}

/// Renders one fault on one line: `file:line:column: error[V101]: message`.
#[must_use]
pub fn one_line(shown: &Shown<'_>) -> String {
    let Excerpt { line, column, .. } = &shown.excerpt;
    let severity = match shown.fault.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    format!(
        "{}:{line}:{column}: {severity}[{}]: {}",
        harmless(shown.file),
        shown.fault.what.code(),
        shown.words.message
    )
}

/// One fault as the files of `codespan-reporting`: file 0 is the faulty row, file 1 the row of the other place.
struct OneFault<'s> {
    shown: &'s Shown<'s>,
    names: [String; 2],
    texts: [Option<Cut>; 2],
    /// The range of the other place, if it is in the same row.
    second: Option<Range<usize>>,
}

/// A line, cut to fit the screen, and the marked range in it.
struct Cut {
    text: String,
    range: Range<usize>,
}

impl<'s> OneFault<'s> {
    fn new(shown: &'s Shown<'s>) -> Self {
        let same_row = |(file, excerpt): &&(&str, Excerpt)| {
            *file == shown.file && excerpt.line == shown.excerpt.line && columns(&excerpt.text) <= ROW_WIDTH
        };
        // Two cells of one row are both marked in the same excerpt.
        let second = shown.related.as_ref().filter(same_row).map(|(_, excerpt)| excerpt.range.clone());
        let other = shown.related.as_ref().filter(|_| second.is_none()).map(|(_, excerpt)| cut(excerpt));
        let names = [shown.file, shown.related.as_ref().map_or(shown.file, |(name, _)| name)];
        Self { shown, names: names.map(harmless), texts: [Some(cut(&shown.excerpt)), other], second }
    }

    fn cut(&self, id: usize) -> Result<&Cut, Error> {
        self.texts.get(id).and_then(Option::as_ref).ok_or(Error::FileMissing)
    }

    fn excerpt(&self, id: usize) -> Result<&Excerpt, Error> {
        match id {
            0 => Ok(&self.shown.excerpt),
            _ => self.shown.related.as_ref().map(|(_, excerpt)| excerpt).ok_or(Error::FileMissing),
        }
    }

    fn diagnostic(&self, lang: Lang) -> Diagnostic<usize> {
        let severity = match self.shown.fault.severity {
            Severity::Error => codespan_reporting::diagnostic::Severity::Error,
            Severity::Warning => codespan_reporting::diagnostic::Severity::Warning,
            Severity::Info => codespan_reporting::diagnostic::Severity::Note,
        };
        let other = lang.pick("与这里不一致或重复", "conflicts with or repeats this");
        let mut labels = Vec::new();
        if let Ok(cut) = self.cut(0) {
            labels.push(Label::primary(0, cut.range.clone()));
        }
        if let Some(range) = &self.second {
            labels.push(Label::secondary(0, range.clone()).with_message(other));
        }
        if let Ok(cut) = self.cut(1) {
            labels.push(Label::secondary(1, cut.range.clone()).with_message(other));
        }
        let title = "warning[L000]: ";
        Diagnostic::new(severity)
            .with_code(self.shown.fault.what.code())
            .with_message(wrapped(&self.shown.words.message, WIDTH - title.len(), "  "))
            .with_labels(labels)
            .with_notes(self.shown.words.help.iter().map(|help| wrapped(help, WIDTH - 8, "")).collect())
    }
}

fn cut(excerpt: &Excerpt) -> Cut {
    let Excerpt { text, range, .. } = excerpt;
    if columns(text) <= ROW_WIDTH {
        return Cut { text: text.clone(), range: range.clone() };
    }
    let (head, rest) = text.split_at_checked(range.start).unwrap_or((text, ""));
    let (cell, tail) = rest.split_at_checked(range.len()).unwrap_or((rest, ""));
    // The cell comes first; up to two thirds of the remaining width go to the text after it, the rest to that before
    // it.
    let shown = start_of(cell, ROW_WIDTH - 2);
    let left = if shown == cell { ROW_WIDTH - 2 - columns(shown) } else { 0 };
    let before = end_of(head, left - columns(tail).min(left * 2 / 3));
    let after = start_of(tail, left - columns(before));
    let dots = |is_cut: bool| if is_cut { "…" } else { "" };
    let text = format!("{}{before}{shown}{after}{}", dots(before != head), dots(shown != cell || after != tail));
    let from = dots(before != head).len() + before.len();
    Cut { text, range: from..from + shown.len() }
}

/// Returns the longest start of a text that is at most `width` columns wide.
fn start_of(text: &str, width: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += columns(c.encode_utf8(&mut [0; 4]));
        used > width
    });
    text.get(..end.map_or(text.len(), |(at, _)| at)).unwrap_or_default()
}

/// Returns the longest end of a text that is at most `width` columns wide.
fn end_of(text: &str, width: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().rev().find(|(_, c)| {
        used += columns(c.encode_utf8(&mut [0; 4]));
        used > width
    });
    text.get(end.map_or(0, |(at, c)| at + c.len_utf8())..).unwrap_or_default()
}

impl<'a> Files<'a> for OneFault<'_> {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.names.get(id).map(String::as_str).ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.cut(id)?.text)
    }

    fn line_index(&'a self, _: usize, _: usize) -> Result<usize, Error> {
        Ok(0)
    }

    fn line_number(&'a self, id: usize, _: usize) -> Result<usize, Error> {
        Ok(self.excerpt(id)?.line.get() as usize)
    }

    fn column_number(&'a self, id: usize, _: usize, _: usize) -> Result<usize, Error> {
        Ok(self.excerpt(id)?.column.get() as usize)
    }

    fn line_range(&'a self, id: usize, _: usize) -> Result<Range<usize>, Error> {
        Ok(0..self.cut(id)?.text.len())
    }
}
