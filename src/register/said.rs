//! What a line says, whatever stands around it: what happened to which document.
//!
//! Two branches may say one thing, each on a line of its own; a merge keeps it once.

use crate::register::entry::{Event, RegisterEntry, RegisterLine};
use crate::register::head::HeadNote;
use crate::register::state::RegisterState;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    event: u8,
    /// Series, year and running number.
    pub(super) number: String,
    /// The [fingerprint](RegisterEntry::fingerprint) of the document; empty if there is none.
    pub(super) document: String,
}

impl Said {
    /// What an event says to what was said before it.
    pub(super) fn of(event: &Event, before: &RegisterState) -> Self {
        let (kind, document) = match event {
            Event::Reserved(facts) | Event::Imported(facts) => (0, RegisterEntry::reserved(facts).fingerprint()),
            Event::Dispatched { .. } => (1, before.document_of(event)),
            Event::Void { .. } => (2, before.document_of(event)),
        };
        let key = event.key();
        Self { event: kind, number: format!("{} {} {}", key.series, key.year, key.n), document }
    }

    /// The same as a text.
    pub(super) fn text(&self) -> String {
        format!("{} {} {}", self.event, self.number, self.document)
    }
}

/// Returns what each line says.
pub(super) fn said(lines: &[RegisterLine]) -> Vec<(&RegisterLine, Said)> {
    let mut state = RegisterState::default();
    let each = lines.iter().map(|line| {
        let said = Said::of(&line.event, &state);
        _ = state.replay(&line.event, line.at);
        (line, said)
    });
    each.collect()
}

/// Whether the line that a note tells of is among `lines`: as it was, or written anew when it was merged behind others, or another
/// that says the same.
pub(super) fn is_in(head: &HeadNote, lines: &[RegisterLine]) -> bool {
    let is_there = |line: &RegisterLine| line.has_hash(&head.hash) || line.was.contains(&head.hash);
    let is_said = |says: &String| said(lines).iter().any(|(_, said)| said.text() == *says);
    lines.iter().any(is_there) || head.says.as_ref().is_some_and(is_said)
}
