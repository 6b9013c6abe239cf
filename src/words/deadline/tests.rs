use proptest::prelude::*;

use super::*;
use crate::words::calendar::Calendar;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn on(text: &str) -> Deadline {
    Deadline::On(day(text))
}

fn end_of(year: Option<i32>, month: Option<u32>) -> Deadline {
    Deadline::EndOfMonth { year, month }
}

fn read(text: &str) -> Result<Deadline, DeadlineFault> {
    parse(text, Some(day("2021-08-05")), None)
}

fn each(wanted: Deadline, texts: &[&str]) {
    for text in texts {
        assert_eq!(read(text), Ok(wanted), "{text:?}");
    }
}

#[test]
fn days_are_read_with_what_surrounds_them() {
    each(
        on("2021-08-10"),
        &[
            "2021-08-10",
            "2021年8月10日",
            "8月10日",
            "8月10日前",
            "8月10日之前",
            "8月10日以前",
            "于8月10日前",
            "请于8月10日前书面反馈",
            "8月10日前完成整改",
            "8 月 10 日前",
            "８月１０日前",
            "2021-08-10前",
            "2021.8.10前",
            "8.10前",
            "八月十日前",
            "44418",
            "8月10日下午5时前",
            "8月10日17:00前",
            "截至8月10日",
            "8月3日—10日",
            "8月上旬",
            "本月上旬",
            "本月10日前",
            "2021年8月10日前（长期坚持）",
            "立即整改，8月10日前完成",
            "by 10 August 2021",
            "10 August",
            "before Aug 10, 2021",
            "no later than 10 Aug",
        ],
    );
    each(on("2021-08-20"), &["8月中旬", "2021年8月中旬前"]);
}

#[test]
fn ends_of_periods_are_read() {
    each(
        end_of(None, Some(8)),
        &[
            "8月底前",
            "8月底以前",
            "8月底",
            "8月末",
            "８月底前",
            "八月底前",
            "8月",
            "8月份",
            "8月内",
            "8月份底前",
            "8月下旬",
            "今年8月底前",
            "end of August",
            "by the end of Aug",
            "August",
        ],
    );
    each(end_of(Some(2021), Some(8)), &["2021年8月底前", "2021年8月", "2021年8月内", "end of August 2021", "2021-08"]);
    each(end_of(Some(2017), Some(10)), &["2017年10月底以前"]);
    each(end_of(None, None), &["月底前", "本月底", "本月底前", "本月内", "当月底前", "end of month"]);
    each(end_of(None, Some(9)), &["三季度末", "第三季度", "3季度内"]);
    each(end_of(Some(2021), Some(12)), &["2021年四季度末前"]);
    each(
        Deadline::EndOfYear(None),
        &["年底前", "年底", "年内", "今年底前", "今年年底前", "本年底", "end of year", "EOY"],
    );
    each(
        Deadline::EndOfYear(Some(2024)),
        &[
            "2024年底前",
            "2024年底",
            "2024年年底前",
            "2024年末",
            "2024年内",
            "2024年底前，并长期坚持",
            "2024年底前,并长期坚持。",
            "end of 2024",
        ],
    );
    each(Deadline::EndOfYear(Some(2026)), &["2026年底前"]);
    each(Deadline::EndOfWeek, &["本周内", "本周", "本周末前", "end of week"]);
    each(Deadline::DayOfMonth(25), &["每月25日前", "每月25日", "25日前", "25号前"]);
    each(Deadline::DayOfMonth(31), &["每月底前"]);
}

#[test]
fn periods_are_read() {
    each(
        Deadline::Workdays(3),
        &[
            "3个工作日内",
            "三个工作日内",
            "3个工作日",
            "3工作日内",
            "３个工作日内",
            "3 个工作日内",
            "收到通知之日起3个工作日内",
            "3个工作日内反馈",
            "within 3 working days",
            "3 business days",
            "within three working days",
        ],
    );
    each(Deadline::Workdays(10), &["10个工作日", "十个工作日内", "10个工作日之内"]);
    each(Deadline::Days(5), &["5日内", "5天内", "五日内", "5天", "within 5 days", "5 days"]);
    each(Deadline::Days(2), &["两天内", "两日内", "2天以内"]);
    each(Deadline::Days(20), &["20日内", "限20日内整改到位"]);
    each(Deadline::Days(7), &["一周内", "1周内", "7日内", "一个星期内", "within a week"]);
    each(Deadline::Days(14), &["两周内", "二周内", "2 weeks"]);
    each(Deadline::Days(15), &["半个月内", "半月内", "15天内"]);
    each(Deadline::Months(1), &["一个月内", "1个月内", "within one month"]);
    each(Deadline::Months(6), &["半年内", "6个月内"]);
    each(Deadline::Months(12), &["一年内", "1 year"]);
    each(Deadline::Hours(24), &["24小时内", "24小时", "24个小时内", "within 24 hours", "24h"]);
    each(Deadline::Hours(48), &["48小时内", "四十八小时内", "48h内"]);
    each(Deadline::NextDay, &["次日", "次日整改到位", "次日内", "次日12时前", "tomorrow"]);
    each(
        Deadline::SameDay,
        &["当日", "当天", "当日内", "当日下午4时前", "当日下午4时前书面上报", "当天18:00前", "today"],
    );
}

