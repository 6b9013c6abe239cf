//! `duban completions` and `duban man`.

use std::path::Path;

use clap::{Command, CommandFactory as _};

use crate::atomic;
use crate::cli::args::Cli;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop, help};
use crate::words::lang::Lang;

pub(super) fn completions(shell: clap_complete::Shell, world: &mut World, lang: Lang) -> Result<ExitStatus, Stop> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut help::in_language(Cli::command(), lang, None), "duban", &mut bytes);
    world.stdout.write_all(&bytes)?;
    Ok(ExitStatus::Done)
}

/// Prints the page of duban, or writes a page for each command into a folder.
pub(super) fn man(folder: Option<&Path>, world: &mut World, lang: Lang) -> Result<ExitStatus, Stop> {
    // A page lists only commands that have one.
    let command = help::in_language(Cli::command().disable_help_subcommand(true), lang, None);
    let source = format!("duban {}", command.get_version().unwrap_or_default());
    let page = |command: &Command| clap_mangen::Man::new(command.clone()).source(&source);
    let Some(folder) = folder.map(|folder| world.folder.join(folder)) else {
        let mut bytes = Vec::new();
        page(&command).render(&mut bytes)?;
        world.stdout.write_all(&bytes)?;
        return Ok(ExitStatus::Done);
    };
    let mut waiting = vec![&command];
    while let Some(command) = waiting.pop() {
        let (page, mut bytes) = (page(command), Vec::new());
        page.render(&mut bytes)?;
        atomic::write(&folder.join(page.get_filename()), &bytes)?;
        waiting.extend(command.get_subcommands());
    }
    Ok(ExitStatus::Done)
}
