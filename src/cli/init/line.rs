//! Answers: lines of standard input.

use std::io::{self, Read as _};

use crate::cli::world::World;

/// A longer line is no answer.
pub(in crate::cli) const LONGEST_ANSWER: usize = 1000;

/// A line of standard input; `None` at its end.
pub(in crate::cli) fn line(world: &mut World) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while world.stdin.read(&mut byte)? > 0 {
        bytes.push(byte[0]);
        if byte[0] == b'\n' || bytes.len() == LONGEST_ANSWER {
            break;
        }
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()).filter(|line| !line.is_empty()))
}
