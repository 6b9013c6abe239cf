//! The judgement on an edited document: what is as the draft has it, and what is not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex_lite::Regex;
use serde_json::Value;

use super::align::{Alignment, Names, ReadLine, align, normal};
use super::arithmetic;
use super::numbers::{Amount, Number, NumberClass, NumberValue, Unit, numbers};
use super::report::{
    AlteredDescription, Blank, ChangedFigure, DriftedFigure, MissingFigure, MovedLine, NewFigure, Note, Proof, Slip,
    Tracked, WrongName, WrongSum,
};
use super::rows;
use super::text::FinalText;
use crate::dataset::{Calls, Figure, FigureSheet, Record};
use crate::document::printed::PrintedLine;
use crate::document::source::FigureId;
use crate::query::QueryContext;
use crate::words::lang::Lang;

/// What is judged, and by what.
pub(crate) struct ProofInput<'p> {
    /// The names of the files.
    pub(crate) document: String,
    pub(crate) of: String,
    /// The figures of the draft.
    pub(crate) sheet: &'p FigureSheet,
    /// What the draft printed; of older versions the draft's own text, without figures.
    pub(crate) draft: &'p [PrintedLine],
    /// The edited document.
    pub(crate) edited: &'p FinalText,
    /// Units and persons: each spelling with what it means.
    pub(crate) names: BTreeMap<String, String>,
    /// The rows of today, as of the draft's day, if they were read: among them it is looked up what gives a new number.
    pub(crate) context: Option<&'p QueryContext>,
    /// The figures of the draft made again from the rows of today, or why there are none, in a line.
    pub(crate) again: Result<&'p FigureSheet, &'p str>,
    pub(crate) lang: Lang,
}

/// Judges a document.
pub(crate) fn judge(input: &ProofInput<'_>) -> Proof {
    let names = Names::new(&input.names);
    let draft: Vec<ReadLine> = input.draft.iter().map(|line| ReadLine::new(&line.text, &names)).collect();
    let edited: Vec<ReadLine> = input.edited.lines.iter().map(|line| ReadLine::new(&line.text, &names)).collect();
    let alignment = align(&draft, &edited, &names);
    let recounted = input.again.map_or_else(
        |_| BTreeMap::new(),
        |again| {
            let calls = Calls::of(again);
            input.sheet.figures.iter().filter_map(|figure| Some((figure.id, calls.same(figure)?))).collect()
        },
    );
    let descriptions: Vec<(String, &str)> = input
        .sheet
        .issues
        .iter()
        .map(|issue| {
            // A list puts its own mark behind it.
            let description = normal(&issue.description);
            (description.trim_end_matches(['。', '.', '；', ';', '，', ',']).to_owned(), issue.key.as_str())
        })
        .filter(|(description, _)| description.chars().count() > 3)
        .collect();
    let mut judge = Judge { input, draft, edited, recounted, descriptions, proof: Proof::default() };
    judge.proof.document.clone_from(&input.document);
    judge.proof.of.clone_from(&input.of);
    judge.proof.not_counted = input.again.err().map(str::to_owned);
    judge.figures(&alignment);
    judge.moved(&alignment);
    judge.sums(&alignment);
    judge.names(&alignment);
    judge.altered(&alignment);
    judge.slips(&alignment);
    judge.drift();
    for change in &input.edited.tracked {
        judge.proof.tracked.push(Tracked {
            place: change.place.label("", 0, input.lang),
            deleted: change.deleted.clone(),
            inserted: change.inserted.clone(),
        });
    }
    judge.proof.comments = input.edited.comments;
    judge.proof
}

struct Judge<'p> {
    input: &'p ProofInput<'p>,
    draft: Vec<ReadLine>,
    edited: Vec<ReadLine>,
    /// Figures counted again, by their numbers.
    recounted: BTreeMap<usize, &'p Figure>,
    /// What issues say, as it is compared, with their keys.
    descriptions: Vec<(String, &'p str)>,
    proof: Proof,
}

