//! Reads YAML and JSON as nodes with places, from a stream of events.
//!
//! Scalars stay text (`8.30` must not become 8.3, `是` is not a boolean), and every key and value keeps its place.
//! Limits on depth, nodes and text stop alias bombs and absurd nesting. JSON is read as YAML in flow style.

use std::io::{self, Read};
use std::rc::Rc;

use granit_parser::{ErrorKind, Event, FallibleBufferedInput, Parser, ScalarStyle, Span};

use crate::place::{OneBased, Place, SourceId, Spot};

/// Maximum nesting depth of nodes.
pub const MAX_DEPTH: usize = 64;
/// Maximum number of nodes in a record, a config or an anchor, with aliases expanded.
pub const MAX_NODES: usize = 200_000;
/// Maximum length of a scalar in bytes.
pub const MAX_SCALAR: usize = 4 * 1024 * 1024;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// The value.
    pub value: Value,
}

/// The three kinds of YAML nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text as written, with quotes and escapes resolved.
    Scalar {
        /// The text.
        text: String,
        /// Whether it was not quoted: only then are an empty text, `~` and `null` null.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order written; duplicate keys are kept.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Returns the text of a scalar, empty for a plain `null` or `~`; `None` for a list or a mapping.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, plain: true } if matches!(text.as_str(), "~" | "null" | "Null" | "NULL") => Some(""),
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether the value is null: `key:` alone, `~`, `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { plain: true, .. }) && self.scalar() == Some("")
    }

    /// Returns the kind of node, as a word for messages.
    #[must_use]
    pub fn shape(&self) -> &'static str {
        match self.value {
            Value::Scalar { .. } => "text",
            Value::List(_) => "list",
            Value::Map(_) => "mapping",
        }
    }
}

/// Why reading stopped. Everything before the place has been read.
#[derive(Debug)]
pub enum YamlError {
    /// The text is not YAML.
    Syntax {
        /// Where.
        place: Place,
        /// The parser's message, in English.
        detail: String,
    },
    /// A limit is exceeded: depth, nodes, or the length of a scalar.
    TooComplex {
        /// Where.
        place: Place,
        /// The name of the limit.
        limit: &'static str,
        /// Its value.
        allowed: usize,
    },
    /// The file cannot be read any further.
    Io(io::Error),
}

/// What comes next in a document.
#[derive(Debug)]
pub enum Next {
    /// A mapping begins; its keys follow.
    Map(Place),
    /// A list begins; its items follow.
    List(Place),
    /// A scalar or an alias, to be read with [`Reader::node`].
    Leaf(Place),
    /// The current mapping or list ends.
    End,
    /// The document ends.
    Nothing,
}

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
pub struct Reader<R: Read> {
    source: SourceId,
    events: Events<R>,
    ahead: Option<(Event<'static>, Span)>,
    anchors: Vec<(usize, Rc<Node>)>,
    budget: usize,
}

impl<R: Read> Reader<R> {
    /// Creates a reader of decoded text.
    pub fn new(source: SourceId, text: R) -> Self {
        let chars = Chars { input: text, buffer: vec![0; 64 * 1024], range: (0, 0) };
        let options = granit_parser::options! { emit_comments: false };
        let events = Parser::new_from_fallible_iter_with_options(chars, options);
        Self { source, events, ahead: None, anchors: Vec::new(), budget: MAX_NODES }
    }

    /// Returns the next event without consuming it.
    ///
    /// A mapping or list must either be walked to its end with [`Reader::step`], or read whole with [`Reader::node`].
    ///
    /// # Errors
    /// The text is not YAML, or cannot be read.
    pub fn peek(&mut self) -> Result<Next, YamlError> {
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

    /// Consumes the event that [`Reader::peek`] returned: enters a mapping or list, or leaves it at its end.
    ///
    /// # Errors
    /// As [`Reader::peek`].
    pub fn step(&mut self) -> Result<(), YamlError> {
        self.take().map(|_| ())
    }

    /// Reads the next node whole. The limit on nodes applies to each call separately.
    ///
    /// # Errors
    /// The text is not YAML, cannot be read, or exceeds a limit.
    pub fn node(&mut self) -> Result<Node, YamlError> {
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
}
