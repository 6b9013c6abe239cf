//! Tests of every format.

use std::io::Read as _;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::document::markdown::{Body, blocks};
use crate::document::{Attachment, Block, Cell, Foot, Head, Inline, Layout, Seal, Table, joined, lines, plain, text};
use crate::words::lang::Lang;

/// A document with something in every field.
fn sample(lang: Lang, layout: Layout) -> Document {
    let body = blocks(
        "经查，**一是**责任不实；*二是*整改迟缓。“甲”与A_b*c*。\n\n## 总体情况\n\n### 分类\n\n1. 甲\n   - 乙\n2. 丙\n\n\
         : 各单位问题\n\n| 单位 | 件数 |\n|:--|--:|\n| 甲局 | 12 |\n| 乙局<br>丙局 | 3 |\n\n<!-- pagebreak -->\n\n## 下步要求\n\n完。\n\n\
         # 问题清单\n\n| a | b | c | d | e | f | g | h |\n|---|---|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |\n\n\
         # 名单\n\n甲、乙\n",
    )
    .unwrap();
    let Body { body, attachments } = body;
    let some = |value: &str| Some(value.to_owned());
    Document {
        lang,
        kind: "bulletin".into(),
        layout,
        head: Head {
            mark: some("监督检查通报"),
            number: some("第16期"),
            draft: true,
            copy_number: some("000012"),
            secrecy: some("内部"),
            urgency: some("特急"),
            signer: some("张三"),
            issuer: some("某某纪工委"),
            date: some("2021年8月10日"),
            title: "关于<第16期>\n\"监督\"情况的通报".into(),
            addressee: some("各单位"),
            salutation: None,
        },
        body,
        attachments,
        foot: Foot {
            seal: Seal::Unsealed,
            post: None,
            signature: some("某某纪工委"),
            date: some("2021年8月10日"),
            note: some("联系人：李四"),
            report_to: vec!["甲".into()],
            send_to: vec!["乙".into(), "丙".into()],
            issue_to: vec!["丁".into()],
            closing: None,
            printed_copies: Some("30".into()),
            copies: vec!["戊 & 己".into()],
            printed_by: some("办公室"),
            printed_on: some("2021年8月11日"),
        },
        reckoned: None,
    }
}

fn every_sample() -> Vec<Document> {
    let mut samples = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        for layout in [Layout::Document, Layout::Letter, Layout::Bulletin] {
            samples.push(sample(lang, layout));
        }
    }
    samples
}

fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        })
        .collect()
}

/// Returns the text of each table cell, with a newline for `w:br`. Panics if the XML is not well-formed.
fn cells(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut cells, mut cell, mut in_text) = (Vec::new(), None::<String>, false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) if start.name().as_ref() == "w:tc" => cell = Some(String::new()),
            Event::End(end) if end.name().as_ref() == "w:tc" => cells.extend(cell.take()),
            Event::Start(start) => in_text = start.name().as_ref() == "w:t",
            Event::End(_) => in_text = false,
            Event::Empty(empty) if empty.name().as_ref() == "w:br" => {
                if let Some(cell) = cell.as_mut() {
                    cell.push('\n');
                }
            }
            Event::Text(text) if in_text => {
                if let Some(cell) = cell.as_mut() {
                    cell.push_str(&text);
                }
            }
            Event::GeneralRef(reference) if in_text => {
                let written = format!("&{};", &*reference);
                let read = quick_xml::escape::unescape(&written).unwrap().into_owned();
                if let Some(cell) = cell.as_mut() {
                    cell.push_str(&read);
                }
            }
            Event::Eof => return cells,
            _ => {}
        }
    }
}

fn with_cell(value: &str) -> Document {
    let mut document = sample(Lang::Zh, Layout::Letter);
    document.foot = Foot::default();
    document.attachments = vec![];
    document.body = vec![Block::Table(Table {
        header: vec!["甲".into()],
        rows: vec![vec![Cell(lines(value))]],
        ..Table::default()
    })];
    document
}

#[test]
fn a_format_has_the_name_of_its_extension() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!("doc".parse::<Format>(), Err(UnknownFormat("doc".into())));
}

#[test]
fn writing_twice_gives_the_same_bytes() {
    for document in every_sample() {
        for format in Format::ALL {
            let once = write(format, &document).unwrap();
            assert_eq!(once, write(format, &document).unwrap());
            // A workbook reports the loss of text outside tables, and of head and foot.
            assert_eq!(once.lost.len(), if format == Format::Xlsx { 2 } else { 0 }, "{:?}", once.lost);
        }
    }
}

