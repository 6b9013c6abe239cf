//! Compiles and renders templates with Tera. The only file that knows Tera.
//!
//! Three things differ from Tera's defaults: null values are left out, so that printing one is an error with its place
//! instead of a blank; everything printed is escaped, and a template can't turn that off; and an error becomes a
//! [`FaultKind::Template`] in the template's own file, with the names that are available.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::Datelike as _;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use tera::{Context, ErrorKind, Kwargs, State, Tera};

use crate::dataset::correction::Correction;
use crate::dataset::record::WantedKeys;
use crate::dataset::{Data, Record};
use crate::document::markdown::{escape, figure};
use crate::fault::{FaultKind, Faults};
use crate::query::CallError;
use crate::query::{self, FUNCTIONS, Output};
use crate::query::{FigureOrigin, QueryContext};
use crate::tags::{Occurrence, PrintedRecord, TRACE, printed_records, read_keys, traced};
use crate::template::chinese::{ChineseName, chinese_names};
use crate::template::filters::{FILTERS, Languages, no_safe};
use crate::template::front_matter::TextOrigin;
use crate::template::lint::{self, ROOTS, UnknownName};
use crate::word_template::in_run;
use crate::words::lang::{Lang, Region};

/// Filters and tests of Tera's own that a template may use.
const TERA_FILTERS: [&str; 27] = [
    "default",
    "upper",
    "lower",
    "wordcount",
    "escape",
    "newlines_to_br",
    "trim",
    "trim_start",
    "trim_end",
    "replace",
    "capitalize",
    "title",
    "truncate",
    "indent",
    "str",
    "int",
    "float",
    "length",
    "reverse",
    "split",
    "abs",
    "round",
    "join",
    "sort",
    "unique",
    "get",
    "group_by",
];
const TERA_TESTS: [&str; 17] = [
    "string",
    "number",
    "map",
    "bool",
    "array",
    "integer",
    "float",
    "none",
    "iterable",
    "defined",
    "undefined",
    "odd",
    "even",
    "divisible_by",
    "starting_with",
    "ending_with",
    "containing",
];

/// A part of a template that is rendered by itself. It decides whether values are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TemplatePart {
    /// Markdown.
    Body,
    /// A text of the front matter, by its index; not Markdown, so not escaped.
    Head(usize),
    /// A part of the office's Word template, by its index: `WordprocessingML`.
    Part(usize),
}

impl TemplatePart {
    /// Its template name in Tera, which escapes names that end in `.md` or `.docx`.
    fn name(self) -> String {
        match self {
            Self::Body => "body.md".to_owned(),
            Self::Head(index) => format!("head {index}"),
            Self::Part(index) => format!("part {index}.docx"),
        }
    }
}

/// The name of the body whose printed figures say which figure they are.
const TRACED_BODY: &str = "traced body.md";

/// How values are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escaping {
    /// As text in Markdown.
    Markdown,
    /// As text of a run in Word.
    Word,
}

/// Encloses the index of a Markdown text in a rendered Word part; occurs in no value.
pub(crate) const MARKUP: char = '\u{2}';

/// The parts of a template, compiled: renders them over one data set after another.
pub(crate) struct Engine {
    tera: Tera,
    /// Markdown returned by functions where the text itself is not Markdown (Word).
    markup: Arc<Mutex<Vec<String>>>,
    /// The context that functions count in.
    current: Arc<Mutex<Option<Arc<QueryContext>>>>,
    /// What the body reads of records, and what functions give of them now.
    read: WantedKeys,
    wanted: Arc<Mutex<WantedKeys>>,
    messages: Lang,
}

