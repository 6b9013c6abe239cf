//! What runs of digits are, with what may stand between the digits: identity cards, telephones, bank cards.

use std::ops::Range;

use crate::words::personal::kind::{Candidate, PersonalData};
use crate::words::personal::plain::is_separator;

/// The most digits that a number of a person has: a bank card, or a mobile with 0086.
const MOST: usize = 19;
/// The fewest: a telephone without an area code.
pub(super) const LEAST: usize = 7;
/// The fewest that are a number of somebody without a word that says so: a telephone with the shortest area code.
pub(super) const TELLING: usize = 10;
/// The number of characters before a number that say what it is.
const CONTEXT: usize = 14;

/// Digits side by side, with an X behind 17 of them.
#[derive(Debug)]
struct Group {
    range: Range<usize>,
    /// How many digits there are, the X included.
    length: usize,
}

/// A run of groups with one separator between each two.
#[derive(Debug)]
struct Run<'t> {
    text: &'t str,
    groups: Vec<Group>,
}

/// Groups of a run that may be one number.
struct Number<'n, 't> {
    run: &'n Run<'t>,
    groups: Range<usize>,
    digits: String,
    /// How many digits the groups have.
    lengths: Vec<usize>,
}

/// Returns the numbers in a text in plain form.
pub(super) fn find(text: &str) -> Vec<Candidate> {
    runs(text).iter().flat_map(|run| find_in(run)).collect()
}

fn find_in(run: &Run<'_>) -> Vec<Candidate> {
    let (mut found, mut first) = (Vec::new(), 0);
    while first < run.groups.len() {
        // The longest of those that begin here.
        let best = (first + 1..=run.groups.len()).rev().find_map(|end| {
            let number = Number::new(run, first..end)?;
            Some((end, number.kind()?))
        });
        match best {
            Some((end, kind)) => {
                let (start, last) = (run.groups[first].range.start, run.groups[end - 1].range.end);
                found.push(Candidate { range: start..last, kind });
                first = end;
            }
            None => first += 1,
        }
    }
    found
}

/// Splits a text into runs.
fn runs(text: &str) -> Vec<Run<'_>> {
    let bytes = text.as_bytes();
    let (mut runs, mut at) = (Vec::<Run<'_>>::new(), 0);
    let mut last_end = None;
    while let Some(offset) = bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
        let start = at + offset;
        let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = start + digits;
        let mut length = digits;
        let before = last_end.filter(|last| is_gap(text, *last, start));
        // The X of an identity card, whose digits may stand in groups.
        if bytes.get(end).is_some_and(|byte| matches!(byte, b'x' | b'X'))
            && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        {
            (end, length) = (end + 1, length + 1);
        }
        let group = Group { range: start..end, length };
        match runs.last_mut() {
            Some(run) if before.is_some() => run.groups.push(group),
            _ => runs.push(Run { text, groups: vec![group] }),
        }
        (last_end, at) = (Some(end), end);
    }
    runs
}

/// Whether what stands between two groups joins them: a sign, perhaps among blanks, or the brackets of an area code.
fn is_gap(text: &str, from: usize, to: usize) -> bool {
    let gap = text.get(from..to).unwrap_or("\n");
    let marks = gap.chars().filter(|c| *c != ' ').count();
    gap.chars().count() <= 3 && marks <= 1 && gap.chars().all(|c| is_separator(c) || c == ')')
}

impl<'n, 't> Number<'n, 't> {
    fn new(run: &'n Run<'t>, groups: Range<usize>) -> Option<Self> {
        let lengths: Vec<usize> = run.groups.get(groups.clone())?.iter().map(|group| group.length).collect();
        if !(LEAST..=MOST).contains(&lengths.iter().sum()) {
            return None;
        }
        let parts = run.groups.get(groups.clone())?.iter().filter_map(|group| run.text.get(group.range.clone()));
        let digits = parts.collect::<String>().to_ascii_uppercase();
        Some(Self { run, groups, digits, lengths })
    }

    fn kind(&self) -> Option<PersonalData> {
        if self.is_part_of_other() {
            return None;
        }
        let digits = self.digits.as_str();
        if self.is_id_card(digits) {
            return Some(PersonalData::IdCard);
        }
        if digits.contains('X') {
            return None;
        }
        if self.is_mobile(digits) {
            return Some(PersonalData::Mobile);
        }
        if self.is_telephone(digits) {
            return Some(PersonalData::Telephone);
        }
        self.is_bank_card(digits).then_some(PersonalData::BankCard)
    }

    fn start(&self) -> usize {
        self.run.groups.get(self.groups.start).map_or(0, |group| group.range.start)
    }

    fn end(&self) -> usize {
        self.groups.end.checked_sub(1).and_then(|last| self.run.groups.get(last)).map_or(0, |group| group.range.end)
    }

