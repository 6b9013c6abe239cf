//! Writes the page for the leader: one file, nothing loaded, readable without its script.
//!
//! A page of many issues is paged within the file: a stretch of them is laid out when it is opened, or when a link leads
//! into it, which opens it. The script only filters the list.

use std::fmt::Write as _;
use std::io;

use super::contents::Contents;
use super::escape::{escape, escape_on_one_line};
use super::spooled::PageSpool;
use super::{HtmlFile, HtmlPage, sources, style};
use crate::charts;
use crate::digest;
use crate::document::board::{Board, BoardIssue, Standing, Trend};
use crate::document::label::Labels;
use crate::document::layout::Look;
use crate::document::photo::{PhotoReader, PhotoRoom, PhotoSource};
use crate::document::{Inline, Photo, Table, plain};
use crate::words::lang::{Lang, counted};

/// How many issues are on one stretch of the list.
const STRETCH: usize = 200;
/// Up to this many rows of a figure are quoted; more are links to the list.
const QUOTED: usize = 30;
/// The room of a photo beside its issue: it is for recognising it, and a page of many stays small.
const ROOM: PhotoRoom = PhotoRoom { column: 42.0, width: 40.0, height: 30.0 };

/// Returns the page.
///
/// # Errors
/// A temporary file for its photos can't be read or written.
pub(crate) fn write(board: &Board, look: &Look, photos: &dyn PhotoSource) -> io::Result<HtmlFile> {
    let lang = board.lang;
    let (tag, class) = match lang {
        Lang::Zh => ("zh-CN", "zh"),
        Lang::En => ("en", "en"),
    };
    let (images, photo_style) = if board.has_photos() { ("img-src data:; ", style::BOARD_PHOTOS) } else { ("", "") };
    let sheet = style::board(lang, look) + photo_style;
    let script = if board.issues.len() > 1 { SCRIPT } else { "" };
    let head = format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; {images}base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n<style>{sheet}</style>\n</head>\n<body class=\"{class}\">\n<main>\n",
        digest::base64(sheet.as_bytes()),
        digest::base64(script.as_bytes()),
        escape_on_one_line(&board.title),
    );
    let (mut contents, mut reader, mut spool) = (Contents::default(), PhotoReader::new(photos), PageSpool::default());
    let mut page = HtmlPage {
        lang,
        labels: Labels::of(lang),
        html: String::new(),
        sources: &board.sources,
        linked: std::collections::BTreeSet::new(),
        contents: &mut contents,
        reader: &mut reader,
        spool: &mut spool,
        headings: 0,
        charts: 0,
        section: String::new(),
        prefix: String::new(),
    };
    page.board_head(board);
    page.tiles(board);
    if let Some(trend) = &board.trend {
        page.trend(trend);
    }
    page.overdue(board);
    if let Some(table) = &board.ranking {
        let note = lang.pick(
            "按整改率从高到低；并列的名次相同；问题少于五个的不算整改率、不排名。",
            "By the share rectified, the highest first; equal ones share a place; below five issues there is no rate and no place.",
        );
        page.part_of("ranking", lang.pick("整改排名", "Ranking"), note, |page| page.table(table));
    }
    if let Some(table) = &board.heat {
        let note = lang.pick(
            "颜色越深问题越多；加框的，同一单位同类问题不止一个。",
            "The darker, the more issues; a frame marks issues of one kind that a unit had more than once.",
        );
        page.part_of("heat", lang.pick("单位与类别", "Units and categories"), note, |page| page.heat(table));
    }
    if let Some(chart) = &board.ages {
        let title = lang.pick("未整改问题已有多久", "How long issues are open");
        page.part_of("ages", title, "", |page| page.chart(chart));
    }
    page.issues(board);
    let HtmlPage { mut html, linked, .. } = page;
    let number = |issue: usize| board.numbers.get(issue).copied().flatten();
    html.push_str(&sources::of_page(lang, &board.sources, ("", None), &linked, (QUOTED, &number)));
    html.push_str("</main>\n");
    if !script.is_empty() {
        let _ = writeln!(html, "<script>{script}</script>");
    }
    html.push_str("</body>\n</html>\n");
    Ok(HtmlFile { html: spool.finish(head, &html)?, unreadable: reader.unreadable() })
}

impl HtmlPage<'_, '_> {
    fn board_head(&mut self, board: &Board) {
        let _ = writeln!(self.html, "<header>\n<h1>{}</h1>\n<dl>", escape(&board.title));
        for (label, text) in &board.facts {
            let text = self.inlines(text);
            let _ = writeln!(self.html, "<div><dt>{}</dt><dd>{text}</dd></div>", escape(label));
        }
        self.html.push_str("</dl>\n</header>\n");
    }

    /// Opens a part of the page.
    fn part(&mut self, id: &str, title: &str) {
        let _ = writeln!(
            self.html,
            "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{}</h2>",
            escape(title)
        );
        title.clone_into(&mut self.section);
    }

