//! Tags in the text of a paragraph as typed into Word, found and normalized whatever the word processor's
//! autocorrection has made of their braces and quotes.

/// The statements allowed in a Word template. Tera's others would break the XML or read other files; docxtpl's
/// `cellbg`, `colspan`, `hm` and `vm` are not supported.
pub(crate) const STATEMENTS: [&str; 9] = ["if", "elif", "else", "endif", "for", "endfor", "set", "break", "continue"];

/// A tag and its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The start in the text of its paragraph, in characters from 0.
    pub(crate) start: usize,
    /// The end, exclusive.
    pub(crate) end: usize,
    pub(crate) kind: TagKind,
    /// What it replaces, if more than itself.
    pub(crate) carrier: Option<Carrier>,
    /// The normalized text between its braces.
    pub(crate) inner: String,
}

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagKind {
    /// `{{ … }}`
    Print,
    /// `{% … %}`
    Block,
    /// `{# … #}`
    Comment,
}

/// The element that a tag replaces: the paragraph, row, cell or run it is in. docxtpl's letters for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// `p`
    Paragraph,
    /// `tr`
    Row,
    /// `tc`
    Cell,
    /// `r`
    Run,
}

impl Carrier {
    /// Returns the carrier for the letters that follow the brace.
    fn of(letters: &str) -> Option<Self> {
        match letters {
            "p" => Some(Self::Paragraph),
            "tr" => Some(Self::Row),
            "tc" => Some(Self::Cell),
            "r" => Some(Self::Run),
            _ => None,
        }
    }

    pub(crate) fn letters(self) -> &'static str {
        match self {
            Self::Paragraph => "p",
            Self::Row => "tr",
            Self::Cell => "tc",
            Self::Run => "r",
        }
    }
}

/// The opening or closing of a tag without its counterpart; a range of characters of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnpairedBrace {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) is_open: bool,
}

