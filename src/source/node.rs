//! What YAML and JSON are read as: nodes with places, and why they could not be read.

use std::io;

use crate::place::Place;

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
    /// A scalar or an alias, to be read with `Reader::node`.
    Leaf(Place),
    /// The current mapping or list ends.
    End,
    /// The document ends.
    Nothing,
}