impl Judge<'_> {
    fn place(&self, line: usize, at: usize) -> String {
        let line = self.input.edited.lines.get(line);
        line.map_or_else(String::new, |line| line.place.label(&line.text, at, self.input.lang))
    }

    fn note(&mut self, line: usize, at: usize, text: String) {
        self.proof.notes.push(Note { line, at, text });
    }

    /// The figure that a number of the draft is.
    fn figure_id(&self, (line, number): (usize, usize)) -> Option<FigureId> {
        let range = &self.draft.get(line)?.numbers.get(number)?.range;
        let printed = self.input.draft.get(line)?;
        let overlaps = printed.figures.iter().find(|figure| figure.start < range.end && range.start < figure.end);
        overlaps.map(|figure| figure.id)
    }

    fn figure(&self, id: FigureId) -> Option<&Figure> {
        self.input.sheet.figures.iter().find(|figure| figure.id == id.figure)
    }

    fn traced(&self, id: FigureId) -> Option<Value> {
        rows::value_of(self.figure(id)?, id.part)
    }

    fn now(&self, id: FigureId) -> Option<Value> {
        rows::value_again(self.figure(id)?, self.recounted.get(&id.figure)?, id)
    }

    fn figures(&mut self, alignment: &Alignment) {
        self.proof.seen = self.edited.iter().map(|line| line.numbers.len()).sum();
        if self.draft.is_empty() {
            self.by_value();
            return;
        }
        let mut changed = Vec::new();
        for pair in &alignment.pairs {
            let (Some(old), Some(new)) = (number(&self.draft, pair.draft), number(&self.edited, pair.edited)) else {
                continue;
            };
            let id = self.figure_id(pair.draft);
            if self.is_same(new, old, id) {
                if id.is_some() {
                    self.proof.same += 1;
                } else {
                    self.proof.other += 1;
                }
            } else if is_numbering(old) && is_numbering(new) {
                self.proof.other += 1;
            } else {
                changed.push((pair.draft, pair.edited, id));
            }
        }
        changed.sort_by_key(|(_, edited, _)| *edited);
        for (draft, edited, id) in changed {
            self.changed(draft, edited, id);
        }
        let mut new = alignment.new.clone();
        new.sort_unstable();
        let counts = self.counts_for(&new);
        for at in new {
            self.new_number(at, &counts);
        }
        let has_charts = self.input.edited.has_charts();
        for at in &alignment.missing {
            let is_drawn = self.input.draft.get(at.0).is_some_and(|line| line.chart) && !has_charts;
            let (Some(id), Some(old)) = (self.figure_id(*at), number(&self.draft, *at)) else { continue };
            if !is_drawn && old.class == NumberClass::Figure {
                let traced = said(&self.draft, *at);
                let near = self.draft.get(at.0).map_or_else(String::new, |line| around(&line.text, old));
                self.proof.missing.push(MissingFigure { figure: id.figure, traced, near });
            }
        }
        let key = |missing: &MissingFigure| missing.figure;
        self.proof.missing.sort_by_key(key);
    }

    /// Whether a number says what the draft says there. An exact number in the place of a rough one must be what was counted.
    fn is_same(&self, new: &Number, old: &Number, id: Option<FigureId>) -> bool {
        if new.says(old) {
            return true;
        }
        let is_count = |number: &Number| matches!(number.value, NumberValue::Amount(Amount { unit: Unit::Count, .. }));
        let counted = id.and_then(|id| self.traced(id)).and_then(|value| value.as_u64());
        match (counted, new.exact_count()) {
            (Some(counted), Some(written)) => is_count(old) && counted == written,
            _ => false,
        }
    }

    fn changed(&mut self, draft: (usize, usize), edited: (usize, usize), id: Option<FigureId>) {
        let Some(old) = number(&self.draft, draft) else { return };
        let (traced, written) = (said(&self.draft, draft), said(&self.edited, edited));
        let now = id.and_then(|id| self.now(id)).map(|now| as_written(&now, old));
        let at = number(&self.edited, edited).map_or(0, |number| number.range.start);
        let figure = id.map(|id| id.figure);
        let text = super::report::changed_text(&traced, &written, now.as_deref(), figure, self.input.lang);
        self.note(edited.0, at, text);
        let place = self.place(edited.0, at);
        self.proof.changed.push(ChangedFigure { place, written, traced, now, figure });
    }

    /// Every count, if there is a number to be found among them.
    fn counts_for(&self, new: &[(usize, usize)]) -> Vec<(Record, u64)> {
        let wants = |at: &(usize, usize)| {
            number(&self.edited, *at)
                .is_some_and(|number| number.class == NumberClass::Figure && number.exact_count().is_some())
        };
        match self.input.context {
            Some(context) if new.iter().any(wants) => rows::all_counts(context),
            _ => Vec::new(),
        }
    }

    fn new_number(&mut self, at: (usize, usize), counts: &[(Record, u64)]) {
        let Some(new) = number(&self.edited, at) else { return };
        let is_quoted = self.edited.get(at.0).is_some_and(|line| self.is_within_description(line, new));
        if new.class != NumberClass::Figure || is_quoted {
            self.proof.other += 1;
            return;
        }
        let candidates = new.exact_count().map_or_else(Vec::new, |value| rows::candidates(counts, value));
        let (written, start) = (said(&self.edited, at), new.range.start);
        let text = super::report::new_text(&written, &candidates, self.input.lang);
        self.note(at.0, start, text);
        let place = self.place(at.0, start);
        self.proof.new.push(NewFigure { place, written, candidates });
    }

    /// Whether a number stands within what an issue of the logs says, as it says it.
    fn is_within_description(&self, line: &ReadLine, number: &Number) -> bool {
        let written = line.text.get(..number.range.end).unwrap_or_default();
        let (start, end) =
            (normal(line.text.get(..number.range.start).unwrap_or_default()).len(), normal(written).len());
        let holds = |description: &String| {
            line.normal.match_indices(description.as_str()).any(|(at, _)| at <= start && end <= at + description.len())
        };
        self.descriptions.iter().any(|(description, _)| holds(description))
    }

    /// Without the draft's text a number is only looked up among the values of the figures.
    fn by_value(&mut self) {
        let mut values: BTreeSet<u64> = BTreeSet::new();
        for figure in &self.input.sheet.figures {
            values.extend(figure.value.as_u64());
            values.extend(figure.parts.iter().map(|part| part.value));
        }
        let all: Vec<(usize, usize)> = self
            .edited
            .iter()
            .enumerate()
            .flat_map(|(at, line)| (0..line.numbers.len()).map(move |number| (at, number)))
            .collect();
        let counts = self.counts_for(&all);
        for at in all {
            let known = number(&self.edited, at).filter(|number| number.class == NumberClass::Figure);
            if known.and_then(Number::exact_count).is_some_and(|count| values.contains(&count)) {
                self.proof.same += 1;
            } else {
                self.new_number(at, &counts);
            }
        }
        self.proof.is_by_value = true;
    }

    fn sums(&mut self, alignment: &Alignment) {
        let lang = self.input.lang;
        let mut became: BTreeMap<(usize, usize), BTreeMap<usize, usize>> = BTreeMap::new();
        let mut fresh: BTreeSet<usize> = alignment.new.iter().map(|(line, _)| *line).collect();
        for pair in &alignment.pairs {
            became.entry((pair.draft.0, pair.edited.0)).or_default().insert(pair.draft.1, pair.edited.1);
            let says = number(&self.edited, pair.edited).zip(number(&self.draft, pair.draft));
            if says.is_some_and(|(new, old)| !new.says(old)) {
                fresh.insert(pair.edited.0);
            }
        }
        let mut told: Vec<(usize, usize, String)> = Vec::new();
        for ((old, new), became) in &became {
            if let (Some(old), Some(line)) = (self.draft.get(*old), self.edited.get(*new)) {
                let is_row = line.text.contains('\t');
                let broken = if is_row { Vec::new() } else { arithmetic::broken(old, line, became, lang) };
                told.extend(broken.into_iter().map(|(at, text)| (*new, at, text)));
            }
        }
        let has = |told: &[(usize, usize, String)], line: usize| told.iter().any(|(at, ..)| *at == line);
        for line in fresh {
            let Some(read) = self.edited.get(line).filter(|_| !has(&told, line)) else { continue };
            told.extend(arithmetic::contradictions(read, lang).into_iter().map(|(at, text)| (line, at, text)));
        }
        let known = arithmetic::known_wrong(&self.draft);
        let lines = &self.input.edited.lines;
        let tables = lines.chunk_by(|a, b| {
            let table = |line: &super::text::Line| (line.place.part, line.place.row.map(|(table, _)| table));
            table(a) == table(b)
        });
        let mut first = 0;
        for rows in tables {
            if rows.first().is_some_and(|row| row.place.row.is_some()) {
                let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
                for wrong in arithmetic::wrong_totals(&texts).into_iter().filter(|wrong| !known.contains(&wrong.key)) {
                    let text = texts.get(wrong.row).copied().unwrap_or_default();
                    let at: usize = text.split('\t').take(wrong.column).map(|cell| cell.len() + 1).sum();
                    told.push((first + wrong.row, at, wrong.text(lang)));
                }
            }
            first += rows.len();
        }
        told.sort();
        told.dedup();
        for (line, at, message) in told {
            self.note(line, at, message.clone());
            let place = self.place(line, at);
            self.proof.sums.push(WrongSum { place, message });
        }
    }

    /// Lines with figures that stand under another heading than in the draft.
    fn moved(&mut self, alignment: &Alignment) {
        let became = |line: usize| alignment.lines.get(line).copied().flatten();
        let of_body = |line: usize| {
            self.input.edited.lines.get(line).is_some_and(|line| line.place.part == super::text::Part::Body)
        };
        let mut headings: Vec<Option<usize>> = Vec::new();
        let mut last = None;
        for (at, line) in self.edited.iter().enumerate() {
            headings.push(last);
            if line.is_heading() && of_body(at) {
                last = Some(at);
            }
        }
        let (mut told, mut heading) = (Vec::new(), None);
        for (at, line) in self.draft.iter().enumerate() {
            let is_figure = self.input.draft.get(at).is_some_and(|line| !line.figures.is_empty() && !line.chart);
            if let Some(new) = became(at).filter(|new| is_figure && !line.is_heading() && of_body(*new)) {
                // A heading that was taken out or written anew says nothing of the lines below it.
                let was = heading.map(became);
                let now = headings.get(new).copied().flatten();
                if was.is_none_or(|was| was.is_some()) && was.flatten() != now {
                    told.push((new, heading));
                }
            }
            if line.is_heading() {
                heading = Some(at);
            }
        }
        for (line, heading) in told {
            let traced = heading.and_then(|heading| self.draft.get(heading)).map(|heading| heading.text.clone());
            let written: String =
                self.edited.get(line).map_or_else(String::new, |line| line.text.chars().take(30).collect());
            let text = super::report::moved_text(&written, traced.as_deref(), self.input.lang);
            self.note(line, 0, text);
            let place = self.place(line, 0);
            self.proof.moved.push(MovedLine { place, written, traced });
        }
    }

    fn names(&mut self, alignment: &Alignment) {
        for change in &alignment.names {
            let (line, at) = change.edited;
            let text = super::report::name_text(&change.written, change.draft.as_deref(), self.input.lang);
            self.note(line, at, text);
            let place = self.place(line, at);
            let (written, traced) = (change.written.clone(), change.draft.clone());
            self.proof.names.push(WrongName { place, written, traced });
        }
    }

    /// Descriptions that the draft quotes and the edited document does not any more, or not as often.
    fn altered(&mut self, alignment: &Alignment) {
        let Ok(finder) = aho_corasick::AhoCorasick::new(self.descriptions.iter().map(|(description, _)| description))
        else {
            return;
        };
        let mut altered = Vec::new();
        let mut seen = BTreeSet::new();
        for (at, line) in self.draft.iter().enumerate() {
            for found in finder.find_overlapping_iter(&line.normal) {
                let index = found.pattern().as_usize();
                let Some((description, key)) = self.descriptions.get(index) else { continue };
                let became = alignment.lines.get(at).copied().flatten();
                let stands = became.and_then(|new| self.edited.get(new)).is_some_and(|new| {
                    new.normal.contains(description) || spelt(&new.normal).contains(&spelt(description))
                });
                if stands || !seen.insert((at, index)) {
                    continue;
                }
                let times = |lines: &[ReadLine]| {
                    lines.iter().map(|line| line.normal.matches(description.as_str()).count()).sum::<usize>()
                };
                if times(&self.edited) < times(&self.draft) {
                    altered.push((became, (*key).to_owned()));
                }
            }
        }
        for (line, key) in altered {
            let lang = self.input.lang;
            let place =
                line.map_or_else(|| lang.pick("已不在文中", "no longer there").to_owned(), |line| self.place(line, 0));
            if let Some(line) = line {
                self.note(line, 0, super::report::altered_text(&key, lang));
            }
            self.proof.altered.push(AlteredDescription { place, key });
        }
    }

    fn slips(&mut self, alignment: &Alignment) {
        let lang = self.input.lang;
        let drafted: BTreeMap<(usize, usize), (usize, usize)> =
            alignment.pairs.iter().map(|pair| (pair.edited, pair.draft)).collect();
        let became: BTreeMap<usize, &ReadLine> =
            alignment.lines.iter().zip(&self.draft).filter_map(|(edited, draft)| Some(((*edited)?, draft))).collect();
        let mut told: Vec<(usize, usize, String, String)> = Vec::new();
        let mut blanks = Vec::new();
        for (at, line) in self.edited.iter().enumerate() {
            for (index, own) in line.numbers.iter().enumerate() {
                let written = line.text.get(own.range.clone()).unwrap_or_default();
                let was = drafted.get(&(at, index)).map(|draft| said(&self.draft, *draft));
                if was.as_deref() == Some(written) {
                    continue;
                }
                if let Some(why) = slip(own, written, lang) {
                    told.push((at, own.range.start, written.to_owned(), why));
                }
            }
            // As many as the draft had there are its own blanks; what is more was put in.
            let mut of_draft = became.get(&at).map_or(0, |draft| self.blanks(&draft.text).len());
            for (start, written) in self.blanks(&line.text) {
                if of_draft > 0 {
                    of_draft -= 1;
                    let place = self.place(at, start);
                    blanks.push(Blank { place, written: written.to_owned() });
                } else {
                    let why = lang.pick("留空未填", "left to be filled in").to_owned();
                    told.push((at, start, written.to_owned(), why));
                }
            }
        }
        self.proof.blanks = blanks;
        for (line, at, written, message) in told {
            self.note(line, at, format!("{written}{}{message}", lang.pick("：", ": ")));
            let place = self.place(line, at);
            self.proof.slips.push(Slip { place, written, message });
        }
    }

    /// What is left to be filled in a line, but for what descriptions have themselves: where, and as it is written.
    fn blanks<'t>(&self, text: &'t str) -> Vec<(usize, &'t str)> {
        let found = LEFT_OVER.iter().flat_map(|pattern| pattern.find_iter(text));
        let is_quoted = |written: &str| self.descriptions.iter().any(|(description, _)| description.contains(written));
        found.map(|found| (found.start(), found.as_str())).filter(|(_, written)| !is_quoted(written)).collect()
    }

    fn drift(&mut self) {
        for figure in &self.input.sheet.figures {
            let Some(now) = self.recounted.get(&figure.id).filter(|now| now.value != figure.value) else { continue };
            self.proof.drift.push(DriftedFigure {
                figure: figure.id,
                selection: figure.selection.clone(),
                traced: figure.value.clone(),
                now: now.value.clone(),
            });
        }
    }
}

