//! Cases, alerts, targets, loops and new words.

use super::{capital, factor, many, people};
use crate::{
    cases::{LoopRow, LoopStep, Quantile},
    digest::{
        link::{Base, Open},
        loops::WEEKS as LOOP_WEEKS,
        model::{AlertQuoted, Digest, Growing, GrowthOf},
        page::{Point, Tone, said as quoted, spark},
        words::{BEFORE, Emerging},
    },
    report::{
        Period, count,
        render::{percent, period, short_day},
    },
    stats::{FEW, SUPPRESSED},
    targets::{Outcome, Standing, Unit, between, duration},
};
use feedback::time::Timestamp;

pub fn case(case: &Growing, base: Option<&Base>) -> Point {
    let week = format!("{} of at least {} this week", many(case.reports, "report"), people(case.people));
    let (how, tone) = match case.growth {
        GrowthOf::New { reached, of, p, .. } => {
            let beside = p.map(|_| beside(reached, of)).unwrap_or_default();
            (format!("New: {week}{beside}"), Tone::Bad)
        }
        GrowthOf::Back => (format!("Back after it was resolved: {week}"), Tone::Bad),
        GrowthOf::Faster { before, .. } => {
            (format!("Growing: {week}, {before:.1} people a week before"), Tone::Bad)
        }
        GrowthOf::Resolved => (format!("Resolved: {week}"), Tone::Good),
    };
    let reach = &case.reach;
    let mut all = vec![many(reach.reports, "report"), people(reach.people)];
    if reach.anonymous > 0 {
        all.push(unknown(reach.anonymous));
    }
    if reach.accounts > 0 {
        all.push(many(reach.accounts, "account"));
    }
    if reach.revenue > 0.0 {
        all.push(format!("{} of yearly revenue", count(reach.revenue.round() as u64)));
    }
    let owner = if case.owner.is_empty() { "nobody" } else { &case.owner };
    Point {
        title: case.title.clone(),
        text: format!("{how}. In all {}; {}, with {owner}.", all.join(", "), case.life.state),
        tone,
        spark: spark(&case.weeks, "reports", |value| count(value.round() as u64)),
        bar: None,
        said: quoted(&case.quotes, base),
        open: Some(Open { link: Open::case(&case.id, base).link, ..Open::records(&case.filter, base) }),
        case: Some(case.id.clone()),
    }
}

/// A new case beside those that began before.
fn beside(reached: u64, of: u64) -> String {
    let of = count(of);
    match reached {
        0 => format!(", more than any of {of} cases before had in their first week"),
        n => format!(", as only {n} of {of} cases before had in their first week"),
    }
}

fn unknown(reports: u64) -> String {
    format!("{} of nobody knows whom", many(reports, "report"))
}

pub fn resolved(case: &Growing, base: Option<&Base>) -> Point {
    let on = case.life.resolved_at.map(|at| format!(" on {}", short_day(at.day()))).unwrap_or_default();
    let others = match case.reach.anonymous {
        0 => String::new(),
        n => format!(", and {} to answer where they were made", unknown(n)),
    };
    Point {
        title: case.title.clone(),
        text: format!("Resolved{on}: {} to tell{others}.", people(case.reach.people)),
        tone: Tone::Good,
        spark: None,
        bar: None,
        said: quoted(&case.quotes, base),
        open: Some(Open::case(&case.id, base)),
        case: Some(case.id.clone()),
    }
}

pub fn alert(told: &AlertQuoted, base: Option<&Base>) -> Point {
    let alert = &told.alert;
    let until = alert.until.map(|at| format!(" until {}", short_day(at.day()))).unwrap_or_default();
    let budget = if alert.over_budget { " Not sent: its owner's budget for the week was spent." } else { "" };
    let (state, since) = (alert.state.as_str(), short_day(alert.since.day()));
    let open = match &alert.filter {
        Some(filter) => Open { link: Open::alert(&alert.id, base).link, ..Open::records(filter, base) },
        None => Open::alert(&alert.id, base),
    };
    Point {
        title: alert.title.clone(),
        text: format!("Since {since}{until}, {}; {state}.{budget}", people(alert.people)),
        tone: Tone::Bad,
        spark: None,
        bar: None,
        said: quoted(&told.quotes, base),
        open: Some(open),
        case: None,
    }
}

