//! What answers the calls of a page: only of the page that the server itself gave out, which knows the token.

use crate::digest;

/// Where the files of calls are.
pub const FILES: &str = "/files/";

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
    /// It took too long, or too much else is going on; JSON says so.
    Busy,
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
    /// Answers a call.
    fn answer(&self, call: &Call) -> Answered;
}

/// A service and who may call it.
pub struct Guarded {
    /// What only the page knows that was opened.
    pub token: String,
    /// What answers.
    pub service: Box<dyn Service>,
}

impl std::fmt::Debug for Guarded {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Guarded")
    }
}

impl Guarded {
    /// Whether a token is the right one. Their hashes are compared, so that the time it takes tells nothing of the token.
    pub(super) fn admits(&self, token: &str) -> bool {
        digest::of(token.as_bytes()) == digest::of(self.token.as_bytes())
    }
}
