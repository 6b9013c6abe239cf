//! A picture as a document holds it: upright, as large as it is printed, without metadata.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use super::beside::is_cut_off;
use super::error::PictureError;

/// A picture as a document holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The bytes of its file.
    pub bytes: Vec<u8>,
    /// The ending of the name of its file, which is also the end of its media type: `jpeg` or `png`.
    pub format: &'static str,
    /// Its width and height in pixels.
    pub size: (u32, u32),
}

/// No photo is wider or higher, in pixels.
const MAX_SIDE: u32 = 20_000;
/// Memory that a picture may take while it is read, in bytes.
const MAX_MEMORY: u64 = 512 << 20;
/// The quality of a photo, of 100, unless another is asked for: what cameras use for small files.
pub const QUALITY: u8 = 85;

/// How a picture is made ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// It is at most as many pixels wide and high.
    pub most: (u32, u32),
    /// The quality of a photo, from 1 to 100.
    pub quality: u8,
    /// What is cut away at the left, the top, the right and the bottom, in 1/100,000 of its width or height.
    pub cut: [u32; 4],
    /// How its author turned it. What a camera says is not heeded then: the author saw the picture and turned it upright.
    pub turn: Option<QuarterTurn>,
}

/// How the author of a workbook turned a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuarterTurn {
    /// Whether left and right are exchanged, before it is turned.
    pub is_mirrored: bool,
    /// Whether top and bottom are exchanged, before it is turned.
    pub is_upside_down: bool,
    /// Clockwise, in right angles.
    pub quarters: u8,
}

/// Returns the picture in some bytes, at most as many pixels wide and high as `most`.
///
/// Photos become JPEG, and what has no loss or is see-through stays so (PNG).
///
/// # Errors
/// The bytes are no picture of a known format, or one that is too large.
pub fn prepared(bytes: &[u8], most: (u32, u32)) -> Result<Picture, PictureError> {
    prepared_as(bytes, &Preparation { most, quality: QUALITY, cut: [0; 4], turn: None })
}

/// The same, made ready as is told.
///
/// # Errors
/// The bytes are no picture of a known format, or one that is too large.
pub fn prepared_as(bytes: &[u8], preparation: &Preparation) -> Result<Picture, PictureError> {
    let Preparation { most, quality, cut, turn } = *preparation;
    // Decoders show what is missing as grey.
    if is_cut_off(bytes) {
        return Err(PictureError::CutOff);
    }
    let unreadable = |error: &dyn std::fmt::Display| PictureError::Unreadable { why: error.to_string() };
    // By the first bytes: names lie.
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| unreadable(&error))?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let is_photo = matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::WebP | ImageFormat::Bmp));
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error))?;
    let orientation = decoder.orientation().map_err(|error| unreadable(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    if cut != [0; 4] {
        image = without(&image, cut);
    }
    match turn {
        Some(turn) => image = turned(image, turn),
        None => image.apply_orientation(orientation),
    }
    if image.width() > most.0 || image.height() > most.1 {
        image = scaled(&image, most);
    }
    let (size, mut written) = ((image.width(), image.height()), Vec::new());
    let is_jpeg = is_photo && !image.color().has_alpha();
    let encoded = if is_jpeg {
        let image =
            if image.color().has_color() { DynamicImage::from(image.to_rgb8()) } else { image.to_luma8().into() };
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut written, quality))
    } else {
        image.write_with_encoder(PngEncoder::new(&mut written))
    };
    encoded.map_err(|error| unreadable(&error))?;
    Ok(Picture { bytes: written, format: if is_jpeg { "jpeg" } else { "png" }, size })
}

/// Returns a picture in its proportions within a width and a height.
///
/// Phones give twenty times the pixels that are printed: these are first made means of whole blocks, twice as many each way as are
/// needed, which a fine filter then makes the picture of.
fn scaled(image: &DynamicImage, most: (u32, u32)) -> DynamicImage {
    let (width, height) = (u64::from(image.width().max(1)), u64::from(image.height().max(1)));
    let (most_width, most_height) = (u64::from(most.0.max(1)), u64::from(most.1.max(1)));
    // Rounded.
    let part =
        |length: u64, by: u64, of: u64| u32::try_from((2 * length * by + of) / (2 * of)).unwrap_or(u32::MAX).max(1);
    let (width, height) = if most_width * height <= most_height * width {
        (part(width, most_width, width), part(height, most_width, width))
    } else {
        (part(width, most_height, height), part(height, most_height, height))
    };
    let coarse = (image.width() / 4 > width && image.height() / 4 > height)
        .then(|| image.thumbnail_exact(2 * width, 2 * height));
    coarse.as_ref().unwrap_or(image).resize_exact(width, height, FilterType::Lanczos3)
}

/// The picture without what is cut away at its sides; at least a pixel is left.
fn without(image: &DynamicImage, [left, top, right, bottom]: [u32; 4]) -> DynamicImage {
    let kept = |length: u32, before: u32, after: u32| {
        let pixels = |part: u32| u32::try_from(u64::from(length) * u64::from(part) / 100_000).unwrap_or(length);
        let from = pixels(before).min(length.saturating_sub(1));
        (from, length.saturating_sub(from).saturating_sub(pixels(after)).max(1))
    };
    let ((x, width), (y, height)) = (kept(image.width(), left, right), kept(image.height(), top, bottom));
    image.crop_imm(x, y, width, height)
}

