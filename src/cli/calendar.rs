//! `duban calendar`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde::Serialize;

use crate::atomic;
use crate::cli::args::{CalendarArgs, TableOrJson};
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::fault::{ConfigProblem, FaultKind, Faults, Severity, emit};
use crate::platform::paths::slashed;
use crate::project::calendar::{self, CalendarDays, FileDay};
use crate::project::{FILE_NAME, config, keys};
use crate::source::{Form, Source, Sources};
use crate::tally::show::{Grid, table};
use crate::words::calendar::statute::{LUNAR_YEARS, statute};
use crate::words::calendar::{
    Calendar, CalendarBase, DaySource, LAST_NOTICE, LOOKED_UP_ON, ListedDay, missing_holidays, notices, year_of_notice,
};
use crate::words::lang::{Lang, counted};

pub(super) fn run(args: CalendarArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let CalendarArgs { year, import, format } = args;
    if let Some(file) = import {
        return take_in(&file, year, session);
    }
    let year = year.unwrap_or_else(|| session.world.today.year());
    let report = YearReport::new(&session.project.calendar, session.project.calendar_file.as_deref(), year);
    let text = match format {
        TableOrJson::Table => show(&report, session.lang),
        TableOrJson::Json => format!("{}\n", serde_json::to_string_pretty(&report)?),
    };
    session.print(&text)?;
    Ok(ExitStatus::Done)
}

/// What `calendar --format json` prints. Its `days` are in the form that `--import` reads.
#[derive(Debug, Serialize)]
struct YearReport {
    year: i32,
    /// Whether the arrangement of the year is known.
    known: bool,
    /// The day on which the notice of the next year was last looked for, for years that have none yet.
    looked_up_on: Option<&'static str>,
    basis: Vec<Basis>,
    /// The days from which on the next year's arrangement is needed, if it is not known.
    open_from: Option<NaiveDate>,
    workdays: usize,
    /// Working days of each month.
    months: Vec<usize>,
    days: Vec<DayReport>,
}

/// What a year stands on.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Basis {
    /// `notice`, `file`, `config`, `statute` or `weekdays`.
    kind: &'static str,
    /// The address of a notice, the name of a file, the version of the law.
    source: Option<String>,
}

#[derive(Debug, Serialize)]
struct DayReport {
    date: NaiveDate,
    #[serde(rename = "isOffDay")]
    is_off_day: bool,
    name: String,
    basis: &'static str,
}

impl YearReport {
    fn new(calendar: &Calendar, file: Option<&str>, year: i32) -> Self {
        let exceptions = calendar.exceptions(year);
        let listed: BTreeSet<DaySource> = exceptions.iter().map(|(_, day)| day.source).collect();
        let mut basis = Vec::new();
        let mut add = |kind, source: Option<String>| basis.push(Basis { kind, source });
        if calendar.base() == CalendarBase::Weekdays {
            add("weekdays", None);
        }
        if listed.contains(&DaySource::Notice) {
            for notice in notices(year) {
                add("notice", Some(notice));
            }
        }
        if listed.contains(&DaySource::File) {
            add("file", file.map(str::to_owned));
        }
        if listed.contains(&DaySource::Config) {
            add("config", Some(FILE_NAME.to_owned()));
        }
        if !calendar.covers(year) {
            add("statute", statute(year).map(|statute| statute.zh.to_owned()));
        }
        let mut months = vec![0; 12];
        let first = NaiveDate::from_ymd_opt(year, 1, 1);
        let days = first.into_iter().flat_map(|first| first.iter_days()).take_while(|date| date.year() == year);
        for date in days.filter(|date| calendar.is_workday(*date)) {
            months[date.month0() as usize] += 1;
        }
        let last = NaiveDate::from_ymd_opt(year, 12, 31);
        let open_from = last.filter(|last| calendar.covers(year) && !calendar.covers(year_of_notice(*last)));
        let days = exceptions.into_iter().map(|(date, ListedDay { worked, name, source })| DayReport {
            date,
            is_off_day: !worked,
            name,
            basis: source.key(),
        });
        Self {
            year,
            known: calendar.covers(year),
            looked_up_on: Some(LOOKED_UP_ON).filter(|_| year > LAST_NOTICE && !calendar.covers(year)),
            basis,
            open_from: open_from
                .and_then(|last| last.iter_days().rev().take_while(|day| year_of_notice(*day) > year).last()),
            workdays: months.iter().sum(),
            months,
            days: days.collect(),
        }
    }
}

