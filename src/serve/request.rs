//! The head of a request: read by httparse, and held against what is answered here.

use httparse::{EMPTY_HEADER, Error, Header, Status as Progress};

use crate::serve::answer::Status;

/// The most bytes of a head.
pub(super) const MAX_HEAD: usize = 8 * 1024;
/// The most fields of a head.
const MAX_FIELDS: usize = 64;

/// What the bytes of a request say so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// More must come.
    Partial,
    Refused(Status),
    Asked(Asked),
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) path: String,
    /// What stands behind the `?`.
    pub(super) query: String,
    /// Whether only the head of the answer is wanted.
    pub(super) head_only: bool,
    /// Whether the browser says that another site's page asks.
    pub(super) by_another_site: bool,
}

/// Reads the head of a request.
pub(super) fn read(bytes: &[u8]) -> Head {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(bytes) {
        Ok(Progress::Complete(_)) => {}
        Ok(Progress::Partial) if bytes.len() < MAX_HEAD => return Head::Partial,
        Ok(Progress::Partial) | Err(Error::TooManyHeaders) => return Head::Refused(Status::HeadTooLarge),
        Err(_) => return Head::Refused(Status::BadRequest),
    }
    let values = |name: &str| -> Vec<&[u8]> {
        let named = request.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        named.map(|Header { value, .. }| *value).collect()
    };
    match values("host").as_slice() {
        [host] if is_loopback(host) => {}
        [_] | [] => return Head::Refused(Status::Forbidden),
        _ => return Head::Refused(Status::BadRequest),
    }
    let head_only = match request.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Head::Refused(Status::MethodNotAllowed),
    };
    let target = request.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let by_another_site = values("sec-fetch-site").iter().any(|site| !matches!(*site, b"same-origin" | b"none"));
    Head::Asked(Asked { path: path.to_owned(), query: query.to_owned(), head_only, by_another_site })
}

/// Whether a host, perhaps with a port, is a name of the loopback. The port may be another than ours: it may be forwarded.
fn is_loopback(host: &[u8]) -> bool {
    let Ok(host) = std::str::from_utf8(host) else { return false };
    let names = ["localhost", "127.0.0.1", "[::1]"];
    let is_named = |name: &&str| host.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let Some(name) = names.iter().find(|name| is_named(name)) else { return false };
    let rest = host.get(name.len()..).unwrap_or_default();
    let port = rest.strip_prefix(':');
    rest.is_empty() || port.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn status(text: &str) -> Head {
        read(text.as_bytes())
    }

    fn asked(path: &str, query: &str, head_only: bool) -> Head {
        Head::Asked(Asked { path: path.into(), query: query.into(), head_only, by_another_site: false })
    }

    #[test]
    fn only_names_of_the_loopback_are_answered() {
        for host in ["localhost", "LocalHost:80", "127.0.0.1:8721", "[::1]", "[::1]:1"] {
            assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")), asked("/", "", false), "{host}");
        }
        for host in [
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "localhost:80.example.com",
            "localhost:",
            "127.0.0.2",
            "user@localhost",
            "localhost@example.com",
            "[::1",
            "",
        ] {
            let refused = status(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
            assert_eq!(refused, Head::Refused(Status::Forbidden), "{host}");
        }
        assert_eq!(status("GET / HTTP/1.0\r\n\r\n"), Head::Refused(Status::Forbidden));
        let two = status("GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.com\r\n\r\n");
        assert_eq!(two, Head::Refused(Status::BadRequest));
    }

    #[test]
    fn methods_paths_and_sizes() {
        let host = "Host: localhost\r\n\r\n";
        assert_eq!(status(&format!("HEAD /2 HTTP/1.1\r\n{host}")), asked("/2", "", true));
        assert_eq!(status(&format!("GET /events?since=a?b HTTP/1.1\r\n{host}")), asked("/events", "since=a?b", false));
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get"] {
            let refused = status(&format!("{method} / HTTP/1.1\r\n{host}"));
            assert_eq!(refused, Head::Refused(Status::MethodNotAllowed), "{method}");
        }
        assert_eq!(status("GET / HTTP/1.1\r\nHost: local"), Head::Partial);
        assert_eq!(status("nonsense\r\n\r\n"), Head::Refused(Status::BadRequest));
        let long = format!("GET / HTTP/1.1\r\nCookie: {}", "a".repeat(MAX_HEAD));
        assert_eq!(status(&long), Head::Refused(Status::HeadTooLarge));
        let many = format!("GET / HTTP/1.1\r\n{}{host}", "A: b\r\n".repeat(MAX_FIELDS));
        assert_eq!(status(&many), Head::Refused(Status::HeadTooLarge));
    }

    #[test]
    fn a_browser_tells_who_asks() {
        for (site, expected) in [("same-origin", false), ("none", false), ("cross-site", true), ("same-site", true)] {
            let text = format!("GET /events HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: {site}\r\n\r\n");
            let Head::Asked(asked) = status(&text) else { panic!("{site}") };
            assert_eq!(asked.by_another_site, expected, "{site}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_near_request_panics_and_a_foreign_host_is_refused(
            method in "[A-Z]{0,8}",
            target in "[ -~]{0,40}",
            host in "[!-~]{0,30}",
            field in "[ -~]{0,40}",
        ) {
            let text = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nX: {field}\r\n\r\n");
            if matches!(read(text.as_bytes()), Head::Asked(_)) {
                let host = host.to_ascii_lowercase();
                let name = host.rsplit_once(':').map_or(host.as_str(), |(name, port)| {
                    if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host.as_str() }
                });
                prop_assert!(["localhost", "127.0.0.1", "[::1]"].contains(&name), "{}", host);
            }
        }

        /// Whatever comes first, the rest of a request makes no difference to what is refused.
        #[test]
        fn a_cut_request_is_partial_or_refused(at in 0usize..60) {
            let whole = b"GET /events?since=1 HTTP/1.1\r\nHost: 127.0.0.1:8721\r\n\r\n";
            let cut = &whole[..at.min(whole.len() - 1)];
            prop_assert_eq!(read(cut), Head::Partial);
        }
    }
}
