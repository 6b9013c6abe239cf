//! Reads `allowances:` of `duban.yaml`.

use chrono::NaiveDate;

use crate::fault::Code;
use crate::project::Project;
use crate::project::allowance::{Allowance, AllowanceScope};
use crate::project::keys::ALLOWANCE;
use crate::project::mapping::{MappingReader, items};
use crate::project::selection_reader::selections;
use crate::source::pattern::Glob;
use crate::source::yaml::Node;
use crate::words::date;

/// Whether an item of `allowances:` may name a code: what is told of the config, of templates and of sites that nobody
/// visited is in no log.
fn is_of_logs(code: Code) -> bool {
    let text = code.to_string();
    !text.starts_with(['C', 'T']) && text != "R211"
}

/// Reads `allowances:`, after all vocabularies. An item without code, day, reason or scope is a fault.
pub(super) fn read(node: &Node, project: &Project, keys: &mut MappingReader<'_>) -> Vec<Allowance> {
    items(node).iter().filter_map(|item| read_one(item, project, keys)).collect()
}

fn read_one(item: &Node, project: &Project, keys: &mut MappingReader<'_>) -> Option<Allowance> {
    let (mut codes, mut until, mut why) = (Vec::new(), None, String::new());
    let (mut rows, mut files, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let mut is_sound = true;
    for (key, node) in keys.known(item, ALLOWANCE) {
        match key {
            "code" => {
                for text in keys.texts(node) {
                    match project.severities.codes().find(&text) {
                        Ok(code) if is_of_logs(code) => codes.push(code),
                        Ok(_) => {
                            is_sound = false;
                            keys.bad_value(key, node, "L… V… R… P…", None);
                        }
                        Err(error) => {
                            is_sound = false;
                            keys.bad_value(key, node, "R204", error.near.as_deref());
                        }
                    }
                }
            }
            "where" => rows = selections(node, project, keys),
            "file" => {
                files = keys.texts(node);
                if files.iter().any(|file| Glob::new(file).is_err()) {
                    is_sound = false;
                    keys.bad_value(key, node, "logs/*.csv", None);
                }
            }
            "id" => ids = keys.texts(node),
            "until" => {
                until = keys.text(node).and_then(|text| day(&text, project));
                if until.is_none() {
                    is_sound = false;
                    keys.bad_value(key, node, "2021-12-31", None);
                }
            }
            _ => why = keys.text(node).unwrap_or_default(),
        }
    }
    let has_scope = rows.iter().any(|row| !row.is_empty()) || !files.is_empty() || !ids.is_empty();
    // What is wrong with a value has been told.
    if is_sound && (codes.is_empty() || until.is_none() || why.trim().is_empty() || !has_scope) {
        keys.expected("code, until, why, and where, file or id", item);
        return None;
    }
    let scope = AllowanceScope::Config { line: item.place.line.get(), rows, files, ids };
    is_sound.then_some(Allowance { codes, scope, until, why })
}

fn day(text: &str, project: &Project) -> Option<NaiveDate> {
    date::parse(text, None, project.date_order).ok().filter(|read| !read.assumed).map(|read| read.date)
}
