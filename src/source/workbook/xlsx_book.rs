//! An `.xlsx`: the library knows its sheets and styles; the cells of a sheet are read as a stream (`plain`), or by the
//! library, if the sheet has something that the stream does not know.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use calamine::{Data, Font, Reader as _, Style, Xlsx, XlsxError};
use zip::ZipArchive;

use crate::source::workbook::error::BookError;
use crate::source::workbook::grid::{Found, Look, TableWriter};
use crate::source::workbook::input::{Bytes, WorkbookReader};
use crate::source::workbook::limits::{check_sizes, is_streamed};
use crate::source::workbook::plain::number_format::{moment_of, text_of};
use crate::source::workbook::plain::sheet::{CellContext, CellStyle, read};
use crate::source::workbook::plain::strings::SharedStrings;
use crate::source::workbook::plain::{Odd, PlainXml};
use crate::source::workbook::shape::{Shape, Shapes, WorkbookPackage, main_part, name_of};
use crate::source::workbook::written::{CellFormat, WrittenSheet};
use crate::spool::Spooled;

/// Opens the file of a workbook anew.
pub(super) type Open<'o> = &'o dyn Fn() -> io::Result<Box<dyn Bytes>>;

/// An open `.xlsx`.
pub(super) struct XlsxBook<'o> {
    open: Open<'o>,
    library: Xlsx<WorkbookReader>,
    shapes: Shapes,
    /// What sheets are streamed with; without it the library reads them.
    stream: Option<Stream>,
}

struct Stream {
    package: WorkbookPackage,
    strings: SharedStrings,
    styles: Vec<CellStyle>,
}

impl<'o> XlsxBook<'o> {
    /// Opens a workbook.
    ///
    /// # Errors
    /// As [`crate::source::workbook::book::Book::open`].
    pub(super) fn open(open: Open<'o>) -> Result<Self, BookError> {
        Self::streamed(open).or_else(|_| {
            let (library, shapes) = by_library(open)?;
            Ok(Self { open, library, shapes, stream: None })
        })
    }

