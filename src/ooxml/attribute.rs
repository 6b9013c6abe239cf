//! The attributes of an element, as they are written.

use quick_xml::events::BytesStart;

/// Returns the value of an attribute, if the element has it.
pub(super) fn value(element: &BytesStart<'_>, key: &str) -> Option<String> {
    Some(element.try_get_attribute(key).ok().flatten()?.value.as_ref().to_owned())
}

/// Whether an element that turns something on or off turns it on, as it does without a value.
pub(super) fn is_on(element: &BytesStart<'_>) -> bool {
    !value(element, "w:val").is_some_and(|val| matches!(val.as_str(), "0" | "false" | "off"))
}
