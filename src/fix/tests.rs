use proptest::prelude::*;

use super::*;
use crate::delimited::text;
use crate::model::identity::IssueIdentity;
use crate::model::record::Entry;
use crate::source::Source;
use crate::source::yaml::{Node, Value, read_all};

fn fixed_table(bytes: &[u8]) -> Option<Fixed> {
    fixed_as(Form::Table, bytes)
}

fn fixed_as(form: Form, bytes: &[u8]) -> Option<Fixed> {
    let mut sources = Sources::default();
    let id = sources.add(Source::text("log", bytes, form));
    fix(&mut sources, id, &Project::default()).unwrap()
}

const HEAD: &str = "台账标题,,,,,\r\n编号,发现日期,责任单位,问题类别,问题描述,整改方式\r\n";

#[test]
fn cells_are_mended_and_all_else_stays() {
    let log = format!("{HEAD}\r\nA,2021年8月5日,甲 ,消防,\"堆物,\r\n见某督[2021]3号\",限时整改\r\n合计,,,,,1 \r\n");
    let fixed = fixed_table(log.as_bytes()).unwrap();
    let expected = format!("{HEAD}\r\nA,2021-08-05,甲,消防,\"堆物,\r\n见某督[2021]3号\",限期整改\r\n合计,,,,,1 \r\n");
    assert_eq!(fixed.new, expected);
    assert_eq!(fixed.changes.len(), 3);
    assert_eq!(fixed_table(fixed.new.as_bytes()), None, "fixing is idempotent");
    let diff = diff("log.csv", &fixed);
    assert!(
        diff.contains("@@ -4 +4 @@\n-A,2021年8月5日,甲 ,消防,\"堆物,\r\n+A,2021-08-05,甲,消防,\"堆物,\r\n"),
        "{diff}"
    );
}

/// The keys of the issues of a table.
fn keys(log: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add(Source::text("log", log.as_bytes(), Form::Table));
    let mut keys = Vec::new();
    let each = |entry: Entry<'_>| {
        if let Entry::Issue(issue) = entry {
            keys.push(IssueIdentity::of(&issue).key());
        }
    };
    log::read(&mut sources, id, &Project::default(), &mut Faults::default(), each).unwrap();
    keys
}

#[test]
fn an_issue_has_the_same_key_after_a_fix() {
    let log = "发现日期,责任单位,问题类别,问题描述,地点,整改方式,依据\n\
        2021年8月5日,甲 ,消防,平安里(1985)12号楼堆物 见某督[2021]3号,平安里(1985)12号,限时整改,某督[2021]3号\n";
    let fixed = fixed_table(log.as_bytes()).unwrap();
    assert!(fixed.new.contains(",限期整改,某督〔2021〕3号"), "{}", fixed.new);
    assert_eq!((keys(log).len(), keys(log)), (1, keys(&fixed.new)));
}

#[test]
fn a_header_is_mended_and_a_title_is_not() {
    let log =
        "填报 单位：甲,,,,\n 责任 单位,问题 描述：,发现日期,整改方式,问题类别\n甲,堆物,2021-08-05,限期整改,消防\n";
    let expected =
        "填报 单位：甲,,,,\n责任单位,问题描述,发现日期,整改方式,问题类别\n甲,堆物,2021-08-05,限期整改,消防\n";
    assert_eq!(fixed_table(log.as_bytes()).unwrap().new, expected);
    assert_eq!(fixed_table(expected.as_bytes()), None);
}

const YAML: &str = "\
# 2021年8月5日 提交
发现日期: 2021年8月5日 # 同一天
问题:
- &first
  编号: ００１
  责任单位: '甲 '
  问题类别: 消防
  整改方式: \"限时整改\"
  问题描述: |
    2021年8月5日
    见某督[2021]3号
  检查依据: &basis 见某督[2021]3号
