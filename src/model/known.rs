//! Profiles that stand for many issues: each is kept once, under a number.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::model::record::Profile;
use crate::words::symbol::Symbol;

/// So many profiles have numbers. A log in which most rows differ has no use for them.
const MOST: usize = 8192;

/// A profile that the process keeps, and what is found out of it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    number: u32,
    says: Says,
}

#[derive(Default)]
struct Table {
    profiles: Vec<Arc<Profile>>,
    numbers: FxHashMap<Arc<Profile>, u32>,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(RwLock::default);

impl Known {
    /// Gives a profile its number, or the one it has; nothing if no more are given. Numbers show nowhere: only whether they
    /// are the same counts, and these are for profiles that are.
    pub(crate) fn new(profile: &Arc<Profile>) -> Option<Self> {
        // No panic can leave the table half changed.
        let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
        let number = match table.numbers.get(profile) {
            Some(number) => *number,
            None if table.profiles.len() == MOST => return None,
            None => {
                let number = u32::try_from(table.profiles.len()).ok()?;
                table.profiles.push(Arc::clone(profile));
                table.numbers.insert(Arc::clone(profile), number);
                number
            }
        };
        Some(Self { number, says: Says::of(profile) })
    }

    /// The number, from 0.
    #[inline]
    pub(crate) fn number(self) -> usize {
        self.number as usize
    }

    /// What its words say.
    #[inline]
    pub(crate) fn says(self) -> Says {
        self.says
    }

    /// The profile of a number that was given.
    pub(crate) fn profile(number: usize) -> Option<Arc<Profile>> {
        let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
        table.profiles.get(number).cloned()
    }
}

/// What disposition, status and names say, whatever the days are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked by itself")]
pub(crate) struct Says {
    /// Taken back (撤销).
    pub(crate) withdrawn: bool,
    /// Given back to the unit: not put right, whatever the log says else.
    pub(crate) undone: bool,
    /// Signed off (销号).
    pub(crate) closed: bool,
    /// Put right, by its status or because that was done on site.
    pub(crate) rectified: bool,
    /// To be put right at once.
    pub(crate) immediate: bool,
    /// Whether unit, category and disposition are named.
    pub(crate) names_all: bool,
}

impl Says {
    pub(crate) fn of(profile: &Profile) -> Self {
        let status = profile.status.map_or("", Symbol::as_str);
        let disposition = profile.disposition.map_or("", Symbol::as_str);
        Self {
            withdrawn: status == "withdrawn",
            undone: matches!(status, "returned" | "reopened"),
            closed: status == "closed",
            rectified: matches!(status, "rectified" | "verified") || disposition == "on_site",
            immediate: disposition == "immediate",
            names_all: profile.unit.is_some() && !profile.categories.is_empty() && profile.disposition.is_some(),
        }
    }
}
