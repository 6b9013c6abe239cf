//! What the words of a log mean that no vocabulary knows, and the lists that its values make.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash as _, Hasher as _};

use crate::fault::{FaultKind, Faults};
use crate::fold::Fold;
use crate::log;
use crate::model::{Entry, Field};
use crate::place::SourceId;
use crate::project::Project;
use crate::project::vocabulary::normal;
use crate::propose::hints::{self, Hint};
use crate::propose::proposal::{About, Bilingual, Certainty, Choice, ConfigEntry, Item, Proposal, Question};
use crate::source::{SourceError, Sources};
use crate::words::date::DateFault;
use crate::words::lang::Lang;
use crate::words::person;
use crate::words::personal;

/// The fields of which a list is proposed: the most values that it may have, and the fewest rows for each.
const LISTS: [(Field, usize, u64); 4] =
    [(Field::Unit, 60, 2), (Field::Team, 30, 2), (Field::Category, 40, 2), (Field::Site, 40, 3)];

/// Proposes what the words of logs mean, read with the columns that were decided. Of the fields whose column is not
/// decided, nothing is proposed.
///
/// # Errors
/// A file can't be read.
pub fn meanings(
    sources: &mut Sources,
    ids: &[SourceId],
    project: &Project,
    columns: &Proposal,
) -> Result<Proposal, SourceError> {
    let (_, asked) = columns.with_first_columns();
    let mut faults = Faults::default();
    let spoken = log::fold(sources, ids, project, &mut faults, Spoken::default)?;
    let mut proposal = Proposal { rows: spoken.rows, ..Proposal::default() };
    let mut unknown: BTreeMap<(Field, &str), u64> = BTreeMap::new();
    let mut without_year = 0;
    for fault in faults.sorted() {
        match &fault.what {
            FaultKind::Value { field, text, .. } => *unknown.entry((*field, text)).or_default() += 1,
            FaultKind::Date { fault: DateFault::NoYear, .. } => without_year += 1,
            _ => {}
        }
    }
    let headers: Vec<String> = columns.header(Field::Disposition).map(str::to_owned).into_iter().collect();
    for field in [Field::Status, Field::Disposition] {
        let words: Vec<&str> = unknown.keys().filter(|(of, _)| *of == field).map(|(_, text)| *text).collect();
        let rows: u64 = unknown.iter().filter(|((of, _), _)| *of == field).map(|(_, rows)| rows).sum();
        let is_none = |word: &&str| hints::hint(field, word, &headers, &project.vocabularies).is_none();
        if let Some(header) = columns.header(field)
            && rows > 0
            && spoken.said.get(&field).is_some_and(|said| *said <= rows)
            && words.iter().all(is_none)
        {
            let why = Bilingual::new(
                "没有一个词是整改状态或整改方式，另有所指",
                "none of its words is one of a status or a disposition: it is about something else",
            );
            let entry = ConfigEntry::Ignore(header.to_owned());
            proposal.items.push(Item { entry, count: rows, certainty: Certainty::Guess(why) });
            unknown.retain(|(of, _), _| *of != field);
        }
    }
    if let Some(header) = columns.header(Field::Id)
        && spoken.repeated_ids * 5 > spoken.rows
    {
        let why = Bilingual::new("多行同号，不是问题的编号", "many rows share one, so it is no id of an issue");
        let entry = ConfigEntry::Ignore(header.to_owned());
        proposal.items.push(Item { entry, count: spoken.repeated_ids, certainty: Certainty::Guess(why) });
    }
    if spoken.without_unit > 0 && spoken.without_unit < spoken.rows && !asked.contains(&Field::Unit) {
        let text = project.lang.unwrap_or_default().pick("未写明责任单位", "unit not stated").to_owned();
        let options = vec![Choice {
            label: Bilingual::new(&text, &text),
            note: Bilingual::default(),
            entries: vec![ConfigEntry::Default(Field::Unit, text.clone())],
            count: spoken.without_unit,
        }];
        let about = About::Blank(Field::Unit, spoken.without_unit);
        proposal.questions.push(Question { about, options, likely: Some(0) });
    }
    if columns.header(Field::Disposition).is_none() && !asked.contains(&Field::Disposition) {
        proposal.questions.extend(endings(&spoken, columns));
    }
    let mut unknown: Vec<((Field, &str), u64)> = unknown.into_iter().collect();
    unknown.sort_by_key(|((field, _), count)| (*field, Reverse(*count)));
    for ((field, text), count) in unknown {
        // A star would stand for any text, and a list or number is no word.
        if !text.contains('*') && text.chars().count() <= MAX_WORD && !asked.contains(&field) {
            explain(field, text, count, project, &headers, &mut proposal);
        }
    }
    for ((field, text), count) in spoken.nothing {
        let entry = ConfigEntry::NotIssue(vec![(field, text)]);
        proposal.items.push(Item { entry, count, certainty: Certainty::Sure });
    }
    if without_year > 0 {
        proposal.questions.push(Question { about: About::Year(without_year), options: Vec::new(), likely: None });
    }
    for (field, most, each) in LISTS.into_iter().filter(|(field, ..)| !asked.contains(field)) {
        if let Some(counts) = spoken.lists.get(&field) {
            proposal.items.extend(list(field, counts, most, each, spoken.rows));
        }
    }
    Ok(proposal)
}

