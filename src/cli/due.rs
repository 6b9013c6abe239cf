//! `duban due`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use chrono::Datelike as _;

use crate::cli::admission::Asks;
use crate::cli::args::{DueArgs, DueFormat};
use crate::cli::as_of::Told;
use crate::cli::output::{self, Content};
use crate::cli::register::tell_doubled;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::due::ical::Published;
use crate::due::recognise::{Named, NearMatch, ReusedId};
use crate::due::{Due, DueReport, Item, ical};
use crate::fault::Faults;
use crate::kind;
use crate::platform::paths::slashed;
use crate::source::Sources;
use crate::tally::screen::{Screen, Shade};
use crate::tally::show::{Grid, inert};
use crate::words::lang::{Lang, counted};

pub(super) fn run(args: DueArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let DueArgs { input, selecting, days, all, format, output } = args;
    let output = output.as_deref();
    let published = match format {
        DueFormat::Ics => published(output, session)?,
        _ => Published::default(),
    };
    let filter = session.filter(&selecting, &days)?;
    let mut logs = session.logs(&input)?;
    let as_of = session.project.as_of(logs.day);
    let register = session.register_records()?;
    tell_doubled(&register, session)?;
    let named = Arc::new(Named::read(&session.project.root, &register, &session.project, None));
    let empty = if all { Due::open(as_of, filter, &named) } else { Due::near(as_of, &session.project, filter, &named) };
    let (mut due, ..) = session.check_logs(&mut logs, &[], Asks::default(), || empty.clone())?;
    session.tell_as_of(due.summary(), &logs, Told::WithoutLate)?;
    let report = due.finish(&session.project, &logs.sources, &register);
    session.warn_of_calendar()?;
    tell_uncertain(report.units.iter().flat_map(|unit| &unit.near), &report.reused, session)?;
    let text = match format {
        DueFormat::Table => show(&report, &titles(session), output, session),
        DueFormat::Json => format!("{}\n", serde_json::to_string_pretty(&report)?),
        DueFormat::Csv => csv(&report)?,
        DueFormat::Ics => ical::calendar(&report, &session.project.office.name, session.lang, &published),
    };
    let content = if matches!(format, DueFormat::Csv) { Content::Csv } else { Content::Text };
    output::put(text.as_bytes(), content, output, session)?;
    Ok(ExitStatus::Done)
}

/// The entries of the calendar that is to be updated.
///
/// # Errors
/// The file is no calendar of duban's, and is not overwritten.
fn published(output: Option<&Path>, session: &Session<'_>) -> Result<Published, Stop> {
    let Some(path) = output else { return Ok(Published::default()) };
    let text = match std::fs::read(session.world.folder.join(path)) {
        Ok(bytes) => String::from_utf8(bytes).ok(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Published::default()),
        Err(error) => return Err(Stop::unreadable(path, error)),
    };
    text.as_deref().and_then(Published::read).ok_or_else(|| {
        let path = slashed(&path);
        Stop::wrong(session.lang.pick(
            format!("{path} 不是 duban 写出的日历，或已被改动，不会覆盖；换一个文件名，或先移走它"),
            format!("{path} is no calendar that duban wrote, or was altered, and is not overwritten; name another file, or move it away"),
        ))
    })
}

/// Tells which issues may be ones of earlier letters, and which ids were used again.
pub(super) fn tell_uncertain<'n>(
    near: impl Iterator<Item = &'n NearMatch>,
    reused: &[ReusedId],
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    for NearMatch { key, number, was, now, unit, .. } in near {
        session.warn(&session.lang.pick(
            format!("duban: {unit}：{key} 可能就是 {number} 写过的问题（原为“{was}”，现为“{now}”），无法确定"),
            format!("duban: {unit}: {key} may be an issue of {number} (was `{was}`, is now `{now}`); it can't be told"),
        ))?;
    }
    for ReusedId { id, number } in reused {
        session.warn(&session.lang.pick(
            format!("duban: 编号 {id} 在 {number} 里是另一个问题（单位、发现日期、描述都不同），不沿用其文书"),
            format!(
                "duban: the id {id} was another issue in {number} (unit, day of finding and description all differ); \
                 nothing of that letter holds for it"
            ),
        ))?;
    }
    Ok(())
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

fn show(report: &DueReport, titles: &BTreeMap<String, String>, path: Option<&Path>, session: &Session<'_>) -> String {
    let lang = session.lang;
    let head = match lang {
        Lang::Zh => ["责任单位", "编号", "期限", "状态", "下一步", "前一份文书"],
        Lang::En => ["unit", "id", "deadline", "state", "next", "after"],
    };
    let (mut rows, mut shades) = (Vec::new(), Vec::new());
    for unit in &report.units {
        for item in &unit.issues {
            let shade = match item.state {
                "overdue" => Some(Shade::Alarm),
                "due_soon" => Some(Shade::Notice),
                _ => None,
            };
            shades.extend(shade.map(|shade| (rows.len(), 3, shade)));
            rows.push(vec![
                unit.unit.clone(),
                item.id.clone().unwrap_or_else(|| item.number.clone()),
                item.deadline.map_or_else(|| "-".to_owned(), |day| day.to_string()),
                state(item, lang),
                next(item, report, titles, lang),
                item.after.clone().unwrap_or_else(|| "-".to_owned()),
            ]);
        }
    }
    let grid = Grid { header: head.map(str::to_owned).to_vec(), rows, words: 6 };
    // Whose, which, when and how late it is always stay.
    let screen = Screen { dispensable: vec![5, 4], long: vec![0, 4], shades };
    output::table(&grid, &screen, "--format csv", path, session)
}

/// The list with canonical keys as headers, as in the JSON.
fn csv(report: &DueReport) -> Result<String, Stop> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "unit",
        "id",
        "deadline",
        "days_overdue",
        "state",
        "stands",
        "after",
        "rung",
        "from",
        "key",
    ])?;
    for unit in &report.units {
        for item in &unit.issues {
            let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
            let cells = [
                unit.unit.clone(),
                item.id.clone().unwrap_or_default(),
                day(item.deadline),
                item.days_overdue.to_string(),
                item.state.to_owned(),
                item.stands.clone().unwrap_or_default(),
                item.after.clone().unwrap_or_default(),
                item.rung.clone().unwrap_or_default(),
                day(item.from),
                item.key.clone(),
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
