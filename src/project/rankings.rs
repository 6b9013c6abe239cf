//! `rankings:` of `duban.yaml`: which units stand on the red list and which on the black one (红黑榜).

use serde::{Deserialize, Serialize};

use crate::project::keys::{MEASURES, RANKINGS};
use crate::project::mapping::MappingReader;
use crate::source::yaml::Node;

/// What is required of a list: `{rectified_rate: ">=95%", overdue: "<=0"}`.
type Thresholds = Vec<Threshold>;

/// The red and the black list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rankings {
    /// What is required of the red list: all of it.
    pub red: Thresholds,
    /// What leads to the black list: any of it.
    pub black: Thresholds,
}

/// A measure that is at least, at most, above or below a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The measure, such as `overdue`.
    pub measure: String,
    /// How it is compared with the limit.
    pub relation: Relation,
    /// The limit as a fraction: of a count its number over 1.
    pub limit: (u64, u64),
}

/// How a measure is compared with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named by their signs")]
pub enum Relation {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = ">")]
    Above,
    #[serde(rename = "<")]
    Below,
}

/// A list that a unit stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListColour {
    /// 红榜.
    Red,
    /// 黑榜.
    Black,
}

impl ListColour {
    /// The canonical name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Black => "black",
        }
    }
}

/// The measure that is a rate.
const RATE: &str = "rectified_rate";

impl Rankings {
    /// Whether there are no lists.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.red.is_empty() && self.black.is_empty()
    }

    /// Which list a unit stands on. `measure` gives each of its measures as a fraction; one that is not known, such as a rate
    /// of too few issues, keeps it off either list. The black list goes before the red one.
    pub fn list_of(&self, measure: impl Fn(&str) -> Option<(u64, u64)>) -> Option<ListColour> {
        let holds = |threshold: &Threshold| measure(&threshold.measure).map(|value| threshold.holds(value));
        if self.black.iter().any(|threshold| holds(threshold) == Some(true)) {
            return Some(ListColour::Black);
        }
        let is_red = !self.red.is_empty() && self.red.iter().all(|threshold| holds(threshold) == Some(true));
        is_red.then_some(ListColour::Red)
    }
}

impl Threshold {
    fn holds(&self, (part, whole): (u64, u64)) -> bool {
        let order = (u128::from(part) * u128::from(self.limit.1)).cmp(&(u128::from(self.limit.0) * u128::from(whole)));
        match self.relation {
            Relation::AtLeast => order.is_ge(),
            Relation::AtMost => order.is_le(),
            Relation::Above => order.is_gt(),
            Relation::Below => order.is_lt(),
        }
    }

    /// Reads a relation and a limit: `>=95%`, `< 60.5%`, `<=0`. A percentage is of a rate, a number of a count.
    fn parse(measure: &str, text: &str) -> Option<Self> {
        let text = text.trim().replace('≥', ">=").replace('≤', "<=").replace('％', "%");
        let signs =
            [(">=", Relation::AtLeast), ("<=", Relation::AtMost), (">", Relation::Above), ("<", Relation::Below)];
        let (relation, rest) =
            signs.into_iter().find_map(|(sign, relation)| Some((relation, text.strip_prefix(sign)?)))?;
        let rest = rest.trim();
        let limit = match rest.strip_suffix('%').filter(|_| measure == RATE) {
            Some(number) => {
                let (whole, decimals) = number.trim().split_once('.').unwrap_or((number.trim(), ""));
                if decimals.len() > 6 {
                    return None;
                }
                let unit = 10_u64.pow(u32::try_from(decimals.len()).ok()?);
                let digits: u64 = format!("{whole}{decimals}").parse().ok()?;
                (digits, unit.checked_mul(100)?)
            }
            None if measure == RATE => return None,
            None => (rest.parse().ok()?, 1),
        };
        Some(Self { measure: measure.to_owned(), relation, limit })
    }
}

/// Reads `rankings:`.
pub(super) fn read(node: &Node, keys: &mut MappingReader<'_>) -> Rankings {
    let mut rankings = Rankings::default();
    for (key, node) in keys.known(node, RANKINGS) {
        let list = if key == "red" { &mut rankings.red } else { &mut rankings.black };
        for (measure, node) in keys.known(node, MEASURES) {
            if let Some(threshold) = node.scalar().and_then(|text| Threshold::parse(measure, text)) {
                list.push(threshold);
            } else {
                let expected = if measure == RATE { "\">=95%\" | \"<60%\"" } else { "\">=3\" | \"<=0\"" };
                keys.bad_value(measure, node, expected, None);
            }
        }
    }
    rankings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;
    use crate::place::SourceId;
    use crate::project::config::parse;

    #[test]
    fn units_stand_on_the_list_that_they_deserve() {
        let text = "rankings:\n  red: {rectified_rate: \">=95%\", overdue: \"<=0\"}\n  \
                    black: {rectified_rate: \"< 60.5 %\", overdue: '≥3'}\n";
        let mut faults = Faults::default();
        let rankings = parse(SourceId(0), text, &mut faults).rankings;
        assert_eq!(faults.sorted().len(), 0);
        let list = |rectified: u64, found: u64, overdue: u64| {
            rankings.list_of(|measure| match measure {
                RATE => (found >= 5).then_some((rectified, found)),
                _ => Some((overdue, 1)),
            })
        };
        assert_eq!(list(95, 100, 0), Some(ListColour::Red));
        assert_eq!(list(95, 100, 1), None);
        assert_eq!(list(94, 100, 0), None);
        assert_eq!(list(121, 200, 0), None);
        assert_eq!(list(120, 200, 0), Some(ListColour::Black));
        assert_eq!(list(100, 100, 3), Some(ListColour::Black));
        // A rate of two issues is none.
        assert_eq!(list(2, 2, 0), None);
        let json = serde_json::to_string(&rankings).unwrap();
        assert_eq!(serde_json::from_str::<Rankings>(&json).unwrap(), rankings);
    }

    #[test]
    fn what_is_no_threshold_is_a_fault_at_its_place() {
        for text in [
            "red: {overdue: 3}",
            "red: {rectified_rate: \">=1\"}",
            "black: {overdue: \">=5%\"}",
            "red: {rate: \">1%\"}",
            "green: {}",
        ] {
            let mut faults = Faults::default();
            let _ = parse(SourceId(0), &format!("rankings:\n  {text}\n"), &mut faults);
            assert_eq!(faults.sorted().first().map(|fault| fault.place.line.get()), Some(2), "{text}");
        }
    }
}