/// A text longer than this, in characters, is no word of a list.
const MAX_WORD: usize = 40;

/// Proposes what a word means that the vocabulary of its field does not know.
fn explain(field: Field, text: &str, count: u64, project: &Project, headers: &[String], proposal: &mut Proposal) {
    if field == Field::Source {
        let why = Bilingual::new("按原样作为一种来源", "a source of its own, as it is written");
        let entry = ConfigEntry::Source(text.to_owned());
        return proposal.items.push(Item { entry, count, certainty: Certainty::Guess(why) });
    }
    let hint = hints::hint(field, text, headers, &project.vocabularies);
    // What a column beside the status says is looked up there too, and the status has all words.
    let field = if matches!(field, Field::SignedOff | Field::Review) { Field::Status } else { field };
    if let Some(Hint { value, is_sure: true }) = hint {
        let entry = ConfigEntry::Value(field, value.to_owned(), text.to_owned());
        return proposal.items.push(Item { entry, count, certainty: Certainty::Sure });
    }
    let vocabulary = project.vocabularies.of(field);
    let values: Vec<_> = vocabulary.values().iter().filter(|value| value.as_str() != "unstated").collect();
    let likely = hint.and_then(|hint| values.iter().position(|value| value.as_str() == hint.value));
    let options = values.iter().map(|value| Choice {
        label: Bilingual::new(vocabulary.label(**value, Lang::Zh), vocabulary.label(**value, Lang::En)),
        note: Bilingual::default(),
        entries: vec![ConfigEntry::Value(field, value.to_string(), text.to_owned())],
        count,
    });
    let options = options.collect();
    proposal.questions.push(Question { about: About::Value(field, text.to_owned(), count), options, likely });
}

/// Asks whether the ends of the descriptions are dispositions, where a part of them is known as such: without them, what was
/// put right on the spot counts as open.
fn endings(spoken: &Spoken, columns: &Proposal) -> Option<Question> {
    let header = columns.header(Field::Description)?;
    let count: u64 = spoken.endings.values().sum();
    if count * 20 < spoken.rows || count == 0 {
        return None;
    }
    let values = spoken
        .endings
        .keys()
        .map(|(value, ending)| ConfigEntry::Value(Field::Disposition, value.clone(), format!("*{ending}")));
    // A header that the config maps is that of the fields named there, and of no other.
    let named = [Field::Description, Field::Disposition].map(|field| ConfigEntry::Column(field, header.to_owned()));
    let is_new = |entry: &ConfigEntry| !columns.items.iter().any(|item| item.entry == *entry);
    let entries = named.into_iter().filter(is_new).chain(values).collect();
    let shown: Vec<&str> = spoken.endings.keys().map(|(_, ending)| ending.as_str()).collect();
    let option = Choice {
        label: Bilingual::new("是", "yes"),
        note: Bilingual::new(shown.join("、"), shown.join(", ")),
        entries,
        count,
    };
    Some(Question { about: About::Ending(count), options: vec![option], likely: None })
}

