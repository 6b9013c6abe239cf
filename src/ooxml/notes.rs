//! Footnotes and endnotes in what a loop repeats: each copy has a note of its own.
//!
//! The text refers to a note by its id, and two references to one note are not what its author saw: Word numbers them 1 and 2
//! and shows the second without its note.

use std::collections::BTreeSet;

use super::package::{self, WordTemplateError};

/// The two kinds of notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoteKind {
    Footnote,
    Endnote,
}

impl NoteKind {
    const ALL: [Self; 2] = [Self::Footnote, Self::Endnote];

    fn name(self) -> &'static str {
        match self {
            Self::Footnote => "footnote",
            Self::Endnote => "endnote",
        }
    }
}

/// A part with notes.
#[derive(Clone, Debug)]
pub(crate) struct NotesPart {
    kind: NoteKind,
    /// Its name in the package.
    pub(crate) name: String,
    /// Its XML.
    pub(crate) xml: String,
}

/// Returns the parts of a Word file that hold notes.
///
/// # Errors
/// A part can't be read.
pub(crate) fn notes(bytes: &[u8]) -> Result<Vec<NotesPart>, WordTemplateError> {
    let mut source = package::open(bytes)?;
    let types = package::types(&mut source)?;
    let mut found = Vec::new();
    for kind in NoteKind::ALL {
        let ending = format!("wordprocessingml.{}s+xml", kind.name());
        for (name, _) in types.iter().filter(|(_, content)| content.ends_with(&ending)) {
            found.push(NotesPart { kind, name: name.clone(), xml: package::part(&mut source, name)? });
        }
    }
    Ok(found)
}

/// Gives each reference of a filled text a note of its own. Returns the text and the parts of notes, each nothing if it stays as
/// it is.
pub(crate) fn separate_notes(text: &str, parts: &[NotesPart]) -> (Option<String>, Vec<(String, String)>) {
    let (mut changed, mut with_copies) = (None::<String>, Vec::new());
    for part in parts {
        let xml = changed.as_deref().unwrap_or(text);
        let (separated, copies) = separated(xml, part);
        if copies.is_empty() {
            continue;
        }
        let end = format!("</w:{}s>", part.kind.name());
        let (before, after) = part.xml.rsplit_once(&end).unwrap_or((&part.xml, ""));
        with_copies.push((part.name.clone(), format!("{before}{}{end}{after}", copies.concat())));
        changed = Some(separated);
    }
    (changed, with_copies)
}

/// The text with an id of its own in every reference, and the copies of notes that these ids are of.
fn separated(text: &str, part: &NotesPart) -> (String, Vec<String>) {
    let reference = format!("<w:{}Reference ", part.kind.name());
    let note = format!("<w:{} ", part.kind.name());
    let end = format!("</w:{}>", part.kind.name());
    let known = part.xml.split(&note).skip(1).filter_map(|note| id(note)?.parse::<u32>().ok());
    let mut next = known.max().unwrap_or(0);
    let (mut separated, mut copies, mut seen) = (String::with_capacity(text.len()), Vec::new(), BTreeSet::new());
    let mut pieces = text.split(&reference);
    separated.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        separated.push_str(&reference);
        let of = id(piece).filter(|id| !seen.insert(*id));
        let original = of.and_then(|of| {
            let content = part.xml.split(&note).skip(1).find(|content| id(content) == Some(of))?;
            Some((of, content.split_once(&end)?.0))
        });
        let Some((of, content)) = original else {
            separated.push_str(piece);
            continue;
        };
        next = next.saturating_add(1);
        let (old, new) = (format!("w:id=\"{of}\""), format!("w:id=\"{next}\""));
        separated.push_str(&piece.replacen(&old, &new, 1));
        copies.push(format!("{note}{}{end}", content.replacen(&old, &new, 1)));
    }
    (separated, copies)
}

/// The id in the attributes that a text begins with.
fn id(text: &str) -> Option<&str> {
    let tag = text.split('>').next()?;
    tag.split("w:id=\"").nth(1)?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reference_has_a_note_of_its_own() {
        let xml = "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p/></w:footnote>\
                   <w:footnote w:id=\"2\"><w:p>甲</w:p></w:footnote><w:footnote w:id=\"3\"><w:p>乙</w:p></w:footnote></w:footnotes>";
        let parts = [NotesPart { kind: NoteKind::Footnote, name: "f".into(), xml: xml.into() }];
        let reference = |id: u32| format!("<w:r><w:footnoteReference w:customMarkFollows=\"0\" w:id=\"{id}\"/></w:r>");
        let body = |ids: &[u32]| ids.iter().map(|id| reference(*id)).collect::<String>();
        assert_eq!(separate_notes(&body(&[2, 3]), &parts), (None, Vec::new()));
        let (text, notes) = separate_notes(&body(&[2, 3, 2, 2]), &parts);
        assert_eq!(text, Some(body(&[2, 3, 4, 5])));
        let copies =
            "<w:footnote w:id=\"4\"><w:p>甲</w:p></w:footnote><w:footnote w:id=\"5\"><w:p>甲</w:p></w:footnote>";
        assert_eq!(notes, [("f".to_owned(), xml.replace("</w:footnotes>", &format!("{copies}</w:footnotes>")))]);
        // A reference to a note that is not there stays.
        assert_eq!(separate_notes(&body(&[7, 7]), &parts), (None, Vec::new()));
    }
}
