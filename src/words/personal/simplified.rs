//! Traditional Chinese characters and their simplified forms, one for one, by OpenCC's table.

use std::sync::LazyLock;

use hanconv::RawDictionary::TSCharacters;

/// A line for each traditional character: itself, and its simplified forms, the usual one first. A constant, so that the
/// crate's dictionaries of phrases, a megabyte, are no part of the program.
const TABLE: &str = TSCharacters.text();

/// The characters that the table is made for: CJK ideographs of the first plane.
const HAN: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{9fff}';

/// For each character of [`HAN`] its simplified form.
static FORMS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut forms: Vec<char> = HAN.collect();
    let single = |text: Option<&str>| {
        let mut chars = text?.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        if let (Some(from), Some(to)) = (single(words.next()), single(words.next()))
            && let Some(form) = index(from).and_then(|at| forms.get_mut(at))
        {
            *form = to;
        }
    }
    // What is simplified is itself the traditional form of another in a few cases (薴, 苧, 苎).
    let again = |form: &char| index(*form).and_then(|at| forms.get(at)).copied().unwrap_or(*form);
    forms.iter().map(again).collect()
});

fn index(c: char) -> Option<usize> {
    HAN.contains(&c).then(|| c as usize - *HAN.start() as usize)
}

/// Returns the simplified form of a character, else the character itself.
pub(super) fn simplified(c: char) -> char {
    index(c).and_then(|at| FORMS.get(at)).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_characters_become_simplified_ones_once() {
        let text: String = "張偉國與劉德華薴苧后乾，A张".chars().map(simplified).collect();
        assert_eq!(text, "张伟国与刘德华苎苎后干，A张");
        for c in HAN {
            assert_eq!(simplified(simplified(c)), simplified(c), "{c}");
        }
    }
}
