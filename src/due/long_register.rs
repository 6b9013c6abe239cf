//! Whatever a run asks of a register, the answer is the same with a checkpoint and without.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use crate::due::recognise::{Answers, Named, recognise, unit_today};
use crate::ladder::{Ladder, Letters, Span};
use crate::model::Field;
use crate::model::identity::{IssueIdentity, normalised};
use crate::model::known::KnownIssue;
use crate::project::Project;
use crate::register::NamedNumber;
use crate::register::{
    AcceptedFaults, Clues, DispatchRequest, Event, Facts, NumberKey, Past, Pattern, Register, RegisterEntry,
    RegisterStatus, Reset, Series, StoredIssue, read,
};

const UNITS: [&str; 5] = ["甲社区", "乙社区", "丙社区", "丁社区", ""];
/// Other names of the first two units.
const OLD: [&str; 2] = ["甲村", "乙村"];
const SERIES: [&str; 3] = ["bulletin", "reminder", "supervision"];
const DESCRIPTIONS: [&str; 4] = ["灯坏", "灯坏了两盏", "门口堆放杂物", "Drain blocked"];

/// What an issue says, as indexes.
type Says = (usize, u8, Option<u8>, u8);

/// How a document came into the register.
#[derive(Clone, Debug)]
struct Made {
    series: usize,
    unit: Option<usize>,
    issues: Vec<Says>,
    /// Imported: nothing is kept of its issues; else dispatched with figures, which may be lost.
    imported: bool,
    lost: bool,
    void: bool,
    year: i32,
}

fn says() -> impl Strategy<Value = Says> {
    (0..UNITS.len() + OLD.len(), 0..4u8, prop::option::of(0..6u8), 0..9u8)
}

fn made() -> impl Strategy<Value = Made> {
    let facts = (0..SERIES.len(), prop::option::of(0..UNITS.len() + OLD.len()), prop::collection::vec(says(), 0..4));
    (facts, prop::bool::weighted(0.3), prop::bool::weighted(0.2), prop::bool::weighted(0.1), 2020..2022).prop_map(
        |((series, unit, issues), imported, lost, void, year)| Made {
            series,
            unit,
            issues,
            imported,
            lost,
            void,
            year,
        },
    )
}

fn unit_name(unit: usize) -> &'static str {
    UNITS.iter().chain(&OLD).nth(unit).unwrap()
}

fn project(root: &std::path::Path) -> Project {
    let mut project = Project { root: root.to_owned(), ..Project::default() };
    let units = project.vocabularies.of_mut(Field::Unit);
    for (at, unit) in UNITS.iter().filter(|unit| !unit.is_empty()).enumerate() {
        units.add(unit, OLD.get(at).copied());
    }
    project
}

fn day(day: u8) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 3, 1).unwrap().checked_add_days(Days::new(day.into())).unwrap()
}

/// The id of an issue, if it has one: some letters use one again for another issue, and some call it by a number or place.
fn id_of((unit, description, found, id): Says) -> Option<String> {
    match id {
        0..3 => Some(format!("WT-{id}")),
        3 => Some(format!("{unit}")),
        4 => Some(format!("log:{}", description + found.unwrap_or_default())),
        _ => None,
    }
}

fn identity((unit, description, found, _): Says, name: &dyn Fn(&str) -> String) -> IssueIdentity {
    let description = normalised(DESCRIPTIONS[usize::from(description)]);
    IssueIdentity { unit: name(unit_name(unit)), site: String::new(), found_on: found.map(day), description }
}

/// The issues of a log, each known by its id or what it says.
fn known(says: &[Says], project: &Project) -> Vec<KnownIssue> {
    let one = |(at, says): (usize, &Says)| {
        let identity = identity(*says, &|unit| unit_today(project, unit));
        let (id, key) = (id_of(*says).filter(|_| says.3 < 3), identity.key());
        KnownIssue {
            handle: id.clone().unwrap_or_else(|| key.clone()),
            id,
            number: if says.3 == 3 { says.0.to_string() } else { String::new() },
            identity,
            key,
            description: DESCRIPTIONS[usize::from(says.1)].to_owned(),
            place: format!("log:{at}"),
            open: says.3 != 8,
        }
    };
    says.iter().enumerate().map(one).collect()
}

