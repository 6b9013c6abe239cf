//! The locked file of the register: open, append, void.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::atomic;
use crate::digest;
use crate::platform::{files, locks};
use crate::register::checkpoint::{Checkpoint, CheckpointBuilder};
use crate::register::doubled::{document_text, doubled};
use crate::register::entry::{Event, FileHash, NO_LINE, RegisterEntry, RegisterLine, RegisterStatus, write_line};
use crate::register::head::HeadNote;
use crate::register::lines::{FileEnd, RegisterLines};
use crate::register::said::{Said, is_in};
use crate::register::stamp::Stamp;
use crate::register::state::RegisterState;
use crate::register::{FILE_NAME, Note, RegisterError, Series};

/// A register has a checkpoint from this number of lines on, and a new one after as many more: reading so many takes a few
/// milliseconds.
pub(super) const LINES_TO_READ: usize = 512;

/// The register of a project, locked against other processes until it is dropped.
///
/// The lock is on the file itself, since a crash would leave a separate lock file behind.
#[derive(Debug)]
pub struct Register {
    pub(super) root: PathBuf,
    pub(super) file: Arc<File>,
    pub(super) state: RegisterState,
    pub(super) notes: Vec<Note>,
    /// The position and hash of the last line.
    head: HeadNote,
    /// The number of lines in the file.
    line_count: usize,
    /// The length of the file in bytes.
    len: u64,
    /// Whether a write failed and could not be undone.
    pub(super) failed: bool,
}

/// Returns the numbers of a project, none if there is no register.
///
/// Waits while another process writes. The file is not changed; lines left incomplete by a crash are skipped.
///
/// # Errors
/// The file or one of its lines can't be read.
pub fn read(root: &Path) -> Result<Vec<RegisterEntry>, RegisterError> {
    let Some(bytes) = read_bytes(root)? else { return Ok(Vec::new()) };
    records(root, &bytes)
}

/// Returns the numbers in the bytes of a register.
pub(super) fn records(root: &Path, bytes: &[u8]) -> Result<Vec<RegisterEntry>, RegisterError> {
    let mut lines = RegisterLines::read(bytes);
    lines.refuse_bad()?;
    let finished = finished(root, &lines);
    Ok(state(lines.readable.get(..finished).unwrap_or_default()).records().to_vec())
}

impl Register {
    /// Opens the register of a project, creating it if there is none, and waits for its lock.
    ///
    /// Lines at the end that a crash left incomplete are removed, since their numbers were never issued;
    /// [`notes`](Self::notes) reports it.
    ///
    /// # Errors
    /// The file can't be opened, locked or read, a line can't be read, lines are missing at the end, or a line was
    /// altered or doesn't follow the one before: a line appended to such a register would confirm what was altered.
    pub fn open(root: &Path) -> Result<Self, RegisterError> {
        Self::open_beside(root, &|_| false)
    }

