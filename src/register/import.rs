//! Documents issued before duban kept the register, from a CSV.

use chrono::{Datelike as _, NaiveDate};

use crate::delimited::headed::{Column, Headed, HeadedRow};
use crate::place::OneBased;
use crate::register::entry::{AcceptedFaults, Event, Facts, RegisterEntry, RegisterState};
use crate::register::number_key::NumberKey;
use crate::register::series::Series;
use crate::words::lang::Lang;

/// The columns, in any order. `series`, `n` and `date` are required; a blank `kind` is the series, a
/// blank `year` that of the date, a blank `number` what the series prints.
pub const COLUMNS: [&str; 12] =
    ["series", "kind", "year", "n", "number", "date", "title", "unit", "units", "issues", "after", "limit"];

const REQUIRED: [&str; 3] = ["series", "n", "date"];

/// What is wrong with a CSV of earlier documents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportFault {
    /// A required column is not there.
    #[error("line {line}: there is no column `{column}`")]
    MissingColumn {
        /// The line of the header.
        line: usize,
        /// The column.
        column: &'static str,
    },
    /// A column that there is none of, or one that comes twice.
    #[error("line {line}: `{column}` is unknown or comes twice; the columns are {}", COLUMNS.join(","))]
    ExtraColumn {
        /// The line of the header.
        line: usize,
        /// The column.
        column: String,
    },
    /// A quote that is never closed, or a row beyond all limits: nothing behind it can be read.
    #[error("line {line}: the table can't be read on from here; is a quote never closed?")]
    Unreadable {
        /// The line.
        line: usize,
    },
    /// A row with more cells than the header has.
    #[error("line {line}: the row has more cells than the header")]
    Ragged {
        /// The line.
        line: usize,
    },
    /// A cell that can't be read.
    #[error("line {line}: `{text}` can't be the {column}")]
    Cell {
        /// The line.
        line: usize,
        /// The column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// A series that the project does not have.
    #[error("line {line}: there is no series `{series}` in the project")]
    Series {
        /// The line.
        line: usize,
        /// The series.
        series: String,
    },
    /// A number that is in the register, or in the CSV above.
    #[error("line {line}: the number {number} is taken already")]
    Taken {
        /// The line.
        line: usize,
        /// The number.
        number: String,
    },
}

impl ImportFault {
    /// Returns the line of the CSV, from 1.
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

    /// Returns the sentence for the user.
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

/// Reads the documents of a CSV as events to [`append`](crate::register::Register::append).
///
/// `series_of` finds a series by its name, `code` is the office's 机关代字, `taken` what the register
/// holds already. The events have no files: those papers are in a cabinet.
///
/// # Errors
/// Every fault of every row, at once; nothing is to be imported then.
pub fn import(
    text: &str,
    series_of: impl Fn(&str) -> Option<Series>,
    code: &str,
    taken: &[RegisterEntry],
) -> Result<Vec<Event>, Vec<ImportFault>> {
    let mut faults = Vec::new();
    let columns = COLUMNS.map(|key| -> Column { (key, &[]) });
    let table = Headed::read(text.strip_prefix('\u{feff}').unwrap_or(text), &columns)
        .map_err(|unreadable| vec![ImportFault::Unreadable { line: number(unreadable.line) }])?;
    tell_of_header(&table, &mut faults);
    let mut documents: Vec<(usize, Facts)> = Vec::new();
    for row in &table.rows {
        let row = DocumentRow { table: &table, of: row, line: number(row.line) };
        if let Some(facts) = document(&row, &series_of, code, &mut faults) {
            documents.push((row.line, facts));
        }
    }

    // The register's own rule, so that what passes here is not refused on appending.
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

fn number(line: OneBased) -> usize {
    line.to_zero() + 1
}

/// Tells the columns that there are none of, those that come twice, and those that are missing.
fn tell_of_header(table: &Headed, faults: &mut Vec<ImportFault>) {
    let line = number(table.line);
    for (at, (cell, column)) in table.header.iter().enumerate() {
        // Spreadsheets leave columns without anything at the right.
        let is_first = column.is_some_and(|column| table.cell_of(column) == Some(at));
        if !is_first && !cell.is_empty() {
            faults.push(ImportFault::ExtraColumn { line, column: cell.clone() });
        }
    }
    let missing = REQUIRED.into_iter().filter(|column| table.cell_of(column).is_none());
    faults.extend(missing.map(|column| ImportFault::MissingColumn { line, column }));
}

/// A row of the table, to be read as a document.
struct DocumentRow<'r> {
    table: &'r Headed,
    of: &'r HeadedRow,
    line: usize,
}

impl DocumentRow<'_> {
    fn cell(&self, column: &str) -> &str {
        self.of.cell(self.table.cell_of(column)).unwrap_or_default()
    }

