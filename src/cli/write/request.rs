//! `dispatch --request-id`: a script that does not know whether its dispatch took place asks again, and no second number is taken.

use crate::cli::register as cli_register;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::platform::paths::slashed;
use crate::register::{Register, RegisterEntry, RegisterError, RegisterStatus};

/// The longest id of a request.
const LONGEST: usize = 128;

/// Answers a request that was answered before: its documents are finished, if they are pending, and their files printed. `None`
/// if no document answers it yet.
///
/// # Errors
/// The id is blank or too long, it was that of another kind, or a document can't be finished.
pub(super) fn answered(
    id: &str,
    kind: &str,
    register: &mut Register,
    session: &mut Session<'_>,
) -> Result<Option<ExitStatus>, Stop> {
    let lang = session.lang;
    if id.trim().is_empty() || id.chars().count() > LONGEST || id.chars().any(char::is_control) {
        return Err(Stop::wrong(lang.pick(
            format!("--request-id 应是 1 至 {LONGEST} 个字符"),
            format!("--request-id takes 1 to {LONGEST} characters"),
        )));
    }
    let fault = |error| cli_register::fault(&error, lang);
    let of_request = |all: Vec<RegisterEntry>| -> Vec<RegisterEntry> {
        all.into_iter().filter(|entry| entry.request.as_deref() == Some(id)).collect()
    };
    let entries = of_request(register.past().all().map_err(fault)?);
    let Some(first) = entries.first() else { return Ok(None) };
    if first.kind != kind && kind != super::batch::DUE {
        let number = &first.number;
        return Err(Stop::wrong(lang.pick(
            format!("--request-id {id} 已用于 {number}（{}）；另一次发文用另一个", first.kind),
            format!("--request-id {id} was that of {number} ({}); another dispatch needs another id", first.kind),
        )));
    }
    // From here on a number is taken, whatever fails.
    finished(&entries, register, session).map_err(|stop| {
        let numbers = entries.iter().map(|entry| entry.number.as_str());
        stop.after_numbers(numbers, lang)
    })?;
    Ok(Some(ExitStatus::Done))
}

/// Finishes the documents that answer a request, and names them and their files.
fn finished(entries: &[RegisterEntry], register: &mut Register, session: &mut Session<'_>) -> Result<(), Stop> {
    let lang = session.lang;
    if entries.iter().any(|entry| entry.status == RegisterStatus::Pending) {
        let resumed = register.resume().map_err(|error| cli_register::fault(&error, lang))?;
        // Those of other requests are theirs.
        let is_own = |error: &&RegisterError| entries.iter().any(|entry| error.is_of(&entry.number));
        if let Some(error) = resumed.unfinished.iter().find(is_own) {
            return Err(Stop::unfinished(error.text(lang)));
        }
    }
    for entry in entries {
        for file in entry.files.iter().filter(|_| entry.status != RegisterStatus::Void) {
            session.print(&format!("{}\n", slashed(&session.project.root.join(&file.path))))?;
        }
        session.note(&lang.pick(
            format!("{}  {}（这次请求此前已发，没有再取号）", entry.number, entry.title),
            format!(
                "{}  {} (this request was answered before; no further number was taken)",
                entry.number, entry.title
            ),
        ))?;
    }
    Ok(())
}
