//! A project for tests, and a state machine test: whatever is done to a register, and wherever it crashes, it holds the
//! same as a plain list.

#![expect(clippy::disallowed_methods, reason = "tests damage files on purpose")]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use proptest::prelude::*;
use tempfile::TempDir;

use super::dispatch::Step;
use super::head::HeadNote;
use super::*;

/// A project in a temporary folder, with one series that starts at 14.
pub(super) struct TestProject {
    pub(super) folder: TempDir,
    pub(super) series: Series,
    pub(super) year: i32,
    /// From how many lines on the register has a checkpoint when documents are dispatched.
    pub(super) checkpoint_of: usize,
}

impl TestProject {
    pub(super) fn new() -> Self {
        let pattern = "第{n}期".parse().unwrap();
        let series = Series { name: "bulletin".into(), pattern, reset: Reset::Yearly, start: 14, doubles: false };
        Self { folder: tempfile::tempdir().unwrap(), series, year: 2021, checkpoint_of: usize::MAX }
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(super) fn open(&self) -> Register {
        Register::open(self.root()).unwrap()
    }

    pub(super) fn open_to_dispatch(&self) -> Register {
        Register::open_with_checkpoint_of(self.root(), self.checkpoint_of).unwrap()
    }

    pub(super) fn verify(&self) -> Vec<Break> {
        verify(self.root()).unwrap()
    }

    /// Returns requests for documents with the next numbers, with two files each.
    pub(super) fn requests(&self, register: &Register, count: u32) -> Vec<DispatchRequest> {
        let first = register.next(&self.series, self.year);
        let request = |n| {
            let facts = Facts {
                key: NumberKey { series: self.series.name.clone(), year: self.year, n },
                reset: self.series.reset,
                kind: "bulletin".into(),
                number: self.series.format(n, self.year, ""),
                date: NaiveDate::from_ymd_opt(self.year, 8, 20).unwrap(),
                title: "监督检查通报".into(),
                unit: None,
                units: Vec::new(),
                issues: vec!["WT-001".into()],
                identities: Vec::new(),
                after: Vec::new(),
                limit: None,
                request: None,
                corrects: None,
                edited: false,
                accepted: AcceptedFaults::default(),
                files: Vec::new(),
            };
            let name = format!("documents/{}-{n}", self.year);
            let text = format!("第{n}期").into_bytes();
            let files = vec![(format!("{name}.md"), text.into()), (format!("{name}.json"), b"{}".to_vec().into())];
            DispatchRequest { facts, files }
        };
        (first..first + count).map(request).collect()
    }

    /// Dispatches `count` documents, stopping after step `last` as a crash would.
    pub(super) fn dispatch(&self, count: u32, last: Step) -> Vec<RegisterEntry> {
        let mut register = self.open_to_dispatch();
        let requests = self.requests(&register, count);
        register.dispatch_until(requests, last).unwrap()
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        fs::read(self.path(FILE_NAME)).unwrap()
    }

    pub(super) fn head(&self) -> Option<Vec<u8>> {
        fs::read(HeadNote::path(self.root())).ok()
    }

    pub(super) fn set_head(&self, head: Option<&Vec<u8>>) {
        match head {
            Some(bytes) => fs::write(HeadNote::path(self.root()), bytes).unwrap(),
            None => _ = fs::remove_file(HeadNote::path(self.root())),
        }
    }

    pub(super) fn staged(&self) -> usize {
        fs::read_dir(self.path(STAGED)).map_or(0, Iterator::count)
    }
}

pub(super) fn numbers(records: &[RegisterEntry]) -> Vec<u32> {
    records.iter().map(|record| record.n).collect()
}

#[derive(Clone, Debug)]
enum RegisterCommand {
    /// Dispatch some documents, and crash after a step.
    Dispatch(u32, Step),
    /// Dispatch some documents, and crash while that step's lines are written, after so many thousandths of their text.
    Tear(u32, Step, usize),
    /// Crash between an append and the head note.
    DropHead,
    Void(usize),
    Resume,
}

fn command() -> impl Strategy<Value = RegisterCommand> {
    let step = prop_oneof![
        Just(Step::Staged),
        Just(Step::Reserved),
        Just(Step::PlacedOne),
        Just(Step::Placed),
        Just(Step::Dispatched),
        Just(Step::Swept),
    ];
    let entering = prop_oneof![Just(Step::Reserved), Just(Step::Dispatched)];
    prop_oneof![
        4 => (0..4u32, step).prop_map(|(count, step)| RegisterCommand::Dispatch(count, step)),
        3 => (1..4u32, entering, 0..=1000usize).prop_map(|(count, step, part)| RegisterCommand::Tear(count, step, part)),
        1 => Just(RegisterCommand::DropHead),
        2 => (0..20usize).prop_map(RegisterCommand::Void),
        1 => Just(RegisterCommand::Resume),
    ]
}

/// The expected content of the register, as a plain list.
#[derive(Default)]
struct Model(Vec<(u32, RegisterStatus)>);

impl Model {
    fn take(&mut self, count: u32, status: RegisterStatus) {
        for _ in 0..count {
            self.0.push((self.0.last().map_or(14, |(n, _)| n + 1), status));
        }
    }

