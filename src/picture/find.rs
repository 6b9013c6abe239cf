//! Finds the file of a picture by the name that a log or a template gives.

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use unicode_normalization::UnicodeNormalization as _;

use super::error::PictureError;

use crate::platform::paths::{real_path, slashed};

/// Finds many files: a folder is read once.
#[derive(Debug, Default)]
pub struct Finder {
    /// The names in each folder, by what they look like.
    folders: HashMap<PathBuf, HashMap<String, Vec<String>>>,
}

/// Returns the file of a name in one of some folders. Logs come from other computers: `\` is a separator, and where no file has
/// the very name, letter case and the form of characters don't count.
///
/// # Errors
/// The name leads out of the folders, no file has it, or different files have it.
pub fn find(name: &str, folders: &[PathBuf]) -> Result<PathBuf, PictureError> {
    Finder::default().find(name, folders)
}

impl Finder {
    /// As [`find`].
    ///
    /// # Errors
    /// Those of [`find`].
    pub fn find(&mut self, name: &str, folders: &[PathBuf]) -> Result<PathBuf, PictureError> {
        let name = name.trim().replace('\\', "/");
        let parts: Vec<String> = Path::new(&name)
            .components()
            .filter(|part| *part != Component::CurDir)
            .map(|part| match part {
                Component::Normal(part) => Ok(part.to_string_lossy().into_owned()),
                _ => Err(PictureError::Outside),
            })
            .collect::<Result<_, _>>()?;
        // C:/photos, https://…
        if parts.first().is_none_or(|first| first.ends_with(':')) {
            return Err(PictureError::Outside);
        }
        let mut found: Vec<PathBuf> = Vec::new();
        for folder in folders {
            let Some(path) = self.within(folder, &parts) else { continue };
            let (Ok(real), Ok(root)) = (real_path(&path), real_path(folder)) else { continue };
            // A link may lead out.
            if !real.starts_with(&root) {
                return Err(PictureError::Outside);
            }
            if !found.contains(&real) {
                found.push(real);
            }
        }
        let shown = |path: &PathBuf| slashed(&path).to_string();
        match found.as_slice() {
            [] => Err(PictureError::Missing { folders: folders.iter().map(shown).collect() }),
            [only] => Ok(only.clone()),
            [first, others @ ..] => {
                let is_same =
                    |other: &PathBuf| fs::read(first).ok().is_some_and(|bytes| fs::read(other).ok() == Some(bytes));
                if others.iter().all(is_same) {
                    return Ok(first.clone());
                }
                Err(PictureError::Several { files: found.iter().map(shown).collect() })
            }
        }
    }

    /// The file of a path in a folder, by its very name or, if there is only one, by one that looks the same.
    fn within(&mut self, folder: &Path, parts: &[String]) -> Option<PathBuf> {
        let exact = parts.iter().fold(folder.to_owned(), |path, part| path.join(part));
        if exact.is_file() {
            return Some(exact);
        }
        let mut path = folder.to_owned();
        for part in parts {
            let Some([only]) = self.names(&path).get(&folded(part)).map(Vec::as_slice) else { return None };
            path.push(only);
        }
        path.is_file().then_some(path)
    }

    /// The names in a folder; none if it can't be read.
    fn names(&mut self, folder: &Path) -> &HashMap<String, Vec<String>> {
        self.folders.entry(folder.to_owned()).or_insert_with(|| {
            let mut names: HashMap<String, Vec<String>> = HashMap::new();
            let entries = fs::read_dir(folder).into_iter().flatten();
            for name in entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()) {
                names.entry(folded(&name)).or_default().push(name);
            }
            names
        })
    }
}

/// What a name looks like, whatever its letter case and the form of its characters.
pub(crate) fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_its_folder_and_nowhere_else() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            crate::atomic::write(&path, text.as_bytes()).unwrap();
        };
        for (name, text) in [
            ("p/照片/1.JPG", "1"),
            ("p/seal.png", "s"),
            ("logs/seal.png", "s"),
            ("logs/a.jpg", "a"),
            ("p/a.jpg", "b"),
            ("out.png", "o"),
        ] {
            write(name, text);
        }
        let folders = ["p", "logs"].map(|name| root.path().join(name));
        let found = |name: &str| {
            let path = find(name, &folders)?;
            Ok(path.strip_prefix(real_path(root.path()).unwrap()).unwrap().to_string_lossy().replace('\\', "/"))
        };
        for (name, path) in
            [("照片\\1.jpg", "p/照片/1.JPG"), (" ./照片/1.JPG ", "p/照片/1.JPG"), ("seal.png", "p/seal.png")]
        {
            assert_eq!(found(name), Ok(path.to_owned()));
        }
        for name in ["../out.png", "/etc/passwd", "C:\\a.png", "https://example.com/a.png", "", "照片/../../out.png"]
        {
            assert_eq!(found(name), Err(PictureError::Outside), "{name}");
        }
        assert!(matches!(found("b.png"), Err(PictureError::Missing { .. })));
        assert!(matches!(found("a.jpg"), Err(PictureError::Several { .. })));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.path().join("out.png"), root.path().join("p/link.png")).unwrap();
            assert_eq!(found("link.png"), Err(PictureError::Outside));
        }
    }
}
