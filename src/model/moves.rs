//! Which issue of one submission is which of an earlier one, and how it moved in between.
//!
//! An issue is found again by its id, or else by what it says (unit, site, day of finding, description), by the rules of
//! [`identity`](crate::model::identity). What was altered is near: counted as near, never taken for the same.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::model::identity::{RowNumbers, is_same_issue, normalised};
use crate::model::state::State;
use crate::model::{Field, Issue};
use crate::place::Place;
use crate::words::symbol::Symbol;

/// How an issue moved since the earlier submission. One that was rectified then and is now did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// It was not there.
    New,
    /// Open then and now.
    CarriedOver,
    /// Open then, rectified now.
    RectifiedSince,
    /// Rectified then, open now.
    OpenAgain,
}

impl Move {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::New, Self::CarriedOver, Self::RectifiedSince, Self::OpenAgain];

    /// The canonical name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::CarriedOver => "carried_over",
            Self::RectifiedSince => "rectified_since",
            Self::OpenAgain => "open_again",
        }
    }
}

/// How many issues moved, by [`Move`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moves {
    /// Issues that were not there.
    pub new: u64,
    /// Issues open then and now.
    pub carried_over: u64,
    /// Issues open then and rectified now.
    pub rectified_since: u64,
    /// Issues rectified then and open now.
    pub open_again: u64,
}

impl Moves {
    /// Counts an issue.
    pub fn add(&mut self, moved: Move) {
        *match moved {
            Move::New => &mut self.new,
            Move::CarriedOver => &mut self.carried_over,
            Move::RectifiedSince => &mut self.rectified_since,
            Move::OpenAgain => &mut self.open_again,
        } += 1;
    }

    /// The counts, in the order of [`Move::ALL`].
    #[must_use]
    pub fn numbers(&self) -> [u64; 4] {
        [self.new, self.carried_over, self.rectified_since, self.open_again]
    }
}

/// Where an issue stands in its submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not rectified.
    Open,
    /// Rectified or closed.
    Rectified,
    /// Withdrawn: there, but not counted.
    Withdrawn,
}

/// One issue of a submission, with what it is found again by. Texts are kept as hashes.
#[derive(Clone, Debug)]
pub struct SubmittedIssue {
    /// The row.
    pub place: Place,
    /// The cell of the deadline, or else the row.
    pub deadline_place: Place,
    /// The deadline.
    pub deadline: Option<NaiveDate>,
    /// Where it stands.
    pub standing: Standing,
    /// Whether its status says that it was opened again.
    pub is_marked_open: bool,
    /// The id as written; empty without one.
    pub id: Box<str>,
    says: Says,
    /// Orders equal rows: the one that is open longest comes first, wherever it stands.
    rank: (Option<Reverse<Option<NaiveDate>>>, Option<NaiveDate>, Option<Symbol>),
}

/// What an issue says. The site may be blank on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Says {
    core: Core,
    /// 0 without a site.
    site: u64,
}

/// What an issue says, but for its site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Core {
    unit: u64,
    found_on: Option<NaiveDate>,
    /// 128 bits: a collision of two different descriptions is less likely than a hardware error.
    description: (u64, u64),
}

/// The hash of a name or a description; `salt` makes others of the same text.
fn hash(text: &str, salt: u8) -> u64 {
    let mut hasher = DefaultHasher::new();
    (salt, text).hash(&mut hasher);
    hasher.finish()
}

impl Says {
    fn of(issue: &Issue<'_>) -> Self {
        let name = |value: Option<Symbol>| value.map_or(0, |name| hash(&normalised(name.as_str()), 0));
        let description = normalised(&issue.text(Field::Description));
        let description = (hash(&description, 0), hash(&description, 1));
        Self {
            core: Core { unit: name(issue.unit), found_on: issue.found_on, description },
            site: name(issue.site.filter(|site| !site.as_str().is_empty())),
        }
    }
}

/// The issues of a submission, in the order of its rows.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// The issues.
    pub issues: Vec<SubmittedIssue>,
    numbers: RowNumbers,
}

