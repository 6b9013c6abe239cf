//! The passages of a document that say something else when it is made again.

use regex_lite::Regex;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::sync::LazyLock;

use crate::dataset::correction::CorrectedPassage;
use crate::document::printed::PrintedLine;
use crate::words::lang::Lang;

/// The number at the beginning of an item or of a row: where one is left out, all that follow have another.
static NUMBERING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[（(]\s*[0-9一二三四五六七八九十百]+\s*[)）]|[0-9]+\s*[.．、)）]|[0-9]+\t)\s*").ok()
});

/// Returns the passages that differ, in the order of the document. What a chart draws stands in a table beside it.
pub(super) fn passages(then: &[PrintedLine], now: &[PrintedLine], lang: Lang) -> Vec<CorrectedPassage> {
    let lines = |lines: &[PrintedLine]| -> Vec<String> {
        lines.iter().filter(|line| !line.chart).map(|line| unnumbered(&line.text).to_owned()).collect()
    };
    let (then, now) = (lines(then), lines(now));
    let mut found = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &then, &now) {
        let (old, new) = (then.get(op.old_range()).unwrap_or_default(), now.get(op.new_range()).unwrap_or_default());
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let head = |at: usize| header(&then, at);
        let mut left: Vec<&String> = new.iter().collect();
        for (index, was) in old.iter().enumerate() {
            let likest = left.iter().position(|now| is_alike(was, now));
            match likest.map(|at| left.remove(at)) {
                Some(now) => found.extend(pair(was, now, head(op.old_range().start + index), lang)),
                None => found.push(CorrectedPassage { was: shown(was, lang), ..CorrectedPassage::default() }),
            }
        }
        found.extend(
            left.into_iter().map(|now| CorrectedPassage { now: shown(now, lang), ..CorrectedPassage::default() }),
        );
    }
    found
}

fn unnumbered(text: &str) -> &str {
    let number = NUMBERING.as_ref().and_then(|number| number.find(text));
    number.map_or(text, |number| text.get(number.end()..).unwrap_or_default())
}

/// Whether one line took the place of another: rows of one name, or sentences that begin and end alike in more than half.
fn is_alike(was: &str, now: &str) -> bool {
    match (was.split_once('\t'), now.split_once('\t')) {
        (Some((was, _)), Some((now, _))) => was == now,
        (None, None) => {
            let (was, now): (Vec<char>, Vec<char>) = (was.chars().collect(), now.chars().collect());
            let alike = capture_diff_slices(Algorithm::Myers, &was, &now).iter().fold(0, |alike, op| match op {
                DiffOp::Equal { len, .. } => alike + len,
                _ => alike,
            });
            alike * 2 > was.len().max(now.len())
        }
        _ => false,
    }
}

/// The names of the columns of a table in which a line stands: its first line.
fn header(lines: &[String], mut at: usize) -> Option<&str> {
    let is_row = |line: &String| line.contains('\t');
    while at > 0 && lines.get(at - 1).is_some_and(is_row) {
        at -= 1;
    }
    lines.get(at).filter(|line| is_row(line)).map(String::as_str)
}

/// What differs between two lines, sentence by sentence, or cell by cell.
fn pair(was: &str, now: &str, header: Option<&str>, lang: Lang) -> Vec<CorrectedPassage> {
    if was.contains('\t') {
        return vec![cells(was, now, header, lang)];
    }
    let (old, new) = (sentences(was, lang), sentences(now, lang));
    if old.len() != new.len() {
        return vec![CorrectedPassage { was: was.to_owned(), now: now.to_owned(), ..CorrectedPassage::default() }];
    }
    let differing = old.into_iter().zip(new).filter(|(was, now)| was != now);
    differing
        .map(|(was, now)| CorrectedPassage { was: was.to_owned(), now: now.to_owned(), ..CorrectedPassage::default() })
        .collect()
}

/// The cells of a row that differ, with the names of their columns.
fn cells(was: &str, now: &str, header: Option<&str>, lang: Lang) -> CorrectedPassage {
    let columns: Vec<&str> = header.unwrap_or_default().split('\t').collect();
    let (old, new): (Vec<&str>, Vec<&str>) = (was.split('\t').collect(), now.split('\t').collect());
    if old.len() != new.len() || columns.len() != old.len() {
        return CorrectedPassage { was: shown(was, lang), now: shown(now, lang), ..CorrectedPassage::default() };
    }
    let differing: Vec<usize> = (0..old.len()).filter(|at| old.get(*at) != new.get(*at)).collect();
    let say = |cells: &[&str]| -> String {
        let named = differing.iter().filter_map(|at| Some((columns.get(*at)?, cells.get(*at)?)));
        let named = named.map(|(column, cell)| {
            let cell = if cell.is_empty() { "—" } else { cell };
            lang.pick(format!("{column}{cell}"), format!("{column} {cell}"))
        });
        named.collect::<Vec<_>>().join(lang.pick("、", ", "))
    };
    let row = old.first().map(|name| (*name).to_owned());
    CorrectedPassage { row, was: say(&old), now: say(&new), ..CorrectedPassage::default() }
}

/// The sentences of a paragraph, each with its end.
fn sentences(text: &str, lang: Lang) -> Vec<&str> {
    match lang {
        Lang::Zh => text.split_inclusive(['。', '；', '！', '？']).collect(),
        Lang::En => text.split_inclusive(". ").map(str::trim_end).collect(),
    }
}

/// A line as it is quoted.
fn shown(line: &str, lang: Lang) -> String {
    let end = ['。', '；', '.', ';'];
    let cells = line.split('\t').map(|cell| cell.trim_end_matches(end)).filter(|cell| !cell.is_empty());
    cells.collect::<Vec<_>>().join(lang.pick("，", ", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> PrintedLine {
        PrintedLine { text: text.to_owned(), ..PrintedLine::default() }
    }

    fn told(then: &[&str], now: &[&str]) -> Vec<(String, String)> {
        let lines = |texts: &[&str]| texts.iter().map(|text| line(text)).collect::<Vec<_>>();
        let found = passages(&lines(then), &lines(now), Lang::Zh);
        found.into_iter().map(|found| (found.row.unwrap_or_default() + &found.was, found.now)).collect()
    }

    #[test]
    fn the_sentence_that_differs_is_quoted_and_no_other() {
        let then = ["标题", "发现问题33个。其中现场整改17个；限期整改16个。请整改。"];
        let now = ["标题", "发现问题32个。其中现场整改17个；限期整改15个。请整改。"];
        let pair = |was: &str, now: &str| (was.to_owned(), now.to_owned());
        assert_eq!(
            told(&then, &now),
            [pair("发现问题33个。", "发现问题32个。"), pair("限期整改16个。", "限期整改15个。")]
        );
    }

    #[test]
    fn an_item_that_is_left_out_moves_no_other() {
        let then = ["1. 甲社区：门没关。", "2. 乙社区：没有登记。", "3. 丙社区：没有测温。"];
        assert_eq!(told(&then, &[then[0], "2. 丙社区：没有测温。"]), [("乙社区：没有登记".to_owned(), String::new())]);
    }

    #[test]
    fn a_row_says_its_name_and_the_columns_that_differ() {
        let then = ["单位\t卡口\t健康\t合计", "甲\t1\t2\t3", "乙\t4\t\t4"];
        let now = ["单位\t卡口\t健康\t合计", "甲\t1\t1\t2", "乙\t4\t\t4"];
        assert_eq!(told(&then, &now), [("甲健康2、合计3".to_owned(), "健康1、合计2".to_owned())]);
    }
}