static LEFT_OVER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[XxＸ×]{2,}|[_＿]{2,}|〔 *〕|[（(][ 　]+[）)]|\{\{|\}\}|\[TODO\]|待填|待补").ok());

/// What is wrong with the spelling of a number of a document or of a date.
fn slip(number: &Number, written: &str, lang: Lang) -> Option<String> {
    match number.class {
        NumberClass::Document if written.contains('号') && !written.starts_with(['〔', '第']) => {
            Some(lang.pick("发文字号的年份用六角括号〔〕", "the year of a document number stands in 〔〕").to_owned())
        }
        NumberClass::Date => {
            let NumberValue::Text(text) = &number.value else { return None };
            let parts: Vec<u32> =
                text.trim_end_matches(char::is_alphabetic).split('-').filter_map(|part| part.parse().ok()).collect();
            let is_day =
                written.contains(['日', '号', '-', '/', '.']) || written.chars().any(|c| c.is_ascii_alphabetic());
            let holds = match parts.as_slice() {
                [year, month, day] => {
                    NaiveDate::from_ymd_opt(i32::try_from(*year).unwrap_or(0), *month, *day).is_some()
                }
                [month, day] if written.contains('月') && !written.contains('年') && is_day => {
                    NaiveDate::from_ymd_opt(2024, *month, *day).is_some()
                }
                [month] if written.ends_with('月') => (1..=12).contains(month),
                [day] if written.ends_with('日') => (1..=31).contains(day),
                _ => true,
            };
            (!holds).then(|| lang.pick("没有这一天", "there is no such day").to_owned())
        }
        _ => None,
    }
}

