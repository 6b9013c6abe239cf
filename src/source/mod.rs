//! Stage 1: from bytes to text. Finds the files, detects their encodings, and shows the text at a place.
//!
//! - [`find`]: resolves PATHs, folders, globs, `-` and the config's `logs:` to one list in a fixed order
//! - `gb18030`: decodes what nearly all text in GB18030 consists of
//! - `western`: text of a Western encoding that would pass as GB18030
//! - `submission`: which of several submissions is the newest
//! - [`decode`]: detects the encoding of a file and decodes it to a stream of UTF-8
//! - `blocks`: splits large tables into blocks for parallel reading
//! - [`workbook`]: reads sheets of workbooks as tables
//! - [`yaml`]: reads YAML and JSON as nodes with places; `json`: JSON alone, fast; `node`: the nodes
//! - [`scalar`](mod@scalar): texts as scalars and comments of YAML
//! - [`line_runs`]: runs of lines in columns of a sheet, such as merged cells
//! - [`excerpt`]: resolves a place to line, column and the text there

pub(crate) mod blocks;
pub mod decode;
pub mod excerpt;
pub mod find;
mod gb18030;
mod json;
pub mod line_runs;
mod node;
pub(crate) mod pattern;
pub mod scalar;
pub mod submission;
mod western;
pub mod workbook;
pub mod yaml;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use crate::delimited::bytes::fill;
use crate::digest;
use crate::place::{OneBased, SourceId};
use crate::progress::{Counted, Progress};
use crate::spool::{Spool, Spooled};
use decode::{Decoder, Encoding, EncodingFault};

/// The general shape of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows of cells: CSV, TSV.
    Table,
    /// Records: YAML, JSON.
    Tree,
}

/// Where the bytes of a source come from.
#[derive(Debug)]
enum Origin {
    Path(PathBuf),
    /// A file compressed with gzip, decompressed while it is read.
    Gzip(PathBuf),
    /// Standard input, spooled so that it can be read again to show a place.
    Spool(Spooled),
    /// Text in memory: an example of an explain page, a test.
    Text(Vec<u8>),
}

/// What reading a source has revealed about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// Its encoding; `None` if none fits.
    pub encoding: Option<Encoding>,
    /// The delimiter, if it is a table.
    pub delimiter: Option<u8>,
    /// The day that its title states (截至2021年8月20日).
    pub stated_on: Option<NaiveDate>,
}

/// One log, or another file that faults may point into.
#[derive(Debug)]
pub struct Source {
    /// The name in messages and JSON: relative to where it was looked for, with `/` as separator.
    pub name: String,
    /// The shape it is read as.
    pub form: Form,
    origin: Origin,
    encoding: Option<Encoding>,
    /// The sheet it was read from, if the file is a workbook.
    pub sheet: Option<Sheet>,
    /// The workbook of the sheet, if that is a file on disk.
    book: Option<PathBuf>,
    /// The delimiter of a table once it is known, needed to locate a cell again.
    pub(crate) delimiter: u8,
    /// The day up to which it was kept, as its title states it (截至2021年8月20日); known once it was read.
    pub stated_on: Option<NaiveDate>,
    /// Where the bytes that are read of it are counted.
    progress: Arc<Progress>,
}

/// The sheet of a workbook that a table was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Hidden rows that are not blank, numbered from 1.
    pub hidden: Vec<u32>,
    /// Rows all of whose cells are struck out, numbered from 1. They are read and counted.
    pub struck: Vec<u32>,
    /// The cells, by line from 1 and column from 0, with a number such as `8.2` that shows no zero at its end but may
    /// have been typed with one: no day can be read from it.
    pub short_numbers: Vec<(u32, usize)>,
    /// The cells, by line from 1 and column from 0, of which a part is struck out. They are read whole.
    pub struck_parts: Vec<(u32, usize)>,
    /// The days whose year does not show, as in 8月5日: runs of first and last line from 1, and column from 0.
    pub hidden_years: Vec<(u32, u32, usize)>,
    /// The cells merged over several rows, whose text each of these has: first and last line from 1, and column from 0.
    pub merged: Vec<(u32, u32, usize)>,
    /// The first cell with a day, by line from 1 and column from 0, if all days of the sheet are at 16:00.
    pub utc_days: Option<(u32, usize)>,
    /// Other sheets of the workbook that look like logs but are not read. Set on the first sheet that is read.
    pub left: Vec<String>,
    /// What duban wrote the workbook as, if it did.
    pub own: Option<OwnOutput>,
}

/// A workbook that duban wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnOutput {
    /// A copy of logs with their faults marked (`check --annotate`).
    Annotated,
    /// A document of a kind, such as the ledger.
    Document,
    /// A tally or the register: counts and lists, never a log.
    Table,
}

