//! What is said about each column of a form: beside the cell, on the sheet that explains it, and below a question.

use crate::form::parts::{FormColumn, Need, Takes};
use crate::model::Field;
use crate::words::lang::Lang;

/// What is to be written into a column.
pub(super) fn of(column: &FormColumn, lang: Lang) -> String {
    let mut parts: Vec<String> = meaning(column.field, lang).map(str::to_owned).into_iter().collect();
    parts.extend(takes(column, lang));
    if let Need::With(field, values) = &column.need {
        let (label, value) = (field.label(lang), values.iter().map(|value| value.label.as_str()).collect::<Vec<_>>());
        let value = value.join(lang.pick("、", ", "));
        parts.push(lang.pick(format!("{label}为“{value}”的必须填"), format!("Required if {label} is `{value}`")));
    }
    let text = parts.join(lang.pick("；", ". "));
    if text.is_empty() { text } else { format!("{text}{}", lang.pick("。", ".")) }
}

/// Why a cell does not take what was typed.
pub(super) fn refusal(column: &FormColumn, lang: Lang) -> String {
    let text = match &column.takes {
        Takes::Id => lang.pick(
            "编号由本表给出，每行一个，不能与别的行相同。复制行以后，把新行的编号清空。",
            "The form gives an id to each row; no two rows may have the same. Clear the id of a row that you copied.",
        ),
        Takes::Text => "",
        Takes::Given(_) | Takes::Value { takes_others: false, .. } => {
            lang.pick("请从下拉列表里选。列表里没有的，问发表的单位。", "Choose from the list. If it is not there, ask the office.")
        }
        Takes::Value { takes_others: true, .. } => lang.pick(
            "不是列表里的一项。要写几项的，用顿号隔开，每项都照列表写；确认无误再继续。",
            "This is no single item of the list. Several items are divided by commas, each as in the list. Is it right?",
        ),
        Takes::Day { after_found: true, is_past: false } => {
            lang.pick("请填日期，如 2021-08-20，不早于发现日期。", "Enter a day such as 2021-08-20, not before the day found.")
        }
        Takes::Day { after_found: true, .. } => lang.pick(
            "请填日期，如 2021-08-20，不早于发现日期，也不晚于今天。",
            "Enter a day such as 2021-08-20, neither before the day found nor after today.",
        ),
        Takes::Day { .. } => {
            lang.pick("请填日期，如 2021-08-20，不晚于今天。", "Enter a day such as 2021-08-20, not after today.")
        }
    };
    text.to_owned()
}

fn takes(column: &FormColumn, lang: Lang) -> Option<String> {
    let text = match &column.takes {
        Takes::Id => lang.pick(
            "本表已给出，排序后也跟着各行走，不要改；复制行以后，把新行的编号清空",
            "Given by the form; it stays with its row when rows are sorted. Don't change it; clear it in a row that you copied",
        ),
        Takes::Given(_) => lang.pick("本表已填好", "Filled in by the form"),
        Takes::Text => return None,
        Takes::Value { takes_others: true, .. } => {
            lang.pick("从列表里选；有几项的用顿号隔开", "Choose from the list; several items are divided by commas")
        }
        Takes::Value { .. } => lang.pick("从列表里选", "Choose from the list"),
        Takes::Day { after_found: true, is_past: false } => {
            lang.pick("日期，如 2021-08-20，不早于发现日期", "A day such as 2021-08-20, not before the day found")
        }
        Takes::Day { after_found: true, .. } => lang.pick(
            "日期，如 2021-08-20，不早于发现日期、不晚于今天",
            "A day such as 2021-08-20, neither before the day found nor after today",
        ),
        Takes::Day { .. } => lang.pick("日期，如 2021-08-20，不晚于今天", "A day such as 2021-08-20, not after today"),
    };
    Some(text.to_owned())
}

/// What a column is about, where its header does not say enough.
fn meaning(field: Field, lang: Lang) -> Option<&'static str> {
    Some(match field {
        Field::FoundOn => lang.pick("检查当天", "The day of the inspection"),
        Field::Unit => lang.pick("负责整改的单位", "Who must put it right"),
        Field::Site => lang.pick("在哪里发现的", "Where it was found"),
        Field::Description => lang.pick(
            "写清什么地方、有什么问题、到什么程度；一行一个问题，不写个人姓名和号码",
            "Say where, what and how much; one issue to a row, without names or numbers of persons",
        ),
        Field::Disposition => lang.pick("发现时怎样处理的", "How it was handled when it was found"),
        Field::Deadline => lang.pick("整改的最后一天，当天完成也算按期", "The last day on which it is in time"),
        Field::Status => lang.pick("现在到了哪一步", "Where it stands now"),
        Field::Progress => lang.pick("采取了什么措施、有什么结果", "What has been done, with what result"),
        Field::RectifiedOn => lang.pick("实际整改完成的那一天", "The day on which it was put right"),
        _ => return None,
    })
}
