//! R212: the status says that the issue is not rectified, and a date or the disposition says that it is.

use chrono::NaiveDate;

use crate::check::contradiction::glance::Glance;
use crate::fault::{Code, Faults, Finding, field_name};
use crate::model::{Field, Issue};
use crate::words::lang::Lang;

/// It needs no column: without a status nothing is denied.
pub(super) const NEEDS: Option<Field> = None;

#[inline]
pub(super) fn may_be_broken(issue: &Issue<'_>, glance: Glance) -> bool {
    glance.flags.denied() & (glance.flags.on_site() | issue.rectified_on.is_some() | issue.closed_on.is_some())
}

/// An issue that was returned or reopened may well have been rectified before: only `in_progress` contradicts a date.
pub(super) fn check(issue: &Issue<'_>, _: NaiveDate, faults: &mut Faults) {
    if issue.status.is_none_or(|status| status.as_str() != "in_progress") {
        return;
    }
    let on = |field| issue.date(field).map(|_| field);
    let on_site = issue.flags().on_site().then_some(Field::Disposition);
    if let Some(by) = on(Field::RectifiedOn).or(on(Field::ClosedOn)).or(on_site) {
        let at = |field| issue.row.field_place(field);
        faults.add_full(at(Field::Status), DeniedRectification { by }, Some(Field::Status), Some(at(by)));
    }
}

/// A status that denies what another field says.
#[derive(Debug)]
struct DeniedRectification {
    /// The field that says that the issue is rectified.
    by: Field,
}

impl Finding for DeniedRectification {
    fn code(&self) -> Code {
        const { Code::known("R212") }
    }

    fn field(&self) -> Option<Field> {
        Some(Field::Status)
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let by = field_name(Some(self.by), lang);
        match (lang, self.by) {
            (Lang::Zh, Field::Disposition) => (
                "整改方式是现场整改，状态却是未整改".into(),
                "已当场改好的，状态写“已整改”；没有改好的，改整改方式并写期限。改正之前按未整改计".into(),
            ),
            (Lang::Zh, _) => (
                format!("有{by}，状态却是未整改"),
                "已改好的，状态写“已整改”；没有改好的，删去日期，计划的日期填在整改期限。改正之前按未整改计".into(),
            ),
            (Lang::En, Field::Disposition) => (
                "the disposition is `on_site`, but the status says that the issue is not rectified".into(),
                "if it was fixed on site, the status is `rectified`; if not, enter another disposition with its deadline; \
                 until then it counts as open"
                    .into(),
            ),
            (Lang::En, _) => (
                format!("{by} has a date, but the status says that the issue is not rectified"),
                "if it is rectified, the status is `rectified`; if not, remove the date: a planned date belongs under \
                 `deadline`; until then it counts as open"
                    .into(),
            ),
        }
    }
}
