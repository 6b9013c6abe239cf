//! A project in a temporary folder, and commands run in it as a user would, without a process.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use duban::cli::world::World;
use duban::words::lang::Lang;
use serde_json::Value;

/// A folder that goes away with the test.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

/// What came of a command.

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Runs a command in a folder, on a fixed day, in a fixed language, with nothing from outside.
pub(crate) fn run_in(folder: &Path, lang: Lang, stdin: &[u8], arguments: &[&str]) -> Run {
    run_changed(folder, lang, stdin, arguments, &|_| ())
}

/// The same in a world of which `change` makes another.
fn run_changed(folder: &Path, lang: Lang, stdin: &[u8], arguments: &[&str], change: &dyn Fn(&mut World)) -> Run {
    let (stdout, stderr) = (Shared::default(), Shared::default());
    let mut world = World {
        today: chrono::NaiveDate::from_ymd_opt(2021, 8, 20).unwrap(),
        folder: folder.to_owned(),
        locale: lang,
        knows_locale: true,
        can_ask: false,
        no_colour: true,
        repository: None,
        surroundings: duban::pdf::program::Surroundings::default(),
        stdin: Box::new(io::Cursor::new(stdin.to_vec())),
        stdout: Box::new(stdout.clone()),
        stderr: Box::new(stderr.clone()),
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
    change(&mut world);
    let arguments = std::iter::once("duban").chain(arguments.iter().copied()).map(Into::into);
    let status = duban::cli::run(arguments, &mut world) as u8;
    Run { status, stdout: stdout.text(), stderr: stderr.text() }
}

impl Project {
    /// A folder with files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            project.write(name, text.as_bytes());
        }
        project
    }

    /// A copy of one of the examples.
    pub(crate) fn example(name: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name), project.path());
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_lang(Lang::Zh, arguments)
    }

    pub(crate) fn run_lang(&self, lang: Lang, arguments: &[&str]) -> Run {
        self.run_changed(lang, arguments, &|_| ())
    }

    /// Runs a command in a world of which `change` makes another.
    pub(crate) fn run_changed(&self, lang: Lang, arguments: &[&str], change: &dyn Fn(&mut World)) -> Run {
        let root = self.path().to_string_lossy().into_owned();
        let arguments: Vec<String> =
            arguments.iter().map(|argument| argument.replace("@/", &format!("{root}/"))).collect();
        let mut all: Vec<&str> = arguments.iter().map(String::as_str).collect();
        if self.path().join("duban.yaml").exists() && !all.contains(&"-C") {
            all.extend(["-C", root.as_str()]);
        }
        run_changed(self.path(), lang, b"", &all, change)
    }
}

impl Run {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// It ended well.
    pub(crate) fn success(self) -> Self {
        assert_eq!(self.status, 0, "{}{}", self.stdout, self.stderr);
        self
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The rows of a figure in a `.figures.json`: those of all figures stand there once, and the figure has their numbers.
pub(crate) fn rows_of<'s>(sheet: &'s Value, figure: &Value) -> Vec<&'s Value> {
    let all = sheet["rows"].as_array().unwrap();
    let number = |number: &Value| usize::try_from(number.as_u64().unwrap()).unwrap();
    let stretch = |stretch: &Value| match stretch.as_array() {
        Some(ends) => number(&ends[0])..=number(&ends[1]),
        None => number(stretch)..=number(stretch),
    };
    figure["rows"].as_array().unwrap().iter().flat_map(stretch).map(|row| &all[row]).collect()
}