    fn run(&mut self, project: &TestProject, command: &RegisterCommand) {
        match *command {
            RegisterCommand::Dispatch(count, step) => {
                project.dispatch(count, step);
                match step {
                    Step::Staged => {}
                    Step::Reserved | Step::PlacedOne | Step::Placed => self.take(count, RegisterStatus::Pending),
                    Step::Dispatched | Step::Swept => self.take(count, RegisterStatus::Dispatched),
                }
            }
            RegisterCommand::Tear(count, step, part) => self.tear(project, count, step, part),
            RegisterCommand::DropHead => {
                let head = project.head();
                project.dispatch(1, Step::Swept);
                project.set_head(head.as_ref());
                self.take(1, RegisterStatus::Dispatched);
            }
            RegisterCommand::Void(at) => {
                let Some((n, status)) = self.0.get_mut(at) else { return };
                let voided =
                    project.open().void(&NamedNumber { number: &format!("第{n}期"), ..NamedNumber::default() }, "误发");
                assert_eq!(voided.is_ok(), *status != RegisterStatus::Void);
                *status = RegisterStatus::Void;
            }
            RegisterCommand::Resume => {
                let resumed = project.open().resume().unwrap();
                assert!(resumed.unfinished.is_empty(), "{resumed:?}");
                for (_, status) in self.0.iter_mut().filter(|(_, status)| *status == RegisterStatus::Pending) {
                    *status = RegisterStatus::Dispatched;
                }
                assert_eq!(project.staged(), 0);
            }
        }
    }

    fn tear(&mut self, project: &TestProject, count: u32, step: Step, part: usize) {
        drop(project.open());
        let (mut before, mut head) = (project.bytes(), project.head());
        if step == Step::Dispatched {
            project.dispatch(count, Step::Placed);
            (before, head) = (project.bytes(), project.head());
            // Tear the lines that finish these documents; other pending ones stay pending.
            let mut register = project.open();
            let pending = register.records().iter().rev().take(count as usize).rev();
            let events: Vec<Event> = pending.map(|record| register.finished_event(record)).collect();
            register.append(&events).unwrap();
        } else {
            project.dispatch(count, step);
        }
        let whole = project.bytes();
        let cut = before.len() + (whole.len() - before.len()) * part / 1000;
        fs::write(project.path(FILE_NAME), &whole[..cut]).unwrap();
        project.set_head(head.as_ref());
        let entered = cut + 1 >= whole.len();
        match (step, entered) {
            (Step::Reserved, false) => {}
            (Step::Reserved, true) | (_, false) => self.take(count, RegisterStatus::Pending),
            (_, true) => self.take(count, RegisterStatus::Dispatched),
        }
    }

    fn check(&self, project: &TestProject) {
        let statuses =
            |records: &[RegisterEntry]| records.iter().map(|record| (record.n, record.status)).collect::<Vec<_>>();
        assert_eq!(statuses(&read(project.root()).unwrap()), self.0, "read");
        assert_eq!(statuses(project.open().records()), self.0, "open");
        let register = project.open_to_dispatch();
        assert_eq!(statuses(&register.past().all().unwrap()), self.0, "open at the checkpoint");
        let next = self.0.last().map_or(14, |(n, _)| n + 1);
        assert_eq!(register.next(&project.series, 2021), next, "next at the checkpoint");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_anything_and_a_resume_the_register_is_sound_and_holds_what_a_list_would(
        commands in prop::collection::vec(command(), 1..14),
        checkpoint_of in prop_oneof![Just(usize::MAX), 1..9usize],
    ) {
        let (project, mut model) = (TestProject { checkpoint_of, ..TestProject::new() }, Model::default());
        for command in &commands {
            model.run(&project, command);
            model.check(&project);
        }
        model.run(&project, &RegisterCommand::Resume);
        model.check(&project);
        prop_assert_eq!(project.verify(), []);
        let documents = fs::read_dir(project.path("documents")).map_or(0, Iterator::count);
        let given = model.0.iter().filter(|(_, status)| *status == RegisterStatus::Dispatched).count();
        prop_assert!(documents >= 2 * given, "{} files", documents);
    }
}
