//! The pages of a server.

use std::collections::BTreeMap;

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
