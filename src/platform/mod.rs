//! What a system gives or lacks: threads, scratch space, locks, real paths, signs of changed files, processes, Ctrl-C. No other
//! room asks which system it runs on.
//!
//! | | Linux, other Unix | Windows | WASI (a browser, Node) |
//! |---|---|---|---|
//! | threads | yes | yes | none: the work is done where it is asked for (`threads`) |
//! | scratch files | on the disk | on the disk | in memory, within a bound (`scratch`) |
//! | locks | advisory | mandatory | none: reading goes on, entering in the register is refused (`locks`) |
//! | real paths | by the system | by the system, without `\\?\` | link by link (`paths`) |
//! | programs (Git, LibreOffice) | yes | yes | none: their callers hear an error (`processes`) |
//! | signs of changed files | yes | yes | none: who watches looks by the clock (`watcher`) |
//! | Ctrl-C | yes | yes | none (`signals`) |
//! | width of the terminal | yes | yes | 80 (`terminal`) |
//! | start by a double click | where there is a screen | yes | no (`double_click`) |
//!
//! On WASI a panic ends the instance, for nothing unwinds there: the workbook reader, whose panics are caught elsewhere and told
//! as a damaged file, takes the instance with it. Whoever runs the module gives each call an instance that can be lost.

/// Whether a panic can be caught. Where it can't, it ends the run, and its message is all there is to say why.
pub const CATCHES_PANICS: bool = cfg!(panic = "unwind");

pub(crate) mod double_click;
pub(crate) mod files;
pub(crate) mod locks;
pub(crate) mod paths;
pub(crate) mod processes;
pub(crate) mod scratch;
pub(crate) mod signals;
pub(crate) mod terminal;
pub(crate) mod threads;
pub(crate) mod watcher;