    /// The characters before it, the nearest last, in lower case.
    fn before(&self) -> String {
        let text = self.run.text.get(..self.start()).unwrap_or_default();
        let skipped = text.chars().count().saturating_sub(CONTEXT);
        text.chars().skip(skipped).collect::<String>().to_lowercase()
    }

    fn after(&self) -> &str {
        self.run.text.get(self.end()..).unwrap_or_default()
    }

    fn says(&self, words: &[&str]) -> bool {
        let before = self.before();
        words.iter().any(|word| before.contains(word))
    }

    /// Whether it is a part of something that is no number of a person: a serial number, an amount, a document's number.
    fn is_part_of_other(&self) -> bool {
        let before = self.before();
        let letters = before.trim_end_matches(|c: char| !c.is_ascii_alphabetic()).len();
        let is_after_letters = before.ends_with(|c: char| c.is_ascii_alphabetic());
        let word = before.get(..letters).unwrap_or_default();
        let word = word.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if is_after_letters && !OF_TELEPHONES.contains(&word) {
            return true;
        }
        let after = self.after();
        if after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '@' | '%')) {
            return true;
        }
        let (decimals, behind) = decimals(after);
        let is_amount = (1..=2).contains(&decimals) && self.lengths.len() == 1
            || AMOUNTS.iter().any(|unit| behind.trim_start().starts_with(unit));
        is_amount || self.is_decimals() || before.trim_end().ends_with(['¥', '￥', '$', '第', '№', '〕', '〔'])
    }

    /// Whether it stands behind the point of a number. At the start of a line that is the number of an item.
    fn is_decimals(&self) -> bool {
        let Some(whole) = self.groups.start.checked_sub(1).and_then(|before| self.run.groups.get(before)) else {
            return false;
        };
        let gap = self.run.text.get(whole.range.end..self.start());
        let ahead = self.run.text.get(..whole.range.start).unwrap_or_default();
        let is_item = ahead.is_empty() || ahead.ends_with(['\n', ' ', '。', ';', '；', '、']);
        gap == Some(".") && (!is_item || self.run.text.get(whole.range.clone()) == Some("0"))
    }

    /// 18 characters with a region and a birthday, or 15 digits of the first kind. A wrong check digit is a slip of the pen:
    /// the card is somebody's all the same, unless a word says that the number is another, or it may be that of a case of
    /// these years.
    fn is_id_card(&self, digits: &str) -> bool {
        let is_named = || self.says(&["身份", "证件", "公民", "居住证", "居留", "id card", "identity"]);
        let is_other = || self.says(OF_CODES);
        let is_card = |digits: &str| {
            // The residence card of foreigners has a 9 before the region.
            has_region(digits) || digits.strip_prefix('9').is_some_and(has_region)
        };
        match digits.len() {
            18 if digits.bytes().take(17).all(|byte| byte.is_ascii_digit()) && is_card(digits) => {
                let Some(year) = birth_year(digits, 6) else { return false };
                let (is_right, is_grown) = (has_check_digit(digits), year < 2015);
                is_named() || is_right && (is_grown || !is_other()) || is_grown && has_region(digits) && !is_other()
            }
            15 if !digits.contains('X') && has_region(digits) => {
                birth_day(digits.get(8..12).unwrap_or_default()) && (is_named() || !is_other())
            }
            _ => false,
        }
    }

    fn is_mobile(&self, digits: &str) -> bool {
        let national =
            digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")).filter(|rest| rest.len() == 11);
        let number = national.unwrap_or(digits);
        let bytes = number.as_bytes();
        let is_mobile = bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]);
        if !is_mobile || self.says(&["信用代码", "单号", "订单", "流水", "型号", "序列号", "出厂编号", "设备编号"])
        {
            return false;
        }
        let lengths: &[usize] = match (national.is_some(), self.lengths.as_slice()) {
            (true, [2 | 4, rest @ ..]) if !rest.is_empty() => rest,
            (_, lengths) => lengths,
        };
        matches!(
            lengths,
            [11 | 13 | 15]
                | [3, 4, 4]
                | [3, 8]
                | [7, 4]
                | [4, 3, 4]
                | [3, 3, 5]
                | [5, 6]
                | [5, 3, 3]
                | [4, 4, 3]
                | [3, 2, 2, 2, 2]
        )
    }

    /// With an area code, or behind a word that says so. Service numbers (400, 12345) belong to nobody.
    fn is_telephone(&self, digits: &str) -> bool {
        let is_named = self.says(TELEPHONES);
        let is_foreign = self.before().ends_with('+') && (8..=15).contains(&digits.len());
        let is_local =
            |number: &str| (7..=8).contains(&number.len()) && number.starts_with(|c: char| ('2'..='8').contains(&c));
        let after_country =
            digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")).filter(|rest| rest.len() >= 9);
        let with_area = digits.strip_prefix('0').map(|rest| (rest, self.lengths.first().copied().unwrap_or(0)));
        let area = match (with_area, after_country) {
            (_, Some(rest)) if self.before().ends_with('+') || digits.starts_with("0086") || is_named => Some(rest),
            (Some((rest, 3 | 4 | 10..=12)), None) => Some(rest),
            _ => None,
        };
        let has_area = area.is_some_and(|rest| {
            let code = if rest.starts_with(['1', '2']) { 2 } else { 3 };
            let is_code = !rest.starts_with('1') || rest.starts_with("10");
            let number = rest.get(code..).unwrap_or_default();
            // 0371-2021-0813 is a document of 13 August.
            let is_day = self.lengths.len() > 2 && (number.starts_with("19") || number.starts_with("20")) && !is_named;
            is_code && is_local(number) && !is_day
        });
        let is_day = || birth_year(digits, 0).is_some();
        is_foreign
            || has_area
            || is_named && is_local(digits) && !is_day() && !matches!(self.lengths.as_slice(), [4, 2, 2])
    }

    /// A number of a card organisation with the check digit of Luhn.
    fn is_bank_card(&self, digits: &str) -> bool {
        let is_organisation = match digits.len() {
            16..=19 => {
                digits.starts_with(['4', '6'])
                    || digits.starts_with("9558")
                    || digits.starts_with("9559")
                    || is_master(digits)
            }
            15 => digits.starts_with("34") || digits.starts_with("37"),
            _ => false,
        };
        let is_card = self.says(&["银行", "卡号", "账号", "账户", "帐号", "帐户", "card", "account"]);
        is_organisation && (is_card || !self.says(OF_CODES)) && has_luhn(digits)
    }
}

