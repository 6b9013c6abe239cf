//! R216: what inspections state of the issues they found (发现问题数), against the issues of the logs.
//!
//! An issue does not say of which inspection it is. Inspections and issues are compared by day, and by team and unit as far as both
//! sides tell them apart in the same words; inspections that can't be told apart are compared together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::model::{Field, Inspection, Issue};
use crate::place::{Place, SourceId};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// Team and unit, as far as they are stated.
type Who = [Option<Symbol>; 2];

/// An inspection, or several that are compared together, with the number of issues stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stated {
    who: Who,
    from: NaiveDate,
    to: NaiveDate,
    place: Place,
    count: u64,
    inspections: usize,
}

/// The inspections that state how many issues they found.
#[derive(Clone, Debug, Default)]
pub(super) struct StatedCounts {
    of: Vec<Stated>,
}

impl StatedCounts {
    pub(super) fn push(&mut self, inspection: &Inspection<'_>) {
        if let (Some(count), Some(from)) = (inspection.issues_found, inspection.date) {
            let who = [inspection.team, inspection.unit];
            let to = inspection.to.unwrap_or(from).max(from);
            let place = inspection.row.field_place(Field::IssuesFound);
            self.of.push(Stated { who, from, to, place, count, inspections: 1 });
        }
    }

    pub(super) fn merge(&mut self, mut later: Self) {
        self.of.append(&mut later.of);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Reports each count that the issues don't bear out; where there is no issue at all, one for each file.
    pub(super) fn finish(&self, found: &FoundIssues, faults: &mut Faults) {
        if found.is_none() {
            for stated in self.of_files().into_values().filter(|stated| stated.count > 0) {
                faults.add_at(stated.place, Field::IssuesFound, OtherCount { stated, found: 0, is_all: true });
            }
            return;
        }
        let compared = self.compared_by(found);
        let days = found.by_who(compared);
        for stated in self.together(compared) {
            let counts = days.get(&stated.who).map(|days| days.range(stated.from..=stated.to));
            let mut issues = FoundCount::default();
            counts.into_iter().flatten().for_each(|(_, count)| issues.add(*count));
            let FoundCount { all, withdrawn } = issues;
            // What was withdrawn later was found all the same; the number may be of before or after.
            if stated.count > all || stated.count < all - withdrawn {
                faults.add_at(stated.place, Field::IssuesFound, OtherCount { stated, found: all, is_all: false });
            }
        }
    }

    /// Whether teams, and whether units, tell inspections and their issues apart: all state one, and each that is said to have
    /// issues is that of an issue.
    fn compared_by(&self, found: &FoundIssues) -> [bool; 2] {
        std::array::from_fn(|at| {
            let known: BTreeSet<Option<Symbol>> = found.of.keys().map(|(_, who)| who[at]).collect();
            !known.contains(&None)
                && self
                    .of
                    .iter()
                    .all(|stated| stated.who[at].is_some() && (stated.count == 0 || known.contains(&stated.who[at])))
        })
    }

    /// The inspections, those together whose issues can't be told apart.
    fn together(&self, compared: [bool; 2]) -> Vec<Stated> {
        let mut of: Vec<Stated> =
            self.of.iter().map(|stated| Stated { who: seen(stated.who, compared), ..*stated }).collect();
        of.sort_unstable();
        let mut together: Vec<Stated> = Vec::new();
        for stated in of {
            match together.last_mut().filter(|last| last.who == stated.who && stated.from <= last.to) {
                Some(last) => last.add(&stated),
                None => together.push(stated),
            }
        }
        together
    }

    fn of_files(&self) -> BTreeMap<SourceId, Stated> {
        let mut files: BTreeMap<SourceId, Stated> = BTreeMap::new();
        for stated in &self.of {
            let stated = Stated { who: [None; 2], ..*stated };
            files.entry(stated.place.source).and_modify(|all| all.add(&stated)).or_insert(stated);
        }
        files
    }
}

impl Stated {
    fn add(&mut self, other: &Self) {
        (self.from, self.to) = (self.from.min(other.from), self.to.max(other.to));
        self.count = self.count.saturating_add(other.count);
        self.inspections += other.inspections;
    }
}

/// What of team and unit is compared.
fn seen(who: Who, compared: [bool; 2]) -> Who {
    [who[0].filter(|_| compared[0]), who[1].filter(|_| compared[1])]
}

/// So many issues, with those that were withdrawn.
#[derive(Clone, Copy, Debug, Default)]
struct FoundCount {
    all: u64,
    withdrawn: u64,
}

impl FoundCount {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.withdrawn += other.withdrawn;
    }
}

