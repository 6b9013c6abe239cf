//! The head of a request: read by httparse, and held against what is answered here.

use httparse::{EMPTY_HEADER, Error, Header, Status as Progress};

use crate::serve::answer::Status;
use crate::serve::service::{END, FILES, Method, TRADE};

/// The most bytes of a head.
pub(super) const MAX_HEAD: usize = 8 * 1024;
/// The most bytes of the body of a call: a workbook with photos.
pub(super) const MAX_BODY: usize = 64 * 1024 * 1024;
/// The field with the token of a call. A page of another site can't send it unasked.
const TOKEN: &str = "x-duban-token";
/// The field with the name that a page gave itself.
const PAGE: &str = "x-duban-page";
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
    /// What a call does; nothing for a page.
    pub(super) call: Option<Called>,
    /// The bytes of the head.
    pub(super) head_length: usize,
}

/// What the head of a call says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Called {
    pub(super) method: Method,
    pub(super) token: Option<String>,
    pub(super) page: Option<String>,
    /// The bytes of the body.
    pub(super) length: usize,
}

/// Where calls are answered.
const CALL: &str = "/call";

/// Reads the head of a request. `has_service` tells whether calls are answered.
pub(super) fn read(bytes: &[u8], has_service: bool) -> Head {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    let head_length = match request.parse(bytes) {
        Ok(Progress::Complete(read)) => read,
        Ok(Progress::Partial) if bytes.len() < MAX_HEAD => return Head::Partial,
        Ok(Progress::Partial) | Err(Error::TooManyHeaders) => return Head::Refused(Status::HeadTooLarge),
        Err(_) => return Head::Refused(Status::BadRequest),
    };
    let values = |name: &str| -> Vec<&[u8]> {
        let named = request.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        named.map(|Header { value, .. }| *value).collect()
    };
    let host = match values("host").as_slice() {
        [host] if is_loopback(host) => host.to_vec(),
        [_] | [] => return Head::Refused(Status::Forbidden),
        _ => return Head::Refused(Status::BadRequest),
    };
    let target = request.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let of_call = match request.method {
        Some("GET") if has_service && path.starts_with(FILES) => Some(Method::Get),
        Some("PUT") if has_service && path.starts_with(FILES) => Some(Method::Put),
        Some("DELETE") if has_service && path.starts_with(FILES) => Some(Method::Delete),
        Some("POST") if has_service && [CALL, END, TRADE].contains(&path) => Some(Method::Post),
        Some("GET" | "HEAD") => None,
        _ => return Head::Refused(Status::MethodNotAllowed),
    };
    let own = [b"http://", host.as_slice()].concat();
    let by_another_site = values("sec-fetch-site").iter().any(|site| !matches!(*site, b"same-origin" | b"none"))
        || values("origin").iter().any(|origin| !origin.eq_ignore_ascii_case(&own));
    let call = match of_call {
        Some(method) => match called(method, values) {
            Ok(called) => Some(called),
            Err(status) => return Head::Refused(status),
        },
        None => None,
    };
    Head::Asked(Asked {
        path: path.to_owned(),
        query: query.to_owned(),
        head_only: request.method == Some("HEAD"),
        by_another_site,
        call,
        head_length,
    })
}

/// What the fields of a call say; `values` gives those of a name.
fn called<'b>(method: Method, values: impl Fn(&str) -> Vec<&'b [u8]>) -> Result<Called, Status> {
    // Two ways to say where a body ends could be read in two ways.
    if !values("transfer-encoding").is_empty() {
        return Err(Status::LengthRequired);
    }
    let length = match (values("content-length").as_slice(), method) {
        ([], Method::Get | Method::Delete) => 0,
        ([], _) => return Err(Status::LengthRequired),
        ([length], _) if length.iter().all(u8::is_ascii_digit) => {
            let text = std::str::from_utf8(length).unwrap_or_default();
            // Too many digits are too many bytes.
            text.parse().unwrap_or(usize::MAX)
        }
        _ => return Err(Status::BadRequest),
    };
    if length > MAX_BODY {
        return Err(Status::BodyTooLarge);
    }
    let one = |name| match values(name).as_slice() {
        [value] => std::str::from_utf8(value).ok().map(str::to_owned),
        _ => None,
    };
    Ok(Called { method, token: one(TOKEN), page: one(PAGE), length })
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
        read(text.as_bytes(), false)
    }

    fn asked(text: &str) -> (String, String, bool) {
        match status(text) {
            Head::Asked(asked) => (asked.path, asked.query, asked.head_only),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn only_names_of_the_loopback_are_answered() {
        for host in ["localhost", "LocalHost:80", "127.0.0.1:8721", "[::1]", "[::1]:1"] {
            asked(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
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
        assert_eq!(asked(&format!("HEAD /2 HTTP/1.1\r\n{host}")), ("/2".into(), String::new(), true));
        let events = ("/events".into(), "since=a?b".into(), false);
        assert_eq!(asked(&format!("GET /events?since=a?b HTTP/1.1\r\n{host}")), events);
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

    fn call(text: &str) -> Head {
        read(format!("{text}\r\n\r\n").as_bytes(), true)
    }

    #[test]
    fn calls_say_how_long_they_are() {
        let host = "Host: localhost:1";
        let Head::Asked(asked) =
            call(&format!("POST /call HTTP/1.1\r\n{host}\r\nX-Duban-Token: t\r\nContent-Length: 7"))
        else {
            panic!()
        };
        let called = Called { method: Method::Post, token: Some("t".into()), page: None, length: 7 };
        assert_eq!((asked.call, asked.by_another_site), (Some(called), false));
        for (fields, status) in [
            ("", Status::LengthRequired),
            ("Transfer-Encoding: chunked", Status::LengthRequired),
            ("Content-Length: 7\r\nTransfer-Encoding: chunked", Status::LengthRequired),
            ("Content-Length: 7\r\nContent-Length: 8", Status::BadRequest),
            ("Content-Length: -7", Status::BadRequest),
            ("Content-Length: 67108865", Status::BodyTooLarge),
            ("Content-Length: 99999999999999999999999", Status::BodyTooLarge),
        ] {
            assert_eq!(call(&format!("POST /call HTTP/1.1\r\n{host}\r\n{fields}")), Head::Refused(status), "{fields}");
        }
        for target in ["POST /", "PUT /call", "DELETE /", "OPTIONS /call", "PATCH /files/a"] {
            assert_eq!(
                call(&format!("{target} HTTP/1.1\r\n{host}")),
                Head::Refused(Status::MethodNotAllowed),
                "{target}"
            );
        }
    }

    #[test]
    fn an_origin_that_is_not_ours_is_another_site() {
        for (origin, expected) in [
            ("http://localhost:1", false),
            ("http://localhost:2", true),
            ("https://localhost:1", true),
            ("http://example.com", true),
            ("null", true),
        ] {
            let text = format!("POST /call HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: 0\r\nOrigin: {origin}");
            let Head::Asked(asked) = call(&text) else { panic!("{origin}") };
            assert_eq!(asked.by_another_site, expected, "{origin}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = (read(&bytes, false), read(&bytes, true));
        }

        #[test]
        fn no_near_request_panics_and_a_foreign_host_is_refused(
            method in "[A-Z]{0,8}",
            target in "[ -~]{0,40}",
            host in "[!-~]{0,30}",
            field in "[ -~]{0,40}",
        ) {
            let text = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nX: {field}\r\n\r\n");
            if matches!(read(text.as_bytes(), true), Head::Asked(_)) {
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
            prop_assert_eq!(read(cut, true), Head::Partial);
        }
    }
}
