//! Partial tallies: a tally as a file, so that districts count their own logs and the city adds up the counts.
//!
//! Distinct values (units, sites, the categories of a unit) are kept as sets, not as numbers, so that the sum of the
//! parts equals one tally of all logs. Names of units and categories are kept as text, sites as hashes, and rows not at
//! all. Logs are identified by a hash of their bytes, so that none is counted twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::model::key::Key;
use crate::model::period::Period;
use crate::model::state::AsOf;
use crate::tally::as_of_summary::{AsOfSummary, LeftOut};
use crate::tally::counts::{ByValue, Counting};
use crate::tally::select::{Condition, Filter};
use crate::tally::{GroupName, Tally, TallyPlan};
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;

/// The version of the file format.
const VERSION: u32 = 2;

/// A tally that can be added to other tallies with the same plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partial {
    /// The version of the file format.
    version: u32,
    plan: PlanPart,
    /// The logs counted, by the SHA-256 of their bytes.
    logs: BTreeSet<String>,
    /// What was left out of them.
    left_out: LeftOut,
    summary: SummaryPart,
    total: TallyPart,
    groups: Vec<GroupPart>,
    surplus: TallyPart,
    /// The SHA-256 of this record as JSON with an empty digest.
    digest: String,
}

/// What was counted, see [`TallyPlan`]: only tallies with equal plans can be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanPart {
    by: Vec<String>,
    as_of: NaiveDate,
    due_soon_until: NaiveDate,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[serde(rename = "where")]
    conditions: Vec<ConditionPart>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionPart {
    key: String,
    values: Vec<String>,
    not: bool,
}

/// What the as-of day did to the rows, see [`AsOfSummary`]. Places are not kept, nor is the number of rows left out, which
/// stands in [`LeftOut`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryPart {
    looks_back: bool,
    by_undated_word: u64,
    denied: u64,
    late_unknown: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupPart {
    key: Vec<String>,
    counts: TallyPart,
}

/// The counts of a group, with the counts of each value, see [`Counting`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TallyPart {
    numbers: BTreeMap<String, u64>,
    disposition: BTreeMap<String, u64>,
    source: BTreeMap<String, u64>,
    units: BTreeMap<String, u64>,
    sites: BTreeMap<String, u64>,
    /// Number of issues by unit and category.
    categories: BTreeMap<String, BTreeMap<String, u64>>,
}

/// Why a text can't be read as a partial tally, or why two can't be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub enum PartialError {
    /// It is not in the format that `tally --partial` writes; with the reason.
    InvalidFormat(String),
    /// It is in another version of the format.
    UnsupportedVersion(u32),
    /// It was changed or truncated after it was written.
    Altered,
    /// It counts something else.
    PlanMismatch {
        /// The option in which the plans differ.
        what: &'static str,
        /// Its value in the tallies added so far.
        first: String,
        /// Its value in this tally.
        this: String,
    },
    /// It counts a log that has already been counted.
    DuplicateLog,
}

impl PartialError {
    /// Returns the message for the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::InvalidFormat(detail) => lang.pick(
                format!("不是 duban tally --partial 写的文件：{detail}"),
                format!("not a file written by `duban tally --partial`: {detail}"),
            ),
            Self::UnsupportedVersion(version) => lang.pick(
                format!("是第 {version} 版的格式，这里读第 {VERSION} 版；请用同一版本的 duban 重写"),
                format!(
                    "has version {version} of the format, but this duban reads version {VERSION}; write it again with \
                     the same duban"
                ),
            ),
            Self::Altered => lang.pick(
                "写成之后被改动或截断；请重新索取".to_owned(),
                "was altered or truncated after it was written; ask for it again".to_owned(),
            ),
            Self::PlanMismatch { what, first, this } => lang.pick(
                format!("统计口径不同：{what} 是 {this}，前面的是 {first}；请用相同的选项重写"),
                format!(
                    "counts something else: {what} is {this}, but {first} in the files before; write it again with the \
                     same options"
                ),
            ),
            Self::DuplicateLog => lang.pick(
                "其中有台账已在前面的文件里统计过；同一台账不能加两次".to_owned(),
                "counts a log that an earlier file already counts; no log may be added twice".to_owned(),
            ),
        }
    }
}

