//! The sentences of an alert.

use crate::{
    alerts::{
        hour::Hour,
        incident::Incident,
        life::{AlertEvent, Step},
        series::{Metric, ScoreName, SeriesKey, What},
        watch::{Figures, Spell},
    },
    report::{count, filter::parse_scale},
    stats::Interval,
};

/// Topics that a title names before it counts the others.
const NAMED: usize = 3;

/// `Login, Payment and 6 more: more negative than usual`.
#[must_use]
pub fn headline(step: Step, incident: &Incident, name: &dyn Fn(&What) -> String) -> String {
    let lead = incident.lead();
    let mut subjects: Vec<String> = vec![subject(&lead.key, name)];
    for key in incident.keys() {
        let subject = subject(key, name);
        if key.what != What::All && !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    let others = subjects.len().saturating_sub(NAMED);
    subjects.truncate(NAMED);
    let named = match (subjects.split_last(), others) {
        (Some((last, [])), 0) => last.clone(),
        (Some((last, first)), 0) => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {others} more", subjects.join(", ")),
    };
    let what = match (&lead.key.metric, step) {
        (_, Step::Resolved) => "as before again",
        (Metric::Volume, _) => "more feedback than usual",
        (Metric::Negative, _) => "more negative than usual",
        (Metric::Score(_), _) => "lower scores than usual",
    };
    let again = if step == Step::Reopened { " again" } else { "" };
    format!("{named}: {what}{again}")
}

/// One line: the lead's figures, since when, and how many people.
pub(super) fn summary(
    event: &AlertEvent,
    incident: &Incident,
    now: Hour,
    name: &dyn Fn(&What) -> String,
) -> String {
    let span = incident.span(now);
    let people = match incident.people() {
        1 => "1 person".to_owned(),
        n => format!("{} people", count(n)),
    };
    let when = match event.step {
        Step::Resolved => format!("from {} to {} UTC", span.from, span.to),
        _ => format!("since about {} UTC", span.from),
    };
    format!("{}, {when}, {people} at least", figures(incident.lead(), name))
}

/// A series with its figures and its beginning.
#[must_use]
pub fn moved(spell: &Spell, name: &dyn Fn(&What) -> String) -> String {
    format!("{}, since about {} UTC", figures(spell, name), spell.onset)
}

fn figures(spell: &Spell, name: &dyn Fn(&What) -> String) -> String {
    format!("{}: {}", subject(&spell.key, name), said(&spell.key, &spell.figures))
}

/// From what to what, with intervals.
fn said(key: &SeriesKey, figures: &Figures) -> String {
    match figures {
        Figures::Volume { seen, expected, range, times } => format!(
            "{} records where {} were due ({} to {}), {times:.1} times as many of late",
            count(*seen),
            count(expected.round() as u64),
            count(range.low.round() as u64),
            count(range.high.round() as u64)
        ),
        Figures::Negative { hits, judged, before, before_range, since, since_range, .. } => format!(
            "{:.0}% negative ({} of {}, {}), before {:.0}% ({})",
            100.0 * since,
            count(*hits),
            count(*judged),
            percent(*since_range),
            100.0 * before,
            percent(*before_range)
        ),
        Figures::Score { answers, before, before_range, since, since_range, .. } => {
            let scale = Shown::of(key);
            format!(
                "{} {} ({}, {} answers), before {} ({})",
                scale.name,
                scale.value(*since),
                scale.range(*since_range),
                count(*answers),
                scale.value(*before),
                scale.range(*before_range)
            )
        }
    }
}

fn percent(range: Interval) -> String {
    format!("{:.0}% to {:.0}%", 100.0 * range.low, 100.0 * range.high)
}

/// A scale as people know it.
struct Shown {
    name: String,
    min: f64,
    max: f64,
    decimals: usize,
}

impl Shown {
    /// The NPS from -100 to 100, whatever else on its own scale.
    fn of(key: &SeriesKey) -> Self {
        let Metric::Score(ScoreName { kind, scale }) = &key.metric else {
            return Self { name: String::new(), min: 0.0, max: 1.0, decimals: 2 };
        };
        let (min, max) = parse_scale(scale).unwrap_or((0.0, 1.0));
        if kind == "nps" && (min, max) == (0.0, 10.0) {
            return Self { name: "NPS".to_owned(), min: -100.0, max: 100.0, decimals: 0 };
        }
        let name = match kind.as_str() {
            "csat" | "ces" => format!("mean {} ({scale})", kind.to_uppercase()),
            _ => format!("mean {kind} ({scale})"),
        };
        Self { name, min, max, decimals: if max - min > 20.0 { 0 } else { 2 } }
    }

    fn value(&self, part: f64) -> String {
        let value = self.min + part * (self.max - self.min);
        // No "-0".
        let value = if value.abs() < 0.5 * 0.1_f64.powi(self.decimals as i32) { 0.0 } else { value };
        format!("{value:.*}", self.decimals)
    }

    fn range(&self, range: Interval) -> String {
        format!("{} to {}", self.value(range.low), self.value(range.high))
    }
}

/// `Login on the web, from nps`.
fn subject(key: &SeriesKey, name: &dyn Fn(&What) -> String) -> String {
    let mut text = name(&key.what);
    if let Some(product) = &key.product {
        text = format!("{text} in {product}");
    }
    if let Some(source) = &key.source {
        text = format!("{text} from {source}");
    }
    text
}

/// Names and values of an alert's head, for a message.
#[must_use]
pub fn fields(event: &AlertEvent) -> Vec<(&'static str, String)> {
    let Some(incident) = &event.incident else { return Vec::new() };
    let now = Hour::of(event.at);
    let mut fields = vec![
        ("Severity", event.severity.to_string()),
        ("Owner", event.owner.clone()),
        ("Since", format!("about {} UTC", incident.onset())),
        ("People", format!("{} at least", count(incident.people()))),
    ];
    match incident.ended() {
        Some(_) => fields.push(("Over", format!("{} UTC", incident.span(now).to))),
        None => fields.push(("Found", format!("{} UTC", incident.fired().plus(1)))),
    }
    fields
}
