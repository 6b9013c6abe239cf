//! Conditional formats for deadlines: they colour the rows that duban counts as overdue or due soon on the day stated
//! in the sheet.

use chrono::NaiveDate;
use rust_xlsxwriter::{Color, ConditionalFormatFormula, Format, FormatAlign, Worksheet, XlsxError};

use super::cells::{HEADER, column_letter};
use super::column::{Column, excel_date, labels_of};
use super::font;
use crate::document::text::columns as display_width;
use crate::model::Field;
use crate::model::value::{DISPOSITIONS, STATUSES};
use crate::words::lang::Lang;

const OVERDUE: Color = Color::RGB(0x00F8_CBAD);
const SOON: Color = Color::RGB(0x00FF_F2CC);

/// The letters of the columns that tell whether an issue is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StatusColumns {
    deadline: String,
    disposition: Option<String>,
    status: Option<String>,
    found_on: Option<String>,
    rectified_on: Option<String>,
    verified_on: Option<String>,
    closed_on: Option<String>,
}

/// Returns the columns that a sheet is coloured by, or `None` unless it has deadlines and either statuses or
/// rectification dates: without those, every past deadline would look missed.
pub(super) fn status_columns(columns: &[Column]) -> Option<StatusColumns> {
    let letter = |field| columns.iter().position(|column| column.field == Some(field)).map(column_letter);
    let found = StatusColumns {
        deadline: letter(Field::Deadline)?,
        disposition: letter(Field::Disposition),
        status: letter(Field::Status),
        found_on: letter(Field::FoundOn),
        rectified_on: letter(Field::RectifiedOn),
        verified_on: letter(Field::VerifiedOn),
        closed_on: letter(Field::ClosedOn),
    };
    (found.status.is_some() || found.rectified_on.is_some()).then_some(found)
}

impl StatusColumns {
    /// Returns [`State::of`](crate::model::state::State::of) as a formula: the conditions under which row `row`, from
    /// 1, is open on the day in B2.
    fn open_conditions(&self, row: u32, lang: Lang) -> String {
        let is = |column: &Option<String>, values: &'static [crate::model::value::ValueInfo], keys: &[&str]| {
            let Some(column) = column else { return Vec::new() };
            labels_of(values, keys, lang).map(|label| format!("${column}{row}=\"{label}\"")).collect::<Vec<_>>()
        };
        let given = |column: &Option<String>| column.as_ref().map(|column| format!("ISNUMBER(${column}{row})"));
        let compared = |column: &Option<String>, sign: &str| {
            column.as_ref().map(|column| format!("AND(ISNUMBER(${column}{row}),${column}{row}{sign}$B$2+1)"))
        };
        // The days of which one given makes the word of the status hold from that day on.
        let none_of = |conditions: [Option<String>; 3]| {
            conditions.into_iter().flatten().map(|condition| format!("NOT({condition})")).collect::<Vec<_>>()
        };
        let all_of = |first: String, rest: Vec<String>| {
            if rest.is_empty() { first } else { format!("AND({first},{})", rest.join(",")) }
        };
        // A day may have an hour: what is before the next day is on the day or before it.
        let (rectified_on, verified_on, closed_on) = (&self.rectified_on, &self.verified_on, &self.closed_on);
        let not_closed = is(&self.status, STATUSES, &["not_closed"]);
        let not_closed = not_closed.into_iter().map(|is| format!("NOT({is})")).collect::<Vec<_>>();
        let mut done = is(&self.disposition, DISPOSITIONS, &["on_site"]);
        done.extend(compared(rectified_on, "<"));
        done.extend(compared(verified_on, "<").map(|by| all_of(by, none_of([given(rectified_on), None, None]))));
        done.extend(compared(closed_on, "<").map(|by| all_of(by, not_closed)));
        let rectified = is(&self.status, STATUSES, &["rectified", "verified"]);
        done.extend(
            rectified.into_iter().map(|is| all_of(is, none_of([given(rectified_on), given(verified_on), None]))),
        );
        let later = || none_of([rectified_on, verified_on, closed_on].map(|column| compared(column, ">=")));
        done.extend(is(&self.status, STATUSES, &["closed"]).into_iter().map(|is| all_of(is, later())));
        let mut open = is(&self.status, STATUSES, &["in_progress", "returned", "reopened"]);
        open.push(format!("NOT(OR({}))", done.join(",")));
        let mut all = vec![format!("ISNUMBER(${}{row})", self.deadline), format!("OR({})", open.join(","))];
        let withdrawn = is(&self.status, STATUSES, &["withdrawn"]);
        all.extend(withdrawn.into_iter().map(|is| format!("NOT({is})")));
        all.extend(none_of([compared(&self.found_on, ">="), None, None]));
        all.join(",")
    }

    /// Returns the formulas for overdue and due soon, for the rows from `HEADER + 1` on.
    pub(super) fn rules(&self, lang: Lang) -> [String; 2] {
        let row = HEADER + 2;
        let (open, deadline) = (self.open_conditions(row, lang), format!("${}{row}", self.deadline));
        [format!("=AND({open},{deadline}<$B$2)"), format!("=AND({open},{deadline}>=$B$2,{deadline}<$B$2+$D$2+1)")]
    }

    /// Colours the rows down to `bottom` and the columns up to `last`, both from 0. Bold and italic distinguish the two
    /// states in a black and white print.
    pub(super) fn colour(&self, sheet: &mut Worksheet, last: u16, bottom: u32, lang: Lang) -> Result<(), XlsxError> {
        for (rule, format) in self.rules(lang).into_iter().zip(formats(&Format::new())) {
            let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(format);
            sheet.add_conditional_format(HEADER + 1, 0, bottom, last, &rule)?;
        }
        Ok(())
    }
}

