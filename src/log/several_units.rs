//! V118: several units in a cell for one, which count as one more unit.

use crate::fault::{Code, Finding, KnownBy, brief, field_name};
use crate::model::Field;
use crate::words::lang::Lang;
use crate::words::personal::is_han;

/// Whether a text that no list has as a name reads as several: what stands between commas outside of brackets.
pub(super) fn are_several(text: &str) -> bool {
    // Names in other scripts have commas of their own: Acme, Inc.
    let has_ideographs = text.chars().any(is_han);
    let mut depth = 0_u32;
    let mut parts = text.split(|c| {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, '、' | '，' | '；' | ';' | ',')
    });
    has_ideographs && parts.by_ref().filter(|part| part.trim().chars().nth(1).is_some()).count() > 1
}

/// A cell with several units.
#[derive(Debug)]
pub(super) struct SeveralUnits {
    pub(super) text: String,
}

impl Finding for SeveralUnits {
    fn code(&self) -> Code {
        const { Code::known("V118") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(self.text.clone())
    }

    fn words(&self, field: Option<Field>, lang: Lang) -> (String, String) {
        let (name, text) = (field_name(field, lang), brief(&self.text));
        match lang {
            Lang::Zh => (
                format!("{name}“{text}”像是几个单位，按一个单位计"),
                format!("{name}只写主办的，其余写到“配合单位”；确是一个单位的，在 duban.yaml 写 rules: {{V118: off}}"),
            ),
            Lang::En => (
                format!("{name} `{text}` looks like several units, and counts as one of its own"),
                "write the one responsible, and the others under `co_units`; if it is one unit, write `rules: {V118: off}` in duban.yaml".into(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_between_commas_are_several() {
        for (text, expected) in [
            ("甲社区、乙社区", true),
            ("城管局，市场监管局", true),
            ("甲公司（一部、二部）", false),
            ("甲公司（一部）、乙公司", true),
            ("甲社区、", false),
            ("甲社区", false),
            ("Acme, Inc.", false),
            ("（甲、乙", false),
        ] {
            assert_eq!(are_several(text), expected, "{text}");
        }
    }
}