/// Proposes the list of a field, from the values that its rows have, the most frequent first.
fn list(field: Field, counts: &BTreeMap<String, u64>, most: usize, each: u64, rows: u64) -> Vec<Item> {
    // Two spellings that the reader takes for one name are one.
    let mut names: BTreeMap<String, (String, u64)> = BTreeMap::new();
    let mut sorted: Vec<(&String, &u64)> = counts.iter().collect();
    sorted.sort_by_key(|(_, count)| Reverse(**count));
    for (name, count) in sorted {
        names.entry(normal(name)).or_insert_with(|| (name.clone(), 0)).1 += count;
    }
    let is_name = |name: &str| !name.contains('*') && personal::without_personal_data(name).is_none();
    let is_list = (2..=most).contains(&names.len())
        && names.len() as u64 * each <= rows
        && names.values().all(|(name, _)| is_name(name));
    // A name broken over two lines of a cell is read as two; the whole is known by rows in which it is not.
    let whole = |a: &str, b: &str| names.contains_key(&format!("{a}{b}"));
    let halves: Vec<String> = names
        .iter()
        .filter(|(a, (_, m))| names.iter().any(|(b, (_, n))| a != &b && m == n && (whole(a, b) || whole(b, a))))
        .map(|(name, _)| name.clone())
        .collect();
    names.retain(|name, _| !halves.contains(name));
    // Names of persons are no list: they stay in the log.
    let persons = names.values().filter(|(name, _)| {
        let names = person::names(name);
        !names.is_empty() && names.iter().all(|name| person::surname(name).is_some())
    });
    if !is_list || persons.count() * 2 > names.len() {
        return Vec::new();
    }
    let mut names: Vec<(String, u64)> = names.into_values().collect();
    names.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
    let certainty = |name: &str, count: u64| {
        let others = names.iter().filter(|(_, more)| *more > count);
        let meant = others.map(|(other, _)| other).find(|other| may_be_misspelt(name, other));
        meant.map_or(Certainty::Sure, |meant| {
            Certainty::Guess(Bilingual::new(
                format!("与“{meant}”只差一个字，可能是写错的"),
                format!("differs from `{meant}` in one character, and may be a misspelling of it"),
            ))
        })
    };
    let item = |(name, count): &(String, u64)| Item {
        entry: ConfigEntry::Name(field, name.clone()),
        count: *count,
        certainty: certainty(name, *count),
    };
    names.iter().map(item).collect()
}

/// Whether a name is as long as another and differs from it in one character, where names of their own don't: 第一小学 and 第二小学,
/// 东街社区 and 西街社区, 3号楼 and 4号楼 are two.
fn may_be_misspelt(name: &str, other: &str) -> bool {
    const TELLING: &str = "一二三四五六七八九十零〇百甲乙丙丁戊己庚辛东西南北中上下前后左右内外新老大小";
    if name.chars().count() != other.chars().count() || name.chars().count() < 4 {
        return false;
    }
    let mut different = name.chars().zip(other.chars()).filter(|(own, other)| own != other);
    let is_telling = |c: char| c.is_ascii_alphanumeric() || TELLING.contains(c);
    matches!((different.next(), different.next()), (Some((own, other)), None) if !(is_telling(own) && is_telling(other)))
}

