//! Merges a register that grew on two branches: `duban register merge`, the merge driver for Git.
//!
//! The lines of our side stay as they are. Those that only the other side has follow, chained anew, each with the hashes that it had
//! before. So nothing is lost, whichever side the head note of a machine knows; and where both branches gave out one number, both
//! documents are in the register, until one of them is voided.

use std::collections::BTreeSet;
use std::io::{Read as _, Seek as _};

use crate::register::entry::{Event, EventConflict, RegisterEntry, RegisterLine, write_merged_line};
use crate::register::file::{first_break, io_at};
use crate::register::lines::{FileEnd, RegisterLines};
use crate::register::said::{Said, said};
use crate::register::state::RegisterState;
use crate::register::{FILE_NAME, Register, RegisterError};
use crate::words::lang::Lang;

/// A side of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What both began with.
    Base,
    /// The branch that is merged into.
    Ours,
    /// The branch that is merged.
    Theirs,
}

/// A merged register.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The bytes of its file.
    pub bytes: Vec<u8>,
    /// How many lines were added to ours.
    pub added: usize,
    /// All documents, in the order entered; two of them may have one number.
    pub entries: Vec<RegisterEntry>,
    /// The numbers of which a side says something that does not fit to what the other says: one voided what the other finished.
    pub contradicted: Vec<String>,
}

/// Why registers can't be merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A line of a side can't be read, was altered, does not follow the line before, or is incomplete.
    #[error("line {line} of the register of {side:?} is damaged")]
    Damaged {
        /// The side.
        side: Side,
        /// The line, from 1.
        line: usize,
    },
    /// A line can't be written.
    #[error(transparent)]
    Line(#[from] serde_json::Error),
}

impl MergeError {
    /// Returns the message for the user, and what helps.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Damaged { side, line } => {
                let (zh, en) = match side {
                    Side::Base => ("共同的祖先", "the common ancestor"),
                    Side::Ours => ("当前分支", "the branch that is merged into"),
                    Side::Theirs => ("并入的分支", "the branch that is merged"),
                };
                lang.pick(
                    format!("没有合并：{zh}的登记簿第 {line} 行损坏或没有写完；在那个分支上用 duban register verify 查看、修好，再合并"),
                    format!(
                        "nothing was merged: line {line} of the register of {en} is damaged or incomplete; see `duban register \
                         verify` on that branch, mend it, and merge again"
                    ),
                )
            }
            Self::Line(error) => error.to_string(),
        }
    }
}

/// A line with what it says.
type SaidLine<'l> = (&'l RegisterLine, Said);

/// Merges the registers of two branches that began with `base`.
///
/// # Errors
/// One of them is damaged. What is damaged is mended on its branch, and not mixed with what is whole.
pub fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<Merged, MergeError> {
    let [base, own, other] =
        [(Side::Base, base), (Side::Ours, ours), (Side::Theirs, theirs)].map(|(side, bytes)| read(side, bytes));
    let (base, own, other) = (base?, own?, other?);
    let mut known: BTreeSet<Said> = said(&own).into_iter().map(|(_, said)| said).collect();
    let mut missing: Vec<SaidLine<'_>> = Vec::new();
    // What both branches took back, by a revert perhaps, was given out all the same.
    for lines in [&other, &base] {
        let new = said(lines).into_iter().filter(|(_, said)| !known.contains(said)).collect::<Vec<_>>();
        known.extend(new.iter().map(|(_, said)| said.clone()));
        missing.extend(new);
    }
    let mut bytes = ours.to_vec();
    if bytes.last().is_some_and(|last| *last != b'\n') {
        bytes.push(b'\n');
    }
    let mut state = RegisterState::default();
    for line in &own {
        // What does not fit is told by `verify`.
        _ = state.replay(&line.event, line.at);
    }
    let mut contradicted = Vec::new();
    let mut events: Vec<(&RegisterLine, Event)> = Vec::new();
    for (line, said) in missing {
        let event = match &line.event {
            Event::Void { key, why, .. } => {
                Event::Void { key: key.clone(), why: why.clone(), document: Some(said.document.clone()) }
            }
            Event::Dispatched { key, .. } => {
                Event::Dispatched { key: key.clone(), document: Some(said.document.clone()) }
            }
            event => event.clone(),
        };
        match state.replay(&event, own.len() + events.len() + 1) {
            Ok(()) | Err(EventConflict::DuplicateNumber) => events.push((line, event)),
            Err(_) => contradicted.push(said.number),
        }
    }
    let (mut seq, mut prev) =
        own.last().map_or((0, crate::register::entry::NO_LINE.to_owned()), |line| (line.seq, line.head().hash));
    for (at, (line, event)) in events.iter().enumerate() {
        // Lines that were appended together stay together.
        let together = events.get(at + 1..).unwrap_or_default().iter();
        let mut before = *line;
        let more = together.take_while(|(next, _)| {
            let is_next = before.more > 0 && next.at == before.at + 1 && next.more == before.more - 1;
            before = *next;
            is_next
        });
        let more = u32::try_from(more.count()).unwrap_or(u32::MAX);
        let was = line.was.iter().cloned().chain([line.head().hash]).collect();
        seq += 1;
        let text = write_merged_line(seq, event, more, (was, &prev))?;
        prev = crate::digest::of(text.as_bytes());
        bytes.extend(text.as_bytes());
        bytes.push(b'\n');
    }
    Ok(Merged { bytes, added: events.len(), entries: state.records().to_vec(), contradicted })
}