fn show(report: &YearReport, lang: Lang) -> String {
    let YearReport { year, basis, workdays, months, .. } = report;
    let mut text = lang.pick(format!("{year} 年：{workdays} 个工作日\n"), format!("{year}: {workdays} working days\n"));
    for Basis { kind, source } in basis {
        let source = source.as_deref().unwrap_or_default();
        let line = match *kind {
            "notice" => lang.pick(
                format!("依据：国务院办公厅关于 {year} 年部分节假日安排的通知 {source}"),
                format!("stands on: notice of the State Council on the holidays of {year}, {source}"),
            ),
            "file" => lang.pick(format!("依据：日历文件 {source}"), format!("stands on: calendar file {source}")),
            "config" => lang.pick(
                format!("依据：{source} 的 calendar: off、work"),
                format!("stands on: off and work of `calendar:` in {source}"),
            ),
            "weekdays" => lang.pick(
                "依据：calendar: weekdays，周一至周五".to_owned(),
                "stands on: calendar: weekdays, Monday to Friday".to_owned(),
            ),
            _ => by_statute(*year, lang),
        };
        text.push_str(&line);
        text.push('\n');
    }
    if let Some(from) = report.open_from {
        let next = year + 1;
        text.push_str(&lang.pick(
            format!("12月{}日起归 {next} 年的安排管，日历里还没有\n", from.day()),
            format!("from {from}: settled by the arrangement of {next}, which the calendar does not have\n"),
        ));
    }
    let header = lang.pick(["日期", "星期", "安排", "名称", "依据"], ["date", "day", "kind", "name", "stands on"]);
    let rows = report.days.iter().map(|day| {
        vec![
            day.date.to_string(),
            weekday(day.date.weekday(), lang).to_owned(),
            if day.is_off_day { lang.pick("休", "off") } else { lang.pick("班", "work") }.to_owned(),
            name(&day.name, lang),
            basis_word(day.basis, lang).to_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&table(&Grid { header: header.map(str::to_owned).to_vec(), rows, words: 5 }));
    }
    let header = lang.pick(["月份", "工作日"], ["month", "working days"]).map(str::to_owned).to_vec();
    let rows = months.iter().zip(1..).map(|(days, month)| vec![format!("{year}-{month:02}"), days.to_string()]);
    text.push('\n');
    text.push_str(&table(&Grid { header, rows: rows.collect(), words: 1 }));
    text
}

fn by_statute(year: i32, lang: Lang) -> String {
    let lunar = LUNAR_YEARS.contains(&year);
    let Some(statute) = statute(year) else {
        return lang.pick(
            "依据：没有这一年的放假安排，也没有法定节假日，按周一至周五".to_owned(),
            "stands on: Monday to Friday; the calendar has no arrangement and no holidays for the year".to_owned(),
        );
    };
    let (no_notice_zh, no_notice_en) = if year > LAST_NOTICE {
        (
            format!("放假安排截至 {LOOKED_UP_ON} 尚未公布"),
            format!("the arrangement was not announced by {LOOKED_UP_ON}"),
        )
    } else {
        ("日历里没有这一年的放假安排".to_owned(), "the calendar does not have the arrangement of the year".to_owned())
    };
    lang.pick(
        format!(
            "依据：《全国年节及纪念日放假办法》（{}）；{no_notice_zh}，调休没有计{}",
            statute.zh,
            if lunar { "" } else { "，春节、清明、端午、中秋也没有计" }
        ),
        format!(
            "stands on: Regulation on Public Holidays for National Annual Festivals and Memorial Days, {}; {no_notice_en}, so \
             weekends worked in exchange are not counted{}",
            statute.en,
            if lunar { "" } else { ", nor the Spring Festival, Qingming, Dragon Boat and Mid-Autumn" }
        ),
    )
}

/// The name of a holiday. Names that files give are printed as they are.
fn name(zh: &str, lang: Lang) -> String {
    let en = [
        ("元旦", "New Year"),
        ("春节", "Spring Festival"),
        ("清明节", "Qingming"),
        ("劳动节", "Labour Day"),
        ("端午节", "Dragon Boat"),
        ("中秋节", "Mid-Autumn"),
        ("国庆节", "National Day"),
        ("抗日战争暨世界反法西斯战争胜利70周年纪念日", "Victory Day"),
    ];
    let in_english =
        |name: &str| en.iter().find(|(zh, _)| *zh == name).map_or(name.to_owned(), |(_, en)| (*en).to_owned());
    match (zh, lang) {
        ("", _) => "-".to_owned(),
        (zh, Lang::Zh) => zh.to_owned(),
        (zh, Lang::En) => zh.split('、').map(in_english).collect::<Vec<_>>().join(", "),
    }
}

fn basis_word(key: &str, lang: Lang) -> &'static str {
    match key {
        "notice" => lang.pick("通知", "notice"),
        "file" => lang.pick("文件", "file"),
        "config" => lang.pick("配置", "config"),
        "in_lieu" => lang.pick("补假", "in lieu"),
        _ => lang.pick("法定", "statute"),
    }
}

