//! Asks what only people know: on the terminal, or by lines of standard input with `--ask`.

use std::io;

use crate::cli::Stop;
use crate::cli::init::left::item_line;
use crate::cli::init::line::line;
use crate::cli::world::World;
use crate::propose::proposal::{About, Bilingual, Certainty, ConfigEntry, Proposal, Question};
use crate::source::excerpt::harmless;
use crate::words::lang::Lang;

/// What happens to guesses and questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Questions are asked, and guesses shown.
    Asks,
    /// Guesses are taken, and told; questions are left open.
    TakesAll,
    /// Guesses are written as comments; questions are left open.
    TakesWhatIsSure,
}

/// So many options are shown.
const SHOWN: usize = 20;

/// Asks, or does not.
pub(super) struct Asker {
    manner: Manner,
    lang: Lang,
    /// Whether standard input has ended: what is asked later stays open.
    has_ended: bool,
}

impl Asker {
    pub(super) fn new(manner: Manner, lang: Lang) -> Self {
        Self { manner, lang, has_ended: false }
    }

    /// Whether what is only a guess is written into the config.
    pub(super) fn takes_guesses(&self) -> bool {
        self.manner != Manner::TakesWhatIsSure
    }

    fn asks(&self) -> bool {
        self.manner == Manner::Asks && !self.has_ended
    }

    /// Asks for the name of the office, if it was not given.
    pub(super) fn office(&mut self, given: Option<String>, world: &mut World) -> Result<Option<String>, Stop> {
        if given.is_some() || !self.asks() {
            return Ok(given);
        }
        let question =
            self.lang.pick("发文机关的名称（不知道就回车）：", "Name of your office (Enter to leave it open): ");
        write!(world.stderr, "{question}")?;
        Ok(self.line(world)?.filter(|name| !name.is_empty()))
    }

    /// Asks each question of a proposal, and puts the answers in their place.
    pub(super) fn answer(&mut self, proposal: &mut Proposal, world: &mut World) -> Result<(), Stop> {
        let mut at = 0;
        while at < proposal.questions.len() {
            // Without anybody to ask, only what the rows prove is taken: sheets without a common row.
            if self.manner == Manner::TakesAll && proposal.questions[at].about == About::Sheets {
                let likely = proposal.questions[at].likely.map(|option| proposal.questions[at].options[option].clone());
                if let Some(choice) = likely {
                    let why = Bilingual::new(
                        "几张工作表没有相同的行，一起读",
                        "the sheets have no row in common and are read together",
                    );
                    proposal.answer(at, choice.entries, choice.count, &Certainty::Guess(why));
                    continue;
                }
            }
            if !self.asks() {
                return Ok(());
            }
            let question = proposal.questions[at].clone();
            match self.ask(&question, world)? {
                Some((entries, count)) => proposal.answer(at, entries, count, &Certainty::Sure),
                None => at += 1,
            }
        }
        Ok(())
    }

    /// Asks one question until the answer is one, or blank.
    fn ask(&mut self, question: &Question, world: &mut World) -> Result<Option<(Vec<ConfigEntry>, u64)>, Stop> {
        let lang = self.lang;
        writeln!(world.stderr, "\n{}", harmless(&heading(question, lang)))?;
        for (at, option) in question.options.iter().take(SHOWN).enumerate() {
            let note = option.note.of(lang);
            let note =
                if note.is_empty() { String::new() } else { lang.pick(format!("（{note}）"), format!(" ({note})")) };
            let mark = if question.likely == Some(at) { "*" } else { " " };
            writeln!(world.stderr, " {mark}{}. {}{}", at + 1, harmless(option.label.of(lang)), harmless(&note))?;
        }
        loop {
            write!(world.stderr, "{}", prompt(question, lang))?;
            let Some(line) = self.line(world)? else {
                writeln!(world.stderr)?;
                return Ok(None);
            };
            if line.is_empty() {
                let likely = question.likely.and_then(|at| question.options.get(at));
                return Ok(likely.map(|choice| (choice.entries.clone(), choice.count)));
            }
            if line == "-" {
                return Ok(None);
            }
            let option = line.parse::<usize>().ok().and_then(|number| question.options.get(number.checked_sub(1)?));
            if let (Some(choice), false) = (option, matches!(question.about, About::Year(_))) {
                return Ok(Some((choice.entries.clone(), choice.count)));
            }
            match &question.about {
                About::Year(count) => {
                    if let Some(year) = line.parse::<i32>().ok().filter(|year| (1900..=2199).contains(year)) {
                        return Ok(Some((vec![ConfigEntry::Year(year)], *count)));
                    }
                }
                About::Missing(field) | About::Blank(field, _) if line.parse::<u64>().is_err() => {
                    return Ok(Some((vec![ConfigEntry::Default(*field, line)], 0)));
                }
                _ => {}
            }
            let again = lang.pick("请写前面的编号，或直接回车", "write one of the numbers, or press Enter");
            writeln!(world.stderr, "{again}")?;
        }
    }

