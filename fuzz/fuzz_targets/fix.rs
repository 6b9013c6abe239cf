//! `check --fix`: a line stays a line, and what is mended reads again.
#![no_main]

use std::sync::LazyLock;

use duban::fix::fix;
use duban::project::Project;
use duban::source::{Form, Source, Sources};
use libfuzzer_sys::fuzz_target;

/// Its vocabularies take longer to make than a short log to read.
static PROJECT: LazyLock<Project> = LazyLock::new(Project::default);

fuzz_target!(|bytes: &[u8]| {
    let mend = |bytes: &[u8]| {
        let mut sources = Sources::default();
        let id = sources.add(Source::text("log", bytes, Form::Table));
        fix(&mut sources, id, &PROJECT).expect("text in memory can be read")
    };
    if let Some(fixed) = mend(bytes) {
        assert_eq!(fixed.old.matches('\n').count(), fixed.new.matches('\n').count());
        let _ = mend(&fixed.bytes);
    }
});
