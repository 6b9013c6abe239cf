//! R215: what is said of an issue in words contradicts how it counts.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::fault::{Code, Faults, Finding, KnownBy, brief, field_name};
use crate::model::state::{AsOf, State};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;

/// Where people write in their own words what became of an issue.
const REMARKS: [Field; 3] = [Field::Progress, Field::Review, Field::Note];

/// What such a text may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Open,
    Done,
    Extended,
}

#[rustfmt::skip]
const PHRASES: [(Said, &[&str]); 3] = [
    (Said::Open, &[
        "未整改", "未改", "未完成", "未达标", "未到位", "未落实", "未解决", "未通过", "尚未", "仍未", "暂未", "还未", "正在整改",
        "仍在整改", "整改中", "继续整改", "再整改", "拒绝整改", "不到位", "不彻底", "依然存在", "仍存在", "仍有", "部分合格", "部分整改",
        "not yet", "not yet rectified", "not rectified", "still open", "in progress",
    ]),
    (Said::Done, &[
        "已整改", "已完成", "已销号", "已办结", "已闭环", "已更换", "已清", "已修", "已拆除", "已落实", "整改到位", "整改完毕", "整改完成",
        "rectified", "issue closed",
    ]),
    (Said::Extended, &["延期至", "延期到", "延至", "展期至", "extended to", "extended until"]),
];

/// The phrases in one search, each with what it says by its number.
static SEARCH: LazyLock<Option<(AhoCorasick, Vec<Said>)>> = LazyLock::new(|| {
    let mut said: Vec<(Said, String)> = Vec::new();
    for (what, phrases) in PHRASES {
        said.extend(phrases.iter().map(|phrase| (what, (*phrase).to_owned())));
    }
    // 仍未整改到位 ends like 整改到位.
    for not in ["未", "尚未", "仍未", "暂未", "还未", "没有"] {
        said.extend(["整改到位", "整改完毕", "整改完成"].map(|done| (Said::Open, format!("{not}{done}"))));
    }
    let (said, phrases): (Vec<Said>, Vec<String>) = said.into_iter().unzip();
    let mut search = AhoCorasick::builder();
    search.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
    Some((search.build(phrases).ok()?, said))
});

/// Adds a fault for each remark that denies a rectification which is counted, or tells of one, or of another deadline, that is
/// not.
pub(super) fn check(issue: &Issue<'_>, faults: &mut Faults) {
    for field in REMARKS.into_iter().filter(|field| issue.row.columns.has(*field)) {
        // What is said last holds: 原未整改，现已整改.
        let Some(said) = said_last(issue.row.bytes(field)) else { continue };
        let is_rectified = State::of(issue, &AsOf::at_the_end()).rectified;
        // Progress in words alone is told once for the log (R214).
        let is_told = match said {
            Said::Open => is_rectified,
            Said::Done => !is_rectified && field == Field::Note && !issue.is_withdrawn(),
            Said::Extended => !is_rectified && field == Field::Note && issue.deadline.is_some(),
        };
        if is_told {
            let text = issue.text(field).into_owned();
            faults.add_at(issue.row.field_place(field), field, Contradicts { field, text, said });
        }
    }
}

fn said_last(text: &[u8]) -> Option<Said> {
    if text.is_empty() {
        return None;
    }
    let (search, said) = SEARCH.as_ref()?;
    said.get(search.find_iter(text).last()?.pattern().as_usize()).copied()
}

/// A remark that says otherwise than what is counted.
#[derive(Debug)]
struct Contradicts {
    field: Field,
    text: String,
    said: Said,
}

impl Finding for Contradicts {
    fn code(&self) -> Code {
        const { Code::known("R215") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(self.text.clone())
    }

    fn field(&self) -> Option<Field> {
        Some(self.field)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let (field, text) = (field_name(Some(self.field), lang), brief(&self.text));
        match (self.said, lang) {
            (Said::Open, Lang::Zh) => (
                format!("{field}写着“{text}”，却按已整改计"),
                "没有改好的，状态写“整改中”，删去整改完成日期；已改好的，改这句话".into(),
            ),
            (Said::Open, Lang::En) => (
                format!("{field} says `{text}`, yet the issue counts as rectified"),
                "if it is not rectified, the status is `in_progress`, without a date of rectification; if it is, correct the remark".into(),
            ),
            (Said::Done, Lang::Zh) => (
                format!("{field}写着“{text}”，却按未整改计：备注不算状态"),
                "已改好的，状态写“已整改”或“已销号”，或者填整改完成日期".into(),
            ),
            (Said::Done, Lang::En) => (
                format!("{field} says `{text}`, yet the issue counts as open: a remark is no status"),
                "if it is rectified, say so in the status, or enter the date of rectification".into(),
            ),
            (Said::Extended, Lang::Zh) => (
                format!("{field}写着“{text}”，期限仍按整改期限一列计"),
                "同意延期的，把整改期限改成新的日期".into(),
            ),
            (Said::Extended, Lang::En) => (
                format!("{field} says `{text}`, yet the deadline is that of its column"),
                "if it was extended, enter the new day as the deadline".into(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_last_holds() {
        for (text, expected) in [
            ("未整改，施工队未进场", Some(Said::Open)),
            ("正在整改，预计8月15日完成", Some(Said::Open)),
            ("原未整改，现已整改", Some(Said::Done)),
            ("已部分更换，尚未完成", Some(Said::Open)),
            ("已清理垃圾3车", Some(Said::Done)),
            ("经批准延期至8月25日", Some(Said::Extended)),
            ("Not yet rectified", Some(Said::Open)),
            ("仍未整改到位", Some(Said::Open)),
            ("没有整改完毕", Some(Said::Open)),
            ("Now rectified", Some(Said::Done)),
            ("灭火器在二楼", None),
            ("", None),
        ] {
            assert_eq!(said_last(text.as_bytes()), expected, "{text}");
        }
    }
}
