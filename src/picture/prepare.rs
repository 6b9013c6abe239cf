//! A picture as a document holds it: upright, as large as it is printed, without metadata.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

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
/// The quality of a photo, of 100: what cameras use for small files.
const QUALITY: u8 = 85;

/// Returns the picture in some bytes, at most as many pixels wide and high as `most`.
///
/// Photos become JPEG, and what has no loss or is see-through stays so (PNG).
///
/// # Errors
/// The bytes are no picture of a known format, or one that is too large.
pub fn prepared(bytes: &[u8], most: (u32, u32)) -> Result<Picture, PictureError> {
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
    image.apply_orientation(orientation);
    if image.width() > most.0 || image.height() > most.1 {
        image = scaled(&image, most);
    }
    let (size, mut written) = ((image.width(), image.height()), Vec::new());
    let is_jpeg = is_photo && !image.color().has_alpha();
    let encoded = if is_jpeg {
        let image =
            if image.color().has_color() { DynamicImage::from(image.to_rgb8()) } else { image.to_luma8().into() };
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut written, QUALITY))
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
    fn a_seal_stays_see_through() {
        let mut bytes = Vec::new();
        DynamicImage::new_rgba8(8, 8).write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        let made = prepared(&bytes, (100, 100)).unwrap();
        assert_eq!((made.format, made.size), ("png", (8, 8)));
        assert!(image::load_from_memory(&made.bytes).unwrap().color().has_alpha());
    }

    #[test]
    fn what_is_no_picture_is_told() {
        for bytes in [&b""[..], b"GIF89a", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", &photo()[..60]] {
            assert!(matches!(prepared(bytes, (9, 9)), Err(PictureError::Unreadable { .. })), "{bytes:?}");
        }
    }
}
