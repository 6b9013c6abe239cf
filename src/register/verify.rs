//! Finds faults in a register: in its lines, numbers and files.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::register::RegisterError;
use crate::register::doubled::doubled;
use crate::register::entry::{EventConflict, RegisterEntry, RegisterLine, RegisterStatus};
use crate::register::file::{IsElsewhere, finished, read_bytes};
use crate::register::head::HeadNote;
use crate::register::lines::{FileEnd, RegisterLines};
use crate::register::said::is_in;
use crate::register::state::RegisterState;
use crate::words::lang::Lang;

/// A fault of a register, as facts; [`text`](Self::text) returns the message. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// A line can't be read.
    Unreadable {
        /// The line.
        line: usize,
    },
    /// A line is a mark of a merge that Git left to be solved by hand.
    Unmerged {
        /// The line.
        line: usize,
    },
    /// A line is blank, which no dispatch writes.
    Blank {
        /// The line.
        line: usize,
    },
    /// The hash of a line doesn't match its bytes.
    Altered {
        /// The line.
        line: usize,
    },
    /// A line doesn't follow the one before: a line was removed, added, moved or rewritten.
    Chain {
        /// The line.
        line: usize,
    },
    /// The end is incomplete or lacks its line feed. The next dispatch repairs it.
    Torn {
        /// The first incomplete line.
        line: usize,
    },
    /// The last batch has a file under its final name, but the end of the batch is missing.
    Cut {
        /// The last line that is left.
        line: usize,
    },
    /// Lines entered on this machine are missing at the end.
    Truncated {
        /// The position in the chain of the last of them, from 1.
        seq: u64,
    },
    /// A line differs from the one entered on this machine: the end was rewritten.
    Replaced {
        /// The line.
        line: usize,
    },
    /// The status of a number doesn't allow the event of a line.
    InvalidTransition {
        /// The line.
        line: usize,
    },
    /// A number was taken twice.
    DuplicateNumber {
        /// The line of the second entry.
        line: usize,
        /// The number.
        number: String,
        /// The line of the first entry.
        first: usize,
    },
    /// Numbers were skipped.
    Gap {
        /// The line of the number after the gap.
        line: usize,
        /// The series.
        series: String,
        /// The year, for a series that restarts yearly.
        year: Option<i32>,
        /// The first missing number.
        from: u32,
        /// The last missing number.
        to: u32,
    },
    /// The document of a number is not finished.
    Pending {
        /// The line on which the number was entered.
        line: usize,
        /// The number.
        number: String,
    },
    /// A file is missing.
    MissingFile {
        /// The line on which the number was entered.
        line: usize,
        /// The number.
        number: String,
        /// The file.
        path: String,
    },
    /// The bytes of a file have changed.
    AlteredFile {
        /// The line on which the number was entered.
        line: usize,
        /// The number.
        number: String,
        /// The file.
        path: String,
    },
    /// A file can't be read, so its bytes can't be checked.
    UnreadableFile {
        /// The line on which the number was entered.
        line: usize,
        /// The number.
        number: String,
        /// The file.
        path: String,
        /// The error of the system.
        cause: String,
    },
    /// A document is dated before the one with the previous number. This is only a warning.
    Backdated {
        /// The line on which the number was entered.
        line: usize,
        /// The number.
        number: String,
        /// The previous number.
        before: String,
    },
}

