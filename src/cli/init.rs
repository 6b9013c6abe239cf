//! `duban init`: a new project, with an example log, or set up from logs that are there (`from`).

mod ask;
pub(super) mod files;
mod from;
mod left;
mod line;

use std::io::Write as _;
use std::path::PathBuf;

use crate::atomic;
use crate::cli::args::InitArgs;
use crate::cli::init::files::{IGNORE, IGNORED, is_there, prepare_for_git};
use crate::cli::init::line::line;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop, schema};
use crate::fault::Faults;
use crate::platform::paths::slashed;
use crate::project::{FILE_NAME, config};
use crate::source::Sources;
use crate::words::lang::Lang;

/// The files of a new project, by language: path and text.
const ZH: [(&str, &str); 3] = [
    (IGNORE, IGNORED),
    (FILE_NAME, include_str!("init/zh/duban.yaml")),
    ("logs/example.csv", include_str!("init/zh/example.csv")),
];
const EN: [(&str, &str); 3] = [
    (IGNORE, IGNORED),
    (FILE_NAME, include_str!("init/en/duban.yaml")),
    ("logs/example.csv", include_str!("init/en/example.csv")),
];

/// `lang` is the language that the command line names.
pub(super) fn run(args: InitArgs, lang: Option<Lang>, world: &mut World) -> Result<ExitStatus, Stop> {
    let lang = match lang {
        Some(lang) => lang,
        None if world.knows_locale || !world.can_ask => world.locale,
        None => asked_language(world)?,
    };
    if !args.from_logs.is_empty() {
        return from::run(args, lang, world);
    }
    let shown = args.dir.unwrap_or_else(|| PathBuf::from("."));
    let root = world.folder.join(&shown);
    let files = lang.pick(ZH, EN);
    for (name, _) in files {
        if name != IGNORE && root.join(name).exists() {
            return Err(is_there(&shown.join(name), lang));
        }
    }
    for (name, text) in files {
        if root.join(name).exists() {
            continue;
        }
        let path = shown.join(name);
        atomic::write(&root.join(name), text.as_bytes()).map_err(|error| Stop::unwritten(&path, error))?;
        writeln!(world.stdout, "{}", slashed(&path))?;
    }
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    schema::keep(&config::load(&root, &mut sources, &mut faults)?)?;
    prepare_for_git(&root, &shown, lang, world)?;
    let here = slashed(&shown);
    let next = lang.pick(
        format!("已建好。接下来：\n  duban check -C {here}\n  duban tally -C {here} --by unit\n  duban draft bulletin -C {here}"),
        format!("Done. Next:\n  duban check -C {here}\n  duban tally -C {here} --by unit\n  duban draft bulletin -C {here}"),
    );
    writeln!(world.stderr, "{next}")?;
    Ok(ExitStatus::Done)
}

/// Asks for the language, in both.
fn asked_language(world: &mut World) -> Result<Lang, Stop> {
    loop {
        writeln!(
            world.stderr,
            "文书和消息用哪种语言？ Which language for documents and messages?\n  1  中文\n  2  English"
        )?;
        write!(world.stderr, "1/2: ")?;
        world.stderr.flush()?;
        let Some(answer) = line(world)? else {
            return Err(Stop::wrong("没有回答；用 --lang zh 写明。No answer: say it with --lang en".to_owned()));
        };
        match answer.trim().to_lowercase().as_str() {
            "1" | "中文" | "zh" => return Ok(Lang::Zh),
            "2" | "english" | "en" => return Ok(Lang::En),
            _ => {}
        }
    }
}
