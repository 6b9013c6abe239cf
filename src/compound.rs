//! Compound files ([MS-CFB]), the containers of `.xls` workbooks: their streams, and whether their sector chains end.
//!
//! In a damaged or hostile file a chain may be circular, and a reader that follows it exhausts the memory. The chains
//! are therefore checked before a stream is read.

use std::io::{self, Read, Seek, SeekFrom};

/// Sector numbers from here on have special meanings.
const RESERVED: u32 = 0xffff_fffa;
/// Marks the end of a chain.
const END: u32 = 0xffff_fffe;
/// Size of a sector of the mini stream, in bytes.
const MINI_SECTOR: usize = 64;
/// Streams shorter than this, in bytes, are in the mini stream.
const MINI_CUTOFF: u64 = 4096;
/// Size of a directory entry, in bytes.
const ENTRY: usize = 128;

/// Reads the stream with the first of `names` that the compound file has; empty if it has none of them.
///
/// `None` if a chain of the file is circular or leads out of the file. Other faults are left to the library that reads
/// the file.
///
/// # Errors
/// The system cannot read the file.
pub(crate) fn stream(input: impl Read + Seek, names: &[&str]) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = Compound::open(input)? else { return Ok(None) };
    match file.find(names)? {
        Some(Extent::Bytes(bytes)) => Ok(Some(bytes)),
        Some(Extent::Sectors { chain, length }) => file.bytes(&chain, length).map(Some),
        None => Ok(None),
    }
}

/// Opens the stream with the first of `names` that the compound file has, as [`stream`] reads it.
///
/// # Errors
/// The system cannot read the file.
pub(crate) fn open<R: Read + Seek>(input: R, names: &[&str]) -> io::Result<Option<Stream<R>>> {
    let Some(mut file) = Compound::open(input)? else { return Ok(None) };
    let extent = file.find(names)?;
    Ok(extent.map(|extent| Stream { input: file.input, sector: file.sector, extent, at: 0 }))
}

/// A stream of a compound file.
pub(crate) struct Stream<R> {
    input: R,
    sector: u64,
    extent: Extent,
    at: u64,
}

/// Where the bytes of a stream are.
enum Extent {
    Sectors { chain: Vec<u32>, length: u64 },
    Bytes(Vec<u8>),
}

impl<R> Stream<R> {
    /// The number of bytes that the file says it has.
    pub(crate) fn length(&self) -> u64 {
        match &self.extent {
            Extent::Sectors { length, .. } => *length,
            Extent::Bytes(bytes) => bytes.len() as u64,
        }
    }

    /// Returns the compound file.
    pub(crate) fn into_inner(self) -> R {
        self.input
    }
}

