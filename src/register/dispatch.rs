//! Dispatches documents: takes their numbers and writes their files, and resumes after a crash.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path};

use crate::atomic;
use crate::platform::paths;
use crate::register::entry::{Event, Facts, FileHash, RegisterEntry, RegisterStatus};
use crate::register::file::io_at;
use crate::register::file_hash::FileHasher;
use crate::register::{DispatchError, FILE_NAME, Note, OWN_FOLDER, Register, RegisterError, STAGED};
use crate::spool::Spooled;

/// A document to be dispatched, rendered with the number it is to get.
#[derive(Clone, Debug)]
pub struct DispatchRequest {
    /// The facts to be entered. `facts.files` is ignored and replaced by the hashes of `files`.
    pub facts: Facts,
    /// The path and content of each file. Paths are separated by `/` and relative to the project's folder, or absolute.
    pub files: Vec<(String, Spooled)>,
}

/// The result of [`Register::resume`].
#[derive(Debug, Default)]
pub struct ResumeOutcome {
    /// The entries that are finished now.
    pub finished: Vec<RegisterEntry>,
    /// The reason for each entry that could not be finished.
    pub unfinished: Vec<RegisterError>,
}

/// Writes to two places.
struct Tee<'t>(&'t mut dyn Write, &'t mut FileHasher);

impl Write for Tee<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(bytes)?;
        self.1.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The steps of a dispatch. Tests stop after each, as a crash would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Staged,
    Reserved,
    PlacedOne,
    Placed,
    Dispatched,
    Swept,
}

impl Register {
    /// Enters documents under their numbers and writes their files, all or none. Returns their entries.
    ///
    /// # Errors
    /// [`DispatchError::Unfinished`] if writing fails after the numbers are taken: the entries are pending, and
    /// [`resume`](Self::resume) finishes them. Any other error occurs before that, such as a file name in use or a full
    /// disk, and leaves nothing behind.
    pub fn dispatch(&mut self, requests: Vec<DispatchRequest>) -> Result<Vec<RegisterEntry>, DispatchError> {
        self.dispatch_until(requests, Step::Swept)
    }

    /// Dispatches, stopping after step `last`.
    pub(super) fn dispatch_until(
        &mut self,
        requests: Vec<DispatchRequest>,
        last: Step,
    ) -> Result<Vec<RegisterEntry>, DispatchError> {
        self.validate(&requests)?;
        let taken = self.stage(requests).inspect_err(|_| self.sweep())?;
        if last == Step::Staged {
            return Ok(Vec::new());
        }
        let reserved: Vec<Event> = taken.iter().cloned().map(Event::Reserved).collect();
        if let Err(error) = self.append(&reserved) {
            // If the lines may have been written after all, the staged files must stay.
            if !self.failed {
                self.sweep();
            }
            return Err(error.into());
        }
        if last == Step::Reserved {
            return Ok(Vec::new());
        }
        self.finish(&taken, last).map_err(|source| DispatchError::Unfinished {
            numbers: taken.iter().map(|facts| facts.number.clone()).collect(),
            source,
        })?;
        let keys: BTreeSet<_> = taken.into_iter().map(|facts| facts.key).collect();
        Ok(self.records().iter().filter(|record| keys.contains(&record.key())).cloned().collect())
    }

    fn finish(&mut self, taken: &[Facts], last: Step) -> Result<(), RegisterError> {
        for (number, file) in taken.iter().flat_map(|facts| facts.files.iter().map(|file| (&facts.number, file))) {
            self.place(number, file)?;
            if last == Step::PlacedOne {
                return Ok(());
            }
        }
        if last == Step::Placed {
            return Ok(());
        }
        let dispatched = taken.iter().map(|facts| Event::Dispatched { key: facts.key.clone(), document: None });
        let dispatched: Vec<Event> = dispatched.collect();
        self.append(&dispatched)?;
        if last == Step::Dispatched {
            return Ok(());
        }
        self.sweep();
        Ok(())
    }

