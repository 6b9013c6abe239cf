//! `dispatch --final`: an edited document is held against what the run makes, and goes out in its place.
//!
//! What can't be let through: tracked changes and comments, the marks of a draft, and another number than the one that is taken.
//! All else that a proof tells is a class of `--accept`, which the register keeps as it keeps accepted faults of the logs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::args::{EditionArg, WriteArgs};
use crate::cli::edited::{self, EditedFile};
use crate::cli::session::Session;
use crate::cli::write::batch::DocumentBatch;
use crate::cli::write::file::OutputFile;
use crate::cli::write::make::FinishedDocument;
use crate::cli::{ExitStatus, Stop};
use crate::dataset::{Data, FigureSheet, reprinted};
use crate::document::label::Labels;
use crate::document::printed::PrintedLine;
use crate::fault::PLACES_KEPT;
use crate::kind::Kind;
use crate::platform::paths::slashed;
use crate::proof::class::ProofClass;
use crate::proof::report::{self, Proof};
use crate::proof::text::FinalText;
use crate::proof::{ProofInput, Reprint, judge, reprint};
use crate::query::QueryContext;
use crate::register::AcceptedFaults;
use crate::spool::Spooled;
use crate::words::lang::{Lang, counted};
use crate::words::number::narrow;
use crate::write::Format;

/// An edited document that is to go out.
pub(super) struct FinalFile {
    path: PathBuf,
    format: Format,
    file: EditedFile,
    /// What of a proof is let through.
    accepted: Vec<ProofClass>,
}

impl FinalFile {
    /// Reads the file.
    ///
    /// # Errors
    /// It can't be read, or is of no format that goes out.
    pub(super) fn read(path: &Path, accepted: Vec<ProofClass>, session: &mut Session<'_>) -> Result<Self, Stop> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let format = extension.parse::<Format>().ok();
        let is_read = |format: &Format| matches!(format, Format::Docx | Format::Markdown | Format::Html);
        let format = format.filter(is_read).ok_or_else(|| {
            let name = slashed(&path);
            Stop::wrong(session.lang.pick(
                format!("--final {name}：发出的终稿只能是 .docx、.md 或 .html；没有发文"),
                format!("--final {name}: what goes out is a .docx, .md or .html; nothing was dispatched"),
            ))
        })?;
        Ok(Self { path: path.to_owned(), format, file: edited::read(path, session)?, accepted })
    }

    /// The formats that are made: that of the file, and the PDF that is laid out of it.
    ///
    /// # Errors
    /// Another was asked for: made from the template it would say what the file does not.
    pub(super) fn formats(
        &self,
        (asked, kind): (Vec<Format>, &Kind),
        args: &WriteArgs,
        session: &mut Session<'_>,
    ) -> Result<Vec<Format>, Stop> {
        let lang = session.lang;
        let own = |format: &Format| *format == self.format || *format == Format::Pdf && self.format == Format::Docx;
        let (mut formats, others): (Vec<Format>, Vec<Format>) = asked.into_iter().partition(own);
        if let Some(other) = others.first() {
            let name = slashed(&self.path);
            let others = others.iter().map(|format| format.extension()).collect::<Vec<_>>().join(",");
            if !args.formats.is_empty() {
                return Err(Stop::wrong(lang.pick(
                    format!("--to {other}：按模板写出的不会有 {name} 里的改动；只能发这份文件（.docx 可另加 pdf）"),
                    format!(
                        "--to {other}: made from the template it would not have what was edited in {name}: only the file itself \
                         goes out (a .docx with pdf, too)"
                    ),
                )));
            }
            session.note(&lang.pick(
                format!("这个文种平时还写 {others}；按模板写出的不会有终稿的改动，这次不写"),
                format!("{others} of this kind would not have what was edited, and is not written this time"),
            ))?;
        }
        if kind.is_form() && !self.format.is_word() {
            return Err(Stop::wrong(lang.pick(
                format!("文种 {} 只有 Word 版式模板，终稿应是 .docx", kind.name),
                format!("the kind {} is a Word form without a text: what goes out is a .docx", kind.name),
            )));
        }
        if !formats.contains(&self.format) {
            formats.insert(0, self.format);
        }
        Ok(formats)
    }

