//! The command that does what is asked for, and what its output says.

use std::path::Path;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::cli::Stop;
use crate::cli::call::request::{Call, CellEdit, FilePath, Word};
use crate::words::lang::Lang;

/// A command line without the name of the program.
pub(super) struct Command {
    pub(super) arguments: Vec<String>,
    pub(super) stdin: Vec<u8>,
    /// Whether faults (status 1) leave nothing to answer with.
    pub(super) must_succeed: bool,
}

/// The commands that answer a request, and how.
pub(super) struct Answered {
    pub(super) commands: Vec<Command>,
    pub(super) outcome: Outcome,
}

/// What the answer is made of.
pub(super) enum Outcome {
    /// The standard output of the command, which is JSON.
    Json,
    /// The same, as text.
    Text,
    /// Files whose paths the command prints, a line each.
    Printed,
    /// Files that the command was told to write.
    Files(Vec<FilePath>),
    /// A receipt: its text, and its code for phones.
    Receipt,
    /// Documents that the register has of a request, by its id; the commands are the dispatch and the list.
    Dispatched(String),
    None,
}

impl Outcome {
    /// The result, and the files, from what each command printed. Paths are from `folder`.
    pub(super) fn of(self, printed: &[Vec<u8>], folder: &Path) -> Result<(Option<Box<RawValue>>, Vec<String>), Stop> {
        let text = |at: usize| String::from_utf8_lossy(printed.get(at).map_or(&[], Vec::as_slice)).into_owned();
        let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
        Ok(match self {
            // It is handed on as it is: a log of many rows is not read once more.
            Self::Json => (Some(RawValue::from_string(text(0).trim_end().to_owned())?), Vec::new()),
            Self::Text => (Some(to_raw_value(&json!({"text": text(0)}))?), Vec::new()),
            Self::Printed => (None, lines(text(0))),
            Self::Files(files) => (None, files.iter().map(|file| file.as_str().to_owned()).collect()),
            Self::Receipt => {
                let [text, svg] = RECEIPT.map(|file| std::fs::read_to_string(folder.join(file)));
                (Some(to_raw_value(&json!({"text": text?, "svg": svg?}))?), Vec::new())
            }
            Self::Dispatched(request) => {
                let entries: Vec<Value> = serde_json::from_str(&text(1))?;
                let own: Vec<Document> =
                    entries.iter().filter(|entry| entry["request"] == request).map(Document::of).collect();
                let files = lines(text(0)).iter().map(|file| copied(file, folder)).collect::<Result<_, _>>()?;
                (Some(to_raw_value(&json!({"documents": own}))?), files)
            }
            Self::None => (None, Vec::new()),
        })
    }
}

/// Copies a file of the project to where a program may fetch it; returns its path there.
fn copied(file: &str, folder: &Path) -> Result<String, Stop> {
    let from = folder.join(file);
    let name = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let to = format!("out/{name}");
    std::fs::create_dir_all(folder.join("out"))?;
    std::fs::copy(&from, folder.join(&to))?;
    Ok(to)
}

/// A document that was sent out.
#[derive(Serialize)]
struct Document<'e> {
    number: &'e str,
    title: &'e str,
}

impl<'e> Document<'e> {
    fn of(entry: &'e Value) -> Self {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        Self { number: text("number"), title: text("title") }
    }
}

/// The files of a receipt: its text, and its code.
const RECEIPT: [&str; 2] = ["out/receipt.txt", "out/receipt.svg"];

