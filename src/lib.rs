//! duban (督办): from the issue logs that inspection teams submit to the papers that a supervising office sends out, with
//! every figure traceable to its rows.
//!
//! # Stages
//!
//! 1. [`source`]: bytes → text with places ([`place`]); [`delimited`] is the grammar of tables; [`photo`]: a workbook → its
//!    pictures and their cells
//! 2. [`log`]: text → located rows → issues, inspections, measures ([`model`]), read with the vocabulary of a [`project`];
//!    what is wrong becomes a [`fault`]
//! 3. [`check`]: records → faults, by the rules of duban and by each [`condition`] of the office; [`fix`]: records → the same file
//!    in canonical spelling; [`mend`]: a log and new values of cells → a copy with them;
//!    [`receipt`]: what a check says of files → a text that is held against them later; [`propose`]: rows → a config for them; [`baseline`]: which faults were there before
//!    [`album`]: records and pictures → which issue has which photos
//! 4. [`tally`]: records → figures; [`due`]: records and the register → what is late, and the next rung of the [`ladder`]
//! 5. [`dataset`]: records → what a template sees; `query`: what a template asks of it, each answer recorded as a figure;
//!    [`template`]: data set and template → Markdown; [`kind`]: what to select, whom to write to, and the finished [`document`]
//!    [`form`]: project and open issues → the form that a team fills in, which is read back as a log
//! 6. [`write`](mod@write): document → bytes, with [`docx`] for Word files, perhaps on the office's own [`word_template`],
//!    `charts` for what is drawn in any of them, and [`pdf`] for what LibreOffice makes of them;
//!    [`register`]: its number; [`trace`]: from a document back to its rows; [`proof`]: from an edited document to its draft
//!    and its rows; [`drift`]: from a document that was sent out to what it would say today
//!
//! A reader only makes rows. Everything computed is a [`fold`] over one stream of rows and never sees a file. A writer only
//! makes bytes ([`spool`]: in memory, or many in a temporary file); [`atomic`] puts them on the disk. [`words`] is the language of the field: dates, numbers, deadlines, the
//! calendar. `tags` reads templates as text. [`serve`] shows pages in the browser, and [`changes`] tells when what they were made from has changed. [`small_counts`] says which figures of a public edition are shown in words. [`schema`] describes logs, config and output for editors. [`platform`] is what a system gives or lacks. [`cli`] holds the commands, and is the only stage that reads the clock, the environment or the terminal.
//!
//! A module imports from the groups above its own and never from below; `tests/it/architecture` holds it to that.

// Ground: knows nothing of inspections.
mod compound;
pub mod delimited;
pub mod digest;
pub mod fold;
mod json_writer;
pub mod place;
mod placement;
pub mod platform;
pub mod progress;
pub mod spool;
pub mod words;
// Files, documents and records, each by itself.
pub mod atomic;
pub mod changes;
mod charts;
pub mod condition;
pub mod document;
pub mod docx;
pub mod fault;
mod html;
pub mod model;
pub mod ooxml;
pub mod pdf;
pub mod photo;
pub mod picture;
pub mod receipt;
pub mod serve;
pub mod small_counts;
pub mod source;
pub mod word_template;
pub mod write;
// The office: its register of numbers, its ladder, its config.
pub mod ladder;
pub mod project;
pub mod register;
// Logs to faults and figures.
pub mod album;
pub mod baseline;
pub mod check;
pub mod drift;
pub mod due;
pub mod fix;
pub mod log;
pub mod mend;
pub mod propose;
pub mod schema;
pub mod tally;
// Figures to documents.
pub mod dataset;
pub mod form;
pub mod kind;
mod page;
pub mod proof;
mod query;
mod tags;
pub mod template;
pub mod trace;
// The page of gate and desk, and commands.
pub mod cli;
pub mod desk;
