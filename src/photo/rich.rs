//! Excel's pictures in cells. A cell names a record of metadata, and from there the way leads through five parts.
//!
//! Each step is taken as the parts say. The short cut that other readers take, from the number of the record to the value
//! with that number, gives the picture of another cell as soon as records and values are in different orders.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::error::PhotoError;
use super::package::{Package, Relation, Relations, Target};
use super::sheet_picture::{Content, Missing};
use super::xml::{Piece, add, number, value};

/// The type of metadata that leads to values with parts.
const RICH_VALUE: &str = "XLRICHVALUE";
/// The most keys of a value; a picture has about three.
const MAX_KEYS: usize = 1 << 10;
/// The most records of a kind.
const MAX_RECORDS: usize = 1 << 22;

/// What the cells of a workbook may hold beside values.
#[derive(Debug, Default)]
pub(super) struct RichValues {
    /// The records that cells name, from 1; each leads to one of the values.
    records: Vec<Option<usize>>,
    /// The number of all values, and those that are pictures.
    count: usize,
    pictures: BTreeMap<usize, RichPicture>,
    /// Whether the workbook has pictures among its values.
    has_pictures: bool,
}

/// A value that is a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RichPicture {
    pub(super) content: Content,
    pub(super) description: String,
}

/// The keys of a kind of value that is a picture, by their positions.
#[derive(Clone, Copy, Debug, Default)]
struct Keys {
    is_picture: bool,
    is_from_web: bool,
    picture: Option<usize>,
    text: Option<usize>,
}

impl RichValues {
    /// Reads them, if there are any. `relations` are those of the workbook.
    pub(super) fn read<R: Read + Seek>(package: &mut Package<R>, relations: &Relations) -> Result<Self, PhotoError> {
        let part = |kinds: &[&str], package: &Package<R>| {
            let is_kind = |relation: &&Relation| kinds.iter().any(|kind| relation.kind.eq_ignore_ascii_case(kind));
            let named = relations.values().find(is_kind).and_then(|relation| match &relation.target {
                Target::Part(part) => Some(part.clone()),
                Target::Outside(_) => None,
            });
            // Some programs leave the relation out.
            let ending = |kind: &str| format!("/{}.xml", kind.to_ascii_lowercase());
            let is_it = |name: &str| kinds.iter().any(|kind| name.ends_with(&ending(kind)));
            named.filter(|part| package.has(part)).or_else(|| package.find(is_it))
        };
        let structure = part(&["rdRichValueStructure", "richValueStructure"], package);
        let Some(structure) = structure else { return Ok(Self::default()) };
        let keys = keys(package, &structure)?;
        if !keys.iter().any(|keys| keys.is_picture) {
            return Ok(Self::default());
        }
        let mut values = Self { has_pictures: true, ..Self::default() };
        if let Some(metadata) = part(&["sheetMetadata", "metadata"], package) {
            values.records = records(package, &metadata)?;
        }
        let stored = part(&["richValueRel"], package);
        let stored = stored.map(|part| list(package, &part, "rel", &[])).transpose()?.unwrap_or_default();
        let web = part(&["rdRichValueWebImage"], package);
        let web =
            web.map(|part| list(package, &part, "webImageSrd", &["blip", "address"])).transpose()?.unwrap_or_default();
        if let Some(rich) = part(&["rdRichValue", "richValue"], package) {
            let mut number = 0;
            let mut structure = 0_usize;
            let (mut own, mut text): (Vec<String>, Option<String>) = (Vec::new(), None);
            let mut take = |piece: &Piece<'_>| {
                match piece {
                    Piece::Start(element) if element.local_name().as_ref() == "rv" => {
                        structure = number_of(element).unwrap_or(usize::MAX);
                        own.clear();
                    }
                    Piece::Start(element) if element.local_name().as_ref() == "v" => text = Some(String::new()),
                    Piece::Text(piece) => {
                        if let Some(text) = &mut text {
                            add(text, piece, 1 << 15);
                        }
                    }
                    Piece::End("v") => own.extend(text.take().filter(|_| own.len() < MAX_KEYS)),
                    Piece::End("rv") => {
                        // What a value without a kind was is not known; its cell shows an error.
                        let kind = keys.get(structure).copied().unwrap_or(Keys { is_picture: true, ..Keys::default() });
                        if kind.is_picture {
                            let keys = kind;
                            let list = if keys.is_from_web { &web } else { &stored };
                            let at = keys.picture.and_then(|at| own.get(at)).and_then(|at| at.trim().parse().ok());
                            let content = at.and_then(|at: usize| list.get(at)).cloned();
                            let description = keys.text.and_then(|at| own.get(at)).cloned().unwrap_or_default();
                            let unknown = || Content::Missing(Missing::Unknown(format!("rv {number}")));
                            let picture = RichPicture { content: content.unwrap_or_else(unknown), description };
                            values.pictures.insert(number, picture);
                        }
                        number += 1;
                        values.count = number;
                        return within(number);
                    }
                    _ => {}
                }
                Ok(())
            };
            package.walk(&rich, &mut take)?;
        }
        Ok(values)
    }

    /// Whether there are any pictures.
    pub(super) fn has_pictures(&self) -> bool {
        self.has_pictures
    }

    /// Returns the picture that a cell names, by the number of its record, from 1.
    ///
    /// `None` if the cell holds something else. A record that leads nowhere is one that a program has lost, if the cell
    /// shows an error, as those with pictures do.
    pub(super) fn picture(&self, record: usize, is_error: bool) -> Option<RichPicture> {
        let lost = || {
            let content = Content::Missing(Missing::Unknown(format!("vm {record}")));
            is_error.then_some(RichPicture { content, description: String::new() })
        };
        match record.checked_sub(1).and_then(|record| self.records.get(record)) {
            Some(Some(value)) if *value < self.count => self.pictures.get(value).cloned(),
            Some(None) => None,
            Some(Some(_)) | None => lost(),
        }
    }
}

