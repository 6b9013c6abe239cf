//! The two halves of a template file: YAML front matter between `---` lines, and the body.
//!
//! The front matter is read as YAML before anything is rendered, and each of its texts is a template of its own. So no
//! value can end a line of it or begin another key.

use crate::document::text::normalised;
use crate::document::{Foot, Head, Layout, Seal};
use crate::fault::Faults;
use crate::place::{OneBased, Place, SourceId, Spot};
use crate::project::mapping::{MappingReader, items};
use crate::source::yaml::{self, Node, Value};

/// The keys of front matter: what is printed above and below the text.
pub(crate) const KEYS: [&str; 23] = [
    "mark",
    "number",
    "copy_number",
    "secrecy",
    "urgency",
    "signer",
    "issuer",
    "date",
    "title",
    "addressee",
    "salutation",
    "closing",
    "seal",
    "post",
    "signature",
    "note",
    "report_to",
    "send_to",
    "issue_to",
    "printed_copies",
    "copies",
    "printed_by",
    "printed_on",
];

/// Whether a key may have several texts.
pub(crate) fn is_list(key: &str) -> bool {
    matches!(key, "report_to" | "send_to" | "issue_to" | "copies")
}

/// Where a text of a template begins in its file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextOrigin {
    pub(crate) source: SourceId,
    /// The value in the front matter; nothing for the body, whose lines are the file's own.
    value: Option<(Place, bool)>,
}

impl TextOrigin {
    pub(crate) fn body(source: SourceId) -> Self {
        Self { source, value: None }
    }

    /// The place of a line from 1 and a column from 0 of the text.
    pub(crate) fn place(self, line: usize, column: usize, length: usize) -> Place {
        let length = u32::try_from(length.max(1)).unwrap_or(u32::MAX);
        let (line, column) = match self.value {
            None => (line.saturating_sub(1), column),
            Some((Place { line: first, spot: Spot::Chars { column: start, .. }, .. }, is_block)) => {
                let line = first.to_zero() + line.saturating_sub(1) + usize::from(is_block);
                let column = if is_block || line > first.to_zero() { column } else { start.to_zero() + column };
                (line, column)
            }
            Some((place, _)) => (place.line.to_zero(), column),
        };
        let spot = Spot::Chars { column: OneBased::from_zero(column), length };
        Place { source: self.source, line: OneBased::from_zero(line), spot }
    }
}

/// One text of the front matter.
#[derive(Clone, Debug)]
pub(crate) struct HeadText {
    pub(crate) key: &'static str,
    pub(crate) text: String,
    pub(crate) origin: TextOrigin,
}

/// The two halves of a template file.
#[derive(Clone, Debug)]
pub(crate) struct SplitTemplate {
    pub(crate) entries: Vec<HeadText>,
    /// The body, with a blank line for each line of front matter before it: line numbers stay true.
    pub(crate) body: String,
}

/// Splits a template file.
pub(crate) fn split(source: SourceId, text: &str, faults: &mut Faults) -> SplitTemplate {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut lines = text.split_inclusive('\n');
    let is_rule = |line: &str| line.trim_end() == "---";
    let Some(first) = lines.next().filter(|line| is_rule(line)) else {
        return SplitTemplate { entries: Vec::new(), body: text };
    };
    let mut front = "\n".to_owned();
    let mut taken = first.len();
    for line in lines {
        taken += line.len();
        if is_rule(line) {
            let rest = text.get(taken..).unwrap_or_default();
            let body = format!("{}\n{rest}", "\n".repeat(front.matches('\n').count()));
            return SplitTemplate { entries: entries(source, &front, faults), body };
        }
        front.push_str(line);
    }
    SplitTemplate { entries: entries(source, &front, faults), body: String::new() }
}

fn entries(source: SourceId, front: &str, faults: &mut Faults) -> Vec<HeadText> {
    let node = match yaml::read_all(source, front) {
        Ok(node) => node,
        Err(error) => {
            faults.add_yaml_error(source, error);
            return Vec::new();
        }
    };
    let mut entries = Vec::new();
    let mut reader = MappingReader::new(faults);
    for (key, node) in reader.canonical(&node, &KEYS, &[]) {
        let is_list = is_list(key);
        let nodes = if is_list { items(node) } else { std::slice::from_ref(node) };
        for node in nodes {
            match &node.value {
                Value::Scalar { text, plain } if !node.is_null() => {
                    entries.push(HeadText { key, text: text.clone(), origin: origin(source, node, text, *plain) });
                }
                Value::Scalar { .. } => {}
                _ => reader.expected("text", node),
            }
        }
    }
    entries
}

