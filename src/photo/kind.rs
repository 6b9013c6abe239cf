//! What a picture's bytes are, by how they begin. Names lie: a `.png` may be a JPEG.

/// So many bytes tell what a picture is.
pub(super) const HEAD: usize = 512;

/// What a picture's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of formats")]
pub enum PictureKind {
    Jpeg,
    Png,
    Gif,
    Bmp,
    Webp,
    Tiff,
    /// What iPhones take.
    Heic,
    Svg,
    /// A drawing of Windows, or of the Macintosh: not a photo, but the look of a chart, an object or a range of cells.
    Metafile,
    /// None of these.
    Other,
}

impl PictureKind {
    /// Returns the kind of a picture that begins with some bytes; a hundred are enough.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', ..] => Self::Png,
            [b'G', b'I', b'F', b'8', ..] => Self::Gif,
            [b'B', b'M', ..] => Self::Bmp,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::Webp,
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Self::Tiff,
            [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', ..] => Self::Heic,
            [0xd7, 0xcd, 0xc6, 0x9a, ..] | [1 | 2, 0, 9, 0, ..] => Self::Metafile,
            [1, 0, 0, 0, ..] if bytes.get(40..44) == Some(b" EMF") => Self::Metafile,
            _ if is_svg(bytes) => Self::Svg,
            _ => Self::Other,
        }
    }

    /// What people call the format, in Chinese and in English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Jpeg => ("JPEG", "JPEG"),
            Self::Png => ("PNG", "PNG"),
            Self::Gif => ("GIF", "GIF"),
            Self::Bmp => ("BMP", "BMP"),
            Self::Webp => ("WebP", "WebP"),
            Self::Tiff => ("TIFF", "TIFF"),
            Self::Heic => ("HEIC", "HEIC"),
            Self::Svg => ("SVG 矢量图", "SVG drawing"),
            Self::Metafile => ("EMF/WMF 矢量图", "EMF/WMF drawing"),
            Self::Other => ("不是图片", "not a picture"),
        }
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    let text = start.and_then(|start| bytes.get(start..)).unwrap_or_default();
    let head = text.get(..text.len().min(512)).unwrap_or_default();
    text.starts_with(b"<svg") || text.starts_with(b"<?xml") && head.windows(4).any(|window| window == b"<svg")
}
