//! `duban schema`, and the schemas that editors find in a project.

use std::io;

use crate::atomic;
use crate::cli::args::{GlobalArgs, SchemaOf};
use crate::cli::session::Session;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop};
use crate::project::{FILE_NAME, Project};
use crate::schema;

/// Where the schemas of a project lie, for editors that are offline. The folder is duban's own.
const CONFIG_SCHEMA: &str = ".duban/config.schema.json";
const LOG_SCHEMA: &str = ".duban/log.schema.json";

/// What the first lines of a config say to the language server of an editor. A project whose config has it gets the schemas.
const MODELINE: &str = "# yaml-language-server: $schema=.duban/config.schema.json";

pub(super) fn run(of: SchemaOf, global: &GlobalArgs, world: &mut World) -> Result<ExitStatus, Stop> {
    let schema = match of {
        // That of the project, with its words.
        SchemaOf::Log => {
            let session = Session::open(global, world)?;
            schema::log(&session.project)
        }
        SchemaOf::Config => schema::config()?,
        SchemaOf::Tally => schema::tally()?,
        SchemaOf::Check => schema::check()?,
        SchemaOf::Proof => schema::proof()?,
        SchemaOf::Drift => schema::drift()?,
        SchemaOf::Edits => schema::edits()?,
    };
    world.stdout.write_all(text(&schema)?.as_bytes())?;
    Ok(ExitStatus::Done)
}

fn text(schema: &serde_json::Value) -> serde_json::Result<String> {
    serde_json::to_string_pretty(schema).map(|text| text + "\n")
}

/// Writes the schemas of a project whose config asks for them, where they are not as they should be: units and categories are
/// added from day to day, and a clone has none. Where nothing can be written, as in a folder that is only read, they stay as
/// they are: an editor then knows less, and no figure depends on it.
pub(super) fn keep(project: &Project) -> serde_json::Result<()> {
    let config = std::fs::read_to_string(project.root.join(FILE_NAME)).unwrap_or_default();
    if config.lines().take(5).any(|line| line.trim() == MODELINE) {
        let _ = write(project)?;
    }
    Ok(())
}

fn write(project: &Project) -> serde_json::Result<io::Result<()>> {
    let mut done = Ok(());
    for (name, schema) in [(CONFIG_SCHEMA, schema::config()?), (LOG_SCHEMA, schema::log(project))] {
        let (path, text) = (project.root.join(name), text(&schema)?);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        done = done.and(atomic::write(&path, text.as_bytes()));
    }
    Ok(done)
}
