//! Help in Chinese: one table for commands and one for arguments. The English help is in the doc comments of `args`; a
//! test holds the tables complete.

use std::ffi::OsString;
use std::str::FromStr;

use clap::{Arg, ArgAction, Command};

use crate::document::text::columns;
use crate::fault::emit;
use crate::words::lang::Lang;

/// What each command does.
const COMMANDS: &[(&str, &str)] = &[
    ("init", "新建项目，开箱即可运行"),
    ("check", "检查台账，指出每一处问题"),
    ("tally", "统计问题"),
    ("page", "给领导看的一页：主要数字、走势、逾期、排名和全部问题"),
    ("merge", "把各处的部分统计加起来"),
    ("due", "列出逾期和临期的问题，以及下一份文书"),
    ("draft", "拟稿：写出文书，不占用文号"),
    ("dispatch", "发文：写出文书，领取文号并登记"),
    ("watch", "在浏览器里看拟稿；台账、模板、配置一有改动就重新生成"),
    ("register", "查看和维护发文登记簿"),
    ("trace", "查看一份文书的各个数字，或某个数字背后的行"),
    ("proof", "校核：把改过的文书中的数字与拟稿、台账对照"),
    ("kinds", "列出文种，或检查其模板"),
    ("calendar", "列出一年的工作日是怎样算的，或从文件录入一年的放假安排"),
    ("explain", "解释一个代码"),
    ("schema", "输出 JSON Schema"),
    ("completions", "输出命令行补全脚本"),
    ("man", "输出手册页"),
    ("list", "列出已发的文号"),
    ("verify", "查找被改动的行、缺号、重号、缺失或被改动的文件"),
    ("void", "作废一个文号，此号不再使用"),
    ("resume", "用原来的文号完成因故障中断的发文"),
    ("import", "从 CSV 录入使用 duban 之前已发的文书"),
    ("help", "显示帮助"),
];

/// What each argument means.
const ARGUMENTS: &[(&str, &str)] = &[
    ("project", "duban.yaml 所在的文件夹；不写则向上查找最近的一个"),
    ("lang", "消息和文书的语言"),
    ("color", "何时使用颜色"),
    ("quiet", "除数据和错误外不输出"),
    ("verbose", "输出更多"),
    ("dir", "文件夹；没有就新建"),
    ("paths", "文件、文件夹、通配符，- 为标准输入；不写则用配置的 logs:"),
    ("watched_paths", "文件、文件夹、通配符；不写则用配置的 logs:"),
    ("input_format", "标准输入的格式"),
    ("sheets", "工作簿里要读的工作表：名称、序号或通配符（可重复）；不写则读像台账的那一张"),
    ("as_of", "统计日；不写则为今天"),
    ("conditions", "只要符合 键=值 的问题（可重复；!= 为不等，多个值用 | 隔开）"),
    ("from", "只要这一天及以后发现的问题"),
    ("until", "只要这一天及以前发现的问题"),
    ("period", "只要 2021-08、2021-W32、2021-Q3 或 2021 发现的问题"),
    ("format", "输出格式"),
    ("partial", "写出部分统计，供 duban merge 相加"),
    ("parts", "duban tally --partial 或 duban merge --partial 写出的文件"),
    ("only", "只查这些代码；V1 表示以此开头的全部（可重复）"),
    ("deny", "把某个代码当作错误，或 warnings 表示全部警告（可重复）"),
    ("allow", "略过某个代码（可重复）"),
    ("against", "与上次提交对照：文件、文件夹，或 git:版本"),
    ("compare", "与上次提交（文件、文件夹、git:版本，或 previous 即上一份）或此前一个时段（2021-07）比较"),
    ("subtotals", "对前面的键给出小计；单位分组与责任单位一起统计时总有"),
    ("annotate", "把台账写回一个工作簿，标出有问题的单元格"),
    ("baseline", "只报告此文件里没有的问题"),
    ("write_baseline", "把现有的全部问题写入文件，供 --baseline 使用"),
    ("fix", "改正台账里机械性的写法：日期、整改方式、括号、全角数字、空白、表头"),
    ("dry_run", "只显示 --fix 会改什么，不改动文件"),
    ("coverage", "指出计划内无人检查的点位"),
    ("max", "最多显示多少处"),
    ("all", "全部未整改的问题，不只是临期和逾期的"),
    ("again", "同样的文书列过的问题也再列入"),
    ("accept", "台账有这个代码的问题也照发，登记簿会记下（可重复）"),
    ("skip_uncertain", "不能确定此前是否发过文书的问题不发，只发其余的（due）"),
    ("same_issue", "这个问题（键）就是与它相近的此前文书所写的问题（可多次）"),
    ("new_issue", "这个问题（键）此前文书没有写过（可多次）"),
    ("together", "另把全部文书合成一个文件，供打印"),
    ("edition", "内部版，略去个人姓名、号码和备注的公开版，或同一文号的两版"),
    ("file_name", "文件名的写法，如 {number}-{unit}；还有 {kind} {title} {year} {n} {date}"),
    ("by", "按这些键分组，如 unit,category 或 month"),
    ("output", "写到这个文件或文件夹"),
    ("kind", "文种，见 duban kinds；或 due：督办层级要求发的全部文书"),
    ("unit", "只为这个单位（可重复）"),
    ("set", "给模板一个值：{{ set.键 }}（可重复）"),
    ("data", "把模板看到的数据输出为 JSON，不写文书"),
    ("from_data", "不读台账，用这个 JSON 生成文书"),
    ("port", "127.0.0.1 上的端口；0 为任一空闲端口；不写则用 8721，已被占用时用任一空闲端口"),
    ("poll", "每秒查看两次文件，用于系统不通知改动的地方（网络盘）"),
    ("document", "文书，或它的 .figures.json"),
    ("final", "改过的文书：.docx、.md、.html 或 .txt"),
    ("draft_figures", "拟稿的 .figures.json，或拟稿；不写则用 FINAL 旁边同名的"),
    ("annotated", "另写一份，在指出的每一处加批注"),
    ("calendar_year", "年份；不写则为今年，录入时则为文件里的各年"),
    ("import", "把这个文件里的放假和调休上班录入项目的日历文件"),
    ("figure", "第几个数字；不写则列出全部"),
    ("number", "文号，如 第16期"),
    ("why", "原因"),
    ("series", "字号序列；同一文号见于几个序列时使用"),
    ("year", "年份；每年重新编号的同一文号"),
    ("file", "CSV：series,kind,year,n,number,date,title,unit,units,issues,after,limit"),
    ("kinds", "文种；不写则全部"),
    ("code", "代码（如 V101）或其名称；不写则列出全部"),
    ("of", "哪一种"),
    ("shell", "哪一种 shell"),
    ("formats", "输出哪些格式，如 docx,html,md；pdf 要用 LibreOffice"),
    ("help", "显示帮助"),
    ("version", "显示版本"),
];

