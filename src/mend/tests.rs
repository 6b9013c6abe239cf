use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::source::workbook::address;

fn edit(place: &str, value: &str) -> Edit {
    Edit { place: place.parse().unwrap(), was: None, value: value.to_owned() }
}

fn mend_all(name: &str, bytes: &[u8], edits: &[Edit], target: MendTarget) -> Result<Mended, MendError> {
    mend(&LogBytes { name, bytes, form: None, sheets: &[] }, edits, target, &Project::default())
}

fn mended(name: &str, bytes: &[u8], edits: &[(&str, &str)]) -> Result<Vec<u8>, MendError> {
    let edits: Vec<Edit> = edits.iter().map(|(place, value)| edit(place, value)).collect();
    mend_all(name, bytes, &edits, MendTarget::Same).map(|mended| mended.bytes)
}

/// The text of a log with edits.
fn text(name: &str, text: &str, edits: &[(&str, &str)]) -> String {
    String::from_utf8(mended(name, text.as_bytes(), edits).unwrap()).unwrap()
}

/// What is wrong with edits, by place.
fn faults(result: Result<Vec<u8>, MendError>) -> Vec<(String, What)> {
    match result {
        Err(MendError::Faults(faults)) => faults.into_iter().map(|fault| (fault.place, fault.what)).collect(),
        other => panic!("{other:?}"),
    }
}

const LOG: &str = "台账标题,,,,\r\n编号,发现日期,责任单位,问题 描述,整改期限\r\nA1,\"2021-08-99\",甲,\"堆物,\r\n楼道\",\r\nA2,2021-08-02, 乙\r\n";

#[test]
fn cells_of_csv_are_mended_and_all_else_stays() {
    let new =
        text("a.csv", LOG, &[("3:4", "2021-08-09"), ("4:5", "2021-08-20"), ("D3", "堆\"物"), ("5:整改期限", "x,y")]);
    let expected = LOG
        .replace("\"2021-08-99\"", "\"2021-08-09\"")
        .replace("\"堆物,\r\n楼道\",", "\"堆\"\"物\",2021-08-20")
        .replace("A2,2021-08-02, 乙", "A2,2021-08-02, 乙,,\"x,y\"");
    assert_eq!(new, expected);
    assert_eq!(text("a.csv", LOG, &[("5:deadline", "2021-09-01")]), LOG.replace(" 乙", " 乙,,2021-09-01"));
    assert_eq!(text("a.csv", LOG, &[("5:责任单位", " 乙")]), LOG);
    let told = mend_all("a.csv", LOG.as_bytes(), &[edit("5:责任单位", " 乙"), edit("C3", "丙")], MendTarget::Same);
    let cell = MendedCell { place: "C3".to_owned(), old: "甲".to_owned(), new: "丙".to_owned() };
    assert_eq!(told.unwrap().cells, [cell]);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let edits = [("9:4", ""), ("3:2", ""), ("3:99", ""), ("3:没有", ""), ("Z3", ""), ("台账!A3", ""), ("C3", "a\u{1}")];
    assert_eq!(
        faults(mended("a.csv", LOG.as_bytes(), &edits)),
        [("台账!A3", What::NoWorkbook), ("C3", What::Control('\u{1}'))].map(|(place, what)| (place.to_owned(), what)),
    );
    let found = faults(mended("a.csv", LOG.as_bytes(), &[&edits[..5], &[("C3", "1"), ("3:责任单位", "2")]].concat()));
    let expected = [
        ("9:4", What::NoLine),
        ("3:99", What::NoCell),
        ("3:没有", What::NoColumn),
        ("Z3", What::NoSuchColumn),
        ("3:责任单位", What::Twice),
    ];
    assert_eq!(found, expected.map(|(place, what)| (place.to_owned(), what)));
    let was = Edit { was: Some("乙".to_owned()), ..edit("C3", "丙") };
    let refused = mend_all("a.csv", LOG.as_bytes(), &[was], MendTarget::Same).map(|mended| mended.bytes);
    let what = What::Was { was: "乙".to_owned(), shows: "甲".to_owned() };
    assert_eq!(faults(refused), [("C3".to_owned(), what)]);
    assert!(matches!(mended("a.csv", b"a,b\n\"c,d\n", &[("A1", "x")]), Err(MendError::Unreadable { line: 2 })));
    assert!(matches!(mended("a.csv", b"\xff\xff", &[("A1", "x")]), Err(MendError::Encoding)));
}