#[test]
fn words_are_read() {
    each(
        Deadline::Immediately,
        &[
            "立行立改",
            "即知即改",
            "即时整改",
            "立即整改",
            "立即",
            "当场整改",
            "现场整改",
            "立行立改，长期坚持",
            "立行立改、长期坚持",
            "immediately",
            "Immediate",
        ],
    );
    each(Deadline::LongTerm, &["长期坚持", "持续推进", "长期", "并长期坚持", "持续整改", "ongoing", "Long-term"]);
    each(
        Deadline::Unset,
        &["", " ", "\u{3000}", "/", "／", "—", "——", "-", "－", "--", "无", "待定", "已完成", "N/A", "TBD", "暂无"],
    );
}

#[test]
fn the_more_definite_of_several_wins_and_rivals_are_refused() {
    each(Deadline::Days(5), &["立行立改，5日内完成", "5日内，五天内"]);
    for text in ["8月10日前，8月20日前", "3个工作日内，5日内", "8月10日前，由住建局牵头"] {
        assert_eq!(read(text), Err(DeadlineFault::NotUnderstood), "{text}");
    }
}

#[test]
fn what_is_no_deadline_says_why() {
    use DeadlineFault::{BareNumber, Date, NotUnderstood};
    for (text, fault) in [
        ("15", BareNumber),
        ("１５", BareNumber),
        ("十五", BareNumber),
        ("15内", BareNumber),
        ("19999", BareNumber),
        ("5日", NotUnderstood),
        ("0日内", NotUnderstood),
        ("99999天内", NotUnderstood),
        ("3/5个工作日内", NotUnderstood),
        ("限期整改", NotUnderstood),
        ("尽快", NotUnderstood),
        ("soon", NotUnderstood),
        ("2月30日前", Date(DateFault::Impossible)),
        ("8月10日（星期一）前", Date(DateFault::OtherWeekday)),
        ("2021-08-10 周三", Date(DateFault::OtherWeekday)),
        ("2021-13-40", Date(DateFault::Impossible)),
        ("32日前", Date(DateFault::Impossible)),
        ("03/04/2021", Date(DateFault::Ambiguous)),
        ("8月前", Date(DateFault::MonthOnly)),
        ("before August", Date(DateFault::MonthOnly)),
    ] {
        assert_eq!(read(text), Err(fault), "{text}");
    }
    for text in ["8月10日前", "8月上旬"] {
        let fault = parse(text, None, None);
        assert_eq!(fault, Err(Date(DateFault::NoYear)), "{text}");
    }
}

