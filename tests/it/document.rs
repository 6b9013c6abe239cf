//! Documents: the figures of the example, what a cell may hold, faults of templates, the same bytes.

use duban::words::lang::Lang;
use serde_json::Value;

use crate::kinds::{drafted, every_format};
use crate::project::{Project, rows_of};

const DAY: [&str; 2] = ["--as-of", "2021-08-20"];

fn draft(project: &Project, arguments: &[&str]) -> crate::project::Run {
    project.run(&[&["draft"], arguments, &DAY].concat())
}

fn read(project: &Project, name: &str) -> String {
    std::fs::read_to_string(project.path().join("drafts").join(name)).unwrap()
}

#[test]
fn the_summary_prints_each_published_figure_from_the_rows() {
    let project = Project::example("zhengdong-2021");
    draft(&project, &["summary", "--to", "md"]).success();
    let text = read(&project, "summary-draft-2021-08-20.md");
    for figure in [
        "工作专班12个",
        "点位127个",
        "区域管控、流调溯源、健康监测、核酸检测、卡口防控、隔离酒店6项重点",
        "开展督查15次，检查点位80余个，交办问题14个",
        "发现问题16个",
        "提出意见建议20条",
        "发现问题33个，其中现场整改17个、限期整改16个",
        "督办上级转办问题3个",
        "约谈主要负责人4人",
        "8月6日立案、8月8日办结，用时2天",
        "印发监督检查通报15期，对20个单位75个问题通报督办",
        "印发工作提醒函14份",
    ] {
        assert!(text.contains(figure), "{figure} is not in\n{text}");
    }
}

#[test]
fn every_figure_can_be_asked_for_its_rows() {
    let project = Project::example("zhengdong-2021");
    draft(&project, &["bulletin", "--to", "docx"]).success();
    let document = "@/drafts/bulletin-draft-2021-08-20.docx";
    let figures = project.run(&["trace", document, "--format", "json"]).success().json();
    let list = figures["figures"].as_array().unwrap();
    let on_site = list
        .iter()
        .find(|figure| figure["function"] == "count" && figure["selection"]["disposition"] == "on_site")
        .or_else(|| list.iter().find(|figure| figure["function"] == "count"))
        .unwrap();
    let rows = rows_of(&figures, on_site);
    assert_eq!(Value::from(rows.len()), on_site["value"], "as many rows as the figure says");
    let shown = project.run(&["trace", document, &on_site["id"].to_string()]).success();
    assert_eq!(shown.stdout.lines().count(), rows.len());
    let own = project.run(&["trace", document, &on_site["id"].to_string(), "--format", "json"]).success().json();
    assert_eq!(own["rows"].as_array().unwrap().iter().collect::<Vec<_>>(), rows);
    for (line, row) in shown.stdout.lines().zip(rows) {
        let (place, id) = line.split_once('\t').unwrap();
        let (file, number) = place.rsplit_once(':').unwrap();
        assert_eq!(row["id"], id);
        // The line of the log is the one that holds the issue.
        let bytes = std::fs::read(project.path().join(file)).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let rest: String = text.lines().skip(number.parse::<usize>().unwrap() - 1).take(12).collect();
        assert!(rest.contains(id), "{place} is not {id}");
    }
    assert_eq!(project.run(&["trace", document, "9999"]).status, 2);
    assert_eq!(project.run(&["trace", "@/nothing.docx"]).status, 2);
}

