//! A filled Word template as a `.docx`: the template's parts with the output of its tags, and the document's text in
//! duban's styles.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use super::drawn::{DrawingSources, Drawings};
use super::pack::WordFile;
use super::pictured::{NamedPictures, Pictured, TYPES, media};
use super::{body, style};
use crate::document::Document;
use crate::document::layout::Look;
use crate::ooxml::archive::{Deflater, Packed};
use crate::ooxml::clean::{Keep, UniqueIds, cleaned};
use crate::ooxml::pictures::{extent, fitting, with_image_types, with_picture, with_relationships};
use crate::ooxml::{
    self, APP, CORE, NO_RELATIONSHIPS, NotesPart, relationships_of, repaired, rewritten, separate_notes,
    with_chart_relationships, with_chart_types, with_second_copies,
};
use crate::word_template::{Content, Copies, Filled, WordPart, WordTemplate};

/// Writes filled Word templates. What the documents of one template have in common is prepared once.
#[derive(Default)]
pub(crate) struct Filler {
    base: Option<Base>,
    deflater: Deflater,
}

/// A Word template with duban's styles added to its own.
struct Base {
    template: Arc<WordTemplate>,
    /// For each part, whether its tags replace paragraphs, rows or cells, so that it needs repair.
    needs_repair: Vec<bool>,
    /// All parts that stay, compressed; those that are not filled are clean.
    packed: Vec<(String, Packed<'static>)>,
    /// The clean parts of footnotes and endnotes.
    notes: Vec<NotesPart>,
    /// What leads to pictures.
    pictured: Pictured,
    /// What leads to the parts of the body, as far as it has some, and the types of all parts.
    relations: (Option<String>, String),
    /// What the names of the parts of charts and of photos begin with, as no other does.
    prefixes: (String, String),
}

/// The prefix of duban's style ids, so that they don't clash with those of the template.
const STYLE_PREFIX: &str = "duban";
/// Before the number of the first chart or photo: beyond those that programs give to the drawings of a file.
const FIRST_DRAWING: usize = 700_000;

impl Filler {
    /// Returns a filled Word template as a `.docx`. Parts without tags are copied byte for byte.
    ///
    /// # Errors
    /// A part of the template can't be read, or the package would exceed the limits of the archive format (4 GB).
    pub(crate) fn write(
        &mut self,
        filled: &Filled,
        document: &Document,
        look: &Look,
        drawn: DrawingSources<'_>,
    ) -> io::Result<WordFile> {
        let base = match self.base.take().filter(|base| Arc::ptr_eq(&base.template, &filled.template)) {
            Some(base) => base,
            None => Base::new(filled, document, look, &mut self.deflater)?,
        };
        self.base.insert(base).fill(filled, document, (look, drawn), &mut self.deflater)
    }
}

impl Base {
    fn new(filled: &Filled, document: &Document, look: &Look, deflater: &mut Deflater) -> io::Result<Self> {
        let broken = |error: ooxml::WordTemplateError| io::Error::other(error.text(document.lang).0);
        let parts = ooxml::parts(&filled.template.bytes).map_err(broken)?;
        let clean = filled.template.clean().map_err(broken)?;
        let stays = |(name, _): &(String, Packed<'_>)| !clean.dropped.contains(name);
        let mut packed: Vec<_> =
            parts.into_iter().filter(stays).map(|(name, part)| (name, part.into_owned())).collect();
        for (name, part) in &mut packed {
            if let Some(xml) = clean.changed.get(name) {
                *part = deflater.pack(xml)?;
            } else if name == APP && !filled.template.keep.properties {
                *part = deflater.pack(&super::part::app())?;
            }
        }
        let mut notes = ooxml::notes(&filled.template.bytes).map_err(broken)?;
        for part in &mut notes {
            if let Some(xml) = clean.changed.get(&part.name) {
                part.xml.clone_from(xml);
            }
        }
        let needs_styles =
            |content: &Content| matches!(content, Content::Blocks(_) | Content::Body | Content::Attachments);
        if let Some((name, styles)) =
            filled.template.styles.as_ref().filter(|_| filled.parts.iter().flatten().any(needs_styles))
        {
            let with_styles = deflater.pack(&with_styles(styles, document, look))?;
            packed.iter_mut().filter(|(part, _)| part == name).for_each(|(_, packed)| *packed = with_styles.clone());
        }
        let xml =
            |name: &str| clean.changed.get(name).cloned().or_else(|| ooxml::text(&filled.template.bytes, name).ok());
        let pictured = Pictured::new(&filled.template, &mut packed, &xml);
        let relations = filled.template.parts.first().and_then(|body| xml(&relationships_of(&body.name)));
        let relations = (relations, xml(TYPES).unwrap_or_default());
        let is_taken = |prefix: &str| {
            packed.iter().any(|(name, _)| name.contains(prefix))
                || relations.0.as_ref().is_some_and(|relations| relations.contains(prefix))
        };
        let free = |prefix: &str| {
            let mut prefix = prefix.to_owned();
            while is_taken(&prefix) {
                prefix.push('_');
            }
            prefix
        };
        let prefixes = (free("dubanChart"), free("dubanPhoto"));
        let needs_repair = (0..filled.template.parts.len()).map(|part| filled.template.takes_elements(part)).collect();
        Ok(Self { template: filled.template.clone(), needs_repair, packed, notes, pictured, relations, prefixes })
    }

    fn fill(
        &self,
        filled: &Filled,
        document: &Document,
        (look, drawn): (&Look, DrawingSources<'_>),
        deflater: &mut Deflater,
    ) -> io::Result<WordFile> {
        let keep = (self.template.keep, &self.template.hidden_styles);
        let mut ids = UniqueIds::default();
        let pictures: NamedPictures<'_> = (1..)
            .zip(&filled.pictures)
            .map(|(n, (name, picture))| (name.as_str(), (format!("duban{n}"), picture)))
            .collect();
        // Only the body shows charts and photos.
        let prefixes = (&*self.prefixes.0, &*self.prefixes.1);
        let mut drawings = Drawings::new(prefixes, FIRST_DRAWING, drawn.photos);
        let parts = self.template.parts.iter().zip(&filled.parts).zip(&self.needs_repair);
        let mut changed: BTreeMap<&str, String> = parts
            .filter_map(|((part, contents), needs_repair)| {
                let shown = (document, &pictures, &mut drawings);
                let xml = finished(part, contents, (*needs_repair, keep), shown, &mut ids)?;
                Some((part.name.as_str(), xml))
            })
            .collect();
        // Only the body, which is the first part, refers to notes.
        let body = self.template.parts.first().map_or("", |part| part.name.as_str());
        if let Some(text) = changed.get(body) {
            let (separated, notes) = separate_notes(text, &self.notes);
            changed.extend(separated.map(|text| (body, text)));
            for part in &self.notes {
                let xml = notes.iter().find(|(name, _)| *name == part.name).map(|(_, xml)| xml.clone());
                let clean = xml.map(|xml| cleaned(&xml, keep, &mut ids).0.unwrap_or(xml));
                changed.extend(clean.map(|xml| (part.name.as_str(), xml)));
            }
        }
        let mut packages = self.pictured.with(filled, &pictures);
        let Drawings { charts, photos, .. } = drawings;
        let (related, shown) = (charts.relationships(), photos.relationships());
        if !related.is_empty() || !shown.is_empty() {
            let (relations, types) = &self.relations;
            let name = relationships_of(body);
            let before =
                packages.remove(&name).or_else(|| relations.clone()).unwrap_or_else(|| NO_RELATIONSHIPS.to_owned());
            packages.insert(name, with_chart_relationships(&with_relationships(&before, &shown), &related));
            let before = packages.remove(TYPES).unwrap_or_else(|| types.clone());
            let types = with_image_types(&before, &photos.formats());
            packages.insert(TYPES.to_owned(), with_chart_types(&types, &related));
        }
        let mut archive = rewritten(&self.packed, deflater, |name| match changed.remove(name) {
            None if name == CORE && !self.template.keep.properties => Some(super::part::core(document)),
            None => packages.remove(name),
            changed => changed,
        })?;
        for (id, picture) in pictures.values() {
            archive.add(&format!("word/{}", media(id, picture)), &deflater.pack_bytes(&picture.bytes)?)?;
        }
        for (name, part) in charts.parts(&look.fonts, drawn.book, deflater)? {
            archive.add(&name, &part)?;
        }
        // The relationships of a body that had none.
        for (name, xml) in packages {
            archive.add(&name, &deflater.pack(&xml)?)?;
        }
        let photos = photos.finish()?;
        Ok(WordFile { bytes: archive.followed_by(photos.media)?.finish()?, unreadable: photos.unreadable })
    }
}

/// Returns a part filled and clean, or nothing if it stays as it is.
fn finished(
    part: &WordPart,
    contents: &[Content],
    (needs_repair, (keep, hidden)): (bool, (Keep, &BTreeSet<String>)),
    (document, pictures, drawings): (&Document, &NamedPictures<'_>, &mut Drawings<'_>),
    ids: &mut UniqueIds,
) -> Option<String> {
    let is_filled = contents != [Content::Kept(0..part.xml.len())];
    let xml = if is_filled {
        with_second_copies(&text(&part.xml, contents, (document, pictures, drawings)))
    } else {
        part.xml.clone()
    };
    let (clean, removed) = cleaned(&xml, (keep, hidden), ids);
    let xml = match (clean, is_filled) {
        (None, false) => return None,
        (clean, _) => clean.unwrap_or(xml),
    };
    // Where paragraphs or rows went, cells may lack what Word asks for.
    Some(if needs_repair || removed.blocks > 0 { repaired(xml) } else { xml })
}

/// Returns the XML of a part with its contents inserted.
fn text(
    xml: &str,
    contents: &[Content],
    (document, pictures, drawings): (&Document, &NamedPictures<'_>, &mut Drawings<'_>),
) -> String {
    let mut text = String::with_capacity(xml.len());
    let mut copies = Copies::new(xml, contents);
    for (index, content) in contents.iter().enumerate() {
        match content {
            Content::Kept(range) => text.push_str(&copies.next(index, range)),
            Content::Text(xml) => text.push_str(xml),
            Content::Picture { drawing, alt, name } => {
                let drawing = xml.get(drawing.clone()).unwrap_or_default();
                if let (Some((id, picture)), Some(extent)) = (pictures.get(name.as_str()), extent(drawing)) {
                    text.push_str(&with_picture(drawing, id, fitting(picture.size, extent), alt).unwrap_or_default());
                }
            }
            Content::Blocks(blocks) => {
                text.push_str(&with_style_prefix(&body::blocks(document.lang, blocks, drawings)));
            }
            Content::Body => text.push_str(&with_style_prefix(&body::text(document, drawings))),
            Content::Attachments => text.push_str(&with_style_prefix(&body::attachments(document, drawings))),
        }
    }
    text
}

/// Returns XML written by this room with its style ids prefixed.
fn with_style_prefix(xml: &str) -> String {
    // Quotes in text are escaped, so only attributes match.
    ["w:pStyle", "w:rStyle", "w:tblStyle"].iter().fold(xml.to_owned(), |xml, element| {
        xml.replace(&format!("<{element} w:val=\""), &format!("<{element} w:val=\"{STYLE_PREFIX}"))
    })
}

/// Returns the template's styles followed by duban's. A style whose id exists already is kept, so an office can define
/// its own look for it.
fn with_styles(xml: &str, document: &Document, look: &Look) -> String {
    let ours = style::prefixed(document.lang, &look.fonts, STYLE_PREFIX);
    let more = ours.into_iter().filter(|(id, _)| !xml.contains(&format!("w:styleId=\"{id}\"")));
    let more: String = more.map(|(_, style)| style).collect();
    let (before, after) = xml.rsplit_once("</w:styles>").unwrap_or((xml, ""));
    format!("{before}{more}</w:styles>{after}")
}
