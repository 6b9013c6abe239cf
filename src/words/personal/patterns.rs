//! What is not digits alone: documents that begin with letters, licence plates, e-mail addresses, dwellings.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::words::personal::kind::{Candidate, PersonalData};

/// A pattern over the plain form of a text, and what holds of a match besides.
struct Pattern {
    kind: PersonalData,
    regex: Regex,
    /// Whether a text has the signs that every match has. A search costs a thousand times as much.
    may_match: MayMatch,
    /// Whether a match is one. It gets the match and the text before it.
    is_one: IsOne,
}

type MayMatch = fn(&Signs<'_>) -> bool;
type IsOne = fn(&str, &str) -> bool;

/// What a text has in it.
struct Signs<'t> {
    text: &'t str,
    digits: usize,
    letters: usize,
}

impl<'t> Signs<'t> {
    fn of(text: &'t str) -> Self {
        let count = |is: fn(&u8) -> bool| text.as_bytes().iter().filter(|byte| is(byte)).count();
        Self { text, digits: count(u8::is_ascii_digit), letters: count(u8::is_ascii_alphabetic) }
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    /// Whether an opening bracket follows a digit, perhaps behind a blank.
    fn has_digit_in_brackets(&self) -> bool {
        self.digits >= 7
            && self.text.match_indices('(').any(|(at, _)| {
                let before = &self.text.as_bytes()[..at];
                before.strip_suffix(b" ").unwrap_or(before).last().is_some_and(u8::is_ascii_digit)
            })
    }
}

/// The patterns. The first group, where there is one, is what is personal.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let always: IsOne = |_, _| true;
    let patterns: [(PersonalData, &str, MayMatch, IsOne); 11] = [
        // The mainland's residents, by province and authority; also with a blank, and of vehicles that are new.
        (
            PersonalData::Plate,
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][ ·-]?[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9学警挂港澳]",
            |signs| signs.letters >= 1 && signs.digits >= 2,
            is_plate,
        ),
        (
            PersonalData::Email,
            r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
            |signs| signs.has(&["@"]),
            always,
        ),
        // Hong Kong and Macao identity cards have their check digit in brackets.
        (
            PersonalData::IdCard,
            r"[A-Z]{1,2} ?[0-9]{6} ?\([0-9A]\)",
            |signs| signs.letters >= 1 && signs.digits >= 6,
            always,
        ),
        (PersonalData::IdCard, r"[157][0-9]{6} ?\([0-9]\)", |signs| signs.has_digit_in_brackets(), always),
        (PersonalData::IdCard, r"[A-Z][1289][0-9]{8}", |signs| signs.letters >= 1 && signs.digits >= 9, is_taiwan_card),
        // The residence card of foreigners, older form.
        (PersonalData::IdCard, r"[A-Z]{3} ?[0-9]{12}", |signs| signs.letters >= 3 && signs.digits >= 12, is_document),
        (
            PersonalData::Passport,
            r"[A-Za-z]{1,2} ?[0-9]{7,10}",
            |signs| signs.letters >= 1 && signs.digits >= 7,
            is_document,
        ),
        (
            PersonalData::Passport,
            r"[0-9]{8}(?:[0-9]{2})?",
            |signs| signs.digits >= 8 && signs.has(&TRAVEL_PERMITS),
            is_travel_permit,
        ),
        (
            PersonalData::Dwelling,
            r"(?:家庭住址|家庭地址|现住址|常住地址|居住地址|户籍地址|户籍所在地|户籍地|住址)(?:为|是|在|于)?[: ]*([^，。；、,;\n()（）: ][^，。；、,;\n()（）]{2,39})",
            |signs| signs.has(&["址", "籍"]),
            is_labelled,
        ),
        (
            PersonalData::Dwelling,
            r"(?:家住|现住|居住[于在]|住在|暂住[于在]?|租住[于在]?)[: ]*([^，。；、,;\n()（）: ][^，。；、,;\n()（）]{2,39})",
            |signs| signs.has(&["住"]),
            is_dwelling,
        ),
        (
            PersonalData::Dwelling,
            r"(?i)(?:lives at|living at|residing at|home address:?) *([^,;\n ][^,;\n]{2,59})",
            |signs| signs.letters >= 8,
            is_english_dwelling,
        ),
    ];
    let compiled = patterns.into_iter();
    compiled
        .filter_map(|(kind, pattern, may_match, is_one)| {
            Some(Pattern { kind, regex: Regex::new(pattern).ok()?, may_match, is_one })
        })
        .collect()
});

