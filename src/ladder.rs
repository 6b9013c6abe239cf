//! The ladder (督办层级): which letter an open issue calls for next, and from which day.
//!
//! The state of an issue is not stored. Its current rung follows from the letters in the register that name it; the
//! next one follows from the rungs, the deadline and the calendar.

use std::str::FromStr;

use chrono::{Days, NaiveDate};
use rustc_hash::FxHashMap;

use crate::register::{RegisterEntry, RegisterStatus};
use crate::words::calendar::Calendar;

/// A number of days or of working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The number of days; at most 366.
    pub n: u32,
    /// Whether only working days count.
    pub working: bool,
}

/// The condition under which a rung is due, once the rung before it has been taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The deadline is at most this far ahead, or past.
    DueWithin(Span),
    /// The deadline has been past for this long.
    Overdue(Span),
    /// The time limit set by the preceding letter has been past for this long.
    Unanswered(Span),
}

/// A rung: the kind of its letter, and when it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The kind of document.
    pub kind: String,
    /// When it is due.
    pub trigger: Trigger,
}

/// The rungs, lowest first. An issue climbs them one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    rungs: Vec<Rung>,
}

/// Why a list of rungs is not a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// There are no rungs.
    #[error("a ladder needs a rung")]
    Empty,
    /// A kind is listed twice: the index of the duplicate.
    #[error("the rung at index {0} repeats the kind of an earlier one")]
    Duplicate(usize),
    /// The first rung waits for an answer, but no letter precedes it.
    #[error("the first rung waits for an answer, but no letter precedes it")]
    NoPrecedingLetter,
}

/// The current rung of an issue: the highest one with a letter that names the issue, and the last such letter.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'r> {
    /// The index of the rung, from 0.
    pub step: usize,
    /// Its letter.
    pub letter: &'r RegisterEntry,
}

/// The next rung of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next<'l> {
    /// The rung.
    pub rung: &'l Rung,
    /// The first day on which it is due.
    pub from: NaiveDate,
}

impl Span {
    /// Maximum number of days.
    const MAX: u32 = 366;

    /// Returns a span of calendar days.
    #[must_use]
    pub const fn days(n: u32) -> Self {
        Self { n, working: false }
    }

    /// Returns a span of working days.
    #[must_use]
    pub const fn workdays(n: u32) -> Self {
        Self { n, working: true }
    }

    /// Returns the day that lies the span after `day`.
    fn after(self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        if self.working {
            calendar.add_workdays(day, self.n)
        } else {
            day.checked_add_days(Days::new(u64::from(self.n))).unwrap_or(NaiveDate::MAX)
        }
    }

    /// Returns the earliest day from which the span reaches `day`.
    fn before(self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        let mut first = day;
        while let Some(earlier) = first.pred_opt() {
            if self.after(earlier, calendar) < day {
                break;
            }
            first = earlier;
        }
        first
    }
}

impl FromStr for Span {
    type Err = ();

    /// Parses `3`, `3 days`, `3 workdays`, `3天`, `3个工作日`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let n = number.parse().ok().filter(|n| *n <= Self::MAX).ok_or(())?;
        match unit.trim() {
            "" | "day" | "days" | "d" | "天" | "日" => Ok(Self::days(n)),
            "workday" | "workdays" | "working day" | "working days" | "wd" | "工作日" | "个工作日" => {
                Ok(Self::workdays(n))
            }
            _ => Err(()),
        }
    }
}

impl Ladder {
    /// Creates a ladder from rungs, lowest first.
    ///
    /// # Errors
    /// There are no rungs, a kind is listed twice, or the first rung waits for an answer.
    pub fn new(rungs: Vec<Rung>) -> Result<Self, LadderError> {
        match rungs.first() {
            None => return Err(LadderError::Empty),
            Some(Rung { trigger: Trigger::Unanswered(_), .. }) => return Err(LadderError::NoPrecedingLetter),
            Some(_) => {}
        }
        let duplicate = (1..rungs.len()).find(|at| rungs[..*at].iter().any(|rung| rung.kind == rungs[*at].kind));
        duplicate.map_or(Ok(Self { rungs }), |at| Err(LadderError::Duplicate(at)))
    }

    /// Returns the default ladder (domain facts, the ladder): a reminder when a deadline is near, supervision when it
    /// is past, an interview when the time limit of that letter is past, and finally a bulletin that names the unit.
    #[must_use]
    pub fn usual(due_soon: Span) -> Self {
        let rung = |kind: &str, trigger| Rung { kind: kind.to_owned(), trigger };
        let rungs = vec![
            rung("reminder", Trigger::DueWithin(due_soon)),
            rung("supervision", Trigger::Overdue(Span::days(1))),
            rung("interview", Trigger::Unanswered(Span::workdays(1))),
            rung("bulletin", Trigger::Unanswered(Span::workdays(1))),
        ];
        Self { rungs }
    }

    /// Returns the rungs, lowest first.
    #[must_use]
    pub fn rungs(&self) -> &[Rung] {
        &self.rungs
    }

