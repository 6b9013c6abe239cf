//! Several files, and the pieces of a large one, side by side.
//!
//! A large table is cut behind line feeds. Whether such a place lies between two records, and not within a quoted cell,
//! shows when the piece before it has been read to its end: then the cut was right, or that piece is read once more
//! together with the next one. So the answer is that of one reading from start to end, whatever stands in the cells.

use std::io;
use std::ops::Range;

use chrono::NaiveDate;

use crate::fault::Faults;
use crate::fold::{Fold, processors, side_by_side};
use crate::log::read_source;
use crate::log::record::Recorder;
use crate::log::table::{self, Ended, Opened, Rows, Table};
use crate::model::Entry;
use crate::place::SourceId;
use crate::project::Project;
use crate::source::decode::Encoding;
use crate::source::pieces::Piece;
use crate::source::{Learned, Source, SourceError, Sources};

/// Pieces for each processor: one that is slow does not keep the others waiting for long.
const PIECES_EACH: usize = 4;

/// Reads all logs into a fold. What is read apart is merged in the order of the files and of their rows, so that the
/// answer is the same on every machine.
///
/// # Errors
/// A file can't be read by the system.
pub fn fold<F: for<'r> Fold<Entry<'r>> + Send>(
    sources: &mut Sources,
    ids: &[SourceId],
    project: &Project,
    today: NaiveDate,
    faults: &mut Faults,
    fresh: impl Fn() -> F + Sync,
) -> Result<F, SourceError> {
    let blank = faults.fresh();
    let reading = Reading { sources, project, today, blank: &blank, fresh: &fresh };
    let tasks = reading.tasks(ids)?;
    let jobs: Vec<(usize, usize)> =
        tasks.iter().enumerate().flat_map(|(task, of)| (0..of.len()).map(move |part| (task, part))).collect();
    let mut parts = side_by_side(jobs.len(), |job| {
        let (task, part) = jobs[job];
        reading.read(&tasks[task], part..part + 1)
    })
    .into_iter();
    let (mut whole, mut learned) = (fresh(), Vec::new());
    for task in &tasks {
        let parts: Vec<_> = parts.by_ref().take(task.len()).collect();
        for part in reading.sound(task, parts)? {
            whole.merge(part.fold);
            faults.append(part.faults);
            learned.extend(part.learned);
        }
    }
    for (id, learned) in learned {
        sources.get_mut(id).learn(learned);
    }
    Ok(whole)
}

/// What is read by itself.
enum Task<'i> {
    /// Some files, one after another.
    Files(&'i [SourceId]),
    /// One large table.
    Large(Box<Large>),
}

struct Large {
    id: SourceId,
    encoding: Encoding,
    delimiter: u8,
    table: Table,
    pieces: Vec<Piece>,
    /// How many line breaks stand before each piece.
    breaks: Vec<usize>,
}

impl Task<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Files(_) => 1,
            Self::Large(large) => large.pieces.len(),
        }
    }
}

/// What came of a task or a piece of it.
struct Part<F> {
    fold: F,
    faults: Faults,
    learned: Vec<(SourceId, Learned)>,
    /// How the rows of a piece ended.
    rows: Option<Rows>,
}

struct Reading<'a, M> {
    sources: &'a Sources,
    project: &'a Project,
    today: NaiveDate,
    blank: &'a Faults,
    fresh: &'a M,
}

