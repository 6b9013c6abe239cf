//! What Git knows: files of another revision, and the versions of the register on all branches.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::register::{self, FILE_NAME, RegisterEntry};

/// So many of the last commits that changed the register are looked at, besides all branches and tags.
const COMMITS: &str = "100";

/// Runs Git in a folder, and returns what it prints.
///
/// # Errors
/// It can't be run, or says that something is wrong: its words.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    asked(folder, arguments, &[])
}

/// The same, with something to read.
fn asked(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_OPTIONAL_LOCKS", "0");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let mut stdin = child.stdin.take();
    let run = std::thread::scope(|scope| {
        // Git may print before it has read all.
        scope.spawn(move || stdin.take().map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    });
    let run = run.map_err(|error| error.to_string())?;
    if run.status.success() { Ok(run.stdout) } else { Err(String::from_utf8_lossy(&run.stderr).trim().to_owned()) }
}

/// A version of the register, and where it was seen: a branch, a tag, or a commit.
struct Version {
    seen: String,
    bytes: Vec<u8>,
}

/// The different versions of the register of a project that Git has; none outside of a repository.
fn versions(root: &Path) -> Option<Vec<Version>> {
    let text = |arguments: &[&str]| git(root, arguments).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let refs =
        text(&["for-each-ref", "--format=%(objectname) %(refname:short)", "refs/heads", "refs/remotes", "refs/tags"])?;
    let mut commits: Vec<(String, String)> = refs
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(commit, name)| (commit.to_owned(), name.to_owned()))
        .collect();
    let changed = text(&["log", "--all", "-n", COMMITS, "--format=%H", "--", FILE_NAME]).unwrap_or_default();
    commits.extend(changed.lines().map(|commit| (commit.to_owned(), commit.get(..10).unwrap_or(commit).to_owned())));
    let asked_for = commits.iter().map(|(commit, _)| format!("{commit}:./{FILE_NAME}\n")).collect::<Vec<_>>().concat();
    let found = asked(root, &["cat-file", "--batch-check=%(objectname) %(objecttype)"], asked_for.as_bytes()).ok()?;
    let found = String::from_utf8_lossy(&found).into_owned();
    let mut blobs: Vec<(String, String)> = Vec::new();
    for (line, (_, seen)) in found.lines().zip(commits) {
        if let Some((blob, "blob")) = line.split_once(' ')
            && blobs.iter().all(|(known, _)| known != blob)
        {
            blobs.push((blob.to_owned(), seen));
        }
    }
    let read =
        |(blob, seen): (String, String)| Some(Version { seen, bytes: git(root, &["cat-file", "blob", &blob]).ok()? });
    Some(blobs.into_iter().filter_map(read).collect())
}

/// Stops a dispatch that would take the numbers of `next` while a branch, a tag or an earlier commit knows a number that would be given out again.
///
/// # Errors
/// Such a number, where it was seen, and what helps.
pub(super) fn refuse_numbers_known_elsewhere(next: &[RegisterEntry], session: &Session<'_>) -> Result<(), Stop> {
    let root = &session.project.root;
    if !root.ancestors().any(|folder| folder.join(".git").exists()) {
        return Ok(());
    }
    let Some(versions) = versions(root) else { return Ok(()) };
    let here = std::fs::read(root.join(FILE_NAME)).unwrap_or_default();
    let would_double = |entry: &RegisterEntry| next.iter().any(|next| entry.run() == next.run() && entry.n >= next.n);
    for Version { seen, bytes } in versions {
        let Some(entry) = register::unknown_here(&here, &bytes).into_iter().find(would_double) else { continue };
        let (number, title) = (&entry.number, entry.title.replace('\n', ""));
        return Err(Stop::Error(
            ExitStatus::Found,
            anyhow::Error::msg(session.lang.pick(
                format!(
                    "没有发文：{number}（{title}）已在 {seen} 发出，这里的登记簿没有，再发会重号；先合并（git merge {seen}），或取回登记簿（git checkout {seen} -- {FILE_NAME}），不该算数的再作废"
                ),
                format!(
                    "nothing was dispatched: {number} ({title}) was given out on {seen}, and the register here does not have it; merge \
                     first (git merge {seen}), or take the register back (git checkout {seen} -- {FILE_NAME}), and void what does not count"
                ),
            )),
        ));
    }
    Ok(())
}
