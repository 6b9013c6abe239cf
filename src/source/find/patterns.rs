//! The logs of a project: what `logs:` in its config finds.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::source::Sources;
use crate::source::find::error::FindError;
use crate::source::find::files::{add, add_all, is_first};
use crate::source::find::names::{display_name, is_log, is_pattern, name_in};
use crate::source::find::walk::{glob, walk};
use crate::source::pattern::Glob;
use crate::source::submission::{SubmissionDay, day_of_name, day_of_title};
use crate::source::workbook::choice::Choice;

/// One entry of `logs:` in the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogPattern {
    /// A file, a folder or a pattern.
    Files(String),
    /// A file, a folder or a pattern that is left out.
    Without(String),
    /// Of the files that match, the newest submission.
    Latest(String),
}

/// Which of several submissions is read where `latest:` asks for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionChoice {
    /// The newest.
    Newest,
    /// The one before the newest; the newest if it is the only one.
    Previous,
}

/// The logs of a project.
#[derive(Debug, Default)]
pub struct FoundLogs {
    /// The logs.
    pub sources: Sources,
    /// For each `latest:` with several files, the file that is read and the others, the newest of them first.
    pub superseded: Vec<(String, Vec<String>)>,
    /// What was to be left out, and is nowhere.
    pub unused: Vec<String>,
}

/// Finds the logs of a project. Patterns and the names of the sources are relative to its folder.
///
/// # Errors
/// A pattern that yields no log, or submissions of which the newest can't be told.
pub fn by_patterns(
    root: &Path,
    patterns: &[LogPattern],
    submission: SubmissionChoice,
    choice: &Choice<'_>,
) -> Result<FoundLogs, FindError> {
    let FoundFiles { files, superseded, unused } = files_by_patterns(root, patterns, submission, choice)?;
    let mut sources = Sources::default();
    let mut seen = BTreeSet::new();
    for (pattern, found) in files {
        add_all(&mut sources, &mut seen, found, Some(root), pattern, choice)?;
    }
    Ok(FoundLogs { sources, superseded, unused })
}

/// The names of the files that [`by_patterns`] reads, in its order. They are not read, but those of several submissions.
///
/// # Errors
/// Those of patterns and submissions.
pub fn names_by_patterns(
    root: &Path,
    patterns: &[LogPattern],
    submission: SubmissionChoice,
    choice: &Choice<'_>,
) -> Result<Vec<String>, FindError> {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for (_, found) in files_by_patterns(root, patterns, submission, choice)?.files {
        let found = found.into_iter().filter(|path| is_first(&mut seen, path));
        names.extend(found.map(|path| name_in(root, &path)));
    }
    Ok(names)
}

/// The files of a project's logs: what each pattern found, and the rest as in [`FoundLogs`].
#[derive(Default)]
struct FoundFiles<'p> {
    files: Vec<(&'p str, Vec<PathBuf>)>,
    superseded: Vec<(String, Vec<String>)>,
    unused: Vec<String>,
}

fn files_by_patterns<'p>(
    root: &Path,
    patterns: &'p [LogPattern],
    submission: SubmissionChoice,
    choice: &Choice<'_>,
) -> Result<FoundFiles<'p>, FindError> {
    let mut all = FoundFiles::default();
    let mut exclusions = Vec::new();
    for pattern in patterns {
        if let LogPattern::Without(pattern) = pattern {
            exclusions.push(Exclusion::new(pattern)?);
        }
    }
    for pattern in patterns {
        let (pattern, is_latest) = match pattern {
            LogPattern::Files(pattern) => (pattern, false),
            LogPattern::Latest(pattern) => (pattern, true),
            LogPattern::Without(_) => continue,
        };
        let path = root.join(pattern);
        let mut found = if path.is_dir() {
            walk(&path, |_| true)?
        } else if path.exists() {
            vec![path]
        } else if is_pattern(pattern) {
            glob(root, pattern)?
        } else {
            return Err(FindError::Missing(pattern.clone()));
        };
        found.retain(|path| {
            let name = name_in(root, path);
            // All of them look, so that none seems unused because another came first.
            exclusions.iter_mut().fold(true, |stays, exclusion| stays & !exclusion.covers(&name))
        });
        if is_latest && found.len() > 1 {
            let names: Vec<String> = found.iter().map(|path| name_in(root, path)).collect();
            let mut order = newest_first(pattern, &found, &names, choice)?;
            let read = order.remove(usize::from(submission == SubmissionChoice::Previous));
            found = vec![found.swap_remove(read)];
            all.superseded.push((names[read].clone(), order.into_iter().map(|at| names[at].clone()).collect()));
        }
        all.files.push((pattern, found));
    }
    all.unused = exclusions.into_iter().filter(|exclusion| !exclusion.is_used).map(|one| one.pattern).collect();
    Ok(all)
}

