//! What the browser shows: each document with what is to be told above it, and the script that asks for changes.
//!
//! A document has no script and a policy that allows none. What is served is a copy with one, and with a policy that allows
//! that one, by its hash, to ask this server for changes. What is told is not printed.

use std::io;

use crate::cli::watch::build::{Build, Draft};
use crate::digest;
use crate::serve::{Content, Page};
use crate::source::excerpt::harmless_lines;
use crate::words::lang::{Lang, counted};

/// The policy of pages that are no documents.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Before the policy of a document.
const META: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";

/// Asks for the page again when there is another version, and goes back to the place where it was: measured from the top of
/// the document, below what is told above it. Only a tab in sight asks: a browser has six connections to a server at most.
const SCRIPT: &str = "\
(() => {
  const version = document.currentScript.dataset.version, key = 'duban watch ' + location.pathname;
  const told = () => document.querySelector('.duban-watch')?.offsetHeight ?? 0;
  const place = sessionStorage.getItem(key);
  if (place !== null) {
    sessionStorage.removeItem(key);
    history.scrollRestoration = 'manual';
    addEventListener('load', () => {
      scrollTo(0, Number(place) + told());
      history.scrollRestoration = 'auto';
    });
  }
  let events;
  const listen = () => {
    if (document.hidden) {
      events?.close();
      events = undefined;
    } else if (!events) {
      events = new EventSource('/events?since=' + version);
      events.onmessage = () => {
        sessionStorage.setItem(key, scrollY - told());
        location.reload();
      };
    }
  };
  document.addEventListener('visibilitychange', listen);
  listen();
})();
";

