//! Issue, inspection and measure: typed values over the row they were read from.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;

use crate::model::field::Field;
pub use crate::model::profile::{Profile, Values};
use crate::model::profile_id::{ProfileId, StatusFlags};
use crate::model::row::SomeRow;
use crate::model::value::UNSTATED;
use crate::words::symbol::Symbol;

/// What a field has that must have a value, where the log states none.
static ONLY_UNSTATED: LazyLock<Values> = LazyLock::new(|| Values::from_slice(&[Symbol::new(UNSTATED)]));

/// The value of a disposition that the log does not state.
pub(crate) fn unstated() -> Symbol {
    static VALUE: LazyLock<Symbol> = LazyLock::new(|| Symbol::new(UNSTATED));
    *VALUE
}

/// A problem found at a unit (问题): one row of a log.
///
/// Values that are counted or compared are read once and held here, those of [`Profile`] among them; text stays in the
/// row and is looked up when asked for. A value that could not be read is `None` here and a fault elsewhere.
#[derive(Clone, Debug)]
pub struct Issue<'r> {
    /// The cells it was read from.
    pub row: SomeRow<'r>,
    /// What its cells spell.
    pub profile: Cow<'r, Arc<Profile>>,
    /// What is known of the profile, if it stands for many issues and was not changed for this one.
    pub(crate) known: Option<ProfileId>,
    /// The day it was found.
    pub found_on: Option<NaiveDate>,
    /// The day it was handed to the unit.
    pub assigned_on: Option<NaiveDate>,
    /// The last day that still counts as in time, words already resolved.
    pub deadline: Option<NaiveDate>,
    /// The day it was put right.
    pub rectified_on: Option<NaiveDate>,
    /// Put right on the day of the deadline, but after its hour, where the log gives both hours.
    pub past_the_hour: bool,
    /// The day that was checked.
    pub verified_on: Option<NaiveDate>,
    /// The day it was closed (销号).
    pub closed_on: Option<NaiveDate>,
}

impl Deref for Issue<'_> {
    type Target = Profile;

    #[inline]
    fn deref(&self) -> &Profile {
        &self.profile
    }
}

impl DerefMut for Issue<'_> {
    /// Its profile, to be changed for this issue alone.
    fn deref_mut(&mut self) -> &mut Profile {
        self.known = None;
        Arc::make_mut(self.profile.to_mut())
    }
}

impl<'r> Issue<'r> {
    /// An issue of which nothing has been read yet.
    #[must_use]
    pub fn new(row: impl Into<SomeRow<'r>>) -> Self {
        Self::of(row, Cow::Owned(Arc::default()), None)
    }

    /// An issue of which no day has been read yet.
    #[must_use]
    #[inline]
    pub(crate) fn of(row: impl Into<SomeRow<'r>>, profile: Cow<'r, Arc<Profile>>, known: Option<ProfileId>) -> Self {
        Self {
            row: row.into(),
            profile,
            known,
            found_on: None,
            assigned_on: None,
            deadline: None,
            rectified_on: None,
            past_the_hour: false,
            verified_on: None,
            closed_on: None,
        }
    }

