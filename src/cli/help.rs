//! Help in Chinese: one table for commands and one for arguments. The English help is in the doc comments of `args`; a
//! test holds the tables complete.

mod tables;

use std::ffi::OsString;
use std::str::FromStr;

use clap::{Arg, ArgAction, Command};

use crate::document::text::columns;
use crate::fault::emit;
use crate::words::lang::Lang;
use tables::{ARGUMENTS, COMMANDS, VALUES};

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

/// The most columns of a help text, and those of one that goes to no terminal.
const MOST_COLUMNS: usize = 100;
/// Where the explanations begin at the latest.
const FIRST_COLUMN: usize = 32;

/// The command with its help in a language, for a terminal of a width. The Chinese names of commands are known in either.
pub(super) fn in_language(command: Command, lang: Lang, width: Option<usize>) -> Command {
    let mut command = match lang {
        Lang::En => command,
        Lang::Zh => chinese(command.about("检查问题台账，统计，并生成督查机关的各种文书"), ""),
    };
    command.build();
    let command = with_chinese_names(command, "");
    match lang {
        Lang::En => command,
        Lang::Zh => with_texts(command, "duban", width.unwrap_or(MOST_COLUMNS).clamp(40, MOST_COLUMNS)),
    }
}

/// The row of a command in the table, by its path below `duban`, such as `register list`. What `help` lists are the commands
/// themselves.
fn row(path: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let path = path.strip_prefix("help ").unwrap_or(path);
    COMMANDS.iter().find(|(known, ..)| *known == path || path.ends_with(" help") && *known == "help")
}

/// The path of a command below another.
fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }
}

/// The commands under their Chinese names, too, which the English help does not show.
fn with_chinese_names(command: Command, path: &str) -> Command {
    command.mut_subcommands(|subcommand| {
        let path = below(path, subcommand.get_name());
        let subcommand = with_chinese_names(subcommand, &path);
        match row(&path) {
            Some((_, chinese, _)) => subcommand.alias(*chinese),
            None => subcommand,
        }
    })
}

