//! From `duban.yaml` to a [`Project`].

use std::path::{Path, PathBuf};

use crate::document::layout::{Fonts, Paper};
use crate::fault::{Code, ConfigProblem, FaultKind, Faults, Severity};
use crate::model::Field;
use crate::model::field::FIELDS;
use crate::model::key::Key;
use crate::place::{Place, SourceId};
use crate::project::mapping::{MappingReader, items};
use crate::project::privacy;
use crate::project::rungs;
use crate::project::{Address, DeclaredAt, Identity, Named, Project, Selection, Site, Team, Unit, UnknownValue};
use crate::register::{PatternError, Reset, Series};
use crate::source::yaml::{Node, Value, YamlError};
use crate::source::{Form, Source, Sources, yaml};
use crate::words::calendar::Calendar;
use crate::words::date::{self, DateOrder};
use crate::words::near::nearest;

/// The name of the config.
pub const FILE_NAME: &str = "duban.yaml";

/// Every key of `duban.yaml`.
pub const KEYS: [&str; 27] = [
    "lang",
    "office",
    "logs",
    "sheets",
    "units",
    "teams",
    "sites",
    "categories",
    "sources",
    "columns",
    "ignore",
    "values",
    "defaults",
    "not_issues",
    "dates",
    "calendar",
    "due_soon_days",
    "ladder",
    "series",
    "dimensions",
    "fonts",
    "paper",
    "rules",
    "privacy",
    "identities",
    "set",
    "$schema",
];

/// The nearest `duban.yaml` in a folder or above it.
#[must_use]
pub fn nearest_root(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| folder.join(FILE_NAME).is_file()).map(Path::to_owned)
}

/// Reads the config of a folder. Its faults, if any, are about files in `sources`.
///
/// # Errors
/// The file can't be read at all.
pub fn load(root: &Path, sources: &mut Sources, faults: &mut Faults) -> std::io::Result<Project> {
    let path = root.join(FILE_NAME);
    let text = std::fs::read(&path)?;
    let name = path.to_string_lossy().replace('\\', "/");
    let source = sources.add(Source::text(name, text, Form::Tree));
    let text = sources.get(source).read_to_string().map_err(|error| error.cause)?;
    let mut project = parse(source, &text, faults);
    root.clone_into(&mut project.root);
    load_sites(&mut project, sources, faults);
    Ok(project)
}

/// Reads the text of a config.
#[must_use]
pub fn parse(source: SourceId, text: &str, faults: &mut Faults) -> Project {
    let mut project = Project { configured: true, ..Project::default() };
    match yaml::read_all(source, text) {
        Ok(node) => read(&node, &mut project, &mut MappingReader { faults }),
        Err(YamlError::Syntax { place, detail }) => {
            faults.add(place, FaultKind::Config { problem: ConfigProblem::Syntax(detail) });
        }
        Err(error) => faults.add_yaml_error(source, error),
    }
    project
}

