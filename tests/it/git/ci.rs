//! The register in CI: a pull request that would double a number does not land.

use std::path::Path;

use super::{committed, dispatched, done, duban, repository};
use crate::project::Project;
use crate::reports::{definition, run_line};

/// An office whose main branch and a branch of a colleague both gave out a number, and the clone of a runner, at the branch.
fn runner(options: &[&str]) -> (Project, Project) {
    let project = repository();
    let folder = project.path();
    done(folder, &["branch", "colleague"]);
    dispatched(folder, "2021-08-20");
    let main = Project::with(&[]);
    done(main.path(), &["clone", "-q", "-b", "colleague", &folder.to_string_lossy(), "clone"]);
    // She has no branch but her own: nothing stops her.
    let colleague = main.path().join("clone");
    done(&colleague, &["remote", "remove", "origin"]);
    dispatched(&colleague, "2021-08-19");
    done(folder, &["fetch", "-q", &colleague.to_string_lossy(), "colleague:colleague"]);
    let runner = Project::with(&[]);
    let from = format!("file://{}", folder.display());
    done(runner.path(), &[&["clone", "-q", "-b", "colleague"], options, &[&from, "clone"]].concat());
    (project, runner)
}

/// The step of the action or the job, run in a clone. What a step prints for people is not asked.
fn told(clone: &Path, lines: &[String], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let nothing = [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")];
    run_line(clone, &lines.join("\n"), &[variables, &nothing].concat())
}

fn action() -> Vec<String> {
    let steps = definition("action.yml")["runs"]["steps"].clone();
    let step = steps.as_array().unwrap().iter().find(|step| step["name"] == "Verify the register").unwrap().clone();
    assert!(
        step["env"]["BASE"] == "${{ github.base_ref }}" && step["if"].as_str().unwrap().contains("inputs.register")
    );
    vec![step["run"].as_str().unwrap().to_owned()]
}

fn job() -> Vec<String> {
    let job = definition("examples/ci/gitlab-ci.yml")["duban-register"].clone();
    assert_eq!(job["variables"]["GIT_DEPTH"], 0);
    job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_number_that_a_pull_request_would_double_stops_it_until_one_document_is_void() {
    for (lines, variable, mark) in
        [(action(), "BASE", "::error file=register.jsonl::"), (job(), "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")]
    {
        let (project, runner) = runner(&[]);
        let clone = runner.path().join("clone");
        let of_main = [(variable, "main")];
        let (status, shown) = told(&clone, &lines, &of_main);
        assert!(status == Some(1) && shown.contains(mark) && shown.contains("第16期 重号"), "{status:?} {shown}");
        // She merges as she is told, and voids hers.
        done(&clone, &["reset", "-q", "--hard"]);
        done(&clone, &["clean", "-qfd"]);
        let _ = super::git(&clone, &["merge", "-q", "origin/main"]);
        done(&clone, &["checkout", "-q", "--theirs", "documents"]);
        committed(&clone, "merged");
        let doubled = told(&clone, &lines, &of_main);
        assert!(doubled.0 == Some(1) && doubled.1.contains("第16期 重号"), "{doubled:?}");
        let list = duban(&clone, &["register", "--format", "json"]).json();
        let own = list.as_array().unwrap().iter().find(|record| record["date"] == "2021-08-19").unwrap().clone();
        let hash = own["files"][0]["sha256"].as_str().unwrap()[..8].to_owned();
        duban(&clone, &["register", "void", "第16期", "--file", &hash, "--why", "重号"]).success();
        committed(&clone, "void");
        // The merge commit that the pull request is checked at.
        done(&clone, &["checkout", "-q", "--detach", "origin/main"]);
        done(&clone, &["merge", "-q", "--no-ff", "-m", "the pull request", "colleague"]);
        let (status, shown) = told(&clone, &lines, &of_main);
        assert!(status == Some(0) && !shown.contains("::error"), "{status:?} {shown}");
        // A push, which is for no other branch.
        assert_eq!(told(&clone, &lines[lines.len() - 1..], &[(variable, "")]).0, Some(0));
        drop(project);
    }
}

#[test]
fn a_cut_history_and_a_register_that_can_t_be_merged_stop_the_action() {
    let (_project, cut) = runner(&["--depth", "1"]);
    let (status, shown) = told(&cut.path().join("clone"), &action(), &[("BASE", "main")]);
    assert!(status == Some(2) && shown.contains("fetch-depth: 0"), "{status:?} {shown}");
    let (_project, runner) = runner(&[]);
    let clone = runner.path().join("clone");
    let register = clone.join("register.jsonl");
    let text = std::fs::read_to_string(&register).unwrap();
    std::fs::write(&register, text.replacen("监督检查", "监督抽查", 1)).unwrap();
    committed(&clone, "altered");
    let (status, shown) = told(&clone, &action(), &[("BASE", "main")]);
    assert!(status == Some(1) && shown.contains("can't be merged"), "{status:?} {shown}");
}
