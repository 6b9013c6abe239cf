//! The paragraphs of a part: their text, the place of each piece of it in the XML, and the elements around them.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::place::ParagraphPlace;
use super::tag;
use crate::words::lang::Lang;

/// A paragraph with text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Where the paragraph is.
    pub place: ParagraphPlace,
    /// The text; a tab or line break counts as one character.
    pub text: String,
    /// The part it is in, as an index into the template's parts.
    pub(crate) part: usize,
    pub(crate) element: Element,
    /// The byte range of its content: after the start tag and the properties, up to the end tag.
    pub(crate) content: Range<usize>,
    /// The pieces of its text, in order.
    pub(crate) pieces: Vec<RunText>,
    /// The enclosing elements, outermost first, ending with the paragraph itself.
    pub(crate) around: Vec<Element>,
    /// Whether whole paragraphs and tables can take its place: not in a page header, a page footer, a text box, or a content
    /// control for a single value.
    pub(crate) takes_blocks: bool,
    /// Whether it holds a picture, an embedded object or a section break, which would be lost with it.
    pub(crate) holds_more: bool,
}

/// An element of the XML and its byte range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) start: usize,
    /// Zero until the end tag is read.
    pub(crate) end: usize,
}

impl Element {
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A text element of a run, or a break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunText {
    /// The byte range of the whole element.
    pub(crate) range: Range<usize>,
    pub(crate) text: String,
    /// Whether it is a tab or break rather than a text element.
    pub(crate) is_mark: bool,
    /// For the tag in the text that describes a drawing: the drawing.
    pub(crate) drawing: Option<Drawing>,
    /// The names of the elements between the paragraph and this one, with this one last.
    pub(crate) path: Vec<String>,
}

/// A drawing whose description holds a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawing {
    /// The number of pictures in it.
    pub(crate) pictures: usize,
    /// The description without the tag.
    pub(crate) alt: String,
}

/// The role of a part; headers and footers are numbered from 1.
#[derive(Clone, Debug)]
pub(crate) enum PartRole {
    Body,
    Header(usize),
    Footer(usize),
    Other(String),
}

struct EnclosingElement {
    element: Element,
    /// The number of tables read so far in a body or cell, of rows in a table, of cells in a row.
    tables: usize,
    rows: usize,
    cells: usize,
    /// The number of a text box or content control, from 1.
    number: usize,
    /// Whether it is a content control for a single value: plain text, a day, a choice.
    is_single_value: bool,
}

/// Returns the place of a paragraph in words, or an empty string if there is no such paragraph.
pub(crate) fn label(paragraphs: &[Paragraph], index: usize, lang: Lang) -> String {
    paragraphs.get(index).map_or_else(String::new, |paragraph| paragraph.place.label(lang))
}

/// Reads the paragraphs of a part that have text.
///
/// # Errors
/// The XML is not well-formed; the string is the parser's message.
pub(crate) fn paragraphs(xml: &str, part: usize, role: &PartRole) -> Result<Vec<Paragraph>, String> {
    let mut reader = Reader::from_str(xml);
    let mut scan = Scan { part, role, open: Vec::new(), drafts: Vec::new(), done: Vec::new(), boxes: 0, controls: 0 };
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let end = position(&reader);
        match event {
            Event::Start(element) => {
                check_attributes(&element)?;
                scan.open(element.name().as_ref(), start, end);
                scan.described(&element);
            }
            Event::Empty(element) => {
                check_attributes(&element)?;
                scan.open(element.name().as_ref(), start, end);
                scan.described(&element);
                scan.close(start, end);
            }
            Event::End(_) => scan.close(start, end),
            Event::Text(text) => scan.text(&quick_xml::escape::unescape(&text).map_err(|error| error.to_string())?),
            Event::GeneralRef(reference) => {
                let written = format!("&{};", &*reference);
                scan.text(&quick_xml::escape::unescape(&written).map_err(|error| error.to_string())?);
            }
            Event::CData(text) => scan.text(&text),
            Event::Eof if scan.open.is_empty() => break,
            Event::Eof => return Err("an end tag is missing".to_owned()),
            _ => {}
        }
    }
    let mut done = scan.done;
    done.sort_by_key(|paragraph| paragraph.element.start);
    let mut seen = 0;
    for paragraph in &mut done {
        if let ParagraphPlace::Body(n) = &mut paragraph.place {
            seen += 1;
            *n = seen;
        }
    }
    Ok(done)
}

/// The parser passes over what is wrong within a tag; nothing could be changed in it safely.
fn check_attributes(element: &BytesStart<'_>) -> Result<(), String> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.as_ref().contains(['"', '\'', '<', '&']) || attribute.value.contains('<') {
            return Err(format!("a malformed attribute in <{}>", element.name().as_ref()));
        }
    }
    Ok(())
}