impl Register {
    /// Adds what another version of the register has and this one lacks, all or nothing.
    ///
    /// # Errors
    /// The register can't be read or written, or one of the two is damaged.
    pub fn merge_in(mut self, other: &[u8]) -> Result<Result<Merged, MergeError>, RegisterError> {
        let mut own = Vec::new();
        let read = self.file.rewind().and_then(|()| self.file.read_to_end(&mut own));
        read.map_err(io_at(&self.root.join(FILE_NAME)))?;
        let merged = match merge(b"", &own, other) {
            Ok(merged) => merged,
            Err(error) => return Ok(Err(error)),
        };
        if merged.added > 0 {
            self.append_text(merged.bytes.get(own.len()..).unwrap_or_default())?;
        }
        Ok(Ok(merged))
    }
}

/// The lines of a side that is whole.
fn read(side: Side, bytes: &[u8]) -> Result<Vec<RegisterLine>, MergeError> {
    let lines = RegisterLines::read(bytes);
    let bad = lines.bad.first().map(|(line, _)| *line);
    let torn = match lines.end {
        FileEnd::Torn { at, .. } => Some(at),
        FileEnd::LineFeed | FileEnd::NoLineFeed => None,
    };
    let unfinished = lines.unfinished_from().and_then(|at| lines.readable.get(at)).map(|line| line.at);
    match bad.or(torn).or(unfinished).or_else(|| first_break(&lines.readable)) {
        Some(line) => Err(MergeError::Damaged { side, line }),
        None => Ok(lines.readable),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::register::doubled::doubled;
    use crate::register::entry::tests::facts;
    use crate::register::entry::{Facts, NO_LINE, RegisterStatus, write_line};
    use crate::register::number_key::NumberKey;

    /// A document that says which branch it is of.
    fn document(n: u32, branch: &str) -> Facts {
        Facts { title: format!("{branch} {n}"), ..facts("a", 2021, n) }
    }

    fn key(n: u32) -> NumberKey {
        NumberKey { series: "a".into(), year: 2021, n }
    }

    /// A register with more events behind those it has; each group is appended together.
    fn with(register: &[u8], groups: &[&[Event]]) -> Vec<u8> {
        let mut bytes = register.to_vec();
        for events in groups {
            for (at, event) in events.iter().enumerate() {
                let lines = RegisterLines::read(&bytes);
                let (seq, prev) =
                    lines.readable.last().map_or((0, NO_LINE.to_owned()), |line| (line.seq, line.head().hash));
                let more = u32::try_from(events.len() - at - 1).unwrap();
                bytes.extend(write_line(seq + 1, event, more, &prev).unwrap().as_bytes());
                bytes.push(b'\n');
            }
        }
        bytes
    }

    fn finished(n: u32) -> Event {
        Event::Dispatched { key: key(n), document: None }
    }

    fn dispatched(n: u32, branch: &str) -> [Event; 2] {
        [Event::Reserved(document(n, branch)), finished(n)]
    }

    /// Number, title and status of each document.
    fn listed(bytes: &[u8]) -> Vec<(u32, String, RegisterStatus)> {
        let mut state = RegisterState::default();
        let lines = read(Side::Ours, bytes).unwrap();
        for line in &lines {
            let replayed = state.replay(&line.event, line.at);
            assert!(matches!(replayed, Ok(()) | Err(EventConflict::DuplicateNumber)), "{replayed:?}");
        }
        state.records().iter().map(|record| (record.n, record.title.clone(), record.status)).collect()
    }

    #[test]
    fn two_branches_that_gave_out_one_number_both_stay_listed_until_one_is_void() {
        let base = with(b"", &[&dispatched(1, "base")]);
        let ours = with(&base, &[&dispatched(2, "ours")]);
        let theirs = with(&base, &[&dispatched(2, "theirs"), &dispatched(3, "theirs")]);
        let merged = merge(&base, &ours, &theirs).unwrap();
        assert!(merged.bytes.starts_with(&ours));
        let is = |n: u32, branch: &str| (n, format!("{branch} {n}"), RegisterStatus::Dispatched);
        assert_eq!(listed(&merged.bytes), [is(1, "base"), is(2, "ours"), is(2, "theirs"), is(3, "theirs")]);
        let titles = |(one, other): (&RegisterEntry, &RegisterEntry)| (one.title.clone(), other.title.clone());
        assert_eq!(
            doubled(&merged.entries).into_iter().map(titles).collect::<Vec<_>>(),
            [("ours 2".to_owned(), "theirs 2".to_owned())]
        );
        // The void of a branch is that of its own document, in whichever order they come.
        let why = || "重号".to_owned();
        let voided = with(&theirs, &[&[Event::Void { key: key(2), why: why(), document: None }]]);
        for (ours, theirs) in [(&ours, &voided), (&voided, &ours)] {
            let merged = merge(&base, ours, theirs).unwrap();
            let void: Vec<_> =
                listed(&merged.bytes).into_iter().filter(|(.., status)| *status == RegisterStatus::Void).collect();
            assert_eq!(void, [(2, "theirs 2".to_owned(), RegisterStatus::Void)]);
            assert_eq!((doubled(&merged.entries).len(), merged.contradicted.len()), (0, 0));
        }
        // A branch that goes on after it was merged brings only what is new.
        let on = with(&theirs, &[&dispatched(4, "theirs")]);
        let again = merge(&theirs, &merged.bytes, &on).unwrap();
        assert_eq!((again.added, listed(&again.bytes).len()), (2, 5));
        assert_eq!(merge(&theirs, &again.bytes, &on).unwrap().added, 0);
    }

    #[test]
    fn lines_that_were_appended_together_stay_together_and_say_what_they_were() {
        let base = with(b"", &[&dispatched(1, "base")]);
        let ours = with(&base, &[&dispatched(2, "ours")]);
        let both = [Event::Reserved(document(3, "b")), Event::Reserved(document(4, "b"))];
        let theirs = with(&base, &[&both, &[finished(3), finished(4)]]);
        let merged = merge(&base, &ours, &theirs).unwrap();
        let lines = RegisterLines::read(&merged.bytes).readable;
        assert_eq!(lines.iter().map(|line| line.more).collect::<Vec<_>>(), [1, 0, 1, 0, 1, 0, 1, 0]);
        let before = RegisterLines::read(&theirs).readable;
        assert_eq!(lines[7].was, [before[5].head().hash]);
    }

    #[test]
    fn of_two_documents_that_are_pending_the_one_that_is_meant_is_finished() {
        let base = with(b"", &[&dispatched(1, "base")]);
        let [ours, theirs] = ["ours", "theirs"].map(|branch| with(&base, &[&[Event::Reserved(document(2, branch))]]));
        let merged = merge(&base, &ours, &theirs).unwrap();
        let own = RegisterEntry::reserved(&document(2, "ours")).fingerprint();
        let on = with(&merged.bytes, &[&[Event::Dispatched { key: key(2), document: Some(own) }]]);
        let statuses = |bytes: &[u8]| listed(bytes).into_iter().map(|(.., status)| status).collect::<Vec<_>>();
        assert_eq!(statuses(&on)[1..], [RegisterStatus::Dispatched, RegisterStatus::Pending]);
        // The other one is finished on its branch, where no second one is known.
        let other = with(&theirs, &[&[finished(2)]]);
        for (ours, theirs) in [(&on, &other), (&other, &on)] {
            let all = merge(b"", ours, theirs).unwrap();
            assert_eq!(statuses(&all.bytes)[1..], [RegisterStatus::Dispatched; 2]);
            assert!(all.contradicted.is_empty());
        }
    }

    #[test]
    fn what_both_took_back_was_given_out_all_the_same_and_damage_stops() {
        let base = with(b"", &[&dispatched(1, "base"), &dispatched(2, "base")]);
        let reverted = with(b"", &[&dispatched(1, "base")]);
        assert_eq!(listed(&merge(&base, &reverted, &reverted).unwrap().bytes).len(), 2);
        assert_eq!(listed(&merge(b"", b"", &base).unwrap().bytes).len(), 2);
        for (cut, line) in [(base.len() - 5, 4), (base.len() / 2 - 20, 2)] {
            let error = merge(&base, &base, &base[..cut]).unwrap_err();
            assert!(matches!(error, MergeError::Damaged { side: Side::Theirs, line: at } if at >= line), "{error:?}");
        }
    }

    proptest! {
        /// However two branches grow and in whichever order they are merged, each document is listed once.
        #[test]
        fn nothing_is_lost_and_nothing_stands_twice(
            common in 0..3_u32,
            ours in 0..4_u32,
            theirs in 0..4_u32,
            more in 0..3_u32,
            voids in proptest::collection::vec(any::<bool>(), 8),
        ) {
            let grown = |from: &[u8], first: u32, count: u32, branch: &str, void: bool| {
                let mut bytes = from.to_vec();
                for n in first..first + count {
                    bytes = with(&bytes, &[&dispatched(n, branch)]);
                    if void {
                        bytes = with(&bytes, &[&[Event::Void { key: key(n), why: branch.into(), document: None }]]);
                    }
                }
                bytes
            };
            let base = grown(b"", 1, common, "base", false);
            let one = grown(&base, common + 1, ours, "ours", voids[0]);
            let other = grown(&base, common + 1, theirs, "theirs", voids[1]);
            let merged = merge(&base, &one, &other).unwrap();
            let turned = merge(&base, &other, &one).unwrap();
            let sorted = |bytes: &[u8]| {
                let mut all: Vec<String> = listed(bytes).into_iter().map(|record| format!("{record:?}")).collect();
                all.sort();
                all
            };
            prop_assert_eq!(sorted(&merged.bytes), sorted(&turned.bytes));
            prop_assert_eq!(sorted(&merged.bytes).len(), usize::try_from(common + ours + theirs).unwrap());
            let pairs = if voids[0] || voids[1] { 0 } else { ours.min(theirs) };
            prop_assert_eq!(doubled(&merged.entries).len(), usize::try_from(pairs).unwrap());
            // Both orders of a merge, and a branch that goes on, merged once more.
            let on = grown(&other, common + theirs + 1, more, "later", voids[2]);
            let all = merge(&other, &merge(&base, &merged.bytes, &turned.bytes).unwrap().bytes, &on).unwrap();
            prop_assert_eq!(sorted(&all.bytes).len(), usize::try_from(common + ours + theirs + more).unwrap());
        }
    }

    #[test]
    fn a_day_is_part_of_what_a_document_is() {
        let record = RegisterEntry::reserved(&document(1, "a"));
        let other = RegisterEntry { date: NaiveDate::from_ymd_opt(2021, 8, 21).unwrap(), ..record.clone() };
        assert_ne!(record.fingerprint(), other.fingerprint());
    }
}
