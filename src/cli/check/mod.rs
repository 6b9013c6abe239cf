//! `duban check`.

mod annotate;
mod changed;
mod marked;
mod photos;
mod receipt;
mod rows;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::album::Album;
use crate::atomic;
use crate::baseline::StoredBaseline;
use crate::check::{self, CheckOptions, Coverage, EarlierSubmission, FileIssues, UnlistedValues};
use crate::cli::args::{CheckArgs, CheckFormat, InputArgs};
use crate::cli::kept_files;
use crate::cli::logs::Logs;
use crate::cli::output::{self, Content};
use crate::cli::repository;
use crate::cli::schema;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::fault::code_table::UnknownCode;
use crate::fault::{Code, CodeTable, Faults, Severities, Severity, emit};
use crate::fix;
use crate::log;
use crate::model::period::Period;
use crate::place::{OneBased, Place, SourceId};
use crate::platform::paths::slashed;
use crate::project::FILE_NAME;
use crate::project::allowance::Allowance;
use crate::source::excerpt::harmless_lines;
use crate::source::{Form, Source, Sources};
use crate::words::lang::{self, Lang};
use crate::write;

pub(super) fn run(args: CheckArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    refuse_unfit(&args, session)?;
    let CheckArgs {
        mut input,
        format,
        output,
        only,
        deny,
        allow,
        max,
        rows,
        against,
        annotate,
        baseline,
        changed_since,
        write_baseline,
        fix,
        dry_run,
        coverage,
        period,
        write_receipt,
        receipt: receipt_file,
    } = args;
    let period = period.as_deref().map(|text| session.period(text)).transpose()?.unwrap_or_default();
    if !session.world.is_on_page {
        schema::keep(&session.project)?;
    }
    // An unknown code is told before any log is looked for.
    severities(session.project.severities.clone(), &only, &deny, &allow, session.lang)?;
    let given = receipt::given(receipt_file, &mut input, session)?;
    let mut logs = session.logs(&input)?;
    let outputs = output.iter().chain(&annotate).chain(&write_baseline).chain(&write_receipt);
    kept_files::refuse_twice(outputs.map(PathBuf::as_path), session)?;
    tell_allowed_elsewhere(&input, session)?;
    if fix {
        fix_logs(&mut logs, dry_run, session)?;
        if dry_run {
            return Ok(ExitStatus::Done);
        }
        // Check the corrected files.
        logs = session.logs(&input)?;
    }
    let (severities, deny_warnings) = severities(session.severities(&logs), &only, &deny, &allow, session.lang)?;
    let earlier = against.map(|old| read_earlier(&old, &input.sheets, &mut logs, session)).transpose()?.map(Arc::new);
    let (day, is_whole) = (logs.day, logs.are_all);
    let rules = Rules { severities: Arc::new(severities), day, visited_in: coverage.then_some(period), is_whole };
    let Checked { mut faults, issues, kept, album, of_files } =
        checked((&mut logs.sources, &logs.ids), &rules, earlier.as_ref(), session)?;
    if let Some(path) = write_baseline {
        write_known(&path, &faults, &mut logs.sources, session)?;
        return Ok(ExitStatus::Done);
    }
    photos::tell(&album, &logs.sources, session)?;
    tell_allowed(&faults, session)?;
    let baseline = baseline.or_else(|| session.config_baseline());
    if let Some(path) = &baseline {
        session.apply_baseline(path, &mut faults, &mut logs.sources)?;
    }
    if let Some(reference) = changed_since {
        let mut old = changed::at(&reference, &logs, &input.sheets, session)?;
        let known = known_at(&mut old, &rules, baseline.as_deref(), session)?;
        let (taken, _) = session.take_known(&known, &mut faults, &mut logs.sources)?;
        tell_known_at(&reference, taken, session)?;
    }
    if let Some(path) = annotate {
        write_annotated(&path, &faults, &mut logs, session)?;
    }
    let tables = rows.then(|| rows::reported(&faults, &mut logs, session)).transpose()?;
    let files = logs.files();
    if format.is_of_repository() {
        repository::name_from_root(&mut logs.sources, session.world);
    }
    let held = receipt::settled((&logs, &of_files, &faults), &write_receipt, given.as_ref(), session)?;
    let does_not_hold = held.as_ref().is_some_and(|held| !held.holds);
    let mut report = emit::CheckReport::new(&faults, &logs.sources, files, issues, max, session.lang);
    if matches!(format, CheckFormat::Json) {
        report.photos = photos::reported(&album, &logs.sources);
    }
    report.tables = tables;
    report.receipt = held;
    report.kept = kept.finish(&session.project.vocabularies);
    if faults.is_empty() && !report.kept.is_empty() {
        // Values that are in no list are worth a note even if there is no fault; declared lists have none.
        session.note(emit::kept_lines(&report.kept, session.lang).trim_end())?;
    }
    let is_seen = session.world.stdout_is_terminal && output.is_none() && matches!(format, CheckFormat::Text);
    if faults.is_empty() && (session.verbose || is_seen) {
        // Standard output stays empty without faults, which a person may take for a failure.
        session.note(&emit::nothing_wrong(&report))?;
    }
    let colour = session.colour && output.is_none();
    let report = |out: &mut dyn Write| match format {
        CheckFormat::Text => emit::text(&report, colour, out),
        CheckFormat::Json => emit::json(&report, out),
        CheckFormat::Github => emit::github(&report, out),
        CheckFormat::Gitlab => emit::gitlab(&report, out),
        CheckFormat::Sarif => emit::sarif(&report, out),
        CheckFormat::Junit => emit::junit(&report, out),
        CheckFormat::Rdjson => emit::rdjson(&report, out),
        CheckFormat::Html => emit::html(&report, out),
        CheckFormat::Md => emit::markdown(&report, out),
    };
    output::put_stream(report, Content::Text, output.as_deref(), (session.world, &session.project), session.lang)?;
    let found = faults.count(Severity::Error) > 0 || deny_warnings && faults.count(Severity::Warning) > 0;
    Ok(if found || does_not_hold { ExitStatus::Found } else { ExitStatus::Done })
}