- {编号: 2, 责任单位: 乙, 问题类别: 消防, 整改方式: 限时整改, 整改期限: 2021/8/20, 检查依据: *basis, 问题描述: \"a\\u0020\"}
- 编号: 3
  责任单位: 丙　
  问题类别: 消防
  整改方式: 现场整改
  整改期限: 3个工作日内
  问题描述: 见某督（2021）
    4号
";

#[test]
fn scalars_of_yaml_are_mended_and_all_else_stays() {
    let fixed = fixed_as(Form::Tree, YAML.as_bytes()).unwrap();
    let expected = YAML
        .replace("发现日期: 2021年8月5日", "发现日期: 2021-08-05")
        .replace("００１", "'001'")
        .replace("'甲 '", "'甲'")
        .replace("\"限时整改\"", "\"限期整改\"")
        .replace("整改方式: 限时整改", "整改方式: 限期整改")
        .replace("2021/8/20", "2021-08-20")
        .replace("丙　", "丙");
    assert_eq!(fixed.new, expected);
    assert_eq!(fixed.changes.len(), 7);
    assert_eq!(fixed_as(Form::Tree, fixed.new.as_bytes()), None, "fixing is idempotent");
    let windows = YAML.replace('\n', "\r\n");
    assert_eq!(fixed_as(Form::Tree, windows.as_bytes()).unwrap().new, expected.replace('\n', "\r\n"));
}

#[test]
fn json_is_mended_like_yaml() {
    let log = "[{\"发现日期\":\"2021年8月5日\",\"责任单位\":\"甲\",\"编号\":\"１\"}]";
    let fixed = fixed_as(Form::Tree, log.as_bytes()).unwrap();
    assert_eq!(fixed.new, "[{\"发现日期\":\"2021-08-05\",\"责任单位\":\"甲\",\"编号\":\"1\"}]");
}

#[test]
fn the_encoding_is_kept() {
    let log = format!("{HEAD}A,2021年8月5日,甲,消防,堆物,限期整改\r\n");
    let gb = encoding_rs::GB18030.encode(&log).0.into_owned();
    let fixed = fixed_table(&gb).unwrap();
    assert_eq!(encoding_rs::GB18030.decode(&fixed.bytes).0, log.replace("2021年8月5日", "2021-08-05"));
    let utf16: Vec<u8> = format!("\u{feff}{log}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let fixed = fixed_table(&utf16).unwrap();
    let expected = format!("\u{feff}{}", log.replace("2021年8月5日", "2021-08-05"));
    assert_eq!(fixed.bytes, expected.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
}

#[test]
fn what_a_person_must_look_at_is_left() {
    assert_eq!(fixed_table(format!("{HEAD}A,2021-13-40,甲,消防,堆物,现场整该\r\n").as_bytes()), None);
    assert_eq!(fixed_table(format!("{HEAD}A,2021年8月5日,甲,消防,\"堆物,限期整改\r\n").as_bytes()), None);
    assert_eq!(fixed_table(b"\xff\xff\xff"), None);
}

/// Returns the keys and values of the only record.
fn read_back(text: &str) -> Vec<(String, String)> {
    let node = read_all(SourceId(0), text).unwrap();
    let Value::List(items) = node.value else { panic!() };
    let Value::Map(pairs) = &items[0].value else { panic!() };
    let text = |node: &Node| node.scalar().map_or_else(|| format!("{node:?}"), str::to_owned);
    pairs.iter().map(|(key, value)| (text(key), text(value))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Cells are the same as in the csv crate, for any text.
    #[test]
    fn cells_are_those_of_the_csv_crate(text in "[a\",\r\n 甲]{0,40}") {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        if let Ok(records) = text::records(&text, b',') {
            let ours: Vec<Vec<String>> =
                records.iter().map(|record| record.values(&text).map(std::borrow::Cow::into_owned).collect()).collect();
            prop_assert_eq!(ours, theirs);
        }
    }

    /// In a table with lone carriage returns, quotes and multi-line cells, only spelling changes: read with the csv crate,
    /// every row keeps its meaning.
    #[test]
    fn fixing_changes_spelling_only(
        rows in proptest::collection::vec((1..28_u32, 0..5_usize, "([堆物\",\r\n]|\r\n| ){1,8}", any::<bool>(), 0..3_usize), 1..12),
        delimiter in prop::sample::select(&[',', ';', '\t'][..]),
        end in prop::sample::select(&["\n", "\r\n", "\r"][..]),
    ) {
        let delimiter_byte = u8::try_from(delimiter).unwrap();
        let join = |cells: &[String]| cells.join(&delimiter.to_string()) + end;
        let mut log = join(&["编号", "发现日期", "责任单位", "问题类别", "问题描述", "整改方式"].map(str::to_owned));
        for (at, (day, spelling, description, quoted, way)) in rows.iter().enumerate() {
            let date = match spelling {
                0 => format!("2021年8月{day}日"),
                1 => format!("2021/8/{day}"),
                2 => format!("2021.8.{day} "),
                _ => format!("2021-08-{day:02}"),
            };
            let way = ["现场整改", "限时整改", "限期整改 "][*way];
            let cells = [format!("A-{at}"), date, "甲".to_owned(), "消防".to_owned(), description.clone(), way.to_owned()];
            log += &join(&cells.map(|cell| text::encoded(&cell, delimiter_byte, *quoted)));
        }
        if let Some(fixed) = fixed_table(log.as_bytes()) {
            let read = |text: &str| -> Vec<Vec<String>> {
                let mut reader = csv::ReaderBuilder::new();
                let reader = reader.has_headers(false).flexible(true).delimiter(delimiter_byte);
                let mut reader = reader.from_reader(text.as_bytes());
                reader.records().map(|record| record.unwrap().iter().map(|cell| cell.trim().to_owned()).collect()).collect()
            };
            let (old, new) = (read(&log), read(&fixed.new));
            prop_assert_eq!(old.len(), new.len());
            for (at, (old, new)) in old.iter().zip(&new).enumerate().skip(1) {
                let day = chrono::NaiveDate::from_ymd_opt(2021, 8, rows[at - 1].0).unwrap().to_string();
                prop_assert_eq!(&new[1], &day, "{:?}", log);
                prop_assert_eq!(new[5].as_str(), if old[5] == "限时整改" { "限期整改" } else { old[5].as_str() });
                for cell in [0, 2, 3, 4] {
                    prop_assert_eq!(&old[cell], &new[cell]);
                }
            }
        }
    }

    /// Fixed YAML differs only in the reported changes, and fixing it again changes nothing.
    #[test]
    fn yaml_says_what_it_said(
        values in proptest::collection::vec(
            "[2-9０１a:# '\"\\[\\],甲年月日　-]{0,8}|2021年8月[1-9]日|限时整改 ?|某督[(]2021[)]3号",
            5,
        ),
        style in 0..3,
    ) {
        let quoted = |value: &str| match style {
            0 => value.to_owned(),
            1 => format!("'{}'", value.replace('\'', "''")),
            _ => serde_json::to_string(value).unwrap(),
        };
        let keys = ["编号", "发现日期", "整改方式", "检查依据", "责任单位"];
        let pairs = keys.iter().zip(&values).map(|(key, value)| format!("  {key}: {}", quoted(value)));
        let log = format!("-\n{}\n", pairs.collect::<Vec<_>>().join("\n"));
        if let Some(fixed) = fixed_as(Form::Tree, log.as_bytes()) {
            let (old, new) = (read_back(&log), read_back(&fixed.new));
            // A quote that is closed on the next line makes one value of two, and lines are counted here by values.
            prop_assume!(old.len() == values.len());
            let mut expected = old.clone();
            for change in &fixed.changes {
                let value = &mut expected[change.line as usize - 2].1;
                prop_assert_eq!(&*value, &change.old);
                value.clone_from(&change.new);
            }
            prop_assert_eq!(new, expected, "{}", log);
            prop_assert_eq!(fixed_as(Form::Tree, fixed.new.as_bytes()), None);
        }
    }

    /// An encoded cell is read back as the same value.
    #[test]
    fn a_written_cell_reads_back(value in any::<String>(), quoted: bool) {
        let text = format!("x,{},y", text::encoded(&value, b',', quoted));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        prop_assert_eq!(record.get(1), Some(value.as_str()));
    }
}
