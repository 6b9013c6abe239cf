//! Word comments in a copy of the template, one for each fault.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::plan::TEXT;
use super::text::Paragraph;
use super::{ParagraphPlace, WordTemplate};
use crate::ooxml::archive::Deflater;
use crate::ooxml::package::{self, WordTemplateError};

/// A comment to be attached to a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordComment {
    /// The paragraph, as an index into [`WordTemplate::paragraphs`].
    pub paragraph: usize,
    /// The text of the comment; each line becomes a paragraph.
    pub text: String,
}

const COMMENTS: &str = "word/comments.xml";

/// Returns a copy of the file with `remarks` added as comments by `author`. Existing comments are kept.
///
/// Word allows no comments in headers, text boxes and notes. A remark on a paragraph there is attached to the enclosing
/// paragraph of the body, or else to the first paragraph of the body. If the body has no text, a paragraph is inserted
/// at its start.
///
/// # Errors
/// A part that has to change can't be read or compressed.
pub fn annotated(template: &WordTemplate, remarks: &[WordComment], author: &str) -> Result<Vec<u8>, WordTemplateError> {
    let broken = |error: std::io::Error| WordTemplateError::NoPackage { why: error.to_string() };
    let mut source = package::open(&template.bytes)?;
    let Some(main) = template.parts.first() else { return Err(WordTemplateError::NoDocument) };
    let existing = package::part(&mut source, COMMENTS).ok();
    let first_id = existing.as_deref().map_or(0, next_id);
    let mut xml = main.xml.clone();
    let mut marks: Vec<(usize, String)> = Vec::new();
    let mut comments = String::new();
    for (id, remark) in (first_id..).zip(remarks) {
        let start = format!("<w:commentRangeStart w:id=\"{id}\"/>");
        let end = format!("<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>");
        if let Some(anchor) = anchor(template, remark.paragraph) {
            marks.push((anchor.content.start, start));
            marks.push((anchor.content.end, end));
        } else {
            marks.push((body_start(&main.xml), format!("<w:p>{start}{end}</w:p>")));
        }
        let _ = write!(comments, "<w:comment w:id=\"{id}\" w:author=\"{}\" w:initials=\"D\">", escape(author));
        for line in remark.text.lines() {
            let _ = write!(comments, "<w:p><w:r>{TEXT}{}</w:t></w:r></w:p>", escape(line));
        }
        comments.push_str("</w:comment>");
    }
    marks.sort_by_key(|(at, _)| *at);
    // From the end, so that earlier offsets stay valid.
    for (at, mark) in marks.iter().rev() {
        xml.insert_str(*at, mark);
    }
    let mut changed: BTreeMap<String, String> = BTreeMap::new();
    changed.insert(main.name.clone(), xml);
    if let Some(existing) = &existing {
        changed.insert(COMMENTS.to_owned(), existing.replacen("</w:comments>", &(comments + "</w:comments>"), 1));
    } else {
        let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
        let text = format!("{declaration}<w:comments xmlns:w=\"{}\">{comments}</w:comments>", package::MAIN);
        changed.insert(COMMENTS.to_owned(), text);
        changed.extend(register_comments(&mut source, &main.name)?);
    }
    let (parts, mut deflater) = (package::parts(&template.bytes)?, Deflater::default());
    let mut archive = package::rewritten(&parts, &mut deflater, |name| changed.remove(name)).map_err(broken)?;
    for (name, xml) in changed {
        let packed = deflater.pack(&xml).map_err(broken)?;
        archive.add(&name, &packed).map_err(broken)?;
    }
    archive.finish_in_memory().map_err(broken)
}

/// Returns the two parts that have to list a new comments part: the content types, and the relationships of the body.
fn register_comments(
    source: &mut package::WordPackage<'_>,
    main: &str,
) -> Result<[(String, String); 2], WordTemplateError> {
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

/// Returns the paragraph of the body to which a comment on `paragraph` is attached.
fn anchor(template: &WordTemplate, paragraph: usize) -> Option<&Paragraph> {
    let wrong = template.paragraphs.get(paragraph)?;
    let is_text = |paragraph: &&Paragraph| {
        paragraph.part == 0
            && matches!(
                paragraph.place,
                ParagraphPlace::Body(_) | ParagraphPlace::Cells(_) | ParagraphPlace::Control(_)
            )
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

/// Returns the offset at which the first paragraph of the body may begin.
fn body_start(xml: &str) -> usize {
    let start = xml.find("<w:body").unwrap_or(0);
    xml.get(start..).and_then(|rest| rest.find('>')).map_or(start, |close| start + close + 1)
}

/// Returns a number above the ids of all existing comments.
fn next_id(comments: &str) -> u32 {
    let ids = comments.split("<w:comment ").skip(1).filter_map(|comment| {
        let id = comment.split("w:id=\"").nth(1)?;
        id.split('"').next()?.parse::<u32>().ok()
    });
    ids.max().map_or(0, |last| last.saturating_add(1))
}
