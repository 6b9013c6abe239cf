//! The way from records to a document, whole.

use serde_json::{Value, json};

use super::config::Config;
use super::definition::Template;
use super::*;
use crate::dataset::{Data, FigureSheet, Lists, Record, Request, RowRef, document_record, figures_json};
use crate::document::chart::Chart;
use crate::document::{Block, Layout, plain};
use crate::fault::{FaultKind, Faults};
use crate::model::period::Period;
use crate::place::{SourceId, Spot};
use crate::project::Project;
use crate::source::Sources;
use crate::words::lang::Lang;

/// A kind with one Chinese template.
fn kind(template: &str) -> Kind {
    let templates = vec![Template { lang: Lang::Zh, source: SourceId(0), text: template.to_owned(), is_form: false }];
    Kind { name: "test".to_owned(), config: Config::default(), templates, word_files: Vec::new() }
}

fn built_in(name: &str) -> Kind {
    load(&Project::default(), name, &mut Sources::default(), &mut Faults::default()).unwrap()
}

fn map(value: &Value) -> Record {
    value.as_object().unwrap().clone()
}

fn issue(id: &str, unit: &str, more: &Value) -> Record {
    let mut record = map(&json!({
        "id": id, "file": "logs/a.csv", "line": 3, "found_on": "2021-08-10", "unit": unit, "site": "一号点位",
        "category": ["消防安全"], "description": "通道堵塞", "disposition": "deadline", "deadline": "2021-08-15",
    }));
    record.extend(map(more));
    record
}

fn records() -> Lists {
    Lists {
        issues: vec![
            issue("A-1", "贾陈社区", &json!({"line": 3})),
            issue(
                "A-2",
                "贾陈社区",
                &json!({"line": 4, "disposition": "on_site", "tags": ["线上"], "source": "superior"}),
            ),
            issue(
                "A-3",
                "槐荫社区",
                &json!({"line": 5, "deadline": "2021-08-22", "category": ["消防安全", "环境"], "extra": {"楼层": "3"}}),
            ),
            issue("A-4", "槐荫社区", &json!({"line": 6, "found_on": "2021-07-01", "rectified_on": "2021-07-02"})),
        ],
        inspections: vec![map(&json!({
            "id": "I:2", "file": "logs/i.csv", "line": 2, "date": "2021-08-10", "sites": 2, "opinions": 5,
            "site_names": ["一号点位", "二号点位"], "tags": ["线上"],
        }))],
        measures: vec![map(&json!({
            "id": "m:1", "file": "logs/m.yaml", "line": 2, "type": "case", "date": "2021-08-06", "days": 2,
            "closed_on": "2021-08-08", "person": "张某某", "reason": "失职失责", "people": 1,
        }))],
        documents: vec![
            document_record(
                &json!({"number": "第1期", "series": "bulletin", "kind": "bulletin", "year": 2021, "n": 1,
                "date": "2021-08-01", "title": "通报", "unit": null, "status": "dispatched", "units": ["槐荫社区"],
                "issues": ["A-4", "A-3"]}),
                1,
            ),
            document_record(
                &json!({"number": "第2期", "series": "bulletin", "kind": "bulletin", "year": 2021, "n": 2,
                "date": "2021-08-02", "title": "通报", "unit": null, "status": "void", "issues": []}),
                2,
            ),
        ],
        units: vec![map(&json!({"name": "槐荫社区", "aliases": ["槐荫居委会"]})), map(&json!({"name": "贾陈社区"}))],
        ..Lists::default()
    }
}

fn data_of(kind: &Kind, records: Lists, lang: Lang, period: &str) -> Vec<Data> {
    let period = if period.is_empty() { Period::default() } else { period.parse().unwrap() };
    let mut project = Project::default();
    let as_of = project.as_of("2021-08-20".parse().unwrap());
    let request = Request { period, ..Request::new(lang, as_of) };
    project.office.name = "督查室".to_owned();
    project.office.signature = "督查室".to_owned();
    project.vocabularies.of_mut(crate::model::Field::Unit).add("槐荫社区", []);
    project.vocabularies.of_mut(crate::model::Field::Unit).add("贾陈社区", []);
    kind.documents(&project, records.into(), &request)
}

fn render_text(template: &str) -> Result<Rendered, RenderError> {
    let kind = kind(template);
    let data = data_of(&kind, records(), Lang::Zh, "2021-08").remove(0);
    render(&kind, &data, Lang::En)
}

/// The text of the body of a template that renders.
fn text_of(template: &str) -> String {
    render_text(template).unwrap().markdown.trim().to_owned()
}

