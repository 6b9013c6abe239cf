//! Charts: the same figures in the drawing, in the workbook behind it and in the table, in every format.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, Reader as _, Xlsx};
use duban::document::chart::Chart;
use duban::document::layout::Look;
use duban::document::markdown::blocks;
use duban::document::photo::NoPhotos;
use duban::document::source::FigureSources;
use duban::document::{Block, Document, Foot, Head, Layout};
use duban::word_template::{Content, Filled, WordTemplate};
use duban::words::lang::Lang;
use duban::write::{Format, Loss, Writer, together, write};
use zip::ZipArchive;

use crate::project::run_in;
use crate::word_template::{p, parts, word};

const CHARTS: &str = "tests/charts";

/// The charts of a text, numbered.
fn document(lang: Lang, markdown: &str) -> Document {
    let read = blocks(markdown).unwrap();
    let mut document = Document {
        lang,
        kind: "charts".to_owned(),
        layout: Layout::Document,
        head: Head { title: "图表".to_owned(), ..Head::default() },
        body: read.body,
        attachments: read.attachments,
        foot: Foot::default(),
        reckoned: None,
        sources: FigureSources::default(),
    };
    document.number_figures();
    document
}

fn chart(form: &str, caption: &str, heads: &[&str], rows: &[&[&str]]) -> String {
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("<!-- chart: {form} -->\n\n: {caption}\n\n{}|---|{}\n{rows}\n", line(heads), "--:|".repeat(heads.len() - 1))
}

/// The document of `tests/charts`, as its text.
fn sample(lang: Lang) -> Document {
    let path = Path::new(CHARTS).join("report-templates/charts").join(lang.pick("zh.md", "en.md"));
    let text = std::fs::read_to_string(path).unwrap().replace("{{ count() }}", "2");
    document(lang, text.splitn(3, "---\n").nth(2).unwrap())
}

fn charts(document: &Document) -> Vec<&Chart> {
    let charts =
        document.body.iter().filter_map(|block| if let Block::Chart(chart) = block { Some(chart) } else { None });
    charts.collect()
}

fn made(document: &Document) -> BTreeMap<String, Vec<u8>> {
    let bytes = write(Format::Docx, document).unwrap().bytes.into_vec().unwrap();
    Writer::new(&Look::default()).check_docx(&bytes.clone().into(), &|_| false).unwrap();
    parts(&bytes)
}

fn text(part: &[u8]) -> &str {
    std::str::from_utf8(part).unwrap()
}

/// The texts between two marks.
fn between<'x>(xml: &'x str, start: &str, end: &str) -> Vec<&'x str> {
    xml.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

/// What programs show of a chart: for each series its name, and the categories and values by their place.
fn cached(xml: &str) -> Vec<(String, Vec<String>, BTreeMap<usize, u64>)> {
    let points = |xml: &str| -> BTreeMap<usize, String> {
        let points = between(xml, "<c:pt idx=\"", "</c:v>").into_iter();
        points
            .map(|point| {
                let (index, value) = point.split_once("\"><c:v>").unwrap();
                (index.parse().unwrap(), quick_xml::escape::unescape(value).unwrap().into_owned())
            })
            .collect()
    };
    let series = between(xml, "<c:ser>", "</c:ser>").into_iter();
    series
        .map(|series| {
            let part = |name: &str| between(series, &format!("<c:{name}>"), &format!("</c:{name}>"))[0];
            assert_eq!(points(part("cat")).len().to_string(), between(part("val"), "ptCount val=\"", "\"")[0]);
            let values = points(part("val")).into_iter().map(|(index, value)| (index, value.parse().unwrap()));
            (points(part("tx"))[&0].clone(), points(part("cat")).into_values().collect(), values.collect())
        })
        .collect()
}

