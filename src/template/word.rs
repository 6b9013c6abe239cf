//! The office's own Word template (版式模板): the tags of a [`WordTemplate`], checked and rendered.
//!
//! Tera never sees the XML. It gets a line for each item: a number for what stays as it is, or a tag. So a value can't
//! touch the markup, the line of a fault is that of its tag, and everything else stays the same byte for byte.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::document::markdown::blocks;
use crate::document::text::normalised;
use crate::fault::{FaultKind, Faults};
use crate::picture::{PictureError, find, prepared};
use crate::place::{OneBased, Place, SourceId, Spot};
use crate::query::QueryContext;
use crate::template::chinese::chinese_names;
use crate::template::engine::{self, Engine, Escaping, MARKUP, TemplatePart};
use crate::template::front_matter::{self, TextOrigin};
use crate::word_template::{
    Content, Filled, NamedPicture, PartSegment, Placed, PlacedPicture, TagKind, WHOLE, WordTemplate,
};
use crate::words::lang::Lang;

/// The Word file of a kind for documents of a language.
#[derive(Clone, Debug)]
pub(crate) struct WordFile {
    pub(crate) lang: Lang,
    /// The source in which faults are shown: a line for each paragraph.
    pub(crate) source: SourceId,
    pub(crate) template: Arc<WordTemplate>,
}

/// Encloses the index of an item; occurs in no value.
const ITEM: char = '\u{1}';

impl WordFile {
    /// Reports what is wrong with it, as far as that shows without data.
    pub(crate) fn check(&self, dry_run: &QueryContext, faults: &mut Faults) {
        let messages = dry_run.messages;
        for wrong in &self.template.wrong {
            let (message, help) = wrong.problem.text(&self.template.paragraphs, messages);
            let what = self.what(wrong.paragraph, messages, &message, Some(help));
            faults.add(self.place(wrong.paragraph, wrong.start, wrong.end), what);
        }
        for part in 0..self.template.parts.len() {
            self.check_part(part, dry_run, faults);
        }
    }

    /// Reports pictures that its tags name and that can't be used. `folder` is that of the project.
    pub(crate) fn check_pictures(&self, folder: &Path, messages: Lang, faults: &mut Faults) {
        for NamedPicture { tag, name, most } in self.template.named_pictures() {
            let read = |path| std::fs::read(path).map_err(|error| PictureError::Unreadable { why: error.to_string() });
            let found = find(name, &[folder.to_owned()]).and_then(read).and_then(|bytes| prepared(&bytes, most));
            if let Err(error) = found {
                let message =
                    messages.pick(format!("图片“{name}”用不了"), format!("the picture `{name}` can't be used"));
                self.tell(tag, FaultKind::Template { message, help: Some(error.text(messages)) }, messages, faults);
            }
        }
    }

    /// Returns all its tags in Tera's syntax, a line for each.
    pub(crate) fn tags(&self) -> String {
        self.template.tags.iter().map(|placed| placed.tag.text() + "\n").collect()
    }

    /// Tells what of it the files made from it will not have.
    pub(crate) fn tell_removed(&self, faults: &mut Faults) {
        super::word_clean::tell(&self.template, self.source, faults);
    }

