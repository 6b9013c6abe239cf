//! Checks a kind's templates without data.

use std::sync::Arc;

use crate::dataset::{Records, Request};
use crate::fault::{FaultKind, Faults};
use crate::kind::definition::Kind;
use crate::ooxml::WordTemplateError;
use crate::project::Project;
use crate::query::QueryContext;
use crate::template::engine::{self, TemplatePart};
use crate::template::front_matter::{self, TextOrigin};
use crate::template::lint;
use crate::word_template::annotate::{WordComment, annotated};
use crate::words::lang::Lang;

/// Reports what is wrong with a kind's templates, as far as that shows without data: syntax errors, unknown names,
/// functions, filters, arguments and values, and figures typed by hand.
pub fn check(kind: &Kind, project: &Project, messages: Lang, faults: &mut Faults) {
    let as_of = project.as_of(chrono::NaiveDate::default());
    let request = Request::new(messages, as_of);
    let data = kind.document(project, Records::default(), &request);
    let context = QueryContext::dry_run(data, Arc::new(project.clone()), messages);
    let mut checked = Vec::new();
    for word_file in &kind.word_files {
        if !checked.contains(&word_file.source) {
            word_file.check(&context, faults);
            word_file.check_pictures(&project.root, messages, faults);
            word_file.tell_removed(faults);
            checked.push(word_file.source);
        }
    }
    for template in kind.templates.iter().filter(|template| !template.is_form) {
        let parts = front_matter::split(template.source, &template.text, faults);
        if let Some(word_file) = kind.word_files.iter().find(|word_file| word_file.lang == template.lang) {
            word_file.check_room(!parts.body.trim().is_empty(), false, messages, faults);
        }
        let origin = TextOrigin::body(template.source);
        engine::check(TemplatePart::Body, &parts.body, origin, &context, faults);
        tell_digits(&parts.body, origin, faults);
        for (index, entry) in parts.entries.iter().enumerate() {
            engine::check(TemplatePart::Head(index), &entry.text, entry.origin, &context, faults);
            // The other keys hold digits that are no figures: 秘密★1年, a telephone number.
            if matches!(entry.key, "title" | "number" | "date" | "printed_on" | "addressee") {
                tell_digits(&entry.text, entry.origin, faults);
            }
        }
    }
}

fn tell_digits(text: &str, origin: TextOrigin, faults: &mut Faults) {
    for found in lint::digits(text) {
        let place = origin.place(found.line, found.column, found.length);
        faults.add(place, FaultKind::BareDigit { text: found.text });
    }
}

impl Kind {
    /// The first Word template with a comment at each fault that was found in it; nothing if the kind has none.
    ///
    /// # Errors
    /// It can't be packed again.
    #[must_use]
    pub fn annotated(&self, faults: &Faults, lang: Lang) -> Option<Result<Vec<u8>, WordTemplateError>> {
        let word_file = self.word_files.first()?;
        let remarks: Vec<WordComment> = faults
            .sorted()
            .into_iter()
            .filter(|fault| fault.place.source == word_file.source)
            .filter_map(|fault| match &fault.what {
                FaultKind::Template { message, help } => {
                    let text = format!("{message}\n{}", help.as_deref().unwrap_or_default());
                    Some(WordComment { paragraph: fault.place.line.to_zero(), text })
                }
                _ => None,
            })
            .collect();
        Some(annotated(&word_file.template, &remarks, lang.pick("duban 督办", "duban")))
    }
}
