//! Which column is that of which field: by what its header names and by what its cells are.

use crate::model::Field;
use crate::model::field::FieldKind;
use crate::propose::column::{ColumnStats, TableStats};
use crate::propose::names::Fit;
use crate::propose::proposal::{
    About, Bilingual, Certainty, Choice, ConfigEntry, Item, KnownColumn, Proposal, Question,
};
use crate::propose::tables::{Heading, TableAt};

/// The fields by which figures change: of these a column is never guessed if it may be two.
const FIGURES: [Field; 11] = [
    Field::FoundOn,
    Field::Unit,
    Field::Category,
    Field::Disposition,
    Field::Deadline,
    Field::Status,
    Field::RectifiedOn,
    Field::VerifiedOn,
    Field::ClosedOn,
    Field::AssignedOn,
    Field::SignedOff,
];

/// A column that may be that of a field.
struct Candidate<'t> {
    heading: &'t Heading,
    fit: Fit,
    stats: ColumnStats,
}

/// Proposes the columns of tables with the same headers.
pub(super) fn columns(tables: &[&TableAt], stats: &TableStats) -> Proposal {
    let mut proposal = Proposal::default();
    let Some(first) = tables.first() else { return proposal };
    let mut columns: Vec<(&Heading, ColumnStats)> = Vec::new();
    for (at, heading) in first.headings.iter().enumerate() {
        let mut merged: Option<ColumnStats> = None;
        for table in tables {
            if let Some(stats) = stats.columns.get(&(table.id.0, at)) {
                match &mut merged {
                    Some(merged) => merged.merge(stats.clone()),
                    None => merged = Some(stats.clone()),
                }
            }
        }
        if !heading.text.trim().is_empty() {
            columns.push((heading, merged.unwrap_or_default()));
        }
    }
    let rows: u64 = tables.iter().filter_map(|table| stats.rows.get(&table.id.0)).sum();
    proposal.rows = rows;
    let mut fields: Vec<Field> = columns.iter().filter_map(|(heading, _)| Some(heading.named?.field)).collect();
    fields.sort_unstable();
    fields.dedup();
    for field in fields {
        let mut candidates: Vec<Candidate<'_>> = columns
            .iter()
            .filter_map(|(heading, stats)| {
                let named = heading.named.filter(|named| named.field == field)?;
                Some(Candidate { heading, fit: named.fit, stats: stats.clone() })
            })
            .collect();
        if is_vocabulary(field) {
            // A column of sentences is no status: they are kept as the progress.
            let (words, sentences) = candidates.into_iter().partition(|candidate| !is_prose(&candidate.stats));
            candidates = words;
            let sentences: Vec<Candidate<'_>> = sentences;
            for candidate in sentences.into_iter().filter(|candidate| candidate.fit == Fit::Known) {
                let why = Bilingual::new("写的是句子，不是状态词", "it has sentences, not words of a status");
                proposal.items.push(Item {
                    entry: ConfigEntry::Column(Field::Progress, candidate.heading.text.clone()),
                    count: candidate.stats.filled,
                    certainty: Certainty::Guess(why),
                });
            }
        }
        candidates.retain(|candidate| candidate.fit == Fit::Known || fits(field, &candidate.stats));
        decide(field, candidates, rows, &mut proposal);
    }
    for (heading, stats) in &columns {
        if heading.named.is_none() {
            if stats.filled == 0 || stats.are(stats.numbers, 90) {
                proposal.items.push(Item {
                    entry: ConfigEntry::Ignore(heading.text.clone()),
                    count: stats.filled,
                    certainty: Certainty::Sure,
                });
            } else {
                proposal.unnamed.push((heading.text.clone(), stats.filled));
            }
        }
    }
    proposal
}