/// The language that `--lang` asks for. Help texts depend on it, so it is read before the command line is parsed.
pub(super) fn wanted_lang(arguments: &[OsString]) -> Option<Lang> {
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        let value = match argument.strip_prefix("--lang") {
            Some("") => arguments.next(),
            Some(rest) => rest.strip_prefix('=').map(|rest| rest.to_owned().into()),
            None => continue,
        };
        return value.and_then(|value| Lang::from_str(&value).ok());
    }
    None
}

/// What stands for a value, in Chinese.
const VALUES: &[(&str, &str)] = &[
    ("DIR", "文件夹"),
    ("PATH", "路径"),
    ("WHEN", "何时"),
    ("FORMAT", "格式"),
    ("FORMAT[,FORMAT]", "格式[,格式]"),
    ("SHEET", "工作表"),
    ("DATE", "日期"),
    ("KEY=VALUE", "键=值"),
    ("KEY", "键"),
    ("KEY[,KEY]", "键[,键]"),
    ("PERIOD", "期间"),
    ("FILE", "文件"),
    ("FILE.ics|json|csv", "文件.ics|json|csv"),
    ("CODE", "代码"),
    ("CODE|warnings", "代码|warnings"),
    ("N", "数"),
    ("OLD", "上次"),
    ("OUT.xlsx", "文件.xlsx"),
    ("OUT.docx", "文件.docx"),
    ("PART", "部分统计"),
    ("YEAR", "年份"),
    ("UNIT", "单位"),
    ("EDITION", "版本"),
    ("PATTERN", "写法"),
    ("PORT", "端口"),
    ("REASON", "原因"),
    ("WHY", "原因"),
    ("KIND", "文种"),
    ("KINDS", "文种"),
    ("DOCUMENT", "文书"),
    ("FINAL", "终稿"),
    ("DRAFT", "拟稿"),
    ("FIGURE", "数字"),
    ("NUMBER", "文号"),
    ("SERIES", "序列"),
    ("SHELL", "shell"),
    ("OF", "哪一种"),
    ("COMMAND", "命令"),
];

/// The most columns of a help text, and those of one that goes to no terminal.
const MOST_COLUMNS: usize = 100;
/// Where the explanations begin at the latest.
const FIRST_COLUMN: usize = 32;

