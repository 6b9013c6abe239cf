//! Reads deadlines in Chinese.

use chrono::{Datelike, NaiveDate};

use super::common::{count, dated};
use super::resolve::{Deadline, DeadlineFault, end_of_month};
use crate::words::date::{self, DateFault, DateOrder};
use crate::words::number;

/// Deadlines that are fixed phrases.
const WORDS: &[(Deadline, &[&str])] = &[
    (
        Deadline::Immediately,
        &[
            "立即",
            "即时",
            "即刻",
            "马上",
            "立刻",
            "立行立改",
            "立查立改",
            "立整立改",
            "即知即改",
            "即行即改",
            "即查即改",
            "边查边改",
            "边督边改",
            "当场",
            "现场",
            "当场整改",
            "现场整改",
        ],
    ),
    (
        Deadline::LongTerm,
        &[
            "长期",
            "长期坚持",
            "持续",
            "坚持",
            "持续推进",
            "长期推进",
            "持续用力",
            "持续坚持",
            "常态化",
            "常态长效",
            "长效",
            "长期有效",
            "持续开展",
            "常抓不懈",
            "长期抓",
            "持续抓",
        ],
    ),
    (
        Deadline::Unset,
        &["待定", "未定", "待确定", "暂无", "未明确", "不详", "未注明", "空", "已完成", "已整改", "已办结", "已销号"],
    ),
    (Deadline::EndOfWeek, &["本周", "本周末", "周末", "本周底", "这周", "周内", "本周日", "本周天"]),
    (
        Deadline::EndOfMonth { year: None, month: None },
        &["月底", "月末", "本月", "本月底", "本月末", "当月", "当月底", "当月末", "月内", "这个月"],
    ),
    (
        Deadline::EndOfYear(None),
        &[
            "年底",
            "年末",
            "年内",
            "本年",
            "今年",
            "本年底",
            "本年末",
            "今年底",
            "今年年底",
            "本年度",
            "年度",
            "当年",
            "当年底",
            "今年末",
        ],
    ),
    (Deadline::SameDay, &["当日", "当天", "今日", "今天", "本日", "即日"]),
    (Deadline::NextDay, &["次日", "翌日", "第二天", "明日", "明天"]),
    (Deadline::Days(15), &["半个月", "半月"]),
    (Deadline::Months(6), &["半年"]),
    (Deadline::DayOfMonth(31), &["每月底", "每月末", "每月月底"]),
];

/// Words before a deadline that add nothing to it.
const PREFIXES: &[&str] = &[
    "请",
    "务必",
    "必须",
    "最迟",
    "最晚",
    "不迟于",
    "截至",
    "截止",
    "截止到",
    "限期",
    "限于",
    "限",
    "须",
    "应",
    "需",
    "于",
    "在",
    "并",
    "且",
    "自",
    "从",
    "收到",
    "接到",
    "接",
    "本通知",
    "通知书",
    "通知",
    "本函",
    "函",
    "交办单",
    "交办",
    "文件",
    "之日",
    "起",
    "后",
    "原则上",
    "力争",
    "争取",
    "确保",
    "计划",
    "预计",
    "一般",
    "到",
    "至",
    ":",
];

/// Words after a deadline that add nothing to it.
const SUFFIXES: &[&str] = &[
    "完成", "整改", "完毕", "到位", "办结", "销号", "反馈", "书面", "上报", "报送", "报告", "回复", "落实", "解决",
    "并", "全部", "须", "应", "需", "整治", "清理", "处理", "进行", "予以",
];

/// The word at the end of a deadline that says how the period is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// 前.
    Before,
    /// 内.
    Within,
    /// None of these.
    Open,
}

