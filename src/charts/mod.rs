//! How the charts of a document are drawn, in every format that draws.
//!
//! Charts are printed, copied and faxed in black and white, so that series differ by fills, dashes and markers and not by
//! colours; the same in every format.
//!
//! - `plot`: what goes on one drawing, how its series are told apart, and what it can't show
//! - `part`: a chart as DrawingML, for Word files
//! - `svg`: a chart as SVG, for pages

mod part;
mod plot;
mod svg;

pub(crate) use part::{ChartBook, chart_parts, drawing};
pub(crate) use plot::{Fill, MARKERS, MAX_SERIES, Marker, Plot, note, plots, too_many_series};
pub(crate) use svg::svg;
