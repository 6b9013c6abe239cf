//! Other programs. Where none can be started, starting one fails with an error of the system, as where it is not installed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// The folders of a PATH. Where no program can be started, there are none: the standard library can't even part it there.
pub(crate) fn search_path(path: Option<OsString>) -> Vec<PathBuf> {
    let path = path.filter(|_| cfg!(any(unix, windows)));
    path.iter().flat_map(std::env::split_paths).collect()
}

/// The program that opens an address in the user's browser, and what stands before the address.
pub(crate) const BROWSER: (&str, &[&str]) = if cfg!(windows) {
    ("rundll32", &["url.dll,FileProtocolHandler"])
} else if cfg!(target_os = "macos") {
    ("open", &[])
} else {
    ("xdg-open", &[])
};

/// Which of two spellings of a program's files the system has: on Windows `on_windows`.
pub(crate) const fn of_system<T: Copy>(on_windows: T, elsewhere: T) -> T {
    if cfg!(windows) { on_windows } else { elsewhere }
}

/// Whether a file is there and may be run.
#[cfg(unix)]
pub(crate) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// Whether a file is there.
#[cfg(not(unix))]
pub(crate) fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Lets a process be ended together with those that it starts.
pub(crate) fn in_own_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Ends a process in a group of its own and those that it started.
#[cfg(unix)]
pub(crate) fn end_group(child: &mut Child, _variables: &[(OsString, OsString)]) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    _ = child.kill();
    _ = child.wait();
}

/// Ends a process and those that it started.
#[cfg(not(unix))]
pub(crate) fn end_group(child: &mut Child, variables: &[(OsString, OsString)]) {
    end_tree(child, variables);
}

/// Ends a process and the one that it started, whose number is in a file: a starter does not pass an end on.
#[cfg(unix)]
pub(crate) fn end_all(child: &mut Child, pid_file: &Path, _variables: &[(OsString, OsString)]) {
    let pid = std::fs::read_to_string(pid_file).unwrap_or_default();
    _ = child.kill();
    _ = child.wait();
    if let Some(pid) = pid.trim().parse().ok().and_then(rustix::process::Pid::from_raw) {
        _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
    }
}

/// Ends a process and those that it started.
#[cfg(not(unix))]
pub(crate) fn end_all(child: &mut Child, _pid_file: &Path, variables: &[(OsString, OsString)]) {
    end_tree(child, variables);
}

#[cfg(not(unix))]
fn end_tree(child: &mut Child, variables: &[(OsString, OsString)]) {
    use std::process::Stdio;
    let root = variables.iter().find(|(name, _)| name.eq_ignore_ascii_case("SYSTEMROOT"));
    if let Some((_, root)) = root {
        let taskkill = Path::new(root).join("System32").join("taskkill.exe");
        let pid = child.id().to_string();
        let mut command = Command::new(taskkill);
        _ = command.args(["/T", "/F", "/PID", &pid]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
    _ = child.kill();
    _ = child.wait();
}
