//! What makes an issue the same issue: what it says, not where it stands.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::Hasher as _;

use chrono::NaiveDate;
use rustc_hash::{FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization as _, is_nfkc_quick};

use crate::digest;
use crate::model::Field;
use crate::model::form_id::is_form_id;
use crate::model::record::Issue;
use crate::place::SourceId;
use crate::words::symbol::Symbol;

/// The identity of an issue: unit, site, day of finding and description.
///
/// It is the same after the rows of a log were sorted, a row was put in above, the file was renamed or saved in another
/// format, a date was spelt otherwise, or status, other days and notes were changed. It is another one if a single word
/// of the description differs.
///
/// Unit and site are canonical names. The description is [`normalised`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct IssueIdentity {
    /// The unit; empty if the row has none.
    pub unit: String,
    /// The site; empty if the row has none.
    pub site: String,
    /// The day of finding.
    pub found_on: Option<NaiveDate>,
    /// The description, normalised.
    pub description: String,
}

impl IssueIdentity {
    /// Returns the identity of an issue.
    #[must_use]
    pub fn of(issue: &Issue<'_>) -> Self {
        let name = |value: Option<Symbol>| value.map_or("", Symbol::as_str).to_owned();
        Self {
            unit: name(issue.unit),
            site: name(issue.site),
            found_on: issue.found_on,
            description: normalised(&issue.text(Field::Description)),
        }
    }

    /// Returns the key: `k-` and the first 12 hexadecimal digits of the SHA-256 of the four parts.
    #[must_use]
    pub fn key(&self) -> String {
        let day = self.found_on.map_or_else(String::new, |day| day.to_string());
        let parts = [normalised(&self.unit), normalised(&self.site), day, self.description.clone()];
        // A part never holds U+0000, which `normalised` drops.
        let hash = digest::of(parts.join("\0").as_bytes());
        format!("{KEY_PREFIX}{}", hash.get(..KEY_DIGITS).unwrap_or_default())
    }

    /// Whether two identities differ at most in the site, and there only because one side has none.
    #[must_use]
    pub fn fits(&self, other: &Self) -> bool {
        let same = |a: &str, b: &str| a == b || normalised(a) == normalised(b);
        self.found_on == other.found_on
            && self.description == other.description
            && same(&self.unit, &other.unit)
            && (self.site.is_empty() || other.site.is_empty() || same(&self.site, &other.site))
    }
}

const KEY_PREFIX: &str = "k-";
const KEY_DIGITS: usize = 12;

/// Whether a text may be the place of an issue (`stem:line`, `stem:line.part`) or a 序号: what registers of the first version
/// call one that has no id.
#[must_use]
pub fn is_place(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number(text) || text.rsplit_once(':').is_some_and(|(_, line)| is_number(&line.replacen('.', "", 1)))
}

/// Whether a text is a key, perhaps with the `.2` that tells equal rows of a run apart.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let Some((digits, rest)) = text.strip_prefix(KEY_PREFIX).and_then(|text| text.split_at_checked(KEY_DIGITS)) else {
        return false;
    };
    let is_count = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && (rest.is_empty() || rest.strip_prefix('.').is_some_and(is_count))
}

/// Returns the form in which descriptions are compared.
///
/// Compatibility and full-width forms are folded (NFKC: `Ａ` is `A`, a Kangxi radical is its ideograph), Latin letters are
/// in lower case. White space, line breaks, zero-width and other control characters, and punctuation at the end are
/// dropped: they come and go when a ledger is saved by another program. Digits and punctuation within stay.
#[must_use]
pub fn normalised(text: &str) -> String {
    as_normalised(text).into_owned()
}

/// Returns what [`normalised`] does: the text itself, but for its end, if there is nothing to normalise. Asked of every
/// row of a log.
#[must_use]
pub fn as_normalised(text: &str) -> Cow<'_, str> {
    if unchanged(text.as_bytes()) == text.len() {
        return Cow::Borrowed(text.trim_end_matches(is_closing));
    }
    Cow::Owned(plainly_normalised(text).unwrap_or_else(|| normalised_by_tables(text)))
}

/// The punctuation at the end of a description that is dropped.
fn is_closing(c: char) -> bool {
    matches!(c, '。' | '.' | '｡' | ';' | ',' | '、' | '!' | ':' | '…' | '・')
}