impl Submission {
    /// Adds an issue with its state on the day that the submission is looked at; returns whether it is there by then.
    pub fn push(&mut self, issue: &Issue<'_>, state: State) -> bool {
        self.numbers.push(issue);
        if state.not_yet_found {
            return false;
        }
        let standing = match (state.withdrawn, state.rectified) {
            (true, _) => Standing::Withdrawn,
            (false, true) => Standing::Rectified,
            (false, false) => Standing::Open,
        };
        self.issues.push(SubmittedIssue {
            place: issue.row.place(),
            deadline_place: issue.row.field_place(Field::Deadline),
            deadline: issue.deadline,
            standing,
            is_marked_open: issue.status.is_some_and(|status| matches!(status.as_str(), "reopened" | "returned")),
            id: issue.text(Field::Id).as_ref().into(),
            says: Says::of(issue),
            rank: (state.rectified.then_some(Reverse(issue.rectified_on)), issue.deadline, issue.status),
        });
        true
    }

    /// Adds the issues of later rows.
    pub fn merge(&mut self, later: Self) {
        self.issues.extend(later.issues);
        self.numbers.merge(&later.numbers);
    }

    /// The id of an issue, if it is its identity.
    fn id(&self, issue: &SubmittedIssue) -> Option<Box<str>> {
        self.numbers.is_identity(issue.place.source, &issue.id).then(|| issue.id.clone())
    }

    /// Finds the issues of this submission again in an earlier one.
    #[must_use]
    pub fn matched(&self, earlier: &Self) -> Matching {
        let mut pairing = Pairing {
            now: self.issues.iter().map(|issue| (self.id(issue), issue)).collect(),
            before: earlier.issues.iter().map(|issue| (earlier.id(issue), issue)).collect(),
            earlier: vec![None; self.issues.len()],
            is_taken: vec![false; earlier.issues.len()],
        };
        pairing.by_id();
        pairing.by_says();
        pairing.by_core();
        let near = pairing.near();
        let gone = pairing.is_taken.iter().enumerate().filter(|(_, is_taken)| !**is_taken).map(|(at, _)| at).collect();
        Matching { earlier: pairing.earlier, gone, near }
    }

    /// How an issue of this submission moved, by its index.
    #[must_use]
    pub fn moved(&self, at: usize, matching: &Matching, earlier: &Self) -> Option<Move> {
        let standing = |submission: &Self, at: usize| submission.issues.get(at).map(|issue| issue.standing);
        let before = matching.earlier.get(at).copied().flatten().and_then(|at| standing(earlier, at));
        match (before, standing(self, at)?) {
            (_, Standing::Withdrawn) | (Some(Standing::Rectified), Standing::Rectified) => None,
            (None | Some(Standing::Withdrawn), _) => Some(Move::New),
            (Some(Standing::Open), Standing::Open) => Some(Move::CarriedOver),
            (Some(Standing::Open), Standing::Rectified) => Some(Move::RectifiedSince),
            (Some(Standing::Rectified), Standing::Open) => Some(Move::OpenAgain),
        }
    }
}

/// Which issue of a submission is which of an earlier one, by their indexes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// For each issue now, what it was; `None` for one that was not there.
    pub earlier: Vec<Option<usize>>,
    /// The earlier issues that are not there now.
    pub gone: Vec<usize>,
    /// Issues now that were not there and may be altered ones that are gone: of the same day, and of the same unit or with
    /// the same description.
    pub near: Vec<usize>,
}

/// What was not found again, of the issues selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unmatched {
    /// How many issues of the earlier submission are not there now.
    pub gone: usize,
    /// How many new issues may be altered ones of these.
    pub near: usize,
}

