//! The texts of the built-in kinds: what they say of little, and of nothing.

use std::sync::Arc;

use serde_json::{Value, json};

use super::definition::Template;
use super::*;
use crate::dataset::{Data, Lists, Record, Request, document_record};
use crate::fault::Faults;
use crate::model::Field;
use crate::place::SourceId;
use crate::project::Project;
use crate::source::Sources;
use crate::words::lang::Lang;

fn map(value: &Value) -> Record {
    value.as_object().unwrap().clone()
}

/// An issue with nothing but what every log has.
fn bare(id: &str, more: &Value) -> Record {
    let mut record = map(&json!({
        "id": id, "file": "a.csv", "line": 2, "found_on": "2021-08-10", "unit": "贾陈社区", "category": ["消防安全"],
        "description": "通道堵塞。", "disposition": "deadline",
    }));
    record.extend(map(more));
    record
}

fn letter(number: &str, kind: &str, date: &str, status: &str) -> Record {
    let document = json!({"number": number, "series": kind, "kind": kind, "year": 2021, "n": 1, "date": date,
        "title": "函", "unit": "贾陈社区", "status": status, "issues": ["A-1"]});
    document_record(&document, 1)
}

fn late() -> Value {
    json!({"deadline": "2021-08-15"})
}

fn project() -> Project {
    let mut project = Project::default();
    project.office.name = "督查室".to_owned();
    project.office.signature = "督查室".to_owned();
    project.vocabularies.of_mut(Field::Unit).add("贾陈社区", []);
    project
}

fn built_in(name: &str) -> Kind {
    load(&Project::default(), name, &mut Sources::default(), &mut Faults::default()).unwrap()
}

/// The documents of a kind in a language, before they are rendered.
fn drafts(name: &str, lang: Lang, project: &Project, issues: &[Record], documents: &[Record]) -> Vec<Data> {
    let records = Lists { issues: issues.to_vec(), documents: documents.to_vec(), ..Lists::default() };
    let as_of = project.as_of("2021-08-20".parse().unwrap());
    let request = Request::new(lang, as_of);
    built_in(name).documents(project, records.into(), &request)
}

fn text(name: &str, data: &Data) -> String {
    let rendered = render(&built_in(name), data, Lang::En).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    // As it is read: without the escapes.
    rendered.markdown.replace("&#45;", "-").replace("&#46;", ".").replace("&#40;", "(").replace("&#41;", ")")
}

fn one(name: &str, lang: Lang, issues: &[Record], documents: &[Record]) -> String {
    text(name, &drafts(name, lang, &project(), issues, documents)[0])
}

#[test]
fn a_letter_quotes_those_before_it_that_stand() {
    let documents = [
        letter("第3期", "bulletin", "2021-08-11", "dispatched"),
        letter("督提〔2021〕7号", "reminder", "2021-08-16", "dispatched"),
        letter("督提〔2021〕8号", "reminder", "2021-08-17", "void"),
    ];
    let got = one("supervision", Lang::Zh, &[bare("A-1", &late())], &documents);
    let wanted = "1. 通道堵塞（编号A-1）。期限2021年8月15日，已逾期5天。\
                  此前文书：监督检查通报（第3期，8月11日）、工作提醒函（督提〔2021〕7号，8月16日）。";
    assert!(got.contains(wanted), "{got}");
    assert!(got.contains("你单位有下列问题1个尚未整改到位，已逾期5天。"), "{got}");
    let english = one("supervision", Lang::En, &[bare("A-1", &late())], &documents);
    assert!(
        english.contains("Written before: 第3期 of 11 August 2021, 督提〔2021〕7号 of 16 August 2021."),
        "{english}"
    );
    let never = one("supervision", Lang::Zh, &[bare("A-1", &late())], &[]);
    assert!(!never.contains("此前文书"), "{never}");
}

