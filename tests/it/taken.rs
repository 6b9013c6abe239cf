//! After a number was taken: whatever fails then, the status says it, the message names the number, and whoever asks again takes no
//! second one.
#![cfg(unix)]

use std::fs::{self, File};
use std::process::{Command, Output, Stdio};

use crate::project::Project;

const ASK: [&str; 8] = ["dispatch", "bulletin", "--all", "--as-of", "2021-08-20", "--to", "md", "--request-id=r-1"];

fn command(project: &Project, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    command.args(arguments).args(["--lang", "zh", "-C"]).arg(project.path()).current_dir(project.path());
    command
}

/// A stream that can't be written to: a full disk, or a pipe that nobody reads any more.
fn full() -> [Stdio; 2] {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    [File::options().write(true).open("/dev/full").unwrap().into(), writer.into()]
}

fn told(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

/// Number and status of the bulletins after those of the example.
fn numbers(project: &Project) -> Vec<String> {
    let list = project.run(&["register", "--format", "json"]).success().json();
    let new =
        list.as_array().unwrap().iter().filter(|entry| entry["series"] == "bulletin" && entry["n"].as_u64() > Some(15));
    new.map(|entry| format!("{} {}", entry["number"].as_str().unwrap(), entry["status"].as_str().unwrap())).collect()
}

/// The same request once more: it takes no second number, and all is well.
fn asked_again(project: &Project) {
    let again = command(project, &ASK).output().unwrap();
    assert!(again.status.success() && !again.stdout.is_empty(), "{}", told(&again));
    assert_eq!(numbers(project), ["第16期 dispatched"]);
    assert_eq!(project.run(&["register", "verify"]).status, 0);
}

#[test]
fn paths_that_can_t_be_printed_are_told_with_their_number() {
    for stream in full() {
        let project = Project::example("zhengdong-2021");
        let run = command(&project, &ASK).stdout(stream).output().unwrap();
        let is_told = told(&run).contains("第16期 已取号") && told(&run).contains("duban register resume");
        assert!(run.status.code() == Some(4) && is_told, "{:?} {}", run.status, told(&run));
        asked_again(&project);
        // Who asks again and is not heard either is told the same.
        for stream in full() {
            let run = command(&project, &ASK).stdout(stream).output().unwrap();
            assert!(run.status.code() == Some(4) && told(&run).contains("第16期 已取号"), "{}", told(&run));
        }
        asked_again(&project);
    }
    // Before a number is taken nothing is to be told of one: the reader may have read enough, as `head` does.
    let [disk, pipe] = full();
    let project = Project::example("zhengdong-2021");
    assert_eq!(command(&project, &["register"]).stdout(disk).output().unwrap().status.code(), Some(2));
    assert_eq!(command(&project, &["register"]).stdout(pipe).output().unwrap().status.code(), Some(0));
}

#[test]
fn where_no_message_can_be_written_the_status_says_it() {
    for stream in full() {
        let project = Project::example("zhengdong-2021");
        let run = command(&project, &ASK).stderr(stream).output().unwrap();
        assert!(
            run.status.code() == Some(4) && numbers(&project).len() == 1,
            "{:?} {:?}",
            run.status,
            numbers(&project)
        );
        asked_again(&project);
        // What takes no number is done, whether or not it can be said.
        for (number, stream) in ["第14期", "第15期"].into_iter().zip(full()) {
            let run =
                command(&project, &["register", "void", number, "--why", "误发"]).stderr(stream).output().unwrap();
            assert_eq!(run.status.code(), Some(0));
            assert!(
                told(&command(&project, &["register", "void", number, "--why", "误发"]).output().unwrap())
                    .contains("已经作废")
            );
        }
    }
}

#[test]
fn a_resume_that_can_t_be_printed_names_the_numbers() {
    for stream in full() {
        let project = Project::example("zhengdong-2021");
        assert!(command(&project, &ASK).output().unwrap().status.success());
        let path = project.path().join("register.jsonl");
        let lines = fs::read_to_string(&path).unwrap();
        fs::write(&path, lines.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n").unwrap();
        fs::remove_dir_all(project.path().join(".duban")).unwrap();
        assert_eq!(numbers(&project), ["第16期 pending"]);
        let run = command(&project, &["register", "resume"]).stdout(stream).output().unwrap();
        assert!(run.status.code() == Some(4) && told(&run).contains("第16期 已取号"), "{}", told(&run));
        asked_again(&project);
    }
}

/// A register that is full between the line which takes a number and the one which says that its files are there.
#[test]
fn a_disk_that_is_full_behind_the_number_leaves_it_pending() {
    const BLOCK: usize = 1024;
    let with_void = |letters: usize| {
        let project = Project::example("zhengdong-2021");
        project.run(&["register", "void", "第15期", "--why", &"长".repeat(letters / 3)]).success();
        project
    };
    let len = |project: &Project| fs::read(project.path().join("register.jsonl")).unwrap().len();
    // The register is larger than any document, so that no other file meets the limit.
    let letters = 1_200_000;
    let measured = with_void(letters);
    let before = len(&measured);
    assert!(command(&measured, &ASK).output().unwrap().status.success());
    let text = fs::read_to_string(measured.path().join("register.jsonl")).unwrap();
    let last = text.lines().last().unwrap().len() + 1;
    let largest = fs::read_dir(measured.path().join("documents")).unwrap();
    let largest = largest.map(|file| file.unwrap().metadata().unwrap().len()).max().unwrap();
    assert!(usize::try_from(largest).unwrap() < before, "{largest}");
    let reserved = len(&measured) - last;
    let blocks = reserved.div_ceil(BLOCK);
    let room = (blocks * BLOCK - reserved) / 3 * 3;
    for ignores_signal in [true, false] {
        let project = with_void(letters + room);
        let limited =
            format!("{} ulimit -f {blocks}; exec \"$0\" \"$@\"", if ignores_signal { "trap '' XFSZ;" } else { "" });
        let run = Command::new("bash")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_duban")])
            .args(ASK)
            .args(["--lang", "zh", "-C"])
            .arg(project.path())
            .current_dir(project.path())
            .output()
            .unwrap();
        assert_eq!(numbers(&project), ["第16期 pending"], "{:?} {}", run.status, told(&run));
        if ignores_signal {
            let is_told = told(&run).contains("第16期 已取号") && told(&run).contains("duban register resume");
            assert!(run.status.code() == Some(4) && is_told, "{:?} {}", run.status, told(&run));
        } else {
            assert_eq!(run.status.code(), None, "the system kills it: {:?}", run.status);
        }
        asked_again(&project);
    }
}
