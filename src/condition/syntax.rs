//! Words to an untyped tree, by binding power: `or` binds least, then `and`, `not`, comparisons, `+` and `-`.

use std::ops::Range;

use chrono::NaiveDate;

use crate::condition::fault::{ConditionFault, ConditionProblem, MAX_DEPTH};
use crate::condition::token::{Token, TokenKind, tokens};
use crate::condition::words::Joint;

/// A part of a condition with its place, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: PartOf,
    pub(super) span: Range<usize>,
    /// The levels of parts within it.
    depth: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PartOf {
    Name(String),
    Text(String),
    Number(i64),
    Day(NaiveDate),
    Not(Box<Part>),
    And(Vec<Part>),
    Or(Vec<Part>),
    Compare(Box<Part>, Comparison, Box<Part>),
    /// `in` or `not in`: the part, whether it is negated, and the list.
    In(Box<Part>, bool, Vec<Part>),
    Sum(Box<Part>, Sign, Box<Part>),
    Negative(Box<Part>),
    /// The name of a function with its place, and its values.
    Call(String, Range<usize>, Vec<Part>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// `+` or `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::Unequal),
    ("<", Comparison::Less),
    ("<=", Comparison::AtMost),
    (">", Comparison::More),
    (">=", Comparison::AtLeast),
];

impl Comparison {
    pub(super) fn mark(self) -> &'static str {
        COMPARISONS.iter().find(|(_, other)| *other == self).map_or("", |(mark, _)| mark)
    }
}

/// What stands between two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Compare(Comparison),
    In { negated: bool },
    Sum(Sign),
}

impl Operator {
    /// How strongly it binds.
    fn power(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Compare(_) | Self::In { .. } => COMPARING,
            Self::Sum(_) => COMPARING + 1,
        }
    }
}

/// How strongly comparisons bind; `not` binds a little less.
const COMPARING: u8 = 4;

/// Reads a whole condition.
///
/// # Errors
/// Returns the first place at which it is none.
pub(super) fn parse(text: &str) -> Result<Part, Box<ConditionFault>> {
    let mut parser = Parser { text, tokens: tokens(text)?, at: 0 };
    if parser.next().kind == TokenKind::End {
        return Err(ConditionFault::boxed(text, 0..0, ConditionProblem::Empty));
    }
    let part = parser.part(0, 0)?;
    if parser.next().kind == TokenKind::End { Ok(part) } else { Err(parser.expected("and, or, or the end")) }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
}

