//! The rules of the office's own, and L123 where a log has no column for what one of them asks.
//!
//! A column that a log does not have leaves open what a rule asks of it: such a rule is told once for the log. In YAML each
//! record has keys of its own: if one record has the key, it is blank in the others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::condition::{Subject, bit};
use crate::fault::{Code, FaultKind, Faults, Finding};
use crate::model::state::AsOf;
use crate::model::{Field, Issue};
use crate::place::{Place, SourceId};
use crate::project::Project;
use crate::project::own_rule::OwnRule;
use crate::words::calendar::Calendar;
use crate::words::calendar::statute::LUNAR_YEARS;
use crate::words::lang::Lang;

/// Holds issues against the own rules of a project that are not switched off.
#[derive(Clone, Debug)]
pub(super) struct OwnRules {
    given: Arc<Given>,
    /// What rules found in rows without a column that they ask for, by those columns, as bits.
    deferred: BTreeMap<(SourceId, u64), Faults>,
    /// The fields that the rows of each log have, as bits.
    present: BTreeSet<(SourceId, u64)>,
    last: Option<(SourceId, u64)>,
}

/// What all of a run have.
#[derive(Debug)]
struct Given {
    rules: Vec<Arc<OwnRule>>,
    as_of: AsOf,
    calendar: Calendar,
}

impl OwnRules {
    pub(super) fn new(project: &Project, day: NaiveDate, faults: &Faults) -> Self {
        let rules = project.rules.iter().filter(|rule| faults.is_on(rule.code)).cloned().collect();
        let given = Given { rules, as_of: project.as_of(day), calendar: project.calendar.clone() };
        let (deferred, present) = (BTreeMap::new(), BTreeSet::new());
        Self { given: Arc::new(given), deferred, present, last: None }
    }

    /// Returns the same rules, which have found nothing.
    pub(super) fn fresh(&self) -> Self {
        let (deferred, present) = (BTreeMap::new(), BTreeSet::new());
        Self { given: Arc::clone(&self.given), deferred, present, last: None }
    }

    #[inline]
    pub(super) fn push(&mut self, issue: &Issue<'_>, faults: &mut Faults) {
        if !self.given.rules.is_empty() {
            self.check(issue, faults);
        }
    }

    fn check(&mut self, issue: &Issue<'_>, faults: &mut Faults) {
        let present = issue.row.columns.present();
        let fields = (issue.row.source, present);
        if self.last != Some(fields) {
            self.last = Some(fields);
            self.present.insert(fields);
        }
        let given = Arc::clone(&self.given);
        let subject = Subject::new(issue, &given.as_of, &given.calendar);
        for rule in &given.rules {
            if rule.condition.holds(&subject) == Some(true) {
                add(rule, issue, faults);
                continue;
            }
            let missing = rule.condition.missing(present);
            if let Some(columns) = holds_without(rule, missing, &subject) {
                let key = (issue.row.source, columns);
                add(rule, issue, self.deferred.entry(key).or_insert_with(|| faults.fresh()));
            }
        }
        for year in subject.unknown_years() {
            faults.add(issue.row.place(), FaultKind::UnknownYear { year, lunar: LUNAR_YEARS.contains(&year) });
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        for (key, found) in later.deferred {
            match self.deferred.get_mut(&key) {
                Some(faults) => faults.append(found),
                None => drop(self.deferred.insert(key, found)),
            }
        }
        self.present.extend(later.present);
    }

    /// Adds what was found in logs that have the columns in other rows, and a fault for each rule that a log lacks columns for.
    pub(super) fn finish(self, faults: &mut Faults) {
        let mut of_source: BTreeMap<SourceId, u64> = BTreeMap::new();
        for (source, fields) in self.present {
            *of_source.entry(source).or_default() |= fields;
        }
        for ((source, columns), found) in self.deferred {
            if columns & !of_source.get(&source).copied().unwrap_or_default() == 0 {
                faults.append(found);
            }
        }
        for (source, present) in of_source {
            for rule in &self.given.rules {
                let missing = rule.condition.missing(present);
                let fields: Vec<Field> =
                    rule.condition.fields().iter().copied().filter(|field| missing & bit(*field) != 0).collect();
                let Some(first) = fields.first().copied() else { continue };
                let titles = Lang::ALL.map(|lang| faults.codes().info(rule.code).title(lang).to_owned());
                let what = UncheckedRule { code: rule.code, titles, fields };
                faults.add_full(Place::file(source), what, Some(first), None);
            }
        }
    }
}

fn add(rule: &Arc<OwnRule>, issue: &Issue<'_>, faults: &mut Faults) {
    faults.add_at(issue.row.field_place(rule.field), rule.field, BrokenRule(Arc::clone(rule)));
}

/// The columns whose want a rule asks for, as bits, if it holds once their cells count as blank: one alone, or all.
fn holds_without(rule: &OwnRule, missing: u64, subject: &Subject<'_>) -> Option<u64> {
    if !rule.condition.asks_blank(missing) {
        return None;
    }
    let single = (0..u64::BITS).map(|at| 1_u64 << at).filter(|one| missing & one != 0);
    let found = single.chain(std::iter::once(missing)).find(|columns| {
        subject.set_absent_is_blank(*columns);
        rule.condition.holds(subject) == Some(true)
    });
    subject.set_absent_is_blank(0);
    found
}

/// A row that an own rule is about.
#[derive(Debug)]
struct BrokenRule(Arc<OwnRule>);

impl Finding for BrokenRule {
    fn code(&self) -> Code {
        self.0.code
    }

    fn field(&self) -> Option<Field> {
        Some(self.0.field)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let of = |[zh, en]: &[String; 2]| lang.pick(zh, en).clone();
        (of(&self.0.message), of(&self.0.help))
    }
}

/// An own rule that asks for columns that a log does not have.
#[derive(Debug)]
struct UncheckedRule {
    code: Code,
    titles: [String; 2],
    fields: Vec<Field>,
}

impl Finding for UncheckedRule {
    fn code(&self) -> Code {
        const { Code::known("L123") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { code, titles: [zh, en], fields } = self;
        let names = |of: fn(Field) -> &'static str, comma| {
            fields.iter().map(|field| of(*field)).collect::<Vec<_>>().join(comma)
        };
        let key = fields.first().map_or("", |field| field.key());
        match lang {
            Lang::Zh => (
                format!(
                    "没有“{}”列，规则 {code}（{zh}）用到它的地方无从核对",
                    names(|field| field.label(Lang::Zh), "”“")
                ),
                format!("若另有一列记着，在 duban.yaml 写 columns: {{{key}: [表中的列名]}}"),
            ),
            Lang::En => (
                format!(
                    "no column for {}: what rule {code} ({en}) asks of it can't be checked",
                    names(Field::key, ", ")
                ),
                format!("if a column has it by another name, write `columns: {{{key}: [its name]}}` in duban.yaml"),
            ),
        }
    }
}