/// Maps the typographic and full-width forms of a character to the one on a keyboard.
fn normalize(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '″' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | '′' | '＇' => '\'',
        '–' | '—' | '‑' | '−' => '-',
        '\u{a0}' | '\u{3000}' | '\t' | '\n' | '\u{2002}'..='\u{200a}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Returns the tags of a text in order, and the unpaired braces.
pub(crate) fn find(text: &str) -> (Vec<Tag>, Vec<UnpairedBrace>) {
    let characters: Vec<char> = text.chars().collect();
    let normalized: Vec<char> = characters.iter().map(|c| normalize(*c)).collect();
    let pair = |at: usize| (normalized.get(at).copied(), normalized.get(at + 1).copied());
    let (mut tags, mut unpaired, mut at) = (Vec::new(), Vec::new(), 0);
    while at < normalized.len() {
        let (kind, close) = match pair(at) {
            (Some('{'), Some('{')) => (TagKind::Print, ['}', '}']),
            (Some('{'), Some('%')) => (TagKind::Block, ['%', '}']),
            (Some('{'), Some('#')) => (TagKind::Comment, ['#', '}']),
            (Some('}' | '%' | '#'), Some('}')) => {
                unpaired.push(UnpairedBrace { start: at, end: at + 2, is_open: false });
                at += 2;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let Some((inner, end)) = read_to_close(&characters, &normalized, at + 2, close, kind) else {
            unpaired.push(UnpairedBrace { start: at, end: at + 2, is_open: true });
            at += 2;
            continue;
        };
        let (carrier, inner) = split_carrier(&inner);
        tags.push(Tag { start: at, end, kind, carrier, inner });
        at = end;
    }
    (tags, unpaired)
}

/// Returns the normalized text of a tag and the position after its end, or `None` if another tag begins first.
fn read_to_close(
    characters: &[char],
    normalized: &[char],
    from: usize,
    close: [char; 2],
    kind: TagKind,
) -> Option<(String, usize)> {
    let (mut inner, mut quote, mut at) = (String::new(), None, from);
    loop {
        let c = *normalized.get(at)?;
        let pair = [c, normalized.get(at + 1).copied().unwrap_or_default()];
        let is_quote = matches!(c, '"' | '\'') && kind != TagKind::Comment;
        match quote {
            // A quoted string stays as typed, up to its closing quote.
            Some(open) if is_quote && c == open => {
                quote = None;
                inner.push(c);
            }
            Some(_) if matches!(pair, ['{', '{' | '%']) => return None,
            Some(_) => inner.push(*characters.get(at)?),
            None if pair == close => return Some((inner, at + 2)),
            None if matches!(pair, ['{', '{' | '%']) => return None,
            None => {
                if is_quote {
                    quote = Some(c);
                }
                inner.push(c);
            }
        }
        at += 1;
    }
}

/// Splits off the letters of a carrier, which count only if a space and more text follow.
fn split_carrier(inner: &str) -> (Option<Carrier>, String) {
    let letters: String = inner.chars().take_while(char::is_ascii_lowercase).collect();
    let rest = inner.get(letters.len()..).unwrap_or_default();
    match Carrier::of(&letters).filter(|_| rest.starts_with(' ') && !rest.trim().is_empty()) {
        Some(carrier) => (Some(carrier), rest.trim().to_owned()),
        None => (None, inner.trim().to_owned()),
    }
}

impl Tag {
    /// Returns the tag in Tera's syntax; a comment is empty.
    pub(crate) fn text(&self) -> String {
        let inner = &self.inner;
        match self.kind {
            TagKind::Print => format!("{{{{ {inner} }}}}"),
            TagKind::Block => format!("{{% {} %}}", inner.trim_matches('-').trim()),
            TagKind::Comment => String::new(),
        }
    }

    /// Returns the first word of a block: `for`, `if`, `endfor`.
    pub(crate) fn word(&self) -> &str {
        let inner = self.inner.trim_matches('-').trim_start();
        inner.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_is_read_whatever_the_word_processor_made_of_it() {
        for (text, inner) in [
            ("共{{ n }}个", "n"),
            ("共｛｛ n ｝｝个", "n"),
            ("｛{n｝}", "n"),
            ("{{ count(disposition=“on_site”) }}", "count(disposition=\"on_site\")"),
            ("{{ x or ‘—’ }}", "x or '—'"),
            ("{{ values（of=“unit”）｜join（sep=“、”） }}", "values(of=\"unit\")|join(sep=\"、\")"),
            ("{{\u{a0}n　}}", "n"),
            ("{{ \"，（“\" }}", "\"，（“ }}"),
            ("{{ a[“}}”] }}", "a[\"}}\"]"),
        ] {
            let (tags, unpaired) = find(text);
            if inner == "\"，（“ }}" {
                // Straight and typographic quotes count as the same, so this string is never closed.
                assert!(tags.is_empty() && unpaired[0].is_open, "{text}");
                continue;
            }
            assert_eq!(tags.iter().map(|tag| tag.inner.as_str()).collect::<Vec<_>>(), [inner], "{text}");
            assert!(unpaired.is_empty(), "{text}");
        }
    }

    #[test]
    fn letters_make_a_carrier_only_where_more_follows() {
        let read = |text: &str| find(text).0.first().map(|tag| (tag.carrier, tag.inner.clone())).unwrap();
        assert_eq!(read("{%tr for i in issues() %}"), (Some(Carrier::Row), "for i in issues()".to_owned()));
        assert_eq!(read("{%p endif %}"), (Some(Carrier::Paragraph), "endif".to_owned()));
        assert_eq!(read("{{p table() }}"), (Some(Carrier::Paragraph), "table()".to_owned()));
        assert_eq!(read("{{p}}"), (None, "p".to_owned()));
        assert_eq!(read("{{ r }}"), (None, "r".to_owned()));
        assert_eq!(read("{{ p x }}"), (None, "p x".to_owned()));
    }

    #[test]
    fn a_brace_without_its_other_half_is_told() {
        let unpaired = |text: &str| {
            find(text).1.into_iter().map(|unpaired| (unpaired.start, unpaired.is_open)).collect::<Vec<_>>()
        };
        assert_eq!(unpaired("共{{ n 个"), [(1, true)]);
        assert_eq!(unpaired("共{{ n }个{{ m }}"), [(1, true)]);
        assert_eq!(unpaired("共 n }}个"), [(4, false)]);
        assert_eq!(unpaired("{ n } 100%}"), [(9, false)]);
        assert_eq!(unpaired("a { b } 50% #c"), []);
    }

    proptest! {
        /// Tags are in order and inside the text, whatever is typed.
        #[test]
        fn tags_lie_in_the_text(text in "([{}%#\"“”‘ ｛｝％a甲r]|tr |p ){0,40}") {
            let (tags, unpaired) = find(&text);
            let count = text.chars().count();
            let mut last = 0;
            for tag in &tags {
                prop_assert!(last <= tag.start && tag.start + 4 <= tag.end && tag.end <= count);
                last = tag.end;
            }
            prop_assert!(unpaired.iter().all(|unpaired| unpaired.end <= count));
        }
    }
}
