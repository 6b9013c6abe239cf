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
    /// How it was handled when it was found; `None` if the log does not state it, or not in a word of the vocabulary.
    pub disposition: Option<Symbol>,
    /// The status in the log: the canonical key, or the text as written if it has none. If several columns say it (整改状态, 是否销号,
    /// 复查结果) it is what they say together.
    pub status: Option<Symbol>,
    /// Whether the log says that it is not closed (否 under 是否销号), whatever else it says.
    pub not_closed: bool,
    /// Two columns that contradict each other about the status, the one that counts first.
    pub contradiction: Option<(Field, Field)>,
    /// The source it came from.
    pub source: Option<Symbol>,
    /// The categories; empty if the log states none, or none of the project's list.
    pub categories: Values,
    /// The campaigns and channels it belongs to.
    pub tags: Values,
    /// The supporting units.
    pub co_units: Values,
}

impl Profile {
    /// The fields of a profile, in the order of [`Field`].
    pub const FIELDS: [Field; 15] = [
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
        Field::Progress,
        Field::Status,
        Field::SignedOff,
        Field::Review,
    ];

    /// Whether it holds the values of a field. What 整改情况 and the columns beside the status say is in the status.
    #[must_use]
    pub fn holds(field: Field) -> bool {
        Self::FIELDS.contains(&field) && field != Field::Progress && !field.is_column_only()
    }
}
