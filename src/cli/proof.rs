//! `duban proof`: reads an edited document, its draft's figures and the rows, and tells what does not agree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::args::{ProofArgs, TextOrJson};
use crate::cli::edited::{self, EditedFile};
use crate::cli::output;
use crate::cli::session::Session;
use crate::cli::write::names::edition_mark;
use crate::cli::write::{Remade, RemakeRequest, remade};
use crate::cli::write::{batch, run_options};
use crate::cli::{ExitStatus, Stop};
use crate::dataset::figure_sheet::FigureSheetHead;
use crate::dataset::{Data, Edition, FigureSheet, RunOptions};
use crate::document::printed::PrintedLine;
use crate::fault::FileError;
use crate::platform::paths::{real_path, slashed};
use crate::proof::report::{self, Proof};
use crate::proof::text::{self, FinalText, TextFormat};
use crate::proof::{ProofInput, judge};
use crate::query::QueryContext;
use crate::register::{Past, RegisterEntry, RegisterStatus};
use crate::trace;
use crate::word_template::WordTemplate;
use crate::word_template::annotate::{WordComment, annotated};
use crate::words::lang::Lang;

/// The kind whose rows are read for a document of a kind that is not there, such as the page for the leader.
const BULLETIN: &str = "bulletin";
/// How the name of a file of figures ends.
const FIGURES: &str = ".figures.json";