/// Refuses options that would have no effect.
fn refuse_unfit(args: &CheckArgs, session: &Session<'_>) -> Result<(), Stop> {
    if args.rows && !matches!(args.format, CheckFormat::Json) {
        return Err(Stop::wrong(session.pick("--rows 只用于 --format json", "--rows is for --format json")));
    }
    let is_workbook = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    if args.annotate.as_ref().is_some_and(|path| !is_workbook(path)) {
        return Err(Stop::wrong(session.pick(
            "--annotate 写的是工作簿，文件名要以 .xlsx 结尾",
            "--annotate writes a workbook: let its name end in .xlsx",
        )));
    }
    if args.fix && args.input.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Stop::wrong(session.pick(
            "--fix 改的是文件，标准输入（-）没有文件可改；写出台账的文件名",
            "--fix changes files, and standard input (-) is none; name the file of the log",
        )));
    }
    Ok(())
}

/// How logs are checked.
struct Rules {
    severities: Arc<Severities>,
    day: NaiveDate,
    /// The period in which each planned site has to be visited, if that is checked.
    visited_in: Option<Period>,
    /// Whether the logs are all that the config names.
    is_whole: bool,
}

/// What a check found.
struct Checked {
    faults: Faults,
    issues: u64,
    kept: UnlistedValues,
    album: Album,
    /// The issues of each log.
    of_files: FileIssues,
}

/// Checks logs by all rules.
fn checked(
    (sources, ids): (&mut Sources, &[SourceId]),
    rules: &Rules,
    earlier: Option<&Arc<EarlierSubmission>>,
    session: &Session<'_>,
) -> Result<Checked, Stop> {
    let mut faults = Faults::new(Arc::clone(&rules.severities));
    let beside = || (UnlistedValues::default(), (FileIssues::default(), rules.visited_in.map(Coverage::new)));
    let folders = session.photo_folders();
    let options = CheckOptions { as_of: rules.day, earlier, photos: Some(&folders), is_whole: rules.is_whole };
    let (issues, (kept, (of_files, visited)), album) =
        check::run((&mut *sources, ids), &session.project, &options, &mut faults, beside)?;
    if let Some(visited) = visited {
        add_unvisited(&visited, sources, &mut faults, session);
    }
    Ok(Checked { faults, issues, kept, album, of_files })
}

