//! `ladder:` of `duban.yaml`: a list of rungs, lowest first.

use crate::ladder::{Ladder, LadderError, Rung, Span, Trigger};
use crate::project::keys::RUNG;
use crate::project::mapping::{MappingReader, items};
use crate::source::yaml::Node;

/// Reads the ladder; `None` if it has a fault, which is reported and stops the run.
pub(super) fn read(node: &Node, keys: &mut MappingReader<'_>) -> Option<Ladder> {
    let read: Vec<Option<Rung>> = items(node).iter().map(|item| rung(item, keys)).collect();
    let rungs: Vec<Rung> = read.into_iter().collect::<Option<_>>()?;
    match Ladder::new(rungs) {
        Ok(ladder) => return Some(ladder),
        Err(LadderError::Empty) => keys.expected("rungs", node),
        Err(LadderError::Duplicate(at)) => keys.bad_value("rung", &items(node)[at], "each kind once", None),
        Err(LadderError::NoPrecedingLetter) => {
            keys.bad_value("unanswered", &items(node)[0], "due_within or overdue on the first rung", None);
        }
    }
    None
}

/// Reads a rung, such as `{rung: supervision, overdue: 1 day}`: a kind of document and its trigger.
fn rung(node: &Node, keys: &mut MappingReader<'_>) -> Option<Rung> {
    let (mut kind, mut triggers) = (None, Vec::new());
    for (key, node) in keys.known(node, RUNG) {
        let trigger: fn(Span) -> Trigger = match key {
            "due_within" => Trigger::DueWithin,
            "overdue" => Trigger::Overdue,
            "unanswered" => Trigger::Unanswered,
            _ => {
                kind = keys.text(node);
                continue;
            }
        };
        let Some(span) = node.scalar().and_then(|text| text.parse().ok()) else {
            keys.bad_value(key, node, "3 days | 3 workdays | 3天 | 3个工作日", None);
            return None;
        };
        triggers.push(trigger(span));
    }
    let rung = kind.zip(triggers.pop()).filter(|_| triggers.is_empty());
    if rung.is_none() {
        keys.expected("rung, and one of due_within, overdue, unanswered", node);
    }
    rung.map(|(kind, trigger)| Rung { kind, trigger })
}

#[cfg(test)]
mod tests {
    use crate::fault::Faults;
    use crate::ladder::{Span, Trigger};
    use crate::place::SourceId;
    use crate::project::config::parse;

    #[test]
    fn rungs_are_read_in_their_order() {
        let mut faults = Faults::default();
        let text = "ladder:\n  - {rung: reminder, due_within: 5 workdays}\n  - {rung: talk, overdue: 2}\n";
        let ladder = parse(SourceId(0), text, &mut faults).ladder();
        assert_eq!(faults.sorted().len(), 0);
        assert_eq!(ladder.step("talk"), Some(1));
        assert_eq!(ladder.rungs()[0].trigger, Trigger::DueWithin(Span::workdays(5)));
        assert_eq!(ladder.rungs()[1].trigger, Trigger::Overdue(Span::days(2)));
    }

    #[test]
    fn what_is_no_ladder_is_a_fault_at_its_place() {
        for (text, line) in [
            ("ladder: []\n", 1),
            ("ladder:\n  - {rung: a, overdue: 1 week}\n", 2),
            ("ladder:\n  - {rung: a}\n", 2),
            ("ladder:\n  - {rung: a, overdue: 1, due_within: 1}\n", 2),
            ("ladder:\n  - {rung: a, overdue: 1}\n  - {rung: a, overdue: 3}\n", 3),
            ("ladder:\n  - {rung: a, unanswered: 1}\n", 2),
            ("ladder:\n  - {rung: a, overdu: 1}\n", 2),
        ] {
            let mut faults = Faults::default();
            let project = parse(SourceId(0), text, &mut faults);
            assert!(project.ladder.is_none(), "{text}");
            assert_eq!(faults.sorted().first().map(|fault| fault.place.line.get()), Some(line), "{text}");
        }
    }
}
