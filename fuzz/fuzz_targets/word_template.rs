//! An office's own Word file, whatever its text is: it is read or refused, and given back with comments it has the same
//! paragraphs.
#![no_main]

use std::io::{Cursor, Write as _};

use duban::word_template::WordTemplate;
use duban::word_template::annotate::{WordComment, annotated};
use duban::words::lang::Lang;
use libfuzzer_sys::fuzz_target;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const WORDS: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

fn word(body: &str) -> Vec<u8> {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let types = format!("<Types><Override PartName=\"/word/document.xml\" ContentType=\"{kind}\"/></Types>");
    let document = format!("<w:document xmlns:w=\"{WORDS}\"><w:body>{body}</w:body></w:document>");
    let relations = "<Relationships></Relationships>".to_owned();
    let parts = [
        ("[Content_Types].xml", types),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations),
    ];
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
        .map(|wrong| WordComment { paragraph: wrong.paragraph, text: wrong.problem.text(&template.paragraphs, Lang::Zh).0 })
        .collect();
    let given_back = annotated(&template, &remarks, "duban").expect("what was read is given back");
    let again = WordTemplate::read(&given_back).expect("what was given back is read");
    let texts = |template: &WordTemplate| -> Vec<String> {
        template.paragraphs.iter().filter(|paragraph| !matches!(paragraph.place, duban::word_template::ParagraphPlace::Part(_)))
            .map(|paragraph| paragraph.text.clone()).collect()
    };
    assert_eq!(texts(&template), texts(&again));
});