    /// Returns the index of the rung whose letter is of `kind`.
    #[must_use]
    pub fn step(&self, kind: &str) -> Option<usize> {
        self.rungs.iter().position(|rung| rung.kind == kind)
    }

    /// Returns the last deadline for which the first rung is due on `day`.
    #[must_use]
    pub fn horizon(&self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        match self.rungs.first().map(|rung| rung.trigger) {
            Some(Trigger::DueWithin(span)) => span.after(day, calendar),
            _ => day,
        }
    }

    /// Returns the next rung of an open issue with a deadline; `None` after the last rung.
    ///
    /// Days overdue count from the time limit of the preceding letter if that letter was written after the deadline: a
    /// unit that was given three days today must not receive the next letter tomorrow.
    ///
    /// A rung that speaks of what is overdue or unanswered is never due before the day after the deadline. The deadline
    /// may be a later one than the preceding letter spoke of, because it was extended or the issue was returned with a new
    /// one; days unanswered then count from it.
    #[must_use]
    pub fn next(&self, standing: Option<Standing<'_>>, deadline: NaiveDate, calendar: &Calendar) -> Option<Next<'_>> {
        let rung = self.rungs.get(standing.map_or(0, |standing| standing.step + 1))?;
        let limit = standing.map(|Standing { letter, .. }| letter.limit.unwrap_or(letter.date).max(letter.date));
        let first_late_day = deadline.succ_opt().unwrap_or(NaiveDate::MAX);
        let from = match rung.trigger {
            Trigger::DueWithin(span) => span.before(deadline, calendar),
            Trigger::Overdue(span) => {
                let was_late = standing.is_some_and(|standing| standing.letter.date > deadline);
                span.after(limit.filter(|_| was_late).unwrap_or(deadline), calendar).max(first_late_day)
            }
            Trigger::Unanswered(span) => {
                span.after(limit.unwrap_or(deadline).max(deadline), calendar).max(first_late_day)
            }
        };
        Some(Next { rung, from })
    }
}

/// The letters of a register, by the issues they name.
#[derive(Debug, Default)]
pub struct Letters<'r> {
    by_issue: FxHashMap<&'r str, Vec<&'r RegisterEntry>>,
}

impl<'r> Letters<'r> {
    /// Indexes the letters of a register.
    ///
    /// Void numbers don't count. Neither do documents addressed to no unit, unless they follow a letter: a general
    /// bulletin names many issues without being a step against them.
    #[must_use]
    pub fn new(register: &'r [RegisterEntry]) -> Self {
        let mut letters = Self::default();
        let counts = |entry: &&RegisterEntry| {
            entry.status != RegisterStatus::Void && (entry.unit.is_some() || !entry.after.is_empty())
        };
        for entry in register.iter().filter(counts) {
            for issue in &entry.issues {
                letters.by_issue.entry(issue).or_default().push(entry);
            }
        }
        letters
    }

