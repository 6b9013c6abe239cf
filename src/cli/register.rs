//! `duban register`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::atomic;
use crate::cli::args::{RegisterArgs, RegisterCommand, RegisterFormat};
use crate::cli::output::{self, Content};
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop, versions};
use crate::fault::{FaultKind, Faults};
use crate::kind;
use crate::place::Place;
use crate::platform::paths::slashed;
use crate::register::{
    self, Break, Merged, NamedNumber, Register, RegisterEntry, RegisterError, import, verify_beside,
};
use crate::source::excerpt::harmless;
use crate::source::{Form, Source, SourceError, Sources};
use crate::tally::screen::{Screen, Shade};
use crate::tally::show::{Grid, inert};
use crate::words::lang::{Lang, counted};

pub(super) fn run(args: RegisterArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let RegisterArgs { command, format, output } = args;
    // Git calls it in the root of its repository, which need not be that of a project.
    if let Some(RegisterCommand::Merge { base: Some(base), ours: Some(ours), theirs: Some(theirs), .. }) = &command {
        return merge(base, ours, theirs, session);
    }
    session.need_project()?;
    let is_list = matches!(command, None | Some(RegisterCommand::List { .. }));
    if !is_list && (output.is_some() || !matches!(format, RegisterFormat::Table)) {
        return Err(Stop::wrong(session.pick(
            "-o、--format 只用于列出登记簿（register list）",
            "-o and --format are for the list of the register (register list)",
        )));
    }
    match command {
        Some(RegisterCommand::Merge { from: Some(revision), .. }) => merge_from(&revision, session),
        None | Some(RegisterCommand::Merge { .. }) => list(format, output.as_deref(), session),
        Some(RegisterCommand::List { format: own, output: own_output }) => {
            let format = if matches!(own, RegisterFormat::Table) { format } else { own };
            list(format, own_output.or(output).as_deref(), session)
        }
        Some(RegisterCommand::Verify { .. }) => {
            let root = session.world.folder.join(&session.project.root);
            let is_elsewhere = |hash: &str| versions::is_on_a_branch(&root, hash);
            let breaks = verify_beside(&root, &is_elsewhere).map_err(|error| fault(&error, session.lang))?;
            for found in &breaks {
                session.print(&format!("{}\n", found.text(session.lang)))?;
            }
            let lost = versions::lost(session)?;
            for lost in &lost {
                session.print(&format!("{}\n", lost.lost_text(session)))?;
            }
            if breaks.is_empty() && lost.is_empty() {
                session.note(&session.pick("登记簿完好", "the register is sound"))?;
            }
            let is_sound = breaks.iter().all(Break::is_warning) && lost.is_empty();
            Ok(if is_sound { ExitStatus::Done } else { ExitStatus::Found })
        }
        Some(RegisterCommand::Void { number, why, series, year, document_file }) => {
            let mut register = open(session)?;
            let (series, file) = (series.as_deref(), document_file.as_deref());
            let voided = register.void(&NamedNumber { number: &number, series, year, file }, &why);
            voided.map_err(|error| fault(&error, session.lang))?;
            // It is void, whether or not that can be said.
            _ = session.note(&session.lang.pick(format!("{number} 已作废"), format!("{number} is void")));
            Ok(ExitStatus::Done)
        }
        Some(RegisterCommand::Resume) => {
            let mut register = open(session)?;
            let resumed = register.resume().map_err(|error| fault(&error, session.lang))?;
            tell_finished(&resumed.finished, session).map_err(|stop| {
                let numbers = resumed.finished.iter().map(|record| record.number.as_str());
                stop.after_numbers(numbers, session.lang)
            })?;
            for error in &resumed.unfinished {
                session.warn(&format!("duban: {}", error.text(session.lang)))?;
            }
            Ok(if resumed.unfinished.is_empty() { ExitStatus::Done } else { ExitStatus::Unfinished })
        }
        Some(RegisterCommand::Import { file }) => {
            let text = read_table(&file, session)?;
            import_text(&text, session)
        }
    }
}

