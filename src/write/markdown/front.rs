//! Head and foot of a document as YAML front matter.

use std::fmt::Write as _;

use crate::document::text::permitted;
use crate::document::{Document, Foot, Head, Layout};
use crate::words::lang::Lang;

/// Returns the front matter of `document`, including both `---` lines.
///
/// Absent values are left out. The date of the head is `date`, that of the foot `signed_on`.
pub(super) fn matter(document: &Document) -> String {
    // Destructured without `..`, so that a new field can't be forgotten here.
    let Document { lang, kind, layout, head, body: _, attachments: _, foot, reckoned: _, sources: _ } = document;
    let Head { mark, number, draft, copy_number, secrecy, urgency, signer, issuer, date, title, addressee, salutation } =
        head;
    let Foot {
        closing,
        seal,
        post,
        signature,
        date: signed_on,
        note,
        report_to,
        send_to,
        issue_to,
        printed_copies,
        copies,
        printed_by,
        printed_on,
    } = foot;

    let mut text = "---\n".to_owned();
    let mut line = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{key}: {}", quoted(value));
        }
    };
    line("title", Some(title));
    line("kind", Some(kind));
    line(
        "lang",
        Some(match lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        }),
    );
    line(
        "layout",
        Some(match layout {
            Layout::Document => "document",
            Layout::Letter => "letter",
            Layout::Bulletin => "bulletin",
        }),
    );
    line("mark", mark.as_deref());
    line("number", number.as_deref());
    line("copy_number", copy_number.as_deref());
    line("secrecy", secrecy.as_deref());
    line("urgency", urgency.as_deref());
    line("signer", signer.as_deref());
    line("issuer", issuer.as_deref());
    line("date", date.as_deref());
    line("addressee", addressee.as_deref());
    line("salutation", salutation.as_deref());
    line("closing", closing.as_deref());
    line("seal", Some(seal.name()).filter(|_| signature.is_some() || post.is_some()));
    line("post", post.as_deref());
    line("signature", signature.as_deref());
    line("signed_on", signed_on.as_deref());
    line("note", note.as_deref());
    line("printed_copies", printed_copies.as_deref());
    line("printed_by", printed_by.as_deref());
    line("printed_on", printed_on.as_deref());
    let lists = [("report_to", report_to), ("send_to", send_to), ("issue_to", issue_to), ("copies", copies)];
    for (key, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        let _ = writeln!(text, "{key}: [{}]", names.join(", "));
    }
    let _ = writeln!(text, "draft: {draft}\n---");
    text
}

/// Returns `value` as a double-quoted YAML scalar.
fn quoted(value: &str) -> String {
    let mut text = "\"".to_owned();
    for c in permitted(value).chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\u{2028}' => text.push_str("\\L"),
            '\u{2029}' => text.push_str("\\P"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_value_reads_back_from_yaml(value in any::<String>()) {
            let read: String = serde_saphyr::from_str(&quoted(&value)).unwrap();
            prop_assert_eq!(read, permitted(&value).into_owned());
        }
    }
}
