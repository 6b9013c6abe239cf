//! What both ways of starting a project write, and say.

use std::io::Write as _;
use std::path::Path;

use crate::cli::Stop;
use crate::cli::world::World;
use crate::platform::paths::{real_path, slashed};
use crate::register::{ATTRIBUTES, AttributesOutcome, keep_line_ends};
use crate::words::lang::Lang;

/// Keeps drafts and duban's own files out of version control. An existing file is left as it is.
pub(in crate::cli) const IGNORE: &str = ".gitignore";
/// Its text.
pub(in crate::cli) const IGNORED: &str = "drafts/\n.duban/\n";

/// A file of the new project is there already.
pub(in crate::cli) fn is_there(path: &Path, lang: Lang) -> Stop {
    Stop::wrong(lang.pick(
        format!("{} 已经存在，不会覆盖", slashed(&path)),
        format!("{} is there already and is not overwritten", slashed(&path)),
    ))
}

/// Writes `.gitattributes`, and within a repository tells how Git merges registers.
pub(super) fn prepare_for_git(root: &Path, shown: &Path, lang: Lang, world: &mut World) -> Result<(), Stop> {
    match keep_line_ends(root)? {
        AttributesOutcome::Written => writeln!(world.stdout, "{}", slashed(&shown.join(ATTRIBUTES)))?,
        AttributesOutcome::Extended => writeln!(world.stderr, "{}", attributes_extended(lang))?,
        AttributesOutcome::Unchanged => {}
    }
    if real_path(root).is_ok_and(|root| root.ancestors().any(|folder| folder.join(".git").exists())) {
        let driver = "git config merge.duban.driver \"duban register merge %O %A %B\"";
        let text = lang.pick(
            format!("在 git 仓库里：每台机器执行一次，两个分支的登记簿就能合并：\n  {driver}"),
            format!("In a Git repository: once on each machine, so that registers of two branches can be merged:\n  {driver}"),
        );
        writeln!(world.stderr, "{text}")?;
    }
    Ok(())
}

/// Tells that lines were added to a `.gitattributes` of the user.
pub(in crate::cli) fn attributes_extended(lang: Lang) -> &'static str {
    lang.pick(
        ".gitattributes 已补上 register.jsonl 和 documents/ 的两行：git 不再改动其换行",
        "lines for register.jsonl and documents/ were added to .gitattributes: Git leaves their line ends alone",
    )
}
