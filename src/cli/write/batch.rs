//! The documents of a run and their data: those of one kind, or all letters that the ladder calls for.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::album::{Album, PhotoStore};
use crate::cli::admission::Asks;
use crate::cli::args::{DateRangeArgs, WriteArgs};
use crate::cli::as_of::Told;
use crate::cli::due::tell_uncertain;
use crate::cli::earlier::Earlier;
use crate::cli::logs::Logs;
use crate::cli::session::Session;
use crate::cli::write::mode::WriteMode;
use crate::cli::{ExitStatus, Stop, register as cli_register};
use crate::dataset::data::{Against, Request};
use crate::dataset::{Data, Edition, Gather, Records, document_record};
use crate::due::recognise::{Answers, Named, NearMatch, Recognition, Signs, recognise, unit_today};
use crate::fault::{FaultCount, Faults};
use crate::kind::config::Coverage;
use crate::kind::{self, Kind, KindError};
use crate::model::Field;
use crate::model::key::Key as FieldKey;
use crate::model::known::KnownIssue;
use crate::model::moves::Move;
use crate::model::state::{AsOf, State};
use crate::platform::paths::slashed;
use crate::register::{Clues, DocumentLink, Past, RegisterEntry, RegisterStatus};
use crate::source::Sources;
use crate::tally::as_of_summary::LeftOut;
use crate::tally::compare::EarlierIssues;
use crate::tally::select::Filter;
use crate::words::lang::counted;

/// Given instead of a kind: all letters that the ladder calls for.
pub(super) const DUE: &str = "due";
/// The same with its Chinese name.
pub(in crate::cli) const LADDER: (&str, &str) = (DUE, "催办");

/// The documents of one kind.
pub(super) struct DocumentBatch {
    pub(super) kind: Kind,
    /// The files of the kind, into which faults point.
    pub(super) sources: Sources,
    pub(super) all: Vec<Data>,
    /// Whether the ladder called for them.
    pub(super) is_called: bool,
    /// The document that they correct.
    pub(super) corrects: Option<DocumentLink>,
}

/// The documents of a run, and what they are made from.
pub(super) struct RunDocuments {
    pub(super) batches: Vec<DocumentBatch>,
    /// The faults of the logs.
    pub(super) faults: Vec<FaultCount>,
    /// The register, with the issues called as this run calls them.
    pub(super) register: Vec<RegisterEntry>,
    /// The photos of the issues.
    pub(super) photos: PhotoStore,
    /// How many issues are open, if none of them has a deadline: the log may have it in a column that was not read.
    pub(super) open_without_deadline: Option<usize>,
}

/// Returns the documents of a run.
pub(super) fn batches(
    args: &WriteArgs,
    mode: WriteMode,
    past: &Arc<Past>,
    session: &mut Session<'_>,
) -> Result<RunDocuments, Stop> {
    let mut run = if args.kind == DUE && args.from_data.is_none() {
        called(args, mode, past, session)?
    } else if let Some(path) = &args.from_data {
        let (batch, faults) = from_file(args, path, session)?;
        let photos = saved_photos(&batch.all, session);
        let register = all_of(past, session)?;
        RunDocuments { batches: vec![batch], faults, register, photos, open_without_deadline: None }
    } else {
        of_kind(args, mode, past, session)?
    };
    for data in run.batches.iter_mut().flat_map(|batch| &mut batch.all) {
        data.faults.clone_from(&run.faults);
    }
    Ok(run)
}

/// The rows of the page for the leader.
pub(super) struct PageRows {
    pub(super) data: Data,
    pub(super) faults: Vec<FaultCount>,
    /// The register, with the issues called as this run calls them.
    pub(super) register: Vec<RegisterEntry>,
    /// How many files were read.
    pub(super) logs: usize,
    /// The photos of the issues.
    pub(super) photos: PhotoStore,
}

