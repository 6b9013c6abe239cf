//! Reads JSON as the nodes that the YAML parser would make of it, several times as fast.
//!
//! Only a text that is strict JSON throughout is read here ([`is_strict`]); whatever else there is (comments, a comma too
//! many, a key without quotes) is for the YAML parser, which reads it or says what is wrong. So is the little that the
//! two grammars do not agree on: keys of more than [`MAX_KEY`] bytes, deep nesting, characters that YAML does not allow.

use std::io::{self, Read};
use std::ops::Range;

use crate::place::{OneBased, Place, SourceId, Spot};
use crate::source::node::{MAX_NODES, MAX_SCALAR, Next, Node, Value, YamlError};

/// Maximum depth of nesting, below that of a record: a bit for each level.
const MAX_DEPTH: u32 = 60;
/// Maximum length of a key in bytes. YAML looks 1,024 characters ahead to know that a text is a key.
const MAX_KEY: usize = 1000;
/// So many keys has a record, more or less.
const USUAL_PAIRS: usize = 12;
/// So many texts and lists of pairs are kept to be used again.
const SPARE: usize = 64;
/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// Whether a text is strict JSON, a list or a mapping, that the YAML parser would read in the same way. Reads all of it.
///
/// # Errors
/// The text cannot be read.
pub fn is_strict(text: impl Read) -> io::Result<bool> {
    let mut tokens = Tokens::new(text, false);
    loop {
        match tokens.next() {
            Ok(Token::Nothing) => return Ok(true),
            Ok(_) => {}
            Err(Stop::NotStrict) => return Ok(false),
            Err(Stop::Io(error)) => return Err(error),
        }
    }
}

/// Reads a text that [`is_strict`], with the methods of [`crate::source::yaml::Reader`].
pub(super) struct JsonReader<R> {
    source: SourceId,
    tokens: Tokens<R>,
    ahead: Option<Token>,
    budget: usize,
    /// Texts and pairs of nodes that are used no more; their memory is used again.
    texts: Vec<String>,
    pairs: Vec<Vec<(Node, Node)>>,
}

impl<R: Read> JsonReader<R> {
    pub(super) fn new(source: SourceId, text: R) -> Self {
        Self {
            source,
            tokens: Tokens::new(text, true),
            ahead: None,
            budget: MAX_NODES,
            texts: Vec::new(),
            pairs: Vec::new(),
        }
    }

    pub(super) fn peek(&mut self) -> Result<Next, YamlError> {
        let token = self.look()?;
        Ok(match token {
            Token::Map => Next::Map(self.place()),
            Token::List => Next::List(self.place()),
            Token::Quoted { .. } | Token::Plain => Next::Leaf(self.place()),
            Token::End => Next::End,
            Token::Nothing => Next::Nothing,
        })
    }

    pub(super) fn step(&mut self) -> Result<(), YamlError> {
        self.look()?;
        self.ahead = None;
        Ok(())
    }

    pub(super) fn node(&mut self) -> Result<Node, YamlError> {
        self.budget = MAX_NODES;
        self.node_here()
    }

    /// Takes back a node that is used no more.
    pub(super) fn recycle(&mut self, node: Node) {
        match node.value {
            Value::Scalar { text, .. } if self.texts.len() < SPARE && text.capacity() < CHUNK => self.texts.push(text),
            Value::Map(mut pairs) => {
                for (key, value) in pairs.drain(..) {
                    self.recycle(key);
                    self.recycle(value);
                }
                if self.pairs.len() < SPARE {
                    self.pairs.push(pairs);
                }
            }
            Value::Scalar { .. } | Value::List(_) => {}
        }
    }

    /// The text of the last token.
    fn text(&mut self, has_escapes: bool) -> String {
        let mut text = self.texts.pop().unwrap_or_default();
        text.clear();
        push_text(&mut text, self.tokens.text(), has_escapes);
        text
    }

    fn node_here(&mut self) -> Result<Node, YamlError> {
        let token = self.look()?;
        self.ahead = None;
        let place = self.place();
        let complex = |limit, allowed| Err(YamlError::TooComplex { place, limit, allowed });
        self.budget = match self.budget.checked_sub(1) {
            Some(left) => left,
            None => return complex("nodes", MAX_NODES),
        };
        let value = match token {
            Token::Quoted { has_escapes } => {
                let text = self.text(has_escapes);
                if text.len() > MAX_SCALAR {
                    return complex("text", MAX_SCALAR);
                }
                Value::Scalar { text, plain: false }
            }
            Token::Plain => Value::Scalar { text: self.text(false), plain: true },
            Token::List => {
                let mut items = Vec::new();
                while self.look()? != Token::End {
                    items.push(self.node_here()?);
                }
                self.ahead = None;
                Value::List(items)
            }
            Token::Map => {
                let mut pairs = self.pairs.pop().unwrap_or_else(|| Vec::with_capacity(USUAL_PAIRS));
                while self.look()? != Token::End {
                    let key = self.node_here()?;
                    pairs.push((key, self.node_here()?));
                }
                self.ahead = None;
                Value::Map(pairs)
            }
            Token::End | Token::Nothing => return Err(changed(place)),
        };
        Ok(Node { place, value })
    }

