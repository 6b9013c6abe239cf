#![expect(clippy::disallowed_methods, reason = "tests spoil files on purpose")]

use super::*;
use crate::register::verify::{Break, verify};
use proptest::prelude::*;

fn series() -> Series {
    Series {
        name: "bulletin".into(),
        pattern: "第{n}期".parse().unwrap(),
        yearly: false,
        start: 14,
        code: String::new(),
    }
}

fn requests(register: &Register, count: u32) -> Vec<Request> {
    let first = register.next(&series(), 2021);
    (first..first + count)
        .map(|n| Request {
            facts: Facts {
                series: "bulletin".into(),
                kind: "bulletin".into(),
                year: 2021,
                n,
                number: series().format(n, 2021),
                date: "2021-08-20".into(),
                ..Facts::default()
            },
            files: vec![
                (format!("documents/{n}.md"), format!("document {n}").into_bytes()),
                (format!("documents/{n}.json"), b"{}".to_vec()),
            ],
        })
        .collect()
}

fn dispatch(root: &Path, count: u32, last: Step) {
    let mut register = Register::open(root).unwrap();
    let requests = requests(&register, count);
    register.dispatch_until(requests, last).unwrap();
}

#[test]
fn numbers_follow_one_another_from_the_start_value_on() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        dispatch(folder.path(), 2, Step::Done);
    }
    let numbers: Vec<u32> = read(folder.path()).unwrap().iter().map(|record| record.n).collect();
    assert_eq!(numbers, [14, 15, 16, 17, 18, 19]);
    assert_eq!(verify(folder.path()).unwrap(), []);
}

#[test]
fn a_crash_at_any_step_loses_and_doubles_nothing() {
    for (step, pending) in [(Step::Staged, 0), (Step::Reserved, 2), (Step::Renamed, 2), (Step::Done, 0)] {
        let folder = tempfile::tempdir().unwrap();
        dispatch(folder.path(), 2, step);
        let records = read(folder.path()).unwrap();
        assert_eq!(records.iter().filter(|record| record.status == Status::Pending).count(), pending, "{step:?}");
        dispatch(folder.path(), 1, Step::Done);
        let (finished, failed) = Register::open(folder.path()).unwrap().resume().unwrap();
        assert_eq!((finished.len(), failed.len()), (pending, 0), "{step:?}");
        assert_eq!(verify(folder.path()).unwrap(), [], "{step:?}");
        let numbers: Vec<u32> = read(folder.path()).unwrap().iter().map(|record| record.n).collect();
        let expected: Vec<u32> = if step == Step::Staged { vec![14] } else { vec![14, 15, 16] };
        assert_eq!(numbers, expected, "{step:?}");
        let staged = fs::read_dir(folder.path().join(STAGED)).unwrap().count();
        assert_eq!(staged, 0, "{step:?}");
    }
}

#[test]
fn a_lost_document_is_named_and_does_not_hold_up_the_others() {
    let folder = tempfile::tempdir().unwrap();
    dispatch(folder.path(), 2, Step::Reserved);
    let lost = read(folder.path()).unwrap().remove(0);
    fs::remove_file(folder.path().join(STAGED).join(&lost.files[0].sha256)).unwrap();
    let mut register = Register::open(folder.path()).unwrap();
    let (finished, failed) = register.resume().unwrap();
    assert_eq!(finished.len(), 1);
    assert!(matches!(failed.as_slice(), [RegisterError::Lost(number, _)] if number == "第14期"));
    register.void("第14期", None, "文件丢失").unwrap();
    drop(register);
    assert_eq!(verify(folder.path()).unwrap(), []);
}

#[test]
fn a_number_is_voided_once_and_for_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    dispatch(folder.path(), 1, Step::Done);
    let mut register = Register::open(folder.path()).unwrap();
    assert!(matches!(register.void("第14期", None, " "), Err(RegisterError::NoReason)));
    assert!(matches!(register.void("第1期", None, "x"), Err(RegisterError::NoNumber(_))));
    register.void("第14期", None, "误发").unwrap();
    assert!(matches!(register.void("第14期", None, "再次"), Err(RegisterError::VoidAlready(_))));
    assert_eq!(register.next(&series(), 2021), 15, "a void number stays taken");
}

#[test]
fn a_document_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("documents")).unwrap();
    fs::write(folder.path().join("documents/14.md"), "the clerk's own").unwrap();
    let mut register = Register::open(folder.path()).unwrap();
    let requests = requests(&register, 1);
    assert!(matches!(register.dispatch(requests), Err(RegisterError::Exists(_))));
    assert!(register.records().is_empty());
}

