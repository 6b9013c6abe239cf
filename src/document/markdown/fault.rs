//! What a document can't hold.

/// Maximum nesting depth of lists and emphasis, which readers and writers process recursively.
pub const MAX_DEPTH: usize = 32;

/// An unsupported construct and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownFault {
    /// The line in the given text, from 1.
    pub line: usize,
    /// The construct.
    pub what: Unsupported,
}

/// The constructs that documents do not support.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// A heading of more than five `#`.
    DeepHeading,
    /// A heading underlined with `===` or `---`.
    UnderlinedHeading,
    /// Emphasis in an attachment's title or a caption, which are plain text.
    EmphasisInTitle,
    /// A heading, attachment or page break in a list.
    StructureInList,
    /// A block quote.
    Quote,
    /// A code block, fenced or indented.
    CodeBlock,
    /// Inline `` `code` ``.
    Code,
    /// A thematic break (`---`).
    Rule,
    /// An image that is no photo in a table of photos, with its address.
    Image(String),
    /// A link whose title would be lost.
    LinkTitle(String),
    /// A link definition, `[name]: address`.
    LinkDefinition,
    /// Raw HTML that is neither `<br>` nor a comment.
    Html(String),
    /// An unclosed comment.
    OpenComment,
    /// A page break inside a line: of a paragraph, heading or cell.
    PageBreakInLine,
    /// A table row with more cells than the header.
    LongRow,
    /// A caption that is not followed by a table.
    LostCaption,
    /// A mark of a chart that is not followed by a table, or whose form is unknown, with that form.
    LostChart(String),
    /// A mark of photos that is not followed by a table.
    LostPhotos,
    /// Lists or emphasis nested more than [`MAX_DEPTH`] deep.
    TooDeep,
    /// Another construct, by the parser's name for it.
    Other(String),
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DeepHeading => f.write_str("a heading with more than five #"),
            Self::UnderlinedHeading => f.write_str("an underlined heading"),
            Self::EmphasisInTitle => f.write_str("emphasis in a title or caption"),
            Self::StructureInList => f.write_str("a heading or page break in a list"),
            Self::Quote => f.write_str("a block quote"),
            Self::CodeBlock => f.write_str("a code block"),
            Self::Code => f.write_str("inline code"),
            Self::Rule => f.write_str("a thematic break"),
            Self::Image(address) => write!(
                f,
                "an image: {address}; photos stand in a table after `<!-- photos -->`, one in a cell: ![caption](photo:ID), or in columns of workbooks, whose heads begin with !+"
            ),
            Self::LinkTitle(title) => write!(f, "a link with a title: {title}"),
            Self::LinkDefinition => f.write_str("a link definition"),
            Self::Html(tag) => write!(f, "raw HTML: {tag}"),
            Self::OpenComment => f.write_str("an unclosed comment"),
            Self::PageBreakInLine => f.write_str("a page break inside a line"),
            Self::LongRow => f.write_str("a table row with more cells than the header"),
            Self::LostCaption => f.write_str("a caption that is not followed by a table"),
            Self::LostChart(form) => write!(f, "a chart of the form {form:?} that is not followed by a table"),
            Self::LostPhotos => f.write_str("a mark of photos that is not followed by a table"),
            Self::TooDeep => write!(f, "lists or emphasis nested more than {MAX_DEPTH} deep"),
            Self::Other(name) => write!(f, "{name}"),
        }
    }
}

impl std::fmt::Display for MarkdownFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for MarkdownFault {}
