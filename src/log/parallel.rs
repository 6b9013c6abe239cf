//! Several files, and the blocks of a large one, side by side.
//!
//! A large table is cut behind line feeds. Whether such a place lies between two records, and not within a quoted cell,
//! shows when the block before it has been read to its end: then the cut was right, or that block is read once more
//! together with the next one. So the answer is that of one reading from start to end, whatever stands in the cells.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::delimited::scanner::ScanBuffers;
use crate::fault::Faults;
use crate::fold::{Fold, in_order, side_by_side};
use crate::log::read::read_source;
use crate::log::record::Recorder;
use crate::log::table::{self, Ended, Opened, Rows, Table};
use crate::model::Entry;
use crate::model::value_ids::Dictionary;
use crate::place::SourceId;
use crate::platform::threads::processors;
use crate::progress::Unit;
use crate::project::Project;
use crate::source::blocks::{Block, Blocks};
use crate::source::decode::{Decoder, Encoding};
use crate::source::{Learned, Source, SourceError, Sources};

/// Runs of files for each processor: one that is slow does not keep the others waiting for long.
const RUNS_EACH: usize = 4;

/// Reads all logs into a fold. What is read apart is merged in the order of the files and of their rows, so that the
/// answer is the same on every machine.
///
/// # Errors
/// A file can't be read by the system.
pub fn fold<F: for<'r> Fold<Entry<'r>> + Send>(
    sources: &mut Sources,
    ids: &[SourceId],
    project: &Project,
    faults: &mut Faults,
    fresh: impl Fn() -> F + Sync,
) -> Result<F, SourceError> {
    let blank = faults.fresh();
    let dictionary = Recorder::dictionary(project);
    let reading = Reading { sources, project, blank: &blank, fresh: &fresh, dictionary };
    sources.progress().begin(Unit::Bytes, ids.iter().map(|id| sources.get(*id).size()).sum());
    let mut whole = reading.nothing();
    let mut small = 0;
    for (at, id) in ids.iter().enumerate() {
        if let Some(large) = reading.large(*id)? {
            reading.files(&ids[small..at], &mut whole)?;
            whole.merge(large);
            small = at + 1;
        }
    }
    reading.files(&ids[small..], &mut whole)?;
    sources.progress().end();
    let Part { fold, faults: found, learned } = whole;
    faults.append(found);
    for (id, learned) in learned {
        sources.get_mut(id).learn(learned);
    }
    Ok(fold)
}

/// What came of some rows.
struct Part<F> {
    fold: F,
    faults: Faults,
    learned: Vec<(SourceId, Learned)>,
}

impl<F: for<'r> Fold<Entry<'r>>> Part<F> {
    fn merge(&mut self, later: Self) {
        self.fold.merge(later.fold);
        self.faults.append(later.faults);
        self.learned.extend(later.learned);
    }
}

struct Reading<'a, M> {
    sources: &'a Sources,
    project: &'a Project,
    blank: &'a Faults,
    fresh: &'a M,
    /// Shared by all workers, so that their counts can be added.
    dictionary: Arc<Dictionary>,
}

/// A large table whose header has been read.
struct Large<'s> {
    id: SourceId,
    source: &'s Source,
    encoding: Encoding,
    delimiter: u8,
    table: Table,
}

/// Who reads blocks: what was looked up for one is there for the next.
struct Worker<'p, F> {
    recorder: Recorder<'p>,
    block: Block,
    buffers: ScanBuffers,
    /// What came of all its blocks, if the fold takes them in any order.
    fold: Option<F>,
}

/// A block that has been read.
struct Read<F> {
    range: Range<u64>,
    breaks: usize,
    part: Part<F>,
    rows: Rows,
}

/// Why the blocks of a table are read no further.
enum Stop {
    Failed(SourceError),
    /// A row is beyond all limits.
    Early,
    /// It is not in the encoding that was thought, has no header where it should, has a date whose year only an earlier
    /// row tells, or a quote that is open at a cut: it must be read as a whole.
    Otherwise,
}

