//! What a digest says of each thing, in words and numbers.

mod changes;
mod points;

use super::{
    link::{Base, Open},
    model::{Digest, State},
    page::Said,
};
use crate::{
    report::{
        Filter, Period, count,
        model::Quote,
        render::{period, short_day},
    },
    targets::Standing,
};
pub(super) use changes::change;
pub(super) use points::{alert, case, loops, resolved, target, word};

/// Characters of a record's id that tell it from others.
const SHORT_ID: usize = 8;

fn many(n: u64, one: &str) -> String {
    let end = if n == 1 { "" } else { "s" };
    format!("{} {one}{end}", count(n))
}

fn people(n: u64) -> String {
    format!("{} {}", count(n), if n == 1 { "person" } else { "people" })
}

pub(super) fn context(digest: &Digest) -> String {
    let only = [("product", &digest.product), ("topics of", &digest.owner)];
    let only = only.into_iter().filter_map(|(what, name)| Some(format!("{what} {}", name.as_ref()?)));
    let days = period(digest.week.period());
    [days].into_iter().chain(only).collect::<Vec<_>>().join(", ")
}

pub(super) fn summary(digest: &Digest) -> String {
    let week = digest.week;
    match digest.state {
        State::Future => {
            let monday = short_day(week.period().from);
            format!("{week} has not begun: it starts on {monday}. Ask for a week that has.")
        }
        State::Begun => format!("No day of {week} is over yet, so there is nothing to tell before tomorrow."),
        State::NoRecords => {
            let of = digest.product.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
            format!("There is no feedback{of} yet: bring some in with verbatim import or verbatim worker.")
        }
        State::NoRecordsYet => {
            let of = digest.product.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
            let first = digest.records_begin.map(|day| period(Period { from: day, to: day }));
            let first = first.map(|day| format!(": the first one is of {day}")).unwrap_or_default();
            format!("There were no records{of} yet in {week}{first}.")
        }
        State::Told if digest.notable => format!("{}. {}.", records(digest), news(digest).join(", ")),
        State::Told => format!("Nothing notable: {}.", nothing(digest).join(", ")),
    }
}

/// What a week is compared with: of one that is not over as many days.
fn before(digest: &Digest) -> &'static str {
    if digest.period.days() == 7 { "the week before" } else { "in as many days before" }
}

fn records(digest: &Digest) -> String {
    let before = before(digest);
    let before = digest.previous.as_ref().map(|figure| format!(", {} {before}", count(figure.value)));
    format!("{}{}", many(digest.records, "record"), before.unwrap_or_default())
}

/// What there is, from the changes on.
fn news(digest: &Digest) -> Vec<String> {
    let looked = count(digest.tests as u64);
    let mut parts = Vec::new();
    match digest.changes.len() as u64 {
        0 => parts.push(format!("No change of {looked} that were looked at is real")),
        1 => parts.push(format!("1 change is real of {looked} that were looked at")),
        n => parts.push(format!("{} changes are real of {looked} that were looked at", count(n))),
    }
    let mut add = |n: usize, one: &str, several: &str| match n {
        0 => {}
        1 => parts.push(format!("1 {one}")),
        n => parts.push(format!("{} {several}", count(n as u64))),
    };
    add(digest.cases.len(), "new or growing case", "new or growing cases");
    add(digest.resolved.len(), "case resolved", "cases resolved");
    add(digest.alerts.len(), "alert", "alerts");
    add(digest.words.words.len(), "new word", "new words");
    let missed = digest.targets.iter().filter(|outcome| outcome.standing == Standing::Missed).count();
    if missed > 0 {
        parts.push(format!("{missed} of {} missed", many(digest.targets.len() as u64, "target")));
    }
    parts
}

/// How much was looked at in vain.
fn nothing(digest: &Digest) -> Vec<String> {
    let mut parts = vec![records(digest)];
    parts.push(match (digest.tests, digest.unclear) {
        (0, _) => "too little to look for changes".to_owned(),
        (tests, 0) => format!("none of {} is real", many(tests as u64, "possible change")),
        (tests, unclear) => format!(
            "none of {} is real ({} unclear)",
            many(tests as u64, "possible change"),
            count(unclear as u64)
        ),
    });
    parts.push("no case is new or growing".to_owned());
    parts.push(unseen(digest).unwrap_or_else(|| "no alert".to_owned()));
    parts.push(match digest.words.looked_at {
        0 => "too little to look for new words".to_owned(),
        n => format!("none of {} is new", many(n as u64, "word")),
    });
    if !digest.targets.is_empty() {
        let met = digest.targets.iter().filter(|outcome| outcome.standing == Standing::Met).count();
        parts.push(format!("{met} of {} met and none missed", many(digest.targets.len() as u64, "target")));
    }
    parts
}

/// What of the week nobody has looked at for alerts: where nothing was found there, that says nothing. A look a day is enough.
fn unseen(digest: &Digest) -> Option<String> {
    let Period { from, to } = digest.period;
    match digest.alerts_until {
        Some(until) if until >= to.start() => None,
        Some(until) if until > from.start() => {
            let until = short_day(until.day());
            Some(format!("alerts were evaluated up to {until} alone (verbatim alerts run)"))
        }
        _ => Some("alerts were not evaluated by its end (verbatim alerts run does)".to_owned()),
    }
}

pub(super) fn notes(digest: &Digest) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(partial) = &digest.partial {
        notes.push(format!(
            "The week is not over: {} ({} so far) are left out.",
            period(partial.days),
            many(partial.records, "record")
        ));
    }
    if digest.owner.is_some() && digest.topics.is_empty() {
        notes.push("The owner has no topics: give them some in the taxonomy.".to_owned());
    }
    if digest.notable && digest.unclear > 0 {
        let n = digest.unclear as u64;
        notes.push(format!(
            "{} may be chance and {} not told.",
            many(n, "more change"),
            if n == 1 { "is" } else { "are" }
        ));
    }
    if let Some(unseen) = unseen(digest).filter(|_| digest.notable) {
        notes.push(format!("{}.", capital(&unseen)));
    }
    if let Some(least) = digest.new_cases.from_people.filter(|_| digest.new_cases.looked_at > 0) {
        notes.push(format!(
            "Too few cases began in the weeks before ({}) to tell what is usual: a new one is told from {} on.",
            count(digest.new_cases.earlier),
            people(least)
        ));
    }
    if digest.other_reports > 0 {
        notes.push(format!(
            "{} came in {} not told here: no more people than usual are in them, or no more than before.",
            many(digest.other_reports, "report"),
            many(digest.other_cases, "case")
        ));
    }
    notes
}

pub(super) fn said(quote: &Quote, base: Option<&Base>) -> Said {
    let id: String = quote.record_id.chars().take(SHORT_ID).collect();
    let filter = Filter { record: Some(id.clone()), ..Filter::default() };
    Said {
        text: quote.text.clone(),
        record: quote.record_id.clone(),
        by: format!("{}, {}, {id}", quote.source, short_day(quote.day)),
        open: Open::records(&filter, base),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn factor(ratio: f64) -> String {
    match ratio {
        r if r >= 9.95 => format!("{r:.0}"),
        r if r >= 0.995 => format!("{r:.1}"),
        r => format!("{r:.2}"),
    }
}