/// A text with its counts in digits, so that 二次 is 2次.
fn spelt(text: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for number in numbers(text) {
        let Some(count) = number.exact_count() else { continue };
        out.push_str(text.get(at..number.range.start).unwrap_or_default());
        out.push_str(&count.to_string());
        at = number.range.end;
    }
    out + text.get(at..).unwrap_or_default()
}

/// Whether a number only numbers, or is part of a word, so that it may be another.
fn is_numbering(number: &Number) -> bool {
    number.class == NumberClass::Clause
}

fn number(lines: &[ReadLine], (line, number): (usize, usize)) -> Option<&Number> {
    lines.get(line)?.numbers.get(number)
}

fn said(lines: &[ReadLine], at: (usize, usize)) -> String {
    let Some(line) = lines.get(at.0) else { return String::new() };
    let range = line.numbers.get(at.1).map_or(0..0, |number| number.range.clone());
    line.text.get(range).unwrap_or_default().to_owned()
}

/// A number with some of the text around it.
fn around(text: &str, number: &Number) -> String {
    let before: Vec<char> = text.get(..number.range.start).unwrap_or_default().chars().rev().take(8).collect();
    let own = text.get(number.range.clone()).unwrap_or_default();
    let after: String = text.get(number.range.end..).unwrap_or_default().chars().take(4).collect();
    (before.into_iter().rev().collect::<String>() + own + &after).replace('\t', " ")
}

/// The value of a figure as the draft writes such a number: a rate as a percentage with as many decimals.
fn as_written(value: &Value, draft: &Number) -> String {
    match (&draft.value, value.as_f64()) {
        (NumberValue::Amount(Amount { unit: Unit::Percent, step, .. }), Some(rate)) if !value.is_u64() => {
            let decimals = (0..=6).find(|decimals| step * 10_i128.pow(*decimals) >= 1_000_000).unwrap_or(0);
            format!("{:.*}%", usize::try_from(decimals).unwrap_or(0), rate * 100.0)
        }
        _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    }
}
