//! Photos in papers: in every format where they stand, in what size, clean, once, and what is said of one that can't be read.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use duban::document::layout::Look;
use duban::document::markdown::blocks;
use duban::document::photo::{NoPhotos, PhotoSource};
use duban::document::source::FigureSources;
use duban::document::{Block, Document, Foot, Head, Layout, PhotoCell, Photos};
use duban::picture::{Picture, PictureError, prepared};
use duban::word_template::{Content, Filled, WordTemplate};
use duban::words::lang::Lang;
use duban::write::{Format, Loss, Writer, WrittenDocument, together};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::project::Project;
use crate::word_template::{p, parts, word};

/// Photos by id, as files have them.
struct Album {
    photos: BTreeMap<String, Vec<u8>>,
    /// How many pictures it gave, and how often it was asked.
    given: AtomicUsize,
    asked: Mutex<Vec<(String, (u32, u32))>>,
}

impl PhotoSource for Album {
    fn photo(&self, id: &str, most: (u32, u32)) -> Result<Picture, PictureError> {
        self.asked.lock().unwrap().push((id.to_owned(), most));
        let bytes = self.photos.get(id).ok_or(PictureError::Missing { folders: vec!["/home/x/logs".to_owned()] })?;
        self.given.fetch_add(1, Ordering::Relaxed);
        prepared(bytes, most)
    }

    fn place(&self, id: &str) -> String {
        format!("台账.csv:3 {id}")
    }
}

/// A picture of two colours, one above the other, with what cameras write into their files: an orientation, and names.
fn photo((width, height): (u32, u32), orientation: u8, top: [u8; 3]) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| {
        let noise = u8::try_from((x * 7 + y * 13) % 23).unwrap();
        if y < height / 2 { Rgb(top.map(|c| c.saturating_add(noise))) } else { Rgb([noise, 60, 200]) }
    });
    let mut bytes = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0");
    exif.extend([orientation, 0, 0, 0]);
    exif.extend(b"\x3b\x01\x02\0\x08\0\0\0\x26\0\0\0\0\0\0\0zhangsan");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&bytes[..2], &[0xFF, 0xE1], &length, &exif, &bytes[2..]].concat()
}

fn album() -> Album {
    let mut seal = Cursor::new(Vec::new());
    DynamicImage::new_rgba8(300, 300).write_to(&mut seal, ImageFormat::Png).unwrap();
    let photos = [
        ("wide", photo((640, 480), 1, [200, 30, 30])),
        ("high", photo((640, 480), 6, [30, 160, 30])),
        ("after", photo((640, 480), 1, [200, 180, 40])),
        ("again", photo((640, 480), 1, [200, 30, 30])),
        ("small", photo((96, 72), 1, [90, 90, 90])),
        ("screen", seal.into_inner()),
        ("broken", b"\xFF\xD8\xFF\xE0 no picture".to_vec()),
    ];
    let photos = photos.into_iter().map(|(id, bytes)| (id.to_owned(), bytes)).collect();
    Album { photos, given: AtomicUsize::new(0), asked: Mutex::default() }
}

fn document(lang: Lang, markdown: &str) -> Document {
    let read = blocks(markdown).unwrap();
    let mut document = Document {
        lang,
        kind: "photos".to_owned(),
        layout: Layout::Document,
        head: Head {
            title: lang.pick("整改前后对比照片", "Photos before and after").to_owned(), ..Head::default()
        },
        body: read.body,
        attachments: read.attachments,
        foot: Foot::default(),
        reckoned: None,
        sources: FigureSources::default(),
    };
    document.number_figures();
    document
}

const PAIRS: &str = "\
<!-- photos -->

: 贾陈社区

