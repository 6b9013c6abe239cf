//! What a finished Word file must not carry of the template it was made from: comments, tracked changes, hidden text, ids of
//! editing sessions, and ids that a loop has repeated.
//!
//! Tracked changes are accepted: what was inserted stays, what was deleted goes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::attribute::{is_on, value};
use super::edits::{XmlEdit, edited};

/// How much was taken out, in the words of whoever made the template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Comments.
    pub comments: usize,
    /// Tracked insertions, deletions, moves and changes of format.
    pub changes: usize,
    /// Pieces of hidden text.
    pub hidden: usize,
    /// Paragraphs and rows of which nothing is left.
    pub(crate) blocks: usize,
}

/// What stays, because the office wants it.
#[expect(clippy::struct_excessive_bools, reason = "each is a word under `keep:` of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Comments.
    pub comments: bool,
    /// Tracked changes.
    pub changes: bool,
    /// Hidden text.
    pub hidden: bool,
    /// Author, company and other properties.
    pub properties: bool,
}

/// The ids given out in the parts of one file, which must be unique in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct UniqueIds {
    drawings: BTreeSet<String>,
    /// The ids of shapes in the older format of drawings (VML).
    shapes: BTreeSet<String>,
    /// What the shape of an id was last called.
    renamed_shapes: BTreeMap<String, String>,
    bookmarks: BTreeSet<String>,
    controls: BTreeSet<String>,
    /// The ids of bookmarks that were dropped and end later.
    dropped: Vec<String>,
    next: u32,
}

/// The first number for a drawing whose own is taken.
const FIRST_ID: u32 = 900_000;

/// Elements that go with all they hold, whatever is kept: data sources, ids, printers.
const ALWAYS: [&str; 9] = [
    "w:rsids",
    "w:attachedTemplate",
    "w:mailMerge",
    "w:docVars",
    "w:dataBinding",
    "w:printerSettings",
    "w14:docId",
    "w15:docId",
    "w15:chartTrackingRefBased",
];
/// Elements that are a comment's.
const COMMENTS: [&str; 3] = ["w:commentRangeStart", "w:commentRangeEnd", "w:commentReference"];
/// Elements that hold what a tracked change has taken away, or how something looked before.
const DELETED: [&str; 16] = [
    "w:moveFrom",
    "w:rPrChange",
    "w:pPrChange",
    "w:sectPrChange",
    "w:tblPrChange",
    "w:tblPrExChange",
    "w:trPrChange",
    "w:tcPrChange",
    "w:tblGridChange",
    "w:numberingChange",
    "w:cellIns",
    "w:cellMerge",
    "w:trackRevisions",
    "w:customXmlDelRangeStart",
    "w:customXmlDelRangeEnd",
    "w:del",
];
/// The marks around what was moved.
const MOVES: [&str; 4] = ["w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd"];
/// Elements around what a tracked change has put in.
const INSERTED: [&str; 2] = ["w:ins", "w:moveTo"];

/// What a run or a paragraph may hold.
const CONTENT: [&str; 12] = [
    "w:t",
    "w:drawing",
    "w:pict",
    "w:object",
    "w:fldChar",
    "w:instrText",
    "w:sectPr",
    "w:br",
    "w:tab",
    "w:sym",
    "w:footnoteReference",
    "mc:AlternateContent",
];

/// An element whose end has not been read.
struct Open {
    name: String,
    start: usize,
    /// Whether a tracked change has deleted it: a row, or the mark of a paragraph.
    is_deleted: bool,
    /// Whether a run or the mark of a paragraph is hidden, if it says so itself.
    hidden: Option<bool>,
    /// Whether the style of a run or a paragraph hides.
    style_hides: bool,
    /// Whether a run or a paragraph holds something that stays.
    stays: bool,
}

impl Open {
    fn new(name: &str, start: usize) -> Self {
        Self { name: name.to_owned(), start, is_deleted: false, hidden: None, style_hides: false, stays: false }
    }
}