    /// Opens a workbook whose texts are held here; the library does not see them.
    fn streamed(open: Open<'o>) -> Result<Self, Odd> {
        check_sizes(BufReader::new(open()?), |name| !is_streamed(name)).map_err(|_| Odd)?;
        let mut package = ZipArchive::new(BufReader::new(open()?)).map_err(|_| Odd)?;
        let main = main_part(&mut package).map_err(|_| Odd)?;
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut file = open()?;
        let (mut strings, mut hidden) = (SharedStrings::default(), 0..0);
        if let Some(name) = name_of(&package, &format!("{folder}/sharedStrings.xml")) {
            let part = package.by_name(&name).map_err(|_| Odd)?;
            let start = part.central_header_start() + NAME_IN_HEADER;
            hidden = start..start + part.name_raw().len() as u64;
            let mut found = vec![0; part.name_raw().len()];
            file.seek(SeekFrom::Start(hidden.start))?;
            file.read_exact(&mut found)?;
            if found != part.name_raw() {
                return Err(Odd);
            }
            let size = part.size();
            strings = SharedStrings::read(PlainXml::new(part, size))?;
        }
        file.seek(SeekFrom::Start(0))?;
        let file: Box<dyn Bytes> = Box::new(WithoutName { file, at: 0, hidden });
        let library = Xlsx::new(BufReader::new(file)).map_err(|_| Odd)?;
        let shapes = Shapes::of_xlsx(ZipArchive::new(BufReader::new(open()?)).map_err(|_| Odd)?).map_err(|_| Odd)?;
        let mut names: Vec<&String> = library.sheets_metadata().iter().map(|sheet| &sheet.name).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Odd);
        }
        Ok(Self { open, library, shapes, stream: Some(Stream { package, strings, styles: Vec::new() }) })
    }

    /// What the workbook says of its sheets.
    pub(super) fn library(&self) -> &Xlsx<WorkbookReader> {
        &self.library
    }

    /// What must be known to write a sheet.
    ///
    /// # Errors
    /// There is no such sheet, or it can't be read.
    pub(super) fn written(&mut self, name: &str) -> Result<WrittenSheet, BookError> {
        let package = || ZipArchive::new(BufReader::new((self.open)()?)).map_err(|error| unreadable(&error));
        let main = main_part(&mut package()?)?;
        let main = name_of(&package()?, &main).unwrap_or(main);
        let part = self.shapes.part_of(name).ok_or_else(|| BookError::Unreadable(format!("{name}: no part")))?;
        let is_1904 = self.library.has_1904_epoch();
        let cells = self.library.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
        let formats = cells.styles().iter().map(|style| {
            let format = style.number_format.as_ref();
            let moment = format.and_then(|format| moment_of(format.format_id, &format.format_code));
            CellFormat::new(moment, look(style).format.as_deref())
        });
        Ok(WrittenSheet { part, main, is_1904, formats: formats.collect() })
    }

    /// Reads a sheet as a table, as [`crate::source::workbook::book::Book::table`] does.
    ///
    /// # Errors
    /// The sheet cannot be read or exceeds a limit.
    pub(super) fn table(&mut self, name: &str, limit: Option<u32>) -> Result<(Spooled, Found), BookError> {
        if let Ok(read) = self.stream(name, limit) {
            return Ok(read);
        }
        if self.stream.take().is_some() {
            (self.library, self.shapes) = by_library(self.open)?;
        }
        self.table_by_library(name, limit)
    }

    fn stream(&mut self, name: &str, limit: Option<u32>) -> Result<(Spooled, Found), Odd> {
        let part = self.shapes.part_of(name).ok_or(Odd)?;
        let Some(Stream { package, strings, styles }) = &mut self.stream else { return Err(Odd) };
        if styles.is_empty() {
            let cells = self.library.worksheet_cells_reader(name).map_err(|_| Odd)?;
            styles.extend(cells.styles().iter().map(|style| {
                let format = style.number_format.as_ref();
                let moment = format.and_then(|format| moment_of(format.format_id, &format.format_code));
                CellStyle { look: look(style), moment }
            }));
        }
        let (is_1904, traits) = (self.library.has_1904_epoch(), self.shapes.xlsx_traits());
        let mut context = CellContext { strings, styles, is_1904, traits };
        let mut pass = |grid: &mut TableWriter<'_>| {
            let part = package.by_name(&part).map_err(|_| Odd)?;
            let size = part.size();
            read(PlainXml::new(part, size), &mut context, grid, limit)
        };
        let mut grid = TableWriter::new(&[], &[]);
        let regions = pass(&mut grid)?;
        if regions.is_empty() {
            return grid.finish().map_err(|_| Odd);
        }
        // The cells that are merged are told behind the rows.
        drop(grid);
        let merged = Shape::new(regions, Vec::new()).merged;
        let mut grid = TableWriter::new(&merged, &[]);
        pass(&mut grid)?;
        grid.finish().map_err(|_| Odd)
    }

    fn table_by_library(&mut self, name: &str, limit: Option<u32>) -> Result<(Spooled, Found), BookError> {
        let none = Shape::default();
        let shape = if limit.is_none() { self.shapes.of(name)? } else { &none };
        let mut grid = TableWriter::new(&shape.merged, &shape.hidden);
        let mut odd = shape.odd.iter().peekable();
        let mut cells = self.library.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
        let looks: Vec<Look> = cells.styles().iter().map(look).collect();
        loop {
            let (cell, style) = match cells.next_cell_with_style_id() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                // An error that the library doesn't know; the shape has it.
                Err(XlsxError::CellError(_)) => continue,
                Err(error) => return Err(unreadable(&error)),
            };
            let place = cell.get_position();
            while let Some(odd) = odd.next_if(|odd| odd.place < place) {
                grid.cell(odd.place, Data::String(odd.shows.clone()), None, limit)?;
            }
            let value = match odd.next_if(|odd| odd.place == place) {
                Some(odd) => Data::String(odd.shows.clone()),
                None => Data::from(cell.get_value().clone()),
            };
            if !grid.cell(place, value, looks.get(style), limit)? {
                break;
            }
        }
        for odd in odd {
            grid.cell(odd.place, Data::String(odd.shows.clone()), None, limit)?;
        }
        grid.finish()
    }
}

