//! Allowances: faults that are let pass for a reason. `duban: allow R204 until 2021-12-31 because …` in the note of a row
//! holds for that row, an item of `allowances:` in `duban.yaml` where it says.
//!
//! - `note`: reads the note of a row
//! - `scope`: what the allowances of the config cover

mod note;
mod scope;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::check::options::CheckOptions;
use crate::fault::{Code, Faults, Finding, KnownBy, brief};
use crate::model::{Field, Issue};
use crate::place::{OneBased, Place, SourceId};
use crate::project::allowance::{Allowance, AllowanceScope};
use crate::project::{FILE_NAME, Project};
use crate::source::{Form, Source, SourceError, Sources};
use crate::words::lang::Lang;
use scope::Covered;

/// Codes that only a comparison with an earlier submission finds.
const COMPARED: [Code; 3] = [Code::known("R208"), Code::known("R209"), Code::known("R210")];

/// The allowances in the notes of rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowances {
    list: Vec<Allowance>,
}

impl Allowances {
    /// Reads the allowance in the note of an issue, if there is one. An invalid one is a fault and has no effect.
    pub(super) fn push(&mut self, issue: &Issue<'_>, faults: &mut Faults) {
        // Most issues have no note.
        if !issue.row.says(Field::Note) {
            return;
        }
        let text = issue.text(Field::Note);
        let Some(read) = note::read(&text, faults.codes()) else { return };
        let note = issue.row.field_place(Field::Note);
        match read {
            Ok((codes, until, why)) => {
                let scope = AllowanceScope::Row { lines: (issue.row.line, issue.row.lines().1), note };
                self.list.push(Allowance { codes, scope, until, why });
            }
            Err(text) => faults.add_at(note, Field::Note, UnusableAllowance::Invalid(text)),
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.list.extend(later.list);
    }

    /// Removes the faults that are let pass, those of the project included. What an expired allowance would cover stays,
    /// which is told, and so is an allowance that covers nothing.
    ///
    /// # Errors
    /// A log can't be read again.
    pub(super) fn apply(
        self,
        sources: &mut Sources,
        project: &Project,
        options: &CheckOptions<'_>,
        faults: &mut Faults,
    ) -> Result<(), SourceError> {
        if self.list.is_empty() && project.allowances.is_empty() {
            return Ok(());
        }
        let covered = Covered::find(&project.allowances, faults, sources, project, options.as_of)?;
        let all: Vec<&Allowance> = self.list.iter().chain(&project.allowances).collect();
        let rows = Rows::of(&self.list);
        let of_rows = self.list.len();
        // For each allowance: the codes it let pass, and those it would have.
        let mut used = vec![(BTreeSet::new(), BTreeSet::new()); all.len()];
        let mut passed = Vec::new();
        faults.retain(|fault| {
            let code = fault.what.code();
            let in_config = covered.of(fault).map(|at| at + of_rows);
            let here: Vec<usize> = rows.at(fault.place).chain(in_config).collect();
            let names = |at: &&usize| all.get(**at).is_some_and(|allowance| allowance.codes.contains(&code));
            let holds = |at: &&usize| all.get(**at).is_some_and(|allowance| !allowance.is_expired(options.as_of));
            let holding = here.iter().filter(names).find(holds);
            for at in here.iter().filter(names) {
                let Some((let_pass, would)) = used.get_mut(*at) else { continue };
                if holding == Some(at) {
                    let_pass.insert(code);
                } else if holding.is_none() {
                    would.insert(code);
                }
            }
            passed.extend(holding.map(|_| code));
            holding.is_none()
        });
        for code in passed {
            faults.add_allowed(code, 1);
        }
        let is_asked = |code: Code| faults.is_on(code) && (options.earlier.is_some() || !COMPARED.contains(&code));
        let mut told: Vec<(&Allowance, UnusableAllowance)> = Vec::new();
        for (allowance, (let_pass, would)) in all.iter().zip(&used) {
            for code in allowance.codes.iter().copied().filter(|code| is_asked(*code) && !let_pass.contains(code)) {
                let is_row = matches!(allowance.scope, AllowanceScope::Row { .. });
                match allowance.until.filter(|_| would.contains(&code)) {
                    Some(until) => {
                        let why = allowance.why.clone();
                        told.push((allowance, UnusableAllowance::Expired { code, until, why }));
                    }
                    // Logs that were not read may need it.
                    None if is_row || options.is_whole => {
                        told.push((allowance, UnusableAllowance::Unused { code, is_row }));
                    }
                    None => {}
                }
            }
        }
        tell(told, sources, project, faults);
        Ok(())
    }
}

/// Adds the faults of allowances, each at its place.
fn tell(told: Vec<(&Allowance, UnusableAllowance)>, sources: &mut Sources, project: &Project, faults: &mut Faults) {
    let mut config = None;
    for (allowance, what) in told {
        match &allowance.scope {
            AllowanceScope::Row { note, .. } => faults.add_at(*note, Field::Note, what),
            AllowanceScope::Config { line, .. } => {
                let source = *config.get_or_insert_with(|| {
                    let mut config = Source::file(project.root.join(FILE_NAME), FILE_NAME.to_owned(), Form::Tree);
                    // Only its lines are shown; it was read before.
                    let _ = config.decide_encoding();
                    sources.add(config)
                });
                faults.add(Place::line(source, OneBased::from_one(*line)), what);
            }
        }
    }
}

/// The allowances of rows, by the line on which the row begins.
struct Rows {
    by_line: BTreeMap<(SourceId, OneBased), Vec<(usize, OneBased)>>,
}

impl Rows {
    fn of(list: &[Allowance]) -> Self {
        let mut by_line: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (at, allowance) in list.iter().enumerate() {
            if let AllowanceScope::Row { lines: (first, last), note } = &allowance.scope {
                by_line.entry((note.source, *first)).or_default().push((at, *last));
            }
        }
        Self { by_line }
    }

