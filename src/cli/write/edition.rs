//! `--edition`: the data that an edition shows, and the search of finished files for what it leaves out.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cli::Stop;
use crate::cli::session::Session;
use crate::cli::write::file::OutputFile;
use crate::dataset::Data;
use crate::dataset::{DoubtfulName, Edition, Publisher};
use crate::words::lang::Lang;
use crate::write::leak::{Leak, LeakScanner, WithheldTexts};

/// Makes the editions of the documents of a run.
#[derive(Default)]
pub(super) struct Editor {
    publisher: Option<Publisher>,
    /// One for each set of records; usually there is one.
    watches: Vec<Arc<LeakScanner>>,
    doubts: BTreeSet<DoubtfulName>,
}

impl Editor {
    /// The data as an edition shows it.
    pub(super) fn edit<'d>(&mut self, edition: Edition, all: &'d [Data], session: &Session<'_>) -> Cow<'d, [Data]> {
        match edition {
            Edition::Internal => Cow::Borrowed(all),
            Edition::Public => all.iter().map(|data| self.public(data, session)).collect(),
        }
    }

    fn public(&mut self, data: &Data, session: &Session<'_>) -> Data {
        if let Some(public) = self.publisher.as_ref().and_then(|publisher| publisher.public(data)) {
            return public;
        }
        let publisher = Publisher::new(&session.project.privacy, &data.records, &data.office, data.lang);
        self.doubts.extend(publisher.doubts());
        let withheld = publisher.withheld().clone();
        let scanner = LeakScanner::new(WithheldTexts {
            names: withheld.names.into_iter().collect(),
            known: withheld.known.into_iter().collect(),
            texts: withheld.texts.into_iter().chain(withheld.numbers).collect(),
        });
        self.watches.push(Arc::new(scanner));
        // The publisher was made from these records, so it always has an answer.
        let public = publisher.public(data).unwrap_or_else(|| data.clone());
        self.publisher = Some(publisher);
        public
    }

    /// Tells which names were masked that may be parts of longer words.
    pub(super) fn tell_doubts(&self, session: &mut Session<'_>) -> Result<(), Stop> {
        for DoubtfulName { place, name } in &self.doubts {
            session.warn(&session.lang.pick(
                format!("duban: {place} 内容里的“{name}”与人名相同，公开版已略去；若是别的词（如“早高峰”），请改写"),
                format!("duban: {place}: `{name}` in the text is also a person's name and was masked; reword it if it is another word"),
            ))?;
        }
        Ok(())
    }

    /// Searches finished files of the public edition for what it leaves out.
    ///
    /// # Errors
    /// What was found, and where: the first in each part.
    pub(super) fn search<'f>(&self, files: impl IntoIterator<Item = &'f OutputFile>, lang: Lang) -> Result<(), Stop> {
        let files: Vec<&OutputFile> = files.into_iter().filter(|file| file.edition == Edition::Public).collect();
        let mut leaks: Vec<Leak> = Vec::new();
        for watch in &self.watches {
            for file in &files {
                leaks.extend(watch.search(&file.name, &file.bytes)?);
            }
        }
        if leaks.is_empty() { Ok(()) } else { Err(Stop::unfinished(leak_text(&leaks, lang))) }
    }
}

/// The message about leaks.
fn leak_text(leaks: &[Leak], lang: Lang) -> String {
    let place = |Leak { file, part, found }: &Leak| {
        let place = part.as_ref().map_or_else(|| file.clone(), |part| format!("{file} › {part}"));
        lang.pick(format!("{place} 里有“{found}”"), format!("`{found}` in {place}"))
    };
    let places: Vec<String> = leaks.iter().map(place).collect();
    let places = places.join(lang.pick("；", "; "));
    lang.pick(
        format!("公开版里仍有不该公开的内容：{places}；没有写出文书。改模板，或在 duban.yaml 的 privacy: 中写明它可以公开"),
        format!(
            "the public edition still holds what is to be kept back: {places}; no document was written. Change the template, or say under `privacy:` in duban.yaml that it may be published"
        ),
    )
}
