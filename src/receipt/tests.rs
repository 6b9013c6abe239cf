use chrono::NaiveDate;
use proptest::prelude::*;

use super::text::ReceiptFault;
use super::*;
use crate::words::lang::Lang;

fn receipt(files: &[(&str, &[u8], u64)], config: Option<&str>, counts: [u64; 3]) -> Receipt {
    let files = files.iter().map(|(name, bytes, issues)| ReceiptFile::read(name, *bytes, *issues).unwrap());
    let [errors, warnings, infos] = counts;
    let day = NaiveDate::from_ymd_opt(2021, 8, 20).unwrap();
    Receipt::new(day, "0.1.0", config, files.collect(), ReceiptCounts { errors, warnings, infos })
}

fn kinds(was: &Receipt, is: &Receipt) -> Vec<&'static str> {
    was.differences(is).iter().map(Difference::kind).collect()
}

#[test]
fn a_receipt_is_read_as_it_was_written() {
    let config = "0123456789abcdef0123";
    for files in [&[("logs/甲：a.csv", &b"one"[..], 3)][..], &[("a.csv", b"one", 3), ("b.xlsx", b"two", 4)], &[]] {
        let made = receipt(files, Some(config), [0, 2, 1]);
        for lang in [Lang::Zh, Lang::En] {
            let text = made.text(lang);
            // Where its lines stand is known only of one that was read.
            let read = |text: &str| Receipt { lines: Vec::new(), ..Receipt::read(text).unwrap() };
            assert_eq!(read(&text), made, "{text}");
            assert_eq!(read(&format!("\u{feff}{}\n", text.replace('\n', "\r\n"))), made);
        }
        let line = made.line.to_string();
        assert!(line.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b":.-".contains(&byte)));
        assert!(line.len() < 180, "{line}");
        let alone = Receipt::read(&line).unwrap();
        assert_eq!((alone.line, alone.files), (made.line, Vec::new()));
    }
}

#[test]
fn what_was_cut_or_altered_is_told_with_its_line() {
    let text = receipt(&[("a.csv", b"one", 3)], None, [0, 2, 1]).text(Lang::En);
    let at = |text: &str| Receipt::read(text).map_err(|error| (error.line, error.why)).unwrap_err();
    assert_eq!(at(""), (1, ReceiptFault::NoLine));
    assert_eq!(at("编号,发现日期\nA,B\n"), (2, ReceiptFault::NoLine));
    assert_eq!(at(text.lines().take(5).collect::<Vec<_>>().join("\n").as_str()), (5, ReceiptFault::NoLine));
    assert_eq!(at(&text.replace(":E0:", ":E1:")), (15, ReceiptFault::BadLine));
    assert_eq!(at(text.trim_end().strip_suffix(|_| true).unwrap()), (15, ReceiptFault::BadLine));
    assert_eq!(at(&text.replace("errors: 0", "errors: 1")), (7, ReceiptFault::Contradicts));
    assert_eq!(at(&text.replace("issues: 3", "issues: 4")), (3, ReceiptFault::Contradicts));
    assert_eq!(at(&text.replace("as of: 2021", "as of: 2022")), (10, ReceiptFault::Contradicts));
    assert_eq!(at(&text.replace("warnings: 2", "signed: me")), (8, ReceiptFault::Unknown));
    for left_out in ["bytes: 3\n", "issues: 3\n"] {
        assert_eq!(at(&text.replace(left_out, "")), (3, ReceiptFault::Lacks), "{left_out}");
    }
    for left_out in ["errors: 0\n", "warnings: 2\n", "notes: 1\n", "as of: 2021-08-20\n", "config: -\n"] {
        assert_eq!(at(&text.replace(left_out, "")), (14, ReceiptFault::Lacks), "{left_out}");
    }
    assert_eq!(at(&text.replace("bytes: 3", "bytes: 9\nbytes: 3")), (6, ReceiptFault::Contradicts));
}

