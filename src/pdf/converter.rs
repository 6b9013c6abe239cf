//! One start of LibreOffice for all documents of a run; for every two hundred, if there are more.
//!
//! It works in a temporary folder with a profile of its own: neither a LibreOffice that is open nor its settings and
//! macros matter, and nothing stays behind.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use chrono::NaiveDate;

use crate::atomic;
use crate::pdf::program::Office;
use crate::pdf::read::{Pdf, UnreadablePdf};
use crate::platform::paths::slashed;
use crate::platform::{processes, scratch};
use crate::words::lang::Lang;

/// A `.docx` to be laid out, and the day that its PDF bears.
#[derive(Clone, Copy, Debug)]
pub struct Job<'d> {
    /// The bytes of the `.docx`.
    pub docx: &'d [u8],
    /// The day of the document.
    pub day: NaiveDate,
}

/// LibreOffice did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// Files in the temporary folder can't be written or read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It does not start.
    #[error("{program}: {cause}")]
    NoStart {
        /// The program.
        program: String,
        /// Why.
        cause: io::Error,
    },
    /// It took too long for one document and was ended.
    #[error("no document was finished in {} s", patience.as_secs())]
    Hung {
        /// The number of the first document, from 0, that is not there.
        index: usize,
        /// How long it had.
        patience: Duration,
    },
    /// It ended without a file, whatever its status says.
    #[error("{status}: {said}")]
    Missing {
        /// The number of the document, from 0.
        index: usize,
        /// What it ended with.
        status: ExitStatus,
        /// Its last words.
        said: String,
    },
    /// Its file is no PDF.
    #[error("{cause}")]
    Unreadable {
        /// The number of the document, from 0.
        index: usize,
        /// Why.
        cause: UnreadablePdf,
    },
}

impl ConvertError {
    /// The sentence for people, with what to do about it. `name` gives the name of a document by its number.
    #[must_use]
    pub fn text(&self, name: &dyn Fn(usize) -> String, lang: Lang) -> String {
        match self {
            Self::Io(cause) => lang.pick(
                format!("写 PDF 用的临时文件夹：{cause}"),
                format!("the temporary folder in which PDF is made: {cause}"),
            ),
            Self::NoStart { program, cause } => lang.pick(
                format!("LibreOffice（{program}）启动不了：{cause}"),
                format!("LibreOffice ({program}) does not start: {cause}"),
            ),
            Self::Hung { index, patience } => {
                let (name, seconds) = (name(*index), patience.as_secs());
                lang.pick(
                    format!("LibreOffice 在 {seconds} 秒内没有写出 {name}，已被结束；用 LibreOffice 打开同名的 .docx（--to docx）看看"),
                    format!(
                        "LibreOffice had not written {name} after {seconds} seconds and was ended; try to open its .docx \
                         (--to docx) in LibreOffice"
                    ),
                )
            }
            Self::Missing { index, status, said } => {
                let (name, said) = (name(*index), if said.is_empty() { status.to_string() } else { said.clone() });
                lang.pick(
                    format!("LibreOffice 没有写出 {name}：{said}；是否装了 libreoffice-writer？"),
                    format!("LibreOffice did not write {name}: {said}; is libreoffice-writer installed?"),
                )
            }
            Self::Unreadable { index, cause } => {
                let name = name(*index);
                lang.pick(
                    format!("LibreOffice 写出的 {name} 读不了：{cause}"),
                    format!("LibreOffice wrote a file for {name} that is no readable PDF: {cause}"),
                )
            }
        }
    }
}