#[test]
fn the_encoding_is_kept_and_what_it_lacks_is_refused() {
    let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    assert_eq!(mended("a.csv", &gb(LOG), &[("C3", "丙𠮷")]).unwrap(), gb(&LOG.replace(",甲,", ",丙𠮷,")));
    let lacking = faults(mended("a.csv", &gb(LOG), &[("C3", "\u{e5e5}")]));
    assert_eq!(lacking, [("C3".to_owned(), What::Unencodable { c: '\u{e5e5}', encoding: "GB18030" })]);
    let wide = |text: &str| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    assert_eq!(mended("a.csv", &wide(LOG), &[("C3", "丙")]).unwrap(), wide(&LOG.replace(",甲,", ",丙,")));
    let packed = packed(LOG.as_bytes()).unwrap();
    let again = mended("a.csv.gz", &packed, &[("C3", "丙")]).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(again.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(text, LOG.replace(",甲,", ",丙,"));
}

const YAML: &str = "\
发现日期: 2021-08-05 # 同一天
问题:
- 编号: 001
  责任单位: '甲'
  整改期限:
  问题描述: |
    两行
    的
- {编号: 2, 责任单位: \"乙\\u0020\", 检查依据: &b x, 备注: *b}
";

#[test]
fn values_of_yaml_and_json_are_mended_and_all_else_stays() {
    let new = text(
        "a.yaml",
        YAML,
        &[
            ("1:发现日期", "2021-08-06"),
            ("3:编号", "true"),
            ("4:9", "it's"),
            ("3:整改期限", "2021-08-20"),
            ("9:责任单位", "丙, 丁"),
        ],
    );
    let expected = YAML
        .replace("2021-08-05", "2021-08-06")
        .replace("001", "\"true\"")
        .replace("'甲'", "\"it's\"")
        .replace("整改期限:", "整改期限: 2021-08-20")
        .replace("\"乙\\u0020\"", "\"丙, 丁\"");
    assert_eq!(new, expected);
    assert_eq!(text("a.yaml", "- 期限:# x\n", &[]), "- 期限:# x\n");
    let wrong =
        [("6:问题描述", "a"), ("9:检查依据", "a"), ("9:备注", "a"), ("4:3", "a"), ("3:没有", "a"), ("2:问题", "a")];
    let expected = [("6:问题描述", What::SeveralLines), ("9:检查依据", What::Anchored), ("9:备注", What::Anchored)];
    assert_eq!(faults(mended("a.yaml", YAML.as_bytes(), &wrong[..3])), expected.map(|(p, w)| (p.to_owned(), w)));
    let expected = [("4:3", What::Key), ("3:没有", What::NoColumn), ("2:问题", What::NoColumn)];
    assert_eq!(faults(mended("a.yaml", YAML.as_bytes(), &wrong[3..])), expected.map(|(p, w)| (p.to_owned(), w)));
    let json = "[{\"unit\":\"甲\",\"n\":1.50,\"x\":null},\n {\"unit\":\"乙\"}]";
    assert_eq!(
        text("a.json", json, &[("1:unit", "a\"b\n"), ("1:n", "2"), ("1:x", "3"), ("2:责任单位", "丙")]),
        "[{\"unit\":\"a\\\"b\\n\",\"n\":2,\"x\":\"3\"},\n {\"unit\":\"丙\"}]"
    );
    let one_line = json.replace('\n', "");
    assert_eq!(
        faults(mended("a.json", one_line.as_bytes(), &[("1:unit", "a")])),
        [("1:unit".to_owned(), What::SeveralColumns)]
    );
    assert!(matches!(mended("a.json", b"{\"a\": ", &[("1:a", "x")]), Err(MendError::Unreadable { line: 1 })));
}

#[test]
fn the_values_of_a_list_are_mended_each_in_its_place() {
    let yaml = "- 类别: [消防, '环镜'] # 两类\n  配合单位:\n    - 甲\n    - 乙\n  标签: [一]\n";
    let new = text("a.yaml", yaml, &[("1:类别", "消防、环境"), ("2:配合单位", "丙、丁"), ("5:标签", "二、三")]);
    assert_eq!(new, yaml.replace("环镜", "环境").replace('甲', "丙").replace('乙', "丁").replace("[一]", "[二、三]"));
    let wrong = [("1:类别", "消防"), ("2:配合单位", "丙、丁、戊"), ("2:配合单位", "丙、")];
    for edit in wrong {
        assert_eq!(faults(mended("a.yaml", yaml.as_bytes(), &[edit])), [(edit.0.to_owned(), What::Items(2))]);
    }
    let json = "[{\"类别\":[\"消防\",\"环镜\"]}]";
    assert_eq!(text("a.json", json, &[("1:类别", "消防、环境")]), json.replace("环镜", "环境"));
}

/// A workbook of a sheet and what belongs to it.
fn workbook(sheet: &str, more: &[(&str, &str)], main: &str) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        package.start_file(name, SimpleFileOptions::default()).unwrap();
        package.write_all(text.as_bytes()).unwrap();
    };
    let kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |pairs: &[(&str, &str, &str)]| {
        let one = |(id, kind, to): &(&str, &str, &str)| {
            format!("<Relationship Id=\"{id}\" Type=\"{kinds}/{kind}\" Target=\"{to}\"/>")
        };
        let begin = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
        format!("{begin}{}</Relationships>", pairs.iter().map(one).collect::<String>())
    };
    part(
        "[Content_Types].xml",
        "<Types><Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/calcChain.xml\" ContentType=\"c\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"w\"/></Types>",
    );
    part("_rels/.rels", &relations(&[("r1", "officeDocument", "xl/workbook.xml")]));
    part(
        "xl/_rels/workbook.xml.rels",
        &relations(&[("r2", "worksheet", "worksheets/sheet1.xml"), ("r3", "calcChain", "calcChain.xml")]),
    );
    part("xl/worksheets/_rels/sheet1.xml.rels", &relations(&[("r1", "table", "../tables/table1.xml")]));
    part(
        "xl/workbook.xml",
        &format!("<workbook>{main}<sheets><sheet name=\"台账\" sheetId=\"1\" r:id=\"r2\"/></sheets></workbook>"),
    );
    part("xl/calcChain.xml", "<calcChain><c r=\"F3\"/></calcChain>");
    part(
        "xl/styles.xml",
        "<styleSheet><fonts><font/></fonts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"49\"/></cellXfs></styleSheet>",
    );
    part("xl/sharedStrings.xml", "<sst><si><t>编号</t></si><si><t>责任单位</t></si><si><t>甲</t></si></sst>");
    part("xl/worksheets/sheet1.xml", sheet);
    for (name, text) in more {
        part(name, text);
    }
    package.finish().unwrap().into_inner()
}

