//! Sections, page headers and page numbers.

use std::fmt::Write as _;

use super::head::mark;
use super::xml::{DECLARATION, NAMESPACES, paragraph, raw};
use crate::document::label::Labels;
use crate::document::layout::{
    LETTER_LINE_BOTTOM_MM, LETTER_LINE_MM, LETTER_MARK_TOP_MM, LINE_TWIPS, MARGIN_BOTTOM_MM, MARGIN_LEFT_MM,
    MARGIN_RIGHT_MM, MARGIN_TOP_MM, PAGE_WIDTH_MM, Paper, RED, TEXT_WIDTH_MM, twips,
};
use crate::document::{Document, Layout};
use crate::words::lang::Lang;

/// Headers and footers by element and type. Every document has all six, some of them empty.
const KINDS: [(&str, &str); 6] = [
    ("header", "default"),
    ("header", "even"),
    ("header", "first"),
    ("footer", "default"),
    ("footer", "even"),
    ("footer", "first"),
];
/// Distance of the line of the page number from the paper's edge.
const FOOTER_MM: f64 = 25.0;
/// The number of relationships before those of headers and footers.
const FIXED_RELATIONS: usize = 4;

/// A set of headers and footers; the letters of an office share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Running {
    texts: [String; 6],
}

/// The part of one header or footer.
pub(super) struct RunningPart<'r> {
    /// The id of its relationship.
    pub(super) id: String,
    /// `header` or `footer`.
    pub(super) kind: &'static str,
    /// Its file name in `word/`.
    pub(super) name: String,
    /// Its XML.
    pub(super) text: &'r str,
}

impl Running {
    /// Returns the headers and footers of a document.
    pub(super) fn of(document: &Document, paper: Paper) -> Self {
        let texts = KINDS.map(|(kind, which)| {
            let inner = match (kind, which) {
                ("header", "first") => first_header(document, paper),
                ("header", _) => draft(document),
                (_, "first") => first_footer(document, paper),
                (_, which) => page_number(document, which == "even", false),
            };
            part(kind, &inner)
        });
        Self { texts }
    }

    /// Returns those of a document's pages in landscape: the number stands where it stands on the other pages once the
    /// paper is turned (clause 8). An English document has the number below the text on every page.
    pub(super) fn turned(document: &Document, paper: Paper) -> Self {
        if document.lang == Lang::En {
            return Self::of(document, paper);
        }
        let texts = KINDS.map(|(kind, which)| match kind {
            "header" => {
                let inner = draft(document) + &turned_number(document, which == "even");
                part(kind, &inner)
            }
            _ => part(kind, &paragraph("Footer", "", "")),
        });
        Self { texts }
    }

    /// Returns their parts; `index` is the position of this set in the package.
    pub(super) fn parts(&self, index: usize) -> impl Iterator<Item = RunningPart<'_>> {
        KINDS.iter().zip(&self.texts).enumerate().map(move |(at, ((kind, _), text))| RunningPart {
            id: relationship_id(index, at),
            kind,
            name: format!("{kind}{}.xml", index * 3 + at % 3 + 1),
            text,
        })
    }
}

/// Returns the XML of a header or footer.
fn part(kind: &str, inner: &str) -> String {
    let element = if kind == "header" { "hdr" } else { "ftr" };
    format!("{DECLARATION}<w:{element} {NAMESPACES}>\n{inner}</w:{element}>\n")
}

/// The sets of headers and footers of a document, by their positions in the package.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RunningSets {
    pub(super) upright: usize,
    pub(super) turned: usize,
}

/// Returns the relationship id of the header or footer `at` in the set `index`.
fn relationship_id(index: usize, at: usize) -> String {
    format!("rId{}", FIXED_RELATIONS + index * KINDS.len() + at + 1)
}

/// The properties of a section.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageSection {
    /// The headers and footers of its document.
    pub(super) running: RunningSets,
    /// Whether its pages are in landscape orientation.
    pub(super) landscape: bool,
    /// Whether it contains the document's first page.
    pub(super) first: bool,
    /// Whether its pages are numbered from 1.
    pub(super) restart: bool,
    pub(super) paper: Paper,
}

