//! The contents of a page: links to its headings, or to the documents that are put together on it.

use std::fmt::Write as _;

use super::escape::escape_on_one_line;
use crate::words::lang::Lang;

/// A page with fewer headings has no contents.
const FROM: usize = 3;
/// The lowest level of headings that is listed.
const LOWEST: u8 = 2;

/// The contents of a page in the making.
#[derive(Default)]
pub(super) struct Contents {
    headings: Vec<Entry>,
    documents: Vec<Entry>,
}

struct Entry {
    level: u8,
    id: String,
    text: String,
}

impl Contents {
    /// Adds a heading.
    pub(super) fn add(&mut self, level: u8, id: &str, text: &str) {
        if level <= LOWEST {
            self.headings.push(Entry { level, id: id.to_owned(), text: text.to_owned() });
        }
    }

    /// Adds a document; on a page of several, only they are listed.
    pub(super) fn add_document(&mut self, id: &str, name: &str) {
        self.documents.push(Entry { level: 1, id: id.to_owned(), text: name.to_owned() });
    }

    /// The contents as HTML; empty if they would not help.
    pub(super) fn nav(&self, lang: Lang) -> String {
        let entries = if self.documents.is_empty() { &self.headings } else { &self.documents };
        if entries.len() < FROM && self.documents.is_empty() {
            return String::new();
        }
        let name = lang.pick("目录", "Contents");
        let mut html =
            format!("<nav class=\"contents\" aria-label=\"{name}\"><details><summary>{name}</summary>\n<ul>\n");
        for Entry { level, id, text } in entries {
            let class = if *level > 1 { " class=\"sub\"" } else { "" };
            let _ = writeln!(html, "<li{class}><a href=\"#{id}\">{}</a></li>", escape_on_one_line(text));
        }
        html + "</ul>\n</details></nav>\n"
    }
}