/// The parts of a package, by name.
fn parts(bytes: &[u8]) -> std::collections::BTreeMap<String, String> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = package.file_names().map(|name| name.unwrap().into_owned()).collect();
    let read = |name: String| {
        let mut text = String::new();
        package.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    };
    names.into_iter().map(read).collect()
}

const SHEET: &str = "<?xml version=\"1.0\"?><x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
<x:dimension ref=\"A1:F6\"/><x:cols><x:col min=\"4\" max=\"4\" style=\"1\"/></x:cols><x:sheetData>\
<x:row r=\"1\" spans=\"1:6\"><x:c r=\"A1\" t=\"s\"><x:v>0</x:v></x:c><x:c r=\"B1\" t=\"s\"><x:v>1</x:v></x:c></x:row>\
<x:row r=\"3\"><x:c r=\"A3\"><x:v>7</x:v></x:c><x:c r=\"B3\" s=\"2\" t='s' vm=\"1\"><x:v>2</x:v></x:c><x:c r=\"D3\" s=\"1\"><x:v>44409</x:v></x:c>\
<x:c r=\"F3\"><x:f>A3*2</x:f><x:v>14</x:v></x:c></x:row>\
<x:row r=\"4\"><x:c r=\"A4\"><x:f t=\"shared\" ref=\"A4:A5\" si=\"0\">A3+1</x:f><x:v>8</x:v></x:c><x:c r=\"B4\"><x:v>1</x:v></x:c>\
<x:c r=\"E4\" t=\"b\"><x:v>1</x:v></x:c></x:row>\
<x:row r=\"5\" ht=\"20\"><x:c r=\"A5\"><x:f t=\"shared\" si=\"0\"/><x:v>9</x:v></x:c><x:c r=\"C5\" cm=\"1\"><x:f t=\"array\" ref=\"C5:C6\">A4:A5</x:f><x:v>1</x:v></x:c></x:row>\
<x:row r=\"6\"/></x:sheetData><x:mergeCells count=\"2\"><x:mergeCell ref=\"B4:B5\"/><x:mergeCell ref=\"E4:F5\"/></x:mergeCells></x:worksheet>";

