//! Parses `duban.yaml` to a [`Project`].

use std::path::{Path, PathBuf};

use crate::document::layout::Paper;
use crate::fault::{ConfigProblem, FaultKind, Faults};
use crate::model::Field;
use crate::pdf::program::may_be_named;
use crate::place::{Place, SourceId};
use crate::project::calendar::CalendarSetting;
use crate::project::keys::{CONFIG, DATES, DUE_SOON, FONTS, IDENTITY, LATEST, NAMED, OFFICE, PDF, SERIES, TEAM, UNIT};
use crate::project::mapping::{MappingReader, items};
use crate::project::named::{declare, named};
use crate::project::photos;
use crate::project::privacy;
use crate::project::remedy;
use crate::project::selection_reader::{blank_or_texts, selections};
use crate::project::sites;
use crate::project::{Address, FILE_NAME, Identity, Project, Team, Unit};
use crate::project::{allowance_reader, rankings, rules, rungs};
use crate::register::{PatternError, Reset, Series};
use crate::source::find::LogPattern;
use crate::source::yaml::{Node, YamlError};
use crate::source::{Form, Source, Sources, yaml};
use crate::words::date::{self, DateOrder};
use crate::words::lang::{Lang, Region};

/// Returns the nearest folder with a `duban.yaml`, starting at `from` and going up.
#[must_use]
pub fn nearest_root(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| folder.join(FILE_NAME).is_file()).map(Path::to_owned)
}

/// Reads the config of a folder. The files it reads are added to `sources`, and faults refer to them.
///
/// # Errors
/// The config cannot be read.
pub fn load(root: &Path, sources: &mut Sources, faults: &mut Faults) -> std::io::Result<Project> {
    let path = root.join(FILE_NAME);
    let text = std::fs::read(&path)?;
    let name = path.to_string_lossy().replace('\\', "/");
    let source = sources.add(Source::text(name, text, Form::Tree));
    let text = sources.get(source).read_to_string().map_err(|error| error.cause)?;
    let (mut project, named) = parse_all(source, &text, faults);
    root.clone_into(&mut project.root);
    if let Some(file) = named.sites {
        sites::load(&file, &mut project, sources, faults);
    }
    named.calendar.load(&mut project, sources, faults);
    if let Some(node) = named.root {
        read_last(&node, &mut project, faults);
    }
    Ok(project)
}

/// Reads what may name values of any list, and codes of the office's own: its rules, and then its allowances.
fn read_last(root: &Node, project: &mut Project, faults: &mut Faults) {
    rules::read(root, project, faults);
    if let Some(node) = rules::section(root, "allowances") {
        project.allowances = allowance_reader::read(node, project, &mut MappingReader::of_config(root, faults));
    }
}

/// Files that a config names, to be read by [`load`], and what is read after them.
#[derive(Default)]
struct NamedFiles {
    /// The whole config: rules name values of any list.
    root: Option<Node>,
    sites: Option<String>,
    calendar: CalendarSetting,
}

/// Reads the text of a config. Files that it names are not read: that is for [`load`].
#[must_use]
pub fn parse(source: SourceId, text: &str, faults: &mut Faults) -> Project {
    let (mut project, named) = parse_all(source, text, faults);
    if let Some(node) = named.root {
        read_last(&node, &mut project, faults);
    }
    project
}

/// The same, and the files that the config names.
fn parse_all(source: SourceId, text: &str, faults: &mut Faults) -> (Project, NamedFiles) {
    let mut project = Project { configured: true, ..Project::default() };
    let mut named = NamedFiles::default();
    match yaml::read_all(source, text) {
        Ok(node) => {
            let mut keys = MappingReader::of_config(&node, faults);
            project.keys = keys.keys();
            named = read(&node, &mut project, &mut keys);
            named.root = Some(node);
        }
        Err(YamlError::Syntax { place, detail }) => {
            // The text is read further after a repair, or as a whole.
            let is_better = |repaired: &str| match yaml::read_all(source, repaired) {
                Ok(_) => true,
                Err(YamlError::Syntax { place: next, .. }) => next.line > place.line,
                Err(_) => false,
            };
            let line = remedy::repaired(text, place.line.get(), is_better);
            faults.add(place, FaultKind::Config { problem: ConfigProblem::Syntax(detail), line });
        }
        Err(error) => faults.add_yaml_error(source, error),
    }
    (project, named)
}