impl<F: for<'r> Fold<Entry<'r>> + Send, M: Fn() -> F + Sync> Reading<'_, M> {
    /// Large tables by themselves, the files between them in even runs.
    fn tasks<'i>(&self, ids: &'i [SourceId]) -> Result<Vec<Task<'i>>, SourceError> {
        let run = ids.len().div_ceil(processors() * PIECES_EACH).max(1);
        let mut tasks = Vec::new();
        let mut from = 0;
        for (at, id) in ids.iter().enumerate() {
            let source = self.sources.get(*id);
            if let Some(large) = self.large(source, *id).map_err(|cause| source.error(cause))? {
                tasks.extend(ids[from..at].chunks(run).map(Task::Files));
                tasks.push(Task::Large(Box::new(large)));
                from = at + 1;
            }
        }
        tasks.extend(ids[from..].chunks(run).map(Task::Files));
        Ok(tasks)
    }

    /// Looks a table over and reads its header, if it is large, in a known encoding, and has one.
    fn large(&self, source: &Source, id: SourceId) -> io::Result<Option<Large>> {
        let pieces = source.cut(processors() * PIECES_EACH)?;
        if pieces.is_empty() {
            return Ok(None);
        }
        let surveys: io::Result<Vec<_>> =
            side_by_side(pieces.len(), |piece| source.survey(&pieces[piece])).into_iter().collect();
        let surveys = surveys?;
        let encoding = if surveys.iter().all(|survey| survey.is_utf8) {
            source.utf8()?
        } else if let Ok(Ok(encoding)) = source.find_encoding() {
            encoding
        } else {
            return Ok(None);
        };
        let recorder = Recorder::new(self.project, self.today);
        let start = source.open_piece(&pieces[0], encoding)?;
        let (Some(opened), delimiter) = table::open(start, id, &recorder, &mut self.blank.fresh())? else {
            return Ok(None);
        };
        let mut breaks = Vec::with_capacity(pieces.len());
        let mut before = 0;
        for survey in surveys {
            breaks.push(before);
            before += survey.breaks;
        }
        Ok(Some(Large { id, encoding, delimiter, table: opened.into_table(), pieces, breaks }))
    }

    /// Reads files, or a run of pieces as one.
    fn read(&self, task: &Task<'_>, run: Range<usize>) -> Result<Part<F>, SourceError> {
        match task {
            Task::Files(ids) => self.files(ids),
            Task::Large(large) => self.pieces(large, run).map_err(|cause| self.sources.get(large.id).error(cause)),
        }
    }

    fn files(&self, ids: &[SourceId]) -> Result<Part<F>, SourceError> {
        let mut part = Part { fold: (self.fresh)(), faults: self.blank.fresh(), learned: Vec::new(), rows: None };
        // What the first file spells, the others will spell again.
        let mut recorder = Recorder::new(self.project, self.today);
        for id in ids {
            let mut faults = self.blank.fresh();
            let source = self.sources.get(*id);
            let learned = read_source(source, *id, &mut recorder, &mut faults, &mut |entry| part.fold.push(&entry))?;
            part.learned.push((*id, learned));
            part.faults.append(faults);
        }
        Ok(part)
    }

    fn pieces(&self, large: &Large, run: Range<usize>) -> io::Result<Part<F>> {
        let Large { id, encoding, delimiter, table, pieces, breaks } = large;
        let mut fold = (self.fresh)();
        let mut faults = self.blank.fresh();
        let mut recorder = Recorder::new(self.project, self.today);
        let bytes = pieces[run.start].start..pieces[run.end - 1].end;
        let text = self.sources.get(*id).open_piece(&bytes, *encoding)?;
        let opened = if run.start == 0 {
            // There it was read before: the header is there.
            table::open(text, *id, &recorder, &mut faults)?.0
        } else {
            Some(Opened::piece(table, text, *id, *delimiter, breaks[run.start]))
        };
        let mut each = |entry: Entry<'_>| fold.push(&entry);
        let rows = opened.map(|opened| opened.rows(&mut recorder, &mut faults, &mut each)).transpose()?;
        let learned = Learned { encoding: Some(*encoding), delimiter: Some(*delimiter) };
        Ok(Part { fold, faults, learned: vec![(*id, learned)], rows })
    }

    /// The parts of a task that count: those cut in a quoted cell are read anew.
    fn sound(&self, task: &Task<'_>, parts: Vec<Result<Part<F>, SourceError>>) -> Result<Vec<Part<F>>, SourceError> {
        let Task::Large(large) = task else { return parts.into_iter().collect() };
        let (mut sound, mut any, mut next) = (Vec::new(), false, 0);
        for (at, part) in parts.into_iter().enumerate() {
            if at < next {
                continue;
            }
            let mut part = part?;
            next = at + 1;
            while matches!(part.rows, Some(Rows { ended: Ended::InQuotes(_), .. })) && next < large.pieces.len() {
                next += 1;
                part = self.read(task, at..next)?;
            }
            let rows = part.rows;
            any |= rows.is_some_and(|rows| rows.any);
            let is_last = next == large.pieces.len() || rows.is_some_and(|rows| rows.ended == Ended::Early);
            if let (Some(rows), true) = (rows, is_last) {
                table::conclude(Rows { any, ..rows }, large.id, &mut part.faults);
            }
            sound.push(part);
            if is_last {
                break;
            }
        }
        Ok(sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Field;
    use proptest::prelude::*;

    /// Id, unit and line of every issue.
    #[derive(Default)]
    struct Seen(Vec<(String, String, u32)>);

    impl Fold<Entry<'_>> for Seen {
        fn push(&mut self, entry: &Entry<'_>) {
            if let Entry::Issue(issue) = entry {
                let text = |field| issue.text(field).into_owned();
                self.0.push((text(Field::Id), text(Field::Unit), issue.row.line.get()));
            }
        }

        fn merge(&mut self, later: Self) {
            self.0.extend(later.0);
        }
    }

    /// Reads a file in pieces that end behind the line feeds at or after some places.
    fn in_pieces(path: &std::path::Path, text: &[u8], cuts: &[usize]) -> (Vec<(String, String, u32)>, Faults) {
        let mut sources = Sources::default();
        let id = sources.add(Source::file(path.to_owned(), "log.csv".to_owned(), crate::source::Form::Table));
        let project = Project::default();
        let blank = Faults::default();
        let reading = Reading {
            sources: &sources,
            project: &project,
            today: NaiveDate::default(),
            blank: &blank,
            fresh: &Seen::default,
        };
        let mut ends: Vec<usize> =
            cuts.iter().filter_map(|cut| Some(cut + memchr::memchr(b'\n', text.get(*cut..)?)? + 1)).collect();
        ends.extend([text.len()]);
        ends.sort_unstable();
        ends.dedup();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let pieces: Vec<Piece> = starts.zip(&ends).map(|(start, end)| start as u64..*end as u64).collect();
        let source = sources.get(id);
        let breaks = |piece: &Piece| source.survey(&(0..piece.start)).unwrap().breaks;
        let recorder = Recorder::new(&project, NaiveDate::default());
        let encoding = source.utf8().unwrap();
        let start = source.open_piece(&pieces[0], encoding).unwrap();
        let (Some(opened), delimiter) = table::open(start, id, &recorder, &mut Faults::default()).unwrap() else {
            return (Vec::new(), Faults::default());
        };
        let breaks = pieces.iter().map(breaks).collect();
        let task = Task::Large(Box::new(Large { id, encoding, delimiter, table: opened.into_table(), pieces, breaks }));
        let parts = (0..task.len()).map(|part| reading.read(&task, part..part + 1)).collect();
        let (mut seen, mut faults) = (Seen::default(), Faults::default());
        for part in reading.sound(&task, parts).unwrap() {
            seen.merge(part.fold);
            faults.append(part.faults);
        }
        (seen.0, faults)
    }

    proptest! {
        /// Cut anywhere, a table gives the rows, the lines and the faults that it gives when read from start to end.
        #[test]
        fn cuts_show_nowhere(
            rows in proptest::collection::vec("[a甲]{0,2}(,(\"[a\n\",]{0,4}\"|[b\r]{0,2}|\"\")){0,5}\n{1,2}", 0..30),
            cuts in proptest::collection::vec(0..400_usize, 0..6),
            mark: bool,
        ) {
            let mark = if mark { "\u{feff}" } else { "" };
            let text = format!("{mark}编号,发现日期,责任单位,问题类别,问题描述,整改方式\n{}", rows.concat());
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("log.csv");
            crate::atomic::write(&path, text.as_bytes()).unwrap();
            // The header must be in the first piece, as it is in a large file.
            let header = text.find('\n').unwrap();
            let cuts: Vec<usize> = cuts.into_iter().map(|cut| cut + header).collect();
            let (expected, whole) = in_pieces(&path, text.as_bytes(), &[]);
            let (seen, faults) = in_pieces(&path, text.as_bytes(), &cuts);
            prop_assert_eq!(seen, expected);
            prop_assert_eq!(faults.sorted(), whole.sorted());
        }
    }
}
