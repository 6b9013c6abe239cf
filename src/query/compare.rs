//! Compares what a document counts with the same count in an earlier submission or period: `count(…, against="previous")`.
//!
//! The earlier side is a context of its own, with its own rows, day and period, so that everything is counted there by the
//! same code. Each side is a figure of the document; the one of the document names the other.

use std::sync::{Arc, OnceLock, PoisonError};

use serde_json::{Value, json};

use crate::dataset::record::MOVE;
use crate::dataset::series::REPORTED;
use crate::dataset::{Data, Record};
use crate::model::period::{Length, Period};
use crate::query::call_error::CallError;
use crate::query::context::{EarlierSide, Query, QueryContext};
use crate::tally::counts::rate;
use crate::words::lang::Lang;

/// Below this a count is too small for a percentage.
pub(crate) const SMALL: u64 = 5;
/// How a comparison names the earlier submission.
const PREVIOUS: &str = "previous";
/// The period just before that of the document, and the same one a year before.
const BEFORE: &str = "before";
const YEAR: &str = "year";

/// The earlier side of a call, and what it is called in the document's language.
pub(super) struct Comparand {
    pub(super) context: Arc<QueryContext>,
    /// 较上期, 环比, 同比; blank in English.
    than: String,
    /// 上期, 上月; "last time", "in July 2021".
    when: String,
}

impl QueryContext {
    /// Takes `against` out of the arguments of a call, and returns what it names.
    pub(super) fn take_against(&self, arguments: &mut Record) -> Result<Option<Comparand>, CallError> {
        let lang = self.messages;
        let Some(against) = arguments.shift_remove("against") else { return Ok(None) };
        let against = against.as_str().unwrap_or_default();
        if let Some(key) = ["period", "from", "to"].into_iter().find(|key| arguments.contains_key(*key)) {
            let zh = format!("`against` 比较的是文书的时段，不能再写 `{key}`");
            let en = format!("`against` compares the period of the document; leave out `{key}`");
            return Err(CallError::new(lang, zh, en));
        }
        let conditions = [Some(&*arguments), arguments.get("where").and_then(Value::as_object)];
        let keys = conditions.into_iter().flatten().flat_map(serde_json::Map::keys);
        if let Some(key) = keys.into_iter().find(|key| matches!(key.as_str(), MOVE | REPORTED | "due_soon")) {
            let zh = format!("`{key}` 说的是统计日这一天，不能与此前比较");
            let en = format!("`{key}` is said of the day of the document, and can't be compared with an earlier one");
            return Err(CallError::new(lang, zh, en));
        }
        let period = match against {
            PREVIOUS => self.data.against.as_ref().and_then(|against| against.period),
            other => Some(self.period_against(other)?),
        };
        let (than, when) = self.words(period);
        Ok(Some(Comparand { context: self.side_of(against, period)?, than, when }))
    }

    /// The period that is named: `before`, `year`, or in its notation.
    fn period_against(&self, against: &str) -> Result<Period, CallError> {
        let lang = self.messages;
        let own = self.elapsed();
        let period = match against {
            BEFORE => own.before(),
            YEAR => own.a_year_before(),
            other => {
                let known = [PREVIOUS, BEFORE, YEAR, "2021", "2021-Q3", "2021-07", "2021-W32"];
                let unknown = || CallError::unknown(lang, ("比较的对象", "comparison"), other, &known);
                return other.parse().map_err(|_| unknown());
            }
        };
        if self.is_dry_run {
            return Ok(Period::default());
        }
        period.ok_or_else(|| {
            let zh = format!("`against=\"{against}\"` 要有起止的时段：用 --period 2021-08 拟稿、发文");
            let en = format!("`against=\"{against}\"` needs a period with both ends: give --period 2021-08");
            CallError::new(lang, zh, en)
        })
    }

    /// The days of the document's period that are over.
    fn elapsed(&self) -> Period {
        let Period { from, to } = self.data.period;
        Period { from, to: to.map(|to| to.min(self.data.as_of)) }
    }

