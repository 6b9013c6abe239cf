//! `duban watch`: the process, its page, and what changes it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::project::Project;

/// Longer than any build takes: a wait that lasts so long has failed.
const PATIENCE: Duration = Duration::from_mins(1);
/// The most lines of the events that one version takes.
const MAX_LINES: usize = 24;
/// The most versions of a page that a test waits through.
const MAX_VERSIONS: usize = 30;

const HEADER: &str = "编号,点位,责任单位,问题类别,问题描述,发现日期,整改方式,整改期限,状态\n";
const CONFIG: &str = "lang: zh\nunits: [甲局, 乙局]\nlogs: ['logs/*.csv']\n";
const TEMPLATE: &str = "---\ntitle: 看\n---\n\n共{{ count() }}个。\n";

fn row(id: &str, unit: &str) -> String {
    format!("{id},店{id},{unit},资质,没有证照{id},2021-08-01,限期整改,2021-08-10,未整改\n")
}

fn project(template: &str, kind: &str) -> Project {
    Project::with(&[
        ("duban.yaml", CONFIG),
        ("logs/a.csv", &format!("{HEADER}{}", row("1", "甲局"))),
        ("report-templates/look/kind.yaml", kind),
        ("report-templates/look/zh.md", template),
    ])
}

/// Saves a file in one step, so that nobody sees half of it.
fn save(project: &Project, name: &str, text: &str) {
    let beside = project.write("saved", text.as_bytes());
    std::fs::rename(beside, project.path().join(name)).unwrap();
}

const ONE: &str = "title: {zh: 看}\nseries: none\n";
const BY_UNIT: &str = "title: {zh: 看}\nseries: none\nper: unit\n";

