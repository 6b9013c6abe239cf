use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;
use crate::serve::service::Service;

fn content(version: &str, html: &str) -> Content {
    let page = |html: &str| Page { html: html.to_owned(), policy: "default-src 'none'".to_owned() };
    let pages = [("/".to_owned(), page(html))].into();
    Content { version: version.to_owned(), pages, missing: page("missing") }
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

fn ask(server: &Server, request: &str) -> String {
    let mut stream = connect(server);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn pages_are_answered_and_what_is_unknown_is_not() {
    let server = Server::start(0, content("1", "<p>页</p>")).unwrap();
    let host = "Host: 127.0.0.1\r\n\r\n";
    let page = ask(&server, &format!("GET /?x HTTP/1.1\r\n{host}"));
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.ends_with("\r\n\r\n<p>页</p>"), "{page}");
    assert!(page.contains("Cache-Control: no-store") && page.contains("frame-ancestors 'none'"), "{page}");
    let head = ask(&server, &format!("HEAD / HTTP/1.1\r\n{host}"));
    assert!(head.ends_with("\r\n\r\n") && head.contains("Content-Length: 10"), "{head}");
    for path in ["/2", "/../../etc/passwd", "/%2e%2e/duban.yaml", "//", "*"] {
        let answer = ask(&server, &format!("GET {path} HTTP/1.1\r\n{host}"));
        assert!(answer.starts_with("HTTP/1.1 404 ") && answer.ends_with("missing"), "{path}: {answer}");
    }
    let post = ask(&server, &format!("POST / HTTP/1.1\r\nContent-Length: 4\r\n{host}abcd"));
    assert!(post.starts_with("HTTP/1.1 405 ") && post.contains("Allow: GET, HEAD"), "{post}");
    let foreign = ask(&server, "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
    assert!(foreign.starts_with("HTTP/1.1 403 ") && !foreign.contains('页'), "{foreign}");
}

/// Those that say nothing take all but a few places, and the others are answered.
#[test]
fn who_hangs_holds_up_nobody() {
    let server = Server::start(0, content("1", "page")).unwrap();
    let mut silent: Vec<TcpStream> = (0..MAX_OPEN - MAX_LISTENING - 4).map(|_| connect(&server)).collect();
    for stream in &mut silent {
        stream.write_all(b"GET / HT").unwrap();
    }
    let host = "Host: localhost\r\n\r\n";
    let listeners: Vec<TcpStream> = (0..MAX_LISTENING + 2)
        .map(|_| {
            let mut stream = connect(&server);
            stream.write_all(format!("GET /events?since=1 HTTP/1.1\r\n{host}").as_bytes()).unwrap();
            let mut first = [0; 12];
            stream.read_exact(&mut first).unwrap();
            stream
        })
        .collect();
    assert!(ask(&server, &format!("GET / HTTP/1.1\r\n{host}")).ends_with("page"));
    server.show(content("2", "other"));
    assert!(ask(&server, &format!("GET / HTTP/1.1\r\n{host}")).ends_with("other"));
    // Each is waited for while the server is there: one that ends has nothing more to tell.
    let told = listeners.iter().filter(|stream| {
        let (mut stream, mut seen, mut byte) = (*stream, Vec::new(), [0; 1]);
        while !seen.ends_with(b"data: 2\n\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
            seen.extend(byte);
        }
        seen.ends_with(b"data: 2\n\n")
    });
    // The two too many were refused.
    assert_eq!(told.count(), MAX_LISTENING);
}

#[test]
fn events_tell_what_a_browser_does_not_know_yet() {
    let server = Server::start(0, content("1", "page")).unwrap();
    let mut stream = connect(&server);
    stream.write_all(b"GET /events?since=0 HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut seen = Vec::new();
    let mut wait_for = |wanted: &str| {
        let mut byte = [0; 1];
        while !String::from_utf8_lossy(&seen).contains(wanted) {
            stream.read_exact(&mut byte).unwrap();
            seen.push(byte[0]);
        }
    };
    wait_for("data: 1\n\n");
    server.show(content("2", "page"));
    wait_for("data: 2\n\n");
    let foreign = "GET /events HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n";
    assert!(ask(&server, foreign).starts_with("HTTP/1.1 403 "));
}

/// Waits for its release, and says so as it begins.
struct Slow {
    begun: Mutex<Sender<()>>,
    release: Mutex<Receiver<()>>,
}

impl Service for Slow {
    fn answer(&self, _: &Call, _: &dyn Fn() -> bool) -> Answered {
        self.begun.lock().unwrap().send(()).unwrap();
        let _ = self.release.lock().unwrap().recv();
        Answered { outcome: Outcome::Json, body: b"{}".to_vec() }
    }
}

fn limited(limits: Limits) -> (Server, Receiver<()>, Sender<()>) {
    let ((begun, has_begun), (release, released)) = (channel(), channel());
    let slow = Slow { begun: Mutex::new(begun), release: Mutex::new(released) };
    let guarded = Guarded::new("secret".into(), None, Box::new(slow));
    (Server::start_within(limits, 0, content("1", "page"), Some(guarded)).unwrap(), has_begun, release)
}

const CALL: &str = "POST /call HTTP/1.1\r\nHost: localhost\r\nX-Duban-Token: secret\r\n";

#[test]
fn what_does_not_come_in_time_is_not_waited_for() {
    let short = Duration::from_millis(50);
    let (server, begun, _release) = limited(Limits { patience: short, body_patience: short, ..LIMITS });
    for part in ["POST /ca".to_owned(), format!("{CALL}Content-Length: 9\r\n\r\n{{}}")] {
        let mut stream = connect(&server);
        stream.write_all(part.as_bytes()).unwrap();
        // Closed without a word, or reset: in any case before the other side has ended.
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        let is_closed = read.is_ok() || read.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionReset);
        assert!(is_closed && answer.is_empty(), "{part}: {}", String::from_utf8_lossy(&answer));
    }
    assert!(begun.try_recv().is_err(), "a call that did not come whole was answered");
}

#[test]
fn no_more_calls_are_answered_at_a_time_than_it_is_made_for() {
    let (server, begun, release) = limited(Limits { calls: 2, ..LIMITS });
    let call = format!("{CALL}Content-Length: 2\r\n\r\n{{}}");
    thread::scope(|scope| {
        let calls = [0, 1].map(|_| scope.spawn(|| ask(&server, &call)));
        for _ in &calls {
            begun.recv().unwrap();
        }
        let refused = ask(&server, &call);
        assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
        for _ in &calls {
            release.send(()).unwrap();
        }
        for answer in calls.map(|call| call.join().unwrap()) {
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        }
    });
}
