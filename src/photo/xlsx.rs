//! The pictures of an `.xlsx`: those of its drawings, those in its cells, and the looks of its objects.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::drawing::{Drawing, MAX_PICTURES, too_many};
use super::error::PhotoError;
use super::package::{Package, Relations, Target};
use super::rich::RichValues;
use super::sheet::{Held, Sheet, Told};
use super::sheet_picture::{Content, Crop, Doubt, Form, Missing, SheetPicture, Turn, doubts};
use super::xml::{Piece, value};
use crate::placement::{Grid, WHOLE};

/// No workbook has more sheets.
const MAX_SHEETS: usize = 4096;

/// Returns the pictures of a workbook, in the order of its sheets.
pub(super) fn pictures<R: Read + Seek>(package: &mut Package<R>) -> Result<Vec<SheetPicture>, PhotoError> {
    let workbook = main_part(package)?;
    let relations = package.relations(&workbook)?;
    let sheets = sheets(package, &workbook, &relations)?;
    if sheets.is_empty() {
        return Err(PhotoError::NoWorkbook);
    }
    let rich = RichValues::read(package, &relations)?;
    let wps = wps_pictures(package)?;
    let mut pictures = Vec::new();
    for (name, part) in sheets {
        let relations = package.relations(&part)?;
        let is_drawn = relations.values().any(|it| matches!(it.kind.as_str(), "drawing" | "oleObject" | "package"));
        // A sheet is long, and most have no pictures.
        if !is_drawn && wps.is_none() && !rich.has_pictures() {
            continue;
        }
        let mut sheet = Sheet::new(&rich);
        package.walk(&part, &mut sheet)?;
        let found = of_sheet(package, &name, sheet, &relations, wps.as_ref())?;
        pictures.extend(found);
        if pictures.len() > MAX_PICTURES {
            return Err(too_many());
        }
    }
    Ok(pictures)
}

/// Returns the name of the part that is the workbook.
fn main_part<R: Read + Seek>(package: &mut Package<R>) -> Result<String, PhotoError> {
    let relations = package.relations("")?;
    let main = relations.into_values().find(|relation| relation.kind == "officeDocument");
    match main.map(|relation| relation.target) {
        // An `.xlsb`.
        Some(Target::Part(part)) if part.to_ascii_lowercase().ends_with(".bin") => Err(PhotoError::NoWorkbook),
        Some(Target::Part(part)) if package.has(&part) => Ok(part),
        _ if package.has("xl/workbook.xml") => Ok("xl/workbook.xml".to_owned()),
        _ => Err(PhotoError::NoWorkbook),
    }
}

/// Returns the names of the sheets and their parts.
fn sheets<R: Read + Seek>(
    package: &mut Package<R>,
    workbook: &str,
    relations: &Relations,
) -> Result<Vec<(String, String)>, PhotoError> {
    let mut sheets = Vec::new();
    let mut take = |piece: &Piece<'_>| {
        if let Piece::Start(element) = piece
            && element.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (value(element, "name"), value(element, "id"))
            && let Some(Target::Part(part)) = relations.get(&id).map(|relation| &relation.target)
        {
            sheets.push((name, part.clone()));
        }
        if sheets.len() > MAX_SHEETS {
            return Err(PhotoError::TooLarge { what: ("工作表的数量", "sheets"), limit: MAX_SHEETS as u64 });
        }
        Ok(())
    };
    package.walk(workbook, &mut take)?;
    Ok(sheets)
}

/// A cell picture of WPS, as its list tells of it.
struct WpsPicture {
    description: String,
    crop: Crop,
    turn: Turn,
    content: Content,
}

/// Returns the cell pictures of WPS by their IDs, if there is a list of them.
///
/// The list is found by its name, since programs give its relation different types.
fn wps_pictures<R: Read + Seek>(package: &mut Package<R>) -> Result<Option<BTreeMap<String, WpsPicture>>, PhotoError> {
    let Some(part) = package.find(|name| name.ends_with("/cellimages.xml")) else { return Ok(None) };
    let relations = package.relations(&part)?;
    let mut list = Drawing::default();
    package.walk(&part, &mut list)?;
    let pictures = list.found.into_iter().map(|drawn| {
        let content = content(package, &relations, drawn.embedded.as_deref(), drawn.linked.as_deref());
        let (crop, turn) = (drawn.crop, drawn.turn);
        (drawn.name.to_ascii_uppercase(), WpsPicture { description: drawn.description, crop, turn, content })
    });
    Ok(Some(pictures.collect()))
}

