//! When a photo of an issue was taken: before, during or after its rectification.

use crate::words::lang::Lang;

/// When a photo of an issue was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Before it was put right.
    Before,
    /// While it was.
    During,
    /// After it was.
    After,
    /// The log does not tell.
    #[default]
    Other,
}

impl Stage {
    /// All of them, in their order in papers.
    pub const ALL: [Self; 4] = [Self::Before, Self::During, Self::After, Self::Other];

    /// Its name in templates and data; empty where the log does not tell the stage.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::During => "during",
            Self::After => "after",
            Self::Other => "",
        }
    }

    /// The stage with a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Before => lang.pick("整改前", "Before"),
            Self::During => lang.pick("整改中", "During"),
            Self::After => lang.pick("整改后", "After"),
            Self::Other => lang.pick("照片", "Photo"),
        }
    }
}
