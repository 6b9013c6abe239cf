//! Data → finished documents: numbered in order, rendered in parallel, then named in order.

use std::borrow::Cow;

use chrono::Datelike as _;
use indexmap::IndexSet;
use rustc_hash::FxHashSet;

use crate::cli::args::WriteArgs;
use crate::cli::session::Session;
use crate::cli::write::batch::DocumentBatch;
use crate::cli::write::edition::Editor;
use crate::cli::write::file::OutputFile;
use crate::cli::write::mode::WriteMode;
use crate::cli::write::names::{self, NumberAllocator};
use crate::cli::write::pictures::{PictureSource, UnusablePicture};
use crate::cli::write::{run_options, unreadable};
use crate::cli::{ExitStatus, Stop};
use crate::dataset::issues::ListedIssue;
use crate::dataset::{Data, Edition, Figure, ListName, RunOptions, figures_json};
use crate::document::photo::{PhotoSource, UnreadablePhoto};
use crate::document::printed::{PrintedLine, printed};
use crate::document::{Document, Shown};
use crate::fold::{in_order, up_to};
use crate::kind::{self, BrokenIdentity, Kind, RenderError, Rendered, Renderer};
use crate::ladder::{Ladder, Letters};
use crate::model::Field;
use crate::model::identity::is_key;
use crate::platform::threads::processors;
use crate::register::{AcceptedFaults, Facts, NumberKey, Past, RegisterEntry, Series, StoredIssue};
use crate::small_counts::GivenAway;
use crate::spool::Spooled;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;
use crate::write::{Format, Unsound, WriteError, Writer, WrittenDocument};

/// Makes the documents of one run.
pub(super) struct Maker<'m> {
    pub(super) args: &'m WriteArgs,
    pub(super) mode: WriteMode,
    pub(super) allocator: NumberAllocator,
    pub(super) editor: Editor,
    /// The request that the documents answer.
    pub(super) request: Option<String>,
    /// The faults of the logs that were let through.
    pub(super) accepted: AcceptedFaults,
    /// What the documents say that they were made from.
    pub(super) options: RunOptions,
    pub(super) ladder: Ladder,
    /// The letters sent earlier.
    pub(super) letters: Letters<'m>,
    /// The photos of the issues.
    pub(super) photos: &'m dyn PhotoSource,
}

/// Number of documents that a worker makes before it hands them on; each handover costs a synchronisation.
const CHUNK: usize = 8;

/// A document with all its files, by name, in memory.
pub(super) struct FinishedDocument {
    pub(super) facts: Facts,
    /// The document as each edition that was asked for shows it.
    pub(super) documents: Vec<(Edition, Document)>,
    pub(super) formats: Vec<Format>,
    /// Whether its .docx, and its PDF, is made from the office's own Word template.
    pub(super) uses_word_template: bool,
    pub(super) files: Vec<OutputFile>,
}

/// What one thread renders and writes documents with.
struct DocumentWorker<'w> {
    renderer: Renderer<'w>,
    writer: Writer<'w>,
    pictures: &'w PictureSource<'w>,
    /// Whether the text of a document is needed once it is written: to bind all documents into one file.
    keeps_text: bool,
}

/// A rendered document and its bytes in each format.
struct RenderedDocument {
    rendered: Rendered,
    written: Vec<WrittenDocument>,
    /// What it prints; nothing of a workbook, which `proof` does not read.
    printed: Vec<PrintedLine>,
    /// The number of pictures that a public edition leaves out.
    left_out: usize,
    /// The photos that can't be read, each once.
    unreadable: Vec<UnreadablePhoto>,
}

/// Why a document could not be made.
enum MakeError {
    Rendering(RenderError),
    Picture(UnusablePicture),
    Writing(WriteError),
    Unsound(Unsound),
}

