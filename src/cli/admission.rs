//! Admission: nothing is counted or written over logs that could not be read, and no number is taken over logs with
//! faults.
//!
//! - a log in which nothing was recognised stops every command that counts or writes (status 2);
//! - `draft`, `due` and `tally` print how often each code was found and go on;
//! - `dispatch` is refused (status 1), unless `--accept` lets the faults through.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::album::Album;
use crate::check::{self, CheckOptions};
use crate::cli::absent::Occurring;
use crate::cli::logs::{FUTURE_DATE, Logs};
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::fault::{
    Code, Fault, FaultCount, FaultKind, Faults, Severities, Severity, Words, count_by_code, emit, words,
};
use crate::fold::Fold;
use crate::log;
use crate::model::key::Key;
use crate::model::{Entry, Field};
use crate::place::{OneBased, SourceId};
use crate::project::Project;
use crate::register::AcceptedFaults;
use crate::words::calendar::statute::LUNAR_YEARS;
use crate::words::lang::counted;
use crate::words::symbol::Symbol;

/// The number of places shown for each code.
const SHOWN: usize = 3;

/// A year whose holidays the calendar does not know.
const UNKNOWN_YEAR: Code = Code::known("C404");

/// Codes that mean that a log was not understood as one.
const NOT_A_LOG: [Code; 2] = [Code::known("L101"), Code::known("L103")];

/// Codes about two files.
const PAIRS_OF_FILES: [Code; 2] = [Code::known("L122"), Code::known("R221")];

/// Codes that stop the reading: without a record before, nothing was recognised.
const STOPS_READING: [Code; 4] = [Code::known("L109"), Code::known("L110"), Code::known("L111"), Code::known("L112")];

/// What a run that checks its logs asks for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asks {
    /// A public edition.
    pub(super) public: bool,
    /// The photos of the issues.
    pub(super) photos: bool,
}

