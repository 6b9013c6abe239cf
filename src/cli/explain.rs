//! `duban explain`.

use std::fmt::Write as _;

use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop, check};
use crate::fault::{Code, Severity, explain};
use crate::words::lang::Lang;

pub(super) fn run(code: Option<&str>, lang: Lang, world: &mut World) -> Result<ExitStatus, Stop> {
    let text = match code {
        Some(text) => shown(explain::page(check::code(text, lang)?, lang), lang),
        None => all(lang),
    };
    world.stdout.write_all(text.as_bytes())?;
    Ok(ExitStatus::Done)
}

/// A page as it is read: examples are set in, without the marks of Markdown around them.
fn shown(page: &str, lang: Lang) -> String {
    let (mut text, mut is_example) = (String::new(), false);
    for line in page.lines() {
        if let Some(of) = line.strip_prefix("```") {
            is_example = !is_example;
            // ```csv log.csv
            if let Some((_, file)) = of.split_once(' ').filter(|_| is_example) {
                let _ = writeln!(text, "  {file}");
            }
        } else if is_example {
            let _ = writeln!(text, "    {line}");
        } else if let Some(place) = line.strip_prefix("-> ") {
            let _ = writeln!(text, "  {} {place}", lang.pick("报在", "told at"));
        } else {
            let _ = writeln!(text, "{}", line.trim_start_matches('#').trim_start());
        }
    }
    text
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