    fn or<'r>(&'r self, column: &str, other: &'r str) -> &'r str {
        let cell = self.cell(column);
        if cell.is_empty() { other } else { cell }
    }

    fn list(&self, column: &str) -> Vec<String> {
        let parts = self.cell(column).split([';', '；', '、']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// The cell as read, or the fault that it can't be. A column that is not there at all was told before.
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

fn document(
    row: &DocumentRow<'_>,
    series_of: &impl Fn(&str) -> Option<Series>,
    code: &str,
    faults: &mut Vec<ImportFault>,
) -> Option<Facts> {
    let line = row.line;
    if row.of.cells.iter().skip(row.table.header.len()).any(|cell| !cell.is_empty()) {
        faults.push(ImportFault::Ragged { line });
    }
    let name = row.read("series", |text| Some(text.to_owned()).filter(|text| !text.is_empty()), faults);
    let n = row.read("n", |text| text.parse().ok().filter(|n| *n > 0), faults);
    let date = row.read("date", day, faults);
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
        kind: row.or("kind", &series.name).to_owned(),
        number: row.or("number", &series.format(n, year, code)).to_owned(),
        date,
        title: row.cell("title").to_owned(),
        unit: Some(row.cell("unit").to_owned()).filter(|unit| !unit.is_empty()),
        units: row.list("units"),
        issues: row.list("issues"),
        after: row.list("after"),
        limit: row
            .read("limit", |text| if text.is_empty() { Some(None) } else { day(text).map(Some) }, faults)
            .flatten(),
        accepted: AcceptedFaults::default(),
        files: Vec::new(),
        key: NumberKey { series: series.name, year, n },
    })
}

/// A whole date: 2021-08-20, 2021/8/20, 2021.8.20, 20210820, 2021年8月20日. A register's date is never
/// guessed at.
fn day(text: &str) -> Option<NaiveDate> {
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
        after: Vec::new(),
        limit: None,
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
        Some(Series { name: name.to_owned(), pattern: pattern.parse().unwrap(), reset, start: 1 })
    }

    fn read(text: &str, taken: &[RegisterEntry]) -> Result<Vec<Event>, Vec<ImportFault>> {
        import(text, series, "郑东督", taken)
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
                "line 2: `x` can't be the n",
                "line 2: `2021-13-01` can't be the date",
                "line 5: `` can't be the series",
                "line 5: `0` can't be the n",
                "line 5: `08-20` can't be the date",
                "line 6: there is no series `circular` in the project",
                "line 8: the row has more cells than the header",
                "line 8: the number 第1期 is taken already",
            ]
        );
    }

    #[test]
    fn a_header_must_have_what_is_required_and_nothing_unknown() {
        assert_eq!(
            faults("series,n,n,titel\nbulletin,1,2,x\n"),
            [
                "line 1: `n` is unknown or comes twice; the columns are series,kind,year,n,number,date,title,unit,units,issues,after,limit",
                "line 1: `titel` is unknown or comes twice; the columns are series,kind,year,n,number,date,title,unit,units,issues,after,limit",
                "line 1: there is no column `date`",
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
