//! The lines of a Word file: runs joined, tracked insertions kept, what is deleted dropped and remembered, text boxes once,
//! the results of fields without those that number pages.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::line::{FinalText, Line, LineCounter, Part, TextPlace, TrackedChange};
use crate::ooxml::package::{self, WordTemplateError};

/// The fields whose result is no text of the author.
const COUNTING: [&str; 8] = ["PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "DATE", "TIME", "PRINTDATE", "SAVEDATE"];

/// Reads a Word file.
///
/// # Errors
/// It is no Word file, or one of its parts is damaged.
pub(super) fn read(bytes: &[u8]) -> Result<FinalText, WordTemplateError> {
    let mut file = package::open(bytes)?;
    let types = package::types(&mut file)?;
    let of = |ending: &str| -> Vec<String> {
        let mut names: Vec<String> =
            types.iter().filter(|(_, kind)| kind.ends_with(ending)).map(|(name, _)| name.clone()).collect();
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
    };
    let main = [of("wordprocessingml.document.main+xml"), of("document.macroEnabled.main+xml")].concat();
    let Some(main) = main.first() else { return Err(WordTemplateError::NoDocument) };
    let mut parts = vec![(main.clone(), Part::Body)];
    for (ending, part) in [
        ("wordprocessingml.header+xml", Part::Header as fn(usize) -> Part),
        ("wordprocessingml.footer+xml", Part::Footer),
        ("wordprocessingml.footnotes+xml", |_| Part::Notes),
        ("wordprocessingml.endnotes+xml", |_| Part::Notes),
    ] {
        parts.extend(of(ending).into_iter().enumerate().map(|(index, name)| (name, part(index + 1))));
    }
    let mut text = FinalText::default();
    for (name, part) in parts {
        let xml = package::part(&mut file, &name)?;
        Scan::new(part, &mut text).read(&xml).map_err(|why| WordTemplateError::Part { name, why })?;
    }
    join_continued(&mut text.lines);
    for (index, name) in of("drawingml.chart+xml").into_iter().enumerate() {
        let xml = package::part(&mut file, &name)?;
        chart(&xml, index + 1, &mut text).map_err(|why| WordTemplateError::Part { name, why })?;
    }
    for name in of("wordprocessingml.comments+xml") {
        let xml = package::part(&mut file, &name)?;
        text.comments += xml.matches("<w:comment ").count();
    }
    Ok(text)
}

/// Joins a table with the one behind it that goes on with further columns: wide tables are set in pieces, each with the first
/// column. The tables behind are counted without it.
fn join_continued(lines: &mut Vec<Line>) {
    let mut tables: Vec<Vec<usize>> = Vec::new();
    let key = |line: &Line| line.place.row.map(|(table, _)| (line.place.part, table));
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.place.row.is_some()) {
        match tables.last_mut() {
            Some(rows) if rows.last().is_some_and(|last| lines.get(*last).map(key) == Some(key(line))) => rows.push(at),
            _ => tables.push(vec![at]),
        }
    }
    let first =
        |at: &usize| lines.get(*at).and_then(|line| line.text.split('\t').next()).unwrap_or_default().to_owned();
    let goes_on = |a: &[usize], b: &[usize]| {
        a.len() == b.len() && a.len() > 1 && a.iter().zip(b).all(|(a, b)| first(a) == first(b) && !first(a).is_empty())
    };
    // Each row that goes on with the row it belongs to.
    let mut joined: Vec<(usize, usize)> = Vec::new();
    let mut head: Option<usize> = None;
    for index in 0..tables.len() {
        let Some(rows) = tables.get(index) else { continue };
        let onto = head.or(index.checked_sub(1)).and_then(|onto| tables.get(onto).map(|rows| (onto, rows)));
        match onto {
            Some((onto, heads)) if index > 0 && goes_on(heads, rows) => {
                joined.extend(rows.iter().copied().zip(heads.iter().copied()));
                head = Some(onto);
            }
            _ => head = Some(index),
        }
    }
    if joined.is_empty() {
        return;
    }
    for (row, onto) in &joined {
        let Some(line) = lines.get(*row).cloned() else { continue };
        let Some((name, rest)) = line.text.split_once('\t') else { continue };
        let Some(whole) = lines.get_mut(*onto) else { continue };
        let shift = whole.text.len();
        whole.text.push('\t');
        whole.text.push_str(rest);
        let own = line.anchors.iter().filter(|(at, _)| *at > name.len());
        whole.anchors.extend(own.map(|(at, start)| (at - name.len() + shift, *start)));
    }
    let joined: BTreeSet<usize> = joined.into_iter().map(|(row, _)| row).collect();
    let mut at = 0;
    lines.retain(|_| {
        at += 1;
        !joined.contains(&(at - 1))
    });
    let mut numbers: Vec<(Part, usize)> = Vec::new();
    for line in lines {
        let part = line.place.part;
        if let Some((table, _)) = &mut line.place.row {
            if numbers.last() != Some(&(part, *table)) {
                numbers.push((part, *table));
            }
            *table = numbers.iter().filter(|(of, _)| *of == part).count();
        }
    }
}

