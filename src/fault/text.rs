//! Facts to words: a message and a help text for each fault, in each language.
//!
//! The message states the problem and quotes the offending text, without blame and without a full stop; the help says
//! what to do.

use crate::fault::{ConfigProblem, FaultKind};
use crate::model::Field;
use crate::model::field::MAY_BE_UNSTATED;
use crate::model::value::{DISPOSITIONS, SIGN_OFFS, SOURCES, STATUSES, UNSTATED, is_sanction};
use crate::source::OwnOutput;
use crate::source::decode::EncodingFault;
use crate::source::excerpt::harmless;
use crate::words::date::DateFault;
use crate::words::lang::Lang;

/// The message of a fault, and the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Puts a fault into words. `field` is the field of the faulty cell.
#[must_use]
pub fn words(what: &FaultKind, field: Option<Field>, lang: Lang) -> Words {
    let (message, help) = match lang {
        Lang::Zh => zh(what, field),
        Lang::En => en(what, field),
    };
    Words { message: harmless(&message), help: Some(harmless(&help)).filter(|help| !help.is_empty()) }
}

/// Returns the name of a field in a message, or a phrase for a value without a field.
pub(crate) fn field_name(field: Option<Field>, lang: Lang) -> &'static str {
    field.map_or(lang.pick("此处", "this value"), |field| field.label(lang))
}

