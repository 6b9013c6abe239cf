//! What a check asks for.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::album::PhotoFolders;
use crate::check::earlier::EarlierSubmission;

/// What a check asks for.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions<'a> {
    /// Dates after it are in the future, and allowances that end before it have expired.
    pub as_of: NaiveDate,
    /// The submission to compare with.
    pub earlier: Option<&'a Arc<EarlierSubmission>>,
    /// The folders in which the photos of the issues are looked for, beside the logs, if they are to be told of, too.
    pub photos: Option<&'a PhotoFolders>,
    /// Whether the logs are all that the config names: an allowance of the config that nothing in them needs is needed
    /// nowhere.
    pub is_whole: bool,
}

impl CheckOptions<'_> {
    /// Logs by themselves, on a day.
    #[must_use]
    pub fn on(as_of: NaiveDate) -> Self {
        Self { as_of, earlier: None, photos: None, is_whole: false }
    }
}