    /// Shows the guesses of a proposal; those that are called wrong are left out.
    pub(super) fn confirm(&mut self, proposal: &mut Proposal, world: &mut World) -> Result<(), Stop> {
        let lang = self.lang;
        let guesses: Vec<usize> = proposal
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.certainty != Certainty::Sure)
            .map(|(at, _)| at)
            .collect();
        if guesses.is_empty() || !self.asks() {
            return Ok(());
        }
        writeln!(world.stderr, "\n{}", lang.pick("这些是猜的：", "These are guesses:"))?;
        for (number, at) in guesses.iter().enumerate() {
            let line = item_line(&proposal.items[*at], lang);
            writeln!(world.stderr, "  {}. {}", number + 1, harmless(&line))?;
        }
        let question = lang
            .pick("不对的写编号，用空格隔开；都对就回车：", "Numbers of those that are wrong, or Enter if none is: ");
        write!(world.stderr, "{question}")?;
        let wrong = self.line(world)?.unwrap_or_default();
        let wrong: Vec<usize> = wrong
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|number| guesses.get(number.parse::<usize>().ok()?.checked_sub(1)?))
            .copied()
            .collect();
        let mut at = 0;
        proposal.items.retain_mut(|item| {
            let is_wrong = wrong.contains(&at);
            if guesses.contains(&at) {
                item.certainty = Certainty::Sure;
            }
            at += 1;
            !is_wrong
        });
        Ok(())
    }

    /// The next line of standard input, without blanks around it; `None` at its end.
    fn line(&mut self, world: &mut World) -> io::Result<Option<String>> {
        world.stderr.flush()?;
        let line = line(world)?;
        self.has_ended = line.is_none();
        Ok(line.map(|line| line.trim().to_owned()))
    }
}

/// What is asked.
fn heading(question: &Question, lang: Lang) -> String {
    match &question.about {
        About::Column(field) => {
            let label = field.label(lang);
            lang.pick(format!("{label}是哪一列？"), format!("Which column is `{label}`?"))
        }
        About::Missing(field) => {
            let label = field.label(lang);
            lang.pick(format!("没有看出哪一列是{label}："), format!("No column was recognised as `{label}`:"))
        }
        About::Value(field, text, count) => {
            let label = field.label(lang);
            lang.pick(
                format!("{label}写“{text}”（{count} 行）是什么意思？"),
                format!("What does `{text}` mean as {label} ({count} rows)?"),
            )
        }
        About::Blank(field, count) => {
            let label = field.label(lang);
            lang.pick(
                format!("{label}有 {count} 行空白，文书里写作什么？"),
                format!("`{label}` is blank in {count} rows. What do documents say there?"),
            )
        }
        About::Ending(count) => lang.pick(
            format!("没有整改方式一列，而 {count} 行的问题描述以整改方式结尾。按这些结尾算吗？"),
            format!("No column is the disposition, but {count} descriptions end in one. Are issues counted by these?"),
        ),
        About::Sheets => {
            lang.pick("几张工作表都像台账，读哪些？", "Several sheets look like logs. Which are read?").to_owned()
        }
        About::DateOrder => {
            lang.pick("03/04/2021 这样的日期怎样读？", "How are dates such as 03/04/2021 read?").to_owned()
        }
        About::Year(count) => lang.pick(
            format!("{count} 格日期没有年份，是哪一年？"),
            format!("{count} dates have no year. Which year is it?"),
        ),
    }
}

/// How it can be answered.
fn prompt(question: &Question, lang: Lang) -> String {
    let likely = question.likely.map(|at| at + 1);
    match (&question.about, likely) {
        (About::Year(_), _) => lang.pick("年份（不定就回车）：", "Year (Enter to leave it open): ").to_owned(),
        (About::Missing(_), _) if question.options.is_empty() => {
            lang.pick("所有行共同的值（没有就回车）：", "The value of all rows (Enter to leave it open): ").to_owned()
        }
        (About::Missing(_), _) => lang
            .pick(
                "列的编号，或所有行共同的值（没有就回车）：",
                "Number of a column, or the value of all rows (Enter to leave it open): ",
            )
            .to_owned(),
        (About::Blank(..), _) => {
            lang.pick("写一个值（回车为 1，不写入就写 -）：", "A value (Enter for 1, - to leave it open): ").to_owned()
        }
        (_, Some(likely)) => lang.pick(
            format!("编号（回车为 {likely}，不定写 -）："),
            format!("Number (Enter for {likely}, - to leave it open): "),
        ),
        (_, None) => lang.pick("编号（不定就回车）：", "Number (Enter to leave it open): ").to_owned(),
    }
}
