//! The states against a plain, slow model of the definitions, and as the day moves on.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::model::row::Row;
use crate::model::value::{DISPOSITIONS, STATUSES};
use crate::place::SourceId;
use crate::words::symbol::Symbol;

/// What the model says of an issue on a day: nothing if it is not counted.
#[derive(Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked by itself")]
struct Counted {
    is_closed: bool,
    is_rectified: bool,
    is_overdue: bool,
    is_due_soon: bool,
    is_late: bool,
}

/// Whether a status denies that the issue is rectified.
fn denies(status: &str) -> bool {
    ["returned", "reopened", "in_progress"].contains(&status)
}

/// The definitions, one after another, with all the questions that they ask.
fn model(issue: &Issue<'_>, as_of: &AsOf) -> Option<Counted> {
    let day = as_of.day;
    let status = issue.status.map(|status| status.to_string()).unwrap_or_default();
    let is_on_site = issue.disposition.is_some_and(|disposition| disposition.as_str() == "on_site");
    if status == "withdrawn" || issue.found_on.is_some_and(|found| found > day) {
        return None;
    }
    let has_come = |date: Option<NaiveDate>| date.is_some_and(|date| date <= day);
    let is_to_come = |date: Option<NaiveDate>| date.is_some_and(|date| date > day);

    let is_closed = if denies(&status) || status == "not_closed" {
        false
    } else if has_come(issue.closed_on) {
        true
    } else {
        status == "closed" && ![issue.closed_on, issue.verified_on, issue.rectified_on].into_iter().any(is_to_come)
    };
    let is_rectified = if denies(&status) {
        false
    } else if is_closed || is_on_site {
        true
    } else if issue.rectified_on.is_some() {
        has_come(issue.rectified_on)
    } else if issue.verified_on.is_some() {
        has_come(issue.verified_on)
    } else {
        status == "rectified" || status == "verified"
    };
    let is_late = match (issue.deadline, issue.rectified_on) {
        (Some(deadline), Some(rectified)) if rectified <= day && !denies(&status) => {
            deadline < rectified || deadline == rectified && issue.past_the_hour
        }
        _ => false,
    };
    Some(Counted {
        is_closed,
        is_rectified,
        is_overdue: !is_rectified && issue.deadline.is_some_and(|deadline| deadline < day),
        is_due_soon: !is_rectified && issue.deadline.is_some_and(|deadline| day <= deadline && deadline <= as_of.soon),
        is_late,
    })
}

/// The same issue without the word of its status.
fn without_status(issue: &Issue<'_>) -> Issue<'static> {
    let mut issue = issue.clone().into_owned();
    issue.status = None;
    issue
}

fn day(d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 8, d).unwrap()
}

fn on(day: NaiveDate) -> AsOf {
    AsOf::new(day, 3, false, &Calendar::weekdays())
}

prop_compose! {
    fn issues()(
        days in proptest::array::uniform6(proptest::option::of(2..14_u32)),
        same_day in any::<bool>(),
        past_the_hour in any::<bool>(),
        disposition in select(values(DISPOSITIONS)),
        status in select(values(STATUSES)),
    ) -> Issue<'static> {
        let [found_on, assigned_on, mut deadline, rectified_on, verified_on, closed_on] = days.map(|d| d.map(day));
        if same_day {
            deadline = rectified_on;
        }
        let mut issue = Issue::new(Row::new(SourceId(0)));
        issue.disposition = disposition.map(Symbol::new);
        issue.status = status.map(Symbol::new);
        let mut issue = Issue { found_on, assigned_on, deadline, rectified_on, verified_on, closed_on, ..issue };
        issue.past_the_hour = past_the_hour && deadline.is_some() && deadline == rectified_on;
        issue
    }
}