/// Reads a clause.
///
/// # Errors
/// See [`DeadlineFault`].
pub(super) fn clause(
    text: &str,
    context: Option<NaiveDate>,
    order: Option<DateOrder>,
) -> Result<Deadline, DeadlineFault> {
    if let Some(deadline) = word(text) {
        return Ok(deadline);
    }
    let text = strip_affixes(text);
    let (core, bound) = bound(text);
    let compact: String = core.split_whitespace().collect();
    if let Some(read) = dated(core, context, order, bound != Bound::Before) {
        return read;
    }
    word(&compact)
        .or_else(|| period_end(&compact, bound))
        .or_else(|| duration(&compact, bound))
        .or_else(|| this_or_next_day(&compact))
        .map(Ok)
        .or_else(|| part_of_month(&compact, context))
        .or_else(|| day_of_month(&compact, bound, context))
        .unwrap_or(Err(match number::parse(&compact) {
            Some(_) => DeadlineFault::BareNumber,
            None => DeadlineFault::NotUnderstood,
        }))
}

fn word(text: &str) -> Option<Deadline> {
    WORDS.iter().find(|(_, words)| words.contains(&text)).map(|(deadline, _)| *deadline)
}

/// Strips the words that add nothing at both ends.
fn strip_affixes(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let shorter = PREFIXES
            .iter()
            .find_map(|word| text.strip_prefix(word))
            .or_else(|| SUFFIXES.iter().find_map(|word| text.strip_suffix(word)));
        match shorter {
            // A text is never stripped entirely. 立即整改 becomes 立即, which is a phrase, too.
            Some(shorter) if !shorter.trim().is_empty() => text = shorter.trim(),
            _ => return text,
        }
    }
}

/// Splits off the word that bounds the period.
fn bound(text: &str) -> (&str, Bound) {
    for (ending, bound) in [
        ("之前", Bound::Before),
        ("以前", Bound::Before),
        ("前", Bound::Before),
        ("为止", Bound::Before),
        ("止", Bound::Before),
        ("之内", Bound::Within),
        ("以内", Bound::Within),
        ("内", Bound::Within),
    ] {
        if let Some(core) = text.strip_suffix(ending) {
            return (core.trim_end(), bound);
        }
    }
    (text, Bound::Open)
}

/// Reads the end of a named month, quarter or year: 8月底, 2021年末, 2021年三季度.
fn period_end(core: &str, bound: Bound) -> Option<Deadline> {
    if let Some(head) = core.strip_suffix(['底', '末']) {
        let head = head.strip_suffix("年年").map_or(head.to_owned(), |h| h.to_owned() + "年");
        return month(&head)
            .or_else(|| year(&head).map(|year| Deadline::EndOfYear(Some(year))))
            .or_else(|| quarter(&head));
    }
    if bound == Bound::Before {
        return None;
    }
    month(core).or_else(|| year(core).map(|year| Deadline::EndOfYear(Some(year)))).or_else(|| quarter(core))
}

fn month(text: &str) -> Option<Deadline> {
    let (year, month) = date::parse_month(this_year(text))?;
    Some(Deadline::EndOfMonth { year, month: Some(month) })
}

fn this_year(text: &str) -> &str {
    text.strip_prefix("今年").or_else(|| text.strip_prefix("本年")).unwrap_or(text)
}

fn year(text: &str) -> Option<i32> {
    let year = number::parse(text.strip_suffix("年")?)?;
    i32::try_from(year).ok().filter(|year| (1900..=2199).contains(year))
}

fn quarter(text: &str) -> Option<Deadline> {
    let text = this_year(text.strip_suffix("季度")?);
    let (year, text) = match text.find('年') {
        Some(end) => {
            let (head, tail) = text.split_at_checked(end + '年'.len_utf8())?;
            (Some(year(head)?), tail)
        }
        None => (None, text),
    };
    let quarter = number::parse(text.strip_prefix('第').unwrap_or(text))?;
    let quarter = u32::try_from(quarter).ok().filter(|n| (1..=4).contains(n))?;
    Some(Deadline::EndOfMonth { year, month: Some(quarter * 3) })
}

