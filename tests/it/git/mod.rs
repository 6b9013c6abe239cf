//! The register under Git, as Git itself does things to it.
//!
//! - `branches`: two branches merged by the driver, machines that know their lines, older checkouts
//! - `ci`: the register in the pull request that would double a number
//! - `stories`: what else is done with Git in an office, each a story of its own

mod branches;
mod ci;
mod stories;

use std::path::Path;
use std::process::Command;

use duban::words::lang::Lang;

use crate::project::{Project, Run, run_in};

/// The setting that makes Git call the merge driver.
fn driver() -> String {
    format!("merge.duban.driver={} register merge %O %A %B", env!("CARGO_BIN_EXE_duban"))
}

/// Runs Git where the driver is set up.
fn git(folder: &Path, arguments: &[&str]) -> (bool, String) {
    git_without_driver(folder, &[&["-c", &driver()], arguments].concat())
}

fn git_without_driver(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let run = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"])
        .args(["-c", "commit.gpgsign=false", "-c", "core.editor=true", "-c", "advice.detachedHead=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    (run.status.success(), format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr)))
}

pub(crate) fn done(folder: &Path, arguments: &[&str]) {
    let (is_done, told) = git(folder, arguments);
    assert!(is_done, "{arguments:?}: {told}");
}

/// The example as a repository with one commit.
fn repository() -> Project {
    let project = Project::example("zhengdong-2021");
    project.write(".gitignore", b"drafts/\n.duban/\n");
    project.write(".gitattributes", b"register.jsonl -text merge=duban\ndocuments/** -text\n");
    done(project.path(), &["init", "-q"]);
    done(project.path(), &["add", "-A"]);
    done(project.path(), &["commit", "-qm", "base"]);
    project
}

/// A command in the project of a folder.
fn duban(folder: &Path, arguments: &[&str]) -> Run {
    run_in(folder, Lang::Zh, b"", &[arguments, &["-C", &folder.to_string_lossy()]].concat())
}

fn dispatch(folder: &Path, day: &str) -> Run {
    duban(folder, &["dispatch", "bulletin", "--all", "--as-of", day, "--to", "md"])
}

fn committed(folder: &Path, message: &str) {
    done(folder, &["add", "-A"]);
    done(folder, &["commit", "-qm", message]);
}

fn dispatched(folder: &Path, day: &str) {
    let run = dispatch(folder, day);
    assert_eq!(run.status, 0, "{run:?}");
    committed(folder, day);
}

/// Nothing beside the register tells, as on another machine.
fn forget(folder: &Path) {
    let _ = std::fs::remove_dir_all(folder.join(".duban"));
}

/// Number, day and status of the bulletins after those of the example.
fn numbers(folder: &Path) -> Vec<String> {
    let list = duban(folder, &["register", "--format", "json"]).json();
    let record = |record: &serde_json::Value| {
        format!(
            "{} {} {}",
            record["number"].as_str().unwrap(),
            record["date"].as_str().unwrap(),
            record["status"].as_str().unwrap()
        )
    };
    let new = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|record| record["series"] == "bulletin" && record["n"].as_u64() > Some(15));
    new.map(record).collect()
}
