//! The filters of templates: how the field writes dates, numbers and lists, in the language of the document.

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use crate::dataset::Record;
use crate::dataset::record::texts;
use crate::document::text::ends_line;
use crate::model::value::{DISPOSITIONS, MEASURE_TYPES, SOURCES, STATUSES, UNSTATED, ValueInfo};
use crate::query::CallError;
use crate::small_counts::is_hidden_count;
use crate::template::change;
use crate::words::lang::{Lang, Region};
use crate::words::number;
use crate::words::person::{MaskStyle, masked};

/// What a filter needs to know of the document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Languages {
    /// Its language.
    pub(crate) document: Lang,
    /// Which English, if it is English.
    pub(crate) region: Region,
    /// The language of messages.
    pub(crate) messages: Lang,
    /// Its year, which `year=false` leaves out.
    pub(crate) year: i32,
}

/// A filter: what it is applied to, and its arguments.
pub(crate) type FilterFn = fn(&Value, &Record, Languages) -> Result<Value, CallError>;

/// Every filter of duban's own. The last six stand in for Tera's, which print nothing where there is nothing, or let
/// data through unescaped.
pub(crate) const FILTERS: [(&str, FilterFn); 15] = [
    ("cn_date", cn_date),
    ("cn_period", cn_period),
    ("cn_number", cn_number),
    ("percent", percent),
    ("change", change),
    ("about", about),
    ("enumerate_cn", enumerate_cn),
    ("mask", mask),
    ("label", label),
    ("clause", clause),
    ("pluralize", pluralize),
    ("first", first),
    ("last", last),
    ("nth", nth),
    ("safe", safe),
];

/// `2021-08-20` as 2021年8月20日, 20 August 2021; by `year=false` without the year if it is that of the document: days of
/// several years are told apart.
fn cn_date(value: &Value, arguments: &Record, languages: Languages) -> Result<Value, CallError> {
    let day = day(value, languages)?;
    Ok(written(day, with_year(arguments, day, languages), languages).into())
}

/// A period as 2021年8月1日—20日, 1–20 August 2021.
fn cn_period(value: &Value, arguments: &Record, languages: Languages) -> Result<Value, CallError> {
    let end = |key: &str| value.get(key).filter(|end| !end.is_null()).map(|end| day(end, languages)).transpose();
    let lang = languages.document;
    let (from, to) = (end("from")?, end("to")?);
    let year = [from, to].into_iter().flatten().any(|day| with_year(arguments, day, languages));
    let text = match (from, to) {
        (Some(from), Some(to)) if from == to => written(from, year, languages),
        (Some(from), Some(to)) => between(from, to, year, languages),
        (Some(from), None) => {
            let from = written(from, year, languages);
            lang.pick(format!("{from}以来"), format!("since {from}"))
        }
        (None, Some(to)) => {
            let to = written(to, year, languages);
            lang.pick(format!("截至{to}"), format!("up to {to}"))
        }
        (None, None) => {
            let zh = "这不是有起止的时段；先用 {% if period.from %} 判断";
            return Err(CallError::new(languages.messages, zh, "this is no period; ask {% if period.from %} first"));
        }
    };
    Ok(text.into())
}

fn between(from: NaiveDate, to: NaiveDate, year: bool, languages: Languages) -> String {
    let same_year = from.year() == to.year();
    let same_month = same_year && from.month() == to.month();
    let whole = |from_year: bool| format!("{} – {}", written(from, from_year, languages), written(to, year, languages));
    match (languages.document, languages.region) {
        (Lang::Zh, _) => {
            let end = match (same_month, same_year) {
                (true, _) => format!("{}日", to.day()),
                (_, true) => written(to, false, languages),
                _ => written(to, year, languages),
            };
            format!("{}—{end}", written(from, year, languages))
        }
        (Lang::En, Region::Gb) if same_month => format!("{}–{}", from.day(), written(to, year, languages)),
        (Lang::En, Region::Us) if same_month => {
            let year = if year { to.format(", %Y").to_string() } else { String::new() };
            format!("{}–{}{year}", written(from, false, languages), to.day())
        }
        (Lang::En, _) => whole(year && !same_year),
    }
}

