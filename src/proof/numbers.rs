//! Finds the numbers of a text and says what each is: a figure, or a date, a number of a document, of a clause, a telephone.
//!
//! Chinese and English; ASCII, full-width and Chinese numerals. GB/T 15835—2011 tells counting (计量), which is checked, from
//! numbering (编号), which is not, and from rough numbers (概数), which are intervals.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::words::number::{narrow, parse};
use crate::words::personal::is_han;

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberClass {
    /// A count or a share.
    Figure,
    /// A date, a period or a time of day.
    Date,
    /// The number of a document.
    Document,
    /// A telephone, an id, an address: digits that are a name.
    Code,
    /// The number of a clause, a list or an attachment.
    Clause,
    /// A numeral that may be part of a word: 一, 三不, `two`.
    Vague,
}

/// How exact a figure is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// As it is.
    Exact,
    /// 余, 多, 超过, 逾, more than: above, by less than one of the last place.
    Over,
    /// 近, 不足, nearly: below, by less than one of the last place.
    Under,
    /// 约, 左右, about: within one of the last place.
    About,
    /// 以上, at least.
    AtLeast,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// None.
    Count,
    /// `%`.
    Percent,
    /// `‰`.
    PerMille,
    /// 百分点.
    Points,
}

/// The value of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// In millionths.
    pub millionths: i128,
    /// The unit.
    pub unit: Unit,
    /// How exact it is meant.
    pub exactness: Exactness,
    /// One of its last place, in millionths.
    pub step: i128,
}

const ONE: i128 = 1_000_000;

impl Amount {
    /// A plain count.
    #[must_use]
    pub fn count(value: u64) -> Self {
        let millionths = i128::from(value) * ONE;
        Self { millionths, unit: Unit::Count, exactness: Exactness::Exact, step: ONE }
    }

    /// Whether it says no more and nothing else than another: the same number, a percentage that is rounded further, or a
    /// rough number that holds it. A number in the place of a rough one says more.
    #[must_use]
    pub fn fits(&self, other: &Self) -> bool {
        if self.unit != other.unit {
            return false;
        }
        if self.exactness == other.exactness && self.millionths == other.millionths {
            return true;
        }
        if other.exactness != Exactness::Exact {
            return false;
        }
        let (low, high) = (self.millionths - self.step, self.millionths + self.step);
        let value = other.millionths;
        match self.exactness {
            Exactness::Exact => {
                let is_coarser = self.unit != Unit::Count && self.step > other.step;
                is_coarser && (self.millionths - value).abs() * 2 <= self.step
            }
            Exactness::Over => value > self.millionths && value < high,
            Exactness::Under => value < self.millionths && value > low,
            Exactness::About => value > low && value < high,
            Exactness::AtLeast => value >= self.millionths && value < high,
        }
    }
}

/// What a number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberValue {
    /// A figure.
    Amount(Amount),
    /// Anything else, in one spelling.
    Text(String),
}

/// A number in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub class: NumberClass,
    /// What it says.
    pub value: NumberValue,
}

impl Number {
    /// Whether it says the same as a number of the draft.
    #[must_use]
    pub fn says(&self, draft: &Self) -> bool {
        match (&self.value, &draft.value) {
            (NumberValue::Amount(own), NumberValue::Amount(drafted)) => own.fits(drafted),
            // A date may leave out its year.
            (NumberValue::Text(own), NumberValue::Text(drafted)) if self.class == NumberClass::Date => {
                own == drafted || own.ends_with(&format!("-{drafted}")) || drafted.ends_with(&format!("-{own}"))
            }
            (own, drafted) => own == drafted && self.class == draft.class,
        }
    }

    /// The count, if it is a plain and exact one.
    #[must_use]
    pub fn exact_count(&self) -> Option<u64> {
        match self.value {
            NumberValue::Amount(Amount { millionths, unit: Unit::Count, exactness: Exactness::Exact, .. })
                if millionths % ONE == 0 =>
            {
                u64::try_from(millionths / ONE).ok()
            }
            _ => None,
        }
    }
}

/// Measure words: a Chinese numeral before one counts.
const MEASURES: &str = "个件项家处起名人次户份条辆台座所批类场笔宗例间层吨米元具张只支组套余多篇期天年月周";