impl Partial {
    /// Makes a partial tally; `logs` are the SHA-256 hashes of the logs that it counts, and `left_out` what is left out
    /// of them.
    #[must_use]
    pub fn of(mut tally: Tally, logs: impl IntoIterator<Item = String>, left_out: LeftOut) -> Self {
        tally.settle();
        // What is written of a group is dropped at once: a country has many.
        let mut groups: Vec<GroupPart> = std::mem::take(&mut tally.index)
            .iter()
            .map(|(name, at)| GroupPart {
                key: name.iter().map(Symbol::to_string).collect(),
                counts: TallyPart::of(&std::mem::take(&mut tally.groups[*at])),
            })
            .collect();
        groups.sort_by(|a, b| a.key.cmp(&b.key));
        let partial = Self {
            version: VERSION,
            plan: PlanPart::of(&tally.plan),
            logs: logs.into_iter().collect(),
            left_out,
            summary: SummaryPart::of(&tally.summary),
            total: TallyPart::of(&tally.total),
            groups,
            surplus: TallyPart::of(&tally.surplus),
            digest: String::new(),
        };
        Self { digest: partial.computed_digest(), ..partial }
    }

    /// Parses the output of [`Partial::text`].
    ///
    /// # Errors
    /// Fails if the text is in another format or version, or if its digest does not match.
    pub fn read(text: &str) -> Result<Self, PartialError> {
        let read = serde_json::from_str::<Self>(text);
        let version = read.as_ref().map_or_else(|_| version_of(text), |partial| Some(partial.version.into()));
        if let Some(other) = version.filter(|n| *n != u64::from(VERSION)) {
            return Err(PartialError::UnsupportedVersion(u32::try_from(other).unwrap_or(u32::MAX)));
        }
        let mut partial = read.map_err(|error| PartialError::InvalidFormat(error.to_string()))?;
        // The text as it was written has the digest at its end; a program may have laid it out in another way since.
        let is_as_written = || {
            let bare = text.trim_end().strip_suffix(&format!("{}\"}}", partial.digest))?;
            Some(digest::of_parts([bare, "\"}"]) == partial.digest)
        };
        if is_as_written() == Some(true) {
            return Ok(partial);
        }
        let stated = std::mem::take(&mut partial.digest);
        partial.digest = partial.computed_digest();
        if partial.digest == stated { Ok(partial) } else { Err(PartialError::Altered) }
    }

    /// Returns the tally as one line of JSON, the same for the same counts.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// Returns the hashes of the logs counted.
    pub fn logs(&self) -> impl Iterator<Item = &String> {
        self.logs.iter()
    }

    /// Returns what is left out of the logs.
    #[must_use]
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    fn add_to(&self, tally: &mut Tally) {
        tally.summary.merge(&self.summary.summary(self.left_out.after_as_of));
        self.total.add_to(&mut tally.total);
        self.surplus.add_to(&mut tally.surplus);
        for group in &self.groups {
            let name: GroupName = group.key.iter().map(|value| Symbol::new(value)).collect();
            group.counts.add_to(tally.group(&name));
        }
    }

    /// The digest of the record, while its own is empty.
    fn computed_digest(&self) -> String {
        digest::of_written(|hashed| serde_json::to_writer(hashed, self)).unwrap_or_default()
    }
}

/// The version that a text states which is no partial tally of this one.
fn version_of(text: &str) -> Option<u64> {
    serde_json::from_str::<serde_json::Value>(text).ok()?["version"].as_u64()
}

/// A sum of partial tallies. Adding one takes as long as it is large, however many were added before.
#[derive(Clone, Debug)]
pub struct PartialSum {
    plan: PlanPart,
    logs: BTreeSet<String>,
    left_out: LeftOut,
    tally: Tally,
}

impl PartialSum {
    /// Returns the sum of one partial tally.
    ///
    /// # Errors
    /// Fails if its plan has an unknown key.
    pub fn new(first: Partial) -> Result<Self, PartialError> {
        let mut tally = Tally::new(Arc::new(first.plan.plan()?));
        first.add_to(&mut tally);
        let Partial { plan, logs, left_out, .. } = first;
        Ok(Self { plan, logs, left_out, tally })
    }

    /// Adds a partial tally.
    ///
    /// # Errors
    /// Fails if it has another plan, or counts a log that is already counted.
    pub fn add(&mut self, other: Partial) -> Result<(), PartialError> {
        self.plan.check_equal(&other.plan)?;
        if other.logs.iter().any(|log| self.logs.contains(log)) {
            return Err(PartialError::DuplicateLog);
        }
        other.add_to(&mut self.tally);
        self.left_out = self.left_out.and(other.left_out);
        self.logs.extend(other.logs);
        Ok(())
    }

    /// Returns what is left out of the logs.
    #[must_use]
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// Returns the sum as a partial tally.
    #[must_use]
    pub fn into_partial(self) -> Partial {
        Partial::of(self.tally, self.logs, self.left_out)
    }

    /// Returns the sum as a tally.
    #[must_use]
    pub fn into_tally(self) -> Tally {
        self.tally
    }
}

