//! Markdown and HTML as duban writes them and people edit them, and plain text.

use crate::document::label::Labels;
use crate::words::lang::Lang;

use super::line::{FinalText, Line, LineCounter, Part, TextPlace};

/// Keys of front matter that say nothing a reader sees.
const QUIET: [&str; 7] = ["kind", "lang", "layout", "seal", "draft", "format", "outline"];

#[derive(Default)]
struct Lines {
    counter: LineCounter,
    rows: usize,
    text: FinalText,
}

impl Lines {
    fn paragraph(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            let place = self.counter.paragraph(Part::Body);
            self.text.lines.push(Line { place, text, anchors: Vec::new() });
        }
    }

    fn table(&mut self) {
        self.counter.tables += 1;
        self.rows = 0;
    }

    fn row(&mut self, cells: &[String]) {
        self.rows += 1;
        let text = cells.join("\t");
        if !text.trim().is_empty() {
            let row = Some((self.counter.tables, self.rows));
            let place = TextPlace { part: Part::Body, paragraph: self.counter.paragraphs, row };
            self.text.lines.push(Line { place, text, anchors: Vec::new() });
        }
    }
}

/// Reads plain text: each line is a paragraph; one with tabs is a row.
pub(super) fn plain(text: &str) -> FinalText {
    let mut lines = Lines::default();
    let mut is_table = false;
    for line in text.lines() {
        let cells: Vec<String> = line.split('\t').map(|cell| cell.trim().to_owned()).collect();
        if cells.len() > 1 {
            if !is_table {
                lines.table();
            }
            lines.row(&cells);
        } else {
            lines.paragraph(line);
        }
        is_table = cells.len() > 1;
    }
    lines.text
}

/// Reads Markdown.
pub(super) fn markdown(text: &str) -> FinalText {
    let mut lines = Lines::default();
    let mut rest = text;
    if let Some((head, body)) = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")) {
        for line in head.lines() {
            let Some((key, value)) = line.split_once(':') else { continue };
            lines.text.is_draft |= key.trim() == "draft" && value.trim() == "true";
            if !QUIET.contains(&key.trim()) {
                for piece in quoted(value) {
                    // A page has words around it.
                    let lang = if head.contains("lang: \"en\"") { Lang::En } else { Lang::Zh };
                    let (before, after) = Labels::of(lang).printed_copies;
                    let is_copies = key.trim() == "printed_copies";
                    let piece = if is_copies { format!("{before}{piece}{after}") } else { piece };
                    for line in piece.lines() {
                        lines.paragraph(line);
                    }
                }
            }
        }
        rest = body;
    }
    let (mut paragraph, mut is_table) = (String::new(), false);
    for line in rest.lines() {
        let trimmed = line.trim();
        if let Some(row) = trimmed.strip_prefix('|') {
            lines.paragraph(&std::mem::take(&mut paragraph));
            if !is_table {
                lines.table();
            }
            is_table = true;
            let cells = cells(row);
            let is_rule =
                cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' ')));
            if !is_rule {
                lines.row(&cells);
            }
            continue;
        }
        is_table = false;
        let starts = trimmed.starts_with(['#', ':', '>', '<']) || item(trimmed).is_some();
        if trimmed.is_empty() || starts {
            lines.paragraph(&std::mem::take(&mut paragraph));
        }
        if trimmed.starts_with("<!--") {
            continue;
        }
        let content = trimmed.trim_start_matches(['#', '>']).trim_start();
        let content = content.strip_prefix(": ").unwrap_or(content);
        paragraph.push_str(&inline(content));
        paragraph.push(' ');
        if trimmed.starts_with('#') || trimmed.starts_with(": ") {
            lines.paragraph(&std::mem::take(&mut paragraph));
        }
    }
    lines.paragraph(&paragraph);
    lines.text
}

/// The content of a list item.
fn item(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['-', '*', '+']);
    let numbered =
        || line.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix('.').filter(|_| !line.starts_with('.'));
    rest.or_else(numbered).and_then(|rest| rest.strip_prefix(' '))
}

/// The quoted texts of a value of front matter, or the bare value.
fn quoted(value: &str) -> Vec<String> {
    let (mut found, mut open, mut escaped) = (Vec::new(), None::<String>, false);
    for c in value.chars() {
        match (&mut open, c) {
            (Some(text), c) if escaped => {
                text.push(if c == 'n' { '\n' } else { c });
                escaped = false;
            }
            (Some(_), '\\') => escaped = true,
            (Some(_), '"') => found.extend(open.take()),
            (Some(text), c) => text.push(c),
            (None, '"') => open = Some(String::new()),
            (None, _) => {}
        }
    }
    if found.is_empty() { vec![value.trim().to_owned()] } else { found }
}

