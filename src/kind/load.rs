//! Finds and loads kinds: those compiled in, and those of a project's folder, which go before them file by file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, io};

use crate::fault::{FaultKind, Faults, FileError, Severity};
use crate::kind::built_in;
use crate::kind::config::{self, Config};
use crate::kind::definition::{Kind, Template};
use crate::ooxml::clean::Keep;
use crate::place::{Place, SourceId};
use crate::platform::paths::slashed;
use crate::project::Project;
use crate::source::{Form, Source, Sources};
use crate::template::word::WordFile;
use crate::word_template::{WHOLE, WordTemplate};
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// The folder of a project's own kinds.
pub const FOLDER: &str = "report-templates";

/// The files of a kind; a folder with none of them is no kind.
const FILES: [&str; 3] = ["kind.yaml", "zh.md", "en.md"];

/// A kind that can be loaded.
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

impl KindInfo {
    /// Its folder in the project, if it has one.
    fn folder(&self) -> Option<&Path> {
        match &self.origin {
            KindOrigin::Project(path) => Some(path),
            KindOrigin::BuiltIn => None,
        }
    }
}

/// Why a kind can't be loaded.
#[derive(Debug)]
pub enum KindError {
    /// No kind has the name.
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest name that exists.
        near: Option<String>,
        /// The names that exist, with their Chinese titles.
        known: Vec<(String, String)>,
    },
    /// Several kinds are called so.
    Ambiguous {
        /// What was asked for.
        name: String,
        /// Their names and Chinese titles.
        candidates: Vec<(String, String)>,
    },
    /// The config names one kind twice.
    Twice {
        /// What it is called first.
        one: String,
        /// What it is called then.
        other: String,
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
                let known: Vec<&str> = known.iter().map(|(name, title)| lang.pick(title, name).as_str()).collect();
                let known = known.join(lang.pick("、", " "));
                let hint = near.as_ref().map_or(String::new(), |near| {
                    lang.pick(format!("是否指 `{near}`？"), format!("did you mean `{near}`? "))
                });
                lang.pick(
                    format!("没有文种 `{name}`。{hint}可用：{known}"),
                    format!("there is no kind `{name}`; {hint}available: {known}"),
                )
            }
            Self::Ambiguous { name, candidates } => {
                let candidates = candidates.iter().map(|(name, title)| format!("{name} ({title})"));
                let candidates = candidates.collect::<Vec<_>>().join(lang.pick("、", ", "));
                lang.pick(
                    format!("“{name}”可以指几个文种：{candidates}；请写英文名"),
                    format!("`{name}` may be several kinds: {candidates}; write the first name of one"),
                )
            }
            Self::Twice { one, other } => lang.pick(
                format!("duban.yaml：“{one}”与“{other}”是同一个文种，删去一个"),
                format!("duban.yaml: `{one}` and `{other}` are one kind; remove one"),
            ),
            Self::Io(path, cause) => format!("{}: {}", slashed(&path), FileError::from(cause).text(lang)),
            Self::Broken => String::new(),
        }
    }
}

impl fmt::Display for KindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { .. } | Self::Ambiguous { .. } | Self::Twice { .. } => f.write_str(&self.text(Lang::En)),
            Self::Io(path, _) => write!(f, "{} can't be read", slashed(&path)),
            Self::Broken => f.write_str("kind.yaml has errors"),
        }
    }
}

impl std::error::Error for KindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(_, cause) => Some(cause),
            Self::Unknown { .. } | Self::Ambiguous { .. } | Self::Twice { .. } | Self::Broken => None,
        }
    }
}

/// The kinds of a project: the built-in ones in their order, then the project's own by name.
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

/// The `kind.yaml` of a kind, if it has one.
pub(super) fn kind_yaml(info: &KindInfo, sources: &mut Sources) -> Result<Option<(SourceId, String)>, KindError> {
    file(info.folder(), &info.name, "kind.yaml", sources)
}

/// Loads a kind by its name. The project's folder goes before the built-in one, file by file: a project may have its own `zh.md`
/// only. The files become sources, in which faults are shown. A kind whose Word template is a form, with no place for a text,
/// needs neither.
///
/// # Errors
/// There is no such kind, a file can't be read, or `kind.yaml` has errors.
pub fn load(project: &Project, name: &str, sources: &mut Sources, faults: &mut Faults) -> Result<Kind, KindError> {
    let all = kinds(project);
    let Some(info) = all.iter().find(|info| info.name == name) else {
        let known: Vec<(String, String)> = all.into_iter().map(|info| (info.name.clone(), info.name)).collect();
        let near = nearest(name, known.iter().map(|(name, _)| name.as_str())).map(str::to_owned);
        return Err(KindError::Unknown { name: name.to_owned(), near, known });
    };
    let folder = info.folder();
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
            kind.templates.push(Template { lang, source, text, is_form: false });
        }
    }
    let is_form = kind.templates.is_empty();
    for lang in Lang::ALL {
        let name = kind.config.word_template.of(lang).to_owned();
        let is_written = is_form || kind.langs().any(|other| other == lang);
        if let Some(folder) = folder.filter(|_| !name.is_empty() && is_written) {
            // One file may serve both languages.
            let same = kind.word_files.iter().find(|_| name == kind.config.word_template.of(Lang::Zh)).cloned();
            match same {
                Some(same) => kind.word_files.push(WordFile { lang, ..same }),
                None => kind.word_files.extend(word_file(folder, &name, (lang, kind.config.keep), sources, faults)?),
            }
        }
    }
    if is_form {
        kind.templates = forms(&kind, faults);
    }
    if faults.count(Severity::Error) > before {
        return Err(KindError::Broken);
    }
    Ok(kind)
}

/// The texts of a kind that has none beside its Word templates: its title. None if a Word template has a place for a text, which is
/// added to `faults`.
fn forms(kind: &Kind, faults: &mut Faults) -> Vec<Template> {
    for WordFile { lang, source, template } in &kind.word_files {
        if let Some(whole) = WHOLE.into_iter().find(|whole| template.names(whole)) {
            let message = lang.pick(
                format!("有 {{{{ {whole} }}}}，却没有写正文的 {lang}.md"),
                format!("there is {{{{ {whole} }}}}, but no {lang}.md that writes it"),
            );
            let help =
                lang.pick(format!("补上 {lang}.md，或删去这个标签"), format!("add {lang}.md, or delete the tag"));
            faults.add(Place::file(*source), FaultKind::Template { message, help: Some(help) });
            return Vec::new();
        }
    }
    let form = |file: &WordFile| {
        let title = serde_json::Value::from(kind.config.title.of(file.lang));
        let text = format!("---\ntitle: {title}\n---\n");
        Template { lang: file.lang, source: file.source, text, is_form: true }
    };
    kind.word_files.iter().map(form).collect()
}

/// The Word template of a kind; `None` if it can't be used, which is added to `faults`.
fn word_file(
    folder: &Path,
    name: &str,
    (lang, keep): (Lang, Keep),
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
        Ok(template) => Ok(Some(WordFile { lang, source, template: Arc::new(WordTemplate { keep, ..template }) })),
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