#[test]
fn an_unfinished_last_line_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    dispatch(folder.path(), 1, Step::Done);
    let path = folder.path().join(FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    let whole = bytes.len();
    bytes.extend_from_slice(b"{\"seq\":3,\"event\":\"res");
    fs::write(&path, &bytes).unwrap();
    assert_eq!(verify(folder.path()).unwrap(), [Break::Torn]);
    assert_eq!(read(folder.path()).unwrap().len(), 1);
    assert_eq!(Register::open(folder.path()).unwrap().torn, bytes.len() - whole);
    assert_eq!(verify(folder.path()).unwrap(), []);
}

#[test]
fn every_kind_of_tampering_is_found() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        dispatch(folder.path(), 1, Step::Done);
    }
    let path = folder.path().join(FILE_NAME);
    let sound = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = sound.lines().collect();
    let found = |text: String| {
        fs::write(&path, text).unwrap();
        let found = verify(folder.path()).unwrap();
        fs::write(&path, &sound).unwrap();
        found
    };
    let join = |lines: Vec<&str>| lines.join("\n") + "\n";
    let altered = sound.replacen("2021-08-20", "2021-08-19", 1);
    assert_eq!(found(altered), [Break::Altered { line: 1 }]);
    let respaced = sound.replacen("\"n\":14", "\"n\": 14", 1);
    assert_eq!(found(respaced), [Break::Altered { line: 1 }]);
    let mut without = lines.clone();
    without.drain(2..4);
    let breaks = found(join(without));
    assert!(breaks.contains(&Break::Chain { line: 3 }), "{breaks:?}");
    assert!(breaks.iter().any(|found| matches!(found, Break::Gap { from: 15, to: 15, .. })), "{breaks:?}");
    let mut swapped = lines.clone();
    swapped.swap(0, 2);
    assert!(found(join(swapped)).contains(&Break::Chain { line: 1 }));
    let mut twice = lines.clone();
    twice.insert(2, lines[0]);
    assert!(found(join(twice)).contains(&Break::Repeat { number: "第14期".into(), line: 3 }));
    assert_eq!(found(sound.replacen('{', "[", 1)).first(), Some(&Break::Unreadable { line: 1 }));
    fs::write(folder.path().join("documents/15.md"), "changed").unwrap();
    fs::remove_file(folder.path().join("documents/16.md")).unwrap();
    let (number, path) = ("第15期".to_owned(), "documents/15.md".to_owned());
    let missing = Break::MissingFile { number: "第16期".into(), path: "documents/16.md".into() };
    assert_eq!(verify(folder.path()).unwrap(), [Break::AlteredFile { number, path }, missing]);
}

#[derive(Clone, Debug)]
enum Act {
    Dispatch(u32, Step),
    Resume,
    Void(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let step = prop_oneof![Just(Step::Staged), Just(Step::Reserved), Just(Step::Renamed), Just(Step::Done)];
    prop_oneof![
        (1..4_u32, step).prop_map(|(count, step)| Act::Dispatch(count, step)),
        Just(Act::Resume),
        (0..8_usize).prop_map(Act::Void),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The model is a list of numbers and how each stands; after any sequence of commands and crashes
    /// the register says the same, and after a resume nothing is wrong with it.
    #[test]
    fn the_register_is_what_a_list_would_be(acts in proptest::collection::vec(act(), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let mut model: Vec<Status> = Vec::new();
        for act in acts {
            match act {
                Act::Dispatch(count, step) => {
                    dispatch(root, count, step);
                    let status = match step {
                        Step::Staged => continue,
                        Step::Done => Status::Dispatched,
                        _ => Status::Pending,
                    };
                    model.extend(std::iter::repeat_n(status, count as usize));
                }
                Act::Resume => {
                    Register::open(root).unwrap().resume().unwrap();
                    for status in model.iter_mut().filter(|status| **status == Status::Pending) {
                        *status = Status::Dispatched;
                    }
                }
                Act::Void(index) => {
                    let number = format!("第{}期", 14 + index);
                    let voided = Register::open(root).unwrap().void(&number, None, "why");
                    let expected = model.get_mut(index).filter(|status| **status != Status::Void);
                    prop_assert_eq!(voided.is_ok(), expected.is_some());
                    if let Some(status) = expected {
                        *status = Status::Void;
                    }
                }
            }
            let got: Vec<(u32, Status)> = read(root).unwrap().iter().map(|record| (record.n, record.status)).collect();
            let expected: Vec<(u32, Status)> = (14..).zip(model.iter().copied()).collect();
            prop_assert_eq!(got, expected);
        }
        Register::open(root).unwrap().resume().unwrap();
        prop_assert_eq!(verify(root).unwrap(), []);
    }
}
