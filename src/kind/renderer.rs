//! Renders data and a template to a document. Documents of a kind share one [`Renderer`], which reads, checks and compiles
//! the template once.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::dataset::Data;
use crate::dataset::{Figure, RowSet};
use crate::document::markdown::{Body, blocks, without_figures};
use crate::document::source::FigureSources;
use crate::document::{Document, Layout, Seal};
use crate::fault::{FaultKind, Faults};
use crate::kind::answers;
use crate::kind::config::Coverage;
use crate::kind::definition::{Kind, Template};
use crate::kind::identities::{self, BrokenIdentity};
use crate::kind::sources;
use crate::project::Project;
use crate::query::QueryContext;
use crate::small_counts::{CountPolicy, GivenAway, HiddenCounts};
use crate::template::engine::{self, Engine, Escaping, TemplatePart};
use crate::template::front_matter::{self, SplitTemplate};
use crate::template::word::WordFile;
use crate::word_template::Filled;
use crate::words::lang::Lang;

/// A document and the rows behind its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The document, for every writer.
    pub document: Document,
    /// The figures, in the order in which the template asked for them.
    pub figures: Vec<Figure>,
    /// The issues that a kind with `covers: unreported` spoke of, whether it listed them or not.
    pub covered: RowSet,
    /// The body as the template gave it.
    pub markdown: String,
    /// The office's own Word template with its tags rendered, where the kind has one.
    pub filled: Option<Filled>,
}

/// Why a document can't be rendered.
#[derive(Debug)]
pub enum RenderError {
    /// The template, or its output, has errors; the faults are in the kind's sources.
    Template(Faults),
    /// Sums that don't agree.
    Identities(Vec<BrokenIdentity>),
    /// A small count that would be given away.
    GivenAway(GivenAway),
    /// The kind has no template in the language.
    NoTemplate(Lang),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(_) => f.write_str("the template has errors"),
            Self::Identities(broken) => {
                let texts: Vec<&str> = broken.iter().map(|broken| broken.text.as_str()).collect();
                write!(f, "the figures do not agree: {}", texts.join("; "))
            }
            Self::GivenAway(small) => write!(f, "the document gives a small count away: {}", small.selection),
            Self::NoTemplate(lang) => write!(f, "there is no template {lang}.md"),
        }
    }
}

impl std::error::Error for RenderError {}

/// Renders a document. `messages` is the language of faults; the document's own is `data.lang`.
///
/// # Errors
/// Sums that don't agree, or what is wrong with the template.
pub fn render(kind: &Kind, data: &Data, messages: Lang) -> Result<Rendered, RenderError> {
    Renderer::new(kind, messages).render(data)
}

/// Renders documents of a kind, one after another.
pub struct Renderer<'k> {
    kind: &'k Kind,
    messages: Lang,
    /// Whether documents say where their figures come from, for formats with links.
    has_sources: bool,
    compiled: Option<CompiledTemplate>,
}

/// A compiled template, shared by documents over the same logs.
struct CompiledTemplate {
    /// The data it was made for.
    of: Data,
    project: Arc<Project>,
    parts: SplitTemplate,
    body: front_matter::TextOrigin,
    engine: Engine,
    word_file: Option<(WordFile, Engine)>,
}

impl<'k> Renderer<'k> {
    /// A renderer for a kind. `messages` is the language of faults.
    #[must_use]
    pub fn new(kind: &'k Kind, messages: Lang) -> Self {
        Self { kind, messages, has_sources: true, compiled: None }
    }

    /// The same for formats without links, which don't show where figures come from.
    #[must_use]
    pub fn without_sources(self) -> Self {
        Self { has_sources: false, ..self }
    }

    /// Renders a document, the same as if it were the only one.
    ///
    /// # Errors
    /// Sums that don't agree, or what is wrong with the template.
    pub fn render(&mut self, data: &Data) -> Result<Rendered, RenderError> {
        let lang = data.lang;
        let template =
            self.kind.templates.iter().find(|template| template.lang == lang).ok_or(RenderError::NoTemplate(lang))?;
        let data = Arc::new(answers::filled(self.kind, data));
        let compiled = self.compiled.take().filter(|compiled| compiled.of.is_of_one_run_with(&data));
        let project = compiled.as_ref().map_or_else(|| Arc::new(data.project()), |compiled| compiled.project.clone());
        let context = QueryContext::new(data.clone(), project.clone(), self.messages);
        if self.kind.config.identities {
            let broken = identities::broken(&context);
            if !broken.is_empty() {
                return Err(RenderError::Identities(broken));
            }
        }
        let compiled = match compiled {
            Some(compiled) => compiled,
            None => CompiledTemplate::new(self.kind, template, &context).map_err(RenderError::Template)?,
        };
        let compiled = self.compiled.insert(compiled);
        // What must be hidden shows once the document has asked for its counts; hidden counts may change what it asks for.
        let mut hidden = HiddenCounts::default();
        loop {
            let context = QueryContext::new(data.clone(), project.clone(), self.messages).hiding(hidden);
            let context = Arc::new(context);
            let rendered = compiled.render(self.kind, self.has_sources, &context).map_err(RenderError::Template)?;
            let more = context.policy().map_or(Ok(None), CountPolicy::more_to_hide).map_err(RenderError::GivenAway)?;
            match more {
                Some(more) => hidden = more,
                None => return Ok(rendered),
            }
        }
    }
}

