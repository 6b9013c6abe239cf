//! Help, errors of usage and lists are wholly in the language asked for.

use duban::words::lang::Lang;

use crate::project::Project;

/// Words that stand for themselves in Chinese: names of formats and programs, what is typed, and canonical keys.
const TYPED: &str = "duban duban.yaml zh en series logs set https yaml JSON json CSV csv XLSX xlsx docx html md pdf ics SARIF sarif LibreOffice XLSForm Schema shell git due page warnings \
                     previous public internal both kind title year number unit date zip WebAssembly duban.wasm PATH CODE figures V101 Q3 W32";

/// The text without the values that an option may have, which are typed as they are.
fn without_values(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('（').enumerate() {
        match part.split_once('）') {
            Some((inner, rest)) if at > 0 => {
                let inner: String = inner.replace("默认", "").replace("也可写作", "").split_whitespace().collect();
                let is_list = inner.split(['、', '；']).all(str::is_ascii);
                out.push_str(if is_list { "" } else { &inner });
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out
}

/// Runs of Latin letters that are neither typed nor a name.
fn english(text: &str, typed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for line in without_values(text).lines() {
        let mut before = ' ';
        let mut word = String::new();
        for c in line.chars().chain([' ']) {
            if c.is_ascii_alphanumeric() || c == '_' || !word.is_empty() && (c == '-' || c == '.') {
                word.push(c);
                continue;
            }
            let whole = word.trim_end_matches(['.', '-']);
            let is_word = whole.chars().filter(char::is_ascii_alphabetic).count() > 1;
            let is_typed = matches!(before, '-' | '{' | '.' | '`' | '/' | '<' | '=' | '|' | ',') && !word.is_empty();
            if is_word && !is_typed && !typed.contains(&whole) && !whole.starts_with(|c: char| c.is_ascii_digit()) {
                found.push(format!("{whole}: {line}"));
            }
            word.clear();
            before = c;
        }
    }
    found
}

/// Whether a text has a Chinese character.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{3000}'..='\u{303f}').contains(&c))
}

/// The commands that a help text lists, by the first word of each line.
fn listed(help: &str, heading: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.trim().split([' ', '，']).next().map(str::to_owned)).collect()
}

/// The help of every command in a language, by its path.
fn helps(project: &Project, lang: &str, heading: &str) -> Vec<(Vec<String>, String)> {
    let mut left: Vec<Vec<String>> = vec![Vec::new()];
    let mut found = Vec::new();
    while let Some(path) = left.pop() {
        let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
        arguments.extend(["--help", "--lang", lang]);
        let help = project.run(&arguments).success().stdout;
        for name in listed(&help, heading).into_iter().filter(|name| name != "help") {
            left.push(path.iter().cloned().chain([name]).collect());
        }
        found.push((path, help));
    }
    found
}

#[test]
fn the_help_of_every_command_is_in_its_language() {
    let project = Project::with(&[]);
    let (chinese, others) = (helps(&project, "zh", "命令："), helps(&project, "en", "Commands:"));
    let paths = |helps: &[(Vec<String>, String)]| helps.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&chinese), paths(&others));
    assert!(chinese.len() >= 23, "{}", chinese.len());
    let names: Vec<String> = chinese.iter().flat_map(|(path, _)| path.clone()).chain(["help".to_owned()]).collect();
    let typed: Vec<&str> = TYPED.split_whitespace().chain(names.iter().map(String::as_str)).collect();
    let mut wrong: Vec<String> = chinese.iter().flat_map(|(_, help)| english(help, &typed)).collect();
    wrong.extend(others.iter().flat_map(|(_, help)| help.lines()).filter(|line| is_chinese(line)).map(str::to_owned));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_page_that_the_manual_names_is_written() {
    let project = Project::with(&[]);
    for lang in ["zh", "en"] {
        project.run(&["man", "-o", &format!("@/{lang}"), "--lang", lang]).success();
        let (mut written, mut named) = (Vec::new(), vec!["duban.1".to_owned()]);
        for entry in std::fs::read_dir(project.path().join(lang)).unwrap() {
            let page = std::fs::read_to_string(entry.as_ref().unwrap().path()).unwrap();
            let others = page.lines().filter_map(|line| line.strip_suffix("(1)"));
            named.extend(others.map(|name| format!("{}.1", name.replace("\\-", "-"))));
            written.push(entry.unwrap().file_name().into_string().unwrap());
        }
        written.sort();
        named.sort();
        assert_eq!(written, named);
        assert!(written.contains(&"duban-register-list.1".to_owned()), "{written:?}");
    }
}