/// The cells of a row, without the first bar.
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut cell, mut escaped) = (Vec::new(), String::new(), false);
    for c in row.chars() {
        if c == '|' && !escaped {
            cells.push(inline(std::mem::take(&mut cell).trim()));
        } else {
            cell.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    if !cell.trim().is_empty() {
        cells.push(inline(cell.trim()));
    }
    cells
}

/// Running text without emphasis, escapes and tags.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek().is_some_and(char::is_ascii_punctuation) => out.extend(characters.next()),
            '*' => {}
            _ => out.push(c),
        }
    }
    let out = without_tags(&out);
    entities(&out)
}

/// A text without `<…>`; `<br>` is a blank.
fn without_tags(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        if let Some((tag, after)) = after.split_once('>').filter(|_| is_tag) {
            if tag.starts_with("br") {
                out.push(' ');
            }
            rest = after;
        } else {
            out.push('<');
            rest = after;
        }
    }
    out + rest
}

fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let text = text.replace("&nbsp;", " ");
    quick_xml::escape::unescape(&text).map_or_else(|_| text.clone(), std::borrow::Cow::into_owned)
}

/// Elements whose content a reader does not see, or that stand for another place.
const HIDDEN: [&str; 6] = ["script", "style", "svg", "template", "title", "nav"];
/// Elements that end a paragraph.
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "table",
    "tr",
    "caption",
    "section",
    "header",
    "footer",
    "main",
    "article",
    "figure",
    "figcaption",
    "dt",
    "dd",
    "body",
];

/// Reads a page: without its script, drawings and the list of sources.
pub(super) fn html(text: &str) -> FinalText {
    let mut lines = Lines::default();
    let (mut paragraph, mut row, mut cell) = (String::new(), Vec::new(), None::<String>);
    let (mut rest, mut hidden) = (text, None::<(String, usize)>);
    let mut splits = false;
    while !rest.is_empty() {
        let (before, after) = rest.split_once('<').unwrap_or((rest, ""));
        if hidden.is_none() {
            let said = entities(before);
            cell.as_mut().unwrap_or(&mut paragraph).push_str(&said);
        }
        let has_tag = rest.len() > before.len();
        if !has_tag {
            break;
        }
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some((tag, next)) = after.split_once('>') else { break };
        rest = next;
        let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default().to_ascii_lowercase();
        if let Some((of, depth)) = &mut hidden {
            if *of == name {
                *depth = if is_end { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    hidden = None;
                }
            }
            continue;
        }
        let is_sources = name == "section" && tag.contains("class=\"sources\"");
        if !is_end && (HIDDEN.contains(&name.as_str()) || is_sources) && !tag.ends_with('/') {
            hidden = Some((name, 1));
            continue;
        }
        if !is_end && BLOCKS.contains(&name.as_str()) {
            splits = name == "div" || tag.contains("class=\"address\"");
        }
        match (name.as_str(), is_end) {
            ("table", false) => {
                lines.paragraph(&std::mem::take(&mut paragraph));
                lines.table();
            }
            ("tr", false) => row = Vec::new(),
            ("td" | "th", false) => cell = Some(String::new()),
            ("td" | "th", true) => {
                row.extend(cell.take().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            ("tr", true) => lines.row(&std::mem::take(&mut row)),
            // The lines of an address and the names of attachments are lines of their own.
            ("br", _) if splits && cell.is_none() => lines.paragraph(&std::mem::take(&mut paragraph)),
            ("br" | "span", _) => cell.as_mut().unwrap_or(&mut paragraph).push(' '),
            (name, _) if BLOCKS.contains(&name) && cell.is_none() => lines.paragraph(&std::mem::take(&mut paragraph)),
            (name, _) if BLOCKS.contains(&name) => cell.iter_mut().for_each(|cell| cell.push(' ')),
            _ => {}
        }
    }
    lines.paragraph(&paragraph);
    lines.text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &FinalText) -> Vec<&str> {
        text.lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn markdown_is_read_as_a_reader_sees_it() {
        let text = "---\ntitle: \"通报\"\nkind: \"bulletin\"\nreport_to: [\"甲\", \"乙\"]\n---\n\n## 一、情况\n\n发现**33**个，\n其中\\*两个。\n\n1. 甲\n2. 乙\n\n<!-- chart: lines -->\n\n: 表\n\n| 单位 | 数 |\n|---|--:|\n| 甲\\|乙 | 3 |\n";
        let read = markdown(text);
        assert_eq!(
            texts(&read),
            ["通报", "甲", "乙", "一、情况", "发现33个， 其中*两个。", "1. 甲", "2. 乙", "表", "单位\t数", "甲|乙\t3"]
        );
        assert_eq!(read.lines[9].place.row, Some((1, 2)));
    }

    #[test]
    fn a_page_is_read_without_its_sources() {
        let text = "<html><head><title>t</title><style>p{}</style></head><body><p>共<a href=\"#f1\">33</a>个&amp;</p><table><tr><td>甲<br>乙</td><td></td><td>5</td></tr></table><svg><text>9</text></svg><section class=\"sources\"><p>8</p></section><p>完</p></body></html>";
        assert_eq!(texts(&html(text)), ["共33个&", "甲 乙\t\t5", "完"]);
    }
}