    /// Writes a part of the page with a note on how it is read.
    fn part_of(&mut self, id: &str, title: &str, note: &str, content: impl FnOnce(&mut Self)) {
        self.part(id, title);
        if !note.is_empty() {
            self.note(note);
        }
        content(self);
        self.end_part();
    }

    fn end_part(&mut self) {
        self.html.push_str("</section>\n");
    }

    fn note(&mut self, text: &str) {
        self.element("p", "note", &escape(text));
    }

    fn tiles(&mut self, board: &Board) {
        let label = self.lang.pick("主要数字", "Main figures");
        let _ = writeln!(self.html, "<ul class=\"tiles\" aria-label=\"{label}\">");
        for tile in &board.tiles {
            let (value, change) = (self.inlines(&tile.value), self.inlines(&tile.change));
            let change = if change.is_empty() { change } else { format!("<small>{change}</small>") };
            let _ = writeln!(self.html, "<li><span>{}</span><b>{value}</b>{change}</li>", escape(&tile.label));
        }
        self.html.push_str("</ul>\n");
    }

    fn trend(&mut self, trend: &Trend) {
        self.part("trend", self.lang.pick("走势", "Trend"));
        let mut plots = charts::plots(&trend.chart, self.lang);
        if plots.is_empty() {
            self.table(&trend.chart.table);
            return self.end_part();
        }
        self.html.push_str("<figure class=\"chart\">\n");
        for plot in &mut plots {
            plot.marks = trend.marks.iter().map(|(at, _)| *at).collect();
            self.charts += 1;
            self.html.push_str(&charts::svg(plot, &format!("c{}", self.charts)));
        }
        if !trend.marks.is_empty() {
            let categories = trend.chart.categories();
            let marks = trend.marks.iter().filter_map(|(at, text)| Some(format!("{} {text}", categories.get(*at)?)));
            let marks = marks.collect::<Vec<_>>().join(self.lang.pick("；", "; "));
            let words = self.lang.pick("▲ 印发通报：", "▲ Bulletins: ");
            self.element("figcaption", "", &escape(&format!("{words}{marks}")));
        }
        self.html.push_str("</figure>\n");
        let table = Table { caption: None, ..trend.chart.table.clone() };
        let words = self.lang.pick("数据", "Data");
        let _ = writeln!(self.html, "<details><summary>{words}</summary>");
        self.table(&table);
        self.html.push_str("</details>\n");
        self.end_part();
    }

    fn overdue(&mut self, board: &Board) {
        self.part("overdue", self.lang.pick("逾期未整改", "Overdue"));
        if board.overdue.is_empty() {
            self.note(self.lang.pick("没有逾期未整改的问题。", "Nothing is overdue."));
            return self.end_part();
        }
        let heads = match self.lang {
            Lang::Zh => ["责任单位", "问题", "期限", "逾期", "已发文书", "下一步"],
            Lang::En => ["Unit", "Issue", "Deadline", "Late", "Letters so far", "Next"],
        };
        let _ = writeln!(
            self.html,
            "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"{}\"><table>\n<thead><tr>",
            escape_on_one_line(&self.section)
        );
        for head in heads {
            let _ = write!(self.html, "<th scope=\"col\">{head}</th>");
        }
        self.html.push_str("</tr></thead>\n<tbody>\n");
        for issue in &board.overdue {
            let letters: Vec<String> = issue.letters.iter().map(|letter| escape(letter)).collect();
            let _ = writeln!(
                self.html,
                "<tr><th scope=\"row\">{}</th><td class=\"long\"><a href=\"#i{}\">{}</a></td><td class=\"day\">{}</td><td class=\"r day\">{}</td><td>{}</td><td>{}</td></tr>",
                escape(&issue.unit),
                issue.number,
                escape(if issue.text.is_empty() { "—" } else { &issue.text }),
                escape(&issue.deadline),
                escape(&issue.late),
                if letters.is_empty() { "—".to_owned() } else { letters.join("<br>") },
                escape(if issue.next.is_empty() { "—" } else { &issue.next }),
            );
        }
        self.html.push_str("</tbody>\n</table></div>\n");
        self.end_part();
    }

