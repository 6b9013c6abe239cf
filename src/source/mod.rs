//! Stage 1: bytes to text. Finds the files, knows their encodings, and shows a place when asked.
//!
//! - [`find`]: PATHs, folders, globs, `-`, the config's `logs:` to one list in one order
//! - [`decode`]: which encoding a file has, and a stream of UTF-8 from it
//! - `blocks`: large tables in blocks, for several processors
//! - [`workbook`]: sheets of workbooks as tables
//! - [`yaml`]: YAML and JSON as located nodes
//! - [`excerpt`]: from a place to line, column and the text of the row

pub(crate) mod blocks;
pub mod decode;
pub mod excerpt;
pub mod find;
pub mod workbook;
pub mod yaml;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};
use tempfile::{SpooledTempFile, spooled_tempfile};

use crate::delimited::bytes::fill;
use crate::digest;
use crate::place::SourceId;
use decode::{Decoder, Encoding, EncodingFault};

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows of cells: CSV, TSV.
    Table,
    /// Records: YAML, JSON.
    Tree,
}

/// Where the bytes come from.
#[derive(Debug)]
enum Origin {
    Path(PathBuf),
    /// The same, packed by gzip; unpacked as it is read.
    Packed(PathBuf),
    /// Standard input, spooled so that it can be read again to show a place.
    Spool(File),
    /// Text in memory: an example of an explain page, a test.
    Text(Vec<u8>),
}

/// What reading a source shows of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// Its encoding, unless it has none.
    pub encoding: Option<Encoding>,
    /// The delimiter of a table.
    pub delimiter: Option<u8>,
}

/// One log file, or another file that faults are shown in.
#[derive(Debug)]
pub struct Source {
    /// The name shown to people and written to JSON: relative to where it was asked for, `/` between.
    pub name: String,
    /// What it is read as.
    pub form: Form,
    origin: Origin,
    encoding: Option<Encoding>,
    /// The sheet of a workbook it was read from.
    pub sheet: Option<Sheet>,
    /// The delimiter of a table, once known: needed to find a cell again.
    pub(crate) delimiter: u8,
}

/// What is known of the sheet that a table was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Rows that hold something and don't show, from 1.
    pub hidden: Vec<u32>,
    /// Other sheets of the workbook that look like logs, and are not read. Told with the first sheet that is.
    pub left: Vec<String>,
}

/// Text in the making: in memory while it is small, in a nameless temporary file when it grows.
#[derive(Debug)]
pub struct Spool(SpooledTempFile);

/// So much text is kept in memory.
const IN_MEMORY: usize = 8 * 1024 * 1024;