/// Names the documents that were finished, and their files.
fn tell_finished(finished: &[RegisterEntry], session: &mut Session<'_>) -> Result<(), Stop> {
    for record in finished {
        for file in &record.files {
            let path = session.project.root.join(&file.path);
            session.print(&format!("{}\n", slashed(&path)))?;
        }
        let number = &record.number;
        session.note(&session.lang.pick(format!("{number} 已完成"), format!("{number} is finished")))?;
    }
    Ok(())
}

/// Merges the registers of two branches into the file of ours, as Git asks of a merge driver.
fn merge(base: &Path, ours: &Path, theirs: &Path, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let lang = session.lang;
    let folder = session.world.folder.clone();
    let [base, own, other] = [base, ours, theirs].map(|path| session.read_file(path));
    let (base, own, other) = (base?, own?, other?);
    let merged = register::merge(&base, &own, &other).map_err(|error| Stop::wrong(error.text(lang)))?;
    let written = atomic::write(&folder.join(ours), &merged.bytes);
    written.map_err(|error| Stop::unwritten(ours, error))?;
    // It is merged, whether or not that can be said.
    _ = tell_merged(&merged, session);
    Ok(ExitStatus::Done)
}

/// Adds what the register of another branch, tag or commit has and that of the project lacks.
fn merge_from(revision: &str, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let lang = session.lang;
    let other = versions::of_revision(revision, session)?;
    let root = session.world.folder.join(&session.project.root);
    // A line that was entered here and is missing may be what is to be taken over.
    let register = opened(Register::open_beside(&root, &|_| true), session)?;
    let merged = register.merge_in(&other).map_err(|error| fault(&error, lang))?;
    let merged = merged.map_err(|error| Stop::wrong(error.text(lang)))?;
    _ = tell_merged(&merged, session);
    let is_gone = |file: &&register::FileHash| !root.join(&file.path).exists();
    let files = merged.entries.iter().filter(|entry| entry.status != register::RegisterStatus::Void);
    let gone: Vec<&str> = files.flat_map(|entry| &entry.files).filter(is_gone).map(|file| file.path.as_str()).collect();
    if !gone.is_empty() {
        let (count, first) = (gone.len(), gone.join(" "));
        _ = session.note(&lang.pick(
            format!("{count} 个文件不在这里；用 git checkout {revision} -- {first} 取回"),
            format!(
                "{} not here; get back what is wanted with: git checkout {revision} -- {first}",
                if count == 1 { "a file is".to_owned() } else { format!("{count} files are") }
            ),
        ));
    }
    Ok(ExitStatus::Done)
}

/// Tells what came of a merge.
fn tell_merged(merged: &Merged, session: &mut Session<'_>) -> Result<(), Stop> {
    let lang = session.lang;
    session.note(&lang.pick(
        format!("登记簿已合并，补入 {} 行", merged.added),
        format!("the register is merged: {} added", counted(merged.added, "line")),
    ))?;
    for number in &merged.contradicted {
        session.warn(&lang.pick(
            format!("duban: {number}：两个分支的登记相互矛盾，以当前分支的为准；请核对"),
            format!("duban: {number}: the branches contradict each other, and the current one counts; please check"),
        ))?;
    }
    tell_doubled(&merged.entries, session)
}

/// Tells which numbers two branches gave out.
pub(super) fn tell_doubled(entries: &[RegisterEntry], session: &mut Session<'_>) -> Result<(), Stop> {
    let lang = session.lang;
    for pair in register::doubled(entries) {
        let text = format!("duban: {}", register::doubled_text(pair, lang));
        text.lines().try_for_each(|line| session.warn(line))?;
    }
    Ok(())
}

/// Reads the text of a table, in any encoding that a log may have.
fn read_table(file: &Path, session: &mut Session<'_>) -> Result<String, Stop> {
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    let path = session.world.folder.join(file);
    let id = sources.add(Source::file(path, file.to_string_lossy().into_owned(), Form::Table));
    let wrong = |error: SourceError| Stop::unreadable(file, error.cause);
    if let Err(fault) = sources.get_mut(id).decide_encoding().map_err(wrong)? {
        faults.add(Place::file(id), FaultKind::Encoding(fault));
        session.report(&faults, &sources)?;
        return Err(Stop::Reported(ExitStatus::Wrong));
    }
    sources.get(id).read_to_string().map_err(wrong)
}

