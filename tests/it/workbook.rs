//! Workbooks as logs.

use std::io::{Cursor, Write as _};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Image, Workbook};

use crate::project::Project;

/// A sheet for a test: CSV text, and the rows of it (from 1) that don't show.
pub(crate) struct Sheet<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
    pub(crate) hidden: Vec<u32>,
    /// The rows that are struck out.
    pub(crate) struck: Vec<u32>,
}

/// A workbook of sheets, its cells text; a cell that begins with `=` is a formula that was never
/// calculated, and one with `@` a day with a time, or
/// with the number format that it shows in; what stands between `~~` at its begin is struck out,
/// and `^` is merged with the cell above it.
pub(crate) fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    workbook_by(sheets, None)
}

/// The same with the property by which duban knows what it wrote itself.
pub(crate) fn workbook_by(sheets: &[Sheet<'_>], own: Option<&str>) -> Vec<u8> {
    workbook_with(sheets, own, &[])
}

/// The same with photos, each on a sheet by its number and over a cell, such as `F2`; one over `F2*` is higher than its row.
pub(crate) fn workbook_with(sheets: &[Sheet<'_>], own: Option<&str>, photos: &[(usize, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    if let Some(own) = own {
        book.set_properties(&DocProperties::new().set_custom_property("duban", own));
    }
    for (number, Sheet { name, text, hidden, struck }) in sheets.iter().enumerate() {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        for (row, record) in records.iter().enumerate() {
            for (column, cell) in record.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
                if cell == "^" {
                    let text = records[row as usize - 1].get(column.into()).unwrap();
                    sheet.merge_range(row - 1, column, row, column, text, &Format::new()).unwrap();
                } else if cell.starts_with('=') {
                    sheet.write_formula(row, column, cell).unwrap();
                } else if let Some(time) = cell.strip_prefix('@') {
                    let (time, format) = match time.split_once(' ') {
                        Some((day, format)) if !format.contains(':') => (day, format),
                        _ => (time, "yyyy-mm-dd"),
                    };
                    let format = Format::new().set_num_format(format);
                    let time = ExcelDateTime::parse_from_str(time).unwrap();
                    sheet.write_datetime_with_format(row, column, &time, &format).unwrap();
                } else if let Some((old, new)) = cell.strip_prefix("~~").and_then(|cell| cell.split_once("~~")) {
                    let (struck, plain) = (Format::new().set_font_strikethrough(), Format::new());
                    sheet.write_rich_string(row, column, &[(&struck, old), (&plain, new)]).unwrap();
                } else if struck.contains(&(row + 1)) {
                    sheet.write_string_with_format(row, column, cell, &Format::new().set_font_strikethrough()).unwrap();
                } else {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
        for (_, cell) in photos.iter().filter(|(on, _)| *on == number) {
            let bare = cell.trim_end_matches('*');
            let (column, row) = (bare.as_bytes()[0] - b'A', bare[1..].parse::<u32>().unwrap() - 1);
            let height = if bare == *cell { 12 } else { 66 };
            let image = Image::new_from_buffer(&photo()).unwrap().set_scale_to_size(32, height, false);
            sheet.insert_image_with_offset(row, column.into(), &image, 3, 3).unwrap();
        }
        for row in hidden {
            sheet.set_row_hidden(row - 1).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// A small photo.
pub(crate) fn photo() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(32, 24, image::Rgb([200, 40, 40]))
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

const HEADER: &str = "发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n";

/// A ledger as an office makes it: a title, a header of two rows merged both ways, a unit merged beside its issues, a
/// date as a date, a serial number and text.
#[test]
fn a_ledger_with_merged_cells_is_read_as_it_is_meant() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("台账").unwrap();
    let plain = Format::new();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.merge_range(0, 0, 0, 6, "郑东新区问题台账", &plain).unwrap();
    for (column, name) in [(0, "序号"), (1, "发现日期"), (2, "责任单位")] {
        sheet.merge_range(1, column, 2, column, name, &plain).unwrap();
    }
    sheet.merge_range(1, 3, 1, 4, "问题", &plain).unwrap();
    sheet.merge_range(1, 5, 1, 6, "整改", &plain).unwrap();
    for (column, name) in [(3, "问题类别"), (4, "问题描述"), (5, "整改方式"), (6, "整改期限")] {
        sheet.write_string(2, column, name).unwrap();
    }
    sheet.merge_range(3, 2, 5, 2, "贾陈社区", &plain).unwrap();
    for (row, day, how) in [(3, 3, "现场整改"), (4, 4, "限期整改"), (5, 5, "限期整改")] {
        sheet.write_number(row, 0, f64::from(row) - 2.0).unwrap();
        sheet.write_datetime_with_format(row, 1, ExcelDateTime::from_ymd(2021, 8, day).unwrap(), &date).unwrap();
        sheet.write_string(row, 3, "环境卫生").unwrap();
        sheet.write_string(row, 4, format!("垃圾乱倒\n第{row}处")).unwrap();
        sheet.write_string(row, 5, how).unwrap();
    }
    // 2021-09-01 as a number without a format, and words.
    sheet.write_number(4, 6, 44440).unwrap();
    sheet.write_string(5, 6, "3个工作日内").unwrap();
    sheet.write_string(6, 1, "合计").unwrap();
    sheet.write_number(6, 4, 3).unwrap();
    let project = Project::with(&[]);
    project.write("log.xlsx", &book.save_to_buffer().unwrap());
    let json = project.run(&["check", "@/log.xlsx", "--format", "json"]).json();
    assert_eq!(json["diagnostics"], serde_json::json!([]), "{json}");
    let json = project.run(&["tally", "@/log.xlsx", "--by", "unit", "--format", "json"]).success().json();
    assert_eq!(json["groups"][0]["key"]["unit"], "贾陈社区");
    assert_eq!(json["total"]["found"], 3);
    assert_eq!(json["total"]["overdue"], 1, "the third was due within three working days");
    let due = project.run(&["due", "@/log.xlsx", "--all", "--format", "json"]).success().json();
    let issues = due["units"].as_array().unwrap().iter().flat_map(|unit| unit["issues"].as_array().unwrap());
    let keys: Vec<&str> = issues.map(|issue| issue["key"].as_str().unwrap()).collect();
    assert!(!keys.is_empty() && keys.iter().all(|key| key.starts_with("k-")), "{due}");
}

/// Sheets: one that looks like a log is read, the others are told; `--sheet` and `sheets:` choose.
#[test]
fn sheets_are_chosen() {
    let log = |day: u32| format!("{HEADER}2021-08-{day:02},甲,消防,楼道堆物{day},现场整改,\n");
    let (one, two, three) = (log(1), log(2), log(3));
    let sheet = |name, text| Sheet { name, text, hidden: Vec::new(), struck: Vec::new() };
    let all = [sheet("说明", "填表说明\n"), sheet("八月", &one), sheet("九月", &two), sheet("名单", "责任单位\n甲\n")];
    let project = Project::with(&[]);
    project.write("log.xlsx", &workbook(&all));
    let found = |arguments: &[&str]| {
        let arguments = [&["tally", "@/log.xlsx", "--format", "json"], arguments].concat();
        project.run(&arguments).success().json()["total"]["found"].as_u64().unwrap()
    };
    assert_eq!(found(&[]), 1);
    assert_eq!(found(&["--sheet", "*月"]), 2);
    assert_eq!(found(&["--sheet", "3", "--sheet", "八月"]), 2);
    let wrong = project.run(&["tally", "@/log.xlsx", "--sheet", "十月"]);
    assert!(wrong.status == 2 && wrong.stderr.contains("八月"), "{}", wrong.stderr);
    project.write("log.csv", three.as_bytes());
    assert_eq!(project.run(&["tally", "@/log.csv", "--sheet", "八月"]).status, 2, "no option without effect");
    let json = project.run(&["check", "@/log.xlsx", "--sheet", "*月", "--format", "json"]).json();
    assert_eq!((&json["files"], &json["issues"]), (&1.into(), &2.into()));
    project.write("duban.yaml", "sheets: [九月]\n".as_bytes());
    assert_eq!(found(&[]), 1);
    let json = project.run(&["check", "@/log.xlsx", "--format", "json"]).json();
    assert_eq!(json["warnings"], 0, "what was asked for is read, and nothing is left to tell: {json}");
}

/// Every workbook of the suite is read, or refused with a sentence; dates come out alike in every format and epoch.
#[test]
fn the_workbooks_of_the_suite_are_read_or_refused() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/suite-calamine/tests");
    if !suite.is_dir() {
        return;
    }
    let project = Project::with(&[]);
    let refused =
        ["OOM_alloc.xls", "OOM_alloc3.xls", "issue252.xlsx", "issue_385.xls", "issue_594_dos.ods", "too_small.xls"];
    for entry in std::fs::read_dir(&suite).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let run = project.run(&["check", "--format", "json", path.to_str().unwrap()]);
        let is_refused = refused.contains(&name.as_str()) || name.starts_with("pass_protected");
        assert_eq!(run.status == 2, is_refused, "{name}: {}", run.stderr);
        assert_eq!(run.stderr.lines().count(), usize::from(is_refused), "{name}: {}", run.stderr);
        if name.starts_with("pass_protected") {
            assert!(run.stderr.contains("密码"), "{}", run.stderr);
        }
        if ["date.", "date_1904."].iter().any(|start| name.starts_with(start)) {
            let message = run.json()["diagnostics"][0]["message"].to_string();
            assert!(message.contains("2021-01-01、15"), "{name}: {message}");
        }
    }
}

/// A log that gzip packed is the log.
#[test]
fn packed_logs_are_read() {
    let text = format!("{HEADER}2021-08-01,甲,消防,楼道堆物,现场整改,\n2021-13-01,甲,消防,过期,现场整改,\n");
    let project = Project::with(&[("logs/a.csv", &text)]);
    let plain = project.run(&["check", "@/logs", "--format", "json"]).json();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    project.write("packed/a.csv.gz", &packed);
    let json = project.run(&["check", "@/packed", "--format", "json"]).json();
    assert_eq!(json["errors"], 1);
    for key in ["code", "line", "column", "message"] {
        assert_eq!(json["diagnostics"][0][key], plain["diagnostics"][0][key]);
    }
    project.write("packed/a.csv.gz", &packed[..packed.len() / 2]);
    let cut = project.run(&["check", "@/packed"]);
    assert!(cut.status == 2 && cut.stderr.contains("a.csv.gz"), "{}", cut.stderr);
}

/// The ledger that duban writes is a log with the tally of the logs it was made from.
#[test]
fn a_ledger_reads_back_to_the_same_tally() {
    let project = Project::example("zhengdong-2021");
    project.run(&["draft", "ledger", "--as-of", "2021-08-20", "-o", "@/out"]).success();
    let tally = |paths: &[&str]| {
        let mut arguments = vec!["tally", "--by", "unit,category", "--as-of", "2021-08-20", "--format", "json"];
        arguments.extend(paths);
        let mut json = project.run(&arguments).success().json();
        // A ledger lists issues only.
        json["total"]["inspections"] = 0.into();
        json
    };
    assert_eq!(tally(&["@/out/ledger-draft-2021-08-20.xlsx"]), tally(&[]));
    // Beside its figures a ledger is a document; it is read when it is named.
    assert_eq!(project.run(&["tally", "@/out"]).status, 2);
    std::fs::remove_file(project.path().join("out/ledger-draft-2021-08-20.figures.json")).unwrap();
    assert_eq!(tally(&["@/out"]), tally(&[]));
}

/// A log with a title, more columns than papers show, hours, a deadline in words and a column twice.
const FULL: &str = "\
2021年8月隐患台账,,,,,,,,,,,,,,,,,,,,,,
序号,发现时间,检查组,责任单位,点位,问题类别,级别,存在问题,整改方式,整改措施,整改期限,整改情况,状态,整改完成日期,复查人,复查日期,复查结果,是否销号,责任人,联系电话,楼层,约谈日期,楼层
1,2021-08-09 09:30,一组,甲街道,3号楼,消防,重大,\"通道堵塞；\n记录不全\",限期整改,清除杂物,2021-08-12 18:00,已清运,已整改,2021-08-12 20:00,张三,2021-08-13,经复查已清运,否,李四,0371-1234567,3,2021-08-15,东
2,2021-08-10,二组,乙街道,菜市场,环境,一般,垃圾外溢,限期整改,,长期坚持,,未销号,,王五,,合格,,,,,,西
3,8月11日,二组,乙街道,菜市场,环境、消防,较大,=1+1过期,限期整改,,3个工作日内,正在采购,,,,,不合格,,,,,,
";

/// The workbook of a ledger has all that the logs have, and reads back as the same log: same counts by every key, same
/// identities, same faults but for what is told of the file itself.
#[test]
fn a_ledger_keeps_every_column_of_the_log() {
    let project = Project::with(&[("log.csv", FULL)]);
    let at = ["--as-of", "2021-08-20", "--lang", "zh"];
    let run = |arguments: &[&str]| project.run(&[arguments, &at].concat());
    run(&["draft", "ledger", "@/log.csv", "--to", "xlsx,md", "-o", "@/out"]).success();
    let back = "@/out/ledger-draft-2021-08-20.xlsx";

    for key in "id found_on team unit site category description measures deadline progress status rectified_on verified_by \
                verified_on responsible phone month late overdue rectified closed extra.级别 extra.复查结果 extra.是否销号 \
                extra.楼层 extra.约谈日期"
        .split_whitespace()
    {
        // Within a cell of a sheet, a line break is U+2028.
        let tally = |log| run(&["tally", log, "--by", key, "--format", "json", "-q"]).success().stdout;
        assert_eq!(tally("@/log.csv"), tally(back).replace('\u{2028}', "\\n"), "{key}");
    }
    assert_eq!(run(&["tally", back, "--format", "json"]).json()["total"]["late"], 1, "the hour is kept");
    let due = |log| run(&["due", log, "--all", "--format", "json", "-q"]).success().json()["units"].clone();
    assert_eq!(due("@/log.csv"), due(back), "keys are those of the log");
    let codes = |log| {
        let json = run(&["check", log, "--format", "json"]).json();
        let codes = json["diagnostics"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned());
        let mut codes: Vec<String> = codes.filter(|code| code != "L121").collect();
        codes.sort();
        codes
    };
    assert_eq!(codes("@/log.csv"), codes(back));
    // Paper has the columns that the kind names, and a state where the log gives none.
    let paper = std::fs::read_to_string(project.path().join("out/ledger-draft-2021-08-20.md")).unwrap();
    let heads = paper.lines().find(|line| line.starts_with("| 序号")).unwrap();
    assert!(heads.contains("| 整改措施 |") && heads.contains("| 复查人 |") && !heads.contains("级别"), "{heads}");
}

/// A fault of a workbook names its cell; the annotated workbook that `check` gives back is read, too.
#[test]
fn a_fault_of_a_workbook_names_its_cell() {
    let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\nA,2021-08-03,甲,消防,\"楼道,\n堆物\",现场整改\nB,2021-13-40,乙,消防,过期,现场整改\n";
    let project = Project::with(&[("log.csv", log)]);
    project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--annotate", "@/back.xlsx"]);
    let json = project.run(&["check", "@/back.xlsx", "--as-of", "2021-08-20", "--format", "json"]).json();
    let fault = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .find(|fault| fault["code"] == "V101")
        .unwrap_or_else(|| panic!("{json}"))
        .clone();
    assert_eq!((&fault["line"], &fault["cell"], &fault["sheet"]), (&3.into(), &"B3".into(), &"log.csv".into()));
    let text = project.run(&["check", "@/back.xlsx", "--as-of", "2021-08-20"]).stdout;
    assert!(text.contains("log.csv!B3 "), "{text}");
}

/// A cell that looks like the XML of a formatted text is a text like others.
#[test]
fn xml_in_a_cell_is_text() {
    let unit = "<r><t>甲</t><bad></r>";
    let log = format!("发现日期,责任单位,问题类别,问题描述,整改方式\n2021-08-03,{unit},消防,{unit},看着办\n");
    let project = Project::with(&[("log.csv", &log)]);
    project.run(&["check", "@/log.csv", "--as-of", "2021-08-20", "--annotate", "@/back.xlsx"]);
    let tally =
        |log: &str| project.run(&["tally", log, "--as-of", "2021-08-20", "--by", "unit", "--format", "json"]).json();
    assert_eq!(tally("@/back.xlsx")["groups"][0]["key"]["unit"], unit);
    project.run(&[
        "tally",
        "@/log.csv",
        "--as-of",
        "2021-08-20",
        "--by",
        "unit",
        "--format",
        "xlsx",
        "-o",
        "@/tally.xlsx",
    ]);
    for name in ["back.xlsx", "tally.xlsx"] {
        let mut package = zip::ZipArchive::new(std::fs::File::open(project.path().join(name)).unwrap()).unwrap();
        let strings = std::io::read_to_string(package.by_name("xl/sharedStrings.xml").unwrap()).unwrap();
        assert!(strings.contains("&lt;bad&gt;") && !strings.contains("<bad>"), "{strings}");
    }
}

/// What is no workbook, and what would fill the memory, is refused with a sentence.
#[test]
fn hostile_workbooks_are_refused() {
    let project = Project::with(&[("log.xlsx", "no workbook")]);
    let refused = || {
        let run = project.run(&["check", "@/log.xlsx"]);
        assert_eq!(run.status, 2, "{}", run.stdout);
        assert!(run.stderr.contains("log.xlsx"), "{}", run.stderr);
    };
    refused();
    // A few bytes that say they are two gigabytes when unpacked.
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    package.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    package.write_all(b"<workbook/>").unwrap();
    let mut bytes = package.finish().unwrap().into_inner();
    let directory = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    bytes[directory + 24..directory + 28].copy_from_slice(&0x8000_0000_u32.to_le_bytes());
    project.write("log.xlsx", &bytes);
    refused();
    // An old workbook whose table of sectors says that the second one is followed by itself.
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(3 * 512, 0xff);
    for (at, word) in [(28, 0x0009_fffe), (32, 6), (48, 1), (60, 0xffff_fffe), (64, 0), (68, 0xffff_fffe), (76, 0)] {
        bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(word));
    }
    bytes[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
    project.write("log.xlsx", &bytes);
    refused();
}

/// Codes and lines of the faults of a log.
fn faults(project: &Project, name: &str) -> Vec<(String, u64)> {
    let json = project.run(&["check", name, "--format", "json"]).json();
    let list = json["diagnostics"].as_array().unwrap().iter();
    list.map(|fault| (fault["code"].as_str().unwrap().to_owned(), fault["line"].as_u64().unwrap())).collect()
}

/// Written by xlwt (a hidden row, one of no height, one struck out, and cells struck out in a row that is not) and by
/// LibreOffice.
#[test]
fn rows_of_an_old_workbook_that_do_not_show_are_told() {
    let expected =
        |codes: &[(&str, u64)]| codes.iter().map(|(code, line)| ((*code).to_owned(), *line)).collect::<Vec<_>>();
    for (name, codes) in [
        ("xlwt-hidden-struck", &[("L114", 3), ("L117", 5), ("L107", 6)][..]),
        ("libreoffice-hidden-struck", &[("L114", 3), ("L117", 5)]),
        ("libreoffice-hidden-struck.ods", &[("L114", 3), ("L117", 5)]),
    ] {
        let project = Project::with(&[]);
        let file = if name.ends_with(".ods") { name.to_owned() } else { format!("{name}.xls") };
        let bytes =
            std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/workbooks/{file}"))).unwrap();
        for name in ["log.xls", "log.et"] {
            project.write(name, &bytes);
            assert_eq!(faults(&project, &format!("@/{name}")), expected(codes), "{name}");
        }
        let tally = project.run(&["tally", "@/log.xls", "--as-of", "2021-08-20", "--format", "json"]).json();
        assert_eq!((&tally["total"]["found"], &tally["left_out"]["struck"]), (&5.into(), &1.into()));
    }
}

/// A record of an `.xlsb`: its type and length have seven bits a byte.
fn xlsb_record(kind: u16, data: &[u8]) -> Vec<u8> {
    let bytes = |mut number: usize| {
        let mut bytes = Vec::new();
        while number >= 0x80 {
            bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        bytes.push(u8::try_from(number).unwrap());
        bytes
    };
    [bytes(kind.into()), bytes(data.len()), data.to_vec()].concat()
}

/// A text with its length.
fn xlsb_text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = u32::try_from(units.len()).unwrap().to_le_bytes();
    length.into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

/// An `.xlsb` of one sheet, with rows that don't show or are struck out, and regions merged (first row, last row, first
/// column, last column).
fn xlsb(text: &str, hidden: &[u32], struck: &[u32], merged: &[[u32; 4]]) -> Vec<u8> {
    let longs = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let size = longs(&[0, 99, 0, 99]);
    let mut sheet = [xlsb_record(129, &[]), xlsb_record(148, &size), xlsb_record(145, &[])].concat();
    for (row, line) in (0..).zip(text.lines()) {
        // Row, look, height, flags: the fourth bit of the second byte of flags hides.
        let flags = [0x2c, 0x01, 0, if hidden.contains(&(row + 1)) { 0x10 } else { 0 }, 0];
        sheet.extend(xlsb_record(0, &[longs(&[row, 0]), flags.to_vec(), longs(&[0])].concat()));
        for (column, cell) in (0..).zip(line.split(',')).filter(|(_, cell)| !cell.is_empty()) {
            let look = u32::from(struck.contains(&(row + 1)));
            sheet.extend(xlsb_record(6, &[longs(&[column, look]), xlsb_text(cell)].concat()));
        }
    }
    sheet.extend(xlsb_record(146, &[]));
    sheet.extend(xlsb_record(177, &longs(&[u32::try_from(merged.len()).unwrap()])));
    sheet.extend(merged.iter().flat_map(|region| xlsb_record(176, &longs(region))));
    sheet.extend([xlsb_record(178, &[]), xlsb_record(130, &[])].concat());
    // Fonts: height, then flags, of which the fourth strikes out. Formats: parent, number format, font.
    let font = |flags: u8| [&[0xdc, 0, flags, 0][..], &[0; 17], &xlsb_text("宋体")].concat();
    let format = |font: u8| [&[0, 0, 0, 0, font, 0][..], &[0; 10]].concat();
    let styles = [
        (43, font(0)),
        (43, font(8)),
        (626, longs(&[1])),
        (47, format(1)),
        (627, vec![]),
        (617, longs(&[2])),
        (47, format(0)),
        (47, format(1)),
        (618, vec![]),
    ];
    let styles: Vec<u8> = styles.iter().flat_map(|(kind, data)| xlsb_record(*kind, data)).collect();
    let bundle = [longs(&[0, 1]), xlsb_text("rId1"), xlsb_text("台账")].concat();
    let book = [(131, vec![]), (143, vec![]), (156, bundle), (144, vec![]), (132, vec![])];
    let book: Vec<u8> = book.iter().flat_map(|(kind, data)| xlsb_record(*kind, data)).collect();
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"bin\" ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.bin\" ContentType=\"application/vnd.ms-excel.worksheet\"/></Types>";
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("[Content_Types].xml", types.as_bytes().to_vec()),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.bin").into_bytes()),
        ("xl/_rels/workbook.bin.rels", relation("worksheet", "worksheets/sheet1.bin").into_bytes()),
        ("xl/workbook.bin", book),
        ("xl/worksheets/sheet1.bin", sheet),
        ("xl/styles.bin", styles),
    ] {
        package.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        package.write_all(&bytes).unwrap();
    }
    package.finish().unwrap().into_inner()
}

#[test]
fn merged_cells_and_hidden_rows_of_a_binary_workbook_are_read() {
    let text = format!(
        "{HEADER}2021-08-01,甲,消防,灯坏,限期整改,2021-08-20\n2021-08-02,,消防,门坏,限期整改,2021-08-20\n2021-08-03,乙,消防,窗坏,限期整改,2021-08-20\n"
    );
    let project = Project::with(&[]);
    project.write("log.xlsb", &xlsb(&text, &[4], &[3], &[[1, 2, 1, 1]]));
    assert_eq!(faults(&project, "@/log.xlsb"), [("L117".to_owned(), 3), ("L114".to_owned(), 4)]);
    let tally =
        project.run(&["tally", "@/log.xlsb", "--by", "unit", "--as-of", "2021-08-20", "--format", "json"]).json();
    assert_eq!((&tally["groups"][0]["key"]["unit"], &tally["groups"][0]["found"]), (&"甲".into(), &2.into()));
    assert_eq!(tally["left_out"]["hidden"], 1);
    // Without the region, the unit of the second issue is missing.
    project.write("log.xlsb", &xlsb(&text, &[], &[], &[]));
    assert_eq!(faults(&project, "@/log.xlsb"), [("V109".to_owned(), 3)]);
}

/// A day shows without its year; the one that is kept may be that of the day on which it was typed.
#[test]
fn a_year_that_does_not_show_is_told_where_another_is_nearer() {
    let told = |row: &str| {
        let text = format!("发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改完成日期\n{row}\n");
        let project = Project::with(&[]);
        project.write("log.xlsx", &workbook(&[Sheet { name: "台账", text: &text, hidden: vec![], struck: vec![] }]));
        let run = project.run(&["check", "@/log.xlsx", "--only", "V119", "--format", "json", "--as-of", "2022-02-01"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let told = report["diagnostics"].as_array().unwrap().iter();
        told.map(|one| one["message"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n")
    };
    let row = |found: &str, deadline: &str, rectified: &str| {
        format!("{found},甲社区,消防,通道堵塞,限期整改,{deadline},{rectified}")
    };
    assert_eq!(
        told(&row("2021-12-20", "@2022-12-28 m月d日", "@2022-01-04 m/d")),
        "台账!F2 整改期限显示“12月28日”，没有显示的年份使它成为 2022-12-28；按发现日期 2021-12-20，读的人会当成 2021-12-28"
    );
    // All of them hide it; those of the day of finding are as near as they can be.
    assert_eq!(told(&row("@2021-12-20 m月d日", "@2021-12-28 m月d日", "@2022-01-04 d-mmm")), "");
    // A deadline is after the day of finding, however far; and a year that shows is what it is.
    assert_eq!(told(&row("@2021-03-20 m月d日", "@2021-12-28 m月d日", "")), "");
    assert_eq!(told(&row("2021-12-20", "@2022-12-28 yyyy/m/d", "")), "");
    assert!(told(&row("@2020-12-20 m月d日", "2021-12-28", "")).starts_with("台账!A2 发现日期显示“12月20日”"));
}

/// The numbered formats of East Asia have no text in the file; in a Chinese Excel number 57 is a month, and 58 a day without its
/// year.
#[test]
fn the_numbered_formats_of_east_asia_show_what_they_show_in_chinese() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in (0..).zip(HEADER.trim_end().split(',')) {
        sheet.write_string(0, column, text).unwrap();
    }
    for (column, text) in (0..).zip(["2021-08-03", "甲社区", "消防", "通道堵塞", "限期整改"]) {
        sheet.write_string(1, column, text).unwrap();
        sheet.write_string(2, column, text).unwrap();
    }
    let day = ExcelDateTime::parse_from_str("2022-08-01").unwrap();
    for (row, number) in [(1, 57), (2, 58)] {
        let format = Format::new().set_num_format_index(number);
        sheet.write_datetime_with_format(row, 5, &day, &format).unwrap();
    }
    let project = Project::with(&[]);
    project.write("log.xlsx", &book.save_to_buffer().unwrap());
    let run = project.run(&["due", "@/log.xlsx", "--all", "--format", "json", "--as-of", "2021-08-20"]);
    assert!(run.stdout.contains("\"2022-08-31\"") && run.stdout.contains("\"2022-08-01\""), "{run:?}");
    let run = project.run(&["check", "@/log.xlsx", "--as-of", "2021-08-20"]);
    assert!(run.stdout.contains("V119"), "{run:?}");
}

/// People count by the running number, and duban counts rows: where one number is merged over several, it is told.
#[test]
fn a_number_merged_over_several_issues_is_told() {
    let text = "序号,发现日期,责任单位,问题类别,问题描述,整改方式\n\
        1,2021-08-03,甲社区,消防,通道堵塞,现场整改\n^,2021-08-03,甲社区,消防,灯坏,现场整改\n\
        2,2021-08-03,乙社区,消防,门坏,现场整改\n3,2021-08-03,^,消防,窗坏,现场整改\n";
    let project = Project::with(&[]);
    project.write("log.xlsx", &workbook(&[Sheet { name: "台账", text, hidden: vec![], struck: vec![] }]));
    let run = project.run(&["check", "@/log.xlsx", "--format", "json", "--as-of", "2021-08-20"]);
    let report = run.json();
    let told: Vec<_> =
        report["diagnostics"].as_array().unwrap().iter().map(|one| (&one["code"], &one["line"])).collect();
    assert_eq!(told, [(&"L126".into(), &3.into())], "{}", run.stdout);
}
