//! Tags in the text of a paragraph, as people type them into Word: found whatever braces and quotes the word processor
//! has made of them, and put right.

/// The statements that leave the XML whole. Others of Tera's cut it apart or read other files; docxtpl's `cellbg`,
/// `colspan`, `hm` and `vm` are not handled.
pub(crate) const STATEMENTS: [&str; 9] = ["if", "elif", "else", "endif", "for", "endfor", "set", "break", "continue"];

/// A tag: its place in the text, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Where it begins in the text of its paragraph, in characters.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    pub(crate) kind: TagKind,
    /// What it takes the place of.
    pub(crate) carrier: Option<Carrier>,
    /// What stands between its braces, put right.
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

/// What a tag takes with it: the paragraph, row, cell or run it stands in.
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
    /// By the letters that follow the brace.
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

/// A brace without its other half, in characters of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnpairedBrace {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) is_open: bool,
}

/// Braces, quotes and signs as a keyboard has them.
fn plain(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '″' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | '′' | '＇' => '\'',
        '–' | '—' | '‑' | '−' => '-',
        '\u{a0}' | '\u{3000}' | '\t' | '\n' | '\u{2002}'..='\u{200a}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The tags of a text in order, and the braces that are no tag.
pub(crate) fn find(text: &str) -> (Vec<Tag>, Vec<UnpairedBrace>) {
    let characters: Vec<char> = text.chars().collect();
    let plainly: Vec<char> = characters.iter().map(|c| plain(*c)).collect();
    let pair = |at: usize| (plainly.get(at).copied(), plainly.get(at + 1).copied());
    let (mut tags, mut loose, mut at) = (Vec::new(), Vec::new(), 0);
    while at < plainly.len() {
        let (kind, close) = match pair(at) {
            (Some('{'), Some('{')) => (TagKind::Print, ['}', '}']),
            (Some('{'), Some('%')) => (TagKind::Block, ['%', '}']),
            (Some('{'), Some('#')) => (TagKind::Comment, ['#', '}']),
            (Some('}' | '%' | '#'), Some('}')) => {
                loose.push(UnpairedBrace { start: at, end: at + 2, is_open: false });
                at += 2;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let Some((inner, end)) = end(&characters, &plainly, at + 2, close, kind) else {
            loose.push(UnpairedBrace { start: at, end: at + 2, is_open: true });
            at += 2;
            continue;
        };
        let (carrier, inner) = carrier(&inner);
        tags.push(Tag { start: at, end, kind, carrier, inner });
        at = end;
    }
    (tags, loose)
}

/// What stands in a tag, put right, and where the tag ends. Nothing if another one begins before its end.
fn end(characters: &[char], plainly: &[char], from: usize, close: [char; 2], kind: TagKind) -> Option<(String, usize)> {
    let (mut inner, mut quote, mut at) = (String::new(), None, from);
    loop {
        let c = *plainly.get(at)?;
        let pair = [c, plainly.get(at + 1).copied().unwrap_or_default()];
        let is_quote = matches!(c, '"' | '\'') && kind != TagKind::Comment;
        match quote {
            // A quoted text stays as it was typed, up to the quote that ends it.
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

/// The letters of a carrier at the beginning of a tag, where a blank and more follow.
fn carrier(inner: &str) -> (Option<Carrier>, String) {
    let letters: String = inner.chars().take_while(char::is_ascii_lowercase).collect();
    let rest = inner.get(letters.len()..).unwrap_or_default();
    match Carrier::of(&letters).filter(|_| rest.starts_with(' ') && !rest.trim().is_empty()) {
        Some(carrier) => (Some(carrier), rest.trim().to_owned()),
        None => (None, inner.trim().to_owned()),
    }
}

impl Tag {
    /// The tag as Tera reads it.
    pub(crate) fn text(&self) -> String {
        let inner = &self.inner;
        match self.kind {
            TagKind::Print => format!("{{{{ {inner} }}}}"),
            TagKind::Block => format!("{{% {} %}}", inner.trim_matches('-').trim()),
            TagKind::Comment => String::new(),
        }
    }

    /// The first word of a block: `for`, `if`, `endfor`.
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
            let (tags, loose) = find(text);
            if inner == "\"，（“ }}" {
                // The quotes of a keyboard and of a word processor are one and the same: this one is never closed.
                assert!(tags.is_empty() && loose[0].is_open, "{text}");
                continue;
            }
            assert_eq!(tags.iter().map(|tag| tag.inner.as_str()).collect::<Vec<_>>(), [inner], "{text}");
            assert!(loose.is_empty(), "{text}");
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
        let loose = |text: &str| find(text).1.into_iter().map(|loose| (loose.start, loose.is_open)).collect::<Vec<_>>();
        assert_eq!(loose("共{{ n 个"), [(1, true)]);
        assert_eq!(loose("共{{ n }个{{ m }}"), [(1, true)]);
        assert_eq!(loose("共 n }}个"), [(4, false)]);
        assert_eq!(loose("{ n } 100%}"), [(9, false)]);
        assert_eq!(loose("a { b } 50% #c"), []);
    }

    proptest! {
        /// Tags lie in the text, in order, and whatever is typed never stops the search.
        #[test]
        fn tags_lie_in_the_text(text in "([{}%#\"“”‘ ｛｝％a甲r]|tr |p ){0,40}") {
            let (tags, loose) = find(&text);
            let count = text.chars().count();
            let mut last = 0;
            for tag in &tags {
                prop_assert!(last <= tag.start && tag.start + 4 <= tag.end && tag.end <= count);
                last = tag.end;
            }
            prop_assert!(loose.iter().all(|loose| loose.end <= count));
        }
    }
}