/// Returns the `w:sectPr` of a section.
pub(super) fn section(document: &Document, section: PageSection) -> String {
    // The double lines and the place of the mark are those of 信函格式; an English letter has a plain letterhead.
    let is_letter = document.layout == Layout::Letter && document.lang == Lang::Zh;
    let mut xml = "<w:sectPr>".to_owned();
    for (at, (kind, which)) in KINDS.iter().enumerate() {
        let set = if section.landscape { section.running.turned } else { section.running.upright };
        let id = relationship_id(set, at);
        let _ = write!(xml, "<w:{kind}Reference w:type=\"{which}\" r:id=\"{id}\"/>");
    }
    let (width, height) = paper(document, section.paper).size_mm();
    let [top, right, bottom, left] = match document.lang {
        Lang::Zh => [MARGIN_TOP_MM, MARGIN_RIGHT_MM, MARGIN_BOTTOM_MM, MARGIN_LEFT_MM],
        // The text is equally wide on both papers.
        Lang::En => [30.0, width - MARGIN_LEFT_MM - TEXT_WIDTH_MM, 30.0, MARGIN_LEFT_MM],
    }
    .map(twips);
    let (width, height) = (twips(width), twips(height));
    let header = if is_letter { twips(LETTER_MARK_TOP_MM) } else { twips(15.0) };
    // One document of several begins on the front of a sheet, also where both sides are printed.
    let begins = if section.first && section.restart { "oddPage" } else { "nextPage" };
    let _ = write!(xml, "<w:type w:val=\"{begins}\"/>");
    if section.landscape {
        // The top of the table is at the binding edge of an odd page (clause 8), so the margins are rotated.
        let footer = twips(16.0);
        let _ = write!(
            xml,
            "<w:pgSz w:w=\"{height}\" w:h=\"{width}\" w:orient=\"landscape\"/>\
             <w:pgMar w:top=\"{left}\" w:right=\"{top}\" w:bottom=\"{right}\" w:left=\"{bottom}\" \
             w:header=\"{}\" w:footer=\"{footer}\" w:gutter=\"0\"/>",
            twips(12.0)
        );
    } else {
        // The dashes of the page number are 7 mm below the text, in a line of 6 mm (7.5); the first footer of a letter
        // is lower.
        let footer = match (document.lang, is_letter) {
            (_, true) => twips(LETTER_LINE_BOTTOM_MM),
            (Lang::Zh, false) => twips(FOOTER_MM),
            (Lang::En, false) => twips(16.0),
        };
        let _ = write!(
            xml,
            "<w:pgSz w:w=\"{width}\" w:h=\"{height}\"/>\
             <w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" w:left=\"{left}\" \
             w:header=\"{header}\" w:footer=\"{footer}\" w:gutter=\"0\"/>"
        );
    }
    if section.restart {
        xml.push_str("<w:pgNumType w:start=\"1\"/>");
    }
    xml.push_str("<w:cols w:space=\"425\"/>");
    if document.layout == Layout::Letter && section.first {
        xml.push_str("<w:titlePg/>");
    }
    if document.lang == Lang::Zh {
        let _ = write!(xml, "<w:docGrid w:type=\"lines\" w:linePitch=\"{LINE_TWIPS}\"/>");
    }
    xml.push_str("</w:sectPr>");
    xml
}

/// Returns the paper of a document: GB/T 9704 allows only A4 (5.1).
fn paper(document: &Document, chosen: Paper) -> Paper {
    match document.lang {
        Lang::Zh => Paper::A4,
        Lang::En => chosen,
    }
}

/// Returns the header with the draft mark, which is on every page.
fn draft(document: &Document) -> String {
    let runs = if document.head.draft {
        raw("<w:rStyle w:val=\"Draft\"/>", Labels::of(document.lang).draft)
    } else {
        String::new()
    };
    paragraph("Header", "", &runs)
}