fn origin(source: SourceId, node: &Node, text: &str, plain: bool) -> TextOrigin {
    let mut place = node.place;
    let is_block = text.contains('\n');
    if let (Spot::Chars { column, length }, false, false) = (place.spot, plain, is_block) {
        // The opening quote.
        place.spot = Spot::Chars { column: OneBased::from_zero(column.to_zero() + 1), length };
    }
    TextOrigin { source, value: Some((place, is_block)) }
}

/// Puts rendered texts into the head and foot of a document. Empty texts count as missing.
pub(crate) fn place(rendered: Vec<(&'static str, String)>, layout: Layout, draft: bool) -> (Head, Foot) {
    let mut head = Head { draft, ..Head::default() };
    let mut foot = Foot::default();
    let mut seal = None;
    for (key, text) in rendered {
        let text = normalised(&text);
        if text.is_empty() {
            continue;
        }
        match key {
            "mark" => head.mark = Some(text),
            "number" => head.number = Some(text),
            "copy_number" => head.copy_number = Some(text),
            "secrecy" => head.secrecy = Some(text),
            "urgency" => head.urgency = Some(text),
            "signer" => head.signer = Some(text),
            "issuer" => head.issuer = Some(text),
            "date" => {
                head.date = (layout == Layout::Bulletin).then(|| text.clone());
                foot.date = Some(text);
            }
            "title" => head.title = text,
            "addressee" => head.addressee = Some(text),
            "salutation" => head.salutation = Some(text),
            "closing" => foot.closing = Some(text),
            "seal" => seal = Seal::ALL.iter().find(|(name, _)| *name == text).map(|(_, seal)| *seal),
            "post" => foot.post = Some(text),
            "signature" => foot.signature = Some(text),
            "note" => foot.note = Some(text),
            "report_to" => foot.report_to.push(text),
            "send_to" => foot.send_to.push(text),
            "issue_to" => foot.issue_to.push(text),
            "printed_copies" => foot.printed_copies = Some(text),
            "copies" => foot.copies.push(text),
            "printed_by" => foot.printed_by = Some(text),
            _ => foot.printed_on = Some(text),
        }
    }
    // A formal document is sealed unless it says otherwise (条例 9(13)); letters and bulletins are working papers.
    let usual = if layout == Layout::Document { Seal::Sealed } else { Seal::Unsealed };
    foot.seal = seal.unwrap_or(usual);
    // A bulletin dates itself above its line; below it only where someone signs.
    if layout == Layout::Bulletin && foot.signature.is_none() {
        foot.date = None;
    }
    (head, foot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_keeps_its_line_numbers_and_values_their_places() {
        let mut faults = Faults::default();
        let text = "---\ntitle: \"关于{{ x }}\"\ncopies: [甲, '{{ y }}']\n---\n\n## 一\n";
        let parts = split(SourceId(0), text, &mut faults);
        assert!(faults.is_empty());
        assert_eq!(parts.body.lines().position(|line| line == "## 一"), Some(5));
        let place = parts.entries[0].origin.place(1, 5, 1);
        assert_eq!(place.line.get(), 2);
        let Spot::Chars { column, .. } = place.spot else { panic!() };
        assert_eq!(column.get(), 14, "the column of x");
        assert_eq!(parts.entries.iter().map(|entry| entry.key).collect::<Vec<_>>(), ["title", "copies", "copies"]);
    }

    #[test]
    fn an_unknown_key_is_a_fault_and_no_front_matter_is_none() {
        let mut faults = Faults::default();
        split(SourceId(0), "---\ntitel: x\n---\n", &mut faults);
        assert_eq!(faults.sorted()[0].place.line.get(), 2);
        let parts = split(SourceId(0), "正文\n", &mut Faults::default());
        assert_eq!((parts.entries.len(), parts.body.as_str()), (0, "正文\n"));
    }
}