#[test]
fn cells_of_a_workbook_are_mended_in_place() {
    let bytes = workbook(SHEET, &[("xl/media/1.png", "picture")], "");
    let new = mended(
        "a.xlsx",
        &bytes,
        &[
            ("B3", "乙<&"),
            ("A3", "12"),
            ("D3", "2021-08-05"),
            ("D4", "2021-08-06"),
            ("C4", "=1+1"),
            ("C3", "x"),
            ("E3", "y"),
            ("F3", "15"),
            ("A2", "new"),
            ("B6", "6"),
            ("C9", "9"),
            ("A9", "8"),
            ("B4", "丙"),
            ("E4", "FALSE"),
        ],
    )
    .unwrap();
    let text = |value: &str| format!("t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">{value}</x:t></x:is></x:c>");
    let expected = SHEET
        .replace("A1:F6", "A1:F9")
        .replace("<x:c r=\"B3\" s=\"2\" t='s' vm=\"1\"><x:v>2</x:v></x:c>", &format!("<x:c r=\"B3\" s=\"2\" {}<x:c r=\"C3\" {}", text("乙&lt;&amp;"), text("x")))
        .replace("<x:v>7</x:v>", "<x:v>12</x:v>")
        .replace("44409</x:v></x:c>", &format!("44413</x:v></x:c><x:c r=\"E3\" {}", text("y")))
        .replace("<x:f>A3*2</x:f><x:v>14</x:v>", "<x:v>15</x:v>")
        .replace("<x:row r=\"3\">", &format!("<x:row r=\"2\"><x:c r=\"A2\" {}</x:row><x:row r=\"3\">", text("new")))
        .replace("<x:c r=\"B4\"><x:v>1</x:v></x:c>", &format!("<x:c r=\"B4\" {}<x:c r=\"C4\" {}<x:c r=\"D4\" s=\"1\"><x:v>44414</x:v></x:c>", text("丙"), text("=1+1")))
        .replace("t=\"b\"><x:v>1</x:v>", "t=\"b\"><x:v>0</x:v>")
        .replace("<x:row r=\"6\"/>", "<x:row r=\"6\"><x:c r=\"B6\"><x:v>6</x:v></x:c></x:row><x:row r=\"9\"><x:c r=\"A9\"><x:v>8</x:v></x:c><x:c r=\"C9\"><x:v>9</x:v></x:c></x:row>");
    let (old, new) = (parts(&bytes), parts(&new));
    assert_eq!(new["xl/worksheets/sheet1.xml"], expected);
    assert!(!new.contains_key("xl/calcChain.xml"), "a formula is gone");
    assert_eq!(
        new["[Content_Types].xml"],
        old["[Content_Types].xml"].replace("<Override PartName=\"/xl/calcChain.xml\" ContentType=\"c\"/>", "")
    );
    assert!(!new["xl/_rels/workbook.xml.rels"].contains("calcChain"));
    for name in ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/media/1.png"] {
        assert_eq!(new[name], old[name], "{name}");
    }
    // Without a formula lost, and with nothing to mend, all else is as it was.
    let new = mended("a.xlsx", &bytes, &[("台账!3:责任单位", "乙")]).unwrap();
    assert_eq!(parts(&new).len(), old.len());
    assert_eq!(mended("a.xlsx", &bytes, &[("B3", "甲")]).unwrap(), bytes);
}

