//! Issue, inspection and measure: typed values, with the row they were read from.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, LazyLock, OnceLock};

use chrono::NaiveDate;

use crate::model::declared::DeclaredTotal;
use crate::model::field::Field;
pub use crate::model::profile::{Profile, Values};
use crate::model::row::SomeRow;
use crate::model::status_flags::StatusFlags;
use crate::model::value::UNSTATED;
use crate::model::value_ids::{Meanings, Slot, ValueIds};
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
/// Values that are counted or compared, including those of [`Profile`], are parsed once and kept here; text stays in
/// the row and is looked up on demand. A value that could not be parsed is `None` here and reported as a fault.
#[derive(Clone, Debug)]
pub struct Issue<'r> {
    /// The cells it was read from.
    pub row: SomeRow<'r>,
    /// The values that are counted by; [`Deref`] gives access to them.
    pub(crate) values: IssueValues<'r>,
    /// The date it was found.
    pub found_on: Option<NaiveDate>,
    /// The date it was assigned to the unit.
    pub assigned_on: Option<NaiveDate>,
    /// The last day that is still in time; a deadline in words has been converted to a date.
    pub deadline: Option<NaiveDate>,
    /// The date it was rectified.
    pub rectified_on: Option<NaiveDate>,
    /// Whether it was rectified on the day of the deadline, but after its hour. False unless the log has both hours.
    pub past_the_hour: bool,
    /// The date the rectification was verified.
    pub verified_on: Option<NaiveDate>,
    /// The date it was closed (销号).
    pub closed_on: Option<NaiveDate>,
}

/// The values of an issue that are counted by: as numbers while it is read, and as a [`Profile`] once somebody asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct IssueValues<'r> {
    coded: Option<Coded<'r>>,
    /// What they say, if it is known without a look at them.
    flags: Option<StatusFlags>,
    own: Option<Arc<Profile>>,
    /// What was built of the numbers.
    built: OnceLock<Arc<Profile>>,
}

/// The values of an issue as numbers, and what these mean.
#[derive(Clone, Debug)]
pub(crate) struct Coded<'r> {
    pub(crate) ids: ValueIds,
    pub(crate) meanings: &'r Meanings,
}

impl<'r> IssueValues<'r> {
    /// The values behind numbers.
    #[inline]
    pub(crate) fn coded(ids: ValueIds, meanings: &'r Meanings, flags: StatusFlags) -> Self {
        Self { coded: Some(Coded { ids, meanings }), flags: Some(flags), own: None, built: OnceLock::new() }
    }

    /// The values of a profile.
    pub(crate) fn of(profile: Arc<Profile>) -> Self {
        Self { own: Some(profile), ..Self::default() }
    }

    #[inline]
    fn profile(&self) -> &Arc<Profile> {
        if let Some(own) = &self.own {
            return own;
        }
        self.built.get_or_init(|| match &self.coded {
            Some(Coded { ids, meanings }) => meanings.profile(ids),
            None => Arc::default(),
        })
    }

    fn profile_mut(&mut self) -> &mut Profile {
        let profile = Arc::clone(self.profile());
        *self = Self::default();
        Arc::make_mut(self.own.insert(profile))
    }

    /// The same without numbers, which mean nothing beyond the reader.
    fn into_owned(self) -> IssueValues<'static> {
        let own = Some(Arc::clone(self.profile()));
        IssueValues { own, flags: self.flags, ..IssueValues::default() }
    }
}

impl Deref for Issue<'_> {
    type Target = Profile;

    #[inline]
    fn deref(&self) -> &Profile {
        self.values.profile()
    }
}

impl DerefMut for Issue<'_> {
    /// Returns the profile for a change that affects only this issue.
    fn deref_mut(&mut self) -> &mut Profile {
        self.values.profile_mut()
    }
}

impl<'r> Issue<'r> {
    /// Returns an issue without any parsed value.
    #[must_use]
    pub fn new(row: impl Into<SomeRow<'r>>) -> Self {
        Self::of(row, IssueValues::default())
    }

    /// Returns an issue with values but without any parsed date.
    #[must_use]
    #[inline]
    pub(crate) fn of(row: impl Into<SomeRow<'r>>, values: IssueValues<'r>) -> Self {
        Self {
            row: row.into(),
            values,
            found_on: None,
            assigned_on: None,
            deadline: None,
            rectified_on: None,
            past_the_hour: false,
            verified_on: None,
            closed_on: None,
        }
    }

    /// Returns the issue with its own copy of the row, so that it outlives the reader's buffer.
    #[must_use]
    pub fn into_owned(self) -> Issue<'static> {
        let row = self.row.into_kept();
        let values = self.values.into_owned();
        Issue { row, values, ..self }
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

    /// Returns the id in the log, or else its place as [`place_id`](Self::place_id): a name for messages. What an issue is
    /// recognised by is its [identity](crate::model::identity).
    #[must_use]
    pub fn id(&self, stem: &str) -> String {
        let written = self.text(Field::Id);
        if written.is_empty() { self.place_id(stem) } else { written.into_owned() }
    }

    /// Returns `stem:line` from the stem of its file
    /// ([`Source::stem`](crate::source::Source::stem)), which is stable while the file is unchanged. If several issues
    /// begin on a line, the second is `stem:line.2`.
    #[must_use]
    pub fn place_id(&self, stem: &str) -> String {
        match self.row.before {
            0 => format!("{stem}:{}", self.row.line),
            before => format!("{stem}:{}.{}", self.row.line, before + 1),
        }
    }

