//! Which issue has which photos: the colour of a photo says which it is. `tests/fixtures/photos/logs.py` made the workbooks.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use duban::album::{Album, IssuePhoto, PhotoFolders, PhotoStore, RowKey};
use duban::check::{self, CheckOptions, UnlistedValues};
use duban::document::photo::PhotoSource as _;
use duban::fault::Faults;
use duban::model::stage::Stage;
use duban::picture::PictureError;
use duban::project::{Project as Config, config};
use duban::source::Sources;
use duban::source::find::{self, InputFormat};
use duban::source::workbook::choice::Choice;
use image::{ImageFormat, Rgb, RgbImage};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::colours::{COLOURS, colour_of};
use crate::project::Project;
use crate::reading::{patched, with_parts_changed};

const HEADER: &str = "发现日期,责任单位,问题类别,问题描述,整改方式,整改前照片,整改后照片\n";

/// A photo of one colour.
fn photo(colour: &str, format: ImageFormat) -> Vec<u8> {
    let colour = COLOURS.iter().find(|(name, _)| *name == colour).unwrap().1;
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(8, 6, Rgb(colour)).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn colour(store: &PhotoStore, id: &str) -> &'static str {
    let picture = store.photo(id, (100, 100)).unwrap();
    colour_of(&image::load_from_memory(&picture.bytes).unwrap())
}

/// An album, and what was told of it, by line and code.
struct Made {
    album: Album,
    store: PhotoStore,
    faults: Vec<String>,
}

/// The album of the logs of a project.
fn made(project: &Project, logs: &[&str]) -> Made {
    let mut faults = Faults::default();
    let config = if project.path().join("duban.yaml").exists() {
        config::load(project.path(), &mut Sources::default(), &mut faults).unwrap()
    } else {
        Config::default()
    };
    let is_log = |head: &[u8]| duban::log::looks_like_log(head, &config);
    let choice = Choice { wanted: &[], is_log: &is_log };
    let paths: Vec<PathBuf> = logs.iter().map(|log| project.path().join(log)).collect();
    let mut sources = find::by_names(&paths, &mut std::io::empty(), InputFormat::Csv, &choice).unwrap();
    let ids: Vec<_> = sources.ids().collect();
    let folders =
        PhotoFolders { root: config.configured.then(|| project.path().to_owned()), working: project.path().to_owned() };
    let day = chrono::NaiveDate::from_ymd_opt(2021, 8, 20).unwrap();
    let options = CheckOptions { photos: Some(&folders), ..CheckOptions::on(day) };
    let logs = (&mut sources, ids.as_slice());
    let (.., album) = check::run(logs, &config, &options, &mut faults, UnlistedValues::default).unwrap();
    let faults = faults.sorted().into_iter().map(|fault| format!("{} {}", fault.place.line, fault.what.code()));
    Made { store: album.store(&config), faults: faults.collect(), album }
}

/// The photos of each issue: `3 before red, after green`.
fn told(Made { album, store, .. }: &Made) -> Vec<String> {
    let line = |(key, photos): (RowKey, &[Arc<IssuePhoto>])| {
        let photos: Vec<String> = photos
            .iter()
            .map(|photo| {
                let stage = if photo.stage == Stage::Other { "-" } else { photo.stage.key() };
                format!("{stage} {}", colour(store, &photo.id))
            })
            .collect();
        format!("{} {}", key.line, photos.join(", "))
    };
    album.rows().into_iter().map(line).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/photos").join(name)).unwrap()
}

const ALL: [&str; 3] = ["3 before red, after green", "4 before blue", "5 before yellow, after cyan"];

#[test]
fn each_issue_has_its_photos_before_and_after_however_a_workbook_keeps_them() {
    for (name, faults) in [
        // A logo above the table.
        ("log-xlsxwriter.xlsx", &["1 V137"][..]),
        ("log-openpyxl.xlsx", &[]),
        ("log-wps-cells.xlsx", &[]),
        ("log-excel-cells.xlsx", &[]),
        ("log-libreoffice.xls", &["1 V137"]),
        ("log-libreoffice.ods", &["1 V137"]),
    ] {
        let project = Project::with(&[]);
        project.write(name, &fixture(name));
        let made = made(&project, &[name]);
        assert_eq!(told(&made), ALL, "{name}");
        assert_eq!(made.faults, faults, "{name}");
    }
}

