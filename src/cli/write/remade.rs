//! What is made again from what its figures say was asked for, and what comes of it.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::cli::Stop;
use crate::cli::session::Session;
use crate::cli::write::file::OutputFile;
use crate::dataset::{Edition, FigureSheet, RunOptions};
use crate::register::{Facts, Past};

/// What is made again.
pub(in crate::cli) struct RemakeRequest<'r> {
    /// The folder of the project whose logs, config and templates are read.
    pub(in crate::cli) root: PathBuf,
    /// What was asked for.
    pub(in crate::cli) run: &'r RunOptions,
    /// The day.
    pub(in crate::cli) as_of: NaiveDate,
    /// The register as it stood; none for today's.
    pub(in crate::cli) past: Option<Past>,
    /// Whether it was a draft, which names every issue again.
    pub(in crate::cli) is_draft: bool,
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

impl Remade {
    /// The figures of an edition; nothing if it was not asked for.
    pub(in crate::cli) fn sheet_of(self, edition: Edition) -> Option<FigureSheet> {
        match edition {
            Edition::Internal => Some(self.sheet),
            Edition::Public => sheet(&self.files, edition).ok(),
        }
    }
}

/// The figures of an edition among the files of a document.
pub(super) fn sheet(files: &[OutputFile], edition: Edition) -> Result<FigureSheet, Stop> {
    let is_sheet = |file: &&OutputFile| file.format.is_none() && file.edition == edition;
    let bytes = files.iter().find(is_sheet).map(|file| file.bytes.clone().into_vec()).transpose()?;
    Ok(FigureSheet::read(&bytes.unwrap_or_default())?)
}

/// Makes the documents of a run again, or says in a line why it can't be done. It is handed to those that it needs itself: a
/// correction is made again from a document that is.
pub(super) type Remaker = fn(RemakeRequest<'_>, &mut Session<'_>) -> Result<Vec<Remade>, String>;