fn number_of(element: &quick_xml::events::BytesStart<'_>) -> Option<usize> {
    number(element, "s")
}

fn within(count: usize) -> Result<(), PhotoError> {
    if count > MAX_RECORDS {
        return Err(PhotoError::TooLarge {
            what: ("单元格元数据的数量", "records about cells"),
            limit: MAX_RECORDS as u64,
        });
    }
    Ok(())
}

/// The keys of each kind of value.
fn keys<R: Read + Seek>(package: &mut Package<R>, part: &str) -> Result<Vec<Keys>, PhotoError> {
    let (mut all, mut position): (Vec<Keys>, usize) = (Vec::new(), 0);
    let mut take = |piece: &Piece<'_>| {
        if let Piece::Start(element) = piece {
            match element.local_name().as_ref() {
                "s" => {
                    let kind = value(element, "t").unwrap_or_default();
                    let is_from_web = kind == "_webimage";
                    all.push(Keys { is_picture: is_from_web || kind == "_localImage", is_from_web, ..Keys::default() });
                    position = 0;
                }
                "k" => {
                    if let Some(keys) = all.last_mut() {
                        match value(element, "n").as_deref() {
                            Some("_rvRel:LocalImageIdentifier") if !keys.is_from_web => keys.picture = Some(position),
                            Some("WebImageIdentifier") if keys.is_from_web => keys.picture = Some(position),
                            Some("Text") => keys.text = Some(position),
                            _ => {}
                        }
                    }
                    position += 1;
                }
                _ => {}
            }
        }
        within(all.len())
    };
    package.walk(part, &mut take)?;
    Ok(all)
}

/// The value to which each record leads that cells name.
fn records<R: Read + Seek>(package: &mut Package<R>, part: &str) -> Result<Vec<Option<usize>>, PhotoError> {
    #[derive(PartialEq, Eq)]
    enum Within {
        Nothing,
        Future,
        Values,
    }
    let mut kinds: Vec<String> = Vec::new();
    let mut future: Vec<Option<usize>> = Vec::new();
    // For each record: the number of its kind, from 1, and the number of what is told for the kind, from 0.
    let mut records: Vec<Vec<(usize, usize)>> = Vec::new();
    let (mut within_, mut count) = (Within::Nothing, 0);
    let mut take = |piece: &Piece<'_>| {
        match piece {
            Piece::Start(element) => match element.local_name().as_ref() {
                "metadataType" => kinds.push(value(element, "name").unwrap_or_default()),
                "futureMetadata" => {
                    let is_rich = value(element, "name").is_some_and(|name| name == RICH_VALUE);
                    within_ = if is_rich { Within::Future } else { Within::Nothing };
                }
                "valueMetadata" => within_ = Within::Values,
                "cellMetadata" => within_ = Within::Nothing,
                "bk" if within_ == Within::Future => future.push(None),
                "bk" if within_ == Within::Values => records.push(Vec::new()),
                "rvb" if within_ == Within::Future => {
                    if let Some(last) = future.last_mut() {
                        *last = number(element, "i");
                    }
                }
                "rc" if within_ == Within::Values => {
                    if let (Some(last), Some(record)) =
                        (records.last_mut(), number(element, "t").zip(number(element, "v")))
                    {
                        last.push(record);
                    }
                }
                _ => return Ok(()),
            },
            Piece::End("futureMetadata" | "valueMetadata" | "cellMetadata") => within_ = Within::Nothing,
            _ => return Ok(()),
        }
        count += 1;
        within(count)
    };
    package.walk(part, &mut take)?;
    let value = |record: &Vec<(usize, usize)>| {
        let is_rich =
            |kind: usize| kind.checked_sub(1).and_then(|kind| kinds.get(kind)).is_some_and(|it| it == RICH_VALUE);
        let (_, at) = record.iter().find(|(kind, _)| is_rich(*kind))?;
        future.get(*at).copied().flatten()
    };
    Ok(records.iter().map(value).collect())
}

/// A list of pictures by the relations that its elements name: themselves, or those within them, best first.
fn list<R: Read + Seek>(
    package: &mut Package<R>,
    part: &str,
    name: &str,
    within_it: &[&str],
) -> Result<Vec<Content>, PhotoError> {
    let relations = package.relations(part)?;
    // For each, what it names and how good that is.
    let mut ids: Vec<(usize, Option<String>)> = Vec::new();
    let mut take = |piece: &Piece<'_>| {
        if let Piece::Start(element) = piece {
            let local = element.local_name();
            let inner = within_it.iter().position(|it| *it == local.as_ref());
            if local.as_ref() == name {
                ids.push((usize::MAX, value(element, "id")));
            } else if let (Some(rank), Some((best, id))) = (inner, ids.last_mut())
                && rank < *best
                && let Some(own) = value(element, "id")
            {
                (*best, *id) = (rank, Some(own));
            }
        }
        within(ids.len())
    };
    package.walk(part, &mut take)?;
    let content = |(_, id): &(usize, Option<String>)| package.content(&relations, id.as_deref().unwrap_or_default());
    Ok(ids.iter().map(content).collect())
}
