//! Word templates (版式模板): Word files with tags, made by the office in Word or WPS.
//!
//! Takes the bytes of a `.docx` and gives a [`WordTemplate`]: its paragraphs with their places, its tags with quotes
//! and braces normalized, the faults in how tags are placed, and for each part the segments from which it is filled.
//! The expressions in the tags are not evaluated here; the template engine renders them.
//!
//! - `template`: the file as read
//! - `roles`: the parts that hold text; `text`: the paragraphs of a part
//! - [`place`]: where a paragraph is, counted as its reader would
//! - `tag`: finding and normalizing tags in a text
//! - `plan`: pairing tags, checking where they are, and cutting a part into segments
//! - `filled`: a template with its tags rendered, for the writer
//! - `copies`: bookmarks in what a loop repeats
//! - [`problem`]: the faults, and their texts
//! - [`annotate`]: a copy of the file with a comment at each fault

pub mod annotate;
pub(crate) mod copies;
mod filled;
pub mod place;
mod plan;
pub mod problem;
mod roles;
mod tag;
mod template;
mod text;

pub(crate) use copies::Copies;
pub use filled::{Content, Filled};
pub use place::ParagraphPlace;
pub(crate) use plan::in_run;
pub use plan::{PartSegment, Placed, PlacedPicture, WHOLE};
pub use problem::{Problem, Wrong};
pub use tag::Tag;
pub(crate) use tag::TagKind;
pub(crate) use template::WordPart;
pub use template::{NamedPicture, WordTemplate};
pub use text::Paragraph;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ooxml::{archive, package, repaired};

    const TYPES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    fn word(body: &str) -> Vec<u8> {
        let (mut deflater, mut archive) = (archive::Deflater::default(), archive::Archive::default());
        let types = format!("<Types><Override PartName=\"/d.xml\" ContentType=\"{TYPES}.document.main+xml\"/></Types>");
        let text = format!("<w:document xmlns:w=\"{}\"><w:body>{body}</w:body></w:document>", package::MAIN);
        for (name, text) in [("[Content_Types].xml", &types), ("d.xml", &text)] {
            archive.add(name, &deflater.pack(text).unwrap()).unwrap();
        }
        archive.finish_in_memory().unwrap()
    }

    /// Fills a part, with `choose` deciding which branches are taken and how often loops run.
    fn filled(template: &WordTemplate, xml: &str, items: &[PartSegment], choose: &mut impl FnMut() -> usize) -> String {
        let (mut text, mut at) = (String::new(), 0);
        while let Some(item) = items.get(at) {
            match item {
                PartSegment::Kept(range) => text.push_str(&xml[range.clone()]),
                PartSegment::Own(own) => text.push_str(own),
                PartSegment::Tag(tag) if template.tags[*tag].opened_by == Some(*tag) => {
                    let of = |item: &PartSegment| matches!(item, PartSegment::Tag(other) if template.tags[*other].opened_by == Some(*tag));
                    let cuts: Vec<usize> = (at..items.len()).filter(|at| of(&items[*at])).collect();
                    let turns = if template.tags[*tag].tag.word() == "for" { choose() % 3 } else { 1 };
                    for _ in 0..turns {
                        // The last tag is the end of the block; nothing follows it.
                        let branch = choose() % cuts.len();
                        if let Some(next) = cuts.get(branch + 1) {
                            text += &filled(template, xml, &items[cuts[branch] + 1..*next], choose);
                        }
                    }
                    at = *cuts.last().unwrap();
                }
                PartSegment::Tag(tag) if template.tags[*tag].is_whole() => text.push_str("<w:tbl></w:tbl>"),
                PartSegment::Tag(_) => text.push_str("&amp;"),
            }
            at += 1;
        }
        text
    }

    fn is_well_formed(xml: &str) -> bool {
        let mut reader = quick_xml::Reader::from_str(xml);
        let mut depth = 0_i32;
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Start(_)) => depth += 1,
                Ok(quick_xml::events::Event::End(_)) => depth -= 1,
                Ok(quick_xml::events::Event::Eof) => return depth == 0,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }

    fn run() -> impl Strategy<Value = String> {
        let tag = prop::sample::select(vec![
            "{% if n %}",
            "{% else %}",
            "{% endif %}",
            "{% for x in y %}",
            "{% endfor %}",
            "{{ n }}",
            "{{ n",
            "{%p if n %}",
            "{%p endif %}",
            "{%p for x in y %}",
            "{%p endfor %}",
            "{{p t() }}",
            "{{ body }}",
            "{%tr for x in y %}",
            "{%tr endfor %}",
            "{%tc for x in y %}",
            "{%tc endfor %}",
            "{# c #}",
            "甲&",
            "",
        ]);
        let text = |text: &str| format!("<w:r><w:rPr/><w:t>{}</w:t></w:r>", text.replace('&', "&amp;"));
        prop_oneof![
            6 => tag.clone().prop_map(text),
            1 => tag.clone().prop_map(move |tag| format!("<w:hyperlink>{}</w:hyperlink>", text(tag))),
            1 => Just("<w:r><w:tab/></w:r>".to_owned()),
            1 => tag.prop_map(move |tag| {
                let middle = tag.char_indices().map(|(at, _)| at).nth(4).unwrap_or(0);
                text(&tag[..middle]) + "<w:bookmarkStart/>" + &text(&tag[middle..])
            }),
        ]
    }

    fn paragraph() -> impl Strategy<Value = String> {
        prop::collection::vec(run(), 1..3).prop_map(|runs| format!("<w:p><w:pPr/>{}</w:p>", runs.concat()))
    }

    fn body() -> impl Strategy<Value = String> {
        let block = paragraph().boxed().prop_recursive(2, 12, 3, |inner| {
            let cell = prop::collection::vec(inner, 1..3)
                .prop_map(|blocks| format!("<w:tc><w:tcPr/>{}</w:tc>", blocks.concat()));
            let row = prop::collection::vec(cell, 1..3).prop_map(|cells| format!("<w:tr>{}</w:tr>", cells.concat()));
            prop::collection::vec(row, 1..4).prop_map(|rows| format!("<w:tbl>{}</w:tbl>", rows.concat()))
        });
        prop::collection::vec(block, 1..6).prop_map(|blocks| blocks.concat())
    }

    /// Blanks may stand before the end of a tag.
    #[test]
    fn a_comment_stands_within_its_paragraph_however_tags_are_written() {
        let body = "<w:p ><w:pPr ><w:jc/></w:pPr ><w:r><w:t>{{ n</w:t></w:r></w:p >";
        let template = WordTemplate::read(&word(&format!("{body}<w:sectPr/>"))).unwrap();
        let remarks = [annotate::WordComment { paragraph: 0, text: "x".into() }];
        let relations = "<Relationships></Relationships>".to_owned();
        let types = package::text(&template.bytes, "[Content_Types].xml").unwrap();
        let document = package::text(&template.bytes, "d.xml").unwrap();
        let (mut deflater, mut archive) = (archive::Deflater::default(), archive::Archive::default());
        for (name, text) in [("[Content_Types].xml", types), ("d.xml", document), ("/_rels/d.xml.rels", relations)] {
            archive.add(name, &deflater.pack(&text).unwrap()).unwrap();
        }
        let template = WordTemplate { bytes: archive.finish_in_memory().unwrap().into(), ..template };
        let made = package::text(&annotate::annotated(&template, &remarks, "d").unwrap(), "d.xml").unwrap();
        assert!(made.contains("</w:pPr ><w:commentRangeStart w:id=\"0\"/><w:r><w:t>"), "{made}");
        assert!(made.contains("</w:r><w:commentRangeEnd w:id=\"0\"/>") && made.contains("</w:r></w:p >"), "{made}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        /// Whatever branches are taken, a template without faults is well-formed XML when filled.
        #[test]
        fn what_is_not_found_wrong_is_filled_well(body in body(), choices in prop::collection::vec(0..7_usize, 1..9)) {
            let template = WordTemplate::read(&word(&body)).unwrap();
            let mut turn = 0;
            let mut choose = || { turn += 1; choices[turn % choices.len()] };
            if template.wrong.is_empty() {
                let part = &template.parts[0];
                let made = filled(&template, &part.xml, &part.items, &mut choose);
                prop_assert!(is_well_formed(&made), "{}\n{}", body, made);
                prop_assert!(!made.contains("{%") && !made.contains("{#"), "{}\n{}", body, made);
                let repaired = repaired(made);
                prop_assert!(is_well_formed(&repaired), "{}\n{}", body, repaired);
                for damaged in ["<w:tcPr/></w:tc>", "</w:tbl></w:tc>", "<w:tr></w:tr>", "<w:tbl></w:tbl>"] {
                    prop_assert!(!repaired.contains(damaged), "{}\n{}", body, repaired);
                }
            }
        }

        /// A truncated file is an error, and one with an altered byte never panics.
        #[test]
        fn what_is_cut_off_or_spoiled_is_told(cut in 0..800_usize, at in 0..800_usize, byte: u8) {
            let mut bytes = word("<w:p><w:r><w:t>{{ n }}</w:t></w:r></w:p>");
            let (cut, at) = (cut % bytes.len(), at % bytes.len());
            prop_assert!(WordTemplate::read(&bytes[..cut]).is_err());
            bytes[at] = byte;
            drop(WordTemplate::read(&bytes));
        }
    }
}