#[test]
fn a_lost_picture_is_told_and_is_no_evidence() {
    for name in ["log-wps-cells-lost.xlsx", "log-excel-cells-lost.xlsx"] {
        let project = Project::with(&[]);
        project.write(name, &fixture(name));
        let made = made(&project, &[name]);
        assert_eq!(told(&made), [""; 0], "{name}");
        assert_eq!(made.faults, ["3 V136", "3 V136", "4 V136", "5 V136", "5 V136"], "{name}");
    }
}

#[test]
fn a_picture_of_a_workbook_that_is_cut_off_is_told() {
    for name in ["log-openpyxl.xlsx", "log-wps-cells.xlsx", "log-excel-cells.xlsx", "log-libreoffice.ods"] {
        let project = Project::with(&[]);
        let is_picture = |part: &str| part.contains("media/") || part.starts_with("Pictures/");
        let cut = |part: &str, bytes: Vec<u8>| {
            let end = if is_picture(part) { bytes.len() * 3 / 4 } else { bytes.len() };
            bytes[..end].to_vec()
        };
        project.write(name, &with_parts_changed(&fixture(name), cut));
        let made = made(&project, &[name]);
        assert_eq!(told(&made), [""; 0], "{name}");
        let told = made.faults.iter().filter(|fault| fault.ends_with("V134"));
        assert_eq!(told.collect::<Vec<_>>(), ["3 V134", "3 V134", "4 V134", "5 V134", "5 V134"], "{name}");
    }
}

/// Merged cells are as large as their author likes, and cost nothing.
#[test]
fn a_picture_over_merged_cells_is_that_of_every_row_in_them() {
    let merged = "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"F3:XFD900000\"/></mergeCells>";
    let book = patched(&fixture("log-openpyxl.xlsx"), "xl/worksheets/sheet1.xml", "</sheetData>", merged);
    let project = Project::with(&[]);
    project.write("log.xlsx", &book);
    let told = told(&made(&project, &["log.xlsx"]));
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|row| row.contains("before red")), "{told:?}");
}

/// A ZIP archive of photos, whose names are in some encoding.
fn archive(members: &[(&[u8], &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, colour) in members {
        // Names of one byte a character, which are changed below: the writer takes text only.
        let text: String = name.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '~' }).collect();
        zip.start_file(text, SimpleFileOptions::default()).unwrap();
        zip.write_all(&photo(colour, ImageFormat::Png)).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    for (name, _) in members {
        let text: Vec<u8> = name.iter().map(|byte| if byte.is_ascii() { *byte } else { b'~' }).collect();
        for at in 0..bytes.len().saturating_sub(text.len()) {
            if bytes[at..at + text.len()] == text[..] {
                bytes[at..at + name.len()].copy_from_slice(name);
            }
        }
    }
    bytes
}

fn row(day: u32, before: &str, after: &str) -> String {
    format!("2021-08-{day:02},贾陈社区,消防安全,第{day}处堆放杂物,现场整改,{before},{after}\n")
}

#[test]
fn names_are_found_beside_the_log_in_the_folder_of_the_config_and_in_archives() {
    let project = Project::with(&[]);
    let gbk: Vec<u8> = encoding_rs::GB18030.encode("照片/楼道1.png").0.into_owned();
    project.write("logs/照片/1.JPG", &photo("red", ImageFormat::Jpeg));
    project.write("logs/照片/楼道 2.jpg", &photo("green", ImageFormat::Jpeg));
    // A `.jpg` that is a PNG.
    project.write("photos/3.jpg", &photo("blue", ImageFormat::Png));
    project.write("logs/照片.zip", &archive(&[(&gbk, "yellow"), (b"a/2.png", "cyan")]));
    project.write("media.zip", &archive(&[(b"attachments/5/five.png", "magenta")]));
    let rows = row(1, "照片\\1.jpg 照片/楼道 2.JPG", "3.jpg")
        + &row(2, "照片.zip/照片/楼道1.png", "\"照片.zip\\A\\2.PNG\"")
        + &row(3, "", "有");
    project.write("logs/a.csv", format!("{HEADER}{rows}").as_bytes());
    project.write("duban.yaml", "logs: [logs]\nphotos: {folder: photos}\n".as_bytes());
    let found = made(&project, &["logs/a.csv"]);
    assert_eq!(found.faults, [""; 0]);
    let expected = ["2 before red, before green, after blue", "3 before yellow, after cyan"];
    assert_eq!(told(&found), expected);

    let yaml = "- {发现日期: 2021-08-03, 责任单位: 贾陈社区, 问题类别: 消防安全, 问题描述: 堆放杂物, 整改方式: 现场整改,\n   \
                photo_before: [照片/1.jpg, 照片/楼道 2.jpg], 整改后照片: five.png, 照片_URL: https://example.com/1.jpg}\n";
    project.write("logs/b.yaml", yaml.as_bytes());
    project.write("duban.yaml", "logs: [logs]\nphotos: {folder: media.zip}\n".as_bytes());
    let found = made(&project, &["logs/b.yaml"]);
    assert_eq!(found.faults, [""; 0]);
    assert_eq!(told(&found), ["1 before red, before green, after magenta"]);
}