/// Reads what a page shows: all issues and the whole register, whatever a document said before.
pub(super) fn page_rows(args: &WriteArgs, session: &mut Session<'_>) -> Result<PageRows, Stop> {
    let past = Arc::new(session.register_past()?);
    cli_register::tell_doubled(past.listed(), session)?;
    let kind = load(&args.kind, session)?.kind;
    let series = kind.series().to_owned();
    let question = Question { series: vec![series], reporting: None, of_all: true, of_photos: true };
    let Gathered { records, request, faults, recognition, logs, photos } = gather(args, &past, &question, session)?;
    let data = kind.page(&session.project, records, &request);
    Ok(PageRows { data, faults, register: recognition.register, logs, photos })
}

/// Reads all issues that a document may have been counted from.
pub(in crate::cli) fn proof_rows(
    args: &WriteArgs,
    past: &Arc<Past>,
    session: &mut Session<'_>,
) -> Result<(Data, Vec<FaultCount>), Stop> {
    let kind = load(&args.kind, session)?.kind;
    let reporting = Some(kind.series()).filter(|_| kind.config.covers == Coverage::Unreported).map(str::to_owned);
    let question = Question { series: vec![kind.series().to_owned()], reporting, of_all: true, of_photos: false };
    let Gathered { records, request, faults, .. } = gather(args, past, &question, session)?;
    Ok((kind.page(&session.project, records, &request), faults))
}

/// The documents of one kind.
fn of_kind(
    args: &WriteArgs,
    mode: WriteMode,
    past: &Arc<Past>,
    session: &mut Session<'_>,
) -> Result<RunDocuments, Stop> {
    let mut batch = load(&args.kind, session)?;
    let reporting = Some(batch.kind.series()).filter(|_| batch.kind.config.covers == Coverage::Unreported);
    let question = Question {
        series: vec![batch.kind.series().to_owned()],
        reporting: reporting.map(str::to_owned),
        of_all: asks_for_all(args, &batch.kind),
        of_photos: batch.kind.may_ask_for_photos(),
    };
    let Gathered { mut records, request, faults, recognition, photos, .. } = gather(args, past, &question, session)?;
    let Recognition { register, mut near, .. } = recognition;
    if batch.kind.covers_unreported(&request) {
        near.retain(|near| reporting == Some(near.series.as_str()));
        refuse_uncertain(args, mode, &near, session)?;
        if args.skip_uncertain {
            records = records.with_issues(|id| near.iter().all(|near| near.handle != id));
        }
        tell_reported(&records, &register, batch.kind.series(), session)?;
    }
    let named = kind::named_before(&batch.kind, &records, &session.project, &request.as_of, &register);
    // A draft names every issue; a dispatch only those not named by an earlier document.
    let records = if args.again || named.is_empty() || mode == WriteMode::Draft {
        records
    } else {
        records.with_issues(|id| !named.contains(id))
    };
    if !args.again && !named.is_empty() {
        let remedy = session.typed("；要再发用 --again", " without --again");
        session.note(&session.lang.pick(
            format!("{} 个问题此前已发过同样的文书，发文时不再列入{remedy}", named.len()),
            format!("named by such a letter before, and not sent again{remedy}: {}", counted(named.len(), "issue")),
        ))?;
    }
    let open_without_deadline = open_without_deadline(&records, &request.as_of);
    batch.all = batch.kind.documents(&session.project, records, &request);
    Ok(RunDocuments { batches: vec![batch], faults, register, photos, open_without_deadline })
}

/// Returns how many issues are open, if there are some and none has a deadline.
fn open_without_deadline(records: &Records, as_of: &AsOf) -> Option<usize> {
    let mut count = 0;
    for issue in records.counted().issues.iter().filter(|issue| !State::of(issue, as_of).rectified) {
        // Most logs have one in their first rows.
        if issue.date(Field::Deadline).is_some() {
            return None;
        }
        count += 1;
    }
    Some(count).filter(|count| *count > 0)
}

