//! `duban check`.

use std::sync::Arc;

use crate::check::Check;
use crate::cli::args::{CheckArgs, CheckFormat};
use crate::cli::session::Session;
use crate::cli::{Status, Stop};
use crate::fault::{Code, Faults, Severity, emit};
use crate::log;
use crate::words::lang::Lang;

pub(super) fn run(args: CheckArgs, session: &mut Session<'_>) -> Result<Status, Stop> {
    let CheckArgs { input, format, deny, allow, max } = args;
    let mut severities = session.project.severities.clone();
    let mut deny_warnings = false;
    for text in &deny {
        if text == "warnings" {
            deny_warnings = true;
        } else {
            severities.set(code(text, session.lang)?, Some(Severity::Error));
        }
    }
    for text in &allow {
        severities.set(code(text, session.lang)?, None);
    }
    let mut logs = session.logs(&input)?;
    let mut faults = Faults::new(Arc::new(severities));
    let blank = faults.fresh();
    let check = log::fold(&mut logs.sources, &logs.ids, &session.project, logs.day, &mut faults, || {
        Check::new(logs.day, &blank)
    })?;
    let issues = check.issues();
    faults.append(check.finish());
    let report = emit::Report::new(&faults, &logs.sources, logs.ids.len(), issues, max, session.lang);
    match format {
        CheckFormat::Text => {
            // Silent when all is well; what was read is said to people only.
            if faults.is_empty() {
                let text = session.lang.pick(
                    format!("{} 个文件、{issues} 个问题，没有发现错误", logs.ids.len()),
                    format!("{} files, {issues} issues: nothing wrong", logs.ids.len()),
                );
                if session.verbose {
                    session.note(&text)?;
                }
            }
            let colour = session.colour;
            session.print(&emit::text(&report, colour))?;
        }
        CheckFormat::Json => session.print(&emit::json(&report))?,
    }
    let found = faults.count(Severity::Error) > 0 || deny_warnings && faults.count(Severity::Warning) > 0;
    Ok(if found { Status::Found } else { Status::Done })
}

/// The code that an option names.
pub(super) fn code(text: &str, lang: Lang) -> Result<Code, Stop> {
    text.parse().map_err(|error: crate::fault::code::NoCode| {
        let near = error.near.map_or_else(String::new, |near| {
            lang.pick(format!("，是否指 {near}？"), format!("; did you mean {near}?"))
        });
        Stop::wrong(lang.pick(
            format!("没有 {text} 这个代码{near}（duban explain 列出全部）"),
            format!("there is no code {text}{near} (`duban explain` lists them)"),
        ))
    })
}
