//! Records of YAML and JSON logs: a list of issues, or a mapping with `issues`, `inspections`,
//! `measures`, `totals` and defaults for the whole file.
//!
//! Lists are streamed record by record. Defaults may stand behind the lists they apply to, so a
//! mapping is walked twice: once for the defaults, once for the records. A mapping without any list is
//! one issue. Several documents in a file (`---`) are read one after another, each with its own defaults.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use crate::fault::{FaultKind, Faults};
use crate::log::header::{Headers, RecordKind};
use crate::log::record::Recorder;
use crate::model::Field;
use crate::model::record::{DeclaredTotal, Entry};
use crate::model::row::{Columns, Row};
use crate::place::{Place, SourceId};
use crate::source::decode::Encoding;
use crate::source::yaml::{Next, Node, Reader, Value, YamlError};
use crate::source::{Source, SourceError};
use crate::words::number;
use crate::words::symbol::Symbol;

/// A value for every record that has none of its own.
#[derive(Clone, Debug)]
struct Inherited {
    field: Field,
    text: String,
    place: Place,
}

/// What a YAML log can hold beside values for the whole file: each key with its other names.
pub const SECTIONS: [(&str, &[&str]); 4] = [
    ("issues", &["问题", "问题清单"]),
    ("inspections", &["检查", "督查", "督查情况"]),
    ("measures", &["处置", "处置情况"]),
    ("totals", &["合计"]),
];

