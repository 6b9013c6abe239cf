//! A document that was edited by hand, as `proof` and `dispatch --final` read it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::Stop;
use crate::cli::session::Session;
use crate::dataset::{FigureSheet, Records};
use crate::model::Field;
use crate::platform::paths::slashed;
use crate::proof::text::{self, FinalText, TextError, TextFormat};

/// An edited document.
pub(super) struct EditedFile {
    pub(super) format: TextFormat,
    pub(super) bytes: Vec<u8>,
    pub(super) text: FinalText,
}

/// Reads an edited document.
///
/// # Errors
/// It is of no format that is read, or damaged.
pub(super) fn read(path: &Path, session: &mut Session<'_>) -> Result<EditedFile, Stop> {
    let lang = session.lang;
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let name = slashed(&path);
    let format = TextFormat::of_extension(&extension).ok_or_else(|| {
        Stop::wrong(lang.pick(
            format!("{name}：校核只读 .docx、.md、.html、.txt；.doc、.wps 请用 Word 或 WPS 另存为 .docx"),
            format!("{name}: proof reads .docx, .md, .html and .txt; save a .doc or .wps as .docx in Word or WPS"),
        ))
    })?;
    let bytes = session.read_file(path)?;
    let text = text_of(&bytes, format, &name.to_string(), session)?;
    Ok(EditedFile { format, bytes, text })
}

/// The text of a file with a name.
///
/// # Errors
/// It is damaged.
pub(super) fn text_of(bytes: &[u8], format: TextFormat, name: &str, session: &Session<'_>) -> Result<FinalText, Stop> {
    text::read(bytes, format).map_err(|error| {
        let (message, help) = match error {
            TextError::Word(error) => error.text(session.lang),
            TextError::Encoding => (
                session.pick("不是 UTF-8 编码的文本", "this is no UTF-8 text"),
                session.pick("另存为 UTF-8", "save it as UTF-8"),
            ),
        };
        Stop::wrong(format!("{name}: {message}; {help}"))
    })
}

/// Units and persons, each spelling with what it means.
pub(super) fn names(sheet: &FigureSheet, records: Option<&Records>, session: &Session<'_>) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |name: &str| {
        if !name.trim().is_empty() {
            names.entry(name.to_owned()).or_insert_with(|| name.to_owned());
        }
    };
    sheet.issues.iter().for_each(|issue| add(&issue.unit));
    for figure in &sheet.figures {
        figure.parts.iter().filter_map(|part| part.key.get("unit")).for_each(|unit| add(unit));
        figure.scope.unit.iter().for_each(|unit| add(unit));
    }
    for issue in records.iter().flat_map(|records| records.each_issue()) {
        for field in [Field::Unit, Field::CoUnits, Field::Responsible, Field::Leader] {
            let written = issue.field(field);
            written.split(['、', ';', '；', ',', '，']).for_each(|name| add(name.trim()));
        }
    }
    for unit in &session.project.units {
        add(&unit.named.name);
    }
    for unit in &session.project.units {
        for alias in &unit.named.aliases {
            names.insert(alias.clone(), unit.named.name.clone());
        }
    }
    names
}
