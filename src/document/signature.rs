//! Where an unsealed signature stands (GB/T 9704—2012, 7.3.5.2).

use super::text::columns;

/// How far from the right edge the name and the date end, in half characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placing {
    /// The name's distance.
    pub name: usize,
    /// The date's distance.
    pub date: usize,
}

/// Returns where `name` and `date` stand.
///
/// The date begins two characters to the right of where the name begins. The name ends two characters from the
/// edge, unless the date is the longer: then the date ends there and the name moves to the left.
#[must_use]
pub fn place(name: &str, date: &str) -> Placing {
    let widest = |text: &str| text.lines().map(columns).max().unwrap_or(0);
    let (name, date) = (widest(name), widest(date));
    if date <= name { Placing { name: 4, date: name - date } } else { Placing { name: date + 8 - name, date: 4 } }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where each begins, in half characters from the left of a line of 56.
    fn beginnings(name: &str, date: &str) -> (usize, usize) {
        let placing = place(name, date);
        (56 - placing.name - columns(name), 56 - placing.date - columns(date))
    }

    #[test]
    fn the_date_begins_two_characters_after_the_name() {
        for name in ["市纪委", "郑东新区纪工委监察工委", "某某市纪律检查委员会"] {
            let (name, date) = beginnings(name, "2021年8月10日");
            assert_eq!(date, name + 4);
        }
    }

    #[test]
    fn the_longer_one_ends_two_characters_from_the_edge() {
        assert_eq!(place("市纪委", "2021年8月10日").date, 4);
        assert_eq!(place("某某市某某区纪律检查委员会", "2021年8月10日").name, 4);
    }
}
