//! What a run was asked for, as its documents keep it, and back.

use std::path::{Component, Path, PathBuf};

use crate::cli::args::{EditionArg, InputArgs, InputFormatArg, ProofArgs, SelectArgs, WriteArgs};
use crate::cli::session::Session;
use crate::dataset::RunOptions;
use crate::platform::paths::real_path;

/// The name of standard input.
const STDIN: &str = "-";

/// What a run is asked for, with paths from the project's folder.
pub(super) fn of_args(args: &WriteArgs, session: &Session<'_>) -> RunOptions {
    let WriteArgs {
        kind,
        input: InputArgs { paths, input_format: _, sheets, as_of: _ },
        selecting: SelectArgs { conditions, period },
        of,
        compare,
        formats,
        // Where the files are says the register.
        output: _,
        unit,
        again,
        skip_uncertain,
        same_issue,
        new_issue,
        together: _,
        edition,
        file_name,
        set,
        data: _,
        from_data,
    } = args;
    let from_root = |path: &PathBuf| from_root(path, session);
    RunOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind: kind.clone(),
        lang: session.lang.code().to_owned(),
        paths: paths.iter().map(from_root).collect(),
        sheets: sheets.clone(),
        conditions: conditions.clone(),
        period: period.clone(),
        of: of.clone(),
        // A revision, a period and `previous` are no paths.
        compare: compare.as_ref().map(|old| {
            let is_path = session.world.folder.join(old).exists();
            if is_path { from_root(old) } else { old.to_string_lossy().into_owned() }
        }),
        formats: formats.clone(),
        unit: unit.clone(),
        again: *again,
        skip_uncertain: *skip_uncertain,
        same_issue: same_issue.clone(),
        new_issue: new_issue.clone(),
        public_too: matches!(edition, EditionArg::Both),
        file_name: file_name.clone(),
        set: set.clone(),
        from_data: from_data.as_ref().map(from_root),
    }
}

/// Whether the logs were read from standard input, which nobody has any more.
pub(super) fn is_of_stdin(run: &RunOptions) -> bool {
    run.paths.iter().any(|path| path == STDIN)
}

/// What a proof asks of the documents of a run: the same, but for what it is asked itself.
pub(in crate::cli) fn asked_by_proof(run: &RunOptions, proof: &ProofArgs, session: &Session<'_>) -> RunOptions {
    let SelectArgs { conditions, period } = &proof.selecting;
    let paths = proof.paths.iter().map(|path| from_root(path, session)).collect();
    let or = |given: Vec<String>, kept: &[String]| if given.is_empty() { kept.to_vec() } else { given };
    RunOptions {
        from_data: run.from_data.clone().filter(|_| proof.paths.is_empty()),
        paths: or(paths, &run.paths),
        sheets: or(proof.sheets.clone(), &run.sheets),
        conditions: or(conditions.clone(), &run.conditions),
        period: period.clone().or_else(|| run.period.clone()),
        ..run.clone()
    }
}

/// What is asked for to read all rows that a document of a kind may have been counted from.
pub(in crate::cli) fn rows_args(run: &RunOptions, kind: &str, root: &Path, as_of: &str) -> WriteArgs {
    let args = to_args(run, root, as_of.to_owned());
    let input = InputArgs { as_of: Some(as_of.to_owned()), ..args.input };
    WriteArgs {
        kind: kind.to_owned(),
        input,
        again: true,
        compare: None,
        from_data: None,
        unit: Vec::new(),
        // Answers hold for the register as it was.
        same_issue: Vec::new(),
        new_issue: Vec::new(),
        edition: EditionArg::Internal,
        ..args
    }
}

/// What a run of a project in a folder is asked for that makes the documents of an earlier one again, as of a day.
pub(super) fn to_args(run: &RunOptions, root: &Path, as_of: String) -> WriteArgs {
    let path = |path: &String| root.join(path);
    WriteArgs {
        kind: run.kind.clone(),
        input: InputArgs {
            paths: run.paths.iter().map(path).collect(),
            input_format: InputFormatArg::Csv,
            sheets: run.sheets.clone(),
            as_of: run.from_data.is_none().then_some(as_of),
        },
        selecting: SelectArgs { conditions: run.conditions.clone(), period: run.period.clone() },
        of: run.of.clone(),
        compare: run.compare.as_ref().map(|old| Some(root.join(old)).filter(|old| old.exists()).unwrap_or(old.into())),
        formats: run.formats.clone(),
        output: None,
        unit: run.unit.clone(),
        again: run.again,
        skip_uncertain: run.skip_uncertain,
        same_issue: run.same_issue.clone(),
        new_issue: run.new_issue.clone(),
        together: false,
        edition: if run.public_too { EditionArg::Both } else { EditionArg::Internal },
        file_name: run.file_name.clone(),
        set: run.set.clone(),
        data: false,
        from_data: run.from_data.as_ref().map(path),
    }
}

/// A path as it is from the project's folder, with `/` on every system. It may be a pattern, so the file system is asked for
/// the folders alone.
fn from_root(path: &PathBuf, session: &Session<'_>) -> String {
    if path.as_os_str() == STDIN {
        return STDIN.to_owned();
    }
    let absolute = |path: &Path| real_path(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute(&session.world.folder);
    let root = absolute(&folder.join(&session.project.root));
    let whole = without_dots(&folder.join(path));
    let shared = root.components().zip(whole.components()).take_while(|(one, other)| one == other).count();
    // Nothing is shared with another drive.
    let up = root.components().skip(shared).filter(|_| shared > 0).map(|_| Component::ParentDir);
    let inside: PathBuf = up.chain(whole.components().skip(shared)).collect();
    inside.to_string_lossy().replace('\\', "/")
}

/// A path without `.` and `..`.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            part => plain.push(part),
        }
    }
    plain
}
