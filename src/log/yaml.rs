//! Reads the records of YAML and JSON logs: a list of issues, or a mapping with `issues`, `inspections`, `measures`,
//! `totals` and defaults for the whole file.
//!
//! Lists are streamed record by record. Defaults may follow the lists they apply to, so a mapping is read twice: first
//! the defaults, then the records. A mapping that describes a problem and has no list is a single issue. Each document
//! of a file (`---`) has its own defaults.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::fault::{FaultKind, Faults};
use crate::log::error_cell::blank_error_cells;
use crate::log::filler::{Above, read_fillers};
use crate::log::header::{Headers, RecordKind};
use crate::log::record::Recorder;
use crate::model::Field;
use crate::model::declared::{DeclaredOf, DeclaredTotal, TotalSpan, tallied};
use crate::model::record::Entry;
use crate::model::row::{Columns, Row};
use crate::place::{Place, SourceId};
use crate::source::decode::Encoding;
use crate::source::yaml::{Next, Node, Reader, Value, YamlError, is_strict_json};
use crate::source::{OwnOutput, Source, SourceError};
use crate::words::symbol::Symbol;
use crate::words::{date, number};

/// A value for every record that does not have its own.
#[derive(Clone, Debug)]
struct Inherited {
    field: Field,
    text: String,
    place: Place,
}

/// The keys of a YAML log that are not defaults for the whole file, each with its aliases.
pub const SECTIONS: [(&str, &[&str]); 4] = [
    ("issues", &["问题", "问题清单"]),
    ("inspections", &["检查", "督查", "督查情况"]),
    ("measures", &["处置", "处置情况"]),
    ("totals", &["合计"]),
];

/// Returns the section that a key names.
fn section(key: &str) -> Option<Section> {
    let key = key.trim();
    let (name, _) = SECTIONS.iter().find(|(name, aliases)| *name == key || aliases.contains(&key))?;
    Some(match *name {
        "issues" => Section::Records(RecordKind::Issue),
        "inspections" => Section::Records(RecordKind::Inspection),
        "measures" => Section::Records(RecordKind::Measure),
        _ => Section::Totals,
    })
}

/// What the value of one of the [`SECTIONS`] holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Records(RecordKind),
    Totals,
}

/// Reads a log and passes its entries to `each`. A syntax error ends the reading and is reported to `faults`.
///
/// # Errors
/// The source cannot be read.
pub(super) fn read(
    source: &Source,
    encoding: Encoding,
    id: SourceId,
    recorder: &mut Recorder<'_>,
    faults: &mut Faults,
    each: &mut dyn FnMut(Entry<'_>),
) -> Result<(), SourceError> {
    let headers = Headers::new(recorder.project());
    let mut reader = LogReader {
        id,
        headers,
        reported: BTreeSet::new(),
        known: Vec::new(),
        looks: Vec::new(),
        row: Row::new(id),
        row_before: Row::new(id),
        is_after_issue: false,
        any_record: false,
        has_row: false,
        recorder,
        faults,
        each,
    };
    let result = reader.read(|| source.open_as(encoding));
    let any_record = reader.any_record;
    match result {
        Ok(()) if !any_record => faults.add(Place::file(id), FaultKind::EmptyLog { no_rows: true }),
        Ok(()) => {}
        Err(ReadError::Yaml(error)) => faults.add_yaml_error(id, error),
        Err(ReadError::Source(error)) => return Err(error),
    }
    Ok(())
}

/// Why a log is read no further.
enum ReadError {
    Yaml(YamlError),
    Source(SourceError),
}

impl From<YamlError> for ReadError {
    fn from(error: YamlError) -> Self {
        Self::Yaml(error)
    }
}

/// The key under which a record keeps what is no field.
const EXTRA: &str = "extra";

/// What the keys of a record mean.
struct KnownKeys {
    kind: RecordKind,
    names: Vec<String>,
    /// The fields of the values that it inherits.
    inherited: Vec<Field>,
    columns: Arc<Columns>,
    /// Whether there is nothing to report of them, other than unknown keys, which are reported once.
    is_clean: bool,
}

/// So many sets of keys are kept: records that leave out what is blank have one for each choice of it.
const KEY_SETS: usize = 64;

/// Whether records with some keys are none of a log.
struct KeyLook {
    names: Vec<String>,
    is_own_json: bool,
    /// Whether a key is that of a field, or ignored.
    has_known: bool,
}

/// A log that is being read.
struct LogReader<'a, 'p> {
    id: SourceId,
    headers: Headers,
    /// The unknown keys that were reported, since each is reported once per file.
    reported: BTreeSet<String>,
    /// The keys of the last record, and what they mean; behind them those of others, as far as they are clean.
    known: Vec<KnownKeys>,
    /// What kind of record some keys are those of; the last ones first.
    looks: Vec<KeyLook>,
    /// The current record, and the one before it; their memory is reused.
    row: Row,
    row_before: Row,
    /// Whether the record before is an issue, so that a value can stand for one of it.
    is_after_issue: bool,
    /// Whether the log has any content besides defaults.
    any_record: bool,
    /// Whether `row` holds a record already, so that its line is that of the previous record.
    has_row: bool,
    recorder: &'a mut Recorder<'p>,
    faults: &'a mut Faults,
    each: &'a mut dyn FnMut(Entry<'_>),
}