    /// The same where other versions of the register may have lines that were entered here: those of other branches.
    /// `is_elsewhere` says of the hash of a line whether one of them has it.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_beside(root: &Path, is_elsewhere: IsElsewhere<'_>) -> Result<Self, RegisterError> {
        let path = root.join(FILE_NAME);
        Ok(Self::of_file(root, lock(&path)?, is_elsewhere)?.0)
    }

    /// Opens the register to dispatch documents: as [`open`](Self::open), but of a long register it reads the lines behind
    /// its checkpoint alone. [`records`](Self::records) are those numbers then, and [`past`](Self::past) leads to the others.
    /// If the checkpoint is missing or does not fit, all is read as by `open`, and a new one is written.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_at_checkpoint(root: &Path, is_elsewhere: IsElsewhere<'_>) -> Result<Self, RegisterError> {
        Self::open_with_checkpoint(root, LINES_TO_READ, is_elsewhere)
    }

    /// The same with a checkpoint for registers of `least` lines.
    #[cfg(test)]
    pub(crate) fn open_with_checkpoint_of(root: &Path, least: usize) -> Result<Self, RegisterError> {
        Self::open_with_checkpoint(root, least, &|_| false)
    }

    fn open_with_checkpoint(root: &Path, least: usize, is_elsewhere: IsElsewhere<'_>) -> Result<Self, RegisterError> {
        let path = root.join(FILE_NAME);
        let mut file = lock(&path)?;
        let found = Checkpoint::load(root).and_then(|found| Self::behind(found, root, &file));
        let (mut register, lines) = match found {
            Some((register, lines)) if lines.len() < least => return Ok(register.with_file(file)),
            Some((register, lines)) => (register.with_file(file), lines),
            None => {
                file.rewind().map_err(io_at(&path))?;
                Self::of_file(root, file, is_elsewhere)?
            }
        };
        if lines.len() >= least
            && let Err(source) = register.write_checkpoint(&lines)
        {
            register.notes.push(Note::Housekeeping { path: Checkpoint::path(root), source });
        }
        Ok(register)
    }

    /// The register behind a checkpoint, and its lines, if the checkpoint fits.
    fn behind(checkpoint: Checkpoint, root: &Path, file: &File) -> Option<(Behind, Vec<RegisterLine>)> {
        let (state, lines) = behind(checkpoint, root, file)?;
        let (line, last) = state.before().map(|before| before.last())?;
        let line_count = lines.last().map_or(line, |line| line.at);
        let head = lines.last().map_or_else(|| last.clone(), RegisterLine::head);
        let len = Stamp::of(file).ok()?.len;
        Some((Behind { root: root.to_owned(), state, head, line_count, len }, lines))
    }

    /// Writes a checkpoint of all lines, and goes on behind it. Nothing happens while a number is pending, or an editor left
    /// blank lines, or two documents have one number.
    fn write_checkpoint(&mut self, lines: &[RegisterLine]) -> io::Result<()> {
        let Some(last) = lines.last().filter(|last| last.at == self.line_count) else { return Ok(()) };
        let first = self.state.before().map_or(0, |before| before.last().0);
        let is_pending = |record: &RegisterEntry| record.status == RegisterStatus::Pending;
        let is_doubled = !doubled(self.records()).is_empty();
        if last.at - first != lines.len() || is_doubled || self.records().iter().any(is_pending) {
            return Ok(());
        }
        let mut builder = self.state.before().map_or_else(CheckpointBuilder::default, |b| CheckpointBuilder::after(b));
        for record in self.state.records() {
            let entered = lines.binary_search_by_key(&record.line, |line| line.at).ok().and_then(|at| lines.get(at));
            builder.add(&self.root, record, entered.map_or(0, |line| line.start));
        }
        let head = HeadNote { stamp: None, ..self.head.clone() };
        let checkpoint = builder.finish((last.at, last.start, head), Stamp::of(&self.file)?)?;
        checkpoint.save(&self.root)?;
        self.state = RegisterState::behind(Arc::new(checkpoint));
        Ok(())
    }

    /// Opens a locked file, and returns its lines too.
    fn of_file(
        root: &Path,
        mut file: Arc<File>,
        is_elsewhere: IsElsewhere<'_>,
    ) -> Result<(Self, Vec<RegisterLine>), RegisterError> {
        let path = root.join(FILE_NAME);
        let io = io_at(&path);
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(&io)?;
        let mut lines = RegisterLines::read(&bytes);
        lines.refuse_bad()?;

        let finished = finished(root, &lines);
        let cut = match (lines.readable.get(finished), lines.end) {
            (Some(line), _) => Some((line.at, line.start)),
            (None, FileEnd::Torn { at, start }) => Some((at, start)),
            (None, _) => None,
        };
        lines.readable.truncate(finished);
        if let Some(line) = first_break(&lines.readable) {
            return Err(RegisterError::Broken { line });
        }
        let head = lines
            .readable
            .last()
            .map_or_else(|| HeadNote { seq: 0, hash: NO_LINE.to_owned(), stamp: None, says: None }, RegisterLine::head);
        // Checked before anything is removed, so that a damaged register loses nothing more.
        let is_missing = |known: &HeadNote| !is_in(known, &lines.readable) && !is_elsewhere(&known.hash);
        if let Some(known) = HeadNote::read(root).filter(is_missing) {
            let (seq, note) = (known.seq, HeadNote::path(root));
            return Err(if seq > head.seq {
                RegisterError::Truncated { seq, head: note }
            } else {
                RegisterError::Replaced { seq, head: note }
            });
        }

        let mut notes = Vec::new();
        let mut len = bytes.len() as u64;
        if let Some((line, start)) = cut {
            file.set_len(start).and_then(|()| file.sync_all()).map_err(&io)?;
            len = start;
            notes.push(Note::CutOff { line });
        } else if lines.end == FileEnd::NoLineFeed {
            file.seek(SeekFrom::End(0))
                .and_then(|_| file.write_all(b"\n"))
                .and_then(|()| file.sync_all())
                .map_err(&io)?;
            len += 1;
            notes.extend(lines.readable.last().map(|line| Note::Completed { line: line.at }));
        }
        let blank_after = lines.blank.last().copied().unwrap_or(0);
        let line_count = lines.readable.last().map_or(0, |line| line.at).max(blank_after);
        let state = state(&lines.readable);
        let register = Self { root: root.to_owned(), file, state, notes, head, line_count, len, failed: false };
        Ok((register, lines.readable))
    }

    /// Returns all numbers, in the order entered; of a register opened at its checkpoint those behind it.
    #[must_use]
    pub fn records(&self) -> &[RegisterEntry] {
        self.state.records()
    }

    /// Whether a document has files.
    #[must_use]
    pub fn has_files(&self) -> bool {
        self.state.before().is_some_and(|before| before.has_files())
            || self.records().iter().any(|record| !record.files.is_empty())
    }

    /// Returns the document that is not void and has a file under a path.
    pub(super) fn owner_of(&self, path: &str) -> Result<Option<RegisterEntry>, RegisterError> {
        let owner = self
            .records()
            .iter()
            .find(|record| record.status != RegisterStatus::Void && record.files.iter().any(|file| file.path == path));
        match (owner, self.state.before()) {
            (None, Some(before)) => before.owner_of(path, &self.file).map_err(io_at(&self.root.join(FILE_NAME))),
            (owner, _) => Ok(owner.cloned()),
        }
    }

    /// Returns the next number of a series. Under the lock no other process can take it.
    #[must_use]
    pub fn next(&self, series: &Series, year: i32) -> u32 {
        let before = self.state.before().map_or(&[][..], |before| before.highest());
        let taken = before.iter().cloned().chain(self.records().iter().map(RegisterEntry::key));
        series.next(&taken.collect::<Vec<_>>(), year)
    }

    /// Returns what the user should know although nothing failed.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Appends events, all or none. They are synced to disk when this returns.
    ///
    /// # Errors
    /// An event can't follow those before it, or the file can't be written; the file is then restored. If restoring
    /// fails too, every later call returns [`RegisterError::Failed`].
    pub fn append(&mut self, events: &[Event]) -> Result<(), RegisterError> {
        if self.failed {
            return Err(RegisterError::Failed);
        }
        if events.is_empty() {
            return Ok(());
        }
        let path = self.root.join(FILE_NAME);
        let io = io_at(&path);
        let mut state = self.state.clone();
        let mut head = self.head.clone();
        let mut text = String::new();
        for (index, event) in events.iter().enumerate() {
            let says = Some(Said::of(event, &state).text());
            state.apply(event, self.line_count + index + 1).map_err(|_| conflict_error(event))?;
            let more = u32::try_from(events.len() - index - 1).unwrap_or(u32::MAX);
            let line = write_line(head.seq + 1, event, more, &head.hash).map_err(io::Error::from).map_err(&io)?;
            head = HeadNote { seq: head.seq + 1, hash: digest::of(line.as_bytes()), stamp: None, says };
            text.push_str(&line);
            text.push('\n');
        }
        self.append_text(text.as_bytes())?;
        self.line_count += events.len();
        self.state = state;
        // Without it the checkpoint does not fit, and all is read the next time.
        self.head = HeadNote { stamp: Stamp::of(&self.file).ok(), ..head };
        if let Err(source) = self.head.write(&self.root) {
            self.notes.push(Note::Housekeeping { path: HeadNote::path(&self.root), source });
        }
        Ok(())
    }

    /// Appends lines, all or none.
    pub(super) fn append_text(&mut self, text: &[u8]) -> Result<(), RegisterError> {
        if let Err(error) = self.write(text) {
            // The next line must not be appended to half a line.
            let undone = self.file.set_len(self.len).and_then(|()| self.file.sync_all());
            self.failed = undone.is_err();
            return Err(io_at(&self.root.join(FILE_NAME))(error));
        }
        self.len += text.len() as u64;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // A single write, so that a killed process has written all lines or none.
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(bytes)?;
        self.file.sync_data()?;
        if self.len == 0 { atomic::sync_dir(atomic::folder_of(&self.root.join(FILE_NAME))) } else { Ok(()) }
    }

    /// Voids a number, giving the reason, and returns its entry. The number stays taken and its files are kept, since
    /// the document may have been sent.
    ///
    /// A printed number such as 第3期 recurs each year; `series` and `year` tell which one is meant. `file` tells it of several
    /// documents that two branches gave one number: the path of one of its files, or the beginning of its hash.
    ///
    /// # Errors
    /// There is no such number, it is ambiguous or void already, or the reason is blank.
    pub fn void(&mut self, named: &NamedNumber<'_>, why: &str) -> Result<RegisterEntry, RegisterError> {
        let NamedNumber { number, series, year, file } = *named;
        let why = why.trim();
        if why.is_empty() {
            return Err(RegisterError::NoReason);
        }
        let meant = |record: &&RegisterEntry| {
            record.number == number.trim()
                && series.is_none_or(|series| record.series == series)
                && year.is_none_or(|year| record.year == year)
        };
        let mut found: Vec<&RegisterEntry> = self.records().iter().filter(meant).collect();
        if let Some(file) = file {
            found = self.with_file(&found, file);
        }
        let place = |record: &RegisterEntry| (record.series.clone(), record.year);
        let is_doubled = found.len() > 1 && found.iter().all(|record| place(record) == place(found[0]));
        // One that is void already is not meant beside one that stands.
        if is_doubled && found.iter().filter(|record| record.status != RegisterStatus::Void).count() == 1 {
            found.retain(|record| record.status != RegisterStatus::Void);
        }
        let record = match found.as_slice() {
            [] => {
                let file = file.map(str::to_owned);
                return Err(RegisterError::UnknownNumber { number: number.to_owned(), file });
            }
            [record] => *record,
            several if is_doubled => {
                let documents = several.iter().map(|record| document_text(record)).collect();
                return Err(RegisterError::Doubled { number: number.to_owned(), documents });
            }
            several => {
                let places = several.iter().map(|record| format!("{} {}", record.series, record.year)).collect();
                return Err(RegisterError::Ambiguous { number: number.to_owned(), places });
            }
        };
        if record.status == RegisterStatus::Void {
            return Err(RegisterError::AlreadyVoid { number: record.number.clone(), why: record.why.clone() });
        }
        let record = RegisterEntry { status: RegisterStatus::Void, why: Some(why.to_owned()), ..record.clone() };
        let document = self.document_if_doubled(&record);
        self.append(&[Event::Void { key: record.key(), why: why.to_owned(), document }])?;
        self.sweep();
        Ok(record)
    }
}

