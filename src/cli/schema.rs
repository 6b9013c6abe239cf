//! `duban schema`.

use crate::cli::args::SchemaOf;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop};
use crate::schema;

pub(super) fn run(of: SchemaOf, world: &mut World) -> Result<ExitStatus, Stop> {
    let schema = match of {
        SchemaOf::Log => schema::log(),
        SchemaOf::Config => schema::config()?,
        SchemaOf::Tally => schema::tally()?,
        SchemaOf::Check => schema::check()?,
    };
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    world.stdout.write_all(text.as_bytes())?;
    Ok(ExitStatus::Done)
}
