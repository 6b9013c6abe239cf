//! Stage 5: records and a template to a document, with every figure written down.
//!
//! In: a [`Kind`] (`kind.yaml` and a template for each language, built in or the project's own) and [`Data`] (what the
//! logs and the register hold). Out: [`Rendered`], a document and its figures. Rendering reads no clock and no file.
//!
//! - [`data`]: what a template sees; the same after a way through JSON
//! - [`record`]: rows of logs as records, and back
//! - [`edition`]: what of the data may be published
//! - `config`: what `kind.yaml` says
//! - `matter`: front matter and body of a template
//! - `press`: a template and data to a document
//! - `template`: Tera, and nowhere else
//! - `paper`: the office's own Word file, filled
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
pub mod edition;
pub mod figure;
mod filters;
mod functions;
mod letters;
mod lint;
mod matrix;
mod matter;
mod paper;
mod press;
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

use crate::fault::{Faults, Severity, What};
use crate::frame::annotate::{Remark, annotated};
use crate::frame::{Frame, FrameError};
use crate::model::Issue;
use crate::model::period::Period;
use crate::model::state::State;
use crate::place::{Place, SourceId};
use crate::project::Project;
use crate::source::{Form, Source, Sources};
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
use paper::OwnPaper;
pub use press::{Failure, Press, Rendered, Unequal, render};
pub use record::{Gather, document_record};
use template::Piece;

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
    papers: Vec<OwnPaper>,
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
    let mut kind =
        Kind { name: info.name.clone(), config: Config::default(), templates: Vec::new(), papers: Vec::new() };
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
        let name = kind.config.frame.of(lang).to_owned();
        if let Some(folder) = folder.filter(|_| !name.is_empty() && kind.langs().any(|other| other == lang)) {
            // One file may serve both languages.
            let same = kind.papers.iter().find(|_| name == kind.config.frame.of(Lang::Zh)).cloned();
            match same {
                Some(same) => kind.papers.push(OwnPaper { lang, ..same }),
                None => kind.papers.extend(paper(folder, &name, lang, sources, faults)?),
            }
        }
    }
    if faults.count(Severity::Error) > before {
        return Err(NoKind::Broken);
    }
    Ok(kind)
}

/// The paper of a kind; nothing if it can't be used, which is told.
fn paper(
    folder: &Path,
    name: &str,
    lang: Lang,
    sources: &mut Sources,
    faults: &mut Faults,
) -> Result<Option<OwnPaper>, NoKind> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|cause| NoKind::Io(path.clone(), cause))?;
    let read = Frame::read(&bytes);
    let view = read.as_ref().map_or_else(|_| String::new(), Frame::view);
    let shown = path.to_string_lossy().replace('\\', "/");
    let source = sources.add(Source::text(shown, view, Form::Tree));
    match read {
        Ok(frame) => Ok(Some(OwnPaper { lang, source, frame: Arc::new(frame) })),
        Err(error) => {
            let (message, help) = error.text(lang);
            faults.add(Place::file(source), What::Template { message, help: Some(help) });
            Ok(None)
        }
    }
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

    /// The first paper with a comment at each fault that was found in it; nothing if the kind has none.
    ///
    /// # Errors
    /// It can't be packed again.
    #[must_use]
    pub fn annotated(&self, faults: &Faults, lang: Lang) -> Option<Result<Vec<u8>, FrameError>> {
        let paper = self.papers.first()?;
        let remarks: Vec<Remark> = faults
            .sorted()
            .into_iter()
            .filter(|fault| fault.place.source == paper.source)
            .filter_map(|fault| match fault.what {
                What::Template { message, help } => {
                    let text = format!("{message}\n{}", help.unwrap_or_default());
                    Some(Remark { paragraph: fault.place.line.to_zero(), text })
                }
                _ => None,
            })
            .collect();
        Some(annotated(&paper.frame, &remarks, lang.pick("duban 督办", "duban")))
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
    let book = Book::rehearsal(data, Arc::new(project.clone()), messages);
    let mut checked = Vec::new();
    for paper in &kind.papers {
        if !checked.contains(&paper.source) {
            paper.check(&book, faults);
            checked.push(paper.source);
        }
    }
    for template in &kind.templates {
        let parts = matter::split(template.source, &template.text, faults);
        if let Some(paper) = kind.papers.iter().find(|paper| paper.lang == template.lang) {
            paper.check_room(!parts.body.trim().is_empty(), false, messages, faults);
        }
        let origin = Origin::body(template.source);
        template::check(Piece::Body, &parts.body, origin, &book, faults);
        tell_digits(&parts.body, origin, faults);
        for (index, entry) in parts.entries.iter().enumerate() {
            template::check(Piece::Head(index), &entry.text, entry.origin, &book, faults);
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
