//! Runs a command as a terminal would, and keeps what it writes.

use std::ffi::OsString;
use std::io::Cursor;
use std::path::PathBuf;

use crate::cli::args::{ColorArg, GlobalArgs, LangArg};
use crate::cli::call::command::Command;
use crate::cli::memory::MemoryOutput;
use crate::cli::outcome::told;
use crate::cli::session::Session;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop};
use crate::project::FILE_NAME;
use crate::words::lang::Lang;

/// Runs a command line. It is handed in by whoever knows all commands.
pub(in crate::cli) type Runner = fn(Vec<OsString>, &mut World) -> ExitStatus;

/// What every command of an answer is run with.
pub(super) struct Caller<'c> {
    pub(super) global: &'c GlobalArgs,
    /// The language of the request.
    lang: Option<Lang>,
    runner: Runner,
}

impl<'c> Caller<'c> {
    pub(super) fn new(global: &'c GlobalArgs, lang: Option<Lang>, runner: Runner) -> Self {
        Self { global, lang, runner }
    }

    /// Does something in a session: its status, what it wrote to standard error, and what came of it.
    pub(super) fn in_session<T>(
        &self,
        lang: Lang,
        world: &mut World,
        act: impl FnOnce(&mut Session<'_>) -> Result<T, Stop>,
    ) -> (ExitStatus, String, Option<T>) {
        let messages = MemoryOutput::default();
        let shown = std::mem::replace(&mut world.stderr, Box::new(messages.clone()));
        let options = self.options(world);
        let (status, done) = match Session::open(&options, &mut *world).and_then(|mut session| act(&mut session)) {
            Ok(done) => (ExitStatus::Done, Some(done)),
            Err(stop) => (told(stop, lang, world), None),
        };
        world.stderr = shown;
        (status, messages.text(), done)
    }

    /// The options of a session.
    fn options(&self, world: &World) -> GlobalArgs {
        let lang = self.lang.map(|lang| lang.pick(LangArg::Zh, LangArg::En));
        let project = self.project(world).cloned();
        GlobalArgs { project, lang: lang.or(self.global.lang), color: ColorArg::Never, ..self.global.clone() }
    }

    /// The folder of the project, if there is one already.
    fn project(&self, world: &World) -> Option<&PathBuf> {
        self.global.project.as_ref().filter(|folder| world.folder.join(folder).join(FILE_NAME).is_file())
    }

    /// Runs a command without a terminal: its status, standard output and standard error.
    pub(super) fn run(&self, command: &Command, world: &mut World) -> (ExitStatus, Vec<u8>, String) {
        let mut arguments: Vec<OsString> = vec!["duban".into()];
        if let Some(project) = self.project(world) {
            arguments.extend(["--project".into(), project.clone().into_os_string()]);
        }
        if let Some(lang) = self.lang {
            arguments.extend(["--lang".into(), lang.code().into()]);
        }
        arguments.extend(["--color".into(), "never".into()]);
        arguments.extend(command.arguments.iter().map(OsString::from));
        let (stdout, stderr) = (MemoryOutput::default(), MemoryOutput::default());
        let stdin = Box::new(Cursor::new(command.stdin.clone()));
        let before = (
            std::mem::replace(&mut world.stdin, stdin),
            std::mem::replace(&mut world.stdout, Box::new(stdout.clone())),
            std::mem::replace(&mut world.stderr, Box::new(stderr.clone())),
            std::mem::replace(&mut world.can_ask, false),
            std::mem::replace(&mut world.is_on_page, true),
            std::mem::replace(&mut world.stdout_is_terminal, false),
            world.terminal_width.take(),
        );
        let status = (self.runner)(arguments, world);
        (
            world.stdin,
            world.stdout,
            world.stderr,
            world.can_ask,
            world.is_on_page,
            world.stdout_is_terminal,
            world.terminal_width,
        ) = before;
        (status, stdout.bytes(), stderr.text())
    }
}
