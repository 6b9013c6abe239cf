//! `duban explain`.

use std::fmt::Write as _;

use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop, check};
use crate::fault::{Code, Severity, explain};
use crate::words::lang::Lang;

pub(super) fn run(code: Option<&str>, lang: Lang, world: &mut World) -> Result<ExitStatus, Stop> {
    let text = match code {
        Some(text) => explain::page(check::code(text, lang)?, lang).to_owned(),
        None => all(lang),
    };
    world.stdout.write_all(text.as_bytes())?;
    Ok(ExitStatus::Done)
}

fn all(lang: Lang) -> String {
    let mut text = String::new();
    for code in Code::all() {
        let severity = match code.info().severity {
            Severity::Error => lang.pick("错误", "error  "),
            Severity::Warning => lang.pick("警告", "warning"),
            Severity::Info => lang.pick("提示", "info   "),
        };
        let _ = writeln!(text, "{code}  {severity}  {}", code.title(lang));
    }
    text
}