/// Opens a workbook with the library alone.
fn by_library(open: Open<'_>) -> Result<(Xlsx<WorkbookReader>, Shapes), BookError> {
    check_sizes(BufReader::new(open()?), |_| true)?;
    let library = Xlsx::new(BufReader::new(open()?)).map_err(|error| match error {
        XlsxError::Password => BookError::Encrypted,
        error => unreadable(&error),
    })?;
    let package = ZipArchive::new(BufReader::new(open()?)).map_err(|error| unreadable(&error))?;
    Ok((library, Shapes::of_xlsx(package)?))
}

/// Returns the look that a style gives to a cell.
fn look(style: &Style) -> Look {
    let format = style.number_format.as_ref().and_then(|format| text_of(format.format_id, &format.format_code));
    Look { format: format.map(str::to_owned), is_struck: style.font.as_ref().is_some_and(Font::has_strikethrough) }
}

fn unreadable(error: &dyn std::error::Error) -> BookError {
    BookError::Unreadable(error.to_string())
}

/// Where the name of a part is in its header in the directory of a package.
const NAME_IN_HEADER: u64 = 46;

/// A package in whose directory the name of one part is another, so that the part is not found: the library would hold
/// all texts in memory, each by itself.
struct WithoutName {
    file: Box<dyn Bytes>,
    at: u64,
    hidden: Range<u64>,
}

impl Read for WithoutName {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let filled = self.file.read(buffer)?;
        let end = self.at + filled as u64;
        for at in self.hidden.start.max(self.at)..self.hidden.end.min(end) {
            if let Some(byte) = usize::try_from(at - self.at).ok().and_then(|at| buffer.get_mut(at)) {
                *byte = b'-';
            }
        }
        self.at = end;
        Ok(filled)
    }
}

impl Seek for WithoutName {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write as _;
    use std::io::{Cursor, Write as _};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// A workbook of a sheet, with a style for each of some number formats, the last of which strikes out.
    fn workbook(sheet: &str, strings: &str, formats: &[&str], recalculates: bool) -> Vec<u8> {
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        let mut part = |name: &str, text: &str| {
            package.start_file(name, SimpleFileOptions::default()).unwrap();
            package.write_all(text.as_bytes()).unwrap();
        };
        let kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relation = |id: &str, kind: &str, to: &str| {
            let begin = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
            format!("{begin}<Relationship Id=\"{id}\" Type=\"{kinds}/{kind}\" Target=\"{to}\"/></Relationships>")
        };
        part("_rels/.rels", &relation("r1", "officeDocument", "xl/workbook.xml"));
        part("xl/_rels/workbook.xml.rels", &relation("r2", "worksheet", "worksheets/sheet1.xml"));
        let calculation = if recalculates { "<calcPr fullCalcOnLoad=\"1\"/>" } else { "" };
        part(
            "xl/workbook.xml",
            &format!(
                "<workbook><sheets><sheet name=\"台账\" sheetId=\"1\" r:id=\"r2\"/></sheets>{calculation}</workbook>"
            ),
        );
        let escaped = |format: &str| format.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let number = |at: usize| format!("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", 170 + at, escaped(formats[at]));
        let numbers: String = (0..formats.len()).map(number).collect();
        let last = formats.len().saturating_sub(1);
        let style = |at: usize| format!("<xf numFmtId=\"{}\" fontId=\"{}\"/>", 170 + at, u8::from(at == last));
        let styles: String = (0..formats.len()).map(style).collect();
        part(
            "xl/styles.xml",
            &format!(
                "<styleSheet><numFmts>{numbers}</numFmts><fonts><font/><font><strike/></font></fonts>\
                 <cellXfs>{styles}<xf numFmtId=\"14\"/><xf numFmtId=\"31\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>"
            ),
        );
        part("xl/sharedStrings.xml", strings);
        part("xl/worksheets/sheet1.xml", sheet);
        package.finish().unwrap().into_inner()
    }

    fn shown((text, found): (Spooled, Found)) -> String {
        format!("{}\n{found:?}", String::from_utf8(text.into_vec().unwrap()).unwrap())
    }