#[test]
fn what_the_ladder_called_for_is_listed_whatever_its_standing() {
    let issues = [bare("A-1", &late()), bare("A-2", &json!({"deadline": "2021-08-25"}))];
    for (name, own, called) in [
        ("supervision", "下列问题1个尚未整改到位，已逾期5天。", "下列问题2个尚未整改到位，其中逾期1个，最长逾期5天。"),
        ("interview", "下列问题1个逾期未整改。", "下列问题2个尚未整改到位，其中逾期1个。"),
    ] {
        let mut data = drafts(name, Lang::Zh, &project(), &issues, &[]).remove(0);
        let alone = text(name, &data);
        assert!(alone.contains(own) && !alone.contains("A-2"), "{alone}");
        data.called = true;
        let both = text(name, &data);
        assert!(both.contains(called) && both.contains("A-2"), "{both}");
    }
}

#[test]
fn an_office_writes_to_its_peers_with_another_word() {
    let mut project = project();
    project.office.address = crate::project::Address::Peer;
    for name in ["supervision", "interview"] {
        let got = text(name, &drafts(name, Lang::Zh, &project, &[bare("A-1", &late())], &[])[0]);
        assert!(got.contains("贵单位") && !got.contains("你单位"), "{got}");
    }
}

#[test]
fn what_is_asked_for_is_a_blank_in_a_draft_and_nothing_without_one() {
    let kind = built_in("interview");
    let mut data = drafts("interview", Lang::Zh, &project(), &[bare("A-1", &late())], &[]).remove(0);
    let keys = |data: &Data| kind.missing(data).iter().map(|ask| ask.key.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&data), "time place by");
    let got = text("interview", &data);
    assert!(got.contains("约谈时间：〔待填：约谈时间〕") && got.contains("请携带书面整改情况说明"), "{got}");
    assert!(got.contains("约谈对象：贾陈社区主要负责人\n"), "{got}");
    for (key, value) in [("time", "8月23日9时"), ("place", "二楼会议室"), ("by", " "), ("persons", "甲、乙")]
    {
        data.set.insert(key.to_owned(), value.to_owned());
    }
    assert_eq!(keys(&data), "by", "blanks are no answer");
    let got = text("interview", &data);
    assert!(got.contains("约谈时间：8月23日9时") && got.contains("约谈对象：贾陈社区甲、乙（共2人）"), "{got}");
    let sent = data.numbered("督约〔2021〕1号", 1, 2021);
    assert!(matches!(render(&kind, &sent, Lang::En), Err(RenderError::Template(_))), "nothing is sent with a blank");
}

#[test]
fn keys_of_a_kind_are_those_asked_for_and_those_its_templates_name() {
    let mut kind = built_in("supervision");
    assert_eq!(kind.set_keys(), ["copy_to", "signed_by", "post"]);
    kind.templates.push(Template {
        lang: Lang::Zh,
        source: SourceId(0),
        text: "---\ntitle: '{{ set.topic }}'\n---\n{% if set.extra %}{{ set.topic }}{% endif %}set.no".to_owned(),
        is_form: false,
    });
    assert_eq!(kind.set_keys(), ["copy_to", "signed_by", "post", "topic", "extra"]);
}

/// A day of another year is told from one of this; no day, id or number runs into the number of a list.
#[test]
fn days_of_several_years_are_told_apart_and_lists_begin_with_words() {
    let issues = [
        bare("47", &json!({"found_on": "2020-08-10", "deadline": "2020-09-01"})),
        bare("48", &json!({"found_on": "2021-08-10", "deadline": "2021-08-15"})),
    ];
    for (lang, before, now) in
        [(Lang::Zh, "2020年8月10日发现", "（8月10日发现"), (Lang::En, "found 10 August 2020", "(found 10 August,")]
    {
        let got = one("bulletin", lang, &issues, &[]);
        assert!(got.contains(before) && got.contains(now), "{got}");
        for name in built_in::NAMES {
            let Some(data) = drafts(name, lang, &project(), &issues, &[]).into_iter().next() else { continue };
            let got = text(name, &data);
            let numbered = |line: &str| {
                let rest = line.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(". ");
                rest.is_some_and(|rest| {
                    line.starts_with(|c: char| c.is_ascii_digit()) && rest.starts_with(|c: char| c.is_ascii_digit())
                })
            };
            assert!(!got.lines().any(numbered), "{name} {lang}:\n{got}");
        }
    }
}

