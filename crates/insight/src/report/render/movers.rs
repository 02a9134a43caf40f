//! What moved, in sentences.

use super::{
    Page,
    table::Look,
    text::{count, day_beside, percent, period, short_day, signed, signed_range, wrap},
};
use crate::{
    report::{
        model::{Carrier, Direction, Mover, Quote, Report, Tests, Verdicts},
        scope::Period,
    },
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
            page.command(&mover.filter, "    ");
        }
    }
}

/// How many changes are real or unclear, and where they stand. `real` and `unclear`: of topics, those told below.
fn summary(report: &Report, real: usize, unclear: usize) -> String {
    let Tests { count, level, real: all_real, unclear: all_unclear } = report.tests;
    if count == 0 {
        return "Too few records to tell a change from chance.".to_owned();
    }
    let of_topic = report.scope.topic.is_some();
    let at = format!("at a false-discovery level of {}", percent(level));
    let among = format!("judged among {count} changes of all topics");
    let doubtful = match all_unclear.total() {
        0 => "None is unclear.".to_owned(),
        n => format!("{n} {} unclear: {}.", is_or_are(n), places(all_unclear, unclear)),
    };
    if !report.notable {
        let but = if all_real.rhythm > 0 { " but the weekly rhythm" } else { "" };
        let nothing = if of_topic {
            format!("nothing about this topic{but} is real {at}, {among}")
        } else {
            format!("none of {count} changes looked at{but} is real {at}")
        };
        return format!("Nothing notable: {nothing}. {doubtful}");
    }
    let n = all_real.total();
    let places = places(all_real, real);
    if of_topic {
        let changes = if n == 1 { "change" } else { "changes" };
        format!("{n} {changes} of this topic {} real {at}, {among}: {places}. {doubtful}", is_or_are(n))
    } else {
        format!("{n} of {count} changes looked at {} real {at}: {places}. {doubtful}", is_or_are(n))
    }
}

fn is_or_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// `told`: how many of the topics' changes stand below; the others say the same as one of those.
fn places(of: Verdicts, told: usize) -> String {
    let mut parts = Vec::new();
    match of.topics.saturating_sub(told) {
        _ if of.topics == 0 => {}
        _ if told == 0 => {
            parts.push(format!("{} of topics (what another measure of the same topic tells)", of.topics));
        }
        0 => parts.push(format!("{} of topics (below)", of.topics)),
        same => parts.push(format!("{} of topics (below, {same} of them told by another)", of.topics)),
    }
    match of.sources + of.scores {
        0 => {}
        above => parts.push(format!("{above} of sentiment and scores (in the tables above)")),
    }
    if of.rhythm > 0 {
        parts.push("the weekly rhythm (at the end)".to_owned());
    }
    parts.join(", ")
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
    // Three quotes are enough: those that say what is good or bad, where a measure asked for that. They stand below the
    // command that lists what they are of.
    let telling = story.iter().find(|mover| mover.metric != Metric::Volume && !mover.quotes.is_empty());
    let telling: &Mover = telling.unwrap_or(&lead);
    let others = story.iter().copied().filter(|mover| !std::ptr::eq(*mover, telling));
    for mover in others.chain([telling]) {
        let days = if mover.days == lead.days { String::new() } else { format!(", {}", when(report, mover)) };
        let text =
            format!("{}{days} ({}).{}", detail(&mover.effect), chance(mover), left_out(&mover.left_out));
        page.wrapped(&text, "    ", Look::Plain);
        page.command(&mover.filter, "      ");
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
    quotes(page, telling);
}

fn quotes(page: &mut Page, mover: &Mover) {
    // Beside a command that lists what became fewer, what they are of instead.
    if let Some(quoted) = &mover.quoted
        && let Some(label) = quoted.filter.sentiment
    {
        let mentions = if quoted.value == 1 { "mention" } else { "mentions" };
        let text = format!("Quoted from the {} {label} {mentions}:", count(quoted.value));
        page.wrapped(&text, "    ", Look::Plain);
        page.command(&quoted.filter, "      ");
    }
    for quote in &mover.quotes {
        self::quote(page, quote);
    }
}

fn left_out(left_out: &[Period]) -> String {
    let stretches: Vec<String> = left_out.iter().map(|days| period(*days)).collect();
    let (stood_out, are) = match left_out {
        [] => return String::new(),
        [days] if days.from == days.to => ("by itself", "is"),
        _ => ("by themselves", "are"),
    };
    format!(" {} stood out {stood_out} and {are} no part of what is usual.", stretches.join(" and "))
}

fn when(report: &Report, mover: &Mover) -> String {
    let began = if mover.days.from < report.period.from { " (it begins before this period)" } else { "" };
    if mover.ongoing {
        format!("since {}{began}", day_beside(mover.days.from, report.period.to))
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
        Effect::Negative(ShareChange { inside, outside, usual, .. })
        | Effect::Positive(ShareChange { inside, outside, usual, .. }) => {
            let inside_share =
                if inside[1] > 0 { percent(inside[0] as f64 / inside[1] as f64) } else { "none".into() };
            let otherwise = if outside[1] > 0 {
                format!("{} in the same sources ({} mentions)", percent(usual), count(outside[1]))
            } else {
                "none".to_owned()
            };
            format!(
                "{}: {inside_share} of {} judged mentions, otherwise {otherwise}",
                capital(&size(effect)),
                count(inside[1]),
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
    let of_all =
        carrier.same_days.share.map(|share| format!(", and {} of all records of those days", percent(share)));
    let of_all = of_all.unwrap_or_default();
    format!(
        "{}: {} of these mentions, otherwise {} ({points} points){of_all}",
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

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;

    #[test]
    fn what_is_told_elsewhere_is_not_said_to_stand_below() {
        let of = Verdicts { topics: 2, ..Verdicts::default() };
        assert_eq!(places(of, 2), "2 of topics (below)");
        assert_eq!(places(of, 1), "2 of topics (below, 1 of them told by another)");
        assert!(!places(of, 0).contains("below"), "{}", places(of, 0));
    }

    #[test]
    fn one_day_or_many_stood_out() {
        let days = |from, to| Period { from: Day(from), to: Day(to) };
        let one = left_out(&[days(20_514, 20_514)]);
        assert_eq!(one, " 2 Mar 2026 stood out by itself and is no part of what is usual.");
        let more = left_out(&[days(20_514, 20_515), days(20_520, 20_520)]);
        assert!(
            more.starts_with(" 2 to 3 Mar 2026 and 8 Mar 2026 stood out by themselves and are "),
            "{more}"
        );
        assert_eq!(left_out(&[]), "");
    }
}
