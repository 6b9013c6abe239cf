//! A writer for the ZIP archive that a Word file or a workbook is.
//!
//! Archives are read with the zip crate, which also reads back every finished `.docx`. Its writer allocates a
//! compressor of a quarter of a megabyte for each archive, and a run may write a thousand letters; this writer uses one
//! compressor throughout and copies parts that are already compressed. The format follows PKWARE's APPNOTE.TXT,
//! sections 4.3 and 4.4, as far as a Word file needs it.

use std::borrow::Cow;
use std::io::{self, Read, Write as _};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use zip::read::ZipFile;

use crate::spool::{Spool, Spooled};

/// A part in its compressed form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packed<'b> {
    method: u16,
    crc: u32,
    /// The uncompressed size in bytes.
    size: u32,
    bytes: Cow<'b, [u8]>,
}

impl<'b> Packed<'b> {
    /// Returns a part of an archive whose bytes are `archive`, or `None` if the part is encrypted or lies beyond the
    /// end.
    pub(crate) fn of<R: Read>(part: &ZipFile<'_, R>, archive: &'b [u8]) -> Option<Self> {
        #[expect(deprecated, reason = "the numeric method is copied from archive to archive")]
        let method = part.compression().to_u16();
        let start = usize::try_from(part.data_start()?).ok()?;
        let bytes = archive.get(start..)?.get(..usize::try_from(part.compressed_size()).ok()?)?;
        let size = u32::try_from(part.size()).ok().filter(|_| !part.encrypted())?;
        Some(Self { method, crc: part.crc32(), size, bytes: bytes.into() })
    }

    /// Returns a part whose bytes are compressed already, such as a picture.
    ///
    /// # Errors
    /// There are more than 4 GB.
    pub(crate) fn stored(bytes: Vec<u8>) -> io::Result<Packed<'static>> {
        let size = u32::try_from(bytes.len()).map_err(|_| too_large())?;
        let mut crc = Crc::new();
        crc.update(&bytes);
        Ok(Packed { method: STORED, crc: crc.sum(), size, bytes: bytes.into() })
    }

    /// Returns the compressed bytes.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the part with owned bytes.
    pub(crate) fn into_owned(self) -> Packed<'static> {
        Packed { bytes: Cow::Owned(self.bytes.into_owned()), ..self }
    }
}

/// Compresses parts with one reused compressor. The result doesn't depend on what was compressed before.
#[derive(Debug)]
pub(crate) struct Deflater(Compress);

impl Default for Deflater {
    fn default() -> Self {
        Self(Compress::new(Compression::default(), false))
    }
}

impl Deflater {
    /// Compresses the text of a part.
    ///
    /// # Errors
    /// The text is larger than 4 GB.
    pub(crate) fn pack(&mut self, text: &str) -> io::Result<Packed<'static>> {
        self.pack_bytes(text.as_bytes())
    }

    /// Compresses the bytes of a part.
    ///
    /// # Errors
    /// There are more than 4 GB.
    pub(crate) fn pack_bytes(&mut self, given: &[u8]) -> io::Result<Packed<'static>> {
        let size = u32::try_from(given.len()).map_err(|_| too_large())?;
        self.0.reset();
        // XML shrinks to about a fifth.
        let mut bytes = Vec::with_capacity(given.len() / 4 + 64);
        loop {
            let consumed = usize::try_from(self.0.total_in()).map_err(|_| too_large())?;
            let rest = given.get(consumed..).unwrap_or_default();
            match self.0.compress_vec(rest, &mut bytes, FlushCompress::Finish)? {
                Status::StreamEnd => break,
                Status::Ok | Status::BufError => bytes.reserve(bytes.capacity()),
            }
        }
        let mut crc = Crc::new();
        crc.update(given);
        Ok(Packed { method: DEFLATED, crc: crc.sum(), size, bytes: bytes.into() })
    }
}

/// A part that is compressed piece by piece while it is written: a long one. It gets a few hundredths larger than with the
/// usual effort, in less than half the time.
#[derive(Debug)]
pub(crate) struct PackedWriter {
    compress: Compress,
    crc: Crc,
    size: u32,
    bytes: Vec<u8>,
}

impl Default for PackedWriter {
    fn default() -> Self {
        Self { compress: Compress::new(Compression::new(4), false), crc: Crc::new(), size: 0, bytes: Vec::new() }
    }
}

