//! What is made again from what its figures say was asked for, and what comes of it.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::cli::session::Session;
use crate::cli::write::file::OutputFile;
use crate::dataset::{FigureSheet, RunOptions};
use crate::register::{Facts, Past};

/// What is made again.
pub(in crate::cli) struct RemakeRequest<'r> {
    /// The folder of the project whose logs, config and templates are read.
    pub(in crate::cli) root: PathBuf,
    /// What was asked for.
    pub(in crate::cli) run: &'r RunOptions,
    /// The day.
    pub(in crate::cli) as_of: NaiveDate,
    /// The register as it stood; none for a draft, which is made with today's.
    pub(in crate::cli) past: Option<Past>,
    /// Whether only the figures are wanted.
    pub(in crate::cli) figures_only: bool,
}

/// A document that was made again.
pub(in crate::cli) struct Remade {
    /// What the register would enter.
    pub(in crate::cli) facts: Facts,
    /// Its files.
    pub(in crate::cli) files: Vec<OutputFile>,
    /// The figures of its internal edition.
    pub(in crate::cli) sheet: FigureSheet,
}

/// Makes the documents of a run again, or says in a line why it can't be done. It is handed to those that it needs itself: a
/// correction is made again from a document that is.
pub(super) type Remaker = fn(RemakeRequest<'_>, &mut Session<'_>) -> Result<Vec<Remade>, String>;
