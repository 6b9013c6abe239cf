//! The data of the documents that a kind calls for.

use crate::dataset::data::{Addressee, Data, Request};
use crate::dataset::list_name::ListName;
use crate::dataset::records::Records;
use crate::dataset::series::previous;
use crate::kind::config::Coverage;
use crate::kind::definition::Kind;
use crate::model::key::Key;
use crate::model::period::Period;
use crate::model::{Field, Issue};
use crate::project::{Project, Unit};
use crate::tally::select::Filter;

impl Kind {
    /// The data of the documents it calls for: one, or one for each unit in the vocabulary's order. They are drafts until
    /// [`Data::numbered`].
    #[must_use]
    pub fn documents(&self, project: &Project, records: Records, request: &Request) -> Vec<Data> {
        let base = self.document(project, records, request);
        if !self.config.per_unit {
            return vec![base];
        }
        let letters = self.addressees(project, &base.records, request).into_iter().map(|name| {
            let known = project.unit(&name);
            let of = |text: fn(&Unit) -> &Option<String>| known.and_then(|unit| text(unit).clone());
            let previous = previous(base.records.others(ListName::Documents), self.series(), Some(&name));
            let (group, head) = (of(|unit| &unit.group), of(|unit| &unit.head));
            let (address, contact) = (of(|unit| &unit.address), of(|unit| &unit.contact));
            Data { unit: Some(Addressee { name, group, head, address, contact }), previous, ..base.clone() }
        });
        letters.collect()
    }

    /// The data of a document that goes to nobody in particular.
    pub(super) fn document(&self, project: &Project, records: Records, request: &Request) -> Data {
        let day = request.as_of.day;
        // A document does not speak of days that are still to come.
        let period = self.period(request);
        let period = Period { to: period.to.map(|to| to.min(day)), ..period };
        let previous = previous(records.others(ListName::Documents), self.series(), None);
        let reply_by = self.config.reply_workdays.map(|days| project.calendar.add_workdays(day, days));
        let unreported = self.covers_unreported(request);
        let (series, outline) = (self.series().to_owned(), self.config.outline.to_owned());
        let punctuation = self.config.punctuation;
        Data {
            period,
            series,
            unreported,
            previous,
            reply_by,
            outline,
            charts: self.config.charts,
            punctuation,
            ..Data::draft(&self.name, project, records, request)
        }
    }

    /// The data of the page for the leader, which is of the whole period and not of what was unreported.
    pub(crate) fn page(&self, project: &Project, records: Records, request: &Request) -> Data {
        let day = request.as_of.day;
        let period = Period { to: request.period.to.map(|to| to.min(day)), ..request.period };
        let previous = previous(records.others(ListName::Documents), self.series(), None);
        let series = self.series().to_owned();
        Data { period, series, previous, ..Data::draft("page", project, records, request) }
    }

    /// Whether a document of it speaks of what its series has not reported, and not of a period.
    #[must_use]
    pub fn covers_unreported(&self, request: &Request) -> bool {
        self.config.covers == Coverage::Unreported && !request.again && self.period(request) == Period::default()
    }

    /// The period asked for, else the usual one of the kind.
    fn period(&self, request: &Request) -> Period {
        match self.config.period {
            Some(length) if request.period == Period::default() => Period::holding(request.as_of.day, length),
            _ => request.period,
        }
    }

    /// The units that a letter goes to: those with an issue that the kind selects, in order.
    fn addressees(&self, project: &Project, records: &Records, request: &Request) -> Vec<String> {
        let vocabulary = project.vocabularies.of(Field::Unit);
        let wanted: Vec<String> =
            request.units.iter().filter_map(|unit| project.canonical(Key::Field(Field::Unit), unit).ok()).collect();
        let selected = |issue: &Issue<'_>, state| {
            self.period(request).contains(issue.found_on) && Filter::any(&self.config.select, issue, state)
        };
        let mut names: Vec<String> = records
            .issue_states(&request.as_of)
            .filter(|(issue, state)| selected(issue, *state))
            .filter_map(|(issue, _)| issue.unit.map(|unit| unit.to_string()))
            .filter(|name| wanted.is_empty() || wanted.contains(name))
            .collect();
        names.sort_by_cached_key(|name| (vocabulary.rank(name).unwrap_or(usize::MAX), name.clone()));
        names.dedup();
        names
    }
}
