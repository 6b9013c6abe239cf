//! `duban draft` and `duban dispatch`: the same way, but that dispatch takes numbers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Datelike as _;
use indexmap::IndexMap;

use crate::atomic;
use crate::cli::args::WriteArgs;
use crate::cli::session::Session;
use crate::cli::{Status, Stop, register as cli_register};
use crate::fault::Faults;
use crate::kind::{self, Data, Failure, Gather, Kind, NoKind, Records, Rendered, Unequal};
use crate::log;
use crate::model::Field;
use crate::model::key::Key as FieldKey;
use crate::register::{Facts, Key, Record, Register, Request};
use crate::source::Sources;
use crate::write::{self, Format};

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
    files: Vec<(String, Vec<u8>)>,
}

pub(super) fn run(args: &WriteArgs, mode: Mode, session: &mut Session<'_>) -> Result<Status, Stop> {
    if mode == Mode::Dispatch {
        session.need_project()?;
    }
    let loaded = load(&args.kind, session)?;
    let kind = &loaded.kind;
    let formats = formats(args, kind, session)?;
    // From here to the end of a dispatch nobody else takes a number, and nobody's number is missed.
    let mut register = if mode == Mode::Dispatch { Some(cli_register::open(session)?) } else { None };
    let known = match &register {
        Some(register) => register.records().to_vec(),
        None => session.register_records()?,
    };
    let all = data(args, kind, &known, session)?;
    if args.data {
        return print_data(&all, kind, session);
    }
    if all.is_empty() {
        session.note(&session.say("没有需要发给任何单位的文书", "no unit calls for a letter"))?;
        return Ok(Status::Done);
    }
    let mut ready = Vec::new();
    let mut taken = Taken { records: known, stems: BTreeSet::new() };
    for data in all {
        ready.push(document(data, mode, &loaded, &formats, &mut taken, session)?);
    }
    let folder = folder(args.output.as_deref(), mode, session);
    match &mut register {
        Some(register) => dispatch(ready, &folder, register, session)?,
        None => {
            for (name, bytes) in ready.into_iter().flat_map(|ready| ready.files) {
                let path = folder.join(&name);
                let written = atomic::write(&session.world.folder.join(&path), &bytes);
                written.map_err(|error| Stop::unfinished(format!("{}: {error}", path.display())))?;
                session.print(&format!("{}\n", tidy(&path).display()))?;
            }
        }
    }
    Ok(Status::Done)
}

/// What later documents of a run can't have: numbers, and names of files.
struct Taken {
    records: Vec<Record>,
    stems: BTreeSet<String>,
}

impl Taken {
    /// The name itself, or with a number where two units' names come out as one. Case does not tell files apart on
    /// every system.
    fn stem(&mut self, stem: &str) -> String {
        let mut free = stem.to_owned();
        let mut n = 1;
        while !self.stems.insert(free.to_lowercase()) {
            n += 1;
            free = format!("{stem}-{n}");
        }
        free
    }
}

/// A kind, and its files, in which faults are shown.
struct Loaded {
    kind: Kind,
    sources: Sources,
}

