//! The office's own paper: a Word template made by LibreOffice is filled, and what is wrong with one is told.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use snapbox::cmd::Command;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const EXAMPLE: &str = "examples/own-paper";

fn duban(folder: &Path) -> Command {
    Command::new(snapbox::cmd::cargo_bin!("duban")).current_dir(folder).env("DUBAN_LANG", "zh")
}

pub(crate) fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..package.len() {
        let mut part = package.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.insert(part.name().unwrap().into_owned(), bytes);
    }
    parts
}

/// The texts of the paragraphs of a part.
fn texts(part: &[u8]) -> Vec<String> {
    let xml = String::from_utf8_lossy(part);
    let text = |paragraph: &str| {
        let pieces = paragraph.split("<w:t").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</w:t>"));
        let text: String = pieces.map(|(text, _)| text).collect();
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    };
    xml.split("</w:p>").map(text).filter(|text| !text.is_empty()).collect()
}

#[test]
fn a_template_of_libreoffice_is_filled_and_the_rest_is_what_it_was() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
    let out = tempfile::tempdir().unwrap();
    duban(&root)
        .args(["draft", "reminder", "--as-of", "2021-08-12", "--to", "docx", "--unit", "东街办事处", "-o"])
        .arg(out.path())
        .assert()
        .success();
    let made = out.path().join("reminder-draft-2021-08-12-东街办事处.docx");
    let made = parts(&std::fs::read(made).unwrap());
    let frame = parts(&std::fs::read(root.join("report-templates/reminder/our-redhead.docx")).unwrap());
    assert_eq!(made.keys().collect::<Vec<_>>(), frame.keys().collect::<Vec<_>>());
    let changed: Vec<&str> =
        frame.iter().filter(|(name, part)| made[*name] != **part).map(|(name, _)| name.as_str()).collect();
    // The properties are the document's own.
    assert_eq!(
        changed,
        [
            "docProps/app.xml",
            "docProps/core.xml",
            "word/document.xml",
            "word/footer1.xml",
            "word/header1.xml",
            "word/styles.xml"
        ]
    );
    // The office's styles are what they were, ours stand behind them.
    let (before, _) = std::str::from_utf8(&frame["word/styles.xml"]).unwrap().rsplit_once("</w:styles>").unwrap();
    assert!(std::str::from_utf8(&made["word/styles.xml"]).unwrap().starts_with(before));
    assert_eq!(texts(&made["word/header1.xml"]), ["某区督查室"]);
    assert_eq!(texts(&made["word/footer1.xml"]), ["某督提醒〔2021〕1号 — 1 —"]);
    let found = texts(&made["word/document.xml"]);
    let wanted = [
        "某区督查室",
        "某督提醒〔2021〕1号",
        "关于督促整改逾期问题的工作提醒函",
        "东街办事处：",
        "贵单位尚有问题2个，其中1个已逾期，须于2021年8月17日前书面反馈。",
    ];
    assert_eq!(found[..5], wanted);
    assert!(found.contains(&"一、逾期未整改问题".to_owned()), "{found:?}");
    let table = found.iter().position(|text| text == "编号").unwrap();
    assert_eq!(
        found[table + 3..],
        [
            "A-1",
            "楼道堆放杂物，占用疏散通道",
            "2021年8月10日",
            "A-2",
            "垃圾未分类 <b>&\"x\"</b>",
            "2021年8月13日",
            "涉及类别1：消防安全",
            "涉及类别2：环境卫生",
            "某区督查室",
            "2021年8月12日",
        ]
    );
    // What the office drew stands between the same bytes: all of the text but for the tags' paragraphs is kept.
    let xml = String::from_utf8(made["word/document.xml"].clone()).unwrap();
    let original = String::from_utf8(frame["word/document.xml"].clone()).unwrap();
    let picture = |xml: &str| xml.split_once("<w:drawing>").unwrap().1.split_once("</w:drawing>").unwrap().0.to_owned();
    let section = |xml: &str| xml.rsplit_once("<w:sectPr").unwrap().1.to_owned();
    assert_eq!((picture(&xml), section(&xml)), (picture(&original), section(&original)));
    // Half of the tag was bold; what it gives looks as its beginning does.
    let (before, _) = xml.split_once(">楼道堆放杂物，占用疏散通道<").unwrap();
    let bold = before.rsplit_once("<w:r>").unwrap().1;
    assert!(bold.contains("<w:b/>"), "{bold}");
}

