//! The same issues give the same tally, however they are written down.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use crate::project::Project;
use crate::workbook::{Sheet, workbook};

/// An issue in canonical terms: what every log below says in its own way.
#[derive(Clone, Debug)]
struct Issue {
    found: (u32, u32),
    unit: usize,
    category: usize,
    disposition: usize,
    deadline: Option<(u32, u32)>,
    rectified: Option<(u32, u32)>,
    description: String,
}

const UNITS: [[&str; 2]; 3] =
    [["金光路街道办事处", "金光路办事处"], ["贾陈社区", "贾陈社区居委会"], ["甲，乙;丙\"公司\"", "丙公司"]];
const CATEGORIES: [[&str; 2]; 3] = [["消防安全", "消防"], ["环境卫生", "环卫"], ["食品安全", "食品"]];
const DISPOSITIONS: [[&str; 3]; 4] = [
    ["现场整改", "当场整改", "on_site"],
    ["限期整改", "限时整改", "deadline"],
    ["立行立改", "即知即改", "immediate"],
    ["交办", "点对点交办", "assigned"],
];
const CONFIG: &str = "lang: zh
units:
  - {name: 金光路街道办事处, aliases: [金光路办事处]}
  - {name: 贾陈社区, aliases: [贾陈社区居委会]}
  - {name: '甲，乙;丙\"公司\"', aliases: [丙公司]}
categories:
  - {name: 消防安全, aliases: [消防]}
  - {name: 环境卫生, aliases: [环卫]}
  - {name: 食品安全, aliases: [食品]}
";

fn issue() -> impl Strategy<Value = Issue> {
    let day = (1..=8_u32, 1..=28_u32);
    (
        day.clone(),
        0..3_usize,
        0..3_usize,
        0..4_usize,
        proptest::option::of(day.clone()),
        proptest::option::of(day),
        "[一-龥a-z,;\"' ]{1,12}|第一行\n第二行|=1\\+1|\\| \\* #",
    )
        .prop_map(|(found, unit, category, disposition, deadline, rectified, description)| Issue {
            found,
            unit,
            category,
            disposition,
            deadline,
            rectified,
            description: format!("问题{description}"),
        })
}

/// A day of 2021 in one of many spellings.
fn spell((month, day): (u32, u32), style: usize) -> String {
    match style % 9 {
        0 => format!("2021-{month:02}-{day:02}"),
        1 => format!("2021年{month}月{day}日"),
        2 => format!("2021.{month}.{day}"),
        3 => format!("2021/{month}/{day}"),
        4 => format!("2021{month:02}{day:02}"),
        5 => format!("2021年{month:02}月{day:02}日"),
        6 => format!("２０２１-{month:02}-{day:02}"),
        7 => format!("2021-{month:02}-{day:02} 00:00:00"),
        _ => format!("2021 年 {month} 月 {day} 日"),
    }
}

fn csv_cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A table with a header, a delimiter and line ends of its own.
fn table(issues: &[Issue], header: [&str; 7], delimiter: &str, end: &str, style: usize) -> String {
    let mut text = header.join(delimiter) + end;
    for (row, issue) in issues.iter().enumerate() {
        let date = |day: Option<(u32, u32)>| day.map_or(String::new(), |day| spell(day, style + row));
        let cells = [
            date(Some(issue.found)),
            UNITS[issue.unit][style % 2].to_owned(),
            CATEGORIES[issue.category][style % 2].to_owned(),
            issue.description.clone(),
            DISPOSITIONS[issue.disposition][style % 3].to_owned(),
            date(issue.deadline),
            date(issue.rectified),
        ];
        text += &cells.map(|cell| csv_cell(&cell)).join(delimiter);
        text += end;
    }
    text
}

const ZH: [&str; 7] = ["检查日期", "责任单位", "问题类别", "问题描述", "整改方式", "整改期限", "整改完成日期"];
const OTHER: [&str; 7] = ["排查时间", "被检查单位", "隐患类型", "存在问题", "处理方式", "整改时限", "完成时间"];

fn yaml(issues: &[Issue], header: [&str; 7], style: usize) -> String {
    let mut text = String::from("问题:\n");
    for (row, issue) in issues.iter().enumerate() {
        let date = |day: Option<(u32, u32)>| day.map_or("~".to_owned(), |day| spell(day, style + row));
        let quote = |text: &str| serde_json::to_string(text).unwrap();
        let values = [
            date(Some(issue.found)),
            quote(UNITS[issue.unit][style % 2]),
            quote(CATEGORIES[issue.category][style % 2]),
            quote(&issue.description),
            quote(DISPOSITIONS[issue.disposition][style % 3]),
            date(issue.deadline),
            date(issue.rectified),
        ];
        for (number, (key, value)) in header.iter().zip(values).enumerate() {
            let _ = writeln!(text, "{} {key}: {value}", if number == 0 { "-" } else { " " });
        }
    }
    text
}

