//! Input meant to harm: nothing panics, hangs or grows without bound, and each gets a clear word.

use std::fmt::Write as _;

use duban::words::lang::Lang;

use crate::project::{Project, run_in};

fn check(name: &str, bytes: &[u8]) -> (u8, Vec<String>) {
    let project = Project::with(&[]);
    project.write(name, bytes);
    let run = project.run(&["check", &format!("@/{name}"), "--format", "json", "--as-of", "2021-08-20"]);
    let codes = run.json()["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["code"].as_str().unwrap().to_owned())
        .collect();
    (run.status, codes)
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let (status, codes) = check("a.csv", b"found_on,unit\n\xff\xff\xff\n");
    assert_eq!((status, codes), (1, vec!["L101".to_owned()]));
    let lone_surrogate = [0xff, 0xfe, 0x00, 0xd8, b'a', 0x00];
    assert_eq!(check("b.csv", &lone_surrogate).1, ["L101"]);
}

#[test]
fn an_empty_file_and_a_file_of_nothing_are_told_apart_from_a_log() {
    assert_eq!(check("a.csv", b""), (0, vec!["L102".to_owned()]));
    assert_eq!(check("a.yaml", b""), (0, vec!["L102".to_owned()]));
    assert_eq!(check("b.csv", b"hello\nworld\n").1, ["L103"]);
    assert_eq!(check("c.csv", b"\0\0\0\0").1, ["L103"]);
    assert_eq!(check("d.yaml", b"just a text").1, ["L110"]);
}

#[test]
fn bombs_of_aliases_and_depth_are_stopped() {
    let mut bomb = "issues:\n- a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(bomb, "  a{level}: &a{level} [{before}]");
    }
    assert!(check("bomb.yaml", bomb.as_bytes()).1.contains(&"L111".to_owned()));
    let deep = format!("issues:\n- unit: {}{}\n", "[".repeat(5000), "]".repeat(5000));
    let codes = check("deep.yaml", deep.as_bytes()).1;
    assert!(codes.iter().any(|code| code == "L111" || code == "L109"), "{codes:?}");
}

#[test]
fn a_quote_that_is_never_closed_is_a_fault_and_not_a_hang() {
    let mut text = b"found_on,unit,category,description,disposition\n2021-08-03,a,b,\"".to_vec();
    text.extend(std::iter::repeat_n(b'x', 3_000_000));
    assert_eq!(check("a.csv", &text).1, ["L112"]);
}

/// Also where no header has been found yet: a file of one line is not called empty.
#[test]
fn what_can_not_be_read_before_the_header_is_told() {
    assert_eq!(check("quote.csv", b"\"found_on,unit\n2021-08-03,a\n").1, ["L112"]);
    let mut columns = b"found_on,unit".to_vec();
    columns.extend(std::iter::repeat_n(b',', 1_000_000));
    assert_eq!(check("columns.csv", &columns).1, ["L111"]);
}

#[test]
fn a_row_of_very_many_cells_is_a_fault() {
    let mut text = b"found_on,unit,category,description,disposition\n2021-08-03,a,b,c,on_site".to_vec();
    text.extend(std::iter::repeat_n(b',', 100_000));
    assert_eq!(check("a.csv", &text).1, ["L111"]);
}

#[test]
fn what_a_terminal_would_obey_never_reaches_it() {
    let log =
        b"found_on,unit,category,description,disposition\n2021-08-03,\x1b[31ma\x07,b,\x1b]0;owned\x07,nowhere\x1b[2J\n";
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["check", "-"][..],
        &["tally", "-", "--by", "unit"],
        &["check", "-", "-v"],
        &["tally", "-", "--by", "disposition", "--format", "md"],
    ] {
        let run = run_in(folder.path(), Lang::En, log, arguments);
        assert!(!run.stdout.contains('\x1b') && !run.stderr.contains('\x1b'), "{arguments:?}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn neither_does_the_name_of_a_file() {
    let name = "\x1b]0;owned\x07.csv";
    let project = Project::with(&[(name, "found_on,unit,category,description,disposition\nsoon,a,b,c,on_site\n")]);
    let (there, gone) = (format!("@/{name}"), format!("@/gone{name}"));
    for arguments in [
        &["check", &there][..],
        &["check", &there, "--against", &gone],
        &["tally", &there, "-v"],
        &["tally", &gone],
        &["tally", &there, "--sheet", "\x1b[2J"],
        &["draft", "summary", &there, "-o", "@/out"],
        &["check", &there, "--fix", "--dry-run"],
        &["check", &there, "--format", "github"],
        &["check", &there, "--format", "html"],
        &["check", &there, "--format", "rdjson"],
        &["check", &there, "--format", "md"],
    ] {
        let run = project.run(arguments);
        assert!(!run.stdout.contains('\x1b') && !run.stderr.contains('\x1b'), "{arguments:?}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_links_to_itself_is_walked_once() {
    let log = "found_on,unit,category,description,disposition\n2021-08-03,a,b,c,on_site\n";
    let project = Project::with(&[("logs/a.csv", log)]);
    std::os::unix::fs::symlink(project.path().join("logs"), project.path().join("logs/again")).unwrap();
    let run = project.run(&["tally", "@/logs", "--format", "json"]).success();
    assert_eq!(run.json()["total"]["found"], 1);
}