    /// Holds the file against the document that the run made, and puts it in its place.
    ///
    /// # Errors
    /// What is told of it (status 1), or a class of `--accept` of which nothing is told (status 2).
    pub(super) fn take_place(
        &self,
        finished: &mut FinishedDocument,
        data: Data,
        session: &mut Session<'_>,
    ) -> Result<(), Stop> {
        let made = of_format(&finished.files, Some(self.format)).map(|file| file.bytes.clone().into_vec());
        let number = &finished.facts.number;
        let made = edited::text_of(&made.transpose()?.unwrap_or_default(), self.file.format, number, session)?;
        let figures = of_format(&finished.files, None).map(|file| file.bytes.clone().into_vec());
        let figures = figures.transpose()?.unwrap_or_default();
        let sheet = FigureSheet::read(&figures)?;
        // A form has no text but that of its file.
        let draft = if sheet.printed.is_empty() { lines_of(&made) } else { sheet.printed.clone() };
        let names = edited::names(&sheet, Some(&data.records), session);
        let proof = self.proof((&sheet, &draft), (number, names.clone()), data, session);
        let accepted = self.pass(&proof, &made, number, session)?;

        let facts = &mut finished.facts;
        let Reprint { lines, title } = reprint(&draft, &self.file.text, &names, &facts.title);
        facts.title = title.unwrap_or_else(|| facts.title.clone());
        facts.edited = true;
        facts.accepted.counts.extend(accepted.counts);
        facts.accepted.places.extend(accepted.places);
        for file in &mut finished.files {
            file.bytes = match file.format {
                None => reprinted(&figures, &lines)?.into(),
                // Until it is laid out, a PDF has the bytes of its `.docx`.
                Some(_) => Spooled::from(self.file.bytes.clone()),
            };
        }
        Ok(())
    }

    /// What a proof tells.
    fn proof(
        &self,
        (sheet, draft): (&FigureSheet, &[PrintedLine]),
        (number, names): (&str, BTreeMap<String, String>),
        data: Data,
        session: &Session<'_>,
    ) -> Proof {
        // A new number may be that of any issue.
        let data = Data { unit: None, unreported: false, ..data };
        let project = Arc::new(data.project());
        let context = QueryContext::new(Arc::new(data), project, session.lang);
        judge(&ProofInput {
            document: self.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            of: number.to_owned(),
            sheet,
            draft,
            edited: &self.file.text,
            names,
            context: Some(&context),
            again: Ok(sheet),
            lang: session.lang,
        })
    }

    /// Refuses what is told and not let through; returns what is.
    fn pass(
        &self,
        proof: &Proof,
        made: &FinalText,
        number: &str,
        session: &mut Session<'_>,
    ) -> Result<AcceptedFaults, Stop> {
        let lang = session.lang;
        if let Some(class) = self.accepted.iter().find(|class| proof.count(**class) == 0) {
            let (key, title) = (class.key(), class.title(lang));
            return Err(Stop::wrong(lang.pick(
                format!("--accept {key}：终稿没有这一类（{title}）的问题；没有发文"),
                format!(
                    "--accept {key}: nothing of this class ({title}) is told of the document; nothing was dispatched"
                ),
            )));
        }
        let mut accepted = AcceptedFaults::default();
        for class in &self.accepted {
            let lines = proof.lines(*class, lang);
            accepted.counts.insert(class.key().to_owned(), lines.len());
            accepted.places.insert(class.key().to_owned(), lines.into_iter().take(PLACES_KEPT).collect());
        }
        let is_told = |class: &ProofClass| proof.count(*class) > 0 && !self.accepted.contains(class);
        let told: Vec<&str> = ProofClass::ALL.into_iter().filter(is_told).map(ProofClass::key).collect();
        let reasons = self.reasons(made, number, lang);
        if told.is_empty() && reasons.is_empty() {
            tell_gone(proof, session)?;
            return Ok(accepted);
        }
        if !told.is_empty() {
            for line in report::text(proof, lang).lines() {
                session.warn(line)?;
            }
        }
        for reason in &reasons {
            session.warn(&format!("duban: {}{}{reason}", slashed(&self.path), lang.pick("：", ": ")))?;
        }
        let classes = told.join(",");
        let help = lang.pick(
            format!("（{classes}）。改正终稿后再发；确需照发，用 --accept {classes} --why \"理由\"，登记簿会记下"),
            format!(
                " ({classes}). Correct the document; to dispatch it all the same, give --accept {classes} --why \"REASON\", which \
                 the register keeps"
            ),
        );
        let help = if told.is_empty() { lang.pick("。改好再发", ". Mend it first").to_owned() } else { help };
        session.warn(&lang.pick(
            format!("没有发文，没有取号：终稿与这次要发的文书不符{help}"),
            format!("nothing was dispatched and no number taken: the document is not what this run dispatches{help}"),
        ))?;
        Err(Stop::Reported(ExitStatus::Found))
    }

