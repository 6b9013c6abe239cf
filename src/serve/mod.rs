//! A server of a few pages on the loopback, for one user and the browser beside it.
//!
//! It answers GET and HEAD for the paths that it was given pages for, and `/events`, which tells when the pages have
//! changed. It reads no file, and answers only who asks it by a name of the loopback: a page elsewhere whose name was
//! made to lead here (DNS rebinding) asks by another. A service, if it has one, answers calls: those with the token, and
//! none from a page of another site.
//!
//! - `content`: the pages
//! - `request`: bytes → what is asked, or the status of a refusal
//! - `answer`: heads of answers
//! - `service`: what answers calls, and who may call
//! - `server`: connections, each with a thread and limits of its own

mod answer;
mod content;
mod request;
mod server;
mod service;

pub use content::{Content, Page};
pub use server::Server;
pub use service::{Answered, Call, END, FILES, Guarded, Method, Outcome, Service};
