//! What is wrong with a register: lines, numbers, files.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::register::FILE_NAME;
use crate::register::entry::{Event, Line, NO_LINE, Record, Status, hash_hex, records};
use crate::register::file::whole;
use crate::words::lang::Lang;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// A line that is no line of a register.
    Unreadable {
        /// The line.
        line: usize,
    },
    /// A line whose hash is not that of its content.
    Altered {
        /// The line.
        line: usize,
    },
    /// A line that does not follow the one before: one was taken out, put in or moved.
    Chain {
        /// The line.
        line: usize,
    },
    /// A last line that was never finished.
    Torn,
    /// Numbers that were skipped.
    Gap {
        /// The series.
        series: String,
        /// The first number missing.
        from: u32,
        /// The last number missing.
        to: u32,
        /// The line of the number after the gap.
        line: usize,
    },
    /// A number taken twice.
    Repeat {
        /// The number.
        number: String,
        /// The line of the second.
        line: usize,
    },
    /// A document dated before the one with the number before.
    Backdated {
        /// The number.
        number: String,
        /// The line.
        line: usize,
    },
    /// A number whose document a crash left unfinished.
    Pending {
        /// The number.
        number: String,
    },
    /// A file that is not there.
    MissingFile {
        /// The number.
        number: String,
        /// The path.
        path: String,
    },
    /// A file whose bytes have changed.
    AlteredFile {
        /// The number.
        number: String,
        /// The path.
        path: String,
    },
}

impl Break {
    /// The sentence for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Unreadable { line } => {
                lang.pick(format!("第 {line} 行：无法读取"), format!("line {line}: can't be read"))
            }
            Self::Altered { line } => lang.pick(
                format!("第 {line} 行：内容被改动过（与其哈希不符）"),
                format!("line {line}: altered (its hash does not fit)"),
            ),
            Self::Chain { line } => lang.pick(
                format!("第 {line} 行：与上一行接不上（有行被删去、插入或移动）"),
                format!("line {line}: does not follow the line before (one was removed, added or moved)"),
            ),
            Self::Torn => lang.pick(
                "最后一行没有写完；下次发文时会自动清除".to_owned(),
                "the last line is unfinished; the next dispatch removes it".to_owned(),
            ),
            Self::Gap { series, from, to, line } => lang.pick(
                format!("第 {line} 行：{series} 缺号 {}", span(*from, *to)),
                format!("line {line}: {series} lacks {}", span(*from, *to)),
            ),
            Self::Repeat { number, line } => {
                lang.pick(format!("第 {line} 行：{number} 重号"), format!("line {line}: {number} stands twice"))
            }
            Self::Backdated { number, line } => lang.pick(
                format!("第 {line} 行：{number} 的日期早于前一号"),
                format!("line {line}: {number} is dated before the number before it"),
            ),
            Self::Pending { number } => lang.pick(
                format!("{number}：未完成；用 duban register resume 完成"),
                format!("{number}: unfinished; finish it with duban register resume"),
            ),
            Self::MissingFile { number, path } => {
                lang.pick(format!("{number}：文件 {path} 不见了"), format!("{number}: {path} is missing"))
            }
            Self::AlteredFile { number, path } => {
                lang.pick(format!("{number}：文件 {path} 被改动过"), format!("{number}: {path} was altered"))
            }
        }
    }
}

fn span(from: u32, to: u32) -> String {
    if from == to { from.to_string() } else { format!("{from}–{to}") }
}

/// Everything wrong with the register of a project. One that is not there has nothing wrong.
///
/// What no chain can show: lines cut off at the very end. Keep the register under version control, or
/// note the last number elsewhere.
///
/// # Errors
/// The file can't be read.
pub fn verify(root: &Path) -> io::Result<Vec<Break>> {
    let bytes = match fs::read(root.join(FILE_NAME)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    let sound = whole(&bytes);
    let lines = read_lines(sound, &mut found);
    if sound.len() < bytes.len() {
        found.push(Break::Torn);
    }
    repeats(&lines, &mut found);
    let records = records(&lines);
    gaps(&records, &mut found);
    files(root, &records, &mut found);
    Ok(found)
}

fn read_lines(bytes: &[u8], found: &mut Vec<Break>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    // The line before, by its own account: one altered line is told once, not again at the next.
    let mut prev = NO_LINE.to_owned();
    let mut seq = 0;
    for (index, text) in bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, text)| !text.is_empty()) {
        let number = index + 1;
        let Ok(line) = serde_json::from_slice::<Line>(text) else {
            found.push(Break::Unreadable { line: number });
            seq += 1;
            prev.clear();
            continue;
        };
        // Hashed as it stands in the file, so that a change that reads the same shows as well.
        let sound = line.own_hash().is_ok_and(|hash| hash == line.hash)
            && serde_json::to_string(&line).is_ok_and(|same| same.as_bytes() == text);
        if !sound {
            found.push(Break::Altered { line: number });
        }
        if !prev.is_empty() && (line.prev != prev || line.seq != seq + 1) {
            found.push(Break::Chain { line: number });
        }
        prev.clone_from(&line.hash);
        seq = line.seq;
        lines.push(line);
    }
    lines
}

fn repeats(lines: &[Line], found: &mut Vec<Break>) {
    let mut seen = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        if let Event::Reserved(facts) | Event::Imported(facts) = &line.event
            && seen.insert((facts.series.clone(), facts.year, facts.n), index).is_some()
        {
            found.push(Break::Repeat { number: facts.number.clone(), line: index + 1 });
        }
    }
}

/// Numbers of a series must follow one another. Where a series begins is free: an office may come to
/// duban in August. A series that begins anew each January shows in its numbers: a smaller number in
/// a later year starts a new run.
fn gaps(records: &[Record], found: &mut Vec<Break>) {
    let mut last: BTreeMap<&str, &Record> = BTreeMap::new();
    for record in records {
        if let Some(before) = last.get(record.series.as_str()) {
            let anew = record.year > before.year && record.n <= before.n;
            if !anew && record.n > before.n + 1 {
                let (from, to) = (before.n + 1, record.n - 1);
                found.push(Break::Gap { series: record.series.clone(), from, to, line: record.line });
            }
            if record.date < before.date {
                found.push(Break::Backdated { number: record.number.clone(), line: record.line });
            }
        }
        last.insert(&record.series, record);
    }
}

fn files(root: &Path, records: &[Record], found: &mut Vec<Break>) {
    for record in records {
        let number = &record.number;
        match record.status {
            Status::Pending => found.push(Break::Pending { number: number.clone() }),
            Status::Void => {}
            Status::Dispatched => {
                for file in &record.files {
                    let path = file.path.clone();
                    match fs::read(root.join(&file.path)) {
                        Ok(bytes) if hash_hex(&bytes) == file.sha256 => {}
                        Ok(_) => found.push(Break::AlteredFile { number: number.clone(), path }),
                        Err(_) => found.push(Break::MissingFile { number: number.clone(), path }),
                    }
                }
            }
        }
    }
}
