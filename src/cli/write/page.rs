//! `duban page`: the page for the leader.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::atomic;
use crate::cli::args::{PageArgs, WriteArgs};
use crate::cli::kept_files::refuse_kept;
use crate::cli::output::{self, Content};
use crate::cli::session::Session;
use crate::cli::write::batch::{self, PageRows};
use crate::cli::write::edition::Editor;
use crate::cli::write::file::OutputFile;
use crate::cli::write::{tell_withheld, unreadable};
use crate::cli::{ExitStatus, Stop};
use crate::dataset::{Data, Edition, figures_json};
use crate::fault::FaultCount;
use crate::html::{self, HtmlFile};
use crate::kind;
use crate::ladder::Letters;
use crate::model::period::Period;
use crate::page::{self, PageInput};
use crate::platform::paths::slashed;
use crate::query::QueryContext;
use crate::register::{RegisterEntry, RegisterStatus};
use crate::source::Sources;
use crate::spool::Spooled;
use crate::words::lang::{Lang, counted};

/// The series whose documents are marked on the trend, and that a page is compared with.
const BULLETIN: &str = "bulletin";
/// The page's own name, as that of a kind, and the Chinese one.
pub(in crate::cli) const KIND: (&str, &str) = ("page", "总览");

/// A page with its figures.
pub(in crate::cli) struct MadePage {
    pub(in crate::cli) html: Spooled,
    figures: Vec<u8>,
}

pub(in crate::cli) fn run(args: &PageArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let made = make(args, session)?;
    let Some(path) = &args.output else {
        let page = |out: &mut dyn io::Write| made.html.write_to(out);
        output::put_stream(page, Content::Text, None, (session.world, &session.project), session.lang)?;
        return Ok(ExitStatus::Done);
    };
    let figures = path.with_extension("figures.json");
    for path in [path, &figures] {
        refuse_kept(path, &session.project, session.world, session.lang)?;
    }
    let batch = atomic::Batch::default();
    batch.add(session.world.folder.join(path), made.html);
    batch.add(session.world.folder.join(figures), made.figures);
    batch.finish().map_err(|(path, error)| Stop::unwritten(&path, error))?;
    session.print(&format!("{}\n", slashed(&path)))?;
    Ok(ExitStatus::Done)
}

/// Makes the page in memory.
pub(in crate::cli) fn make(args: &PageArgs, session: &mut Session<'_>) -> Result<MadePage, Stop> {
    let [edition] = args.edition.editions() else {
        return Err(Stop::wrong(session.pick("page 一次只出一版", "a page is of one edition")));
    };
    if *edition == Edition::Public && session.project.privacy.small_counts.is_some() {
        return Err(Stop::wrong(session.pick(
            "公开版藏起小数（privacy: small_counts）时不出这一页：它的分布表会泄露藏起的数；用 duban draft summary --edition public",
            "there is no public page where small counts are hidden (`privacy: small_counts`): its tables would tell them; \
             use `duban draft summary --edition public`",
        )));
    }
    let write = write_args(args, session)?;
    let PageRows { data, faults, register, logs, photos } = batch::page_rows(&write, session)?;
    session.warn_of_calendar()?;
    tell_withheld(photos.len(), args.edition, session)?;
    let mut editor = Editor::default();
    let mut data = editor.edit(*edition, std::slice::from_ref(&data), session).into_owned();
    let Some(mut data) = data.pop() else { return Err(Stop::unfinished("page")) };
    data.faults.clone_from(&faults);
    let lang = session.lang;
    let project = Arc::new(data.project());
    let context = QueryContext::new(Arc::new(data), project, lang);
    let letters = Letters::new(&register);
    let (ladder, titles) = (session.project.ladder(), titles(session));
    let calendar = &session.project.calendar;
    let next = |handle: &str, deadline: NaiveDate| {
        let next = ladder.next(letters.standing(&ladder, handle), deadline, calendar)?;
        let title = titles.iter().find(|(kind, _)| *kind == next.rung.kind).map_or(&next.rung.kind, |(_, title)| title);
        let from = next.from;
        Some(if from <= context.as_of.day {
            title.clone()
        } else {
            lang.pick(format!("{title}（{from}）"), format!("{title} ({from})"))
        })
    };
    let input = PageInput {
        context: &context,
        title: title(&context.data, lang),
        facts: facts(&context.data, logs, &faults, lang),
        bulletins: bulletins(&register),
        next: &next,
    };
    let (board, figures) = page::board(&input).map_err(|error| Stop::unfinished(error.to_string()))?;
    let HtmlFile { html, unreadable: unread } = html::board::write(&board, &session.project.look, &photos)?;
    unreadable::warn(&unread, session)?;
    let name =
        args.output.as_deref().and_then(Path::file_name).map_or_else(|| KIND.0.into(), |name| name.to_string_lossy());
    let file = OutputFile {
        name: name.clone().into_owned(),
        format: None,
        bytes: html,
        edition: *edition,
        day: context.as_of.day,
    };
    editor.tell_doubts(session)?;
    editor.search([&file], lang)?;
    let figures = figures_json(&figures, std::iter::empty(), (&[], None), &name, &context.data)?;
    Ok(MadePage { html: file.bytes, figures })
}

