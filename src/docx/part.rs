//! The parts of the package other than text and styles.

use std::fmt::Write as _;

use super::page::RunningPart;
use super::xml::{DECLARATION, NAMESPACES, escape};
use crate::document::Document;
use crate::document::layout::Fonts;
use crate::words::lang::Lang;

pub(super) const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
pub(super) const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
pub(super) const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Returns `[Content_Types].xml`.
pub(super) fn content_types(parts: &[RunningPart<'_>]) -> String {
    let mut xml = format!(
        "{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    let mut part = |name: &str, kind: &str| {
        let _ = write!(xml, "<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
    };
    part("word/document.xml", &format!("{WORD}.document.main+xml"));
    part("word/styles.xml", &format!("{WORD}.styles+xml"));
    part("word/settings.xml", &format!("{WORD}.settings+xml"));
    part("word/fontTable.xml", &format!("{WORD}.fontTable+xml"));
    part("word/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml");
    for running in parts {
        part(&format!("word/{}", running.name), &format!("{WORD}.{}+xml", running.kind));
    }
    part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    part("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml");
    xml + "</Types>\n"
}

/// Returns `_rels/.rels`.
pub(super) fn package_relationships() -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
         <Relationship Id=\"rId3\" Type=\"{OFFICE}/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>\n"
    )
}

/// Returns `word/_rels/document.xml.rels`.
pub(super) fn document_relationships(parts: &[RunningPart<'_>]) -> String {
    let mut xml = format!("{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    let fixed = [
        ("rId1", "styles", "styles.xml"),
        ("rId2", "settings", "settings.xml"),
        ("rId3", "fontTable", "fontTable.xml"),
        ("rId4", "theme", "theme/theme1.xml"),
    ];
    let pages = parts.iter().map(|part| (part.id.as_str(), part.kind, part.name.as_str()));
    for (id, kind, target) in fixed.into_iter().chain(pages) {
        let _ = write!(xml, "<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    }
    xml + "</Relationships>\n"
}

/// Returns `word/settings.xml`.
pub(super) fn settings(lang: Lang) -> String {
    let even = match lang {
        Lang::Zh => "<w:evenAndOddHeaders/>",
        Lang::En => "",
    };
    format!(
        "{DECLARATION}<w:settings {NAMESPACES}><w:zoom w:percent=\"100\"/>{even}\
         <w:characterSpacingControl w:val=\"doNotCompress\"/>\
         <w:compat><w:useFELayout/><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
         <w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:settings>\n"
    )
}

/// Returns `word/fontTable.xml`.
pub(super) fn font_table(fonts: &Fonts) -> String {
    let Fonts { fangsong, heiti, kaiti, xiaobiaosong, songti, latin } = fonts;
    let mut xml = format!("{DECLARATION}<w:fonts {NAMESPACES}>");
    // The fallback where a typeface is not installed: another of its class.
    let faces = [
        (fangsong, "FangSong", "86"),
        (heiti, "SimHei", "86"),
        (kaiti, "KaiTi", "86"),
        (xiaobiaosong, "SimSun", "86"),
        (songti, "SimSun", "86"),
        (latin, "Liberation Serif", "00"),
    ];
    let mut seen: Vec<&str> = Vec::new();
    for (name, other, charset) in faces {
        if seen.contains(&name.as_str()) {
            continue;
        }
        seen.push(name);
        let _ = write!(
            xml,
            "<w:font w:name=\"{}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"{charset}\"/></w:font>",
            escape(name)
        );
    }
    xml + "</w:fonts>\n"
}

/// Returns `docProps/core.xml`. Its time stamps are the document's date, never the clock.
pub(super) fn core(document: &Document) -> String {
    let day = [&document.foot.date, &document.head.date]
        .into_iter()
        .flatten()
        .find_map(|date| day(date))
        .unwrap_or_else(|| "1980-01-01".to_owned());
    let author = [&document.foot.signature, &document.head.issuer, &document.head.mark];
    let author = author.into_iter().flatten().next().map(|name| escape(name).replace('\n', " ")).unwrap_or_default();
    let title = escape(&document.head.title.replace('\n', " "));
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:modified></cp:coreProperties>\n"
    )
}

/// Returns the date that `text` gives as three numbers, such as `2021年8月10日` or `2021-08-10`, in ISO form.
fn day(text: &str) -> Option<String> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let year = numbers.next()?.parse().ok().filter(|year| (1900..=9999).contains(year))?;
    let month = numbers.next()?.parse().ok()?;
    let day = numbers.next()?.parse().ok()?;
    chrono::NaiveDate::from_ymd_opt(year, month, day).map(|day| day.to_string())
}

/// Returns `docProps/app.xml`.
pub(super) fn app() -> String {
    format!(
        "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>duban</Application></Properties>\n"
    )
}

/// Returns a minimal valid `word/theme/theme1.xml`. No style refers to it.
pub(super) fn theme(fonts: &Fonts) -> String {
    let mut colors = String::new();
    for (name, value) in [
        ("dk1", "000000"),
        ("lt1", "FFFFFF"),
        ("dk2", "1F1F1F"),
        ("lt2", "EEEEEE"),
        ("accent1", "C00000"),
        ("accent2", "ED7D31"),
        ("accent3", "A5A5A5"),
        ("accent4", "FFC000"),
        ("accent5", "4472C4"),
        ("accent6", "70AD47"),
        ("hlink", "0563C1"),
        ("folHlink", "954F72"),
    ] {
        let _ = write!(colors, "<a:{name}><a:srgbClr val=\"{value}\"/></a:{name}>");
    }
    let face = format!(
        "<a:latin typeface=\"{}\"/><a:ea typeface=\"{}\"/><a:cs typeface=\"\"/>",
        escape(&fonts.latin),
        escape(&fonts.fangsong)
    );
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>".repeat(3);
    let line = "<a:ln w=\"6350\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln>".repeat(3);
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        "{DECLARATION}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"duban\"><a:themeElements>\
         <a:clrScheme name=\"duban\">{colors}</a:clrScheme>\
         <a:fontScheme name=\"duban\"><a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont></a:fontScheme>\
         <a:fmtScheme name=\"duban\"><a:fillStyleLst>{fill}</a:fillStyleLst><a:lnStyleLst>{line}</a:lnStyleLst>\
         <a:effectStyleLst>{effect}</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme>\
         </a:themeElements></a:theme>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_own_date_is_read() {
        assert_eq!(day("2021年8月10日").as_deref(), Some("2021-08-10"));
        assert_eq!(day("2021-02-30"), None);
        assert_eq!(day("10 August 2021"), None);
    }
}
