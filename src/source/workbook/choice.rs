//! Selects the sheets of a workbook that are read.
//!
//! By default, only the first visible sheet that looks like a log is read. Reading more would count an issue twice if
//! another sheet has a copy of it (已整改, 汇总), so the others are reported and read only on request.

use crate::source::pattern::Glob;
use crate::source::workbook::book::Book;
use crate::source::workbook::error::BookError;

/// Number of rows from which a sheet is recognised as a log.
const HEAD_ROWS: u32 = 40;

/// A selection of sheets.
#[derive(Clone, Copy)]
pub struct Choice<'a> {
    /// Names, numbers from 1, or glob patterns; if empty, the first visible sheet that looks like a log is read.
    pub wanted: &'a [String],
    /// Whether the first rows of a table look like those of a log.
    pub is_log: &'a dyn Fn(&[u8]) -> bool,
}

impl Choice<'_> {
    /// Returns the names of the sheets to be read, and of those that look like logs but are not read.
    ///
    /// If no visible sheet looks like a log, the first visible one that is not blank is read.
    ///
    /// # Errors
    /// A sheet cannot be read, or a requested one does not exist.
    pub(super) fn choose(&self, book: &mut Book<'_>) -> Result<(Vec<String>, Vec<String>), BookError> {
        let sheets = book.sheets();
        if !self.wanted.is_empty() {
            return Ok((self.requested(sheets.iter().map(|sheet| sheet.name.as_str()))?, Vec::new()));
        }
        let (mut first, mut chosen, mut left) = (None, None, Vec::new());
        for sheet in sheets {
            let head = book.table(&sheet.name, Some(HEAD_ROWS))?.0.into_vec()?;
            let is_blank = !head.iter().any(|byte| !matches!(byte, b'\n' | b','));
            if sheet.is_visible && !is_blank && first.is_none() {
                first = Some(sheet.name.clone());
            }
            if !is_blank && (self.is_log)(&head) {
                if sheet.is_visible && chosen.is_none() { chosen = Some(sheet.name) } else { left.push(sheet.name) }
            }
        }
        Ok((chosen.or(first).into_iter().collect(), left))
    }

    /// Returns the names of the requested sheets, in the order of the workbook.
    fn requested<'s>(&self, sheets: impl Iterator<Item = &'s str>) -> Result<Vec<String>, BookError> {
        let sheets: Vec<&str> = sheets.collect();
        let mut chosen = vec![false; sheets.len()];
        for asked in self.wanted {
            let number = asked.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let pattern = Glob::new(asked).ok();
            let mut is_found = false;
            // A name takes precedence over a number, and both over a pattern: a sheet may be named 8 or [1].
            if let Some(at) = sheets.iter().position(|name| name == asked) {
                (chosen[at], is_found) = (true, true);
            } else if let Some(slot) = number.and_then(|number| chosen.get_mut(number)) {
                (*slot, is_found) = (true, true);
            } else if let Some(pattern) = pattern {
                for (slot, name) in chosen.iter_mut().zip(&sheets) {
                    if pattern.is_match(name) {
                        (*slot, is_found) = (true, true);
                    }
                }
            }
            if !is_found {
                let there = sheets.iter().map(|name| (*name).to_owned()).collect();
                return Err(BookError::NoSheet { asked: asked.clone(), there });
            }
        }
        let chosen = sheets.iter().zip(chosen).filter(|(_, chosen)| *chosen);
        Ok(chosen.map(|(name, _)| (*name).to_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_asked_for_by_name_number_or_pattern() {
        let ask = |wanted: &[&str]| {
            let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
            let choice = Choice { wanted: &wanted, is_log: &|_| true };
            choice.requested(["八月", "九月", "2", "汇总[旧]"].into_iter()).map_err(|_| ())
        };
        let named = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(ask(&["九月"]), named(&["九月"]));
        assert_eq!(ask(&["2"]), named(&["2"]), "a name takes precedence over a number");
        assert_eq!(ask(&["1"]), named(&["八月"]));
        assert_eq!(ask(&["*月"]), named(&["八月", "九月"]));
        assert_eq!(ask(&["汇总[旧]", "八月", "1"]), named(&["八月", "汇总[旧]"]));
        assert_eq!(ask(&["十月"]), Err(()));
        assert_eq!(ask(&["0"]), Err(()));
    }
}
