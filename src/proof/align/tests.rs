use super::*;

/// Numbers that changed, those that are missing and new, and names.
type Laid = (Vec<(String, String)>, Vec<String>, Vec<String>, Vec<(String, Option<String>)>);

fn laid(draft: &str, edited: &str) -> Laid {
    let known: BTreeMap<String, String> =
        ["甲社区", "乙社区"].iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect();
    let names = Names::new(&known);
    let read = |text: &str| -> Vec<ReadLine> { text.lines().map(|line| ReadLine::new(line, &names)).collect() };
    let (old, new) = (read(draft), read(edited));
    let alignment = align(&old, &new, &names);
    let said = |lines: &[ReadLine], (line, number): (usize, usize)| {
        lines[line].said(lines[line].numbers[number].range.clone()).to_owned()
    };
    let changed = alignment
        .pairs
        .iter()
        .filter(|pair| !new[pair.edited.0].numbers[pair.edited.1].says(&old[pair.draft.0].numbers[pair.draft.1]));
    (
        changed.map(|pair| (said(&old, pair.draft), said(&new, pair.edited))).collect(),
        alignment.missing.iter().map(|place| said(&old, *place)).collect(),
        alignment.new.iter().map(|place| said(&new, *place)).collect(),
        alignment.names.iter().map(|name| (name.written.clone(), name.draft.clone())).collect(),
    )
}

#[test]
fn a_number_is_compared_with_the_one_at_its_place() {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let draft = "发现问题33个，其中现场整改17个、限期整改16个。\n甲社区\t3\t5\n乙社区\t4\t6";
    for (edited, changed) in [
        (draft, vec![]),
        ("甲社区\t3\t5\n共查出问题三十三个，其中当场整改17个，限期整改16个。\n乙社区\t4\t6", vec![]),
        ("发现问题35个，其中现场整改17个、限期整改16个。\n甲社区\t3\t5\n乙社区\t4\t6", vec![pair("33", "35")]),
        (
            "发现问题33个，其中现场整改16个、限期整改17个。\n甲社区\t3\t5\n乙社区\t4\t6",
            vec![pair("17", "16"), pair("16", "17")],
        ),
        (
            "发现问题33个，其中现场整改17个、限期整改16个。\n甲社区\t5\t3\n乙社区\t4\t6",
            vec![pair("3", "5"), pair("5", "3")],
        ),
    ] {
        let found = laid(draft, edited);
        assert_eq!((found.0, found.1, found.2, found.3), (changed, vec![], vec![], vec![]), "{edited}");
    }
}

#[test]
fn what_is_gone_and_what_is_new_is_told() {
    let (changed, missing, new, names) =
        laid("甲社区发现问题33个，已整改20个。", "甲社区发现问题33个。其中某类9个、某类8个。");
    assert_eq!((changed.len(), missing.len() + changed.len(), new.len() + changed.len()), (1, 1, 2));
    assert_eq!(names, []);
    let (.., names) = laid("甲社区发现问题33个", "乙社区发现问题33个");
    assert_eq!(names, [("乙社区".to_owned(), Some("甲社区".to_owned()))]);
    let (.., names) = laid("甲社区发现问题33个", "甲城社区发现问题33个");
    assert_eq!(names, [("甲城社区".to_owned(), Some("甲社区".to_owned()))]);
}

#[test]
fn a_clause_that_moves_as_it_is_is_no_change() {
    let found = laid("截至八月，已整改问题61个。整改率81.3%。", "整改率81.3%。截至八月，已整改问题61个。");
    assert_eq!((found.0, found.1, found.2), (vec![], vec![], vec![]));
}