/// Lays out documents in their order. `done` is called for each that is finished.
///
/// # Errors
/// The first document that is not there, and why. Nothing is left behind.
pub fn convert(office: &Office, jobs: &[Job<'_>], done: &mut dyn FnMut()) -> Result<Vec<Pdf>, ConvertError> {
    let mut finished = Vec::new();
    for jobs in jobs.chunks(MOST_AT_ONCE) {
        finished.extend(at_once(office, jobs, finished.len(), done)?);
    }
    Ok(finished)
}

/// Documents for one start. LibreOffice's starter passes on 254 arguments and drops the rest without a word; and its
/// memory grows with every document.
const MOST_AT_ONCE: usize = 200;

/// How often the finished files are counted.
const PAUSE: Duration = Duration::from_millis(50);

/// `first`: the number of the first job, for errors.
fn at_once(office: &Office, jobs: &[Job<'_>], first: usize, done: &mut dyn FnMut()) -> Result<Vec<Pdf>, ConvertError> {
    let folder = scratch::folder("duban-pdf-")?;
    let written = atomic::Batch::default();
    written.add(folder.path().join(SETTINGS_FILE), SETTINGS.as_bytes().to_vec());
    for (index, job) in jobs.iter().enumerate() {
        written.add(folder.path().join(file(index, "docx")), job.docx.to_vec());
    }
    written.finish().map_err(|(_, cause)| cause)?;
    let made = folder.path().join(MADE);
    atomic::make_dir(&made)?;

    let mut running = Running::start(office, folder.path(), jobs.len())?;
    let (mut waited, mut known) = (Duration::ZERO, 0);
    let status = loop {
        let status = running.child.try_wait()?;
        let finished = std::fs::read_dir(&made)?.count().min(jobs.len());
        if finished > known {
            waited = Duration::ZERO;
        }
        for _ in known..finished {
            done();
        }
        known = known.max(finished);
        if let Some(status) = status {
            break status;
        }
        if waited >= office.patience {
            let index = (0..jobs.len()).find(|index| !made.join(file(*index, "pdf")).exists()).unwrap_or_default();
            return Err(ConvertError::Hung { index: first + index, patience: office.patience });
        }
        thread::sleep(PAUSE);
        waited += PAUSE;
    };

    let mut finished = Vec::new();
    for (index, job) in jobs.iter().enumerate() {
        let Ok(bytes) = std::fs::read(made.join(file(index, "pdf"))) else {
            let said = last_words(&folder.path().join(SAID));
            return Err(ConvertError::Missing { index: first + index, status, said });
        };
        let pdf = Pdf::read(&bytes, job.day);
        finished.push(pdf.map_err(|cause| ConvertError::Unreadable { index: first + index, cause })?);
    }
    Ok(finished)
}

/// The folder that LibreOffice writes to, and the file of what it says.
const MADE: &str = "made";
const SAID: &str = "said";

/// The name of a document: short and plain, for LibreOffice reads names in the encoding of the locale.
fn file(index: usize, ending: &str) -> String {
    format!("{index}.{ending}")
}

const SETTINGS_FILE: &str = "profile/user/registrymodifications.xcu";

/// The only settings of the profile: the blank backs of pages are kept, every font is embedded, no macro runs, and
/// nothing that a document refers to is fetched.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Filter/PDF/Export"><prop oor:name="IsSkipEmptyPages" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Filter/PDF/Export"><prop oor:name="EmbedStandardFonts" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"#;

/// A LibreOffice at work; it is ended when this is dropped.
struct Running<'r> {
    child: Child,
    office: &'r Office,
    /// Where the process behind the one that was started leaves its number.
    pid_file: PathBuf,
}

impl<'r> Running<'r> {
    fn start(office: &'r Office, folder: &Path, documents: usize) -> Result<Self, ConvertError> {
        let path = std::path::absolute(folder)?;
        let said = tempfile::Builder::new().prefix(SAID).rand_bytes(0).tempfile_in(&path)?;
        let (said, _) = said.keep().map_err(|error| error.error)?;
        let pid_file = path.join("pid");
        let child = Command::new(&office.program)
            .current_dir(&path)
            .arg(format!("-env:UserInstallation={}", file_url(&path.join("profile"))))
            .args(["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"])
            .arg(OsString::from_iter([OsStr::new("--pidfile="), pid_file.as_os_str()]))
            .args(["--convert-to", "pdf:writer_pdf_Export", "--outdir", MADE])
            .args((0..documents).map(|index| file(index, "docx")))
            .env_clear()
            .envs(office.variables.iter().map(|(name, value)| (name, value)))
            // The same page whatever the language and the time zone of the machine.
            .envs([("LC_ALL", "C.UTF-8"), ("TZ", "UTC")])
            .stdin(Stdio::null())
            .stdout(Stdio::from(said.try_clone()?))
            .stderr(Stdio::from(said))
            .spawn()
            .map_err(|cause| ConvertError::NoStart { program: slashed(&office.program).to_string(), cause })?;
        Ok(Self { child, office, pid_file })
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            processes::end_all(&mut self.child, &self.pid_file, &self.office.variables);
        }
    }
}

/// The last line that LibreOffice said, without its usual complaint about Java.
fn last_words(said: &Path) -> String {
    let text = std::fs::read(said).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines = text.lines().map(str::trim);
    let mut telling =
        lines.filter(|line| !line.is_empty() && !line.starts_with("convert ") && !line.contains("javaldx"));
    telling.next_back().unwrap_or_default().chars().take(300).collect()
}

/// The URL of a folder: everything but letters, digits and separators is escaped, by its UTF-8.
fn file_url(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = text.strip_prefix(r"\\?\").unwrap_or(&text).replace('\\', "/");
    let mut url = "file://".to_owned();
    if !text.starts_with('/') {
        url.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
            // The colon of a drive.
            b':' => url.push(':'),
            // Writing to a String cannot fail.
            _ => _ = write!(url, "%{byte:02X}"),
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_url_whatever_its_name() {
        for (path, url) in [
            ("/tmp/duban-1", "file:///tmp/duban-1"),
            ("/tmp/督 办/$HOME%/a#b", "file:///tmp/%E7%9D%A3%20%E5%8A%9E/%24HOME%25/a%23b"),
            (r"\\?\C:\Users\张 三\Temp", "file:///C:/Users/%E5%BC%A0%20%E4%B8%89/Temp"),
        ] {
            assert_eq!(file_url(Path::new(path)), url);
        }
    }
}
