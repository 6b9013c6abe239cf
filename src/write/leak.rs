//! The leak scan: searches finished files for data that a public edition withholds.
//!
//! In a package (`.docx`, `.xlsx`) it searches every part: text across runs, attributes, comments, properties, hidden
//! sheets; in a PDF the text of its pages, its title, bookmarks and links; in HTML the source; in JSON every string; and everywhere the names of files and parts. A package within a package
//! is searched as well; of a picture, what its file holds beside the pixels. Names and numbers are found in any spelling, see [`Compact`](crate::words::personal::Compact).

use std::io::{self, BufRead, Cursor, Read, Seek};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use zip::ZipArchive;

use crate::pdf::read::Pdf;
use crate::picture::beside_pixels;
use crate::spool::Spooled;
use crate::words::person::NameFinder;
use crate::words::personal::compact;

/// Withheld data found in a finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The name of the file.
    pub file: String,
    /// The part of a package; `None` for the file itself or its name.
    pub part: Option<String>,
    /// The text or number that was found.
    pub found: String,
}

/// Searches files for withheld texts and numbers.
pub struct LeakScanner {
    names: (Vec<String>, NameFinder),
    /// Numbers and texts of cells in compact form, with their search automaton.
    texts: (Vec<String>, Option<AhoCorasick>),
}

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct WithheldTexts {
    /// Names of persons, and of units that are not named.
    pub names: Vec<String>,
    /// Names that stay, although one of the others may be a part of them.
    pub known: Vec<String>,
    /// Numbers, and texts of cells.
    pub texts: Vec<String>,
}

/// How deep packages may lie in one another.
const MAX_DEPTH: usize = 3;

