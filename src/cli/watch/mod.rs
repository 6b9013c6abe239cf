//! `duban watch`: drafts in the browser, made anew whenever what they are made from changes.
//!
//! - `build`: the drafts of a kind, or why there are none
//! - `inputs`: the files that a build reads
//! - `page`: what the browser shows
//!
//! One thread builds, and looks for changes while it does not; so builds never overlap, and what changes during one causes
//! the next. The thread of the command writes to the terminal and ends it all at Ctrl-C.

mod build;
mod inputs;
mod page;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use crate::changes::{Ring, Snapshot, Waker};
use crate::cli::args::{GlobalArgs, WatchArgs};
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop, port, project_files, write};
use crate::kind::{self, KindError};
use crate::serve::Server;
use crate::source::excerpt::{harmless, harmless_lines};
use crate::words::lang::{Lang, counted};
use build::{Build, Builder};
use inputs::Inputs;
use page::Shown;

/// The port that is tried first, so that a tab finds the next run again. IANA has assigned it to nobody.
const PORT: u16 = 8721;
/// How long files must stay as they are: editors save in several steps, and several files at once.
const SETTLED: Duration = Duration::from_millis(100);
/// How many times that is waited for. A log that is copied for minutes is read before it is whole, and then again.
const MAX_WAITS: usize = 20;
/// The most changed files that are named.
const NAMED: usize = 3;

/// Nobody listens any more.
type Gone = mpsc::SendError<Event>;

/// What the thread that builds has to say.
enum Event {
    /// The outcome of a build, and its messages if they are wanted on the terminal too.
    Built { line: String, messages: String, is_good: bool },
    /// Something that changes how changes are found.
    Note(String),
    /// The user ended it.
    Interrupted,
    /// The thread ended by itself.
    Broken,
}

/// `duban watch`.
pub(super) fn run(args: WatchArgs, global: &GlobalArgs, lang: Lang, world: &mut World) -> Result<ExitStatus, Stop> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Stop::wrong(lang.pick(
            "标准输入只能读一次，watch 不能用 -；写出台账文件",
            "standard input can be read only once, so that `watch` takes no `-`: name the files",
        )));
    }
    need_kind(&args.kind, global, lang, world)?;
    let poll = args.poll;
    let server = Arc::new(port::started(args.port, PORT, lang, |port| Server::start(port, page::building(lang)))?);
    writeln!(world.stdout, "http://{}/", server.address())?;
    world.stdout.flush()?;
    let (tell, told) = mpsc::channel();
    let interrupted = tell.clone();
    (world.on_interrupt)(Box::new(move || drop(interrupted.send(Event::Interrupted))))?;
    let (ring, rings) = mpsc::channel();
    let watch = Watch {
        builder: Builder::new(args, global, lang, world),
        shown: Shown::default(),
        waker: Waker::new(poll, &ring, rings),
        polls: poll,
        server: Arc::clone(&server),
        tell,
    };
    thread::Builder::new().name("build".to_owned()).spawn(move || watch.run())?;
    let ended = follow(&told, global, lang, world);
    // A build that is going on is not waited for.
    let _ = ring.send(Ring::Over);
    ended
}

/// Refuses a kind that there is not; a config or a template that can't be read may be mended while it is watched.
fn need_kind(kind: &str, global: &GlobalArgs, lang: Lang, world: &World) -> Result<(), Stop> {
    let (page, ladder) = (write::page::KIND, write::batch::LADDER);
    if [page.0, page.1, ladder.0, ladder.1].contains(&kind) {
        return Ok(());
    }
    let (project, _) = project_files::read(&project_files::folder(global.project.as_deref(), &world.folder));
    match kind::named(&project, kind) {
        Err(error @ KindError::Unknown { .. }) => {
            let own = project.lang.filter(|_| global.lang.is_none());
            Err(Stop::wrong(error.text(own.unwrap_or(lang))))
        }
        _ => Ok(()),
    }
}

