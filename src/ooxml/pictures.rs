//! Puts another picture in the place of one: the drawing, the relationships, the types of parts.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};

use super::attribute::value;
use super::edits::{XmlEdit, edited};

/// The width and height of a drawing on the page in EMU, of which 914,400 are an inch.
pub(crate) type Extent = (u64, u64);

/// The type of a relationship to a picture.
const IMAGE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image";

/// Calls `each` with the tags of an element and those within it, each with the names of those around it and its place;
/// nothing if it is not well-formed.
pub(crate) fn each_tag(
    xml: &str,
    mut each: impl FnMut(&[String], &BytesStart<'_>, std::ops::Range<usize>),
) -> Option<()> {
    let (mut reader, mut around) = (Reader::from_str(xml), Vec::new());
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let range = start..usize::try_from(reader.buffer_position()).ok()?;
        match event {
            Event::Start(element) => {
                each(&around, &element, range);
                around.push(element.name().as_ref().to_owned());
            }
            Event::Empty(element) => each(&around, &element, range),
            Event::End(_) => _ = around.pop(),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

/// Where the element that begins at a place ends.
fn end_of(xml: &str, start: usize) -> Option<usize> {
    let (mut reader, mut depth) = (Reader::from_str(xml.get(start..)?), 0);
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(start + usize::try_from(reader.buffer_position()).ok()?);
        }
    }
}

/// The size of a drawing on the page.
pub(crate) fn extent(drawing: &str) -> Option<Extent> {
    let mut extent = None;
    each_tag(drawing, |_, element, _| {
        if extent.is_none() && element.name().as_ref() == "wp:extent" {
            let number = |key: &str| value(element, key).and_then(|text| text.parse::<u64>().ok());
            extent = number("cx").zip(number("cy"));
        }
    })?;
    extent
}

/// The width and height in pixels in which a drawing is printed: at 220 dpi, which is what Word keeps for print.
pub(crate) fn printed_size(drawing: &str) -> (u32, u32) {
    const EMU_PER_INCH: u64 = 914_400;
    const DPI: u64 = 220;
    let pixels = |emu: u64| u32::try_from(emu.saturating_mul(DPI).div_ceil(EMU_PER_INCH)).unwrap_or(u32::MAX).max(1);
    let (cx, cy) = extent(drawing).unwrap_or_default();
    (pixels(cx), pixels(cy))
}

/// A text without some ranges, which may lie within one another.
pub(crate) fn without_ranges(xml: &str, ranges: &[std::ops::Range<usize>]) -> String {
    edited(xml, ranges.iter().map(|range| (range.clone(), String::new())).collect())
}

/// The ids of the relationships to the pictures of a drawing.
pub(crate) fn embedded(xml: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let _ = each_tag(xml, |_, element, _| {
        for attribute in element.attributes().flatten() {
            if matches!(attribute.key.local_name().as_ref(), "embed" | "link" | "pict") {
                ids.insert(attribute.value.to_string());
            }
        }
    });
    ids
}

/// The largest size in which a picture of so many pixels fits in a drawing.
pub(crate) fn fitting((width, height): (u32, u32), (cx, cy): Extent) -> Extent {
    let scaled = |length: u64, by: u32, of: u32| {
        let scaled = u128::from(length) * u128::from(by.max(1)) / u128::from(of.max(1));
        u64::try_from(scaled).unwrap_or(u64::MAX).max(1)
    };
    let by_width = (cx, scaled(cx, height, width));
    if by_width.1 <= cy { by_width } else { (scaled(cy, width, height), cy) }
}

/// Returns a drawing of one picture with another in it, by the id of its relationship, in another size, and with another text
/// for whoever can't see it. Nothing if there is no picture in it.
pub(crate) fn with_picture(drawing: &str, id: &str, (cx, cy): Extent, alt: &str) -> Option<String> {
    let (mut edits, mut blip) = (Vec::<XmlEdit>::new(), None);
    each_tag(drawing, |around, element, range| {
        let parent = around.last().map_or("", String::as_str);
        let is_empty = drawing.get(range.clone()).is_some_and(|tag| tag.ends_with("/>"));
        match element.name().as_ref() {
            "wp:extent" => edits.push((range, sized(element, is_empty, (cx, cy)))),
            "a:ext" if parent == "a:xfrm" => edits.push((range, sized(element, is_empty, (cx, cy)))),
            "wp:docPr" | "pic:cNvPr" => edits.push((range, described(element, is_empty, alt))),
            "a:srcRect" => edits.push((range, String::new())),
            "a:blip" if blip.is_none() => {
                let key = element.attributes().flatten().map(|attribute| attribute.key.as_ref().to_owned());
                let key = key.into_iter().find(|key| key.ends_with(":embed") || key.ends_with(":link"));
                let prefix = key.and_then(|key| key.split_once(':').map(|(prefix, _)| prefix.to_owned()));
                blip = Some((range, prefix.unwrap_or_else(|| "r".to_owned())));
            }
            _ => {}
        }
    })?;
    let (range, prefix) = blip?;
    edits.push((range.start..end_of(drawing, range.start)?, format!("<a:blip {prefix}:embed=\"{id}\"/>")));
    Some(edited(drawing, edits))
}

/// A tag with another size.
fn sized(element: &BytesStart<'_>, is_empty: bool, (cx, cy): Extent) -> String {
    let (cx, cy) = (cx.to_string(), cy.to_string());
    rebuilt(element, is_empty, &[("cx", Some(&cx)), ("cy", Some(&cy))])
}

/// A tag with another description, and without a title, which says the same.
fn described(element: &BytesStart<'_>, is_empty: bool, alt: &str) -> String {
    rebuilt(element, is_empty, &[("descr", Some(alt)), ("title", None)])
}

/// A tag with other values of some attributes, where it has them, or without.
fn rebuilt(element: &BytesStart<'_>, is_empty: bool, changes: &[(&str, Option<&str>)]) -> String {
    let mut tag = format!("<{}", element.name().as_ref());
    for attribute in element.attributes().flatten() {
        let key = attribute.key.as_ref();
        let change = changes.iter().find(|(changed, _)| *changed == key);
        let value = match change {
            Some((_, None)) => continue,
            Some((_, Some(new))) => escape(*new).into_owned(),
            // As it is written, but for its quotes.
            None => attribute.value.replace('"', "&quot;"),
        };
        tag.extend([" ", key, "=\"", &value, "\""]);
    }
    tag + if is_empty { "/>" } else { ">" }
}

/// Returns the relationships of a part with some more to pictures: their ids and parts, relative to the part's folder.
pub(crate) fn with_relationships(xml: &str, pictures: &[(String, String)]) -> String {
    let more =
        pictures.iter().map(|(id, target)| format!("<Relationship Id=\"{id}\" Type=\"{IMAGE}\" Target=\"{target}\"/>"));
    before_end(xml, "</Relationships>", &more.collect::<Vec<_>>().concat())
}

/// Returns the relationships of a part without some, and the targets of these.
pub(crate) fn without_relationships(xml: &str, ids: &BTreeSet<String>) -> (String, BTreeSet<String>) {
    let (mut edits, mut targets) = (Vec::new(), BTreeSet::new());
    let _ = each_tag(xml, |_, element, range| {
        if value(element, "Id").is_some_and(|id| ids.contains(&id)) {
            targets.extend(value(element, "Target"));
            edits.push((range, String::new()));
        }
    });
    (edited(xml, edits), targets)
}

/// The targets of relationships.
pub(crate) fn targets(xml: &str) -> BTreeSet<String> {
    let mut targets = BTreeSet::new();
    let _ = each_tag(xml, |_, element, _| targets.extend(value(element, "Target")));
    targets
}

/// Returns the types of parts with those of pictures in some formats.
pub(crate) fn with_image_types(xml: &str, formats: &BTreeSet<&'static str>) -> String {
    let mut known = BTreeSet::new();
    let _ = each_tag(xml, |_, element, _| known.extend(value(element, "Extension").map(|text| text.to_lowercase())));
    let missing = formats.iter().filter(|format| !known.contains(**format));
    let more: Vec<String> =
        missing.map(|format| format!("<Default Extension=\"{format}\" ContentType=\"image/{format}\"/>")).collect();
    // Defaults come before overrides.
    match xml.find("<Override") {
        Some(at) => {
            format!("{}{}{}", xml.get(..at).unwrap_or_default(), more.concat(), xml.get(at..).unwrap_or_default())
        }
        None => before_end(xml, "</Types>", &more.concat()),
    }
}

/// Returns a text with more before the end of its root.
pub(super) fn before_end(xml: &str, end: &str, more: &str) -> String {
    match xml.rsplit_once(end) {
        Some((before, after)) => format!("{before}{more}{end}{after}"),
        None => xml.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_picture_takes_the_place_of_one() {
        let drawing = "<w:drawing><wp:inline><wp:extent cx=\"900\" cy=\"600\"/><wp:docPr id=\"1\" name=\"图片 1\" descr=\"{{ a }}\" title=\"x\"/>\
                       <a:graphic><pic:pic><pic:nvPicPr><pic:cNvPr id=\"0\" name=\"1.png\" descr=\"{{ a }}\"/></pic:nvPicPr><pic:blipFill>\
                       <a:blip r:embed=\"rId5\" cstate=\"print\"><a:extLst><a:ext uri=\"{1}\"><x:svgBlip r:embed=\"rId6\"/></a:ext></a:extLst></a:blip>\
                       <a:srcRect l=\"10\"/><a:stretch/></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"900\" cy=\"600\"/></a:xfrm>\
                       </pic:spPr></pic:pic></a:graphic></wp:inline></w:drawing>";
        assert_eq!(extent(drawing), Some((900, 600)));
        assert_eq!(embedded(drawing), ["rId5", "rId6"].map(str::to_owned).into());
        let size = fitting((10, 20), (900, 600));
        assert_eq!(size, (300, 600));
        assert_eq!(fitting((20, 10), (900, 600)), (900, 450));
        assert_eq!(without_ranges("0123456789", &[1..7, 3..5, 8..9]), "079");
        assert_eq!(fitting((1, 1), (u64::MAX, 600)), (600, 600));
        assert_eq!(
            with_picture(drawing, "rId9", size, "照片 <1>").unwrap(),
            "<w:drawing><wp:inline><wp:extent cx=\"300\" cy=\"600\"/><wp:docPr id=\"1\" name=\"图片 1\" descr=\"照片 &lt;1&gt;\"/>\
             <a:graphic><pic:pic><pic:nvPicPr><pic:cNvPr id=\"0\" name=\"1.png\" descr=\"照片 &lt;1&gt;\"/></pic:nvPicPr><pic:blipFill>\
             <a:blip r:embed=\"rId9\"/><a:stretch/></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>\
             <a:ext cx=\"300\" cy=\"600\"/></a:xfrm></pic:spPr></pic:pic></a:graphic></wp:inline></w:drawing>"
        );
        assert_eq!(with_picture("<w:drawing><wp:inline/></w:drawing>", "r", size, ""), None);
    }

    #[test]
    fn relationships_and_types_follow() {
        let xml = "<Relationships><Relationship Id=\"rId1\" Target=\"a.xml\"/><Relationship Id=\"rId5\" Target=\"media/1.png\"/></Relationships>";
        let (without, gone) = without_relationships(xml, &["rId5".to_owned()].into());
        assert_eq!(without, "<Relationships><Relationship Id=\"rId1\" Target=\"a.xml\"/></Relationships>");
        assert_eq!((gone, targets(&without)), (["media/1.png".to_owned()].into(), ["a.xml".to_owned()].into()));
        let with = with_relationships(&without, &[("d1".to_owned(), "media/d1.png".to_owned())]);
        assert!(with.contains("/><Relationship Id=\"d1\" Type=") && with.ends_with("</Relationships>"), "{with}");
        let types = "<Types><Default Extension=\"PNG\"/><Override PartName=\"/a\"/></Types>";
        assert_eq!(
            with_image_types(types, &["jpeg", "png"].into()),
            "<Types><Default Extension=\"PNG\"/><Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/><Override PartName=\"/a\"/></Types>"
        );
    }
}
