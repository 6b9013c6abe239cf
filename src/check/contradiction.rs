//! Rules within one issue: R201 to R205.

use chrono::NaiveDate;

use crate::fault::{FaultKind, Faults};
use crate::model::{Field, Issue};
use crate::words::deadline::{self, Deadline};

/// Finds what contradicts itself in an issue. A value that could not be read takes part in no rule:
/// its own fault is enough.
pub(super) fn check(issue: &Issue<'_>, as_of: NaiveDate, faults: &mut Faults) {
    if !may_be_wrong(issue, as_of) {
        return;
    }
    let row = &issue.row;
    let at = |field| row.field_place(field);
    if let (Some(deadline), Some(found)) = (issue.deadline, issue.found_on)
        && deadline < found
    {
        let what = FaultKind::DeadlineBeforeFound { deadline, found };
        faults.add_full(at(Field::Deadline), what, Some(Field::Deadline), Some(at(Field::FoundOn)));
    }
    if issue.says().limited() && issue.deadline.is_none() && says_no_deadline(&issue.text(Field::Deadline)) {
        faults.add(at(Field::Deadline), FaultKind::NoDeadline);
    }
    if let (Some(rectified), Some(found)) = (issue.rectified_on, issue.found_on)
        && rectified < found
    {
        let what = FaultKind::RectifiedBeforeFound { rectified, found };
        faults.add_full(at(Field::RectifiedOn), what, Some(Field::RectifiedOn), Some(at(Field::FoundOn)));
    }
    if is_closed(issue) && !was_rectified(issue) {
        let related = if issue.closed_on.is_some() { Field::ClosedOn } else { Field::Status };
        let what = FaultKind::ClosedNotRectified;
        faults.add_full(at(Field::RectifiedOn), what, Some(Field::RectifiedOn), Some(at(related)));
    }
    for field in [Field::FoundOn, Field::AssignedOn, Field::RectifiedOn, Field::VerifiedOn, Field::ClosedOn] {
        if let Some(date) = issue.date(field).filter(|date| *date > as_of) {
            faults.add_at(at(field), field, FaultKind::Future { date, as_of });
        }
    }
}

/// Whether anything may be wrong, by its days and what it says: everything is reckoned, since which days an issue has can't
/// be foreseen.
#[expect(clippy::needless_bitwise_bool, reason = "see above")]
fn may_be_wrong(issue: &Issue<'_>, as_of: NaiveDate) -> bool {
    let (says, found) = (issue.says(), issue.found_on.unwrap_or(NaiveDate::MIN));
    let before = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX) < found;
    let after = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MIN) > as_of;
    before(issue.deadline)
        | before(issue.rectified_on)
        | (says.limited() & issue.deadline.is_none())
        | says.closed()
        | issue.closed_on.is_some()
        | (found > as_of)
        | after(issue.assigned_on)
        | after(issue.rectified_on)
        | after(issue.verified_on)
}

/// Nothing, or words for nothing: 待定, a dash.
fn says_no_deadline(text: &str) -> bool {
    text.is_empty() || matches!(deadline::parse(text, None, None), Ok(Deadline::Unset))
}

fn is_closed(issue: &Issue<'_>) -> bool {
    issue.closed_on.is_some() || issue.says().closed()
}

/// Fixed on site, or with a day of rectification, readable or not.
fn was_rectified(issue: &Issue<'_>) -> bool {
    issue.disposition.is_some_and(|disposition| disposition.as_str() == "on_site")
        || !issue.row.bytes(Field::RectifiedOn).is_empty()
}