    /// Returns the current rung of an issue; `None` if no letter of the ladder names it.
    #[must_use]
    pub fn standing(&self, ladder: &Ladder, issue: &str) -> Option<Standing<'r>> {
        self.standing_below(ladder, issue, ladder.rungs.len())
    }

    /// Returns the current rung of an issue, considering only the rungs below `step`: the letter that a letter of that
    /// step follows.
    #[must_use]
    pub fn standing_below(&self, ladder: &Ladder, issue: &str, step: usize) -> Option<Standing<'r>> {
        let letters = self.by_issue.get(issue)?;
        let steps = letters.iter().filter_map(|letter| Some(Standing { step: ladder.step(&letter.kind)?, letter }));
        steps.filter(|standing| standing.step < step).max_by_key(|standing| standing.step)
    }

    /// Whether a letter of `kind` names an issue.
    #[must_use]
    pub fn has(&self, kind: &str, issue: &str) -> bool {
        self.by_issue.get(issue).is_some_and(|letters| letters.iter().any(|letter| letter.kind == kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{AcceptedFaults, Facts, NumberKey, Reset};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn letter(kind: &str, date: &str, limit: Option<&str>, issue: &str) -> RegisterEntry {
        RegisterEntry::reserved(&Facts {
            key: NumberKey { series: kind.into(), year: 2021, n: 1 },
            reset: Reset::Yearly,
            kind: kind.into(),
            number: format!("{kind}-{date}"),
            date: day(date),
            title: String::new(),
            unit: Some("甲".into()),
            units: Vec::new(),
            issues: vec![issue.into()],
            identities: Vec::new(),
            after: Vec::new(),
            limit: limit.map(day),
            request: None,
            corrects: None,
            edited: false,
            accepted: AcceptedFaults::default(),
            files: Vec::new(),
        })
    }

    /// Returns the next rung and its first day, such as `reminder 2021-08-17`; empty after the last rung.
    fn next(register: &[RegisterEntry], deadline: &str) -> String {
        let (ladder, calendar) = (Ladder::usual(Span::days(3)), Calendar::cn());
        let standing = Letters::new(register).standing(&ladder, "A");
        let next = ladder.next(standing, day(deadline), &calendar);
        next.map_or(String::new(), |next| format!("{} {}", next.rung.kind, next.from))
    }

    #[test]
    fn spans_are_days_or_working_days() {
        for (text, span) in [
            ("3", Some(Span::days(3))),
            ("1 day", Some(Span::days(1))),
            ("3 天", Some(Span::days(3))),
            ("5 workdays", Some(Span::workdays(5))),
            ("5个工作日", Some(Span::workdays(5))),
            ("5 weeks", None),
            ("-1", None),
            ("99999", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), span, "{text}");
        }
    }

    #[test]
    fn rungs_come_one_at_a_time() {
        let mut register = Vec::new();
        assert_eq!(next(&register, "2021-08-20"), "reminder 2021-08-17");
        register.push(letter("reminder", "2021-08-17", Some("2021-08-20"), "A"));
        // Reminded in time: due the day after the deadline.
        assert_eq!(next(&register, "2021-08-20"), "supervision 2021-08-21");
        register.push(letter("supervision", "2021-08-23", Some("2021-08-26"), "A"));
        assert_eq!(next(&register, "2021-08-20"), "interview 2021-08-27");
        // A letter without a time limit counts from its own day. Saturday and Sunday don't count.
        register.push(letter("interview", "2021-08-27", None, "A"));
        assert_eq!(next(&register, "2021-08-20"), "bulletin 2021-08-30");
        register.push(letter("bulletin", "2021-08-31", None, "A"));
        assert_eq!(next(&register, "2021-08-20"), "");
        assert_eq!(next(&register[..1], "2021-08-10"), "supervision 2021-08-21", "reminded late: from its limit");
    }

    #[test]
    fn no_rung_speaks_of_a_deadline_that_has_not_passed() {
        let supervised = [
            letter("reminder", "2021-08-09", Some("2021-08-12"), "A"),
            letter("supervision", "2021-08-17", Some("2021-08-24"), "A"),
        ];
        assert_eq!(next(&supervised, "2021-08-10"), "interview 2021-08-25");
        // Extended: from the new deadline, a Friday, on. Before the limit of the letter it changes nothing.
        assert_eq!(next(&supervised, "2021-09-10"), "interview 2021-09-13");
        assert_eq!(next(&supervised, "2021-08-20"), "interview 2021-08-25");
        // Reminded late and extended: the next is supervision, of the new deadline.
        let reminded = [letter("reminder", "2021-08-12", Some("2021-08-16"), "A")];
        assert_eq!(next(&reminded, "2021-08-10"), "supervision 2021-08-17");
        assert_eq!(next(&reminded, "2021-09-10"), "supervision 2021-09-11");
        // A ladder without a day between: still not on the deadline itself.
        let rung = |kind: &str, trigger| Rung { kind: kind.into(), trigger };
        let ladder = Ladder::new(vec![
            rung("reminder", Trigger::Overdue(Span::days(0))),
            rung("supervision", Trigger::Unanswered(Span::days(0))),
        ]);
        let (ladder, calendar) = (ladder.unwrap(), Calendar::cn());
        assert_eq!(ladder.next(None, day("2021-08-10"), &calendar).unwrap().from, day("2021-08-11"));
        let standing = Letters::new(&reminded).standing(&ladder, "A");
        assert_eq!(ladder.next(standing, day("2021-08-20"), &calendar).unwrap().from, day("2021-08-21"));
    }

    #[test]
    fn a_void_letter_and_a_general_bulletin_are_no_step() {
        let mut void = letter("reminder", "2021-08-17", None, "A");
        void.status = RegisterStatus::Void;
        let mut general = letter("bulletin", "2021-08-18", None, "A");
        general.unit = None;
        assert_eq!(next(&[void, general.clone()], "2021-08-20"), "reminder 2021-08-17");
        general.after = vec!["x".into()];
        assert_eq!(next(&[general], "2021-08-20"), "");
    }

    #[test]
    fn working_days_before_a_deadline_pass_over_a_holiday() {
        let ladder = Ladder::usual(Span::workdays(2));
        // 2021-10-01 to 10-07 are free, 10-08 and (Saturday) 10-09 are worked.
        let next = ladder.next(None, day("2021-10-09"), &Calendar::cn()).unwrap();
        assert_eq!(next.from, day("2021-09-30"));
        assert_eq!(ladder.horizon(next.from, &Calendar::cn()), day("2021-10-09"));
    }

    #[test]
    fn what_makes_no_ladder_is_told() {
        let rung = |kind: &str, trigger| Rung { kind: kind.into(), trigger };
        let overdue = Trigger::Overdue(Span::days(1));
        assert_eq!(Ladder::new(Vec::new()), Err(LadderError::Empty));
        assert_eq!(
            Ladder::new(vec![rung("a", Trigger::Unanswered(Span::days(1)))]),
            Err(LadderError::NoPrecedingLetter)
        );
        assert_eq!(Ladder::new(vec![rung("a", overdue), rung("a", overdue)]), Err(LadderError::Duplicate(1)));
    }
}
