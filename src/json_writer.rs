//! JSON that is written as it is made.

use std::cell::Cell;
use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};

/// The items of an iterator as a list: a second time it is empty.
pub(crate) struct Streamed<I>(Cell<Option<I>>);

impl<I: Iterator> Streamed<I> {
    pub(crate) fn new(items: I) -> Self {
        Self(Cell::new(Some(items)))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Streamed<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}

/// Writes a value as indented JSON, followed by a line feed.
pub(crate) fn pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // Indentation comes in many small pieces.
    let mut out = BufWriter::with_capacity(64 * 1024, out);
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Whether a count is left out of JSON.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
pub(crate) fn is_zero(count: &usize) -> bool {
    *count == 0
}
