//! Counts that a log declares about itself.

use chrono::NaiveDate;

use crate::model::Field;
use crate::model::row::SomeRow;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// A count that a log declares about itself: one cell of a 合计 row, or one entry of `totals:`.
#[derive(Clone, Debug)]
pub struct DeclaredTotal<'r> {
    /// The row that declares it.
    pub row: SomeRow<'r>,
    /// The index of its cell in that row.
    pub cell: usize,
    /// What is counted.
    pub of: DeclaredOf,
    /// The count as declared.
    pub count: u64,
    /// Which rows it counts.
    pub span: TotalSpan,
}

/// What a declared count counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclaredOf {
    /// All issues found.
    Found,
    /// The issues with a value of a field.
    Value(Field, Symbol),
    /// A count of a tally, by its place in [`TALLIED`], as of a day or else as of that of the run.
    Tallied(usize, Option<NaiveDate>),
}

/// The counts of a tally that a log may declare, by their canonical names; with what offices call them in Chinese, the
/// label first.
pub const TALLIED: [(&str, &[&str]); 10] = [
    ("rectified", &["已整改", "整改完成", "已完成整改", "已整改数", "整改数"]),
    ("open", &["未整改", "未完成整改", "未整改数"]),
    ("closed", &["已销号", "销号", "销号数"]),
    ("overdue", &["逾期", "逾期未整改"]),
    ("due_soon", &["临期", "即将到期"]),
    ("late", &["逾期整改"]),
    ("repeat", &["重复", "重复问题"]),
    ("units", &["单位", "单位数", "责任单位", "责任单位数", "涉及单位"]),
    ("sites", &["点位", "点位数", "涉及点位"]),
    ("inspections", &["督查", "检查", "督查次数", "检查次数"]),
];

/// The count of a tally that a key of `totals:` names.
#[must_use]
pub fn tallied(name: &str) -> Option<usize> {
    TALLIED.iter().position(|(key, others)| *key == name || others.contains(&name))
}

/// What people call the count of a tally.
#[must_use]
pub fn tallied_label(at: usize, lang: Lang) -> &'static str {
    TALLIED.get(at).map_or("", |(key, others)| lang.pick(others.first().copied().unwrap_or(key), key))
}

/// Which rows of its file a declared count is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TotalSpan {
    /// All of them.
    File,
    /// Those above it, from the row before of the same label on: 合计 below each part of a table. If no other row has
    /// the label, or there are no rows in between, all rows of the file.
    Part(Symbol),
    /// The same, but never all rows of the file: 小计, or 甲社区 计数 below the rows of a group.
    Group {
        /// What rows of the same kind have in common: the label, and its column.
        label: Symbol,
        /// What the label may name: values of fields, first that of the column in which it stands.
        of: Vec<(Field, Symbol)>,
    },
}
