//! `duban check`.

mod annotate;
mod photos;
mod repository;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crate::atomic;
use crate::check::{self, Coverage, EarlierSubmission, UnlistedValues};
use crate::cli::args::{CheckArgs, CheckFormat};
use crate::cli::logs::Logs;
use crate::cli::output::{self, Content};
use crate::cli::schema;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::fault::baseline::Baseline;
use crate::fault::code_table::UnknownCode;
use crate::fault::{Code, CodeTable, Faults, Severities, Severity, emit};
use crate::fix;
use crate::log;
use crate::place::{OneBased, Place, SourceId};
use crate::project::FILE_NAME;
use crate::source::excerpt::harmless_lines;
use crate::source::{Form, Source, Sources};
use crate::words::lang::{self, Lang};
use crate::write;

pub(super) fn run(args: CheckArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let CheckArgs {
        input,
        format,
        output,
        only,
        deny,
        allow,
        max,
        against,
        annotate,
        baseline,
        write_baseline,
        fix,
        dry_run,
        coverage,
        period,
    } = args;
    let period = period.as_deref().map(|text| session.period(text)).transpose()?.unwrap_or_default();
    schema::keep(&session.project)?;
    // An unknown code is told before any log is looked for.
    severities(session.project.severities.clone(), &only, &deny, &allow, session.lang)?;
    let mut logs = session.logs(&input)?;
    if fix {
        fix_logs(&mut logs, dry_run, session)?;
        if dry_run {
            return Ok(ExitStatus::Done);
        }
        // Check the corrected files.
        logs = session.logs(&input)?;
    }
    let (severities, deny_warnings) = severities(session.severities(&logs), &only, &deny, &allow, session.lang)?;
    let mut faults = Faults::new(Arc::new(severities));
    let earlier = against.map(|old| read_earlier(&old, &input.sheets, &mut logs, session)).transpose()?.map(Arc::new);
    let beside = || (UnlistedValues::default(), coverage.then(|| Coverage::new(period)));
    let (project, day) = (&session.project, logs.day);
    let folders = session.photo_folders();
    let (issues, (kept, visited), album) = check::run(
        (&mut logs.sources, &logs.ids),
        project,
        day,
        earlier.as_ref(),
        &mut faults,
        beside,
        Some(&folders),
    )?;
    if let Some(visited) = visited {
        add_unvisited(&visited, &mut logs.sources, &mut faults, session);
    }
    if let Some(path) = write_baseline {
        let known = Baseline::of(&faults, &logs.sources);
        atomic::write(&session.world.folder.join(&path), known.text()?.as_bytes())?;
        let count: usize = [Severity::Error, Severity::Warning, Severity::Info].map(|s| faults.count(s)).iter().sum();
        let (zh, en) = (format!("{count} 处问题已写入 {}", path.display()), lang::counted(count, "fault"));
        session.note(&session.lang.pick(zh, format!("{en} written to {}", path.display())))?;
        return Ok(ExitStatus::Done);
    }
    photos::tell(&album, &logs.sources, session)?;
    match baseline {
        Some(path) => session.apply_baseline(&path, &mut faults, &logs.sources)?,
        None => session.apply_config_baseline(&mut faults, &logs.sources)?,
    }
    if let Some(path) = annotate {
        let tables = annotate::tables(&mut logs, &faults, &session.project, session.lang)?;
        let heading = session.pick("需要改正的问题", "To be mended");
        let bytes =
            write::annotated(&tables, &heading, session.lang).map_err(|error| Stop::unfinished(error.to_string()))?;
        atomic::write(&session.world.folder.join(path), &bytes)?;
    }
    let files = logs.files();
    let is_of_repository =
        matches!(format, CheckFormat::Github | CheckFormat::Gitlab | CheckFormat::Sarif | CheckFormat::Junit);
    if is_of_repository {
        repository::name_from_root(&mut logs.sources, session.world);
    }
    let mut report = emit::CheckReport::new(&faults, &logs.sources, files, issues, max, session.lang);
    if matches!(format, CheckFormat::Json) {
        report.photos = photos::reported(&album, &logs.sources);
    }
    report.kept = kept.finish(&session.project.vocabularies);
    if faults.is_empty() && !report.kept.is_empty() {
        // Values that are in no list are worth a note even if there is no fault; declared lists have none.
        session.note(emit::kept_lines(&report.kept, session.lang).trim_end())?;
    }
    let is_seen = session.world.stdout_is_terminal && output.is_none() && matches!(format, CheckFormat::Text);
    if faults.is_empty() && (session.verbose || is_seen) {
        // Standard output stays empty without faults, which a person may take for a failure.
        session.note(&session.lang.pick(
            format!("{files} 个文件、{issues} 个问题，没有发现错误"),
            format!("{files} files, {issues} issues: nothing wrong"),
        ))?;
    }
    let colour = session.colour && output.is_none();
    let report = |out: &mut dyn Write| match format {
        CheckFormat::Text => emit::text(&report, colour, out),
        CheckFormat::Json => emit::json(&report, out),
        CheckFormat::Github => emit::github(&report, out),
        CheckFormat::Gitlab => emit::gitlab(&report, out),
        CheckFormat::Sarif => emit::sarif(&report, out),
        CheckFormat::Junit => emit::junit(&report, out),
        CheckFormat::Html => emit::html(&report, out),
    };
    output::put_stream(report, Content::Text, output.as_deref(), session.world, session.lang)?;
    let found = faults.count(Severity::Error) > 0 || deny_warnings && faults.count(Severity::Warning) > 0;
    Ok(if found { ExitStatus::Found } else { ExitStatus::Done })
}

