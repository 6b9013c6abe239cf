//! All integration tests, one binary.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that can't go on has failed")]
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "the names are our own")]

mod agreement; // the same issues, however written, give the same tally; places are true
mod album; // which issue has which photos
mod allowances; // what is let pass, and for how long
mod architecture; // who may import whom
mod as_of; // states as of a day, against a plain model
mod baseline; // what was accepted is known again, and nothing else
mod calendar; // where the calendar ends, and how a year is taken in
mod changed; // what came since a commit
mod charts; // the same figures in drawing, workbook and table
mod check; // twenty faults, silence, exit statuses
mod ci; // reports that other tools read: reviewdog, GitHub's annotations and summaries
mod clean; // what leaves is clean of the template it was made from
mod colours; // pictures of one colour, by which tests tell which is which
mod compare; // how issues moved since the submission before
mod counts; // a tally and a template agree
mod coverage; // what the next bulletin reports
mod deadlines; // a calendar that is updated in place
mod desk; // the page of gate and desk, and who may call
mod docs; // links of the documentation, and its two languages
mod document; // figures, rows, what a cell may hold, the same bytes
mod drift; // what documents that went out would say today, corrections, and the same bytes again
mod edition; // what a public edition keeps back
mod errors; // what stands in an Err is an Error
mod explain; // the examples of the explain pages do what the pages say
mod final_file; // edited documents go out, or are refused
mod form; // what goes out to be filled in is read back
mod gate; // what faulty logs mean for counting and writing
mod git; // the register under Git: merges, rebases, older checkouts
mod grammar; // every command means the same row
mod handed_in; // logs at the desk: what is told of them, and where they go
mod hostile; // input meant to harm
mod identity; // letters find their issues again, wherever they stand
mod keys; // duban.yaml in Chinese
mod kinds; // the texts of the built-in kinds, and what they ask of the writer
mod ladder; // letters from day to day
mod languages; // help, errors of usage and lists in the language asked for
mod mend; // single cells of a log, and nothing else
mod outputs; // no output takes the place of what the project has
mod own_rules; // rules of the office's own
mod page; // the page for the leader
#[cfg(unix)]
mod pdf; // LibreOffice makes the PDF, or nothing is taken and written
mod personal; // what is personal in free text
mod photo_pages; // photos in papers: size, place, bytes
mod photos; // which picture stands in which cell of a workbook
mod pictures; // pictures by name in the office's Word file
mod project; // a project in a temporary folder, and commands run in it
mod proof; // edited documents beside their drafts
mod propose; // a project set up from logs, and lines added to its config
mod reading; // a row is read as it shows
mod real_data; // files that nobody here wrote
mod receipt; // what a team sends with its log, and what the office finds
mod refused; // what would be ignored or break the project is refused with a sentence
mod register; // several at once, and machines that die
mod reports; // the forms of check's report
mod schema; // the schemas and the reader agree
mod series; // each series has marks of its own
mod small_counts; // counts that a public edition does not give away
mod start; // what the process itself meets
mod submission; // beside the one before it
mod taken; // what fails after a number was taken
mod tally; // the counts of the contract
mod transcripts; // the READMEs, docs and tests/cmd show what a run prints
mod trends; // periods beside each other, ranks, trends, charts
mod watch; // drafts in the browser, made anew at each change
mod word_file; // Word files, edited as their XML
mod word_template; // the office's own Word file, filled
mod words; // what offices call columns and values
mod workbook; // workbooks as logs
