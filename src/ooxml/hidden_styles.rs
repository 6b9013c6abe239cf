//! The styles of a Word file that hide what is in them.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::attribute::{is_on, value};

/// What one style says.
#[derive(Default)]
struct Style {
    based_on: Option<String>,
    /// Whether it hides, if it says so itself.
    hides: Option<bool>,
}

/// The most styles that a style is based on, one on another; Word allows fewer.
const DEPTH: usize = 32;

/// Returns the ids of the styles that hide their text, by themselves or by what they are based on. XML that can't be parsed
/// has none.
pub(crate) fn hidden_styles(xml: &str) -> BTreeSet<String> {
    if !xml.contains("<w:vanish") {
        return BTreeSet::new();
    }
    let styles = styles(xml).unwrap_or_default();
    let hides = |id: &String| {
        let mut at = styles.get(id);
        for _ in 0..DEPTH {
            let style = at?;
            if style.hides.is_some() {
                return style.hides;
            }
            at = styles.get(style.based_on.as_ref()?);
        }
        None
    };
    styles.keys().filter(|id| hides(id) == Some(true)).cloned().collect()
}

fn styles(xml: &str) -> Option<BTreeMap<String, Style>> {
    let mut reader = Reader::from_str(xml);
    let (mut styles, mut id) = (BTreeMap::<String, Style>::new(), String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) => {
                if element.name().as_ref() == "w:style" {
                    id = value(&element, "w:styleId").unwrap_or_default();
                    styles.entry(id.clone()).or_default();
                    continue;
                }
                let Some(style) = styles.get_mut(&id) else { continue };
                match element.name().as_ref() {
                    "w:basedOn" => style.based_on = value(&element, "w:val"),
                    "w:vanish" => style.hides = Some(is_on(&element)),
                    _ => {}
                }
            }
            Event::End(element) if element.name().as_ref() == "w:style" => id.clear(),
            Event::Eof => return Some(styles),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_hides_by_itself_or_by_its_base() {
        let style = |id: &str, inner: &str| format!("<w:style w:styleId=\"{id}\">{inner}</w:style>");
        let xml = [
            style("a", "<w:rPr><w:vanish/></w:rPr>"),
            style("b", "<w:basedOn w:val=\"a\"/>"),
            style("c", "<w:basedOn w:val=\"a\"/><w:rPr><w:vanish w:val=\"0\"/></w:rPr>"),
            style("d", "<w:rPr><w:b/></w:rPr>"),
            style("e", "<w:basedOn w:val=\"e\"/>"),
        ];
        let hidden = hidden_styles(&format!("<w:styles>{}</w:styles>", xml.concat()));
        assert_eq!(hidden.iter().map(String::as_str).collect::<Vec<_>>(), ["a", "b"]);
    }
}
