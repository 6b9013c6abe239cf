//! Options and words for the terminal. No rule and no count is made here.
//!
//! - `args`: what can be typed
//! - [`world`]: all that is outside
//! - `session`: the project, the language and the streams of one run
//! - one file for each command

mod args;
mod check;
mod due;
mod explain;
mod help;
mod init;
mod kinds;
mod logs;
mod merge;
mod output;
mod progress;
mod register;
mod schema;
mod session;
mod shell;
mod tally;
mod trace;
pub mod world;
mod write;

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::source::excerpt::harmless_lines;
use args::{Cli, Command};
use session::Session;
use world::World;

/// How a run ended: the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Done; for `check`, no error.
    Done = 0,
    /// `check` found errors, or `register verify` a break.
    Found = 1,
    /// Wrong usage, an unreadable file, a bad config or template.
    Wrong = 2,
    /// A document could not be finished; nothing half-written is left.
    Unfinished = 3,
}

/// Why a run stopped before its end.
#[derive(Debug)]
pub struct Stop {
    /// With which status.
    pub status: Status,
    /// What to tell the user; empty if all has been told.
    pub error: anyhow::Error,
}

impl Stop {
    pub(crate) fn wrong(message: impl Into<String>) -> Self {
        Self { status: Status::Wrong, error: anyhow::Error::msg(message.into()) }
    }

    pub(crate) fn unfinished(message: impl Into<String>) -> Self {
        Self { status: Status::Unfinished, error: anyhow::Error::msg(message.into()) }
    }

    /// Everything has been said already.
    pub(crate) fn told(status: Status) -> Self {
        Self { status, error: anyhow::Error::msg("") }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self { status: Status::Wrong, error: error.into() }
    }
}

/// Runs one command line and says how it ended. Messages have been written when it returns.
pub fn run(arguments: impl IntoIterator<Item = OsString>, world: &mut World) -> Status {
    match run_inner(arguments, world) {
        Ok(status) => status,
        // Whoever read the output has read enough.
        Err(stop) if is_broken_pipe(&stop.error) => Status::Done,
        Err(stop) => {
            // Names of files and texts of logs stand in messages.
            let message = harmless_lines(&format!("{:#}", stop.error));
            if !message.is_empty() {
                let _ = writeln!(world.stderr, "duban: {message}");
            }
            stop.status
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

fn run_inner(arguments: impl IntoIterator<Item = OsString>, world: &mut World) -> Result<Status, Stop> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = help::wanted_lang(&arguments).unwrap_or(world.locale);
    let command = help::in_language(Cli::command(), lang);
    let parsed = command.try_get_matches_from(&arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return Ok(tell_usage(&error, world)?),
    };
    let Cli { global, command } = cli;
    // These need no project, and must work where its config is broken.
    match command {
        Command::Completions { shell } => return shell::completions(shell, world, lang),
        Command::Man => return shell::man(world, lang),
        Command::Schema { of } => return schema::run(of, world),
        Command::Trace { document, figure, format } => return trace::run(&document, figure, format, lang, world),
        Command::Explain { code } => return explain::run(code.as_deref(), lang, world),
        Command::Init { dir } => return init::run(dir, lang, world),
        _ => {}
    }
    let mut session = Session::open(&global, world)?;
    match command {
        Command::Check(args) => check::run(args, &mut session),
        Command::Tally(args) => tally::run(args, &mut session),
        Command::Merge(args) => merge::run(&args, &mut session),
        Command::Due(args) => due::run(args, &mut session),
        Command::Register(args) => register::run(args, &mut session),
        Command::Kinds { command } => kinds::run(command, &mut session),
        Command::Draft(args) => write::run(&args, write::Mode::Draft, &mut session),
        Command::Dispatch(args) => write::run(&args, write::Mode::Dispatch, &mut session),
        // The others have returned above.
        _ => Ok(Status::Done),
    }
}

/// Help and version go to standard output with status 0, mistakes to standard error with 2.
fn tell_usage(error: &clap::Error, world: &mut World) -> io::Result<Status> {
    let text = if world.no_colour || !world.stdout_is_terminal {
        error.render().to_string()
    } else {
        error.render().ansi().to_string()
    };
    if error.use_stderr() {
        world.stderr.write_all(text.as_bytes())?;
        Ok(Status::Wrong)
    } else {
        world.stdout.write_all(text.as_bytes())?;
        Ok(Status::Done)
    }
}