impl Parser<'_> {
    /// The next word; behind the last one, the end.
    fn next(&self) -> Token {
        let end = Token { kind: TokenKind::End, span: self.text.len()..self.text.len() };
        self.tokens.get(self.at).cloned().unwrap_or(end)
    }

    fn fault(&self, span: Range<usize>, problem: ConditionProblem) -> Box<ConditionFault> {
        ConditionFault::boxed(self.text, span, problem)
    }

    fn expected(&self, what: &'static str) -> Box<ConditionFault> {
        self.fault(self.next().span, ConditionProblem::Expected { what })
    }

    fn takes(&mut self, mark: &str) -> bool {
        let is_it = matches!(self.next().kind, TokenKind::Mark(found) if found == mark);
        self.at += usize::from(is_it);
        is_it
    }

    fn joint(&self, at: usize) -> Option<Joint> {
        match &self.tokens.get(at)?.kind {
            TokenKind::Name(name) => Joint::of(name),
            _ => None,
        }
    }

    /// The operator at the next word, and its number of words.
    fn operator(&self) -> Option<(Operator, usize)> {
        let operator = match self.joint(self.at) {
            Some(Joint::And) => Operator::And,
            Some(Joint::Or) => Operator::Or,
            Some(Joint::In) => Operator::In { negated: false },
            Some(Joint::Not) if self.joint(self.at + 1) == Some(Joint::In) => {
                return Some((Operator::In { negated: true }, 2));
            }
            _ => match self.next().kind {
                TokenKind::Mark("+") => Operator::Sum(Sign::Plus),
                TokenKind::Mark("-") => Operator::Sum(Sign::Minus),
                TokenKind::Mark(mark) => Operator::Compare(COMPARISONS.iter().find(|(known, _)| *known == mark)?.1),
                _ => return None,
            },
        };
        Some((operator, 1))
    }

    /// Reads a part up to an operator that binds less than `least`. `level` is how deep it stands.
    fn part(&mut self, least: u8, level: usize) -> Result<Part, Box<ConditionFault>> {
        if level > MAX_DEPTH {
            return Err(self.fault(self.next().span, ConditionProblem::TooDeep));
        }
        let mut left = self.first(level)?;
        while let Some((operator, words)) = self.operator().filter(|(operator, _)| operator.power() >= least.max(1)) {
            let here = self.next().span;
            let is_compared = matches!(left.kind, PartOf::Compare(..) | PartOf::In(..));
            let is_bracketed = self.text.get(left.span.clone()).is_some_and(|text| text.starts_with(['(', '（']));
            if operator.power() == COMPARING && is_compared && !is_bracketed {
                return Err(self.fault(here, ConditionProblem::Chained));
            }
            self.at += words;
            left = self.joined(left, operator, level)?;
            if left.depth > MAX_DEPTH {
                return Err(self.fault(here, ConditionProblem::TooDeep));
            }
        }
        Ok(left)
    }

    /// Reads what follows an operator.
    fn joined(&mut self, left: Part, operator: Operator, level: usize) -> Result<Part, Box<ConditionFault>> {
        let start = left.span.start;
        if let Operator::In { negated } = operator {
            let list = self.list(level)?;
            let end = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |token| token.span.end);
            let depth = left.depth + 1;
            return Ok(Part { kind: PartOf::In(Box::new(left), negated, list), span: start..end, depth });
        }
        let right = self.part(operator.power() + 1, level + 1)?;
        let (span, depth) = (start..right.span.end, left.depth.max(right.depth) + 1);
        let depth_of_list = left.depth.max(right.depth + 1);
        let (kind, depth) = match (operator, left.kind) {
            // However long a list of alternatives is, it is no deeper.
            (Operator::And, PartOf::And(mut parts)) => {
                parts.push(right);
                (PartOf::And(parts), depth_of_list)
            }
            (Operator::Or, PartOf::Or(mut parts)) => {
                parts.push(right);
                (PartOf::Or(parts), depth_of_list)
            }
            (operator, kind) => {
                let left = Part { kind, ..left };
                let kind = match operator {
                    Operator::And => PartOf::And(vec![left, right]),
                    Operator::Or => PartOf::Or(vec![left, right]),
                    Operator::Compare(comparison) => PartOf::Compare(Box::new(left), comparison, Box::new(right)),
                    Operator::Sum(sign) => PartOf::Sum(Box::new(left), sign, Box::new(right)),
                    // Returned above.
                    Operator::In { negated } => PartOf::In(Box::new(left), negated, Vec::new()),
                };
                (kind, depth)
            }
        };
        Ok(Part { kind, span, depth })
    }

    /// Reads what no operator stands before.
    fn first(&mut self, level: usize) -> Result<Part, Box<ConditionFault>> {
        let Token { kind, span } = self.next();
        if self.joint(self.at) == Some(Joint::Not) {
            self.at += 1;
            let inner = self.part(COMPARING - 1, level + 1)?;
            let (span, depth) = (span.start..inner.span.end, inner.depth + 1);
            return Ok(Part { kind: PartOf::Not(Box::new(inner)), span, depth });
        }
        if self.joint(self.at).is_some() {
            return Err(self.expected("a value"));
        }
        let leaf = |kind| Ok(Part { kind, span: span.clone(), depth: 0 });
        self.at += 1;
        match kind {
            TokenKind::Name(name) if matches!(self.next().kind, TokenKind::Mark("(")) => {
                self.at += 1;
                let values = self.values(")", level)?;
                let depth = values.iter().map(|part| part.depth).max().unwrap_or_default() + 1;
                let end = self.tokens.get(self.at.saturating_sub(1)).map_or(span.end, |token| token.span.end);
                Ok(Part { kind: PartOf::Call(name, span.clone(), values), span: span.start..end, depth })
            }
            TokenKind::Name(name) => leaf(PartOf::Name(name)),
            TokenKind::Text(text) => leaf(PartOf::Text(text)),
            TokenKind::Number(number) => leaf(PartOf::Number(number)),
            TokenKind::Day(day) => leaf(PartOf::Day(day)),
            TokenKind::Mark("-") => {
                let inner = self.part(COMPARING + 2, level + 1)?;
                let (span, depth) = (span.start..inner.span.end, inner.depth + 1);
                Ok(Part { kind: PartOf::Negative(Box::new(inner)), span, depth })
            }
            TokenKind::Mark("(") => {
                let inner = self.part(0, level + 1)?;
                let end = self.next().span.end;
                if !self.takes(")") {
                    return Err(self.expected(")"));
                }
                Ok(Part { span: span.start..end, ..inner })
            }
            TokenKind::Mark(_) | TokenKind::End => {
                self.at -= 1;
                Err(self.expected("a value"))
            }
        }
    }

    /// Reads `[…]`.
    fn list(&mut self, level: usize) -> Result<Vec<Part>, Box<ConditionFault>> {
        if !self.takes("[") {
            return Err(self.expected("a list"));
        }
        let values = self.values("]", level)?;
        if values.is_empty() {
            self.at -= 1;
            return Err(self.expected("a value"));
        }
        Ok(values)
    }

    /// Reads values between commas, up to a closing mark, which may stand behind a comma.
    fn values(&mut self, close: &str, level: usize) -> Result<Vec<Part>, Box<ConditionFault>> {
        let mut values = Vec::new();
        while !self.takes(close) {
            values.push(self.part(0, level + 1)?);
            if !self.takes(",") && !matches!(self.next().kind, TokenKind::Mark(mark) if mark == close) {
                return Err(self.expected("a comma or a bracket"));
            }
        }
        Ok(values)
    }
}