impl PlanPart {
    fn of(plan: &TallyPlan) -> Self {
        let conditions = plan.filter.conditions.iter().map(|condition| {
            let (key, values, not) = condition.parts();
            ConditionPart { key: key.to_string(), values: values.iter().map(Symbol::to_string).collect(), not }
        });
        Self {
            by: plan.by.iter().map(Key::to_string).collect(),
            as_of: plan.as_of.day,
            due_soon_until: plan.as_of.soon,
            from: plan.filter.period.from,
            to: plan.filter.period.to,
            conditions: conditions.collect(),
        }
    }

    fn plan(&self) -> Result<TallyPlan, PartialError> {
        let key = |name: &str| name.parse::<Key>().map_err(|fault| PartialError::InvalidFormat(fault.text(Lang::En)));
        let conditions = self
            .conditions
            .iter()
            .map(|condition| Ok(Condition::new(key(&condition.key)?, &condition.values, condition.not)));
        Ok(TallyPlan {
            by: self.by.iter().map(|name| key(name)).collect::<Result<_, _>>()?,
            filter: Filter {
                conditions: conditions.collect::<Result<_, _>>()?,
                period: Period { from: self.from, to: self.to },
            },
            as_of: AsOf { day: self.as_of, soon: self.due_soon_until },
        })
    }

    /// # Errors
    /// Returns the first option in which the plans differ.
    fn check_equal(&self, other: &Self) -> Result<(), PartialError> {
        let day = |day: Option<NaiveDate>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let options = |plan: &Self| {
            [
                ("--by", plan.by.join(",")),
                ("--as-of", plan.as_of.to_string()),
                ("due_soon_days", plan.due_soon_until.to_string()),
                ("--from", day(plan.from)),
                ("--to", day(plan.to)),
                ("--where", serde_json::to_string(&plan.conditions).unwrap_or_default()),
            ]
        };
        for ((what, first), (_, this)) in options(self).into_iter().zip(options(other)) {
            if first != this {
                return Err(PartialError::PlanMismatch { what, first, this });
            }
        }
        Ok(())
    }
}

impl SummaryPart {
    fn of(summary: &AsOfSummary) -> Self {
        let AsOfSummary { after_as_of: _, first_after: _, looks_back, undated, denied, late_unknown } = *summary;
        Self { looks_back, by_undated_word: undated, denied, late_unknown }
    }

    fn summary(&self, after_as_of: u64) -> AsOfSummary {
        let Self { looks_back, by_undated_word, denied, late_unknown } = *self;
        AsOfSummary { after_as_of, first_after: None, looks_back, undated: by_undated_word, denied, late_unknown }
    }
}

impl TallyPart {
    fn of(counting: &Counting) -> Self {
        let by_name = |counts: &ByValue<Symbol>, name: fn(Symbol) -> String| {
            let mut named = BTreeMap::new();
            counts.each(|value, count| *named.entry(name(value)).or_default() += count);
            named
        };
        let mut categories: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        counting.pairs.each(|(unit, category), count| {
            categories.entry(unit.to_string()).or_default().insert(category.to_string(), count);
        });
        Self {
            numbers: counting.numbers().into_iter().map(|(name, count)| (name.to_owned(), *count)).collect(),
            disposition: by_name(&counting.disposition, |value| value.to_string()),
            source: by_name(&counting.source, |value| value.to_string()),
            units: by_name(&counting.units, |value| value.to_string()),
            sites: by_name(&counting.sites, hashed_site),
            categories,
        }
    }

    fn add_to(&self, counting: &mut Counting) {
        for (name, count) in counting.numbers_mut() {
            *count = count.saturating_add(self.numbers.get(name).copied().unwrap_or(0));
        }
        let fill = |into: &mut ByValue<Symbol>, from: &BTreeMap<String, u64>| {
            for (value, count) in from {
                into.add(Symbol::new(value), *count);
            }
        };
        fill(&mut counting.disposition, &self.disposition);
        fill(&mut counting.source, &self.source);
        fill(&mut counting.units, &self.units);
        fill(&mut counting.sites, &self.sites);
        for (unit, categories) in &self.categories {
            let unit = Symbol::new(unit);
            for (category, count) in categories {
                counting.pairs.add((unit, Symbol::new(category)), *count);
            }
        }
    }
}

/// Returns the hash of a site: [`HASH_PREFIX`] and the first half of a SHA-256. A name that is already a hash, read
/// from another partial tally, is returned as is.
fn hashed_site(name: Symbol) -> String {
    if name.starts_with(HASH_PREFIX) {
        return name.to_string();
    }
    let digest = digest::of(format!("duban site\n{name}").as_bytes());
    format!("{HASH_PREFIX}{}", digest.get(..32).unwrap_or_default())
}