impl<'m> Maker<'m> {
    /// Begins a run: `past` is the register, and `entries` are its documents with the issues called as this run calls them.
    pub(super) fn new(
        (args, mode): (&'m WriteArgs, WriteMode),
        past: &Past,
        entries: &'m [RegisterEntry],
        accepted: AcceptedFaults,
        photos: &'m dyn PhotoSource,
        session: &Session<'_>,
    ) -> Self {
        Self {
            args,
            mode,
            allocator: NumberAllocator::new(past),
            editor: Editor::default(),
            request: None,
            accepted,
            options: run_options::of_args(args, session),
            ladder: session.project.ladder(),
            letters: Letters::new(entries),
            photos,
        }
    }

    /// Makes all documents of a batch and passes them to `each` in order.
    pub(super) fn all(
        &mut self,
        batch: &mut DocumentBatch,
        formats: &[Format],
        session: &mut Session<'_>,
        each: &mut dyn FnMut(FinishedDocument),
    ) -> Result<(), Stop> {
        let mut numbered = Vec::new();
        for data in std::mem::take(&mut batch.all) {
            numbered.push(self.numbered(data, batch, session)?);
        }
        let batch = &*batch;
        let editions: Vec<Cow<'_, [Data]>> =
            self.args.edition.editions().iter().map(|edition| self.editor.edit(*edition, &numbered, session)).collect();
        // Each document as its editions show it.
        let shown: Vec<Vec<&Data>> = (0..numbered.len())
            .map(|index| editions.iter().filter_map(|edition| edition.get(index)).collect())
            .collect();
        let look = session.project.look.clone();
        let photos = self.photos;
        let pictures = PictureSource::new(session, photos);
        let renderer = || {
            let renderer = Renderer::new(&batch.kind, session.lang);
            if formats.contains(&Format::Html) { renderer } else { renderer.without_sources() }
        };
        let worker = || DocumentWorker {
            renderer: renderer(),
            writer: Writer::new(&look).with_photos(photos),
            pictures: &pictures,
            keeps_text: self.args.together,
        };
        let chunks: Vec<&[Vec<&Data>]> = shown.chunks(CHUNK).collect();
        // A renderer keeps what it compiled for documents of one edition.
        let mut workers: Vec<Vec<DocumentWorker<'_>>> =
            (0..processors().min(chunks.len())).map(|_| editions.iter().map(|_| worker()).collect()).collect();
        let work =
            |workers: &mut Vec<DocumentWorker<'_>>, chunk: usize| -> Vec<Result<Vec<RenderedDocument>, MakeError>> {
                let make = |shown: &Vec<&Data>| {
                    workers.iter_mut().zip(shown).map(|(worker, data)| worker.make(data, formats)).collect()
                };
                chunks[chunk].iter().map(make).collect()
            };
        let (mut place, mut left_out) = (numbered.iter().zip(&shown), 0);
        let mut unreadable = Vec::new();
        in_order(&mut workers, up_to(chunks.len()), work, &mut |documents| -> Result<(), Stop> {
            for (made, (data, shown)) in documents.into_iter().zip(&mut place) {
                let mut made = made.map_err(|error| stop_for(error, data, batch, session))?;
                let more = made.iter_mut().flat_map(|made| std::mem::take(&mut made.unreadable)).collect();
                unreadable::add(more, &mut unreadable);
                left_out += made.iter().map(|made| made.left_out).sum::<usize>();
                each(self.named(made, (data, shown), batch, formats, session)?);
                session.world.progress.add(1);
            }
            Ok(())
        })?;
        unreadable::tell(&unreadable, self.mode, session)?;
        if left_out > 0 {
            session.note(&session.lang.pick(
                format!("公开版没有放台账里的 {left_out} 张图片；可以公开的，在 duban.yaml 写 privacy: {{pictures: show}}"),
                format!(
                    "{left_out} pictures of the logs are left out of the public edition; if they may be published, write \
                     privacy: {{pictures: show}} in duban.yaml"
                ),
            ))?;
        }
        Ok(())
    }

    fn numbered(&mut self, data: Data, batch: &DocumentBatch, session: &Session<'_>) -> Result<Data, Stop> {
        if !batch.kind.takes_number() {
            return Ok(Data { draft: false, ..data });
        }
        let series = self.series(&batch.kind, data.lang, session)?;
        let year = data.as_of.year();
        let n = self.allocator.number(&series, year);
        let number = series.format(n, year, &session.project.office.code);
        Ok(Data { draft: self.mode == WriteMode::Draft, ..data.numbered(number, n, year) })
    }

