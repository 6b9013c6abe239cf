//! The lines of the register: events and their hash chain, and the entries that they make.
//!
//! A line is JSON: `seq`, `v`, `event` and its facts, `more`, then `prev` and `hash`. `v` is the [`VERSION`] of the
//! format; lines of the first version have none, and are read and verified as they are. `prev` is the hash of the
//! previous line's bytes, so a line that was removed, inserted or moved is detected at the next one. `hash` covers the bytes of
//! the line before it, so an altered line is detected even if it is the last. Both are computed from bytes rather than
//! parsed fields: a version that knows fewer or more fields can still verify every line. A line end is no part of a
//! line: version control may turn LF into CRLF and back.
//!
//! A line that was written on a branch and then [merged](mod@crate::register::merge) behind the lines of another is written
//! anew; `was` has the hashes that it had before.
//!
//! The name `checkpoint` (a hash of all lines before) is reserved: a line that has it is read and verified.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::register::head::HeadNote;
use crate::register::number_key::NumberKey;
use crate::register::series::Reset;

/// The value of `prev` in the first line.
pub const NO_LINE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The version of the format of new lines. A line of a later version is not read: it might take a number in a way that
/// this one does not know.
pub const VERSION: u32 = 3;
/// That of lines which an earlier version understands, too.
const USUAL_VERSION: u32 = 2;

/// A file of a document and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// The path relative to the project's folder, or absolute, with `/` on every system, since a register moves between
    /// machines.
    pub path: String,
    /// The SHA-256 of its bytes in hexadecimal, of a text file without the carriage returns before line feeds; until the document is dispatched also its name in `.duban/staged/`.
    pub sha256: String,
}

/// Another document of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLink {
    /// Its number as printed.
    pub number: String,
    /// What tells it from another of the same number ([`RegisterEntry::fingerprint`]).
    pub document: String,
}

/// The facts of a document that are entered when its number is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The series, year and running number.
    #[serde(flatten)]
    pub key: NumberKey,
    /// When the series restarts.
    #[serde(default)]
    pub reset: Reset,
    /// The kind of document.
    pub kind: String,
    /// The number as printed.
    pub number: String,
    /// The date of the document.
    #[serde(with = "iso")]
    pub date: NaiveDate,
    /// The title.
    pub title: String,
    /// The unit a letter is addressed to.
    #[serde(default)]
    pub unit: Option<String>,
    /// The units it mentions.
    #[serde(default)]
    pub units: Vec<String>,
    /// The issues it lists: the id of each, or the key of what it says.
    #[serde(default)]
    pub issues: Vec<String>,
    /// The key of what each of these issues says, in the same order; none in lines of the first version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<String>,
    /// The numbers of the documents it follows up on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// The date by which it asks for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<NaiveDate>,
    /// The request that it answers (`--request-id`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The document that it corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<DocumentLink>,
    /// Whether its file is one that was edited by hand (`--final`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
    /// The faults of the logs, and what a proof told of the edited file, that were accepted.
    #[serde(flatten)]
    pub accepted: AcceptedFaults,
    /// Its files, which a dispatch fills in.
    #[serde(default)]
    pub files: Vec<FileHash>,
}

/// Faults of the logs, by their codes, and what a proof told of an edited file, by its classes, that a dispatch let through
/// (`--accept CODE --why "…"`); empty for most documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedFaults {
    /// How many of each code or class.
    #[serde(default, rename = "accepted", skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, usize>,
    /// The first places of each.
    #[serde(default, rename = "accepted_at", skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, Vec<String>>,
    /// The reason given.
    #[serde(default, rename = "accepted_why", skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What happened to a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// It was taken; the files of its document are not yet under their final names.
    Reserved(Facts),
    /// The files of its document are under their final names.
    Dispatched {
        /// The number.
        #[serde(flatten)]
        key: NumberKey,
        /// Which document, if several have the number ([`RegisterEntry::fingerprint`]).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<String>,
    },
    /// It was voided.
    Void {
        /// The number.
        #[serde(flatten)]
        key: NumberKey,
        /// Why.
        why: String,
        /// Which document, if several have the number ([`RegisterEntry::fingerprint`]).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<String>,
    },
    /// It was issued before duban kept the register.
    Imported(Facts),
}

