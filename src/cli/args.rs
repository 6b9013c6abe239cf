//! Commands and options. Parsing them has no side effects.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::dataset::edition::Edition;
use crate::words::lang::Lang;

/// Check issue logs, count issues, and write the documents of a supervision office
#[derive(Debug, Parser)]
#[command(name = "duban", version, max_term_width = 100)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: GlobalArgs,
    #[command(subcommand)]
    pub(super) command: CliCommand,
}

#[derive(Clone, Debug, Args)]
pub(super) struct GlobalArgs {
    /// Project folder, which holds duban.yaml; default: the nearest one, from the current folder upward
    #[arg(short = 'C', long, value_name = "DIR", global = true)]
    pub(super) project: Option<PathBuf>,
    /// Language of messages and documents
    #[arg(long, value_name = "zh|en", global = true)]
    pub(super) lang: Option<LangArg>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(super) color: ColorArg,
    /// Print only data and errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Print more detail
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

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Add a line, and leave all others as they are
    Add {
        /// Key, such as units, columns.deadline or values.status.rectified; Chinese keys too
        key: String,
        /// Values to add
        #[arg(required = true, value_name = "VALUE")]
        values: Vec<String>,
    },
}

#[derive(Debug, Args)]
#[command(override_usage = "duban init [DIR] [OPTIONS]")]
pub(super) struct InitArgs {
    /// Folder of the project, created if missing; default: the current folder
    pub(super) dir: Option<PathBuf>,
    /// Logs to set the project up from: columns, words and lists are proposed with counts; what is not sure is asked
    #[arg(long = "from", value_name = "FILE", num_args = 1..)]
    pub(super) from_logs: Vec<PathBuf>,
    /// Take the proposals without asking, and say which are guesses; what may be two stays open
    #[arg(short, long, requires = "from_logs", conflicts_with = "ask")]
    pub(super) yes: bool,
    /// Ask even if it is no terminal: the answers are lines of standard input
    #[arg(long, requires = "from_logs")]
    pub(super) ask: bool,
    /// Name of the office that writes the documents
    #[arg(long, value_name = "NAME", requires = "from_logs")]
    pub(super) office: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum EditionArg {
    Internal,
    Public,
    Both,
}

impl EditionArg {
    /// Returns the editions to write; of both, the internal one first.
    pub(super) fn editions(self) -> &'static [Edition] {
        match self {
            Self::Internal => &[Edition::Internal],
            Self::Public => &[Edition::Public],
            Self::Both => &[Edition::Internal, Edition::Public],
        }
    }
}