fn formats(plain: &Format) -> [Format; 2] {
    [plain.clone().set_background_color(OVERDUE).set_bold(), plain.clone().set_background_color(SOON).set_italic()]
}

/// Writes row 2: the day, the number of days that count as soon, and the meaning of the colours. The formulas refer to
/// both figures, so the office can change them. Returns how wide its cells must be.
pub(super) fn legend(
    sheet: &mut Worksheet,
    (day, soon): (NaiveDate, NaiveDate),
    lang: Lang,
) -> Result<Vec<usize>, XlsxError> {
    let plain = font::plain(lang);
    let left = plain.clone().set_align(FormatAlign::Left);
    let Some(date) = excel_date(day) else { return Ok(Vec::new()) };
    let [as_of, due_soon] = [lang.pick("统计日", "As of"), lang.pick("临期天数", "Due soon, days")];
    sheet.write_string(1, 0, as_of)?;
    sheet.write_datetime_with_format(1, 1, &date, &left.clone().set_num_format("yyyy-mm-dd"))?;
    sheet.write_string(1, 2, due_soon)?;
    // A number of working days is converted to the calendar days it comes to from `day` on.
    let days = u32::try_from((soon - day).num_days()).unwrap_or(0);
    sheet.write_number_with_format(1, 3, days, &left)?;
    let names = [lang.pick("逾期", "overdue"), lang.pick("临期", "due soon")];
    for ((at, name), format) in (4_u16..).zip(names).zip(formats(&plain)) {
        sheet.write_string_with_format(1, at, name, &format)?;
    }
    let texts = [as_of, "2021-08-20", due_soon, "999", names[0], names[1]];
    Ok(texts.map(|text| display_width(text) + 2).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Cell, Table};
    use crate::write::xlsx::column::columns;

    fn status_columns_of(header: &[&str]) -> Option<StatusColumns> {
        let header = header.iter().map(|name| Cell::from(*name)).collect();
        status_columns(&columns(&Table { header, ..Table::default() }))
    }

    #[test]
    fn deadlines_alone_are_not_coloured() {
        assert_eq!(status_columns_of(&["问题", "整改期限"]), None);
        assert_eq!(status_columns_of(&["状态", "整改完成日期"]), None);
        assert!(status_columns_of(&["整改期限", "状态"]).is_some());
    }

    #[test]
    fn only_what_the_sheet_says_is_asked() {
        let [overdue, soon] = status_columns_of(&["整改期限", "整改完成日期"]).unwrap().rules(Lang::Zh);
        assert_eq!(overdue, "=AND(ISNUMBER($A4),OR(NOT(OR(AND(ISNUMBER($B4),$B4<$B$2+1)))),$A4<$B$2)");
        assert!(soon.ends_with("$A4>=$B$2,$A4<$B$2+$D$2+1)"), "{soon}");
    }

    #[test]
    fn a_day_beats_the_word() {
        let [overdue, _] =
            status_columns_of(&["整改期限", "状态", "整改完成日期", "复查日期"]).unwrap().rules(Lang::Zh);
        for condition in [
            "AND($B4=\"已整改\",NOT(ISNUMBER($C4)),NOT(ISNUMBER($D4)))",
            "AND($B4=\"已销号\",NOT(AND(ISNUMBER($C4),$C4>=$B$2+1)),NOT(AND(ISNUMBER($D4),$D4>=$B$2+1)))",
            "AND(AND(ISNUMBER($D4),$D4<$B$2+1),NOT(ISNUMBER($C4)))",
        ] {
            assert!(overdue.contains(condition), "{overdue}");
        }
        let [overdue, _] = status_columns_of(&["发现日期", "整改期限", "状态"]).unwrap().rules(Lang::Zh);
        assert!(overdue.contains(",NOT(AND(ISNUMBER($A4),$A4>=$B$2+1)),"), "{overdue}");
    }

    #[test]
    fn what_came_back_is_open_whatever_its_dates_say() {
        let [overdue, _] = status_columns_of(&["整改期限", "状态", "整改方式"]).unwrap().rules(Lang::Zh);
        assert!(overdue.contains("OR($B4=\"整改中\",$B4=\"退回\",$B4=\"重启\",NOT(OR("), "{overdue}");
        assert!(overdue.contains("$C4=\"现场整改\"") && overdue.contains("NOT($B4=\"撤销\")"), "{overdue}");
    }
}