    /// The series of a kind, as the register knows it.
    fn series(&self, kind: &Kind, lang: Lang, session: &Session<'_>) -> Result<Series, Stop> {
        let (name, title) = (kind.series(), kind.config.title.of(lang));
        let title = if name == kind.name { title } else { name };
        Ok(session.project.series(name, title, lang, self.allocator.printed(name))?)
    }

    /// Gives a document its register entry and the file names of its editions. The register is internal: it holds what a
    /// public edition leaves out.
    fn named(
        &mut self,
        made: Vec<RenderedDocument>,
        (data, shown): (&Data, &[&Data]),
        batch: &DocumentBatch,
        formats: &[Format],
        session: &mut Session<'_>,
    ) -> Result<FinishedDocument, Stop> {
        let kind = &batch.kind;
        let first = made.first().map(|made| &made.rendered);
        let title = first.map_or_else(String::new, |rendered| rendered.document.head.title.clone());
        let rows = first.map_or_else(Vec::new, |first| listed(first, data));
        let uses_word_template = first.is_some_and(|rendered| rendered.filled.is_some());
        let n = data.n.unwrap_or_default();
        // A draft enters nothing in the register.
        let entered: Vec<ListedIssue<'_>> = match self.mode {
            WriteMode::Draft => Vec::new(),
            WriteMode::Dispatch => rows.iter().filter_map(|row| data.records.issue(*row)).collect(),
        };
        let issues: Vec<String> = entered.iter().map(|issue| issue.id().into_owned()).collect();
        let follows = kind.config.per_unit || batch.is_called;
        let after = match &batch.corrects {
            Some(corrected) => vec![corrected.number.clone()],
            None if follows => kind::followed(&kind.name, &issues, &self.ladder, &self.letters),
            None => Vec::new(),
        };
        let to = data.unit.as_ref().map(|unit| &unit.name);
        let to = to.or(data.correction.as_ref().and_then(|correction| correction.unit.as_ref()));
        let series = self.series(kind, data.lang, session)?;
        let facts = Facts {
            key: NumberKey { series: series.name, year: data.year, n },
            reset: series.reset,
            kind: kind.name.clone(),
            number: data.number.clone().unwrap_or_default(),
            date: data.as_of,
            title,
            units: units_of(&issues, data),
            identities: entered.iter().map(|issue| issue.key().to_owned()).collect(),
            issues,
            unit: to.cloned(),
            after,
            limit: data.reply_by,
            request: self.request.clone(),
            corrects: batch.corrects.clone(),
            edited: false,
            accepted: self.accepted.clone(),
            files: Vec::new(),
        };
        let (mut documents, mut files) = (Vec::new(), Vec::new());
        let pattern = self.args.file_name.as_deref().or(kind.config.file_name.as_deref());
        let editions = self.args.edition.editions();
        for ((RenderedDocument { rendered, written, printed, .. }, shown), edition) in
            made.into_iter().zip(shown).zip(editions)
        {
            let stem = names::stem(pattern, self.mode, shown, n, &rendered.document.head.title);
            let stem = stem.map_err(|part| Stop::wrong(names::unknown_part(&part, session.lang)))?;
            let stem = self.allocator.stem(&stem);
            // A public edition keeps nothing of what it does not print.
            let kept: &[usize] = if shown.edition == Edition::Internal { &rows } else { &[] };
            let told = (printed.as_slice(), &self.options);
            let own = edition_files(&stem, &rendered, (written, told), (shown, kept), (formats, *edition), session)?;
            self.editor.search(&own, session.lang)?;
            files.extend(own);
            documents.push((*edition, rendered.document));
        }
        Ok(FinishedDocument { facts, documents, formats: formats.to_vec(), uses_word_template, files })
    }
}