#[test]
fn cells_that_others_depend_on_are_refused() {
    let table = "<table displayName=\"T\" ref=\"A1:B3\" totalsRowCount=\"1\"/>";
    let bytes = workbook(SHEET, &[("xl/tables/table1.xml", table)], "");
    let edits = [
        ("A1", "号"),
        ("B3", "合计"),
        ("A4", "1"),
        ("B5", "1"),
        ("C6", "1"),
        ("F5", "1"),
        ("汇总!A1", "1"),
        ("B4", &"甲".repeat(32_768)),
    ];
    let area = |text: &str| text.to_owned();
    let table = || What::TableRow { table: "T".to_owned() };
    let expected = [
        ("汇总!A1", What::NoSheet(vec!["台账".to_owned()])),
        ("B4", What::TooLong),
        ("A1", table()),
        ("B3", table()),
        ("A4", What::SharedFormula { area: area("A4:A5") }),
        ("B5", What::Merged { first: area("B4"), area: area("B4:B5") }),
        ("F5", What::Merged { first: area("E4"), area: area("E4:F5") }),
        ("C6", What::ArrayFormula { area: area("C5:C6") }),
    ];
    assert_eq!(faults(mended("a.xlsx", &bytes, &edits)), expected.map(|(place, what)| (place.to_owned(), what)));
    // What has its formula from another, or for itself alone, is mended.
    assert!(mended("a.xlsx", &bytes, &[("A5", "1")]).is_ok());
    for (area, others) in [(" ref=\"A4\"", true), ("", true), (" ref=\"A4:A9\"", false)] {
        let sheet = SHEET.replace(" ref=\"A4:A5\"", area);
        let sheet = if others { sheet } else { sheet.replace("<x:f t=\"shared\" si=\"0\"/>", "") };
        let bytes = workbook(&sheet, &[], "");
        assert_eq!(mended("a.xlsx", &bytes, &[("A4", "1")]).is_err(), others, "{area}");
        assert!(mended("a.xlsx", &bytes, &[("A5", "1")]).is_ok());
    }
    let signed = workbook(SHEET, &[("_xmlsignatures/sig1.xml", "<a/>")], "");
    assert!(matches!(mended("a.xlsx", &signed, &[("A3", "1")]), Err(MendError::Signed)));
    let unnumbered = SHEET.replace("<x:c r=\"A3\">", "<x:c>");
    let bytes = workbook(&unnumbered, &[], "");
    assert!(mended("a.xlsx", &bytes, &[("A3", "1")]).is_ok());
    assert_eq!(faults(mended("a.xlsx", &bytes, &[("C3", "1")])), [("C3".to_owned(), What::NoAddresses)]);
}

#[test]
fn days_count_from_the_year_that_the_workbook_says() {
    let bytes = workbook(SHEET, &[], "<workbookPr date1904=\"1\"/>");
    let new = parts(&mended("a.xlsx", &bytes, &[("D3", "2021-08-05")]).unwrap());
    assert!(new["xl/worksheets/sheet1.xml"].contains("<x:v>42951</x:v>"));
}

#[test]
fn an_empty_sheet_is_filled() {
    let sheet = "<worksheet><sheetData/></worksheet>";
    let new = parts(&mended("a.xlsx", &workbook(sheet, &[], ""), &[("台账!B2", "1"), ("台账!A1", "x")]).unwrap());
    assert_eq!(
        new["xl/worksheets/sheet1.xml"],
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">x</t></is></c></row>\
         <row r=\"2\"><c r=\"B2\"><v>1</v></c></row></sheetData></worksheet>"
    );
}

