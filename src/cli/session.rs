//! The project, the language and the streams of one run: what every command starts from.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::album::PhotoFolders;
use crate::cli::args::{ColorArg, DateRangeArgs, GlobalArgs, SelectArgs};
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop};
use crate::fault::{Fault, FaultKind, Faults, Severity, emit};
use crate::kind::{self, KindError};
use crate::model::Field;
use crate::model::period::Period;
use crate::platform::paths::slashed;
use crate::progress::Unit;
use crate::project::{FILE_NAME, Project, config};
use crate::register::{self, Past, RegisterEntry};
use crate::source::Sources;
use crate::source::excerpt::{harmless, harmless_lines};
use crate::tally::select::{Condition, Filter};
use crate::words::date;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// One run of a command that reads the project.
pub(super) struct Session<'w> {
    pub(super) world: &'w mut World,
    pub(super) project: Project,
    pub(super) lang: Lang,
    pub(super) colour: bool,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    /// Where notes are kept instead of being written, if they are.
    pub(super) notes: Option<Vec<String>>,
    /// The values that conditions ask for, of fields that take any, until the logs are read.
    pub(super) asked: Vec<(Field, Symbol)>,
    /// How many faults of templates, kinds, logs and sums have been written.
    pub(super) faults_told: usize,
}

impl<'w> Session<'w> {
    /// Finds and reads the project.
    ///
    /// # Errors
    /// There is no such project, or its config has errors, which are then written here.
    pub(super) fn open(global: &GlobalArgs, world: &'w mut World) -> Result<Self, Stop> {
        Self::open_despite(|_| false, global, world)
    }

