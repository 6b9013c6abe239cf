//! Kinds by what people call them: 通报 for `bulletin`.

use crate::fault::Faults;
use crate::kind::config::{self, Config};
use crate::kind::load::{self, KindError, KindInfo};
use crate::ladder::{Ladder, Rung};
use crate::project::Project;
use crate::project::vocabulary::normal;
use crate::source::Sources;
use crate::template::KINDS;
use crate::words::near::nearest;

/// A kind and what it is called beside its name: its titles, and of a built-in one its labels and short names.
struct CalledKind {
    name: String,
    title: String,
    others: Vec<String>,
    config: Config,
}

/// Returns the name of the kind that a text names: by its name, its title or label in either language, or the short name of a
/// built-in one.
///
/// # Errors
/// No kind is called so, or several are.
pub fn named(project: &Project, text: &str) -> Result<String, KindError> {
    let infos = load::kinds(project);
    if let Some(info) = infos.iter().find(|info| info.name == text) {
        return Ok(info.name.clone());
    }
    let kinds = called(project, infos);
    let wanted = normal(text);
    let meant: Vec<&CalledKind> =
        kinds.iter().filter(|kind| kind.others.iter().any(|other| normal(other) == wanted)).collect();
    match meant.as_slice() {
        [one] => Ok(one.name.clone()),
        [] => {
            let names = kinds.iter().flat_map(|kind| kind.others.iter().chain([&kind.name]));
            let near = nearest(text, names.map(String::as_str)).map(str::to_owned);
            let known = kinds.iter().map(|kind| (kind.name.clone(), kind.title.clone())).collect();
            Err(KindError::Unknown { name: text.to_owned(), near, known })
        }
        several => {
            let candidates = several.iter().map(|kind| (kind.name.clone(), kind.title.clone())).collect();
            Err(KindError::Ambiguous { name: text.to_owned(), candidates })
        }
    }
}

/// Returns the series that a text names: one that the config declares or a kind draws from, else that of the kind it names.
#[must_use]
pub fn series_named(project: &Project, text: &str) -> String {
    if project.series.contains_key(text) {
        return text.to_owned();
    }
    series_of(project, text).ok().flatten().unwrap_or_else(|| text.to_owned())
}

/// Makes the kinds that the ladder and the series of a config name by what people call them the kinds of their names. What
/// names no kind stays as it is.
///
/// # Errors
/// A name is that of several kinds, or one kind is named twice.
pub fn settle(project: &mut Project) -> Result<(), KindError> {
    let twice = |one: &str, other: &str| KindError::Twice { one: one.to_owned(), other: other.to_owned() };
    if let Some(ladder) = &project.ladder {
        let mut rungs: Vec<Rung> = Vec::new();
        for (at, rung) in ladder.rungs().iter().enumerate() {
            let kind = match named(project, &rung.kind) {
                Ok(kind) => kind,
                Err(KindError::Unknown { .. }) => rung.kind.clone(),
                Err(error) => return Err(error),
            };
            if let Some(earlier) = rungs.iter().position(|rung| rung.kind == kind) {
                return Err(twice(&ladder.rungs()[earlier].kind, &ladder.rungs()[at].kind));
            }
            rungs.push(Rung { kind, trigger: rung.trigger });
        }
        project.ladder = Ladder::new(rungs).ok();
    }
    let names: Vec<String> = project.series.keys().cloned().collect();
    for name in names {
        let Some(series) = series_of(project, &name)?.filter(|series| *series != name) else { continue };
        if project.series.contains_key(&series) {
            return Err(twice(&series, &name));
        }
        // The order is that of the config.
        let renamed = std::mem::take(&mut project.series).into_iter().map(|(key, mut declared)| {
            let key = if key == name { series.clone() } else { key };
            declared.name.clone_from(&key);
            (key, declared)
        });
        project.series = renamed.collect();
    }
    Ok(())
}

