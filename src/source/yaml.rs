//! Reads YAML and JSON as nodes with places, from a stream of events.
//!
//! Scalars stay text (`8.30` must not become 8.3, `是` is not a boolean), and every key and value keeps its place.
//! Limits on depth, nodes and text stop alias bombs and absurd nesting. JSON is YAML in flow style; what is strict JSON
//! has a reader of its own, which makes the same nodes.

use std::io::{self, Read};
use std::rc::Rc;

use granit_parser::{ErrorKind, Event, FallibleBufferedInput, Parser, ScalarStyle, Span};

use crate::place::{OneBased, Place, SourceId, Spot};
use crate::source::json::JsonReader;
pub use crate::source::json::is_strict as is_strict_json;
pub use crate::source::node::{MAX_DEPTH, MAX_NODES, MAX_SCALAR, Next, Node, Value, YamlError};

/// The characters of a decoded text, as input for the parser.
struct Chars<R> {
    input: R,
    buffer: Vec<u8>,
    range: (usize, usize),
}

impl<R: Read> Iterator for Chars<R> {
    type Item = Result<char, ErrorKind>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let bytes = &self.buffer[self.range.0..self.range.1];
            if let Some(first) = bytes.first() {
                let length = match first {
                    0x00..=0x7f => 1,
                    0x80..=0xdf => 2,
                    0xe0..=0xef => 3,
                    _ => 4,
                };
                if bytes.len() >= length {
                    let found = std::str::from_utf8(&bytes[..length]).ok().and_then(|text| text.chars().next());
                    self.range.0 += length;
                    return Some(Ok(found.unwrap_or(char::REPLACEMENT_CHARACTER)));
                }
            }
            self.buffer.copy_within(self.range.0..self.range.1, 0);
            self.range = (0, self.range.1 - self.range.0);
            match self.input.read(&mut self.buffer[self.range.1..]) {
                Ok(0) if self.range.1 == 0 => return None,
                Ok(0) => {
                    // A truncated character at the end of the text; the decoder never produces one.
                    self.range = (0, 0);
                    return Some(Ok(char::REPLACEMENT_CHARACTER));
                }
                Ok(more) => self.range.1 += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Some(Err(ErrorKind::InputIo { error: error.into() })),
            }
        }
    }
}

type Events<R> = Parser<'static, FallibleBufferedInput<Chars<R>>>;

/// Reads a document event by event, so that a list of records needs constant memory.
pub struct Reader<R: Read>(Form<R>);

enum Form<R: Read> {
    Yaml(Box<EventReader<R>>),
    Json(Box<JsonReader<R>>),
}

impl<R: Read> Reader<R> {
    /// Creates a reader of decoded text.
    pub fn new(source: SourceId, text: R) -> Self {
        Self(Form::Yaml(Box::new(EventReader::new(source, text))))
    }

    /// Creates a reader of a text that is strict JSON ([`is_strict_json`]).
    pub fn json(source: SourceId, text: R) -> Self {
        Self(Form::Json(Box::new(JsonReader::new(source, text))))
    }

    /// Returns the next event without consuming it.
    ///
    /// A mapping or list must either be walked to its end with [`Reader::step`], or read whole with [`Reader::node`].
    ///
    /// # Errors
    /// The text is not YAML, or cannot be read.
    pub fn peek(&mut self) -> Result<Next, YamlError> {
        match &mut self.0 {
            Form::Yaml(reader) => reader.peek(),
            Form::Json(reader) => reader.peek(),
        }
    }

    /// Consumes the event that [`Reader::peek`] returned: enters a mapping or list, or leaves it at its end.
    ///
    /// # Errors
    /// As [`Reader::peek`].
    pub fn step(&mut self) -> Result<(), YamlError> {
        match &mut self.0 {
            Form::Yaml(reader) => reader.step(),
            Form::Json(reader) => reader.step(),
        }
    }

    /// Takes back a node that is used no more, so that the next ones can use its memory.
    pub fn recycle(&mut self, node: Node) {
        if let Form::Json(reader) = &mut self.0 {
            reader.recycle(node);
        }
    }

    /// Reads the next node whole. The limit on nodes applies to each call separately.
    ///
    /// # Errors
    /// The text is not YAML, cannot be read, or exceeds a limit.
    pub fn node(&mut self) -> Result<Node, YamlError> {
        match &mut self.0 {
            Form::Yaml(reader) => reader.node(),
            Form::Json(reader) => reader.node(),
        }
    }
}