| 整改前 | 整改后 |
|---|---|
| ![楼道堆放杂物（整改前）](photo:wide) | ![楼道已清空（整改后）](photo:after) |
| ![灭火器&#60;过期&#62;&#34;未换&#34;](photo:high) | （未提供） |
| ![同一张照片](photo:wide) | ![另存的同一张](photo:again) |
";

fn made(format: Format, document: &Document, source: &dyn PhotoSource) -> WrittenDocument {
    let look = Look::default();
    let mut writer = Writer::new(&look).with_photos(source);
    let made = writer.write(format, document).unwrap();
    assert_eq!(made, writer.write(format, document).unwrap(), "the same bytes again");
    if format == Format::Docx {
        writer.check_docx(&made.bytes, &|_| false).unwrap();
    }
    made
}

fn text(part: &[u8]) -> &str {
    std::str::from_utf8(part).unwrap()
}

/// The texts between two marks.
fn between<'x>(xml: &'x str, start: &str, end: &str) -> Vec<&'x str> {
    xml.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

#[test]
fn a_table_of_photos_is_read_and_no_picture_stands_elsewhere() {
    let read = blocks(PAIRS).unwrap();
    let [Block::Photos(photos)] = read.body.as_slice() else { panic!("{read:?}") };
    assert_eq!(
        (photos.caption.as_deref(), &photos.header[..]),
        (Some("贾陈社区"), &["整改前", "整改后"].map(str::to_owned)[..])
    );
    let ids: Vec<&str> = photos.photos().map(|photo| photo.id.as_str()).collect();
    assert_eq!(ids, ["wide", "after", "high", "wide", "again"]);
    assert_eq!(photos.rows[1][1], PhotoCell::Text("（未提供）".to_owned()));
    assert_eq!(photos.photos().nth(2).unwrap().caption, "灭火器<过期>\"未换\"");
    for wrong in [
        "![a](photo:wide)",
        "| a |\n|---|\n| ![a](photo:wide) |",
        "<!-- photos -->\n\n| a |\n|---|\n| ![a](photo:../x) |",
        "<!-- photos -->\n\n| a |\n|---|\n| ![a](x.jpg) |",
        "<!-- photos -->\n\n| a |\n|---|\n| ![a](photo:b) c |",
        "<!-- photos -->\n\n| a |\n|---|\n| ![a](photo:) |",
        "<!-- photos -->\n\n| ![a](photo:b) |\n|---|\n| b |",
    ] {
        let faults = blocks(wrong).unwrap_err();
        assert!(
            faults[0].to_string().contains("photos stand in a table after `<!-- photos -->`"),
            "{wrong}: {faults:?}"
        );
    }
    for lost in ["<!-- photos -->\n\ntext", "<!-- photos -->", "- <!-- photos -->", "<!-- photos -->\n\n: a\n\ntext"] {
        assert!(blocks(lost).is_err(), "{lost}");
    }
}

#[test]
fn data_makes_no_photo() {
    use duban::document::markdown::escape;
    let hostile = "![x](photo:wide)";
    for place in [
        "{}",
        "| a |\n|---|\n| {} |",
        "<!-- photos -->\n\n| a |\n|---|\n| {} |",
        "<!-- photos -->\n\n| a |\n|---|\n| ![{}](photo:high) |",
    ] {
        let read = blocks(&place.replace("{}", &escape(hostile))).unwrap();
        let shown =
            read.body.iter().filter_map(|block| if let Block::Photos(photos) = block { Some(photos) } else { None });
        assert!(shown.flat_map(Photos::photos).all(|photo| photo.id == "high" && photo.caption == hostile), "{place}");
    }
}

#[test]
fn figures_have_one_sequence_of_numbers() {
    let chart = "<!-- chart: bars -->\n\n: 各单位\n\n| 单位 | 数 |\n|---|--:|\n| 甲 | 1 |\n\n";
    let document = document(Lang::Zh, &format!("{chart}{PAIRS}\n# 附件\n\n{chart}{PAIRS}"));
    let album = album();
    let parts = parts(&made(Format::Docx, &document, &album).bytes.into_vec().unwrap());
    let xml = text(&parts["word/document.xml"]);
    let numbers: Vec<&str> = between(xml, "<w:t xml:space=\"preserve\">图", "　");
    assert_eq!(numbers, (1..=12).map(|n| n.to_string()).collect::<Vec<_>>());
    let ids = between(xml, "<wp:docPr id=\"", "\"");
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (12, 12));
}