/// Reads the edition of what is of one only.
fn one_edition() -> impl TypedValueParser<Value = EditionArg> {
    let known = PossibleValuesParser::new(["internal", "public"]);
    known.map(|text| if text == "public" { EditionArg::Public } else { EditionArg::Internal })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum CliCommand {
    /// Create a new project: set up from logs that are there (--from), or with an example log
    Init(InitArgs),
    /// Change the config: duban.yaml
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Check logs and report every fault
    Check(CheckArgs),
    /// Write a copy of a log with new values in some cells; everything else stays as it is
    Mend(MendArgs),
    /// Count issues
    Tally(TallyArgs),
    /// Write one page for the leader: figures, trend, overdue issues, ranking, every issue
    Page(PageArgs),
    /// Add up partial tallies
    Merge(MergeArgs),
    /// List issues that are overdue or due soon, and the next letter for each
    Due(DueArgs),
    /// Write the form that a team fills in: a workbook with lists, rules and a total, or an XLSForm
    Form(FormArgs),
    /// Write the checker as one HTML file, for teams without duban
    Gate(GateArgs),
    /// Write the documents of a kind without taking numbers
    Draft(WriteArgs),
    /// Write the documents of a kind under the next numbers, and register them
    Dispatch(DispatchArgs),
    /// Show the drafts of a kind in the browser, made anew whenever logs, templates or config change
    Watch(WatchArgs),
    /// Show the desk in the browser: check and mend logs, count, draft and dispatch without a terminal
    Open(OpenArgs),
    /// Show and maintain the register of document numbers
    Register(RegisterArgs),
    /// Show the figures of a document, or the rows behind one figure
    Trace {
        /// Document, or its .figures.json
        document: PathBuf,
        /// Id of a figure; default: list all figures
        figure: Option<usize>,
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: TableOrJson,
    },
    /// Hold the figures of an edited document against those of its draft, and these against the rows
    Proof(ProofArgs),
    /// Tell what documents that were sent out would say today, and which rows make the difference
    Drift(DriftArgs),
    /// List the kinds of documents, or check their templates
    Kinds {
        #[command(subcommand)]
        command: Option<KindsCommand>,
    },
    /// Show how the days of a year are counted, or take a year's holidays in from a file
    #[command(aliases = ["holidays", "日历"])]
    Calendar(CalendarArgs),
    /// Explain a fault code
    Explain {
        /// Code such as V101, or its name; default: list all codes
        code: Option<String>,
    },
    /// Answer one request of a program: JSON on standard input and output
    Call,
    /// Print a JSON Schema
    Schema {
        /// What the schema describes
        of: SchemaOf,
    },
    /// Print shell completions
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page of duban, or write those of all commands
    Man {
        /// Write the page of each command into this folder
        #[arg(short, long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
}

#[derive(Clone, Debug, Default, Args)]
pub(super) struct InputArgs {
    /// Files, folders, patterns, or - for standard input; default: `logs:` in duban.yaml
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Format of standard input
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    pub(super) input_format: InputFormatArg,
    /// Sheet to read from workbooks: name, number or pattern (repeatable); default: the one that looks like a log
    #[arg(long = "sheet", value_name = "SHEET")]
    pub(super) sheets: Vec<String>,
    /// Day as of which issues are open, overdue or closed; default: today
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum InputFormatArg {
    #[default]
    Csv,
    Yaml,
    Json,
}

#[derive(Clone, Debug, Args)]
pub(super) struct SelectArgs {
    /// Only issues with KEY=VALUE (repeatable; != for not, | between alternative values)
    #[arg(long = "where", value_name = "KEY=VALUE")]
    pub(super) conditions: Vec<String>,
    /// Only issues found in 2021-08, 2021-W32, 2021-Q3 or 2021
    #[arg(long)]
    pub(super) period: Option<String>,
}

/// A period by its first and last day. `draft` and `dispatch` don't take it: there `--to` names formats.
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
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Report format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: CheckFormat,
    /// Write the report to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Check only these codes; V1 stands for all codes that begin with it (repeatable)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Treat a code, or all `warnings`, as errors (repeatable)
    #[arg(long, value_name = "CODE|warnings", value_delimiter = ',')]
    pub(super) deny: Vec<String>,
    /// Ignore a code (repeatable)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(super) allow: Vec<String>,
    /// Show at most N faults
    #[arg(long, value_name = "N")]
    pub(super) max: Option<usize>,
    /// With --format json: add the logs row by row, with the faults at their cells
    #[arg(long)]
    pub(super) rows: bool,
    /// Compare with an earlier submission: a file, a folder, or git:REVISION
    #[arg(long, value_name = "OLD")]
    pub(super) against: Option<PathBuf>,
    /// Write the logs to a workbook with the faults marked
    #[arg(long, value_name = "OUT.xlsx")]
    pub(super) annotate: Option<PathBuf>,
    /// Report only faults that are not in this file
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(super) baseline: Option<PathBuf>,
    /// Report only faults that were not there at a commit, such as origin/main
    #[arg(long, value_name = "REF", conflicts_with = "write_baseline")]
    pub(super) changed_since: Option<String>,
    /// Write all faults to this file, for --baseline
    #[arg(long, value_name = "FILE")]
    pub(super) write_baseline: Option<PathBuf>,
    /// Correct spelling in the logs: dates, dispositions, brackets, full-width digits, blanks, headers
    #[arg(long, conflicts_with = "only")]
    pub(super) fix: bool,
    /// Show what --fix would change, without changing it
    #[arg(long, requires = "fix")]
    pub(super) dry_run: bool,
    /// Report planned sites that were not visited
    #[arg(long)]
    pub(super) coverage: bool,
    /// Period of --coverage: 2021-08, 2021-W32, 2021-Q3 or 2021
    #[arg(long, requires = "coverage")]
    pub(super) period: Option<String>,
    /// Write a receipt of the logs and what was found, to send with them; OUT.svg is its QR code (repeatable)
    #[arg(long, value_name = "FILE", conflicts_with_all = NOT_OF_RECEIPTS)]
    pub(super) write_receipt: Vec<PathBuf>,
    /// Hold this receipt against the logs: the same files, the same counts as of its day, the same config
    #[arg(long, value_name = "FILE", conflicts_with_all = NOT_OF_RECEIPTS, conflicts_with = "as_of")]
    pub(super) receipt: Option<PathBuf>,
}

/// Options with which a check finds other faults than the office's config says, so that two checks could not be compared.
const NOT_OF_RECEIPTS: [&str; 10] =
    ["only", "deny", "allow", "against", "baseline", "changed_since", "write_baseline", "fix", "coverage", "dry_run"];

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").args(["new_values", "edits"]).required(true).multiple(true))]
pub(super) struct MendArgs {
    /// Log, or - for standard input
    #[arg(value_name = "LOG")]
    pub(super) log: PathBuf,
    /// Write the copy to this file; of a workbook also OUT.csv, the rows of its sheet as they show
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: PathBuf,
    /// New value of a cell (repeatable): E5, SHEET!E5, LINE:COLUMN as check prints it, or LINE:HEADER
    #[arg(long = "set", value_name = "PLACE=VALUE")]
    pub(super) new_values: Vec<String>,
    /// New values in a JSON file, or - for standard input (duban schema edits)
    #[arg(long, value_name = "FILE")]
    pub(super) edits: Option<PathBuf>,
    /// Sheet of a workbook: name, number or pattern; default: the one that looks like a log
    #[arg(long = "sheet", value_name = "SHEET")]
    pub(super) sheets: Vec<String>,
    /// Format of standard input
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    pub(super) input_format: InputFormatArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum CheckFormat {
    Text,
    Json,
    Github,
    Gitlab,
    Sarif,
    Junit,
    Rdjson,
    Html,
    Md,
}

impl CheckFormat {
    /// Whether its reader looks for files from the root of the repository.
    pub(super) fn is_of_repository(self) -> bool {
        match self {
            Self::Github | Self::Gitlab | Self::Sarif | Self::Junit | Self::Rdjson | Self::Md => true,
            Self::Text | Self::Json | Self::Html => false,
        }
    }
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
    /// Compare with an earlier submission (a file, a folder, git:REVISION, or `previous`) or an earlier period (2021-07)
    #[arg(long, value_name = "OLD", conflicts_with = "partial")]
    pub(super) compare: Option<PathBuf>,
    #[command(flatten)]
    pub(super) out: TallyOutputArgs,
}

/// How a tally is printed.
#[derive(Debug, Args)]
pub(super) struct TallyOutputArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: TallyFormat,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Add subtotals for the groups of the first keys; --by group,unit has them always
    #[arg(long, conflicts_with = "partial")]
    pub(super) subtotals: bool,
    /// Write a partial tally, which `duban merge` adds to others
    #[arg(long, conflicts_with = "format")]
    pub(super) partial: bool,
}

#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// Files written by `duban tally --partial` or `duban merge --partial`
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
    /// List every open issue, not only those overdue or due soon
    #[arg(long)]
    pub(super) all: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: DueFormat,
    /// Write to this file instead of standard output; a calendar is updated in place, for those who subscribe to it
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    /// Folder of the project, or one to make a project in; default: the current project, or the current folder
    #[arg(value_name = "DIR", id = "opened_dir")]
    pub(super) dir: Option<PathBuf>,
    /// Port on 127.0.0.1; default: 8722, or any that is free
    #[arg(long, id = "desk_port", value_name = "PORT")]
    pub(super) port: Option<u16>,
    /// Open no browser; the address is printed
    #[arg(long)]
    pub(super) no_browser: bool,
}

#[derive(Debug, Args)]
pub(super) struct GateArgs {
    /// Write the page to this file
    #[arg(short, long, value_name = "FILE", default_value = "gate.html")]
    pub(super) output: PathBuf,
    /// WebAssembly module to put into it: duban.wasm of the release of the same version; default: the one that a release carries
    #[arg(long, value_name = "FILE")]
    pub(super) module: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct FormArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Team that fills it in: its units and sites are listed, and its name is filled in
    #[arg(long, value_name = "TEAM")]
    pub(super) team: Option<String>,
    /// Fill in what is still open in the logs, for its follow-up
    #[arg(long, value_name = "WHAT")]
    pub(super) with: Option<FormWith>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "xlsx")]
    pub(super) format: FormFormat,
    /// Number of rows to fill in; default: 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub(super) rows: Option<u32>,
    /// Which form of this team and day it is; each has ids of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=9999))]
    pub(super) serial: u32,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormWith {
    Open,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormFormat {
    Xlsx,
    Xlsform,
}

#[derive(Debug, Args)]
pub(super) struct CalendarArgs {
    /// Year; default: this year, or with --import every year in the file
    #[arg(id = "calendar_year", value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1..=9999))]
    pub(super) year: Option<i32>,
    /// Take the days off and days worked of this file into the project's calendar file
    #[arg(long, value_name = "FILE.ics|json|csv", conflicts_with = "format")]
    pub(super) import: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: TableOrJson,
}

#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct WriteArgs {
    /// Kind of document by its name or title, see `duban kinds`; or `due`: all letters that the ladder calls for
    pub(super) kind: String,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) selecting: SelectArgs,
    /// Document that a correction puts right: its number, or one of its files
    #[arg(id = "corrected", long = "of", value_name = "DOCUMENT")]
    pub(super) of: Option<String>,
    /// Compare with an earlier submission (a file, a folder, git:REVISION, or `previous`) or an earlier period (2021-07)
    #[arg(long, value_name = "OLD")]
    pub(super) compare: Option<PathBuf>,
    /// Formats to write, such as docx,html,md; pdf needs LibreOffice
    #[arg(long = "to", value_name = "FORMAT[,FORMAT]", value_delimiter = ',')]
    pub(super) formats: Vec<String>,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Only for this unit (repeatable)
    #[arg(long)]
    pub(super) unit: Vec<String>,
    /// Include issues that an earlier document of the kind already named
    #[arg(long, visible_alias = "all")]
    pub(super) again: bool,
    /// Dispatch the letters of `due` without the issues that may have had letters before
    #[arg(long)]
    pub(super) skip_uncertain: bool,
    /// This issue is the one of the earlier letter that is near to it (its key; repeatable)
    #[arg(long, value_name = "KEY")]
    pub(super) same_issue: Vec<String>,
    /// No earlier letter named this issue (its key; repeatable)
    #[arg(long, value_name = "KEY")]
    pub(super) new_issue: Vec<String>,
    /// Also write all documents into one file, for printing
    #[arg(long)]
    pub(super) together: bool,
    /// Internal edition, public edition without personal names, numbers and notes, or both under one number
    #[arg(long, value_enum, value_name = "EDITION", default_value = "internal")]
    pub(super) edition: EditionArg,
    /// Pattern of file names, such as {number}-{unit}; also {kind} {title} {year} {date}, and in such brackets n, the bare number
    #[arg(long, value_name = "PATTERN")]
    pub(super) file_name: Option<String>,
    /// Value for the template: {{ set.KEY }} (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Print the template's data as JSON instead of writing documents
    #[arg(long, conflicts_with_all = ["output", "formats", "together", "file_name"])]
    pub(super) data: bool,
    /// Write documents from this JSON instead of reading logs
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "paths", "as_of", "conditions", "period", "unit", "again", "compare"])]
    pub(super) from_data: Option<PathBuf>,
}

