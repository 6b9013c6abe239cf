//! `duban trace`.

use std::path::Path;

use crate::cli::args::TableOrJson;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop};
use crate::dataset::figure::{FigureSheet, RowRef};
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
            format!("读不到这份文书的数字（{}）：{error}", path.display()),
            format!("can't read the figures of this document ({}): {error}", path.display()),
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
                TableOrJson::Json => json(figure)?,
                TableOrJson::Table => {
                    let line = |row: &RowRef| match row.line {
                        Some(line) => format!("{}:{line}\t{}\n", row.file, row.id),
                        None => format!("{}\t{}\n", row.file, row.id),
                    };
                    figure.rows.iter().map(line).collect()
                }
            }
        }
    };
    world.stdout.write_all(text.as_bytes())?;
    Ok(ExitStatus::Done)
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
            figure.rows.len().to_string(),
        ]
    });
    Grid { header: header.map(str::to_owned).to_vec(), rows: rows.collect(), words: 2 }
}
