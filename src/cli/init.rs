//! `duban init`: a new project, with an example log, or set up from logs that are there (`from`).

mod ask;
pub(super) mod files;
mod from;
mod left;
mod line;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::atomic;
use crate::cli::args::{GlobalArgs, InitArgs};
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
pub(super) fn run(
    mut args: InitArgs,
    global: &GlobalArgs,
    lang: Option<Lang>,
    world: &mut World,
) -> Result<ExitStatus, Stop> {
    let lang = match lang {
        Some(lang) => lang,
        None if world.knows_locale || !world.can_ask => world.locale,
        None => asked_language(world)?,
    };
    // Where -C names the project, the other commands take its folder from there, too.
    args.dir = match (args.dir, global.project.clone()) {
        (Some(dir), Some(project)) if dir != project => return Err(two_folders(&dir, &project, lang)),
        (dir, project) => dir.or(project),
    };
    if let Some(file) = args.dir.as_deref().filter(|dir| world.folder.join(dir).is_file()) {
        let file = slashed(file);
        return Err(Stop::wrong(lang.pick(
            format!("{file} 是文件，新项目要的是文件夹；由台账建立项目：duban init 文件夹 --from {file}"),
            format!(
                "{file} is a file, and a project needs a folder; to set one up from a log: duban init DIR --from {file}"
            ),
        )));
    }
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

/// DIR and -C are two folders.
fn two_folders(dir: &Path, project: &Path, lang: Lang) -> Stop {
    let (dir, project) = (slashed(dir), slashed(project));
    Stop::wrong(lang.pick(
        format!("新项目的文件夹写了两个：{dir} 和 -C {project}；只写一个"),
        format!("two folders for the new project: {dir} and -C {project}; name one"),
    ))
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