#[test]
fn each_deadline_falls_on_its_day() {
    for (text, from, wanted) in [
        ("2021-08-10", "2021-08-05", Some("2021-08-10")),
        ("3个工作日内", "2021-08-05", Some("2021-08-10")),
        ("3个工作日内", "2021-09-17", Some("2021-09-23")),
        // The last day is a Saturday, a holiday, a Sunday that is worked.
        ("2天内", "2021-08-05", Some("2021-08-09")),
        ("5日内", "2021-09-28", Some("2021-10-08")),
        ("2日内", "2021-04-23", Some("2021-04-25")),
        ("一个月内", "2021-07-07", Some("2021-08-09")),
        ("一周内", "2021-09-24", Some("2021-10-08")),
        ("一周内", "2021-08-05", Some("2021-08-12")),
        ("一个月内", "2021-08-31", Some("2021-09-30")),
        ("一个月内", "2021-01-29", Some("2021-03-01")),
        ("一个月内", "2021-05-31", Some("2021-06-30")),
        ("24小时内", "2021-08-05", Some("2021-08-06")),
        // Hours and weeks by name end when they do.
        ("36小时内", "2021-08-05", Some("2021-08-07")),
        ("48小时内", "2021-08-05", Some("2021-08-07")),
        ("8月底前", "2021-08-05", Some("2021-08-31")),
        ("1月底前", "2021-12-20", Some("2022-01-31")),
        ("2月底前", "2024-01-05", Some("2024-02-29")),
        ("12月底前", "2022-01-05", Some("2021-12-31")),
        ("12月底前", "2022-01-20", Some("2022-12-31")),
        ("8月底前", "2021-09-20", Some("2021-08-31")),
        ("2021年8月底前", "2025-08-05", Some("2021-08-31")),
        ("月底前", "2021-02-05", Some("2021-02-28")),
        ("年底前", "2021-08-05", Some("2021-12-31")),
        ("2024年底前，并长期坚持", "2021-08-05", Some("2024-12-31")),
        ("本周内", "2021-08-05", Some("2021-08-08")),
        ("本周内", "2021-08-08", Some("2021-08-08")),
        ("每月25日前", "2021-08-05", Some("2021-08-25")),
        ("每月25日前", "2021-08-26", Some("2021-09-25")),
        ("每月25日前", "2021-08-25", Some("2021-08-25")),
        ("每月31日前", "2021-02-05", Some("2021-02-28")),
        ("每月5日前", "2021-01-31", Some("2021-02-05")),
        ("次日", "2021-08-31", Some("2021-09-01")),
        ("当日下午4时前", "2021-08-05", Some("2021-08-05")),
        ("立行立改", "2021-08-05", Some("2021-08-05")),
        ("长期坚持", "2021-08-05", None),
        ("待定", "2021-08-05", None),
    ] {
        let due = read(text).unwrap().resolve(day(from), &Calendar::cn());
        assert_eq!(due, wanted.map(day), "{text} from {from}");
    }
}

#[test]
fn a_day_without_a_year_is_due_after_the_day_it_runs_from() {
    for (text, from, wanted) in [
        ("11月20日前", "2022-03-20", "2022-11-20"),
        ("11.20", "2022-03-20", "2022-11-20"),
        ("11月18日—20日", "2022-03-20", "2022-11-20"),
        ("11月中旬", "2022-03-20", "2022-11-20"),
        ("by 20 November", "2022-03-20", "2022-11-20"),
        ("11月20日（周日）前", "2022-03-20", "2022-11-20"),
        ("12月25日前", "2022-01-20", "2022-12-25"),
        ("1月10日前", "2021-12-20", "2022-01-10"),
        // Told as before the day of finding: a slip, or a deadline that had passed.
        ("12月30日前", "2022-01-03", "2021-12-30"),
        ("8月1日前", "2021-08-05", "2021-08-01"),
        ("1月20日前", "2022-03-20", "2022-01-20"),
        // The year is given.
        ("2021年11月20日前", "2022-03-20", "2021-11-20"),
        ("21.11.20", "2022-03-20", "2021-11-20"),
    ] {
        assert_eq!(parse_from(text, day(from), None), Ok(on(wanted)), "{text} from {from}");
    }
    // The weekdays of the year before, and of no near year.
    for text in ["11月20日（周六）前", "11月20日（周三）前", "3月25日（周一）前"] {
        let read = parse_from(text, day("2022-03-20"), None);
        assert_eq!(read, Err(DeadlineFault::Date(DateFault::OtherWeekday)), "{text}");
    }
}

proptest! {
    #[test]
    fn every_spelling_of_a_day_is_that_deadline(number in 693_596_i32..803_000) {
        let date = NaiveDate::from_num_days_from_ce_opt(number).unwrap();
        for format in ["%Y年%-m月%-d日前", "于%Y年%m月%d日之前", "%Y-%m-%d", "%Y.%-m.%-d前", "by %-d %B %Y"] {
            let text = date.format(format).to_string();
            prop_assert_eq!(parse(&text, None, None), Ok(Deadline::On(date)), "{}", text);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_and_falls_on_a_day_or_none(
        text in ".*",
        likely in "[0-9０-９年月日号周天个工作小时底前内每本半旬季度第，、当次并长期]{0,10}",
    ) {
        for text in [text, likely] {
            for from in [day("2021-08-05"), NaiveDate::MAX, NaiveDate::MIN] {
                if let Ok(deadline) = parse(&text, Some(from), None) {
                    let _ = deadline.resolve(from, &Calendar::cn());
                }
            }
        }
    }
}
