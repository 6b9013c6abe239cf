//! Allowances: `duban: allow R204 because …` in the note of a row exempts that row from that code, with a reason.

use crate::fault::{Code, CodeTable, Faults, Finding, brief};
use crate::model::{Field, Issue};
use crate::place::{OneBased, Place, SourceId};
use crate::words::lang::Lang;

/// The text that starts an allowance.
const MARKER: &str = "duban: allow";

/// The allowances of the logs.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowances {
    list: Vec<Allowance>,
}

#[derive(Clone, Debug)]
struct Allowance {
    source: SourceId,
    /// The first and the last line of its record.
    lines: (OneBased, OneBased),
    /// The place of the note.
    place: Place,
    codes: Vec<Code>,
}

impl Allowances {
    /// Reads the allowance in the note of an issue, if there is one. An invalid one is a fault and has no effect.
    pub(super) fn push(&mut self, issue: &Issue<'_>, faults: &mut Faults) {
        // Most issues have no note.
        if !issue.row.says(Field::Note) {
            return;
        }
        let note = issue.text(Field::Note);
        let Some((_, text)) = note.split_once(MARKER) else { return };
        let place = issue.row.field_place(Field::Note);
        match parse(text, faults.codes()) {
            Ok(codes) => {
                let last = crate::model::field::FIELDS.iter().map(|info| issue.row.field_place(info.field).line).max();
                let lines = (issue.row.line, last.unwrap_or(issue.row.line).max(issue.row.line));
                self.list.push(Allowance { source: place.source, lines, place, codes });
            }
            Err(text) => faults.add_at(place, Field::Note, UnusableAllowance { text, unused: false }),
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.list.extend(later.list);
    }

    /// Removes the allowed faults. An allowance that removed none is a fault itself.
    pub(super) fn apply(&self, faults: &mut Faults) {
        let mut used = vec![Vec::new(); self.list.len()];
        faults.retain(|fault| {
            let code = fault.what.code();
            let covers = |allowance: &Allowance| {
                allowance.source == fault.place.source
                    && (allowance.lines.0..=allowance.lines.1).contains(&fault.place.line)
                    && allowance.codes.contains(&code)
            };
            match self.list.iter().position(covers) {
                Some(index) => {
                    if let Some(used) = used.get_mut(index) {
                        used.push(code);
                    }
                    false
                }
                None => true,
            }
        });
        for (allowance, used) in self.list.iter().zip(used) {
            for code in allowance.codes.iter().filter(|code| !used.contains(code)) {
                let what = UnusableAllowance { text: code.to_string(), unused: true };
                faults.add_at(allowance.place, Field::Note, what);
            }
        }
    }
}

/// Parses the codes of `R204, R206 because …` or `R204 因为…`.
///
/// # Errors
/// Returns the offending text if a code is unknown, or if codes or the reason are missing.
fn parse(text: &str, known: &CodeTable) -> Result<Vec<Code>, String> {
    let parts = ["because", "因为", "理由"].iter().find_map(|word| text.split_once(word));
    let Some((codes, _)) = parts.filter(|(_, reason)| !reason.trim_matches([' ', ':', '：', '。', '.']).is_empty())
    else {
        return Err(text.trim().to_owned());
    };
    let words = codes.split([',', '，', '、', ' ']).map(str::trim).filter(|code| !code.is_empty());
    let parsed: Result<Vec<Code>, String> = words.map(|code| known.find(code).map_err(|_| code.to_owned())).collect();
    parsed.and_then(|codes| if codes.is_empty() { Err(text.trim().to_owned()) } else { Ok(codes) })
}

/// An allowance that is invalid or not needed.
#[derive(Debug)]
struct UnusableAllowance {
    /// The text of an invalid allowance, or the code of one that is not needed.
    text: String,
    unused: bool,
}

impl Finding for UnusableAllowance {
    fn code(&self) -> Code {
        const { Code::known("L113") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let Self { text, unused } = self;
        match (lang, unused) {
            (Lang::Zh, true) => (format!("这一行没有 {text} 的问题，放行说明用不上"), "删去这条说明".into()),
            (Lang::Zh, false) => (
                format!("看不懂放行说明：{}", brief(text)),
                "写成 duban: allow R204 because 理由；代码见 duban explain".into(),
            ),
            (Lang::En, true) => {
                (format!("this row has no {text} fault, so the allowance is not needed"), "remove it".into())
            }
            (Lang::En, false) => (
                format!("invalid allowance: {}", brief(text)),
                "write `duban: allow R204 because ...`; `duban explain` lists the codes".into(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_names_codes_and_a_reason() {
        let codes = |text: &str| {
            parse(text, &CodeTable::default())
                .map(|codes| codes.iter().map(Code::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(codes(" R204 because the paper is in the archive"), Ok("R204".to_owned()));
        assert_eq!(codes(" R204、R206 因为纸质已归档"), Ok("R204 R206".to_owned()));
        assert_eq!(codes(" duplicate-id, doubled-issue because x"), Ok("L108 R206".to_owned()));
        assert!(codes(" R204").is_err());
        assert!(codes(" R204 because").is_err());
        assert!(codes(" because I say so").is_err());
        assert_eq!(codes(" R999 because x"), Err("R999".to_owned()));
    }
}