impl Event {
    /// Returns the number that the event concerns.
    #[must_use]
    pub fn key(&self) -> &NumberKey {
        match self {
            Self::Reserved(facts) | Self::Imported(facts) => &facts.key,
            Self::Dispatched { key, .. } | Self::Void { key, .. } => key,
        }
    }
}

/// A line as read from the file.
#[derive(Clone, Debug)]
pub struct RegisterLine {
    /// The line number in the file, from 1.
    pub at: usize,
    /// The byte offset of its start.
    pub start: u64,
    /// Its position in the chain, from 1.
    pub seq: u64,
    /// The number of lines after it that were appended together with it. A batch is entered as a whole or not at all,
    /// but a crash may leave only the first part of a write.
    pub more: u32,
    /// What happened.
    pub event: Event,
    /// The hash of the previous line, as stated in this one.
    pub prev: String,
    /// The hashes that it had before it was merged, the last one last.
    pub was: Vec<String>,
    /// The hash of its bytes without the line end, which the next line has to state.
    pub bytes_hash: String,
    /// The hash of its bytes and a carriage return: what a version that took the carriage return for a part of the line
    /// stated in the next one.
    crlf_hash: String,
    /// Whether its stated hash is correct.
    pub sound: bool,
}

/// The fields of a line except `hash`, which is appended to the text of these.
#[derive(Serialize, Deserialize)]
struct Fields<E> {
    seq: u64,
    #[serde(default = "first_version")]
    v: u32,
    #[serde(flatten)]
    event: E,
    #[serde(default, skip_serializing_if = "is_last")]
    more: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    was: Vec<String>,
    prev: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_last(more: &u32) -> bool {
    *more == 0
}

fn first_version() -> u32 {
    1
}

const HASH_FIELD: &str = ",\"hash\":\"";

/// Returns the text of a line, without its line feed.
///
/// # Errors
/// In practice none: every field can be represented in JSON.
pub fn write_line(seq: u64, event: &Event, more: u32, prev: &str) -> Result<String, serde_json::Error> {
    write_merged_line(seq, event, more, (Vec::new(), prev))
}

/// The same of a line that had other hashes before it was merged.
///
/// # Errors
/// In practice none: every field can be represented in JSON.
pub(super) fn write_merged_line(
    seq: u64,
    event: &Event,
    more: u32,
    (was, prev): (Vec<String>, &str),
) -> Result<String, serde_json::Error> {
    let is_of_document =
        matches!(event, Event::Void { document: Some(_), .. } | Event::Dispatched { document: Some(_), .. });
    // An earlier version would void or finish the wrong one of two, or not know of one.
    let v = if is_of_document || !was.is_empty() { VERSION } else { USUAL_VERSION };
    let mut text = serde_json::to_string(&Fields { seq, v, event, more, was, prev: prev.to_owned() })?;
    let hash = digest::of(text.as_bytes());
    text.pop();
    text.push_str(HASH_FIELD);
    text.push_str(&hash);
    text.push_str("\"}");
    Ok(text)
}

/// Reads a line without its line feed; `at` is its line number, from 1, and `start` its byte offset.
///
/// # Errors
/// The text is not JSON, or not a line of a register. A readable line that was altered is not an error: its
/// [`sound`](RegisterLine::sound) is `false`.
pub fn read_line(bytes: &[u8], at: usize, start: u64) -> Result<RegisterLine, serde_json::Error> {
    let Fields { seq, v, event, more, was, prev } = serde_json::from_slice(bytes)?;
    if v > VERSION {
        let text = format!("format {v} of the register, this version of duban reads up to {VERSION}");
        return Err(serde::de::Error::custom(text));
    }
    let (bytes_hash, crlf_hash) = (digest::of(bytes), digest::of(&[bytes, b"\r"].concat()));
    Ok(RegisterLine { at, start, seq, more, event, prev, was, bytes_hash, crlf_hash, sound: is_sound(bytes) })
}

impl RegisterLine {
    /// Returns whether the line states the hash of the line before it; of the first line, that there is none.
    #[must_use]
    pub fn follows(&self, before: Option<&Self>) -> bool {
        before.map_or_else(|| self.prev == NO_LINE, |before| before.has_hash(&self.prev))
    }

