//! What a workbook is read from.

use std::io::{BufReader, Read, Seek};

/// What a workbook is read from: a file, or bytes that git gave.
pub trait Bytes: Read + Seek {}
impl<T: Read + Seek> Bytes for T {}

/// The bytes of a workbook, buffered.
pub(super) type WorkbookReader = BufReader<Box<dyn Bytes>>;