const WORDS: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// A Word file of these paragraphs and tables, this page header and these footnotes.
pub(crate) fn word(body: &str, header: &str, notes: &str) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/word/document.xml\" ContentType=\"{kind}.document.main+xml\"/>\
                 <Override PartName=\"/word/header1.xml\" ContentType=\"{kind}.header+xml\"/>\
                 <Override PartName=\"/word/footnotes.xml\" ContentType=\"{kind}.footnotes+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{office}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/header\" \
                 Target=\"header1.xml\"/><Relationship Id=\"rId2\" Type=\"{office}/footnotes\" Target=\"footnotes.xml\"/>\
                 </Relationships>"
            ),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document {WORDS}><w:body>{body}<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId1\"/>\
                 </w:sectPr></w:body></w:document>"
            ),
        ),
        ("word/header1.xml", format!("<w:hdr {WORDS}>{header}</w:hdr>")),
        (
            "word/footnotes.xml",
            format!("<w:footnotes {WORDS}><w:footnote w:id=\"1\">{notes}</w:footnote></w:footnotes>"),
        ),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A paragraph; a bar parts its runs.
pub(crate) fn p(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('¦', "</w:t></w:r><w:r><w:t>");
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A table; cells are parted by two bars, rows by a line break.
pub(crate) fn table(rows: &str) -> String {
    let cell = |text: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", p(text));
    let row = |row: &str| format!("<w:tr>{}</w:tr>", row.split("||").map(cell).collect::<String>());
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>", rows.lines().map(row).collect::<String>())
}

/// A text box with these paragraphs, as Word wrote it before 2010.
fn text_box(content: &str) -> String {
    format!("<w:p><w:r><w:t>见右</w:t></w:r><w:r>{}</w:r></w:p>", old_shape(content))
}

fn old_shape(content: &str) -> String {
    format!(
        "<w:pict><v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:textbox><w:txbxContent>{content}\
         </w:txbxContent></v:textbox></v:shape></w:pict>"
    )
}

/// A shape with a text box, as Word writes it today: once for itself and once for older readers.
fn shape(content: &str) -> String {
    format!(
        "<mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
         xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\">\
         <mc:Choice Requires=\"wps\"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp>\
         </w:drawing></mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
        old_shape(content)
    )
}

/// A content control of this kind around these paragraphs.
fn control(kind: &str, content: &str) -> String {
    format!("<w:sdt><w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>")
}

struct Case {
    /// What stands in the text, before a paragraph with `{{ body }}`.
    body: String,
    header: &'static str,
    notes: &'static str,
    /// The place as a reader counts, what is wrong, and what to do.
    told: &'static [(&'static str, &'static str, &'static str)],
}

fn case(body: String, told: &'static [(&'static str, &'static str, &'static str)]) -> Case {
    Case { body, header: "", notes: "", told }
}

