//! The office's submission form: what a team is to fill in, as data. Two writers make a file of it: a workbook for Excel, WPS
//! and LibreOffice, and an XLSForm for ODK and Kobo.
//!
//! - `choices`: the values that a column takes
//! - `columns`: which columns there are, and under which headers
//! - `hints`: what is said about each column
//! - `parts`: its columns, and what they take
//! - [`open`]: the rows of issues that are still open
//! - [`workbook`]: the form as a workbook; `guide`: its sheet of explanations
//! - [`xlsform`]: the form as an XLSForm
//!
//! Every header and every value is one that the reader of logs knows without any mapping: what the form asks for, `check`
//! reads back. The ids of its rows ([`FormCode`]) tell them apart whatever becomes of the file.

mod choices;
mod columns;
mod guide;
mod hints;
pub mod open;
mod parts;
pub mod workbook;
pub mod xlsform;

use chrono::NaiveDate;

use crate::model::Field;
use crate::model::form_id::FormCode;
use crate::project::Project;
use crate::words::lang::Lang;
use crate::words::symbol::Symbol;
pub use open::OpenRow;
pub use parts::{Choice, FormColumn, FormRequest, Need, NoHeader, Takes};

/// A form: its columns, and the rows that it comes with.
#[derive(Clone, Debug)]
pub struct Form {
    /// The language of what it says.
    pub lang: Lang,
    /// The name of the office; empty if the project names none.
    pub office: String,
    /// The team that is to fill it in.
    pub team: Option<Symbol>,
    /// The day it is made for.
    pub day: NaiveDate,
    /// Tells forms of one team and day apart.
    pub serial: u32,
    /// What its ids begin with.
    pub code: FormCode,
    /// The columns in their order.
    pub columns: Vec<FormColumn>,
    /// The issues that it comes with, for their follow-up.
    pub open: Vec<OpenRow>,
}

impl Form {
    /// Makes the form of a project, with the issues that are still open.
    ///
    /// # Errors
    /// A required column has no header that is read back.
    pub fn new(project: &Project, request: &FormRequest, open: Vec<OpenRow>) -> Result<Self, NoHeader> {
        let FormRequest { lang, team, day, serial } = *request;
        let columns = columns::of(project, request, &open)?;
        let (day_text, serial_text) = (day.to_string(), serial.to_string());
        let mut parts = vec![project.office.name.as_str(), team.map_or("", Symbol::as_str), &day_text, &serial_text];
        // Forms of one day that carry other issues have other ids, or the new rows of one would have those of the other.
        parts.extend(open.iter().map(|row| row.key.as_str()));
        let code = FormCode::of(&parts);
        Ok(Self { lang, office: project.office.name.clone(), team, day, serial, code, columns, open })
    }

    /// The title of the form, which names the office and the team.
    #[must_use]
    pub fn title(&self) -> String {
        let (office, team) = (&self.office, self.team.map_or("", Symbol::as_str));
        match self.lang {
            Lang::Zh if team.is_empty() => format!("{office}问题填报表"),
            Lang::Zh => format!("{office}问题填报表（{team}）"),
            Lang::En => {
                let parts = [office.as_str(), "Issue form", team];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" – ")
            }
        }
    }

    /// The place of the column of a field.
    fn place(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == field)
    }
}
