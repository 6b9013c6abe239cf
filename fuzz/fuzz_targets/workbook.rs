//! Workbooks of every format: opened, their sheets chosen and read, every fault shown.
#![no_main]

use std::io::Cursor;
use std::panic;
use std::sync::{Arc, Once};

use std::io::sink;

use chrono::NaiveDate;
use duban::check::{self, CheckOptions, UnlistedValues};
use duban::fault::{Faults, emit};
use duban::log;
use duban::project::Project;
use duban::source::Sources;
use duban::source::workbook::choice::Choice;
use duban::source::workbook::{self, Bytes};
use duban::words::lang::Lang;
use libfuzzer_sys::fuzz_target;

/// As `main` has it: where the reader of workbooks panics, the file is told as damaged. All other panics end the run.
static HOOK: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    HOOK.call_once(|| {
        let abort = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !info.location().is_some_and(|place| place.file().contains("calamine")) {
                abort(info);
            }
        }));
    });
    let (project, mut faults, day) = (Project::default(), Faults::default(), NaiveDate::default());
    let bytes: Arc<[u8]> = bytes.into();
    let open = || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Bytes>);
    let is_log = |head: &[u8]| log::looks_like_log(head, &project);
    let Ok(sheets) = workbook::read("log.xlsx", &open, &Choice { wanted: &[], is_log: &is_log }) else { return };
    let mut sources = Sources::default();
    let ids: Vec<_> = sheets.into_iter().map(|sheet| sources.add(sheet)).collect();
    check::run((&mut sources, &ids), &project, &CheckOptions::on(day), &mut faults, UnlistedValues::default)
        .expect("text in memory can be read");
    let report = emit::CheckReport::new(&faults, &sources, 1, 0, Some(50), Lang::En);
    for written in [emit::text(&report, false, &mut sink()), emit::json(&report, &mut sink())] {
        written.expect("nothing can be wrong with a sink");
    }
});