/// Line, column, message and help of the first fault.
fn fault_of(template: &str) -> (u32, u32, String, String) {
    let Err(RenderError::Template(faults)) = render_text(template) else { panic!("{template} rendered") };
    let fault = faults.sorted().remove(0).clone();
    let Spot::Chars { column, .. } = fault.place.spot else { panic!("no column") };
    let FaultKind::Template { message, help } = fault.what else { panic!("{:?}", fault.what) };
    (fault.place.line.get(), column.get(), message, help.unwrap_or_default())
}

#[test]
fn functions_count_in_the_documents_period_and_can_leave_it() {
    for (template, expected) in [
        ("{{ count() }}", "3"),
        ("{{ count(period=\"all\") }}", "4"),
        ("{{ count(period=\"2021-07\") }} {{ count(from=\"2021-07-01\", to=\"2021-07-31\") }}", "1 1"),
        ("{{ count(disposition=\"限期整改\") }} {{ count(disposition=[\"on_site\", \"deadline\"]) }}", "2 3"),
        ("{{ count(unit=\"槐荫居委会\") }} {{ count(not={\"unit\": \"贾陈社区\"}) }}", "1 1"),
        ("{{ count(where={\"extra.楼层\": \"3\"}) }}", "1"),
        ("{{ count(overdue=true) }} {{ count(due_soon=true) }} {{ count(open=false) }}", "1 1 1"),
        ("{{ count(records=\"inspections\") }} {{ sum(of=\"opinions\", records=\"inspections\") }}", "1 5"),
        ("{{ distinct(of=\"site_names\", records=\"inspections\", tags=\"线上\") }}", "2"),
        ("{{ rate(of={\"rectified\": true}) | percent }}", "33&#46;3&#37;"),
        ("{{ values(of=\"unit\") | enumerate_cn }}", "槐荫社区、贾陈社区"),
        ("{{ count(records=\"documents\", kind=\"bulletin\", period=\"all\") }}", "1"),
        ("{% for i in issues(overdue=true) %}{{ i.id }} {{ i.days_overdue }}{% endfor %}", "A&#45;1 5"),
        ("{% for g in tally(by=\"unit\") %}{{ g.name }}{{ g.found }}{% endfor %}", "槐荫社区1贾陈社区2"),
        ("{% for m in records(of=\"measures\", type=\"立案\") %}{{ m.days }}{% endfor %}", "2"),
    ] {
        assert_eq!(text_of(template), expected, "{template}");
    }
}

#[test]
fn a_figure_is_its_value_its_filter_its_scope_and_its_rows() {
    let rendered = render_text("{{ count(disposition=\"deadline\") }}{{ count(disposition=\"限期整改\") }}").unwrap();
    assert_eq!(rendered.figures.len(), 1, "the same question is the same figure");
    assert_eq!(
        serde_json::to_value(&rendered.figures[0]).unwrap(),
        json!({
            "id": 1, "function": "count", "selection": {"disposition": "deadline"},
            "scope": {"from": "2021-08-01", "to": "2021-08-20", "unit": null, "as_of": "2021-08-20"}, "value": 2,
            "rows": [0, 2],
        })
    );
    let data = data_of(&kind("{{ count() }}"), records(), Lang::Zh, "2021-08").remove(0);
    let sheet = figures_json(&rendered.figures, std::iter::empty(), (&[], None), "a.md", &data).unwrap();
    let sheet = FigureSheet::read(&sheet).unwrap();
    let lines: Vec<_> = sheet.rows_of(&sheet.figures[0]).map(|row| (row.id.as_str(), row.line)).collect();
    assert_eq!(lines, [("A-1", Some(3)), ("A-3", Some(5))]);
}

#[test]
fn a_table_has_totals_and_says_when_parts_add_to_more() {
    let rendered = render_text("{{ table(rows=\"unit\", columns=\"category\") }}").unwrap();
    let Block::Table(table) = &rendered.document.body[0] else { panic!() };
    let row = |cells: &[crate::document::Cell]| cells.iter().map(|cell| plain(&cell.0)).collect::<Vec<_>>();
    assert_eq!(row(&table.header), ["责任单位", "消防安全", "环境", "合计"]);
    let rows: Vec<_> = table.rows.iter().map(|cells| row(cells)).collect();
    assert_eq!(rows, [["槐荫社区", "1", "1", "1"], ["贾陈社区", "2", "", "2"], ["合计", "3", "1", "3"]]);
    let Block::Paragraph(note) = &rendered.document.body[1] else { panic!() };
    assert!(plain(note).starts_with("注："));
}

