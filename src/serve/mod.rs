//! A server of a few pages on the loopback, for one user and the browser beside it.
//!
//! It answers GET and HEAD for the paths that it was given pages for, and `/events`, which tells when the pages have
//! changed. It reads no file, and answers only who asks it by a name of the loopback: a page elsewhere whose name was
//! made to lead here (DNS rebinding) asks by another.
//!
//! - `request`: bytes → what is asked, or the status of a refusal
//! - `answer`: heads of answers
//! - `server`: connections, each with a thread and limits of its own

mod answer;
mod request;
mod server;

use std::collections::BTreeMap;

pub use server::Server;

/// What a server shows at a time.
#[derive(Debug, Default)]
pub struct Content {
    /// Another for other pages: a browser that shows another one is told to ask again.
    pub version: String,
    /// By path, such as `/`.
    pub pages: BTreeMap<String, Page>,
    /// What stands for any other path.
    pub missing: Page,
}

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// The whole page.
    pub html: String,
    /// Its content security policy.
    pub policy: String,
}
