//! Parses inline Markdown.

use comrak::nodes::{AstNode, NodeValue};

use super::figure::{self, is_mark};
use super::{Inline, MAX_DEPTH, Reader, Unsupported, photos};
use crate::document::text::{is_wide, permitted};
use crate::document::{Photo, joined, plain};

impl Reader<'_> {
    /// Returns the inlines under `node`.
    pub(super) fn inlines<'n>(&mut self, node: &'n AstNode<'n>) -> Vec<Inline> {
        if self.depth >= MAX_DEPTH {
            self.fault(node, Unsupported::TooDeep);
            return vec![];
        }
        self.depth += 1;
        let pieces = self.shallow_inlines(node);
        self.depth -= 1;
        pieces
    }

    fn shallow_inlines<'n>(&mut self, node: &'n AstNode<'n>) -> Vec<Inline> {
        let mut pieces = Vec::new();
        let mut children = node.children().peekable();
        while let Some(child) = children.next() {
            if matches!(child.data.borrow().value, NodeValue::SoftBreak) {
                let before = plain(&pieces).chars().rfind(|c| !is_mark(*c));
                let after = children.peek().and_then(|next| first_character(next));
                let both_wide = before.is_some_and(is_wide) && after.is_some_and(is_wide);
                let at_break = matches!(pieces.last(), Some(Inline::Break) | None);
                if !both_wide && !at_break {
                    pieces.push(Inline::Text(" ".to_owned()));
                }
            } else {
                self.inline(child, &mut pieces);
            }
        }
        figure::read(joined(&pieces))
    }

    fn inline<'n>(&mut self, node: &'n AstNode<'n>, pieces: &mut Vec<Inline>) {
        let value = node.data.borrow().value.clone();
        match value {
            NodeValue::Text(text) => pieces.push(Inline::Text(figure::with_marks(&text).into_owned())),
            NodeValue::Strong => pieces.push(Inline::Strong(self.inlines(node))),
            NodeValue::Emph => pieces.push(Inline::Emphasis(self.inlines(node))),
            NodeValue::LineBreak => pieces.push(Inline::Break),
            NodeValue::HtmlInline(html) => self.tag(node, &html, pieces),
            NodeValue::Link(link) => {
                let mut text = self.inlines(node);
                if !link.title.is_empty() {
                    self.fault(node, Unsupported::LinkTitle(link.title.clone()));
                }
                let shown = plain(&text);
                let address = permitted(&link.url).into_owned();
                let same = shown == address || address.strip_prefix("mailto:") == Some(&shown);
                if !same && !address.is_empty() {
                    let wide = shown.chars().any(is_wide);
                    text.push(Inline::Text(if wide { format!("（{address}）") } else { format!(" ({address})") }));
                }
                pieces.append(&mut text);
            }
            NodeValue::Image(_) if self.in_workbook_cell && photos::id_of(node).is_some() => {
                let caption = plain(&self.inlines(node)).trim().to_owned();
                pieces.extend(photos::id_of(node).map(|id| Inline::Photo(Photo { id, caption, number: None })));
            }
            other => {
                let what = match other {
                    NodeValue::Code(_) => Unsupported::Code,
                    NodeValue::Image(image) => Unsupported::Image(image.url),
                    other => Unsupported::Other(format!("{other:?}").chars().take(40).collect()),
                };
                self.fault(node, what);
            }
        }
    }

    fn tag(&mut self, node: &AstNode<'_>, html: &str, pieces: &mut Vec<Inline>) {
        let inner = html.strip_prefix('<').and_then(|html| html.strip_suffix('>')).unwrap_or("");
        let name = inner.strip_suffix('/').unwrap_or(inner).trim_end();
        if name.eq_ignore_ascii_case("br") {
            pieces.push(Inline::Break);
        } else if let Some(comment) = html.strip_prefix("<!--") {
            if comment.trim_end_matches("-->").trim() == "pagebreak" {
                self.fault(node, Unsupported::PageBreakInLine);
            }
        } else {
            self.fault(node, Unsupported::Html(html.chars().take(40).collect()));
        }
    }
}

/// Returns the first character of the text in `node`.
fn first_character<'n>(node: &'n AstNode<'n>) -> Option<char> {
    node.descendants().find_map(|node| match &node.data.borrow().value {
        NodeValue::Text(text) => text.chars().find(|c| !is_mark(*c)),
        _ => None,
    })
}
