//! The columns that ODK Central and Kobo add to the answers of a survey when they export it. They say how the submission
//! came about and nothing of an issue: they are kept, and nobody is told that they are unknown.

use crate::model::Row;

/// The export of a survey.
pub(super) struct SurveyExport {
    tool: &'static Tool,
    /// The column that the tool's own ones follow, if its names might be those of answers.
    behind: Option<usize>,
}

/// A tool that exports surveys.
struct Tool {
    /// Columns that each of its exports has.
    marks: [&'static str; 2],
    /// Columns that it adds anywhere.
    anywhere: &'static [&'static str],
    /// Columns that it adds behind the second mark.
    behind: &'static [&'static str],
}

/// As they stand in the tests of ODK Central's export and of Kobo's formpack, and in exports that others work with.
const TOOLS: [Tool; 2] = [
    Tool {
        marks: ["SubmissionDate", "KEY"],
        anywhere: &["SubmissionDate", "KEY", "PARENT_KEY", "meta-instanceID", "meta-instanceName", "meta-audit"],
        // `Status` is that of the submission, and comes beside a question `status`.
        behind: &[
            "SubmitterID",
            "SubmitterName",
            "AttachmentsPresent",
            "AttachmentsExpected",
            "Status",
            "ReviewState",
            "DeviceID",
            "Edits",
            "FormVersion",
        ],
    },
    Tool {
        marks: ["_uuid", "_submission_time"],
        anywhere: &[
            "_id",
            "_uuid",
            "_submission_time",
            "_validation_status",
            "_notes",
            "_status",
            "_submitted_by",
            "__version__",
            "_tags",
            "_index",
            "meta/instanceID",
            "meta/instanceName",
            "meta/rootUuid",
            "formhub/uuid",
            "start",
            "end",
            "today",
            "username",
            "deviceid",
        ],
        behind: &[],
    },
];

impl SurveyExport {
    /// Recognises the header of an export.
    pub(super) fn of(row: &Row) -> Option<Self> {
        let place = |name: &str| (0..row.len()).find(|cell| row.cell(*cell) == name);
        TOOLS.iter().find_map(|tool| {
            let [_, second] = tool.marks.map(place);
            let is_marked = tool.marks.into_iter().all(|mark| place(mark).is_some());
            is_marked.then_some(Self { tool, behind: second })
        })
    }

    /// Whether the tool has added a column.
    pub(super) fn adds(&self, header: &str, cell: usize) -> bool {
        let is_behind = self.behind.is_some_and(|mark| cell > mark);
        self.tool.anywhere.contains(&header) || is_behind && self.tool.behind.contains(&header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::SourceId;

    #[test]
    fn only_an_export_has_columns_of_its_tool() {
        let row = |header: &str| {
            let mut row = Row::new(SourceId(0));
            header.split(',').for_each(|cell| row.push_cell(cell, None));
            row
        };
        let added = |header: &str| -> Option<Vec<bool>> {
            let row = row(header);
            let survey = SurveyExport::of(&row)?;
            Some((0..row.len()).map(|cell| survey.adds(&row.cell(cell), cell)).collect())
        };
        assert_eq!(added("SubmissionDate,status,KEY,Status"), Some(vec![true, false, true, true]));
        assert_eq!(added("SubmissionDate,Status,KEY"), Some(vec![true, false, true]));
        assert_eq!(added("_id,状态,_uuid,_submission_time,_status"), Some(vec![true, false, true, true, true]));
        for log in ["KEY,Status", "_id,_status,end", "问题编号,Status,start"] {
            assert_eq!(added(log), None, "{log}");
        }
    }
}
