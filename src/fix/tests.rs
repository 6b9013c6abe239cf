use proptest::prelude::*;

use super::*;
use crate::source::Source;

fn mended(bytes: &[u8]) -> Option<Fixed> {
    let mut sources = Sources::default();
    let id = sources.add(Source::text("log.csv", bytes, Form::Table));
    fix(&mut sources, id, &Project::default(), NaiveDate::from_ymd_opt(2021, 8, 20).unwrap()).unwrap()
}

const HEAD: &str = "台账标题,,,,,\r\n编号,发现日期,责任单位,问题类别,问题描述,整改方式\r\n";

#[test]
fn cells_are_mended_and_all_else_stays() {
    let log = format!("{HEAD}\r\nA,2021年8月5日,甲 ,消防,\"堆物,\r\n见某督[2021]3号\",限时整改\r\n合计,,,,,1 \r\n");
    let fixed = mended(log.as_bytes()).unwrap();
    let expected = format!("{HEAD}\r\nA,2021-08-05,甲,消防,\"堆物,\r\n见某督〔2021〕3号\",限期整改\r\n合计,,,,,1 \r\n");
    assert_eq!(fixed.new, expected);
    assert_eq!(fixed.changes.len(), 4);
    assert_eq!(mended(fixed.new.as_bytes()), None, "what is mended stays");
    let diff = diff("log.csv", &fixed);
    assert!(
        diff.contains("@@ -4 +4 @@\n-A,2021年8月5日,甲 ,消防,\"堆物,\r\n+A,2021-08-05,甲,消防,\"堆物,\r\n"),
        "{diff}"
    );
}

#[test]
fn the_encoding_is_kept() {
    let log = format!("{HEAD}A,2021年8月5日,甲,消防,堆物,限期整改\r\n");
    let gb = encoding_rs::GB18030.encode(&log).0.into_owned();
    let fixed = mended(&gb).unwrap();
    assert_eq!(encoding_rs::GB18030.decode(&fixed.bytes).0, log.replace("2021年8月5日", "2021-08-05"));
    let utf16: Vec<u8> = format!("\u{feff}{log}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let fixed = mended(&utf16).unwrap();
    let expected = format!("\u{feff}{}", log.replace("2021年8月5日", "2021-08-05"));
    assert_eq!(fixed.bytes, expected.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
}

#[test]
fn what_a_person_must_look_at_is_left() {
    assert_eq!(mended(format!("{HEAD}A,2021-13-40,甲,消防,堆物,现场整该\r\n").as_bytes()), None);
    assert_eq!(mended(format!("{HEAD}A,2021年8月5日,甲,消防,\"堆物,限期整改\r\n").as_bytes()), None);
    assert_eq!(mended(b"\xff\xff\xff"), None);
}

proptest! {
    /// Cells where the csv crate finds them, whatever the text.
    #[test]
    fn cells_are_those_of_the_csv_crate(text in "[a\",\r\n 甲]{0,40}") {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> =
            reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        if let Some(records) = cells::records(&text, b',') {
            prop_assert_eq!(records.len(), theirs.len());
            for (ours, theirs) in records.iter().zip(&theirs) {
                prop_assert_eq!(ours.cells.len(), theirs.len());
                for (cell, value) in ours.cells.iter().zip(theirs).filter(|(cell, _)| !cell.is_odd) {
                    let ours = cells::value(&text[cell.span.clone()]);
                    prop_assert_eq!(ours.as_ref(), value.as_str());
                }
            }
        }
    }

    /// A cell reads back as it was written.
    #[test]
    fn a_written_cell_reads_back(value in any::<String>(), quoted: bool) {
        let text = format!("x,{},y", cells::written(&value, b',', quoted));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        prop_assert_eq!(record.get(1), Some(value.as_str()));
    }
}