/// Says how many issues the document leaves out because its series has reported them, and of which documents that is not
/// known.
fn tell_reported(
    records: &Records,
    register: &[RegisterEntry],
    series: &str,
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    let count = records.reported_in(series);
    if count > 0 {
        let remedy =
            session.typed("（全部写用 --all，写某一时段用 --period）", " (--all covers everything, --period a period)");
        session.note(&session.lang.pick(
            format!("只写尚未通报的问题；此前已通报的 {count} 个不再逐条写{remedy}"),
            format!(
                "covers what was not reported before, and leaves out {} that {}{remedy}",
                counted(count, "issue"),
                if count == 1 { "was" } else { "were" }
            ),
        ))?;
    }
    let stands = |entry: &&RegisterEntry| entry.series == series && entry.status != RegisterStatus::Void;
    let silent: Vec<&str> = register
        .iter()
        .filter(stands)
        .filter(|entry| entry.issues.is_empty())
        .map(|entry| entry.number.as_str())
        .collect();
    if !silent.is_empty() {
        let list = silent.join(session.lang.pick("、", ", "));
        let remedy = session.typed("；写某一时段用 --period", "; use --period for a period");
        session.note(&session.lang.pick(
            format!("登记簿里 {list} 没有所写问题的清单：其中的问题按尚未通报计{remedy}"),
            format!("the register does not know the issues of {list}: they count as not reported{remedy}"),
        ))?;
    }
    Ok(())
}

/// The letters that the ladder calls for, lowest rung first, each with only the issues that call for it.
fn called(
    args: &WriteArgs,
    mode: WriteMode,
    past: &Arc<Past>,
    session: &mut Session<'_>,
) -> Result<RunDocuments, Stop> {
    let question = question_of_ladder(args, session);
    let Gathered { records, request, faults, recognition, photos, .. } = gather(args, past, &question, session)?;
    let Recognition { register, mut near, .. } = recognition;
    let wanted: Vec<String> = args
        .unit
        .iter()
        .filter_map(|unit| session.project.canonical(FieldKey::Field(Field::Unit), unit).ok())
        .collect();
    near.retain(|near| wanted.is_empty() || wanted.contains(&near.unit));
    refuse_uncertain(args, mode, &near, session)?;
    let uncertain: BTreeSet<&str> = near.iter().map(|near| near.handle.as_str()).collect();
    let mut calls = kind::calls(&records, &session.project, &request.as_of, request.period, &register, args.again);
    for call in &mut calls {
        call.issues.retain(|issue| !uncertain.contains(issue.as_str()));
    }
    calls.retain(|call| !call.issues.is_empty());
    let mut batches = Vec::new();
    // Every rung has a batch, empty if not called for, so that --set keys of its kind are accepted.
    for rung in session.project.ladder().rungs() {
        let mut batch = load(&rung.kind, session)?;
        if let Some(call) = calls.iter().find(|call| call.kind == rung.kind) {
            let records = records.with_issues(|id| call.issues.contains(id));
            // The ladder selects the issues: a rung may call for a letter before the kind's own selection does.
            batch.kind.config.select.clear();
            batch.all = batch.kind.documents(&session.project, records, &request);
            for data in &mut batch.all {
                (data.called, data.unreported) = (true, false);
            }
        }
        batch.is_called = true;
        batches.push(batch);
    }
    let open_without_deadline = open_without_deadline(&records, &request.as_of);
    Ok(RunDocuments { batches, faults, register, photos, open_without_deadline })
}

/// Stops a dispatch of letters while it can't be told whether issues had letters before: a unit would get a second reminder,
/// or a supervision letter without one.
fn refuse_uncertain(
    args: &WriteArgs,
    mode: WriteMode,
    near: &[NearMatch],
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    if near.is_empty() || mode == WriteMode::Draft || args.skip_uncertain {
        return Ok(());
    }
    let units: BTreeSet<&str> = near.iter().map(|near| near.unit.as_str()).collect();
    let units: Vec<&str> = units.into_iter().collect();
    session.warn(&session.lang.pick(
        format!(
            "duban: 没有发文：{} 的问题可能此前已发过文书；是同一问题的用 --same-issue 键，是新问题的用 --new-issue 键，\
             只发其余的用 --skip-uncertain",
            units.join("、")
        ),
        format!(
            "duban: nothing was dispatched: issues of {} may have had letters before; give --same-issue KEY for one that \
             had, --new-issue KEY for a new one, or --skip-uncertain to dispatch the others",
            units.join(", ")
        ),
    ))?;
    Err(Stop::Reported(ExitStatus::Found))
}

