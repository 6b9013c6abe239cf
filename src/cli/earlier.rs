//! The earlier submission of `check --against` and `--compare`: files, a folder, a revision of git, or the previous one; and the
//! earlier period of `--compare`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::cli::Stop;
use crate::cli::args::{InputArgs, InputFormatArg};
use crate::cli::git;
use crate::cli::logs::Logs;
use crate::cli::session::Session;
use crate::fold::Fold;
use crate::model::Entry;
use crate::model::moves::Unmatched;
use crate::model::period::Period;
use crate::register::{RegisterEntry, RegisterStatus};
use crate::source::Sources;
use crate::source::find;
use crate::source::submission::submitted_on;
use crate::words::lang::counted;

/// Prefix of a git revision.
const GIT: &str = "git:";
/// The name of the submission before, and the series by whose last document it is dated.
const PREVIOUS: &str = "previous";
const BULLETIN: &str = "bulletin";

/// An earlier submission.
pub(super) struct Earlier {
    /// Its logs; `None` if they are those of the run, as they stood on an earlier day.
    pub(super) logs: Option<Logs>,
    /// The day that it is looked at from: the one up to which it was kept, if that is known, and never after the day of
    /// the run.
    pub(super) day: NaiveDate,
    /// What it is, for messages and papers.
    pub(super) name: String,
    /// The days of finding that are compared; `None` for those of the run.
    pub(super) period: Option<Period>,
}

impl Session<'_> {
    /// Finds what a run is compared with: a file, a folder, `git:REVISION`, or `previous`, which is the submission before
    /// the newest (`latest:` in the config), or else the logs as they stood on the day of the last document of `series`; or a
    /// period such as `2021-07`, which is what the logs of the run have of it, as they stood on its last day.
    ///
    /// # Errors
    /// There is nothing of the kind.
    pub(super) fn earlier(
        &mut self,
        old: &Path,
        input: &InputArgs,
        logs: &Logs,
        series: Option<&str>,
    ) -> Result<Earlier, Stop> {
        if !self.world.folder.join(old).exists() {
            if old == Path::new(PREVIOUS) {
                return self.previous(input, logs, series.unwrap_or(BULLETIN));
            }
            if let Some(period) = old.to_str().and_then(|text| text.parse::<Period>().ok()) {
                return self.at_end_of(period, old.to_string_lossy().into_owned(), logs);
            }
        }
        let sources = self.earlier_sources(old, &input.sheets, logs)?;
        let name = old.to_string_lossy().into_owned();
        let day = match revision_of(old) {
            Some(revision) => {
                let stated = latest_day(&sources, |_| true, false);
                stated.map_or_else(|| commit_day(revision, self).map(Some), |day| Ok(Some(day)))?
            }
            None => latest_day(&sources, |_| true, true),
        };
        Ok(Earlier::new(sources, day, name, logs))
    }

    /// The logs of an earlier submission, without a day.
    pub(super) fn earlier_sources(&mut self, old: &Path, sheets: &[String], logs: &Logs) -> Result<Sources, Stop> {
        if let Some(revision) = revision_of(old) {
            return revisions(revision, sheets, logs, self);
        }
        let input = InputArgs {
            paths: vec![old.to_owned()],
            input_format: InputFormatArg::Csv,
            sheets: sheets.to_vec(),
            as_of: None,
        };
        Ok(self.logs(&input)?.sources)
    }

    /// Reads an earlier submission into a fold. The faults of its reading were told when it was submitted.
    ///
    /// # Errors
    /// A file can't be read, or nothing in it was recognised.
    pub(super) fn read_earlier<F: for<'r> Fold<Entry<'r>> + Send>(
        &mut self,
        earlier: &mut Earlier,
        logs: &mut Logs,
        begin: impl Fn() -> F + Sync,
    ) -> Result<F, Stop> {
        let logs = earlier.logs.as_mut().unwrap_or(logs);
        Ok(self.read_quietly(logs, begin)?.0)
    }

    /// Tells what is compared, and what of the earlier submission was not found again.
    pub(super) fn tell_compared(&mut self, earlier: &Earlier, found: Unmatched, undated: u64) -> Result<(), Stop> {
        let (Earlier { day, name, .. }, Unmatched { gone, near }) = (earlier, found);
        let lang = self.lang;
        self.note(&lang.pick(format!("与 {name} 比较（{day}）"), format!("compared with {name} ({day})")))?;
        if undated > 0 {
            let count = counted(usize::try_from(undated).unwrap_or(usize::MAX), "issue");
            self.note(&lang.pick(
                format!("{day} 的情况中，{undated} 个问题只凭没有日期的状态算作已整改或已销号，当日未必如此"),
                format!("as of {day} rectified or closed by a status without a date, which may be later: {count}"),
            ))?;
        }
        if gone > 0 {
            self.note(&lang.pick(
                format!("当时的 {gone} 个问题现在没有了"),
                format!("no longer there: {}", counted(gone, "issue")),
            ))?;
        }
        if near > 0 {
            self.note(&lang.pick(
                format!("{near} 个新问题可能就是它们，单位或描述改过，无法确定"),
                format!("new, but perhaps one of these with another unit or description: {}", counted(near, "issue")),
            ))?;
        }
        Ok(())
    }

    /// The logs of the run as they stood at the end of a period.
    fn at_end_of(&self, period: Period, name: String, logs: &Logs) -> Result<Earlier, Stop> {
        if period.from.is_some_and(|from| from > logs.day) {
            return Err(Stop::wrong(self.lang.pick(
                format!("--compare {name}：这个时段在统计日 {} 之后", logs.day),
                format!("--compare {name}: the period lies after the day {}", logs.day),
            )));
        }
        let day = period.to.unwrap_or(logs.day).min(logs.day);
        Ok(Earlier { logs: None, day, name, period: Some(period) })
    }

    fn previous(&mut self, input: &InputArgs, logs: &Logs, series: &str) -> Result<Earlier, Stop> {
        let submitted = if input.paths.is_empty() { self.previous_logs(&input.sheets)? } else { None };
        if let Some((sources, names)) = submitted {
            let day = latest_day(&sources, |name| names.iter().any(|older| older == name), true);
            return Ok(Earlier::new(sources, day, names.join(self.lang.pick("、", ", ")), logs));
        }
        let register = self.register_records()?;
        let is_before = |entry: &&RegisterEntry| {
            entry.series == series && entry.status != RegisterStatus::Void && entry.date < logs.day
        };
        let last = register.iter().rev().find(is_before).ok_or_else(|| {
            Stop::wrong(self.lang.pick(
                format!(
                    "--compare previous：没有上一份台账（duban.yaml 的 logs: 中没有 latest:，或只有一份），{} 以前也没有发过 {series}；\
                     写明文件、文件夹或 git:版本",
                    logs.day
                ),
                format!(
                    "--compare previous: there is no submission before this one (no `latest:` under `logs:`, or one file \
                     only), and no document of the series {series} before {}; name a file, a folder or git:REVISION",
                    logs.day
                ),
            ))
        })?;
        Ok(Earlier { logs: None, day: last.date, name: last.number.clone(), period: None })
    }
}

