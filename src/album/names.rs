//! The names of photos in a cell: `照片\1.jpg、照片\2.jpg`, a list of YAML, or words among which there is none.

/// What a cell names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named<'t> {
    /// A file that has the ending of a picture.
    Picture(&'t str),
    /// A file that has another one.
    Other(&'t str),
    /// An address.
    Address(&'t str),
}

/// Endings of pictures, those that can't be read included.
const PICTURES: [&str; 16] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "webp", "heic", "heif", "tif", "tiff", "svg", "emf",
    "wmf",
];
/// Endings of other files that are attached instead of photos.
const OTHERS: [&str; 14] =
    ["pdf", "doc", "docx", "wps", "xls", "xlsx", "ppt", "pptx", "rar", "7z", "mp4", "mov", "avi", "txt"];

/// Returns what a cell names, in its order.
pub(super) fn names(cell: &str) -> Vec<Named<'_>> {
    let is_list = cell.contains('\u{1f}');
    let is_between = |c: char| match c {
        '\u{1f}' => true,
        // The items of a list may hold any of the others.
        '\n' | '\r' | '\u{2028}' | '、' | '；' | ';' | '，' | ',' | '|' => !is_list,
        _ => false,
    };
    let mut found = Vec::new();
    for part in cell.split(is_between).map(str::trim).filter(|part| !part.is_empty()) {
        spaced(part, &mut found);
    }
    found
}

/// Returns how many pictures a cell names.
#[must_use]
pub fn named_pictures(cell: &str) -> usize {
    names(cell).iter().filter(|name| matches!(name, Named::Picture(_))).count()
}

/// The names in a text between which there is white space. A name may have white space in it: it ends where its ending is.
fn spaced<'t>(text: &'t str, found: &mut Vec<Named<'t>>) {
    let mut rest = text;
    while !rest.is_empty() {
        let mut ends = rest.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).chain([rest.len()]);
        let name = ends.find_map(|end| Some((end, named(rest.get(..end)?)?)));
        let Some((end, name)) = name else { return };
        found.push(name);
        rest = rest.get(end..).unwrap_or_default().trim_start();
    }
}

fn named(text: &str) -> Option<Named<'_>> {
    let lower = text.to_ascii_lowercase();
    if ["http://", "https://", "ftp://"].iter().any(|start| lower.starts_with(start)) {
        return Some(Named::Address(text));
    }
    let (stem, ending) = lower.rsplit_once('.')?;
    if stem.is_empty() {
        return None;
    }
    if PICTURES.contains(&ending) {
        return Some(Named::Picture(text));
    }
    OTHERS.contains(&ending).then_some(Named::Other(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_names_several_photos_one_or_none() {
        for (cell, expected) in [
            ("1.jpg", &["1.jpg"][..]),
            (
                "照片\\1.JPG、照片/2.jpeg；3.png;4.gif, 5.webp，6.heic",
                &["照片\\1.JPG", "照片/2.jpeg", "3.png", "4.gif", "5.webp", "6.heic"],
            ),
            ("楼道 1.jpg 楼道 2.jpg\u{2028}3.jpg", &["楼道 1.jpg", "楼道 2.jpg", "3.jpg"]),
            ("a,b.jpg\u{1f}c d.jpg\u{1f}", &["a,b.jpg", "c d.jpg"]),
            ("照片.zip/1.jpg", &["照片.zip/1.jpg"]),
            ("有", &[]),
            ("见附件3", &[]),
            (".jpg", &[]),
            ("整改率达99.5", &[]),
            ("1.jpg 见附件", &["1.jpg"]),
        ] {
            let found: Vec<&str> = names(cell)
                .into_iter()
                .map(|named| match named {
                    Named::Picture(name) => name,
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(found, expected, "{cell}");
        }
        assert_eq!(names("https://kobo.example/1.jpg"), [Named::Address("https://kobo.example/1.jpg")]);
        assert_eq!(names("说明.pdf"), [Named::Other("说明.pdf")]);
    }

    proptest! {
        #[test]
        fn names_stand_in_the_cell_in_their_order(cell in "[a.jpg、 ,\u{1f}照\\\\/:http]{0,40}") {
            let mut rest = cell.as_str();
            for named in names(&cell) {
                let (Named::Picture(name) | Named::Other(name) | Named::Address(name)) = named;
                let at = rest.find(name);
                prop_assert!(at.is_some() && !name.is_empty());
                rest = &rest[at.unwrap() + name.len()..];
            }
        }
    }
}