/// The commands that answer a request; `project` is the folder that a project is set up in.
///
/// # Errors
/// It asks for a file to be written where none may be.
pub(super) fn of(call: Call, project: Option<&Path>, lang: Lang) -> Result<Answered, String> {
    let one = |line: Line, outcome| Ok(Answered { commands: vec![line.done()], outcome });
    let output = |to: &FilePath| {
        let wrong = || {
            lang.pick(
                format!("只能写到 out/：{}", to.as_str()),
                format!("written is below out/ alone: {}", to.as_str()),
            )
        };
        if to.is_output() { Ok(to.as_str().to_owned()) } else { Err(wrong()) }
    };
    match call {
        Call::Check { files, as_of } => {
            one(Line::of(&["check", "--format", "json", "--rows"]).day(as_of).files(&files), Outcome::Json)
        }
        Call::Explain { code } => one(Line::of(&["explain"]).and(&code.0), Outcome::Text),
        Call::Tally { files, by, as_of } => {
            let line = Line::of(&["tally", "--format", "json"]).list("--by", &by).day(as_of).files(&files);
            one(line, Outcome::Json)
        }
        Call::Due { files, as_of } => {
            one(Line::of(&["due", "--format", "json"]).day(as_of).files(&files), Outcome::Json)
        }
        Call::Mend { file, edits, to } => {
            let line = Line::of(&["mend", "--quiet", "--edits", "-", "-o", &output(&to)?]).files(&[file]);
            let edits: Vec<Value> = edits.iter().map(CellEdit::of_mend).collect();
            let stdin = json!({ "edits": edits }).to_string().into_bytes();
            Ok(Answered {
                commands: vec![Command { stdin, must_succeed: true, ..line.done() }],
                outcome: Outcome::Files(vec![to]),
            })
        }
        Call::Annotate { files, to } => {
            let line = Line::of(&["check", "--quiet", "--format", "json", "--annotate", &output(&to)?]).files(&files);
            one(line, Outcome::Files(vec![to]))
        }
        Call::Receipt { files } => {
            let mut line = Line::of(&["check", "--quiet", "--format", "json"]);
            for file in RECEIPT {
                line = line.and("--write-receipt").and(file);
            }
            one(line.files(&files), Outcome::Receipt)
        }
        Call::Draft { kind, files, formats, as_of } => {
            let line = Line::of(&["draft", "-o", "out"]).list("--to", &formats).day(as_of).and(&kind.0).files(&files);
            one(line.must_succeed(), Outcome::Printed)
        }
        Call::Learn { field, value, meant } => {
            let key = match (meant, list_of(&field.0)) {
                (Some(meant), _) => format!("values.{}.{meant}", field.0),
                (None, Some(list)) => list.to_owned(),
                (None, None) => format!("values.{}.{value}", field.0),
            };
            one(Line::of(&["config", "add", "--"]).and(&key).and(&value).must_succeed(), Outcome::None)
        }
        Call::Dispatch { kind, formats, request_id, accept, why } => {
            let mut line = Line::of(&["dispatch"]).list("--to", &formats).and(&format!("--request-id={request_id}"));
            line = line.list("--accept", &accept);
            if let Some(why) = why {
                line = line.and(&format!("--why={why}"));
            }
            let list = Line::of(&["register", "list", "--format", "json"]);
            let commands = vec![line.and(&kind.0).must_succeed().done(), list.done()];
            Ok(Answered { commands, outcome: Outcome::Dispatched(request_id) })
        }
        Call::Setup { office, files } => {
            let mut line = Line::of(&["init", "--yes"]).and(&format!("--office={office}"));
            for file in &files {
                line = line.and("--from").and(file.as_str());
            }
            if let Some(project) = project {
                line = line.and("--").and(&project.to_string_lossy());
            }
            one(line.must_succeed(), Outcome::None)
        }
        Call::About {} | Call::Take { .. } => Ok(Answered { commands: Vec::new(), outcome: Outcome::None }),
    }
}

/// The key of the config that lists the values of a field.
fn list_of(field: &str) -> Option<&'static str> {
    const LISTS: [(&str, &str); 5] =
        [("unit", "units"), ("category", "categories"), ("team", "teams"), ("site", "sites"), ("source", "sources")];
    LISTS.iter().find(|(of, _)| *of == field).map(|(_, list)| *list)
}

/// A command line while it is put together.
struct Line {
    arguments: Vec<String>,
    must_succeed: bool,
}

impl Line {
    fn of(arguments: &[&str]) -> Self {
        Self { arguments: arguments.iter().map(|text| (*text).to_owned()).collect(), must_succeed: false }
    }

    fn and(mut self, text: &str) -> Self {
        self.arguments.push(text.to_owned());
        self
    }

    /// An option with values that commas part; left out without any.
    fn list(self, option: &str, values: &[Word]) -> Self {
        let values: Vec<&str> = values.iter().map(|word| word.0.as_str()).collect();
        if values.is_empty() { self } else { self.and(option).and(&values.join(",")) }
    }

    fn day(self, day: Option<chrono::NaiveDate>) -> Self {
        match day {
            Some(day) => self.and("--as-of").and(&day.to_string()),
            None => self,
        }
    }

    fn files(mut self, files: &[FilePath]) -> Self {
        if !files.is_empty() {
            self.arguments.push("--".to_owned());
            self.arguments.extend(files.iter().map(|file| file.as_str().to_owned()));
        }
        self
    }

    fn must_succeed(self) -> Self {
        Self { must_succeed: true, ..self }
    }

    fn done(self) -> Command {
        Command { arguments: self.arguments, stdin: Vec::new(), must_succeed: self.must_succeed }
    }
}
