//! What Git knows of the register: its versions on branches and tags, and in commits.
//!
//! A number that one of them has was given out, whatever the register at hand says: a dispatch does not give it out again, and
//! `register verify` misses it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::atomic;
use crate::cli::git::{asked, each_object, git};
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::platform::paths::real_path;
use crate::register::{self, FILE_NAME, GivenOut, Here, NamedDocument, RegisterEntry, VersionReader};

/// So many of the last commits that changed the register are looked at, besides all branches and tags.
const COMMITS: &str = "100";

/// What versions of a register have given out is kept where they have more bytes than this together: reading so many takes Git and
/// this program some hundredths of a second.
const WORTH_KEEPING: u64 = 4 << 20;
/// The file that keeps it, by the name that Git gives to their bytes. It may be removed at any time.
const KEPT: &str = "register.versions";

/// Where Git keeps commits that no branch may have: what was fetched last, and what is being merged, picked or replayed.
const PASSING: [&str; 6] = ["FETCH_HEAD", "MERGE_HEAD", "ORIG_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD"];

/// Which versions are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Those that what is checked out comes from.
    Head,
    /// Those of all branches and tags.
    Branches,
    /// Those that no branch has any more, too: what was taken back, rebased or thrown away.
    All,
}

/// A version of the register: its object, and where it was seen, which is a branch, a tag or a commit.
struct Version {
    blob: String,
    size: u64,
    seen: String,
}

/// The versions of the register of a project.
struct Versions {
    root: PathBuf,
    /// Branches and tags first, so that they are named rather than commits.
    all: Vec<Version>,
    /// Whether the history is cut: numbers may have been given out in commits that are not here.
    is_shallow: bool,
}

/// A document that another version has, and where that was seen.
pub(super) struct Seen {
    pub(super) entry: RegisterEntry,
    pub(super) seen: String,
}

impl Versions {
    /// Asks Git; `None` outside of a repository.
    ///
    /// # Errors
    /// Git can't be run, or says that something is wrong: its words.
    fn find(root: &Path, reach: Reach) -> Result<Option<Self>, String> {
        let Ok(root) = real_path(root) else { return Ok(None) };
        if !root.ancestors().any(|folder| folder.join(".git").exists()) {
            return Ok(None);
        }
        let text = |arguments: &[&str]| Ok::<_, String>(String::from_utf8_lossy(&git(&root, arguments)?).into_owned());
        let is_shallow = text(&["rev-parse", "--is-shallow-repository"])?.trim() == "true";
        let mut commits: Vec<(String, String)> = vec![("HEAD".to_owned(), "HEAD".to_owned())];
        if reach != Reach::Head {
            // What only points to another branch, as origin/HEAD does, ends with its name.
            let refs = text(&["for-each-ref", "--format=%(objectname) %(refname:short) %(symref)"])?;
            let refs = refs.lines().filter_map(|line| line.strip_suffix(' ')?.split_once(' '));
            commits.splice(..0, refs.map(|(commit, name)| (commit.to_owned(), name.to_owned())));
        }
        if reach == Reach::All {
            commits.extend(PASSING.map(|name| (name.to_owned(), name.to_owned())));
        }
        let which: &[&str] = match reach {
            Reach::Head => &["HEAD"],
            Reach::Branches => &["--all"],
            Reach::All => &["--all", "--reflog"],
        };
        // Commits that a merge passed over count too, which Git leaves out of itself.
        let log = [&["log", "--full-history", "-n", COMMITS, "--format=%H"], which, &["--", FILE_NAME]].concat();
        // Before the first commit there is no HEAD.
        let is_born = git(&root, &["rev-parse", "--verify", "-q", "HEAD"]).is_ok();
        let changed = if is_born || reach != Reach::Head { text(&log)? } else { String::new() };
        commits
            .extend(changed.lines().map(|commit| (commit.to_owned(), commit.get(..10).unwrap_or(commit).to_owned())));
        let objects =
            commits.iter().map(|(commit, _)| format!("{commit}:./{FILE_NAME}\n")).collect::<Vec<_>>().concat();
        let format = "--batch-check=%(objecttype) %(objectname) %(objectsize)";
        let found = asked(&root, &["cat-file", format], objects.as_bytes())?;
        let mut all: Vec<Version> = Vec::new();
        for (line, (_, seen)) in String::from_utf8_lossy(&found).lines().zip(commits) {
            let Some((blob, size)) = line.strip_prefix("blob ").and_then(|line| line.split_once(' ')) else { continue };
            if all.iter().all(|version| version.blob != blob) {
                all.push(Version { blob: blob.to_owned(), size: size.parse().unwrap_or(0), seen });
            }
        }
        Ok(Some(Self { root, all, is_shallow }))
    }

