//! Text boxes are written twice: in `mc:Choice`, and in `mc:Fallback` for readers that know no newer drawings (ECMA-376 Part 3,
//! 7.5). Tags are filled in the first; the second gets the same text.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::edits::{XmlEdit, edited};

/// Stands between the two copies of a filled box.
pub(crate) const BOX_MARK: &str = "<?duban box?>";

/// Returns a filled part with the text of each marked box in its second copy too, and without marks. Where the copies hold
/// another number of texts the second goes, which would show tags; a choice may stand alone.
pub(crate) fn with_second_copies(xml: &str) -> String {
    completed(xml, 0)
}

/// Boxes within boxes within boxes … beyond this get no second copy of their text: nobody draws them.
const MOST_NESTED: usize = 16;

fn completed(xml: &str, nested: usize) -> String {
    if !xml.contains(BOX_MARK) {
        return xml.to_owned();
    }
    match (nested < MOST_NESTED).then(|| edits(xml, nested)).flatten() {
        Some(edits) => edited(xml, edits),
        None => xml.replace(BOX_MARK, ""),
    }
}

/// What is written twice.
#[derive(Default)]
struct Twice {
    /// The number of elements around what it holds.
    depth: usize,
    /// Where what it holds begins.
    inside: usize,
    mark: Option<Range<usize>>,
    /// What the boxes of the first copy hold, and those of the second.
    texts: [Vec<Range<usize>>; 2],
    /// The second copy.
    fallback: Option<Range<usize>>,
}

/// An element whose end has not been read.
struct Open {
    name: String,
    start: usize,
    inside: usize,
}

/// Returns the edits, or nothing if the XML can't be parsed.
fn edits(xml: &str, nested: usize) -> Option<Vec<XmlEdit>> {
    let (mut reader, mut edits) = (Reader::from_str(xml), Vec::new());
    let (mut open, mut twice): (Vec<Open>, Option<Twice>) = (Vec::new(), None);
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let end = usize::try_from(reader.buffer_position()).ok()?;
        match event {
            Event::Start(element) => {
                let name = element.name().as_ref().to_owned();
                if twice.is_none() && name == "mc:AlternateContent" {
                    twice = Some(Twice { depth: open.len() + 1, inside: end, ..Twice::default() });
                }
                open.push(Open { name, start, inside: end });
            }
            Event::PI(_) if xml.get(start..end) == Some(BOX_MARK) => {
                if let Some(twice) = twice.as_mut().filter(|twice| twice.depth == open.len()) {
                    twice.mark = Some(start..end);
                }
            }
            Event::End(_) => {
                let closed = open.pop()?;
                let Some(around) = twice.as_mut() else { continue };
                if around.depth == open.len() && closed.name == "mc:Fallback" {
                    around.fallback = Some(closed.start..end);
                }
                // A box within a box goes with it.
                let within = open.get(around.depth..).unwrap_or_default();
                let copy = ["mc:Choice", "mc:Fallback"]
                    .iter()
                    .position(|copy| within.first().is_some_and(|first| first.name == *copy));
                let is_outermost = within.iter().all(|open| open.name != "w:txbxContent");
                if let Some(copy) = copy.filter(|_| closed.name == "w:txbxContent" && is_outermost) {
                    around.texts[copy].push(closed.inside..start);
                }
                if open.len() + 1 == around.depth {
                    edits.extend(twice.take()?.edits(xml, start, nested + 1)?);
                }
            }
            Event::Eof => return Some(edits),
            _ => {}
        }
    }
}

impl Twice {
    /// The edits of one whose end tag begins at a place.
    fn edits(self, xml: &str, end: usize, nested: usize) -> Option<Vec<XmlEdit>> {
        let Some(mark) = self.mark else {
            // Boxes within it may be marked.
            let inside = self.inside..end;
            return Some(vec![(inside.clone(), completed(xml.get(inside)?, nested))]);
        };
        let [first, second] = self.texts;
        let texts: Vec<String> =
            first.iter().map(|text| Some(completed(xml.get(text.clone())?, nested))).collect::<Option<_>>()?;
        let mut edits = vec![(mark, String::new())];
        if first.len() == second.len() {
            edits.extend(second.into_iter().zip(texts.iter().cloned()));
        } else {
            edits.extend(self.fallback.map(|fallback| (fallback, String::new())));
        }
        edits.extend(first.into_iter().zip(texts));
        Some(edits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(choice: &str, fallback: &str, mark: bool) -> String {
        let mark = if mark { BOX_MARK } else { "" };
        format!(
            "<mc:AlternateContent><mc:Choice Requires=\"wps\">{choice}</mc:Choice>{mark}<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
        )
    }

    fn text(text: &str) -> String {
        format!("<w:txbxContent>{text}</w:txbxContent>")
    }

    #[test]
    fn boxes_within_boxes_end_somewhere() {
        let around = |times: usize| {
            let open = "<mc:AlternateContent><mc:Choice>".repeat(times);
            format!("{open}{BOX_MARK}{}", "</mc:Choice></mc:AlternateContent>".repeat(times))
        };
        assert!(!with_second_copies(&around(5_000)).contains("<?"));
    }

    #[test]
    fn the_second_copy_says_what_the_first_says() {
        let around = |inner: String| format!("<w:p>{inner}</w:p><w:p>{}</w:p>", both("<a/>", "<b/>", false));
        for (given, made) in [
            (
                both(&text("甲"), &format!("<v:x>{}</v:x>", text("{{ n }}")), true),
                both(&text("甲"), &format!("<v:x>{}</v:x>", text("甲")), false),
            ),
            (
                both(&(text("甲") + &text("乙")), &(text("{{") + &text("}}")), true),
                both(&(text("甲") + &text("乙")), &(text("甲") + &text("乙")), false),
            ),
            // Another number of texts.
            (
                both(&text("甲"), "<v:x/>", true),
                both(&text("甲"), "", false).replace("<mc:Fallback></mc:Fallback>", ""),
            ),
            // A box within a box.
            (
                both(&text(&both(&text("内"), &text("{{"), true)), &text(&both(&text("{{"), &text("{{"), false)), true),
                both(
                    &text(&both(&text("内"), &text("内"), false)),
                    &text(&both(&text("内"), &text("内"), false)),
                    false,
                ),
            ),
        ] {
            assert_eq!(with_second_copies(&around(given.clone())), around(made), "{given}");
        }
    }
}
