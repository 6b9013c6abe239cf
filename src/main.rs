//! argv → [`duban::cli::run_here`] → exit status.

use std::panic;
use std::process::ExitCode;

use duban::platform::CATCHES_PANICS;

fn main() -> ExitCode {
    // A panic inside the workbook reader is caught and reported as a damaged file, so its message is not shown.
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !CATCHES_PANICS || !info.location().is_some_and(|place| place.file().contains("calamine")) {
            tell(info);
        }
    }));
    ExitCode::from(duban::cli::run_here(std::env::args_os()) as u8)
}