fn read(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    let mut entries = keys.known(node, &KEYS);
    // Identities name values, so every vocabulary must stand before they are read.
    entries.sort_by_key(|(key, _)| *key == "identities");
    for (key, node) in entries {
        match key {
            "lang" => {
                project.lang = keys.one_of(
                    key,
                    node,
                    &[("zh", crate::words::lang::Lang::Zh), ("en", crate::words::lang::Lang::En)],
                );
            }
            "office" => office(node, project, keys),
            "logs" => project.logs = keys.texts(node),
            "sheets" => project.sheets = keys.texts(node),
            "units" => units(node, project, keys),
            "teams" => teams(node, project, keys),
            "sites" => sites(node, project, keys),
            "categories" => {
                project.categories =
                    items(node).iter().filter_map(|item| named(item, keys, &[]).map(|(named, _)| named)).collect();
                declare(project, keys, node, Field::Category);
            }
            "sources" => {
                for item in items(node) {
                    if let Some((named, _)) = named(item, keys, &[]) {
                        let aliases = named.aliases.iter().map(String::as_str);
                        project.vocabularies.of_mut(Field::Source).add(&named.name, aliases);
                    }
                }
            }
            "columns" => {
                for (field, node) in fields(node, keys) {
                    project.columns.extend(keys.texts(node).into_iter().map(|header| (field, header)));
                }
            }
            "ignore" => project.ignore = keys.texts(node),
            "values" => {
                for (field, node) in fields(node, keys) {
                    for ((_, value), node) in keys.entries(node) {
                        let spellings = keys.texts(node);
                        project.vocabularies.of_mut(field).add(value, spellings.iter().map(String::as_str));
                    }
                }
            }
            "defaults" => {
                for (field, node) in fields(node, keys) {
                    project.defaults.extend(keys.text(node).map(|text| (field, text)));
                }
            }
            "not_issues" => {
                for item in items(node) {
                    let selection =
                        fields(item, keys).into_iter().map(|(field, node)| (field, blank_or_texts(node, keys)));
                    let selection: Vec<_> = selection.collect();
                    if !selection.is_empty() {
                        project.not_issues.push(selection);
                    }
                }
            }
            "dates" => {
                let orders = [("ymd", DateOrder::Ymd), ("dmy", DateOrder::Dmy), ("mdy", DateOrder::Mdy)];
                project.date_order = keys.one_of(key, node, &orders);
            }
            "calendar" => calendar(node, project, keys),
            "due_soon_days" => due_soon(node, project, keys),
            "ladder" => project.ladder = rungs::read(node, keys),
            "series" => series(node, project, keys),
            "dimensions" => {
                for (field, node) in fields(node, keys) {
                    let several = keys.one_of(field.key(), node, &[("partition", false), ("multi", true)]);
                    project.dimensions.extend(several.map(|several| (field, several)));
                }
            }
            "fonts" => {
                for (key, node) in keys.known(node, &Fonts::KEYS) {
                    if let Some(face) = keys.text(node) {
                        project.look.fonts = std::mem::take(&mut project.look.fonts).with(key, &face);
                    }
                }
            }
            "paper" => {
                let papers = [("a4", Paper::A4), ("letter", Paper::Letter)];
                project.look.paper = keys.one_of(key, node, &papers).unwrap_or_default();
            }
            "rules" => rules(node, project, keys),
            "privacy" => project.privacy = privacy::read(node, keys),
            "identities" => identities(node, project, keys),
            "set" => {
                for ((_, name), node) in keys.entries(node) {
                    if let Some(text) = keys.text(node) {
                        project.set.insert(name.to_owned(), text);
                    }
                }
            }
            _ => {}
        }
    }
}

fn office(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for (key, node) in keys.known(node, &["name", "mark", "code", "signature", "contact", "address"]) {
        if key == "address" {
            let words = [("subordinate", Address::Subordinate), ("peer", Address::Peer)];
            project.office.address = keys.one_of(key, node, &words).unwrap_or_default();
            continue;
        }
        let Some(text) = keys.text(node) else { continue };
        let office = &mut project.office;
        *match key {
            "name" => &mut office.name,
            "mark" => &mut office.mark,
            "code" => &mut office.code,
            "signature" => &mut office.signature,
            _ => &mut office.contact,
        } = text;
    }
    if project.office.signature.is_empty() {
        project.office.signature = project.office.name.clone();
    }
}

/// A name alone, or a mapping with `name`, `aliases` and what else is known.
fn named<'n>(
    node: &'n Node,
    keys: &mut MappingReader<'_>,
    more: &[&'static str],
) -> Option<(Named, Vec<(&'static str, &'n Node)>)> {
    let declared = Some(DeclaredAt { file: FILE_NAME.to_owned(), line: node.place.line.get() });
    if let Some(name) = node.scalar() {
        return Some((Named { name: name.trim().to_owned(), aliases: Vec::new(), declared }, Vec::new()));
    }
    let known: Vec<&'static str> = ["name", "aliases"].into_iter().chain(more.iter().copied()).collect();
    let mut name = None;
    let mut aliases = Vec::new();
    let mut rest = Vec::new();
    for (key, node) in keys.known(node, &known) {
        match key {
            "name" => name = keys.text(node),
            "aliases" => aliases = keys.texts(node),
            _ => rest.push((key, node)),
        }
    }
    if name.is_none() {
        keys.expected("name", node);
    }
    Some((Named { name: name?, aliases, declared }, rest))
}

