//! The fields that a condition asks for.

use crate::model::Field;

/// What a condition asks of an issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asks {
    /// The fields, in the order in which the condition names them.
    pub(crate) fields: Vec<Field>,
    /// A bit for each field without which the condition can't be told.
    pub(crate) needs: u64,
    /// A bit for each field of which it asks whether the cell is blank.
    pub(crate) blanks: u64,
}

impl Asks {
    /// Returns those of the fields without which it can't be told that are not among `present`; a bit is a field.
    pub(super) fn missing(&self, present: u64) -> u64 {
        self.needs & !with_status(present)
    }
}

/// The bit of a field.
pub(crate) fn bit(field: Field) -> u64 {
    1 << field as u32
}

/// The status is what all columns of it say together.
fn with_status(present: u64) -> u64 {
    let says = [Field::Status, Field::Progress, Field::SignedOff, Field::Review].map(bit);
    if says.iter().any(|one| present & one != 0) { present | bit(Field::Status) } else { present }
}