/// The options of `draft` that decide what a document says, and those of the server.
#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// Kind of document by its name or title, see `duban kinds`; `due`: all letters that the ladder calls for; or `page`
    pub(super) kind: String,
    /// Files, folders or patterns; default: `logs:` in duban.yaml
    #[arg(id = "watched_paths", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Sheet to read from workbooks: name, number or pattern (repeatable); default: the one that looks like a log
    #[arg(long = "sheet", value_name = "SHEET")]
    pub(super) sheets: Vec<String>,
    /// Day as of which issues are open, overdue or closed; default: today
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    #[command(flatten)]
    pub(super) selecting: SelectArgs,
    /// Compare with an earlier submission (a file, a folder, git:REVISION, or `previous`) or an earlier period (2021-07)
    #[arg(long, value_name = "OLD")]
    pub(super) compare: Option<PathBuf>,
    /// Only for this unit (repeatable)
    #[arg(long)]
    pub(super) unit: Vec<String>,
    /// Include issues that an earlier document of the kind already named
    #[arg(long, visible_alias = "all")]
    pub(super) again: bool,
    /// This issue is the one of the earlier letter that is near to it (its key; repeatable)
    #[arg(long, value_name = "KEY")]
    pub(super) same_issue: Vec<String>,
    /// No earlier letter named this issue (its key; repeatable)
    #[arg(long, value_name = "KEY")]
    pub(super) new_issue: Vec<String>,
    /// Internal edition, public edition without personal names, numbers and notes, or both under one number
    #[arg(long, value_enum, value_name = "EDITION", default_value = "internal")]
    pub(super) edition: EditionArg,
    /// Value for the template: {{ set.KEY }} (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Write documents from this JSON instead of reading logs
    #[arg(long, value_name = "FILE", conflicts_with_all = ["watched_paths", "as_of", "conditions", "period", "unit", "again", "compare"])]
    pub(super) from_data: Option<PathBuf>,
    /// Port on 127.0.0.1; 0: any that is free; default: 8721 or, if it is taken, any that is free
    #[arg(long)]
    pub(super) port: Option<u16>,
    /// Look at the files twice a second, where the system does not tell of changes (network drives)
    #[arg(long)]
    pub(super) poll: bool,
}

