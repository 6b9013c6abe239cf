//! argv → [`duban::cli::run`] → exit status.

use std::process::ExitCode;

use duban::cli::world::World;

fn main() -> ExitCode {
    match World::real() {
        Ok(mut world) => ExitCode::from(duban::cli::run(std::env::args_os(), &mut world) as u8),
        Err(_) => ExitCode::from(duban::cli::Status::Wrong as u8),
    }
}
