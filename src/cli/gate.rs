//! `duban gate`: the checker as one HTML file, with the vocabulary of this office, for teams without duban.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, PathBuf};

use crate::changes;
use crate::cli::args::GateArgs;
use crate::cli::output;
use crate::cli::project_files;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::desk::{self, Backend, DeskPage};
use crate::kind;
use crate::platform::paths::slashed;
use crate::project::allowance::Allowance;

// `MODULE`: the module that releases carry, if this is one.
include!(concat!(env!("OUT_DIR"), "/gate_module.rs"));

/// The largest page that still goes by mail, in bytes: the files of the project are told if it is larger.
const MAIL: usize = 10 * 1024 * 1024;

pub(super) fn run(args: &GateArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    session.need_project()?;
    let lang = session.lang;
    let module = match &args.module {
        Some(path) => {
            let shown = slashed(&path);
            let bytes = session.read_file(path)?;
            desk::pack(&bytes).map_err(|_| {
                Stop::wrong(lang.pick(
                    format!("{shown} 不是 WebAssembly 模块；发布包里的 duban.wasm 才是"),
                    format!("{shown} is no WebAssembly module; duban.wasm of a release is one"),
                ))
            })?
        }
        None => MODULE.map(<[u8]>::to_vec).ok_or_else(|| {
            Stop::wrong(lang.pick(
                "这个 duban 没有带网页用的模块（自行编译的都没有）：从同一版本的发布包取 duban.wasm，或用 release/wasm 编译，再加 --module duban.wasm",
                "this duban carries no module for the page (one that is built from source never does): take duban.wasm from the release \
                 of the same version, or build it with release/wasm, and give it with --module duban.wasm",
            ))
        })?,
    };
    let project = files(session)?;
    let office = Some(session.project.office.name.clone()).filter(|name| !name.is_empty());
    let page =
        DeskPage { lang, office: office.as_deref(), backend: Backend::Gate { project: &project, module: &module } };
    let html = page.html()?;
    output::write_file(&args.output, html.as_bytes(), session)?;
    let names = project.keys().map(String::as_str).collect::<Vec<_>>().join(lang.pick("、", ", "));
    session.note(&lang.pick(
        format!("页内带有 {names}，收到的人都能看到；不带登记簿和台账"),
        format!("the page holds {names}, which whoever gets it can read; it holds no register and no log"),
    ))?;
    if session.project.allowances.iter().any(Allowance::is_for_files) {
        session.warn(&session.pick(
            "duban.yaml 里按文件（file:）写的豁免在页里不起作用：收到的文件不在项目的文件夹里",
            "allowances of duban.yaml that name a file hold nowhere in the page: a file that is dropped lies in no folder of the project",
        ))?;
    }
    if html.len() > MAIL {
        let size = html.len() / (1024 * 1024);
        session.warn(&lang.pick(
            format!("页面有 {size} MB，可能发不了邮件"),
            format!("the page has {size} MB, which mail may refuse"),
        ))?;
    }
    Ok(ExitStatus::Done)
}

/// The files of a project that checking and drafting need, by their names from its folder: config, sites, calendar, known
/// faults, own kinds.
fn files(session: &Session<'_>) -> Result<BTreeMap<String, Vec<u8>>, Stop> {
    let root = session.world.folder.join(&session.project.root);
    let (_, paths) = project_files::read(&session.project.root);
    let mut all: BTreeSet<PathBuf> = paths.into_iter().map(|path| session.world.folder.join(path)).collect();
    changes::add_tree(&root.join(kind::FOLDER), &mut all, &mut BTreeSet::new());
    let (mut files, mut outside) = (BTreeMap::new(), Vec::new());
    for path in all.iter().filter(|path| path.is_file()) {
        let names = path.strip_prefix(&root).ok().map(|inside| {
            inside.components().map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                _ => None,
            })
        });
        match names.and_then(Iterator::collect::<Option<Vec<String>>>) {
            Some(parts) => drop(files.insert(parts.join("/"), std::fs::read(path)?)),
            None => outside.push(slashed(path).to_string()),
        }
    }
    if outside.is_empty() {
        return Ok(files);
    }
    let lang = session.lang;
    let outside = outside.join(lang.pick("、", ", "));
    Err(Stop::wrong(lang.pick(
        format!("页里放不下 duban.yaml 用到的 {outside}：只能放项目文件夹里、名字不带 .. 的；移进来，改好 duban.yaml 里的名字"),
        format!("the page can't hold {outside}, which duban.yaml names: only what lies in the project's folder and has no .. in its name; move it in, and name it so"),
    )))
}