/// The length in bytes of what stays as it is at the start of a text: common ideographs, and ASCII without blanks and
/// capitals.
#[inline]
fn unchanged(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'!'..=b'@' | b'['..=b'~' => 1,
            // U+4E00 to U+9FFF.
            0xe5..=0xe9 => 3,
            0xe4 if bytes.get(at + 1) >= Some(&0xb8) => 3,
            _ => break,
        };
    }
    at
}

/// The normalised form of a text of ASCII, common ideographs, full-width forms and Chinese quotes only: each of them is
/// folded by itself, and none joins another.
fn plainly_normalised(text: &str) -> Option<String> {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    loop {
        let (run, others) = rest.split_at_checked(unchanged(rest.as_bytes()))?;
        out.push_str(run);
        let mut chars = others.chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
            '\u{3000}' => ' ',
            _ => c,
        };
        match c {
            '\0'..='\u{7f}' if c.is_ascii_whitespace() || c.is_ascii_control() => {}
            '\0'..='\u{7f}' => out.push(c.to_ascii_lowercase()),
            '、' | '。' | '《' | '》' | '“' | '”' => out.push(c),
            _ => return None,
        }
    }
    out.truncate(out.trim_end_matches(is_closing).len());
    Some(out)
}

fn normalised_by_tables(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let is_dropped = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
    };
    let push = |out: &mut String, c: char| {
        if !is_dropped(c) {
            out.extend(c.to_lowercase());
        }
    };
    if is_nfkc_quick(text.chars()) == unicode_normalization::IsNormalized::Yes {
        text.chars().for_each(|c| push(&mut out, c));
    } else {
        text.nfkc().for_each(|c| push(&mut out, c));
    }
    // A mark whose blank was dropped joins the letter before it: `g´` is g, a blank and an accent.
    if is_nfkc_quick(out.chars()) != unicode_normalization::IsNormalized::Yes {
        out = out.nfkc().flat_map(char::to_lowercase).collect();
    }
    out.truncate(out.trim_end_matches(is_closing).len());
    out
}

/// Whether the same id in another submission, or in a letter, is the same issue, by what of it is the same: unit, day of
/// finding, description.
///
/// Any of them will do, but for an id of a form the unit alone is not enough: a team writes of few units, and a row that was
/// copied from the form before, with its id, mostly has the same one.
#[must_use]
pub fn is_same_issue(id: &[u8], unit: bool, day: bool, description: bool) -> bool {
    day || description || unit && !is_form_id(id)
}

/// Tells for each source whether its id column is no id but a 序号: plain numbers that count up from the top of the table.
///
/// Such a number says where a row stands and not what it is: it begins again in every file, and changes when a row is put
/// in above.
///
/// It tells, too, which ids of a form are in several rows of one file: somebody copied a row with its id and wrote another
/// issue over it. Which of the rows was first can't be told once they are sorted, so that none has the id.
#[derive(Clone, Debug, Default)]
pub struct RowNumbers {
    of: BTreeMap<SourceId, NumberColumn>,
    forms: BTreeMap<SourceId, FormIds>,
}

/// The ids of forms in one source so far, as hashes, and those of them that several rows have.
#[derive(Clone, Debug, Default)]
struct FormIds {
    seen: FxHashSet<u64>,
    copied: FxHashSet<u64>,
}

impl FormIds {
    fn push(&mut self, id: &[u8]) {
        let hash = hash_of(id);
        if !self.seen.insert(hash) {
            self.copied.insert(hash);
        }
    }

    fn merge(&mut self, later: &Self) {
        self.copied.extend(later.seen.intersection(&self.seen).chain(&later.copied).copied().collect::<Vec<_>>());
        self.seen.extend(&later.seen);
    }
}

fn hash_of(id: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(id);
    hasher.finish()
}

/// The ids of one source so far. Sums tell whether they are a run of numbers in any order, as in a table sorted anew.
#[derive(Clone, Debug)]
struct NumberColumn {
    count: u64,
    first: u64,
    last: u64,
    least: u64,
    most: u64,
    hashes: u64,
    ascending: bool,
    numbers: bool,
}

impl Default for NumberColumn {
    fn default() -> Self {
        let (count, first, last, hashes) = (0, 0, 0, 0);
        Self { count, first, last, least: u64::MAX, most: 0, hashes, ascending: true, numbers: true }
    }
}

impl NumberColumn {
    fn push(&mut self, number: u64) {
        self.ascending &= self.count == 0 || number > self.last;
        if self.count == 0 {
            self.first = number;
        }
        self.count += 1;
        (self.last, self.least, self.most) = (number, self.least.min(number), self.most.max(number));
        self.hashes = self.hashes.wrapping_add(mixed(number));
    }