pub(super) fn run(args: &ProofArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let lang = session.lang;
    let EditedFile { format, bytes, text: edited } = edited::read(&args.document, session)?;
    if args.annotate.is_some() && format != TextFormat::Docx {
        return Err(Stop::wrong(
            session.pick("--annotate 只能给 .docx 加批注", "--annotate puts comments into a .docx only"),
        ));
    }
    let (of, sheet) = figures(args, session)?;
    let draft = draft_of(&sheet, &of, &session.world.folder.join(&args.document), session);
    let kept = kept_run(&sheet, &of, session);
    let asked = run_options::asked_by_proof(kept.as_ref().unwrap_or(&RunOptions::default()), args, session);
    let rows = rows(&asked, &sheet, session)?;
    let of_number = of_number(&sheet, session)?;
    let again = match &rows {
        None => Err(lang.pick("没有读台账", "the logs were not read").to_owned()),
        Some(_) if kept.is_none() => Err(no_run(&sheet, lang).to_owned()),
        Some(_) => made_again(&asked, &sheet, of_number.as_ref(), session),
    };
    let names = edited::names(&sheet, rows.as_ref().map(|data| &*data.records), session);
    let context = rows.map(|data| {
        let project = Arc::new(data.project());
        QueryContext::new(Arc::new(data), project, lang)
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
        again: again.as_ref().map_err(String::as_str),
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

/// The figures of the draft: those of `--of`, or those beside the document.
fn figures(args: &ProofArgs, session: &mut Session<'_>) -> Result<(PathBuf, FigureSheet), Stop> {
    let of = trace::figures_path(args.of.as_deref().unwrap_or(&args.document));
    let sheet = trace::read(&session.world.folder.join(&of)).map_err(|error| {
        Stop::wrong(session.lang.pick(
            format!(
                "读不到拟稿的数字（{}）：{}；用 --of 指明拟稿的 .figures.json",
                slashed(&of),
                FileError::from(&error).text(session.lang)
            ),
            format!(
                "can't read the figures of the draft ({}): {}; name its .figures.json with --of",
                slashed(&of),
                FileError::from(&error).text(session.lang)
            ),
        ))
    })?;
    session.world.inputs.push(session.world.folder.join(&of));
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
    let is_same = real_path(&path).ok().zip(real_path(edited).ok()).is_none_or(|(draft, edited)| draft == edited);
    let format = path.extension().and_then(|extension| TextFormat::of_extension(&extension.to_string_lossy()));
    let (Some(format), false) = (format, is_same) else { return Vec::new() };
    let text = std::fs::read(&path).ok().and_then(|bytes| text::read(&bytes, format).ok());
    let lines = text.into_iter().flat_map(|text| text.lines);
    lines.map(|line| PrintedLine { text: line.text, ..PrintedLine::default() }).collect()
}

/// What the draft was asked for. A public edition keeps nothing that it does not print: the internal one beside it does.
fn kept_run(sheet: &FigureSheet, of: &Path, session: &Session<'_>) -> Option<RunOptions> {
    if sheet.head.edition == Edition::Internal {
        return sheet.head.run.clone();
    }
    let name = of.file_name()?.to_str()?;
    let stem = name.strip_suffix(FIGURES)?;
    let internal = Lang::ALL.into_iter().find_map(|lang| stem.strip_suffix(edition_mark(Edition::Public, lang)))?;
    let path = session.world.folder.join(of).with_file_name(format!("{internal}{FIGURES}"));
    let head = trace::read(&path).ok()?.head;
    let is_same = |head: &FigureSheetHead| {
        let of = &sheet.head;
        (&head.kind, &head.number, &head.unit, &head.as_of) == (&of.kind, &of.number, &of.unit, &of.as_of)
    };
    Some(head).filter(is_same)?.run.filter(|run| run.public_too)
}

/// Why the figures of a sheet that keeps no run are not counted again.
fn no_run(sheet: &FigureSheet, lang: Lang) -> &'static str {
    if sheet.head.edition == Edition::Public {
        lang.pick(
            "公开版不留拟稿的选项，旁边也没有同时写的内部版",
            "a public edition does not keep what was asked for, and no internal one stands beside it",
        )
    } else {
        lang.pick("它没有记下拟稿的选项", "it does not keep what was asked for")
    }
}

/// The rows as of the draft's day; nothing outside of a project where no logs are named.
fn rows(asked: &RunOptions, sheet: &FigureSheet, session: &mut Session<'_>) -> Result<Option<Data>, Stop> {
    if !session.project.configured && asked.paths.is_empty() {
        return Ok(None);
    }
    let kind = if sheet.head.kind == "page" { BULLETIN } else { &sheet.head.kind };
    let args = run_options::rows_args(asked, kind, &session.project.root, &sheet.head.as_of);
    let past = Arc::new(session.register_past()?);
    let (rows, _) = batch::proof_rows(&args, &past, session)?;
    Ok(Some(rows))
}

/// The figures of the draft made again: with the register as it stood before the document that took its number, if any did.
///
/// # Errors
/// Why it can't be made, in a line.
fn made_again(
    asked: &RunOptions,
    sheet: &FigureSheet,
    of_number: Option<&(RegisterEntry, bool)>,
    session: &mut Session<'_>,
) -> Result<FigureSheet, String> {
    let lang = session.lang;
    let head = &sheet.head;
    let as_of = head.as_of.parse().map_err(|_| format!("as_of: {}", head.as_of))?;
    let root = session.project.root.clone();
    let past = of_number.map(|(entry, _)| Past::before(&root, entry.line)).transpose();
    let past = past.map_err(|error| error.text(lang))?;
    let is_draft = of_number.is_none_or(|(_, is_draft)| *is_draft);
    let made = remade(RemakeRequest { root, run: asked, as_of, past, is_draft, figures_only: true }, session)?;
    let same = |made: &Remade| made.facts.kind == head.kind && made.facts.unit == head.unit;
    made.into_iter().find(same).and_then(|made| made.sheet_of(head.edition)).ok_or_else(|| {
        lang.pick("按现在的台账不会写这份文书", "by the logs of today it would not be written").to_owned()
    })
}

/// The document of the register that has the number of a sheet, and whether the sheet is that of its draft.
///
/// # Errors
/// The register can't be read.
fn of_number(sheet: &FigureSheet, session: &Session<'_>) -> Result<Option<(RegisterEntry, bool)>, Stop> {
    let FigureSheetHead { number, kind, document, .. } = &sheet.head;
    let stands = |entry: &RegisterEntry| {
        entry.status != RegisterStatus::Void && Some(&entry.number) == number.as_ref() && entry.kind == *kind
    };
    let entry = session.register_records()?.into_iter().rev().find(stands);
    Ok(entry.map(|entry| {
        let is_draft = entry.files.iter().all(|file| file.path.rsplit('/').next() != Some(document));
        (entry, is_draft)
    }))
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
    output::write_file(out, &copy, session)
}
