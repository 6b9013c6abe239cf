//! Days written as `2021-08-03`, read without a look at the calendar.

use chrono::NaiveDate;

use crate::delimited::cells::Padded;
use crate::words::date;

/// Number of days that are kept: those of eight years, each at a place of its own.
const PLACES: usize = 8 << DAY_BITS;
/// Bits for month and day of month.
const DAY_BITS: u32 = 9;

/// The days read last.
#[derive(Debug, Default)]
pub(in crate::log) struct IsoDays(Vec<(u32, Option<NaiveDate>)>);

impl IsoDays {
    /// Returns the day in a cell; `None` if it isn't written that way or isn't in the calendar.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a row has several days, and a call costs as much")]
    pub(in crate::log) fn get(&mut self, cell: &Padded<'_>) -> Option<NaiveDate> {
        let key = key(cell)?;
        match self.0.get(key as usize % PLACES) {
            Some((known, day)) if *known == key => *day,
            _ => self.read(key, cell),
        }
    }

    #[cold]
    fn read(&mut self, key: u32, cell: &Padded<'_>) -> Option<NaiveDate> {
        if self.0.is_empty() {
            self.0 = vec![(0, None); PLACES];
        }
        let day = date::parse_common(cell.bytes.get(..cell.length)?)?;
        self.0[key as usize % PLACES] = (key, Some(day));
        Some(day)
    }
}

/// Returns year, month and day of month in one number that no other day has; `None` if the cell is no four digits, a
/// hyphen, two digits, a hyphen and two digits.
#[inline]
fn key(cell: &Padded<'_>) -> Option<u32> {
    /// What the first eight bytes are but for the values of the digits.
    const FORM: u64 = u64::from_le_bytes(*b"0000-00-");
    const HYPHENS: u64 = u64::from_le_bytes([0, 0, 0, 0, 0xff, 0, 0, 0xff]);
    /// Added to a byte of up to 9 it leaves the highest bit clear.
    const TO_HIGHEST_BIT: u64 = u64::from_le_bytes([0x76; 8]);
    const HIGHEST_BITS: u64 = u64::from_le_bytes([0x80; 8]);
    if cell.length != 10 {
        return None;
    }
    let first = u64::from_le_bytes(*cell.bytes.first_chunk()?) ^ FORM;
    let last = u64::from(cell.bytes[8] ^ b'0') | u64::from(cell.bytes[9] ^ b'0') << 8;
    let is_too_high = |bytes: u64| (bytes.wrapping_add(TO_HIGHEST_BIT) | bytes) & HIGHEST_BITS;
    if (first & HYPHENS) | is_too_high(first) | is_too_high(last) != 0 {
        return None;
    }
    let digit = |bytes: u64, at: u32| u32::from(bytes.to_le_bytes()[at as usize]);
    let year = digit(first, 0) * 1000 + digit(first, 1) * 100 + digit(first, 2) * 10 + digit(first, 3);
    let month = digit(first, 5) * 10 + digit(first, 6);
    let day = digit(last, 0) * 10 + digit(last, 1);
    (month <= 12 && day <= 31).then_some(year << DAY_BITS | month << 5 | day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A day is read as the parser of dates reads it, whatever was read before; what isn't read is no such date.
        #[test]
        fn days_are_those_of_the_parser(
            cells in proptest::collection::vec("[12][089][0-9]{2}-[01][0-9]-[0-3][0-9]|2021[-/ ][0-9a:]{2}-[0-9/]{2}|.{0,11}", 1..60),
            following in any::<u8>(),
        ) {
            let mut days = IsoDays::default();
            for text in cells.iter().chain(&cells) {
                let mut bytes = [following; Padded::MOST];
                let length = text.len();
                prop_assume!(length < Padded::MOST);
                bytes[..length].copy_from_slice(text.as_bytes());
                let found = days.get(&Padded { bytes: &bytes, length });
                let is_iso = length == 10 && text.char_indices().all(|(at, c)| if at == 4 || at == 7 { c == '-' } else { c.is_ascii_digit() });
                let expected = date::parse_common(text.as_bytes()).filter(|_| is_iso);
                prop_assert_eq!(found, expected, "{}", text);
            }
        }
    }
}