    /// Finishes the entries that a crash left pending, under the same numbers. An entry that can't be finished doesn't
    /// prevent the others from being finished.
    ///
    /// # Errors
    /// The register can't be written.
    pub fn resume(&mut self) -> Result<ResumeOutcome, RegisterError> {
        let mut resumed = ResumeOutcome::default();
        let pending: Vec<RegisterEntry> =
            self.records().iter().filter(|record| record.status == RegisterStatus::Pending).cloned().collect();
        for record in pending {
            match record.files.iter().try_for_each(|file| self.place(&record.number, file)) {
                Ok(()) => resumed.finished.push(RegisterEntry { status: RegisterStatus::Dispatched, ..record }),
                Err(error) => resumed.unfinished.push(error),
            }
        }
        let dispatched: Vec<Event> = resumed.finished.iter().map(|record| self.finished_event(record)).collect();
        self.append(&dispatched)?;
        self.sweep();
        Ok(resumed)
    }

    /// Checks that no file would be overwritten and that every number is free, before anything is written.
    fn validate(&self, requests: &[DispatchRequest]) -> Result<(), DispatchError> {
        let mut names = BTreeSet::new();
        for (path, _) in requests.iter().flat_map(|request| &request.files) {
            if !is_document_path(path) {
                return Err(DispatchError::BadPath { path: path.clone() });
            }
            // Some file systems are case-insensitive, and a project may be moved to one.
            if !names.insert(path.to_lowercase()) {
                return Err(DispatchError::DuplicatePath { path: path.clone() });
            }
            let target = self.root.join(path);
            match fs::symlink_metadata(&target) {
                Ok(_) => return Err(DispatchError::Exists { path: path.clone() }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // For example, a name that is too long, or a file where a folder should be.
                Err(error) => return Err(io_at(&target)(error).into()),
            }
            if let Some(record) = self.owner_of(path)? {
                return Err(DispatchError::PathReserved { path: path.clone(), number: record.number });
            }
        }
        let mut state = self.state.clone();
        for DispatchRequest { facts, .. } in requests {
            if state.apply(&Event::Reserved(facts.clone()), 0).is_err() {
                let (number, series) = (facts.number.clone(), facts.key.series.clone());
                return Err(RegisterError::NumberTaken { number, series }.into());
            }
        }
        Ok(())
    }

    /// Writes the files to the staging folder and checks that files can be created in their target folders. Returns the
    /// facts with the hashes of the files.
    fn stage(&self, requests: Vec<DispatchRequest>) -> Result<Vec<Facts>, RegisterError> {
        let mut taken = Vec::new();
        let batch = atomic::Batch::default();
        for DispatchRequest { mut facts, files } in requests {
            facts.files.clear();
            for (path, file) in files {
                let folder = atomic::folder_of(&self.root.join(&path)).to_owned();
                atomic::try_dir(&folder).map_err(io_at(&folder))?;
                let sha256 = FileHash::of_file(&path, &file).map_err(io_at(&folder))?;
                let staged = self.root.join(STAGED).join(&sha256);
                batch.add(staged, file);
                facts.files.push(FileHash { path, sha256 });
            }
            taken.push(facts);
        }
        batch.finish().map_err(|(path, error)| io_at(&path)(error))?;
        Ok(taken)
    }

    /// Writes a staged file under its final name. A file that already has that name and the right bytes was written
    /// before a crash and is accepted.
    ///
    /// The staged file is kept until the number is dispatched, since two documents may have the same bytes.
    ///
    /// # Errors
    /// [`RegisterError::Blocked`] if another file has the final name, [`RegisterError::Lost`] if the staged file is
    /// gone or altered.
    fn place(&self, number: &str, file: &FileHash) -> Result<(), RegisterError> {
        let FileHash { path, sha256 } = file;
        let blocked = || RegisterError::Blocked { number: number.to_owned(), path: path.clone() };
        if !is_document_path(path) {
            return Err(blocked());
        }
        let target = self.root.join(path);
        match file.is_at(&target) {
            Ok(true) => {
                let folder = atomic::folder_of(&target);
                return atomic::sync_dir(folder).map_err(io_at(folder));
            }
            Ok(false) => return Err(blocked()),
            Err(_) if fs::symlink_metadata(&target).is_ok() => return Err(blocked()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io_at(&target)(error)),
        }
        let lost = || RegisterError::Lost { number: number.to_owned(), path: path.clone() };
        let staged = self.root.join(STAGED).join(sha256);
        match File::open(&staged) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(lost()),
            Err(error) => return Err(io_at(&staged)(error)),
        }
        let mut is_altered = false;
        let mut copy = |out: &mut dyn Write| {
            let mut hasher = FileHasher::new(path);
            io::copy(&mut File::open(&staged)?, &mut Tee(out, &mut hasher))?;
            is_altered = !file.has_hash(hasher);
            if is_altered { Err(io::ErrorKind::InvalidData.into()) } else { Ok(()) }
        };
        match atomic::write_new(&target, &mut copy, &self.root.join(STAGED)) {
            Err(_) if is_altered => Err(lost()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(blocked()),
            other => other.map_err(io_at(&target)),
        }
    }

    /// Removes staged files that no pending entry needs, and temporary files left by a crash. Under the lock no other
    /// process can be using them. A file that can't be removed is only noted, since it does no harm.
    pub(super) fn sweep(&mut self) {
        let folder = self.root.join(STAGED);
        let pending = self.records().iter().filter(|record| record.status == RegisterStatus::Pending);
        let needed: BTreeSet<&str> =
            pending.flat_map(|record| record.files.iter().map(|file| file.sha256.as_str())).collect();
        let mut notes = Vec::new();
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if !needed.contains(entry.file_name().to_string_lossy().as_ref())
                && let Err(source) = fs::remove_file(entry.path())
            {
                notes.push(Note::Housekeeping { path: entry.path(), source });
            }
        }
        self.notes.extend(notes);
    }
}

