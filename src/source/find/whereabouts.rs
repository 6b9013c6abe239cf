//! Where logs are looked for, for whoever watches them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::source::find::names::{display_name, is_pattern, name_in};
use crate::source::find::patterns::{Exclusion, LogPattern};
use crate::source::find::walk::{glob_through, walk_through};

/// Where logs are looked for: the files found, which may be more than are read, and the folders looked through, in which
/// another would be found too.
#[derive(Clone, Debug, Default)]
pub struct Whereabouts {
    /// The files, and the names that lead to none.
    pub files: BTreeSet<PathBuf>,
    /// The folders.
    pub folders: BTreeSet<PathBuf>,
}

impl Whereabouts {
    /// Adds those of the names of a command line, as `by_names` takes them. What can't be read is passed over.
    pub fn add_names(&mut self, names: &[PathBuf]) {
        for name in names {
            self.add(Path::new("."), name.clone(), &display_name(name));
        }
    }

    /// Adds those of the patterns of a project, as `by_patterns` takes them. What can't be read is passed over.
    pub fn add_patterns(&mut self, root: &Path, patterns: &[LogPattern]) {
        for pattern in patterns {
            if let LogPattern::Files(pattern) | LogPattern::Latest(pattern) = pattern {
                self.add(root, root.join(pattern), pattern);
            }
        }
        let exclusion = |pattern: &LogPattern| match pattern {
            LogPattern::Without(pattern) => Exclusion::new(pattern).ok(),
            _ => None,
        };
        for mut exclusion in patterns.iter().filter_map(exclusion) {
            self.files.retain(|path| !exclusion.covers(&name_in(root, path)));
        }
    }

    fn add(&mut self, root: &Path, path: PathBuf, pattern: &str) {
        let found = if path.is_dir() {
            walk_through(&path, |_| true, &mut self.folders)
        } else if !path.exists() && is_pattern(pattern) {
            glob_through(root, pattern, &mut self.folders)
        } else {
            Ok(vec![path])
        };
        self.files.extend(found.unwrap_or_default());
    }
}
