//! The explain page of each code, in both languages. The examples on the pages are run as tests.

use crate::fault::Code;
use crate::words::lang::Lang;

/// Returns the page of a code, as Markdown.
#[must_use]
pub fn page(code: Code, lang: Lang) -> &'static str {
    lang.pick(code.info().page_zh, code.info().page_en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_begins_with_its_code_and_name_in_both_languages() {
        for code in Code::all() {
            let info = code.info();
            for (lang, title) in [(Lang::Zh, info.zh), (Lang::En, info.en)] {
                let heading = format!("# {} {} {title}", info.code, info.name);
                assert!(page(code, lang).starts_with(&heading), "{heading}");
            }
        }
    }

    /// A page without a row in the table could not be shown.
    #[test]
    fn every_page_belongs_to_a_code() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fault/explain");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let code = name.strip_suffix(".zh.md").or(name.strip_suffix(".en.md"));
            assert!(code.is_some_and(|code| Code::all().any(|known| known.info().code == code)), "{name}");
        }
    }
}