impl Register {
    /// The event of a document that is finished.
    pub(super) fn finished_event(&self, record: &RegisterEntry) -> Event {
        Event::Dispatched { key: record.key(), document: self.document_if_doubled(record) }
    }

    /// What tells a document from others of its number, if there are any.
    fn document_if_doubled(&self, record: &RegisterEntry) -> Option<String> {
        let of_number = self.records().iter().filter(|other| other.key() == record.key()).count();
        (of_number > 1).then(|| record.fingerprint())
    }

    /// Those of some documents that have a file: one whose hash begins so, or one of this path, and if several have that, the
    /// one that lies there. A document without files goes by the beginning of its fingerprint.
    fn with_file<'r>(&self, documents: &[&'r RegisterEntry], file: &str) -> Vec<&'r RegisterEntry> {
        let having = |fits: &dyn Fn(&FileHash) -> bool| -> Vec<&'r RegisterEntry> {
            documents.iter().copied().filter(|record| record.files.iter().any(fits)).collect()
        };
        let is_hash = file.len() >= 6 && file.bytes().all(|byte| byte.is_ascii_hexdigit());
        let begins = |hash: &str| is_hash && hash.starts_with(&file.to_ascii_lowercase());
        let is_named = |record: &&RegisterEntry| match record.files.as_slice() {
            [] => begins(&record.fingerprint()),
            files => files.iter().any(|own| begins(&own.sha256)),
        };
        let by_hash: Vec<&'r RegisterEntry> = documents.iter().copied().filter(is_named).collect();
        if !by_hash.is_empty() {
            return by_hash;
        }
        let slashed = file.replace('\\', "/");
        let path = slashed.trim_start_matches("./");
        let by_path = having(&|own| own.path == path);
        if by_path.len() < 2 {
            return by_path;
        }
        let lying = having(&|own| own.path == path && own.is_at(&self.root.join(path)).unwrap_or(false));
        if lying.is_empty() { by_path } else { lying }
    }
}

