//! Pictures by name: a placeholder in a Word template whose alt text is a tag takes the picture that the tag names.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage, RgbaImage};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::project::{Project, Run};
use crate::word_template::{p, parts, word};

const DRAWING: &str = "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";
const LOG: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,现场照片\n\
    1,2021-08-03,甲,消防,堆物,现场整改,照片\\1.JPG\n2,2021-08-04,乙,卫生,脏,现场整改,\n3,2021-08-05,乙,卫生,漏水,现场整改,照片/3.jpg\n";
const CONFIG: &str = "lang: zh\noffice: {name: 某区督查室}\nlogs: [logs/*.csv]\n";

/// A paragraph with a placeholder of 2 × 1 inches.
fn placeholder(alt: &str) -> String {
    format!(
        "<w:p><w:r><w:drawing {DRAWING}><wp:inline><wp:extent cx=\"1828800\" cy=\"914400\"/><wp:docPr id=\"1\" name=\"图片 1\" \
         descr=\"{alt}\"/><a:graphic><a:graphicData><pic:pic><pic:nvPicPr><pic:cNvPr id=\"0\" name=\"a.png\"/></pic:nvPicPr>\
         <pic:blipFill><a:blip r:embed=\"rId9\"/><a:srcRect l=\"1000\"/></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>\
         <a:ext cx=\"1828800\" cy=\"914400\"/></a:xfrm></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
}

/// A Word file with a picture that its placeholders show.
fn template(body: &str) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(word(body, "", ""))).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        if part.name().unwrap() == "word/_rels/document.xml.rels" {
            let image = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image";
            let more = format!("<Relationship Id=\"rId9\" Type=\"{image}\" Target=\"media/a.gif\"/></Relationships>");
            text = text.replace("</Relationships>", &more);
        }
        writer.start_file(part.name().unwrap(), SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.start_file("word/media/a.gif", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"somebody's picture").unwrap();
    writer.finish().unwrap().into_inner()
}

fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = RgbImage::from_pixel(width, height, Rgb([200, 30, 30]));
    DynamicImage::from(image).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn project(body: &str) -> Project {
    let project = Project::with(&[("duban.yaml", CONFIG), ("logs/a.csv", LOG)]);
    project.write("logs/照片/1.jpg", &photo(2000, 1000));
    project.write("logs/照片/3.jpg", &photo(100, 200));
    let mut seal = Cursor::new(Vec::new());
    DynamicImage::from(RgbaImage::new(50, 50)).write_to(&mut seal, ImageFormat::Png).unwrap();
    project.write("seal.png", &seal.into_inner());
    project.write("report-templates/own/kind.yaml", "title: 通知\nword_template: ours.docx\n".as_bytes());
    project.write("report-templates/own/ours.docx", &template(body));
    project
}

fn draft(project: &Project, edition: &str) -> Run {
    project.run(&["draft", "own", "--as-of", "2021-08-20", "--edition", edition])
}

fn made(project: &Project, run: &Run) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(run.status, 0, "{run:?}");
    parts(&std::fs::read(project.path().join(run.stdout.lines().next().unwrap())).unwrap())
}