impl<F: for<'r> Fold<Entry<'r>> + Send, M: Fn() -> F + Sync> Reading<'_, M> {
    fn nothing(&self) -> Part<F> {
        Part { fold: (self.fresh)(), faults: self.blank.fresh(), learned: Vec::new() }
    }

    fn recorder(&self) -> Recorder<'_> {
        Recorder::new(self.project, Arc::clone(&self.dictionary))
    }

    /// Reads files in even runs.
    fn files(&self, ids: &[SourceId], whole: &mut Part<F>) -> Result<(), SourceError> {
        let run = ids.len().div_ceil(processors() * RUNS_EACH).max(1);
        let runs: Vec<&[SourceId]> = ids.chunks(run).collect();
        for part in side_by_side(runs.len(), |at| self.run(runs[at])) {
            whole.merge(part?);
        }
        Ok(())
    }

    fn run(&self, ids: &[SourceId]) -> Result<Part<F>, SourceError> {
        let mut part = self.nothing();
        // What the first file spells, the others will spell again.
        let mut recorder = self.recorder();
        for id in ids {
            let mut faults = self.blank.fresh();
            let source = self.sources.get(*id);
            let learned = read_source(source, *id, &mut recorder, &mut faults, &mut |entry| part.fold.push(&entry))?;
            part.learned.push((*id, learned));
            part.faults.append(faults);
        }
        Ok(part)
    }

    /// Reads a large table; nothing if it is none, or must be read as a whole.
    fn large(&self, id: SourceId) -> Result<Option<Part<F>>, SourceError> {
        let source = self.sources.get(id);
        let thought = source.in_blocks().map_err(|cause| source.error(cause))?;
        let Some(thought) = thought else { return Ok(None) };
        let size = if F::ANY_ORDER { Blocks::SMALL } else { Blocks::SIZE };
        if let Some(part) = self.blocks(source, id, thought, size)? {
            return Ok(Some(part));
        }
        match source.find_encoding()? {
            Ok(encoding) if encoding != thought => self.blocks(source, id, encoding, size),
            _ => Ok(None),
        }
    }

    /// The same in blocks of a size, if it is in an encoding.
    fn blocks(
        &self,
        source: &Source,
        id: SourceId,
        encoding: Encoding,
        size: usize,
    ) -> Result<Option<Part<F>>, SourceError> {
        let failed = |cause| source.error(cause);
        let start = source.open_as(encoding)?;
        let opened = table::open(start, id, &self.recorder(), &mut self.blank.fresh()).map_err(failed)?;
        let (Some(opened), delimiter) = opened else { return Ok(None) };
        let large = Large { id, source, encoding, delimiter, table: opened.into_table() };
        let mut workers: Vec<Worker<'_, F>> = (0..processors()).map(|_| self.worker(Block::default())).collect();
        let mut blocks = source.blocks(encoding, size).map_err(failed)?;
        let next =
            |worker: &mut Worker<'_, F>| blocks.next(&mut worker.block).map(|more| more.then_some(())).transpose();
        let read = |worker: &mut Worker<'_, F>, block: io::Result<()>| {
            block.map_err(|cause| match cause.kind() {
                // It is not UTF-16, as its mark says.
                io::ErrorKind::InvalidData if encoding.is_wide() => Stop::Otherwise,
                _ => Stop::Failed(source.error(cause)),
            })?;
            self.rows(&large, worker)
        };
        let mut joined =
            Joined { reading: self, large: &large, whole: self.nothing(), any: false, last: None, open: None };
        let outcome = in_order(&mut workers, next, read, &mut |read| joined.add(read?));
        workers.into_iter().filter_map(|worker| worker.fold).for_each(|fold| joined.whole.fold.merge(fold));
        match outcome {
            Ok(()) => joined.finish(),
            Err(Stop::Early) => Ok(Some(joined.conclude())),
            Err(Stop::Failed(cause)) => Err(cause),
            Err(Stop::Otherwise) => Ok(None),
        }
    }

    fn worker(&self, block: Block) -> Worker<'_, F> {
        Worker { recorder: self.recorder(), block, buffers: ScanBuffers::default(), fold: None }
    }

    fn rows(&self, large: &Large<'_>, worker: &mut Worker<'_, F>) -> Result<Read<F>, Stop> {
        let Worker { recorder, block, buffers, fold } = worker;
        let Large { id, source, encoding, delimiter, table } = large;
        let failed = |cause| Stop::Failed(source.error(cause));
        let breaks = block.breaks;
        recorder.begin(source);
        // Blocks of UTF-16 are decoded when they are taken.
        let encoding = if encoding.is_wide() { Encoding::Utf8 } else { *encoding };
        let is_utf8 = matches!(encoding, Encoding::Utf8 | Encoding::Utf8Bom);
        let mut part = self.nothing();
        let fold = if F::ANY_ORDER { fold.get_or_insert_with(self.fresh) } else { &mut part.fold };
        let mut each = |entry: Entry<'_>| fold.push(&entry);
        let rows = if block.range.start == 0 {
            if is_utf8 && simdutf8::basic::from_utf8(block.bytes()).is_err() {
                return Err(Stop::Otherwise);
            }
            // The mark and the header stand at the beginning only.
            let text = Decoder::new(block.bytes(), encoding);
            let (opened, _) = table::open(text, *id, recorder, &mut part.faults).map_err(failed)?;
            opened.ok_or(Stop::Otherwise)?.rows(recorder, &mut part.faults, &mut each)
        } else if is_utf8 {
            let (buffer, filled) = block.buffer();
            std::mem::swap(buffer, &mut buffers.buffer);
            let mut opened = Opened::buffer(table, std::mem::take(buffers), filled, *id, *delimiter, breaks);
            let rows = opened.rows(recorder, &mut part.faults, &mut each);
            let is_utf8 = opened.is_utf8();
            *buffers = opened.into_buffers();
            std::mem::swap(buffer, &mut buffers.buffer);
            if !is_utf8 {
                return Err(Stop::Otherwise);
            }
            rows
        } else if let Some(filled) = block.decode(encoding, &mut buffers.buffer) {
            let mut opened = Opened::buffer(table, std::mem::take(buffers), filled, *id, *delimiter, breaks);
            let rows = opened.rows(recorder, &mut part.faults, &mut each);
            *buffers = opened.into_buffers();
            rows
        } else {
            let text = Decoder::new(block.bytes(), encoding);
            Opened::piece(table, text, *id, *delimiter, breaks).rows(recorder, &mut part.faults, &mut each)
        };
        let rows = rows.map_err(failed)?;
        // A date whose year is that of the row before, which is in another block.
        if recorder.lacked_row_before() && block.range.start > 0 {
            return Err(Stop::Otherwise);
        }
        Ok(Read { range: block.range.clone(), breaks, part, rows })
    }
}

