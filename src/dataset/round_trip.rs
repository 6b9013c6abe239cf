//! What is counted is the same before and after a trip through JSON, for every key, state and count, and so after a trip
//! through the workbook of a ledger.

use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::select;

use crate::album::Album;
use crate::dataset::ledger::Ledger;
use crate::dataset::line_breaks;
use crate::dataset::list_name::ListName;
use crate::dataset::record::{IssueMarks, WantedKeys, issue_of, issue_record, record_at, wanted_record};
use crate::dataset::records::CountedRows;
use crate::dataset::{Data, Gather, Records, Request};
use crate::document::markdown::{Body, blocks};
use crate::document::{Document, Foot, Head, Layout};
use crate::fault::Faults;
use crate::fold::Fold as _;
use crate::log;
use crate::model::field::{FIELDS, FieldInfo, FieldKind};
use crate::model::identity::{IssueIdentity, RowNumbers};
use crate::model::key::Key;
use crate::model::known::known;
use crate::model::period::Period;
use crate::model::record::Values;
use crate::model::state::{AsOf, State};
use crate::model::value::{DISPOSITIONS, SOURCES, STATUSES};
use crate::model::{Entry, Field, Issue};
use crate::place::SourceId;
use crate::project::{Project, config};
use crate::source::workbook::choice::Choice;
use crate::source::{Form, Source, Sources, find};
use crate::tally::select::{Condition, Filter};
use crate::tally::{Tally, TallyPlan, TallyReport};
use crate::words::calendar::Calendar;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;
use crate::write::{self, Format};

/// Columns that serve no field; two of them have the same header.
const EXTRA: [&str; 3] = ["楼层", "面积", "楼层"];

fn columns(is: fn(&FieldInfo) -> bool) -> Vec<&'static FieldInfo> {
    FIELDS.iter().filter(|info| is(info) && info.field != Field::RowNumber).collect()
}

/// A cell of a field as logs have it, many of them blank and some of them wrong.
fn cell(info: &FieldInfo) -> BoxedStrategy<String> {
    let one_of = |words: &[&str]| select(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).boxed();
    let day = (8_u32..14, one_of(&["", "", " 12:00", " 15:30", " 9:05:07", "上午"]))
        .prop_map(|(day, hour)| format!("2021-08-{day:02}{hour}"))
        .boxed();
    let words = match (info.field, info.kind) {
        (_, FieldKind::Date) => {
            prop_oneof![4 => day, 1 => one_of(&["8月9日", "待定", "13月", "8月10日 18:00"])].boxed()
        }
        (_, FieldKind::Deadline) => {
            let words =
                ["长期坚持", "3个工作日内", "立即整改", "尽快", "8月底前", "五天", "长期\n坚持", "长期\u{2028}坚持"];
            prop_oneof![3 => day, 2 => one_of(&words)].boxed()
        }
        (Field::Disposition | Field::Status | Field::Source, _) => {
            prop_oneof![5 => select(vocabulary(info.field)), 1 => one_of(&["随意", "乱\u{2028}写"])].boxed()
        }
        (Field::SignedOff | Field::Review, _) => one_of(&["是", "否", "不合格", "整改中", "经复查，已清运"]),
        (_, FieldKind::Value) => one_of(&["甲社区", "甲居委会", "乙社区", "丙\u{2028}丁", "一组"]),
        (_, FieldKind::Values) => one_of(&["消防、环境", "消防", "环境；卫生", "甲\n乙", "甲社区"]),
        (_, FieldKind::Number) => one_of(&["0", "3", "12", "几个"]),
        (_, FieldKind::Text) => {
            one_of(&["A-1", "A-2", "通道堵塞", "a\nb", "a\u{2028}b", "他说“好”,\"是\"", "=1+1", "某"])
        }
    };
    // A row without any text is none.
    if matches!(info.field, Field::Description | Field::Sites) {
        return words;
    }
    prop_oneof![1 => Just(String::new()), 2 => words].boxed()
}

/// The canonical values and labels of the vocabulary of a field.
fn vocabulary(field: Field) -> Vec<String> {
    let values = match field {
        Field::Disposition => DISPOSITIONS,
        Field::Status => STATUSES,
        _ => SOURCES,
    };
    values.iter().flat_map(|value| [value.key, value.zh]).map(str::to_owned).collect()
}

fn table(is: fn(&FieldInfo) -> bool, extra: &'static [&'static str]) -> impl Strategy<Value = String> {
    let columns = columns(is);
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let row: Vec<BoxedStrategy<String>> =
        columns.iter().map(|info| cell(info)).chain(extra.iter().map(|_| "|三楼|3|a\u{2028}b".boxed())).collect();
    let header: Vec<String> = columns.iter().map(|info| info.zh).chain(extra.iter().copied()).map(quoted).collect();
    let header = header.join(",");
    proptest::collection::vec(row, 1..9).prop_map(move |rows| {
        let lines = rows.iter().map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        std::iter::once(header.clone()).chain(lines).collect::<Vec<_>>().join("\n") + "\n"
    })
}

