//! `check --format html`: one self-contained page to mail back to the team that submitted the logs.

use std::io::{self, Write};

use crate::fault::Severity;
use crate::fault::emit::{CheckReport, Shown, summary};
use crate::source::excerpt::harmless;
use crate::words::lang::Lang;

const STYLE: &str = "\
*{box-sizing:border-box}
body{font:16px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:0 auto;max-width:60rem;padding:1.5rem;color:#222}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:2px solid #ccc;overflow-wrap:anywhere}
article{border-left:4px solid #c0392b;padding:.2rem 0 .2rem .8rem;margin:1rem 0;break-inside:avoid}
article.warning{border-color:#d68910}article.info{border-color:#2471a3}
p{margin:.2rem 0}.where{color:#666;font-size:.85rem}.help{color:#145a32}
pre{background:#f6f6f6;padding:.5rem;margin:.3rem 0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}
mark{background:#f5b7b1}.warning mark{background:#fdebd0}
table{border-collapse:collapse}td,th{padding:.1rem .8rem .1rem 0;text-align:left}td:first-child{text-align:right}
@media print{body{max-width:none;padding:0}@page{size:A4;margin:20mm}}
";

/// Writes the report as a page, file by file.
///
/// # Errors
/// Those of `out`.
pub fn html(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = report.lang;
    let title = lang.pick("台账检查报告", "Report on submitted logs");
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        lang.pick("zh-CN", "en")
    )?;
    writeln!(out, "<p>{}</p>", summary::total(report))?;
    codes(report, out)?;
    let mut open = None;
    for shown in report.shown() {
        if open != Some(shown.file) {
            if open.replace(shown.file).is_some() {
                out.write_all(b"</section>\n")?;
            }
            let file = report.by_file.iter().find(|file| file.name == shown.file);
            let heading = file.map_or_else(String::new, |file| summary::heading(file, lang));
            writeln!(out, "<section>\n<h2>{}</h2>", escape(&heading))?;
        }
        article(&shown, lang, out)?;
    }
    if open.is_some() {
        out.write_all(b"</section>\n")?;
    }
    let kept = summary::kept_lines(&report.kept, lang);
    let ends = [summary::hidden(report), summary::unread(report)];
    for line in ends.iter().map(String::as_str).chain(kept.lines()).filter(|line| !line.is_empty()) {
        writeln!(out, "<p>{}</p>", escape(line.trim_start()))?;
    }
    out.write_all(b"</body>\n</html>\n")
}

/// Writes a table of the number of faults of each code, the most frequent first.
fn codes(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.by_code.is_empty() {
        return Ok(());
    }
    out.write_all(b"<table>\n")?;
    for (code, count) in &report.by_code {
        let title = escape(report.codes.info(*code).title(report.lang));
        writeln!(out, "<tr><td>{count}</td><td>{code}</td><td>{title}</td></tr>")?;
    }
    out.write_all(b"</table>\n")
}

fn article(shown: &Shown<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let class = match shown.fault.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let (line, column) = (shown.excerpt.line, shown.excerpt.column);
    let place = lang.pick(format!("第 {line} 行，第 {column} 个字符"), format!("line {line}, character {column}"));
    writeln!(
        out,
        "<article class=\"{class}\">\n<p><strong>{}</strong> {}</p>\n<p class=\"where\">{place}</p>",
        shown.fault.what.code(),
        escape(&shown.words.message)
    )?;
    let (text, range) = (&shown.excerpt.text, &shown.excerpt.range);
    if let (Some(before), Some(here), Some(after)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    {
        writeln!(out, "<pre>{}<mark>{}</mark>{}</pre>", escape(before), escape(here), escape(after))?;
    }
    if let Some(help) = &shown.words.help {
        writeln!(out, "<p class=\"help\">{}{}</p>", lang.pick("怎么改：", "Remedy: "), escape(help))?;
    }
    out.write_all(b"</article>\n")
}

/// Escapes a text for HTML and makes control characters visible.
fn escape(text: &str) -> String {
    quick_xml::escape::escape(harmless(text).as_str()).into_owned()
}