fn load(name: &str, session: &mut Session<'_>) -> Result<DocumentBatch, Stop> {
    let (mut sources, mut faults) = (Sources::default(), Faults::default());
    match kind::load(&session.project, name, &mut sources, &mut faults) {
        Ok(kind) => Ok(DocumentBatch { kind, sources, all: Vec::new(), is_called: false, corrects: None }),
        Err(KindError::Broken) => {
            session.report(&faults, &sources)?;
            Err(Stop::Reported(ExitStatus::Wrong))
        }
        Err(error) => Err(Stop::wrong(error.text(session.lang))),
    }
}

/// The data that `--data` wrote.
fn from_file(
    args: &WriteArgs,
    path: &std::path::Path,
    session: &mut Session<'_>,
) -> Result<(DocumentBatch, Vec<FaultCount>), Stop> {
    if args.kind == DUE {
        return Err(Stop::wrong(
            session.pick("--from-data 要写明文种，不能用 due", "--from-data needs the kind itself, not `due`"),
        ));
    }
    let set = given(args, session)?;
    let mut batch = load(&args.kind, session)?;
    let text = session.read_text(path)?;
    let read = if text.trim_start().starts_with('[') {
        serde_json::from_str::<Vec<Data>>(&text)
    } else {
        serde_json::from_str::<Data>(&text).map(|data| vec![data])
    };
    batch.all = read.map_err(|error| Stop::wrong(format!("{}: {error}", slashed(&path))))?;
    for data in &mut batch.all {
        data.set.extend(set.clone());
    }
    // The data of one run have the faults of the same logs; those of several runs are all heeded.
    let mut faults: Vec<FaultCount> = Vec::new();
    for fault in batch.all.iter().flat_map(|data| &data.faults) {
        if !faults.contains(fault) {
            faults.push(fault.clone());
        }
    }
    session.tell(&faults)?;
    Ok((batch, faults))
}

/// The photos that saved data tell of.
fn saved_photos(all: &[Data], session: &Session<'_>) -> PhotoStore {
    let (mut photos, mut logs) = (Vec::new(), BTreeSet::new());
    for issue in all.iter().flat_map(|data| data.records.each_issue()) {
        let own = issue.photos();
        if !own.is_empty() {
            logs.extend(issue.file().map(str::to_owned));
            photos.extend(own);
        }
    }
    PhotoStore::of_saved(&photos, &logs, &session.photo_folders(), &session.project.photos)
}

/// The records of the logs, the request made from the options, the faults of the logs, and which issues the register
/// names.
struct Gathered {
    records: Records,
    request: Request,
    faults: Vec<FaultCount>,
    recognition: Recognition,
    /// How many files were read.
    logs: usize,
    /// The photos of the issues, if they are asked for.
    photos: PhotoStore,
}

/// What a run asks of the register, and of the logs.
struct Question {
    /// The series of its documents.
    series: Vec<String>,
    /// The series of which the document leaves out what was reported, if it does.
    reporting: Option<String>,
    /// Whether any document may matter, and not only those that named one of its issues and the last ones of its series.
    of_all: bool,
    /// Whether its templates may show the photos of issues.
    of_photos: bool,
}

/// Whether a run may show any document of the register: in its template, or as data. A public edition searches all of them
/// for what it must not tell.
fn asks_for_all(args: &WriteArgs, kind: &Kind) -> bool {
    args.data || args.edition.editions().contains(&Edition::Public) || kind.may_ask_for_documents()
}

