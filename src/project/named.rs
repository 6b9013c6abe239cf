//! Entries of a config that have a name and aliases: units, teams, sites, categories.

use crate::fault::ConfigProblem;
use crate::model::Field;
use crate::project::keys::ConfigKey;
use crate::project::mapping::MappingReader;
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
pub(super) fn declare(project: &mut Project, keys: &mut MappingReader<'_>, node: &Node, field: Field) {
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
                let problem = ConfigProblem::Doubled { what: "name", name: spelling.clone(), first: None };
                keys.fault(node.place, problem);
            }
        }
        vocabulary.add(&named.name, named.aliases.iter().map(String::as_str));
    }
}