    /// The allowances of the row of a place.
    fn at(&self, place: Place) -> impl Iterator<Item = usize> {
        let before = self.by_line.range(..=(place.source, place.line)).next_back();
        let here = before.filter(|((source, _), _)| *source == place.source);
        here.into_iter().flat_map(|(_, here)| here).filter(move |(_, last)| place.line <= *last).map(|(at, _)| *at)
    }
}

/// An allowance that is invalid, expired or not needed.
#[derive(Debug)]
enum UnusableAllowance {
    /// The text that can't be read.
    Invalid(String),
    /// No fault needs it.
    Unused { code: Code, is_row: bool },
    /// A fault would need it, but its last day is over.
    Expired { code: Code, until: NaiveDate, why: String },
}

impl Finding for UnusableAllowance {
    fn code(&self) -> Code {
        const { Code::known("L113") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(format!("{self:?}"))
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        match self {
            Self::Invalid(text) => lang.pick(
                (
                    format!("看不懂放行说明：{}", brief(text)),
                    "写成 duban: allow R204 because 理由，或 duban: allow R204 至2021-12-31 因为理由；代码见 duban explain".into(),
                ),
                (
                    format!("invalid allowance: {}", brief(text)),
                    "write `duban: allow R204 because ...`, or `duban: allow R204 until 2021-12-31 because ...`; `duban explain` lists the codes".into(),
                ),
            ),
            Self::Unused { code, is_row: true } => lang.pick(
                (format!("这一行没有 {code} 的问题，放行说明用不上"), "删去这条说明".into()),
                (format!("this row has no {code} fault, so the allowance is not needed"), "remove it".into()),
            ),
            Self::Unused { code, is_row: false } => lang.pick(
                (format!("没有 {code} 的问题用得上这条放行"), "删去这一条，或改写条件、文件、编号".into()),
                (
                    format!("no {code} fault needs this allowance"),
                    "remove it, or correct its where, file or id".into(),
                ),
            ),
            Self::Expired { code, until, why } => lang.pick(
                (
                    format!("放行 {code} 的期限 {until} 已过，问题照旧计入（理由：{}）", brief(why)),
                    "改正这处问题；确需延期，改写期限和理由".into(),
                ),
                (
                    format!("the allowance of {code} expired on {until}, and the fault counts again (reason: {})", brief(why)),
                    "mend the fault; if it must wait longer, write a later day and why".into(),
                ),
            ),
        }
    }
}