fn units(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for item in items(node) {
        let Some((named, rest)) = named(item, keys, &["group", "head", "contact"]) else { continue };
        let mut unit = Unit { named, group: None, head: None, contact: None };
        for (key, node) in rest {
            let slot = match key {
                "group" => &mut unit.group,
                "head" => &mut unit.head,
                _ => &mut unit.contact,
            };
            *slot = keys.text(node);
        }
        project.units.push(unit);
    }
    declare(project, keys, node, Field::Unit);
    *project.vocabularies.of_mut(Field::CoUnits) = project.vocabularies.of(Field::Unit).clone();
    project.vocabularies.of_mut(Field::CoUnits).closed = false;
}

fn teams(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for item in items(node) {
        let Some((named, rest)) = named(item, keys, &["units"]) else { continue };
        let units = rest.first().map(|(_, node)| keys.texts(node)).unwrap_or_default();
        project.teams.push(Team { named, units });
    }
    declare(project, keys, node, Field::Team);
}

/// A list of sites, or `file:` with the path of a table of them, read in [`load_sites`].
fn sites(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    if let Value::Map(_) = node.value {
        for (_, node) in keys.known(node, &["file"]) {
            if let Some(name) = keys.text(node) {
                let named = Named { name, aliases: Vec::new(), declared: None };
                project.sites = vec![Site { named, site_type: Some(SITES_FILE.to_owned()), team: None, unit: None }];
            }
        }
        return;
    }
    for item in items(node) {
        let Some((named, rest)) = named(item, keys, &["type", "team", "unit"]) else { continue };
        let mut site = Site { named, site_type: None, team: None, unit: None };
        for (key, node) in rest {
            let slot = match key {
                "type" => &mut site.site_type,
                "team" => &mut site.team,
                _ => &mut site.unit,
            };
            *slot = keys.text(node);
        }
        project.sites.push(site);
    }
    declare(project, keys, node, Field::Site);
}

/// Marks the one entry that stands for a file still to be read.
const SITES_FILE: &str = "\u{0}file";

fn load_sites(project: &mut Project, sources: &mut Sources, faults: &mut Faults) {
    let file = match project.sites.as_slice() {
        [only] if only.site_type.as_deref() == Some(SITES_FILE) => only.named.name.clone(),
        _ => return,
    };
    project.sites.clear();
    let source = sources.add(Source::file(project.root.join(&file), file.clone(), Form::Table));
    let text = match sources.get_mut(source).decide_encoding() {
        Ok(Ok(_)) => sources.get(source).read_to_string(),
        Ok(Err(fault)) => {
            faults.add(Place::file(source), FaultKind::Encoding(fault));
            return;
        }
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => read_sites(&text, &file, source, project, faults),
        Err(error) => {
            let problem = ConfigProblem::BadValue {
                key: "sites.file".to_owned(),
                value: file,
                expected: error.cause.to_string(),
                near: None,
            };
            faults.add(Place::file(source), FaultKind::Config { problem });
        }
    }
}

fn read_sites(text: &str, file: &str, source: SourceId, project: &mut Project, faults: &mut Faults) {
    const COLUMNS: [(&str, &[&str]); 5] = [
        ("name", &["点位", "点位名称", "名称", "site"]),
        ("aliases", &["别名"]),
        ("type", &["点位类型", "类型"]),
        ("team", &["检查组", "专班"]),
        ("unit", &["责任单位", "单位"]),
    ];
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = table.headers().cloned().unwrap_or_default();
    let column = |name: &str| {
        let spellings = COLUMNS.iter().find(|(key, _)| *key == name).map_or(&[][..], |(_, spellings)| spellings);
        headers.iter().position(|header| header.trim() == name || spellings.contains(&header.trim()))
    };
    let Some(name) = column("name") else {
        faults.add(Place::file(source), FaultKind::NoHeader { seen: headers.iter().map(str::to_owned).collect() });
        return;
    };
    let columns = ["aliases", "type", "team", "unit"].map(column);
    let mut lines = Lines { text, at: 0, line: 1 };
    for record in table.records().flatten() {
        let begins = record.position().map_or(0, csv::Position::byte);
        let declared = Some(DeclaredAt { file: file.to_owned(), line: lines.of(usize::try_from(begins).unwrap_or(0)) });
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).map(str::trim).filter(|text| !text.is_empty());
        let Some(name) = cell(Some(name)) else { continue };
        let aliases =
            cell(columns[0]).map(|text| text.split(['、', ';', '；']).map(|part| part.trim().to_owned()).collect());
        let [_, site_type, team, unit] = columns.map(|at| cell(at).map(str::to_owned));
        let named = Named { name: name.to_owned(), aliases: aliases.unwrap_or_default(), declared };
        project.sites.push(Site { named, site_type, team, unit });
    }
    let place = Node { place: Place::file(source), value: Value::List(Vec::new()) };
    declare(project, &mut MappingReader { faults }, &place, Field::Site);
}

