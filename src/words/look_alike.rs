//! Characters that can't be told apart by the eye, as they come out of PDF files.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// Radicals that are whole characters but have no compatibility mapping, each with the ideograph that it looks like.
///
/// From the Unicode Character Database, `EquivalentUnifiedIdeograph.txt`; radicals that only occur as part of a
/// character are left out.
const RADICALS: [(char, char); 33] = [
    ('⺊', '卜'),
    ('⺒', '巳'),
    ('⺠', '民'),
    ('⺟', '母'),
    ('⻁', '虎'),
    ('⻃', '覀'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻑', '長'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻪', '黾'),
    ('⻬', '齐'),
    ('⻮', '齿'),
    ('⻰', '龙'),
    ('⻳', '龟'),
];

/// Replaces radicals and compatibility ideographs by the ideographs that they look like, and removes characters
/// without width. Text without any of them is borrowed.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_radical(c) || has_no_width(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !has_no_width(*c)) {
        if is_radical(c) {
            let known = RADICALS.iter().find(|(radical, _)| *radical == c);
            match known {
                Some((_, ideograph)) => out.push(*ideograph),
                None => out.extend(std::iter::once(c).nfkc()),
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A name as it is spelled in one way: what looks alike is alike (see [`plain`]); letters and digits are narrow; white space
/// beside a character that is not ASCII, and line breaks among such, are none, and other white space is one blank; brackets
/// are wide where the name has ideographs. So 甲　社区 and a 甲社区 that is wrapped in its cell are one unit.
#[must_use]
pub fn one_spelling(text: &str) -> String {
    let text = plain(text);
    let has_ideographs = text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}'));
    let (open, close) = if has_ideographs { ('（', '）') } else { ('(', ')') };
    let spelled = text.chars().map(|c| match c {
        '(' | '（' => open,
        ')' | '）' => close,
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => narrow(c),
        c => c,
    });
    closed_up(spelled, |c, out| out.push(c))
}

/// A text whose white space is one blank between ASCII characters and none elsewhere, as in 合　计. `put` writes each of the
/// other characters.
pub(crate) fn closed_up(text: impl Iterator<Item = char>, put: impl Fn(char, &mut String)) -> String {
    let mut out = String::with_capacity(text.size_hint().1.unwrap_or(0));
    let mut gap = false;
    for c in text {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && c.is_ascii() && out.ends_with(|last: char| last.is_ascii()) {
            out.push(' ');
        }
        gap = false;
        put(c, &mut out);
    }
    out
}

/// The narrow form of a wide letter or digit.
fn narrow(c: char) -> char {
    char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
}

/// Whether a character is a radical (CJK supplement and Kangxi) or a compatibility ideograph.
fn is_radical(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

/// Whether a character has no width: zero-width spaces and joiners, marks of direction, the soft hyphen, the byte order
/// mark and selectors of variants.
fn has_no_width(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_alike() {
        for (text, expected) in [
            ("\u{2fa6}光路办事处", "金光路办事处"),
            ("金光路办事处\u{200b}", "金光路办事处"),
            ("\u{f90a}光路办事处", "金光路办事处"),
            ("\u{2f63}产安全", "生产安全"),
            ("人\u{2ea0}路街道", "人民路街道"),
            ("\u{2ec4}\u{2ed4}社区", "西门社区"),
            ("\u{feff}甲\u{ad}\u{2060}社区\u{fe0f}", "甲社区"),
            ("甲社区", "甲社区"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
        assert!(matches!(plain("甲社区"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_name_is_spelled_in_one_way() {
        for (text, expected) in [
            ("甲\n社区", "甲社区"),
            ("甲　社区", "甲社区"),
            ("甲社区(东)", "甲社区（东）"),
            ("甲社区（东）", "甲社区（东）"),
            ("Ａ街道", "A街道"),
            ("３ 号楼", "3号楼"),
            ("Alder  (East)", "Alder (East)"),
            ("Alder\nCommunity", "Alder Community"),
            ("\u{2fa6}光路 办事处\u{200b}", "金光路办事处"),
        ] {
            assert_eq!(one_spelling(text), expected, "{text}");
        }
    }
}
