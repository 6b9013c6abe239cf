//! Charts that are added to a Word file: what leads to their parts, and the types of these.

use super::attribute::value;
use super::pictures::{before_end, each_tag};

/// The type of a relationship to a chart.
const CHART: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart";
/// The content type of a chart.
const CHART_TYPE: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
/// The content type of a workbook.
const BOOK_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The relationships of a part that has none.
pub(crate) const NO_RELATIONSHIPS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
    xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>\n";

/// Returns the relationships of a part with some more to charts: their ids and parts, relative to the part's folder.
pub(crate) fn with_chart_relationships(xml: &str, charts: &[(String, String)]) -> String {
    let more =
        charts.iter().map(|(id, target)| format!("<Relationship Id=\"{id}\" Type=\"{CHART}\" Target=\"{target}\"/>"));
    before_end(xml, "</Relationships>", &more.collect::<Vec<_>>().concat())
}

/// Returns the types of parts with those of charts, named relative to `word/`, and of the workbooks embedded with them.
pub(crate) fn with_chart_types(xml: &str, charts: &[(String, String)]) -> String {
    if charts.is_empty() {
        return xml.to_owned();
    }
    let mut has_books = false;
    let _ = each_tag(xml, |_, element, _| {
        has_books |= value(element, "Extension").is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"));
    });
    let books = format!("<Default Extension=\"xlsx\" ContentType=\"{BOOK_TYPE}\"/>");
    // Defaults come before overrides.
    let xml = match xml.find("<Override").filter(|_| !has_books).and_then(|at| xml.split_at_checked(at)) {
        Some((before, after)) => format!("{before}{books}{after}"),
        None if !has_books => before_end(xml, "</Types>", &books),
        None => xml.to_owned(),
    };
    let more =
        charts.iter().map(|(_, part)| format!("<Override PartName=\"/word/{part}\" ContentType=\"{CHART_TYPE}\"/>"));
    before_end(&xml, "</Types>", &more.collect::<Vec<_>>().concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_added_once() {
        let charts = [("a1".to_owned(), "charts/a1.xml".to_owned())];
        let types = "<Types><Default Extension=\"xml\" ContentType=\"x\"/><Override PartName=\"/word/document.xml\" ContentType=\"y\"/></Types>";
        let with = with_chart_types(types, &charts);
        assert_eq!(
            with,
            format!(
                "<Types><Default Extension=\"xml\" ContentType=\"x\"/><Default Extension=\"xlsx\" ContentType=\"{BOOK_TYPE}\"/>\
                 <Override PartName=\"/word/document.xml\" ContentType=\"y\"/>\
                 <Override PartName=\"/word/charts/a1.xml\" ContentType=\"{CHART_TYPE}\"/></Types>"
            )
        );
        let another = with_chart_types(&with, &[("a2".to_owned(), "charts/a2.xml".to_owned())]);
        assert_eq!((another.matches("xlsx").count(), another.matches("<Override").count()), (1, 3));
        assert_eq!(with_chart_types(types, &[]), types);
    }
}
