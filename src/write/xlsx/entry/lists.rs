//! The lists to choose from. Excel takes 255 characters within a rule; a longer list stands on a hidden sheet, under a name.

use rust_xlsxwriter::{DataValidation, Formula, Workbook, XlsxError};

use super::book::{EntryColumn, EntryKind};
use super::formula::letters;
use crate::words::lang::Lang;
use crate::write::xlsx::font;
use crate::write::xlsx::text::{fit, put};

/// The most code units of UTF-16 that a list within a rule may have, with the commas between its values.
const MAX_INLINE: usize = 255;

/// Where the lists of the columns are.
pub(super) struct Lists {
    /// For each column: the name and the values of its list on the hidden sheet, if it is there.
    hidden: Vec<Option<(String, Vec<String>)>>,
}

impl Lists {
    /// Decides where each list goes.
    pub(super) fn of(columns: &[EntryColumn]) -> Self {
        let hidden = columns.iter().enumerate().map(|(at, column)| match &column.kind {
            EntryKind::Choice { values, .. } if !is_inline(values) => {
                Some((format!("list_{}", letters(at)), values.iter().map(|value| fit(value)).collect()))
            }
            _ => None,
        });
        Self { hidden: hidden.collect() }
    }

    /// The rule that lets a column take the values of its list.
    pub(super) fn rule(&self, at: usize, values: &[String]) -> Result<DataValidation, XlsxError> {
        match self.hidden.get(at) {
            Some(Some((name, _))) => Ok(DataValidation::new().allow_list_formula(Formula::new(format!("={name}")))),
            _ => DataValidation::new().allow_list_strings(values),
        }
    }

    /// Writes the hidden sheet, if a list needs it.
    pub(super) fn write(&self, workbook: &mut Workbook, sheet: &str) -> Result<(), XlsxError> {
        let lists: Vec<&(String, Vec<String>)> = self.hidden.iter().flatten().collect();
        if lists.is_empty() {
            return Ok(());
        }
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet)?;
        let text = font::plain(Lang::Zh).set_num_format("@");
        for (at, (_, values)) in (0_u16..).zip(&lists) {
            for (row, value) in (0_u32..).zip(values) {
                put(worksheet, (row, at), value, &text)?;
            }
        }
        worksheet.set_hidden(true);
        worksheet.protect();
        for (at, (name, values)) in lists.iter().enumerate() {
            let letters = letters(at);
            let range = format!("='{}'!${letters}$1:${letters}${}", sheet.replace('\'', "''"), values.len().max(1));
            workbook.define_name(name.as_str(), &range)?;
        }
        Ok(())
    }
}

/// Whether a list may stand within its rule: it is short, and no value holds what divides or ends the values there.
fn is_inline(values: &[String]) -> bool {
    let length: usize = values.iter().map(|value| value.encode_utf16().count() + 1).sum();
    length <= MAX_INLINE
        && !values.is_empty()
        && values.iter().all(|value| value.trim() == value && !value.contains([',', '"', '<', '>', '&', '\n', '\r']))
}
