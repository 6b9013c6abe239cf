//! Parses a long text piece by piece, so that the parser's tree is never that of all of it.
//!
//! A heading ends whatever stands before it, and a row of a table says nothing of the rows after it: cut there, the pieces
//! say what the whole says. Where a piece has a fault, as one has in which something was open at the cut, the whole text is
//! to be parsed at once.

use super::body::Body;
use crate::document::text::is_forbidden;
use crate::document::{Block, Cell, Inline, Table};

/// The rows of a table that are parsed together.
const ROWS: usize = 32;

/// A table with all its columns, and those that are left out while no row fills them.
pub(super) type OptionalColumns = (Table, Vec<usize>);

/// What parses a piece, if there is no fault in it.
pub(super) struct Parsers<'p> {
    /// Any text.
    pub(super) whole: &'p dyn Fn(&str) -> Option<Body>,
    /// A text that is one table.
    pub(super) table: &'p dyn Fn(&str) -> Option<OptionalColumns>,
}

/// Parses a text piece by piece; `None` if it is not to be cut.
pub(super) fn blocks(markdown: &str, parsers: &Parsers<'_>) -> Option<Body> {
    // A line may end with CR alone.
    if markdown.contains('\r') {
        return None;
    }
    let whole_piece = |piece: &str| {
        if piece.trim().is_empty() { Some(Body::default()) } else { (parsers.whole)(piece) }
    };
    let mut all = Body::default();
    let mut rest = markdown;
    let mut at = 0;
    // The piece is `rest[..at]`; the line at its end is looked at next.
    while let Some(line) = rest.get(at..).filter(|line| !line.is_empty()).map(first_line) {
        if is_heading(line) {
            let (before, from_heading) = rest.split_at(at);
            let (heading, after) = from_heading.split_at(line.len());
            add(whole_piece(before)?, &mut all);
            add(whole_piece(heading)?, &mut all);
            (rest, at) = (after, 0);
        } else if let Some(table) = long_table(rest, at) {
            let (before, from_table) = rest.split_at(table.begin);
            let (text, after) = from_table.split_at(table.end - table.begin);
            add(whole_piece(before)?, &mut all);
            add(read_table(text, table.rows - table.begin, parsers)?, &mut all);
            (rest, at) = (after, 0);
        } else {
            at += line.len();
        }
    }
    add(whole_piece(rest)?, &mut all);
    Some(all)
}

/// Adds the blocks of a piece behind those before it.
fn add(piece: Body, all: &mut Body) {
    let last = all.attachments.last_mut().map_or(&mut all.body, |attachment| &mut attachment.body);
    last.extend(piece.body);
    all.attachments.extend(piece.attachments);
}

/// The line at the beginning of a text, with its end.
fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

/// Whether a line is a heading wherever it stands, unless it is in code, HTML or a comment.
fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - text.len())) && text.starts_with(' ')
}

/// Where a long table is in a text.
struct LongTable {
    /// Its caption, or else its head.
    begin: usize,
    /// Its first row.
    rows: usize,
    end: usize,
}

/// The table whose head is the line at `at`, if it has many rows. It stands by itself: after a blank line or at the
/// beginning, and before a blank line or at the end.
fn long_table(text: &str, at: usize) -> Option<LongTable> {
    let (before, table) = text.split_at(at);
    // What stands above the first line was cut off at a heading.
    let is_apart = before.trim_matches('\n').is_empty() || before.ends_with("\n\n");
    if !table.starts_with('|') || !is_apart {
        return None;
    }
    let mut lines = table.split_inclusive('\n').take_while(|line| line.starts_with('|')).map(str::len);
    let head = lines.next()? + lines.next()?;
    let (count, length) = lines.fold((0_usize, 0), |(count, length), line| (count + 1, length + line));
    let end = at + head + length;
    let after = first_line(text.get(end..)?);
    if count <= ROWS || !after.trim().is_empty() {
        return None;
    }
    // A caption is of the table.
    let paragraph = before.trim_end().rsplit("\n\n").next().unwrap_or_default();
    let caption = paragraph.trim_start_matches('\n');
    let begin = if caption.starts_with(": ") { before.trim_end().len() - caption.len() } else { at };
    Some(LongTable { begin, rows: at + head, end })
}