fn cases() -> Vec<Case> {
    vec![
        // Names.
        case(p("一") + &p("") + &p("编号 {{ numbr }}"), &[("正文第2段", "没有变量 `numbr`", "是否指 `number`？")]),
        case(p("{{ off¦ice.nme }}"), &[("正文第1段", "没有字段 `nme`", "是否指 `name`？")]),
        case(p("{{ cuont(open=true) }}"), &[("正文第1段", "没有函数 `cuont`", "是否指 `count`？")]),
        case(p("{{ as_of | cn_dat }}"), &[("正文第1段", "没有过滤器 `cn_dat`", "是否指 `cn_date`？")]),
        case(p("{{ count(opne=true) }}"), &[("正文第1段", "`opne`", "是否指 `open`？")]),
        case(p("{% if n is evn %}双{% endif %}"), &[("正文第1段", "没有判断 `evn`", "是否指 `even`？")]),
        case(p("{{ addresee }}"), &[("正文第1段", "没有变量 `addresee`", "是否指 `addressee`？")]),
        // What the word processor makes of braces and quotes is put right; a wrong name within is still told.
        case(p("｛｛ numbr ｝｝"), &[("正文第1段", "没有变量 `numbr`", "number")]),
        case(p("{{ count(disposition=“限期整顿”) }}"), &[("正文第1段", "限期整顿", "限期整改")]),
        case(p("{{ title | safe }}"), &[("正文第1段", "safe", "")]),
        // Blocks.
        case(p("{% for i in issues() %}{{ i.id }}"), &[("正文第1段", "`for` 没有 `endfor`", "同一部分")]),
        case(p("好{% endif %}"), &[("正文第1段", "`endif` 前面没有与它对应的开始", "if")]),
        case(
            p("{% if n %}{% for i in issues() %}") + &p("{% endif %}{% endfor %}"),
            &[("正文第2段", "`endif` 与正文第1段的 `for` 不配", "先写 `endfor`")],
        ),
        case(p("{% else %}"), &[("正文第1段", "`else` 前面没有与它对应的开始", "")]),
        case(
            p("{%p if n %}") + &p("甲") + &p("{% endif %}"),
            &[("正文第3段", "`endif` 写的是 {%，而正文第1段开始时写的是 {%p", "同一种")],
        ),
        case(
            p("{% if n %}") + &table("甲{% endif %}||乙"),
            &[("表1第1行第1列", "`endif` 与正文第1段的开始不在同一层", "{%tr")],
        ),
        // Braces.
        case(p("编号 {{ number"), &[("正文第1段", "标签没有写完", "`}}`")]),
        case(p("编号 number }}"), &[("正文第1段", "标签没有开头", "`{{`")]),
        case(p("{{ title or “无 }}"), &[("正文第1段", "标签没有写完", "引号要成对")]),
        case(p("{{ }}"), &[("正文第1段", "标签里没有内容", "")]),
        case(p("{{ number + }}"), &[("正文第1段", "模板有误", "")]),
        // Carriers.
        case(p("{%p if n %}{%p endif %}"), &[("正文第1段", "一段里有两个 {%p 标签", "独占一段")]),
        case(p("甲{%p if n %}") + &p("{%p endif %}"), &[("正文第1段", "其中的文字会丢失", "独占一段")]),
        case(
            table("编号||问题\n{%tr for i in issues() %}||{{ i.id }}\n{%tr endfor %}||"),
            &[("表1第2行第1列", "其中的文字会丢失", "独占一行")],
        ),
        case(
            table("编号||问题\n{%tr for i in issues() %}||{{ i.id }}||{%tr endfor %}"),
            &[("表1第2行第3列", "一行里有两个 {%tr 标签", "独占一行")],
        ),
        case(
            p("{%tr for i in issues() %}") + &p("{%tr endfor %}"),
            &[("正文第1段", "{%tr 要写在表格里", "{%p"), ("正文第2段", "{%tr 要写在表格里", "{%p")],
        ),
        case(table("甲||乙\n丙||丁||{{ numbr }}"), &[("表1第2行第3列", "没有变量 `numbr`", "number")]),
        case(
            table("一") + &table(&format!("甲||乙\n{}", "丙||丁")) + &table("x\ny||{{ i.deadlin }}"),
            &[("表3第2行第2列", "没有字段 `deadlin`", "deadline"), ("表3第2行第2列", "没有变量 `i`", "")],
        ),
        // Places that are not filled.
        Case {
            body: String::new(),
            header: "",
            notes: "{{ number }}",
            told: &[("脚注", "不会被填写", "正文、表格、文本框、内容控件、页眉或页脚")],
        },
        // Tags in text boxes and content controls are filled, so what is wrong with them is told.
        case(text_box(&p("{{ numbr }}")), &[("文本框1", "没有变量 `numbr`", "number")]),
        case(text_box(&p("{{ body }}")), &[("文本框1", "放不下成段的内容", "正文")]),
        case(control("", &p("{{ numbr }}")), &[("内容控件1", "没有变量 `numbr`", "number")]),
        case(control("<w:text/>", &p("{{ body }}")), &[("内容控件1", "放不下成段的内容", "正文")]),
        case(text_box(&p("{%p for i in issues() %}")) + &p("{%p endfor %}"), &[("正文第2段", "endfor", "")]),
        Case {
            body: String::new(),
            header: "{{ numbr }}",
            notes: "",
            told: &[("页眉1", "没有变量 `numbr`", "number")],
        },
        Case {
            body: String::new(),
            header: "{{ body }}",
            notes: "",
            told: &[("页眉1", "页眉、页脚、文本框和单值内容控件里放不下成段的内容", "正文")],
        },
        case(p("{{被检查单位}}"), &[("正文第1段", "名称和引号用英文，不写 `被检查单位`", "写成 `unit.name`")]),
        case(p("{{ 问题数 }}{{ 随便 }}"), &[("正文第1段", "`问题数`", "写成 `count()`"), ("正文第1段", "`随便`", "")]),
        case(p("{{ unit }}"), &[("正文第1段", "`unit` 是一组数据", "写成 `{{ unit.name }}`")]),
        case(p("正文：{{ body }}"), &[("正文第1段", "{{ body }}、{{p … }} 要独占一段", "前后的段落")]),
        // What docxtpl has and we have not.
        case(p("{{r title }}"), &[("正文第1段", "不支持 {{r …}}", "{{ … }}")]),
        case(table("{{tr title }}"), &[("表1第1行第1列", "不能输出内容", "{%tr for")]),
        case(table("{% cellbg title %}甲"), &[("表1第1行第1列", "不能用 `cellbg`", "if elif")]),
        case(p("{% for i in issues() %}甲{% endfro %}"), &[("正文第1段", "不能用 `endfro`", "是否指 `endfor`？")]),
        case(p("{% include “x” %}"), &[("正文第1段", "不能用 `include`", "")]),
    ]
}

