//! A submission beside the one before it: files, folders, revisions; and rows that are let through.

use std::process::Command;

use crate::project::Project;

const HEAD: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,状态,整改完成日期,备注\n";
const OLD: &str = "A,2021-08-03,甲,消防,楼道堆物,限期整改,2021-08-20,整改中,,\n\
                   B,2021-08-03,乙,消防,灭火器过期,限期整改,2021-08-20,已整改,2021-08-10,\n\
                   C,2021-08-03,丙,消防,通道上锁,限期整改,2021-08-20,整改中,,\n";
/// A's deadline is moved, B is open again, C is gone, D is new.
const NEW: &str = "A,2021-08-03,甲,消防,楼道堆物,限期整改,2021-09-20,整改中,,\n\
                   B,2021-08-03,乙,消防,灭火器过期,限期整改,2021-08-20,整改中,,\n\
                   D,2021-08-04,丁,消防,线路老化,限期整改,2021-08-20,整改中,,\n";

fn project(old: &str, new: &str) -> Project {
    let (old, new) = (format!("{HEAD}{old}"), format!("{HEAD}{new}"));
    Project::with(&[("old/log.csv", &old), ("new/log.csv", &new), ("duban.yaml", "lang: zh\nlogs: [new]\n")])
}

/// `R208 new/log.csv:2`, sorted.
fn faults(project: &Project, against: &str) -> Vec<String> {
    let arguments = ["check", "@/new/log.csv", "--against", against, "--as-of", "2021-08-15", "--format", "json"];
    let json = project.run(&arguments).json();
    let mut found: Vec<String> = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| {
            let file = fault["file"].as_str().unwrap().rsplit('/').take(2).collect::<Vec<_>>();
            format!("{} {}/{}:{}", fault["code"].as_str().unwrap(), file[1], file[0], fault["line"])
        })
        .collect();
    found.sort();
    found
}

#[test]
fn what_was_changed_in_silence_is_told() {
    let changed = project(OLD, NEW);
    let expected = ["R208 new/log.csv:2", "R209 old/log.csv:4", "R210 new/log.csv:3"];
    assert_eq!(faults(&changed, "@/old"), expected);
    assert_eq!(faults(&changed, "@/old/log.csv"), expected);
    assert!(faults(&project(OLD, OLD), "@/old").is_empty());
}

#[test]
fn rows_without_ids_are_known_by_what_they_say() {
    let anonymous = |text: &str| text.replace("A,", ",").replace("B,", ",").replace("C,", ",").replace("D,", ",");
    let changed = project(&anonymous(OLD), &anonymous(NEW));
    assert_eq!(faults(&changed, "@/old"), ["R208 new/log.csv:2", "R209 old/log.csv:4", "R210 new/log.csv:3"]);
}

/// The identity is the one that letters go by: a category, a status or a row number is no part of it.
#[test]
fn rows_that_moved_or_were_filed_otherwise_are_not_gone() {
    let old = OLD.replace("A,", "1,").replace("B,", "2,").replace("C,", "3,");
    let new = "1,2021-08-03,丙,消防,通道 上锁。,限期整改,2021-08-20,整改中,,\n\
               2,2021-08-04,丁,消防,新的问题,限期整改,2021-08-20,整改中,,\n\
               3,2021/8/3,甲,用电,楼道堆物,限期整改,2021-08-20,整改中,,\n\
               4,8月3日,乙,消防,灭火器过期,限期整改,2021-08-20,整改中,,\n";
    assert_eq!(faults(&project(&old, new), "@/old"), ["R210 new/log.csv:5"]);
    // Two letters' worth of one id: only while something agrees is it the same issue.
    let reused = "A,2021-08-09,丁,消防,别的问题,限期整改,2021-09-20,整改中,,\n";
    let (first, _) = OLD.split_once('\n').unwrap();
    assert_eq!(faults(&project(&format!("{first}\n"), reused), "@/old"), ["R209 old/log.csv:2"]);
}