fn weekday(day: Weekday, lang: Lang) -> &'static str {
    let zh = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let en = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    lang.pick(zh, en)[day.num_days_from_monday() as usize]
}

/// Whether a fault of the config is that the calendar file is not there yet, which takes in what is imported.
pub(super) fn is_made_by_import(fault: &FaultKind) -> bool {
    match fault {
        FaultKind::Config { problem: ConfigProblem::File { error, is_calendar, .. }, .. } => {
            *is_calendar && error.is_missing()
        }
        _ => false,
    }
}

/// The file that takes years in where the config names none.
const CALENDAR_FILE: &str = "calendar.csv";

/// Takes a file's days into the project's calendar file.
fn take_in(path: &Path, only: Option<i32>, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    session.need_project()?;
    let lang = session.lang;
    let mut new = read(&session.world.folder.join(path), &slashed(&path).to_string(), session)?;
    if let Some(year) = only {
        new.days.retain(|date, _| year_of_notice(*date) == year);
    }
    if new.days.is_empty() {
        return Err(Stop::wrong(nothing_found(path, only, &new.skipped, lang)));
    }
    let setting = calendar_setting(session)?;
    let name = setting.file();
    let target = session.project.root.join(name);
    let mut days = if target.is_file() { read(&target, name, session)?.days } else { BTreeMap::new() };
    let years: BTreeSet<i32> = new.days.keys().map(|date| year_of_notice(*date)).collect();
    let missing_of = |year| missing_holidays(year, |date| new.days.get(&date).map(|day| day.worked));
    // A whole year replaces what was there of it; single days are added.
    for year in years.iter().filter(|year| missing_of(**year).is_empty()) {
        days.retain(|date, _| year_of_notice(*date) != *year);
    }
    days.extend(new.days.clone());
    let bytes = calendar::csv(&days)?;
    // The config first: a file that nothing names would be taken for one that counts.
    if let Target::Absent { text } = &setting {
        let path = session.project.root.join(FILE_NAME);
        atomic::write(&path, text.as_bytes()).map_err(|error| Stop::unwritten(&path, error))?;
        session.note(&lang.pick(
            format!("{FILE_NAME} 加了一行：calendar: {{file: {CALENDAR_FILE}}}"),
            format!("added to {FILE_NAME}: calendar: {{file: {CALENDAR_FILE}}}"),
        ))?;
    }
    atomic::write(&target, &bytes).map_err(|error| Stop::unwritten(&target, error))?;
    for year in years {
        session.note(&summary(year, &new.days, lang))?;
    }
    let differing = differing(&new.days);
    if differing > 0 {
        session.note(&lang.pick(
            format!("有 {differing} 天与内置的安排不同，以文件为准"),
            format!("the file overrides the built-in calendar on {}", counted(differing, "day")),
        ))?;
    }
    if !new.skipped.is_empty() {
        let named = new.skipped.iter().take(3).cloned().collect::<Vec<_>>().join(lang.pick("、", ", "));
        let n = new.skipped.len();
        session.note(&lang.pick(
            format!("略过 {n} 个事件，没有写明休或班：{named}"),
            format!("skipped {}, which say neither 休 nor 班: {named}", counted(n, "event")),
        ))?;
    }
    session.print(&format!("{}\n", slashed(&target)))?;
    Ok(ExitStatus::Done)
}

/// Reads a calendar file.
///
/// # Errors
/// It can't be read, or has faults; these are written here.
fn read(path: &Path, name: &str, session: &mut Session<'_>) -> Result<CalendarDays, Stop> {
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    let source = sources.add(Source::file(path.to_owned(), name.to_owned(), Form::Table));
    let days = calendar::read(source, &mut sources, &mut faults);
    let days = days.map_err(|error| Stop::unreadable(Path::new(name), error.cause))?;
    if faults.count(Severity::Error) > 0 {
        let report = emit::CheckReport::new(&faults, &sources, 1, 0, Some(20), session.lang);
        for shown in report.shown() {
            session.warn(&emit::one_line(&shown))?;
            if let Some(help) = &shown.words.help {
                session.warn(&format!("  = {help}"))?;
            }
        }
        return Err(Stop::Reported(ExitStatus::Wrong));
    }
    Ok(days)
}