fn import_text(text: &str, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let mut register = open(session)?;
    let (project, lang) = (&session.project, session.lang);
    let series_of = |name: &str| {
        let name = kind::series_named(project, name);
        project.series(&name, &name, lang, None).ok()
    };
    let kind_of = |name: &str| kind::named(project, name).unwrap_or_else(|_| name.to_owned());
    let events = match import(text, series_of, kind_of, &project.office.code, register.records()) {
        Ok(events) => events,
        Err(faults) => {
            for found in faults {
                session.warn(&format!("duban: {}", found.text(lang)))?;
            }
            return Err(Stop::Reported(ExitStatus::Wrong));
        }
    };
    let count = events.len();
    register.append(&events).map_err(|error| fault(&error, lang))?;
    // They are entered, whether or not that can be said.
    _ = session.note(&lang.pick(format!("已录入 {count} 份"), format!("{} entered", counted(count, "document"))));
    Ok(ExitStatus::Done)
}

/// Opens the register, with a note if a crash left a line unfinished.
fn open(session: &mut Session<'_>) -> Result<Register, Stop> {
    let root = session.world.folder.join(&session.project.root);
    opened(Register::open_beside(&root, &|hash| versions::is_on_a_branch(&root, hash)), session)
}

/// Opens the register to dispatch documents.
pub(super) fn open_at_checkpoint(session: &mut Session<'_>) -> Result<Register, Stop> {
    let root = session.world.folder.join(&session.project.root);
    opened(Register::open_at_checkpoint(&root, &|hash| versions::is_on_a_branch(&root, hash)), session)
}

fn opened(register: Result<Register, RegisterError>, session: &mut Session<'_>) -> Result<Register, Stop> {
    let register = register.map_err(|error| fault(&error, session.lang))?;
    for note in register.notes() {
        let text = note.text(session.lang);
        session.note(&text)?;
    }
    tell_doubled(register.records(), session)?;
    Ok(register)
}

pub(super) fn fault(error: &RegisterError, lang: Lang) -> Stop {
    let text = error.text(lang);
    match error {
        RegisterError::Lost { .. } | RegisterError::Blocked { .. } => Stop::unfinished(text),
        _ => Stop::wrong(text),
    }
}

fn list(format: RegisterFormat, path: Option<&Path>, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let records = register::read(&session.project.root).map_err(|error| fault(&error, session.lang))?;
    tell_doubled(&records, session)?;
    for lost in versions::lost(session)? {
        session.warn(&format!("duban: {}", lost.lost_text(session)))?;
    }
    let bytes = match format {
        RegisterFormat::Json => format!("{}\n", serde_json::to_string_pretty(&records)?).into_bytes(),
        RegisterFormat::Csv => csv(&records)?.into_bytes(),
        RegisterFormat::Table => {
            let accepted = if session.verbose { accepted_lines(&records, session.lang) } else { String::new() };
            (shown(&records, path, session) + &accepted).into_bytes()
        }
        RegisterFormat::Xlsx => {
            let title = session.pick("发文登记簿", "Register of documents");
            // Dated by its last document, so that the same register gives the same bytes.
            let day = records.iter().map(|record| record.date).max().unwrap_or_default();
            let bytes = output::workbook(&grid(&records, session), &title, day, session)?;
            output::put(&bytes, Content::Workbook, path, session)?;
            return Ok(ExitStatus::Done);
        }
    };
    let content = if matches!(format, RegisterFormat::Csv) { Content::Csv } else { Content::Text };
    output::put(&bytes, content, path, session)?;
    Ok(ExitStatus::Done)
}

fn status(record: &RegisterEntry, lang: Lang) -> &'static str {
    match record.status {
        register::RegisterStatus::Dispatched => lang.pick("已发", "dispatched"),
        register::RegisterStatus::Pending => lang.pick("未完成", "pending"),
        register::RegisterStatus::Void => lang.pick("作废", "void"),
    }
}

