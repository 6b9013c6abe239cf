//! `--to pdf`, with a script in the place of LibreOffice: what it is given, and what becomes of a run in which it fails.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use duban::pdf::program::Surroundings;
use duban::progress::Progress;
use duban::words::lang::Lang;
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

use crate::project::{Project, Run};

/// Writes the PDF that lies beside it for each document, and notes how it was called.
const SOUND: &str = r#"
{ echo "$*"; env; pwd; } >> "$here/calls"
for name; do case $name in *.docx) cp "$here/answer.pdf" "made/${name%.docx}.pdf";; esac; done
"#;

/// A LibreOffice of a test, in a folder of its own.
struct Office {
    folder: tempfile::TempDir,
    patience: Duration,
}

impl Office {
    fn with(script: &str, answer: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("soffice");
        std::fs::write(&program, format!("#!/bin/sh\nhere={}\n{script}", folder.path().display())).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::write(folder.path().join("answer.pdf"), answer).unwrap();
        Self { folder, patience: Duration::from_mins(1) }
    }

    fn sound() -> Self {
        Self::with(SOUND, &pdf(&["page 1"]))
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("soffice")
    }

    fn run(&self, project: &Project, arguments: &[&str]) -> Run {
        project.run_changed(Lang::Zh, arguments, &|world| {
            world.surroundings = Surroundings {
                folders: vec![self.folder.path().to_owned()],
                variables: vec![("PATH".into(), "/usr/bin:/bin".into()), ("HOME".into(), "/nowhere".into())],
                patience: self.patience,
            };
        })
    }

    fn calls(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("calls")).unwrap_or_default()
    }
}

/// A PDF of the minute, one page for each text.
fn pdf(pages: &[&str]) -> Vec<u8> {
    pdf_made_at("D:20261127232601Z'", pages)
}

fn pdf_made_at(minute: &str, pages: &[&str]) -> Vec<u8> {
    let mut document = Document::with_version("1.6");
    let parent = document.new_object_id();
    let font = dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" };
    let font = document.add_object(font);
    let mut kids: Vec<Object> = Vec::new();
    for text in pages {
        let content = format!("BT /F1 16 Tf ({text}) Tj ET");
        let content = document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
        kids.push(
            document.add_object(dictionary! { "Type" => "Page", "Parent" => parent, "Contents" => content }).into(),
        );
    }
    let count = i64::try_from(kids.len()).unwrap();
    let pages = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    };
    document.set_object(parent, pages);
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    document.trailer.set("Root", catalog);
    let info = document.add_object(dictionary! { "CreationDate" => Object::string_literal(minute) });
    document.trailer.set("Info", info);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

const LETTERS: [&str; 6] = ["dispatch", "reminder", "--as-of", "2021-08-20", "--to", "pdf"];

fn numbers(project: &Project) -> usize {
    project.run(&["register", "list", "--format", "json"]).success().json().as_array().unwrap().len()
}

