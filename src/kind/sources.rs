//! Where the figures that a document prints come from, for formats with links: what was counted, in words, and the rows.
//!
//! Shown is what the document's `figures.json` shows. A public edition names its rows only by id and place: what else they
//! say is in the document if it is to be published.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::dataset::figure_sheet::rows_of_all;
use crate::dataset::list_name::RowList;
use crate::dataset::record::texts;
use crate::dataset::{Edition, Figure, Record, RowRef};
use crate::document::chart::Chart;
use crate::document::source::{FigureId, FigureSource, FigureSources, SourceRow};
use crate::document::{Block, Inline};
use crate::model::field::Field;
use crate::model::identity::is_key;
use crate::query::{QueryContext, RecordList, measure_label};
use crate::words::lang::Lang;
use crate::words::number;

/// How much of a row is quoted, in characters.
const QUOTED: usize = 60;
/// How many values of a condition are named.
const NAMED: usize = 8;

/// Returns where the figures that some blocks print come from.
pub(crate) fn of<'b>(
    figures: &[Figure],
    blocks: impl Iterator<Item = &'b Vec<Block>>,
    context: &QueryContext,
) -> FigureSources {
    let mut printed = BTreeSet::new();
    blocks.for_each(|blocks| in_blocks(blocks, &mut printed));
    of_figures(figures, &printed, context)
}

/// The same for figures by their ids.
pub(crate) fn of_figures(figures: &[Figure], printed: &BTreeSet<FigureId>, context: &QueryContext) -> FigureSources {
    let numbers: BTreeSet<usize> = printed.iter().map(|id| id.figure).collect();
    let published: BTreeMap<usize, Cow<'_, Figure>> = numbers
        .into_iter()
        .filter_map(|id| Some((id, figures.get(id.checked_sub(1)?)?.shown(&context.data))))
        .collect();
    let mut sources = Vec::new();
    for id in printed.iter().copied() {
        let Some(figure) = published.get(&id.figure) else { continue };
        let list = figure.row_list();
        let part = id.part.checked_sub(1).and_then(|part| figure.parts.get(part));
        // A public edition may show no parts: then they lead to the whole.
        let id = if part.is_some() { id } else { FigureId::whole(id.figure) };
        let own = part.map_or(&figure.rows, |part| &part.rows);
        sources.push((id, figure, part, (list, own)));
    }
    // The rows in the order of their lists, each once.
    let rows = rows_of_all(sources.iter().map(|(_, _, _, own)| *own));
    let words = Words { context, lang: context.data.lang };
    let mut figures: Vec<FigureSource> = sources
        .into_iter()
        .map(|(id, figure, part, (list, own))| {
            let position = |row: usize| rows.get(&list)?.number(row);
            let withheld = match part {
                Some(part) => part.value.checked_sub(part.rows.len() as u64).filter(|rows| *rows > 0),
                None => figure.rows_withheld,
            };
            FigureSource {
                id,
                value: part.map_or_else(|| shown(&figure.value), |part| part.value.to_string()),
                counted: words.counted(figure, part.map(|part| &part.key)),
                rows: own.iter().filter_map(position).collect(),
                withheld: words.withheld(withheld),
            }
        })
        .collect();
    figures.sort_by_key(|figure| figure.id);
    figures.dedup_by_key(|figure| figure.id);
    let all = rows.iter().flat_map(|(list, rows)| rows.iter().map(|row| (*list, row)));
    let rows = all.filter_map(|(list, index)| quoted(list, index, context)).collect();
    FigureSources { figures, rows }
}

fn in_blocks(blocks: &[Block], printed: &mut BTreeSet<FigureId>) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => in_inlines(text, printed),
            Block::List { items, .. } => items.iter().for_each(|item| in_blocks(item, printed)),
            Block::Table(table) | Block::Chart(Chart { table, .. }) => {
                let cells = table.header.iter().chain(table.rows.iter().flatten());
                cells.for_each(|cell| in_inlines(&cell.0, printed));
            }
            Block::Photos(_) | Block::PageBreak => {}
        }
    }
}

fn in_inlines(inlines: &[Inline], printed: &mut BTreeSet<FigureId>) {
    for inline in inlines {
        match inline {
            Inline::Figure { id, .. } => {
                printed.insert(*id);
            }
            Inline::Strong(inner) | Inline::Emphasis(inner) => in_inlines(inner, printed),
            Inline::Text(_) | Inline::Break | Inline::Photo(_) => {}
        }
    }
}