/// Reads the events of the YAML parser.
struct EventReader<R: Read> {
    source: SourceId,
    events: Events<R>,
    ahead: Option<(Event<'static>, Span)>,
    anchors: Vec<(usize, Rc<Node>)>,
    budget: usize,
}

impl<R: Read> EventReader<R> {
    fn new(source: SourceId, text: R) -> Self {
        let chars = Chars { input: text, buffer: vec![0; 64 * 1024], range: (0, 0) };
        let options = granit_parser::options! { emit_comments: false };
        let events = Parser::new_from_fallible_iter_with_options(chars, options);
        Self { source, events, ahead: None, anchors: Vec::new(), budget: MAX_NODES }
    }

    fn peek(&mut self) -> Result<Next, YamlError> {
        loop {
            let source = self.source;
            let Some((event, span)) = self.look()? else { return Ok(Next::Nothing) };
            let place = place_of(source, span);
            return Ok(match event {
                Event::MappingStart(..) => Next::Map(place),
                Event::SequenceStart(..) => Next::List(place),
                Event::Scalar(..) | Event::Alias(_) => Next::Leaf(place),
                Event::MappingEnd | Event::SequenceEnd => Next::End,
                Event::StreamEnd => Next::Nothing,
                _ => {
                    self.take()?;
                    continue;
                }
            });
        }
    }

    fn step(&mut self) -> Result<(), YamlError> {
        self.take().map(|_| ())
    }

    fn node(&mut self) -> Result<Node, YamlError> {
        self.budget = MAX_NODES;
        self.peek()?;
        self.node_at(0)
    }

    fn node_at(&mut self, depth: usize) -> Result<Node, YamlError> {
        let Some((event, span)) = self.take()? else {
            let place = Place::file(self.source);
            return Err(YamlError::Syntax { place, detail: "unexpected end of the text".to_owned() });
        };
        let place = place_of(self.source, &span);
        let complex = |limit, allowed| YamlError::TooComplex { place, limit, allowed };
        if depth > MAX_DEPTH {
            return Err(complex("depth", MAX_DEPTH));
        }
        self.spend(1, place)?;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                if text.len() > MAX_SCALAR {
                    return Err(complex("text", MAX_SCALAR));
                }
                let plain = style == ScalarStyle::Plain;
                (Value::Scalar { text: text.into_owned(), plain }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut items = Vec::new();
                while !self.at_end()? {
                    items.push(self.node_at(depth + 1)?);
                }
                self.take()?;
                (Value::List(items), anchor)
            }
            Event::MappingStart(_, anchor, _) => {
                let mut pairs = Vec::new();
                while !self.at_end()? {
                    let key = self.node_at(depth + 1)?;
                    pairs.push((key, self.node_at(depth + 1)?));
                }
                self.take()?;
                (Value::Map(pairs), anchor)
            }
            Event::Alias(id) => {
                let Some(node) =
                    self.anchors.iter().rev().find(|(anchor, _)| *anchor == id).map(|(_, node)| node.clone())
                else {
                    let detail = "an alias inside the value it refers to".to_owned();
                    return Err(YamlError::Syntax { place, detail });
                };
                self.spend(count(&node), place)?;
                return Ok(Node { place, value: node.value.clone() });
            }
            _ => return Err(YamlError::Syntax { place, detail: "a value is missing".to_owned() }),
        };
        let node = Node { place, value };
        if anchor != 0 {
            self.anchors.push((anchor, Rc::new(node.clone())));
        }
        Ok(node)
    }

    fn at_end(&mut self) -> Result<bool, YamlError> {
        Ok(matches!(self.peek()?, Next::End | Next::Nothing))
    }

    /// Counts nodes against the limit.
    fn spend(&mut self, nodes: usize, place: Place) -> Result<(), YamlError> {
        let Some(left) = self.budget.checked_sub(nodes) else {
            return Err(YamlError::TooComplex { place, limit: "nodes", allowed: MAX_NODES });
        };
        self.budget = left;
        Ok(())
    }

    fn look(&mut self) -> Result<Option<&(Event<'static>, Span)>, YamlError> {
        if self.ahead.is_none() {
            self.ahead = self.pull()?;
        }
        Ok(self.ahead.as_ref())
    }

    fn take(&mut self) -> Result<Option<(Event<'static>, Span)>, YamlError> {
        match self.ahead.take() {
            Some(event) => Ok(Some(event)),
            None => self.pull(),
        }
    }

