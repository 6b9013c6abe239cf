//! The logs of a run: found by PATH or by `logs:` of the config, and their sheets chosen.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;

use crate::cli::Stop;
use crate::cli::args::{InputArgs, InputFormatArg};
use crate::cli::session::Session;
use crate::fault::Code;
use crate::log;
use crate::place::SourceId;
use crate::source::find::{self, FoundLogs, InputFormat, LogPattern, SubmissionChoice};
use crate::source::workbook::choice::Choice;
use crate::source::{Source, Sources};

/// A code that says of a future day what `--as-of` says already.
pub(super) const FUTURE_DATE: Code = Code::known("R205");

/// The logs of a run, and the day they are looked at from.
pub(super) struct Logs {
    pub(super) sources: Sources,
    pub(super) ids: Vec<SourceId>,
    pub(super) day: NaiveDate,
    /// Whether `--as-of` names the day.
    pub(super) as_of_is_given: bool,
    /// Whether they are all that the config names.
    pub(super) are_all: bool,
}

impl Logs {
    /// How many files there are; the sheets of a workbook are one.
    pub(super) fn files(&self) -> usize {
        let names = self.ids.iter().map(|id| &self.sources.get(*id).name);
        names.collect::<BTreeSet<_>>().len()
    }
}

/// `--sheet` is given, and there is no workbook.
pub(super) fn no_workbook(session: &Session<'_>) -> Stop {
    Stop::wrong(session.pick("--sheet 只用于工作簿，这里没有", "--sheet is for workbooks, and there is none"))
}

impl Session<'_> {
    /// Finds the logs that a command reads.
    pub(super) fn logs(&mut self, input: &InputArgs) -> Result<Logs, Stop> {
        let day = self.as_of(input.as_of.as_deref())?;
        let format = match input.input_format {
            InputFormatArg::Csv => InputFormat::Csv,
            InputFormatArg::Yaml => InputFormat::Yaml,
            InputFormatArg::Json => InputFormat::Json,
        };
        let is_log = |head: &[u8]| log::looks_like_log(head, &self.project);
        let wanted = if input.sheets.is_empty() { &self.project.sheets } else { &input.sheets };
        let choice = Choice { wanted, is_log: &is_log };
        let has_logs = self.project.logs.iter().any(|pattern| !matches!(pattern, LogPattern::Without(_)));
        let found = if !input.paths.is_empty() {
            find::by_names(&input.paths, &mut *self.world.stdin, format, &choice)
                .map(|sources| FoundLogs { sources, ..FoundLogs::default() })
        } else if !has_logs {
            return Err(Stop::wrong(if self.project.configured {
                self.pick("没有指定台账，duban.yaml 里也没有 logs:", "no PATH given, and no `logs:` in duban.yaml")
            } else {
                self.pick(
                    "没有指定台账，也没有找到 duban.yaml；写出文件，或用 duban init 新建项目",
                    "no PATH given, and no duban.yaml found; name a file, or begin with `duban init`",
                )
            }));
        } else {
            find::by_patterns(&self.project.root, &self.project.logs, SubmissionChoice::Newest, &choice)
        };
        let found = found.map_err(|error| Stop::wrong(error.text(self.lang)))?;
        let FoundLogs { mut sources, superseded, unused } = found;
        if !self.quiet {
            sources.count_in(&self.world.progress);
        }
        for (newest, older) in superseded {
            let older = older.join(self.lang.pick("、", ", "));
            self.note(&self.lang.pick(
                format!("只计最新一份 {newest}；没有计入：{older}"),
                format!("the newest, {newest}, is counted; left out: {older}"),
            ))?;
        }
        for pattern in unused {
            self.note(&self.lang.pick(
                format!("logs: 中的 '!{pattern}' 没有排除任何文件"),
                format!("'!{pattern}' under `logs:` leaves no file out"),
            ))?;
        }
        let ids: Vec<SourceId> = sources.ids().collect();
        // An option without effect is refused rather than ignored.
        if !input.sheets.is_empty() && ids.iter().all(|id| sources.get(*id).sheet.is_none()) {
            return Err(no_workbook(self));
        }
        let files = ids.iter().filter_map(|id| sources.get(*id).on_disk().map(Path::to_owned));
        self.world.inputs.extend(files.map(|file| self.world.folder.join(file)).collect::<Vec<_>>());
        let are_all = input.paths.is_empty() && input.sheets.is_empty();
        Ok(Logs { sources, ids, day, as_of_is_given: input.as_of.is_some(), are_all })
    }

    /// The submissions before the newest ones, with the logs that are no submissions, and the names of the former; `None`
    /// if no `latest:` of the config has an older one.
    pub(super) fn previous_logs(&self, sheets: &[String]) -> Result<Option<(Sources, Vec<String>)>, Stop> {
        let is_log = |head: &[u8]| log::looks_like_log(head, &self.project);
        let wanted = if sheets.is_empty() { &self.project.sheets } else { sheets };
        let choice = Choice { wanted, is_log: &is_log };
        let found = find::by_patterns(&self.project.root, &self.project.logs, SubmissionChoice::Previous, &choice);
        let FoundLogs { sources, superseded, .. } = found.map_err(|error| Stop::wrong(error.text(self.lang)))?;
        let names: Vec<String> = superseded.into_iter().map(|(read, _)| read).collect();
        Ok(Some((sources, names)).filter(|(_, names)| !names.is_empty()))
    }

    /// The logs in a file given as bytes, such as one from git.
    pub(super) fn in_bytes(&self, name: &str, bytes: Vec<u8>, sheets: &[String]) -> Result<Vec<Source>, Stop> {
        let is_log = |head: &[u8]| log::looks_like_log(head, &self.project);
        let wanted = if sheets.is_empty() { &self.project.sheets } else { sheets };
        let choice = Choice { wanted, is_log: &is_log };
        find::in_bytes(name, bytes, &choice).map_err(|error| Stop::wrong(error.text(self.lang)))
    }
}
