//! What is done with Git in an office: in none of these stories is a number doubled in silence, lost or unlisted.

use std::path::{Path, PathBuf};

use super::{
    committed, dispatch, dispatched, done, driver, duban, forget, git, git_without_driver, numbers, repository,
};
use crate::project::Project;

/// A clone in a folder of its own.
fn clone_of(folder: &Path, options: &[&str]) -> (Project, PathBuf) {
    let at = Project::with(&[]);
    let clone = at.path().join("clone");
    let from = format!("file://{}", folder.display());
    done(at.path(), &[&["clone", "-q"], options, &[&from, &clone.to_string_lossy()]].concat());
    (at, clone)
}

/// Solves what two documents of one file name left, with that of the branch at hand.
fn ours_of_documents(folder: &Path) {
    done(folder, &["checkout", "-q", "--ours", "documents"]);
    done(folder, &["add", "-A"]);
}

fn is_sound(folder: &Path) {
    let verify = duban(folder, &["register", "verify"]);
    assert_eq!(verify.status, 0, "{verify:?}");
}

/// The number is told by what reads the register, and fails in CI.
fn is_doubled(folder: &Path, number: &str) {
    let told = format!("{number} 重号");
    assert!(duban(folder, &["register"]).stderr.contains(&told));
    let verify = duban(folder, &["register", "verify"]);
    assert!(verify.status == 1 && verify.stdout.contains(&told), "{verify:?}");
}

fn is_refused(folder: &Path, number: &str, seen: &str) {
    let before = std::fs::read(folder.join("register.jsonl")).unwrap();
    let run = dispatch(folder, "2021-08-25");
    assert!(run.status == 1 && run.stderr.contains(number) && run.stderr.contains(seen), "{seen}: {run:?}");
    assert_eq!(std::fs::read(folder.join("register.jsonl")).unwrap(), before);
}

#[test]
fn a_clone_with_other_line_ends_goes_on() {
    for attributes in [true, false] {
        let project = repository();
        let folder = project.path();
        if !attributes {
            std::fs::remove_file(folder.join(".gitattributes")).unwrap();
            committed(folder, "without attributes");
        }
        let (_at, clone) = clone_of(folder, &["-c", "core.autocrlf=true"]);
        let has_crlf = std::fs::read_to_string(clone.join("register.jsonl")).unwrap().contains("\r\n");
        assert_eq!(has_crlf, !attributes);
        is_sound(&clone);
        dispatched(&clone, "2021-08-19");
        is_sound(&clone);
        done(folder, &["pull", "-q", "--ff-only", &clone.to_string_lossy(), "main"]);
        is_sound(folder);
        dispatched(folder, "2021-08-20");
        assert_eq!(numbers(folder), ["第16期 2021-08-19 dispatched", "第17期 2021-08-20 dispatched"]);
        // The clone falls behind: what it fetched stops it.
        done(&clone, &["fetch", "-q"]);
        is_refused(&clone, "第17期", "origin/main");
    }
}

#[test]
fn a_rebased_branch_keeps_its_numbers_and_doubles_are_told() {
    let project = repository();
    let folder = project.path();
    done(folder, &["switch", "-qc", "side"]);
    dispatched(folder, "2021-08-19");
    dispatched(folder, "2021-08-21");
    done(folder, &["switch", "-q", "main"]);
    forget(folder);
    // Another machine does not know the branch: its number is doubled.
    let (_at, other) = clone_of(folder, &["--single-branch"]);
    dispatched(&other, "2021-08-20");
    done(folder, &["pull", "-q", "--ff-only", &other.to_string_lossy(), "main"]);
    done(folder, &["switch", "-q", "side"]);
    let (is_done, told) = git(folder, &["rebase", "main"]);
    assert!(!is_done && told.contains("第16期 重号") && !told.contains("conflict in register"), "{told}");
    ours_of_documents(folder);
    let (is_done, told) = git(folder, &["rebase", "--continue"]);
    assert!(is_done, "{told}");
    let all = ["第16期 2021-08-20 dispatched", "第16期 2021-08-19 dispatched", "第17期 2021-08-21 dispatched"];
    assert_eq!(numbers(folder), all);
    is_doubled(folder, "第16期");
    duban(folder, &["register", "void", "第16期", "--file", "documents/bulletin-2021-016.md", "--why", "重号"])
        .success();
    duban(folder, &["register", "void", "第16期", "--why", "都作废"]).success();
    is_sound(folder);
    let next = dispatch(folder, "2021-08-22");
    assert!(next.status == 0 && next.stderr.contains("第18期"), "{next:?}");
}

