//! The fixed words of a document in each language.

use crate::document::{Document, Layout};
use crate::words::lang::Lang;

/// The fixed words of one language.
#[derive(Debug)]
pub struct Labels {
    /// Marks a draft.
    pub draft: &'static str,
    /// Before the name of the signer (7.2.6).
    pub signer: &'static str,
    /// After the addressee (7.3.2).
    pub addressee_end: &'static str,
    /// Before the number of a document in a letter.
    pub reference: &'static str,
    /// Before the title of a letter.
    pub subject: &'static str,
    /// Before the name of one attachment, and before those of several (7.3.4).
    pub attachments: (&'static str, &'static str),
    /// The same in a letter.
    pub enclosures: (&'static str, &'static str),
    /// Before the recipients of copies of a letter.
    pub copies_of_letter: &'static str,
    /// Before the number of one attachment (7.3.7), and of one enclosure of a letter.
    pub attachment: (&'static str, &'static str),
    /// Between [`Labels::attachment`] and its number.
    pub attachment_gap: &'static str,
    /// Around a note (7.3.6).
    pub note: (&'static str, &'static str),
    /// Before the superiors.
    pub report_to: &'static str,
    /// Before the peers.
    pub send_to: &'static str,
    /// Before the subordinates.
    pub issue_to: &'static str,
    /// Around the number of copies of a bulletin.
    pub printed_copies: (&'static str, &'static str),
    /// Before the recipients of copies (7.4.2).
    pub copies: &'static str,
    /// Between two names.
    pub separator: &'static str,
    /// After the last name (7.4.2).
    pub list_end: &'static str,
    /// Around the date of printing (7.4.3).
    pub printed: (&'static str, &'static str),
}

impl Labels {
    /// Returns the words of `lang`.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    /// Returns the line above attachment `index` (from 0) of `count`: `附件`, with a number if there are several.
    #[must_use]
    pub fn attachment_line(&self, layout: Layout, index: usize, count: usize) -> String {
        let name = if layout == Layout::Letter { self.attachment.1 } else { self.attachment.0 };
        if count > 1 { format!("{name}{}{}", self.attachment_gap, index + 1) } else { name.to_owned() }
    }

    /// Returns `names` as a list that ends like a sentence.
    #[must_use]
    pub fn names(&self, names: &[String]) -> String {
        format!("{}{}", names.join(self.separator), self.list_end)
    }
}

static ZH: Labels = Labels {
    draft: "【草稿】",
    signer: "签发人：",
    addressee_end: "：",
    reference: "",
    subject: "",
    attachments: ("附件：", "附件："),
    enclosures: ("附件：", "附件："),
    copies_of_letter: "抄送：",
    attachment: ("附件", "附件"),
    attachment_gap: "",
    note: ("（", "）"),
    report_to: "报：",
    send_to: "送：",
    issue_to: "发：",
    printed_copies: ("（共印", "份）"),
    copies: "抄送：",
    separator: "，",
    list_end: "。",
    printed: ("", "印发"),
};

static EN: Labels = Labels {
    draft: "DRAFT",
    signer: "Signed by: ",
    addressee_end: ":",
    reference: "Our ref: ",
    subject: "Re: ",
    attachments: ("Attachment: ", "Attachments: "),
    enclosures: ("Enclosure: ", "Enclosures: "),
    copies_of_letter: "cc: ",
    attachment: ("Attachment", "Enclosure"),
    attachment_gap: " ",
    note: ("(", ")"),
    report_to: "Report to: ",
    send_to: "To: ",
    issue_to: "Issued to: ",
    printed_copies: ("Copies printed: ", ""),
    copies: "Copies: ",
    separator: ", ",
    list_end: ".",
    printed: ("Printed ", ""),
};

/// Returns `addressee` with exactly one colon.
#[must_use]
pub fn addressee(lang: Lang, addressee: &str) -> String {
    let bare = addressee.trim_end_matches(['：', ':']);
    format!("{bare}{}", Labels::of(lang).addressee_end)
}

/// Returns the label of 附件说明 and the names of the attachments, numbered if there are several (7.3.4).
#[must_use]
pub fn attachment_names(document: &Document) -> (&'static str, Vec<String>) {
    let labels = Labels::of(document.lang);
    let (one, several) = if document.layout == Layout::Letter { labels.enclosures } else { labels.attachments };
    let count = document.attachments.len();
    let gap = document.lang.pick("", " ");
    let names = document.attachments.iter().enumerate().map(|(index, attachment)| {
        let title = attachment.title.replace('\n', "");
        if count > 1 { format!("{}.{gap}{title}", index + 1) } else { title }
    });
    (if count > 1 { several } else { one }, names.collect())
}

/// Returns `note` in brackets, which are not doubled.
#[must_use]
pub fn note(lang: Lang, note: &str) -> String {
    let (open, close) = Labels::of(lang).note;
    if note.starts_with(['（', '(']) && note.ends_with(['）', ')']) {
        note.to_owned()
    } else {
        format!("{open}{note}{close}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_is_not_doubled() {
        assert_eq!(addressee(Lang::Zh, "各单位："), "各单位：");
        assert_eq!(addressee(Lang::Zh, "各单位"), "各单位：");
        assert_eq!(note(Lang::Zh, "（联系人：张三）"), "（联系人：张三）");
    }

    #[test]
    fn one_attachment_has_no_number() {
        let line = |lang, layout, index, count| Labels::of(lang).attachment_line(layout, index, count);
        assert_eq!(line(Lang::Zh, Layout::Letter, 0, 1), "附件");
        assert_eq!(line(Lang::Zh, Layout::Document, 1, 2), "附件2");
        assert_eq!(line(Lang::En, Layout::Document, 1, 2), "Attachment 2");
        assert_eq!(line(Lang::En, Layout::Letter, 1, 2), "Enclosure 2");
    }
}