#[test]
fn a_pair_stands_in_a_row_of_a_word_file() {
    let (document, album) = (document(Lang::Zh, PAIRS), album());
    let file = made(Format::Docx, &document, &album);
    assert_eq!((file.unreadable, file.lost), (vec![], Vec::<Loss>::new()));
    let parts = parts(&file.bytes.clone().into_vec().unwrap());
    let xml = text(&parts["word/document.xml"]);
    // 72 × 54 mm; a photo held upright 40.5 × 54.
    let sizes: Vec<(u32, u32)> = between(xml, "<wp:extent ", "/>")
        .into_iter()
        .map(|size| {
            (between(size, "cx=\"", "\"")[0].parse().unwrap(), between(size, "cy=\"", "\"")[0].parse().unwrap())
        })
        .collect();
    let (wide, high) = ((72 * 36_000, 54 * 36_000), (1_458_000, 54 * 36_000));
    assert_eq!(sizes, [wide, wide, high, wide, wide]);
    assert_eq!(between(xml, "<a:ext cx=\"", "/>").len(), 5);
    // The same photo, by its id and by its bytes, is one part.
    let media: Vec<&String> = parts.keys().filter(|name| name.starts_with("word/media/")).collect();
    assert_eq!(media, ["word/media/photo1.jpeg", "word/media/photo2.jpeg", "word/media/photo3.jpeg"]);
    assert_eq!(between(xml, "r:embed=\"", "\""), ["photo1", "photo2", "photo3", "photo1", "photo1"]);
    let relations = text(&parts["word/_rels/document.xml.rels"]);
    for n in 1..=3 {
        assert!(relations.contains(&format!("Id=\"photo{n}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"media/photo{n}.jpeg\"")));
    }
    let types = text(&parts["[Content_Types].xml"]);
    assert!(types.contains("<Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/>") && !types.contains("image/png"));
    // Upright, of 220 dpi, clean.
    for (name, size) in [("photo1", (624, 468)), ("photo3", (351, 468))] {
        let bytes = &parts[&format!("word/media/{name}.jpeg")];
        let image = image::load_from_memory(bytes).unwrap();
        assert_eq!((image.width(), image.height()), size);
        assert!(!bytes.windows(4).any(|window| window == b"Exif" || window == b"zhan"), "{name}");
    }
    // Rows that stay whole, lines as high as the photo, a text in the place of one, and what it shows for those who can't see.
    assert_eq!(xml.matches("<w:tr><w:trPr><w:cantSplit/>").count(), 4);
    assert!(xml.contains("<w:t xml:space=\"preserve\">（未提供）</w:t>") && !xml.contains("w:trHeight"));
    assert!(xml.contains("descr=\"灭火器&lt;过期&gt;&quot;未换&quot;\""), "{xml}");
    assert!(
        text(&parts["word/styles.xml"])
            .contains("w:styleId=\"Photo\"><w:name w:val=\"Photo\"/><w:basedOn w:val=\"Chart\"/>")
    );
}

#[test]
fn one_column_is_wider_and_small_photos_are_not_blown_up() {
    let single =
        "<!-- photos -->\n\n|  |\n|---|\n| ![](photo:wide) |\n| ![](photo:small) |\n| ![屏幕](photo:screen) |\n|  |\n";
    let (document, album) = (document(Lang::En, single), album());
    let parts = parts(&made(Format::Docx, &document, &album).bytes.into_vec().unwrap());
    let xml = text(&parts["word/document.xml"]);
    let widths: Vec<&str> = between(xml, "<wp:extent cx=\"", "\"");
    assert_eq!(widths, ["4320000", "914400", "2857500"]);
    assert!(xml.contains("Figure 1<") && xml.contains("descr=\"Figure 1\"") && xml.contains("Figure 3. 屏幕"), "{xml}");
    // A place to be filled by hand is as high as a photo; without names there is no head.
    assert!(xml.contains("<w:trHeight w:val=\"5102\" w:hRule=\"atLeast\"/>") && !xml.contains("tblHeader"));
    let types = text(&parts["[Content_Types].xml"]);
    assert!(types.contains("image/jpeg") && types.contains("image/png"));
    assert_eq!(album.asked.lock().unwrap()[0], ("wide".to_owned(), (1040, 780)));
}

