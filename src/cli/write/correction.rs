//! `--of`: what is wrong in a document that was sent out, for the correction of it.

use crate::cli::args::WriteArgs;
use crate::cli::session::Session;
use crate::cli::write::batch::RunDocuments;
use crate::cli::write::compare::compared;
use crate::cli::write::mode::WriteMode;
use crate::cli::write::remade::Remaker;
use crate::cli::{ExitStatus, Stop, documents, register as cli_register};
use crate::dataset::Edition;
use crate::dataset::correction::Correction;
use crate::drift::report::{Cause, FigureDrift};
use crate::drift::{CorrectionInput, correction};
use crate::kind::Kind;
use crate::kind::config::Coverage;
use crate::register::{DocumentLink, Past, RegisterEntry, RegisterStatus};

/// Gives the documents of a run what they put right, as far as they are corrections.
///
/// # Errors
/// Those of [`of_args`].
pub(super) fn apply(
    (args, mode): (&WriteArgs, WriteMode),
    past: &Past,
    run: &mut RunDocuments,
    remaker: Remaker,
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    let entries = match &args.of {
        Some(_) => past.all().map_err(|error| cli_register::fault(&error, session.lang))?,
        None => Vec::new(),
    };
    for batch in &mut run.batches {
        let Some((correction, link)) = of_args(args, (&batch.kind, mode), &entries, remaker, session)? else {
            continue;
        };
        batch.all.retain(|_| !correction.passages.is_empty() || !correction.figures.is_empty());
        batch.all.iter_mut().for_each(|data| data.correction = Some(correction.clone()));
        batch.corrects = Some(link);
    }
    Ok(())
}

/// What the correction of a document says, and which it is; nothing for kinds that correct none. Without passages if the document
/// is right.
///
/// # Errors
/// No document is named, or one for a kind that corrects none; it can't be made again; or what is wrong in it can't be told.
fn of_args(
    args: &WriteArgs,
    (kind, mode): (&Kind, WriteMode),
    entries: &[RegisterEntry],
    remaker: Remaker,
    session: &mut Session<'_>,
) -> Result<Option<(Correction, DocumentLink)>, Stop> {
    let lang = session.lang;
    let of = match (&args.of, kind.config.covers == Coverage::Correction) {
        (None, false) => return Ok(None),
        // The data say what it corrects.
        (None, true) if args.from_data.is_some() => return Ok(None),
        (Some(of), true) => of,
        (Some(_), false) => {
            return Err(Stop::wrong(lang.pick(
                format!("--of 只用于更正：duban draft 更正 --of …；{} 不更正别的文书", kind.name),
                format!("--of is for corrections (duban draft correction --of …); {} corrects nothing", kind.name),
            )));
        }
        (None, true) => {
            return Err(Stop::wrong(session.pick(
                "更正的是哪份文书？写 --of 第12期，或 --of 它的文件",
                "which document is corrected? Give its number, such as --of 第12期, or a file of it",
            )));
        }
    };
    if args.edition.editions() != [Edition::Internal] {
        return Err(Stop::wrong(session.pick(
            "更正引用内部版的原文，不能出公开版",
            "a correction quotes the internal edition, so it has no public one",
        )));
    }
    let entry = documents::one(of.trim(), entries, session)?;
    let number = &entry.number;
    let compared = compared(entry, entries, (entry.date, remaker), session).map_err(|why| {
        Stop::wrong(lang.pick(format!("{number} 无法更正：{why}"), format!("{number} can't be corrected: {why}")))
    })?;
    let Some(own_day) = &compared.own_day else {
        return Err(Stop::wrong(lang.pick(
            format!("按现在的台账，当日不会写 {number}：应作废（duban register void {number} --why …），不是更正"),
            format!(
                "by the logs of today {number} would not have been written: void it (duban register void {number} --why …) \
                 instead"
            ),
        )));
    };
    tell_undated(number, &compared.drift.of(Cause::Undated).collect::<Vec<_>>(), mode, session)?;
    let corrects = |other: &&RegisterEntry| {
        let link = other.corrects.as_ref().filter(|_| other.status != RegisterStatus::Void);
        link.is_some_and(|link| link.document == entry.fingerprint())
    };
    let before: Vec<&RegisterEntry> = entries.iter().filter(corrects).collect();
    let sheets = before.into_iter().filter_map(|other| documents::figures(other, session).ok());
    let corrected: Vec<String> = sheets.flat_map(|(_, sheet)| sheet.printed).map(|line| line.text).collect();
    let input = CorrectionInput {
        entry,
        drift: &compared.drift,
        then: &compared.then,
        own_day,
        corrected: &corrected,
        lang: own_day.head.run.as_ref().and_then(|run| run.lang.parse().ok()).unwrap_or(lang),
    };
    let link = DocumentLink { number: number.clone(), document: entry.fingerprint() };
    let (correction, reworded) = correction(&input);
    for passage in reworded {
        session.warn(&lang.pick(
            format!("duban: {number} 发出时这一处改过措辞，更正里的原文须按发出的文件改（--final）：{passage}"),
            format!(
                "duban: this passage of {number} was reworded before it went out; quote it in the correction as it was sent \
                 (--final): {passage}"
            ),
        ))?;
    }
    Ok(Some((correction, link)))
}

/// Tells which figures can't be judged, and refuses a dispatch because of them: what goes out must be certain.
fn tell_undated(
    number: &str,
    figures: &[&FigureDrift],
    mode: WriteMode,
    session: &mut Session<'_>,
) -> Result<(), Stop> {
    if figures.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = figures.iter().map(|figure| figure.figure.to_string()).collect();
    let ids = ids.join(session.lang.pick("、", ", "));
    session.warn(&session.lang.pick(
        format!(
            "duban: {number} 的数字 {ids} 说不清当日对不对：台账的状态没有日期；补上整改完成日期再更正（duban drift {number} 列出各行）"
        ),
        format!(
            "duban: whether figures {ids} of {number} were right on its day can't be told, for the logs give no day; put the \
             days in first (duban drift {number} shows the rows)"
        ),
    ))?;
    if mode == WriteMode::Dispatch { Err(Stop::Reported(ExitStatus::Found)) } else { Ok(()) }
}
