use proptest::prelude::*;

use super::*;
use crate::document::chart::Chart;
use crate::document::source::{FigureId, FigureSources};
use crate::document::text::normalised;
use crate::document::{Document, Foot, Head, Layout, Photo, said};
use crate::words::lang::Lang;

fn text(text: &str) -> Vec<Inline> {
    crate::document::lines(text)
}

fn faults(markdown: &str) -> Vec<(usize, Unsupported)> {
    blocks(markdown).expect_err(markdown).into_iter().map(|fault| (fault.line, fault.what)).collect()
}

#[test]
fn headings_begin_at_two_and_one_begins_an_attachment() {
    let body = blocks("甲\n\n## 乙\n\n##### 丙\n\n# 丁\n\n## 戊\n\n# 己\n").unwrap();
    assert_eq!(
        body.body,
        [
            Block::Paragraph(text("甲")),
            Block::Heading { level: 1, text: text("乙") },
            Block::Heading { level: 4, text: text("丙") },
        ]
    );
    assert_eq!(
        body.attachments,
        [
            Attachment { title: "丁".into(), body: vec![Block::Heading { level: 1, text: text("戊") }] },
            Attachment { title: "己".into(), body: vec![] },
        ]
    );
}

#[test]
fn strong_is_right_next_to_chinese_punctuation() {
    let body = blocks("**一、问题分类情况。**经核查").unwrap();
    assert_eq!(
        body.body,
        [Block::Paragraph(vec![Inline::Strong(text("一、问题分类情况。")), Inline::Text("经核查".into())])]
    );
}

#[test]
fn a_line_end_between_chinese_characters_is_no_space() {
    let body = blocks("甲\n乙\nab\ncd\\\n丙  \n丁").unwrap();
    assert_eq!(body.body, [Block::Paragraph(text("甲乙 ab cd\n丙\n丁"))]);
}

#[test]
fn tables_have_captions_and_alignments() {
    let body = blocks(": 表1\n\n| a | b |\n|:-:|--:|\n| 1<br/>2 | |\n").unwrap();
    assert_eq!(
        body.body,
        [Block::Table(Table {
            caption: Some("表1".into()),
            columns: vec![Align::Center, Align::Right],
            header: vec!["a".into(), "b".into()],
            rows: vec![vec!["1\n2".into(), "".into()]],
            shown: vec![],
        })]
    );
    assert_eq!(faults(": 表1\n\n甲"), [(1, Unsupported::LostCaption)]);
    assert_eq!(faults("| a |\n|---|\n| 1 | 2 |\n"), [(3, Unsupported::LongRow)]);
}

#[test]
fn lists_keep_their_first_number_and_nest() {
    let body = blocks("3. 甲\n   - 乙\n4. 丙\n").unwrap();
    assert_eq!(
        body.body,
        [Block::List {
            ordered: Some(3),
            items: vec![
                vec![
                    Block::Paragraph(text("甲")),
                    Block::List { ordered: None, items: vec![vec![Block::Paragraph(text("乙"))]] }
                ],
                vec![Block::Paragraph(text("丙"))],
            ]
        }]
    );
}

#[test]
fn comments_vanish_and_a_page_break_stays() {
    let body = blocks("甲 <!-- x --> 乙\n\n<!-- pagebreak -->\n\n<!-- y\nz -->\n\n丙").unwrap();
    assert_eq!(body.body, [Block::Paragraph(text("甲  乙")), Block::PageBreak, Block::Paragraph(text("丙"))]);
}

#[test]
fn links_keep_their_address() {
    let body = blocks("[网页](http://a.cn/) [a](b) <http://c.cn>").unwrap();
    assert_eq!(body.body, [Block::Paragraph(text("网页（http://a.cn/） a (b) http://c.cn"))]);
}

