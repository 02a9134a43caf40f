//! The sentences of an alert.

use super::{
    people::{Crowd, people_told},
    score::score,
};
use crate::{
    alerts::{
        hour::{A_DAY, Hour},
        incident::Incident,
        life::{AlertEvent, Step},
        series::{Metric, SeriesKey, What},
        watch::{Ending, Figures, Spell},
    },
    report::count,
    stats::Interval,
};

/// Topics that a title names before it counts the others.
const NAMED: usize = 3;
/// Below so many records due, how many times as many came says nothing.
const HARDLY_ANY: f64 = 1.5;

/// `Login, Payment and 6 more: more feedback and more negative than usual`: what moved, each once. A case is named only
/// where it stands alone, and so is everything together.
#[must_use]
pub fn headline(step: Step, incident: &Incident, name: &dyn Fn(&What) -> String) -> String {
    let lead = incident.lead();
    let mut whats = vec![&lead.key.what];
    for key in incident.keys() {
        if matches!(key.what, What::Topic(_) | What::Words(_)) && !whats.contains(&&key.what) {
            whats.push(&key.what);
        }
    }
    let others = whats.len().saturating_sub(NAMED);
    let subjects: Vec<String> =
        whats.into_iter().take(NAMED).map(|what| placed(incident, what, name)).collect();
    let named =
        if others > 0 { format!("{} and {others} more", subjects.join(", ")) } else { listed(&subjects) };
    if step == Step::Resolved {
        return format!("{named}: {}", how_it_ended(incident));
    }
    let mut how: Vec<String> = Vec::new();
    for spell in incident.spells.iter().filter(|spell| spell.key.what == lead.key.what) {
        let moved = match &spell.key.metric {
            Metric::Volume => "more feedback",
            Metric::Negative => "more negative",
            Metric::Score(_) => "lower scores",
        };
        if !how.iter().any(|known| known == moved) {
            how.push(moved.to_owned());
        }
    }
    let again = if step == Step::Reopened { " again" } else { "" };
    format!("{named}: {} than usual{again}", listed(&how))
}

/// By the end of what names it.
fn how_it_ended(incident: &Incident) -> &'static str {
    match (incident.ended(), incident.lead().ended) {
        (Some(_), Some((_, Ending::Recovered))) => "as before again",
        (Some(_), Some((_, Ending::NewNormal))) => "has stayed so, and is usual now",
        // Late records, an erasure or other rules have taken it away.
        _ => "no longer seen in the counts",
    }
}

/// `A, B and C`.
fn listed(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

/// With the product and the source that all its series have in common.
fn placed(incident: &Incident, what: &What, name: &dyn Fn(&What) -> String) -> String {
    let mut keys = incident.keys().filter(|key| key.what == *what);
    let Some(first) = keys.next() else { return name(what) };
    let mut common = first.clone();
    for key in keys {
        common.product = common.product.filter(|product| key.product.as_ref() == Some(product));
        common.source = common.source.filter(|source| key.source.as_ref() == Some(source));
    }
    subject(&common, name)
}

/// One line: the figures of what names it, since when, and how many people.
pub(super) fn summary(
    step: Step,
    incident: &Incident,
    people: Crowd,
    now: Hour,
    name: &dyn Fn(&What) -> String,
) -> String {
    let lead = incident.lead();
    let span = lead.span(now);
    let when = match step {
        Step::Resolved => format!("from about {} to {} UTC", span.from, span.to),
        _ => format!("since about {} UTC", span.from),
    };
    format!("{}, {when}, {}", figures(lead, name), people_told(people))
}

/// A series with its figures; with its beginning where that was another day than the lead's, and its end where the lead runs
/// on.
#[must_use]
pub fn moved(spell: &Spell, lead: &Spell, name: &dyn Fn(&What) -> String) -> String {
    let mut text = figures(spell, name);
    if (spell.onset.0 - lead.onset.0).unsigned_abs() as usize >= A_DAY {
        text += &format!(", since about {} UTC", spell.onset);
    }
    if let (Some((at, _)), None) = (spell.ended, lead.ended) {
        text += &format!(", over since {} UTC", at.plus(1));
    }
    text
}

fn figures(spell: &Spell, name: &dyn Fn(&What) -> String) -> String {
    format!("{}: {}", subject(&spell.key, name), said(spell))
}

/// From what to what, with intervals.
fn said(Spell { key, figures, ended, .. }: &Spell) -> String {
    let is_over = ended.is_some();
    match figures {
        Figures::Volume { seen, expected, range, times } => {
            let (seen, low, high) =
                (count(*seen), count(range.low.round() as u64), count(range.high.round() as u64));
            if *expected < HARDLY_ANY {
                return format!("{seen} records where hardly any would be usual ({low} to {high})");
            }
            let usual = count(expected.round() as u64);
            let lately = if is_over { String::new() } else { format!(", of late {times:.1}\u{d7} as many") };
            format!("{seen} records where {usual} would be usual ({low} to {high}){lately}")
        }
        Figures::Negative { hits, judged, before, before_range, since, since_range, .. } => format!(
            "{:.0}% negative ({} of {}, {}), before {:.0}% ({})",
            100.0 * since,
            count(*hits),
            count(*judged),
            percent(*since_range),
            100.0 * before,
            percent(*before_range)
        ),
        Figures::Score { .. } => score(key, figures).unwrap_or_default(),
    }
}

fn percent(range: Interval) -> String {
    format!("{:.0}% to {:.0}%", 100.0 * range.low, 100.0 * range.high)
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

/// Names and values of an alert's head, for a message: what its summary does not say.
#[must_use]
pub fn fields(event: &AlertEvent) -> Vec<(&'static str, String)> {
    let Some(incident) = &event.incident else { return Vec::new() };
    let is_usual = matches!(incident.lead().ended, Some((_, Ending::NewNormal)));
    let when = match incident.ended() {
        Some(at) => (if is_usual { "Usual since" } else { "Over since" }, at.plus(1)),
        None => ("Found", incident.fired().plus(1)),
    };
    vec![
        ("Severity", event.severity.to_string()),
        ("Owner", event.owners.join(", ")),
        (when.0, format!("{} UTC", when.1)),
    ]
}
