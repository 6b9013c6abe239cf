//! What the file of a picture holds beside its pixels: what cameras and programs write into it; and whether it is all there.

use memchr::memchr_iter;

/// Returns what the file of a JPEG or PNG holds beside its pixels, one piece behind the other; nothing if it is no such file, or
/// a broken one.
#[must_use]
pub fn beside_pixels(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.starts_with(b"\xFF\xD8") {
        beside_jpeg(bytes)
    } else if bytes.starts_with(PNG) {
        beside_png(bytes)
    } else {
        None
    }
}

/// Whether a JPEG or PNG ends before its picture does, as one does whose copying was interrupted. What is missing is shown
/// grey by programs, and by the decoder of JPEG, without a word.
#[must_use]
pub fn is_cut_off(bytes: &[u8]) -> bool {
    (bytes.starts_with(b"\xFF\xD8") || bytes.starts_with(PNG)) && beside_pixels(bytes).is_none()
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Takes the segments of programs (APP0 to APP15) and comments, and what follows the end of the picture.
fn beside_jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut found, mut rest) = (Vec::new(), bytes.get(2..)?);
    loop {
        // Between two marks there are pixels; in them FF is followed by 0, or by one of the marks D0 to D7.
        let is_marker = |at: &usize| rest.get(at + 1).is_some_and(|code| !matches!(code, 0 | 0xD0..=0xD7 | 0xFF));
        let at = memchr_iter(0xFF, rest).find(is_marker)?;
        let code = *rest.get(at + 1)?;
        rest = rest.get(at + 2..)?;
        if code == 0xD9 {
            found.extend(rest);
            return Some(found);
        }
        let length = usize::from(u16::from_be_bytes(rest.get(..2)?.try_into().ok()?));
        let segment = rest.get(2..length)?;
        if matches!(code, 0xE0..=0xEF | 0xFE) {
            found.extend(segment);
            found.push(b'\n');
        }
        rest = rest.get(length..)?;
    }
}

/// Takes all chunks but those of pixels and colours, and what follows the last.
fn beside_png(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut found, mut rest) = (Vec::new(), bytes.get(PNG.len()..)?);
    loop {
        let length = usize::try_from(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let kind = rest.get(4..8)?;
        let chunk = rest.get(8..)?.get(..length)?;
        rest = rest.get(8..)?.get(length.checked_add(4)?..)?;
        if kind == b"IEND" {
            found.extend(rest);
            return Some(found);
        }
        if !matches!(kind, b"IHDR" | b"IDAT" | b"PLTE" | b"tRNS") {
            found.extend(chunk);
            found.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, ImageFormat, RgbImage};

    use super::*;
    use crate::picture::prepared;

    fn noise() -> DynamicImage {
        RgbImage::from_fn(64, 64, |x, y| image::Rgb([x, y, x ^ y].map(|n| u8::try_from(n * 37 % 251).unwrap_or(0))))
            .into()
    }

    fn holds(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn what_is_beside_the_pixels_is_found_wherever_it_stands() {
        let mut jpeg = Vec::new();
        noise().write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 90)).unwrap();
        let plain = beside_pixels(&jpeg).unwrap();
        assert!(plain.len() < 40 && holds(&plain, b"JFIF"), "{plain:?}");
        let segment = |code: u8| [&[0xFF, code, 0, 10], &b"zhangsan"[..]].concat();
        let end = jpeg.len() - 2;
        for planted in [
            [&jpeg[..2], &segment(0xE1), &jpeg[2..]].concat(),
            [&jpeg[..2], &segment(0xFE), &jpeg[2..]].concat(),
            [&jpeg[..end], &segment(0xED), &jpeg[end..]].concat(),
            [&jpeg[..], b"zhangsan"].concat(),
        ] {
            assert!(holds(&beside_pixels(&planted).unwrap(), b"zhangsan"));
            // What is written anew has nothing of it.
            let made = prepared(&planted, (100, 100)).unwrap();
            assert!(!holds(&made.bytes, b"zhangsan"));
        }
        let mut png = Cursor::new(Vec::new());
        noise().write_to(&mut png, ImageFormat::Png).unwrap();
        let png = png.into_inner();
        assert_eq!(beside_pixels(&png).unwrap(), b"");
        let chunk = [&[0, 0, 0, 8][..], b"tEXtzhangsan", &[0; 4]].concat();
        for planted in [[&png[..33], &chunk, &png[33..]].concat(), [&png[..], b"zhangsan"].concat()] {
            assert!(holds(&beside_pixels(&planted).unwrap(), b"zhangsan"));
        }
        for whole in [&jpeg, &png] {
            assert!(!is_cut_off(whole));
            for cut in 8..whole.len() {
                assert!(is_cut_off(&whole[..cut]) && prepared(&whole[..cut], (100, 100)).is_err(), "{cut}");
            }
        }
        for broken in
            [&b"GIF89a"[..], &jpeg[..jpeg.len() - 2], &jpeg[..30], &png[..40], b"\xFF\xD8\xFF\xE1\0\0", b"\xFF\xD8"]
        {
            assert_eq!(beside_pixels(broken), None);
            assert_eq!(is_cut_off(broken), !broken.starts_with(b"GIF"));
        }
    }
}