impl Break {
    /// Returns the line of the register that shows the fault; `None` if lines are missing at the end.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Unreadable { line }
            | Self::Unmerged { line }
            | Self::Blank { line }
            | Self::Altered { line }
            | Self::Chain { line }
            | Self::Torn { line }
            | Self::Cut { line }
            | Self::Replaced { line }
            | Self::InvalidTransition { line }
            | Self::DuplicateNumber { line, .. }
            | Self::Gap { line, .. }
            | Self::Pending { line, .. }
            | Self::MissingFile { line, .. }
            | Self::AlteredFile { line, .. }
            | Self::UnreadableFile { line, .. }
            | Self::Backdated { line, .. } => Some(*line),
            Self::Truncated { .. } => None,
        }
    }

    /// Returns whether this is only a warning, with the register still sound.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::Backdated { .. })
    }

    /// Returns the message for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let fact = match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        };
        match self.line() {
            // It says the line itself.
            _ if matches!(self, Self::Unmerged { .. }) => fact,
            Some(line) => lang.pick(format!("第 {line} 行：{fact}"), format!("line {line}: {fact}")),
            None => fact,
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Unreadable { .. } => "无法读取".to_owned(),
            Self::Unmerged { line } => RegisterError::Unmerged { line: *line }.text(Lang::Zh),
            Self::Blank { .. } => "空行".to_owned(),
            Self::Altered { .. } => "内容被改动过（与其哈希不符）".to_owned(),
            Self::Chain { .. } => "与上一行接不上（有行被删去、插入、移动或改写）".to_owned(),
            Self::Torn { .. } => "登记簿末尾没有写完；下次发文时自动修整".to_owned(),
            Self::Cut { .. } => "与本行一并登记的后几行已不在".to_owned(),
            Self::Truncated { seq } => format!("登记簿被截短：本机登记过的第 {seq} 条已不在"),
            Self::Replaced { .. } => "与本机登记过的不同（登记簿末尾被改写）".to_owned(),
            Self::InvalidTransition { .. } => "此号的状态不允许这样登记".to_owned(),
            Self::DuplicateNumber { number, first, .. } => {
                format!(
                    "{number} 重号，第 {first} 行已有；用 duban register void {number} --file 文件 --why 原因 作废其中一份"
                )
            }
            Self::Gap { series, year, from, to, .. } => {
                let year = year.map_or_else(String::new, |year| format!(" {year} 年"));
                format!("{series}{year} 缺号 {}", span(*from, *to))
            }
            Self::Pending { number, .. } => format!("{number} 没有完成；用 duban register resume 完成"),
            Self::MissingFile { number, path, .. } => format!("{number} 的文件 {path} 不见了"),
            Self::AlteredFile { number, path, .. } => format!("{number} 的文件 {path} 被改动过"),
            Self::UnreadableFile { number, path, cause, .. } => format!("{number} 的文件 {path} 无法读取：{cause}"),
            Self::Backdated { number, before, .. } => format!("{number} 的日期早于 {before}（请核对）"),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Unreadable { .. } => "can't be read".to_owned(),
            Self::Unmerged { line } => RegisterError::Unmerged { line: *line }.text(Lang::En),
            Self::Blank { .. } => "is blank".to_owned(),
            Self::Altered { .. } => "was altered (its hash does not match)".to_owned(),
            Self::Chain { .. } => {
                "does not follow the line before (a line was removed, added, moved or rewritten)".to_owned()
            }
            Self::Torn { .. } => "the end of the register is incomplete; the next dispatch repairs it".to_owned(),
            Self::Cut { .. } => "lines entered together with this one are missing".to_owned(),
            Self::Truncated { seq } => {
                format!("the register was truncated: entry {seq}, made on this machine, is missing")
            }
            Self::Replaced { .. } => "differs from the line entered on this machine (the end was rewritten)".to_owned(),
            Self::InvalidTransition { .. } => "the status of the number does not allow this event".to_owned(),
            Self::DuplicateNumber { number, first, .. } => format!(
                "the number {number} is a duplicate of line {first}; void one of the two documents: duban register void \
                 {number} --file FILE --why REASON"
            ),
            Self::Gap { series, year, from, to, .. } => {
                let year = year.map_or_else(String::new, |year| format!(" of {year}"));
                format!("{series}{year}: missing {}", span(*from, *to))
            }
            Self::Pending { number, .. } => format!("{number} is not finished; use `duban register resume`"),
            Self::MissingFile { number, path, .. } => format!("{path} of {number} is missing"),
            Self::AlteredFile { number, path, .. } => format!("{path} of {number} was altered"),
            Self::UnreadableFile { number, path, cause, .. } => format!("{path} of {number} can't be read: {cause}"),
            Self::Backdated { number, before, .. } => format!("{number} is dated before {before} (please check)"),
        }
    }
}

/// Returns a number or a range of numbers.
fn span(from: u32, to: u32) -> String {
    if from == to { from.to_string() } else { format!("{from}–{to}") }
}

