//! What is wrong with a file, in the words of the user: the system says it in its own language.

use std::io::{self, ErrorKind};

use crate::words::lang::Lang;

/// What the system says of a file, without its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    kind: ErrorKind,
    /// Its own words, or those of the program that made the error.
    own: String,
    /// Whether it comes from the system.
    is_of_system: bool,
}

impl From<&io::Error> for FileError {
    fn from(error: &io::Error) -> Self {
        Self { kind: error.kind(), own: error.to_string(), is_of_system: error.raw_os_error().is_some() }
    }
}

impl FileError {
    /// Whether there is no such file.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }

    /// Returns the words. What the program itself says is said already.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        let (zh, en) = match self.kind {
            _ if !self.is_of_system => return &self.own,
            ErrorKind::NotFound => ("没有这个文件或文件夹", "there is no such file or folder"),
            ErrorKind::IsADirectory => ("这是文件夹，不是文件", "this is a folder, not a file"),
            ErrorKind::NotADirectory => {
                ("路径中间有一段是文件，不是文件夹", "a part of the path is a file, not a folder")
            }
            ErrorKind::PermissionDenied => ("没有读写的权限", "there is no permission to read or write it"),
            ErrorKind::AlreadyExists => ("已有同名的文件或文件夹", "a file or folder of this name is there already"),
            ErrorKind::StorageFull => ("磁盘满了", "the disk is full"),
            ErrorKind::ReadOnlyFilesystem => ("这个磁盘只能读", "the disk can only be read"),
            _ => return &self.own,
        };
        lang.pick(zh, en)
    }
}