/// Writes to the terminal what the other thread tells, until the user ends it.
fn follow(told: &Receiver<Event>, global: &GlobalArgs, lang: Lang, world: &mut World) -> Result<ExitStatus, Stop> {
    loop {
        match told.recv().unwrap_or(Event::Broken) {
            Event::Built { line, messages, is_good } => {
                if !global.quiet || !is_good {
                    writeln!(world.stderr, "{}", harmless(&line))?;
                }
                if global.verbose {
                    world.stderr.write_all(harmless_lines(&messages).as_bytes())?;
                }
            }
            Event::Note(text) if global.quiet => drop(text),
            Event::Note(text) => writeln!(world.stderr, "{}", harmless(&text))?,
            Event::Interrupted => return Ok(ExitStatus::Done),
            Event::Broken => {
                return Err(Stop::unfinished(lang.pick(
                    "生成文书的线程意外结束；请重新运行",
                    "the thread that makes the documents ended unexpectedly; run it again",
                )));
            }
        }
    }
}

/// The thread that builds, and looks for changes.
struct Watch {
    builder: Builder,
    shown: Shown,
    waker: Waker,
    /// Whether the clock wakes it, as far as the user knows.
    polls: bool,
    server: Arc<Server>,
    tell: Sender<Event>,
}

impl Watch {
    fn run(mut self) {
        let _told = TellsEnd(self.tell.clone());
        // The thread that reads what is told ends first.
        let _ = self.build_and_wait();
    }

    /// Builds, and again at each change, until it is over.
    fn build_and_wait(&mut self) -> Result<(), Gone> {
        let mut changed = Vec::new();
        loop {
            let inputs = self.builder.inputs();
            let before = self.look(&inputs)?;
            let build = self.builder.build();
            let (lang, event) = (build.lang, self.event(&build, &changed));
            self.shown.take(build);
            self.server.show(self.shown.content(lang));
            self.tell.send(event)?;
            match self.next_change(&inputs, &before)? {
                Some(files) => changed = files,
                None => return Ok(()),
            }
        }
    }

    /// Waits for a change that has settled; none, if it is over.
    fn next_change(&mut self, inputs: &Inputs, before: &Snapshot) -> Result<Option<Vec<PathBuf>>, Gone> {
        let mut now = self.look(inputs)?;
        while before.changed(&now).is_empty() {
            if self.waker.wait() == Ring::Over {
                return Ok(None);
            }
            now = self.look(inputs)?;
        }
        for _ in 0..MAX_WAITS {
            if self.waker.wait_for(SETTLED) == Ring::Over {
                return Ok(None);
            }
            let later = self.look(inputs)?;
            let is_settled = now.changed(&later).is_empty();
            now = later;
            if is_settled {
                break;
            }
        }
        Ok(Some(before.changed(&now)))
    }

    /// Looks at the files, from now on told of their changes.
    fn look(&mut self, inputs: &Inputs) -> Result<Snapshot, Gone> {
        let mut found = inputs.find();
        // What was found in a folder before it was watched may be out of date.
        while self.waker.follow(&found.folders) {
            found = inputs.find();
        }
        if self.waker.polls() && !self.polls {
            self.polls = true;
            let lang = self.builder.lang();
            self.tell.send(Event::Note(lang.pick(
                "系统不能通知文件的改动，改为每秒查看两次".to_owned(),
                "the system can't tell of changes: files are looked at twice a second".to_owned(),
            )))?;
        }
        Ok(Snapshot::of(&found.files))
    }

    /// One line for a build: what changed, and what came of it.
    fn event(&self, build: &Build, changed: &[PathBuf]) -> Event {
        let lang = build.lang;
        let mut names: Vec<String> = changed.iter().take(NAMED).map(|path| self.builder.name(path)).collect();
        if let Some(more) = changed.len().checked_sub(NAMED).filter(|more| *more > 0) {
            names.push(lang.pick(format!("另有 {more} 个文件"), format!("{more} more")));
        }
        let what = if names.is_empty() { self.builder.kind().to_owned() } else { names.join(lang.pick("、", ", ")) };
        let outcome = match build.outcome {
            Ok(_) => lang.pick("正常".to_owned(), "ok".to_owned()),
            Err(faults) => {
                lang.pick(format!("{faults} 处错误，见页面"), format!("{}, see the page", counted(faults, "fault")))
            }
        };
        let (line, messages) = (format!("{what} → {outcome}"), build.messages.clone());
        Event::Built { line, messages, is_good: build.outcome.is_ok() }
    }
}

/// Tells, when it goes, that the thread has ended, even by a panic.
struct TellsEnd(Sender<Event>);

impl Drop for TellsEnd {
    fn drop(&mut self) {
        let _ = self.0.send(Event::Broken);
    }
}
