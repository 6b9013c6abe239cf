//! The values that a kind asks for (`--set KEY=VALUE`): missing ones, and keys that no kind uses.

use crate::cli::Stop;
use crate::cli::session::Session;
use crate::cli::write::batch::DocumentBatch;
use crate::cli::write::mode::WriteMode;
use crate::kind::Ask;
use crate::words::near::nearest;

/// Refuses a key that no kind of the run uses. If none of them asks for anything, any key is taken.
///
/// # Errors
/// The key, with the keys that are used.
pub(super) fn check_keys<'k>(
    keys: impl Iterator<Item = &'k str>,
    batches: &[DocumentBatch],
    session: &Session<'_>,
) -> Result<(), Stop> {
    if batches.iter().all(|batch| batch.kind.config.asks.is_empty()) {
        return Ok(());
    }
    let mut known: Vec<String> = batches.iter().flat_map(|batch| batch.kind.set_keys()).collect();
    known.sort();
    known.dedup();
    for key in keys {
        if known.iter().all(|known| known != key) {
            let list = known.join(" ");
            let near = nearest(key, known.iter().map(String::as_str));
            let (zh, en) = near.map_or_else(Default::default, |near| {
                (format!("是否指 `{near}`？"), format!("did you mean `{near}`? "))
            });
            return Err(Stop::wrong(session.lang.pick(
                format!("--set：没有键 `{key}`。{zh}可用：{list}"),
                format!("--set: there is no key `{key}`; {en}available: {list}"),
            )));
        }
    }
    Ok(())
}

/// Notes what a draft leaves blank; refuses a dispatch before it takes a number.
///
/// # Errors
/// The missing values of a dispatch.
pub(super) fn check_missing(batches: &[DocumentBatch], mode: WriteMode, session: &mut Session<'_>) -> Result<(), Stop> {
    let lang = session.lang;
    for batch in batches {
        let mut missing: Vec<&Ask> = Vec::new();
        for ask in batch.all.iter().flat_map(|data| batch.kind.missing(data)) {
            if !missing.contains(&ask) {
                missing.push(ask);
            }
        }
        if missing.is_empty() {
            continue;
        }
        let named = |ask: &&Ask| {
            let label = ask.label.of(lang);
            lang.pick(format!("{label}（--set {}=…）", ask.key), format!("{label} (--set {}=…)", ask.key))
        };
        let list = missing.iter().map(named).collect::<Vec<_>>().join(lang.pick("、", ", "));
        let title = batch.kind.config.title.of(lang);
        if mode == WriteMode::Dispatch {
            return Err(Stop::wrong(lang.pick(
                format!("{title}还缺：{list}；没有发文"),
                format!("{title} lacks: {list}; nothing was dispatched"),
            )));
        }
        session.note(&lang.pick(format!("{title}待填：{list}"), format!("{title}, left blank: {list}")))?;
    }
    Ok(())
}
