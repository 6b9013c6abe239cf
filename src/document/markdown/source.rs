//! The lines of a Markdown text, for checks that the parsed tree does not allow.

/// The lines of a text.
pub(super) struct Source<'a> {
    lines: Vec<&'a str>,
}

impl<'a> Source<'a> {
    /// Splits `text` where Markdown does: at LF, CR LF and CR.
    pub(super) fn new(text: &'a str) -> Self {
        let mut lines = Vec::new();
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            lines.extend(line.split('\r'));
        }
        Self { lines }
    }

    /// Returns the number of lines.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns line `number`, from 1; empty if there is no such line.
    pub(super) fn line(&self, number: usize) -> &'a str {
        number.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or("")
    }
}

/// Returns the number of cells in a table row as written; the parser drops cells beyond those of the header.
pub(super) fn cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = 1;
    let mut escaped = false;
    let mut ends_with_bar = false;
    for c in row.chars() {
        ends_with_bar = c == '|' && !escaped;
        if ends_with_bar {
            cells += 1;
        }
        escaped = c == '\\' && !escaped;
    }
    if ends_with_bar { cells - 1 } else { cells }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_as_written() {
        for (row, count) in [("| a | b |", 2), ("a | b", 2), (r"| a \| b |", 1), ("| a |  |", 2), ("||", 1)] {
            assert_eq!(cells(row), count, "{row}");
        }
    }

    #[test]
    fn every_line_end_counts() {
        let source = Source::new("a\r\nb\rc\nd");
        assert_eq!(["a", "b", "c", "d"], [1, 2, 3, 4].map(|line| source.line(line)));
    }
}
