//! A template and data to a document. Many documents of a kind go through one [`Renderer`]: what they share is read,
//! checked and compiled once.

use std::sync::Arc;

use crate::dataset::data::Data;
use crate::dataset::figure::{Figure, RowRef};
use crate::document::markdown::{Body, blocks};
use crate::document::{Document, Layout, Seal};
use crate::fault::{FaultKind, Faults};
use crate::kind::{Kind, Template, ask};
use crate::model::state::State;
use crate::project::Project;
use crate::tally::identity;
use crate::template::engine::{self, Engine, Escaping, TemplatePart};
use crate::template::front_matter::{self, Parts};
use crate::template::query::QueryContext;
use crate::template::word::WordFile;
use crate::word_template::Filled;
use crate::words::lang::Lang;

/// A document and what stands behind its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The document, for every writer.
    pub document: Document,
    /// The figures, in the order in which the template asked for them.
    pub figures: Vec<Figure>,
    /// The body as the template gave it.
    pub markdown: String,
    /// The office's own word_file with its tags rendered, where the kind has one.
    pub filled: Option<Filled>,
}

/// Why there is no document.
#[derive(Debug)]
pub enum Failure {
    /// The template, or what came of it; the faults are in the kind's sources.
    Template(Faults),
    /// Sums that don't agree.
    Identities(Vec<Unequal>),
    /// The kind has no template in the language.
    NoTemplate(Lang),
}

/// An identity that does not hold, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unequal {
    /// The name and both sides.
    pub text: String,
    /// Rows counted more often on the left.
    pub more_left: Vec<RowRef>,
    /// Rows counted more often on the right.
    pub more_right: Vec<RowRef>,
}

impl Unequal {
    /// The rows that differ, a line each, for people.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let line = |side: &str, row: &RowRef| {
            let at = row.line.map_or(String::new(), |line| format!(":{line}"));
            format!("{side}{} ({}{at})", row.id, row.file)
        };
        let left = self.more_left.iter().map(|row| line(lang.pick("左边多：", "more on the left: "), row));
        left.chain(self.more_right.iter().map(|row| line(lang.pick("右边多：", "more on the right: "), row))).collect()
    }
}

/// Renders a document. `messages` is the language of faults; the document's own is `data.lang`.
///
/// # Errors
/// Sums that don't agree, or what is wrong with the template.
pub fn render(kind: &Kind, data: &Data, messages: Lang) -> Result<Rendered, Failure> {
    Renderer::new(kind, messages).render(data)
}

/// Renders documents of a kind, one after another.
pub struct Renderer<'k> {
    kind: &'k Kind,
    messages: Lang,
    plate: Option<CompiledTemplate>,
}

/// What documents over the same logs share.
struct CompiledTemplate {
    /// The data it was made for.
    of: Data,
    project: Arc<Project>,
    parts: Parts,
    body: front_matter::Origin,
    engine: Engine,
    word_file: Option<(WordFile, Engine)>,
}

impl<'k> Renderer<'k> {
    /// A press for a kind. `messages` is the language of faults.
    #[must_use]
    pub fn new(kind: &'k Kind, messages: Lang) -> Self {
        Self { kind, messages, plate: None }
    }

    /// Renders a document, the same as if it were the only one.
    ///
    /// # Errors
    /// Sums that don't agree, or what is wrong with the template.
    pub fn render(&mut self, data: &Data) -> Result<Rendered, Failure> {
        let lang = data.lang;
        let template =
            self.kind.templates.iter().find(|template| template.lang == lang).ok_or(Failure::NoTemplate(lang))?;
        let data = Arc::new(ask::filled(self.kind, data));
        let plate = self.plate.take().filter(|plate| plate.of.is_of_one_run_with(&data));
        let project = plate.as_ref().map_or_else(|| Arc::new(data.project()), |plate| plate.project.clone());
        let book = Arc::new(QueryContext::new(data, project, self.messages));
        if self.kind.config.identities {
            let unequal = unequal(&book);
            if !unequal.is_empty() {
                return Err(Failure::Identities(unequal));
            }
        }
        let plate = match plate {
            Some(plate) => plate,
            None => CompiledTemplate::new(self.kind, template, &book).map_err(Failure::Template)?,
        };
        plate.engine.turn_to(&book);
        if let Some((_, engine)) = &plate.word_file {
            engine.turn_to(&book);
        }
        self.plate.insert(plate).print(self.kind, &book).map_err(Failure::Template)
    }
}

fn tell_of_seal(text: &str, origin: front_matter::Origin, messages: Lang, faults: &mut Faults) {
    if text.trim().is_empty() || Seal::ALL.iter().any(|(name, _)| *name == text.trim()) {
        return;
    }
    let known = Seal::ALL.map(|(name, _)| name).join(" | ");
    let message = messages.pick(format!("seal 不能是 `{text}`"), format!("seal can't be `{text}`"));
    let help = messages.pick(format!("可用：{known}"), format!("available: {known}"));
    faults.add(origin.place(1, 0, 1), FaultKind::Template { message, help: Some(help) });
}

