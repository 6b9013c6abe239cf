//! Photos in whose place a document says that they can't be read: a draft tells them, a dispatch is refused.

use crate::cli::Stop;
use crate::cli::session::Session;
use crate::cli::write::mode::WriteMode;
use crate::document::photo::UnreadablePhoto;
use crate::words::lang::{Lang, counted};

/// How many are told one by one.
const TOLD: usize = 10;

/// Adds photos to others, each once.
pub(super) fn add(more: Vec<UnreadablePhoto>, all: &mut Vec<UnreadablePhoto>) {
    for photo in more {
        if all.iter().all(|known| known.id != photo.id) {
            all.push(photo);
        }
    }
}

/// Tells photos that can't be read.
///
/// # Errors
/// It is a dispatch: a paper that goes out says of no photo that it can't be read.
pub(super) fn tell(photos: &[UnreadablePhoto], mode: WriteMode, session: &mut Session<'_>) -> Result<(), Stop> {
    if photos.is_empty() {
        return Ok(());
    }
    let lang = session.lang;
    match mode {
        WriteMode::Draft => {
            warn(photos, session)?;
            session.warn(lang.pick(
                "duban: 草稿在这些照片的位置写“照片读不出”；发文前要改好照片，或从台账里去掉",
                "duban: the draft says in their places that they can't be read; mend them, or take them out of the log, before it is dispatched",
            ))
        }
        WriteMode::Dispatch => {
            let lines = lines(photos, lang).join("\n  ");
            let count = photos.len();
            Err(Stop::unfinished(lang.pick(
                format!("{count} 张照片读不出，没有发文，未取号；改好照片，或从台账里去掉：\n  {lines}"),
                format!(
                    "{} can't be read: nothing was dispatched, and no number was taken; mend them, or take them out of the log:\n  {lines}",
                    counted(count, "photo")
                ),
            )))
        }
    }
}

/// Warns of photos that can't be read.
pub(super) fn warn(photos: &[UnreadablePhoto], session: &mut Session<'_>) -> Result<(), Stop> {
    lines(photos, session.lang).iter().try_for_each(|line| session.warn(&format!("duban: {line}")))
}

fn lines(photos: &[UnreadablePhoto], lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = photos.iter().take(TOLD).map(|photo| photo.text(lang)).collect();
    if let Some(more) = photos.len().checked_sub(TOLD).filter(|more| *more > 0) {
        lines.push(lang.pick(format!("还有 {more} 张"), format!("and {more} more")));
    }
    lines
}