/// The series of the kind that a text names; the text if it is the series of a kind, `None` if it names nothing.
fn series_of(project: &Project, text: &str) -> Result<Option<String>, KindError> {
    let infos = load::kinds(project);
    if infos.iter().any(|info| info.name == text) {
        return Ok(Some(text.to_owned()));
    }
    let kinds = called(project, infos);
    if kinds.iter().any(|kind| kind.config.series.as_deref() == Some(text)) {
        return Ok(Some(text.to_owned()));
    }
    match named(project, text) {
        Ok(name) => {
            let kind = kinds.into_iter().find(|kind| kind.name == name);
            Ok(kind.map(|kind| kind.config.series.unwrap_or(kind.name)))
        }
        Err(KindError::Unknown { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The kinds with what they are called.
fn called(project: &Project, infos: Vec<KindInfo>) -> Vec<CalledKind> {
    let kinds = infos.into_iter().map(|info| {
        let mut sources = Sources::default();
        // What is wrong with a `kind.yaml` is told when the kind is loaded.
        let config = match load::kind_yaml(&info, &mut sources) {
            Ok(Some((source, text))) => config::read(source, &text, project, &mut Faults::default()),
            _ => Config::default(),
        };
        let built_in = KINDS.iter().find(|kind| kind.key == info.name);
        let labels =
            built_in.iter().flat_map(|kind| [kind.zh, kind.en].into_iter().chain(kind.spellings.iter().copied()));
        let titles = [config.title.zh.as_str(), config.title.en.as_str()];
        let others = titles.into_iter().chain(labels).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let title = if config.title.zh.is_empty() { info.name.clone() } else { config.title.zh.clone() };
        CalledKind { name: info.name, title, others, config }
    });
    kinds.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::SourceId;
    use crate::words::lang::Lang;

    #[test]
    fn a_built_in_kind_is_named_by_its_name_title_label_and_short_name() {
        let project = Project::default();
        for (text, kind) in [
            ("bulletin", "bulletin"),
            ("通报", "bulletin"),
            ("监督检查通报", "bulletin"),
            ("提醒函", "reminder"),
            ("工作提醒函", "reminder"),
            ("督办函", "supervision"),
            ("约谈", "interview"),
            ("台账", "ledger"),
            ("Supervision Bulletin", "bulletin"),
        ] {
            assert_eq!(named(&project, text).ok().as_deref(), Some(kind), "{text}");
        }
        let error = named(&project, "题醒函").unwrap_err();
        assert!(error.text(Lang::Zh).contains("是否指 `提醒函`"), "{}", error.text(Lang::Zh));
        let error = named(&project, "bulletn").unwrap_err();
        assert!(error.text(Lang::En).contains("did you mean `bulletin`"), "{}", error.text(Lang::En));
    }

    #[test]
    fn no_two_built_in_kinds_are_called_the_same() {
        let project = Project::default();
        for kind in called(&project, load::kinds(&project)) {
            for other in &kind.others {
                assert_eq!(named(&project, other).ok(), Some(kind.name.clone()), "{other}");
            }
        }
    }

    #[test]
    fn ladder_and_series_of_a_config_name_kinds_as_people_do() {
        let text = "督办层级: [{文种: 提醒函, 临期: 3}, {文种: 督办函, 逾期: 1}]\n字号: {通报: {编号: '第{n}期'}, 收文: {编号: 'S{n}'}}\n";
        let mut project = config_of(text);
        settle(&mut project).unwrap();
        let rungs: Vec<&str> = project.ladder.iter().flat_map(Ladder::rungs).map(|rung| rung.kind.as_str()).collect();
        assert_eq!(rungs, ["reminder", "supervision"]);
        let series: Vec<(&str, &str)> =
            project.series.iter().map(|(key, series)| (key.as_str(), series.name.as_str())).collect();
        assert_eq!(series, [("bulletin", "bulletin"), ("收文", "收文")]);
        assert_eq!(
            (series_named(&project, "通报"), series_named(&project, "收文")),
            ("bulletin".into(), "收文".into())
        );
        for text in [
            "ladder: [{rung: reminder, due_within: 3}, {rung: 提醒函, overdue: 1}]",
            "series: {bulletin: {number: 'A{n}'}, 通报: {number: 'B{n}'}}",
        ] {
            assert!(matches!(settle(&mut config_of(text)), Err(KindError::Twice { .. })), "{text}");
        }
    }

    fn config_of(text: &str) -> Project {
        let mut faults = Faults::default();
        let project = crate::project::config::parse(SourceId(0), text, &mut faults);
        assert!(faults.is_empty(), "{faults:?}");
        project
    }
}