/// Reads the language of documents and messages, and which English it is.
fn language(key: &str, node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    let known = [
        ("zh", (Lang::Zh, Region::Gb)),
        ("en", (Lang::En, Region::Gb)),
        ("en-GB", (Lang::En, Region::Gb)),
        ("en-US", (Lang::En, Region::Us)),
    ];
    if let Some((lang, region)) = keys.one_of(key, node, &known) {
        (project.lang, project.region) = (Some(lang), region);
    }
}

/// Reads all keys. Returns the files that they name.
fn read(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) -> NamedFiles {
    let (mut files, mut paper) = (NamedFiles::default(), None);
    let mut entries = keys.known(node, CONFIG);
    // Identities refer to values, so they are read after all vocabularies.
    entries.sort_by_key(|(key, _)| *key == "identities");
    for (key, node) in entries {
        match key {
            "lang" => language(key, node, project, keys),
            "office" => office(node, project, keys),
            "logs" => logs(node, project, keys),
            "sheets" => project.sheets = keys.texts(node),
            "baseline" => project.baseline = keys.text(node).map(PathBuf::from),
            "units" => units(node, project, keys),
            "teams" => teams(node, project, keys),
            "sites" => files.sites = sites::read(node, project, keys),
            "categories" => {
                project.categories =
                    items(node).iter().filter_map(|item| named(item, keys, NAMED).map(|(named, _)| named)).collect();
                declare(project, keys, node, Field::Category);
            }
            "sources" => {
                for item in items(node) {
                    if let Some((named, _)) = named(item, keys, NAMED) {
                        let vocabulary = project.vocabularies.of_mut(Field::Source);
                        let name = vocabulary.built_in_value(&named.name).unwrap_or(&named.name);
                        vocabulary.add(name, named.aliases.iter().map(String::as_str));
                    }
                }
            }
            "columns" => {
                for (field, node) in keys.fields(node) {
                    project.columns.extend(keys.texts(node).into_iter().map(|header| (field, header)));
                }
            }
            "ignore" => project.ignore = keys.texts(node),
            "values" => {
                for (field, node) in keys.fields(node) {
                    values(field, node, project, keys);
                }
            }
            "defaults" => {
                for (field, node) in keys.fields(node) {
                    project.defaults.extend(keys.text(node).map(|text| (field, text)));
                }
            }
            "not_issues" => {
                for item in items(node) {
                    let selection =
                        keys.fields(item).into_iter().map(|(field, node)| (field, blank_or_texts(node, keys)));
                    let selection: Vec<_> = selection.collect();
                    if !selection.is_empty() {
                        project.not_issues.push(selection);
                    }
                }
            }
            "dates" => dates(node, project, keys),
            "calendar" => files.calendar = CalendarSetting::read(node, project, keys),
            "due_soon_days" => due_soon(node, project, keys),
            "ladder" => project.ladder = rungs::read(node, keys),
            "rankings" => project.rankings = rankings::read(node, keys),
            "series" => series(node, project, keys),
            "dimensions" => {
                for (field, node) in keys.fields(node) {
                    let several = keys.one_of(field.key(), node, &[("partition", false), ("multi", true)]);
                    project.dimensions.extend(several.map(|several| (field, several)));
                }
            }
            "fonts" => {
                for (key, node) in keys.known(node, FONTS) {
                    if let Some(face) = keys.text(node) {
                        project.look.fonts = std::mem::take(&mut project.look.fonts).with(key, &face);
                    }
                }
            }
            "paper" => {
                let papers = [("a4", Paper::A4), ("letter", Paper::Letter)];
                paper = keys.one_of(key, node, &papers);
            }
            "pdf" => pdf(node, project, keys),
            "privacy" => project.privacy = privacy::read(node, keys),
            "photos" => project.photos = photos::read(node, keys),
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
    let usual = if project.region == Region::Us { Paper::Letter } else { Paper::A4 };
    project.look.paper = paper.unwrap_or(usual);
    files
}

/// `logs: ['logs', '!logs/x.xlsx', {latest: 'logs/台账*.xlsx'}]`.
fn logs(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for item in items(node) {
        if item.scalar().is_some() {
            let text = keys.text(item).unwrap_or_default();
            project.logs.push(match text.strip_prefix('!') {
                Some(left_out) => LogPattern::Without(left_out.to_owned()),
                None => LogPattern::Files(text),
            });
            continue;
        }
        for (_, node) in keys.known(item, LATEST) {
            project.logs.extend(keys.texts(node).into_iter().map(LogPattern::Latest));
        }
    }
}

/// `values: {disposition: {immediate: [马上就改]}}`: spellings of the values of a field. A built-in value may be called by its
/// key or by a label.
fn values(field: Field, node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    let mut seen: Vec<(&str, (&str, Place))> = Vec::new();
    for ((place, name), node) in keys.entries(node) {
        let spellings = keys.texts(node);
        let vocabulary = project.vocabularies.of_mut(field);
        let value = vocabulary.built_in_value(name).unwrap_or(name);
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == value) {
            keys.doubled(place, name, *first);
        } else {
            vocabulary.add(value, spellings.iter().map(String::as_str));
        }
        seen.push((value, (name, place)));
    }
}

/// `pdf: {with: /opt/libreoffice/program/soffice}`. It names a program to run, so not every path will do.
fn pdf(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for (key, node) in keys.known(node, PDF) {
        let Some(path) = keys.text(node) else { continue };
        if may_be_named(&path) {
            project.pdf_with = Some(PathBuf::from(path));
        } else {
            keys.bad_value(key, node, "/opt/libreoffice/program/soffice", None);
        }
    }
}

fn date_order(key: &str, node: &Node, keys: &mut MappingReader<'_>) -> Option<DateOrder> {
    let orders = [("ymd", DateOrder::Ymd), ("dmy", DateOrder::Dmy), ("mdy", DateOrder::Mdy)];
    keys.one_of(key, node, &orders)
}

fn dates(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    if node.scalar().is_some() {
        project.date_order = date_order("dates", node, keys);
        return;
    }
    for (key, node) in keys.known(node, DATES) {
        match key {
            "order" => project.date_order = date_order(key, node, keys),
            "year" => match node.scalar().and_then(|year| year.trim().parse().ok()) {
                Some(year @ 1900..=2199) => project.year = Some(year),
                _ => keys.bad_value(key, node, "2021", None),
            },
            _ => match node.scalar().and_then(date::offset) {
                Some(zone) => project.zone = zone,
                None => keys.bad_value(key, node, "+08:00", None),
            },
        }
    }
}

fn office(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for (key, node) in keys.known(node, OFFICE) {
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

fn units(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for item in items(node) {
        let Some((named, rest)) = named(item, keys, UNIT) else { continue };
        let mut unit = Unit { named, group: None, head: None, address: None, contact: None };
        for (key, node) in rest {
            let slot = match key {
                "group" => &mut unit.group,
                "head" => &mut unit.head,
                "address" => &mut unit.address,
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
        let Some((named, rest)) = named(item, keys, TEAM) else { continue };
        let units = rest.first().map(|(_, node)| keys.texts(node)).unwrap_or_default();
        project.teams.push(Team { named, units });
    }
    declare(project, keys, node, Field::Team);
}

fn due_soon(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    if node.scalar().is_some() {
        project.due_soon.0 = keys.number(node).unwrap_or(project.due_soon.0);
        return;
    }
    for (key, node) in keys.known(node, DUE_SOON) {
        match key {
            "days" => project.due_soon.0 = keys.number(node).unwrap_or(project.due_soon.0),
            _ => project.due_soon.1 = keys.truth(node).unwrap_or_default(),
        }
    }
}

fn series(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for ((_, name), node) in keys.entries(node) {
        let (mut number, mut reset, mut start, mut at) = (String::new(), Reset::Yearly, 1, node);
        for (key, node) in keys.known(node, SERIES) {
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
                if let Some(other) = project.series_with(&pattern, &name) {
                    let (pattern, other) = (pattern.to_string(), other.to_owned());
                    keys.fault(at.place, ConfigProblem::SharedPattern { pattern, other });
                }
                project.series.insert(name.clone(), Series { name, pattern, reset, start, doubles: false });
            }
            Err(error) => {
                let error: PatternError = error;
                keys.bad_value("number", at, &error.to_string(), None);
            }
        }
    }
}

fn identities(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) {
    for item in items(node) {
        let mut identity = Identity { name: String::new(), left: Vec::new(), right: Vec::new() };
        for (key, node) in keys.known(item, IDENTITY) {
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

impl Faults {
    /// Adds the fault that stopped the reading of a YAML text.
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