/// The rows of a page are read as those of a bulletin are. Without `--compare` they are compared with those of the last
/// bulletin, if there is one.
fn write_args(args: &PageArgs, session: &mut Session<'_>) -> Result<WriteArgs, Stop> {
    let mut compare = args.compare.clone();
    if compare.is_none() {
        let day = session.as_of(args.input.as_of.as_deref())?;
        let is_before = |entry: &RegisterEntry| {
            entry.series == BULLETIN && entry.status != RegisterStatus::Void && entry.date < day
        };
        if session.register_records()?.iter().any(is_before) {
            compare = Some(PathBuf::from("previous"));
        }
    }
    Ok(WriteArgs::of_page(args, BULLETIN, compare))
}

fn titles(session: &Session<'_>) -> Vec<(String, String)> {
    let ladder = session.project.ladder();
    let titles = ladder.rungs().iter().map(|rung| {
        let mut sources = Sources::default();
        let kind = kind::load(&session.project, &rung.kind, &mut sources, &mut crate::fault::Faults::default()).ok();
        let title = kind.map_or_else(|| rung.kind.clone(), |kind| kind.config.title.of(session.lang).to_owned());
        (rung.kind.clone(), title)
    });
    titles.collect()
}

fn bulletins(register: &[RegisterEntry]) -> Vec<(NaiveDate, String)> {
    let stands = |entry: &&RegisterEntry| entry.series == BULLETIN && entry.status != RegisterStatus::Void;
    register.iter().filter(stands).map(|entry| (entry.date, entry.number.clone())).collect()
}

fn title(data: &Data, lang: Lang) -> String {
    let title = lang.pick("督查情况一览", "Supervision at a glance");
    match data.office.name.as_str() {
        "" => title.to_owned(),
        office => lang.pick(format!("{office}{title}"), format!("{office}: {title}")),
    }
}

/// What the page is of.
fn facts(data: &Data, logs: usize, faults: &[FaultCount], lang: Lang) -> Vec<(String, String)> {
    let Period { from, to } = data.period;
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let period = match (from, to) {
        (None, None) => lang.pick("全部", "all").to_owned(),
        _ => lang.pick(format!("{}—{}", day(from), day(to)), format!("{} – {}", day(from), day(to))),
    };
    let issues = data.records.each_issue().count();
    let inspections = data.records.counted().inspections.len();
    let read = lang.pick(
        format!("{logs}份台账，{issues}个问题、{inspections}次督查"),
        format!("{}, {}, {}", counted(logs, "log"), counted(issues, "issue"), counted(inspections, "inspection")),
    );
    let faults: Vec<String> = faults.iter().map(|fault| format!("{} × {}", fault.code, fault.count)).collect();
    let faults =
        if faults.is_empty() { lang.pick("没有", "none").to_owned() } else { faults.join(lang.pick("、", ", ")) };
    let mut facts = vec![
        (lang.pick("统计日", "As of"), data.as_of.to_string()),
        (lang.pick("发现日期", "Found"), period),
        (lang.pick("读入", "Read"), read),
        (lang.pick("台账里的错误和警告", "Faults of the logs"), faults),
    ];
    if let Some(against) = data.against.as_ref().filter(|_| data.is_compared()) {
        let text = lang
            .pick(format!("{}（{}）", against.name, against.as_of), format!("{} ({})", against.name, against.as_of));
        facts.push((lang.pick("比较", "Compared with"), text));
    }
    facts.into_iter().map(|(label, text)| (label.to_owned(), text)).collect()
}
