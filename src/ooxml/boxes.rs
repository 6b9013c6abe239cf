//! Text boxes are written twice: in `mc:Choice`, and in `mc:Fallback` for readers that know no newer drawings (ECMA-376 Part 3,
//! 7.5). Tags are filled in the first; the second gets the same text.

/// Stands between the two copies of a filled box.
pub(crate) const BOX_MARK: &str = "<?duban box?>";

const CHOICE: &str = "mc:Choice";
const FALLBACK: &str = "mc:Fallback";
const TEXT: &str = "w:txbxContent";

/// Returns a filled part with the text of each marked box in its second copy too, and without marks. Where the copies hold
/// another number of texts the second goes, which would show tags; a choice may stand alone.
pub(crate) fn with_second_copies(xml: &str) -> String {
    let mut pieces = xml.split(BOX_MARK);
    let mut done = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // A box within a box comes first, so that the outer one takes it whole.
        let choice = last_element(&done, CHOICE).unwrap_or_default();
        let texts: Vec<String> = contents(choice, TEXT).into_iter().map(str::to_owned).collect();
        let Some(fallback) = first_element(piece, FALLBACK) else {
            done.push_str(piece);
            continue;
        };
        let old = contents(fallback, TEXT);
        let before = fallback.as_ptr().addr() - piece.as_ptr().addr();
        done.push_str(piece.get(..before).unwrap_or_default());
        if old.len() == texts.len() {
            let mut from = 0;
            for (old, new) in old.iter().zip(&texts) {
                let start = old.as_ptr().addr() - fallback.as_ptr().addr();
                done.push_str(fallback.get(from..start).unwrap_or_default());
                done.push_str(new);
                from = start + old.len();
            }
            done.push_str(fallback.get(from..).unwrap_or_default());
        }
        done.push_str(piece.get(before + fallback.len()..).unwrap_or_default());
    }
    done
}

/// What a tag does to the depth of elements of its name.
fn step(tag: &str) -> i32 {
    if tag.starts_with("</") { -1 } else { i32::from(!tag.ends_with("/>")) }
}

/// The tags of an element, each with its place.
fn tags<'x>(xml: &'x str, name: &'static str) -> impl Iterator<Item = (usize, &'x str)> {
    xml.match_indices('<').filter_map(move |(at, _)| {
        let rest = xml.get(at..)?;
        let after = rest.strip_prefix("</").or_else(|| rest.strip_prefix('<'))?.strip_prefix(name)?;
        let is_tag = after.starts_with(['>', ' ', '/', '\n', '\r', '\t']);
        Some((at, rest.get(..=rest.find('>')?)?)).filter(|_| is_tag)
    })
}

/// The first element of a name, with its tags.
fn first_element<'x>(xml: &'x str, name: &'static str) -> Option<&'x str> {
    let (mut depth, mut start) = (0, None);
    for (at, tag) in tags(xml, name) {
        depth += step(tag);
        let start = *start.get_or_insert(at);
        if depth <= 0 {
            return xml.get(start..at + tag.len());
        }
    }
    None
}

/// The last element of a name that is not within another, with its tags.
fn last_element<'x>(xml: &'x str, name: &'static str) -> Option<&'x str> {
    // Its end is the last tag of the name.
    let end = xml.rfind(&format!("</{name}>"))? + name.len() + 3;
    let (mut depth, mut until) = (0, end);
    while let Some(at) = xml.get(..until)?.rfind('<') {
        let rest = xml.get(at..end)?;
        if let Some((_, tag)) = tags(rest.get(..=rest.find('>')?)?, name).next() {
            depth -= step(tag);
            if depth == 0 {
                return xml.get(at..end);
            }
        }
        until = at;
    }
    None
}

/// What the elements of a name hold that are within no other of it.
fn contents<'x>(xml: &'x str, name: &'static str) -> Vec<&'x str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, tag) in tags(xml, name) {
        if depth == 0 {
            start = at + tag.len();
        }
        depth += step(tag);
        if depth == 0 && tag.starts_with("</") {
            found.extend(xml.get(start..at));
        }
    }
    found
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
