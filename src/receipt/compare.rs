//! A receipt against what was handed in, checked now.

use std::cmp::Ordering;

use crate::receipt::made::{NO_CONFIG, Receipt, ReceiptFile};
use crate::words::lang::Lang;

/// Which duban made a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSide {
    /// An older one than this.
    Older,
    /// A newer one than this.
    Newer,
}

/// A thing that a receipt and what was handed in don't agree on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A file has other bytes.
    Changed {
        /// Its name.
        file: String,
        /// Its size by the receipt, and now.
        sizes: (u64, u64),
    },
    /// A file of the receipt is not there.
    Missing {
        /// Its name.
        file: String,
    },
    /// A file is there that the receipt does not have.
    Added {
        /// Its name.
        file: String,
    },
    /// A file has another name.
    Renamed {
        /// Its name in the receipt.
        was: String,
        /// Its name.
        file: String,
    },
    /// The files are others; which, the receipt does not say: it was read from its last line.
    OtherFiles {
        /// How many files there are by the receipt, and now.
        counts: (u64, u64),
    },
    /// A count is another.
    Count {
        /// `issues`, `errors`, `warnings` or `notes`.
        of: &'static str,
        /// By the receipt.
        was: u64,
        /// Now.
        is: u64,
    },
    /// It was made with another config.
    Config {
        /// The digits of the receipt.
        was: String,
        /// Those of the config here.
        is: String,
    },
    /// It was made by another duban.
    Version {
        /// The version of the receipt.
        was: String,
        /// The version here.
        is: String,
        /// Which of them is older.
        side: VersionSide,
    },
}

impl Receipt {
    /// Returns what differs between this receipt and one that was made now of what was handed in.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<Difference> {
        let mut found = if self.has_files_of(now) {
            self.renamed(now)
        } else if self.files.is_empty() {
            vec![Difference::OtherFiles { counts: (self.line.files, now.line.files) }]
        } else {
            self.other_files(now)
        };
        let counts = [
            ("issues", self.line.issues, now.line.issues),
            ("errors", self.counts.errors, now.counts.errors),
            ("warnings", self.counts.warnings, now.counts.warnings),
            ("notes", self.counts.infos, now.counts.infos),
        ];
        let others = counts.into_iter().filter(|(_, was, is)| was != is);
        found.extend(others.map(|(of, was, is)| Difference::Count { of, was, is }));
        if self.config != now.config {
            found.push(Difference::Config { was: self.config.clone(), is: now.config.clone() });
        }
        let side = match versions(&self.version, &now.version) {
            Ordering::Less => Some(VersionSide::Older),
            Ordering::Greater => Some(VersionSide::Newer),
            Ordering::Equal => None,
        };
        let (was, is) = (self.version.clone(), now.version.clone());
        found.extend(side.map(|side| Difference::Version { was, is, side }));
        found
    }

    /// Whether the files are those of another receipt, whatever they are called.
    pub(super) fn has_files_of(&self, other: &Self) -> bool {
        self.line.sha256 == other.line.sha256 && self.line.files == other.line.files
    }

    fn renamed(&self, now: &Self) -> Vec<Difference> {
        let pairs =
            self.files.iter().filter_map(|was| Some((was, now.files.iter().find(|is| is.sha256 == was.sha256)?)));
        let others = pairs.filter(|(was, _)| !now.files.iter().any(|is| is.sha256 == was.sha256 && same_name(is, was)));
        others.map(|(was, is)| Difference::Renamed { was: was.name.clone(), file: is.name.clone() }).collect()
    }

    fn other_files(&self, now: &Self) -> Vec<Difference> {
        let (mut found, mut left): (Vec<Difference>, Vec<&ReceiptFile>) = (Vec::new(), now.files.iter().collect());
        let mut unmatched = Vec::new();
        let mut take = |is_it: &dyn Fn(&ReceiptFile) -> bool| {
            let at = left.iter().position(|file| is_it(file))?;
            Some(left.remove(at))
        };
        for was in &self.files {
            let same = take(&|is| is.sha256 == was.sha256 && same_name(is, was));
            match same.or_else(|| take(&|is| is.sha256 == was.sha256)) {
                Some(is) if same_name(is, was) => {}
                Some(is) => found.push(Difference::Renamed { was: was.name.clone(), file: is.name.clone() }),
                None => unmatched.push(was),
            }
        }
        for was in unmatched {
            found.push(match take(&|is| same_name(is, was)) {
                Some(is) => Difference::Changed { file: is.name.clone(), sizes: (was.size, is.size) },
                None => Difference::Missing { file: was.name.clone() },
            });
        }
        found.extend(left.into_iter().map(|file| Difference::Added { file: file.name.clone() }));
        found
    }
}