#[test]
fn a_photo_that_can_not_be_read_says_so_in_its_place() {
    let markdown = "<!-- photos -->\n\n| 整改前 | 整改后 |\n|---|---|\n| ![甲](photo:broken) | ![乙](photo:gone) |\n\
                    | ![丙](photo:gone) | ![丁](photo:wide) |\n";
    let (document, album) = (document(Lang::Zh, markdown), album());
    for format in [Format::Docx, Format::Html, Format::Xlsx] {
        let file = made(format, &document, &album);
        let told: Vec<(&str, &str)> =
            file.unreadable.iter().map(|photo| (photo.id.as_str(), photo.place.as_str())).collect();
        assert_eq!(told, [("broken", "台账.csv:3 broken"), ("gone", "台账.csv:3 gone")], "{format}");
        let shown = if format == Format::Html {
            String::from_utf8(file.bytes.into_vec().unwrap()).unwrap()
        } else {
            parts(&file.bytes.clone().into_vec().unwrap())
                .iter()
                .filter(|(name, _)| name.ends_with(".xml"))
                .map(|(_, part)| text(part))
                .collect()
        };
        assert!(
            shown.contains("（照片读不出：文件不完整）") && shown.contains("（照片读不出：没有这个文件）"),
            "{format}"
        );
        assert!(shown.contains("图1　甲") && shown.contains("图4　丁"), "{format}");
        // Paths are of one machine.
        assert!(!shown.contains("/home/x"), "{format}");
    }
    assert_eq!(made(Format::Docx, &document, &NoPhotos).unreadable.len(), 3);
}

#[test]
fn a_page_holds_its_photos_and_loads_nothing() {
    let (document, album) = (document(Lang::Zh, PAIRS), album());
    let html = String::from_utf8(made(Format::Html, &document, &album).bytes.into_vec().unwrap()).unwrap();
    assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri"));
    let images = between(&html, "<img ", ">");
    assert_eq!(images.len(), 5);
    assert!(images[0].starts_with("width=\"624\" height=\"468\" style=\"width:72.0mm\" decoding=\"async\" alt=\"楼道堆放杂物（整改前）\" src=\"data:image/jpeg;base64,/9j/"));
    assert!(
        images[2].starts_with("width=\"351\" height=\"468\" style=\"width:40.5mm\"")
            && images[2].contains("alt=\"灭火器&lt;过期&gt;&quot;未换&quot;\""),
        "{}",
        &images[2][..200]
    );
    assert!(html.contains("<figcaption>图5　另存的同一张</figcaption>") && html.contains("<p>（未提供）</p>"));
    let without = made(Format::Html, &self::document(Lang::Zh, "甲"), &album);
    assert!(!String::from_utf8(without.bytes.into_vec().unwrap()).unwrap().contains("img-src"));
}

#[test]
fn markdown_names_photos_and_reads_them_back() {
    let (mut document, album) = (document(Lang::Zh, PAIRS), album());
    let file = made(Format::Markdown, &document, &album);
    assert_eq!(file.lost, [Loss::Photos(5)]);
    let markdown = String::from_utf8(file.bytes.into_vec().unwrap()).unwrap();
    let body = markdown.splitn(3, "---\n").nth(2).unwrap();
    assert!(body.contains("| ![图3　灭火器\\<过期>\"未换\"](photo:high) | （未提供） |"), "{body}");
    let read = blocks(body).unwrap();
    for block in &mut document.body {
        if let Block::Photos(photos) = block {
            for cell in photos.rows.iter_mut().flatten() {
                if let PhotoCell::Photo(photo) = cell {
                    (photo.caption, photo.number) = (photo.label(Lang::Zh), None);
                }
            }
        }
    }
    assert_eq!(read.body, document.body);
    assert_eq!(album.given.load(Ordering::Relaxed), 0);
}