    /// The same issue with a row of its own, to be kept after the reader has gone on.
    #[must_use]
    pub fn into_owned(self) -> Issue<'static> {
        let row = self.row.into_kept();
        let profile = Cow::Owned(self.profile.into_owned());
        Issue { row, profile, ..self }
    }

    /// The same issue with an id in its row, in place of the one written there or of none.
    #[must_use]
    pub(crate) fn with_id(self, id: &str) -> Issue<'static> {
        let mut issue = self.into_owned();
        if issue.text(Field::Id) != id {
            let mut row = issue.row.into_row();
            let cell = row.len();
            row.push_cell(id, None);
            Arc::make_mut(&mut row.columns).replace(Field::Id, cell);
            issue.row = row.into();
        }
        issue
    }

    /// Its id: as written, else `stem:line` from the stem of its file ([`Source::stem`](crate::source::Source::stem)),
    /// which stays the same while the file does. Where several begin on a line, the second is `stem:line.2`.
    #[must_use]
    pub fn id(&self, stem: &str) -> String {
        let written = self.text(Field::Id);
        if !written.is_empty() {
            return written.into_owned();
        }
        match self.row.before {
            0 => format!("{stem}:{}", self.row.line),
            before => format!("{stem}:{}.{}", self.row.line, before + 1),
        }
    }

    /// Returns what disposition, status and names say.
    #[inline]
    pub(crate) fn flags(&self) -> StatusFlags {
        self.known.map_or_else(|| StatusFlags::of(&self.profile), ProfileId::flags)
    }

    /// Whether it was taken back (撤销): such an issue is not counted at all.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.flags().withdrawn()
    }

    /// The text of a field as written.
    #[must_use]
    pub fn text(&self, field: Field) -> Cow<'_, str> {
        self.row.text(field)
    }

    /// A day of the issue, read.
    #[must_use]
    #[inline]
    pub fn date(&self, field: Field) -> Option<NaiveDate> {
        match field {
            Field::FoundOn => self.found_on,
            Field::AssignedOn => self.assigned_on,
            Field::Deadline => self.deadline,
            Field::RectifiedOn => self.rectified_on,
            Field::VerifiedOn => self.verified_on,
            Field::ClosedOn => self.closed_on,
            _ => None,
        }
    }

    /// The read values of a field that is counted by; text fields give their text.
    #[must_use]
    pub fn values(&self, field: Field) -> Values {
        match self.several(field) {
            Some(several) => several.clone(),
            None => self.single(field).into_iter().collect(),
        }
    }

    /// The values of a field that may have several. A category that the log does not state is [`UNSTATED`].
    #[must_use]
    #[inline]
    pub fn several(&self, field: Field) -> Option<&Values> {
        match field {
            Field::Category if self.categories.is_empty() => Some(&ONLY_UNSTATED),
            Field::Category => Some(&self.categories),
            Field::Tags => Some(&self.tags),
            Field::CoUnits => Some(&self.co_units),
            _ => None,
        }
    }

    /// The value of a field that has one at most; of others, nothing. A disposition that the log does not state is
    /// [`UNSTATED`].
    #[must_use]
    #[inline]
    pub fn single(&self, field: Field) -> Option<Symbol> {
        match field {
            Field::Unit => self.unit,
            Field::Team => self.team,
            Field::Region => self.region,
            Field::Site => self.site,
            Field::SiteType => self.site_type,
            Field::Severity => self.severity,
            Field::Disposition => Some(self.disposition.unwrap_or_else(unstated)),
            Field::Status => self.status,
            Field::Source => self.source,
            Field::Category | Field::Tags | Field::CoUnits => None,
            _ => match self.date(field) {
                Some(date) => Some(Symbol::new(&date.to_string())),
                None => Some(self.text(field)).filter(|text| !text.is_empty()).map(|text| Symbol::new(&text)),
            },
        }
    }
}

/// One visit or round (督查/检查).
#[derive(Clone, Debug)]
pub struct Inspection<'r> {
    /// The cells it was read from.
    pub row: SomeRow<'r>,
    /// The day, or the first day.
    pub date: Option<NaiveDate>,
    /// The last day of a round of several.
    pub to: Option<NaiveDate>,
    /// Who went.
    pub team: Option<Symbol>,
    /// Where to.
    pub unit: Option<Symbol>,
    /// How many sites were seen.
    pub sites: Option<u64>,
    /// Which sites, where the log names them.
    pub site_names: Values,
    /// How many opinions were given.
    pub opinions: Option<u64>,
    /// Regular or special (常态, 重点).
    pub mode: Option<Symbol>,
    /// The tier it belongs to (点, 线, 面).
    pub scope: Option<Symbol>,
    /// The area.
    pub region: Option<Symbol>,
    /// Campaigns and channels it belongs to.
    pub tags: Values,
}

impl Inspection<'_> {
    /// The same inspection with a row of its own.
    #[must_use]
    pub fn into_owned(self) -> Inspection<'static> {
        let row = self.row.into_kept();
        Inspection { row, ..self }
    }
}

/// A consequence that the office recorded: an interview, a case.
#[derive(Clone, Debug)]
pub struct Measure<'r> {
    /// The cells it was read from.
    pub row: SomeRow<'r>,
    /// `interview`, `case`, or as written.
    pub kind: Option<Symbol>,
    /// The day it was held or filed.
    pub date: Option<NaiveDate>,
    /// The day a case was closed.
    pub closed_on: Option<NaiveDate>,
    /// The unit concerned.
    pub unit: Option<Symbol>,
    /// How many persons; 1 where nothing is said.
    pub people: u64,
    /// Campaigns and channels it belongs to.
    pub tags: Values,
    /// The ids of the issues it follows from.
    pub issues: Values,
}

impl Measure<'_> {
    /// The same measure with a row of its own.
    #[must_use]
    pub fn into_owned(self) -> Measure<'static> {
        let row = self.row.into_kept();
        Measure { row, ..self }
    }
}

/// A count that a log declares of itself: one cell of a 合计 row, one entry of `totals:`.
#[derive(Clone, Debug)]
pub struct DeclaredTotal<'r> {
    /// The row it stands in.
    pub row: SomeRow<'r>,
    /// The cell of that row.
    pub cell: usize,
    /// What is counted: nothing for all issues found, else one value of one field.
    pub of: Option<(Field, Symbol)>,
    /// The count as declared.
    pub count: u64,
}

/// What a log holds, in the order in which it stands there.
#[derive(Clone, Debug)]
pub enum Entry<'r> {
    /// An issue.
    Issue(Issue<'r>),
    /// An inspection.
    Inspection(Inspection<'r>),
    /// A measure.
    Measure(Measure<'r>),
    /// A declared count, to be borne out by the issues of the same source.
    Declared(DeclaredTotal<'r>),
}
