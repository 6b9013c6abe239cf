//! `duban open`: the desk, a page in the browser over the project of a folder, for those who use no terminal.
//!
//! - `service`: the calls of the page, each answered by `duban call` in a process of its own
//! - `work_folder`: where lies what is handed in
//!
//! What is handed in lies in a temporary folder until the command ends; only `take`, `learn`, `dispatch` and `setup` write into
//! the project.

mod service;
mod work_folder;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use crate::cli::args::{GlobalArgs, OpenArgs};
use crate::cli::world::{World, secret};
use crate::cli::{ExitStatus, Stop};
use crate::cli::{port, project_files};
use crate::desk::{Backend, DeskPage};
use crate::platform::paths::slashed;
use crate::serve::{Content, Guarded, Page, Server};
use crate::words::lang::Lang;
use service::{Desk, DeskService};
use work_folder::WorkFolder;

/// The port that is tried first. IANA has assigned it to nobody.
const PORT: u16 = 8722;

pub(super) fn run(args: &OpenArgs, global: &GlobalArgs, lang: Lang, world: &mut World) -> Result<ExitStatus, Stop> {
    let project = folder(args, global, lang, world)?;
    // The page begins in the language of the office.
    let own = project_files::read(&project).0.lang.filter(|_| global.lang.is_none());
    let lang = own.unwrap_or(lang);
    let Some(program) = world.program.clone() else {
        return Err(Stop::unfinished(
            lang.pick("找不到 duban 自己的程序文件", "the program file of duban is not to be found"),
        ));
    };
    let work = WorkFolder::new()?;
    let (ended, told) = mpsc::channel();
    let secrets = Secrets { token: secret()?, code: secret()? };
    let variables = world.surroundings.variables.clone();
    let desk = Desk { program, project, work: work.path().to_owned(), variables, lang, ended: ended.clone() };
    let service = Arc::new(DeskService::new(desk));
    let server = serve(args.port, lang, &secrets, &service)?;
    let page = format!("http://{}/", server.address());
    writeln!(world.stdout, "{page}#t={}", secrets.token)?;
    world.stdout.flush()?;
    (world.on_interrupt)(Box::new(move || {
        let _ = ended.send(());
    }))?;
    let is_opened = !args.no_browser && (world.open_in_browser)(&format!("{page}#c={}", secrets.code));
    let opened = match (is_opened, args.no_browser) {
        (true, _) => lang.pick("已在浏览器里打开", "opened in the browser"),
        (false, true) => lang.pick("请把上面的地址复制到浏览器里", "copy the address above into a browser"),
        (false, false) => lang.pick(
            "没能打开浏览器；请把上面的地址复制到浏览器里",
            "no browser could be opened; copy the address above into one",
        ),
    };
    if !global.quiet || !is_opened && !args.no_browser {
        let ends = lang.pick(
            "只有这台电脑能访问。用完在页面上点“结束”，或按 Ctrl-C、关闭本窗口",
            "this computer alone can reach it. “End” on the page, Ctrl-C, or closing this window ends it",
        );
        writeln!(world.stderr, "{}", lang.pick(format!("{opened}；{ends}"), format!("{opened}; {ends}")))?;
    }
    // Without a signal that can be waited for, it goes on until the process is ended.
    let _ = told.recv();
    service.end();
    server.wait_for_answers();
    drop(server);
    work.close()?;
    Ok(ExitStatus::Done)
}

/// What lets a page call.
struct Secrets {
    /// Good until the command ends.
    token: String,
    /// What the browser is started with: good once.
    code: String,
}

/// The folder of the project, or the one that it will be in.
fn folder(args: &OpenArgs, global: &GlobalArgs, lang: Lang, world: &World) -> Result<PathBuf, Stop> {
    let folder = project_files::folder(args.dir.as_deref().or(global.project.as_deref()), &world.folder);
    if folder.is_dir() {
        return Ok(folder);
    }
    let shown = slashed(&folder);
    Err(Stop::wrong(lang.pick(format!("没有文件夹 {shown}"), format!("there is no folder {shown}"))))
}

fn serve(port: Option<u16>, lang: Lang, secrets: &Secrets, service: &Arc<DeskService>) -> Result<Server, Stop> {
    let page = || -> io::Result<Content> {
        let page = DeskPage { lang, office: None, backend: Backend::Desk };
        let page = Page { html: page.html()?, policy: page.policy() };
        Ok(Content { version: String::new(), pages: [("/".to_owned(), page)].into(), missing: missing(lang) })
    };
    let start = |port| {
        let guarded = Guarded::new(secrets.token.clone(), Some(secrets.code.clone()), Box::new(Arc::clone(service)));
        page().and_then(|content| Server::start_with(port, content, Some(guarded)))
    };
    port::started(port, PORT, lang, start)
}

fn missing(lang: Lang) -> Page {
    let text = lang.pick("没有这一页", "There is no such page");
    Page { html: format!("<!DOCTYPE html><title>{text}</title><p>{text}"), policy: "default-src 'none'".to_owned() }
}
