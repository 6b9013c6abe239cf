//! How fast the stages are: `cargo bench`. Results are told, never asserted.

#![expect(clippy::unwrap_used, reason = "a bench that can't go on has failed")]

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::NaiveDate;
use duban::check::{self, Kept};
use duban::fault::Faults;
use duban::log;
use duban::model::key::Key;
use duban::place::SourceId;
use duban::project::Project;
use duban::source::{Form, Source, Sources};
use duban::tally::select::Filter;
use duban::tally::{Plan, Tally};

const ROWS: usize = 100_000;

fn main() {
    divan::main();
}

/// A log of many rows, no two the same, over 56 units and 8 categories.
fn csv() -> String {
    let mut text = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改完成日期\n".to_owned();
    for row in 0..ROWS {
        let (unit, category, day) = (row % 56, row % 8, row % 28 + 1);
        let disposition = ["现场整改", "限期整改", "立行立改", "交办"][row % 4];
        let _ = writeln!(
            text,
            "WT-{row},2021-08-{day:02},第{unit}街道办事处,类别{category},楼道堆放杂物{row}，占用疏散通道,{disposition},2021-09-{day:02},"
        );
    }
    text
}

fn yaml() -> String {
    let mut text = String::new();
    for row in 0..ROWS / 10 {
        let _ = writeln!(
            text,
            "- {{found_on: 2021-08-03, unit: 单位{}, category: 类别{}, description: 问题{row}, disposition: on_site}}",
            row % 56,
            row % 8
        );
    }
    text
}

fn sources(text: String, form: Form) -> (Sources, Vec<SourceId>) {
    let mut sources = Sources::default();
    let id = sources.add(Source::text("log", text, form));
    (sources, vec![id])
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 10, 1).unwrap()
}

fn tally(bencher: divan::Bencher, text: &str, form: Form) {
    let project = Project::default();
    let by = ["unit", "category"].map(|key| key.parse::<Key>().unwrap()).to_vec();
    let plan = Arc::new(Plan { by, filter: Filter::default(), as_of: project.as_of(day()) });
    bencher
        .counter(divan::counter::BytesCount::of_str(text))
        .with_inputs(|| sources(text.to_owned(), form))
        .bench_values(|(mut sources, ids)| {
            let mut faults = Faults::default();
            let tally = log::fold(&mut sources, &ids, &project, day(), &mut faults, || Tally::new(plan.clone()));
            tally.unwrap().finish(&project)
        });
}

#[divan::bench(sample_count = 10)]
fn tally_csv(bencher: divan::Bencher) {
    tally(bencher, &csv(), Form::Table);
}

#[divan::bench(sample_count = 10)]
fn tally_yaml(bencher: divan::Bencher) {
    tally(bencher, &yaml(), Form::Tree);
}

#[divan::bench(sample_count = 10)]
fn check_csv(bencher: divan::Bencher) {
    let project = Project::default();
    let text = csv();
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .with_inputs(|| sources(text.clone(), Form::Table))
        .bench_values(|(mut sources, ids)| {
            let mut faults = Faults::default();
            check::run((&mut sources, &ids), &project, day(), None, &mut faults, Kept::default).unwrap();
            faults
        });
}