#[test]
fn what_can_not_be_used_is_told_and_the_rest_is_there() {
    let project = Project::with(&[("duban.yaml", "photos: {max_bytes: 5000}\n")]);
    project.write("1.jpg", &photo("red", ImageFormat::Jpeg));
    project.write("2.jpg", b"\0\0\0\x18ftypheic0000");
    let cut = photo("red", ImageFormat::Jpeg);
    let cut = &cut[..cut.len() - 3];
    project.write("cut.jpg", cut);
    project.write("3.png", &[photo("blue", ImageFormat::Png), vec![0; 6000]].concat());
    project.write("照片.zip", b"no archive");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", project.path().join("6.jpg")).unwrap();
    #[cfg(not(unix))]
    project.write("6.jpg", b"");
    for (name, code) in [
        ("2.jpg", "V134"),
        ("cut.jpg", "V134"),
        ("说明.pdf", "V134"),
        ("照片.zip/1.jpg", "V134"),
        ("3.png", "V135"),
        ("4.jpg", "V131"),
        ("照片2.zip/1.jpg", "V131"),
        ("../1.jpg", "V132"),
        ("/etc/1.jpg", "V132"),
        ("C:\\照片\\1.jpg", "V132"),
        #[cfg(unix)]
        ("6.jpg", "V132"),
        ("https://example.com/1.jpg", "V136"),
        ("file:///1.jpg", "V132"),
    ] {
        project.write("log.csv", format!("{HEADER}{}", row(3, &format!("1.jpg；{name}"), "")).as_bytes());
        let found = made(&project, &["log.csv"]);
        assert_eq!(found.faults, [format!("2 {code}")], "{name}");
        assert_eq!(told(&found), ["2 before red"], "{name}");
    }
    // One photo at two issues; one both before and after; one named twice in a cell is one.
    let rows = row(3, "1.jpg、1.jpg", "") + &row(4, "1.jpg", "");
    project.write("log.csv", format!("{HEADER}{rows}").as_bytes());
    assert_eq!(made(&project, &["log.csv"]).faults, ["3 V133"]);
    project.write("log.csv", format!("{HEADER}{}", row(3, "1.jpg", "1.jpg")).as_bytes());
    let found = made(&project, &["log.csv"]);
    assert_eq!(found.faults, ["2 V133"]);
    assert_eq!(told(&found), ["2 before red, after red"]);
}

#[test]
fn a_log_without_its_photos_is_told_once() {
    let project = Project::with(&[]);
    let rows: String = (1..20).map(|day| row(day, &format!("{day}.jpg"), "")).collect();
    project.write("log.csv", format!("{HEADER}{rows}").as_bytes());
    let found = made(&project, &["log.csv"]);
    assert_eq!(found.faults, ["2 V131"]);
    // If some are there, each that is not is told.
    project.write("1.jpg", &photo("red", ImageFormat::Jpeg));
    assert_eq!(made(&project, &["log.csv"]).faults.len(), 18);
}

