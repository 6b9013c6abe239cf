//! L119: a note on the table stands among the rows.

use crate::fault::{Code, Finding, KnownBy, brief};
use crate::model::Field;
use crate::words::lang::Lang;

/// A row that is a note on the table, and no issue.
#[derive(Debug)]
pub(super) struct PassedOver {
    pub(super) text: String,
}

impl Finding for PassedOver {
    fn code(&self) -> Code {
        const { Code::known("L119") }
    }

    fn known_by(&self) -> KnownBy {
        KnownBy::Row(self.text.clone())
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let text = brief(&self.text);
        match lang {
            Lang::Zh => {
                (format!("“{text}”是表格的说明，不算问题"), "确是问题的，把描述写在问题描述一列，并写明责任单位".into())
            }
            Lang::En => (
                format!("`{text}` is a note on the table, and no issue"),
                "if it is an issue, put it under the description and name its unit".into(),
            ),
        }
    }
}
