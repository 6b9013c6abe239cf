//! What `duban init --from` says at its end: what was written, what of it is a guess, and what is left.

use std::path::Path;

use crate::check::{self, CheckOptions, UnlistedValues};
use crate::cli::Stop;
use crate::cli::args::{ColorArg, GlobalArgs, InputArgs};
use crate::cli::session::Session;
use crate::cli::world::World;
use crate::fault::{self, Code, CodeTable, Faults, Severity, shell_word};
use crate::platform::paths::slashed;
use crate::project::keys;
use crate::propose::proposal::{About, Bilingual, Certainty, ConfigEntry, Item, Proposal, Question};
use crate::source::excerpt::harmless_lines;
use crate::source::scalar::comment;
use crate::words::lang::{self, Lang};

/// Tells what the config has, what of it was guessed, and what nobody decided.
pub(super) fn tell_of_proposal(
    proposal: &Proposal,
    takes_guesses: bool,
    lang: Lang,
    world: &mut World,
) -> Result<(), Stop> {
    let columns = proposal.items.iter().filter(|item| matches!(item.entry, ConfigEntry::Column(..))).count();
    let rows = usize::try_from(proposal.rows).unwrap_or(usize::MAX);
    let known = proposal.known.len();
    let counted = lang.pick(
        format!("读了 {rows} 行：认得 {known} 列，配置里写了 {columns} 列"),
        format!(
            "{} read: {} known, {} named in the config",
            lang::counted(rows, "row"),
            lang::counted(known, "column"),
            columns
        ),
    );
    writeln!(world.stderr, "\n{counted}")?;
    let guesses: Vec<&Item> = proposal.items.iter().filter(|item| item.certainty != Certainty::Sure).collect();
    if !guesses.is_empty() {
        let heading = if takes_guesses {
            lang.pick("按猜的写入，请核对：", "Written by guess; look at them:")
        } else {
            lang.pick(
                "猜的，只写成注释（--yes 写入，或去掉 # 号）：",
                "Guesses, written as comments (--yes takes them, or take the marks off):",
            )
        };
        writeln!(world.stderr, "{heading}")?;
        for item in guesses {
            writeln!(world.stderr, "  {}", harmless_lines(&item_line(item, lang)))?;
        }
    }
    if !proposal.questions.is_empty() {
        let heading = lang.pick("要人定的，没有写入：", "For you to decide; not written:");
        writeln!(world.stderr, "{heading}")?;
        for question in &proposal.questions {
            for line in open_lines(question, lang) {
                writeln!(world.stderr, "  {}", harmless_lines(&line))?;
            }
        }
    }
    if !proposal.unnamed.is_empty() {
        let names: Vec<String> = proposal.unnamed.iter().map(|(header, _)| comment(header)).collect();
        let names = names.join(lang.pick("、", ", "));
        let text = lang.pick(
            format!("不是任何一项的列，原样保留：{names}"),
            format!("Columns of no field, kept as they are: {names}"),
        );
        writeln!(world.stderr, "{}", harmless_lines(&text))?;
    }
    Ok(())
}

/// An entry in one line: `责任单位 ← 施工（94 格；…）`.
pub(super) fn item_line(item: &Item, lang: Lang) -> String {
    let count = item.count;
    let what = match &item.entry {
        ConfigEntry::Column(field, header) => format!("{} ← {}", field.label(lang), comment(header)),
        ConfigEntry::NotIssue(fields) => {
            let blank = lang.pick("空白", "blank");
            let said = fields.iter().map(|(field, text)| {
                format!("{} = {}", field.label(lang), if text.is_empty() { blank.to_owned() } else { comment(text) })
            });
            let said = said.collect::<Vec<_>>().join(lang.pick("、", ", "));
            lang.pick(format!("不算问题：{said}"), format!("no issue: {said}"))
        }
        ConfigEntry::Source(name) => {
            lang.pick(format!("来源：{}", comment(name)), format!("source: {}", comment(name)))
        }
        ConfigEntry::Sheet(name) => {
            lang.pick(format!("工作表：{}", comment(name)), format!("sheet: {}", comment(name)))
        }
        ConfigEntry::Ignore(header) => comment(header),
        ConfigEntry::Value(field, value, spelling) => format!("{}: {} = {value}", field.label(lang), comment(spelling)),
        ConfigEntry::Default(field, text) => format!("{} = {}", field.label(lang), comment(text)),
        ConfigEntry::Name(field, name) => format!("{}: {}", field.label(lang), comment(name)),
        ConfigEntry::DateOrder(order) => format!("{order:?}"),
        ConfigEntry::Year(year) => year.to_string(),
    };
    let count = match item.entry {
        ConfigEntry::Column(..) => Bilingual::new(format!("{count} 格"), format!("{count} cells")),
        _ => Bilingual::new(format!("{count} 行"), format!("{count} rows")),
    };
    match &item.certainty {
        Certainty::Guess(why) => {
            let (count, why) = (count.of(lang), why.of(lang));
            lang.pick(format!("{what}（{count}；{why}）"), format!("{what} ({count}; {why})"))
        }
        Certainty::Sure => what,
    }
}

