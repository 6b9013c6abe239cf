//! `photos(…)` and `photo_pairs(…)`: the photos of issues, with their captions, and as a table of before and after.

use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::album::{ALBUM, IssuePhoto};
use crate::dataset::Record;
use crate::dataset::issues::ListedIssue;
use crate::dataset::record::texts;
use crate::document::markdown::escape;
use crate::model::Field;
use crate::model::stage::Stage;
use crate::query::call_error::CallError;
use crate::query::context::QueryContext;
use crate::words::lang::{Lang, Region};

/// Says that the table after it is one of photos.
const PHOTO_TABLE: &str = "<!-- photos -->";

/// A photo with its caption.
pub(crate) struct Captioned {
    pub(crate) photo: IssuePhoto,
    pub(crate) caption: String,
}

/// `photos(issue=i, stage="before")`, `photos(KEY=VALUE…)`: the photos of an issue, or of those selected.
pub(crate) fn photos(context: &QueryContext, mut arguments: Record) -> Result<Value, CallError> {
    let stage = stage(context, &mut arguments)?;
    let photos = of_issues(context, arguments)?.into_iter().flatten();
    let photos = photos.filter(|photo| stage.is_none_or(|stage| photo.photo.stage == stage));
    Ok(photos.map(|photo| value(&photo)).collect())
}

/// `photo_pairs(issue=i)`, `photo_pairs(KEY=VALUE…)`: a table of photos, before beside after. It has one column if there is
/// one stage, and no lines at all if there is no photo. With `blank="after"` there is a place for a photo after at each issue
/// that has one, blank where there is none yet: for a form that comes back.
pub(crate) fn pairs(context: &QueryContext, mut arguments: Record) -> Result<String, CallError> {
    let has_blanks = has_blanks(context, &mut arguments)?;
    let issues = of_issues(context, arguments)?;
    let lang = context.data.lang;
    let has = |stage| issues.iter().flatten().any(|photo| photo.photo.stage == stage);
    let stages: Vec<Stage> = Stage::ALL.into_iter().filter(|stage| has(*stage)).collect();
    if stages.is_empty() {
        return Ok(String::new());
    }
    // A photo of which the log does not tell the stage shows what was found.
    let columns: Vec<Vec<Stage>> = if stages.len() == 1 && !has_blanks {
        vec![stages]
    } else {
        let is_early = |stage: &Stage| matches!(stage, Stage::Before | Stage::Other);
        let (before, after): (Vec<Stage>, Vec<Stage>) = stages.into_iter().partition(is_early);
        [before, after].into_iter().filter(|column| has_blanks || !column.is_empty()).collect()
    };
    let head = |column: &Vec<Stage>, at: usize| {
        let usual = if at == 0 { Stage::Before } else { Stage::After };
        let stage = if columns.len() > 1 { usual } else { column.last().copied().unwrap_or_default() };
        stage.label(lang).to_owned()
    };
    let heads: Vec<String> = columns.iter().enumerate().map(|(at, column)| head(column, at)).collect();
    let mut text = format!("\n\n{PHOTO_TABLE}\n\n| {} |\n|{}\n", heads.join(" | "), "---|".repeat(columns.len()));
    for photos in &issues {
        let of_column = |stages: &Vec<Stage>| -> Vec<String> {
            let own = photos.iter().filter(|photo| stages.contains(&photo.photo.stage));
            own.map(|photo| format!("![{}](photo:{})", escape(&photo.caption), photo.photo.id)).collect()
        };
        let cells: Vec<Vec<String>> = columns.iter().map(of_column).collect();
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or_default() {
            let none = lang.pick("（未提供）", "(none provided)");
            let instead = |column: usize| if has_blanks && column > 0 { "" } else { none };
            let cells = cells.iter().enumerate();
            let cells: Vec<&str> = cells.map(|(at, cell)| cell.get(line).map_or(instead(at), String::as_str)).collect();
            text.extend(["| ", &cells.join(" | "), " |\n"]);
        }
    }
    text.push('\n');
    Ok(text)
}

/// Whether there are blank places for photos after the work.
fn has_blanks(context: &QueryContext, arguments: &mut Record) -> Result<bool, CallError> {
    let Some(value) = arguments.shift_remove("blank") else { return Ok(false) };
    let (text, after) = (texts(&value).concat(), Stage::After.key());
    if text == after {
        return Ok(true);
    }
    Err(CallError::unknown(context.messages, ("留空的栏", "blank column"), &text, &[after]))
}

fn stage(context: &QueryContext, arguments: &mut Record) -> Result<Option<Stage>, CallError> {
    let Some(value) = arguments.shift_remove("stage") else { return Ok(None) };
    let text = texts(&value).concat();
    Stage::from_key(&text).map(Some).ok_or_else(|| {
        let known: Vec<&str> = Stage::ALL.into_iter().map(Stage::key).filter(|key| !key.is_empty()).collect();
        CallError::unknown(context.messages, ("阶段", "stage"), &text, &known)
    })
}

