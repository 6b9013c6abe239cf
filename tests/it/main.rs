//! All integration tests, one binary.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that can't go on has failed")]

mod agreement; // the same issues, however written, give the same tally; places are true
mod check; // twenty faults, silence, exit statuses
mod explain; // the examples of the explain pages do what the pages say
mod hostile; // input meant to harm
mod project; // a project in a temporary folder, and commands run in it
mod register; // several at once, and machines that die
mod tally; // the counts of the contract
