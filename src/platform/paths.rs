//! Paths as the system means them, and as they are printed.

use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Returns the absolute path of what is there, with links followed.
///
/// # Errors
/// It is not there, or can't be looked at.
#[expect(clippy::disallowed_methods, reason = "the only place that asks for it")]
pub(crate) fn real_path(path: &Path) -> io::Result<PathBuf> {
    if cfg!(target_os = "wasi") {
        let folder = std::env::current_dir()?;
        return followed(&folder, path, &|path| std::fs::read_link(path), &|path| path.metadata().map(drop));
    }
    let real = path.canonicalize()?;
    if cfg!(windows)
        && let Some(plain) = real.to_str().and_then(without_verbatim)
    {
        return Ok(plain.into());
    }
    Ok(real)
}

/// So many links lead from a path, at most: those of a circle lead nowhere.
const MOST_LINKS: usize = 40;

/// Follows the links of a path by hand.
fn followed(
    folder: &Path,
    path: &Path,
    link: &dyn Fn(&Path) -> io::Result<PathBuf>,
    look: &dyn Fn(&Path) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let (mut real, mut links) = (PathBuf::from("/"), 0);
    let parts = |path: &Path| -> Vec<std::ffi::OsString> {
        path.components()
            .rev()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_owned()),
                Component::ParentDir => Some("..".into()),
                Component::RootDir => Some("/".into()),
                Component::Prefix(_) | Component::CurDir => None,
            })
            .collect()
    };
    let mut open = parts(&folder.join(path));
    while let Some(part) = open.pop() {
        if part == "/" {
            real = PathBuf::from("/");
        } else if part == ".." {
            real.pop();
        } else {
            let next = real.join(&part);
            match link(&next) {
                Ok(target) if links < MOST_LINKS => {
                    links += 1;
                    open.extend(parts(&target));
                }
                Ok(_) => return Err(io::Error::other("too many links")),
                // It is none.
                Err(_) => real = next,
            }
        }
    }
    look(&real)?;
    Ok(real)
}