/// Each value of a vocabulary, none, one that denies only the closing, and one of the project.
fn values(infos: &'static [crate::model::value::ValueInfo]) -> Vec<Option<&'static str>> {
    let others = [None, Some("not_closed"), Some("暂缓")];
    others.into_iter().chain(infos.iter().map(|info| Some(info.key))).collect()
}

proptest! {
    #[test]
    fn states_are_those_of_the_model(issue in issues(), of in 1..16_u32) {
        let as_of = on(day(of));
        let state = State::of(&issue, &as_of);
        let counted = state.is_counted().then_some(Counted {
            is_closed: state.closed,
            is_rectified: state.rectified,
            is_overdue: state.overdue,
            is_due_soon: state.due_soon,
            is_late: state.late,
        });
        prop_assert_eq!(counted, model(&issue, &as_of));
        // What is counted alike has one code; that a day is to come belongs to the run.
        let coded = State { has_later_day: false, ..state };
        prop_assert!(!state.is_counted() || State { open_days: None, ..coded } == State::of_code(state.code()), "{:?}", state);
        let days = [issue.found_on, issue.assigned_on, issue.rectified_on, issue.verified_on, issue.closed_on];
        prop_assert_eq!(state.has_later_day, days.into_iter().flatten().any(|day| day > as_of.day));
    }

    /// What a run tells beside the counts: words without a day, denials, and what can't be judged.
    #[test]
    fn marks_are_those_of_the_model(issue in issues(), of in 1..16_u32) {
        let as_of = on(day(of));
        let (state, bare) = (State::of(&issue, &as_of), without_status(&issue));
        if let (Some(counted), Some(by_day)) = (model(&issue, &as_of), model(&bare, &as_of)) {
            let has_no_day = [issue.closed_on, issue.verified_on, issue.rectified_on].iter().all(Option::is_none);
            let by_word = counted.is_rectified && !by_day.is_rectified && issue.rectified_on.or(issue.verified_on).is_none()
                || counted.is_closed && !by_day.is_closed && has_no_day;
            prop_assert_eq!(state.by_undated_word, by_word);
            let is_denied = by_day.is_rectified && issue.status.is_some_and(|status| denies(status.as_str()));
            prop_assert_eq!(state.denied, is_denied);
            // Rectified on no known day, and not certainly by the deadline.
            let known = [issue.verified_on, issue.closed_on, Some(as_of.day)];
            let at_the_latest = known.into_iter().flatten().min();
            let is_on_site = issue.disposition.is_some_and(|disposition| disposition.as_str() == "on_site");
            let is_unknown = counted.is_rectified
                && !is_on_site
                && issue.rectified_on.is_none()
                && issue.deadline.is_some_and(|deadline| Some(deadline) < at_the_latest);
            prop_assert_eq!(state.late_unknown, is_unknown);
        }
    }

    /// As the day moves on, issues only come, and none is opened again.
    #[test]
    fn nothing_is_undone_as_the_day_moves_on(issues in proptest::collection::vec(issues(), 1..20), of in 1..16_u32, days in 0..9_u64) {
        let (earlier, later) = (on(day(of)), on(day(of) + Days::new(days)));
        let found = |as_of| issues.iter().filter(|issue| State::of(issue, as_of).is_counted()).count();
        prop_assert!(found(&earlier) <= found(&later));
        for issue in &issues {
            let (before, after) = (State::of(issue, &earlier), State::of(issue, &later));
            prop_assert!(!before.is_counted() || after.is_counted());
            prop_assert!(!before.rectified || after.rectified);
            prop_assert!(!before.closed || after.closed);
            prop_assert!(!before.late || after.late);
        }
    }
}

#[test]
fn a_state_has_its_number() {
    for code in 0..State::CODES {
        let state = State::of_code(code);
        // An open issue is never one of unknown lateness.
        if state.rectified || !state.late_unknown {
            assert_eq!(state.code(), code);
        }
    }
}

fn issue(disposition: &str, status: &str, deadline: Option<u32>, rectified: Option<u32>) -> Issue<'static> {
    let mut issue = Issue::new(Row::new(SourceId(0)));
    issue.disposition = Some(Symbol::new(disposition));
    issue.status = Some(Symbol::new(status)).filter(|status| !status.as_str().is_empty());
    issue.deadline = deadline.map(day);
    issue.rectified_on = rectified.map(day);
    issue
}

#[test]
fn each_standing_follows_from_its_definition() {
    let as_of = on(day(20));
    //  disposition status     deadline  rectified  closed rectified overdue soon late
    let cases = [
        ("on_site", "", None, None, [false, true, false, false, false]),
        ("deadline", "", Some(20), None, [false, false, false, true, false]),
        ("deadline", "", Some(19), None, [false, false, true, false, false]),
        ("deadline", "", Some(23), None, [false, false, false, true, false]),
        ("deadline", "", Some(24), None, [false, false, false, false, false]),
        ("deadline", "", Some(18), Some(18), [false, true, false, false, false]),
        ("deadline", "", Some(18), Some(19), [false, true, false, false, true]),
        ("deadline", "", Some(18), Some(21), [false, false, true, false, false]),
        ("deadline", "closed", Some(18), None, [true, true, false, false, false]),
        ("deadline", "reported", Some(18), None, [false, false, true, false, false]),
        ("deadline", "verified", Some(18), None, [false, true, false, false, false]),
        ("on_site", "returned", Some(18), Some(17), [false, false, true, false, false]),
        ("deadline", "reopened", Some(22), Some(17), [false, false, false, true, false]),
        // A day beats the word, a denial beats both.
        ("deadline", "rectified", Some(18), Some(21), [false, false, true, false, false]),
        ("deadline", "closed", Some(18), Some(21), [false, false, true, false, false]),
        ("on_site", "in_progress", Some(18), None, [false, false, true, false, false]),
        ("deadline", "in_progress", Some(22), Some(17), [false, false, false, true, false]),
        // Not signed off is not unrectified.
        ("on_site", "not_closed", None, None, [false, true, false, false, false]),
        ("deadline", "not_closed", Some(18), Some(17), [false, true, false, false, false]),
        // What denies nothing.
        ("deadline", "assigned", Some(18), Some(17), [false, true, false, false, false]),
        ("on_site", "reported", Some(18), None, [false, true, false, false, false]),
    ];
    for (disposition, status, deadline, rectified, expected) in cases {
        let state = State::of(&issue(disposition, status, deadline, rectified), &as_of);
        let got = [state.closed, state.rectified, state.overdue, state.due_soon, state.late];
        assert_eq!(got, expected, "{disposition} {status} {deadline:?} {rectified:?}");
    }
}

#[test]
fn an_issue_is_there_from_the_day_it_was_found() {
    let found = |on: Option<u32>| Issue { found_on: on.map(day), ..issue("deadline", "", None, None) };
    for (found_on, of, is_there) in [(Some(8), 7, false), (Some(8), 8, true), (Some(8), 9, true), (None, 1, true)] {
        assert_eq!(State::of(&found(found_on), &on(day(of))).is_counted(), is_there, "{found_on:?} {of}");
    }
}
