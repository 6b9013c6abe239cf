//! The public edition: of the data of a document, what may be published.
//!
//! It is made of the data, before any template sees it: persons by the role their cell has ([`Privacy`]),
//! numbers of identity cards and mobiles without their middle, telephones, addresses and private notes not at all. Names
//! are masked wherever they stand, in free text too. What was kept back is known to the end: the finished files are
//! searched for it (`write::leak`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::album::ALBUM;
use crate::dataset::data::{Addressee, Data};
use crate::dataset::edition::Edition;
use crate::dataset::record::{OF_PERSON, Record, WRITTEN, texts};
use crate::dataset::records::{Lists, Records};
use crate::project::Office;
use crate::project::privacy::{Printed, Privacy, Role};
use crate::words::lang::Lang;
use crate::words::person::{self, NameFinder, aliases};
use crate::words::personal::{self, compact, without_personal_data};

/// What a public edition keeps back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    /// Names of persons and units.
    pub names: BTreeSet<String>,
    /// Names of units, places and categories that stay, although a person's name may be a part of them.
    pub known: BTreeSet<String>,
    /// Numbers and other personal data, in compact form.
    pub numbers: BTreeSet<String>,
    /// Texts of cells that are not printed: addresses, notes.
    pub texts: BTreeSet<String>,
}

impl Withheld {
    /// Whether nothing was kept back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.numbers.is_empty() && self.texts.is_empty()
    }
}

/// A name masked in a text, where it may be a part of a longer word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DoubtfulName {
    /// The row: `logs/a.csv:3`.
    pub place: String,
    /// The name.
    pub name: String,
}

/// Texts of fewer characters are not searched for: common words such as 无, 已办结.
const SHORTEST: usize = 4;

/// Makes public editions of data over the same logs: the same person has the same alias in all of them.
pub struct Publisher {
    privacy: Privacy,
    lang: Lang,
    /// What is printed for each name that the finder looks for.
    aliases: Vec<String>,
    finder: NameFinder,
    withheld: Withheld,
    /// The records as they are, and as they are published.
    records: (Arc<Records>, Arc<Records>),
    /// The records as they are, every one.
    lists: Arc<Lists>,
}

impl Publisher {
    /// Reads what is to be kept back of records.
    #[must_use]
    pub fn new(privacy: &Privacy, records: &Arc<Records>, office: &Office, lang: Lang) -> Self {
        let mut publisher = Self {
            privacy: privacy.clone(),
            lang,
            aliases: Vec::new(),
            finder: NameFinder::default(),
            withheld: Withheld::default(),
            records: (records.clone(), Arc::default()),
            lists: Arc::new(records.to_lists()),
        };
        publisher.withheld.known.extend(office_names(office));
        publisher.name_all();
        let mut shown = Lists::default();
        let lists = publisher.lists.clone();
        let units = lists.all().len() - 1;
        for (at, (list, from)) in shown.all_mut().into_iter().zip(lists.all()).enumerate() {
            *list = from.iter().map(|record| publisher.record(record, at == units)).collect();
        }
        // A text that is printed elsewhere is no secret, such as a note that repeats the description.
        let mut texts = std::mem::take(&mut publisher.withheld.texts);
        for (record, _) in shown.each() {
            each_text(&Value::Object(record.clone()), &mut |text| {
                texts.retain(|withheld| !text.contains(withheld.as_str()));
            });
        }
        publisher.withheld.texts = texts;
        // Counted by what is shown: by the aliases of units and persons.
        publisher.records.1 = Arc::new(shown.into());
        publisher
    }

    /// The names that were masked in free text and may be parts of longer words.
    #[must_use]
    pub fn doubts(&self) -> BTreeSet<DoubtfulName> {
        let mut doubts = BTreeSet::new();
        for (record, of_units) in self.lists.each() {
            let text = |key: &str| record.get(key).map(texts).unwrap_or_default().concat();
            let place = format!("{}:{}", text("file"), text("line"));
            self.each_cell((record, of_units), &mut |role, cell| {
                if role != Role::Open {
                    return;
                }
                for found in self.finder.find(cell).into_iter().filter(|found| found.is_doubtful) {
                    let name = cell.get(found.range).unwrap_or_default().to_owned();
                    doubts.insert(DoubtfulName { place: place.clone(), name });
                }
            });
        }
        doubts
    }

    /// What was kept back.
    #[must_use]
    pub fn withheld(&self) -> &Withheld {
        &self.withheld
    }