    fn pull(&mut self) -> Result<Option<(Event<'static>, Span)>, YamlError> {
        match self.events.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => Err(match error.kind() {
                ErrorKind::InputIo { error } => YamlError::Io(io::Error::other(error.to_string())),
                kind => {
                    let place = mark_of(self.source, error.marker().line(), error.marker().col(), 1);
                    YamlError::Syntax { place, detail: kind.to_string() }
                }
            }),
        }
    }
}

/// Reads a small document whole, such as a config. An empty document is an empty mapping.
///
/// # Errors
/// As [`Reader::node`].
pub fn read_all(source: SourceId, text: &str) -> Result<Node, YamlError> {
    let mut reader = Reader::new(source, text.as_bytes());
    match reader.peek()? {
        Next::Nothing | Next::End => Ok(Node { place: Place::file(source), value: Value::Map(Vec::new()) }),
        _ => reader.node(),
    }
}

fn count(node: &Node) -> usize {
    match &node.value {
        Value::Scalar { .. } => 1,
        Value::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Map(pairs) => 1 + pairs.iter().map(|(key, value)| count(key) + count(value)).sum::<usize>(),
    }
}

fn place_of(source: SourceId, span: &Span) -> Place {
    let length = if span.end.line() == span.start.line() { span.end.col().saturating_sub(span.start.col()) } else { 1 };
    mark_of(source, span.start.line(), span.start.col(), length.max(1))
}