    /// The context of an earlier side.
    fn side_of(&self, name: &str, period: Option<Period>) -> Result<Arc<Self>, CallError> {
        if let Some(side) = self.sides.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(side.clone());
        }
        let own = &self.data;
        let is_previous = name == PREVIOUS;
        if is_previous && !own.is_compared() && !self.is_dry_run {
            return Err(self.not_compared());
        }
        let against = own.against.as_ref().filter(|_| is_previous);
        let has_other_logs = against.is_some_and(|against| against.other_logs);
        let last = period.and_then(|period| period.to).unwrap_or(own.as_of).min(own.as_of);
        let day = against.map_or(last, |against| against.as_of);
        let previous = own.previous.as_ref().filter(|_| is_previous && own.unreported && period.is_none());
        let own_period = if previous.is_some() { Period::default() } else { own.period };
        let data = Data {
            as_of: day,
            // Whether something is due soon is not compared.
            due_soon: day,
            period: period.unwrap_or(own_period),
            unreported: false,
            records: own.earlier.clone().filter(|_| has_other_logs).unwrap_or_else(|| own.records.clone()),
            earlier: None,
            against: None,
            ..(**own).clone()
        };
        let side = EarlierSide {
            name: name.to_owned(),
            has_other_logs,
            listed: previous.map(|previous| previous.issues.iter().cloned().collect()),
            states: OnceLock::new(),
        };
        let mut context = Self::new(Arc::new(data), self.project.clone(), self.messages);
        (context.side, context.is_dry_run) = (Some(side), self.is_dry_run);
        let context = Arc::new(context);
        self.sides.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), context.clone());
        Ok(context)
    }

    fn not_compared(&self) -> CallError {
        let error = match &self.data.against {
            None => CallError::new(
                self.messages,
                "没有比较的对象：用 --compare previous（或 2021-07、文件、文件夹、git:版本）拟稿、发文",
                "there is nothing to compare with: give --compare previous, 2021-07, a file, a folder or git:REVISION",
            ),
            Some(_) => CallError::new(
                self.messages,
                "这里不作比较：公开版不与另外的台账比较，也不在隐去小数时比较；只写尚未通报问题的文种只与上一期或一个时段比较",
                "nothing is compared here: a public edition is not compared with other logs, nor where it hides small \
                 counts; a kind that covers what is unreported is compared with its last document or with a period",
            ),
        };
        error.with_help(self.messages, "先用 {% if compared %} 判断", "ask {% if compared %} first")
    }

    /// What a comparison is called: 环比 and 同比 are said of whole calendar months and quarters only.
    fn words(&self, period: Option<Period>) -> (String, String) {
        let lang = self.data.lang;
        let pair = |zh: (&str, &str), en: &str| match lang {
            Lang::Zh => (zh.0.to_owned(), zh.1.to_owned()),
            Lang::En => (String::new(), en.to_owned()),
        };
        let Some(period) = period else { return pair(("较上期", "上期"), "last time") };
        // A run is never of days to come.
        let whole = self.elapsed();
        if Some(period) == whole.before() {
            return match whole.length() {
                Some(Length::Month) => pair(("环比", "上月"), "in the month before"),
                Some(Length::Quarter) => pair(("环比", "上季度"), "in the quarter before"),
                Some(Length::Week) => pair(("较上周", "上周"), "in the week before"),
                Some(Length::Day) => pair(("较前一日", "前一日"), "on the day before"),
                Some(Length::Year) => pair(("较上年", "上年"), "in the year before"),
                None => match whole.begins() {
                    Some(Length::Week) => pair(("较上周同期", "上周同期"), "in the same days of the week before"),
                    Some(Length::Month) => pair(("较上月同期", "上月同期"), "in the same days of the month before"),
                    Some(Length::Quarter) => {
                        pair(("较上季度同期", "上季度同期"), "in the same days of the quarter before")
                    }
                    Some(Length::Year) => pair(("同比", "上年同期"), "in the same days of the year before"),
                    Some(Length::Day) | None => pair(("较前一时段", "前一时段"), "in as many days before"),
                },
            };
        }
        if Some(period) == whole.a_year_before() {
            return pair(("同比", "上年同期"), "a year before");
        }
        let name = named(period, lang);
        pair((&format!("较{name}"), &name), &format!("in {name}"))
    }

    /// A count beside that of the earlier side.
    pub(super) fn compared_count(
        &self,
        comparand: &Comparand,
        function: &str,
        (now, value, id): (&Query, &Value, usize),
        (then, before, rows): (&Query, &Value, &[usize]),
    ) -> Value {
        let before_id = self.note(function, then, before, rows);
        self.figures.compare(id, before_id);
        let mut map = comparand.named();
        map.insert("value".to_owned(), value.clone());
        // Where small counts are hidden, a difference would tell them.
        let policy = self.policy_of(now.of).is_some();
        let (Some(number), Some(earlier), false) = (value.as_u64(), before.as_u64(), policy) else {
            return map.into();
        };
        let difference = number.cast_signed() - earlier.cast_signed();
        map.insert("before".to_owned(), earlier.into());
        map.insert("difference".to_owned(), difference.into());
        map.insert("is_small".to_owned(), (earlier < SMALL).into());
        if earlier >= SMALL {
            map.insert("growth".to_owned(), signed_rate(number, earlier).into());
        }
        map.into()
    }

    /// A rate beside that of the earlier side; each is a part and the whole.
    pub(super) fn compared_rate(
        &self,
        comparand: &Comparand,
        (id, (part, whole)): (usize, (u64, u64)),
        (then, rows, (before_part, before_whole)): (&Query, &[usize], (u64, u64)),
    ) -> Value {
        let before = json!(rate(before_part, before_whole));
        let before_id = self.note("rate", then, &before, rows);
        self.figures.compare(id, before_id);
        let mut map = comparand.named();
        for (key, number) in
            [("part", part), ("whole", whole), ("before_part", before_part), ("before_whole", before_whole)]
        {
            map.insert(key.to_owned(), number.into());
        }
        let is_small = whole < SMALL || before_whole < SMALL;
        map.insert("is_small".to_owned(), is_small.into());
        let rates = (rate(part, whole), rate(before_part, before_whole));
        if let Some(now) = rates.0 {
            map.insert("value".to_owned(), now.into());
        }
        if let Some(before) = rates.1 {
            map.insert("before".to_owned(), before.into());
        }
        if let ((Some(_), Some(_)), false) = (rates, is_small) {
            let (points, digits) = points((part, whole), (before_part, before_whole));
            map.insert("points".to_owned(), points.into());
            map.insert("digits".to_owned(), digits.into());
        }
        map.into()
    }
}

