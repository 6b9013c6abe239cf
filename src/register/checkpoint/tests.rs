//! When a checkpoint counts.

#![expect(clippy::disallowed_methods, reason = "tests damage files on purpose")]

use std::fs;

use super::Checkpoint;
use crate::register::NamedNumber;
use crate::register::dispatch::Step;
use crate::register::tests::TestProject;
use crate::register::{Break, DispatchError, FILE_NAME, Register, RegisterError};

/// A project with a checkpoint and one document behind it.
fn project() -> TestProject {
    let mut project = TestProject { checkpoint_of: 4, ..TestProject::new() };
    project.dispatch(3, Step::Swept);
    drop(project.open_to_dispatch());
    project.checkpoint_of = 8;
    project.dispatch(1, Step::Swept);
    project
}

/// How many documents are read when the register is opened to dispatch.
fn listed(project: &TestProject) -> usize {
    project.open_to_dispatch().records().len()
}

#[test]
fn what_stands_before_a_checkpoint_is_not_read_and_stays_taken() {
    let project = project();
    assert_eq!(listed(&project), 1);
    let mut register = project.open_to_dispatch();
    assert_eq!((register.next(&project.series, 2021), register.has_files()), (18, true));
    let mut requests = project.requests(&register, 2);
    requests[0].facts.key.n = 14;
    let taken = register.dispatch(requests.clone()).unwrap_err();
    assert!(matches!(taken, DispatchError::Register(RegisterError::NumberTaken { .. })), "{taken:?}");
    requests[0].facts.key.n = 18;
    requests[0].facts.number = "第15期".into();
    assert!(register.dispatch(requests.clone()).is_err(), "the printed number is taken");
    requests[0].facts.number = "第18期".into();
    fs::remove_file(project.path("documents/2021-15.md")).unwrap();
    requests[1].files[0].0 = "documents/2021-15.md".into();
    let reserved = register.dispatch(requests).unwrap_err();
    assert!(matches!(reserved, DispatchError::PathReserved { ref number, .. } if number == "第15期"), "{reserved:?}");
    assert_eq!(register.past().all().unwrap().len(), 4);
}

#[test]
fn a_damaged_checkpoint_is_as_none() {
    let project = project();
    let path = Checkpoint::path(project.root());
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        assert!(Checkpoint::of_bytes(bytes).is_none(), "byte {at}");
        assert!(Checkpoint::of_bytes(whole[..at].to_vec()).is_none(), "cut at {at}");
    }
    assert!(Checkpoint::of_bytes(whole.clone()).is_some());
    fs::write(&path, &whole[..100]).unwrap();
    let register = project.open_to_dispatch();
    assert_eq!(register.past().all().unwrap().len(), 4);
    assert_eq!(register.records().len(), 0, "a new one, up to the end");
    assert_ne!(fs::read(&path).unwrap(), whole);
}

#[test]
fn whoever_writes_to_the_register_makes_it_be_read() {
    let project = project();
    let bytes = project.bytes();
    let text = String::from_utf8(bytes.clone()).unwrap();
    // The same length, in a line before the checkpoint.
    std::thread::sleep(std::time::Duration::from_millis(20));
    fs::write(project.path(FILE_NAME), text.replacen("通报", "通告", 1)).unwrap();
    let error = Register::open_with_checkpoint_of(project.root(), 8).unwrap_err();
    assert!(matches!(error, RegisterError::Broken { line: 1 }), "{error}");
    assert!(project.verify().contains(&Break::Altered { line: 1 }));
    // A void by another command concerns a number before the checkpoint.
    fs::write(project.path(FILE_NAME), bytes).unwrap();
    project.open().void(&NamedNumber { number: "第14期", ..NamedNumber::default() }, "误发").unwrap();
    let all = project.open_to_dispatch().past().all().unwrap();
    assert_eq!(all, crate::register::read(project.root()).unwrap());
    // Lines cut off the end.
    let bytes = project.bytes();
    let cut = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    fs::write(project.path(FILE_NAME), &bytes[..cut]).unwrap();
    let error = Register::open_with_checkpoint_of(project.root(), 8).unwrap_err();
    assert!(matches!(error, RegisterError::Truncated { .. }), "{error}");
}

#[test]
fn no_checkpoint_is_written_over_what_is_pending() {
    let project = TestProject { checkpoint_of: 2, ..TestProject::new() };
    project.dispatch(3, Step::Reserved);
    drop(project.open_to_dispatch());
    assert!(!Checkpoint::path(project.root()).exists());
    assert_eq!(project.open().resume().unwrap().finished.len(), 3);
    drop(project.open_to_dispatch());
    assert!(Checkpoint::path(project.root()).exists());
    assert_eq!(listed(&project), 0);
    project.dispatch(1, Step::Reserved);
    assert_eq!(listed(&project), 1);
    assert_eq!(project.open().resume().unwrap().finished.len(), 1);
    assert_eq!(project.verify(), []);
}

#[test]
fn line_ends_of_a_checkout_do_not_matter() {
    let project = project();
    let text = String::from_utf8(project.bytes()).unwrap().replace('\n', "\r\n");
    fs::write(project.path(FILE_NAME), text).unwrap();
    drop(project.open_to_dispatch());
    project.dispatch(1, Step::Swept);
    assert_eq!(listed(&project), 1);
    assert_eq!(project.verify(), []);
}
