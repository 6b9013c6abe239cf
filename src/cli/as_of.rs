//! What a run tells of its as-of day, on standard error.

use chrono::NaiveDate;

use crate::cli::Stop;
use crate::cli::logs::Logs;
use crate::cli::session::Session;
use crate::place::{Place, Spot};
use crate::source::{Sources, workbook};
use crate::tally::as_of_summary::AsOfSummary;
use crate::words::lang::{Lang, counted};

/// Whether a command counts late issues, and so tells of those that can't be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    WithLate,
    WithoutLate,
}

impl Session<'_> {
    /// Tells what the as-of day did to the rows of logs, and notes the days that their titles state.
    pub(super) fn tell_as_of(&mut self, summary: &mut AsOfSummary, logs: &Logs, told: Told) -> Result<(), Stop> {
        summary.look_at_titles(&logs.sources, logs.day);
        let first = summary.first_after.map(|place| shown(place, &logs.sources));
        self.tell_summary(summary, logs.day, first.as_deref(), told)
    }

    /// Tells what the as-of day did to rows. `first` is the place of the first that it leaves out, if that is known.
    pub(super) fn tell_summary(
        &mut self,
        summary: &AsOfSummary,
        day: NaiveDate,
        first: Option<&str>,
        told: Told,
    ) -> Result<(), Stop> {
        for line in lines(summary, day, first, told, self.lang) {
            self.note(&line)?;
        }
        Ok(())
    }
}

fn lines(summary: &AsOfSummary, day: NaiveDate, first: Option<&str>, told: Told, lang: Lang) -> Vec<String> {
    let AsOfSummary { after_as_of, denied, late_unknown, .. } = *summary;
    let undated = summary.by_undated_word();
    let mut lines = Vec::new();
    let number = |count: u64, thing: &str| counted(usize::try_from(count).unwrap_or(usize::MAX), thing);
    if after_as_of > 0 {
        let zh = first.map_or_else(String::new, |first| format!("，第一处：{first}"));
        let en = first.map_or_else(String::new, |first| format!("; the first is {first}"));
        lines.push(lang.pick(
            format!("统计日 {day} 之后的 {after_as_of} 行不计入{zh}"),
            format!("left out, since dated after the as-of day {day}: {}{en}", number(after_as_of, "row")),
        ));
    }
    if undated > 0 {
        lines.push(lang.pick(
            format!(
                "台账里有统计日 {day} 之后的日期；{undated} 个问题只凭没有日期的状态算作已整改或已销号，当日未必如此"
            ),
            format!(
                "the logs go beyond the as-of day {day}; counted as rectified or closed by a status without a date, \
                 which may be later: {}",
                number(undated, "issue")
            ),
        ));
    }
    if denied > 0 {
        lines.push(lang.pick(
            format!("{denied} 个问题有整改日期或写着现场整改，但状态是整改中、退回或重启，按未整改计"),
            format!(
                "counted as open by the status (in progress, returned or reopened), although rectified by a date or on \
                 site: {}",
                number(denied, "issue")
            ),
        ));
    }
    if late_unknown > 0 && told == Told::WithLate {
        lines.push(lang.pick(
            format!("{late_unknown} 个已整改的问题没有整改完成日期，无法判断是否逾期整改，不计入逾期整改"),
            format!(
                "rectified without a date of rectification, so that nobody can tell whether late, and not counted as \
                 late: {}",
                number(late_unknown, "issue")
            ),
        ));
    }
    lines
}

/// The place of a row: `a.csv:12`, or `a.xlsx 台账!B12`.
fn shown(place: Place, sources: &Sources) -> String {
    let source = sources.get(place.source);
    let cell = match place.spot {
        Spot::Cell(cell) => cell,
        Spot::Line | Spot::Chars { .. } => 0,
    };
    match &source.sheet {
        Some(sheet) => format!("{} {}!{}", source.name, sheet.name, workbook::address(place.line.get(), cell)),
        None => format!("{}:{}", source.name, place.line),
    }
}