/// A running `duban watch`.
struct Watch {
    child: Child,
    address: String,
    /// Its messages, as they come.
    messages: BufReader<std::process::ChildStderr>,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Watch {
    fn start(project: &Project, arguments: &[&str]) -> Self {
        Self::start_with(project, &[&["--as-of", "2021-08-20"], arguments].concat())
    }

    fn start_with(project: &Project, arguments: &[&str]) -> Self {
        Self::start_of("look", project, arguments)
    }

    fn start_of(kind: &str, project: &Project, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        command.args(["watch", kind, "--port", "0", "-C"]).arg(project.path());
        command.args(arguments).current_dir(project.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/')).unwrap().to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{first}");
        let messages = BufReader::new(child.stderr.take().unwrap());
        Self { child, address, messages }
    }

    fn connect(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn ask(&self, method: &str, path: &str, host: &str) -> Answer {
        let mut stream = self.connect(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &self.address)
    }

    /// Waits until a page is as wanted, from one version to the next as a browser does.
    fn until(&self, path: &str, is_wanted: impl Fn(&str) -> bool) -> String {
        let mut seen = Vec::new();
        for _ in 0..MAX_VERSIONS {
            let page = self.get(path).body;
            if is_wanted(&page) {
                return page;
            }
            let version = page.split_once("data-version=\"").unwrap().1.split('"').next().unwrap().to_owned();
            self.next_version(&version);
            seen.push(page);
        }
        panic!("{path} was never as wanted: {seen:#?}");
    }

    fn until_has(&self, path: &str, text: &str) -> String {
        self.until(path, |page| page.contains(text))
    }

    /// Waits for another version than one that is known.
    fn next_version(&self, known: &str) {
        let request = format!("GET /events?since={known} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        // While nothing changes, a sign of life comes every quarter of a minute.
        let mut events = BufReader::new(self.connect(&request)).lines().take(MAX_LINES).map(Result::unwrap);
        let told = events.find(|line| line.starts_with("data: "));
        assert!(told.is_some(), "no other version comes than {}", self.get("/").body);
        assert_ne!(told, Some(format!("data: {known}")));
    }

    /// The next line that it writes to the terminal.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.messages.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_page_follows_the_template_and_the_logs() {
    let project = project(TEMPLATE, ONE);
    let mut watch = Watch::start(&project, &[]);
    let first = watch.until_has("/", "共<a class=\"n\"");
    assert_eq!(watch.line(), "look → 正常");
    // What `draft` writes, but for the script and its leave to run.
    project.run(&["draft", "look", "--as-of", "2021-08-20", "--to", "html", "-o", "@/out"]).success();
    let files = std::fs::read_dir(project.path().join("out")).unwrap();
    let page = files.map(|file| file.unwrap().path()).find(|path| path.extension().is_some_and(|end| end == "html"));
    let page = std::fs::read_to_string(page.unwrap()).unwrap();
    assert!(!page.contains("<script"), "{page}");
    let script = first.find("<script").unwrap()..first.find("</script>\n").unwrap() + "</script>\n".len();
    let served = first.replace(&first[script], "");
    let policy = served.find("; script-src 'sha256-").unwrap()..served.find("'self'").unwrap() + "'self'".len();
    assert_eq!(served.replace(&served[policy], ""), page);

    save(&project, "report-templates/look/zh.md", &TEMPLATE.replace('共', "现有"));
    watch.until_has("/", "现有<a");
    assert_eq!(watch.line(), "report-templates/look/zh.md → 正常");
    // A new file that the pattern takes in, and one that it does not.
    project.write("logs/notes.txt", b"x");
    save(&project, "logs/b.csv", &format!("{HEADER}{}", row("2", "乙局")));
    watch.until_has("/", "<b>2</b>");
    assert_eq!(watch.line(), "logs/b.csv → 正常");
    std::fs::remove_file(project.path().join("logs/b.csv")).unwrap();
    watch.until_has("/", "<b>1</b>");
    assert_eq!(watch.line(), "logs/b.csv → 正常");
    // As editors save: beside it, and by another name.
    let beside = project.write("report-templates/look/.zh.md.swp", TEMPLATE.replace('共', "总计").as_bytes());
    std::fs::rename(beside, project.path().join("report-templates/look/zh.md")).unwrap();
    watch.until_has("/", "总计<a");
    assert_eq!(watch.line(), "report-templates/look/zh.md → 正常");
    // A folder that goes and comes back is another.
    std::fs::remove_dir_all(project.path().join("logs")).unwrap();
    watch.until_has("/", "1 处错误");
    project.write("logs/a.csv", format!("{HEADER}{}{}", row("1", "甲局"), row("2", "乙局")).as_bytes());
    watch.until("/", |page| page.contains("<b>2</b>") && !page.contains("处错误"));
    project.write("logs/a.csv", format!("{HEADER}{}", row("1", "甲局")).as_bytes());
    watch.until_has("/", "<b>1</b>");
    // So is one that is put in its place.
    let path = |name: &str| project.path().join(name);
    project.write("other/a.csv", format!("{HEADER}{}{}", row("1", "甲局"), row("2", "乙局")).as_bytes());
    std::fs::rename(path("logs"), path("before")).unwrap();
    std::fs::rename(path("other"), path("logs")).unwrap();
    watch.until("/", |page| page.contains("<b>2</b>") && !page.contains("处错误"));
    // Written there, and not moved from another folder that is watched.
    project.write("logs/a.csv", format!("{HEADER}{}", row("1", "甲局")).as_bytes());
    watch.until_has("/", "<b>1</b>");
    // The config, and a folder that it names for the first time.
    project.write("duban.yaml", CONFIG.replace("logs/*.csv", "new/**/*.csv").as_bytes());
    watch.until_has("/", "1 处错误");
    project.write("new/deep/c.csv", format!("{HEADER}{}{}", row("3", "甲局"), row("4", "乙局")).as_bytes());
    watch.until_has("/", "<b>2</b>");
}

#[test]
fn the_page_for_the_leader_is_watched_too() {
    let project = project(TEMPLATE, ONE);
    let watch = Watch::start_of("page", &project, &["--as-of", "2021-08-20"]);
    watch.until_has("/", "全部问题（1个）");
    save(&project, "logs/b.csv", &format!("{HEADER}{}", row("2", "乙局")));
    watch.until_has("/", "全部问题（2个）");
    // What is told above it has a style that the page's policy knows.
    project.write("duban.yaml", format!("{CONFIG}broken: [\n").as_bytes());
    let told = watch.until_has("/", "1 处错误");
    let style = told.split_once("<style>\n.duban-watch").unwrap().1.split_once("</style>").unwrap().0;
    let hash = duban::digest::base64(format!("\n.duban-watch{style}").as_bytes());
    assert!(told.contains(&format!("'sha256-{hash}'")) && told.contains("全部问题（2个）"), "{hash}");
}

#[test]
fn the_last_good_page_stays_with_the_faults_above_it() {
    let project = project("---\ntitle: 看\n---\n\n{{ nope }}\n", ONE);
    let mut watch = Watch::start(&project, &[]);
    let page = watch.until_has("/", "nope");
    assert!(page.contains("1 处错误") && page.contains("zh.md:5:4") && !page.contains("之前的页面"), "{page}");
    assert_eq!(watch.line(), "look → 1 处错误，见页面");
    let template = |text: &str| project.write("report-templates/look/zh.md", format!("{TEMPLATE}{text}\n").as_bytes());
    template("");
    let good = watch.until("/", |page| page.contains("<b>1</b>") && !page.contains("处错误"));
    assert!(!good.contains("<aside"), "{good}");
    // What is quoted is no markup.
    template("{{ '<script>' ~ nope }}");
    let page = watch.until_has("/", "1 处错误；下面是出错之前的页面");
    assert!(page.contains("<b>1</b>") && page.contains("&lt;script&gt;"), "{page}");
    assert_eq!(page.matches("<script").count(), 1);
    template("");
    watch.until("/", |page| page == good);
    for (name, broken, mended) in [
        ("duban.yaml", format!("{CONFIG}nokey: 1\nother: 2\n"), CONFIG.to_owned()),
        ("logs/a.csv", "什么,也不是\n1,2\n".to_owned(), format!("{HEADER}{}", row("1", "甲局"))),
        ("report-templates/look/kind.yaml", "title: {zh: 看\n".to_owned(), ONE.to_owned()),
    ] {
        project.write(name, broken.as_bytes());
        let page = watch.until_has("/", "处错误；下面是出错之前的页面");
        assert!(page.contains("<b>1</b>"), "{name}: {page}");
        assert!(page.contains(if name == "duban.yaml" { "2 处错误" } else { "1 处错误" }), "{name}: {page}");
        project.write(name, mended.as_bytes());
        watch.until("/", |page| page == good);
    }
}

/// The data come through a pipe: whoever has opened it knows that a build is waiting there, its template read.
#[cfg(unix)]
#[test]
fn what_changes_during_a_build_causes_another() {
    let project = project(TEMPLATE, ONE);
    let data = project.run(&["draft", "look", "--as-of", "2021-08-20", "--data"]).success().stdout;
    let pipe = project.path().join("data");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let watch = Watch::start_with(&project, &["--from-data", "data"]);
    let build_waits = || {
        let (opened, pipe) = (std::sync::mpsc::channel(), pipe.clone());
        std::thread::spawn(move || opened.0.send(std::fs::File::options().write(true).open(pipe)));
        opened.1.recv_timeout(PATIENCE).expect("there is no build").unwrap()
    };
    let mut first = build_waits();
    save(&project, "report-templates/look/zh.md", &TEMPLATE.replace('共', "现有"));
    first.write_all(data.as_bytes()).unwrap();
    drop(first);
    watch.until_has("/", "共<a");
    let mut second = build_waits();
    second.write_all(data.as_bytes()).unwrap();
    drop(second);
    watch.until_has("/", "现有<a");
}

#[test]
fn only_known_pages_are_given_and_only_to_this_machine() {
    let project = project(TEMPLATE, ONE);
    let watch = Watch::start(&project, &[]);
    watch.until_has("/", "<article");
    let status = |method: &str, path: &str, host: &str| watch.ask(method, path, host).status;
    for host in ["localhost", "127.0.0.1:1", "[::1]:80", &watch.address] {
        assert_eq!(status("GET", "/", host), 200, "{host}");
    }
    for host in ["example.com", "127.0.0.1.example.com", "192.168.0.1"] {
        assert_eq!(status("GET", "/", host), 403, "{host}");
        assert_eq!(status("GET", "/events", host), 403, "{host}");
    }
    for path in ["/duban.yaml", "/../duban.yaml", "/2", "/favicon.ico", "//", "/report-templates/look/zh.md"] {
        let answer = watch.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains("logs:") && !answer.body.contains("count()"), "{path}");
    }
    for method in ["POST", "PUT", "OPTIONS"] {
        assert_eq!(status(method, "/", "localhost"), 405, "{method}");
    }
    let head = watch.ask("HEAD", "/", "localhost");
    assert!(head.status == 200 && head.body.is_empty());
    let fields: BTreeMap<String, &str> = head
        .head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value))
        .collect();
    assert_eq!(fields["cache-control"], "no-store");
    assert!(fields["content-security-policy"].contains("frame-ancestors 'none'"), "{fields:?}");
    assert!(!fields.keys().any(|name| name.starts_with("access-control") || name == "date"), "{fields:?}");
}

#[test]
fn several_documents_are_listed() {
    let template = "---\ntitle: 看\naddressee: \"{{ unit.name }}\"\n---\n\n共{{ count() }}个。\n";
    let project = project(template, BY_UNIT);
    project.write("logs/b.csv", format!("{HEADER}{}", row("2", "乙局")).as_bytes());
    let watch = Watch::start(&project, &["--poll"]);
    let list = watch.until_has("/", "href=\"/2\"");
    assert!(list.contains("甲局.html") && list.contains("乙局.html") && !list.contains("href=\"/3\""), "{list}");
    let letters = ["/1", "/2"].map(|path| watch.get(path));
    assert!(letters.iter().zip(["甲局", "乙局"]).all(|(answer, unit)| answer.body.contains(&format!("{unit}："))));
    assert!(letters[1].body.contains("<a href=\"/\">全部文书</a>"));
    // The second has gone, and its page waits for it to come back.
    std::fs::remove_file(project.path().join("logs/b.csv")).unwrap();
    watch.until("/2", |page| page.contains("这里没有文书") && page.contains("<script"));
    assert_eq!(watch.get("/2").status, 404);
    assert!(watch.get("/").body.contains("甲局："));
    project.write("logs/b.csv", format!("{HEADER}{}", row("2", "乙局")).as_bytes());
    watch.until_has("/2", "乙局：");
}

#[test]
fn what_can_not_be_watched_is_refused() {
    let project = project(TEMPLATE, ONE);
    let run = project.run(&["watch", "look", "-"]);
    assert!(run.status == 2 && run.stderr.contains("标准输入只能读一次"), "{run:?}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = project.run(&["watch", "look", "--port", &port]);
    assert!(run.status == 2 && run.stderr.contains(&format!("端口 {port} 已被占用")), "{run:?}");
    assert!(run.stdout.is_empty());
}

#[cfg(unix)]
#[test]
fn it_ends_well_when_it_is_interrupted() {
    let project = project(TEMPLATE, ONE);
    let mut watch = Watch::start(&project, &[]);
    watch.until_has("/", "<article");
    let id = watch.child.id().to_string();
    assert!(Command::new("sh").args(["-c", "kill -INT \"$0\"", &id]).status().unwrap().success());
    assert_eq!(watch.child.wait().unwrap().code(), Some(0));
    // Nothing was written.
    let mut names: Vec<_> =
        std::fs::read_dir(project.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["duban.yaml", "logs", "report-templates"]);
}