static PASSES: LazyLock<Vec<(NumberClass, Regex)>> = LazyLock::new(|| {
    use NumberClass::{Clause, Code, Date, Document};
    const MONTHS: &str = "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";
    const CN: &str = "[〇○零一二两三四五六七八九十]";
    let patterns = [
        (Code, r"(?:https?://|www\.)[^\s一-龥]+".to_owned()),
        (Code, r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+".to_owned()),
        (Document, r"[〔\[(（【［]\d{4}[〕\])）】］] ?(?:第)?\d+ ?号".to_owned()),
        (Document, format!("第(?:\\d+|{CN}+)[期号]")),
        (Document, r"\bNo\. ?\d+".to_owned()),
        (Document, r"\b(?:GB|DB|GA|AQ)(?:/T)? ?\d+(?:\.\d+)?[—-]\d{4}".to_owned()),
        (Date, r"\d{4}年(?:\d{1,2}月(?:\d{1,2}[日号])?)?".to_owned()),
        (Date, format!("{CN}{{4}}年(?:{CN}{{1,3}}月(?:{CN}{{1,3}}[日号])?)?")),
        (Date, r"\d{1,2}月\d{1,2}[日号]?".to_owned()),
        (Date, format!("{CN}{{1,3}}月{CN}{{1,3}}[日号]")),
        (Date, r"\d{1,2}月".to_owned()),
        (Date, r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b".to_owned()),
        (Date, r"\b\d{1,2}[:：]\d{2}(?:[:：]\d{2})?\b".to_owned()),
        (Date, format!(r"\b{MONTHS}\.? \d{{1,2}}(?:, ?\d{{4}})?\b")),
        (Date, format!(r"\b\d{{1,2}} {MONTHS}\.?(?: \d{{4}})?\b")),
        (Date, format!(r"\b{MONTHS} \d{{4}}\b")),
        (Date, format!("第(?:[1-4]|{CN})季度")),
        (Date, r"\d{1,2}[日号]".to_owned()),
        (Code, r"\b\d{17}[\dXx]\b|\b1[3-9]\d{9}\b|\b0\d{2,3}[- ]?\d{7,8}\b|\b\d{3,4}-\d{7,8}\b|\b\d{7,}\b".to_owned()),
        (Code, r"\b[A-Za-z]+[A-Za-z0-9]*(?:-[A-Za-z0-9]*)*\d[A-Za-z0-9-]*".to_owned()),
        (Code, r"\b\d+(?:st|nd|rd|th)\b".to_owned()),
        (Document, format!("第(?:\\d+|{CN}+)[条章节款项点类步批次名位]")),
        (Clause, format!("^(?:{CN}+、|[（(](?:{CN}+|\\d+)[）)][^\\s])")),
        (Clause, r"(?:附件|Attachments?|Annexes?)[:：] ?\d+[.．]?".to_owned()),
        (Clause, r"[ \u{3000}]\d{1,2}[.．][一-龥]".to_owned()),
        (Clause, r"^\d+(?:\.\d+)*[.、．)）](?: |[^\d])".to_owned()),
        (Clause, r"^\d+(?:\.\d+)+ ".to_owned()),
        (Clause, format!("(?:附件|[图表]) ?(?:\\d+|{CN}+)")),
        (Clause, r"\b(?:Figure|Table|Annex|Section|Part|Attachment|Enclosure) \d+".to_owned()),
    ];
    patterns.into_iter().filter_map(|(class, pattern)| Some((class, Regex::new(&pattern).ok()?))).collect()
});

static FIGURES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?P<before>约|近|逾|超过|超|不足|不到|大约|至少|[Oo]ver |[Mm]ore than |[Aa]bout |[Nn]early |[Uu]nder |[Ff]ewer than |[Aa]t least )?",
        r"(?:(?P<hundred>百分之)?(?P<cn>[〇○零一二两三四五六七八九十百千万亿廿卅]+(?:点[〇○零一二三四五六七八九]+)?)",
        r"|(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?))",
        r"(?P<big>[百千]?[万亿]|[百千])?(?P<more>余|多)?(?P<big2>[万亿])?",
        r"(?P<unit> ?%| ?‰|个百分点| percentage points?\b| per ?cent\b)?",
        r"(?P<after>左右|以上)?",
    ))
    .ok()
});

static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty)\b").ok()
});

const ENGLISH: [&str; 20] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// A text in half-width characters, with the place of each byte in the text itself.
struct Narrowed {
    text: String,
    at: Vec<usize>,
}

impl Narrowed {
    fn of(text: &str) -> Self {
        let (mut narrowed, mut at) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
        for (start, c) in text.char_indices() {
            let mut buffer = [0; 4];
            let written: &str = c.encode_utf8(&mut buffer);
            let narrow = narrow(written);
            at.extend(std::iter::repeat_n(start, narrow.len()));
            narrowed.push_str(&narrow);
        }
        at.push(text.len());
        Self { text: narrowed, at }
    }

    fn original(&self, range: &Range<usize>) -> Range<usize> {
        let of = |at: usize| self.at.get(at).copied().unwrap_or_default();
        of(range.start)..of(range.end)
    }
}