/// A row as it is shown.
fn quoted(of: RowList, index: usize, context: &QueryContext) -> Option<SourceRow> {
    let record = context.data.record(of, index)?;
    let row = RowRef::of(&record);
    let issue = Some(index).filter(|_| of.list == RecordList::Issues && !of.is_earlier);
    let place = SourceRow { file: row.file.clone(), line: row.line, issue, ..SourceRow::default() };
    // What has no name of its own is called by its place, which is shown beside.
    let stem = row.file.rsplit_once('.').map_or(row.file.as_str(), |(stem, _)| stem);
    let is_place = row.line.is_some_and(|line| row.id == format!("{stem}:{line}"));
    let id = if is_key(&row.id) || is_place { String::new() } else { row.id.clone() };
    if context.data.edition != Edition::Internal {
        return Some(SourceRow { id, ..place });
    }
    let (unit, said): (&str, &[&str]) = match of.list {
        RecordList::Issues => ("unit", &["description"]),
        RecordList::Inspections => ("unit", &["date", "team", "site_names"]),
        RecordList::Measures => ("unit", &["date", "person", "role", "reason"]),
        RecordList::Documents => ("unit", &["date", "title"]),
        RecordList::Sites => ("unit", &["type", "team"]),
        RecordList::Teams | RecordList::Categories | RecordList::Units => ("group", &[]),
    };
    let unit = text(&record, unit, context.data.lang);
    let said: Vec<String> =
        said.iter().map(|key| text(&record, key, context.data.lang)).filter(|text| !text.is_empty()).collect();
    Some(SourceRow { id, unit, text: brief(&said.join(" ")), ..place })
}

fn text(record: &Record, key: &str, lang: Lang) -> String {
    record.get(key).map(texts).unwrap_or_default().join(lang.pick("、", ", "))
}

/// The beginning of a text, on one line.
fn brief(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    let mut brief: String = line.chars().take(QUOTED).collect();
    if brief.len() < line.len() {
        brief.push('…');
    }
    brief
}

/// A value as it is shown: a share in percent.
fn shown(value: &Value) -> String {
    /// What rates are rounded to.
    const UNIT: f64 = 1_000_000.0;
    let Some(rate) = value.as_f64().filter(|rate| value.is_f64() && (0.0..=1e6).contains(rate)) else {
        return texts(value).concat();
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    let part = (rate * UNIT).round() as u64;
    number::percent(part, 1_000_000, 1).unwrap_or_default()
}

/// Says in the language of a document what was counted.
struct Words<'c> {
    context: &'c QueryContext,
    lang: Lang,
}

