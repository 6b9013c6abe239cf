//! The files of names: beside the log, in the folder or the archive of the config, in the project; and nowhere else.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::folders::PhotoFolders;
use super::origin::Origin;
use crate::photo::PictureKind;
use crate::picture::{Finder, PictureError, folded};
use crate::platform::paths::real_path;

/// The most members of an archive that are looked through.
const MAX_MEMBERS: usize = 200_000;
/// So many bytes tell what a picture is.
const HEAD: u64 = 512;

/// A folder to look in, and how it is called in messages and data.
#[derive(Clone, Debug)]
struct Folder {
    path: PathBuf,
    shown: String,
}

/// A photo that was found.
pub(super) struct Found {
    pub(super) origin: Origin,
    /// The file that has its bytes, as it is called in messages and data.
    pub(super) file: String,
    /// The name of its part of an archive.
    pub(super) member: Option<String>,
}

type Archive = ZipArchive<BufReader<File>>;

/// The members of an archive: numbers by path and by name, as they look.
struct Members {
    archive: Archive,
    names: Vec<String>,
    by_path: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

/// Finds the files of names.
#[derive(Default)]
pub(super) struct Files {
    finder: Finder,
    archives: BTreeMap<PathBuf, Result<Members, PictureError>>,
    /// Where to look after the folder of the log.
    folders: Vec<Folder>,
    /// An archive that the config names.
    archive: Option<Folder>,
}

impl Files {
    pub(super) fn new(folders: &PhotoFolders, named: Option<&str>) -> Self {
        let mut files = Self::default();
        let Some(root) = &folders.root else { return files };
        if let Some(named) = named {
            let folder = Folder { path: root.join(named), shown: named.replace('\\', "/") };
            let is_within = real_path(&folder.path).ok().zip(real_path(root).ok());
            // A link may lead out.
            if is_within.is_none_or(|(folder, root)| folder.starts_with(root)) {
                if is_archive(named) { files.archive = Some(folder) } else { files.folders.push(folder) }
            }
        }
        files.folders.push(Folder { path: root.clone(), shown: String::new() });
        files
    }

    /// The file of a name in the log with a path and a name.
    pub(super) fn find(&mut self, name: &str, log: Option<(&Path, &str)>) -> Result<Found, PictureError> {
        let beside = log.map(|(path, name)| {
            let path = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let shown = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            Folder { path: path.to_owned(), shown: shown.to_owned() }
        });
        let mut folders: Vec<Folder> = beside.into_iter().collect();
        for folder in &self.folders {
            if folders.iter().all(|known| !is_same(&known.path, &folder.path)) {
                folders.push(folder.clone());
            }
        }
        let mut searched = Vec::new();
        for (at, folder) in folders.iter().enumerate() {
            match self.within(name, folder) {
                Err(PictureError::Missing { folders }) => searched.extend(folders),
                found => return found,
            }
            // After the folder of the log.
            if let (0, Some(archive)) = (at, self.archive.clone()) {
                match self.member(&archive, name) {
                    Err(PictureError::Missing { folders }) => searched.extend(folders),
                    found => return found,
                }
            }
        }
        searched.dedup();
        Err(PictureError::Missing { folders: searched })
    }

    /// Tells what the bytes of a photo are that was found, and their number.
    pub(super) fn look(&mut self, found: &Origin) -> Result<(PictureKind, u64), PictureError> {
        let mut head = Vec::new();
        let size = match found {
            Origin::File(path) => {
                let file = File::open(path).map_err(|error| unreadable(&error))?;
                let size = file.metadata().map_err(|error| unreadable(&error))?.len();
                file.take(HEAD).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
                size
            }
            Origin::Member { archive, number } => {
                let Some(Ok(members)) = self.archives.get_mut(archive) else { return Err(unreadable(&"ZIP")) };
                let member = members.archive.by_index(*number).map_err(|error| unreadable(&error))?;
                let size = member.size();
                member.take(HEAD).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
                size
            }
            Origin::Book { .. } => return Err(unreadable(&"ZIP")),
        };
        Ok((PictureKind::of(&head), size))
    }

    /// Reads a photo that was found, at most `limit` bytes and one more.
    pub(super) fn read(&mut self, found: &Origin, limit: u64) -> Result<Vec<u8>, PictureError> {
        match found {
            Origin::File(path) => read_file(path, limit),
            Origin::Member { archive, number } => match self.archives.get_mut(archive) {
                Some(Ok(members)) => read_member(&mut members.archive, *number, limit),
                _ => Err(unreadable(&"ZIP")),
            },
            Origin::Book { .. } => Err(unreadable(&"ZIP")),
        }
    }

