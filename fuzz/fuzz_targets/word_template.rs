//! An office's own Word file, whatever its text is: it is read or refused, and given back with comments it has the same
//! paragraphs.
#![no_main]

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use duban::document::layout::Look;
use duban::document::source::FigureSources;
use duban::document::{Document, Foot, Head, Layout};
use duban::picture::Picture;
use duban::word_template::annotate::{WordComment, annotated};
use duban::word_template::{Content, Filled, PartSegment, WordTemplate};
use duban::words::lang::Lang;
use duban::write::Writer;
use libfuzzer_sys::fuzz_target;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const WORDS: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

fn word(body: &str) -> Vec<u8> {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let types = format!("<Types><Override PartName=\"/word/document.xml\" ContentType=\"{kind}\"/></Types>");
    let document = format!("<w:document xmlns:w=\"{WORDS}\"><w:body>{body}</w:body></w:document>");
    let relations = "<Relationships></Relationships>".to_owned();
    let parts =
        [("[Content_Types].xml", types), ("word/document.xml", document), ("word/_rels/document.xml.rels", relations)];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(name, options).expect("a part begins");
        writer.write_all(text.as_bytes()).expect("a part is written");
    }
    writer.finish().expect("a package ends").into_inner()
}

fuzz_target!(|body: &str| {
    let Ok(template) = WordTemplate::read(&word(body)) else { return };
    let _ = template.view();
    let remarks: Vec<WordComment> = template
        .wrong
        .iter()
        .map(|wrong| WordComment {
            paragraph: wrong.paragraph,
            text: wrong.problem.text(&template.paragraphs, Lang::Zh).0,
        })
        .collect();
    let given_back = annotated(&template, &remarks, "duban").expect("what was read is given back");
    let again = WordTemplate::read(&given_back).expect("what was given back is read");
    let texts = |template: &WordTemplate| -> Vec<String> {
        template
            .paragraphs
            .iter()
            .filter(|paragraph| !matches!(paragraph.place, duban::word_template::ParagraphPlace::Part(_)))
            .map(|paragraph| paragraph.text.clone())
            .collect()
    };
    assert_eq!(texts(&template), texts(&again));
    if template.wrong.is_empty() {
        fill(template);
    }
});

/// A file without faults, filled with a text for each tag and a picture for each placeholder, is a Word file.
fn fill(template: WordTemplate) {
    let content = |segment: &PartSegment| match segment {
        PartSegment::Kept(range) => Content::Kept(range.clone()),
        PartSegment::Own(text) => Content::Text(text.clone()),
        PartSegment::Tag(tag) => match &template.tags[*tag] {
            placed if placed.is_whole() => Content::Body,
            placed => placed.picture().map_or_else(
                || Content::Text("甲".into()),
                |picture| Content::Picture {
                    drawing: picture.drawing(),
                    alt: picture.alt().to_owned(),
                    name: "a".into(),
                },
            ),
        },
    };
    let parts = template.segments().iter().map(|segments| segments.iter().map(content).collect()).collect();
    let picture = Picture { bytes: b"GIF89a".to_vec(), format: "png", size: (3, 2) };
    let filled = Filled { template: Arc::new(template.clone()), parts, pictures: [("a".to_owned(), picture)].into() };
    let document = blank();
    let look = Look::default();
    let made = Writer::new(&look).fill(&filled, &document).expect("what was read is filled");
    WordTemplate::read(&made.bytes.into_vec().expect("it is in memory")).expect("a filled file is read");
}

fn blank() -> Document {
    Document {
        lang: Lang::Zh,
        kind: "a".into(),
        layout: Layout::Document,
        head: Head::default(),
        body: Vec::new(),
        attachments: Vec::new(),
        foot: Foot::default(),
        reckoned: None,
        sources: FigureSources::default(),
    }
}
