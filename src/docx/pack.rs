//! Packs parts into a `.docx`.

use std::io;

use super::long::PartText;
use crate::document::photo::UnreadablePhoto;
use crate::ooxml::archive::{Archive, Deflater, Packed};
use crate::spool::Spooled;
use crate::words::lang::Lang;

/// The name and text of a part.
pub(super) type PackagePart = (String, PartText);

/// A `.docx`.
pub(crate) struct WordFile {
    /// The bytes of the package.
    pub(crate) bytes: Spooled,
    /// The photos in whose place it says that they can't be read.
    pub(crate) unreadable: Vec<UnreadablePhoto>,
}

/// A part of more bytes is not kept for the next package.
const LARGEST_KEPT: usize = 1 << 18;

/// Packs packages. A part that equals the one in the same position of the first package is not compressed again, since
/// most parts of many letters are the same.
#[derive(Default)]
pub(crate) struct Packer {
    first: Vec<Option<(PackagePart, Packed<'static>)>>,
    pub(super) deflater: Deflater,
    /// The parts that are the same in every document of a language.
    fixed: Option<(Lang, Vec<(&'static str, String)>)>,
}

impl Packer {
    /// Returns the parts that are the same in every document of `lang`, calling `make` only when the language changes.
    pub(super) fn fixed(
        &mut self,
        lang: Lang,
        make: impl FnOnce() -> Vec<(&'static str, String)>,
    ) -> &[(&'static str, String)] {
        if self.fixed.as_ref().is_none_or(|(other, _)| *other != lang) {
            self.fixed = Some((lang, make()));
        }
        self.fixed.as_ref().map_or(&[], |(_, parts)| parts)
    }

    /// Packs `parts` in their order, and behind them what is packed already. The same parts give the same bytes, whatever
    /// was packed before.
    ///
    /// # Errors
    /// The package would exceed the limits of the archive format (4 GB).
    pub(super) fn pack(&mut self, parts: Vec<PackagePart>, media: Archive) -> io::Result<Spooled> {
        let is_first = self.first.is_empty();
        let mut archive = Archive::default();
        for (index, part) in parts.into_iter().enumerate() {
            let known = self.first.get(index).and_then(Option::as_ref).filter(|(known, _)| *known == part);
            if let Some((_, packed)) = known {
                archive.add(&part.0, packed)?;
                continue;
            }
            // What varies is long, and no other package has it.
            let kept = match &part.1 {
                PartText::Text(text) => {
                    let packed = self.deflater.pack(text)?;
                    archive.add(&part.0, &packed)?;
                    Some(packed).filter(|_| text.len() <= LARGEST_KEPT)
                }
                PartText::Packed(packed) => {
                    archive.add(&part.0, packed)?;
                    None
                }
            };
            if is_first {
                self.first.push(kept.map(|packed| (part, packed)));
            }
        }
        archive.followed_by(media)?.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_before_does_not_show() {
        let parts = |text: &str| {
            let long = "<w:style/>".repeat(500);
            [("a.xml", long), ("词.xml", text.to_owned()), ("b", String::new())]
                .map(|(name, text)| (name.to_owned(), PartText::from(text)))
                .to_vec()
        };
        let bytes = |packer: &mut Packer, parts| packer.pack(parts, Archive::default()).unwrap().into_vec().unwrap();
        let mut packer = Packer::default();
        bytes(&mut packer, parts("first"));
        for text in ["second", "first", ""] {
            assert_eq!(bytes(&mut packer, parts(text)), bytes(&mut Packer::default(), parts(text)));
        }
        let other = vec![("a.xml".to_owned(), "short".to_owned().into())];
        assert_eq!(bytes(&mut packer, other.clone()), bytes(&mut Packer::default(), other));
    }
}
