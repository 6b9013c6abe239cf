//! What is wrong with a condition, where, and how it would be right.

use std::ops::Range;

use crate::condition::words::Function;
use crate::model::Field;
use crate::words::lang::Lang;

/// The most characters of a condition.
pub const MAX_LENGTH: usize = 2000;
/// The most levels of brackets, `not`, functions and sums within each other.
pub const MAX_DEPTH: usize = 64;

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionFault {
    /// Where, in characters from 1.
    pub at: usize,
    /// How many characters.
    pub length: usize,
    /// Where, in bytes.
    pub span: Range<usize>,
    /// The text there.
    pub written: String,
    /// What is wrong.
    pub problem: ConditionProblem,
    /// The whole condition put right, if it is known how.
    pub mended: Option<String>,
}

/// What a part of a condition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    Truth,
    Number,
    Day,
    Text,
}

/// What is wrong at a place of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages made from it say what the facts mean")]
pub enum ConditionProblem {
    Empty,
    TooLong {
        length: usize,
    },
    TooDeep,
    /// No word begins here; `meant` is what other languages write so.
    NoWord {
        meant: Option<&'static str>,
    },
    Unclosed {
        quote: char,
    },
    BadNumber,
    NoSuchDay,
    Expected {
        what: &'static str,
    },
    /// `a < b < c`.
    Chained,
    UnknownName {
        near: Option<String>,
    },
    UnknownFunction {
        near: Option<&'static str>,
    },
    NoFunction {
        function: String,
    },
    WrongCount {
        function: String,
        takes: usize,
    },
    WrongKind {
        wanted: PartKind,
        found: PartKind,
    },
    Unlike {
        left: PartKind,
        right: PartKind,
    },
    NoOrder,
    NoTruths,
    UnknownValue {
        field: Field,
        near: Option<String>,
        known: Vec<String>,
    },
    Unstated {
        field: Field,
    },
    BlankText {
        field: Option<Field>,
    },
    NoField,
    NoLiteral,
    Pattern {
        detail: String,
    },
    /// A field whose values are keys is asked like a text.
    Coded {
        field: Field,
    },
    /// A field that may have several values is asked for one.
    Several {
        field: Field,
    },
    /// A column that is no field of its own.
    OnlyColumn {
        field: Field,
    },
    /// It is the same for every row.
    Constant,
}

impl PartKind {
    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Truth => lang.pick("是非", "true or false"),
            Self::Number => lang.pick("数字", "a number"),
            Self::Day => lang.pick("日期", "a day"),
            Self::Text => lang.pick("文字", "a text"),
        }
    }
}

impl ConditionFault {
    /// Returns the fault at a span of a condition, put right where a suggestion says what stands there instead.
    pub(super) fn at(text: &str, span: Range<usize>, problem: ConditionProblem) -> Self {
        let instead = match &problem {
            ConditionProblem::NoWord { meant: Some(meant) } => Some((*meant).to_owned()),
            ConditionProblem::UnknownName { near: Some(near) } => Some(near.clone()),
            ConditionProblem::UnknownFunction { near: Some(near) } => Some((*near).to_owned()),
            ConditionProblem::UnknownValue { near: Some(near), .. } => Some(quoted(near)),
            ConditionProblem::Unstated { field } => Some(format!("blank({})", field.key())),
            _ => None,
        };
        let written = text.get(span.clone()).unwrap_or_default();
        let before = text.get(..span.start).unwrap_or_default();
        let mended = instead.filter(|_| !matches!(problem, ConditionProblem::Unstated { .. })).map(|instead| {
            let after = text.get(span.end..).unwrap_or_default();
            format!("{before}{instead}{after}")
        });
        let (at, length) = (before.chars().count() + 1, written.chars().count());
        Self { at, length, span, written: written.to_owned(), problem, mended }
    }

    /// Returns the same for an early return.
    pub(super) fn boxed(text: &str, span: Range<usize>, problem: ConditionProblem) -> Box<Self> {
        Box::new(Self::at(text, span, problem))
    }

    /// Returns the message and the help in a language; the help may be empty.
    #[must_use]
    pub fn words(&self, lang: Lang) -> (String, String) {
        let (message, help) = self.problem.words(&self.written, lang);
        let at = self.at;
        (lang.pick(format!("条件第 {at} 个字：{message}"), format!("condition, character {at}: {message}")), help)
    }
}

