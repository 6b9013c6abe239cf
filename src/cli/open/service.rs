//! The calls of the desk: files handed in and taken out, and requests, which `duban call` answers.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use crate::atomic;
use crate::cli::call::{FilePath, log_names};
use crate::cli::project_files;
use crate::platform::processes;
use crate::serve::{Answered, Call, END, FILES, Method, Outcome, Service};
use crate::words::lang::Lang;

/// How long a call may take: a letter run with photos through LibreOffice takes minutes.
const PATIENCE: Duration = Duration::from_mins(10);
/// How often it is looked whether a call has ended.
const GLANCE: Duration = Duration::from_millis(5);
/// How often it is looked whether whoever made a call still waits for it.
const LOOK: Duration = Duration::from_millis(100);
/// The folder for scratch files of calls, in that of a page.
const SCRATCH: &str = "tmp";
/// The most files that a page hands in.
const MAX_FILES: usize = 1000;
/// The most pages whose files are kept; a page that is loaded again is another one.
const MAX_PAGES: usize = 100;
/// The most characters of the name of a page.
const MAX_NAME: usize = 64;
/// The calls that write into the project: they are done, whether anybody waits for them or not.
const WRITING: [&str; 4] = ["take", "learn", "dispatch", "setup"];
/// How long the end of the desk waits for calls that write into the project.
const END_PATIENCE: Duration = Duration::from_mins(1);

/// What a desk is made of.
pub(super) struct Desk {
    /// The program of duban.
    pub(super) program: PathBuf,
    /// The folder of the project.
    pub(super) project: PathBuf,
    /// The folder in which each page has one of its own.
    pub(super) work: PathBuf,
    /// The variables with which a program can be ended.
    pub(super) variables: Vec<(OsString, OsString)>,
    pub(super) lang: Lang,
    /// Told when a page ends the desk.
    pub(super) ended: Sender<()>,
}

/// Answers the calls of the pages of a desk.
pub(super) struct DeskService {
    desk: Desk,
    /// The names of the folders of pages; the one that was used last is the last.
    pages: Mutex<Vec<String>>,
    /// One at a time writes into the project: each reads what it changes.
    writing: Mutex<()>,
    running: Mutex<Running>,
    /// Told when a call has ended.
    idle: Condvar,
}

/// The calls that are being answered.
#[derive(Default)]
struct Running {
    calls: usize,
    /// No further ones are, and those that only read are stopped.
    is_over: bool,
}

impl DeskService {
    pub(super) fn new(desk: Desk) -> Self {
        let (pages, writing, running) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { desk, pages, writing, running, idle: Condvar::new() }
    }