    fn merge(&mut self, later: &Self) {
        if later.count > 0 {
            self.ascending &= later.ascending && (self.count == 0 || later.first > self.last);
            if self.count == 0 {
                self.first = later.first;
            }
            self.count += later.count;
            (self.last, self.least, self.most) = (later.last, self.least.min(later.least), self.most.max(later.most));
            self.hashes = self.hashes.wrapping_add(later.hashes);
        }
        self.numbers &= later.numbers;
    }

    fn counts_up(&self) -> bool {
        if !self.numbers || self.count == 0 {
            return false;
        }
        let is_run = || {
            self.most - self.least == self.count - 1
                && (self.least..=self.most).fold(0_u64, |sum, n| sum.wrapping_add(mixed(n))) == self.hashes
        };
        self.ascending || is_run()
    }
}

/// Spreads a number over 64 bits (the finaliser of SplitMix64), so that only equal sets have equal sums.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

impl RowNumbers {
    /// Adds the id of an issue, in the order of the rows.
    pub fn push(&mut self, issue: &Issue<'_>) {
        let id = issue.row.bytes(Field::Id);
        if id.is_empty() {
            return;
        }
        if is_form_id(id) {
            self.forms.entry(issue.row.source).or_default().push(id);
        }
        let column = self.of.entry(issue.row.source).or_default();
        if column.numbers {
            match plain_number(id) {
                Some(number) => column.push(number),
                None => column.numbers = false,
            }
        }
    }

    /// Adds those of later rows.
    pub fn merge(&mut self, later: &Self) {
        for (source, column) in &later.of {
            self.of.entry(*source).or_default().merge(column);
        }
        for (source, ids) in &later.forms {
            self.forms.entry(*source).or_default().merge(ids);
        }
    }

    /// Whether the ids of a source are a 序号.
    #[must_use]
    pub fn are_of(&self, source: SourceId) -> bool {
        self.of.get(&source).is_some_and(NumberColumn::counts_up)
    }

    /// Whether an id of a form is in several rows of a source.
    #[must_use]
    pub fn is_copied(&self, source: SourceId, id: &str) -> bool {
        self.forms.get(&source).is_some_and(|ids| ids.copied.contains(&hash_of(id.as_bytes())))
    }

    /// Whether an id of a source is the identity of its row: it is there, no 序号, and no copy of that of another row.
    #[must_use]
    pub fn is_identity(&self, source: SourceId, id: &str) -> bool {
        !id.is_empty() && !self.are_of(source) && !self.is_copied(source, id)
    }

    /// The sources whose ids are a 序号.
    pub fn sources(&self) -> impl Iterator<Item = SourceId> {
        self.of.iter().filter(|(_, column)| column.counts_up()).map(|(source, _)| *source)
    }
}

