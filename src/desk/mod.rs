//! The page of the gate and the desk: one HTML file, with all that it needs inside.
//!
//! The page is written in TypeScript in `desk/`, whose output is compiled in. It reads no log and counts nothing: it asks
//! `duban call`, which runs in the page itself as WebAssembly (the gate), or on the machine beside it (the desk).

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::digest;
use crate::words::lang::Lang;

/// The page with a place for each of its parts.
const TEMPLATE: &str = include_str!("../../desk/dist/page.html");
const STYLE: &str = include_str!("../../desk/dist/style.css");
const SCRIPT: &str = include_str!("../../desk/dist/page.js");

/// The beginning of a WebAssembly module.
const MODULE_MAGIC: &[u8] = b"\0asm";

/// Where the calls of a page are answered.
pub enum Backend<'b> {
    /// In the page: by a module, over the files of a project by their names.
    Gate {
        /// The files.
        project: &'b BTreeMap<String, Vec<u8>>,
        /// The module, packed by [`pack`].
        module: &'b [u8],
    },
    /// By the server that the page comes from.
    Desk,
}

/// A page.
pub struct DeskPage<'p> {
    /// The language that it begins with.
    pub lang: Lang,
    /// The office whose page it is.
    pub office: Option<&'p str>,
    /// Where its calls are answered.
    pub backend: Backend<'p>,
}

/// What the script is told.
#[derive(Serialize)]
struct PageData<'p> {
    mode: &'static str,
    lang: &'static str,
    version: &'static str,
    office: Option<&'p str>,
}

#[derive(Serialize)]
struct ProjectData<'p> {
    files: BTreeMap<&'p str, String>,
}

/// The file is no WebAssembly module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoModule;

/// Packs a module for a page; one that is packed stays as it is.
///
/// # Errors
/// It is none.
pub fn pack(module: &[u8]) -> Result<Vec<u8>, NoModule> {
    const GZIP_MAGIC: &[u8] = b"\x1f\x8b";
    if module.starts_with(GZIP_MAGIC) {
        let mut start = [0; MODULE_MAGIC.len()];
        let mut packed = flate2::read::GzDecoder::new(module);
        return match io::Read::read_exact(&mut packed, &mut start) {
            Ok(()) if start == MODULE_MAGIC => Ok(module.to_vec()),
            _ => Err(NoModule),
        };
    }
    if !module.starts_with(MODULE_MAGIC) {
        return Err(NoModule);
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(module).and_then(|()| packer.finish()).map_err(|_| NoModule)
}

impl DeskPage<'_> {
    /// The HTML.
    ///
    /// # Errors
    /// None of the data here can fail to become JSON.
    pub fn html(&self) -> io::Result<String> {
        let title = match self.office {
            Some(office) => format!("{} — {office}", self.title()),
            None => self.title().to_owned(),
        };
        let policy = self.policy();
        let data = self.data()?;
        let module = self.module();
        let parts = [
            ("lang", self.lang.pick("zh-CN", "en")),
            ("title", &escaped(&title)),
            ("policy", &policy),
            ("style", STYLE),
            ("data", &data),
            ("script", SCRIPT),
            // Behind the script, which shows the page and starts a worker while the browser reads on.
            ("module", &module),
        ];
        // Each place is filled once, so that no part is taken for another's place.
        let mut html = String::with_capacity(TEMPLATE.len() + STYLE.len() + SCRIPT.len() + data.len() + module.len());
        let mut rest = TEMPLATE;
        while let Some((before, from)) = rest.split_once("{{") {
            html.push_str(before);
            let (name, behind) = from.split_once("}}").unwrap_or((from, ""));
            if let Some((_, part)) = parts.iter().find(|(known, _)| *known == name) {
                html.push_str(part);
            }
            rest = behind;
        }
        html.push_str(rest);
        Ok(html)
    }

    /// The content security policy: nothing is loaded from anywhere, and the gate sends nothing at all.
    #[must_use]
    pub fn policy(&self) -> String {
        let hash = |text: &str| format!("'sha256-{}'", digest::base64(text.as_bytes()));
        let (runs, connects) = match self.backend {
            Backend::Gate { .. } => (" 'wasm-unsafe-eval'", "'none'"),
            Backend::Desk => ("", "'self'"),
        };
        format!(
            "default-src 'none'; script-src {}{runs}; style-src {}; worker-src blob:; img-src data: blob:; connect-src {connects}; \
             base-uri 'none'; form-action 'none'",
            hash(SCRIPT),
            hash(STYLE)
        )
    }

    fn backend_name(&self) -> &'static str {
        match self.backend {
            Backend::Gate { .. } => "gate",
            Backend::Desk => "desk",
        }
    }

    fn title(&self) -> &'static str {
        match self.backend {
            Backend::Gate { .. } => self.lang.pick("台账检查", "Log check"),
            Backend::Desk => self.lang.pick("督办", "duban"),
        }
    }

    /// The blocks of data that the script reads.
    fn data(&self) -> io::Result<String> {
        let page = PageData {
            mode: self.backend_name(),
            lang: self.lang.code(),
            version: env!("CARGO_PKG_VERSION"),
            office: self.office,
        };
        let mut blocks = block("application/json", "duban-page", &json(&page)?);
        if let Backend::Gate { project, .. } = &self.backend {
            let files = project.iter().map(|(name, bytes)| (name.as_str(), STANDARD.encode(bytes))).collect();
            blocks += &block("application/json", "duban-project", &json(&ProjectData { files })?);
        }
        Ok(blocks)
    }

    /// The module as text, where the page has one.
    fn module(&self) -> String {
        match self.backend {
            Backend::Gate { module, .. } => block("text/plain", "duban-module", &STANDARD.encode(module)),
            Backend::Desk => String::new(),
        }
    }
}

/// JSON that ends no script element and begins no comment in one.
fn json(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

fn block(media_type: &str, id: &str, content: &str) -> String {
    format!("<script type=\"{media_type}\" id=\"{id}\">{content}</script>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(office: &str, project: &BTreeMap<String, Vec<u8>>) -> String {
        let backend = Backend::Gate { project, module: &pack(b"\0asm\x01\0\0\0").unwrap() };
        DeskPage { lang: Lang::Zh, office: Some(office), backend }.html().unwrap()
    }

    #[test]
    fn no_name_of_an_office_or_a_file_breaks_out() {
        let files = [("a</script><b>.yaml".to_owned(), b"</script>".to_vec())].into();
        let html = page("</title></script><script>x</script>{{script}}", &files);
        let plain = page("督办室", &BTreeMap::new());
        for mark in ["<script", "</script", "<title", "</title", "<b>"] {
            assert_eq!(html.matches(mark).count(), plain.matches(mark).count(), "{mark}");
        }
        assert!(html.contains("{{script}}</title>"));
    }

    #[test]
    fn the_gate_sends_nothing() {
        let files = BTreeMap::new();
        let policy = |backend| DeskPage { lang: Lang::En, office: None, backend }.policy();
        let gate = policy(Backend::Gate { project: &files, module: &[] });
        assert!(gate.contains("connect-src 'none'") && gate.starts_with("default-src 'none'"), "{gate}");
        assert!(policy(Backend::Desk).contains("connect-src 'self'"));
    }

    #[test]
    fn only_a_module_is_packed() {
        let packed = pack(b"\0asm\x01\0\0\0").unwrap();
        assert_eq!(pack(&packed).as_ref(), Ok(&packed));
        assert_eq!((pack(b"MZ"), pack(b"\x1f\x8b"), pack(b"")), (Err(NoModule), Err(NoModule), Err(NoModule)));
    }
}