#[test]
fn the_rows_of_a_workbook_are_written_as_csv() {
    let bytes = workbook(SHEET, &[], "");
    let csv = mend_all("a.xlsx", &bytes, &[edit("B3", "乙\n\"丙\""), edit("C9", "9")], MendTarget::Csv).unwrap();
    assert_eq!(
        String::from_utf8(csv.bytes).unwrap(),
        "\u{feff}编号,责任单位\r\n\r\n7,\"乙\n\"\"丙\"\"\",,2021-08-01,,14\r\n8,1,,,TRUE,\r\n9,1,1,,TRUE,\r\n\r\n\r\n\r\n,,9\r\n"
    );
    let csv = |edits: &[Edit]| mend_all("a.xlsx", &bytes, edits, MendTarget::Csv);
    // A merged cell speaks for its rows, and for one that is blank no more; E4:F5 is one over two columns.
    let merged = csv(&[edit("B4", "丙"), edit("E4", "x")]).unwrap().bytes;
    let expected = "\u{feff}编号,责任单位\r\n\r\n7,甲,,2021-08-01,,14\r\n8,丙,,,x,\r\n9,丙,1,,x,\r\n";
    assert_eq!(String::from_utf8(merged).unwrap(), expected);
    let blank = csv(&[edit("A5", ""), edit("C5", "")]).unwrap().bytes;
    assert!(String::from_utf8(blank).unwrap().ends_with("8,1,,,TRUE,\r\n,,,,,\r\n"));
    let refused = faults(csv(&[edit("B5", "丙")]).map(|mended| mended.bytes));
    let what = What::Merged { first: "B4".to_owned(), area: "B4:B5".to_owned() };
    assert_eq!(refused, [("B5".to_owned(), what)]);
    assert!(matches!(mend_all("a.csv", b"a\n", &[edit("A1", "b")], MendTarget::Csv), Err(MendError::NoSheets)));
    assert!(matches!(
        mended("a.xls", include_bytes!("../../tests/fixtures/photos/log-libreoffice.xls"), &[("A2", "b")]),
        Err(MendError::NotWritable)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The csv crate reads edited cells as they were wanted, and all others as before; the bytes between are the same.
    #[test]
    fn edits_of_csv_touch_nothing_else(
        rows in proptest::collection::vec(proptest::collection::vec(("[甲a\", ;\n]{0,4}", any::<bool>()), 1..5), 1..8),
        edits in proptest::collection::btree_map((0..8_usize, 0..4_usize), "[乙b\",\n =]{0,4}", 0..5),
        end in prop::sample::select(&["\n", "\r\n"][..]),
        encoding in 0..3,
    ) {
        let head = format!("编号,责任单位,问题描述,整改方式{end}");
        let mut log = head.clone();
        for row in &rows {
            // Without a blank line, which is no row.
            let cells: Vec<String> = row.iter().enumerate().map(|(at, (cell, quoted))| {
                let cell = if at == 0 { format!("x{cell}") } else { cell.clone() };
                crate::delimited::text::encoded(&cell, b',', *quoted)
            }).collect();
            log += &(cells.join(",") + end);
        }
        let bytes = match encoding {
            0 => log.clone().into_bytes(),
            1 => format!("\u{feff}{log}").into_bytes(),
            _ => encoding_rs::GB18030.encode(&log).0.into_owned(),
        };
        let records = crate::delimited::text::records(&log, b',').unwrap();
        let edits: Vec<((usize, usize), &String)> = edits.iter().filter(|((row, cell), value)| *row < rows.len() && !(*cell == 0 && value.is_empty())).map(|(at, value)| (*at, value)).collect();
        let named: Vec<Edit> = edits.iter().map(|((row, cell), value)| {
            let line = records[row + 1].line.get();
            edit(&address(line, u16::try_from(*cell).unwrap()), value)
        }).collect();
        let new = match mend_all("a.csv", &bytes, &named, MendTarget::Same) {
            Ok(new) => new.bytes,
            // Another delimiter would be taken for that of the table; nothing is written then.
            Err(MendError::Changed(_)) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.text(crate::words::lang::Lang::En))),
        };
        let new = match encoding {
            0 => String::from_utf8(new).unwrap(),
            1 => String::from_utf8(new).unwrap().strip_prefix('\u{feff}').unwrap().to_owned(),
            _ => encoding_rs::GB18030.decode_without_bom_handling(&new).0.into_owned(),
        };
        let read = |text: &str| -> Vec<Vec<String>> {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
        };
        let mut expected = read(&log);
        for ((row, cell), value) in &edits {
            let row = &mut expected[row + 1];
            if row.len() <= *cell && !value.is_empty() {
                row.resize(cell + 1, String::new());
            }
            if let Some(slot) = row.get_mut(*cell) {
                slot.clone_from(value);
            }
        }
        prop_assert_eq!(read(&new), expected);
        prop_assert!(new.starts_with(&head));
        prop_assert_eq!(new.matches(end).count() >= rows.len(), true);
        if edits.is_empty() {
            prop_assert_eq!(new, log);
        }
    }

    /// In a workbook, edited cells show what was wanted and all others what they showed, and nothing else of the XML differs.
    #[test]
    fn edits_of_a_workbook_touch_nothing_else(
        cells in proptest::collection::btree_map((0..6_u32, 0..5_u32), (0..7_usize, 0..3_usize), 0..14),
        edits in proptest::collection::btree_map((0..8_u32, 0..6_u32), "[乙b\" =<&\n]{0,4}|[0-9.]{1,3}|2021-08-0[1-9]|_x000[0-9D]_", 1..5),
    ) {
        let contents = [
            "t=\"s\"><v>2</v>", "><v>8.5</v>", "><v>44409</v>", "t=\"inlineStr\"><is><t>甲 乙</t></is>",
            "t=\"str\"><f>A1&amp;\"\"</f><v>丙</v>", "t=\"b\"><v>1</v>", ">",
        ];
        let mut body = String::new();
        let mut row = None;
        for ((at, column), (content, style)) in &cells {
            if row != Some(*at) {
                body += if row.is_some() { "</row>" } else { "" };
                let _ = write!(body, "<row r=\"{}\">", at + 1);
                row = Some(*at);
            }
            let name = address(at + 1, u16::try_from(*column).unwrap());
            let _ = write!(body, "<c r=\"{name}\" s=\"{style}\" {}</c>", contents[*content]);
        }
        body += if row.is_some() { "</row>" } else { "" };
        let bytes = workbook(&format!("<worksheet><sheetData>{body}</sheetData><pageMargins left=\"1\"/></worksheet>"), &[], "");
        let named: Vec<Edit> = edits.iter().map(|((row, column), value)| {
            let place = address(row + 1, u16::try_from(*column).unwrap());
            edit(&format!("台账!{place}"), value)
        }).collect();
        let new = mend_all("a.xlsx", &bytes, &named, MendTarget::Same);
        let new = new.map_err(|error| TestCaseError::fail(error.text(crate::words::lang::Lang::En)))?.bytes;
        let grid = |bytes: &[u8]| -> std::collections::BTreeMap<(u32, u32), String> {
            let text = mend_all("a.xlsx", bytes, &[edit("台账!A1", "x")], MendTarget::Csv).unwrap().bytes;
            let text = String::from_utf8(text).unwrap();
            let records = crate::delimited::text::records(text.trim_start_matches('\u{feff}'), b',').unwrap();
            let text = text.trim_start_matches('\u{feff}').to_owned();
            // Cells of several lines move those below.
            let mut moved = 0;
            let mut found = std::collections::BTreeMap::new();
            for record in &records {
                for (column, value) in (0..).zip(record.values(&text)) {
                    found.insert((record.line.get() - 1 - moved, column), value.into_owned());
                }
                moved += u32::try_from(record.values(&text).map(|value| value.matches('\n').count()).sum::<usize>()).unwrap();
            }
            found.retain(|at, value| !value.is_empty() && *at != (0, 0));
            found
        };
        let mut expected = grid(&bytes);
        for (at, value) in &edits {
            expected.insert(*at, value.clone());
        }
        expected.retain(|at, value| !value.is_empty() && *at != (0, 0));
        prop_assert_eq!(grid(&new), expected);
        let (mut before, mut after) = (parts(&bytes), parts(&new));
        for name in ["xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/calcChain.xml"] {
            before.remove(name);
            after.remove(name);
        }
        prop_assert_eq!(before, after);
    }
}
