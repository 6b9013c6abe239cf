//! `mend`: a cell gets a new value or nothing is made, in text and in workbooks; what was mended is mended no more.
#![no_main]

use std::panic;
use std::sync::{LazyLock, Once};

use duban::mend::{Edit, LogBytes, MendTarget, mend};
use duban::project::Project;
use duban::source::Form;
use libfuzzer_sys::fuzz_target;

/// Its vocabularies take longer to make than a short log to read.
static PROJECT: LazyLock<Project> = LazyLock::new(Project::default);
/// As `main` has it: where the reader of workbooks panics, the file is told as damaged. All other panics end the run.
static HOOK: Once = Once::new();

fuzz_target!(|given: (u8, &[u8])| {
    HOOK.call_once(|| {
        let abort = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !info.location().is_some_and(|place| place.file().contains("calamine")) {
                abort(info);
            }
        }));
    });
    let (kind, bytes) = given;
    let (name, form, places) = match kind % 3 {
        0 => ("log", Some(Form::Table), ["B2", "1:1"]),
        1 => ("log", Some(Form::Tree), ["1:3", "2:unit"]),
        _ => ("log.xlsx", None, ["B2", "D9"]),
    };
    let edits = places.map(|place| {
        let place = place.parse().expect("a place");
        Edit { place, was: None, value: "甲, \"乙\" <1>".to_owned() }
    });
    for edits in [&edits[..1], &edits[1..]] {
        let mended = |bytes: &[u8]| mend(&LogBytes { name, bytes, form, sheets: &[] }, edits, MendTarget::Same, &PROJECT);
        if let Ok(first) = mended(bytes) {
            let again = mended(&first.bytes).expect("what was mended can be read");
            assert_eq!((again.bytes, again.cells.len()), (first.bytes, 0));
        }
    }
});
