//! `duban config add`: one line more in duban.yaml.

use std::path::Path;

use crate::atomic;
use crate::cli::args::ConfigCommand;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::project::FILE_NAME;
use crate::project::edit::{self, EditError};
use crate::project::keys;
use crate::words::lang::Lang;

pub(super) fn run(command: ConfigCommand, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    session.need_project()?;
    let ConfigCommand::Add { key, values } = command;
    let items: Vec<(String, String)> = values.into_iter().map(|value| (key.clone(), value)).collect();
    add(&items, session)?;
    Ok(ExitStatus::Done)
}

/// Adds items to the config, all or none, and tells of each.
///
/// # Errors
/// An item can't be added; the file is as it was.
pub(super) fn add(items: &[(String, String)], session: &mut Session<'_>) -> Result<(), Stop> {
    let path = session.world.folder.join(&session.project.root).join(FILE_NAME);
    let bytes = std::fs::read(&path).map_err(|error| Stop::unreadable(Path::new(FILE_NAME), error))?;
    let mut text = String::from_utf8(bytes).map_err(|_| {
        Stop::wrong(session.pick("duban.yaml 不是 UTF-8，不能改", "duban.yaml is not UTF-8 and can't be changed"))
    })?;
    for (key, value) in items {
        need_log(key, value, session)?;
        text = edit::add(&text, key, value, session.lang)
            .map_err(|error| Stop::wrong(message(&error, key, value, session.lang)))?;
    }
    atomic::write(&path, text.as_bytes()).map_err(|error| Stop::unwritten(Path::new(FILE_NAME), error))?;
    for (key, value) in items {
        session.note(&session.lang.pick(format!("已写入 {key}：{value}"), format!("added under {key}: {value}")))?;
    }
    Ok(())
}

/// Refuses to name a log that is not there: every command would stop at it. A pattern may find one later.
fn need_log(key: &str, value: &str, session: &Session<'_>) -> Result<(), Stop> {
    let is_of_logs = Lang::ALL.iter().any(|lang| keys::label(&["logs"], *lang) == key);
    let root = session.world.folder.join(&session.project.root);
    if !is_of_logs || value.contains(['*', '?', '[', '{']) || value.starts_with('!') || root.join(value).exists() {
        return Ok(());
    }
    Err(Stop::wrong(session.lang.pick(
        format!("没有写入：项目里没有 {value}；台账的路径从 duban.yaml 所在的文件夹写起"),
        format!("not added: there is no {value} in the project; the path of a log begins at the folder of duban.yaml"),
    )))
}

/// Why an item can't be added, and what to do.
fn message(error: &EditError, key: &str, value: &str, lang: Lang) -> String {
    match error {
        EditError::Unreadable => lang.pick(
            "duban.yaml 读不出来，先用 duban check 看哪里写错了".to_owned(),
            "duban.yaml can't be read; duban check tells what is wrong with it".to_owned(),
        ),
        EditError::NotAKey(key, known) => {
            let known = known.join(lang.pick("、", ", "));
            lang.pick(
                format!("不能在 `{key}` 下添加；可用：{known}"),
                format!("nothing can be added under `{key}`; available: {known}"),
            )
        }
        EditError::Blank => lang.pick(format!("没有写入 {key}：值是空的"), format!("nothing added under {key}: the value is blank")),
        EditError::Placeholder(part) => lang.pick(
            format!("没有写入：`{part}` 要换成一个真的名字，再运行"),
            format!("not added: `{part}` stands for a name that you choose; put it in and run this again"),
        ),
        EditError::MeansAnother(other) => lang.pick(
            format!("没有写入：`{value}` 已在 {other} 下，一个写法只能是一个意思；要改请编辑 duban.yaml"),
            format!("not added: `{value}` stands under {other} already, and a word means one thing; edit duban.yaml to change it"),
        ),
        EditError::IsThere => lang.pick(format!("{key} 已有 `{value}`"), format!("{key} has `{value}` already")),
        EditError::HasValue(held) => lang.pick(
            format!("{key} 已经是 `{held}`，只能有一个值；要改请编辑 duban.yaml"),
            format!("{key} is `{held}` already and can only have one value; edit duban.yaml to change it"),
        ),
        EditError::Wrong(words) => {
            let help = words.help.as_deref().map(|help| lang.pick(format!("；{help}"), format!("; {help}")));
            let help = help.unwrap_or_default();
            lang.pick(format!("没有写入：{}{}", words.message, help), format!("not added: {}{}", words.message, help))
        }
        EditError::ByHand(lines) => lang.pick(
            format!("duban.yaml 的这一处写法不能自动修改，请手工写上：\n{}", lines.trim_end()),
            format!(
                "duban.yaml is written here in a way that is not changed by itself; write these lines into it:\n{}",
                lines.trim_end()
            ),
        ),
    }
}