    fn look(&mut self) -> Result<Token, YamlError> {
        if let Some(token) = self.ahead {
            return Ok(token);
        }
        let token = self.tokens.next().map_err(|stop| match stop {
            Stop::NotStrict => changed(self.place()),
            Stop::Io(error) => YamlError::Io(error),
        })?;
        self.ahead = Some(token);
        Ok(token)
    }

    /// The place of the last token.
    fn place(&self) -> Place {
        let Tokens { start: (line, column), length, .. } = self.tokens;
        let line = OneBased::from_one(u32::try_from(line).unwrap_or(u32::MAX));
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        Place { source: self.source, line, spot: Spot::Chars { column: OneBased::from_zero(column), length } }
    }
}

/// The text was strict JSON when it was read before.
fn changed(place: Place) -> YamlError {
    YamlError::Syntax { place, detail: "the text changed while it was read".to_owned() }
}

/// A token of JSON, without the commas and colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Map,
    List,
    /// The end of a mapping or list.
    End,
    /// A key or a text.
    Quoted {
        has_escapes: bool,
    },
    /// A number, `true`, `false` or `null`.
    Plain,
    /// The end of the text.
    Nothing,
}

/// What may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// The list or mapping that the text is, with nothing before it.
    Start,
    Value,
    /// A value, or the end of the list that just began.
    ValueOrEnd,
    Key,
    /// A key, or the end of the mapping that just began.
    KeyOrEnd,
    CommaOrEnd,
    Nothing,
}

/// Why there is no further token.
enum Stop {
    NotStrict,
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The tokens of a text.
struct Tokens<R> {
    input: R,
    is_checked: bool,
    buffer: Vec<u8>,
    /// The part of the buffer that is to be read.
    at: usize,
    filled: usize,
    expect: Expect,
    /// The mappings among the lists and mappings that are open: the lowest bit is that of the innermost.
    maps: u64,
    depth: u32,
    /// The line at `at`, from 1, and the number of characters before it on the line.
    line: usize,
    column: usize,
    /// Of the last token: its line and column, its length in characters, its text without quotes.
    start: (usize, usize),
    length: usize,
    text: Range<usize>,
}

/// What a byte means within quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InQuotes {
    Text,
    Quote,
    Backslash,
    /// Not allowed in JSON or YAML.
    Control,
    /// The first byte of a character that may be one that YAML does not allow, or takes for the end of a line.
    Suspect,
}

/// [`InQuotes`] of each byte.
const IN_QUOTES: [InQuotes; 256] = {
    let mut table = [InQuotes::Text; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = InQuotes::Control;
        byte += 1;
    }
    table[0x7f] = InQuotes::Control;
    table[b'"' as usize] = InQuotes::Quote;
    table[b'\\' as usize] = InQuotes::Backslash;
    table[0xc2] = InQuotes::Suspect;
    table[0xe2] = InQuotes::Suspect;
    table[0xef] = InQuotes::Suspect;
    table
};

/// Whether a byte within quotes is a control, or begins a character that may be none of YAML.
fn is_suspect(byte: u8) -> bool {
    IN_QUOTES[usize::from(byte)] != InQuotes::Text
}

impl<R: Read> Tokens<R> {
    /// Creates the tokens of a text; `is_checked` if it is known that YAML allows all characters between its quotes.
    fn new(input: R, is_checked: bool) -> Self {
        Self {
            input,
            is_checked,
            buffer: vec![0; CHUNK],
            at: 0,
            filled: 0,
            expect: Expect::Start,
            maps: 0,
            depth: 0,
            line: 1,
            column: 0,
            start: (1, 0),
            length: 0,
            text: 0..0,
        }
    }

    /// The text of the last token, as written between its quotes.
    fn text(&self) -> &[u8] {
        &self.buffer[self.text.clone()]
    }