/// A photo held on its side, with the name of its author and a place in its metadata.
fn turned_and_tagged() -> Vec<u8> {
    let image = RgbImage::from_fn(40, 20, |x, _| if x < 20 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    let bytes = bytes.into_inner();
    // Exif, little-endian: orientation 6, turn right by 90°; artist; the block of the place (GPS).
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x03\0".to_vec();
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    exif.extend(b"\x3b\x01\x02\0\x08\0\0\0\x32\0\0\0");
    exif.extend(b"\x25\x88\x04\0\x01\0\0\0\x3a\0\0\0\0\0\0\0zhangsan");
    exif.extend(b"\x01\0\x1d\0\x02\0\x0b\0\0\0GPS-2021:08");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&bytes[..2], &[0xFF, 0xE1], &length, &exif, &bytes[2..]].concat()
}

#[test]
fn a_photo_comes_upright_and_clean_from_a_file_an_archive_and_a_workbook() {
    let project = Project::with(&[]);
    let photo = turned_and_tagged();
    assert!(photo.windows(3).any(|window| window == b"GPS"));
    project.write("1.jpg", &photo);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("2.jpg", SimpleFileOptions::default()).unwrap();
    zip.write_all(&photo).unwrap();
    project.write("p.zip", &zip.finish().unwrap().into_inner());
    project.write("log.csv", format!("{HEADER}{}", row(3, "1.jpg", "p.zip/2.jpg")).as_bytes());
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (line, text) in (0..).zip(format!("{HEADER}{}", row(3, "", "")).lines()) {
        for (column, cell) in (0..).zip(text.split(',')) {
            sheet.write_string(line, column, cell).unwrap();
        }
    }
    let image = rust_xlsxwriter::Image::new_from_buffer(&photo).unwrap().set_scale_to_size(30, 15, false);
    sheet.insert_image(1, 5, &image).unwrap();
    project.write("log.xlsx", &book.save_to_buffer().unwrap());
    let mut seen = 0;
    for log in ["log.csv", "log.xlsx"] {
        let made = made(&project, &[log]);
        for photo in made.album.rows().into_iter().flat_map(|(_, photos)| photos) {
            let picture = made.store.photo(&photo.id, (100, 100)).unwrap();
            assert_eq!(picture.size, (20, 40), "{}", photo.place);
            let holds = |text: &[u8]| picture.bytes.windows(text.len()).any(|window| window == text);
            assert!(!holds(b"Exif") && !holds(b"GPS") && !holds(b"zhang"), "{}", photo.place);
            let image = image::load_from_memory(&picture.bytes).unwrap().to_rgb8();
            assert!(image.get_pixel(10, 5)[0] > 200 && image.get_pixel(10, 35)[2] > 200, "{}", photo.place);
            assert_eq!(made.store.photo(&photo.id, (100, 10)).unwrap().size, (5, 10));
            seen += 1;
        }
        assert!(made.store.photo("none", (9, 9)).is_err());
    }
    assert_eq!(seen, 3);
}

const TEMPLATE: &str = "---\ntitle: 照片\n---\n\
    {% for i in issues() %}{{ i.unit }}：\
    {% for p in photos(issue=i, stage=\"before\") %}{{ p.photo }}={{ p.caption }} {% endfor %}\
    {% for p in i.photos %}{{ p.stage }} {{ p.place }}；{% endfor %}\n\n{% endfor %}\
    共{{ photos() | length }}张，{{ photos(unit=\"贾陈社区\") | length }}张\n";

/// A project whose kind shows photos, and a workbook that has some.
fn project_with_kind(more: &str) -> Project {
    let project = Project::with(&[
        ("duban.yaml", &format!("office: {{name: 督查办}}\nlogs: [logs]\n{more}")),
        ("report-templates/own/kind.yaml", "title: 照片\nper: one\n"),
        ("report-templates/own/zh.md", TEMPLATE),
    ]);
    project.write("logs/a.xlsx", &fixture("log-wps-cells.xlsx"));
    project
}

fn draft(project: &Project, more: &[&str]) -> String {
    let day: &[&str] = if more.contains(&"--from-data") { &[] } else { &["--as-of", "2021-08-20"] };
    let run = project.run(&[&["draft", "own", "--to", "md"], day, more].concat());
    assert_eq!(run.status, 0, "{run:?}");
    std::fs::read_to_string(project.path().join(run.stdout.lines().next().unwrap())).unwrap()
}