    fn check_part(&self, part: usize, dry_run: &QueryContext, faults: &mut Faults) {
        let messages = dry_run.messages;
        let mut found = faults.fresh();
        let is_wrong = |placed: &Placed| {
            self.template
                .wrong
                .iter()
                .any(|wrong| wrong.paragraph == placed.paragraph && wrong.start == placed.tag.start)
        };
        let here: Vec<(usize, &Placed)> = self
            .template
            .tags
            .iter()
            .enumerate()
            .filter(|(_, placed)| {
                self.template.paragraphs.get(placed.paragraph).is_some_and(|paragraph| paragraph.part == part)
            })
            .collect();
        let (mut words, mut sound, mut open) = (Vec::new(), Vec::new(), Vec::new());
        let (mut tags, origin) = (Vec::new(), TextOrigin::body(self.source));
        for (index, placed) in here {
            let tag = &placed.tag;
            if tag.kind == TagKind::Comment || WHOLE.contains(&tag.inner.as_str()) && tag.kind == TagKind::Print {
                continue;
            }
            tags.push(index);
            let written = tag.text();
            let is_left = is_wrong(placed) && placed.opened_by.is_none();
            words.push(if is_left { String::new() } else { written.clone() });
            let (before, after) = around(tag.word(), tag.kind);
            let mut one = faults.fresh();
            let stub = format!("{before}{written}{after}");
            let is_named = chinese_names(&written, &[]).is_empty();
            let is_sound = is_left
                || is_named
                    && engine::check_syntax(TemplatePart::Part(part), &stub, origin, messages, &mut one).is_some();
            for fault in one.sorted() {
                self.tell(index, fault.what.clone(), messages, &mut found);
            }
            let opens = matches!(tag.word(), "if" | "for") && tag.kind == TagKind::Block;
            if opens && placed.opened_by.is_some() {
                open.push(tag.word());
            } else if tag.word().starts_with("end") && placed.opened_by.is_some() {
                open.pop();
            }
            sound.push(if is_left {
                String::new()
            } else if is_sound {
                written
            } else {
                stand_in(&tag.inner, tag.kind)
            });
        }
        let words = words.join("\n");
        let mut one = faults.fresh();
        let given: Vec<&str> = front_matter::KEYS.into_iter().chain(WHOLE).collect();
        engine::check_words(&words, (origin, &given), dry_run, &mut one);
        engine::check_calls(&words, origin, dry_run, &mut one);
        let ends: Vec<String> = open.iter().rev().map(|word| format!("{{% end{word} %}}")).collect();
        let text = sound.join("\n") + &ends.concat();
        let mut quiet = faults.fresh();
        if let Some(tera) = engine::check_syntax(TemplatePart::Part(part), &text, origin, messages, &mut quiet) {
            engine::check_variables(&tera, TemplatePart::Part(part), &text, (origin, &given), messages, &mut one);
        }
        for fault in one.sorted() {
            if let Some(index) = tags.get(fault.place.line.to_zero()) {
                self.tell(*index, fault.what.clone(), messages, &mut found);
            }
        }
        faults.append(found);
    }

    /// Compiles its tags. If anything is wrong with them, that is reported and nothing is compiled.
    pub(crate) fn compiled(&self, dry_run: &QueryContext, faults: &mut Faults) -> Engine {
        let mut engine = Engine::new(&dry_run.data, dry_run.messages, Escaping::Word);
        let mut found = faults.fresh();
        self.check(dry_run, &mut found);
        if found.is_empty() {
            for part in 0..self.template.parts.len() {
                engine.add(TemplatePart::Part(part), &self.lines(part), TextOrigin::body(self.source), &mut found);
            }
        }
        faults.append(found);
        engine
    }

    fn items(&self, part: usize) -> &[PartSegment] {
        self.template.parts.get(part).map_or(&[], |part| &part.items)
    }

