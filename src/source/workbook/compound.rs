//! Compound files ([MS-CFB]), in which old workbooks lie: whether their chains of sectors end.
//!
//! A damaged or hostile file can let a chain run in a circle, and whoever follows it fills the memory. So the chains are
//! walked here, without their contents, before the workbook is opened.

use std::io::{self, Read as _, Seek as _, SeekFrom};

use crate::source::workbook::input::WorkbookReader;

/// Sector numbers from here on have a meaning of their own.
const RESERVED: u32 = 0xffff_fffa;
const END: u32 = 0xffff_fffe;
/// Sectors of the mini stream.
const MINI: usize = 64;
/// Streams shorter than this lie in the mini stream.
const SHORT: u64 = 4096;
/// A directory entry.
const ENTRY: usize = 128;

/// The first stream of a compound file that has one of some names, empty if there is none; nothing if a chain of the
/// file does not end within it. Other faults are left to the file's reader.
///
/// # Errors
/// The file can't be read by the system.
pub(super) fn stream(input: &mut WorkbookReader, names: &[&str]) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = Compound::open(input)? else { return Ok(None) };
    file.stream(names)
}

struct Compound<'a> {
    input: &'a mut WorkbookReader,
    head: Vec<u8>,
    sector: u64,
    /// How many sectors the file has; the last may be short.
    sectors: u64,
    /// The sector that comes after each, for those that are in a chain.
    next: Vec<u32>,
}

impl<'a> Compound<'a> {
    /// Reads the header and the table of chains; nothing if they are not whole.
    fn open(input: &'a mut WorkbookReader) -> io::Result<Option<Self>> {
        let length = input.seek(SeekFrom::End(0))?;
        let mut head = vec![0; 512];
        input.seek(SeekFrom::Start(0))?;
        if length < 512 {
            return Ok(None);
        }
        input.read_exact(&mut head)?;
        let sector = if word(&head, 30) & 0xffff == 12 { 4096 } else { 512 };
        // The header fills a sector.
        let sectors = length.saturating_sub(sector).div_ceil(sector);
        let mut file = Self { input, head, sector, sectors, next: Vec::new() };
        let Some(tables) = file.tables()? else { return Ok(None) };
        for table in tables {
            let Some(bytes) = file.whole_sector(table)? else { return Ok(None) };
            file.next.extend(words(&bytes));
        }
        Ok(Some(file))
    }

    /// The sectors that hold the table of chains: the first in the header, the others in a chain of their own.
    fn tables(&mut self) -> io::Result<Option<Vec<u32>>> {
        let mut tables: Vec<u32> = words(self.head.get(76..).unwrap_or_default()).collect();
        let mut at = word(&self.head, 68);
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

    fn stream(&mut self, names: &[&str]) -> io::Result<Option<Vec<u8>>> {
        let Some(directory) = self.chain(word(&self.head, 48), u64::MAX) else { return Ok(None) };
        let mut bytes = Vec::new();
        for at in directory {
            let Some(sector) = self.whole_sector(at)? else { return Ok(None) };
            bytes.extend(sector);
        }
        let mut entries = bytes.chunks_exact(ENTRY);
        let Some(root) = entries.next() else { return Ok(None) };
        let minis = u64::from(word(&self.head, 64));
        let (mut mini_next, mut mini_stream) = (Vec::new(), Vec::new());
        if minis > 0 {
            let Some(chain) = self.chain(word(root, 116), self.length(root)) else { return Ok(None) };
            mini_stream = self.bytes(&chain, self.length(root))?;
            let Some(table) = self.chain(word(&self.head, 60), minis * self.sector) else { return Ok(None) };
            for at in table {
                let Some(sector) = self.whole_sector(at)? else { return Ok(None) };
                mini_next.extend(words(&sector));
            }
        }
        let mut found: Vec<Option<Vec<u8>>> = vec![None; names.len()];
        for entry in entries {
            let (start, length) = (word(entry, 116), self.length(entry));
            if length == 0 && (start == 0 || start >= RESERVED) {
                continue;
            }
            let is_mini = length < SHORT;
            let chain = if is_mini {
                walk(&mini_next, (mini_stream.len() as u64).div_ceil(MINI as u64), start, length.div_ceil(MINI as u64))
            } else {
                self.chain(start, length)
            };
            let Some(chain) = chain else { return Ok(None) };
            let name = name(entry);
            let wanted = names.iter().position(|wanted| wanted.eq_ignore_ascii_case(&name));
            if let Some(slot) = wanted.and_then(|index| found.get_mut(index)).filter(|slot| slot.is_none()) {
                *slot =
                    Some(if is_mini { mini_bytes(&mini_stream, &chain, length) } else { self.bytes(&chain, length)? });
            }
        }
        Ok(Some(found.into_iter().flatten().next().unwrap_or_default()))
    }

    /// What the sectors of a chain hold, up to a length.
    fn bytes(&mut self, chain: &[u32], length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for at in chain {
            self.input.seek(SeekFrom::Start((u64::from(*at) + 1) * self.sector))?;
            self.input.by_ref().take(self.sector.min(length - bytes.len() as u64)).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// The sectors of a chain that is to hold so many bytes; nothing if it leads out of the file or into a circle.
    fn chain(&self, start: u32, length: u64) -> Option<Vec<u32>> {
        walk(&self.next, self.sectors, start, length.div_ceil(self.sector))
    }

    fn length(&self, entry: &[u8]) -> u64 {
        let high = if self.sector == 512 { 0 } else { u64::from(word(entry, 124)) << 32 };
        high | u64::from(word(entry, 120))
    }

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

/// The members of a chain, at most so many as are wanted; nothing if it leads out of what is there or into a circle.
fn walk(next: &[u32], there: u64, start: u32, wanted: u64) -> Option<Vec<u32>> {
    let mut chain = Vec::new();
    let mut at = start;
    while at != END {
        if u64::from(at) >= there || chain.len() as u64 >= there {
            return None;
        }
        chain.push(at);
        if chain.len() as u64 >= wanted {
            break;
        }
        at = *next.get(usize::try_from(at).ok()?)?;
    }
    Some(chain)
}

fn mini_bytes(stream: &[u8], chain: &[u32], length: u64) -> Vec<u8> {
    let sectors = chain.iter().filter_map(|at| stream.get(*at as usize * MINI..));
    let mut bytes: Vec<u8> = sectors.flat_map(|rest| rest.iter().take(MINI).copied()).collect();
    bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
    bytes
}

/// The name of a directory entry, up to its end mark.
fn name(entry: &[u8]) -> String {
    let units = entry.iter().take(64).copied().collect::<Vec<u8>>();
    let units = units.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(END, |word| u32::from_le_bytes(*word))
}

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
}