#[test]
fn a_shallow_clone_is_stopped_by_what_it_sees_and_told_what_it_can_t_see() {
    let project = repository();
    let folder = project.path();
    dispatched(folder, "2021-08-19");
    done(folder, &["revert", "--no-edit", "HEAD"]);
    done(folder, &["branch", "side", "HEAD~1"]);
    // Of a number that was taken back before the cut nothing can be known.
    let (_at, cut) = clone_of(folder, &["--depth", "1"]);
    let run = dispatch(&cut, "2021-08-20");
    assert!(run.status == 0 && run.stderr.contains("第16期"), "{run:?}");
    assert_eq!(run.stderr.matches("（shallow）").count(), 1, "{run:?}");
    assert!(duban(&cut, &["register", "verify"]).stderr.contains("shallow"));
    // The other branch is seen.
    let (_at, seeing) = clone_of(folder, &["--depth", "1", "--no-single-branch"]);
    is_refused(&seeing, "第16期", "origin/side");
    // So is all, once the history is whole.
    let (_at, whole) = clone_of(folder, &["--depth", "1"]);
    done(&whole, &["fetch", "-q", "--unshallow"]);
    is_refused(&whole, "第16期", "register merge --from");
    let told = duban(&whole, &["register", "verify"]);
    assert!(
        told.status == 1 && told.stdout.contains("第16期（2021-08-19") && !told.stderr.contains("shallow"),
        "{told:?}"
    );
}

#[test]
fn what_was_dispatched_on_no_branch_is_known() {
    let project = repository();
    let folder = project.path();
    done(folder, &["checkout", "-q", "--detach"]);
    dispatched(folder, "2021-08-19");
    is_sound(folder);
    done(folder, &["switch", "-q", "main"]);
    // Nothing but the log of HEAD has the commit.
    let refused = dispatch(folder, "2021-08-20");
    assert!(refused.status == 2 && refused.stderr.contains("截短"), "{refused:?}");
    forget(folder);
    is_refused(folder, "第16期", "register merge --from");
    done(folder, &["tag", "kept", "HEAD@{1}"]);
    is_refused(folder, "第16期", "git merge kept");
    duban(folder, &["register", "merge", "--from", "kept"]).success();
    assert!(dispatch(folder, "2021-08-20").success().stderr.contains("第17期"));
}

#[test]
fn a_squashed_branch_brings_its_numbers_once() {
    let project = repository();
    let folder = project.path();
    done(folder, &["switch", "-qc", "side"]);
    dispatched(folder, "2021-08-19");
    done(folder, &["switch", "-q", "main"]);
    done(folder, &["merge", "-q", "--squash", "side"]);
    committed(folder, "squashed");
    assert!(dispatch(folder, "2021-08-20").success().stderr.contains("第17期"));
    committed(folder, "next");
    is_sound(folder);
    done(folder, &["merge", "-q", "side", "-m", "again"]);
    assert_eq!(numbers(folder), ["第16期 2021-08-19 dispatched", "第17期 2021-08-20 dispatched"]);
    is_sound(folder);
    // A branch that is gone was passed over by a merge: its number is known, missed, and taken over again.
    done(folder, &["switch", "-qc", "gone"]);
    dispatched(folder, "2021-08-21");
    done(folder, &["switch", "-q", "main"]);
    done(folder, &["merge", "-q", "-s", "ours", "gone", "-m", "theirs does not count"]);
    done(folder, &["branch", "-qD", "gone"]);
    done(folder, &["reflog", "expire", "--expire=now", "--all"]);
    forget(folder);
    is_refused(folder, "第18期", "register merge --from");
    let told = duban(folder, &["register", "verify"]);
    assert!(told.status == 1 && told.stdout.contains("第18期（2021-08-21"), "{told:?}");
}