/// The photos of an issue that a template has (`issue=i`), or of those that a query selects: those of each issue.
fn of_issues(context: &QueryContext, mut arguments: Record) -> Result<Vec<Vec<Captioned>>, CallError> {
    match arguments.shift_remove("issue") {
        Some(Value::Object(issue)) if arguments.is_empty() => {
            let photos = issue.get(ALBUM).and_then(Value::as_array).into_iter().flatten();
            Ok(vec![photos.filter_map(captioned).collect()])
        }
        // What is no literal is not known yet.
        Some(Value::Null) if context.is_dry_run => Ok(Vec::new()),
        Some(_) => {
            let zh = "issue= 后面写一个问题，例如 {% for i in issues() %}{{ photo_pairs(issue=i) }}{% endfor %}";
            let en = "issue= takes an issue and nothing beside it: {% for i in issues() %}{{ photo_pairs(issue=i) }}{% endfor %}";
            Err(CallError::new(context.messages, zh, en))
        }
        None => {
            let query = context.only_issues("photos", arguments)?;
            let rows = context.select(&query)?;
            Ok(rows.into_iter().map(|row| context.photos_of(row)).filter(|photos| !photos.is_empty()).collect())
        }
    }
}

/// A photo of the record of an issue.
pub(crate) fn captioned(value: &Value) -> Option<Captioned> {
    let mut record = value.as_object()?.clone();
    let caption = record.shift_remove("caption")?.as_str()?.to_owned();
    Some(Captioned { photo: IssuePhoto::deserialize(Value::Object(record)).ok()?, caption })
}

fn value(photo: &Captioned) -> Value {
    let IssuePhoto { id, stage, place, .. } = &photo.photo;
    json!({"photo": id, "stage": stage.key(), "caption": photo.caption, "place": place})
}

impl QueryContext {
    /// The photos of an issue, each with its caption.
    fn photos_of(&self, index: usize) -> Vec<Captioned> {
        let Some(issue) = self.data.records.issue(index) else { return Vec::new() };
        let photos = issue.photos().into_iter();
        photos.map(|photo| Captioned { caption: self.caption(issue, photo.stage), photo }).collect()
    }

    /// The photos of the record of an issue, each with its caption.
    pub(super) fn captioned(&self, index: usize, photos: Option<&Value>) -> Value {
        let Some(issue) = self.data.records.issue(index) else { return Value::Array(Vec::new()) };
        let photos = photos.and_then(Value::as_array).into_iter().flatten().map(|photo| {
            let mut photo = photo.clone();
            let stage = photo.get("stage").and_then(Value::as_str).and_then(Stage::from_key).unwrap_or_default();
            if let Some(photo) = photo.as_object_mut() {
                photo.insert("caption".to_owned(), self.caption(issue, stage).into());
            }
            photo
        });
        photos.collect()
    }

    /// What stands under a photo: where, what, when. 贾陈社区：楼道堆放杂物（整改前，2021年8月3日）
    pub(super) fn caption(&self, issue: ListedIssue<'_>, stage: Stage) -> String {
        let lang = self.data.lang;
        let place = [Field::Site, Field::Unit].into_iter().map(|field| issue.field(field));
        let place = place.into_iter().find(|place| !place.is_empty()).unwrap_or_default();
        let what = shortened(&issue.field(Field::Description), lang);
        let day = match stage {
            Stage::Before => issue.field(Field::FoundOn),
            Stage::After => issue.field(Field::RectifiedOn),
            Stage::During | Stage::Other => String::new(),
        };
        let day = day.parse::<chrono::NaiveDate>().ok().map(|day| match (lang, self.data.region) {
            (Lang::Zh, _) => day.format("%Y年%-m月%-d日").to_string(),
            (Lang::En, Region::Gb) => day.format("%-d %B %Y").to_string(),
            (Lang::En, Region::Us) => day.format("%B %-d, %Y").to_string(),
        });
        let stage = (stage != Stage::Other).then(|| match lang {
            Lang::Zh => stage.label(lang).to_owned(),
            Lang::En => stage.label(lang).to_lowercase(),
        });
        let when: Vec<String> = stage.into_iter().chain(day).collect();
        let said: Vec<&str> = [place.as_str(), what.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
        let said = said.join(lang.pick("：", ": "));
        if when.is_empty() {
            return said;
        }
        lang.pick(format!("{said}（{}）", when.join("，")), format!("{said} ({})", when.join(", ")))
    }
}

/// The first words of a text, on one line: as much as a caption has room for.
fn shortened(text: &str, lang: Lang) -> String {
    let most = lang.pick(30, 70);
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    let line = line.trim_end_matches(['。', '.', '；', ';']);
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let start: String = line.chars().take(most - 1).collect();
    format!("{}…", start.trim_end())
}
