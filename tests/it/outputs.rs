//! What a command writes never takes the place of what it read or of what the project has.

use duban::words::lang::Lang;

use crate::project::{Project, Run};

const LOG: &str =
    "unit,category,description,disposition,found_on,deadline\nAlder,fire,no lamp,deadline,2021-08-02,2021-08-10\n";

fn is_kept(run: &Run) -> bool {
    run.status == 2 && run.stderr.contains("is not written over")
}

#[test]
fn no_output_replaces_what_the_project_has() {
    let config = "lang: en\nlogs: [a.csv, teams/*.csv, c.xlsx]\nsites: {file: sites.csv}\nbaseline: known.json\n\
                  calendar: {base: cn, file: days.csv}\n";
    let project = Project::with(&[
        ("duban.yaml", config),
        ("a.csv", LOG),
        ("teams/b.csv", LOG),
        ("c.xlsx", "no workbook, and not read"),
        ("b.yaml", "- unit: Alder\n"),
        ("sites.csv", "name\nGate\n"),
        ("days.csv", "date,kind\n"),
    ]);
    project.run_lang(Lang::En, &["check", "@/a.csv", "--write-baseline", "@/known.json"]).success();
    project.run_lang(Lang::En, &["dispatch", "bulletin", "@/a.csv", "--to", "md"]).success();
    project.write("report-templates/bulletin/en.md", b"# Bulletin\n");
    let kept = [
        "duban.yaml",
        "a.csv",
        // A log of the project that no command below reads.
        "teams/b.csv",
        "sites.csv",
        "days.csv",
        "known.json",
        "register.jsonl",
        "documents/bulletin-2021-001.md",
        "documents/bulletin-2021-001.figures.json",
        "report-templates/bulletin/en.md",
    ];
    let before = kept.map(|name| project.read(name));
    for name in kept {
        for arguments in [
            &["check", "@/a.csv", "-o"][..],
            &["check", "@/a.csv", "--write-receipt"],
            &["check", "@/a.csv", "--write-baseline"],
            &["tally", "@/a.csv", "--format", "csv", "-o"],
            &["due", "@/a.csv", "-o"],
            &["page", "@/a.csv", "-o"],
            // Of commands that read no log, too.
            &["register", "list", "--format", "json", "-o"],
            &["form", "-o"],
        ] {
            if name == "known.json" && arguments.contains(&"--write-baseline") {
                continue;
            }
            let path = format!("@/./{name}");
            let run = project.run_lang(Lang::En, &[arguments, &[path.as_str()]].concat());
            assert!(is_kept(&run), "{arguments:?} {name} {run:?}");
        }
    }
    for arguments in [
        &["mend", "@/b.yaml", "--set", "1:unit=Birch", "-o", "@/duban.yaml"][..],
        &["check", "@/a.csv", "--annotate", "@/c.xlsx"],
    ] {
        let run = project.run_lang(Lang::En, arguments);
        assert!(is_kept(&run), "{arguments:?} {run:?}");
    }
    // The figures of a page are an output, too.
    project.write("documents/bulletin-2021-001.html", b"");
    let run = project.run_lang(Lang::En, &["page", "@/a.csv", "-o", "@/documents/bulletin-2021-001.html"]);
    assert!(is_kept(&run), "{run:?}");
    assert_eq!(kept.map(|name| project.read(name)), before);
    // The config's baseline is written anew, and another file in place of an older output.
    project.run_lang(Lang::En, &["check", "@/a.csv", "--write-baseline", "@/known.json"]).success();
    for _ in 0..2 {
        project.run_lang(Lang::En, &["tally", "@/a.csv", "-o", "@/figures.txt"]).success();
    }
    let run = project.run_lang(Lang::En, &["tally", "@/a.csv", "-o", "@/teams"]);
    assert!(run.status == 2 && run.stderr.contains("is a folder"), "{run:?}");
}