/// The files of one edition of a document: its formats and its figures. What a format could not show is told.
fn edition_files(
    stem: &str,
    rendered: &Rendered,
    (written, (printed, options)): (Vec<WrittenDocument>, (&[PrintedLine], &RunOptions)),
    (shown, kept): (&Data, &[usize]),
    (formats, edition): (&[Format], Edition),
    session: &mut Session<'_>,
) -> Result<Vec<OutputFile>, Stop> {
    let file = |name, format, bytes: Spooled| OutputFile { name, format, bytes, edition, day: shown.as_of };
    let mut files = Vec::new();
    for (format, WrittenDocument { bytes, lost, .. }) in formats.iter().zip(written) {
        for lost in &lost {
            session.note(&format!("{stem}.{format}: {}", lost.text(session.lang)))?;
        }
        files.push(file(format!("{stem}.{format}"), Some(*format), bytes));
    }
    let named = files.first().map_or(stem, |file| file.name.as_str());
    let kept = kept.iter().filter_map(|row| shown.records.issue(*row)).map(stored);
    let figures = figures_json(&rendered.figures, kept, (printed, Some(options)), named, shown)?;
    files.push(file(format!("{stem}.figures.json"), None, figures.into()));
    Ok(files)
}

impl DocumentWorker<'_> {
    fn make(&mut self, data: &Data, formats: &[Format]) -> Result<RenderedDocument, MakeError> {
        let mut rendered = self.renderer.render(data).map_err(MakeError::Rendering)?;
        let filled = rendered.filled.as_mut().filter(|_| formats.iter().any(|format| format.is_word()));
        let left_out = filled.map_or(Ok(0), |filled| self.pictures.fill(filled, data)).map_err(MakeError::Picture)?;
        if !self.keeps_text {
            // As long as a long document.
            rendered.markdown = String::new();
        }
        // What none of the formats shows need not be left out of a copy for each.
        if formats.iter().all(|format| *format == Format::Xlsx) {
            rendered.document.leave_out(Shown::OnPaper);
        } else if !formats.contains(&Format::Xlsx) {
            rendered.document.leave_out(Shown::InWorkbooks);
        }
        let has_pages = formats.iter().any(|format| *format != Format::Xlsx);
        let printed = if has_pages { printed(&rendered.document) } else { Vec::new() };
        let (mut written, mut unreadable) = (Vec::new(), Vec::new());
        for format in formats {
            let file = match (&rendered.filled, format) {
                (Some(filled), format) if format.is_word() => self.writer.fill(filled, &rendered.document),
                _ => self.writer.write(*format, &rendered.document),
            };
            let mut file = file.map_err(MakeError::Writing)?;
            unreadable::add(std::mem::take(&mut file.unreadable), &mut unreadable);
            if format.is_word() {
                self.writer.check_docx(&file.bytes, &|text| data.holds(text)).map_err(MakeError::Unsound)?;
            }
            written.push(file);
        }
        if !self.keeps_text {
            let Document { body, attachments, sources, .. } = &mut rendered.document;
            (*body, *attachments, *sources) = Default::default();
        }
        Ok(RenderedDocument { rendered, written, printed, left_out, unreadable })
    }
}

/// Writes what only a report can show, and gives the reason to stop.
fn stop_for(error: MakeError, data: &Data, batch: &DocumentBatch, session: &mut Session<'_>) -> Stop {
    let lang = session.lang;
    match error {
        MakeError::Rendering(RenderError::Template(faults)) => match session.report(&faults, &batch.sources) {
            Ok(()) => Stop::Reported(ExitStatus::Wrong),
            Err(stop) => stop,
        },
        MakeError::Rendering(RenderError::Identities(unequal)) => match report_unequal(&unequal, session) {
            Ok(()) => Stop::unfinished(
                session.pick("数字对不上，文书没有写出", "the figures do not agree; no document was written"),
            ),
            Err(stop) => stop,
        },
        MakeError::Picture(UnusablePicture { name, error }) => Stop::unfinished(lang.pick(
            format!("图片“{name}”用不了：{}；没有写出文书", error.text(lang)),
            format!("the picture `{name}` can't be used: {}; no document was written", error.text(lang)),
        )),
        MakeError::Rendering(RenderError::GivenAway(small)) => Stop::unfinished(given_away_text(&small, lang)),
        MakeError::Rendering(RenderError::NoTemplate(missing)) => Stop::wrong(lang.pick(
            format!("文种 {} 没有 {missing}.md 模板", batch.kind.name),
            format!("the kind {} has no template {missing}.md", batch.kind.name),
        )),
        MakeError::Writing(error) => Stop::unfinished(error.to_string()),
        MakeError::Unsound(unsound) => {
            let to = data.unit.as_ref().map_or(batch.kind.name.as_str(), |unit| unit.name.as_str());
            Stop::unfinished(unsound_text(&unsound, to, lang))
        }
    }
}