/// Returns the value of up to 18 digits, half- or full-width.
fn plain_number(id: &[u8]) -> Option<u64> {
    if id.len() <= 18 && id.iter().all(u8::is_ascii_digit) {
        return std::str::from_utf8(id).ok()?.parse().ok();
    }
    let text = std::str::from_utf8(id).ok()?.nfkc().collect::<String>();
    let is_number = text.len() <= 18 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::form_id::FormCode;
    use crate::model::row::Row;
    use std::sync::Arc;

    #[test]
    fn what_a_program_changes_when_it_saves_changes_no_description() {
        let plain = normalised("A座3楼灭火器过期");
        for text in
            ["Ａ座３楼灭火器过期。", " a座3楼\n灭火器\u{200b}过期；", "A座 3楼\u{3000}灭火器过期……", "A座3楼灭⽕器过期"]
        {
            assert_eq!(normalised(text), plain, "{text}");
        }
        for text in ["A座4楼灭火器过期", "A座3楼灭火器未过期", "A座3楼，灭火器过期"] {
            assert_ne!(normalised(text), plain, "{text}");
        }
    }

    #[test]
    fn a_key_is_told_from_an_id() {
        let key = IssueIdentity::default().key();
        assert!(is_key(&key) && is_key(&format!("{key}.2")) && key.len() == 14);
        for id in ["WT-001", "k-1", "k-0123456789ab.", "k-0123456789AB", "k-0123456789abc", "k-灭火器过期了"] {
            assert!(!is_key(id), "{id}");
        }
    }

    #[test]
    fn a_blank_site_fits_any() {
        let identity = |site: &str| IssueIdentity { unit: "甲".into(), site: site.into(), ..IssueIdentity::default() };
        assert!(identity("").fits(&identity("东门")) && identity("东门").fits(&identity("")));
        assert!(!identity("西门").fits(&identity("东门")));
    }

    fn are_row_numbers(ids: &[&str]) -> bool {
        // Read as a whole and in two blocks: both must say the same.
        let read = |ids: &[&str]| {
            let mut numbers = RowNumbers::default();
            for id in ids {
                let mut row = Row::new(SourceId(0));
                Arc::make_mut(&mut row.columns).set(Field::Id, 0);
                row.push_cell(id, None);
                numbers.push(&Issue::new(row));
            }
            numbers
        };
        let whole = read(ids).are_of(SourceId(0));
        for at in 0..=ids.len() {
            let mut numbers = read(&ids[..at]);
            numbers.merge(&read(&ids[at..]));
            assert_eq!(numbers.are_of(SourceId(0)), whole, "{ids:?} {at}");
        }
        whole
    }

    #[test]
    fn numbers_that_count_up_are_no_ids() {
        for ids in
            [&["1", "2", "3"][..], &["41", "42"], &["1", "2", "", "4"], &["３", "1", "2"], &["7"], &["001", "002"]]
        {
            assert!(are_row_numbers(ids), "{ids:?}");
        }
        for ids in [&["WT-1", "WT-2"][..], &["1", "1", "2"], &["5", "3", "9"], &["1", "2", "A"], &["", ""]] {
            assert!(!are_row_numbers(ids), "{ids:?}");
        }
    }

    #[test]
    fn a_unit_alone_does_not_bear_out_an_id_of_a_form() {
        let form = FormCode::of(&["甲"]).id(1);
        for (id, expected) in [("WT-1", true), (form.as_str(), false)] {
            assert_eq!(is_same_issue(id.as_bytes(), true, false, false), expected, "{id}");
            assert!(
                is_same_issue(id.as_bytes(), false, true, false) && is_same_issue(id.as_bytes(), false, false, true)
            );
            assert!(!is_same_issue(id.as_bytes(), false, false, false));
        }
    }

    #[test]
    fn an_id_of_a_form_that_two_rows_have_is_neither_s() {
        let code = FormCode::of(&["甲"]);
        let (one, two) = (code.id(1), code.id(2));
        let mut numbers = [RowNumbers::default(), RowNumbers::default()];
        for (at, id) in [(0, &one), (0, &two), (1, &one)] {
            let mut row = Row::new(SourceId(0));
            Arc::make_mut(&mut row.columns).set(Field::Id, 0);
            row.push_cell(id, None);
            numbers[at].push(&Issue::new(row));
        }
        let [mut all, later] = numbers;
        assert!(all.is_identity(SourceId(0), &one));
        all.merge(&later);
        assert!(!all.is_identity(SourceId(0), &one) && all.is_identity(SourceId(0), &two));
        assert!(all.is_identity(SourceId(1), &one), "another file may carry the issue over");
    }

    proptest! {
        #[test]
        fn one_word_more_makes_another_issue(text in "[a-z\u{4e00}-\u{4e20}0-9，]{1,12}", at in 0_usize..12, word in "[a-z\u{4e00}-\u{4e20}0-9]") {
            let at = text.char_indices().nth(at % text.chars().count()).unwrap().0;
            let other = format!("{}{word}{}", &text[..at], &text[at..]);
            prop_assert_ne!(normalised(&text), normalised(&other));
        }

        #[test]
        fn plain_texts_are_normalised_as_by_the_tables(text in "([a-zA-Z0-9 .,，。；：！“”《》、\u{3000}\u{ff21}\u{ff5e}\u{9fff}\u{4e00}-\u{4e20}]|\t|\u{7f}|\n){0,20}") {
            prop_assert_eq!(plainly_normalised(&text), Some(normalised_by_tables(&text)));
            prop_assert_eq!(as_normalised(&text), normalised_by_tables(&text));
        }

        #[test]
        fn what_is_normalised_stays(text in "(\\PC|g´|[a-zA-Z][\u{301}\u{200b}´¨]){0,20}") {
            let once = normalised(&text);
            prop_assert_eq!(&once, &normalised_by_tables(&text));
            prop_assert_eq!(normalised(&once), once);
        }
    }
}
