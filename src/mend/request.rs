//! Edits as JSON, as `duban mend --edits` and a page give them.

use serde::Deserialize;

use crate::mend::edit::{Column, Edit, EditPlace};
use crate::mend::fault::MendError;
use crate::source::workbook::place_of_address;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    edits: Vec<OneEdit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneEdit {
    sheet: Option<String>,
    /// `E5`, in place of line and column.
    cell: Option<String>,
    line: Option<u32>,
    column: Option<OneColumn>,
    was: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneColumn {
    Character(u32),
    Named(String),
}

/// Reads `{"edits": [{"sheet", "cell" or "line" and "column", "was", "value"}]}`. Line and a column that is a number are
/// those of `check --format json`, and so are `sheet` and `cell`.
///
/// # Errors
/// It is no JSON of this form.
pub fn edits_of_json(text: &str) -> Result<Vec<Edit>, MendError> {
    let request: Request = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| MendError::Request(error.to_string()))?;
    let number = |at: usize| format!("edits[{at}]");
    request
        .edits
        .into_iter()
        .enumerate()
        .map(|(at, edit)| edit.edit().map_err(|why| MendError::Request(format!("{}: {why}", number(at)))))
        .collect()
}

impl OneEdit {
    fn edit(self) -> Result<Edit, &'static str> {
        let (line, column) = match (self.cell, self.line, self.column) {
            // What `check` tells of a workbook has all three; the cell is the same place.
            (Some(cell), ..) => {
                let (row, column) = place_of_address(&cell).ok_or("`cell` is no address such as E5")?;
                (row + 1, Column::Cell(u16::try_from(column).map_err(|_| "`cell` is beyond the last column")?))
            }
            (None, Some(line), Some(column)) if line > 0 => match column {
                OneColumn::Character(0) => return Err("columns count from 1"),
                OneColumn::Character(column) => (line, Column::Character(column)),
                OneColumn::Named(name) => (line, Column::Named(name)),
            },
            (None, Some(0), _) => return Err("lines count from 1"),
            _ => return Err("`cell`, or `line` and `column`, is missing"),
        };
        Ok(Edit { place: EditPlace { sheet: self.sheet, line, column }, was: Some(self.was), value: self.value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_read_from_json() {
        let text = r#"{"edits": [
            {"sheet": "台账", "cell": "E5", "line": 5, "column": 9, "was": "", "value": "a"},
            {"line": 5, "column": 8, "was": "b", "value": "c"},
            {"line": 6, "column": "整改期限", "was": "", "value": ""}]}"#;
        let edits = edits_of_json(text).unwrap();
        let places: Vec<String> = edits.iter().map(|edit| edit.place.to_string()).collect();
        assert_eq!(places, ["台账!E5", "5:8", "6:整改期限"]);
        assert_eq!((edits[1].was.as_deref(), edits[1].value.as_str()), (Some("b"), "c"));
        for wrong in [
            "",
            "[]",
            r#"{"edits": [{"line": 5, "was": "", "value": ""}]}"#,
            r#"{"edits": [{"line": 0, "column": 1, "was": "", "value": ""}]}"#,
            r#"{"edits": [{"line": 1, "column": 0, "was": "", "value": ""}]}"#,
            r#"{"edits": [{"line": 1, "column": 1, "value": ""}]}"#,
            r#"{"edits": [{"cell": "5", "was": "", "value": ""}]}"#,
            r#"{"edits": [], "more": 1}"#,
        ] {
            assert!(matches!(edits_of_json(wrong), Err(MendError::Request(_))), "{wrong}");
        }
    }
}