/// Decides on the column of a field.
fn decide(field: Field, mut candidates: Vec<Candidate<'_>>, rows: u64, proposal: &mut Proposal) {
    let Some(best) = candidates.iter().map(|candidate| candidate.fit).max() else { return };
    candidates.retain(|candidate| candidate.fit == best);
    let is_of_figures = FIGURES.contains(&field);
    if candidates.len() > 1 {
        // A column that is nearly blank is not what the log is kept by.
        let most = candidates.iter().map(|candidate| candidate.stats.filled).max().unwrap_or_default();
        candidates.retain(|candidate| candidate.stats.filled * 10 >= most);
        candidates.dedup_by(|a, b| a.heading.text == b.heading.text);
    }
    if candidates.len() > 1 && is_of_figures {
        let options = candidates.iter().map(|candidate| choice(field, candidate, rows)).collect();
        proposal.questions.push(Question { about: About::Column(field), options, likely: None });
        return;
    }
    if candidates.len() > 1 && matches!(field, Field::Team | Field::Site) {
        // An organisation rather than its people, whose names are in no list.
        candidates.sort_by_key(|candidate| candidate.stats.are(candidate.stats.persons, 50));
    }
    let is_one = candidates.len() == 1;
    let Some(chosen) = candidates.into_iter().next() else { return };
    let (header, count) = (chosen.heading.text.clone(), chosen.stats.filled);
    if is_one && (chosen.fit == Fit::Known || known_by_reader(&chosen)) {
        proposal.known.push(KnownColumn { field, header, count });
        return;
    }
    let is_proven = match field.info().kind {
        FieldKind::Date => chosen.stats.are(chosen.stats.days, 90),
        FieldKind::Deadline => chosen.stats.are(chosen.stats.terms, 90),
        _ => true,
    };
    let certainty = if !is_one {
        Certainty::Guess(Bilingual::new("有几列都像，取其一", "several columns may be it, and one is taken"))
    } else if chosen.fit == Fit::Vague {
        Certainty::Guess(Bilingual::new("只看表头还不能肯定", "its header fits other fields, too"))
    } else if is_proven {
        Certainty::Sure
    } else {
        Certainty::Guess(Bilingual::new("有些格不是日期", "some of its cells are no dates"))
    };
    proposal.items.push(Item { entry: ConfigEntry::Column(field, header), count, certainty });
}

/// Whether the reader finds the column without an entry.
fn known_by_reader(candidate: &Candidate<'_>) -> bool {
    crate::log::field_of_header(&candidate.heading.text).is_some()
}

/// One of several columns that may be that of a field.
fn choice(field: Field, candidate: &Candidate<'_>, rows: u64) -> Choice {
    let heading = candidate.heading;
    let name = heading.group.as_ref().map_or_else(
        || heading.text.clone(),
        |group| {
            if group.contains(&heading.text) { heading.text.clone() } else { format!("{group} › {}", heading.text) }
        },
    );
    let stats = &candidate.stats;
    let mut examples: Vec<(&String, &u64)> = stats.words.iter().flatten().collect();
    examples.sort_by_key(|(word, count)| (std::cmp::Reverse(**count), word.chars().count()));
    let examples: Vec<&str> = examples.iter().take(3).map(|(word, _)| word.as_str()).collect();
    let different = |n: usize| Bilingual::new(format!("，{n} 种"), format!(", {n} different"));
    let different = stats.distinct().map(different).unwrap_or_default();
    let such = if examples.is_empty() {
        Bilingual::default()
    } else {
        Bilingual::new(format!("：{}…", examples.join("、")), format!(": {}…", examples.join(", ")))
    };
    Choice {
        label: Bilingual::new(&name, &name),
        note: Bilingual::new(
            format!("{rows} 行中 {} 行有内容{}{}", stats.filled, different.zh, such.zh),
            format!("filled in {} of {rows} rows{}{}", stats.filled, different.en, such.en),
        ),
        entries: vec![ConfigEntry::Column(field, heading.text.clone())],
        count: stats.filled,
    }
}

/// Whether the words of a field are a closed vocabulary, by which issues are counted.
fn is_vocabulary(field: Field) -> bool {
    matches!(field, Field::Disposition | Field::Status | Field::SignedOff | Field::Source)
}

/// Whether the cells of a column are sentences rather than words of a list.
fn is_prose(stats: &ColumnStats) -> bool {
    stats.are(stats.sentences, 20) || stats.filled > 0 && stats.distinct().is_none_or(|distinct| distinct > 60)
}

