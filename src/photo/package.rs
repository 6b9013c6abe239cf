//! A workbook as a package of parts, and what the parts say of each other.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::error::PhotoError;
use super::sheet_picture::{Content, Missing};
use super::xml::{Piece, Take, value, walk};

/// The most bytes that are read of all parts that tell of pictures, uncompressed. Sheets count among them.
const MAX_STRUCTURE: u64 = 1 << 30;
/// The most relations of a part.
const MAX_RELATIONS: usize = 1 << 20;

/// A workbook as a package of parts.
pub(super) struct Package<R> {
    archive: ZipArchive<R>,
    /// The numbers of the parts, by their names in lower case: programs write names in other cases than relations do.
    numbers: BTreeMap<String, usize>,
    /// What may still be read of parts that tell of pictures.
    left: u64,
}

/// What a part says of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    /// The end of its type, such as `image`.
    pub(super) kind: String,
    pub(super) target: Target,
}

/// What a relation leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A part, by its path in the package.
    Part(String),
    /// Something outside.
    Outside(String),
}

pub(super) type Relations = BTreeMap<String, Relation>;

impl<R: Read + Seek> Package<R> {
    /// Opens a package.
    pub(super) fn open(input: R) -> Result<Self, PhotoError> {
        let archive = ZipArchive::new(input).map_err(|error| match error {
            ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => error.into(),
            error => PhotoError::damaged("ZIP", &error),
        })?;
        let names = archive.file_names().enumerate();
        let numbers = names.filter_map(|(number, name)| Some((key(&name.ok()?), number))).collect();
        Ok(Self { archive, numbers, left: MAX_STRUCTURE })
    }

    /// Whether there is a part.
    pub(super) fn has(&self, part: &str) -> bool {
        self.numbers.contains_key(&key(part))
    }

    /// Returns the first part whose name is told by `is_it`, which sees it in lower case.
    pub(super) fn find(&self, is_it: impl Fn(&str) -> bool) -> Option<String> {
        self.numbers.keys().find(|name| is_it(name)).cloned()
    }

    /// Passes a part on. Returns whether there is one.
    ///
    /// # Errors
    /// It is damaged, or too large.
    pub(super) fn walk(&mut self, part: &str, to: &mut dyn Take) -> Result<bool, PhotoError> {
        let Some(number) = self.numbers.get(&key(part)) else { return Ok(false) };
        let file = self.archive.by_index(*number).map_err(|error| PhotoError::damaged(part, &error))?;
        let mut input = BufReader::new(file.take(self.left));
        let read = walk(&mut input, part, to);
        self.left = input.get_ref().limit();
        if self.left == 0 {
            return Err(PhotoError::TooLarge {
                what: ("工作簿展开后的字节数", "bytes in the workbook"),
                limit: MAX_STRUCTURE,
            });
        }
        read.map(|()| true)
    }

    /// Returns what a part says of others; nothing if it says nothing.
    pub(super) fn relations(&mut self, part: &str) -> Result<Relations, PhotoError> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let mut relations = Relations::new();
        let mut take = |piece: &Piece<'_>| {
            if let Piece::Start(element) = piece
                && element.local_name().as_ref() == "Relationship"
                && let (Some(id), Some(target)) = (value(element, "Id"), value(element, "Target"))
            {
                let kind = value(element, "Type").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let is_outside = value(element, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
                let target = if is_outside { Target::Outside(target) } else { Target::Part(path(folder, &target)) };
                relations.insert(id, Relation { kind, target });
                if relations.len() > MAX_RELATIONS {
                    return Err(PhotoError::TooLarge {
                        what: ("部件之间的关系数", "relations between parts"),
                        limit: MAX_RELATIONS as u64,
                    });
                }
            }
            Ok(())
        };
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.walk(&format!("{folder}_rels/{file}.rels"), &mut take)?;
        Ok(relations)
    }

    /// Returns where a picture is that a part names by the number of a relation.
    pub(super) fn content(&self, relations: &Relations, id: &str) -> Content {
        match relations.get(id).map(|relation| &relation.target) {
            Some(Target::Outside(address)) => Content::Linked(address.clone()),
            Some(Target::Part(part)) => self.part(part),
            None => Content::Missing(Missing::Unknown(id.to_owned())),
        }
    }

    /// Returns the content that is a part.
    pub(super) fn part(&self, part: &str) -> Content {
        let name = self.numbers.get(&key(part)).and_then(|number| self.archive.name_for_index(*number)?.ok());
        match name {
            Some(name) => Content::Part(name.into_owned()),
            None => Content::Missing(Missing::NoPart(part.to_owned())),
        }
    }

    /// Reads how a part begins. Returns its number of bytes, too, as the package tells it.
    pub(super) fn head(&mut self, part: &str, most: u64) -> Result<(Vec<u8>, u64), PhotoError> {
        let missing = || PhotoError::damaged(part, &"it is missing");
        let number = self.numbers.get(&key(part)).ok_or_else(missing)?;
        let file = self.archive.by_index(*number).map_err(|error| PhotoError::damaged(part, &error))?;
        let (mut bytes, size) = (Vec::new(), file.size());
        file.take(most).read_to_end(&mut bytes).map_err(|error| PhotoError::damaged(part, &error))?;
        Ok((bytes, size))
    }

    /// Reads a part of at most `limit` bytes.
    pub(super) fn read(&mut self, part: &str, limit: u64) -> Result<Vec<u8>, PhotoError> {
        let missing = || PhotoError::damaged(part, &"it is missing");
        let number = self.numbers.get(&key(part)).ok_or_else(missing)?;
        let file = self.archive.by_index(*number).map_err(|error| PhotoError::damaged(part, &error))?;
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| PhotoError::damaged(part, &error))?;
        within(bytes, limit)
    }
}

/// Returns the bytes of a picture if there are at most `limit`.
pub(super) fn within(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, PhotoError> {
    check(bytes.len() as u64, limit).map(|()| bytes)
}

/// Whether a picture of some length may be read.
pub(super) fn check(length: u64, limit: u64) -> Result<(), PhotoError> {
    if length > limit {
        return Err(PhotoError::TooLarge { what: ("图片的字节数", "bytes in a picture"), limit });
    }
    Ok(())
}

fn key(part: &str) -> String {
    part.trim_start_matches('/').to_lowercase()
}

/// Returns the path of a target that is named from a folder.
fn path(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let target = decoded(target.split_once('#').map_or(target.as_str(), |(target, _)| target));
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

/// Returns a target without percent signs: `%20` is a space.
fn decoded(target: &str) -> String {
    let mut bytes = Vec::with_capacity(target.len());
    let mut rest = target.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let two = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let meant = two.filter(|_| *byte == b'%').and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(meant.unwrap_or(*byte));
        rest = if meant.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_target_is_a_path_in_the_package() {
        for (target, expected) in [
            ("../media/a.png", "xl/media/a.png"),
            ("/xl/media/a.png", "xl/media/a.png"),
            ("media/a.png", "xl/drawings/media/a.png"),
            ("..\\media\\%E7%BA%A2 1.png", "xl/media/红 1.png"),
            ("./a%2", "xl/drawings/a%2"),
            ("../../../../a.png#b", "a.png"),
            ("NULL", "xl/drawings/NULL"),
        ] {
            assert_eq!(path("xl/drawings", target), expected);
        }
        assert_eq!(path("", "xl/workbook.xml"), "xl/workbook.xml");
    }
}
