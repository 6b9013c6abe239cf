//! R211: planned sites that were not visited.

use std::collections::BTreeSet;

use crate::fault::{Code, Finding, KnownBy};
use crate::fold::Fold;
use crate::model::period::Period;
use crate::model::{Entry, Field};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// The sites named by the inspections and issues of a period.
#[derive(Clone, Debug)]
pub struct Coverage {
    period: Period,
    visited: BTreeSet<Symbol>,
}

impl Coverage {
    /// Returns the coverage of a period, with no site visited yet.
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self { period, visited: BTreeSet::new() }
    }

    /// Whether a site was visited: an inspection lists it, or an issue was found there.
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

/// A planned site that was not visited.
#[derive(Debug)]
pub struct UnvisitedSite {
    /// The name of the site in the plan.
    pub site: String,
}

impl Finding for UnvisitedSite {
    fn code(&self) -> Code {
        const { Code::known("R211") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Facts(self.site.clone())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { site } = self;
        match lang {
            Lang::Zh => (format!("点位“{site}”在期间内无人检查"), "安排检查，或从计划中删去".into()),
            Lang::En => (
                format!("the site `{site}` was not visited in the period"),
                "have it inspected, or remove it from the plan".into(),
            ),
        }
    }
}