#[test]
fn every_part_of_a_docx_is_well_formed() {
    for document in every_sample() {
        let bytes = write(Format::Docx, &document).unwrap().bytes;
        let parts = parts(&bytes);
        assert_eq!(parts[0].0, "[Content_Types].xml");
        for (name, xml) in parts {
            let mut reader = Reader::from_str(&xml);
            while !matches!(reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")), Event::Eof) {}
        }
    }
}

#[test]
fn a_workbook_takes_any_text_and_no_text_is_a_formula() {
    let cells = ["=1+1", "+1", "-1", "@SUM(1)", "a\u{1}b\u{fffe}c_x0041_", "<&\"'>", &"长".repeat(40_000)];
    let value = |text: &str| {
        let mut document = with_cell(text);
        document.head.title = "'".repeat(40) + text;
        write(Format::Xlsx, &document).unwrap()
    };
    for text in cells {
        let written = value(text);
        for (name, xml) in parts(&written.bytes) {
            let mut reader = Reader::from_str(&xml);
            while !matches!(reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")), Event::Eof) {}
            assert!(!xml.contains("<f>") && !xml.contains(['\u{1}', '\u{fffe}']), "{name}: {text:.20}");
        }
        let is_cut = written.lost.iter().any(|lost| lost.starts_with("cells longer"));
        assert_eq!(is_cut, text.len() > 32_767, "{:?}", written.lost);
    }
}

#[test]
fn a_document_that_says_nothing_is_still_one() {
    for layout in [Layout::Document, Layout::Letter, Layout::Bulletin] {
        let document = Document {
            lang: Lang::Zh,
            kind: String::new(),
            layout,
            head: Head::default(),
            body: vec![Block::Table(Table::default()), Block::List { ordered: Some(u64::MAX), items: vec![vec![]; 2] }],
            attachments: vec![],
            foot: Foot::default(),
            reckoned: None,
        };
        for format in Format::ALL {
            assert!(write(format, &document).is_ok());
        }
        assert!(docx::document_xml(&document).contains("<w:sectPr>"));
    }
}

#[test]
fn a_wide_table_lies_across_the_page_and_the_rest_stands() {
    let xml = docx::document_xml(&sample(Lang::Zh, Layout::Document));
    assert_eq!(xml.matches("<w:sectPr>").count(), 3);
    assert_eq!(xml.matches("w:orient=\"landscape\"").count(), 1);
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 2);
}

/// The last lines of the text go with the signature to the next page.
#[test]
fn a_signature_never_stands_alone_on_a_page() {
    for lang in Lang::ALL {
        let mut document = sample(lang, Layout::Document);
        document.body = ["甲", "乙"].map(|text| Block::Paragraph(vec![Inline::Text(text.into())])).to_vec();
        let kept = |document: &Document, text: &str| -> bool {
            let xml = docx::document_xml(document);
            let (before, _) = xml.split_once(&format!(">{text}<")).unwrap();
            before.rsplit_once("<w:p>").unwrap().1.contains("<w:keepNext/>")
        };
        document.foot.signature = Some("某督查室".into());
        assert!(!kept(&document, "甲") && kept(&document, "乙"), "{lang}");
        let last = document.attachments.last().unwrap().title.clone();
        document.attachments.truncate(1);
        document.attachments[0].title.clone_from(&last);
        let xml = docx::document_xml(&document);
        let (before, _) = xml.split_once(&last).unwrap();
        assert!(before.rsplit_once("<w:p>").unwrap().1.contains("<w:keepNext/>"), "{lang}: the names of attachments");
        // Without a signature the text flows as it is.
        document.foot = Foot::default();
        assert!(!kept(&document, "乙"), "{lang}");
    }
}

/// 版记 stands on the last upright page, and a form in landscape after it.
#[test]
fn the_imprint_makes_no_page_of_its_own() {
    let mut document = sample(Lang::Zh, Layout::Document);
    let place = |xml: &str, text: &str| xml.find(text).unwrap_or_else(|| panic!("{text}"));
    let xml = docx::document_xml(&document);
    assert!(place(&xml, "甲、乙") < place(&xml, "2021年8月11日印发"));
    document.attachments.reverse();
    let xml = docx::document_xml(&document);
    let imprint = place(&xml, "2021年8月11日印发");
    assert!(place(&xml, ">名单<") < imprint && imprint < xml.rfind(">问题清单<").unwrap());
    assert_eq!(xml.matches("<w:sectPr>").count(), 2);
    assert!(xml.rfind("w:orient=\"landscape\"").unwrap() > imprint);
    document.attachments.remove(0);
    let xml = docx::document_xml(&document);
    assert!(place(&xml, "2021年8月11日印发") < xml.rfind(">问题清单<").unwrap());
}

#[test]
fn a_draft_says_so_beside_its_number_in_every_format() {
    let document = sample(Lang::Zh, Layout::Bulletin);
    assert!(docx::document_xml(&document).contains("【草稿】"));
    for format in [Format::Html, Format::Markdown] {
        let text = String::from_utf8(write(format, &document).unwrap().bytes).unwrap();
        assert!(text.contains("【草稿】") || text.contains("draft: true"), "{format}");
    }
}

#[test]
fn what_is_left_out_is_told() {
    let mut document = sample(Lang::Zh, Layout::Document);
    document.head.title = "甲\u{1}乙\u{FFFE}".into();
    document.body.push(Block::Heading { level: 7, text: vec![] });
    document.body.push(Block::Paragraph(vec![
        Inline::Text("x".into()),
        Inline::Strong(vec![Inline::Text("(y)".into())]),
        Inline::Text("z".into()),
    ]));
    let lost = write(Format::Markdown, &document).unwrap().lost;
    assert_eq!(lost.len(), 3, "{lost:?}");
    assert_eq!(write(Format::Docx, &document).unwrap().lost.len(), 2);
}

#[test]
fn front_matter_is_yaml_and_the_text_reads_back() {
    let document = sample(Lang::Zh, Layout::Bulletin);
    let text = String::from_utf8(write(Format::Markdown, &document).unwrap().bytes).unwrap();
    let (front, rest) = text.strip_prefix("---\n").unwrap().split_once("---\n").unwrap();
    let front: serde_json::Value = serde_saphyr::from_str(front).unwrap();
    assert_eq!(front["title"], document.head.title);
    assert_eq!(front["copies"][0], "戊 & 己");
    assert_eq!(front["copy_number"], "000012");
    let read = blocks(rest).unwrap();
    assert_eq!(read.attachments, document.attachments);
    assert_eq!(read.body[0], document.body[0]);
    assert_eq!(read.body[1], Block::Heading { level: 1, text: lines("一、总体情况") });
    // Writing what was read gives the same text: heading numbers are not duplicated.
    let again = Document { body: read.body, attachments: read.attachments, ..document };
    assert_eq!(String::from_utf8(write(Format::Markdown, &again).unwrap().bytes).unwrap(), text);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn any_cell_survives_into_docx(value in any::<String>()) {
        let value = text::normalised(&value);
        let read = cells(&docx::document_xml(&with_cell(&value)));
        prop_assert_eq!(read, vec!["甲".to_owned(), value]);
    }

    #[test]
    fn any_cell_is_only_text_in_html(value in "[<>&\"'a-z/! \\n甲=]{0,30}") {
        let html = html::write(&[&with_cell(&value)], &Look::default());
        let begin = html.find("<td>").unwrap() + 4;
        let cell = &html[begin..begin + html[begin..].find("</td>").unwrap()];
        let read = quick_xml::escape::unescape(&cell.replace("<br>", "\n")).unwrap().into_owned();
        prop_assert!(!cell.replace("<br>", "").contains(['<', '>', '"', '\'']));
        prop_assert_eq!(read, value);
    }

    #[test]
    fn any_text_reads_back_from_markdown(
        value in "\\PC{0,12}[-+*_#|<>&;:!?\\[\\](){}`~=.\\\\/ \\n1a甲（。]{0,20}",
        strong in "[-*_#a甲（。 ]{0,6}",
    ) {
        let value = text::normalised(&value);
        let mut document = with_cell(&value);
        let paragraph = joined(&[lines(&value), vec![Inline::Strong(lines(&strong))], lines(&value)].concat());
        document.body.push(Block::Paragraph(lines(&value)));
        document.body.push(Block::Paragraph(paragraph));
        document.body.push(Block::Heading { level: 2, text: lines(&value) });
        document.body.push(Block::List { ordered: None, items: vec![vec![Block::Paragraph(lines(&value))]] });
        document.attachments.push(Attachment { title: value.clone(), body: vec![] });
        let markdown = String::from_utf8(write(Format::Markdown, &document).unwrap().bytes).unwrap();
        let rest = markdown.splitn(3, "---\n").nth(2).unwrap();
        let read = blocks(rest);
        prop_assert!(read.is_ok(), "{:?}\n{}", read, rest);
        let read = read.unwrap();
        let text_of = |blocks: &[Block]| -> Vec<String> { blocks.iter().map(shown).collect() };
        let expected: Vec<String> = text_of(&document.body).into_iter().filter(|text| text.trim() != "p").collect();
        let got: Vec<String> = text_of(&read.body).into_iter().map(|text| text.replacen("h（一）", "h", 1)).collect();
        prop_assert_eq!(got, expected.into_iter().map(|text| text.replacen("h（一）", "h", 1)).collect::<Vec<_>>());
        prop_assert_eq!(&read.attachments[0].title, &value);
    }
}

fn shown(block: &Block) -> String {
    match block {
        Block::Heading { text, .. } => format!("h{}", plain(text)),
        Block::Paragraph(text) => format!("p{}", plain(text)),
        Block::List { items, .. } => {
            format!("l{:?}", items.iter().flatten().map(shown).filter(|text| text.trim() != "p").collect::<Vec<_>>())
        }
        Block::Table(table) => {
            format!("t{:?}", table.rows.iter().flatten().map(|cell| plain(&cell.0)).collect::<Vec<_>>())
        }
        Block::PageBreak => "b".into(),
    }
}
