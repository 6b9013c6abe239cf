//! The formats that documents of a kind are written in.

use crate::cli::Stop;
use crate::cli::args::WriteArgs;
use crate::cli::session::Session;
use crate::kind::Kind;
use crate::write::Format;

/// The formats that are asked for, or the usual ones of the kind; each once.
///
/// # Errors
/// There is no such format, or the kind can't be written in it.
pub(super) fn formats(args: &WriteArgs, kind: &Kind, session: &Session<'_>) -> Result<Vec<Format>, Stop> {
    let wanted: Vec<&str> = if args.formats.is_empty() {
        kind.config.formats.iter().map(|format| format.extension()).collect()
    } else {
        args.formats.iter().map(|format| format.trim()).collect()
    };
    let mut formats = Vec::new();
    for name in wanted {
        let format = name.parse::<Format>().map_err(|_| {
            let known = Format::ALL.map(Format::extension).join(" ");
            Stop::wrong(session.lang.pick(
                format!("不能写成 {name}；可用：{known}"),
                format!("{name} is no format here; available: {known}"),
            ))
        })?;
        if kind.is_form() && !format.is_word() {
            return Err(Stop::wrong(session.lang.pick(
                format!("文种 {} 只有 Word 版式模板，没有正文，写不成 {format}", kind.name),
                format!("the kind {} is a Word form without a text; it can't be written as {format}", kind.name),
            )));
        }
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok(formats)
}