#[test]
fn what_a_cell_holds_never_changes_the_structure() {
    let hostile = [
        "a|b",
        "*x*",
        "**x**",
        "# x",
        "## x",
        "<script>alert(1)</script>",
        "{{ count() }}",
        "{% if %}",
        "a\nb",
        "a\n\n# b",
        "=1+1",
        "- x",
        "1. x",
        "> x",
        "`x`",
        "[x](y)",
        "![x](y)",
        "---",
        "| - |",
        "&#35; x",
        "<!-- pagebreak -->",
        ": x",
        "\\",
        "~~x~~",
        "title: x\nsecrecy: y",
        "'",
        "\"",
        "$x$",
        "http://x.example",
        "\u{202e}x",
        "x\u{0}y",
        "</w:t>",
    ];
    // Everywhere at once: heading, list, table, paragraph, attachment, front matter.
    let template = "---\ntitle: '关于{{ set.v }}'\naddressee: \"{{ set.v }}\"\ncopies: ['{{ set.v }}']\n---\n\n\
        ## 标题{{ set.v }}\n\n{% for i in issues(id=\"A-1\") %}{{ i.description }}\n\n1. {{ i.description }}\n\n\
        | 甲 | 乙 |\n| --- | --- |\n| {{ i.site }} | {{ i.description }} |\n{% endfor %}\n\
        {{ table(rows=\"site\", columns=\"unit\") }}\n\n# 附件{{ set.v }}\n\n{{ set.v }}\n";
    let shape = |value: &str| {
        let mut records = records();
        for record in &mut records.issues {
            for key in ["description", "site", "unit"] {
                record.insert(key.to_owned(), value.into());
            }
        }
        let kind = kind(template);
        let mut data = data_of(&kind, records, Lang::Zh, "").remove(0);
        data.set.insert("v".to_owned(), value.to_owned());
        let rendered = render(&kind, &data, Lang::En).unwrap_or_else(|error| panic!("{value:?}: {error:?}"));
        let document = rendered.document;
        let blocks: Vec<String> = document.body.iter().chain(&document.attachments[0].body).map(outline).collect();
        (blocks, document.attachments.len(), document.foot.copies.len(), document.head.secrecy, document.head.title)
    };
    let harmless = shape("寻常");
    for value in hostile {
        let got = shape(value);
        assert_eq!((&got.0, got.1, got.2, &got.3), (&harmless.0, harmless.1, harmless.2, &harmless.3), "{value:?}");
        let shown = crate::document::text::normalised(&format!("关于{value}"));
        assert_eq!(got.4, shown, "the front matter holds the text itself");
    }
}

/// The shape of a block, whatever its text.
fn outline(block: &Block) -> String {
    match block {
        Block::Heading { level, .. } => format!("heading {level}"),
        Block::Paragraph(_) => "paragraph".to_owned(),
        Block::List { ordered, items } => {
            let items: Vec<Vec<String>> = items.iter().map(|item| item.iter().map(outline).collect()).collect();
            format!("list {ordered:?} {items:?}")
        }
        Block::Table(table) | Block::Chart(Chart { table, .. }) => {
            format!("table {} {:?}", table.header.len(), table.rows.iter().map(Vec::len).collect::<Vec<_>>())
        }
        Block::Photos(photos) => format!("photos {:?}", photos.rows.iter().map(Vec::len).collect::<Vec<_>>()),
        Block::PageBreak => "page break".to_owned(),
    }
}

#[test]
fn a_misspelt_name_is_told_with_its_place_and_what_there_is() {
    for (template, line, column, message, help) in [
        ("一\n二{{ cuont() }}", 2, 5, "there is no function `cuont`", "did you mean `count`?"),
        ("---\ntitle: x\n---\n\n{{ as_of | cndate }}", 5, 12, "there is no filter `cndate`", "did you mean `cn_date`?"),
        ("{{ ofice.name }}", 1, 4, "there is no variable `ofice`", "did you mean `office`?"),
        ("{% if ofice %}{% endif %}", 1, 7, "there is no variable `ofice`", "did you mean `office`?"),
        ("{{ office.nam }}", 1, 11, "there is no field `nam`", "did you mean `name`?"),
        (
            "{% for i in issues() %}{% if i.overdu %}{% endif %}{% endfor %}",
            1,
            32,
            "there is no field `overdu`",
            "did you mean `overdue`?",
        ),
        ("{{ count(unti=\"x\") }}", 1, 4, "there is no key `unti`", "did you mean `unit`?"),
        ("{{ count(records=\"isues\") }}", 1, 4, "there is no list of records `isues`", "did you mean `issues`?"),
        (
            "{{ distinct(of=\"opinion\", records=\"inspections\") }}",
            1,
            4,
            "there is no key `opinion`",
            "did you mean `opinions`?",
        ),
        ("---\ntitle: '甲{{ unknown }}'\n---\n", 2, 13, "there is no variable `unknown`", "available: "),
        ("{% if x is defind %}{% endif %}", 1, 12, "there is no test `defind`", "did you mean `defined`?"),
    ] {
        let got = fault_of(template);
        assert_eq!((got.0, got.2.as_str()), (line, message), "{template}");
        assert!(got.3.starts_with(help), "{template}: {}", got.3);
        assert_eq!(got.1, column, "{template}");
    }
    let (line, _, message, _) = fault_of("一\n{% if %}");
    assert_eq!(line, 2, "{message}");
}