#[test]
fn templates_get_photos_with_captions_and_saved_data_keep_them() {
    let project = project_with_kind("");
    let text = draft(&project, &[]);
    assert!(text.contains("贾陈社区：楼道堆放杂物（整改前，2021年8月3日）"), "{text}");
    assert!(text.contains("before logs/a.xlsx!台账!F3；after logs/a.xlsx!台账!G3；"), "{text}");
    assert!(text.contains("共5张，2张"), "{text}");
    // The saved data hold where the photos are, and none of their bytes.
    let data = project.run(&["draft", "own", "--as-of", "2021-08-20", "--data"]).success();
    let json = data.json();
    let photos = json["records"]["issues"][0]["photos"].as_array().unwrap();
    assert_eq!((photos.len(), &photos[0]["stage"], &photos[0]["file"]), (2, &"before".into(), &"logs/a.xlsx".into()));
    project.write("data.json", data.stdout.as_bytes());
    assert_eq!(draft(&project, &["--from-data", "data.json"]), text);
    // A store that is made of them finds them again.
    let photos: Vec<IssuePhoto> = json["records"]["issues"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|issue| issue["photos"].as_array().unwrap())
        .map(|photo| serde_json::from_value(photo.clone()).unwrap())
        .collect();
    let folders = PhotoFolders { root: Some(project.path().to_owned()), working: project.path().to_owned() };
    let logs = std::collections::BTreeSet::from(["logs/a.xlsx".to_owned()]);
    let store = PhotoStore::of_saved(&photos, &logs, &folders, &Config::default().photos);
    let colours: Vec<&str> = photos.iter().map(|photo| colour(&store, &photo.id)).collect();
    assert_eq!(colours, ["red", "green", "blue", "yellow", "cyan"]);
    // Another workbook than a log of the data is not opened.
    let store = PhotoStore::of_saved(&photos, &std::collections::BTreeSet::new(), &folders, &Config::default().photos);
    assert!(photos.iter().all(|photo| matches!(store.photo(&photo.id, (9, 9)), Err(PictureError::Missing { .. }))));
}

/// The built-in bulletin and notice have an attachment of photos if there are any, and none of the unit's neighbours.
#[test]
fn built_in_kinds_show_photos_before_and_after() {
    let project = Project::with(&[("duban.yaml", "office: {name: 督查办}\n")]);
    let head = "unit,description,disposition,found_on,deadline,rectified_on,photo_before,photo_after\n";
    let rows = "甲,楼道堆放杂物,deadline,2021-08-03,2021-08-30,,1.png,\n乙,灭火器过期,deadline,2021-08-03,2021-08-30,2021-08-09,2.png,3.png\n";
    project.write("log.csv", format!("{head}{rows}").as_bytes());
    for (name, colour) in [("1.png", "red"), ("2.png", "green"), ("3.png", "blue")] {
        project.write(name, &photo(colour, ImageFormat::Png));
    }
    let draft = |kind: &str, lang: &str, more: &[&str]| {
        let arguments = ["draft", kind, "@/log.csv", "--as-of", "2021-08-20", "--to", "md", "--lang", lang];
        let run = project.run(&[&arguments, more].concat());
        assert_eq!(run.status, 0, "{run:?}");
        (std::fs::read_to_string(project.path().join(run.stdout.lines().next().unwrap())).unwrap(), run.stderr)
    };
    let (bulletin, told) = draft("bulletin", "zh", &[]);
    assert!(bulletin.contains("# 问题照片\n\n<!-- photos -->\n\n| 整改前 | 整改后 |"), "{bulletin}");
    assert!(bulletin.contains("| （未提供） |") && bulletin.contains("图3　乙：灭火器过期（整改后，2021年8月9日）"));
    assert!(told.contains("不含照片：3 张"), "{told}");
    let (notice, told) = draft("rectification", "en", &[]);
    let form = notice.find("# Photographs before and after\n\nPlease put").map(|start| &notice[start..]);
    assert!(form.is_some_and(|form| form.contains("<!-- photos -->\n\n| Before | After |\n")), "{notice}");
    assert!(!notice.contains("乙"), "{notice}");
    assert!(told.contains("does not hold them: 1"), "{told}");
    assert!(!draft("bulletin", "zh", &["--edition", "public"]).0.contains("照片"));
    // One that is found to be damaged as the document is made is told by its place.
    let whole = photo("red", ImageFormat::Png);
    let mut damaged = whole;
    damaged[45] ^= 0xFF;
    project.write("1.png", &damaged);
    let arguments = ["draft", "bulletin", "@/log.csv", "--as-of", "2021-08-20", "--to", "html", "--lang", "zh"];
    let run = project.run(&arguments);
    assert!(run.status == 0 && run.stderr.contains("1.png”用不了"), "{run:?}");
    project.write("log.csv", format!("{head}甲,楼道堆放杂物,deadline,2021-08-03,2021-08-30,,,\n").as_bytes());
    assert!(!draft("bulletin", "zh", &[]).0.contains("照片"));
}

