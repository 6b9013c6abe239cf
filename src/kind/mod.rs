//! Stage 5: records and a template to a document, with every figure written down.
//!
//! In: a [`Kind`] (`kind.yaml` and a template for each language, built in or the project's own) and [`Data`] (what the
//! logs and the register hold). Out: [`Rendered`], a document and its figures. Rendering reads no clock and no file.
//!
//! - [`data`]: what a template sees; the same after a way through JSON
//! - [`record`]: rows of logs as records, and back
//! - `config`: what `kind.yaml` says
//! - `matter`: front matter and body of a template
//! - `template`: Tera, and nowhere else
//! - `functions`, `matrix`, `book`: figures, counted by [`crate::tally`]
//! - `ask`: what the writer must give
//! - `calls`: which issues a letter is to name
//! - `letters`: the documents that named an issue before
//! - `filters`: dates, numbers, lists
//! - `lint`: what is wrong with a template and can be told without data
//! - [`figure`]: a number and its rows

mod ask;
mod book;
mod built_in;
mod calls;
mod complaint;
pub mod config;
pub mod data;
pub mod figure;
mod filters;
mod functions;
mod letters;
mod lint;
mod matrix;
mod matter;
pub mod record;
mod template;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod texts;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::document::markdown::blocks;
use crate::document::{Document, Layout, Seal};
use crate::fault::{Faults, Severity, What};
use crate::model::Issue;
use crate::model::period::Period;
use crate::model::state::State;
use crate::place::SourceId;
use crate::project::Project;
use crate::source::{Form, Source, Sources};
use crate::tally::identity;
use crate::tally::select::Filter;
use crate::words::lang::Lang;
use crate::words::near::nearest;
pub use ask::Ask;
use book::Book;
pub use calls::{Call, calls, followed, named_before};
use config::Config;
pub use data::{Data, Records, Request};
pub use figure::{Figure, RowRef, Sheet, figures_json};
use matter::Origin;
pub use record::{Gather, document_record};
use template::{Engine, Piece};

/// The folder of a project's own kinds.
pub const FOLDER: &str = "report-templates";

/// The files of a kind; a folder with none of them is no kind.
const FILES: [&str; 3] = ["kind.yaml", "zh.md", "en.md"];

/// A kind of document (文种).
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its name, that of its folder.
    pub name: String,
    /// What `kind.yaml` says.
    pub config: Config,
    templates: Vec<Template>,
}

/// The template of one language.
#[derive(Clone, Debug)]
struct Template {
    lang: Lang,
    source: SourceId,
    text: String,
}

/// A kind at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub origin: KindOrigin,
    /// The languages it has a template for.
    pub langs: Vec<Lang>,
}

/// Where a kind comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KindOrigin {
    /// Compiled in.
    BuiltIn,
    /// The project's folder, alone or over parts of a built-in kind.
    Project(PathBuf),
}

/// Why there is no such kind.
#[derive(Debug)]
pub enum NoKind {
    /// No kind has the name.
    Unknown {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        near: Option<String>,
        /// What there is.
        known: Vec<String>,
    },
    /// A file of it can't be read.
    Io(PathBuf, io::Error),
    /// `kind.yaml` has errors, which are among the faults.
    Broken,
}

impl NoKind {
    /// The sentence for people; nothing for [`NoKind::Broken`], whose faults speak.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Unknown { name, near, known } => {
                let known = known.join(" ");
                let hint = near.as_ref().map_or(String::new(), |near| {
                    lang.pick(format!("是否指 `{near}`？"), format!("did you mean `{near}`? "))
                });
                lang.pick(
                    format!("没有文种 `{name}`。{hint}可用：{known}"),
                    format!("there is no kind `{name}`; {hint}available: {known}"),
                )
            }
            Self::Io(path, cause) => format!("{}: {cause}", path.display()),
            Self::Broken => String::new(),
        }
    }
}