/// What the workbook behind a chart has at the cells that the chart names.
fn in_workbook(xml: &str, book: &[u8]) -> Vec<(String, Vec<String>, BTreeMap<usize, u64>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book.to_vec())).unwrap();
    let sheet = book.worksheet_range("Sheet1").unwrap();
    let cells = |range: &str| -> Vec<Data> {
        let place = |cell: &str| {
            let cell: Vec<&str> = cell.trim_start_matches('$').split('$').collect();
            (cell[1].parse::<u32>().unwrap() - 1, u32::from(cell[0].as_bytes()[0] - b'A'))
        };
        let (from, to) = range.split_once(':').unwrap_or((range, range));
        let ((top, left), (bottom, right)) = (place(from), place(to));
        assert_eq!(left, right);
        (top..=bottom).map(|row| sheet.get_value((row, left)).cloned().unwrap_or(Data::Empty)).collect()
    };
    let series = between(xml, "<c:ser>", "</c:ser>").into_iter();
    series
        .map(|series| {
            let ranges = between(series, "<c:f>Sheet1!", "</c:f>");
            let [name, categories, values] = ranges[..] else { panic!("{ranges:?}") };
            let said = |data: Vec<Data>| data.into_iter().map(|cell| cell.to_string()).collect::<Vec<_>>();
            let number = |(index, cell): (usize, Data)| match cell {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
                Data::Float(value) => Some((index, value as u64)),
                Data::Int(value) => Some((index, value.try_into().unwrap())),
                Data::Empty => None,
                other => panic!("{other:?}"),
            };
            let values = cells(values).into_iter().enumerate().filter_map(number).collect();
            (said(cells(name)).concat(), said(cells(categories)), values)
        })
        .collect()
}

#[test]
fn the_drawing_the_workbook_behind_it_and_the_table_have_the_same_figures() {
    for lang in Lang::ALL {
        let document = sample(lang);
        let parts = made(&document);
        let charts = charts(&document);
        assert!(charts.len() > 1);
        for (number, chart) in (1..).zip(&charts) {
            let xml = text(&parts[&format!("word/charts/chart{number}.xml")]);
            let table: Vec<_> = chart
                .series()
                .into_iter()
                .map(|series| {
                    let values = series.values.iter().enumerate().filter_map(|(index, value)| Some((index, (*value)?)));
                    (series.name, chart.categories(), values.collect())
                })
                .collect();
            assert_eq!(cached(xml), table);
            assert_eq!(in_workbook(xml, &parts[&format!("word/embeddings/chart{number}.xlsx")]), table);
            let related = text(&parts[&format!("word/charts/_rels/chart{number}.xml.rels")]);
            assert!(related.contains(&format!("Target=\"../embeddings/chart{number}.xlsx\"")), "{related}");
            assert!(xml.contains("<c:externalData r:id=\"rId1\">") && related.contains("Id=\"rId1\""));
        }
        let types = text(&parts["[Content_Types].xml"]);
        assert_eq!(types.matches(".drawingml.chart+xml").count(), charts.len());
        assert!(types.contains("<Default Extension=\"xlsx\""));
    }
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(write(format, &sample(Lang::Zh)).unwrap(), write(format, &sample(Lang::Zh)).unwrap(), "{format}");
    }
    // The workbook behind a chart has no clock in it.
    let book = made(&sample(Lang::Zh)).remove("word/embeddings/chart1.xlsx").unwrap();
    assert!(text(&parts(&book)["docProps/core.xml"]).contains(">1980-01-01T00:00:00Z<"));
    // Whatever was written before.
    let look = Look::default();
    let (mut writer, other) =
        (Writer::new(&look), document(Lang::Zh, &chart("bars", "甲", &["单位", "数"], &[&["甲", "1"]])));
    let first = writer.write(Format::Docx, &sample(Lang::Zh)).unwrap();
    writer.write(Format::Docx, &other).unwrap();
    assert_eq!(writer.write(Format::Docx, &sample(Lang::Zh)).unwrap(), first);
}

