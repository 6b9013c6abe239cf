//! What is mended.

use crate::mend::edit::Edit;
use crate::mend::fault::{EditFault, What};
use crate::mend::outcome::check_was;
use crate::mend::splice::unencodable;
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

impl Before<'_> {
    /// What is wrong with an edit of a cell or value that shows `shows`: that is not what it says, or the encoding can't hold
    /// its value.
    pub(crate) fn faults_of(&self, edit: &Edit, shows: &str) -> Vec<EditFault> {
        let encoding = self.encoding;
        let bad = unencodable(&edit.value, encoding).map(|c| What::Unencodable { c, encoding: encoding.name() });
        check_was(edit, shows).into_iter().chain(bad.map(|what| EditFault::new(edit, what))).collect()
    }
}
