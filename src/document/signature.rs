//! Positions of signature and date (GB/T 9704—2012, 7.3.5), in half characters from the right edge of the text.

use super::text::columns;
use super::{Foot, Seal};

/// Blank lines between the text and a name to be sealed: the seal is about four lines high, its lower half covers name
/// and date, and its top must be within one line of the text (7.3.5.1).
const LINES_FOR_SEAL: usize = 3;
/// Width of the room for a signature stamp, in half characters (practice).
const STAMP: usize = 12;

/// A line of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'d> {
    /// The number of blank lines above it.
    pub above: usize,
    /// The text.
    pub text: &'d str,
    /// The distance of its end from the right edge, in half characters.
    pub right: usize,
}

/// Returns the lines of a signature, name or post and date, without empty ones.
#[must_use]
pub fn lines(foot: &Foot) -> Vec<Line<'_>> {
    let name = foot.signature.as_deref().unwrap_or_default();
    let date = foot.date.as_deref().unwrap_or_default();
    let lines = match foot.seal {
        Seal::Unsealed => {
            let (name_right, date_right) = unsealed(widest(name), widest(date));
            [Line { above: 1, text: name, right: name_right }, Line { above: 0, text: date, right: date_right }]
        }
        Seal::Sealed => {
            let (name_right, date_right) = sealed(widest(name), widest(date));
            [
                Line { above: LINES_FOR_SEAL, text: name, right: name_right },
                Line { above: 0, text: date, right: date_right },
            ]
        }
        // The stamp ends four characters from the edge, the post two characters before the stamp.
        Seal::Stamp => {
            let post = foot.post.as_deref().unwrap_or(name);
            [Line { above: 2, text: post, right: 8 + STAMP + 4 }, Line { above: 1, text: date, right: 8 }]
        }
    };
    lines.into_iter().filter(|line| !line.text.is_empty()).collect()
}

/// Returns the distances of name and date from the right edge if there is no seal (7.3.5.2).
///
/// The date begins two characters to the right of the start of the name. The longer one of the two ends two characters
/// from the edge.
fn unsealed(name: usize, date: usize) -> (usize, usize) {
    if date <= name { (4, name - date) } else { (date + 8 - name, 4) }
}

/// Returns the distances of name and date from the right edge if there is a seal (7.3.5.1).
///
/// The date ends four characters from the edge, and the name is centred over it. A name that is too long for this ends
/// at the edge, and the date is centred under it.
fn sealed(name: usize, date: usize) -> (usize, usize) {
    let middle = 8 + date / 2;
    let name_right = middle.saturating_sub(name / 2);
    (name_right, (name_right + name / 2).saturating_sub(date / 2))
}

/// Returns the width of the widest line, in half-width columns.
fn widest(text: &str) -> usize {
    text.lines().map(columns).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foot(seal: Seal, name: &str) -> Foot {
        let text = |text: &str| Some(text.to_owned());
        Foot { seal, signature: text(name), date: text("2021年8月10日"), post: text("主任"), ..Foot::default() }
    }

    /// Returns the start of each line, in half characters from the left edge of a line of 56.
    fn beginnings(foot: &Foot) -> Vec<usize> {
        lines(foot).iter().map(|line| 56 - line.right - columns(line.text)).collect()
    }

    #[test]
    fn unsealed_the_date_begins_two_characters_after_the_name() {
        for name in ["市纪委", "郑东新区纪工委监察工委", "某某市纪律检查委员会"] {
            let begin = beginnings(&foot(Seal::Unsealed, name));
            assert_eq!(begin[1], begin[0] + 4, "{name}");
        }
    }

    #[test]
    fn unsealed_the_longer_one_ends_two_characters_from_the_edge() {
        assert_eq!(lines(&foot(Seal::Unsealed, "市纪委"))[1].right, 4);
        assert_eq!(lines(&foot(Seal::Unsealed, "某某市某某区纪律检查委员会"))[0].right, 4);
    }

    #[test]
    fn sealed_the_name_stands_over_the_middle_of_the_date() {
        for name in ["市纪委", "某某市人民政府督查室", "某某市某某区纪律检查委员会监察委员会"]
        {
            let foot = foot(Seal::Sealed, name);
            let begin = beginnings(&foot);
            let middle = |at: usize| begin[at] + columns(lines(&foot)[at].text) / 2;
            assert!(middle(0).abs_diff(middle(1)) <= 1, "{name}");
            assert!(lines(&foot)[1].right >= 8, "{name}");
        }
    }

    #[test]
    fn a_stamp_has_its_room_between_post_and_edge() {
        let foot = foot(Seal::Stamp, "某某市人民政府");
        let lines = lines(&foot);
        assert_eq!(
            lines.iter().map(|line| (line.above, line.text)).collect::<Vec<_>>(),
            [(2, "主任"), (1, "2021年8月10日")]
        );
        assert_eq!(lines[0].right, 24);
    }
}
