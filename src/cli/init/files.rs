//! What both ways of starting a project write, and say.

use std::path::Path;

use crate::cli::Stop;
use crate::words::lang::Lang;

/// Keeps drafts and duban's own files out of version control. An existing file is left as it is.
pub(in crate::cli) const IGNORE: &str = ".gitignore";
/// Its text.
pub(in crate::cli) const IGNORED: &str = "drafts/\n.duban/\n";

/// A file of the new project is there already.
pub(in crate::cli) fn is_there(path: &Path, lang: Lang) -> Stop {
    Stop::wrong(lang.pick(
        format!("{} 已经存在，不会覆盖", path.display()),
        format!("{} is there already and is not overwritten", path.display()),
    ))
}

/// Tells that lines were added to a `.gitattributes` of the user.
pub(in crate::cli) fn attributes_extended(lang: Lang) -> &'static str {
    lang.pick(
        ".gitattributes 已补上 register.jsonl 和 documents/ 的两行：git 不再改动其换行",
        "lines for register.jsonl and documents/ were added to .gitattributes: Git leaves their line ends alone",
    )
}
