//! The sheet that explains how to fill a form in.

use crate::form::{Form, Need, Takes, hints};
use crate::words::lang::Lang;
use crate::write::EntryGuide;

/// The sheet for a form.
pub(super) fn of(form: &Form) -> EntryGuide {
    let lang = form.lang;
    let line = |column: &crate::form::FormColumn| {
        let need = match (&column.takes, &column.need) {
            (Takes::Id | Takes::Given(_), _) => lang.pick("本表给出", "given"),
            (_, Need::Always) => lang.pick("必填", "required"),
            (_, Need::With(..)) => lang.pick("视情况", "at times"),
            (_, Need::Never) => lang.pick("选填", "optional"),
        };
        [column.header.clone(), need.to_owned(), hints::of(column, lang)]
    };
    EntryGuide {
        name: lang.pick("填写说明", "How to fill in").to_owned(),
        notes: notes(form),
        heads: lang
            .pick(["列", "是否要填", "怎样填"], ["Column of the form", "Needed", "What to write"])
            .map(str::to_owned),
        lines: form.columns.iter().map(line).collect(),
    }
}

fn notes(form: &Form) -> Vec<String> {
    let open = form.open.len();
    let mut notes: Vec<&str> = match form.lang {
        Lang::Zh => vec![
            "1. 一行一个问题，从上往下填。表头带 * 的必须填；一行开始填了而必填的还空着，空格显黄色。",
            "2. 有下拉列表的从列表里选；日期写成 2021-08-20。",
            "3. 编号由本表给出，排序、筛选以后仍跟着各自的行，请勿改动。没填的行留着即可，不会被当作问题。",
            "4. 行不够时可以插入行，编号留空。复制已填的行再改写时，请把新行的编号清空；忘了也不要紧，各行都会计入。",
            "5. 最后一行的合计是公式，自动计算。工作表受保护，但没有密码；只有要填的格子可以改。",
            "6. 填好后原样交回（.xlsx，也可另存为 .ods），不必删空行，不必改表头。",
        ],
        Lang::En => vec![
            "1. One issue to a row, from the top. A header with * is required; in a row that is begun, a required cell that is still blank is yellow.",
            "2. Choose from the list where there is one; write days as 2021-08-20.",
            "3. The form gives the ids. They stay with their rows when rows are sorted or filtered: don't change them. Rows that are not filled in may stay, and are no issues.",
            "4. If there are too few rows, insert some and leave their ids blank. If you copy a row and write another issue over it, clear its id; if you forget to, all rows count all the same.",
            "5. The last row adds up by formulas. The sheet is protected, without a password; only the cells to fill in can be changed.",
            "6. Send the file back as it is (.xlsx, or saved as .ods); neither delete blank rows nor change headers.",
        ],
    };
    if open > 0 {
        notes.push(form.lang.pick(
            "7. 灰底的行是以前发现、还没有整改好的问题：只填后续的各列，灰格不能改。有灰格的表 Excel 不给排序，可以筛选。",
            "7. Rows in grey are issues found before and still open: fill in the columns of the follow-up, grey cells are locked. Excel filters such a table but does not sort it.",
        ));
    }
    notes.into_iter().map(str::to_owned).collect()
}