#[expect(clippy::too_many_lines, reason = "one arm for each kind of fault")]
fn zh(what: &FaultKind, field: Option<Field>) -> (String, String) {
    let name = field_name(field, Lang::Zh);
    match what {
        FaultKind::Rule(finding) => finding.words(field, Lang::Zh),
        FaultKind::Encoding(EncodingFault { offset, byte, misread: Some(c), .. }) => (
            format!("像是西文编码：第 {offset} 字节 0x{byte:02X} 在拉丁字母之间，按 GB18030 会读成“{c}”"),
            "用原来的程序打开，另存为“CSV UTF-8”".into(),
        ),
        FaultKind::Encoding(EncodingFault { offset, byte, promised, .. }) => (
            match promised {
                None => format!("第 {offset} 字节 0x{byte:02X} 既不是 UTF-8，也不是 GB18030"),
                Some(mark) => format!("第 {offset} 字节 0x{byte:02X} 不是 {}，而文件开头的标记说是", mark.name()),
            },
            "另存为“CSV UTF-8”，或检查文件是否损坏".into(),
        ),
        FaultKind::EmptyLog { no_rows: true } => {
            ("台账没有任何记录".into(), "没有问题也请保留表头；若是误交，请补交".into())
        }
        FaultKind::EmptyLog { no_rows: false } => ("文件是空的".into(), "请确认交对了文件".into()),
        FaultKind::NoHeader { seen } => (
            format!("找不到表头行；最像表头的一行是：{}", brief(&seen.join("、"))),
            format!(
                "表头至少要有“发现日期、责任单位、问题描述”；其他写法要登记：{}",
                add_field("表中的列名", Lang::Zh)
            ),
        ),
        FaultKind::UnreadRecords { key } => unread_records(key, Lang::Zh),
        FaultKind::OwnOutput { output } => own_output(*output, Lang::Zh),
        FaultKind::MissingColumn { field } if MAY_BE_UNSTATED.contains(field) => (
            format!("没有“{}”列，各问题按“未注明”计", field.label(Lang::Zh)),
            format!("若已有而名称不同：{}；本来不登记的不必改", add_column(*field, Lang::Zh)),
        ),
        FaultKind::MissingColumn { field } => (
            format!("缺少“{}”列", field.label(Lang::Zh)),
            format!("补上这一列；若已有而名称不同：{}", add_column(*field, Lang::Zh)),
        ),
        FaultKind::UnknownColumn { header, near } => (
            format!("“{header}”不对应任何字段，按原样保留"),
            near_zh(near.as_deref()).unwrap_or_else(|| config_zh_line(what).unwrap_or_default()),
        ),
        FaultKind::DoubledColumn { header, field: Some(field) } => (
            format!("“{header}”与前面一列都表示“{}”，只读前一列", field.label(Lang::Zh)),
            "删去多余的一列，或改名".into(),
        ),
        FaultKind::DoubledColumn { header, field: None } => (format!("“{header}”出现了两次"), "删去多余的一个".into()),
        FaultKind::RaggedRow { cells, expected } => (
            format!("这一行有 {cells} 个单元格，表头有 {expected} 个"),
            "检查是否多了或少了分隔符；含逗号的内容要用引号括起".into(),
        ),
        FaultKind::Syntax { detail } => (format!("语法错误：{detail}"), "检查缩进、引号和括号".into()),
        FaultKind::Shape { expected, found } => {
            (format!("此处应为{}，实际是 {found}", shape_zh(expected)), String::new())
        }
        FaultKind::TooComplex { limit, allowed } => (
            format!(
                "{}超过限度（{allowed}）",
                match *limit {
                    "depth" => "嵌套层数",
                    "nodes" => "展开后的节点数",
                    "cells" => "一行的单元格数",
                    _ => "长度",
                }
            ),
            "台账不需要这样的结构；请检查文件来源".into(),
        ),
        FaultKind::UnclosedQuote => {
            ("这里的引号一直到文件结尾都没有闭合".into(), "补上右引号；内容里的引号要写成两个".into())
        }
        FaultKind::Date { text, fault } => (
            format!(
                "{name}“{}”{}",
                brief(text),
                match fault {
                    DateFault::NotADate => "不是日期",
                    DateFault::Impossible => "不是存在的日期",
                    DateFault::Ambiguous => "有两种读法",
                    DateFault::NoYear => "没有年份",
                    DateFault::OtherWeekday => "与旁边的星期对不上",
                    DateFault::MonthOnly => "只有月份",
                    DateFault::Range => "是一段日期，应为一天",
                }
            ),
            match fault {
                DateFault::Ambiguous => format!(
                    "写成年月日，如 2021-08-03；都是日在前的：{}（月在前：mdy）",
                    config_add("dates.order", "dmy")
                ),
                DateFault::NoYear => format!(
                    "写上年份；整份台账同一年的，在标题或文件名里写明，或：{}",
                    config_add("dates.year", "2021")
                ),
                DateFault::OtherWeekday => "查明是哪一天，改日期或星期；不写星期也可以".into(),
                _ => "写成年月日，如 2021-08-03、2021年8月3日".into(),
            },
        ),
        FaultKind::Deadline { text, bare_number: true } => {
            (format!("整改期限“{}”只是一个数", brief(text)), "写成日期，或“15日内”“3个工作日内”".into())
        }
        FaultKind::Deadline { text, .. } => (
            format!("整改期限“{}”无法理解", brief(text)),
            "写成日期，或“3个工作日内”“8月底前”“立行立改”“长期坚持”".into(),
        ),
        FaultKind::Value { field: Field::Disposition, text, .. } if is_sanction(text) => (
            format!("“{}”是问责，不是整改方式", brief(text)),
            "写到“问责情况”列；这里写问题怎样整改，如“限期整改”".into(),
        ),
        FaultKind::Value { field, text, near } => (
            format!(
                "{}“{}”不在{}中",
                field.label(Lang::Zh),
                brief(text),
                if is_listed_by_project(*field) { "项目的名录" } else { "词表" }
            ),
            near_zh(near.as_deref()).unwrap_or_else(|| add_zh(*field, text)),
        ),
        FaultKind::Empty { field } if MAY_BE_UNSTATED.contains(field) => {
            (format!("“{}”没有填写，按“未注明”计", field.label(Lang::Zh)), "补填；查不清的可以不填".into())
        }
        FaultKind::Empty { field } => (format!("“{}”为空", field.label(Lang::Zh)), "这一项必填".into()),
        FaultKind::Number { text } => (format!("“{}”不是数字", brief(text)), "写阿拉伯数字，如 15".into()),
        FaultKind::HiddenRows { rows, count } => (
            format!("有 {count} 行是隐藏的，照样计入：第 {rows} 行"),
            "取消隐藏或筛选，看清后再交；不该有的行请删去".into(),
        ),
        FaultKind::UnreadSheet { sheet } => (
            format!("工作表“{sheet}”也像台账，没有读"),
            format!("要读就写 --sheet，或：{}；不要的请删去", config_add("sheets", sheet)),
        ),
        FaultKind::Config { problem, line } => with_line(config_zh(problem), line.as_deref(), Lang::Zh),
        FaultKind::UnknownYear { year, lunar } => (
            format!(
                "日历没有 {year} 年的放假安排：工作日按周一至周五减去法定节假日计算，没有计调休{}",
                if *lunar { "" } else { "，春节、清明、端午、中秋也没有计" }
            ),
            "用 duban calendar --import 文件 录入这一年的安排".into(),
        ),
        FaultKind::Template { message, help } => (message.clone(), help.clone().unwrap_or_default()),
        FaultKind::BareDigit { text } => (
            format!("“{}”像是手写的数字", brief(text)),
            "数字用 {{ count(…) }} 等函数算出，才能追溯到行；确是固定的（如法规条号）就写进 {% raw %}…{% endraw %}"
                .into(),
        ),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each kind of fault")]
fn en(what: &FaultKind, field: Option<Field>) -> (String, String) {
    let name = field_name(field, Lang::En);
    match what {
        FaultKind::Rule(finding) => finding.words(field, Lang::En),
        FaultKind::Encoding(EncodingFault { offset, byte, misread: Some(c), .. }) => (
            format!("this looks like a Western encoding: byte {offset} (0x{byte:02X}) stands among Latin letters, and would read {c} in GB18030"),
            "open it in the program that wrote it and save it as \"CSV UTF-8\"".into(),
        ),
        FaultKind::Encoding(EncodingFault { offset, byte, promised, .. }) => (
            match promised {
                None => format!("byte {offset} (0x{byte:02X}) is neither UTF-8 nor GB18030"),
                Some(mark) => format!("byte {offset} (0x{byte:02X}) is not valid {0}, although the byte order mark says {0}", mark.name()),
            },
            "save it as \"CSV UTF-8\", or check whether the file is damaged".into(),
        ),
        FaultKind::EmptyLog { no_rows: true } => {
            ("the log has no records".into(), "keep the header even if nothing was found; if this is the wrong file, submit the right one".into())
        }
        FaultKind::EmptyLog { no_rows: false } => ("the file is empty".into(), "check that this is the right file".into()),
        FaultKind::NoHeader { seen } => (
            format!("no header row; the row closest to one is: {}", brief(&seen.join(", "))),
            format!("a header has at least found_on, unit and description; other names are added by: {}", add_field("HEADER", Lang::En)),
        ),
        FaultKind::UnreadRecords { key } => unread_records(key, Lang::En),
        FaultKind::OwnOutput { output } => own_output(*output, Lang::En),
        FaultKind::MissingColumn { field } if MAY_BE_UNSTATED.contains(field) => (
            format!("no column for {}; the issues count as unstated", field.key()),
            format!("if it has another name: {}; if it is not kept, leave it", add_column(*field, Lang::En)),
        ),
        FaultKind::MissingColumn { field } => (
            format!("no column for {}", field.key()),
            format!("add it; if it has another name: {}", add_column(*field, Lang::En)),
        ),
        FaultKind::UnknownColumn { header, near } => (
            format!("`{header}` matches no field and is kept as is"),
            near_en(near.as_deref()).unwrap_or_else(|| config_en_line(what).unwrap_or_default()),
        ),
        FaultKind::DoubledColumn { header, field: Some(field) } => (
            format!("`{header}` means {}, as an earlier column does; only the earlier one is read", field.key()),
            "remove one, or rename it".into(),
        ),
        FaultKind::DoubledColumn { header, field: None } => (format!("duplicate `{header}`"), "remove one of them".into()),
        FaultKind::RaggedRow { cells, expected } => (
            format!("this row has {cells} cells, the header has {expected}"),
            "look for an extra or missing delimiter; quote a cell that contains one".into(),
        ),
        FaultKind::Syntax { detail } => (format!("syntax error: {detail}"), "check indentation, quotes and brackets".into()),
        FaultKind::Shape { expected, found } => (format!("expected {}, found {found}", with_article(expected)), String::new()),
        FaultKind::TooComplex { limit, allowed } => (
            format!("the {} exceeds the limit of {allowed}", match *limit { "depth" => "nesting depth", "nodes" => "number of nodes after expansion", "cells" => "number of cells in a row", _ => "length" }),
            "no log needs this; check where the file comes from".into(),
        ),
        FaultKind::UnclosedQuote => {
            ("this quote is never closed".into(), "close it; write a quote inside a quoted cell twice".into())
        }
        FaultKind::Date { text, fault } => (
            format!("{name}: `{}` {}", brief(text), match fault {
                DateFault::NotADate => "is not a date",
                DateFault::Impossible => "is a day that does not exist",
                DateFault::Ambiguous => "is ambiguous",
                DateFault::NoYear => "has no year",
                DateFault::OtherWeekday => "is not on the weekday beside it",
                DateFault::MonthOnly => "is a month, not a day",
                DateFault::Range => "is a range, not a day",
            }),
            match fault {
                DateFault::Ambiguous => format!("write year, month and day, such as 2021-08-03; if the day always comes first: {} (month first: mdy)", config_add("dates.order", "dmy")),
                DateFault::NoYear => format!(
                    "write the year; if it is that of the whole log, put it in the title or the file's name, or: {}",
                    config_add("dates.year", "2021")
                ),
                DateFault::OtherWeekday => "find out which day is meant, and correct the day or the weekday; it may be left out".into(),
                _ => "write year, month and day, such as 2021-08-03".into(),
            },
        ),
        FaultKind::Deadline { text, bare_number: true } => {
            (format!("the deadline `{}` is only a number", brief(text)), "write a date, or `within 15 days`".into())
        }
        FaultKind::Deadline { text, .. } => (
            format!("the deadline `{}` can't be understood", brief(text)),
            "write a date, or words such as `within 3 working days`, `end of August`, `immediately`".into(),
        ),
        FaultKind::Value { field: Field::Disposition, text, .. } if is_sanction(text) => (
            format!("`{}` is what was done to someone, and no way to put the issue right", brief(text)),
            "enter it under accountability, and here how the issue is put right, such as `with a deadline`".into(),
        ),
        FaultKind::Value { field, text, near } => (
            format!("{} `{}` is not in the {}", field.key(), brief(text), if is_listed_by_project(*field) { "project's list" } else { "vocabulary" }),
            near_en(near.as_deref()).unwrap_or_else(|| add_en(*field, text)),
        ),
        FaultKind::Empty { field } if MAY_BE_UNSTATED.contains(field) => {
            (format!("{} is not stated; the issue counts as unstated", field.key()), "fill it in, if it can be found out".into())
        }
        FaultKind::Empty { field } => (format!("{} is empty", field.key()), "it is required".into()),
        FaultKind::Number { text } => (format!("`{}` is not a number", brief(text)), "write digits, such as 15".into()),
        FaultKind::HiddenRows { rows, count } => (
            format!("{} hidden but still counted: {rows}", if *count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") }),
            "unhide and review them before submitting; delete those that don't belong".into(),
        ),
        FaultKind::UnreadSheet { sheet } => (
            format!("the sheet `{sheet}` also looks like a log but was not read"),
            format!("to read it, name it with --sheet, or: {}; delete it if it doesn't belong", config_add("sheets", sheet)),
        ),
        FaultKind::Config { problem, line } => with_line(config_en(problem), line.as_deref(), Lang::En),
        FaultKind::UnknownYear { year, lunar } => (
            format!(
                "the calendar does not know the holidays of {year}: working days are Monday to Friday less the holidays by \
                 statute, without the weekends worked in exchange{}",
                if *lunar { "" } else { ", and without the Spring Festival, Qingming, Dragon Boat and Mid-Autumn" }
            ),
            "take the year in with `duban calendar --import FILE`, or write `calendar: {file: FILE}` in duban.yaml".into(),
        ),
        FaultKind::Template { message, help } => (message.clone(), help.clone().unwrap_or_default()),
        FaultKind::BareDigit { text } => (
            format!("`{}` looks like a figure typed by hand", brief(text)),
            "compute it with {{ count(…) }} or a similar function, so that it can be traced; wrap fixed text in {% raw %}…{% endraw %}".into(),
        ),
    }
}

/// The help says the line to write, if it is known.
fn with_line((message, help): (String, String), line: Option<&str>, lang: Lang) -> (String, String) {
    let Some(line) = line else { return (message, help) };
    let gap = if help.is_empty() || help.ends_with(['？', '?']) { lang.pick("", " ") } else { lang.pick("；", "; ") };
    let write = lang.pick("应写：", "write: ");
    let gap = if help.is_empty() { "" } else { gap };
    (message, format!("{help}{gap}{write}{line}"))
}

fn config_zh(problem: &ConfigProblem) -> (String, String) {
    match problem {
        ConfigProblem::Syntax(detail) => {
            (format!("语法错误：{detail}"), "每行写作 键: 值，冒号后要有空格，缩进用空格".into())
        }
        ConfigProblem::UnknownKey { key, near, known } => {
            (format!("没有“{key}”这一项"), near_zh(near.as_deref()).unwrap_or_else(|| format!("可用：{known}")))
        }
        ConfigProblem::Expected { what, found } => {
            (format!("此处应为{}，实际是 {found}", shape_zh(what)), String::new())
        }
        ConfigProblem::BadValue { key, value, expected, near } => {
            (format!("{key} 不能是“{value}”"), near_zh(near.as_deref()).unwrap_or_else(|| format!("应为：{expected}")))
        }
        ConfigProblem::File { key, file, error, is_calendar } => (
            format!("{key} 写的“{file}”读不了：{}", error.text(Lang::Zh)),
            if *is_calendar {
                "把文件放到那里，或用 duban calendar --import 文件 录入，或删去这一项"
            } else {
                "把文件放到那里，或改成它的路径（从 duban.yaml 所在的文件夹算起）"
            }
            .into(),
        ),
        ConfigProblem::Doubled { name, first, .. } => (
            match first {
                Some((first, line)) if first != name => {
                    format!("“{name}”与第 {line} 行的“{first}”是同一项，出现了两次")
                }
                Some((_, line)) => format!("“{name}”出现了两次，前一处在第 {line} 行"),
                None => format!("“{name}”出现了两次"),
            },
            "只留一个".into(),
        ),
        ConfigProblem::Condition(fault) => fault.words(Lang::Zh),
        ConfigProblem::SharedPattern { pattern, other } => (
            format!("编号格式“{pattern}”与字号序列 {other} 的相同，分不清是哪份文书"),
            "给它一个自己的字样；要连着编号的文种写同一个 series".into(),
        ),
    }
}

fn config_en(problem: &ConfigProblem) -> (String, String) {
    match problem {
        ConfigProblem::Syntax(detail) => (
            format!("syntax error: {detail}"),
            "a line is `key: value`, with a blank behind the colon; lines are indented by blanks".into(),
        ),
        ConfigProblem::UnknownKey { key, near, known } => {
            (format!("there is no key `{key}`"), near_en(near.as_deref()).unwrap_or_else(|| format!("known: {known}")))
        }
        ConfigProblem::Expected { what, found } => {
            (format!("expected {}, found {found}", with_article(what)), String::new())
        }
        ConfigProblem::BadValue { key, value, expected, near } => (
            format!("{key} can't be `{value}`"),
            near_en(near.as_deref()).unwrap_or_else(|| format!("expected: {expected}")),
        ),
        ConfigProblem::File { key, file, error, is_calendar } => (
            format!("{key} names `{file}`, which can't be read: {}", error.text(Lang::En)),
            if *is_calendar {
                "put the file there, take one in with duban calendar --import FILE, or remove the key"
            } else {
                "put the file there, or write its path from the folder of duban.yaml"
            }
            .into(),
        ),
        ConfigProblem::Doubled { what, name, first } => (
            match first {
                Some((first, line)) if first != name => {
                    format!("duplicate {what} `{name}`: it is `{first}` of line {line}")
                }
                Some((_, line)) => format!("duplicate {what} `{name}`: it is on line {line}, too"),
                None => format!("duplicate {what} `{name}`"),
            },
            "keep one".into(),
        ),
        ConfigProblem::Condition(fault) => fault.words(Lang::En),
        ConfigProblem::SharedPattern { pattern, other } => (
            format!("the series {other} prints the same numbers: `{pattern}`"),
            "give it a mark of its own; kinds that are numbered together name one series".into(),
        ),
    }
}

/// Records under a key that is none of a log's; without a key, a record that has none of them.
fn unread_records(key: &str, lang: Lang) -> (String, String) {
    match (lang, key) {
        (Lang::Zh, "") => (
            "这条记录没有一个台账的键，没有读".into(),
            format!(
                "键名用规范名或台账表头（发现日期、责任单位、问题描述…）；其他写法要登记：{}",
                add_field("键名", Lang::Zh)
            ),
        ),
        (Lang::Zh, key) => (
            format!("“{}”不是台账的键，下面的内容没有读", brief(key)),
            format!(
                "把问题清单放在 issues（问题）之下，或让整个文件就是一个列表；若不是台账：{}",
                config_add("ignore", key)
            ),
        ),
        (Lang::En, "") => (
            "this record has no key of a log and is not read".into(),
            format!(
                "use canonical keys or headers (found_on, unit, description, ...); other names are added by: {}",
                add_field("KEY", Lang::En)
            ),
        ),
        (Lang::En, key) => (
            format!("`{}` is no key of a log, and what it holds is not read", brief(key)),
            format!(
                "put the list under `issues`, or let the whole file be a list; if it is no log: {}",
                config_add("ignore", key)
            ),
        ),
    }
}

/// A file that duban wrote: a workbook that is a log, or another that is none.
fn own_output(output: OwnOutput, lang: Lang) -> (String, String) {
    match (lang, output) {
        (Lang::Zh, OwnOutput::Table) => (
            "这是 duban 写出的统计、清单或数字表，不是台账，没有读".into(),
            format!("移出台账所在的文件夹，或排除它：{}", config_add("logs", "!文件")),
        ),
        (Lang::Zh, output) => {
            (format!("这是 duban 写出的{}，按台账读入", own_zh(output)), "若原来的台账也在，只留一份".into())
        }
        (Lang::En, OwnOutput::Table) => (
            "this is a tally, a list or figures that duban wrote, no log, and is not read".into(),
            format!("move it out of the folder of the logs, or leave it out: {}", config_add("logs", "!FILE")),
        ),
        (Lang::En, output) => (
            format!("this is {} that duban wrote, read as a log", own_en(output)),
            "if the log that it was made from is there, too, keep one of them".into(),
        ),
    }
}

/// What a workbook is that duban wrote and that is read as a log.
pub(crate) fn own_zh(output: OwnOutput) -> &'static str {
    if output == OwnOutput::Annotated { "批注副本（check --annotate）" } else { "文书（问题台账）" }
}

/// The same in English, with its article.
pub(crate) fn own_en(output: OwnOutput) -> &'static str {
    if output == OwnOutput::Annotated { "an annotated copy (check --annotate)" } else { "a document (a ledger)" }
}

fn near_zh(near: Option<&str>) -> Option<String> {
    near.map(|near| format!("是否指“{near}”？"))
}

fn near_en(near: Option<&str>) -> Option<String> {
    near.map(|near| format!("did you mean `{near}`?"))
}

/// Returns what is expected with an article, where it takes one.
fn with_article(expected: &str) -> String {
    match expected {
        "text"
        | "true or false"
        | "rungs"
        | "name, left and right"
        | "code, until, why, and where, file or id"
        | "code, when and message" => expected.to_owned(),
        _ => format!("a {expected}"),
    }
}

/// Whether the values of a field are listed by the project; those of other fields are a fixed vocabulary.
fn is_listed_by_project(field: Field) -> bool {
    matches!(field, Field::Unit | Field::CoUnits | Field::Team | Field::Site | Field::Category)
}

/// Returns the list in `duban.yaml` that a new value of a field is added to.
fn list_of(field: Field) -> Option<&'static str> {
    match field {
        Field::Unit | Field::CoUnits => Some("units"),
        Field::Team => Some("teams"),
        Field::Site => Some("sites"),
        Field::Category => Some("categories"),
        _ => None,
    }
}