/// The values of the rows that are issues.
#[derive(Clone, Debug, Default)]
struct Spoken {
    rows: u64,
    lists: BTreeMap<Field, BTreeMap<String, u64>>,
    /// Fields with more values than a list may have.
    many: BTreeSet<Field>,
    /// How the ends of descriptions say that issues were handled: values and endings.
    endings: BTreeMap<(String, String), u64>,
    /// Rows without a unit.
    without_unit: u64,
    /// Rows that say a status, and a disposition.
    said: BTreeMap<Field, u64>,
    /// Hashes of the ids, and the rows whose id another row has, too.
    ids: BTreeSet<u64>,
    repeated_ids: u64,
    /// Descriptions and dispositions that say that nothing was found.
    nothing: BTreeMap<(Field, String), u64>,
}

/// More values than that are no list.
const MAX_LISTED: usize = 100;

impl Spoken {
    fn count(&mut self, field: Field, value: &str, count: u64) {
        if self.many.contains(&field) {
            return;
        }
        let values = self.lists.entry(field).or_default();
        *values.entry(value.to_owned()).or_default() += count;
        if values.len() > MAX_LISTED {
            self.lists.remove(&field);
            self.many.insert(field);
        }
    }
}

impl Fold<Entry<'_>> for Spoken {
    fn push(&mut self, entry: &Entry<'_>) {
        let Entry::Issue(issue) = entry else { return };
        self.rows += 1;
        self.without_unit += u64::from(!issue.row.says(Field::Unit));
        for field in [Field::Status, Field::Disposition] {
            *self.said.entry(field).or_default() += u64::from(issue.row.says(field));
        }
        let id = issue.text(Field::Id);
        if !id.is_empty() {
            let mut hasher = rustc_hash::FxHasher::default();
            id.hash(&mut hasher);
            self.repeated_ids += u64::from(!self.ids.insert(hasher.finish()));
        }
        for (field, value) in [(Field::Unit, issue.unit), (Field::Team, issue.team), (Field::Site, issue.site)] {
            if let Some(value) = value {
                self.count(field, value.as_str(), 1);
            }
        }
        for category in &issue.categories {
            if category.as_str() != crate::model::value::UNSTATED {
                self.count(Field::Category, category.as_str(), 1);
            }
        }
        let text = issue.text(Field::Description);
        if let Some((value, ending)) = hints::ending(&text) {
            *self.endings.entry((value.to_owned(), ending.to_owned())).or_default() += 1;
        }
        for field in [Field::Description, Field::Disposition] {
            let text = issue.text(field);
            if !text.contains('*') && hints::says_nothing_found(&text) {
                *self.nothing.entry((field, text.into_owned())).or_default() += 1;
                break;
            }
        }
    }

    fn merge(&mut self, later: Self) {
        self.rows += later.rows;
        self.without_unit += later.without_unit;
        self.repeated_ids += later.repeated_ids;
        for (ending, count) in later.endings {
            *self.endings.entry(ending).or_default() += count;
        }
        for id in later.ids {
            self.repeated_ids += u64::from(!self.ids.insert(id));
        }
        for (field, rows) in later.said {
            *self.said.entry(field).or_default() += rows;
        }
        for field in later.many {
            self.lists.remove(&field);
            self.many.insert(field);
        }
        for (field, values) in later.lists {
            for (value, count) in values {
                self.count(field, &value, count);
            }
        }
        for (said, count) in later.nothing {
            *self.nothing.entry(said).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_one_character_may_be_one() {
        for (name, other, expected) in [
            ("河南六健建筑集团有限公司", "河南六建建筑集团有限公司", true),
            ("金光路办事处", "金光路街道办事处", false),
            ("第一小学校", "第二小学校", false),
            ("东街社区", "西街社区", false),
            ("西街社区", "石街社区", true),
            ("甲公司", "乙公司", false),
            ("Unit A1", "Unit A2", false),
        ] {
            assert_eq!(may_be_misspelt(name, other), expected, "{name}");
        }
    }
}
