use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{CountSelection, GivenAway, HiddenCounts, PublishedCount, ValueSet};

/// `a=1 b=2|3 c!=4`: what a count is limited to.
fn selection(limits: &str) -> CountSelection {
    let mut selection = CountSelection::new("issues".to_owned(), None);
    for limit in limits.split_whitespace() {
        let (key, values) = limit.split_once('=').unwrap();
        let set: BTreeSet<String> = values.split('|').map(str::to_owned).collect();
        selection = match key.strip_suffix('!') {
            Some(key) => selection.limited(key, ValueSet::NotIn(set)),
            None => selection.limited(key, ValueSet::In(set)),
        };
    }
    selection
}

fn counts(all: &[(&str, u64)]) -> Vec<PublishedCount> {
    let count = |(limits, value): &(&str, u64)| PublishedCount {
        selection: selection(limits),
        value: *value,
        at_least: 0,
        is_listed: false,
    };
    all.iter().map(count).collect()
}

/// The limits of what is hidden beside the small counts.
fn several(all: &[(&str, u64)], threshold: u64) -> Result<Vec<String>, GivenAway> {
    let mut hidden = HiddenCounts::default();
    hidden.extend(&counts(all), threshold)?;
    for (limits, value) in all.iter().filter(|(_, value)| (1..threshold).contains(value)) {
        assert!(hidden.small.contains(&selection(limits)) || hidden.several.contains(&selection(limits)), "{value}");
    }
    Ok(hidden.several.iter().map(|selection| selection.to_string().replace("issues", "").trim().to_owned()).collect())
}

#[test]
fn what_would_give_a_small_count_away_is_hidden_with_it() {
    for (all, hidden) in [
        // Alone, or beside a total that does not give it away.
        (&[("way=a", 2)][..], &[][..]),
        (&[("", 33), ("way=a", 2), ("way=b", 30)], &[]),
        // 33 − 17 − 14 = 2: the smallest beside it goes, not the total.
        (&[("", 33), ("way=a", 2), ("way=b", 17), ("way=c", 14)], &["way=c"]),
        // 1 + 1 = 2 and 2 + 2 = 4 give both away; 1 + 2 = 3 gives away neither.
        (&[("", 22), ("way=a", 1), ("way=b", 1), ("way=c", 20)], &["way=c"]),
        (&[("", 23), ("way=a", 1), ("way=b", 2), ("way=c", 20)], &[]),
        // A count beside it that is at the threshold could not be smaller: the total goes instead.
        (&[("", 4), ("way=a", 1), ("way=b", 3)], &[""]),
        // All are small: that they are two is not said of their sum.
        (&[("", 2), ("way=a", 1), ("way=b", 1)], &[""]),
        // Open and rectified are one partition; so is all but some values.
        (&[("", 33), ("open=yes", 2), ("rectified=yes", 31)], &["standing=rectified"]),
        (&[("", 33), ("type=a", 11), ("type=b", 20), ("type!=a|b", 2)], &["type=a"]),
        // A set of values is a whole too.
        (&[("way=a|b", 12), ("way=a", 2), ("way=b", 10)], &["way=b"]),
        // Several values of a key: the parts are more than the whole, and nothing can be taken off.
        (&[("", 33), ("tags=a", 2), ("tags=b", 32)], &[]),
    ] {
        assert_eq!(several(all, 3).unwrap(), hidden, "{all:?}");
    }
}

#[test]
fn a_table_is_closed_in_both_directions() {
    let table = [
        ("", 60),
        ("unit=甲", 21),
        ("unit=乙", 22),
        ("unit=丙", 17),
        ("kind=x", 30),
        ("kind=y", 30),
        ("unit=甲 kind=x", 1),
        ("unit=甲 kind=y", 20),
        ("unit=乙 kind=x", 12),
        ("unit=乙 kind=y", 10),
        ("unit=丙 kind=x", 17),
    ];
    // 甲y lies beside 甲x in its row, 乙x in its column; 乙y closes the square.
    assert_eq!(several(&table, 3).unwrap(), ["kind=x unit=乙", "kind=y unit=乙", "kind=y unit=甲"]);
}

#[test]
fn what_is_listed_can_be_counted() {
    let mut all = counts(&[("", 33), ("way=a", 2), ("way=b", 31)]);
    all[1].is_listed = true;
    let error = GivenAway { selection: selection("way=a"), by_list: true };
    assert_eq!(HiddenCounts::default().extend(&all, 3), Err(error));
    let mut all = counts(&[("", 33), ("way=a", 2), ("way=b", 31)]);
    (all[0].is_listed, all[2].is_listed) = (true, true);
    let error = GivenAway { selection: selection("way=a"), by_list: false };
    assert_eq!(HiddenCounts::default().extend(&all, 3), Err(error));
}