    /// A table of counts whose last row and column are totals; the others are coloured by their counts.
    fn heat(&mut self, table: &Table) {
        let (rows, columns) = (table.rows.len().saturating_sub(1), table.width().saturating_sub(1));
        let count = |cell: &[Inline]| plain(cell).trim().parse::<u64>().unwrap_or(0);
        let inner = table.rows.iter().take(rows).flat_map(|row| row.iter().skip(1).take(columns.saturating_sub(1)));
        let most = inner.map(|cell| count(&cell.0)).max().unwrap_or(0).max(1);
        let _ = writeln!(
            self.html,
            "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"{}\"><table class=\"heat\">\n<thead><tr>",
            escape_on_one_line(&self.section)
        );
        for cell in &table.header {
            let text = self.inlines(&cell.0);
            let _ = write!(self.html, "<th scope=\"col\">{text}</th>");
        }
        self.html.push_str("</tr></thead>\n<tbody>\n");
        for (at, row) in table.rows.iter().enumerate() {
            self.html.push_str("<tr>");
            for (column, cell) in row.iter().enumerate() {
                let text = self.inlines(&cell.0);
                let value = count(&cell.0);
                let is_counted = at < rows && column > 0 && column < columns;
                let class = match () {
                    () if column == 0 => {
                        let _ = write!(self.html, "<th scope=\"row\">{text}</th>");
                        continue;
                    }
                    () if !is_counted => "r t".to_owned(),
                    () if value == 0 => "r".to_owned(),
                    // Five levels, the last one of the greatest count.
                    () => format!("r h{}{}", (value * 5).div_ceil(most), if value > 1 { " again" } else { "" }),
                };
                let _ = write!(self.html, "<td class=\"{class}\">{text}</td>");
            }
            self.html.push_str("</tr>\n");
        }
        self.html.push_str("</tbody>\n</table></div>\n");
    }

    fn issues(&mut self, board: &Board) {
        let count = board.issues.len();
        let all = self.lang.pick(format!("全部问题（{count}个）"), format!("All {}", counted(count, "issue")));
        self.part("issues", &all);
        if count > 1 {
            let words = self.lang.pick("筛选：单位、类别、文字", "Filter: unit, category, words");
            let _ = writeln!(
                self.html,
                "<p class=\"filter\" hidden><label>{words} <input type=\"search\" id=\"filter\"></label> <output id=\"hits\"></output></p>"
            );
        }
        for (stretch, issues) in board.issues.chunks(STRETCH).enumerate() {
            let first = stretch * STRETCH;
            let open = if stretch == 0 { " open" } else { "" };
            let mut names = [issues.first(), issues.last()].into_iter().flatten().map(|issue| issue.unit.as_str());
            let (from, to) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
            let units = if from == to { from.to_owned() } else { format!("{from} – {to}") };
            let _ = writeln!(
                self.html,
                "<details class=\"stretch\"{open}><summary>{}–{} <small>{}</small></summary>\n<ol>",
                first + 1,
                first + issues.len(),
                escape_on_one_line(&units)
            );
            for (at, issue) in issues.iter().enumerate() {
                self.issue(first + at + 1, issue);
            }
            self.html.push_str("</ol>\n</details>\n");
        }
        self.end_part();
    }

    fn issue(&mut self, number: usize, issue: &BoardIssue) {
        let (standing, word) = &issue.standing;
        let class = match standing {
            Standing::Done => "done",
            Standing::Open => "open",
            Standing::Soon => "soon",
            Standing::Overdue => "late",
        };
        let unit = if issue.unit.is_empty() { "—" } else { &issue.unit };
        let id = if issue.id.is_empty() {
            String::new()
        } else {
            format!(" <code>{}</code>", escape_on_one_line(&issue.id))
        };
        let _ = write!(
            self.html,
            "<li id=\"i{number}\"><i>{number}</i> <b>{}</b>{id} <span class=\"{class}\">{word}</span> <small>{}</small><p>{}</p><small>{} <span class=\"place\">{}</span></small>",
            escape_on_one_line(unit),
            escape_on_one_line(&issue.about),
            escape(&issue.text),
            escape_on_one_line(&issue.days),
            escape_on_one_line(&issue.place),
        );
        if !issue.photos.is_empty() {
            self.html.push_str("<div class=\"photos\">");
            for (stage, photo) in &issue.photos {
                self.photo_of_issue(stage, photo);
            }
            self.html.push_str("</div>");
        }
        self.html.push_str("</li>\n");
    }

    fn photo_of_issue(&mut self, stage: &str, photo: &Photo) {
        self.html.push_str("<figure>");
        match self.reader.read(photo, ROOM, self.lang) {
            Ok(picture) => self.image(&picture, &photo.alt(self.lang), ""),
            Err(text) => self.element("p", "", &escape(&text)),
        }
        let _ = write!(self.html, "<figcaption>{}</figcaption></figure>", escape(stage));
    }
}

/// Filters the list by the words that are typed: shows the box, and hides the issues that have not all of them.
const SCRIPT: &str = "\
(()=>{const f=document.getElementById('filter');if(!f)return;f.closest('p').hidden=false;\
const s=[...document.querySelectorAll('details.stretch')],o=s.map(d=>d.open),h=document.getElementById('hits');let t;\
const run=()=>{const w=f.value.toLowerCase().split(/\\s+/).filter(Boolean);let n=0;\
s.forEach((d,i)=>{let k=0;for(const l of d.querySelectorAll('li')){const y=w.every(x=>l.textContent.toLowerCase().includes(x));l.hidden=!y;k+=y}\
n+=k;d.hidden=w.length>0&&!k;d.open=w.length?k>0&&n<=400:o[i]});h.textContent=w.length?n:''};\
f.addEventListener('input',()=>{clearTimeout(t);t=setTimeout(run,150)})})();";
