//! The last line of a receipt as a QR code.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::receipt::line::MachineLine;

/// Blank modules around the code, as the standard asks.
const QUIET: i32 = 4;

/// Returns the QR code of a receipt as SVG, black on white whatever the page is. `None` for a line that no QR code holds,
/// which none is.
#[must_use]
pub fn svg(line: &MachineLine) -> Option<String> {
    let code = QrCode::encode_text(&line.to_string(), QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let whole = size + 2 * QUIET;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{whole}v{whole}h-{whole}z\"/><path d=\""
    );
    for y in 0..size {
        // Dark modules side by side are one stroke.
        let mut x = 0;
        while x < size {
            let run = (x..size).take_while(|x| code.get_module(*x, y)).count();
            let run = i32::try_from(run).unwrap_or_default();
            if run > 0 {
                let _ = write!(svg, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run + 1;
        }
    }
    svg.push_str("\"/></svg>\n");
    Some(svg)
}
