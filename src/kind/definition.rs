//! A kind of document, as its folder defines it.

use crate::kind::config::Config;
use crate::model::Issue;
use crate::model::period::Period;
use crate::model::state::State;
use crate::place::SourceId;
use crate::tally::select::Filter;
use crate::template::word::WordFile;
use crate::words::lang::Lang;

/// A kind of document (文种).
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its name, that of its folder.
    pub name: String,
    /// What `kind.yaml` says.
    pub config: Config,
    pub(super) templates: Vec<Template>,
    pub(super) word_files: Vec<WordFile>,
}

/// The template of one language, as it is in its file.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) lang: Lang,
    pub(super) source: SourceId,
    pub(super) text: String,
    /// Whether the kind has no text of its own in this language: its Word template is a form.
    pub(super) is_form: bool,
}

/// What `series:` says of a kind without numbers.
const NO_SERIES: &str = "none";

impl Kind {
    /// The running number it draws from.
    #[must_use]
    pub fn series(&self) -> &str {
        self.config.series.as_deref().unwrap_or(&self.name)
    }

    /// Whether its documents have numbers and go to the register; those for the office itself don't (`series: none`).
    #[must_use]
    pub fn takes_number(&self) -> bool {
        self.config.series.as_deref() != Some(NO_SERIES)
    }

    /// Whether an issue makes its unit get one.
    #[must_use]
    pub fn selects(&self, issue: &Issue<'_>, state: State) -> bool {
        let select = &self.config.select;
        let holds = |selection| Filter::of(selection, Period::default()).holds(issue, state);
        !state.withdrawn && (select.is_empty() || select.iter().any(holds))
    }

    /// Whether all it writes is in its Word template, which is a form: it can't be written in another format.
    #[must_use]
    pub fn is_form(&self) -> bool {
        !self.templates.is_empty() && self.templates.iter().all(|template| template.is_form)
    }

    /// Whether its templates may ask for the documents of the register: one of them says `documents`, or names its records in
    /// a way that only rendering tells.
    #[must_use]
    pub fn may_ask_for_documents(&self) -> bool {
        self.templates.iter().any(|template| may_ask_for_documents(&template.text))
            || self.word_files.iter().any(|file| may_ask_for_documents(&file.tags()))
    }

    /// Whether its templates may ask for the photos of issues: one of them says so, or writes a ledger, whose workbook shows
    /// them.
    #[must_use]
    pub fn may_ask_for_photos(&self) -> bool {
        let may_ask = |text: &str| ["photos", "photo_pairs", "ledger"].iter().any(|word| text.contains(word));
        self.templates.iter().any(|template| may_ask(&template.text))
            || self.word_files.iter().any(|file| may_ask(&file.tags()))
    }

    /// The languages it has a template for.
    pub fn langs(&self) -> impl Iterator<Item = Lang> + '_ {
        self.templates.iter().map(|template| template.lang)
    }
}

fn may_ask_for_documents(text: &str) -> bool {
    let is_computed = |rest: &str| {
        let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else { return false };
        let quote = value.chars().next().filter(|c| ['"', '\'', '`'].contains(c));
        let literal = quote.and_then(|quote| value.strip_prefix(quote)?.split_once(quote));
        literal.is_none_or(|(_, after)| !after.trim_start().starts_with([',', ')']))
    };
    text.contains("documents") || text.split("records").skip(1).any(is_computed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_ask_for_documents_is_found() {
        for text in [
            r#"{{ count(records="documents") }}"#,
            r#"{{ count(records = "docu" ~ "ments") }}"#,
            r"{{ count(records=which) }}",
            r"{{ count(records='issues' | upper) }}",
        ] {
            assert!(may_ask_for_documents(text), "{text}");
        }
        for text in [
            "",
            "the records of the unit",
            r#"{{ count(records="issues", unit="x") }}"#,
            "{{ rows(records='measures' ) }}",
        ] {
            assert!(!may_ask_for_documents(text), "{text}");
        }
    }
}