/// A ledger that comes back is a log with the same photos at the same issues.
#[test]
fn a_ledger_shows_photos_in_its_cells_and_is_read_again_with_them() {
    let project = Project::with(&[]);
    project.write("1.jpg", &photo("red", ImageFormat::Jpeg));
    project.write("2.jpg", &photo("green", ImageFormat::Jpeg));
    let rows = row(3, "1.jpg", "2.jpg") + &row(4, "", "");
    project.write("log.csv", format!("{HEADER}{rows}").as_bytes());
    project.write("book.xlsx", &fixture("log-wps-cells.xlsx"));
    for (log, lang) in [("log.csv", "zh"), ("book.xlsx", "zh"), ("book.xlsx", "en")] {
        let of_log = made(&project, &[log]);
        let day = ["--as-of", "2021-08-20", "--lang", lang, "--to", "xlsx"];
        let run = project.run(&[&["draft", "ledger", &format!("@/{log}")], &day[..]].concat());
        assert_eq!((run.status, run.stderr.contains("读不出")), (0, false), "{run:?}");
        let ledger = run.stdout.lines().next().unwrap().to_owned();
        let again = made(&project, &[&ledger]);
        let photos =
            |made: &Made| told(made).iter().map(|row| row.split_once(' ').unwrap().1.to_owned()).collect::<Vec<_>>();
        assert_eq!(photos(&again), photos(&of_log), "{log}");
        // It says that it is a ledger of duban.
        assert_eq!(again.faults, ["1 L121"], "{log}");
        let public =
            project.run(&[&["draft", "ledger", &format!("@/{log}"), "--edition", "public"], &day[..]].concat());
        assert_eq!(photos(&made(&project, &[public.stdout.lines().next().unwrap()])), [""; 0], "{log}");
    }
}

#[test]
fn a_page_shows_the_photos_of_each_issue_small() {
    let project = Project::with(&[]);
    project.write("log.xlsx", &fixture("log-wps-cells.xlsx"));
    let page = |more: &[&str]| {
        let run = project.run(&[&["page", "@/log.xlsx", "--as-of", "2021-08-20", "--lang", "zh"], more].concat());
        assert_eq!(run.status, 0, "{run:?}");
        (run.stdout, run.stderr)
    };
    let (html, _) = page(&[]);
    assert!(html.contains("img-src data:; base-uri"));
    let issue =
        html.split("<li id=\"i").find(|issue| issue.contains("<b>贾陈社区</b>") && issue.contains("<img")).unwrap();
    let stages: Vec<&str> = ["整改前", "整改后"]
        .into_iter()
        .filter(|stage| issue.contains(&format!("<figcaption>{stage}</figcaption>")))
        .collect();
    assert_eq!((stages, issue.matches("<img width=").count()), (vec!["整改前", "整改后"], 2), "{issue}");
    assert!(issue.contains("alt=\"贾陈社区：楼道堆放杂物（整改前，2021年8月3日）\" src=\"data:image/"), "{issue}");
    let (public, told) = page(&["--edition", "public"]);
    assert!(!public.contains("<img") && !public.contains("img-src") && told.contains("公开版不放问题的照片"), "{told}");
    project.write("duban.yaml", "privacy: {pictures: show}\n".as_bytes());
    assert_eq!(page(&["--edition", "public"]).0.matches("<img width=").count(), html.matches("<img width=").count());
}

#[test]
fn a_public_edition_has_photos_only_where_they_are_released() {
    let public = |more: &str| draft(&project_with_kind(more), &["--edition", "public"]);
    let arguments = ["draft", "own", "--as-of", "2021-08-20", "--to", "md", "--edition", "public"];
    let told = project_with_kind("").run(&arguments).stderr;
    assert!(told.contains("5 张") && told.contains("pictures: show"), "{told}");
    assert!(public("").contains("共0张，0张"));
    assert!(public("privacy: {pictures: show}\n").contains("共5张，2张"));
}

