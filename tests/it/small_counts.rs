//! `privacy: small_counts`: a public edition in which no count below the threshold can be told, and rows of persons that
//! stay in the office.

use serde_json::Value;

use crate::project::{Project, Run, rows_of};

const AS_OF: [&str; 4] = ["--as-of", "2021-08-20", "--period", "2021-08"];

fn hiding(config: &str) -> Project {
    let project = Project::example("zhengdong-2021");
    let before = std::fs::read_to_string(project.path().join("duban.yaml")).unwrap();
    project.write("duban.yaml", format!("{before}\n{config}\n").as_bytes());
    project
}

fn draft(project: &Project, kind: &str, more: &[&str]) -> Run {
    project.run(&[&["draft", kind], &AS_OF[..], more].concat())
}

fn read(project: &Project, run: &Run, ending: &str) -> String {
    let name = run.stdout.lines().find(|name| name.ends_with(ending)).unwrap_or_else(|| panic!("{run:?}"));
    std::fs::read_to_string(project.path().join(name)).unwrap()
}

/// Every number of a row or column of the table that a bulletin has: `None` where it is in words.
fn table(text: &str) -> Vec<Vec<Option<u64>>> {
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.contains("责任单位"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        cells[1..].iter().map(|cell| if cell.is_empty() { Some(0) } else { cell.parse().ok() }).collect()
    })
    .collect()
}

#[test]
fn small_counts_of_a_public_edition_are_hidden_and_stay_hidden() {
    let project = hiding("privacy: {small_counts: 3}");
    let internal = draft(&project, "bulletin", &["--to", "md"]);
    assert_eq!(internal.status, 0, "{internal:?}");
    let truth = table(&read(&project, &internal, ".md"));
    let public = draft(&project, "bulletin", &["--to", "md,html,docx", "--edition", "public"]);
    assert_eq!(public.status, 0, "{public:?}");
    let text = read(&project, &public, ".md");
    assert!(text.contains("持续整改不足3个") && text.contains("发现问题75个"), "{text}");
    let shown = table(&text);
    assert_eq!((shown.len(), shown[0].len()), (21, 7));
    let truth = &truth[..shown.len()];
    for (row, true_row) in shown.iter().zip(truth) {
        for (cell, count) in row.iter().zip(true_row) {
            let count = count.unwrap();
            assert!(cell.is_none_or(|cell| cell == count), "{cell:?} is not {count}");
            assert!(!(1..3).contains(&count) || cell.is_none(), "{count} is shown");
        }
        // The last is the sum of the others.
        assert_ne!(row.iter().filter(|cell| cell.is_none()).count(), 1, "{row:?} of {true_row:?}");
    }
    for column in 0..shown[0].len() {
        let hidden = shown.iter().filter(|row| row[column].is_none()).count();
        assert_ne!(hidden, 1, "column {column}");
    }
    // Issues that are listed could be counted; the same holds for the rows of figures.
    assert!(!text.contains("问题清单") && !text.contains("SM-001"), "{text}");
    let figures: Value = serde_json::from_str(&read(&project, &public, ".figures.json")).unwrap();
    assert_eq!((&figures["edition"], &figures["small_counts"]), (&"public".into(), &3.into()));
    assert_eq!(figures["rows"], Value::Array(Vec::new()));
    for figure in figures["figures"].as_array().unwrap() {
        assert_eq!(figure["rows"], Value::Array(Vec::new()), "{figure}");
        assert!(figure["selection"]["id"].is_null() || figure["selection"]["id"] == "…", "{figure}");
        let small = figure["function"] == "count" && figure["selection"]["records"].is_null();
        assert!(!small || !matches!(figure["value"].as_u64(), Some(1 | 2)), "{figure}");
    }
    // A page says what its figures count, and shows no row.
    let page = read(&project, &public, ".html");
    assert!(page.contains("公开版藏起小数，不列出自哪些行") && page.contains("href=\"#f1\">75</a>"), "{page}");
    assert!(!page.contains("class=\"place\"") && !page.contains("<p class=\"count\">"), "{page}");
    let path = public.stdout.lines().next().unwrap();
    let traced = project.run(&["trace", path, "1"]);
    assert!(traced.stdout.contains("公开版藏起小数"), "{traced:?}");
}

#[test]
fn every_kind_that_lists_nothing_can_hide_small_counts_in_both_languages() {
    let project = hiding("privacy: {small_counts: 5}");
    for kind in ["bulletin", "briefing", "summary"] {
        for lang in ["zh", "en"] {
            let run = draft(&project, kind, &["--to", "md", "--edition", "public", "--lang", lang]);
            assert_eq!(run.status, 0, "{kind} {lang}: {run:?}");
            let text = read(&project, &run, ".md");
            let hidden = ["不足5", "若干", "fewer than 5", "several"];
            assert!(kind == "briefing" || hidden.iter().any(|word| text.contains(word)), "{kind} {lang}: {text}");
            assert!(!text.contains(|c: char| c >= '\u{F0000}'), "{kind} {lang}: a mark is left");
        }
    }
}

