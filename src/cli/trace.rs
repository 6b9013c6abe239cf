//! `duban trace`.

use std::path::Path;

use crate::cli::args::TableOrJson;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop};
use crate::dataset::{Figure, FigureSheet, RowRef};
use crate::fault::FileError;
use crate::platform::paths::slashed;
use crate::tally::show::{Grid, table};
use crate::trace;
use crate::words::lang::Lang;

pub(super) fn run(
    document: &Path,
    figure: Option<usize>,
    format: TableOrJson,
    lang: Lang,
    world: &mut World,
) -> Result<ExitStatus, Stop> {
    let figures = trace::read(&world.folder.join(document)).map_err(|error| {
        let path = trace::figures_path(document);
        Stop::wrong(lang.pick(
            format!("读不到这份文书的数字（{}）：{}", slashed(&path), FileError::from(&error).text(lang)),
            format!(
                "can't read the figures of this document ({}): {}",
                slashed(&path),
                FileError::from(&error).text(lang)
            ),
        ))
    })?;
    let text = match (figure, format) {
        (None, TableOrJson::Json) => json(&figures)?,
        (None, TableOrJson::Table) => table(&all(&figures, lang)),
        (Some(id), format) => {
            let figure = figures.figures.iter().find(|figure| figure.id == id).ok_or_else(|| {
                let last = figures.figures.len();
                Stop::wrong(lang.pick(
                    format!("没有第 {id} 个数字，共 {last} 个"),
                    format!("there is no figure {id}; there are {last}"),
                ))
            })?;
            match format {
                TableOrJson::Json => json(&figures.with_own_rows(figure)?)?,
                TableOrJson::Table => {
                    let line = |row: &RowRef| match row.line {
                        Some(line) => format!("{}:{line}\t{}\n", row.file, row.id),
                        None => format!("{}\t{}\n", row.file, row.id),
                    };
                    let mut text: String = figures.rows_of(figure).map(line).collect();
                    text.extend(withheld(&figures, figure, lang).map(|note| note + "\n"));
                    text
                }
            }
        }
    };
    world.stdout.write_all(text.as_bytes())?;
    Ok(ExitStatus::Done)
}

/// What a public edition says in place of rows that it does not show.
fn withheld(sheet: &FigureSheet, figure: &Figure, lang: Lang) -> Option<String> {
    let text = match (sheet.head.small_counts, figure.rows_withheld) {
        (Some(_), _) => lang.pick(
            "（公开版藏起小数，不列出自哪些行；见内部版）".to_owned(),
            "(no rows where small counts are hidden; see the internal edition)".to_owned(),
        ),
        (None, Some(rows)) => lang.pick(
            format!("（另有 {rows} 行涉及个人，公开版不列；见内部版）"),
            format!("({rows} more name persons and stand in the internal edition only)"),
        ),
        (None, None) => return None,
    };
    Some(text)
}

fn json(value: &impl serde::Serialize) -> Result<String, Stop> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

fn all(figures: &FigureSheet, lang: Lang) -> Grid {
    let header = match lang {
        Lang::Zh => ["函数", "选取", "序号", "数值", "行数"],
        Lang::En => ["function", "selection", "figure", "value", "rows"],
    };
    let rows = figures.figures.iter().map(|figure| {
        vec![
            figure.function.clone(),
            trace::describe(figure),
            figure.id.to_string(),
            trace::brief(&figure.value),
            match figure.rows_withheld {
                Some(more) => format!("{}+{more}", figure.rows.len()),
                None => figure.rows.len().to_string(),
            },
        ]
    });
    Grid { header: header.map(str::to_owned).to_vec(), rows: rows.collect(), words: 2 }
}
