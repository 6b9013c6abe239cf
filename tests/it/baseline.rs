//! Baselines: what was accepted is known again wherever it stands, and nothing else is.

use proptest::prelude::*;
use serde_json::Value;

use crate::project::{Project, Run};
use crate::workbook::{Sheet, workbook};

const CONFIG: &str = "lang: zh
units: [{name: 金光路街道办事处, aliases: [金光路办事处]}, 贾陈社区]
categories: [消防安全, 环境卫生]
";

const HEAD: &str = "编号,检查日期,责任单位,问题类别,问题描述,整改方式,整改期限,状态,整改完成日期";

/// Faulty rows: of values, of rules within a row, of two rows, of a row that is too short.
const FAULTY: [&str; 14] = [
    "A1,2021-13-40,贾陈社区,消防安全,甲,现场整改,,已整改,2021-08-03",
    "A2,2021-08-03,贾陈社区,消防安全,乙,现场整该,,已整改,2021-08-03",
    "A3,2021-08-03,贾陈社区,消防安全,丙,现场整改,,已正改,2021-08-03",
    "A5,2021-08-03,贾陈小区,消防安全,戊,现场整改,,已整改,2021-08-03",
    "A6,2021-08-03,贾陈社区,消防安拳,己,现场整改,,已整改,2021-08-03",
    "A9,2021-08-03,,消防安全,壬,现场整改,,已整改,2021-08-03",
    "B1,2021-08-03,贾陈社区,消防安全,癸,限期整改,尽快,整改中,",
    "B3,2021-08-03,贾陈社区,消防安全,丑,限期整改,2021-08-01,整改中,",
    "B4,2021-08-03,贾陈社区,消防安全,寅,限期整改,,整改中,",
    "B6,2021-08-03,贾陈社区,消防安全,辰,限期整改,2021-08-10,已销号,",
    "C1,2021-08-03,贾陈社区,消防安全,午,现场整改,,已整改,2021-08-03",
    "C1,2021-08-04,贾陈社区,消防安全,未,现场整改,,已整改,2021-08-04",
    "C1,2021-08-05,贾陈社区,消防安全,申,现场整改,,已整改,2021-08-05",
    "C4,2021-08-03,贾陈社区,环境卫生,电话13800138000,现场整改,,已整改,2021-08-03",
];

const SOUND: [&str; 2] = [
    "D1,2021-08-03,贾陈社区,消防安全,酉,现场整改,,已整改,2021-08-03",
    "D2,2021-08-03,贾陈社区,环境卫生,戌,限期整改,2021-09-01,整改中,",
];

