//! Imports documents issued before duban kept the register, from a CSV file.

use chrono::{Datelike as _, NaiveDate};

use crate::delimited::headed::{Column, Headed, HeadedRow};
use crate::place::OneBased;
use crate::register::entry::{AcceptedFaults, Event, Facts, RegisterEntry};
use crate::register::number_key::NumberKey;
use crate::register::series::Series;
use crate::register::state::RegisterState;
use crate::words::lang::Lang;

/// The columns, which may be in any order. `series`, `n` and `date` are required. A blank `kind` defaults to the
/// series, a blank `year` to that of the date, a blank `number` to the pattern of the series.
pub const COLUMNS: [&str; 12] =
    ["series", "kind", "year", "n", "number", "date", "title", "unit", "units", "issues", "after", "limit"];

const REQUIRED: [&str; 3] = ["series", "n", "date"];

/// A fault in a CSV file of earlier documents. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportFault {
    /// A required column is missing.
    #[error("line {line}: the column `{column}` is missing")]
    MissingColumn {
        /// The line of the header.
        line: usize,
        /// The column.
        column: &'static str,
    },
    /// A column is unknown or a duplicate.
    #[error("line {line}: the column `{column}` is unknown or a duplicate; the columns are {}", COLUMNS.join(","))]
    ExtraColumn {
        /// The line of the header.
        line: usize,
        /// The column.
        column: String,
    },
    /// A quote is never closed, or a row exceeds the limits; nothing after it can be read.
    #[error("line {line}: the table can't be read from here on; is a quote not closed?")]
    Unreadable {
        /// The line.
        line: usize,
    },
    /// A row has more cells than the header.
    #[error("line {line}: the row has more cells than the header")]
    Ragged {
        /// The line.
        line: usize,
    },
    /// A cell has an invalid value.
    #[error("line {line}: `{text}` is not a valid {column}")]
    Cell {
        /// The line.
        line: usize,
        /// The column.
        column: &'static str,
        /// The text of the cell.
        text: String,
    },
    /// The project has no such series.
    #[error("line {line}: there is no series `{series}` in the project")]
    Series {
        /// The line.
        line: usize,
        /// The series.
        series: String,
    },
    /// The number is in the register already, or in an earlier row.
    #[error("line {line}: the number {number} is already taken")]
    Taken {
        /// The line.
        line: usize,
        /// The number.
        number: String,
    },
}

impl ImportFault {
    /// Returns the line of the CSV file, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        match self {
            Self::MissingColumn { line, .. }
            | Self::ExtraColumn { line, .. }
            | Self::Unreadable { line }
            | Self::Ragged { line }
            | Self::Cell { line, .. }
            | Self::Series { line, .. }
            | Self::Taken { line, .. } => *line,
        }
    }

    /// Returns the message for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        lang.pick(
            match self {
                Self::MissingColumn { line, column } => format!("第 {line} 行：缺少 {column} 列"),
                Self::ExtraColumn { line, column } => {
                    format!("第 {line} 行：“{column}”列不认识或重复；可用的列有 {}", COLUMNS.join(","))
                }
                Self::Unreadable { line } => format!("第 {line} 行起读不下去；是否有引号没有闭合？"),
                Self::Ragged { line } => format!("第 {line} 行：单元格比表头多"),
                Self::Cell { line, column, text } => format!("第 {line} 行：{column} 不能是“{text}”"),
                Self::Series { line, series } => format!("第 {line} 行：项目里没有序列“{series}”"),
                Self::Taken { line, number } => format!("第 {line} 行：{number} 已被占用"),
            },
            self.to_string(),
        )
    }
}

/// Reads the documents of a CSV file as events to [`append`](crate::register::Register::append).
///
/// `series_of` returns the series of a name, `kind_of` the name of a kind as written, `code` is the office's 机关代字, and `taken` holds the entries of the
/// register. The events have no files, since those documents exist on paper.
///
/// # Errors
/// All faults of all rows, in the order of lines; nothing should be imported then.
pub fn import(
    text: &str,
    series_of: impl Fn(&str) -> Option<Series>,
    kind_of: impl Fn(&str) -> String,
    code: &str,
    taken: &[RegisterEntry],
) -> Result<Vec<Event>, Vec<ImportFault>> {
    let mut faults = Vec::new();
    let columns = COLUMNS.map(|key| -> Column { (key, &[]) });
    let table = Headed::read(text.strip_prefix('\u{feff}').unwrap_or(text), &columns)
        .map_err(|unreadable| vec![ImportFault::Unreadable { line: number(unreadable.line) }])?;
    check_header(&table, &mut faults);
    let mut documents: Vec<(usize, Facts)> = Vec::new();
    for row in &table.rows {
        let row = DocumentRow { table: &table, row, line: number(row.line) };
        if let Some(facts) = read_document(&row, (&series_of, &kind_of), code, &mut faults) {
            documents.push((row.line, facts));
        }
    }

    // By the rules of the register itself, so that appending can't fail later.
    let mut state = RegisterState::default();
    for record in taken {
        _ = state.apply(&Event::Imported(taken_facts(record)), record.line);
    }
    let mut events = Vec::new();
    for (line, facts) in documents {
        let number = facts.number.clone();
        let event = Event::Imported(facts);
        match state.apply(&event, line) {
            Ok(()) => events.push(event),
            Err(_) => faults.push(ImportFault::Taken { line, number }),
        }
    }
    faults.sort_by_key(ImportFault::line);
    if faults.is_empty() { Ok(events) } else { Err(faults) }
}

