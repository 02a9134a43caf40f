//! The page: of everything that a digest tells so much as fits, in sentences, before anybody has decided how it looks.

use super::{
    link::{Base, Open},
    model::{Digest, State, Weekly, WeeklyOf},
    sentences,
    series::WEEKS,
};
use crate::report::{model::Quote, shell_word};
use serde::{Deserialize, Serialize};

/// Points of a section. The rest is counted.
const CHANGES: usize = 3;
const CASES: usize = 3;
const RESOLVED: usize = 3;
const ALERTS: usize = 3;
const TARGETS: usize = 6;
const WORDS: usize = 5;
/// Quotes of a point.
const QUOTES: usize = 2;

/// All strings are data, never markup; texts of customers are among them. An archive keeps it, to be rendered again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub title: String,
    /// Which days, and whose.
    pub context: String,
    pub summary: String,
    pub notes: Vec<String>,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub points: Vec<Point>,
    /// How many there was no room for, and what tells them.
    pub more: Option<(usize, Open)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub title: String,
    /// In numbers.
    pub text: String,
    pub tone: Tone,
    pub spark: Option<Spark>,
    /// The length of a bar, from 0 to 1.
    pub bar: Option<f64>,
    pub said: Vec<Said>,
    pub open: Option<Open>,
    /// The case that it is about, whose title is a customer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Plain,
    Good,
    Bad,
}

/// A figure by week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spark {
    /// What it is, and of which weeks.
    pub label: String,
    pub values: Vec<Option<f64>>,
    /// Drawn from zero, else from the lowest.
    pub from_zero: bool,
    /// The last week, and the mean of those before, as a person reads them.
    pub now: String,
    pub before: String,
    /// Their lengths over the longer one; `None` of what has no zero.
    pub lengths: Option<[f64; 2]>,
}

/// A customer's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    pub text: String,
    /// The record's id.
    pub record: String,
    /// The source, the day and the beginning of the record's id.
    pub by: String,
    pub open: Open,
}

/// The page of a digest.
#[must_use]
pub fn page(digest: &Digest) -> Page {
    let told = digest.state == State::Told;
    Page {
        title: format!("Customer feedback, {}", digest.week),
        context: sentences::context(digest),
        summary: sentences::summary(digest),
        notes: if told { sentences::notes(digest) } else { Vec::new() },
        sections: if told { sections(digest) } else { Vec::new() },
    }
}

fn sections(digest: &Digest) -> Vec<Section> {
    let base = digest.base.as_ref();
    let report = Open::report(digest.period, base);
    let all = whole(digest);
    let mut sections = Vec::new();
    let mut section = |title: &str, points: Vec<Point>, of: usize, open: &Open| {
        let more = of.saturating_sub(points.len());
        if !points.is_empty() {
            let more = (more > 0).then(|| (more, open.clone()));
            sections.push(Section { title: title.to_owned(), points, more });
        }
    };
    let changes = digest.changes.iter().take(CHANGES).map(|change| sentences::change(change, digest));
    section("What changed", changes.collect(), digest.changes.len(), &report);
    let cases = digest.cases.iter().take(CASES).map(|case| sentences::case(case, base));
    section("New and growing cases", cases.collect(), digest.cases.len(), &all);
    let resolved = digest.resolved.iter().take(RESOLVED).map(|case| sentences::resolved(case, base));
    section("Resolved", resolved.collect(), digest.resolved.len(), &all);
    let alerts = digest.alerts.iter().take(ALERTS).map(|alert| sentences::alert(alert, base));
    section("Alerts", alerts.collect(), digest.alerts.len(), &all);
    let targets = digest.targets.iter().take(TARGETS).map(|outcome| sentences::target(outcome, base));
    section("Targets", targets.collect(), digest.targets.len(), &all);
    let loops = sentences::loops(digest);
    let rows = loops.len();
    section("How long it takes", loops, rows, &all);
    let words = digest.words.words.iter().take(WORDS).map(|word| sentences::word(word, base));
    section("New words", words.collect(), digest.words.words.len(), &all);
    sections
}

/// What tells everything that has no room.
fn whole(digest: &Digest) -> Open {
    let mut command = format!("verbatim digest --week {}", digest.week);
    for (option, value) in [("--owner", &digest.owner), ("--product", &digest.product)] {
        if let Some(value) = value {
            command += &format!(" {option} {}", shell_word(value));
        }
    }
    Open { command: command + " --format json", link: None }
}

/// Quotes as a point shows them.
pub(super) fn said(quotes: &[Quote], base: Option<&Base>) -> Vec<Said> {
    quotes.iter().take(QUOTES).map(|quote| sentences::said(quote, base)).collect()
}

/// `tell` writes a value; nothing where fewer than two weeks are known.
pub(super) fn spark(weekly: &Weekly, what: &str, tell: impl Fn(f64) -> String) -> Option<Spark> {
    let values = &weekly.values;
    let (last, before) = values.split_last()?;
    let known: Vec<f64> = before.iter().flatten().copied().collect();
    let now = (*last)?;
    if known.is_empty() {
        return None;
    }
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let longer = now.max(mean);
    let from_zero = weekly.of != WeeklyOf::Score;
    Some(Spark {
        label: format!("{what} by week, {} weeks", values.len().min(WEEKS)),
        values: values.clone(),
        from_zero,
        now: tell(now),
        before: tell(mean),
        lengths: (from_zero && longer > 0.0).then(|| [now / longer, mean / longer]),
    })
}
