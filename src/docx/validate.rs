//! Checks a finished package before it gets its final name: Word must be able to open it without repair, and nothing of
//! a template's syntax may be left in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read as _};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::part::OFFICE;
use crate::ooxml::relationships_of;
use crate::spool::{Spooled, SpooledReader};

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
    pub(crate) fn check(&mut self, file: &Spooled, is_data: &dyn Fn(&str) -> bool) -> Result<(), Unsound> {
        let broken = |part: &str, why: String| Unsound { part: part.to_owned(), why };
        let mut package = ZipArchive::new(file.reader()).map_err(|error| broken("", error.to_string()))?;
        let (mut found, mut names) = (BTreeMap::new(), BTreeSet::new());
        for index in 0..package.len() {
            let mut part = package.by_index_raw(index).map_err(|error| broken("", error.to_string()))?;
            let name = part.name().map_err(|error| broken("", error.to_string()))?.into_owned();
            names.insert(name.to_lowercase());
            // A Word template may contain pictures and fonts, and a chart has its workbook.
            if !matches!(name.rsplit_once('.'), Some((_, "xml" | "rels"))) {
                continue;
            }
            let mut packed = Vec::new();
            part.read_to_end(&mut packed).map_err(|error| broken(&name, error.to_string()))?;
            drop(part);
            let known = self.valid.get(&name).filter(|(bytes, _)| *bytes == packed).map(|(_, found)| found.clone());
            let content = if let Some(content) = known {
                content
            } else {
                let content = Arc::new(unpack(&mut package, index).map_err(|why| broken(&name, why))?);
                if let Some(left) = content.leftovers.iter().find(|left| !is_data(left)) {
                    return Err(broken(&name, format!("`{left}`")));
                }
                // Text accepted for this document's data must be checked again for another's.
                if content.leftovers.is_empty() {
                    self.valid.insert(name.clone(), (packed, content.clone()));
                }
                content
            };
            found.insert(name, content);
        }
        let charts = found.keys().filter(|name| name.strip_prefix(CHARTS).is_some_and(|file| !file.contains('/')));
        ["word/document.xml"]
            .into_iter()
            .chain(charts.map(String::as_str))
            .try_for_each(|part| check_relationships(part, &found, &names))
    }
}

fn unpack(package: &mut ZipArchive<SpooledReader<'_>>, index: usize) -> Result<PartContents, String> {
    let part = package.by_index(index).map_err(|error| error.to_string())?;
    read(BufReader::new(part))
}

/// The folder of the charts.
const CHARTS: &str = "word/charts/";

/// Checks that the relationship ids of a part are unique, that those it refers to exist, and that the charts, workbooks and
/// pictures to which they lead are there.
fn check_relationships(
    text: &str,
    found: &BTreeMap<String, Arc<PartContents>>,
    names: &BTreeSet<String>,
) -> Result<(), Unsound> {
    let (folder, _) = text.rsplit_once('/').unwrap_or_default();
    let relations = &*relationships_of(text);
    let broken = |part: &str, why: String| Err(Unsound { part: part.to_owned(), why });
    let mut related = BTreeSet::new();
    for id in found.get(relations).into_iter().flat_map(|found| &found.ids) {
        if !related.insert(id) {
            return broken(relations, format!("duplicate relationship id {id}"));
        }
    }
    for target in found.get(relations).into_iter().flat_map(|found| &found.targets) {
        let part = resolved(folder, target);
        if !names.contains(&part.to_lowercase()) {
            return broken(relations, format!("there is no part {part}"));
        }
    }
    let mut referred = found.get(text).into_iter().flat_map(|found| &found.references);
    match referred.find(|id| !related.contains(id)) {
        Some(id) => broken(text, format!("there is no relationship with the id {id}")),
        None => Ok(()),
    }
}

/// The name of the part to which a target leads from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let (mut path, target) = match target.strip_prefix('/') {
        Some(target) => (Vec::new(), target),
        None => (folder.split('/').collect(), target),
    };
    for step in target.split('/') {
        match step {
            "." => {}
            ".." => _ = path.pop(),
            step => path.push(step),
        }
    }
    path.join("/")
}

#[derive(Default)]
struct PartContents {
    /// The `Id` of each relationship.
    ids: Vec<String>,
    /// The targets of relationships to charts, to the workbooks behind them, and to pictures.
    targets: Vec<String>,
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
                let (mut kind, mut target, mut is_outside) = (String::new(), String::new(), false);
                for attribute in element.attributes() {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    match attribute.key.as_ref() {
                        "Id" => found.ids.push(attribute.value.to_string()),
                        "Type" => kind = attribute.value.to_string(),
                        "Target" => target = attribute.value.to_string(),
                        "TargetMode" => is_outside = attribute.value.as_ref() == "External",
                        "r:id" => _ = found.references.insert(attribute.value.to_string()),
                        _ => {}
                    }
                }
                let is_of_part = ["/chart", "/package", "/image"].iter().any(|end| kind.ends_with(end));
                if !is_outside && kind.starts_with(OFFICE) && is_of_part {
                    found.targets.push(target);
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
    use crate::ooxml::archive::Archive;

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
    fn a_chart_or_picture_without_its_parts_is_seen() {
        let relation = |kind: &str, target: &str| {
            format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
            )
        };
        let related = relation("chart", "charts/chart1.xml");
        let picture =
            format!("<Relationship Id=\"p1\" Type=\"{OFFICE}/image\" Target=\"media/1.png\"/></Relationships>");
        let parts = [
            ("word/document.xml", "<w:document><c:chart r:id=\"rId1\"/></w:document>".to_owned()),
            ("word/_rels/document.xml.rels", related.replace("</Relationships>", &picture)),
            ("word/media/1.png", "PNG".to_owned()),
            ("word/charts/chart1.xml", "<c:chartSpace><c:externalData r:id=\"rId1\"/></c:chartSpace>".to_owned()),
            ("word/charts/_rels/chart1.xml.rels", relation("package", "../embeddings/chart1.xlsx")),
            ("word/embeddings/chart1.xlsx", "PK".to_owned()),
        ];
        let without = |left_out: &str| {
            let parts = parts.iter().filter(|(name, _)| *name != left_out);
            let parts = parts.map(|(name, text)| ((*name).to_owned(), text.clone().into())).collect();
            let package = super::super::Packer::default().pack(parts, Archive::default()).unwrap();
            Validator::default().check(&package, &|_| false).err().map(|unsound| unsound.part)
        };
        assert_eq!(without(""), None);
        for (target, part) in
            [("charts/a.xml", "word/charts/a.xml"), ("/word/b.xml", "word/b.xml"), ("../c/./d.xml", "c/d.xml")]
        {
            assert_eq!(resolved("word", target), part);
        }
        for (left_out, told) in [
            ("word/_rels/document.xml.rels", "word/document.xml"),
            ("word/charts/chart1.xml", "word/_rels/document.xml.rels"),
            ("word/media/1.png", "word/_rels/document.xml.rels"),
            ("word/charts/_rels/chart1.xml.rels", "word/charts/chart1.xml"),
            ("word/embeddings/chart1.xlsx", "word/charts/_rels/chart1.xml.rels"),
        ] {
            assert_eq!(without(left_out).as_deref(), Some(told), "{left_out}");
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