impl Session<'_> {
    /// The severities of a run. Days after the one named by `--as-of` are expected, and no more than a note.
    pub(super) fn severities(&self, logs: &Logs) -> Severities {
        let mut severities = self.project.severities.clone();
        if logs.as_of_is_given {
            severities.presume(FUTURE_DATE, Severity::Info);
        }
        severities
    }

    /// Reads the logs into a fold and prints the faults of reading.
    ///
    /// # Errors
    /// A file can't be read, or nothing in it was recognised.
    pub(super) fn read_logs<F: for<'r> Fold<Entry<'r>> + Send>(
        &mut self,
        logs: &mut Logs,
        begin: impl Fn() -> F + Sync,
    ) -> Result<F, Stop> {
        let (fold, mut faults) = self.read_quietly(logs, begin)?;
        self.apply_config_baseline(&mut faults, &mut logs.sources)?;
        self.tell(&count_by_code(&faults, &logs.sources, false, |_| false))?;
        Ok(fold)
    }

    /// Reads the logs into a fold; the faults of reading are returned.
    ///
    /// # Errors
    /// A file can't be read, or nothing in it was recognised.
    pub(super) fn read_quietly<F: for<'r> Fold<Entry<'r>> + Send>(
        &mut self,
        logs: &mut Logs,
        begin: impl Fn() -> F + Sync,
    ) -> Result<(F, Faults), Stop> {
        let mut faults = Faults::new(Arc::new(self.severities(logs)));
        let asked = Arc::new(std::mem::take(&mut self.asked));
        let fresh = || (begin(), (SeenLogs::default(), Occurring::new(Arc::clone(&asked))));
        let (fold, (seen, occurring)) = log::fold(&mut logs.sources, &logs.ids, &self.project, &mut faults, fresh)?;
        self.need_recognised(&seen, &faults, logs)?;
        self.tell_absent(&occurring)?;
        Ok((fold, faults))
    }

    /// Reads the logs into a fold, checks them by all rules, and prints what was found. Returns the faults by code;
    /// with `units`, those in rows of other units do not refuse a dispatch. `asks` says what else matters.
    ///
    /// # Errors
    /// A file can't be read, or nothing in it was recognised.
    pub(super) fn check_logs<F: for<'r> Fold<Entry<'r>> + Send>(
        &mut self,
        logs: &mut Logs,
        units: &[String],
        asks: Asks,
        begin: impl Fn() -> F + Sync,
    ) -> Result<(F, Vec<FaultCount>, Album), Stop> {
        let mut faults = Faults::new(Arc::new(self.severities(logs)));
        for unit in units {
            if let Ok(unit) = self.project.canonical(Key::Field(Field::Unit), unit) {
                self.asked.push((Field::Unit, Symbol::new(&unit)));
            }
        }
        let asked = Arc::new(std::mem::take(&mut self.asked));
        let fresh = || (begin(), (SeenLogs::default(), Occurring::new(Arc::clone(&asked))));
        let (sources, ids) = (&mut logs.sources, logs.ids.as_slice());
        let folders = asks.photos.then(|| self.photo_folders());
        let options = CheckOptions { as_of: logs.day, earlier: None, photos: folders.as_ref(), is_whole: logs.are_all };
        let (_, (fold, (seen, occurring)), album) =
            check::run((sources, ids), &self.project, &options, &mut faults, fresh)?;
        self.need_recognised(&seen, &faults, logs)?;
        self.tell_absent(&occurring)?;
        self.apply_config_baseline(&mut faults, &mut logs.sources)?;
        let others = if units.is_empty() { None } else { Some(self.rows_of_others(&faults, units, logs)?) };
        let counts = count_by_code(&faults, &logs.sources, asks.public, |fault| {
            others.as_ref().is_some_and(|others| others.has(fault))
        });
        self.tell(&counts)?;
        Ok((fold, counts, album))
    }

    /// Prints how often each code was found, and the first places. Errors are printed even with --quiet.
    pub(super) fn tell(&mut self, counts: &[FaultCount]) -> Result<(), Stop> {
        // `warn_of_calendar` tells it in full.
        let is_told =
            |count: &&FaultCount| count.code != UNKNOWN_YEAR.to_string() || self.project.calendar.guessed().is_empty();
        let counts: Vec<FaultCount> = counts.iter().filter(is_told).cloned().collect();
        let of = |severity| -> usize {
            counts.iter().filter(|count| count.severity == severity).map(FaultCount::told).sum()
        };
        let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
        if errors == 0 && (self.quiet || warnings == 0) {
            return Ok(());
        }
        let remedy = self.typed("；用 duban check 查看", "; see duban check");
        self.warn(&self.lang.pick(
            format!("台账有 {errors} 处错误、{warnings} 处警告{remedy}"),
            format!("the logs have {} and {}{remedy}", counted(errors, "error"), counted(warnings, "warning")),
        ))?;
        let shown = counts.iter().filter(|count| !self.quiet || count.severity == Severity::Error);
        for line in shown.map(|count| self.line_of(count)).collect::<Vec<_>>() {
            self.warn(&line)?;
        }
        Ok(())
    }

    /// Says, once a run, over which years working days were counted whose holidays the calendar does not know. To be
    /// called when all has been counted.
    pub(super) fn warn_of_calendar(&mut self) -> Result<(), Stop> {
        if self.project.severities.of(UNKNOWN_YEAR).is_none() {
            return Ok(());
        }
        for year in self.project.calendar.guessed() {
            let what = FaultKind::UnknownYear { year, lunar: LUNAR_YEARS.contains(&year) };
            let Words { message, help } = words(&what, None, self.lang);
            let help = help.unwrap_or_default();
            self.note(&self.lang.pick(format!("{message}；{help}"), format!("{message}; {help}")))?;
        }
        Ok(())
    }

    /// `  3  V109  a required cell is empty  logs/a.csv:3:5, logs/a.csv:4:5, …`
    fn line_of(&self, count: &FaultCount) -> String {
        let codes = self.project.severities.codes();
        let title = codes.find(&count.code).map_or("", |code| codes.info(code).title(self.lang));
        let mut places = count.places.iter().take(SHOWN).cloned().collect::<Vec<_>>();
        places.extend((count.count > places.len()).then(|| "…".to_owned()));
        format!("{:>5}  {}  {title}  {}", count.told(), count.code, places.join(self.lang.pick("、", ", ")))
    }

    /// Refuses a dispatch over faulty logs; returns the faults that `--accept` lets through.
    ///
    /// # Errors
    /// The faults (status 1), or a code of `--accept` that does not refuse anything here (status 2).
    pub(super) fn admit(
        &mut self,
        counts: &[FaultCount],
        accept: &[String],
        why: Option<&str>,
    ) -> Result<AcceptedFaults, Stop> {
        let mut accepted = AcceptedFaults::default();
        for text in accept {
            let code = super::check::code(text, self.project.severities.codes(), self.lang)?;
            let found = counts.iter().find(|count| count.refusing > 0 && count.code == code.to_string());
            let Some(found) = found else {
                return Err(Stop::wrong(self.lang.pick(
                    format!("--accept {code}：台账没有会拦下发文的 {code}；没有发文"),
                    format!("--accept {code}: no {code} of these logs refuses a dispatch; nothing was dispatched"),
                )));
            };
            accepted.counts.insert(found.code.clone(), found.refusing);
            let places = found.places.iter().take(found.refusing).cloned().collect();
            accepted.places.insert(found.code.clone(), places);
        }
        let why = why.map(str::trim).filter(|why| !why.is_empty());
        if !accept.is_empty() && why.is_none() {
            return Err(Stop::wrong(self.pick("--why 要写明理由", "--why needs a reason")));
        }
        accepted.why = why.map(str::to_owned);
        let refusing: Vec<&FaultCount> =
            counts.iter().filter(|count| count.refusing > 0 && !accepted.counts.contains_key(&count.code)).collect();
        if refusing.is_empty() {
            return Ok(accepted);
        }
        let codes = refusing.iter().map(|count| count.code.as_str()).collect::<Vec<_>>().join(",");
        let accept = format!("--accept {codes} --why");
        let zh = format!("；确需照发，用 {accept} \"理由\"，登记簿会记下");
        let en = format!("; to dispatch all the same, give {accept} \"REASON\", which the register keeps");
        let remedy = self.typed(&zh, &en);
        self.warn(&self.lang.pick(
            format!("没有发文，没有取号：台账有错误（{codes}）。改正后再发{remedy}"),
            format!("nothing was dispatched and no number taken, because of {codes}. Correct the logs{remedy}"),
        ))?;
        Err(Stop::Reported(ExitStatus::Found))
    }

    /// Stops at logs in which nothing was recognised.
    fn need_recognised(&mut self, seen: &SeenLogs, faults: &Faults, logs: &Logs) -> Result<(), Stop> {
        let is_lost = |fault: &&Fault| {
            let code = fault.what.code();
            NOT_A_LOG.contains(&code) || STOPS_READING.contains(&code) && !seen.has(fault.place.source)
        };
        let mut lost = faults.fresh();
        for fault in faults.sorted().into_iter().filter(is_lost) {
            lost.add_full(fault.place, fault.what.clone(), fault.field, fault.related);
        }
        // Beyond what is kept with its facts, only the counts are known.
        if lost.is_empty() && NOT_A_LOG.iter().all(|code| faults.severity(*code).is_none()) {
            return Ok(());
        }
        self.faults_told += lost.sorted().len();
        let report = emit::CheckReport::new(&lost, &logs.sources, logs.files(), 0, Some(20), self.lang);
        for shown in report.shown() {
            self.warn(&emit::one_line(&shown))?;
            if let Some(help) = &shown.words.help {
                self.warn(&format!("  = {help}"))?;
            }
        }
        Err(Stop::wrong(self.pick(
            "有文件没有读懂，不作统计，也不出文书；改正文件，或在 duban.yaml 的 logs: 中写 '!文件' 排除它",
            "a file was not understood, so that nothing is counted and no document written; correct it, or leave it out with '!FILE' under `logs:` in duban.yaml",
        )))
    }

    /// Which faulty lines hold rows of other units than these and no row of theirs.
    fn rows_of_others(&self, faults: &Faults, units: &[String], logs: &mut Logs) -> Result<OtherUnits, Stop> {
        let mut asked = BTreeSet::new();
        for unit in units {
            let name = self.project.canonical(Key::Field(Field::Unit), unit);
            asked.insert(name.map_err(|fault| {
                Stop::wrong(format!("--unit: {}; {}", fault.message(self.lang), fault.help(self.lang)))
            })?);
        }
        let places = faults.sorted().into_iter().flat_map(|fault| std::iter::once(fault.place).chain(fault.related));
        let lines: Arc<BTreeSet<_>> = Arc::new(places.map(|place| (place.source, place.line)).collect());
        let (project, asked) = (&self.project, Arc::new(asked));
        let fresh = || FaultyRows { project, asked: asked.clone(), lines: lines.clone(), is_other: BTreeMap::new() };
        let rows = log::fold(&mut logs.sources, &logs.ids, project, &mut faults.fresh(), fresh)?;
        Ok(OtherUnits { is_other: rows.is_other })
    }
}