impl PackedWriter {
    /// Adds a piece.
    ///
    /// # Errors
    /// The part is larger than 4 GB.
    pub(crate) fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        let length = u32::try_from(piece.len()).map_err(|_| too_large())?;
        self.size = self.size.checked_add(length).ok_or_else(too_large)?;
        self.crc.update(piece);
        let Self { compress, bytes, .. } = self;
        let start = compress.total_in();
        loop {
            let consumed = usize::try_from(compress.total_in() - start).map_err(|_| too_large())?;
            let Some(rest) = piece.get(consumed..).filter(|rest| !rest.is_empty()) else { return Ok(()) };
            bytes.reserve(ROOM);
            compress.compress_vec(rest, bytes, FlushCompress::None)?;
        }
    }

    /// Returns the part.
    ///
    /// # Errors
    /// None for a part whose pieces were added.
    pub(crate) fn finish(self) -> io::Result<Packed<'static>> {
        let Self { mut compress, crc, size, mut bytes } = self;
        loop {
            bytes.reserve(ROOM);
            if compress.compress_vec(&[], &mut bytes, FlushCompress::Finish)? == Status::StreamEnd {
                return Ok(Packed { method: DEFLATED, crc: crc.sum(), size, bytes: bytes.into() });
            }
        }
    }
}

/// The least room for what comes out of the compressor.
const ROOM: usize = 1 << 14;

/// An archive being written. The same parts give the same bytes: all have the same time stamp.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    parts: Spool,
    directory: Vec<u8>,
    count: u16,
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The version of the format that introduced deflate: 2.0.
const VERSION: u16 = 20;
/// The "made by" field: Unix, so that the permissions count.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// A regular file with mode 0644.
const PERMISSIONS: u32 = 0o100_644 << 16;
/// The earliest time stamp of the format: 1980-01-01, midnight.
const TIME: [u16; 2] = [0, 1 << 5 | 1];
/// The length of an entry of the directory before its name, at whose end stands the offset of the part; and where the length
/// of the name stands in it.
const ENTRY: usize = 46;
const NAME_LENGTH: usize = 28;
/// The flag for a name in UTF-8.
const UTF8: u16 = 1 << 11;

impl Archive {
    /// Adds a part.
    ///
    /// # Errors
    /// The archive would exceed 4 GB or 65,535 parts, or the name is longer than 65,535 bytes.
    pub(crate) fn add(&mut self, name: &str, part: &Packed<'_>) -> io::Result<()> {
        let offset = u32::try_from(self.parts.len()).map_err(|_| too_large())?;
        let length = u32::try_from(part.bytes.len()).map_err(|_| too_large())?;
        let name_length = u16::try_from(name.len()).map_err(|_| too_large())?;
        self.count = self.count.checked_add(1).ok_or_else(too_large)?;

        let flags = if name.is_ascii() { 0 } else { UTF8 };
        let mut common = Vec::with_capacity(26);
        put(&mut common, [VERSION, flags, part.method, TIME[0], TIME[1]].map(u16::to_le_bytes));
        put(&mut common, [part.crc, length, part.size].map(u32::to_le_bytes));
        // The length of the name; no extra field.
        put(&mut common, [name_length, 0].map(u16::to_le_bytes));

        for bytes in [b"PK\x03\x04", &*common, name.as_bytes(), &part.bytes] {
            self.parts.write_all(bytes)?;
        }

        self.directory.extend_from_slice(b"PK\x01\x02");
        put(&mut self.directory, [MADE_BY.to_le_bytes()]);
        self.directory.extend_from_slice(&common);
        // No comment, disk 0, no internal attributes.
        put(&mut self.directory, [0, 0, 0].map(u16::to_le_bytes));
        put(&mut self.directory, [PERMISSIONS, offset].map(u32::to_le_bytes));
        self.directory.extend_from_slice(name.as_bytes());
        Ok(())
    }

    /// Returns the archive with the parts of another behind its own.
    ///
    /// # Errors
    /// The archive would exceed 4 GB or 65,535 parts, or a temporary file can't be read or written.
    pub(crate) fn followed_by(mut self, mut other: Self) -> io::Result<Self> {
        let offset = u32::try_from(self.parts.len()).map_err(|_| too_large())?;
        other.move_entries(offset)?;
        self.count = self.count.checked_add(other.count).ok_or_else(too_large)?;
        self.directory.append(&mut other.directory);
        self.parts.append(&other.parts.finish()?)?;
        Ok(self)
    }

    /// Adds to the offsets of the parts in the directory.
    fn move_entries(&mut self, by: u32) -> io::Result<()> {
        let mut rest = self.directory.as_mut_slice();
        while let Some((entry, after)) = rest.split_at_mut_checked(ENTRY) {
            let [.., o0, o1, o2, o3] = entry else { break };
            let offset = u32::from_le_bytes([*o0, *o1, *o2, *o3]).checked_add(by).ok_or_else(too_large)?;
            [*o0, *o1, *o2, *o3] = offset.to_le_bytes();
            let name = entry.get(NAME_LENGTH..NAME_LENGTH + 2).and_then(|bytes| bytes.try_into().ok());
            let name = name.map_or(0, u16::from_le_bytes);
            rest = after.get_mut(usize::from(name)..).unwrap_or_default();
        }
        Ok(())
    }