impl Comparand {
    fn named(&self) -> Record {
        let mut map = Record::new();
        map.insert("than".to_owned(), self.than.clone().into());
        map.insert("when".to_owned(), self.when.clone().into());
        map
    }
}

/// The change from one count to another, as a share of the first, rounded to six decimals as rates are.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn signed_rate(now: u64, before: u64) -> f64 {
    ((now as f64 - before as f64) / before as f64 * 1e6).round() / 1e6
}

/// The difference of two rates in percentage points, and how many decimals to write of both and of it: of one, two or three
/// the first at which the difference of what is printed is the rounded difference.
fn points(now: (u64, u64), before: (u64, u64)) -> (f64, usize) {
    // In thousandths of a point, exactly: a·d/b·d.
    let scaled = |(part, whole): (u64, u64), unit: i128| {
        let (part, whole) = (i128::from(part), i128::from(whole));
        (part * 100 * unit * 2 + whole).div_euclid(whole * 2)
    };
    let difference = |unit: i128| {
        let (part, whole) = (i128::from(now.0), i128::from(now.1));
        let (before_part, before_whole) = (i128::from(before.0), i128::from(before.1));
        let (over, under) = ((part * before_whole - before_part * whole) * 100 * unit, whole * before_whole);
        // Half away from zero.
        over.signum() * ((over.abs() * 2 + under) / (under * 2))
    };
    let fits = |digits: &usize| {
        let unit = 10_i128.pow(u32::try_from(*digits).unwrap_or(0));
        scaled(now, unit) - scaled(before, unit) == difference(unit)
    };
    let digits = (1..=3).find(fits).unwrap_or(1);
    let unit = 10_i128.pow(u32::try_from(digits).unwrap_or(0));
    // What is printed must agree, even where no number of decimals does.
    let shown = scaled(now, unit) - scaled(before, unit);
    #[expect(clippy::cast_precision_loss, reason = "at most 100,000")]
    let points = shown as f64 / unit as f64;
    (points, digits)
}

/// A period in the words of a document: 2021年7月, July 2021.
fn named(period: Period, lang: Lang) -> String {
    let (Some(from), length) = (period.from, period.length()) else { return period.to_string() };
    let text = length.map(|length| length.of(from)).unwrap_or_default();
    let number = text.rsplit(['-', 'W', 'Q']).next().unwrap_or_default().trim_start_matches('0');
    let year = from.format("%Y");
    match (length, lang) {
        (Some(Length::Month), Lang::Zh) => format!("{year}年{number}月"),
        (Some(Length::Month), Lang::En) => from.format("%B %Y").to_string(),
        (Some(Length::Quarter), Lang::Zh) => {
            let numeral = ["一", "二", "三", "四"].get(number.parse::<usize>().unwrap_or(1) - 1).copied();
            format!("{year}年第{}季度", numeral.unwrap_or(number))
        }
        (Some(Length::Quarter), Lang::En) => format!("quarter {number} of {year}"),
        (Some(Length::Week), _) => {
            let (year, week) = text.split_once("-W").unwrap_or_default();
            let week = week.trim_start_matches('0');
            lang.pick(format!("{year}年第{week}周"), format!("week {week} of {year}"))
        }
        (Some(Length::Year), _) => lang.pick(format!("{year}年"), year.to_string()),
        _ => period.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_those_of_the_rates_that_are_printed() {
        // 6.0 % and 5.9 % differ by 0.1; 6.04 % and 5.96 % would be printed as equal with one decimal.
        for (now, before, points_, digits) in [
            ((216, 3610), (59, 1000), 0.1, 1),
            ((60, 1000), (59, 1000), 0.1, 1),
            ((604, 10_000), (596, 10_000), 0.08, 2),
            ((17, 33), (17, 33), 0.0, 1),
            ((0, 10), (10, 10), -100.0, 1),
            ((1, 3), (2, 3), -33.4, 1),
        ] {
            let (points, decimals) = points(now, before);
            assert!((points - points_).abs() < 1e-9 && decimals == digits, "{now:?} {before:?}: {points} {decimals}");
        }
    }

    #[test]
    fn periods_have_their_names() {
        for (period, zh, en) in [
            ("2021-07", "2021年7月", "July 2021"),
            ("2021-Q3", "2021年第三季度", "quarter 3 of 2021"),
            ("2020-W53", "2020年第53周", "week 53 of 2020"),
            ("2021", "2021年", "2021"),
        ] {
            let period: Period = period.parse().unwrap();
            assert_eq!((named(period, Lang::Zh), named(period, Lang::En)), (zh.to_owned(), en.to_owned()));
        }
    }
}