impl LogReader<'_, '_> {
    /// Reads all documents.
    fn read<R: Read>(&mut self, open: impl Fn() -> Result<R, SourceError>) -> Result<(), ReadError> {
        let text = || open().map_err(ReadError::Source);
        // Read once to know that its fast reader reads all of it.
        let is_json = is_strict_json(text()?).map_err(YamlError::Io)?;
        let id = self.id;
        let begin = || text().map(|text| if is_json { Reader::json(id, text) } else { Reader::new(id, text) });
        let mut reader = begin()?;
        // Reads each mapping before `reader` does, to find its defaults.
        let mut lookahead: Option<Reader<R>> = None;
        // The number of nodes that `reader` has read and `lookahead` has not.
        let mut lag = 0_usize;
        loop {
            match reader.peek()? {
                Next::Nothing => return Ok(()),
                Next::End => reader.step()?,
                Next::List(_) => self.list(&mut reader, RecordKind::Issue, &[])?,
                Next::Map(_) => {
                    if lookahead.is_none() {
                        lookahead = Some(begin()?);
                    }
                    let Some(lookahead) = &mut lookahead else { continue };
                    for _ in 0..std::mem::take(&mut lag) {
                        skip(lookahead)?;
                    }
                    if let Some(inherited) = self.file_defaults(lookahead)? {
                        self.sections(&mut reader, &inherited)?;
                    } else {
                        self.any_record = true;
                        let node = reader.node()?;
                        self.record(&node, RecordKind::Issue, &[]);
                    }
                    continue;
                }
                Next::Leaf(place) => {
                    let node = reader.node()?;
                    if !node.is_null() {
                        self.any_record = true;
                        self.wrong_shape(place, "list of issues, or a mapping with `issues`", &node);
                    }
                }
            }
            lag += 1;
        }
    }

    /// Reads a mapping for its defaults, skipping its sections.
    ///
    /// `None` if it has a description but no section, so that it is itself an issue.
    fn file_defaults<R: Read>(&mut self, reader: &mut Reader<R>) -> Result<Option<Vec<Inherited>>, ReadError> {
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
        if is_own_json(pairs.iter().map(|(key, _)| key)) {
            self.own_table(Place::file(self.id));
            return Ok(Some(Vec::new()));
        }
        let describes = |key: &Node| {
            key.scalar().is_some_and(|name| self.headers.find(RecordKind::Issue, name).contains(&Field::Description))
        };
        if sections.is_empty() && pairs.iter().any(|(key, _)| describes(key)) {
            return Ok(None);
        }
        // Without a section and without a default, the mapping is something else altogether.
        let is_log = !sections.is_empty() || pairs.iter().any(|(key, _)| self.is_known(key));
        let mut inherited = Vec::new();
        for (key, value) in &pairs {
            if !self.is_known(key) && (!is_log || self.holds_records(value)) {
                self.unread_records(key.place, key.scalar().unwrap_or_default());
            } else {
                self.add_inherited(key, value, RecordKind::Issue, &mut inherited);
            }
        }
        Ok(Some(inherited))
    }

    /// Whether a key is that of a field of an issue or an inspection, or one that the project ignores.
    fn is_known(&self, key: &Node) -> bool {
        let Some(name) = key.scalar() else { return false };
        let kinds = [RecordKind::Issue, RecordKind::Inspection];
        self.headers.is_ignored(name) || kinds.into_iter().any(|kind| !self.headers.find(kind, name).is_empty())
    }