#[test]
fn nothing_is_printed_in_silence() {
    let (line, _, message, help) = fault_of("一\n{{ number }}");
    assert_eq!((line, message.as_str()), (2, "`number` has no value here"));
    assert!(help.starts_with("ask {% if"), "{help}");
    assert_eq!(
        fault_of("{% for i in issues() %}{{ i.rectified_on }}{% endfor %}").2,
        "`rectified_on` has no value here"
    );
    assert_eq!(text_of("{{ number or \"—\" }}{% if unit %}x{% endif %}"), "—");
    fault_of("{{ values(of=\"unit\", id=\"nobody\") | first }}");
    fault_of("{{ rate(of={\"open\": true}, id=\"nobody\") }}");
    assert_eq!(fault_of("{{ unit | label }}").2, "there is no value for `label`");
    assert_eq!(fault_of("{{ office.name | safe }}").2, "templates have no `safe`");
}

#[test]
fn what_no_document_can_hold_is_told() {
    let (line, _, message, _) = fault_of("一\n\n> 引用\n");
    assert_eq!((line, message.as_str()), (3, "a document can't hold this: a block quote"));
}

#[test]
fn data_is_the_same_after_a_way_through_json() {
    for name in built_in::NAMES {
        let kind = built_in(name);
        for data in data_of(&kind, records(), Lang::Zh, "2021-08") {
            let back: Data = serde_json::from_str(&serde_json::to_string(&data).unwrap()).unwrap();
            assert_eq!(back, data);
            assert_eq!(render(&kind, &back, Lang::Zh).unwrap(), render(&kind, &data, Lang::Zh).unwrap());
        }
    }
    assert!(serde_json::from_str::<Data>("{\"kind\": \"x\", \"knid\": 1}").is_err());
}

#[test]
fn every_built_in_kind_is_sound_and_renders_in_both_languages() {
    for name in built_in::NAMES {
        let kind = built_in(name);
        let mut faults = Faults::default();
        check(&kind, &Project::default(), Lang::En, &mut faults);
        assert!(faults.is_empty(), "{name}: {:?}", faults.sorted());
        assert_eq!(kind.langs().collect::<Vec<_>>(), Lang::ALL);
        for lang in Lang::ALL {
            let full = data_of(&kind, records(), lang, "2021-08");
            let all = data_of(&kind, records(), lang, "");
            let blank = data_of(&kind, Lists::default(), lang, "2021-08");
            let letters = match name {
                "assignment" | "rectification" | "reminder" => 2,
                _ => 1,
            };
            assert_eq!(full.len(), letters, "{name}");
            for data in full.into_iter().chain(all).chain(blank) {
                let rendered =
                    render(&kind, &data, Lang::En).unwrap_or_else(|error| panic!("{name} {lang}: {error:?}"));
                assert!(!rendered.document.head.title.is_empty());
                let text = &rendered.markdown;
                for slip in
                    ["，，", "。。", "，。", "  。", ", ,", ". .", "，\n", "、。", "个个", "。；", "。（", "：。"]
                {
                    assert!(!text.contains(slip), "{name} {lang} has {slip:?}: {text}");
                }
            }
        }
    }
}

#[test]
fn letters_go_to_units_in_order_and_speak_of_their_own_issues_only() {
    let kind = built_in("reminder");
    let letters = data_of(&kind, records(), Lang::Zh, "");
    let units: Vec<_> = letters.iter().map(|letter| letter.unit.as_ref().unwrap().name.as_str()).collect();
    assert_eq!(units, ["槐荫社区", "贾陈社区"]);
    let letter = letters[1].clone().numbered("督提〔2021〕1号", 1, 2021);
    assert!(!letter.draft);
    let rendered = render(&kind, &letter, Lang::Zh).unwrap();
    assert_eq!(rendered.document.head.number.as_deref(), Some("督提〔2021〕1号"));
    assert!(rendered.markdown.contains("下列问题1个逾期未整改") && !rendered.markdown.contains("A&#45;3"));
    assert!(rendered.figures.iter().all(|figure| figure.scope.unit.as_deref() == Some("贾陈社区")));
    assert_eq!(letter.reply_by.unwrap().to_string(), "2021-08-25");
}

