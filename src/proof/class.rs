//! The classes of what a proof tells: by their keys `dispatch --final` is let through.

use crate::words::lang::Lang;

/// A class of what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofClass {
    /// Numbers that are not what the draft has there.
    Changed,
    /// Figures that the draft has not.
    New,
    /// Figures of the draft that are gone.
    Missing,
    /// Sums, shares and totals that do not agree.
    Sums,
    /// Units and persons.
    Names,
    /// Descriptions of issues.
    Altered,
    /// Lines under another heading.
    Moved,
    /// Slips of the pen.
    Slips,
    /// What the draft left to be filled in: no fault of an edited document, but a reason not to send it out.
    Blanks,
}

impl ProofClass {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Changed,
        Self::New,
        Self::Missing,
        Self::Sums,
        Self::Names,
        Self::Altered,
        Self::Moved,
        Self::Slips,
        Self::Blanks,
    ];

    /// Its name in JSON and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::New => "new",
            Self::Missing => "missing",
            Self::Sums => "sums",
            Self::Names => "names",
            Self::Altered => "altered",
            Self::Moved => "moved",
            Self::Slips => "slips",
            Self::Blanks => "blanks",
        }
    }

    /// The class with a name.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.key() == key)
    }

    /// Its heading in a report.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Changed => lang.pick("改动", "Changed"),
            Self::New => lang.pick("新增", "New"),
            Self::Missing => lang.pick("缺少", "Missing"),
            Self::Sums => lang.pick("合不上", "Does not agree"),
            Self::Names => lang.pick("单位、人名", "Units and persons"),
            Self::Altered => lang.pick("描述有改动", "Descriptions altered"),
            Self::Moved => lang.pick("换了标题", "Under another heading"),
            Self::Slips => lang.pick("笔误", "Slips"),
            Self::Blanks => lang.pick("拟稿留空，尚未填写", "Left to be filled in by the draft"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::CodeTable;

    #[test]
    fn no_class_is_called_like_a_code() {
        for class in ProofClass::ALL {
            assert_eq!(ProofClass::of_key(class.key()), Some(class));
            assert!(CodeTable::default().find(class.key()).is_err(), "{}", class.key());
        }
    }
}