    /// Whether a value holds what looks like records, at any depth: mappings with two known keys, as a header has.
    fn holds_records(&self, node: &Node) -> bool {
        match &node.value {
            Value::Scalar { .. } => false,
            Value::List(items) => items.iter().any(|item| self.holds_records(item)),
            Value::Map(pairs) => {
                pairs.iter().filter(|(key, _)| self.is_known(key)).count() > 1
                    || pairs.iter().any(|(_, value)| self.holds_records(value))
            }
        }
    }

    /// Reports, once, that the file is none of a log but one that duban wrote.
    fn own_table(&mut self, place: Place) {
        self.any_record = true;
        if self.reported.insert(String::new()) {
            self.faults.add(place, FaultKind::OwnOutput { output: OwnOutput::Table });
        }
    }

    /// Reports records that are not read, once for each key.
    fn unread_records(&mut self, place: Place, key: &str) {
        // They are no empty log, whatever else there is.
        self.any_record = true;
        if self.reported.insert(key.to_owned()) {
            self.faults.add(place, FaultKind::UnreadRecords { key: key.to_owned() });
        }
    }

    /// Adds a pair of the file to the values that its records inherit.
    fn add_inherited(&mut self, key: &Node, value: &Node, kind: RecordKind, inherited: &mut Vec<Inherited>) {
        let Some(name) = key.scalar() else {
            self.wrong_shape(key.place, "text", key);
            return;
        };
        let fields = self.headers.find(kind, name);
        if fields.is_empty() {
            // A title or a note on the whole file, say. It is reported because it is not kept.
            self.unknown_key(key, name, kind);
        }
        for field in fields {
            if inherited.iter().any(|other: &Inherited| other.field == field) {
                self.faults.add(key.place, FaultKind::DoubledColumn { header: name.to_owned(), field: Some(field) });
            } else if let Some(text) = self.cell_text(value) {
                inherited.push(Inherited { field, text: text.into_owned(), place: value.place });
            }
        }
    }

