//! Where the bytes of a photo are, and what it is called by that.

use std::path::{Path, PathBuf};

use crate::digest;
use crate::photo::{Content, Crop, SheetPicture, Turn};
use crate::picture::QuarterTurn;
use crate::platform::paths::real_path;

/// Where the bytes of a photo are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In a workbook, whose author may have cut something away, and turned it.
    Book { path: PathBuf, content: Content, cut: [u32; 4], turn: Option<QuarterTurn> },
    /// They are a file.
    File(PathBuf),
    /// In a ZIP archive, by their number there.
    Member { archive: PathBuf, number: usize },
}

impl Origin {
    /// The picture of a workbook.
    pub(super) fn of_picture(path: &Path, picture: &SheetPicture) -> Self {
        let cut = match picture.crop {
            Crop::Sides { left, top, right, bottom } => {
                // A margin that was added is left out.
                [left, top, right, bottom].map(|side| u32::try_from(side).unwrap_or(0))
            }
            Crop::Whole | Crop::Unmeasured => [0; 4],
        };
        let turn = Some(picture.turn).filter(|turn| *turn != Turn::default()).map(quarters);
        Self::Book { path: path.to_owned(), content: picture.content.clone(), cut, turn }
    }

    /// What the photo is called: by its file, as it is named in the project, and its place within.
    pub(super) fn id(&self, file: &str) -> String {
        let within = match self {
            Self::Book { content, cut, turn, .. } => format!("{content:?} {cut:?} {turn:?}"),
            Self::File(_) => String::new(),
            Self::Member { number, .. } => number.to_string(),
        };
        let digest = digest::of_parts([file, "\n", &within]);
        // Letters only, lest a row of digits be taken for a telephone number.
        digest.bytes().take(ID).map(|digit| char::from(b'a' + hex(digit))).collect()
    }
}

/// The path of a file from a folder that it lies in, whose links are followed; nothing if it lies elsewhere.
pub(super) fn within(path: &Path, root: Option<&Path>) -> Option<String> {
    let real = real_path(path).ok()?;
    Some(real.strip_prefix(root?).ok()?.to_string_lossy().replace('\\', "/"))
}

/// The number of letters that a photo is called by.
const ID: usize = 16;

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit.saturating_sub(b'a' - 10) & 15,
    }
}

/// A turn to the nearest right angle: a photo that is a little askew was meant to lie so on its sheet only.
fn quarters(turn: Turn) -> QuarterTurn {
    const QUARTER: u32 = 90 * 60_000;
    let quarters = u8::try_from((turn.angle.saturating_add(QUARTER / 2) / QUARTER) % 4).unwrap_or(0);
    QuarterTurn { is_mirrored: turn.is_mirrored, is_upside_down: turn.is_upside_down, quarters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_that_of_the_nearest_right_angle() {
        for (degrees, expected) in [(0, 0), (3, 0), (44, 0), (46, 1), (90, 1), (181, 2), (270, 3), (357, 0)] {
            let turn = Turn { angle: degrees * 60_000, ..Turn::default() };
            assert_eq!(quarters(turn).quarters, expected, "{degrees}");
        }
    }

    #[test]
    fn what_a_photo_is_called_tells_where_it_is_and_has_no_digits() {
        let file = |name: &str| Origin::File(name.into()).id(name);
        assert_eq!(file("a.jpg"), file("a.jpg"));
        assert_ne!(file("a.jpg"), file("b.jpg"));
        assert!(file("a.jpg").bytes().all(|byte| byte.is_ascii_lowercase()) && file("a.jpg").len() == ID);
    }
}