/// Enters documents; those of some are dispatched with figures that keep what their issues say.
fn enter(root: &std::path::Path, documents: &[Made], checkpoint_of: usize) {
    for (at, made) in documents.iter().enumerate() {
        let mut register = Register::open_with_checkpoint_of(root, checkpoint_of).unwrap();
        let series = SERIES[made.series];
        let pattern: Pattern = "{year}-{n}".parse().unwrap();
        let n = register
            .next(&Series { name: series.into(), pattern, reset: Reset::Yearly, start: 1, doubles: false }, made.year);
        let stored: Vec<StoredIssue> = made.issues.iter().map(|says| kept(*says)).collect();
        let facts = Facts {
            key: NumberKey { series: series.into(), year: made.year, n },
            reset: Reset::Yearly,
            kind: series.into(),
            number: format!("{series}{}-{n}", made.year),
            date: day(u8::try_from(at).unwrap()),
            title: "通报".into(),
            unit: made.unit.map(|unit| unit_name(unit).to_owned()),
            units: Vec::new(),
            issues: stored.iter().map(|issue| issue.handle.clone()).collect(),
            identities: if made.imported { Vec::new() } else { stored.iter().map(|one| one.key.clone()).collect() },
            after: Vec::new(),
            limit: None,
            request: None,
            corrects: None,
            edited: false,
            accepted: AcceptedFaults::default(),
            files: Vec::new(),
        };
        let number = facts.number.clone();
        if made.imported {
            register.append(&[Event::Imported(facts)]).unwrap();
        } else {
            let path = format!("documents/{at}.figures.json");
            let bytes = serde_json::to_vec(&serde_json::json!({ "issues": stored })).unwrap();
            register.dispatch(vec![DispatchRequest { facts, files: vec![(path.clone(), bytes.into())] }]).unwrap();
            if made.lost {
                fs::remove_file(root.join(path)).unwrap();
            }
        }
        drop(register);
        if made.void {
            Register::open(root)
                .unwrap()
                .void(&NamedNumber { number: &number, ..NamedNumber::default() }, "误发")
                .unwrap();
        }
    }
}

fn kept(says: Says) -> StoredIssue {
    let identity = identity(says, &str::to_owned);
    let key = identity.key();
    StoredIssue {
        handle: id_of(says).unwrap_or_else(|| key.clone()),
        id: id_of(says),
        unit: identity.unit,
        site: String::new(),
        found_on: identity.found_on,
        description: DESCRIPTIONS[usize::from(says.1)].to_owned(),
        key,
    }
}

/// What a run reads off the register it is given.
#[derive(Debug, PartialEq)]
struct Answered {
    near: Vec<String>,
    reused: Vec<String>,
    /// The step, the letter and whether there was a letter of each kind, by issue.
    letters: BTreeMap<String, Vec<String>>,
    /// The last document of each series and unit.
    previous: Vec<Option<String>>,
    /// The issues that a series reported.
    reported: Vec<BTreeSet<String>>,
    silent: Vec<String>,
}