    /// Reads a mapping for its records.
    fn sections<R: Read>(&mut self, reader: &mut Reader<R>, inherited: &[Inherited]) -> Result<(), ReadError> {
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

    /// Reads a list of records.
    fn list<R: Read>(
        &mut self,
        reader: &mut Reader<R>,
        kind: RecordKind,
        inherited: &[Inherited],
    ) -> Result<(), ReadError> {
        let Next::List(_) = reader.peek()? else {
            let node = reader.node()?;
            if !node.is_null() {
                self.any_record = true;
                self.wrong_shape(node.place, "list", &node);
            }
            return Ok(());
        };
        reader.step()?;
        while !matches!(reader.peek()?, Next::End | Next::Nothing) {
            let node = reader.node()?;
            self.any_record = true;
            self.record(&node, kind, inherited);
            reader.recycle(node);
        }
        reader.step()?;
        Ok(())
    }

    /// Reads a record, and the issues nested in an inspection.
    fn record(&mut self, node: &Node, kind: RecordKind, inherited: &[Inherited]) {
        let Value::Map(pairs) = &node.value else {
            self.wrong_shape(node.place, "mapping", node);
            return;
        };
        let look = self.look(pairs);
        if look.is_own_json {
            self.own_table(node.place);
            return;
        }
        if kind == RecordKind::Issue && !pairs.is_empty() && !look.has_known {
            self.unread_records(node.place, "");
            return;
        }
        let is_nested = |key: &Node| {
            kind == RecordKind::Inspection
                && key.scalar().and_then(section) == Some(Section::Records(RecordKind::Issue))
        };
        let (nested, own): (Vec<_>, Vec<_>) = pairs.iter().partition(|(key, _)| is_nested(key));
        for (key, _) in nested.iter().skip(1) {
            let header = key.scalar().unwrap_or_default().to_owned();
            self.faults.add(key.place, FaultKind::DoubledColumn { header, field: None });
        }
        let is_same_line = self.has_row && self.row.line == node.place.line;
        let before = if is_same_line { self.row.before + 1 } else { 0 };
        // The record before is kept, since a value may stand for its value.
        std::mem::swap(&mut self.row, &mut self.row_before);
        self.row.clear();
        (self.row.source, self.row.line, self.row.before, self.has_row) = (self.id, node.place.line, before, true);
        for (_, value) in &own {
            let text = self.cell_text(value);
            self.row.push_cell(text.as_deref().unwrap_or_default(), Some(value.place));
        }
        self.row.columns = self.columns(kind, &own, inherited);
        for inherited in inherited {
            self.row.push_cell(&inherited.text, Some(inherited.place));
        }
        let day = inherited.iter().find(|inherited| matches!(inherited.field, Field::FoundOn | Field::Date));
        self.recorder.set_default_day(day.map(|day| day.text.as_str()));
        blank_error_cells(&mut self.row, false, self.faults);
        match kind {
            RecordKind::Issue => {
                let above = self.is_after_issue.then_some(Above::Record(&self.row_before));
                if read_fillers(&mut self.row, above.as_ref(), self.recorder.project(), self.faults) {
                    self.recorder.lack_row_before();
                }
                self.is_after_issue = true;
                if let Some(issue) = self.recorder.issue(&self.row, self.faults) {
                    (self.each)(Entry::Issue(issue));
                }
            }
            RecordKind::Inspection => (self.each)(Entry::Inspection(self.recorder.inspection(&self.row, self.faults))),
            RecordKind::Measure => (self.each)(Entry::Measure(self.recorder.measure(&self.row, self.faults))),
        }
        if !nested.is_empty() {
            let inherited = self.inherited_from_row(inherited);
            for (_, issues) in nested {
                self.nested(issues, &inherited);
            }
        }
    }

    /// Returns what the names of some keys tell.
    fn look(&mut self, pairs: &[(Node, Node)]) -> &KeyLook {
        let names = pairs.iter().map(|(key, _)| key.scalar().unwrap_or_default());
        let found = self.looks.iter().position(|look| names.clone().eq(look.names.iter().map(String::as_str)));
        if let Some(at) = found {
            self.looks.swap(0, at);
        } else {
            let look = KeyLook {
                names: names.map(str::to_owned).collect(),
                is_own_json: is_own_json(pairs.iter().map(|(key, _)| key)),
                has_known: pairs.iter().any(|(key, _)| self.is_known(key)),
            };
            self.looks.truncate(KEY_SETS - 1);
            self.looks.insert(0, look);
        }
        &self.looks[0]
    }

    /// Returns which cell holds which field: a cell for each key, by the rules of a header row, and behind them one for each
    /// inherited value, which counts where no key names its field. Records with the same keys share their columns.
    fn columns(&mut self, kind: RecordKind, pairs: &[&(Node, Node)], inherited: &[Inherited]) -> Arc<Columns> {
        let names = pairs.iter().map(|(key, _)| key.scalar().unwrap_or_default());
        let fields = inherited.iter().map(|inherited| inherited.field);
        let are_texts = pairs.iter().all(|(key, _)| key.scalar().is_some());
        let found = self.known.iter().take(if are_texts { KEY_SETS } else { 1 }).position(|known| {
            known.kind == kind
                && names.clone().eq(known.names.iter().map(String::as_str))
                && fields.clone().eq(known.inherited.iter().copied())
        });
        if let Some(at) = found {
            // What is to be reported of keys is reported whenever they differ from those before.
            if at > 0 {
                let keys = self.known.remove(at);
                if !self.known[0].is_clean {
                    self.known.remove(0);
                }
                self.known.insert(0, keys);
            }
            return Arc::clone(&self.known[0].columns);
        }
        let mut is_clean = true;
        let mut header = Row::new(self.id);
        for (key, _) in pairs {
            if key.scalar().is_none() {
                is_clean = false;
                self.wrong_shape(key.place, "text", key);
            }
            header.push_cell(key.scalar().unwrap_or_default(), Some(key.place));
        }
        let mut found = self.faults.fresh();
        let mut columns = self.headers.columns(kind, &header, &mut found);
        for fault in found.sorted() {
            let is_known = match &fault.what {
                FaultKind::UnknownColumn { header, .. } => header == EXTRA || !self.reported.insert(header.clone()),
                _ => false,
            };
            is_clean &= matches!(fault.what, FaultKind::UnknownColumn { .. });
            if !is_known {
                self.faults.add_full(fault.place, fault.what.clone(), fault.field, fault.related);
            }
        }
        columns = columns.with_defaults(self.recorder.defaults());
        for (at, inherited) in inherited.iter().enumerate() {
            let field = if kind == RecordKind::Issue { inherited.field } else { inheriting_field(inherited.field) };
            // A field that a key names has its cell already.
            columns.set(field, pairs.len() + at);
        }
        let (columns, names) = (Arc::new(columns), names.map(str::to_owned).collect());
        let inherited = fields.collect();
        if self.known.first().is_some_and(|last| !last.is_clean) {
            self.known.remove(0);
        }
        self.known.truncate(KEY_SETS - 1);
        self.known.insert(0, KnownKeys { kind, names, inherited, columns: Arc::clone(&columns), is_clean });
        columns
    }

    /// Returns what the issues of the current inspection inherit: its day, team, unit, region and tags, then the
    /// defaults of the file.
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
        // The values of the inspection take precedence.
        let defaults = inherited.iter().filter(|other| !own.iter().any(|mine| mine.field == other.field));
        own.iter().chain(defaults).cloned().collect()
    }