/// Returns the numbers of a line, in order. Cells are separated by tabs.
#[must_use]
pub fn numbers(line: &str) -> Vec<Number> {
    let mut found = Vec::new();
    let mut start = 0;
    for cell in line.split('\t') {
        for mut number in of_cell(cell) {
            number.range = number.range.start + start..number.range.end + start;
            found.push(number);
        }
        start += cell.len() + 1;
    }
    found
}

fn of_cell(text: &str) -> Vec<Number> {
    let narrowed = Narrowed::of(text);
    let mut rest = narrowed.text.clone();
    let mut found: Vec<Number> = Vec::new();
    for (class, pattern) in PASSES.iter() {
        let claimed: Vec<Range<usize>> = pattern.find_iter(&rest).map(|found| found.range()).collect();
        for mut range in claimed {
            let written = narrowed.text.get(range.clone()).unwrap_or_default();
            if *class == NumberClass::Clause && counts_things(&narrowed.text, &range) {
                continue;
            }
            if *class == NumberClass::Clause {
                // Without what only showed that the number ends.
                let kept = written.trim_end_matches(|c: char| {
                    !c.is_ascii_digit() && parse(c.encode_utf8(&mut [0; 4])).is_none() && !"、.)）".contains(c)
                });
                range.end = range.start + kept.len();
            }
            let written = narrowed.text.get(range.clone()).unwrap_or_default();
            if !written.chars().any(|c| c.is_ascii_digit() || parse(c.encode_utf8(&mut [0; 4])).is_some() || c == '十')
            {
                continue;
            }
            found.push(Number {
                range: narrowed.original(&range),
                class: *class,
                value: NumberValue::Text(spelled(written, *class)),
            });
            blank(&mut rest, &range);
        }
    }
    figures(&rest, &narrowed, &mut found);
    words(&rest, &narrowed, &mut found);
    found.sort_by_key(|number| number.range.start);
    found
}

/// Whether what looks like the number of an attachment or a table counts: 附件3个, 报表12份.
fn counts_things(text: &str, range: &Range<usize>) -> bool {
    let is_named = text.get(range.clone()).is_some_and(|written| written.starts_with(['附', '图', '表']));
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.trim_start().chars().next());
    let is_in_word = before.is_some_and(|c| is_han(c) && !"见如和与及详在".contains(c));
    is_named && (is_in_word || after.is_some_and(|c| MEASURES.contains(c) || "%‰.万亿百千".contains(c)))
}

/// Puts a control character in the place of what is claimed.
fn blank(text: &mut String, range: &Range<usize>) {
    text.replace_range(range.clone(), &"\u{1}".repeat(range.len()));
}

fn figures(rest: &str, narrowed: &Narrowed, found: &mut Vec<Number>) {
    let Some(pattern) = FIGURES.as_ref() else { return };
    for groups in pattern.captures_iter(rest) {
        let Some(whole) = groups.get(0) else { continue };
        let text = |name: &str| groups.name(name).map_or("", |group| group.as_str());
        let (cn, digits) = (text("cn"), text("digits"));
        let mut class = NumberClass::Figure;
        let unit = match text("unit").trim() {
            "%" | "percent" | "per cent" => Unit::Percent,
            "‰" => Unit::PerMille,
            "" if !text("hundred").is_empty() => Unit::Percent,
            "" => Unit::Count,
            _ => Unit::Points,
        };
        let mut range = whole.range();
        if digits.is_empty() {
            let before = rest
                .get(..groups.name("cn").map_or(0, |group| group.start()))
                .and_then(|text| text.chars().next_back());
            let next = rest.get(range.end..).and_then(|text| text.chars().next());
            let next_counts = next.is_some_and(|c| MEASURES.contains(c));
            let is_place = |c: char| "十百千万亿".contains(c);
            let is_long = cn.chars().count() > 1 && cn.chars().any(is_place);
            let is_ordinal = before == Some('第');
            let is_share = !text("hundred").is_empty() || unit != Unit::Count;
            let is_rough = !text("more").is_empty();
            if is_ordinal || !(is_share || is_rough || next_counts && cn != "一" || is_long) {
                class = NumberClass::Vague;
                range = groups.name("cn").map_or(range, |group| group.range());
            }
        }
        let Some((millionths, mut step)) = (if digits.is_empty() { chinese(cn) } else { arabic(digits) }) else {
            let range = groups.name("cn").map_or(whole.range(), |group| group.range());
            let value = NumberValue::Text(cn.to_owned());
            found.push(Number { range: narrowed.original(&range), class: NumberClass::Vague, value });
            continue;
        };
        let factor: i128 = [text("big"), text("big2")].concat().chars().map(place).product();
        let millionths = millionths.saturating_mul(factor);
        step = step.saturating_mul(factor);
        let exactness = match (text("before").trim().to_ascii_lowercase().as_str(), text("more"), text("after")) {
            (_, "余" | "多", _) | ("逾" | "超过" | "超" | "over" | "more than", ..) => Exactness::Over,
            ("近" | "不足" | "不到" | "nearly" | "under" | "fewer than", ..) => Exactness::Under,
            ("约" | "大约" | "about", ..) | (_, _, "左右") => Exactness::About,
            ("至少" | "at least", ..) | (_, _, "以上") => Exactness::AtLeast,
            _ => Exactness::Exact,
        };
        let (unit, exactness) =
            if class == NumberClass::Vague { (Unit::Count, Exactness::Exact) } else { (unit, exactness) };
        if exactness != Exactness::Exact {
            // The last place that is not zero: 80余 is below 90.
            while millionths != 0 && millionths % (step * 10) == 0 {
                step *= 10;
            }
        }
        let value = NumberValue::Amount(Amount { millionths, unit, exactness, step });
        found.push(Number { range: narrowed.original(&range), class, value });
    }
}