/// Two marks where one belongs, or a clause that ends in nothing.
const SLIPS: [&str; 28] = [
    "改0个",
    "发现0个",
    "率0.0",
    "(0.0",
    " 0 rect",
    ", 0 ",
    "，，",
    "。。",
    "，。",
    "；。",
    "。；",
    "。，",
    "。（",
    "：。",
    "、。",
    "（）",
    "，\n",
    "个个",
    "于前",
    "：\n\n（",
    ", ,",
    ". .",
    "  .",
    " ,",
    "..",
    ";.",
    "()",
    " .",
];

#[test]
fn no_sentence_reads_wrong_on_little_or_much() {
    let full = json!({
        "deadline": "2021-08-15", "site": "一号点位", "source": "superior", "demand": "立即清理。", "basis": "消防法第二十八条",
        "progress": "正在清理。", "team": "第一专班", "co_units": ["物业", "消防站"], "assigned_on": "2021-08-10",
    });
    let soon = json!({"deadline": "2021-08-22", "team": "第二专班"});
    let nothing = map(&json!({"id": "A-9", "file": "a.csv", "line": 9, "unit": "贾陈社区", "disposition": "deadline"}));
    let documents = [letter("第3期", "bulletin", "2021-08-11", "dispatched")];
    let cases: [&[Record]; 7] = [
        &[],
        &[bare("A-1", &full)],
        &[bare("A-1", &late())],
        &[bare("A-1", &soon)],
        &[bare("A-1", &json!({}))],
        std::slice::from_ref(&nothing),
        &[bare("A-1", &full), bare("A-2", &late()), bare("A-3", &soon), bare("A-4", &json!({})), nothing.clone()],
    ];
    for name in built_in::NAMES {
        for (lang, issues, called) in Lang::ALL
            .iter()
            .flat_map(|lang| cases.iter().flat_map(move |issues| [(*lang, *issues, false), (*lang, *issues, true)]))
        {
            let mut kind = built_in(name);
            if called {
                kind.config.select.clear();
            }
            for mut project in [Project::default(), project()] {
                project.vocabularies.of_mut(Field::Unit).add("贾陈社区", []);
                let records = Lists { issues: issues.to_vec(), documents: documents.to_vec(), ..Lists::default() };
                let as_of = project.as_of("2021-08-20".parse().unwrap());
                let request = Request::new(lang, as_of);
                for data in kind.documents(&project, records.into(), &request) {
                    let data = Data { called, ..data };
                    let got = text(name, &data);
                    for slip in SLIPS {
                        assert!(!got.contains(slip), "{name} {lang} {} has {slip:?}:\n{got}", issues.len());
                    }
                }
            }
        }
    }
}

#[test]
fn a_rectification_notice_names_what_is_to_be_put_right_by_a_date_and_nothing_else() {
    let advice = json!({"disposition": "advised"});
    let issues = [bare("A-1", &json!({"deadline": "2021-08-25"})), bare("A-2", &advice)];
    let got = one("rectification", Lang::Zh, &issues, &[]);
    assert!(got.contains("存在以下问题：") && got.contains("现要求你单位于2021年8月25日前整改完毕。"), "{got}");
    assert!(!got.contains("A-2"), "{got}");
    assert!(drafts("rectification", Lang::Zh, &project(), &issues[1..], &[]).is_empty());
    let several = [
        bare("A-1", &late()),
        bare("A-2", &json!({"deadline": "2021-08-25"})),
        bare("A-3", &json!({"deadline": "2021-08-26", "disposition": "staged"})),
        bare("A-4", &json!({})),
    ];
    let got = one("rectification", Lang::Zh, &several, &[]);
    let wanted =
        "现要求你单位按所列期限整改完毕，其中已逾期的1个立即整改完毕，未列期限的1个于2021年8月27日前整改完毕。";
    assert!(got.contains("以下4个问题") && got.contains(wanted), "{got}");
}

#[test]
fn an_assignment_names_those_who_take_part_and_gives_a_limit_to_what_has_none() {
    let joint = bare("A-1", &json!({"co_units": ["物业公司", "消防站"], "deadline": "2021-08-25"}));
    let got = one("assignment", Lang::Zh, &[joint, bare("A-2", &json!({}))], &[]);
    for wanted in [
        "现将下列问题2个交你单位办理",
        "配合单位：物业公司、消防站。",
        "未列时限的于2021年8月27日前办结",
        "由你单位牵头办理",
    ] {
        assert!(got.contains(wanted), "{wanted}: {got}");
    }
    let got = one("assignment", Lang::Zh, &[bare("A-2", &json!({}))], &[]);
    assert!(got.contains("明确责任人和措施，于2021年8月27日前办结。") && !got.contains("牵头"), "{got}");
}