    /// Returns what its status and disposition say about its state.
    #[inline]
    pub(crate) fn flags(&self) -> StatusFlags {
        self.values.flags.unwrap_or_else(|| StatusFlags::of(self))
    }

    /// Returns its unit, site and categories, by which equal issues are found, without asking for its other values.
    #[inline]
    pub(crate) fn names(&self) -> [&[Symbol]; 3] {
        match self.coded() {
            Some(Coded { ids, meanings }) => {
                [Slot::Unit, Slot::Site, Slot::Category].map(|slot| meanings.values(ids, slot))
            }
            None => [self.unit.as_slice(), self.site.as_slice(), self.categories.as_slice()],
        }
    }

    /// Returns the values of a field that issues are counted by, as the log states them: none where it states none, or none
    /// of the list. Others than those of the status are had without a look at the rest.
    #[inline]
    pub(crate) fn stated(&self, field: Field) -> &[Symbol] {
        if let (Some(Coded { ids, meanings }), Some(slot)) =
            (self.coded(), Slot::of(field).filter(|slot| *slot != Slot::Status))
        {
            return meanings.values(ids, slot);
        }
        match field {
            Field::Category => &self.categories,
            Field::Tags => &self.tags,
            Field::CoUnits => &self.co_units,
            Field::Unit => self.unit.as_slice(),
            Field::Team => self.team.as_slice(),
            Field::Region => self.region.as_slice(),
            Field::Site => self.site.as_slice(),
            Field::SiteType => self.site_type.as_slice(),
            Field::Severity => self.severity.as_slice(),
            Field::Disposition => self.disposition.as_slice(),
            Field::Status => self.status.as_slice(),
            Field::Source => self.source.as_slice(),
            _ => &[],
        }
    }

    /// Returns its values as numbers, if it is being read and was not changed.
    #[inline]
    pub(crate) fn coded(&self) -> Option<&Coded<'r>> {
        self.values.coded.as_ref()
    }

    /// Whether it was withdrawn (撤销): such an issue is not counted at all.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.flags().withdrawn()
    }

    /// Returns the text of a field, as [`Row::text`](crate::model::Row::text).
    #[must_use]
    pub fn text(&self, field: Field) -> Cow<'_, str> {
        self.row.text(field)
    }

    /// Returns the parsed date of a date field or the deadline; `None` for other fields.
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

    /// Returns the values of any field: those of the profile, the date of a date field, or else the text.
    #[must_use]
    pub fn values(&self, field: Field) -> Values {
        match self.several(field) {
            Some(several) => several.clone(),
            None => self.single(field).into_iter().collect(),
        }
    }

    /// Returns the values of a field that may have several; `None` for other fields.
    /// A category that the log does not state is [`UNSTATED`].
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

    /// Returns the value of a field that has at most one; `None` for fields that may have several.
    /// A disposition that the log does not state is [`UNSTATED`].
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

/// A visit or round of visits (督查/检查).
#[derive(Clone, Debug)]
pub struct Inspection<'r> {
    /// The cells it was read from.
    pub row: SomeRow<'r>,
    /// The date, or the first day of a round.
    pub date: Option<NaiveDate>,
    /// The last day of a round of several days.
    pub to: Option<NaiveDate>,
    /// The team.
    pub team: Option<Symbol>,
    /// The unit inspected.
    pub unit: Option<Symbol>,
    /// Number of sites seen.
    pub sites: Option<u64>,
    /// The names of the sites, if the log has them.
    pub site_names: Values,
    /// Number of opinions given.
    pub opinions: Option<u64>,
    /// Number of issues found, as the inspection states it. Issues are counted by their own rows.
    pub issues_found: Option<u64>,
    /// Regular or special (常态, 重点).
    pub mode: Option<Symbol>,
    /// The scope (点, 线, 面).
    pub scope: Option<Symbol>,
    /// The area.
    pub region: Option<Symbol>,
    /// The campaigns and channels it belongs to.
    pub tags: Values,
}

impl Inspection<'_> {
    /// Returns the inspection with its own copy of the row, so that it outlives the reader's buffer.
    #[must_use]
    pub fn into_owned(self) -> Inspection<'static> {
        let row = self.row.into_kept();
        Inspection { row, ..self }
    }
}

/// A measure taken by the office, such as an interview or a case.
#[derive(Clone, Debug)]
pub struct Measure<'r> {
    /// The cells it was read from.
    pub row: SomeRow<'r>,
    /// `interview`, `case`, or as written.
    pub kind: Option<Symbol>,
    /// The date of the interview, or the date the case was filed.
    pub date: Option<NaiveDate>,
    /// The date the case was closed.
    pub closed_on: Option<NaiveDate>,
    /// The unit concerned.
    pub unit: Option<Symbol>,
    /// Number of people; 1 if the log has no number.
    pub people: u64,
    /// The campaigns and channels it belongs to.
    pub tags: Values,
    /// The ids of the issues that led to it.
    pub issues: Values,
}

impl Measure<'_> {
    /// Returns the measure with its own copy of the row, so that it outlives the reader's buffer.
    #[must_use]
    pub fn into_owned(self) -> Measure<'static> {
        let row = self.row.into_kept();
        Measure { row, ..self }
    }
}

/// An entry of a log.
#[derive(Clone, Debug)]
pub enum Entry<'r> {
    /// An issue.
    Issue(Issue<'r>),
    /// An inspection.
    Inspection(Inspection<'r>),
    /// A measure.
    Measure(Measure<'r>),
    /// A declared count, which must match the issues of the same source.
    Declared(DeclaredTotal<'r>),
}
