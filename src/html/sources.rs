//! Where the figures of a page come from.
//!
//! Each figure has a list of its own, which shows when its link was followed: the number stays in view, and no script is
//! needed. A list quotes its rows; a very long one names them by their numbers in a list at the end of the page, which has
//! each of those rows once, so that a page grows with its rows and not with rows times figures. Nothing is left out.
//!
//! On paper there is neither: it is the document as it is signed and sent, and nothing on it can be followed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::escape::escape_on_one_line as escape;
use crate::document::Document;
use crate::document::source::{FigureId, FigureSource, SourceRow};
use crate::words::lang::{Lang, counted};

/// Up to this many rows are quoted; more are named by their numbers.
const QUOTED: usize = 200;

/// The id of the list of a figure.
pub(super) fn id(prefix: &str, FigureId { figure, part }: FigureId) -> String {
    if part == 0 { format!("{prefix}f{figure}") } else { format!("{prefix}f{figure}.{part}") }
}

/// The id of the first link to it.
pub(super) fn link_id(prefix: &str, figure: FigureId) -> String {
    id(&format!("{prefix}n-"), figure)
}

/// The figures that are linked in a document, their lists, and the rows of long lists; empty if there are none. `name` is that
/// of the document among others.
pub(super) fn section(document: &Document, prefix: &str, name: Option<&str>, linked: &BTreeSet<FigureId>) -> String {
    if linked.is_empty() {
        return String::new();
    }
    let (lang, sources) = (document.lang, &document.sources);
    let title = lang.pick("数据来源", "Where the figures come from");
    let title = name.map_or_else(|| title.to_owned(), |name| format!("{title}{}{name}", lang.pick("：", ": ")));
    let how = lang.pick(
        "点正文里带点线的数字，看它数的是什么、出自哪些行。这一部分不打印。",
        "Follow a number with a dotted line to see what it counts and the rows it comes from. This part is not printed.",
    );
    let mut html = format!(
        "<section class=\"sources\" aria-labelledby=\"{prefix}sources\">\n<h2 id=\"{prefix}sources\">{}</h2>\n<p>{how}</p>\n",
        escape(&title)
    );
    let figures: Vec<&FigureSource> = sources.figures.iter().filter(|figure| linked.contains(&figure.id)).collect();
    let unquoted = figures.iter().filter(|figure| figure.rows.len() > QUOTED);
    let numbered: BTreeSet<usize> = unquoted.flat_map(|figure| figure.rows.iter().copied()).collect();
    let lists = SourceLists { lang, prefix, rows: &sources.rows, numbered: numbered.into_iter().collect() };
    lists.index(&figures, &mut html);
    for figure in figures {
        lists.list(figure, &mut html);
    }
    lists.numbered(&mut html);
    html + "</section>\n"
}

struct SourceLists<'d> {
    lang: Lang,
    prefix: &'d str,
    rows: &'d [SourceRow],
    /// The rows that long lists name by number, in order.
    numbered: Vec<usize>,
}

impl SourceLists<'_> {
    /// What the figures count, without the cells of tables: their heads say that.
    fn index(&self, figures: &[&FigureSource], html: &mut String) {
        html.push_str("<ul class=\"index\">\n");
        for FigureSource { id: of, value, counted, .. } in figures.iter().filter(|figure| figure.id.part == 0) {
            let _ = writeln!(
                html,
                "<li><a href=\"#{}\"><b>{}</b> {}</a></li>",
                id(self.prefix, *of),
                escape(value),
                escape(counted)
            );
        }
        html.push_str("</ul>\n");
    }

    /// The list of a figure.
    fn list(&self, figure: &FigureSource, html: &mut String) {
        let (id, link) = (id(self.prefix, figure.id), link_id(self.prefix, figure.id));
        let back = self.lang.pick("返回正文", "Back to the text");
        let _ = write!(
            html,
            "<div class=\"figure\" id=\"{id}\" role=\"group\" tabindex=\"-1\" aria-labelledby=\"{id}.h\">\n\
             <div class=\"top\"><h3 id=\"{id}.h\"><b>{}</b> {}</h3><a class=\"back\" href=\"#{link}\">{back}</a></div>\n",
            escape(&figure.value),
            escape(&figure.counted),
        );
        if !figure.rows.is_empty() {
            let count = figure.rows.len();
            let count = self.lang.pick(format!("{count}行"), counted(count, "row"));
            if figure.rows.len() <= QUOTED {
                let _ = writeln!(html, "<p class=\"count\">{count}</p>\n<ol>");
                for (index, row) in figure.rows.iter().filter_map(|position| self.rows.get(*position)).enumerate() {
                    let _ = writeln!(html, "<li><b>{}</b>{}</li>", index + 1, self.quote(row));
                }
                html.push_str("</ol>\n");
            } else {
                let _ = writeln!(
                    html,
                    "<p class=\"count\">{count}{}{}</p>",
                    self.lang.pick("：", ": "),
                    self.ranges(&figure.rows)
                );
            }
        }
        if let Some(withheld) = &figure.withheld {
            let _ = writeln!(html, "<p>{}</p>", escape(withheld));
        }
        html.push_str("</div>\n");
    }

    /// What a row says, and where it stands.
    fn quote(&self, row: &SourceRow) -> String {
        let parts = [&row.id, &row.unit, &row.text].into_iter().filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.map(|part| escape(part)).collect();
        let said = parts.join(self.lang.pick("　", " · "));
        format!("<span>{said}</span><span class=\"place\">{}</span>", escape(&row.place()))
    }

    fn row_link(&self, number: usize) -> String {
        format!("<a href=\"#{}r{number}\">{number}</a>", self.prefix)
    }

    /// Rows by their numbers, those in a row as one stretch.
    fn ranges(&self, positions: &[usize]) -> String {
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        for number in positions.iter().filter_map(|position| self.numbered.binary_search(position).ok()) {
            let number = number + 1;
            match stretches.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => stretches.push((number, number)),
            }
        }
        let stretches: Vec<String> = stretches
            .into_iter()
            .map(|(first, last)| match last - first {
                0 => self.row_link(first),
                _ => format!("{}–{}", self.row_link(first), self.row_link(last)),
            })
            .collect();
        stretches.join(self.lang.pick("、", ", "))
    }

    /// The rows that long lists name by number, each once.
    fn numbered(&self, html: &mut String) {
        if self.numbered.is_empty() {
            return;
        }
        html.push_str("<ol class=\"rows\">\n");
        for (index, row) in self.numbered.iter().filter_map(|position| self.rows.get(*position)).enumerate() {
            let _ = writeln!(html, "<li id=\"{}r{1}\"><b>{1}</b>{2}</li>", self.prefix, index + 1, self.quote(row));
        }
        html.push_str("</ol>\n");
    }
}