impl CompiledTemplate {
    /// Reads, checks and compiles a template.
    fn new(kind: &Kind, template: &Template, book: &QueryContext) -> Result<Self, Faults> {
        let (messages, mut faults) = (book.messages, Faults::default());
        let parts = front_matter::split(template.source, &template.text, &mut faults);
        let body = front_matter::Origin::body(template.source);
        // Names first: Tera takes an unknown one in a condition for "no".
        let bare = Data { records: Arc::default(), ..Data::clone(&book.data) };
        let dry_run = QueryContext::dry_run(bare, book.project.clone(), messages);
        engine::check(TemplatePart::Body, &parts.body, body, &dry_run, &mut faults);
        for (index, entry) in parts.entries.iter().enumerate() {
            engine::check(TemplatePart::Head(index), &entry.text, entry.origin, &dry_run, &mut faults);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut engine = Engine::new(book.data.lang, messages, Escaping::Markdown);
        engine.add(TemplatePart::Body, &parts.body, body, &mut faults);
        for (index, entry) in parts.entries.iter().enumerate() {
            engine.add(TemplatePart::Head(index), &entry.text, entry.origin, &mut faults);
        }
        let word_file = kind.word_files.iter().find(|word_file| word_file.lang == book.data.lang);
        let word_file = word_file.map(|word_file| (word_file.clone(), word_file.compiled(&dry_run, &mut faults)));
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self { of: Data::clone(&book.data), project: book.project.clone(), parts, body, engine, word_file })
    }

    fn print(&self, kind: &Kind, book: &QueryContext) -> Result<Rendered, Faults> {
        let Self { parts, engine, body: origin, .. } = self;
        let (data, messages, mut faults) = (&book.data, book.messages, Faults::default());
        let mut head = Vec::new();
        let context = engine::context(data);
        for (index, entry) in parts.entries.iter().enumerate() {
            if let Some(text) = engine.render(TemplatePart::Head(index), &context, entry.origin, &mut faults) {
                if entry.key == "seal" {
                    tell_of_seal(&text, entry.origin, messages, &mut faults);
                }
                head.push((entry.key, text));
            }
        }
        let markdown = engine.render(TemplatePart::Body, &context, *origin, &mut faults).unwrap_or_default();
        let read = blocks(&markdown).unwrap_or_else(|wrong| {
            for fault in wrong {
                let shown = markdown.lines().nth(fault.line.saturating_sub(1)).unwrap_or_default();
                // The line of the template, where it stands there as it came out.
                let line = parts.body.lines().position(|line| line.trim() == shown.trim()).map_or(1, |line| line + 1);
                let (what, brief) = (&fault.what, shown.chars().take(60).collect::<String>());
                let message = messages
                    .pick(format!("文件里放不下这种写法（{what}）"), format!("a document can't hold this: {what}"));
                let help = messages.pick(format!("生成的正文：{brief}"), format!("in the text made: {brief}"));
                faults.add(origin.place(line, 0, 1), FaultKind::Template { message, help: Some(help) });
            }
            Body::default()
        });
        let filled = self.word_file.as_ref().map(|(word_file, engine)| {
            word_file.check_room(!read.body.is_empty(), !read.attachments.is_empty(), messages, &mut faults);
            word_file.filled(engine, book, &head, &mut faults)
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let layout: Layout = kind.config.layout;
        let (head, foot) = front_matter::place(head, layout, data.draft);
        let (body, attachments) = (read.body, read.attachments);
        let reckoned = Some((data.as_of, data.due_soon));
        let (lang, kind) = (data.lang, kind.name.clone());
        let document = Document { lang, kind, layout, head, body, attachments, foot, reckoned };
        Ok(Rendered { document, figures: book.figures(), markdown, filled })
    }
}

/// The identities that don't hold of the document's issues: those of its period and unit.
fn unequal(book: &QueryContext) -> Vec<Unequal> {
    let (data, project) = (&book.data, &book.project);
    let all = &data.records.parsed().0;
    let indexes: Vec<usize> = match &data.unit {
        Some(unit) => data.records.issues_of(&unit.name).to_vec(),
        None => (0..all.len()).collect(),
    };
    let issues: Vec<(usize, _, State)> = indexes
        .into_iter()
        .filter_map(|index| all.get(index).map(|issue| (index, issue, State::of(issue, &book.as_of))))
        .filter(|(_, issue, state)| !state.withdrawn && data.period.contains(issue.found_on))
        .collect();
    let pairs: Vec<_> = issues.iter().map(|(_, issue, state)| (*issue, *state)).collect();
    let rows = |indexes: &[usize]| -> Vec<RowRef> {
        let records = indexes.iter().filter_map(|index| data.records.issues.get(issues.get(*index)?.0));
        records.map(RowRef::of).collect()
    };
    let broken = identity::check(&pairs, project);
    let shown = broken.iter().map(|broken| Unequal {
        text: broken.text(book.messages),
        more_left: rows(&broken.more_left),
        more_right: rows(&broken.more_right),
    });
    shown.collect()
}
