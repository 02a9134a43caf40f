//! What moved, in sentences.

use super::{
    Page,
    table::Look,
    text::{count, percent, period, short_day, signed, signed_range, wrap},
};
use crate::{
    report::model::{Carrier, Direction, Mover, Quote, Report},
    stats::Interval,
    trends::{Effect, Metric, ShareChange, Verdict},
};

pub fn movers(page: &mut Page, report: &Report) {
    page.title("What moved");
    let of = |verdict| report.movers.iter().filter(move |mover| mover.verdict == verdict);
    let (real, unclear) = (of(Verdict::Real).count(), of(Verdict::Unclear).count());
    page.paragraph(&summary(report, real, unclear));
    for story in stories(of(Verdict::Real)) {
        page.blank();
        one(page, report, &story);
    }
    if unclear > 0 {
        page.blank();
        page.line(
            "  Unclear: perhaps chance, given how much was looked at, or too small to matter",
            Look::Strong,
        );
        for mover in of(Verdict::Unclear) {
            let text = format!(
                "{}: {}, {} ({})",
                mover.name,
                size(&mover.effect),
                when(report, mover),
                chance(mover)
            );
            page.wrapped(&text, "  · ", Look::Plain);
        }
    }
}

fn summary(report: &Report, real: usize, unclear: usize) -> String {
    let tests = report.tests.count;
    let level = percent(report.tests.level);
    if tests == 0 {
        return "Too few records to tell a change from chance.".to_owned();
    }
    if !report.notable {
        let rest = if unclear > 0 { format!(", {unclear} unclear") } else { String::new() };
        return format!(
            "Nothing notable: none of {tests} changes looked at is real at a false-discovery level of {level}{rest}."
        );
    }
    let scores = report.scores.iter().filter_map(|row| row.change.as_ref());
    let sources = report.sources.iter().filter_map(|row| row.change.as_ref());
    let elsewhere = scores.chain(sources).filter(|change| change.verdict == Some(Verdict::Real)).count();
    let above = if elsewhere > 0 {
        format!(" ({elsewhere} in the tables above, {real} below)")
    } else {
        String::new()
    };
    format!(
        "{} of {tests} changes looked at {} real{above}, {unclear} unclear (false-discovery level {level}).",
        real + elsewhere,
        if real + elsewhere == 1 { "is" } else { "are" }
    )
}

/// What happened to one topic at one time is one story, however many measures tell of it; the surest leads.
fn stories<'a>(movers: impl Iterator<Item = &'a Mover>) -> Vec<Vec<&'a Mover>> {
    let mut stories: Vec<Vec<&Mover>> = Vec::new();
    for mover in movers {
        let common = |other: &Mover| {
            let overlap = mover.days.from <= other.days.to && other.days.from <= mover.days.to;
            mover.topic == other.topic && overlap
        };
        match stories.iter_mut().find(|story| common(story[0])) {
            Some(story) => story.push(mover),
            None => stories.push(vec![mover]),
        }
    }
    stories
}

/// A story is never empty.
fn one(page: &mut Page, report: &Report, story: &[&Mover]) {
    let lead = story[0];
    let of = |direction| story.iter().any(|mover| mover.direction == direction);
    let look = match (of(Direction::Worse), of(Direction::Better)) {
        (true, _) => Look::Bad,
        (false, true) => Look::Good,
        (false, false) => Look::Strong,
    };
    let mark = if lead.effect.is_up() { "▲" } else { "▼" };
    let mut what: Vec<&str> = Vec::new();
    for mover in story {
        let told = match mover.direction {
            Direction::More => "more mentions",
            Direction::Fewer => "fewer mentions",
            Direction::Worse => "worse",
            Direction::Better => "better",
        };
        if !what.contains(&told) {
            what.push(told);
        }
    }
    let heading = format!("{}: {}, {}", lead.name, what.join(" and "), when(report, lead));
    page.wrapped(&heading, &format!("  {mark} "), look);
    for mover in story {
        let days = if mover.days == lead.days { String::new() } else { format!(", {}", when(report, mover)) };
        page.wrapped(&format!("{}{days} ({}).", detail(&mover.effect), chance(mover)), "    ", Look::Plain);
    }
    let mut carriers: Vec<&Carrier> = Vec::new();
    for carrier in story.iter().flat_map(|mover| &mover.carriers) {
        if !carriers.iter().any(|told| told.what == carrier.what) {
            carriers.push(carrier);
        }
    }
    if !carriers.is_empty() {
        let carriers: Vec<String> = carriers.into_iter().map(carrier).collect();
        page.wrapped(&format!("Carried by {}.", carriers.join("; ")), "    ", Look::Plain);
    }
    // Three are enough: those that say what is good or bad, where a measure asked for that.
    let telling = story.iter().find(|mover| mover.metric != Metric::Volume && !mover.quotes.is_empty());
    for quote in &telling.unwrap_or(&lead).quotes {
        self::quote(page, quote);
    }
}

