//! What a command writes never takes the place of what it read.

use duban::words::lang::Lang;

use crate::project::Project;

const LOG: &str =
    "unit,category,description,disposition,found_on,deadline\nAlder,fire,no lamp,deadline,2021-08-02,2021-08-10\n";

#[test]
fn no_output_replaces_a_log_the_config_or_the_register() {
    let project = Project::with(&[
        ("duban.yaml", "lang: en\nlogs: [a.csv]\n"),
        ("a.csv", LOG),
        ("register.jsonl", ""),
        ("b.yaml", "- unit: Alder\n"),
    ]);
    for arguments in [
        &["check", "@/a.csv", "-o", "@/a.csv"][..],
        &["check", "@/a.csv", "--annotate", "@/./a.csv"],
        &["check", "@/a.csv", "--write-receipt", "@/a.csv"],
        &["check", "@/a.csv", "--write-baseline", "@/a.csv"],
        &["check", "-o", "@/duban.yaml"],
        &["tally", "--format", "csv", "-o", "@/register.jsonl"],
        &["tally", "-o", "@/a.csv"],
        &["due", "-o", "@/a.csv"],
        &["page", "-o", "@/a.csv"],
        // Of commands that read no log, too.
        &["register", "list", "--format", "json", "-o", "@/register.jsonl"],
        &["register", "list", "--format", "csv", "-o", "@/duban.yaml"],
        &["form", "-o", "@/duban.yaml"],
        &["mend", "@/b.yaml", "--set", "1:unit=Birch", "-o", "@/duban.yaml"],
    ] {
        let run = project.run_lang(Lang::En, arguments);
        assert!(run.status == 2 && run.stderr.contains("was read, and is not written over"), "{arguments:?} {run:?}");
    }
    assert_eq!(project.read("duban.yaml"), "lang: en\nlogs: [a.csv]\n");
    assert_eq!((project.read("a.csv").as_str(), project.read("register.jsonl").as_str()), (LOG, ""));
    // Another file is written, also in place of an older output.
    for _ in 0..2 {
        project.run_lang(Lang::En, &["tally", "-o", "@/figures.txt"]).success();
    }
}

/// Word and WPS keep others from a file that they have open; only Windows lets them.
#[cfg(windows)]
#[test]
fn an_output_that_is_open_elsewhere_is_said_to_be() {
    use std::os::windows::fs::OpenOptionsExt as _;
    let project = Project::with(&[("duban.yaml", "lang: en\nlogs: [a.csv]\n"), ("a.csv", LOG)]);
    let tally = || project.run_lang(Lang::En, &["tally", "--format", "csv", "-o", "@/out.csv"]);
    assert_eq!(tally().status, 0);
    let before = project.read("out.csv");
    let held = std::fs::OpenOptions::new().read(true).share_mode(0).open(project.path().join("out.csv")).unwrap();
    let run = tally();
    assert!(run.status == 3 && run.stderr.contains("out.csv") && run.stderr.contains("may have it open"), "{run:?}");
    drop(held);
    assert_eq!(project.read("out.csv"), before);
    assert_eq!(tally().status, 0);
}
