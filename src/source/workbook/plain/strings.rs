//! The texts that the cells of a workbook share, held once and in little memory, whatever their number.

use std::collections::BTreeMap;
use std::io::{Read, Seek as _, SeekFrom, Write as _};

use crate::platform::scratch::ScratchFile;
use crate::source::workbook::plain::odd::Odd;
use crate::source::workbook::plain::xml::{PlainXml, Tag, push_text, resolve_escapes};

/// Bytes of texts in a chunk, a little more or less.
const CHUNK: usize = 64 * 1024;
/// Chunks that are kept in memory: those of the first texts, which are most often those of many cells.
const KEPT: usize = 32;
/// Chunks of the others, which are in a temporary file, that are in memory at a time.
const LOADED: usize = 32;

/// The texts, by their numbers.
#[derive(Default)]
pub(in crate::source::workbook) struct SharedStrings {
    chunks: Vec<ChunkAt>,
    kept: Vec<Chunk>,
    file: Option<ScratchFile>,
    /// Chunks of the file, each at its number modulo their count.
    loaded: Vec<(usize, Chunk)>,
    /// Those that are struck out, wholly or in part, by their numbers.
    struck: BTreeMap<usize, Struck>,
    /// The chunk that is being filled.
    last: Chunk,
    count: usize,
}

/// How much of a text is struck out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::source::workbook) enum Struck {
    #[default]
    Nothing,
    Part,
    Whole,
}

impl Struck {
    /// That of a text in a cell whose style strikes out all of it, or nothing.
    pub(in crate::source::workbook) fn in_style(self, strikes: bool) -> Self {
        if strikes { Self::Whole } else { self }
    }
}

/// Some texts, one behind another.
#[derive(Clone, Default)]
struct Chunk {
    texts: Vec<u8>,
    /// The end of each in `texts`.
    ends: Vec<u32>,
}

/// Where a chunk is.
struct ChunkAt {
    /// The number of its first text.
    first: usize,
    /// Its place in the file; the ends of its texts follow its texts.
    offset: u64,
    texts: usize,
    ends: usize,
}

impl SharedStrings {
    /// Reads the part that holds them.
    pub(in crate::source::workbook) fn read(mut xml: PlainXml<impl Read>) -> Result<Self, Odd> {
        let mut strings = Self::default();
        if xml.next()? != Tag::Start || xml.name() != b"sst" {
            return Err(Odd);
        }
        loop {
            let tag = xml.next()?;
            match (tag, xml.name()) {
                (Tag::Start, b"si") => {
                    let mut texts = std::mem::take(&mut strings.last.texts);
                    let struck = read_text(&mut xml, b"si", &mut texts)?;
                    strings.last.texts = texts;
                    if struck != Struck::Nothing {
                        strings.struck.insert(strings.count, struck);
                    }
                    strings.end_text()?;
                }
                (Tag::Empty, b"si") => strings.end_text()?,
                (Tag::End, b"sst") => break,
                _ => return Err(Odd),
            }
        }
        strings.end_chunk()?;
        Ok(strings)
    }

    /// Ends a text that was written into the last chunk.
    fn end_text(&mut self) -> Result<(), Odd> {
        self.last.ends.push(u32::try_from(self.last.texts.len()).map_err(|_| Odd)?);
        self.count += 1;
        if self.last.texts.len() >= CHUNK { self.end_chunk() } else { Ok(()) }
    }

    fn end_chunk(&mut self) -> Result<(), Odd> {
        if std::str::from_utf8(&self.last.texts).is_err() {
            return Err(Odd);
        }
        let first = self.count - self.last.ends.len();
        let (texts, ends) = (self.last.texts.len(), self.last.ends.len());
        let mut offset = 0;
        if self.kept.len() < KEPT {
            self.kept.push(self.last.clone());
        } else {
            if self.file.is_none() {
                self.file = Some(ScratchFile::new()?);
            }
            if let Some(file) = &mut self.file {
                offset = file.stream_position()?;
                self.last.texts.extend(self.last.ends.iter().flat_map(|end| end.to_le_bytes()));
                file.write_all(&self.last.texts)?;
            }
        }
        self.chunks.push(ChunkAt { first, offset, texts, ends });
        self.last.texts.clear();
        self.last.ends.clear();
        Ok(())
    }

