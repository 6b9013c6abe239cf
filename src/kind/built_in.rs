//! The kinds compiled in.

/// Their names, in the order in which they are listed.
pub(super) const NAMES: [&str; 9] = [
    "bulletin",
    "briefing",
    "assignment",
    "rectification",
    "reminder",
    "supervision",
    "interview",
    "summary",
    "contact-card",
];

macro_rules! files {
    ($($kind:literal: $($file:literal),*;)*) => {
        &[$($(($kind, $file, include_str!(concat!("../../report-templates/", $kind, "/", $file)))),*),*]
    };
}

const FILES: &[(&str, &str, &str)] = files! {
    "bulletin": "kind.yaml", "zh.md", "en.md";
    "briefing": "kind.yaml", "zh.md", "en.md";
    "assignment": "kind.yaml", "zh.md", "en.md";
    "rectification": "kind.yaml", "zh.md", "en.md";
    "reminder": "kind.yaml", "zh.md", "en.md";
    "supervision": "kind.yaml", "zh.md", "en.md";
    "interview": "kind.yaml", "zh.md", "en.md";
    "summary": "kind.yaml", "zh.md", "en.md";
    "contact-card": "kind.yaml", "zh.md", "en.md";
};

/// A file of a built-in kind.
pub(super) fn file(kind: &str, name: &str) -> Option<&'static str> {
    FILES.iter().find(|(of, file, _)| *of == kind && *file == name).map(|(_, _, text)| *text)
}
