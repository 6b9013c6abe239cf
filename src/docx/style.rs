//! Styles.

use std::fmt::Write as _;

use super::xml::{DECLARATION, NAMESPACES, escape};
use crate::document::layout::{
    BODY_PT, CHARACTER_SPACING_TWIPS, CHARACTER_TWIPS, ENGLISH_TABLE_PT, ENGLISH_TABLE_SMALL_PT, Fonts, LINE_TWIPS,
    RED, SMALL_PT, TABLE_PT, TABLE_SMALL_PT, TITLE_LINE_TWIPS, TITLE_PT,
};
use crate::words::lang::Lang;

/// A paragraph style: id, name, the style it is based on, paragraph properties, run properties.
type ParagraphStyle = (&'static str, &'static str, &'static str, String, String);

/// Returns `word/styles.xml`.
pub(super) fn styles(lang: Lang, fonts: &Fonts) -> String {
    let mut list = match lang {
        Lang::Zh => chinese(fonts),
        Lang::En => english(),
    };
    list.extend(of_drawings());
    let (strong, emphasis) = match lang {
        // GB/T 9704 distinguishes by typeface, not by weight or slant, and neither face has a bold variant.
        Lang::Zh => (east(&fonts.heiti), east(&fonts.kaiti)),
        Lang::En => ("<w:b/><w:bCs/>".to_owned(), "<w:i/><w:iCs/>".to_owned()),
    };
    let tag = "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>";
    let latin = escape(&fonts.latin);
    let mut xml = format!(
        "{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"{latin}\" w:eastAsia=\"{}\" w:hAnsi=\"{latin}\" w:cs=\"{latin}\"/>{tag}</w:rPr></w:rPrDefault>\
         <w:pPrDefault/></w:docDefaults>\n",
        escape(&fonts.fangsong)
    );
    for (id, name, base, paragraph, run) in list {
        let default = if id == "Normal" { " w:default=\"1\"" } else { "" };
        let base = if base.is_empty() { String::new() } else { format!("<w:basedOn w:val=\"{base}\"/>") };
        let _ = writeln!(
            xml,
            "<w:style w:type=\"paragraph\"{default} w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{base}<w:qFormat/>\
             <w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        );
    }
    let draft = format!("{}<w:color w:val=\"{RED}\"/>", east(&fonts.heiti));
    for (id, name, run) in [("Strong", "Strong", strong), ("Emphasis", "Emphasis", emphasis), ("Draft", "Draft", draft)]
    {
        let _ = writeln!(
            xml,
            "<w:style w:type=\"character\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:qFormat/><w:rPr>{run}</w:rPr></w:style>"
        );
    }
    let mut borders = String::new();
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(borders, "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    }
    let _ = write!(
        xml,
        "<w:style w:type=\"table\" w:styleId=\"Grid\"><w:name w:val=\"Table Grid\"/><w:tblPr><w:tblBorders>{borders}</w:tblBorders>\
         <w:tblCellMar><w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>\n\
         </w:styles>\n"
    );
    xml
}

/// Returns the ids and XML of the same styles for a Word template, with `prefix` before their ids and names. They are
/// not based on any style of the template.
pub(super) fn prefixed(lang: Lang, fonts: &Fonts, prefix: &str) -> Vec<(String, String)> {
    let xml = styles(lang, fonts);
    let defaults = xml.split_once("<w:rPrDefault><w:rPr>").and_then(|(_, rest)| rest.split_once("</w:rPr>"));
    // In the order of the schema, the typefaces come first and the language last.
    let (faces, tag) = defaults.and_then(|(defaults, _)| defaults.split_once("<w:lang")).unwrap_or_default();
    let lines = xml.lines().filter(|line| line.starts_with("<w:style ") && line.ends_with("</w:style>"));
    let named = lines.map(|line| {
        let id = line.split_once("w:styleId=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(id, _)| id);
        let mut style = line.replace(" w:default=\"1\"", "").replace("<w:qFormat/>", "");
        for attribute in ["w:styleId=\"", "<w:name w:val=\"", "<w:basedOn w:val=\""] {
            let space = if attribute.starts_with("<w:name") { " " } else { "" };
            style = style.replace(attribute, &format!("{attribute}{prefix}{space}"));
        }
        if id == "Normal" {
            style = style.replacen("<w:rPr>", &format!("<w:rPr>{faces}"), 1);
            style = style.replacen("</w:rPr>", &format!("<w:lang{tag}</w:rPr>"), 1);
        }
        (format!("{prefix}{id}"), style + "\n")
    });
    named.collect()
}

fn chinese(fonts: &Fonts) -> Vec<ParagraphStyle> {
    let line = format!("w:line=\"{LINE_TWIPS}\" w:lineRule=\"exact\"");
    let indent = format!("<w:ind w:firstLineChars=\"200\" w:firstLine=\"{}\"/>", 2 * CHARACTER_TWIPS);
    let heading = |level: u8| format!("<w:keepNext/>{indent}<w:outlineLvl w:val=\"{}\"/>", level - 1);
    let spacing = format!("<w:spacing w:val=\"{CHARACTER_SPACING_TWIPS}\"/>");
    let none = "<w:spacing w:val=\"0\"/>";
    let unspaced = |pt: f64| format!("{none}{}", size(pt));
    let cell =
        "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"40\" w:after=\"40\" w:line=\"240\" w:lineRule=\"auto\"/>";
    let small_line = "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"336\" w:lineRule=\"exact\"/>";
    let songti = format!(
        "<w:rFonts w:ascii=\"{0}\" w:eastAsia=\"{0}\" w:hAnsi=\"{0}\"/>{1}",
        escape(&fonts.songti),
        unspaced(SMALL_PT)
    );
    vec![
        (
            "Normal",
            "Normal",
            "",
            format!(
                "<w:widowControl w:val=\"0\"/><w:kinsoku/><w:overflowPunct/><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/>\
                 <w:spacing w:before=\"0\" w:after=\"0\" {line}/><w:jc w:val=\"both\"/>"
            ),
            format!("{spacing}{}", size(BODY_PT)),
        ),
        ("BodyText", "Body Text", "Normal", indent.clone(), String::new()),
        ("ListText", "List Text", "Normal", indent.clone(), String::new()),
        ("Heading1", "heading 1", "Normal", heading(1), east(&fonts.heiti)),
        ("Heading2", "heading 2", "Normal", heading(2), east(&fonts.kaiti)),
        ("Heading3", "heading 3", "Normal", heading(3), String::new()),
        ("Heading4", "heading 4", "Normal", heading(4), String::new()),
        (
            "Title",
            "Title",
            "Normal",
            format!(
                "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"{TITLE_LINE_TWIPS}\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/>"
            ),
            format!("{}{}", east(&fonts.xiaobiaosong), unspaced(TITLE_PT)),
        ),
        (
            "Mark",
            "Mark",
            "Normal",
            "<w:snapToGrid w:val=\"0\"/><w:jc w:val=\"center\"/>".to_owned(),
            format!("{}<w:color w:val=\"{RED}\"/>{none}", east(&fonts.xiaobiaosong)),
        ),
        ("Number", "Number", "Normal", "<w:jc w:val=\"center\"/>".to_owned(), String::new()),
        ("Fact", "Fact", "Normal", "<w:jc w:val=\"left\"/>".to_owned(), String::new()),
        ("FactStrict", "Fact Strict", "Fact", String::new(), east(&fonts.heiti)),
        ("Addressee", "Addressee", "Normal", "<w:jc w:val=\"left\"/>".to_owned(), String::new()),
        (
            "AttachmentLabel",
            "Attachment Label",
            "Normal",
            "<w:keepNext/><w:jc w:val=\"left\"/>".to_owned(),
            east(&fonts.heiti),
        ),
        ("Signature", "Signature", "Normal", "<w:keepLines/><w:jc w:val=\"right\"/>".to_owned(), String::new()),
        (
            "Imprint",
            "Imprint",
            "Normal",
            "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"20\" w:after=\"40\" w:line=\"440\" w:lineRule=\"exact\"/>"
                .to_owned(),
            unspaced(SMALL_PT),
        ),
        (
            "Caption",
            "caption",
            "Normal",
            "<w:keepNext/><w:jc w:val=\"center\"/>".to_owned(),
            format!("{}{}", east(&fonts.heiti), unspaced(SMALL_PT)),
        ),
        ("TableText", "Table Text", "Normal", cell.to_owned(), unspaced(TABLE_PT)),
        ("TableTextSmall", "Table Text Small", "TableText", String::new(), unspaced(TABLE_SMALL_PT)),
        ("TableTextFirst", "Table Text First", "TableText", "<w:keepNext/>".to_owned(), String::new()),
        ("TableTextSmallFirst", "Table Text Small First", "TableTextSmall", "<w:keepNext/>".to_owned(), String::new()),
        ("TableTextHeader", "Table Text Header", "TableText", "<w:keepNext/>".to_owned(), east(&fonts.heiti)),
        ("TableTextSmallHeader", "Table Text Small Header", "TableTextSmall", "<w:keepNext/>".to_owned(), east(&fonts.heiti)),
        ("Header", "header", "Normal", format!("{small_line}<w:jc w:val=\"right\"/>"), unspaced(SMALL_PT)),
        ("Footer", "footer", "Normal", small_line.to_owned(), songti),
        tiny(),
    ]
}

/// Enclosures and copies: the label at the edge, the names at a tab.
const LISTED: &str = "<w:tabs><w:tab w:val=\"left\" w:pos=\"1500\"/></w:tabs><w:spacing w:before=\"120\" w:after=\"0\"/>\
                      <w:ind w:left=\"1500\" w:hanging=\"1500\"/>";

fn english() -> Vec<ParagraphStyle> {
    let heading = |level: u8| {
        format!(
            "<w:keepNext/><w:spacing w:before=\"200\" w:after=\"80\"/><w:jc w:val=\"left\"/><w:outlineLvl w:val=\"{}\"/>",
            level - 1
        )
    };
    let bold = "<w:b/><w:bCs/>";
    let plain = |space: u32| {
        format!("<w:spacing w:before=\"{space}\" w:after=\"{space}\" w:line=\"240\" w:lineRule=\"auto\"/>")
    };
    vec![
        (
            "Normal",
            "Normal",
            "",
            "<w:widowControl/><w:spacing w:before=\"0\" w:after=\"120\" w:line=\"276\" w:lineRule=\"auto\"/>"
                .to_owned(),
            size(12.0),
        ),
        ("BodyText", "Body Text", "Normal", "<w:jc w:val=\"both\"/>".to_owned(), String::new()),
        ("ListText", "List Text", "Normal", "<w:spacing w:after=\"60\"/>".to_owned(), String::new()),
        ("Heading1", "heading 1", "Normal", heading(1), format!("{bold}{}", size(13.0))),
        ("Heading2", "heading 2", "Normal", heading(2), bold.to_owned()),
        ("Heading3", "heading 3", "Normal", heading(3), bold.to_owned()),
        ("Heading4", "heading 4", "Normal", heading(4), format!("{bold}<w:i/><w:iCs/>")),
        (
            "Title",
            "Title",
            "Normal",
            "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"240\"/><w:jc w:val=\"center\"/>".to_owned(),
            format!("{bold}{}", size(16.0)),
        ),
        ("Mark", "Mark", "Normal", "<w:jc w:val=\"center\"/>".to_owned(), bold.to_owned()),
        ("Number", "Number", "Normal", "<w:jc w:val=\"center\"/>".to_owned(), String::new()),
        ("Fact", "Fact", "Normal", String::new(), String::new()),
        ("FactStrict", "Fact Strict", "Fact", String::new(), bold.to_owned()),
        ("Addressee", "Addressee", "Normal", String::new(), String::new()),
        ("Address", "Address", "Normal", plain(0), String::new()),
        ("Subject", "Subject", "Normal", "<w:keepNext/>".to_owned(), bold.to_owned()),
        // Room for a signature by hand.
        (
            "SignedBy",
            "Signed By",
            "Normal",
            "<w:keepLines/><w:spacing w:before=\"840\" w:after=\"0\"/>".to_owned(),
            String::new(),
        ),
        ("SignedByNext", "Signed By Next", "Normal", format!("<w:keepLines/>{}", plain(0)), String::new()),
        ("Listed", "Listed", "Normal", LISTED.to_owned(), String::new()),
        ("AttachmentLabel", "Attachment Label", "Normal", "<w:keepNext/>".to_owned(), bold.to_owned()),
        ("Signature", "Signature", "Normal", format!("{}<w:jc w:val=\"right\"/>", plain(0)), String::new()),
        ("Imprint", "Imprint", "Normal", format!("<w:keepNext/>{}", plain(40)), size(11.0)),
        ("Caption", "caption", "Normal", "<w:keepNext/><w:jc w:val=\"center\"/>".to_owned(), bold.to_owned()),
        ("TableText", "Table Text", "Normal", plain(30), size(ENGLISH_TABLE_PT)),
        ("TableTextSmall", "Table Text Small", "TableText", String::new(), size(ENGLISH_TABLE_SMALL_PT)),
        ("TableTextFirst", "Table Text First", "TableText", "<w:keepNext/>".to_owned(), String::new()),
        ("TableTextSmallFirst", "Table Text Small First", "TableTextSmall", "<w:keepNext/>".to_owned(), String::new()),
        ("TableTextHeader", "Table Text Header", "TableText", "<w:keepNext/>".to_owned(), bold.to_owned()),
        (
            "TableTextSmallHeader",
            "Table Text Small Header",
            "TableTextSmall",
            "<w:keepNext/>".to_owned(),
            bold.to_owned(),
        ),
        ("Header", "header", "Normal", format!("{}<w:jc w:val=\"right\"/>", plain(0)), size(10.5)),
        ("Footer", "footer", "Normal", plain(0), size(10.5)),
        tiny(),
    ]
}

/// Returns the style of a paragraph of almost no height, which ends a section or separates two tables.
fn tiny() -> ParagraphStyle {
    (
        "Tiny",
        "Tiny",
        "Normal",
        "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/>"
            .to_owned(),
        "<w:sz w:val=\"2\"/><w:szCs w:val=\"2\"/>".to_owned(),
    )
}

/// Returns the styles of the paragraphs of charts and photos, and of their captions, which stand below them. The line is as
/// high as the drawing: in one of an exact height a strip of it would show.
fn of_drawings() -> [ParagraphStyle; 4] {
    let line =
        "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"120\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>";
    let caption = "<w:keepNext w:val=\"0\"/>".to_owned();
    [
        ("Chart", "Chart", "Normal", format!("{line}<w:jc w:val=\"center\"/>"), String::new()),
        ("ChartCaption", "Chart Caption", "Caption", caption, String::new()),
        ("Photo", "Photo", "Chart", "<w:spacing w:before=\"60\"/>".to_owned(), String::new()),
        (
            "PhotoCaption",
            "Photo Caption",
            "TableTextSmall",
            "<w:keepLines/><w:spacing w:before=\"20\" w:after=\"40\"/><w:jc w:val=\"center\"/>".to_owned(),
            String::new(),
        ),
    ]
}

/// Returns the run property for the typeface of Chinese text.
fn east(font: &str) -> String {
    format!("<w:rFonts w:eastAsia=\"{}\"/>", escape(font))
}

/// Returns the run properties for a type size; `WordprocessingML` counts in half points.
fn size(pt: f64) -> String {
    let half = (pt * 2.0).round();
    format!("<w:sz w:val=\"{half}\"/><w:szCs w:val=\"{half}\"/>")
}