    /// The file of a name in a folder, or in an archive in it that the name tells of.
    fn within(&mut self, name: &str, folder: &Folder) -> Result<Found, PictureError> {
        let slashed = name.trim().replace('\\', "/");
        let missing = |path: &str| PictureError::Missing { folders: vec![shown(&folder.shown, path)] };
        let places = slashed.match_indices('/').map(|(at, _)| at);
        for at in places.filter(|at| slashed.get(..*at).is_some_and(is_archive)).collect::<Vec<_>>() {
            let (archive, member) = (slashed.get(..at).unwrap_or_default(), slashed.get(at + 1..).unwrap_or_default());
            match self.finder.find(archive, std::slice::from_ref(&folder.path)) {
                Ok(path) => {
                    let archive = Folder { shown: shown(&folder.shown, &relative(&path, &folder.path)), path };
                    return self.member(&archive, member);
                }
                Err(PictureError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let path = self.finder.find(&slashed, std::slice::from_ref(&folder.path)).map_err(|error| match error {
            PictureError::Missing { .. } => missing(""),
            error => error,
        })?;
        let file = shown(&folder.shown, &relative(&path, &folder.path));
        Ok(Found { origin: Origin::File(path), file, member: None })
    }

    /// The member of an archive with a path, or else the only one with a name.
    fn member(&mut self, archive: &Folder, name: &str) -> Result<Found, PictureError> {
        let read = self.archives.entry(archive.path.clone()).or_insert_with(|| Members::read(&archive.path));
        let members = read.as_ref().map_err(Clone::clone)?;
        let path = folded(&name.trim().replace('\\', "/"));
        let path = path.trim_start_matches("./");
        let is_bare = !path.contains('/');
        let named = members.by_path.get(path).or_else(|| members.by_name.get(path).filter(|_| is_bare));
        // A name is that of a member and nothing else: nothing is written where it leads.
        match named.map(Vec::as_slice) {
            None | Some([]) => Err(PictureError::Missing { folders: vec![archive.shown.clone()] }),
            Some([number]) => Ok(Found {
                origin: Origin::Member { archive: archive.path.clone(), number: *number },
                file: archive.shown.clone(),
                member: members.names.get(*number).cloned(),
            }),
            Some(several) => {
                let files = several.iter().filter_map(|number| members.names.get(*number));
                Err(PictureError::Several { files: files.map(|name| shown(&archive.shown, name)).collect() })
            }
        }
    }
}

impl Members {
    fn read(path: &Path) -> Result<Self, PictureError> {
        let (names, by_path, by_name) = Default::default();
        let mut members = Self { archive: open(path)?, names, by_path, by_name };
        for number in 0..members.archive.len().min(MAX_MEMBERS) {
            let name = match members.archive.by_index_raw(number) {
                Ok(member) if !member.is_dir() => member_name(member.name_raw()),
                _ => String::new(),
            };
            if !name.is_empty() {
                let path = folded(&name);
                let own = path.rsplit('/').next().unwrap_or_default().to_owned();
                members.by_name.entry(own).or_default().push(number);
                members.by_path.entry(path).or_default().push(number);
            }
            members.names.push(name);
        }
        Ok(members)
    }
}

/// The name of a member. Programs that don't say in which encoding it is write that of their system: in China, GB18030.
fn member_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.into(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0,
    };
    name.replace('\\', "/").trim_start_matches("./").to_owned()
}

pub(super) fn open(path: &Path) -> Result<Archive, PictureError> {
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(&error))
}

pub(super) fn unreadable(error: &dyn std::fmt::Display) -> PictureError {
    PictureError::Unreadable { why: error.to_string() }
}

/// Reads a member of an archive, at most `limit` bytes and one more.
pub(super) fn read_member(archive: &mut Archive, number: usize, limit: u64) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let member = archive.by_index(number).map_err(|error| unreadable(&error))?;
    member.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

/// Reads a file, at most `limit` bytes and one more.
pub(super) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| unreadable(&error))
}

fn is_archive(name: &str) -> bool {
    name.len() > 4 && name.get(name.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(".zip"))
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other || real_path(one).is_ok_and(|one| real_path(other).is_ok_and(|other| one == other))
}

/// The path of a file from a folder that it lies in.
fn relative(path: &Path, folder: &Path) -> String {
    let folder = real_path(folder).unwrap_or_else(|_| folder.to_owned());
    path.strip_prefix(&folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn shown(folder: &str, path: &str) -> String {
    match (folder, path) {
        ("", "") => ".".to_owned(),
        ("", path) => path.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, path) => format!("{folder}/{path}"),
    }
}
