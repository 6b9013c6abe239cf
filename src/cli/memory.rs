//! Output that is kept in memory, for what runs inside a command.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// A writer whose clones write to the same place.
#[derive(Clone, Default)]
pub(super) struct MemoryOutput(Rc<RefCell<Vec<u8>>>);

impl MemoryOutput {
    /// What was written.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.borrow().clone()
    }

    /// What was written, as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }
}

impl Write for MemoryOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