fn load(name: &str, session: &mut Session<'_>) -> Result<Loaded, Stop> {
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    match kind::load(&session.project, name, &mut sources, &mut faults) {
        Ok(kind) => Ok(Loaded { kind, sources }),
        Err(NoKind::Broken) => Err(session.tell(&faults, &sources, Status::Wrong)?),
        Err(error) => Err(Stop::wrong(error.text(session.lang))),
    }
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

/// What the templates are to see: from the logs, or from a file that `--data` wrote.
fn data(args: &WriteArgs, kind: &Kind, known: &[Record], session: &mut Session<'_>) -> Result<Vec<Data>, Stop> {
    let set = set(args, session)?;
    if let Some(path) = &args.from_data {
        let text = std::fs::read_to_string(session.world.folder.join(path));
        let text = text.map_err(|error| Stop::wrong(format!("{}: {error}", path.display())))?;
        let read = if text.trim_start().starts_with('[') {
            serde_json::from_str::<Vec<Data>>(&text)
        } else {
            serde_json::from_str::<Data>(&text).map(|data| vec![data])
        };
        let mut read = read.map_err(|error| Stop::wrong(format!("{}: {error}", path.display())))?;
        for data in &mut read {
            data.set.extend(set.clone());
        }
        return Ok(read);
    }
    let filter = session.filter(&args.selecting, &crate::cli::args::Days::default())?;
    for unit in &args.unit {
        let known = session.project.canonical(FieldKey::Field(Field::Unit), unit);
        known.map_err(|fault| {
            Stop::wrong(format!("--unit: {}; {}", fault.message(session.lang), fault.help(session.lang)))
        })?;
    }
    let mut logs = session.logs(&args.input)?;
    if filter.period.from.is_some_and(|from| from > logs.day) {
        return Err(Stop::wrong(
            session.say("期间在统计日（--as-of）之后", "the period lies after the day of --as-of"),
        ));
    }
    let as_of = session.project.as_of(logs.day);
    let mut faults = Faults::new(Arc::new(session.project.severities.clone()));
    let gather = log::fold(&mut logs.sources, &logs.ids, &session.project, logs.day, &mut faults, || {
        Gather::new(as_of.clone(), filter.clone())
    })?;
    session.warn_of(&faults, &logs.sources)?;
    let documents = known.iter().map(|record| kind::document_record(record, record.line)).collect();
    let records: Records = gather.finish(&logs.sources, &session.project, documents);
    let request =
        kind::Request { lang: session.lang, as_of: logs.day, period: filter.period, units: args.unit.clone(), set };
    Ok(Data::new(kind, &session.project, records, &request))
}

/// `--set KEY=VALUE`.
fn set(args: &WriteArgs, session: &Session<'_>) -> Result<IndexMap<String, String>, Stop> {
    let pairs = args.set.iter().map(|pair| match pair.split_once('=') {
        Some((key, value)) => Ok((key.trim().to_owned(), value.to_owned())),
        None => Err(Stop::wrong(
            session.lang.pick(format!("--set {pair} 应写成 键=值"), format!("--set {pair}: write KEY=VALUE")),
        )),
    });
    pairs.collect()
}

fn print_data(all: &[Data], kind: &Kind, session: &mut Session<'_>) -> Result<Status, Stop> {
    let text = match all {
        [one] if !kind.config.per_unit => serde_json::to_string_pretty(one)?,
        several => serde_json::to_string_pretty(several)?,
    };
    session.print(&format!("{text}\n"))?;
    Ok(Status::Done)
}

/// Gives a document its number, renders it, and makes the bytes of all its files.
fn document(
    data: Data,
    mode: Mode,
    loaded: &Loaded,
    formats: &[Format],
    taken: &mut Taken,
    session: &mut Session<'_>,
) -> Result<Ready, Stop> {
    let (project, lang, kind) = (&session.project, session.lang, &loaded.kind);
    let name = kind.series().to_owned();
    let series = project.series(&name, data.lang)?;
    let year = data.as_of.year();
    let n = series.next(&taken.records, year);
    let number = series.format(n, year, &project.office.code);
    let draft = mode == Mode::Draft;
    let data = Data { draft, ..data.numbered(number.clone(), n, year) };
    let rendered = match kind::render(kind, &data, lang) {
        Ok(rendered) => rendered,
        Err(Failure::Template(faults)) => return Err(session.tell(&faults, &loaded.sources, Status::Wrong)?),
        Err(Failure::Identities(unequal)) => return Err(tell_unequal(&unequal, session)?),
        Err(Failure::NoTemplate(missing)) => {
            return Err(Stop::wrong(lang.pick(
                format!("文种 {} 没有 {missing}.md 模板", kind.name),
                format!("the kind {} has no template {missing}.md", kind.name),
            )));
        }
    };
    let unit = data.unit.as_ref().map(|unit| unit.name.clone());
    let stem = taken.stem(&stem(&kind.name, mode, &data, n, unit.as_deref()));
    let files = files(&stem, &data, &rendered, formats, session)?;
    let issues = listed(&rendered);
    let facts = Facts {
        key: Key { series: series.name, year, n },
        reset: series.reset,
        kind: kind.name.clone(),
        number,
        date: data.as_of,
        title: rendered.document.head.title.clone(),
        units: units_of(&issues, &data),
        issues,
        unit,
        after: None,
        files: Vec::new(),
    };
    taken.records.push(Record::reserved(&facts));
    Ok(Ready { facts, files })
}

/// Both sides, and the rows that make the difference.
fn tell_unequal(unequal: &[Unequal], session: &mut Session<'_>) -> Result<Stop, Stop> {
    for identity in unequal {
        writeln!(session.world.stderr, "duban: {}", identity.text)?;
        let sides = [(&identity.more_left, "左", "left"), (&identity.more_right, "右", "right")];
        for (rows, zh, en) in sides {
            for row in rows {
                let side = session.lang.pick(zh, en);
                let line = row.line.map_or_else(String::new, |line| format!(":{line}"));
                writeln!(session.world.stderr, "  {side}  {}{line}  {}", row.file, row.id)?;
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

/// The units of issues, in the order of the issues.
fn units_of(issues: &[String], data: &Data) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    for record in &data.records.issues {
        let text = |key: &str| record.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let unit = text("unit");
        if !unit.is_empty() && issues.iter().any(|id| id == text("id")) && !units.iter().any(|known| known == unit) {
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
        let written = write::write(*format, &rendered.document).map_err(|error| Stop::unfinished(error.to_string()))?;
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

/// `bulletin-draft-2021-08-20`, `bulletin-2021-016`, with the unit of a letter at the end.
fn stem(kind: &str, mode: Mode, data: &Data, n: u32, unit: Option<&str>) -> String {
    let middle = match mode {
        Mode::Draft => format!("draft-{}", data.as_of),
        Mode::Dispatch => format!("{}-{n:03}", data.year),
    };
    let unit = unit.map_or_else(String::new, |unit| format!("-{}", file_name(unit)));
    format!("{kind}-{middle}{unit}")
}

/// A name that is one harmless part of a path on every system: no separators, no control characters,
/// no dots or spaces at its ends, not too long.
fn file_name(name: &str) -> String {
    let harmless = |c: char| if c.is_control() || "/\\:*?\"<>|\u{7f}".contains(c) { '_' } else { c };
    let text: String = name.chars().map(harmless).take(60).collect();
    let text = text.trim_matches(['.', ' ']);
    if text.is_empty() { "_".to_owned() } else { text.to_owned() }
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
    for Ready { facts, files } in ready {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_never_share_a_file() {
        let mut taken = Taken { records: Vec::new(), stems: BTreeSet::new() };
        let names = ["甲/乙", "甲_乙", "甲:乙", "A", "a"].map(|unit| taken.stem(&file_name(unit)));
        assert_eq!(names, ["甲_乙", "甲_乙-2", "甲_乙-3", "A", "a-2"]);
    }

    #[test]
    fn a_unit_cannot_lead_out_of_the_folder() {
        for (name, expected) in [
            ("贾陈社区", "贾陈社区"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a/b\\c:d", "a_b_c_d"),
            ("..", "_"),
            ("\u{0}\n", "__"),
            ("", "_"),
        ] {
            assert_eq!(file_name(name), expected);
        }
    }
}
