//! The pictures of a workbook, whatever its bytes: they are told and read, or the workbook is refused.
//!
//! The first byte says what the others are: a whole file, the records of an `.xls`, or one of the parts of a workbook that
//! is whole otherwise.
#![no_main]

use std::io::{Cursor, Read as _, Write as _};

use duban::photo::{PictureKind, PictureReader, pictures};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const CELLS: &[u8] = include_bytes!("../../tests/fixtures/photos/excel-cells-web.xlsx");
const DRAWN: &[u8] = include_bytes!("../../tests/fixtures/photos/by-hand.xlsx");
const WPS: &[u8] = include_bytes!("../../tests/fixtures/photos/wps-cells.xlsx");
const ODS: &[u8] = include_bytes!("../../tests/fixtures/photos/libreoffice-c.ods");

const PARTS: [(&[u8], &str); 17] = [
    (CELLS, "xl/worksheets/sheet1.xml"),
    (CELLS, "xl/metadata.xml"),
    (CELLS, "xl/richData/rdrichvalue.xml"),
    (CELLS, "xl/richData/rdrichvaluestructure.xml"),
    (CELLS, "xl/richData/richValueRel.xml"),
    (CELLS, "xl/richData/rdRichValueWebImage.xml"),
    (CELLS, "xl/richData/_rels/richValueRel.xml.rels"),
    (CELLS, "xl/workbook.xml"),
    (CELLS, "xl/_rels/workbook.xml.rels"),
    (DRAWN, "xl/worksheets/sheet1.xml"),
    (DRAWN, "xl/drawings/drawing1.xml"),
    (DRAWN, "xl/drawings/_rels/drawing1.xml.rels"),
    (WPS, "xl/worksheets/sheet1.xml"),
    (WPS, "xl/cellImages.xml"),
    (WPS, "xl/_rels/cellimages.xml.rels"),
    (ODS, "content.xml"),
    (ODS, "styles.xml"),
];

fuzz_target!(|bytes: &[u8]| {
    let Some((what, rest)) = bytes.split_first() else { return };
    let book = match usize::from(*what) {
        0 => rest.to_vec(),
        1 => compound(rest),
        part => PARTS.get(part - 2).map_or_else(Vec::new, |(book, part)| with_part(book, part, rest)),
    };
    let Ok(found) = pictures(Cursor::new(&book)) else { return };
    let mut reader = PictureReader::open(Cursor::new(&book)).expect("what was told can be opened");
    for picture in found {
        for cell in &picture.cells {
            assert!(cell.rows.0 <= cell.rows.1 && cell.columns.0 <= cell.columns.1 && cell.share <= 100);
        }
        if let Ok(bytes) = reader.read(&picture.content, 10_000) {
            assert!(bytes.len() <= 10_000);
            let _ = PictureKind::of(&bytes);
        }
    }
});

/// A workbook with another part.
fn with_part(book: &[u8], changed: &str, content: &[u8]) -> Vec<u8> {
    let mut package = ZipArchive::new(Cursor::new(book)).expect("a whole workbook");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for number in 0..package.len() {
        let mut part = package.by_index(number).expect("a part");
        let (name, mut bytes) = (part.name().expect("a name").into_owned(), Vec::new());
        part.read_to_end(&mut bytes).expect("a whole part");
        let bytes = if name == changed { content } else { &bytes };
        writer.start_file(name, options).expect("a part begins");
        writer.write_all(bytes).expect("a part is written");
    }
    writer.finish().expect("a package ends").into_inner()
}

/// A compound file of one stream, the records of a workbook.
fn compound(stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: [u8; 4] = [0xfe, 0xff, 0xff, 0xff];
    // A short stream would be in another table.
    let sectors = stream.len().max(4096).div_ceil(SECTOR);
    let (directory, first_table) = (sectors, sectors + 1);
    let tables = (first_table + 1).div_ceil(SECTOR / 4 - 1);
    let number = |number: usize| u32::try_from(number).expect("a small file").to_le_bytes();
    let mut file = vec![0; SECTOR];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    file[30] = 9;
    file[44..48].copy_from_slice(&number(tables));
    file[48..52].copy_from_slice(&number(directory));
    file[60..64].copy_from_slice(&END);
    file[68..72].copy_from_slice(&END);
    file[76..].fill(0xff);
    for table in 0..tables.min(109) {
        file[76 + table * 4..][..4].copy_from_slice(&number(first_table + table));
    }
    file.extend(stream);
    file.resize(SECTOR * (1 + sectors), 0);
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut entries = vec![0; SECTOR];
    entries[116..120].fill(0xff);
    entries[128..][..name.len()].copy_from_slice(&name);
    entries[128 + 120..][..4].copy_from_slice(&number(sectors * SECTOR));
    file.extend(entries);
    let next = (0..sectors).map(|at| if at + 1 < sectors { number(at + 1) } else { END });
    file.extend(next.flatten());
    file.extend(END);
    file.resize(SECTOR * (2 + sectors + tables), 0xff);
    file
}
