//! The archive in which the parts of a Word file lie, as it is written.
//!
//! Archives are read by the zip crate, which also looks at every one that leaves here. To write one, it makes a compressor
//! of a quarter of a megabyte, and so it would for each of a thousand letters; ours is made once, and parts that were
//! packed before are taken as they are. The format is that of PKWARE's APPNOTE.TXT, sections 4.3 and 4.4, of which a Word
//! file needs no more than is here.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use zip::read::ZipFile;

/// A part as it lies in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packed<'b> {
    method: u16,
    crc: u32,
    /// How large it is when unpacked.
    size: u32,
    bytes: Cow<'b, [u8]>,
}

impl<'b> Packed<'b> {
    /// A part that lies in an archive, of which `archive` are the bytes; nothing if it is locked, or beyond the end.
    pub(crate) fn of<R: Read>(part: &ZipFile<'_, R>, archive: &'b [u8]) -> Option<Self> {
        #[expect(deprecated, reason = "the number is what stands in the file")]
        let method = part.compression().to_u16();
        let start = usize::try_from(part.data_start()?).ok()?;
        let bytes = archive.get(start..)?.get(..usize::try_from(part.compressed_size()).ok()?)?;
        let size = u32::try_from(part.size()).ok().filter(|_| !part.encrypted())?;
        Some(Self { method, crc: part.crc32(), size, bytes: bytes.into() })
    }

    /// Its bytes, packed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same with bytes of its own.
    pub(crate) fn into_owned(self) -> Packed<'static> {
        Packed { bytes: Cow::Owned(self.bytes.into_owned()), ..self }
    }
}

/// Packs one part after another. What was packed before does not show.
#[derive(Debug)]
pub(crate) struct Deflater(Compress);

impl Default for Deflater {
    fn default() -> Self {
        Self(Compress::new(Compression::default(), false))
    }
}

impl Deflater {
    /// Packs the text of a part.
    ///
    /// # Errors
    /// It is larger than an archive can hold.
    pub(crate) fn pack(&mut self, text: &str) -> io::Result<Packed<'static>> {
        let size = u32::try_from(text.len()).map_err(|_| too_large())?;
        self.0.reset();
        // Texts in XML shrink to a fifth.
        let mut bytes = Vec::with_capacity(text.len() / 4 + 64);
        loop {
            let taken = usize::try_from(self.0.total_in()).map_err(|_| too_large())?;
            let rest = text.as_bytes().get(taken..).unwrap_or_default();
            match self.0.compress_vec(rest, &mut bytes, FlushCompress::Finish)? {
                Status::StreamEnd => break,
                Status::Ok | Status::BufError => bytes.reserve(bytes.capacity()),
            }
        }
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        Ok(Packed { method: DEFLATED, crc: crc.sum(), size, bytes: bytes.into() })
    }
}

/// An archive in the making. The same parts give the same bytes: all have the same time.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

const DEFLATED: u16 = 8;
/// The version of the format that knows it: 2.0.
const VERSION: u16 = 20;
/// Written on a Unix, where files have rights.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// An ordinary file that its owner may write.
const RIGHTS: u32 = 0o100_644 << 16;
/// The first day that the format knows, 1980-01-01, at midnight.
const TIME: [u16; 2] = [0, 1 << 5 | 1];
/// The name is in UTF-8.
const UTF8: u16 = 1 << 11;

impl Archive {
    /// Adds a part.
    ///
    /// # Errors
    /// The archive would be larger than 4 GB, or have more than 65,535 parts.
    pub(crate) fn add(&mut self, name: &str, part: &Packed<'_>) -> io::Result<()> {
        let place = u32::try_from(self.bytes.len()).map_err(|_| too_large())?;
        let length = u32::try_from(part.bytes.len()).map_err(|_| too_large())?;
        let name_length = u16::try_from(name.len()).map_err(|_| too_large())?;
        self.count = self.count.checked_add(1).ok_or_else(too_large)?;

        let flags = if name.is_ascii() { 0 } else { UTF8 };
        let mut common = Vec::with_capacity(26);
        put(&mut common, [VERSION, flags, part.method, TIME[0], TIME[1]].map(u16::to_le_bytes));
        put(&mut common, [part.crc, length, part.size].map(u32::to_le_bytes));
        // The name, and nothing more.
        put(&mut common, [name_length, 0].map(u16::to_le_bytes));

        self.bytes.extend_from_slice(b"PK\x03\x04");
        self.bytes.extend_from_slice(&common);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(&part.bytes);

        self.directory.extend_from_slice(b"PK\x01\x02");
        put(&mut self.directory, [MADE_BY.to_le_bytes()]);
        self.directory.extend_from_slice(&common);
        // No remark, on the first disk, nothing known of what it holds.
        put(&mut self.directory, [0, 0, 0].map(u16::to_le_bytes));
        put(&mut self.directory, [RIGHTS, place].map(u32::to_le_bytes));
        self.directory.extend_from_slice(name.as_bytes());
        Ok(())
    }

    /// The whole archive.
    ///
    /// # Errors
    /// It is larger than 4 GB.
    pub(crate) fn finish(mut self) -> io::Result<Vec<u8>> {
        let place = u32::try_from(self.bytes.len()).map_err(|_| too_large())?;
        let length = u32::try_from(self.directory.len()).map_err(|_| too_large())?;
        self.bytes.append(&mut self.directory);
        self.bytes.extend_from_slice(b"PK\x05\x06");
        // One disk, on which all of them are; no remark.
        put(&mut self.bytes, [0, 0, self.count, self.count].map(u16::to_le_bytes));
        put(&mut self.bytes, [length, place].map(u32::to_le_bytes));
        put(&mut self.bytes, [0_u16.to_le_bytes()]);
        Ok(self.bytes)
    }
}

fn put<const N: usize, const M: usize>(bytes: &mut Vec<u8>, numbers: [[u8; N]; M]) {
    bytes.extend_from_slice(numbers.as_flattened());
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "more than the archive of a Word file can hold")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;
    use zip::ZipArchive;

    proptest! {
        /// The zip crate reads what was packed, and a part that is taken over is the same.
        #[test]
        fn what_is_packed_is_read(parts in proptest::collection::btree_map("[a-z甲/]{1,9}", ("[ -~甲\n]{0,60}", 0..400_usize), 0..6)) {
            let parts: Vec<(String, String)> = parts.into_iter().map(|(name, (text, times))| (name, text.repeat(times))).collect();
            let (mut deflater, mut archive) = (Deflater::default(), Archive::default());
            for (name, text) in &parts {
                let packed = deflater.pack(text).unwrap();
                prop_assert_eq!(&packed, &Deflater::default().pack(text).unwrap(), "what was packed before shows");
                archive.add(name, &packed).unwrap();
            }
            let bytes = archive.finish().unwrap();
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
            prop_assert_eq!(copy.finish().unwrap(), bytes);
        }
    }

    #[test]
    fn a_part_beyond_the_end_is_none() {
        let mut archive = Archive::default();
        archive.add("a.xml", &Deflater::default().pack("<a/>").unwrap()).unwrap();
        let bytes = archive.finish().unwrap();
        let mut package = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert_eq!(Packed::of(&package.by_index_raw(0).unwrap(), &bytes[..30]), None);
    }
}