fn words(rest: &str, narrowed: &Narrowed, found: &mut Vec<Number>) {
    let Some(pattern) = WORDS.as_ref() else { return };
    for word in pattern.find_iter(rest) {
        let lower = word.as_str().to_ascii_lowercase();
        let tens = ["thirty", "forty", "fifty"].iter().zip([30, 40, 50]).find(|(name, _)| **name == lower);
        let value = ENGLISH.iter().zip(1..).find(|(name, _)| **name == lower).or(tens).map_or(0, |(_, value)| value);
        found.push(Number {
            range: narrowed.original(&word.range()),
            class: NumberClass::Vague,
            value: NumberValue::Amount(Amount::count(value)),
        });
    }
}

fn place(c: char) -> i128 {
    match c {
        '百' => 100,
        '千' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => 1,
    }
}

/// Digits with grouping and decimals, and one of the last place, in millionths; nothing with more than six decimals.
fn arabic(digits: &str) -> Option<(i128, i128)> {
    let plain = digits.replace(',', "");
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    if decimals.len() > 6 || whole.len() > 18 {
        return None;
    }
    let step = 10_i128.pow(u32::try_from(6 - decimals.len()).ok()?);
    let value: i128 = format!("{whole}{decimals}").parse().ok()?;
    Some((value * step, step))
}

fn chinese(written: &str) -> Option<(i128, i128)> {
    let (whole, decimals) = written.split_once('点').unwrap_or((written, ""));
    let whole = whole.replace('廿', "二十").replace('卅', "三十");
    let mut value = i128::from(parse(&whole)?) * ONE;
    let mut step = ONE;
    for c in decimals.chars() {
        step /= 10;
        value += i128::from(parse(c.encode_utf8(&mut [0; 4]))?) * step;
    }
    Some((value, step.max(1)))
}

/// One spelling of what is no figure: Chinese numerals as digits, a date as `2021-8-20`, no blanks.
fn spelled(written: &str, class: NumberClass) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut run = String::new();
    let flush = |run: &mut String, parts: &mut Vec<String>| {
        if !run.is_empty() {
            let digits = std::mem::take(run);
            let number = parse(&digits).map_or(digits, |number| number.to_string());
            parts.push(number);
        }
    };
    for c in written.chars() {
        if c.is_ascii_digit() || c == '十' || "〇○零一二两三四五六七八九".contains(c) {
            run.push(c);
        } else {
            flush(&mut run, &mut parts);
        }
    }
    flush(&mut run, &mut parts);
    match class {
        NumberClass::Date => {
            let month = written.split(|c: char| !c.is_ascii_alphabetic()).find(|word| word.len() >= 3);
            if let Some(month) = month.and_then(month_number) {
                // `June 14, 2024`, `14 June 2024`, `June 2024`
                let (years, days): (Vec<String>, Vec<String>) = parts.into_iter().partition(|part| part.len() == 4);
                return years.into_iter().chain([month.to_string()]).chain(days).collect::<Vec<_>>().join("-");
            }
            // What it is the number of, where there is one only: 3月 is not 3日.
            let kind = match written.trim_end().chars().next_back() {
                Some('月') => "m",
                Some('年') => "y",
                Some('度') => "q",
                _ if written.contains([':', '：']) => "t",
                _ => "",
            };
            parts.join("-") + kind
        }
        NumberClass::Document => {
            let letters: String = written.chars().filter(char::is_ascii_alphabetic).collect();
            letters + &parts.join("-")
        }
        _ => written.chars().filter(|c| !c.is_whitespace()).collect(),
    }
}

fn month_number(word: &str) -> Option<usize> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let word = word.to_ascii_lowercase();
    MONTHS.iter().position(|month| word.starts_with(month)).map(|index| index + 1)
}

#[cfg(test)]
mod tests;
