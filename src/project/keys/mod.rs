//! The keys of `duban.yaml` and the words of its lists, in both languages.
//!
//! - `key`: what a key is
//! - `table`: every key with its Chinese name, what may be written under it, and the keys below
//! - `words`: the values that are words of a list, such as `yearly`
//! - `names`: keys that are fields or keys of `--by`
//!
//! The English key is the canonical one. The reader, its suggestions and faults, and the schema take the keys from here.

mod key;
mod names;
mod table;
mod words;

pub use key::{Below, ConfigKey, find, names, nearest_name};
pub(crate) use names::{field, field_names, names_of, nearest_field};
pub use table::CONFIG;
pub(crate) use table::{
    ALLOWANCE, CALENDAR, DATES, DUE_SOON, FONTS, IDENTITY, LATEST, MEASURES, NAMED, OFFICE, PDF, PHOTOS, PRIVACY,
    RANKINGS, RULE, RUNG, SERIES, SITE, SITES_FILE, TEAM, TEXTS, UNIT,
};
pub(crate) use words::{word, words_in};

use crate::words::lang::Lang;

/// Returns the name of a key in a language, by its path of canonical keys: `["office", "name"]`. A key that is none of the
/// table, such as the name of a series, is returned as it is.
#[must_use]
pub fn label<'a>(path: &[&'a str], lang: Lang) -> &'a str {
    let Some((last, before)) = path.split_last() else { return "" };
    let below = before.iter().fold(Below::Keys(CONFIG), |below, key| below.under(key));
    match below {
        Below::Keys(_) | Below::Listed(..) | Below::NamesOrList(_) => {
            below.key(last).map_or(last, |key| key.label(lang))
        }
        Below::Fields | Below::Selections => field(last).map_or(last, |field| lang.pick(field.info().zh, field.key())),
        _ => last,
    }
}

/// Returns a key with those above it in a language, as `config add` takes it: `office.name`.
#[must_use]
pub fn dotted(path: &[&str], lang: Lang) -> String {
    let names = (1..=path.len()).filter_map(|end| path.get(..end));
    names.map(|path| label(path, lang)).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;
    use crate::place::SourceId;
    use crate::project::config::parse;

    /// Every key of the table with the path that leads to it.
    fn walk(
        keys: &'static [ConfigKey],
        path: &[&'static str],
        each: &mut dyn FnMut(&[&'static str], &'static ConfigKey),
    ) {
        for key in keys {
            let here: Vec<&'static str> = path.iter().copied().chain([key.key]).collect();
            each(&here, key);
            match key.below {
                Below::Keys(keys) | Below::NamesOrList(keys) => walk(keys, &here, each),
                Below::Listed(mapping, items) => {
                    walk(mapping, &here, each);
                    walk(items, &here, each);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn no_name_means_two_keys_of_a_mapping() {
        fn look(keys: &'static [ConfigKey]) {
            let mut names: Vec<&str> = keys.iter().flat_map(|key| [key.key, key.zh]).collect();
            names.retain(|name| !name.is_empty());
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
            for key in keys {
                assert!(!key.zh.is_empty() || key.key == "$schema", "{}", key.key);
                match key.below {
                    Below::Keys(keys) | Below::Names(keys) | Below::NamesOrList(keys) => look(keys),
                    Below::Listed(mapping, items) => {
                        look(mapping);
                        look(items);
                    }
                    _ => {}
                }
            }
        }
        look(CONFIG);
    }

    #[test]
    fn every_example_of_the_table_is_read_without_a_fault_in_both_languages() {
        for key in CONFIG {
            for (lang, example) in [(Lang::Zh, key.example.0), (Lang::En, key.example.1)] {
                let mut faults = Faults::default();
                let text = format!("{}: {example}\n", key.label(lang));
                let _ = parse(SourceId(0), &text, &mut faults);
                assert_eq!(faults.sorted().len(), 0, "{text} {faults:?}");
            }
        }
    }

    #[test]
    fn a_key_is_named_by_its_path_in_a_language() {
        for (path, zh, en) in [
            (&["units"][..], "单位", "units"),
            (&["office", "name"], "名称", "name"),
            (&["office", "address"], "称呼", "address"),
            (&["units", "address"], "地址", "address"),
            (&["series", "bulletin"], "bulletin", "bulletin"),
            (&["series", "bulletin", "reset"], "重编", "reset"),
            (&["columns", "found_on"], "发现日期", "found_on"),
            (&["$schema"], "$schema", "$schema"),
        ] {
            assert_eq!((label(path, Lang::Zh), label(path, Lang::En)), (zh, en), "{path:?}");
        }
        let mut count = 0;
        walk(CONFIG, &[], &mut |path, key| {
            count += 1;
            assert_eq!(label(path, Lang::En), key.key, "{path:?}");
        });
        assert!(count > 90, "{count}");
    }
}
