//! `photos:` of `duban.yaml`: where the photos of issues lie, and how they are made ready for papers.

use crate::project::keys::PHOTOS;
use crate::project::mapping::MappingReader;
use crate::source::yaml::Node;

/// Where the photos of issues lie, and how they are made ready for papers. Whether a public edition shows them is said under
/// `privacy:`, as for all pictures of logs, and which columns name them under `columns:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoSettings {
    /// A folder or a ZIP archive of the project, in which those are looked for that don't lie beside their log.
    pub folder: Option<String>,
    /// A photo of more bytes is not used.
    pub max_bytes: u64,
    /// None is wider or higher in papers, in pixels.
    pub max_side: u32,
    /// The quality of photos in papers, from 1 to 100.
    pub quality: u8,
}

impl Default for PhotoSettings {
    fn default() -> Self {
        // 220 dpi over the width of a page are 1351 pixels.
        Self { folder: None, max_bytes: 50 << 20, max_side: 1600, quality: 80 }
    }
}

/// Reads the `photos:` section.
pub(super) fn read(node: &Node, keys: &mut MappingReader<'_>) -> PhotoSettings {
    let mut settings = PhotoSettings::default();
    for (key, node) in keys.known(node, PHOTOS) {
        match key {
            "folder" => {
                let Some(folder) = keys.text(node) else { continue };
                if is_within(&folder) {
                    settings.folder = Some(folder);
                } else {
                    keys.bad_value(key, node, "logs/photos, logs/photos.zip", None);
                }
            }
            "max_bytes" => match keys.number(node) {
                Some(0) => keys.bad_value(key, node, "52428800", None),
                Some(bytes) => settings.max_bytes = bytes.into(),
                None => {}
            },
            "max_side" => match keys.number(node) {
                Some(side @ 64..=10_000) => settings.max_side = side,
                Some(_) => keys.bad_value(key, node, "1600", None),
                None => {}
            },
            _ => match keys.number(node).map(u8::try_from) {
                Some(Ok(quality @ 1..=100)) => settings.quality = quality,
                Some(_) => keys.bad_value(key, node, "80", None),
                None => {}
            },
        }
    }
    settings
}

/// Whether a path leads nowhere but into the project.
fn is_within(path: &str) -> bool {
    let path = path.replace('\\', "/");
    !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(':')
        && path.split('/').all(|part| part != ".." && !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;
    use crate::place::SourceId;
    use crate::project::config::parse;

    #[test]
    fn photos_are_read_and_lie_in_the_project() {
        let read = |text: &str| {
            let mut faults = Faults::default();
            let project = parse(SourceId(0), &format!("photos: {text}\n"), &mut faults);
            (project.photos, faults.sorted().len())
        };
        let (settings, faults) = read("{folder: logs/照片, max_bytes: 1000, max_side: 800, quality: 70}");
        let expected =
            PhotoSettings { folder: Some("logs/照片".into()), max_bytes: 1000, max_side: 800, quality: 70 };
        assert_eq!((settings, faults), (expected, 0));
        for wrong in [
            "{folder: ../x}",
            "{folder: /x}",
            "{folder: 'C:\\x'}",
            "{folder: ''}",
            "{max_bytes: 0}",
            "{max_side: 9}",
            "{quality: 101}",
            "{quality: 300}",
            "{size: 1}",
        ] {
            assert_eq!(read(wrong), (PhotoSettings::default(), 1), "{wrong}");
        }
    }
}
