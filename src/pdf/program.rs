//! LibreOffice: where it is found, and which program a config may name.
//!
//! `pdf: {with: PATH}` names a program to run, and a project may come from strangers. So the path is taken only if it
//! leads, by itself and without a detour, to an installed LibreOffice ([`may_be_named`]), and never into the project
//! ([`Office::named`]).

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::platform::paths::{real_path, slashed};
use crate::platform::processes::{is_program, of_system};
use crate::words::lang::Lang;

/// What a start of LibreOffice takes from its surroundings; everything else of the environment is kept from it.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The folders in which it is looked for, first to last.
    pub folders: Vec<PathBuf>,
    /// The variables that it is given.
    pub variables: Vec<(OsString, OsString)>,
    /// How long it may take for one document before it is ended.
    pub patience: Duration,
}

/// The variables that LibreOffice is given: where its files, its fonts and its temporary folder are.
pub const VARIABLES: [&str; 29] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "TMP",
    "TEMP",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CONFIG_HOME",
    "XDG_CONFIG_DIRS",
    "XDG_DATA_HOME",
    "XDG_DATA_DIRS",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "PROGRAMDATA",
    "USERPROFILE",
    "USERNAME",
    "APPDATA",
    "LOCALAPPDATA",
    "PROCESSOR_ARCHITECTURE",
    "NUMBER_OF_PROCESSORS",
];

/// How long LibreOffice may take for one document: more than a ledger of thousands of rows needs on a slow machine.
pub const PATIENCE: Duration = Duration::from_mins(5);

/// Where LibreOffice puts itself without being on the PATH.
pub const USUAL_FOLDERS: [&str; 5] = [
    "/usr/lib/libreoffice/program",
    "/opt/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:\\Program Files\\LibreOffice\\program",
    "C:\\Program Files (x86)\\LibreOffice\\program",
];

/// The files that start it. On Windows the one with a console comes first: it waits, and it says what it has to say.
const NAMES: [&str; 2] = of_system(["soffice.com", "soffice.exe"], ["soffice", "libreoffice"]);

/// LibreOffice, ready to be started.
#[derive(Clone, Debug)]
pub struct Office {
    pub(super) program: PathBuf,
    pub(super) variables: Vec<(OsString, OsString)>,
    pub(super) patience: Duration,
}

/// LibreOffice can't be used.
#[derive(Debug, thiserror::Error)]
pub enum NoOffice {
    /// It is nowhere.
    #[error("there is no LibreOffice")]
    NotFound,
    /// The path of the config leads nowhere.
    #[error("{path}: {cause}")]
    NotThere {
        /// As the config gives it.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The path of the config leads into the project.
    #[error("{path} lies in the project")]
    WithinProject {
        /// As the config gives it.
        path: PathBuf,
    },
}

impl NoOffice {
    /// The sentence for people, with what to do about it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::NotFound => lang.pick(
                "写成 PDF 要用 LibreOffice，这台机器上没有找到 soffice。请安装 libreoffice-writer（Debian、Ubuntu、统信、\
                 麒麟：apt install libreoffice-writer；Fedora、openEuler：dnf install libreoffice-writer；Windows、\
                 macOS：https://www.libreoffice.org/download/），或在 duban.yaml 写 pdf: {with: soffice 的路径}"
                    .to_owned(),
                "a PDF is made by LibreOffice, and there is no `soffice` on this machine. Install the package \
                 libreoffice-writer (Debian, Ubuntu: apt install libreoffice-writer; Fedora: dnf install \
                 libreoffice-writer; Windows, macOS: https://www.libreoffice.org/download/), or write pdf: {with: PATH of \
                 soffice} in duban.yaml"
                    .to_owned(),
            ),
            Self::NotThere { path, cause } => {
                let path = slashed(&path);
                lang.pick(
                    format!("duban.yaml 的 pdf: {{with: {path}}} 用不了：{cause}；改成 soffice 的路径，或删去让 duban 自己找"),
                    format!(
                        "pdf: {{with: {path}}} in duban.yaml can't be used: {cause}; write the path of soffice, or leave \
                         it out to have it looked for"
                    ),
                )
            }
            Self::WithinProject { path } => {
                let path = slashed(&path);
                lang.pick(
                    format!(
                        "duban.yaml 的 pdf: {{with: {path}}} 指向项目里的文件：项目带来的程序不会运行；写本机安装的 soffice 的路径"
                    ),
                    format!(
                        "pdf: {{with: {path}}} in duban.yaml leads into the project: a program that a project brings along \
                         is not run; write the path of the soffice that is installed"
                    ),
                )
            }
        }
    }
}

impl Office {
    /// Looks for LibreOffice.
    ///
    /// # Errors
    /// [`NoOffice::NotFound`].
    pub fn find(surroundings: &Surroundings) -> Result<Self, NoOffice> {
        let mut found = surroundings.folders.iter().flat_map(|folder| NAMES.map(|name| folder.join(name)));
        let program = found.find(|path| is_program(path)).ok_or(NoOffice::NotFound)?;
        Ok(Self::at(program, surroundings))
    }

