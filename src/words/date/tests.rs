use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn context() -> NaiveDate {
    day("2021-08-05")
}

#[test]
fn a_day_with_its_year_is_read_in_every_spelling() {
    for text in [
        "2021年8月3日",
        "2021年08月03日",
        "2021 年 8 月 3 日",
        "２０２１年８月３日",
        "２０２１－０８－０３",
        "2021年8月3号",
        "2021年8月3",
        "2021-08-03",
        "2021-8-3",
        "2021–08–03",
        "2021.8.3",
        "2021.08.03",
        "2021/8/3",
        "20210803",
        " 2021-08-03 ",
        "\u{3000}2021-08-03",
        "二〇二一年八月三日",
        "二○二一年八月三日",
        "二零二一年八月三日",
        "2021-08-03（周二）",
        "2021-08-03（周日例会）",
        "2021-08-03 星期二",
        "2021年8月3日（星期二）上午",
        "2021年8月3日(补录)",
        "周二 2021-08-03",
        "2021-08-03 00:00:00",
        "2021-08-03T00:00:00",
        "2021-08-03 14:20",
        "2021-08-03 14:20:05",
        "2021-08-03 14:20:05.123",
        "2021-08-03T01:00:00+01:00",
        "2021-08-03T23:00:00.000000000000Z",
        "2021/8/3 14:20",
        "2021/8/3 2:20 PM",
        "2021年8月3日14时20分",
        "2021年8月3日下午2点半",
        "2021年8月3日上午",
        "20210803 14:20",
        "3 August 2021",
        "3 Aug 2021",
        "3rd of August, 2021",
        "Aug 3, 2021",
        "Aug. 3, 2021",
        "AUG 3 2021",
        "August 3rd 2021",
        "Tuesday, August 3, 2021",
        "3-Aug-2021",
        "3 August 2021, 14:20",
        "44411",
        "44411.5",
        "４４４１１",
    ] {
        let wanted = DateRead { date: day("2021-08-03"), assumed: false };
        assert_eq!(parse(text, None, None), Ok(wanted), "{text}");
    }
}

#[test]
fn a_day_without_its_year_takes_it_from_the_context() {
    for text in [
        "8月3日",
        "8月3号",
        "８月３日",
        "八月三日",
        "8.3",
        "8/3",
        "8-3",
        "08-03",
        "8月3日上午",
        "8.3 14:20",
        "3 August",
        "Aug 3",
        "Aug 3 14:20",
        "21.8.3",
        "21年8月3日",
        "3-Aug-21",
    ] {
        let wanted = DateRead { date: day("2021-08-03"), assumed: true };
        assert_eq!(parse(text, Some(context()), None), Ok(wanted), "{text}");
    }
}

#[test]
fn the_year_supplied_is_the_nearest() {
    for (text, context, wanted) in [
        ("1月5日", "2021-12-20", Ok("2022-01-05")),
        ("12月20日", "2022-01-05", Ok("2021-12-20")),
        ("8月5日", "2021-08-05", Ok("2021-08-05")),
        ("2月3日", "2021-08-05", Ok("2022-02-03")),
        ("2月5日", "2021-08-05", Ok("2021-02-05")),
        ("2月29日", "2023-06-01", Ok("2024-02-29")),
        ("2月29日", "2022-06-01", Err(DateFault::Impossible)),
    ] {
        let read = parse(text, Some(day(context)), None).map(|read| read.date);
        assert_eq!(read, wanted.map(day), "{text} about {context}");
    }
}

#[test]
fn the_order_decides_what_is_ambiguous() {
    use DateFault::{Ambiguous, Impossible};
    use DateOrder::{Dmy, Mdy, Ymd};
    for (text, order, wanted) in [
        ("03/08/2021", None, Err(Ambiguous)),
        ("03/08/2021", Some(Ymd), Err(Ambiguous)),
        ("03/08/2021", Some(Dmy), Ok("2021-08-03")),
        ("03/08/2021", Some(Mdy), Ok("2021-03-08")),
        ("03-08-2021", Some(Dmy), Ok("2021-08-03")),
        ("3.8.2021", Some(Dmy), Ok("2021-08-03")),
        ("25/08/2021", None, Ok("2021-08-25")),
        ("08/25/2021", None, Ok("2021-08-25")),
        ("08/08/2021", None, Ok("2021-08-08")),
        ("08/25/2021", Some(Dmy), Err(Impossible)),
        ("25/25/2021", None, Err(Impossible)),
        ("2021/3/8", Some(Dmy), Ok("2021-03-08")),
        ("21.8.23", None, Ok("2021-08-23")),
        ("21/8/3", None, Ok("2021-08-03")),
        ("21/8/23", None, Err(Ambiguous)),
        ("21/8/23", Some(Ymd), Ok("2021-08-23")),
        ("21/8/23", Some(Dmy), Ok("2023-08-21")),
        ("8/23/21", None, Ok("2021-08-23")),
        ("3/8/21", None, Err(Ambiguous)),
        ("3/8", Some(Dmy), Ok("2021-08-03")),
        ("25/8", None, Ok("2021-08-25")),
    ] {
        let read = parse(text, Some(context()), order).map(|read| read.date);
        assert_eq!(read, wanted.map(day), "{text} {order:?}");
    }
}