/// The kinds at hand: the built-in ones in their order, then the project's own by name.
#[must_use]
pub fn kinds(project: &Project) -> Vec<KindInfo> {
    let folder = project.root.join(FOLDER);
    let mut own: Vec<String> = Vec::new();
    if project.configured {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        own = entries
            .filter(|entry| FILES.iter().any(|file| entry.path().join(file).is_file()))
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        own.sort();
    }
    let built_in = built_in::NAMES.iter().map(|name| (*name).to_owned());
    let names: Vec<String> =
        built_in.chain(own.iter().filter(|name| !built_in::NAMES.contains(&name.as_str())).cloned()).collect();
    let infos = names.into_iter().map(|name| {
        let path = folder.join(&name);
        let is_own = own.contains(&name);
        let has = |lang: &Lang| {
            let file = format!("{lang}.md");
            is_own && path.join(&file).is_file() || built_in::file(&name, &file).is_some()
        };
        let langs = Lang::ALL.into_iter().filter(has).collect();
        KindInfo { langs, origin: if is_own { KindOrigin::Project(path) } else { KindOrigin::BuiltIn }, name }
    });
    infos.collect()
}

/// Loads a kind. The project's folder goes before the built-in one, file by file: a project may have its own `zh.md`
/// only. The files become sources, in which faults are shown.
///
/// # Errors
/// There is no such kind, a file can't be read, or `kind.yaml` has errors.
pub fn load(project: &Project, name: &str, sources: &mut Sources, faults: &mut Faults) -> Result<Kind, NoKind> {
    let all = kinds(project);
    let Some(info) = all.iter().find(|info| info.name == name) else {
        let known: Vec<String> = all.into_iter().map(|info| info.name).collect();
        let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        return Err(NoKind::Unknown { name: name.to_owned(), near, known });
    };
    let folder = match &info.origin {
        KindOrigin::Project(path) => Some(path.as_path()),
        KindOrigin::BuiltIn => None,
    };
    let mut kind = Kind { name: info.name.clone(), config: Config::default(), templates: Vec::new() };
    let before = faults.count(Severity::Error);
    if let Some((source, text)) = file(folder, name, "kind.yaml", sources)? {
        kind.config = config::read(source, &text, project, faults);
    }
    if faults.count(Severity::Error) > before {
        return Err(NoKind::Broken);
    }
    for lang in Lang::ALL {
        if let Some((source, text)) = file(folder, name, &format!("{lang}.md"), sources)? {
            kind.templates.push(Template { lang, source, text });
        }
    }
    Ok(kind)
}

/// A file of a kind: the project's, else the built-in one.
fn file(
    folder: Option<&Path>,
    kind: &str,
    name: &str,
    sources: &mut Sources,
) -> Result<Option<(SourceId, String)>, NoKind> {
    let own = folder.map(|folder| folder.join(name)).filter(|path| path.is_file());
    let (shown, text) = match own {
        Some(path) => {
            let bytes = std::fs::read(&path).map_err(|cause| NoKind::Io(path.clone(), cause))?;
            (path.to_string_lossy().replace('\\', "/"), String::from_utf8_lossy(&bytes).into_owned())
        }
        None => match built_in::file(kind, name) {
            Some(text) => (format!("<built in>/{FOLDER}/{kind}/{name}"), text.to_owned()),
            None => return Ok(None),
        },
    };
    let source = sources.add(Source::text(shown, text.clone(), Form::Tree));
    Ok(Some((source, text)))
}

impl Kind {
    /// The running number it draws from.
    #[must_use]
    pub fn series(&self) -> &str {
        self.config.series.as_deref().unwrap_or(&self.name)
    }

    /// Whether an issue makes its unit get one.
    #[must_use]
    pub fn selects(&self, issue: &Issue<'_>, state: State) -> bool {
        let select = &self.config.select;
        let holds = |selection| Filter::of(selection, Period::default()).holds(issue, state);
        !state.withdrawn && (select.is_empty() || select.iter().any(holds))
    }

    /// The languages it has a template for.
    pub fn langs(&self) -> impl Iterator<Item = Lang> + '_ {
        self.templates.iter().map(|template| template.lang)
    }
}

/// Tells what is wrong with a kind's templates without data: what can't be read, unknown names, functions, filters,
/// arguments and values, and figures typed by hand.
pub fn check(kind: &Kind, project: &Project, messages: Lang, faults: &mut Faults) {
    let as_of = project.as_of(chrono::NaiveDate::default());
    let request = Request { lang: messages, as_of, period: Period::default(), units: Vec::new(), set: IndexMap::new() };
    let data = Data::whole(kind, project, Records::default(), &request);
    let book = Book::rehearsal(data, project.clone(), messages);
    for template in &kind.templates {
        let parts = matter::split(template.source, &template.text, faults);
        let origin = Origin::body(template.source);
        template::check(Piece::Body, &parts.body, origin, &book, faults);
        tell_digits(&parts.body, origin, faults);
        for entry in &parts.entries {
            template::check(Piece::Head, &entry.text, entry.origin, &book, faults);
            // The others hold what is no figure: 秘密★1年, a telephone number.
            if matches!(entry.key, "title" | "number" | "date" | "printed_on" | "addressee") {
                tell_digits(&entry.text, entry.origin, faults);
            }
        }
    }
}