impl Words<'_> {
    /// What a figure counts; of a part also the values of its row and column.
    fn counted(&self, figure: &Figure, part: Option<&indexmap::IndexMap<String, String>>) -> String {
        let list = figure.list();
        let name = self.list(list);
        let asked = |key: &str| figure.selection.get(key);
        let keys = |key: &str| {
            let names = asked(key).map(texts).unwrap_or_default();
            names.iter().map(|name| self.key(list, name)).collect::<Vec<_>>().join(self.lang.pick("、", " and "))
        };
        let what = match figure.function.as_str() {
            "rate" => {
                let of = asked("of").and_then(Value::as_object);
                let of: Vec<String> =
                    of.into_iter().flatten().map(|(key, value)| self.condition(list, key, value)).collect();
                let of = of.join(self.and());
                self.lang.pick(format!("{name}中{of}的占比"), format!("Share of {name} with {of}"))
            }
            "distinct" | "values" => {
                let key = keys("of");
                self.lang
                    .pick(format!("{name}中不同的{key}数"), format!("Number of different values of {key} among {name}"))
            }
            "sum" => {
                let key = keys("of");
                self.lang.pick(format!("{name}的{key}合计"), format!("Sum of {key} over {name}"))
            }
            "tally" => {
                let by = keys("by");
                self.lang.pick(format!("{name}按{by}分出的组数"), format!("Number of groups of {name} by {by}"))
            }
            "repeats" => {
                self.lang.pick("同一单位、类别重复出现的问题", "Repeated issues of one unit and category").to_owned()
            }
            _ => self.lang.pick(format!("{name}数"), format!("Number of {name}")),
        };
        let mut conditions = Vec::new();
        for (key, value) in figure.conditions() {
            conditions.push(self.condition(list, key, value));
        }
        for (key, value) in part.into_iter().flatten() {
            let values: Vec<&str> = value.split('|').collect();
            let value = if let [one] = values.as_slice() { Value::from(*one) } else { values.into() };
            conditions.push(self.condition(list, key, &value));
        }
        let scope = &figure.scope;
        conditions.extend(scope.unit.iter().map(|unit| self.condition(list, "unit", &Value::from(unit.as_str()))));
        if let Some(days) = self.days(scope.from.as_deref(), scope.to.as_deref()) {
            conditions.push(days);
        }
        if conditions.is_empty() {
            return what;
        }
        let conditions = conditions.join(self.and());
        self.lang.pick(format!("{what}（{conditions}）"), format!("{what} ({conditions})"))
    }

    fn and(&self) -> &'static str {
        self.lang.pick("，", "; ")
    }

    fn list(&self, list: RecordList) -> &'static str {
        let (zh, en) = match list {
            RecordList::Issues => ("问题", "issues"),
            RecordList::Inspections => ("督查", "inspections"),
            RecordList::Measures => ("处置", "measures"),
            RecordList::Documents => ("文书", "documents"),
            RecordList::Teams => ("工作专班", "teams"),
            RecordList::Sites => ("点位", "sites"),
            RecordList::Categories => ("类别", "categories"),
            RecordList::Units => ("单位", "units"),
        };
        self.lang.pick(zh, en)
    }

    fn key(&self, list: RecordList, name: &str) -> String {
        if let Some(key) = list.key(name) {
            let label = key.label(self.lang);
            return self.lang.pick(label.clone(), label.to_lowercase());
        }
        let known = [
            ("units", "单位", "units"),
            ("issues", "问题", "issues"),
            ("kind", "文种", "kind"),
            ("number", "文号", "number"),
            ("name", "名称", "name"),
            ("type", "类型", "type"),
            ("group", "分组", "group"),
            ("move", "变化", "change"),
            ("site_names", "点位", "sites"),
            ("head", "负责人", "head"),
            ("contact", "联系人", "contact"),
            ("id", "编号", "id"),
            ("measure", "指标", "measure"),
            ("place", "名次", "place"),
        ];
        let words = known.iter().find(|(key, ..)| *key == name).map(|(_, zh, en)| self.lang.pick(*zh, *en));
        let field = || Field::from_key(name).map(|field| field.label(self.lang));
        let word = words.or_else(field).unwrap_or_else(|| name.strip_prefix("extra.").unwrap_or(name));
        self.lang.pick(word.to_owned(), word.to_lowercase())
    }

    /// A condition: a key, perhaps with `!` for a denial, and its values.
    fn condition(&self, list: RecordList, key: &str, value: &Value) -> String {
        let (key, is_not) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
        let label = self.key(list, key);
        let of = |text: &String| match (text.as_str(), list.key(key)) {
            ("", _) => self.lang.pick("未填", "blank").to_owned(),
            ("true" | "yes", _) if value.is_boolean() => self.lang.pick("是", "yes").to_owned(),
            ("false" | "no", _) if value.is_boolean() => self.lang.pick("否", "no").to_owned(),
            (text, Some(key)) => self.context.project.value_label(key, text, self.lang),
            (text, None) => measure_label(text, self.lang).filter(|_| key == "measure").unwrap_or(text).to_owned(),
        };
        let all = texts(value);
        let mut values = all.iter().take(NAMED).map(of).collect::<Vec<_>>().join(self.lang.pick("、", ", "));
        if all.is_empty() {
            values = of(&String::new());
        } else if all.len() > NAMED {
            values = self
                .lang
                .pick(format!("{values}等{}个", all.len()), format!("{values} and others, {} in all", all.len()));
        }
        let is = match (self.lang, is_not) {
            (Lang::Zh, false) => "：",
            (Lang::Zh, true) => "不是：",
            (Lang::En, false) => ": ",
            (Lang::En, true) => " is not: ",
        };
        format!("{label}{is}{values}")
    }

    fn days(&self, from: Option<&str>, to: Option<&str>) -> Option<String> {
        match (from, to) {
            (Some(from), Some(to)) => Some(self.lang.pick(format!("{from}至{to}"), format!("{from} to {to}"))),
            (Some(from), None) => Some(self.lang.pick(format!("{from}起"), format!("from {from}"))),
            (None, Some(to)) => Some(self.lang.pick(format!("截至{to}"), format!("up to {to}"))),
            (None, None) => None,
        }
    }

    fn withheld(&self, rows: Option<u64>) -> Option<String> {
        if self.context.data.small_counts.is_some() {
            let (zh, en) = ("公开版藏起小数，不列出自哪些行", "Where small counts are hidden, rows are not shown");
            return Some(self.lang.pick(zh, en).to_owned());
        }
        let rows = rows?;
        Some(self.lang.pick(
            format!("另有{rows}行涉及个人，公开版不列"),
            format!("{rows} more name persons and are not published"),
        ))
    }
}
