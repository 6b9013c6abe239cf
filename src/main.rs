//! argv → [`duban::cli::run`] → exit status.

use std::panic;
use std::process::ExitCode;

use duban::cli::world::World;

fn main() -> ExitCode {
    // What the reader of workbooks can't stand is caught and told as a damaged file, not as a fault of the program.
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !info.location().is_some_and(|place| place.file().contains("calamine")) {
            tell(info);
        }
    }));
    match World::real() {
        Ok(mut world) => ExitCode::from(duban::cli::run(std::env::args_os(), &mut world) as u8),
        Err(_) => ExitCode::from(duban::cli::Status::Wrong as u8),
    }
}
