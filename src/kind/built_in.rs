//! The kinds compiled in: the folders of `report-templates`, listed by `build.rs`.

// `NAMES`, in the order in which kinds are listed, and `FILES`: kind, name and text of each file.
include!(concat!(env!("OUT_DIR"), "/built_in_kinds.rs"));

/// A file of a built-in kind.
pub(super) fn file(kind: &str, name: &str) -> Option<&'static str> {
    FILES.iter().find(|(of, file, _)| *of == kind && *file == name).map(|(_, _, text)| *text)
}
