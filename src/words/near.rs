//! Suggestions for misspelled words: “did you mean …?”

/// Returns the known word that is most similar to `word`, if any is similar.
///
/// Units, categories, keys, codes and options all use this function, so that a suggestion does not depend on where the
/// word was mistyped. Two words are similar if
///
/// - one takes at most one edit to become the other, or one edit for every three characters of the longer word, and
///   they share a character (swapping neighbours is one edit); or
/// - one contains the other and is at most twice as long (消防安全隐患 and 消防安全).
///
/// The word with the fewest edits is returned, on a tie the first. ASCII case is ignored, so `units` is most similar to
/// `Units`. `word` itself is never returned, since it needs no correction.
#[must_use]
pub fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(word, among, |_| true)
}

/// Returns the nearest of those words that may be meant at all, which is asked only of similar ones.
fn nearest_of<'a>(
    word: &str,
    among: impl IntoIterator<Item = &'a str>,
    may_be_meant: impl Fn(&'a str) -> bool,
) -> Option<&'a str> {
    let wanted = word.trim().to_ascii_lowercase();
    if wanted.is_empty() {
        return None;
    }
    among
        .into_iter()
        .filter(|known| *known != word)
        .filter_map(|known| Some((distance(&wanted, &known.to_ascii_lowercase())?, known)))
        .filter(|(_, known)| may_be_meant(known))
        // `min_by_key` returns the first of equals.
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Returns the header that is most likely meant: as [`nearest`], but nothing that is about something else.
///
/// What a Chinese header is about stands at its end: 整改责任人电话 is a 电话 and no 整改责任人. And one that differs in a word
/// that other headers have was not mistyped: 复查结果 is no slip for 巡查结果 where there is 复查日期, too.
#[must_use]
pub fn nearest_header<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = word.trim();
    let among: Vec<&str> = among.into_iter().collect();
    let goes_on = |known: &str| {
        let starts = known.starts_with(wanted) || wanted.starts_with(known);
        !known.is_ascii() && starts && !known.ends_with(wanted) && !wanted.ends_with(known)
    };
    nearest_of(word, among.iter().copied(), |known| !goes_on(known) && !is_other_word(wanted, known, &among))
}

/// Returns the number of edits between two words, or `None` if they are not similar.
fn distance(a: &str, b: &str) -> Option<usize> {
    let (a_len, b_len) = (a.chars().count(), b.chars().count());
    let (short, long) = (a_len.min(b_len), a_len.max(b_len));
    if short == 0 || short * 2 < long {
        // Neither rule could accept it: the first requires two thirds of the length, the second one half.
        return None;
    }
    let edits = strsim::osa_distance(a, b);
    let is_typo = edits <= (long / 3).max(1) && edits < long;
    let is_part = a.contains(b) || b.contains(a);
    (is_typo || is_part).then_some(edits)
}

/// Whether a Chinese word differs from another of its length by a word of its own: by two characters that stand together
/// in a third one, too.
fn is_other_word(word: &str, known: &str, among: &[&str]) -> bool {
    let (word, other): (Vec<char>, Vec<char>) = (word.chars().collect(), known.chars().collect());
    if word.len() != other.len() {
        return false;
    }
    let pairs = word.windows(2).zip(other.windows(2)).filter(|(written, known)| written != known);
    let mut chinese =
        pairs.map(|(written, _)| written).filter(|pair| pair.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c)));
    chinese.any(|pair| {
        let pair: String = pair.iter().collect();
        among.iter().any(|third| *third != known && third.contains(&pair))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_word_meant_is_found() {
        for (word, among, wanted) in [
            ("现场整该", &["限期整改", "现场整改"][..], Some("现场整改")),
            ("消防安拳", &["环境卫生", "消防安全"], Some("消防安全")),
            ("消防安全隐患", &["消防", "消防安全"], Some("消防安全")),
            ("金光路街道办事处", &["金光路街道"], Some("金光路街道")),
            ("金光路办事处", &["金光路街道办事处"], Some("金光路街道办事处")),
            ("市住建局", &["市城管局", "市住建委"], Some("市住建委")),
            ("unti", &["id", "unit", "units"], Some("unit")),
            ("Found_On", &["found_on"], Some("found_on")),
            ("fuond_on", &["found_on", "assigned_on"], Some("found_on")),
            ("--form", &["--from", "--to"], Some("--from")),
            ("违停", &["违建", "占道"], Some("违建")),
            ("乙", &["甲", "丙"], None),
            ("unit", &["unit"], None),
            ("deadline", &["category", "source"], None),
            ("消防", &["消防安全隐患排查"], None),
            ("", &["unit"], None),
            ("unit", &[""], None),
        ] {
            assert_eq!(nearest(word, among.iter().copied()), wanted, "{word}");
        }
    }

    #[test]
    fn a_header_is_what_its_end_says() {
        let known = ["整改责任人", "联系电话", "整改完成日期", "问题描述", "巡查结果", "复查日期"];
        for (word, wanted) in [
            ("整改责任人电话", None),
            ("实际整改完成日期", Some("整改完成日期")),
            ("问题秒述", Some("问题描述")),
            ("联系电话号码", None),
            ("复查结果", None),
            ("复察日期", Some("复查日期")),
            ("巡察结果", Some("巡查结果")),
        ] {
            assert_eq!(nearest_header(word, known), wanted, "{word}");
        }
    }

    #[test]
    fn the_earlier_of_equals_wins() {
        assert_eq!(nearest("cat", ["bat", "hat"]), Some("bat"));
        assert_eq!(nearest("cat", ["hat", "bat"]), Some("hat"));
    }

    proptest! {
        #[test]
        fn the_word_itself_is_never_meant(word in ".{0,8}", other in ".{0,8}") {
            let found = nearest(&word, [word.as_str(), other.as_str()]);
            prop_assert_ne!(found, Some(word.as_str()));
        }
    }
}