    /// The text of a part for Tera: a line for each item.
    fn lines(&self, part: usize) -> String {
        let mut text = String::new();
        for (index, item) in self.items(part).iter().enumerate() {
            let placed = match item {
                PartSegment::Tag(tag) => self.template.tags.get(*tag).map(|placed| (*tag, placed)),
                PartSegment::Kept(_) | PartSegment::Own(_) => None,
            };
            let line = match placed {
                Some((_, placed)) if placed.tag.kind == TagKind::Comment => String::new(),
                Some((tag, placed)) if placed.tag.kind == TagKind::Print && !is_our_text(placed) => {
                    format!("{ITEM}t{tag}{ITEM}{}{ITEM}e{ITEM}", placed.tag.text())
                }
                Some((_, placed)) if placed.tag.kind == TagKind::Block => placed.tag.text(),
                _ => format!("{ITEM}{index}{ITEM}"),
            };
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// Renders it for a document; `head` are the texts of its front matter.
    pub(crate) fn filled(
        &self,
        engine: &Engine,
        context: &QueryContext,
        head: &[(&'static str, String)],
        faults: &mut Faults,
    ) -> Filled {
        let mut variables = engine::variables(&context.data);
        for key in front_matter::KEYS {
            let mut texts: Vec<String> =
                head.iter().filter(|(other, _)| *other == key).map(|(_, text)| normalised(text)).collect();
            texts.retain(|text| !text.is_empty());
            if front_matter::is_list(key) {
                variables.insert(key, &texts);
            } else if let Some(text) = texts.pop() {
                variables.insert(key, &text);
            }
        }
        let mut parts = Vec::new();
        for part in 0..self.template.parts.len() {
            let mut found = faults.fresh();
            let text = engine.render(TemplatePart::Part(part), &variables, TextOrigin::body(self.source), &mut found);
            for fault in found.sorted() {
                match self.items(part).get(fault.place.line.to_zero()) {
                    Some(PartSegment::Tag(tag)) => self.tell(*tag, fault.what.clone(), context.messages, faults),
                    _ => faults.add(Place::file(self.source), fault.what.clone()),
                }
            }
            let markup = engine.markup();
            parts.push(self.contents(part, &text.unwrap_or_default(), &markup, context.messages, faults));
        }
        Filled { template: self.template.clone(), parts, pictures: BTreeMap::new() }
    }

    /// The contents of a rendered part, item by item.
    fn contents(
        &self,
        part: usize,
        text: &str,
        markup: &[String],
        messages: Lang,
        faults: &mut Faults,
    ) -> Vec<Content> {
        let items = self.items(part);
        let (mut contents, mut printing) = (Vec::new(), None);
        for (place, piece) in text.split(ITEM).enumerate() {
            let is_mark = place % 2 == 1;
            match (is_mark, piece.strip_prefix('t').and_then(|tag| tag.parse::<usize>().ok())) {
                (true, Some(tag)) => printing = self.template.tags.get(tag).map(|placed| (tag, placed)),
                (true, None) if piece == "e" => printing = None,
                (true, None) => {
                    let item = piece.parse::<usize>().ok().and_then(|index| items.get(index));
                    contents.extend(item.map(|item| match item {
                        PartSegment::Kept(range) => Content::Kept(range.clone()),
                        PartSegment::Own(text) => Content::Text(text.clone()),
                        PartSegment::Tag(tag)
                            if self.template.tags.get(*tag).is_some_and(|placed| placed.tag.inner == "body") =>
                        {
                            Content::Body
                        }
                        PartSegment::Tag(_) => Content::Attachments,
                    }));
                }
                (false, _) => {
                    // Between the items are the ends of our own lines.
                    let Some((tag, placed)) = printing else { continue };
                    let given = piece.split(MARKUP).nth(1).and_then(|number| number.parse::<usize>().ok());
                    let given = given.and_then(|number| markup.get(number));
                    match (placed.is_whole(), given) {
                        (false, None) if placed.picture.is_some() => {
                            contents.extend(placed.picture.as_ref().and_then(|picture| picture_of(picture, piece)));
                        }
                        (false, None) => contents.push(Content::Text(piece.to_owned())),
                        (true, Some(markdown)) => {
                            let blocks = blocks(markdown).map(|read| read.body).unwrap_or_default();
                            contents.push(Content::Blocks(blocks));
                        }
                        (false, Some(_)) => {
                            let (message, help) = messages.pick(
                                ("表格放不进一段文字里", "写成 {{p … }}，并独占一段"),
                                ("a table can't stand within a paragraph", "write {{p … }} in a paragraph of its own"),
                            );
                            let help = Some(help.to_owned());
                            self.tell(tag, FaultKind::Template { message: message.to_owned(), help }, messages, faults);
                        }
                        (true, None) => {
                            let (message, help) = messages.pick(
                                ("{{p …}} 只放 table(…) 的表格", "文字写 {{ … }}"),
                                ("{{p …}} is for the tables of table(…)", "text is {{ … }}"),
                            );
                            let help = Some(help.to_owned());
                            self.tell(tag, FaultKind::Template { message: message.to_owned(), help }, messages, faults);
                        }
                    }
                }
            }
        }
        contents
    }

    /// Reports a text or attachments for which the file has no place, and which would be lost.
    pub(crate) fn check_room(&self, has_body: bool, has_attachments: bool, messages: Lang, faults: &mut Faults) {
        for (whole, is_there) in WHOLE.into_iter().zip([has_body, has_attachments]) {
            if is_there && !self.template.names(whole) {
                let (message, help) = messages.pick(
                    (
                        format!(
                            "版式模板里没有 {{{{ {whole} }}}}，文件的{}会丢失",
                            if whole == "body" { "正文" } else { "附件" }
                        ),
                        "在正文里加一段，只写这个标签".to_owned(),
                    ),
                    (
                        format!("there is no {{{{ {whole} }}}}: the document's {whole} would be lost"),
                        "add a paragraph with nothing but this tag to the text".to_owned(),
                    ),
                );
                faults.add(Place::file(self.source), FaultKind::Template { message, help: Some(help) });
            }
        }
    }

    fn tell(&self, tag: usize, what: FaultKind, messages: Lang, faults: &mut Faults) {
        let Some(placed) = self.template.tags.get(tag) else { return };
        let what = match what {
            FaultKind::Template { message, help } => self.what(placed.paragraph, messages, &message, help),
            what => what,
        };
        faults.add(self.place(placed.paragraph, placed.tag.start, placed.tag.end), what);
    }

    fn what(&self, paragraph: usize, messages: Lang, message: &str, help: Option<String>) -> FaultKind {
        let label = self.template.label(paragraph, messages);
        FaultKind::Template {
            message: messages.pick(format!("{label}：{message}"), format!("{label}: {message}")),
            help,
        }
    }

    fn place(&self, paragraph: usize, start: usize, end: usize) -> Place {
        let length = u32::try_from(end.saturating_sub(start).max(1)).unwrap_or(u32::MAX);
        let spot = Spot::Chars { column: OneBased::from_zero(start), length };
        Place { source: self.source, line: OneBased::from_zero(paragraph), spot }
    }
}

/// The picture that a tag names; nothing if it gives no name.
fn picture_of(picture: &PlacedPicture, given: &str) -> Option<Content> {
    let name = quick_xml::escape::unescape(given).ok()?.trim().to_owned();
    let (drawing, alt) = (picture.drawing.clone(), picture.alt.clone());
    (!name.is_empty()).then_some(Content::Picture { drawing, alt, name })
}

/// Whether it is the tag of the document's own text or attachments.
fn is_our_text(placed: &Placed) -> bool {
    placed.is_whole() && WHOLE.contains(&placed.tag.inner.as_str())
}

/// What a tag must be enclosed in to be compiled by itself.
fn around(word: &str, kind: TagKind) -> (&'static str, &'static str) {
    match (kind, word) {
        (TagKind::Block, "if") => ("", "{% endif %}"),
        (TagKind::Block, "elif" | "else") => ("{% if true %}", "{% endif %}"),
        (TagKind::Block, "endif") => ("{% if true %}", ""),
        (TagKind::Block, "for") => ("", "{% endfor %}"),
        (TagKind::Block, "endfor") => ("{% for x in [] %}", ""),
        (TagKind::Block, "break" | "continue") => ("{% for x in [] %}", "{% endfor %}"),
        _ => ("", ""),
    }
}

/// A valid tag in place of one that can't be compiled, so that the others can be checked.
fn stand_in(inner: &str, kind: TagKind) -> String {
    let word = inner.split_whitespace().next().unwrap_or_default();
    match (kind, word) {
        (TagKind::Block, "if") => "{% if true %}".to_owned(),
        (TagKind::Block, "elif") => "{% elif true %}".to_owned(),
        (TagKind::Block, "for") => {
            let names: String = inner
                .split_once(" in ")
                .map_or("x", |(names, _)| names.trim_start_matches("for").trim())
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ',' | ' '))
                .collect();
            format!("{{% for {} in [] %}}", if names.is_empty() { "x" } else { &names })
        }
        (TagKind::Block, "else" | "endif" | "endfor") => format!("{{% {word} %}}"),
        _ => String::new(),
    }
}