/// The canonical values of a field, for who must choose one.
fn values_of(field: Field) -> String {
    let values = match field {
        Field::Disposition => DISPOSITIONS,
        Field::Source => SOURCES,
        Field::SignedOff => SIGN_OFFS,
        _ => STATUSES,
    };
    values.iter().map(|value| value.key).filter(|key| *key != UNSTATED).collect::<Vec<_>>().join(" ")
}

/// What stands for a value that the reader of a message is to choose: no name for anything.
pub(crate) const PLACEHOLDERS: [&str; 4] = ["规范值", "VALUE", "字段", "FIELD"];

/// The command that adds a line to the config, whichever language its keys are in and whatever stands there.
fn config_add(key: &str, value: &str) -> String {
    let end_of_options = if value.starts_with('-') { "-- " } else { "" };
    format!("duban config add {end_of_options}{} {}", shell_word(key), shell_word(value))
}

/// The command that names a column of a field.
fn add_column(field: Field, lang: Lang) -> String {
    config_add(&format!("columns.{}", field.key()), lang.pick("表中的列名", "HEADER"))
}

/// The command that names a column of a field which is to be chosen.
fn add_field(header: &str, lang: Lang) -> String {
    config_add(&format!("columns.{}", lang.pick("字段", "FIELD")), header)
}