fn log(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn project(log: &str) -> Project {
    Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", log)])
}

fn check(project: &Project, more: &[&str]) -> Run {
    project.run(&[&["check", "--as-of", "2021-08-20", "--format", "json"], more].concat())
}

fn accept(project: &Project) {
    check(project, &["@/logs", "--write-baseline", "@/known.json"]).success();
}

/// The codes and lines that are not known.
fn new(project: &Project, paths: &[&str]) -> Vec<String> {
    found(&check(project, &[paths, &["--baseline", "@/known.json"]].concat()))
}

fn found(run: &Run) -> Vec<String> {
    let list = run.json()["diagnostics"].as_array().unwrap().clone();
    list.iter().map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["line"])).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn what_was_accepted_is_known_wherever_it_stands() {
    let all = log(&FAULTY);
    let project = project(&all);
    assert_eq!(check(&project, &["@/logs"]).status, 1);
    accept(&project);
    assert_eq!(new(&project, &["@/logs"]), NOTHING);

    let mut turned = FAULTY;
    turned.reverse();
    let below: Vec<&str> = SOUND.iter().chain(&turned).copied().collect();
    let wider = all.lines().enumerate().map(|(at, line)| match at {
        0 => format!("备用,{line},点位,整改责任人"),
        _ => format!("x{at},{line},{at}号楼,张三"),
    });
    let wider: Vec<String> = wider.collect();
    let (gb, _, _) = encoding_rs::GB18030.encode(&all);
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(all.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let quoted: Vec<String> = all
        .lines()
        .map(|line| line.split(',').map(|cell| format!("\"{cell} \"")).collect::<Vec<_>>().join(","))
        .collect();
    for (what, bytes) in [
        ("sorted otherwise", log(&turned).into_bytes()),
        ("rows above", log(&below).into_bytes()),
        ("GB18030", gb.into_owned()),
        ("UTF-16", utf16),
        ("line ends", all.replace('\n', "\r\n").into_bytes()),
        ("quotes and blanks", quoted.join("\n").into_bytes()),
        (
            "days spelt otherwise",
            all.replace("2021-08-03", "2021年8月3日").replace("2021-08-10", "2021/8/10").into_bytes(),
        ),
        ("title", format!("台账\n{all}").into_bytes()),
        ("the status went on", all.replace("整改中", "已上报").into_bytes()),
    ] {
        project.write("logs/a.csv", &bytes);
        assert_eq!(new(&project, &["@/logs"]), NOTHING, "{what}");
    }
    project.write("logs/a.csv", wider.join("\n").as_bytes());
    assert_eq!(new(&project, &["@/logs"]), ["L105 1"], "the new column is unknown, and that is all");

    std::fs::remove_file(project.path().join("logs/a.csv")).unwrap();
    let sheet = Sheet { name: "8月", text: &all, hidden: vec![], struck: vec![] };
    project.write("logs/b.xlsx", &workbook(&[sheet]));
    assert_eq!(new(&project, &["@/logs"]), NOTHING, "saved as a workbook");
    std::fs::remove_file(project.path().join("logs/b.xlsx")).unwrap();
    project.write("moved/第一组.csv", all.as_bytes());
    assert_eq!(new(&project, &["@/moved"]), NOTHING, "moved");
}

#[test]
fn what_was_accepted_is_known_wherever_the_command_runs() {
    let project = project(&log(&FAULTY));
    // A fault of the file as a whole, too.
    project.write("logs/b.csv", "发现日期,责任单位,问题描述\n2021-08-03,贾陈社区,甲\n".as_bytes());
    accept(&project);
    let root = project.path().canonicalize().unwrap();
    for (folder, arguments) in [
        ("logs", &["--baseline", "../known.json", "."][..]),
        ("logs", &["--baseline", "../known.json", "b.csv", "../logs/a.csv"]),
        (".", &["--baseline", "known.json", "./logs"]),
        (".", &["--baseline", "known.json", root.join("logs").to_str().unwrap()]),
        (
            "..",
            &[
                "-C",
                root.to_str().unwrap(),
                "--baseline",
                root.join("known.json").to_str().unwrap(),
                root.join("logs").to_str().unwrap(),
            ],
        ),
    ] {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_duban"))
            .args(["check", "--as-of", "2021-08-20", "--format", "json"])
            .args(arguments)
            .current_dir(root.join(folder))
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!((run.status.code(), &report["diagnostics"]), (Some(0), &serde_json::json!([])), "{arguments:?}");
    }
}

#[test]
fn what_is_new_shows() {
    let project = project(&log(&FAULTY));
    accept(&project);
    for (from, to, expected) in [
        ("2021-13-40", "2021-13-41", "V101 2"),
        ("现场整该", "现场整盖", "V102 3"),
        ("贾陈小区", "贾陈小小区", "V105 5"),
        ("尽快", "从速", "V110 8"),
        ("13800138000", "13800138001", "P302 15"),
        ("丑,限期整改,2021-08-01", "丑,限期整改,2021-07-31", "R201 9"),
        ("寅,限期", "寅寅,限期", "R202 10"),
    ] {
        project.write("logs/a.csv", log(&FAULTY).replace(from, to).as_bytes());
        assert_eq!(new(&project, &["@/logs"]), [expected], "{from} to {to}");
    }
    // One mended, and the same fault in another row.
    let other = log(&FAULTY).replace("壬,现场整改", "壬壬,现场整改");
    project.write("logs/a.csv", other.as_bytes());
    assert_eq!(new(&project, &["@/logs"]), ["V109 7"]);
    // The same id once more, and the same row in another file: as often as it was there, and no more.
    project.write(
        "logs/a.csv",
        log(&[&FAULTY[..], &["C1,2021-08-06,贾陈社区,消防安全,亥,现场整改,,已整改,2021-08-06"]].concat()).as_bytes(),
    );
    assert_eq!(new(&project, &["@/logs"]), ["L108 16"]);
    project.write("logs/a.csv", log(&FAULTY).as_bytes());
    project.write("logs/0.csv", log(&["Z9,2021-08-03,贾陈社区,消防安全,乙,现场整该,,已整改,2021-08-03"]).as_bytes());
    let shown = check(&project, &["@/logs", "--baseline", "@/known.json"]).json();
    let new: Vec<&Value> =
        shown["diagnostics"].as_array().unwrap().iter().filter(|one| one["code"] == "V102").collect();
    assert!(new.len() == 1 && new[0]["file"].as_str().unwrap().ends_with("0.csv"), "{shown}");
}

#[test]
fn a_fault_of_a_file_is_not_that_of_another() {
    let no_rows = format!("{HEAD}\n");
    let project = project(&no_rows);
    accept(&project);
    assert_eq!(new(&project, &["@/logs"]), NOTHING);
    project.write("logs/b.csv", no_rows.as_bytes());
    assert_eq!(new(&project, &["@/logs/b.csv"]), ["L102 1"], "a.csv is still there");
    std::fs::remove_file(project.path().join("logs/a.csv")).unwrap();
    assert_eq!(new(&project, &["@/logs/b.csv"]), NOTHING, "b.csv may be a.csv by another name");
}

#[test]
fn a_baseline_of_the_first_version_is_still_read() {
    let row = "A2,2021-08-03,贾陈社区,消防安全,乙,现场整该,,已整改,2021-08-03";
    let project = project(&log(&[row]));
    let name = project.path().join("logs/a.csv").to_string_lossy().replace('\\', "/");
    let hash = &duban::digest::of(row.as_bytes())[..16];
    let known = serde_json::json!({
        "version": 1, "faults": [{"file": name, "code": "V102", "row": hash, "count": 1}]
    });
    project.write("known.json", known.to_string().as_bytes());
    assert_eq!(new(&project, &["@/logs"]), NOTHING);
    project.write("logs/a.csv", log(&[row, FAULTY[0]]).as_bytes());
    assert_eq!(new(&project, &["@/logs"]), ["V101 3"]);
    project.write("known.json", br#"{"version": 3, "faults": []}"#);
    let run = project.run(&["check", "@/logs", "--baseline", "@/known.json"]);
    assert!(run.status == 2 && run.stderr.contains("version 3"), "{run:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A baseline of some rows leaves nothing of them in any order; what is beyond it shows, as often as it is there.
    #[test]
    fn a_baseline_has_what_it_was_made_of_and_nothing_else(
        rows in proptest::collection::vec(0..FAULTY.len(), 1..12).prop_shuffle(),
        added in 0..7_usize,
        at in any::<prop::sample::Index>(),
        crlf in any::<bool>(),
    ) {
        let before: Vec<&str> = rows.iter().map(|row| FAULTY[*row]).collect();
        let mut sorted = before.clone();
        sorted.sort_unstable();
        let project = project(&log(&before));
        accept(&project);
        let end = if crlf { "\r\n" } else { "\n" };
        project.write("logs/a.csv", log(&sorted).replace('\n', end).as_bytes());
        prop_assert_eq!(new(&project, &["@/logs"]), NOTHING);
        // The same with one more row that is faulty by itself, and not there yet.
        let more = FAULTY[added].replacen(",现场", "新,现场", 1).replacen(",限期", "新,限期", 1).replacen(&FAULTY[added][..2], "N0", 1);
        let place = at.index(sorted.len() + 1);
        sorted.insert(place, &more);
        project.write("logs/a.csv", log(&sorted).as_bytes());
        let shown = new(&project, &["@/logs"]);
        prop_assert_eq!(shown.len(), 1, "{:?}", shown);
        prop_assert!(shown[0].ends_with(&format!(" {}", place + 2)), "{:?} {}", shown, place);
    }
}
