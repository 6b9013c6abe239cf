//! What a proof found, and its sentences.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::class::ProofClass;
use crate::dataset::Record;
use crate::words::lang::{Lang, counted};

/// The judgement on a document, as `--format json` writes it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Proof {
    /// The document.
    pub document: String,
    /// The figures it was held against.
    pub of: String,
    /// How many numbers it has: as many as are the same, changed, new and other.
    pub seen: usize,
    /// How many are a figure of the draft, unchanged.
    pub same: usize,
    /// Numbers that are not what the draft has there.
    pub changed: Vec<ChangedFigure>,
    /// Figures that the draft has not.
    pub new: Vec<NewFigure>,
    /// Figures of the draft that are gone.
    pub missing: Vec<MissingFigure>,
    /// Sums, shares and totals that do not agree.
    pub sums: Vec<WrongSum>,
    /// Units and persons that are not those of the draft.
    pub names: Vec<WrongName>,
    /// Descriptions that are no longer what the log says.
    pub altered: Vec<AlteredDescription>,
    /// Lines with figures under another heading than in the draft.
    pub moved: Vec<MovedLine>,
    /// Dates that do not exist, numbers of documents in the wrong brackets, what was left to be filled in.
    pub slips: Vec<Slip>,
    /// What the draft left to be filled in, and is not filled in: no reason for status 1, but one not to send it out.
    pub blanks: Vec<Blank>,
    /// How many numbers are no figure of the draft and not told: dates, numbers of documents, what descriptions say.
    pub other: usize,
    /// Figures that the rows give otherwise today.
    pub drift: Vec<DriftedFigure>,
    /// What tracked changes altered; they count as accepted.
    pub tracked: Vec<Tracked>,
    /// How many comments the document has.
    pub comments: usize,
    /// Why figures were not counted again, if they were not.
    pub not_counted: Option<String>,
    /// Whether the draft's text is not known, so that numbers were looked up by their values alone.
    pub is_by_value: bool,
    /// What is to be said at which place, for a copy with comments.
    #[serde(skip)]
    pub notes: Vec<Note>,
}

impl Proof {
    /// Whether nothing is to be told but blanks and drift.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        ProofClass::ALL.into_iter().all(|class| class == ProofClass::Blanks || self.count(class) == 0)
    }

    /// How many of a class are told.
    #[must_use]
    pub fn count(&self, class: ProofClass) -> usize {
        match class {
            ProofClass::Changed => self.changed.len(),
            ProofClass::New => self.new.len(),
            ProofClass::Missing => self.missing.len(),
            ProofClass::Sums => self.sums.len(),
            ProofClass::Names => self.names.len(),
            ProofClass::Altered => self.altered.len(),
            ProofClass::Moved => self.moved.len(),
            ProofClass::Slips => self.slips.len(),
            ProofClass::Blanks => self.blanks.len(),
        }
    }

    /// What is told of a class, each in a line with its place.
    #[must_use]
    pub fn lines(&self, class: ProofClass, lang: Lang) -> Vec<String> {
        let at = |place: &str, text: String| at(place, &text, lang);
        match class {
            ProofClass::Changed => {
                let text =
                    |one: &ChangedFigure| changed_text(&one.traced, &one.written, one.now.as_deref(), one.figure, lang);
                self.changed.iter().map(|one| at(&one.place, text(one))).collect()
            }
            ProofClass::New => {
                self.new.iter().map(|one| at(&one.place, new_text(&one.written, &one.candidates, lang))).collect()
            }
            ProofClass::Missing => {
                let text = |one: &MissingFigure| {
                    lang.pick(
                        format!("{}（数字 {}）：原在“{}”", one.traced, one.figure, one.near),
                        format!("{} (figure {}), which stood in \"{}\"", one.traced, one.figure, one.near),
                    )
                };
                self.missing.iter().map(text).collect()
            }
            ProofClass::Sums => self.sums.iter().map(|one| at(&one.place, one.message.clone())).collect(),
            ProofClass::Names => {
                let text = |one: &WrongName| name_text(&one.written, one.traced.as_deref(), lang);
                self.names.iter().map(|one| at(&one.place, text(one))).collect()
            }
            ProofClass::Altered => {
                self.altered.iter().map(|one| at(&one.place, altered_text(&one.key, lang))).collect()
            }
            ProofClass::Moved => {
                let text = |one: &MovedLine| moved_text(&one.written, one.traced.as_deref(), lang);
                self.moved.iter().map(|one| at(&one.place, text(one))).collect()
            }
            ProofClass::Slips => {
                let text = |one: &Slip| format!("{}{}{}", one.written, lang.pick("，", ", "), one.message);
                self.slips.iter().map(|one| at(&one.place, text(one))).collect()
            }
            ProofClass::Blanks => self.blanks.iter().map(|one| at(&one.place, one.written.clone())).collect(),
        }
    }
}