    /// The public edition of a document's data; nothing if it is of other records.
    #[must_use]
    pub fn public(&self, data: &Data) -> Option<Data> {
        if !Arc::ptr_eq(&data.records, &self.records.0) {
            return None;
        }
        let (records, small_counts) = (self.records.1.clone(), self.privacy.small_counts);
        let earlier = None;
        let mut public = Data { edition: Edition::Public, small_counts, records, earlier, ..data.clone() };
        public.unit = data.unit.as_ref().map(|unit| Addressee {
            name: self.text(&unit.name),
            group: unit.group.as_ref().map(|group| self.text(group)),
            head: unit.head.as_ref().and_then(|head| self.named(head, Role::PublicPerson)),
            address: unit.address.as_ref().map(|address| self.text(address)),
            contact: None,
        });
        if let Some(previous) = &mut public.previous {
            previous.title = self.text(&previous.title);
        }
        for text in public.set.values_mut() {
            *text = self.text(text);
        }
        for values in public.values.values_mut() {
            self.all_texts(values);
        }
        for identity in &mut public.identities {
            for values in identity.left.iter_mut().chain(&mut identity.right).flat_map(|side| side.values_mut()) {
                self.all_texts(values);
            }
        }
        Some(public)
    }

    /// Finds all names that are kept back, and the alias of each.
    fn name_all(&mut self) {
        let (mut open, mut masked, mut hidden) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
        let records = self.lists.clone();
        for (record, of_units) in records.each() {
            self.each_cell((record, of_units), &mut |role, cell| {
                let named = match role {
                    Role::Unit => vec![cell.to_owned()],
                    // 张三 13800138000 names somebody; a note is words.
                    Role::Private if !telephone(cell).is_empty() => person::names(cell),
                    Role::Open | Role::Private => Vec::new(),
                    Role::PublicPerson | Role::DisciplinedCadre | Role::Reporter => person::names(cell),
                };
                // A name that is masked in the log stays as it is.
                for name in named.into_iter().filter(|name| !name.contains('某')) {
                    match self.privacy.printed(role) {
                        Printed::Name => _ = open.insert(name),
                        Printed::Mask => masked.push((name, role)),
                        Printed::Omit => _ = hidden.insert(name),
                    }
                }
            });
            self.withheld.known.extend(self.known_names(record, of_units));
        }
        // One person in several spellings is one.
        let mut seen = BTreeSet::new();
        masked.retain(|(name, role)| *role == Role::Unit || seen.insert(compact(name)));
        let units = masked.iter().filter(|(_, role)| *role == Role::Unit).map(|(name, _)| name.as_str());
        let mut found = unit_aliases(units, self.lang);
        // Who is named by right in one place is named; who reported something is never named.
        let persons =
            masked.iter().filter(|(name, role)| *role != Role::Unit && !open.contains(name) && !hidden.contains(name));
        found.extend(aliases(persons.map(|(name, _)| name.as_str()), self.privacy.style));
        found.extend(hidden.into_iter().map(|name| (name, self.lang.pick("某人", "a person").to_owned())));
        found.retain(|name, alias| name != alias);
        self.withheld.names = found.keys().cloned().collect();
        let known = self.withheld.known.iter().map(String::as_str);
        self.finder = NameFinder::new(found.keys().map(String::as_str), known);
        self.aliases = found.into_values().collect();
        for (record, of_units) in records.each() {
            each_text(&Value::Object(record.clone()), &mut |text| {
                self.withheld.numbers.extend(personal::find(text).into_iter().map(|found| found.compact));
            });
            let (mut telephones, mut texts) = (Vec::new(), Vec::new());
            self.each_cell((record, of_units), &mut |role, cell| {
                if role == Role::Private {
                    telephones.extend(telephone(cell));
                    texts.extend((cell.chars().count() >= SHORTEST).then(|| cell.to_owned()));
                }
            });
            self.withheld.numbers.extend(telephones);
            self.withheld.texts.extend(texts);
        }
    }

