//! Each explain page: its wrong example gives exactly its code, at the place it says; its right one
//! gives nothing.

use duban::fault::CodeTable;
use duban::words::lang::Lang;

use crate::project::Project;
use crate::word_template::{p, word};
use crate::workbook::{Sheet, photo, workbook_with};

/// The files of an example, and where the fault is said to be.
#[derive(Default)]
pub(crate) struct Example {
    pub(crate) files: Vec<(String, String)>,
    pub(crate) place: Option<String>,
}

impl Example {
    /// Writes its files into a project and returns its logs.
    pub(crate) fn write(&self, project: &Project) -> Vec<String> {
        let all = self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let (books, files): (Vec<_>, Vec<(&str, &str)>) = all.partition(|(name, _)| name.contains(".xlsx"));
        for (name, text) in &files {
            // What stands for a byte that can't be shown.
            let bytes = text.split('\u{fffd}').map(str::as_bytes).collect::<Vec<_>>().join(&0xff);
            // Of a Word file the example shows the body.
            let bytes = if name.ends_with(".docx") { word(text, &p("x"), "") } else { bytes };
            // Of a photo it shows nothing.
            let bytes = if text.starts_with(['（', '(']) && is_photo(name) { photo() } else { bytes };
            project.write(name, &bytes);
        }
        if !books.is_empty() {
            let sheets: Vec<Sheet> = books
                .iter()
                .map(|(info, text)| {
                    let rows = |list: &str| list.split(',').filter_map(|row| row.parse().ok()).collect();
                    let (info, _) = info.split_once(" photo:").unwrap_or((info, ""));
                    let (name, struck) = info.split_once(" struck:").unwrap_or((info, ""));
                    let (name, hidden) = name.split_once(" hidden:").unwrap_or((name, ""));
                    let (name, _) = name.split_once(" by:").unwrap_or((name, ""));
                    let name = name.split_once('!').map_or("Sheet1", |(_, sheet)| sheet);
                    Sheet { name, text, hidden: rows(hidden), struck: rows(struck) }
                })
                .collect();
            let own = books.iter().find_map(|(info, _)| info.split_once(" by:"));
            let photos =
                books.iter().enumerate().filter_map(|(at, (info, _))| Some((at, info.split_once(" photo:")?.1)));
            let photos: Vec<(usize, &str)> = photos.collect();
            project.write("log.xlsx", &workbook_with(&sheets, own.map(|(_, own)| own), &photos));
        }
        let mut logs: Vec<String> = files
            .iter()
            .filter(|(name, _)| *name != "duban.yaml" && !name.starts_with("old/") && !is_photo(name))
            .map(|(name, _)| format!("@/{name}"))
            .collect();
        logs.extend((!books.is_empty()).then(|| "@/log.xlsx".to_owned()));
        logs
    }

    /// Whether it has a file whose name begins so.
    pub(crate) fn has(&self, start: &str) -> bool {
        self.files.iter().any(|(name, _)| name.starts_with(start))
    }
}

fn is_photo(name: &str) -> bool {
    name.ends_with(".jpg")
}

/// The wrong and the right example of a page.
pub(crate) fn examples(page: &str) -> (Example, Example) {
    let (mut wrong, mut right) = (Example::default(), Example::default());
    let mut section = String::new();
    let mut fence: Option<(String, String)> = None;
    for line in page.lines() {
        if let Some((name, text)) = &mut fence {
            if line.starts_with("```") {
                let example =
                    if matches!(section.as_str(), "错误示例" | "Wrong") { &mut wrong } else { &mut right };
                example.files.push((name.clone(), std::mem::take(text)));
                fence = None;
            } else {
                text.push_str(line);
                text.push('\n');
            }
        } else if let Some(info) = line.strip_prefix("```") {
            // `csv log.xlsx!九月 hidden:3`: a sheet of a workbook.
            let name = info.split_once(' ').map_or("", |(_, name)| name);
            fence = Some((name.to_owned(), String::new()));
        } else if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut section);
        } else if let Some(place) = line.strip_prefix("-> ") {
            wrong.place = Some(place.trim().to_owned());
        }
    }
    for example in [&mut wrong, &mut right] {
        example.files.retain(|(name, _)| !name.is_empty());
    }
    (wrong, right)
}

