//! What leads to the pictures in a filled Word template: relationships, and the types of parts.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::ooxml::archive::Packed;
use crate::ooxml::pictures::{
    embedded, targets, with_image_types, with_relationships, without_ranges, without_relationships,
};
use crate::ooxml::relationships_of;
use crate::picture::Picture;
use crate::word_template::{Content, Filled, WordTemplate};

/// The pictures that are put in a file, by name: the id of their relationships, which is the same in all parts.
pub(super) type NamedPictures<'p> = BTreeMap<&'p str, (String, &'p Picture)>;

/// The name of the part of a picture, relative to the folder of the document's parts.
pub(super) fn media(id: &str, picture: &Picture) -> String {
    format!("media/{id}.{}", picture.format)
}

/// The parts that lead to the pictures of a file, as far as the pictures of tags change them.
#[derive(Default)]
pub(super) struct Pictured {
    /// The relationships of each part with pictures of tags, without those to the pictures in whose places others are put.
    relationships: BTreeMap<String, String>,
    /// The types of parts.
    types: String,
}

/// The name of the part that holds the types of all parts.
pub(super) const TYPES: &str = "[Content_Types].xml";

impl Pictured {
    /// Takes what leads to the placeholders of tags out of the parts, whose texts `xml` gives, and their pictures out of
    /// `packed` if nothing else shows them: a placeholder is somebody's picture.
    pub(super) fn new(
        template: &WordTemplate,
        packed: &mut Vec<(String, Packed<'static>)>,
        xml: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let (mut relationships, mut gone) = (BTreeMap::new(), BTreeSet::new());
        for (index, part) in template.parts.iter().enumerate() {
            let drawings: Vec<Range<usize>> = template.pictures(index).map(|picture| picture.drawing.clone()).collect();
            let name = relationships_of(&part.name);
            let Some(before) = xml(&name).filter(|_| !drawings.is_empty()) else { continue };
            let within = |range: &Range<usize>| embedded(part.xml.get(range.clone()).unwrap_or_default());
            let mut placeholders: BTreeSet<String> = drawings.iter().flat_map(within).collect();
            // A drawing may lie within another.
            let rest = without_ranges(&part.xml, &drawings);
            placeholders.retain(|id| !rest.contains(&format!("\"{id}\"")));
            let (without, targets) = without_relationships(&before, &placeholders);
            gone.extend(targets);
            relationships.insert(name, without);
        }
        let all: Vec<String> =
            packed.iter().map(|(name, _)| name.clone()).filter(|name| name.strip_suffix(".rels").is_some()).collect();
        let still = all.iter().filter_map(|name| relationships.get(name).cloned().or_else(|| xml(name)));
        let still: BTreeSet<String> = still.flat_map(|xml| targets(&xml)).collect();
        packed.retain(|(name, _)| {
            !gone.iter().any(|target| !still.contains(target) && *name == format!("word/{target}"))
        });
        let types = if relationships.is_empty() { None } else { xml(TYPES) };
        Self { relationships, types: types.unwrap_or_default() }
    }

    /// The parts that change for the pictures of a filled template.
    pub(super) fn with(&self, filled: &Filled, pictures: &NamedPictures<'_>) -> BTreeMap<String, String> {
        let mut parts = BTreeMap::new();
        for (part, contents) in filled.template.parts.iter().zip(&filled.parts) {
            let name = relationships_of(&part.name);
            let Some(before) = self.relationships.get(&name) else { continue };
            let names: BTreeSet<&str> = contents
                .iter()
                .filter_map(|content| match content {
                    Content::Picture { name, .. } => Some(name.as_str()),
                    _ => None,
                })
                .collect();
            let shown = names.into_iter().filter_map(|name| pictures.get(name));
            let shown: Vec<(String, String)> = shown.map(|(id, picture)| (id.clone(), media(id, picture))).collect();
            parts.insert(name, with_relationships(before, &shown));
        }
        if !self.relationships.is_empty() {
            let formats = pictures.values().map(|(_, picture)| picture.format).collect();
            parts.insert(TYPES.to_owned(), with_image_types(&self.types, &formats));
        }
        parts
    }
}
