//! Pictures from outside, such as photos and seals: found by name, turned as the camera says, scaled to what is printed, and
//! written anew, so that nothing of their metadata is left.
//!
//! - `find`: the file of a name
//! - `prepare`: the picture as a document holds it
//! - `beside`: what a picture's file holds beside its pixels
//! - `error`: why a picture can't be used

mod beside;
mod error;
mod find;
mod prepare;

pub use beside::{beside_pixels, is_cut_off};
pub use error::PictureError;
pub(crate) use find::folded;
pub use find::{Finder, find};
pub use prepare::{Picture, Preparation, QUALITY, QuarterTurn, prepared, prepared_as};
