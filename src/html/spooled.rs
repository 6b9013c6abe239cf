//! A page in the making. What stands up to the last photo is spooled, so that a page of many takes no more memory.

use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::spool::{Spool, Spooled};

/// What stands up to the last photo.
#[derive(Debug, Default)]
pub(super) struct PageSpool {
    spool: Spool,
    failed: Option<io::Error>,
}

impl PageSpool {
    /// Adds a text, and a picture behind it in Base64.
    pub(super) fn add(&mut self, text: &str, picture: &[u8]) {
        let mut write = || {
            self.spool.write_all(text.as_bytes())?;
            self.spool.write_all(STANDARD.encode(picture).as_bytes())
        };
        if self.failed.is_none() {
            self.failed = write().err();
        }
    }

    /// Returns the page, which begins with `head` and ends with `rest`.
    ///
    /// # Errors
    /// A temporary file can't be read or written.
    pub(super) fn finish(self, head: String, rest: &str) -> io::Result<Spooled> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if self.spool.is_empty() {
            return Ok((head + rest).into_bytes().into());
        }
        let mut page = Spool::default();
        page.write_all(head.as_bytes())?;
        page.append(&self.spool.finish()?)?;
        page.write_all(rest.as_bytes())?;
        page.finish()
    }
}