fn add_zh(field: Field, text: &str) -> String {
    match list_of(field) {
        Some(list) => format!("若是新的：{}", config_add(list, text)),
        None => format!(
            "若是另一种写法：{}，规范值为其中之一：{}",
            config_add(&format!("values.{}.规范值", field.key()), text),
            values_of(field)
        ),
    }
}

fn add_en(field: Field, text: &str) -> String {
    match list_of(field) {
        Some(list) => format!("if it is new: {}", config_add(list, text)),
        None => format!(
            "if it is another spelling: {}, VALUE being one of: {}",
            config_add(&format!("values.{}.VALUE", field.key()), text),
            values_of(field)
        ),
    }
}

fn config_zh_line(what: &FaultKind) -> Option<String> {
    match what {
        FaultKind::Value { field: Field::Disposition, text, .. } if is_sanction(text) => None,
        FaultKind::Value { field, text, .. } => Some(add_zh(*field, text)),
        FaultKind::UnknownColumn { header, .. } => {
            Some(format!("若应计入：{}；若无用：{}", add_field(header, Lang::Zh), config_add("ignore", header)))
        }
        _ => None,
    }
}

fn config_en_line(what: &FaultKind) -> Option<String> {
    match what {
        FaultKind::Value { field: Field::Disposition, text, .. } if is_sanction(text) => None,
        FaultKind::Value { field, text, .. } => Some(add_en(*field, text)),
        FaultKind::UnknownColumn { header, .. } => Some(format!(
            "to count it: {}; if it is of no use: {}",
            add_field(header, Lang::En),
            config_add("ignore", header)
        )),
        _ => None,
    }
}