/// Two units that are named have two issues at least: that they have fewer than three would say how many.
#[test]
fn what_names_as_many_is_several() {
    let mut all = counts(&[("", 33), ("late=yes", 2)]);
    all[1].at_least = 2;
    let mut hidden = HiddenCounts::default();
    assert_eq!(hidden.extend(&all, 3), Ok(true));
    assert!(hidden.small.is_empty() && hidden.several.contains(&selection("late=yes")), "{hidden:?}");
    all[1].at_least = 1;
    let mut hidden = HiddenCounts::default();
    assert_eq!(hidden.extend(&all, 3), Ok(true));
    assert!(hidden.small.contains(&selection("late=yes")) && hidden.several.is_empty(), "{hidden:?}");
}

#[test]
fn a_second_look_over_the_same_counts_hides_no_more() {
    let all = counts(&[("", 33), ("way=a", 2), ("way=b", 17), ("way=c", 14)]);
    let mut hidden = HiddenCounts::default();
    assert_eq!(hidden.extend(&all, 3), Ok(true));
    assert_eq!(hidden.extend(&all, 3), Ok(false));
}

/// All tables of so few cells that a reader's possibilities can be counted through.
fn table() -> impl Strategy<Value = Vec<Vec<u64>>> {
    (2_usize..=3, 2_usize..=3)
        .prop_flat_map(|(rows, columns)| prop::collection::vec(prop::collection::vec(0_u64..=7, columns), rows))
}

/// The counts that a table shows: its cells but the zeros, the sums of rows and columns, the total.
fn shown(table: &[Vec<u64>]) -> Vec<PublishedCount> {
    let mut all = vec![(String::new(), table.iter().flatten().sum())];
    for (r, row) in table.iter().enumerate() {
        all.push((format!("r={r}"), row.iter().sum()));
        all.extend(row.iter().enumerate().map(|(c, value)| (format!("r={r} c={c}"), *value)));
    }
    for c in 0..table[0].len() {
        all.push((format!("c={c}"), table.iter().map(|row| row[c]).sum()));
    }
    let all: Vec<(&str, u64)> =
        all.iter().filter(|(_, value)| *value > 0).map(|(limits, value)| (limits.as_str(), *value)).collect();
    counts(&all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Tried with every table that a reader could think of: each small count has two values at least.
    #[test]
    fn no_small_count_of_a_table_can_be_told(table in table()) {
        let all = shown(&table);
        let mut hidden = HiddenCounts::default();
        hidden.extend(&all, 3).unwrap();
        let looks = |value: u64, is_several: bool| match value {
            0 => "0".to_owned(),
            _ if is_several => "several".to_owned(),
            1..=2 => "small".to_owned(),
            value => value.to_string(),
        };
        let (rows, columns) = (table.len(), table[0].len());
        let cells = rows * columns;
        let hidden_of = |limits: &str| hidden.several.contains(&selection(limits));
        let see = |table: &[Vec<u64>]| -> Vec<String> {
            let mut seen = vec![looks(table.iter().flatten().sum(), hidden_of(""))];
            for (r, row) in table.iter().enumerate() {
                seen.push(looks(row.iter().sum(), hidden_of(&format!("r={r}"))));
                seen.extend(row.iter().enumerate().map(|(c, value)| looks(*value, hidden_of(&format!("r={r} c={c}")))));
            }
            seen.extend((0..columns).map(|c| looks(table.iter().map(|row| row[c]).sum(), hidden_of(&format!("c={c}")))));
            seen
        };
        let truth = see(&table);
        let free: Vec<usize> = (0..cells).filter(|at| {
            let (r, c) = (at / columns, at % columns);
            let value = table[r][c];
            (1..3).contains(&value) || value > 0 && hidden_of(&format!("r={r} c={c}"))
        }).collect();
        let mut seen: Vec<BTreeSet<u64>> = vec![BTreeSet::new(); cells];
        let several: BTreeSet<usize> =
            free.iter().copied().filter(|at| hidden_of(&format!("r={} c={}", at / columns, at % columns))).collect();
        let mut other = table.clone();
        try_all((&free, &several), &mut other, columns, &mut |candidate| {
            if see(candidate) == truth {
                for at in 0..cells {
                    seen[at].insert(candidate[at / columns][at % columns]);
                }
            }
        });
        for at in 0..cells {
            if (1..3).contains(&table[at / columns][at % columns]) {
                prop_assert!(seen[at].len() > 1, "{table:?}: cell {at} can only be {:?}; hidden {hidden:?}", seen[at]);
            }
        }
    }
}

/// Every table with other values of the free cells: small ones from 1 to 2, those shown as several two more or fewer, and not
/// from 3 on below it.
fn try_all(
    (free, several): (&[usize], &BTreeSet<usize>),
    table: &mut Vec<Vec<u64>>,
    columns: usize,
    each: &mut dyn FnMut(&[Vec<u64>]),
) {
    let Some((at, rest)) = free.split_first() else { return each(table) };
    let (r, c) = (at / columns, at % columns);
    let before = table[r][c];
    let values = match (before < 3, several.contains(at)) {
        (true, false) => 1..=2,
        (true, true) => 1..=before + 2,
        (false, _) => before.saturating_sub(2).max(3)..=before + 2,
    };
    for value in values {
        table[r][c] = value;
        try_all((rest, several), table, columns, each);
    }
    table[r][c] = before;
}