fn section(key: &str) -> Option<Section> {
    let key = key.trim();
    let (name, _) = SECTIONS.iter().find(|(name, others)| *name == key || others.contains(&key))?;
    Some(match *name {
        "issues" => Section::Records(RecordKind::Issue),
        "inspections" => Section::Records(RecordKind::Inspection),
        "measures" => Section::Records(RecordKind::Measure),
        _ => Section::Totals,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Records(RecordKind),
    Totals,
}

/// Reads a log and hands on what it holds.
pub(super) fn read(
    source: &Source,
    encoding: Encoding,
    id: SourceId,
    recorder: &mut Recorder<'_>,
    faults: &mut Faults,
    each: &mut dyn FnMut(Entry<'_>),
) -> Result<(), SourceError> {
    let headers = Headers::new(recorder.project());
    let mut log = Log {
        id,
        headers,
        told: BTreeSet::new(),
        row: Row::new(id),
        any: false,
        counted: false,
        recorder,
        faults,
        each,
    };
    let walked = log.walk(|| source.open_as(encoding));
    let any = log.any;
    match walked {
        Ok(()) if !any => faults.add(Place::file(id), FaultKind::EmptyLog { no_rows: true }),
        Ok(()) => {}
        Err(Stop::Yaml(error)) => faults.add_yaml_error(id, error),
        Err(Stop::Source(error)) => return Err(error),
    }
    Ok(())
}

enum Stop {
    Yaml(YamlError),
    Source(SourceError),
}

impl From<YamlError> for Stop {
    fn from(error: YamlError) -> Self {
        Self::Yaml(error)
    }
}

struct Log<'a, 'p> {
    id: SourceId,
    headers: Headers,
    /// Unknown keys that were told: once a file is enough.
    told: BTreeSet<String>,
    row: Row,
    any: bool,
    /// Whether `row` holds a record, and so tells the line of the one before.
    counted: bool,
    recorder: &'a mut Recorder<'p>,
    faults: &'a mut Faults,
    each: &'a mut dyn FnMut(Entry<'_>),
}

impl Log<'_, '_> {
    fn walk<R: Read>(&mut self, open: impl Fn() -> Result<R, SourceError>) -> Result<(), Stop> {
        let mut reader = Reader::new(self.id, open().map_err(Stop::Source)?);
        // Goes before `reader` through mappings, to find their defaults first.
        let mut scout: Option<Reader<R>> = None;
        let mut behind = 0_usize;
        loop {
            match reader.peek()? {
                Next::Nothing => return Ok(()),
                Next::End => reader.step()?,
                Next::List(_) => self.list(&mut reader, RecordKind::Issue, &[])?,
                Next::Map(_) => {
                    if scout.is_none() {
                        scout = Some(Reader::new(self.id, open().map_err(Stop::Source)?));
                    }
                    let Some(scout) = &mut scout else { continue };
                    for _ in 0..std::mem::take(&mut behind) {
                        skip(scout)?;
                    }
                    if let Some(inherited) = self.file_defaults(scout)? {
                        self.sections(&mut reader, &inherited)?;
                    } else {
                        self.any = true;
                        let node = reader.node()?;
                        self.record(&node, RecordKind::Issue, &[]);
                    }
                    continue;
                }
                Next::Leaf(place) => {
                    let node = reader.node()?;
                    if !node.is_null() {
                        self.any = true;
                        self.shape(place, "list of issues, or a mapping with `issues`", &node);
                    }
                }
            }
            behind += 1;
        }
    }

    /// The first walk over a mapping: what it says for the whole file. Nothing if it holds no list, and so is itself
    /// an issue.
    fn file_defaults<R: Read>(&mut self, reader: &mut Reader<R>) -> Result<Option<Vec<Inherited>>, Stop> {
        let (mut sections, mut pairs) = (Vec::new(), Vec::new());
        reader.peek()?;
        reader.step()?;
        while !matches!(reader.peek()?, Next::End | Next::Nothing) {
            let key = reader.node()?;
            if let Some(section) = key.scalar().and_then(section) {
                if sections.contains(&section) {
                    let header = key.scalar().unwrap_or_default().to_owned();
                    self.faults.add(key.place, FaultKind::DoubledColumn { header, field: None });
                }
                sections.push(section);
                skip(reader)?;
            } else {
                pairs.push((key, reader.node()?));
            }
        }
        reader.step()?;
        let describes = |key: &Node| {
            key.scalar().is_some_and(|name| self.headers.find(RecordKind::Issue, name).contains(&Field::Description))
        };
        if sections.is_empty() && pairs.iter().any(|(key, _)| describes(key)) {
            return Ok(None);
        }
        let mut inherited = Vec::new();
        for (key, value) in &pairs {
            self.inherit(key, value, RecordKind::Issue, &mut inherited);
        }
        Ok(Some(inherited))
    }

    fn inherit(&mut self, key: &Node, value: &Node, kind: RecordKind, inherited: &mut Vec<Inherited>) {
        let Some(name) = key.scalar() else {
            self.shape(key.place, "text", key);
            return;
        };
        let fields = self.headers.find(kind, name);
        if fields.is_empty() {
            // A title, a note of the whole file: kept by nobody, so it is told.
            self.unknown(key, name, kind);
        }
        for field in fields {
            if inherited.iter().any(|other: &Inherited| other.field == field) {
                self.faults.add(key.place, FaultKind::DoubledColumn { header: name.to_owned(), field: Some(field) });
            } else if let Some(text) = self.cell(value) {
                inherited.push(Inherited { field, text, place: value.place });
            }
        }
    }

    /// The second walk: the records.
    fn sections<R: Read>(&mut self, reader: &mut Reader<R>, inherited: &[Inherited]) -> Result<(), Stop> {
        reader.step()?;
        while !matches!(reader.peek()?, Next::End | Next::Nothing) {
            let key = reader.node()?;
            match key.scalar().and_then(section) {
                Some(Section::Records(kind)) => self.list(reader, kind, inherited)?,
                Some(Section::Totals) => {
                    let node = reader.node()?;
                    self.totals(&node);
                }
                None => {
                    reader.node()?;
                }
            }
        }
        reader.step()?;
        Ok(())
    }

    fn list<R: Read>(&mut self, reader: &mut Reader<R>, kind: RecordKind, inherited: &[Inherited]) -> Result<(), Stop> {
        let Next::List(_) = reader.peek()? else {
            let node = reader.node()?;
            if !node.is_null() {
                self.any = true;
                self.shape(node.place, "list", &node);
            }
            return Ok(());
        };
        reader.step()?;
        while !matches!(reader.peek()?, Next::End | Next::Nothing) {
            let node = reader.node()?;
            self.any = true;
            self.record(&node, kind, inherited);
        }
        reader.step()?;
        Ok(())
    }

    fn record(&mut self, node: &Node, kind: RecordKind, inherited: &[Inherited]) {
        let Value::Map(pairs) = &node.value else {
            self.shape(node.place, "mapping", node);
            return;
        };
        let mut columns = Columns::default().with_defaults(self.recorder.defaults());
        let mut nested = Vec::new();
        self.row.clear();
        let here = self.counted && self.row.line == node.place.line;
        self.row.before = if here { self.row.before + 1 } else { 0 };
        (self.row.source, self.row.line, self.counted) = (self.id, node.place.line, true);
        let is_weak = |(key, _): &&(Node, Node)| key.scalar().is_some_and(|name| self.headers.is_weak(name));
        // What names a field only where no other key does comes last.
        let (weak, strong): (Vec<_>, Vec<_>) = pairs.iter().partition(is_weak);
        for (key, value) in strong.into_iter().chain(weak) {
            let Some(name) = key.scalar() else {
                self.shape(key.place, "text", key);
                continue;
            };
            if kind == RecordKind::Inspection && section(name) == Some(Section::Records(RecordKind::Issue)) {
                if !nested.is_empty() {
                    self.faults.add(key.place, FaultKind::DoubledColumn { header: name.to_owned(), field: None });
                }
                nested.push(value);
                continue;
            }
            self.entry(kind, key, name, value, &mut columns);
        }
        for inherited in inherited {
            let field = if kind == RecordKind::Issue { inherited.field } else { day_of(inherited.field) };
            if columns.get(field).is_none() {
                columns.set(field, self.row.len());
                self.row.push_cell(&inherited.text, Some(inherited.place));
            }
        }
        self.row.columns = Arc::new(columns);
        match kind {
            RecordKind::Issue => {
                if let Some(issue) = self.recorder.issue(&self.row, self.faults) {
                    (self.each)(Entry::Issue(issue));
                }
            }
            RecordKind::Inspection => (self.each)(Entry::Inspection(self.recorder.inspection(&self.row, self.faults))),
            RecordKind::Measure => (self.each)(Entry::Measure(self.recorder.measure(&self.row, self.faults))),
        }
        if !nested.is_empty() {
            let all = self.inherited_from_row(inherited);
            for issues in nested {
                self.nested(issues, &all);
            }
        }
    }

    /// What the issues of the inspection at hand inherit: its day, team, unit, region and tags, and what the file says.
    fn inherited_from_row(&self, inherited: &[Inherited]) -> Vec<Inherited> {
        let mut own = Vec::new();
        for (from, to) in [
            (Field::Date, Field::FoundOn),
            (Field::Team, Field::Team),
            (Field::Unit, Field::Unit),
            (Field::Region, Field::Region),
            (Field::Tags, Field::Tags),
        ] {
            let text = self.row.text(from).into_owned();
            if !text.is_empty() {
                own.push(Inherited { field: to, text, place: self.row.field_place(from) });
            }
        }
        // What the inspection says goes before what the file says.
        let more = inherited.iter().filter(|other| !own.iter().any(|mine| mine.field == other.field));
        own.iter().chain(more).cloned().collect()
    }

    /// The issues of an inspection.
    fn nested(&mut self, issues: &Node, inherited: &[Inherited]) {
        let Value::List(items) = &issues.value else {
            if !issues.is_null() {
                self.shape(issues.place, "list", issues);
            }
            return;
        };
        for item in items {
            self.record(item, RecordKind::Issue, inherited);
        }
    }

    fn entry(&mut self, kind: RecordKind, key: &Node, name: &str, value: &Node, columns: &mut Columns) {
        let fields = self.headers.find(kind, name);
        if fields.is_empty() && name.trim() != "extra" {
            self.unknown(key, name, kind);
        }
        let Some(text) = self.cell(value) else { return };
        let cell = self.row.len();
        self.row.push_cell(&text, Some(value.place));
        if fields.is_empty() {
            columns.extra.push((Symbol::new(name.trim()), u16::try_from(cell).unwrap_or(u16::MAX)));
        }
        for field in fields {
            let is_beside = field.is_column_only() && field != Field::RowNumber;
            let is_weak = columns.get(field).is_some() && self.headers.is_weak(name);
            if is_beside || is_weak {
                columns.extra.push((Symbol::new(name.trim()), u16::try_from(cell).unwrap_or(u16::MAX)));
            }
            if is_weak {
                continue;
            }
            if columns.get(field).is_some() {
                self.faults.add(key.place, FaultKind::DoubledColumn { header: name.to_owned(), field: Some(field) });
            } else {
                columns.set(field, cell);
            }
        }
    }

    /// The text of a value; items of a list are joined so that the record reader can part them.
    fn cell(&mut self, value: &Node) -> Option<String> {
        match &value.value {
            Value::Scalar { .. } => value.scalar().map(str::to_owned),
            Value::List(items) => {
                let mut texts = Vec::new();
                for item in items {
                    match item.scalar() {
                        Some(text) => texts.push(text),
                        None => self.shape(item.place, "text", item),
                    }
                }
                // A list of one ends in the separator too, so that its item is never parted.
                Some(texts.iter().flat_map(|text| [*text, "\u{1f}"]).collect())
            }
            Value::Map(_) => {
                self.shape(value.place, "text", value);
                None
            }
        }
    }

    /// `totals: {found: 12, disposition: {on_site: 7}, unit: {贾陈社区: 3}}`.
    fn totals(&mut self, node: &Node) {
        let Value::Map(pairs) = &node.value else {
            self.shape(node.place, "mapping", node);
            return;
        };
        for (key, value) in pairs {
            let name = key.scalar().unwrap_or_default().trim();
            if matches!(name, "found" | "发现" | "发现问题" | "合计") {
                self.declare(value, None);
                continue;
            }
            let field = self.headers.find(RecordKind::Issue, name).first().copied();
            match (field, &value.value) {
                (Some(field), Value::Map(counts)) => {
                    for (spelling, count) in counts {
                        let text = spelling.scalar().unwrap_or_default().trim();
                        let known = self.recorder.project().vocabularies.of(field).find(text);
                        self.declare(count, Some((field, known.unwrap_or_else(|| Symbol::new(text)))));
                    }
                }
                (Some(_), _) => self.shape(value.place, "mapping of counts", value),
                (None, _) => self.unknown(key, name, RecordKind::Issue),
            }
        }
    }

    fn declare(&mut self, node: &Node, of: Option<(Field, Symbol)>) {
        let Some(text) = node.scalar() else {
            self.shape(node.place, "number", node);
            return;
        };
        let Some(count) = number::parse(text.trim()) else {
            self.faults.add(node.place, FaultKind::Number { text: text.to_owned() });
            return;
        };
        let mut row = Row::new(self.id);
        row.line = node.place.line;
        row.push_cell(text, Some(node.place));
        (self.each)(Entry::Declared(DeclaredTotal { row: row.into(), cell: 0, of, count }));
    }

    fn unknown(&mut self, key: &Node, name: &str, kind: RecordKind) {
        if !self.headers.is_ignored(name) && self.told.insert(name.to_owned()) {
            let near = Headers::near(kind, name);
            self.faults.add(key.place, FaultKind::UnknownColumn { header: name.to_owned(), near });
        }
    }

    fn shape(&mut self, place: Place, expected: &'static str, node: &Node) {
        let found = node.scalar().map_or_else(|| node.shape().to_owned(), |text| format!("`{text}`"));
        self.faults.add(place, FaultKind::Shape { expected, found });
    }
}

/// A file-wide `found_on` is the day of an inspection or a measure, too.
fn day_of(field: Field) -> Field {
    if field == Field::FoundOn { Field::Date } else { field }
}

/// Passes over a value without holding it.
fn skip<R: Read>(reader: &mut Reader<R>) -> Result<(), YamlError> {
    let mut depth = 0_usize;
    loop {
        match reader.peek()? {
            Next::Map(_) | Next::List(_) => depth += 1,
            Next::End => depth = depth.saturating_sub(1),
            Next::Leaf(_) => {}
            Next::Nothing => return Ok(()),
        }
        reader.step()?;
        if depth == 0 {
            return Ok(());
        }
    }
}
