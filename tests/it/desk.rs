//! What the page of gate and desk asks for, what it is answered, and who is answered nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use serde_json::{Value, json};

use duban::words::lang::Lang;

use crate::project::Project;

pub(crate) const LOG: &str = "问题编号,检查时间,责任单位,问题类别,问题描述,整改方式,整改期限,整改情况,整改完成时间\n\
                   A-1,2021-08-01,甲社区,消防,楼道堆放杂物,限期整改,2021-08-10,,\n\
                   A-2,2021-08-32,丙社区,消防,灭火器压力不足,限期整改,2021-08-09,已整改,2021-08-08\n";
const CONFIG: &str = "office: {name: 督办室, code: 督}\nunits: [甲社区, 乙社区]\nlogs: ['logs/*.csv']\n";

fn desk() -> Project {
    Project::with(&[("duban.yaml", CONFIG), ("in/台账.csv", LOG)])
}

/// What a process in a folder answers, as the desk starts it.
fn answer(folder: &Path, arguments: &[&str], request: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_duban"))
        .args(arguments)
        .arg("call")
        .current_dir(folder)
        .env("LC_ALL", "zh_CN.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// What is answered on a day; `request` is an object.
fn ask_in(folder: &Path, arguments: &[&str], mut request: Value) -> Value {
    request["today"] = "2021-08-20".into();
    let (status, stdout, stderr) = answer(folder, arguments, &request.to_string());
    assert_eq!(status, 0, "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

pub(crate) fn ask(project: &Project, request: Value) -> Value {
    ask_in(project.path(), &[], request)
}

#[test]
fn a_page_is_told_what_check_tells() {
    let project = desk();
    let answer = ask(&project, json!({"call": "check", "files": ["in/台账.csv"]}));
    assert_eq!((&answer["status"], &answer["result"]["errors"]), (&1.into(), &2.into()), "{answer}");
    let told = project.run(&["check", "@/in/台账.csv", "--format", "json"]).json();
    let codes = |report: &Value| -> Vec<Value> {
        let of =
            |fault: &Value| json!([fault["code"], fault["line"], fault["column"], fault["message"], fault["help"]]);
        report["diagnostics"].as_array().unwrap().iter().map(of).collect()
    };
    assert_eq!(codes(&answer["result"]), codes(&told));
    // Each fault stands at its cell.
    let table = &answer["result"]["tables"][0];
    assert_eq!((&table["header"], &table["columns"][2]), (&0.into(), &"unit".into()));
    let marks: Vec<(u64, &Value, &Value)> = table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| {
            row["faults"].as_array().into_iter().flatten().map(|fault| (row["line"].as_u64().unwrap(), fault))
        })
        .map(|(line, fault)| (line, &fault["code"], &fault["cell"]))
        .collect();
    assert_eq!(marks, [(3, &"V101".into(), &1.into()), (3, &"V105".into(), &2.into())]);
}

#[test]
fn a_page_knows_the_words_of_the_project() {
    let about = ask(&desk(), json!({"call": "about"}));
    let about = &about["result"];
    assert_eq!((&about["office"], &about["has_project"]), (&"督办室".into(), &true.into()));
    assert_eq!(about["fields"]["unit"], json!({"label": "责任单位", "type": "choice", "values": ["甲社区", "乙社区"]}));
    assert_eq!(about["fields"]["deadline"]["type"], "date");
    let kinds: Vec<&str> =
        about["kinds"].as_array().unwrap().iter().map(|kind| kind["name"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"bulletin") && !kinds.contains(&"correction"), "{kinds:?}");
}

#[test]
fn a_word_is_taught_and_a_log_taken_in() {
    let project = desk();
    ask(&project, json!({"call": "learn", "field": "unit", "value": "丙社区", "as": "乙社区"}));
    let answer = ask(&project, json!({"call": "check", "files": ["in/台账.csv"]}));
    assert_eq!(answer["result"]["errors"], 1, "{answer}");
    let taken = ask(&project, json!({"call": "take", "file": "in/台账.csv"}));
    assert_eq!((&taken["status"], &taken["files"][0]), (&0.into(), &"logs/台账.csv".into()), "{taken}");
    let again = ask(&project, json!({"call": "take", "file": "in/台账.csv"}));
    assert_eq!(again["status"], 1, "{again}");
    assert!(again["messages"].as_str().unwrap().contains("已经有了"), "{again}");
    // A name that no pattern has is named by the config from then on.
    project.write("in/8月.tsv", LOG.replace(',', "\t").as_bytes());
    let taken = ask(&project, json!({"call": "take", "file": "in/8月.tsv"}));
    assert_eq!(taken["files"][0], "logs/8月.tsv", "{taken}");
    let config = std::fs::read_to_string(project.path().join("duban.yaml")).unwrap();
    assert!(config.contains("logs/8月.tsv"), "{config}");
}

#[test]
fn a_log_goes_back_to_its_place() {
    let project = Project::with(&[
        ("duban.yaml", "logs: ['logs/**/*.csv']\n"),
        ("logs/a/台账.csv", LOG),
        ("logs/b/台账.csv", LOG),
        ("in/台账 (2).csv", "other"),
    ]);
    let take = |log: &str, replace: bool| {
        ask(&project, json!({"call": "take", "file": "in/台账 (2).csv", "as": log, "replace": replace}))
    };
    // It is there, and no other file of the project can be meant.
    assert_eq!(take("logs/b/台账.csv", false)["status"], 1);
    for log in ["duban.yaml", "logs/../duban.yaml", "logs/../logs/c.csv", "c.csv", "logs/c.txt"] {
        assert_eq!(take(log, true)["status"], 2, "{log}");
    }
    assert_eq!(take("logs/b/台账.csv", true)["files"][0], "logs/b/台账.csv");
    let text = |name: &str| std::fs::read_to_string(project.path().join(name)).unwrap();
    assert_eq!((text("logs/a/台账.csv").as_str(), text("logs/b/台账.csv").as_str()), (LOG, "other"));
    assert_eq!(text("duban.yaml"), "logs: ['logs/**/*.csv']\n");
}

#[test]
fn a_paper_is_drafted_and_dispatched_once() {
    let project = desk();
    project.write("logs/a.csv", LOG.replace("2021-08-32", "2021-08-02").replace("丙社区", "乙社区").as_bytes());
    let draft = ask(&project, json!({"call": "draft", "kind": "bulletin", "formats": ["md"]}));
    assert_eq!(draft["files"][0], "out/bulletin-draft-2021-08-20.md", "{draft}");
    assert!(project.path().join("out/bulletin-draft-2021-08-20.md").is_file());
    let dispatch = json!({"call": "dispatch", "kind": "bulletin", "formats": ["md"], "request_id": "one"});
    let first = ask(&project, dispatch.clone());
    assert_eq!(first["result"]["documents"][0]["number"], "第1期", "{first}");
    let name = first["files"][0].as_str().unwrap();
    assert!(name.starts_with("out/") && project.path().join(name).is_file(), "{first}");
    // Asked again, it takes no second number.
    assert_eq!(ask(&project, dispatch)["result"]["documents"], first["result"]["documents"]);
    assert_eq!(project.run(&["register", "list", "--format", "json"]).json().as_array().unwrap().len(), 1);
}

#[test]
fn a_page_is_told_nothing_to_type() {
    let project = desk();
    let sound = LOG.replace("2021-08-32", "2021-08-02").replace("丙社区", "乙社区");
    project.write("logs/a.csv", sound.as_bytes());
    let dispatch = |request: &str| {
        ask(&project, json!({"call": "dispatch", "kind": "bulletin", "formats": ["md"], "request_id": request}))
    };
    dispatch("one");
    let draft = ask(&project, json!({"call": "draft", "kind": "bulletin", "formats": ["md"]}));
    project.write("logs/b.csv", LOG.replace("A-", "B-").as_bytes());
    for (answer, told) in [(draft, "不再逐条写"), (dispatch("two"), "改正后再发")] {
        let messages = answer["messages"].as_str().unwrap();
        assert!(messages.contains(told) && !messages.contains("--") && !messages.contains("duban check"), "{messages}");
    }
    let typed = project.run(&["draft", "bulletin"]).stderr;
    assert!(typed.contains("--all") && typed.contains("duban check"), "{typed}");
}

#[test]
fn what_is_no_request_is_told() {
    let project = desk();
    for request in [
        "",
        "[]",
        r#"{"call":"check","files":["../duban.yaml"]}"#,
        r#"{"call":"draft","kind":"--data"}"#,
        r#"{"call":"annotate","files":["in/台账.csv"],"to":"in/台账.csv"}"#,
        r#"{"call":"mend","file":"in/台账.csv","edits":[],"to":"in/台账.csv"}"#,
    ] {
        let (status, stdout, stderr) = answer(project.path(), &[], request);
        assert_eq!((status, stdout.as_str()), (2, ""), "{request}");
        assert!(stderr.starts_with("duban: "), "{stderr}");
    }
    assert_eq!(std::fs::read_to_string(project.path().join("in/台账.csv")).unwrap(), LOG);
}

#[test]
fn the_gate_holds_the_config_and_neither_logs_nor_register() {
    let project = desk();
    project.write("logs/a.csv", LOG.as_bytes());
    project.write("register.jsonl", b"");
    let module = project.write("duban.wasm", b"\0asm\x01\0\0\0");
    let page = project.path().join("gate.html");
    let (module, page) = (module.to_string_lossy().into_owned(), page.to_string_lossy().into_owned());
    let run = project.run(&["gate", "--module", &module, "-o", &page]).success();
    assert!(run.stderr.contains("duban.yaml"), "{}", run.stderr);
    let html = std::fs::read_to_string(&page).unwrap();
    let data = html.split("id=\"duban-project\">").nth(1).unwrap().split("</script>").next().unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["files"].as_object().unwrap().keys().collect::<Vec<_>>(), ["duban.yaml"]);
    assert!(html.contains("connect-src 'none'"));
    // The same bytes again; and what is no module is refused.
    project.run(&["gate", "--module", &module, "-o", &page]).success();
    assert_eq!(std::fs::read_to_string(&page).unwrap(), html);
    let run = project.run(&["gate", "--module", "@/duban.yaml", "-o", &page]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("不是 WebAssembly 模块"), "{}", run.stderr);
    let run = project.run(&["gate", "-o", &page]);
    assert!(run.status == 2 && run.stderr.contains("--module"), "{}", run.stderr);
}

#[test]
fn the_gate_tells_what_can_not_be_in_the_page() {
    let allowances = "allowances: [{code: V105, file: 'logs/a.csv', until: 2031-01-01, why: 改名}]\n";
    let project = Project::with(&[
        ("office/duban.yaml", &format!("{CONFIG}{allowances}")),
        ("office/logs/a.csv", LOG),
        ("sites.csv", "name\n某楼\n"),
        ("duban.wasm", ""),
    ]);
    project.write("duban.wasm", b"\0asm\x01\0\0\0");
    let run = || project.run(&["gate", "-C", "@/office", "--module", "@/duban.wasm", "-o", "@/gate.html"]);
    let said = run().success().stderr;
    assert!(said.contains("按文件（file:）写的豁免"), "{said}");
    project.write("office/duban.yaml", format!("{CONFIG}sites: {{file: ../sites.csv}}\n").as_bytes());
    let run = run();
    assert!(run.status == 2 && run.stderr.contains("sites.csv：只能放项目文件夹里"), "{run:?}");
}

/// The desk as a process; it ends with the test.
struct Desk {
    child: Child,
    address: String,
    token: String,
}

impl Desk {
    fn open(project: &Project) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_duban"))
            .args(["open", "--no-browser", "--lang", "zh"])
            .arg(project.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (address, token) = line.trim().strip_prefix("http://").unwrap().split_once("/#t=").unwrap();
        Self { child, address: address.to_owned(), token: token.to_owned() }
    }

    fn ask(&self, head: &str, body: &[u8]) -> (u16, String) {
        ask_at(&self.address, head, body)
    }
}

/// The status and the body that a request is answered with.
fn ask_at(address: &str, head: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.replace('\n', "\r\n").as_bytes()).unwrap();
    stream.write_all(b"\r\n\r\n").unwrap();
    // Who is refused may be told before all is sent.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned())
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_desk_answers_its_own_page_and_nobody_else() {
    let project = desk();
    let desk = Desk::open(&project);
    let (host, token) = (&desk.address, &desk.token);
    let about = r#"{"call":"about"}"#;
    let length = format!("Content-Length: {}", about.len());
    let own = format!("POST /call HTTP/1.1\nHost: {host}\n{length}\nX-Duban-Token: {token}");
    let (status, body) = desk.ask(&own, about.as_bytes());
    assert_eq!(status, 200, "{body}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(answer["result"]["office"], "督办室", "{answer}");
    let with_origin = format!("{own}\nOrigin: http://{host}\nSec-Fetch-Site: same-origin");
    assert_eq!(desk.ask(&with_origin, about.as_bytes()).0, 200);
    for (head, refused) in [
        // Without the token, or with another.
        (format!("POST /call HTTP/1.1\nHost: {host}\n{length}"), 401),
        (format!("POST /call HTTP/1.1\nHost: {host}\n{length}\nX-Duban-Token: {}", "0".repeat(32)), 401),
        (format!("POST /call?t={token} HTTP/1.1\nHost: {host}\n{length}\nCookie: t={token}"), 401),
        // From pages of other sites, even if they knew it.
        (format!("{own}\nOrigin: http://example.com"), 403),
        (format!("{own}\nOrigin: null"), 403),
        (format!("{own}\nSec-Fetch-Site: cross-site"), 403),
        (format!("{own}\nSec-Fetch-Site: same-site"), 403),
        // Under another name (DNS rebinding).
        (own.replace(&format!("Host: {host}"), "Host: example.com"), 403),
        // What a browser asks before a page of another site may send a field of its own.
        (format!("OPTIONS /call HTTP/1.1\nHost: {host}\nOrigin: http://example.com"), 405),
        // Beyond the limits.
        (format!("PUT /files/a.csv HTTP/1.1\nHost: {host}\nX-Duban-Token: {token}\nContent-Length: 67108865"), 413),
        (format!("PUT /files/a.csv HTTP/1.1\nHost: {host}\nX-Duban-Token: {token}\nTransfer-Encoding: chunked"), 411),
        (format!("PUT /files/..%2Fduban.yaml HTTP/1.1\nHost: {host}\nX-Duban-Token: {token}\n{length}"), 404),
        (format!("GET /files/..%2Fduban.yaml HTTP/1.1\nHost: {host}\nX-Duban-Token: {token}"), 404),
        // The code that a browser is started with: unknown, and asked for by a page of another site.
        (format!("POST /token HTTP/1.1\nHost: {host}\n{length}\nX-Duban-Token: {token}"), 401),
        (format!("POST /token HTTP/1.1\nHost: {host}\n{length}\nOrigin: http://example.com"), 403),
    ] {
        assert_eq!(desk.ask(&head, about.as_bytes()).0, refused, "{head}");
    }
    assert_eq!(std::fs::read_to_string(project.path().join("duban.yaml")).unwrap(), CONFIG);
}

#[test]
fn a_log_is_handed_in_and_checked() {
    let project = desk();
    let desk = Desk::open(&project);
    let (host, token) = (&desk.address, &desk.token);
    let head = |line: &str, length: usize| {
        format!("{line} HTTP/1.1\nHost: {host}\nX-Duban-Token: {token}\nContent-Length: {length}")
    };
    let (status, body) = desk.ask(&head("PUT /files/a%20b.csv", LOG.len()), LOG.as_bytes());
    assert_eq!((status, body.as_str()), (200, r#"{"path":"in/a b.csv"}"#));
    let request = r#"{"call":"check","files":["in/a b.csv"],"today":"2021-08-20"}"#;
    let (_, body) = desk.ask(&head("POST /call", request.len()), request.as_bytes());
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&answer["status"], &answer["result"]["errors"]), (&1.into(), &2.into()), "{answer}");
    assert_eq!(answer["result"]["diagnostics"][0]["file"], "in/a b.csv");
    // Nothing of it lies in the project.
    let names = std::fs::read_dir(project.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| name != "a b.csv"));
    // What is no request is answered like a command that failed.
    let (status, body) = desk.ask(&head("POST /call", 2), b"{}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &answer["status"]), (200, &2.into()), "{answer}");
}

#[test]
fn a_folder_without_a_project_gets_one() {
    let folder = Project::with(&[("in/台账.csv", LOG)]);
    let project = folder.path().join("office");
    std::fs::create_dir(&project).unwrap();
    let named = project.to_string_lossy().into_owned();
    let ask = |request: Value| ask_in(folder.path(), &["-C", &named], request);
    assert_eq!(ask(json!({"call": "about"}))["result"]["has_project"], false);
    let made = ask(json!({"call": "setup", "office": "督办室", "files": ["in/台账.csv"]}));
    assert_eq!(made["status"], 0, "{made}");
    assert_eq!(ask(json!({"call": "about"}))["result"]["office"], "督办室");
}

/// What was answered to a browser that was started with an address and traded its code, twice.
static TRADED: Mutex<Vec<(u16, String)>> = Mutex::new(Vec::new());

#[test]
fn a_browser_is_started_with_a_code_that_is_good_once() {
    let project = desk();
    let run = project.run_changed(Lang::Zh, &["open", "@/"], &|world| {
        world.program = Some(env!("CARGO_BIN_EXE_duban").into());
        world.on_interrupt = |mut end| {
            end();
            Ok(())
        };
        world.open_in_browser = |address| {
            let (host, code) = address.strip_prefix("http://").unwrap().split_once("/#c=").unwrap();
            let trade = format!("POST /token HTTP/1.1\nHost: {host}\nContent-Length: 0\nX-Duban-Token: {code}");
            let answers = [(); 2].map(|()| ask_at(host, &trade, b""));
            TRADED.lock().unwrap().extend(answers);
            true
        };
    });
    let run = run.success();
    let (_, token) = run.stdout.trim().split_once("/#t=").unwrap();
    let traded = TRADED.lock().unwrap();
    assert_eq!(traded[0], (200, format!("{{\"token\":\"{token}\"}}")));
    assert_eq!(traded[1].0, 401);
}

#[test]
fn a_double_click_opens_the_desk() {
    let project = Project::with(&[("office/duban.yaml", CONFIG)]);
    let clicked = |arguments: &[&str], program: Option<std::path::PathBuf>| {
        project.run_changed(Lang::Zh, arguments, &|world| {
            world.is_double_clicked = true;
            world.program.clone_from(&program);
            // The user ends it at once.
            world.on_interrupt = |mut end| {
                end();
                Ok(())
            };
        })
    };
    let program = project.path().join("office/bin/duban");
    let run = clicked(&[], Some(program.clone())).success();
    assert!(run.stdout.starts_with("http://127.0.0.1:") && run.stdout.contains("/#t="), "{run:?}");
    // The window would close with what it says.
    let run = clicked(&[], None);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("找不到 duban") && run.stderr.ends_with("按回车键关闭\n"), "{run:?}");
    // Whoever gives a command gets that.
    let run = clicked(&["explain", "L101"], Some(program)).success();
    assert!(!run.stdout.contains("http:"), "{run:?}");
}
