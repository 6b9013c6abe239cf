//! A finished PDF, read back: its text, its fonts, and bytes that are the same for the same page.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use chrono::NaiveDate;
use lopdf::content::Content;
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use ttf_parser::{RawFace, name};

use crate::digest;

/// A finished PDF.
#[derive(Clone, Debug)]
pub struct Pdf {
    document: Document,
}

/// The error for bytes that are no PDF.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UnreadablePdf(#[from] lopdf::Error);

/// A font of a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Font {
    /// Its PostScript name, without the mark of a subset.
    pub postscript: String,
    /// The names of its family in all languages, if it brings them along.
    pub families: BTreeSet<String>,
}

impl Pdf {
    /// Reads a PDF and dates it.
    ///
    /// # Errors
    /// The bytes are no PDF.
    pub fn read(bytes: &[u8], day: NaiveDate) -> Result<Self, UnreadablePdf> {
        let mut document = Document::load_mem(bytes)?;
        // A file without a catalog is readable for the parser, but nobody can print it.
        document.catalog()?;
        // The table's other form takes a new number each time it is written.
        document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
        date(&mut document, day);
        Ok(Self { document })
    }

    pub(super) fn of(document: Document) -> Self {
        Self { document }
    }

    pub(super) fn into_document(self) -> Document {
        self.document
    }

    /// Returns the bytes. The same page gives the same bytes: dates are those of the document, and the id follows from
    /// what stands in the file.
    ///
    /// # Errors
    /// None for a PDF that was read; the parser's signature has one.
    pub fn bytes(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes)?;
        let id = digest::of(&bytes).into_bytes().into_iter().take(32).collect();
        let id = Object::String(id, StringFormat::Literal);
        self.document.trailer.set("ID", vec![id.clone(), id]);
        bytes.clear();
        self.document.save_to(&mut bytes)?;
        Ok(bytes)
    }

    /// The number of pages.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.document.get_pages().len()
    }

    /// Returns the text of each page, and the texts beside the pages: title, author, bookmarks, links.
    ///
    /// What the fonts of a page do not tell as text is passed over.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let pages: Vec<u32> = self.document.get_pages().into_keys().collect();
        let of_page = |page: u32| -> String {
            self.document.extract_text_chunks(&[page]).into_iter().filter_map(Result::ok).collect()
        };
        let mut texts: Vec<String> = pages.into_iter().map(of_page).collect();
        for object in self.document.objects.values() {
            strings(object, &mut texts);
        }
        texts
    }

    /// Returns the fonts of all pages.
    #[must_use]
    pub fn fonts(&self) -> BTreeSet<Font> {
        let pages = self.document.page_iter().filter_map(|page| self.document.get_page_fonts(page).ok());
        // Pages share their fonts, and each is read once.
        let fonts: BTreeMap<_, _> = pages.flatten().collect();
        fonts.into_values().filter_map(|font| self.font(font)).collect()
    }

    /// Returns the fonts in which something is written on each page; the list of a page's resources names those of the
    /// others too.
    #[must_use]
    pub fn fonts_by_page(&self) -> Vec<Vec<Font>> {
        let of_page = |page: ObjectId| {
            let content = Content::decode(&self.document.get_page_content(page)).ok()?;
            let fonts = self.document.get_page_fonts(page).ok()?;
            let chosen = content.operations.iter().filter(|operation| operation.operator == "Tf");
            let names: BTreeSet<_> =
                chosen.filter_map(|operation| operation.operands.first()?.as_name().ok()).collect();
            Some(names.into_iter().filter_map(|name| self.font(fonts.get(name)?)).collect())
        };
        self.document.page_iter().map(|page| of_page(page).unwrap_or_default()).collect()
    }

    fn font(&self, font: &Dictionary) -> Option<Font> {
        let document = &self.document;
        let base = font.get_deref(b"BaseFont", document).and_then(Object::as_name).ok()?;
        let base = String::from_utf8_lossy(base).into_owned();
        let is_mark = |mark: &str| mark.len() == 6 && mark.bytes().all(|byte| byte.is_ascii_uppercase());
        let postscript = base.split_once('+').filter(|(mark, _)| is_mark(mark)).map_or(&*base, |(_, name)| name);
        Some(Font { postscript: postscript.to_owned(), families: self.families(font).unwrap_or_default() })
    }

    /// The names in the font file.
    fn families(&self, font: &Dictionary) -> Option<BTreeSet<String>> {
        let document = &self.document;
        // A composite font has its file one step further down.
        let inner = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array).ok();
        let inner = inner.and_then(|fonts| document.dereference(fonts.first()?).ok()?.1.as_dict().ok());
        let descriptor = inner.unwrap_or(font).get_deref(b"FontDescriptor", document).and_then(Object::as_dict).ok()?;
        let file =
            [&b"FontFile2"[..], b"FontFile3"].into_iter().find_map(|key| descriptor.get_deref(key, document).ok());
        let file = file?.as_stream().ok()?.decompressed_content().ok()?;
        let face = RawFace::parse(&file, 0).ok()?;
        let table = name::Table::parse(face.table(ttf_parser::Tag::from_bytes(b"name"))?)?;
        let is_family = |id: u16| {
            [name::name_id::FAMILY, name::name_id::FULL_NAME, name::name_id::TYPOGRAPHIC_FAMILY].contains(&id)
        };
        Some(
            table
                .names
                .into_iter()
                .filter(|name| is_family(name.name_id))
                .filter_map(|name| name.to_string())
                .collect(),
        )
    }
}