/// A number as a person names it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamedNumber<'n> {
    /// As printed.
    pub number: &'n str,
    /// The series, if several have the number.
    pub series: Option<&'n str>,
    /// The year, if the series starts again each year.
    pub year: Option<i32>,
    /// A file of the document, if two have the number: its path, or the beginning of its hash.
    pub file: Option<&'n str>,
}

/// A register behind its checkpoint, without its file.
struct Behind {
    root: PathBuf,
    state: RegisterState,
    head: HeadNote,
    line_count: usize,
    len: u64,
}

impl Behind {
    fn with_file(self, file: Arc<File>) -> Register {
        let Self { root, state, head, line_count, len } = self;
        Register { root, file, state, notes: Vec::new(), head, line_count, len, failed: false }
    }
}

/// Returns the numbers behind a checkpoint and their lines, if it fits the register in a locked file.
pub(super) fn behind(checkpoint: Checkpoint, root: &Path, file: &File) -> Option<(RegisterState, Vec<RegisterLine>)> {
    let lines = checkpoint.lines_behind(file, HeadNote::read(root).as_ref())?;
    let mut state = RegisterState::behind(Arc::new(checkpoint));
    // An event that does not fit may concern a number before the checkpoint.
    lines.iter().try_for_each(|line| state.apply(&line.event, line.at)).ok()?;
    Some((state, lines))
}