/// The first tag in a description, and the description without its tags; nothing if it has none.
fn split_tag(text: &str) -> Option<(String, String)> {
    let (tags, _) = tag::find(text);
    let between = |start: usize, end: usize| text.chars().skip(start).take(end - start).collect::<String>();
    let first = tags.first()?;
    let (mut alt, mut from) = (String::new(), 0);
    for tag in &tags {
        alt.push_str(&between(from, tag.start));
        from = tag.end;
    }
    alt.push_str(&between(from, text.chars().count()));
    let all: Vec<String> = tags.iter().map(|tag| between(tag.start, tag.end)).collect();
    // Two tags in one description are told as such.
    let shown = if all.len() == 1 { between(first.start, first.end) } else { all.concat() };
    Some((shown, alt.trim().to_owned()))
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

struct Scan<'r> {
    part: usize,
    role: &'r PartRole,
    open: Vec<EnclosingElement>,
    /// The open paragraphs, nested when one holds a text box with paragraphs of its own.
    drafts: Vec<Paragraph>,
    done: Vec<Paragraph>,
    boxes: usize,
    controls: usize,
}

impl Scan<'_> {
    fn open(&mut self, name: &str, start: usize, end: usize) {
        let mut number = 0;
        match name {
            "w:tbl" => self.count(|open| &mut open.tables, &["w:body", "w:tc", "w:hdr", "w:ftr", "w:sdtContent"]),
            "w:tr" => self.count(|open| &mut open.rows, &["w:tbl"]),
            "w:tc" => self.count(|open| &mut open.cells, &["w:tr"]),
            // Word writes a text box twice; the second, in `mc:Fallback`, is for old readers.
            "w:txbxContent" if !self.is_in("mc:Fallback") => {
                self.boxes += 1;
                number = self.boxes;
            }
            "w:sdtContent" => {
                self.controls += 1;
                number = self.controls;
            }
            "w:text" | "w:date" | "w:dropDownList" | "w:comboBox" | "w:picture"
                if self.open.last().is_some_and(|open| open.element.name == "w:sdtPr") =>
            {
                if let Some(control) = self.open.iter_mut().rev().nth(1) {
                    control.is_single_value = true;
                }
            }
            "w:drawing" | "w:pict" | "w:object" | "w:sectPr" => {
                if let Some(draft) = self.drafts.last_mut() {
                    draft.holds_more = true;
                }
            }
            _ => {}
        }
        let element = Element { name: name.to_owned(), start, end: 0 };
        self.open.push(EnclosingElement { element, tables: 0, rows: 0, cells: 0, number, is_single_value: false });
        match name {
            "w:p" => {
                let around = self.open.iter().map(|open| open.element.clone()).collect();
                self.drafts.push(Paragraph {
                    place: self.place(),
                    takes_blocks: self.takes_blocks(),
                    text: String::new(),
                    part: self.part,
                    element: Element { name: name.to_owned(), start, end: 0 },
                    content: end..end,
                    pieces: Vec::new(),
                    around,
                    holds_more: false,
                });
            }
            "w:t" => self.piece(start, "", false),
            "w:tab" if self.is_child_of_run() => self.piece(start, "\t", true),
            "w:br" | "w:cr" if self.is_child_of_run() => self.piece(start, "\n", true),
            _ => {}
        }
    }

    fn is_child_of_run(&self) -> bool {
        self.open.iter().rev().nth(1).is_some_and(|open| open.element.name == "w:r")
    }

    fn takes_blocks(&self) -> bool {
        matches!(self.role, PartRole::Body)
            && !self.is_in("w:txbxContent")
            && !self.open.iter().any(|open| open.is_single_value)
    }

    fn count(&mut self, of: fn(&mut EnclosingElement) -> &mut usize, parents: &[&str]) {
        // A content control around rows or cells is skipped.
        let parent = self.open.iter_mut().rev().find(|open| parents.contains(&open.element.name.as_str()));
        if let Some(parent) = parent {
            *of(parent) += 1;
        }
    }

    fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|open| open.element.name == name)
    }

    fn piece(&mut self, start: usize, text: &str, is_mark: bool) {
        let from = self.open.iter().rposition(|open| open.element.name == "w:p").map_or(0, |at| at + 1);
        let path = self.open.get(from..).unwrap_or_default();
        let path: Vec<String> = path.iter().map(|open| open.element.name.clone()).collect();
        if let Some(draft) = self.drafts.last_mut() {
            draft.pieces.push(RunText { range: start..0, text: text.to_owned(), is_mark, drawing: None, path });
        }
    }

    /// Reads the description of a drawing, in the newer format or the older (VML).
    fn described(&mut self, element: &BytesStart<'_>) {
        let name = element.name();
        let (keys, holder): (&[&str], _) = match name.as_ref() {
            "wp:docPr" => (&["descr", "title"], "w:drawing"),
            name if name.starts_with("v:") => (&["alt"], "w:pict"),
            "pic:pic" => {
                let drawing = self.drawing("w:drawing").and_then(|piece| piece.drawing.as_mut());
                return drawing.into_iter().for_each(|drawing| drawing.pictures += 1);
            }
            _ => return,
        };
        let texts = keys.iter().filter_map(|key| element.try_get_attribute(key).ok().flatten());
        let texts = texts.filter_map(|value| quick_xml::escape::unescape(&value.value).ok().map(Cow::into_owned));
        let Some((text, alt)) = texts.into_iter().find_map(|text| split_tag(&text)) else { return };
        // Word writes a drawing twice; the second is for old readers.
        if self.is_in("mc:Fallback") || self.drawing(holder).is_some() {
            return;
        }
        let Some(start) =
            self.open.iter().rev().find(|open| open.element.name == holder).map(|open| open.element.start)
        else {
            return;
        };
        self.piece(start, &text, false);
        if let Some(piece) = self.drafts.last_mut().and_then(|draft| draft.pieces.last_mut()) {
            piece.drawing = Some(Drawing { pictures: 0, alt });
        }
    }

    /// The piece of text of the innermost open drawing, if its description holds a tag.
    fn drawing(&mut self, holder: &str) -> Option<&mut RunText> {
        let start = self.open.iter().rev().find(|open| open.element.name == holder)?.element.start;
        self.drafts.last_mut()?.pieces.iter_mut().find(|piece| piece.drawing.is_some() && piece.range.start == start)
    }

    fn text(&mut self, text: &str) {
        if self.open.last().is_some_and(|open| open.element.name == "w:t")
            && let Some(piece) = self.drafts.last_mut().and_then(|draft| draft.pieces.last_mut())
        {
            piece.text.push_str(text);
        }
    }

    fn close(&mut self, end_tag: usize, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let start = open.element.start;
        // Paragraphs inside this element copied it when its end was unknown; set the end now.
        for paragraph in self.done.iter_mut().chain(&mut self.drafts) {
            for around in paragraph.around.iter_mut().filter(|around| around.start == start && around.end == 0) {
                around.end = end;
            }
        }
        match open.element.name.as_str() {
            "w:p" => {
                let Some(mut draft) = self.drafts.pop() else { return };
                draft.element.end = end;
                draft.content.end = end_tag;
                draft.text = draft.pieces.iter().map(|piece| piece.text.as_str()).collect();
                if !draft.text.trim().is_empty() && !self.is_in("mc:Fallback") {
                    self.done.push(draft);
                }
            }
            "w:pPr" if self.open.last().is_some_and(|parent| parent.element.name == "w:p") => {
                if let Some(draft) = self.drafts.last_mut() {
                    draft.content = end..end;
                }
            }
            "w:t" | "w:tab" | "w:br" | "w:cr" | "w:drawing" | "w:pict" => {
                let pieces = self.drafts.last_mut().into_iter().flat_map(|draft| draft.pieces.iter_mut().rev());
                if let Some(piece) = pieces.into_iter().find(|piece| piece.range.start == start) {
                    piece.range.end = end;
                }
            }
            _ => {}
        }
    }

    /// Returns the place of a paragraph that begins here; paragraphs of the body are numbered afterwards.
    fn place(&self) -> ParagraphPlace {
        if let PartRole::Other(name) = self.role {
            return ParagraphPlace::Part(name.clone());
        }
        for open in self.open.iter().rev() {
            match open.element.name.as_str() {
                "w:txbxContent" => return ParagraphPlace::TextBox(open.number),
                "w:sdtContent" => return ParagraphPlace::Control(open.number),
                _ => {}
            }
        }
        match self.role {
            PartRole::Header(n) => return ParagraphPlace::Header(*n),
            PartRole::Footer(n) => return ParagraphPlace::Footer(*n),
            PartRole::Body | PartRole::Other(_) => {}
        }
        let mut cells = Vec::new();
        let (mut tables, mut row) = (0, 0);
        for open in &self.open {
            match open.element.name.as_str() {
                "w:body" | "w:tc" => tables = open.tables,
                "w:tbl" => row = open.rows,
                "w:tr" => cells.push((tables, row, open.cells)),
                _ => {}
            }
        }
        if cells.is_empty() { ParagraphPlace::Body(0) } else { ParagraphPlace::Cells(cells) }
    }
}
