//! XML, read as a stream: names without their prefixes, since programs choose them freely.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::error::PhotoError;

/// A piece of a part.
pub(super) enum Piece<'a> {
    /// An element begins.
    Start(&'a BytesStart<'a>),
    /// The element with this name ends.
    End(&'a str),
    /// Text, or a part of it.
    Text(&'a str),
}

/// Takes what is told of a part.
pub(super) trait Take {
    /// Takes a piece.
    fn take(&mut self, piece: &Piece<'_>) -> Result<(), PhotoError>;
}

impl<F: FnMut(&Piece<'_>) -> Result<(), PhotoError>> Take for F {
    fn take(&mut self, piece: &Piece<'_>) -> Result<(), PhotoError> {
        self(piece)
    }
}

/// Passes each piece of a part on. An empty element begins and ends.
///
/// # Errors
/// The part is not well-formed, can't be read, or what takes it says so.
pub(super) fn walk(input: impl BufRead, part: &str, to: &mut dyn Take) -> Result<(), PhotoError> {
    let mut reader = Reader::from_reader(input);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| PhotoError::damaged(part, &error))? {
            Event::Start(element) => to.take(&Piece::Start(&element))?,
            Event::Empty(element) => {
                to.take(&Piece::Start(&element))?;
                to.take(&Piece::End(element.local_name().as_ref()))?;
            }
            Event::End(element) => to.take(&Piece::End(element.local_name().as_ref()))?,
            Event::Text(text) => to.take(&Piece::Text(text.as_ref()))?,
            Event::CData(text) => to.take(&Piece::Text(text.as_ref()))?,
            Event::GeneralRef(reference) => {
                let name: &str = reference.as_ref();
                let known = quick_xml::escape::resolve_predefined_entity(name).map(str::to_owned);
                let char = || reference.resolve_char_ref().ok().flatten().map(String::from);
                to.take(&Piece::Text(&known.or_else(char).unwrap_or_default()))?;
            }
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// Returns the value of an attribute, whatever its prefix.
pub(super) fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    // Unchecked: the check for duplicates compares each attribute with all before it.
    let mut attributes = element.attributes();
    let mut attributes = attributes.with_checks(false).filter_map(Result::ok);
    let found = attributes.find(|it| it.key.local_name().as_ref() == name)?;
    Some(
        quick_xml::escape::unescape(&found.value)
            .map_or_else(|_| found.value.to_string(), std::borrow::Cow::into_owned),
    )
}

/// Returns the value of an attribute as a number.
pub(super) fn number<T: std::str::FromStr>(element: &BytesStart<'_>, name: &str) -> Option<T> {
    value(element, name)?.trim().parse().ok()
}

/// Whether an attribute says yes.
pub(super) fn is_true(element: &BytesStart<'_>, name: &str) -> bool {
    value(element, name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
}

/// Adds text to a value that is read, of which no more than `most` bytes are of interest.
pub(super) fn add(to: &mut String, text: &str, most: usize) {
    if to.len() + text.len() <= most {
        to.push_str(text);
    }
}
