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
use crate::document::source::{FigureId, FigureSource, FigureSources, SourceRow};
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
    of_page(document.lang, &document.sources, (prefix, name), linked, (QUOTED, &|_| None))
}

/// The same for any page. A list quotes up to `quoted` rows. `number` is that of an issue which the page lists under the id
/// `iN`, by its position among those of the logs: such a row is a link to it.
pub(super) fn of_page(
    lang: Lang,
    sources: &FigureSources,
    (prefix, name): (&str, Option<&str>),
    linked: &BTreeSet<FigureId>,
    (quoted, number): (usize, &dyn Fn(usize) -> Option<usize>),
) -> String {
    if linked.is_empty() {
        return String::new();
    }
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
    let listed: Vec<Option<usize>> = sources.rows.iter().map(|row| row.issue.and_then(number)).collect();
    let unquoted = figures.iter().filter(|figure| figure.rows.len() > quoted);
    let is_listed = |position: &usize| listed.get(*position).copied().flatten().is_some();
    let numbered: BTreeSet<usize> =
        unquoted.flat_map(|figure| figure.rows.iter().copied()).filter(|position| !is_listed(position)).collect();
    let numbered = numbered.into_iter().collect();
    let lists = SourceLists { lang, prefix, quoted, rows: &sources.rows, numbered, listed };
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
    /// Up to this many rows are quoted; more are named by their numbers.
    quoted: usize,
    rows: &'d [SourceRow],
    /// The rows that long lists name by number, in order.
    numbered: Vec<usize>,
    /// For each row its number in the page's own list of issues, if it is there.
    listed: Vec<Option<usize>>,
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
            if figure.rows.len() <= self.quoted {
                let _ = writeln!(html, "<p class=\"count\">{count}</p>\n<ol>");
                for (index, position) in figure.rows.iter().enumerate() {
                    let Some(row) = self.rows.get(*position) else { continue };
                    let quote = match self.listed.get(*position).copied().flatten() {
                        Some(number) => format!("<a href=\"#i{number}\">{}</a>", self.said(row)) + &place(row),
                        None => self.quote(row),
                    };
                    let _ = writeln!(html, "<li><b>{}</b>{quote}</li>", index + 1);
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
        format!("<span>{}</span>", self.said(row)) + &place(row)
    }

    fn said(&self, row: &SourceRow) -> String {
        let parts = [&row.id, &row.unit, &row.text].into_iter().filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.map(|part| escape(part)).collect();
        if parts.is_empty() { escape(&row.place()) } else { parts.join(self.lang.pick("　", " · ")) }
    }

    /// Rows by their numbers, those in a row as one stretch: first those that the page lists itself.
    fn ranges(&self, positions: &[usize]) -> String {
        let mut listed: Vec<usize> =
            positions.iter().filter_map(|position| self.listed.get(*position).copied().flatten()).collect();
        listed.sort_unstable();
        let numbered = positions.iter().filter_map(|position| Some(self.numbered.binary_search(position).ok()? + 1));
        let lists = [stretches("i", listed), stretches(&format!("{}r", self.prefix), numbered.collect())];
        lists.concat().join(self.lang.pick("、", ", "))
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

fn place(row: &SourceRow) -> String {
    format!("<span class=\"place\">{}</span>", escape(&row.place()))
}

/// More stretches than this are not each a link: a long page has a link into each hundred, and the other numbers as text.
const LINKED: usize = 100;

/// Links to ascending numbers, with stretches of them in one: `3`, `5–9`. `id` begins the ids of their targets.
fn stretches(id: &str, numbers: Vec<usize>) -> Vec<String> {
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match stretches.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => stretches.push((number, number)),
        }
    }
    let (is_long, mut hundred) = (stretches.len() > LINKED, None);
    let mut link = |number: usize| {
        let is_first = hundred.replace(number / 100) != Some(number / 100);
        if is_long && !is_first { number.to_string() } else { format!("<a href=\"#{id}{number}\">{number}</a>") }
    };
    stretches
        .into_iter()
        .map(|(first, last)| if first == last { link(first) } else { format!("{}–{}", link(first), link(last)) })
        .collect()
}
