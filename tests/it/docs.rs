//! The documentation as a reader meets it: links lead somewhere, and every page is there in both languages.

use std::fs;
use std::path::{Path, PathBuf};

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};

/// The Markdown files that a reader may open, from the folder of the manifest.
fn pages() -> Vec<PathBuf> {
    let folders = ["", "docs", "benches", "examples"].map(PathBuf::from).into_iter();
    let examples = fs::read_dir("examples").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut pages = Vec::new();
    for folder in folders.chain(examples) {
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        pages.extend(files.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    pages.sort();
    pages
}

/// Where the links and pictures of a page point to, pictures of HTML included.
fn targets(text: &str) -> Vec<String> {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    let mut targets = Vec::new();
    for node in parse_document(&arena, text, &options).descendants() {
        match &node.data.borrow().value {
            NodeValue::Link(link) | NodeValue::Image(link) => targets.push(link.url.clone()),
            NodeValue::HtmlBlock(html) => targets.extend(sources(&html.literal)),
            NodeValue::HtmlInline(html) => targets.extend(sources(html)),
            _ => {}
        }
    }
    targets
}

fn sources(html: &str) -> Vec<String> {
    html.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut dead = Vec::new();
    let mut followed = 0;
    for page in pages() {
        for target in targets(&fs::read_to_string(&page).unwrap()) {
            let path = target.split('#').next().unwrap();
            if target.contains("://") || path.is_empty() {
                continue;
            }
            followed += 1;
            if !page.parent().unwrap().join(path).exists() {
                dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert_eq!(dead, [""; 0], "links to nothing");
    assert!(followed > 50, "only {followed} links were found");
}

#[test]
fn every_page_of_the_documentation_is_there_in_both_languages() {
    for page in pages().iter().filter(|page| page.parent() == Some(Path::new("docs"))) {
        let name = page.file_name().unwrap().to_str().unwrap();
        let other = match name.strip_suffix(".zh-CN.md") {
            Some(stem) => format!("{stem}.md"),
            None => format!("{}.zh-CN.md", name.trim_end_matches(".md")),
        };
        assert!(Path::new("docs").join(&other).exists(), "{name} has no {other}");
    }
}