/// The command with its help in a language, for a terminal of a width.
pub(super) fn in_language(command: Command, lang: Lang, width: Option<usize>) -> Command {
    match lang {
        Lang::En => command,
        Lang::Zh => {
            let mut command = chinese(command.about("检查问题台账，统计，并生成督查机关的各种文书"));
            command.build();
            with_texts(command, "duban", width.unwrap_or(MOST_COLUMNS).clamp(40, MOST_COLUMNS))
        }
    }
}

/// The explanations in Chinese, for help, completions and manual pages.
fn chinese(command: Command) -> Command {
    let command =
        command.mut_args(|argument| match ARGUMENTS.iter().find(|(id, _)| *id == argument.get_id().as_str()) {
            Some((_, help)) => {
                let name = value(&argument);
                let known = VALUES.iter().find(|(english, _)| *english == name);
                let argument = argument.help(*help);
                // Errors name the value, too.
                match known.filter(|_| argument.get_action().takes_values()) {
                    Some((_, chinese)) => argument.value_name(*chinese),
                    None => argument,
                }
            }
            None => argument,
        });
    command.mut_subcommands(|subcommand| {
        let name = subcommand.get_name().to_owned();
        let subcommand = chinese(subcommand);
        match COMMANDS.iter().find(|(known, _)| *known == name) {
            Some((_, about)) => subcommand.about(*about),
            None => subcommand,
        }
    })
}

/// The command and those below it with their whole help texts, which clap would write half in English and break at blanks
/// only.
fn with_texts(command: Command, path: &str, width: usize) -> Command {
    let text = text(&command, path, width);
    command.override_help(text).mut_subcommands(|subcommand| {
        let path = format!("{path} {}", subcommand.get_name());
        with_texts(subcommand, &path, width)
    })
}

/// The help text of a command that is called by a path such as `duban register list`.
fn text(command: &Command, path: &str, width: usize) -> String {
    let mut text = format!("{}\n\n用法：{}\n", about(command), usage(command, path));
    let mut section = |heading: &str, lines: Vec<(String, String)>| {
        if !lines.is_empty() {
            text.extend(["\n", heading, "：\n"]);
            let widest = lines.iter().map(|(left, _)| columns(left)).filter(|left| *left < FIRST_COLUMN).max();
            let column = widest.unwrap_or(0) + 4;
            for (left, right) in lines {
                text.push_str(&line(&left, &right, column, width));
            }
        }
    };
    let subcommands = command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set());
    section("命令", subcommands.map(|subcommand| (subcommand.get_name().to_owned(), about(subcommand))).collect());
    let shown = || command.get_arguments().filter(|argument| !argument.is_hide_set());
    section("参数", shown().filter(|argument| argument.is_positional()).map(explained).collect());
    section("选项", shown().filter(|argument| !argument.is_positional()).map(explained).collect());
    text
}

fn about(command: &Command) -> String {
    let known = COMMANDS.iter().find(|(name, _)| *name == command.get_name());
    known.map_or_else(
        || command.get_about().map(ToString::to_string).unwrap_or_default(),
        |(_, about)| (*about).to_owned(),
    )
}

/// `duban tally [选项] [路径]...`
fn usage(command: &Command, path: &str) -> String {
    let mut usage = format!("{path} [选项]");
    for argument in command.get_positionals() {
        let value = value(argument);
        let value = if argument.is_required_set() { format!("<{value}>") } else { format!("[{value}]") };
        let several = matches!(argument.get_action(), ArgAction::Append);
        usage.extend([" ", &value, if several { "..." } else { "" }]);
    }
    if command.has_subcommands() {
        usage.push_str(if command.is_subcommand_required_set() { " <命令>" } else { " [命令]" });
    }
    usage
}

/// What stands for the value of an argument.
fn value(argument: &Arg) -> String {
    let name = argument.get_value_names().and_then(<[_]>::first).map(ToString::to_string);
    name.unwrap_or_else(|| argument.get_id().as_str().to_uppercase())
}