/// Reads 3个工作日, 5日, 两周, 一个月, 24小时.
///
/// 日 and 年 require 内: without it they are a day of the month and a calendar year.
fn duration(core: &str, bound: Bound) -> Option<Deadline> {
    type DurationUnit = (&'static str, fn(u32) -> Deadline);
    const UNITS: [DurationUnit; 12] = [
        ("工作日", Deadline::Workdays),
        ("自然日", Deadline::Days),
        ("日历日", Deadline::Days),
        ("天", Deadline::Days),
        ("日", Deadline::Days),
        ("周", |n| Deadline::Days(n * 7)),
        ("星期", |n| Deadline::Days(n * 7)),
        ("礼拜", |n| Deadline::Days(n * 7)),
        ("个月", Deadline::Months),
        ("年", |n| Deadline::Months(n * 12)),
        ("小时", Deadline::Hours),
        ("h", Deadline::Hours),
    ];
    if bound == Bound::Before {
        return None;
    }
    UNITS.into_iter().find_map(|(unit, deadline)| {
        if bound == Bound::Open && matches!(unit, "日" | "年") {
            return None;
        }
        let n = core.strip_suffix(unit)?;
        count(number::parse(n.strip_suffix('个').unwrap_or(n))?).map(deadline)
    })
}

/// Reads 当日 or 次日 with a time after it: 当日下午4时.
fn this_or_next_day(core: &str) -> Option<Deadline> {
    WORDS
        .iter()
        .filter(|(deadline, _)| matches!(deadline, Deadline::SameDay | Deadline::NextDay))
        .flat_map(|(deadline, words)| words.iter().map(move |word| (deadline, word)))
        .find_map(|(deadline, word)| date::is_time(core.strip_prefix(word)?).then_some(*deadline))
}

/// Reads 8月上旬, 中旬 and 下旬 as the last day of that third of the month.
fn part_of_month(core: &str, context: Option<NaiveDate>) -> Option<Result<Deadline, DeadlineFault>> {
    let (head, day) = [("上旬", Some(10)), ("中旬", Some(20)), ("下旬", None)]
        .into_iter()
        .find_map(|(part, day)| Some((core.strip_suffix(part)?, day)))?;
    let (year, month) = match (head, context) {
        ("本月" | "当月", Some(context)) => (Some(context.year()), context.month()),
        ("本月" | "当月", None) => return Some(Err(DeadlineFault::Date(DateFault::NoYear))),
        _ => date::parse_month(this_year(head))?,
    };
    let Some(day) = day else {
        return Some(Ok(Deadline::EndOfMonth { year, month: Some(month) }));
    };
    let date = match (year, context) {
        (Some(year), _) => NaiveDate::from_ymd_opt(year, month, day),
        (None, Some(context)) => date::nearest_year(month, day, context),
        (None, None) => return Some(Err(DeadlineFault::Date(DateFault::NoYear))),
    };
    date.map(|date| Ok(Deadline::On(date)))
}

/// Reads 每月25日, 25日前, 本月25日.
fn day_of_month(core: &str, bound: Bound, context: Option<NaiveDate>) -> Option<Result<Deadline, DeadlineFault>> {
    let (day, monthly) = match core.strip_prefix("每月") {
        Some(day) => (day, true),
        None => (core, false),
    };
    let (day, this_month) =
        ["本月", "当月"].into_iter().find_map(|prefix| Some((day.strip_prefix(prefix)?, true))).unwrap_or((day, false));
    if !monthly && !this_month && bound != Bound::Before || bound == Bound::Within {
        return None;
    }
    let day = number::parse(day.strip_suffix(['日', '号'])?)?;
    let impossible = Err(DeadlineFault::Date(DateFault::Impossible));
    let Some(day) = u32::try_from(day).ok().filter(|day| (1..=31).contains(day)) else {
        return Some(impossible);
    };
    Some(match context {
        Some(context) if this_month => end_of_month(context.year(), context.month())
            .and_then(|end| end.with_day(day))
            .map_or(impossible, |date| Ok(Deadline::On(date))),
        _ => Ok(Deadline::DayOfMonth(day)),
    })
}