impl Engine {
    /// An engine without templates, for documents of the language and the day of some data.
    pub(crate) fn new(data: &Data, messages: Lang, escaping: Escaping) -> Self {
        let languages = Languages { document: data.lang, region: data.region, messages, year: data.as_of.year() };
        let mut tera = bare(languages, escaping);
        let current = Arc::new(Mutex::new(None::<Arc<QueryContext>>));
        let markup = Arc::new(Mutex::new(Vec::new()));
        let wanted = Arc::new(Mutex::new(WantedKeys::default()));
        for name in FUNCTIONS {
            let (current, markup, wanted) = (current.clone(), markup.clone(), wanted.clone());
            tera.register_function(name, move |arguments: Kwargs, _: &State<'_>| -> Result<tera::Value, tera::Error> {
                let context = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let Some(context) = context else { return Ok(tera::Value::none()) };
                match query::call(&context, name, record(&arguments)) {
                    Ok(Output::Data(value)) => to_tera(value),
                    Ok(Output::Records(list, rows)) => {
                        let mut keys = KeyCache::default();
                        let wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner);
                        let maps = rows.into_iter().map(|row| {
                            let mut record = context.record(list, row, &wanted);
                            record.retain(|key, _| wanted.has(key));
                            to_map(record, &mut keys)
                        });
                        Ok(maps.collect::<Result<Vec<_>, _>>()?.into())
                    }
                    Ok(Output::Markup(text)) if escaping == Escaping::Markdown => Ok(tera::Value::safe_string(&text)),
                    Ok(Output::Markup(text)) => {
                        let mut markup = markup.lock().unwrap_or_else(PoisonError::into_inner);
                        markup.push(text);
                        Ok(tera::Value::safe_string(&format!("{MARKUP}{}{MARKUP}", markup.len() - 1)))
                    }
                    Err(error) => Err(tera::Error::message(error.packed())),
                }
            });
        }
        if escaping == Escaping::Markdown {
            add_trace(&mut tera, &current);
        }
        Self { tera, markup, current, read: WantedKeys::default(), wanted, messages }
    }

    /// Takes the Markdown that functions returned since the last call.
    pub(crate) fn markup(&self) -> Vec<String> {
        let markup = std::mem::take(&mut *self.markup.lock().unwrap_or_else(PoisonError::into_inner));
        markup.into_iter().map(|text| self.in_words(text)).collect()
    }

    /// A rendered text, with words in place of hidden counts.
    fn in_words(&self, text: String) -> String {
        match &*self.current.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(context) if context.policy().is_some() => context.in_words(&text),
            _ => text,
        }
    }

    /// Compiles a part; errors are added to `faults`.
    pub(crate) fn add(&mut self, part: TemplatePart, text: &str, origin: TextOrigin, faults: &mut Faults) {
        if let Err(error) = self.tera.add_raw_template(&part.name(), text) {
            tell(&error, origin, self.messages, faults);
        } else if part == TemplatePart::Body {
            // Without it figures are printed all the same.
            let _ = self.tera.add_raw_template(TRACED_BODY, &traced(text));
            self.read = read_keys(text).map_or_else(WantedKeys::default, WantedKeys::only);
        }
    }

    /// Sets the context that functions count in from now on.
    pub(crate) fn set_context(&self, context: &Arc<QueryContext>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.clone());
    }

    /// What functions give of records from now on.
    fn want(&self, keys: WantedKeys) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// Renders a part; `None` if that fails, which is added to `faults`. Figures of a body are marked for
    /// [`blocks`](crate::document::markdown::blocks).
    pub(crate) fn render(
        &self,
        part: TemplatePart,
        variables: &Context,
        origin: TextOrigin,
        faults: &mut Faults,
    ) -> Option<String> {
        // What is wrong is told from the template as its author wrote it, with all that a record has.
        let traced = (part == TemplatePart::Body).then(|| {
            self.want(self.read.clone());
            let text = self.tera.render(TRACED_BODY, variables).ok();
            self.want(WantedKeys::default());
            text
        });
        let traced = traced.flatten();
        match traced.map_or_else(|| self.tera.render(&part.name(), variables), Ok) {
            Ok(text) => Some(self.in_words(text)),
            Err(error) => {
                tell(&error, origin, self.messages, faults);
                None
            }
        }
    }
}

/// Reports what is wrong with a part, as far as that shows without data.
pub(crate) fn check(part: TemplatePart, text: &str, origin: TextOrigin, dry_run: &QueryContext, faults: &mut Faults) {
    check_words(text, (origin, &[]), dry_run, faults);
    // Tera would stop at the first of them, and say less.
    if !chinese_names(text, &[]).is_empty() {
        return;
    }
    if let Some(tera) = check_syntax(part, text, origin, dry_run.messages, faults) {
        check_calls(text, origin, dry_run, faults);
        check_variables(&tera, part, text, (origin, &[]), dry_run.messages, faults);
    }
}

