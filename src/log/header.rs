//! Maps header cells, and keys of YAML records, to fields.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::fault::{FaultKind, Faults};
use crate::log::survey::SurveyExport;
use crate::model::field::{FIELDS, Field, FieldInfo, FieldKind, WEAK};
use crate::model::row::{Columns, Row};
use crate::project::Project;
use crate::project::vocabulary::normal;
use crate::words::near::nearest_header;

/// What a row or a YAML record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordKind {
    Issue,
    Inspection,
    Measure,
}

impl RecordKind {
    /// Whether records of this kind have the field.
    fn has(self, info: &FieldInfo) -> bool {
        match self {
            Self::Issue => info.of.issue,
            Self::Inspection => info.of.inspection,
            Self::Measure => info.of.measure,
        }
    }
}

/// The known spellings of headers. Those of the project take precedence over the built-in ones.
pub(super) struct Headers {
    /// The project's spellings, normalised; without a field if the project ignores the header.
    own: BTreeMap<String, Vec<Field>>,
}

/// The built-in spellings, normalised, by kind of record.
static BUILT_IN: LazyLock<[BTreeMap<String, Field>; 3]> = LazyLock::new(|| {
    [RecordKind::Issue, RecordKind::Inspection, RecordKind::Measure].map(|kind| {
        let mut spellings = BTreeMap::new();
        for info in FIELDS.iter().filter(|info| kind.has(info)) {
            for name in [info.key, info.zh, info.en].iter().chain(info.synonyms) {
                spellings.entry(normal(name)).or_insert(info.field);
            }
        }
        if kind == RecordKind::Issue {
            spellings.extend(WEAK.iter().map(|(name, field)| (normal(name), *field)));
        }
        spellings
    })
});

impl Headers {
    /// Collects the spellings of a project.
    pub(super) fn new(project: &Project) -> Self {
        let mut own: BTreeMap<String, Vec<Field>> = BTreeMap::new();
        for (field, header) in &project.columns {
            own.entry(normal(header)).or_default().push(*field);
        }
        for header in &project.ignore {
            own.insert(normal(header), Vec::new());
        }
        Self { own }
    }

    /// Only the built-in spellings.
    pub(super) fn built_in_only() -> Self {
        Self { own: BTreeMap::new() }
    }