    /// How much of a text is struck out.
    pub(super) fn struck(&self, number: usize) -> Struck {
        if self.struck.is_empty() { Struck::Nothing } else { self.struck.get(&number).copied().unwrap_or_default() }
    }

    /// Returns a text.
    pub(super) fn get(&mut self, number: usize) -> Result<&[u8], Odd> {
        let at = self.chunks.partition_point(|chunk| chunk.first <= number).checked_sub(1).ok_or(Odd)?;
        let within = number - self.chunks[at].first;
        let chunk = if at < self.kept.len() { &self.kept[at] } else { self.load(at)? };
        let end = *chunk.ends.get(within).ok_or(Odd)? as usize;
        let start = within.checked_sub(1).map_or(0, |before| chunk.ends[before] as usize);
        Ok(&chunk.texts[start..end])
    }

    /// Reads a chunk of the file, unless it was read before.
    fn load(&mut self, at: usize) -> Result<&Chunk, Odd> {
        if self.loaded.is_empty() {
            self.loaded.resize(LOADED, (0, Chunk::default()));
        }
        let (number, chunk) = &mut self.loaded[at % LOADED];
        if *number != at {
            let file = self.file.as_mut().ok_or(Odd)?;
            let place = &self.chunks[at];
            file.seek(SeekFrom::Start(place.offset))?;
            chunk.texts.resize(place.texts + 4 * place.ends, 0);
            file.read_exact(&mut chunk.texts)?;
            let ends = chunk.texts[place.texts..].chunks_exact(4);
            chunk.ends.clear();
            chunk.ends.extend(ends.map(|end| u32::from_le_bytes([end[0], end[1], end[2], end[3]])));
            chunk.texts.truncate(place.texts);
            *number = at;
        }
        Ok(chunk)
    }
}

/// Reads the text of an element up to its end, with all its runs and without its pronunciation, and adds it to `out`. Returns how
/// much of it is struck out.
pub(super) fn read_text(xml: &mut PlainXml<impl Read>, closing: &[u8], out: &mut Vec<u8>) -> Result<Struck, Odd> {
    let mut is_phonetic = false;
    // Whether the current run is struck out, and whether there are such runs and others.
    let (mut is_struck, mut has_struck, mut has_plain) = (false, false, false);
    loop {
        let tag = xml.next()?;
        match (tag, xml.name()) {
            (Tag::Start, b"t") => {
                let mut keeps_space = false;
                for attribute in xml.attributes() {
                    let (key, value) = attribute?;
                    keeps_space |= key == b"xml:space" && value == b"preserve";
                }
                if xml.next()? != Tag::End || xml.name() != b"t" {
                    return Err(Odd);
                }
                if !is_phonetic {
                    let from = out.len();
                    push_text(out, xml.text())?;
                    if !keeps_space {
                        trim(out, from);
                    }
                    resolve_escapes(out, from)?;
                    if !out[from..].trim_ascii().is_empty() {
                        has_struck |= is_struck;
                        has_plain |= !is_struck;
                    }
                }
            }
            (Tag::Start, b"rPr") => is_struck = read_properties(xml)?,
            (Tag::Start, b"rPh") => is_phonetic = true,
            (Tag::End, b"rPh") => is_phonetic = false,
            (Tag::Start | Tag::End, b"r") => is_struck = false,
            (Tag::Empty, b"t" | b"rPr" | b"phoneticPr") => {}
            (Tag::End, name) if name == closing => {
                return Ok(match (has_struck, has_plain) {
                    (false, _) => Struck::Nothing,
                    (true, true) => Struck::Part,
                    (true, false) => Struck::Whole,
                });
            }
            _ => return Err(Odd),
        }
    }
}

