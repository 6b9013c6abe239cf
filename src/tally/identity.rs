//! Identities: sums that must agree before a document is written. Both sides are counted row by row, so that the rows
//! that make a difference can be shown.
//!
//! - found = the sum over the dispositions, which are a partition;
//! - found = rectified + open;
//! - found = the sum over the units, and over every other dimension that is declared a partition;
//! - the identities that the project declares under `identities:`.

use crate::model::field::Field;
use crate::model::key::{Key, StateKey};
use crate::model::period::Period;
use crate::model::record::Issue;
use crate::model::state::State;
use crate::project::{Project, Selection};
use crate::tally::select::Filter;
use crate::words::lang::Lang;

/// One of the identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// found = rectified + open.
    States,
    /// found = the sum over the values of a field.
    Sum(Field),
    /// An identity declared by the project, by its name.
    Declared(String),
}

/// An identity that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The identity.
    pub which: Which,
    /// The count of the left side.
    pub left: u64,
    /// The count of the right side.
    pub right: u64,
    /// Issues counted more often on the left, as indexes of the list that was checked.
    pub more_left: Vec<usize>,
    /// Issues counted more often on the right, as indexes of the list that was checked.
    pub more_right: Vec<usize>,
}

impl Which {
    /// Returns the name for messages.
    #[must_use]
    pub fn name(&self, lang: Lang) -> String {
        match self {
            Self::States => lang.pick("发现 = 已整改 + 未整改", "found = rectified + open").to_owned(),
            Self::Sum(field) => {
                let label = field.label(lang);
                lang.pick(format!("发现 = 各{label}之和"), format!("found = the sum over: {label}"))
            }
            Self::Declared(name) => name.clone(),
        }
    }
}

impl Broken {
    /// Returns the message: the name and the counts of both sides, and what to write in the rows that differ.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (name, left, right) = (self.which.name(lang), self.left, self.right);
        let remedy = self.remedy(lang);
        lang.pick(
            format!("“{name}”不成立：左边 {left}，右边 {right}；{remedy}"),
            format!("\"{name}\" does not hold: {left} on the left, {right} on the right; {remedy}"),
        )
    }

    /// What to write, so that the sum holds.
    fn remedy(&self, lang: Lang) -> String {
        match &self.which {
            Which::Sum(field) => {
                let (label, key) = (field.label(lang), field.key());
                let one = lang.pick(
                    format!("在下列各行的“{label}”里写一个值"),
                    format!("write one value under {label} in the rows below"),
                );
                if self.more_right.is_empty() {
                    return one;
                }
                lang.pick(
                    format!("{one}；一行确有几个的，在 duban.yaml 写 dimensions: {{{key}: multi}}"),
                    format!("{one}, or `dimensions: {{{key}: multi}}` in duban.yaml if a row may have several"),
                )
            }
            Which::States => lang.pick("改正下列各行的状态", "correct the status of the rows below").to_owned(),
            Which::Declared(name) => lang.pick(
                format!("补正下列各行，或改 duban.yaml 中 identities: 的“{name}”"),
                format!("correct the rows below, or \"{name}\" under `identities:` in duban.yaml"),
            ),
        }
    }
}

