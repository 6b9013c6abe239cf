//! A receipt as text. It is read in either language, for it goes from one desk to another.

use std::fmt::Write as _;

use crate::receipt::line::{MARK, MachineLine, ReceiptCounts};
use crate::receipt::made::{Receipt, ReceiptFile, folded};
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
        let mut reader = Reader { line: &line, files: Vec::new(), file_line: 1 };
        for (number, text) in (1..).zip(lines.iter().take(at)) {
            if reader.files.is_empty() {
                reader.file_line = number;
            }
            reader.line(text).map_err(|why| ReceiptError { line: number, why })?;
        }
        let files = reader.finish(at + 1)?;
        let MachineLine { as_of, version, config, counts, .. } = line.clone();
        Ok(Self { as_of, version, config, files, counts, line })
    }
}

/// What is read of the lines before the last one.
struct Reader<'l> {
    line: &'l MachineLine,
    files: Vec<ReceiptFile>,
    /// The line that names the first file.
    file_line: usize,
}

impl Reader<'_> {
    fn line(&mut self, text: &str) -> Result<(), ReceiptFault> {
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
            let name = value.to_owned();
            self.files.push(ReceiptFile { name, sha256: String::new(), size: 0, issues: 0 });
            return Ok(());
        }
        if is(DIGEST) || is(SIZE) || is(ISSUES) {
            let file = self.files.last_mut().ok_or(ReceiptFault::Unknown)?;
            if is(DIGEST) {
                file.sha256 = value.to_ascii_lowercase();
            } else if is(SIZE) {
                file.size = number()?;
            } else {
                file.issues = number()?;
            }
            return Ok(());
        }
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
    fn finish(self, last: usize) -> Result<Vec<ReceiptFile>, ReceiptError> {
        if self.files.is_empty() {
            return Ok(self.files);
        }
        let sum = |of: fn(&ReceiptFile) -> u64| self.files.iter().map(of).fold(0, u64::saturating_add);
        let agrees = self.files.len() as u64 == self.line.files
            && sum(|file| file.size) == self.line.size
            && sum(|file| file.issues) == self.line.issues
            && folded(&self.files) == self.line.sha256;
        let line = self.file_line.min(last);
        if agrees { Ok(self.files) } else { Err(ReceiptError { line, why: ReceiptFault::Contradicts }) }
    }
}
