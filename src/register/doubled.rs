//! Numbers that two branches gave out, each to a document of its own.

use std::collections::BTreeMap;

use crate::register::entry::{RegisterEntry, RegisterStatus};
use crate::words::lang::Lang;

/// Returns the pairs of documents that have one number while neither is void: the first of a number with each other.
#[must_use]
pub fn doubled(entries: &[RegisterEntry]) -> Vec<(&RegisterEntry, &RegisterEntry)> {
    let mut pairs = Vec::new();
    let (mut by_run, mut by_text) = (BTreeMap::new(), BTreeMap::new());
    for entry in entries.iter().filter(|entry| entry.status != RegisterStatus::Void) {
        let of_run: &RegisterEntry = by_run.entry((entry.run(), entry.n)).or_insert(entry);
        let of_text: &RegisterEntry = by_text.entry((&entry.series, entry.year, &entry.number)).or_insert(entry);
        // Each is the first of itself.
        if let Some(first) = [of_run, of_text].into_iter().find(|first| !std::ptr::eq(*first, entry)) {
            pairs.push((first, entry));
        }
    }
    pairs
}

/// Returns what is told of a pair, and what helps.
#[must_use]
pub fn doubled_text((one, other): (&RegisterEntry, &RegisterEntry), lang: Lang) -> String {
    let (number, one, other) = (&one.number, document_text(one), document_text(other));
    lang.pick(
        format!(
            "{number} 重号，两个分支各发了一份：\n  {one}\n  {other}\n  用 duban register void {number} --file 文件或哈希 --why 原因 作废其中一份"
        ),
        format!(
            "{number} was given out on two branches, to two documents:\n  {one}\n  {other}\n  void one of them: duban register void \
             {number} --file FILE|HASH --why REASON"
        ),
    )
}

/// What tells a document from another of its number: `documents/a.docx (3fa2b1c0), 2021-08-20 监督检查通报`; one without files has
/// its fingerprint in brackets, by which it can be named all the same.
pub(super) fn document_text(entry: &RegisterEntry) -> String {
    let (path, hash) = match entry.files.first() {
        Some(file) => (format!("{} ", file.path), file.sha256.clone()),
        None => (String::new(), entry.fingerprint()),
    };
    let unit = entry.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    let hash = hash.get(..8).unwrap_or_default();
    // A title may have several lines.
    format!("{path}({hash}), {} {}{unit}", entry.date, entry.title).replace('\n', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::entry::tests::record;

    #[test]
    fn a_number_that_was_given_out_twice_is_told_until_one_is_void() {
        let mut entries = vec![record("a", 2021, 1), record("a", 2021, 2), record("a", 2021, 1), record("b", 2021, 1)];
        assert_eq!(doubled(&entries), [(&entries[0], &entries[2])]);
        entries[1].number = "第1期".to_owned();
        assert_eq!(doubled(&entries).len(), 2, "by what is printed, too");
        entries[0].status = RegisterStatus::Void;
        assert_eq!(doubled(&entries), [(&entries[1], &entries[2])]);
    }
}