    /// The LibreOffice that the config of the project in `root` names by a path that [`may_be_named`].
    ///
    /// # Errors
    /// It is not there, or within the project.
    pub fn named(path: &Path, root: &Path, surroundings: &Surroundings) -> Result<Self, NoOffice> {
        let not_there = |cause| NoOffice::NotThere { path: path.to_owned(), cause };
        let real = real_path(path).map_err(not_there)?;
        // The path itself too: a link in the project may lead anywhere.
        let folder = real_path(path.parent().unwrap_or(path)).map_err(not_there)?;
        if let Ok(root) = real_path(root)
            && (real.starts_with(&root) || folder.starts_with(&root))
        {
            return Err(NoOffice::WithinProject { path: path.to_owned() });
        }
        if !is_program(&real) {
            return Err(not_there(io::Error::other("not a program")));
        }
        Ok(Self::at(path.to_owned(), surroundings))
    }

    fn at(program: PathBuf, surroundings: &Surroundings) -> Self {
        Self { program, variables: surroundings.variables.clone(), patience: surroundings.patience }
    }

    /// The program that is started.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }
}

/// Whether a config may name a program by this path: an absolute one on this machine, straight to a file that is named
/// as LibreOffice's are. The same on every system, so that a config is sound or not wherever it is read.
#[must_use]
pub fn may_be_named(path: &str) -> bool {
    let is_separator = |c: char| c == '/' || c == '\\';
    let drive =
        path.get(..2).filter(|drive| drive.ends_with(':') && drive.starts_with(|c: char| c.is_ascii_alphabetic()));
    let rest = &path[drive.map_or(0, str::len)..];
    // Another machine (`\\server\share`, `//server/share`), and the doors of a system to anywhere (`/proc/self/cwd`).
    let is_absolute = rest.starts_with(is_separator) && (drive.is_some() || rest.starts_with('/'));
    let is_remote = rest.chars().nth(1).is_some_and(is_separator);
    let mut parts = rest.split(is_separator).filter(|part| !part.is_empty());
    let is_door = ["proc", "dev", "sys"].contains(&parts.clone().next().unwrap_or_default());
    let is_straight = parts.all(|part| part != "." && part != "..");
    let name = rest.rsplit(is_separator).next().unwrap_or_default().to_lowercase();
    let name = [".exe", ".com", ".bin"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    let version = name.strip_prefix("libreoffice").or_else(|| name.strip_prefix("soffice"));
    let is_office = version.is_some_and(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.'));
    is_absolute && !is_remote && !is_door && is_straight && is_office
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_names_libreoffice_and_nothing_else() {
        for path in [
            "/usr/bin/soffice",
            "/usr/bin/libreoffice24.8",
            "/opt/libreoffice25.2/program/soffice.bin",
            "C:\\Program Files\\LibreOffice\\program\\soffice.exe",
            "D:/Portable Apps/办公/SOFFICE.COM",
        ] {
            assert!(may_be_named(path), "{path}");
        }
        for path in [
            "",
            "/",
            "soffice",
            "./soffice",
            "tools/soffice",
            "/usr/bin/../../home/soffice",
            "/usr/bin/python3",
            "/usr/bin/soffice-evil",
            "/usr/bin/soffice.sh",
            "\\\\server\\share\\soffice.exe",
            "//server/share/soffice.exe",
            "\\\\?\\C:\\soffice.exe",
            "\\soffice.exe",
            "C:soffice.exe",
            "/proc/self/cwd/soffice",
            "/dev/fd/soffice",
            "é:/soffice",
        ] {
            assert!(!may_be_named(path), "{path}");
        }
    }

    #[test]
    fn a_project_does_not_bring_its_own_program() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("project"), folder.path().join("bin"));
        for place in [&root, &outside] {
            std::fs::create_dir(place).unwrap();
            let program = place.join("soffice");
            crate::atomic::write(&program, b"").unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
            }
        }
        let named = |path: &Path| Office::named(path, &root, &Surroundings::default());
        assert!(named(&outside.join("soffice")).is_ok());
        assert!(matches!(named(&root.join("soffice")), Err(NoOffice::WithinProject { .. })));
        assert!(matches!(named(&outside.join("libreoffice")), Err(NoOffice::NotThere { .. })));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outside.join("soffice"), root.join("libreoffice")).unwrap();
            std::os::unix::fs::symlink(root.join("soffice"), outside.join("libreoffice")).unwrap();
            assert!(matches!(named(&root.join("libreoffice")), Err(NoOffice::WithinProject { .. })));
            assert!(matches!(named(&outside.join("libreoffice")), Err(NoOffice::WithinProject { .. })));
        }
    }
}
