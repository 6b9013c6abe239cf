//! The server: a thread that takes connections, and one for each of them.
//!
//! A browser that is slow, or says nothing, holds up only its own thread, and only for a time: the head of a request must
//! come within a time, an answer must be taken within it, and there are limits to the connections ([`Limits`]). Each is answered
//! once and closed.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::serve::answer::{self, Status};
use crate::serve::content::{Content, Page};
use crate::serve::request::{self, Asked, Called, Head, MAX_HEAD};
use crate::serve::service::{Answered, Call, Guarded, Outcome, TRADE};

/// How often a stream of events says something, to learn whether anybody is there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// The most connections at a time.
const MAX_OPEN: usize = 64;
/// The most of them that wait for events; the others are for pages.
const MAX_LISTENING: usize = 40;
/// How much is written at a time.
const CHUNK: usize = 64 * 1024;
/// How many bytes of a request that nobody reads are taken before the connection is closed.
const MAX_REST: usize = 64 * 1024;

/// What is granted to whoever asks.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// How long the head of a request may take to come, a part of its body, and an answer to be taken.
    patience: Duration,
    /// How long the body of a call may take to come.
    body_patience: Duration,
    /// The most calls that are answered at a time.
    calls: usize,
}

const LIMITS: Limits = Limits { patience: Duration::from_secs(10), body_patience: Duration::from_mins(2), calls: 4 };

/// A running server; it ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    open: AtomicUsize,
    listening: AtomicUsize,
    calling: AtomicUsize,
    service: Option<Guarded>,
    limits: Limits,
}

#[derive(Debug)]
struct State {
    content: Arc<Content>,
    is_over: bool,
}

/// What a stream of events has to say.
enum News {
    Version(String),
    None,
    Over,
}

impl Server {
    /// Starts a server on 127.0.0.1. Port 0 is any that is free.
    ///
    /// # Errors
    /// The port is taken, or there are no sockets or threads here.
    pub fn start(port: u16, content: Content) -> io::Result<Self> {
        Self::start_with(port, content, None)
    }

    /// Starts a server with a service on 127.0.0.1.
    ///
    /// # Errors
    /// The port is taken, or there are no sockets or threads here.
    pub fn start_with(port: u16, content: Content, service: Option<Guarded>) -> io::Result<Self> {
        Self::start_within(LIMITS, port, content, service)
    }

    fn start_within(limits: Limits, port: u16, content: Content, service: Option<Guarded>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            state: Mutex::new(State { content: Arc::new(content), is_over: false }),
            changed: Condvar::new(),
            open: AtomicUsize::new(0),
            listening: AtomicUsize::new(0),
            calling: AtomicUsize::new(0),
            service,
            limits,
        });
        let for_thread = Arc::clone(&shared);
        thread::Builder::new().name("serve".to_owned()).spawn(move || accept(&listener, &for_thread))?;
        Ok(Self { address, shared })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until all calls have their answers, but not for ever: what ends the program may be one of them.
    pub fn wait_for_answers(&self) {
        let is_calling = |_: &mut State| self.shared.calling.load(Ordering::SeqCst) > 0;
        let _ = self.shared.changed.wait_timeout_while(self.shared.lock(), LIMITS.patience, is_calling);
    }

    /// Shows something else from now on.
    pub fn show(&self, content: Content) {
        self.shared.lock().content = Arc::new(content);
        self.shared.changed.notify_all();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
        // Wakes the thread that waits for the next connection.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until another version is shown than the one known, but not for ever.
    fn news(&self, known: &str) -> News {
        let is_known = |state: &mut State| !state.is_over && state.content.version == known;
        let waited = self.changed.wait_timeout_while(self.lock(), SIGN_OF_LIFE, is_known);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State { is_over: true, .. } => News::Over,
            State { content, .. } if content.version != known => News::Version(content.version.clone()),
            State { .. } => News::None,
        }
    }
}

/// One of a limited number, for as long as it lives.
struct Place {
    shared: Arc<Shared>,
    counted: fn(&Shared) -> &AtomicUsize,
}