fn tell_digits(text: &str, origin: Origin, faults: &mut Faults) {
    for found in lint::digits(text) {
        let place = origin.place(found.line, found.column, found.length);
        faults.add(place, What::BareDigit { text: found.text });
    }
}

/// A document and what stands behind its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The document, for every writer.
    pub document: Document,
    /// The figures, in the order in which the template asked for them.
    pub figures: Vec<Figure>,
    /// The body as the template gave it.
    pub markdown: String,
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
    let lang = data.lang;
    let template = kind.templates.iter().find(|template| template.lang == lang).ok_or(Failure::NoTemplate(lang))?;
    let data = &ask::filled(kind, data);
    let book = Arc::new(Book::new(data.clone(), messages));
    if kind.config.identities {
        let unequal = unequal(&book);
        if !unequal.is_empty() {
            return Err(Failure::Identities(unequal));
        }
    }
    let mut faults = Faults::default();
    let parts = matter::split(template.source, &template.text, &mut faults);
    let origin = Origin::body(template.source);
    // Names first: Tera takes an unknown one in a condition for "no".
    let bare = Data { records: Arc::default(), ..data.clone() };
    let rehearsal = Book::rehearsal(bare, book.project.clone(), messages);
    template::check(Piece::Body, &parts.body, origin, &rehearsal, &mut faults);
    for entry in &parts.entries {
        template::check(Piece::Head, &entry.text, entry.origin, &rehearsal, &mut faults);
    }
    if !faults.is_empty() {
        return Err(Failure::Template(faults));
    }
    let engine = Engine::new(&book);
    let mut head = Vec::new();
    for entry in &parts.entries {
        if let Some(text) = engine.render(Piece::Head, &entry.text, entry.origin, &mut faults) {
            if entry.key == "seal" && !text.trim().is_empty() && !Seal::ALL.iter().any(|(name, _)| *name == text.trim())
            {
                let known = Seal::ALL.map(|(name, _)| name).join(" | ");
                let message = messages.pick(format!("seal 不能是 `{text}`"), format!("seal can't be `{text}`"));
                let help = messages.pick(format!("可用：{known}"), format!("available: {known}"));
                faults.add(entry.origin.place(1, 0, 1), What::Template { message, help: Some(help) });
            }
            head.push((entry.key, text));
        }
    }
    let markdown = engine.render(Piece::Body, &parts.body, origin, &mut faults).unwrap_or_default();
    let read = blocks(&markdown).unwrap_or_else(|wrong| {
        for fault in wrong {
            let shown = markdown.lines().nth(fault.line.saturating_sub(1)).unwrap_or_default();
            // The line of the template, where it stands there as it came out.
            let line = parts.body.lines().position(|line| line.trim() == shown.trim()).map_or(1, |line| line + 1);
            let (what, brief) = (&fault.what, shown.chars().take(60).collect::<String>());
            let message =
                messages.pick(format!("文件里放不下这种写法（{what}）"), format!("a document can't hold this: {what}"));
            let help = messages.pick(format!("生成的正文：{brief}"), format!("in the text made: {brief}"));
            faults.add(origin.place(line, 0, 1), What::Template { message, help: Some(help) });
        }
        crate::document::markdown::Body::default()
    });
    if !faults.is_empty() {
        return Err(Failure::Template(faults));
    }
    let layout: Layout = kind.config.layout;
    let (head, foot) = matter::place(head, layout, data.draft);
    let (body, attachments) = (read.body, read.attachments);
    let reckoned = Some((data.as_of, data.due_soon));
    let document = Document { lang, kind: kind.name.clone(), layout, head, body, attachments, foot, reckoned };
    Ok(Rendered { document, figures: book.figures(), markdown })
}

/// The identities that don't hold of the document's issues: those of its period and unit.
fn unequal(book: &Book) -> Vec<Unequal> {
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
