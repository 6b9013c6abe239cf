//! V117: marks of the other script in a text, which documents print in its own.

use crate::check::first_places::FirstPlaces;
use crate::fault::{Code, Faults, Finding, KnownBy};
use crate::model::field::FREE_TEXTS;
use crate::model::{Field, Issue};
use crate::words::lang::{Lang, counted};
use crate::words::punctuation::{may_change, punctuated};

/// For each log, the first text with marks of the other script, and how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Punctuation {
    cells: FirstPlaces,
}

impl Punctuation {
    pub(super) fn push(&mut self, issue: &Issue<'_>) {
        for field in FREE_TEXTS.into_iter().filter(|field| issue.row.columns.has(*field)) {
            let bytes = issue.row.bytes(field);
            // Commas behind a line break may be those of a row that was swallowed (L124).
            if may_change(bytes) && !bytes.contains(&b'\n') && punctuated(&issue.text(field)) != issue.text(field) {
                self.cells.add(issue.row.source, issue.row.field_place(field));
            }
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.cells.merge(later.cells);
    }

    /// Adds one fault for each log.
    pub(super) fn finish(self, faults: &mut Faults) {
        for (place, cells) in self.cells.into_values() {
            faults.add(place, MarksOfOtherScript { cells });
        }
    }
}

/// Texts with marks of the other script.
#[derive(Debug)]
struct MarksOfOtherScript {
    cells: usize,
}

impl Finding for MarksOfOtherScript {
    fn code(&self) -> Code {
        const { Code::known("V117") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(String::new())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let cells = self.cells;
        match lang {
            Lang::Zh => (
                format!("{cells} 格文字里的引号、逗号等与文字不配：中文里用了半角，或西文里用了全角"),
                "不必改：文书里中文一律写全角，西文一律写半角；台账（ledger）照原样".into(),
            ),
            Lang::En => (
                format!("half-width marks in Chinese text, or full-width ones in Western text: {}", counted(cells, "cell")),
                "nothing needs to be done: documents print the marks of the text's own script; the ledger keeps the text"
                    .into(),
            ),
        }
    }
}