fn tell_of_seal(text: &str, origin: front_matter::TextOrigin, messages: Lang, faults: &mut Faults) {
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
    fn new(kind: &Kind, template: &Template, context: &QueryContext) -> Result<Self, Faults> {
        let (messages, mut faults) = (context.messages, Faults::default());
        let parts = front_matter::split(template.source, &template.text, &mut faults);
        let body = front_matter::TextOrigin::body(template.source);
        // Names first: Tera silently takes an unknown one in a condition as false.
        let bare = Data { records: Arc::default(), ..Data::clone(&context.data) };
        let dry_run = QueryContext::dry_run(bare, context.project.clone(), messages);
        engine::check(TemplatePart::Body, &parts.body, body, &dry_run, &mut faults);
        for (index, entry) in parts.entries.iter().enumerate() {
            engine::check(TemplatePart::Head(index), &entry.text, entry.origin, &dry_run, &mut faults);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut engine = Engine::new(&context.data, messages, Escaping::Markdown);
        engine.add(TemplatePart::Body, &parts.body, body, &mut faults);
        for (index, entry) in parts.entries.iter().enumerate() {
            engine.add(TemplatePart::Head(index), &entry.text, entry.origin, &mut faults);
        }
        let word_file = kind.word_files.iter().find(|word_file| word_file.lang == context.data.lang);
        let word_file = word_file.map(|word_file| (word_file.clone(), word_file.compiled(&dry_run, &mut faults)));
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self { of: Data::clone(&context.data), project: context.project.clone(), parts, body, engine, word_file })
    }

    /// Renders a document over the data of a context.
    fn render(&self, kind: &Kind, has_sources: bool, context: &Arc<QueryContext>) -> Result<Rendered, Faults> {
        self.engine.set_context(context);
        if let Some((_, engine)) = &self.word_file {
            engine.set_context(context);
        }
        let Self { parts, engine, body: origin, .. } = self;
        let (data, messages, mut faults) = (&context.data, context.messages, Faults::default());
        let mut head = Vec::new();
        let variables = engine::variables(data);
        for (index, entry) in parts.entries.iter().enumerate() {
            if let Some(text) = engine.render(TemplatePart::Head(index), &variables, entry.origin, &mut faults) {
                if entry.key == "seal" {
                    tell_of_seal(&text, entry.origin, messages, &mut faults);
                }
                head.push((entry.key, text));
            }
        }
        let marked = engine.render(TemplatePart::Body, &variables, *origin, &mut faults).unwrap_or_default();
        let read = blocks(&marked).unwrap_or_else(|wrong| {
            let markdown = without_figures(&marked);
            for fault in wrong {
                let shown = markdown.lines().nth(fault.line.saturating_sub(1)).unwrap_or_default();
                // The line of the template, if it is there as it was rendered.
                let line = parts.body.lines().position(|line| line.trim() == shown.trim()).map_or(1, |line| line + 1);
                let (what, brief) = (&fault.what, shown.chars().take(60).collect::<String>());
                let message = messages
                    .pick(format!("文件里放不下这种写法（{what}）"), format!("a document can't hold this: {what}"));
                let help = messages.pick(format!("生成的正文：{brief}"), format!("in the text made: {brief}"));
                faults.add(origin.place(line, 0, 1), FaultKind::Template { message, help: Some(help) });
            }
            Body::default()
        });
        let markdown = match without_figures(&marked) {
            Cow::Owned(markdown) => markdown,
            Cow::Borrowed(_) => marked,
        };
        let filled = self.word_file.as_ref().map(|(word_file, engine)| {
            word_file.check_room(!read.body.is_empty(), !read.attachments.is_empty(), messages, &mut faults);
            word_file.filled(engine, context, &head, &mut faults)
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let layout: Layout = kind.config.layout;
        let (head, foot) = front_matter::place(head, layout, data.draft);
        let (body, attachments) = (read.body, read.attachments);
        let reckoned = Some((data.as_of, data.due_soon));
        // A document of the ladder has only the issues that called for it.
        let is_covering = kind.config.covers == Coverage::Unreported && !data.called;
        let covered = if is_covering { context.covered().unwrap_or_default() } else { RowSet::default() };
        let (lang, kind) = (data.lang, kind.name.clone());
        let figures = context.figures();
        let sources = if has_sources {
            sources::of(&figures, [&body].into_iter().chain(attachments.iter().map(|one| &one.body)), context)
        } else {
            FigureSources::default()
        };
        let mut document = Document { lang, kind, layout, head, body, attachments, foot, reckoned, sources };
        let last = document.number_figures();
        let filled = filled.map(|mut filled| {
            filled.number_figures(lang, last);
            filled
        });
        Ok(Rendered { document, figures, covered, markdown, filled })
    }
}