fn written(day: NaiveDate, year: bool, languages: Languages) -> String {
    match (languages.document, languages.region, year) {
        (Lang::Zh, _, true) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        (Lang::Zh, _, false) => format!("{}月{}日", day.month(), day.day()),
        (Lang::En, Region::Gb, true) => day.format("%-d %B %Y").to_string(),
        (Lang::En, Region::Gb, false) => day.format("%-d %B").to_string(),
        (Lang::En, Region::Us, true) => day.format("%B %-d, %Y").to_string(),
        (Lang::En, Region::Us, false) => day.format("%B %-d").to_string(),
    }
}

fn with_year(arguments: &Record, day: NaiveDate, languages: Languages) -> bool {
    arguments.get("year").and_then(Value::as_bool).unwrap_or(true) || day.year() != languages.year
}

fn day(value: &Value, languages: Languages) -> Result<NaiveDate, CallError> {
    value.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
        let text = texts(value).concat();
        let (zh, en) =
            (format!("`{text}` 不是日期（如 2021-08-20）"), format!("`{text}` is no day, such as 2021-08-20"));
        CallError::new(languages.messages, zh, en)
    })
}

/// 15 as 十五; in English as it is.
fn cn_number(value: &Value, _: &Record, languages: Languages) -> Result<Value, CallError> {
    if is_hidden_count(value) {
        return Ok(value.clone());
    }
    let n = count(value, languages)?;
    Ok(languages.document.pick(number::to_cn(n), n.to_string()).into())
}

/// A comparison, `count(…, against=…)` or `rate(…, against=…)`, in words: 较上期增加5个, up from 28 to 33 (+5). `unit` is the
/// measure word of a count, 个 if it is not given.
fn change(value: &Value, arguments: &Record, languages: Languages) -> Result<Value, CallError> {
    let Some(comparison) = value.as_object().filter(|map| map.contains_key("than")) else {
        let zh = "`change` 前面要有比较：count(…, against=\"previous\") 或 rate(…, against=…)";
        let en = "`change` is of a comparison: count(…, against=\"previous\") or rate(…, against=…)";
        return Err(CallError::new(languages.messages, zh, en));
    };
    let unit = arguments.get("unit").map_or_else(|| "个".to_owned(), |unit| texts(unit).concat());
    Ok(change::in_words(comparison, &unit, languages.document).into())
}

/// 83 as 80余, more than 80.
fn about(value: &Value, _: &Record, languages: Languages) -> Result<Value, CallError> {
    if is_hidden_count(value) {
        return Ok(value.clone());
    }
    let n = count(value, languages)?;
    Ok(languages.document.pick(number::about(n), number::about_en(n)).into())
}

fn count(value: &Value, languages: Languages) -> Result<u64, CallError> {
    value.as_u64().ok_or_else(|| {
        let text = texts(value).concat();
        CallError::new(languages.messages, format!("`{text}` 不是整数"), format!("`{text}` is no whole number"))
    })
}

/// The ending of a word beside a count: nothing beside 1, else `s`; or what `singular=` and `plural=` say. Of a hidden count
/// it is the plural.
fn pluralize(value: &Value, arguments: &Record, languages: Languages) -> Result<Value, CallError> {
    let is_one = !is_hidden_count(value) && count(value, languages)? == 1;
    let (name, usual) = if is_one { ("singular", "") } else { ("plural", "s") };
    Ok(arguments.get(name).and_then(Value::as_str).unwrap_or(usual).into())
}