    /// Reads the issues of an inspection.
    fn nested(&mut self, issues: &Node, inherited: &[Inherited]) {
        let Value::List(items) = &issues.value else {
            if !issues.is_null() {
                self.wrong_shape(issues.place, "list", issues);
            }
            return;
        };
        for item in items {
            self.record(item, RecordKind::Issue, inherited);
        }
    }

    /// Returns a value as the text of a cell.
    ///
    /// The items of a list each end in a unit separator (U+001F), at which the reader of records splits them.
    fn cell_text<'n>(&mut self, value: &'n Node) -> Option<Cow<'n, str>> {
        match &value.value {
            Value::Scalar { .. } => value.scalar().map(Cow::Borrowed),
            Value::List(items) => {
                let mut texts = Vec::new();
                for item in items {
                    match item.scalar() {
                        Some(text) => texts.push(text),
                        None => self.wrong_shape(item.place, "text", item),
                    }
                }
                // The separator follows even a single item, so that a comma in it does not split it.
                Some(texts.iter().flat_map(|text| [*text, "\u{1f}"]).collect())
            }
            Value::Map(_) => {
                self.wrong_shape(value.place, "text", value);
                None
            }
        }
    }

    /// Reads `totals: {found: 12, rectified: 9, as_of: 2021-08-20, disposition: {on_site: 7}, unit: {贾陈社区: 3}}`.
    fn totals(&mut self, node: &Node) {
        let Value::Map(pairs) = &node.value else {
            self.wrong_shape(node.place, "mapping", node);
            return;
        };
        let is_day = |key: &Node| matches!(key.scalar().map(str::trim), Some("as_of" | "截至" | "统计日"));
        let day = pairs.iter().find(|(key, _)| is_day(key)).and_then(|(_, value)| self.day_of_totals(value));
        for (key, value) in pairs.iter().filter(|(key, _)| !is_day(key)) {
            let name = key.scalar().unwrap_or_default().trim();
            if matches!(name, "found" | "发现" | "发现问题" | "合计") {
                self.declare_total(value, DeclaredOf::Found);
                continue;
            }
            // `unit: {贾陈社区: 3}` counts the issues of a unit, `单位: 3` the units.
            if let Some(at) = tallied(name).filter(|_| !matches!(value.value, Value::Map(_))) {
                self.declare_total(value, DeclaredOf::Tallied(at, day));
                continue;
            }
            let field = self.headers.find(RecordKind::Issue, name).first().copied();
            match (field, &value.value) {
                (Some(field), Value::Map(counts)) => {
                    for (spelling, count) in counts {
                        let text = spelling.scalar().unwrap_or_default().trim();
                        let known = self.recorder.project().vocabularies.of(field).find(text);
                        let value = known.unwrap_or_else(|| Symbol::new(text));
                        self.declare_total(count, DeclaredOf::Value(field, value));
                    }
                }
                (Some(_), _) => self.wrong_shape(value.place, "mapping of counts", value),
                (None, _) => self.unknown_key(key, name, RecordKind::Issue),
            }
        }
    }

    /// Reads the day as of which a log declares its counts.
    fn day_of_totals(&mut self, node: &Node) -> Option<NaiveDate> {
        let text = node.scalar().unwrap_or_default();
        match date::parse(text, None, self.recorder.project().date_order) {
            Ok(read) if !read.assumed => Some(read.date),
            Ok(_) => {
                self.wrong_shape(node.place, "date with its year", node);
                None
            }
            Err(fault) => {
                self.faults.add(node.place, FaultKind::Date { text: text.to_owned(), fault });
                None
            }
        }
    }

    /// Passes on a declared count.
    fn declare_total(&mut self, node: &Node, of: DeclaredOf) {
        let Some(text) = node.scalar() else {
            self.wrong_shape(node.place, "number", node);
            return;
        };
        let Some(count) = number::parse(text.trim()) else {
            self.faults.add(node.place, FaultKind::Number { text: text.to_owned() });
            return;
        };
        let mut row = Row::new(self.id);
        row.line = node.place.line;
        row.push_cell(text, Some(node.place));
        (self.each)(Entry::Declared(DeclaredTotal { row: row.into(), cell: 0, of, count, span: TotalSpan::File }));
    }

    /// Reports an unknown key.
    fn unknown_key(&mut self, key: &Node, name: &str, kind: RecordKind) {
        if !self.headers.is_ignored(name) && self.reported.insert(name.to_owned()) {
            let near = Headers::suggest(kind, name);
            self.faults.add(key.place, FaultKind::UnknownColumn { header: name.to_owned(), near });
        }
    }

    /// Reports a node of the wrong type.
    fn wrong_shape(&mut self, place: Place, expected: &'static str, node: &Node) {
        let found = node.scalar().map_or_else(|| node.shape().to_owned(), |text| format!("`{text}`"));
        self.faults.add(place, FaultKind::Shape { expected, found });
    }
}