const STYLE: &str = "\
.duban-watch{font:15px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;text-align:left;padding:.5rem 1rem;background:#eef3f7;color:#1d2b36;border-bottom:1px solid #9fb3c2}
.duban-watch.faults{position:sticky;top:0;z-index:9;background:#fdecea;color:#5a1206;border-bottom:3px solid #c0392b}
.duban-watch p{margin:0;text-indent:0}
.duban-watch a{color:inherit}
.duban-watch pre{font:13px/1.45 ui-monospace,'Noto Sans Mono CJK SC',monospace;margin:.4rem 0 0;max-height:40vh;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}
@media screen and (prefers-color-scheme:dark){.duban-watch{background:#1c2933;color:#dbe6ee;border-color:#47606f}.duban-watch.faults{background:#3b1512;color:#ffdad4;border-color:#e57366}}
@media print{.duban-watch{display:none}}
";

/// The page of everything that is no document.
const OWN_STYLE: &str = "\
body{font:16px/1.7 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:0;background:#fff;color:#222}
main{padding:1rem;max-width:50rem;margin:0 auto;overflow-wrap:anywhere}h1{font-size:1.3rem}a{color:#0b5394}
@media screen and (prefers-color-scheme:dark){body{background:#15191c;color:#e3e3e3}a{color:#8ec5f4}}
";

/// What is shown: the last documents that could be made, and what was said since.
#[derive(Default)]
pub(super) struct Shown {
    /// None before the first were made.
    drafts: Option<Vec<Draft>>,
    messages: String,
    /// How many faults the last build had; none, if it made the documents.
    faults: Option<usize>,
}

/// What is shown until the first build is done.
pub(super) fn building(lang: Lang) -> Content {
    let text = lang.pick("正在生成……", "Being made…");
    let page = own_page(lang, lang.pick("拟稿", "Drafts"), &format!("<p>{text}</p>\n"));
    content(vec![("/".to_owned(), page.clone())], page)
}

impl Shown {
    /// Takes a build in. One without documents leaves those that were there.
    pub(super) fn take(&mut self, build: Build) {
        self.messages = build.messages;
        match build.outcome {
            Ok(drafts) => (self.drafts, self.faults) = (Some(drafts), None),
            Err(faults) => self.faults = Some(faults),
        }
    }

    /// The pages.
    pub(super) fn content(&self, lang: Lang) -> Content {
        let drafts = self.drafts.as_deref().unwrap_or_default();
        let with_told = |html: &str, is_of_several: bool| insert(html, &self.told(lang, is_of_several));
        let title = lang.pick("拟稿", "Drafts");
        let mut pages: Vec<(String, String)> = drafts
            .iter()
            .enumerate()
            .map(|(index, draft)| (format!("/{}", index + 1), with_told(&draft.html, drafts.len() > 1)))
            .collect();
        let first = match drafts {
            [one] => with_told(&one.html, false),
            [] => {
                let text = if self.faults.is_some() {
                    lang.pick("还没有可以显示的文书。", "There is no document to be shown yet.")
                } else {
                    lang.pick("没有文书。", "There is no document.")
                };
                with_told(&own_page(lang, title, &format!("<p>{text}</p>\n")), false)
            }
            several => {
                let item = |(index, draft): (usize, &Draft)| {
                    format!("<li><a href=\"/{}\">{}</a></li>\n", index + 1, escape(&draft.name))
                };
                let items: String = several.iter().enumerate().map(item).collect();
                with_told(&own_page(lang, title, &format!("<ol>\n{items}</ol>\n")), false)
            }
        };
        pages.push(("/".to_owned(), first));
        let text = lang.pick("这里没有文书", "There is no document here");
        let back = lang.pick("回到首页", "To the first page");
        let missing = own_page(lang, text, &format!("<p><a href=\"/\">{back}</a></p>\n"));
        content(pages, with_told(&missing, false))
    }

    /// What stands above a document; nothing, if there is nothing to tell.
    fn told(&self, lang: Lang, is_of_several: bool) -> String {
        let text = escape(self.messages.trim_end());
        let back = if is_of_several {
            format!("<p><a href=\"/\">{}</a></p>\n", lang.pick("全部文书", "All documents"))
        } else {
            String::new()
        };
        let label = lang.pick("消息", "Messages");
        let pre = format!("<pre role=\"group\" tabindex=\"0\" aria-label=\"{label}\">{text}</pre>");
        let (class, told) = match self.faults {
            Some(faults) => {
                let count = lang.pick(format!("{faults} 处错误"), counted(faults, "fault"));
                let below = match &self.drafts {
                    Some(_) => lang.pick("；下面是出错之前的页面", "; the page below is the one before"),
                    None => "",
                };
                (" faults", format!("<p><strong>{count}{below}</strong></p>\n{pre}\n"))
            }
            None if text.is_empty() => ("", String::new()),
            None => ("", format!("<details><summary>{label}</summary>\n{pre}\n</details>\n")),
        };
        if back.is_empty() && told.is_empty() {
            return String::new();
        }
        format!("<aside class=\"duban-watch{class}\" aria-label=\"duban watch\">\n{back}{told}</aside>\n")
    }
}

/// The pages as they are served: each with the script.
fn content(pages: Vec<(String, String)>, missing: String) -> Content {
    // Equal pages have one version, in another run too.
    let hashed = digest::of_written(|out| -> io::Result<()> {
        let texts = pages.iter().flat_map(|(path, html)| [path.as_str(), html]).chain([missing.as_str()]);
        texts.into_iter().try_for_each(|text| write!(out, "{text}\0"))
    });
    // A hasher takes everything.
    let version: String = hashed.unwrap_or_default().chars().take(16).collect();
    let page = |html: String| served(html, &version);
    let missing = page(missing);
    Content { pages: pages.into_iter().map(|(path, html)| (path, page(html))).collect(), missing, version }
}

/// A page of our own.
fn own_page(lang: Lang, title: &str, inner: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n{META}{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{OWN_STYLE}</style>\n\
         </head>\n<body>\n<main>\n<h1>{title}</h1>\n{inner}</main>\n</body>\n</html>\n",
        lang.pick("zh-CN", "en")
    )
}

/// A page with something at the top of its body, and the style of that.
fn insert(html: &str, told: &str) -> String {
    if told.is_empty() {
        return html.to_owned();
    }
    // Both stand before any text of the document.
    let Some((head, rest)) = html.split_once("</head>") else { return html.to_owned() };
    let Some((open, body)) = rest.split_once("<body").and_then(|(before, rest)| {
        let (attributes, body) = rest.split_once('>')?;
        Some((format!("{before}<body{attributes}>"), body))
    }) else {
        return html.to_owned();
    };
    format!("{head}<style>\n{STYLE}</style>\n</head>{open}\n{told}{}", body.trim_start_matches('\n'))
}

/// A page with the script at its end, and the policy that allows it.
fn served(html: String, version: &str) -> Page {
    let hash = |text: &str| format!("'sha256-{}'", digest::base64(text.as_bytes()));
    // What is told brings its own style, which a policy that names styles by their hashes does not know.
    let hashes = [hash(SCRIPT), hash(&format!("\n{STYLE}"))];
    let (html, policy) = match html.split_once(META).and_then(|(before, rest)| Some((before, rest.split_once('"')?))) {
        Some((before, (policy, rest))) => {
            let policy = widened(policy, &hashes);
            (format!("{before}{META}{policy}\"{rest}"), policy)
        }
        None => (html, widened(POLICY, &hashes)),
    };
    let script = format!("<script data-version=\"{version}\">{SCRIPT}</script>\n");
    let at = html.rfind("</body>").unwrap_or(html.len());
    let (before, after) = html.split_at(at);
    Page { html: format!("{before}{script}{after}"), policy }
}

/// A policy that allows one script and one style more, and to ask this server.
fn widened(policy: &str, [script, style]: &[String; 2]) -> String {
    let mut directives: Vec<String> =
        policy.split(';').map(|directive| directive.trim().to_owned()).filter(|text| !text.is_empty()).collect();
    for (name, source) in [("script-src", script.as_str()), ("style-src", style), ("connect-src", "'self'")] {
        let is_named = |directive: &&mut String| directive.split_whitespace().next() == Some(name);
        match directives.iter_mut().find(is_named) {
            Some(directive) if directive.ends_with("'none'") => *directive = format!("{name} {source}"),
            // Beside a hash it would no longer hold.
            Some(directive) if directive.contains("'unsafe-inline'") => {}
            Some(directive) => directive.extend([" ", source]),
            None => directives.push(format!("{name} {source}")),
        }
    }
    directives.join("; ")
}

/// Escapes a text for HTML, keeps its lines and makes control characters visible.
fn escape(text: &str) -> String {
    quick_xml::escape::escape(harmless_lines(text).as_str()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta http-equiv=\"Content-Security-Policy\" \
                            content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>t</title>\n</head>\n\
                            <body class=\"en\">\n<main>text</main>\n</body>\n</html>\n";

    fn build(outcome: Result<&[&str], usize>, messages: &str) -> Build {
        let draft = |name: &&str| Draft { name: (*name).to_owned(), html: DOCUMENT.replace("text", name) };
        let outcome = outcome.map(|names| names.iter().map(draft).collect());
        Build { outcome, messages: messages.to_owned(), lang: Lang::En }
    }

    fn page(shown: &Shown, path: &str) -> String {
        shown.content(Lang::En).pages[path].html.clone()
    }

    #[test]
    fn a_policy_is_widened_by_what_the_script_needs() {
        let widened = |policy: &str| widened(policy, &["'sha256-x'".to_owned(), "'sha256-s'".to_owned()]);
        assert_eq!(
            widened("default-src 'none'; style-src 'unsafe-inline'"),
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-x'; connect-src 'self'"
        );
        assert_eq!(
            widened("default-src 'none'; style-src 'sha256-t'; script-src 'sha256-y'; connect-src 'none';"),
            "default-src 'none'; style-src 'sha256-t' 'sha256-s'; script-src 'sha256-y' 'sha256-x'; connect-src 'self'"
        );
    }

    #[test]
    fn faults_stand_above_the_last_good_page() {
        let mut shown = Shown::default();
        shown.take(build(Err(2), "a.md:1:2: <script>alert(1)</script>"));
        let first = page(&shown, "/");
        assert!(first.contains("2 faults") && first.contains("no document to be shown yet"), "{first}");
        assert!(first.contains("&lt;script&gt;alert") && !first.contains("the one before"), "{first}");
        shown.take(build(Ok(&["one"]), ""));
        let good = page(&shown, "/");
        assert!(good.contains("<main>one</main>") && !good.contains("duban-watch\""), "{good}");
        assert_eq!(good.matches("<script").count(), 1);
        shown.take(build(Err(1), "broken"));
        let kept = page(&shown, "/");
        assert!(kept.contains("<main>one</main>") && kept.contains("1 fault; the page below"), "{kept}");
        shown.take(build(Ok(&["one"]), ""));
        assert_eq!(page(&shown, "/"), good);
    }

    #[test]
    fn several_documents_are_listed() {
        let mut shown = Shown::default();
        shown.take(build(Ok(&["a & b", "c"]), "a note"));
        let list = page(&shown, "/");
        assert!(list.contains("<a href=\"/1\">a &amp; b</a>") && list.contains("<a href=\"/2\">c</a>"), "{list}");
        let second = page(&shown, "/2");
        assert!(second.contains("<main>c</main>") && second.contains("All documents"), "{second}");
        assert!(second.contains("<details>") && second.contains("a note"), "{second}");
        shown.take(build(Ok(&[]), "nothing to do"));
        let content = shown.content(Lang::En);
        assert_eq!(content.pages.keys().collect::<Vec<_>>(), ["/"]);
        // A page that is gone asks for changes too.
        assert!(content.missing.html.contains("<script data-version="));
    }

    #[test]
    fn equal_pages_have_one_version() {
        let version = |names: &[&str]| {
            let mut shown = Shown::default();
            shown.take(build(Ok(names), ""));
            shown.content(Lang::En).version
        };
        assert_eq!(version(&["a"]), version(&["a"]));
        assert_ne!(version(&["a"]), version(&["b"]));
    }
}