fn project() -> Project {
    let text = "units:\n- {name: 甲社区, aliases: [甲居委会], group: 东片}\n- {name: 乙社区, group: 西片}\n";
    config::parse(SourceId(0), text, &mut Faults::default())
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 8, day).unwrap()
}

/// A log of issues whose columns beside the status have other names, and that has neither status nor row numbers.
fn other_log() -> impl Strategy<Value = String> {
    const HEADS: [(&str, &str); 2] = [("是否销号", "闭环情况"), ("复查结果", "验收意见")];
    let text = table(|info| info.of.issue && info.field != Field::Status, &["约谈日期", "楼层"]);
    text.prop_map(|text| HEADS.iter().fold(text, |text, (from, to)| text.replacen(from, to, 1)))
}

/// Reads a file, and gives its issues.
fn issues_of(source: Source, project: &Project) -> Vec<Issue<'static>> {
    let (mut sources, mut issues) = (Sources::default(), Vec::new());
    let id = sources.add(source);
    let each = |entry: Entry<'_>| {
        if let Entry::Issue(issue) = entry {
            issues.push(issue.into_owned());
        }
    };
    log::read(&mut sources, id, project, &mut Faults::default(), each).unwrap();
    issues
}

/// The workbook of a ledger of all the records.
fn ledger(records: &Records, project: &Project, as_of: &AsOf, lang: Lang) -> Vec<u8> {
    let on_paper = Some(["id", "status", "description"].map(str::to_owned).to_vec());
    let all: Vec<usize> = (0..records.each_issue().count()).collect();
    let text = Ledger { records, project, as_of, lang, on_paper, caption: &|_, _| String::new() }.table(&all);
    let Body { body, attachments } = blocks(&text).unwrap();
    let head = Head { title: "台账".into(), ..Head::default() };
    let reckoned = Some((as_of.day, as_of.soon));
    let (kind, layout, foot) = ("ledger".to_owned(), Layout::Document, Foot::default());
    let document = Document {
        lang,
        kind,
        layout,
        head,
        body,
        attachments,
        foot,
        reckoned,
        sources: crate::document::source::FigureSources::default(),
    };
    write::write(Format::Xlsx, &document).unwrap().bytes.into_vec().unwrap()
}

/// All texts of the columns that serve no field, in order, line breaks aside.
fn other_texts(issue: &Issue<'_>) -> Vec<String> {
    let cells = issue.row.columns.extra.iter().map(|(_, cell)| issue.row.cell(usize::from(*cell)));
    let mut texts: Vec<String> =
        cells.filter(|text| !text.is_empty()).map(|text| text.replace('\u{2028}', "\n")).collect();
    texts.sort();
    texts
}

/// Reads tables, and gives the issues read, withdrawn ones among them, and what a document keeps of all.
fn read(tables: [&str; 2], project: &Project, as_of: &AsOf) -> (Vec<Issue<'static>>, Records, Sources) {
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    let (mut gather, mut issues) = (Gather::new(as_of.clone(), Filter::default(), &Arc::default()), Vec::new());
    for (name, text) in ["a.csv", "inspections.csv"].into_iter().zip(tables) {
        let source = sources.add(Source::text(name.to_owned(), text.to_owned(), Form::Table));
        let each = |entry: Entry<'_>| {
            gather.push(&entry);
            if let Entry::Issue(issue) = entry {
                issues.push(issue.into_owned());
            }
        };
        log::read(&mut sources, source, project, &mut faults, each).unwrap();
    }
    let known = gather.known(&sources);
    let records = gather.finish(&sources, project, &known, &[], Vec::new(), &Album::default());
    (issues, records, sources)
}

fn keys() -> impl Iterator<Item = Key> {
    Key::all().map(|(_, key)| key).chain(EXTRA.map(|header| Key::Extra(Symbol::new(header))))
}

fn same(one: &Issue<'_>, other: &Issue<'_>, as_of: &AsOf) {
    let (state, after) = (State::of(one, as_of), State::of(other, as_of));
    assert_eq!(state, after);
    for key in keys() {
        assert_eq!(key.values(one, state), key.values(other, after), "{key}");
    }
}

/// What a document keeps of an issue is what was read, line breaks aside, and the id that it is given.
fn same_but_for_line_breaks(read: &Issue<'_>, kept: &Issue<'_>, as_of: &AsOf) {
    let (state, after) = (State::of(read, as_of), State::of(kept, as_of));
    assert_eq!(state, after);
    let texts = |values: Values| values.iter().map(|value| value.replace('\u{2028}', "\n")).collect::<Vec<_>>();
    for key in keys().filter(|key| *key != Key::Field(Field::Id) || !read.text(Field::Id).is_empty()) {
        assert_eq!(texts(key.values(read, state)), texts(key.values(kept, after)), "{key}");
    }
}

