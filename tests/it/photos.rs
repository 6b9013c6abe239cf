//! The pictures of workbooks: which picture stands in which cell. Each is of one colour, so that the colour says which it
//! is; `tests/fixtures/photos/make.py` made the workbooks.

use std::fs::File;
use std::io::{BufReader, Cursor, Read as _, Write as _};
use std::path::Path;

use duban::photo::{Content, Crop, PhotoError, PictureKind, PictureReader, SheetPicture, Turn, pictures};
use duban::words::lang::Lang;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::colours::colour_of;

fn open(name: &str) -> BufReader<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/photos");
    BufReader::new(File::open(folder.join(name)).unwrap())
}

/// The colour of a picture, or what it is instead.
fn colour(bytes: &[u8]) -> String {
    let Ok(image) = image::load_from_memory(bytes) else { return PictureKind::of(bytes).name().1.to_owned() };
    assert_eq!((image.width(), image.height()), (8, 6));
    colour_of(&image).to_owned()
}

fn column(number: u32) -> char {
    char::from(b'A' + u8::try_from(number).unwrap())
}

/// A line for each picture: sheet, cells with their shares, colour, form, and all else that is told of it.
fn told(name: &str) -> Vec<String> {
    let mut reader = PictureReader::open(open(name)).unwrap();
    let line = |picture: SheetPicture| {
        let cells = picture.cells.iter().map(|cell| {
            let (rows, columns) = (cell.rows, cell.columns);
            let mut text = format!("{}{}", column(columns.0), rows.0 + 1);
            if (rows.0, columns.0) != (rows.1, columns.1) {
                text = format!("{text}:{}{}", column(columns.1), rows.1 + 1);
            }
            if cell.share < 100 { format!("{text} {}%", cell.share) } else { text }
        });
        let mut parts = vec![picture.sheet, cells.collect::<Vec<_>>().join(", ")];
        parts.push(match &picture.content {
            Content::Linked(address) => format!("-> {address}"),
            Content::Missing(missing) => format!("{missing:?}"),
            content => colour(&reader.read(content, 10_000).unwrap()),
        });
        parts.push(format!("{:?}", picture.form));
        parts.extend(picture.doubts.iter().map(|doubt| format!("{doubt:?}")));
        parts.extend((picture.crop != Crop::Whole).then(|| format!("{:?}", picture.crop)));
        if picture.turn != Turn::default() {
            let Turn { angle, is_mirrored, is_upside_down } = picture.turn;
            parts.push(format!("turned {} {is_mirrored} {is_upside_down}", angle / 60_000));
        }
        parts.extend((!picture.description.is_empty()).then(|| format!("“{}”", picture.description)));
        parts.join(" | ")
    };
    pictures(open(name)).unwrap().into_iter().map(line).collect()
}