/// Issues of two submissions with their ids, while they are paired.
struct Pairing<'s> {
    now: Vec<(Option<Box<str>>, &'s SubmittedIssue)>,
    before: Vec<(Option<Box<str>>, &'s SubmittedIssue)>,
    earlier: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

impl Pairing<'_> {
    fn pair(&mut self, now: usize, before: usize) {
        self.earlier[now] = Some(before);
        self.is_taken[before] = true;
    }

    /// The issues not paired yet, by a key that they may have; of those with the same, the one open longest first.
    fn left<K: Eq + Hash>(
        &self,
        key: impl Fn(&Option<Box<str>>, &SubmittedIssue) -> Option<K>,
    ) -> (FxHashMap<K, Vec<usize>>, FxHashMap<K, Vec<usize>>) {
        let (mut now, mut before): (FxHashMap<K, Vec<usize>>, FxHashMap<K, Vec<usize>>) = Default::default();
        for (at, (id, issue)) in self.now.iter().enumerate().filter(|(at, _)| self.earlier[*at].is_none()) {
            if let Some(key) = key(id, issue) {
                now.entry(key).or_default().push(at);
            }
        }
        for (at, (id, issue)) in self.before.iter().enumerate().filter(|(at, _)| !self.is_taken[*at]) {
            if let Some(key) = key(id, issue) {
                before.entry(key).or_default().push(at);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for list in now.values_mut() {
            list.sort_by_key(|at| self.now[*at].1.rank);
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for list in before.values_mut() {
            list.sort_by_key(|at| self.before[*at].1.rank);
        }
        (now, before)
    }

    /// The same id is the same issue while unit, day of finding or description agrees ([`is_same_issue`]).
    fn by_id(&mut self) {
        let (now, before) = self.left(|id, _| id.clone());
        #[expect(clippy::iter_over_hash_type, reason = "pairs of one id don't depend on those of another")]
        for (id, rows) in now {
            let mut others = before.get(&id).cloned().unwrap_or_default();
            for at in rows {
                let now = self.now[at].1.says.core;
                let agrees = |before: &usize| {
                    let before = self.before[*before].1.says.core;
                    is_same_issue(
                        id.as_bytes(),
                        before.unit == now.unit,
                        before.found_on.is_some() && before.found_on == now.found_on,
                        before.description == now.description,
                    )
                };
                if let Some(found) = others.iter().position(agrees) {
                    let before = others.remove(found);
                    self.pair(at, before);
                }
            }
        }
    }

    /// Rows that say the same, as a multiset. An issue that has an id is not one that had another.
    fn by_says(&mut self) {
        let (now, before) = self.left(|_, issue| Some(issue.says));
        #[expect(clippy::iter_over_hash_type, reason = "pairs of equal rows don't depend on those of others")]
        for (says, rows) in now {
            let mut others = before.get(&says).cloned().unwrap_or_default();
            for at in rows {
                let may_be = |before: &usize| self.now[at].0.is_none() || self.before[*before].0.is_none();
                if let Some(found) = others.iter().position(may_be) {
                    let before = others.remove(found);
                    self.pair(at, before);
                }
            }
        }
    }

    /// A blank site fits any, if one row alone fits on each side.
    fn by_core(&mut self) {
        let (now, before) = self.left(|_, issue| Some(issue.says.core));
        #[expect(clippy::iter_over_hash_type, reason = "pairs of one issue don't depend on those of another")]
        for (core, rows) in now {
            let others = before.get(&core).map_or(&[][..], Vec::as_slice);
            if let ([now], [before]) = (rows.as_slice(), others) {
                let ((id, now_says), (other_id, before_says)) = (&self.now[*now], &self.before[*before]);
                let has_blank = now_says.says.site == 0 || before_says.says.site == 0;
                if has_blank && (id.is_none() || other_id.is_none()) {
                    self.pair(*now, *before);
                }
            }
        }
    }

    fn near(&self) -> Vec<usize> {
        let gone = || self.before.iter().zip(&self.is_taken).filter(|(_, is_taken)| !**is_taken).map(|(row, _)| row);
        let units: BTreeSet<_> = gone().map(|(_, row)| (row.says.core.found_on, row.says.core.unit)).collect();
        let texts: BTreeSet<_> = gone().map(|(_, row)| (row.says.core.found_on, row.says.core.description)).collect();
        let may_be = |at: &usize| {
            let core = self.now[*at].1.says.core;
            self.earlier[*at].is_none()
                && (units.contains(&(core.found_on, core.unit)) || texts.contains(&(core.found_on, core.description)))
        };
        (0..self.now.len()).filter(may_be).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::row::Row;
    use crate::place::SourceId;

    /// `id|unit|site|description|state`: state is `o`, `r` or `w`.
    fn submission(rows: &[&str]) -> Submission {
        let mut submission = Submission::default();
        for row in rows {
            let cells: Vec<&str> = row.split('|').collect();
            let mut read = Row::new(SourceId(0));
            let columns = Arc::make_mut(&mut read.columns);
            columns.set(Field::Id, 0);
            columns.set(Field::Description, 1);
            read.push_cell(cells[0], None);
            read.push_cell(cells[3], None);
            let mut issue = Issue::new(read);
            issue.unit = Some(Symbol::new(cells[1]));
            issue.site = Some(Symbol::new(cells[2]));
            issue.found_on = NaiveDate::from_ymd_opt(2021, 8, 3);
            let state = State { rectified: cells[4] == "r", withdrawn: cells[4] == "w", ..State::default() };
            submission.push(&issue, state);
        }
        submission
    }

    /// How the rows moved, a letter each: n c r a, `-` for none; then how many are gone and near.
    fn moves(before: &[&str], now: &[&str]) -> String {
        let (before, now) = (submission(before), submission(now));
        let matching = now.matched(&before);
        let moved = (0..now.issues.len()).map(|at| match now.moved(at, &matching, &before) {
            None => '-',
            Some(Move::OpenAgain) => 'a',
            Some(moved) => moved.key().chars().next().unwrap(),
        });
        format!("{} {} {}", moved.collect::<String>(), matching.gone.len(), matching.near.len())
    }

    #[test]
    fn rows_are_found_again_wherever_they_stand() {
        let before = ["|甲|东门|灯坏|o", "|甲|东门|门坏|o", "|乙||门坏|r", "|乙||窗坏|r"];
        let now = ["|乙||窗坏。|o", "|丙||漏水|o", "|甲|东门|门 坏|r", "|甲|东门|灯坏|o", "|乙||门坏|r"];
        assert_eq!(moves(&before, &now), "anrc- 0 0");
        assert_eq!(moves(&[], &now[..2]), "nn 0 0");
        assert_eq!(moves(&before, &[]), " 4 0");
    }

    #[test]
    fn equal_rows_are_a_multiset() {
        let row = |state: &str| format!("|甲|东门|灯坏|{state}");
        let (open, done) = (row("o"), row("r"));
        assert_eq!(moves(&[&open, &open], &[&done, &open]), "rc 0 0");
        assert_eq!(moves(&[&done, &open], &[&open, &done]), "c- 0 0");
        assert_eq!(moves(&[&open], &[&open, &open]), "cn 0 0");
        assert_eq!(moves(&[&open, &open], &[&open]), "c 1 0");
    }

    #[test]
    fn an_id_holds_while_anything_agrees_and_only_then() {
        assert_eq!(moves(&["A-1|甲||灯坏|o"], &["A-1|甲||两盏灯坏|r"]), "r 0 0");
        assert_eq!(moves(&["A-1|甲||灯坏|o"], &["A-2|甲||灯坏|o"]), "n 1 1");
        // The id came later, or was lost.
        assert_eq!(moves(&["|甲||灯坏|o"], &["A-2|甲||灯坏|o"]), "c 0 0");
        // Numbers that count up are no ids.
        assert_eq!(moves(&["1|甲||灯坏|o", "2|甲||门坏|o"], &["1|甲||门坏|o", "2|甲||灯坏|r"]), "cr 0 0");
    }

    #[test]
    fn what_was_altered_is_near_and_a_blank_site_fits_one() {
        assert_eq!(moves(&["|甲||灯坏|o"], &["|甲||两盏灯坏|o"]), "n 1 1");
        assert_eq!(moves(&["|甲||灯坏|o"], &["|乙||灯坏|o"]), "n 1 1");
        assert_eq!(moves(&["|甲||灯坏|o"], &["|甲|东门|灯坏|o"]), "c 0 0");
        assert_eq!(moves(&["|甲||灯坏|o"], &["|甲|东门|灯坏|o", "|甲|西门|灯坏|o"]), "nn 1 2");
        assert_eq!(moves(&["|甲|西门|灯坏|o"], &["|甲|东门|灯坏|o"]), "n 1 1");
        assert_eq!(moves(&["|甲||灯坏|w", "|甲||门坏|o"], &["|甲||灯坏|o", "|甲||门坏|w"]), "n- 0 0");
    }
}