fn nothing_found(path: &Path, only: Option<i32>, skipped: &[String], lang: Lang) -> String {
    let path = slashed(&path);
    let (zh, en) = only.map_or_else(Default::default, |year| (format!("{year} 年的"), format!(" of {year}")));
    let n = skipped.len();
    let (skipped_zh, skipped_en) = match n {
        0 => Default::default(),
        _ => (format!("；{n} 个事件没有写明休或班"), format!("; {} say neither 休 nor 班", counted(n, "event"))),
    };
    lang.pick(
        format!("{path} 里没有{zh}放假或上班的日子{skipped_zh}；没有录入"),
        format!("{path} lists no days off or worked{en}{skipped_en}; nothing was taken in"),
    )
}

/// What `calendar:` of the project's config says of a file.
enum Target {
    /// It names this one.
    File(String),
    /// The config has no `calendar:`; its text with one.
    Absent { text: String },
}

impl Target {
    fn file(&self) -> &str {
        match self {
            Self::File(name) => name,
            Self::Absent { .. } => CALENDAR_FILE,
        }
    }
}

/// # Errors
/// `calendar:` is there and names no file that can be written.
fn calendar_setting(session: &Session<'_>) -> Result<Target, Stop> {
    let lang = session.lang;
    let [calendar, file, base] = [&["calendar"][..], &["calendar", "file"], &["calendar", "base"]]
        .map(|path| keys::label(path, session.project.keys));
    let own = keys::words_in(["cn"], session.project.keys).concat();
    if let Some(named) = &session.project.calendar_file {
        let ending = Path::new(named).extension();
        if ending.is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
            return Ok(Target::File(named.clone()));
        }
        return Err(Stop::wrong(lang.pick(
            format!("{FILE_NAME} 的 {calendar}: 写的是 {named}；录入要写进 .csv：改成 {calendar}: {{{file}: {CALENDAR_FILE}}}"),
            format!("`{calendar}:` in {FILE_NAME} names {named}; years are taken into a .csv: write {calendar}: {{{file}: {CALENDAR_FILE}}}"),
        )));
    }
    let by_hand = || {
        Stop::wrong(lang.pick(
            format!("{FILE_NAME} 的 {calendar}: 没有写文件；先加上 {file}: {CALENDAR_FILE}，如 {calendar}: {{{base}: {own}, {file}: {CALENDAR_FILE}}}"),
            format!("`{calendar}:` in {FILE_NAME} names no file; add {file}: {CALENDAR_FILE}, as in {calendar}: {{{base}: {own}, {file}: {CALENDAR_FILE}}}"),
        ))
    };
    let old = std::fs::read_to_string(session.project.root.join(FILE_NAME)).map_err(|_| by_hand())?;
    let line_end = if old.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if old.is_empty() || old.ends_with('\n') { "" } else { line_end };
    let text = format!("{old}{gap}{calendar}: {{{file}: {CALENDAR_FILE}}}{line_end}");
    // A `calendar:` that is there already, a list, a mapping in braces: then the line can't simply be added.
    let mut faults = Faults::default();
    let source = Sources::default().add(Source::text(FILE_NAME, text.clone(), Form::Tree));
    let project = config::parse(source, &text, &mut faults);
    if !faults.is_empty() || project.calendar_file.as_deref() != Some(CALENDAR_FILE) {
        return Err(by_hand());
    }
    Ok(Target::Absent { text })
}

/// What was taken in of a year.
fn summary(year: i32, days: &BTreeMap<NaiveDate, FileDay>, lang: Lang) -> String {
    let of_year = || days.iter().filter(|(date, _)| year_of_notice(**date) == year);
    let work = of_year().filter(|(_, day)| day.worked).count();
    let off = of_year().count() - work;
    let missing = missing_holidays(year, |date| days.get(&date).map(|day| day.worked));
    if missing.is_empty() && statute(year).is_some() {
        return lang.pick(format!("{year} 年：休 {off} 天，班 {work} 天"), format!("{year}: {off} off, {work} worked"));
    }
    let list = missing.iter().map(|(date, name)| format!("{name} {date}")).collect::<Vec<_>>();
    let list = list.join(lang.pick("、", ", "));
    lang.pick(
        format!("{year} 年：休 {off} 天，班 {work} 天；文件里没有 {list}，不是全年的安排，其余日子照旧"),
        format!("{year}: {off} off, {work} worked; not the whole year, since {list} is not in the file: other days stay as they were"),
    )
}

/// On how many days a file says otherwise than the notices that duban knows.
fn differing(days: &BTreeMap<NaiveDate, FileDay>) -> usize {
    let built_in = Calendar::cn();
    let known = days.iter().filter(|(date, _)| built_in.covers(year_of_notice(**date)));
    known.filter(|(date, day)| built_in.is_workday(**date) != day.worked).count()
}
