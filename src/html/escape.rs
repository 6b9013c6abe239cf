//! Text as HTML.

use crate::document::text::permitted;

/// Returns `text` as HTML; newlines become `<br>`.
pub(super) fn escape(text: &str) -> String {
    let text = permitted(text);
    quick_xml::escape::escape(text.as_ref()).replace('\n', "<br>")
}

/// Returns `text` as HTML with its newlines removed.
pub(super) fn escape_on_one_line(text: &str) -> String {
    quick_xml::escape::escape(permitted(text).replace('\n', "").as_str()).into_owned()
}