#[test]
fn what_is_no_day_says_why() {
    use DateFault::{Impossible, MonthOnly, NoYear, NotADate, OtherWeekday, Range};
    for (text, fault) in [
        ("", NotADate),
        ("长期坚持", NotADate),
        ("8月底前", NotADate),
        ("8月10日前", NotADate),
        ("2021-08-03（前）", NotADate),
        ("2021-08-03 99:99", NotADate),
        ("13.5", NotADate),
        ("8.355", NotADate),
        ("15", NotADate),
        ("210803", NotADate),
        ("12345678", NotADate),
        ("13812345678", NotADate),
        ("August", MonthOnly),
        ("Mayor 3", NotADate),
        ("2021-13-40", Impossible),
        ("2021-08-03（周三）", OtherWeekday),
        ("2021年8月3日 星期日 上午", OtherWeekday),
        ("Monday, August 3, 2021", OtherWeekday),
        ("周一 2021-08-03", OtherWeekday),
        ("2021-02-30", Impossible),
        ("20211340", Impossible),
        ("0201-08-03", Impossible),
        ("2月30日", Impossible),
        ("2021年13月", Impossible),
        ("8月3日", NoYear),
        ("8.3", NoYear),
        ("Aug 3", NoYear),
        ("2021年8月", MonthOnly),
        ("2021-08", MonthOnly),
        ("8月份", MonthOnly),
        ("August 2021", MonthOnly),
        ("8月3日—5日", Range),
        ("3月24-25日", Range),
        ("2021.8.3-2021.8.5", Range),
    ] {
        assert_eq!(parse(text, None, None), Err(fault), "{text}");
    }
}

#[test]
fn ranges_are_read_from_end_to_end() {
    for (text, first, last) in [
        ("8月3日—5日", "2021-08-03", "2021-08-05"),
        ("8月3日——5日", "2021-08-03", "2021-08-05"),
        ("8月3-5日", "2021-08-03", "2021-08-05"),
        ("3月24-25日", "2021-03-24", "2021-03-25"),
        ("8月30日至9月2日", "2021-08-30", "2021-09-02"),
        ("12月30日至1月2日", "2021-12-30", "2022-01-02"),
        ("2021.8.3-2021.8.5", "2021-08-03", "2021-08-05"),
        ("2021.8.3-8.5", "2021-08-03", "2021-08-05"),
        ("2021-8-3-5", "2021-08-03", "2021-08-05"),
        ("2021-08-03～2021-08-05", "2021-08-03", "2021-08-05"),
        ("2021-08-03 00:00 - 2021-08-05 23:59", "2021-08-03", "2021-08-05"),
        ("2021年12月30日至2022年1月2日", "2021-12-30", "2022-01-02"),
        ("12月30日至2022年1月2日", "2021-12-30", "2022-01-02"),
        ("2021年12月30日到1月2日", "2021-12-30", "2022-01-02"),
        ("8.3—8.5", "2021-08-03", "2021-08-05"),
        ("8.3-5", "2021-08-03", "2021-08-05"),
        ("8月3日〜5日", "2021-08-03", "2021-08-05"),
        ("8月3日上午至5日下午", "2021-08-03", "2021-08-05"),
        ("3 August 2021 to 5 August 2021", "2021-08-03", "2021-08-05"),
    ] {
        let read = parse_range(text, Some(context()), None);
        assert_eq!(read, Ok((day(first), day(last))), "{text}");
    }
}

#[test]
fn what_is_no_range_says_why() {
    for (text, fault) in [
        ("8月30日—2日", DateFault::Impossible),
        ("8月30日—32日", DateFault::Impossible),
        ("2021.8.5-2021.8.3", DateFault::Impossible),
        ("8月—9月", DateFault::MonthOnly),
        ("8月3日", DateFault::NotADate),
        ("8月3日至今", DateFault::NotADate),
    ] {
        assert_eq!(parse_range(text, Some(context()), None), Err(fault), "{text}");
    }
    assert_eq!(parse_range("8月3-5日", None, None), Err(DateFault::NoYear));
}