/// What stands where in each workbook.
const EXPECTED: &[(&str, &[&str])] = &[
    (
        "by-hand.xlsx",
        &[
            "台账 | C2 | red | Floating",
            "台账 | D2 | green | Floating",
            "台账 | C3 | blue | Fill | “填充”",
            "台账 | C4 | yellow | Floating",
            "台账 | C5 | -> file:///D:\\照片\\1.jpg | Floating",
            "台账 | C6 | red | Floating | Hidden",
            "台账 | C7 | green | Floating | Sides { left: 25000, top: 0, right: 0, bottom: 10000 }",
            "台账 | C8 | blue | Floating | turned 90 true false",
            "台账 | C9 | EMF/WMF drawing | Floating",
            "台账 | C10 | NoPart(\"xl/media/gone.png\") | Floating",
            "台账 | D11 | Object(\"Package\") | Object",
        ],
    ),
    (
        "excel-cells-exchanged.xlsx",
        &[
            "台账 | C2 | red | ExcelCell | “整改前”",
            "台账 | D2 | green | ExcelCell",
            "台账 | C3 | blue | ExcelCell",
            "台账 | D3 | red | ExcelCell | “整改前”",
            "台账 | C5:C6 | yellow | ExcelCell",
            "台账 | D4 | cyan | Floating | “cyan”",
        ],
    ),
    (
        "excel-cells-reordered.xlsx",
        &[
            "台账 | C2 | red | ExcelCell | “整改前”",
            "台账 | D2 | green | ExcelCell",
            "台账 | C3 | blue | ExcelCell",
            "台账 | D3 | red | ExcelCell | “整改前”",
            "台账 | C5:C6 | yellow | ExcelCell",
            "台账 | D4 | cyan | Floating | “cyan”",
        ],
    ),
    (
        "excel-cells-web.xlsx",
        // Of the last two in cells, one has only an address, and the record of the other is lost.
        &[
            "台账 | C2 | red | ExcelCell | “整改前”",
            "台账 | D2 | green | ExcelCell",
            "台账 | C3 | blue | ExcelCell",
            "台账 | D3 | red | ExcelCell | “整改前”",
            "台账 | C5:C6 | yellow | ExcelCell",
            "台账 | C7 | magenta | ExcelCell | “网上”",
            "台账 | D7 | -> https://example.com/2.png | ExcelCell",
            "台账 | C8 | Unknown(\"vm 99\") | ExcelCell",
            "台账 | D4 | cyan | Floating | “cyan”",
        ],
    ),
    (
        "excel-cells.xlsx",
        &[
            "台账 | C2 | red | ExcelCell | “整改前”",
            "台账 | D2 | green | ExcelCell",
            "台账 | C3 | blue | ExcelCell",
            "台账 | D3 | red | ExcelCell | “整改前”",
            "台账 | C5:C6 | yellow | ExcelCell",
            "台账 | D4 | cyan | Floating | “cyan”",
        ],
    ),
    (
        "floating-exceljs.xlsx",
        // ExcelJS 4.4.0 takes a point for 10,000 EMU, so that what it sets near the end of a row begins higher.
        &[
            "台账 | C2 | red | Floating",
            "台账 | D2 | green | Floating",
            "台账 | C3 | blue | Floating",
            "台账 | D3 61% | red | Floating",
        ],
    ),
    (
        "floating-openpyxl.xlsx",
        // Row 6 is hidden.
        &[
            "台账 | C4 98%, D4 1% | blue | Floating | “Picture”",
            "台账 | C6 0% | cyan | Floating | NoSize | “Picture”",
            "台账 | C2 | red | Floating | “Picture”",
            "台账 | D3 96% | green | Floating | “Picture”",
            "台账 | F1 42% | magenta | Floating | “Picture”",
            "台账 | C5 | yellow | Floating | OnPage | “Picture”",
        ],
    ),
    (
        "floating-xlsxwriter.xlsx",
        &[
            "台账 | C2 | red | Floating | “整改前 <1>”",
            "台账 | D2 | green | Floating | “green”",
            "台账 | C3 | blue | Floating | “blue”",
            "台账 | C3 | yellow | Floating | “yellow”",
            "台账 | D4 96% | cyan | Floating | “cyan”",
            "台账 | C4 | red | Floating | “red”",
            "台账 | C5:C6 | magenta | Floating | “magenta”",
            "台账 | C7:D7 | white | Floating | “white”",
            "台账 | B8 77%, C8 23% | black | Floating | “black”",
            "台账 | C10 | green | Floating | “green”",
            "台账 | C11 29% | blue | Floating | “blue”",
            "说明 | B2 | magenta | Floating | “magenta”",
        ],
    ),
    (
        "libreoffice-a.ods",
        &[
            "台账 | C3 | blue | Floating | OnPage | “blue”",
            "台账 | C2 | red | Floating | “整改前 <1>”",
            "台账 | D2 | green | Floating | “green”",
            "台账 | C3 | yellow | Floating | “yellow”",
            "台账 | D4 96% | cyan | Floating | “cyan”",
            "台账 | C4 | red | Floating | “red”",
            "台账 | C5:C6 | magenta | Floating | “magenta”",
            "台账 | C7:D7 | white | Floating | “white”",
            "台账 | B8 81%, C8 19% | black | Floating | “black”",
            "台账 | C10 | green | Floating | “green”",
            "台账 | C11 29% | blue | Floating | “blue”",
            "说明 | B2 | magenta | Floating | “magenta”",
        ],
    ),
    (
        "libreoffice-a.xls",
        &[
            "台账 | C2 | red | Floating",
            "台账 | D2 | green | Floating",
            "台账 | C3 | blue | Floating",
            "台账 | C3 | yellow | Floating",
            "台账 | D4 96% | cyan | Floating",
            "台账 | C4 | red | Floating",
            "台账 | C5:C6 | magenta | Floating",
            "台账 | C7:D7 | white | Floating",
            "台账 | B8 81%, C8 19% | black | Floating",
            "台账 | C10 | green | Floating",
            "台账 | C11 29% | blue | Floating",
            "说明 | B2 | magenta | Floating",
        ],
    ),
    (
        "libreoffice-a.xlsx",
        &[
            "台账 | C2 | red | Floating | “整改前 <1>”",
            "台账 | D2 | green | Floating | “green”",
            "台账 | C3 | blue | Floating | “blue”",
            "台账 | C3 | yellow | Floating | “yellow”",
            "台账 | D4 96% | cyan | Floating | “cyan”",
            "台账 | C4 | red | Floating | “red”",
            "台账 | C5:C6 | magenta | Floating | “magenta”",
            "台账 | C7:D7 | white | Floating | “white”",
            "台账 | B8 75%, C8 25% | black | Floating | “black”",
            "台账 | C10 | green | Floating | “green”",
            "台账 | C11 29% | blue | Floating | “blue”",
            "说明 | B2 | magenta | Floating | “magenta”",
        ],
    ),
    (
        "libreoffice-b.ods",
        // LibreOffice 7.4.7 moves the picture out of the hidden row 6.
        &[
            "台账 | C4 98%, D4 1% | blue | Floating | OnPage | “Picture”",
            "台账 | C5 67%, B5 33% | yellow | Floating | OnPage | “Picture”",
            "台账 | F1 42% | magenta | Floating | “Picture”",
            "台账 | C2 | red | Floating | “Picture”",
            "台账 | D3 96% | green | Floating | “Picture”",
            "台账 | C7 99%, D7 1% | cyan | Floating | “Picture”",
        ],
    ),
    (
        "libreoffice-b.xls",
        &[
            "台账 | C4 98%, D4 0% | blue | Floating",
            "台账 | C7, D7 0% | cyan | Floating",
            "台账 | C2 | red | Floating",
            "台账 | D3 96% | green | Floating",
            "台账 | F1 42% | magenta | Floating",
            "台账 | C5 66%, B5 34% | yellow | Floating",
        ],
    ),
    (
        "libreoffice-c.ods",
        // LibreOffice 7.4.7 binds a hidden picture to the sheet.
        &[
            "台账 | C6 | red | Floating | OnPage | Hidden",
            "台账 | C2 | red | Floating",
            "台账 | D2 | green | Floating",
            "台账 | C3 | blue | Fill | “填充”",
            "台账 | C4 | yellow | Floating",
            "台账 | C5 | -> ../../../D:/照片/1.jpg | Floating",
            "台账 | C7 | green | Floating | Unmeasured",
            "台账 | C8 | blue | Floating | turned 90 true false",
            "台账 | C9 | EMF/WMF drawing | Floating",
            "台账 | C10 | Unknown(\"\") | Floating",
        ],
    ),
    (
        "libreoffice-c.xls",
        // LibreOffice 7.4.7 sets the turned picture a column too far, and leaves out alternative texts.
        &[
            "台账 | C2 | red | Floating",
            "台账 | D2 | green | Floating",
            "台账 | C3 | blue | Fill",
            "台账 | C4 | yellow | Floating",
            "台账 | C5 | -> ../../D:/照片/1.jpg | Floating",
            "台账 | C6 | red | Floating | Hidden",
            "台账 | C7 | green | Floating | Sides { left: 25000, top: 0, right: 0, bottom: 10061 }",
            "台账 | D7 30% | blue | Floating | turned 90 false false",
            "台账 | C9 | EMF/WMF drawing | Floating",
            "台账 | C10 | Unknown(\"0\") | Floating",
        ],
    ),
    (
        "odfpy.ods",
        &[
            "台账 | C2 | red | Floating | “照片 red”",
            "台账 | D3 92% | green | Floating | “照片 green”",
            "台账 | D6 | blue | Floating | “照片 blue”",
            "台账 | D6 | yellow | Floating | “照片 yellow”",
            "台账 | C7:C8 | cyan | Floating | “照片 cyan”",
        ],
    ),
    (
        "old-bitmaps.xls",
        &["台账 | C2 | red | Floating", "台账 | D3 90% | green | Floating", "台账 | C4 | blue | Floating"],
    ),
    (
        "strict.xlsx",
        &[
            "台账 | C2 | red | Floating",
            "台账 | D2 | green | Floating",
            "台账 | C3 | blue | Fill | “填充”",
            "台账 | C4 | yellow | Floating",
            "台账 | C5 | -> file:///D:\\照片\\1.jpg | Floating",
            "台账 | C6 | red | Floating | Hidden",
            "台账 | C7 | green | Floating | Sides { left: 25000, top: 0, right: 0, bottom: 10000 }",
            "台账 | C8 | blue | Floating | turned 90 true false",
            "台账 | C9 | EMF/WMF drawing | Floating",
            "台账 | C10 | NoPart(\"xl/media/gone.png\") | Floating",
            "台账 | D11 | Object(\"Package\") | Object",
        ],
    ),
    (
        "wps-cells.xlsx",
        &[
            "台账 | C2 | red | WpsCell | “整改前”",
            "台账 | D2 | green | WpsCell | “后”",
            "台账 | C3 | red | WpsCell",
            "台账 | D3 | -> https://example.com/3.jpg | WpsCell",
            "台账 | C4 | NoPart(\"xl/NULL\") | WpsCell",
            "台账 | D4 | Unknown(\"ID_FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\") | WpsCell",
        ],
    ),
];