/// A paragraph that is being read.
#[derive(Default)]
struct Draft {
    text: String,
    start: usize,
    deleted: String,
    inserted: String,
    /// Its mark is deleted: the next paragraph belongs to it.
    runs_on: bool,
    is_in_box: bool,
    /// Whether it has no text of its own but that of a paragraph before.
    cell: usize,
}

/// A table that is being read.
#[derive(Default)]
struct OpenTable {
    number: usize,
    rows: usize,
    cells: Vec<String>,
    anchors: Vec<(usize, usize)>,
    is_deleted: bool,
}

/// A field: its instruction, and whether its result is being read.
#[derive(Default)]
struct Field {
    instruction: String,
    is_result: bool,
}

struct Scan<'t> {
    part: Part,
    out: &'t mut FinalText,
    counter: LineCounter,
    path: Vec<String>,
    drafts: Vec<Draft>,
    tables: Vec<OpenTable>,
    fields: Vec<Field>,
    simple_fields: Vec<bool>,
    carried: Option<Draft>,
    fallback: usize,
    deleted: usize,
    inserted: usize,
}

impl<'t> Scan<'t> {
    fn new(part: Part, out: &'t mut FinalText) -> Self {
        Self {
            part,
            out,
            counter: LineCounter::default(),
            path: Vec::new(),
            drafts: Vec::new(),
            tables: Vec::new(),
            fields: Vec::new(),
            simple_fields: Vec::new(),
            carried: None,
            fallback: 0,
            deleted: 0,
            inserted: 0,
        }
    }

