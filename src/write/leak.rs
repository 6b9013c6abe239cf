//! The leak scan: finished files are searched for what a public edition keeps back, wherever in them it may stand.
//!
//! Of a package (`.docx`, `.xlsx`) every part: text over all runs, attributes, comments, properties, hidden sheets; of
//! HTML the source; of JSON every string; and the names of files and parts.

use std::io::{Cursor, Read as _};

use aho_corasick::{AhoCorasick, MatchKind};
use zip::ZipArchive;

/// Something that was to be kept back, in a finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The file.
    pub file: String,
    /// The part of a package; nothing for the file itself.
    pub part: Option<String>,
    /// What was found.
    pub found: String,
}

/// Searches files.
pub struct Watch {
    /// Names, and texts of cells.
    texts: (Vec<String>, Option<AhoCorasick>),
    /// Digits, which may stand apart.
    numbers: (Vec<String>, Option<AhoCorasick>),
}

impl Watch {
    /// A search for texts, and for the digits of numbers.
    #[must_use]
    pub fn new(texts: impl IntoIterator<Item = String>, numbers: impl IntoIterator<Item = String>) -> Self {
        let machine = |words: Vec<String>| {
            let machine = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&words).ok();
            (words, machine)
        };
        Self { texts: machine(texts.into_iter().collect()), numbers: machine(numbers.into_iter().collect()) }
    }

    /// The first leak of a file, by its name and bytes.
    #[must_use]
    pub fn search(&self, file: &str, bytes: &[u8]) -> Option<Leak> {
        let leak =
            |part: Option<&str>, found: String| Leak { file: file.to_owned(), part: part.map(str::to_owned), found };
        if let Some(found) = self.in_text(file) {
            return Some(leak(None, found));
        }
        if !bytes.starts_with(b"PK") {
            return self.in_bytes(file, bytes).map(|found| leak(None, found));
        }
        let Ok(mut package) = ZipArchive::new(Cursor::new(bytes)) else {
            return self.in_bytes(file, bytes).map(|found| leak(None, found));
        };
        if let Some(found) = self.in_bytes("", package.comment()) {
            return Some(leak(None, found));
        }
        for index in 0..package.len() {
            // What can't be opened can't be vouched for; the check of the package has told of it.
            let Ok(mut part) = package.by_index(index) else { continue };
            let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
            let mut content = Vec::new();
            if part.read_to_end(&mut content).is_err() {
                continue;
            }
            if let Some(found) = self.in_text(&name).or_else(|| self.in_bytes(&name, &content)) {
                return Some(leak(Some(&name), found));
            }
        }
        None
    }

    /// In the bytes of a file or a part, by what they are.
    fn in_bytes(&self, name: &str, bytes: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(bytes);
        let ending = name.rsplit('.').next().unwrap_or_default();
        self.in_text(&text).or_else(|| match ending {
            "json" => self.in_json(&serde_json::from_str(&text).ok()?),
            // A sign before a character may part a word.
            "md" => self.in_text(&text.replace('\\', "")),
            _ => self.in_text(&decoded(&text)).or_else(|| self.in_text(&decoded(&without_tags(&text)))),
        })
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
        let found = |(words, machine): &(Vec<String>, Option<AhoCorasick>), text: &str| {
            let at = machine.as_ref()?.find(text)?;
            words.get(at.pattern().as_usize()).cloned()
        };
        found(&self.texts, text).or_else(|| found(&self.numbers, &joined(text)))
    }
}

/// A text whose digits stand together, whatever blanks and hyphens part them.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut kept = String::new();
    for c in text.chars() {
        let plain = match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            c => c,
        };
        if matches!(c, ' ' | '-' | '\u{a0}' | '\u{3000}' | '－' | '\u{200b}' | '\u{2009}')
            && joined.ends_with(|c: char| c.is_ascii_digit())
        {
            kept.push(c);
            continue;
        }
        if !plain.is_ascii_digit() {
            joined.push_str(&kept);
        }
        kept.clear();
        joined.push(plain);
    }
    joined
}

/// Markup without its tags: what one paragraph or cell says in several runs stands together again, and two paragraphs
/// stand apart.
fn without_tags(markup: &str) -> String {
    const BLOCKS: [&str; 16] =
        ["p", "td", "th", "li", "si", "is", "div", "h1", "h2", "h3", "h4", "tr", "br", "title", "comment", "c"];
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

/// A text with its character references resolved, known or numbered.
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

    fn watch() -> Watch {
        Watch::new(["张三丰".to_owned()], ["13800138000".to_owned()])
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
        ] {
            let leak = watch().search("通报.docx", &package(&[safe, (part, text)]));
            assert_eq!(leak.and_then(|leak| leak.part).as_deref(), Some(part), "{text}");
        }
        assert_eq!(watch().search("通报.docx", &package(&[safe])), None);
        for (file, text) in [
            ("a.html", "<!-- 张三丰 -->"),
            ("a.html", "<p title=\"&#x5f20;三丰\">"),
            ("a.html", "<td>张<b>三</b>丰</td>"),
            ("a.figures.json", "{\"rows\": [{\"file\": \"\\u5f20三丰.csv\"}]}"),
            ("a.md", "张\\三丰"),
            ("张三丰.md", ""),
        ] {
            assert!(watch().search(file, text.as_bytes()).is_some(), "{file}: {text}");
        }
        for text in ["<td>张</td><td>三丰</td>", "138001380001", "张三 丰"] {
            // A longer number is another number, and is searched for all the same: rather once too often.
            let found = watch().search("a.html", text.as_bytes());
            assert_eq!(found.is_some(), text == "138001380001", "{text}");
        }
    }

    #[test]
    fn numbers_that_stand_in_pieces_are_joined() {
        assert_eq!(joined("电话 138 0013-8000 转 8"), "电话 13800138000 转 8");
        assert_eq!(joined("a - b"), "a - b");
    }
}
