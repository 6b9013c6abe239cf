//! The public edition: nothing that is to be kept back is left in any file, wherever in it.

use std::io::Read as _;
use std::path::Path;

use crate::kinds::{drafted, every_format};
use crate::project::Project;
use crate::word_template::{p, table, word};

const LOG: &str = "\
督查方式,编号,检查时间,检查组,责任单位,点位,问题类别,问题描述,整改方式,整改时限,整改情况,责任人,联系电话,备注,举报人,举报人住址
过筛式督查,SM-001,2021-08-11,第一工作专班,金光路街道办事处,金光路东卡口,卡口防控,楼长张三丰反映登记表缺页，手机13800138000。,限期整改,2021-08-14,张三丰、欧阳锋正在补登,张三丰,0371-66667777,仅供内部掌握的说明,钱掌柜,柳园路九号院三单元
过筛式督查,SM-002,2021-08-12,第一工作专班,清溪路街道办事处,清溪路润园小区,区域管控,\"张无忌（11010519491231002X）未测温，钱掌柜在场。\",限期整改,2021-08-14,,张无忌,,,,
";

const SECRETS: [&str; 9] = [
    "张三丰",
    "欧阳锋",
    "张无忌",
    "钱掌柜",
    "13800138000",
    "11010519491231002X",
    "66667777",
    "仅供内部掌握的说明",
    "九号院",
];

fn project() -> Project {
    let project = Project::example("zhengdong-2021");
    // Whom progress alone names is known as the leader of another issue.
    let log =
        LOG.replace(",举报人,", ",责任领导,举报人,").replace("说明,钱", "说明,欧阳锋,钱").replace(",,,,\n", ",,,,,\n");
    project.write("logs/08-private.csv", log.as_bytes());
    project
}

/// Every text of a file: of a package those of its parts, tags taken out, and as they are.
fn texts(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned() + &texts_of(std::fs::read(path).unwrap())
}

fn texts_of(bytes: Vec<u8>) -> String {
    let mut all = String::new();
    let mut add = |text: &str| {
        let (mut plain, mut inside) = (String::new(), false);
        for c in text.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => plain.push(c),
                _ => {}
            }
        }
        all.push_str(text);
        all.push_str(&plain);
    };
    if bytes.starts_with(b"PK") {
        let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        for index in 0..package.len() {
            let mut part = Vec::new();
            package.by_index(index).unwrap().read_to_end(&mut part).unwrap();
            // The workbook of a chart is a package of its own.
            add(&if part.starts_with(b"PK") { texts_of(part) } else { String::from_utf8(part).unwrap() });
        }
    } else {
        add(&String::from_utf8(bytes).unwrap());
    }
    all
}