fn json(issues: &[Issue], style: usize) -> String {
    let keys = ["found_on", "unit", "category", "description", "disposition", "deadline", "rectified_on"];
    let list = issues.iter().enumerate().map(|(row, issue)| {
        let date = |day: Option<(u32, u32)>| day.map_or(Value::Null, |day| spell(day, style + row).into());
        let values: [Value; 7] = [
            date(Some(issue.found)),
            UNITS[issue.unit][style % 2].into(),
            CATEGORIES[issue.category][style % 2].into(),
            issue.description.clone().into(),
            DISPOSITIONS[issue.disposition][style % 3].into(),
            date(issue.deadline),
            date(issue.rectified),
        ];
        keys.iter().map(|key| (*key).to_owned()).zip(values).collect::<serde_json::Map<_, _>>()
    });
    serde_json::to_string(&list.collect::<Vec<_>>()).unwrap()
}

fn tally(name: &str, bytes: &[u8]) -> Value {
    let project = Project::with(&[("duban.yaml", CONFIG)]);
    project.write(name, bytes);
    let path = format!("@/{name}");
    let run = project.run(&["tally", &path, "--by", "unit,category", "--format", "json", "--as-of", "2021-08-20"]);
    run.success().json()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn however_the_issues_are_written_the_tally_is_the_same(
        issues in proptest::collection::vec(issue(), 1..12),
        style in 0..36_usize,
    ) {
        let expected = tally("a.csv", table(&issues, ZH, ",", "\n", 0).as_bytes());
        let found = issues.iter().filter(|issue| issue.found <= (8, 20)).count();
        prop_assert_eq!(&expected["total"]["found"], &Value::from(found));
        prop_assert_eq!(&expected["left_out"]["after_as_of"], &Value::from(issues.len() - found));
        let titled = format!("某区问题台账\n截至2021年8月20日\n{}合计,,,{}\n填表人：某某,审核人：某某\n",
            table(&issues, OTHER, ",", "\n", style), issues.len());
        let gb = encoding_rs::GB18030.encode(&titled).0.into_owned();
        let utf16: Vec<u8> = std::iter::once(0xfeff).chain(titled.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let bom = [b"\xef\xbb\xbf".as_slice(), table(&issues, ZH, ";", "\r\n", style).as_bytes()].concat();
        for (name, bytes) in [
            ("titled.csv", titled.clone().into_bytes()),
            ("gb18030.csv", gb),
            ("utf16.csv", utf16),
            ("semicolon.csv", bom),
            ("tab.tsv", table(&issues, OTHER, "\t", "\r\n", style).into_bytes()),
            ("zh.yaml", yaml(&issues, ZH, style).into_bytes()),
            ("other.yaml", yaml(&issues, OTHER, style).into_bytes()),
            ("log.json", json(&issues, style).into_bytes()),
            ("log.xlsx", workbook(&[Sheet { name: "台账", text: &titled, hidden: Vec::new(), struck: Vec::new() }])),
        ] {
            prop_assert_eq!(&tally(name, &bytes), &expected, "{}", name);
        }
    }

    /// Every cell is found again at the place that a fault would name.
    #[test]
    fn a_damaged_cell_is_pointed_at_where_it_stands(
        issues in proptest::collection::vec(issue(), 1..8),
        damaged in 0..8_usize,
        crlf in any::<bool>(),
    ) {
        let damaged = damaged % issues.len();
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = ["问题描述", "检查日期", "责任单位", "问题类别", "整改方式", "整改期限", "整改完成日期"].join(",") + end;
        let mut expected_line = 0;
        for (number, issue) in issues.iter().enumerate() {
            let description = format!("{}{number}", issue.description);
            let category = if number == damaged { "消防安拳" } else { CATEGORIES[issue.category][0] };
            if number == damaged {
                expected_line = text.matches('\n').count() + description.matches('\n').count() + 1;
            }
            // The description goes first: its quotes and line breaks stand before the damaged cell.
            let cells = [&description, "2021-08-03", UNITS[issue.unit][0], category, "交办", "", ""];
            text += &cells.map(csv_cell).join(",");
            text += end;
            if number % 2 == 0 {
                text += end;
            }
        }
        let project = Project::with(&[("duban.yaml", CONFIG), ("log.csv", &text)]);
        let run = project.run(&["check", "@/log.csv", "--format", "json", "--as-of", "2021-08-20", "--allow", "R206,V117"]);
        let report = run.json();
        let faults = report["diagnostics"].as_array().unwrap();
        prop_assert_eq!(faults.len(), 1, "{}", report);
        prop_assert_eq!(&faults[0]["code"], "V106");
        prop_assert_eq!(&faults[0]["line"], &Value::from(expected_line));
        let shown = text.lines().nth(expected_line - 1).unwrap().trim_end_matches('\r');
        let column = usize::try_from(faults[0]["column"].as_u64().unwrap()).unwrap();
        let at: String = shown.chars().skip(column - 1).collect();
        prop_assert!(at.starts_with("\"消防安拳\""), "{} {}", column, shown);
        prop_assert!(faults[0]["help"].as_str().unwrap().contains("消防安全"));
    }
}
