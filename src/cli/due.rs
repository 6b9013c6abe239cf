//! `duban due`.

use std::collections::BTreeMap;

use chrono::Datelike as _;

use crate::cli::args::{DueArgs, DueFormat};
use crate::cli::as_of::Told;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::due::{Due, DueReport, Item, ical};
use crate::fault::Faults;
use crate::kind;
use crate::source::Sources;
use crate::tally::show::{Grid, inert, table};
use crate::words::lang::{Lang, counted};

pub(super) fn run(args: DueArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let DueArgs { input, selecting, days, all, format } = args;
    let filter = session.filter(&selecting, &days)?;
    let mut logs = session.logs(&input)?;
    let as_of = session.project.as_of(logs.day);
    let empty = if all { Due::open(as_of, filter) } else { Due::near(as_of, &session.project, filter) };
    let (mut due, _) = session.check_logs(&mut logs, &[], || empty.clone())?;
    let register = session.register_records()?;
    session.tell_as_of(due.summary(), &logs, Told::WithoutLate)?;
    let report = due.finish(&session.project, &logs.sources, &register);
    session.warn_of_calendar()?;
    let text = match format {
        DueFormat::Table => show(&report, &titles(session), session.lang),
        DueFormat::Json => format!("{}\n", serde_json::to_string_pretty(&report)?),
        DueFormat::Csv => csv(&report)?,
        DueFormat::Ics => ical::calendar(&report, session.lang),
    };
    session.print(&text)?;
    Ok(ExitStatus::Done)
}

/// Titles of the kinds on the ladder, by name; the name itself if there is no such kind.
fn titles(session: &Session<'_>) -> BTreeMap<String, String> {
    let title = |name: &str| {
        let kind = kind::load(&session.project, name, &mut Sources::default(), &mut Faults::default()).ok()?;
        Some(kind.config.title.of(session.lang).to_owned())
    };
    let ladder = session.project.ladder();
    let rungs = ladder.rungs().iter().map(|rung| rung.kind.clone());
    rungs.map(|kind| (kind.clone(), title(&kind).unwrap_or(kind))).collect()
}

fn show(report: &DueReport, titles: &BTreeMap<String, String>, lang: Lang) -> String {
    let head = match lang {
        Lang::Zh => ["责任单位", "编号", "期限", "状态", "下一步", "前一份文书"],
        Lang::En => ["unit", "id", "deadline", "state", "next", "after"],
    };
    let mut rows = Vec::new();
    for unit in &report.units {
        for item in &unit.issues {
            rows.push(vec![
                unit.unit.clone(),
                item.id.clone(),
                item.deadline.map_or_else(|| "-".to_owned(), |day| day.to_string()),
                state(item, lang),
                next(item, report, titles, lang),
                item.after.clone().unwrap_or_else(|| "-".to_owned()),
            ]);
        }
    }
    table(&Grid { header: head.map(str::to_owned).to_vec(), rows, words: 6 })
}

/// The list with canonical keys as headers, as in the JSON.
fn csv(report: &DueReport) -> Result<String, Stop> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["unit", "id", "deadline", "days_overdue", "state", "stands", "after", "rung", "from"])?;
    for unit in &report.units {
        for item in &unit.issues {
            let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
            let cells = [
                unit.unit.clone(),
                item.id.clone(),
                day(item.deadline),
                item.days_overdue.to_string(),
                item.state.to_owned(),
                item.stands.clone().unwrap_or_default(),
                item.after.clone().unwrap_or_default(),
                item.rung.clone().unwrap_or_default(),
                day(item.from),
            ];
            writer.write_record(cells.iter().map(|cell| inert(cell)))?;
        }
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn state(item: &Item, lang: Lang) -> String {
    let days = item.days_overdue;
    match item.state {
        "overdue" => lang
            .pick(format!("逾期{days}天"), format!("{} overdue", counted(usize::try_from(days).unwrap_or(0), "day"))),
        "due_soon" => lang.pick("临期", "due soon").to_owned(),
        _ => lang.pick("未到期", "open").to_owned(),
    }
}

/// The next letter, with its day if that is in the future.
fn next(item: &Item, report: &DueReport, titles: &BTreeMap<String, String>, lang: Lang) -> String {
    let Some((rung, from)) = item.rung.as_ref().zip(item.from) else { return "-".to_owned() };
    let title = titles.get(rung).unwrap_or(rung);
    if from <= report.as_of {
        return title.clone();
    }
    lang.pick(format!("{title}（{}月{}日）", from.month(), from.day()), format!("{title} ({from})"))
}
