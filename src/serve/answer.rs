//! The heads of answers.

use crate::serve::content::Page;
use crate::serve::service::{Answered, Outcome};

/// The status of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    LengthRequired,
    BodyTooLarge,
    HeadTooLarge,
    Busy,
    Failed,
}

impl Status {
    fn line(self) -> &'static str {
        match self {
            Self::Ok => "200 OK",
            Self::BadRequest => "400 Bad Request",
            Self::Unauthorized => "401 Unauthorized",
            Self::Forbidden => "403 Forbidden",
            Self::NotFound => "404 Not Found",
            Self::MethodNotAllowed => "405 Method Not Allowed",
            Self::LengthRequired => "411 Length Required",
            Self::BodyTooLarge => "413 Content Too Large",
            Self::HeadTooLarge => "431 Request Header Fields Too Large",
            Self::Busy => "503 Service Unavailable",
            Self::Failed => "500 Internal Server Error",
        }
    }
}

/// What every answer says: nothing is kept, guessed, framed or given to another site.
const ALWAYS: &str = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n\
                      Referrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n\
                      Cross-Origin-Opener-Policy: same-origin\r\nConnection: close\r\n";

/// The head of an answer with a page.
pub(super) fn of_page(status: Status, page: &Page) -> String {
    let (policy, length) = (&page.policy, page.html.len());
    // A policy is made of the names of sources, and no field may have a line break.
    let policy: String = policy.chars().filter(|c| matches!(c, ' '..='~')).collect();
    format!(
        "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Content-Security-Policy: {policy}; frame-ancestors 'none'\r\n{ALWAYS}\r\n",
        status.line()
    )
}

/// A whole answer that says nothing but its status.
pub(super) fn bare(status: Status, head_only: bool) -> String {
    let text = format!("{}\n", status.line());
    let allow = if status == Status::MethodNotAllowed { "Allow: GET, HEAD\r\n" } else { "" };
    format!(
        "HTTP/1.1 {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n{allow}{ALWAYS}\r\n{}",
        status.line(),
        text.len(),
        if head_only { "" } else { &text }
    )
}

/// The head of what a service answers.
pub(super) fn of_call(answered: &Answered) -> String {
    let (status, media_type) = match answered.outcome {
        Outcome::Json => (Status::Ok, "application/json; charset=utf-8"),
        Outcome::File => (Status::Ok, "application/octet-stream"),
        Outcome::Missing => (Status::NotFound, "application/json; charset=utf-8"),
        Outcome::Busy => (Status::Busy, "application/json; charset=utf-8"),
        Outcome::Failed => (Status::Failed, "application/json; charset=utf-8"),
    };
    format!(
        "HTTP/1.1 {}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n{ALWAYS}\r\n",
        status.line(),
        answered.body.len()
    )
}

/// The head of a stream of events. A browser that lost it asks again after a second.
pub(super) fn of_events(head_only: bool) -> String {
    let retry = if head_only { "" } else { "retry: 1000\n\n" };
    format!("HTTP/1.1 {}\r\nContent-Type: text/event-stream\r\n{ALWAYS}\r\n{retry}", Status::Ok.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_makes_no_field_of_its_own() {
        let page = Page { html: "名".to_owned(), policy: "default-src 'none'\r\nSet-Cookie: a=b".to_owned() };
        let head = of_page(Status::Ok, &page);
        assert!(head.contains("Content-Length: 3\r\n") && head.ends_with("\r\n\r\n"), "{head}");
        assert!(!head.contains("\r\nSet-Cookie") && !head.contains("Access-Control"), "{head}");
    }
}
