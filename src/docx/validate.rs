//! Checks a finished package before it gets its final name: Word must be able to open it without repair, and nothing of
//! a template's syntax may be left in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Cursor};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::ooxml::archive::Packed;

/// A fault of a finished package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the part `{part}`: {why}")]
pub struct Unsound {
    /// The name of the part; empty for the package itself.
    pub part: String,
    /// What is wrong with it.
    pub why: String,
}

/// Checks packages. A part with the same bytes as one checked before is not parsed again.
#[derive(Default)]
pub(crate) struct Validator {
    /// The last valid part of each name: its compressed bytes and its contents.
    valid: BTreeMap<String, (Vec<u8>, Arc<PartContents>)>,
}

impl Validator {
    /// Checks that every part of a `.docx` is well-formed, that relationship ids are unique and those referred to
    /// exist, and that no text holds what templates and programs leave behind (`{{`, `{%`, `undefined`, `NaN`, `null`).
    ///
    /// A cell of a log may contain such text legitimately: it is accepted if `is_data` says that it comes from the
    /// data.
    ///
    /// # Errors
    /// The first fault found.
    pub(crate) fn check(&mut self, bytes: &[u8], is_data: &dyn Fn(&str) -> bool) -> Result<(), Unsound> {
        let broken = |part: &str, why: String| Unsound { part: part.to_owned(), why };
        let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken("", error.to_string()))?;
        let mut found = BTreeMap::new();
        for index in 0..package.len() {
            let part = package.by_index_raw(index).map_err(|error| broken("", error.to_string()))?;
            let name = part.name().map_err(|error| broken("", error.to_string()))?.into_owned();
            // A Word template may contain pictures and fonts.
            if !matches!(name.rsplit_once('.'), Some((_, "xml" | "rels"))) {
                continue;
            }
            let packed = Packed::of(&part, bytes);
            let packed =
                packed.ok_or_else(|| broken(&name, "it is encrypted or lies beyond the end of the file".to_owned()))?;
            drop(part);
            let known =
                self.valid.get(&name).filter(|(bytes, _)| bytes == packed.bytes()).map(|(_, found)| found.clone());
            let content = if let Some(content) = known {
                content
            } else {
                let content = Arc::new(unpack(&mut package, index).map_err(|why| broken(&name, why))?);
                if let Some(left) = content.leftovers.iter().find(|left| !is_data(left)) {
                    return Err(broken(&name, format!("`{left}`")));
                }
                // Text accepted for this document's data must be checked again for another's.
                if content.leftovers.is_empty() {
                    self.valid.insert(name.clone(), (packed.bytes().to_vec(), content.clone()));
                }
                content
            };
            found.insert(name, content);
        }
        check_relationships(&found)
    }
}

fn unpack(package: &mut ZipArchive<Cursor<&[u8]>>, index: usize) -> Result<PartContents, String> {
    let part = package.by_index(index).map_err(|error| error.to_string())?;
    read(BufReader::new(part))
}

/// Checks that the relationship ids of the main part are unique and that those it refers to exist.
fn check_relationships(found: &BTreeMap<String, Arc<PartContents>>) -> Result<(), Unsound> {
    let (text, relations) = ("word/document.xml", "word/_rels/document.xml.rels");
    let broken = |part: &str, why: String| Err(Unsound { part: part.to_owned(), why });
    let mut related = BTreeSet::new();
    for id in found.get(relations).into_iter().flat_map(|found| &found.ids) {
        if !related.insert(id) {
            return broken(relations, format!("duplicate relationship id {id}"));
        }
    }
    let mut named = found.get(text).into_iter().flat_map(|found| &found.references);
    match named.find(|id| !related.contains(id)) {
        Some(id) => broken(text, format!("there is no relationship with the id {id}")),
        None => Ok(()),
    }
}

#[derive(Default)]
struct PartContents {
    /// The `Id` of each relationship.
    ids: Vec<String>,
    /// The `r:id` of each element.
    references: BTreeSet<String>,
    /// What is left over in the texts of its paragraphs.
    leftovers: Vec<String>,
}

fn read(xml: impl BufRead) -> Result<PartContents, String> {
    let mut reader = Reader::from_reader(xml);
    let mut bytes = Vec::new();
    let mut found = PartContents::default();
    let (mut depth, mut text) = (0_usize, String::new());
    loop {
        bytes.clear();
        let event = reader.read_event_into(&mut bytes).map_err(|error| error.to_string())?;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes() {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    match attribute.key.as_ref() {
                        "Id" => found.ids.push(attribute.value.to_string()),
                        "r:id" => _ = found.references.insert(attribute.value.to_string()),
                        _ => {}
                    }
                }
                if matches!(event, Event::Start(_)) {
                    depth += 1;
                }
            }
            Event::Text(piece) if depth > 0 => text.push_str(piece),
            Event::GeneralRef(reference) => {
                let written = format!("&{};", &**reference);
                text.push_str(&quick_xml::escape::unescape(&written).map_err(|error| error.to_string())?);
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                if element.name().as_ref() == "w:p" {
                    found.leftovers.extend(leftover(&text).map(str::to_owned));
                    text.clear();
                }
            }
            Event::Eof if depth == 0 => return Ok(found),
            Event::Eof => return Err("an end tag is missing".to_owned()),
            _ => {}
        }
    }
}

/// Returns a leftover in a text: a whole template tag, or a word that programs print for a missing value. Such a word
/// between two English ones (`null and void`) is taken for English.
fn leftover(text: &str) -> Option<&str> {
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        if let Some(start) = text.find(open) {
            let rest = text.get(start..)?;
            let end = rest.find(close).map_or(rest.len(), |end| end + close.len());
            return rest.get(..end);
        }
    }
    ["undefined", "NaN", "null"].into_iter().find(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + word.len()..).unwrap_or_default();
            let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            let english = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            let is_word = !joins(before.chars().next_back()) && !joins(after.chars().next());
            let is_english =
                english(before.trim_end().chars().next_back()) && english(after.trim_start().chars().next());
            is_word && !is_english
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_are_seen_and_honest_words_are_not() {
        for (text, expected) in [
            ("发现问题{{ count() }}个", Some("{{ count() }}")),
            ("{% if x", Some("{% if x")),
            ("发现问题null个", Some("null")),
            ("NaN%", Some("NaN")),
            ("undefined", Some("undefined")),
            ("declared null and void", None),
            ("nullable, non-null", None),
            ("发现问题33个", None),
        ] {
            assert_eq!(leftover(text), expected, "{text}");
        }
    }

    #[test]
    fn broken_xml_is_seen() {
        assert!(read("<a><b></a>".as_bytes()).is_err());
        assert!(read("<a>".as_bytes()).is_err());
        assert!(read("<a>&nosuch;</a>".as_bytes()).is_err());
        assert!(read("<w:p><w:t>甲 &amp; 乙</w:t></w:p>".as_bytes()).unwrap().leftovers.is_empty());
        assert_eq!(read("<w:p><w:t>甲 &#123;{ 乙 }}</w:t></w:p>".as_bytes()).unwrap().leftovers, ["{{ 乙 }}"]);
    }
}