/// Says of the hash of a line that was entered here whether another version of the register has it.
pub type IsElsewhere<'e> = &'e dyn Fn(&str) -> bool;

/// Reads the bytes of the register of a project under a shared lock; none if there is no register.
///
/// # Errors
/// The file can't be read.
pub fn bytes_of(root: &Path) -> Result<Vec<u8>, RegisterError> {
    Ok(read_bytes(root)?.unwrap_or_default())
}

/// Reads the bytes of a register under a shared lock; `None` if there is no register.
pub(super) fn read_bytes(root: &Path) -> Result<Option<Vec<u8>>, RegisterError> {
    let Some(mut file) = open_shared(root)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(io_at(&root.join(FILE_NAME)))?;
    Ok(Some(bytes))
}

/// Opens a register under a shared lock; `None` if there is no register.
pub(super) fn open_shared(root: &Path) -> Result<Option<File>, RegisterError> {
    let path = root.join(FILE_NAME);
    let io = io_at(&path);
    let file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(&io)?,
    };
    locks::lock_shared(&file).map_err(&io)?;
    Ok(Some(file))
}

/// Returns how many of the lines were entered completely.
///
/// A batch whose last lines are missing was not entered, so its first lines don't count. The exception is a batch with
/// a file under its final name: it had been entered completely, and its last lines were removed later.
pub(super) fn finished(root: &Path, lines: &RegisterLines) -> usize {
    let all = lines.readable.len();
    let Some(from) = lines.unfinished_from() else { return all };
    let is_out = |line: &RegisterLine| match &line.event {
        Event::Reserved(facts) => facts.files.iter().any(|file| file.is_at(&root.join(&file.path)).unwrap_or(false)),
        _ => false,
    };
    if lines.readable.iter().skip(from).any(is_out) { all } else { from }
}

/// Returns a conversion of system errors at `path`.
pub(super) fn io_at(path: &Path) -> impl Fn(io::Error) -> RegisterError {
    |source| RegisterError::Io { path: path.to_owned(), source }
}

