//! `duban form`.

use std::sync::Arc;

use crate::cli::admission::Asks;
use crate::cli::args::{FormArgs, FormFormat, FormWith};
use crate::cli::as_of::Told;
use crate::cli::output::{self, Content};
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::due::Due;
use crate::due::recognise::Named;
use crate::form::{Form, FormRequest, OpenRow, open, workbook, xlsform};
use crate::model::Field;
use crate::model::key::Key;
use crate::project::UnknownValue;
use crate::tally::select::{Condition, Filter};
use crate::words::symbol::Symbol;

/// The rows to fill in, unless `--rows` says otherwise.
const ROWS: u32 = 100;

pub(super) fn run(args: &FormArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let team = args.team.as_deref().map(|name| team(name, session)).transpose()?;
    refuse_what_has_no_effect(args, session)?;
    let day = session.as_of(args.input.as_of.as_deref())?;
    let open = match args.with {
        Some(FormWith::Open) => open_rows(args, team, session)?,
        None => Vec::new(),
    };
    let request = FormRequest { lang: session.lang, team, day, serial: args.serial };
    let form = Form::new(&session.project, &request, open).map_err(|error| Stop::wrong(error.text(session.lang)))?;
    let bytes = match args.format {
        FormFormat::Xlsx => workbook::write(&form, args.rows.unwrap_or(ROWS)),
        FormFormat::Xlsform => xlsform::write(&form),
    };
    let bytes = bytes.map_err(|error| Stop::unfinished(error.to_string()))?;
    output::put(&bytes, Content::Workbook, args.output.as_deref(), session)?;
    Ok(ExitStatus::Done)
}

/// The team of `--team`, by its name in the project.
fn team(name: &str, session: &Session<'_>) -> Result<Symbol, Stop> {
    let canonical = session.project.canonical(Key::Field(Field::Team), name);
    let canonical = canonical.map_err(|error: UnknownValue| {
        Stop::wrong(format!("{}{}{}", error.message(session.lang), session.pick("；", "; "), error.help(session.lang)))
    })?;
    if canonical.is_empty() {
        return Err(Stop::wrong(session.pick("--team 要写检查组的名称", "--team needs the name of a team")));
    }
    Ok(Symbol::new(&canonical))
}

/// An option without effect is refused rather than ignored.
fn refuse_what_has_no_effect(args: &FormArgs, session: &Session<'_>) -> Result<(), Stop> {
    if args.with.is_none() && (!args.input.paths.is_empty() || !args.input.sheets.is_empty()) {
        return Err(Stop::wrong(session.pick(
            "只有 --with open 才读台账；空白的填报表不要写台账",
            "logs are read for --with open only; name none for a blank form",
        )));
    }
    if args.format == FormFormat::Xlsform && args.with.is_some() {
        return Err(Stop::wrong(session.pick(
            "XLSForm 每次提交一个问题，不能预填；--with open 只用于 --format xlsx",
            "an XLSForm takes one issue at a time and can't come filled in; --with open is for --format xlsx",
        )));
    }
    if args.format == FormFormat::Xlsform && args.rows.is_some() {
        return Err(Stop::wrong(session.pick(
            "XLSForm 没有行，--rows 只用于 --format xlsx",
            "an XLSForm has no rows; --rows is for --format xlsx",
        )));
    }
    Ok(())
}

/// The issues that are still open, of the team if one is named.
fn open_rows(args: &FormArgs, team: Option<Symbol>, session: &mut Session<'_>) -> Result<Vec<OpenRow>, Stop> {
    let of_team = team.map(|team| Condition::new(Key::Field(Field::Team), &[team.to_string()], false));
    let filter = Filter { conditions: of_team.into_iter().collect(), ..Filter::default() };
    let mut logs = session.logs(&args.input)?;
    let as_of = session.project.as_of(logs.day);
    let named = Arc::new(Named::default());
    let empty = Due::open(as_of, filter, &named);
    let (mut due, ..) = session.check_logs(&mut logs, &[], Asks::default(), || empty.clone())?;
    session.tell_as_of(due.summary(), &logs, Told::WithoutLate)?;
    let issues = due.into_issues(&logs.sources);
    let others = open::other_columns(issues.iter().map(|(issue, _)| issue), &session.project);
    if !others.is_empty() {
        let list = others.into_iter().collect::<Vec<_>>().join(session.lang.pick("、", ", "));
        session.warn(&session.lang.pick(
            format!("duban: 填报表没有这些列，预填的问题不带它们的内容：{list}；要带上，在 duban.yaml 的 columns: 里归到某个字段"),
            format!("duban: the form has no such columns, what they hold is not carried over: {list}; to keep it, map them to a field under `columns:` in duban.yaml"),
        ))?;
    }
    let row = |(issue, known)| OpenRow::of(issue, known, &session.project, session.lang);
    let rows: Vec<OpenRow> = issues.iter().map(|(issue, known)| row((issue, known))).collect();
    let count = rows.len();
    session.note(&session.lang.pick(
        format!("预填了 {count} 个未整改的问题"),
        format!("filled in: {}", crate::words::lang::counted(count, "open issue")),
    ))?;
    Ok(rows)
}