/// The logs of which a record was read.
#[derive(Clone, Debug, Default)]
struct SeenLogs {
    seen: Vec<bool>,
    last: Option<SourceId>,
}

impl SeenLogs {
    fn has(&self, id: SourceId) -> bool {
        self.seen.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// Most records are of the same log as the one before.
    #[inline]
    fn add(&mut self, id: SourceId) {
        if self.last != Some(id) {
            self.last = Some(id);
            self.insert(id);
        }
    }

    #[cold]
    fn insert(&mut self, id: SourceId) {
        let at = id.0 as usize;
        if at >= self.seen.len() {
            self.seen.resize(at + 1, false);
        }
        self.seen[at] = true;
    }
}

impl Fold<Entry<'_>> for SeenLogs {
    const ANY_ORDER: bool = true;

    fn push(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Issue(issue) => self.add(issue.row.source),
            Entry::Inspection(inspection) => self.add(inspection.row.source),
            Entry::Measure(measure) => self.add(measure.row.source),
            Entry::Declared(_) => {}
        }
    }

    fn merge(&mut self, later: Self) {
        for (at, _) in later.seen.iter().enumerate().filter(|(_, seen)| **seen) {
            self.add(SourceId(u32::try_from(at).unwrap_or(u32::MAX)));
        }
    }
}

