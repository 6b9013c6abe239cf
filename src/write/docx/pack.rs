//! Parts → the bytes of a package.

use std::io::Cursor;

use zip::result::ZipResult;
use zip::{ZipArchive, ZipWriter};

use crate::frame::put;
use crate::words::lang::Lang;

/// A part: its name, and its text.
pub(super) type Part = (String, String);

/// A finished package, open for reading.
type Package = ZipArchive<Cursor<Vec<u8>>>;

/// Packs one package after another. A part that the first one has too is taken from it as it is, packed already: of
/// many letters most parts are the same.
#[derive(Default)]
pub(crate) struct Packer {
    first: Option<(Vec<Part>, Package)>,
    /// Parts that are the same in every document of a language.
    fixed: Option<(Lang, Vec<(&'static str, String)>)>,
}

impl Packer {
    /// The parts that are the same in every document of a language, made the first time.
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

    /// Packs `parts` in their order, with the same times everywhere: the same parts give the same bytes, whatever was
    /// packed before.
    pub(super) fn pack(&mut self, parts: Vec<Part>) -> ZipResult<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (place, part) in parts.iter().enumerate() {
            let packed = self.first.as_mut().filter(|(known, _)| known.get(place) == Some(part));
            if let Some((_, package)) = packed {
                writer.raw_copy_file(package.by_index_raw(place)?)?;
            } else {
                put(&mut writer, &part.0, &part.1)?;
            }
        }
        let bytes = writer.finish()?.into_inner();
        if self.first.is_none() {
            self.first = Some((parts, ZipArchive::new(Cursor::new(bytes.clone()))?));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_before_does_not_show() {
        let parts = |text: &str| {
            let long = "<w:style/>".repeat(500);
            vec![("a.xml".to_owned(), long), ("词.xml".to_owned(), text.to_owned()), ("b".to_owned(), String::new())]
        };
        let mut packer = Packer::default();
        packer.pack(parts("first")).unwrap();
        for text in ["second", "first", ""] {
            assert_eq!(packer.pack(parts(text)).unwrap(), Packer::default().pack(parts(text)).unwrap());
        }
        let other = vec![("a.xml".to_owned(), "short".to_owned())];
        assert_eq!(packer.pack(other.clone()).unwrap(), Packer::default().pack(other).unwrap());
    }
}
