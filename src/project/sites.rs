//! `sites:` of the config: a list of sites, or the name of a file with a table of sites.

use crate::delimited::headed::{Column, Headed};
use crate::fault::{ConfigProblem, FaultKind, Faults, FileError};
use crate::model::Field;
use crate::place::{Place, SourceId};
use crate::project::keys::{self, SITE, SITES_FILE};
use crate::project::mapping::{MappingReader, items};
use crate::project::named::{declare, named};
use crate::project::{DeclaredAt, Named, Project, Site};
use crate::source::yaml::{Node, Value};
use crate::source::{Form, Source, Sources};

/// The columns of a table of sites, with their synonyms.
const COLUMNS: [Column; 5] = [
    ("name", &["点位", "点位名称", "名称", "site"]),
    ("aliases", &["别名"]),
    ("type", &["点位类型", "类型"]),
    ("team", &["检查组", "专班"]),
    ("unit", &["责任单位", "单位"]),
];

/// Reads a list of sites, or returns the name of the table if the config has `file:` instead.
pub(super) fn read(node: &Node, project: &mut Project, keys: &mut MappingReader<'_>) -> Option<String> {
    if let Value::Map(_) = node.value {
        return keys.known(node, SITES_FILE).first().and_then(|(_, node)| keys.text(node));
    }
    for item in items(node) {
        let Some((named, rest)) = named(item, keys, SITE) else { continue };
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
    None
}

/// Reads the table of sites from a file in the project's folder.
pub(super) fn load(file: &str, project: &mut Project, sources: &mut Sources, faults: &mut Faults) {
    let source = sources.add(Source::file(project.root.join(file), file.to_owned(), Form::Table));
    let text = match sources.get_mut(source).decide_encoding() {
        Ok(Ok(_)) => sources.get(source).read_to_string(),
        Ok(Err(fault)) => {
            faults.add(Place::file(source), FaultKind::Encoding(fault));
            return;
        }
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => read_table(&text, file, source, project, sources, faults),
        Err(error) => {
            let (key, error) = (keys::dotted(&["sites", "file"], project.keys), FileError::from(&error.cause));
            let problem = ConfigProblem::File { key, file: file.to_owned(), error, is_calendar: false };
            faults.add(Place::file(source), FaultKind::Config { problem, line: None });
        }
    }
}

fn read_table(
    text: &str,
    file: &str,
    source: SourceId,
    project: &mut Project,
    sources: &mut Sources,
    faults: &mut Faults,
) {
    let table = match Headed::read(text, &COLUMNS) {
        Ok(table) => table,
        Err(unreadable) => {
            faults.add_unreadable(source, unreadable);
            return;
        }
    };
    sources.get_mut(source).delimiter = table.delimiter;
    project.sites_delimiter = table.delimiter;
    let columns = COLUMNS.map(|(key, _)| table.cell_of(key));
    if columns[0].is_none() {
        let expected = format!("name | {}", COLUMNS[0].1.join(" | "));
        let (key, value) = ("sites.file".to_owned(), file.to_owned());
        let problem = ConfigProblem::BadValue { key, value, expected, near: None };
        faults.add(Place::line(source, table.line), FaultKind::Config { problem, line: None });
        return;
    }
    for row in &table.rows {
        let [name, aliases, site_type, team, unit] = columns.map(|column| row.cell(column).map(str::to_owned));
        let Some(name) = name else { continue };
        let aliases = aliases.unwrap_or_default();
        let aliases = aliases.split(['、', ';', '；']).map(str::trim).filter(|alias| !alias.is_empty());
        let aliases = aliases.map(str::to_owned).collect();
        let declared = Some(DeclaredAt { file: file.to_owned(), line: row.line.get() });
        project.sites.push(Site { named: Named { name, aliases, declared }, site_type, team, unit });
    }
    let place = Node { place: Place::file(source), value: Value::List(Vec::new()) };
    declare(project, &mut MappingReader::new(faults), &place, Field::Site);
}