    /// What the stream reads of the first sheet, if it does, and what the library reads of it.
    fn both(bytes: &[u8], limit: Option<u32>) -> (Option<String>, Result<String, String>) {
        let bytes = bytes.to_vec();
        let open = move || -> io::Result<Box<dyn Bytes>> { Ok(Box::new(Cursor::new(bytes.clone()))) };
        let (library, shapes) = match by_library(&open) {
            Ok(opened) => opened,
            Err(error) => return (None, Err(error.to_string())),
        };
        let Some(name) = library.sheet_names().first().cloned() else { return (None, Err("no sheet".to_owned())) };
        let mut whole = XlsxBook { open: &open, library, shapes, stream: None };
        let by_library = whole.table_by_library(&name, limit).map(shown).map_err(|error| error.to_string());
        let streamed = XlsxBook::streamed(&open).and_then(|mut book| book.stream(&name, limit));
        (streamed.ok().map(shown), by_library)
    }

    const FORMATS: [&str; 15] = [
        "General",
        "0.00",
        "yyyy/m/d;@",
        "yyyy\"年\"m\"月\"d\"日\"",
        "[$-804]m\"月\"d\"日\"",
        "[DBNum1][$-804]yyyy\"年\"m\"月\"",
        "[h]:mm",
        "[Red]0.00",
        "#,##0.00_ ",
        "\\d0",
        "0\"d\"",
        "上午/下午h:mm",
        "AM/PM h",
        "a/p",
        "@",
    ];

    #[test]
    fn a_sheet_with_all_that_is_usual_is_streamed() {
        let sheet = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<worksheet xmlns=\"a\" xmlns:x=\"b\">\
            <dimension ref=\"A1:D9\"/><sheetViews><sheetView/></sheetViews><sheetData>\
            <row r=\"1\" spans=\"1:4\" x:dyDescent=\"0.2\"><c r=\"A1\" s=\"1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"2\"/>\
            <c r=\"C1\" t=\"inlineStr\"><is><t>甲,\"乙\"&amp;&#10;丙_x000D_</t></is></c></row>\
            <row r=\"2\" hidden=\"1\"><c r=\"A2\" s=\"2\"><v>44409</v></c><c r=\"B2\" s=\"1\"><v>8.1</v></c>\
            <c r=\"C2\"><v>8.2</v></c><c r=\"D2\" t=\"b\"><v>1</v></c></row>\
            <row r=\"4\"><c r=\"B4\" t=\"str\"><f>A1&amp;\"x\"</f><v>a &lt; b</v></c><c r=\"C4\" t=\"e\"><v>#N/A</v></c>\
            <c r=\"D4\" s=\"3\" t=\"e\"><v>#SPILL!</v></c></row>\
            <row r=\"5\"><c r=\"B5\"><f>NOW()</f></c><c r=\"C5\"><f>A2</f><v>0</v></c><c r=\"D5\" t=\"d\"><v>2021-08-01</v></c></row>\
            <row r=\"6\"><c r=\"B6\" s=\"14\" t=\"s\"><v>1</v></c></row><row r=\"9\"/></sheetData>\
            <mergeCells count=\"1\"><mergeCell ref=\"A2:A5\"/></mergeCells><headerFooter><oddHeader>&amp;L</oddHeader></headerFooter>\
            </worksheet>";
        let strings =
            "<sst><si><t>单位</t></si><si><r><t>甲</t></r><r><rPr><b/></rPr><t> 乙 </t></r><phoneticPr/></si></sst>";
        for recalculates in [false, true] {
            for limit in [None, Some(2), Some(40)] {
                let (streamed, by_library) = both(&workbook(sheet, strings, &FORMATS, recalculates), limit);
                assert!(streamed.is_some(), "{limit:?}");
                assert_eq!(streamed, by_library.ok(), "{limit:?}");
            }
        }
        // One thing that is unusual, and the library reads the sheet.
        for (usual, odd) in [
            ("<row r=\"9\"/>", "<!-- 9 -->"),
            ("r=\"B6\"", ""),
            ("r=\"B1\"", "r=\"A1\""),
            ("<f>A2</f>", "<x/>"),
            ("</worksheet>", ""),
        ] {
            assert_eq!(both(&workbook(&sheet.replace(usual, odd), strings, &FORMATS, false), None).0, None, "{usual}");
        }
    }

