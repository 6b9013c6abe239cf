//! The language of the field: how supervision offices write numbers, dates,
//! deadlines and names, and how to read them back.
//!
//! Nothing here does I/O, prints, or knows what a log is. Every reader takes a
//! piece of text and answers with a value or with a small typed fault; what is
//! said about the fault, in which language, is decided elsewhere.
//!
//! - [`lang`]: the two languages of everything shown to a reader.
//! - [`number`]: 十五 ↔ 15, 80余, percentages and shares that add up.
//! - [`calendar`]: which days are worked in China, as data that can be overridden.
//! - [`date`]: one day, or a range of days, in any of the field's spellings.
//! - [`deadline`]: 3个工作日内, 8月底前, 立行立改, and the day each falls on.
//! - [`near`]: “did you mean …?”
//! - [`person`]: names of persons, and 张某某 in their place.
//! - [`personal`]: numbers of identity cards and mobiles.
//! - [`symbol`]: text that repeats, kept once.

pub mod lang;
pub mod number;

pub mod calendar;
pub mod date;
pub mod deadline;

pub mod near;
pub mod person;
pub mod personal;
pub mod symbol;
