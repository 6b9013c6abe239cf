//! The file given back with a Word comment at each thing that is wrong.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::archive::Deflater;
use super::plan::TEXT;
use super::text::Paragraph;
use super::{ParagraphPlace, WordTemplate, WordTemplateError, package};

/// A comment at a paragraph, by its index in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordComment {
    /// The paragraph.
    pub paragraph: usize,
    /// What is said, a paragraph for each line.
    pub text: String,
}

const COMMENTS: &str = "word/comments.xml";

/// Gives the file back with comments. Word has none in headers, text boxes and notes: what is wrong there stands at the
/// paragraph around, else at the first of the text; in a file without text, at a paragraph put before all. A part that had
/// comments before keeps them.
///
/// # Errors
/// A part that must be changed can't be read or packed.
pub fn annotated(template: &WordTemplate, remarks: &[WordComment], author: &str) -> Result<Vec<u8>, WordTemplateError> {
    let broken = |error: std::io::Error| WordTemplateError::NoPackage { why: error.to_string() };
    let mut source = package::open(&template.bytes)?;
    let Some(main) = template.parts.first() else { return Err(WordTemplateError::NoDocument) };
    let before = package::part(&mut source, COMMENTS).ok();
    let first = before.as_deref().map_or(0, next_id);
    let mut xml = main.xml.clone();
    // From the end, so that places before stay true.
    let mut marks: Vec<(usize, String)> = Vec::new();
    let mut comments = String::new();
    for (id, remark) in (first..).zip(remarks) {
        let start = format!("<w:commentRangeStart w:id=\"{id}\"/>");
        let end = format!("<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>");
        if let Some(anchor) = anchor(template, remark.paragraph) {
            marks.push((anchor.inside_of_properties(&main.xml), start));
            marks.push((anchor.element.end.saturating_sub("</w:p>".len()), end));
        } else {
            marks.push((inside_of_body(&main.xml), format!("<w:p>{start}{end}</w:p>")));
        }
        let _ = write!(comments, "<w:comment w:id=\"{id}\" w:author=\"{}\" w:initials=\"D\">", escape(author));
        for line in remark.text.lines() {
            let _ = write!(comments, "<w:p><w:r>{TEXT}{}</w:t></w:r></w:p>", escape(line));
        }
        comments.push_str("</w:comment>");
    }
    marks.sort_by_key(|(at, _)| *at);
    for (at, mark) in marks.iter().rev() {
        xml.insert_str(*at, mark);
    }
    let mut changed: BTreeMap<String, String> = BTreeMap::new();
    changed.insert(main.name.clone(), xml);
    if let Some(before) = &before {
        changed.insert(COMMENTS.to_owned(), before.replacen("</w:comments>", &(comments + "</w:comments>"), 1));
    } else {
        let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
        let text = format!("{declaration}<w:comments xmlns:w=\"{}\">{comments}</w:comments>", package::MAIN);
        changed.insert(COMMENTS.to_owned(), text);
        changed.extend(named(&mut source, &main.name)?);
    }
    let (parts, mut deflater) = (package::parts(&template.bytes)?, Deflater::default());
    let mut archive = package::rewritten(&parts, &mut deflater, |name| changed.remove(name)).map_err(broken)?;
    for (name, xml) in changed {
        let packed = deflater.pack(&xml).map_err(broken)?;
        archive.add(&name, &packed).map_err(broken)?;
    }
    archive.finish().map_err(broken)
}

/// The parts that must name the comments: the list of types, and the relations of the text.
fn named(source: &mut package::WordPackage<'_>, main: &str) -> Result<[(String, String); 2], WordTemplateError> {
    let types = package::part(source, "[Content_Types].xml")?;
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";
    let part = format!("<Override PartName=\"/{COMMENTS}\" ContentType=\"{kind}\"/></Types>");
    let types = types.replacen("</Types>", &part, 1);
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", main));
    let relations = format!("{folder}/_rels/{file}.rels");
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments";
    let target = if folder == "word" { "comments.xml" } else { "/word/comments.xml" };
    let relation = format!("<Relationship Id=\"rIdDuban\" Type=\"{kind}\" Target=\"{target}\"/></Relationships>");
    let xml = package::part(source, &relations)?.replacen("</Relationships>", &relation, 1);
    Ok([("[Content_Types].xml".to_owned(), types), (relations, xml)])
}

/// The paragraph of the text at which a comment about a paragraph stands.
fn anchor(template: &WordTemplate, paragraph: usize) -> Option<&Paragraph> {
    let wrong = template.paragraphs.get(paragraph)?;
    let is_text = |paragraph: &&Paragraph| {
        paragraph.part == 0
            && matches!(paragraph.spot, ParagraphPlace::Body(_) | ParagraphPlace::Cells(_) | ParagraphPlace::Control(_))
    };
    if is_text(&wrong) {
        return Some(wrong);
    }
    let around = template
        .paragraphs
        .iter()
        .filter(is_text)
        .find(|other| wrong.part == 0 && other.element.range().contains(&wrong.element.start));
    around.or_else(|| template.paragraphs.iter().find(is_text))
}

impl Paragraph {
    /// Where its first run may begin: behind its properties.
    fn inside_of_properties(&self, xml: &str) -> usize {
        let rest = xml.get(self.inside..self.element.end).unwrap_or_default();
        if !rest.starts_with("<w:pPr") {
            return self.inside;
        }
        if let Some(close) = rest.find('>').filter(|close| rest.get(..*close).is_some_and(|tag| tag.ends_with('/'))) {
            return self.inside + close + 1;
        }
        // Properties hold those they had before a tracked change.
        let mut ends = rest.match_indices("</w:pPr>").map(|(at, end)| at + end.len());
        let end = ends.find(|at| !rest.get(*at..).is_some_and(|after| after.starts_with("</w:pPrChange>")));
        self.inside + end.unwrap_or(0)
    }
}

/// Where the first paragraph of the text may begin.
fn inside_of_body(xml: &str) -> usize {
    let start = xml.find("<w:body").unwrap_or(0);
    xml.get(start..).and_then(|rest| rest.find('>')).map_or(start, |close| start + close + 1)
}

/// The least number that no comment has.
fn next_id(comments: &str) -> u32 {
    let ids = comments.split("<w:comment ").skip(1).filter_map(|comment| {
        let id = comment.split("w:id=\"").nth(1)?;
        id.split('"').next()?.parse::<u32>().ok()
    });
    ids.max().map_or(0, |last| last.saturating_add(1))
}
