//! The bytes of a record, and where in them its cells stand.

/// The cells of one record. They stay where they were read: of a table, in the scanner's whole buffer, so that nothing is
/// copied.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    bytes: Vec<u8>,
    /// Where each cell begins and ends in `bytes`. A record has far less than four gigabytes.
    spans: Vec<(u32, u32)>,
}

/// A short cell as it is written, with the bytes that follow it in the record: taken in one go, whatever its length is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Padded<'r> {
    pub(crate) bytes: &'r [u8; Padded::MOST],
    /// How many of them are the cell's, white space around it included.
    pub(crate) length: usize,
}

impl Padded<'_> {
    /// Longer cells have none: sixteen Chinese characters.
    pub(crate) const MOST: usize = 48;
    /// A cell that is not there.
    pub(crate) const NOTHING: Padded<'static> = Padded { bytes: &[0; Padded::MOST], length: 0 };
}

impl Cells {
    /// Cells to be filled, in a buffer of some size.
    pub(crate) fn with_buffer(bytes: Vec<u8>) -> Self {
        Self { bytes, spans: Vec::new() }
    }

    /// How many cells there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// A cell's bytes; empty when there is no such cell.
    #[inline]
    pub(crate) fn get(&self, cell: usize) -> &[u8] {
        let span = self.spans.get(cell).map(|(start, end)| *start as usize..*end as usize);
        span.and_then(|span| self.bytes.get(span)).unwrap_or_default()
    }

    /// A cell and what follows it; none if it is long, or at the very end of the buffer.
    #[inline]
    pub(crate) fn padded(&self, cell: usize) -> Option<Padded<'_>> {
        let Some((start, end)) = self.spans.get(cell) else { return Some(Padded::NOTHING) };
        let (at, length) = (*start as usize, end.wrapping_sub(*start) as usize);
        let bytes = self.bytes.get(at..at + Padded::MOST)?.first_chunk()?;
        (length <= Padded::MOST).then_some(Padded { bytes, length })
    }

    /// Takes the cells out, keeping their bytes.
    #[inline]
    pub(crate) fn clear_spans(&mut self) {
        self.spans.clear();
    }

    /// Empties it, keeping its memory.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
    }

    /// Adds a cell that has its bytes behind those of the others.
    pub(crate) fn push(&mut self, cell: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(cell);
        self.spans.push((short(start), short(self.bytes.len())));
    }

    /// Adds cells that follow one another in the buffer, one byte between them: where the first begins, and where each
    /// ends.
    #[inline]
    pub(super) fn push_spans(&mut self, mut start: u32, ends: &[u32]) {
        self.spans.extend(ends.iter().map(|end| (std::mem::replace(&mut start, end + 1), *end)));
    }

    /// The spans of the cells, as bytes of the buffer.
    pub(crate) fn spans(&self) -> &[(u32, u32)] {
        &self.spans
    }

    /// The buffer.
    #[inline]
    pub(crate) fn buffer(&self) -> &[u8] {
        &self.bytes
    }

    /// The buffer, to be filled.
    pub(crate) fn buffer_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// The buffer, and where in it the cells begin and end.
    pub(super) fn spans_mut(&mut self) -> (&mut [u8], &mut Vec<(u32, u32)>) {
        (&mut self.bytes, &mut self.spans)
    }

    /// Makes what the cells say of how they are written: takes the quotes from those that begin with one. The buffer is
    /// changed in place.
    pub(crate) fn unquote(&mut self) {
        for (start, end) in &mut self.spans {
            let cell = &mut self.bytes[*start as usize..*end as usize];
            if cell.first() == Some(&b'"') {
                let length = unquoted(cell);
                *start += 1;
                *end = *start + short(length);
            }
        }
    }
}

/// Puts what a cell says, which begins with a quote, behind that quote: doubled ones made single, that which closes
/// left out. Returns how many bytes it has.
fn unquoted(cell: &mut [u8]) -> usize {
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

/// A place in a buffer, which has far less than four gigabytes.
#[inline]
pub(crate) fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