impl OwnOutput {
    /// The custom property of a workbook that says so.
    pub const PROPERTY: &str = "duban";

    /// All of them.
    pub const ALL: [Self; 3] = [Self::Annotated, Self::Document, Self::Table];

    /// The value of the property.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Annotated => "annotated",
            Self::Document => "document",
            Self::Table => "table",
        }
    }
}

impl From<Spooled> for Origin {
    fn from(text: Spooled) -> Self {
        match text.into_memory() {
            Ok(bytes) => Self::Text(bytes),
            Err(file) => Self::Spool(file),
        }
    }
}

/// A file that cannot be opened or read.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {cause}")]
pub struct SourceError {
    /// The name of the file.
    pub name: String,
    /// The system's error. Part of the message, and therefore not exposed as `source()`.
    pub cause: io::Error,
}

impl Source {
    fn new(name: String, form: Form, origin: Origin) -> Self {
        Self {
            name,
            form,
            origin,
            encoding: None,
            sheet: None,
            book: None,
            delimiter: b',',
            stated_on: None,
            progress: Arc::default(),
        }
    }

    /// Creates a source that reads a file on disk.
    #[must_use]
    pub fn file(path: PathBuf, name: String, form: Form) -> Self {
        Self::new(name, form, Origin::Path(path))
    }

    /// Creates a source that reads a gzip file on disk.
    #[must_use]
    pub fn gzip(path: PathBuf, name: String, form: Form) -> Self {
        Self::new(name, form, Origin::Gzip(path))
    }

    /// Creates a source from text in memory.
    #[must_use]
    pub fn text(name: impl Into<String>, text: impl Into<Vec<u8>>, form: Form) -> Self {
        Self::new(name.into(), form, Origin::Text(text.into()))
    }

    /// Creates a source from the text of a sheet of a workbook.
    #[must_use]
    pub fn sheet(name: String, text: Spooled, sheet: Sheet) -> Self {
        // Written as UTF-8, unless the first cell begins with what is a mark in a file.
        let mut head = Vec::new();
        let is_read = text.reader().take(3).read_to_end(&mut head);
        let is_plain = is_read.is_ok() && Encoding::from_mark(&head).is_none();
        let encoding = is_plain.then_some(Encoding::Utf8);
        Self { sheet: Some(sheet), encoding, ..Self::new(name, Form::Table, text.into()) }
    }

    /// Creates a source from input that can be read only once, such as standard input, by copying it to a [`Spool`].
    ///
    /// # Errors
    /// The input cannot be read, or the copy cannot be written.
    pub fn spool(name: impl Into<String>, mut input: impl Read, form: Form) -> io::Result<Self> {
        let mut spool = Spool::default();
        io::copy(&mut input, &mut spool)?;
        Ok(Self::new(name.into(), form, spool.finish()?.into()))
    }