fn project(frame: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let kind = folder.path().join("report-templates/own");
    std::fs::create_dir_all(&kind).unwrap();
    std::fs::write(folder.path().join("duban.yaml"), "lang: zh\noffice: {name: 某区督查室}\n").unwrap();
    std::fs::write(kind.join("kind.yaml"), "title: 通知\nword_template: ours.docx\n").unwrap();
    std::fs::write(kind.join("zh.md"), "---\ntitle: 通知\naddressee: 各单位\n---\n请查收。\n").unwrap();
    std::fs::write(kind.join("ours.docx"), frame).unwrap();
    folder
}

/// The parts of the file that a draft of the project's log writes.
fn drafted(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let run = duban(folder)
        .args(["draft", "own", "log.csv", "--as-of", "2021-08-12", "--to", "docx", "-o", "out"])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let file = std::fs::read_dir(folder.join("out")).unwrap().flatten().map(|entry| entry.path());
    let file = file.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "docx")).unwrap();
    parts(&std::fs::read(file).unwrap())
}

#[test]
fn each_fault_is_told_at_its_place_and_as_a_comment() {
    let cases = cases();
    assert!(cases.len() >= 30);
    for Case { body, header, notes, told } in cases {
        let header = if header.is_empty() { String::new() } else { p(header) };
        let notes = if notes.is_empty() { String::new() } else { p(notes) };
        let folder = project(&word(&(body.clone() + &p("{{ body }}")), &header, &notes));
        let run = duban(folder.path()).args(["kinds", "check", "own", "--annotate", "out.docx"]).output().unwrap();
        let said = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
        assert_eq!(run.status.code(), Some(2), "{body}{header}{notes}\n{said}");
        let flat: String = said.split_whitespace().collect();
        let out = parts(&std::fs::read(folder.path().join("out.docx")).unwrap());
        let comments: String = texts(&out["word/comments.xml"]).concat().split_whitespace().collect();
        let text = String::from_utf8_lossy(&out["word/document.xml"]).into_owned();
        for (place, what, help) in told {
            for wanted in [format!("{place}：").as_str(), what, help] {
                let wanted: String = wanted.split_whitespace().collect();
                assert!(flat.contains(&wanted), "{wanted} is not told of {body}{header}{notes}\n{said}");
                assert!(comments.contains(&wanted), "{wanted} is no comment on {body}\n{comments}");
            }
        }
        let starts = text.matches("<w:commentRangeStart").count();
        assert_eq!(starts, text.matches("<w:commentReference").count());
        assert!(starts >= told.len(), "{body}");
    }
}

