//! Conditions as an office writes them, against issues; and any text at all.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::model::Issue;
use crate::model::field::FIELDS;
use crate::model::row::{Columns, Row};
use crate::model::state::AsOf;
use crate::model::value::DISPOSITIONS;
use crate::place::SourceId;
use crate::words::calendar::Calendar;
use crate::words::near::nearest;
use crate::words::symbol::Symbol;

/// The words of duban alone.
struct BuiltIn;

impl Names for BuiltIn {
    fn field(&self, name: &str) -> Option<Field> {
        let is_named = |info: &&crate::model::field::FieldInfo| {
            info.of.issue && (info.key == name || info.zh == name || info.synonyms.contains(&name))
        };
        FIELDS.iter().find(is_named).map(|info| info.field)
    }

    fn near_field(&self, name: &str) -> Option<String> {
        nearest(name, FIELDS.iter().flat_map(|info| [info.key, info.zh])).map(str::to_owned)
    }

    fn value(&self, field: Field, text: &str) -> Result<String, NoSuchValue> {
        if field != Field::Disposition {
            return Ok(text.to_owned());
        }
        let found = DISPOSITIONS.iter().find(|value| value.key == text || value.zh == text);
        found.map(|value| value.key.to_owned()).ok_or_else(|| NoSuchValue {
            near: nearest(text, DISPOSITIONS.iter().flat_map(|value| [value.key, value.zh])).map(str::to_owned),
            known: DISPOSITIONS.iter().map(|value| value.key.to_owned()).collect(),
        })
    }

    fn is_coded(&self, field: Field) -> bool {
        field == Field::Disposition || field == Field::Status
    }