#[test]
fn each_picture_stands_in_its_cell() {
    for (name, expected) in EXPECTED {
        assert_eq!(told(name), *expected, "{name}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/photos");
    let made = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let workbooks = made.filter(|name| !name.starts_with("make") && !name.starts_with("log"));
    assert_eq!(workbooks.count(), EXPECTED.len(), "each workbook is in the list");
}

/// Cells with pictures and floating pictures by a third package.
#[test]
fn what_rust_xlsxwriter_writes_is_read() {
    let picture = |colour: [u8; 3]| {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbImage::from_pixel(8, 6, image::Rgb(colour)).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        rust_xlsxwriter::Image::new_from_buffer(bytes.get_ref()).unwrap()
    };
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("台账").unwrap();
    sheet.set_row_height(2, 60).unwrap();
    let before = picture([255, 0, 0]).set_alt_text("整改前");
    sheet.embed_image(1, 2, &before).unwrap().embed_image(1, 3, &picture([0, 255, 0])).unwrap();
    sheet.embed_image(3, 2, &picture([0, 255, 0])).unwrap();
    let below = picture([0, 0, 255]).set_scale_height(800.0);
    sheet.insert_image_with_offset(1, 3, &below, 5, 18).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut reader = PictureReader::open(Cursor::new(&bytes)).unwrap();
    let found: Vec<_> = pictures(Cursor::new(&bytes))
        .unwrap()
        .into_iter()
        .map(|picture| {
            let cell = picture.cell(|_| true).copied().unwrap();
            (cell.rows.0, cell.columns.0, colour(&reader.read(&picture.content, 10_000).unwrap()), picture.description)
        })
        .collect();
    let expected = [(1, 2, "red", "整改前"), (1, 3, "green", ""), (3, 2, "green", ""), (2, 3, "blue", "")];
    assert_eq!(found, expected.map(|(row, column, colour, text)| (row, column, colour.to_owned(), text.to_owned())));
}

#[test]
fn a_column_of_photos_comes_first() {
    let found = pictures(open("floating-xlsxwriter.xlsx")).unwrap();
    let black = found.iter().find(|picture| picture.description == "black").unwrap();
    let of = |column: u32| black.cell(|it| it == column).unwrap();
    assert_eq!((of(2).rows, of(2).columns, of(2).is_sure()), ((7, 7), (2, 2), false));
    assert_eq!((of(5).columns, of(5).is_sure()), ((1, 1), true), "no picture is there");
}

#[test]
fn the_same_picture_at_two_rows_is_one_content() {
    for name in
        ["floating-xlsxwriter.xlsx", "libreoffice-a.xls", "libreoffice-a.ods", "excel-cells.xlsx", "wps-cells.xlsx"]
    {
        let found = pictures(open(name)).unwrap();
        let mut contents: Vec<_> = found.iter().map(|picture| &picture.content).collect();
        let all = contents.len();
        contents.sort();
        contents.dedup();
        assert!(contents.len() < all, "{name}");
    }
}

#[test]
fn a_large_picture_is_refused() {
    for name in
        ["floating-xlsxwriter.xlsx", "libreoffice-a.xls", "libreoffice-c.xls", "libreoffice-a.ods", "old-bitmaps.xls"]
    {
        let mut reader = PictureReader::open(open(name)).unwrap();
        let found = pictures(open(name)).unwrap();
        let mut read = found.iter().map(|picture| reader.read(&picture.content, 60));
        assert!(read.all(|read| matches!(read, Err(PhotoError::TooLarge { limit: 60, .. } | PhotoError::Absent(_)))));
    }
}

#[test]
fn what_cannot_be_read_says_what_helps() {
    let of = |name: &str, place: (u32, u32)| {
        let found = pictures(open(name)).unwrap();
        let is_it =
            |picture: &&SheetPicture| picture.cell(|_| true).is_some_and(|it| (it.rows.0, it.columns.0) == place);
        let content = found.iter().find(is_it).unwrap().content.clone();
        let error = PictureReader::open(open(name)).unwrap().read(&content, 10_000).unwrap_err();
        assert_eq!(Some(error.text(Lang::Zh)), content.text(Lang::Zh));
        error.to_string()
    };
    let linked =
        "the picture is only linked (https://example.com/3.jpg) and not in the workbook: insert the picture itself";
    assert_eq!(of("wps-cells.xlsx", (2, 3)), linked);
    let missing = "the workbook does not have the bytes of the picture (xl/NULL): insert it again";
    assert_eq!(of("wps-cells.xlsx", (3, 2)), missing);
    assert!(of("wps-cells.xlsx", (3, 3)).starts_with("the picture is lost (ID_FFFF"));
    assert!(of("libreoffice-c.ods", (9, 2)).starts_with("the picture is lost, since"));
    let object = "this is an embedded file (Package) and no picture: insert the picture itself";
    assert_eq!(of("by-hand.xlsx", (10, 3)), object);
}

#[test]
fn what_is_no_workbook_is_refused() {
    let mut word = ZipWriter::new(Cursor::new(Vec::new()));
    word.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    let word = word.finish().unwrap().into_inner();
    for bytes in [&b""[..], b"PK", b"<html>", &[0xd0, 0xcf, 0x11, 0xe0], &compound(b""), &word] {
        let error = pictures(Cursor::new(bytes)).unwrap_err();
        assert!(!error.text(Lang::Zh).is_empty(), "{}", bytes.len());
    }
    assert_eq!(pictures(Cursor::new(word)), Err(PhotoError::NoWorkbook));
    // A record that says that there is a password.
    let mut stream = vec![0x09, 0x08, 0, 0, 0x2f, 0, 0, 0];
    assert_eq!(pictures(Cursor::new(compound(&stream))), Err(PhotoError::Encrypted));
    stream.truncate(4);
    assert_eq!(pictures(Cursor::new(compound(&stream))), Ok(vec![]));
}

/// A compound file of one stream, the records of a workbook.
fn compound(stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    // A short stream would be in another table.
    let sectors = stream.len().max(4096).div_ceil(SECTOR);
    let (directory, first_table) = (sectors, sectors + 1);
    let tables = (first_table + 1).div_ceil(SECTOR / 4 - 1);
    let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let mut file = vec![0; SECTOR];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    file[30] = 9;
    file[44..48].copy_from_slice(&number(tables));
    file[48..52].copy_from_slice(&number(directory));
    file[60..76].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    file[76..].fill(0xff);
    for table in 0..tables {
        file[76 + table * 4..][..4].copy_from_slice(&number(first_table + table));
    }
    file.extend(stream);
    file.resize(SECTOR * (1 + sectors), 0);
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut entries = vec![0; SECTOR];
    entries[116..120].fill(0xff);
    entries[128..][..name.len()].copy_from_slice(&name);
    entries[128 + 116..][..4].copy_from_slice(&number(0));
    entries[128 + 120..][..4].copy_from_slice(&number(sectors * SECTOR));
    file.extend(entries);
    let next = (0..sectors).map(|at| if at + 1 < sectors { number(at + 1) } else { [0xfe, 0xff, 0xff, 0xff] });
    file.extend(next.flatten());
    file.extend([0xfe, 0xff, 0xff, 0xff]);
    file.resize(SECTOR * (2 + sectors + tables), 0xff);
    file
}

/// A workbook in which some bytes are others; those of packages within a part, or nothing but the checksum would be read.
fn changed(name: &str, part: prop::sample::Index, changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    open(name).read_to_end(&mut bytes).unwrap();
    let change = |bytes: &mut Vec<u8>| {
        for (at, length, byte) in changes {
            if bytes.len() < 40 {
                return;
            }
            let at = at.index(bytes.len() - 20);
            let end = at + usize::from(length % 8);
            bytes.splice(at..end, (length > &3).then_some(*byte));
        }
    };
    if !bytes.starts_with(b"PK") {
        change(&mut bytes);
        return bytes;
    }
    let mut package = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let chosen = part.index(package.len());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..package.len() {
        let mut file = package.by_index(number).unwrap();
        let (name, mut text) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut text).unwrap();
        if number == chosen {
            change(&mut text);
        }
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read_all(bytes: &[u8]) {
    let Ok(found) = pictures(Cursor::new(bytes)) else { return };
    let mut reader = PictureReader::open(Cursor::new(bytes)).unwrap();
    for picture in found {
        assert!(picture.cells.iter().all(|cell| cell.rows.0 <= cell.rows.1 && cell.columns.0 <= cell.columns.1));
        assert!(picture.cells.iter().all(|cell| cell.share <= 100));
        if let Ok(bytes) = reader.read(&picture.content, 5_000) {
            assert!(bytes.len() <= 5_000);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Whatever the bytes, they are read or refused.
    #[test]
    fn a_damaged_workbook_is_read_or_refused(
        workbook in prop::sample::select(EXPECTED),
        part in any::<prop::sample::Index>(),
        changes in prop::collection::vec(any::<(prop::sample::Index, u8, u8)>(), 1..12),
    ) {
        read_all(&changed(workbook.0, part, &changes));
    }

    #[test]
    fn any_records_are_read_or_refused(stream in prop::collection::vec(any::<u8>(), 0..2000)) {
        read_all(&compound(&stream));
        read_all(&stream);
    }
}
