//! Kinds of documents (文种): a folder with a `kind.yaml` and a template for each language.
//!
//! In: a [`Kind`], built in or the project's own, and [`Data`](crate::dataset::Data) (what the logs and the register hold). Out: [`Rendered`], a
//! document and its figures. Rendering reads no clock and no file.
//!
//! - [`config`]: what `kind.yaml` says
//! - `built_in`: the kinds compiled in
//! - `documents`: which documents a kind calls for, and to whom they go
//! - `calls`: which issues a letter is to name
//! - `ask`: values that the writer must give
//! - `renderer`: data and template to a document

mod ask;
mod built_in;
mod calls;
pub mod config;
mod documents;
mod renderer;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod texts;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::dataset::data::{Records, Request};
use crate::fault::{FaultKind, Faults, Severity};
use crate::model::Issue;
use crate::model::period::Period;
use crate::model::state::State;
use crate::place::{Place, SourceId};
use crate::project::Project;
use crate::source::{Form, Source, Sources};
use crate::tally::select::Filter;
use crate::template::engine::{self, TemplatePart};
use crate::template::front_matter::{self, Origin};
use crate::template::lint;
use crate::template::query::QueryContext;
use crate::template::word::WordFile;
use crate::word_template::annotate::{WordComment, annotated};
use crate::word_template::{WordTemplate, WordTemplateError};
use crate::words::lang::Lang;
use crate::words::near::nearest;
pub use ask::Ask;
pub use calls::{Call, calls, followed, named_before};
use config::Config;
pub use renderer::{Failure, Rendered, Renderer, Unequal, render};

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
    word_files: Vec<WordFile>,
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
pub enum KindError {
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

impl KindError {
    /// The sentence for people; nothing for [`KindError::Broken`], whose faults speak.
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
pub fn load(project: &Project, name: &str, sources: &mut Sources, faults: &mut Faults) -> Result<Kind, KindError> {
    let all = kinds(project);
    let Some(info) = all.iter().find(|info| info.name == name) else {
        let known: Vec<String> = all.into_iter().map(|info| info.name).collect();
        let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        return Err(KindError::Unknown { name: name.to_owned(), near, known });
    };
    let folder = match &info.origin {
        KindOrigin::Project(path) => Some(path.as_path()),
        KindOrigin::BuiltIn => None,
    };
    let mut kind =
        Kind { name: info.name.clone(), config: Config::default(), templates: Vec::new(), word_files: Vec::new() };
    let before = faults.count(Severity::Error);
    if let Some((source, text)) = file(folder, name, "kind.yaml", sources)? {
        kind.config = config::read(source, &text, project, faults);
    }
    if faults.count(Severity::Error) > before {
        return Err(KindError::Broken);
    }
    for lang in Lang::ALL {
        if let Some((source, text)) = file(folder, name, &format!("{lang}.md"), sources)? {
            kind.templates.push(Template { lang, source, text });
        }
        let name = kind.config.word_template.of(lang).to_owned();
        if let Some(folder) = folder.filter(|_| !name.is_empty() && kind.langs().any(|other| other == lang)) {
            // One file may serve both languages.
            let same = kind.word_files.iter().find(|_| name == kind.config.word_template.of(Lang::Zh)).cloned();
            match same {
                Some(same) => kind.word_files.push(WordFile { lang, ..same }),
                None => kind.word_files.extend(word_file(folder, &name, lang, sources, faults)?),
            }
        }
    }
    if faults.count(Severity::Error) > before {
        return Err(KindError::Broken);
    }
    Ok(kind)
}

/// The word_file of a kind; nothing if it can't be used, which is told.
fn word_file(
    folder: &Path,
    name: &str,
    lang: Lang,
    sources: &mut Sources,
    faults: &mut Faults,
) -> Result<Option<WordFile>, KindError> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|cause| KindError::Io(path.clone(), cause))?;
    let read = WordTemplate::read(&bytes);
    let view = read.as_ref().map_or_else(|_| String::new(), WordTemplate::view);
    let shown = path.to_string_lossy().replace('\\', "/");
    let source = sources.add(Source::text(shown, view, Form::Tree));
    match read {
        Ok(template) => Ok(Some(WordFile { lang, source, template: Arc::new(template) })),
        Err(error) => {
            let (message, help) = error.text(lang);
            faults.add(Place::file(source), FaultKind::Template { message, help: Some(help) });
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
) -> Result<Option<(SourceId, String)>, KindError> {
    let own = folder.map(|folder| folder.join(name)).filter(|path| path.is_file());
    let (shown, text) = match own {
        Some(path) => {
            let bytes = std::fs::read(&path).map_err(|cause| KindError::Io(path.clone(), cause))?;
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

    /// The first word_file with a comment at each fault that was found in it; nothing if the kind has none.
    ///
    /// # Errors
    /// It can't be packed again.
    #[must_use]
    pub fn annotated(&self, faults: &Faults, lang: Lang) -> Option<Result<Vec<u8>, WordTemplateError>> {
        let word_file = self.word_files.first()?;
        let remarks: Vec<WordComment> = faults
            .sorted()
            .into_iter()
            .filter(|fault| fault.place.source == word_file.source)
            .filter_map(|fault| match fault.what {
                FaultKind::Template { message, help } => {
                    let text = format!("{message}\n{}", help.unwrap_or_default());
                    Some(WordComment { paragraph: fault.place.line.to_zero(), text })
                }
                _ => None,
            })
            .collect();
        Some(annotated(&word_file.template, &remarks, lang.pick("duban 督办", "duban")))
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
    let data = kind.document(project, Records::default(), &request);
    let book = QueryContext::dry_run(data, Arc::new(project.clone()), messages);
    let mut checked = Vec::new();
    for word_file in &kind.word_files {
        if !checked.contains(&word_file.source) {
            word_file.check(&book, faults);
            checked.push(word_file.source);
        }
    }
    for template in &kind.templates {
        let parts = front_matter::split(template.source, &template.text, faults);
        if let Some(word_file) = kind.word_files.iter().find(|word_file| word_file.lang == template.lang) {
            word_file.check_room(!parts.body.trim().is_empty(), false, messages, faults);
        }
        let origin = Origin::body(template.source);
        engine::check(TemplatePart::Body, &parts.body, origin, &book, faults);
        tell_digits(&parts.body, origin, faults);
        for (index, entry) in parts.entries.iter().enumerate() {
            engine::check(TemplatePart::Head(index), &entry.text, entry.origin, &book, faults);
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
        faults.add(place, FaultKind::BareDigit { text: found.text });
    }
}