    /// Returns the prefix of its rows' ids: its name with folders but without the extension, and the sheet.
    #[must_use]
    pub fn stem(&self) -> String {
        let name = self.name.strip_suffix(".gz").unwrap_or(&self.name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.sheet.as_ref().map_or_else(|| stem.to_owned(), |sheet| format!("{stem}!{}", sheet.name))
    }

    /// Returns what one of its lines is called in messages: `a.csv:12`, `a.xlsx!台账:12`.
    #[must_use]
    pub fn line_name(&self, line: OneBased) -> String {
        match &self.sheet {
            Some(sheet) => format!("{}!{}:{line}", self.name, sheet.name),
            None => format!("{}:{line}", self.name),
        }
    }

    /// Returns its encoding, once detected.
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// Returns the path, if the source is an uncompressed file on disk.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path(path) => Some(path),
            Origin::Gzip(_) | Origin::Spool(_) | Origin::Text(_) => None,
        }
    }

    /// The same for a sheet of a workbook on disk.
    #[must_use]
    pub(crate) fn of_book(self, path: PathBuf) -> Self {
        Self { book: Some(path), ..self }
    }

    /// Returns the file on disk that it was read from, whatever the form of that: a workbook, a compressed file.
    #[must_use]
    pub fn on_disk(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path(path) | Origin::Gzip(path) => Some(path),
            Origin::Spool(_) | Origin::Text(_) => self.book.as_deref(),
        }
    }

    /// The number of bytes on the disk; 0 for what is in memory.
    pub(crate) fn size(&self) -> u64 {
        match &self.origin {
            Origin::Path(path) | Origin::Gzip(path) => path.metadata().map_or(0, |metadata| metadata.len()),
            Origin::Spool(file) => file.len(),
            Origin::Text(_) => 0,
        }
    }

    /// Opens a file whose bytes are counted.
    fn counted(&self, path: &Path) -> io::Result<Counted<File>> {
        Ok(Counted::new(File::open(path)?, &self.progress))
    }

    fn raw(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match &self.origin {
            Origin::Path(path) => Box::new(self.counted(path)?),
            Origin::Gzip(path) => Box::new(MultiGzDecoder::new(self.counted(path)?)),
            Origin::Spool(file) => Box::new(Counted::new(file.reader(), &self.progress)),
            Origin::Text(bytes) => Box::new(bytes.as_slice()),
        })
    }

    /// Returns the SHA-256 of its bytes, which identifies a log wherever it is stored. For a sheet of a workbook, the
    /// SHA-256 of its table.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn digest(&self) -> Result<String, SourceError> {
        let hash = || -> io::Result<String> {
            let (mut bytes, mut hasher) = (self.raw()?, Sha256::new());
            let mut chunk = vec![0; 256 * 1024];
            loop {
                let filled = fill(&mut bytes, &mut chunk)?;
                if filled == 0 {
                    return Ok(digest::hex(&hasher.finalize()));
                }
                hasher.update(&chunk[..filled]);
            }
        };
        hash().map_err(|cause| self.error(cause))
    }

    /// Returns its bytes as they are, without their encoding undone. For small files.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>, SourceError> {
        let mut bytes = Vec::new();
        self.raw().and_then(|mut raw| raw.read_to_end(&mut bytes)).map_err(|cause| self.error(cause))?;
        Ok(bytes)
    }

    /// Detects the encoding strictly, by reading the file: a byte order mark, else valid UTF-8, else valid GB18030.
    ///
    /// # Errors
    /// The outer error if the file cannot be read, the inner one if no known encoding fits.
    pub fn find_encoding(&self) -> Result<Result<Encoding, EncodingFault>, SourceError> {
        match self.encoding {
            Some(encoding) => Ok(Ok(encoding)),
            None => decode::decide(|| self.raw()).map_err(|cause| self.error(cause)),
        }
    }

    /// Detects the encoding and records it.
    ///
    /// # Errors
    /// As [`Source::find_encoding`].
    pub fn decide_encoding(&mut self) -> Result<Result<Encoding, EncodingFault>, SourceError> {
        let found = self.find_encoding()?;
        self.learn(Learned { encoding: found.as_ref().ok().copied(), ..Learned::default() });
        Ok(found)
    }

    /// Records what reading has revealed.
    pub fn learn(&mut self, learned: Learned) {
        self.encoding = learned.encoding.or(self.encoding);
        self.delimiter = learned.delimiter.unwrap_or(self.delimiter);
        self.stated_on = learned.stated_on.or(self.stated_on);
    }

    /// Opens the text as UTF-8 bytes, without a byte order mark.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(&self) -> Result<Decoder<Box<dyn Read + '_>>, SourceError> {
        self.open_as(self.encoding.unwrap_or(Encoding::Utf8))
    }

    /// Opens the text with an encoding that has just been detected and is not recorded yet.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open_as(&self, encoding: Encoding) -> Result<Decoder<Box<dyn Read + '_>>, SourceError> {
        let raw = self.raw().map_err(|cause| self.error(cause))?;
        Ok(Decoder::new(raw, encoding))
    }

    /// Returns the whole text. For small files.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_to_string(&self) -> Result<String, SourceError> {
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes).map_err(|cause| self.error(cause))?;
        // Nearly all texts are as they should be, and are not copied.
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// Adds the name of the file to a system error.
    #[must_use]
    pub fn error(&self, cause: io::Error) -> SourceError {
        SourceError { name: self.name.clone(), cause }
    }
}

impl IntoIterator for Sources {
    type Item = Source;
    type IntoIter = std::vec::IntoIter<Source>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// The files of a run. A [`SourceId`] is an index into this list.
#[derive(Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
    progress: Arc<Progress>,
}

impl Sources {
    /// Counts the bytes that are read of its files from now on.
    pub fn count_in(&mut self, progress: &Arc<Progress>) {
        self.progress = Arc::clone(progress);
        self.list.iter_mut().for_each(|source| source.progress = Arc::clone(progress));
    }

    /// How far the reading of its files has come.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Appends a file and returns its id.
    pub fn add(&mut self, mut source: Source) -> SourceId {
        source.progress = Arc::clone(&self.progress);
        self.list.push(source);
        SourceId(u32::try_from(self.list.len() - 1).unwrap_or(u32::MAX))
    }

    /// Iterates over the ids in order.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> + use<> {
        (0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)).map(SourceId)
    }

    /// Returns a file.
    ///
    /// # Panics
    /// If the id does not belong to this list.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.list[id.0 as usize]
    }

    /// Returns a file for updating.
    ///
    /// # Panics
    /// If the id does not belong to this list.
    pub fn get_mut(&mut self, id: SourceId) -> &mut Source {
        &mut self.list[id.0 as usize]
    }

    /// Returns the number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are no files.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