    /// The names in a record of units, places, categories and teams, which are no secret.
    fn known_names(&self, record: &Record, of_units: bool) -> Vec<String> {
        const NAMES: [&str; 12] = [
            "unit",
            "co_units",
            "group",
            "site",
            "site_type",
            "region",
            "category",
            "team",
            "source",
            "tags",
            "name",
            "aliases",
        ];
        let is_open = |key: &&str| {
            let role = self.role(key, of_units);
            role == Role::Open || role == Role::Unit && self.privacy.unit == Printed::Name
        };
        NAMES
            .iter()
            .filter(|key| is_open(key))
            .filter_map(|key| record.get(*key))
            .flat_map(texts)
            .flat_map(|name| person::known_as(&name).map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    /// Every text of a record that has a role, extra columns included.
    fn each_cell(&self, (record, of_units): (&Record, bool), each: &mut dyn FnMut(Role, &str)) {
        for (key, value) in record {
            match value {
                // Where photos lie is no text of the log.
                Value::Array(_) if key == ALBUM => {}
                Value::Object(extra) if key == "extra" => {
                    for (header, value) in extra {
                        let role = self.privacy.role_of_header(header);
                        for text in texts(value) {
                            each(role, &text);
                        }
                    }
                }
                Value::Object(written) if key == WRITTEN => {
                    for (key, value) in written {
                        for text in texts(value) {
                            each(self.role(key, of_units), &text);
                        }
                    }
                }
                value => {
                    for text in texts(value) {
                        each(self.role(key, of_units), &text);
                    }
                }
            }
        }
    }

    /// The role of a key, which in the list of the units may be another.
    fn role(&self, key: &str, of_units: bool) -> Role {
        match key {
            "name" | "aliases" if of_units => Role::Unit,
            "head" if of_units => Role::PublicPerson,
            "contact" if of_units => Role::Private,
            key => self.privacy.role(key),
        }
    }

    /// A record as it is published.
    fn record(&self, record: &Record, of_units: bool) -> Record {
        let mut published = Record::new();
        for (key, value) in record {
            let value = match value {
                Value::Array(_) if key == ALBUM => self.privacy.shows_pictures.then(|| value.clone()),
                Value::Object(extra) if key == "extra" => {
                    let cells = extra.iter().filter_map(|(header, value)| {
                        Some((header.clone(), self.cell(value, self.privacy.role_of_header(header))?))
                    });
                    Some(Value::Object(cells.collect()))
                }
                Value::Object(written) if key == WRITTEN => {
                    let cells = written
                        .iter()
                        .filter_map(|(key, value)| Some((key.clone(), self.cell(value, self.role(key, of_units))?)));
                    Some(Value::Object(cells.collect()))
                }
                value => self.cell(value, self.role(key, of_units)),
            };
            published.extend(value.map(|value| (key.clone(), value)));
        }
        if self.names_person(record, of_units) {
            published.insert(OF_PERSON.to_owned(), true.into());
        }
        published
    }

    /// Whether a record names a person, in a cell for one or in a text.
    fn names_person(&self, record: &Record, of_units: bool) -> bool {
        let mut names = false;
        self.each_cell((record, of_units), &mut |role, cell| {
            names |= match role {
                Role::Unit => false,
                Role::Open => self.text(cell) != cell,
                Role::PublicPerson | Role::DisciplinedCadre | Role::Reporter | Role::Private => !cell.trim().is_empty(),
            };
        });
        names
    }

    fn cell(&self, value: &Value, role: Role) -> Option<Value> {
        match value {
            Value::String(text) => self.named(text, role).map(Value::String),
            Value::Array(items) => {
                let items: Vec<Value> = items.iter().filter_map(|item| self.cell(item, role)).collect();
                (!items.is_empty()).then_some(Value::Array(items))
            }
            Value::Object(fields) => {
                let fields = fields.iter().filter_map(|(key, value)| Some((key.clone(), self.cell(value, role)?)));
                Some(Value::Object(fields.collect()))
            }
            value => (self.privacy.printed(role) != Printed::Omit).then(|| value.clone()),
        }
    }

    /// A cell of a role as it is published; nothing if it is left out.
    fn named(&self, text: &str, role: Role) -> Option<String> {
        (self.privacy.printed(role) != Printed::Omit).then(|| self.text(text))
    }

    fn all_texts(&self, texts: &mut [String]) {
        for text in texts {
            *text = self.text(text);
        }
    }

    /// A text without the names and numbers that are kept back.
    fn text(&self, text: &str) -> String {
        let (mut shown, mut from) = (String::with_capacity(text.len()), 0);
        for found in self.finder.find(text) {
            shown.push_str(text.get(from..found.range.start).unwrap_or_default());
            shown.push_str(self.aliases.get(found.name).map_or("", String::as_str));
            from = found.range.end;
        }
        shown.push_str(text.get(from..).unwrap_or_default());
        without_personal_data(&shown).unwrap_or(shown)
    }
}

/// What the office calls itself.
fn office_names(office: &Office) -> impl Iterator<Item = String> {
    [&office.name, &office.mark, &office.signature].into_iter().filter(|name| !name.is_empty()).cloned()
}

/// The alias of each unit by its sort: 某社区, numbered where there are several.
fn unit_aliases<'n>(units: impl Iterator<Item = &'n str>, lang: Lang) -> BTreeMap<String, String> {
    let kind = |name: &str| {
        let ending = person::UNIT_ENDINGS.iter().find(|ending| name.ends_with(*ending));
        ending.map_or_else(|| lang.pick("某单位", "a unit").to_owned(), |ending| format!("某{ending}"))
    };
    let (mut order, mut sharing) = (Vec::new(), BTreeMap::<String, usize>::new());
    for unit in units {
        if !unit.is_empty() && !order.contains(&unit) {
            order.push(unit);
            *sharing.entry(kind(unit)).or_default() += 1;
        }
    }
    let mut counts = BTreeMap::<String, usize>::new();
    let named = order.into_iter().map(|unit| {
        let alias = kind(unit);
        let n = counts.entry(alias.clone()).or_default();
        *n += 1;
        let alias = if sharing.get(&alias).is_some_and(|count| *count > 1) { format!("{alias}{n}") } else { alias };
        (unit.to_owned(), alias)
    });
    named.collect()
}

/// The digits of a telephone number in a cell that is for one: seven and more, signs between them left out.
fn telephone(cell: &str) -> Vec<String> {
    let parts = cell.split(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | ' ' | '－'));
    let digits = parts.map(|part| part.chars().filter(char::is_ascii_digit).collect::<String>());
    digits.filter(|digits| digits.len() >= 7).collect()
}