impl LeakScanner {
    /// Creates a scanner.
    #[must_use]
    pub fn new(withheld: WithheldTexts) -> Self {
        let WithheldTexts { names, known, texts } = withheld;
        let finder = NameFinder::new(names.iter().map(String::as_str), known.iter().map(String::as_str));
        let words: Vec<String> = texts.iter().map(|text| compact(text)).filter(|text| !text.is_empty()).collect();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&words).ok();
        Self { names: (names, finder), texts: (words, automaton) }
    }

    /// Returns the leaks in a file, the first of each part, given its name.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn search(&self, name: &str, file: &Spooled) -> io::Result<Vec<Leak>> {
        let leak = |part: Option<String>, found: String| Leak { file: name.to_owned(), part, found };
        if let Some(found) = self.in_text(name) {
            return Ok(vec![leak(None, found)]);
        }
        let mut head = Vec::new();
        file.reader().take(4).read_to_end(&mut head)?;
        // Packages and pages may be large, and are searched piece by piece.
        let package = head.starts_with(b"PK").then(|| ZipArchive::new(file.reader()).ok()).flatten();
        let found = match package {
            Some(package) => self.in_package(package, MAX_DEPTH),
            _ if ending(name) == "html" => {
                self.in_page(file.reader())?.map(|found| (None, found)).into_iter().collect()
            }
            _ => self.in_part(name, &file.clone().into_vec()?, 0),
        };
        Ok(found.into_iter().map(|(part, found)| leak(part, found)).collect())
    }

    /// Searches a part that may be a package itself. Returns the parts and what was found first in each.
    fn in_part(&self, name: &str, bytes: &[u8], depth: usize) -> Vec<(Option<String>, String)> {
        if bytes.starts_with(b"%PDF") {
            return self.in_pdf(bytes).map(|found| (None, found)).into_iter().collect();
        }
        let package = Some(bytes).filter(|bytes| bytes.starts_with(b"PK") && depth > 0);
        match package.and_then(|bytes| ZipArchive::new(Cursor::new(bytes)).ok()) {
            Some(package) => self.in_package(package, depth),
            None => self.in_bytes(name, bytes).map(|found| (None, found)).into_iter().collect(),
        }
    }

    fn in_package<R: Read + Seek>(&self, mut package: ZipArchive<R>, depth: usize) -> Vec<(Option<String>, String)> {
        let mut all: Vec<_> = self.in_bytes("", package.comment()).map(|found| (None, found)).into_iter().collect();
        for index in 0..package.len() {
            // An unreadable part can't be searched; the validation of the package reports it.
            let Ok(mut part) = package.by_index(index) else { continue };
            let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
            let mut content = Vec::new();
            if part.read_to_end(&mut content).is_err() {
                continue;
            }
            if let Some(found) = self.in_text(&name) {
                all.push((Some(name), found));
                continue;
            }
            let within = self.in_part(&name, &content, depth - 1).into_iter();
            all.extend(within.map(|(within, found)| {
                (Some(within.map_or_else(|| name.clone(), |within| format!("{name} › {within}"))), found)
            }));
        }
        all
    }

    /// Searches the bytes of a file or part, decoded according to the extension of its name.
    fn in_bytes(&self, name: &str, bytes: &[u8]) -> Option<String> {
        // Among millions of pixels any short name is found by chance.
        let beside = beside_pixels(bytes);
        let text = String::from_utf8_lossy(beside.as_deref().unwrap_or(bytes));
        self.in_text(&text).or_else(|| match ending(name) {
            "json" => self.in_json(&serde_json::from_str(&text).ok()?),
            // An escape before a character may split a word.
            "md" => self.in_text(&text.replace('\\', "")),
            _ => self.in_text(&decoded(&text)).or_else(|| self.in_text(&decoded(&without_tags(&text)))),
        })
    }

    /// Searches a page: the pictures in it one by one, and then what stands beside them.
    fn in_page(&self, mut page: impl BufRead) -> io::Result<Option<String>> {
        let (mut text, mut value) = (Vec::new(), Vec::new());
        while page.read_until(b'"', &mut text)? > 0 {
            if !text.ends_with(SOURCE) {
                continue;
            }
            value.clear();
            page.read_until(b'"', &mut value)?;
            match picture_in(&value) {
                Some(picture) => {
                    if let Some(found) = self.in_bytes("", &picture) {
                        return Ok(Some(found));
                    }
                }
                None => text.append(&mut value),
            }
        }
        Ok(self.in_bytes("", &text))
    }

    /// Searches a PDF. One that can't be read was refused when it was made; the `.docx` that it was made from is searched
    /// too, for a text is whole there, however it breaks into lines.
    fn in_pdf(&self, bytes: &[u8]) -> Option<String> {
        let pdf = Pdf::read(bytes, NaiveDate::default()).ok()?;
        pdf.texts().iter().find_map(|text| self.in_text(text))
    }

    fn in_json(&self, value: &serde_json::Value) -> Option<String> {
        use serde_json::Value;
        match value {
            Value::String(text) => self.in_text(text),
            Value::Array(items) => items.iter().find_map(|item| self.in_json(item)),
            Value::Object(fields) => {
                fields.iter().find_map(|(key, value)| self.in_text(key).or_else(|| self.in_json(value)))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }

    fn in_text(&self, text: &str) -> Option<String> {
        let (names, finder) = &self.names;
        // What is only a part of a longer word of a template is no name.
        if let Some(found) = finder.find(text).into_iter().find(|found| !found.is_doubtful) {
            return names.get(found.name).cloned();
        }
        let (words, automaton) = &self.texts;
        let at = automaton.as_ref().filter(|_| !words.is_empty())?.find(&compact(text))?;
        words.get(at.pattern().as_usize()).cloned()
    }
}

/// What stands behind the last point of a name.
fn ending(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

/// What stands before the address of a picture in a page.
const SOURCE: &[u8] = b" src=\"";

/// The picture that is within its address, up to the closing quote.
fn picture_in(address: &[u8]) -> Option<Vec<u8>> {
    let data = address.strip_prefix(b"data:image/")?.strip_suffix(b"\"")?;
    let at = data.iter().position(|byte| *byte == b',')?;
    STANDARD.decode(data.get(at + 1..)?).ok()
}

/// Returns markup without its tags: the runs of a paragraph or cell are joined, and paragraphs and cells are on lines
/// of their own.
fn without_tags(markup: &str) -> String {
    // The last three are those of charts: points of a part, texts of a drawing.
    const BLOCKS: [&str; 20] = [
        "p",
        "td",
        "th",
        "li",
        "si",
        "is",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "tr",
        "br",
        "title",
        "comment",
        "c",
        "pt",
        "text",
        "desc",
        "figcaption",
    ];
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
        let name = tag.trim_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        if BLOCKS.contains(&name) {
            text.push('\n');
        }
        rest = behind;
    }
    text + rest
}

/// Returns a text with named and numeric character references resolved.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let reference = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        let character = reference.and_then(|(name, _)| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            name => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)
            }
        });
        if let (Some(character), Some((_, behind))) = (character, reference) {
            decoded.push(character);
            rest = behind;
        } else {
            decoded.push('&');
            rest = after;
        }
    }
    decoded + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn scanner() -> LeakScanner {
        LeakScanner::new(WithheldTexts {
            names: vec!["张三丰".to_owned(), "黄河".to_owned()],
            known: vec!["黄河路办事处".to_owned()],
            texts: vec!["13800138000".to_owned()],
        })
    }

    fn search(name: &str, bytes: &[u8]) -> Vec<Leak> {
        scanner().search(name, &bytes.to_vec().into()).unwrap()
    }

    fn package(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_leak_is_found_wherever_it_is_planted() {
        let safe = ("word/document.xml", "<w:p><w:t>张某某</w:t></w:p><w:p>丰</w:p>");
        for (part, text) in [
            ("word/footnotes.xml", "<w:p><w:r><w:t>张</w:t></w:r><w:r><w:t>三丰</w:t></w:r></w:p>"),
            ("word/comments.xml", "<w:comment w:author=\"张三丰\"/>"),
            ("docProps/core.xml", "<dc:creator>&#24352;三丰</dc:creator>"),
            ("word/footer1.xml", "<w:p><w:t>电话 138-0013 8000</w:t></w:p>"),
            ("xl/worksheets/sheet9.xml", "<c t=\"inlineStr\"><is><t>１３８００１３８０００</t></is></c>"),
            ("xl/comments1.xml", "<comment><text><t>张三</t><t>丰</t></text></comment>"),
            ("word/media/张三丰.png", ""),
            ("word/charts/chart1.xml", "<c:pt idx=\"0\"><c:v>张三丰</c:v></c:pt>"),
            ("word/header1.xml", "<wp:docPr id=\"1\" descr=\"条形图。&#24352;三丰：3。\"/>"),
        ] {
            let leak = search("通报.docx", &package(&[safe, (part, text)]));
            assert_eq!(leak.iter().map(|leak| leak.part.as_deref()).collect::<Vec<_>>(), [Some(part)], "{text}");
        }
        assert_eq!(search("通报.docx", &package(&[safe])), []);
        for (file, text) in [
            ("a.html", "<!-- 张三丰 -->"),
            ("a.html", "<p title=\"&#x5f20;三丰\">"),
            ("a.html", "<td>张<b>三</b>丰</td>"),
            ("a.figures.json", "{\"rows\": [{\"file\": \"\\u5f20三丰.csv\"}]}"),
            ("a.md", "张\\三丰"),
            ("张三丰.md", ""),
        ] {
            assert!(!search(file, text.as_bytes()).is_empty(), "{file}: {text}");
        }
        // A longer number that contains the withheld one is reported: a false alarm is better than a leak.
        for (text, expected) in [
            ("<td>张</td><td>三丰</td>", false),
            ("<svg><text x=\"1\">张</text><text>三丰</text></svg>", false),
            ("<svg><desc>条形图：张三丰 3。</desc></svg>", true),
            ("138001380001", true),
            ("张三 丰", true),
            ("黄河路办事处", false),
            ("黄河路办事处、黄河", true),
        ] {
            assert_eq!(!search("a.html", text.as_bytes()).is_empty(), expected, "{text}");
        }
        // A picture: its pixels are no text, and what stands beside them is.
        let jpeg = |beside: &str| {
            let length = u16::try_from(beside.len() + 2).unwrap().to_be_bytes();
            [b"\xFF\xD8\xFF\xFE", &length[..], beside.as_bytes(), b"\xFF\xDA\0\x02", "张三丰".as_bytes(), b"\xFF\xD9"]
                .concat()
        };
        for (beside, expected) in [("", false), ("张三丰", true)] {
            let page =
                format!("<img alt=\"甲\" src=\"data:image/jpeg;base64,{}\"><p>乙</p>", STANDARD.encode(jpeg(beside)));
            assert_eq!(!search("a.html", page.as_bytes()).is_empty(), expected);
            assert_eq!(!search("a.jpeg", &jpeg(beside)).is_empty(), expected);
            for (caption, planted) in [("张三丰", true), ("张某某", false)] {
                let page = page.replace("乙", caption).replace("<p>", "<figcaption>图1　");
                assert_eq!(!search("a.html", page.as_bytes()).is_empty(), expected || planted, "{page}");
                let page = page.replace("alt=\"甲\"", &format!("alt=\"{caption}\""));
                assert_eq!(!search("a.html", page.as_bytes()).is_empty(), expected || planted, "{page}");
            }
        }
        // A workbook behind a chart.
        let inner = package(&[("xl/sharedStrings.xml", "<si><t>张三丰</t></si>")]);
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("word/embeddings/1.xlsx", zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&inner).unwrap();
        let leaks = search("通报.docx", &writer.finish().unwrap().into_inner());
        assert_eq!(leaks[0].part.as_deref(), Some("word/embeddings/1.xlsx › xl/sharedStrings.xml"));
    }
}
