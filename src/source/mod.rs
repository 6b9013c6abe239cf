//! Stage 1: bytes to text. Finds the files, knows their encodings, and shows a place when asked.
//!
//! - [`find`]: PATHs, folders, globs, `-`, the config's `logs:` to one list in one order
//! - [`decode`]: which encoding a file has, and a stream of UTF-8 from it
//! - [`yaml`]: YAML and JSON as located nodes
//! - [`excerpt`]: from a place to line, column and the text of the row

pub(crate) mod cells;
pub mod decode;
pub mod excerpt;
pub mod find;
pub mod workbook;
pub mod yaml;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

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
    /// Standard input, spooled so that it can be read again to show a place.
    Spool(File),
    /// Text in memory: an example of an explain page, a test.
    Text(Vec<u8>),
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
    pub sheet: Option<String>,
    /// The delimiter of a table, once known: needed to find a cell again.
    pub(crate) delimiter: u8,
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
    /// A file on disk.
    #[must_use]
    pub fn file(path: PathBuf, name: String, form: Form) -> Self {
        Self { name, form, origin: Origin::Path(path), encoding: None, sheet: None, delimiter: b',' }
    }

    /// Text in memory.
    #[must_use]
    pub fn text(name: impl Into<String>, text: impl Into<Vec<u8>>, form: Form) -> Self {
        Self {
            name: name.into(),
            form,
            origin: Origin::Text(text.into()),
            encoding: None,
            sheet: None,
            delimiter: b',',
        }
    }

    /// What can be read once, such as standard input: copied to a nameless temporary file.
    ///
    /// # Errors
    /// Reading failed, or there is no room for the copy.
    pub fn spool(name: impl Into<String>, mut input: impl Read, form: Form) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut input, &mut file)?;
        Ok(Self { name: name.into(), form, origin: Origin::Spool(file), encoding: None, sheet: None, delimiter: b',' })
    }

    /// Its encoding, once decided.
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// The file on disk it is, if it is one.
    #[must_use]
    pub fn path(&self) -> Option<&std::path::Path> {
        match &self.origin {
            Origin::Path(path) => Some(path),
            Origin::Spool(_) | Origin::Text(_) => None,
        }
    }

    fn raw(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match &self.origin {
            Origin::Path(path) => Box::new(File::open(path)?),
            Origin::Spool(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Box::new(file)
            }
            Origin::Text(bytes) => Box::new(bytes.as_slice()),
        })
    }

    /// Finds the encoding out by reading the file once, strictly: a byte order mark, else valid
    /// UTF-8, else valid GB18030.
    ///
    /// # Errors
    /// The outer one if the file can't be read, the inner one if it is in no encoding known here.
    pub fn decide_encoding(&mut self) -> Result<Result<Encoding, EncodingFault>, SourceError> {
        if let Some(encoding) = self.encoding {
            return Ok(Ok(encoding));
        }
        let decided = decode::decide(|| self.raw()).map_err(|cause| self.error(cause))?;
        self.encoding = decided.as_ref().ok().copied();
        Ok(decided)
    }

    /// The text as UTF-8 bytes, without a byte order mark.
    ///
    /// # Errors
    /// The file can't be opened.
    pub fn open(&self) -> Result<Decoder<Box<dyn Read + '_>>, SourceError> {
        let raw = self.raw().map_err(|cause| self.error(cause))?;
        Ok(Decoder::new(raw, self.encoding.unwrap_or(Encoding::Utf8)))
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