#[test]
fn a_word_file_shows_the_chart_its_caption_and_what_it_leaves_out() {
    let rows: &[&[&str]] = &[&["甲局 & <乙>", "12", "少于5"], &["丙局", "0", "7"]];
    let document = document(
        Lang::Zh,
        &format!("前。\n\n{}后。\n", chart("stacked", "各单位问题", &["单位", "已整改", "逾期"], rows)),
    );
    let parts = made(&document);
    let xml = text(&parts["word/document.xml"]);
    assert!(!xml.contains("<w:tbl>"));
    let paragraphs: Vec<&str> = xml.split("<w:p>").skip(1).collect();
    let at = paragraphs.iter().position(|one| one.contains("<w:drawing>")).unwrap();
    assert!(paragraphs[at].contains("<w:pStyle w:val=\"Chart\"/><w:keepNext/>"), "{}", paragraphs[at]);
    assert!(
        paragraphs[at + 1].contains("\"ChartCaption\"/><w:keepNext/>")
            && paragraphs[at + 1].contains("图1　各单位问题")
    );
    assert!(
        paragraphs[at + 2].contains("注：图中未画：甲局 &amp; &lt;乙&gt;（逾期），少于5。"),
        "{}",
        paragraphs[at + 2]
    );
    assert!(!paragraphs[at + 2].contains("keepNext"));
    // What the chart says is said to those who don't see it; 15.5 cm are 5,580,000 units.
    assert!(xml.contains(
        "descr=\"堆积条形图：图1　各单位问题。甲局 &amp; &lt;乙&gt;：已整改 12，逾期 少于5；丙局：已整改 0，逾期 7。\""
    ));
    assert!(xml.contains("<wp:extent cx=\"5580000\""));
    let style = text(&parts["word/styles.xml"]);
    let style = style.lines().find(|line| line.contains("w:styleId=\"Chart\"")).unwrap();
    assert!(style.contains("w:lineRule=\"auto\""), "{style}");
    let chart = text(&parts["word/charts/chart1.xml"]);
    for expected in [
        "<c:roundedCorners val=\"0\"/>",
        "<c:grouping val=\"stacked\"/>",
        "<c:overlap val=\"100\"/>",
        "formatCode=\"0;-0;;\"",
        "<c:orientation val=\"maxMin\"/>",
        "<c:crosses val=\"max\"/>",
        "<c:min val=\"0\"/>",
        "<a:pattFill prst=\"wdUpDiag\">",
        "<a:latin typeface=\"Times New Roman\"/><a:ea typeface=\"仿宋_GB2312\"/>",
        // Without it LibreOffice squeezes the chart for long names.
        "<a:defRPr lang=\"zh-CN\"",
        "<c:dispBlanksAs val=\"gap\"/>",
    ] {
        assert!(chart.contains(expected), "{expected}");
    }
    // PowerPoint and Word call it damage in a stack.
    assert!(!chart.contains("outEnd"));
    let order = ["<c:roundedCorners", "<c:chart>", "<c:txPr><a:bodyPr/>", "<c:externalData"]
        .map(|part| chart.rfind(part).unwrap());
    assert!(order.is_sorted(), "{order:?}");
    let lines = self::document(Lang::Zh, &self::chart("lines", "月", &["月", "数"], &[&["1月", "3"], &["2月", "5"]]));
    let lines = made(&lines);
    let lines = text(&lines["word/charts/chart1.xml"]);
    assert!(lines.contains("<c:smooth val=\"0\"/>") && lines.contains("<c:symbol val=\"circle\"/>"));
    assert!(lines.contains("<c:marker val=\"1\"/>") && lines.contains("<c:majorUnit val=\"1\"/>"));
}

#[test]
fn no_two_drawings_of_a_file_have_one_number() {
    let rows: Vec<Vec<String>> = (0..70).map(|row| vec![format!("单位{row}"), row.to_string()]).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let long = document(Lang::Zh, &chart("bars", "很多单位", &["单位", "数"], &rows));
    let short = sample(Lang::Zh);
    let bytes =
        together(Format::Docx, &[&long, &short], &Look::default(), &NoPhotos).unwrap().unwrap().into_vec().unwrap();
    Writer::new(&Look::default()).check_docx(&bytes.clone().into(), &|_| false).unwrap();
    let parts = parts(&bytes);
    let xml = text(&parts["word/document.xml"]);
    let numbers = between(xml, "<wp:docPr id=\"", "\"");
    let relations = between(xml, "r:id=\"chart", "\"");
    let all = 3 + charts(&short).len();
    assert_eq!([&numbers, &relations].map(|ids| ids.iter().collect::<BTreeSet<_>>().len()), [all; 2], "{numbers:?}");
    // What does not go on one page goes on several drawings of one scale, with one caption.
    let of_first: Vec<_> = (1..=3).map(|number| text(&parts[&format!("word/charts/chart{number}.xml")])).collect();
    assert!(of_first.iter().all(|xml| xml.contains("<c:max val=\"70\"/>")));
    let drawn: usize = of_first.iter().map(|xml| cached(xml)[0].1.len()).sum();
    assert_eq!((drawn, xml.matches("很多单位</w:t>").count()), (70, 1));
}