    /// What each version has given out; `None` for one that can't be read. Those of a long register are read once.
    fn given_out(&self) -> Result<Vec<(&Version, Option<GivenOut>)>, String> {
        let is_long = self.all.iter().map(|version| version.size).sum::<u64>() > WORTH_KEEPING;
        let path = self.root.join(register::OWN_FOLDER).join(KEPT);
        let kept = if is_long { std::fs::read(&path).ok() } else { None };
        // What can't be read is read from Git.
        let mut kept: BTreeMap<String, GivenOut> =
            kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let is_new = |version: &&Version| !kept.contains_key(&version.blob);
        let new = Self::by_length(self.all.iter().filter(is_new).collect());
        let (mut reader, mut read) = (VersionReader::default(), BTreeMap::new());
        self.read_of(&new, &mut |version, bytes| {
            read.insert(version.blob.clone(), reader.read(bytes));
            true
        })?;
        let is_all_kept = read.is_empty();
        kept.extend(read);
        let all: Vec<_> = self.all.iter().map(|version| (version, kept.get(&version.blob).cloned())).collect();
        if is_long && !is_all_kept {
            let found = all.iter().filter_map(|(version, given)| Some((&version.blob, given.as_ref()?)));
            // Without it all is read the next time.
            if let Ok(bytes) = serde_json::to_vec(&found.collect::<BTreeMap<_, _>>()) {
                _ = atomic::write_by(&path, &bytes, &self.root.join(register::STAGED));
            }
        }
        Ok(all)
    }

    fn by_length(mut versions: Vec<&Version>) -> Vec<&Version> {
        versions.sort_by_key(|version| version.size);
        versions
    }

    /// Reads all versions, short ones first, until `each` says that it has seen enough.
    fn read(&self, each: &mut dyn FnMut(&Version, Vec<u8>) -> bool) -> Result<(), String> {
        self.read_of(&Self::by_length(self.all.iter().collect()), each)
    }

    fn read_of(&self, versions: &[&Version], each: &mut dyn FnMut(&Version, Vec<u8>) -> bool) -> Result<(), String> {
        let blobs: Vec<&str> = versions.iter().map(|version| version.blob.as_str()).collect();
        each_object(&self.root, &blobs, &mut |at, bytes| versions.get(at).is_none_or(|version| each(version, bytes)))
    }
}

/// The folder of the project, wherever the process is.
fn root(session: &Session<'_>) -> PathBuf {
    session.world.folder.join(&session.project.root)
}

/// Stops a dispatch that would give out a number, or answer a request, that a branch, a tag or an earlier commit knows.
///
/// # Errors
/// Such a number, where it was seen, and what helps.
pub(super) fn refuse_numbers_known_elsewhere(next: &[RegisterEntry], session: &mut Session<'_>) -> Result<(), Stop> {
    let versions = match Versions::find(&root(session), Reach::All) {
        Ok(Some(versions)) => versions,
        Ok(None) => return Ok(()),
        Err(error) => return tell_unknown(&error, session),
    };
    let given = match versions.given_out() {
        Ok(given) => given,
        Err(error) => return tell_unknown(&error, session),
    };
    let lang = session.lang;
    let in_the_way = |(version, given): &(&Version, Option<GivenOut>)| {
        given.as_ref()?.in_the_way_of(next).map(|document| (version.seen.clone(), document.clone()))
    };
    if let Some((seen, NamedDocument { number, title })) = given.iter().find_map(in_the_way) {
        return Err(Stop::Error(
            ExitStatus::Found,
            anyhow::Error::msg(lang.pick(
                format!(
                    "没有发文：{number}（{title}）已在 {seen} 发出，这里的登记簿没有，再发会重号；先合并（git merge {seen}），或只补登记（duban register merge --from {seen}），不该算数的再作废"
                ),
                format!(
                    "nothing was dispatched: {number} ({title}) was given out on {seen}, and the register here does not have it; merge \
                     first (git merge {seen}), or take over what its register has (duban register merge --from {seen}), and void what \
                     does not count"
                ),
            )),
        ));
    }
    let is_unreadable = |given: &Option<GivenOut>| given.as_ref().is_none_or(|given| !given.is_whole);
    let unreadable = given.iter().find(|(_, given)| is_unreadable(given)).map(|(version, _)| version.seen.clone());
    if let Some(seen) = unreadable {
        session.warn(&lang.pick(
            format!("duban: {seen} 上的登记簿有读不出的行，那里发出过哪些号无从得知；请在那里用 duban register verify 查看"),
            format!(
                "duban: lines of the register on {seen} can't be read, so it is not known which numbers were given out there; see \
                 `duban register verify` there"
            ),
        ))?;
    }
    if versions.is_shallow { tell_shallow(session) } else { Ok(()) }
}

