//! `duban completions` and `duban man`.

use clap::CommandFactory as _;

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

pub(super) fn man(world: &mut World, lang: Lang) -> Result<ExitStatus, Stop> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(help::in_language(Cli::command(), lang, None)).render(&mut bytes)?;
    world.stdout.write_all(&bytes)?;
    Ok(ExitStatus::Done)
}
