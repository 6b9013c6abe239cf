//! The parts of a Word file that must not leave, or not as they are: who made the template, its comments, its data source, its
//! thumbnail.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::attribute::value;
use super::clean::{Keep, Removed, UniqueIds, cleaned};
use super::package::{self, WordTemplateError};

/// The core properties, which the writer makes for each document.
pub(crate) const CORE: &str = "docProps/core.xml";
/// The extended properties: company, manager, the template's name.
pub(crate) const APP: &str = "docProps/app.xml";

/// What becomes of a template's parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct CleanPackage {
    /// Parts that go.
    pub(crate) dropped: BTreeSet<String>,
    /// Parts that are not filled and change.
    pub(crate) changed: BTreeMap<String, String>,
    /// What was taken out of text.
    pub(crate) removed: Removed,
    /// What the properties tell of people and machines: 王小明 (author).
    pub(crate) properties: Vec<(Property, String)>,
    /// Kinds of parts that go, by the names of their folders or files.
    pub(crate) things: BTreeSet<Thing>,
}

/// A property of a file that names somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Author,
    LastEditor,
    Company,
    Manager,
}

/// A thing in a package that goes as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    /// Parts of comments, which are counted where they stand in the text.
    Comments,
    CustomProperties,
    CustomXml,
    Thumbnail,
    Macros,
    Printers,
    AttachedTemplate,
    DataSource,
    LocalFile,
}

/// Properties, by the part and the element that has them.
const PROPERTIES: [(&str, &str, Property); 4] = [
    (CORE, "dc:creator", Property::Author),
    (CORE, "cp:lastModifiedBy", Property::LastEditor),
    (APP, "Company", Property::Company),
    (APP, "Manager", Property::Manager),
];

/// Relationships that go with what they lead to, by the end of their type.
const RELATIONS: [(&str, Thing); 3] = [
    ("/attachedTemplate", Thing::AttachedTemplate),
    ("/mailMergeSource", Thing::DataSource),
    ("/mailMergeHeaderSource", Thing::DataSource),
];

/// Looks at the parts of a Word file. `filled` are those that are cleaned when they are filled; what there is to take out of
/// them is counted.
///
/// # Errors
/// A part can't be read.
pub(crate) fn clean_package(
    bytes: &[u8],
    filled: &[&str],
    (keep, hidden): (Keep, &BTreeSet<String>),
) -> Result<CleanPackage, WordTemplateError> {
    let mut source = package::open(bytes)?;
    let all: Vec<String> = package::parts(bytes)?.into_iter().map(|(name, _)| name).collect();
    let mut clean = CleanPackage::default();
    for part in &all {
        let Some(thing) = thing(part) else { continue };
        let is_kept = match thing {
            Thing::Comments => keep.comments,
            Thing::CustomProperties | Thing::CustomXml => keep.properties,
            _ => false,
        };
        if !is_kept {
            clean.dropped.insert(part.clone());
            clean.things.insert(thing);
        }
    }
    for name in all.iter().filter(|name| !clean.dropped.contains(*name)) {
        let ending = name.rsplit('.').next().unwrap_or_default();
        if !matches!(ending, "xml" | "rels") {
            continue;
        }
        let Ok(xml) = package::part(&mut source, name) else { continue };
        if name == "[Content_Types].xml" {
            let kept = without(&xml, "Override", |element| {
                let part = value(element, "PartName").unwrap_or_default();
                clean.dropped.contains(part.trim_start_matches('/'))
            });
            clean.changed.extend(kept.map(|xml| (name.clone(), xml)));
        } else if ending == "rels" {
            let (dropped, mut things) = (&clean.dropped, BTreeSet::new());
            let kept = without(&xml, "Relationship", |element| goes(element, name, dropped, &mut things));
            let kept = without_local_files(kept.as_deref().unwrap_or(&xml), &mut things).or(kept);
            clean.things.extend(things);
            clean.changed.extend(kept.map(|xml| (name.clone(), xml)));
        } else if name == CORE || name == APP {
            if !keep.properties {
                let found = PROPERTIES.iter().filter(|(part, ..)| part == name);
                let named = found.filter_map(|(_, element, property)| Some((*property, text_of(&xml, element)?)));
                clean.properties.extend(named);
            }
        } else if name.starts_with("word/") {
            let (kept, removed) = cleaned(&xml, (keep, hidden), &mut UniqueIds::default());
            clean.removed.comments += removed.comments;
            clean.removed.changes += removed.changes;
            clean.removed.hidden += removed.hidden;
            if !filled.contains(&name.as_str()) {
                clean.changed.extend(kept.map(|xml| (name.clone(), xml)));
            }
        }
    }
    Ok(clean)
}

/// What a part is, if it goes.
fn thing(name: &str) -> Option<Thing> {
    let file = name.rsplit('/').next().unwrap_or(name);
    Some(match name {
        "docProps/custom.xml" => Thing::CustomProperties,
        "word/people.xml" => Thing::Comments,
        _ if name.starts_with("word/comments") => Thing::Comments,
        _ if name.starts_with("customXml/") => Thing::CustomXml,
        _ if name.starts_with("docProps/thumbnail") => Thing::Thumbnail,
        _ if file.starts_with("vbaProject") || file.starts_with("vbaData") => Thing::Macros,
        _ if file.starts_with("printerSettings") => Thing::Printers,
        _ => return None,
    })
}

/// Whether a relationship leads to what goes.
fn goes(element: &BytesStart<'_>, rels: &str, dropped: &BTreeSet<String>, things: &mut BTreeSet<Thing>) -> bool {
    let kind = value(element, "Type").unwrap_or_default();
    if let Some((_, thing)) = RELATIONS.iter().find(|(ending, _)| kind.ends_with(ending)) {
        things.insert(*thing);
        return true;
    }
    let target = value(element, "Target").unwrap_or_default();
    let folder = rels.split("_rels/").next().unwrap_or_default();
    let path = match target.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => resolved(folder, &target),
    };
    dropped.contains(&path)
}

/// The path of a target relative to a folder.
pub(crate) fn resolved(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => _ = parts.pop(),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Links to files of the machine on which the template was made lead nowhere from now on; `None` if there are none.
fn without_local_files(xml: &str, things: &mut BTreeSet<Thing>) -> Option<String> {
    let mut changed = xml.to_owned();
    while let Some(start) = changed.find("Target=\"file:") {
        let open = start + "Target=\"".len();
        let length = changed.get(open..)?.find('"')?;
        changed.replace_range(open..open + length, "NULL");
        things.insert(Thing::LocalFile);
    }
    (changed != xml).then_some(changed)
}

/// Returns XML without the elements of a name for which `goes` holds; `None` if all stay.
fn without(xml: &str, name: &str, mut goes: impl FnMut(&BytesStart<'_>) -> bool) -> Option<String> {
    let (mut reader, mut kept, mut from) = (Reader::from_str(xml), String::new(), 0);
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        match reader.read_event().ok()? {
            Event::Empty(element) if element.local_name().as_ref() == name && goes(&element) => {
                kept.push_str(xml.get(from..start)?);
                from = usize::try_from(reader.buffer_position()).ok()?;
            }
            Event::Eof => return (from > 0).then(|| kept + xml.get(from..).unwrap_or_default()),
            _ => {}
        }
    }
}

/// The text of the first element of a name, if there is any.
fn text_of(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once("</")?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