/// Returns all faults in the register of a project, in the order of its lines. Changes nothing.
///
/// A run of numbers may start anywhere, since an office may adopt duban in August. The files of void numbers are not
/// checked, since the office may keep or delete them.
///
/// # Errors
/// The file exists and can't be read.
pub fn verify(root: &Path) -> Result<Vec<Break>, RegisterError> {
    verify_beside(root, &|_| false)
}

/// The same where other versions of the register, those of other branches, may have lines that were entered here.
///
/// # Errors
/// The file exists and can't be read.
pub fn verify_beside(root: &Path, is_elsewhere: IsElsewhere<'_>) -> Result<Vec<Break>, RegisterError> {
    let bytes = read_bytes(root)?.unwrap_or_default();
    let lines = RegisterLines::read(&bytes);
    let mut found = Vec::new();
    check_lines(&lines, &mut found);
    let finished = finished(root, &lines);
    check_end(root, &lines, (finished, is_elsewhere), &mut found);
    let state = replay(lines.readable.get(..finished).unwrap_or_default(), &mut found);
    check_numbers(state.records(), &mut found);
    check_files(root, state.records(), &mut found);
    found.sort_by_key(|found| found.line().unwrap_or(usize::MAX));
    Ok(found)
}

/// Checks each line and the hash chain.
fn check_lines(lines: &RegisterLines, found: &mut Vec<Break>) {
    found.extend(lines.mark.map(|line| Break::Unmerged { line }));
    // One mark stands for the others.
    let bad = lines.bad.iter().filter(|_| lines.mark.is_none());
    found.extend(bad.map(|(line, _)| Break::Unreadable { line: *line }));
    found.extend(lines.blank.iter().map(|line| Break::Blank { line: *line }));
    let bad_between = |from: usize, to: usize| lines.bad.iter().filter(|(line, _)| (from..to).contains(line)).count();
    let mut before: Option<&RegisterLine> = None;
    for line in &lines.readable {
        if !line.sound {
            found.push(Break::Altered { line: line.at });
        }
        let (at, seq, sound) = before.map_or((0, 0, true), |line| (line.at, line.seq, line.sound));
        let bad = bad_between(at + 1, line.at);
        // After an altered line the hash can't match, and one report is enough; `seq` must still be consecutive.
        let follows = bad > 0 || !sound || line.follows(before);
        // Lines of a batch count down; nothing else reveals a batch that lost its end and was then appended to.
        let counts_down = bad > 0 || before.is_none_or(|before| before.more == 0 || line.more == before.more - 1);
        if !follows || !counts_down || line.seq != seq + 1 + bad as u64 {
            found.push(Break::Chain { line: line.at });
        }
        before = Some(line);
    }
}

