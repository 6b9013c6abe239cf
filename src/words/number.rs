//! Reads and writes numbers: full-width and Chinese digits, “more than 80”, percentages.

use std::borrow::Cow;

/// Narrows full-width ASCII (`！` to `～`) and the full-width space.
///
/// Input methods produce both widths in one log, so every parser narrows its input first. Text without full-width
/// characters is borrowed. Chinese punctuation without an ASCII counterpart (`、` `。` `《`) is not changed.
#[must_use]
pub fn narrow(text: &str) -> Cow<'_, str> {
    if text.chars().any(|c| narrow_char(c) != c) {
        Cow::Owned(text.chars().map(narrow_char).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn narrow_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Writes a number in Chinese: 十五, 一百零三, 一万二千.
///
/// As in the headings of official documents, 二 is never written 两, a leading 一十 is shortened to 十, and a run of
/// zero places becomes a single 零.
#[must_use]
pub fn to_cn(n: u64) -> String {
    if n == 0 {
        return "零".to_owned();
    }
    let mut out = String::new();
    write_cn(n, &mut out);
    match out.strip_prefix("一十") {
        Some(rest) => format!("十{rest}"),
        None => out,
    }
}

/// The places of a Chinese number and their values, in descending order.
const PLACES: [(u64, char); 5] = [(100_000_000, '亿'), (10_000, '万'), (1_000, '千'), (100, '百'), (10, '十')];

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// 零 and 〇, and the geometric ○ that is often typed instead of 〇 in years.
const ZEROS: [char; 3] = ['零', '〇', '○'];

fn write_cn(n: u64, out: &mut String) {
    for (size, place) in PLACES {
        if n >= size {
            let rest = n % size;
            write_cn(n / size, out);
            out.push(place);
            if rest > 0 {
                if rest < size / 10 {
                    out.push('零');
                }
                write_cn(rest, out);
            }
            return;
        }
    }
    out.extend(usize::try_from(n).ok().and_then(|n| DIGITS.get(n)));
}

/// Reads a whole number: `15`, `１５`, `1,234`, 十五, 两, 一百零三, 3万, 二〇二一.
///
/// Chinese digits without a place are read one by one, as in years. Returns `None` for signs, fractions and any text
/// around the number, and for a shortened place: 一百五 usually means 150, but may be a typo for 一百零五.
#[must_use]
pub fn parse(text: &str) -> Option<u64> {
    let narrow = narrow(text.trim());
    let text = narrow.trim();
    parse_arabic(text).or_else(|| parse_cn(text, 3))
}

fn parse_arabic(text: &str) -> Option<u64> {
    let mut groups = text.split(',');
    let first = groups.next().filter(|first| is_digits(first))?;
    let mut digits = Cow::Borrowed(first);
    for group in groups {
        if first.len() > 3 || group.len() != 3 || !is_digits(group) {
            return None;
        }
        digits.to_mut().push_str(group);
    }
    digits.parse().ok()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Reads a Chinese number. `depth` limits the nesting of 亿 and 万, so that no text can exhaust the stack.
fn parse_cn(text: &str, depth: u8) -> Option<u64> {
    for (size, place) in &PLACES[..2] {
        if let Some((high, low)) = text.rsplit_once(*place) {
            let high = parse_part(high, depth.checked_sub(1)?)?;
            if low.is_empty() {
                return high.checked_mul(*size);
            }
            let (low, has_zero) = match low.strip_prefix(ZEROS) {
                Some(rest) => (parse_part(rest, depth.checked_sub(1)?)?, true),
                None => (parse_part(low, depth.checked_sub(1)?)?, false),
            };
            if low >= *size || !has_zero && low < size / 10 {
                return None;
            }
            return high.checked_mul(*size)?.checked_add(low);
        }
    }
    parse_myriad(text).or_else(|| parse_digitwise(text))
}

/// Reads the digits before or after 亿 or 万, which may be Arabic: 3万.
fn parse_part(text: &str, depth: u8) -> Option<u64> {
    parse_arabic(text).or_else(|| parse_cn(text, depth))
}

/// Reads a number below 10,000 written with places.
fn parse_myriad(text: &str) -> Option<u64> {
    let mut total = 0;
    let mut digit = None;
    let mut zero = false;
    // Each place must be smaller than the previous one.
    let mut last = 10_000;
    for c in text.chars() {
        if let Some((size, _)) = PLACES[2..].iter().find(|(_, place)| *place == c) {
            let count = match digit.take() {
                Some(count) => count,
                None if *size == 10 => 1,
                None => return None,
            };
            if *size >= last {
                return None;
            }
            total += count * size;
            last = *size;
            zero = false;
        } else if ZEROS.contains(&c) {
            if digit.is_some() || zero {
                return None;
            }
            zero = true;
        } else {
            if digit.is_some() {
                return None;
            }
            digit = Some(digit_of(c)?);
        }
    }
    match digit {
        // 〇五 is written digit by digit, not with places.
        Some(_) if last == 10_000 && zero => None,
        Some(digit) if last == 10_000 || last == 10 || zero => Some(total + digit),
        Some(_) => None,
        None if zero && total > 0 => None,
        None => (total > 0 || zero).then_some(total),
    }
}

/// Reads a number written digit by digit: 二〇二一.
fn parse_digitwise(text: &str) -> Option<u64> {
    if text.is_empty() || text.contains('两') {
        return None;
    }
    text.chars().try_fold(0_u64, |n, c| n.checked_mul(10)?.checked_add(digit_of(c)?))
}

fn digit_of(c: char) -> Option<u64> {
    match c {
        '〇' | '○' => Some(0),
        '两' => Some(2),
        _ => (0..).zip(DIGITS).find(|(_, d)| *d == c).map(|(n, _)| n),
    }
}

/// Writes an approximate count in Chinese: 83 becomes `80余`, 80 `80` and 7 `7`.
///
/// Rounds down to tens, from 1000 on to hundreds, so that it never claims too many. 余 is added only if the count was
/// rounded, since 80 is not `80余`.
#[must_use]
pub fn about(n: u64) -> String {
    let rounded = round_down(n);
    if rounded == n { n.to_string() } else { format!("{rounded}余") }
}

/// Writes an approximate count in English: 83 becomes `more than 80`, 80 `80`.
///
/// Rounds like [`about`].
#[must_use]
pub fn about_en(n: u64) -> String {
    let rounded = round_down(n);
    if rounded == n { n.to_string() } else { format!("more than {rounded}") }
}

fn round_down(n: u64) -> u64 {
    match n {
        0..10 => n,
        10..1_000 => n - n % 10,
        _ => n - n % 100,
    }
}

/// Maximum number of decimals that [`percent`] and [`shares`] write.
///
/// With twelve decimals, the exact arithmetic fits into 128 bits for every pair of counts.
pub const MAX_DECIMALS: usize = 12;

/// Writes `part` of `whole` as a percentage: `percent(17, 33, 1)` is `51.5%`.
///
/// Rounds half up in integer arithmetic, so that 0.05% becomes `0.1%` on every machine, as it does on paper. Only the whole
/// is `100%` and only nothing `0%`: 2499 of 2500 are `99.9%`. At most [`MAX_DECIMALS`] decimals are written. A part greater
/// than the whole yields more than `100%`.
///
/// Returns `None` if `whole` is 0: there is no rate of nothing, and `0%` would be an accusation.
#[must_use]
pub fn percent(part: u64, whole: u64, decimals: usize) -> Option<String> {
    let decimals = decimals.min(MAX_DECIMALS);
    let doubled = u128::from(part) * hundred(decimals) * 2;
    let whole = u128::from(whole);
    let units = doubled.checked_add(whole)?.checked_div(whole * 2)?;
    let hundred = hundred(decimals);
    let units = match u128::from(part) {
        0 => 0,
        part if part < whole => units.clamp(1, hundred - 1),
        _ => units,
    };
    Some(write_percent(units, decimals))
}

/// Writes the share of each part in their sum, such that the written shares add up to exactly 100%.
///
/// If each were rounded by itself, a table could add up to 99.9%, which readers report as an error. All are therefore
/// rounded down, and the rest is distributed to the parts with the largest remainders, on a tie to the earlier part. If
/// all parts are 0, each share is 0. At most [`MAX_DECIMALS`] decimals are written.
#[must_use]
pub fn shares(parts: &[u64], decimals: usize) -> Vec<String> {
    let decimals = decimals.min(MAX_DECIMALS);
    let hundred = hundred(decimals);
    let whole: u128 = parts.iter().copied().map(u128::from).sum();
    let scaled = |part: u64| u128::from(part) * hundred;
    let mut units: Vec<u128> = parts.iter().map(|part| scaled(*part).checked_div(whole).unwrap_or(0)).collect();
    if whole > 0 {
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(scaled(parts[*i]) % whole));
        // Less than one unit per part is left, so one round suffices.
        let mut left = hundred - units.iter().sum::<u128>();
        for i in order {
            if left == 0 {
                break;
            }
            units[i] += 1;
            left -= 1;
        }
    }
    units.into_iter().map(|units| write_percent(units, decimals)).collect()
}

/// Returns one hundred percent in units of the last decimal.
fn hundred(decimals: usize) -> u128 {
    (0..decimals).fold(100, |n, _| n * 10)
}

fn write_percent(units: u128, decimals: usize) -> String {
    let one = hundred(decimals) / 100;
    if decimals == 0 { format!("{units}%") } else { format!("{}.{:0decimals$}%", units / one, units % one) }
}

#[cfg(test)]
mod tests;
