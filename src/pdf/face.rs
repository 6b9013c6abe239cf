//! The faces that documents ask for and the machine does not have: others take their place, and lines move.
//!
//! LibreOffice does not say what it replaces. So it lays out a specimen beside the documents
//! ([`docx::specimen`](crate::docx::specimen)), one page for each face, and the fonts of a page tell what became of it.

use std::collections::BTreeSet;

use crate::pdf::read::Font;
use crate::words::lang::Lang;

/// A face in whose place another was used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replaced {
    /// The face that was asked for.
    pub asked: String,
    /// What was used in its place.
    pub by: Font,
}

/// Returns the faces that were replaced in documents that use `fonts`, by the specimen: the face that each page asks for,
/// and the fonts of that page. A face that no document needs is none of them, although the machine does not have it.
#[must_use]
pub fn replaced(specimen: &[(String, Vec<Font>)], fonts: &BTreeSet<Font>) -> BTreeSet<Replaced> {
    let mut replaced = BTreeSet::new();
    for (asked, page) in specimen {
        if page.iter().any(|font| is_named(font, asked)) {
            continue;
        }
        let is_used = |font: &&Font| fonts.iter().any(|used| used.postscript == font.postscript);
        let by = page.iter().find(is_used).cloned();
        replaced.extend(by.map(|by| Replaced { asked: asked.clone(), by }));
    }
    replaced
}

/// Whether a font is the face of this name. A font that does not bring its names along is held by its PostScript name,
/// which begins with that of the family: `FandolFang-Regular` is “FandolFang R”.
fn is_named(font: &Font, asked: &str) -> bool {
    let plain = |name: &str| -> String {
        let name = name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'));
        name.flat_map(char::to_lowercase).collect()
    };
    let asked = plain(asked);
    font.families.iter().any(|family| plain(family) == asked) || plain(&font.postscript).starts_with(&asked)
}

impl Replaced {
    /// The name of the font for people: in their language, if it has one.
    #[must_use]
    pub fn by(&self, lang: Lang) -> &str {
        let is_chinese = |name: &&String| !name.is_ascii();
        let families = &self.by.families;
        let own = match lang {
            Lang::Zh => families.iter().find(is_chinese).or_else(|| families.first()),
            Lang::En => families.iter().find(|name| name.is_ascii()),
        };
        own.map_or(&self.by.postscript, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn font(postscript: &str, families: &[&str]) -> Font {
        Font { postscript: postscript.to_owned(), families: families.iter().map(|&name| name.to_owned()).collect() }
    }

    #[test]
    fn a_face_is_missing_if_another_stands_in_its_place_and_is_used() {
        let song = font("BousungEG-Light-GB", &["AR PL SungtiL GB", "文鼎ＰＬ简报宋"]);
        let fang = font("FangSong_GB2312", &["仿宋_GB2312", "FangSong_GB2312"]);
        let (liberation, fandol) = (font("LiberationSerif", &["Liberation Serif"]), font("FandolFang-Regular", &[]));
        let page = |asked: &str, fonts: &[&Font]| (asked.to_owned(), fonts.iter().map(|&font| font.clone()).collect());
        let specimen = [
            page("仿宋_GB2312", &[&fang]),
            page("黑体", &[&song]),
            page("Times New Roman", &[&liberation]),
            page("FandolFang R", &[&fandol]),
            page("ar pl sungtil gb", &[&song]),
            page("楷体_GB2312", &[]),
        ];
        let told = |fonts: &[&Font]| -> Vec<String> {
            let fonts = fonts.iter().map(|&font| font.clone()).collect();
            let replaced = replaced(&specimen, &fonts);
            replaced.iter().map(|face| format!("{} → {}", face.asked, face.by(Lang::Zh))).collect()
        };
        assert_eq!(told(&[&song, &liberation]), ["Times New Roman → Liberation Serif", "黑体 → 文鼎ＰＬ简报宋"]);
        // An English document needs no Chinese face.
        assert_eq!(told(&[&liberation]), ["Times New Roman → Liberation Serif"]);
        assert_eq!(told(&[&fang, &fandol]), [""; 0]);
    }
}
