//! Several PDF in one, for the printer: each begins on the front of a sheet.
//!
//! The pages are those of the single documents, whatever they are made from. LibreOffice would lay out one large `.docx`
//! anew, and mistakes the second page of a letter for a first one.

use chrono::NaiveDate;
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use crate::pdf::read::{Pdf, UnreadablePdf};

/// What a page may have from the nodes above it.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// Joins PDF in their order. After one with an odd number of pages comes a blank page, except after the last.
///
/// # Errors
/// One of them is no PDF.
pub fn join<'b>(parts: impl IntoIterator<Item = &'b [u8]>, day: NaiveDate) -> Result<Pdf, UnreadablePdf> {
    let mut joined = Document::with_version("1.4");
    let pages = ObjectId::from((1, 0));
    joined.max_id = 1;
    let mut kids: Vec<ObjectId> = Vec::new();
    for part in parts {
        let mut part = Pdf::read(part, day)?.into_document();
        part.renumber_objects_with(joined.max_id + 1);
        joined.max_id = part.max_id;
        if kids.is_empty() {
            joined.trailer.extend(&info(&part));
        } else if kids.len() % 2 == 1 {
            let blank = blank(&joined, kids.last().copied(), pages);
            joined.max_id += 1;
            let id = (joined.max_id, 0);
            joined.objects.insert(id, blank.into());
            kids.push(id);
        }
        if part.version > joined.version {
            joined.version.clone_from(&part.version);
        }
        for id in part.page_iter().collect::<Vec<_>>() {
            let inherited = inherited(&part, id);
            let page = part.get_dictionary_mut(id)?;
            for (key, value) in inherited {
                page.set(key, value);
            }
            page.set("Parent", pages);
            // The order of reading is told in a tree of the whole document, which is left behind.
            page.remove(b"StructParents");
            kids.push(id);
        }
        joined.objects.append(&mut part.objects);
    }
    let (count, kids) =
        (i64::try_from(kids.len()).unwrap_or(i64::MAX), kids.into_iter().map(Object::from).collect::<Vec<_>>());
    joined.objects.insert(pages, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    joined.max_id += 1;
    let catalog = (joined.max_id, 0);
    joined.objects.insert(catalog, dictionary! { "Type" => "Catalog", "Pages" => pages }.into());
    joined.trailer.set("Root", catalog);
    joined.prune_objects();
    joined.renumber_objects();
    joined.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    Ok(Pdf::of(joined))
}

/// The entry of the trailer that leads to title, author and dates.
fn info(part: &Document) -> Dictionary {
    let info = part.trailer.get(b"Info").ok().cloned();
    info.into_iter().map(|info| ("Info", info)).collect()
}

/// What a page has from the nodes above it, the nearest first.
fn inherited(document: &Document, page: ObjectId) -> Vec<(Vec<u8>, Object)> {
    let mut found: Vec<(Vec<u8>, Object)> = Vec::new();
    let Ok(page) = document.get_dictionary(page) else { return found };
    let mut above = page.get_deref(b"Parent", document).and_then(Object::as_dict).ok();
    // A tree of pages is a few nodes high; a circle of them is no tree.
    for _ in 0..64 {
        let Some(node) = above else { break };
        for key in INHERITED {
            let is_known = page.has(key) || found.iter().any(|(known, _)| known == key);
            if let Some(value) = node.get(key).ok().filter(|_| !is_known) {
                found.push((key.to_vec(), value.clone()));
            }
        }
        above = node.get_deref(b"Parent", document).and_then(Object::as_dict).ok();
    }
    found
}

/// The blank back of a page.
fn blank(document: &Document, front: Option<ObjectId>, pages: ObjectId) -> Dictionary {
    let mut blank = dictionary! { "Type" => "Page", "Parent" => pages, "Resources" => Dictionary::new() };
    let front = front.and_then(|front| document.get_dictionary(front).ok());
    for key in [&b"MediaBox"[..], b"CropBox", b"Rotate"] {
        if let Some(value) = front.and_then(|front| front.get(key).ok()) {
            blank.set(key, value.clone());
        }
    }
    blank
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::read::tests::{day, pdf};

    #[test]
    fn each_begins_on_the_front_of_a_sheet() {
        let (one, two) = (pdf(&["甲"]), pdf(&["乙一", "乙二"]));
        let joined = join([&one[..], &two, &one], day()).unwrap();
        let texts = joined.texts();
        let pages: Vec<&str> = texts.iter().take(joined.pages()).map(|text| text.trim()).collect();
        assert_eq!(pages, ["甲", "", "乙一", "乙二", "甲"]);
        assert!(texts.iter().any(|text| text == "标题"), "{texts:?}");
        let bytes = joined.bytes().unwrap();
        assert_eq!(join([&one[..], &two, &one], day()).unwrap().bytes().unwrap(), bytes);
        // What was written reads back, with its sizes of pages.
        let read = Pdf::read(&bytes, day()).unwrap().into_document();
        for page in read.page_iter() {
            assert!(read.get_dictionary(page).unwrap().has(b"MediaBox"));
        }
        assert!(join([&b"%PDF-1.4"[..]], day()).is_err());
    }
}
