//! Kinds of documents (文种): a folder with a `kind.yaml` and a template for each language.
//!
//! In: a [`Kind`], built in or the project's own, and [`Data`](crate::dataset::Data), which is what the logs and the
//! register hold. Out: [`Rendered`], a document and its figures. Rendering reads no clock and no file.
//!
//! - `definition`: what a kind is
//! - [`config`]: what `kind.yaml` says; `bilingual`, `ask`: parts of it
//! - `load`: finds and loads kinds; `built_in`: those compiled in
//! - `named`: kinds by what people call them
//! - `check`: what is wrong with a kind's templates
//! - `calls`: which issues a letter is to name
//! - `documents`: which documents a kind calls for, and to whom they go
//! - `answers`: values that the writer must give
//! - `renderer`: data and template to a document; `identities`: the sums that must agree before; `sources`: where its
//!   figures come from

mod answers;
mod ask;
mod bilingual;
mod built_in;
mod calls;
mod check;
pub mod config;
mod definition;
mod documents;
mod identities;
mod load;
mod named;
mod renderer;
mod sources;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod texts;

pub use ask::Ask;
pub use bilingual::Bilingual;
pub use calls::{LadderCall, calls, followed, named_before};
pub use check::check;
pub use definition::Kind;
pub use identities::BrokenIdentity;
pub use load::{FOLDER, KindError, KindInfo, KindOrigin, kinds, load};
pub use named::{named, series_named, settle};
pub use renderer::{RenderError, Rendered, Renderer, render};
pub(crate) use sources::of_figures as sources_of;
