//! duban.yaml: every fault has words.
#![no_main]

use duban::fault::{Faults, words};
use duban::place::SourceId;
use duban::project::config;
use duban::words::lang::Lang;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut faults = Faults::default();
    let project = config::parse(SourceId(0), text, &mut faults);
    let _ = project.ladder();
    for fault in faults.sorted() {
        let _ = (words(&fault.what, fault.field, Lang::Zh), words(&fault.what, fault.field, Lang::En));
    }
});