    fn built_in(kind: RecordKind) -> &'static BTreeMap<String, Field> {
        let [issue, inspection, measure] = &*BUILT_IN;
        match kind {
            RecordKind::Issue => issue,
            RecordKind::Inspection => inspection,
            RecordKind::Measure => measure,
        }
    }

    /// Returns the fields that a header names; several only if the project maps the header to several.
    ///
    /// A spelling must match as a whole: `检查单位` is who inspects and `被检查单位` who is inspected, so a part of a
    /// header proves nothing. Additions of the office are removed first: an asterisk, a note in brackets, 名称.
    pub(super) fn find(&self, kind: RecordKind, header: &str) -> Vec<Field> {
        let whole = normal(header);
        let bare = whole.trim_end_matches(['*', ':']).trim_start_matches('*');
        let without_note = bare.split_once('(').map_or(bare, |(before, _)| before).trim();
        let without_suffix = without_note.strip_suffix("名称").unwrap_or(without_note);
        for spelling in [whole.as_str(), bare, without_note, without_suffix] {
            if let Some(own) = self.own.get(spelling) {
                return own.iter().copied().filter(|field| kind.has(field.info())).collect();
            }
            if let Some(field) = Self::built_in(kind).get(spelling) {
                return vec![*field];
            }
        }
        // 照片1, 整改前照片2
        let without_number = without_suffix.trim_end_matches(|c: char| c.is_ascii_digit() || ('①'..='⑨').contains(&c));
        if without_number.len() < without_suffix.len() {
            let mut fields = self.find(kind, without_number);
            fields.retain(|field| field.stage().is_some());
            return fields;
        }
        Vec::new()
    }

    /// Whether a header is that of the addresses of photos which stand in another column by their names, as Kobo exports
    /// them: `照片_URL` beside `照片`.
    fn is_photo_address(&self, kind: RecordKind, header: &str) -> bool {
        let header = normal(header);
        let name = header.strip_suffix("url").map(|name| name.trim_end_matches(['_', ' ', '-']));
        name.is_some_and(|name| !name.is_empty() && self.find(kind, name).iter().any(|field| field.stage().is_some()))
    }

    /// Whether a header names its field only where no other does.
    fn is_weak(&self, header: &str) -> bool {
        let header = header.trim();
        WEAK.iter().any(|(name, _)| *name == header) && !self.own.contains_key(header)
    }

    /// Whether a column of a header row names a field, and that better than a weak header in another: by a header that is
    /// not weak, or before it.
    fn is_named_elsewhere(&self, kind: RecordKind, row: &Row, weak: usize, field: Field) -> bool {
        (0..row.len()).filter(|cell| *cell != weak).any(|cell| {
            let header = row.cell(cell);
            self.find(kind, &header).contains(&field) && (cell < weak || !self.is_weak(&header))
        })
    }

    /// Returns how well a header that names a field does so.
    fn rank(&self, header: &str, field: Field) -> Rank {
        let header = normal(header);
        if self.own.get(&header).is_some_and(|fields| fields.contains(&field)) {
            Rank::Own
        } else if matches!(header.as_str(), "时间" | "日期" | "date" | "time") {
            Rank::Vague
        } else {
            Rank::BuiltIn
        }
    }

    /// Whether the project ignores a header.
    pub(super) fn is_ignored(&self, header: &str) -> bool {
        self.own.get(&normal(header)).is_some_and(Vec::is_empty)
    }

    /// Returns the number of cells that are known headers, by which the header row is found. Running numbers don't
    /// count.
    pub(super) fn score(&self, row: &Row) -> usize {
        let known = |cell: &str| {
            !cell.is_empty()
                && [RecordKind::Issue, RecordKind::Inspection]
                    .into_iter()
                    .any(|kind| self.find(kind, cell).iter().any(|field| *field != Field::RowNumber))
        };
        (0..row.len()).filter(|cell| known(&row.cell(*cell))).count()
    }

    /// Returns what the rows below this header are.
    ///
    /// They are inspections if there is a column for sites, opinions or another property of a visit, and none for
    /// description, disposition or deadline of an issue.
    pub(super) fn kind(&self, row: &Row) -> RecordKind {
        let has = |kind, fields: &[Field]| {
            (0..row.len()).any(|cell| self.find(kind, &row.cell(cell)).iter().any(|field| fields.contains(field)))
        };
        let has_issues = has(RecordKind::Issue, &[Field::Description, Field::Disposition, Field::Deadline]);
        let has_visits = has(
            RecordKind::Inspection,
            &[Field::Sites, Field::SiteNames, Field::Opinions, Field::Mode, Field::Scope, Field::To],
        );
        if has_visits && !has_issues { RecordKind::Inspection } else { RecordKind::Issue }
    }

    /// Returns the columns of a header row. Unknown and duplicate columns are reported to `faults`.
    pub(super) fn columns(&self, kind: RecordKind, row: &Row, faults: &mut Faults) -> Columns {
        let mut columns = Columns::default();
        let mut seen: Vec<String> = Vec::new();
        let survey = SurveyExport::of(row);
        for cell in 0..row.len() {
            let header = row.cell(cell);
            if header.is_empty() {
                continue;
            }
            if survey.as_ref().is_some_and(|survey| survey.adds(&header, cell)) {
                columns.add_extra(&header, cell);
                continue;
            }
            let place = row.cell_place(cell);
            let is_repeated = seen.contains(&normal(&header));
            seen.push(normal(&header));
            let fields = self.find(kind, &header);
            if fields.is_empty() {
                columns.add_extra(&header, cell);
                if self.is_ignored(&header) || self.is_photo_address(kind, &header) {
                    continue;
                }
                let (suggestion, header) = (Self::suggest(kind, &header), header.to_string());
                let what = if is_repeated {
                    FaultKind::DoubledColumn { header, field: None }
                } else {
                    FaultKind::UnknownColumn { header, near: suggestion }
                };
                faults.add(place, what);
            }
            let is_weak = self.is_weak(&header);
            if let (Some(field), Ok(cell)) = (fields.iter().find(|field| field.stage().is_some()), u16::try_from(cell))
            {
                columns.photos.push((cell, *field));
            }
            for field in fields {
                if field.is_column_only() && field != Field::RowNumber {
                    // A sentence of the reviewer is kept, whatever is counted of it.
                    columns.add_extra(&header, cell);
                }
                if is_weak && self.is_named_elsewhere(kind, row, cell, field) {
                    columns.add_extra(&header, cell);
                    continue;
                }
                let Some(first) = columns.get(field) else {
                    columns.set(field, cell);
                    continue;
                };
                match self.rank(&header, field).cmp(&self.rank(&row.cell(first), field)) {
                    Ordering::Greater => {
                        columns.add_extra(&row.cell(first), first);
                        columns.replace(field, cell);
                    }
                    Ordering::Less if !is_repeated => columns.add_extra(&header, cell),
                    Ordering::Equal if !is_repeated && takes_more_columns(field) => columns.add_extra(&header, cell),
                    _ => {
                        let header = header.to_string();
                        faults.add(place, FaultKind::DoubledColumn { header, field: Some(field) });
                    }
                }
            }
        }
        // A log without a column for evidence has its photos as such.
        let first = columns.photos.first().map(|(cell, _)| usize::from(*cell));
        if let (RecordKind::Issue, None, Some(first)) = (kind, columns.get(Field::Evidence), first) {
            columns.set(Field::Evidence, first);
        }
        columns
    }

    /// Returns the built-in spelling most similar to an unknown header.
    pub(super) fn suggest(kind: RecordKind, header: &str) -> Option<String> {
        nearest_header(&normal(header), Self::built_in(kind).keys().map(String::as_str)).map(str::to_owned)
    }
}

