//! A Word file as a package of parts.

use std::io::{self, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::archive::{Archive, Deflater, Packed};
use super::text::PartRole;
use crate::words::lang::Lang;

/// So large may a part be when unpacked.
const MOST: u64 = 64 * 1024 * 1024;

/// What the parts of an ordinary `.docx` are written in.
pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

pub(super) type WordPackage<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Why a file is no Word file that can be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En).0)]
pub enum WordTemplateError {
    /// It is no package.
    NoPackage {
        /// What the reader says.
        why: String,
    },
    /// A package, but not of a `.docx`; perhaps the strict form of it.
    NoDocument,
    /// A part of it can't be read.
    Part {
        /// The part.
        name: String,
        /// What is wrong.
        why: String,
    },
}

impl WordTemplateError {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn text(&self, lang: Lang) -> (String, String) {
        let save = lang.pick(
            "用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”".to_owned(),
            "open it in Word or WPS and save it as a Word document (*.docx)".to_owned(),
        );
        let message = match self {
            Self::NoPackage { why } => {
                lang.pick(format!("不是 .docx 文件（{why}）"), format!("this is no .docx file: {why}"))
            }
            Self::NoDocument => lang
                .pick(
                    "不是常用格式的 Word 文档（.doc、“严格”格式不支持）",
                    "this is no ordinary Word document (neither .doc nor the strict form is read)",
                )
                .to_owned(),
            Self::Part { name, why } => {
                lang.pick(format!("部件 {name} 读不出来：{why}"), format!("the part {name} can't be read: {why}"))
            }
        };
        (message, save)
    }
}

pub(super) fn open(bytes: &[u8]) -> Result<WordPackage<'_>, WordTemplateError> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| WordTemplateError::NoPackage { why: error.to_string() })
}

/// The text of a part.
pub(super) fn part(package: &mut WordPackage<'_>, name: &str) -> Result<String, WordTemplateError> {
    let broken = |why: String| WordTemplateError::Part { name: name.to_owned(), why };
    let file = package.by_name(name).map_err(|error| broken(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| broken(error.to_string()))?;
    if bytes.len() as u64 > MOST {
        return Err(broken(format!("> {} MB", MOST >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| broken(error.to_string()))
}

/// The parts of a package as they lie in it.
///
/// # Errors
/// One can't be read.
pub(crate) fn parts(bytes: &[u8]) -> Result<Vec<(String, Packed<'_>)>, WordTemplateError> {
    let mut package = open(bytes)?;
    let mut parts = Vec::new();
    for index in 0..package.len() {
        // One whose name can't be read is told by its number.
        let broken =
            |error: ZipError| WordTemplateError::Part { name: (index + 1).to_string(), why: error.to_string() };
        let part = package.by_index_raw(index).map_err(broken)?;
        let name = part.name().map_err(broken)?.into_owned();
        match Packed::of(&part, bytes) {
            Some(packed) => parts.push((name, packed)),
            None => return Err(WordTemplateError::Part { name, why: "it is locked, or beyond the end".to_owned() }),
        }
    }
    Ok(parts)
}

/// An archive of parts, some of them as `change` gives them; the others are what they were, byte for byte.
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

/// The parts that hold text, with what each is: the text itself, headers, footers, others.
pub(super) fn roles(
    package: &mut WordPackage<'_>,
    types: &Types,
) -> Result<Vec<(String, PartRole)>, WordTemplateError> {
    let of = |ending: &str| {
        let mut names: Vec<String> =
            types.iter().filter(|(_, kind)| kind.ends_with(ending)).map(|(name, _)| name.clone()).collect();
        // header2.xml comes before header10.xml.
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
    };
    let main = of("document.main+xml").into_iter().next();
    let main = main.ok_or(WordTemplateError::NoDocument)?;
    if !part(package, &main)?.contains(&format!("\"{MAIN}\"")) {
        return Err(WordTemplateError::NoDocument);
    }
    let mut roles = vec![(main.clone(), PartRole::Body)];
    roles.extend((1..).zip(of("wordprocessingml.header+xml")).map(|(n, name)| (name, PartRole::Header(n))));
    roles.extend((1..).zip(of("wordprocessingml.footer+xml")).map(|(n, name)| (name, PartRole::Footer(n))));
    for ending in ["footnotes+xml", "endnotes+xml", "comments+xml"] {
        roles.extend(of(ending).into_iter().map(|name| (name.clone(), PartRole::Other(name))));
    }
    Ok(roles)
}

/// The part with the styles, if there is one.
pub(super) fn styles(
    package: &mut WordPackage<'_>,
    types: &Types,
) -> Result<Option<(String, String)>, WordTemplateError> {
    let name = types.iter().find(|(_, kind)| kind.ends_with("wordprocessingml.styles+xml"));
    name.map(|(name, _)| part(package, name).map(|xml| (name.clone(), xml))).transpose()
}

/// Parts by name, with their types.
type Types = Vec<(String, String)>;

/// The parts whose type is told by name.
pub(super) fn types(package: &mut WordPackage<'_>) -> Result<Types, WordTemplateError> {
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
