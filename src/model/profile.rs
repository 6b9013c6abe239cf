//! The values of an issue that are counted by, one set for all issues of a file that have the same.

use smallvec::SmallVec;

use crate::model::field::Field;
use crate::words::symbol::Symbol;

/// The values of a field that may hold several; nearly always one or two.
pub type Values = SmallVec<[Symbol; 2]>;

/// What the cells of an issue spell that is counted by: one for all issues of a file that say the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Who must put it right, by the project's name for it.
    pub unit: Option<Symbol>,
    /// The group of that unit, where the project declares one.
    pub group: Option<Symbol>,
    /// Who found it.
    pub team: Option<Symbol>,
    /// The area.
    pub region: Option<Symbol>,
    /// Where it was found.
    pub site: Option<Symbol>,
    /// What sort of place that is.
    pub site_type: Option<Symbol>,
    /// How grave it is.
    pub severity: Option<Symbol>,
    /// How it was handled when found; none where the log states nothing, or nothing that the vocabulary knows.
    pub disposition: Option<Symbol>,
    /// The status as written, by its canonical key where it has one. Where several columns tell (整改状态, 是否销号,
    /// 复查结果) it is what they say together.
    pub status: Option<Symbol>,
    /// Whether the log says that it is not closed (否 under 是否销号), whatever else it says.
    pub not_closed: bool,
    /// Where it came from.
    pub source: Option<Symbol>,
    /// What it is about; none where the log states nothing, or nothing that the project's list knows.
    pub categories: Values,
    /// Campaigns and channels it belongs to.
    pub tags: Values,
    /// Units that help.
    pub co_units: Values,
}

impl Profile {
    /// The fields that it is made of, in the order of [`Field`].
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

    /// Where among these a field is.
    pub(crate) fn place_of(field: Field) -> Option<usize> {
        Self::FIELDS.iter().position(|other| *other == field)
    }
}