    fn read(mut self, xml: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(xml);
        loop {
            let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(element) => self.open(&element, start),
                Event::Empty(element) => {
                    self.open(&element, start);
                    self.close();
                }
                Event::End(_) => self.close(),
                Event::Text(text) => {
                    self.text(&quick_xml::escape::unescape(&text).map_err(|error| error.to_string())?);
                }
                Event::GeneralRef(reference) => {
                    let written = format!("&{};", &*reference);
                    self.text(&quick_xml::escape::unescape(&written).map_err(|error| error.to_string())?);
                }
                Event::CData(text) => self.text(&text),
                Event::Eof if self.path.is_empty() => break,
                Event::Eof => return Err("an end tag is missing".to_owned()),
                _ => {}
            }
        }
        if let Some(draft) = self.carried.take() {
            self.paragraph(draft);
        }
        Ok(())
    }

    fn parent(&self, nth: usize) -> &str {
        self.path.iter().rev().nth(nth).map_or("", String::as_str)
    }

    fn open(&mut self, element: &BytesStart<'_>, start: usize) {
        let name = element.name().as_ref().to_owned();
        let attribute = |key: &str| element.try_get_attribute(key).ok().flatten().map(|value| value.value.to_string());
        let is_visible = self.fallback == 0;
        match name.as_str() {
            "mc:Fallback" => self.fallback += 1,
            // Within the properties of a paragraph mark or a row it is the mark or the row.
            "w:del" if self.parent(0) == "w:rPr" && self.parent(1) == "w:pPr" => {
                if let Some(draft) = self.drafts.last_mut() {
                    draft.runs_on = true;
                }
            }
            "w:del" if self.parent(0) == "w:trPr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.is_deleted = true;
                }
            }
            "w:p" if is_visible => {
                let is_in_box = self.path.iter().any(|name| name == "w:txbxContent");
                let carried = self.carried.take();
                let draft = Draft { start, is_in_box, cell: self.tables.len(), ..carried.unwrap_or_default() };
                self.drafts.push(Draft { runs_on: false, ..draft });
            }
            "w:tbl" if is_visible => {
                self.counter.tables += 1;
                self.tables.push(OpenTable { number: self.counter.tables, ..OpenTable::default() });
            }
            "w:tr" => {
                if let Some(table) = self.tables.last_mut().filter(|_| is_visible) {
                    table.rows += 1;
                    (table.cells, table.anchors, table.is_deleted) = (Vec::new(), Vec::new(), false);
                }
            }
            "w:tc" => {
                if let Some(table) = self.tables.last_mut().filter(|_| is_visible) {
                    table.cells.push(String::new());
                }
            }
            "w:fldChar" => match attribute("w:fldCharType").as_deref() {
                Some("begin") => self.fields.push(Field::default()),
                Some("separate") => self.fields.iter_mut().last().into_iter().for_each(|field| field.is_result = true),
                Some("end") => {
                    self.fields.pop();
                }
                _ => {}
            },
            "w:fldSimple" => self.simple_fields.push(counts(&attribute("w:instr").unwrap_or_default())),
            "w:tab" | "w:br" | "w:cr" if self.parent(0) == "w:r" => self.put(" "),
            "w:noBreakHyphen" => self.put("-"),
            _ => {}
        }
        if self.is_deletion(&name) {
            self.deleted += 1;
        } else if matches!(name.as_str(), "w:ins" | "w:moveTo") && !self.parent(0).ends_with("Pr") {
            self.inserted += 1;
        }
        self.path.push(name);
    }

    /// Whether it encloses runs that are taken out.
    fn is_deletion(&self, name: &str) -> bool {
        matches!(name, "w:del" | "w:moveFrom") && !self.parent(0).ends_with("Pr")
    }

    fn close(&mut self) {
        let Some(name) = self.path.pop() else { return };
        if self.is_deletion(&name) {
            self.deleted = self.deleted.saturating_sub(1);
        } else if matches!(name.as_str(), "w:ins" | "w:moveTo") && !self.parent(0).ends_with("Pr") {
            self.inserted = self.inserted.saturating_sub(1);
        }
        match name.as_str() {
            "mc:Fallback" => self.fallback = self.fallback.saturating_sub(1),
            "w:fldSimple" => {
                self.simple_fields.pop();
            }
            "w:p" if self.fallback == 0 => {
                if let Some(draft) = self.drafts.pop() {
                    if draft.runs_on {
                        self.carried = Some(draft);
                    } else {
                        self.paragraph(draft);
                    }
                }
            }
            "w:tc" if self.fallback == 0 => {
                if let Some(draft) = self.carried.take() {
                    self.paragraph(draft);
                }
            }
            "w:tr" if self.fallback == 0 => self.row(),
            "w:tbl" if self.fallback == 0 => {
                self.tables.pop();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.path.last().map(String::as_str) {
            Some("w:t" | "w:delText") => self.put(text),
            Some("w:instrText") => {
                if let Some(field) = self.fields.last_mut() {
                    field.instruction.push_str(text);
                }
            }
            _ => {}
        }
    }

    fn put(&mut self, text: &str) {
        let is_counted = self.simple_fields.contains(&true)
            || self.fields.iter().any(|field| field.is_result && counts(&field.instruction));
        let (deleted, inserted) = (self.deleted > 0, self.inserted > 0);
        let Some(draft) = self.drafts.last_mut().filter(|_| self.fallback == 0 && !is_counted) else { return };
        if deleted {
            draft.deleted.push_str(text);
            return;
        }
        draft.text.push_str(text);
        if inserted {
            draft.inserted.push_str(text);
        }
    }

    fn paragraph(&mut self, draft: Draft) {
        let Draft { text, start, deleted, inserted, is_in_box, cell, .. } = draft;
        let part = if is_in_box { Part::Box } else { self.part };
        let in_table = cell > 0 && cell == self.tables.len();
        let row = self.tables.last().filter(|_| in_table).map(|table| (table.number, table.rows));
        let place = match row {
            Some(_) => TextPlace { part, paragraph: self.counter.paragraphs, row },
            None if text.trim().is_empty() => TextPlace { part, paragraph: self.counter.paragraphs + 1, row },
            None => self.counter.paragraph(part),
        };
        if !deleted.is_empty() || !inserted.is_empty() {
            self.out.tracked.push(TrackedChange { place, deleted, inserted });
        }
        if text.trim().is_empty() {
            return;
        }
        let is_main = self.part == Part::Body;
        if let Some(table) = self.tables.last_mut().filter(|_| in_table) {
            let before: usize = table.cells.iter().map(|cell| cell.len() + 1).sum();
            if let Some(cell) = table.cells.last_mut() {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(text.replace('\t', " ").trim());
                if is_main {
                    table.anchors.push((before - 1, start));
                }
            }
        } else {
            let anchors = if is_main { vec![(0, start)] } else { Vec::new() };
            self.out.lines.push(Line { place, text: text.replace('\t', " ").trim().to_owned(), anchors });
        }
    }

    fn row(&mut self) {
        let part = if self.path.iter().any(|name| name == "w:txbxContent") { Part::Box } else { self.part };
        let Some(table) = self.tables.last_mut() else { return };
        let (cells, anchors) = (std::mem::take(&mut table.cells), std::mem::take(&mut table.anchors));
        let text = cells.join("\t");
        let row = Some((table.number, table.rows));
        let place = TextPlace { part, paragraph: self.counter.paragraphs, row };
        if table.is_deleted {
            let deleted = text.replace('\t', " ");
            self.out.tracked.push(TrackedChange { place, deleted, inserted: String::new() });
        } else if !text.trim().is_empty() {
            self.out.lines.push(Line { place, text, anchors });
        }
    }
}

/// Whether a field shows a number that Word counts.
fn counts(instruction: &str) -> bool {
    let word = instruction.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    COUNTING.contains(&word.as_str())
}

/// Reads what a chart shows: a line for each category, with the names of the series above.
fn chart(xml: &str, number: usize, out: &mut FinalText) -> Result<(), String> {
    let mut reader = Reader::from_str(xml);
    let mut path: Vec<String> = Vec::new();
    let (mut names, mut categories, mut series): (Vec<String>, Vec<String>, Vec<Vec<String>>) = Default::default();
    let mut index = 0;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => {
                let name = element.name().as_ref().to_owned();
                if name == "c:ser" {
                    names.push(String::new());
                    series.push(Vec::new());
                    categories.clear();
                }
                if name == "c:pt" {
                    let at = element.try_get_attribute("idx").ok().flatten().and_then(|at| at.value.parse().ok());
                    index = at.unwrap_or(0).min(100_000);
                }
                path.push(name);
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Text(text) if path.last().is_some_and(|name| name == "c:v") => {
                let text = quick_xml::escape::unescape(&text).map_err(|error| error.to_string())?;
                let of = |name: &str| path.iter().any(|open| open == name);
                let list = if of("c:tx") {
                    names.last_mut().into_iter().for_each(|name| name.push_str(&text));
                    continue;
                } else if of("c:cat") {
                    &mut categories
                } else if let Some(values) = series.last_mut() {
                    values
                } else {
                    continue;
                };
                if list.len() <= index {
                    list.resize(index + 1, String::new());
                }
                if let Some(slot) = list.get_mut(index) {
                    slot.push_str(&text);
                }
            }
            Event::Eof if path.is_empty() => break,
            Event::Eof => return Err("an end tag is missing".to_owned()),
            _ => {}
        }
    }
    let mut line = |paragraph: usize, text: String| {
        let place = TextPlace { part: Part::Chart(number), paragraph, row: None };
        out.lines.push(Line { place, text, anchors: Vec::new() });
    };
    if !names.is_empty() {
        line(0, std::iter::once(String::new()).chain(names).collect::<Vec<_>>().join("\t"));
    }
    let count = series.iter().map(Vec::len).chain([categories.len()]).max().unwrap_or(0);
    for at in 0..count {
        let values = series.iter().map(|values| values.get(at).cloned().unwrap_or_default());
        let cells: Vec<String> =
            std::iter::once(categories.get(at).cloned().unwrap_or_default()).chain(values).collect();
        line(at + 1, cells.join("\t"));
    }
    Ok(())
}