/// Returns whether a path is valid for a document on every system: without `.`, `..`, empty parts, backslashes or devices of
/// Windows, and not one of duban's own files.
fn is_document_path(path: &str) -> bool {
    // `-o` may name a folder outside the project; the path is then absolute, also in the register.
    let inside = paths::without_root(path);
    let parts: Vec<&str> = inside.split('/').collect();
    let plain = Path::new(inside).components().all(|part| matches!(part, Component::Normal(_)));
    plain
        && !path.contains(['\\', '\0'])
        && !parts.iter().any(|part| ["", ".", ".."].contains(part) || paths::is_device(part))
        && parts.first().is_some_and(|first| ![OWN_FOLDER, FILE_NAME].contains(&first.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests damage files on purpose")]

    use super::*;
    use crate::register::NamedNumber;
    use crate::register::read;
    use crate::register::tests::{TestProject, numbers};

    const STEPS: [Step; 6] =
        [Step::Staged, Step::Reserved, Step::PlacedOne, Step::Placed, Step::Dispatched, Step::Swept];

    #[test]
    fn numbers_follow_one_another_from_the_start_value_on() {
        let project = TestProject::new();
        for _ in 0..3 {
            let records = project.dispatch(2, Step::Swept);
            assert!(
                records.iter().all(|record| record.status == RegisterStatus::Dispatched && record.files.len() == 2)
            );
        }
        assert_eq!(numbers(&read(project.root()).unwrap()), [14, 15, 16, 17, 18, 19]);
        assert_eq!(project.verify(), []);
        assert_eq!(project.staged(), 0);
    }

    #[test]
    fn a_crash_at_any_step_loses_and_doubles_nothing() {
        for step in STEPS {
            let project = TestProject::new();
            project.dispatch(2, step);
            let pending =
                read(project.root()).unwrap().iter().filter(|record| record.status == RegisterStatus::Pending).count();
            assert_eq!(pending, if (Step::Reserved..=Step::Placed).contains(&step) { 2 } else { 0 }, "{step:?}");
            // Other dispatches succeed while some entries are pending.
            project.dispatch(1, Step::Swept);
            let resumed = project.open().resume().unwrap();
            assert_eq!((resumed.finished.len(), resumed.unfinished.len()), (pending, 0), "{step:?}");
            assert_eq!(project.verify(), [], "{step:?}");
            let expected: &[u32] = if step == Step::Staged { &[14] } else { &[14, 15, 16] };
            assert_eq!(numbers(&read(project.root()).unwrap()), expected, "{step:?}");
            assert_eq!(project.staged(), 0, "{step:?}");
            assert!(project.open().resume().unwrap().finished.is_empty());
        }
    }

    #[test]
    fn a_refusal_leaves_nothing_behind() {
        let project = TestProject::new();
        project.dispatch(1, Step::Swept);
        project.dispatch(1, Step::Reserved);
        let (bytes, staged) = (project.bytes(), project.staged());
        fs::create_dir_all(project.path("documents")).unwrap();
        fs::write(project.path("documents/note"), "the clerk's own").unwrap();
        let refused = |alter: &dyn Fn(&mut Vec<DispatchRequest>)| {
            let mut register = project.open();
            let mut requests = project.requests(&register, 2);
            alter(&mut requests);
            let error = register.dispatch(requests).unwrap_err();
            assert_eq!((project.bytes(), project.staged()), (bytes.clone(), staged), "{error}");
            error
        };
        let named = |path: &str| {
            let path = path.to_owned();
            refused(&move |requests| requests[1].files[0].0.clone_from(&path))
        };
        assert!(matches!(named("documents/note"), DispatchError::Exists { .. }));
        assert!(
            matches!(named("documents/2021-15.md"), DispatchError::PathReserved { number, .. } if number == "第15期")
        );
        assert!(matches!(named("Documents/2021-16.MD"), DispatchError::DuplicatePath { .. }));
        assert!(matches!(named("documents/note/a.md"), DispatchError::Register(RegisterError::Io { .. })));
        assert!(matches!(named(&"长".repeat(300)), DispatchError::Register(RegisterError::Io { .. })));
        for path in [
            "",
            "/",
            "../a",
            "/a/../b",
            "a/../b",
            "a//b",
            "./a",
            "a\\b",
            "a/",
            ".duban/a",
            "register.jsonl",
            "NUL",
            "aux/a.md",
        ] {
            assert!(matches!(named(path), DispatchError::BadPath { .. }), "{path}");
        }
        let taken = refused(&|requests| requests[1].facts.key.n = 14);
        assert!(matches!(taken, DispatchError::Register(RegisterError::NumberTaken { .. })));
        let twice = refused(&|requests| requests[1].facts = requests[0].facts.clone());
        assert!(matches!(twice, DispatchError::Register(RegisterError::NumberTaken { .. })));
        assert_eq!(fs::read(project.path("documents/note")).unwrap(), b"the clerk's own");
    }

    #[test]
    fn a_file_that_appears_after_the_number_is_taken_is_not_overwritten() {
        let project = TestProject::new();
        project.dispatch(2, Step::Reserved);
        fs::create_dir_all(project.path("documents")).unwrap();
        let path = project.path("documents/2021-14.md");
        fs::write(&path, "the clerk's own").unwrap();
        let resumed = project.open().resume().unwrap();
        assert_eq!(numbers(&resumed.finished), [15]);
        assert!(matches!(&resumed.unfinished[..], [RegisterError::Blocked { number, .. }] if number == "第14期"));
        assert_eq!(fs::read(&path).unwrap(), b"the clerk's own");
        fs::rename(&path, project.path("mine")).unwrap();
        assert_eq!(numbers(&project.open().resume().unwrap().finished), [14]);
        assert_eq!(project.verify(), []);
    }

    #[test]
    fn a_lost_document_is_named_and_does_not_hold_up_the_others() {
        for damage in [|path: &Path| fs::remove_file(path).unwrap(), |path: &Path| fs::write(path, "x").unwrap()] {
            let project = TestProject::new();
            project.dispatch(2, Step::Reserved);
            let lost = read(project.root()).unwrap().remove(0);
            damage(&project.path(STAGED).join(&lost.files[0].sha256));
            let mut register = project.open();
            let resumed = register.resume().unwrap();
            assert_eq!(numbers(&resumed.finished), [15]);
            let [error @ RegisterError::Lost { .. }] = &resumed.unfinished[..] else { panic!("{resumed:?}") };
            assert_eq!(
                error.to_string(),
                "第14期 can't be finished: documents/2021-14.md is lost; void the number, giving the reason"
            );
            register.void(&NamedNumber { number: "第14期", ..NamedNumber::default() }, "文件丢失").unwrap();
            drop(register);
            assert_eq!(project.verify(), []);
            assert_eq!(project.staged(), 0);
        }
    }

    #[test]
    fn documents_of_the_same_bytes_are_files_of_their_own() {
        let project = TestProject::new();
        let mut register = project.open();
        let mut requests = project.requests(&register, 2);
        for (_, bytes) in requests.iter_mut().flat_map(|request| &mut request.files) {
            *bytes = b"{}".to_vec().into();
        }
        register.dispatch(requests).unwrap();
        drop(register);
        assert_eq!(project.verify(), []);
        fs::write(project.path("documents/2021-14.md"), "altered").unwrap();
        assert_eq!(project.verify().len(), 1);
    }

    #[test]
    fn a_run_of_no_documents_takes_no_number() {
        let project = TestProject::new();
        assert!(project.open().dispatch(Vec::new()).unwrap().is_empty());
        assert_eq!(project.bytes(), b"");
    }
}
