//! The calls of the desk: files handed in and taken out, and requests, which `duban call` answers.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::atomic;
use crate::cli::call::{FilePath, log_names};
use crate::cli::project_files;
use crate::serve::{Answered, Call, FILES, Method, Outcome, Service};
use crate::words::lang::Lang;

/// How long a call may take: a letter run with photos through LibreOffice takes minutes.
const PATIENCE: Duration = Duration::from_mins(10);
/// How often it is looked whether a call has ended.
const GLANCE: Duration = Duration::from_millis(5);
/// The most files that lie in a folder of the desk at a time.
const MAX_FILES: usize = 1000;

/// Answers the calls of one page.
pub(super) struct DeskService {
    program: PathBuf,
    project: PathBuf,
    /// The folder with `in` and `out`.
    work: PathBuf,
    lang: Lang,
}

impl DeskService {
    /// # Errors
    /// The folders can't be made.
    pub(super) fn new(program: PathBuf, project: PathBuf, work: PathBuf, lang: Lang) -> io::Result<Self> {
        for folder in ["in", "out"] {
            std::fs::create_dir(work.join(folder))?;
        }
        Ok(Self { program, project, work, lang })
    }

    /// Hands a file in.
    fn put(&self, name: &str, bytes: &[u8]) -> Answered {
        let Some(file) = FilePath::new(&format!("in/{name}")) else { return self.no_file() };
        let path = self.work.join(file.as_str());
        let count = std::fs::read_dir(self.work.join("in")).map_or(0, Iterator::count);
        if count >= MAX_FILES && !path.exists() {
            return busy(self.lang.pick("文件太多，先移走一些", "too many files: take some away first"));
        }
        match atomic::write(&path, bytes) {
            Ok(()) => answered(Outcome::Json, &json!({"path": file.as_str()})),
            Err(error) => busy(&error.to_string()),
        }
    }

    /// A file of the desk, or a log of the project, which is then mended like one that was handed in.
    fn get(&self, path: &str) -> Answered {
        let file = FilePath::new(path).map(|file| self.work.join(file.as_str()));
        let file = file.or_else(|| self.log(path));
        let bytes = file.and_then(|file| std::fs::read(file).ok());
        bytes.map_or_else(|| self.no_file(), |body| Answered { outcome: Outcome::File, body })
    }

    fn delete(&self, path: &str) -> Answered {
        let removed =
            FilePath::new(path).is_some_and(|file| std::fs::remove_file(self.work.join(file.as_str())).is_ok());
        if removed { answered(Outcome::Json, &json!({})) } else { self.no_file() }
    }

    /// Where a log of the project is; nothing else in the project is given out.
    fn log(&self, name: &str) -> Option<PathBuf> {
        let (project, _) = project_files::read(&self.project);
        log_names(&project).iter().any(|known| known == name).then(|| self.project.join(name))
    }

    fn no_file(&self) -> Answered {
        answered(Outcome::Missing, &json!({"messages": self.lang.pick("没有这个文件", "there is no such file")}))
    }

    /// Answers a request in a process of its own: what breaks it, breaks no other.
    fn call(&self, request: &[u8]) -> Answered {
        let ended = self.start().and_then(|child| finish(child, request));
        match ended {
            Ok(Ended::Done(output)) => Answered { outcome: Outcome::Json, body: output },
            Ok(Ended::Failed(messages)) => failed(&messages),
            Ok(Ended::TooLong) => failed(self.lang.pick("太久没有完成，已停下", "it took too long, and was stopped")),
            Err(error) => failed(&error.to_string()),
        }
    }

    fn start(&self) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.work).arg("--project").arg(&self.project);
        command.args(["--lang", self.lang.code(), "call"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    }
}

impl Service for Arc<DeskService> {
    fn answer(&self, call: &Call) -> Answered {
        let path = call.path.strip_prefix(FILES).and_then(decoded);
        match (call.method, path) {
            (Method::Post, _) => self.call(&call.body),
            (Method::Put, Some(name)) => self.put(&name, &call.body),
            (Method::Get, Some(path)) => self.get(&path),
            (Method::Delete, Some(path)) => self.delete(&path),
            (_, None) => self.no_file(),
        }
    }
}

/// How a process ended.
enum Ended {
    Done(Vec<u8>),
    Failed(String),
    TooLong,
}

/// Gives a process its input and waits for its end, but not for ever.
fn finish(mut child: Child, input: &[u8]) -> io::Result<Ended> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // It may print before it has read all.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        let output = scope.spawn(move || all_of(stdout));
        let messages = scope.spawn(move || all_of(stderr));
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break Some(status);
            }
            if Instant::now() >= deadline {
                child.kill()?;
                child.wait()?;
                break None;
            }
            thread::sleep(GLANCE);
        };
        let (output, messages) = (output.join().unwrap_or_default(), messages.join().unwrap_or_default());
        Ok(match status {
            None => Ended::TooLong,
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

fn busy(message: &str) -> Answered {
    answered(Outcome::Busy, &json!({ "messages": message }))
}

/// An answer of the shape of `duban call` for one that it did not give.
fn failed(messages: &str) -> Answered {
    answered(Outcome::Json, &json!({"status": 2, "messages": messages, "result": null, "files": []}))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "files of a test need no care")]
mod tests {
    use std::path::Path;

    use super::*;

    fn service(work: &Path) -> Arc<DeskService> {
        let service = DeskService::new(PathBuf::from("duban"), work.to_owned(), work.to_owned(), Lang::En);
        Arc::new(service.unwrap())
    }

    fn ask(service: &Arc<DeskService>, method: Method, path: &str, body: &[u8]) -> (Outcome, Vec<u8>) {
        let answered = service.answer(&Call { method, path: path.to_owned(), body: body.to_vec() });
        (answered.outcome, answered.body)
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
