//! The register as offices use it: several at once, and machines that die.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::project::Project;

fn dispatch(project: &Project) -> Child {
    Command::new(env!("CARGO_BIN_EXE_duban"))
        .args(["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "md", "-q", "-C"])
        .arg(project.path())
        .current_dir(project.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The numbers of the series of bulletins, in the order given out.
fn numbers(project: &Project) -> Vec<u64> {
    let list = project.run(&["register", "list", "--format", "json"]).success().json();
    let bulletins = list.as_array().unwrap().iter().filter(|record| record["series"] == "bulletin");
    bulletins.map(|record| record["n"].as_u64().unwrap()).collect()
}

#[test]
fn two_dispatches_give_the_numbers_after_those_in_the_register() {
    let project = Project::example("zhengdong-2021");
    let draft = project.run(&["draft", "bulletin", "--as-of", "2021-08-20", "--to", "md"]).success();
    let text = std::fs::read_to_string(project.path().join("drafts/bulletin-draft-2021-08-20.md")).unwrap();
    assert!(text.contains("第16期"), "a draft shows the number it would take: {}", draft.stdout);
    for number in ["第16期", "第17期"] {
        let run = project.run(&["dispatch", "bulletin", "--as-of", "2021-08-20"]).success();
        assert!(run.stderr.contains(number), "{}", run.stderr);
        assert_eq!(run.stdout.lines().count(), 4, "docx, html, md and the figures: {}", run.stdout);
    }
    assert_eq!(project.run(&["register", "verify"]).status, 0);
    let list = project.run(&["register", "list", "--format", "json"]).success().json();
    let newest = list.as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&newest["number"], &newest["status"], &newest["kind"]),
        (&"第17期".into(), &"dispatched".into(), &"bulletin".into())
    );
    assert!(newest["issues"].as_array().unwrap().len() > 10);
    std::fs::write(project.path().join(newest["files"][0]["path"].as_str().unwrap()), "altered").unwrap();
    let verify = project.run(&["register", "verify"]);
    assert_eq!(verify.status, 1);
    assert!(verify.stdout.contains("第17期"), "{}", verify.stdout);
}

#[test]
fn sixteen_at_once_take_sixteen_different_numbers() {
    let project = Project::example("zhengdong-2021");
    let children: Vec<Child> = (0..16).map(|_| dispatch(&project)).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(numbers(&project), (1..=31).collect::<Vec<u64>>());
    assert_eq!(project.run(&["register", "verify"]).status, 0);
}

#[test]
fn killed_at_any_moment_nothing_is_lost_or_doubled() {
    let project = Project::example("zhengdong-2021");
    for round in 0..40_u64 {
        let mut child = dispatch(&project);
        // Spread over the whole life of a run, from before it has begun to after it has ended.
        std::thread::sleep(Duration::from_micros(round * 900));
        let _ = child.kill();
        let _ = child.wait();
    }
    let resumed = project.run(&["register", "resume"]);
    assert_eq!(resumed.status, 0, "{}", resumed.stderr);
    let verify = project.run(&["register", "verify"]);
    assert_eq!(verify.status, 0, "{}", verify.stdout);
    let numbers = numbers(&project);
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<u64>>());
    for number in 16..=numbers.len() {
        let path = project.path().join(format!("documents/bulletin-2021-{number:03}.md"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(&format!("第{number}期")), "{}", path.display());
    }
}

/// The register is the old or the new one wherever another command that changes it is killed. (`tests/git/faults.py` does so at
/// every call that writes.)
#[test]
fn a_command_that_is_killed_leaves_the_old_register_or_the_new_one() {
    let project = Project::example("zhengdong-2021");
    let path = project.path().join("register.jsonl");
    project.run(&["dispatch", "bulletin", "--all", "--as-of", "2021-08-19", "--to", "md", "-q"]).success();
    let theirs = std::fs::read(&path).unwrap();
    let old = String::from_utf8(theirs.clone()).unwrap().trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n";
    project.write("theirs", &theirs);
    project.write("old.csv", "series,n,date,title\nbulletin,30,2021-08-30,旧\nbulletin,31,2021-08-31,旧\n".as_bytes());
    project.write("empty", b"");
    let merge = project.path().join("theirs").to_string_lossy().into_owned();
    for command in [
        &["register", "resume"][..],
        &["register", "void", "第15期", "--why", "误发"],
        &["register", "import", "old.csv"],
        &["register", "merge", "empty", "register.jsonl", &merge],
    ] {
        let begin = || {
            let _ = std::fs::remove_dir_all(project.path().join(".duban"));
            std::fs::write(&path, &old).unwrap();
        };
        let started = || {
            let mut started = Command::new(env!("CARGO_BIN_EXE_duban"));
            started.args(command).args(["--lang", "zh"]).current_dir(project.path());
            started.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        };
        begin();
        assert!(started().wait().unwrap().success(), "{command:?}");
        let new = std::fs::read(&path).unwrap();
        for round in 0..12_u64 {
            begin();
            let mut child = started();
            std::thread::sleep(Duration::from_micros(round * 2500));
            let _ = child.kill();
            let _ = child.wait();
            let left = std::fs::read(&path).unwrap();
            assert!(left == old.as_bytes() || left == new, "{command:?} {round}: {}", String::from_utf8_lossy(&left));
        }
    }
}

/// Of two documents of one number that have no files, each can be named.
#[test]
fn documents_without_files_are_told_apart() {
    let project = Project::example("zhengdong-2021");
    let path = project.path().join("register.jsonl");
    let base = std::fs::read(&path).unwrap();
    let imported = |unit: &str| {
        std::fs::write(&path, &base).unwrap();
        let _ = std::fs::remove_dir_all(project.path().join(".duban"));
        let table = format!("series,n,date,title,unit\nbulletin,16,2021-08-30,旧文,{unit}\n");
        project.write("old.csv", table.as_bytes());
        project.run(&["register", "import", "@/old.csv"]).success();
        std::fs::read(&path).unwrap()
    };
    let (one, other) = (imported("贾陈社区"), imported("槐荫社区"));
    for (name, bytes) in [("base", &base), ("register.jsonl", &one), ("theirs", &other)] {
        project.write(name, bytes);
    }
    let merged = project.run(&["register", "merge", "@/base", "@/register.jsonl", "@/theirs"]).success();
    assert!(merged.stderr.contains("第16期 重号"), "{merged:?}");
    let asked = project.run(&["register", "void", "第16期", "--why", "重号"]);
    let line = asked.stderr.lines().find(|line| line.contains("槐荫社区")).unwrap().to_owned();
    let named = line.split(['(', ')']).nth(1).unwrap().to_owned();
    assert!(asked.status == 2 && named.len() == 8, "{asked:?}");
    project.run(&["register", "void", "第16期", "--file", &named, "--why", "重号"]).success();
    let list = project.run(&["register", "--format", "json"]).success().json();
    let void: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["status"] == "void")
        .map(|entry| entry["unit"].as_str().unwrap())
        .collect();
    assert_eq!(void, ["槐荫社区"]);
    assert_eq!(project.run(&["register", "verify"]).status, 0, "{:?}", project.run(&["register", "verify"]));
}

#[test]
fn a_letter_that_cannot_be_written_takes_no_number() {
    let project = Project::example("zhengdong-2021");
    project.write("documents/bulletin-2021-016.md", b"the clerk's own");
    let run = project.run(&["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "md"]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert_eq!(numbers(&project).len(), 15);
}

#[test]
fn a_number_is_voided_with_a_reason_and_stays_taken() {
    let project = Project::example("zhengdong-2021");
    assert_eq!(project.run(&["register", "void", "第15期"]).status, 2, "no reason");
    assert_eq!(project.run(&["register", "void", "第15期", "--why", "重复印发"]).status, 0);
    let run = project.run(&["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "md"]).success();
    assert!(run.stderr.contains("第16期"));
    let list = project.run(&["register", "--format", "json"]).success().json();
    let void = list.as_array().unwrap().iter().find(|record| record["number"] == "第15期").unwrap().clone();
    assert_eq!((&void["status"], &void["why"]), (&"void".into(), &"重复印发".into()));
}

/// What `git clone -c core.autocrlf=true` does to the text files of a project, and `git add` undoes.
fn change_line_ends(folder: &std::path::Path, from: &str, to: &str) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != ".duban" {
            change_line_ends(&path, from, to);
        } else if ["md", "json", "jsonl", "html"].iter().any(|end| name.ends_with(&format!(".{end}"))) {
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, text.replace("\r\n", "\n").replace(from, to)).unwrap();
        }
    }
}

#[test]
fn line_ends_that_git_changed_are_no_alteration() {
    let project = Project::example("zhengdong-2021");
    let dispatch = || {
        let arguments = ["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "docx,md,html", "-q"];
        project.run(&arguments).success();
        let verify = project.run(&["register", "verify"]);
        assert_eq!(verify.status, 0, "{}", verify.stdout);
    };
    dispatch();
    let attributes = std::fs::read_to_string(project.path().join(".gitattributes")).unwrap();
    assert_eq!(attributes, "register.jsonl -text merge=duban\ndocuments/** -text\n");
    change_line_ends(project.path(), "\n", "\r\n");
    std::fs::remove_dir_all(project.path().join(".duban")).unwrap();
    dispatch();
    change_line_ends(project.path(), "\r\n", "\n");
    dispatch();
}

#[test]
fn a_broken_register_takes_no_entry() {
    let project = Project::example("zhengdong-2021");
    project.run(&["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "md"]).success();
    let path = project.path().join("register.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let altered = text.replacen("2021-08-20", "2021-08-21", 1);
    assert_ne!(altered, text);
    std::fs::write(&path, &altered).unwrap();
    for arguments in [
        &["dispatch", "bulletin", "--as-of", "2021-08-20", "--to", "md", "-o", "@/more"][..],
        &["register", "void", "第15期", "--why", "误发"],
        &["register", "resume"],
    ] {
        let run = project.run(arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains("register verify"), "{}", run.stderr);
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), altered);
    assert!(!project.path().join("more").exists());
    assert_eq!(project.run(&["draft", "bulletin", "--as-of", "2021-08-20", "--to", "md"]).status, 0);
}

/// A script that does not know whether its dispatch took place asks again.
#[test]
fn a_request_that_was_answered_takes_no_second_number() {
    let project = Project::example("zhengdong-2021");
    let ask = |kind: &str, id: &str| {
        project.run(&["dispatch", kind, "--all", "--as-of", "2021-08-20", "--to", "md", "--request-id", id])
    };
    let first = ask("bulletin", "r-1").success();
    let again = ask("bulletin", "r-1").success();
    assert_eq!(numbers(&project).len(), 16);
    assert!(again.stderr.contains("没有再取号"), "{again:?}");
    let names = |text: &str| text.lines().map(|line| line.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&again.stdout), names(&first.stdout));
    // It broke off after the number was taken: the same number is finished.
    let path = project.path().join("register.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let without_end = lines.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n";
    std::fs::remove_dir_all(project.path().join(".duban")).unwrap();
    std::fs::write(&path, without_end).unwrap();
    assert_eq!(ask("bulletin", "r-1").status, 0);
    assert_eq!(numbers(&project).len(), 16);
    assert_eq!(project.run(&["register", "verify"]).status, 0);
    assert_eq!(ask("bulletin", "r-2").status, 0);
    assert_eq!(numbers(&project).len(), 17);
    let other = ask("briefing", "r-1");
    assert!(other.status == 2 && other.stderr.contains("r-1"), "{other:?}");
    assert_eq!(ask("bulletin", " ").status, 2);
}