/// Files that are left out.
pub(super) struct Exclusion {
    pattern: String,
    glob: Option<Glob>,
    is_used: bool,
}

impl Exclusion {
    pub(super) fn new(pattern: &str) -> Result<Self, FindError> {
        let name = display_name(Path::new(pattern.trim_end_matches('/')));
        let glob = is_pattern(&name).then(|| Glob::new(&name)).transpose();
        let glob = glob.map_err(|reason| FindError::Pattern(pattern.to_owned(), reason))?;
        Ok(Self { pattern: name, glob, is_used: false })
    }

    /// Whether it names a file, or a folder of it.
    pub(super) fn covers(&mut self, name: &str) -> bool {
        let below = || name.strip_prefix(&self.pattern).is_some_and(|rest| rest.starts_with('/'));
        let is_match = || self.glob.as_ref().is_some_and(|glob| glob.is_match(name));
        let covers = name == self.pattern || below() || is_match();
        self.is_used |= covers;
        covers
    }
}

/// Whether a pattern names a file, or a folder of it, by its name from the project's folder, whether it is there or not.
///
/// # Errors
/// It is no pattern.
pub fn covers(pattern: &str, name: &str) -> Result<bool, FindError> {
    Ok(Exclusion::new(pattern)?.covers(name))
}

/// Whether the config leaves a file out that another pattern names.
///
/// # Errors
/// A pattern is none.
pub fn is_left_out(patterns: &[LogPattern], name: &str) -> Result<bool, FindError> {
    for pattern in patterns {
        if let LogPattern::Without(pattern) = pattern
            && covers(pattern, name)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a log of this name would be found if it were there.
///
/// # Errors
/// A pattern is none.
pub fn would_be_found(patterns: &[LogPattern], name: &str) -> Result<bool, FindError> {
    let is_plain = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !is_plain || !is_log(Path::new(name)) || is_left_out(patterns, name)? {
        return Ok(false);
    }
    for pattern in patterns {
        if let LogPattern::Files(pattern) | LogPattern::Latest(pattern) = pattern
            && covers(pattern, name)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The indexes of several submissions, the newest first: by the day in their title rows, if all have one, else by the date
/// in their names, else by whichever each has.
fn newest_first(
    pattern: &str,
    paths: &[PathBuf],
    names: &[String],
    choice: &Choice<'_>,
) -> Result<Vec<usize>, FindError> {
    let mut titles = Vec::new();
    for (path, name) in paths.iter().zip(names) {
        let mut sources = Sources::default();
        add(&mut sources, &mut BTreeSet::new(), path.clone(), name.clone(), choice)?;
        titles.push(sources.ids().find_map(|id| day_of_title(sources.get(id))));
    }
    let of_names: Vec<Option<SubmissionDay>> = names.iter().map(|name| day_of_name(name)).collect();
    let either: Vec<_> = titles.iter().zip(&of_names).map(|(title, name)| title.or(*name)).collect();
    let all = |days: &[Option<SubmissionDay>]| days.iter().copied().collect::<Option<Vec<SubmissionDay>>>();
    let Some(days) = all(&titles).or_else(|| all(&of_names)).or_else(|| all(&either)) else {
        let undated = either.iter().zip(names).filter(|(day, _)| day.is_none()).map(|(_, name)| name.clone());
        return Err(FindError::Undated(pattern.to_owned(), undated.collect()));
    };
    let undecided = |names: Vec<String>| Err(FindError::Undecided(pattern.to_owned(), names));
    let has_year = |day: &SubmissionDay| day.year.is_some();
    // Without a year, December may come before January or after it.
    let turns = !days.iter().any(has_year) && [1, 12].iter().all(|month| days.iter().any(|day| day.month == *month));
    if turns || days.iter().any(has_year) && !days.iter().all(has_year) {
        let without = days.iter().zip(names).filter(|(day, _)| !has_year(day)).map(|(_, name)| name.clone());
        return undecided(without.collect());
    }
    let mut order: Vec<usize> = (0..days.len()).collect();
    order.sort_by_key(|at| Reverse(days[*at]));
    let of_newest = order.iter().take_while(|at| days[**at] == days[order[0]]);
    if of_newest.clone().count() > 1 {
        return undecided(of_newest.map(|at| names[*at].clone()).collect());
    }
    Ok(order)
}