#[test]
fn a_workbook_has_a_sheet_of_photos_over_their_cells() {
    let (document, album) = (document(Lang::Zh, &format!("| 单位 | 数 |\n|---|--:|\n| 甲 | 1 |\n\n{PAIRS}")), album());
    let file = made(Format::Xlsx, &document, &album);
    let parts = parts(&file.bytes.clone().into_vec().unwrap());
    assert!(text(&parts["xl/workbook.xml"]).contains("<sheet name=\"贾陈社区\""), "{:?}", parts.keys());
    let drawing = text(&parts["xl/drawings/drawing1.xml"]);
    // From and to: with the rows, whose heights a program may change.
    let places: Vec<(&str, &str)> = between(drawing, "<xdr:from><xdr:col>", "</xdr:from>")
        .into_iter()
        .map(|from| (from.split('<').next().unwrap(), between(from, "<xdr:row>", "<")[0]))
        .collect();
    assert_eq!(places, [("0", "3"), ("1", "3"), ("0", "4"), ("0", "5"), ("1", "5")]);
    let ends: Vec<&str> =
        between(drawing, "<xdr:to>", "</xdr:to>").into_iter().map(|to| between(to, "<xdr:row>", "<")[0]).collect();
    assert_eq!(ends, ["3", "3", "4", "5", "5"], "no photo lies over another row");
    assert!(
        drawing.contains("descr=\"楼道堆放杂物（整改前）\"") && !drawing.contains("editAs=\"absolute\""),
        "{drawing}"
    );
    assert_eq!(parts.keys().filter(|name| name.starts_with("xl/media/")).count(), 3);
    let clean = parts.iter().filter(|(name, _)| name.starts_with("xl/media/"));
    assert!(clean.into_iter().all(|(_, bytes)| !bytes.windows(4).any(|window| window == b"Exif")));
}

#[test]
fn documents_together_share_their_photos() {
    let (first, second, album) = (document(Lang::Zh, PAIRS), document(Lang::Zh, PAIRS), album());
    let bytes = together(Format::Docx, &[&first, &second], &Look::default(), &album).unwrap().unwrap();
    Writer::new(&Look::default()).check_docx(&bytes, &|_| false).unwrap();
    let parts = parts(&bytes.into_vec().unwrap());
    let xml = text(&parts["word/document.xml"]);
    let ids = between(xml, "<wp:docPr id=\"", "\"");
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (10, 10));
    assert_eq!(parts.keys().filter(|name| name.starts_with("word/media/")).count(), 3);
    assert_eq!(album.given.load(Ordering::Relaxed), 4, "each is read once");
    let page = together(Format::Html, &[&first, &second], &Look::default(), &album).unwrap().unwrap();
    assert_eq!(text(&page.into_vec().unwrap()).matches("<img ").count(), 10);
}

/// The office's own file, which has a picture of the name that duban would take.
fn filled(lang: Lang, office: &[u8], end: &str) -> (Filled, Document) {
    let template = Arc::new(WordTemplate::read(office).unwrap());
    let xml = parts(office)["word/document.xml"].clone();
    let end = text(&xml).rfind(end).unwrap();
    let own = blocks(PAIRS).unwrap().body;
    let contents = vec![
        Content::Kept(0..end),
        Content::Blocks(own),
        Content::Body,
        Content::Attachments,
        Content::Kept(end..xml.len()),
    ];
    let document = document(lang, &format!("{PAIRS}\n# 附件\n\n{PAIRS}"));
    let mut filled = Filled { template, parts: vec![contents], pictures: BTreeMap::new() };
    filled.number_figures(lang, 10);
    (filled, document)
}

#[test]
fn photos_stand_in_the_offices_own_file() {
    let office = word(&(p("前") + &p("后")), "", "");
    let (filled, document) = filled(Lang::Zh, &office, "<w:p><w:r><w:t>后");
    let (album, look) = (album(), Look::default());
    let mut writer = Writer::new(&look).with_photos(&album);
    let file = writer.fill(&filled, &document).unwrap();
    writer.check_docx(&file.bytes, &|_| false).unwrap();
    assert_eq!(file, writer.fill(&filled, &document).unwrap());
    let made = parts(&file.bytes.clone().into_vec().unwrap());
    let xml = text(&made["word/document.xml"]);
    let ids = between(xml, "<wp:docPr id=\"", "\"");
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (15, 15));
    assert_eq!(made.keys().filter(|name| name.starts_with("word/media/")).count(), 3);
    let relations = text(&made["word/_rels/document.xml.rels"]);
    for id in between(xml, "r:embed=\"", "\"") {
        let target = between(relations, &format!("Id=\"{id}\" "), "/>")[0];
        assert!(made.contains_key(&format!("word/{}", between(target, "Target=\"", "\"")[0])), "{target}");
    }
    assert!(text(&made["[Content_Types].xml"]).contains("<Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/>"));
    assert!(xml.contains("<w:pStyle w:val=\"dubanPhoto\"/>") && xml.contains("图11　楼道堆放杂物"), "{xml}");
}

