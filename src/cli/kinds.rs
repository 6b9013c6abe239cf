//! `duban kinds`.

use std::path::Path;

use crate::cli::args::KindsCommand;
use crate::cli::output;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::fault::{Faults, Severity};
use crate::kind::{self, Kind, KindError, KindOrigin};
use crate::platform::paths::slashed;
use crate::source::Sources;
use crate::tally::screen::Screen;
use crate::tally::show::Grid;
use crate::words::lang::counted;
use crate::words::near::nearest;

pub(super) fn run(command: Option<KindsCommand>, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    match command {
        None => list(session),
        Some(KindsCommand::Check { kinds, annotate }) => check(&kinds, annotate.as_deref(), session),
    }
}

fn list(session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let lang = session.lang;
    let header = lang.pick(["文种", "名称", "模板", "来自"], ["kind", "title", "templates", "from"]);
    let mut rows = Vec::new();
    for info in kind::kinds(&session.project) {
        let (mut sources, mut faults) = (Sources::default(), Faults::default());
        let loaded = kind::load(&session.project, &info.name, &mut sources, &mut faults);
        let (title, langs) = loaded.map_or_else(
            |_| ("-".to_owned(), info.langs.clone()),
            |kind| (kind.config.title.of(lang).to_owned(), kind.langs().collect()),
        );
        let langs: Vec<&str> = langs.iter().map(|lang| lang.code()).collect();
        let origin = match &info.origin {
            KindOrigin::BuiltIn => lang.pick("内置", "built in").to_owned(),
            KindOrigin::Project(path) => slashed(&path).to_string(),
        };
        rows.push(vec![info.name, title, langs.join(" "), origin]);
    }
    let grid = Grid { header: header.map(str::to_owned).to_vec(), rows, words: 4 };
    // Nothing else shows them: all columns stay.
    let screen = Screen { long: vec![1, 3], ..Screen::default() };
    session.print(&output::table(&grid, &screen, "", None, session))?;
    Ok(ExitStatus::Done)
}

/// The message about the first key under `set:` in `duban.yaml` that no kind uses.
fn unused_set_key(known: &[String], session: &Session<'_>) -> Option<String> {
    let key = session.project.set.keys().find(|key| !known.contains(key))?;
    let near = nearest(key, known.iter().map(String::as_str));
    let (zh, en) = near
        .map_or_else(Default::default, |near| (format!("，是否指 `{near}`？"), format!("; did you mean `{near}`?")));
    Some(session.lang.pick(
        format!("duban.yaml 的 set：没有文种用到 `{key}`{zh}"),
        format!("set in duban.yaml: no kind uses `{key}`{en}"),
    ))
}

/// Writes the Word template of a kind with a comment at each of its faults.
fn write_annotated(kind: &Kind, faults: &Faults, path: &Path, session: &mut Session<'_>) -> Result<(), Stop> {
    let lang = session.lang;
    let Some(annotated) = kind.annotated(faults, lang) else {
        return Err(Stop::wrong(lang.pick(
            format!("文种 {} 没有版式模板（kind.yaml 的 word_template）", kind.name),
            format!("the kind {} has no word_template in its kind.yaml", kind.name),
        )));
    };
    let bytes = annotated.map_err(|error| Stop::unfinished(error.text(lang).0))?;
    output::write_file(path, &bytes, session)?;
    let path = slashed(&path);
    session.note(&lang.pick(format!("已写出带批注的模板：{path}"), format!("written, with comments: {path}")))?;
    Ok(())
}

/// Checks templates without data: exit status 2 for errors, as for a bad config.
fn check(names: &[String], annotate: Option<&Path>, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    if annotate.is_some() && names.len() != 1 {
        let (zh, en) = ("--annotate 要写明一个文种", "--annotate needs one kind");
        return Err(Stop::wrong(session.lang.pick(zh, en)));
    }
    let is_all = names.is_empty();
    let names: Vec<String> = if is_all {
        kind::kinds(&session.project).into_iter().map(|info| info.name).collect()
    } else {
        names.iter().map(|name| session.kind(name)).collect::<Result<_, _>>()?
    };
    let (mut errors, mut warnings) = (0, 0);
    let mut set_keys = Vec::new();
    for name in &names {
        let mut sources = Sources::default();
        let mut faults = Faults::new(std::sync::Arc::new(session.project.severities.clone()));
        match kind::load(&session.project, name, &mut sources, &mut faults) {
            Ok(kind) => {
                kind::check(&kind, &session.project, session.lang, &mut faults);
                set_keys.extend(kind.set_keys());
                if let Some(path) = annotate {
                    write_annotated(&kind, &faults, path, session)?;
                }
            }
            Err(KindError::Broken) => {}
            Err(error) => return Err(Stop::wrong(error.text(session.lang))),
        }
        errors += faults.count(Severity::Error);
        warnings += faults.count(Severity::Warning);
        session.report(&faults, &sources)?;
    }
    if let Some(message) = unused_set_key(&set_keys, session).filter(|_| is_all) {
        session.note(&message)?;
        errors += 1;
    }
    let count = names.len();
    session.note(&session.lang.pick(
        format!("{count} 个文种：{errors} 处错误，{warnings} 处警告"),
        format!("{}: {}, {}", counted(count, "kind"), counted(errors, "error"), counted(warnings, "warning")),
    ))?;
    Ok(if errors > 0 { ExitStatus::Wrong } else { ExitStatus::Done })
}