#[test]
fn a_page_shows_the_drawing_and_the_table_with_its_links() {
    let (charts, out) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(CHARTS), tempfile::tempdir().unwrap());
    let folder = out.path().to_string_lossy().into_owned();
    let all = ["draft", "charts", "--as-of", "2021-08-20", "--to", "html,xlsx,md", "-C"];
    let run = run_in(&charts, Lang::Zh, b"", &[&all[..], &[&charts.to_string_lossy(), "-o", &folder]].concat());
    assert_eq!(run.status, 0, "{run:?}");
    let html = std::fs::read_to_string(out.path().join("charts-draft-2021-08-20.html")).unwrap();
    let drawings = between(&html, "<figure class=\"chart\">", "</figure>");
    assert_eq!(drawings.len(), 6);
    for drawing in &drawings {
        assert!(
            drawing.contains("<svg role=\"img\" aria-labelledby=") && drawing.contains("<figcaption>图"),
            "{drawing}"
        );
        assert!(!["href", "http", "<script", "style="].iter().any(|wrong| drawing.contains(wrong)), "{drawing}");
    }
    assert_eq!((html.matches("<table").count(), html.matches("<caption>").count()), (6, 0));
    assert!(html.contains("aria-label=\"图1　各单位问题整改情况（2021年8月）\"") && !html.contains("<caption"));
    let markdown = std::fs::read_to_string(out.path().join("charts-draft-2021-08-20.md")).unwrap();
    assert_eq!(markdown.matches("<!-- chart: ").count(), 6);
}

#[test]
fn a_workbook_draws_each_chart_once_below_its_table() {
    let total: &[&[&str]] = &[&["甲", "1", "2", "3"], &["乙", "3", "4", "7"], &["合计", "4", "6", "10"]];
    let heads = &["单位", "已整改", "逾期", "合计"];
    let words: &[&[&str]] = &[&["1月", "3"], &["2月", "少于5"], &["3月", "9"]];
    let text = [
        chart("stacked", "各单位", heads, total),
        chart("lines", "有缺", &["月", "数"], words),
        chart("lines", "各月", &["月", "数"], &[&["1月", "3"], &["2月", "50"]]),
        chart("bars", "很长", &["单位", "数"], &[&[&"名".repeat(300), "50"]]),
    ];
    let document = document(Lang::Zh, &text.concat());
    let bytes = write(Format::Xlsx, &document).unwrap().bytes.into_vec().unwrap();
    let all = parts(&bytes);
    let drawn: Vec<&str> = all.keys().filter_map(|name| name.strip_prefix("xl/charts/")).collect();
    // A line through words would go through zero.
    assert_eq!(drawn, ["chart1.xml", "chart2.xml", "chart3.xml"]);
    let stacked = std::str::from_utf8(&all["xl/charts/chart1.xml"]).unwrap();
    assert!(stacked.contains("barStacked") || stacked.contains("<c:grouping val=\"stacked\"/>"));
    assert_eq!(cached_names(stacked), ["已整改", "逾期", "合计"]);
    assert!(stacked.contains("<c:min val=\"0\"/>") && stacked.contains("prst=\"wdUpDiag\""));
    let descriptions: String = all
        .iter()
        .filter(|(name, _)| name.starts_with("xl/drawings/drawing"))
        .map(|(_, part)| String::from_utf8_lossy(part).into_owned())
        .collect();
    let described = between(&descriptions, "descr=\"", "\"");
    assert_eq!(described.len(), 3, "{described:?}");
    assert!(
        described.iter().all(|text| text.chars().count() <= 255) && described.iter().any(|text| text.ends_with('…'))
    );
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(1).unwrap().unwrap();
    assert_eq!(sheet.get_value((4, 1)), Some(&Data::String("少于5".to_owned())));
}

fn cached_names(xml: &str) -> Vec<&str> {
    between(xml, "<c:tx>", "</c:tx>").into_iter().map(|name| between(name, "<c:v>", "</c:v>")[0]).collect()
}

#[test]
fn a_chart_of_too_many_series_is_its_table_and_that_is_told() {
    let heads = ["单位", "a", "b", "c", "d", "e", "f", "g"];
    let document =
        document(Lang::Zh, &chart("stacked", "七个系列", &heads, &[&["甲", "1", "1", "1", "1", "1", "1", "1"]]));
    for format in Format::ALL {
        let written = write(format, &document).unwrap();
        assert!(written.lost.contains(&Loss::ChartSeries(7)), "{format}");
    }
    let parts = made(&document);
    assert!(text(&parts["word/document.xml"]).contains("<w:tbl>") && !parts.keys().any(|name| name.contains("chart")));
    assert!(!text(&parts["[Content_Types].xml"]).contains("chart"));
}

