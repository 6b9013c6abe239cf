//! An edited document goes out in the place of its draft: what a proof tells of it is refused or accepted, and the register keeps
//! which.

use serde_json::{Value, json};

use crate::project::{Project, Run};
use crate::word_file::word;

const DAY: &str = "2021-08-20";
const DRAFT: &str = "drafts/bulletin-draft-2021-08-20";

/// The example with a draft.
fn drafted(kind: &[&str]) -> Project {
    let project = Project::example("zhengdong-2021");
    let arguments =
        [&["-q", "draft"][..], kind, &["--all", "--as-of", DAY, "--to", "docx,md,html", "-o", "@/drafts"]].concat();
    project.run(&arguments).success();
    project
}

fn dispatch(project: &Project, kind: &[&str], document: &str, more: &[&str]) -> Run {
    let document = format!("@/{document}");
    let of_kind = [&["dispatch"][..], kind, &["--all", "--as-of", DAY, "--final", &document], more].concat();
    project.run(&of_kind)
}

fn entries(project: &Project) -> Vec<Value> {
    project.run(&["register", "list", "--format", "json"]).success().json().as_array().unwrap().clone()
}

/// The text of a draft without its mark, edited.
fn edited(project: &Project, draft: &str, edits: &[(&str, &str)]) -> String {
    let text = std::fs::read_to_string(project.path().join(format!("{draft}.md"))).unwrap();
    let mut text = text.replacen("draft: true\n", "", 1);
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

/// A draft in Word without its marks, with a change of its main part.
fn edited_word(project: &Project, draft: &str, from: &str, to: &str) -> Vec<u8> {
    word(&project.path().join(format!("{draft}.docx")), &|name, xml| {
        let xml = xml.replace("【草稿】", "");
        if name == "word/document.xml" {
            assert!(xml.contains(from), "{from}");
            return xml.replacen(from, to, 1);
        }
        xml
    })
}

/// What holds of every document that went out as it was edited.
fn is_sound(project: &Project, file: &str, bytes: &[u8]) {
    let path = project.path().join(file);
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "{file}");
    project.run(&["register", "verify"]).success();
    let proof = project.run(&["-q", "proof", path.to_str().unwrap(), "--format", "json"]);
    let report = proof.json();
    assert_eq!((proof.status, &report["not_counted"], &report["drift"]), (0, &Value::Null, &json!([])), "{report}");
    project.run(&["-q", "drift", "--as-of", DAY]).success();
    project.run(&["-q", "trace", path.to_str().unwrap(), "1"]).success();
    assert_eq!(entries(project).last().unwrap()["edited"], true);
}

