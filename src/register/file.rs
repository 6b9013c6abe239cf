//! The register's file under its lock.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::atomic;
use crate::register::entry::{Event, Facts, FileHash, Line, Record, Status, hash_hex, records};
use crate::register::{FILE_NAME, Series};
use crate::words::lang::Lang;

/// Where documents wait between being written and getting their names.
const STAGED: &str = ".duban/staged";

/// What can go wrong with a register.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The system says no.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// A line that is none.
    #[error("line {0} of the register can't be read: {1}")]
    Line(usize, #[source] serde_json::Error),
    /// A document is there already under the name of a new one.
    #[error("{0} is there already and would be overwritten")]
    Exists(String),
    /// No such number.
    #[error("there is no number {0} in the register")]
    NoNumber(String),
    /// A number that stands in several series.
    #[error("{0} stands in several series: {1}; say which with --series")]
    Several(String, String),
    /// Voided before.
    #[error("{0} is void already")]
    VoidAlready(String),
    /// No reason given.
    #[error("a number is voided for a reason: give it with --why")]
    NoReason,
    /// A pending document of which neither staged bytes nor the file are left.
    #[error("the files of {0} are lost: {1}; void the number, giving the reason")]
    Lost(String, String),
    /// A line could not be made.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

impl RegisterError {
    /// The sentence for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::Io(path, cause) => format!("{}：{cause}", path.display()),
            Self::Line(line, cause) => format!("登记簿第 {line} 行无法读取：{cause}；用 duban register verify 查看"),
            Self::Exists(path) => format!("{path} 已经存在，不会覆盖"),
            Self::NoNumber(number) => format!("登记簿里没有 {number}"),
            Self::Several(number, series) => format!("{number} 见于几个序列：{series}；用 --series 指明"),
            Self::VoidAlready(number) => format!("{number} 已经作废"),
            Self::NoReason => "作废要说明原因：--why".to_owned(),
            Self::Lost(number, path) => format!("{number} 的文件已丢失：{path}；请说明原因作废此号"),
            Self::Json(cause) => cause.to_string(),
        }
    }
}

/// A document that is to get a number.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is known of it; `files` is filled here.
    pub facts: Facts,
    /// Its files: the path relative to the project's folder, and the bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// How far a dispatch goes before it breaks off: tests stop at each step as a crash would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Staged,
    Reserved,
    Renamed,
    Done,
}

/// The register, locked against all other processes until it is dropped.
#[derive(Debug)]
pub struct Register {
    root: PathBuf,
    file: File,
    lines: Vec<Line>,
    /// Bytes of a last line that was never finished, cut off: nobody was told of its number.
    pub torn: usize,
}

/// The numbers of a project, without waiting for writers longer than one line takes.
///
/// # Errors
/// The file can't be read.
pub fn read(root: &Path) -> Result<Vec<Record>, RegisterError> {
    let path = root.join(FILE_NAME);
    let io = |error| RegisterError::Io(path.clone(), error);
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(error)),
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(io)?;
    Ok(records(&parse(whole(&bytes))?))
}

/// The finished lines: all up to the last line feed.
pub(super) fn whole(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    &bytes[..end]
}

fn parse(bytes: &[u8]) -> Result<Vec<Line>, RegisterError> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    lines
        .map(|(index, line)| serde_json::from_slice(line).map_err(|error| RegisterError::Line(index + 1, error)))
        .collect()
}

impl Register {
    /// Opens the register of a project and waits for its lock. Made if it is not there.
    ///
    /// # Errors
    /// The file can't be opened, locked or read.
    pub fn open(root: &Path) -> Result<Self, RegisterError> {
        let path = root.join(FILE_NAME);
        let io = |error| RegisterError::Io(path.clone(), error);
        let fresh = !path.exists();
        #[expect(clippy::disallowed_methods, reason = "the register is appended to, never replaced")]
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(io)?;
        file.lock().map_err(io)?;
        if fresh {
            atomic::sync_folder(if root.as_os_str().is_empty() { Path::new(".") } else { root }).map_err(io)?;
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        let sound = whole(&bytes);
        let torn = bytes.len() - sound.len();
        let lines = parse(sound)?;
        if torn > 0 {
            file.set_len(sound.len() as u64).map_err(io)?;
            file.seek(SeekFrom::End(0)).map_err(io)?;
            file.sync_all().map_err(io)?;
        }
        Ok(Self { root: root.to_owned(), file, lines, torn })
    }

    /// How every number stands.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        records(&self.lines)
    }

    /// The next number of a series.
    #[must_use]
    pub fn next(&self, series: &Series, year: i32) -> u32 {
        series.next(&self.records(), year)
    }