/// 0.5152 as 51.5%; `decimals=` says how many, 1 if nothing is said.
fn percent(value: &Value, arguments: &Record, languages: Languages) -> Result<Value, CallError> {
    /// What [`crate::tally::counts::rate`] rounds to.
    const UNIT: u64 = 1_000_000;
    if is_hidden_count(value) {
        return Ok(value.clone());
    }
    let decimals = arguments.get("decimals").and_then(Value::as_u64).unwrap_or(1);
    let rate = value.as_f64().filter(|rate| (0.0..=1e6).contains(rate)).ok_or_else(|| {
        let text = texts(value).concat();
        CallError::new(languages.messages, format!("`{text}` 不是比率"), format!("`{text}` is no rate"))
    })?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "bounded above"
    )]
    let part = (rate * UNIT as f64).round() as u64;
    let decimals = usize::try_from(decimals).unwrap_or(1).min(4);
    Ok(number::percent(part, UNIT, decimals).unwrap_or_default().into())
}

/// A list as 甲、乙、丙, A, B and C; `limit=2` as 甲、乙等; `attribute="name"` of records.
fn enumerate_cn(value: &Value, arguments: &Record, languages: Languages) -> Result<Value, CallError> {
    let items = list(value, languages)?;
    let names: Vec<String> = match arguments.get("attribute").and_then(Value::as_str) {
        Some(key) => items.iter().filter_map(|item| item.get(key)).flat_map(texts).collect(),
        None => items.iter().flat_map(texts).collect(),
    };
    let limit = arguments.get("limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
    let limit = limit.filter(|limit| *limit < names.len() && *limit > 0);
    let kept = names.get(..limit.unwrap_or(names.len())).unwrap_or_default();
    let text = match (languages.document, limit) {
        (Lang::Zh, None) => kept.join("、"),
        (Lang::Zh, Some(_)) => format!("{}等", kept.join("、")),
        (Lang::En, Some(_)) => format!("{} and others", kept.join(", ")),
        (Lang::En, None) => match kept {
            [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
            kept => kept.concat(),
        },
    };
    Ok(text.into())
}

/// A person's name without the given name: 张三丰 as 张某某, 欧阳锋 as 欧阳某, J. Smith as J***.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every filter")]
fn mask(value: &Value, _: &Record, _: Languages) -> Result<Value, CallError> {
    Ok(masked(&texts(value).concat(), MaskStyle::ByLength).into())
}

/// Built-in kinds of documents as a summary counts them: the labels of `report-templates/KIND/built-in.json`.
pub(crate) const KINDS: &[ValueInfo] = include!(concat!(env!("OUT_DIR"), "/kind_labels.rs"));

/// A canonical value as people call it: `on_site` as 现场整改. `field=` says of which vocabulary; else the first that
/// has it. What no vocabulary has is its own name.
fn label(value: &Value, arguments: &Record, languages: Languages) -> Result<Value, CallError> {
    let unstated =
        DISPOSITIONS.iter().position(|info| info.key == UNSTATED).map_or(&[][..], |at| &DISPOSITIONS[at..=at]);
    let vocabularies: [(&str, &[ValueInfo]); 6] = [
        ("disposition", DISPOSITIONS),
        ("category", unstated),
        ("status", STATUSES),
        ("source", SOURCES),
        ("type", MEASURE_TYPES),
        ("kind", KINDS),
    ];
    let field = arguments.get("field").and_then(Value::as_str);
    if let Some(field) = field.filter(|field| vocabularies.iter().all(|(name, _)| name != field)) {
        let known = vocabularies.map(|(name, _)| name);
        return Err(CallError::unknown(languages.messages, ("词表", "vocabulary"), field, &known));
    }
    let labelled = texts(value).into_iter().map(|text| {
        let among = vocabularies.iter().filter(|(name, _)| field.is_none_or(|field| field == *name));
        let info = among.flat_map(|(_, infos)| infos.iter()).find(|info| info.key == text);
        Value::String(info.map_or(text.clone(), |info| info.label(languages.document).to_owned()))
    });
    match value {
        Value::Array(_) => Ok(labelled.collect()),
        _ => Ok(labelled.collect::<Vec<_>>().pop().unwrap_or_default()),
    }
}

/// A text as part of a sentence: without a full stop of its own at the end, as cells of logs often have one, and with its
/// lines one after the other.
fn clause(value: &Value, _: &Record, languages: Languages) -> Result<Value, CallError> {
    let text =
        value.as_str().ok_or_else(|| CallError::new(languages.messages, "这里要文本", "a text is needed here"))?;
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "。．.；;".contains(c));
    let mut sentence = String::with_capacity(text.len());
    for line in text.split(ends_line).map(str::trim).filter(|line| !line.is_empty()) {
        let is_ended = sentence.ends_with(|c: char| "。；，：、！？.;,:!?".contains(c));
        if !sentence.is_empty() {
            sentence
                .push_str(languages.document.pick(if is_ended { "" } else { "；" }, if is_ended { " " } else { "; " }));
        }
        sentence.push_str(line);
    }
    Ok(sentence.into())
}

fn list(value: &Value, languages: Languages) -> Result<&[Value], CallError> {
    value
        .as_array()
        .map(Vec::as_slice)
        .ok_or_else(|| CallError::new(languages.messages, "这里要一个列表", "a list is needed here"))
}

fn first(value: &Value, _: &Record, languages: Languages) -> Result<Value, CallError> {
    list(value, languages)?.first().cloned().ok_or_else(|| nothing(languages))
}

fn last(value: &Value, _: &Record, languages: Languages) -> Result<Value, CallError> {
    list(value, languages)?.last().cloned().ok_or_else(|| nothing(languages))
}

fn nth(value: &Value, arguments: &Record, languages: Languages) -> Result<Value, CallError> {
    let n = arguments.get("n").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    list(value, languages)?.get(n).cloned().ok_or_else(|| nothing(languages))
}

fn nothing(languages: Languages) -> CallError {
    let zh = "列表里没有这一项；先用 {% if … %} 判断";
    CallError::new(languages.messages, zh, "the list has no such item; ask {% if … %} first")
}

/// Refuses: a value that is not escaped could change the document's structure.
fn safe(_: &Value, _: &Record, languages: Languages) -> Result<Value, CallError> {
    Err(no_safe(languages.messages))
}

pub(crate) fn no_safe(messages: Lang) -> CallError {
    let error = CallError::new(messages, "模板里没有 `safe`", "templates have no `safe`");
    error.with_help(
        messages,
        "数据一律转义，单元格的内容改不了文件的结构；结构写在模板里",
        "data is always escaped, so that no cell changes the document's structure; write structure in the template",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn apply(name: &str, value: &Value, arguments: &Value, lang: Lang) -> Result<String, CallError> {
        let filter = FILTERS.iter().find(|(known, _)| *known == name).unwrap().1;
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        filter(value, &arguments, Languages { document: lang, region: Region::Gb, messages: Lang::En, year: 2021 })
            .map(|value| texts(&value).concat())
    }

    #[test]
    fn american_english_has_the_month_first() {
        let us = Languages { document: Lang::En, region: Region::Us, messages: Lang::En, year: 2024 };
        let shown = |name: &str, value: Value, arguments: Value| {
            let (_, filter) = FILTERS.iter().find(|(known, _)| *known == name).unwrap();
            let arguments = arguments.as_object().cloned().unwrap_or_default();
            filter(&value, &arguments, us).unwrap()
        };
        for (name, value, arguments, wanted) in [
            ("cn_date", json!("2024-06-14"), json!({}), "June 14, 2024"),
            ("cn_date", json!("2024-06-14"), json!({"year": false}), "June 14"),
            ("cn_period", json!({"from": "2024-06-01", "to": "2024-06-14"}), json!({}), "June 1–14, 2024"),
            ("cn_period", json!({"from": "2024-05-30", "to": "2024-06-14"}), json!({}), "May 30 – June 14, 2024"),
            (
                "cn_period",
                json!({"from": "2023-12-30", "to": "2024-01-02"}),
                json!({}),
                "December 30, 2023 – January 2, 2024",
            ),
        ] {
            assert_eq!(shown(name, value, arguments), wanted);
        }
    }

    #[test]
    fn each_filter_writes_as_the_field_does() {
        for (name, value, arguments, zh, en) in [
            ("cn_date", json!("2021-08-20"), json!({}), "2021年8月20日", "20 August 2021"),
            ("cn_date", json!("2021-08-05"), json!({"year": false}), "8月5日", "5 August"),
            ("cn_date", json!("2020-08-05"), json!({"year": false}), "2020年8月5日", "5 August 2020"),
            (
                "clause",
                json!("门未锁\n灯不亮，\n\n 无人。"),
                json!({}),
                "门未锁；灯不亮，无人",
                "门未锁; 灯不亮， 无人",
            ),
            ("pluralize", json!(1), json!({}), "", ""),
            ("pluralize", json!(2), json!({"plural": "ren"}), "ren", "ren"),
            (
                "cn_period",
                json!({"from": "2021-08-01", "to": "2021-08-20"}),
                json!({}),
                "2021年8月1日—20日",
                "1–20 August 2021",
            ),
            (
                "cn_period",
                json!({"from": "2021-07-30", "to": "2021-08-02"}),
                json!({"year": false}),
                "7月30日—8月2日",
                "30 July – 2 August",
            ),
            (
                "cn_period",
                json!({"from": "2021-08-01", "to": "2021-08-01"}),
                json!({}),
                "2021年8月1日",
                "1 August 2021",
            ),
            ("cn_period", json!({"to": "2021-08-01"}), json!({}), "截至2021年8月1日", "up to 1 August 2021"),
            ("cn_number", json!(15), json!({}), "十五", "15"),
            ("percent", json!(17.0 / 33.0), json!({}), "51.5%", "51.5%"),
            ("percent", json!(1), json!({"decimals": 0}), "100%", "100%"),
            ("about", json!(83), json!({}), "80余", "more than 80"),
            ("about", json!(80), json!({}), "80", "80"),
            ("enumerate_cn", json!(["甲", "乙", "丙"]), json!({}), "甲、乙、丙", "甲, 乙 and 丙"),
            ("enumerate_cn", json!(["甲", "乙", "丙"]), json!({"limit": 2}), "甲、乙等", "甲, 乙 and others"),
            ("enumerate_cn", json!([{"name": "甲"}]), json!({"attribute": "name"}), "甲", "甲"),
            ("mask", json!("张三丰"), json!({}), "张某某", "张某某"),
            ("mask", json!("张三"), json!({}), "张某", "张某"),
            ("mask", json!("欧阳锋"), json!({}), "欧阳某", "欧阳某"),
            ("mask", json!("李某某"), json!({}), "李某某", "李某某"),
            ("mask", json!("J. Smith"), json!({}), "J***", "J***"),
            ("label", json!("on_site"), json!({}), "现场整改", "fixed on site"),
            ("clause", json!("门锁坏。 "), json!({}), "门锁坏", "门锁坏"),
            ("clause", json!("Door 1.5 m wide."), json!({}), "Door 1.5 m wide", "Door 1.5 m wide"),
            ("label", json!("assigned"), json!({"field": "status"}), "已交办", "assigned"),
            ("label", json!("市长信箱"), json!({}), "市长信箱", "市长信箱"),
        ] {
            assert_eq!(apply(name, &value, &arguments, Lang::Zh).unwrap(), zh, "{name}");
            assert_eq!(apply(name, &value, &arguments, Lang::En).unwrap(), en, "{name}");
        }
    }

    #[test]
    fn what_a_filter_cannot_write_is_an_error_not_a_blank() {
        for (name, value) in [
            ("cn_date", json!("8月")),
            ("cn_date", json!(null)),
            ("cn_period", json!({})),
            ("about", json!("x")),
            ("percent", json!(null)),
            ("first", json!([])),
            ("clause", json!(["a."])),
            ("safe", json!("<b>")),
        ] {
            assert!(apply(name, &value, &json!({}), Lang::Zh).is_err(), "{name}");
        }
        let error = apply("label", &json!("x"), &json!({"field": "dispositon"}), Lang::En).unwrap_err();
        assert!(error.help.unwrap().starts_with("did you mean `disposition`?"));
    }
}