/// Parses a table whose rows begin at `rows`.
fn read_table(text: &str, rows: usize, parsers: &Parsers<'_>) -> Option<Body> {
    let (head, rows) = text.split_at(rows);
    // The caption is of the first piece.
    let columns = head.get(head.find('|')?..)?;
    let lines: Vec<&str> = rows.split_inclusive('\n').collect();
    let mut all: Option<OptionalColumns> = None;
    for piece in lines.chunks(ROWS) {
        if let Some((all, _)) = &mut all
            && let Some(rows) = plain_rows(piece, all.columns.len())
        {
            all.rows.extend(rows);
            continue;
        }
        let head = if all.is_none() { head } else { columns };
        let (table, optional) = (parsers.table)(&format!("{head}{}", piece.concat()))?;
        if table.rows.len() != piece.len() {
            return None;
        }
        match &mut all {
            None => all = Some((table, optional)),
            Some((all, _)) if all.header == table.header => all.rows.extend(table.rows),
            Some(_) => return None,
        }
    }
    let (mut table, optional) = all?;
    drop_blank_columns(&mut table, &optional);
    Some(Body { body: vec![Block::Table(table)], attachments: Vec::new() })
}

/// Rows whose cells hold nothing but text, references to punctuation as [`escape`](super::escape()) writes them, and
/// `<br>`: what nearly all rows hold is read here without a tree. `None` if a cell holds anything else.
fn plain_rows(lines: &[&str], columns: usize) -> Option<Vec<Vec<Cell>>> {
    lines.iter().map(|line| plain_row(line, columns)).collect()
}

fn plain_row(line: &str, columns: usize) -> Option<Vec<Cell>> {
    let inner = line.strip_suffix('\n').unwrap_or(line).strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = Vec::with_capacity(columns);
    for cell in inner.split('|') {
        cells.push(Cell(plain_cell(cell.trim_matches(' '))?));
    }
    (cells.len() == columns).then_some(cells)
}

fn plain_cell(cell: &str) -> Option<Vec<Inline>> {
    let mut inlines = Vec::new();
    let mut text = String::new();
    let mut rest = cell;
    while let Some(at) = rest.find(is_special) {
        let (before, special) = rest.split_at(at);
        text.push_str(before);
        if let Some(after) = special.strip_prefix("<br>") {
            // Blanks beside it may go.
            if text.ends_with(' ')
                || after.starts_with(' ')
                || after.is_empty()
                || (text.is_empty() && inlines.is_empty())
            {
                return None;
            }
            if !text.is_empty() {
                inlines.push(Inline::Text(std::mem::take(&mut text)));
            }
            inlines.push(Inline::Break);
            rest = after;
        } else {
            let (code, after) = special.strip_prefix("&#")?.split_once(';')?;
            let mark = code.parse::<u8>().ok().filter(|mark| code.len() <= 3 && mark.is_ascii_punctuation())?;
            text.push(char::from(mark));
            rest = after;
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        text.shrink_to_fit();
        inlines.reserve_exact(1);
        inlines.push(Inline::Text(text));
    }
    Some(inlines)
}

/// Whether a character may begin something else than text, is not permitted in documents, or is a blank that may go.
fn is_special(c: char) -> bool {
    matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '^' | '$' | '\t')
        || is_forbidden(c)
        || (c != ' ' && c.is_whitespace())
}

/// Leaves out those of some columns that no row fills.
pub(super) fn drop_blank_columns(table: &mut Table, optional: &[usize]) {
    for column in optional.iter().rev() {
        table.drop_blank_column(*column);
    }
}
