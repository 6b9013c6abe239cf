//! Tables that are drawn: the comment before one makes it a chart, or photos.

use comrak::nodes::{AstNode, NodeValue};

use super::fault::Unsupported;
use crate::document::chart::{Chart, ChartForm};
use crate::document::{Block, Table};

/// What the comment before a chart begins with.
const CHART: &str = "chart:";
/// The comment before photos.
const PHOTOS: &str = "photos";
/// What the address of a photo begins with; its id follows.
pub(crate) const PHOTO: &str = "photo:";

/// What the comment before a table makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Drawn {
    /// A chart of a form, as it is written.
    Chart(String),
    Photos,
}

impl Drawn {
    /// Reads the text of a comment.
    pub(super) fn named(comment: &str) -> Option<Self> {
        match comment.trim() {
            PHOTOS => Some(Self::Photos),
            comment => Some(Self::Chart(comment.strip_prefix(CHART)?.trim().to_owned())),
        }
    }

    /// Reads a node that is such a comment and nothing else.
    pub(super) fn of(node: &AstNode<'_>) -> Option<Self> {
        let data = node.data.borrow();
        let NodeValue::HtmlBlock(html) = &data.value else { return None };
        let comment = html.literal.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
        Self::named(comment).filter(|_| !comment.contains("-->"))
    }

    /// What it is without its table.
    pub(super) fn lost(self) -> Unsupported {
        match self {
            Self::Chart(form) => Unsupported::LostChart(form),
            Self::Photos => Unsupported::LostPhotos,
        }
    }

    /// The chart of a table; nothing if no chart has such a form, or if it is to be photos.
    pub(super) fn chart(&self, table: Table) -> Option<Block> {
        let Self::Chart(form) = self else { return None };
        ChartForm::named(form).map(|form| Block::Chart(Chart { form, table }))
    }
}
