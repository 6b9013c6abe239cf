//! R211: sites of the plan that nobody visited.

use std::collections::BTreeSet;

use crate::fault::{Code, Finding};
use crate::fold::Fold;
use crate::model::period::Period;
use crate::model::{Entry, Field};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// The sites that inspections and issues of a period name.
#[derive(Clone, Debug)]
pub struct Coverage {
    period: Period,
    visited: BTreeSet<Symbol>,
}

impl Coverage {
    /// Nothing seen yet.
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self { period, visited: BTreeSet::new() }
    }

    /// Whether somebody was there: an inspection lists it, or an issue was found there.
    #[must_use]
    pub fn has(&self, site: &str) -> bool {
        self.visited.contains(&Symbol::new(site))
    }
}

impl Fold<Entry<'_>> for Coverage {
    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) if self.period.contains(issue.found_on) => self.visited.extend(issue.site),
            Entry::Inspection(inspection) if self.period.contains(inspection.date) => {
                self.visited.extend(inspection.site_names.iter().copied());
            }
            _ => {}
        }
    }

    fn merge(&mut self, later: Self) {
        self.visited.extend(later.visited);
    }
}

/// A site of the plan that nobody visited.
#[derive(Debug)]
pub struct UnvisitedSite {
    /// Its name in the plan.
    pub site: String,
}

impl Finding for UnvisitedSite {
    fn code(&self) -> Code {
        const { Code::known("R211") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { site } = self;
        match lang {
            Lang::Zh => (format!("点位“{site}”在期间内无人检查"), "安排检查，或从计划中删去".into()),
            Lang::En => (
                format!("nobody visited the site `{site}` in the period"),
                "have it inspected, or take it off the plan".into(),
            ),
        }
    }
}
