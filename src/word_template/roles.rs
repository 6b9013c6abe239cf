//! The parts of a Word file that hold text.

use super::text::PartRole;
use crate::ooxml::package::{MAIN, Types, WordPackage, WordTemplateError, part};

/// Returns the names and roles of the parts that hold text: the body first, then headers, footers and others.
///
/// # Errors
/// There is no ordinary main document part.
pub(super) fn roles(
    package: &mut WordPackage<'_>,
    types: &Types,
) -> Result<Vec<(String, PartRole)>, WordTemplateError> {
    let of = |ending: &str| {
        let mut names: Vec<String> =
            types.iter().filter(|(_, kind)| kind.ends_with(ending)).map(|(name, _)| name.clone()).collect();
        // header2.xml sorts before header10.xml.
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
    };
    let main = of("document.main+xml").into_iter().next();
    let main = main.ok_or(WordTemplateError::NoDocument)?;
    if !part(package, &main)?.contains(&format!("\"{MAIN}\"")) {
        return Err(WordTemplateError::NoDocument);
    }
    let mut roles = vec![(main.clone(), PartRole::Body)];
    roles.extend((1..).zip(of("wordprocessingml.header+xml")).map(|(n, name)| (name, PartRole::Header(n))));
    roles.extend((1..).zip(of("wordprocessingml.footer+xml")).map(|(n, name)| (name, PartRole::Footer(n))));
    for ending in ["footnotes+xml", "endnotes+xml", "comments+xml"] {
        roles.extend(of(ending).into_iter().map(|name| (name.clone(), PartRole::Other(name))));
    }
    Ok(roles)
}