    /// Returns its place in the chain.
    pub(super) fn head(&self) -> HeadNote {
        HeadNote { seq: self.seq, hash: self.bytes_hash.clone(), stamp: None, says: None }
    }

    /// Returns whether `hash` is the hash of this line, with either line end.
    #[must_use]
    pub fn has_hash(&self, hash: &str) -> bool {
        self.bytes_hash == hash || self.crlf_hash == hash
    }
}

/// Returns whether the hash at the end of a line is that of the bytes before it.
fn is_sound(bytes: &[u8]) -> bool {
    let tail = HASH_FIELD.len() + NO_LINE.len() + "\"}".len();
    let Some((body, tail)) = bytes.len().checked_sub(tail).map(|at| bytes.split_at(at)) else { return false };
    let hash = digest::of(&[body, b"}"].concat());
    tail == format!("{HASH_FIELD}{hash}\"}}").as_bytes()
}

/// The status of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RegisterStatus {
    /// Taken, but its dispatch was interrupted before the files had their final names.
    Pending,
    /// Issued, with its document in place.
    Dispatched,
    /// Voided; the number stays taken.
    Void,
}

/// A number and its document, as shown by `register list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterEntry {
    /// The number as printed.
    pub number: String,
    /// The series.
    pub series: String,
    /// The kind of document.
    pub kind: String,
    /// The year.
    pub year: i32,
    /// The running number.
    pub n: u32,
    /// The date.
    #[serde(with = "iso")]
    pub date: NaiveDate,
    /// The title.
    pub title: String,
    /// The unit a letter is addressed to.
    pub unit: Option<String>,
    /// The status.
    pub status: RegisterStatus,
    /// The number of faults of each code that were let through; `None` if there were none.
    pub accepted: Option<BTreeMap<String, usize>>,
    /// Its files.
    pub files: Vec<FileHash>,
    /// The issues it lists: the id of each, or the key of what it says.
    pub issues: Vec<String>,
    /// The key of what each of these issues says; none if its line is of the first version.
    #[serde(skip)]
    pub identities: Vec<String>,
    /// The units it mentions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// Why it was voided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The numbers of the documents it follows up on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// The date by which it asks for an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<NaiveDate>,
    /// The first places of each code that was accepted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub accepted_at: BTreeMap<String, Vec<String>>,
    /// Why they were accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_why: Option<String>,
    /// The request that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The document that it corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<DocumentLink>,
    /// Whether its file is one that was edited by hand.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
    /// When its series restarts.
    #[serde(skip)]
    pub reset: Reset,
    /// The line of the register on which it was entered, from 1; 0 for one that is not entered yet.
    #[serde(skip)]
    pub line: usize,
}

impl RegisterEntry {
    /// Returns the pending entry of a number that is about to be taken.
    #[must_use]
    pub fn reserved(facts: &Facts) -> Self {
        Self::new(facts, RegisterStatus::Pending, 0)
    }

    /// Returns the entry of a number that was taken on a line.
    pub(super) fn new(facts: &Facts, status: RegisterStatus, line: usize) -> Self {
        let Facts {
            key,
            reset,
            kind,
            number,
            date,
            title,
            unit,
            units,
            issues,
            identities,
            after,
            limit,
            request,
            corrects,
            edited,
            accepted,
            files,
        } = facts.clone();
        let NumberKey { series, year, n } = key;
        let AcceptedFaults { counts, places, why: accepted_why } = accepted;
        Self {
            number,
            series,
            kind,
            year,
            n,
            date,
            title,
            unit,
            status,
            accepted: (!counts.is_empty()).then_some(counts),
            files,
            issues,
            identities,
            units,
            why: None,
            after,
            limit,
            accepted_at: places,
            accepted_why,
            request,
            corrects,
            edited,
            reset,
            line,
        }
    }