/// Reports field names that no record has, names in Chinese, uses of the filter `safe`, and records that would be printed whole.
/// `more` are the variables that exist beside [`ROOTS`].
pub(crate) fn check_words(
    text: &str,
    (origin, more): (TextOrigin, &[&str]),
    dry_run: &QueryContext,
    faults: &mut Faults,
) {
    let messages = dry_run.messages;
    for name in lint::names(text) {
        match name {
            UnknownName::Safe(found) => add(no_safe(messages), &found, origin, faults),
            UnknownName::Part(found) => {
                let known: Vec<&str> = lint::parts().into_iter().collect();
                let error = CallError::unknown(messages, ("字段", "field"), &found.text, &known);
                add(error, &found, origin, faults);
            }
        }
    }
    for ChineseName { found, instead } in chinese_names(text, more) {
        let (zh, en) = (
            format!("标签里的名称和引号用英文，不写 `{}`", found.text),
            format!("names and quotes in tags are ASCII, not `{}`", found.text),
        );
        let error = CallError::new(messages, zh, en);
        let error = match instead {
            Some(name) => error.with_help(messages, format!("写成 `{name}`"), format!("write `{name}`")),
            None => error.with_help(messages, "模板文档列出了全部名称", "the page on templates lists all names"),
        };
        add(error, &found, origin, faults);
    }
    for PrintedRecord { found, instead } in printed_records(text) {
        let (zh, en) =
            (format!("`{}` 是一组数据，不能整个打印", found.text), format!("`{}` is a record, not a text", found.text));
        let error = CallError::new(messages, zh, en);
        let error = error.with_help(messages, format!("写成 `{instead}`"), format!("write `{instead}`"));
        add(error, &found, origin, faults);
    }
}

/// Compiles a part by itself; reports why that fails.
pub(crate) fn check_syntax(
    part: TemplatePart,
    text: &str,
    origin: TextOrigin,
    messages: Lang,
    faults: &mut Faults,
) -> Option<Tera> {
    let mut tera = bare(Languages { document: Lang::Zh, region: Region::Gb, messages, year: 0 }, Escaping::Markdown);
    for name in FUNCTIONS {
        tera.register_function(name, |_: Kwargs, _: &State<'_>| tera::Value::none());
    }
    match tera.add_raw_template(&part.name(), text) {
        Ok(()) => Some(tera),
        Err(error) => {
            tell(&error, origin, messages, faults);
            None
        }
    }
}

/// Tries the function calls whose arguments are literals.
pub(crate) fn check_calls(text: &str, origin: TextOrigin, dry_run: &QueryContext, faults: &mut Faults) {
    for call in lint::calls(text, &FUNCTIONS) {
        if let Err(error) = query::call(dry_run, call.function, call.arguments) {
            add(error, &call.found, origin, faults);
        }
    }
}

/// Reports variables of a compiled part that do not exist; `more` are those that exist beside [`ROOTS`].
pub(crate) fn check_variables(
    tera: &Tera,
    part: TemplatePart,
    text: &str,
    (origin, more): (TextOrigin, &[&str]),
    messages: Lang,
    faults: &mut Faults,
) {
    let known: Vec<&str> = ROOTS.iter().chain(more).copied().collect();
    let mut unknown: Vec<&str> = tera.get_template_variables(&part.name()).into_iter().flatten().collect();
    unknown.retain(|name| !known.contains(name) && *name != "dimensions");
    unknown.sort_unstable();
    for name in unknown {
        let error = CallError::unknown(messages, ("变量", "variable"), name, &known);
        add(error, &lint::place_of(text, name), origin, faults);
    }
}

fn add(error: CallError, found: &Occurrence, origin: TextOrigin, faults: &mut Faults) {
    let place = origin.place(found.line, found.column, found.length);
    faults.add(place, FaultKind::Template { message: error.message, help: error.help });
}

/// Tera with our escaping and filters, without functions.
fn bare(languages: Languages, escaping: Escaping) -> Tera {
    let mut tera = Tera::default();
    tera.autoescape_on([".md", ".docx"]);
    match escaping {
        Escaping::Markdown => tera.set_escape_fn(|text, out| out.write_all(escape(text).as_bytes())),
        Escaping::Word => {
            tera.set_escape_fn(|text, out| out.write_all(in_run(text).as_bytes()));
            // Tera's own return HTML that is marked as safe.
            for name in ["escape", "newlines_to_br"] {
                tera.register_filter(name, |value: tera::Value, _: Kwargs, _: &State<'_>| value);
            }
        }
    }
    for (name, filter) in FILTERS {
        tera.register_filter(
            name,
            move |value: tera::Value, arguments: Kwargs, _: &State<'_>| -> Result<tera::Value, tera::Error> {
                if value.is_undefined() || value.is_none() {
                    return Err(tera::Error::message(nothing(name, languages.messages).packed()));
                }
                match filter(&from_tera(&value), &record(&arguments), languages) {
                    Ok(value) => to_tera(value),
                    Err(error) => Err(tera::Error::message(error.packed())),
                }
            },
        );
    }
    tera
}

/// Adds the function and the filter of traced templates.
fn add_trace(tera: &mut Tera, current: &Arc<Mutex<Option<Arc<QueryContext>>>>) {
    let figure_of = |current: &Mutex<Option<Arc<QueryContext>>>, arguments: &Kwargs| {
        let arguments = record(arguments);
        let is_true = |name: &str| arguments.get(name) == Some(&Value::Bool(true));
        let context = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let of = arguments.get("of").and_then(Value::as_i64);
        context.and_then(|context| context.figures.of(of, is_true("length"), is_true("before")))
    };
    let in_function = current.clone();
    tera.register_function(TRACE, move |arguments: Kwargs, _: &State<'_>| {
        tera::Value::from(figure_of(&in_function, &arguments).map_or(0, FigureOrigin::stored))
    });
    let current = current.clone();
    tera.register_filter(TRACE, move |value: tera::Value, arguments: Kwargs, _: &State<'_>| {
        let id = figure_of(&current, &arguments).and_then(FigureOrigin::number);
        let Some(id) = id.filter(|_| !value.is_undefined() && !value.is_none()) else { return value };
        let text = if value.is_safe() { value.to_string() } else { escape(&value.to_string()) };
        tera::Value::safe_string(&figure(id, &text))
    });
}