    /// Appends the central directory and returns the archive.
    ///
    /// # Errors
    /// The archive exceeds 4 GB, or a temporary file can't be written.
    pub(crate) fn finish(mut self) -> io::Result<Spooled> {
        let offset = u32::try_from(self.parts.len()).map_err(|_| too_large())?;
        let length = u32::try_from(self.directory.len()).map_err(|_| too_large())?;
        let mut end = self.directory;
        end.extend_from_slice(b"PK\x05\x06");
        // One disk with all parts; no comment.
        put(&mut end, [0, 0, self.count, self.count].map(u16::to_le_bytes));
        put(&mut end, [length, offset].map(u32::to_le_bytes));
        put(&mut end, [0_u16.to_le_bytes()]);
        self.parts.write_all(&end)?;
        self.parts.finish()
    }

    /// The same in memory, for an archive that is small.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub(crate) fn finish_in_memory(self) -> io::Result<Vec<u8>> {
        self.finish()?.into_vec()
    }
}

fn put<const N: usize, const M: usize>(bytes: &mut Vec<u8>, numbers: [[u8; N]; M]) {
    bytes.extend_from_slice(numbers.as_flattened());
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "larger than the archive of a Word file or a workbook can be")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;
    use zip::ZipArchive;

    proptest! {
        /// The zip crate reads the archive, and copied parts are unchanged.
        #[test]
        fn what_is_packed_is_read(parts in proptest::collection::btree_map("[a-z甲/]{1,9}", ("[ -~甲\n]{0,60}", 0..400_usize), 0..6)) {
            let parts: Vec<(String, String)> = parts.into_iter().map(|(name, (text, times))| (name, text.repeat(times))).collect();
            let (mut deflater, mut archive) = (Deflater::default(), Archive::default());
            for (name, text) in &parts {
                let packed = deflater.pack(text).unwrap();
                prop_assert_eq!(&packed, &Deflater::default().pack(text).unwrap(), "depends on what was compressed before");
                archive.add(name, &packed).unwrap();
            }
            let bytes = archive.finish_in_memory().unwrap();
            let mut package = ZipArchive::new(Cursor::new(&bytes)).unwrap();
            prop_assert_eq!(package.len(), parts.len());
            let mut copy = Archive::default();
            for (index, (name, text)) in parts.iter().enumerate() {
                let part = package.by_index_raw(index).unwrap();
                copy.add(name, &Packed::of(&part, &bytes).unwrap()).unwrap();
                drop(part);
                let mut part = package.by_index(index).unwrap();
                let mut read = String::new();
                part.read_to_string(&mut read).unwrap();
                prop_assert_eq!((&*part.name().unwrap(), &read), (name.as_str(), text));
                prop_assert_eq!(part.unix_mode(), Some(0o100_644));
            }
            prop_assert_eq!(copy.finish_in_memory().unwrap(), &*bytes);
            // The same in two pieces, wherever it is cut.
            for cut in 0..=parts.len() {
                let (mut first, mut second) = (Archive::default(), Archive::default());
                for (index, (name, text)) in parts.iter().enumerate() {
                    let part = if index < cut { &mut first } else { &mut second };
                    part.add(name, &deflater.pack(text).unwrap()).unwrap();
                }
                prop_assert_eq!(first.followed_by(second).unwrap().finish_in_memory().unwrap(), &*bytes);
            }
        }
    }

    #[test]
    fn a_part_in_pieces_is_read_as_a_whole() {
        let mut written = PackedWriter::default();
        let mut whole = String::new();
        for number in 0..30_000 {
            let piece = format!("<c r=\"A{number}\"><v>{}</v></c>", number * 7919 % 10_007);
            written.push(piece.as_bytes()).unwrap();
            whole.push_str(&piece);
        }
        let mut archive = Archive::default();
        archive.add("a.xml", &written.finish().unwrap()).unwrap();
        archive.add("b.xml", &PackedWriter::default().finish().unwrap()).unwrap();
        let bytes = archive.finish_in_memory().unwrap();
        let mut package = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut read = String::new();
        package.by_index(0).unwrap().read_to_string(&mut read).unwrap();
        assert_eq!(read, whole);
        assert_eq!(package.by_index(1).unwrap().size(), 0);
    }

    #[test]
    fn a_part_beyond_the_end_is_none() {
        let mut archive = Archive::default();
        archive.add("a.xml", &Deflater::default().pack("<a/>").unwrap()).unwrap();
        let bytes = archive.finish_in_memory().unwrap();
        let mut package = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert_eq!(Packed::of(&package.by_index_raw(0).unwrap(), &bytes[..30]), None);
    }
}