    /// The same, with errors of the config that the command mends.
    ///
    /// # Errors
    /// There is no such project, or its config has other errors.
    pub(super) fn open_despite(
        is_mended: impl Fn(&FaultKind) -> bool,
        global: &GlobalArgs,
        world: &'w mut World,
    ) -> Result<Self, Stop> {
        let GlobalArgs { project, lang, color, quiet, verbose } = global;
        let mut lang: Option<Lang> = lang.map(Lang::from);
        let root = root_of(project.as_deref(), lang.unwrap_or(world.locale), world)?;
        let colour = match color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => world.stdout_is_terminal && !world.no_colour,
        };
        let mut project = Project::default();
        if let Some(root) = root {
            let (mut sources, mut faults) = (Sources::default(), Faults::default());
            project = config::load(&root, &mut sources, &mut faults)?;
            lang = lang.or(project.lang);
            let is_error = |fault: &Fault| fault.severity == Severity::Error && !is_mended(&fault.what);
            if faults.sorted().into_iter().any(is_error) {
                let report = emit::CheckReport::new(&faults, &sources, 1, 0, None, lang.unwrap_or(world.locale));
                for shown in report.shown() {
                    writeln!(world.stderr, "{}", emit::one_line(&shown))?;
                    if let Some(help) = &shown.words.help {
                        writeln!(world.stderr, "  = {help}")?;
                    }
                }
                return Err(Stop::Reported(ExitStatus::Wrong));
            }
        }
        let lang = lang.unwrap_or(world.locale);
        kind::settle(&mut project).map_err(|error| Stop::wrong(error.text(lang)))?;
        // Project code picks its messages by `project.lang`.
        project.lang = Some(lang);
        let (quiet, verbose) = (*quiet, *verbose);
        Ok(Self { world, project, lang, colour, quiet, verbose, notes: None, asked: Vec::new(), faults_told: 0 })
    }

    /// The name of the kind that a text names.
    pub(super) fn kind(&self, text: &str) -> Result<String, Stop> {
        kind::named(&self.project, text).map_err(|error| Stop::wrong(error.text(self.lang)))
    }

    /// The same, where one thing more has a name like a kind and a Chinese one.
    pub(super) fn kind_or(&self, text: &str, (name, chinese): (&str, &str)) -> Result<String, Stop> {
        if text == name {
            return Ok(name.to_owned());
        }
        if text != chinese {
            return self.kind(text);
        }
        match kind::named(&self.project, text) {
            Err(KindError::Unknown { .. }) => Ok(name.to_owned()),
            Ok(kind) => {
                let candidates = vec![(name.to_owned(), chinese.to_owned()), (kind, chinese.to_owned())];
                let error = KindError::Ambiguous { name: text.to_owned(), candidates };
                Err(Stop::wrong(error.text(self.lang)))
            }
            Err(error) => Err(Stop::wrong(error.text(self.lang))),
        }
    }

    /// The day of `--as-of`, or today.
    pub(super) fn as_of(&self, text: Option<&str>) -> Result<NaiveDate, Stop> {
        text.map_or(Ok(self.world.today), |text| self.day(text))
    }

    fn day(&self, text: &str) -> Result<NaiveDate, Stop> {
        let read = date::parse(text, None, self.project.date_order).ok().filter(|read| !read.assumed);
        read.map(|read| read.date).ok_or_else(|| {
            Stop::wrong(self.lang.pick(
                format!("`{text}` 不是日期，应写成 2021-08-20"),
                format!("`{text}` is no date: write 2021-08-20"),
            ))
        })
    }

    /// Parses a period given as an option.
    pub(super) fn period(&self, text: &str) -> Result<Period, Stop> {
        text.parse().map_err(|_| {
            Stop::wrong(self.lang.pick(
                format!("`{text}` 不是期间，应写成 2021、2021-Q3、2021-08 或 2021-W32"),
                format!("`{text}` is no period: write 2021, 2021-Q3, 2021-08 or 2021-W32"),
            ))
        })
    }

    /// The filter that `--where`, `--period`, `--from` and `--to` make.
    pub(super) fn filter(&mut self, selecting: &SelectArgs, days: &DateRangeArgs) -> Result<Filter, Stop> {
        let mut conditions = Vec::new();
        for text in &selecting.conditions {
            let condition = Condition::parse(text, &self.project);
            conditions.push(condition.map_err(|fault| Stop::wrong(fault.text(self.lang)))?);
        }
        let period = match &selecting.period {
            Some(text) => self.period(text)?,
            None => Period {
                from: days.from.as_deref().map(|text| self.day(text)).transpose()?,
                to: days.until.as_deref().map(|text| self.day(text)).transpose()?,
            },
        };
        if period.from.zip(period.to).is_some_and(|(from, to)| to < from) {
            return Err(Stop::wrong(self.pick("--to 早于 --from", "--to lies before --from")));
        }
        self.ask_for(&conditions);
        Ok(Filter { conditions, period })
    }

    /// Writes the faults of a template or a kind to standard error.
    pub(super) fn report(&mut self, faults: &Faults, sources: &Sources) -> Result<(), Stop> {
        self.faults_told += faults.sorted().len();
        let report = emit::CheckReport::new(faults, sources, 0, 0, None, self.lang);
        for shown in report.shown() {
            emit::write_one(&shown, self.lang, self.colour, &mut self.world.stderr)?;
        }
        Ok(())
    }

    /// # Errors
    /// There is no project, which the command needs.
    pub(super) fn need_project(&self) -> Result<(), Stop> {
        if self.project.configured {
            return Ok(());
        }
        Err(Stop::wrong(self.pick(
            "这里没有 duban.yaml；用 -C 指明项目，或用 duban init 新建",
            "there is no duban.yaml here; name the project with -C, or begin one with `duban init`",
        )))
    }

    /// The folders in which photos lie, beside those of the logs.
    pub(super) fn photo_folders(&self) -> PhotoFolders {
        let working = self.world.folder.clone();
        // Without the dots, for messages.
        let root = self.project.configured.then(|| working.join(&self.project.root).components().collect());
        PhotoFolders { root, working }
    }

    /// The entries of the project's register; none without a project.
    pub(super) fn register_records(&self) -> Result<Vec<RegisterEntry>, Stop> {
        if !self.project.configured {
            return Ok(Vec::new());
        }
        register::read(&self.project.root).map_err(|error| Stop::wrong(error.text(self.lang)))
    }

    /// What the project's register says to a run; nothing without a project.
    pub(super) fn register_past(&self) -> Result<Past, Stop> {
        if !self.project.configured {
            return Ok(Past::default());
        }
        Past::read(&self.project.root).map_err(|error| Stop::wrong(error.text(self.lang)))
    }

    /// The bytes of a file that the command line names. No output of the run takes its place.
    ///
    /// # Errors
    /// It can't be read.
    pub(super) fn read_file(&mut self, path: &Path) -> Result<Vec<u8>, Stop> {
        let place = self.world.folder.join(path);
        let bytes = std::fs::read(&place).map_err(|error| Stop::unreadable(path, error))?;
        self.world.inputs.push(place);
        Ok(bytes)
    }

    /// The text of such a file.
    ///
    /// # Errors
    /// It can't be read, or is not UTF-8: what duban writes is.
    pub(super) fn read_text(&mut self, path: &Path) -> Result<String, Stop> {
        let text = String::from_utf8(self.read_file(path)?);
        text.map_err(|_| {
            let why = self.lang.pick("不是 UTF-8 文本", "this is no text in UTF-8");
            Stop::unreadable(path, io::Error::new(io::ErrorKind::InvalidData, why))
        })
    }

    /// Begins to count documents, which is shown on a terminal unless --quiet is given.
    pub(super) fn begin_documents(&self, count: usize) {
        if !self.quiet {
            self.world.progress.begin(Unit::Documents, count as u64);
        }
    }

    /// Writes a line to standard error, even with --quiet.
    pub(super) fn warn(&mut self, line: &str) -> Result<(), Stop> {
        writeln!(self.world.stderr, "{}", harmless(line))?;
        Ok(())
    }

    /// Writes a message to standard error, unless --quiet is given.
    pub(super) fn note(&mut self, text: &str) -> Result<(), Stop> {
        if let Some(notes) = &mut self.notes {
            notes.push(harmless_lines(text));
        } else if !self.quiet {
            writeln!(self.world.stderr, "{}", harmless_lines(text))?;
        }
        Ok(())
    }

    /// Writes data to standard output.
    pub(super) fn print(&mut self, text: &str) -> Result<(), Stop> {
        self.world.stdout.write_all(text.as_bytes())?;
        self.world.stdout.flush()?;
        Ok(())
    }

    /// One of two texts, by the language of the run.
    pub(super) fn pick(&self, zh: &str, en: &str) -> String {
        self.lang.pick(zh, en).to_owned()
    }

    /// The part of a message that says what to type at a terminal; a page has no place for that.
    pub(super) fn typed<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.world.is_on_page { "" } else { self.lang.pick(zh, en) }
    }
}

/// Finds the folder of the project: the one named, else the nearest with a config; `None` if there is none.
///
/// # Errors
/// The one named has no config.
pub(super) fn root_of(named: Option<&Path>, lang: Lang, world: &World) -> Result<Option<PathBuf>, Stop> {
    let Some(folder) = named else {
        return Ok(config::nearest_root(&world.folder).map(|root| relative(&root, &world.folder)));
    };
    if world.folder.join(folder).join(FILE_NAME).is_file() {
        return Ok(Some(folder.to_owned()));
    }
    let folder = slashed(&folder);
    Err(Stop::wrong(lang.pick(
        format!("{folder} 里没有 duban.yaml；用 duban init {folder} 新建"),
        format!("there is no duban.yaml in {folder}; make one with: duban init {folder}"),
    )))
}

/// `.` for the current folder; any other folder as it is.
fn relative(root: &Path, folder: &Path) -> PathBuf {
    if root == folder { PathBuf::from(".") } else { root.to_owned() }
}
