//! Tables: read, checked, and every fault shown.
#![no_main]

use std::io::sink;
use std::sync::LazyLock;

use chrono::NaiveDate;
use duban::check::{self, CheckOptions, UnlistedValues};
use duban::fault::{Faults, emit};
use duban::project::Project;
use duban::source::{Form, Source, Sources};
use duban::words::lang::Lang;
use libfuzzer_sys::fuzz_target;

/// Its vocabularies take longer to make than a short log to read.
static PROJECT: LazyLock<Project> = LazyLock::new(Project::default);

fuzz_target!(|bytes: &[u8]| {
    let mut sources = Sources::default();
    let id = sources.add(Source::text("log", bytes, Form::Table));
    let (mut faults, day) = (Faults::default(), NaiveDate::default());
    check::run((&mut sources, &[id]), &PROJECT, &CheckOptions::on(day), &mut faults, UnlistedValues::default)
        .expect("text in memory can be read");
    // Every fault has a place that can be shown, in both languages.
    for lang in [Lang::Zh, Lang::En] {
        let report = emit::CheckReport::new(&faults, &sources, 1, 0, Some(50), lang);
        for written in [emit::text(&report, false, &mut sink()), emit::json(&report, &mut sink())] {
            written.expect("nothing can be wrong with a sink");
        }
    }
});