    /// Ends all calls; those that write into the project are waited for.
    pub(super) fn end(&self) {
        self.running().is_over = true;
        let _ = self.idle.wait_timeout_while(self.running(), END_PATIENCE, |running| running.calls > 0);
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder of a page, which is made when it is asked for first.
    fn folder(&self, page: Option<&str>) -> io::Result<PathBuf> {
        let is_name = |name: &&str| {
            let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            !name.is_empty() && name.len() <= MAX_NAME && is_plain
        };
        // The prefix keeps it from being the name of a device.
        let name = format!("page-{}", page.filter(is_name).unwrap_or_default());
        let folder = self.desk.work.join(&name);
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = pages.iter().position(|known| *known == name) {
            pages.remove(at);
        } else {
            for inner in ["in", "out", SCRATCH] {
                std::fs::create_dir_all(folder.join(inner))?;
            }
            if pages.len() == MAX_PAGES {
                std::fs::remove_dir_all(self.desk.work.join(pages.remove(0)))?;
            }
        }
        pages.push(name);
        Ok(folder)
    }

    /// Hands a file in.
    fn put(&self, folder: &Path, name: &str, bytes: &[u8]) -> Answered {
        let Some(file) = FilePath::new(&format!("in/{name}")) else { return self.no_file() };
        let path = folder.join(file.as_str());
        let count = std::fs::read_dir(folder.join("in")).map_or(0, Iterator::count);
        if count >= MAX_FILES && !path.exists() {
            return told(self.desk.lang.pick("文件太多，先移走一些", "too many files: take some away first"));
        }
        match atomic::write(&path, bytes) {
            Ok(()) => answered(Outcome::Json, &json!({"path": file.as_str()})),
            Err(error) => told(&error.to_string()),
        }
    }

    /// A file of the desk, or a log of the project, which is then mended like one that was handed in.
    fn get(&self, folder: &Path, path: &str) -> Answered {
        let file = FilePath::new(path).map(|file| folder.join(file.as_str()));
        let file = file.or_else(|| self.log(path));
        let bytes = file.and_then(|file| std::fs::read(file).ok());
        bytes.map_or_else(|| self.no_file(), |body| Answered { outcome: Outcome::File, body })
    }

    fn delete(&self, folder: &Path, path: &str) -> Answered {
        let removed = FilePath::new(path).is_some_and(|file| std::fs::remove_file(folder.join(file.as_str())).is_ok());
        if removed { answered(Outcome::Json, &json!({})) } else { self.no_file() }
    }

    /// Where a log of the project is; nothing else in the project is given out.
    fn log(&self, name: &str) -> Option<PathBuf> {
        let (project, _) = project_files::read(&self.desk.project);
        log_names(&project).iter().any(|known| known == name).then(|| self.desk.project.join(name))
    }

    fn no_file(&self) -> Answered {
        answered(Outcome::Missing, &json!({"messages": self.desk.lang.pick("没有这个文件", "there is no such file")}))
    }

    /// Answers a request in a process of its own: what breaks it, breaks no other.
    fn call(&self, folder: &Path, request: &[u8], is_there: &dyn Fn() -> bool) -> Answered {
        let is_writing = is_writing(request);
        let waited_for = || is_writing || is_there() && !self.running().is_over;
        let begun = {
            let mut running = self.running();
            running.calls += usize::from(!running.is_over);
            !running.is_over
        };
        if !begun {
            return told(self.desk.lang.pick("工作台正在结束", "the desk is about to end"));
        }
        let ended = {
            let _alone = is_writing.then(|| self.writing.lock().unwrap_or_else(PoisonError::into_inner));
            self.start(folder).and_then(|child| finish(child, request, (&waited_for, PATIENCE), &self.desk.variables))
        };
        self.running().calls -= 1;
        self.idle.notify_all();
        match ended {
            Ok(Ended::Done(output)) => Answered { outcome: Outcome::Json, body: output },
            Ok(Ended::Failed(messages)) => failed(&messages),
            Ok(Ended::Stopped) => {
                failed(self.desk.lang.pick("太久没有完成，已停下", "it took too long, and was stopped"))
            }
            Err(error) => failed(&error.to_string()),
        }
    }

    fn start(&self, folder: &Path) -> io::Result<Child> {
        let mut command = Command::new(&self.desk.program);
        command.current_dir(folder).arg("--project").arg(&self.desk.project);
        command.args(["--lang", self.desk.lang.code(), "call"]);
        // What it leaves there when it is stopped goes with the page.
        for variable in ["TMPDIR", "TMP", "TEMP"] {
            command.env(variable, folder.join(SCRATCH));
        }
        processes::in_own_group(&mut command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    }
}

impl Service for Arc<DeskService> {
    fn answer(&self, call: &Call, is_there: &dyn Fn() -> bool) -> Answered {
        let folder = match self.folder(call.page.as_deref()) {
            Ok(folder) => folder,
            Err(error) => return told(&error.to_string()),
        };
        let path = call.path.strip_prefix(FILES).and_then(decoded);
        match (call.method, path) {
            (Method::Post, _) if call.path == END => {
                // It may have been ended already.
                let _ = self.desk.ended.send(());
                answered(Outcome::Json, &json!({}))
            }
            (Method::Post, _) => self.call(&folder, &call.body, is_there),
            (Method::Put, Some(name)) => self.put(&folder, &name, &call.body),
            (Method::Get, Some(path)) => self.get(&folder, &path),
            (Method::Delete, Some(path)) => self.delete(&folder, &path),
            (_, None) => self.no_file(),
        }
    }
}

/// Whether a request writes into the project, or is none, which takes no time.
fn is_writing(request: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Named {
        call: String,
    }
    serde_json::from_slice(request).map_or(true, |Named { call }| WRITING.contains(&call.as_str()))
}

/// How a process ended.
enum Ended {
    Done(Vec<u8>),
    Failed(String),
    Stopped,
}

/// Gives a process its input and waits for its end, but not longer than is said, and not if nobody waits for it.
fn finish(
    mut child: Child,
    input: &[u8],
    (waited_for, patience): (&dyn Fn() -> bool, Duration),
    variables: &[(OsString, OsString)],
) -> io::Result<Ended> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // It may print before it has read all.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        let output = scope.spawn(move || all_of(stdout));
        let messages = scope.spawn(move || all_of(stderr));
        let begun = Instant::now();
        let mut looked = begun;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break Some(status);
            }
            let is_left = looked.elapsed() >= LOOK && {
                looked = Instant::now();
                !waited_for()
            };
            if is_left || begun.elapsed() >= patience {
                processes::end_group(&mut child, variables);
                break None;
            }
            thread::sleep(GLANCE);
        };
        let (output, messages) = (output.join().unwrap_or_default(), messages.join().unwrap_or_default());
        Ok(match status {
            None => Ended::Stopped,
            Some(status) if status.success() => Ended::Done(output),
            Some(_) => Ended::Failed(String::from_utf8_lossy(&messages).into_owned()),
        })
    })
}

