//! Changes with the verdict "real", each with its interval.

use super::{before, factor, many, people};
use crate::{
    digest::{
        link::Open,
        model::{Change, Digest, What},
        page::{Point, Tone, said as quoted, spark},
    },
    report::{
        count,
        model::{Carrier, ChangeOf, Direction, Mover, Quote, ScoreRow, SourceRow},
        render::{percent, period, short_day, signed, signed_range},
    },
    trends::{Effect, Metric, ShareChange},
};
use feedback::score::ScoreKind;

pub fn change(change: &Change, digest: &Digest) -> Point {
    match &change.what {
        What::Topic { movers, .. } => topic(change, movers, digest),
        What::Source { row } => source(change, row, digest),
        What::Score { row } => score(change, row, digest),
    }
}

fn topic(change: &Change, movers: &[Mover], digest: &Digest) -> Point {
    let base = digest.base.as_ref();
    let mut directions: Vec<&str> = Vec::new();
    for mover in movers {
        let told = match mover.direction {
            Direction::More => "more mentions",
            Direction::Fewer => "fewer mentions",
            Direction::Worse => "worse",
            Direction::Better => "better",
        };
        if !directions.contains(&told) {
            directions.push(told);
        }
    }
    let lead = movers.first();
    let name = lead.map_or("", |mover| mover.name.as_str());
    let mut text: Vec<String> = movers.iter().map(|mover| detail(mover, digest)).collect();
    text.extend(movers.iter().flat_map(|mover| &mover.carriers).next().map(carrier));
    let is = |direction| movers.iter().any(|mover| mover.direction == direction);
    let what = match lead.map(|mover| mover.metric) {
        Some(Metric::Negative) => "negative share",
        Some(Metric::Positive) => "positive share",
        Some(Metric::Volume) | None => "mentions",
    };
    let tell = |value: f64| if what == "mentions" { count(value.round() as u64) } else { percent(value) };
    let quotes: &[Quote] =
        movers.iter().map(|mover| mover.quotes.as_slice()).find(|q| !q.is_empty()).unwrap_or(&[]);
    Point {
        title: format!("{name}: {}", directions.join(" and ")),
        text: text.join(" "),
        tone: match (is(Direction::Worse), is(Direction::Better)) {
            (true, _) => Tone::Bad,
            (false, true) => Tone::Good,
            (false, false) => Tone::Plain,
        },
        spark: spark(&change.weeks, what, tell),
        bar: None,
        said: quoted(quotes, base),
        open: lead.map(|mover| Open::records(&mover.filter, base)),
        case: None,
    }
}

fn detail(mover: &Mover, digest: &Digest) -> String {
    let began = if mover.days.from < digest.week.period().from { ", from before this week" } else { "" };
    let when = match mover.ongoing {
        true => format!("since {}{began}", short_day(mover.days.from)),
        false => format!("{}{began}", period(mover.days)),
    };
    let share = |share: &ShareChange, label: &str| {
        let [hits, n] = share.inside;
        let inside = if n > 0 { percent(hits as f64 / n as f64) } else { "none".to_owned() };
        let points = signed_range(share.interval.scaled(100.0), 0);
        format!(
            "{inside} of {} {label}, usually {}: {} points ({points}), {when}.",
            many(n, "judged mention"),
            percent(share.usual),
            signed(100.0 * share.difference, 0)
        )
    };
    match &mover.effect {
        Effect::Volume { ratio, interval, mentions, usual } => format!(
            "{} where {} would be usual: {}× ({} to {}×), {when}.",
            many(*mentions, "mention"),
            if *usual < 10.0 { format!("{usual:.1}") } else { count(usual.round() as u64) },
            factor(*ratio),
            factor(interval.low),
            factor(interval.high)
        ),
        Effect::Negative(change) => share(change, "negative"),
        Effect::Positive(change) => share(change, "positive"),
    }
}

fn carrier(carrier: &Carrier) -> String {
    let what: Vec<String> =
        carrier.what.iter().map(|(name, value)| format!("{} {value}", name.replace('_', " "))).collect();
    let (inside, outside) = (percent(carrier.inside), percent(carrier.outside));
    format!("Carried by {}: {inside} of these mentions, otherwise {outside}.", what.join(", "))
}

fn source(change: &Change, row: &SourceRow, digest: &Digest) -> Point {
    let base = digest.base.as_ref();
    let told = row.change.as_ref();
    let up = told.is_some_and(|moved| moved.difference > 0.0);
    Point {
        title: format!("{}: {}", row.source, if up { "more is negative" } else { "less is negative" }),
        text: told
            .map(|moved| {
                let [after, then] = [moved.after, moved.before].map(percent);
                format!("{after}, {} {then}: {}.", before(digest), size(moved, 100.0, 0, " points"))
            })
            .unwrap_or_default(),
        tone: if up { Tone::Bad } else { Tone::Good },
        spark: spark(&change.weeks, "negative share", percent),
        bar: None,
        said: quoted(&change.quotes, base),
        open: told.map(|moved| Open::records(&moved.after_records.filter, base)),
        case: None,
    }
}

fn score(change: &Change, row: &ScoreRow, digest: &Digest) -> Point {
    let base = digest.base.as_ref();
    let told = row.change.as_ref();
    let up = told.is_some_and(|moved| moved.difference > 0.0);
    let kind = row.scale.kind;
    let (factor, decimals, unit) = match kind {
        ScoreKind::Nps => (1.0, 0, " points"),
        ScoreKind::Csat => (100.0, 0, " points"),
        ScoreKind::Ces | ScoreKind::Stars => (1.0, 2, ""),
    };
    let tell = move |value: f64| match kind {
        ScoreKind::Nps => signed(value, 0),
        ScoreKind::Csat => percent(value),
        ScoreKind::Ces | ScoreKind::Stars => format!("{value:.2}"),
    };
    let of: Vec<&str> = row.source.iter().chain(&row.question).map(String::as_str).collect();
    let of = if of.is_empty() { String::new() } else { format!(" ({})", of.join(", ")) };
    let answers =
        if matches!(kind, ScoreKind::Nps | ScoreKind::Csat) { people(row.n) } else { many(row.n, "answer") };
    Point {
        title: format!("{}{of}: {}", score_name(kind), if up { "better" } else { "worse" }),
        text: told
            .map(|moved| {
                let [after, then] = [moved.after, moved.before].map(tell);
                let size = size(moved, factor, decimals, unit);
                format!("{after}, {} {then}: {size}. From {answers}.", before(digest))
            })
            .unwrap_or_default(),
        tone: if up { Tone::Good } else { Tone::Bad },
        spark: spark(&change.weeks, score_name(kind), tell),
        bar: None,
        said: quoted(&change.quotes, base),
        open: Some(Open::records(&row.filter, base)),
        case: None,
    }
}

fn score_name(kind: ScoreKind) -> &'static str {
    match kind {
        ScoreKind::Nps => "NPS",
        ScoreKind::Csat => "CSAT",
        ScoreKind::Ces => "CES",
        ScoreKind::Stars => "Stars",
    }
}

/// `+6 points (+2 to +10)`.
fn size(moved: &ChangeOf, factor: f64, decimals: usize, unit: &str) -> String {
    let range = signed_range(moved.interval.scaled(factor), decimals);
    format!("{}{unit} ({range})", signed(factor * moved.difference, decimals))
}