/// Keys that stand together only in what duban prints as JSON: tallies, whole and partial, figures, `due`, the report of
/// `check`, the register.
const OWN_JSON: [&[&str]; 6] = [
    &["as_of", "by", "total", "groups"],
    &["plan", "total", "groups", "digest"],
    &["document", "kind", "as_of", "figures"],
    &["as_of", "units"],
    &["files", "errors", "diagnostics"],
    &["number", "series", "kind", "year", "n"],
];

/// Whether a mapping is one that duban printed.
fn is_own_json<'n>(keys: impl Iterator<Item = &'n Node>) -> bool {
    let names: Vec<&str> = keys.filter_map(Node::scalar).collect();
    OWN_JSON.iter().any(|own| own.iter().all(|key| names.contains(key)))
}

/// Returns the field of an inspection or a measure that inherits a value: `found_on` is its date.
fn inheriting_field(field: Field) -> Field {
    if field == Field::FoundOn { Field::Date } else { field }
}

/// Skips a value without storing it.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::log;
    use crate::project::Project;
    use crate::source::{Form, Source, Sources};

    /// What a log says of each issue.
    fn issues(text: &str) -> Vec<[String; 3]> {
        let mut sources = Sources::default();
        let id = sources.add(Source::text("log.yaml", text, Form::Tree));
        let (mut seen, project) = (Vec::new(), Project::default());
        log::read(&mut sources, id, &project, &mut Faults::default(), |entry| {
            if let Entry::Issue(issue) = entry {
                let text = |field| issue.text(field).into_owned();
                seen.push([text(Field::Unit), text(Field::Description), text(Field::FoundOn)]);
            }
        })
        .unwrap();
        seen
    }

    proptest! {
        /// The keys of a record decide what its values are, whatever keys the records before it have.
        #[test]
        fn other_keys_before_a_record_show_nowhere(kinds in proptest::collection::vec(0..9_usize, 1..24)) {
            const SHAPES: [&[&str]; 9] = [
                &["责任单位", "问题描述"],
                &["问题描述", "责任单位"],
                &["责任单位", "问题描述", "发现日期"],
                &["发现日期", "责任单位"],
                &["责任单位", "责任单位", "问题描述"],
                &["问题描述", "问题描述"],
                &["责任单位", "问题描述", "备注"],
                &["责任单位", "地点", "问题描述"],
                &["发现日期", "问题描述", "责任单位", "不认识"],
            ];
            let record = |(at, kind): (usize, &usize)| {
                let pairs = SHAPES[*kind].iter().map(|key| {
                    if *key == "发现日期" { format!("{key}: 2021-08-{:02}", at + 1) } else { format!("{key}: {key}{at}") }
                });
                format!("- {}\n", pairs.collect::<Vec<_>>().join("\n  "))
            };
            let records: Vec<String> = kinds.iter().enumerate().map(record).collect();
            let alone: Vec<_> = records.iter().flat_map(|record| issues(record)).collect();
            prop_assert_eq!(issues(&records.concat()), alone);
        }
    }
}
