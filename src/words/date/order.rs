//! The order of year, month and day in a date of three short numbers.

use std::fmt;
use std::str::FromStr;

/// The order of year, month and day, which decides what `03/04/2021` means.
///
/// It matters only for ambiguous spellings. If it is not given, such a spelling is a fault rather than a guess, because
/// a wrong guess would be a valid day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// Year, month, day: `21/8/3`, as in Chinese.
    Ymd,
    /// Day, month, year: `3/8/2021`.
    Dmy,
    /// Month, day, year: `8/3/2021`.
    Mdy,
}

impl fmt::Display for DateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ymd => "ymd",
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
        })
    }
}

impl FromStr for DateOrder {
    type Err = UnknownDateOrder;

    /// Reads `ymd`, `dmy` or `mdy`, in either letter case.
    ///
    /// # Errors
    /// The text is anything else.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "ymd" => Ok(Self::Ymd),
            "dmy" => Ok(Self::Dmy),
            "mdy" => Ok(Self::Mdy),
            _ => Err(UnknownDateOrder),
        }
    }
}

/// The error for a text that is not the name of a [`DateOrder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownDateOrder;

impl fmt::Display for UnknownDateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown date order; use `ymd`, `dmy` or `mdy`")
    }
}

impl std::error::Error for UnknownDateOrder {}