fn tally(rows: &CountedRows, by: &[Key], filter: &Filter, as_of: &AsOf, project: &Project) -> TallyReport {
    let plan = TallyPlan { by: by.to_vec(), filter: filter.clone(), as_of: as_of.clone() };
    let mut tally = Tally::new(Arc::new(plan));
    rows.issues.iter().for_each(|issue| tally.issue(issue));
    rows.inspections.iter().for_each(|inspection| tally.inspection(inspection));
    tally.finish(project)
}

proptest! {
    #[test]
    fn a_ledger_is_read_as_the_log_it_was_made_from(
        one in table(|info| info.of.issue, &EXTRA),
        other in other_log(),
        days in proptest::collection::vec(6_u32..17, 1..4),
        is_english in any::<bool>(),
    ) {
        let project = project();
        let as_of = |of: u32| AsOf::new(day(of), 2, false, &Calendar::weekdays());
        // A day without a year that no row of its log tells finds one in the rows of the other logs.
        let [one, other] = [one, other].map(|text| text.replace("8月9日", "13月").replace("8月10日 18:00", "待定"));
        let [one, other] = [one, other].map(|text| text.replace("8月底前", "尽快"));
        let (all, records, _) = read([&one, &other], &project, &as_of(31));
        let lang = if is_english { Lang::En } else { Lang::Zh };
        let book = ledger(&records, &project, &as_of(31), lang);
        let choice = Choice { wanted: &[], is_log: &|head| log::looks_like_log(head, &project) };
        let mut sheets = find::in_bytes("ledger.xlsx", book, &choice).unwrap();
        prop_assert_eq!(sheets.len(), 1);
        let back = issues_of(sheets.remove(0), &project);
        let kept: Vec<&Issue<'_>> = all.iter().filter(|issue| !issue.is_withdrawn()).collect();
        prop_assert_eq!(back.len(), kept.len(), "{}{}", one, other);
        for (read, back) in kept.iter().zip(&back) {
            prop_assert_eq!(IssueIdentity::of(read).key(), IssueIdentity::of(back).key());
            prop_assert_eq!(other_texts(read), other_texts(back));
            for of in &days {
                same_but_for_line_breaks(read, back, &as_of(*of));
            }
        }
    }

    #[test]
    fn every_key_state_and_count_survives_json(
        issues in table(|info| info.of.issue, &EXTRA),
        inspections in table(|info| info.of.inspection, &[]),
        days in proptest::collection::vec(6_u32..17, 1..4),
        (first, second) in (0..keys().count(), 0..keys().count()),
    ) {
        let project = project();
        let as_of = |of: u32| AsOf::new(day(of), 2, false, &Calendar::weekdays());
        // On the last day, so that every row is there.
        let (all, records, sources) = read([&issues, &inspections], &project, &as_of(31));
        prop_assert!(!all.is_empty() && !records.others(ListName::Inspections).is_empty(), "{issues}{inspections}");
        for read in all {
            let state = State::of(&read, &as_of(days[0]));
            let known = known(&[(&read, state)], &RowNumbers::default(), |_| "a".into()).remove(0);
            let kept = line_breaks::issue(read.clone()).with_id(&known.handle);
            let marks = IssueMarks { key: known.key.into(), number: known.number.into(), moved: None, photos: Box::default() };
            let file = sources.get(read.row.source).into();
            let record = issue_record(&kept, &marks, &as_of(days[0]), &file);
            // What a template asks for is what it gets of all.
            let mut shown = record_at(record.clone(), &kept, &as_of(31));
            for keys in [shown.keys().cloned().collect::<Vec<_>>(), vec!["id".into(), FIELDS[first % FIELDS.len()].key.into(), "late".into()]] {
                let wanted = WantedKeys::only(keys.iter().map(String::as_str));
                shown.retain(|key, _| wanted.has(key));
                prop_assert_eq!(&wanted_record(&kept, &marks, &as_of(31), &file, &wanted), &shown);
            }
            let text = serde_json::to_string(&record).unwrap();
            let back = issue_of(&serde_json::from_str(&text).unwrap());
            for of in &days {
                same(&kept, &back, &as_of(*of));
                same_but_for_line_breaks(&read, &kept, &as_of(*of));
            }
        }
        let request = Request::new(Lang::Zh, as_of(days[0]));
        let data = Data::draft("bulletin", &project, records, &request);
        let back: Data = serde_json::from_str(&serde_json::to_string(&data).unwrap()).unwrap();
        prop_assert_eq!(&back, &data);
        let (rows, after) = (data.records.counted(), back.records.counted());
        prop_assert_eq!(rows.issues.len(), after.issues.len());
        let (first, second) = (keys().nth(first).unwrap(), keys().nth(second).unwrap());
        let late = Condition::new("late".parse().unwrap(), &["yes".to_owned()], false);
        for filter in [Filter::default(), Filter { conditions: vec![late], period: Period::default() }] {
            for of in &days {
                for by in [vec![], vec![first], vec![first, second]] {
                    let count = |rows| tally(rows, &by, &filter, &as_of(*of), &project);
                    prop_assert_eq!(count(rows), count(after), "{:?}", by);
                }
            }
        }
    }
}