#[test]
fn a_briefing_speaks_of_its_day_and_counts_up_to_it() {
    let issues = [
        bare("A-1", &json!({"found_on": "2021-08-19", "rectified_on": "2021-08-20"})),
        bare("A-2", &json!({"found_on": "2021-08-20", "deadline": "2021-08-22"})),
        bare("A-3", &json!({"found_on": "2021-08-21"})),
    ];
    let got = one("briefing", Lang::Zh, &issues, &[]);
    for wanted in [
        "2021年8月20日，督查室开展监督检查，发现问题1个，涉及单位1个。",
        "累计发现问题2个，已整改1个，整改率50.0&#37;，未整改1个，其中近期到期1个。当日整改到位1个。",
    ] {
        assert!(got.contains(wanted), "{wanted}: {got}");
    }
    assert!(!got.contains("A-3") && !got.contains("发文情况"), "{got}");
    let behind = one("briefing", Lang::Zh, &[bare("A-1", &late())], &[]);
    assert!(behind.contains("累计发现问题1个，未整改，已逾期。"), "{behind}");
    let quiet = one("briefing", Lang::Zh, &issues[..1], &[]);
    assert!(quiet.contains("督查室未开展督查。") && quiet.contains("已全部整改到位。"), "{quiet}");
    let sent = one("briefing", Lang::Zh, &issues, &[letter("一", "reminder", "2021-08-20", "dispatched")]);
    assert!(sent.contains("印发工作提醒函1份。"), "{sent}");
}

#[test]
fn a_contact_card_has_the_columns_that_somebody_fills_and_one_group_if_asked() {
    let unit = |name: &str, more: &Value| {
        let mut record = map(&json!({"name": name}));
        record.extend(map(more));
        record
    };
    let card = |units: Vec<Record>, set: &[(&str, &str)]| {
        let mut data = drafts("contact-card", Lang::Zh, &project(), &[], &[]).remove(0);
        data.records = Arc::new(Lists { units, ..Lists::default() }.into());
        data.set = set.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        text("contact-card", &data)
    };
    let units = vec![unit("贾陈社区", &json!({"head": "赵某某", "group": "社区"})), unit("卫健局", &json!({}))];
    let got = card(units.clone(), &[("phone", "值班室甲")]);
    assert!(got.contains("| 单位 | 负责人 |\n| --- | --- |\n| 贾陈社区 | 赵某某 |\n| 卫健局 |  |"), "{got}");
    assert!(got.contains("值班电话：值班室甲") && !got.contains("联系方式 |"), "{got}");
    let one = card(units, &[("group", "社区")]);
    assert!(one.contains("贾陈社区") && !one.contains("卫健局"), "{one}");
    let none = card(Vec::new(), &[]);
    assert!(!none.contains('|') && none.trim().ends_with("联系方式：＿＿＿＿＿＿＿＿"), "{none}");
}

#[test]
fn a_bulletin_that_the_ladder_calls_for_says_nothing_of_inspections() {
    let issues = [bare("A-1", &late())];
    let documents = [letter("督约〔2021〕1号", "interview", "2021-08-17", "dispatched")];
    let mut data = drafts("bulletin", Lang::Zh, &project(), &issues, &documents).remove(0);
    data.called = true;
    let rendered = render(&built_in("bulletin"), &data, Lang::En).unwrap();
    assert_eq!(rendered.document.head.title, "关于未按期整改问题的通报");
    let got = text("bulletin", &data);
    for wanted in [
        "下列问题1个未按期整改到位，涉及单位1个。现通报如下。",
        "通道堵塞（8月10日发现，限期整改，期限8月15日）。已逾期5天。此前文书：约谈通知书（督约〔2021〕1号，8月17日）。",
    ] {
        assert!(got.contains(wanted), "{wanted}: {got}");
    }
    assert!(!got.contains("基本情况") && !got.contains("发现问题"), "{got}");
}
