//! Benchmarks of the stages (`cargo bench`). Results are printed, never asserted.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot continue has failed")]

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::NaiveDate;
use duban::check::{self, CheckOptions, UnlistedValues};
use duban::document::layout::Look;
use duban::document::markdown::blocks;
use duban::document::source::FigureSources;
use duban::document::{Document, Foot, Head, Layout};
use duban::fault::Faults;
use duban::fold::Fold;
use duban::log;
use duban::model::Entry;
use duban::model::key::Key;
use duban::place::SourceId;
use duban::project::Project;
use duban::source::{Form, Source, Sources};
use duban::tally::select::Filter;
use duban::tally::{Tally, TallyPlan};
use duban::words::lang::Lang;
use duban::write::{Format, Writer};

const ROWS: usize = 100_000;

fn main() {
    divan::main();
}

/// Returns a log of [`ROWS`] distinct rows over 56 units and 8 categories.
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
    let plan = Arc::new(TallyPlan { by, filter: Filter::default(), as_of: project.as_of(day()) });
    bencher
        .counter(divan::counter::BytesCount::of_str(text))
        .with_inputs(|| sources(text.to_owned(), form))
        .bench_values(|(mut sources, ids)| {
            let mut faults = Faults::default();
            let tally = log::fold(&mut sources, &ids, &project, &mut faults, || Tally::new(plan.clone()));
            tally.unwrap().finish(&project)
        });
}

/// Counts rows, to measure reading alone.
#[derive(Default)]
struct Rows(usize);

impl Fold<Entry<'_>> for Rows {
    fn push(&mut self, _: &Entry<'_>) {
        self.0 += 1;
    }

    fn merge(&mut self, later: Self) {
        self.0 += later.0;
    }
}

#[divan::bench(sample_count = 10)]
fn read_csv(bencher: divan::Bencher) {
    let (project, text) = (Project::default(), csv());
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .with_inputs(|| sources(text.clone(), Form::Table))
        .bench_values(|(mut sources, ids)| {
            log::fold(&mut sources, &ids, &project, &mut Faults::default(), Rows::default).unwrap().0
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
            check::run((&mut sources, &ids), &project, &CheckOptions::on(day()), &mut faults, UnlistedValues::default)
                .unwrap();
            faults
        });
}

/// Writes a letter of twenty issues as `.docx`, with a warm writer: the fixed parts are cached from the first letter.
#[divan::bench(sample_count = 100)]
fn letter_docx(bencher: divan::Bencher) {
    let look = Look::default();
    let mut writer = Writer::new(&look);
    let letter = letter();
    bencher.bench_local(|| writer.write(Format::Docx, &letter).unwrap());
}

/// Checks that letter the way Word would read it.
#[divan::bench(sample_count = 100)]
fn letter_checked(bencher: divan::Bencher) {
    let look = Look::default();
    let mut writer = Writer::new(&look);
    let written = writer.write(Format::Docx, &letter()).unwrap();
    bencher.bench_local(|| writer.check_docx(&written.bytes, &|_| false).unwrap());
}

fn letter() -> Document {
    let mut text = "现提醒如下。\n\n## 逾期未整改问题\n\n".to_owned();
    for issue in 1..=20 {
        let _ = writeln!(text, "{issue}. WT-{issue}：楼道堆放杂物，占用疏散通道。期限2021年8月{issue}日，已逾期3天。");
    }
    let read = blocks(&text).unwrap();
    Document {
        lang: Lang::Zh,
        kind: "reminder".to_owned(),
        layout: Layout::Letter,
        head: Head { title: "工作提醒函".to_owned(), ..Head::default() },
        body: read.body,
        attachments: read.attachments,
        foot: Foot::default(),
        reckoned: None,
        sources: FigureSources::default(),
    }
}