/// A place and what is told of it.
fn at(place: &str, text: &str, lang: Lang) -> String {
    format!("{place}{}{text}", lang.pick("：", ": "))
}

/// A number that is not what the draft has there.
#[derive(Clone, Debug, Serialize)]
pub struct ChangedFigure {
    /// Where.
    pub place: String,
    /// What is written.
    pub written: String,
    /// What the draft has.
    pub traced: String,
    /// What the rows give; nothing if it is no figure, or was not counted again.
    pub now: Option<String>,
    /// Which figure; nothing for a date, a number of a document, and what the draft did not count.
    pub figure: Option<usize>,
}

/// A figure that the draft has not.
#[derive(Clone, Debug, Serialize)]
pub struct NewFigure {
    /// Where.
    pub place: String,
    /// What is written.
    pub written: String,
    /// Selections that give it.
    pub candidates: Vec<Record>,
}

/// A figure that is gone.
#[derive(Clone, Debug, Serialize)]
pub struct MissingFigure {
    /// Which.
    pub figure: usize,
    /// As the draft printed it.
    pub traced: String,
    /// The draft's text around it.
    pub near: String,
}

/// A sum that does not agree.
#[derive(Clone, Debug, Serialize)]
pub struct WrongSum {
    /// Where.
    pub place: String,
    /// What does not agree.
    pub message: String,
}

/// A unit or a person that is not that of the draft.
#[derive(Clone, Debug, Serialize)]
pub struct WrongName {
    /// Where.
    pub place: String,
    /// What is written.
    pub written: String,
    /// What the draft has; nothing if it has no name there.
    pub traced: Option<String>,
}

/// A description that is no longer what the log says.
#[derive(Clone, Debug, Serialize)]
pub struct AlteredDescription {
    /// Where.
    pub place: String,
    /// The key of the issue.
    pub key: String,
}

/// A line with figures that stands under another heading.
#[derive(Clone, Debug, Serialize)]
pub struct MovedLine {
    /// Where.
    pub place: String,
    /// How it begins.
    pub written: String,
    /// The heading it had; nothing if it stood above the first.
    pub traced: Option<String>,
}

/// A slip of the pen.
#[derive(Clone, Debug, Serialize)]
pub struct Slip {
    /// Where.
    pub place: String,
    /// What is written.
    pub written: String,
    /// What is wrong with it.
    pub message: String,
}

/// What was left to be filled in.
#[derive(Clone, Debug, Serialize)]
pub struct Blank {
    /// Where.
    pub place: String,
    /// What is written.
    pub written: String,
}

/// A figure that the rows give otherwise today.
#[derive(Clone, Debug, Serialize)]
pub struct DriftedFigure {
    /// Which.
    pub figure: usize,
    /// What it counts.
    pub selection: Record,
    /// What the draft counted.
    pub traced: Value,
    /// What the rows give.
    pub now: Value,
}

/// A tracked change.
#[derive(Clone, Debug, Serialize)]
pub struct Tracked {
    /// Where.
    pub place: String,
    /// What is taken out.
    pub deleted: String,
    /// What is put in.
    pub inserted: String,
}

/// What is to be said of a line.
#[derive(Clone, Debug)]
pub struct Note {
    /// The line.
    pub line: usize,
    /// The byte.
    pub at: usize,
    /// What is to be said.
    pub text: String,
}

/// A changed number, in words.
pub(super) fn changed_text(
    traced: &str,
    written: &str,
    now: Option<&str>,
    figure: Option<usize>,
    lang: Lang,
) -> String {
    let of = figure.map_or_else(String::new, |id| lang.pick(format!("；数字 {id}"), format!("; figure {id}")));
    let now =
        now.map_or_else(String::new, |now| lang.pick(format!("，台账为 {now}"), format!(", the rows give {now}")));
    lang.pick(format!("原为 {traced}，现写 {written}{now}{of}"), format!("was {traced}, now {written}{now}{of}"))
}

/// A new figure, in words.
pub(super) fn new_text(written: &str, candidates: &[Record], lang: Lang) -> String {
    let list: Vec<String> = candidates.iter().map(|selection| selected(selection, lang)).collect();
    let list = list.join(lang.pick("；", "; "));
    if candidates.is_empty() {
        lang.pick(format!("{written}：拟稿没有这个数字"), format!("{written}: no figure of the draft"))
    } else {
        lang.pick(
            format!("{written}：拟稿没有这个数字；数得此数的有：{list}"),
            format!("{written}: no figure of the draft; what gives it: {list}"),
        )
    }
}

