//! How supervision offices write numbers, dates, deadlines and names, and how to parse them.
//!
//! Nothing here does I/O, prints, or knows what a log is. Every parser takes a text and returns a value or a small
//! typed fault; the message for the fault, in either language, is written elsewhere.
//!
//! - [`lang`]: the two languages of the user interface.
//! - [`number`]: 十五 ↔ 15, 80余, percentages, and shares that add up to 100%.
//! - [`calendar`]: the working days of China, as data that can be overridden.
//! - [`date`]: one day, or a range of days, in any usual spelling.
//! - [`deadline`]: 3个工作日内, 8月底前, 立行立改, and the day on which each falls.
//! - [`look_alike`]: characters that can't be told apart by the eye.
//! - [`near`]: “did you mean …?”
//! - [`person`]: names of persons, and how they are anonymised: 张某某.
//! - [`personal`]: numbers of identity cards and mobile phones.
//! - [`punctuation`]: full-width in Chinese text, half-width in Western.
//! - [`symbol`]: interned strings.

pub mod lang;
pub mod number;

pub mod calendar;
pub mod date;
pub mod deadline;

pub mod look_alike;
pub mod near;
pub mod person;
pub mod personal;
pub mod punctuation;
pub mod symbol;