/// Marks the hash of a site; a control character, since no name of a site in a log begins with one.
const HASH_PREFIX: &str = "\u{1}";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;
    use crate::log;
    use crate::project::Project;
    use crate::source::{Form, Source, Sources};
    use crate::tally::show;
    use proptest::prelude::*;

    fn plan(by: &[&str]) -> Arc<TallyPlan> {
        let by = by.iter().map(|key| key.parse().unwrap()).collect();
        let day = NaiveDate::from_ymd_opt(2021, 8, 20).unwrap();
        let as_of = AsOf { day, soon: day };
        Arc::new(TallyPlan { by, filter: Filter::default(), as_of })
    }

    fn tally(rows: &[String], by: &[&str]) -> Tally {
        let text =
            format!("发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,点位,问题来源,状态\n{}", rows.concat());
        let mut sources = Sources::default();
        let id = sources.add(Source::text("log.csv", text, Form::Table));
        let plan = plan(by);
        log::fold(&mut sources, &[id], &Project::default(), &mut Faults::default(), || Tally::new(plan.clone()))
            .unwrap()
    }

    fn partial(mut tally: Tally, log: String) -> Partial {
        let left_out = LeftOut { after_as_of: tally.summary().after_as_of, ..LeftOut::default() };
        Partial::of(tally, [log], left_out)
    }

    fn shown(tally: Tally) -> String {
        let mut json = Vec::new();
        show::json(&tally.finish(&Project::default()), &mut json).unwrap();
        String::from_utf8(json).unwrap()
    }

    fn sum(parts: &[Partial]) -> PartialSum {
        let mut sum = PartialSum::new(parts[0].clone()).unwrap();
        parts[1..].iter().for_each(|part| sum.add(part.clone()).unwrap());
        sum
    }

    proptest! {
        /// Logs that are counted in parts, written, read, and added in any order and grouping, give the same as one
        /// tally.
        #[test]
        fn pieces_add_up(
            rows in proptest::collection::vec(
                "2021-08-[012][1-9],[甲乙丙],(消防|卫生|消防、卫生|),堆物,(现场整改|限期整改|交办),(2021-08-[01][1-9]|),[东南西]?,(巡查|),(已整改|已销号|整改中|)\n",
                0..20,
            ),
            cuts in proptest::collection::vec(0..20_usize, 3),
            by in prop::sample::select(vec![&[][..], &["unit"], &["category"], &["unit", "category"], &["month", "site"]]),
            shuffled: bool,
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).collect();
            cuts.extend([0, rows.len()]);
            cuts.sort_unstable();
            let mut pieces: Vec<Partial> = cuts
                .windows(2)
                .enumerate()
                .map(|(log, cut)| partial(tally(&rows[cut[0]..cut[1]], by), log.to_string()))
                .map(|partial| Partial::read(&partial.text()).unwrap())
                .collect();
            if shuffled {
                pieces.reverse();
            }
            // In pairs first, then the sums of the pairs.
            let pairs: Vec<Partial> = pieces
                .chunks(2)
                .map(|pair| {
                    Partial::read(&sum(pair).into_partial().text()).unwrap()
                })
                .collect();
            let of_pairs = sum(&pairs);
            // The names of groups are not hashed, even if they are sites: the user asked for them.
            prop_assert_eq!(shown(of_pairs.clone().into_tally()), shown(tally(&rows, by)));
            prop_assert_eq!(sum(&pieces).into_partial().text(), of_pairs.into_partial().text());
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let rows = ["2021-08-03,甲,消防,堆物,现场整改,,东,,\n".to_owned()];
        let of = |by: &[&str], log: &str| partial(tally(&rows, by), log.to_owned());
        let first = of(&["unit"], "a");
        let mut sum = sum(std::slice::from_ref(&first));
        assert_eq!(sum.add(of(&["unit"], "a")), Err(PartialError::DuplicateLog));
        let other = sum.add(of(&["category"], "b"));
        assert!(matches!(other, Err(PartialError::PlanMismatch { what: "--by", .. })), "{other:?}");
        let text = first.text();
        let laid_out =
            serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&text).unwrap()).unwrap();
        assert_eq!(Partial::read(&laid_out), Ok(first), "it is what it says, however it is laid out");
        assert!(!text.contains('东') && text.contains('甲'), "sites are hashes, units are names: {text}");
        assert_eq!(Partial::read(&text.replace('甲', "乙")), Err(PartialError::Altered));
        let other_version = text.replace("\"version\":2", "\"version\":3");
        assert_eq!(Partial::read(&other_version), Err(PartialError::UnsupportedVersion(3)));
        assert!(matches!(Partial::read("{}"), Err(PartialError::InvalidFormat(_))));
        assert!(matches!(Partial::read(&text[..text.len() / 2]), Err(PartialError::InvalidFormat(_))));
    }
}
