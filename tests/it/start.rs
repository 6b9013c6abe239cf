//! What the process meets before any command runs.

#[cfg(unix)]
use std::process::{Command, Output};

use duban::words::lang::Lang;

use crate::project::Project;

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

/// What clap finds wrong is told in Chinese, whole.
#[test]
fn wrong_usage_is_told_in_chinese() {
    let project = Project::with(&[]);
    for (arguments, expected) in [
        (vec!["taly"], "没有 `taly` 这个命令\n  是否指 `tally`？"),
        (vec!["tally", "--formt", "json"], "没有 `--formt` 这个选项或参数\n  是否指 `--format`？"),
        (vec!["tally", "--format", "jsn"], "`--format <格式>` 不能是 `jsn`"),
        (vec!["tally", "--format"], "`--format <格式>` 后面缺少值"),
        (vec!["draft"], "缺少 <文种>"),
        (vec!["tally", "--period", "2021", "--from", "2021-08-01"], "`--period <期间>` 不能与 `--from <日期>` 一起用"),
        (vec!["tally", "-q", "-q"], "`--quiet` 只能写一次"),
        (vec!["calendar", "x"], "`[年份]` 不能是 `x`"),
        (vec!["check", "--dry-run"], "缺少 --fix"),
    ] {
        let run = project.run_lang(Lang::Zh, &arguments);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
        for english in ["error:", "Usage", "tip:", "For more", "possible"] {
            assert!(!run.stderr.contains(english), "{arguments:?}: {}", run.stderr);
        }
        assert!(project.run_lang(Lang::En, &arguments).stderr.contains("error: "), "{arguments:?}");
    }
}