    #[test]
    fn no_cell_takes_away_the_value_of_another_with_its_address() {
        let value = "<c r=\"A1\"><v>8</v></c>";
        for (odd, shows) in [
            ("<c r=\"A1\" t=\"e\"></c>", Some('8')),
            ("<c r=\"A1\" t=\"e\"><v>#SPILL!</v></c>", None),
            ("<c r=\"A1\"><f>1</f></c>", None),
        ] {
            for cells in [format!("{value}{odd}"), format!("{odd}{value}")] {
                let sheet = format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>");
                let (streamed, by_library) = both(&workbook(&sheet, "<sst></sst>", &FORMATS, false), None);
                assert_eq!(by_library.ok().and_then(|table| table.chars().next()), shows, "{cells}");
                assert_eq!(streamed, None, "{cells}");
            }
        }
    }

    #[test]
    fn a_day_is_a_day_in_every_format() {
        let cell = |at: usize| format!("<row r=\"{}\"><c r=\"A{0}\" s=\"{at}\"><v>44409.5</v></c></row>", at + 1);
        let cells: String = (0..FORMATS.len() + 5).map(cell).collect();
        let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let (streamed, by_library) = both(&workbook(&sheet, "<sst/>", &FORMATS, false), None);
        assert_eq!(streamed, None, "an empty list of texts is left to the library");
        assert!(by_library.is_ok());
        let (streamed, by_library) = both(&workbook(&sheet, "<sst></sst>", &FORMATS, false), None);
        assert!(streamed.is_some());
        assert_eq!(streamed, by_library.ok());
    }

    proptest! {
        /// What is streamed is what the library reads.
        #[test]
        fn a_stream_reads_what_the_library_reads(
            cells in proptest::collection::vec(
                (
                    0..3_u32,
                    prop_oneof![19 => 1..3_usize, 1 => Just(0)],
                    "( s=\"(1?[0-9])\")?( t=\"(s|n|str|b|e|d|inlineStr)\")?( vm=\"1\")?",
                    "(<f>1</f>|<f/>)?(<v>(0|1|2|8.2|44409|44409.66667|1e3|-1|#N/A|#SPILL!| 1|TRUE|a&amp;b|a_x0041_\r\n)?</v>|<v/>)?\
                     (<is>(<t>|<t xml:space=\"preserve\">) ?a&lt;?</t></is>)?",
                ),
                0..12,
            ),
            rows in "( hidden=\"1\"| ht=\"0\")?",
            merges in proptest::sample::subsequence(&["A1:A3", "B2:C4", "$C$3:$C$9", "A5:B5"][..], 0..=4),
            formats in proptest::sample::subsequence(&FORMATS[..], 1..=15),
            recalculates in any::<bool>(),
            limit in proptest::option::of(0..12_u32),
        ) {
            let (mut row, mut column, mut body) = (1, 0, format!("<row r=\"1\"{rows}>"));
            for (down, right, attributes, content) in &cells {
                if *down > 0 {
                    (row, column) = (row + down, 0);
                    let _ = write!(body, "</row><row r=\"{row}\"{}>", if down % 2 == 0 { rows.as_str() } else { "" });
                }
                let letter = char::from(b'A' + u8::try_from(column).unwrap());
                let _ = write!(body, "<c r=\"{letter}{row}\"{attributes}>{content}</c>");
                column += right;
            }
            let merged: Vec<String> = merges.iter().map(|region| format!("<mergeCell ref=\"{region}\"/>")).collect();
            let merged = merged.concat();
            let sheet = format!("<worksheet><sheetData>{body}</row></sheetData>{merged}</worksheet>");
            let strings = "<sst><si><t>甲</t></si><si><t/></si></sst>";
            let (streamed, by_library) = both(&workbook(&sheet, strings, &formats, recalculates), limit);
            if let Some(streamed) = streamed {
                prop_assert_eq!(Ok(streamed), by_library);
            }
        }
    }
}