pub fn target(outcome: &Outcome, base: Option<&Base>) -> Point {
    let kpi = outcome.metric;
    let scope = outcome.scope.tell();
    let of = if scope.is_empty() { String::new() } else { format!(" ({scope})") };
    let mut text = format!("{}: {}{of}", capital(outcome.standing.as_str()), kpi.name());
    if let Some(value) = outcome.value {
        text += &format!(" {}", kpi.tell(value));
    }
    if outcome.low != outcome.high {
        text += &format!(" ({})", between(outcome.low, outcome.high, |value| kpi.tell(value)));
    }
    text += &format!(", {} wanted over {}", outcome.goal.tell(kpi), period(outcome.period));
    match outcome.p90 {
        Some(p90) => text += &format!("; nine of ten within {}", kpi.tell(p90)),
        None if outcome.waiting > 0 && outcome.low.is_some() => text += "; nine of ten not yet",
        None => {}
    }
    if outcome.waiting > 0 {
        text += &format!("; {} of {} still wait", count(outcome.waiting), count(outcome.n));
    }
    if let Some(note) = &outcome.note {
        text += &format!("; {note}");
    }
    let share = match kpi.range((0.0, f64::INFINITY)) {
        (low, high) if high.is_finite() => outcome.value.map(|value| (value - low) / (high - low)),
        _ => None,
    };
    Point {
        title: outcome.name.clone(),
        text: text + ".",
        tone: match outcome.standing {
            Standing::Met => Tone::Good,
            Standing::Missed => Tone::Bad,
            _ => Tone::Plain,
        },
        spark: None,
        bar: share,
        said: Vec::new(),
        open: opened(outcome, base),
        case: None,
    }
}

/// What was counted, or how long it took.
fn opened(outcome: &Outcome, base: Option<&Base>) -> Option<Open> {
    let (owner, topic) = (outcome.scope.owner.as_deref(), outcome.scope.topic.as_deref());
    match &outcome.filter {
        Some(filter) => Some(Open::records(filter, base)),
        None if outcome.metric.unit() == Unit::Seconds => {
            Some(Open::times(outcome.period, &[("owner", owner), ("topic", topic)], base))
        }
        None => None,
    }
}

/// Of everything that the digest is about: a row a step.
pub fn loops(digest: &Digest) -> Vec<Point> {
    let rows: Vec<&LoopRow> =
        digest.loops.iter().filter(|row| row.owner.is_none() && row.topic.is_none()).collect();
    let medians = rows.iter().filter_map(|row| row.median?.value);
    let longest = medians.fold(0.0, f64::max);
    let week = digest.week.period();
    let days = Period { from: digest.week.plus(1 - LOOP_WEEKS).period().from, to: week.to };
    let only = [("owner", digest.owner.as_deref()), ("product", digest.product.as_deref())];
    let open = Open::times(days, &only, digest.base.as_ref());
    rows.into_iter().map(|row| step(row, longest, &open)).collect()
}

fn step(row: &LoopRow, longest: f64, open: &Open) -> Point {
    let title = match row.step {
        LoopStep::Stored => "Until it is stored",
        LoopStep::Triaged => "Until it has an owner",
        LoopStep::Acknowledged => "Until somebody takes it up",
        LoopStep::Resolved => "From there to its resolution",
        LoopStep::Whole => "All in all",
    };
    let of = if row.step.is_of_records() { "record" } else { "case" };
    let all = row.done + row.waiting;
    let times = match (row.median, row.p90) {
        (Some(median), Some(p90)) => format!("{}, {}; ", middle(median), late(p90, row)),
        _ => format!("Too few to tell (under {SUPPRESSED}); "),
    };
    let few = if all < FEW && row.median.is_some() { ", which is few" } else { "" };
    let since = row.waiting_since.filter(|_| row.waiting > 0);
    let since = since.map(|at: Timestamp| format!(" since {}", short_day(at.day()))).unwrap_or_default();
    let waiting =
        if row.waiting > 0 { format!(", {} waiting{since}", count(row.waiting)) } else { String::new() };
    Point {
        title: title.to_owned(),
        text: format!("{times}{} done{waiting}{few}.", many(row.done, of)),
        tone: Tone::Plain,
        spark: None,
        bar: row.median.filter(|_| longest > 0.0).and_then(|median| Some(median.value? / longest)),
        said: Vec::new(),
        open: Some(open.clone()),
        case: None,
    }
}

fn middle(median: Quantile) -> String {
    match (median.value, median.low) {
        (Some(value), _) => {
            format!("Median {} ({})", duration(value), between(median.low, median.high, duration))
        }
        (None, Some(low)) => {
            format!("Median not yet, for half of them still wait ({} or more)", duration(low))
        }
        (None, None) => "Median not yet, for half of them still wait".to_owned(),
    }
}

fn late(p90: Quantile, row: &LoopRow) -> String {
    let wait = percent(row.waiting as f64 / (row.done + row.waiting) as f64);
    match p90.value {
        Some(value) => format!("nine of ten within {}", duration(value)),
        None => format!("nine of ten not yet: {wait} still wait"),
    }
}

pub fn word(word: &Emerging, base: Option<&Base>) -> Point {
    let (n, of) = (count(word.people), count(word.of));
    let before = percent(word.before);
    Point {
        title: format!("“{}”", word.word),
        text: format!(
            "{n} of {of} who wrote this week say it, {before} in the {} weeks before: {}× the odds ({} to {}×).",
            BEFORE,
            factor(word.odds),
            factor(word.interval.low),
            factor(word.interval.high)
        ),
        tone: Tone::Plain,
        spark: spark(&word.weeks, "share of those who write", percent),
        bar: None,
        said: quoted(&word.quotes, base),
        open: Some(Open::records(&word.filter, base)),
        case: None,
    }
}