/// A Word file with a chart of its own, whose names are those that duban would take.
fn office_file() -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(word(&(p("前") + &p("后")), "", ""))).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let more = |name: &str, text: String| {
        match name {
        "word/_rels/document.xml.rels" => text.replace(
            "</Relationships>",
            &format!("<Relationship Id=\"rId9\" Type=\"{office}/chart\" Target=\"charts/chart1.xml\"/><Relationship Id=\"dubanChart1\" Type=\"{office}/chart\" Target=\"charts/dubanChart1.xml\"/></Relationships>"),
        ),
        "word/document.xml" => text.replacen(
            "<w:p>",
            "<w:p><w:r><w:drawing><wp:inline xmlns:wp=\"x\"><wp:docPr id=\"700001\" name=\"c\"/><c:chart xmlns:c=\"y\" r:id=\"rId9\"/></wp:inline></w:drawing></w:r></w:p><w:p>",
            1,
        ),
        _ => text,
    }
    };
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        writer.start_file(&*name, options).unwrap();
        writer.write_all(more(&name, text).as_bytes()).unwrap();
    }
    for name in ["word/charts/chart1.xml", "word/charts/dubanChart1.xml"] {
        writer.start_file(name, options).unwrap();
        writer.write_all(b"<c:chartSpace/>").unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_chart_stands_in_the_offices_own_file_beside_its_own() {
    let template = Arc::new(WordTemplate::read(&office_file()).unwrap());
    let xml = parts(&office_file())["word/document.xml"].clone();
    let end = text(&xml).find("<w:p><w:r><w:t>后").unwrap();
    let rows: &[&[&str]] = &[&["甲", "1"], &["乙", "少于5"]];
    let own = blocks(&chart("bars", "文件里的图", &["单位", "数"], rows)).unwrap().body;
    let document = document(Lang::Zh, &chart("lines", "正文的图", &["月", "数"], &[&["1月", "1"]]));
    let contents = vec![
        Content::Kept(0..end),
        Content::Blocks(own.clone()),
        Content::Body,
        Content::Blocks(own),
        Content::Kept(end..xml.len()),
    ];
    let mut filled = Filled { template, parts: vec![contents], pictures: BTreeMap::new() };
    filled.number_figures(Lang::Zh, 1);
    let look = Look::default();
    let mut writer = Writer::new(&look);
    let bytes = writer.fill(&filled, &document).unwrap().bytes.into_vec().unwrap();
    writer.check_docx(&bytes.clone().into(), &|_| false).unwrap();
    let made = parts(&bytes);
    let body = text(&made["word/document.xml"]);
    let captions: Vec<&str> = between(body, "<w:t xml:space=\"preserve\">图", "</w:t>");
    assert_eq!(captions, ["2　文件里的图", "1　正文的图", "3　文件里的图"]);
    let ids = between(body, "<wp:docPr id=\"", "\"");
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (4, 4), "{ids:?}");
    // Each drawing leads to a part of its own, with its type and its workbook; the office's own stay.
    let relations = text(&made["word/_rels/document.xml.rels"]);
    let types = text(&made["[Content_Types].xml"]);
    let mut targets = BTreeSet::new();
    for id in between(body, "r:id=\"dubanChart_", "\"") {
        let target = between(relations, &format!("Id=\"dubanChart_{id}\" "), "/>")[0];
        let target = between(target, "Target=\"", "\"")[0];
        assert!(types.contains(&format!("PartName=\"/word/{target}\"")), "{types}");
        let xml = text(&made[&format!("word/{target}")]);
        let book = &made[&format!("word/embeddings/dubanChart_{id}.xlsx")];
        assert_eq!(cached(xml), in_workbook(xml, book));
        targets.insert(target.to_owned());
    }
    assert_eq!(targets.len(), 3);
    for name in ["word/charts/chart1.xml", "word/charts/dubanChart1.xml"] {
        assert_eq!(made[name], b"<c:chartSpace/>");
    }
    assert!(
        relations.contains("Id=\"rId9\"")
            && body.contains("w:val=\"dubanChart\"")
            && body.contains("注：图中未画：乙，少于5。")
    );
    assert_eq!(writer.fill(&filled, &document).unwrap().bytes.into_vec().unwrap(), bytes);
    // One that can't be drawn is its table here too, and that is told.
    let heads = ["单位", "a", "b", "c", "d", "e", "f", "g"];
    let many = blocks(&chart("stacked", "七个", &heads, &[&["甲", "1", "1", "1", "1", "1", "1", "1"]])).unwrap().body;
    filled.parts[0].insert(1, Content::Blocks(many));
    let written = writer.fill(&filled, &document).unwrap();
    assert_eq!(written.lost.len(), 1);
    assert!(text(&parts(&written.bytes.into_vec().unwrap())["word/document.xml"]).contains("<w:tbl>"));
}