impl From<WatchArgs> for WriteArgs {
    /// What `draft` would be asked for.
    fn from(args: WatchArgs) -> Self {
        Self {
            kind: args.kind,
            input: InputArgs {
                paths: args.paths,
                // Standard input is refused.
                input_format: InputFormatArg::Csv,
                sheets: args.sheets,
                as_of: args.as_of,
            },
            selecting: args.selecting,
            of: None,
            compare: args.compare,
            formats: vec!["html".to_owned()],
            output: None,
            unit: args.unit,
            again: args.again,
            skip_uncertain: false,
            same_issue: args.same_issue,
            new_issue: args.new_issue,
            together: false,
            edition: args.edition,
            file_name: None,
            set: args.set,
            data: false,
            from_data: args.from_data,
        }
    }
}

/// The page for the leader.
#[derive(Debug, Args)]
pub(super) struct PageArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) selecting: SelectArgs,
    /// Compare with an earlier submission (a file, a folder, git:REVISION, or `previous`) or an earlier period (2021-07)
    #[arg(long, value_name = "OLD")]
    pub(super) compare: Option<PathBuf>,
    /// Internal edition, or public edition without personal names, numbers and notes
    #[arg(long, value_parser = one_edition(), value_name = "EDITION", default_value = "internal")]
    pub(super) edition: EditionArg,
    /// Write to this file instead of standard output, with its figures beside it
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ProofArgs {
    /// Edited document: .docx, .md, .html or .txt
    #[arg(id = "final", value_name = "FINAL")]
    pub(super) document: PathBuf,
    /// Files, folders, patterns, or - for standard input; default: `logs:` in duban.yaml
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The .figures.json of the draft, or the draft; default: the one beside FINAL with its name
    #[arg(id = "draft_figures", long = "of", value_name = "DRAFT")]
    pub(super) of: Option<PathBuf>,
    /// Sheet to read from workbooks: name, number or pattern (repeatable); default: the one that looks like a log
    #[arg(long = "sheet", value_name = "SHEET")]
    pub(super) sheets: Vec<String>,
    #[command(flatten)]
    pub(super) selecting: SelectArgs,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: TextOrJson,
    /// Also write a copy with a comment at each place that is told
    #[arg(id = "annotated", long = "annotate", value_name = "OUT.docx")]
    pub(super) annotate: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct RebuildArgs {
    /// Also make the documents again and compare the bytes
    #[arg(long)]
    pub(super) rebuild: bool,
    /// With --rebuild: only this document, by its number or a file of it
    #[arg(id = "rebuilt", value_name = "DOCUMENT", requires = "rebuild")]
    pub(super) documents: Vec<String>,
    /// With --rebuild: from this folder or commit; default: the commit that brought each document, else the logs as they are
    #[arg(long, id = "rebuild_at", value_name = "DIR|COMMIT", requires = "rebuild")]
    pub(super) at: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct DriftArgs {
    /// Number of a document that was sent out, or one of its files; default: the last one
    #[arg(id = "issued", value_name = "DOCUMENT")]
    pub(super) documents: Vec<String>,
    /// All documents of the register
    #[arg(long = "all", id = "all_issued", conflicts_with = "issued")]
    pub(super) all: bool,
    /// Day that counts as today; default: today
    #[arg(long = "as-of", id = "drift_as_of", value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: TextOrJson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TextOrJson {
    Text,
    Json,
}

impl RegisterArgs {
    /// What is to be made again, if anything.
    pub(super) fn rebuild(&self) -> Option<RebuildArgs> {
        match &self.command {
            Some(RegisterCommand::Verify { rebuild }) if rebuild.rebuild => Some(rebuild.clone()),
            _ => None,
        }
    }
}

impl WriteArgs {
    /// The rows of a page, read as those of a kind are.
    pub(super) fn of_page(page: &PageArgs, kind: &str, compare: Option<PathBuf>) -> Self {
        Self {
            kind: kind.to_owned(),
            input: page.input.clone(),
            selecting: page.selecting.clone(),
            of: None,
            compare,
            formats: Vec::new(),
            output: None,
            unit: Vec::new(),
            again: true,
            skip_uncertain: false,
            same_issue: Vec::new(),
            new_issue: Vec::new(),
            together: false,
            edition: page.edition,
            file_name: None,
            set: Vec::new(),
            data: false,
            from_data: None,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct DispatchArgs {
    #[command(flatten)]
    pub(super) write: WriteArgs,
    /// Edited document that goes out in the place of what would be written, if proof finds nothing in it: .docx, .md or .html
    #[arg(long = "final", id = "final_file", value_name = "FINAL", conflicts_with_all = ["together", "data"])]
    pub(super) final_file: Option<PathBuf>,
    /// Dispatch although the logs have faults of this code, or proof tells this class of FINAL; the register keeps it (repeatable)
    #[arg(long, value_name = "CODE", value_delimiter = ',', requires = "why")]
    pub(super) accept: Vec<String>,
    /// Reason for --accept
    #[arg(long, value_name = "REASON", requires = "accept")]
    pub(super) why: Option<String>,
    /// Id of this request: asked again with it, a dispatch that took place takes no second number
    #[arg(long, value_name = "ID")]
    pub(super) request_id: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RegisterArgs {
    #[command(subcommand)]
    pub(super) command: Option<RegisterCommand>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: RegisterFormat,
    /// Write to this file instead of standard output
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
    /// List all numbers
    List {
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: RegisterFormat,
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Look for altered lines, gaps, duplicates, missing or altered files
    Verify {
        #[command(flatten)]
        rebuild: RebuildArgs,
    },
    /// Void a number; it is never used again
    Void {
        /// Number, such as "No. 16"
        number: String,
        /// Reason
        #[arg(long)]
        why: String,
        /// Series, if several have the number
        #[arg(long)]
        series: Option<String>,
        /// Year, if the series starts again each year
        #[arg(long)]
        year: Option<i32>,
        /// File of the document, or the beginning of its hash, if two branches gave out the number
        #[arg(long = "file", value_name = "FILE|HASH")]
        document_file: Option<String>,
    },
    /// Merge the registers of two branches into OURS, as a merge driver of Git: `duban register merge %O %A %B`; or take over
    /// what another version has (--from)
    Merge {
        /// What both branches began with
        #[arg(required_unless_present = "from")]
        base: Option<PathBuf>,
        /// The branch that is merged into; the result is written here
        #[arg(required_unless_present = "from")]
        ours: Option<PathBuf>,
        /// The branch that is merged
        #[arg(required_unless_present = "from")]
        theirs: Option<PathBuf>,
        /// Take over what the register of this branch, tag or commit has and that of the project lacks, instead of three files
        #[arg(long, value_name = "REVISION", conflicts_with_all = ["base", "ours", "theirs"])]
        from: Option<String>,
    },
    /// Finish dispatches that a crash interrupted, under the same numbers
    Resume,
    /// Register documents issued before duban was used, from a CSV
    Import {
        /// CSV with the columns series,kind,year,n,number,date,title,unit,units,issues,after,limit
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum KindsCommand {
    /// Check the templates of kinds, without data
    Check {
        /// Kinds; default: all
        kinds: Vec<String>,
        /// Write the kind's Word template to this file, with a comment at each fault
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
    Proof,
    Drift,
    Edits,
}