/// The number of characters before a document's number that say what it is.
const CONTEXT: usize = 16;

/// Returns what is found in a text in plain form.
pub(super) fn find(text: &str) -> Vec<Candidate> {
    let (mut found, signs) = (Vec::new(), Signs::of(text));
    for Pattern { kind, regex, is_one, .. } in PATTERNS.iter().filter(|pattern| (pattern.may_match)(&signs)) {
        for captures in regex.captures_iter(text) {
            let Some(one) = captures.get(1).or_else(|| captures.get(0)) else { continue };
            let (before, after) = (&text[..one.start()], &text[one.end()..]);
            let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let is_cut = *kind != PersonalData::Dwelling
                && (starts_latin(one.as_str()) && is_latin(before.chars().next_back())
                    || is_latin(after.chars().next()) && ends_latin(one.as_str()));
            if !is_cut && is_one(one.as_str(), before) {
                found.push(Candidate { range: one.range(), kind: *kind });
            }
        }
    }
    found
}

fn starts_latin(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn ends_latin(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// The characters before a match, in lower case.
fn context(before: &str) -> String {
    let skipped = before.chars().count().saturating_sub(CONTEXT);
    before.chars().skip(skipped).collect::<String>().to_lowercase()
}

/// A plate has two digits at least: 豫ABCDEFG is none.
fn is_plate(found: &str, _: &str) -> bool {
    found.chars().filter(char::is_ascii_digit).count() >= 2
}

/// Letters and digits are the number of a document only where a word says so: serial numbers look the same.
fn is_document(_: &str, before: &str) -> bool {
    const WORDS: [&str; 10] =
        ["护照", "通行证", "回乡证", "旅行证", "证件", "居留", "永居", "passport", "permit", "travel document"];
    let before = context(before);
    WORDS.iter().any(|word| before.contains(word))
}

/// What the permit of residents of Taiwan is called. The quick look before a search must know it.
pub(super) const TRAVEL_PERMITS: [&str; 4] = ["台胞证", "臺胞證", "通行证", "台湾居民"];

/// The permit of residents of Taiwan has digits alone.
fn is_travel_permit(_: &str, before: &str) -> bool {
    let before = context(before);
    TRAVEL_PERMITS.iter().any(|word| before.contains(word))
}

/// Whether the check digit of an identity card of Taiwan is right, or a word says that it is one.
fn is_taiwan_card(found: &str, before: &str) -> bool {
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let before = context(before);
    let is_serial = ["编号", "序列", "型号", "设备", "批号", "sn", "no"].iter().any(|word| before.contains(word));
    let Some(letter) = found.chars().next().and_then(|letter| LETTERS.find(letter)) else { return false };
    let letter = letter + 10;
    let digits = found.bytes().skip(1).map(|digit| usize::from(digit.wrapping_sub(b'0')));
    let weights = [8, 7, 6, 5, 4, 3, 2, 1, 1];
    let sum = letter / 10 + letter % 10 * 9 + digits.zip(weights).map(|(digit, weight)| digit * weight).sum::<usize>();
    before.contains("身份") || sum.is_multiple_of(10) && !is_serial
}

/// A place behind the word 住址: it names a street, a village or a house.
fn is_labelled(found: &str, _: &str) -> bool {
    const PARTS: [&str; 18] =
        ["路", "街", "巷", "村", "镇", "乡", "县", "区", "市", "院", "号", "楼", "栋", "幢", "单元", "室", "组", "弄"];
    PARTS.iter().any(|part| found.contains(part))
}

/// A number and a word: 21 Oak Street. A number alone would be found everywhere in a finished document.
fn is_english_dwelling(found: &str, _: &str) -> bool {
    let count = |is: fn(char) -> bool| found.chars().filter(|c| is(*c)).count();
    count(|c| c.is_ascii_digit()) > 0 && count(char::is_alphabetic) > 1
}

/// A place where somebody lives: it names a number, or a house.
fn is_dwelling(found: &str, before: &str) -> bool {
    const HOUSES: [&str; 12] = ["号", "楼", "栋", "幢", "单元", "室", "户", "组", "院", "排", "巷", "弄"];
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let has_house = HOUSES
        .iter()
        .any(|house| found.match_indices(house).any(|(at, _)| found[..at].chars().next_back().is_some_and(is_number)));
    has_house || before.ends_with("家住") && is_labelled(found, before)
}