    /// What is never let through.
    fn reasons(&self, made: &FinalText, number: &str, lang: Lang) -> Vec<String> {
        let text = &self.file.text;
        let mut reasons = Vec::new();
        if let Some(first) = text.tracked.first() {
            let (count, place) = (text.tracked.len(), first.place.label("", 0, lang));
            reasons.push(lang.pick(
                format!("还有修订 {count} 处（第一处在{place}）；在 Word 或 WPS 里逐处接受或拒绝"),
                format!(
                    "it has {} (the first in {place}): accept or reject them in Word or WPS",
                    counted(count, "tracked change")
                ),
            ));
        }
        if text.comments > 0 {
            reasons.push(lang.pick(
                format!("还有批注 {} 条；全部删去", text.comments),
                format!("it has {}: delete them", counted(text.comments, "comment")),
            ));
        }
        let marks = marks(text, made, lang);
        if !marks.is_empty() {
            let (mark, places) = (Labels::of(lang).draft, marks.join(lang.pick("、", ", ")));
            reasons.push(lang.pick(
                format!("还有草稿标记 {mark}（{places}）；用“全部替换”把它替换为空，页眉也算"),
                format!(
                    "it still has the mark of a draft, {mark} ({places}): replace it by nothing, in page headers too"
                ),
            ));
        }
        if shows(made, number) && !shows(text, number) {
            reasons.push(lang.pick(
                format!("没有写这次所取的文号 {number}；文号处写 {number}"),
                format!("it does not have the number that is taken, {number}: write {number} where its number stands"),
            ));
        }
        reasons
    }
}

/// The file of a format; of none, the figures.
fn of_format(files: &[OutputFile], format: Option<Format>) -> Option<&OutputFile> {
    files.iter().find(|file| file.format == format)
}

/// The lines of a file as a draft prints them, without figures.
fn lines_of(text: &FinalText) -> Vec<PrintedLine> {
    text.lines.iter().map(|line| PrintedLine { text: line.text.clone(), ..PrintedLine::default() }).collect()
}

/// Where a document is marked as a draft, and the one that was made is not.
fn marks(text: &FinalText, made: &FinalText, lang: Lang) -> Vec<String> {
    let mut places: Vec<String> = text.is_draft.then(|| "draft: true".to_owned()).into_iter().collect();
    for mark in Lang::ALL.map(|lang| Labels::of(lang).draft) {
        let is_marked = |text: &str| has(text, mark, char::is_alphabetic);
        if !made.lines.iter().any(|line| is_marked(&line.text)) {
            let marked = text.lines.iter().filter(|line| is_marked(&line.text));
            places.extend(marked.map(|line| line.place.label("", 0, lang)));
        }
    }
    places
}

/// Whether a document has a number, however it is spaced.
fn shows(text: &FinalText, number: &str) -> bool {
    let bare = |text: &str| narrow(text).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let number = bare(number);
    text.lines.iter().any(|line| has(&bare(&line.text), &number, char::is_numeric))
}