/// The blocks of a table that have been read, in their order.
struct Joined<'a, 's, F, M> {
    reading: &'a Reading<'a, M>,
    large: &'a Large<'s>,
    whole: Part<F>,
    /// Whether there was a record.
    any: bool,
    /// How the last rows ended.
    last: Option<Rows>,
    /// What ended in a quoted cell, and how much of it has been read in one.
    open: Option<(Range<u64>, usize, u64)>,
}

impl<F: for<'r> Fold<Entry<'r>> + Send, M: Fn() -> F + Sync> Joined<'_, '_, F, M> {
    fn add(&mut self, read: Read<F>) -> Result<(), Stop> {
        let Some((range, breaks, tried)) = self.open.take() else { return self.keep(read) };
        // The cut before this block was wrong, and so is what was read of it.
        let range = range.start..read.range.end;
        if range.end - range.start < 2 * tried {
            self.open = Some((range, breaks, tried));
            return Ok(());
        }
        let again = self.again(range, breaks)?;
        self.keep(again)
    }

    /// Reads some blocks as one.
    fn again(&self, range: Range<u64>, breaks: usize) -> Result<Read<F>, Stop> {
        let source = self.large.source;
        let block = source.block(self.large.encoding, range, breaks);
        let block = block.map_err(|cause| Stop::Failed(source.error(cause)))?.ok_or(Stop::Otherwise)?;
        self.reading.rows(self.large, &mut self.reading.worker(block))
    }

    fn keep(&mut self, read: Read<F>) -> Result<(), Stop> {
        if F::ANY_ORDER && read.rows.ended != Ended::Well {
            // The rows of this block, and perhaps of later ones, are counted already.
            return Err(Stop::Otherwise);
        }
        if let Ended::InQuotes(_) = read.rows.ended {
            let length = read.range.end - read.range.start;
            self.open = Some((read.range, read.breaks, length));
            return Ok(());
        }
        self.accept(read);
        if self.last.is_some_and(|rows| rows.ended == Ended::Early) { Err(Stop::Early) } else { Ok(()) }
    }

    fn accept(&mut self, read: Read<F>) {
        self.any |= read.rows.any;
        self.last = Some(read.rows);
        self.whole.merge(read.part);
    }

    /// The end of the file: a quote that is open now is never closed.
    fn finish(mut self) -> Result<Option<Part<F>>, SourceError> {
        if let Some((range, breaks, _)) = self.open.take() {
            match self.again(range, breaks) {
                Ok(read) => self.accept(read),
                Err(Stop::Failed(cause)) => return Err(cause),
                Err(Stop::Early | Stop::Otherwise) => return Ok(None),
            }
        }
        Ok(Some(self.conclude()))
    }

