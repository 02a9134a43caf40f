//! Invented feedback of the last weeks, with a shift in it that everybody should hear of.

use chrono::{DateTime, Duration, Timelike as _, Utc};
use std::fmt::Write as _;
use std::path::Path;

/// Before today.
pub const DAYS: i64 = 70;
/// The last ones, in which there is so many times as much, about one thing.
const SHIFT_HOURS: i64 = 72;
const TIMES: u64 = 6;

/// What is said on most days.
const USUAL: [&str; 6] = [
    "Lovely boards, they are a joy to use",
    "The price is fair for what we get",
    "Search finds what I am looking for",
    "I like the new look of the reports",
    "The export to our sheets is fine",
    "The login page is fine, the zeppelin theme is nice",
];
/// What everybody talks about then.
const SHIFT: [&str; 3] = [
    "I cannot log in, the login page of the zeppelin theme never loads",
    "The login fails again and again since your zeppelin update",
    "Nobody of us can log in, the login code never arrives by zeppelin",
];

/// The beginning of this hour.
pub fn this_hour() -> DateTime<Utc> {
    let now = Utc::now();
    now - Duration::minutes(i64::from(now.minute())) - Duration::seconds(i64::from(now.second()))
}

/// When the shift began.
pub fn onset(this_hour: DateTime<Utc>) -> DateTime<Utc> {
    this_hour - Duration::hours(SHIFT_HOURS)
}

/// Writes answers to the NPS question, each of another person, up to the last whole hour: one to three an hour, and in the
/// last days six times as many.
pub fn write(path: &Path, this_hour: DateTime<Utc>) {
    let mut rows = "id,score,text,author.email,occurred_at\n".to_owned();
    // Knuth's: what is planted is the same in every run.
    let mut dice = 17_u64;
    let mut roll = move |most: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % most
    };
    let mut id = 0;
    for back in (1..=24 * DAYS).rev() {
        let is_shift = back <= SHIFT_HOURS;
        let many = (1 + roll(3)) * if is_shift { TIMES } else { 1 };
        for _ in 0..many {
            let texts: &[&str] = if is_shift { &SHIFT } else { &USUAL };
            let text = texts[roll(texts.len() as u64) as usize];
            let at = this_hour - Duration::hours(back) + Duration::minutes(roll(60) as i64);
            let at = at.format("%Y-%m-%dT%H:%M:00Z");
            writeln!(rows, "{id},{},\"{text} ({id})\",u{id}@planted.example,{at}", 7 + roll(3)).unwrap();
            id += 1;
        }
    }
    std::fs::write(path, rows).unwrap();
}