#[test]
fn an_extension_with_leave_and_an_open_admission_pass() {
    let new = NEW.replacen(",整改中,,", ",整改中,,duban: allow R208 because 8月18日批准延期", 1).replace(
        "B,2021-08-03,乙,消防,灭火器过期,限期整改,2021-08-20,整改中",
        "B,2021-08-03,乙,消防,灭火器过期,限期整改,2021-08-20,重启",
    );
    let new = format!("{new}C,2021-08-03,丙,消防,通道上锁,限期整改,2021-08-20,撤销,,误登\n");
    assert_eq!(faults(&project(OLD, &new), "@/old"), [""; 0]);
}

/// The revision is that of the folder that `check` runs in: a process of its own.
#[test]
fn a_revision_of_git_is_an_earlier_submission() {
    let project = project(OLD, OLD);
    let git = |arguments: &[&str]| {
        let run = Command::new("git")
            .current_dir(project.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    git(&["init", "-q"]);
    std::fs::remove_dir_all(project.path().join("old")).unwrap();
    project.write("new/gone.csv", format!("{HEAD}{}", OLD.replace("A,", "X,").lines().next().unwrap()).as_bytes());
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "one"]);
    std::fs::remove_file(project.path().join("new/gone.csv")).unwrap();
    project.write("new/log.csv", format!("{HEAD}{NEW}").as_bytes());
    let check = |revision: &str| {
        Command::new(env!("CARGO_BIN_EXE_duban"))
            .current_dir(project.path())
            .args(["check", "--against", revision, "--as-of", "2021-08-15", "--format", "json"])
            .output()
            .unwrap()
    };
    let json: serde_json::Value = serde_json::from_slice(&check("git:HEAD").stdout).unwrap();
    let mut found: Vec<String> = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| {
            format!("{} {}:{}", fault["code"].as_str().unwrap(), fault["file"].as_str().unwrap(), fault["line"])
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        ["R208 new/log.csv:2", "R209 HEAD:new/gone.csv:2", "R209 HEAD:new/log.csv:4", "R210 new/log.csv:3",]
    );
    for wrong in ["git:nosuch", "git:--output=x"] {
        assert_eq!(check(wrong).status.code(), Some(2), "{wrong}");
    }
}

#[test]
fn an_allowance_that_nothing_needs_is_told() {
    let new = "A,2021-08-03,甲,消防,楼道堆物,限期整改,2021-08-20,已销号,,duban: allow R204、R206 因为纸质已归档\n";
    let project = project(OLD, new);
    let json = project.run(&["check", "@/new", "--as-of", "2021-08-15", "--format", "json"]).json();
    let list = json["diagnostics"].as_array().unwrap();
    assert_eq!(list.len(), 1, "{json}");
    assert!(list[0]["code"] == "L113" && list[0]["message"].as_str().unwrap().contains("R206"), "{json}");
}

/// Mending changes spellings and no figure; a second time there is nothing to mend.
#[test]
fn mending_changes_no_figure() {
    let project = Project::example("zhengdong-2021");
    let tally = || project.run(&["tally", "--by", "unit,category", "--as-of", "2021-08-20", "--format", "json"]).stdout;
    let logs = || {
        let mut files: Vec<_> =
            std::fs::read_dir(project.path().join("logs")).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        files.iter().map(|path| std::fs::read(path).unwrap()).collect::<Vec<_>>()
    };
    let (before, bytes) = (tally(), logs());
    let shown = project.run(&["check", "--fix", "--dry-run", "--as-of", "2021-08-20"]).success();
    assert!(shown.stdout.contains("\n@@ -") && bytes == logs(), "a dry run shows and changes nothing");
    let run = project.run(&["check", "--fix", "--as-of", "2021-08-20"]).success();
    assert!(run.stderr.contains("已改正"), "{}", run.stderr);
    assert_ne!(bytes, logs());
    assert_eq!(before, tally());
    let mended = logs();
    project.run(&["check", "--fix", "--as-of", "2021-08-20"]).success();
    assert_eq!(mended, logs());
}