/// Checks the end of the register against interrupted writes and the head note.
fn check_end(
    root: &Path,
    lines: &RegisterLines,
    (finished, is_elsewhere): (usize, IsElsewhere<'_>),
    found: &mut Vec<Break>,
) {
    let torn = match lines.end {
        FileEnd::Torn { at, .. } => Some(at),
        FileEnd::NoLineFeed => lines.readable.last().map(|line| line.at),
        FileEnd::LineFeed => None,
    };
    let unfinished = lines.readable.get(finished).map(|line| line.at);
    found.extend(unfinished.or(torn).map(|line| Break::Torn { line }));
    let last = lines.readable.last().filter(|last| unfinished.is_none() && last.more > 0);
    found.extend(last.map(|last| Break::Cut { line: last.at }));

    let Some(head) = HeadNote::read(root) else { return };
    if is_in(&head, &lines.readable) || is_elsewhere(&head.hash) {
        return;
    }
    match lines.readable.iter().find(|line| line.seq == head.seq) {
        Some(line) if !line.has_hash(&head.hash) && line.sound => found.push(Break::Replaced { line: line.at }),
        None if lines.readable.last().map_or(0, |line| line.seq) < head.seq && lines.bad.is_empty() => {
            found.push(Break::Truncated { seq: head.seq });
        }
        _ => {}
    }
}

/// Applies all events and adds those that conflict.
fn replay(lines: &[RegisterLine], found: &mut Vec<Break>) -> RegisterState {
    let mut state = RegisterState::default();
    for line in lines {
        match state.replay(&line.event, line.at) {
            // Told below, unless one of the documents is void.
            Ok(()) | Err(EventConflict::DuplicateNumber) => {}
            Err(_) => found.push(Break::InvalidTransition { line: line.at }),
        }
    }
    let doubled = doubled(state.records()).into_iter().map(|(first, second)| Break::DuplicateNumber {
        line: second.line,
        number: second.number.clone(),
        first: first.line,
    });
    found.extend(doubled);
    state
}

/// Checks that the numbers of each run are consecutive and their dates ascending. It goes by number rather than line,
/// since old documents may be imported after new ones were dispatched.
fn check_numbers(records: &[RegisterEntry], found: &mut Vec<Break>) {
    let mut runs: BTreeMap<_, Vec<&RegisterEntry>> = BTreeMap::new();
    for record in records {
        runs.entry(record.run()).or_default().push(record);
    }
    for ((series, year), mut run) in runs {
        run.sort_by_key(|record| record.n);
        for pair in run.windows(2) {
            let [before, record] = pair else { continue };
            let (from, to) = (before.n.saturating_add(1), record.n.saturating_sub(1));
            if from <= to {
                found.push(Break::Gap { line: record.line, series: series.to_owned(), year, from, to });
            }
        }
        // A wrong date may be the very reason why a number was voided.
        run.retain(|record| record.status != RegisterStatus::Void);
        for pair in run.windows(2) {
            let [before, record] = pair else { continue };
            if record.date < before.date {
                let (number, before) = (record.number.clone(), before.number.clone());
                found.push(Break::Backdated { line: record.line, number, before });
            }
        }
    }
}

/// Checks the files of dispatched numbers, and adds pending ones.
fn check_files(root: &Path, records: &[RegisterEntry], found: &mut Vec<Break>) {
    for record in records {
        let (line, number) = (record.line, || record.number.clone());
        match record.status {
            RegisterStatus::Void => {}
            RegisterStatus::Pending => found.push(Break::Pending { line, number: number() }),
            RegisterStatus::Dispatched => {
                for file in &record.files {
                    let path = file.path.clone();
                    match file.is_at(&root.join(&file.path)) {
                        Ok(true) => {}
                        Ok(false) => found.push(Break::AlteredFile { line, number: number(), path }),
                        Err(error) if error.kind() == io::ErrorKind::NotFound => {
                            found.push(Break::MissingFile { line, number: number(), path });
                        }
                        Err(error) => {
                            let cause = error.to_string();
                            found.push(Break::UnreadableFile { line, number: number(), path, cause });
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests damage files on purpose")]

    use std::fs;

    use chrono::NaiveDate;

    use super::*;
    use crate::digest;
    use crate::register::FILE_NAME;
    use crate::register::NamedNumber;
    use crate::register::dispatch::Step;
    use crate::register::entry::Event;
    use crate::register::entry::{NO_LINE, write_line};
    use crate::register::tests::TestProject;

    /// A register of eight lines: four numbers, each taken and given out.
    fn sound() -> (TestProject, Vec<String>) {
        let project = TestProject::new();
        for _ in 0..4 {
            project.dispatch(1, Step::Swept);
        }
        assert_eq!(project.verify(), []);
        let lines = String::from_utf8(project.bytes()).unwrap().lines().map(str::to_owned).collect();
        (project, lines)
    }

    fn with_lines(project: &TestProject, lines: &[String]) -> Vec<Break> {
        let text: Vec<String> = lines.iter().map(|line| line.clone() + "\n").collect();
        fs::write(project.path(FILE_NAME), text.concat()).unwrap();
        project.verify()
    }

    fn with_events(project: &TestProject, events: &[Event]) -> Vec<Break> {
        let (mut prev, mut lines) = (NO_LINE.to_owned(), Vec::new());
        for (seq, event) in (1..).zip(events) {
            let line = write_line(seq, event, 0, &prev).unwrap();
            prev = digest::of(line.as_bytes());
            lines.push(line);
        }
        with_lines(project, &lines)
    }

    #[test]
    fn a_flip_of_any_byte_is_found_in_its_line() {
        let (project, lines) = sound();
        for at in 0..lines.len() {
            for byte in 0..lines[at].len() {
                let mut bytes = project.bytes();
                let start: usize = lines[..at].iter().map(|line| line.len() + 1).sum();
                bytes[start + byte] ^= 1;
                fs::write(project.path(FILE_NAME), &bytes).unwrap();
                let found = project.verify();
                let is_there = found.iter().any(|found| {
                    matches!(found, Break::Altered { line } | Break::Unreadable { line } if *line == at + 1)
                        // A byte that became a line feed splits the line in two.
                        || matches!(found, Break::Unreadable { line } if *line == at + 2)
                });
                assert!(is_there, "line {}, byte {byte}: {found:?}", at + 1);
                bytes[start + byte] ^= 1;
                fs::write(project.path(FILE_NAME), &bytes).unwrap();
            }
        }
        assert_eq!(project.verify(), []);
    }

    #[test]
    fn a_line_taken_out_is_found() {
        let (project, lines) = sound();
        for at in 0..lines.len() - 1 {
            let mut fewer = lines.clone();
            fewer.remove(at);
            let found = with_lines(&project, &fewer);
            assert!(found.contains(&Break::Chain { line: at + 1 }), "{at}: {found:?}");
        }
    }

    #[test]
    fn lines_that_changed_places_or_came_twice_are_found() {
        let (project, lines) = sound();
        for at in 0..lines.len() - 1 {
            let mut other = lines.clone();
            other.swap(at, at + 1);
            assert!(with_lines(&project, &other).contains(&Break::Chain { line: at + 1 }), "{at}");
            let mut other = lines.clone();
            other.insert(at + 1, lines[at].clone());
            assert!(with_lines(&project, &other).contains(&Break::Chain { line: at + 2 }), "{at}");
        }
    }

    #[test]
    fn lines_cut_off_the_end_are_found() {
        let (project, lines) = sound();
        for left in 0..lines.len() {
            assert!(with_lines(&project, &lines[..left]).contains(&Break::Truncated { seq: 8 }), "{left}");
        }
        fs::remove_file(project.path(FILE_NAME)).unwrap();
        assert_eq!(project.verify(), [Break::Truncated { seq: 8 }]);
    }

    #[test]
    fn a_run_of_letters_that_lost_its_end_is_found_even_without_the_head() {
        let project = TestProject::new();
        project.dispatch(3, Step::Placed);
        let lines: Vec<String> = String::from_utf8(project.bytes()).unwrap().lines().map(str::to_owned).collect();
        project.set_head(None);
        let found = with_lines(&project, &lines[..2]);
        assert!(found.contains(&Break::Cut { line: 2 }), "{found:?}");
        project.open().resume().unwrap();
        assert_eq!(project.verify(), [Break::Chain { line: 3 }]);
    }

    #[test]
    fn an_end_rewritten_with_right_hashes_is_found() {
        let (project, mut lines) = sound();
        let prev = digest::of(lines[6].as_bytes());
        let key = read_key(&lines[7]);
        lines[7] = write_line(8, &Event::Void { key, why: "x".into(), document: None }, 0, &prev).unwrap();
        assert_eq!(with_lines(&project, &lines), [Break::Replaced { line: 8 }]);
        // In the middle the chain reveals it.
        let (project, mut lines) = sound();
        lines[5] = lines[5].clone();
        let prev = digest::of(lines[4].as_bytes());
        let key = read_key(&lines[5]);
        lines[5] = write_line(6, &Event::Void { key, why: "x".into(), document: None }, 0, &prev).unwrap();
        assert_eq!(with_lines(&project, &lines), [Break::Chain { line: 7 }]);
    }

    fn read_key(line: &str) -> crate::register::NumberKey {
        crate::register::entry::read_line(line.as_bytes(), 1, 0).unwrap().event.key().clone()
    }

    #[test]
    fn what_an_editor_does_is_found() {
        let (project, lines) = sound();
        let text = lines.join("\n");
        for (text, expected) in [
            (text.clone(), Break::Torn { line: 8 }),
            (format!("{text}\n\n"), Break::Blank { line: 9 }),
            (format!("\u{feff}{text}\n"), Break::Unreadable { line: 1 }),
            (format!("{}\n", text.replace('\n', "\r\r\n")), Break::Altered { line: 1 }),
            (format!("{text}\n{{\"seq\":9"), Break::Torn { line: 9 }),
        ] {
            fs::write(project.path(FILE_NAME), text).unwrap();
            let found = project.verify();
            assert!(found.contains(&expected), "{expected:?}: {found:?}");
        }
    }

    #[test]
    fn an_altered_line_is_told_once() {
        let (project, mut lines) = sound();
        lines[2] = lines[2].replace("通报", "通告");
        assert_eq!(with_lines(&project, &lines), [Break::Altered { line: 3 }]);
        lines[2] = lines[2].replace("\"seq\":3", "\"seq\":");
        let found = with_lines(&project, &lines);
        assert_eq!(found[0], Break::Unreadable { line: 3 });
        assert!(!found.iter().any(|found| matches!(found, Break::Chain { .. })), "{found:?}");
    }

    #[test]
    fn a_missing_and_an_altered_file_are_found() {
        let (project, _) = sound();
        fs::remove_file(project.path("documents/2021-15.md")).unwrap();
        fs::write(project.path("documents/2021-16.json"), "altered").unwrap();
        assert_eq!(
            project.verify().iter().map(|found| found.text(Lang::Zh)).collect::<Vec<_>>(),
            [
                "第 3 行：第15期 的文件 documents/2021-15.md 不见了",
                "第 5 行：第16期 的文件 documents/2021-16.json 被改动过"
            ]
        );
        let mut register = project.open();
        register.void(&NamedNumber { number: "第15期", ..NamedNumber::default() }, "误发").unwrap();
        register.void(&NamedNumber { number: "第16期", ..NamedNumber::default() }, "误发").unwrap();
        drop(register);
        assert_eq!(project.verify(), []);
    }

    #[test]
    fn gaps_repeats_and_strays_are_found_by_number() {
        use crate::register::entry::tests::facts;
        let project = TestProject::new();
        let imported = |n| Event::Imported(facts("a", 2021, n));
        let sound = [imported(14), imported(15), imported(13), Event::Imported(facts("a", 2022, 5))];
        assert_eq!(
            with_events(&project, &sound),
            [],
            "an office may start in the middle and import the old ones later"
        );
        let gap = |line, from, to| Break::Gap { line, series: "a".into(), year: Some(2021), from, to };
        assert_eq!(with_events(&project, &[imported(1), imported(5), imported(3)]), [gap(2, 4, 4), gap(3, 2, 2)]);
        assert_eq!(gap(2, 4, 6).text(Lang::En), "line 2: a of 2021: missing 4–6");
        let repeat = Break::DuplicateNumber { line: 2, number: "第1期".into(), first: 1 };
        assert_eq!(with_events(&project, &[imported(1), imported(1)]), [repeat]);
        let stray = Event::Dispatched { key: facts("a", 2021, 1).key, document: None };
        assert_eq!(with_events(&project, &[imported(1), stray]), [Break::InvalidTransition { line: 2 }]);
        let pending = Break::Pending { line: 1, number: "第1期".into() };
        assert_eq!(with_events(&project, &[Event::Reserved(facts("a", 2021, 1))]), [pending]);
    }

    #[test]
    fn a_date_before_that_of_the_number_before_is_a_warning() {
        use crate::register::entry::tests::facts;
        let project = TestProject::new();
        let mut late = facts("a", 2021, 2);
        late.date = NaiveDate::from_ymd_opt(2021, 8, 19).unwrap();
        let key = late.key.clone();
        let mut events = vec![Event::Imported(facts("a", 2021, 1)), Event::Imported(late)];
        let found = with_events(&project, &events);
        assert_eq!(found, [Break::Backdated { line: 2, number: "第2期".into(), before: "第1期".into() }]);
        assert!(found[0].is_warning());
        events.push(Event::Void { key, why: "日期有误".into(), document: None });
        assert_eq!(with_events(&project, &events), []);
    }
}