/// The values of an attribute, in order.
fn values(xml: &[u8], key: &str) -> Vec<String> {
    let xml = String::from_utf8(xml.to_vec()).unwrap();
    xml.split(&format!("{key}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn body() -> String {
    p("{%p for i in issues() %}")
        + &placeholder("现场照片 {{ i.evidence or &quot;&quot; }}")
        + &p("{{ i.id }}")
        + &p("{%p endfor %}")
        + &placeholder("{{ “seal.png” }}")
}

#[test]
fn a_placeholder_takes_the_picture_at_its_size() {
    let project = project(&body());
    let parts = made(&project, &draft(&project, "internal"));
    let xml = &parts["word/document.xml"];
    // The photo fills the width, the high one the height, the seal the height; an issue without a photo has none.
    assert_eq!(values(xml, "wp:extent cx"), ["1828800", "457200", "914400"]);
    assert_eq!(values(xml, "descr"), ["现场照片", "现场照片", ""]);
    let ids = values(xml, "r:embed");
    let targets: BTreeMap<String, String> = {
        let rels = &parts["word/_rels/document.xml.rels"];
        values(rels, "Relationship Id").into_iter().zip(values(rels, "Target")).collect()
    };
    let image = |id: &String| image::load_from_memory(&parts[&format!("word/{}", targets[id])]).unwrap();
    // 2 × 1 inches at 220 dpi; smaller ones keep their pixels.
    assert_eq!(ids.iter().map(|id| image(id).dimensions()).collect::<Vec<_>>(), [(440, 220), (100, 200), (50, 50)]);
    assert!(image(&ids[2]).color().has_alpha());
    let types = String::from_utf8(parts["[Content_Types].xml"].clone()).unwrap();
    assert!(types.contains("Extension=\"jpeg\"") && types.contains("Extension=\"png\""), "{types}");
    // The placeholder is somebody's picture, and its name somebody's file.
    assert!(!parts.contains_key("word/media/a.gif") && !targets.contains_key("rId9"), "{:?}", parts.keys());
    assert!(!String::from_utf8_lossy(xml).contains("1.JPG"));
    assert_eq!(parts, made(&project, &draft(&project, "internal")));
}

/// What `photos()` calls a photo is a name as that of a file is.
#[test]
fn a_placeholder_takes_the_photos_of_an_issue() {
    let body = p("{%p for i in issues() %}")
        + &p("{%p for photo in photos(issue=i) %}")
        + &placeholder("现场照片 {{ photo.photo }}")
        + &p("{{ photo.caption }}")
        + &p("{%p endfor %}")
        + &p("{%p endfor %}");
    let project = project(&body);
    let parts = made(&project, &draft(&project, "internal"));
    let xml = &parts["word/document.xml"];
    assert_eq!(values(xml, "wp:extent cx"), ["1828800", "457200"]);
    let text = String::from_utf8_lossy(xml);
    assert!(text.contains("甲：堆物") && text.contains("乙：漏水"), "{text}");
    assert_eq!(parts.keys().filter(|name| name.starts_with("word/media/")).count(), 2);
    // A public edition has none of them, and no word of them.
    let parts = made(&project, &draft(&project, "public"));
    assert_eq!(parts.keys().filter(|name| name.starts_with("word/media/")).count(), 0);
}

#[test]
fn photos_are_published_only_where_released() {
    let project = project(&body());
    let run = draft(&project, "public");
    assert!(run.stderr.contains("2 张图片"), "{run:?}");
    let parts = made(&project, &run);
    assert_eq!(parts.keys().filter(|name| name.starts_with("word/media/")).count(), 1, "the seal is the office's own");
    project.write("duban.yaml", format!("{CONFIG}privacy: {{pictures: show}}\n").as_bytes());
    let parts = made(&project, &draft(&project, "public"));
    assert_eq!(parts.keys().filter(|name| name.starts_with("word/media/")).count(), 3);
}

#[test]
fn what_is_no_picture_is_told_before_anything_is_written() {
    let shape = format!(
        "<w:p><w:r><w:drawing {DRAWING}><wp:inline><wp:docPr id=\"1\" name=\"框\" descr=\"{{{{ title }}}}\"/></wp:inline></w:drawing></w:r></w:p>"
    );
    let old = "<w:p><w:r><w:pict xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:shape id=\"s\" alt=\"{{ title }}\"/></w:pict></w:r></w:p>".to_owned();
    for (body, told) in [
        (placeholder("{% if title %}"), "只写一个 {{ … }}"),
        (placeholder("{{ title }}{{ number }}"), "只写一个 {{ … }}"),
        (placeholder("{{p title }}"), "只写一个 {{ … }}"),
        (shape, "不是单张图片"),
        (old, "不是单张图片"),
        (placeholder("{{ titel }}"), "`titel`"),
        (placeholder("{{ “../seal.png” }}"), "写相对路径"),
        (placeholder("{{ “照片” }}"), "没有这个文件"),
    ] {
        let project = project(&(body + &p("{{ title }}")));
        let checked = project.run(&["kinds", "check", "own"]);
        assert_eq!(checked.status, 2, "{told}: {checked:?}");
        assert!(checked.stderr.contains(told), "{told}: {checked:?}");
        let run = draft(&project, "internal");
        assert!(run.status > 1 && run.stdout.is_empty(), "{told}: {run:?}");
    }
    let project = project(&body());
    for (bytes, told) in [(&b"GIF89a"[..], "读不出图片"), (b"", "读不出图片")] {
        project.write("logs/照片/3.jpg", bytes);
        let run = draft(&project, "internal");
        assert!(run.status == 3 && run.stderr.contains("照片/3.jpg") && run.stderr.contains(told), "{run:?}");
    }
    std::fs::remove_file(project.path().join("logs/照片/3.jpg")).unwrap();
    let run = draft(&project, "internal");
    assert!(run.status == 3 && run.stderr.contains("没有这个文件"), "{run:?}");
}