/// A baseline knows a fault by its row: rows above may come and go, a row that was altered is new.
#[test]
fn a_baseline_passes_over_what_it_knows() {
    let bad = "A,2021-13-40,甲,消防,楼道堆物,限期整改,2021-08-20,整改中,,\n";
    let project = project("", bad);
    let check = |more: &[&str]| {
        let mut arguments = vec!["check", "@/new", "--as-of", "2021-08-15"];
        arguments.extend(more);
        project.run(&arguments)
    };
    assert_eq!(check(&[]).status, 1);
    check(&["--write-baseline", "@/known.json"]).success();
    assert_eq!(check(&["--baseline", "@/known.json"]).success().stdout, "");
    project.write("new/log.csv", format!("{HEAD}{}{bad}", OLD.lines().nth(1).unwrap().to_owned() + "\n").as_bytes());
    check(&["--baseline", "@/known.json"]).success();
    // The same fault a second time, and a fault in another row.
    project.write("new/log.csv", format!("{HEAD}{bad}{}", bad.replace("甲", "乙").replace("A,", "B,")).as_bytes());
    let run = check(&["--baseline", "@/known.json"]);
    assert_eq!((run.status, run.stdout.matches("error[V101]").count()), (1, 1), "{}", run.stdout);
    project.write("new/log.csv", format!("{HEAD}{}", OLD.lines().next().unwrap()).as_bytes());
    assert!(check(&["--baseline", "@/known.json"]).success().stderr.contains("1 处已不存在"));
    assert_eq!(check(&["--baseline", "@/new/log.csv"]).status, 2);
}

/// A part of a workbook.
fn part(workbook: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut package.by_name(name).unwrap(), &mut text).unwrap();
    text
}

/// The table back with its faults marked: every cell as it was, the faulty one with a comment, and a last column.
#[test]
fn a_table_comes_back_with_its_faults_marked() {
    let bad = "A,2021-13-40,=1+1,消防,\"楼道,堆物\",限期整改,2021-08-20,整改中,,\n";
    let project = project("", &format!("{bad}{}", OLD.lines().nth(1).unwrap()));
    let run = project.run(&["check", "@/new", "--as-of", "2021-08-15", "--allow", "V117", "--annotate", "@/back.xlsx"]);
    assert_eq!(run.status, 1);
    let bytes = std::fs::read(project.path().join("back.xlsx")).unwrap();
    let part = |name: &str| part(&bytes, name);
    let strings = part("xl/sharedStrings.xml");
    for text in ["楼道,堆物", "=1+1", "需要改正的问题", "V101 "] {
        assert!(strings.contains(text), "{text}: {strings}");
    }
    assert!(!part("xl/worksheets/sheet1.xml").contains("<f>"), "no cell is a formula");
    let comments = part("xl/comments1.xml");
    assert!(comments.contains("ref=\"B2\"") && comments.matches("<comment ").count() == 1, "{comments}");
    let again =
        project.run(&["check", "@/new", "--as-of", "2021-08-15", "--allow", "V117", "--annotate", "@/again.xlsx"]);
    assert_eq!((again.status, std::fs::read(project.path().join("again.xlsx")).unwrap()), (1, bytes));
}

/// A YAML log comes back as a table: a row for each record, its line first, and the faults at the values.
#[test]
fn a_yaml_log_comes_back_as_a_table() {
    let log = "\
found_on: 2021-13-40
issues:
- {id: A, unit: =1+1, category: [消防, 卫生], description: 楼道堆物, disposition: 现场整该, note2: x}
- {id: B, unit: 乙, category: 消防, description: 积水, disposition: on_site, found_on: 2021-08-03}
";
    let project = project("", "");
    project.write("log.yaml", log.as_bytes());
    let run = project.run(&["check", "@/log.yaml", "--as-of", "2021-08-15", "--annotate", "@/back.xlsx"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    let bytes = std::fs::read(project.path().join("back.xlsx")).unwrap();
    let part = |name: &str| part(&bytes, name);
    let strings = part("xl/sharedStrings.xml");
    for text in ["行", "发现日期", "消防、卫生", "=1+1", "note2"] {
        assert!(strings.contains(&format!(">{text}<")), "{text}: {strings}");
    }
    let comments = part("xl/comments1.xml");
    // Row 2 is the first record: its day comes from the head of the file.
    assert!(comments.matches("<comment ").count() == 2, "{comments}");
    let marked = |code: &str| {
        let at = comments.find(code).unwrap_or_else(|| panic!("{code}: {comments}"));
        let start = comments[..at].rfind("ref=\"").unwrap() + 5;
        comments[start..start + 2].to_owned()
    };
    assert!(marked("V101").ends_with('2') && marked("V102").ends_with('2'), "{comments}");
    assert_ne!(marked("V101"), marked("V102"));
}