/// Lines of ascending places in a text.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of a record. The csv crate says where it stood before it passed over the line ends that come first.
    fn of(&mut self, byte: usize) -> u32 {
        let bytes = self.text.as_bytes();
        let ends = bytes.iter().skip(byte).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begins = (byte + ends).min(bytes.len());
        let passed = memchr::memchr_iter(b'\n', &bytes[self.at.min(begins)..begins]).count();
        self.line += u32::try_from(passed).unwrap_or(0);
        self.at = begins;
        self.line
    }
}

/// Makes the names of a list the vocabulary of a field. A name or alias that stands twice is a fault.
fn declare(project: &mut Project, keys: &mut MappingReader<'_>, node: &Node, field: Field) {
    let named: Vec<&Named> = match field {
        Field::Unit => project.units.iter().map(|unit| &unit.named).collect(),
        Field::Team => project.teams.iter().map(|team| &team.named).collect(),
        Field::Site => project.sites.iter().map(|site| &site.named).collect(),
        _ => project.categories.iter().collect(),
    };
    let vocabulary = project.vocabularies.of_mut(field);
    vocabulary.closed = true;
    for named in named {
        for spelling in std::iter::once(&named.name).chain(&named.aliases) {
            if vocabulary.find(spelling).is_some_and(|other| other.as_str() != named.name || *spelling == named.name) {
                let problem = ConfigProblem::Doubled { what: "name", name: spelling.clone() };
                keys.fault(node.place, problem);
            }
        }
        vocabulary.add(&named.name, named.aliases.iter().map(String::as_str));
    }
}

/// The entries of a mapping from fields.
fn fields<'n>(node: &'n Node, keys: &mut MappingReader<'_>) -> Vec<(Field, &'n Node)> {
    let mut found = Vec::new();
    for ((place, name), node) in keys.entries(node) {
        if let Some(field) = Field::from_key(name) {
            found.push((field, node));
        } else {
            let near = nearest(name, FIELDS.iter().map(|info| info.key)).map(str::to_owned);
            let known = FIELDS.iter().map(|info| info.key).collect::<Vec<_>>().join(" ");
            keys.fault(place, ConfigProblem::UnknownKey { key: name.to_owned(), near, known });
        }
    }
    found
}

/// One or several values; nothing said means the empty cell.
fn blank_or_texts(node: &Node, keys: &mut MappingReader<'_>) -> Vec<String> {
    if node.is_null() { vec![String::new()] } else { keys.texts(node) }
}

fn calendar(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    let named = |name: &str| match name {
        "cn" => Some(Calendar::cn()),
        "weekdays" => Some(Calendar::weekdays()),
        _ => None,
    };
    if let Some(name) = node.scalar() {
        match named(name.trim()) {
            Some(calendar) => project.calendar = calendar,
            None => keys.bad("calendar", node, "cn | weekdays | {base, off, work}", nearest(name, ["cn", "weekdays"])),
        }
        return;
    }
    let (mut base, mut off, mut work) = (Calendar::cn(), Vec::new(), Vec::new());
    for (key, node) in keys.known(node, &["base", "off", "work"]) {
        if key == "base" {
            match node.scalar().and_then(|name| named(name.trim())) {
                Some(calendar) => base = calendar,
                None => keys.bad("base", node, "cn | weekdays", None),
            }
            continue;
        }
        for item in items(node) {
            match item.scalar().and_then(|text| date::parse(text, None, project.date_order).ok()) {
                Some(read) if key == "off" => off.push(read.date),
                Some(read) => work.push(read.date),
                None => keys.expected("date", item),
            }
        }
    }
    project.calendar = base.with(off, work);
}

