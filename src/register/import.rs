//! Documents issued before duban kept the register, from a CSV.

use chrono::{Datelike as _, NaiveDate};

use crate::register::Record;
use crate::register::entry::{Event, Facts};
use crate::words::date;
use crate::words::lang::Lang;

/// The columns, in any order; `series`, `n` and `date` are required.
pub const COLUMNS: [&str; 10] = ["series", "kind", "year", "n", "number", "date", "title", "unit", "units", "issues"];

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportFault {
    /// A required column is not there.
    Column(&'static str),
    /// A cell that can't be read.
    Cell {
        /// The line.
        line: u64,
        /// The column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// A number that is taken.
    Taken {
        /// The line.
        line: u64,
        /// The number.
        number: String,
    },
    /// The text is no CSV.
    Csv(String),
}

impl ImportFault {
    /// The sentence for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Column(name) => lang.pick(format!("缺少 {name} 列"), format!("there is no column {name}")),
            Self::Cell { line, column, text } => lang.pick(
                format!("第 {line} 行：{column} 不能是“{text}”"),
                format!("line {line}: {column} can't be `{text}`"),
            ),
            Self::Taken { line, number } => {
                lang.pick(format!("第 {line} 行：{number} 已在登记簿里"), format!("line {line}: {number} is taken"))
            }
            Self::Csv(detail) => detail.clone(),
        }
    }
}

/// Reads the documents. `number_of` prints a number that the CSV leaves blank.
///
/// # Errors
/// Every fault of every row; nothing is imported then.
pub fn import(
    text: &str,
    taken: &[Record],
    number_of: impl Fn(&str, u32, i32) -> String,
) -> Result<Vec<Event>, Vec<ImportFault>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| vec![ImportFault::Csv(error.to_string())])?.clone();
    let column = |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
    let mut faults: Vec<ImportFault> =
        ["series", "n", "date"].into_iter().filter(|name| column(name).is_none()).map(ImportFault::Column).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut events: Vec<Facts> = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(ImportFault::Csv(error.to_string()));
                continue;
            }
        };
        let line = index as u64 + 2;
        let cell = |name: &'static str| column(name).and_then(|at| record.get(at)).unwrap_or_default();
        let bad = |column: &'static str| ImportFault::Cell { line, column, text: cell(column).to_owned() };
        let date = date::parse(cell("date"), None, None).ok().filter(|read| !read.assumed).map(|read| read.date);
        let n = cell("n").parse::<u32>().ok().filter(|n| *n > 0);
        let year = if cell("year").is_empty() { date.map(|date| date.year()) } else { cell("year").parse().ok() };
        for (name, sound) in [
            ("date", date.is_some()),
            ("n", n.is_some()),
            ("year", year.is_some()),
            ("series", !cell("series").is_empty()),
        ] {
            if !sound {
                faults.push(bad(name));
            }
        }
        let (Some(date), Some(n), Some(year)) = (date, n, year) else { continue };
        let facts = facts(cell, date, n, year, &number_of);
        let same = |series: &str, other_year, other_n| series == facts.series && other_year == year && other_n == n;
        if taken.iter().any(|record| same(&record.series, record.year, record.n))
            || events.iter().any(|other| same(&other.series, other.year, other.n))
        {
            faults.push(ImportFault::Taken { line, number: facts.number.clone() });
        }
        events.push(facts);
    }
    if faults.is_empty() { Ok(events.into_iter().map(Event::Imported).collect()) } else { Err(faults) }
}

fn facts<'c>(
    cell: impl Fn(&'static str) -> &'c str,
    date: NaiveDate,
    n: u32,
    year: i32,
    number_of: &impl Fn(&str, u32, i32) -> String,
) -> Facts {
    let list = |text: &str| -> Vec<String> {
        text.split([';', '；', '、']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let or = |text: &str, other: String| if text.is_empty() { other } else { text.to_owned() };
    let series = cell("series").to_owned();
    Facts {
        kind: or(cell("kind"), series.clone()),
        number: or(cell("number"), number_of(&series, n, year)),
        date: date.to_string(),
        title: cell("title").to_owned(),
        unit: Some(cell("unit").to_owned()).filter(|unit| !unit.is_empty()),
        units: list(cell("units")),
        issues: list(cell("issues")),
        series,
        year,
        n,
        after: None,
        files: Vec::new(),
    }
}
