//! Whether duban wrote a workbook itself: it says so in a custom property of the file.

use std::io::{BufReader, Read as _};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::source::OwnOutput;
use crate::source::workbook::input::Bytes;

/// The part of a workbook with its custom properties.
const PART: &str = "docProps/custom.xml";
/// The number of bytes of that part that are read.
const LIMIT: u64 = 64 * 1024;

/// What duban wrote a workbook as; `None` for every other workbook, and for one that can't be read.
pub(super) fn own_output(file: Box<dyn Bytes>) -> Option<OwnOutput> {
    let mut package = ZipArchive::new(BufReader::new(file)).ok()?;
    let part = package.by_name(PART).ok()?;
    let mut reader = Reader::from_reader(BufReader::new(part.take(LIMIT)));
    let (mut buffer, mut is_ours) = (Vec::new(), false);
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) if element.local_name().as_ref() == "property" => {
                let mut attributes = element.attributes().filter_map(Result::ok);
                is_ours =
                    attributes.any(|one| one.key.local_name().as_ref() == "name" && *one.value == *OwnOutput::PROPERTY);
            }
            Event::Text(text) if is_ours => {
                let text = text.trim();
                if let Some(own) = OwnOutput::ALL.into_iter().find(|own| own.name() == text) {
                    return Some(own);
                }
            }
            Event::Eof => return None,
            _ => {}
        }
        buffer.clear();
    }
}
