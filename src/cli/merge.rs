//! `duban merge`.

use crate::cli::args::MergeArgs;
use crate::cli::as_of::Told;
use crate::cli::output::{self, Content};
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop, tally};
use crate::platform::paths::slashed;
use crate::tally::partial::{Partial, PartialError, PartialSum};

pub(super) fn run(args: &MergeArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let mut sum: Option<PartialSum> = None;
    for path in &args.parts {
        let text = session.read_text(path)?;
        let wrong = |fault: &PartialError| {
            Stop::wrong(session.lang.pick(
                format!("{}：{}", slashed(&path), fault.text(session.lang)),
                format!("{}: {}", slashed(&path), fault.text(session.lang)),
            ))
        };
        let part = Partial::read(&text).map_err(|fault| wrong(&fault))?;
        match &mut sum {
            None => sum = Some(PartialSum::new(part).map_err(|fault| wrong(&fault))?),
            Some(sum) => sum.add(part).map_err(|fault| wrong(&fault))?,
        }
    }
    let Some(sum) = sum else { return Ok(ExitStatus::Done) };
    if args.out.partial {
        output::put(sum.into_partial().text().as_bytes(), Content::Text, args.out.output.as_deref(), session)?;
        return Ok(ExitStatus::Done);
    }
    let left_out = sum.left_out();
    let mut whole = sum.into_tally();
    let day = whole.plan().as_of.day;
    session.tell_summary(whole.summary(), day, None, Told::WithLate)?;
    tally::print(whole, left_out, &args.out, session)?;
    Ok(ExitStatus::Done)
}
