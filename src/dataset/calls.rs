//! Which figure of one run is which of another: they are the same call of a function.

use std::collections::BTreeMap;

use crate::dataset::figure::Figure;
use crate::dataset::figure_sheet::FigureSheet;

/// The figures of a sheet by what they count.
pub(crate) struct Calls<'s> {
    figures: BTreeMap<String, Vec<&'s Figure>>,
}

impl<'s> Calls<'s> {
    /// The figures of a sheet.
    pub(crate) fn of(sheet: &'s FigureSheet) -> Self {
        let mut figures: BTreeMap<String, Vec<&Figure>> = BTreeMap::new();
        for figure in &sheet.figures {
            figures.entry(call(figure)).or_default().push(figure);
        }
        Self { figures }
    }

    /// The figure that is the same call. A period may have moved with the day of the run: where no call has the same one, it
    /// is the only call that is the same but for it.
    pub(crate) fn same(&self, figure: &Figure) -> Option<&'s Figure> {
        let alike = self.figures.get(&call(figure))?;
        let period = |figure: &Figure| (figure.scope.from.clone(), figure.scope.to.clone());
        match alike.iter().find(|other| period(other) == period(figure)) {
            Some(same) => Some(same),
            None => alike.first().filter(|_| alike.len() == 1).copied(),
        }
    }
}

/// A call without its period.
fn call(figure: &Figure) -> String {
    let Figure { function, selection, scope, .. } = figure;
    let unit = scope.unit.as_deref().unwrap_or_default();
    let against = scope.against.as_deref().unwrap_or_default();
    let selection = serde_json::to_string(selection).unwrap_or_default();
    [function.as_str(), &selection, unit, against, if scope.earlier_logs { "earlier" } else { "" }].join("\n")
}
