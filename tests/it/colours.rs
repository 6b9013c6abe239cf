//! Pictures of one colour: the colour says which picture it is. JPEG changes it a little.

use image::DynamicImage;

pub(crate) const COLOURS: [(&str, [u8; 3]); 8] = [
    ("red", [255, 0, 0]),
    ("green", [0, 255, 0]),
    ("blue", [0, 0, 255]),
    ("yellow", [255, 255, 0]),
    ("cyan", [0, 255, 255]),
    ("magenta", [255, 0, 255]),
    ("black", [0, 0, 0]),
    ("white", [255, 255, 255]),
];

/// The colour of a picture, or `?` if it is of none or several.
pub(crate) fn colour_of(image: &DynamicImage) -> &'static str {
    let image = image.to_rgb8();
    let near =
        |colour: &[u8; 3]| image.pixels().all(|pixel| pixel.0.iter().zip(colour).all(|(a, b)| a.abs_diff(*b) < 40));
    COLOURS.iter().find(|(_, colour)| near(colour)).map_or("?", |(name, _)| name)
}
