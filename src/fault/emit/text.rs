//! The report for people: the row, a caret under the cell, what to do.

use std::fmt::Write as _;
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic, Label};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Config, Styles, StylesWriter, termcolor};

use crate::fault::Severity;
use crate::fault::emit::{Report, Shown};
use crate::source::excerpt::Excerpt;
use crate::words::lang::Lang;

/// A line of the log longer than this many bytes is shown cut around the cell.
const MAX_SHOWN: usize = 240;

/// The report, with colours if asked for, and a summary at the end; empty if nothing is wrong.
#[must_use]
pub fn text(report: &Report, colour: bool) -> String {
    let mut text: String = report.faults.iter().map(|shown| text_of(shown, report.lang, colour)).collect();
    if report.errors + report.warnings + report.hidden + report.faults.len() > 0 {
        let _ = writeln!(text, "{}", summary(report));
    }
    text
}

/// One fault: the row, a caret under the cell, what to do.
#[must_use]
pub fn text_of(shown: &Shown, lang: Lang, colour: bool) -> String {
    let files = OneFault::new(shown);
    let diagnostic = files.diagnostic(lang);
    let (config, styles) = (Config::default(), Styles::default());
    let mut out = Vec::new();
    let done = if colour {
        let mut ansi = termcolor::Ansi::new(&mut out);
        term::emit_to_write_style(&mut StylesWriter::new(&mut ansi, &styles), &config, &files, &diagnostic)
    } else {
        term::emit_to_io_write(&mut out, &config, &files, &diagnostic)
    };
    match done {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        // The renderer fails only where it can't find its own text: show the fault on one line then.
        Err(_) => format!("{}\n", one_line(shown)),
    }
}

fn summary(report: &Report) -> String {
    let Report { files, issues, errors, warnings, hidden, .. } = report;
    match report.lang {
        Lang::Zh => {
            let more = if *hidden > 0 { format!("；另有 {hidden} 处未显示（--max）") } else { String::new() };
            format!("共 {files} 个文件、{issues} 个问题：{errors} 处错误，{warnings} 处警告{more}")
        }
        Lang::En => {
            let more = if *hidden > 0 { format!("; {hidden} more not shown (--max)") } else { String::new() };
            let s = |count: usize| if count == 1 { "" } else { "s" };
            format!(
                "{files} file{}, {issues} issue{}: {errors} error{}, {warnings} warning{}{more}",
                s(*files),
                if *issues == 1 { "" } else { "s" },
                s(*errors),
                s(*warnings)
            )
        }
    }
}

/// `file:line:column: error[V101]: message`.
#[must_use]
pub fn one_line(shown: &Shown) -> String {
    let Excerpt { line, column, .. } = &shown.excerpt;
    let severity = match shown.fault.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    format!("{}:{line}:{column}: {severity}[{}]: {}", shown.file, shown.fault.what.code(), shown.words.message)
}

/// One fault as codespan sees it: file 0 is the place, file 1 the other place.
struct OneFault<'s> {
    shown: &'s Shown,
    texts: [Option<Cut>; 2],
    /// The other place, where it is in the same row.
    second: Option<Range<usize>>,
}

/// A line, cut so that it fits a screen, and the range that is meant in it.
struct Cut {
    text: String,
    range: Range<usize>,
}

impl<'s> OneFault<'s> {
    fn new(shown: &'s Shown) -> Self {
        let same_row = |(file, excerpt): &&(String, Excerpt)| {
            *file == shown.file && excerpt.line == shown.excerpt.line && excerpt.text.len() <= MAX_SHOWN
        };
        // Two cells of one row are shown in one picture, with a mark under each.
        let second = shown.related.as_ref().filter(same_row).map(|(_, excerpt)| excerpt.range.clone());
        let other = shown.related.as_ref().filter(|_| second.is_none()).map(|(_, excerpt)| cut(excerpt));
        Self { shown, texts: [Some(cut(&shown.excerpt)), other], second }
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
        let other = lang.pick("与这里不一致或重复", "disagrees with, or repeats, this");
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
        Diagnostic::new(severity)
            .with_code(self.shown.fault.what.code())
            .with_message(&self.shown.words.message)
            .with_labels(labels)
            .with_notes(self.shown.words.help.iter().cloned().collect())
    }
}

fn cut(excerpt: &Excerpt) -> Cut {
    let Excerpt { text, range, .. } = excerpt;
    if text.len() <= MAX_SHOWN {
        return Cut { text: text.clone(), range: range.clone() };
    }
    let border = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let from = border(range.start.saturating_sub(60));
    let to = border(range.start + 120);
    let (before, after) = (if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" });
    let shift = |at: usize| border(at).clamp(from, to) - from + before.len();
    Cut { text: format!("{before}{}{after}", &text[from..to]), range: shift(range.start)..shift(range.end) }
}

impl<'a> Files<'a> for OneFault<'_> {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        match id {
            0 => Ok(&self.shown.file),
            _ => self.shown.related.as_ref().map(|(name, _)| name.as_str()).ok_or(Error::FileMissing),
        }
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
