//! `duban.yaml` in Chinese: every key and word of a list has a Chinese name, and means the same by it.

use std::path::{Path, PathBuf};

use duban::fault::Faults;
use duban::place::SourceId;
use duban::project::config::parse;
use duban::project::keys::{ConfigKey, label};
use duban::words::lang::Lang;
use serde_json::{Map, Value, json};

use crate::project::Project;

/// The config with the names of its keys in a language.
fn in_language(value: &Value, path: &[&str], lang: Lang) -> Value {
    match value {
        Value::Object(pairs) => {
            let translated = pairs.iter().map(|(key, value)| {
                let here: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
                (label(&here, lang).to_owned(), in_language(value, &here, lang))
            });
            Value::Object(translated.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| in_language(item, path, lang)).collect(),
        other => other.clone(),
    }
}

/// What is read of a config, without the lines on which it stands and the language of its keys.
fn read(text: &str) -> (String, Vec<String>) {
    let mut faults = Faults::default();
    let mut project = parse(SourceId(0), text, &mut faults);
    project.keys = Lang::En;
    let debug = format!("{project:?}");
    let mut parts = debug.split("line: ");
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        read.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    (read, faults.sorted().iter().map(|fault| format!("{fault:?}")).collect())
}

/// The texts from a little before where they differ.
fn first_difference(found: &str, wanted: &str) -> String {
    let same = found.chars().zip(wanted.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| text.chars().skip(same.saturating_sub(80)).take(160).collect::<String>();
    format!("{} | {}", around(found), around(wanted))
}

/// The configs of the repository.
pub(crate) fn configs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = ["examples", "tests", "src/cli/init"].map(|name| root.join(name)).to_vec();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "duban.yaml") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn every_config_says_the_same_with_chinese_keys() {
    let schema: Value = Project::with(&[]).run(&["schema", "config"]).success().json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut translated = 0;
    for path in configs() {
        let text = std::fs::read_to_string(&path).unwrap();
        let value: Value = serde_saphyr::from_str(&text).unwrap();
        let english = in_language(&value, &[], Lang::En);
        let chinese = in_language(&value, &[], Lang::Zh);
        translated += usize::from(english != chinese);
        let (wanted, faults) = read(&english.to_string());
        let (found, others) = read(&chinese.to_string());
        assert_eq!(others, faults, "{}", path.display());
        assert!(found == wanted, "{}: {}", path.display(), first_difference(&found, &wanted));
        for value in [&value, &chinese] {
            let fault = schema.validate(value).err().map(|error| error.to_string());
            assert_eq!(fault, None, "{} {value}", path.display());
        }
    }
    assert!(translated >= 14, "{translated}");
}

#[test]
fn a_config_in_chinese_is_read() {
    let chinese = "语言: 英式英文\n发文机关: {名称: 甲, 称呼: 平级}\n台账: [logs, {最新: 'a*.csv'}]\n单位: [{名称: 乙, 别名: [丙], 分组: 街道}]\n\
                   列: {单位: [承办部门]}\n取值: {整改方式: {立行立改: [马上就改], 限期整改: [限改]}}\n默认值: {整改方式: 限期整改}\n\
                   日期: {顺序: 日月年}\n日历: 周一至周五\n临期天数: {天数: 5, 按工作日: 是}\n纸张: 美式信纸\n\
                   督办层级: [{文种: reminder, 临期: 3天}, {文种: supervision, 逾期: 1天}]\n红黑榜: {黑榜: {逾期整改: '>=2'}}\n\
                   字号: {bulletin: {编号: '第{n}期', 重编: 从不, 起始: 3}}\n维度: {问题类别: 单值}\n规则: {V101: 警告, V117: 不查}\n\
                   公开版: {隐名写法: 按字数, 普通人员: 略去, 单位: 隐名, 照片: 显示, 角色: {备注: 公开, 责任人: 不公开}}\n\
                   等式: [{名称: 和, 左边: {月份: 2021-08, 临期: 是}, 右边: {未整改: 否}}]\n";
    let english = "lang: en-GB\noffice: {name: 甲, address: peer}\nlogs: [logs, {latest: 'a*.csv'}]\nunits: [{name: 乙, aliases: [丙], group: 街道}]\n\
                   columns: {unit: [承办部门]}\nvalues: {disposition: {immediate: [马上就改], deadline: [限改]}}\ndefaults: {disposition: 限期整改}\n\
                   dates: {order: dmy}\ncalendar: weekdays\ndue_soon_days: {days: 5, working: true}\npaper: letter\n\
                   ladder: [{rung: reminder, due_within: 3天}, {rung: supervision, overdue: 1天}]\nrankings: {black: {late: '>=2'}}\n\
                   series: {bulletin: {number: '第{n}期', reset: never, start: 3}}\ndimensions: {category: partition}\nrules: {V101: warning, V117: off}\n\
                   privacy: {names: by_length, public_person: omit, unit: mask, pictures: show, roles: {note: open, responsible: private}}\n\
                   identities: [{name: 和, left: {month: 2021-08, due_soon: 'yes'}, right: {open: 'no'}}]\n";
    let (wanted, faults) = read(english);
    assert_eq!(faults, Vec::<String>::new());
    let (found, others) = read(chinese);
    assert_eq!(others, faults);
    assert!(found == wanted, "{}", first_difference(&found, &wanted));
}

#[test]
fn a_key_in_both_languages_is_a_fault_that_tells_both_places() {
    for text in [
        "units: [甲]\n单位: [乙]\n",
        "office:\n  name: 甲\n  名称: 乙\n",
        "columns:\n  unit: [a]\n  责任单位: [b]\n",
        "values:\n  disposition:\n    immediate: [a]\n    立行立改: [b]\n",
        "rules:\n  V101: off\n  bad-date: error\n",
        "privacy:\n  roles:\n    note: open\n    备注: private\n",
        "identities:\n- name: a\n  right: {open: 'no'}\n  left:\n    unit: 甲\n    责任单位: 乙\n",
    ] {
        let project = Project::with(&[("duban.yaml", text)]);
        let run = project.run(&["tally", "--lang", "zh"]);
        let name = text.lines().last().unwrap();
        assert!(run.status == 2 && run.stderr.contains("出现了两次"), "{name}: {}", run.stderr);
        let first = text.lines().count() - 1;
        assert!(run.stderr.contains(&format!("第 {first} 行")), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_misspelt_chinese_key_or_word_is_told_with_the_one_meant() {
    for (text, near) in [
        ("单立: [甲]", "单位"),
        ("发文机关: {名字称: 甲}", "名称"),
        ("列: {责任单立: [a]}", "责任单位"),
        ("字号: {bulletin: {编号: '第{n}期', 重编: 从来不}}", "从不"),
        ("规则: {V101: 警示}", "警告"),
        ("unist: [甲]", "units"),
    ] {
        let run = Project::with(&[("duban.yaml", text)]).run(&["tally", "--lang", "zh"]);
        assert!(run.status == 2 && run.stderr.contains(&format!("是否指“{near}”")), "{text}: {}", run.stderr);
    }
}

/// Every key of the table is used by the reader: one that it does not know would be passed over in silence.
#[test]
fn every_key_is_named_in_the_schema_with_its_other_name() {
    let schema: Value = Project::with(&[]).run(&["schema", "config"]).success().json();
    let properties = schema["properties"].as_object().unwrap();
    for ConfigKey { key, zh, .. } in duban::project::keys::CONFIG {
        assert!(properties.contains_key(*key), "{key}");
        assert!(zh.is_empty() || properties[*zh] == properties[*key], "{zh}");
    }
    assert_eq!(schema["additionalProperties"], json!(false));
}

const LOG: &str = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限\n\
                   A-1,2021-08-02,甲社区,消防安全,通道堵塞,限期整改,2021-08-10\n";

#[test]
fn kinds_are_named_as_people_call_them() {
    let config =
        "单位: [甲社区]\n台账: [log.csv]\n督办层级: [{文种: 督办函, 逾期: 1天}]\n字号: {督办函: {编号: '督{n}'}}\n";
    let project = Project::with(&[("duban.yaml", config), ("log.csv", LOG)]);
    let run = project.run(&["draft", "通报", "--to", "md"]).success();
    assert!(run.stdout.contains("bulletin"), "{}", run.stdout);
    let due = project.run(&["draft", "催办", "--to", "md"]).success();
    assert!(due.stdout.contains("supervision"), "{}", due.stdout);
    project.run(&["dispatch", "督办函", "--to", "md"]).success();
    let register = project.run(&["register", "--format", "json", "--lang", "en"]).success().stdout;
    assert!(register.contains("\"kind\": \"supervision\"") && register.contains("督1"), "{register}");
    project.run(&["kinds", "check", "通报", "提醒函"]).success();
    let unknown = project.run(&["draft", "通抱", "--lang", "zh"]);
    assert!(unknown.status == 2 && unknown.stderr.contains("是否指 `通报`"), "{}", unknown.stderr);

    let project = Project::with(&[
        ("duban.yaml", config),
        ("log.csv", LOG),
        ("report-templates/monthly/kind.yaml", "title: {zh: 通报, en: Monthly}\n"),
        ("report-templates/monthly/zh.md", "# 通报\n"),
        ("report-templates/chase/kind.yaml", "title: {zh: 催办, en: Chasing}\n"),
        ("report-templates/chase/zh.md", "# 催办\n"),
    ]);
    for (kind, candidates) in [("通报", ["bulletin", "monthly"]), ("催办", ["due", "chase"])] {
        let run = project.run(&["draft", kind, "--lang", "zh"]);
        assert!(run.status == 2 && candidates.iter().all(|name| run.stderr.contains(name)), "{}", run.stderr);
    }
    project.run(&["draft", "monthly", "--to", "md"]).success();
}

#[test]
fn earlier_documents_are_imported_under_the_names_of_kinds() {
    let csv = "series,kind,n,date,title\n通报,通报,3,2021-07-01,第3期\n";
    let project = Project::with(&[("duban.yaml", "字号: {通报: {编号: '第{n}期', 重编: 从不}}\n"), ("old.csv", csv)]);
    project.run(&["register", "import", "@/old.csv"]).success();
    let register = project.run(&["register", "--format", "json"]).success().stdout;
    assert!(register.contains("\"kind\": \"bulletin\"") && register.contains("\"series\": \"bulletin\""), "{register}");
}

#[test]
fn a_year_is_taken_into_a_chinese_config_in_its_language() {
    let csv = "date,kind,name\n2031-01-01,off,元旦\n";
    let project = Project::with(&[("duban.yaml", "语言: 中文\n单位: [甲]\n"), ("2031.csv", csv)]);
    project.run(&["calendar", "--import", "@/2031.csv"]).success();
    let text = std::fs::read_to_string(project.path().join("duban.yaml")).unwrap();
    assert!(text.ends_with("日历: {文件: calendar.csv}\n"), "{text}");
}

#[test]
fn the_documentation_lists_every_key_in_both_languages() {
    for (page, is_chinese) in [("docs/config.md", false), ("docs/config.zh-CN.md", true)] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        for ConfigKey { key, zh, .. } in duban::project::keys::CONFIG {
            let row = if is_chinese { format!("| `{zh}` | `{key}` |") } else { format!("| `{key}` | `{zh}` |") };
            assert!(zh.is_empty() || text.contains(&row), "{page}: {row}");
        }
        // What the page shows is read without a fault.
        let shown = text.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        assert_eq!(read(shown).1, Vec::<String>::new(), "{page}");
    }
}
