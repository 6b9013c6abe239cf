//! The names of the lists of a data set.

/// A list of records that functions can be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is a list of the data set")]
pub enum ListName {
    Issues,
    Inspections,
    Measures,
    Documents,
    Teams,
    Sites,
    Categories,
    Units,
}

/// Where rows are that figures count: in which list, and of which logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowList {
    /// Whether they are of the earlier submission.
    pub(crate) is_earlier: bool,
    /// The list.
    pub(crate) list: ListName,
}

impl ListName {
    /// All of them, with their names.
    pub const ALL: [(&'static str, Self); 8] = [
        ("issues", Self::Issues),
        ("inspections", Self::Inspections),
        ("measures", Self::Measures),
        ("documents", Self::Documents),
        ("teams", Self::Teams),
        ("sites", Self::Sites),
        ("categories", Self::Categories),
        ("units", Self::Units),
    ];

    /// The list of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, list)| *list)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }
}