    /// Returns the key of the number.
    #[must_use]
    pub fn key(&self) -> NumberKey {
        NumberKey { series: self.series.clone(), year: self.year, n: self.n }
    }

    /// Returns what tells the document from another of the same number: 16 hexadecimal digits of what it is and of its files.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let Self { kind, date, title, unit, files, issues, units, after, limit, request, .. } = self;
        let what = (kind, date.to_string(), title, unit, issues, units, after, limit, request);
        let what = serde_json::to_string(&what).unwrap_or_default();
        let files: Vec<&str> = files.iter().flat_map(|file| [file.sha256.as_str(), &file.path]).collect();
        let mut hash = digest::of_parts([&what, "\n", &files.join("\n")]);
        hash.truncate(16);
        hash
    }

    /// Returns the run of consecutive numbers it belongs to: the series, and the year if the series restarts yearly.
    #[must_use]
    pub fn run(&self) -> (&str, Option<i32>) {
        (&self.series, (self.reset == Reset::Yearly).then_some(self.year))
    }
}

/// Why an event can't follow those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventConflict {
    /// It takes a number that is taken already.
    #[error("the number is already taken")]
    DuplicateNumber,
    /// It dispatches a number that is not pending, or voids one that doesn't exist or is void already.
    #[error("the status of the number does not allow this event")]
    InvalidTransition,
    /// Several documents have the number, and the event does not say which is meant.
    #[error("several documents have the number")]
    Ambiguous,
}