#[test]
fn an_edited_document_goes_out_as_it_is() {
    for extension in ["docx", "md", "html"] {
        let project = drafted(&["bulletin"]);
        let (from, to) = ("现将有关情况通报如下", "现将具体情况通报如下");
        let bytes = match extension {
            "docx" => edited_word(&project, DRAFT, from, to),
            "md" => edited(&project, DRAFT, &[(from, to)]).into_bytes(),
            _ => {
                let text = std::fs::read_to_string(project.path().join(format!("{DRAFT}.html"))).unwrap();
                text.replace("<span class=\"draft\">【草稿】</span>", "").replacen(from, to, 1).into_bytes()
            }
        };
        project.write(&format!("final.{extension}"), &bytes);
        let run = dispatch(&project, &["bulletin"], &format!("final.{extension}"), &[]);
        assert_eq!(run.status, 0, "{extension}: {}", run.stderr);
        is_sound(&project, &format!("documents/bulletin-2021-016.{extension}"), &bytes);
        let files = std::fs::read_dir(project.path().join("documents")).unwrap().count();
        let last = entries(&project).pop().unwrap();
        assert_eq!((files, &last["accepted"], &last["accepted_why"]), (2, &Value::Null, &Value::Null), "{last}");
        assert_eq!(last["files"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn what_a_proof_tells_is_refused_unless_it_is_accepted_by_its_class() {
    let project = drafted(&["bulletin"]);
    let before = entries(&project).len();
    let edits = [
        ("开展督查59次", "开展督查58次"),
        ("整改率81.3%", "整改率81.3%，同比下降12%"),
        ("限期整改24个", "限期整改23个"),
    ];
    let text = edited(&project, DRAFT, &edits);
    project.write("final.md", text.as_bytes());
    let accept =
        |classes: &str| dispatch(&project, &["bulletin"], "final.md", &["--accept", classes, "--why", "领导定"]);
    for (run, status, told) in [
        (dispatch(&project, &["bulletin"], "final.md", &[]), 1, "--accept changed,new,sums --why"),
        (accept("changed"), 1, "--accept new,sums --why"),
        (accept("changed,new,sums,names"), 2, "--accept names"),
        (accept("changed,new,sums,V109"), 2, "V109"),
        (accept("changed,new,sums,blank"), 2, "blank"),
    ] {
        assert_eq!((run.status, run.stdout.as_str(), entries(&project).len()), (status, "", before), "{}", run.stderr);
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
    }
    assert!(!project.path().join("documents").exists());
    let without = project.run(&["dispatch", "bulletin", "--all", "--as-of", DAY, "--accept", "new", "--why", "x"]);
    assert!(without.status == 2 && without.stderr.contains("--final"), "{}", without.stderr);
    accept("changed,new,sums").success();
    is_sound(&project, "documents/bulletin-2021-016.md", text.as_bytes());
    let last = entries(&project).pop().unwrap();
    let changed = last["accepted_at"]["changed"][0].as_str().unwrap();
    assert!(changed.contains("原为 59，现写 58"), "{last}");
    assert_eq!((&last["accepted"]["changed"], &last["accepted_why"]), (&json!(2), &json!("领导定")), "{last}");
    let shown = project.run(&["register", "list", "-v"]).success().stdout;
    for told in ["第16期  发出的是改定的文件", "第16期  放行 changed 2 处", "理由：领导定"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}

/// Each class by itself: after it was accepted, a proof of the file finds nothing.
#[test]
fn a_document_that_was_accepted_is_clean_afterwards() {
    let cases: [(&str, &[(&str, &str)]); 6] = [
        ("missing", &[("整改率81.3%", "整改情况良好")]),
        ("changed,names", &[("| 贾陈社区 | 2 |  | 1 |", "| 柳园街道办事处 | 2 |  | 2 |")]),
        ("altered", &[("且无交接班签字", "且无交接记录")]),
        ("changed,slips", &[("截至8月20日，已整改", "截至8月32日，已整改")]),
        ("slips,missing", &[("开展督查59次", "开展督查XX次")]),
        ("sums", &[("现将有关情况", "即33=17+15。现将有关情况")]),
    ];
    for (classes, edits) in cases {
        let project = drafted(&["bulletin"]);
        let text = edited(&project, DRAFT, edits);
        project.write("final.md", text.as_bytes());
        let refused = dispatch(&project, &["bulletin"], "final.md", &[]);
        let told: Vec<&str> =
            refused.stderr.rsplit_once("--accept ").unwrap().1.split(' ').next().unwrap().split(',').collect();
        assert!(classes.split(',').all(|class| told.contains(&class)), "{classes}: {}", refused.stderr);
        dispatch(&project, &["bulletin"], "final.md", &["--accept", &told.join(","), "--why", "定"]).success();
        is_sound(&project, "documents/bulletin-2021-016.md", text.as_bytes());
    }
}

#[test]
fn tracked_changes_comments_and_the_mark_of_a_draft_are_never_let_through() {
    let project = drafted(&["bulletin"]);
    let tracked = "开展督查5</w:t></w:r><w:ins w:id=\"2\" w:author=\"a\"><w:r><w:t>8</w:t></w:r></w:ins><w:del w:id=\"1\" w:author=\"a\">\
                   <w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:t xml:space=\"preserve\">次";
    project.write("tracked.docx", &edited_word(&project, DRAFT, "开展督查59次", tracked));
    let of = format!("@/{DRAFT}.figures.json");
    project.write("changed.docx", &edited_word(&project, DRAFT, "开展督查59次", "开展督查58次"));
    let told = project.run(&["-q", "proof", "@/changed.docx", "--of", &of, "--annotate", "@/comment.docx"]);
    assert_eq!(told.status, 1);
    for (file, told) in [
        ("tracked.docx", "修订"),
        ("comment.docx", "批注"),
        ("drafts/bulletin-draft-2021-08-20.docx", "草稿标记"),
        ("drafts/bulletin-draft-2021-08-20.md", "draft: true"),
        ("drafts/bulletin-draft-2021-08-20.html", "草稿标记"),
    ] {
        let accept: &[&str] = if file.starts_with("drafts") { &[] } else { &["--accept", "changed", "--why", "x"] };
        let run = dispatch(&project, &["bulletin"], file, accept);
        assert!(run.status == 1 && run.stderr.contains(told), "{file}: {}", run.stderr);
        assert!(!project.path().join("documents").exists());
    }
}

/// A draft of all letters shows numbers that a letter alone does not take.
#[test]
fn the_number_of_the_document_is_the_one_that_is_taken() {
    let project = drafted(&["reminder"]);
    let unit = "永丰乡人民政府";
    let draft = format!("drafts/reminder-draft-2021-08-20-{unit}");
    let (shown, taken) = ("〔2021〕16号", "〔2021〕15号");
    project.write("shown.md", edited(&project, &draft, &[]).as_bytes());
    project.write("blank.md", edited(&project, &draft, &[(shown, "〔2021〕　号")]).as_bytes());
    for (file, accept) in [("shown.md", &["--accept", "changed", "--why", "x"][..]), ("blank.md", &[])] {
        let run = dispatch(&project, &["reminder"], file, &[&["--unit", unit], accept].concat());
        assert!(
            run.status == 1 && run.stderr.contains(&format!("文号处写 郑东督提醒{taken}")),
            "{file}: {}",
            run.stderr
        );
    }
    let text = edited(&project, &draft, &[(shown, taken), ("现提醒如下", "现将有关情况提醒如下")]);
    project.write("final.md", text.as_bytes());
    dispatch(&project, &["reminder"], "final.md", &["--unit", unit]).success();
    is_sound(&project, &format!("documents/reminder-2021-015-{unit}.md"), text.as_bytes());
}

#[test]
fn one_file_is_one_document_of_one_edition_and_nothing_is_made_beside_it() {
    let project = drafted(&["reminder"]);
    let unit = "永丰乡人民政府";
    let draft = format!("drafts/reminder-draft-2021-08-20-{unit}");
    // Alone it takes the first free number.
    let number = edited(&project, &draft, &[]).lines().find(|line| line.starts_with("number:")).unwrap().to_owned();
    let text = edited(&project, &draft, &[(&number, "number: \"郑东督提醒〔2021〕15号\"")]);
    project.write("final.md", text.as_bytes());
    let run = dispatch(&project, &["reminder"], "final.md", &[]);
    assert!(run.status == 2 && run.stderr.contains("--unit") && run.stderr.contains(unit), "{}", run.stderr);
    let of_unit = |more: &[&str]| dispatch(&project, &["reminder"], "final.md", &[&["--unit", unit], more].concat());
    for (more, told) in [
        (&["--edition", "both"][..], "--edition"),
        (&["--to", "docx"], "--to docx"),
        (&["--together"], "--together"),
        (&["--data"], "--data"),
    ] {
        let run = of_unit(more);
        assert!(run.status == 2 && run.stderr.contains(told), "{more:?}: {}", run.stderr);
    }
    for name in ["final.txt", "final.docm", "final.doc"] {
        project.write(name, text.as_bytes());
        let run = dispatch(&project, &["reminder"], name, &["--unit", unit]);
        assert!(run.status == 2 && run.stderr.contains(".docx"), "{}", run.stderr);
    }
    of_unit(&["--request-id", "r-1"]).success();
    is_sound(&project, &format!("documents/reminder-2021-015-{unit}.md"), text.as_bytes());
    let count = entries(&project).len();
    of_unit(&["--request-id", "r-1"]).success();
    assert_eq!(entries(&project).len(), count);
}

/// What the draft leaves to be filled in is no fault of it, and a reason not to send it out.
#[test]
fn blanks_are_filled_in_before_a_document_goes_out() {
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\nA1,2021-08-03,____社区,消防,楼道堆物,限期整改,2021-08-10\n";
    let config = "lang: zh\noffice: {name: 某办, code: 某}\nlogs: [logs]\n";
    let project = Project::with(&[("duban.yaml", config), ("logs/a.csv", log)]);
    project.run(&["-q", "draft", "bulletin", "--all", "--as-of", DAY, "--to", "md", "-o", "@/drafts"]).success();
    let of_draft = project.run(&["-q", "proof", &format!("@/{DRAFT}.md"), "--format", "json"]);
    let blanks = of_draft.json()["blanks"].as_array().unwrap().len();
    assert!(of_draft.status == 0 && blanks > 1, "{}", of_draft.stdout);
    let text = edited(&project, DRAFT, &[]);
    project.write("final.md", text.as_bytes());
    let run = dispatch(&project, &["bulletin"], "final.md", &[]);
    assert!(run.status == 1 && run.stderr.contains("--accept blanks --why"), "{}", run.stderr);
    dispatch(&project, &["bulletin"], "final.md", &["--accept", "blanks", "--why", "名称待定"]).success();
    assert_eq!(entries(&project).pop().unwrap()["accepted"], json!({"blanks": blanks}));
    is_sound(&project, "documents/bulletin-2021-001.md", text.as_bytes());
    // One that the draft did not have is a slip.
    let more = edited(&project, DRAFT, &[("现将有关情况", "现将____有关情况")]);
    project.write("more.md", more.as_bytes());
    let of = format!("@/{DRAFT}.figures.json");
    let told = project.run(&["-q", "proof", "@/more.md", "--of", &of, "--format", "json"]);
    let report = told.json();
    assert_eq!((told.status, report["slips"].as_array().unwrap().len()), (1, 1), "{report}");
    assert_eq!(report["blanks"].as_array().unwrap().len(), blanks);
}

/// A public edition is searched for what it must not tell, however it got there.
#[test]
fn an_edited_public_edition_is_searched() {
    let log = "编号,发现日期,责任单位,问题描述,整改方式,整改责任人\nA1,2021-08-03,甲社区,楼道堆物,现场整改,欧阳锋\n";
    let config = "lang: zh\noffice: {name: 某办, code: 某}\nlogs: [logs]\n";
    let project = Project::with(&[("duban.yaml", config), ("logs/a.csv", log)]);
    let public = ["--all", "--as-of", DAY, "--edition", "public"];
    project.run(&[&["-q", "draft", "bulletin", "--to", "md", "-o", "@/drafts"], &public[..]].concat()).success();
    let draft = format!("{DRAFT}-公开版");
    let sent = |edits: &[(&str, &str)], accept: &[&str]| {
        let text = edited(&project, &draft, edits);
        project.write("final.md", text.as_bytes());
        (project.run(&[&["dispatch", "bulletin", "--final", "@/final.md"], &public[..], accept].concat()), text)
    };
    let named = [("现将有关情况", "欧阳锋负责整改。现将有关情况")];
    let (run, _) = sent(&named, &["--accept", "names", "--why", "x"]);
    assert!(run.status == 3 && run.stderr.contains("欧阳锋") && entries(&project).is_empty(), "{}", run.stderr);
    let (run, text) = sent(&[("现将有关情况", "现将具体情况")], &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let path = project.path().join("documents/bulletin-2021-001-公开版.md");
    assert_eq!(std::fs::read(&path).unwrap(), text.as_bytes());
    let proof = project.run(&["-q", "proof", path.to_str().unwrap(), "--format", "json"]);
    assert!(proof.status == 0 && proof.json()["not_counted"].is_string(), "{}", proof.stdout);
}
