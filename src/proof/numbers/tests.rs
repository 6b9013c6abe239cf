use super::*;

fn shown(text: &str) -> Vec<(NumberClass, String)> {
    let show = |number: Number| (number.class, text[number.range].to_owned());
    numbers(text).into_iter().map(show).collect()
}

fn figures_of(text: &str) -> Vec<String> {
    shown(text).into_iter().filter(|(class, _)| *class == NumberClass::Figure).map(|(_, text)| text).collect()
}

fn amount(text: &str) -> Amount {
    match &numbers(text)[0].value {
        NumberValue::Amount(amount) => *amount,
        NumberValue::Text(other) => panic!("{other}"),
    }
}

#[test]
fn figures_are_told_from_what_is_numbered() {
    for (text, figures) in [
        ("发现问题33个，其中现场整改１７个、限期整改十六个", &["33", "１７", "十六"][..]),
        ("整改率81.3%，同比下降三点五个百分点", &["81.3%", "三点五个百分点"]),
        ("百分之八十二点五，1,234件，1.2万元", &["百分之八十二点五", "1,234", "1.2万"]),
        ("点位80余个，近90个，约100个", &["80余", "近90", "约100"]),
        ("一、总体情况", &[]),
        ("（一）过筛式督查3次", &["3"]),
        ("1. 隔离酒店23个", &["23"]),
        ("2021年8月20日，8月20日，二〇二一年八月二十日，10:30", &[]),
        ("郑东督〔2021〕16号，第十五期，第16期", &[]),
        ("电话0371-65678900，13912345678，WT-001，A-05，4th Avenue", &[]),
        ("第三条第二款，附件2，图1", &[]),
        ("附件：1.问题台账 2.统计表", &[]),
        ("附件3个，报表12份，见图3", &["3", "12"]),
        ("There were 33. Of these 4", &["33", "4"]),
        ("举一反三，统一部署，进一步，一把手，双随机、一公开", &[]),
        ("25 issues at 8 units (60.0%), as of June 14, 2024, No. 1", &["25", "8", "60.0%"]),
        ("3.1 Millbrook Catering Ltd (1)", &["1"]),
        ("63%～68%", &["63%", "68%"]),
        ("两个单位，三十三个问题", &["两", "三十三"]),
    ] {
        assert_eq!(figures_of(text), figures, "{text}: {:?}", shown(text));
    }
}

#[test]
fn one_number_in_any_spelling_is_the_same() {
    for (one, other) in [
        ("33", "三十三个"),
        ("33", "３３"),
        ("1234", "1,234"),
        ("81.3%", "百分之八十一点三"),
        ("81%", "81.3%"),
        ("80余", "83"),
        ("约80", "83"),
        ("12000", "1.2万"),
    ] {
        assert!(amount(one).fits(&amount(other)), "{one} {other}");
    }
    for (one, other) in [
        ("33", "35"),
        ("81.3%", "81.2%"),
        ("81.3%", "81%"),
        ("80余", "93"),
        ("80余", "80"),
        ("33", "33%"),
        ("近80", "83"),
        ("83", "80余"),
    ] {
        assert!(!amount(one).fits(&amount(other)), "{one} {other}");
    }
}

#[test]
fn dates_and_numbers_of_documents_have_one_spelling() {
    let same = |one: &str, other: &str| numbers(one)[0].says(&numbers(other)[0]);
    assert!(same("2021年8月20日", "二〇二一年八月二十日"));
    assert!(same("8月20日", "2021-08-20"));
    assert!(same("14 June 2024", "June 14, 2024"));
    assert!(same("第16期", "第十六期"));
    assert!(same("〔2021〕3号", "[2021]3号"));
    assert!(!same("8月20日", "8月21日"));
    assert!(!same("3月", "3日") && !same("10:30", "10月30日") && same("2021年8月", "8月"));
    assert!(!same("〔2021〕3号", "〔2021〕4号"));
}
