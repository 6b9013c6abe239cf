//! The register under Git: two branches, merged by the driver as Git calls it.

use std::path::Path;
use std::process::Command;

use duban::words::lang::Lang;

use crate::project::{Project, run_in};

fn git(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let run = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"])
        .args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"])
        .args(["-c", &format!("merge.duban.driver={} register merge %O %A %B", env!("CARGO_BIN_EXE_duban"))])
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

fn dispatched(folder: &Path, day: &str) {
    let arguments =
        ["dispatch", "bulletin", "-C", &folder.to_string_lossy(), "--all", "--as-of", day, "--to", "md", "-q"];
    let run = run_in(folder, Lang::Zh, b"", &arguments);
    assert_eq!(run.status, 0, "{run:?}");
    done(folder, &["add", "-A"]);
    done(folder, &["commit", "-qm", day]);
}

fn numbers(project: &Project) -> Vec<String> {
    let list = project.run(&["register", "--format", "json"]).json();
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

#[test]
fn two_branches_that_took_one_number_are_merged_and_told_until_one_is_void() {
    let project = repository();
    let folder = project.path();
    // A colleague has a clone of her own.
    let other = Project::with(&[]);
    let clone = other.path().join("clone");
    done(folder, &["clone", "-q", ".", &clone.to_string_lossy()]);
    dispatched(&clone, "2021-08-19");
    dispatched(&clone, "2021-08-21");
    dispatched(folder, "2021-08-20");
    done(folder, &["fetch", "-q", &clone.to_string_lossy(), "main:colleague"]);
    let (is_merged, told) = git(folder, &["merge", "-q", "colleague"]);
    // Of the two files of one name, one is chosen by hand; the register is merged.
    assert!(
        !is_merged
            && told.contains("documents/bulletin-2021-016.md")
            && !told.contains("CONFLICT (content): Merge conflict in register"),
        "{told}"
    );
    assert!(told.contains("登记簿已合并，补入 4 行") && told.contains("第16期 重号"), "{told}");
    done(folder, &["checkout", "-q", "--ours", "documents"]);
    done(folder, &["add", "-A"]);
    done(folder, &["commit", "-qm", "merged"]);
    let both = ["第16期 2021-08-20 dispatched", "第16期 2021-08-19 dispatched", "第17期 2021-08-21 dispatched"];
    assert_eq!(numbers(&project), both);
    let verify = project.run(&["register", "verify"]);
    assert!(verify.status == 1 && verify.stdout.contains("第16期 重号"), "{verify:?}");
    for command in [
        &["draft", "bulletin", "--as-of", "2021-08-22", "--to", "md"][..],
        &["due", "--as-of", "2021-08-22"],
        &["register"],
    ] {
        assert!(project.run(command).stderr.contains("第16期 重号"), "{command:?}");
    }
    let ambiguous = project.run(&["register", "void", "第16期", "--why", "重号"]);
    assert!(ambiguous.status == 2 && ambiguous.stderr.contains("documents/bulletin-2021-016.md ("), "{ambiguous:?}");
    let hash = ambiguous
        .stderr
        .split("2021-08-19")
        .next()
        .unwrap()
        .rsplit('(')
        .next()
        .unwrap()
        .split(')')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(project.run(&["register", "void", "第16期", "--file", &hash, "--why", "重号"]).status, 0);
    let one = ["第16期 2021-08-20 dispatched", "第16期 2021-08-19 void", "第17期 2021-08-21 dispatched"];
    assert_eq!(numbers(&project), one);
    assert_eq!(project.run(&["register", "verify"]).status, 0, "{:?}", project.run(&["register", "verify"]));
    let next = project.run(&["dispatch", "bulletin", "--all", "--as-of", "2021-08-23", "--to", "md"]);
    assert!(next.stderr.contains("第18期") && !next.stderr.contains("重号"), "{next:?}");
}

/// Whoever entered lines that a colleague merged behind her own has them still.
#[test]
fn a_machine_knows_its_lines_where_they_were_merged_behind_others() {
    let project = Project::example("zhengdong-2021");
    let base = std::fs::read(project.path().join("register.jsonl")).unwrap();
    project.run(&["dispatch", "bulletin", "--all", "--as-of", "2021-08-19", "--to", "md", "-q"]).success();
    let own = std::fs::read(project.path().join("register.jsonl")).unwrap();
    let colleague = Project::example("zhengdong-2021");
    colleague.run(&["dispatch", "reminder", "--as-of", "2021-08-20", "--to", "md", "-q"]).success();
    for (name, bytes) in [("base", &base), ("theirs", &own)] {
        colleague.write(name, bytes);
    }
    let merged = colleague.run(&["register", "merge", "@/base", "@/register.jsonl", "@/theirs"]);
    assert_eq!(merged.status, 0, "{merged:?}");
    let merged = std::fs::read(colleague.path().join("register.jsonl")).unwrap();
    project.write("register.jsonl", &merged);
    let verify = project.run(&["register", "verify"]);
    assert!(!verify.stdout.contains("改写") && !verify.stdout.contains("截短"), "{verify:?}");
    // Damage on a side is told, and nothing is written.
    let damaged = &own[..own.len() - 40];
    project.write("theirs", damaged);
    project.write("base", &base);
    let stopped = project.run(&["register", "merge", "@/base", "@/register.jsonl", "@/theirs"]);
    assert!(stopped.status == 2 && stopped.stderr.contains("并入的分支"), "{stopped:?}");
    assert_eq!(std::fs::read(project.path().join("register.jsonl")).unwrap(), merged);
}

/// A number that another branch, a tag or an earlier commit knows is not given out again.
#[test]
fn after_an_older_checkout_no_number_is_given_out_twice() {
    let project = repository();
    let folder = project.path();
    dispatched(folder, "2021-08-19");
    let again = |name: &str| {
        // Another machine: nothing beside the register tells.
        let _ = std::fs::remove_dir_all(folder.join(".duban"));
        let before = std::fs::read(folder.join("register.jsonl")).unwrap();
        let run =
            project.run(&["dispatch", "bulletin", "--all", "--as-of", "2021-08-20", "--to", "md", "-o", "@/more"]);
        assert!(run.status == 1 && run.stderr.contains("第16期") && run.stderr.contains(name), "{name}: {run:?}");
        assert_eq!(std::fs::read(folder.join("register.jsonl")).unwrap(), before);
        assert!(!folder.join("more/bulletin-2021-016.md").exists());
    };
    done(folder, &["checkout", "-q", "main~1"]);
    again("main");
    done(folder, &["checkout", "-q", "main"]);
    done(folder, &["revert", "--no-edit", "HEAD"]);
    again("git checkout");
    // What helps: the register is taken back, and the number goes on.
    done(folder, &["checkout", "-q", "main~1", "--", "register.jsonl", "documents"]);
    let next = project.run(&["dispatch", "bulletin", "--all", "--as-of", "2021-08-21", "--to", "md"]);
    assert!(next.status == 0 && next.stderr.contains("第17期"), "{next:?}");
}

#[test]
fn init_tells_how_git_merges_registers_where_there_is_a_repository() {
    for is_repository in [false, true] {
        let project = Project::with(&[]);
        if is_repository {
            done(project.path(), &["init", "-q"]);
        }
        let run = project.run(&["init", "@/here"]);
        assert_eq!(run.stderr.contains("git config merge.duban.driver"), is_repository, "{run:?}");
        let attributes = std::fs::read_to_string(project.path().join("here/.gitattributes")).unwrap();
        assert!(attributes.contains("register.jsonl -text merge=duban"));
    }
}