/// Returns the first header: for a letter, the mark 30 mm from the paper's edge and the double line, thick above thin
/// (10.1).
fn first_header(document: &Document, chosen: Paper) -> String {
    if document.layout != Layout::Letter {
        return draft(document);
    }
    let mut xml = document.head.mark.as_deref().map(|text| mark(document, text, "")).unwrap_or_default();
    if document.lang == Lang::En {
        let rule = "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/></w:pBdr>";
        return xml + &paragraph("Tiny", &format!("{rule}<w:spacing w:line=\"120\" w:lineRule=\"exact\"/>"), "");
    }
    let border = format!("<w:bottom w:val=\"thickThinSmallGap\" w:sz=\"24\" w:space=\"0\" w:color=\"{RED}\"/>");
    // 4 mm below the mark, of which 1.6 mm is the space below the characters in their line.
    xml.push_str(&letter_line(&border, 137, paper(document, chosen)));
    xml
}

/// Returns the first footer: for a letter, the double line, thin above thick, 20 mm from the paper's edge (10.1).
fn first_footer(document: &Document, chosen: Paper) -> String {
    if document.layout != Layout::Letter {
        return page_number(document, false, false);
    }
    if document.lang == Lang::En {
        return paragraph("Footer", "", "");
    }
    let border = format!("<w:bottom w:val=\"thinThickSmallGap\" w:sz=\"24\" w:space=\"0\" w:color=\"{RED}\"/>");
    letter_line(&border, 40, paper(document, chosen))
}

/// Returns a line of 170 mm centred on the paper, which is wider than the text. `height` is in twips.
fn letter_line(border: &str, height: u32, paper: Paper) -> String {
    let (width, _) = paper.size_mm();
    let side = (width - LETTER_LINE_MM) / 2.0;
    let more = format!(
        "<w:pBdr>{border}</w:pBdr><w:spacing w:line=\"{height}\" w:lineRule=\"exact\"/>\
         <w:ind w:left=\"{}\" w:right=\"{}\"/>",
        twips(side - MARGIN_LEFT_MM),
        twips(side - MARGIN_RIGHT_MM - (width - PAGE_WIDTH_MM)),
    );
    paragraph("Tiny", &more, "")
}

/// Returns the page number of a page in landscape, which lies where the other pages have it (clause 8): along the left edge,
/// turned by a quarter, as wide as the text of the page that is held upright.
///
/// It is the cell of a table that floats: LibreOffice misplaces a shape with text on the first page that has it.
fn turned_number(document: &Document, even: bool) -> String {
    // As high as the line of a footer.
    let (x, y, width, height) = (twips(FOOTER_MM), twips(MARGIN_LEFT_MM), twips(5.93), twips(TEXT_WIDTH_MM));
    let number = page_number(document, even, true);
    let table = format!(
        "<w:tbl><w:tblPr><w:tblpPr w:leftFromText=\"0\" w:rightFromText=\"0\" w:vertAnchor=\"page\" w:horzAnchor=\"page\" \
         w:tblpX=\"{x}\" w:tblpY=\"{y}\"/><w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>\
         <w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>\
         <w:tblGrid><w:gridCol w:w=\"{width}\"/></w:tblGrid>\
         <w:tr><w:trPr><w:trHeight w:val=\"{height}\" w:hRule=\"exact\"/></w:trPr>\
         <w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:textDirection w:val=\"tbRl\"/></w:tcPr>{}</w:tc></w:tr></w:tbl>\n",
        number.trim_end()
    );
    table + &paragraph("Tiny", "", "")
}

/// Returns the footer with the page number: `— 1 —`, on the right of odd pages and on the left of even ones (7.5).
fn page_number(document: &Document, even: bool, turned: bool) -> String {
    let field = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>\
                 <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
    let (more, runs) = match document.lang {
        Lang::Zh => {
            let side = if even {
                "<w:ind w:left=\"280\"/><w:jc w:val=\"left\"/>"
            } else {
                "<w:ind w:right=\"280\"/><w:jc w:val=\"right\"/>"
            };
            (side, format!("{}{field}{}", raw("", "— "), raw("", " —")))
        }
        Lang::En => ("<w:jc w:val=\"center\"/>", field.to_owned()),
    };
    let mut xml = paragraph("Footer", more, &runs);
    if document.layout == Layout::Letter && document.lang == Lang::Zh && !turned {
        // The footers of a letter are 5 mm lower, for the double line; this paragraph lifts the number to its place.
        xml.push_str(&paragraph("Tiny", "<w:spacing w:line=\"283\" w:lineRule=\"exact\"/>", ""));
    }
    xml
}
