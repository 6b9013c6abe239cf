//! What is mended.

use crate::source::decode::Encoding;
use crate::source::{Form, Source};

/// A log as bytes.
#[derive(Clone, Copy, Debug)]
pub struct LogBytes<'b> {
    /// Its name: the extension tells how it is read.
    pub name: &'b str,
    /// The whole file, as it is.
    pub bytes: &'b [u8],
    /// How it is read where no extension says so, as of standard input.
    pub form: Option<Form>,
    /// The sheets that are read, as `--sheet` names them; none: those of the project, else the one that looks like a log.
    pub sheets: &'b [String],
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MendTarget {
    /// The log in its own format.
    Same,
    /// The rows of a workbook's sheet as CSV, as they show.
    Csv,
}

/// A log of text that was read.
pub(crate) struct Before<'b> {
    pub(crate) source: &'b Source,
    pub(crate) raw: &'b [u8],
    pub(crate) text: &'b str,
    pub(crate) encoding: Encoding,
}
