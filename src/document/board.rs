//! The page for the leader: figures, trend, overdue issues, ranking, heat map, ages and every issue, on one screen page.

use super::chart::Chart;
use super::source::FigureSources;
use super::{Inline, Photo, Table};
use crate::words::lang::Lang;

/// What the page shows, independent of how it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The language of its words.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// What it is of: office, day, period, logs, faults; each a label and its text.
    pub facts: Vec<(String, Vec<Inline>)>,
    /// The figures at the top.
    pub tiles: Vec<Tile>,
    /// How the issues came and went.
    pub trend: Option<Trend>,
    /// The overdue issues, the longest first.
    pub overdue: Vec<OverdueIssue>,
    /// The units in their order.
    pub ranking: Option<Table>,
    /// Units by category, with totals in the last row and column.
    pub heat: Option<Table>,
    /// How long open issues are open.
    pub ages: Option<Chart>,
    /// Every issue. Its number on the page is its position, from 1.
    pub issues: Vec<BoardIssue>,
    /// For each issue of the logs, by its position there, its number on the page.
    pub numbers: Vec<Option<usize>>,
    /// Where the figures come from.
    pub sources: FigureSources,
}

/// A figure at the top, with how it changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// What it counts.
    pub label: String,
    /// The figure.
    pub value: Vec<Inline>,
    /// How it changed; empty if it is compared with nothing.
    pub change: Vec<Inline>,
}

/// A chart over time on which some days are marked.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The chart.
    pub chart: Chart,
    /// The categories that are marked, and what stands there: the bulletins of a week.
    pub marks: Vec<(usize, String)>,
}

/// An overdue issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueIssue {
    /// Its number on the page.
    pub number: usize,
    /// Its unit.
    pub unit: String,
    /// What it says.
    pub text: String,
    /// The deadline, as printed.
    pub deadline: String,
    /// How late it is, as printed.
    pub late: String,
    /// The letters that named it, the first one first.
    pub letters: Vec<String>,
    /// The next letter.
    pub next: String,
}

/// Where an issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Rectified or closed.
    Done,
    /// Open, and neither of the following.
    Open,
    /// Open, and its deadline is near.
    Soon,
    /// Open, and its deadline has passed.
    Overdue,
}

/// An issue of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardIssue {
    /// Its id; blank if it has none.
    pub id: String,
    /// Its unit.
    pub unit: String,
    /// Where it was found, and what it is about: site and categories.
    pub about: String,
    /// What it says.
    pub text: String,
    /// Its days, as printed.
    pub days: String,
    /// Where it stands, and the word for it.
    pub standing: (Standing, String),
    /// The file and the line: `logs/a.csv:3`.
    pub place: String,
    /// Its photos, each with the word for its stage; the caption is what is said to whoever can't see it.
    pub photos: Vec<(String, Photo)>,
}

impl Board {
    /// Whether it shows photos.
    #[must_use]
    pub fn has_photos(&self) -> bool {
        self.issues.iter().any(|issue| !issue.photos.is_empty())
    }
}