/// Dates a PDF by the day of its document, and takes out what else tells of the hour it was made: its id and LibreOffice's
/// checksum, and the metadata that repeat title and dates.
fn date(document: &mut Document, day: NaiveDate) {
    let kept = [&b"Root"[..], b"Info"].into_iter();
    let kept = kept.filter_map(|key| Some((key.to_vec(), document.trailer.get(key).ok()?.clone())));
    document.trailer = Dictionary::from_iter(kept.collect::<Vec<_>>());
    if let Ok(catalog) = document.catalog_mut() {
        catalog.remove(b"Metadata");
    }
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).ok();
    if let Some(info) = info.and_then(|info| document.get_dictionary_mut(info).ok()) {
        info.set("CreationDate", Object::string_literal(format!("D:{}000000Z", day.format("%Y%m%d"))));
        info.remove(b"ModDate");
    }
    document.prune_objects();
    document.renumber_objects();
}

/// Collects the strings within an object. Those that draw a page are in its content, which is no object.
fn strings(object: &Object, texts: &mut Vec<String>) {
    match object {
        Object::String(..) => texts.extend(lopdf::decode_text_string(object).ok()),
        Object::Array(items) => items.iter().for_each(|item| strings(item, texts)),
        Object::Dictionary(entries) => entries.iter().for_each(|(_, value)| strings(value, texts)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, value)| strings(value, texts)),
        _ => {}
    }
}

#[cfg(test)]
pub(super) mod tests {
    use lopdf::{Stream, dictionary};

    use super::*;

    pub(in crate::pdf) fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 8, 20).unwrap()
    }

    /// A PDF as LibreOffice makes one, at a minute of today: a font whose codes only its own map tells, the size of the
    /// pages above them, a title.
    pub(in crate::pdf) fn pdf(pages: &[&str]) -> Vec<u8> {
        made_at(pages, "D:20261127232601Z'", "1F0DA73C")
    }

    fn made_at(pages: &[&str], at: &str, checksum: &str) -> Vec<u8> {
        let mut document = Document::with_version("1.6");
        let parent = document.new_object_id();
        let letters: BTreeSet<char> = pages.iter().flat_map(|page| page.chars()).collect();
        let code = |letter: char| letters.iter().position(|known| *known == letter).unwrap() + 1;
        let entry = |letter: &char| format!("<{:02X}> <{:04X}>\n", code(*letter), u32::from(*letter));
        let map = letters.iter().map(entry).collect::<Vec<_>>().concat();
        let map = format!(
            "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<<\n/Registry (Adobe)\n\
             /Ordering (UCS)\n/Supplement 0\n>> def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{} beginbfchar\n{map}endbfchar\nendcmap\n\
             CMapName currentdict /CMap defineresource pop\nend\nend\n",
            letters.len()
        );
        let map = document.add_object(Stream::new(Dictionary::new(), map.into_bytes()));
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => "BAAAAA+BousungEG-Light-GB", "ToUnicode" => map,
        });
        let kids: Vec<Object> = pages
            .iter()
            .map(|page| {
                let codes = page.chars().map(|letter| format!("{:02X}", code(letter))).collect::<Vec<_>>().concat();
                let content = format!("BT /F1 16 Tf <{codes}> Tj ET").into_bytes();
                let content = document.add_object(Stream::new(Dictionary::new(), content));
                document.add_object(dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content }).into()
            })
            .collect();
        let count = i64::try_from(kids.len()).unwrap();
        document.set_object(
            parent,
            dictionary! {
                "Type" => "Pages", "Kids" => kids, "Count" => count,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
                "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
            },
        );
        let metadata = document.add_object(Stream::new(dictionary! { "Type" => "Metadata" }, at.into()));
        let catalog =
            document.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent, "Metadata" => metadata });
        let info = document.add_object(dictionary! {
            "Title" => lopdf::text_string("标题"), "CreationDate" => Object::string_literal(at),
            "ModDate" => Object::string_literal(at),
        });
        document.trailer.set("Root", catalog);
        document.trailer.set("Info", info);
        document.trailer.set("ID", vec![Object::string_literal(at), Object::string_literal(at)]);
        document.trailer.set("DocChecksum", Object::Name(checksum.into()));
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn the_same_page_gives_the_same_bytes_whenever_it_is_made() {
        let (once, again) = (pdf(&["甲乙"]), made_at(&["甲乙"], "D:20270101000000Z'", "00"));
        assert_ne!(once, again);
        let bytes = |pdf: &[u8]| Pdf::read(pdf, day()).unwrap().bytes().unwrap();
        assert_eq!(bytes(&once), bytes(&again));
        assert_ne!(bytes(&once), bytes(&pdf(&["甲丙"])));
        let text = String::from_utf8_lossy(&bytes(&once)).into_owned();
        assert!(text.contains("D:20210820000000Z") && !text.contains("2026"), "{text}");
        // Reading and writing again changes nothing.
        assert_eq!(bytes(&bytes(&once)), bytes(&once));
    }

    #[test]
    fn text_and_title_are_read() {
        let read = Pdf::read(&pdf(&["张三丰", "乙"]), day()).unwrap();
        let texts = read.texts();
        assert_eq!((texts[0].trim(), texts[1].trim()), ("张三丰", "乙"));
        assert!(texts.iter().any(|text| text == "标题"), "{texts:?}");
        assert_eq!(read.pages(), 2);
        let font = Font { postscript: "BousungEG-Light-GB".to_owned(), families: BTreeSet::new() };
        assert_eq!(read.fonts(), BTreeSet::from([font.clone()]));
        assert_eq!(read.fonts_by_page(), [[font.clone()], [font]]);
    }

    #[test]
    fn what_is_no_pdf_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", b"%PDF-1.6\n%%EOF", &pdf(&["甲"])[..200]] {
            assert!(Pdf::read(bytes, day()).is_err());
        }
    }
}