/// What the letters of the ladder ask. A kind that can't be loaded is told later, when its letters are made.
fn question_of_ladder(args: &WriteArgs, session: &Session<'_>) -> Question {
    let mut question = Question { series: Vec::new(), reporting: None, of_all: false, of_photos: false };
    for rung in session.project.ladder().rungs() {
        let (mut sources, mut faults) = (Sources::default(), Faults::default());
        match kind::load(&session.project, &rung.kind, &mut sources, &mut faults) {
            Ok(kind) => {
                question.of_all |= asks_for_all(args, &kind);
                question.of_photos |= kind.may_ask_for_photos();
                question.series.push(kind.series().to_owned());
            }
            Err(_) => question.of_all = true,
        }
    }
    question
}

/// All documents of the register.
fn all_of(past: &Past, session: &Session<'_>) -> Result<Vec<RegisterEntry>, Stop> {
    past.all().map_err(|error| cli_register::fault(&error, session.lang))
}

fn gather(
    args: &WriteArgs,
    past: &Arc<Past>,
    question: &Question,
    session: &mut Session<'_>,
) -> Result<Gathered, Stop> {
    let past = if question.of_all && past.is_long() { &Arc::new(Past::whole(all_of(past, session)?)) } else { past };
    let reporting = question.reporting.as_deref();
    let mut set = session.project.set.clone();
    set.extend(given(args, session)?);
    let filter = session.filter(&args.selecting, &DateRangeArgs::default())?;
    for unit in &args.unit {
        let known = session.project.canonical(FieldKey::Field(Field::Unit), unit);
        known.map_err(|fault| {
            Stop::wrong(format!("--unit: {}; {}", fault.message(session.lang), fault.help(session.lang)))
        })?;
    }
    let mut logs = session.logs(&args.input)?;
    if filter.period.from.is_some_and(|from| from > logs.day) {
        return Err(Stop::wrong(
            session.pick("期间在统计日（--as-of）之后", "the period lies after the day of --as-of"),
        ));
    }
    let as_of = as_of(args, logs.day, session);
    let named = Named::read(&session.project.root, past.listed(), &session.project, reporting);
    let signs = if past.is_long() {
        Arc::new(named.signs().as_ref().clone().with_those_before(past, &session.project))
    } else {
        Arc::clone(named.signs())
    };
    let begin = || {
        let gather = Gather::new(as_of.clone(), filter.clone(), &signs);
        if args.compare.is_some() { gather.comparing() } else { gather }
    };
    let asks = Asks { public: args.edition.editions().contains(&Edition::Public), photos: question.of_photos };
    let (mut gather, faults, album) = session.check_logs(&mut logs, &args.unit, asks, begin)?;
    session.tell_as_of(gather.summary(), &logs, Told::WithLate)?;
    let left_out = LeftOut::new(gather.summary(), &logs.sources);
    let by_undated_word = gather.summary().by_undated_word();
    let known = gather.known(&logs.sources);
    let answers = Answers { same: args.same_issue.clone(), new: args.new_issue.clone() };
    let (named, register) = if past.is_long() {
        let register = documents_about(past, &known, question, session)?;
        (Named::read(&session.project.root, &register, &session.project, reporting), Cow::Owned(register))
    } else {
        (named, Cow::Borrowed(past.listed()))
    };
    let recognition = recognise(&named, &register, &known, &session.project, &answers);
    if let Some(key) = answers.same.iter().chain(&answers.new).find(|key| !recognition.answered.contains(*key)) {
        return Err(Stop::wrong(session.lang.pick(
            format!("--same-issue、--new-issue：{key} 不是提示中不能确定的问题"),
            format!("--same-issue, --new-issue: {key} is none of the issues that can't be told apart"),
        )));
    }
    tell_uncertain(recognition.near.iter(), &recognition.reused, session)?;
    let (moves, compared) = compared(args, (&gather, &filter, &signs), &mut logs, session)?;
    let documents = recognition.register.iter().map(|record| document_record(record, record.line)).collect();
    let records: Records = gather.finish(&logs.sources, &session.project, &known, &moves, documents, &album);
    let photos = album.store(&session.project);
    let (lang, period, units) = (session.lang, filter.period, args.unit.clone());
    let again = args.again;
    let (against, earlier) = compared.unzip();
    let earlier = earlier.flatten().map(Arc::new);
    let request = Request { lang, as_of, period, again, units, set, left_out, by_undated_word, against, earlier };
    Ok(Gathered { records, request, faults, recognition, logs: logs.files(), photos })
}