/// Applies the events of all lines.
fn state(lines: &[RegisterLine]) -> RegisterState {
    let mut state = RegisterState::default();
    for line in lines {
        // Conflicts are reported by `verify`.
        _ = state.replay(&line.event, line.at);
    }
    state
}

/// Returns the number of the first line that was altered or doesn't follow the line before.
pub(super) fn first_break(lines: &[RegisterLine]) -> Option<usize> {
    let before = std::iter::once(None).chain(lines.iter().map(Some));
    let follows = |(line, before): &(&RegisterLine, Option<&RegisterLine>)| line.follows(*before);
    lines.iter().zip(before).find(|pair| !pair.0.sound || !follows(pair)).map(|(line, _)| line.at)
}

/// Returns the error for an event that can't follow those before it.
fn conflict_error(event: &Event) -> RegisterError {
    match event {
        Event::Reserved(facts) | Event::Imported(facts) => {
            RegisterError::NumberTaken { number: facts.number.clone(), series: facts.key.series.clone() }
        }
        Event::Dispatched { key, .. } | Event::Void { key, .. } => {
            RegisterError::InvalidTransition { series: key.series.clone(), year: key.year, n: key.n }
        }
    }
}

/// Opens and locks the register. An editor or version control may replace the file while this waits for the lock, and
/// lines appended to the old file would be lost; in that case it starts over with the new one.
fn lock(path: &Path) -> Result<Arc<File>, RegisterError> {
    if !locks::CAN_LOCK {
        return Err(RegisterError::NoLocks);
    }
    let io = io_at(path);
    loop {
        let file = atomic::open_growing(path).map_err(&io)?;
        match locks::lock(&file) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Err(RegisterError::NoLocks),
            other => other.map_err(&io)?,
        }
        if files::is_file_at(&file, path).map_err(&io)? {
            return Ok(Arc::new(file));
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests damage files on purpose")]

    use std::fs;

    use super::*;
    use crate::register::dispatch::Step;
    use crate::register::tests::TestProject;

    #[test]
    fn no_register_is_an_empty_one_and_reading_makes_none() {
        let project = TestProject::new();
        assert_eq!(read(project.root()).unwrap(), []);
        assert_eq!(project.verify(), []);
        assert!(!project.path(FILE_NAME).exists());
        assert_eq!(project.open().records(), []);
    }

    #[test]
    fn a_number_is_voided_once_and_for_a_reason() {
        let project = TestProject::new();
        project.dispatch(2, Step::Swept);
        let mut register = project.open();
        assert!(matches!(
            register.void(&NamedNumber { number: "第14期", ..NamedNumber::default() }, " "),
            Err(RegisterError::NoReason)
        ));
        assert!(matches!(
            register.void(&NamedNumber { number: "第1期", ..NamedNumber::default() }, "误发"),
            Err(RegisterError::UnknownNumber { .. })
        ));
        assert!(matches!(
            register.void(&NamedNumber { number: "第14期", series: Some("x"), ..NamedNumber::default() }, "误发"),
            Err(RegisterError::UnknownNumber { .. })
        ));
        let record = register.void(&NamedNumber { number: " 第14期 ", ..NamedNumber::default() }, " 误发 ").unwrap();
        assert_eq!((record.status, record.why.as_deref()), (RegisterStatus::Void, Some("误发")));
        let error = register.void(&NamedNumber { number: "第14期", ..NamedNumber::default() }, "再次").unwrap_err();
        assert_eq!(error.to_string(), "第14期 is already void: 误发");
        assert_eq!(register.next(&project.series, 2021), 16, "a void number stays taken");
        assert!(project.path("documents/2021-14.md").exists(), "its file may be out");
        drop(register);
        assert_eq!(project.verify(), []);
    }

    #[test]
    fn a_printed_number_of_several_years_must_be_told_apart() {
        let mut project = TestProject::new();
        project.dispatch(1, Step::Swept);
        project.series.start = 14;
        project.year = 2020;
        project.dispatch(1, Step::Swept);
        let mut register = project.open();
        let error = register.void(&NamedNumber { number: "第14期", ..NamedNumber::default() }, "误发").unwrap_err();
        assert!(error.to_string().contains("(bulletin 2021, bulletin 2020)"), "{error}");
        assert_eq!(
            register
                .void(&NamedNumber { number: "第14期", year: Some(2020), ..NamedNumber::default() }, "误发")
                .unwrap()
                .year,
            2020
        );
    }

    #[test]
    fn whatever_is_left_of_a_last_line_the_numbers_before_it_stand() {
        let project = TestProject::new();
        project.dispatch(1, Step::Swept);
        let (sound, head) = (project.bytes(), project.head());
        project.dispatch(3, Step::Reserved);
        let whole = project.bytes();
        for cut in sound.len()..=whole.len() {
            fs::write(project.path(FILE_NAME), &whole[..cut]).unwrap();
            project.set_head(head.as_ref());
            let expected = if cut >= whole.len() - 1 { 4 } else { 1 };
            assert_eq!(read(project.root()).unwrap().len(), expected, "{cut}");
            let is_torn = project.verify().iter().any(|found| matches!(found, crate::register::Break::Torn { .. }));
            assert_eq!(is_torn, cut > sound.len() && cut < whole.len(), "{cut}");
            let mut register = project.open();
            assert_eq!(register.records().len(), expected, "{cut}");
            assert_eq!(register.notes().is_empty(), cut == sound.len() || cut == whole.len(), "{cut}");
            register.void(&NamedNumber { number: "第14期", ..NamedNumber::default() }, "试").unwrap();
            drop(register);
            let kept = if expected == 1 { &sound } else { &whole };
            assert!(project.bytes().starts_with(kept), "{cut}");
        }
    }

    #[test]
    fn a_run_whose_document_is_out_is_never_taken_for_unfinished() {
        let project = TestProject::new();
        project.dispatch(2, Step::PlacedOne);
        let bytes = project.bytes();
        let first = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        fs::write(project.path(FILE_NAME), &bytes[..first]).unwrap();
        fs::remove_file(HeadNote::path(project.root())).unwrap();
        assert_eq!(project.open().next(&project.series, 2021), 15);
        assert_eq!(project.bytes().len(), first);
    }

    #[test]
    fn a_cut_register_gives_no_numbers_and_is_left_as_it_is() {
        let project = TestProject::new();
        project.dispatch(2, Step::Swept);
        let whole = project.bytes();
        for cut in (0..whole.len() - 1).step_by(7).chain([whole.len() - 2]) {
            fs::write(project.path(FILE_NAME), &whole[..cut]).unwrap();
            let error = Register::open(project.root()).unwrap_err();
            assert!(matches!(error, RegisterError::Truncated { seq: 4, .. }), "{cut}: {error}");
            assert_eq!(project.bytes().len(), cut);
        }
        fs::remove_file(project.path(FILE_NAME)).unwrap();
        assert!(matches!(Register::open(project.root()), Err(RegisterError::Truncated { .. })));
        fs::write(project.path(FILE_NAME), &whole[..whole.len() - 1]).unwrap();
        assert!(matches!(project.open().notes(), [Note::Completed { line: 4 }]), "an editor took the line feed");
        assert_eq!(project.bytes(), whole);
    }

    #[test]
    fn a_head_that_is_behind_or_gone_or_garbled_is_never_in_the_way() {
        let project = TestProject::new();
        project.dispatch(1, Step::Swept);
        let old = project.head();
        project.dispatch(1, Step::Swept);
        for head in [old, None, Some(b"{".to_vec())] {
            project.set_head(head.as_ref());
            assert_eq!(project.verify(), []);
            assert!(project.open().notes().is_empty());
        }
        project.dispatch(1, Step::Swept);
        assert_eq!(HeadNote::read(project.root()).unwrap().seq, 6);
    }

    #[test]
    fn a_corrupt_middle_line_is_told_with_its_line() {
        let project = TestProject::new();
        project.dispatch(2, Step::Swept);
        let text = String::from_utf8(project.bytes()).unwrap();
        fs::write(project.path(FILE_NAME), text.replacen("\n{\"seq\":3", "\n{\"seq\":", 1)).unwrap();
        assert!(matches!(Register::open(project.root()), Err(RegisterError::Line { line: 3, .. })));
        assert!(matches!(read(project.root()), Err(RegisterError::Line { line: 3, .. })));
    }

    #[test]
    fn a_register_with_an_altered_line_is_not_appended_to() {
        let project = TestProject::new();
        project.dispatch(2, Step::Swept);
        let text = String::from_utf8(project.bytes()).unwrap().replacen("通报", "通告", 1);
        fs::write(project.path(FILE_NAME), &text).unwrap();
        let error = Register::open(project.root()).unwrap_err();
        assert!(matches!(error, RegisterError::Broken { line: 1 }), "{error}");
        assert_eq!(project.bytes(), text.as_bytes());
        assert_eq!(read(project.root()).unwrap().len(), 2, "it can be read");
    }

    #[test]
    fn line_ends_that_version_control_changed_alter_nothing() {
        let project = TestProject::new();
        project.dispatch(2, Step::Swept);
        let text = String::from_utf8(project.bytes()).unwrap();
        for (at, ends) in ["\r\n", "\n", "\r\n"].into_iter().enumerate() {
            let text = String::from_utf8(project.bytes()).unwrap().replace("\r\n", "\n").replace('\n', ends);
            fs::write(project.path(FILE_NAME), &text).unwrap();
            assert_eq!(project.verify(), [], "{at}");
            project.dispatch(1, Step::Swept);
            assert_eq!(project.verify(), [], "{at}");
        }
        let crlf = text.replace('\n', "\r\n");
        fs::write(project.path(FILE_NAME), &crlf[..crlf.len() - 1]).unwrap();
        fs::remove_file(HeadNote::path(project.root())).unwrap();
        assert!(matches!(project.open().notes(), [Note::Completed { line: 4 }]), "cut between CR and LF");
        assert_eq!(project.verify(), []);
    }

    #[test]
    fn a_register_of_the_first_version_goes_on() {
        let project = TestProject::new();
        project.dispatch(2, Step::Swept);
        let mut prev = NO_LINE.to_owned();
        // The lines as the first version wrote them, the last two in a checkout with CRLF.
        let mut old = String::new();
        for (at, line) in String::from_utf8(project.bytes()).unwrap().lines().enumerate() {
            let body = line.replacen(",\"v\":2", "", 1);
            let body = format!("{},\"prev\":\"{prev}\"}}", &body[..body.find(",\"prev\"").unwrap()]);
            let hash = digest::of(body.as_bytes());
            let line = format!("{},\"hash\":\"{hash}\"}}", &body[..body.len() - 1]);
            prev = digest::of(if at < 1 { line.clone() } else { line.clone() + "\r" }.as_bytes());
            old.push_str(&line);
            old.push('\n');
        }
        fs::write(project.path(FILE_NAME), &old).unwrap();
        fs::remove_file(HeadNote::path(project.root())).unwrap();
        assert_eq!(project.verify(), []);
        project.dispatch(1, Step::Swept);
        assert_eq!(project.verify(), []);
        assert!(project.bytes().starts_with(old.as_bytes()));
    }

    #[test]
    fn a_register_that_can_t_be_written_takes_no_more() {
        let project = TestProject::new();
        project.dispatch(1, Step::Swept);
        let whole = project.bytes();
        let mut register = project.open();
        let requests = project.requests(&register, 2);
        register.file = Arc::new(File::open(project.path(FILE_NAME)).unwrap());
        let error = register.dispatch(requests.clone()).unwrap_err();
        assert!(error.to_string().contains(FILE_NAME), "{error}");
        assert_eq!(register.records().len(), 1);
        let error = register.dispatch(requests).unwrap_err();
        assert!(matches!(error, crate::register::DispatchError::Register(RegisterError::Failed)), "{error}");
        drop(register);
        assert_eq!(project.bytes(), whole);
        project.dispatch(1, Step::Swept);
        assert_eq!(project.verify(), []);
        assert_eq!(project.staged(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_register_replaced_while_one_waits_is_opened_anew() {
        let project = TestProject::new();
        let old = project.open();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                project.dispatch(1, Step::Swept);
            });
            std::thread::sleep(std::time::Duration::from_millis(50));
            atomic::write(&project.path(FILE_NAME), b"").unwrap();
            drop(old);
            waiting.join().unwrap();
        });
        assert_eq!(read(project.root()).unwrap().len(), 1);
    }
}