/// The line of config that mends a fault wherever it is, if there is one.
pub(crate) fn config_line(what: &FaultKind, lang: Lang) -> Option<String> {
    let line = match lang {
        Lang::Zh => config_zh_line(what),
        Lang::En => config_en_line(what),
    };
    line.map(|line| harmless(&line))
}

/// A text as one word of a shell.
pub(crate) fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '（' | '）');
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

fn shape_zh(shape: &str) -> String {
    match shape {
        "text" => "文本".into(),
        "list" => "列表".into(),
        "mapping" => "键值对".into(),
        "name of a .docx file in the same folder" => "与 kind.yaml 同一文件夹里的 .docx 文件名".into(),
        "number" => "数字".into(),
        "date" => "日期".into(),
        "name" => "名称".into(),
        "true or false" => "true 或 false".into(),
        "list of issues, or a mapping with `issues`" => "问题列表，或含 issues 的键值对".into(),
        "mapping of counts" => "“值: 个数”的键值对".into(),
        "name, left and right" => "name、left 和 right".into(),
        "code, until, why, and where, file or id" => "code、until、why，以及 where、file 或 id".into(),
        "code, when and message" => "代码、条件和提示".into(),
        "code" => "代码".into(),
        "text of at most 500 characters" => " 500 字以内的文本".into(),
        other => format!(" {other}"),
    }
}

/// Returns the start of a text, at most 40 characters of its first line: a message must stay on one line.
pub(crate) fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
