//! A receipt as text. It is read in either language, for it goes from one desk to another.

use std::fmt::Write as _;

use crate::receipt::compare::same_name;
use crate::receipt::line::{MARK, MachineLine, ReceiptCounts};
use crate::receipt::made::{FileLines, Receipt, ReceiptFile, folded};
use crate::words::lang::Lang;

/// A text that is no receipt, or not a whole one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: ReceiptFault,
}

/// What can be wrong with a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptFault {
    /// There is no last line: it is cut, or no receipt.
    NoLine,
    /// The last line is not as duban writes it.
    BadLine,
    /// A line is none that duban writes.
    Unknown,
    /// A line says otherwise than the last one.
    Contradicts,
    /// A line that duban writes is not there.
    Lacks,
    /// A line says of a file what is not so, though the file is the same.
    NotOfFile,
}

impl ReceiptError {
    /// Returns what is wrong.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self.why {
            ReceiptFault::NoLine => lang.pick(
                format!("没有 {MARK}: 开头的末行：不是回执，或被截断"),
                format!("there is no last line that begins with {MARK}: it is no receipt, or it was cut"),
            ),
            ReceiptFault::BadLine => lang.pick(
                "末行与 duban 写的不同：被改动或截断".to_owned(),
                "the last line is not as duban wrote it: it was altered or cut".to_owned(),
            ),
            ReceiptFault::Unknown => lang.pick(
                "duban 不写这样的行：不是回执，或被改动".to_owned(),
                "duban writes no such line: it is no receipt, or it was altered".to_owned(),
            ),
            ReceiptFault::Contradicts => lang.pick(
                "与末行说的不符：被改动".to_owned(),
                "it says otherwise than the last line: it was altered".to_owned(),
            ),
            ReceiptFault::Lacks => lang.pick(
                "回执少了 duban 会写的行：被改动".to_owned(),
                "a line that duban writes is missing: it was altered".to_owned(),
            ),
            ReceiptFault::NotOfFile => lang.pick(
                "文件相同，这一行说的却不是它：被改动".to_owned(),
                "the file is the same, and this is not so of it: it was altered".to_owned(),
            ),
        }
    }
}

/// The words before the values, in both languages.
const TITLE: [&str; 2] = ["台账检查回执（duban）", "Receipt of a check of logs (duban)"];
const FILE: [&str; 2] = ["文件", "file"];
const DIGEST: [&str; 2] = ["SHA-256", "SHA-256"];
const SIZE: [&str; 2] = ["字节", "bytes"];
const ISSUES: [&str; 2] = ["问题", "issues"];
const ERRORS: [&str; 2] = ["错误", "errors"];
const WARNINGS: [&str; 2] = ["警告", "warnings"];
const INFOS: [&str; 2] = ["提示", "notes"];
const DAY: [&str; 2] = ["统计日", "as of"];
const VERSION: [&str; 2] = ["duban 版本", "duban version"];
const CONFIG: [&str; 2] = ["配置", "config"];
const REMARK: [&str; 2] = [
    "回执说明台账与检查时是否相同，不证明由谁出具",
    "A receipt shows whether a log is the one that was checked, not who made it",
];

impl Receipt {
    /// Returns the receipt as text.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let colon = lang.pick("：", ": ");
        let mut text = format!("{}\n\n", lang.pick(TITLE[0], TITLE[1]));
        let mut put = |names: [&str; 2], value: &str| {
            let _ = writeln!(text, "{}{colon}{value}", lang.pick(names[0], names[1]));
        };
        for file in &self.files {
            put(FILE, &file.name);
            put(DIGEST, &file.sha256);
            put(SIZE, &file.size.to_string());
            put(ISSUES, &file.issues.to_string());
        }
        let ReceiptCounts { errors, warnings, infos } = self.counts;
        for (names, count) in [(ERRORS, errors), (WARNINGS, warnings), (INFOS, infos)] {
            put(names, &count.to_string());
        }
        put(DAY, &self.as_of.to_string());
        put(VERSION, &self.version);
        put(CONFIG, &self.config);
        let _ = write!(text, "{}{}\n\n{}\n", lang.pick(REMARK[0], REMARK[1]), lang.pick("。", "."), self.line);
        text
    }

    /// Reads a receipt: the text, or the last line alone, as a phone reads it.
    ///
    /// # Errors
    /// It is no receipt, or was cut or altered.
    pub fn read(text: &str) -> Result<Self, ReceiptError> {
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim).collect();
        let at = lines.iter().rposition(|line| !line.is_empty()).unwrap_or_default();
        let last = lines.get(at).copied().unwrap_or_default();
        if !last.to_ascii_uppercase().starts_with(MARK) {
            return Err(ReceiptError { line: at + 1, why: ReceiptFault::NoLine });
        }
        let line: MachineLine = last.parse().map_err(|()| ReceiptError { line: at + 1, why: ReceiptFault::BadLine })?;
        let mut reader = Reader { line: &line, files: Vec::new(), said: Vec::new() };
        for (number, text) in (1..).zip(lines.iter().take(at)) {
            reader.line(number, text).map_err(|why| ReceiptError { line: number, why })?;
        }
        let (files, lines) = reader.finish(at + 1)?;
        let MachineLine { as_of, version, config, counts, .. } = line.clone();
        Ok(Self { as_of, version, config, files, counts, line, lines })
    }

    /// Returns the line that says of a file what is not so, though the file is the one of the receipt, as `now` has it: what
    /// the last line says of several files together does not show that. How many issues a file has depends on config and
    /// version, too.
    #[must_use]
    pub fn altered(&self, now: &Self) -> Option<ReceiptError> {
        let is_read_alike = self.config == now.config && self.version == now.version && self.has_files_of(now);
        let wrong = self.files.iter().zip(&self.lines).find_map(|(file, lines)| {
            let same = || now.files.iter().filter(|is| is.sha256 == file.sha256);
            let counted = || same().filter(|is| is_read_alike && same_name(is, file));
            let has_other_size = same().any(|is| is.size != file.size);
            let has_other_issues = counted().next().is_some() && counted().all(|is| is.issues != file.issues);
            has_other_size.then_some(lines.size).or(has_other_issues.then_some(lines.issues))
        });
        wrong.map(|line| ReceiptError { line, why: ReceiptFault::NotOfFile })
    }
}

