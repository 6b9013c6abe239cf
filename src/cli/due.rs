//! `duban due`.

use std::sync::Arc;

use crate::cli::args::{DueArgs, TableOrJson};
use crate::cli::session::Session;
use crate::cli::{Status, Stop};
use crate::due::{Due, Report};
use crate::fault::Faults;
use crate::log;
use crate::tally::show::{Grid, table};
use crate::words::lang::Lang;

pub(super) fn run(args: DueArgs, session: &mut Session<'_>) -> Result<Status, Stop> {
    let DueArgs { input, selecting, days, format } = args;
    let filter = session.filter(&selecting, &days)?;
    let mut logs = session.logs(&input)?;
    let as_of = session.project.as_of(logs.day);
    let mut faults = Faults::new(Arc::new(session.project.severities.clone()));
    let due = log::fold(&mut logs.sources, &logs.ids, &session.project, logs.day, &mut faults, || {
        Due::new(as_of.clone(), filter.clone())
    })?;
    let register = session.register_records()?;
    let report = due.finish(&session.project, &logs.sources, &register);
    session.warn_of(&faults, &logs.sources)?;
    let text = match format {
        TableOrJson::Table => show(&report, session.lang),
        TableOrJson::Json => {
            let mut text = serde_json::to_string_pretty(&report)?;
            text.push('\n');
            text
        }
    };
    session.print(&text)?;
    Ok(Status::Done)
}

fn show(report: &Report, lang: Lang) -> String {
    let head = match lang {
        Lang::Zh => ["责任单位", "编号", "期限", "状态", "下一步", "前一份文书", "逾期天数"],
        Lang::En => ["unit", "id", "deadline", "state", "next", "after", "days overdue"],
    };
    let mut rows = Vec::new();
    for unit in &report.units {
        for item in &unit.issues {
            let state = match item.state {
                "overdue" => lang.pick("逾期", "overdue"),
                _ => lang.pick("临期", "due soon"),
            };
            rows.push(vec![
                unit.unit.clone(),
                item.id.clone(),
                item.deadline.clone(),
                state.to_owned(),
                item.rung.map_or("-", |rung| rung_label(rung, lang)).to_owned(),
                item.after.clone().unwrap_or_else(|| "-".to_owned()),
                item.days_overdue.to_string(),
            ]);
        }
    }
    table(&Grid { header: head.map(str::to_owned).to_vec(), rows, words: 6 })
}

fn rung_label(rung: &'static str, lang: Lang) -> &'static str {
    match rung {
        "reminder" => lang.pick("提醒函", rung),
        "supervision" => lang.pick("督办函", rung),
        "interview" => lang.pick("约谈", rung),
        "bulletin" => lang.pick("通报", rung),
        other => other,
    }
}