/// The explanations in Chinese, for help, completions and manual pages.
fn chinese(command: Command, path: &str) -> Command {
    let command = command.mut_args(|argument| match meaning(argument.get_id().as_str(), path) {
        Some(help) => {
            let name = value(&argument);
            let known = VALUES.iter().find(|(english, _)| *english == name);
            let argument = argument.help(help);
            // Errors name the value, too.
            match known.filter(|_| argument.get_action().takes_values()) {
                Some((_, chinese)) => argument.value_name(*chinese),
                None => argument,
            }
        }
        None => argument,
    });
    command.mut_subcommands(|subcommand| {
        let path = below(path, subcommand.get_name());
        let subcommand = chinese(subcommand, &path);
        match row(&path) {
            Some((.., about)) => subcommand.about(*about),
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
    let known = row(path.trim_start_matches("duban").trim_start());
    let about =
        known.map_or_else(|| command.get_about().map(ToString::to_string).unwrap_or_default(), |row| row.2.to_owned());
    let mut text = format!("{about}\n\n用法：{}\n", usage(command, path));
    if let Some((_, chinese, _)) = known {
        let before = path.rsplit_once(' ').map_or("", |(before, _)| before);
        text.extend(["也可写作：", before, " ", chinese, "\n"]);
    }
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
    let inner = path.trim_start_matches("duban").trim_start();
    let listed = subcommands.map(|subcommand| {
        let name = subcommand.get_name();
        match row(&below(inner, name)) {
            Some((_, chinese, about)) => (format!("{name}，{chinese}"), (*about).to_owned()),
            None => (name.to_owned(), subcommand.get_about().map(ToString::to_string).unwrap_or_default()),
        }
    });
    section("命令", listed.collect());
    let shown = || command.get_arguments().filter(|argument| !argument.is_hide_set());
    let explained = |argument| explained(argument, inner);
    section("参数", shown().filter(|argument| argument.is_positional()).map(explained).collect());
    section("选项", shown().filter(|argument| !argument.is_positional()).map(explained).collect());
    text
}

/// `duban tally [选项] [路径]...`; an option that takes values without end comes last.
fn usage(command: &Command, path: &str) -> String {
    let mut usage = path.to_owned();
    let mut positionals = String::new();
    for argument in command.get_positionals() {
        let value = value(argument);
        let value = if argument.is_required_set() { format!("<{value}>") } else { format!("[{value}]") };
        let several = matches!(argument.get_action(), ArgAction::Append);
        positionals.extend([" ", &value, if several { "..." } else { "" }]);
    }
    let options = format!(" [选项]{}", required_options(command));
    let takes_the_rest = |option: &Arg| option.get_num_args().is_some_and(|number| number.max_values() > 1);
    if command.get_opts().any(takes_the_rest) {
        usage.extend([positionals, options]);
    } else {
        usage.extend([options, positionals]);
    }
    if command.has_subcommands() {
        usage.push_str(if command.is_subcommand_required_set() { " <命令>" } else { " [命令]" });
    }
    usage
}

/// The options that a command can't do without: ` --output <文件> <--set <位置=值>|--edits <文件>>`.
fn required_options(command: &Command) -> String {
    let shown = |option: &Arg| format!("--{} <{}>", option.get_long().unwrap_or_default(), value(option));
    let mut options: Vec<String> = command.get_opts().filter(|option| option.is_required_set()).map(shown).collect();
    for group in command.get_groups().filter(|group| group.is_required_set()) {
        let own = group.get_args().filter_map(|id| command.get_opts().find(|option| option.get_id() == id));
        options.push(format!("<{}>", own.map(shown).collect::<Vec<_>>().join("|")));
    }
    options.iter().flat_map(|option| [" ", option]).collect()
}

/// What stands for the value of an argument.
fn value(argument: &Arg) -> String {
    let name = argument.get_value_names().and_then(<[_]>::first).map(ToString::to_string);
    name.unwrap_or_else(|| argument.get_id().as_str().to_uppercase())
}

/// What an argument of a command means: of this command, else of all that have it.
fn meaning(id: &str, path: &str) -> Option<&'static str> {
    let own = ARGUMENTS.iter().find(|(known, _)| known.split_once('.') == Some((path, id)));
    own.or_else(|| ARGUMENTS.iter().find(|(known, _)| *known == id)).map(|(_, help)| *help)
}

/// An argument of a command and what it means.
fn explained(argument: &Arg, path: &str) -> (String, String) {
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
    let help = meaning(argument.get_id().as_str(), path).unwrap_or_default();
    let values: Vec<String> = if takes_value { possible(argument) } else { Vec::new() };
    let default = argument.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
    let values = Some(values.join("、")).filter(|values| !values.is_empty());
    let default = default.filter(|_| takes_value).map(|default| format!("默认 {default}"));
    let others = argument.get_visible_aliases().unwrap_or_default();
    let others = others.into_iter().map(|other| format!("也可写作 --{other}"));
    let notes: Vec<String> = values.into_iter().chain(default).chain(others).collect();
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

    fn walk(command: &Command, path: &str, each: &mut dyn FnMut(&Command, &str)) {
        each(command, path);
        for subcommand in command.get_subcommands() {
            walk(subcommand, &below(path, subcommand.get_name()), each);
        }
    }

    #[test]
    fn every_command_and_argument_has_chinese_help() {
        walk(&Cli::command(), "", &mut |command, path| {
            assert!(path.is_empty() || row(path).is_some(), "{path}");
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(meaning(id, path).is_some(), "{path} {id}");
            }
        });
        Cli::command().debug_assert();
        for lang in Lang::ALL {
            in_language(Cli::command(), lang, None).debug_assert();
        }
    }

    /// A row whose argument another command has with another English help, too, has a row of its own.
    #[test]
    fn one_chinese_help_stands_for_one_english_help() {
        let mut seen: Vec<(&str, String)> = Vec::new();
        walk(&Cli::command(), "", &mut |command, path| {
            for argument in command.get_arguments() {
                let english = argument.get_help().map(ToString::to_string).unwrap_or_default();
                let chinese = meaning(argument.get_id().as_str(), path).unwrap_or_default();
                match seen.iter().find(|(known, _)| *known == chinese) {
                    Some((_, other)) => assert_eq!(*other, english, "{path} {chinese}"),
                    None => seen.push((chinese, english)),
                }
            }
        });
    }

    #[test]
    fn every_row_is_that_of_a_command_or_an_argument() {
        let (mut paths, mut ids) = (Vec::new(), Vec::new());
        walk(&in_language(Cli::command(), Lang::En, None), "", &mut |command, path| {
            paths.push(path.to_owned());
            for argument in command.get_arguments() {
                ids.extend([argument.get_id().to_string(), format!("{path}.{}", argument.get_id())]);
            }
        });
        for (path, ..) in COMMANDS {
            assert!(paths.iter().any(|known| known == path), "{path}");
        }
        for (id, _) in ARGUMENTS {
            assert!(ids.iter().any(|known| known == id), "{id}");
        }
    }

    #[test]
    fn the_chinese_help_is_chinese_and_fits() {
        for width in [None, Some(80)] {
            walk(&in_language(Cli::command(), Lang::Zh, width), "", &mut |command, path| {
                let text = command.clone().render_help().to_string();
                let most = width.unwrap_or(MOST_COLUMNS);
                for line in text.lines() {
                    assert!(columns(line) <= most, "{line}");
                }
                for argument in command.get_arguments() {
                    let (left, _) = explained(argument, path);
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
        assert!(
            duban.contains("用法：duban [选项] <命令>") && duban.contains("  help，帮助         显示帮助"),
            "{duban}"
        );
    }

    #[test]
    fn the_language_is_known_before_parsing() {
        let wanted = |text: &str| wanted_lang(&text.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(wanted("duban --lang zh check"), Some(Lang::Zh));
        assert_eq!(wanted("duban check --lang=en"), Some(Lang::En));
        assert_eq!(wanted("duban check"), None);
    }
}