#[test]
fn everything_else_is_a_fault_at_its_line() {
    for (markdown, line, what) in [
        ("a\n\n> b", 3, Unsupported::Quote),
        ("a\n\n    b", 3, Unsupported::CodeBlock),
        ("```\na\n```", 1, Unsupported::CodeBlock),
        ("a `b`", 1, Unsupported::Code),
        ("a\n\n---\n", 3, Unsupported::Rule),
        ("a\n---\n", 1, Unsupported::UnderlinedHeading),
        ("###### a", 1, Unsupported::DeepHeading),
        ("# a **b**", 1, Unsupported::EmphasisInTitle),
        ("- # a", 1, Unsupported::StructureInList),
        ("- <!-- pagebreak -->", 1, Unsupported::StructureInList),
        ("![a](b)", 1, Unsupported::Image("b".into())),
        ("[a](b 'c')", 1, Unsupported::LinkTitle("c".into())),
        ("a\n\n[b]: c\n", 3, Unsupported::LinkDefinition),
        ("[b\nx]: c\n\na", 1, Unsupported::LinkDefinition),
        ("a\n\n<div>\n", 3, Unsupported::Html("<div>".into())),
        ("a <b>c", 1, Unsupported::Html("<b>".into())),
        ("<!-- a\n\nb", 1, Unsupported::OpenComment),
        ("<!-- a --> b", 1, Unsupported::Html("b".into())),
        ("a <!-- pagebreak -->", 1, Unsupported::PageBreakInLine),
    ] {
        assert_eq!(faults(markdown).first(), Some(&(line, what)), "{markdown:?}");
    }
}

#[test]
fn no_depth_overflows_the_stack() {
    for markdown in ["- ".repeat(5_000) + "a", "*a **b ".repeat(5_000) + &"** *".repeat(5_000)] {
        if let Err(faults) = blocks(&markdown) {
            assert_eq!(faults[0].what, Unsupported::TooDeep);
        }
    }
}

/// The contexts data may be inserted in, at `{}`.
const PLACES: [&str; 9] = [
    "a{}b",
    "x {}",
    "{}",
    "甲**{}**乙",
    "| a | {} |\n|---|---|\n| {} | a{}b |\n",
    "## {}\n\n甲\n",
    "# {}\n\n甲\n",
    "- {}\n- b\n",
    "1. {}\n\n   c\n",
];

fn keeps_its_place(value: &str) {
    let expected = normalised(value);
    if expected.is_empty() {
        return;
    }
    for place in PLACES {
        let read = blocks(&place.replace("{}", &escape(value)))
            .unwrap_or_else(|faults| panic!("{value:?} in {place:?}: {faults:?}"));
        let harmless = blocks(&place.replace("{}", "WORD")).unwrap();
        assert_eq!(flattened(read, "WORD", "WORD"), flattened(harmless, "WORD", &expected), "{value:?} in {place:?}");
    }
}

/// Returns the body with `word` replaced by `by`, and each break joined with the texts around it.
fn flattened(body: Body, word: &str, by: &str) -> Body {
    let inlines = |pieces: Vec<Inline>| flattened_inlines(pieces, word, by);
    let cells = |cells: Vec<Cell>| cells.into_iter().map(|cell| Cell(inlines(cell.0))).collect();
    let nested = |blocks: Vec<Block>| {
        let body = Body { body: blocks, attachments: vec![] };
        flattened(body, word, by).body
    };
    let table_of = |table: Table| Table {
        header: cells(table.header),
        rows: table.rows.into_iter().map(cells).collect(),
        ..table
    };
    let block = |block: Block| match block {
        Block::Heading { level, text } => Block::Heading { level, text: inlines(text) },
        Block::Paragraph(text) => Block::Paragraph(inlines(text)),
        Block::List { ordered, items } => Block::List { ordered, items: items.into_iter().map(nested).collect() },
        Block::Table(table) => Block::Table(table_of(table)),
        Block::Chart(chart) => Block::Chart(Chart { table: table_of(chart.table), ..chart }),
        Block::Photos(photos) => Block::Photos(photos),
        Block::PageBreak => Block::PageBreak,
    };
    let attachments = body.attachments.into_iter().map(|attachment| Attachment {
        title: attachment.title.replace(word, by),
        body: attachment.body.into_iter().map(block).collect(),
    });
    Body { attachments: attachments.collect(), body: body.body.into_iter().map(block).collect() }
}

