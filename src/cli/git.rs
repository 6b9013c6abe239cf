//! Asks Git.

use std::io::{self, BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Runs Git in a folder, and returns what it prints.
///
/// # Errors
/// It can't be run, or says that something is wrong: its words.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    asked(folder, arguments, &[])
}

fn started(folder: &Path, arguments: &[&str]) -> Result<Child, String> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_OPTIONAL_LOCKS", "0");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().map_err(|error| error.to_string())
}

/// The same, with something to read.
///
/// # Errors
/// The same.
pub(super) fn asked(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
    let mut child = started(folder, arguments)?;
    let mut stdin = child.stdin.take();
    let run = std::thread::scope(|scope| {
        // Git may print before it has read all.
        scope.spawn(move || stdin.take().map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    });
    let run = run.map_err(|error| error.to_string())?;
    if run.status.success() { Ok(run.stdout) } else { Err(String::from_utf8_lossy(&run.stderr).trim().to_owned()) }
}

/// Hands over objects of a repository with their places, one after the other, until `each` says that it has seen enough (`false`).
/// One that is not there is left out.
///
/// # Errors
/// Git can't be run, or breaks off.
pub(super) fn each_object(
    folder: &Path,
    objects: &[&str],
    each: &mut dyn FnMut(usize, Vec<u8>) -> bool,
) -> Result<(), String> {
    if objects.is_empty() {
        return Ok(());
    }
    let mut child = started(folder, &["cat-file", "--batch"])?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let asked = objects.iter().map(|object| format!("{object}\n")).collect::<Vec<_>>().concat();
    let read = std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(asked.as_bytes())));
        // Dropped when all is read or enough was seen: Git then can't print any more, and ends.
        stdout.map_or(Ok(()), |stdout| read_objects(BufReader::new(stdout), objects.len(), each))
    });
    _ = child.wait();
    read.map_err(|error| error.to_string())
}

/// Reads what `git cat-file --batch` prints: a line for each object, and its bytes.
fn read_objects(mut from: impl BufRead, count: usize, each: &mut dyn FnMut(usize, Vec<u8>) -> bool) -> io::Result<()> {
    for at in 0..count {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some(size) = line.trim_end().rsplit_once(' ').and_then(|(_, size)| size.parse().ok()) else {
            continue;
        };
        let mut bytes = vec![0; size];
        from.read_exact(&mut bytes)?;
        from.read_exact(&mut [0])?;
        if !each(at, bytes) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_one_after_the_other_but_for_missing_ones() {
        let printed = b"a1 blob 3\nx\ny\nb2 missing\nc3 blob 0\n\nd4 blob 1\nz\n";
        let mut read = Vec::new();
        let mut keep = |at: usize, bytes: Vec<u8>| {
            read.push((at, bytes));
            at < 2
        };
        read_objects(&printed[..], 4, &mut keep).unwrap();
        assert_eq!(read, [(0, b"x\ny".to_vec()), (2, Vec::new())]);
        assert!(read_objects(&printed[..12], 4, &mut |_, _| true).is_err());
    }
}