impl Earlier {
    /// Logs that were kept up to a day, looked at no later than those of the run.
    fn new(sources: Sources, day: Option<NaiveDate>, name: String, logs: &Logs) -> Self {
        let day = day.unwrap_or(logs.day).min(logs.day);
        let ids = sources.ids().collect();
        Self { logs: Some(Logs { sources, ids, day, as_of_is_given: true, are_all: false }), day, name, period: None }
    }
}

fn revision_of(old: &Path) -> Option<&str> {
    old.to_str().and_then(|text| text.strip_prefix(GIT))
}

/// The latest day up to which any of some logs was kept.
fn latest_day(sources: &Sources, is_asked: impl Fn(&str) -> bool, by_name: bool) -> Option<NaiveDate> {
    let asked = sources.ids().map(|id| sources.get(id)).filter(|source| is_asked(&source.name));
    asked.filter_map(|source| submitted_on(source, by_name)).max()
}

/// The day on which a revision was committed.
fn commit_day(revision: &str, session: &Session<'_>) -> Result<NaiveDate, Stop> {
    let arguments = ["log", "-1", "--format=%cs", revision, "--"].map(str::to_owned);
    let day = String::from_utf8_lossy(&git(&arguments, session)?).trim().to_owned();
    day.parse().map_err(|_| Stop::wrong(format!("git: {day}")))
}

/// Splits the path of a file, as git writes it, into its folder and its name.
fn in_folder(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The logs of the run as they were at a revision, with those deleted since from their folders. What is there today and is
/// no log of the run (`'!FILE'`, an older submission) is none of the revision either.
fn revisions(revision: &str, sheets: &[String], logs: &Logs, session: &Session<'_>) -> Result<Sources, Stop> {
    if revision.starts_with('-') {
        return Err(Stop::wrong(
            session.lang.pick(format!("`{revision}` 不是 git 版本"), format!("`{revision}` is no git revision")),
        ));
    }
    let names: BTreeSet<String> = logs.ids.iter().map(|id| logs.sources.get(*id).name.clone()).collect();
    let folders: BTreeSet<PathBuf> =
        names.iter().map(|name| Path::new(name).parent().map(Path::to_owned).unwrap_or_default()).collect();
    // -z: names unquoted, separated by NUL.
    let mut arguments = vec!["ls-tree".to_owned(), "-z".to_owned(), "--name-only".to_owned(), revision.to_owned()];
    arguments.push("--".to_owned());
    arguments.extend(folders.iter().map(|folder| {
        let text = folder.to_string_lossy();
        if text.is_empty() { "./".to_owned() } else { format!("{text}/") }
    }));
    let listed = git(&arguments, session)?;
    let listed = String::from_utf8_lossy(&listed);
    let listed: Vec<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
    // The names of the files of each folder.
    let mut beside: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (folder, file) in listed.iter().map(|name| in_folder(name)) {
        beside.entry(folder).or_default().insert(file.to_owned());
    }
    let mut files = Sources::default();
    for name in listed {
        let (folder, file) = in_folder(name);
        let is_of_duban = beside.get(folder).is_some_and(|beside| find::is_project_file(file, beside));
        let is_left_out = !names.contains(name) && session.world.folder.join(name).exists();
        if !find::is_log(Path::new(name)) || is_of_duban || is_left_out {
            continue;
        }
        let bytes = git(&["show".to_owned(), format!("{revision}:./{name}")], session)?;
        for file in session.in_bytes(&format!("{revision}:{name}"), bytes, sheets)? {
            files.add(file);
        }
    }
    if files.ids().next().is_none() {
        return Err(Stop::wrong(
            session
                .lang
                .pick(format!("git:{revision} 里没有这些台账"), format!("git:{revision} has none of these logs")),
        ));
    }
    Ok(files)
}

fn git(arguments: &[String], session: &Session<'_>) -> Result<Vec<u8>, Stop> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    git::git(&session.world.folder, &arguments).map_err(|error| Stop::wrong(format!("git: {error}")))
}
