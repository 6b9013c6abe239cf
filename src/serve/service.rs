//! What answers the calls of a page: only of the page that the server itself gave out, which knows the token.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::digest;

/// Where the files of calls are.
pub const FILES: &str = "/files/";

/// Where a page ends the program.
pub const END: &str = "/end";
/// Where a page gets the token for the code that it was opened with.
pub(super) const TRADE: &str = "/token";
/// How long that code is good for: a browser that restores many tabs takes its time.
const CODE_PATIENCE: Duration = Duration::from_mins(5);

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Asks for a file.
    Get,
    /// Asks for something to be done.
    Post,
    /// Hands a file in.
    Put,
    /// Takes a file away.
    Delete,
}

/// A call that came with the token.
#[derive(Debug)]
pub struct Call {
    /// What it does.
    pub method: Method,
    /// The path, as it was sent.
    pub path: String,
    /// The name that the page gave itself: two tabs of one browser are two pages.
    pub page: Option<String>,
    /// What came with it.
    pub body: Vec<u8>,
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// JSON.
    Json,
    /// The bytes of a file.
    File,
    /// There is no such file or call; JSON says so.
    Missing,
    /// Too much else is going on, so that it may be asked again; JSON says so.
    Busy,
    /// It can't be done here; JSON says why.
    Failed,
}

/// An answer.
#[derive(Debug)]
pub struct Answered {
    /// What it is.
    pub outcome: Outcome,
    /// The bytes.
    pub body: Vec<u8>,
}

/// Answers calls; several at a time.
pub trait Service: Send + Sync {
    /// Answers a call. `is_there` tells whether whoever made it still waits for the answer.
    fn answer(&self, call: &Call, is_there: &dyn Fn() -> bool) -> Answered;
}

/// A service and who may call it.
pub struct Guarded {
    /// What only the page knows that was opened.
    token: String,
    /// What the browser was started with, until it has been traded for the token.
    code: Mutex<Option<(String, Instant)>>,
    service: Box<dyn Service>,
}

impl std::fmt::Debug for Guarded {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Guarded")
    }
}

impl Guarded {
    /// Lets those call a service who know the token. The code is good for it once, and for a few minutes: it stands on the
    /// command line of a browser, which others on the machine can read.
    #[must_use]
    pub fn new(token: String, code: Option<String>, service: Box<dyn Service>) -> Self {
        Self { token, code: Mutex::new(code.map(|code| (code, Instant::now()))), service }
    }

    /// Whether a token is the right one.
    pub(super) fn admits(&self, token: &str) -> bool {
        is_same(token, &self.token)
    }

    /// The token for the code, which is used up.
    pub(super) fn traded(&self, code: &str) -> Option<&str> {
        let mut kept = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        let is_good = |(known, since): &(String, Instant)| since.elapsed() < CODE_PATIENCE && is_same(code, known);
        kept.take_if(|kept| is_good(kept)).map(|_| self.token.as_str())
    }

    /// What answers.
    pub(super) fn service(&self) -> &dyn Service {
        &*self.service
    }
}

/// Whether two secrets are the same. Their hashes are compared, so that the time it takes tells nothing of them.
fn is_same(one: &str, other: &str) -> bool {
    digest::of(one.as_bytes()) == digest::of(other.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Silent;

    impl Service for Silent {
        fn answer(&self, _: &Call, _: &dyn Fn() -> bool) -> Answered {
            Answered { outcome: Outcome::Missing, body: Vec::new() }
        }
    }

    #[test]
    fn a_code_is_good_once_and_is_no_token() {
        let guarded = Guarded::new("token".into(), Some("code".into()), Box::new(Silent));
        assert!(guarded.admits("token") && !guarded.admits("code") && !guarded.admits(""));
        assert_eq!(guarded.traded("token"), None);
        assert_eq!(guarded.traded("code"), Some("token"));
        assert_eq!(guarded.traded("code"), None);
        assert_eq!(Guarded::new("token".into(), None, Box::new(Silent)).traded(""), None);
    }
}