/// Code and place of every fault of an example.
fn faults(example: &Example, lang: Lang) -> Vec<(String, String)> {
    let project = Project::with(&[]);
    let logs = example.write(&project);
    if example.has("report-templates/") {
        return faults_of_template(&project, lang);
    }
    let mut arguments = vec!["check", "--format", "json", "--as-of", "2021-08-20"];
    arguments.extend(logs.iter().map(String::as_str));
    // What an example shows beside its log: the submission before, or the plan.
    if example.has("old/") {
        arguments.extend(["--against", "@/old"]);
    }
    if example.files.iter().any(|(name, text)| *name == "duban.yaml" && text.contains("\nsites:")) {
        arguments.push("--coverage");
    }
    let run = project.run_lang(lang, &arguments);
    if run.status == 2 {
        // The config is at fault: one line for each, `file:line:column: error[C402]: …`.
        let lines = run.stderr.lines().filter(|line| line.contains("error["));
        return lines
            .map(|line| {
                let code = line.split("error[").nth(1).unwrap().split(']').next().unwrap();
                let place = line.split(": ").next().unwrap().rsplit(':').take(2).collect::<Vec<_>>();
                (code.to_owned(), format!("{}:{}", place[1], place[0]))
            })
            .collect();
    }
    let json = run.json();
    let list = json["diagnostics"].as_array().unwrap();
    list.iter()
        .map(|fault| (fault["code"].as_str().unwrap().to_owned(), format!("{}:{}", fault["line"], fault["column"])))
        .collect()
}

/// Code and place of every fault of a template, from the report for people.
fn faults_of_template(project: &Project, lang: Lang) -> Vec<(String, String)> {
    project.write("duban.yaml", b"");
    let mut kind = "title: {zh: 示例, en: Example}\nper: one\n".to_owned();
    if project.path().join("report-templates/example/ours.docx").exists() {
        kind += "word_template: ours.docx\n";
        for lang in Lang::ALL {
            project.write(&format!("report-templates/example/{lang}.md"), b"---\ntitle: x\n---\n");
        }
    }
    project.write("report-templates/example/kind.yaml", kind.as_bytes());
    let run = project.run_lang(lang, &["kinds", "check", "example"]);
    let of = |severity: &'static str| run.stderr.split(severity).skip(1);
    let codes = of("error[").chain(of("warning[")).chain(of("note["));
    let codes = codes.map(|text| text.split(']').next().unwrap().to_owned());
    let places = run.stderr.lines().filter_map(|line| line.trim().strip_prefix("┌─ "));
    let places = places.map(|place| {
        let (rest, column) = place.rsplit_once(':').unwrap();
        format!("{}:{column}", rest.rsplit(':').next().unwrap())
    });
    codes.zip(places).collect()
}

#[test]
fn the_examples_of_every_page_do_what_the_page_says() {
    let mut wrong_pages = Vec::new();
    let codes = CodeTable::default();
    for code in codes.all() {
        for lang in [Lang::Zh, Lang::En] {
            let (wrong, right) = examples(codes.info(code).page(lang));
            let Some(place) = wrong.place.clone() else {
                wrong_pages.push(format!("{code} {lang}: no place"));
                continue;
            };
            let got = faults(&wrong, lang);
            let fits = matches!(got.as_slice(), [(found, at)] if *found == code.to_string() && *at == place);
            if !fits {
                wrong_pages.push(format!("{code} {lang}: the wrong example gives {got:?}, not {place}"));
            }
            let got = faults(&right, lang);
            if !got.is_empty() || right.files.is_empty() {
                wrong_pages.push(format!("{code} {lang}: the right example gives {got:?}"));
            }
        }
    }
    assert!(wrong_pages.is_empty(), "\n{}", wrong_pages.join("\n"));
}