/// What is read of the lines before the last one.
struct Reader<'l> {
    line: &'l MachineLine,
    files: Vec<FileBlock>,
    /// What was said of all files.
    said: Vec<[&'static str; 2]>,
}

/// The lines of a file: its name, and where each of them stands.
struct FileBlock {
    file: ReceiptFile,
    name: usize,
    digest: Option<usize>,
    size: Option<usize>,
    issues: Option<usize>,
}

/// What is said of all files.
const OF_ALL: [[&str; 2]; 6] = [ERRORS, WARNINGS, INFOS, DAY, VERSION, CONFIG];

impl Reader<'_> {
    fn line(&mut self, at: usize, text: &str) -> Result<(), ReceiptFault> {
        let remark = text.trim_end_matches(['。', '.']);
        if text.is_empty() || TITLE.contains(&text) || REMARK.contains(&remark) {
            return Ok(());
        }
        let (name, value) = text.split_once(['：', ':']).ok_or(ReceiptFault::Unknown)?;
        let (name, value) = (name.trim(), value.trim());
        let is = |names: [&str; 2]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let same = |is_same: bool| if is_same { Ok(()) } else { Err(ReceiptFault::Contradicts) };
        let number = || value.parse::<u64>().map_err(|_| ReceiptFault::Contradicts);
        if is(FILE) {
            let file = ReceiptFile { name: value.to_owned(), sha256: String::new(), size: 0, issues: 0 };
            self.files.push(FileBlock { file, name: at, digest: None, size: None, issues: None });
            return Ok(());
        }
        if is(DIGEST) || is(SIZE) || is(ISSUES) {
            let FileBlock { file, digest, size, issues, .. } = self.files.last_mut().ok_or(ReceiptFault::Unknown)?;
            let before = if is(DIGEST) {
                file.sha256 = value.to_ascii_lowercase();
                digest.replace(at)
            } else if is(SIZE) {
                file.size = number()?;
                size.replace(at)
            } else {
                file.issues = number()?;
                issues.replace(at)
            };
            return same(before.is_none());
        }
        self.said.extend(OF_ALL.into_iter().find(|names| is(*names)));
        let counts = self.line.counts;
        for (names, count) in [(ERRORS, counts.errors), (WARNINGS, counts.warnings), (INFOS, counts.infos)] {
            if is(names) {
                return same(number()? == count);
            }
        }
        if is(DAY) {
            return same(value == self.line.as_of.to_string());
        }
        if is(VERSION) {
            return same(value.eq_ignore_ascii_case(&self.line.version));
        }
        if is(CONFIG) {
            return same(value.eq_ignore_ascii_case(&self.line.config));
        }
        Err(ReceiptFault::Unknown)
    }

    /// The files, which say together what the last line says; none, if that stands alone.
    fn finish(self, last: usize) -> Result<(Vec<ReceiptFile>, Vec<FileLines>), ReceiptError> {
        let (mut files, mut lines) = (Vec::new(), Vec::new());
        let Some(first) = self.files.first().map(|block| block.name) else { return Ok((files, lines)) };
        if OF_ALL.iter().any(|names| !self.said.contains(names)) {
            return Err(ReceiptError { line: last, why: ReceiptFault::Lacks });
        }
        for FileBlock { file, name, digest, size, issues } in self.files {
            let (Some(_), Some(size), Some(issues)) = (digest, size, issues) else {
                return Err(ReceiptError { line: name, why: ReceiptFault::Lacks });
            };
            files.push(file);
            lines.push(FileLines { size, issues });
        }
        let sum = |of: fn(&ReceiptFile) -> u64| files.iter().map(of).fold(0, u64::saturating_add);
        let agrees = files.len() as u64 == self.line.files
            && sum(|file| file.size) == self.line.size
            && sum(|file| file.issues) == self.line.issues
            && folded(&files) == self.line.sha256;
        if agrees { Ok((files, lines)) } else { Err(ReceiptError { line: first, why: ReceiptFault::Contradicts }) }
    }
}