/// Whether two files are called the same, whatever folders they lie in.
pub(super) fn same_name(one: &ReceiptFile, other: &ReceiptFile) -> bool {
    let last = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    last(&one.name) == last(&other.name)
}

/// Compares versions by their numbers.
fn versions(one: &str, other: &str) -> Ordering {
    let numbers = |text: &str| -> Vec<u64> { text.split('.').map(|part| part.parse().unwrap_or_default()).collect() };
    numbers(one).cmp(&numbers(other)).then_with(|| one.cmp(other))
}

impl Difference {
    /// Whether it says that what was handed in is not what the receipt is about.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        match self {
            Self::Changed { .. }
            | Self::Missing { .. }
            | Self::Added { .. }
            | Self::OtherFiles { .. }
            | Self::Count { .. } => true,
            Self::Renamed { .. } | Self::Config { .. } | Self::Version { .. } => false,
        }
    }

    /// Its kind, as JSON has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "file_changed",
            Self::Missing { .. } => "file_missing",
            Self::Added { .. } => "file_added",
            Self::Renamed { .. } => "file_renamed",
            Self::OtherFiles { .. } => "other_files",
            Self::Count { .. } => "count",
            Self::Config { .. } => "config",
            Self::Version { .. } => "version",
        }
    }

    /// Returns it as a sentence.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Changed { file, sizes: (was, is) } => lang.pick(
                format!("{file} 与检查时不同：当时 {was} 字节，现在 {is} 字节"),
                format!("{file} is not the file that was checked: it had {was} bytes, and has {is} now"),
            ),
            Self::Missing { file } => {
                lang.pick(format!("回执里有 {file}，这里没有"), format!("the receipt has {file}, which is not here"))
            }
            Self::Added { file } => lang.pick(
                format!("这里有 {file}，回执里没有"),
                format!("{file} is here, and the receipt does not have it"),
            ),
            Self::Renamed { was, file } => lang.pick(
                format!("{file} 就是回执里的 {was}，改了名"),
                format!("{file} is {was} of the receipt, under another name"),
            ),
            Self::OtherFiles { counts: (was, is) } => lang.pick(
                format!("文件与检查时不同：当时 {was} 个，现在 {is} 个"),
                format!("the files are not those that were checked: {was} then, {is} now"),
            ),
            Self::Count { of, was, is } => {
                let zh = match *of {
                    "issues" => "问题",
                    "errors" => "错误",
                    "warnings" => "警告",
                    _ => "提示",
                };
                lang.pick(
                    format!("{zh}：回执写 {was}，现在检查是 {is}"),
                    format!("{of}: {was} by the receipt, {is} when checked now"),
                )
            }
            Self::Config { was, is } if was == NO_CONFIG => lang.pick(
                format!("回执是没有配置时出的，这里的配置是 {is}"),
                format!("the receipt was made without a config; the one here is {is}"),
            ),
            Self::Config { was, is } => lang.pick(
                format!("回执是按另一份配置（{was}）出的，这里是 {is}：用词和规则可能不同"),
                format!("the receipt was made with another config, {was}; here it is {is}: words and rules may differ"),
            ),
            Self::Version { was, is, side } => {
                let (zh, en) = match side {
                    VersionSide::Older => ("较旧", "an older"),
                    VersionSide::Newer => ("较新", "a newer"),
                };
                lang.pick(
                    format!("回执由{zh}的 duban {was} 出具，这里是 {is}"),
                    format!("the receipt was made by {en} duban, {was}; this is {is}"),
                )
            }
        }
    }
}