    /// Appends events: all lines in one write, synced before this returns.
    ///
    /// # Errors
    /// The file can't be written; what was half written is cut off by the next who opens it.
    pub fn append(&mut self, events: Vec<Event>) -> Result<(), RegisterError> {
        let mut text = String::new();
        let mut lines = Vec::new();
        for event in events {
            let line = Line::after(lines.last().or(self.lines.last()), event)?;
            text.push_str(&serde_json::to_string(&line)?);
            text.push('\n');
            lines.push(line);
        }
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|error| RegisterError::Io(self.root.join(FILE_NAME), error))?;
        self.lines.extend(lines);
        Ok(())
    }

    /// Takes numbers for documents and writes them, all or nothing.
    ///
    /// # Errors
    /// Before the numbers are taken: nothing is left behind. After that (a disk that fails between two
    /// steps): the entries are pending, and `resume` finishes them.
    pub fn dispatch(&mut self, requests: Vec<Request>) -> Result<(), RegisterError> {
        self.dispatch_until(requests, Step::Done)
    }

    fn dispatch_until(&mut self, requests: Vec<Request>, last: Step) -> Result<(), RegisterError> {
        let mut names = BTreeSet::new();
        for (path, _) in requests.iter().flat_map(|request| &request.files) {
            if self.root.join(path).exists() || !names.insert(path.clone()) {
                return Err(RegisterError::Exists(path.clone()));
            }
        }
        let mut taken = Vec::new();
        for Request { mut facts, files } in requests {
            for (path, bytes) in files {
                let sha256 = hash_hex(&bytes);
                self.stage(&sha256, &bytes)?;
                facts.files.push(FileHash { path, sha256 });
            }
            taken.push(facts);
        }
        if last == Step::Staged {
            return Ok(());
        }
        self.append(taken.iter().cloned().map(Event::Reserved).collect())?;
        if last == Step::Reserved {
            return Ok(());
        }
        for facts in &taken {
            self.place_files(&facts.number, &facts.files)?;
        }
        if last == Step::Renamed {
            return Ok(());
        }
        let done =
            taken.iter().map(|facts| Event::Dispatched { series: facts.series.clone(), year: facts.year, n: facts.n });
        self.append(done.collect())?;
        self.clean()
    }

    fn staged(&self, sha256: &str) -> PathBuf {
        self.root.join(STAGED).join(sha256)
    }

    fn stage(&self, sha256: &str, bytes: &[u8]) -> Result<(), RegisterError> {
        let path = self.staged(sha256);
        atomic::write(&path, bytes).map_err(|error| RegisterError::Io(path, error))
    }

    /// Gives staged files their names. A file that stands there already with the right bytes is fine.
    fn place_files(&self, number: &str, files: &[FileHash]) -> Result<(), RegisterError> {
        for FileHash { path, sha256 } in files {
            let target = self.root.join(path);
            if fs::read(&target).is_ok_and(|bytes| hash_hex(&bytes) == *sha256) {
                continue;
            }
            if target.exists() {
                return Err(RegisterError::Exists(path.clone()));
            }
            let staged = self.staged(sha256);
            if !staged.exists() {
                return Err(RegisterError::Lost(number.to_owned(), path.clone()));
            }
            // Two documents of one run may have the same bytes: one staged file serves both names.
            let bytes = fs::read(&staged).map_err(|error| RegisterError::Io(staged.clone(), error))?;
            atomic::write(&target, &bytes).map_err(|error| RegisterError::Io(target.clone(), error))?;
        }
        Ok(())
    }

    /// Removes staged bytes that no pending entry waits for. Under the lock, nobody else can be about
    /// to name them.
    ///
    /// # Errors
    /// A file can't be removed.
    pub fn clean(&self) -> Result<(), RegisterError> {
        let wanted: BTreeSet<String> = self
            .records()
            .iter()
            .filter(|record| record.status == Status::Pending)
            .flat_map(|record| record.files.iter().map(|file| file.sha256.clone()))
            .collect();
        let folder = self.root.join(STAGED);
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if !wanted.contains(entry.file_name().to_string_lossy().as_ref()) {
                fs::remove_file(entry.path()).map_err(|error| RegisterError::Io(entry.path(), error))?;
            }
        }
        Ok(())
    }

    /// Finishes what a crash left pending, under the same numbers. Gives the numbers finished, and for
    /// each that can't be the reason; one lost document does not hold up the others.
    ///
    /// # Errors
    /// The register can't be written.
    pub fn resume(&mut self) -> Result<(Vec<Record>, Vec<RegisterError>), RegisterError> {
        let (mut finished, mut failed) = (Vec::new(), Vec::new());
        for record in self.records() {
            if record.status != Status::Pending {
                continue;
            }
            match self.place_files(&record.number, &record.files) {
                Ok(()) => finished.push(record),
                Err(error) => failed.push(error),
            }
        }
        let done = finished.iter().map(|record| Event::Dispatched {
            series: record.series.clone(),
            year: record.year,
            n: record.n,
        });
        self.append(done.collect())?;
        self.clean()?;
        Ok((finished, failed))
    }

    /// Voids a number for a reason. It stays taken; its files stay where they are.
    ///
    /// # Errors
    /// There is no such number, it stands in several series, is void already, or no reason is given.
    pub fn void(&mut self, number: &str, series: Option<&str>, why: &str) -> Result<(), RegisterError> {
        if why.trim().is_empty() {
            return Err(RegisterError::NoReason);
        }
        let mut found = self.records();
        found.retain(|record| record.number == number && series.is_none_or(|series| record.series == series));
        let record = match found.as_slice() {
            [] => return Err(RegisterError::NoNumber(number.to_owned())),
            [record] => record,
            several => {
                let names: Vec<&str> = several.iter().map(|record| record.series.as_str()).collect();
                return Err(RegisterError::Several(number.to_owned(), names.join(" ")));
            }
        };
        if record.is_void() {
            return Err(RegisterError::VoidAlready(number.to_owned()));
        }
        let (series, year, n) = (record.series.clone(), record.year, record.n);
        self.append(vec![Event::Void { series, year, n, why: why.trim().to_owned() }])
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