fn all_of(stream: Option<impl io::Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        // What came until it broke off is all there is.
        let _ = stream.read_to_end(&mut bytes);
    }
    bytes
}

/// A path whose bytes may be written as `%XX`; nothing if it is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok().filter(|digits| !digits.starts_with('+'))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn answered(outcome: Outcome, value: &serde_json::Value) -> Answered {
    Answered { outcome, body: value.to_string().into_bytes() }
}

/// An answer that can't be another if it is asked again.
fn told(message: &str) -> Answered {
    answered(Outcome::Failed, &json!({ "messages": message }))
}

/// An answer of the shape of `duban call` for one that it did not give.
fn failed(messages: &str) -> Answered {
    answered(Outcome::Json, &json!({"status": 2, "messages": messages, "result": null, "files": []}))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "files of a test need no care")]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn service(work: &Path) -> Arc<DeskService> {
        let (work, program) = (work.to_owned(), PathBuf::from("duban"));
        let desk =
            Desk { program, project: work.clone(), work, variables: Vec::new(), lang: Lang::En, ended: channel().0 };
        Arc::new(DeskService::new(desk))
    }

    fn ask(service: &Arc<DeskService>, method: Method, path: &str, body: &[u8]) -> (Outcome, Vec<u8>) {
        of_page(service, None, method, path, body)
    }

    fn of_page(
        service: &Arc<DeskService>,
        page: Option<&str>,
        method: Method,
        path: &str,
        body: &[u8],
    ) -> (Outcome, Vec<u8>) {
        let call = Call { method, path: path.to_owned(), page: page.map(str::to_owned), body: body.to_vec() };
        let answered = service.answer(&call, &|| true);
        (answered.outcome, answered.body)
    }

    #[test]
    fn each_page_has_its_own_files() {
        let work = tempfile::tempdir().unwrap();
        let service = service(work.path());
        let put = |page: Option<&str>, bytes| of_page(&service, page, Method::Put, "/files/a.csv", bytes).0;
        let get = |page: Option<&str>| of_page(&service, page, Method::Get, "/files/in%2Fa.csv", b"");
        assert_eq!((put(Some("1"), b"x"), put(Some("2"), b"y")), (Outcome::Json, Outcome::Json));
        assert_eq!((get(Some("1")), get(Some("2"))), ((Outcome::File, b"x".to_vec()), (Outcome::File, b"y".to_vec())));
        // A name that leads elsewhere, or is too long, is none.
        put(None, b"z");
        for name in ["", "..", "../x", "a/b", "a b", "é", &"a".repeat(65)] {
            assert_eq!(get(Some(name)), (Outcome::File, b"z".to_vec()), "{name}");
        }
        // Of very many pages those are kept that were used last.
        for page in 3..3 + MAX_PAGES - 1 {
            assert_eq!(get(Some(&page.to_string())).0, Outcome::Missing);
            assert_eq!(get(Some("1")).0, Outcome::File);
        }
        assert_eq!(get(Some("2")).0, Outcome::Missing);
    }

    #[test]
    fn a_process_that_nobody_waits_for_or_that_takes_too_long_is_stopped() {
        let variables: Vec<_> = std::env::vars_os().collect();
        let never_ends = || {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", "cli::open::service::tests::waits_where_it_is_told_to", "--nocapture"]);
            command.env(WAITS, "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        for (is_there, patience) in [(false, PATIENCE), (true, GLANCE)] {
            let ended = finish(never_ends(), b"", (&|| is_there, patience), &variables).unwrap();
            assert!(matches!(ended, Ended::Stopped), "{is_there}");
        }
    }

    const WAITS: &str = "DUBAN_TEST_WAITS";

    #[test]
    fn waits_where_it_is_told_to() {
        while std::env::var_os(WAITS).is_some() {
            thread::park();
        }
    }

    #[test]
    fn who_writes_into_the_project_is_waited_for() {
        for (request, expected) in [
            (r#"{"call": "dispatch", "kind": "bulletin"}"#, true),
            (r#"{"files": [], "call": "take"}"#, true),
            (r#"{"call": "check", "files": []}"#, false),
            (r#"{"call": "draft"}"#, false),
        ] {
            assert_eq!(is_writing(request.as_bytes()), expected, "{request}");
        }
    }

    #[test]
    fn a_file_goes_in_and_out() {
        let work = tempfile::tempdir().unwrap();
        let service = service(work.path());
        let (outcome, body) = ask(&service, Method::Put, "/files/%E5%8F%B0%E8%B4%A6%20a.csv", b"x");
        assert_eq!(
            (outcome, String::from_utf8(body).unwrap().as_str()),
            (Outcome::Json, r#"{"path":"in/台账 a.csv"}"#)
        );
        let path = "/files/in%2F%E5%8F%B0%E8%B4%A6%20a.csv";
        assert_eq!(ask(&service, Method::Get, path, b""), (Outcome::File, b"x".to_vec()));
        assert_eq!(ask(&service, Method::Delete, path, b"").0, Outcome::Json);
        assert_eq!(ask(&service, Method::Get, path, b"").0, Outcome::Missing);
    }

    #[test]
    fn a_page_hands_in_no_more_files_than_it_may() {
        let work = tempfile::tempdir().unwrap();
        let service = service(work.path());
        let put = |name: &str| ask(&service, Method::Put, &format!("/files/{name}"), b"x");
        assert_eq!(put("0").0, Outcome::Json);
        let folder = service.folder(None).unwrap().join("in");
        (1..MAX_FILES).for_each(|name| std::fs::write(folder.join(name.to_string()), "").unwrap());
        let (outcome, body) = put("more");
        assert_eq!((outcome, String::from_utf8_lossy(&body).contains("too many files")), (Outcome::Failed, true));
        // One that is there may be another.
        assert_eq!(put("7").0, Outcome::Json);
    }

    #[test]
    fn logs_of_the_project_are_given_out_and_nothing_else_of_it() {
        let work = tempfile::tempdir().unwrap();
        std::fs::write(work.path().join("duban.yaml"), "logs: ['logs/*.csv']\n").unwrap();
        std::fs::create_dir(work.path().join("logs")).unwrap();
        std::fs::write(work.path().join("logs/a.csv"), "x").unwrap();
        std::fs::write(work.path().join("logs/b.txt"), "x").unwrap();
        let service = service(work.path());
        assert_eq!(ask(&service, Method::Get, "/files/logs/a.csv", b""), (Outcome::File, b"x".to_vec()));
        for path in ["logs/b.txt", "duban.yaml", "logs/../duban.yaml", "logs%2F..%2Flogs%2Fa.csv"] {
            assert_eq!(ask(&service, Method::Get, &format!("/files/{path}"), b"").0, Outcome::Missing, "{path}");
        }
        assert_eq!(ask(&service, Method::Delete, "/files/logs/a.csv", b"").0, Outcome::Missing);
    }

    #[test]
    fn no_name_leads_out_of_its_folder() {
        let work = tempfile::tempdir().unwrap();
        std::fs::write(work.path().join("secret"), "x").unwrap();
        let service = service(work.path());
        for name in [
            "..%2Fsecret",
            "%2e%2e%2fsecret",
            "a%2Fb",
            "%2Fetc%2Fpasswd",
            "..",
            "a%5Cb",
            "c%3Aa",
            "%00",
            "%zz",
            "%e5",
            "",
        ] {
            assert_eq!(ask(&service, Method::Put, &format!("/files/{name}"), b"y").0, Outcome::Missing, "{name}");
        }
        for path in ["secret", "in%2F..%2Fsecret", "..%2Fsecret", "%2Fetc%2Fpasswd", "in%2F", "out"] {
            assert_eq!(ask(&service, Method::Get, &format!("/files/{path}"), b"").0, Outcome::Missing, "{path}");
            assert_eq!(ask(&service, Method::Delete, &format!("/files/{path}"), b"").0, Outcome::Missing, "{path}");
        }
        assert_eq!(std::fs::read(work.path().join("secret")).unwrap(), b"x");
    }
}
