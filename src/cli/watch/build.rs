//! One build: the drafts of a kind, or why there are none, with all that is said about them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::cli::args::{ColorArg, GlobalArgs, PageArgs, WatchArgs, WriteArgs};
use crate::cli::memory::MemoryOutput;
use crate::cli::outcome::{Stop, told};
use crate::cli::project_files;
use crate::cli::session::Session;
use crate::cli::watch::inputs::Inputs;
use crate::cli::world::World;
use crate::cli::write;
use crate::fault::{Faults, Severity};
use crate::pdf::program::Surroundings;
use crate::project::config;
use crate::source::Sources;
use crate::spool::Spooled;
use crate::words::lang::Lang;
use crate::write::Format;

/// A document, as a page.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The name of the file that `draft` would write.
    pub(super) name: String,
    pub(super) html: String,
}

/// What came of a build.
pub(super) struct Build {
    /// The documents, or how many faults there are.
    pub(super) outcome: Result<Vec<Draft>, usize>,
    /// What a terminal would show, as it would show it; of a build without documents, its faults.
    pub(super) messages: String,
    pub(super) lang: Lang,
}

/// Makes the documents of a run, again and again: everything is read anew each time.
pub(super) struct Builder {
    args: WriteArgs,
    global: GlobalArgs,
    /// The language of the last build; at first that of the command line and the locale.
    lang: Lang,
    today: NaiveDate,
    folder: PathBuf,
    locale: Lang,
    surroundings: Surroundings,
}

impl Builder {
    pub(super) fn new(args: WatchArgs, global: &GlobalArgs, lang: Lang, world: &World) -> Self {
        Self {
            args: args.into(),
            global: global.clone(),
            lang,
            today: world.today,
            folder: world.folder.clone(),
            locale: world.locale,
            surroundings: world.surroundings.clone(),
        }
    }

    pub(super) fn lang(&self) -> Lang {
        self.lang
    }

    pub(super) fn kind(&self) -> &str {
        &self.args.kind
    }

    /// The folder of the project; if there is none yet, the one it would be in.
    fn root(&self) -> PathBuf {
        project_files::folder(self.global.project.as_deref(), &self.folder)
    }

    /// A file as people know it: from the project's folder.
    pub(super) fn name(&self, path: &Path) -> String {
        let (path, root): (PathBuf, PathBuf) = (path.components().collect(), self.root().components().collect());
        path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/")
    }

    /// The files that a build reads now.
    pub(super) fn inputs(&self) -> Inputs {
        Inputs::of(&self.root(), &self.folder, &self.args)
    }

    /// Makes the documents.
    pub(super) fn build(&mut self) -> Build {
        let messages = MemoryOutput::default();
        let mut world = World {
            today: self.today,
            folder: self.folder.clone(),
            locale: self.locale,
            knows_locale: true,
            can_ask: false,
            no_colour: true,
            repository: None,
            surroundings: self.surroundings.clone(),
            stdin: Box::new(io::empty()),
            stdout: Box::new(io::sink()),
            stderr: Box::new(messages.clone()),
            is_on_page: false,
            inputs: Vec::new(),
            stdout_is_terminal: false,
            is_double_clicked: false,
            terminal_width: None,
            marks_csv: false,
            progress: Arc::default(),
            program: None,
            open_in_browser: |_| false,
            on_interrupt: |_| Ok(()),
        };
        let global = GlobalArgs { color: ColorArg::Never, ..self.global.clone() };
        let mut notes = Vec::new();
        let made = match Session::open(&global, &mut world) {
            Ok(mut session) => {
                self.lang = session.lang;
                session.notes = Some(Vec::new());
                let made = documents(&self.args, &mut session);
                notes = session.notes.take().unwrap_or_default();
                made.map_err(|stop| (stop, session.faults_told))
            }
            Err(stop) => Err((stop, self.config_faults())),
        };
        let outcome = made.map_err(|(stop, faults)| {
            // With its status nothing ends here.
            let _ = told(stop, self.lang, &mut world);
            faults.max(1)
        });
        drop(world);
        let mut text = messages.text();
        if outcome.is_ok() {
            text.extend(notes.iter().flat_map(|note| [note.as_str(), "\n"]));
        }
        Build { outcome, messages: text, lang: self.lang }
    }

    /// How many errors the config has.
    fn config_faults(&self) -> usize {
        let (mut sources, mut faults) = (Sources::default(), Faults::default());
        let _ = config::load(&self.root(), &mut sources, &mut faults);
        faults.count(Severity::Error)
    }
}

/// The documents that are watched: the page for the leader, or those of a kind.
fn documents(args: &WriteArgs, session: &mut Session<'_>) -> Result<Vec<Draft>, Stop> {
    let (page, chinese) = write::page::KIND;
    if args.kind != page && (args.kind != chinese || session.kind_or(chinese, write::page::KIND)? != page) {
        return drafts(args, session);
    }
    let asked = PageArgs {
        input: args.input.clone(),
        selecting: args.selecting.clone(),
        compare: args.compare.clone(),
        edition: args.edition,
        output: None,
    };
    let made = write::page::make(&asked, session)?;
    Ok(vec![Draft { name: format!("{page}.html"), html: text_of(made.html)? }])
}

/// What `draft` would write.
fn drafts(args: &WriteArgs, session: &mut Session<'_>) -> Result<Vec<Draft>, Stop> {
    let files = write::drafted(args, session)?.into_iter().filter(|file| file.format == Some(Format::Html));
    files.map(|file| Ok(Draft { name: file.name, html: text_of(file.bytes)? })).collect()
}

fn text_of(file: Spooled) -> Result<String, Stop> {
    Ok(String::from_utf8_lossy(&file.into_vec()?).into_owned())
}