/// Reads the earlier submission. Its files are added to those of the run, since faults point into them; faults of its
/// own were reported when it was submitted and are dropped.
fn read_earlier(
    old: &Path,
    sheets: &[String],
    logs: &mut Logs,
    session: &mut Session<'_>,
) -> Result<EarlierSubmission, Stop> {
    let files = session.earlier_sources(old, sheets, logs)?;
    let ids: Vec<SourceId> = files.into_iter().map(|file| logs.sources.add(file)).collect();
    let day = logs.day;
    let mut dropped = Faults::default();
    Ok(log::fold(&mut logs.sources, &ids, &session.project, &mut dropped, || EarlierSubmission::new(day))?)
}

/// The severity of each code after the project's rules and the options, and whether warnings count as errors.
fn severities(
    mut severities: Severities,
    only: &[String],
    deny: &[String],
    allow: &[String],
    lang: Lang,
) -> Result<(Severities, bool), Stop> {
    let mut deny_warnings = false;
    for text in deny {
        if text == "warnings" {
            deny_warnings = true;
        } else {
            for code in codes(text, severities.codes(), lang)? {
                severities.set(code, Some(Severity::Error));
            }
        }
    }
    for text in allow {
        for code in codes(text, severities.codes(), lang)? {
            severities.set(code, None);
        }
    }
    if !only.is_empty() {
        let named: Vec<Vec<Code>> =
            only.iter().map(|text| codes(text, severities.codes(), lang)).collect::<Result<_, _>>()?;
        severities.keep_only(&named.concat());
    }
    Ok((severities, deny_warnings))
}

/// Corrects the logs, or prints the corrections as a diff.
fn fix_logs(logs: &mut Logs, dry_run: bool, session: &mut Session<'_>) -> Result<(), Stop> {
    let (mut files, mut cells) = (0, 0);
    for id in &logs.ids {
        let Some(fixed) = fix::fix(&mut logs.sources, *id, &session.project)? else { continue };
        let source = logs.sources.get(*id);
        let Some(path) = source.path() else { continue };
        (files, cells) = (files + 1, cells + fixed.changes.len());
        if dry_run {
            let diff = fix::diff(&source.name, &fixed);
            session.print(&harmless_lines(&diff))?;
        } else {
            atomic::write(path, &fixed.bytes)?;
        }
    }
    let counted = |n, what| lang::counted(n, what);
    let (zh, en) = if dry_run { ("可改正", "could be mended") } else { ("已改正", "mended") };
    session.note(&session.lang.pick(
        format!("{zh} {files} 个文件的 {cells} 个单元格"),
        format!("{} of {} {en}", counted(cells, "cell"), counted(files, "file")),
    ))
}

/// Adds a fault for each planned site that was not visited, at its line of the plan.
fn add_unvisited(visited: &Coverage, sources: &mut Sources, faults: &mut Faults, session: &Session<'_>) {
    let project = &session.project;
    let mut plans: BTreeMap<String, SourceId> = BTreeMap::new();
    for site in project.sites.iter().filter(|site| !visited.has(&site.named.name)) {
        let Some(declared) = &site.named.declared else { continue };
        let source = *plans.entry(declared.file.clone()).or_insert_with(|| {
            let form = if declared.file == FILE_NAME { Form::Tree } else { Form::Table };
            let path = session.world.folder.join(&project.root).join(&declared.file);
            let mut plan = Source::file(path, declared.file.clone(), form);
            // Only its lines are shown; the reader of the config has reported its faults.
            let _ = plan.decide_encoding();
            plan.delimiter = project.sites_delimiter;
            sources.add(plan)
        });
        let place = Place::line(source, OneBased::from_one(declared.line));
        faults.add(place, check::UnvisitedSite { site: site.named.name.clone() });
    }
}

/// Parses a code, or the beginning of several.
fn codes(text: &str, known: &CodeTable, lang: Lang) -> Result<Vec<Code>, Stop> {
    known.find_all(text).map_err(|error| unknown_code(text, &error, lang))
}

/// Parses a code, by number or name.
pub(super) fn code(text: &str, known: &CodeTable, lang: Lang) -> Result<Code, Stop> {
    known.find(text).map_err(|error| unknown_code(text, &error, lang))
}

fn unknown_code(text: &str, error: &UnknownCode, lang: Lang) -> Stop {
    let near = error
        .near
        .as_ref()
        .map_or_else(String::new, |near| lang.pick(format!("，是否指 {near}？"), format!("; did you mean {near}?")));
    Stop::wrong(lang.pick(
        format!("没有 {text} 这个代码{near}（duban explain 列出全部）"),
        format!("there is no code {text}{near} (`duban explain` lists them)"),
    ))
}