#[test]
fn what_is_not_so_of_the_same_file_was_altered() {
    let config = Some("0123456789abcdef");
    let now = receipt(&[("a.csv", b"one", 3), ("b.csv", b"other", 4)], config, [0, 2, 1]);
    let altered = |from: &str, to: &str, now: &Receipt| {
        let text = receipt(&[("a.csv", b"one", 3), ("b.csv", b"other", 4)], config, [0, 2, 1]).text(Lang::En);
        // What is put in the place of the other stays out of its way.
        let text = text.replace(from, "@").replace(to, from).replace('@', to);
        Receipt::read(&text).unwrap().altered(now).map(|error| (error.line, error.why))
    };
    assert_eq!(altered("bytes: 3", "bytes: 3", &now), None);
    assert_eq!(altered("bytes: 3", "bytes: 5", &now), Some((5, ReceiptFault::NotOfFile)));
    assert_eq!(altered("issues: 3", "issues: 4", &now), Some((6, ReceiptFault::NotOfFile)));
    // Another config may count otherwise, and a file that is another may have any size.
    let now = receipt(&[("a.csv", b"one", 3), ("b.csv", b"other", 4)], None, [0, 2, 1]);
    assert_eq!(altered("issues: 3", "issues: 4", &now), None);
    let now = receipt(&[("a.csv", b"1", 3), ("b.csv", b"2", 4)], config, [0, 2, 1]);
    assert_eq!(altered("bytes: 3", "bytes: 5", &now), None);
}

#[test]
fn what_differs_is_told() {
    let one = || receipt(&[("a.csv", b"one", 3)], Some("0123456789abcdef"), [0, 2, 1]);
    assert_eq!(kinds(&one(), &one()), [""; 0]);
    let two = receipt(&[("x/a.csv", b"two", 3), ("c.csv", b"c", 0)], Some("1123456789abcdef"), [1, 2, 1]);
    assert_eq!(kinds(&one(), &two), ["file_changed", "file_added", "count", "config"]);
    assert_eq!(kinds(&two, &one()), ["file_changed", "file_missing", "count", "config"]);
    let renamed = receipt(&[("b.csv", b"one", 3)], Some("0123456789abcdef"), [0, 2, 1]);
    assert_eq!(kinds(&one(), &renamed), ["file_renamed"]);
    assert!(!one().differences(&renamed)[0].is_grave());
    let alone = Receipt::read(&one().line.to_string()).unwrap();
    assert_eq!(kinds(&alone, &renamed), [""; 0]);
    assert_eq!(kinds(&alone, &two)[0], "other_files");
    let mut newer = one();
    newer.version = "0.10.0".to_owned();
    let side = |was: &Receipt, is: &Receipt| match &was.differences(is)[..] {
        [Difference::Version { side, .. }] => *side,
        other => panic!("{other:?}"),
    };
    assert_eq!(side(&newer, &one()), VersionSide::Newer);
    assert_eq!(side(&one(), &newer), VersionSide::Older);
}

#[test]
fn the_code_is_one_that_a_phone_reads() {
    let made = receipt(&[("a.csv", b"one", 12_345)], Some("0123456789abcdef"), [10, 2000, 100]);
    let code = qrcodegen::QrCode::encode_text(&made.line.to_string(), qrcodegen::QrCodeEcc::Medium).unwrap();
    assert!(code.version().value() <= 8, "{}", code.version().value());
    let svg = svg(&made.line).unwrap();
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"), "{svg}");
    let modules = dark_modules(&svg);
    let side = usize::try_from(code.size()).unwrap() + 2 * 4;
    let mut picture =
        rqrr::PreparedImage::prepare_from_bitmap(side * 8, side * 8, |x, y| modules.contains(&(x / 8, y / 8)));
    let (_, read) = picture.detect_grids().first().unwrap().decode().unwrap();
    assert_eq!(read, made.line.to_string());
}

/// The dark modules of what [`svg`] gives: behind the white ground, a rectangle one module high for each `Mx yhRUN…`.
fn dark_modules(svg: &str) -> Vec<(usize, usize)> {
    let number = |text: &str| text.parse::<usize>().unwrap();
    let runs = svg.rsplit("d=\"").next().unwrap().split('M').skip(1);
    runs.flat_map(|run| {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, run) = rest.split_once('h').unwrap();
        let (x, y, run) = (number(x), number(y), number(run.split('v').next().unwrap()));
        (x..x + run).map(move |x| (x, y))
    })
    .collect()
}

proptest! {
    /// Whatever is changed in a receipt, it is read as the same or not at all.
    #[test]
    fn no_slip_goes_unseen(at in 0..400_usize, with in "[0-9A-Fa-z:]") {
        let made = receipt(&[("a.csv", b"one", 3), ("b.csv", b"two", 4)], Some("0123456789abcdef"), [0, 2, 1]);
        let text = made.text(Lang::En);
        let at = at % text.len();
        let mut altered = text.clone();
        altered.replace_range(at..=at, &with);
        if let Ok(read) = Receipt::read(&altered) {
            prop_assert_eq!(&read.line, &made.line);
            let shas = |receipt: &Receipt| receipt.files.iter().map(|file| (file.sha256.clone(), file.size)).collect::<Vec<_>>();
            prop_assert_eq!(shas(&read), shas(&made));
        }
    }
}
