//! `duban draft` and `duban dispatch`: the same way, but that dispatch takes numbers.
//!
//! - `asked`: what the writer must give
//! - `batch`: which documents, and what each is made from
//! - `names`: what their files are called

mod asked;
mod batch;
mod names;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::Datelike as _;

use crate::atomic;
use crate::cli::args::WriteArgs;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::cli::{Status, Stop, register as cli_register};
use crate::document::Document;
use crate::kind::{self, Data, Failure, Kind, Rendered, Unequal};
use crate::register::{Facts, Key, Record, Register, Request};
use crate::words::lang::Lang;
use crate::write::{self, Format, Unsound};
use batch::Batch;
use names::Taken;

/// Whether a number is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The number is shown and stays free.
    Draft,
    /// The number is taken and entered in the register.
    Dispatch,
}

/// A document ready to be written: all its files, by name, in memory.
struct Ready {
    facts: Facts,
    document: Document,
    files: Vec<(String, Vec<u8>)>,
}

pub(super) fn run(args: &WriteArgs, mode: Mode, session: &mut Session<'_>) -> Result<Status, Stop> {
    if mode == Mode::Dispatch {
        session.need_project()?;
    }
    // From here to the end of a dispatch nobody else takes a number, and nobody's number is missed.
    let mut register = if mode == Mode::Dispatch { Some(cli_register::open(session)?) } else { None };
    let known = match &register {
        Some(register) => register.records().to_vec(),
        None => session.register_records()?,
    };
    let batches = batch::batches(args, mode, &known, session)?;
    let keys = args.set.iter().filter_map(|pair| pair.split_once('=')).map(|(key, _)| key.trim());
    asked::check_keys(keys, &batches, session)?;
    if args.data {
        return print_data(&batches, session);
    }
    if batches.iter().all(|batch| batch.all.is_empty()) {
        session.note(&session.say("没有需要发给任何单位的文书", "no unit calls for a letter"))?;
        return Ok(Status::Done);
    }
    asked::check_missing(&batches, mode, session)?;
    let mut ready = Vec::new();
    let mut taken = Taken::new(known);
    let mut progress = Progress::new(batches.iter().map(|batch| batch.all.len()).sum());
    for mut batch in batches {
        let formats = formats(args, &batch.kind, session)?;
        for data in std::mem::take(&mut batch.all) {
            ready.push(document(data, args, mode, &batch, &formats, &mut taken, session)?);
            progress.step(session)?;
        }
    }
    let folder = folder(args.output.as_deref(), mode, session);
    let together = if args.together { together(args, mode, &ready, &mut taken, session)? } else { Vec::new() };
    match &mut register {
        Some(register) => dispatch(ready, &folder, register, session)?,
        None => put(ready.into_iter().flat_map(|ready| ready.files), &folder, session)?,
    }
    put(together.into_iter(), &folder, session)?;
    Ok(Status::Done)
}

/// Writes files that are not entered in the register.
fn put(files: impl Iterator<Item = (String, Vec<u8>)>, folder: &Path, session: &mut Session<'_>) -> Result<(), Stop> {
    for (name, bytes) in files {
        let path = folder.join(&name);
        let written = atomic::write(&session.world.folder.join(&path), &bytes);
        written.map_err(|error| Stop::unfinished(format!("{}: {error}", path.display())))?;
        session.print(&format!("{}\n", tidy(&path).display()))?;
    }
    Ok(())
}

/// All documents of a run in one file, in each format that has pages.
fn together(
    args: &WriteArgs,
    mode: Mode,
    ready: &[Ready],
    taken: &mut Taken,
    session: &Session<'_>,
) -> Result<Vec<(String, Vec<u8>)>, Stop> {
    let documents: Vec<&Document> = ready.iter().map(|ready| &ready.document).collect();
    let day = ready.first().map_or_else(String::new, |ready| ready.facts.date.to_string());
    let draft = if mode == Mode::Draft { "draft-" } else { "" };
    let stem = taken.stem(&format!("{}-{draft}{day}-together", args.kind));
    let mut files = Vec::new();
    let is_asked = |format: &Format| {
        let ending = format!(".{format}");
        ready.iter().any(|ready| ready.files.iter().any(|(file, _)| file.ends_with(&ending)))
    };
    for format in Format::ALL.into_iter().filter(is_asked) {
        let written = write::together(format, &documents, &session.project.look);
        if let Some(bytes) = written.map_err(|error| Stop::unfinished(error.to_string()))? {
            files.push((format!("{stem}.{format}"), bytes));
        }
    }
    Ok(files)
}