#[test]
fn a_merge_without_the_driver_stops_everything_until_it_is_solved() {
    let project = repository();
    let folder = project.path();
    let (_at, clone) = clone_of(folder, &[]);
    dispatched(&clone, "2021-08-19");
    dispatched(folder, "2021-08-20");
    done(folder, &["fetch", "-q", &clone.to_string_lossy(), "main:colleague"]);
    let (is_merged, told) = git_without_driver(folder, &["merge", "-q", "colleague"]);
    assert!(!is_merged && told.contains("conflict in register.jsonl"), "{told}");
    for command in
        [&["dispatch", "bulletin", "--all", "--to", "md"][..], &["register"], &["due"], &["register", "resume"]]
    {
        let stopped = duban(folder, command);
        assert!(stopped.status == 2 && stopped.stderr.contains("git checkout -m register.jsonl"), "{stopped:?}");
    }
    let verify = duban(folder, &["register", "verify"]);
    assert!(verify.status == 1 && verify.stdout.contains("git checkout -m register.jsonl"), "{verify:?}");
    // What the message says helps.
    let (name, value) = driver().split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    git_without_driver(folder, &["config", &name, &value]);
    let (is_done, told) = git_without_driver(folder, &["checkout", "-m", "register.jsonl"]);
    assert!(is_done, "{told}");
    ours_of_documents(folder);
    done(folder, &["commit", "-qm", "merged"]);
    assert_eq!(numbers(folder), ["第16期 2021-08-20 dispatched", "第16期 2021-08-19 dispatched"]);
    is_doubled(folder, "第16期");
    // Whoever takes one side by hand loses the other: it is missed.
    done(folder, &["reset", "-q", "--hard", "HEAD~1"]);
    git_without_driver(folder, &["config", "--unset", &name]);
    git_without_driver(folder, &["merge", "-q", "colleague"]);
    done(folder, &["checkout", "-q", "--ours", "register.jsonl"]);
    ours_of_documents(folder);
    done(folder, &["commit", "-qm", "merged by hand"]);
    let told = duban(folder, &["register", "verify"]);
    assert!(told.status == 1 && told.stdout.contains("第16期（2021-08-19"), "{told:?}");
    assert!(duban(folder, &["register"]).stderr.contains("第16期（2021-08-19"));
    duban(folder, &["register", "merge", "--from", "colleague"]).success();
    is_doubled(folder, "第16期");
}

#[test]
fn a_dispatch_that_was_picked_to_another_branch_is_listed_once() {
    let project = repository();
    let folder = project.path();
    done(folder, &["switch", "-qc", "side"]);
    dispatched(folder, "2021-08-19");
    dispatched(folder, "2021-08-21");
    done(folder, &["switch", "-q", "main"]);
    forget(folder);
    let (_at, other) = clone_of(folder, &["--single-branch"]);
    duban(&other, &["dispatch", "reminder", "--as-of", "2021-08-20", "--to", "md", "-q"]).success();
    committed(&other, "letters");
    done(folder, &["pull", "-q", "--ff-only", &other.to_string_lossy(), "main"]);
    done(folder, &["cherry-pick", "side"]);
    let both = ["第16期 2021-08-19 dispatched", "第17期 2021-08-21 dispatched"];
    // The register has what the picked commit stood on; its file is missed.
    assert_eq!(numbers(folder), both);
    let told = duban(folder, &["register", "verify"]);
    assert!(told.status == 1 && told.stdout.contains("bulletin-2021-016.md 不见了"), "{told:?}");
    done(folder, &["merge", "-q", "side", "-m", "all of it"]);
    assert_eq!(numbers(folder), both);
    is_sound(folder);
}

#[test]
fn a_project_in_a_folder_of_the_repository_is_looked_after_from_inside() {
    let at = Project::with(&[]);
    let example = repository();
    std::fs::remove_dir_all(example.path().join(".git")).unwrap();
    let inside = at.path().join("office/2021");
    std::fs::create_dir_all(at.path().join("office")).unwrap();
    std::fs::rename(example.path(), &inside).unwrap();
    done(at.path(), &["init", "-q"]);
    committed(at.path(), "base");
    dispatched(&inside, "2021-08-19");
    done(at.path(), &["checkout", "-q", "HEAD~1"]);
    forget(&inside);
    // As one works there: without -C.
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_duban"))
        .args(["dispatch", "bulletin", "--all", "--as-of", "2021-08-20", "--to", "md", "--lang", "zh"])
        .current_dir(&inside)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.code() == Some(1) && told.contains("第16期") && told.contains("main"), "{told}");
}

#[test]
fn a_dispatch_that_was_thrown_away_before_it_was_committed_is_missed() {
    let project = repository();
    let folder = project.path();
    let (_at, clone) = clone_of(folder, &[]);
    dispatched(&clone, "2021-08-19");
    dispatched(&clone, "2021-08-21");
    dispatch(folder, "2021-08-20").success();
    done(folder, &["reset", "-q", "--hard"]);
    done(folder, &["clean", "-qfd", "documents"]);
    let truncated = dispatch(folder, "2021-08-22");
    assert!(truncated.status == 2 && truncated.stderr.contains("截短"), "{truncated:?}");
    // A longer register does not hide it.
    done(folder, &["pull", "-q", "--ff-only", &clone.to_string_lossy(), "main"]);
    let replaced = dispatch(folder, "2021-08-22");
    assert!(replaced.status == 2 && replaced.stderr.contains("改写"), "{replaced:?}");
    assert_eq!(duban(folder, &["register", "verify"]).status, 1);
    std::fs::remove_file(folder.join(".duban/register.head")).unwrap();
    assert!(dispatch(folder, "2021-08-22").success().stderr.contains("第18期"));
}