/// Reads the properties of a run, which have no text: whether it is struck out.
fn read_properties(xml: &mut PlainXml<impl Read>) -> Result<bool, Odd> {
    let mut is_struck = false;
    loop {
        match (xml.next()?, xml.name()) {
            (Tag::Empty, b"strike") => {
                is_struck = true;
                for attribute in xml.attributes() {
                    let (key, value) = attribute?;
                    is_struck &= key != b"val" || !matches!(value, b"0" | b"false");
                }
            }
            (Tag::Empty, _) => {}
            (Tag::End, b"rPr") => return Ok(is_struck),
            _ => return Err(Odd),
        }
    }
}

/// Removes the ASCII white space around what was added from a place on.
fn trim(out: &mut Vec<u8>, from: usize) {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let end = out[from..].iter().rposition(|byte| !is_space(byte)).map_or(from, |last| from + last + 1);
    out.truncate(end);
    let start = out[from..].iter().position(|byte| !is_space(byte)).unwrap_or(0);
    out.drain(from..from + start);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SharedStrings, Odd> {
        SharedStrings::read(PlainXml::new(text.as_bytes(), text.len() as u64))
    }

    #[test]
    fn a_text_is_all_its_runs_without_its_pronunciation() {
        let text = "<?xml version=\"1.0\"?><sst count=\"4\"><si><t> a </t></si><si><t xml:space=\"preserve\"> a </t></si>\
            <si><r><rPr><b/></rPr><t>甲</t></r><r><t xml:space=\"preserve\"> 乙</t></r><rPh sb=\"0\"><t>jia</t></rPh>\
            <phoneticPr fontId=\"1\"/></si><si/><si><t/></si></sst>";
        let mut strings = read(text).unwrap();
        let texts: Vec<_> = (0..5).map(|at| String::from_utf8(strings.get(at).unwrap().to_vec()).unwrap()).collect();
        assert_eq!(texts, ["a", " a ", "甲 乙", "", ""]);
        assert!(strings.get(5).is_err());
        assert!(read("<sst><si><t>a<b/></t></si></sst>").is_err());
    }

    #[test]
    fn a_text_is_struck_out_as_far_as_its_runs_are() {
        use Struck::{Nothing, Part, Whole};
        let run = |properties: &str, text: &str| format!("<r><rPr>{properties}</rPr><t>{text}</t></r>");
        let texts = [
            run("<strike/>", "8月10日") + &run("<b/>", "8月20日"),
            run("<b/><strike val=\"1\"/>", "甲") + "<r><t> </t></r>",
            run("<strike val=\"0\"/>", "甲"),
            run("<strike/>", "甲") + "<r><t>乙</t></r>",
            "<t>甲</t>".to_owned(),
        ];
        let strings = read(&format!("<sst><si>{}</si></sst>", texts.join("</si><si>"))).unwrap();
        let struck: Vec<Struck> = (0..6).map(|at| strings.struck(at)).collect();
        assert_eq!(struck, [Part, Whole, Nothing, Part, Nothing, Nothing]);
    }

    #[test]
    fn texts_beyond_memory_are_found_again() {
        let texts: Vec<String> = (0..20_000).map(|at| format!("{at}，{}", "说明".repeat(at % 300))).collect();
        let parts: Vec<String> = texts.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
        let mut strings = read(&format!("<sst>{}</sst>", parts.concat())).unwrap();
        assert!(strings.chunks.len() > KEPT + LOADED, "{}", strings.chunks.len());
        for at in (0..texts.len()).chain((0..texts.len()).rev()).chain((0..texts.len()).map(|at| at * 7919 % 20_000)) {
            assert_eq!(strings.get(at).unwrap(), texts[at].as_bytes());
        }
        assert!(strings.get(texts.len()).is_err());
    }
}
