//! The bytes of a record, and the spans of its cells.

/// The cells of one record.
///
/// The bytes stay where they were read: for a table, in the scanner's buffer, so that nothing is copied.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    bytes: Vec<u8>,
    /// Start and end of each cell in `bytes`. A record is far smaller than 4 GiB.
    spans: Vec<(u32, u32)>,
    /// The cells of the record before, in `bytes` too, until the buffer is moved and they are in `kept`.
    above: Vec<(u32, u32)>,
    kept: Option<Vec<u8>>,
}

/// A short raw cell together with the bytes that follow it, so that it can be loaded at a fixed width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Padded<'r> {
    pub(crate) bytes: &'r [u8; Padded::MOST],
    /// How many of `bytes` belong to the cell, surrounding white space included.
    pub(crate) length: usize,
}

impl Padded<'_> {
    /// Maximum length of the cell in bytes: sixteen Chinese characters.
    pub(crate) const MOST: usize = 48;
    /// A missing cell.
    pub(crate) const NOTHING: Padded<'static> = Padded { bytes: &[0; Padded::MOST], length: 0 };
}

impl Cells {
    /// Creates an empty record that uses `bytes` as its buffer.
    pub(crate) fn with_buffer(bytes: Vec<u8>) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// Returns the number of cells.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Makes room for so many more cells of so many bytes in all, and no more.
    pub(crate) fn reserve(&mut self, cells: usize, bytes: usize) {
        self.spans.reserve_exact(cells);
        self.bytes.reserve_exact(bytes);
    }

    /// Returns the bytes of a cell; empty if there is no such cell.
    #[inline]
    pub(crate) fn get(&self, cell: usize) -> &[u8] {
        let span = self.spans.get(cell).map(|(start, end)| *start as usize..*end as usize);
        span.and_then(|span| self.bytes.get(span)).unwrap_or_default()
    }

    /// Returns a cell and the bytes after it; `None` if it is longer than [`Padded::MOST`] or too near the end of the
    /// buffer.
    #[inline]
    pub(crate) fn padded(&self, cell: usize) -> Option<Padded<'_>> {
        let Some((start, end)) = self.spans.get(cell) else { return Some(Padded::NOTHING) };
        let (at, length) = (*start as usize, end.wrapping_sub(*start) as usize);
        let bytes = self.bytes.get(at..at + Padded::MOST)?.first_chunk()?;
        (length <= Padded::MOST).then_some(Padded { bytes, length })
    }

    /// Begins a record: the cells become those of the record above.
    #[inline]
    pub(crate) fn begin_record(&mut self) {
        std::mem::swap(&mut self.spans, &mut self.above);
        self.spans.clear();
        self.kept = None;
    }

    /// Removes the cells, but keeps their bytes.
    #[inline]
    pub(crate) fn clear_spans(&mut self) {
        self.spans.clear();
    }

    /// Returns a cell of the record before; `None` if there is no such cell.
    pub(crate) fn above(&self, cell: usize) -> Option<&[u8]> {
        let (start, end) = *self.above.get(cell)?;
        self.kept.as_ref().unwrap_or(&self.bytes).get(start as usize..end as usize)
    }

    /// Keeps the cells of the record before, since the bytes in the buffer are about to move.
    pub(super) fn keep_above(&mut self) {
        if self.kept.is_some() {
            return;
        }
        let mut kept = Vec::new();
        for span in &mut self.above {
            let start = offset(kept.len());
            kept.extend_from_slice(self.bytes.get(span.0 as usize..span.1 as usize).unwrap_or_default());
            *span = (start, offset(kept.len()));
        }
        self.kept = Some(kept);
    }

    /// Replaces a cell. Its text is put behind all others, where the buffer has room or grows.
    pub(crate) fn replace(&mut self, cell: usize, text: &[u8]) {
        let start = offset(self.bytes.len());
        self.bytes.extend_from_slice(text);
        if let Some(span) = self.spans.get_mut(cell) {
            *span = (start, offset(self.bytes.len()));
        }
    }

    /// Empties a cell.
    pub(crate) fn blank(&mut self, cell: usize) {
        if let Some((start, end)) = self.spans.get_mut(cell) {
            *end = *start;
        }
    }

    /// Removes cells and bytes, but keeps the memory.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
    }

    /// Adds a cell, and its bytes after those of the other cells.
    pub(crate) fn push(&mut self, cell: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(cell);
        self.spans.push((offset(start), offset(self.bytes.len())));
    }

    /// Adds adjacent cells, separated by one byte each: `start` is the start of the first, `ends` the end of each.
    #[inline]
    pub(super) fn push_spans(&mut self, mut start: u32, ends: &[u32]) {
        self.spans.extend(ends.iter().map(|end| (std::mem::replace(&mut start, end + 1), *end)));
    }

    /// Returns the byte spans of the cells in the buffer.
    pub(crate) fn spans(&self) -> &[(u32, u32)] {
        &self.spans
    }

    /// Returns the buffer.
    #[inline]
    pub(crate) fn buffer(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the buffer for filling.
    pub(crate) fn buffer_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Unquotes the cells that begin with a quote, of which each ends with one and has no other.
    pub(super) fn strip_quotes(&mut self) {
        for (start, end) in &mut self.spans {
            if self.bytes.get(*start as usize) == Some(&b'"') && start < end {
                *start += 1;
                *end -= 1;
            }
        }
    }

    /// Unquotes the cells that begin with a quote, in place.
    pub(super) fn unquote(&mut self) {
        for (start, end) in &mut self.spans {
            let cell = &mut self.bytes[*start as usize..*end as usize];
            if cell.first() == Some(&b'"') {
                let length = unquote_in_place(cell);
                *start += 1;
                *end = *start + offset(length);
            }
        }
    }
}

/// Unquotes a cell that begins with a quote and returns the length of its value in bytes.
///
/// The value is written from index 1 on, with doubled quotes made single and the closing quote removed.
fn unquote_in_place(cell: &mut [u8]) -> usize {
    let (mut from, mut to) = (1, 1);
    while let Some(quote) = memchr::memchr(b'"', &cell[from..]) {
        cell.copy_within(from..from + quote, to);
        (from, to) = (from + quote + 1, to + quote);
        if cell.get(from) != Some(&b'"') {
            break;
        }
        cell[to] = b'"';
        (from, to) = (from + 1, to + 1);
    }
    cell.copy_within(from.., to);
    to + cell.len() - from - 1
}

/// Narrows an offset into a buffer, which is far smaller than 4 GiB.
#[inline]
pub(crate) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