    fn conclude(mut self) -> Part<F> {
        let Large { id, encoding, delimiter, table, .. } = self.large;
        if let Some(rows) = self.last {
            table::conclude(Rows { any: self.any, ..rows }, *id, &mut self.whole.faults);
        }
        let stated_on = table.stated_on();
        let learned = Learned { encoding: Some(*encoding), delimiter: Some(*delimiter), stated_on };
        self.whole.learned.push((*id, learned));
        self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Field;
    use proptest::prelude::*;

    type Rows = Vec<(String, String, u32)>;

    /// Id, unit and line of every issue.
    #[derive(Default)]
    struct Seen(Rows);

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

    /// Reads a file in blocks of a size, or from start to end.
    fn read(path: &std::path::Path, size: Option<usize>) -> (Rows, Faults) {
        read_in(path, size).unwrap()
    }

    /// The same; `None` if it can't be read in blocks.
    fn read_in(path: &std::path::Path, size: Option<usize>) -> Option<(Rows, Faults)> {
        let mut sources = Sources::default();
        let name = "log.csv".to_owned();
        let id = sources.add(if path.extension().is_some_and(|extension| extension == "gz") {
            Source::gzip(path.to_owned(), name, crate::source::Form::Table)
        } else {
            Source::file(path.to_owned(), name, crate::source::Form::Table)
        });
        let (project, blank) = (Project::default(), Faults::default());
        let sources = &sources;
        let reading =
            Reading { sources, project: &project, blank: &blank, fresh: &Seen::default, dictionary: Arc::default() };
        let source = sources.get(id);
        let encoding = source.find_encoding().unwrap().unwrap();
        let part = match size {
            Some(size) => reading.blocks(source, id, encoding, size).unwrap()?,
            None => reading.run(&[id]).unwrap(),
        };
        Some((part.fold.0, part.faults))
    }

    #[test]
    fn a_year_that_an_earlier_row_tells_is_not_lost_at_a_cut() {
        let row = |day: &str| format!(",{day},甲,消防,描述,现场整改\n");
        let header = "编号,发现日期,责任单位,问题类别,问题描述,整改方式\n";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.csv");
        for (rows, is_cut) in [
            (vec![row("2021-12-30"), row("2021-12-31"), row("2022-01-01"), row("1月3日")], true),
            (vec![row("2021-12-30"), row("12月31日"), row("1月3日"), row("1月4日")], false),
        ] {
            let text = format!("{header}{}", rows.concat());
            crate::atomic::write(&path, text.as_bytes()).unwrap();
            let half = header.len() + 2 * rows[0].len();
            let (seen, faults) =
                read_in(&path, Some(half)).map_or((0, Faults::default()), |(seen, faults)| (seen.len(), faults));
            assert_eq!((seen, faults.is_empty()), (if is_cut { 4 } else { 0 }, true), "{text}");
            let (seen, faults) = read(&path, None);
            assert_eq!((seen.len(), faults.is_empty()), (4, true), "{text}");
        }
    }

    proptest! {
        /// Cut anywhere, a table gives the rows, the lines and the faults that it gives when read from start to end.
        #[test]
        fn cuts_show_nowhere(
            rows in proptest::collection::vec("[a甲]{0,2}(,(\"[a\n\",]{0,4}\"|[b\"\r]{0,2}|\"\")){0,5}\n{1,2}", 0..30),
            more in 0..200_usize,
            of in 0..5_usize,
        ) {
            let text = format!("编号,发现日期,责任单位,问题类别,问题描述,整改方式\n{}", rows.concat());
            let bytes = match of {
                0 => text.clone().into_bytes(),
                1 => format!("\u{feff}{text}").into_bytes(),
                2 => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
                3 => {
                    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                    io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
                    packed.finish().unwrap()
                }
                _ => encoding_rs::GB18030.encode(&text).0.into_owned(),
            };
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(if of == 3 { "log.csv.gz" } else { "log.csv" });
            crate::atomic::write(&path, &bytes).unwrap();
            // The header must be in the first block, as it is in a large file.
            let lines = if matches!(of, 2 | 3) { text.as_bytes() } else { &bytes };
            let header = lines.iter().position(|byte| *byte == b'\n').unwrap() + 1;
            let Some((seen, faults)) = read_in(&path, Some(header + more)) else {
                // What was unpacked or decoded for a block is not read again with the next. Nor is the row before a block
                // whose first one has a mark for the cell above: a quote, which a cut within quotes may seem to lay bare.
                let may_have_mark = text.contains("\"\"\"");
                prop_assert!(matches!(of, 2 | 3) || may_have_mark);
                return Ok(());
            };
            let (expected, whole) = read(&path, None);
            prop_assert_eq!(seen, expected);
            prop_assert_eq!(faults.sorted(), whole.sorted());
        }
    }
}
