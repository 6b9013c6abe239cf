//! The parts of a workbook beside its sheets: what is copied as it is, and what a new cell has to do with.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::events::BytesStart;

use crate::mend::fault::MendError;
use crate::mend::sheet_map::{Area, value};
use crate::ooxml::archive::Deflater;
use crate::ooxml::package::{WordPackage, open, part, part_within};
use crate::ooxml::{WordTemplateError, XmlEdit, each_tag, edited, parts, relationships_of, resolved, rewritten};

/// The most bytes of a sheet's XML, which is in memory twice.
const MAX_SHEET: u64 = 256 << 20;

/// The types of parts.
const TYPES: &str = "[Content_Types].xml";

/// The parts of a workbook.
pub(super) struct Package<'b> {
    bytes: &'b [u8],
    archive: WordPackage<'b>,
}

/// The rows of a table object whose text the object knows too.
pub(super) struct TableRows {
    pub(super) name: String,
    pub(super) rows: Vec<Area>,
}

impl<'b> Package<'b> {
    /// Opens a workbook.
    ///
    /// # Errors
    /// It is no package, or signed.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, MendError> {
        let archive = open(bytes).map_err(broken)?;
        let is_signed = archive.file_names().filter_map(Result::ok).any(|name| name.starts_with("_xmlsignatures/"));
        if is_signed { Err(MendError::Signed) } else { Ok(Self { bytes, archive }) }
    }

    /// The XML of a sheet.
    pub(super) fn sheet(&mut self, name: &str) -> Result<String, MendError> {
        part_within(&mut self.archive, name, MAX_SHEET).map_err(broken)
    }

    /// The table objects of a sheet.
    pub(super) fn tables(&mut self, sheet: &str) -> Result<Vec<TableRows>, MendError> {
        let mut tables = Vec::new();
        for name in self.related(sheet, "/table")?.into_values() {
            let Some(name) = self.name_of(&name) else { continue };
            let xml = part(&mut self.archive, &name).map_err(broken)?;
            let mut root = None;
            each_element(&xml, |element, _| {
                if root.is_none() && element.local_name().as_ref() == "table" {
                    root = table_rows(element);
                }
            })?;
            tables.extend(root);
        }
        Ok(tables)
    }

    /// Whether a sheet of the workbook has a formula. One that can't be read may have some.
    pub(super) fn has_formulas(&mut self, main: &str) -> Result<bool, MendError> {
        for name in self.related(main, "/worksheet")?.into_values() {
            let Some(name) = self.name_of(&name) else { continue };
            let Ok(xml) = self.sheet(&name) else { return Ok(true) };
            // What is called `f` elsewhere belongs to charts and lists.
            let (mut is_in_cell, mut has_formula) = (false, false);
            each_element(&xml, |element, _| {
                has_formula |= is_in_cell && element.local_name().as_ref() == "f";
                is_in_cell = element.local_name().as_ref() == "c";
            })?;
            if has_formula {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The names of the parts that a part leads to by relationships of a kind, by their ids.
    fn related(&mut self, name: &str, kind: &str) -> Result<BTreeMap<String, String>, MendError> {
        let mut found = BTreeMap::new();
        let Some(relations) = self.name_of(&relationships_of(name)) else { return Ok(found) };
        let xml = part(&mut self.archive, &relations).map_err(broken)?;
        each_element(&xml, |element, _| {
            let is_kind = value(element, "Type").is_some_and(|text| text.ends_with(kind));
            if let (true, Some(id), Some(target)) = (is_kind, value(element, "Id"), value(element, "Target")) {
                found.insert(id, target_of(name, &target));
            }
        })?;
        Ok(found)
    }

    /// The name under which a part is held: some programs write it in another letter case than the targets.
    fn name_of(&self, name: &str) -> Option<String> {
        let mut names = self.archive.file_names().filter_map(Result::ok);
        names.find(|held| held.eq_ignore_ascii_case(name)).map(std::borrow::Cow::into_owned)
    }

    /// The workbook with other XML of some sheets, and without the order in which formulas were calculated, if one is
    /// gone: spreadsheet programs make it anew. Every other part is copied as it is.
    pub(super) fn rewritten(
        mut self,
        mut sheets: BTreeMap<String, String>,
        main: &str,
        lost_formula: bool,
    ) -> Result<Vec<u8>, MendError> {
        let mut gone = BTreeSet::new();
        if lost_formula {
            let chains = self.related(main, "/calcChain")?;
            let ids: BTreeSet<String> = chains.keys().cloned().collect();
            gone = chains.into_values().filter_map(|name| self.name_of(&name)).collect();
            if let (false, Some(relations)) = (ids.is_empty(), self.name_of(&relationships_of(main))) {
                let xml = part(&mut self.archive, &relations).map_err(broken)?;
                let left = without(&xml, |element| value(element, "Id").is_some_and(|id| ids.contains(&id)))?;
                sheets.insert(relations, left);
                let types = self.name_of(TYPES).unwrap_or_else(|| TYPES.to_owned());
                let xml = part(&mut self.archive, &types).map_err(broken)?;
                let is_gone = |element: &BytesStart<'_>| {
                    let part = value(element, "PartName").unwrap_or_default();
                    gone.iter().any(|name| part.trim_start_matches('/').eq_ignore_ascii_case(name))
                };
                sheets.insert(types, without(&xml, is_gone)?);
            }
        }
        let mut all = parts(self.bytes).map_err(broken)?;
        all.retain(|(name, _)| !gone.contains(name));
        let archive = rewritten(&all, &mut Deflater::default(), |name| sheets.remove(name));
        let bytes = archive.and_then(crate::ooxml::archive::Archive::finish_in_memory);
        bytes.map_err(|error| MendError::Broken(error.to_string()))
    }
}

fn broken(error: WordTemplateError) -> MendError {
    MendError::Broken(match error {
        WordTemplateError::NoPackage { why } => why,
        WordTemplateError::NoDocument => TYPES.to_owned(),
        WordTemplateError::Part { name, why } => format!("{name}: {why}"),
    })
}

fn table_rows(element: &BytesStart<'_>) -> Option<TableRows> {
    let area = value(element, "ref").and_then(|text| Area::parse(&text))?;
    let count = |name: &str, default| value(element, name).map_or(Some(default), |text| text.parse::<u32>().ok());
    let (heads, totals) = (count("headerRowCount", 1)?, count("totalsRowCount", 0)?);
    let name = value(element, "displayName").or_else(|| value(element, "name")).unwrap_or_default();
    let rows = |first: u32, last: u32| Area { first: (first, area.first.1), last: (last, area.last.1) };
    let mut known = Vec::new();
    known.extend((heads > 0).then(|| rows(area.first.0, area.first.0 + heads - 1)));
    known.extend((totals > 0).then(|| rows((area.last.0 + 1).saturating_sub(totals), area.last.0)));
    Some(TableRows { name, rows: known })
}

/// Passes each element of a part to `each`, with the range of its tag.
fn each_element(xml: &str, each: impl FnMut(&BytesStart<'_>, Range<usize>)) -> Result<(), MendError> {
    let mut each = each;
    each_tag(xml, |_, element, range| each(element, range)).ok_or_else(|| MendError::Broken("XML".to_owned()))
}

/// The XML without some empty elements.
fn without(xml: &str, is_gone: impl Fn(&BytesStart<'_>) -> bool) -> Result<String, MendError> {
    let mut edits: Vec<XmlEdit> = Vec::new();
    each_element(xml, |element, range| edits.extend(is_gone(element).then(|| (range, String::new()))))?;
    Ok(edited(xml, edits))
}

/// The part that a target means, as the part `from` names it.
fn target_of(from: &str, target: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    resolved(if target.starts_with('/') { "" } else { folder }, target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_lead_to_parts() {
        assert_eq!(relationships_of("xl/worksheets/sheet1.xml"), "xl/worksheets/_rels/sheet1.xml.rels");
        assert_eq!(relationships_of("workbook.xml"), "_rels/workbook.xml.rels");
        for (target, part) in [
            ("../tables/table1.xml", "xl/tables/table1.xml"),
            ("/xl/a.xml", "xl/a.xml"),
            ("b.xml", "xl/worksheets/b.xml"),
        ] {
            assert_eq!(target_of("xl/worksheets/sheet1.xml", target), part);
        }
    }
}