#[test]
fn no_output_replaces_an_input_of_its_command() {
    let project = Project::with(&[("duban.yaml", "lang: en\n"), ("a.csv", LOG)]);
    for arguments in [
        &["tally", "@/a.csv", "--partial", "-o", "@/part.json"][..],
        &["check", "@/a.csv", "--write-receipt", "@/receipt.txt"],
        &["check", "@/a.csv", "--write-baseline", "@/known.json"],
        &["draft", "summary", "@/a.csv", "--to", "docx"],
    ] {
        project.run_lang(Lang::En, arguments).success();
    }
    project.write("edits.csv", br#"{"edits": [{"line": 2, "column": 1, "was": "Alder", "value": "Birch"}]}"#);
    let draft = "@/drafts/summary-draft-2021-08-20";
    let (docx, figures) = (&*format!("{draft}.docx"), &*format!("{draft}.figures.json"));
    let bytes = |name: &str| std::fs::read(project.path().join(name)).unwrap();
    let inputs = ["part.json", "receipt.txt", "known.json", "edits.csv", "drafts/summary-draft-2021-08-20.docx"];
    let before = inputs.map(bytes);
    for arguments in [
        &["merge", "@/part.json", "-o", "@/part.json"][..],
        &["check", "@/a.csv", "--receipt", "@/receipt.txt", "--write-receipt", "@/receipt.txt"],
        &["check", "@/a.csv", "--baseline", "@/known.json", "-o", "@/known.json"],
        &["mend", "@/a.csv", "--edits", "@/edits.csv", "-o", "@/edits.csv"],
        &["proof", docx, "--annotate", docx],
        &["proof", docx, "--annotate", figures],
    ] {
        let run = project.run_lang(Lang::En, arguments);
        assert!(is_kept(&run), "{arguments:?} {run:?}");
    }
    assert_eq!(inputs.map(bytes), before);
}

#[test]
fn no_output_replaces_another_of_the_run() {
    let project = Project::with(&[("duban.yaml", "lang: en\n"), ("a.csv", LOG)]);
    for arguments in [
        &["--write-receipt", "@/x", "-o", "@/x"][..],
        &["--annotate", "@/x.xlsx", "-o", "@/./x.xlsx"],
        &["--write-receipt", "@/x", "--write-receipt", "@/x"],
    ] {
        let run = project.run_lang(Lang::En, &[&["check", "@/a.csv"], arguments].concat());
        assert!(run.status == 2 && run.stderr.contains("named for two outputs"), "{arguments:?} {run:?}");
    }
    assert!(!project.path().join("x").exists() && !project.path().join("x.xlsx").exists());
}

#[test]
fn a_draft_that_was_edited_where_it_is_stays() {
    let project = Project::with(&[("duban.yaml", "lang: en\nlogs: [a.csv]\n"), ("a.csv", LOG)]);
    let draft = |more: &[&str]| project.run_lang(Lang::En, &[&["draft", "summary", "--to", "md,html"], more].concat());
    let name = "drafts/summary-draft-2021-08-20.md";
    draft(&[]).success();
    // The same again, and after the logs have changed.
    draft(&[]).success();
    project.write("a.csv", format!("{LOG}Birch,fire,no door,deadline,2021-08-03,2021-08-11\n").as_bytes());
    let before = project.read(name);
    draft(&[]).success();
    let made = project.read(name);
    assert_ne!(made, before);
    let edited = format!("{made}\nA sentence by hand.\n");
    project.write(name, edited.as_bytes());
    project.write("a.csv", LOG.as_bytes());
    let html = project.read("drafts/summary-draft-2021-08-20.html");
    let run = draft(&[]);
    assert!(run.status == 2 && run.stderr.contains("edited since it was written"), "{run:?}");
    assert!(run.stderr.contains(name) && run.stderr.contains("-o"), "{run:?}");
    // Nothing of the run is written.
    assert_eq!((project.read(name), project.read("drafts/summary-draft-2021-08-20.html")), (edited.clone(), html));
    draft(&["-o", "@/other"]).success();
    std::fs::rename(project.path().join(name), project.path().join("drafts/mine.md")).unwrap();
    draft(&[]).success();
    draft(&[]).success();
    assert_eq!(project.read("drafts/mine.md"), edited);
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

/// Bytes that are no text must not become other characters in a paper or a baseline.
#[test]
fn what_duban_wrote_is_read_as_utf8_or_refused() {
    let project = Project::with(&[("duban.yaml", "lang: en\nlogs: [a.csv]\n"), ("a.csv", LOG)]);
    project.write("bytes.json", b"{\"office\": \"\xbc\xd7\"}");
    for arguments in [
        &["draft", "bulletin", "--from-data", "@/bytes.json", "-o", "@/drafts"][..],
        &["merge", "@/bytes.json"],
        &["check", "@/a.csv", "--baseline", "@/bytes.json"],
    ] {
        let run = project.run_lang(Lang::En, arguments);
        assert!(
            run.status == 2 && run.stderr.contains("bytes.json: this is no text in UTF-8"),
            "{arguments:?} {run:?}"
        );
    }
}