/// Converts a position of the parser, which counts lines from 1 and columns from 0.
fn mark_of(source: SourceId, line: usize, column: usize, length: usize) -> Place {
    let line = OneBased::from_one(u32::try_from(line).unwrap_or(u32::MAX));
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    Place { source, line, spot: Spot::Chars { column: OneBased::from_zero(column), length } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write as _;

    fn read(text: &str) -> Result<Node, YamlError> {
        read_all(SourceId(0), text)
    }

    fn at(node: &Node) -> (u32, u32) {
        match node.place.spot {
            Spot::Chars { column, .. } => (node.place.line.get(), column.get()),
            _ => (node.place.line.get(), 0),
        }
    }

    #[test]
    fn keys_and_values_keep_their_places_and_their_text() {
        let node = read("单位: 贾陈社区\n期限: 8.30\n销号: 是\n\"q\": \"~\"\nn: ~\n").unwrap();
        let Value::Map(pairs) = node.value else { panic!() };
        let got: Vec<_> = pairs.iter().map(|(key, value)| (key.scalar(), at(key), value.scalar(), at(value))).collect();
        assert_eq!(
            got,
            [
                (Some("单位"), (1, 1), Some("贾陈社区"), (1, 5)),
                (Some("期限"), (2, 1), Some("8.30"), (2, 5)),
                (Some("销号"), (3, 1), Some("是"), (3, 5)),
                (Some("q"), (4, 1), Some("~"), (4, 6)),
                (Some("n"), (5, 1), Some(""), (5, 4)),
            ]
        );
    }

    #[test]
    fn json_is_read_as_json() {
        let node = read("{\n\t\"unit\": \"a\\/b \\u8d3e\",\n\t\"tags\": [\"x\", null, 1.50, true]\n}").unwrap();
        let Value::Map(pairs) = node.value else { panic!() };
        assert_eq!(pairs[0].1.scalar(), Some("a/b 贾"));
        let Value::List(items) = &pairs[1].1.value else { panic!() };
        assert_eq!(
            items.iter().map(Node::scalar).collect::<Vec<_>>(),
            [Some("x"), Some(""), Some("1.50"), Some("true")]
        );
    }

    #[test]
    fn an_alias_stands_for_its_anchor_and_a_bomb_is_stopped() {
        let node = read("a: &x {u: 1}\nb: *x\n").unwrap();
        let Value::Map(pairs) = node.value else { panic!() };
        assert_eq!(pairs[0].1.value, pairs[1].1.value);
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let before = vec![format!("*a{}", level - 1); 9].join(", ");
            let _ = writeln!(bomb, "a{level}: &a{level} [{before}]");
        }
        assert!(matches!(read(&bomb), Err(YamlError::TooComplex { limit: "nodes", .. })));
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert!(matches!(read(&deep), Err(YamlError::TooComplex { limit: "depth", .. })));
        assert!(matches!(read("a: &x [*x]\n"), Err(YamlError::Syntax { .. })));
    }

    #[test]
    fn broken_text_says_where() {
        let Err(YamlError::Syntax { place, .. }) = read("a: 1\nb: [1, 2\nc: 3\n") else { panic!() };
        assert!(place.line.get() >= 2);
    }

    /// All that a reader tells of a text, up to its end or an error.
    fn told(mut reader: Reader<&[u8]>) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            let next = reader.peek();
            told.push(format!("{next:?}"));
            match next {
                Ok(Next::Nothing) | Err(_) => return told,
                Ok(Next::Leaf(_)) => told.push(format!("{:?}", reader.node())),
                Ok(_) => reader.step().unwrap(),
            }
        }
    }

    /// Whether a text is strict JSON; if so, both readers tell the same of it.
    fn is_json_and_same(text: &str) -> bool {
        let bytes = text.as_bytes();
        if !is_strict_json(bytes).unwrap() {
            return false;
        }
        assert_eq!(told(Reader::json(SourceId(3), bytes)), told(Reader::new(SourceId(3), bytes)), "{text:?}");
        let whole = |mut reader: Reader<&[u8]>| format!("{:?}", reader.node());
        assert_eq!(whole(Reader::json(SourceId(3), bytes)), whole(Reader::new(SourceId(3), bytes)), "{text:?}");
        // The items of a list, each read with the memory of the one before.
        let items = |mut reader: Reader<&[u8]>| {
            let mut items = Vec::new();
            reader.peek().unwrap();
            reader.step().unwrap();
            while !matches!(reader.peek(), Ok(Next::End | Next::Nothing)) {
                let node = reader.node().unwrap();
                items.push(node.clone());
                reader.recycle(node);
            }
            items
        };
        assert_eq!(items(Reader::json(SourceId(3), bytes)), items(Reader::new(SourceId(3), bytes)), "{text:?}");
        true
    }

    #[test]
    fn json_is_what_the_yaml_parser_makes_of_it() {
        let long = format!("[\"{}甲\\n{}\", 1]", "x".repeat(70_000), "\\u8d3e".repeat(20_000));
        let wide = format!("[{}]", "{\"键\": \"值，\"},\n".repeat(20_000) + "0");
        let key = |length: usize| format!("{{\"{}\": 1}}", "k".repeat(length));
        for (text, is_strict) in [
            ("[]", true),
            ("{}\n", true),
            ("{\r\n\t\"a\" : [1, -2.50e+3, true,false , null],\r\"b\":{\"\":\"\"}}", true),
            (r#"["\ud83d\ude00 \u8d3e \/ \b\f\n\r\t \" \\", "😀，“引”"]"#, true),
            (&long, true),
            (&wide, true),
            (&key(900), true),
            (&key(1020), false),
            (" []", false),
            ("[1,]", false),
            ("{\"a\": 1,}", false),
            ("[01]", false),
            ("[1.]", false),
            ("[+1]", false),
            ("[nul]", false),
            ("[\"\t\"]", false),
            (r#"["\ud83d"]"#, false),
            (r#"["\x41"]"#, false),
            ("['a']", false),
            ("[1 2]", false),
            ("[1] # one", false),
            ("[1]\n[2]", false),
            ("[", false),
            ("", false),
            ("1", false),
            ("{\"a\"\n: 1}", false),
            ("[\"\u{2028}\"]", false),
            ("[\"\u{feff}\"]", false),
        ] {
            assert_eq!(is_json_and_same(text), is_strict, "{text:.60}");
        }
    }

    proptest! {
        /// Of text like JSON, both readers tell the same, if it is strict JSON at all.
        #[test]
        fn json_is_read_as_yaml(
            text in prop_oneof![
                "\\[([ \t\r\n]{0,2}(\"([a甲，“é\u{a0}😀]|\\\\[\"\\\\/bfnrtu]|\\\\u00[4e]9){0,4}\"|-?(0|[1-9][0-9]?)([.][05])?(e[+-]?1)?|true|null)[ \t\r\n]{0,2},){0,4}0[ \n]?\\]",
                "\\{(\n?\"[a键]{1,2}\" {0,2}:[ \t\r\n]{0,2}(\"x\"|1|\\[\\]|\\[\"y\", \\{\\}\\]),){0,4}\r?\n?\"z\":null[ \n]?\\}",
                "[\\[\\]{}\",:a1甲 \n\t\r\\\\#'&*-]{0,24}",
            ],
            cut in 0..400_usize,
        ) {
            is_json_and_same(&text);
            let cut = text.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(text.len());
            is_json_and_same(&format!("{}{}", &text[..cut], text[cut..].chars().skip(1).collect::<String>()));
        }
    }
}