/// How well a header names a field. Of two columns with headers of different ranks, the one with the higher is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It says that this is a day or a time, but not of what: 时间 beside 发现日期 is another time.
    Vague,
    /// A built-in spelling.
    BuiltIn,
    /// A spelling of the project.
    Own,
}

/// Whether further columns of a field are kept as extra columns: photos before and after, two notes.
fn takes_more_columns(field: Field) -> bool {
    field.info().kind == FieldKind::Text && field != Field::Id && field != Field::Description
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::SourceId;

    #[test]
    fn who_inspects_and_who_is_inspected_are_told_apart() {
        let headers = Headers::new(&Project::default());
        for (header, field) in [
            ("检查单位", Field::Team),
            ("被检查单位", Field::Unit),
            ("被检查单位名称（全称）", Field::Unit),
            ("责任\n单位*", Field::Unit),
            ("整改期限（必填）", Field::Deadline),
            ("乡镇（街道）", Field::Unit),
            ("Inspection Date", Field::FoundOn),
            ("编 号", Field::Id),
            ("序号", Field::RowNumber),
        ] {
            assert_eq!(headers.find(RecordKind::Issue, header), [field], "{header}");
        }
        assert!(headers.find(RecordKind::Issue, "整改责任人电话").is_empty());
        assert_eq!(headers.find(RecordKind::Inspection, "检查日期"), [Field::Date]);
    }

    #[test]
    fn the_projects_own_column_is_read_and_a_second_one_is_told() {
        let mut project = Project::default();
        for (field, header) in [(Field::Unit, "包抓单位"), (Field::Unit, "承办社区"), (Field::FoundOn, "时间")]
        {
            project.columns.push((field, header.to_owned()));
        }
        let headers = Headers::new(&project);
        let read = |header: &[&str], field| {
            let mut row = Row::new(SourceId(0));
            for cell in header {
                row.push_cell(cell, None);
            }
            let mut faults = Faults::default();
            let columns = headers.columns(RecordKind::Issue, &row, &mut faults);
            (columns.get(field), faults.sorted().len())
        };
        for (header, expected) in [
            (["责任单位", "包抓单位"], (Some(1), 0)),
            (["包抓单位", "责任单位"], (Some(0), 0)),
            (["包抓单位", "包抓单位"], (Some(0), 1)),
            (["包抓单位", "承办社区"], (Some(0), 1)),
            (["责任单位", "责任单位"], (Some(0), 1)),
        ] {
            assert_eq!(read(&header, Field::Unit), expected, "{header:?}");
        }
        for (header, expected) in [
            (["发现日期", "时间"], (Some(1), 0)),
            (["时间", "发现日期"], (Some(0), 0)),
            (["日期", "发现日期"], (Some(1), 0)),
            (["发现日期", "日期"], (Some(0), 0)),
        ] {
            assert_eq!(read(&header, Field::FoundOn), expected, "{header:?}");
        }
    }
}
