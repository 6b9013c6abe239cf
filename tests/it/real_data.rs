//! Real files that nobody here wrote, read through the configs in `examples/real-data`.
//!
//! The files are not part of this project; they lie in `../shared/data`. Where `../shared` exists, and in CI, each of
//! them must be there, or the test fails. Elsewhere a test of a missing file says on standard error that it read
//! nothing. The samples in `tests/real-data` have the columns and the spellings of the files and made-up rows: every
//! config is tested with its sample everywhere.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use duban::words::lang::Lang;
use serde_json::Value;

use crate::project::run_in;

/// A file in a folder of real data, if it is there.
///
/// # Errors
/// It is missing where it must be there.
fn find(data: &Path, path: &str, is_ci: bool) -> Result<Option<PathBuf>, String> {
    let file = data.join(path);
    let must_exist = is_ci || data.parent().is_some_and(Path::exists);
    if file.exists() {
        Ok(Some(file))
    } else if must_exist {
        Err(format!("real data is missing: {}", file.display()))
    } else {
        Ok(None)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn data(path: &str) -> Option<PathBuf> {
    let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    let found = find(&root().join("../shared/data"), path, is_ci).unwrap_or_else(|missing| panic!("{missing}"));
    if found.is_none() {
        // Not by `eprintln!`, which is shown for failed tests only.
        let _ = writeln!(std::io::stderr(), "SKIPPED: there is no ../shared/data/{path}, nothing was read");
    }
    found
}

fn tally(config: &str, log: &Path, day: &str) -> Value {
    let config = root().join("examples/real-data").join(config);
    let (config, log) = (config.to_str().unwrap(), log.to_str().unwrap());
    let arguments = ["tally", "-C", config, log, "--as-of", day, "--format", "json"];
    run_in(root(), Lang::En, b"", &arguments).success().json()["total"].clone()
}

/// The total of a real file under its config, as of a day.
fn total(config: &str, path: &str, day: &str) -> Option<Value> {
    Some(tally(config, &data(path)?, day))
}

#[test]
fn missing_data_fails_beside_the_shared_folder_and_in_ci() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shared/data");
    assert_eq!(find(&data, "a.csv", false), Ok(None));
    assert!(find(&data, "a.csv", true).is_err());
    std::fs::create_dir(folder.path().join("shared")).unwrap();
    assert!(find(&data, "a.csv", false).is_err());
    std::fs::create_dir(&data).unwrap();
    assert!(find(&data, "a.csv", false).is_err());
    std::fs::write(data.join("a.csv"), "").unwrap();
    assert_eq!(find(&data, "a.csv", true), Ok(Some(data.join("a.csv"))));
}

/// Found, fixed on site, open, overdue and late in the sample of each config.
#[test]
fn each_config_reads_its_sample() {
    let samples = [
        ("texas-cpa", "texas-cpa.csv", "2017-12-31", [4, 1, 1, 1, 1]),
        ("york-region", "york-region.csv", "2020-01-31", [2, 1, 1, 0, 0]),
        ("boston-311", "boston-311.csv", "2022-06-01", [3, 0, 1, 1, 1]),
        ("boston-311-dmy", "boston-311-dmy.csv", "2022-06-01", [3, 0, 1, 1, 1]),
        ("toronto-dinesafe", "toronto-dinesafe.csv", "2010-12-31", [2, 1, 1, 0, 0]),
        ("jp-labor", "jp-labor.tsv", "2025-06-01", [2, 0, 1, 0, 0]),
        ("alimconfiance-fr", "alimconfiance-fr.csv", "2019-09-01", [2, 0, 2, 1, 0]),
    ];
    for (config, sample, day, expected) in samples {
        let total = tally(config, &root().join("tests/real-data").join(sample), day);
        let on_site = total["disposition"]["on_site"].as_u64().unwrap_or(0);
        let [found, open, overdue, late] = ["found", "open", "overdue", "late"].map(|key| total[key].as_u64().unwrap());
        assert_eq!([found, on_site, open, overdue, late], expected, "{config}");
    }
    let configs = std::fs::read_dir(root().join("examples/real-data")).unwrap();
    let configs = configs.filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(configs, samples.len(), "a config has no sample");
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
