//! `duban proof`: reads an edited document, its draft's figures and the rows, and tells what does not agree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::atomic;
use crate::cli::args::{ProofArgs, TextOrJson, WriteArgs};
use crate::cli::session::Session;
use crate::cli::write::{self, ProofRows};
use crate::cli::{ExitStatus, Stop};
use crate::dataset::FigureSheet;
use crate::document::printed::PrintedLine;
use crate::model::Field;
use crate::proof::report::{self, Proof};
use crate::proof::text::{self, FinalText, TextError, TextFormat};
use crate::proof::{ProofInput, judge};
use crate::query::QueryContext;
use crate::register::RegisterStatus;
use crate::trace;
use crate::word_template::WordTemplate;
use crate::word_template::annotate::{WordComment, annotated};

/// The kind whose rows are read for a document of a kind that is not there, such as the page for the leader.
const BULLETIN: &str = "bulletin";

pub(super) fn run(args: &ProofArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let lang = session.lang;
    let format = format_of(&args.document, session)?;
    if args.annotate.is_some() && format != TextFormat::Docx {
        return Err(Stop::wrong(
            session.pick("--annotate 只能给 .docx 加批注", "--annotate puts comments into a .docx only"),
        ));
    }
    let path = session.world.folder.join(&args.document);
    let bytes = std::fs::read(&path).map_err(|error| Stop::wrong(format!("{}: {error}", args.document.display())))?;
    let edited = read(&bytes, format, &args.document, session)?;
    let (of, sheet) = figures(args, session)?;
    let draft = draft_of(&sheet, &of, &path, session);
    let rows = rows(args, &sheet, session)?;
    let is_dispatched = {
        let entries = session.register_records()?;
        let stands = entries.iter().filter(|entry| entry.status != RegisterStatus::Void);
        sheet.head.number.as_ref().is_some_and(|number| {
            stands.into_iter().any(|entry| entry.number == *number && entry.kind == sheet.head.kind)
        })
    };
    let is_letter = sheet.head.called || rows.as_ref().is_some_and(|rows| rows.is_letter);
    let names = names(&sheet, rows.as_ref(), session);
    let context = rows.map(|rows| {
        let project = Arc::new(rows.data.project());
        QueryContext::new(Arc::new(rows.data), project, lang)
    });
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let proof = judge(&ProofInput {
        document: name(&args.document),
        of: name(&of),
        sheet: &sheet,
        draft: &draft,
        edited: &edited,
        names,
        context: context.as_ref(),
        is_letter,
        is_dispatched,
        lang,
    });
    if let Some(out) = &args.annotate {
        annotate(&bytes, &edited, &proof, out, session)?;
    }
    let text = match args.format {
        TextOrJson::Text => report::text(&proof, lang),
        TextOrJson::Json => serde_json::to_string_pretty(&proof)? + "\n",
    };
    session.print(&text)?;
    Ok(if proof.is_clean() { ExitStatus::Done } else { ExitStatus::Found })
}

fn format_of(path: &Path, session: &Session<'_>) -> Result<TextFormat, Stop> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    TextFormat::of_extension(&extension).ok_or_else(|| {
        let name = path.display();
        Stop::wrong(session.lang.pick(
            format!("{name}：校核只读 .docx、.md、.html、.txt；.doc、.wps 请用 Word 或 WPS 另存为 .docx"),
            format!("{name}: proof reads .docx, .md, .html and .txt; save a .doc or .wps as .docx in Word or WPS"),
        ))
    })
}

fn read(bytes: &[u8], format: TextFormat, path: &Path, session: &Session<'_>) -> Result<FinalText, Stop> {
    text::read(bytes, format).map_err(|error| {
        let (message, help) = match error {
            TextError::Word(error) => error.text(session.lang),
            TextError::Encoding => (
                session.pick("不是 UTF-8 编码的文本", "this is no UTF-8 text"),
                session.pick("另存为 UTF-8", "save it as UTF-8"),
            ),
        };
        Stop::wrong(format!("{}: {message}; {help}", path.display()))
    })
}

/// The figures of the draft: those of `--of`, or those beside the document.
fn figures(args: &ProofArgs, session: &Session<'_>) -> Result<(PathBuf, FigureSheet), Stop> {
    let of = trace::figures_path(args.of.as_deref().unwrap_or(&args.document));
    let sheet = trace::read(&session.world.folder.join(&of)).map_err(|error| {
        Stop::wrong(session.lang.pick(
            format!("读不到拟稿的数字（{}）：{error}；用 --of 指明拟稿的 .figures.json", of.display()),
            format!(
                "can't read the figures of the draft ({}): {error}; name its .figures.json with --of",
                of.display()
            ),
        ))
    })?;
    Ok((of, sheet))
}

