//! What belongs to a person.

use std::ops::Range;

/// What belongs to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalData {
    /// The number of an identity card or of a residence card that takes its place.
    IdCard,
    /// The number of a passport or another travel document.
    Passport,
    /// A mobile telephone.
    Mobile,
    /// Any other telephone.
    Telephone,
    /// A bank card.
    BankCard,
    /// A licence plate.
    Plate,
    /// An e-mail address.
    Email,
    /// Where somebody lives.
    Dwelling,
}

/// A candidate in the plain form of a text.
pub(super) struct Candidate {
    pub(super) range: Range<usize>,
    pub(super) kind: PersonalData,
}
