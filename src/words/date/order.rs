//! The order of year, month and day in a date of three short numbers.

use std::fmt;
use std::str::FromStr;

/// What `03/04/2021` means: the order of year, month and day.
///
/// Only spellings that leave the order open ask for it. Where it is not given,
/// such a spelling is a fault rather than a guess, because a wrong guess is a
/// valid day.
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

    /// Reads `ymd`, `dmy` or `mdy`, in any letter case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "ymd" => Ok(Self::Ymd),
            "dmy" => Ok(Self::Dmy),
            "mdy" => Ok(Self::Mdy),
            _ => Err(UnknownDateOrder),
        }
    }
}

/// The fault of a text that names no [`DateOrder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownDateOrder;

impl fmt::Display for UnknownDateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an order of dates: use `ymd`, `dmy` or `mdy`")
    }
}

impl std::error::Error for UnknownDateOrder {}
