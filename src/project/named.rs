//! Entries of a config that have a name and aliases: units, teams, sites, categories.

use crate::fault::{ConfigProblem, FaultKind};
use crate::model::Field;
use crate::project::keys::{self, ConfigKey};
use crate::project::mapping::MappingReader;
use crate::project::remedy;
use crate::project::{DeclaredAt, FILE_NAME, Named, Project};
use crate::source::yaml::Node;

/// Reads a plain name, or a mapping with these keys: `name`, `aliases` and others, whose entries are returned.
pub(super) fn named<'n>(
    node: &'n Node,
    keys: &mut MappingReader<'_>,
    known: &'static [ConfigKey],
) -> Option<(Named, Vec<(&'static str, &'n Node)>)> {
    let declared = Some(DeclaredAt { file: FILE_NAME.to_owned(), line: node.place.line.get() });
    if let Some(name) = node.scalar() {
        return Some((Named { name: name.trim().to_owned(), aliases: Vec::new(), declared }, Vec::new()));
    }
    let mut name = None;
    let mut aliases = Vec::new();
    let mut rest = Vec::new();
    for (key, node) in keys.known(node, known) {
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

/// Makes the declared names the closed vocabulary of a field. A duplicate name or alias is a fault.
pub(super) fn declare(project: &mut Project, reader: &mut MappingReader<'_>, node: &Node, field: Field) {
    let named: Vec<&Named> = match field {
        Field::Unit => project.units.iter().map(|unit| &unit.named).collect(),
        Field::Team => project.teams.iter().map(|team| &team.named).collect(),
        Field::Site => project.sites.iter().map(|site| &site.named).collect(),
        _ => project.categories.iter().collect(),
    };
    let [name, aliases] = [["units", "name"], ["units", "aliases"]].map(|path| keys::label(&path, reader.keys()));
    let vocabulary = project.vocabularies.of_mut(field);
    vocabulary.closed = true;
    for entry in &named {
        for spelling in std::iter::once(&entry.name).chain(&entry.aliases) {
            if vocabulary.find(spelling).is_some_and(|other| other.as_str() != entry.name || *spelling == entry.name) {
                // The entry without what another has; those of one name together.
                let same = named.iter().filter(|other| other.name == entry.name);
                let mut kept: Vec<&str> = Vec::new();
                for alias in same.flat_map(|other| &other.aliases).filter(|alias| *alias != spelling) {
                    if !kept.contains(&alias.as_str()) {
                        kept.push(alias);
                    }
                }
                let line = match kept.as_slice() {
                    [] => format!("- {}", remedy::quoted(&entry.name)),
                    kept => {
                        let kept = kept.iter().map(|alias| remedy::quoted(alias)).collect::<Vec<_>>().join(", ");
                        format!("- {{{name}: {}, {aliases}: [{kept}]}}", remedy::quoted(&entry.name))
                    }
                };
                let problem = ConfigProblem::Doubled { what: "name", name: spelling.clone(), first: None };
                reader.faults.add(node.place, FaultKind::Config { problem, line: Some(line) });
            }
        }
        vocabulary.add(&entry.name, entry.aliases.iter().map(String::as_str));
    }
}