/// Whether a text has some words that do not go on before or behind: 第1期 is not in 第11期.
fn has(text: &str, words: &str, is_same_word: fn(char) -> bool) -> bool {
    let goes_on = |one: Option<char>, other: Option<char>| {
        one.zip(other).is_some_and(|(a, b)| is_same_word(a) && is_same_word(b))
    };
    !words.is_empty()
        && text.match_indices(words).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default().chars().next_back();
            let after = text.get(at + words.len()..).unwrap_or_default().chars().next();
            !goes_on(before, words.chars().next()) && !goes_on(words.chars().next_back(), after)
        })
}

/// The one document of a run that an edited file takes the place of, with its data.
///
/// # Errors
/// The run makes several documents, or two editions of one.
pub(super) fn only_document(batches: &[DocumentBatch], args: &WriteArgs, session: &Session<'_>) -> Result<Data, Stop> {
    let lang = session.lang;
    if matches!(args.edition, EditionArg::Both) {
        return Err(Stop::wrong(lang.pick(
            "--final 是一份文件，不能同时是内部版和公开版；--edition 写其中一种",
            "--final is one file, and can't be the internal and the public edition: name one by --edition",
        )));
    }
    let all: Vec<&Data> = batches.iter().flat_map(|batch| &batch.all).collect();
    if let [data] = all.as_slice() {
        return Ok((*data).clone());
    }
    let units: Vec<&str> = all.iter().filter_map(|data| Some(data.unit.as_ref()?.name.as_str())).collect();
    let (count, units) = (all.len(), units.join(lang.pick("、", ", ")));
    Err(Stop::wrong(lang.pick(
        format!("--final 只能发一份文书，这次有 {count} 份（{units}）；用 --unit 指明单位。没有发文"),
        format!(
            "--final is one document, and this run has {count} ({units}): name the unit by --unit; nothing was dispatched"
        ),
    )))
}

/// Says which issues the register enters although the text does not quote them any more.
fn tell_gone(proof: &Proof, session: &mut Session<'_>) -> Result<(), Stop> {
    let gone: Vec<&str> = proof.altered.iter().map(|one| one.key.as_str()).collect();
    if gone.is_empty() {
        return Ok(());
    }
    session.warn(&session.lang.pick(
        format!(
            "duban: 登记簿仍记这份文书写到描述有改动的问题（{}）；不再写到的，用 --where 排除后重拟",
            gone.join("、")
        ),
        format!(
            "duban: the register enters the issues whose descriptions were altered ({}) as named; if one is not named any \
             more, draft again without it (--where)",
            gone.join(", ")
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::text::{self, TextFormat};

    #[test]
    fn a_number_is_found_whole_and_however_it_is_spaced() {
        let of = |line: &str| text::read(line.as_bytes(), TextFormat::Text).unwrap();
        for (line, number, is_there) in [
            ("第16期【草稿】", "第16期", true),
            ("第 16 期", "第16期", true),
            ("（第１６期）", "第16期", true),
            ("第116期", "16期", false),
            ("No. 61", "No. 6", false),
            ("No. 6  DRAFT", "No. 6", true),
            ("第　期", "第16期", false),
        ] {
            assert_eq!(shows(&of(line), number), is_there, "{line}");
        }
    }

    #[test]
    fn a_mark_of_a_draft_is_no_other_word() {
        let of = |line: &str| text::read(line.as_bytes(), TextFormat::Text).unwrap();
        let marked = |line: &str, made: &str| marks(&of(line), &of(made), Lang::En).len();
        assert_eq!(marked("第16期【草稿】", "第16期"), 1);
        assert_eq!(marked("No. 6  DRAFT", "No. 6"), 1);
        assert_eq!(marked("DRAFTED by the office", "No. 6"), 0);
        assert_eq!(marked("a DRAFT of rules", "a DRAFT of rules"), 0);
        let front = text::read(b"---\ntitle: \"a\"\ndraft: true\n---\n\nb\n", TextFormat::Markdown).unwrap();
        assert_eq!(marks(&front, &FinalText::default(), Lang::Zh), ["draft: true"]);
    }
}
