//! The fixed words of a document in each language.

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
    /// Before the names of the attachments (7.3.4).
    pub attachments: &'static str,
    /// Before the number of one attachment (7.3.7).
    pub attachment: &'static str,
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
    pub fn attachment_line(&self, index: usize, count: usize) -> String {
        if count > 1 {
            format!("{}{}{}", self.attachment, self.attachment_gap, index + 1)
        } else {
            self.attachment.to_owned()
        }
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
    attachments: "附件：",
    attachment: "附件",
    attachment_gap: "",
    note: ("（", "）"),
    report_to: "报：",
    send_to: "送：",
    issue_to: "发：",
    copies: "抄送：",
    separator: "，",
    list_end: "。",
    printed: ("", "印发"),
};

static EN: Labels = Labels {
    draft: "DRAFT",
    signer: "Signed by: ",
    addressee_end: ":",
    attachments: "Attachments: ",
    attachment: "Attachment",
    attachment_gap: " ",
    note: ("(", ")"),
    report_to: "Report to: ",
    send_to: "To: ",
    issue_to: "Issued to: ",
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
        assert_eq!(Labels::of(Lang::Zh).attachment_line(0, 1), "附件");
        assert_eq!(Labels::of(Lang::Zh).attachment_line(1, 2), "附件2");
        assert_eq!(Labels::of(Lang::En).attachment_line(1, 2), "Attachment 2");
    }
}
