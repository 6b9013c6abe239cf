//! The input of a workbook.

use std::io::{BufReader, Read, Seek};

/// The bytes of a workbook: a file, or the contents of one in an earlier Git revision.
pub trait Bytes: Read + Seek {}
impl<T: Read + Seek> Bytes for T {}

/// A buffered reader of the bytes of a workbook.
pub(super) type WorkbookReader = BufReader<Box<dyn Bytes>>;
