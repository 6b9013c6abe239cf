//! The values of an issue that are counted by, shared by all issues of a file with equal values.

use smallvec::SmallVec;

use crate::model::field::Field;
use crate::words::symbol::Symbol;

/// The values of a field that may have several; inline up to two, which is nearly always enough.
pub type Values = SmallVec<[Symbol; 2]>;

/// The values of an issue that are counted by. Issues of a file with equal values share one profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Profile {
    /// The unit responsible for rectification, by its name in the project.
    pub unit: Option<Symbol>,
    /// The group of that unit, if the project declares one.
    pub group: Option<Symbol>,
    /// The team that found it.
    pub team: Option<Symbol>,
    /// The area.
    pub region: Option<Symbol>,
    /// The site where it was found.
    pub site: Option<Symbol>,
    /// The type of that site.
    pub site_type: Option<Symbol>,
    /// The severity.
    pub severity: Option<Symbol>,
    /// How it was handled when it was found: the canonical key, or the text as written if it has none.
    pub disposition: Option<Symbol>,
    /// The status in the log: the canonical key, or the text as written if it has none.
    pub status: Option<Symbol>,
    /// The source it came from.
    pub source: Option<Symbol>,
    /// The categories.
    pub categories: Values,
    /// The campaigns and channels it belongs to.
    pub tags: Values,
    /// The supporting units.
    pub co_units: Values,
}

impl Profile {
    /// The fields of a profile, in the order of [`Field`].
    pub const FIELDS: [Field; 12] = [
        Field::Team,
        Field::Unit,
        Field::CoUnits,
        Field::Region,
        Field::Site,
        Field::SiteType,
        Field::Category,
        Field::Severity,
        Field::Source,
        Field::Tags,
        Field::Disposition,
        Field::Status,
    ];

    /// Returns the index of a field in [`Profile::FIELDS`].
    pub(crate) fn place_of(field: Field) -> Option<usize> {
        Self::FIELDS.iter().position(|other| *other == field)
    }
}