/// The faults that there were at a commit, but for those of the baseline, which takes away its own.
fn known_at(
    old: &mut changed::OldLogs,
    rules: &Rules,
    baseline: Option<&Path>,
    session: &mut Session<'_>,
) -> Result<StoredBaseline, Stop> {
    let ids: Vec<SourceId> = old.sources.ids().collect();
    let Checked { mut faults, .. } = checked((&mut old.sources, &ids), rules, None, session)?;
    if let Some(path) = baseline {
        let known = session.read_baseline(path)?;
        session.take_known(&known, &mut faults, &mut old.sources)?;
    }
    Ok(StoredBaseline::Second(session.baseline_of(&faults, &mut old.sources)?))
}

/// Says how many faults were there at a commit.
fn tell_known_at(reference: &str, taken: usize, session: &mut Session<'_>) -> Result<(), Stop> {
    session.note(&session.lang.pick(
        format!("{reference} 时就有的 {taken} 处问题未列出"),
        format!("there at {reference} and not shown: {}", lang::counted(taken, "fault")),
    ))
}

/// Writes the logs as a workbook with their faults marked.
fn write_annotated(path: &Path, faults: &Faults, logs: &mut Logs, session: &Session<'_>) -> Result<(), Stop> {
    let tables = marked::tables(logs, faults, &session.project, session.lang)?;
    let sheets = annotate::sheets(tables, &logs.sources, session.lang);
    let heading = session.pick("需要改正的问题", "To be mended");
    let bytes =
        write::annotated(&sheets, &heading, session.lang).map_err(|error| Stop::unfinished(error.to_string()))?;
    output::write_file(path, &bytes, session)
}

/// Says on a page that what was handed in is no file that an allowance of the config can name.
fn tell_allowed_elsewhere(input: &InputArgs, session: &mut Session<'_>) -> Result<(), Stop> {
    let is_handed_in = session.world.is_on_page && !input.paths.is_empty();
    if !is_handed_in || !session.project.allowances.iter().any(Allowance::is_for_files) {
        return Ok(());
    }
    session.warn(&session.pick(
        "duban.yaml 里按文件（file:）写的豁免只对项目里的台账有效，这里没有算进去",
        "allowances of duban.yaml that name a file hold for logs of the project; here they let nothing pass",
    ))
}

/// Says with `-v` how many faults are let pass by allowances.
fn tell_allowed(faults: &Faults, session: &mut Session<'_>) -> Result<(), Stop> {
    let allowed = faults.allowed();
    let codes: Vec<String> = allowed.iter().map(|(code, count)| format!("{code} {count}")).collect();
    if codes.is_empty() || !session.verbose {
        return Ok(());
    }
    let (count, codes) = (allowed.iter().map(|(_, count)| count).sum(), codes.join(session.lang.pick("、", ", ")));
    session.note(&session.lang.pick(
        format!("放行 {count} 处：{codes}"),
        format!("let pass by allowances: {} ({codes})", lang::counted(count, "fault")),
    ))
}

/// Writes the faults of a run as a baseline.
fn write_known(path: &Path, faults: &Faults, sources: &mut Sources, session: &mut Session<'_>) -> Result<(), Stop> {
    let known = session.baseline_of(faults, sources)?;
    let text = known.text()?;
    // The baseline of the config is written anew in its place.
    let of_config = session.config_baseline().map(|path| session.world.folder.join(path));
    if of_config.is_some_and(|known| kept_files::meant(&known) == kept_files::meant(&session.world.folder.join(path))) {
        let written = atomic::write(&session.world.folder.join(path), text.as_bytes());
        written.map_err(|error| Stop::unwritten(path, error))?;
    } else {
        output::write_file(path, text.as_bytes(), session)?;
    }
    let count = known.count();
    let (zh, en) = (format!("{count} 处问题已写入 {}", slashed(&path)), lang::counted(count, "fault"));
    session.note(&session.lang.pick(zh, format!("{en} written to {}", slashed(&path))))?;
    let left = faults.only_counted();
    if left == 0 {
        return Ok(());
    }
    session.warn(&session.lang.pick(
        format!("另有 {left} 处超出每次保留的数目，没有写入；先改掉一些，再写一次"),
        format!("{left} more are beyond what a run keeps, and not in it; mend some and write it again"),
    ))
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
            atomic::write(path, &fixed.bytes).map_err(|error| Stop::unwritten(path, error))?;
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