/// For each faulty line with a row: whether every row there names a unit other than those asked for.
struct FaultyRows<'p> {
    project: &'p Project,
    asked: Arc<BTreeSet<String>>,
    lines: Arc<BTreeSet<(SourceId, OneBased)>>,
    is_other: BTreeMap<(SourceId, OneBased), bool>,
}

impl FaultyRows<'_> {
    fn add(&mut self, line: (SourceId, OneBased), is_other: bool) {
        *self.is_other.entry(line).or_insert(true) &= is_other;
    }

    /// Whether an issue is certainly another unit's. A name that is not in the project's list may be a misspelling.
    fn is_of_others(&self, issue: &crate::model::Issue<'_>) -> bool {
        let vocabulary = self.project.vocabularies.of(Field::Unit);
        let is_known = |unit: &str| !vocabulary.closed || vocabulary.find(unit).is_some();
        let names_asked = issue.co_units.iter().any(|unit| self.asked.contains(unit.as_str()));
        issue.unit.is_some_and(|unit| {
            let unit = unit.as_str();
            !unit.is_empty() && is_known(unit) && !self.asked.contains(unit) && !names_asked
        })
    }
}

impl Fold<Entry<'_>> for FaultyRows<'_> {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        let (source, first) = (issue.row.source, issue.row.line);
        let has_faulty = self.lines.range((source, first)..).next().is_some_and(|(other, _)| *other == source);
        if !has_faulty {
            return;
        }
        let fields = crate::model::field::FIELDS.iter();
        let last = fields.map(|info| issue.row.field_place(info.field).line).max().unwrap_or(first).max(first);
        let is_other = self.is_of_others(issue);
        let lines = self.lines.clone();
        for line in lines.range((source, first)..=(source, last)) {
            self.add(*line, is_other);
        }
    }

    fn merge(&mut self, later: Self) {
        for (line, is_other) in later.is_other {
            self.add(line, is_other);
        }
    }
}

/// The faulty lines, and whether they are other units'.
struct OtherUnits {
    is_other: BTreeMap<(SourceId, OneBased), bool>,
}

impl OtherUnits {
    /// Whether a fault, and the place it disagrees with, lie in rows of other units.
    fn has(&self, fault: &Fault) -> bool {
        // A fault of two files is nobody's alone, whoever's row is the first.
        if PAIRS_OF_FILES.contains(&fault.what.code()) {
            return false;
        }
        let places = std::iter::once(fault.place).chain(fault.related);
        let mut places = places.map(|place| self.is_other.get(&(place.source, place.line)));
        places.all(|is_other| is_other == Some(&true))
    }
}
