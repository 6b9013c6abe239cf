//! A specimen of the faces that a `.docx` asks for: one page for each, by which it is seen what a machine makes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read as _};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::pack::Packer;
use super::part::{OFFICE, PACKAGE, WORD};
use super::xml::{DECLARATION, NAMESPACES, escape};
use crate::ooxml::archive::Archive;

/// A specimen: a `.docx` whose pages ask for one face each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Specimen {
    /// The face of each page.
    pub faces: Vec<String>,
    /// The bytes of the `.docx`.
    pub docx: Vec<u8>,
}

/// The writing that a face is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    Latin,
    Chinese,
}

/// Returns the specimen of the faces of a `.docx`. The table of fonts is that of the `.docx`, for it names what may stand
/// in for a face.
///
/// # Errors
/// The bytes are no package.
pub fn specimen(docx: &[u8]) -> io::Result<Specimen> {
    const FONTS: &str = "word/fontTable.xml";
    let mut package = ZipArchive::new(Cursor::new(docx))?;
    let (mut faces, mut theme, mut table) = (Faces::default(), BTreeMap::new(), None);
    for index in 0..package.len() {
        let mut part = package.by_index(index)?;
        let name = part.name()?.into_owned();
        let mut xml = String::new();
        if !name.starts_with("word/")
            || name.rsplit_once('.').is_none_or(|(_, ending)| ending != "xml")
            || part.read_to_string(&mut xml).is_err()
        {
            continue;
        }
        if name == FONTS {
            table = Some(xml);
        } else if name.starts_with("word/theme/") {
            elements(&xml, &mut |element| theme_face(element, &mut theme));
        } else {
            elements(&xml, &mut |element| faces.add(element));
        }
    }
    if faces.by_theme {
        let named = theme.into_iter().flat_map(|(script, faces)| faces.into_iter().map(move |face| (face, script)));
        faces.named.extend(named);
    }
    let pages: String = faces.named.iter().map(|(face, script)| page(face, *script)).collect();
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", relationship("officeDocument", "word/document.xml")),
        ("word/document.xml", format!("{DECLARATION}<w:document {NAMESPACES}><w:body>{pages}</w:body></w:document>\n")),
        ("word/_rels/document.xml.rels", relationship("fontTable", "fontTable.xml")),
        (FONTS, table.unwrap_or_else(|| format!("{DECLARATION}<w:fonts {NAMESPACES}/>\n"))),
    ];
    let parts = parts.map(|(name, text)| (name.to_owned(), text.into())).into();
    let faces = faces.named.into_iter().map(|(face, _)| face).collect();
    Ok(Specimen { faces, docx: Packer::default().pack(parts, Archive::default())?.into_vec()? })
}

/// The faces that runs and styles ask for.
#[derive(Default)]
struct Faces {
    named: BTreeSet<(String, Script)>,
    /// Whether some are those of the theme.
    by_theme: bool,
}

impl Faces {
    fn add(&mut self, element: &BytesStart<'_>) {
        if element.local_name().as_ref() != "rFonts" {
            return;
        }
        for attribute in element.attributes().flatten() {
            let script = match attribute.key.local_name().as_ref() {
                "ascii" | "hAnsi" => Script::Latin,
                "eastAsia" => Script::Chinese,
                "asciiTheme" | "hAnsiTheme" | "eastAsiaTheme" => {
                    self.by_theme = true;
                    continue;
                }
                _ => continue,
            };
            let face = attribute
                .normalized_value(XmlVersion::default())
                .map(|face| face.trim().to_owned())
                .unwrap_or_default();
            if !face.is_empty() {
                self.named.insert((face, script));
            }
        }
    }
}

/// A face of the theme: the one for Latin letters, and the one for simplified Chinese.
fn theme_face(element: &BytesStart<'_>, theme: &mut BTreeMap<Script, BTreeSet<String>>) {
    let value = |key: &str| {
        let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == key);
        found.and_then(|attribute| {
            attribute.normalized_value(XmlVersion::default()).ok().map(|value| value.trim().to_owned())
        })
    };
    let script = match element.local_name().as_ref() {
        "latin" => Script::Latin,
        "ea" => Script::Chinese,
        "font" if value("script").as_deref() == Some("Hans") => Script::Chinese,
        _ => return,
    };
    let face = value("typeface").filter(|face| !face.is_empty());
    theme.entry(script).or_default().extend(face);
}

/// Calls `each` for the elements of a part, as far as it is well-formed.
fn elements(xml: &str, each: &mut dyn FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => each(&element),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn content_types() -> String {
    format!(
        "{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/word/document.xml\" ContentType=\"{WORD}.document.main+xml\"/>\
         <Override PartName=\"/word/fontTable.xml\" ContentType=\"{WORD}.fontTable+xml\"/></Types>\n"
    )
}

fn relationship(kind: &str, target: &str) -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>\n"
    )
}

fn page(face: &str, script: Script) -> String {
    let (face, text) = (escape(face), if script == Script::Latin { "Ag1" } else { "国" });
    format!(
        "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:rPr>\
         <w:rFonts w:ascii=\"{face}\" w:eastAsia=\"{face}\" w:hAnsi=\"{face}\"/></w:rPr><w:t>{text}</w:t></w:r></w:p>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(parts: &[(&str, &str)]) -> Vec<u8> {
        let parts = parts.iter().map(|(name, xml)| ((*name).to_owned(), (*xml).to_owned().into())).collect();
        Packer::default().pack(parts, Archive::default()).unwrap().into_vec().unwrap()
    }

    fn part(docx: &[u8], name: &str) -> String {
        let mut package = ZipArchive::new(Cursor::new(docx)).unwrap();
        let mut xml = String::new();
        package.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
        xml
    }

    #[test]
    fn each_face_has_a_page_in_its_writing() {
        let fonts = "<w:fonts><w:font w:name=\"仿宋_GB2312\"><w:altName w:val=\"FangSong\"/></w:font></w:fonts>";
        let theme = "<a:theme><a:minorFont><a:latin typeface=\"Calibri\"/><a:ea typeface=\"\"/>\
                     <a:font script=\"Jpan\" typeface=\"游明朝\"/><a:font script=\"Hans\" typeface=\"等线\"/></a:minorFont></a:theme>";
        let styles = "<w:styles><w:rFonts w:ascii=\"A &amp; B\" w:hAnsi=\"A &amp; B\" w:eastAsia=\"仿宋_GB2312\"/>\
                      <w:lang w:eastAsia=\"zh-CN\"/></w:styles>";
        let parts = [("word/fontTable.xml", fonts), ("word/theme/theme1.xml", theme), ("word/styles.xml", styles)];
        let named = specimen(&package(&parts)).unwrap();
        assert_eq!(named.faces, ["A & B", "仿宋_GB2312"]);
        let pages = part(&named.docx, "word/document.xml");
        assert_eq!(pages.matches("pageBreakBefore").count(), 2);
        assert!(pages.contains("w:ascii=\"A &amp; B\"") && pages.contains("国") && pages.contains("Ag1"), "{pages}");
        assert_eq!(part(&named.docx, "word/fontTable.xml"), fonts);

        // Those of the theme count only where something refers to it.
        let body = "<w:document><w:rFonts w:asciiTheme=\"minorHAnsi\" w:eastAsiaTheme=\"minorEastAsia\"/></w:document>";
        let by_theme = specimen(&package(&[&parts[..], &[("word/document.xml", body)]].concat())).unwrap();
        assert_eq!(by_theme.faces, ["A & B", "Calibri", "仿宋_GB2312", "等线"]);
        assert!(specimen(b"no package").is_err());
    }
}
