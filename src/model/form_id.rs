//! The ids that a submission form gives to its rows: `DB-7K2M4QX-017-5T`.
//!
//! The first part names the form, the second the row, the last is reckoned from both. So an id is known wherever it turns
//! up, ids of two forms differ, and what was typed or counted up by a spreadsheet is told from what a form gave out. None is
//! a plain number, which would be taken for a 序号.

use crate::digest;

const PREFIX: &str = "DB-";
/// The number of characters that name the form, and of those that bear an id out; five bits each.
const FORM: usize = 7;
const CHECK: usize = 2;
/// The digits of the number of a row, at least and at most.
const ROW: std::ops::RangeInclusive<usize> = 3..=6;
/// Digits and letters without I, L, O and U, which are misread (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What names a form: the same for the same office, team, day and serial number, and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormCode(String);

impl FormCode {
    /// Returns the code of a form that is known by some texts.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        // The lengths keep the parts apart, whatever they hold.
        let lengths: Vec<String> = parts.iter().map(|part| part.len().to_string()).collect();
        let text = format!("{}\n{}", lengths.join(" "), parts.concat());
        Self(letters(&text, FORM))
    }

    /// Returns the code as it stands in ids.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the id of a row, by its number from 1.
    #[must_use]
    pub fn id(&self, row: u32) -> String {
        let body = format!("{PREFIX}{}-{row:03}", self.0);
        let check = letters(&body, CHECK);
        format!("{body}-{check}")
    }
}

/// Whether an id is one that a form gave out.
#[must_use]
pub fn is_form_id(id: &[u8]) -> bool {
    if !id.starts_with(PREFIX.as_bytes()) {
        return false;
    }
    let Some((body, check)) = std::str::from_utf8(id).ok().and_then(|id| id.rsplit_once('-')) else { return false };
    let Some((form, row)) = body.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-')) else { return false };
    form.len() == FORM
        && form.bytes().all(|byte| LETTERS.contains(&byte))
        && ROW.contains(&row.len())
        && row.bytes().all(|byte| byte.is_ascii_digit())
        && check == letters(body, CHECK)
}

/// The first bits of the SHA-256 of a text, five for each of `count` letters.
fn letters(text: &str, count: usize) -> String {
    let hash = digest::of(text.as_bytes());
    let bits = hash.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
    let letter = |at: usize| {
        let index = usize::try_from((bits >> (59 - 5 * at)) & 31).unwrap_or_default();
        LETTERS.get(index).copied().map_or('0', char::from)
    };
    (0..count).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_known_and_what_was_altered_is_not() {
        let code = FormCode::of(&["督查室", "第三工作专班", "2021-08-20", "1"]);
        let id = code.id(17);
        assert!(is_form_id(id.as_bytes()) && is_form_id(code.id(123_456).as_bytes()), "{id}");
        assert_eq!(id.len(), "DB-7K2M4QX-017-5T".len());
        // A spreadsheet counts up, a clerk types another row or small letters.
        for altered in
            [id.replace("-017-", "-018-"), id.to_lowercase(), format!("{id} "), id[..id.len() - 1].to_owned()]
        {
            assert!(!is_form_id(altered.as_bytes()), "{altered}");
        }
        for other in ["", "DB-", "DB-1", "WT-001", "DB-7K2M4QX-017", "17", "DB--017-5T"] {
            assert!(!is_form_id(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn forms_of_other_offices_teams_days_and_numbers_differ() {
        let of = |parts: &[&str]| FormCode::of(parts).id(1);
        let first = of(&["甲", "乙", "2021-08-20", "1"]);
        assert_eq!(first, of(&["甲", "乙", "2021-08-20", "1"]));
        for other in [
            ["甲乙", "", "2021-08-20", "1"],
            ["甲", "丙", "2021-08-20", "1"],
            ["甲", "乙", "2021-09-20", "1"],
            ["甲", "乙", "2021-08-20", "2"],
        ] {
            assert_ne!(first, of(&other), "{other:?}");
        }
    }
}
