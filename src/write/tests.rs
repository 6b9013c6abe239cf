//! Tests of every format.

use std::io::Read as _;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::document::chart::Chart;
use crate::document::markdown::{Body, blocks};
use crate::document::photo::NoPhotos;
use crate::document::source::{FigureId, FigureSource, FigureSources, SourceRow};
use crate::document::{
    Attachment, Block, Cell, Foot, Head, Inline, Layout, Seal, Table, joined, lines, plain, text, text_only,
};
use crate::html;
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
        sources: FigureSources::default(),
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
            Event::Empty(empty) if matches!(empty.name().as_ref(), "w:br" | "w:noBreakHyphen") => {
                if let Some(cell) = cell.as_mut() {
                    cell.push(if empty.name().as_ref() == "w:br" { '\n' } else { '-' });
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

/// The text of a page.
fn page(page: std::io::Result<html::HtmlFile>) -> String {
    String::from_utf8(page.unwrap().html.into_vec().unwrap()).unwrap()
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
        let bytes = write(Format::Docx, &document).unwrap().bytes.into_vec().unwrap();
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
        for (name, xml) in parts(&written.bytes.into_vec().unwrap()) {
            let mut reader = Reader::from_str(&xml);
            while !matches!(reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")), Event::Eof) {}
            assert!(!xml.contains("<f>") && !xml.contains(['\u{1}', '\u{fffe}']), "{name}: {text:.20}");
        }
        let is_cut = written.lost.iter().any(|lost| matches!(lost, Loss::LongCells(_)));
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
            sources: FigureSources::default(),
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
        let text = String::from_utf8(write(format, &document).unwrap().bytes.into_vec().unwrap()).unwrap();
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
    let text = String::from_utf8(write(Format::Markdown, &document).unwrap().bytes.into_vec().unwrap()).unwrap();
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
    assert_eq!(String::from_utf8(write(Format::Markdown, &again).unwrap().bytes.into_vec().unwrap()).unwrap(), text);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn any_cell_survives_into_docx(value in prop_oneof![any::<String>(), "[A-Z0-9-]{0,6}"]) {
        let value = text::normalised(&value);
        let read = cells(&docx::document_xml(&with_cell(&value)));
        prop_assert_eq!(read, vec!["甲".to_owned(), value]);
    }

    #[test]
    fn any_cell_is_only_text_in_html(value in "[<>&\"'a-z/! \\n甲=]{0,30}") {
        let html = page(html::write(&[&with_cell(&value)], &Look::default(), &NoPhotos));
        let begin = html.find("<td").unwrap();
        let begin = begin + html[begin..].find('>').unwrap() + 1;
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
        let markdown = String::from_utf8(write(Format::Markdown, &document).unwrap().bytes.into_vec().unwrap()).unwrap();
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

/// A document that prints figures: two of many rows, one of three, and one of which nothing is known.
fn with_figures() -> Document {
    let figure = |figure: usize, text: &str| Inline::Figure { id: FigureId::whole(figure), text: text.to_owned() };
    let mut document = with_cell("甲");
    document.body = vec![Block::Paragraph(vec![
        Inline::Text("发现".into()),
        figure(1, "230"),
        Inline::Text("个，逾期".into()),
        Inline::Strong(vec![figure(2, "三"), Inline::Text("个".into())]),
        figure(1, "230"),
        figure(7, "9"),
        figure(3, "224"),
    ])];
    let row = |index: usize| SourceRow {
        file: "a<b>.csv".into(),
        line: Some(index as u64 + 2),
        id: format!("W-{index}"),
        unit: "东&西".into(),
        text: "门<未锁>".into(),
        issue: None,
    };
    let source = |figure: usize, value: &str, rows: Vec<usize>| FigureSource {
        id: FigureId::whole(figure),
        value: value.to_owned(),
        counted: "问题数".to_owned(),
        rows,
        withheld: None,
    };
    document.sources = FigureSources {
        figures: vec![
            source(1, "230", (0..232).filter(|row| *row != 7 && *row != 231).collect()),
            source(2, "3", vec![4, 5, 7]),
            source(3, "224", (7..231).collect()),
        ],
        rows: (0..232).map(row).collect(),
    };
    document
}

#[test]
fn a_figure_is_a_link_to_its_rows_and_elsewhere_only_its_text() {
    let document = with_figures();
    let html = page(html::write(&[&document], &Look::default(), &NoPhotos));
    assert!(html.contains("发现<a class=\"n\" id=\"n-f1\" href=\"#f1\">230</a>个，逾期"), "{html}");
    assert!(html.contains("<strong><a class=\"n\" id=\"n-f2\" href=\"#f2\">三</a>个</strong>"));
    // The second link has no id of its own; a figure without a source is no link.
    assert!(html.contains("<a class=\"n\" href=\"#f1\">230</a>9<a"));
    let list = |id: &str| -> &str {
        let begin = html.find(&format!("<div class=\"figure\" id=\"{id}\"")).unwrap();
        html[begin + 1..].split("<div class=\"figure\"").next().unwrap()
    };
    let long =
        "230行：<a href=\"#r1\">1</a>–<a href=\"#r7\">7</a>、<a href=\"#r9\">9</a>–<a href=\"#r231\">231</a></p>";
    assert!(list("f1").contains(long), "{}", list("f1"));
    let quote =
        "<li><b>3</b><span>W-7　东&amp;西　门&lt;未锁&gt;</span><span class=\"place\">a&lt;b&gt;.csv:9</span></li>";
    assert!(list("f2").contains(quote) && list("f2").matches("<li>").count() == 3, "{}", list("f2"));
    // What is named by number stands once; what no list names does not stand.
    assert!(html.contains("<li id=\"r231\"><b>231</b>") && !html.contains("id=\"r232\"") && !html.contains("W-231"));
    assert!(html.contains("<li><a href=\"#f2\"><b>3</b> 问题数</a></li>"));
    // Other formats have the text, in the runs that it would have without figures.
    let plain_body = |blocks: &[Block]| -> Vec<Block> {
        let as_text = |block: &Block| match block {
            Block::Paragraph(text) => Block::Paragraph(text_only(text).into_owned()),
            block => block.clone(),
        };
        blocks.iter().map(as_text).collect()
    };
    let without = Document { body: plain_body(&document.body), ..document.clone() };
    for format in [Format::Markdown, Format::Docx, Format::Xlsx] {
        assert_eq!(write(format, &document).unwrap(), write(format, &without).unwrap(), "{format}");
    }
}

#[test]
fn a_page_of_several_documents_keeps_their_ids_apart() {
    let document = with_figures();
    let html = page(html::write(&[&document, &document], &Look::default(), &NoPhotos));
    for id in ["d1-f1", "d2-f1", "d1-n-f2", "d2-r231", "d1-top", "d2-sources"] {
        assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    assert!(html.contains("<a class=\"n\" id=\"d2-n-f1\" href=\"#d2-f1\">"));
    assert_eq!(html.matches("<main>").count(), 1);
    let nav = html.split("</nav>").next().unwrap();
    assert!(nav.contains("href=\"#d1-top\"") && nav.contains("href=\"#d2-top\"") && !nav.contains("href=\"#d1-h"));
}

#[test]
fn contents_link_to_headings_where_there_are_three() {
    let sample = sample(Lang::Zh, Layout::Bulletin);
    let html = page(html::write(&[&sample], &Look::default(), &NoPhotos));
    let nav = html.split("</nav>").next().unwrap();
    for (id, text) in [("h1", "一、总体情况"), ("h2", "（一）分类"), ("h3", "二、下步要求"), ("h4", "附件1　问题清单")]
    {
        assert!(nav.contains(&format!("<a href=\"#{id}\">{text}</a>")), "{text}: {nav}");
        assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1);
    }
    let short = Document { attachments: vec![], body: sample.body[..2].to_vec(), ..sample };
    assert!(!page(html::write(&[&short], &Look::default(), &NoPhotos)).contains("<nav"));
}

/// As in a `.docx`, 版记 does not follow the text into landscape.
#[test]
fn the_imprint_of_a_page_stands_where_that_of_a_docx_does() {
    let mut document = sample(Lang::Zh, Layout::Document);
    let order = |document: &Document| {
        let html = page(html::write(&[document], &Look::default(), &NoPhotos));
        let marks = [("<footer>", 'f'), ("class=\"sheet attachment wide\"", 'w'), ("class=\"sheet attachment\"", 'a')];
        let mut found: Vec<(usize, char)> =
            marks.iter().flat_map(|(text, mark)| html.match_indices(text).map(|(at, _)| (at, *mark))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, mark)| mark).collect::<String>()
    };
    assert_eq!(order(&document), "waf");
    document.attachments.reverse();
    assert_eq!(order(&document), "afw");
    document.attachments.remove(0);
    assert_eq!(order(&document), "fw");
}

#[test]
fn a_table_can_be_read_and_scrolled_without_a_mouse() {
    let html = page(html::write(&[&sample(Lang::Zh, Layout::Document)], &Look::default(), &NoPhotos));
    assert!(
        html.contains("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"各单位问题\"><table>"),
        "{html}"
    );
    assert!(html.contains("<th scope=\"col\">单位</th>") && html.contains("<th scope=\"row\">甲局</th>"));
    assert!(html.contains("aria-label=\"问题清单\"><table class=\"small\">"));
    assert!(html.contains("default-src 'none'") && !html.contains("<script") && !html.contains("http://"));
}

fn shown(block: &Block) -> String {
    match block {
        Block::Heading { text, .. } => format!("h{}", plain(text)),
        Block::Paragraph(text) => format!("p{}", plain(text)),
        Block::List { items, .. } => {
            format!("l{:?}", items.iter().flatten().map(shown).filter(|text| text.trim() != "p").collect::<Vec<_>>())
        }
        Block::Table(table) | Block::Chart(Chart { table, .. }) => {
            format!("t{:?}", table.rows.iter().flatten().map(|cell| plain(&cell.0)).collect::<Vec<_>>())
        }
        Block::Photos(photos) => format!("f{:?}", photos.rows),
        Block::PageBreak => "b".into(),
    }
}

#[test]
fn rows_are_written_as_they_are_shown() {
    let row = |cells: [&str; 3]| cells.map(Cell::from).to_vec();
    let mut document = with_cell("");
    document.body = vec![Block::Table(Table {
        header: row(["编号", "发现日期", "问题描述"]),
        rows: vec![
            row(["_x0041_", "2021-08-20", " 甲&<乙>\n"]),
            row(["=1+1", "2021-08-20 10:30", ""]),
            row(["<r>3</r>", "八月", &"长".repeat(60)]),
        ],
        ..Table::default()
    })];
    let bytes = write(Format::Xlsx, &document).unwrap().bytes.into_vec().unwrap();
    let parts = parts(&bytes);
    let of = |name: &str| &parts.iter().find(|(part, _)| part == name).unwrap().1;
    let sheet = of("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<dimension ref=\"A1:C6\"/>"), "{sheet}");
    for cell in [
        "t=\"inlineStr\"><is><t>_x005F_x0041_</t></is></c>",
        "t=\"inlineStr\"><is><t xml:space=\"preserve\"> 甲&amp;&lt;乙&gt;\n</t></is></c>",
        "t=\"inlineStr\"><is><t>=1+1</t></is></c>",
        "t=\"inlineStr\"><is><t>&lt;r&gt;3&lt;/r&gt;</t></is></c>",
        "><v>44428</v></c>",
        "><v>44428.4375</v></c>",
        "<row r=\"6\" ht=\"39\" customHeight=\"1\">",
        "</row></sheetData><autoFilter ref=\"A3:C6\"/>",
    ] {
        assert!(sheet.contains(cell), "{cell} is not in {sheet}");
    }
    // The days have styles of their own.
    let style = |number: &str| {
        let (before, _) = sheet.split_once(&format!("\"><v>{number}</v>")).unwrap();
        before.rsplit('"').next().unwrap().to_owned()
    };
    let plain = sheet.split_once("<c r=\"A4\" s=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let mut styles = vec![plain, style("44428"), style("44428.4375")];
    styles.dedup();
    assert_eq!(styles.len(), 3);
}