impl Place {
    /// A place, if there is one.
    fn take(shared: &Arc<Shared>, most: usize, counted: fn(&Shared) -> &AtomicUsize) -> Option<Self> {
        let place = Self { shared: Arc::clone(shared), counted };
        (counted(shared).fetch_add(1, Ordering::SeqCst) < most).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        (self.counted)(&self.shared).fetch_sub(1, Ordering::SeqCst);
        // Who waits for it holds the lock between looking and waiting.
        drop(self.shared.lock());
        self.shared.changed.notify_all();
    }
}

/// Takes connections until the server is over.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.lock().is_over {
            return;
        }
        let Ok(mut stream) = stream else {
            // No more files may be open; that passes.
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        let Some(place) = Place::take(shared, MAX_OPEN, |shared| &shared.open) else {
            // So little is taken by the system at once.
            let _ = send(&mut stream, answer::bare(Status::Busy, false).as_bytes());
            continue;
        };
        // Without a thread to spare the connection is closed. Whoever went away needs no answer.
        let _ = thread::Builder::new().name("answer".to_owned()).spawn(move || {
            let _ = serve(stream, &place.shared);
        });
    }
}

/// Reads one request and answers it.
fn serve(mut stream: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    let (head, rest) = read_head(&mut stream, shared)?;
    match head {
        Head::Partial => Ok(()),
        Head::Refused(status) => refuse(stream, status, false),
        Head::Asked(Asked { call: Some(called), path, by_another_site, .. }) => {
            answer_call(stream, (called, path, by_another_site), rest, shared)
        }
        Head::Asked(asked) if asked.path == "/events" => events(stream, &asked, shared),
        Head::Asked(asked) => {
            let content = Arc::clone(&shared.lock().content);
            let (status, page) = match content.pages.get(&asked.path) {
                Some(page) => (Status::Ok, page),
                None => (Status::NotFound, &content.missing),
            };
            send_page(stream, status, page, asked.head_only)
        }
    }
}

/// Answers a call, once it is known that it may be made.
fn answer_call(
    mut stream: TcpStream,
    (called, path, by_another_site): (Called, String, bool),
    mut body: Vec<u8>,
    shared: &Arc<Shared>,
) -> io::Result<()> {
    let Some(guarded) = shared.service.as_ref().filter(|_| !by_another_site) else {
        return refuse(stream, Status::Forbidden, false);
    };
    let secret = called.token.unwrap_or_default();
    if path == TRADE {
        let Some(token) = guarded.traded(&secret) else { return refuse(stream, Status::Unauthorized, false) };
        let body = json!({ "token": token }).to_string().into_bytes();
        return send_answer(stream, &Answered { outcome: Outcome::Json, body });
    }
    if !guarded.admits(&secret) {
        return refuse(stream, Status::Unauthorized, false);
    }
    let Some(_place) = Place::take(shared, shared.limits.calls, |shared| &shared.calling) else {
        return refuse(stream, Status::Busy, false);
    };
    if !read_body(&mut stream, &mut body, called.length, &shared.limits)? {
        return Ok(());
    }
    let call = Call { method: called.method, path, page: called.page, body };
    let answered = guarded.service().answer(&call, &|| is_open(&stream));
    send_answer(stream, &answered)
}

fn send_answer(mut stream: TcpStream, answered: &Answered) -> io::Result<()> {
    send(&mut stream, answer::of_call(answered).as_bytes())?;
    send(&mut stream, &answered.body)?;
    close(stream)
}

/// Whether the other side has not closed the connection. It sends nothing more, so that there is nothing to read until then.
fn is_open(stream: &TcpStream) -> bool {
    let peeked = stream.set_nonblocking(true).and_then(|()| stream.peek(&mut [0]));
    let is_open = match peeked {
        Ok(read) => read > 0,
        Err(error) => matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted),
    };
    // Without it the answer would be written only as far as there is room for it at once.
    is_open && stream.set_nonblocking(false).is_ok()
}