/// The table for people; what is void or unfinished is coloured.
fn shown(records: &[RegisterEntry], path: Option<&Path>, session: &Session<'_>) -> String {
    let grid = grid(records, session);
    let shade = |record: &RegisterEntry| match record.status {
        register::RegisterStatus::Dispatched => None,
        register::RegisterStatus::Pending => Some(Shade::Notice),
        register::RegisterStatus::Void => Some(Shade::Alarm),
    };
    let shades = records.iter().enumerate().filter_map(|(row, record)| Some((row, 4, shade(record)?)));
    // Number, status and title tell what a document is.
    let screen = Screen { dispensable: vec![6, 1, 3, 2], long: vec![3, 5], shades: shades.collect() };
    output::table(&grid, &screen, "--format csv", path, session)
}

fn grid(records: &[RegisterEntry], session: &Session<'_>) -> Grid {
    let (lang, mut titles) = (session.lang, BTreeMap::new());
    for record in records {
        titles.entry(record.kind.as_str()).or_insert_with(|| kind_title(&record.kind, session));
    }
    let header = match lang {
        Lang::Zh => ["文号", "文种", "日期", "单位", "状态", "标题", "问题数"],
        Lang::En => ["number", "kind", "date", "unit", "status", "title", "issues"],
    };
    let rows = records.iter().map(|record| {
        vec![
            record.number.clone(),
            titles.get(record.kind.as_str()).cloned().unwrap_or_default(),
            record.date.to_string(),
            record.unit.clone().unwrap_or_default(),
            status(record, lang).to_owned(),
            record.title.clone(),
            record.issues.len().to_string(),
        ]
    });
    Grid { header: header.map(str::to_owned).to_vec(), rows: rows.collect(), words: 6 }
}

/// What a kind is called; its name if it is not at hand any more.
fn kind_title(name: &str, session: &Session<'_>) -> String {
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    let loaded = kind::load(&session.project, name, &mut sources, &mut faults);
    loaded.map_or_else(|_| name.to_owned(), |kind| kind.config.title.of(session.lang).to_owned())
}

/// The documents that went out as they were edited, and what was let through, a line for each number and code: `第16期  放行 V109 3 处：logs/a.csv:3:5、…；理由：…`
fn accepted_lines(records: &[RegisterEntry], lang: Lang) -> String {
    let mut lines = String::new();
    for record in records {
        if record.edited {
            let number = &record.number;
            let line = lang.pick(
                format!("{number}  发出的是改定的文件（--final）"),
                format!("{number}  an edited file went out (--final)"),
            );
            lines.push_str(&harmless(&line));
            lines.push('\n');
        }
        for (code, count) in record.accepted.iter().flatten() {
            let mut places = record.accepted_at.get(code).cloned().unwrap_or_default();
            places.extend((*count > places.len()).then(|| "…".to_owned()));
            let places = places.join(lang.pick("、", ", "));
            let (number, why) = (&record.number, record.accepted_why.as_deref().unwrap_or_default());
            let line = lang.pick(
                format!("{number}  放行 {code} {count} 处：{places}；理由：{why}"),
                format!("{number}  accepted {code}, {count}: {places}; reason: {why}"),
            );
            lines.push_str(&harmless(&line));
            lines.push('\n');
        }
    }
    lines
}

fn csv(records: &[RegisterEntry]) -> Result<String, Stop> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "number",
        "series",
        "kind",
        "year",
        "n",
        "date",
        "title",
        "unit",
        "status",
        "units",
        "issues",
        "files",
        "after",
        "why",
        "accepted",
        "accepted_why",
    ])?;
    for record in records {
        let files: Vec<&str> = record.files.iter().map(|file| file.path.as_str()).collect();
        let status = serde_json::to_value(record.status)?;
        let cells = [
            record.number.clone(),
            record.series.clone(),
            record.kind.clone(),
            record.year.to_string(),
            record.n.to_string(),
            record.date.to_string(),
            record.title.clone(),
            record.unit.clone().unwrap_or_default(),
            status.as_str().unwrap_or_default().to_owned(),
            record.units.join(";"),
            record.issues.join(";"),
            files.join(";"),
            record.after.join(";"),
            record.why.clone().unwrap_or_default(),
            record
                .accepted
                .iter()
                .flatten()
                .map(|(code, count)| format!("{code}:{count}"))
                .collect::<Vec<_>>()
                .join(";"),
            record.accepted_why.clone().unwrap_or_default(),
        ];
        writer.write_record(cells.iter().map(|cell| inert(cell)))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