fn answered(register: &[RegisterEntry], issues: &[KnownIssue], project: &Project, reporting: &'static str) -> Answered {
    let named = Named::read(&project.root, register, project, Some(reporting));
    let recognised = recognise(&named, register, issues, project, &Answers::default());
    let register = &recognised.register;
    let (ladder, letters) = (Ladder::usual(Span::days(3)), Letters::new(register));
    let of_issue = |issue: &KnownIssue| {
        let standing = letters.standing(&ladder, &issue.handle);
        let mut of_issue: Vec<String> =
            SERIES.iter().map(|kind| letters.has(kind, &issue.handle).to_string()).collect();
        of_issue.extend(standing.map(|standing| format!("{} {}", standing.step, standing.letter.number)));
        (issue.handle.clone(), of_issue)
    };
    let stands = |entry: &&RegisterEntry| entry.status != RegisterStatus::Void;
    let last = |series: &str, unit: Option<&str>| {
        let is_wanted = |entry: &&RegisterEntry| {
            entry.series == series && unit.is_none_or(|unit| entry.unit.as_deref() == Some(unit))
        };
        register.iter().filter(stands).rfind(is_wanted).map(|entry| entry.number.clone())
    };
    let units: BTreeSet<&str> = issues.iter().map(|issue| issue.identity.unit.as_str()).collect();
    let handles: BTreeSet<&str> = issues.iter().map(|issue| issue.handle.as_str()).collect();
    let reported = SERIES.map(|series| {
        let listed =
            register.iter().filter(stands).filter(|entry| entry.series == series).flat_map(|entry| &entry.issues);
        listed.filter(|issue| handles.contains(issue.as_str())).cloned().collect()
    });
    let silent = register.iter().filter(stands).filter(|entry| entry.series == reporting && entry.issues.is_empty());
    Answered {
        near: recognised.near.iter().map(|near| format!("{near:?}")).collect(),
        reused: recognised.reused.iter().map(|reused| format!("{reused:?}")).collect(),
        letters: issues.iter().map(of_issue).collect(),
        previous: SERIES
            .iter()
            .flat_map(|series| units.iter().map(|unit| last(series, Some(unit))).chain([last(series, None)]))
            .collect(),
        reported: reported.to_vec(),
        silent: silent.map(|entry| entry.number.clone()).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_checkpoint_changes_no_answer(
        documents in prop::collection::vec(made(), 1..16),
        log in prop::collection::vec(says(), 0..8),
        checkpoint_of in 1..12usize,
        reporting in 0..SERIES.len(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (root, reporting) = (folder.path(), SERIES[reporting]);
        enter(root, &documents, checkpoint_of);
        let project = project(root);
        let issues = known(&log, &project);
        let all = read(root).unwrap();
        let past = Register::open_with_checkpoint_of(root, checkpoint_of).unwrap().past();
        prop_assert_eq!(past.is_long(), root.join(".duban/register.checkpoint").exists());
        let clues = Clues {
            issues: &issues,
            series: SERIES.into_iter().collect(),
            reporting: Some(reporting),
            unit_today: &|unit| unit_today(&project, unit),
        };
        let some = past.about(&clues).unwrap();
        let lines: Vec<usize> = some.iter().map(|entry| entry.line).collect();
        prop_assert!(lines.is_sorted(), "{lines:?}");
        prop_assert_eq!(answered(&some, &issues, &project, reporting), answered(&all, &issues, &project, reporting));

        // Numbers, and by what an issue shows that a letter may have named it.
        let whole = Past::whole(all.clone());
        prop_assert_eq!(past.printed(), whole.printed());
        prop_assert_eq!(&past.all().unwrap(), &all);
        let series = |reset| Series { name: "bulletin".into(), pattern: "{n}".parse().unwrap(), reset, start: 3, doubles: false };
        for (reset, year) in [Reset::Yearly, Reset::Never].into_iter().flat_map(|reset| [(reset, 2020), (reset, 2022)]) {
            prop_assert_eq!(series(reset).next(&past.numbers(), year), series(reset).next(&whole.numbers(), year));
        }
        let past = Arc::new(past);
        let of_tail = Named::read(root, past.listed(), &project, None);
        let signs = of_tail.signs().as_ref().clone().with_those_before(&past, &project);
        let all_signs = Named::read(root, &all, &project, None);
        for issue in &issues {
            let id = issue.id.clone().unwrap_or_default();
            let shown = (issue.identity.found_on, issue.identity.unit.as_str(), id.as_str());
            prop_assert_eq!(signs.may_be_of(shown), all_signs.signs().may_be_of(shown), "{:?}", shown);
        }
        // A draft reads the same without the lock, which lasts as long as anything of the dispatch.
        drop((past, signs));
        let drafted = Past::read(root).unwrap();
        prop_assert_eq!(drafted.all().unwrap(), all);
    }
}
