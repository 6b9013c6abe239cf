//! Which sheets of a workbook are read.
//!
//! Unasked, one sheet is a log: the first that shows and looks like one. To take more would count an issue twice where
//! a workbook keeps a copy (已整改, 汇总); so the others are told, and taken when they are asked for.

use crate::source::pattern::Glob;
use crate::source::workbook::book::Book;
use crate::source::workbook::error::BookError;

/// So many rows are looked at to see whether a sheet is a log.
const HEAD: u32 = 40;

/// Which sheets are wanted.
#[derive(Clone, Copy)]
pub struct Choice<'a> {
    /// Names, numbers from 1, or patterns; none for the sheet that looks like a log.
    pub wanted: &'a [String],
    /// Whether the first rows of a table look like those of a log.
    pub is_log: &'a dyn Fn(&[u8]) -> bool,
}

impl Choice<'_> {
    /// The sheets to be read, and those left that look like logs.
    pub(super) fn choose(&self, book: &mut Book) -> Result<(Vec<String>, Vec<String>), BookError> {
        let sheets = book.sheets();
        if !self.wanted.is_empty() {
            return Ok((self.asked_for(sheets.iter().map(|sheet| sheet.name.as_str()))?, Vec::new()));
        }
        let (mut first, mut chosen, mut left) = (None, None, Vec::new());
        for sheet in sheets {
            let head = book.table(&sheet.name, Some(HEAD))?.0.into_bytes()?;
            let holds_any = head.iter().any(|byte| !matches!(byte, b'\n' | b','));
            if sheet.shows && holds_any && first.is_none() {
                first = Some(sheet.name.clone());
            }
            if holds_any && (self.is_log)(&head) {
                if sheet.shows && chosen.is_none() { chosen = Some(sheet.name) } else { left.push(sheet.name) }
            }
        }
        Ok((chosen.or(first).into_iter().collect(), left))
    }

    fn asked_for<'s>(&self, sheets: impl Iterator<Item = &'s str>) -> Result<Vec<String>, BookError> {
        let sheets: Vec<&str> = sheets.collect();
        let mut chosen = vec![false; sheets.len()];
        for asked in self.wanted {
            let number = asked.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let pattern = Glob::new(asked).ok();
            let mut any = false;
            // A name goes before a number, and both before a pattern: a sheet may be called 8, or [1].
            if let Some(at) = sheets.iter().position(|name| name == asked) {
                (chosen[at], any) = (true, true);
            } else if let Some(slot) = number.and_then(|number| chosen.get_mut(number)) {
                (*slot, any) = (true, true);
            } else if let Some(pattern) = pattern {
                for (slot, name) in chosen.iter_mut().zip(&sheets) {
                    if pattern.is_match(name) {
                        (*slot, any) = (true, true);
                    }
                }
            }
            if !any {
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
            choice.asked_for(["八月", "九月", "2", "汇总[旧]"].into_iter()).map_err(|_| ())
        };
        let named = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(ask(&["九月"]), named(&["九月"]));
        assert_eq!(ask(&["2"]), named(&["2"]), "a name goes before a number");
        assert_eq!(ask(&["1"]), named(&["八月"]));
        assert_eq!(ask(&["*月"]), named(&["八月", "九月"]));
        assert_eq!(ask(&["汇总[旧]", "八月", "1"]), named(&["八月", "汇总[旧]"]));
        assert_eq!(ask(&["十月"]), Err(()));
        assert_eq!(ask(&["0"]), Err(()));
    }
}
