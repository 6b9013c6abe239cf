//! `duban explain`: the codes of duban, and the rules of the project.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cli::args::GlobalArgs;
use crate::cli::session::root_of;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop, check};
use crate::fault::explain::as_read;
use crate::fault::{CodeTable, Faults, Severities, Severity};
use crate::project::{Project, config};
use crate::source::Sources;
use crate::words::lang::Lang;

/// A config with faults is read as far as it can be: what its faults mean is asked here.
pub(super) fn run(
    code: Option<&str>,
    global: &GlobalArgs,
    lang: Option<Lang>,
    world: &mut World,
) -> Result<ExitStatus, Stop> {
    let root = root_of(global.project.as_deref(), lang.unwrap_or(world.locale), world)?;
    let load = |root: PathBuf| config::load(&root, &mut Sources::default(), &mut Faults::default()).ok();
    let project = root.and_then(|root| load(world.folder.join(root))).unwrap_or_else(Project::default);
    let lang = lang.or(project.lang).unwrap_or(world.locale);
    let severities = &project.severities;
    let text = match code {
        Some(text) => {
            let code = check::code(text, severities.codes(), lang)?;
            shown(severities.codes().info(code).page(lang), lang)
        }
        None => all(severities, lang),
    };
    world.stdout.write_all(text.as_bytes())?;
    Ok(ExitStatus::Done)
}

/// A page as it is read: examples are set in, without the marks of Markdown around them.
fn shown(page: &str, lang: Lang) -> String {
    let (mut text, mut fence) = (String::new(), None);
    for line in page.lines() {
        let ticks = line.trim_start_matches('`');
        let marks = &line[..line.len() - ticks.len()];
        if marks.len() > 2 && fence.is_none_or(|fence| fence == line) {
            // ```csv log.csv
            if let (None, Some((_, file))) = (fence, ticks.split_once(' ')) {
                let _ = writeln!(text, "  {file}");
            }
            fence = if fence.is_none() { Some(marks) } else { None };
        } else if fence.is_some() {
            let _ = writeln!(text, "    {line}");
        } else if let Some(place) = line.strip_prefix("-> ") {
            let _ = writeln!(text, "  {} {place}", lang.pick("报在", "told at"));
        } else {
            let _ = writeln!(text, "{}", as_read(line.trim_start_matches('#').trim_start()));
        }
    }
    text
}

/// Each code with its severity in the project.
fn all(severities: &Severities, lang: Lang) -> String {
    let (codes, mut text): (&CodeTable, _) = (severities.codes(), String::new());
    for code in codes.all() {
        let info = codes.info(code);
        let severity = match severities.of(code) {
            Some(Severity::Error) => lang.pick("错误", "error  "),
            Some(Severity::Warning) => lang.pick("警告", "warning"),
            Some(Severity::Info) => lang.pick("提示", "info   "),
            None => lang.pick("不查", "off    "),
        };
        let _ = writeln!(text, "{code}  {severity}  {}", info.title(lang));
    }
    text
}
