//! Dates, deadlines in words, numbers, periods.
#![no_main]

use chrono::NaiveDate;
use duban::model::period::Period;
use duban::words::calendar::Calendar;
use duban::words::{date, deadline};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let day = NaiveDate::from_ymd_opt(2021, 8, 20);
    if let Ok(read) = date::parse(text, day, None) {
        // What was read is written and read again as the same day.
        assert_eq!(date::parse(&read.date.to_string(), None, None).map(|read| read.date), Ok(read.date));
    }
    if let (Ok(read), Some(day)) = (deadline::parse(text, day, None), day) {
        let _ = read.resolve(day, &Calendar::cn());
    }
    let _ = text.parse::<Period>();
});