fn due_soon(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    if node.scalar().is_some() {
        project.due_soon.0 = keys.number(node).unwrap_or(project.due_soon.0);
        return;
    }
    for (key, node) in keys.known(node, &["days", "working"]) {
        match key {
            "days" => project.due_soon.0 = keys.number(node).unwrap_or(project.due_soon.0),
            _ => project.due_soon.1 = keys.truth(node).unwrap_or_default(),
        }
    }
}

fn series(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for ((_, name), node) in keys.entries(node) {
        let (mut number, mut reset, mut start, mut at) = (String::new(), Reset::Yearly, 1, node);
        for (key, node) in keys.known(node, &["number", "reset", "start"]) {
            match key {
                "number" => (number, at) = (keys.text(node).unwrap_or_default(), node),
                "reset" => {
                    let words = [("yearly", Reset::Yearly), ("never", Reset::Never)];
                    reset = keys.one_of(key, node, &words).unwrap_or(reset);
                }
                _ => start = keys.number(node).unwrap_or(1).max(1),
            }
        }
        match number.parse() {
            Ok(pattern) => {
                let name = name.to_owned();
                project.series.insert(name.clone(), Series { name, pattern, reset, start });
            }
            Err(error) => {
                let error: PatternError = error;
                keys.bad("number", at, &error.to_string(), None);
            }
        }
    }
}

fn rules(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for ((place, name), node) in keys.entries(node) {
        match name.parse::<Code>() {
            Ok(code) => {
                let words = [
                    ("error", Some(Severity::Error)),
                    ("warning", Some(Severity::Warning)),
                    ("info", Some(Severity::Info)),
                    ("off", None),
                ];
                if let Some(severity) = keys.one_of(name, node, &words) {
                    project.severities.set(code, severity);
                }
            }
            Err(error) => {
                let known = Code::all().map(|code| code.to_string()).collect::<Vec<_>>().join(" ");
                let near = error.near.map(str::to_owned);
                keys.fault(place, ConfigProblem::UnknownKey { key: name.to_owned(), near, known });
            }
        }
    }
}

fn identities(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for item in items(node) {
        let mut identity = Identity { name: String::new(), left: Vec::new(), right: Vec::new() };
        for (key, node) in keys.known(item, &["name", "left", "right"]) {
            match key {
                "name" => identity.name = keys.text(node).unwrap_or_default(),
                "left" => identity.left = selections(node, project, keys),
                _ => identity.right = selections(node, project, keys),
            }
        }
        if identity.left.is_empty() || identity.right.is_empty() {
            keys.expected("name, left and right", item);
        } else {
            project.identities.push(identity);
        }
    }
}

/// Reads selections: mappings of keys to a value or several, spelt as the project spells them. One mapping stands for
/// a list of one. What is wrong is told, the rest is still read.
pub(crate) fn selections(node: &Node, project: &Project, keys: &mut MappingReader<'_>) -> Vec<Selection> {
    let mut found = Vec::new();
    for item in items(node) {
        let mut selection = Selection::new();
        for ((place, name), node) in keys.entries(item) {
            match name.parse::<Key>() {
                Ok(key) => {
                    let mut values = Vec::new();
                    for value in blank_or_texts(node, keys) {
                        match project.canonical(key, &value) {
                            Ok(value) => values.push(value),
                            Err(UnknownValue { written: value, near, known, .. }) => {
                                let (key, expected) = (key.to_string(), known.join(" | "));
                                keys.fault(node.place, ConfigProblem::BadValue { key, value, expected, near });
                            }
                        }
                    }
                    selection.push((key, values));
                }
                Err(error) => {
                    let known = Key::all().map(|(name, _)| name).collect::<Vec<_>>().join(" ");
                    keys.fault(place, ConfigProblem::UnknownKey { key: name.to_owned(), near: error.near, known });
                }
            }
        }
        found.push(selection);
    }
    found
}

impl Faults {
    /// Notes why a YAML text could not be read on.
    pub(crate) fn add_yaml_error(&mut self, source: SourceId, error: YamlError) {
        match error {
            YamlError::Syntax { place, detail } => self.add(place, FaultKind::Syntax { detail }),
            YamlError::TooComplex { place, limit, allowed } => {
                self.add(place, FaultKind::TooComplex { limit, allowed });
            }
            YamlError::Io(cause) => self.add(Place::file(source), FaultKind::Syntax { detail: cause.to_string() }),
        }
    }
}
