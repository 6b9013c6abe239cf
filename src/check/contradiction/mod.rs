//! Rules within one issue, R201 to R205, R212 and R213, each in its own file.
//!
//! `check` of a rule adds its faults. `may_be_broken` is a fast filter that looks only at dates and flags: it rules out
//! most correct issues, and must return true whenever `check` would add a fault.

mod closed_not_rectified;
mod contradicting_columns;
mod deadline_before_found;
mod denied_rectification;
mod future_date;
mod glance;
mod no_deadline;
mod rectified_before_found;
mod unchecked;

use chrono::NaiveDate;

use crate::fault::Faults;
use crate::model::Issue;
use glance::Glance;
pub(super) use unchecked::Unchecked;

/// Generates both functions from one list of rules, so that no rule can be missing from one of them.
macro_rules! rules {
    ($($rule:ident)*) => {
        /// Whether any rule may be broken. All rules are evaluated without short-circuiting: a mispredicted branch
        /// costs more than the comparisons.
        #[inline]
        fn may_be_broken(issue: &Issue<'_>, as_of: NaiveDate) -> bool {
            let glance = Glance::new(issue, as_of);
            false $(| $rule::may_be_broken(issue, glance))*
        }

        fn check_all(issue: &Issue<'_>, as_of: NaiveDate, faults: &mut Faults, unchecked: &mut Unchecked) {
            $(match $rule::NEEDS.filter(|field| !issue.row.columns.has(*field)) {
                None => $rule::check(issue, as_of, faults),
                Some(field) => {
                    let mut found = faults.fresh();
                    $rule::check(issue, as_of, &mut found);
                    unchecked.add(issue, field, found);
                }
            })*
        }
    };
}

rules! { deadline_before_found no_deadline rectified_before_found closed_not_rectified future_date denied_rectification contradicting_columns }

/// Adds a fault for each contradiction within an issue. A value that could not be read is ignored by all rules: its own
/// fault is enough.
pub(super) fn check(issue: &Issue<'_>, as_of: NaiveDate, faults: &mut Faults, unchecked: &mut Unchecked) {
    unchecked.see(issue);
    if may_be_broken(issue, as_of) {
        check_all(issue, as_of, faults, unchecked);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fault::Fault;
    use crate::model::Field;
    use crate::model::row::{Columns, Row};
    use crate::model::value::{DISPOSITIONS, STATUSES};
    use crate::place::SourceId;
    use crate::words::symbol::Symbol;

    fn day(d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(2021, 8, d)
    }

    /// Dates close together, so that they often contradict each other.
    fn days() -> impl Strategy<Value = Option<NaiveDate>> {
        proptest::option::of((1..=9_u32).prop_map(|d| day(d).unwrap()))
    }

    prop_compose! {
        fn issues()(
            [found_on, assigned_on, deadline, rectified_on, verified_on, closed_on] in proptest::array::uniform6(days()),
            disposition in proptest::sample::select(values(DISPOSITIONS)),
            status in proptest::sample::select(values(STATUSES)),
            [deadline_text, rectified_text] in proptest::array::uniform2(proptest::sample::select(vec!["", "待定", "2021-08-03", "x"])),
        ) -> Issue<'static> {
            let mut columns = Columns::default();
            columns.set(Field::Deadline, 0);
            columns.set(Field::RectifiedOn, 1);
            let mut row = Row::new(SourceId(0));
            row.columns = columns.into();
            row.push_cell(deadline_text, None);
            row.push_cell(rectified_text, None);
            let mut issue = Issue::new(row);
            issue.disposition = disposition.map(Symbol::new);
            issue.status = status.map(Symbol::new);
            Issue { found_on, assigned_on, deadline, rectified_on, verified_on, closed_on, ..issue }
        }
    }

    fn values(infos: &'static [crate::model::value::ValueInfo]) -> Vec<Option<&'static str>> {
        std::iter::once(None).chain(infos.iter().map(|info| Some(info.key))).collect()
    }

    fn found(check: impl Fn(&mut Faults)) -> Vec<Fault> {
        let mut faults = Faults::default();
        check(&mut faults);
        faults.sorted().into_iter().cloned().collect()
    }

    proptest! {
        #[test]
        fn what_is_passed_at_a_glance_breaks_no_rule(issue in issues()) {
            let as_of = day(6).unwrap();
            let all = found(|faults| check_all(&issue, as_of, faults, &mut Unchecked::default()));
            prop_assert_eq!(found(|faults| check(&issue, as_of, faults, &mut Unchecked::default())), all);
        }
    }

    #[test]
    fn each_rule_finds_what_it_is_there_for() {
        let with = |change: &dyn Fn(&mut Issue<'_>)| {
            let mut row = Row::new(SourceId(0));
            let mut columns = Columns::default();
            columns.set(Field::Deadline, 0);
            columns.set(Field::RectifiedOn, 1);
            row.columns = columns.into();
            let mut issue = Issue::new(row);
            issue.found_on = day(3);
            change(&mut issue);
            let faults = found(|faults| check(&issue, day(6).unwrap(), faults, &mut Unchecked::default()));
            faults.iter().map(|fault| fault.what.code().to_string()).collect::<Vec<_>>()
        };
        assert!(with(&|_| {}).is_empty());
        assert_eq!(with(&|issue| issue.deadline = day(2)), ["R201"]);
        assert_eq!(with(&|issue| issue.disposition = Some(Symbol::new("deadline"))), ["R202"]);
        assert_eq!(with(&|issue| issue.rectified_on = day(2)), ["R203"]);
        assert_eq!(with(&|issue| issue.status = Some(Symbol::new("closed"))), ["R204"]);
        assert_eq!(with(&|issue| issue.verified_on = day(7)), ["R205"]);
        assert_eq!(with(&|issue| issue.closed_on = day(7)), ["R204", "R205"]);
        let denied = |status: &str, disposition: &str, rectified_on| {
            with(&|issue| {
                (issue.status, issue.disposition) = (Some(Symbol::new(status)), Some(Symbol::new(disposition)));
                issue.rectified_on = rectified_on;
            })
        };
        assert_eq!(denied("in_progress", "on_site", None), ["R212"]);
        assert_eq!(denied("in_progress", "assigned", day(5)), ["R212"]);
        assert!(denied("in_progress", "assigned", None).is_empty());
        // It may have been rectified, and then returned.
        assert!(denied("returned", "assigned", day(5)).is_empty());
    }
}