impl UniqueIds {
    /// Returns another id for a drawing whose own is taken, and the name of the attribute.
    fn new_id(&mut self, name: &str, element: &BytesStart<'_>) -> Option<(&'static str, String, String)> {
        if name == "o:OLEObject" {
            let id = value(element, "ShapeID")?;
            let new = self.renamed_shapes.get(&id)?.clone();
            return Some(("ShapeID", id, new));
        }
        let is_shape = name.starts_with("v:") && name != "v:shapetype";
        let id = value(element, "id").filter(|_| is_shape || name == "wp:docPr")?;
        if if is_shape { &mut self.shapes } else { &mut self.drawings }.insert(id.clone()) {
            return None;
        }
        let number = FIRST_ID + self.next;
        self.next += 1;
        if !is_shape {
            return Some(("id", id, number.to_string()));
        }
        let new = format!("shape_{number}");
        self.renamed_shapes.insert(id.clone(), new.clone());
        Some(("id", id, new))
    }
}

/// The cleaning of one part.
struct Cleaner<'c> {
    xml: &'c str,
    keep: Keep,
    /// The styles that hide.
    hidden: &'c BTreeSet<String>,
    ids: &'c mut UniqueIds,
    removed: Removed,
    open: Vec<Open>,
    edits: Vec<XmlEdit>,
    /// Within an element that goes as a whole, how deep.
    skipped: Option<(usize, usize)>,
}

/// Returns the XML of a part without what must not leave, and what that was; the XML is `None` if nothing changes. XML that
/// can't be parsed stays as it is.
pub(crate) fn cleaned(
    xml: &str,
    (keep, hidden): (Keep, &BTreeSet<String>),
    ids: &mut UniqueIds,
) -> (Option<String>, Removed) {
    let (removed, open, edits) = (Removed::default(), Vec::new(), Vec::new());
    let mut cleaner = Cleaner { xml, keep, hidden, ids, removed, open, edits, skipped: None };
    if cleaner.read().is_none() {
        return (None, Removed::default());
    }
    let (removed, edits) = (cleaner.removed, cleaner.edits);
    if edits.is_empty() {
        return (None, removed);
    }
    (Some(edited(xml, edits)), removed)
}

