//! What a template gives: Markdown to blocks to every format; a `.docx` that was written reads again.
#![no_main]

use duban::document::layout::Look;
use duban::document::markdown::blocks;
use duban::document::source::FigureSources;
use duban::document::{Document, Foot, Head, Layout};
use duban::words::lang::Lang;
use duban::write::{Format, Writer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(body) = blocks(text) else { return };
    let head =
        Head { title: text.chars().take(80).collect(), mark: Some("督查通报".to_owned()), ..Head::default() };
    let (lang, kind, layout) = (Lang::Zh, String::new(), Layout::Letter);
    let (body, attachments) = (body.body, body.attachments);
    let (foot, sources) = (Foot::default(), FigureSources::default());
    let document = Document { lang, kind, layout, head, body, attachments, foot, reckoned: None, sources };
    let look = Look::default();
    let mut writer = Writer::new(&look);
    for format in Format::ALL {
        let written = writer.write(format, &document).expect("a small document is written");
        if format == Format::Docx {
            writer.check_docx(&written.bytes, &|_| true).expect("what was written is sound");
        }
    }
});
