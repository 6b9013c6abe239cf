//! A Word file as a package of parts.

use std::io::{self, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::archive::{Archive, Deflater, Packed};
use crate::words::lang::Lang;

/// The maximum uncompressed size of a part, in bytes.
const MAX_PART_BYTES: u64 = 64 * 1024 * 1024;

/// The XML namespace of an ordinary (transitional) `.docx`.
pub(crate) const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

pub(crate) type WordPackage<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Why a file can't be used as a Word template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En).0)]
pub enum WordTemplateError {
    /// The file is not a ZIP archive.
    NoPackage {
        /// The error of the ZIP reader.
        why: String,
    },
    /// The archive is not an ordinary `.docx`; it may be one in the strict format.
    NoDocument,
    /// A part can't be read.
    Part {
        /// The name of the part, or its number in the archive, from 1, if the name can't be read.
        name: String,
        /// The cause.
        why: String,
    },
}

impl WordTemplateError {
    /// Returns the message and the remedy.
    #[must_use]
    pub fn text(&self, lang: Lang) -> (String, String) {
        let save = lang.pick(
            "用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”".to_owned(),
            "open it in Word or WPS and save it as a Word document (*.docx)".to_owned(),
        );
        let message = match self {
            Self::NoPackage { why } => {
                lang.pick(format!("不是 .docx 文件（{why}）"), format!("this is not a .docx file: {why}"))
            }
            Self::NoDocument => lang
                .pick(
                    "不是常用格式的 Word 文档（.doc、“严格”格式不支持）",
                    "this is not an ordinary Word document (.doc files and the strict format are not supported)",
                )
                .to_owned(),
            Self::Part { name, why } => {
                lang.pick(format!("部件 {name} 读不出来：{why}"), format!("the part {name} can't be read: {why}"))
            }
        };
        (message, save)
    }
}

/// Opens the archive of a Word file.
///
/// # Errors
/// The bytes are not a ZIP archive.
pub(crate) fn open(bytes: &[u8]) -> Result<WordPackage<'_>, WordTemplateError> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| WordTemplateError::NoPackage { why: error.to_string() })
}

/// Returns the text of a part.
///
/// # Errors
/// The part is missing, damaged, larger than [`MAX_PART_BYTES`] or not UTF-8.
pub(crate) fn part(package: &mut WordPackage<'_>, name: &str) -> Result<String, WordTemplateError> {
    part_within(package, name, MAX_PART_BYTES)
}

/// Returns the text of a part of at most `max` bytes.
///
/// # Errors
/// The part is missing, damaged, too large or not UTF-8.
pub(crate) fn part_within(package: &mut WordPackage<'_>, name: &str, max: u64) -> Result<String, WordTemplateError> {
    let broken = |why: String| WordTemplateError::Part { name: name.to_owned(), why };
    let file = package.by_name(name).map_err(|error| broken(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).map_err(|error| broken(error.to_string()))?;
    if bytes.len() as u64 > max {
        return Err(broken(format!("> {} MB", max >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| broken(error.to_string()))
}

/// Returns the text of a part of a Word file.
///
/// # Errors
/// The part is missing, damaged, too large or not UTF-8.
pub(crate) fn text(bytes: &[u8], name: &str) -> Result<String, WordTemplateError> {
    part(&mut open(bytes)?, name)
}

/// Returns all parts in their compressed form, in the order of the archive.
///
/// # Errors
/// A part can't be read.
pub(crate) fn parts(bytes: &[u8]) -> Result<Vec<(String, Packed<'_>)>, WordTemplateError> {
    let mut package = open(bytes)?;
    let mut parts = Vec::new();
    for index in 0..package.len() {
        // A part whose name can't be read is identified by its number.
        let broken =
            |error: ZipError| WordTemplateError::Part { name: (index + 1).to_string(), why: error.to_string() };
        let part = package.by_index_raw(index).map_err(broken)?;
        let name = part.name().map_err(broken)?.into_owned();
        match Packed::of(&part, bytes) {
            Some(packed) => parts.push((name, packed)),
            None => {
                return Err(WordTemplateError::Part {
                    name,
                    why: "the part is encrypted or lies beyond the end of the file".to_owned(),
                });
            }
        }
    }
    Ok(parts)
}

/// Returns an archive of `parts`. A part for which `change` returns a text gets that text; all others are copied byte
/// for byte.
///
/// # Errors
/// The archive would exceed the limits of the format.
pub(crate) fn rewritten(
    parts: &[(String, Packed<'_>)],
    deflater: &mut Deflater,
    mut change: impl FnMut(&str) -> Option<String>,
) -> io::Result<Archive> {
    let mut archive = Archive::default();
    for (name, packed) in parts {
        match change(name) {
            None => archive.add(name, packed)?,
            Some(text) => archive.add(name, &deflater.pack(&text)?)?,
        }
    }
    Ok(archive)
}

/// Returns the name and text of the style part, if there is one.
///
/// # Errors
/// The part can't be read.
pub(crate) fn styles(
    package: &mut WordPackage<'_>,
    types: &Types,
) -> Result<Option<(String, String)>, WordTemplateError> {
    let name = types.iter().find(|(_, kind)| kind.ends_with("wordprocessingml.styles+xml"));
    name.map(|(name, _)| part(package, name).map(|xml| (name.clone(), xml))).transpose()
}

/// The names of parts and their content types.
pub(crate) type Types = Vec<(String, String)>;

/// Returns the parts whose content type is declared by name.
///
/// # Errors
/// `[Content_Types].xml` is missing or not well-formed.
pub(crate) fn types(package: &mut WordPackage<'_>) -> Result<Types, WordTemplateError> {
    const TYPES: &str = "[Content_Types].xml";
    let xml = part(package, TYPES).map_err(|_| WordTemplateError::NoDocument)?;
    overrides(&xml).map_err(|why| WordTemplateError::Part { name: TYPES.to_owned(), why })
}

fn overrides(xml: &str) -> Result<Types, String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) | Event::Empty(element) if element.name().as_ref() == "Override" => {
                let mut pair = (String::new(), String::new());
                for attribute in element.attributes() {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    match attribute.key.as_ref() {
                        "PartName" => attribute.value.trim_start_matches('/').clone_into(&mut pair.0),
                        "ContentType" => pair.1 = attribute.value.to_string(),
                        _ => {}
                    }
                }
                found.push(pair);
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The name of the part that holds the relationships of another.
pub(crate) fn relationships_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{file}.rels").trim_start_matches('/').to_owned()
}