/// The issues by day, team and unit.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundIssues {
    of: BTreeMap<(Option<NaiveDate>, Who), FoundCount>,
}

impl FoundIssues {
    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        let count = FoundCount { all: 1, withdrawn: u64::from(issue.is_withdrawn()) };
        self.of.entry((issue.found_on, [issue.team, issue.unit])).or_default().add(count);
    }

    pub(super) fn merge(&mut self, later: Self) {
        for (key, count) in later.of {
            self.of.entry(key).or_default().add(count);
        }
    }

    fn is_none(&self) -> bool {
        self.of.is_empty()
    }

    /// The issues of each day by what of team and unit is compared. Those without a day are of no inspection.
    fn by_who(&self, compared: [bool; 2]) -> BTreeMap<Who, BTreeMap<NaiveDate, FoundCount>> {
        let mut by_who: BTreeMap<Who, BTreeMap<NaiveDate, FoundCount>> = BTreeMap::new();
        for ((day, who), count) in &self.of {
            if let Some(day) = day {
                by_who.entry(seen(*who, compared)).or_default().entry(*day).or_default().add(*count);
            }
        }
        by_who
    }
}

/// Inspections that state another number of issues than there are.
#[derive(Debug)]
struct OtherCount {
    stated: Stated,
    found: u64,
    /// Whether there is no issue at all in what was read.
    is_all: bool,
}

impl Finding for OtherCount {
    fn code(&self) -> Code {
        const { Code::known("R216") }
    }

    fn known_by(&self) -> KnownBy {
        let Stated { who, from, to, count, .. } = self.stated;
        let names: Vec<String> = who.iter().flatten().map(ToString::to_string).collect();
        KnownBy::Facts(format!("{from} {to} {} {count} {}", names.join(" "), self.found))
    }

    fn field(&self) -> Option<Field> {
        Some(Field::IssuesFound)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { stated: Stated { who, from, to, count, inspections, .. }, found, is_all } = self;
        let mut of =
            vec![if from == to { from.to_string() } else { format!("{from}{}{to}", lang.pick("至", " to ")) }];
        of.extend(who.iter().flatten().map(ToString::to_string));
        let message = match (lang, is_all) {
            (Lang::Zh, true) => format!("{inspections} 次检查写着发现问题 {count} 个，读入的台账里一个问题也没有"),
            (Lang::Zh, false) if *inspections == 1 => {
                format!("检查写着发现问题 {count} 个，台账里这次检查（{}）的问题有 {found} 个", of.join("，"))
            }
            (Lang::Zh, false) => {
                format!("{inspections} 次检查写着共发现问题 {count} 个，台账里（{}）的问题有 {found} 个", of.join("，"))
            }
            (Lang::En, true) => format!(
                "inspections state {count} issues found ({inspections} in all), but no log that was read has any"
            ),
            (Lang::En, false) if *inspections == 1 => {
                format!(
                    "the inspection states {count} issues found, but the logs have {found} of it ({})",
                    of.join(", ")
                )
            }
            (Lang::En, false) => format!(
                "{inspections} inspections state {count} issues found, but the logs have {found} of them ({})",
                of.join(", ")
            ),
        };
        let help = match lang {
            Lang::Zh => "补上漏报的问题，或改正发现问题数；问题在另一份台账里的，一起读入",
            Lang::En => "add the missing issues, or correct the number; if the issues are in another log, read it too",
        };
        (message, help.to_owned())
    }
}
