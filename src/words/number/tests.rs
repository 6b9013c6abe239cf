use proptest::prelude::*;

use super::*;

#[test]
fn full_width_is_narrowed_and_the_rest_borrowed() {
    assert_eq!(narrow("２０２１－０８　Ａ～"), "2021-08 A~");
    assert!(matches!(narrow("2021年、。"), Cow::Borrowed(_)));
}

#[test]
fn chinese_numbers_are_written_as_on_paper() {
    for (n, wanted) in [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (28, "二十八"),
        (100, "一百"),
        (103, "一百零三"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (1_010, "一千零一十"),
        (1_001, "一千零一"),
        (10_010, "一万零一十"),
        (12_000, "一万二千"),
        (100_000, "十万"),
        (10_000_000, "一千万"),
        (100_000_001, "一亿零一"),
        (120_003_400, "一亿二千万三千四百"),
    ] {
        assert_eq!(to_cn(n), wanted);
        assert_eq!(parse(wanted), Some(n), "{wanted}");
    }
}

#[test]
fn every_number_under_ten_thousand_reads_back() {
    for n in 0..=9_999 {
        assert_eq!(parse(&to_cn(n)), Some(n));
        assert_eq!(parse(&n.to_string()), Some(n));
    }
}

#[test]
fn numbers_are_read_in_every_spelling() {
    for (text, wanted) in [
        (" 15 ", Some(15)),
        ("１５", Some(15)),
        ("007", Some(7)),
        ("1,234", Some(1_234)),
        ("1,234,567", Some(1_234_567)),
        ("1,23", None),
        ("1234,567", None),
        ("两", Some(2)),
        ("两百", Some(200)),
        ("一十五", Some(15)),
        ("一百十五", Some(115)),
        ("二〇二一", Some(2021)),
        ("二零二一", Some(2021)),
        ("二○二一", Some(2021)),
        ("〇五", Some(5)),
        ("〇", Some(0)),
        ("3万", Some(30_000)),
        ("十二万", Some(120_000)),
        ("一万零五", Some(10_005)),
        ("一万五", None),
        ("一百五", None),
        ("一百百", None),
        ("十百", None),
        ("五十六十", None),
        ("一百零", None),
        ("百", None),
        ("万", None),
        ("-3", None),
        ("3.5", None),
        ("3个", None),
        ("99999999999999999999", None),
        ("九亿亿亿亿亿", None),
        ("", None),
    ] {
        assert_eq!(parse(text), wanted, "{text:?}");
    }
}

#[test]
fn about_never_says_more_than_there_are() {
    for (n, zh, en) in [
        (0, "0", "0"),
        (7, "7", "7"),
        (10, "10", "10"),
        (83, "80余", "more than 80"),
        (80, "80", "80"),
        (999, "990余", "more than 990"),
        (1_000, "1000", "1000"),
        (1_234, "1200余", "more than 1200"),
    ] {
        assert_eq!(about(n), zh);
        assert_eq!(about_en(n), en);
    }
}

#[test]
fn percentages_round_half_up() {
    for (part, whole, decimals, wanted) in [
        (17, 33, 1, "51.5%"),
        (1, 3, 2, "33.33%"),
        (2, 3, 0, "67%"),
        (1, 8, 1, "12.5%"),
        (1, 8, 0, "13%"),
        (1, 2_000, 1, "0.1%"),
        (2_499, 2_500, 1, "99.9%"),
        (1, 2_500, 1, "0.1%"),
        (999, 1_000, 0, "99%"),
        (0, 5, 1, "0.0%"),
        (5, 5, 0, "100%"),
        (6, 5, 0, "120%"),
        (u64::MAX, 1, 99, "1844674407370955161500.000000000000%"),
    ] {
        assert_eq!(percent(part, whole, decimals).as_deref(), Some(wanted));
    }
    assert_eq!(percent(0, 0, 1), None);
}

#[test]
fn shares_add_up() {
    assert_eq!(shares(&[1, 1, 1], 0), ["34%", "33%", "33%"]);
    assert_eq!(shares(&[17, 16], 1), ["51.5%", "48.5%"]);
    assert_eq!(shares(&[0, 0], 1), ["0.0%", "0.0%"]);
    assert_eq!(shares(&[], 1), Vec::<String>::new());
}

proptest! {
    #[test]
    fn any_number_reads_back_from_chinese(n: u64) {
        prop_assert_eq!(parse(&to_cn(n)), Some(n));
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*", cn in "[零〇一二两十百千万亿3,]{0,12}") {
        let _ = parse(&text);
        let _ = parse(&cn);
    }

    #[test]
    fn shares_of_any_parts_add_up_to_a_hundred(
        parts in prop::collection::vec(0_u64..1_000, 1..20),
        decimals in 0_usize..4,
    ) {
        prop_assume!(parts.iter().any(|part| *part > 0));
        let sum: u128 = shares(&parts, decimals)
            .iter()
            .map(|share| share.replace(['.', '%'], "").parse::<u128>().unwrap())
            .sum();
        prop_assert_eq!(sum, hundred(decimals));
    }
}