/// `\\?\C:\…` as `C:\…`, and `\\?\UNC\server\share\…` as `\\server\share\…`: what people type, what other programs understand,
/// and what a path that somebody gave can be compared with. `None` if the path has no such beginning or means something else
/// without it.
fn without_verbatim(path: &str) -> Option<String> {
    let rest = path.strip_prefix(r"\\?\")?;
    let share = rest.strip_prefix(r"UNC\");
    let plain = share.map_or_else(|| rest.to_owned(), |share| format!(r"\\{share}"));
    let is_drive = matches!(rest.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic());
    // Longer ones are not found without it; and Windows takes a dot or a space off the end of a name.
    let is_short = plain.encode_utf16().count() < 260;
    let is_plain = |part: &str| !part.ends_with(['.', ' ']) && !part.contains('/') && !is_device(part);
    let is_same = plain.split('\\').filter(|part| !part.is_empty()).all(is_plain);
    (is_short && is_same && (is_drive || share.is_some())).then_some(plain)
}

/// A path, with `/` between its parts, without what makes it an absolute one: `/`, on Windows also `C:/` and `//server/share/`.
pub(crate) fn without_root(path: &str) -> &str {
    after_root(path, cfg!(windows))
}

fn after_root(path: &str, has_drives: bool) -> &str {
    if has_drives {
        if let [letter, b':', b'/', ..] = path.as_bytes()
            && letter.is_ascii_alphabetic()
        {
            return &path[3..];
        }
        let shared = path.strip_prefix("//").and_then(|rest| {
            let (server, rest) = rest.split_once('/')?;
            let (share, rest) = rest.split_once('/')?;
            (!server.is_empty() && !share.is_empty() && !["?", "."].contains(&server)).then_some(rest)
        });
        if let Some(rest) = shared {
            return rest;
        }
    }
    path.strip_prefix('/').unwrap_or(path)
}

/// Whether Windows takes a file name for a device, whatever its extension: `CON`, `nul.txt`, `COM1`. A file of that name made
/// elsewhere can't be copied there.
#[must_use]
pub(crate) fn is_device(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or_default().trim_end_matches(' ').to_ascii_uppercase();
    let numbered = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let is_numbered = numbered.is_some_and(|number| {
        let mut number = number.chars();
        matches!((number.next(), number.next()), (Some('1'..='9' | '¹' | '²' | '³'), None))
    });
    is_numbered || matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
}

/// A path as it is printed: with `/` between its parts on every system, so that what is printed on one is read on another.
/// Windows takes it so too.
pub(crate) fn slashed<P: AsRef<Path> + ?Sized>(path: &P) -> impl fmt::Display + use<P> {
    let path = path.as_ref().to_string_lossy();
    if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verbatim_path_is_as_people_type_it() {
        let long = format!(r"\\?\C:\{}", "督".repeat(260));
        for (path, wanted) in [
            (r"\\?\C:\督办\台账.xlsx", Some(r"C:\督办\台账.xlsx")),
            (r"\\?\z:\", Some(r"z:\")),
            (r"\\?\UNC\server\share\a b", Some(r"\\server\share\a b")),
            (r"\\?\UNC\server\share", Some(r"\\server\share")),
            (r"C:\督办", None),
            (r"\\server\share", None),
            (r"\\?\Volume{b75e2c83-0000-0000-0000-602f00000000}\a", None),
            (r"\\?\C:", None),
            (r"\\?\C:\a\nul.txt", None),
            (r"\\?\C:\ends.\a", None),
            (r"\\?\C:\ends \a", None),
            (r"\\?\C:\a/b", None),
            (&long, None),
        ] {
            assert_eq!(without_verbatim(path).as_deref(), wanted, "{path}");
        }
    }

    #[test]
    fn a_root_is_a_drive_or_a_share_on_windows_alone() {
        for (path, on_windows, elsewhere) in [
            ("documents/a.md", "documents/a.md", "documents/a.md"),
            ("/out/a.md", "out/a.md", "out/a.md"),
            ("D:/督办/a.md", "督办/a.md", "D:/督办/a.md"),
            ("D:a.md", "D:a.md", "D:a.md"),
            ("//server/share/a.md", "a.md", "/server/share/a.md"),
            ("//server/a.md", "/server/a.md", "/server/a.md"),
            ("//?/C:/a.md", "/?/C:/a.md", "/?/C:/a.md"),
        ] {
            assert_eq!((after_root(path, true), after_root(path, false)), (on_windows, elsewhere), "{path}");
        }
    }

    #[test]
    fn names_of_devices_are_known() {
        for name in ["CON", "nul", "Aux.csv", "com1", "LPT9.tar.gz", "con .txt", "COM¹", "prn:", "CONIN$"] {
            assert!(is_device(name), "{name}");
        }
        for name in ["CONSOLE", "COM", "COM0", "COM10", "通报", "null", "", ".con", "a.con", "LPT1a"] {
            assert!(!is_device(name), "{name}");
        }
    }

    #[test]
    #[cfg(unix)]
    #[expect(clippy::disallowed_methods, reason = "what is followed by hand against the system")]
    fn links_are_followed_by_hand_as_by_the_system() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::write(root.join("a/b/file"), "").unwrap();
        for (target, at) in [("a/b", "short"), ("../short", "a/up"), ("circle", "circle"), ("nowhere", "broken")] {
            symlink(target, root.join(at)).unwrap();
        }
        symlink(root.join("a"), root.join("whole")).unwrap();
        for path in ["a/b/file", "short/file", "a/up/../b/./file", "whole/up", "", "..", "circle", "broken", "none/.."]
        {
            let by_hand =
                followed(&root, Path::new(path), &|path| std::fs::read_link(path), &|path| path.metadata().map(drop));
            let by_system = root.join(path).canonicalize();
            // `none/..` is cut short, as it is by Windows.
            if path == "none/.." {
                assert!(by_system.is_err() && by_hand.is_ok());
            } else {
                assert_eq!(by_hand.ok(), by_system.ok(), "{path}");
            }
        }
    }
}
