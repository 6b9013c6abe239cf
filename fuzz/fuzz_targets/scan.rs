//! The scanner of tables against the csv crate: the same cells, however the bytes come in.
#![no_main]

use duban::delimited::raw_cells;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, [u8; 3], u8, u8)| {
    let (text, steps, buffer, window) = input;
    // The mark at the start of a file is the decoder's.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let expected: Vec<Vec<Vec<u8>>> = reader
        .records()
        .map(|record| record.expect("UTF-8 is read").iter().map(|cell| cell.as_bytes().to_vec()).collect())
        .collect();
    let cells = |text: &[u8], steps: &[usize], buffer, window| -> Vec<Vec<Vec<u8>>> {
        raw_cells(text, steps, buffer, window).into_iter().map(|(_, cells)| cells).collect()
    };
    assert_eq!(cells(text.as_bytes(), &[usize::MAX], 1 << 18, 1 << 18), expected);
    assert_eq!(cells(text.as_bytes(), &steps.map(usize::from), buffer.into(), window.into()), expected);
    // A split at every byte.
    if text.len() <= 256 {
        for at in 1..text.len() {
            assert_eq!(cells(text.as_bytes(), &[at, usize::MAX], 1 << 10, 1 + at / 2), expected, "split at {at}");
        }
    }
});
