//! What leaves is clean: a Word template with somebody's name in any part gives files without it, or the run stops and says
//! where it is.

use std::io::{Cursor, Read as _, Write as _};

use crate::project::Project;
use crate::word_template::{p, word};

const NAME: &str = "张三丰";
const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A Word template with more parts, and relationships and content types for them.
fn with_parts(body: &str, parts: &[(&str, String)]) -> Vec<u8> {
    let plain = word(body, &p("页眉"), "");
    let mut package = zip::ZipArchive::new(Cursor::new(plain)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..package.len() {
        let (name, mut text) = {
            let mut part = package.by_index(index).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        };
        if parts.iter().any(|(other, _)| *other == name) {
            continue;
        }
        if name == "[Content_Types].xml" {
            let overrides: Vec<String> = parts
                .iter()
                .filter(|(name, _)| !name.ends_with(".rels"))
                .map(|(name, _)| {
                    let kind = match *name {
                        "word/styles.xml" => {
                            "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
                        }
                        _ => "application/xml",
                    };
                    format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>")
                })
                .collect();
            text = text.replace("</Types>", &format!("{}</Types>", overrides.concat()));
        }
        if name == "word/_rels/document.xml.rels" {
            let relations: Vec<String> = parts
                .iter()
                .enumerate()
                .filter(|(_, (name, _))| name.starts_with("word/") && !name.ends_with(".rels"))
                .map(|(at, (name, _))| {
                    let target = name.trim_start_matches("word/");
                    format!("<Relationship Id=\"rIdX{at}\" Type=\"http://x/{target}\" Target=\"{target}\"/>")
                })
                .collect();
            text = text.replace("</Relationships>", &format!("{}</Relationships>", relations.concat()));
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    for (name, text) in parts {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The places of a Word file where a name can stand: what is added to the body, or the part.
#[expect(clippy::too_many_lines, reason = "a list")]
fn places() -> Vec<(&'static str, Vec<u8>)> {
    let body = p("{{ body }}");
    let in_body = |xml: String| with_parts(&format!("{xml}{body}"), &[]);
    let in_part = |name: &str, xml: String| with_parts(&body, &[(name, xml)]);
    let w = |root: &str, inner: String| format!("<w:{root} xmlns:w=\"{MAIN}\">{inner}</w:{root}>");
    let core = |element: &str| {
        format!(
            "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><{element}>{NAME}</{element}></cp:coreProperties>"
        )
    };
    let app = |element: &str| {
        format!(
            "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
             <{element}>{NAME}</{element}></Properties>"
        )
    };
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\" \
             TargetMode=\"External\"/></Relationships>"
        )
    };
    let change = |element: &str, inner: &str| {
        format!("<w:p><w:r><w:t>甲</w:t></w:r><w:{element} w:id=\"1\" w:author=\"{NAME}\">{inner}</w:{element}></w:p>")
    };
    let text = format!("<w:r><w:t>{NAME}</w:t></w:r>");
    let mark = |inner: &str| format!("<w:p><w:pPr><w:rPr>{inner}</w:rPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>");
    let file = format!("file:///C:/Users/{NAME}/a.dotx");
    vec![
        ("text", in_body(p(NAME))),
        ("inserted text", in_body(change("ins", &text))),
        ("author of an insertion", in_body(change("ins", "<w:r><w:t>乙</w:t></w:r>"))),
        ("deleted text", in_body(change("del", &format!("<w:r><w:delText>{NAME}</w:delText></w:r>")))),
        ("author of a deletion", in_body(change("del", "<w:r><w:delText>乙</w:delText></w:r>"))),
        ("moved from", in_body(change("moveFrom", &text))),
        ("moved to, its author", in_body(change("moveTo", "<w:r><w:t>乙</w:t></w:r>"))),
        (
            "change of format",
            in_body(format!(
                "<w:p><w:r><w:rPr><w:rPrChange w:id=\"1\" w:author=\"{NAME}\"><w:rPr/></w:rPrChange></w:rPr><w:t>甲</w:t></w:r></w:p>"
            )),
        ),
        (
            "change of a paragraph",
            in_body(format!(
                "<w:p><w:pPr><w:pPrChange w:id=\"1\" w:author=\"{NAME}\"><w:pPr/></w:pPrChange></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>"
            )),
        ),
        ("inserted mark", in_body(mark(&format!("<w:ins w:id=\"1\" w:author=\"{NAME}\"/>")))),
        ("deleted mark", in_body(mark(&format!("<w:del w:id=\"1\" w:author=\"{NAME}\"/>")))),
        (
            "deleted row",
            in_body(format!(
                "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:trPr><w:del w:id=\"1\" w:author=\"x\"/></w:trPr><w:tc><w:tcPr/>{}</w:tc></w:tr><w:tr><w:tc><w:tcPr/>{}</w:tc></w:tr></w:tbl>",
                p(NAME),
                p("甲")
            )),
        ),
        ("hidden text", in_body(format!("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{NAME}</w:t></w:r></w:p>"))),
        ("split over runs", in_body("<w:p><w:r><w:t>张三</w:t></w:r><w:r><w:t>丰</w:t></w:r></w:p>".to_owned())),
        ("with blanks", in_body(p("张 三 丰"))),
        (
            "alternative text",
            in_body(format!(
                "<w:p><w:r><w:drawing><wp:inline xmlns:wp=\"x\"><wp:docPr id=\"1\" name=\"a\" descr=\"{NAME}\"/></wp:inline></w:drawing></w:r></w:p>"
            )),
        ),
        (
            "name of a bookmark",
            in_body(format!("<w:p><w:bookmarkStart w:id=\"1\" w:name=\"{NAME}\"/><w:bookmarkEnd w:id=\"1\"/></w:p>")),
        ),
        ("field", in_body(format!("<w:p><w:r><w:instrText>INCLUDETEXT C:/{NAME}.docx</w:instrText></w:r></w:p>"))),
        (
            "title of a control",
            in_body(format!(
                "<w:sdt><w:sdtPr><w:alias w:val=\"{NAME}\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
                p("甲")
            )),
        ),
        (
            "binding of a control",
            in_body(format!(
                "<w:sdt><w:sdtPr><w:dataBinding w:xpath=\"/{NAME}\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
                p("甲")
            )),
        ),
        (
            "text hidden by its style",
            with_parts(
                &format!("<w:p><w:pPr><w:pStyle w:val=\"h\"/></w:pPr><w:r><w:t>{NAME}</w:t></w:r></w:p>{body}"),
                &[(
                    "word/styles.xml",
                    w("styles", "<w:style w:styleId=\"h\"><w:rPr><w:vanish/></w:rPr></w:style>".to_owned()),
                )],
            ),
        ),
        (
            "text box",
            in_body(format!(
                "<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:pict><v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
                p(NAME)
            )),
        ),
        (
            "comment",
            in_part("word/comments.xml", w("comments", format!("<w:comment w:id=\"0\">{}</w:comment>", p(NAME)))),
        ),
        (
            "author of a comment",
            in_part("word/comments.xml", w("comments", format!("<w:comment w:id=\"0\" w:author=\"{NAME}\"/>"))),
        ),
        ("comments extended", in_part("word/commentsExtended.xml", format!("<a>{NAME}</a>"))),
        ("people", in_part("word/people.xml", format!("<a author=\"{NAME}\"/>"))),
        (
            "footnote",
            in_part("word/footnotes.xml", w("footnotes", format!("<w:footnote w:id=\"2\">{}</w:footnote>", p(NAME)))),
        ),
        (
            "deleted in a footnote",
            in_part(
                "word/footnotes.xml",
                w(
                    "footnotes",
                    format!(
                        "<w:footnote w:id=\"2\">{}</w:footnote>",
                        change("del", &format!("<w:r><w:delText>{NAME}</w:delText></w:r>"))
                    ),
                ),
            ),
        ),
        ("header", with_parts(&body, &[("word/header1.xml", w("hdr", p(NAME)))])),
        (
            "hidden in a header",
            with_parts(
                &body,
                &[(
                    "word/header1.xml",
                    w("hdr", format!("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{NAME}</w:t></w:r></w:p>")),
                )],
            ),
        ),
        ("creator", in_part("docProps/core.xml", core("dc:creator"))),
        ("last editor", in_part("docProps/core.xml", core("cp:lastModifiedBy"))),
        ("old title", in_part("docProps/core.xml", core("dc:title"))),
        ("keywords", in_part("docProps/core.xml", core("cp:keywords"))),
        ("company", in_part("docProps/app.xml", app("Company"))),
        ("manager", in_part("docProps/app.xml", app("Manager"))),
        ("template's name", in_part("docProps/app.xml", app("Template"))),
        ("custom property", in_part("docProps/custom.xml", app("property"))),
        ("custom XML", in_part("customXml/item1.xml", format!("<a>{NAME}</a>"))),
        ("thumbnail", in_part("docProps/thumbnail.emf", NAME.to_owned())),
        ("macros", in_part("word/vbaProject.bin", NAME.to_owned())),
        ("printer", in_part("word/printerSettings1.bin", NAME.to_owned())),
        (
            "settings: data source",
            in_part(
                "word/settings.xml",
                w("settings", format!("<w:mailMerge><w:connectString w:val=\"{NAME}\"/></w:mailMerge>")),
            ),
        ),
        (
            "settings: variables",
            in_part(
                "word/settings.xml",
                w("settings", format!("<w:docVars><w:docVar w:name=\"a\" w:val=\"{NAME}\"/></w:docVars>")),
            ),
        ),
        (
            "attached template",
            with_parts(
                &body,
                &[
                    (
                        "word/settings.xml",
                        w("settings", "<w:attachedTemplate xmlns:r=\"x\" r:id=\"rId1\"/>".to_owned()),
                    ),
                    ("word/_rels/settings.xml.rels", relation("attachedTemplate", &file)),
                ],
            ),
        ),
        ("link to a file", with_parts(&body, &[("word/_rels/header1.xml.rels", relation("image", &file))])),
        (
            "name of a style",
            in_part(
                "word/styles2.xml",
                w("styles", format!("<w:style w:styleId=\"a\"><w:name w:val=\"{NAME}\"/></w:style>")),
            ),
        ),
        ("glossary", in_part("word/glossary/document.xml", w("glossaryDocument", p(NAME)))),
        ("embedded workbook", in_part("word/embeddings/a.xml", format!("<a>{NAME}</a>"))),
    ]
}

#[test]
fn a_name_in_any_part_of_a_template_is_gone_or_stops_the_run() {
    let log = format!(
        "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,责任人\nWT-1,2021-08-03,甲社区,消防,灭火器过期,限期整改,2021-08-20,{NAME}\n"
    );
    let (mut clean, mut stopped) = (0, 0);
    let all = places();
    assert!(all.len() >= 40, "{}", all.len());
    for (place, template) in all {
        let project = Project::with(&[
            ("duban.yaml", "lang: zh\nlogs: [log.csv]\n"),
            ("log.csv", &log),
            ("report-templates/notice/kind.yaml", "title: 通报\nword_template: ours.docx\nformats: [docx]\n"),
            ("report-templates/notice/zh.md", "---\ntitle: 通报\n---\n共{{ count() }}个。\n"),
        ]);
        project.write("report-templates/notice/ours.docx", &template);
        let run = project.run(&["draft", "notice", "--as-of", "2021-08-12", "--edition", "public", "-o", "@/out"]);
        if run.status == 3 {
            stopped += 1;
            assert!(run.stderr.contains(" › ") && run.stderr.contains(NAME), "{place}: {}", run.stderr);
            continue;
        }
        assert_eq!(run.status, 0, "{place}: {}", run.stderr);
        clean += 1;
        let made = std::fs::read(project.path().join(run.stdout.lines().next().unwrap())).unwrap();
        let mut package = zip::ZipArchive::new(Cursor::new(made)).unwrap();
        for index in 0..package.len() {
            let mut part = package.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(NAME) && !text.contains("张 三"), "{place}: {}: {text}", part.name().unwrap());
            // What is gone is nowhere led to.
            if part.name().unwrap().ends_with(".rels") || part.name().unwrap() == "[Content_Types].xml" {
                for gone in ["comments", "people", "custom", "thumbnail", "vba", "printerSettings", "attachedTemplate"]
                {
                    assert!(!text.contains(gone), "{place}: {text}");
                }
            }
        }
    }
    assert!(clean >= 28 && stopped >= 10, "{clean} clean, {stopped} stopped");
}

/// What the office wants to keep stays, and an internal edition is as clean as a public one.
#[test]
fn what_is_kept_is_said_in_the_kind() {
    let body = format!(
        "{}<w:p><w:ins w:id=\"1\" w:author=\"王小明\"><w:r><w:t>请抓紧。</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>内部</w:t></w:r></w:p>",
        p("{{ body }}")
    );
    let made = |keep: &str| {
        let project = Project::with(&[
            ("duban.yaml", "lang: zh\nlogs: [log.csv]\n"),
            ("log.csv", "发现日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,甲社区,消防,灭火器过期,现场整改\n"),
            (
                "report-templates/notice/kind.yaml",
                &format!("title: 通报\nword_template: ours.docx\nformats: [docx]\n{keep}"),
            ),
            ("report-templates/notice/zh.md", "---\ntitle: 通报\n---\n共{{ count() }}个。\n"),
        ]);
        project.write("report-templates/notice/ours.docx", &with_parts(&body, &[]));
        let told = project.run(&["kinds", "check", "notice"]);
        let run = project.run(&["draft", "notice", "--as-of", "2021-08-12", "-o", "@/out"]).success();
        let made = std::fs::read(project.path().join(run.stdout.lines().next().unwrap())).unwrap();
        let mut package = zip::ZipArchive::new(Cursor::new(made)).unwrap();
        let mut text = String::new();
        package.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
        (told.stdout + &told.stderr, text)
    };
    let (told, text) = made("");
    assert!(told.contains("T503") && told.contains("修订 1 处、隐藏文字 1 处"), "{told}");
    assert!(text.contains("请抓紧。") && !text.contains("王小明") && !text.contains("内部"), "{text}");
    let (told, text) = made("keep: [changes, hidden]\n");
    assert!(!told.contains("T503"), "{told}");
    assert!(text.contains("王小明") && text.contains("内部"), "{text}");
}
