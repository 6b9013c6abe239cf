//! `duban call`: answers one request of a program. What a page shows, in the gate or on the desk, is asked for by it.
//!
//! - `request`: JSON → what is asked for
//! - `command`: what is asked for → the command that does it
//! - `caller`: runs a command and keeps what it writes
//! - `about`: what a page is to know of the project
//! - `take`: a log that is put into the project
//!
//! A request is answered by the commands of the command line and nothing else, so that a page tells what they tell. Files
//! of a request lie in the working folder, below `in`, and what is written below `out`.

mod about;
mod caller;
mod command;
mod request;
mod take;

use std::io::{Read as _, Write as _};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::args::GlobalArgs;
use crate::cli::world::World;
use crate::cli::{ExitStatus, Stop};
use crate::words::lang::Lang;
pub(super) use about::logs as log_names;
use caller::{Caller, Runner};
use command::Answered;
pub(super) use request::FilePath;
use request::{Call, Request};
use take::{Take, TakenState};

/// The longest request, in bytes: edits of a whole log.
const MAX_REQUEST: u64 = 64 * 1024 * 1024;

/// What a program is answered.
#[derive(Serialize)]
struct Answer {
    status: u8,
    /// What the commands wrote to standard error.
    messages: String,
    result: Option<Box<RawValue>>,
    /// The files that were written.
    files: Vec<String>,
}

/// Answers the request on standard input. The exit status is 0 if there is an answer, whatever it says.
pub(super) fn run(global: &GlobalArgs, lang: Lang, runner: Runner, world: &mut World) -> Result<ExitStatus, Stop> {
    let mut bytes = Vec::new();
    (&mut world.stdin).take(MAX_REQUEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_REQUEST {
        return Err(Stop::wrong(lang.pick("请求太长", "the request is too long")));
    }
    let request = Request::read(&bytes, lang).map_err(Stop::wrong)?;
    world.today = request.today.unwrap_or(world.today);
    let lang = request.lang.unwrap_or(lang);
    let answer = answer(request.call, &Caller::new(global, request.lang, runner), lang, world)?;
    serde_json::to_writer(&mut world.stdout, &answer)?;
    world.stdout.write_all(b"\n")?;
    Ok(ExitStatus::Done)
}

fn answer(call: Call, caller: &Caller<'_>, lang: Lang, world: &mut World) -> Result<Answer, Stop> {
    let mut whole = Answer { status: 0, messages: String::new(), result: None, files: Vec::new() };
    let mut add = |status: ExitStatus, messages: &str| {
        whole.status = whole.status.max(status as u8);
        whole.messages.push_str(messages);
    };
    let answered = match call {
        Call::About {} => {
            let (status, messages, about) = caller.in_session(lang, world, |session| Ok(about::about(session)));
            add(status, &messages);
            whole.result = about.map(|about| serde_json::value::to_raw_value(&about)).transpose()?;
            return Ok(whole);
        }
        Call::Take { file, log, was, replace } => {
            let take = Take { file, log, was, replace };
            let (status, messages, taken) = caller.in_session(lang, world, |session| take::take(&take, session));
            add(status, &messages);
            if let Some(taken) = taken {
                whole.result = Some(serde_json::value::to_raw_value(&taken)?);
                match taken.state {
                    TakenState::Taken => whole.files.push(taken.place),
                    TakenState::Occupied | TakenState::Changed => whole.status = ExitStatus::Found as u8,
                }
            }
            return Ok(whole);
        }
        call => command::of(call, caller.global.project.as_deref(), lang).map_err(Stop::wrong)?,
    };
    let mut written = Vec::new();
    for command in &answered.commands {
        let (status, stdout, messages) = caller.run(command, world);
        add(status, &messages);
        written.push(stdout);
        if status as u8 >= ExitStatus::Wrong as u8 || (status == ExitStatus::Found && command.must_succeed) {
            return Ok(whole);
        }
    }
    let Answered { outcome, .. } = answered;
    let (result, files) = outcome.of(&written, &world.folder)?;
    whole.result = result;
    whole.files = files;
    Ok(whole)
}
