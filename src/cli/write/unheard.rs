//! Runs in the project of an earlier run that say nothing.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::cli::Stop;
use crate::cli::args::{ColorArg, GlobalArgs, LangArg, WriteArgs};
use crate::cli::memory::MemoryOutput;
use crate::cli::session::Session;
use crate::cli::write::{batch, run_options};
use crate::dataset::list_name::RowList;
use crate::dataset::{ListName, RowRef, RunOptions};
use crate::fault::Severity;
use crate::project::FILE_NAME;
use crate::register::Past;
use crate::source::excerpt::harmless;
use crate::words::lang::Lang;

/// Does something in the project of a run, in its language, and tells nothing.
///
/// # Errors
/// Why it can't be done, in a line.
pub(super) fn unheard<T>(
    (root, run): (&Path, &RunOptions),
    session: &mut Session<'_>,
    act: impl FnOnce(&mut Session<'_>) -> Result<T, Stop>,
) -> Result<T, String> {
    let lang = session.lang;
    if run_options::is_of_stdin(run) {
        return Err(lang
            .pick("台账是从标准输入读的，已无从再读", "its logs came from standard input and can't be read again")
            .to_owned());
    }
    let own = run.lang.parse::<Lang>().unwrap_or(lang);
    let global = GlobalArgs {
        // Documents are drafted without a project, too.
        project: Some(root.to_owned()).filter(|root| session.world.folder.join(root).join(FILE_NAME).is_file()),
        lang: Some(own.pick(LangArg::Zh, LangArg::En)),
        color: ColorArg::Never,
        quiet: true,
        verbose: false,
    };
    let told = MemoryOutput::default();
    let shown = std::mem::replace(&mut session.world.stderr, Box::new(told.clone()));
    let made = Session::open(&global, &mut *session.world).and_then(|mut session| act(&mut session));
    session.world.stderr = shown;
    made.map_err(|stop| match stop {
        Stop::Error(_, error) => harmless(&format!("{error:#}")),
        Stop::Reported(_) => in_a_line(&told),
    })
}

/// What the logs of a run hold.
pub(super) struct LogRows {
    /// All issues.
    pub(super) rows: Vec<RowRef>,
    /// The number of errors that `check` finds in them.
    pub(super) errors: usize,
}

/// All issues in the logs of a run, with their standing on a day. `past` is the register as it stood.
///
/// # Errors
/// Why they can't be read, in a line.
pub(super) fn all_rows(
    (root, run): (&Path, &RunOptions),
    (kind, as_of): (&str, NaiveDate),
    past: Past,
    session: &mut Session<'_>,
) -> Result<LogRows, String> {
    unheard((root, run), session, |session| {
        let root = session.project.root.clone();
        let args = run_options::to_args(run, &root, as_of.to_string());
        let args = WriteArgs { kind: kind.to_owned(), again: true, compare: None, ..args };
        let (rows, faults) = batch::proof_rows(&args, &Arc::new(past), session)?;
        let issues = RowList { is_earlier: false, list: ListName::Issues };
        let count = rows.records.each_issue().count();
        let errors = faults.iter().filter(|fault| fault.severity == Severity::Error).map(|fault| fault.count).sum();
        Ok(LogRows { rows: (0..count).filter_map(|index| rows.row_ref(issues, index)).collect(), errors })
    })
}

/// What a run said while nobody listened, in a line.
fn in_a_line(said: &MemoryOutput) -> String {
    let text = said.text();
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