#[test]
fn a_void_number_is_no_previous_document() {
    let data = data_of(&built_in("bulletin"), records(), Lang::Zh, "2021-08").remove(0);
    assert_eq!(data.previous.as_ref().map(|previous| previous.number.as_str()), Some("第1期"));
    let text = render(&built_in("bulletin"), &data, Lang::Zh).unwrap().markdown;
    assert!(text.contains("第1期通报涉及问题2个，截至8月20日已整改1个，未整改1个"), "{text}");
}

#[test]
fn a_sum_that_does_not_agree_stops_the_document() {
    let mut wrong = records();
    wrong.issues[0].remove("unit");
    let kind = built_in("bulletin");
    let data = data_of(&kind, wrong, Lang::Zh, "2021-08").remove(0);
    let Err(RenderError::Identities(broken)) = render(&kind, &data, Lang::Zh) else { panic!() };
    assert_eq!(broken[0].text, "“发现 = 各责任单位之和”不成立：左边 3，右边 2；在下列各行的“责任单位”里写一个值");
    assert_eq!(
        broken[0].more_left,
        [RowRef { id: "A-1".into(), file: "logs/a.csv".into(), line: Some(3), ..broken[0].more_left[0].clone() }]
    );
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the files of a project that only this test has")]
fn a_project_overrides_a_kind_file_by_file_and_adds_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(FOLDER).join(name);
    std::fs::create_dir_all(at("bulletin")).unwrap();
    std::fs::create_dir_all(at("weekly")).unwrap();
    std::fs::write(at("bulletin/zh.md"), "共33个{{ count() }}\n").unwrap();
    std::fs::write(at("weekly/kind.yaml"), "title: 周报\n").unwrap();
    std::fs::write(at("weekly/zh.md"), "周报\n").unwrap();
    let project = Project { root: folder.path().to_owned(), configured: true, ..Project::default() };
    let all = kinds(&project);
    let names: Vec<_> = all.iter().map(|info| (info.name.as_str(), info.langs.len())).collect();
    assert_eq!(
        names,
        [built_in::NAMES.as_slice(), &["weekly"]]
            .concat()
            .iter()
            .map(|name| (*name, if *name == "weekly" { 1 } else { 2 }))
            .collect::<Vec<_>>()
    );
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    let own = load(&project, "bulletin", &mut sources, &mut faults).unwrap();
    assert_eq!((own.config.layout, own.series()), (Layout::Bulletin, "bulletin"));
    check(&own, &Project::default(), Lang::En, &mut faults);
    let found = faults.sorted();
    assert_eq!((found.len(), found[0].what.code().to_string()), (1, "T502".to_owned()));
    assert!(sources.get(found[0].place.source).name.ends_with("report-templates/bulletin/zh.md"));
    let Err(KindError::Unknown { near, .. }) = load(&project, "weekyl", &mut sources, &mut faults) else { panic!() };
    assert_eq!(near.as_deref(), Some("weekly"));
}

#[test]
fn what_a_template_does_not_read_of_records_does_not_show() {
    // Keys that do not show keep all of them.
    let all = "{% if false %}{% for i in issues() %}{% set j = i %}{% endfor %}{% endif %}";
    for name in ["bulletin", "reminder", "rectification"] {
        for lang in [Lang::Zh, Lang::En] {
            let kind = built_in(name);
            let mut other = kind.clone();
            for template in &mut other.templates {
                assert!(crate::tags::read_keys(&template.text).is_some(), "{name} {lang}");
                template.text.push_str(all);
            }
            for data in data_of(&kind, records(), lang, "") {
                let [one, other] = [&kind, &other].map(|kind| render(kind, &data, lang).unwrap());
                assert_eq!(
                    (one.markdown.trim(), &one.figures),
                    (other.markdown.trim(), &other.figures),
                    "{name} {lang}"
                );
            }
        }
    }
    let missing = fault_of("{% for i in issues() %}{{ i.measures }}{% endfor %}");
    assert!(missing.3.contains("found_on") && missing.3.contains("disposition"), "{missing:?}");
}