#[test]
fn nothing_private_is_left_in_any_kind_or_format() {
    let project = project();
    let mut seen = 0;
    for kind in drafted() {
        let run = project.run(&[
            "draft",
            kind,
            "--as-of",
            "2021-08-20",
            "--edition",
            "public",
            "--to",
            &every_format(),
            "--together",
        ]);
        assert_eq!(run.status, 0, "{kind}: {run:?}");
        for line in run.stdout.lines() {
            let text = texts(&project.path().join(line));
            for secret in SECRETS {
                assert!(!text.contains(secret), "{kind}: {line} holds {secret}");
            }
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn the_internal_edition_holds_it_and_the_aliases_stand_in_its_place() {
    let project = project();
    let run = |edition: &str| {
        let run = project.run(&["draft", "ledger", "--as-of", "2021-08-20", "--edition", edition, "--to", "md"]);
        assert_eq!(run.status, 0, "{run:?}");
        texts(&project.path().join(run.stdout.lines().next().unwrap()))
    };
    let internal = run("internal");
    for secret in ["张三丰", "张无忌", "13800138000", "仅供内部掌握的说明"] {
        assert!(internal.contains(secret), "{secret}");
    }
    let public = run("public");
    for alias in ["楼长张某1反映", "手机138\\*\\*\\*\\*8000", "张某2（110105", "某人在场"] {
        assert!(public.contains(alias), "{alias} is not in\n{public}");
    }
}

#[test]
fn what_a_template_gives_away_stops_the_run() {
    let project = project();
    let template = "---\ntitle: '通报'\n---\n共{{ count() }}个。楼长张三丰反映的情况已经核实。\n";
    project.write("report-templates/notice/zh.md", template.as_bytes());
    let run = project.run(&["draft", "notice", "--as-of", "2021-08-20", "--edition", "public", "--to", "docx"]);
    assert_eq!(run.status, 3, "{run:?}");
    assert!(run.stderr.contains("word/document.xml") && run.stderr.contains("张三丰"), "{}", run.stderr);
    assert!(
        !project.path().join("drafts").exists() || project.path().join("drafts").read_dir().unwrap().next().is_none()
    );
    let run = project.run(&["draft", "notice", "--as-of", "2021-08-20", "--to", "docx"]);
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn the_register_knows_what_a_public_edition_does_not_show() {
    let project = project();
    let config = std::fs::read_to_string(project.path().join("duban.yaml")).unwrap();
    project.write("duban.yaml", format!("{config}\nprivacy: {{unit: mask}}\n").as_bytes());
    let run = project.run(&[
        "dispatch",
        "reminder",
        "--as-of",
        "2021-08-20",
        "--edition",
        "public",
        "--unit",
        "金光路街道办事处",
        "--to",
        "md",
    ]);
    assert_eq!(run.status, 0, "{run:?}");
    let name = run.stdout.lines().next().unwrap();
    assert!(name.contains("某街道办事处") && !name.contains("金光路"), "{name}");
    let entries = project.run(&["register", "list", "--format", "json"]).json();
    let last = entries.as_array().unwrap().last().unwrap();
    assert_eq!(last["unit"], "金光路街道办事处");
}

/// Both editions are the documents that each would be alone; dispatched, they have one number and one entry.
#[test]
fn both_editions_stand_under_one_number() {
    let project = project();
    let run = |command: &str, edition: &str, more: &[&str]| {
        let args = [command, "reminder", "--as-of", "2021-08-20", "--edition", edition, "--to", "md,docx"];
        let run = project.run(&[&args, more].concat());
        assert_eq!(run.status, 0, "{run:?}");
        run
    };
    let files = |run: &crate::project::Run| -> std::collections::BTreeMap<String, Vec<u8>> {
        // What was asked for is another thing.
        let asked = |bytes: Vec<u8>| match String::from_utf8(bytes) {
            Ok(text) => text.replace(",\n    \"public_too\": true", "").into_bytes(),
            Err(error) => error.into_bytes(),
        };
        let read = |name: &str| (name.to_owned(), asked(std::fs::read(project.path().join(name)).unwrap()));
        run.stdout.lines().map(read).collect()
    };
    let mut alone = files(&run("draft", "internal", &["--together"]));
    alone.extend(files(&run("draft", "public", &["--together"])));
    let both = files(&run("draft", "both", &["--together"]));
    assert_eq!(both.keys().collect::<Vec<_>>(), alone.keys().collect::<Vec<_>>());
    assert!(both == alone);

    let unit = ["--unit", "金光路街道办事处"];
    let dispatched = run("dispatch", "both", &unit);
    let names: Vec<&str> = dispatched.stdout.lines().collect();
    assert_eq!(names.len(), 6, "{names:?}");
    assert_eq!(names.iter().filter(|name| name.contains("-公开版.")).count(), 3);
    let entries = project.run(&["register", "list", "--format", "json"]).json();
    let entries = entries.as_array().unwrap();
    let number = entries.last().unwrap()["number"].as_str().unwrap();
    assert_eq!(entries.iter().filter(|entry| entry["number"] == number).count(), 1);
    for name in names.iter().filter(|name| name.ends_with(".md")) {
        let text = texts(&project.path().join(name));
        assert!(text.contains(number), "{name}");
        assert_eq!(text.contains("张三丰"), !name.contains("公开版"), "{name}");
    }
    assert_eq!(project.run(&["register", "verify"]).status, 0);
    let refused = project.run(&["draft", "reminder", "--as-of", "2021-08-20", "--edition", "both", "--data"]);
    assert_eq!(refused.status, 2, "{refused:?}");
}

/// The office's own paper is filled from the same rows, and what stands in it by itself is searched too.
#[test]
fn the_offices_own_paper_gives_nothing_away() {
    let project = project();
    let kind = |frame: &[u8]| {
        project
            .write("report-templates/notice/kind.yaml", "title: 通报\nframe: ours.docx\nformats: [docx]\n".as_bytes());
        project.write("report-templates/notice/zh.md", "---\ntitle: 通报\n---\n如下。\n".as_bytes());
        project.write("report-templates/notice/ours.docx", frame);
        project.run(&["draft", "notice", "--as-of", "2021-08-20", "--edition", "public"])
    };
    let body = p("{{ body }}")
        + &table(
            "{%tr for i in issues(unit=\"金光路街道办事处\") %}||||\n{{ i.description }}||{{ i.responsible or \"-\" }}||{{ i.progress or \"-\" }}\n{%tr endfor %}||||",
        )
        + &p("{{p table(rows=\"unit\", columns=\"category\") }}");
    let run = kind(&word(&body, &p("{{ title }}"), ""));
    assert_eq!(run.status, 0, "{run:?}");
    let made = texts(&project.path().join(run.stdout.lines().next().unwrap()));
    assert!(made.contains("楼长张某1反映"), "{made}");
    for secret in SECRETS {
        assert!(!made.contains(secret), "{secret} in\n{made}");
    }
    let run = kind(&word(&body, &p("{{ title }}"), &p("张三丰<审")));
    assert_eq!(run.status, 3, "{run:?}");
    assert!(run.stderr.contains("word/footnotes.xml") && run.stderr.contains("张三丰"), "{}", run.stderr);
}

/// Names as people write them, names of units that a person's is a part of, and numbers in every spelling.
#[test]
fn spellings_give_nothing_away_and_names_of_units_stay() {
    let head = "编号,发现日期,责任单位,点位,问题类别,问题描述,整改方式,整改期限,责任人\n";
    let row = |n: u32, unit: &str, text: &str, person: &str| {
        format!("WT-{n},2021-08-03,{unit},黄河路口,消防,{text},限期整改,2021-08-10,{person}\n")
    };
    let log = [
        head.to_owned(),
        row(1, "黄河路办事处", "黄河路段灭火器过期，与李四核实，电话138 0013 8000", "李 四"),
        row(2, "黄河路办事处", "赵六七说明，家住花园路1号院3号楼", "主任赵六七"),
        row(3, "黄河路办事处", "买买提•艾力在场，由买买提艾力签字，１３９－００１３－９０００", "买买提·艾力"),
        row(4, "郑东社区", "john smith was there、豫A·12345", "John Smith"),
        row(5, "郑东社区", "早高峰时段占道，由黄 河说明", "高峰、黄河"),
        row(6, "郑东社区", "郑东，在场", "郑东"),
        row(7, "郑东社区", "由张伟国、劉德順说明", "張偉國、刘德顺"),
    ]
    .concat();
    let config = "lang: zh\noffice: {name: 郑东新区督查室}\nlogs: [log.csv]\n";
    let project = Project::with(&[("duban.yaml", config), ("log.csv", &log)]);
    let run = project.run(&["draft", "bulletin", "--edition", "public", "--to", "md,docx", "-o", "@/out"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("log.csv:6 内容里的“高峰”与人名相同"), "{}", run.stderr);
    let mut seen = 0;
    for entry in std::fs::read_dir(project.path().join("out")).unwrap() {
        let path = entry.unwrap().path();
        // The hashes of the others.
        if path.ends_with(".duban-drafts.json") {
            continue;
        }
        let text = texts(&path);
        seen += 1;
        for secret in [
            "李四",
            "李 四",
            "赵六七",
            "艾力",
            "john smith",
            "黄 河",
            "138 0013",
            "１３９－",
            "花园路",
            "张伟国",
            "張偉國",
            "劉德順",
            "12345",
            "13800138000",
        ] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    assert_eq!(seen, 3);
    let text = std::fs::read_to_string(project.path().join(run.stdout.lines().next().unwrap())).unwrap();
    for kept in ["黄河路办事处", "黄河路段", "郑东社区", "郑东新区督查室"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
}

/// What only may be a name stops the dispatch of a public edition, and of no other.
#[test]
fn a_doubtful_name_stops_a_public_dispatch() {
    let head = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,责任人\n";
    let log = |text: &str| format!("{head}WT-1,2021-08-03,甲社区,消防,{text},限期整改,2021-08-20,王五\n");
    let config = "lang: zh\nlogs: [log.csv]\n";
    let dispatch = |text: &str, more: &[&str]| {
        let project = Project::with(&[("duban.yaml", config), ("log.csv", &log(text))]);
        let arguments = ["dispatch", "bulletin", "--as-of", "2021-08-12", "--to", "md"];
        let run = project.run(&[&arguments[..], more].concat());
        (run.status, run.stderr)
    };
    for text in ["王局长到场", "小王说已改", "据老王反映", "王某在场", "请王主任签字"] {
        let (status, told) = dispatch(text, &["--edition", "public"]);
        assert!(status == 1 && told.contains("P303"), "{text}: {told}");
        assert_eq!(dispatch(text, &[]).0, 0, "{text}");
        let accepted = dispatch(text, &["--edition", "public", "--accept", "P303", "--why", "已核实，不是同一人"]);
        assert_eq!(accepted.0, 0, "{text}: {}", accepted.1);
    }
    // A name for sure is masked, and no reason to stop; another's title is nobody's here.
    for text in ["王五到场", "李局长到场", "灭火器过期"] {
        assert_eq!(dispatch(text, &["--edition", "public"]).0, 0, "{text}");
    }
}

/// The page of a public edition shows the rows that its figures show, by place and id, and says how many it does not show.
#[test]
fn a_public_page_shows_the_rows_of_its_figures_and_no_more() {
    let project = project();
    let run =
        project.run(&["draft", "bulletin", "--as-of", "2021-08-20", "--edition", "public", "--to", "html"]).success();
    let read = |ending: &str| {
        let name = run.stdout.lines().find(|line| line.ends_with(ending)).unwrap();
        std::fs::read_to_string(project.path().join(name)).unwrap()
    };
    let (page, figures) = (read(".html"), read(".figures.json"));
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    let mut published: Vec<String> = Vec::new();
    for row in figures["rows"].as_array().unwrap() {
        published.push(format!("{}:{}", row["file"].as_str().unwrap(), row["line"]));
    }
    let sources = page.split("<section class=\"sources\"").nth(1).unwrap();
    let places: Vec<&str> =
        sources.split("class=\"place\">").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert!(places.len() > 40, "{sources}");
    assert!(places.iter().all(|place| published.iter().any(|row| row == place)), "{places:?}");
    let withheld = figures["figures"][0]["rows_withheld"].as_u64().unwrap();
    assert!(sources.contains(&format!("另有{withheld}行涉及个人，公开版不列")), "{sources}");
    for private in ["金光路街道办事处　", "未上锁", "SM-001"] {
        assert!(!sources.contains(private), "{private}");
    }
}