#[test]
fn a_table_of_pairs_has_before_beside_after() {
    let project = project_with_kind("");
    // As text, to be seen as it is.
    let as_text = "{{ photo_pairs() | replace(from=\"<!-- photos -->\", to=\"MARK\") | replace(from=\"photo:\", to=\"at:\") | replace(from=\"\n\", to=\"~\") | replace(from=\"![\", to=\"[\") | replace(from=\"](\", to=\"] (\") }}";
    project.write("report-templates/own/zh.md", format!("---\ntitle: 照片\n---\n{as_text}\n").as_bytes());
    let text = draft(&project, &[]).replace('\\', "").replace('\n', " ");
    let heads = "MARK~~| 整改前 | 整改后 |~|---|---|~| [贾陈社区：楼道堆放杂物（整改前，2021年8月3日）] (at:";
    assert!(text.contains(heads), "{text}");
    assert!(text.contains(" | [贾陈社区：楼道堆放杂物（整改后）] (at:"), "{text}");
    assert!(text.contains("灭火器过期（整改前，2021年8月4日）] (at:") && text.contains(" | （未提供） |~"), "{text}");
    let unit =
        "---\ntitle: 照片\n---\n{% for i in issues(unit=\"南岗社区\") %}{{ photo_pairs(issue=i) }}{% endfor %}\n";
    project.write("report-templates/own/zh.md", unit.as_bytes());
    assert_eq!(project.run(&["kinds", "check", "own"]).status, 0);
    let wrong = "---\ntitle: 照片\n---\n{{ photos(stage=\"befor\") | length }}{{ photo_pairs(issue=\"a\") }}\n";
    project.write("report-templates/own/zh.md", wrong.as_bytes());
    let run = project.run(&["kinds", "check", "own"]);
    assert!(run.status != 0 && run.stderr.contains("befor") && run.stderr.contains("issue="), "{run:?}");
}

#[test]
fn check_says_how_many_photos_there_are_and_with_v_which() {
    let project = Project::with(&[]);
    project.write("a.xlsx", &fixture("log-openpyxl.xlsx"));
    let run = project.run(&["check", "@/a.xlsx", "--as-of", "2021-08-20"]);
    assert!(run.stderr.contains("照片：3 个问题有 5 张（整改前 3、整改后 2）"), "{run:?}");
    let run = project.run(&["check", "@/a.xlsx", "--as-of", "2021-08-20", "-v"]);
    assert!(run.stderr.contains("a.xlsx!台账:3  整改前 ") && run.stderr.contains("!台账!G3"), "{run:?}");
    assert_eq!(project.run(&["check", "@/a.xlsx", "--as-of", "2021-08-20", "-q"]).stderr, "");
    let json = project.run(&["check", "@/a.xlsx", "--as-of", "2021-08-20", "--format", "json"]).json();
    let photos: Vec<String> = json["photos"].as_array().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(photos.len(), 5);
    let place = |name: &str| project.path().join(name).display().to_string().replace('\\', "/");
    assert_eq!(
        photos[0],
        serde_json::json!({
            "file": place("a.xlsx"), "sheet": "台账", "line": 3, "stage": "before", "place": place("a.xlsx!台账!F3")
        })
        .to_string()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever an archive holds, a photo is found or told, and nothing stops the run.
    #[test]
    fn a_damaged_archive_stops_nothing(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let project = Project::with(&[]);
        let mut bytes = archive(&[(b"a/1.png", "red"), (b"2.png", "green"), (b"..\\3.png", "blue")]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        project.write("p.zip", &bytes);
        project.write("log.csv", format!("{HEADER}{}", row(3, "p.zip/a/1.png p.zip/../3.png", "p.zip/2.png")).as_bytes());
        let made = made(&project, &["log.csv"]);
        let found: Vec<_> = made.album.rows().into_iter().flat_map(|(_, photos)| photos).collect();
        prop_assert!(found.len() + made.faults.len() >= 3, "{:?}", made.faults);
        for photo in found {
            let _ = made.store.photo(&photo.id, (9, 9));
        }
    }
}
