//! Real files that nobody here wrote, read through the configs in `examples/real-data`. The files
//! themselves are not part of this project: where they don't lie beside it, there is nothing to read.

use std::path::{Path, PathBuf};

use duban::words::lang::Lang;

use crate::project::run_in;

fn data(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    path.exists().then_some(path)
}

/// The total of a real file under its config, as of a day.
fn total(config: &str, path: &str, day: &str) -> Option<serde_json::Value> {
    let path = data(path)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = root.join("examples/real-data").join(config);
    let arguments = ["tally", "-C", config.to_str()?, path.to_str()?, "--as-of", day, "--format", "json"];
    Some(run_in(root, Lang::En, b"", &arguments).success().json()["total"].clone())
}

#[test]
fn texas_deficiencies_give_the_figures_of_their_source() {
    let Some(total) = total("texas-cpa", "texas-cpa-deficiencies/deficiencies.csv", "2017-12-31") else { return };
    let number = |key: &str| total[key].as_u64().unwrap();
    assert_eq!((number("found"), number("units"), number("late"), number("open")), (5862, 287, 2435, 94));
    let on_site = total["disposition"]["on_site"].as_u64().unwrap();
    assert_eq!(on_site, 403);
    assert_eq!(number("rectified") - on_site - number("late"), 2930, "closed by the deadline");
}

#[test]
fn york_violations_carry_their_disposition_at_the_end_of_the_description() {
    let Some(total) = total("york-region", "york-region/violations.csv", "2020-01-31") else { return };
    assert_eq!((&total["disposition"]["assigned"], &total["disposition"]["on_site"]), (&13469.into(), &10180.into()));
}

#[test]
fn boston_requests_are_read_in_both_spellings_of_dates() {
    let Some(ymd) = total("boston-311", "boston-311/boston311-100.csv", "2022-06-01") else { return };
    let dmy = total("boston-311-dmy", "boston-311/boston311-dmy-100.csv", "2022-06-01").unwrap();
    assert_eq!(ymd, dmy);
    assert_eq!(
        (&ymd["found"], &ymd["overdue"], &ymd["closed"], &ymd["late"]),
        (&100.into(), &12.into(), &85.into(), &5.into())
    );
}

#[test]
fn a_blank_action_of_toronto_is_no_issue() {
    let Some(total) = total("toronto-dinesafe", "toronto-dinesafe/dinesafe.2010.csv", "2010-12-31") else { return };
    assert_eq!((&total["found"], &total["disposition"]["on_site"]), (&9423.into(), &2326.into()));
}

#[test]
fn japanese_tabs_and_french_semicolons_are_read() {
    let Some(jp) = total("jp-labor", "jp-labor/appearances.tsv", "2025-06-01") else { return };
    let fr = total("alimconfiance-fr", "alimconfiance-fr/export_alimconfiance.csv", "2019-09-01").unwrap();
    assert_eq!((&jp["found"], &fr["found"]), (&3779.into(), &199.into()));
}

/// Every file of the test suites is read or refused with a word; none makes the program panic.
#[test]
fn every_file_of_the_suites_is_read_or_refused_with_a_word() {
    let Some(root) = data("") else { return };
    let mut waiting = vec![root];
    let mut seen = 0;
    while let Some(path) = waiting.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let run = run_in(
                Path::new("."),
                Lang::En,
                b"",
                &["check", path.to_str().unwrap(), "--format", "json", "--max", "3"],
            );
            match run.status {
                0 | 1 => assert!(run.json()["files"] == 1, "{}", path.display()),
                2 => assert!(run.stderr.contains("duban:"), "{}", path.display()),
                status => panic!("{status}: {}", path.display()),
            }
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}