/// Returns where the bytes of a picture are: what lies in the workbook comes before what lies outside.
fn content<R: Read + Seek>(
    package: &Package<R>,
    relations: &Relations,
    embedded: Option<&str>,
    linked: Option<&str>,
) -> Content {
    let inside = embedded.map(|id| package.content(relations, id));
    let outside = linked.map(|id| package.content(relations, id));
    match (inside, outside) {
        (Some(Content::Missing(_)), Some(outside)) => outside,
        (Some(content), _) | (None, Some(content)) => content,
        (None, None) => Content::Missing(Missing::Unknown(String::new())),
    }
}

fn of_sheet<R: Read + Seek>(
    package: &mut Package<R>,
    name: &str,
    sheet: Sheet<'_>,
    relations: &Relations,
    wps: Option<&BTreeMap<String, WpsPicture>>,
) -> Result<Vec<SheetPicture>, PhotoError> {
    let Told { grid, held, objects, drawing } = sheet.finish();
    let mut pictures = in_cells(name, &grid, held, wps)?;
    if let Some(part) = drawing.as_deref().and_then(|id| relations.get(id)) {
        let Target::Part(part) = &part.target else { return Ok(pictures) };
        let relations = package.relations(part)?;
        let mut drawing = Drawing::default();
        if !package.walk(part, &mut drawing)? {
            return Err(PhotoError::damaged(part, &"it is missing"));
        }
        let anchors: Vec<_> = drawing.found.iter().map(|drawn| (drawn.anchor, drawn.part)).collect();
        for ((drawn, (anchor, _)), place) in drawing.found.into_iter().zip(&anchors).zip(grid.places(&anchors)?) {
            let mut doubts = doubts(anchor.as_ref(), &place);
            doubts.extend(drawn.is_hidden.then_some(Doubt::Hidden));
            pictures.push(SheetPicture {
                sheet: name.to_owned(),
                form: drawn.form,
                content: content(package, &relations, drawn.embedded.as_deref(), drawn.linked.as_deref()),
                name: drawn.name,
                description: drawn.description,
                cells: place.cells,
                doubts,
                crop: drawn.crop,
                turn: drawn.turn,
            });
        }
    }
    let anchors: Vec<_> = objects.iter().map(|object| (object.anchor, WHOLE)).collect();
    for (object, place) in objects.into_iter().zip(grid.places(&anchors)?) {
        pictures.push(SheetPicture {
            sheet: name.to_owned(),
            form: Form::Object,
            name: String::new(),
            description: String::new(),
            doubts: doubts(object.anchor.as_ref(), &place),
            cells: place.cells,
            crop: Crop::Whole,
            turn: Turn::default(),
            content: Content::Missing(Missing::Object(object.program)),
        });
    }
    Ok(pictures)
}

/// The pictures that are values of cells.
fn in_cells(
    name: &str,
    grid: &Grid,
    held: Vec<((u32, u32), Held)>,
    wps: Option<&BTreeMap<String, WpsPicture>>,
) -> Result<Vec<SheetPicture>, PhotoError> {
    let places: Vec<_> = held.iter().map(|(place, _)| *place).collect();
    let mut pictures = Vec::new();
    for (cell, (_, held)) in grid.ranges(&places)?.into_iter().zip(held) {
        let (form, name_, description, crop, turn, content) = match held {
            Held::Rich(picture) => {
                (Form::ExcelCell, String::new(), picture.description, Crop::Whole, Turn::default(), picture.content)
            }
            Held::Wps(id) => {
                let known = wps.and_then(|wps| wps.get(&id.to_ascii_uppercase()));
                let (description, crop, turn) =
                    known.map(|it| (it.description.clone(), it.crop, it.turn)).unwrap_or_default();
                let lost = || Content::Missing(Missing::Unknown(id.clone()));
                let content = known.map_or_else(lost, |it| it.content.clone());
                (Form::WpsCell, id, description, crop, turn, content)
            }
        };
        let (sheet, name) = (name.to_owned(), name_);
        pictures.push(SheetPicture {
            sheet,
            form,
            name,
            description,
            cells: vec![cell],
            doubts: vec![],
            crop,
            turn,
            content,
        });
    }
    Ok(pictures)
}