/// The number of decimals at the start of a text, and what is behind them.
fn decimals(text: &str) -> (usize, &str) {
    let Some(rest) = text.strip_prefix('.') else { return (0, text) };
    let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() - behind.len(), behind)
}

/// Words before a telephone without an area code. The quick look before a search must know them.
pub(super) const TELEPHONES: &[&str] =
    &["电话", "座机", "固话", "传真", "tel", "phone", "fax", "拨打", "来电", "致电", "号码"];

/// Letters right before a telephone number.
const OF_TELEPHONES: [&str; 12] =
    ["tel", "phone", "mobile", "mob", "fax", "wx", "vx", "v", "wechat", "whatsapp", "call", "at"];

/// What an amount is of.
const AMOUNTS: [&str; 20] = [
    "元", "万", "亿", "千元", "美元", "吨", "公斤", "千克", "kg", "千瓦", "kw", "度", "米", "平方", "立方", "㎡", "升",
    "人次", "件", "株",
];

/// Words before codes and numbers that are no person's.
const OF_CODES: &[&str] = &[
    "信用代码",
    "注册号",
    "登记号",
    "登记证",
    "许可",
    "执照",
    "编号",
    "编码",
    "案号",
    "文号",
    "单号",
    "订单",
    "流水",
    "运单",
    "序列号",
    "型号",
    "批号",
    "条码",
    "条形码",
    "imei",
    "串号",
    "设备",
    "合同",
    "发票",
    "serial",
    "no.",
    "ref",
];

/// Whether a number begins with the code of a province (GB/T 2260), or of a residence card (81 to 83).
fn has_region(digits: &str) -> bool {
    let province: u32 = digits.get(..2).and_then(|code| code.parse().ok()).unwrap_or(0);
    matches!(province, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

/// The year of a birthday of eight digits at a place, if it is one.
fn birth_year(digits: &str, at: usize) -> Option<u32> {
    let year: u32 = digits.get(at..at + 4)?.parse().ok()?;
    ((1900..2100).contains(&year) && birth_day(digits.get(at + 4..at + 8)?)).then_some(year)
}

/// Whether four digits are a month and a day.
fn birth_day(digits: &str) -> bool {
    let number = |range: Range<usize>| digits.get(range).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let (month, day) = (number(0..2), number(2..4));
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether the last of 18 characters is the check digit of GB 11643.
fn has_check_digit(digits: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const DIGITS: &[u8; 11] = b"10X98765432";
    let Some((last, body)) = digits.as_bytes().split_last() else { return false };
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight).sum();
    body.len() == WEIGHTS.len() && DIGITS[(sum % 11) as usize] == *last
}

/// Whether the sum of Luhn (ISO/IEC 7812) is right.
fn has_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            let doubled = if at % 2 == 1 { digit * 2 } else { digit };
            doubled / 10 + doubled % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a number is one of Mastercard.
fn is_master(digits: &str) -> bool {
    let head: u32 = digits.get(..4).and_then(|head| head.parse().ok()).unwrap_or(0);
    digits.len() == 16 && matches!(head, 2221..=2720 | 5100..=5599 | 3528..=3589)
}