/// A question that nobody answered, with the commands that answer it.
fn open_lines(question: &Question, lang: Lang) -> Vec<String> {
    let name = |path: &[&'static str]| keys::label(path, lang);
    let columns = name(&["columns"]);
    match &question.about {
        About::Column(field) | About::Missing(field) => {
            let label = field.label(lang);
            let key = format!("{columns}.{}", name(&["columns", field.key()]));
            let is_missing = matches!(question.about, About::Missing(_));
            let mut lines = vec![if is_missing {
                lang.pick(format!("没有看出哪一列是{label}："), format!("no column was recognised as `{label}`:"))
            } else {
                lang.pick(
                    format!("{label}可能是 {} 列之一：", question.options.len()),
                    format!("`{label}` may be one of {} columns:", question.options.len()),
                )
            }];
            for option in question.options.iter().take(8) {
                if let Some(ConfigEntry::Column(_, header)) = option.entries.first() {
                    lines.push(format!("{}  # {}", add(&key, header), comment(option.note.of(lang))));
                }
            }
            if is_missing {
                let key = format!("{}.{}", name(&["defaults"]), name(&["defaults", field.key()]));
                let value = lang.pick("各行共同的值", "the value of all rows");
                lines.push(add(key, value));
            }
            lines
        }
        About::Value(field, text, count) => {
            let value = match question.likely.and_then(|at| question.options.get(at)) {
                Some(likely) => likely.label.of(lang).to_owned(),
                None => lang.pick("规范值", "VALUE").to_owned(),
            };
            let (label, text) = (field.label(lang), comment(text));
            let heading = lang.pick(
                format!("{label}写“{text}”（{count} 行），说不准是什么意思："),
                format!("{label} `{text}` ({count} rows) is not sure to mean:"),
            );
            let key = format!("{}.{}.{value}", name(&["values"]), name(&["values", field.key()]));
            vec![heading, add(key, &text)]
        }
        About::Blank(field, count) => {
            let label = field.label(lang);
            let key = format!("{}.{}", name(&["defaults"]), name(&["defaults", field.key()]));
            let value = question.options.first().map_or("", |option| option.label.of(lang));
            let heading = lang.pick(
                format!("{label}有 {count} 行空白，通报写不出来；补上，或写："),
                format!("`{label}` is blank in {count} rows, and no bulletin is written; fill them in, or:"),
            );
            vec![heading, add(key, value)]
        }
        About::Ending(count) => ending_lines(question, *count, lang),
        About::Sheets => {
            let mut lines = vec![
                lang.pick(
                    "几张工作表都像台账，只读第一张：",
                    "several sheets look like logs, and only the first is read:",
                )
                .to_owned(),
            ];
            for option in &question.options {
                if let [ConfigEntry::Sheet(sheet)] = &option.entries[..] {
                    let note = comment(option.note.of(lang));
                    lines.push(format!("{}  # {note}", add(name(&["sheets"]), sheet)));
                }
            }
            lines
        }
        About::DateOrder => {
            let key = format!("{}.{}", name(&["dates"]), name(&["dates", "order"]));
            vec![
                lang.pick("日期的日和月分不清：", "day and month can't be told apart:").to_owned(),
                add(&key, lang.pick("日月年", "dmy")),
                add(key, lang.pick("月日年", "mdy")),
            ]
        }
        About::Year(count) => {
            let key = format!("{}.{}", name(&["dates"]), name(&["dates", "year"]));
            let heading = lang.pick(format!("{count} 格日期没有年份："), format!("{count} dates have no year:"));
            vec![heading, add(key, "2021")]
        }
    }
}

/// A command that adds a line to the config.
fn add(key: impl AsRef<str>, value: &str) -> String {
    format!("  duban config add {} {}", shell_word(key.as_ref()), shell_word(value))
}

/// That the ends of descriptions are dispositions, with the commands that say so.
fn ending_lines(question: &Question, count: u64, lang: Lang) -> Vec<String> {
    let name = |path: &[&'static str]| keys::label(path, lang);
    let mut lines = vec![lang.pick(
        format!("没有整改方式一列，{count} 行的问题描述以整改方式结尾，现在都按未注明、未整改计；要按结尾算就写："),
        format!("no column is the disposition, and {count} descriptions end in one; they count as unstated and open, unless:"),
    )];
    lines.extend(question.options.iter().flat_map(|option| &option.entries).filter_map(|entry| match entry {
        ConfigEntry::Column(field, header) => {
            Some(add(format!("{}.{}", name(&["columns"]), name(&["columns", field.key()])), header))
        }
        ConfigEntry::Value(field, value, spelling) => {
            Some(add(format!("{}.{}.{value}", name(&["values"]), name(&["values", field.key()])), spelling))
        }
        _ => None,
    }));
    lines
}

/// Runs `check` over the new project and tells what is left, by code.
pub(super) fn tell_of_check(shown: &Path, lang: Lang, world: &mut World) -> Result<(), Stop> {
    let root = world.folder.join(shown).components().collect();
    let global = GlobalArgs { project: Some(root), lang: None, color: ColorArg::Never, quiet: true, verbose: false };
    let mut session = Session::open(&global, world)?;
    let mut logs = session.logs(&InputArgs::default())?;
    let mut faults = Faults::new(std::sync::Arc::new(session.severities(&logs)));
    let folders = session.photo_folders();
    let options = CheckOptions { as_of: logs.day, earlier: None, photos: Some(&folders), is_whole: true };
    let (issues, ..) =
        check::run((&mut logs.sources, &logs.ids), &session.project, &options, &mut faults, UnlistedValues::default)?;
    let (errors, warnings) = (faults.count(Severity::Error), faults.count(Severity::Warning));
    let issues = usize::try_from(issues).unwrap_or(usize::MAX);
    let summary = lang.pick(
        format!("duban check：{issues} 个问题，{errors} 处错误，{warnings} 处警告"),
        format!(
            "duban check: {}, {}, {}",
            lang::counted(issues, "issue"),
            lang::counted(errors, "error"),
            lang::counted(warnings, "warning")
        ),
    );
    let mut lines = vec![summary];
    let sorted = faults.sorted();
    for (code, count) in faults.by_code() {
        if faults.severity(code) != Some(Severity::Info) {
            lines.extend(code_lines((code, faults.codes()), count, &sorted, lang));
        }
    }
    let here = slashed(&shown);
    lines.push(lang.pick(
        format!(
            "接下来：\n  duban check -C {here}\n  duban draft bulletin -C {here}\n  duban draft reminder -C {here}"
        ),
        format!("Next:\n  duban check -C {here}\n  duban draft bulletin -C {here}\n  duban draft reminder -C {here}"),
    ));
    for line in lines {
        writeln!(session.world.stderr, "{}", harmless_lines(&line))?;
    }
    Ok(())
}

/// A code with its count, what it says first, and what to do about it.
fn code_lines((code, codes): (Code, &CodeTable), count: usize, sorted: &[&fault::Fault], lang: Lang) -> Vec<String> {
    let mut lines = vec![format!("  {code} ×{count}  {}", codes.info(code).title(lang))];
    if let Some(first) = sorted.iter().find(|fault| fault.what.code() == code) {
        let words = fault::words(&first.what, first.field, lang);
        lines.push(lang.pick(format!("      如：{}", words.message), format!("      such as: {}", words.message)));
        lines.extend(words.help.map(|help| format!("      = {}", help.replace('\n', "\n        "))));
    }
    lines
}