/// Wrong command lines, one for each way of being wrong.
const WRONG: [&[&str]; 16] = [
    &["check", "--unknown"],
    &["check", "--formt", "json"],
    &["check", "--format"],
    &["check", "--format", "xml"],
    &["check", "--max", "many"],
    &["check", "--baseline", "a", "--write-baseline", "b"],
    &["check", "--dry-run"],
    &["-q", "-v", "check"],
    &["check", "-q", "-q"],
    &["draft"],
    &["chek"],
    &["检察"],
    &["register", "lits"],
    &["register", "void", "1"],
    &["schema", "logs"],
    &["tally", "--color", "sometimes"],
];

#[test]
fn errors_of_usage_are_in_their_language() {
    let project = Project::with(&[]);
    let mut wrong = Vec::new();
    for arguments in WRONG {
        let run = |lang: &'static str| {
            let all: Vec<&str> = arguments.iter().copied().chain(["--lang", lang]).collect();
            let run = project.run(&all);
            assert_eq!(run.status, 2, "{arguments:?}");
            run.stderr
        };
        let (zh, en) = (run("zh"), run("en"));
        // What is in backquotes is typed.
        let prose: String = zh.split('`').step_by(2).collect();
        let typed: Vec<&str> = TYPED.split_whitespace().collect();
        wrong.extend(english(&prose, &typed).into_iter().filter(|_| !zh.contains("可以是")));
        if !is_chinese(&zh)
            || en.lines().any(|line| is_chinese(line) && !arguments.iter().any(|typed| is_chinese(typed)))
        {
            wrong.push(format!("{zh}{en}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn lists_are_in_their_language() {
    // The data of the one are Chinese, those of the other English.
    let (of_zh, of_en) = (Project::example("zhengdong-2021"), Project::example("city-food-2024"));
    let mut wrong = Vec::new();
    for arguments in [&["kinds"][..], &["explain"], &["register", "list"], &["calendar", "2021"], &["calendar", "2030"]]
    {
        let typed = "bulletin briefing summary assignment rectification reminder supervision interview correction contact-card ledger zh en";
        let typed: Vec<&str> = TYPED.split_whitespace().chain(typed.split_whitespace()).collect();
        let zh = of_zh.run_lang(Lang::Zh, &[arguments, &["--lang", "zh"]].concat()).success().stdout;
        wrong.extend(english(&zh, &typed));
        let en = of_en.run_lang(Lang::En, &[arguments, &["--lang", "en"]].concat()).success().stdout;
        wrong.extend(en.lines().filter(|line| is_chinese(line)).map(str::to_owned));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn init_asks_for_the_language_once_where_nothing_names_it() {
    let answered = |answer: &'static str, can_ask: bool, knows: bool, more: &[&str]| {
        let project = Project::with(&[]);
        let run = project.run_changed(Lang::En, &[&["init", "new"], more].concat(), &|world| {
            world.knows_locale = knows;
            world.can_ask = can_ask;
            world.stdin = Box::new(answer.as_bytes());
        });
        let config = std::fs::read_to_string(project.path().join("new/duban.yaml")).unwrap_or_default();
        let lang = ["zh", "en"].into_iter().find(|lang| {
            config.lines().any(|line| line == format!("lang: {lang}") || *lang == "zh" && line == "语言: 中文")
        });
        (lang, run.stderr.matches("Which language").count())
    };
    assert_eq!(answered("1\n", true, false, &[]), (Some("zh"), 1));
    assert_eq!(answered("deutsch\nEnglish\n", true, false, &[]), (Some("en"), 2));
    assert_eq!(answered("", true, false, &[]), (None, 1));
    assert_eq!(answered("1\n", true, true, &[]), (Some("en"), 0));
    assert_eq!(answered("1\n", false, false, &[]), (Some("en"), 0));
    assert_eq!(answered("2\n", true, false, &["--lang", "zh"]), (Some("zh"), 0));
}