impl Cleaner<'_> {
    fn read(&mut self) -> Option<()> {
        let mut reader = Reader::from_str(self.xml);
        let at = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).ok();
        loop {
            let start = at(&reader)?;
            match reader.read_event().ok()? {
                Event::Start(element) => self.start(&element, start..at(&reader)?, false),
                Event::Empty(element) => self.start(&element, start..at(&reader)?, true),
                Event::End(_) => self.end(start..at(&reader)?)?,
                Event::Eof => return self.open.is_empty().then_some(()),
                _ => {}
            }
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, tag: Range<usize>, is_empty: bool) {
        let name = element.name();
        let name = name.as_ref();
        if let Some((depth, _)) = &mut self.skipped {
            *depth += usize::from(!is_empty);
            return;
        }
        if self.goes(name, element) {
            if is_empty {
                self.edits.push((tag, String::new()));
            } else {
                self.skipped = Some((1, tag.start));
            }
            return;
        }
        if !self.keep.changes && INSERTED.contains(&name) {
            self.removed.changes += 1;
            self.edits.push((tag.clone(), String::new()));
        } else {
            self.hide(name, element);
            if CONTENT.contains(&name)
                && let Some(holder) =
                    self.open.iter_mut().rev().find(|open| matches!(open.name.as_str(), "w:r" | "w:p"))
            {
                holder.stays = true;
            }
            self.rename(name, element, &tag);
        }
        if !is_empty {
            self.open.push(Open::new(name, tag.start));
        }
    }

    /// Whether an element goes with all it holds. Notes what it means for the paragraph or row that it is a property of.
    fn goes(&mut self, name: &str, element: &BytesStart<'_>) -> bool {
        let parent = self.open.last().map_or("", |open| open.name.as_str()).to_owned();
        if ALWAYS.contains(&name) {
            return true;
        }
        if COMMENTS.contains(&name) {
            self.removed.comments += usize::from(name == "w:commentReference" && !self.keep.comments);
            return !self.keep.comments;
        }
        // A second definition of a type of shapes says the same again.
        if name == "v:shapetype" {
            return value(element, "id").is_some_and(|id| !self.ids.shapes.insert(id));
        }
        if name == "w:bookmarkStart" {
            return self.is_second_bookmark(element);
        }
        if name == "w:bookmarkEnd" {
            let id = value(element, "w:id").unwrap_or_default();
            let at = self.ids.dropped.iter().position(|dropped| *dropped == id);
            return at.map(|at| self.ids.dropped.remove(at)).is_some();
        }
        if name == "w:id" && parent == "w:sdtPr" {
            return value(element, "w:val").is_some_and(|id| !self.ids.controls.insert(id));
        }
        if self.keep.changes {
            return false;
        }
        if MOVES.contains(&name) {
            return true;
        }
        let is_mark = matches!(parent.as_str(), "w:rPr" | "w:trPr");
        if is_mark && INSERTED.contains(&name) {
            self.removed.changes += 1;
            return true;
        }
        if !DELETED.contains(&name) {
            return false;
        }
        self.removed.changes += 1;
        match (name, parent.as_str()) {
            ("w:del" | "w:moveFrom", "w:rPr") => {
                if let Some(paragraph) = self.nearest("w:p") {
                    paragraph.is_deleted = true;
                }
            }
            ("w:del", "w:trPr") => {
                if let Some(row) = self.nearest("w:tr") {
                    row.is_deleted = true;
                }
            }
            _ => {}
        }
        true
    }

    /// Notes what says whether a run or the mark of a paragraph is hidden: itself, or its style.
    fn hide(&mut self, name: &str, element: &BytesStart<'_>) {
        if self.keep.hidden || !matches!(name, "w:vanish" | "w:rStyle" | "w:pStyle") {
            return;
        }
        let hides = |hidden: &BTreeSet<String>| value(element, "w:val").is_some_and(|style| hidden.contains(&style));
        let style_hides = name != "w:vanish" && hides(self.hidden);
        let owner = self.open.iter().rev().nth(1).map_or("", |open| open.name.as_str());
        let owner = match (name, owner) {
            (_, "w:r") => "w:r",
            // The style of the mark alone counts for nothing else.
            ("w:vanish", "w:pPr") | ("w:pStyle", _) => "w:p",
            _ => return,
        };
        let Some(owner) = self.nearest(owner) else { return };
        if name == "w:vanish" {
            owner.hidden = Some(is_on(element));
        } else {
            owner.style_hides = style_hides;
        }
    }

    /// Whether a run, or the mark of a paragraph, is hidden. Of two styles that hide, each undoes the other (ECMA-376 Part 1,
    /// 17.7.3).
    fn is_hidden(&self, closed: &Open) -> bool {
        let of_paragraph = |open: &&Open| open.name == "w:p";
        let around = self.open.iter().rev().find(of_paragraph).is_some_and(|paragraph| paragraph.style_hides);
        match closed.name.as_str() {
            "w:r" => closed.hidden.unwrap_or(closed.style_hides != around),
            "w:p" => closed.hidden.unwrap_or(closed.style_hides),
            _ => false,
        }
    }

    /// Drops the ids of editing sessions, and gives a drawing another id if a loop has repeated its own.
    fn rename(&mut self, name: &str, element: &BytesStart<'_>, tag: &Range<usize>) {
        let Some(text) = self.xml.get(tag.clone()) else { return };
        let mut changed = without_session_ids(text);
        if let Some((key, id, new)) = self.ids.new_id(name, element) {
            let before = changed.as_deref().unwrap_or(text);
            changed = Some(before.replacen(&format!(" {key}=\"{id}\""), &format!(" {key}=\"{new}\""), 1));
        }
        self.edits.extend(changed.map(|changed| (tag.clone(), changed)));
    }

    /// The second bookmark of a name goes, with its end.
    fn is_second_bookmark(&mut self, element: &BytesStart<'_>) -> bool {
        let (name, id) = (value(element, "w:name"), value(element, "w:id"));
        let is_second = name.is_some_and(|name| !self.ids.bookmarks.insert(name));
        if is_second {
            self.ids.dropped.extend(id);
        }
        is_second
    }

    fn end(&mut self, tag: Range<usize>) -> Option<()> {
        if let Some((depth, start)) = &mut self.skipped {
            *depth -= 1;
            if *depth == 0 {
                let start = *start;
                self.skipped = None;
                self.edits.push((start..tag.end, String::new()));
            }
            return Some(());
        }
        let closed = self.open.pop()?;
        let whole = closed.start..tag.end;
        if !self.keep.changes && INSERTED.contains(&closed.name.as_str()) {
            self.edits.push((tag, String::new()));
        } else if closed.name == "w:tr" && closed.is_deleted {
            self.removed.blocks += 1;
            self.edits.push((whole, String::new()));
        } else if closed.name == "w:r" && self.is_hidden(&closed) {
            self.removed.hidden += 1;
            self.edits.push((whole, String::new()));
        } else if closed.name == "w:p" && (closed.is_deleted || self.is_hidden(&closed)) && !closed.stays {
            self.removed.blocks += 1;
            self.edits.push((whole, String::new()));
        } else if closed.stays
            && closed.name == "w:r"
            && let Some(paragraph) = self.nearest("w:p")
        {
            paragraph.stays = true;
        }
        Some(())
    }

    fn nearest(&mut self, name: &str) -> Option<&mut Open> {
        self.open.iter_mut().rev().find(|open| open.name == name)
    }
}