/// The documents of a long register that may matter to a run.
fn documents_about(
    past: &Past,
    known: &[KnownIssue],
    question: &Question,
    session: &Session<'_>,
) -> Result<Vec<RegisterEntry>, Stop> {
    let clues = Clues {
        issues: known,
        series: question.series.iter().map(String::as_str).collect(),
        reporting: question.reporting.as_deref(),
        unit_today: &|unit| unit_today(&session.project, unit),
    };
    past.about(&clues).map_err(|error| cli_register::fault(&error, session.lang))
}

/// How the issues of the run moved since the submission or period of `--compare`, what that is, and its rows if it has other
/// logs.
type Compared = (Vec<Option<Move>>, Option<(Against, Option<Records>)>);

fn compared(
    args: &WriteArgs,
    (gather, filter, signs): (&Gather, &Filter, &Arc<Signs>),
    logs: &mut Logs,
    session: &mut Session<'_>,
) -> Result<Compared, Stop> {
    let Some(old) = &args.compare else { return Ok((Vec::new(), None)) };
    let series = if args.kind == DUE { None } else { Some(load(&args.kind, session)?.kind.series().to_owned()) };
    let mut earlier = session.earlier(old, &args.input, logs, series.as_deref())?;
    let as_of = session.project.as_of(earlier.day);
    let (moves, unmatched, undated, records) = if earlier.logs.is_some() {
        let begin = || Gather::new(as_of.clone(), filter.clone(), signs).comparing();
        let mut before = session.read_earlier(&mut earlier, logs, begin)?;
        let (moves, unmatched) = before.submission().map(|before| gather.moves_since(before)).unwrap_or_default();
        let undated = before.summary().by_undated_word();
        let sources = &earlier.logs.as_ref().unwrap_or(logs).sources;
        let known = before.known(sources);
        (
            moves,
            unmatched,
            undated,
            Some(before.finish(sources, &session.project, &known, &[], Vec::new(), &Album::default())),
        )
    } else {
        let before = session.read_earlier(&mut earlier, logs, || EarlierIssues::new(as_of.clone()))?;
        let (moves, unmatched) = gather.moves_since(&before.issues);
        (moves, unmatched, before.summary.by_undated_word(), None)
    };
    session.tell_compared(&earlier, unmatched, undated)?;
    let Earlier { name, day, period, .. } = earlier;
    let against = Against { name, as_of: day, period, other_logs: records.is_some() };
    Ok((moves, Some((against, records))))
}

/// The day of the run. For `due`, "due soon" reaches as far as the first rung of the ladder.
fn as_of(args: &WriteArgs, day: chrono::NaiveDate, session: &Session<'_>) -> AsOf {
    let as_of = session.project.as_of(day);
    if args.kind != DUE {
        return as_of;
    }
    AsOf { soon: session.project.ladder().horizon(day, &session.project.calendar).max(as_of.soon), ..as_of }
}

/// `--set KEY=VALUE`.
fn given(args: &WriteArgs, session: &Session<'_>) -> Result<IndexMap<String, String>, Stop> {
    let pairs = args.set.iter().map(|pair| match pair.split_once('=') {
        Some((key, value)) => Ok((key.trim().to_owned(), value.to_owned())),
        None => Err(Stop::wrong(
            session.lang.pick(format!("--set {pair} 应写成 键=值"), format!("--set {pair}: write KEY=VALUE")),
        )),
    });
    pairs.collect()
}
