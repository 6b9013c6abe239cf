//! What comes from outside: clock, working folder, environment, streams. No other file reads them.

use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::cli::progress::ProgressLine;
use crate::digest;
use crate::pdf::program::{PATIENCE, Surroundings, USUAL_FOLDERS, VARIABLES};
use crate::platform::{double_click, processes, signals, terminal};
use crate::progress::Progress;
use crate::words::lang::Lang;

/// What a command sees of its surroundings. Tests construct their own.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct World {
    /// Today, unless `--as-of` says otherwise.
    pub today: NaiveDate,
    /// The folder the command was started in.
    pub folder: PathBuf,
    /// The language of the environment or the system, or the usual one.
    pub locale: Lang,
    /// Whether environment or system name that language.
    pub knows_locale: bool,
    /// Whether colour is unwanted whatever the terminal can do (`NO_COLOR`).
    pub no_colour: bool,
    /// The root of the repository, if the CI system names it.
    pub repository: Option<PathBuf>,
    /// What LibreOffice is looked for and started with.
    pub surroundings: Surroundings,
    /// Standard input.
    pub stdin: Box<dyn Read>,
    /// Data, and nothing but data.
    pub stdout: Box<dyn Write>,
    /// Messages.
    pub stderr: Box<dyn Write>,
    /// Whether somebody can be asked: standard input and standard error are a terminal.
    pub can_ask: bool,
    /// Whether a page shows what is written, and no terminal (`duban call`).
    pub is_on_page: bool,
    /// The files that the command has read, which no output of it may replace.
    pub inputs: Vec<PathBuf>,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether a file manager started the program: nobody typed a command.
    pub is_double_clicked: bool,
    /// The width of the terminal that standard output is, in half-width characters; `None` if it is none.
    pub terminal_width: Option<usize>,
    /// Whether CSV in a file begins with a byte order mark: people open it in Excel, on Windows most often.
    pub marks_csv: bool,
    /// How far the run has come; shown where standard error is a terminal.
    pub progress: Arc<Progress>,
    /// The file of this program, which the desk runs once for each call.
    pub program: Option<PathBuf>,
    /// Opens an address in the user's browser; whether that could be begun.
    pub open_in_browser: fn(&str) -> bool,
    /// Asks for something to be done, instead of ending the process, when the user interrupts it (Ctrl-C).
    pub on_interrupt: fn(Box<dyn FnMut() + Send>) -> io::Result<()>,
}

/// The folder that the process was started in can't be used.
#[derive(Debug)]
pub struct NoFolder {
    /// The language of the locale.
    pub(super) locale: Lang,
    cause: io::Error,
}

impl NoFolder {
    /// The sentence for people, with what to do about it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let cause = &self.cause;
        lang.pick(
            format!("当前文件夹已被删除或无法访问（{cause}）；请用 cd 进入一个存在的文件夹，再运行"),
            format!("the current folder was deleted or is not accessible ({cause}); cd to an existing folder and run it again"),
        )
    }
}

impl World {
    /// The world of this process.
    ///
    /// # Errors
    /// The working folder is not accessible: usually it was deleted.
    #[expect(clippy::disallowed_methods, reason = "the only place that reads clock, environment and folder")]
    pub fn real() -> Result<Self, NoFolder> {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        // The order of POSIX: the first one set decides.
        let named = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
        let known = language(named.as_deref(), sys_locale::get_locales);
        let locale = known.unwrap_or(Lang::En);
        let progress = Arc::<Progress>::default();
        let line = io::stderr().is_terminal().then(|| ProgressLine::watch(Arc::clone(&progress)));
        let stdout: Box<dyn Write> = match &line {
            Some(line) if io::stdout().is_terminal() => Box::new(line.beside(io::stdout(), true)),
            _ => Box::new(io::stdout()),
        };
        let stderr: Box<dyn Write> = match &line {
            Some(line) => Box::new(line.beside(io::stderr(), false)),
            None => Box::new(io::stderr()),
        };
        Ok(Self {
            today: chrono::Local::now().date_naive(),
            folder: std::env::current_dir().map_err(|cause| NoFolder { locale, cause })?,
            locale,
            knows_locale: known.is_some(),
            no_colour: set("NO_COLOR").is_some(),
            // GitHub and GitLab name it.
            repository: set("GITHUB_WORKSPACE").or_else(|| set("CI_PROJECT_DIR")).map(PathBuf::from),
            surroundings: surroundings(),
            stdin: Box::new(io::stdin()),
            stdout,
            stderr,
            can_ask: io::stdin().is_terminal() && io::stderr().is_terminal(),
            is_on_page: false,
            inputs: Vec::new(),
            stdout_is_terminal: io::stdout().is_terminal(),
            is_double_clicked: double_click::is_double_clicked(
                set("DISPLAY").or_else(|| set("WAYLAND_DISPLAY")).is_some(),
            ),
            terminal_width: terminal::width(),
            marks_csv: processes::of_system(true, false),
            progress,
            program: std::env::current_exe().ok(),
            open_in_browser,
            on_interrupt: signals::on_interrupt,
        })
    }
}

/// A text that nobody guesses: 128 bits of the system's randomness.
///
/// # Errors
/// The system has none.
pub fn secret() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(digest::hex(&bytes))
}

fn open_in_browser(address: &str) -> bool {
    let (program, arguments) = processes::BROWSER;
    let mut command = Command::new(program);
    command.args(arguments).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}

/// The language that the environment names, else the first of those preferred on the system that is one of ours. Where the
/// environment names another language, the system is not asked; `C` and `POSIX` name none.
fn language<I: Iterator<Item = String>>(environment: Option<&str>, system: impl FnOnce() -> I) -> Option<Lang> {
    let is_named = |text: &&str| !matches!(text.split(['.', '@']).next(), Some("C" | "POSIX"));
    match environment.filter(is_named) {
        Some(text) => Lang::from_str(text).ok(),
        None => system().find_map(|text| Lang::from_str(&text).ok()),
    }
}

/// What LibreOffice is looked for and started with in this process. Of the PATH only absolute folders count: the others
/// depend on where the command was started.
fn surroundings() -> Surroundings {
    let path = processes::search_path(std::env::var_os("PATH")).into_iter();
    let folders = path.chain(USUAL_FOLDERS.iter().map(PathBuf::from)).filter(|folder| folder.is_absolute()).collect();
    let variables =
        std::env::vars_os().filter(|(name, _)| VARIABLES.iter().any(|known| name.eq_ignore_ascii_case(known)));
    Surroundings { folders, variables: variables.collect(), patience: PATIENCE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_goes_before_the_system() {
        for (environment, system, wanted) in [
            (Some("zh_CN.UTF-8"), &["en-US"][..], Some(Lang::Zh)),
            (Some("en_GB"), &["zh-CN"], Some(Lang::En)),
            (Some("de_DE.UTF-8"), &["zh-CN"], None),
            (Some("C.UTF-8"), &["zh-Hans-CN"], Some(Lang::Zh)),
            (Some("POSIX"), &[], None),
            (None, &["zh-CN", "en-US"], Some(Lang::Zh)),
            (None, &["de-DE", "en-US"], Some(Lang::En)),
            (None, &["de-DE"], None),
        ] {
            let system = || system.iter().map(|text| (*text).to_owned());
            assert_eq!(language(environment, system), wanted, "{environment:?}");
        }
    }
}
