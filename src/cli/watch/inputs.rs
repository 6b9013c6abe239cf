//! The files that a build reads, as far as they can be told before it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::changes;
use crate::cli::args::WriteArgs;
use crate::cli::project_files;
use crate::kind;
use crate::register;
use crate::source::find::{LogPattern, Whereabouts};

/// Where the files are that a build reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inputs {
    /// The folder of the project.
    root: PathBuf,
    /// The working folder.
    folder: PathBuf,
    /// Single files: config, sites, calendar, register, accepted faults, data.
    files: BTreeSet<PathBuf>,
    /// Logs by the config; none where the command line names some.
    patterns: Vec<LogPattern>,
    /// Logs by the command line, and an earlier submission.
    names: Vec<PathBuf>,
}

impl Inputs {
    /// Those of a project in a folder, `root`, as far as its config can be read.
    pub(super) fn of(root: &Path, folder: &Path, args: &WriteArgs) -> Self {
        let (project, mut files) = project_files::read(root);
        files.insert(root.join(register::FILE_NAME));
        files.extend(args.from_data.iter().map(|path| folder.join(path)));
        let mut names = args.input.paths.clone();
        let reads_logs = args.from_data.is_none();
        let patterns = if names.is_empty() && reads_logs { project.logs } else { Vec::new() };
        // A period, `previous` or a revision is no file.
        names.extend(args.compare.iter().filter(|old| folder.join(old).exists()).cloned());
        Self { root: root.to_owned(), folder: folder.to_owned(), files, patterns, names }
    }

    /// The files that are there now, and the folders in which others may come to be, by their whole paths.
    pub(super) fn find(&self) -> Whereabouts {
        let mut found = Whereabouts { files: self.files.clone(), ..Whereabouts::default() };
        found.add_patterns(&self.root, &self.patterns);
        found.add_names(&self.names);
        changes::add_tree(&self.root.join(kind::FOLDER), &mut found.files, &mut found.folders);
        let absolute = |path: &PathBuf| self.folder.join(path);
        let files: BTreeSet<PathBuf> = found.files.iter().map(absolute).collect();
        let mut folders: BTreeSet<PathBuf> = found.folders.iter().map(absolute).collect();
        folders.extend(files.iter().filter_map(|file| file.parent().map(Path::to_owned)));
        Whereabouts { files, folders }
    }
}
