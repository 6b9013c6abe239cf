//! The same word in many rows as one finding: who mends one line of the config has mended all.

use std::collections::{BTreeMap, BTreeSet};

use smallvec::{SmallVec, smallvec};

use crate::fault::{Code, Fault, Faults, Severity};
use crate::model::Field;
use crate::place::{Place, SourceId};

/// By what faults are one: the name of the file, the code, the field, and [`FaultKind::repeated`](crate::fault::FaultKind).
type GroupKey<'n> = (&'n str, Code, Option<Field>, String);

/// A fault, and where else it is.
#[derive(Clone, Debug)]
pub(crate) struct FaultGroup<'f> {
    /// The first of them.
    pub(crate) fault: &'f Fault,
    /// The places of all that are kept, in order.
    pub(crate) places: SmallVec<[Place; 1]>,
    /// How many there are.
    pub(crate) count: usize,
}

/// Faults as groups, in order, each at the place of its first. `name_of` gives the name of a source's file: the sheets of a
/// workbook are one file.
pub(super) fn groups<'f, 'n>(faults: &'f Faults, name_of: impl Fn(SourceId) -> &'n str) -> Vec<FaultGroup<'f>> {
    let list = faults.sorted();
    let mut groups: Vec<FaultGroup<'f>> = Vec::with_capacity(list.len());
    let mut known: BTreeMap<GroupKey<'_>, usize> = BTreeMap::new();
    let mut counted = BTreeSet::new();
    for fault in list {
        let place = fault.place;
        let Some(repeated) = fault.repeated() else {
            groups.push(FaultGroup { fault, places: smallvec![place], count: 1 });
            continue;
        };
        let beyond = faults.beyond(&repeated);
        let (source, code, field, word) = repeated;
        let is_first = beyond > 0 && counted.insert((source, code, field, word.clone()));
        let at = *known.entry((name_of(source), code, field, word)).or_insert_with(|| {
            groups.push(FaultGroup { fault, places: SmallVec::new(), count: 0 });
            groups.len() - 1
        });
        groups[at].places.push(place);
        groups[at].count += 1 + if is_first { beyond } else { 0 };
    }
    groups
}

/// How many faults of a code are in groups after the first, and so are no finding of their own.
pub(super) fn repeats_of(groups: &[FaultGroup<'_>], code: Code) -> usize {
    groups.iter().filter(|group| group.fault.what.code() == code).map(|group| group.count - 1).sum()
}

/// How many faults of a severity are in groups after the first, and so are no finding of their own.
pub(super) fn repeats(groups: &[FaultGroup<'_>], severity: Severity) -> usize {
    groups.iter().filter(|group| group.fault.severity == severity).map(|group| group.count - 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultKind;
    use crate::place::OneBased;

    #[test]
    fn a_word_is_one_finding_in_a_file_and_a_field_however_many_rows_have_it() {
        let value = |field, text: &str| FaultKind::Value { field, text: text.to_owned(), near: None };
        let at = |source, line| Place::line(SourceId(source), OneBased::from_one(line));
        let mut faults = Faults::default();
        // More than are kept with their facts.
        for line in 1..=100_500 {
            faults.add(at(0, line), value(Field::Disposition, "停业"));
        }
        let mut more = Faults::default();
        for source in [0, 1, 2] {
            more.add(at(source, 7), value(Field::Disposition, "停业"));
            more.add(at(source, 7), value(Field::Status, "停业"));
            more.add(at(source, 8), FaultKind::Empty { field: Field::Unit });
            more.add(at(source, 9), FaultKind::Empty { field: Field::Unit });
        }
        more.append(faults);
        // 0 and 1 are sheets of one file.
        let groups = groups(&more, |source| if source.0 < 2 { "a.xlsx" } else { "b.csv" });
        let got: Vec<_> = groups
            .iter()
            .map(|group| (group.fault.place.source.0, group.fault.what.code().to_string(), group.count))
            .filter(|(_, code, _)| code != "V109")
            .collect();
        let expected = [(0, "V102", 100_502), (0, "V103", 2), (2, "V102", 1), (2, "V103", 1)];
        assert_eq!(got, expected.map(|(source, code, count)| (source, code.to_owned(), count)));
        assert_eq!(more.count(Severity::Error) - repeats(&groups, Severity::Error), 4 + 6);
    }
}