fn each_text(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, each)),
        Value::Object(fields) => fields.values().for_each(|value| each_text(value, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn records(issues: &Value) -> Arc<Records> {
        let issues = issues.as_array().unwrap().iter().map(|issue| issue.as_object().unwrap().clone()).collect();
        Arc::new(Lists { issues, ..Lists::default() }.into())
    }

    #[expect(clippy::needless_pass_by_value, reason = "made where it is called")]
    fn published(privacy: &Privacy, issues: Value) -> (Vec<Value>, Withheld) {
        let publisher = Publisher::new(privacy, &records(&issues), &Office::default(), Lang::Zh);
        let issues = publisher.records.1.to_lists().issues.into_iter().map(Value::Object).collect();
        (issues, publisher.withheld)
    }

    #[test]
    fn persons_are_masked_wherever_they_stand() {
        let (issues, withheld) = published(
            &Privacy::default(),
            json!([
                {"id": "1", "unit": "贾陈社区", "responsible": "张三丰", "phone": "13800138000", "note": "内部掌握，勿外传",
                 "description": "张三丰与李四在场，电话13800138000", "extra": {"举报人": "王小明", "面积": "30"}},
                {"id": "2", "unit": "贾陈社区", "responsible": "张无忌（主任）", "leader": "李四", "progress": "王小明已回访"},
            ]),
        );
        assert_eq!(
            issues,
            [
                json!({"id": "1", "unit": "贾陈社区", "responsible": "张某1", "description": "张某1与李某在场，电话138****8000",
                       "extra": {"面积": "30"}, "of_person": true}),
                json!({"id": "2", "unit": "贾陈社区", "responsible": "张某2（主任）", "leader": "李某", "progress": "某人已回访",
                       "of_person": true}),
            ]
        );
        assert_eq!(withheld.names, ["张三丰", "张无忌", "李四", "王小明"].map(str::to_owned).into());
        assert_eq!(withheld.numbers, ["13800138000".to_owned()].into());
        assert_eq!(withheld.texts, ["内部掌握，勿外传".to_owned(), "13800138000".to_owned()].into());
    }

    #[test]
    fn who_is_named_by_right_is_named_and_units_are_masked_if_wanted() {
        let privacy = Privacy { public_person: Printed::Name, unit: Printed::Mask, ..Privacy::default() };
        let (issues, withheld) = published(
            &privacy,
            json!([
                {"id": "1", "unit": "贾陈社区", "responsible": "张三", "description": "贾陈社区张三"},
                {"id": "2", "unit": "南岗社区", "co_units": ["贾陈社区"], "description": "无"},
            ]),
        );
        assert_eq!(issues[0]["description"], "某社区1张三");
        assert_eq!((&issues[1]["unit"], &issues[1]["co_units"]), (&json!("某社区2"), &json!(["某社区1"])));
        assert!(!withheld.names.contains("张三") && withheld.names.contains("贾陈社区"));
    }
}
