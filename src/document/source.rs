//! Where the printed figures of a document come from: what was counted, and the rows.

/// A figure of a document, or a part of one such as a cell of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FigureId {
    /// The number of the figure, from 1, as in `figures.json`.
    pub figure: usize,
    /// The number of the part, from 1; 0 for the whole figure.
    pub part: usize,
}

impl FigureId {
    /// A whole figure.
    #[must_use]
    pub fn whole(figure: usize) -> Self {
        Self { figure, part: 0 }
    }
}

/// Where the printed figures of a document come from. It is no part of the paper; a format that has links shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FigureSources {
    /// The figures that the document prints, in the order of their ids.
    pub figures: Vec<FigureSource>,
    /// Every row behind one of them, once.
    pub rows: Vec<SourceRow>,
}

impl FigureSources {
    /// Returns the source of a figure; of a part that has none the source of the whole.
    #[must_use]
    pub fn of(&self, id: FigureId) -> Option<&FigureSource> {
        let find = |id: FigureId| {
            let at = self.figures.binary_search_by_key(&id, |figure| figure.id).ok()?;
            self.figures.get(at)
        };
        find(id).or_else(|| find(FigureId::whole(id.figure)))
    }
}

/// Where one figure comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureSource {
    /// Which figure it is.
    pub id: FigureId,
    /// Its value, as `figures.json` has it.
    pub value: String,
    /// What was counted, in words.
    pub counted: String,
    /// The rows, as positions in [`FigureSources::rows`], ascending.
    pub rows: Vec<usize>,
    /// Which rows are not shown, in words.
    pub withheld: Option<String>,
}

/// A row behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceRow {
    /// The file it stands in.
    pub file: String,
    /// The line; nothing where the config does not tell.
    pub line: Option<u64>,
    /// The id or name as written; empty if there is none.
    pub id: String,
    /// The unit; empty if there is none, or if it is not shown.
    pub unit: String,
    /// What it says, shortened; empty if it is not shown.
    pub text: String,
    /// Its position among the issues of the document's logs, if it is one of them.
    pub issue: Option<usize>,
}

impl SourceRow {
    /// Returns the place, `logs/a.csv:3`.
    #[must_use]
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.file.clone(), |line| format!("{}:{line}", self.file))
    }
}
