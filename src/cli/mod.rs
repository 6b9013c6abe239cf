//! Commands, options and messages of the terminal. Nothing is checked or counted here.
//!
//! - `args`: the commands and their options, with English help; `help`: the same in Chinese
//! - [`world`]: clock, folder, environment and streams
//! - `session`: the project, the language and the streams of one run
//! - `usage`: what is wrong with a command line, in Chinese
//! - `outcome`: the exit status, and why a run stopped early; `kept_files`: what no output takes the place of
//! - `absent`: values that are asked for and that no issue has; `admission`: what the faults of the logs mean for counting and writing
//! - `baseline`: faults that are known, and left out; `git`, `repository`: what Git has, and names from its root
//! - one file or folder for each command

mod absent;
mod admission;
mod args;
mod as_of;
mod baseline;
mod calendar;
mod call;
mod check;
mod config;
mod documents;
mod drift;
mod due;
mod earlier;
mod edited;
mod explain;
mod form;
mod gate;
mod git;
mod help;
mod init;
mod kept_files;
mod kinds;
mod logs;
mod memory;
mod mend;
mod merge;
mod open;
mod outcome;
mod output;
mod port;
mod progress;
mod project_files;
mod proof;
mod rebuild;
mod register;
mod repository;
mod schema;
mod session;
mod shell;
mod tally;
mod trace;
mod usage;
mod versions;
mod watch;
pub mod world;
mod write;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::source::excerpt::harmless_lines;
use crate::words::lang::Lang;
use args::{Cli, CliCommand};
use outcome::told;
pub use outcome::{ExitStatus, Stop};
use session::Session;
use world::World;

/// Runs one command line in this process's folder, on its streams. Messages have been written when it returns.
pub fn run_here(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match World::real() {
        Ok(mut world) => run(arguments, &mut world),
        Err(error) => {
            let lang = help::wanted_lang(&arguments).unwrap_or(error.locale);
            let _ = writeln!(io::stderr(), "duban: {}", error.text(lang));
            ExitStatus::Wrong
        }
    }
}

/// Runs one command line and says how it ended. Messages have been written when it returns.
///
/// Who starts the program by a double click wants the desk, over the project that the program lies in.
pub fn run<A: IntoIterator<Item = OsString>>(arguments: A, world: &mut World) -> ExitStatus {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_double_clicked = world.is_double_clicked && arguments.len() <= 1;
    if is_double_clicked {
        arguments.resize(1, OsString::from("duban"));
        arguments.push("open".into());
        world.folder = world.program.as_deref().and_then(Path::parent).unwrap_or(&world.folder).to_owned();
    }
    let status = run_command(&arguments, world);
    if is_double_clicked && status != ExitStatus::Done {
        wait_for_reader(world);
    }
    status
}

fn run_command(arguments: &[OsString], world: &mut World) -> ExitStatus {
    let lang = help::wanted_lang(arguments).unwrap_or(world.locale);
    match run_inner(arguments, lang, world) {
        Ok(status) => status,
        Err(stop) => told(stop, lang, world),
    }
}

/// A window that was opened for the program closes with it: what stands there is to be read first.
fn wait_for_reader(world: &mut World) {
    let text = world.locale.pick("按回车键关闭", "press Enter to close");
    let _ = writeln!(world.stderr, "{text}");
    let _ = world.stderr.flush();
    let _ = io::BufRead::skip_until(&mut io::BufReader::new(&mut world.stdin), b'\n');
}

fn run_inner(arguments: &[OsString], lang: Lang, world: &mut World) -> Result<ExitStatus, Stop> {
    let command = help::in_language(Cli::command(), lang, world.terminal_width);
    let parsed = command.try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return Ok(write_usage(&error, lang, world)?),
    };
    let Cli { global, command } = cli;
    // These need no project, and must work even if its config is broken.
    // `watch` opens it anew for each build.
    match command {
        CliCommand::Completions { shell } => return shell::completions(shell, world, lang),
        CliCommand::Man { output } => return shell::man(output.as_deref(), world, lang),
        CliCommand::Schema { of } => return schema::run(of, &global, world),
        CliCommand::Trace { document, figure, format } => return trace::run(&document, figure, format, lang, world),
        CliCommand::Explain { code } => {
            return explain::run(code.as_deref(), &global, help::wanted_lang(arguments), world);
        }
        CliCommand::Init(args) => return init::run(args, &global, help::wanted_lang(arguments), world),
        CliCommand::Watch(args) => return watch::run(args, &global, lang, world),
        CliCommand::Open(args) => return open::run(&args, &global, lang, world),
        CliCommand::Call => return call::run(&global, lang, run::<Vec<OsString>>, world),
        _ => {}
    }
    let mut session = match &command {
        CliCommand::Calendar(args) if args.import.is_some() => {
            Session::open_despite(calendar::is_made_by_import, &global, world)?
        }
        _ => Session::open(&global, world)?,
    };
    match command {
        CliCommand::Check(args) => check::run(args, &mut session),
        CliCommand::Mend(args) => mend::run(&args, &mut session),
        CliCommand::Config { command } => config::run(command, &mut session),
        CliCommand::Tally(args) => tally::run(args, &mut session),
        CliCommand::Merge(args) => merge::run(&args, &mut session),
        CliCommand::Due(args) => due::run(args, &mut session),
        CliCommand::Form(args) => form::run(&args, &mut session),
        CliCommand::Gate(args) => gate::run(&args, &mut session),
        CliCommand::Register(args) => {
            let again = args.rebuild();
            let status = register::run(args, &mut session)?;
            let made = again.map_or(Ok(ExitStatus::Done), |args| rebuild::run(&args, &mut session))?;
            Ok(if status == ExitStatus::Done { made } else { status })
        }
        CliCommand::Kinds { command } => kinds::run(command, &mut session),
        CliCommand::Calendar(args) => calendar::run(args, &mut session),
        CliCommand::Page(args) => write::page::run(&args, &mut session),
        CliCommand::Proof(args) => proof::run(&args, &mut session),
        CliCommand::Drift(args) => drift::run(&args, &mut session),
        CliCommand::Draft(args) => write::draft(&args, &mut session),
        CliCommand::Dispatch(args) => write::dispatch(&args, &mut session),
        // The others have returned above.
        _ => Ok(ExitStatus::Done),
    }
}

/// Writes help and version to standard output (status 0), usage errors to standard error (status 2).
fn write_usage(error: &clap::Error, lang: Lang, world: &mut World) -> io::Result<ExitStatus> {
    if let Some(text) = usage::chinese(error).filter(|_| lang == Lang::Zh) {
        world.stderr.write_all(harmless_lines(&text).as_bytes())?;
        return Ok(ExitStatus::Wrong);
    }
    let text = if world.no_colour || !world.stdout_is_terminal {
        error.render().to_string()
    } else {
        error.render().ansi().to_string()
    };
    if error.use_stderr() {
        world.stderr.write_all(text.as_bytes())?;
        Ok(ExitStatus::Wrong)
    } else {
        world.stdout.write_all(text.as_bytes())?;
        Ok(ExitStatus::Done)
    }
}
