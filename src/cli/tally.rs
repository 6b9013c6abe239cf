//! `duban tally`.

use std::io::Write;
use std::str::FromStr;
use std::sync::Arc;

use crate::cli::args::{TallyArgs, TallyFormat, TallyOutputArgs};
use crate::cli::as_of::Told;
use crate::cli::earlier::Earlier;
use crate::cli::logs::Logs;
use crate::cli::output::{self, Content};
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::fold::side_by_side;
use crate::json_writer::Streamed;
use crate::model::key::Key;
use crate::tally::as_of_summary::LeftOut;
use crate::tally::compare::{ComparedTally, Comparison};
use crate::tally::partial::Partial;
use crate::tally::{Tally, TallyPlan, TallyReport, rolls_up, screen, show};

pub(super) fn run(args: TallyArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let TallyArgs { input, selecting, days, by, compare, out } = args;
    let mut keys = Vec::new();
    for name in &by {
        let key = Key::from_str(name).map_err(|fault| Stop::wrong(fault.text(session.lang)))?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let filter = session.filter(&selecting, &days)?;
    let mut logs = session.logs(&input)?;
    let plan = Arc::new(TallyPlan { by: keys, filter, as_of: session.project.as_of(logs.day) });
    if session.verbose {
        session.note(&plan.text(session.lang))?;
    }
    if let Some(old) = compare {
        let earlier = session.earlier(&old, &input, &logs, None)?;
        return print_compared(&plan, earlier, &mut logs, &out, session);
    }
    let mut tally = session.read_logs(&mut logs, || Tally::new(plan.clone()))?;
    let left_out = told(&mut tally, &logs, session)?;
    if out.partial {
        let digests = side_by_side(logs.ids.len(), |log| logs.sources.get(logs.ids[log]).digest());
        let partial = Partial::of(tally, digests.into_iter().collect::<Result<Vec<_>, _>>()?, left_out);
        output::put(partial.text().as_bytes(), Content::Text, out.output.as_deref(), session)?;
        return Ok(ExitStatus::Done);
    }
    print(tally, left_out, &out, session)?;
    Ok(ExitStatus::Done)
}

/// Tells what the run left out, and returns it.
fn told(tally: &mut Tally, logs: &Logs, session: &mut Session<'_>) -> Result<LeftOut, Stop> {
    session.tell_as_of(tally.summary(), logs, Told::WithLate)?;
    let left_out = LeftOut::new(tally.summary(), &logs.sources);
    session.warn_of_calendar()?;
    Ok(left_out)
}

/// Prints the figures beside those of an earlier submission.
fn print_compared(
    plan: &Arc<TallyPlan>,
    mut earlier: Earlier,
    logs: &mut Logs,
    out: &TallyOutputArgs,
    session: &mut Session<'_>,
) -> Result<ExitStatus, Stop> {
    let has_subtotals = has_subtotals(&plan.by, out, session)?;
    let is_of_a_period = earlier.period.is_some();
    let mut now = session.read_logs(logs, || ComparedTally::new(plan.clone(), is_of_a_period))?;
    let left_out = told(&mut now.tally, logs, session)?;
    let mut filter = plan.filter.clone();
    filter.period = earlier.period.unwrap_or(filter.period);
    let before = TallyPlan { as_of: session.project.as_of(earlier.day), filter, by: plan.by.clone() };
    let before = Arc::new(before);
    let mut before = session.read_earlier(&mut earlier, logs, || ComparedTally::new(before.clone(), is_of_a_period))?;
    let undated = before.tally.summary().by_undated_word();
    let Comparison { report, unmatched } = now.compared(before, &session.project, has_subtotals);
    session.tell_compared(&earlier, unmatched, undated)?;
    print_report(&TallyReport { left_out, ..report }, plan, out, session)?;
    Ok(ExitStatus::Done)
}

/// Whether there are subtotals: if they are asked for, or if units are counted under their groups.
fn has_subtotals(by: &[Key], out: &TallyOutputArgs, session: &Session<'_>) -> Result<bool, Stop> {
    let several = by.iter().skip(1).find(|key| session.project.may_have_several(**key));
    if !out.subtotals {
        return Ok(rolls_up(by) && several.is_none());
    }
    if by.len() < 2 {
        let (zh, en) = (
            "--subtotals 要有两个以上的键，如 --by group,unit",
            "--subtotals needs two keys or more, such as --by group,unit",
        );
        return Err(Stop::wrong(session.pick(zh, en)));
    }
    match several {
        None => Ok(true),
        Some(key) => Err(Stop::wrong(session.lang.pick(
            format!("--subtotals：一个问题可有多个{}，只能把它放在第一个键", key.label(session.lang)),
            format!("--subtotals: an issue may have several values of {key}, which can only be the first key"),
        ))),
    }
}

/// Prints the figures of a tally.
pub(super) fn print(
    tally: Tally,
    left_out: LeftOut,
    out: &TallyOutputArgs,
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    let plan = tally.plan().clone();
    let has_subtotals = has_subtotals(&plan.by, out, session)?;
    let sorted = tally.sorted(&session.project, has_subtotals);
    if !matches!(out.format, TallyFormat::Json | TallyFormat::Csv) {
        let report = TallyReport { left_out, ..sorted.report(sorted.groups().collect()) };
        return print_report(&report, &plan, out, session);
    }
    let write = |to: &mut dyn Write| match out.format {
        TallyFormat::Csv => show::csv(&TallyReport { left_out, ..sorted.report(()) }, sorted.groups(), to),
        _ => show::json(&TallyReport { left_out, ..sorted.report(Streamed::new(sorted.groups())) }, to),
    };
    let content = if matches!(out.format, TallyFormat::Csv) { Content::Csv } else { Content::Text };
    output::put_stream(write, content, out.output.as_deref(), (session.world, &session.project), session.lang)
}

fn print_report(
    report: &TallyReport,
    plan: &TallyPlan,
    out: &TallyOutputArgs,
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    let (keys, path) = (&plan.by, out.output.as_deref());
    let grid = || show::grid(report, keys, &session.project, session.lang);
    let text = match out.format {
        TallyFormat::Table => {
            let grid = grid();
            output::table(&grid, &screen::of_tally(&grid, session.lang), "--format csv", path, session)
        }
        TallyFormat::Md => show::markdown(&grid()),
        TallyFormat::Json => {
            let write = |to: &mut dyn Write| show::json(report, to);
            return output::put_stream(write, Content::Text, path, (session.world, &session.project), session.lang);
        }
        TallyFormat::Csv => {
            let write = |to: &mut dyn Write| show::csv(report, report.groups.iter(), to);
            return output::put_stream(write, Content::Csv, path, (session.world, &session.project), session.lang);
        }
        TallyFormat::Xlsx => {
            let title = session.pick("统计表", "Tally");
            let bytes = output::workbook(&grid(), &title, plan.as_of.day, session)?;
            return output::put(&bytes, Content::Workbook, path, session);
        }
    };
    let multi = note_of_several(report, keys, session);
    output::put(text.as_bytes(), Content::Text, path, session)?;
    if let (Some(note), TallyFormat::Table | TallyFormat::Md) = (multi, out.format) {
        session.note(&note)?;
    }
    Ok(())
}

/// The note that explains why the groups add up to more than the total, if they do.
fn note_of_several(report: &TallyReport, keys: &[Key], session: &Session<'_>) -> Option<String> {
    let sum = report.sum_over_groups();
    let several = keys.iter().find(|key| session.project.may_have_several(**key))?;
    (sum > report.total.found).then(|| {
        let label = several.label(session.lang);
        let found = report.total.found;
        session.lang.pick(
            format!("注：一个问题可有多个{label}，各组相加为 {sum}，多于合计 {found}"),
            format!("note: an issue may have several values of {label}; the groups add to {sum}, more than the total {found}"),
        )
    })
}