fn written(project: &Project) -> Vec<String> {
    let files = std::fs::read_dir(project.path().join("documents")).into_iter().flatten();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn without_libreoffice_the_package_is_named_and_no_number_taken() {
    let project = Project::example("zhengdong-2021");
    let (before, files) = (numbers(&project), written(&project));
    for (lang, told) in [("zh", "安装 libreoffice-writer"), ("en", "Install the package libreoffice-writer")] {
        for command in ["dispatch", "draft"] {
            let arguments = [&[command], &LETTERS[1..], &["--lang", lang]].concat();
            let run = project.run(&arguments);
            assert_eq!((run.status, run.stdout.as_str()), (3, ""), "{run:?}");
            assert!(run.stderr.contains(told), "{}", run.stderr);
        }
    }
    assert_eq!((numbers(&project), written(&project)), (before, files));
    assert!(!project.path().join("drafts").exists());
}

#[test]
fn one_start_makes_all_and_the_register_keeps_their_hashes() {
    let (project, office) = (Project::example("zhengdong-2021"), Office::sound());
    let before = numbers(&project);
    let run = office.run(&project, &[&LETTERS[..], &["--together", "--again"]].concat()).success();
    let files: Vec<PathBuf> =
        run.stdout.lines().filter(|line| line.ends_with(".pdf")).map(|line| project.path().join(line)).collect();
    assert_eq!((files.len(), numbers(&project) - before), (7, 6), "{run:?}");
    assert!(run.stdout.lines().all(|line| !line.ends_with(".docx")), "{run:?}");
    project.run(&["register", "verify"]).success();
    let list = project.run(&["register", "list", "--format", "json"]).success().json();
    let files_of_last = list.as_array().unwrap().last().unwrap()["files"].to_string();
    assert!(files_of_last.contains(".pdf") && files_of_last.contains(".figures.json"), "{files_of_last}");

    // The day of the document, and one page on the front of each sheet.
    let pages = |path: &PathBuf| Document::load(path).unwrap().get_pages().len();
    let together: Vec<&PathBuf> = files.iter().filter(|path| path.to_string_lossy().contains("together")).collect();
    assert_eq!(together.into_iter().map(pages).collect::<Vec<_>>(), [11]);
    assert_eq!(files.iter().map(pages).sum::<usize>(), 6 + 11);
    for file in &files {
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        assert!(text.contains("D:20210820000000Z") && !text.contains("2026"), "{text}");
    }

    // Six letters and the specimen of the faces, in one start.
    let calls = office.calls();
    let starts: Vec<&str> = calls.lines().filter(|line| line.contains("--convert-to")).collect();
    assert_eq!(starts.len(), 1, "{calls}");
    assert!(
        starts[0].contains("--headless") && starts[0].ends_with("0.docx 1.docx 2.docx 3.docx 4.docx 5.docx 6.docx")
    );
    assert!(starts[0].contains("-env:UserInstallation=file:///"), "a profile of its own: {starts:?}");
    let names = calls.lines().filter_map(|line| Some(line.split_once('=')?.0)).filter(|name| !name.contains('-'));
    let foreign: Vec<&str> =
        names.filter(|name| !["PATH", "HOME", "LC_ALL", "TZ", "PWD", "SHLVL", "_", "OLDPWD"].contains(name)).collect();
    assert_eq!(foreign, [""; 0], "nothing else of the environment");
    let folder = calls.lines().last().unwrap();
    assert!(folder.contains("duban-pdf-") && !Path::new(folder).exists(), "{folder} is left behind");
}

/// The starter of LibreOffice passes on 254 arguments.
#[test]
fn no_start_has_more_documents_than_libreoffice_takes() {
    let row = |unit: usize| format!("A{unit},2021-08-03,第{unit}社区,消防,堆物,限期整改,2021-08-10,整改中\n");
    let rows = (0..230).map(row).collect::<Vec<_>>().concat();
    let log = format!("编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态\n{rows}");
    let config = "lang: zh\noffice: {name: 某办, code: 某}\nlogs: [a.csv]\n";
    let project = Project::with(&[("duban.yaml", config), ("a.csv", &log)]);
    let office = Office::sound();
    let run = office.run(&project, &[&["draft"], &LETTERS[1..]].concat()).success();
    assert_eq!(run.stdout.lines().filter(|line| line.ends_with(".pdf")).count(), 230);
    let calls = office.calls();
    let starts = calls.lines().filter(|line| line.contains("--convert-to"));
    let arguments: Vec<usize> = starts.map(|line| line.split(' ').count()).collect();
    assert!(arguments.len() == 2 && arguments.iter().all(|count| *count < 250), "{arguments:?}");
}

#[test]
fn the_same_documents_give_the_same_bytes_at_any_time() {
    let project = Project::example("zhengdong-2021");
    let bytes = |office: &Office, folder: &str| -> Vec<Vec<u8>> {
        let run = office.run(&project, &[&["draft"], &LETTERS[1..], &["--together", "-o", folder]].concat()).success();
        run.stdout.lines().map(|line| std::fs::read(project.path().join(line)).unwrap()).collect()
    };
    let later = pdf_made_at("D:20270101000000Z'", &["page 1"]);
    assert_ne!(later, pdf(&["page 1"]));
    assert_eq!(bytes(&Office::sound(), "one"), bytes(&Office::with(SOUND, &later), "two"));
}

#[test]
fn a_run_that_libreoffice_does_not_finish_takes_no_number() {
    let project = Project::example("zhengdong-2021");
    let (before, files) = (numbers(&project), written(&project));
    let one_missing = format!("{SOUND}rm made/3.pdf");
    for (script, answer, told) in [
        ("exit 0", &b""[..], "没有写出 reminder-2021-"),
        ("echo 'convert x -> y'; echo 'Error: no filter' >&2; exit 1", b"", "Error: no filter"),
        (&one_missing, &pdf(&["page 1"]), "没有写出 reminder-2021-"),
        (SOUND, b"no PDF", "读不了"),
        ("kill -9 $$", b"", "signal: 9"),
    ] {
        let run = Office::with(script, answer).run(&project, &LETTERS);
        assert_eq!((run.status, run.stdout.as_str()), (3, ""), "{script}: {run:?}");
        assert!(run.stderr.contains(told), "{script}: {}", run.stderr);
        assert_eq!((numbers(&project), written(&project)), (before, files.clone()), "{script}");
        project.run(&["register", "verify"]).success();
    }
    let broken = Office::with("", b"");
    std::fs::write(broken.program(), "#!/nowhere/sh\n").unwrap();
    let run = broken.run(&project, &LETTERS);
    assert!(run.status == 3 && run.stderr.contains("启动不了"), "{run:?}");
    assert_eq!(numbers(&project), before);
}

#[test]
fn a_libreoffice_that_hangs_is_ended_with_what_it_started() {
    // As LibreOffice's: a starter, and behind it the process that works and leaves its number.
    let script = "for name; do case $name in --pidfile=*) file=${name#--pidfile=};; esac; done
        sleep 1000 & echo $! > \"$file\"; echo $! > \"$here/behind\"; wait";
    let project = Project::example("zhengdong-2021");
    let before = numbers(&project);
    let office = Office { patience: Duration::from_millis(400), ..Office::with(script, b"") };
    let run = office.run(&project, &LETTERS);
    assert_eq!((run.status, run.stdout.as_str(), numbers(&project)), (3, "", before), "{run:?}");
    assert!(run.stderr.contains("已被结束"), "{}", run.stderr);
    let behind = std::fs::read_to_string(office.folder.path().join("behind")).unwrap();
    let is_alive = || {
        // One that ended and that nobody waits for is still listed.
        let state = Command::new("ps").args(["-o", "stat=", "-p", behind.trim()]).output().unwrap().stdout;
        !state.is_empty() && !state.starts_with(b"Z")
    };
    for _ in 0..100 {
        if !is_alive() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("process {behind} goes on");
}

#[test]
fn a_config_names_the_program_but_a_project_does_not_bring_it() {
    let office = Office::sound();
    let with = |path: &str| {
        let config = format!("lang: zh\noffice: {{name: 某办, code: 某}}\nlogs: [a.csv]\npdf: {{with: {path}}}\n");
        let log = "编号,发现日期,责任单位,问题类别,问题描述,整改方式,整改期限,整改状态\nA1,2021-08-03,甲社区,消防,堆物,限期整改,2021-08-10,整改中\n";
        Project::with(&[("duban.yaml", &config), ("a.csv", log)])
    };
    let draft = ["draft", "bulletin", "--as-of", "2021-08-20", "--to", "pdf"];
    let named = with(&office.program().display().to_string());
    let run = named.run_changed(Lang::Zh, &draft, &|world| world.surroundings.patience = office.patience);
    run.success();
    assert!(office.calls().contains("--convert-to"));

    for (path, status, told) in [
        ("/usr/bin/python3", 2, "python3"),
        ("soffice", 2, "soffice"),
        ("//server/share/soffice", 2, "server"),
        ("/nowhere/soffice", 3, "/nowhere/soffice"),
    ] {
        let run = with(path).run(&draft);
        assert!(run.status == status && run.stderr.contains(told), "{path}: {run:?}");
    }
    // A program that comes with the project is not run, whether the config names it or a link leads to it.
    let own = with("");
    let program = own.write("soffice", format!("#!/bin/sh\ntouch {}/ran\n", own.path().display()).as_bytes());
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let config = std::fs::read_to_string(own.path().join("duban.yaml")).unwrap();
    own.write("duban.yaml", config.replace("with: ", &format!("with: {}", program.display())).as_bytes());
    let run = own.run(&draft);
    assert!(run.status == 3 && run.stderr.contains("项目带来的程序不会运行"), "{run:?}");
    assert!(!own.path().join("ran").exists());
}

#[test]
fn the_text_of_a_public_pdf_is_searched() {
    let project = Project::example("zhengdong-2021");
    let log = "督查方式,编号,检查时间,检查组,责任单位,点位,问题类别,问题描述,整改方式,整改时限,整改情况,责任人,联系电话\n\
        过筛式督查,SM-001,2021-08-11,第一工作专班,金光路街道办事处,金光路东卡口,卡口防控,登记表缺页,限期整改,2021-08-14,正在补登,张三丰,13800138000\n";
    project.write("logs/08-private.csv", log.as_bytes());
    let draft = ["draft", "bulletin", "--as-of", "2021-08-20", "--to", "pdf", "--edition", "public"];
    Office::sound().run(&project, &draft).success();
    std::fs::remove_dir_all(project.path().join("drafts")).unwrap();
    let run = Office::with(SOUND, &pdf(&["page 1", "call 138 0013 8000"])).run(&project, &draft);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""), "{run:?}");
    assert!(run.stderr.contains("公开版.pdf 里有“13800138000”"), "{}", run.stderr);
    assert!(!project.path().join("drafts").exists());
}

#[test]
fn a_letter_on_the_offices_own_paper_becomes_a_pdf_too() {
    let (project, office) = (Project::example("own-paper"), Office::sound());
    let draft = ["draft", "reminder", "--as-of", "2021-08-12", "--to", "pdf", "--together"];
    let run = office.run(&project, &draft).success();
    assert_eq!(run.stdout.lines().filter(|line| line.ends_with(".pdf")).count(), 3, "{run:?}");
    assert!(run.stdout.contains("together.pdf") && !run.stderr.contains("不能合订"), "{run:?}");
}

#[test]
fn progress_is_told_while_libreoffice_works() {
    let (project, office) = (Project::example("zhengdong-2021"), Office::sound());
    let progress = Arc::<Progress>::default();
    let run = project.run_changed(Lang::Zh, &[&["draft"], &LETTERS[1..]].concat(), &|world| {
        world.progress = Arc::clone(&progress);
        world.surroundings.folders = vec![office.folder.path().to_owned()];
        world.surroundings.variables = vec![("PATH".into(), "/usr/bin:/bin".into())];
        world.surroundings.patience = Duration::from_mins(1);
    });
    run.success();
    assert_eq!((progress.so_far(), progress.done()), (None, 7));
}
