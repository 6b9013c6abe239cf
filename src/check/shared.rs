//! L122 and R221: files that share issues: a submission that is there twice, and one that repeats the one before.
//!
//! A copied file, and a ledger that repeats the open issues of last month, would each give a fault for every row. What
//! is wrong is one thing for each pair of files.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::{Code, Faults, Finding, KnownBy, own_en, own_zh};
use crate::model::Field;
use crate::place::{Place, SourceId};
use crate::source::{OwnOutput, Sources};
use crate::words::lang::{Lang, counted};

/// The issues that pairs of files share.
#[derive(Debug, Default)]
pub(super) struct SharedIssues {
    /// By the file that has them first and the one that has them again.
    pairs: BTreeMap<(SourceId, SourceId), Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The rows of the second file.
    rows: BTreeSet<Place>,
    /// Those that stand otherwise than in the first file.
    changed: BTreeSet<Place>,
}

impl SharedIssues {
    /// Adds an issue of two files: its row in each, and a hash of how it stands there.
    pub(super) fn add(&mut self, first: (Place, u64), again: (Place, u64)) {
        let pair = self.pairs.entry((first.0.source, again.0.source)).or_default();
        pair.rows.insert(again.0);
        if first.1 != again.1 {
            pair.changed.insert(again.0);
        }
    }

    /// Adds a fault for each pair. `files` has the number of issues of each file.
    pub(super) fn finish(self, files: &BTreeMap<SourceId, u64>, sources: &Sources, faults: &mut Faults) {
        for ((first, again), shared) in self.pairs {
            let count = |id| files.get(&id).copied().unwrap_or_default();
            let names = Names { first: name(sources, first), again: name(sources, again) };
            let rows = shared.rows.len();
            let is_whole = u64::try_from(rows).is_ok_and(|rows| rows == count(first) && rows == count(again));
            let (place, related) = (Place::file(again), Some(Place::file(first)));
            let own = [again, first].into_iter().find_map(|id| Some((name(sources, id), own_output(sources, id)?)));
            if let Some((copy, output)) = own {
                faults.add_full(place, CopyBesideLog { names, copy, output, rows }, None, related);
            } else if is_whole && shared.changed.is_empty() {
                faults.add_full(place, RepeatedFile { names, rows }, None, related);
            } else {
                let pattern = latest(sources, first, again);
                let what = CarriedOver { names, rows, changed: shared.changed.len(), pattern };
                faults.add_full(place, what, None, related);
            }
        }
    }
}

/// The two files, as they are named in messages.
#[derive(Debug)]
struct Names {
    first: String,
    again: String,
}

fn name(sources: &Sources, id: SourceId) -> String {
    let source = sources.get(id);
    source.sheet.as_ref().map_or_else(|| source.name.clone(), |sheet| format!("{}!{}", source.name, sheet.name))
}

/// What duban wrote a file as, if it did.
fn own_output(sources: &Sources, id: SourceId) -> Option<OwnOutput> {
    sources.get(id).sheet.as_ref().and_then(|sheet| sheet.own)
}

/// A pattern that both files match, for `latest:`; `None` for two sheets of a workbook, and for files of two folders.
fn latest(sources: &Sources, first: SourceId, again: SourceId) -> Option<String> {
    let (one, other) = (&sources.get(first).name, &sources.get(again).name);
    let same = |(a, b): &(char, char)| a == b;
    let start: String = one.chars().zip(other.chars()).take_while(same).map(|(c, _)| c).collect();
    // What differs is a number or a date: its first digits may be the same.
    let start = start.trim_end_matches(|c: char| c.is_ascii_digit() || "-_.年月日第".contains(c));
    let extension = |name: &String| name.rsplit_once('.').map(|(_, extension)| extension.to_owned());
    let folder = |name: &String| name.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let is_one_series = one != other && extension(one) == extension(other) && folder(one) == folder(other);
    let extension = extension(one).filter(|_| is_one_series && start.len() >= folder(one).len())?;
    Some(format!("{start}*.{extension}"))
}

/// A submission that is there twice.
#[derive(Debug)]
struct RepeatedFile {
    names: Names,
    rows: usize,
}

impl Finding for RepeatedFile {
    fn code(&self) -> Code {
        const { Code::known("L122") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(self.rows.to_string())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { names: Names { first, again }, rows } = self;
        match lang {
            Lang::Zh => (
                format!("{again} 与 {first} 是同一份台账：{rows} 个问题全都一样"),
                format!("删去一份，或在 duban.yaml 的 logs: 中写 '!{again}' 排除它"),
            ),
            Lang::En => (
                format!("{again} is the same submission as {first}: all {} are the same", counted(*rows, "issue")),
                format!("delete one of them, or leave it out with '!{again}' under `logs:` in duban.yaml"),
            ),
        }
    }
}

/// A workbook that duban wrote, beside the log that it was made from.
#[derive(Debug)]
struct CopyBesideLog {
    names: Names,
    copy: String,
    output: OwnOutput,
    rows: usize,
}

impl Finding for CopyBesideLog {
    fn code(&self) -> Code {
        const { Code::known("L122") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(self.rows.to_string())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { names: Names { first, again }, copy, output, rows } = self;
        let log = if copy == first { again } else { first };
        match lang {
            Lang::Zh => (
                format!("{copy} 是 duban 写出的{}，与 {log} 有 {rows} 个问题相同", own_zh(*output)),
                format!("只留一份，或在 duban.yaml 的 logs: 中写 '!{copy}' 排除它"),
            ),
            Lang::En => (
                format!(
                    "{copy} is {} that duban wrote, and shares {} with {log}",
                    own_en(*output),
                    counted(*rows, "issue")
                ),
                format!("keep one of them, or leave it out with '!{copy}' under `logs:` in duban.yaml"),
            ),
        }
    }
}

/// A submission that repeats issues of another.
#[derive(Debug)]
struct CarriedOver {
    names: Names,
    rows: usize,
    changed: usize,
    pattern: Option<String>,
}

impl Finding for CarriedOver {
    fn code(&self) -> Code {
        const { Code::known("R221") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(self.rows.to_string())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { names: Names { first, again }, rows, changed, pattern } = self;
        // First in the text, so that a report does not break it.
        let line = pattern.as_ref().map(|pattern| format!("logs: [{{latest: '{pattern}'}}]"));
        match lang {
            Lang::Zh => (
                format!(
                    "{again} 有 {rows} 个问题在 {first} 里已经有了，其中 {changed} 个状态或日期不同；两份都计就会重复"
                ),
                line.map_or_else(
                    || "只留一份，或在其中一份删去这些行".to_owned(),
                    |line| format!("{line} 写在 duban.yaml 里，只计最新一份；不是逐期滚动的台账，就在其中一份删去这些行"),
                ),
            ),
            Lang::En => (
                format!(
                    "{} of {again} {} in {first} already, {changed} with another status or date; both would be counted",
                    counted(*rows, "issue"),
                    if *rows == 1 { "is" } else { "are" }
                ),
                line.map_or_else(
                    || "keep one of them, or delete these rows in one".to_owned(),
                    |line| {
                        format!("`{line}` in duban.yaml counts the newest, if the ledger is carried over; else delete these rows in one of them")
                    },
                ),
            ),
        }
    }
}