/// Says which small count can't be hidden, and what helps.
fn given_away_text(GivenAway { selection, by_list }: &GivenAway, lang: Lang) -> String {
    let why = match (by_list, lang) {
        (true, Lang::Zh) => "文书逐条列出了这些记录",
        (true, Lang::En) => "the document lists these records one by one",
        (false, Lang::Zh) => "旁边的数字可以推算出它",
        (false, Lang::En) => "the counts beside it tell it",
    };
    lang.pick(
        format!(
            "公开版藏不住小数（privacy.small_counts）：{selection}，{why}；没有写出文书\n  \
             模板里用 {{% if not small_counts %}} 把清单只留给内部版，或在 duban.yaml 里写 small_counts: 0"
        ),
        format!(
            "the public edition can't hide a small count (privacy.small_counts): {selection}: {why}; no document was \
             written\n  keep lists to the internal edition by {{% if not small_counts %}} in the template, or write \
             small_counts: 0 in duban.yaml"
        ),
    )
}

/// Writes each identity that does not hold, and the rows that make the difference.
fn report_unequal(unequal: &[BrokenIdentity], session: &mut Session<'_>) -> Result<(), Stop> {
    session.faults_told += unequal.len();
    for identity in unequal {
        session.warn(&format!("duban: {}", identity.text))?;
        let sides = [(&identity.more_left, "左", "left"), (&identity.more_right, "右", "right")];
        for (rows, zh, en) in sides {
            for row in rows {
                let side = session.lang.pick(zh, en);
                let line = row.line.map_or_else(String::new, |line| format!(":{line}"));
                session.warn(&format!("  {side}  {}{line}  {}", row.file, row.id))?;
            }
        }
    }
    Ok(())
}

/// The issues that a document lists or, if it leaves out what was reported, speaks of, in that order. Of several with one
/// id it is the last.
fn listed(rendered: &Rendered, data: &Data) -> Vec<usize> {
    let is_list = |figure: &&Figure| figure.function == "issues" && figure.list() == ListName::Issues;
    let lists = rendered.figures.iter().filter(is_list);
    let rows = lists.flat_map(|figure| figure.rows.iter()).chain(rendered.covered.iter());
    let issues = rows.filter_map(|row| data.records.last_of_id(row));
    let mut seen = FxHashSet::default();
    issues.filter(|issue| seen.insert(*issue)).collect()
}

/// What an issue of a document says.
fn stored(issue: ListedIssue<'_>) -> StoredIssue {
    let handle = issue.id().into_owned();
    StoredIssue {
        id: Some(handle.clone()).filter(|handle| !is_key(handle)),
        handle,
        key: issue.key().to_owned(),
        unit: issue.field(Field::Unit),
        site: issue.field(Field::Site),
        found_on: issue.field(Field::FoundOn).parse().ok(),
        description: issue.field(Field::Description),
    }
}

/// The units of issues, in the order of the logs; a letter speaks of the unit it goes to.
fn units_of(issues: &[String], data: &Data) -> Vec<String> {
    if let Some(unit) = &data.unit {
        return vec![unit.name.clone()];
    }
    if issues.is_empty() {
        return Vec::new();
    }
    let named: FxHashSet<&str> = issues.iter().map(String::as_str).collect();
    let rows = data.records.each_issue().zip(&data.records.counted().issues);
    let units: IndexSet<Symbol> =
        rows.filter(|(listed, _)| named.contains(&*listed.id())).filter_map(|(_, issue)| issue.unit).collect();
    units.into_iter().filter(|unit| !unit.is_empty()).map(|unit| unit.to_string()).collect()
}

/// `to`: the unit of a letter, or the kind.
fn unsound_text(unsound: &Unsound, to: &str, lang: Lang) -> String {
    let Unsound { part, why } = unsound;
    lang.pick(
        format!("{to}：docx 没有写出：{part} 里留有不该有的内容：{why}"),
        format!("{to}: the .docx was not written: {part} holds what must not be there: {why}"),
    )
}