impl Default for Spool {
    fn default() -> Self {
        Self(spooled_tempfile(IN_MEMORY))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Spool {
    /// All that was written.
    ///
    /// # Errors
    /// The temporary file can't be read.
    pub fn into_bytes(mut self) -> io::Result<Vec<u8>> {
        self.0.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn into_origin(self) -> Origin {
        match self.0.into_inner() {
            tempfile::SpooledData::InMemory(text) => Origin::Text(text.into_inner()),
            tempfile::SpooledData::OnDisk(file) => Origin::Spool(file),
        }
    }
}

/// A file that can't be opened or read.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {cause}")]
pub struct SourceError {
    /// The file.
    pub name: String,
    /// What the system said. Part of the message, and so no source of its own.
    pub cause: io::Error,
}

impl Source {
    fn new(name: String, form: Form, origin: Origin) -> Self {
        Self { name, form, origin, encoding: None, sheet: None, delimiter: b',' }
    }

    /// A file on disk.
    #[must_use]
    pub fn file(path: PathBuf, name: String, form: Form) -> Self {
        Self::new(name, form, Origin::Path(path))
    }

    /// A file on disk that gzip packed.
    #[must_use]
    pub fn packed(path: PathBuf, name: String, form: Form) -> Self {
        Self::new(name, form, Origin::Packed(path))
    }

    /// Text in memory.
    #[must_use]
    pub fn text(name: impl Into<String>, text: impl Into<Vec<u8>>, form: Form) -> Self {
        Self::new(name.into(), form, Origin::Text(text.into()))
    }

    /// A sheet of a workbook.
    #[must_use]
    pub fn sheet(name: String, text: Spool, sheet: Sheet) -> Self {
        Self { sheet: Some(sheet), ..Self::new(name, Form::Table, text.into_origin()) }
    }

    /// What can be read once, such as standard input: copied to a nameless temporary file.
    ///
    /// # Errors
    /// Reading failed, or there is no room for the copy.
    pub fn spool(name: impl Into<String>, mut input: impl Read, form: Form) -> io::Result<Self> {
        let mut spool = Spool::default();
        io::copy(&mut input, &mut spool)?;
        Ok(Self::new(name.into(), form, spool.into_origin()))
    }

    /// What names its rows: its name without the ending, folders included, and the sheet.
    #[must_use]
    pub fn stem(&self) -> String {
        let name = self.name.strip_suffix(".gz").unwrap_or(&self.name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.sheet.as_ref().map_or_else(|| stem.to_owned(), |sheet| format!("{stem}!{}", sheet.name))
    }

    /// Its encoding, once decided.
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// The file on disk it is, if it is one whose bytes are its text.
    #[must_use]
    pub fn path(&self) -> Option<&std::path::Path> {
        match &self.origin {
            Origin::Path(path) => Some(path),
            Origin::Packed(_) | Origin::Spool(_) | Origin::Text(_) => None,
        }
    }

    fn raw(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match &self.origin {
            Origin::Path(path) => Box::new(File::open(path)?),
            Origin::Packed(path) => Box::new(MultiGzDecoder::new(File::open(path)?)),
            Origin::Spool(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Box::new(file)
            }
            Origin::Text(bytes) => Box::new(bytes.as_slice()),
        })
    }

    /// The SHA-256 of its bytes: how a log is known again wherever it lies. Of a workbook's sheet, those of its table.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn digest(&self) -> Result<String, SourceError> {
        let read = || -> io::Result<String> {
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
        read().map_err(|cause| self.error(cause))
    }

    /// Finds the encoding out by reading the file once, strictly: a byte order mark, else valid
    /// UTF-8, else valid GB18030.
    ///
    /// # Errors
    /// The outer one if the file can't be read, the inner one if it is in no encoding known here.
    pub fn find_encoding(&self) -> Result<Result<Encoding, EncodingFault>, SourceError> {
        match self.encoding {
            Some(encoding) => Ok(Ok(encoding)),
            None => decode::decide(|| self.raw()).map_err(|cause| self.error(cause)),
        }
    }

    /// Finds the encoding out and notes it.
    ///
    /// # Errors
    /// As [`Source::find_encoding`].
    pub fn decide_encoding(&mut self) -> Result<Result<Encoding, EncodingFault>, SourceError> {
        let found = self.find_encoding()?;
        self.learn(Learned { encoding: found.as_ref().ok().copied(), delimiter: None });
        Ok(found)
    }

    /// Notes what reading has shown.
    pub fn learn(&mut self, learned: Learned) {
        self.encoding = learned.encoding.or(self.encoding);
        self.delimiter = learned.delimiter.unwrap_or(self.delimiter);
    }

    /// The text as UTF-8 bytes, without a byte order mark.
    ///
    /// # Errors
    /// The file can't be opened.
    pub fn open(&self) -> Result<Decoder<Box<dyn Read + '_>>, SourceError> {
        self.open_as(self.encoding.unwrap_or(Encoding::Utf8))
    }

    /// The text, where the encoding has just been found out.
    ///
    /// # Errors
    /// The file can't be opened.
    pub fn open_as(&self, encoding: Encoding) -> Result<Decoder<Box<dyn Read + '_>>, SourceError> {
        let raw = self.raw().map_err(|cause| self.error(cause))?;
        Ok(Decoder::new(raw, encoding))
    }

    /// The whole text, for small files.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn read_to_string(&self) -> Result<String, SourceError> {
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes).map_err(|cause| self.error(cause))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Wraps what the system said with the file's name.
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

/// The files of a run; a [`SourceId`] is an index into them.
#[derive(Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// Adds a file at the end.
    pub fn add(&mut self, source: Source) -> SourceId {
        self.list.push(source);
        SourceId(u32::try_from(self.list.len() - 1).unwrap_or(u32::MAX))
    }

    /// The ids in order.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> + use<> {
        (0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)).map(SourceId)
    }

    /// A file.
    ///
    /// # Panics
    /// If the id is not one of this list's.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.list[id.0 as usize]
    }

    /// A file, to note what was found out about it.
    ///
    /// # Panics
    /// If the id is not one of this list's.
    pub fn get_mut(&mut self, id: SourceId) -> &mut Source {
        &mut self.list[id.0 as usize]
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
