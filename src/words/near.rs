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
    let wanted = word.trim().to_ascii_lowercase();
    if wanted.is_empty() {
        return None;
    }
    among
        .into_iter()
        .filter(|known| *known != word)
        .filter_map(|known| Some((distance(&wanted, &known.to_ascii_lowercase())?, known)))
        // `min_by_key` returns the first of equals.
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
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