/// A long text is settled piece by piece: with photos it is the same.
#[test]
fn many_photos_make_one_table() {
    let row = |n| format!("| ![第{n}处{}](photo:wide) | （未提供） |\n", "长".repeat(60));
    let rows = (0..900).map(row).collect::<Vec<_>>().concat();
    let document = document(Lang::Zh, &format!("<!-- photos -->\n\n| 前 | 后 |\n|---|---|\n{rows}\n完。"));
    let album = album();
    let parts = parts(&made(Format::Docx, &document, &album).bytes.into_vec().unwrap());
    let xml = text(&parts["word/document.xml"]);
    assert_eq!(
        (xml.matches("<w:tr>").count(), xml.matches("<w:tbl>").count(), xml.matches("</w:tr>").count()),
        (901, 1, 901)
    );
    assert_eq!(parts.keys().filter(|name| name.starts_with("word/media/")).count(), 1);
    assert!(xml.contains("图900　第899处"));
}

/// Where files to be looked at are put.
fn looked_at() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("photos");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Photos from a folder, for [`files_to_be_looked_at`] and [`a_thousand_photos`].
struct Folder(PathBuf);

impl PhotoSource for Folder {
    fn photo(&self, id: &str, most: (u32, u32)) -> Result<Picture, PictureError> {
        // `a-17`: photo 17, which has the bytes of a, and its number behind them: another picture.
        let (name, number) = id.split_once('-').unwrap_or((id, ""));
        let path = self.0.join(format!("{name}.jpg"));
        let bytes = std::fs::read(&path).map_err(|_| PictureError::Missing { folders: vec![] })?;
        let mut picture = prepared(&bytes, most)?;
        picture.bytes.extend(number.bytes());
        Ok(picture)
    }
}

/// Writes files for the validator of `.ci/documents`, for LibreOffice and for eyes.
#[test]
#[ignore = "for `.ci/documents`"]
fn files_to_be_looked_at() {
    let folder = looked_at();
    let wide =
        "| a | b | c | d | e | f | g | h |\n|---|---|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |\n\n";
    let office = std::fs::read("examples/own-paper/report-templates/reminder/our-redhead.docx").unwrap();
    let of_folder = std::env::var_os("DUBAN_PHOTOS").map(|folder| Folder(folder.into()));
    let album = album();
    let source: &dyn PhotoSource = of_folder.as_ref().map_or(&album, |folder| folder);
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let single = "<!-- photos -->\n\n|  |\n|---|\n| ![现场全景](photo:wide) |\n\n";
        let three = "<!-- photos -->\n\n| 整改前 | 整改中 | 整改后 |\n|---|---|---|\n| ![一](photo:wide) | ![二](photo:high) | ![三](photo:after) |\n\n";
        let form = "<!-- photos -->\n\n| 整改前 | 整改后 |\n|---|---|\n| ![楼道](photo:high) |  |\n|  |  |\n\n";
        let missing =
            "<!-- photos -->\n\n| 整改前 | 整改后 |\n|---|---|\n| ![读不出的](photo:broken) | ![小](photo:small) |\n\n";
        let body = format!(
            "发现问题3个，附照片。\n\n{PAIRS}\n# 单张\n\n{single}\n{three}\n{form}\n{missing}\n# 横排\n\n{wide}{PAIRS}"
        );
        let document = document(lang, &body);
        let look = Look::default();
        let mut writer = Writer::new(&look).with_photos(source);
        for format in Format::ALL.into_iter().filter(|format| *format != Format::Pdf) {
            std::fs::write(
                folder.join(format!("{name}.{format}")),
                writer.write(format, &document).unwrap().bytes.into_vec().unwrap(),
            )
            .unwrap();
        }
        let both = together(Format::Docx, &[&document, &document], &look, source).unwrap().unwrap();
        std::fs::write(folder.join(format!("{name}-together.docx")), both.into_vec().unwrap()).unwrap();
        let (filled, document) = filled(lang, &office, "<w:sectPr");
        std::fs::write(
            folder.join(format!("{name}-own.docx")),
            writer.fill(&filled, &document).unwrap().bytes.into_vec().unwrap(),
        )
        .unwrap();
    }
}