/// An argument and what it means.
fn explained(argument: &Arg) -> (String, String) {
    let value = value(argument);
    let takes_value = argument.get_action().takes_values();
    let left = if argument.is_positional() {
        let several = if matches!(argument.get_action(), ArgAction::Append) { "..." } else { "" };
        if argument.is_required_set() { format!("<{value}>{several}") } else { format!("[{value}]{several}") }
    } else {
        let short = argument.get_short().map_or_else(|| "    ".to_owned(), |short| format!("-{short}, "));
        let long = argument.get_long().map(|long| format!("--{long}")).unwrap_or_default();
        let value = if takes_value { format!(" <{value}>") } else { String::new() };
        format!("{short}{long}{value}")
    };
    let help = ARGUMENTS.iter().find(|(id, _)| *id == argument.get_id().as_str()).map_or("", |(_, help)| help);
    let values: Vec<String> = if takes_value { possible(argument) } else { Vec::new() };
    let default = argument.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
    let values = Some(values.join("、")).filter(|values| !values.is_empty());
    let default = default.filter(|_| takes_value).map(|default| format!("默认 {default}"));
    let notes: Vec<String> = values.into_iter().chain(default).collect();
    let right = if notes.is_empty() { help.to_owned() } else { format!("{help}（{}）", notes.join("；")) };
    (left, right)
}

/// The values that an argument may have, if they are listed.
fn possible(argument: &Arg) -> Vec<String> {
    let shown = argument.get_possible_values().into_iter().filter(|value| !value.is_hide_set());
    shown.map(|value| value.get_name().to_owned()).collect()
}

/// One line of a section, its explanation from a column on; below it if there is no room beside it.
fn line(left: &str, right: &str, column: usize, width: usize) -> String {
    let mut text = format!("  {left}");
    let indent = " ".repeat(column);
    if columns(left) + 4 > column {
        text.extend(["\n", &indent]);
    } else {
        text.push_str(&" ".repeat(column - 2 - columns(left)));
    }
    let wrapped = emit::wrapped(right, width.saturating_sub(column), "");
    text.push_str(&wrapped.replace('\n', &format!("\n{indent}")));
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Cli;
    use clap::CommandFactory as _;

    fn walk(command: &Command, each: &mut dyn FnMut(&Command)) {
        each(command);
        for subcommand in command.get_subcommands() {
            walk(subcommand, each);
        }
    }

    #[test]
    fn every_command_and_argument_has_chinese_help() {
        walk(&Cli::command(), &mut |command| {
            let name = command.get_name();
            assert!(name == "duban" || COMMANDS.iter().any(|(known, _)| *known == name), "{name}");
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(ARGUMENTS.iter().any(|(known, _)| *known == id), "{name} {id}");
            }
        });
        Cli::command().debug_assert();
    }

    /// Words that a Chinese help may have: names of commands, options, keys, formats and files, and what is typed.
    fn is_typed(word: &str, text: &str) -> bool {
        let known = "JSON Schema csv CSV duban yaml shell git due series kind year number date title unit units issues after limit \
                     figures json tally partial merge kinds previous warnings fix set html docx md logs internal public both";
        let before = text.split(word).next().unwrap_or_default();
        word.chars().count() == 1
            || known.split_whitespace().any(|known| known == word)
            || before.ends_with("--")
            || before.ends_with('{')
    }

    #[test]
    fn the_chinese_help_is_chinese_and_fits() {
        for width in [None, Some(80)] {
            walk(&in_language(Cli::command(), Lang::Zh, width), &mut |command| {
                let text = command.clone().render_help().to_string();
                let most = width.unwrap_or(MOST_COLUMNS);
                for line in text.lines() {
                    assert!(columns(line) <= most, "{line}");
                }
                for english in
                    ["Usage", "Options", "Arguments", "Commands", "possible values", "default:", "Print", "OPTIONS"]
                {
                    assert!(!text.contains(english), "{text}");
                }
                // What explains an option is Chinese: no two English words follow each other.
                for argument in command.get_arguments() {
                    let (left, right) = explained(argument);
                    let words: Vec<&str> = right
                        .split(|c: char| !c.is_ascii_alphabetic() && c != ' ')
                        .filter(|run| run.trim().contains(' '))
                        .collect();
                    let english = words
                        .iter()
                        .flat_map(|run| run.split_whitespace())
                        .filter(|word| !is_typed(word, &right))
                        .count();
                    assert_eq!(english, 0, "{left}: {right}");
                    assert!(
                        !left.chars().any(|c| c.is_ascii_uppercase())
                            || left.starts_with('-') && !left.contains('<')
                            || left.starts_with("-C")
                            || left.contains("-V"),
                        "{left}"
                    );
                }
            });
        }
        let duban = in_language(Cli::command(), Lang::Zh, Some(80)).render_help().to_string();
        assert!(duban.contains("用法：duban [选项] <命令>") && duban.contains("  help         显示帮助"), "{duban}");
    }

    #[test]
    fn the_language_is_known_before_parsing() {
        let wanted = |text: &str| wanted_lang(&text.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(wanted("duban --lang zh check"), Some(Lang::Zh));
        assert_eq!(wanted("duban check --lang=en"), Some(Lang::En));
        assert_eq!(wanted("duban check"), None);
    }
}
