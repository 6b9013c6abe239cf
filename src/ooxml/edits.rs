//! Edits of the XML of a part, by byte range.

use std::ops::Range;

/// What replaces a range of the XML.
pub(crate) type XmlEdit = (Range<usize>, String);

/// Returns the XML with its edits made, given in any order. An edit inside a range that another replaces goes with it.
pub(crate) fn edited(xml: &str, mut edits: Vec<XmlEdit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let (mut text, mut at) = (String::with_capacity(xml.len()), 0);
    for (range, replacement) in edits {
        if range.start < at {
            continue;
        }
        text.push_str(xml.get(at..range.start).unwrap_or_default());
        text.push_str(&replacement);
        at = range.end;
    }
    text.push_str(xml.get(at..).unwrap_or_default());
    text
}