    fn label(&self, field: Field, value: &str, lang: Lang) -> String {
        let found = DISPOSITIONS.iter().find(|known| field == Field::Disposition && known.key == value);
        found.map_or(value, |value| lang.pick(value.zh, value.en)).to_owned()
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

/// An issue with a deadline, two categories, a description, and a blank note; it has no column for the responsible person.
fn issue() -> Issue<'static> {
    let mut columns = Columns::default();
    for (cell, field) in
        [Field::Description, Field::Note, Field::FoundOn, Field::Deadline, Field::RectifiedOn].into_iter().enumerate()
    {
        columns.set(field, cell);
    }
    for field in [Field::Disposition, Field::Category, Field::Unit, Field::VerifiedOn] {
        columns.set(field, 5);
    }
    let mut row = Row::new(SourceId(0));
    row.columns = columns.into();
    for text in ["楼道堆放杂物\u{200b}，共3处", "", "2021-08-03", "2021-08-20", "待定"] {
        row.push_cell(text, None);
    }
    let mut issue = Issue::new(row);
    issue.found_on = day("2021-08-03");
    issue.deadline = day("2021-08-20");
    issue.disposition = Some(Symbol::new("deadline"));
    issue.categories = [Symbol::new("消防安全"), Symbol::new("环境卫生")].into_iter().collect();
    issue.unit = Some(Symbol::new("贾陈社区"));
    issue
}

fn holds(condition: &str) -> Option<bool> {
    let (issue, calendar) = (issue(), Calendar::cn());
    let as_of = AsOf::new(day("2021-09-01").unwrap_or_default(), 3, false, &calendar);
    let condition = Condition::read(condition, &BuiltIn).unwrap_or_else(|faults| panic!("{condition}: {faults:?}"));
    condition.holds(&Subject::new(&issue, &as_of, &calendar))
}

#[test]
fn a_condition_is_true_false_or_unknown() {
    for (condition, wanted) in [
        (r#"disposition == "deadline" and workdays(found_on, deadline) > 30"#, Some(false)),
        ("workdays(found_on, deadline) == 13", Some(true)),
        ("工作日（发现日期，整改期限）≥ 13 且 整改方式 == “限期整改”", Some(true)),
        ("days(found_on, deadline) == 17 and deadline - found_on == 17", Some(true)),
        ("days(deadline, found_on) == -17", Some(true)),
        ("deadline == found_on + 17 and found_on == deadline - 17", Some(true)),
        ("deadline > 2021-08-19 and deadline in [2021-08-20]", Some(true)),
        ("year(found_on) == 2021 and month(found_on) == 8 and weekday(found_on) == 2", Some(true)),
        ("weekday(found_on) in [6, 7]", Some(false)),
        ("as_of - deadline == 12", Some(true)),
        ("overdue and open and not closed", Some(true)),
        // One of several values is enough, and none is none.
        (r#"category == "消防安全""#, Some(true)),
        (r#"category != "消防安全""#, Some(false)),
        (r#"category not in ["交通", "食品"]"#, Some(true)),
        (r#"contains(category, "卫生")"#, Some(true)),
        // A mark without width is none.
        (r#"contains(description, "杂物，共")"#, Some(true)),
        (r#"starts_with(description, "楼道")"#, Some(true)),
        (r#"matches(description, "共[0-9]+处$")"#, Some(true)),
        (r#"matches(description, "^\d")"#, Some(false)),
        ("len(description) == 10", Some(true)),
        (r#"unit in ["贾陈社区", "x"]"#, Some(true)),
        (r#""贾陈社区" == unit"#, Some(true)),
        // A blank cell, an unreadable one, a column that is not there.
        (r#"note == "x""#, None),
        (r#"note != "x""#, None),
        (r#"not contains(note, "x")"#, None),
        ("len(note) == 0", None),
        ("rectified_on > deadline", None),
        ("verified_on + 1 > deadline", None),
        (r#"responsible == "x""#, None),
        ("blank(note)", Some(true)),
        ("blank(rectified_on)", Some(false)),
        ("blank(responsible)", None),
        ("not blank(description)", Some(true)),
        // What decides, decides.
        ("open or rectified_on > deadline", Some(true)),
        ("rectified_on > deadline or open", Some(true)),
        ("closed and rectified_on > deadline", Some(false)),
        ("open and rectified_on > deadline", None),
        ("closed or rectified_on > deadline", None),
        ("not rectified_on > deadline", None),
        // Days that can't be written, and spans nobody means.
        ("found_on + 1000000000 > deadline", None),
        ("workdays(found_on, found_on + 1000000) > 1", None),
        ("days(0001-01-01, found_on) + 1000000000 + 1000000000 > 0", Some(true)),
        // Comparisons, `not`, `and`, `or` from the strongest to the weakest.
        ("closed and closed or open", Some(true)),
        ("open or closed and closed", Some(true)),
        ("not closed and closed", Some(false)),
        ("not (closed and closed)", Some(true)),
        ("1 + 2 - 3 == 0 and 1 - (2 - 3) == 2 and -1 < 0 and open", Some(true)),
    ] {
        assert_eq!(holds(condition), wanted, "{condition}");
    }
}

#[test]
fn every_fault_is_told_at_its_place() {
    for (condition, wanted) in [
        ("", &[(1, "there is no condition")][..]),
        ("deadlin < found_on", &[(1, "there is no field `deadlin`")]),
        (
            "deadline < fund_on and notte == \"x\"",
            &[(12, "there is no field `fund_on`"), (24, "there is no field `notte`")],
        ),
        ("整改期线 < 发现日期", &[(1, "there is no field `整改期线`")]),
        (r#"disposition == "deadlin""#, &[(16, r#"disposition has no value "deadlin""#)]),
        (r#"整改方式 in ["限期整改", "限其整改"]"#, &[(18, "disposition has no value")]),
        ("deadline > 30", &[(1, "a day can't be compared with a number")]),
        (r#"deadline > "2021-08-20""#, &[(1, "a day can't be compared with a text")]),
        (r#"description > "x""#, &[(1, "texts have no order")]),
        ("description == 3", &[(1, "a text can't be compared with a number")]),
        ("open == true", &[(1, "true and false are not compared")]),
        ("deadline", &[(1, "`deadline` is a day, and true or false is needed here")]),
        ("open and deadline", &[(10, "`deadline` is a day")]),
        ("deadline + found_on == 3", &[(1, "`deadline + found_on` is a day, and a number")]),
        ("days(deadline) > 3", &[(1, "days takes 2 values")]),
        ("day(deadline) > 3", &[(1, "there is no function `day`")]),
        ("blank", &[(1, "`blank` is a function")]),
        ("blank(\"x\")", &[(7, "`\"x\"` is no field")]),
        ("blank(open)", &[(7, "`open` is no field")]),
        ("contains(disposition, \"x\")", &[(10, "disposition has values of a list")]),
        ("len(category) > 1", &[(5, "category may have several values")]),
        ("category == unit", &[(1, "category may have several values")]),
        (r#"disposition == """#, &[(16, "a blank cell is equal to nothing")]),
        (r#"disposition == "unstated""#, &[(16, "a blank cell is equal to nothing")]),
        (r#"contains(note, "")"#, &[(16, "an empty text")]),
        (r#"matches(note, "(")"#, &[(15, "not a regular expression")]),
        (r#"matches(note, "((a{100}){100}){100}")"#, &[(15, "not a regular expression")]),
        ("matches(note, unit)", &[(15, "`unit` is no fixed value")]),
        ("unit in [1]", &[(10, "`1` is a number, and a text is needed here")]),
        ("unit in []", &[(10, "expected a value, found `]`")]),
        ("unit in note", &[(9, "expected a list, found `note`")]),
        ("signed_off == \"x\"", &[(1, "signed_off can't be asked by itself")]),
        ("1 == 1", &[(1, "it is the same for every row")]),
        ("as_of > 2021-08-20", &[(1, "it is the same for every row")]),
        ("found_on < deadline < closed_on", &[(21, "comparisons can't be chained")]),
        ("unit = \"x\"", &[(6, "`=` means nothing here")]),
        ("open && late", &[(6, "`&&` means nothing here")]),
        ("open late", &[(6, "expected and, or, or the end, found `late`")]),
        ("(open", &[(6, "expected `)`, found the end")]),
        ("open and", &[(9, "expected a value, found the end")]),
        ("not", &[(4, "expected a value, found the end")]),
        ("or open", &[(1, "expected a value, found `or`")]),
        ("contains(note \"x\")", &[(15, "expected a comma or a bracket")]),
    ] {
        let faults = Condition::read(condition, &BuiltIn).map_or_else(|faults| faults, |_| Vec::new());
        let got: Vec<(usize, String)> = faults.iter().map(|fault| (fault.at, fault.words(Lang::En).0)).collect();
        let fits = got.len() == wanted.len()
            && got
                .iter()
                .zip(wanted)
                .all(|((at, message), (wanted_at, text))| at == wanted_at && message.contains(text));
        assert!(fits, "{condition}: {got:?}");
        for fault in faults {
            let (message, _) = fault.words(Lang::Zh);
            assert!(!message.is_empty() && message.starts_with("条件第"), "{message}");
        }
    }
}

#[test]
fn what_was_meant_is_put_in_its_place() {
    for (condition, mended) in [
        ("deadlin < found_on", "deadline < found_on"),
        (r#"disposition == "deadlin" and open"#, r#"disposition == "deadline" and open"#),
        ("unit = \"x\"", "unit == \"x\""),
        ("open && late", "open and late"),
        ("!open", "not open"),
        ("blnk(note)", "blank(note)"),
        ("opn", "open"),
    ] {
        let faults = Condition::read(condition, &BuiltIn).unwrap_err();
        assert_eq!(faults[0].mended.as_deref(), Some(mended), "{condition}");
        assert!(Condition::read(mended, &BuiltIn).is_ok(), "{mended}");
    }
}

#[test]
fn a_condition_is_bounded() {
    let read = |text: &str| Condition::read(text, &BuiltIn).map_err(|faults| faults[0].problem.clone());
    for text in ["a".repeat(1 << 20), " ".repeat(1 << 20), format!("open{}", " or open".repeat(400))] {
        assert!(matches!(read(&text), Err(ConditionProblem::TooLong { .. })));
    }
    for text in [
        format!("{}open{}", "(".repeat(900), ")".repeat(900)),
        "(".repeat(1900),
        format!("{}open", "not ".repeat(400)),
        format!("1{} == 1 and open", " + 1".repeat(400)),
        format!("{}1 == 1 and open", "-".repeat(1900)),
        format!("{}note", "len(".repeat(400)),
    ] {
        assert_eq!(read(&text), Err(ConditionProblem::TooDeep), "{text}");
    }
    // A list of alternatives is no deeper than one of them.
    let long = format!("open{}", " or open".repeat(240));
    assert!(read(&long).is_ok());
    assert!(read(&format!("unit in [{}\"x\"]", "\"x\", ".repeat(300))).is_ok());
}

/// Conditions of the grammar.
fn conditions() -> impl Strategy<Value = String> {
    let word = |words: &'static [&'static str]| proptest::sample::select(words).prop_map(str::to_owned);
    let day = word(&["found_on", "整改期限", "as_of", "2021-08-03", "deadline + 3", "found_on - 2"]);
    let number = proptest::strategy::Union::new([
        word(&["3", "-7", "len(note)", "字数(问题描述)"]).boxed(),
        (day.clone(), day.clone()).prop_map(|(a, b)| format!("workdays({a}, {b})")).boxed(),
        (day.clone(), day.clone()).prop_map(|(a, b)| format!("days({a}, {b})")).boxed(),
        day.clone().prop_map(|day| format!("weekday({day})")).boxed(),
    ]);
    let number = (number.clone(), number.clone(), word(&["", "+", "-"]))
        .prop_map(|(a, b, sign)| if sign.is_empty() { a } else { format!("{a} {sign} ({b} {sign} 1)") });
    let comparison = word(&["==", "!=", "<", "<=", ">", ">=", "≥"]);
    let leaf = proptest::strategy::Union::new([
        (number.clone(), comparison.clone(), number).prop_map(|(a, b, c)| format!("{a} {b} {c}")).boxed(),
        (day.clone(), comparison, day).prop_map(|(a, b, c)| format!("{a} {b} {c}")).boxed(),
        word(&[
            "open",
            "逾期",
            "blank(note)",
            "true",
            r#"整改方式 == "限期整改""#,
            r#"disposition not in ["on_site", "立行立改"]"#,
            r#"matches(note, "a\\\\d\"")"#,
            "unit != “a”",
            "unit == team",
            r#"contains(category, "x")"#,
            "found_on in [2021-08-03]",
            r#"description in ["a", "b"]"#,
            "month(found_on) not in [1, -2]",
        ])
        .boxed(),
    ]);
    leaf.prop_recursive(4, 24, 3, |inner| {
        proptest::strategy::Union::new([
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("{a} and ({b} or {c})")).boxed(),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} 或 {b}")).boxed(),
            inner.prop_map(|a| format!("not ({a})")).boxed(),
        ])
    })
}

proptest! {
    #[test]
    fn printing_and_reading_agree(text in conditions()) {
        let read = |text: &str| Condition::read(text, &BuiltIn);
        match read(&format!("{text} and open")) {
            Ok(condition) => {
                for lang in Lang::ALL {
                    let printed = condition.print(&BuiltIn, lang);
                    let again = read(&printed);
                    prop_assert_eq!(again.as_ref(), Ok(&condition), "{}", printed);
                }
            }
            Err(faults) => {
                let is_large = |fault: &ConditionFault| matches!(fault.problem, ConditionProblem::TooLong { .. } | ConditionProblem::TooDeep);
                prop_assert!(faults.iter().all(is_large), "{} {:?}", text, faults);
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in r#"([a-z_ ]{0,8}|[=<>!()\[\]"'`,+\-\\]|open|not|and|in|deadline|2021-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,20}|整改|“|”|（|\PC){0,40}"#) {
        match Condition::read(&text, &BuiltIn) {
            Ok(condition) => {
                let printed = condition.print(&BuiltIn, Lang::Zh);
                let again = Condition::read(&printed, &BuiltIn);
                prop_assert_eq!(again.as_ref(), Ok(&condition), "{}", printed);
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(text.get(fault.span.clone()).is_some());
                    for lang in Lang::ALL {
                        let _ = fault.words(lang);
                    }
                }
            }
        }
    }
}