/// Returns the identities that do not hold for a list of issues with their states.
#[must_use]
pub fn check(issues: &[(&Issue<'_>, State)], project: &Project) -> Vec<Broken> {
    let mut broken = Vec::new();
    broken.extend(compare(
        Which::States,
        issues,
        |_, _| 1,
        |_, state| {
            let holds = |key: StateKey| usize::from(key.holds(state));
            holds(StateKey::Rectified) + holds(StateKey::Open)
        },
    ));
    for field in partitions(project) {
        broken.extend(compare(Which::Sum(field), issues, |_, _| 1, |issue, _| issue.values(field).len()));
    }
    for identity in &project.identities {
        let filters = |side: &[Selection]| -> Vec<Filter> {
            side.iter().map(|selection| Filter::of(selection, Period::default())).collect()
        };
        let (left, right) = (filters(&identity.left), filters(&identity.right));
        let count = |filters: &[Filter], issue: &Issue<'_>, state| {
            filters.iter().filter(|filter| filter.holds(issue, state)).count()
        };
        let which = Which::Declared(identity.name.clone());
        broken.extend(compare(
            which,
            issues,
            |issue, state| count(&left, issue, state),
            |issue, state| count(&right, issue, state),
        ));
    }
    broken
}

/// Returns the fields that partition the issues: disposition and unit always, another field with several values only if
/// the project declares it a partition.
fn partitions(project: &Project) -> Vec<Field> {
    let mut fields = vec![Field::Disposition, Field::Unit];
    for (field, several) in &project.dimensions {
        let last = project.dimensions.iter().rev().find(|(other, _)| other == field).map(|(_, several)| *several);
        if !several && last == Some(false) && !fields.contains(field) && Key::Field(*field).may_have_several() {
            fields.push(*field);
        }
    }
    fields
}

/// Counts both sides row by row; `None` if the identity holds.
fn compare(
    which: Which,
    issues: &[(&Issue<'_>, State)],
    left: impl Fn(&Issue<'_>, State) -> usize,
    right: impl Fn(&Issue<'_>, State) -> usize,
) -> Option<Broken> {
    let mut broken = Broken { which, left: 0, right: 0, more_left: Vec::new(), more_right: Vec::new() };
    for (index, (issue, state)) in issues.iter().enumerate() {
        let (left, right) = (left(issue, *state), right(issue, *state));
        broken.left += left as u64;
        broken.right += right as u64;
        match left.cmp(&right) {
            std::cmp::Ordering::Greater => broken.more_left.push(index),
            std::cmp::Ordering::Less => broken.more_right.push(index),
            std::cmp::Ordering::Equal => {}
        }
    }
    // In a partition, a row that is missing must not be balanced by one that is counted twice.
    let by_rows = !matches!(broken.which, Which::Declared(_));
    let rows_differ = !broken.more_left.is_empty() || !broken.more_right.is_empty();
    (broken.left != broken.right || by_rows && rows_differ).then_some(broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::row::Row;
    use crate::place::SourceId;
    use crate::project::Identity;
    use crate::words::symbol::Symbol;

    fn issue(unit: &str, disposition: &str, categories: &[&str]) -> Issue<'static> {
        let mut issue = Issue::new(Row::new(SourceId(0)));
        issue.unit = Some(unit).filter(|unit| !unit.is_empty()).map(Symbol::new);
        issue.disposition = Some(disposition).filter(|text| !text.is_empty()).map(Symbol::new);
        issue.categories = categories.iter().map(|category| Symbol::new(category)).collect();
        issue
    }

    fn broken(issues: &[Issue<'static>], project: &Project) -> Vec<Broken> {
        let issues: Vec<_> = issues.iter().map(|issue| (issue, State::default())).collect();
        check(&issues, project)
    }

    #[test]
    fn sound_rows_break_nothing_and_a_row_without_a_unit_is_shown() {
        let sound = [issue("a", "on_site", &["x"]), issue("b", "deadline", &["x", "y"])];
        assert_eq!(broken(&sound, &Project::default()), []);
        // What is not stated is a value of the partition.
        assert_eq!(broken(&[issue("a", "on_site", &[]), issue("a", "", &[])], &Project::default()), []);
        let found = broken(&[issue("a", "on_site", &[]), issue("", "", &[])], &Project::default());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].left, found[0].right, found[0].more_left.as_slice()), (2, 1, &[1][..]));
        assert!(found[0].text(Lang::Zh).contains("责任单位"), "{}", found[0].text(Lang::Zh));
    }

    #[test]
    fn a_declared_partition_must_add_up_and_a_multi_valued_dimension_need_not() {
        let rows = [issue("a", "on_site", &["x", "y"])];
        let mut project = Project::default();
        assert_eq!(broken(&rows, &project), []);
        project.dimensions.push((Field::Category, false));
        let found = broken(&rows, &project);
        assert_eq!(found[0].which, Which::Sum(Field::Category));
        assert_eq!((found[0].left, found[0].right, found[0].more_right.as_slice()), (1, 2, &[0][..]));
        assert!(found[0].text(Lang::En).contains("`dimensions: {category: multi}`"), "{}", found[0].text(Lang::En));
    }

    #[test]
    fn an_identity_of_the_project_shows_its_rows() {
        let selection = |value: &str| vec![(Key::Field(Field::Disposition), vec![value.to_owned()])];
        let identity = Identity { name: "all on site".into(), left: vec![vec![]], right: vec![selection("on_site")] };
        let project = Project { identities: vec![identity], ..Project::default() };
        let found = broken(&[issue("a", "on_site", &[]), issue("a", "deadline", &[])], &project);
        assert_eq!(found[0].which, Which::Declared("all on site".into()));
        assert_eq!(found[0].more_left, [1]);
        assert_eq!(
            found[0].text(Lang::En),
            "\"all on site\" does not hold: 2 on the left, 1 on the right; correct the rows below, or \"all on site\" under `identities:` in duban.yaml"
        );
    }
}