/// Says that Git could not be asked.
fn tell_unknown(error: &str, session: &mut Session<'_>) -> Result<(), Stop> {
    let error = error.lines().next().unwrap_or_default();
    session.warn(&session.lang.pick(
        format!("duban: 问不到 git（{error}）：别的分支或提交是否发出过这些号，无从得知"),
        format!("duban: Git can't be asked ({error}): whether another branch or commit gave out a number is not known"),
    ))
}

/// Says that the history is cut.
fn tell_shallow(session: &mut Session<'_>) -> Result<(), Stop> {
    session.warn(session.lang.pick(
        "duban: 这个克隆的历史不全（shallow）：更早的提交和没有取来的分支是否发出过别的号，无从得知；用 git fetch --unshallow 取全",
        "duban: the history of this clone is cut (shallow): whether an earlier commit or a branch that is not here gave out another \
         number is not known; git fetch --unshallow gets all of it",
    ))
}

/// Whether the register of a branch or a tag has a line that was entered here.
pub(super) fn is_on_a_branch(root: &Path, hash: &str) -> bool {
    let Ok(Some(versions)) = Versions::find(root, Reach::Branches) else { return false };
    let mut is_there = false;
    let read = versions.read(&mut |_, bytes| {
        is_there = register::has_line(&bytes, hash);
        !is_there
    });
    read.is_ok() && is_there
}

/// The documents that an earlier commit of what is checked out has and the register here does not: they were taken back, or left
/// out of a merge. Tells where nothing can be known.
pub(super) fn lost(session: &mut Session<'_>) -> Result<Vec<Seen>, Stop> {
    let root = root(session);
    let versions = match Versions::find(&root, Reach::Head) {
        Ok(Some(versions)) => versions,
        Ok(None) => return Ok(Vec::new()),
        Err(error) => return tell_unknown(&error, session).map(|()| Vec::new()),
    };
    let here = register::bytes_of(&root).map_err(|error| Stop::wrong(error.text(session.lang)))?;
    let (here, mut lost) = (Here::new(here), Vec::<Seen>::new());
    let read = versions.read(&mut |version, bytes| {
        for entry in here.lacks(&bytes) {
            let is_same =
                |seen: &&mut Seen| (seen.entry.key(), seen.entry.fingerprint()) == (entry.key(), entry.fingerprint());
            // The longest version that has it has most of the others, too.
            match lost.iter_mut().find(is_same) {
                Some(known) => known.seen.clone_from(&version.seen),
                None => lost.push(Seen { entry, seen: version.seen.clone() }),
            }
        }
        true
    });
    if let Err(error) = read {
        tell_unknown(&error, session)?;
    }
    if versions.is_shallow {
        tell_shallow(session)?;
    }
    Ok(lost)
}

impl Seen {
    /// What is told of a document that was lost, and what helps.
    pub(super) fn lost_text(&self, session: &Session<'_>) -> String {
        let Self { entry, seen } = self;
        let (number, date, title) = (&entry.number, entry.date, entry.title.replace('\n', ""));
        session.lang.pick(
            format!(
                "{number}（{date} {title}）在 {seen} 发出过，现在的登记簿里没有；用 duban register merge --from {seen} 补回，不该算数的再作废"
            ),
            format!(
                "{number} ({date} {title}) was given out in {seen}, and the register does not have it any more; take it over with \
                 duban register merge --from {seen}, and void it if it does not count"
            ),
        )
    }
}

/// The register of another branch, tag or commit.
///
/// # Errors
/// There is none.
pub(super) fn of_revision(revision: &str, session: &Session<'_>) -> Result<Vec<u8>, Stop> {
    let object = format!("{revision}:./{FILE_NAME}");
    git(&root(session), &["cat-file", "blob", &object]).map_err(|error| Stop::wrong(format!("git: {error}")))
}