/// Whether the cells of a column may be those of a field.
fn fits(field: Field, stats: &ColumnStats) -> bool {
    if stats.filled == 0 {
        return false;
    }
    match field.info().kind {
        FieldKind::Date => stats.are(stats.days, 50),
        FieldKind::Deadline => stats.are(stats.terms, 50),
        FieldKind::Value | FieldKind::Values => !stats.are(stats.days, 50) && !stats.are(stats.sentences, 50),
        _ => field == Field::Id || !stats.are(stats.days, 80),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;
    use crate::log;
    use crate::project::Project;
    use crate::propose::tables;
    use crate::source::{Form, Source, Sources};

    fn proposed(text: &str) -> Proposal {
        let (mut sources, project) = (Sources::default(), Project::default());
        let id = sources.add(Source::text("a.csv", text, Form::Table));
        let tables = tables::find(&mut sources, &[id], &project).unwrap();
        let lent = tables::lent(&project, &tables);
        let stats = log::fold(&mut sources, &[id], &lent, &mut Faults::default(), TableStats::default).unwrap();
        let tables: Vec<&TableAt> = tables.iter().collect();
        columns(&tables, &stats)
    }

    fn entries(proposal: &Proposal) -> Vec<(ConfigEntry, bool)> {
        let is_sure = |item: &Item| (item.entry.clone(), item.certainty == Certainty::Sure);
        proposal.items.iter().map(is_sure).collect()
    }

    #[test]
    fn a_column_is_taken_by_its_header_and_its_cells() {
        let got = proposed(
            "序号,巡查上报日期,整改责任主体,存在问题,要求整改到位时间,实际整改到位日期,经度\n\
             1,2021-08-03,甲社区,楼道堆物,2021-08-10,2021-08-09,113.1\n2,2021-08-04,乙社区,无灭火器,2021-08-11,,113.2\n",
        );
        let column = |field, header: &str| (ConfigEntry::Column(field, header.to_owned()), true);
        assert_eq!(
            entries(&got),
            [
                column(Field::FoundOn, "巡查上报日期"),
                column(Field::Unit, "整改责任主体"),
                column(Field::Deadline, "要求整改到位时间"),
                column(Field::RectifiedOn, "实际整改到位日期"),
                (ConfigEntry::Ignore("经度".to_owned()), true),
            ]
        );
        assert_eq!((got.rows, got.questions.len()), (2, 0));
        assert_eq!(got.items[3].count, 1);
        let known: Vec<Field> = got.known.iter().map(|column| column.field).collect();
        assert_eq!(known, [Field::Description, Field::RowNumber]);
    }

    #[test]
    fn a_column_that_may_be_two_is_asked_for() {
        let got =
            proposed("检查日期,建设单位,监理单位,存在问题\n2021-08-03,甲,乙,楼道堆物\n2021-08-04,甲,丙,无灭火器\n");
        assert_eq!(entries(&got), []);
        assert_eq!(got.questions.len(), 1, "{got:?}");
        assert_eq!(got.questions[0].about, About::Column(Field::Unit));
        let labels: Vec<&str> = got.questions[0].options.iter().map(|option| option.label.zh.as_str()).collect();
        assert_eq!(labels, ["建设单位", "监理单位"]);
        assert_eq!(got.questions[0].options[1].note.zh, "2 行中 2 行有内容，2 种：丙、乙…");
        // A blank column is none of them, and a header that says so goes before both.
        let got = proposed("检查日期,建设单位,监理单位,存在问题\n2021-08-03,甲,,楼道堆物\n");
        assert_eq!(entries(&got), [(ConfigEntry::Column(Field::Unit, "建设单位".to_owned()), false)]);
        let got = proposed("检查日期,建设单位,责任单位,存在问题\n2021-08-03,甲,乙,楼道堆物\n");
        assert_eq!((entries(&got), got.questions.len()), (vec![], 0));
    }

    #[test]
    fn sentences_are_no_status() {
        let got = proposed(
            "检查日期,责任单位,存在问题,完成情况\n2021-08-03,甲,楼道堆物,已组织人员对楼道内堆放的杂物进行了全面清理并安排专人每日巡查以防再次堆放杂物影响通行\n",
        );
        assert_eq!(entries(&got), [(ConfigEntry::Column(Field::Progress, "完成情况".to_owned()), false)]);
    }
}