/// The error of a filter that is applied to a missing value, which would print a blank.
fn nothing(filter: &str, messages: Lang) -> CallError {
    let (zh, en) = (format!("`{filter}` 前面没有值"), format!("there is no value for `{filter}`"));
    CallError::new(messages, zh, en).with_help(messages, ASK_ZH, ASK_EN)
}

const ASK_ZH: &str = "先用 {% if … %} 判断，或写 {{ … or \"—\" }}";
const ASK_EN: &str = "ask {% if … %} first, or write {{ … or \"-\" }}";

/// The variables of a template.
pub(crate) fn variables(data: &Data) -> Context {
    let mut variables = Context::new();
    // Without the rows: those are reached through functions only.
    let bare = Data { records: Arc::default(), earlier: None, identities: Vec::new(), ..data.clone() };
    if let Ok(Value::Object(map)) = serde_json::to_value(&bare) {
        for (key, value) in map {
            if !value.is_null() && (ROOTS.contains(&key.as_str()) || key == "dimensions") {
                variables.insert(key, &without_nulls(value));
            }
        }
    }
    variables.insert("region", &data.region);
    variables.insert("compared", &data.is_compared());
    if let Some(Correction { number, title, date, unit, .. }) = &data.correction {
        let corrected = json!({"number": number, "title": title, "date": date, "unit": unit});
        variables.insert("corrected", &without_nulls(corrected));
    }
    variables.insert("charts", &data.charts);
    variables.insert("you", data.office.address.you(data.lang));
    variables
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().filter(|item| !item.is_null()).map(without_nulls).collect(),
        value => value,
    }
}

fn to_tera(value: Value) -> Result<tera::Value, tera::Error> {
    tera::Value::try_from_serializable(&without_nulls(value))
}

/// The keys of records that were met, each as one text.
type KeyCache = FxHashMap<String, Arc<str>>;

/// A record as Tera has it, without nulls.
fn to_map(record: Record, keys: &mut KeyCache) -> Result<tera::Value, tera::Error> {
    let mut map: IndexMap<tera::value::Key<'static>, tera::Value> = IndexMap::with_capacity(record.len());
    for (key, value) in record {
        let value = match value {
            Value::Null => continue,
            Value::Bool(holds) => holds.into(),
            Value::String(text) => text.into(),
            value => to_tera(value)?,
        };
        let key = match keys.get(&key) {
            Some(known) => known.clone(),
            None => keys.entry(key.clone()).or_insert_with(|| key.into()).clone(),
        };
        map.insert(tera::value::Key::String(key), value);
    }
    Ok(map.into())
}

