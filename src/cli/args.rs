//! What can be typed. Parsing has no effect on the world.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::dataset::edition::Edition;
use crate::words::lang::Lang;

/// Check issue logs, count them, and write the papers of an office that supervises
#[derive(Debug, Parser)]
#[command(name = "duban", version, max_term_width = 100)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: GlobalArgs,
    #[command(subcommand)]
    pub(super) command: CliCommand,
}

#[derive(Debug, Args)]
pub(super) struct GlobalArgs {
    /// Folder of duban.yaml; the nearest one upward if not given
    #[arg(short = 'C', long, value_name = "DIR", global = true)]
    pub(super) project: Option<PathBuf>,
    /// Language of messages and documents
    #[arg(long, value_name = "zh|en", global = true)]
    pub(super) lang: Option<LangArg>,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(super) color: ColorArg,
    /// Say nothing but data and errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Say more
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LangArg {
    Zh,
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Zh => Self::Zh,
            LangArg::En => Self::En,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum EditionArg {
    Internal,
    Public,
}

impl From<EditionArg> for Edition {
    fn from(edition: EditionArg) -> Self {
        match edition {
            EditionArg::Internal => Self::Internal,
            EditionArg::Public => Self::Public,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum CliCommand {
    /// Begin a new project, ready to run
    Init {
        /// The folder; made if it is not there
        dir: Option<PathBuf>,
    },
    /// Check logs and point out every fault
    Check(CheckArgs),
    /// Count issues
    Tally(TallyArgs),
    /// Add partial tallies up
    Merge(MergeArgs),
    /// Show what is overdue or due soon, and the next letter
    Due(DueArgs),
    /// Write the documents of a kind, without taking a number
    Draft(WriteArgs),
    /// Write the documents of a kind, taking the next numbers
    Dispatch(WriteArgs),
    /// Show and keep the register of numbers
    Register(RegisterArgs),
    /// Show the figures of a document, or the rows behind one
    Trace {
        /// The document, or its .figures.json
        document: PathBuf,
        /// The number of a figure; all of them if not given
        figure: Option<usize>,
        /// Form of the output
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: TableOrJson,
    },
    /// Show the kinds of documents, or check their templates
    Kinds {
        #[command(subcommand)]
        command: Option<KindsCommand>,
    },
    /// Explain a code
    Explain {
        /// A code such as V101, or its name; all codes if not given
        code: Option<String>,
    },
    /// Print a JSON Schema
    Schema {
        /// Of what
        of: SchemaOf,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// Files, folders, patterns, or - for standard input; the config's `logs:` if not given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// What standard input holds
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    pub(super) input_format: InputFormatArg,
    /// Sheets to read of workbooks: name, number or pattern (can be repeated); the one that looks like a log if not given
    #[arg(long = "sheet", value_name = "SHEET")]
    pub(super) sheets: Vec<String>,
    /// The day to look at the logs from; today if not given
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum InputFormatArg {
    Csv,
    Yaml,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct SelectArgs {
    /// Only issues with KEY=VALUE (can be repeated; != for not, several values with |)
    #[arg(long = "where", value_name = "KEY=VALUE")]
    pub(super) conditions: Vec<String>,
    /// Only issues found in 2021-08, 2021-W32, 2021-Q3 or 2021
    #[arg(long)]
    pub(super) period: Option<String>,
}

/// A period by its ends. `draft` has none: there `--to` names formats.
#[derive(Debug, Default, Args)]
pub(super) struct DateRangeArgs {
    /// Only issues found on or after this day
    #[arg(long, value_name = "DATE", conflicts_with = "period")]
    pub(super) from: Option<String>,
    /// Only issues found on or before this day
    #[arg(long = "to", value_name = "DATE", conflicts_with = "period")]
    pub(super) until: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: CheckFormat,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Look for these codes only; V1 stands for all that begin so (can be repeated)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Take a code for an error, or all `warnings` (can be repeated)
    #[arg(long, value_name = "CODE|warnings", value_delimiter = ',')]
    pub(super) deny: Vec<String>,
    /// Pass over a code (can be repeated)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(super) allow: Vec<String>,
    /// Show at most so many faults
    #[arg(long, value_name = "N")]
    pub(super) max: Option<usize>,
    /// Compare with an earlier submission: a file, a folder, or git:REVISION
    #[arg(long, value_name = "OLD")]
    pub(super) against: Option<PathBuf>,
    /// Write the logs back into a workbook with their faults marked
    #[arg(long, value_name = "OUT.xlsx")]
    pub(super) annotate: Option<PathBuf>,
    /// Tell only what this file does not know of
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(super) baseline: Option<PathBuf>,
    /// Write all faults to a file for --baseline
    #[arg(long, value_name = "FILE")]
    pub(super) write_baseline: Option<PathBuf>,
    /// Mend what is mechanical: dates, dispositions, brackets, full-width digits, blanks, headers
    #[arg(long)]
    pub(super) fix: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, requires = "fix")]
    pub(super) dry_run: bool,
    /// Point out the sites of the plan that nobody visited
    #[arg(long)]
    pub(super) coverage: bool,
    /// The period of --coverage: 2021-08, 2021-W32, 2021-Q3 or 2021
    #[arg(long, requires = "coverage")]
    pub(super) period: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum CheckFormat {
    Text,
    Json,
    Github,
    Gitlab,
    Sarif,
    Junit,
    Html,
}

#[derive(Debug, Args)]
pub(super) struct TallyArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) selecting: SelectArgs,
    #[command(flatten)]
    pub(super) days: DateRangeArgs,
    /// Group by these keys, such as unit,category or month
    #[arg(long, value_name = "KEY[,KEY]", value_delimiter = ',')]
    pub(super) by: Vec<String>,
    #[command(flatten)]
    pub(super) out: TallyOutputArgs,
}

/// How a tally is printed.
#[derive(Debug, Args)]
pub(super) struct TallyOutputArgs {
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: TallyFormat,
    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write a partial: counts that `duban merge` adds to others
    #[arg(long, conflicts_with = "format")]
    pub(super) partial: bool,
}

#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// What `duban tally --partial` or `duban merge --partial` wrote
    #[arg(value_name = "PART", required = true)]
    pub(super) parts: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) out: TallyOutputArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TallyFormat {
    Table,
    Json,
    Csv,
    Md,
    Xlsx,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DueFormat {
    Table,
    Json,
    Csv,
    Ics,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TableOrJson {
    Table,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct DueArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) selecting: SelectArgs,
    #[command(flatten)]
    pub(super) days: DateRangeArgs,
    /// Every open issue, not only those with a deadline near or past
    #[arg(long)]
    pub(super) all: bool,
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: DueFormat,
}

#[derive(Debug, Args)]
pub(super) struct WriteArgs {
    /// The kind of document, see `duban kinds`; or `due`: all that the ladder calls for
    pub(super) kind: String,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) selecting: SelectArgs,
    /// The formats to write, such as docx,html,md
    #[arg(long = "to", value_name = "FORMAT[,FORMAT]", value_delimiter = ',')]
    pub(super) formats: Vec<String>,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Only for this unit (can be repeated)
    #[arg(long)]
    pub(super) unit: Vec<String>,
    /// Name issues again that such a letter named before
    #[arg(long)]
    pub(super) again: bool,
    /// Write all documents into one file for the printer as well
    #[arg(long)]
    pub(super) together: bool,
    /// For the office, or for publication: without names, numbers and notes of persons
    #[arg(long, value_enum, value_name = "EDITION", default_value = "internal")]
    pub(super) edition: EditionArg,
    /// Names of the files, such as {number}-{unit}; also {kind} {title} {year} {n} {date}
    #[arg(long, value_name = "PATTERN")]
    pub(super) file_name: Option<String>,
    /// Give the template a value: {{ set.KEY }} (can be repeated)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Print what the template sees as JSON, and write no document
    #[arg(long)]
    pub(super) data: bool,
    /// Render this JSON instead of reading logs
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "paths", "as_of", "conditions", "period", "unit", "again"])]
    pub(super) from_data: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct RegisterArgs {
    #[command(subcommand)]
    pub(super) command: Option<RegisterCommand>,
    /// Form of the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: RegisterFormat,
    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RegisterFormat {
    Table,
    Json,
    Csv,
    Xlsx,
}

#[derive(Debug, Subcommand)]
pub(super) enum RegisterCommand {
    /// List the numbers given out
    List {
        /// Form of the list
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: RegisterFormat,
        /// Write to a file
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Look for altered lines, gaps, repeats, missing or altered files
    Verify,
    /// Void a number; it is never given out again
    Void {
        /// The number, such as 第16期
        number: String,
        /// Why
        #[arg(long)]
        why: String,
        /// The series, where a number stands in several
        #[arg(long)]
        series: Option<String>,
        /// The year, where a number comes again each year
        #[arg(long)]
        year: Option<i32>,
    },
    /// Finish what a crash left pending, under the same numbers
    Resume,
    /// Enter documents issued before duban, from a CSV
    Import {
        /// The CSV: series,kind,year,n,number,date,title,unit,units,issues,after,limit
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum KindsCommand {
    /// Check the templates of kinds without data
    Check {
        /// The kinds; all if not given
        kinds: Vec<String>,
        /// Write the kind's Word template here with a comment at each fault
        #[arg(long, value_name = "OUT.docx")]
        annotate: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SchemaOf {
    Log,
    Config,
    Tally,
    Check,
}