/// Returns a line number from 1.
fn number(line: OneBased) -> usize {
    line.to_zero() + 1
}

/// Adds the faults of the header: unknown, duplicate and missing columns.
fn check_header(table: &Headed, faults: &mut Vec<ImportFault>) {
    let line = number(table.line);
    for (at, (cell, column)) in table.header.iter().enumerate() {
        // Spreadsheets leave empty columns at the right.
        let is_first = column.is_some_and(|column| table.cell_of(column) == Some(at));
        if !is_first && !cell.is_empty() {
            faults.push(ImportFault::ExtraColumn { line, column: cell.clone() });
        }
    }
    let missing = REQUIRED.into_iter().filter(|column| table.cell_of(column).is_none());
    faults.extend(missing.map(|column| ImportFault::MissingColumn { line, column }));
}

/// A row of the table with its line number.
struct DocumentRow<'r> {
    table: &'r Headed,
    row: &'r HeadedRow,
    line: usize,
}

impl DocumentRow<'_> {
    fn cell(&self, column: &str) -> &str {
        self.row.cell(self.table.cell_of(column)).unwrap_or_default()
    }

    /// Returns a cell, or `default` if it is empty.
    fn cell_or<'r>(&'r self, column: &str, default: &'r str) -> &'r str {
        let cell = self.cell(column);
        if cell.is_empty() { default } else { cell }
    }

    /// Returns the parts of a cell that are separated by `;`, `；` or `、`.
    fn list(&self, column: &str) -> Vec<String> {
        let parts = self.cell(column).split([';', '；', '、']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// Reads a cell, or adds a fault if it is invalid. A missing column has a fault of its own already.
    fn read<T>(
        &self,
        column: &'static str,
        read: impl Fn(&str) -> Option<T>,
        faults: &mut Vec<ImportFault>,
    ) -> Option<T> {
        let text = self.cell(column);
        let value = read(text);
        if value.is_none() && self.table.cell_of(column).is_some() {
            faults.push(ImportFault::Cell { line: self.line, column, text: text.to_owned() });
        }
        value
    }
}

/// Reads the facts of a document, or adds the faults of its row.
fn read_document(
    row: &DocumentRow<'_>,
    (series_of, kind_of): (&impl Fn(&str) -> Option<Series>, &impl Fn(&str) -> String),
    code: &str,
    faults: &mut Vec<ImportFault>,
) -> Option<Facts> {
    let line = row.line;
    if row.row.cells.iter().skip(row.table.header.len()).any(|cell| !cell.is_empty()) {
        faults.push(ImportFault::Ragged { line });
    }
    let name = row.read("series", |text| Some(text.to_owned()).filter(|text| !text.is_empty()), faults);
    let n = row.read("n", |text| text.parse().ok().filter(|n| *n > 0), faults);
    let date = row.read("date", parse_date, faults);
    let year = match (row.cell("year"), date) {
        ("", date) => date.map(|date| date.year()),
        _ => row.read("year", |text| text.parse().ok(), faults),
    };
    let series = name.and_then(|series| {
        let found = series_of(&series);
        if found.is_none() {
            faults.push(ImportFault::Series { line, series });
        }
        found
    });
    let (Some(series), Some(n), Some(date), Some(year)) = (series, n, date, year) else { return None };
    Some(Facts {
        reset: series.reset,
        kind: kind_of(row.cell_or("kind", &series.name)),
        number: row.cell_or("number", &series.format(n, year, code)).to_owned(),
        date,
        title: row.cell("title").to_owned(),
        unit: Some(row.cell("unit").to_owned()).filter(|unit| !unit.is_empty()),
        units: row.list("units"),
        issues: row.list("issues"),
        identities: Vec::new(),
        after: row.list("after"),
        limit: row
            .read("limit", |text| if text.is_empty() { Some(None) } else { parse_date(text).map(Some) }, faults)
            .flatten(),
        request: None,
        corrects: None,
        edited: false,
        accepted: AcceptedFaults::default(),
        files: Vec::new(),
        key: NumberKey { series: series.name, year, n },
    })
}

/// Reads a complete date: 2021-08-20, 2021/8/20, 2021.8.20, 20210820 or 2021年8月20日. Unlike in logs, nothing is guessed.
fn parse_date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.strip_suffix('日').unwrap_or(text).split(['-', '/', '.', '年', '月']).collect();
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.trim().len() == 4 => (number(year)?, number(month)?, number(day)?),
        [all] if all.len() == 8 => {
            let all = number(all)?;
            (all / 10_000, all / 100 % 100, all % 100)
        }
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Returns the facts of an entry that decide whether a number is taken.
fn taken_facts(record: &RegisterEntry) -> Facts {
    Facts {
        key: record.key(),
        reset: record.reset,
        kind: record.kind.clone(),
        number: record.number.clone(),
        date: record.date,
        title: String::new(),
        unit: None,
        units: Vec::new(),
        issues: Vec::new(),
        identities: Vec::new(),
        after: Vec::new(),
        limit: None,
        request: None,
        corrects: None,
        edited: false,
        accepted: AcceptedFaults::default(),
        files: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::series::Reset;

    fn series(name: &str) -> Option<Series> {
        let (pattern, reset) = match name {
            "bulletin" => ("第{n}期", Reset::Never),
            "reminder" => ("{code}提醒〔{year}〕{n}号", Reset::Yearly),
            _ => return None,
        };
        Some(Series { name: name.to_owned(), pattern: pattern.parse().unwrap(), reset, start: 1, doubles: false })
    }

    fn read(text: &str, taken: &[RegisterEntry]) -> Result<Vec<Event>, Vec<ImportFault>> {
        import(text, series, str::to_owned, "郑东督", taken)
    }

    fn faults(text: &str) -> Vec<String> {
        read(text, &[]).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_blank_follows_from_the_rest() {
        let text = "\u{feff}series,kind,year,n,number,date,title,unit,units,issues\r\n\
            bulletin,,,13,,2021-08-13,监督检查通报,,贾陈社区、某办,WT-001; WT-002\r\n\
            reminder,,,7,,2021年8月14日,工作提醒函,某办,,\r\n\
            \r\n\
            reminder,letter,2020,8,旧文号,20210814,,,,\r\n,,,,,,,,,\r\n";
        let events = read(text, &[]).unwrap();
        let facts: Vec<&Facts> = events
            .iter()
            .map(|event| match event {
                Event::Imported(facts) => facts,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(facts.len(), 3);
        assert_eq!((facts[0].number.as_str(), facts[0].key.year, facts[0].kind.as_str()), ("第13期", 2021, "bulletin"));
        assert_eq!(
            (&facts[0].units[..], &facts[0].issues[..]),
            (&["贾陈社区".to_owned(), "某办".to_owned()][..], &["WT-001".to_owned(), "WT-002".to_owned()][..])
        );
        assert_eq!((facts[0].reset, facts[0].unit.as_deref()), (Reset::Never, None));
        assert_eq!((facts[1].number.as_str(), facts[1].unit.as_deref()), ("郑东督提醒〔2021〕7号", Some("某办")));
        assert_eq!((facts[2].number.as_str(), facts[2].key.year, facts[2].kind.as_str()), ("旧文号", 2020, "letter"));
    }

    #[test]
    fn all_faults_are_told_at_once_with_their_lines() {
        let text = "series,n,date,title\r\n\
            bulletin,x,2021-13-01,\"two\r\nlines\"\r\n\r\n\
            ,0,08-20,\r\n\
            circular,1,2021-08-20,\r\n\
            bulletin,1,2021-08-20,\r\n\
            bulletin,1,2022-08-20,,extra\r\n";
        assert_eq!(
            faults(text),
            [
                "line 2: `x` is not a valid n",
                "line 2: `2021-13-01` is not a valid date",
                "line 5: `` is not a valid series",
                "line 5: `0` is not a valid n",
                "line 5: `08-20` is not a valid date",
                "line 6: there is no series `circular` in the project",
                "line 8: the row has more cells than the header",
                "line 8: the number 第1期 is already taken",
            ]
        );
    }

    #[test]
    fn a_header_must_have_what_is_required_and_nothing_unknown() {
        assert_eq!(
            faults("series,n,n,titel\nbulletin,1,2,x\n"),
            [
                "line 1: the column `n` is unknown or a duplicate; the columns are series,kind,year,n,number,date,title,unit,units,issues,after,limit",
                "line 1: the column `titel` is unknown or a duplicate; the columns are series,kind,year,n,number,date,title,unit,units,issues,after,limit",
                "line 1: the column `date` is missing",
            ]
        );
        assert_eq!(faults("").len(), 3);
    }

    #[test]
    fn what_the_register_holds_is_not_imported_again() {
        let text = "series,n,date\nreminder,7,2021-08-20\nreminder,7,2022-08-20\n";
        let mut taken = crate::register::entry::tests::record("reminder", 2021, 7);
        assert!(matches!(&read(text, &[taken.clone()]).unwrap_err()[..], [ImportFault::Taken { line: 2, .. }]));
        taken.year = 2020;
        assert_eq!(read(text, &[taken]).unwrap().len(), 2);
    }
}