#[test]
fn all_faults_of_a_pass_are_told() {
    let body = p("{{ numbr }}")
        + &p("{% for i in issues() %}")
        + &table("{{ x }}||{{ titel }}\n{%tr if n %}||y")
        + &p("{{ }}");
    let folder = project(&word(&(body + &p("{{ body }}")), &p("{{ as_of | cn_dat }}"), ""));
    let run = duban(folder.path()).args(["kinds", "check", "own"]).output().unwrap();
    let said = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
    for wanted in [
        "正文第1段：没有变量 `numbr`",
        "正文第2段：`for` 没有 `endfor`",
        "表1第1行第1列：没有变量 `x`",
        "表1第1行第2列：没有变量 `titel`",
        "表1第2行第1列：`if` 没有 `endif`",
        "表1第2行第1列：{%tr 标签会把所在的一行整个去掉",
        "正文第3段：标签里没有内容",
        "页眉1：没有过滤器 `cn_dat`",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
}

/// What users of docxtpl write most gives what they expect.
#[test]
fn the_tags_of_docxtpl_are_filled() {
    let body = p("{%p if count() == 0 %}")
        + &p("没有问题。")
        + &p("{%p else %}")
        + &p("共{{count()}}个{% if count(overdue=true) %}，逾期{{ count(overdue=true) }}个{% endif %}。")
        + &p("{%p endif %}")
        + &p(
            "{# 说明 #}单位：{% for u in values(of=\"unit\") %}{{ u }}{% if not loop.last %}、{% endif %}{% endfor %}",
        )
        + &table(
            "编号||{%tc for c in values(of=\"category\") %}||{{ c }}||{%tc endfor %}\n{%tr for i in issues() %}||||||\n{{ loop.index }}||{{ i.id }}||{{ i.description }}||-\n{%tr endfor %}||||||",
        )
        + &p("{{p table(rows=\"unit\", columns=\"category\") }}")
        + &p("{{ body }}")
        + &p("{{ title }}，{{ addressee }}");
    let header = p("{{ kind }}");
    let folder = project(&word(&body, &header, ""));
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n\
               1,2021-08-03,甲,消防,\"楼道\n堆物\",限期整改,2021-08-10\n2,2021-08-03,乙,环卫,<w:p>&,限期整改,2021-08-20\n";
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    let made = drafted(folder.path());
    let found = texts(&made["word/document.xml"]);
    assert_eq!(found[..2], ["共2个，逾期1个。", "单位：甲、乙"]);
    assert_eq!(found[2..5], ["编号", "消防", "环卫"]);
    assert_eq!(found[5..13], ["1", "1", "楼道堆物", "-", "2", "2", "<w:p>&", "-"]);
    assert!(found.ends_with(&["请查收。".to_owned(), "通知，各单位".to_owned()]), "{found:?}");
    let xml = String::from_utf8_lossy(&made["word/document.xml"]).into_owned();
    assert!(xml.contains("楼道</w:t><w:br/><w:t xml:space=\"preserve\">堆物"));
    assert_eq!(xml.matches("<w:tbl>").count(), 2);
}

/// Each copy of a row has the footnote that its author gave it.
#[test]
fn footnotes_in_a_loop_are_copied_with_it() {
    let noted = "{{ i.id }}</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r><w:r><w:t>。";
    let body = p("{%p for i in issues() %}") + &p("甲").replace('甲', noted) + &p("{%p endfor %}") + &p("{{ body }}");
    let folder = project(&word(&body, "", &p("见附件")));
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\n1,2021-08-03,甲,消防,堆物,现场整改\n\
               2,2021-08-03,乙,环卫,垃圾,现场整改\n3,2021-08-03,乙,环卫,垃圾多,现场整改\n";
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    let made = drafted(folder.path());
    let ids = |part: &str, element: &str| -> Vec<String> {
        let xml = String::from_utf8(made[part].clone()).unwrap();
        xml.split(element).skip(1).map(|rest| rest.split('"').nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(ids("word/document.xml", "<w:footnoteReference w:id="), ["1", "2", "3"]);
    assert_eq!(ids("word/footnotes.xml", "<w:footnote w:id="), ["1", "2", "3"]);
    assert_eq!(texts(&made["word/footnotes.xml"]), ["见附件"; 3]);
}

/// Red-head papers made in WPS keep their number and day in text boxes, forms keep theirs in content controls.
#[test]
fn tags_in_text_boxes_and_content_controls_are_filled() {
    let run = |content: String| format!("<w:p><w:r><w:t>见右</w:t></w:r><w:r>{content}</w:r></w:p>");
    let each = [p("{%p for i in issues() %}"), p("{{ i.id }}：{{ i.description }}"), p("{%p endfor %}")].concat();
    let within = |before: &str, after: &str| {
        format!(
            "<w:p><w:r><w:t>{before}</w:t></w:r><w:r>{}</w:r><w:r><w:t>{after}</w:t></w:r></w:p>",
            shape(&p("〔{{ i.id }}〕"))
        )
    };
    let rows = "<w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>{%tr for i in issues() %}</w:t></w:r></w:p></w:tc></w:tr>\
                <w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>{{ i.id }}</w:t></w:r></w:p></w:tc></w:tr>\
                <w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>{%tr endfor %}</w:t></w:r></w:p></w:tc></w:tr>";
    let body = text_box(&p("旧框：{{ title }}"))
        + &run(shape(&(p("新框：{{ title }}") + &p("共{{ count() }}个"))))
        + &run(shape(&each))
        + &run(shape(&p("原样")))
        + &within("{% for i in issues() %}甲", "乙{% endfor %}")
        + &control("<w:text/>", &p("单位：{{ addressee }}"))
        + &format!("<w:p>{}</w:p>", control("<w:date/>", "<w:r><w:t>{{ as_of | cn_date }}</w:t></w:r>"))
        + &format!("<w:tbl><w:tblPr/><w:tblGrid/>{}</w:tbl>", control("", rows))
        + &control("", &p("{{ body }}"))
        + &control("", &[p("{%p if count() == 0 %}"), p("没有问题"), p("{%p endif %}")].concat())
        + &run(shape(&[p("{%p if count() == 0 %}"), p("没有问题"), p("{%p endif %}")].concat()));
    let header = format!("<w:p><w:r>{}</w:r></w:p>", shape(&p("页眉里的框：{{ kind }}")));
    let folder = project(&word(&body, &header, ""));
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n\
               1,2021-08-03,甲,消防,堆物,限期整改,2021-08-10\n2,2021-08-03,乙,环卫,<w:p>&,限期整改,2021-08-20\n";
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    let made = drafted(folder.path());
    let xml = String::from_utf8_lossy(&made["word/document.xml"]).into_owned();
    let found = texts(xml.as_bytes());
    let wanted = [
        "见右旧框：通知",
        "见右新框：通知",
        "共2个",
        // A box is written twice, the second time for old readers.
        "新框：通知",
        "共2个",
        "见右1：堆物",
        "2：<w:p>&",
        "1：堆物",
        "2：<w:p>&",
        "见右原样",
        "原样",
        "甲〔1〕",
        "〔1〕",
        "乙甲〔2〕",
        "〔2〕",
        "乙",
        "单位：各单位",
        "2021年8月12日",
        "1",
        "2",
        "请查收。",
        "见右",
    ];
    assert_eq!(found, wanted);
    assert!(!xml.contains("{{") && !xml.contains("{%"), "{xml}");
    assert_eq!(xml.matches("<mc:Fallback>").count(), xml.matches("<mc:Choice").count());
    assert!(!xml.contains("<?duban"), "{xml}");
    assert!(
        xml.contains("<w:sdtContent><w:p/></w:sdtContent>") && xml.contains("<w:txbxContent><w:p/></w:txbxContent>")
    );
    assert_eq!(texts(&made["word/header1.xml"]), ["页眉里的框：own"; 2]);
}

/// A form without a place for a text needs no text; with one it does, and `kinds check` and `draft` say so alike.
#[test]
fn a_form_needs_no_text() {
    let folder = project(&word(&(p("{{ title }}：{{ set.topic }}") + &p("{{ count() }}个")), &p(""), ""));
    let kind = folder.path().join("report-templates/own");
    std::fs::remove_file(kind.join("zh.md")).unwrap();
    std::fs::write(folder.path().join("duban.yaml"), "lang: zh\noffice: {name: 某区督查室}\nset: {topic: 消防}\n")
        .unwrap();
    std::fs::write(
        folder.path().join("log.csv"),
        "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n1,2021-08-03,甲,消防,堆物,限期整改,2021-08-10\n",
    )
    .unwrap();
    duban(folder.path()).args(["kinds", "check", "own"]).assert().success();
    assert_eq!(texts(&drafted(folder.path())["word/document.xml"]), ["通知：消防", "1个"]);
    // Its kind.yaml is no log.
    duban(folder.path()).args(["tally", ".", "--as-of", "2021-08-12"]).assert().success();
    let refused = duban(folder.path()).args(["draft", "own", "log.csv", "--to", "html"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("只有 Word 版式模板"));

    std::fs::write(kind.join("ours.docx"), word(&p("{{ body }}"), &p(""), "")).unwrap();
    for args in [vec!["kinds", "check", "own"], vec!["draft", "own", "log.csv"]] {
        let run = duban(folder.path()).args(args).output().unwrap();
        assert_eq!(run.status.code(), Some(2));
        let said = String::from_utf8_lossy(&run.stderr).into_owned() + &String::from_utf8_lossy(&run.stdout);
        assert_eq!(said.matches("有 {{ body }}，却没有写正文的 zh.md").count(), 1, "{said}");
    }
}

/// Cells, rows and tables from which tags have taken everything are not left as what Word calls damaged.
#[test]
fn what_tags_leave_empty_is_put_right() {
    let cell = [p("{%p if count() > 0 %}"), p("有问题"), p("{%p endif %}")].concat();
    let body = format!("<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr/>{cell}</w:tc></w:tr></w:tbl>")
        + &p("一")
        + &table("{%tr for i in issues() %}\n{{ i.id }}\n{%tr endfor %}")
        + &p("{{ body }}");
    let folder = project(&word(&body, &(p("{%p if count() > 0 %}") + &p("页眉") + &p("{%p endif %}")), ""));
    std::fs::write(folder.path().join("log.csv"), "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n").unwrap();
    let made = drafted(folder.path());
    let xml = String::from_utf8_lossy(&made["word/document.xml"]).into_owned();
    let wanted = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr/><w:p/></w:tc></w:tr></w:tbl><w:p><w:r><w:t>一</w:t></w:r></w:p>";
    assert!(xml.contains(&format!("<w:body>{wanted}<w:p>")), "{xml}");
    assert!(String::from_utf8_lossy(&made["word/header1.xml"]).ends_with("<w:p/></w:hdr>"));
}

/// Where no paragraph of the text holds a comment, one is put there for it.
#[test]
fn a_file_without_text_is_annotated_too() {
    let changed =
        "<w:p><w:pPr><w:pPrChange><w:pPr></w:pPr></w:pPrChange></w:pPr><w:r><w:t>{{ n }}{{ body }}</w:t></w:r></w:p>";
    for (body, wanted) in [
        ("<w:p/>", "<w:body><w:p><w:commentRangeStart"),
        (changed, "</w:pPr></w:pPrChange></w:pPr><w:commentRangeStart"),
    ] {
        let folder = project(&word(body, &p("{{ numbr }}"), ""));
        duban(folder.path()).args(["kinds", "check", "own", "--annotate", "out.docx"]).assert().code(2);
        let out = parts(&std::fs::read(folder.path().join("out.docx")).unwrap());
        let xml = String::from_utf8_lossy(&out["word/document.xml"]).into_owned();
        assert!(xml.contains(wanted), "{xml}");
        let comments = texts(&out["word/comments.xml"]).concat();
        assert!(comments.contains("页眉1：没有变量 `numbr`"), "{comments}");
    }
}