fn selected(selection: &Record, lang: Lang) -> String {
    if selection.is_empty() {
        return lang.pick("全部问题", "all issues").to_owned();
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    selection.iter().map(|(key, value)| format!("{key}={}", text(value))).collect::<Vec<_>>().join(" ")
}

/// A name, in words.
pub(super) fn name_text(written: &str, traced: Option<&str>, lang: Lang) -> String {
    match (traced, written.trim()) {
        (Some(traced), "") => {
            lang.pick(format!("此处原有 {traced}，现没有"), format!("{traced} stood here and does not now"))
        }
        (Some(traced), written) => {
            lang.pick(format!("原为 {traced}，现写 {written}"), format!("was {traced}, now {written}"))
        }
        (None, written) => {
            lang.pick(format!("{written}：拟稿此处没有"), format!("{written}: the draft does not name it here"))
        }
    }
}

/// A moved line, in words.
pub(super) fn moved_text(written: &str, traced: Option<&str>, lang: Lang) -> String {
    let written = written.replace('\t', " ");
    match traced {
        Some(heading) => {
            lang.pick(format!("“{written}…”原在“{heading}”之下"), format!("\"{written}…\" stood under \"{heading}\""))
        }
        None => lang
            .pick(format!("“{written}…”原在第一个标题之前"), format!("\"{written}…\" stood above the first heading")),
    }
}

/// An altered description, in words.
pub(super) fn altered_text(key: &str, lang: Lang) -> String {
    lang.pick(format!("问题 {key} 的描述与台账不同"), format!("the description of issue {key} is not that of the log"))
}

/// The report of a proof as text.
#[must_use]
pub fn text(proof: &Proof, lang: Lang) -> String {
    let mut out = lang.pick(
        format!(
            "{}：对照 {}，数字 {} 个，与拟稿相同 {}，改动 {}，新增 {}，其他 {}\n",
            proof.document,
            proof.of,
            proof.seen,
            proof.same,
            proof.changed.len(),
            proof.new.len(),
            proof.other
        ),
        format!(
            "{}: held against {}; {}: {} as in the draft, {} changed, {} new, {} other\n",
            proof.document,
            proof.of,
            counted(proof.seen, "number"),
            proof.same,
            proof.changed.len(),
            proof.new.len(),
            proof.other
        ),
    );
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let count = lang.pick(format!("（{}）", lines.len()), format!(" ({})", lines.len()));
            let _ = writeln!(out, "\n{title}{count}");
            for line in lines {
                let _ = writeln!(out, "  {line}");
            }
        }
    };
    for class in ProofClass::ALL {
        section(class.title(lang), proof.lines(class, lang));
    }
    let drift = proof.drift.iter().map(|one| {
        let selection = selected(&one.selection, lang);
        lang.pick(
            format!("数字 {}（{selection}）：拟稿时 {}，台账现为 {}", one.figure, one.traced, one.now),
            format!("figure {} ({selection}): {} in the draft, {} by the rows now", one.figure, one.traced, one.now),
        )
    });
    section(lang.pick("台账此后有变化", "The logs have changed since"), drift.collect());
    let tracked = proof.tracked.iter().map(|one| {
        let (deleted, inserted) = (one.deleted.trim(), one.inserted.trim());
        let text = lang.pick(format!("删“{deleted}”，增“{inserted}”"), format!("-\"{deleted}\" +\"{inserted}\""));
        at(&one.place, &text, lang)
    });
    section(lang.pick("修订（按接受计）", "Tracked changes, taken as accepted"), tracked.collect());
    out + &remarks(proof, lang)
}

/// What is to be said of the whole.
fn remarks(proof: &Proof, lang: Lang) -> String {
    let mut out = String::new();
    let mut note = |text: String| {
        let _ = writeln!(out, "\n{text}");
    };
    if proof.comments > 0 {
        note(lang.pick(
            format!("文中还有批注 {} 条", proof.comments),
            format!("it has {}", counted(proof.comments, "comment")),
        ));
    }
    if proof.is_by_value {
        note(
            lang.pick(
                "这份 .figures.json 是旧版写的，拟稿也不在旁边：只能按数值查找，看不出改动和缺少",
                "this .figures.json is of an older version, and the draft is not beside it: numbers were looked up by their \
                 values, and what changed or is missing can't be seen",
            )
            .to_owned(),
        );
    }
    if let Some(why) = &proof.not_counted {
        note(lang.pick(
            format!("没有按现在的台账重新数（{why}）"),
            format!("the figures were not counted again by the rows of today: {why}"),
        ));
    }
    out
}