fn formats(args: &WriteArgs, kind: &Kind, session: &Session<'_>) -> Result<Vec<Format>, Stop> {
    let wanted: Vec<&str> = if args.formats.is_empty() {
        kind.config.formats.iter().map(String::as_str).collect()
    } else {
        args.formats.iter().map(|format| format.trim()).collect()
    };
    let mut formats = Vec::new();
    for name in wanted {
        let format = name.parse::<Format>().map_err(|_| {
            let known = Format::ALL.map(Format::extension).join(" ");
            Stop::wrong(session.lang.pick(
                format!("不能写成 {name}；可用：{known}"),
                format!("{name} is no format here; available: {known}"),
            ))
        })?;
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok(formats)
}

fn print_data(batches: &[Batch], session: &mut Session<'_>) -> Result<Status, Stop> {
    let text = match batches {
        [Batch { kind, all, is_called: false, .. }] => match all.as_slice() {
            [one] if !kind.config.per_unit => serde_json::to_string_pretty(one)?,
            several => serde_json::to_string_pretty(several)?,
        },
        batches => serde_json::to_string_pretty(&batches.iter().flat_map(|batch| &batch.all).collect::<Vec<_>>())?,
    };
    session.print(&format!("{text}\n"))?;
    Ok(Status::Done)
}

/// Gives a document its number, renders it, and makes the bytes of all its files.
fn document(
    data: Data,
    args: &WriteArgs,
    mode: Mode,
    batch: &Batch,
    formats: &[Format],
    taken: &mut Taken,
    session: &mut Session<'_>,
) -> Result<Ready, Stop> {
    let (project, lang, kind) = (&session.project, session.lang, &batch.kind);
    let name = kind.series().to_owned();
    let series = project.series(&name, data.lang)?;
    let year = data.as_of.year();
    let n = series.next(&taken.records, year);
    let number = series.format(n, year, &project.office.code);
    let draft = mode == Mode::Draft;
    let data = Data { draft, ..data.numbered(number.clone(), n, year) };
    let rendered = match kind::render(kind, &data, lang) {
        Ok(rendered) => rendered,
        Err(Failure::Template(faults)) => return Err(session.tell(&faults, &batch.sources, Status::Wrong)?),
        Err(Failure::Identities(unequal)) => return Err(tell_unequal(&unequal, session)?),
        Err(Failure::NoTemplate(missing)) => {
            return Err(Stop::wrong(lang.pick(
                format!("文种 {} 没有 {missing}.md 模板", kind.name),
                format!("the kind {} has no template {missing}.md", kind.name),
            )));
        }
    };
    let title = &rendered.document.head.title;
    let pattern = args.file_name.as_deref().or(kind.config.file_name.as_deref());
    let stem = names::stem(pattern, mode, &data, n, title);
    let stem = taken.stem(&stem.map_err(|part| Stop::wrong(names::unknown_part(&part, lang)))?);
    let issues = listed(&rendered);
    let follows = kind.config.per_unit || batch.is_called;
    let after = if follows { kind::followed(&kind.name, &issues, project, &taken.records) } else { Vec::new() };
    let facts = Facts {
        key: Key { series: series.name, year, n },
        reset: series.reset,
        kind: kind.name.clone(),
        number,
        date: data.as_of,
        title: title.clone(),
        units: units_of(&issues, &data),
        issues,
        unit: data.unit.as_ref().map(|unit| unit.name.clone()),
        after,
        limit: data.reply_by,
        files: Vec::new(),
    };
    let files = files(&stem, &data, &rendered, formats, session)?;
    taken.records.push(Record::reserved(&facts));
    Ok(Ready { facts, document: rendered.document, files })
}

/// Both sides, and the rows that make the difference.
fn tell_unequal(unequal: &[Unequal], session: &mut Session<'_>) -> Result<Stop, Stop> {
    for identity in unequal {
        session.warn(&format!("duban: {}", identity.text))?;
        let sides = [(&identity.more_left, "左", "left"), (&identity.more_right, "右", "right")];
        for (rows, zh, en) in sides {
            for row in rows {
                let side = session.lang.pick(zh, en);
                let line = row.line.map_or_else(String::new, |line| format!(":{line}"));
                session.warn(&format!("  {side}  {}{line}  {}", row.file, row.id))?;
            }
        }
    }
    Ok(Stop::unfinished(session.say("数字对不上，文书没有写出", "the figures do not agree; no document was written")))
}

/// The issues that a document names: those it lists.
fn listed(rendered: &Rendered) -> Vec<String> {
    let lists = rendered.figures.iter().filter(|figure| figure.function == "issues");
    let mut ids: Vec<String> = lists.flat_map(|figure| figure.rows.iter().map(|row| row.id.clone())).collect();
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    ids
}

/// The units of issues, in the order of the issues; a letter speaks of the unit it goes to.
fn units_of(issues: &[String], data: &Data) -> Vec<String> {
    if let Some(unit) = &data.unit {
        return vec![unit.name.clone()];
    }
    let named: BTreeSet<&str> = issues.iter().map(String::as_str).collect();
    let mut units: Vec<String> = Vec::new();
    for record in &data.records.issues {
        let text = |key: &str| record.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let unit = text("unit");
        if !unit.is_empty() && named.contains(text("id")) && !units.iter().any(|known| known == unit) {
            units.push(unit.to_owned());
        }
    }
    units
}

fn files(
    stem: &str,
    data: &Data,
    rendered: &Rendered,
    formats: &[Format],
    session: &mut Session<'_>,
) -> Result<Vec<(String, Vec<u8>)>, Stop> {
    let mut files = Vec::new();
    for format in formats {
        let written = write::write_with(*format, &rendered.document, &session.project.look);
        let written = written.map_err(|error| Stop::unfinished(error.to_string()))?;
        if *format == Format::Docx {
            let sound = write::check_docx(&written.bytes, &|text| data.holds(text));
            sound.map_err(|unsound| Stop::unfinished(unsound_text(&unsound, stem, session.lang)))?;
        }
        for lost in &written.lost {
            session.note(&format!("{stem}.{}: {lost}", format.extension()))?;
        }
        files.push((format!("{stem}.{}", format.extension()), written.bytes));
    }
    let document = files.first().map_or(stem, |(name, _)| name.as_str()).to_owned();
    let mut figures = serde_json::to_string_pretty(&kind::figures_json(&rendered.figures, &document, data))?;
    figures.push('\n');
    files.push((format!("{stem}.figures.json"), figures.into_bytes()));
    Ok(files)
}

fn folder(output: Option<&Path>, mode: Mode, session: &Session<'_>) -> PathBuf {
    match output {
        Some(folder) => folder.to_owned(),
        None => session.project.root.join(match mode {
            Mode::Draft => "drafts",
            Mode::Dispatch => "documents",
        }),
    }
}

fn dispatch(ready: Vec<Ready>, folder: &Path, register: &mut Register, session: &mut Session<'_>) -> Result<(), Stop> {
    // A folder that is there has one true name, whatever links and `..` led to it.
    let made = atomic::make_dir(&session.world.folder.join(folder));
    made.map_err(|error| Stop::unfinished(format!("{}: {error}", folder.display())))?;
    let relative = path_from_root(&session.project.root, folder, session);
    let mut shown = Vec::new();
    let mut requests = Vec::new();
    for Ready { facts, files, .. } in ready {
        shown.push((facts.number.clone(), facts.title.clone()));
        let named = files.into_iter().map(|(name, bytes)| (format!("{relative}{name}"), bytes));
        requests.push(Request { facts, files: named.collect() });
    }
    let paths: Vec<PathBuf> =
        requests.iter().flat_map(|request| &request.files).map(|(path, _)| session.project.root.join(path)).collect();
    register.dispatch(requests).map_err(|error| Stop::unfinished(error.text(session.lang)))?;
    for path in paths {
        session.print(&format!("{}\n", tidy(&path).display()))?;
    }
    for (number, title) in shown {
        session.note(&format!("{number}  {title}"))?;
    }
    Ok(())
}

fn unsound_text(unsound: &Unsound, stem: &str, lang: Lang) -> String {
    let Unsound { part, why } = unsound;
    lang.pick(
        format!("{stem}.docx 没有写出：{part} 里留有不该有的内容：{why}"),
        format!("{stem}.docx was not written: {part} holds what must not be there: {why}"),
    )
}

/// A path as people write it: without `./` before it.
fn tidy(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// A folder as the register names it: relative to the project where it lies in it, `/` between.
fn path_from_root(root: &Path, folder: &Path, session: &Session<'_>) -> String {
    let absolute = |path: &Path| {
        let path = session.world.folder.join(path);
        path.canonicalize().unwrap_or(path)
    };
    let (root, folder) = (absolute(root), absolute(folder));
    let inside = folder.strip_prefix(&root).unwrap_or(&folder);
    let text = inside.to_string_lossy().replace('\\', "/");
    if text.is_empty() { text } else { format!("{text}/") }
}