/// What is counted of the project itself points to its line in the config, or in the table it names.
#[test]
fn figures_of_teams_and_sites_point_to_their_lines() {
    let project = Project::example("zhengdong-2021");
    draft(&project, &["summary", "--to", "md"]).success();
    let figures = project.run(&["trace", "@/drafts/summary-draft-2021-08-20.md", "--format", "json"]).success().json();
    let list = figures["figures"].as_array().unwrap();
    for (records, count, file) in [("teams", 12, "duban.yaml"), ("sites", 127, "sites.csv")] {
        let wanted = |figure: &&Value| figure["selection"]["records"] == records && figure["value"] == count;
        let figure = list.iter().find(wanted).unwrap_or_else(|| panic!("{records} are not counted: {figures}"));
        let text = std::fs::read_to_string(project.path().join(file)).unwrap();
        for row in rows_of(&figures, figure) {
            assert_eq!(row["file"], file);
            let line = usize::try_from(row["line"].as_u64().unwrap()).unwrap();
            let name = row["id"].as_str().unwrap();
            assert!(text.lines().nth(line - 1).unwrap().contains(name), "{file}:{line} is not {name}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (Project::example("zhengdong-2021"), Project::example("zhengdong-2021"));
    for kind in drafted() {
        for project in [&one, &two] {
            draft(project, &[kind, "--to", &every_format()]).success();
        }
    }
    let names = |project: &Project| {
        let mut names: Vec<_> =
            std::fs::read_dir(project.path().join("drafts")).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&one), names(&two));
    assert!(names(&one).len() > 20);
    for name in names(&one) {
        let bytes = |project: &Project| std::fs::read(project.path().join("drafts").join(&name)).unwrap();
        assert!(bytes(&one) == bytes(&two), "{}", name.display());
    }
}

#[test]
fn a_template_sees_the_same_from_logs_and_from_its_data() {
    let project = Project::example("zhengdong-2021");
    for kind in drafted() {
        draft(&project, &[kind, "--to", "md", "-o", "@/a"]).success();
        let data = draft(&project, &[kind, "--data"]).success().stdout;
        project.write("data.json", data.as_bytes());
        std::fs::rename(project.path().join("logs"), project.path().join("gone")).unwrap();
        project.run(&["draft", kind, "--from-data", "@/data.json", "--to", "md", "-o", "@/b"]).success();
        std::fs::rename(project.path().join("gone"), project.path().join("logs")).unwrap();
    }
    for entry in std::fs::read_dir(project.path().join("a")).unwrap() {
        let name = entry.unwrap().file_name();
        // The hashes of the others.
        if name == ".duban-drafts.json" {
            continue;
        }
        let text = |folder: &str| std::fs::read_to_string(project.path().join(folder).join(&name)).unwrap();
        // Where the data came from is another thing.
        let without = |text: String| text.replace(",\n    \"from_data\": \"data.json\"", "");
        assert_eq!(text("a"), without(text("b")), "{}", name.display());
    }
}

/// Cells that try to break out, and a harmless one: the documents have the same structure.
#[test]
fn what_a_cell_holds_cannot_change_a_document() {
    let structure = |cell: &str| {
        let quoted = serde_json::to_string(cell).unwrap();
        let log = format!(
            "[{{\"found_on\": \"2021-08-03\", \"unit\": {quoted}, \"site\": {quoted}, \"category\": [{quoted}], \
             \"description\": {quoted}, \"disposition\": \"deadline\", \"deadline\": \"2021-08-05\", \"id\": {quoted}}}]"
        );
        let project = Project::with(&[("duban.yaml", "lang: zh\nlogs: [log.json]\n"), ("log.json", &log)]);
        let mut shape = Vec::new();
        for kind in drafted() {
            draft(&project, &[kind, "--to", "html,docx,md"]).success();
        }
        for entry in std::fs::read_dir(project.path().join("drafts")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.ends_with(".html") {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(!text.contains("<script"), "{cell}");
                let tags: Vec<&str> = text.split('<').skip(1).filter_map(|tag| tag.split(['>', ' ']).next()).collect();
                let tags: Vec<&str> = tags.into_iter().filter(|tag| *tag != "br" && *tag != "br/").collect();
                shape.push((name.split("-draft").next().unwrap().to_owned(), tags.join(" ")));
            }
        }
        shape.sort();
        shape
    };
    let harmless = structure("某单位");
    for cell in [
        "a|b",
        "*强调*",
        "# 标题",
        "<script>alert(1)</script>",
        "{{ office.name }}",
        "{% raw %}",
        "第一行\n\n第二行",
        "=1+1",
        "- 一\n- 二",
        "```\n代码",
        "![x](http://x)",
        "---\ntitle: x",
        "&lt;b&gt;",
        "甲\\",
        "../../x",
        "1. 一",
        "<!-- -->",
        "<br>",
        "\u{202e}倒\u{7}",
        "$&",
        "]]>",
        "\" onclick=\"x",
    ] {
        assert_eq!(structure(cell), harmless, "{cell:?}");
    }
}

#[test]
fn a_misspelt_name_fails_with_the_place_in_the_template() {
    let template = "---\ntitle: 关于{{ offise.name }}的通报\n---\n\n## 情况\n\n发现{{ cuont() }}个，{{ period.from | cndate }}。\n";
    let project = Project::example("zhengdong-2021");
    project.write("report-templates/bulletin/zh.md", template.as_bytes());
    for arguments in [&["kinds", "check", "bulletin"][..], &["draft", "bulletin"], &["dispatch", "bulletin"]] {
        let run = project.run(&[arguments, if arguments[0] == "kinds" { &[] } else { &DAY }].concat());
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains("report-templates/bulletin/zh.md:7:"), "{}", run.stderr);
        assert!(run.stderr.contains("count"), "{}", run.stderr);
    }
    assert!(project.run(&["kinds", "check", "bulletin"]).stderr.contains("zh.md:2:"));
    assert!(!project.path().join("drafts").exists(), "nothing half-written");
}

#[test]
fn a_figure_typed_by_hand_is_pointed_out() {
    let template = "---\ntitle: 通报\n---\n\n发现问题33个，实有{{ count() }}个。{% raw %}12345热线{% endraw %}\n";
    let project = Project::example("zhengdong-2021");
    project.write("report-templates/bulletin/zh.md", template.as_bytes());
    let run = project.run(&["kinds", "check", "bulletin"]);
    assert_eq!(run.status, 0, "a warning");
    assert!(run.stderr.matches("T502").count() == 1 && run.stderr.contains("33"), "{}", run.stderr);
    project.write(
        "duban.yaml",
        &[std::fs::read(project.path().join("duban.yaml")).unwrap(), b"\nrules: {T502: error}\n".to_vec()].concat(),
    );
    assert_eq!(project.run(&["kinds", "check", "bulletin"]).status, 2);
}

#[test]
fn sums_that_do_not_agree_stop_the_document_and_show_the_rows() {
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\nA,2021-08-03,甲,消防、环卫,一,现场整改\nB,2021-08-03,,消防,二,现场整改\n";
    let project = Project::with(&[("duban.yaml", "lang: zh\nlogs: [log.csv]\n"), ("log.csv", log)]);
    let run = draft(&project, &["bulletin"]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("log.csv:3") && run.stderr.contains("  B\n"), "{}", run.stderr);
    assert!(run.stderr.contains("在下列各行的“责任单位”里写一个值"), "{}", run.stderr);
    assert!(!project.path().join("drafts").exists());
    let declared = "lang: zh\nlogs: [log.csv]\nidentities:\n- {name: 消防等于合计, left: [{category: 消防}], right: [{}, {unit: 甲}]}\n";
    let sound = log.replace("03,,消防", "03,乙,消防");
    let project = Project::with(&[("duban.yaml", declared), ("log.csv", &sound)]);
    let run = draft(&project, &["bulletin"]);
    assert_eq!(run.status, 3);
    assert!(
        run.stderr.contains("消防等于合计") && run.stderr.contains('3') && run.stderr.contains("log.csv:2"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_dimension_declared_a_partition_is_one() {
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\nA,2021-08-03,甲,消防、环卫,一,现场整改\n";
    let multi = Project::with(&[("duban.yaml", "lang: zh\nlogs: [log.csv]\n"), ("log.csv", log)]);
    draft(&multi, &["bulletin", "--to", "md"]).success();
    let tally = multi.run(&["tally", "--by", "category", "--format", "json"]).success().json();
    assert_eq!(tally["groups"].as_array().unwrap().len(), 2);
    let config = "lang: zh\nlogs: [log.csv]\ndimensions: {category: partition}\n";
    let partition = Project::with(&[("duban.yaml", config), ("log.csv", log)]);
    let tally = partition.run(&["tally", "--by", "category", "--format", "json"]).success().json();
    assert_eq!(tally["groups"][0]["key"]["category"], "消防、环卫");
}

#[test]
fn one_letter_goes_to_each_unit_that_is_late_or_nearly() {
    let project = Project::example("zhengdong-2021");
    let run = draft(&project, &["reminder", "--to", "md"]).success();
    let letters: Vec<&str> = run.stdout.lines().filter(|line| line.ends_with(".md")).collect();
    let due = project.run(&["due", "--format", "json", "--as-of", "2021-08-20"]).success().json();
    assert_eq!(letters.len(), due["units"].as_array().unwrap().len());
    for unit in due["units"].as_array().unwrap() {
        let name = unit["unit"].as_str().unwrap();
        let text = read(&project, &format!("reminder-draft-2021-08-20-{name}.md"));
        for issue in unit["issues"].as_array().unwrap() {
            assert!(text.contains(issue["id"].as_str().unwrap()), "{name}");
        }
    }
    let one = draft(&project, &["reminder", "--to", "md", "--unit", "永丰乡", "-o", "@/one"]).success();
    assert_eq!(one.stdout.lines().count(), 2, "an alias names the unit: {}", one.stdout);
}

#[test]
fn the_english_example_writes_english() {
    let project = Project::example("city-food-2024");
    for kind in drafted() {
        let run = project.run_lang(Lang::Zh, &["draft", kind, "--as-of", "2024-06-14", "--to", "md"]);
        for path in run.success().stdout.lines().filter(|path| path.ends_with(".md")) {
            let text = std::fs::read_to_string(path).unwrap();
            let chinese: String = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
            assert_eq!(chinese, "", "{path}");
        }
    }
}

#[test]
fn an_unknown_kind_or_format_names_what_there_is() {
    let project = Project::example("zhengdong-2021");
    let run = draft(&project, &["buletin"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("bulletin"), "{}", run.stderr);
    let run = draft(&project, &["bulletin", "--to", "rtf"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("docx"), "{}", run.stderr);
}

#[test]
fn an_argument_that_no_function_has_is_told_without_data() {
    let template = "---\ntitle: t\n---\n{{ count(dispositon=\"on_site\") }}{{ count(disposition=\"foo\") }}\n\
                    {% for g in tally(by=\"unitt\") %}{% endfor %}{{ count(overdue=\"ture\", unit=unit.name) }}\n";
    let project = Project::with(&[
        ("duban.yaml", "office: {name: 督查室}\n"),
        ("report-templates/own/kind.yaml", "title: 自拟\n"),
        ("report-templates/own/zh.md", template),
    ]);
    let run = project.run(&["kinds", "check", "own"]);
    assert_eq!(run.status, 2);
    for expected in [
        "没有键 `dispositon`",
        "是否指 `disposition`",
        "disposition 不能是 `foo`",
        "没有键 `unitt`",
        "overdue 不能是 `ture`",
        "own/zh.md:5:",
    ] {
        assert!(run.stderr.contains(expected), "{expected}\n{}", run.stderr);
    }
}

/// The lists of a page, by id: the value they begin with, and how many rows they name.
fn figure_lists(html: &str) -> Vec<(String, String, usize)> {
    let lists = html.split("<div class=\"figure\" id=\"").skip(1);
    let between = |text: &str, from: &str, to: &str| -> String {
        text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default().to_owned()
    };
    lists
        .map(|list| {
            let id = list.split('"').next().unwrap_or_default().to_owned();
            let rows = between(list, "<p class=\"count\">", "行").parse().unwrap_or(0);
            (id, between(list, "<b>", "</b>"), rows)
        })
        .collect()
}

/// Every number that the page prints leads to the rows that `figures.json` has for it.
#[test]
fn each_figure_of_a_page_is_a_link_to_its_rows() {
    let project = Project::example("zhengdong-2021");
    draft(&project, &["bulletin", "--all", "--to", "html,md"]).success();
    let html = read(&project, "bulletin-draft-2021-08-20.html");
    assert!(html.contains("发现问题<a class=\"n\" id=\"n-f1\" href=\"#f1\">75</a>个"), "{html}");
    let figures: Value = serde_json::from_str(&read(&project, "bulletin-draft-2021-08-20.figures.json")).unwrap();
    let lists = figure_lists(&html);
    assert!(lists.len() > 80, "the text, and the cells of the table: {}", lists.len());
    for (id, value, rows) in &lists {
        assert!(html.contains(&format!("href=\"#{id}\"")), "nothing leads to {id}");
        let (figure, part) = id[1..].split_once('.').map_or((&id[1..], None), |(figure, part)| (figure, Some(part)));
        let figure = &figures["figures"][figure.parse::<usize>().unwrap() - 1];
        let counted = part.map_or(figure, |part| &figure["parts"][part.parse::<usize>().unwrap() - 1]);
        assert_eq!(*rows, rows_of(&figures, counted).len(), "{id}");
        if part.is_some() || figure["function"] == "count" {
            assert_eq!(
                (value.as_str(), rows.to_string()),
                (counted["value"].to_string().as_str(), value.clone()),
                "{id}"
            );
        }
    }
    // No number of the text or of the table is left out.
    let article = html.split("</article>").next().and_then(|page| page.split("<article").nth(1)).unwrap();
    let text = article.split("<h2 id=\"h2\"").next().unwrap();
    for (at, _) in text.match_indices("个") {
        let before: String = text[..at].chars().rev().take(4).collect::<String>().chars().rev().collect();
        assert!(before.ends_with("</a>"), "…{before}个 is no link");
    }
}

/// A figure is what a function gave, whatever it is called and however it is written; what is made of figures is none.
#[test]
fn what_a_template_does_with_a_figure_stays_what_it_was() {
    let project = Project::example("zhengdong-2021");
    project.write(
        "report-templates/notice/zh.md",
        "---\ntitle: 通报\n---\n\
         {% set n = count() %}{% set also = n %}{% set list = issues(open=true) %}{% set nobody = count(unit='没有') or '无' %}\
         {% if n > 3 and n == also %}甲{{ n }}乙{{- also | cn_number -}}丙{{ list | length }}丁{{ nobody }}{% endif %}\n\n\
         戊{{ n + also }}己{% for n in [7] %}{{ n }}{% endfor %}庚{{ n ~ '个' }}辛{% set t %}{{ n }}{% endset %}{{ t }}壬\n\n\
         {{ n }}. 癸\n\n{{ rate(of={'open': true}) | percent }}\n"
            .as_bytes(),
    );
    draft(&project, &["notice", "--to", "html,md"]).success();
    let md = read(&project, "notice-draft-2021-08-20.md");
    let html = read(&project, "notice-draft-2021-08-20.html");
    assert!(md.contains("甲75乙七十五丙14丁无\n\n戊150己7庚75个辛75壬\n\n75. 癸\n\n18\\.7%"), "{md}");
    let article = html.split("</article>").next().unwrap();
    for link in [">75</a>乙", ">七十五</a>丙", ">14</a>丁", ">无</a>", ">18.7%</a>"] {
        assert!(article.contains(link), "{link} is no link: {article}");
    }
    for text in ["<p>戊150己7庚75个辛75壬</p>", "<ol start=\"75\">"] {
        assert!(article.contains(text), "{text} is not there: {article}");
    }
}
