//! A page for each code, in both languages. The examples in them are run as tests.

use crate::fault::Code;
use crate::words::lang::Lang;

macro_rules! pages {
    ($($code:literal)*) => {
        &[$(($code,
            include_str!(concat!("explain/", $code, ".zh.md")),
            include_str!(concat!("explain/", $code, ".en.md")))),*]
    };
}

/// Code, Chinese page, English page.
#[rustfmt::skip]
const PAGES: &[(&str, &str, &str)] = pages! {
    "L101" "L102" "L103" "L104" "L105" "L106" "L107" "L108" "L109" "L110" "L111" "L112" "L113" "L114" "L115"
    "V101" "V102" "V103" "V104" "V105" "V106" "V107" "V108" "V109" "V110" "V111"
    "R201" "R202" "R203" "R204" "R205" "R206" "R207" "R208" "R209" "R210" "R211" "P301" "P302" "P303" "C401" "C402" "C403" "T501" "T502"
};

/// The page of a code, as Markdown.
#[must_use]
pub fn page(code: Code, lang: Lang) -> &'static str {
    let page = PAGES.iter().find(|(name, _, _)| *name == code.info().code);
    page.map_or("", |(_, zh, en)| lang.pick(zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_with_its_name_in_both_languages() {
        assert_eq!(PAGES.len(), crate::fault::code::CODES.len());
        for code in Code::all() {
            let info = code.info();
            for (lang, title) in [(Lang::Zh, info.zh), (Lang::En, info.en)] {
                let heading = format!("# {} {} {title}", info.code, info.name);
                assert!(page(code, lang).starts_with(&heading), "{heading}");
            }
        }
    }
}