fn flattened_inlines(pieces: Vec<Inline>, word: &str, by: &str) -> Vec<Inline> {
    let texts = pieces.into_iter().map(|piece| match piece {
        Inline::Break => Inline::Text("\n".into()),
        Inline::Photo(photo) => Inline::Photo(photo),
        Inline::Strong(inner) => Inline::Strong(flattened_inlines(inner, word, by)),
        Inline::Emphasis(inner) => Inline::Emphasis(flattened_inlines(inner, word, by)),
        Inline::Text(text) | Inline::Figure { text, .. } => Inline::Text(text.replace(word, by)),
    });
    crate::document::joined(&texts.collect::<Vec<_>>())
}

#[test]
fn no_known_trick_leaves_its_place() {
    for value in [
        "|",
        "a|b",
        "*",
        "**a**",
        "#",
        "# a",
        "<script>",
        "</td>",
        "{{",
        "{% x %}",
        "a\nb",
        "\n",
        "a\r\n\r\nb",
        "=1+1",
        "1. x",
        "- x",
        "    code",
        "---",
        "===",
        "```",
        "~~~",
        "&amp;",
        "&#35;",
        "\\",
        "[a](b)",
        "![x](y)",
        "~~x~~",
        "[a]: b",
        "<!-- pagebreak -->",
        "<br>",
        ": x",
        "+ x",
        "1) x",
        "> x",
        "_a_",
        "`x`",
        "a  \nb",
        "http://a.cn",
        "\u{3000}甲",
        "\u{202E}x",
        "甲\u{0}乙",
        "\ta",
        "(x)",
        "（x）",
        "“x”",
        "a\n# b",
        "a\n---",
        "\u{85}a\u{2028}b",
        "$x$",
        "^x^",
        "@x",
        "\"",
        "'",
        "--",
        "...",
    ] {
        keeps_its_place(value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_text_leaves_its_place(value in "\\PC*") {
        keeps_its_place(&value);
    }

    #[test]
    fn no_text_of_marks_leaves_its_place(value in "[-+*_#|<>&;:!?\\[\\](){}`~=.\\\\/ \\t\\r\\n1a甲（。\u{3000}\u{200b}\u{85}\u{0}]{0,24}") {
        keeps_its_place(&value);
    }

    #[test]
    fn no_markdown_makes_it_panic(value in "[-+*_#|<>&;:!?\\[\\](){}`~=.\\\\/ \\t\\r\\n1a甲（。]{0,60}") {
        let _ = blocks(&value);
    }
}

#[test]
fn a_column_that_no_row_fills_is_left_out_if_its_head_says_so() {
    let table = |text: &str| match blocks(text).unwrap().body.as_slice() {
        [Block::Table(table)] => table.clone(),
        other => panic!("{other:?}"),
    };
    let heads = |text: &str| table(text).header.iter().map(|cell| plain(&cell.0)).collect::<Vec<_>>();
    let text = |cells: &str| format!("| ?编号 | 问题 | ? 点位 | 措施 |\n| --- | --: | --- | :-: |\n{cells}");
    assert_eq!(heads(&text("|  | 甲 |  |  |\n|  | 乙 |  |  |\n")), ["问题", "措施"]);
    let made = table(&text("|  | 甲 |  |  |\n"));
    assert_eq!((made.columns.len(), made.align(0), made.rows[0].len()), (2, Align::Right, 2));
    assert_eq!(heads(&text("|  | 甲 | 一号 |  |\n|  | 乙 |  |  |\n")), ["问题", "点位", "措施"]);
    assert_eq!(heads(&text("")), ["编号", "问题", "点位", "措施"]);
    // A value with the mark is a value.
    assert_eq!(heads(&format!("| {} | 问题 |\n| --- | --- |\n|  | 甲 |\n", escape("?x"))), ["?x", "问题"]);
}

#[test]
fn a_column_is_shown_where_its_head_says() {
    let text = "| 编号 | ?+措施 | ?-状态 | ?+ 依据 |\n| --- | --- | --- | --: |\n| 1 | 清运 | 已整改 |  |\n\n# 附\n\n| ?+a |\n|---|\n| 1 |\n";
    let Body { body, attachments } = blocks(text).unwrap();
    let [Block::Table(table)] = body.as_slice() else { panic!("{body:?}") };
    assert_eq!(table.shown, [Shown::Everywhere, Shown::InWorkbooks, Shown::OnPaper]);
    let document = Document {
        lang: Lang::Zh,
        kind: String::new(),
        layout: Layout::Document,
        head: Head::default(),
        body,
        attachments,
        foot: Foot::default(),
        reckoned: None,
        sources: FigureSources::default(),
    };
    let heads = |document: &Document| {
        let bodies = std::iter::once(&document.body).chain(document.attachments.iter().map(|part| &part.body));
        let tables = bodies.flatten().filter_map(|block| match block {
            Block::Table(table) => Some(table.header.iter().map(|cell| plain(&cell.0)).collect::<Vec<_>>().join(" ")),
            _ => None,
        });
        tables.collect::<Vec<_>>()
    };
    assert_eq!(heads(&document.on_paper()), ["编号 状态", ""]);
    let kept = blocks(&table::table(&[("a", Align::Left, Shown::OnPaper)], [[""]])).unwrap();
    assert!(matches!(kept.body.as_slice(), [Block::Table(table)] if table.width() == 1), "{kept:?}");
    assert_eq!(heads(&document.in_workbooks()), ["编号 措施", "a"]);
    // What is written is read, and a value with a mark is a value.
    let columns = [("?+x", Align::Right, Shown::Everywhere), ("措施", Align::Center, Shown::InWorkbooks)];
    let Body { body, .. } = blocks(&table::table(&columns, [["a|b", "1"]])).unwrap();
    let [Block::Table(table)] = body.as_slice() else { panic!("{body:?}") };
    assert_eq!(table.header.iter().map(|cell| plain(&cell.0)).collect::<Vec<_>>(), ["?+x", "措施"]);
    assert_eq!((plain(&table.rows[0][0].0).as_str(), table.align(1)), ("a|b", Align::Center));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]
    /// A long table is read row by row, the rest between headings; together they say what the whole text says.
    #[test]
    fn pieces_say_what_the_whole_says(
        cells in proptest::collection::vec(
            prop_oneof![
                "[甲乙 a<>&|*_`.~\\\\^#:!\\[\\]\\\\n-]{0,6}".prop_map(|text| escape(&text)),
                "[甲 ab<&;#*_x!\\[\\]39:.-]{0,6}",
                Just("a<br>b".to_owned()), Just("<br>".to_owned()), Just("a <br> b<br>".to_owned()), Just("&#38;x&#x26;".to_owned()),
                (1..30_usize).prop_map(|id| figure(FigureId::whole(id), "17")),
            ],
            120..200,
        ),
        optional in any::<bool>(),
        before in "(甲\n\n|## 乙\n|# 附件\n|1[.] 丙\n2[.] 丁\n|: 题\n\n|<!-- x -->\n\n|\n){0,4}",
        after in "(\n甲|\n## 乙\n\n戊|## 己\n|\n1[.] 丙\n\n# 附\n\n: 题\n\n\\| a \\|\n\\|---\\|\n|甲\n){0,3}",
    ) {
        let mark = if optional { "?" } else { "" };
        let rows: Vec<String> = cells.chunks(3).map(|row| format!("| {} |\n", row.join(" | "))).collect();
        let rows = rows.concat();
        let text = format!("{before}\n| {mark}a | {mark}b | c |\n|---|:-:|--:|\n{rows}{after}");
        let (pieces, whole) = (blocks(&text), whole(&text));
        prop_assert_eq!(pieces, whole, "{}", text);
    }
}

#[test]
fn a_marked_text_is_a_figure() {
    let id = FigureId { figure: 47, part: 16 };
    let marked = format!("发现**{}个**，{}", figure(id, &escape("80.5%")), figure(FigureId::whole(1), "十七"));
    let text = |text: &str| Inline::Text(text.to_owned());
    assert_eq!(
        blocks(&marked).unwrap().body,
        [Block::Paragraph(vec![
            text("发现"),
            Inline::Strong(vec![Inline::Figure { id, text: "80.5%".into() }, text("个")]),
            text("，"),
            Inline::Figure { id: FigureId::whole(1), text: "十七".into() },
        ])]
    );
    assert_eq!(without_figures(&marked), "发现**80&#46;5&#37;个**，十七");
}

/// A mark that would change how the rest is read goes; so do marks that enclose nothing, and those of an author.
#[test]
fn marks_change_nothing_of_what_is_read() {
    let one = |text: &str| figure(FigureId::whole(1), text);
    for marked in [
        format!("{}. 甲\n{}. 乙", one("1"), one("2")),
        format!("a**{}**b", one(&escape("5%"))),
        format!("[x]({})", one("7")),
        format!("甲{}\n{}乙", one("七"), one("八")),
        format!("| {} | b |\n|---|---|\n| {} | {} |", one("3"), one("4"), one("")),
        format!("<!-- {} -->\n\n甲", one("1")),
        "甲\u{1}乙\u{11}丙\u{3}\u{10}丁\u{11}\u{3}戊\u{1}".to_owned(),
        format!("# {}\n\n: {}\n\n| a |\n|---|", one("1"), one("2")),
    ] {
        let (read, plain) = (blocks(&marked).unwrap(), blocks(&without_figures(&marked)).unwrap());
        assert_eq!(flattened(read, "", ""), flattened(plain, "", ""), "{marked:?}");
    }
}

#[test]
fn a_chart_is_a_table_with_its_mark_and_nothing_else() {
    let table = "| 单位 | 数 |\n|---|--:|\n| 甲 | 1 |\n";
    for (markdown, expected) in [
        (format!("<!-- chart: bars -->\n\n{table}"), Ok(())),
        (format!("<!-- chart: lines -->\n: 题\n\n{table}"), Ok(())),
        (format!("<!-- chart: pie -->\n\n{table}"), Err(vec![(1, Unsupported::LostChart("pie".into()))])),
        (format!("<!-- chart: bars -->\n\n文\n\n{table}"), Err(vec![(1, Unsupported::LostChart("bars".into()))])),
        ("文\n\n<!-- chart: bars -->\n".to_owned(), Err(vec![(3, Unsupported::LostChart("bars".into()))])),
        (format!("<!-- chart: bars -->\n<!-- b -->\n\n{table}"), Err(vec![(1, Unsupported::LostChart("bars".into()))])),
        (format!("- <!-- chart: bars -->\n\n{table}"), Err(vec![(1, Unsupported::StructureInList)])),
    ] {
        let read =
            blocks(&markdown).map_err(|faults| faults.into_iter().map(|fault| (fault.line, fault.what)).collect());
        match read {
            Ok(body) => {
                assert!(
                    matches!(body.body.as_slice(), [Block::Chart(_)]) && expected == Ok(()),
                    "{markdown}: {body:?}"
                );
            }
            Err(faults) => assert_eq!(Err(faults), expected, "{markdown}"),
        }
    }
}

#[test]
fn a_photo_stands_in_a_cell_of_a_column_of_workbooks_and_in_no_other() {
    let text = |mark: &str| format!("| a | {mark}b |\n|---|---|\n| 1 | x![甲](photo:ab)![](photo:cd) |\n| 2 | |\n");
    let photo = |id: &str, caption: &str| Photo { id: id.into(), caption: caption.into(), number: None };
    for mark in ["!+", "?+"] {
        let Body { body, .. } = blocks(&text(mark)).unwrap();
        let [Block::Table(table)] = body.as_slice() else { panic!("{body:?}") };
        let photos: Vec<_> = table.photos().collect();
        assert_eq!(photos, [(0, 1, &photo("ab", "甲")), (0, 1, &photo("cd", ""))]);
        assert_eq!(said(&table.rows[0][1].0), "x");
    }
    for mark in ["", "!-"] {
        assert!(blocks(&text(mark)).is_err(), "{mark}");
    }
    for outside in ["![甲](photo:ab)", "- ![甲](photo:ab)"] {
        assert!(blocks(outside).is_err(), "{outside}");
    }
    let columns = [("a", Align::Left, Shown::InWorkbooks)];
    let photos = [photo("ab", "](photo:cd) | ")];
    let written = table(&columns, [[TableCell { text: "![x](photo:ef)", photos: &photos }]]);
    let Body { body, .. } = blocks(&written).unwrap();
    let [Block::Table(table)] = body.as_slice() else { panic!("{body:?}") };
    assert_eq!(table.photos().map(|(.., photo)| photo.caption.trim()).collect::<Vec<_>>(), ["](photo:cd) |"]);
    assert_eq!(said(&table.rows[0][0].0), "![x](photo:ef)");
}
