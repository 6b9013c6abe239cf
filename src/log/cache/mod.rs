//! What came before is not looked up again: the fast path of tables.

pub(in crate::log) mod cell;
pub(in crate::log) mod profile;
pub(in crate::log) mod row;
pub(in crate::log) mod spelling;