/// Returns a tag without the ids of editing sessions and paragraphs; `None` if it has none.
fn without_session_ids(tag: &str) -> Option<String> {
    const IDS: [&str; 4] = [" w:rsid", " w14:paraId=\"", " w14:textId=\"", " w16du:"];
    let mut changed: Option<String> = None;
    for id in IDS {
        loop {
            let text = changed.as_deref().unwrap_or(tag);
            let Some(start) = text.find(id) else { break };
            let rest = text.get(start..)?;
            let open = rest.find('"')?;
            let close = open + 1 + rest.get(open + 1..)?.find('"')?;
            changed = Some(format!("{}{}", text.get(..start)?, rest.get(close + 1..)?));
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(xml: &str) -> String {
        let hidden = BTreeSet::from(["hid".to_owned()]);
        cleaned(xml, (Keep::default(), &hidden), &mut UniqueIds::default()).0.unwrap_or_else(|| xml.to_owned())
    }

    #[test]
    fn comments_changes_and_hidden_text_go() {
        for (before, after) in [
            (
                "<w:p><w:commentRangeStart w:id=\"1\"/><w:r><w:t>a</w:t></w:r><w:commentRangeEnd w:id=\"1\"/><w:r><w:commentReference w:id=\"1\"/></w:r></w:p>",
                "<w:p><w:r><w:t>a</w:t></w:r><w:r></w:r></w:p>",
            ),
            (
                "<w:p><w:ins w:id=\"1\" w:author=\"王小明\"><w:r><w:t>a</w:t></w:r></w:ins><w:del w:id=\"2\"><w:r><w:delText>b</w:delText></w:r></w:del></w:p>",
                "<w:p><w:r><w:t>a</w:t></w:r></w:p>",
            ),
            (
                "<w:p><w:pPr><w:rPr><w:ins w:id=\"1\"/></w:rPr><w:pPrChange w:id=\"2\"><w:pPr/></w:pPrChange></w:pPr><w:r><w:t>a</w:t></w:r></w:p>",
                "<w:p><w:pPr><w:rPr></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>",
            ),
            // A paragraph that was deleted whole, and one whose text is hidden with its mark.
            (
                "<x><w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:del w:id=\"2\"><w:r><w:delText>b</w:delText></w:r></w:del></w:p></x>",
                "<x></x>",
            ),
            (
                "<x><w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:rPr><w:vanish/></w:rPr><w:t>b</w:t></w:r></w:p></x>",
                "<x></x>",
            ),
            (
                "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>b</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>a</w:t></w:r></w:p>",
                "<w:p><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>a</w:t></w:r></w:p>",
            ),
            // By style; a run can show itself, and of two styles that hide each undoes the other.
            ("<x><w:p><w:pPr><w:pStyle w:val=\"hid\"/></w:pPr><w:r><w:t>b</w:t></w:r></w:p></x>", "<x></x>"),
            (
                "<w:p><w:pPr><w:pStyle w:val=\"hid\"/></w:pPr><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>a</w:t></w:r></w:p>",
                "<w:p><w:pPr><w:pStyle w:val=\"hid\"/></w:pPr><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>a</w:t></w:r></w:p>",
            ),
            (
                "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:rPr><w:rStyle w:val=\"hid\"/></w:rPr><w:t>b</w:t></w:r></w:p>",
                "<w:p><w:r><w:t>a</w:t></w:r></w:p>",
            ),
            (
                "<w:p><w:pPr><w:pStyle w:val=\"hid\"/></w:pPr><w:r><w:rPr><w:rStyle w:val=\"hid\"/></w:rPr><w:t>a</w:t></w:r></w:p>",
                "<w:p><w:pPr><w:pStyle w:val=\"hid\"/></w:pPr><w:r><w:rPr><w:rStyle w:val=\"hid\"/></w:rPr><w:t>a</w:t></w:r></w:p>",
            ),
            ("<w:tbl><w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>", "<w:tbl></w:tbl>"),
            ("<w:p w:rsidR=\"00A1\" w14:paraId=\"1\"><w:r w:rsidRPr=\"00B2\"/></w:p>", "<w:p><w:r/></w:p>"),
        ] {
            assert_eq!(clean(before), after);
        }
        let xml =
            "<w:p><w:del><w:r/></w:del><w:r><w:rPr><w:vanish/></w:rPr></w:r><w:r><w:commentReference/></w:r></w:p>";
        let (_, removed) = cleaned(xml, (Keep::default(), &BTreeSet::new()), &mut UniqueIds::default());
        assert_eq!(removed, Removed { comments: 1, changes: 1, hidden: 1, blocks: 0 });
        let keep = Keep { comments: true, changes: true, hidden: true, properties: true };
        assert_eq!(cleaned(xml, (keep, &BTreeSet::new()), &mut UniqueIds::default()).0, None);
    }

    #[test]
    fn what_a_loop_repeats_has_ids_of_its_own() {
        let row = "<w:p><w:bookmarkStart w:id=\"3\" w:name=\"m\"/><wp:docPr id=\"1\" name=\"x\"/><w:bookmarkEnd w:id=\"3\"/></w:p>";
        let second = "<w:p><wp:docPr id=\"900000\" name=\"x\"/></w:p>";
        assert_eq!(clean(&format!("<x>{row}{row}</x>")), format!("<x>{row}{second}</x>"));
        let control = |id: &str| format!("<w:sdt><w:sdtPr>{id}<w:text/></w:sdtPr></w:sdt>");
        let (first, other) = (control("<w:id w:val=\"5\"/>"), control(""));
        assert_eq!(clean(&format!("<x>{first}{first}</x>")), format!("<x>{first}{other}</x>"));
        let shape =
            |id: &str| format!("<v:rect id=\"{id}\"><o:x/></v:rect><o:OLEObject ShapeID=\"{id}\" ProgID=\"a\"/>");
        let (kind, first) = ("<v:shapetype id=\"t\"><v:f/></v:shapetype>", shape("s"));
        let made = format!("<x>{kind}{first}{}</x>", shape("shape_900000"));
        assert_eq!(clean(&format!("<x>{kind}{first}{kind}{first}</x>")), made);
        assert_eq!(clean("<w:p><w:r/>"), "<w:p><w:r/>", "what can't be parsed stays");
    }
}