fn when(report: &Report, mover: &Mover) -> String {
    let began = if mover.days.from < report.period.from { " (before this period)" } else { "" };
    if mover.ongoing {
        format!("since {}{began}", short_day(mover.days.from))
    } else if mover.days.from == mover.days.to {
        format!("on {}", period(mover.days))
    } else {
        format!("{}{began}", period(mover.days))
    }
}

fn size(effect: &Effect) -> String {
    match *effect {
        Effect::Volume { ratio, interval, .. } => {
            format!("{} the usual mentions ({})", times(ratio), times_range(interval))
        }
        Effect::Negative(share) => format!("negative {}", points(&share)),
        Effect::Positive(share) => format!("positive {}", points(&share)),
    }
}

fn points(share: &ShareChange) -> String {
    let interval = share.interval.scaled(100.0);
    format!("{} points ({})", signed(100.0 * share.difference, 0), signed_range(interval, 0))
}

fn detail(effect: &Effect) -> String {
    match *effect {
        Effect::Volume { mentions, usual, .. } => {
            let usual = if usual < 10.0 { format!("{usual:.1}") } else { count(usual.round() as u64) };
            format!("{}: {} mentions where {usual} would be usual", capital(&size(effect)), count(mentions))
        }
        Effect::Negative(ShareChange { inside, outside, .. })
        | Effect::Positive(ShareChange { inside, outside, .. }) => {
            let share =
                |of: [u64; 2]| if of[1] > 0 { percent(of[0] as f64 / of[1] as f64) } else { "none".into() };
            format!(
                "{}: {} of {} judged mentions, otherwise {} of {}",
                capital(&size(effect)),
                share(inside),
                count(inside[1]),
                share(outside),
                count(outside[1])
            )
        }
    }
}

fn times(ratio: f64) -> String {
    format!("{}×", factor(ratio))
}

fn times_range(interval: Interval) -> String {
    format!("{} to {}×", factor(interval.low), factor(interval.high))
}

fn factor(ratio: f64) -> String {
    if ratio >= 9.95 {
        format!("{ratio:.0}")
    } else if ratio >= 0.995 {
        format!("{ratio:.1}")
    } else {
        format!("{ratio:.2}")
    }
}

fn chance(mover: &Mover) -> String {
    let value = |value: f64| match value {
        v if v < 0.0001 => "<0.0001".to_owned(),
        v if v < 0.01 => format!("={v:.4}"),
        v => format!("={v:.2}"),
    };
    format!("p{}, q{}", value(mover.p), value(mover.q))
}

fn carrier(carrier: &Carrier) -> String {
    let what: Vec<String> =
        carrier.what.iter().map(|(name, value)| format!("{} {value}", name.replace('_', " "))).collect();
    let points = signed_range(carrier.difference.scaled(100.0), 0);
    format!(
        "{}: {} of these mentions, otherwise {} ({points} points)",
        what.join(", "),
        percent(carrier.inside),
        percent(carrier.outside)
    )
}

fn quote(page: &mut Page, quote: &Quote) {
    let id: String = quote.record_id.chars().take(8).collect();
    let text = format!("“{}” — {}, {}, {id}", quote.text, quote.source, short_day(quote.day));
    for line in wrap(&text, page.width, "      ") {
        page.line(&line, Look::Faint);
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