    fn next(&mut self) -> Result<Token, Stop> {
        loop {
            let Some(byte) = self.next_visible()? else {
                self.start = (self.line, self.column);
                return if self.expect == Expect::Nothing { Ok(Token::Nothing) } else { Err(Stop::NotStrict) };
            };
            self.start = (self.line, self.column);
            self.length = 1;
            let is_in_map = self.maps & 1 != 0;
            return match (self.expect, byte) {
                (Expect::CommaOrEnd, b',') => {
                    self.skip(1);
                    self.expect = if is_in_map { Expect::Key } else { Expect::Value };
                    continue;
                }
                (Expect::ValueOrEnd, b']') | (Expect::KeyOrEnd, b'}') => Ok(self.close()),
                (Expect::CommaOrEnd, b']') if !is_in_map => Ok(self.close()),
                (Expect::CommaOrEnd, b'}') if is_in_map => Ok(self.close()),
                (Expect::Start | Expect::Value | Expect::ValueOrEnd, b'{') => self.open(Token::Map),
                (Expect::Start | Expect::Value | Expect::ValueOrEnd, b'[') => self.open(Token::List),
                (Expect::Key | Expect::KeyOrEnd, b'"') => self.key(),
                (Expect::Value | Expect::ValueOrEnd, b'"') => {
                    self.expect = Expect::CommaOrEnd;
                    self.quoted()
                }
                (Expect::Value | Expect::ValueOrEnd, b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                    self.expect = Expect::CommaOrEnd;
                    self.plain()
                }
                _ => Err(Stop::NotStrict),
            };
        }
    }