#[test]
fn months_are_read_with_and_without_a_year() {
    for (text, wanted) in [
        ("2021年8月", Some((Some(2021), 8))),
        ("2021-08", Some((Some(2021), 8))),
        ("08/2021", Some((Some(2021), 8))),
        ("八月份", Some((None, 8))),
        ("Aug 2021", Some((Some(2021), 8))),
        ("13月", None),
        ("8月3日", None),
        ("8月底", None),
    ] {
        assert_eq!(parse_month(text), wanted, "{text}");
    }
}

#[test]
fn only_numbers_in_reach_are_serials() {
    for (text, wanted) in [
        ("44411", Some("2021-08-03")),
        ("44411.99999", Some("2021-08-03")),
        ("20000", Some("1954-10-03")),
        ("80000", Some("2119-01-11")),
        ("19999", None),
        ("80001", None),
        ("-44411", None),
        ("44411.", None),
        ("4.4411e4", None),
    ] {
        assert_eq!(excel_serial(text), wanted.map(day), "{text}");
    }
}

#[test]
fn orders_read_back() {
    for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy] {
        assert_eq!(order.to_string().parse(), Ok(order));
    }
    assert_eq!("iso".parse::<DateOrder>(), Err(UnknownDateOrder));
}

proptest! {
    #[test]
    fn every_spelling_of_a_day_reads_as_that_day(
        number in 693_596_i32..803_000,
        format in prop::sample::select(vec![
            "%Y年%-m月%-d日", "%Y年%m月%d日", "%Y-%m-%d", "%Y-%-m-%-d", "%Y.%-m.%-d",
            "%Y/%-m/%-d", "%Y%m%d", "%Y 年 %-m 月 %-d 日", "%Y-%m-%d 14:20:05", "%Y-%m-%d（%a）",
            "%Y-%m-%dT01:00:00+01:00", "%-d %B %Y", "%-d %b %Y", "%b %-d, %Y", "%A, %B %-d, %Y",
            "%d-%b-%Y",
        ]),
    ) {
        let date = NaiveDate::from_num_days_from_ce_opt(number).unwrap();
        let text = date.format(format).to_string();
        let wanted = Ok(DateRead { date, assumed: false });
        prop_assert_eq!(parse(&text, None, None), wanted, "{}", text);
        let wide: String = text
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
                _ => c,
            })
            .collect();
        prop_assert_eq!(parse(&wide, None, None), wanted, "{}", wide);
        let slashed = date.format("%d/%m/%Y").to_string();
        prop_assert_eq!(parse(&slashed, None, Some(DateOrder::Dmy)), wanted, "{}", slashed);
    }

    #[test]
    fn a_day_near_the_context_keeps_its_year(number in 737_000_i32..740_000, away in -180_i32..180) {
        let context = NaiveDate::from_num_days_from_ce_opt(number).unwrap();
        let date = NaiveDate::from_num_days_from_ce_opt(number + away).unwrap();
        for format in ["%-m月%-d日", "%-m.%-d", "%m-%d", "%-d %b"] {
            let text = date.format(format).to_string();
            let wanted = Ok(DateRead { date, assumed: true });
            prop_assert_eq!(parse(&text, Some(context), None), wanted, "{}", text);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(
        text in ".*",
        dateish in "[0-9０-９年月日号至—./:,() T+a周上午一十〇-]{0,20}",
    ) {
        for text in [text, dateish] {
            for context in [None, Some(context()), Some(NaiveDate::MAX), Some(NaiveDate::MIN)] {
                for order in [None, Some(DateOrder::Dmy), Some(DateOrder::Mdy)] {
                    let _ = parse(&text, context, order);
                    let _ = parse_range(&text, context, order);
                }
            }
            let _ = parse_month(&text);
        }
    }
}

proptest! {
    /// The fast path gives nothing, or what `parse` gives, whatever the context.
    #[test]
    fn a_day_read_at_once_is_the_day_that_is_read(
        text in "[12][0189][0-9]{2}[-/.]?[0-9]{2}[-/.]?[0-9]{2}([ T]([01][0-9]|2[0-6]):[0-6][0-9]:[0-6][0-9])?|[0-9-]{6,10}",
        mdy: bool,
    ) {
        let order = mdy.then_some(DateOrder::Mdy);
        if let Some(date) = parse_common(text.as_bytes()) {
            // A full stop keeps `parse` from taking the fast path.
            for text in [text.clone(), format!("{text}。")] {
                prop_assert_eq!(parse(&text, None, order), Ok(DateRead { date, assumed: false }), "{}", text);
            }
        }
    }
}