#[test]
fn branches_of_one_clone_may_each_go_on() {
    let project = repository();
    let folder = project.path();
    done(folder, &["switch", "-qc", "side"]);
    dispatched(folder, "2021-08-19");
    done(folder, &["switch", "-q", "main"]);
    // The bulletin is on a branch, and letters go on here.
    duban(folder, &["dispatch", "reminder", "--as-of", "2021-08-20", "--to", "md", "-q"]).success();
    committed(folder, "letters");
    is_sound(folder);
    is_refused(folder, "第16期", "git merge side");
    // Both void one number, each for a reason of its own: no machine misses its line.
    for (branch, why) in [("main", "重印"), ("side", "误发")] {
        done(folder, &["switch", "-q", branch]);
        duban(folder, &["register", "void", "第15期", "--why", why]).success();
        committed(folder, why);
    }
    done(folder, &["switch", "-q", "main"]);
    done(folder, &["merge", "-q", "side", "-m", "both"]);
    done(folder, &["branch", "-qD", "side"]);
    is_sound(folder);
    assert!(dispatch(folder, "2021-08-20").success().stderr.contains("第17期"));
}

#[test]
fn a_request_that_another_branch_answered_takes_no_second_number() {
    let project = repository();
    let folder = project.path();
    let ask = |folder: &Path, day: &str, id: &str| {
        duban(folder, &["dispatch", "bulletin", "--all", "--as-of", day, "--to", "md", "--request-id", id])
    };
    let (_at, clone) = clone_of(folder, &[]);
    ask(&clone, "2021-08-19", "r-1").success();
    committed(&clone, "asked");
    dispatched(folder, "2021-08-20");
    done(folder, &["fetch", "-q", &clone.to_string_lossy(), "main:colleague"]);
    let refused = ask(folder, "2021-08-19", "r-1");
    assert!(refused.status == 1 && refused.stderr.contains("colleague"), "{refused:?}");
    ask(folder, "2021-08-21", "r-2").success();
}

/// What the versions of a long register have given out is read from Git once.
#[test]
fn a_long_register_is_looked_after_as_a_short_one() {
    let project = repository();
    let folder = project.path();
    duban(folder, &["register", "void", "第15期", "--why", &"长".repeat(300_000)]).success();
    committed(folder, "long");
    for n in 1..=5 {
        duban(folder, &["register", "void", &format!("第{n}期"), "--why", "误发"]).success();
        committed(folder, "void");
    }
    dispatched(folder, "2021-08-19");
    let kept = folder.join(".duban/register.versions");
    assert!(kept.is_file());
    dispatched(folder, "2021-08-20");
    done(folder, &["tag", "here"]);
    for garbled in [false, true] {
        if garbled {
            std::fs::write(&kept, b"{").unwrap();
        }
        done(folder, &["checkout", "-q", "here~1"]);
        is_refused(folder, "第17期", "main");
        done(folder, &["checkout", "-q", "here"]);
        // The version that was read last is among those that are kept.
        assert!(std::fs::read(&kept).unwrap().len() > 1000);
    }
    assert!(dispatch(folder, "2021-08-21").success().stderr.contains("第18期"));
}

#[test]
fn where_nothing_can_be_known_it_is_said() {
    let project = repository();
    let folder = project.path();
    done(folder, &["switch", "-qc", "side"]);
    let register = folder.join("register.jsonl");
    let whole = std::fs::read(&register).unwrap();
    std::fs::write(&register, [&whole[..], b"oops\n"].concat()).unwrap();
    committed(folder, "damaged");
    done(folder, &["switch", "-q", "main"]);
    let run = dispatch(folder, "2021-08-19").success();
    assert_eq!(run.stderr.matches("side 上的登记簿有读不出的行").count(), 1, "{run:?}");
    std::fs::remove_dir_all(folder.join(".git")).unwrap();
    std::fs::write(folder.join(".git"), "gitdir: nowhere\n").unwrap();
    let run = dispatch(folder, "2021-08-20").success();
    assert_eq!(run.stderr.matches("问不到 git").count(), 1, "{run:?}");
}