/// Dates as `2021-08-20`.
mod iso {
    use chrono::NaiveDate;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(date: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(date)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn facts(series: &str, year: i32, n: u32) -> Facts {
        Facts {
            key: NumberKey { series: series.to_owned(), year, n },
            reset: Reset::Yearly,
            kind: series.to_owned(),
            number: format!("第{n}期"),
            date: NaiveDate::from_ymd_opt(year, 8, 20).unwrap(),
            title: "监督检查通报".to_owned(),
            unit: None,
            units: vec!["贾陈社区".to_owned()],
            issues: vec!["WT-001".to_owned()],
            identities: Vec::new(),
            after: Vec::new(),
            limit: None,
            request: None,
            corrects: None,
            edited: false,
            accepted: AcceptedFaults::default(),
            files: Vec::new(),
        }
    }

    pub(crate) fn record(series: &str, year: i32, n: u32) -> RegisterEntry {
        RegisterEntry::new(&facts(series, year, n), RegisterStatus::Dispatched, 1)
    }

    #[test]
    fn a_line_reads_back_and_is_sound() {
        let events = [
            Event::Reserved(Facts {
                after: vec!["第13期".into()], unit: Some("某办".into()), ..facts("a", 2021, 14)
            }),
            Event::Dispatched { key: NumberKey { series: "a".into(), year: 2021, n: 14 }, document: None },
            Event::Void {
                key: NumberKey { series: "a".into(), year: 2021, n: 14 },
                why: "“误发”\n\u{2028}".into(),
                document: None,
            },
            Event::Imported(facts("b", -1, u32::MAX)),
        ];
        for (event, more) in events.iter().zip([0, 1, 2, u32::MAX]) {
            let text = write_line(7, event, more, NO_LINE).unwrap();
            assert!(!text.contains('\n'));
            let line = read_line(text.as_bytes(), 3, 99).unwrap();
            assert!(line.sound);
            assert_eq!((&line.event, line.seq, line.more, line.at, line.start), (event, 7, more, 3, 99));
            assert_eq!((line.prev.as_str(), line.bytes_hash), (NO_LINE, digest::of(text.as_bytes())));
        }
    }

    #[test]
    fn a_line_is_the_text_that_others_may_rely_on() {
        let event =
            Event::Dispatched { key: NumberKey { series: "bulletin".into(), year: 2021, n: 14 }, document: None };
        let text = write_line(2, &event, 0, NO_LINE).unwrap();
        let body = format!(
            r#"{{"seq":2,"v":2,"event":"dispatched","series":"bulletin","year":2021,"n":14,"prev":"{NO_LINE}""#
        );
        let hash = digest::of(format!("{body}}}").as_bytes());
        assert_eq!(text, format!(r#"{body},"hash":"{hash}"}}"#));
    }

    #[test]
    fn a_field_of_a_later_version_does_not_unsettle_an_earlier_one() {
        let body =
            format!(r#"{{"seq":1,"event":"dispatched","series":"a","year":2021,"n":14,"by":"张三","prev":"{NO_LINE}""#);
        let hash = digest::of(format!("{body}}}").as_bytes());
        assert!(read_line(format!(r#"{body},"hash":"{hash}"}}"#).as_bytes(), 1, 0).unwrap().sound);
    }

    #[test]
    fn a_line_with_reserved_fields_is_read_and_one_of_a_later_version_is_not() {
        let line = |version: u32| {
            let body = format!(
                r#"{{"seq":1,"v":{version},"event":"dispatched","series":"a","year":2021,"n":14,"request":"r-1","checkpoint":"00","prev":"{NO_LINE}""#
            );
            let hash = digest::of(format!("{body}}}").as_bytes());
            read_line(format!(r#"{body},"hash":"{hash}"}}"#).as_bytes(), 1, 0)
        };
        assert!(line(VERSION).unwrap().sound);
        assert!(line(VERSION + 1).unwrap_err().to_string().contains("format 4"));
    }

    #[test]
    fn line_ends_are_no_part_of_a_text_file() {
        let of = |path: &str, bytes: &[u8]| FileHash { path: path.into(), sha256: FileHash::hash(path, bytes) };
        let text = of("a.md", b"a\nb\n");
        assert_eq!(text.sha256, digest::of(b"a\nb\n"), "what sha256sum says");
        assert!(text.is_of(b"a\r\nb\r\n") && text.is_of(b"a\nb\r\n"));
        assert!(!text.is_of(b"a\nb") && !text.is_of(b"a\rb\n") && !text.is_of(b"a\n\nb\n"));
        assert!(of("a.MD", b"a\r\nb").is_of(b"a\nb"), "written with them, checked out without");
        assert!(!of("a.docx", b"a\nb\n").is_of(b"a\r\nb\r\n"));
        let old = FileHash { path: "a.json".into(), sha256: digest::of(b"a\r\n") };
        assert!(old.is_of(b"a\r\n"), "entered by an earlier version");
    }

    #[test]
    fn a_flip_of_any_bit_of_a_line_shows() {
        let text = write_line(1, &Event::Reserved(facts("a", 2021, 14)), 2, NO_LINE).unwrap();
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let sound = read_line(&bytes, 1, 0).is_ok_and(|line| line.sound);
                assert!(!sound, "bit {bit} of byte {at}: {}", String::from_utf8_lossy(&bytes));
            }
        }
    }

    #[test]
    fn a_record_is_what_the_list_promises() {
        let mut record = record("bulletin", 2021, 16);
        record.units.clear();
        record.files.push(FileHash { path: "documents/第16期.docx".into(), sha256: "00".into() });
        assert_eq!(
            serde_json::to_string(&record).unwrap(),
            r#"{"number":"第16期","series":"bulletin","kind":"bulletin","year":2021,"n":16,"date":"2021-08-20","title":"监督检查通报","unit":null,"status":"dispatched","accepted":null,"files":[{"path":"documents/第16期.docx","sha256":"00"}],"issues":["WT-001"]}"#
        );
        record.status = RegisterStatus::Void;
        (record.units, record.why, record.after) = (vec!["某办".into()], Some("误发".into()), vec!["第15期".into()]);
        assert!(
            serde_json::to_string(&record).unwrap().ends_with(r#","units":["某办"],"why":"误发","after":["第15期"]}"#)
        );
    }
}