impl<R: Read + Seek> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &self.extent {
            Extent::Bytes(bytes) => {
                let mut rest = usize::try_from(self.at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
                rest.read(buffer)?
            }
            Extent::Sectors { chain, length } => {
                let rest =
                    usize::try_from(self.at / self.sector).ok().and_then(|at| chain.get(at..)).unwrap_or_default();
                let Some(first) = rest.first().filter(|_| self.at < *length) else { return Ok(0) };
                let within = self.at % self.sector;
                // Sectors that follow each other are read at once.
                let wanted = (within + buffer.len() as u64).div_ceil(self.sector);
                let next = rest.iter().zip(u64::from(*first)..).zip(0..wanted);
                let together = next.take_while(|((sector, number), _)| u64::from(**sector) == *number).count() as u64;
                let most = (together * self.sector - within).min(length - self.at);
                let most = usize::try_from(most).unwrap_or(usize::MAX).min(buffer.len());
                self.input.seek(SeekFrom::Start((u64::from(*first) + 1) * self.sector + within))?;
                self.input.read(buffer.get_mut(..most).unwrap_or_default())?
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read + Seek> Seek for Stream<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

struct Compound<R> {
    input: R,
    header: Vec<u8>,
    /// The size of a sector, in bytes.
    sector: u64,
    /// The number of sectors of the file; the last may be incomplete.
    sectors: u64,
    /// The file allocation table: for each sector of a chain, the next one.
    next: Vec<u32>,
}

impl<R: Read + Seek> Compound<R> {
    /// Reads the header and the file allocation table; `None` if they are incomplete.
    fn open(mut input: R) -> io::Result<Option<Self>> {
        let length = input.seek(SeekFrom::End(0))?;
        let mut header = vec![0; 512];
        input.seek(SeekFrom::Start(0))?;
        if length < 512 {
            return Ok(None);
        }
        input.read_exact(&mut header)?;
        let sector = if word(&header, 30) & 0xffff == 12 { 4096 } else { 512 };
        // The header fills a sector.
        let sectors = length.saturating_sub(sector).div_ceil(sector);
        let mut file = Self { input, header, sector, sectors, next: Vec::new() };
        let Some(tables) = file.tables()? else { return Ok(None) };
        for table in tables {
            let Some(bytes) = file.whole_sector(table)? else { return Ok(None) };
            file.next.extend(words(&bytes));
        }
        Ok(Some(file))
    }

    /// Returns the sectors of the file allocation table: the first ones are in the header, the others in a chain.
    fn tables(&mut self) -> io::Result<Option<Vec<u32>>> {
        let mut tables: Vec<u32> = words(self.header.get(76..).unwrap_or_default()).collect();
        let mut at = word(&self.header, 68);
        let mut steps = 0;
        while at < RESERVED {
            steps += 1;
            let Some(bytes) = self.whole_sector(at)?.filter(|_| steps <= self.sectors) else { return Ok(None) };
            tables.extend(words(&bytes));
            at = tables.pop().unwrap_or(END);
        }
        tables.retain(|table| *table < RESERVED);
        Ok(Some(tables).filter(|tables| tables.len() as u64 <= self.sectors))
    }

    /// Checks all chains and returns where the stream with the first of `names` is that exists.
    fn find(&mut self, names: &[&str]) -> io::Result<Option<Extent>> {
        let Some(directory) = self.chain(word(&self.header, 48), u64::MAX) else { return Ok(None) };
        let mut bytes = Vec::new();
        for at in directory {
            let Some(sector) = self.whole_sector(at)? else { return Ok(None) };
            bytes.extend(sector);
        }
        let mut entries = bytes.chunks_exact(ENTRY);
        let Some(root) = entries.next() else { return Ok(None) };
        let minis = u64::from(word(&self.header, 64));
        let (mut mini_next, mut mini_stream) = (Vec::new(), Vec::new());
        if minis > 0 {
            let Some(chain) = self.chain(word(root, 116), self.length(root)) else { return Ok(None) };
            mini_stream = self.bytes(&chain, self.length(root))?;
            let Some(table) = self.chain(word(&self.header, 60), minis * self.sector) else { return Ok(None) };
            for at in table {
                let Some(sector) = self.whole_sector(at)? else { return Ok(None) };
                mini_next.extend(words(&sector));
            }
        }
        let mut found: Vec<Option<Extent>> = names.iter().map(|_| None).collect();
        // Chains have no sector in common; entries that all name one chain would take for ever.
        let mut left = 4 * (self.sectors + mini_next.len() as u64);
        for entry in entries {
            let (start, length) = (word(entry, 116), self.length(entry));
            if length == 0 && (start == 0 || start >= RESERVED) {
                continue;
            }
            let is_mini = length < MINI_CUTOFF;
            let chain = if is_mini {
                walk(
                    &mini_next,
                    (mini_stream.len() as u64).div_ceil(MINI_SECTOR as u64),
                    start,
                    length.div_ceil(MINI_SECTOR as u64),
                )
            } else {
                self.chain(start, length)
            };
            let Some(chain) = chain.filter(|chain| chain.len() as u64 <= left) else { return Ok(None) };
            left -= chain.len() as u64;
            let name = name(entry);
            let wanted = names.iter().position(|wanted| wanted.eq_ignore_ascii_case(&name));
            if let Some(slot) = wanted.and_then(|index| found.get_mut(index)).filter(|slot| slot.is_none()) {
                *slot = Some(if is_mini {
                    Extent::Bytes(mini_bytes(&mini_stream, &chain, length))
                } else {
                    Extent::Sectors { chain, length }
                });
            }
        }
        Ok(Some(found.into_iter().flatten().next().unwrap_or(Extent::Bytes(Vec::new()))))
    }

    /// Reads the sectors of a chain, up to `length` bytes.
    fn bytes(&mut self, chain: &[u32], length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for at in chain {
            self.input.seek(SeekFrom::Start((u64::from(*at) + 1) * self.sector))?;
            self.input.by_ref().take(self.sector.min(length - bytes.len() as u64)).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Returns the sectors of a chain that holds `length` bytes; `None` if it is circular or leads out of the file.
    fn chain(&self, start: u32, length: u64) -> Option<Vec<u32>> {
        walk(&self.next, self.sectors, start, length.div_ceil(self.sector))
    }

    /// Returns the length of the stream of a directory entry, in bytes.
    fn length(&self, entry: &[u8]) -> u64 {
        let high = if self.sector == 512 { 0 } else { u64::from(word(entry, 124)) << 32 };
        high | u64::from(word(entry, 120))
    }

    /// Reads a sector; `None` if it is incomplete or beyond the file.
    fn whole_sector(&mut self, at: u32) -> io::Result<Option<Vec<u8>>> {
        if u64::from(at) >= self.sectors {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.input.seek(SeekFrom::Start((u64::from(at) + 1) * self.sector))?;
        self.input.by_ref().take(self.sector).read_to_end(&mut bytes)?;
        Ok(Some(bytes).filter(|bytes| bytes.len() as u64 == self.sector))
    }
}

/// Returns the sectors of a chain, at most `max` of them.
///
/// `None` if the chain is circular or leads to a sector beyond `sectors`, the number of sectors that exist.
fn walk(next: &[u32], sectors: u64, start: u32, max: u64) -> Option<Vec<u32>> {
    let mut chain = Vec::new();
    let mut at = start;
    while at != END {
        if u64::from(at) >= sectors || chain.len() as u64 >= sectors {
            return None;
        }
        chain.push(at);
        if chain.len() as u64 >= max {
            break;
        }
        at = *next.get(usize::try_from(at).ok()?)?;
    }
    Some(chain)
}

/// Reads the sectors of a chain in the mini stream, up to `length` bytes.
fn mini_bytes(stream: &[u8], chain: &[u32], length: u64) -> Vec<u8> {
    let sectors = chain.iter().filter_map(|at| stream.get(*at as usize * MINI_SECTOR..));
    let mut bytes: Vec<u8> = sectors.flat_map(|rest| rest.iter().take(MINI_SECTOR).copied()).collect();
    bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
    bytes
}

/// Returns the name of a directory entry, which ends with a NUL.
fn name(entry: &[u8]) -> String {
    let units = entry.iter().take(64).copied().collect::<Vec<u8>>();
    let units = units.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Reads four bytes in little-endian order; [`END`] beyond the end.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(END, |word| u32::from_le_bytes(*word))
}

/// Reads all complete groups of four bytes.
fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|bytes| word(bytes, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_ends_or_is_refused() {
        for (next, start, wanted, expected) in [
            (&[1, 2, END][..], 0, u64::MAX, Some(vec![0, 1, 2])),
            (&[1, 2, END], 0, 2, Some(vec![0, 1])),
            (&[1, 0, END], 0, u64::MAX, None),
            (&[1, 7, END], 0, u64::MAX, None),
            (&[], 0, 1, Some(vec![0])),
            (&[], 0, 2, None),
            (&[1, 2, END], END, 5, Some(vec![])),
        ] {
            assert_eq!(walk(next, 3, start, wanted), expected, "{next:?}");
        }
    }

    #[test]
    fn a_stream_is_read_from_any_place() {
        let file = include_bytes!("../tests/fixtures/photos/libreoffice-a.xls");
        let whole = stream(io::Cursor::new(file), &["Workbook"]).unwrap().unwrap();
        let mut opened = open(io::Cursor::new(file), &["none", "workbook"]).unwrap().unwrap();
        assert_eq!(opened.length(), whole.len() as u64);
        for (at, length) in
            [(0, whole.len()), (0, 1), (511, 2), (500, 4000), (whole.len() - 3, 9), (whole.len() + 1, 9)]
        {
            opened.seek(SeekFrom::Start(at as u64)).unwrap();
            let mut read = Vec::new();
            opened.by_ref().take(length as u64).read_to_end(&mut read).unwrap();
            assert_eq!(read, whole.get(at..whole.len().min(at + length)).unwrap_or_default(), "{at}");
        }
        // A short one, which is in another table.
        let properties = ["\u{5}SummaryInformation"];
        let whole = stream(io::Cursor::new(file), &properties).unwrap().unwrap();
        let mut read = Vec::new();
        open(io::Cursor::new(file), &properties).unwrap().unwrap().read_to_end(&mut read).unwrap();
        assert!(!read.is_empty() && read == whole);
        assert_eq!(open(io::Cursor::new(file), &["none"]).unwrap().unwrap().length(), 0);
    }
}
