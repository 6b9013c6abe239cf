//! What the process meets before any command runs.

use std::process::{Command, Output};

/// Runs the binary in a folder that was deleted before it started.
#[cfg(unix)]
fn run_in_deleted_folder(locale: &str, arguments: &[&str]) -> Output {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("deleted");
    std::fs::create_dir(&folder).unwrap();
    let script = "rmdir \"$PWD\" && exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_duban")]).args(arguments).current_dir(&folder);
    command.env("LC_ALL", locale).output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_deleted_folder_is_reported_with_a_remedy() {
    for (locale, arguments, expected) in [
        ("C", &["check"][..], ["the current folder was deleted", "cd to an existing folder"]),
        ("zh_CN.UTF-8", &["check"], ["当前文件夹已被删除", "cd"]),
        ("C", &["check", "--lang", "zh"], ["当前文件夹已被删除", "cd"]),
    ] {
        let output = run_in_deleted_folder(locale, arguments);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(expected.iter().all(|part| message.contains(part)), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(output.stdout.is_empty());
    }
}