/// What the draft printed. Of a sheet of an older version, or of a form without a text, it is read from the draft itself,
/// if that stands beside the figures and is not the document.
fn draft_of(sheet: &FigureSheet, of: &Path, edited: &Path, session: &Session<'_>) -> Vec<PrintedLine> {
    if !sheet.printed.is_empty() {
        return sheet.printed.clone();
    }
    let path =
        session.world.folder.join(of).with_file_name(Path::new(&sheet.head.document).file_name().unwrap_or_default());
    let is_same =
        path.canonicalize().ok().zip(edited.canonicalize().ok()).is_none_or(|(draft, edited)| draft == edited);
    let format = path.extension().and_then(|extension| TextFormat::of_extension(&extension.to_string_lossy()));
    let (Some(format), false) = (format, is_same) else { return Vec::new() };
    let text = std::fs::read(&path).ok().and_then(|bytes| text::read(&bytes, format).ok());
    let lines = text.into_iter().flat_map(|text| text.lines);
    lines.map(|line| PrintedLine { text: line.text, ..PrintedLine::default() }).collect()
}

/// The rows as of the draft's day; nothing outside of a project where no logs are named.
fn rows(args: &ProofArgs, sheet: &FigureSheet, session: &mut Session<'_>) -> Result<Option<ProofRows>, Stop> {
    if !session.project.configured && args.paths.is_empty() {
        return Ok(None);
    }
    let kind = if sheet.head.kind == "page" { BULLETIN } else { &sheet.head.kind };
    write::proof_rows(&WriteArgs::of_proof(args, kind, &sheet.head.as_of), session).map(Some)
}

/// Units and persons, each spelling with what it means.
fn names(sheet: &FigureSheet, rows: Option<&ProofRows>, session: &Session<'_>) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |name: &str| {
        if !name.trim().is_empty() {
            names.entry(name.to_owned()).or_insert_with(|| name.to_owned());
        }
    };
    sheet.issues.iter().for_each(|issue| add(&issue.unit));
    for figure in &sheet.figures {
        figure.parts.iter().filter_map(|part| part.key.get("unit")).for_each(|unit| add(unit));
        figure.scope.unit.iter().for_each(|unit| add(unit));
    }
    for issue in rows.iter().flat_map(|rows| rows.data.records.each_issue()) {
        for field in [Field::Unit, Field::CoUnits, Field::Responsible, Field::Leader] {
            let written = issue.field(field);
            written.split(['、', ';', '；', ',', '，']).for_each(|name| add(name.trim()));
        }
    }
    for unit in &session.project.units {
        add(&unit.named.name);
    }
    for unit in &session.project.units {
        for alias in &unit.named.aliases {
            names.insert(alias.clone(), unit.named.name.clone());
        }
    }
    names
}

/// Writes a copy with a comment at each place that is told.
fn annotate(bytes: &[u8], edited: &FinalText, proof: &Proof, out: &Path, session: &Session<'_>) -> Result<(), Stop> {
    let wrong = |error: crate::ooxml::WordTemplateError| Stop::wrong(error.text(session.lang).0);
    let file = WordTemplate::read(bytes).map_err(wrong)?;
    let mut comments: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for note in &proof.notes {
        let Some(line) = edited.lines.get(note.line) else { continue };
        let anchor = line.anchors.iter().rev().find(|(from, _)| *from <= note.at).or_else(|| line.anchors.first());
        let paragraph = anchor.and_then(|(_, start)| {
            file.paragraphs.iter().position(|paragraph| paragraph.part == 0 && paragraph.element.start == *start)
        });
        let place = line.place.label(&line.text, note.at, session.lang);
        let text = match paragraph {
            Some(_) => note.text.clone(),
            // A header or a chart takes no comment: it stands at the beginning, with its place.
            None => format!("{place}{}{}", session.lang.pick("：", ": "), note.text),
        };
        comments.entry(paragraph.unwrap_or(0)).or_default().push(text);
    }
    for missing in &proof.missing {
        let text = session.lang.pick(
            format!("缺少 {}（数字 {}），原在“{}”", missing.traced, missing.figure, missing.near),
            format!("{} (figure {}) is missing, which stood in \"{}\"", missing.traced, missing.figure, missing.near),
        );
        comments.entry(0).or_default().push(text);
    }
    let comments: Vec<WordComment> =
        comments.into_iter().map(|(paragraph, texts)| WordComment { paragraph, text: texts.join("\n") }).collect();
    let copy = annotated(&file, &comments, "duban").map_err(wrong)?;
    let batch = atomic::Batch::default();
    batch.add(session.world.folder.join(out), copy);
    batch.finish().map_err(|(path, error)| Stop::unfinished(format!("{}: {error}", path.display())))
}
