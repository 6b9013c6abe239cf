//! What the look of a sheet says beside its text: V101, a number that may have lost a zero at its end; V115, days that a
//! library wrote as UTC; L117, rows that are struck out; L125, cells of which a part is.

use crate::fault::{Code, Finding, KnownBy, field_name};
use crate::model::Field;
use crate::words::lang::Lang;

/// A number such as `8.2`, which shows neither whether 2 August nor whether 20 August was typed.
#[derive(Debug)]
pub(super) struct ShortNumber {
    pub(super) text: String,
}

impl Finding for ShortNumber {
    fn code(&self) -> Code {
        const { Code::known("V101") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(self.text.clone())
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let (name, text) = (field_name(field, lang), &self.text);
        match lang {
            Lang::Zh => (
                format!("{name}是数字 {text}，不是日期：填的是 {text} 还是 {text}0，已经看不出来"),
                "改写成 2021-08-20 这样的日期；先把单元格设为文本或日期格式".into(),
            ),
            Lang::En => (
                format!("{name} is the number {text}, not a date: it may have been typed as {text} or {text}0"),
                "write a date such as 2021-08-20, in a cell formatted as text or date".into(),
            ),
        }
    }
}

/// All days of a sheet are at 16:00, which is midnight in China as UTC.
#[derive(Debug)]
pub(super) struct UtcDays;

impl Finding for UtcDays {
    fn code(&self) -> Code {
        const { Code::known("V115") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(String::new())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        match lang {
            Lang::Zh => (
                "这张表的日期都在 16:00，多半是北京时间的零点被写成了世界时，每个日期都早了一天".into(),
                "请导出的系统按北京时间写日期；确实都在 16 点的，在 duban.yaml 写 rules: {V115: off}".into(),
            ),
            Lang::En => (
                "all days of this sheet are at 16:00: probably midnight in China written as UTC, so each is a day early"
                    .into(),
                "let the system that exports it write local days; if 16:00 is meant, write `rules: {V115: off}` in duban.yaml".into(),
            ),
        }
    }
}

/// Rows that are struck out, and read like the others.
#[derive(Debug)]
pub(super) struct StruckRows {
    pub(super) rows: String,
    pub(super) count: usize,
}

impl Finding for StruckRows {
    fn code(&self) -> Code {
        const { Code::known("L117") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(self.count.to_string())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { rows, count } = self;
        match lang {
            Lang::Zh => (
                format!("有 {count} 行整行划了删除线，照样计入：第 {rows} 行"),
                "不算数的行请删去；算数的请去掉删除线".into(),
            ),
            Lang::En => (
                format!(
                    "{} struck out and counted like the others: {rows}",
                    if *count == 1 { "a row is".to_owned() } else { format!("{count} rows are") }
                ),
                "delete those that don't count, and remove the line from those that do".into(),
            ),
        }
    }
}

/// Cells of which a part is struck out, and read whole.
#[derive(Debug)]
pub(super) struct StruckParts {
    pub(super) rows: String,
    pub(super) count: usize,
}

impl Finding for StruckParts {
    fn code(&self) -> Code {
        const { Code::known("L125") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::File(self.count.to_string())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { rows, count } = self;
        match lang {
            Lang::Zh => {
                (format!("有 {count} 格划掉了一部分字，划掉的照样读入：第 {rows} 行"), "划掉的字请从格里删去".into())
            }
            Lang::En => (
                format!(
                    "{} struck out in part, and read whole: {rows}",
                    if *count == 1 { "a cell is".to_owned() } else { format!("{count} cells are") }
                ),
                "delete what is struck out".into(),
            ),
        }
    }
}