fn turned(mut image: DynamicImage, turn: QuarterTurn) -> DynamicImage {
    if turn.is_mirrored {
        image = image.fliph();
    }
    if turn.is_upside_down {
        image = image.flipv();
    }
    match turn.quarters % 4 {
        1 => image.rotate90(),
        2 => image.rotate180(),
        3 => image.rotate270(),
        _ => image,
    }
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView as _, Rgb, RgbImage};

    use super::*;

    /// A photo of 40 × 20 pixels whose left half is red, held on its side, with a name in its metadata.
    fn photo() -> Vec<u8> {
        let image = RgbImage::from_fn(40, 20, |x, _| if x < 20 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
        let mut bytes = Vec::new();
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 95)).unwrap();
        // Exif, little-endian: orientation 6, turn right by 90°; artist (0x013B).
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
        exif.extend(b"\x3b\x01\x02\0\x08\0\0\0\x26\0\0\0\0\0\0\0zhangsan");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&bytes[..2], &[0xFF, 0xE1], &length, &exif, &bytes[2..]].concat()
    }

    #[test]
    fn a_photo_is_upright_small_and_clean() {
        let photo = photo();
        assert!(photo.windows(8).any(|window| window == b"zhangsan"));
        let made = prepared(&photo, (1000, 1000)).unwrap();
        assert_eq!((made.format, made.size), ("jpeg", (20, 40)));
        assert!(!made.bytes.windows(4).any(|window| window == b"Exif" || window == b"zhan"));
        let image = image::load_from_memory(&made.bytes).unwrap();
        let (top, bottom) = (image.get_pixel(10, 5), image.get_pixel(10, 35));
        assert!(top[0] > 200 && bottom[2] > 200, "{top:?} {bottom:?}");
        assert_eq!(prepared(&photo, (1000, 10)).unwrap().size, (5, 10));
        assert_eq!(prepared(&photo, (1000, 1000)), Ok(made));
    }

    #[test]
    fn a_large_photo_keeps_its_proportions_and_what_it_shows() {
        // A grey ramp from left to right.
        let ramp = RgbImage::from_fn(4001, 1003, |x, _| Rgb([u8::try_from(x * 255 / 4000).unwrap(); 3]));
        for (most, size) in [((624, 468), (624, 156)), ((2000, 50), (199, 50)), ((3000, 3000), (3000, 752))] {
            let small = scaled(&DynamicImage::from(ramp.clone()), most).to_rgb8();
            assert_eq!(small.dimensions(), size);
            for part in 1..8 {
                let x = size.0 * part / 8;
                let (got, expected) =
                    (i32::from(small.get_pixel(x, size.1 / 2)[0]), i32::try_from(255 * part / 8).unwrap());
                assert!((got - expected).abs() < 4, "{most:?} {part}: {got} {expected}");
            }
        }
    }

    #[test]
    fn what_the_author_cut_away_stays_away_and_how_he_turned_it_counts() {
        // Stored lying on its side: red at the left. The camera says that it is to be turned right, and so did the author.
        let whole = Preparation { most: (1000, 1000), quality: 95, cut: [0; 4], turn: None };
        let turn = Some(QuarterTurn { quarters: 1, ..QuarterTurn::default() });
        let made = |preparation| prepared_as(&photo(), &preparation).unwrap();
        assert_eq!(made(Preparation { turn, ..whole }), made(whole));
        let half = made(Preparation { cut: [50_000, 0, 0, 0], ..whole });
        assert_eq!(half.size, (20, 20));
        let image = image::load_from_memory(&half.bytes).unwrap();
        assert!(image.pixels().all(|(_, y, pixel)| y < 2 || pixel[0] < 60 && pixel[2] > 200));
        let mirrored = Some(QuarterTurn { is_mirrored: true, ..QuarterTurn::default() });
        let made = made(Preparation { turn: mirrored, ..whole });
        assert!(image::load_from_memory(&made.bytes).unwrap().get_pixel(35, 10)[0] > 200);
        let nothing = Preparation { cut: [100_000, 90_000, 100_000, 90_000], ..whole };
        assert_eq!(prepared_as(&photo(), &nothing).unwrap().size, (1, 1));
    }

    #[test]
    fn a_seal_stays_see_through() {
        let mut bytes = Vec::new();
        DynamicImage::new_rgba8(8, 8).write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        let made = prepared(&bytes, (100, 100)).unwrap();
        assert_eq!((made.format, made.size), ("png", (8, 8)));
        assert!(image::load_from_memory(&made.bytes).unwrap().color().has_alpha());
    }

    #[test]
    fn what_is_no_picture_is_told() {
        for bytes in [&b""[..], b"GIF89a", b"%PDF-1.7", b"\xFF\xD8\xFF\xD9"] {
            assert!(matches!(prepared(bytes, (9, 9)), Err(PictureError::Unreadable { .. })), "{bytes:?}");
        }
        let photo = photo();
        for bytes in [&b"\x89PNG\r\n\x1a\n"[..], &photo[..60], &photo[..photo.len() - 2]] {
            assert_eq!(prepared(bytes, (9, 9)), Err(PictureError::CutOff), "{bytes:?}");
        }
    }
}