#[test]
fn a_list_that_gives_small_counts_away_stops_the_run() {
    let project = hiding("privacy: {small_counts: 3}");
    let run = draft(&project, "ledger", &["--edition", "public"]);
    assert_eq!(run.status, 3, "{run:?}");
    project.write(
        "report-templates/notice/zh.md",
        "---\ntitle: 通报\n---\n{{ count(disposition=\"long_term\") }}\n{% for i in issues() %}{{ i.id }}{% endfor %}\n"
            .as_bytes(),
    );
    let run = draft(&project, "notice", &["--edition", "public", "--to", "md"]);
    assert_eq!(run.status, 3, "{run:?}");
    assert!(run.stdout.is_empty() && run.stderr.contains("disposition=long_term"), "{run:?}");
    assert!(run.stderr.contains("逐条列出") && run.stderr.contains("small_counts: 0"), "{run:?}");
    assert_eq!(draft(&project, "notice", &["--to", "md"]).status, 0);
}

/// A hidden count is true, equal to nothing but itself, and no number.
#[test]
fn what_a_template_does_with_a_hidden_count_gives_nothing_away() {
    let project = hiding("privacy: {small_counts: 3}");
    let template = |body: &str| {
        project.write("report-templates/notice/zh.md", format!("---\ntitle: 通报\n---\n{body}\n").as_bytes());
        draft(&project, "notice", &["--edition", "public", "--to", "md"])
    };
    let set = "{% set a = count(disposition=\"long_term\") %}{% set b = count(source=\"undercover\") %}";
    let run = template(&format!(
        "{set}{{% if a == b %}}同{{% else %}}异{{% endif %}}{{% if a == count(disposition=\"long_term\") %}}同{{% endif %}}\
         {{% if a %}}有{{% endif %}}{{{{ \"共\" ~ a ~ \"个\" }}}}{{{{ a | cn_number }}}}{{{{ a | about }}}}"
    ));
    assert_eq!(run.status, 0, "{run:?}");
    let text = read(&project, &run, ".md");
    assert!(text.contains("异同有共不足3个不足3不足3"), "{text}");
    for wrong in ["{% if a > 1 %}多{% endif %}", "{{ a + 1 }}"] {
        let run = template(&format!("{set}{wrong}"));
        assert_eq!(run.status, 2, "{wrong}: {run:?}");
        assert!(run.stderr.contains("small_counts"), "{run:?}");
    }
}

#[test]
fn thresholds_that_hide_nothing_are_config_faults() {
    for (config, status) in [("1", 2), ("2", 2), ("0", 0), ("3", 0), ("three", 2)] {
        let project = hiding(&format!("privacy: {{small_counts: {config}}}"));
        let run = draft(&project, "bulletin", &["--to", "md"]);
        assert_eq!(run.status, status, "{config}: {run:?}");
    }
}

/// Who a row is about is known in the office only: of such rows a public edition says how many there are.
#[test]
fn public_figures_show_no_rows_of_persons() {
    let head = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,责任人\n";
    let log = head.to_owned()
        + "A-1,2021-08-03,甲社区,消防,通道堵塞,限期整改,张三丰\nA-2,2021-08-03,甲社区,消防,灯不亮,现场整改,\n\
           A-3,2021-08-04,乙社区,消防,张三丰说明无人看守,现场整改,\n";
    let config = "lang: zh\noffice: {name: 某督查室}\nlogs: [log.csv]\n";
    let project = Project::with(&[("duban.yaml", config), ("log.csv", &log)]);
    let run = draft(&project, "bulletin", &["--to", "md", "--edition", "both"]);
    assert_eq!(run.status, 0, "{run:?}");
    let figures = |ending: &str| -> Value { serde_json::from_str(&read(&project, &run, ending)).unwrap() };
    let (public, internal) = (figures("-公开版.figures.json"), figures("2021-08-20.figures.json"));
    assert_eq!(rows_of(&internal, &internal["figures"][0]).len(), 3);
    let shown = rows_of(&public, &public["figures"][0]);
    assert_eq!(shown.iter().map(|row| &row["id"]).collect::<Vec<_>>(), ["A-2"]);
    assert!(public["rows"].as_array().unwrap().iter().all(|row| row["id"] == "A-2"), "{public}");
    let (public, internal) = (&public["figures"][0], &internal["figures"][0]);
    assert!(internal["rows_withheld"].is_null());
    assert_eq!((&public["value"], &public["rows_withheld"]), (&3.into(), &2.into()));
    let name = run.stdout.lines().find(|name| name.ends_with("公开版.md")).unwrap();
    let traced = project.run(&["trace", name, "1"]).stdout;
    assert_eq!(traced, "log.csv:3\tA-2\n（另有 2 行涉及个人，公开版不列；见内部版）\n");
    let all = project.run(&["trace", name]).stdout;
    assert!(all.lines().any(|line| line.contains("1+2")), "{all}");
}

/// Who names two units names two issues at least; of fewer than three that would leave one number.
#[test]
fn named_units_give_no_count_away() {
    let project = hiding("privacy: {small_counts: 3}");
    let count = "count(source=[\"undercover\", \"leader\"])";
    let told = |more: &str| {
        let template = format!("---\ntitle: 通报\n---\n{{{{ {count} }}}}个{more}\n");
        project.write("report-templates/notice/zh.md", template.as_bytes());
        let run = draft(&project, "notice", &["--edition", "public", "--to", "md"]);
        assert_eq!(run.status, 0, "{run:?}");
        read(&project, &run, ".md")
    };
    assert!(told("").contains("不足3个"));
    for function in ["values", "distinct"] {
        let text = told(&format!("{{% set a = {function}(of=\"unit\", source=[\"undercover\", \"leader\"]) %}}"));
        assert!(text.contains("若干个"), "{function}: {text}");
    }
}