    /// The next byte that is no white space, without consuming it.
    fn next_visible(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            if self.at == self.filled && !self.fill(self.at)? {
                return Ok(None);
            }
            match self.buffer[self.at] {
                // Nothing may precede the list or the mapping, since YAML is strict about what does.
                b' ' | b'\t' | b'\n' | b'\r' if self.expect == Expect::Start => return Err(Stop::NotStrict),
                b' ' | b'\t' => {
                    let rest = &self.buffer[self.at..self.filled];
                    let run = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                    self.skip(run);
                    continue;
                }
                b'\n' => (self.line, self.column) = (self.line + 1, 0),
                b'\r' => {
                    // The line ends with the line feed that follows.
                    if self.at + 1 == self.filled {
                        self.fill(self.at)?;
                    }
                    if self.buffer[..self.filled].get(self.at + 1) != Some(&b'\n') {
                        (self.line, self.column) = (self.line + 1, 0);
                    }
                }
                byte => return Ok(Some(byte)),
            }
            self.at += 1;
        }
    }

    /// Reads on; what begins at `keep` stays in the buffer, whose first byte it becomes. False at the end of the text.
    fn fill(&mut self, keep: usize) -> io::Result<bool> {
        self.buffer.copy_within(keep..self.filled, 0);
        self.at -= keep;
        self.filled -= keep;
        if self.filled == self.buffer.len() {
            self.buffer.resize(2 * self.filled, 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(more) => {
                    self.filled += more;
                    return Ok(more > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn skip(&mut self, characters: usize) {
        self.at += characters;
        self.column += characters;
    }

    fn open(&mut self, token: Token) -> Result<Token, Stop> {
        if self.depth == MAX_DEPTH {
            return Err(Stop::NotStrict);
        }
        self.skip(1);
        self.depth += 1;
        let is_map = token == Token::Map;
        self.maps = self.maps << 1 | u64::from(is_map);
        self.expect = if is_map { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
        Ok(token)
    }

    fn close(&mut self) -> Token {
        self.skip(1);
        self.depth -= 1;
        self.maps >>= 1;
        self.expect = if self.depth == 0 { Expect::Nothing } else { Expect::CommaOrEnd };
        Token::End
    }

    /// Reads a key and the colon behind it, which must follow on the same line.
    fn key(&mut self) -> Result<Token, Stop> {
        let token = self.quoted()?;
        let mut length = self.text.len();
        loop {
            if self.at == self.filled {
                let before = self.text.start;
                self.fill(before)?;
                self.text = 0..self.text.end - before;
            }
            match self.buffer[..self.filled].get(self.at) {
                Some(b':') if length <= MAX_KEY => break,
                Some(b' ') if length <= MAX_KEY => length += 1,
                _ => return Err(Stop::NotStrict),
            }
            self.skip(1);
        }
        self.skip(1);
        self.expect = Expect::Value;
        Ok(token)
    }

    /// Reads a text in quotes, at the first of which it stands.
    fn quoted(&mut self) -> Result<Token, Stop> {
        self.at += 1;
        // Both quotes are characters of it.
        let (mut characters, mut has_escapes) = (2, false);
        let mut start = self.at;
        loop {
            let rest = &self.buffer[self.at..self.filled];
            let length = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            let part = &rest[..length];
            let suspect = if self.is_checked { None } else { part.iter().position(|byte| is_suspect(*byte)) };
            let part = &part[..suspect.unwrap_or(length)];
            // All but the bytes that continue a character.
            characters += part.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
            let kind = rest.get(part.len()).map(|byte| IN_QUOTES[usize::from(*byte)]);
            self.at += part.len();
            match kind {
                Some(InQuotes::Quote) => break,
                Some(InQuotes::Backslash) => {
                    let length = self.wanted(&mut start, 2, escape_length)?;
                    has_escapes = true;
                    characters += length;
                    self.at += length;
                }
                Some(InQuotes::Suspect) => {
                    self.wanted(&mut start, 3, |bytes| (!is_refused_by_yaml(bytes)).then_some(1))?;
                    characters += 1;
                    self.at += 1;
                }
                Some(InQuotes::Text | InQuotes::Control) => return Err(Stop::NotStrict),
                None => {
                    let has_more = self.fill(start)?;
                    start = 0;
                    if !has_more {
                        return Err(Stop::NotStrict);
                    }
                }
            }
        }
        self.text = start..self.at;
        self.at += 1;
        self.column += characters;
        self.length = characters;
        Ok(Token::Quoted { has_escapes })
    }

    /// Looks at the bytes that follow, at least `least` of them where the text has so many, while what begins at `start`
    /// stays in the buffer. `None` from `look` says that they are not strict JSON.
    fn wanted(
        &mut self,
        start: &mut usize,
        least: usize,
        look: impl Fn(&[u8]) -> Option<usize>,
    ) -> Result<usize, Stop> {
        // An escape of two surrogates is the longest of what is looked at.
        while self.filled - self.at < least.max(12) {
            let has_more = self.fill(*start)?;
            *start = 0;
            if !has_more {
                break;
            }
        }
        look(&self.buffer[self.at..self.filled]).ok_or(Stop::NotStrict)
    }

    /// Reads a number, `true`, `false` or `null`.
    fn plain(&mut self) -> Result<Token, Stop> {
        let mut end = self.at;
        loop {
            match self.buffer[..self.filled].get(end) {
                Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') => end += 1,
                Some(_) => break,
                None => {
                    let start = self.at;
                    end -= start;
                    if end > MAX_KEY || !self.fill(start)? {
                        return Err(Stop::NotStrict);
                    }
                }
            }
        }
        self.text = self.at..end;
        let text = self.text();
        if !(matches!(text, b"true" | b"false" | b"null") || is_number(text)) || text.len() > MAX_KEY {
            return Err(Stop::NotStrict);
        }
        self.length = text.len();
        self.skip(self.length);
        Ok(Token::Plain)
    }
}

/// Whether a text is a number of JSON: `-12`, `0.50`, `1e-7`.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || whole > 1 && text[0] == b'0' {
        return false;
    }
    let mut rest = &text[whole..];
    if let [b'.', decimals @ ..] = rest {
        let count = digits(decimals);
        if count == 0 {
            return false;
        }
        rest = &decimals[count..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

/// Whether a character is none of YAML, or may end a line for it: controls, U+2028 and U+2029, byte order marks,
/// noncharacters.
fn is_refused_by_yaml(bytes: &[u8]) -> bool {
    matches!(bytes, [0xc2, 0x80..=0x9f, ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..] | [0xef, 0xbb, 0xbf, ..])
        || matches!(bytes, [0xef, 0xbf, 0xbe | 0xbf, ..])
}

/// The length of the escape at the beginning of some bytes; a pair of surrogates is one.
fn escape_length(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => match code_unit(bytes)? {
            0xd800..=0xdbff => matches!(code_unit(&bytes[6..])?, 0xdc00..=0xdfff).then_some(12),
            0xdc00..=0xdfff => None,
            _ => Some(6),
        },
        _ => None,
    }
}

/// The number that `\uXXXX` at the beginning of some bytes stands for.
fn code_unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
}

/// Adds a text with its escapes resolved.
fn push_text(text: &mut String, written: &[u8], has_escapes: bool) {
    if !has_escapes {
        match std::str::from_utf8(written) {
            Ok(written) => text.push_str(written),
            Err(_) => text.push_str(&String::from_utf8_lossy(written)),
        }
        return;
    }
    let mut rest = written;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        text.push_str(&String::from_utf8_lossy(&rest[..at]));
        rest = &rest[at..];
        let length = escape_length(rest).unwrap_or(rest.len());
        text.push(match rest.get(1) {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = code_unit(rest).unwrap_or_default();
                let low = rest.get(6..length).and_then(code_unit);
                let code = low.map_or(high, |low| 0x10000 + ((high & 0x3ff) << 10 | low & 0x3ff));
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            byte => byte.map_or(char::REPLACEMENT_CHARACTER, |byte| char::from(*byte)),
        });
        rest = &rest[length..];
    }
    text.push_str(&String::from_utf8_lossy(rest));
}