impl ConditionProblem {
    #[expect(clippy::too_many_lines, reason = "one arm for each problem")]
    fn words(&self, written: &str, lang: Lang) -> (String, String) {
        let own = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        let near = |near: &str| lang.pick(format!("是否指“{near}”？"), format!("did you mean `{near}`?"));
        let written = brief(written);
        match self {
            Self::Empty => (own("没有条件", "there is no condition"), own("如：整改期限 < 发现日期", "such as: deadline < found_on")),
            Self::TooLong { length } => (
                lang.pick(format!("有 {length} 个字，最多 {MAX_LENGTH} 个"), format!("{length} characters, the limit is {MAX_LENGTH}")),
                own("拆成几条规则", "make several rules of it"),
            ),
            Self::TooDeep => (
                lang.pick(format!("套了 {MAX_DEPTH} 层以上"), format!("nested more than {MAX_DEPTH} levels deep")),
                own("去掉多余的括号，或拆成几条规则", "remove brackets that are not needed, or make several rules of it"),
            ),
            Self::NoWord { meant: Some(meant) } => (
                lang.pick(format!("不能写“{written}”"), format!("`{written}` means nothing here")),
                lang.pick(format!("写 {}", meant.trim()), format!("write `{}`", meant.trim())),
            ),
            Self::NoWord { meant: None } => (
                lang.pick(format!("不认识“{written}”"), format!("`{written}` means nothing here")),
                own("文字要用引号括起，如 \"限期整改\"", "put a text in quotes, such as \"deadline\""),
            ),
            Self::Unclosed { quote } => (
                lang.pick(format!("{quote} 没有闭合"), format!("{quote} is never closed")),
                own("补上右引号", "close it"),
            ),
            Self::BadNumber => (
                lang.pick(format!("“{written}”不是整数"), format!("`{written}` is no whole number")),
                own("写整数，如 30，最大 1000000000；日期写成 2021-08-20", "write a whole number such as 30, up to 1000000000, or a day such as 2021-08-20"),
            ),
            Self::NoSuchDay => (
                lang.pick(format!("没有 {written} 这一天"), format!("there is no day {written}")),
                own("写成 2021-08-20", "write a day such as 2021-08-20"),
            ),
            Self::Expected { what } => {
                let what = expected(what, lang);
                let found = if written.is_empty() { own("到头了", "the end") } else { format!("`{written}`") };
                (lang.pick(format!("这里应是{what}，却是 {found}"), format!("expected {what}, found {found}")), String::new())
            }
            Self::Chained => (
                own("不能连着比较", "comparisons can't be chained"),
                own("写成 a < b and b < c", "write `a < b and b < c`"),
            ),
            Self::UnknownName { near: found } => (
                lang.pick(format!("没有“{written}”这个字段"), format!("there is no field `{written}`")),
                found.as_deref().map_or_else(
                    || own(
                        "用台账的表头或规范名；名字里有标点的用 ` 括起，且、或、非的两边要有空格，文字要加引号",
                        "use a header or a canonical key; put a name with marks in it between backquotes, and a text in quotes",
                    ),
                    near,
                ),
            ),
            Self::UnknownFunction { near: found } => (
                lang.pick(format!("没有“{written}”这个函数"), format!("there is no function `{written}`")),
                match found {
                    Some(found) => near(found),
                    None => lang.pick(format!("可用：{}", Function::names(lang)), format!("available: {}", Function::names(lang))),
                },
            ),
            Self::NoFunction { function } => (
                lang.pick(format!("“{function}”是函数"), format!("`{function}` is a function")),
                lang.pick(format!("后面写上括号，如 {function}(…)"), format!("write brackets after it: {function}(…)")),
            ),
            Self::WrongCount { function, takes } => (
                lang.pick(format!("{function} 的括号里应有 {takes} 项"), format!("{function} takes {takes} values")),
                own("各项用逗号隔开", "put commas between them"),
            ),
            Self::WrongKind { wanted, found } => {
                let [wanted_name, found_name] = [wanted, found].map(|kind| kind.name(lang));
                let help = match (wanted, found) {
                    (PartKind::Truth, _) => own("要比较，如 整改期限 < 发现日期", "compare it, such as `deadline < found_on`"),
                    (PartKind::Number, PartKind::Day) => own("相隔的天数写 days(前, 后) 或 workdays(前, 后)", "for the days between two write `days(a, b)` or `workdays(a, b)`"),
                    _ => String::new(),
                };
                (lang.pick(format!("“{written}”是{found_name}，这里应是{wanted_name}"), format!("`{written}` is {found_name}, and {wanted_name} is needed here")), help)
            }
            Self::Unlike { left, right } => {
                let help = match (left, right) {
                    (PartKind::Day, PartKind::Number) | (PartKind::Number, PartKind::Day) => {
                        own("相隔的天数写 days(前, 后)；某年写 year(日期)", "for the days between two write `days(a, b)`, for a year `year(day)`")
                    }
                    (PartKind::Day, PartKind::Text) | (PartKind::Text, PartKind::Day) => own("日期不加引号：2021-08-20", "write a day without quotes: 2021-08-20"),
                    (PartKind::Text, PartKind::Number) | (PartKind::Number, PartKind::Text) => own("字数写 len(字段)；文字要加引号", "for its length write `len(field)`; put a text in quotes"),
                    _ => String::new(),
                };
                let [left, right] = [left, right].map(|kind| kind.name(lang));
                (lang.pick(format!("{left}不能与{right}比较"), format!("{left} can't be compared with {right}")), help)
            }
            Self::NoOrder => (
                own("文字没有大小", "texts have no order"),
                own("用 ==、!=、in、contains 或 matches", "use ==, !=, in, contains or matches"),
            ),
            Self::NoTruths => (
                own("是非不用比较", "true and false are not compared"),
                own("直接写，或写 not", "write it as it is, or with `not`"),
            ),
            Self::UnknownValue { field, near: found, known } => (
                lang.pick(
                    format!("{}没有“{written}”这个值", field.label(Lang::Zh)),
                    format!("{} has no value {written}", field.key()),
                ),
                found.as_deref().map_or_else(
                    || {
                        let known = known.join(" ");
                        lang.pick(format!("可用：{known}"), format!("available: {known}"))
                    },
                    near,
                ),
            ),
            Self::Unstated { field } | Self::BlankText { field: Some(field) } => (
                own("空着的格不等于任何值", "a blank cell is equal to nothing"),
                lang.pick(format!("写 blank({})", field.label(Lang::Zh)), format!("write `blank({})`", field.key())),
            ),
            Self::BlankText { field: None } => {
                (own("空的文字", "an empty text"), own("空着的格写 blank(字段)", "for a blank cell write `blank(field)`"))
            }
            Self::NoField => (
                lang.pick(format!("“{written}”不是字段"), format!("`{written}` is no field")),
                own("blank 的括号里写一个字段", "blank asks for one field"),
            ),
            Self::NoLiteral => (
                lang.pick(format!("“{written}”不是写定的值"), format!("`{written}` is no fixed value")),
                own("这里只能写文字、数字或日期", "only a text, a number or a day can stand here"),
            ),
            Self::Pattern { detail } => (
                lang.pick(format!("正则表达式不对：{detail}"), format!("not a regular expression: {detail}")),
                own("只要找一段文字的，用 contains", "to look for a text, use contains"),
            ),
            Self::Coded { field } => (
                lang.pick(
                    format!("{}只有词表里的值，不能当文字找", field.label(Lang::Zh)),
                    format!("{} has values of a list, and can't be asked like a text", field.key()),
                ),
                own("用 == 或 in", "use == or in"),
            ),
            Self::Several { field } => (
                lang.pick(
                    format!("{}可以有几个值", field.label(Lang::Zh)),
                    format!("{} may have several values", field.key()),
                ),
                own("与写定的文字比较，或用 in、contains", "compare it with a fixed text, or use in or contains"),
            ),
            Self::OnlyColumn { field } => (
                lang.pick(format!("“{}”不单独作条件", field.label(Lang::Zh)), format!("{} can't be asked by itself", field.key())),
                own("这一列说的已并入状态：用 状态、已整改 或 已销号", "what that column says is in the status: use status, rectified or closed"),
            ),
            Self::Constant => (
                own("每一行都一样：条件里没有字段", "it is the same for every row: no field is named"),
                own("写上字段，如 整改期限 < 发现日期", "name a field, such as `deadline < found_on`"),
            ),
        }
    }
}

/// What was expected, in a language.
fn expected(what: &'static str, lang: Lang) -> String {
    let zh = match what {
        "a value" => "一个值",
        "and, or, or the end" => "且、或，或者到此为止",
        "a list" => "方括号括起的一列值",
        "a comma or a bracket" => "逗号或括号",
        other => return lang.pick(format!(" `{other}`"), format!("`{other}`")),
    };
    lang.pick(zh, what).to_owned()
}

/// A text as a literal, in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The start of a text that stands in a message.
fn brief(text: &str) -> String {
    let mut start: String = text.chars().take(40).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}