fn from_tera(value: &tera::Value) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn record(arguments: &Kwargs) -> Record {
    arguments.iter().map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), from_tera(value))).collect()
}

/// Turns a Tera error into faults: one, or one for each unknown name.
fn tell(error: &tera::Error, origin: TextOrigin, messages: Lang, faults: &mut Faults) {
    let mut tell_one = |message: &str, line: usize, column: usize, length: usize| {
        let error = in_words(message, messages);
        let what = FaultKind::Template { message: error.message, help: error.help };
        faults.add(origin.place(line, column, length), what);
    };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            let length = if span.end_line == span.start_line { span.end_col.saturating_sub(span.start_col) } else { 1 };
            tell_one(report.message(), span.start_line, span.start_col, length);
        }
        other => {
            let text = other.to_string();
            let mut told = false;
            let mut message = "";
            for line in text.lines() {
                if let Some(said) = line.strip_prefix("error: ") {
                    message = said;
                } else if let Some(place) = line.trim_start().strip_prefix("--> ") {
                    let mut numbers = place.rsplitn(3, ':').filter_map(|part| part.parse::<usize>().ok());
                    if let (Some(column), Some(line)) = (numbers.next(), numbers.next()) {
                        tell_one(
                            message,
                            line,
                            column.saturating_sub(1),
                            message.split('`').nth(1).unwrap_or_default().chars().count(),
                        );
                        told = true;
                    }
                }
            }
            if !told {
                tell_one(&text, 1, 0, 1);
            }
        }
    }
}

/// A message of Tera in the language of messages, with the names that are available.
fn in_words(message: &str, lang: Lang) -> CallError {
    if let Some(error) = CallError::unpacked(message) {
        return error;
    }
    let name = message.split('`').nth(1).unwrap_or_default();
    let ours = || FILTERS.iter().map(|(name, _)| *name).filter(|name| *name != "safe");
    if message.starts_with("Unknown filter") {
        let known: Vec<&str> = ours().chain(TERA_FILTERS).collect();
        return CallError::unknown(lang, ("过滤器", "filter"), name, &known);
    }
    if message.starts_with("Unknown function") {
        return CallError::unknown(lang, ("函数", "function"), name, &FUNCTIONS);
    }
    if message.starts_with("Unknown test") {
        return CallError::unknown(lang, ("判断", "test"), name, &TERA_TESTS);
    }
    let missing = [("Variable", ("变量", "variable")), ("Field", ("字段", "field"))];
    for (word, names) in missing {
        if !message.starts_with(word) {
            continue;
        }
        let known =
            message.split_once("Available").and_then(|(_, list)| list.split_once(": ")).map_or("", |(_, list)| list);
        let mut known: Vec<&str> =
            known.split(", ").filter(|name| !name.is_empty() && !name.starts_with("__")).collect();
        known.sort_unstable();
        if ROOTS.contains(&name) || lint::parts().contains(name) {
            let error = CallError::new(lang, format!("`{name}` 在这里没有值"), format!("`{name}` has no value here"));
            let list = known.join(" ");
            return error.with_help(
                lang,
                format!("先用 {{% if … %}} 判断，或写 {{{{ … or \"—\" }}}}；这里有：{list}"),
                format!("ask {{% if … %}} first, or write {{{{ … or \"-\" }}}}; here are: {list}"),
            );
        }
        return CallError::unknown(lang, names, name, &known);
    }
    if message.starts_with("Cannot compare")
        || message.contains("to be numbers")
        || message.starts_with("Math operations")
    {
        let error = CallError::new(lang, format!("模板有误：{message}"), message.to_owned());
        return error.with_help(
            lang,
            "藏起小数的公开版（privacy.small_counts）里，小数是文字：可以问 == 1、!= 1，不能比大小、不能运算",
            "where a public edition hides small counts (privacy.small_counts) they are words: ask == 1 or != 1; they have no \
             size and can't be calculated with",
        );
    }
    if message.contains("undefined") {
        let zh = format!("这里的值不存在（{message}）");
        return CallError::new(lang, zh, message.to_owned()).with_help(lang, ASK_ZH, ASK_EN);
    }
    CallError::new(lang, format!("模板有误：{message}"), message.to_owned())
}
