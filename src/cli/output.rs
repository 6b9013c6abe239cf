//! Writes the data of a command to a file or to standard output, as text or as a workbook.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::NaiveDate;

use crate::atomic;
use crate::cli::Stop;
use crate::cli::kept_files::refuse_kept;
use crate::cli::session::Session;
use crate::cli::world::World;
use crate::document::source::FigureSources;
use crate::document::{Align, Block, Cell, Document, Foot, Head, Layout, Seal, Table};
use crate::project::Project;
use crate::source::excerpt::harmless;
use crate::tally::screen::{FittedTable, Screen, fitted, wrapped};
use crate::tally::show::Grid;
use crate::words::lang::Lang;
use crate::write::{self, Format};

/// What the bytes of an output are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text,
    /// In a file, with the mark by which Excel knows UTF-8, where the world asks for it.
    Csv,
    /// Not for a terminal.
    Workbook,
}

/// What UTF-8 begins with in a file for Excel, which takes it for the code page of the system otherwise.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes data to the file, else to standard output.
///
/// # Errors
/// The file can't be written, or a workbook would go to a terminal.
pub(super) fn put(
    bytes: &[u8],
    content: Content,
    output: Option<&Path>,
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    put_stream(|out| out.write_all(bytes), content, output, (session.world, &session.project), session.lang)
}

/// Writes bytes to a file, unless it is one that stays as it is.
///
/// # Errors
/// It is such a file, or can't be written.
pub(super) fn write_file(path: &Path, bytes: &[u8], session: &Session<'_>) -> Result<(), Stop> {
    refuse_kept(path, &session.project, session.world, session.lang)?;
    atomic::write(&session.world.folder.join(path), bytes).map_err(|error| Stop::unwritten(path, error))
}

/// Writes data as it is made to the file, else to standard output.
///
/// # Errors
/// That of `fill`; the file can't be written, or a workbook would go to a terminal.
pub(super) fn put_stream(
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    content: Content,
    output: Option<&Path>,
    (world, project): (&mut World, &Project),
    lang: Lang,
) -> Result<(), Stop> {
    if let Some(path) = output {
        refuse_kept(path, project, world, lang)?;
        let mark: &[u8] = if content == Content::Csv && world.marks_csv { MARK } else { b"" };
        atomic::write_stream(&world.folder.join(path), |out| {
            out.write_all(mark)?;
            fill(out)
        })
        .map_err(|error| Stop::unwritten(path, error))?;
        return Ok(());
    }
    if content == Content::Workbook && world.stdout_is_terminal {
        return Err(Stop::wrong(lang.pick(
            "工作簿不能显示在终端上；用 -o 文件.xlsx 写到文件",
            "a workbook can't be shown on a terminal; write it to a file with -o FILE.xlsx",
        )));
    }
    let mut out = BufWriter::with_capacity(64 * 1024, &mut world.stdout);
    fill(&mut out)?;
    out.flush()?;
    Ok(())
}

/// A table for people. On a terminal it fits its width; columns that have no room there are named in a line below, with
/// `all`, what shows them. In a file it is whole.
pub(super) fn table(grid: &Grid, screen: &Screen, all: &str, output: Option<&Path>, session: &Session<'_>) -> String {
    let width = session.world.terminal_width.filter(|_| output.is_none());
    let FittedTable { mut text, left_out } = fitted(grid, screen, width, session.colour && output.is_none());
    if !left_out.is_empty() {
        let line = session.lang.pick(
            format!("没有显示的列：{}；用 {all} 看全部", left_out.join("、")),
            format!("columns not shown: {}; {all} has them all", left_out.join(", ")),
        );
        text.push_str(&wrapped(&harmless(&line), width.unwrap_or(usize::MAX)).join("\n"));
        text.push('\n');
    }
    text
}

/// A grid as a workbook of one sheet, dated `day`.
pub(super) fn workbook(grid: &Grid, title: &str, day: NaiveDate, session: &Session<'_>) -> Result<Vec<u8>, Stop> {
    let cells = |row: &[String]| row.iter().map(|text| Cell::from(text.as_str())).collect::<Vec<_>>();
    let columns = (0..grid.header.len()).map(|at| if at < grid.words { Align::Left } else { Align::Right });
    let table = Table {
        caption: Some(title.to_owned()),
        columns: columns.collect(),
        header: cells(&grid.header),
        rows: grid.rows.iter().map(|row| cells(row)).collect(),
        shown: Vec::new(),
    };
    let document = Document {
        lang: session.lang,
        kind: String::new(),
        layout: Layout::Document,
        head: Head { title: title.to_owned(), ..Head::default() },
        body: vec![Block::Table(table)],
        attachments: Vec::new(),
        foot: Foot { seal: Seal::Unsealed, signature: Some(session.project.office.name.clone()), ..Foot::default() },
        reckoned: Some((day, session.project.as_of(day).soon)),
        sources: FigureSources::default(),
    };
    let written = write::write(Format::Xlsx, &document).map_err(|error| Stop::unfinished(error.to_string()))?;
    Ok(written.bytes.into_vec()?)
}
