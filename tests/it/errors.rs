//! What stands in an `Err` of the library is an error that other programs can pass on, with a sentence.

use std::error::Error;

use duban::fault::code_table::{CodeTable, UnknownCode};
use duban::ladder::LadderError;
use duban::model::key::UnknownKey;
use duban::model::period::InvalidPeriod;
use duban::ooxml::WordTemplateError;
use duban::photo::PhotoError;
use duban::project::UnknownValue;
use duban::register::entry::EventConflict;
use duban::register::{DispatchError, ImportFault, PatternError, RegisterError};
use duban::source::SourceError;
use duban::source::decode::EncodingFault;
use duban::source::find::FindError;
use duban::source::workbook::BookError;
use duban::tally::partial::PartialError;
use duban::tally::select::InvalidCondition;
use duban::words::date::{DateFault, UnknownDateOrder};
use duban::words::deadline::DeadlineFault;
use duban::words::lang::UnknownLang;
use duban::write::{UnknownFormat, Unsound, WriteError};

/// Does not compile for a type that is no error, or can't go to another thread.
fn is_error<E: Error + Send + Sync + 'static>() {}

#[test]
fn what_stands_in_an_err_is_an_error() {
    is_error::<UnknownCode>();
    is_error::<LadderError>();
    is_error::<UnknownKey>();
    is_error::<InvalidPeriod>();
    is_error::<UnknownValue>();
    is_error::<EventConflict>();
    is_error::<DispatchError>();
    is_error::<ImportFault>();
    is_error::<PatternError>();
    is_error::<RegisterError>();
    is_error::<SourceError>();
    is_error::<EncodingFault>();
    is_error::<FindError>();
    is_error::<BookError>();
    is_error::<PartialError>();
    is_error::<InvalidCondition>();
    is_error::<WordTemplateError>();
    is_error::<PhotoError>();
    is_error::<DateFault>();
    is_error::<UnknownDateOrder>();
    is_error::<DeadlineFault>();
    is_error::<UnknownLang>();
    is_error::<UnknownFormat>();
    is_error::<Unsound>();
    is_error::<WriteError>();
}

#[test]
fn an_error_says_what_was_written_and_what_may_have_been_meant() {
    let code = CodeTable::default().find("V1O1").unwrap_err();
    assert_eq!(code.to_string(), "there is no code `V1O1`; did you mean `V101`?");
    let condition = InvalidCondition::Form("unit".to_owned());
    let text = "`unit` is not a condition: write KEY=VALUE, such as disposition=deadline or unit!=A|B";
    assert_eq!(condition.to_string(), text);
    let workbook = BookError::NoSheet { asked: "9月".to_owned(), there: vec!["8月".to_owned(), "汇总".to_owned()] };
    let found = FindError::Workbook("log.xlsx".to_owned(), workbook);
    assert_eq!(found.to_string(), "`log.xlsx`: there is no sheet `9月`; the workbook has: 8月, 汇总");
    assert!(found.source().is_some());
}
