//! The numbers and file names of a run: each is given out once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::cli::write::mode::WriteMode;
use crate::dataset::Data;
use crate::dataset::edition::Edition;
use crate::platform::paths::is_device;
use crate::register::{NumberKey, Past, Reset, Series};
use crate::words::lang::Lang;

/// What a pattern of names can hold, in braces.
pub(super) const PARTS: [&str; 7] = ["kind", "title", "number", "year", "n", "date", "unit"];

/// Gives out the numbers and file names of a run, each once.
pub(super) struct NumberAllocator {
    /// The numbers of the register, at least the highest, and the first number of each series and year in this run.
    numbers: Vec<NumberKey>,
    last: BTreeMap<(String, i32), u32>,
    /// The last number of each series in the register, as printed.
    printed: BTreeMap<String, (NumberKey, String)>,
    stems: BTreeSet<String>,
}

impl NumberAllocator {
    pub(super) fn new(past: &Past) -> Self {
        Self { numbers: past.numbers(), last: BTreeMap::new(), printed: past.printed(), stems: BTreeSet::new() }
    }

    /// The last number of a series in the register, as printed.
    pub(super) fn printed(&self, series: &str) -> Option<(&NumberKey, &str)> {
        self.printed.get(series).map(|(key, number)| (key, number.as_str()))
    }

    /// Takes the next number of a series.
    pub(super) fn number(&mut self, series: &Series, year: i32) -> u32 {
        let key = (series.name.clone(), if series.reset == Reset::Yearly { year } else { 0 });
        let n = if let Some(last) = self.last.get(&key) {
            last.saturating_add(1)
        } else {
            let n = series.next(&self.numbers, year);
            self.numbers.push(NumberKey { series: series.name.clone(), year, n });
            n
        };
        self.last.insert(key, n);
        n
    }

    /// Takes a name for which the folder holds no file yet: a second run of the day does not write over the first.
    pub(super) fn free_stem(&mut self, stem: &str, folder: &Path) -> String {
        let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let files = files.filter(|file| file.file_type().is_ok_and(|kind| kind.is_file()));
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        self.stems.extend(names.filter_map(|name| Some(name.rsplit_once('.')?.0.to_lowercase())));
        self.stem(stem)
    }

    /// The name itself, or with `-2`, `-3` … if an earlier document of the run has it. Names are compared without case:
    /// some file systems ignore it.
    pub(super) fn stem(&mut self, stem: &str) -> String {
        let mut free = stem.to_owned();
        let mut n = 1;
        while !self.stems.insert(free.to_lowercase()) {
            n += 1;
            free = format!("{stem}-{n}");
        }
        free
    }
}

/// The name of a document's files, without an extension: `bulletin-draft-2021-08-20`, `bulletin-2021-016`, with the unit
/// of a letter at the end; or by the pattern of `kind.yaml` or `--file-name`, with a draft's marked as one.
///
/// # Errors
/// An unknown part in braces, as written.
pub(super) fn stem(pattern: Option<&str>, mode: WriteMode, data: &Data, n: u32, title: &str) -> Result<String, String> {
    let unit = data.unit.as_ref().map(|unit| unit.name.as_str());
    let edition = edition_mark(data.edition, data.lang);
    if let Some(pattern) = pattern {
        let filled = fill(pattern, |part| {
            Some(match part {
                "kind" => data.kind.clone(),
                "title" => title.to_owned(),
                "number" => data.number.clone().unwrap_or_default(),
                "year" => data.year.to_string(),
                "n" => format!("{n:03}"),
                "date" => data.as_of.to_string(),
                "unit" => unit.unwrap_or_default().to_owned(),
                _ => return None,
            })
        })?;
        let mark = data.lang.pick("草稿-", "draft-");
        let mark = if mode == WriteMode::Draft { mark } else { "" };
        return Ok(file_name(&format!("{mark}{filled}{edition}")));
    }
    let middle = match mode {
        WriteMode::Draft => format!("draft-{}", data.as_of),
        WriteMode::Dispatch => format!("{}-{n:03}", data.year),
    };
    let unit = unit.map_or_else(String::new, |unit| format!("-{}", file_name(unit)));
    Ok(format!("{}-{middle}{unit}{edition}", data.kind))
}

/// What stands at the end of the file names of an edition.
pub(in crate::cli) fn edition_mark(edition: Edition, lang: Lang) -> &'static str {
    match edition {
        Edition::Internal => "",
        Edition::Public => lang.pick("-公开版", "-public"),
    }
}

/// The message for an unknown part of a pattern.
pub(super) fn unknown_part(part: &str, lang: Lang) -> String {
    let known = PARTS.map(|part| format!("{{{part}}}")).join(" ");
    lang.pick(
        format!("文件名里不能有 {{{part}}}；可用：{known}"),
        format!("a file name can't hold {{{part}}}; available: {known}"),
    )
}

/// Fills in the parts. An unclosed brace stays as text; before an empty part, separators are removed too.
fn fill(pattern: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some((before, (part, after))) = rest.split_once('{').and_then(|(a, b)| Some((a, b.split_once('}')?))) {
        filled.push_str(before);
        let text = value(part).ok_or_else(|| part.to_owned())?;
        if text.is_empty() {
            filled.truncate(filled.trim_end_matches(['-', '_', ' ']).len());
        }
        filled.push_str(&text);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// A valid file name on every system: no separators, no control characters, no leading or trailing dots or spaces, no device of
/// Windows, at most 60 characters.
fn file_name(name: &str) -> String {
    let harmless = |c: char| if c.is_control() || "/\\:*?\"<>|\u{7f}".contains(c) { '_' } else { c };
    let text: String = name.chars().map(harmless).take(60).collect();
    let text = text.trim_matches(['.', ' ']);
    if text.is_empty() || is_device(text) { format!("_{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_never_share_a_file() {
        let mut allocator = NumberAllocator::new(&Past::default());
        let names = ["甲/乙", "甲_乙", "甲:乙", "A", "a"].map(|unit| allocator.stem(&file_name(unit)));
        assert_eq!(names, ["甲_乙", "甲_乙-2", "甲_乙-3", "A", "a-2"]);
    }

    #[test]
    fn a_unit_cannot_lead_out_of_the_folder() {
        for (name, expected) in [
            ("贾陈社区", "贾陈社区"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a/b\\c:d", "a_b_c_d"),
            ("..", "_"),
            ("\u{0}\n", "__"),
            ("", "_"),
            ("con", "_con"),
            ("NUL.2021", "_NUL.2021"),
        ] {
            assert_eq!(file_name(name), expected);
        }
    }

    #[test]
    fn a_pattern_is_filled_and_an_unknown_part_told() {
        let value = |part: &str| match part {
            "number" => Some("郑东督提醒〔2021〕15号".to_owned()),
            "unit" => Some(String::new()),
            _ => None,
        };
        assert_eq!(fill("{number}-{unit}", value), Ok("郑东督提醒〔2021〕15号".to_owned()));
        assert_eq!(fill("a{unit}b{", value), Ok("ab{".to_owned()));
        assert_eq!(fill("{nr}", value), Err("nr".to_owned()));
    }
}
