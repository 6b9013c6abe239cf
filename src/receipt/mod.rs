//! The receipt of a check: which files were checked, what was found, and by which duban and which config.
//!
//! A team sends it with its log; the office holds it against what it got ([`Receipt::differences`]). It shows that the log is
//! the one that was checked, and proves nothing about who made it: whoever can run duban can make one.
//!
//! - `made`: the receipt
//! - `line`: the last line, which holds all of it in few ASCII characters
//! - `text`: the receipt as text, in either language, and how it is read
//! - `compare`: a receipt against what was handed in
//! - `qr`: the last line as a picture that a phone reads

mod compare;
mod line;
mod made;
mod qr;
mod text;

pub use compare::{Difference, VersionSide};
pub use line::{MachineLine, ReceiptCounts};
pub use made::{NO_CONFIG, Receipt, ReceiptFile};
pub use qr::svg;
pub use text::ReceiptError;

#[cfg(test)]
mod tests;