/// Reads the rest of a body; not, if the other side ends or takes too long.
fn read_body(stream: &mut TcpStream, body: &mut Vec<u8>, length: usize, limits: &Limits) -> io::Result<bool> {
    let deadline = Instant::now() + limits.body_patience;
    let mut filled = body.len().min(length);
    body.resize(length, 0);
    while filled < length {
        let Some(left) = time_left(deadline) else { return Ok(false) };
        stream.set_read_timeout(Some(left.min(limits.patience)))?;
        match stream.read(body.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => return Ok(false),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Reads the head of a request, and what came after it; partial, if the other side ends or takes too long.
fn read_head(stream: &mut TcpStream, shared: &Shared) -> io::Result<(Head, Vec<u8>)> {
    let deadline = Instant::now() + shared.limits.patience;
    let (mut bytes, mut filled) = (vec![0; MAX_HEAD], 0);
    loop {
        let Some(left) = time_left(deadline) else { return Ok((Head::Partial, Vec::new())) };
        stream.set_read_timeout(Some(left))?;
        match stream.read(bytes.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => return Ok((Head::Partial, Vec::new())),
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        match request::read(bytes.get(..filled).unwrap_or_default(), shared.service.is_some()) {
            Head::Partial => {}
            head => {
                let length = if let Head::Asked(asked) = &head { asked.head_length } else { filled };
                return Ok((head, bytes.get(length..filled).unwrap_or_default().to_vec()));
            }
        }
    }
}

/// The time up to a deadline; none if it is past.
fn time_left(deadline: Instant) -> Option<Duration> {
    Some(deadline.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
}

fn send_page(mut stream: TcpStream, status: Status, page: &Page, head_only: bool) -> io::Result<()> {
    send(&mut stream, answer::of_page(status, page).as_bytes())?;
    if !head_only {
        send(&mut stream, page.html.as_bytes())?;
    }
    close(stream)
}

fn refuse(mut stream: TcpStream, status: Status, head_only: bool) -> io::Result<()> {
    send(&mut stream, answer::bare(status, head_only).as_bytes())?;
    close(stream)
}

/// Writes bytes, which must be taken in time.
fn send(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let deadline = Instant::now() + LIMITS.patience;
    for chunk in bytes.chunks(CHUNK) {
        stream.set_write_timeout(Some(time_left(deadline).ok_or(io::ErrorKind::TimedOut)?))?;
        stream.write_all(chunk)?;
    }
    Ok(())
}

/// Closes a connection. What the other side still sends is taken first: a connection that is closed over bytes that nobody
/// read is reset, and the answer with it.
fn close(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    let (mut rest, mut taken) = ([0; 1024], 0);
    while taken < MAX_REST {
        match stream.read(&mut rest)? {
            0 => break,
            read => taken += read,
        }
    }
    Ok(())
}

/// Tells of each version other than the one that the browser knows, for as long as somebody listens.
fn events(mut stream: TcpStream, asked: &Asked, shared: &Arc<Shared>) -> io::Result<()> {
    // Another site could read nothing, but take all places.
    if asked.by_another_site {
        return refuse(stream, Status::Forbidden, asked.head_only);
    }
    let Some(_place) = Place::take(shared, MAX_LISTENING, |shared| &shared.listening) else {
        return refuse(stream, Status::Busy, asked.head_only);
    };
    send(&mut stream, answer::of_events(asked.head_only).as_bytes())?;
    if asked.head_only {
        return close(stream);
    }
    let mut known = asked.query.strip_prefix("since=").unwrap_or_default().to_owned();
    loop {
        match shared.news(&known) {
            News::Over => return close(stream),
            // A comment, which a browser passes over.
            News::None => send(&mut stream, b":\n\n")?,
            News::Version(version) => {
                send(&mut stream, format!("data: {version}\n\n").as_bytes())?;
                known = version;
            }
        }
    }
}

#[cfg(test)]
mod tests;
