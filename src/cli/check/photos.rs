//! Which issues have which photos.

use std::sync::Arc;

use crate::album::{Album, IssuePhoto, PhotoCounts, RowKey};
use crate::cli::Stop;
use crate::cli::session::Session;
use crate::fault::emit::ReportedPhoto;
use crate::model::stage::Stage;
use crate::source::Sources;
use crate::words::lang::{Lang, counted};

/// Says how many issues have photos, and with `-v` which; nothing if none has.
pub(super) fn tell(album: &Album, sources: &Sources, session: &mut Session<'_>) -> Result<(), Stop> {
    let PhotoCounts { issues, photos, by_stage } = album.counts();
    if photos == 0 {
        return Ok(());
    }
    let lang = session.lang;
    let stages = Stage::ALL.into_iter().zip(by_stage).filter(|(_, count)| *count > 0);
    let stages: Vec<String> = stages.map(|(stage, count)| format!("{} {count}", name(stage, lang))).collect();
    let stages = stages.join(lang.pick("、", ", "));
    session.note(&lang.pick(
        format!("照片：{issues} 个问题有 {photos} 张（{stages}）"),
        format!("photos: {} of {} ({stages})", counted(photos, "photo"), counted(issues, "issue")),
    ))?;
    if !session.verbose {
        return Ok(());
    }
    for (key, photos) in album.rows() {
        let row = sources.get(key.source).line_name(key.line);
        let photos: Vec<String> =
            photos.iter().map(|photo| format!("{} {}", name(photo.stage, lang), photo.place)).collect();
        session.note(&format!("  {row}  {}", photos.join(lang.pick("、", ", "))))?;
    }
    Ok(())
}

/// The photos of all issues, for a report.
pub(super) fn reported(album: &Album, sources: &Sources) -> Vec<ReportedPhoto> {
    let of_row = |(key, photos): (RowKey, &[Arc<IssuePhoto>])| {
        let source = sources.get(key.source);
        let (file, sheet) = (source.name.clone(), source.sheet.as_ref().map(|sheet| sheet.name.clone()));
        let photo = |photo: &Arc<IssuePhoto>| ReportedPhoto {
            file: file.clone(),
            sheet: sheet.clone(),
            line: key.line.get(),
            stage: photo.stage.key(),
            place: photo.place.clone(),
        };
        photos.iter().map(photo).collect::<Vec<_>>()
    };
    album.rows().into_iter().flat_map(of_row).collect()
}

fn name(stage: Stage, lang: Lang) -> String {
    match lang {
        Lang::Zh => stage.label(lang).to_owned(),
        Lang::En => stage.label(lang).to_lowercase(),
    }
}