/// Writes a file with `DUBAN_COUNT` photos of the folder `DUBAN_PHOTOS` in the format `DUBAN_FORMAT`.
#[test]
#[ignore = "measures: DUBAN_PHOTOS=folder DUBAN_COUNT=1000 DUBAN_FORMAT=docx"]
fn a_thousand_photos() {
    let of = |name: &str| std::env::var(name).unwrap();
    let (count, format): (usize, Format) = (of("DUBAN_COUNT").parse().unwrap(), of("DUBAN_FORMAT").parse().unwrap());
    let mut names: Vec<String> = std::fs::read_dir(of("DUBAN_PHOTOS"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let photo = |n: usize| {
        let name = names[n % names.len()].trim_end_matches(".jpg");
        format!("![第{n}处](photo:{name}-{n})")
    };
    let row = |n| format!("| {} | {} |\n", photo(2 * n), photo(2 * n + 1));
    let rows = (0..count / 2).map(row).collect::<Vec<_>>().concat();
    let document = document(Lang::Zh, &format!("# 照片\n\n<!-- photos -->\n\n| 整改前 | 整改后 |\n|---|---|\n{rows}"));
    let look = Look::default();
    let source = Folder(of("DUBAN_PHOTOS").into());
    let file = Writer::new(&look).with_photos(&source).write(format, &document).unwrap();
    assert_eq!(file.unreadable, []);
    file.bytes.write_to(&mut std::fs::File::create(looked_at().join(format!("{count}.{format}"))).unwrap()).unwrap();
}

#[test]
fn a_draft_tells_a_photo_that_is_missing_and_a_dispatch_is_refused() {
    let project = Project::with(&[
        ("duban.yaml", "lang: zh\noffice: {name: 某区督查室}\nlogs: [logs/*.csv]\n"),
        ("logs/a.csv", "编号,发现日期,责任单位,问题类别,问题描述,整改方式\n1,2021-08-03,甲,消防,堆物,现场整改\n"),
        ("report-templates/own/kind.yaml", "title: 通知\n"),
        (
            "report-templates/own/zh.md",
            "---\ntitle: 通知\n---\n\n<!-- photos -->\n\n| 前 | 后 |\n|---|---|\n| ![甲](photo:gone) | ![乙](photo:gone) |\n",
        ),
    ]);
    let draft = project.run(&["draft", "own", "--as-of", "2021-08-20", "--to", "docx,html"]);
    assert_eq!(draft.status, 0, "{draft:?}");
    assert_eq!(draft.stderr.matches("照片“gone”用不了：没有这个文件").count(), 1, "{draft:?}");
    assert!(draft.stderr.contains("发文前要改好照片"), "{draft:?}");
    let file = draft.stdout.lines().find(|line| line.ends_with(".docx")).unwrap();
    let made = parts(&std::fs::read(project.path().join(file)).unwrap());
    assert!(text(&made["word/document.xml"]).contains("（照片读不出：没有这个文件）"));
    let dispatch = project.run(&["dispatch", "own", "--as-of", "2021-08-20"]);
    assert_eq!((dispatch.status, dispatch.stdout.as_str()), (3, ""), "{dispatch:?}");
    assert!(dispatch.stderr.contains("1 张照片读不出，没有发文，未取号"), "{dispatch:?}");
    assert!(!project.path().join("documents").exists());
    let list = project.run(&["register", "list"]);
    assert!(!list.stdout.contains("通知"), "{list:?}");
}
